"""One document: from its lines to rows of the items frame and a row of the documents frame."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from policylab.plans.facts import Facts, read_facts
from policylab.plans.findings import findings
from policylab.plans.markers import find_marker
from policylab.plans.outline import Row, node_title, outline_rows
from policylab.plans.paragraphs import Paragraph, paragraphs
from policylab.plans.parts import TURN, direction, parts_of
from policylab.plans.phrases import is_part_heading
from policylab.plans.raw import Problem, RawDocument
from policylab.plans.tree import Node
from policylab.plans.zones import Zones, find_zones

_HEADER = re.compile(
    r"序\s*号|工作(?:内容|任务|项目)|重点(?:任务|工作)|任务(?:内容|名称)|主要(?:任务|措施|内容)|具体(?:任务|措施|内容)|项目名称"
)
_UNIT_COLUMN = re.compile(r"(?:责任|牵头|主办|承办|负责|主责)(?:单位|部门|科室|处室|人)")
_ATTACHED = re.compile(r"附\s*[件表录]")


@dataclass
class Document:
    """What was made of one file."""

    rows: list[Row]
    facts: Facts
    problems: list[Problem]


def read_document(raw: RawDocument, *, metadata: dict[str, object] | None = None) -> Document:
    """Take a document apart."""
    ps, front, problems = paragraphs(raw)
    problems = [*raw.problems, *problems]
    front = {**raw.facts, **front}
    zones = find_zones(ps)
    body = [i for i, name in enumerate(zones.names) if name == "body"]
    table = _table_rows(ps, body)
    outlined, root = outline_rows(ps, [i for i in body if i not in table])
    rows = sorted([*outlined, *table.values(), *_appendix_rows(ps, zones, outlined), *_loose_rows(ps, zones)], key=lambda r: r.index)
    tops = list(_tops(root))
    _make_unique(rows)
    facts, more = read_facts(ps, zones, front, raw.source, [node_title(n) for n in tops], metadata=metadata or {})
    _set_parts(rows, tops, facts)
    _set_sections(rows)
    return Document(rows, facts, [*problems, *more, *findings(ps, rows, root, facts, raw)])


def _tops(root: Node) -> Iterator[Node]:
    """The stretches whose headings may look back or forward, in order."""
    for child in root.children:
        if child.marker is None and not child.container and not is_part_heading(child.text):
            continue
        yield child
        for below in child.children:
            if (below.marker is None and is_part_heading(below.text)) or (child.container and not direction(child.text, None)):
                yield below


def _table_rows(ps: list[Paragraph], body: list[int]) -> dict[int, Row]:
    """Rows of tables: those of a task table are items, header rows and all else notes."""
    out: dict[int, Row] = {}
    columns: list[str] = []
    for i in body:
        p = ps[i]
        if p.role != "table":
            columns = [] if p.text else columns
            continue
        cells = [c.strip() for c in p.text.split("\t")]
        if _HEADER.search(p.text) and len(p.text) < 80:
            columns = cells
            out[i] = Row(i, p.line, "note", p.text)
        elif columns and (row := _task(i, p, cells, columns)) is not None:
            out[i] = row
        else:
            out[i] = Row(i, p.line, "note", p.text)
    return out


def _task(i: int, p: Paragraph, cells: list[str], columns: list[str]) -> Row | None:
    marker = find_marker(cells[0] + (" 项" if cells[0].isdigit() else ""))
    number = marker.number if marker else None
    texts = cells[1:] if number is not None else cells
    if not any(len(c) >= 6 for c in texts):
        return None
    units = [c for c, name in zip(cells, columns, strict=False) if _UNIT_COLUMN.search(name) and c]
    row = Row(
        i, p.line, "item", "\t".join(texts), cells[0] if number is not None else "", number=number, responsible="；".join(units) or None
    )
    row.outline = str(number) if number is not None else ""
    return row


def _appendix_rows(ps: list[Paragraph], zones: Zones, body: list[Row]) -> list[Row]:
    """The outlines of the attachments, each under its label."""
    at = [i for i, name in enumerate(zones.names) if name == "appendix"]
    used = Counter({row.outline: 1 for row in body})
    starts = [i for i in at if i - 1 not in at or _ATTACHED.match(ps[i].text)]
    out: list[Row] = []
    for k, start in enumerate(starts):
        end = starts[k + 1] if k + 1 < len(starts) else len(ps)
        rows, _ = outline_rows(ps, [i for i in at if start < i < end])
        label = re.sub(r"\s+", "", ps[start].text)[:20]
        used[label] += 1
        label = label if used[label] == 1 else f"{label}-{used[label]}"
        for row in rows:
            row.outline = f"{label}/{row.outline}" if row.outline else label
            row.block = f"{label}/{row.block}" if row.block else None
            row.part = "appendix"
        out += [Row(start, ps[start].line, "heading", ps[start].text, part="appendix", outline=label), *rows]
    return out


def _make_unique(rows: list[Row]) -> None:
    """Give items of tables whose number stands in the outline already a path of their own."""
    used = {row.outline for row in rows if row.node is not None and row.kind in ("heading", "item")}
    for row in rows:
        if row.kind == "item" and row.node is None and row.outline:
            n, path = 1, row.outline
            while path in used:
                n += 1
                path = f"{row.outline}-{n}"
            row.outline = path
            used.add(path)


def _loose_rows(ps: list[Paragraph], zones: Zones) -> Iterator[Row]:
    """Rows outside any outline: title (one row even over several lines), preamble, closing, notes, furniture."""
    titled = [i for i, name in enumerate(zones.names) if name == "title"]
    for i, p in enumerate(ps):
        name = zones.names[i]
        if i in titled[:1]:
            yield Row(i, p.line, "title", zones.head.title)
        elif name == "notes":
            marker = find_marker(p.text)
            printed = marker.printed if marker and not marker.weak else ""
            yield Row(i, p.line, "note", p.text[len(printed) :].lstrip(), printed, part="notes")
        elif name not in ("body", "appendix") and name != "title":
            yield Row(i, p.line, name, p.text)


def _set_parts(rows: list[Row], tops: list[Node], facts: Facts) -> None:
    """Give each row of the body the part of the stretch it stands in; other rows keep theirs."""
    year = facts.year or facts.year_start
    names = parts_of([node_title(n) for n in tops], year)
    starts = [n.row for n in tops]
    unsure = facts.genre == "政府工作报告" and "review" not in names and not _says_plan(tops, year)
    turned = -1
    for row in rows:
        if row.part != "plan" or row.kind not in ("heading", "item", "point", "paragraph"):
            continue
        at = bisect_right(starts, row.index)
        row.part = names[at - 1] if at else ("review" if names[:1] == ["review"] else "plan")
        if row.part == "review" and row.kind == "paragraph" and TURN.match(row.text):
            turned = at
        if at == turned:
            row.part = "plan"
        if unsure and row.part == "plan":
            row.part = "unknown"


def _says_plan(tops: list[Node], year: int | None) -> bool:
    return any(direction(node_title(n), year) == "plan" for n in tops)


def _set_sections(rows: list[Row]) -> None:
    """Number the sections of each part: as printed, or the next free number where it is missing or taken."""
    numbers: dict[tuple[str, int], int] = {}
    used: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.section is None or row.part in ("appendix", "notes"):
            continue
        key = (row.part, id(row.section))
        if key not in numbers:
            printed, taken = row.section.marker.number if row.section.marker else None, used[row.part]
            numbers[key] = printed if printed and printed not in taken else max(taken, default=0) + 1
            taken.add(numbers[key])
        row.section_no = numbers[key]
