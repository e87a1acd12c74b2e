"""The numbered outline of a stretch of paragraphs, as a tree."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policylab.plans.markers import Marker, find_marker
from policylab.plans.paragraphs import NOTHING, Paragraph, Said
from policylab.plans.phrases import is_part_heading
from policylab.plans.tasktables import TableRow

_ORDER = {form: i for i, form in enumerate(("编", "章", "节", "条", "一、", "（一）", "1.", "（1）", "1）", "①"))}
_ENDS = re.compile(r"[。；！？：，、;!?:,][”’》）)】]*$")


@dataclass(eq=False)
class Node:
    """A numbered unit or an unnumbered heading (`marker` None), with what stands below it.

    `row` is the paragraph it stands in, `text` that paragraph without the number, `paragraphs` the unnumbered ones that follow it;
    `table` is the row of a table of tasks that it is, `caption` whether it heads such a table.
    """

    marker: Marker | None
    text: str
    row: int
    parent: Node | None = None
    container: bool = False
    table: TableRow | None = None
    caption: bool = False
    children: list[Node] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)
    kind: str = ""
    path: str = ""
    said: Said = NOTHING

    @property
    def form(self) -> str:
        """The form of the number; "" of an unnumbered heading or the root."""
        return self.marker.form if self.marker else ""

    def numbered(self) -> list[Node]:
        """The numbered children that count as a level: those with real numbers, or, where there is none below, 一是, 第一 and dashes."""
        strong = [c for c in self.flat() if c.marker and not c.marker.weak]
        if strong or any(c.numbered() for c in self.children if c.marker is None):
            return strong
        weak = [c for c in self.flat() if c.marker]
        return weak if len(weak) > 1 and not any(d.marker and not d.marker.weak for d in self.below()) else []

    def flat(self) -> Iterator[Node]:
        """Children, with those of unnumbered headings in their place."""
        for child in self.children:
            if child.marker is None:
                yield from child.flat()
            else:
                yield child

    def below(self) -> Iterator[Node]:
        """All descendants."""
        for child in self.children:
            yield child
            yield from child.below()

    def is_titled(self) -> bool:
        """Whether the line is a title alone: short and without a stop."""
        return len(self.text) <= 60 and not _ENDS.search(self.text) and "。" not in self.text and "\n" not in self.text


def build_tree(ps: list[Paragraph], rows: list[int], tables: Mapping[int, TableRow]) -> tuple[Node, dict[int, Node]]:
    """Build the outline of the paragraphs `rows`; gives the root and the node that each row stands in or under."""
    markers = _accepted(ps, rows)
    plain = _plain_headings(ps, rows, markers)
    builder = _Builder()
    where: dict[int, Node] = {}
    for n, i in enumerate(rows):
        table = tables.get(i)
        if table is not None and table.marker is not None:
            node = builder.task(table, i) if table.role == "task" else builder.open(table.marker, table.text, i)
        elif _is_caption(ps[i], i in markers, tables.get(rows[n + 1]) if n + 1 < len(rows) else None):
            node = builder.caption(ps[i].text, i)
        elif i in markers:
            marker = markers[i]
            node = builder.open(marker, ps[i].text[len(marker.printed) :].lstrip(" \t\u3000\xa0"), i)
        elif i in plain:
            node = builder.heading(ps[i].text, i, container=plain[i])
        elif table is not None:  # names of columns, sums
            node = builder.stack[-1]
        else:
            builder.leave_table()
            node = builder.stack[-1]
            node.paragraphs.append(i)
        if node.row == i:
            node.said = ps[i].said
        where[i] = node
    return builder.root, where


def _accepted(ps: list[Paragraph], rows: list[int]) -> dict[int, Marker]:
    """The numbers that are numbers of the outline: loose ones (4深化), decimals and 一是 only in a run."""
    found = {i: m for i in rows if not ps[i].role and ps[i].said.kind != "paragraph" and (m := find_marker(ps[i].text)) is not None}
    order = [i for i in rows if i in found]
    kept: dict[int, Marker] = {}
    last: dict[str, int | None] = {}
    steps: set[str] = set()
    for n, i in enumerate(order):
        m = found[i]
        if ps[i].said.kind:
            steps.update([m.step] if m.form == "1.1" else [])
        elif m.loose:
            ahead = [found[j].number for j in order[n + 1 : n + 12] if found[j].form == "1."]
            fits = m.number == (last.get("1.") or 0) + 1 or (m.number == 1 and 2 in ahead)
            if not fits or (m.printed == m.step and not ps[i].text[len(m.printed) :][:1].isspace() and m.number == 1 and 2 not in ahead):
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
    for n, i in enumerate(rows):
        p = ps[i]
        if p.said.kind:
            if p.said.kind == "heading" and i not in markers:
                headings[i] = _holds_tops(rows, n, strong, markers)
            continue
        if i in markers or p.role or len(p.text) > 40 or _ENDS.search(p.text) or "。" in p.text or n + 1 >= len(rows):
            continue
        at = bisect_right(strong, i)
        following = strong[at] if at < len(strong) else None
        opens = following is not None and markers[following].number == 1 and markers[following].form == top
        directly = opens and following is not None and bisect_right(rows, following) - n <= 4
        if is_part_heading(p.text):
            headings[i] = opens or any(headings.values())
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


def _is_caption(p: Paragraph, numbered: bool, below: TableRow | None) -> bool:
    """Whether an unnumbered line is the title of the table of tasks right below it."""
    short = len(p.text) <= 40 and "。" not in p.text and not _ENDS.search(p.text.rstrip("：:"))
    sayable = p.said.kind in ("", "heading")
    return sayable and not p.role and not numbered and short and below is not None and below.role in ("names", "task")


class _Builder:
    """Opens and closes levels as numbers come: depth follows the form of the number in the order in which forms open."""

    def __init__(self) -> None:
        self.root = Node(None, "", -1)
        self.stack = [self.root]
        self.above: set[tuple[str, str]] = set()
        self.top = ""

    def heading(self, text: str, row: int, *, container: bool) -> Node:
        node = Node(None, text, row, container=container)
        if container or not self.top:
            self._cut(1)
        else:  # below the open section
            self._cut(next((k + 1 for k, n in enumerate(self.stack) if n.form == self.top), 1))
        return self._push(node)

    def open(self, marker: Marker, text: str, row: int) -> Node:
        if not marker.weak and not self.top:
            self.top = marker.form
        self._make_room(marker)
        node = Node(marker, text, row)
        for n in self.stack[1:]:
            if n.form and n.form != marker.form:
                self.above.add((n.form, marker.form))
        return self._push(node)

    def task(self, table: TableRow, row: int) -> Node:
        """A row of a table of tasks: below the title or heading that the table stands under."""
        assert table.marker is not None
        while self.stack[-1].table is not None or not (self.stack[-1].marker is None or self.stack[-1].is_titled()):
            self.stack.pop()
        return self._push(Node(table.marker, table.text, row, table=table))

    def caption(self, text: str, row: int) -> Node:
        self.leave_table()
        while self.stack[-1].marker is not None and not self.stack[-1].is_titled():
            self.stack.pop()
        return self._push(Node(None, text, row, caption=True))

    def leave_table(self) -> None:
        while self.stack[-1].table is not None or self.stack[-1].caption:
            self.stack.pop()

    def _make_room(self, marker: Marker) -> None:
        self.leave_table()
        if marker.form == "1.1":
            return self._make_room_for_decimal(marker)
        for k in range(len(self.stack) - 1, 0, -1):
            if self.stack[k].form == marker.form:
                return self._cut(k)
        if marker.form == self.top:
            return self._cut(next((k + 1 for k in range(len(self.stack) - 1, 0, -1) if self.stack[k].container), 1))
        for k in range(len(self.stack) - 1, 0, -1):
            if self._continues(self.stack[k], marker, deepest=k == len(self.stack) - 1):
                return self._cut(k)
        while len(self.stack) > 1 and self._is_below(self.stack[-1], marker):
            self.stack.pop()
        return None

    def _make_room_for_decimal(self, marker: Marker) -> None:
        head, parts = marker.step.rsplit(".", 1)[0], marker.step.count(".")
        for k in range(len(self.stack) - 1, 0, -1):
            opened = self.stack[k].marker
            step = opened.step if opened else ""
            if step == head:
                return self._cut(k + 1)
            if self.stack[k].form == "1.1" and step.count(".") == parts:
                return self._cut(k)
        return None

    def _continues(self, node: Node, marker: Marker, *, deepest: bool) -> bool:
        """Whether a number goes on with an open run in another form: 7) after （6）, 第八条 after 七是."""
        if node.marker is None or marker.number is None or node.marker.number != marker.number - 1 or marker.number < 2:
            return False
        if (node.form, marker.form) in self.above or (node.marker.weak != marker.weak and not (deepest and marker.number > 2)):
            return False
        return node.marker.script == marker.script or (deepest and marker.number > 3)

    def _is_below(self, node: Node, marker: Marker) -> bool:
        """Whether an open level stands below the one that this number opens."""
        if node.marker is None:
            return not node.container and (marker.form == self.top)
        if (marker.form, node.form) in self.above:
            return True
        if node.marker.weak and not marker.weak and (node.form, marker.form) not in self.above:
            return True
        return (
            marker.form in ("章", "节", "一、")
            and _ORDER.get(node.form, 99) > _ORDER[marker.form]
            and (node.form, marker.form) not in self.above
        )

    def _cut(self, size: int) -> None:
        del self.stack[max(1, size) :]

    def _push(self, node: Node) -> Node:
        node.parent = self.stack[-1]
        self.stack[-1].children.append(node)
        self.stack.append(node)
        return node
