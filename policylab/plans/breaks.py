"""Numbers of the outline that stand inside a line because a line end was lost: told by the gap they fill, and parted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from policylab.plans.markers import Marker, find_marker
from policylab.plans.phrases import has_leader
from policylab.plans.raw import Paragraph, Problem

_INSIDE = re.compile(r"[（(〔]?[一二三四五六七八九十\d]{1,3}[、．.)）〕]")
_BEFORE = frozenset("。；！？）)")
_BLANKS = " \t\u3000\xa0"
_FORMS = ("一、", "（一）", "1.", "（1）")


def part_lost_breaks(ps: list[Paragraph]) -> tuple[list[Paragraph], list[Problem]]:
    """Part lines in which the next number of an open run stands: it fills the gap to the following one, or follows a stop and a blank."""
    lines = [(i, p.marker) for i, p in enumerate(ps) if p.text and not p.role]
    starts = {i: m for i, m in lines if m is not None and m.form in _FORMS and not has_leader(ps[i].text)}
    ahead: dict[str, list[int | None]] = {form: [] for form in _FORMS}
    for m in reversed(starts.values()):
        ahead[m.form].append(m.number)
    out: list[Paragraph] = []
    problems: list[Problem] = []
    last: dict[str, int | None] = {}
    for i, p in enumerate(ps):
        if not p.text:
            out.append(p)
            continue
        if i in starts:
            ahead[starts[i].form].pop()
            _count(last, starts[i])
        gap = any(coming and coming[-1] == (last.get(form) or 0) + 2 for form, coming in ahead.items())
        begin = 0
        for at, marker in _numbers_inside(p, anywhere=gap):
            if _fits(marker, last, ahead[marker.form][-1] if ahead[marker.form] else None, sure=_is_parted(p.text, at)):
                out.append(replace(p, text=p.text[begin:at].rstrip()))
                problems.append(_told(marker, p.line))
                _count(last, marker)
                begin = at
        out.append(replace(p, text=p.text[begin:]) if begin else p)
    return out, problems


def _numbers_inside(p: Paragraph, *, anywhere: bool) -> Iterator[tuple[int, Marker]]:
    """Numbers behind a stop, a bracket or a blank: everywhere in the line, or only where their place alone may part it."""
    text = p.text
    if len(text) < 4 or p.role or has_leader(text):
        return
    blanks = "。 " in text or "。\u3000" in text or "。\xa0" in text
    if not anywhere and not blanks and text[-1] in "。；，！？":
        return
    for match in _INSIDE.finditer(text, 1 if anywhere or blanks else max(1, len(text) - 45)):
        at = match.start()
        before = _mark_before(text, at)
        if before not in _BEFORE and (at == 0 or text[at - 1] not in _BLANKS or match[0][-1] == "."):
            continue
        marker = find_marker(text[at : at + 40])
        if marker is not None and marker.form in _FORMS and not marker.loose:
            yield at, marker


def _count(last: dict[str, int | None], marker: Marker) -> None:
    """Note the number that a run has come to; runs below it are over."""
    for form in _FORMS[_FORMS.index(marker.form) + 1 :]:
        last.pop(form, None)
    last[marker.form] = marker.number


def _fits(marker: Marker, last: dict[str, int | None], following: int | None, *, sure: bool) -> bool:
    if marker.number is None or marker.number != (last.get(marker.form) or 0) + 1:
        return False
    return following == marker.number + 1 or (sure and marker.number > 1 and following != marker.number)


def _is_parted(text: str, at: int) -> bool:
    """Whether a stop and a blank lead to the number, or a stop, and a title is all that follows."""
    if _mark_before(text, at) not in "。；！？":
        return False
    return text[at - 1] in _BLANKS or re.fullmatch(r"[^。；，！？]{4,40}", text[at : at + 41]) is not None


def _mark_before(text: str, at: int) -> str:
    """The character before a place, blanks aside."""
    while at > 0 and text[at - 1] in _BLANKS:
        at -= 1
    return text[at - 1] if at else "\n"


def _told(marker: Marker, line: int) -> Problem:
    message = f"the number {marker.printed.strip()!r} stands inside a line; it was read as the beginning of its own"
    return Problem("break-inferred", "info", message, "Nothing to do unless the number belongs to the sentence.", line)
