"""Which stretch of a document is what: cover notice, title, preamble, body, closing, attachments, glossary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from policylab.plans.head import Head, find_title, head_zone, is_body_start
from policylab.plans.landmarks import series_of_titles
from policylab.plans.phrases import CONTENTS, DELIVERY, FIGURE, LABEL, SPEECH, has_leader, is_part_heading, squeeze
from policylab.plans.raw import Paragraph
from policylab.plans.said import hold_aside, hold_zones
from policylab.plans.tail import mark_attachments, mark_site_lines, mark_tail
from policylab.plans.tasktables import TableRow, is_task_row

_LONGEST = 500  # lines of a table of contents


@dataclass
class Zones:
    """The zone of each paragraph, and what the head of the document says.

    A zone is a kind of the items frame for rows outside the outline (`title`, `note`, `furniture`, `preamble`, `closing`), else `body`,
    `appendix` or `notes`; `stretches` are the zones before what a person said was put in place, which tell where attachments begin.
    """

    names: list[str]
    head: Head
    stretches: list[str]


def find_zones(ps: list[Paragraph], tables: Mapping[int, TableRow]) -> Zones:
    """Tell the zones of a document's paragraphs."""
    names = ["furniture" if p.role == "furniture" else "note" if p.role == "note" else "body" for p in ps]
    mark_site_lines(ps, names)
    _contents(ps, names)
    hold_aside(ps, names)
    head = find_title(ps, names)
    start = head.rows[1] if head.rows else 0
    first = _body_start(ps, names, start, tables)
    for i in range(start, first):
        if names[i] == "body":
            names[i] = "note" if ps[i].role == "table" else head_zone(ps[i].text)
    _running_titles(ps, names, squeeze(head.title))
    for i in range(first, len(ps)):
        if names[i] == "body" and SPEECH.fullmatch(ps[i].text):
            names[i] = "note"
    for i in range(first, len(ps)):
        if names[i] == "body" and FIGURE.fullmatch(ps[i].text) and not (i + 1 in tables and is_task_row(tables[i + 1])):
            names[i] = "note"
    mark_tail(ps, names, first, end=mark_attachments(ps, names, first))
    stretches = list(names)
    if hold_zones(ps, names, stretches):
        head = replace(head, title="".join(p.text for p, name in zip(ps, names, strict=True) if name == "title"))
    return Zones(names, head, stretches)


def _body_start(ps: list[Paragraph], names: list[str], start: int, tables: Mapping[int, TableRow]) -> int:
    """Where the body begins: the first number, a heading of a part, or (where nothing is numbered) the first paragraph."""
    body = [i for i in range(start, len(ps)) if names[i] == "body"]
    for n, i in enumerate(body):
        p = ps[i]
        if (
            p.said.kind == "heading"
            or is_task_row(tables.get(i))
            or (n < 60 and is_part_heading(p.text.rstrip("。") if p.head else p.text))
        ):
            return i
        if is_body_start(p) and not p.role and not LABEL.match(p.text):
            return _lost_start(ps, body[:n], i) if n == 0 or not _opens_series(ps, body, n) else body[n - 1]
    weak = [i for i in body if (m := ps[i].marker) is not None and m.form != "1.1" and not DELIVERY.fullmatch(ps[i].text)]
    if len(weak) >= 3:
        n = body.index(weak[0])
        return body[n - 1] if n and _opens_series(ps, body, n) else weak[0]
    return next((i for i in body if head_zone(ps[i].text) == "preamble"), len(ps))


def _opens_series(ps: list[Paragraph], body: list[int], n: int) -> bool:
    """Whether the line before the first number is the first of a series of headings without numbers."""
    markers = {i: m for i in body if not ps[i].role and (m := ps[i].marker) is not None and not m.loose}
    return body[n - 1] in series_of_titles(ps, body[n - 1 :], markers)


def _lost_start(ps: list[Paragraph], ahead: list[int], first: int) -> int:
    """Where the first number is a 二: at the one title-like line ahead, whose number was lost, else at that number."""
    marker = ps[first].marker
    if marker is None or marker.number != 2:
        return first
    titles = [i for i in ahead if not ps[i].role and re.fullmatch(r"[^。，；：！？:;!?,]{3,24}", ps[i].text.rstrip("-—、 "))]
    return titles[0] if len(titles) == 1 and head_zone(ps[titles[0]].text) == "preamble" else first


def _contents(ps: list[Paragraph], names: list[str]) -> None:
    """Lines of a table of contents are notes: those with leaders, and what follows 目录 and stands again below."""
    start = next((i for i, p in enumerate(ps[:60]) if CONTENTS.fullmatch(p.text)), None)
    for i, p in enumerate(ps):
        if has_leader(p.text) and len(p.text) < 120:
            names[i] = "note"
    if start is None:
        return
    names[start] = "note"
    later = [squeeze(p.text) for p in ps]
    for i in range(start + 1, min(len(ps), start + _LONGEST)):
        bare = re.sub(r"[.…．·\s]*\d*$", "", later[i])
        if names[i] == "note" or names[i] == "furniture":
            continue
        if len(bare) < 50 and any(t.startswith(bare) for t in later[i + 1 :]) and bare:
            names[i] = "note"
        else:
            break


def _running_titles(ps: list[Paragraph], names: list[str], title: str) -> None:
    """A title that stands again and again is page furniture."""
    if title:
        for i, p in enumerate(ps):
            if (
                names[i] in ("body", "preamble", "note")
                and len(p.text) < 2 * len(title) + 8
                and squeeze(p.text) == title
                and not p.role
                and not p.said.kind
            ):
                names[i] = "furniture"
                ps[i] = replace(p, role="furniture")
