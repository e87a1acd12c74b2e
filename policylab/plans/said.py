"""What a person said of a document's paragraphs, put in place while it is read: kinds, parts and titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from policylab.plans.markers import Marker
from policylab.plans.raw import NOTHING, Paragraph
from policylab.plans.tasktables import TableRow
from policylab.plans.tree import Node

if TYPE_CHECKING:
    from policylab.plans.outline import Row

ASIDE = ("title", "preamble", "closing", "note", "furniture")  # kinds of rows outside the outline


def hold_tables(ps: list[Paragraph], tables: Mapping[int, TableRow]) -> dict[int, TableRow]:
    """Give the rows of tables without those said to be running text; one said to be an item is a task."""
    held = dict(tables)
    for i, table in tables.items():
        said = ps[i].said
        if said.kind == "item" and table.role != "task":
            held[i] = TableRow("task", Marker("表", "ar", None, "", "表"), ps[i].text)
        elif said.kind == "note" and table.marker is not None:
            held[i] = TableRow("")
        elif (said.kind in ("heading", "point", "paragraph") and said.kind != table.role) or (
            said.apart and not said.kind and table.role == ""  # a piece of a row is no row of the table
        ):
            del held[i]
            ps[i] = replace(ps[i], role="")
    return held


def hold_aside(ps: Sequence[Paragraph], names: list[str]) -> None:
    """Set what is said to stand outside the outline before the zones of the rest are told."""
    for i, p in enumerate(ps):
        if p.said.kind in ASIDE and not (p.said.kind == "note" and p.role == "table"):
            names[i] = p.said.kind
        elif p.said.kind and names[i] != "body":
            names[i] = "body"


def hold_zones(ps: list[Paragraph], names: list[str], stretches: list[str]) -> bool:
    """Set what is said once all zones are told, whatever they are; tells whether a title may have come or gone."""
    if all(p.said is NOTHING for p in ps):
        return False
    stretch, titled = "body", False
    for i, p in enumerate(ps):
        stretch = names[i] if names[i] in ("body", "appendix") else stretch
        titled = titled or (p.said.kind != "" and "title" in (names[i], p.said.kind))
        if p.said.kind in ASIDE and not (p.said.kind == "note" and p.role == "table"):
            names[i] = p.said.kind
            if p.said.kind == "furniture":
                ps[i] = replace(p, role="furniture")
        elif p.said.held is not None and not p.said.kind:
            names[i] = stretches[i] = p.said.held.zone
        elif (p.said.kind or p.said.inside) and names[i] not in ("body", "appendix"):
            names[i] = stretches[i] = stretch
    return titled


def hold_kinds(where: dict[int, Node], ps: Sequence[Paragraph], rows: Sequence[int]) -> None:
    """Set the kinds of the units of an outline as they are said; what stands below them follows."""
    rows = [i for i in rows if ps[i].said is not NOTHING]
    for i in rows:
        held, node = ps[i].said.held, where.get(i)
        if held is not None and node is not None and node.row == i and not node.lost and node.table is None:
            node.kind = held.kind
    for i in rows:
        said, node = ps[i].said.kind, where.get(i)
        if said not in ("heading", "item", "point") or node is None:
            continue
        if node.row == i and not node.lost:
            _hold(node, said)
        elif said != "heading":
            _stand_alone(where, ps, i, said)


def _hold(node: Node, kind: str) -> None:
    was, node.kind = node.kind, kind
    if kind == "heading" and was != "heading":
        promoted = [child for child in node.numbered() if child.kind == "point"]
        for child in promoted:
            child.kind = child.said.kind or "item"
    elif kind in ("item", "point"):
        for child in node.below():
            if child.marker is not None:
                child.kind = child.said.kind or "point"


def _stand_alone(where: dict[int, Node], ps: Sequence[Paragraph], i: int, kind: str) -> None:
    """Make an unnumbered paragraph a unit; an item takes along what followed under the unit above it."""
    above = where[i]
    home, left = above, [above]
    while home.parent is not None and home.kind in (("item", "point") if kind == "item" else ("point",)):
        home = home.parent
        left.append(home)
    node = Node(None, ps[i].text, i, home, kind=kind, said=ps[i].said)
    end = min((child.row for child in home.children if child.row > i), default=len(ps))
    for unit in left:
        own = [j for j in unit.paragraphs if i < j < end] if kind == "item" else []
        unit.paragraphs = [j for j in unit.paragraphs if j != i and j not in own]
        node.paragraphs += own
        below = [child for child in unit.children if child.row > i] if kind == "item" and unit is not home else []
        unit.children = [child for child in unit.children if child not in below]
        for child in below:
            child.parent = node
        node.children += below
    where.update(dict.fromkeys((i, *node.paragraphs), node))
    node.paragraphs.sort()
    node.children.sort(key=lambda child: child.row)
    home.children = sorted([*home.children, node], key=lambda child: child.row)


def hold_parts_and_titles(rows: Sequence[Row], ps: Sequence[Paragraph]) -> None:
    """Set the parts that are said (of a heading: of all below it) and the titles of items and points."""
    seen: set[int] = set()
    for n, row in enumerate(rows):
        said = ps[row.index].said
        if said.part:
            row.part = said.part
        if said.title is not None and row.kind in ("item", "point") and row.index not in seen:
            row.item_title = said.title or None
        if said.part and row.kind == "heading":
            for other in rows[n + 1 :]:
                if _is_below(other, row):
                    other.part = said.part
        seen.add(row.index)


def _is_below(row: Row, heading: Row) -> bool:
    if heading.node is None:  # the label of an attachment
        return row.outline.startswith(f"{heading.outline}/")
    node = row.node
    while node is not None and node is not heading.node:
        node = node.parent
    return node is not None
