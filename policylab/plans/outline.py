"""From a tree to rows: which numbered units are headings, items and points, their paths, titles, sections and blocks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from policylab.items import find_responsible, names_units_only
from policylab.plans.paragraphs import Paragraph
from policylab.plans.tree import Node, build_tree

_TITLE = re.compile(r"[^。；！？\n]{2,36}?(?:[。！？]|(?=\u3000))")
_NO_TITLE = re.compile(r"(?:以|为|围绕|根据|按照|结合|针对|依托|通过|在|对|从|到|力争)[^，]*，|.*\d.*[万亿个所家%％]|.*[，；].*[，；]")


@dataclass
class Row:
    """A row of the items frame in the making; `index` is the paragraph it begins in."""

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


def outline_rows(ps: list[Paragraph], rows: list[int]) -> tuple[list[Row], Node]:
    """Give the rows of a numbered stretch of paragraphs, in order, and the tree they stand in."""
    root, where = build_tree(ps, rows)
    _assign_kinds(root)
    _number_paths(root)
    out: list[Row] = []
    taken: set[int] = set()
    last = -1
    for i in rows:
        if i in taken:
            last = i
            continue
        node = where[i]
        if (
            node.row != i
            and out
            and out[-1].kind in ("item", "point", "paragraph")
            and _is_next(ps, last, i)
            and names_units_only(ps[i].text)
        ):
            out[-1].text += f"\n{ps[i].text}"
        elif node.row != i:
            out.append(Row(i, ps[i].line, "paragraph", ps[i].text, node=node))
        elif node.marker is None:
            out.append(Row(i, ps[i].line, "heading", node.text, node=node))
        elif node.kind == "heading":
            out += _heading_rows(ps[i].line, node)
        else:
            out.append(_unit_row(ps, node, taken))
        last = i
    _finish(out)
    return out, root


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
            lone = top.is_titled() and top.paragraphs
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


def _number_paths(root: Node) -> None:
    used: Counter[str] = Counter()
    for node in root.below():
        above = node.parent.path if node.parent else ""
        if node.kind == "point":
            node.path = above
            continue
        step = node.marker.step if node.marker else re.sub(r"\s+", "", node.text)
        path = f"{above}/{step}" if above else step
        used[path] += 1
        node.path = path if used[path] == 1 else f"{path}-{used[path]}"


def _heading_rows(line: int, node: Node) -> list[Row]:
    """A heading, and what runs on behind it as a paragraph of its own."""
    assert node.marker is not None
    stop = re.match(r"[^。！？]{1,80}[。！？]", node.text)
    head = node.text[: stop.end()] if stop else node.text
    rest = node.text[len(head) :].lstrip()
    rows = [Row(node.row, line, "heading", head, node.marker.printed, node)]
    return [*rows, Row(node.row, line, "paragraph", rest, node=node)] if rest else rows


def _unit_row(ps: list[Paragraph], node: Node, taken: set[int]) -> Row:
    """An item or point; a title on its own line takes the first unnumbered paragraph below into its row."""
    assert node.marker is not None
    text = node.text
    first = min((c.row for c in node.children), default=len(ps))
    before = node.row
    for i in node.paragraphs if node.is_titled() else ():
        if i > first or ps[i].role or not _is_next(ps, before, i):
            break
        before = i
        text = f"{text}\n{ps[i].text}" if text else ps[i].text
        taken.add(i)
        if not names_units_only(ps[i].text):
            break
    return Row(
        node.row, ps[node.row].line, node.kind, text, node.marker.printed, node, number=node.marker.number, item_title=run_in_title(text)
    )


def run_in_title(text: str) -> str | None:
    """Give the title that an item opens with, without its stop: a line of its own or a short first sentence.

    Examples
    --------
    >>> run_in_title("加强体育工作。健全人才培养体系。"), run_in_title("以活动为契机，办好比赛。再办一次。")
    ('加强体育工作', None)
    """
    line, _, rest = text.partition("\n")
    if re.fullmatch(r"[^。；！？：]{2,60}", line) and (rest or len(line) <= 40):
        return line.strip()
    match = _TITLE.match(line)
    if not match or (match.end() >= len(line) and not rest) or _NO_TITLE.match(match[0]):
        return None
    return match[0].rstrip("。！？").strip()


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
        assert row.node is not None
        row.outline = row.node.path
        row.section = _section(row.node)
        row.responsible = "；".join(dict.fromkeys(u for _, _, u in find_responsible(row.text) if u)) or row.responsible
        block: Node | None = row.node
        while block is not None and block.parent is not None and (n_units[id(block)] < 2 or block.kind == "point"):
            block = block.parent
        if block is not None and block.parent is not None:
            row.block, row.heading = block.path, node_title(block)


def node_title(node: Node) -> str:
    """Give a node's title without its stop."""
    if node.kind == "heading":
        stop = re.match(r"[^。！？]{1,80}(?=[。！？])", node.text)
        return (stop[0] if stop else node.text).strip().rstrip("：:")
    return run_in_title(node.text) or node.text[:40]


def _section(node: Node) -> Node | None:
    """The topmost numbered heading above a node, itself included; else the topmost unnumbered one."""
    chain: list[Node] = []
    at: Node | None = node
    while at is not None and at.parent is not None:
        chain.append(at)
        at = at.parent
    headings = [n for n in reversed(chain) if n.kind == "heading"]
    return next((n for n in headings if n.marker), headings[0] if headings else None)
