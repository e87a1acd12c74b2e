"""Text that is not what was written: written out in ASCII for transport, or decoded wrongly once and saved so."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from policylab.errors import EncodingError
from policylab.plans.characters import commonness, count_han
from policylab.plans.raw import Problem

_AGAIN = "Get the file again from where it was published."
_SAMPLE = 4000
_CP1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_CONTINUED = f"[\x80-\xbf{_CP1252}]"
_UTF8_AS_LATIN = re.compile(f"(?:[â-ïà]{_CONTINUED}{{2}})+")
_GB_AS_LATIN = re.compile("[¡-ÿ]{8,}")
_UTF8_AS_GB = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){3,}")
_UTF8_LEAD, _GB_PAIR = re.compile("[\xe0-\xef]"), re.compile("[\xa1-\xff]{2}")
_GB_SIGN = re.compile(
    "[" + bytes(b for a in (*range(0xE3, 0xEA), 0xEF) for t in range(0x80, 0xC0) for b in (a, t)).decode("gb18030", "ignore") + "]"
)
_TOO_MUCH = 0.2
# (as what the bytes were read, what they are): whole files that went through a program set to another alphabet
_MISREAD = [
    (read, meant)
    for read in ("gb18030", "cp950", "shift_jis", "euc_kr", "cp1251", "cp1252", "latin-1", "mac_roman")
    for meant in ("utf-8", "gb18030", "cp950")
]


def _base64(text: str) -> bytes:
    lines = text.split()
    if len("".join(lines)) < 40 or re.fullmatch(r"[A-Za-z0-9+/]+=*", "".join(lines)) is None or len({len(x) for x in lines[:-1]}) > 1:
        raise ValueError
    return base64.b64decode("".join(lines))


# How Chinese is written in ASCII alone: (name, what every such text holds, how it is read).
_ARMOURS: tuple[tuple[str, re.Pattern[str], Callable[[str], bytes]], ...] = (
    ("HZ", re.compile(r"~\{[!-~]{2}"), lambda t: t.encode().decode("hz", "ignore").encode()),
    ("UTF-7", re.compile(r"\+[A-Za-z0-9+/]{3}"), lambda t: t.encode().decode("utf-7", "ignore").encode()),
    ("quoted-printable", re.compile("=[0-9A-F]{2}=[0-9A-F]{2}"), lambda t: quopri.decodestring(t.encode())),
    ("percent signs (a web address)", re.compile("%[0-9A-Fa-f]{2}%[0-9A-Fa-f]{2}"), unquote_to_bytes),
    (
        r"\u escapes",
        re.compile(r"\\u[0-9a-f]{4}", re.I),
        lambda t: re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), t).encode("utf-8", "ignore"),
    ),
    ("base64", re.compile(r"\s*[A-Za-z0-9+/]{40}"), _base64),
)


def refuse_armoured(text: str, source: str) -> None:
    """Refuse Chinese written out in ASCII (HZ, ISO-2022, UTF-7, base64 …), and line ends that a program wrote out.

    Raises
    ------
    EncodingError
        Naming the way it is written.
    """
    sample = text[:_SAMPLE]
    if 5 * count_han(sample[:400]) > 400:
        return
    n_han = count_han(sample)
    if re.search(r"\x1b\$[)(*+@AB]", sample) and n_han < 4:
        raise EncodingError(source, "the text is written in ISO-2022", "Open it in a program that knows ISO-2022 and save it as UTF-8.")
    if sample.count("\\n") >= 3 and sample.count("\\n") > 2 * sample.count("\n"):
        raise EncodingError(
            source,
            r"its line ends are written as \n",
            r"Take the text out of the JSON or program that holds it: replace each \n by a line end.",
        )
    if n_han * 20 > len(sample):
        return
    for name, sign, read in _ARMOURS:
        if sign.search(sample) is None:
            continue
        try:
            data = read(sample if name != "base64" else text)
        except (ValueError, binascii.Error):
            continue
        meant = max((data.decode(codec, "ignore") for codec in ("utf-8", "gb18030")), key=commonness)
        if count_han(meant) >= max(4, 2 * n_han) and commonness(meant) >= 0.4:
            raise EncodingError(
                source,
                f"the text is written out in {name}, not as characters",
                "Open it in the program that made it and save it as plain UTF-8 text.",
            )


def refuse_garbled(text: str, source: str) -> None:
    """Refuse a text that is decoded wrongly as a whole and was saved so.

    Raises
    ------
    EncodingError
        Naming the two encodings.
    """
    if text.isascii():
        return
    middle = len(text) // 2
    for sample in dict.fromkeys((text[:1000], text[middle : middle + 1000], text[-1000:])):
        if commonness(sample[:200]) >= 0.4:
            continue
        n_han = count_han(sample)
        if sample.isascii() or (n_han and (n_han < 8 or commonness(sample) >= 0.2)):
            continue
        for read, meant in _MISREAD:
            repaired = _reread(sample, read, meant)
            if count_han(repaired) >= max(4, 0.2 * sum(c > "\x7f" for c in sample)) and commonness(repaired) >= 0.45:
                found = f"the text is garbled: {meant} was once read as {read} and saved so ({sample.split()[0][:12]!r})"
                raise EncodingError(source, found, _AGAIN)


def garbled_places(text: str, source: str) -> tuple[Problem, ...]:
    """Report stretches inside a sound text that were decoded wrongly before it was put together.

    Raises
    ------
    EncodingError
        If they make up a fifth of the text.
    """
    if text.isascii():
        return ()
    places: list[tuple[int, int]] = []
    if _UTF8_LEAD.search(text) or _GB_PAIR.search(text):
        places += [(m.start(), len(m[0]) // 3) for m in _UTF8_AS_LATIN.finditer(text) if _is_sure(m[0])]
        runs = [(m.start(), m[0]) for m in _GB_AS_LATIN.finditer(text)]
        places += [(at, len(run)) for at, run in runs if commonness(run.encode("latin-1").decode("gb18030", "ignore")) >= 0.5]
    for start, end in _stretches(text):
        raw = text[start:end].encode("gb18030", "replace")
        for m in _UTF8_AS_GB.finditer(raw):
            if commonness(m[0].decode("utf-8")) >= 0.5:
                places.append((start + len(raw[: m.start()].decode("gb18030", "ignore")), len(m[0]) // 3))
    if not places:
        return ()
    start = min(at for at, _ in places)
    where = f"{len(places)} place{'s' * (len(places) > 1)}, the first {text[start : start + 8]!r}"
    found = f"text decoded wrongly before it was put into this file ({where})"
    if sum(n for _, n in places) > _TOO_MUCH * sum(c > "\x7f" for c in text):
        raise EncodingError(source, found, _AGAIN)
    return (Problem("garbled", "warning", found, f"Correct these places by hand. {_AGAIN}", text.count("\n", 0, start) + 1),)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Stretches with characters that stand for the first two bytes of a character in UTF-8, and a little around them."""
    start = end = -1
    for m in _GB_SIGN.finditer(text):
        if m.start() > end:
            if end >= 0:
                yield start, end
            start = max(0, m.start() - 2)
        end = m.start() + 12
    if end >= 0:
        yield start, end


def _reread(text: str, read: str, meant: str) -> str:
    return text.encode(read, "ignore").decode(meant, "ignore")


def _is_sure(piece: str) -> bool:
    """Whether Latin letters are the bytes of Chinese characters or their punctuation."""
    meant = _reread(piece, "cp1252", "utf-8") or _reread(piece, "latin-1", "utf-8")
    return any(c >= "\u2e80" or c in "“”‘’—…·" for c in meant)
