"""A web page as blocks of visible text in order: paragraphs, lines parted by <br>, rows of tables, each with how much of it is links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policylab.plans.html_hidden import is_seen
from policylab.plans.html_lists import list_numbers

_BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6r]|header|html|legend|li|main|nav|ol|p|"
    "listing|plaintext|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|xmp",
    re.I,
)
_AS_BLOCK = re.compile(r"(?<![\w-])display\s*:\s*(?:block|list-item|flex|grid)", re.I)
_PRE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_KEEPING = ("pre", "xmp", "listing", "plaintext")
MAX_CELLS = 300_000
_SPACE = re.compile(r"[ \t\r\n\f]+")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’]"
_WRAPPED = re.compile(f"(?<={_WIDE}) ?\r ?(?={_WIDE})")  # a line end of the source between wide characters is no space
NUMBERED = re.compile(r"[\s（(]*(?:\d|[一二三四五六七八九十]+[、）)．.]|[①-⑳]|第)")


@dataclass
class Block:
    """A stretch of text: `element` is the block it stands in, `links` how many of its characters stand in links."""

    text: str
    element: Any
    links: int = 0
    role: str = ""


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
        self._numbers: dict[Any, str] = {}
        self.n_cells = 0

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
                number = "" if NUMBERED.match(line) else self._prefix
                self.found.append(Block(number + line, element, self._links))
                self._prefix = ""
        self._pieces, self._links = [], 0

    def walk(self, element: Any, link: bool, kept: bool = False) -> None:
        tag = element.tag.lower()
        kept = kept or tag in _KEEPING or _PRE.search(element.get("style") or "") is not None
        if tag == "table" and not _is_layout(element):
            self._rows(element)
            return
        link = link or tag == "a"
        if tag == "ol":
            self._numbers |= list_numbers(list(_own(element, "li")), element)
        if tag == "li":
            self._prefix = self._numbers.get(element, "")
        self.add(element.text, link, kept)
        for child in element:
            if is_seen(child):
                name = child.tag.lower()
                if name == "br":
                    self._pieces.append("\n")
                elif _BLOCK.fullmatch(name) or _AS_BLOCK.search(child.get("style") or ""):
                    self.flush(element)
                    self.walk(child, link, kept)
                    self.flush(child)
                else:
                    self.walk(child, link, kept)
            self.add(child.tail, link, kept)

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
                    self.n_cells += 1
                    if self.n_cells > MAX_CELLS:
                        raise RecursionError("tables without end")
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


def _whole(value: str | None, default: int = 1) -> int:
    return min(int(value), 200) if value and re.fullmatch(r"[1-9]\d{0,3}", value) else default
