"""From runs of text on a PDF's pages to lines in reading order: columns and ruled tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median


@dataclass
class Run:
    """Text that stands together on one line of a page, with its box (points from the lower left corner)."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """The height of its line."""
        return max(self.top - self.bottom, 1.0)


@dataclass
class PageLine:
    """A line as it is read: `column` says which column of text it stands in, None for what is no running text."""

    page: int
    left: float
    right: float
    bottom: float
    height: float
    text: str
    role: str = ""
    column: int | None = 0
    no: int = 0


@dataclass
class Page:
    """A page as the library gives it."""

    number: int
    width: float
    height: float
    runs: list[Run]
    slanted: list[str] = field(default_factory=list)
    rules: list[list[float]] = field(default_factory=list)


def page_lines(page: Page) -> tuple[list[PageLine], int]:
    """Give a page's lines in reading order and the number of its columns."""
    runs = _once([r for r in page.runs if r.text.strip()])
    rows, outside = _ruled(runs, page)
    gutter = _gutter(outside)
    lines = [line for band in _bands(outside, gutter) for line in _lines(band[0], page.number, band[1])]
    for table in rows:  # a table stands where its first row does
        at = next((i for i, line in enumerate(lines) if line.bottom < table[0].bottom and line.column in (0, None)), len(lines))
        lines[at:at] = table
    slanted = [PageLine(page.number, 0, 0, 0, 1, text, "furniture", None) for text in page.slanted if text.strip()]
    return [*lines, *slanted], 2 if gutter is not None else 1


def _once(runs: list[Run]) -> list[Run]:
    """Drop runs printed a second time on the same spot, as some programs do for bold."""
    kept: list[Run] = []
    for run in runs:
        same = (
            r
            for r in kept[-40:]
            if r.text == run.text and abs(r.left - run.left) < 0.2 * run.height and abs(r.bottom - run.bottom) < 0.2 * run.height
        )
        if next(same, None) is None:
            kept.append(run)
    return kept


# ---------------------------------------------------------------- running text


def _rows(runs: list[Run]) -> list[list[Run]]:
    """Group runs that stand on one line, from the top down, each from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (-(r.top + r.bottom), r.left)):
        for row in rows[-3:]:
            overlap = min(row[0].top, run.top) - max(row[0].bottom, run.bottom)
            if overlap > 0.5 * min(row[0].height, run.height):
                row.append(run)
                break
        else:
            rows.append([run])
    return [sorted(row, key=lambda r: r.left) for row in rows]


def _lines(runs: list[Run], page: int, column: int) -> list[PageLine]:
    lines = []
    for row in _rows(runs):
        text, height = row[0].text, max(r.height for r in row)
        usual = _letter_space(row)
        for before, after in pairwise(row):
            gap = after.left - before.right - usual
            text += "\t" if gap > 1.5 * height else " " if gap > 0.5 * height or _words(before.text, after.text, gap, height) else ""
            text += after.text
        lines.append(PageLine(page, row[0].left, row[-1].right, min(r.bottom for r in row), height, text.strip(), "", column))
    return lines


def _letter_space(row: list[Run]) -> float:
    """Give the space between the characters of a line that is spaced out (工 作 要 点), 0 in other lines."""
    if len(row) < 4 or sum(len(run.text) == 1 for run in row) < 0.8 * len(row):
        return 0.0
    return max(0.0, median(after.left - before.right for before, after in pairwise(row)))


def _words(before: str, after: str, gap: float, height: float) -> bool:
    return gap > 0.2 * height and before[-1] < "\u2e80" and after[0] < "\u2e80"


def _gutter(runs: list[Run]) -> float | None:
    """Give the middle of the white stripe between two columns of running text, None where there is one column."""
    rows = _rows(runs)
    if len(rows) < 3:
        return None
    left, right = min(r.left for r in runs), max(r.right for r in runs)
    best: tuple[int, float] | None = None
    for step in range(30, 71):
        x = left + (right - left) * step / 100
        both = [row for row in rows if _split(row, x)]
        crossing = sum(any(r.left < x < r.right for r in row) for row in rows)
        if len(both) >= max(3, 0.4 * len(rows)) and crossing <= 0.25 * len(rows) and _columns_of_text(runs, x):
            score = len(both) - crossing
            best = (score, x) if best is None or score > best[0] else best
    return best[1] if best else None


def _split(row: list[Run], x: float) -> bool:
    sides = [r.right for r in row if r.right <= x], [r.left for r in row if r.left >= x]
    return (
        bool(sides[0] and sides[1]) and min(sides[1]) - max(sides[0]) > 0.6 * row[0].height and not any(r.left < x < r.right for r in row)
    )


def _columns_of_text(runs: list[Run], x: float) -> bool:
    """Whether most lines on both sides of x fill their side, as wrapped text does and the cells of a table do not."""
    for side in ([r for r in runs if r.right <= x], [r for r in runs if r.left >= x]):
        widths = [max(r.right for r in row) - min(r.left for r in row) for row in _rows(side)]
        if (
            len(widths) < 3
            or median(widths) < 0.6 * (max(r.right for r in side) - min(r.left for r in side))
            or max(widths) < 12 * side[0].height
        ):
            return False
    return True


def _bands(runs: list[Run], gutter: float | None) -> Iterable[tuple[list[Run], int]]:
    """Give the parts of a page in reading order; a line across both columns parts what stands above from what stands below."""
    if gutter is None:
        yield runs, 0
        return
    waiting: tuple[list[Run], list[Run]] = ([], [])
    for row in _rows(runs):
        if any(r.left < gutter < r.right for r in row):
            yield from ((side, i + 1) for i, side in enumerate(waiting) if side)
            waiting = ([], [])
            yield row, 0
        else:
            for run in row:
                waiting[run.left >= gutter].append(run)
    yield from ((side, i + 1) for i, side in enumerate(waiting) if side)


# ---------------------------------------------------------------- tables with rules


def _ruled(runs: list[Run], page: Page) -> tuple[list[list[PageLine]], list[Run]]:
    """Give the rows of each ruled table, and the runs outside of tables; a frame of one column is running text."""
    upright = [r for r in page.rules if r[3] - r[1] > 3 * (r[2] - r[0])]
    level = [r for r in page.rules if r[2] - r[0] > 3 * (r[3] - r[1])]
    if len(upright) < 3 or len(level) < 2:
        return [], runs
    cells: dict[tuple[float, float, float, float], list[Run]] = {}
    outside = []
    for run in runs:
        cell = _cell((run.left + run.right) / 2, (run.bottom + run.top) / 2, upright, level)
        if cell is None:
            outside.append(run)
        else:
            cells.setdefault(cell, []).append(run)
    tables = []
    for group in _tables(sorted(cells, key=lambda c: (-c[3], c[0]))):
        lefts = _distinct([cell[0] for cell in group])
        if len(lefts) < 2:
            outside.extend(run for cell in group for run in cells[cell])
            continue
        rows: dict[float, list[str]] = {}
        for cell in group:
            texts = rows.setdefault(cell[3], [""] * len(lefts))
            at = max(i for i, left in enumerate(lefts) if left <= cell[0] + 2)
            texts[at] += "".join(line.text.replace("\t", " ") for line in _lines(cells[cell], page.number, 0))
        tables.append([PageLine(page.number, 0, 0, top, 1, "\t".join(texts), "table", None) for top, texts in rows.items()])
    return tables, outside


def _cell(x: float, y: float, upright: list[list[float]], level: list[list[float]]) -> tuple[float, float, float, float] | None:
    beside = [(r[0] + r[2]) / 2 for r in upright if r[1] - 2 <= y <= r[3] + 2]
    around = [(r[1] + r[3]) / 2 for r in level if r[0] - 2 <= x <= r[2] + 2]
    left, right = max((v for v in beside if v <= x), default=None), min((v for v in beside if v > x), default=None)
    bottom, top = max((v for v in around if v <= y), default=None), min((v for v in around if v > y), default=None)
    if left is None or right is None or bottom is None or top is None:
        return None
    return round(left), round(bottom), round(right), round(top)


def _tables(cells: list[tuple[float, float, float, float]]) -> list[list[tuple[float, float, float, float]]]:
    """Part cells, given from the top down, into tables that do not touch."""
    tables: list[list[tuple[float, float, float, float]]] = []
    lowest = 0.0
    for cell in cells:
        if not tables or cell[3] < lowest - 6:
            tables.append([])
            lowest = cell[1]
        tables[-1].append(cell)
        lowest = min(lowest, cell[1])
    return tables


def _distinct(values: list[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > 3:
            kept.append(value)
    return kept
