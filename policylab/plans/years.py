"""The year that a title, a heading or a file's name sets a plan for, and the spans that are no calendar year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policylab.plans.dates import DAY, date_in
from policylab.plans.naming import with_digits
from policylab.plans.numerals import to_number, years_in
from policylab.plans.phrases import GENRE, squeeze

_SPAN = re.compile(
    r"((?:19|20)\d{2})\s*年?\s*(?:[-—–－~～至到]+)\s*((?:19|20)?\d{2})\s*(学年度?(?:第[一二]学期|[上下]学期)?|年)?(?![\d月])"
)
_PERIOD = re.compile(
    r"(?:19|20)\d{2}\s*(?:学年度?(?:第[一二]学期|[上下]学期)?|年\s*(?:[上下]半年|[春秋]季学期|前三季度|第?[一二三四1-4]季度|\d{1,2}月(?!\s*\d{1,2}\s*日)份?))"
)
_FIVE_YEARS = re.compile('[“"]?十([一二三四五六])五[”"]?|第(十[一二三四五六])个五年')
_TARGET = re.compile(r"(?:和|及|与)?(?:(?:19|20)\d{2}年(?:远景|中长期|远期)|(?:面向|迈向|展望|(?<!年)[到至])(?:19|20)\d{2}年?)")
_EDITION = re.compile(
    r"《[^》]*(?:法|条例|规定|办法|标准|目录|方案|纲要|规划)(?:[（(][^）)]*[）)])?》|(?:19|20)\d{2}年?\s*(?:版|修订|修正)"
)
_BARE = re.compile(
    r"(?<=[（(])((?:19|20)\d{2})(?=[）)](?!\s*第?\d+号))|(?:^|(?<=[局委厅办部院校园学区县市省处心会]))((?:19|20)\d{2})(?=[\u4e00-\u9fff])(?![年学版修名个所人项元万亿号次余多米亩位家件套])"
)
_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_PLAN = re.compile(r"要点|计划|安排|打算|思路|任务|报告|方案|意见|重点")
_REVIEW = re.compile(r"总结|回顾|情况|小结|述职")
_SETS = re.compile(r"(?<![-—–至到])((?:19|20)\d{2})年(?:的)?.{0,14}(?:安排|任务|目标|打算|部署|重点|要求|思路|建议|工作)")


@dataclass(frozen=True)
class Period:
    """What is no calendar year: as printed, with its first and last year; `within` one year for half-years, quarters and months."""

    printed: str
    start: int
    end: int
    within: bool = False


def period_in(title: str) -> Period | None:
    """Give the span, school year or part of a year that a title names.

    Examples
    --------
    >>> period_in("静安区2024-2026年行动计划"), period_in("静安区教育局2023学年工作计划").end
    (Period(printed='2024-2026年', start=2024, end=2026, within=False), 2024)
    """
    title = _EDITION.sub("", with_digits(title))
    if span := _SPAN.search(title):
        end = int(span[2]) if len(span[2]) == 4 else int(span[1][:2] + span[2])
        if int(span[1]) < end:
            return Period(squeeze(span[0]), int(span[1]), end)
    parts = {part[0]: part for part in _PERIOD.finditer(title)}
    if len(parts) == 1 and not ("上半年" in title and "下半年" in title):
        printed = next(iter(parts))
        year = int(printed[:4])
        if "学年" in printed:
            return Period(squeeze(printed), year, year + 1)
        return Period(squeeze(printed), year, year, within=True)
    five = _FIVE_YEARS.search(title)
    if five and not years_in(_BRACKET.sub("", _TARGET.sub("", title))):
        start = 2021 + 5 * ((to_number(five[2] or "十" + five[1]) or 14) - 14)
        return Period(five[0], start, start + 4)
    return None


def title_year(title: str) -> int | None:
    """Give the year a title sets a plan for; of a look back and a plan the plan's; none where it names several and sets none.

    Years of a law or an edition, of a target and of a date are not the plan's.

    Examples
    --------
    >>> title_year("静安区教育局2023年工作总结和2024年工作计划"), title_year("静安区面向2035年教育现代化实施方案")
    (2024, None)
    """
    title = _BARE.sub(r"\g<0>年", with_digits(squeeze(title)))
    title = _TARGET.sub("", _EDITION.sub("", title))
    bare = DAY.sub("", title)
    aside = "".join(t for t in _BRACKET.findall(bare) if not re.search("修|版|成立|始建", t))
    years = [_years_set(text) for text in (_BRACKET.sub("", bare), aside)]
    ahead = next((ahead for _, ahead in years if ahead), set())
    said = next((said for said, _ in years if said), set())
    return max(ahead) if ahead else said.pop() if len(said) == 1 else None


def _years_set(text: str) -> tuple[set[int], set[int]]:
    """The years a text names, and those of them that it sets a plan for."""
    found = years_in(text)
    stops = [start for _, start, _ in found[1:]] + [len(text)]
    pieces = [(year, text[end:stop]) for (year, _, end), stop in zip(found, stops if found else [], strict=True)]
    return {year for year, _ in pieces}, {year for year, words in pieces if _PLAN.search(words) and not _REVIEW.search(words)}


def delivery_year(year: int | None, month: int | None) -> int | None:
    """Give the year of a plan delivered in a month: that year, but unknown from November on, when the next year's is delivered."""
    return year if (month or 0) < 11 else None


def heading_year(headings: list[str]) -> int | None:
    """Give the latest year that a heading sets a plan for (2024年工作安排)."""
    years = []
    for text in headings:
        found = _SETS.search(_TARGET.sub("", with_digits(text)))
        if found and not re.search("回顾|总结|过去|完成情况|报告", text):
            years.append(int(found[1]))
    return max(years, default=None)


def name_year(name: str) -> int | None:
    """Give the year that a file's or folder's name gives: as in a title, or the only number of four digits; none of dates and spans."""
    if period_in(name):
        return None
    if GENRE.search(name) and years_in(with_digits(name)):
        return title_year(name)
    found = set(re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", re.sub(r"(?:19|20)\d{2}[-_.年]\d{1,2}[-_.月]\d{1,2}(?!\d)", "", name)))
    return int(found.pop()) if len(found) == 1 and not date_in(name) else None
