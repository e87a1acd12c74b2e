"""From the lines of a PDF's pages to paragraphs: what stands in the frame of a page, and lines that go on in the next one."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median

from policylab.plans.pdf_layout import PageLine
from policylab.plans.phrases import ends_sentence

_NUMBER = re.compile(r"[\s—–\-－―─·•.]*(?:第\s*)?[0-9０-９]{1,4}\s*(?:页)?\s*(?:[/／,，]?\s*共?\s*[0-9０-９]{1,4}\s*页?)?[\s—–\-－―─·•.]*")
_MARKER = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．：]|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十百\d]{1,4}[章节条]|[①-⑳●■◆]"
)


def mark_furniture(lines: list[PageLine], heights: dict[int, float]) -> None:
    """Mark page numbers at the edge of a page, and heads and feet that stand at one height on three pages or more."""
    edges = []
    for page in heights:
        body = [line for line in lines if line.page == page and line.column is not None]
        edges += [(line, n) for n, line in enumerate(sorted(body, key=lambda li: -li.bottom)[:2])]
        edges += [(line, n) for n, line in enumerate(sorted(body, key=lambda li: li.bottom)[:2])]
    seen: dict[int, set[tuple[str, int]]] = {}
    keys = {id(line): (re.sub(r"\d+", "#", line.text), round(line.bottom / 6)) for line, _ in edges}
    for line, _ in edges:
        seen.setdefault(line.page, set()).add(keys[id(line)])
    common = Counter(key for found in seen.values() for key in found)
    for line, depth in edges:
        edge = line.bottom < 0.12 * heights[line.page] or line.bottom > 0.88 * heights[line.page]
        if (depth == 0 and edge and _NUMBER.fullmatch(line.text)) or (edge and common[keys[id(line)]] >= 3):
            line.role = "furniture"


def join_wrapped(lines: list[PageLine]) -> list[PageLine]:
    """Join the lines of a paragraph: a full line goes on where the next one starts at the margin without an indent."""
    margins = _margins(lines)
    out: list[PageLine] = []
    last: PageLine | None = None
    text_end = 0.0
    for line in lines:
        running = not line.role and line.column is not None
        if last is not None and running and _goes_on(last, text_end, line, margins):
            last.text = _glued(last.text, line.text)
            text_end = line.right
            last.bottom, last.page = line.bottom, line.page
            continue
        if line.role == "furniture":
            out.append(line)
            continue
        out.append(PageLine(**vars(line)))
        last, text_end = (out[-1], line.right) if running else (None, 0.0)
    return out


def _margins(lines: list[PageLine]) -> dict[int, tuple[float, float, bool]]:
    """Give for each column its left margin, its right edge, and whether paragraphs are indented."""
    margins: dict[int, tuple[float, float, bool]] = {}
    running = [line for line in lines if not line.role and line.column is not None and len(line.text) > 3]
    for column in sorted({line.column for line in running if line.column is not None}):
        mine = [line for line in running if line.column == column]
        lefts = Counter(round(line.left / 3) for line in mine)
        left = 3 * min((x for x, n in lefts.items() if n >= 0.1 * len(mine)), default=min(lefts))
        right = sorted(line.right for line in mine)[int(0.9 * (len(mine) - 1))]
        size = median(line.height for line in mine)
        indented = sum(1.2 * size < line.left - left < 3.5 * size for line in mine)
        margins[column] = (left, right, indented >= max(2, 0.1 * len(mine)))
    return margins


def _goes_on(before: PageLine, end: float, after: PageLine, margins: dict[int, tuple[float, float, bool]]) -> bool:
    if before.column is None or after.column is None or "\t" in before.text or "\t" in after.text:
        return False
    (_, right, _), (left, _, indented) = margins.get(before.column, (0, 0, False)), margins.get(after.column, (0, 0, False))
    size = after.height
    if end < right - 1.6 * size or abs(after.left - left) > 0.8 * size or abs(before.height - size) > 0.25 * size:
        return False
    if before.page == after.page and before.column == after.column and before.bottom - after.bottom > 3 * size:
        return False
    return indented or not (ends_sentence(before.text) or _MARKER.match(after.text))


def _glued(before: str, after: str) -> str:
    words = before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii() and after[:1].isalnum()
    return f"{before} {after}" if words else before + after
