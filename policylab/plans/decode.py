"""Bytes to text: which encoding a file is in, told for certain or refused."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from policylab.errors import EmptyFileError, EncodingError
from policylab.plans.characters import commonness, count_han
from policylab.plans.garbled import garbled_places, refuse_garbled
from policylab.plans.raw import Problem

BREAKS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030", "gb18030"),
)
_WIDE = re.compile(
    "[\u2010-\u203b\u2460-\u24ff\u2500-\u25ff\u3000-\u303f\u31c0-\u31ef\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_ODD = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LOST = re.compile(r"\ufffd+|锟斤拷|烫烫烫+|屯屯屯+|\?{3,}")
_LOST_SIGNS = ("\ufffd", "锟斤拷", "烫烫烫", "屯屯屯", "???")
_MOSTLY = 0.5
_ENOUGH = 100_000
_BLANK = ("Cc", "Cf", "Zs", "Zl", "Zp")
_SAVE = "Open it in the program that made it and save it as UTF-8"


@dataclass(frozen=True)
class Decoded:
    """A file's text, the encoding it was in, and what was noticed."""

    text: str
    encoding: str
    problems: tuple[Problem, ...] = ()


def decode(data: bytes, *, source: str) -> Decoded:
    """Decode a text file: byte-order mark, UTF-8, UTF-16/32 without a mark, then GB18030 against Big5, all strict.

    Returns
    -------
    Decoded
        `problems` has the codes `truncated` (last character cut), `damaged-characters` (U+FFFD, 锟斤拷, ???), `garbled` and
        `cesu-8`.

    Raises
    ------
    EncodingError
        If no encoding fits for certain; the message names the line and byte.
    EmptyFileError
        If there is no text.

    Examples
    --------
    >>> decode("教育工作要点".encode("gbk"), source="a.txt").text
    '教育工作要点'
    """
    text, encoding, problems = _decode(data, source)
    if all(unicodedata.category(c) in _BLANK for c in text):
        raise EmptyFileError(source, "the file holds no text", "Check that it was saved or downloaded completely.")
    refuse_garbled(text, source)
    return Decoded(text, encoding, (*problems, *_damage(text, source), *garbled_places(text, source)))


def split_lines(text: str) -> list[str]:
    """Split a text at line ends of every kind; the last line's own end opens no further line."""
    lines = text.split("\n") if not re.search("[\r\v\f\x85\u2028\u2029]", text) else BREAKS.split(text)
    if lines and not lines[-1]:
        lines.pop()
    return lines


def _decode(data: bytes, source: str) -> tuple[str, str, tuple[Problem, ...]]:
    for bom, codec, name in _BOMS:
        if data.startswith(bom):
            return _strict(data, codec, name, source, start=len(bom))
    if b"\x00" in data:
        return _without_mark(data, source)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error, source)
    if _may_be_other(data, text):
        raise EncodingError(source, "the bytes are valid both as UTF-8 and as Chinese text in another encoding", f"{_SAVE}.")
    return text, "utf-8", ()


def _strict(data: bytes, codec: str, name: str, source: str, start: int = 0) -> tuple[str, str, tuple[Problem, ...]]:
    """Decode after a mark; a last character that is cut off is left out with a problem."""
    try:
        return data[start:].decode(codec), name, ()
    except UnicodeDecodeError as error:
        if error.end + start < len(data) or not _is_cut(error):
            raise _bad_byte(data, error.start + start, name, source) from None
        text = data[start : start + error.start].decode(codec)
        return text, name, (_truncated(text, len(data) - start - error.start),)


def _is_cut(error: UnicodeDecodeError) -> bool:
    return any(word in error.reason for word in ("unexpected end", "truncated data", "incomplete multibyte"))


def _truncated(text: str, n_bytes: int) -> Problem:
    found = f"the file ends inside a character ({n_bytes} byte{'s' * (n_bytes > 1)} left over): it looks cut off"
    return Problem("truncated", "warning", found, "Get the whole file again from where it was published.", len(split_lines(text)))


def _bad_byte(data: bytes, at: int, encoding: str, source: str) -> EncodingError:
    line = data.count(b"\n", 0, at) + 1
    found = f"byte 0x{data[at]:02X} at offset {at} (line {line}) is not valid in {encoding}, and no other encoding fits for certain"
    return EncodingError(source, found, f"{_SAVE}; if only this place is damaged, get the file again.")


def _without_mark(data: bytes, source: str) -> tuple[str, str, tuple[Problem, ...]]:
    """UTF-16 or UTF-32 without a mark: only if exactly one reading is plain text; else NULs inside UTF-8 are left to the parser."""
    fits = []
    for codec in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        width = 4 if "32" in codec else 2
        body, rest = (data[: len(data) - len(data) % width], len(data) % width)
        text = _try(body, codec)
        if text and "\x00" not in text and _plain(text):
            fits.append((text, codec, (_truncated(text, rest),) if rest else ()))
    if len(fits) == 1:
        return fits[0]
    text = _try(data, "utf-8")
    if text is not None and text.count("\x00") * 100 <= len(text):
        return text, "utf-8", ()
    if not data.strip(b"\x00"):
        raise EmptyFileError(source, "the file holds nothing but zero bytes", "It was probably never written completely: get it again.")
    raise EncodingError(source, "the file holds zero bytes and is no UTF-16 or UTF-32 text", f"It may not be a text file. {_SAVE}.")


def _plain(text: str) -> bool:
    """Whether characters are such as a plan in Chinese or plain ASCII has."""
    if _ODD.search(text):
        return False
    other = [c for c in text[:_ENOUGH] if c > "\x7f"]
    return len(_WIDE.findall("".join(other))) >= 0.9 * len(other) and (commonness(text[:_ENOUGH]) >= 0.3 or not other)


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _may_be_other(data: bytes, text: str) -> bool:
    """Tell whether a short text without Han may as well be Chinese: pairs of GB18030 or UTF-16 bytes can be valid UTF-8."""
    if len(data) > 4000 or _WIDE.search(text):
        return False
    others = [_try(data, codec) or "" for codec in ("gb18030", "utf-16-le", "utf-16-be")]
    least = 0.3 if _ODD.search(text) else 0.5
    return any(_plain(other) and commonness(other) >= least for other in others)


def _not_utf8(data: bytes, error: UnicodeDecodeError, source: str) -> tuple[str, str, tuple[Problem, ...]]:
    if _is_cut(error) and error.end == len(data):
        head = data[: error.start].decode("utf-8")
        if len(_WIDE.findall(head)) >= 2:
            return head, "utf-8", (_truncated(head, len(data) - error.start),)
    text = _surrogate_pairs(data)
    if text is not None:
        found = "characters outside the basic plane are written as surrogate pairs (CESU-8); they were put together"
        return text, "cesu-8", (Problem("cesu-8", "warning", found, f"{_SAVE} to be sure."),)
    if b"\x00" in data or (len(data) % 2 == 0 and _utf16_fits(data)):
        return _without_mark(data, source)
    return _gb_or_big5(data, error, source)


def _utf16_fits(data: bytes) -> bool:
    return any((text := _try(data, codec)) and _plain(text) for codec in ("utf-16-le", "utf-16-be"))


def _surrogate_pairs(data: bytes) -> str | None:
    try:
        return data.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        return None


def _gb_or_big5(data: bytes, error: UnicodeDecodeError, source: str) -> tuple[str, str, tuple[Problem, ...]]:
    """Choose the one of GB18030 and Big5 whose characters are frequent ones, if the other's are not."""
    fits: list[tuple[float, str, str, tuple[Problem, ...]]] = []
    for codec, name in (("gb18030", "gb18030"), ("cp950", "big5"), ("big5hkscs", "big5")):
        try:
            text, _, problems = _strict(data, codec, name, source)
        except EncodingError:
            continue
        score = commonness(text) if _looks_chinese(text) else 0.0
        if not any(f[2] == name for f in fits):
            fits.append((score, text, name, problems))
    fits.sort(key=lambda f: (-f[0], f[2]))
    mixed = _mixed(data)
    if mixed:
        raise EncodingError(source, mixed, "Somebody joined files of two encodings: save each part as UTF-8, then join them.")
    short = len(data) < 16 and len(fits) > 1 and fits[0][2] == "big5"
    if not fits or fits[0][0] < 0.3 or short or (len(fits) > 1 and fits[1][0] * 2 > fits[0][0]):
        raise _bad_byte(data, error.start, "UTF-8", source) from None
    return fits[0][1], fits[0][2], fits[0][3]


def _looks_chinese(text: str) -> bool:
    other = "".join(c for c in text if c > "\x7f")
    return not _ODD.search(text) and len(_WIDE.findall(other)) >= 0.8 * len(other)


def _mixed(data: bytes) -> str:
    """Where lines that can only be UTF-8 stand among lines that cannot."""
    sure: dict[bool, int] = {}
    for no, line in enumerate(data.split(b"\n"), start=1):
        if not line.isascii():
            text = _try(line, "utf-8")
            if text is not None and count_han(text) >= 2:
                sure.setdefault(True, no)
            elif any(commonness(_try(line, codec) or "") >= 0.3 for codec in ("gb18030", "cp950")):
                sure.setdefault(False, no)
    return f"line {sure[True]} is UTF-8, line {sure[False]} is not: two encodings in one file" if len(sure) == 2 else ""


def _damage(text: str, source: str) -> tuple[Problem, ...]:
    """Report what programs leave in the place of characters that they could not write."""
    found = list(_LOST.finditer(text)) if any(sign in text for sign in _LOST_SIGNS) else []
    if not found:
        return ()
    if sum(len(lost[0]) for lost in found) > _MOSTLY * sum(not c.isspace() for c in text):
        raise EncodingError(
            source, f"most of its characters were lost before ({found[0][0][:6]!r})", "Get it again from where it was published."
        )
    message = f"{len(found)} place{'s' * (len(found) > 1)} where characters were lost before ({found[0][0][:6]!r})"
    hint = "Get the text again from where it was published."
    return (Problem("damaged-characters", "warning", message, hint, text.count("\n", 0, found[0].start()) + 1),)
