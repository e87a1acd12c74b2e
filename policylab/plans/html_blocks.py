"""A web page as blocks of visible text in order: paragraphs, lines parted by <br>, rows of tables, each with how much of it is links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_UNSEEN = re.compile(
    "script|style|noscript|template|iframe|svg|canvas|audio|video|object|embed|applet|select|option|button|input|textarea|head|xml|map|area|rt|rp",
    re.I,
)
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6r]|header|html|legend|li|main|nav|ol|p|"
    "pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’]"
_WRAPPED = re.compile(f"(?<={_WIDE}) ?\r ?(?={_WIDE})")  # a line end of the source between wide characters is no space
_NUMBERED = re.compile(r"[\s（(]*(?:\d|[一二三四五六七八九十]+[、）)．.]|[①-⑳]|第)")


@dataclass
class Block:
    """A stretch of text: `element` is the block it stands in, `links` how many of its characters stand in links."""

    text: str
    element: Any
    links: int = 0
    role: str = ""


def is_seen(element: Any) -> bool:
    """Tell whether an element is shown, as far as its own tag and attributes say."""
    if not isinstance(element.tag, str) or _UNSEEN.fullmatch(element.tag):
        return False
    return element.get("hidden") is None and not _HIDDEN.search(element.get("style") or "")


def blocks(root: Any) -> list[Block]:
    """Give the blocks below an element in the order of the source."""
    walker = _Walker()
    walker.walk(root, link=False)
    walker.flush(root)
    return walker.found


class _Walker:
    def __init__(self) -> None:
        self.found: list[Block] = []
        self._pieces: list[str] = []
        self._links = 0
        self._prefix = ""

    def add(self, text: str | None, link: bool, kept: bool = False) -> None:
        if text:
            text = text if kept else _SPACE.sub(lambda space: "\r" if "\n" in space[0] else " ", text)
            self._pieces.append(text)
            self._links += link * len(text.strip())

    def flush(self, element: Any) -> None:
        text = re.sub(" ?[\r ]+", " ", _WRAPPED.sub("", re.sub(" ?\r[\r ]*", "\r", "".join(self._pieces))))
        for line in text.split("\n"):
            line = line.strip(" ")
            if line.strip():
                number = "" if _NUMBERED.match(line) else self._prefix
                self.found.append(Block(number + line, element, self._links))
                self._prefix = ""
        self._pieces, self._links = [], 0

    def walk(self, element: Any, link: bool) -> None:
        tag = element.tag.lower()
        if tag == "table" and not _is_layout(element):
            self._rows(element)
            return
        link = link or tag == "a"
        if tag == "li":
            self._prefix = _list_number(element)
        self.add(element.text, link, tag == "pre")
        for child in element:
            if is_seen(child):
                name = child.tag.lower()
                if name == "br":
                    self._pieces.append("\n")
                elif _BLOCK.fullmatch(name):
                    self.flush(element)
                    self.walk(child, link)
                    self.flush(child)
                else:
                    self.walk(child, link)
            self.add(child.tail, link, tag == "pre")

    def _rows(self, table: Any) -> None:
        self.flush(table)
        waiting: dict[int, int] = {}  # columns that a cell from a row above still covers
        for row in _own(table, "tr"):
            texts: list[str] = []
            links = 0
            for cell in _own(row, "td", "th"):
                while waiting.get(len(texts), 0):
                    waiting[len(texts)] -= 1
                    texts.append("")
                inner = blocks(cell)
                links += sum(b.links for b in inner)
                down = _whole(cell.get("rowspan")) - 1
                for extra in range(_whole(cell.get("colspan"))):
                    if down > 0:
                        waiting[len(texts)] = down
                    texts.append("" if extra else " ".join(b.text.replace("\t", " ") for b in inner))
            if any(t.strip() for t in texts):
                self.found.append(Block("\t".join(t.strip() for t in texts), row, links, "table"))


def _is_layout(table: Any) -> bool:
    """Whether a table only places things on the page: one column, tables inside, or cells that hold whole texts."""
    cells = [list(_own(row, "td", "th")) for row in _own(table, "tr")]
    if max((len(row) for row in cells), default=0) <= 1 or table.find(".//table") is not None:
        return True
    return any(len(cell.findall(".//p")) > 8 or len(cell.findall(".//br")) > 12 for row in cells for cell in row)


def _own(element: Any, *names: str) -> Iterator[Any]:
    """Give the rows of a table or the cells of a row, not those of tables inside."""
    for child in element:
        if is_seen(child):
            if child.tag.lower() in names:
                yield child
            elif child.tag.lower() in ("tbody", "thead", "tfoot", "form"):
                yield from _own(child, *names)


def _list_number(item: Any) -> str:
    """Give the number that a browser prints before an item of an ordered list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol" or "none" in (parent.get("style") or ""):
        return ""
    before = sum(1 for sibling in item.itersiblings("li", preceding=True))
    return f"{_whole(item.get('value'), 0) or _whole(parent.get('start'), 1) + before}."


def _whole(value: str | None, default: int = 1) -> int:
    return min(int(value), 200) if value and re.fullmatch(r"[1-9]\d{0,3}", value) else default
