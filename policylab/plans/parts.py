"""Which part of a document looks back and which is the plan, told by its headings."""

from __future__ import annotations

import re

from policylab.plans.numerals import five_year_plans, years_in

_BACK = re.compile(
    r"回顾|总结|(?:实施|执行)情况|过去.{0,6}年|(?:去|上)一?年(?:度)?(?:的)?工作|(?:工作|任务)(?:开展|进展|推进|落实)情况|完成情况|取得.{0,10}(?:成绩|成效|成就)|工作(?:成绩|成效|成果)|发展成就"
)
_SURELY_BACK = re.compile(r"回顾|工作总结$|(?:去|上)年|过去.{0,4}年")
_FORWARD = re.compile(
    r"(?:今|本|明|下|来)年|新(?:的)?一年|总体(?:要求|思路|目标|部署)|指导思想|(?:主要|预期|发展|奋斗|工作)目标|目标(?:任务|要求)|(?:重点|主要|工作)任务|重点工作|"
    r"工作(?:安排|部署|打算|思路|重点|要求|建议|计划|要点|举措)|展望|下一?(?:步|阶段)|今后|未来|建议|自身建设|政府建设|奋力(?:谱写|开创|书写)|开启.{0,20}新(?:征程|篇章)|主要考虑|规划.{0,8}(?:草案|纲要)"
)

_LAST = re.compile(r"自身建设|政府建设")  # stands at a report's end, where the plan has long begun
TURN = re.compile(
    r"(?:做好)?(?:今年|新的?一年|(?:19|20)\d{2}年)(?:的)?.{0,14}(?:工作(?:的)?(?:总体要求|总的要求|总体思路|指导思想|主要目标|基本思路)|主要预期目标)"
)


BOTH = re.compile("(?:回顾|总结).{0,6}(?:和|及|与|、|暨).{0,24}(?:安排|打算|部署|任务|建议|计划|要点|要求|思路)")


def direction(heading: str, year: int | None) -> str:
    """Tell whether a heading looks back ("review"), forward ("plan") or says neither ("").

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
    if _SURELY_BACK.search(heading):
        return "review"
    if years and year is not None:
        if max(years) >= year and (_FORWARD.search(heading) or not _BACK.search(heading)):
            return "plan"
        if max(years) < year and (_BACK.search(heading) or re.search("工作|情况", heading)):
            return "review"
    if _BACK.search(heading) and not _FORWARD.search(heading):
        return "review"
    return "plan" if _FORWARD.search(heading) else ""


def parts_of(headings: list[str], year: int | None) -> list[str]:
    """Give the part of each top-level stretch: a plan that has begun does not end, a document that never looks back is all plan."""
    said = [direction(h, year) for h in headings]
    if "review" not in said:
        return ["plan"] * len(headings)
    first = said.index("review")
    later = [i for i, s in enumerate(said) if s == "plan" and i > first and not _LAST.search(headings[i])]
    turn = later[0] if later else next((i for i in range(first + 1, len(said)) if said[i] != "review"), len(said))
    return ["plan" if i >= turn or (i < first and said[i] == "plan") else "review" for i in range(len(said))]
