"""The landmarks of an outline, found before it is built: numbers that count, lines that head others, numbers that were lost."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from policylab.plans.markers import Marker
from policylab.plans.numerals import to_chinese
from policylab.plans.parts import TURN
from policylab.plans.phrases import BOX, has_pause, is_part_heading
from policylab.plans.raw import Paragraph

_SET_APART = re.compile(r"^【(?=[^】]+】$)|(?<=.)】$|^(?:任务|行动|专题|模块|板块)[一二三四五六七八九十]+[：:](?=.{2,20}$)")


@dataclass
class Landmarks:
    """What the lines of a stretch are, by their place.

    `markers` are the numbers of the outline, `plain` unnumbered headings (True where the top numbers start again below), `boxes` titles of
    boxes (专栏), `lost` numbers that were lost before a line, `series` headings without numbers right above numbers of a form, `above` the
    pairs of forms of which the first stands above the second.
    """

    markers: dict[int, Marker]
    plain: dict[int, bool] = field(default_factory=dict)
    boxes: set[int] = field(default_factory=set)
    lost: dict[int, Marker] = field(default_factory=dict)
    series: dict[int, str] = field(default_factory=dict)
    above: frozenset[tuple[str, str]] = frozenset()


def find_landmarks(ps: list[Paragraph], rows: list[int]) -> Landmarks:
    """Find the landmarks of the paragraphs `rows`."""
    marks = Landmarks(_accepted(ps, rows))
    marks.boxes = {i for i in rows if i not in marks.markers and not ps[i].role and not ps[i].said.kind and BOX.fullmatch(ps[i].text)}
    marks.plain = {i: starts for i, starts in _plain_headings(ps, rows, marks.markers).items() if i not in marks.boxes}
    titles = series_of_titles(ps, rows, marks.markers)
    marks.series = {i: form for i, form in titles.items() if not marks.plain.get(i) and not is_part_heading(ps[i].text)}
    _find_lost(ps, rows, marks)
    marks.above = _above(marks.markers)
    return marks


def _accepted(ps: list[Paragraph], rows: list[int]) -> dict[int, Marker]:
    """The numbers that are numbers of the outline: loose ones (4深化), decimals and 一是 only in a run."""
    found = {i: m for i in rows if not ps[i].role and ps[i].said.kind != "paragraph" and (m := ps[i].marker) is not None}
    order = [i for i in rows if i in found]
    kept: dict[int, Marker] = {}
    last: dict[str, int | None] = {}
    steps: set[str] = set()
    for n, i in enumerate(order):
        m = found[i]
        held = ps[i].said.held
        if ps[i].said.kind or held is not None:
            if held is not None and not held.numbered:
                continue
            steps.update([m.step] if m.form == "1.1" else [])
        elif m.loose:
            number, ahead = m.number or 0, [found[j].number for j in order[n + 1 : n + 12] if found[j].form == m.form]
            if number != (last.get(m.form) or 0) + 1 and not (number == 1 and 2 in ahead) and ahead[:2] != [number + 1, number + 2]:
                continue
        elif m.form == "1.1":
            head, tail = m.step.rsplit(".", 1)
            beside = any("." in s and s.rsplit(".", 1)[0] == head for s in steps)
            followed = any(found[j].form == "1.1" and found[j].step.startswith(head + ".") for j in order[n + 1 : n + 4])
            if not (head in steps or beside or (tail in ("0", "1") and followed)):
                continue
            steps.add(m.step)
        elif m.form in ("是", "第"):
            run = m.number == (last.get(m.form) or 0) + 1 and m.number != 1
            ahead = [found[j].number for j in order[n + 1 : n + 8] if found[j].form == m.form]
            if not run and not (m.number == 1 and 2 in ahead[:1]):
                continue
        if m.form in ("1.", "1⃣"):
            steps.add(m.step)
        last[m.form] = m.number
        kept[i] = m
    return kept


def _plain_headings(ps: list[Paragraph], rows: list[int], markers: dict[int, Marker]) -> dict[int, bool]:
    """Unnumbered lines that head what follows; True for those under which the top numbers start again."""
    strong = [i for i in rows if i in markers and not markers[i].weak and markers[i].form != "1.1"]
    top = markers[strong[0]].form if strong else ""
    tops = [i for i in strong if markers[i].form == top]
    restarts = sum(markers[i].number == 1 for i in tops)
    headings: dict[int, bool] = {}
    opened = False
    for n, i in enumerate(rows):
        p = ps[i]
        if p.said.kind:
            if p.said.kind == "heading" and i not in markers:
                headings[i] = _holds_tops(rows, n, strong, markers)
            continue
        if p.said.held is not None:
            if p.said.held.kind == "heading" and i not in markers:
                headings[i] = p.said.held.container
            continue
        text = p.text.rstrip("。：:") if p.head else p.text
        if i in markers or p.role or len(text) > 40 or has_pause(text) or "。" in text or n + 1 >= len(rows):
            continue
        at = bisect_right(strong, i)
        following = strong[at] if at < len(strong) else None
        opens = following is not None and markers[following].number == 1 and markers[following].form == top
        directly = opens and following is not None and bisect_right(rows, following) - n <= 4
        before = markers[strong[at - 1]] if at else None
        if is_part_heading(text):
            headings[i] = opened = opens or opened
        elif before is not None and following == rows[n + 1] and markers[following].number == 1 and before.form == markers[following].form:
            headings[i] = opens and restarts > 1
        elif restarts > 1 and opens and (p.bold or directly):
            headings[i] = True
        elif p.bold and len(p.text) >= 3:
            headings[i] = False
    return headings


def _holds_tops(rows: list[int], n: int, strong: list[int], markers: dict[int, Marker]) -> bool:
    """Whether top numbers stand below an unnumbered heading: they start again or come at once, or there are no others."""
    forms = list(dict.fromkeys(markers[i].form for i in strong))
    following = next((i for i in strong if i > rows[n]), None)
    if len(forms) < 2 or following is None:
        return len(forms) < 2
    return markers[following].form == forms[0] and (markers[following].number == 1 or following == rows[n + 1])


def series_of_titles(ps: list[Paragraph], rows: list[int], markers: Mapping[int, Marker]) -> dict[int, str]:
    """Short unnumbered lines that stand again and again right before a number of one form (九月：, 1.…): headings, with that form."""
    found: dict[str, list[int]] = {}
    for i, after in pairwise(rows):
        marker = markers.get(after)
        if marker is None or (marker.weak and marker.form != "•") or marker.form == "1.1" or i in markers or ps[i].role:
            continue
        text = _SET_APART.sub("", ps[i].text).rstrip("：:")
        if (
            all(ps[j].role == "furniture" for j in range(i + 1, after))
            and 2 <= len(text) <= (12 if text != ps[i].text else 20)
            and not re.search("[。；：！？，、:;!?,]", text)
            and not BOX.fullmatch(text)
            and not re.search("(?:是|有|下|做|到|面|抓)$|以下|如下", text)
        ):
            found.setdefault(marker.form, []).append(i)
    first = {form: next((m.number for m in markers.values() if m.form == form), None) for form in found}
    return {i: form for form, lines in found.items() if len(lines) > 1 and first[form] in (1, None) for i in lines}


def _above(markers: dict[int, Marker]) -> frozenset[tuple[str, str]]:
    """The forms under which another starts again and again: the first stands above the second, even where its first number was lost."""
    starts = Counter((a.form, b.form) for a, b in pairwise(markers.values()) if b.number == 1 and a.form != b.form)
    return frozenset((a, b) for (a, b), n in starts.items() if n > 1 and n > 2 * starts[b, a])


def _find_lost(ps: list[Paragraph], rows: list[int], marks: Landmarks) -> None:
    """Infer numbers of the top level that were lost, where one line only can have borne them or the numbers below start again once."""
    strong = [(i, m) for i, m in marks.markers.items() if not m.weak and m.form != "1.1"]
    top = strong[0][1].form if strong else ""
    tops = [(i, m.number or 0) for i, m in strong if m.form == top]
    begin = [(rows[0] - 1, 0)] if tops and tops[0][1] == 2 else []
    for (a, before), (b, after) in pairwise([*begin, *tops]):
        if after != before + 2:
            continue
        inside = rows[bisect_right(rows, a) : bisect_left(rows, b)]
        lost = Marker(top, marks.markers[b].script, before + 1, "", _step_like(top, before + 1))
        titles = list(_bare_titles(ps, inside, marks)) if inside else []
        restarts = list(_restarts(inside, marks.markers))
        if len(titles) == 1:
            marks.markers[titles[0]] = lost
            marks.plain.pop(titles[0], None)
        elif not titles and len(restarts) == 1:
            marks.lost[_turn_before(ps, inside, marks.markers, restarts[0])] = lost
    marks.markers = dict(sorted(marks.markers.items()))


def _bare_titles(ps: list[Paragraph], inside: list[int], marks: Landmarks) -> Iterator[int]:
    """Lines that could be a heading which lost its number: short, without a stop, and not the last."""
    for i in inside[:-1]:
        text = ps[i].text.rstrip("-—、 ")
        if (
            i not in marks.markers
            and i not in marks.boxes
            and not ps[i].role
            and not ps[i].said.apart
            and 3 <= len(text) <= 40
            and not re.search("[。，；：！？:;!?,]", text)
        ):
            yield i


def _restarts(inside: list[int], markers: dict[int, Marker]) -> Iterator[int]:
    seen: set[str] = set()
    for i in inside:
        marker = markers.get(i)
        if marker is not None and not marker.weak and marker.number == 1:
            if marker.form in seen:
                yield i
            if not seen:
                seen.add(marker.form)


def _turn_before(ps: list[Paragraph], inside: list[int], markers: dict[int, Marker], restart: int) -> int:
    """Where the lost section begins: at the unnumbered paragraph before the restart that turns to the year's plan, else at the restart."""
    after = max((i for i in inside if i < restart and i in markers), default=-1)
    return next((i for i in inside if after < i < restart and TURN.search(ps[i].text[:120])), restart)


def _step_like(form: str, number: int) -> str:
    """How the number would stand in a path."""
    chinese = to_chinese(number)
    return {"（一）": f"（{chinese}）", "一、": chinese, "1.": str(number), "（1）": f"（{number}）"}.get(form, f"第{chinese}{form}")
