"""From a tree to rows: which numbered units are headings, items and points, their paths, titles, sections and blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from policylab.items import find_responsible, names_units_only
from policylab.plans.raw import Paragraph
from policylab.plans.said import hold_kinds
from policylab.plans.tasktables import TableRow
from policylab.plans.titles import run_in_title
from policylab.plans.tree import Node, build_tree


@dataclass(slots=True)
class Row:
    """A row of the items frame in the making; `index` is the paragraph it begins in, `more` are those whose text it holds as well."""

    index: int
    line: int
    kind: str
    text: str
    marker: str = ""
    node: Node | None = None
    part: str = "plan"
    section: Node | None = None
    section_no: int | None = None
    item_title: str | None = None
    responsible: str | None = None
    number: int | None = None
    block: str | None = None
    heading: str | None = None
    outline: str = ""
    more: tuple[int, ...] = ()


def outline_rows(ps: list[Paragraph], rows: list[int], tables: Mapping[int, TableRow]) -> tuple[list[Row], Node]:
    """Give the rows of a numbered stretch of paragraphs, in order, and the tree they stand in."""
    root, where = build_tree(ps, rows, tables)
    _assign_kinds(root)
    hold_kinds(where, ps, rows)
    _number_paths(root)
    out: list[Row] = []
    taken: set[int] = set()
    last = -1
    for i in rows:
        if i in taken:
            last = i
            continue
        if (table := tables.get(i)) is not None and table.marker is None:
            out.append(Row(i, ps[i].line, "note", ps[i].text))
            last = i
            continue
        node = where[i]
        below = node.row != i or node.lost
        if below and out and out[-1].kind in ("item", "point", "paragraph") and _is_next(ps, last, i) and _names_units(ps[i]):
            out[-1].text += f"\n{ps[i].text}"
            out[-1].more += (i,)
        elif below:
            out.append(Row(i, ps[i].line, "paragraph", ps[i].text, node=node))
        elif node.table is not None:
            out.append(_table_row(ps[i].line, node))
        elif node.kind == "heading":
            out += _heading_rows(ps[i].line, node)
        else:
            out.append(_unit_row(ps, node, taken))
        last = i
    _finish(out)
    return out, root


def _names_units(p: Paragraph) -> bool:
    """Whether a line names nothing but responsible units, and so goes with the unit above it."""
    return not p.said.apart and names_units_only(p.text)


def _is_next(ps: list[Paragraph], before: int, i: int) -> bool:
    """Whether nothing but page furniture stands between two paragraphs."""
    return all(ps[j].role == "furniture" for j in range(before + 1, i))


def _assign_kinds(root: Node) -> None:
    tops = list(root.flat())
    strong = [n for n in tops if n.marker and not n.marker.weak]
    several = strong if strong else tops
    divided = [n for n in several if n.numbered()]
    run_in = [n for n in several if not n.is_titled()]
    flat = not divided or (2 * len(divided) <= len(several) and 2 * len(run_in) > len(several))
    for top in tops:
        if strong and top.marker and top.marker.weak:
            _assign(top, 1, 0)
        elif top.numbered() and not flat:
            level = _item_level(top)
            _assign(top, 0, level)
        elif flat:
            _assign(top, 0, 0)
        else:
            lone = top.is_titled() and (top.paragraphs or any(c.marker is None for c in top.children))
            top.kind = "heading" if lone else "item"
            for child in top.below():
                child.kind = "item" if lone and child.marker and child.parent is top else "point" if child.marker else "heading"
    for node in root.below():
        if node.marker is None:
            node.kind = "heading"


def _reach(node: Node) -> int:
    return 1 + max((_reach(c) for c in node.numbered()), default=0)


def _item_level(section: Node) -> int:
    """The deepest depth that more than half of the section's direct children reach."""
    reaches = [_reach(c) for c in section.numbered()]
    return max(d for d in range(1, max(reaches) + 1) if 2 * sum(r >= d for r in reaches) > len(reaches))


def _assign(node: Node, depth: int, level: int) -> None:
    counted = {id(c) for c in node.numbered()}
    node.kind = "point" if depth > level else "item" if depth == level or not counted else "heading"
    for child in node.flat():
        _assign(child, depth + 1 if id(child) in counted else max(depth, level) + 1, level)
    _tables_hold_items(node)


def _tables_hold_items(node: Node) -> None:
    """A row of a table of tasks is an item, and what stands above the table heads it."""
    tasks = [child for child in node.flat() if child.table is not None]
    for task in tasks:
        task.kind = "item"
    if tasks and node.marker is not None:
        node.kind = "heading"


def _path_above(node: Node) -> str:
    """The path that a unit's own step is put behind: an unnumbered heading is in it only where numbers start again under it."""
    above = node.parent
    while node.marker is not None and above is not None and above.marker is None and above.parent is not None and not above.starts_again():
        above = above.parent
    return above.path if above else ""


def _number_paths(root: Node) -> None:
    used: Counter[str] = Counter()
    items: dict[int, str] = {}
    for node in root.below():
        above = _path_above(node)
        if node.kind == "point":
            inside = node.parent is None or node.parent.kind in ("item", "point") or not node.said.kind
            node.path = above if inside else items.get(id(node.parent), above)
            continue
        step = node.marker.step if node.marker else _named_step(node)
        path = f"{above}/{step}" if above else step
        used[path] += 1
        node.path = path if used[path] == 1 else f"{path}-{used[path]}"
        if node.kind == "item":
            items[id(node.parent)] = node.path


def _named_step(node: Node) -> str:
    """How a unit without a number stands in a path: by its title."""
    return re.sub(r"\s+|[。：:；！？]$", "", node.text if node.kind == "heading" else node_title(node))


def _heading_rows(line: int, node: Node) -> list[Row]:
    """A heading, and what runs on behind it as a paragraph of its own."""
    if node.marker is None:
        return [Row(node.row, line, "heading", node.text, node=node)]
    stop = re.match(r"[^。！？]{1,80}[。！？]", node.text) if not node.said.one else None
    head = node.text[: stop.end()] if stop else node.text
    rest = node.text[len(head) :].lstrip()
    rows = [Row(node.row, line, "heading", head, node.marker.printed, node)]
    return [*rows, Row(node.row, line, "paragraph", rest, node=node)] if rest else rows


def _unit_row(ps: list[Paragraph], node: Node, taken: set[int]) -> Row:
    """An item or point; a title on its own line takes the first unnumbered paragraph below into its row."""
    text = node.text
    more: tuple[int, ...] = ()
    first = min((c.row for c in node.children), default=len(ps))
    before = node.row
    for i in node.paragraphs if node.is_headline() else ():
        if i > first or ps[i].role or ps[i].said.apart or not _is_next(ps, before, i) or _is_title_line(ps[i].text, behind=node):
            break
        before = i
        text = f"{text}\n{ps[i].text}" if text else ps[i].text
        taken.add(i)
        more += (i,)
        if not names_units_only(ps[i].text):
            break
    row = Row(node.row, ps[node.row].line, node.kind, text, node=node, item_title=run_in_title(text), more=more)
    if node.marker is not None:
        row.marker, row.number = node.marker.printed, node.marker.number
    return row


def _is_title_line(text: str, *, behind: Node) -> bool:
    """Whether a line heads what follows rather than telling what its number's title means: 十月：, or a bare title behind a sentence."""
    bare = text.rstrip("：:")
    if len(bare) > 12 or re.search("[。；：！？，、]", bare):
        return False
    return bare != text or not behind.is_titled()


def _table_row(line: int, node: Node) -> Row:
    assert node.table is not None
    assert node.marker is not None
    row = Row(node.row, line, node.kind, node.text, node.marker.printed, node, number=node.marker.number, item_title=node.table.title)
    row.responsible = node.table.units
    return row


def _finish(rows: list[Row]) -> None:
    """Fill in outline, section, block and responsible units."""
    n_units = Counter[int]()
    for row in rows:
        if row.kind in ("item", "paragraph") and row.node is not None:
            node: Node | None = row.node
            while node is not None:
                n_units[id(node)] += 1
                node = node.parent
    for row in rows:
        if row.node is None:
            continue
        row.outline = row.node.path
        row.section = _section(row.node)
        row.responsible = row.responsible or "；".join(dict.fromkeys(u for _, _, u in find_responsible(row.text) if u)) or None
        block: Node | None = row.node
        while block is not None and block.parent is not None and (n_units[id(block)] < 2 or block.kind == "point"):
            block = block.parent
        if block is not None and block.parent is not None:
            row.block, row.heading = block.path, node_title(block)


def node_title(node: Node) -> str:
    """Give a node's title without its stop."""
    if node.said.title:
        return node.said.title
    if node.kind == "heading":
        stop = re.match(r"[^。！？]{1,80}(?=[。！？])", node.text)
        return (stop[0] if stop else node.text).strip().rstrip("：:")
    first = re.match(r"[^。！？；\n]{1,80}", node.text)
    return run_in_title(node.text) or (first[0] + ("…" if len(node.text) > first.end() >= 80 else "") if first else node.text)


def _section(node: Node) -> Node | None:
    """The topmost numbered heading above a node, itself included; else the topmost unnumbered one, unless it only holds numbered ones."""
    chain: list[Node] = []
    at: Node | None = node
    while at is not None and at.parent is not None:
        chain.append(at)
        at = at.parent
    headings = [n for n in reversed(chain) if n.kind == "heading"]
    numbered = next((n for n in headings if n.marker), None)
    if numbered is not None or not headings:
        return numbered
    holds = not headings[0].paragraphs and any(c.kind == "heading" for c in headings[0].flat())
    return None if holds else headings[0]
