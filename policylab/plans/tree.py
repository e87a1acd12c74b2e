"""The numbered outline of a stretch of paragraphs, as a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policylab.plans.landmarks import find_landmarks
from policylab.plans.markers import Marker
from policylab.plans.phrases import has_pause
from policylab.plans.raw import NOTHING, Paragraph, Said
from policylab.plans.tasktables import TableRow

_ORDER = {form: i for i, form in enumerate(("编", "章", "节", "条", "一、", "（一）", "1.", "（1）", "1）", "①"))}


@dataclass(eq=False, slots=True)
class Node:
    """A numbered unit or an unnumbered heading (`marker` None), with what stands below it.

    `row` is the paragraph it stands in, `text` that paragraph without the number, `paragraphs` the unnumbered ones that follow it;
    `table` is the row of a table of tasks that it is, `caption` whether it heads such a table, `box` whether it heads a box (专栏), `lost`
    whether its whole line was lost, so that it has no row of its own, `series` whether it is one of several headings without numbers.
    """

    marker: Marker | None
    text: str
    row: int
    parent: Node | None = None
    container: bool = False
    table: TableRow | None = None
    caption: bool = False
    box: bool = False
    lost: bool = False
    series: bool = False
    children: list[Node] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)
    kind: str = ""
    path: str = ""
    _n_lone: int = -1
    said: Said = NOTHING

    @property
    def form(self) -> str:
        """The form of the number; "" of an unnumbered heading or the root."""
        return self.marker.form if self.marker else ""

    def numbered(self) -> list[Node]:
        """The numbered children that count as a level: those with real numbers, or, where there is none below, 一是, 第一 and dashes."""
        if not self.children:
            return []
        strong = [c for c in self.flat() if c.marker and not c.marker.weak]
        if strong or any(c.numbered() for c in self.children if c.marker is None):
            return strong
        weak = [c for c in self.flat() if c.marker]
        counted = [c for c in weak if c.form in ("是", "第")]
        weak = counted if len(counted) > 1 else weak
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
        return len(self.text) <= 60 and not has_pause(self.text) and "。" not in self.text and "\n" not in self.text

    def starts_again(self) -> bool:
        """Whether numbers that run in the unit above start again under this unnumbered heading, or stand in a table or box of its own."""
        if self.caption or self.box or self.parent is None:
            return True
        mine = next((c.form for c in self.children if c.marker is not None), "")
        return sum(c.form == mine and c.marker is not None and c.marker.number == 1 for c in self.parent.flat()) > 1

    def is_unit(self) -> bool:
        """Whether this is a number with its text, under which nothing is numbered: no table stands below it."""
        return self.marker is not None and not self.is_titled() and not self.children

    def is_headline(self) -> bool:
        """Whether the line is a title alone, be it with a stop, as long as its sisters stand alone like it."""
        return self.is_titled() or (self.is_lone_sentence() and self.parent is not None and self.parent.lone_sentences > 1)

    def is_lone_sentence(self) -> bool:
        """Whether the line is one short sentence with unnumbered paragraphs below it."""
        return bool(self.paragraphs) and re.fullmatch(r"[^。！？；]{2,40}。", self.text) is not None

    @property
    def lone_sentences(self) -> int:
        """How many of the children are one short sentence each; ask only when the tree is whole."""
        if self._n_lone < 0:
            self._n_lone = sum(child.is_lone_sentence() for child in self.flat())
        return self._n_lone


def build_tree(ps: list[Paragraph], rows: list[int], tables: Mapping[int, TableRow]) -> tuple[Node, dict[int, Node]]:
    """Build the outline of the paragraphs `rows`; gives the root and the node that each row stands in or under."""
    marks = find_landmarks(ps, rows)
    builder = _Builder(marks.above)
    where: dict[int, Node] = {}
    for n, i in enumerate(rows):
        if i in marks.lost:
            builder.open(marks.lost[i], "", i).lost = True
        table = tables.get(i)
        if table is not None and table.marker is not None:
            node = builder.task(table, i) if table.role == "task" else builder.open(table.marker, table.text, i)
        elif _is_caption(ps[i], i in marks.markers, tables.get(rows[n + 1]) if n + 1 < len(rows) else None):
            node = builder.caption(ps[i].text, i)
        elif i in marks.markers:
            marker = marks.markers[i]
            node = builder.open(marker, ps[i].text[len(marker.printed) :].lstrip(" \t\u3000\xa0"), i)
        elif i in marks.boxes:
            node = builder.box(ps[i].text, i)
        elif marks.series.get(i):
            node = builder.head_of(marks.series[i], ps[i].text, i)
        elif i in marks.plain:
            node = builder.heading(ps[i].text, i, container=marks.plain[i])
        elif table is not None:  # names of columns, sums
            node = builder.stack[-1]
        else:
            builder.leave_table()
            node = builder.stack[-1]
            node.paragraphs.append(i)
        if node.row == i and not node.lost:
            node.said = ps[i].said
        where[i] = node
    return builder.root, where


def _is_caption(p: Paragraph, numbered: bool, below: TableRow | None) -> bool:
    """Whether an unnumbered line is the title of the table of tasks right below it."""
    short = len(p.text) <= 40 and "。" not in p.text and not has_pause(p.text.rstrip("：:"))
    sayable = p.said.kind in ("", "heading")
    return sayable and not p.role and not numbered and short and below is not None and below.role in ("names", "task")


class _Builder:
    """Opens and closes levels as numbers come: depth follows the form of the number in the order in which forms open."""

    def __init__(self, above: frozenset[tuple[str, str]]) -> None:
        self.root = Node(None, "", -1)
        self.stack = [self.root]
        self.above = set(above)
        self.top = ""

    def heading(self, text: str, row: int, *, container: bool) -> Node:
        node = Node(None, text, row, container=container)
        if container or not self.top:
            self._cut(1)
            self.top = ""
        else:  # below the open section
            self._cut(next((k + 1 for k, n in enumerate(self.stack) if n.form == self.top), 1))
        return self._push(node)

    def head_of(self, form: str, text: str, row: int) -> Node:
        """A heading without a number in a series of them: it stands above the numbers of a form, below all else that is open."""
        self.leave_table()
        self._cut(next((k for k, n in enumerate(self.stack) if n.form == form or n.series), len(self.stack)))
        return self._push(Node(None, text, row, series=True))

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
        while self.stack[-1].table is not None or self.stack[-1].is_unit():
            self.stack.pop()
        return self._push(Node(table.marker, table.text, row, table=table))

    def box(self, text: str, row: int) -> Node:
        """The title of a box (专栏): what is numbered in a form of its own stands in it."""
        self.leave_table()
        return self._push(Node(None, text, row, box=True))

    def caption(self, text: str, row: int) -> Node:
        self.leave_table()
        while self.stack[-1].is_unit():
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
        if marker.form in ("是", "第") and self._ends_bullets(marker.form):
            return self._cut(len(self.stack) - 1)
        if marker.form == self.top:
            return self._cut(next((k + 1 for k in range(len(self.stack) - 1, 0, -1) if self.stack[k].container or self.stack[k].series), 1))
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

    def _ends_bullets(self, form: str) -> bool:
        """Whether a run of 一是 stands beside the bullets before it, not below the last of them."""
        last = self.stack[-1]
        beside = sum(c.form == last.form for c in self.stack[-2].children) if len(self.stack) > 1 else 0
        return last.form in ("—", "•") and beside > 1 and (last.form, form) not in self.above

    def _cut(self, size: int) -> None:
        del self.stack[max(1, size) :]

    def _push(self, node: Node) -> Node:
        node.parent = self.stack[-1]
        self.stack[-1].children.append(node)
        self.stack.append(node)
        return node
