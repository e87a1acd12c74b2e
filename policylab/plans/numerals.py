"""Numbers as the genre prints them: 二十三, 二〇二四, ２０２４, ⑫, ㈤, 1️⃣."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {
    c: i
    for i, group in enumerate(("〇○零OoОо０Ｏ", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for c in group
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SHORT = {"廿": "二十", "卅": "三十"}
CHINESE = "一二三四五六七八九十百千零〇○两廿卅壹贰叁肆伍陆柒捌玖拾"
_FIVE_YEARS = re.compile('(十[一二三四五六七八九])五(?=[”"规时期计发实、，]|$)')
YEAR = re.compile(
    r"(?<![\d０-９])([12１２][\d０-９]{3})(?=\s*[年-]|[—–－~～至]|学年)|([一二][一二三四五六七八九〇○零OoОо０Ｏ]{3})(?=年|学年)"
)


def to_number(printed: str) -> int | None:
    """Read a number in Chinese or any kind of Arabic digits; None where it is none.

    Examples
    --------
    >>> [to_number(n) for n in ("二十三", "二〇二四", "一百零八", "１４", "⑫", "㈤", "十")]
    [23, 2024, 108, 14, 12, 5, 10]
    """
    if printed.isascii() and printed.isdigit():
        return int(printed)
    printed = "".join(_SHORT.get(c, c) for c in printed)
    if len(printed) == 1 and printed not in _DIGITS and printed not in _UNITS:
        value = unicodedata.numeric(printed, None)
        return int(value) if value is not None and value == int(value) else None
    if re.fullmatch(r"\d+", printed):
        return int(printed)
    if printed and all(c in _DIGITS for c in printed):
        return int("".join(str(_DIGITS[c]) for c in printed))
    if printed and all(c in _DIGITS or c in _UNITS for c in printed):
        return _with_units(printed)
    return None


def to_chinese(number: int) -> str:
    """Write a number from 1 to 99 as the genre numbers its sections.

    Examples
    --------
    >>> [to_chinese(n) for n in (2, 10, 12, 30)]
    ['二', '十', '十二', '三十']
    """
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")


def _with_units(printed: str) -> int:
    total, digit = 0, 0
    for c in printed:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit


def five_year_plans(text: str) -> list[tuple[int, int]]:
    """Give the first and last year of each five-year plan that a text names: 十四五 is 2021 to 2025.

    Examples
    --------
    >>> five_year_plans("“十四五”时期"), five_year_plans("五年来")
    ([(2021, 2025)], [])
    """
    numbers = [to_number(n) or 0 for n in _FIVE_YEARS.findall(text)]
    return [(1951 + 5 * n, 1955 + 5 * n) for n in numbers]


def years_in(text: str) -> list[tuple[int, int, int]]:
    """Give (year, start, end) of each four-digit year in a text, in digits or in Chinese (二○二四, 二O一一 with a Latin O)."""
    found = []
    for match in YEAR.finditer(text):
        year = to_number(match[1] or match[2])
        if year is not None and 1949 <= year <= 2100:
            found.append((year, match.start(), match.end()))
    return found
