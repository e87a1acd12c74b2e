"""Which part of a document looks back and which is the plan, told by its headings."""

from __future__ import annotations

import re

from policylab.plans.numerals import five_year_plans, years_in

# a heading that begins with what is to be done (做好总结, 提升工作成效, 巩固成果) does not look back
_TO_DO = re.compile(
    r"(?:全力|切实|认真|扎实|深入|持续|及时|着力|全面|进一步|不断|积极|努力)*(?:做好|抓好|搞好|开展|加强|撰写|组织|完成|推进|推动|提升|提高|巩固|推广|强化|落实|召开|"
    r"总结(?=.*[经验做法])|展示|宣传|确保|保障|实现|建立|健全|完善|深化|优化|促进|打造|形成|力争|期末|学期|年终|半年|统筹|坚持|聚焦|围绕)"
)
_PAST = r"(?:去年|上一?年度?|过去(?:的)?(?:[一二三四五六七八九十几两]+年|一个?时期)|[一二三四五几]年来|刚刚过去)"
_LOOKS_BACK = re.compile(
    rf"(?:.{{0,16}}[，、：:])?.{{0,14}}(?:工作|情况|计划|发展|任务)?(?:的)?(?:主要)?(?:回顾|总结)(?:[与和及]?(?:分析|评价|体会|反思|不足))?"
    rf"|{_PAST}(?:[的来].{{0,12}}|.{{0,12}}(?:工作|情况|发展|成绩|成效|成就|回顾|总结))?|.{{0,8}}(?:回顾|总结)(?:去年|过去).{{0,12}}"
)
_LAST_YEARS = re.compile(
    r"(?:首先|现在)?(?:报告|关于)?(?:19|20)\d{2}年度?(?:的)?(?:主要|重点|全年|各项|目标|政府|教育|业务)*(?:工作|任务|计划)(?:的)?"
    r"(?:开展|完成|进展|落实|推进|执行)?(?:情况|成效|成绩|成就|总结|回顾)?"
)
_IN_REPORT = re.compile(  # in a report, whose first half is the look back
    r"回顾|总结|过去.{0,6}年|(?:去|上)一?年|(?:工作|任务)(?:开展|进展|推进|落实)情况|(?:完成|实施|执行)情况|取得.{0,10}(?:成绩|成效|成就)"
    r"|工作(?:成绩|成效|成果)|(?:发展|历史性)成就"
)
_STATE = re.compile(
    r"(?:主要|重点|各项|年度)*(?:工作|目标|任务)*(?:及)?(?:开展|进展|推进|落实|完成|实施|执行)情况|(?:主要|工作)(?:成绩|成效|成就)"
)
_FORWARD = re.compile(
    r"(?:今|本|明|下|来)年|新(?:的)?一年|总体(?:要求|思路|目标|部署)|指导思想|(?:主要|预期|发展|奋斗|工作)目标|目标(?:任务|要求)|(?:重点|主要|工作)任务|重点工作|"
    r"工作(?:安排|部署|打算|思路|重点|要求|建议|计划|要点|举措)|展望|下一?(?:步|阶段)|今后|未来|建议|自身建设|政府建设|奋力(?:谱写|开创|书写)|开启.{0,20}新(?:征程|篇章)|主要考虑|规划.{0,8}(?:草案|纲要)"
)

_LAST = re.compile(r"自身建设|政府建设")  # stands at a report's end, where the plan has long begun
TURN = re.compile(
    r"(?:做好)?(?:今年|新的?一年|(?:19|20)\d{2}年)(?:的)?.{0,14}(?:工作(?:的)?(?:总体要求|总的要求|总体思路|指导思想|主要目标|基本思路)|主要预期目标)"
)
BOTH = re.compile("(?:回顾|总结).{0,6}(?:和|及|与|、|暨).{0,24}(?:安排|打算|部署|任务|建议|计划|要点|要求|思路)")


def direction(heading: str, year: int | None, *, report: bool = False) -> str:
    """Tell whether a heading looks back ("review"), forward ("plan") or says neither (""); `report`: half of the document looks back.

    Examples
    --------
    >>> [direction(h, 2024) for h in ("2023年工作回顾", "2024年工作安排", "推进改革")]
    ['review', 'plan', '']
    """
    years = [y for y, _, _ in years_in(heading)]
    if re.search("时期|规划|实施|编制", heading):
        years += [end for _, end in five_year_plans(heading)]
    if BOTH.search(heading):
        return ""
    if _is_back(re.sub(r"[\s“”\"]|^第[一二三四五六七八九十]+部分", "", heading).rstrip("。"), years, year, report=report):
        return "review"
    if years and year is not None and max(years) >= year:
        return "plan"
    return "plan" if _FORWARD.search(heading) else ""


def _is_back(bare: str, years: list[int], year: int | None, *, report: bool) -> bool:
    past = bool(years) and year is not None and max(years) < year
    if report and bool(years) and not past and _FORWARD.search(bare):
        return False
    if _TO_DO.match(bare) and not (report and "取得" in bare):
        return False
    if _LOOKS_BACK.fullmatch(bare) or _STATE.fullmatch(bare) or (past and _LAST_YEARS.fullmatch(bare)):
        return True
    return report and (_IN_REPORT.search(bare) is not None or (past and re.search("工作|情况", bare) is not None))


def parts_of(headings: list[str], year: int | None, *, report: bool = False) -> list[str]:
    """Give the part of each top-level stretch: a plan that has begun does not end, a document that never looks back is all plan."""
    said = [direction(h, year, report=report) for h in headings]
    if "review" not in said:
        return ["plan"] * len(headings)
    first = said.index("review")
    later = [i for i, s in enumerate(said) if s == "plan" and i > first and not _LAST.search(headings[i])]
    turn = later[0] if later else next((i for i in range(first + 1, len(said)) if said[i] != "review"), len(said))
    return ["plan" if i >= turn or i < first else "review" for i in range(len(said))]
