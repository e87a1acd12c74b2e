"""Words on figures: how wide they run, where to cut or fold them."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_PIECES = re.compile(r"\s+|[!-~\u00a0-\u024f\u2212]+|.", re.DOTALL)
_YEAR = re.compile(r"\s*[-·]\s*\d{4}(-\d+)?$")
_NEVER_FIRST = "，。；：、！？）】》”’％%)]},.;:!?…"
_NEVER_LAST = "（【《“‘([{"


def ems(text: str) -> float:
    """Give about how wide a text runs, in widths of a Chinese character.

    Examples
    --------
    >>> ems("条目 item")
    4.6
    """
    return round(sum(1 if east_asian_width(c) in "WFA" else 0.52 for c in text), 1)


def shorten(text: str, limit: float) -> str:
    """Cut a text to at most `limit` widths of a Chinese character, with … where something is left out; a year at its end stays.

    Examples
    --------
    >>> shorten("深化教育领域综合改革", 5), shorten("云川市教育委员会-2024", 7)
    ('深化教育…', '云川市…-2024')
    """
    text = " ".join(str(text).split())
    if ems(text) <= limit:
        return text
    year = _YEAR.search(text)
    end = year[0] if year and ems(year[0]) < limit - 2 else ""
    kept = ""
    for character in text[: len(text) - len(end)]:
        if ems(f"{kept}{character}…{end}") > limit:
            break
        kept += character
    return f"{kept.rstrip()}…{end}"


def fold(text: str, limit: float) -> str:
    r"""Break a text into lines of at most `limit` widths: anywhere in Chinese, between words elsewhere.

    Examples
    --------
    >>> fold("虚构示例 a fictional example", 7)
    '虚构示例 a\nfictional\nexample'
    """
    lines = []
    for part in text.split("\n"):
        line = ""
        for piece in _unbroken(part):
            if line.strip() and ems(line + piece.rstrip()) > limit:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return "\n".join(lines)


def _unbroken(text: str) -> list[str]:
    """Pieces that stay on one line: a word, or a Chinese character with the stops that may not be parted from it."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        if pieces and (piece[0] in _NEVER_FIRST or pieces[-1][-1] in _NEVER_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def both(chinese: str, english: str, limit: float = float("inf")) -> str:
    """Set Chinese first and English beside it, or below where the line would run over `limit` widths.

    Examples
    --------
    >>> both("年份", "Year")
    '年份 Year'
    """
    return f"{chinese} {english}" if ems(f"{chinese} {english}") <= limit else f"{chinese}\n{english}"


def percent(value: float) -> str:
    """Write a share as a percentage, without decimals from 10 % up.

    Examples
    --------
    >>> percent(0.347), percent(0.042)
    ('35', '4.2')
    """
    return f"{100 * value:.0f}" if abs(value) >= 0.0995 or value == 0 else f"{100 * value:.1f}"


def count(number: int, noun: str) -> str:
    """Write a number and an English noun, with s where there is not one.

    Examples
    --------
    >>> count(1, "plan"), count(2, "plan")
    ('1 plan', '2 plans')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
