"""Dates as documents print them, in digits or Chinese; those that no calendar knows are none."""

from __future__ import annotations

import datetime
import re

from policylab.plans.numerals import to_number

_YEAR = r"(?<!\d)(\d{4}|[一二〇○零OoＯ三四五六七八九]{4})"
_NUMBER = r"([\d一二三四五六七八九十]{1,3})"
DAY = re.compile(
    rf"{_YEAR}\s*年\s*{_NUMBER}\s*月\s*{_NUMBER}\s*[日号]|(?<!\d)((?:19|20)\d{{2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})(?!\d)"
)


def date_in(text: str) -> datetime.date | None:
    """Give the first date in a text.

    Examples
    --------
    >>> str(date_in("二〇二四年三月四日")), str(date_in("2024-2-5 15:03")), date_in("2024年2月31日")
    ('2024-03-04', '2024-02-05', None)
    """
    for match in DAY.finditer(text):
        year, month, day = (to_number(part) or 0 for part in match.groups() if part)
        if 1949 <= year <= 2100:
            try:
                return datetime.date(year, month, day)
            except ValueError:
                continue
    return None
