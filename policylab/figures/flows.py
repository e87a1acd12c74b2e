"""Where the items of each section went from year to year: blocks of sections, and bands of items between them."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from policylab.arguments import whole
from policylab.errors import FrameError
from policylab.figures import canvas, wording
from policylab.figures.appearance import INK, QUIET
from policylab.figures.bands import Band, Block, bands_of, blocks_of, rows_of
from policylab.figures.ledger import HATCH, LOOK
from policylab.figures.ribbons import ribbon, risen, stub

_COLUMNS = ("place", "year_before", "year_after", "before_id", "after_id", "status", "section_before", "section_after")
_WIDE, _STUB = 0.56, 0.16  # of the way from column to column: how wide blocks are, how long the stubs beside them
_LONGEST = 22  # points that a stub runs at most
_DARK = ("kept", "revised")


def plot_ledger_flows(
    ledger: pd.DataFrame,
    *,
    place: str | None = None,
    ax: Axes | None = None,
    note: str | None = None,
    max_sections: int = 8,
    max_years: int = 5,
) -> Axes:
    r"""Draw where the items of one place went: the sections of each year's plan as blocks, their items flowing on to the next year's.

    An alluvial diagram (Rosvall & Bergstrom 2010) of the ledger.

    Parameters
    ----------
    ledger : DataFrame
        What `item_ledger` returns: `place, year_before, year_after, before_id, after_id, status, section_before, section_after`, and
        `series` where it is there.
    place : str, optional
        The place to draw; without it the one with most rows. Of a place with several series the one with most rows is drawn.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    max_sections : int
        How many blocks a year has at most: where there are more sections, the smallest are joined into one block, the last.
    max_years : int
        How many years to draw at most, the last ones.

    Returns
    -------
    Axes
        A column for each year. A block is as high as its section has items, a band at either end as high as the items it takes from
        there; an item tied to several others shares its height among them.

    Raises
    ------
    FrameError
        If a column is missing or a status is unknown.
    ArgumentError
        If the ledger has no such place, or a limit is below 2.

    References
    ----------
    Rosvall & Bergstrom (2010), Mapping change in large networks, PLoS ONE 5(1): e8694.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame({"place": "甲区", "year_before": 2023, "year_after": 2024, "status": ["kept", "new"],
    ...     "before_id": ["甲区-2023#001", None], "after_id": ["甲区-2024#001", "甲区-2024#002"],
    ...     "section_before": ["校园安全", None], "section_after": ["校园安全", "校园安全"]})
    >>> [text.get_text() for text in plot_ledger_flows(ledger).get_xticklabels()]
    ['2023\n1 条 items', '2024\n2 条 items']
    """
    canvas.need(ledger, _COLUMNS, name="ledger", maker="item_ledger(items)")
    unknown = sorted(set(ledger["status"].astype(str)) - set(LOOK))
    if unknown:
        raise FrameError(f"ledger has the status {unknown[0]!r}; known are {', '.join(LOOK)}.")
    max_sections, max_years = (whole(n, name=k, least=2) for n, k in ((max_sections, "max_sections"), (max_years, "max_years")))
    rows, chosen = rows_of(ledger, place)
    if rows.empty:
        return canvas.nothing(ax, "没有前后两年可比", "No two years to compare", note=note)
    every = sorted({*rows["first"], *rows["last"]})
    years = every[-max_years:]
    rows = rows[rows["first"].isin(years) & rows["last"].isin(years)]
    plans = {year: blocks_of(rows, year, max_sections) for year in years}
    with canvas.sheet(ax, height=112 if canvas.width_of_next() >= 120 else 105, note=note) as sheet:
        _Drawing(sheet.ax, plans, bands_of(rows, plans), _inches(sheet)).draw()
        span = f"{years[0]}–{years[-1]}"
        sheet.title(f"{chosen[0]}各节条目的去向，{span}", f"Items by section, {chosen[0]}, {span}")
        present = [s for s in LOOK if (rows["status"] == s).any()]
        sheet.legend(
            [Patch(facecolor=LOOK[s][1], hatch=LOOK[s][2], hatchcolor=HATCH, edgecolor="white", label=LOOK[s][0]) for s in present]
        )
        own = sheet.ax.get_legend()
        if own is not None:  # on Axes of the caller's it would stand on the blocks
            own.set_loc("upper left")
            own.set_bbox_to_anchor((0, 0), transform=sheet.ax.transAxes)
        sheet.footer(*_explained(chosen, place, len(every), plans))
    return sheet.ax


def _inches(sheet: canvas.Sheet) -> tuple[float, float]:
    """Give about how wide and high the panel will be in inches, without the title and the names of the years."""
    width, height = (float(n) for n in sheet.figure.get_size_inches())
    if sheet.height is None:
        spot = sheet.ax.get_position()
        return spot.width * width, spot.height * height
    return 0.97 * width, sheet.height - 5.5 * canvas.type_size() / 72


class _Drawing:
    """Blocks and bands on a panel whose unit along y is an item; types and gaps are in points."""

    def __init__(self, ax: Axes, plans: dict[int, list[Block]], bands: list[Band], inches: tuple[float, float]):
        self.ax, self.plans, self.bands = ax, plans, bands
        self.at = {year: x for x, year in enumerate(plans)}
        self.size = canvas.type_size() - (1.5 if canvas.width_mm() >= 120 else 2)
        self.way = 72 * inches[0] / (len(plans) - 1 + _WIDE)  # points from column to column
        gap, high = 1.15 * self.size, 72 * inches[1]
        needed = [(sum(len(b.items) for b in blocks), len(blocks)) for blocks in plans.values()]
        self.item = max(0.5, min(((high - gap * k) / n for n, k in needed if n), default=1.0))  # points that an item is high
        self.gap = gap / self.item
        self.depth = max(n + self.gap * (k - 1) for n, k in needed)

    def draw(self) -> None:
        self._set_axes()
        for x, blocks in enumerate(self.plans.values()):
            top = 0.0
            for block in blocks:
                block.top, block.into, block.out = top, top, top
                self._block(x, block)
                top += len(block.items) + self.gap
        spots = self._spots()
        for order, band in enumerate(sorted(self.bands, key=lambda b: -b.left - b.right)):  # thin ones above
            self._band(band, *spots[band], zorder=1 + order / len(self.bands))

    def _set_axes(self) -> None:
        ax = self.ax
        ax.set_xlim(-_WIDE / 2 - 0.01, len(self.plans) - 1 + _WIDE / 2 + 0.01)
        ax.set_ylim(self.depth + 0.3 * self.gap, -0.3 * self.gap)
        unit = "条 items" if self.way * _WIDE > 6 * canvas.type_size() else "条\nitems"
        ax.set_xticks(range(len(self.plans)), [f"{y}\n{sum(len(b.items) for b in blocks)} {unit}" for y, blocks in self.plans.items()])
        ax.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
        ax.set_yticks([])
        ax.spines[:].set_visible(False)

    def _block(self, x: int, block: Block) -> None:
        n = len(block.items)
        self.ax.add_patch(Rectangle((x - _WIDE / 2, block.top), _WIDE, n, facecolor="#F5F5F5", edgecolor=QUIET, linewidth=0.5, zorder=3))
        lines = max(1, int(n * self.item / (1.22 * self.size) + 0.1))
        text = _fitted(block.name, n, self.way * _WIDE / self.size - 0.38, lines)
        at: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 1.15, "zorder": 4}
        size = min(self.size, max(4.5, 0.85 * n * self.item))  # a low block has smaller type, down to what can be read
        self.ax.text(x, block.top + n / 2, text, fontsize=size, color=INK, **at)

    def _spots(self) -> dict[Band, tuple[float, float]]:
        """Give each band its tops at both ends: on each side of a block in the order of the other ends, dropped and new ones last."""
        left, right = {}, {}
        rank = list(LOOK).index
        for band in sorted(self.bands, key=lambda b: (b.target < 0, b.target, rank(b.status))):
            if band.source >= 0:
                block = self.plans[band.first][band.source]
                left[band], block.out = block.out, block.out + band.left
        for band in sorted(self.bands, key=lambda b: (b.source < 0, b.source, rank(b.status))):
            if band.target >= 0:
                block = self.plans[band.last][band.target]
                right[band], block.into = block.into, block.into + band.right
        return {band: (left.get(band, 0.0), right.get(band, 0.0)) for band in self.bands}

    def _band(self, band: Band, left: float, right: float, *, zorder: float) -> None:
        start, end = self.at[band.first] + _WIDE / 2, self.at[band.last] - _WIDE / 2
        if band.target < 0:
            self._stub(start, 1, left, band)
        elif band.source < 0:
            self._stub(end, -1, right, band)
        else:
            _, colour, hatch = LOOK[band.status]
            look: dict[str, Any] = {"facecolor": colour, "hatch": hatch, "hatchcolor": HATCH, "edgecolor": colour, "linewidth": 0.4}
            ribbon(self.ax, (start, left, band.left), (end, right, band.right), zorder=zorder, **look)
            self._count(start, 1, left + band.left / 2, band.left, band, rise=right - left)

    def _stub(self, x: float, way: int, top: float, band: Band) -> None:
        """Draw a band that ends or begins here, and its number."""
        height, (_, colour, hatch) = band.left + band.right, LOOK[band.status]
        stub(self.ax, x, way * min(_STUB, _LONGEST / self.way), top, height, colour=colour, hatch=hatch, hatch_colour=HATCH)
        self._count(x, way, top + height / 2, height, band)

    def _count(self, x: float, way: int, y: float, height: float, band: Band, *, rise: float = 0.0) -> None:
        """Write the number of rows beside the block, where the band is thick enough and not too steep."""
        size = self.size - 0.5
        wide = 0.58 * size * len(str(band.n))
        near, middle, far = (rise * risen(points / self.way / (1 - _WIDE)) for points in (2, 2 + wide / 2, 2 + wide))
        if (height - 0.8 * abs(far - near)) * self.item < 0.95 * size:
            return
        at: dict[str, Any] = {"va": "center", "ha": "left" if way > 0 else "right", "fontsize": size, "zorder": 5}
        text = self.ax.text(x + way * 2 / self.way, y + middle, f"{band.n}", color="white" if band.status in _DARK else INK, **at)
        if LOOK[band.status][2]:
            text.set_bbox({"facecolor": LOOK[band.status][1], "linewidth": 0, "pad": 0.3})


def _fitted(name: str, n: int, limit: float, lines: int) -> str:
    """Fold a name and the number of its items into a block, and cut the name as far as needed."""
    length = wording.ems(name)
    while True:
        text = wording.fold(f"{wording.shorten(name, length)} {n}", limit)
        fits = text.count("\n") < lines and all(wording.ems(line) <= limit for line in text.split("\n"))
        if fits or length < 1.5:
            return text if fits else f"{n}"
        length -= 0.5


def _explained(chosen: tuple[str, str, int, int], place: str | None, n_years: int, plans: dict[int, list[Block]]) -> list[str]:
    """Say what the marks mean, and what was chosen or left out."""
    name, series, places, n_series = chosen
    lines = [
        "块为节，高为条目数，自上而下按计划次序；带为去向，数字为台账行数，一条连几条的平分其高；短带为新增或删去。",
        "Blocks: sections in the plan's order, as high as they have items. Bands: where items went, with rows of the ledger; "
        "an item tied to several shares its height among them. Stubs: new or dropped.",
    ]
    if any(block.joined for blocks in plans.values() for block in blocks):
        lines.append("每年条目最少的节并为“其他”。Each year's smallest sections are joined as others.")
    if n_years > len(plans):
        lines.append(f"共 {n_years} 年，画出最后 {len(plans)} 年。The last {len(plans)} of {n_years} years.")
    if place is None and places > 1:
        lines.append(f"{places} 个地区中台账行数最多的：{name}。Of {places} places the one with most rows.")
    if n_series > 1:
        lines.append(f"{n_series} 个系列中行数最多的：{series}。Of {n_series} series the one with most rows.")
    return lines
