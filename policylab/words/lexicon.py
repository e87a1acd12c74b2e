"""Lexicon files: terms that a researcher wants kept whole, read strictly, so that no line is lost in silence."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from policylab.errors import LexiconError
from policylab.spreadsheets import unguarded

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_LIST_MARKS = re.compile("[,，、;；\t\n]")
_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*|$)")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum() or chr(code) in "％＋－．"}
LETTERS_TO_HALF_WIDTH = {full: half for full, half in _HALF_WIDTH.items() if chr(half).isalnum()}
FULL_WIDTH = "０-９Ａ-Ｚａ-ｚ％＋－．"
_FULL_WIDTH = re.compile(f"[{FULL_WIDTH}]")
# jieba's part-of-speech tags
_TAG = re.compile("a[dgn]?|b|c|d[fg]?|en?|eng|f|g|h|i|j|k|l|m[gq]?|n[gstz]?|nr(?:fg|t)?|o|p|q|r[grz]?|s|tg?|u[dgjlvz]?|v[dginq]?|x|y|zg?")
_LONGEST = 40
_MOST_FREQUENT = 10**9


class Entry(NamedTuple):
    """A term that is to come out of the segmenter whole, and the least frequency it is given."""

    term: str
    freq: int


def read_lexicon(source: Any) -> tuple[Entry, ...]:
    """Read terms from a .csv or .txt file, a frame with a column `term`, or an iterable of strings.

    Parameters
    ----------
    source : path, DataFrame, iterable of str or of (term, frequency), or None
        A .csv file has a column `term` (optional `freq`; further columns such as `note` are left alone). A .txt file has one term a
        line, with frequency and tag behind it as in jieba's own dictionaries (``立德树人 100 n``); ``# …`` is a comment. Files are
        UTF-8 or GB18030.

    Returns
    -------
    tuple of Entry
        Sorted by term; of a term given twice the larger frequency counts.

    Raises
    ------
    LexiconError
        If there is no such file, or a line is not in the form described; the message names the line.
    """
    if source is None:
        return ()
    if isinstance(source, pd.DataFrame):
        entries = _from_frame(source)
    elif isinstance(source, str | Path):
        entries = _from_file(Path(source))
    else:
        entries = [_given(value, f"entry {n}") for n, value in enumerate(_iterable(source), 1)]
    best: dict[str, int] = {}
    for entry in entries:
        best[entry.term] = max(entry.freq, best.get(entry.term, 0))
    if not best and isinstance(source, str | Path):
        raise LexiconError(f"lexicon {str(source)!r} holds no term; give one term a line, or a .csv with a column `term`.")
    return tuple(Entry(term, freq) for term, freq in sorted(best.items()))


def read_text(path: Path, *, what: str = "lexicon") -> str:
    """Give the text of a word list: UTF-8 (with or without a mark) or GB18030.

    Raises
    ------
    LexiconError
        If the file is missing, empty, or is no text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LexiconError(f"{what} {str(path)!r} cannot be read: {error.strerror}. Give the path of a .csv or .txt file.") from None
    if not data.strip():
        raise LexiconError(f"{what} {str(path)!r} is empty; give one term a line, or a .csv with a column `term`.")
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise LexiconError(f"{what} {str(path)!r} is no text in UTF-8 or GB18030; save it as UTF-8.")


def read_rows(path: Path, *, columns: Iterable[str], what: str = "lexicon") -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of a .csv whose header must name `columns`.

    Raises
    ------
    LexiconError
        If a column is missing or a row has more cells than the header.
    """
    reader = csv.reader(io.StringIO(read_text(path, what=what), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        missing = [c for c in columns if c not in header]
        if missing or len(set(header)) < len(header):
            raise LexiconError(
                f"{what} {str(path)!r}, line 1: the header is {', '.join(header)}; it needs {', '.join(columns)}, each name once."
            )
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                raise LexiconError(
                    f"{what} {str(path)!r}, line {reader.line_num}: {len(cells)} cells under {len(header)} columns; put commas in quotes."
                )
            yield reader.line_num, dict(zip(header, (*cells, *[""] * (len(header) - len(cells))), strict=True))
    except csv.Error as error:
        raise LexiconError(f"{what} {str(path)!r}, line {reader.line_num}: {error}; save it as comma-separated UTF-8.") from None


def half_width(text: str) -> str:
    """Give full-width letters, digits and the signs within numbers as half-width, so that ５Ｇ and 5G are one word."""
    return text.translate(_HALF_WIDTH) if _FULL_WIDTH.search(text) else text


def clean_term(text: str) -> str:
    """Give a term as it stands in an items frame's text: NFC, no invisible characters, no white space around it."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).strip()


def check_term(term: str, *, where: str) -> str:
    """Give the term back, or say why it can be none.

    Raises
    ------
    LexiconError
        If it is empty, a list, over 40 characters, without a letter, or holds undecodable characters.
    """
    if not term or not any(c.isalnum() for c in term):
        raise LexiconError(f"{where}: {term!r} is no term; give a word with at least one letter, or take the line out.")
    if "\ufffd" in term or any(unicodedata.category(c) in ("Cc", "Co", "Cs", "Cn") for c in term):
        raise LexiconError(f"{where}: {term!r} holds characters that are no text; save the file as UTF-8.")
    if _LIST_MARKS.search(term):
        raise LexiconError(f"{where}: {term!r} looks like several terms; give one a line.")
    if len(term) > _LONGEST:
        raise LexiconError(f"{where}: {term[:12]!r}… has {len(term)} characters; a term has at most {_LONGEST}.")
    return term


def term_pattern(terms: Iterable[str]) -> re.Pattern[str]:
    """Give a pattern that finds terms in half-width text, at each place the longest; Latin ends of a term are whole words."""
    return re.compile("|".join(map(_bounded, sorted({half_width(t) for t in terms}, key=lambda t: (-len(t), t)))))


def _bounded(term: str) -> str:
    left = "(?<![A-Za-z0-9])" if re.match("[A-Za-z0-9]", term) else ""
    right = "(?![A-Za-z0-9])" if re.search("[A-Za-z0-9]$", term) else ""
    return left + re.escape(term) + right


def _iterable(source: Any) -> Iterable[Any]:
    if not isinstance(source, Iterable):
        raise LexiconError(f"lexicon={source!r} is no lexicon; give a path, a frame with a column `term`, or a list of terms.")
    return source


def _given(value: Any, where: str) -> Entry:
    """Give the entry for a term, or for a term with its frequency (and a tag, which is left alone)."""
    if isinstance(value, str):
        return _entry("", value, where=where)
    if isinstance(value, tuple | list) and 1 <= len(value) <= 3 and isinstance(value[0], str):
        return _entry("", value[0], value[1] if len(value) > 1 else "", where=where)
    raise LexiconError(f"lexicon, {where}: {value!r} is no term; give a str, or (term, frequency).")


def _from_frame(frame: pd.DataFrame) -> list[Entry]:
    if "term" not in frame:
        raise LexiconError(f"lexicon has no column 'term' (it has {', '.join(map(str, frame.columns))}).")
    freqs = frame["freq"] if "freq" in frame else [""] * len(frame)
    return [
        _entry("", "" if pd.isna(term) else unguarded(str(term)), "" if pd.isna(freq) else str(freq), where=f"row {n}")
        for n, (term, freq) in enumerate(zip(frame["term"], freqs, strict=True), 1)
    ]


def _from_file(path: Path) -> list[Entry]:
    if path.suffix.lower() == ".csv":
        rows = read_rows(path, columns=("term",))
        return [_entry(str(path), unguarded(row["term"]), row.get("freq", ""), where=f"line {line}") for line, row in rows]
    if path.suffix.lower() not in (".txt", ".dict", ".dic"):
        name = f"{str(path)[:40]}…" if len(str(path)) > 40 else str(path)
        raise LexiconError(
            f"lexicon {name!r}: files of type {path.suffix or '(none)'!r} are not read; give a .csv, a .txt or a list: [{name!r}]."
        )
    entries = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        fields = _COMMENT.sub("", _INVISIBLE.sub("", line)).split()
        if not fields:
            continue
        term, freq = fields[0], fields[1] if len(fields) > 1 else ""
        tag = fields[2] if len(fields) > 2 else ""
        if len(fields) == 2 and _TAG.fullmatch(freq):
            freq, tag = "", freq
        if len(fields) > 3 or (tag and not (tag.isascii() and tag.isalnum())):
            raise LexiconError(
                f"lexicon {str(path)!r}, line {number}: {line.strip()!r} is not `term`, `term frequency` or `term frequency tag`; "
                "a term with a space in it goes into a .csv with a column `term`."
            )
        entries.append(_entry(str(path), term, freq, where=f"line {number}"))
    return entries


def _entry(path: str, term: str, freq: Any = "", *, where: str) -> Entry:
    where = f"lexicon {path!r}, {where}" if path else f"lexicon, {where}"
    term = check_term(clean_term(str(term)), where=where)
    freq = str(freq).strip()
    if freq.endswith(".0"):
        freq = freq[:-2]  # what a spreadsheet makes of a whole number
    if freq and not (freq.isascii() and freq.isdigit() and 0 <= int(freq[:12]) <= _MOST_FREQUENT):
        raise LexiconError(f"{where}: the frequency {freq!r} of {term!r} is no whole number from 1 to {_MOST_FREQUENT:,}; leave it out.")
    if freq and int(freq) == 0 and path:
        raise LexiconError(f"{where}: the frequency of {term!r} is 0, which would split it; leave it out.")
    return Entry(term, int(freq or 0))
