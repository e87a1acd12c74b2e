"""One document: from its lines to rows of the items frame and a row of the documents frame."""

from __future__ import annotations

import gc
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from policylab.errors import UnsafeFileError
from policylab.plans.facts import Facts, read_facts
from policylab.plans.findings import findings
from policylab.plans.outline import Row, node_title, outline_rows
from policylab.plans.paragraphs import paragraphs
from policylab.plans.parts import BOTH, TURN, direction, parts_of
from policylab.plans.phrases import has_pause, is_part_heading
from policylab.plans.places import Places
from policylab.plans.raw import Paragraph, Problem, RawDocument
from policylab.plans.said import hold_parts_and_titles, hold_tables
from policylab.plans.tasktables import TableRow, read_tables
from policylab.plans.tree import Node
from policylab.plans.zones import Zones, find_zones

_ATTACHED = re.compile(r"附\s*[件表录]")


@dataclass
class Document:
    """What was made of one file."""

    rows: list[Row]
    facts: Facts
    problems: list[Problem]


def read_document(
    raw: RawDocument,
    *,
    metadata: Mapping[str, object] | None = None,
    places: Places | None = None,
    corrected: Sequence[Paragraph] | None = None,
) -> Document:
    """Take a document apart; `corrected` are its paragraphs as a person set them right."""
    try:
        with _no_collection():
            return _read(raw, metadata or {}, places, corrected)
    except RecursionError:
        raise UnsafeFileError(raw.source, "its numbers are nested too deep", "Look whether this is a plan; take out what is not.") from None


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the search for unused cycles while one document is read: its tree is in use to the end, and a fifth of the time went there."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(raw: RawDocument, metadata: Mapping[str, object], places: Places | None, corrected: Sequence[Paragraph] | None) -> Document:
    ps, front, mended = paragraphs(raw)
    ps = ps if corrected is None else list(corrected)
    problems = [*raw.problems, *mended]
    front = {**raw.facts, **front}
    tables = hold_tables(ps, read_tables(ps))
    zones = find_zones(ps, tables)
    outlined, root = outline_rows(ps, [i for i, name in enumerate(zones.names) if name == "body"], tables)
    rows = sorted([*outlined, *_appendix_rows(ps, zones, outlined, tables), *_loose_rows(ps, zones)], key=lambda r: r.index)
    tops = list(_tops(root))
    facts, more = read_facts(ps, zones, front, raw.source, [node_title(n) for n in tops], metadata=metadata, places=places)
    _set_parts(rows, tops, facts)
    hold_parts_and_titles(rows, ps)
    _set_sections(rows)
    return Document(rows, facts, [*problems, *more, *findings(ps, rows, root, facts, raw, tables)])


def _tops(root: Node) -> Iterator[Node]:
    """The stretches whose headings may look back or forward, in order: headings and titles alone on their lines."""
    for child in root.children:
        if child.marker is None and not child.container and not is_part_heading(child.text):
            continue
        if child.marker is None or _may_head(child):
            yield child
        for below in child.children:
            if (below.marker is None and is_part_heading(below.text)) or (
                child.container and not direction(child.text, None) and _may_head(below)
            ):
                yield below


def _may_head(node: Node) -> bool:
    """Whether a numbered unit may head a part: no bullet, no row of a table, no item with its text behind its number."""
    weak = node.marker is not None and node.marker.weak
    return node.table is None and not weak and (node.kind == "heading" or node.is_headline())


def _appendix_rows(ps: list[Paragraph], zones: Zones, body: list[Row], tables: Mapping[int, TableRow]) -> list[Row]:
    """The outlines of the attachments, each under its label."""
    at, ps = [i for i, name in enumerate(zones.stretches) if name == "appendix"], list(ps)
    among = set(at)
    used = Counter({row.outline: 1 for row in body})
    starts = [i for i in at if i - 1 not in among or _ATTACHED.match(ps[i].text)]
    out: list[Row] = []
    for k, start in enumerate(starts):
        end = starts[k + 1] if k + 1 < len(starts) else len(ps)
        is_unit = ps[start].said.kind in ("item", "point", "paragraph")
        stretch = at[bisect_left(at, start + (not is_unit)) : bisect_left(at, end)]
        inside = [i for i in stretch if zones.names[i] == "appendix"]
        _set_title_off(ps, inside)
        rows, _ = outline_rows(ps, inside, tables)
        label = "附件" if is_unit else re.sub(r"\s+", "", ps[start].text)[:20].rstrip("：:、.．")
        used[label] += 1
        label = label if used[label] == 1 else f"{label}-{used[label]}"
        for row in rows:
            if row.kind != "note":
                row.outline = f"{label}/{row.outline}" if row.outline else label
            row.block = f"{label}/{row.block}" if row.block else None
            row.part = "appendix"
        if zones.names[start] == "appendix" and not is_unit:
            out.append(Row(start, ps[start].line, "heading", ps[start].text, part="appendix", outline=label))
        out += rows
    return out


def _set_title_off(ps: list[Paragraph], inside: list[int]) -> None:
    """Set an attachment's first line off, where it is its title."""
    first = ps[inside[0]] if len(inside) > 1 else None
    if first is not None and not first.role and first.marker is None and len(first.text) <= 40 and not has_pause(first.text):
        ps[inside[0]] = replace(first, bold=True)


def _loose_rows(ps: list[Paragraph], zones: Zones) -> Iterator[Row]:
    """Rows outside any outline: title (one row even over several lines), preamble, closing, notes, furniture."""
    titled = [i for i, name in enumerate(zones.names) if name == "title"]
    apart = [i for n, i in enumerate(titled) if n == 0 or ps[i].said.apart or ps[titled[n - 1]].said.kind]
    for i, p in enumerate(ps):
        name = zones.names[i]
        if i in apart:
            end = next((j for j in apart if j > i), len(ps))
            lines = [j for j in titled if i <= j < end]
            yield Row(i, p.line, "title", "".join(ps[j].text for j in lines), more=tuple(lines[1:]))
        elif name == "notes":
            marker = p.marker
            printed = marker.printed if marker and not marker.weak else ""
            yield Row(i, p.line, "note", p.text[len(printed) :].lstrip(), printed, part="notes")
        elif name not in ("body", "appendix") and name != "title":
            yield Row(i, p.line, name, p.text)


def _set_parts(rows: list[Row], tops: list[Node], facts: Facts) -> None:
    """Give each row of the body the part of the stretch it stands in; other rows keep theirs."""
    year = facts.year or facts.year_start
    titles, starts = [node_title(n) for n in tops], [n.row for n in tops]
    report = (facts.genre or "").endswith("报告")
    names = parts_of(titles, year, report=report)
    for row in rows:  # a heading of both (2023年工作回顾和2024年总体要求): a look back up to the turn
        at = bisect_right(starts, row.index)
        if at and _turns(row) and BOTH.search(titles[at - 1]):
            names[at - 1] = "review"
    unsure = facts.genre == "政府工作报告" and "review" not in names and not _says_plan(tops, year)
    turned = -1
    for row in rows:
        if row.part != "plan" or row.kind not in ("heading", "item", "point", "paragraph"):
            continue
        at = bisect_right(starts, row.index)
        row.part = names[at - 1] if at else ("review" if names[:1] == ["review"] else "plan")
        if row.part == "review" and _turns(row):
            turned = at
        if at == turned:
            row.part = "plan"
        if unsure and row.part == "plan":
            row.part = "unknown"


def _turns(row: Row) -> bool:
    """Whether a paragraph turns from the look back to the year's plan."""
    return row.kind == "paragraph" and TURN.search(row.text[:120]) is not None


def _says_plan(tops: list[Node], year: int | None) -> bool:
    return any(direction(node_title(n), year) == "plan" for n in tops)


def _set_sections(rows: list[Row]) -> None:
    """Number the sections of each part: as printed, or the next free number where it is missing or taken."""
    inside = [row for row in rows if row.section is not None and row.part not in ("appendix", "notes")]
    numbers: dict[tuple[str, int], int] = {}
    used: dict[str, set[int]] = defaultdict(set)
    for printed in (True, False):
        for row in inside:
            section, taken = row.section, used[row.part]
            assert section is not None
            number = section.marker.number if section.marker else None
            key = (row.part, id(section))
            if key not in numbers and (number is not None) == printed:
                numbers[key] = number if number and number not in taken else max(taken, default=0) + 1
                taken.add(numbers[key])
    for row in inside:
        row.section_no = numbers[row.part, id(row.section)]
