"""Numbers of the outline that stand inside a line because a line end was lost: told by the gap they fill, and parted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from policylab.plans.markers import Marker, find_marker
from policylab.plans.phrases import LEADER
from policylab.plans.raw import Paragraph, Problem

_INSIDE = re.compile(
    r"(?<=[。；！？）)])(?P<gap>[ \t\u3000\xa0]*)(?=[（(〔]?[一二三四五六七八九十\d]{1,3}[、．.）)〕])"
    r"|(?<=\S)(?P<blank>[ \t\u3000\xa0]+)(?=(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]))"
)
_FORMS = ("一、", "（一）", "1.", "（1）")


def part_lost_breaks(ps: list[Paragraph]) -> tuple[list[Paragraph], list[Problem]]:
    """Part lines in which the next number of an open run stands: it fills the gap to the following one, or follows a stop and a blank."""
    lines = [(i, p.marker) for i, p in enumerate(ps) if not p.role]
    starts = {i: m for i, m in lines if m is not None and m.form in _FORMS and not LEADER.search(ps[i].text)}
    ahead: dict[str, list[int | None]] = {form: [] for form in _FORMS}
    for m in reversed(starts.values()):
        ahead[m.form].append(m.number)
    out: list[Paragraph] = []
    problems: list[Problem] = []
    last: dict[str, int | None] = {}
    for i, p in enumerate(ps):
        if i in starts:
            ahead[starts[i].form].pop()
            _count(last, starts[i])
        begin = 0
        for at, marker in _numbers_inside(p):
            if _fits(marker, last, ahead[marker.form][-1] if ahead[marker.form] else None, sure=_is_parted(p.text, at)):
                out.append(replace(p, text=p.text[begin:at].rstrip()))
                problems.append(_told(marker, p.line))
                _count(last, marker)
                begin = at
        out.append(replace(p, text=p.text[begin:]) if begin else p)
    return out, problems


def _numbers_inside(p: Paragraph) -> Iterator[tuple[int, Marker]]:
    if p.role or LEADER.search(p.text):
        return
    for match in _INSIDE.finditer(p.text):
        marker = find_marker(p.text[match.end() : match.end() + 40])
        if marker is not None and marker.form in _FORMS and not marker.loose:
            yield match.end(), marker


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
    stopped = text[:at].rstrip()[-1:] in "。；！？"
    return stopped and (text[at - 1].isspace() or re.fullmatch(r"[^。；，！？]{4,40}", text[at:]) is not None)


def _told(marker: Marker, line: int) -> Problem:
    message = f"the number {marker.printed.strip()!r} stands inside a line; it was read as the beginning of its own"
    return Problem("break-inferred", "info", message, "Nothing to do unless the number belongs to the sentence.", line)
