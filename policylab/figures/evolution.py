"""Themes of each period as blocks, and the terms that go on with them as bands."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from policylab.arguments import whole
from policylab.figures import canvas, wording
from policylab.figures.appearance import INK, QUIET
from policylab.figures.ledger import HATCH, LOOK
from policylab.figures.ribbons import ribbon, risen, stub
from policylab.figures.streams import Stream, Theme, columns_of, parts_of, streams_of

_WIDE, _STUB, _LONGEST = 0.6, 0.1, 16  # of the way from column to column: blocks, stubs; points that a stub runs at most
_LINE, _GAP = 1.3, 0.5  # height of a line of type and least gap between blocks, in sizes of type
_SURE = ((0.8, "#0072B2", "支持度 support ≥ 80 %"), (0.5, "#8DBBDD", "50–80 %"), (0.0, "#E6E6E6", "< 50 %"))
_FILL = "#F5F5F5"
_NEW = {"colour": LOOK["new"][1], "hatch": "////", "hatch_colour": HATCH}  # hatched, for in grey it is a middling support
_GONE = {"colour": LOOK["dropped"][1], "hatch": LOOK["dropped"][2], "hatch_colour": HATCH}


def plot_evolution(
    evolution: Any,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    min_support: float = 0.5,
    max_themes: int = 16,
    max_periods: int | None = None,
) -> Axes:
    """Draw what becomes of themes from period to period: only the flows that hold, and the themes that appear and end.

    An alluvial diagram (Rosvall & Bergstrom 2010) of an evolution map (Cobo et al. 2011).

    Parameters
    ----------
    evolution : Evolution
        What `theme_evolution` returns: `.themes`, `.flows` and `.settings`.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    min_support : float
        Flows, beginnings and ends in a smaller share of the resamples are not drawn; from 0 to 1.
    max_themes : int
        How many themes a period has at most: first those with something to draw beside them, then the largest.
    max_periods : int, optional
        How many periods to draw at most, the last ones. Without it 5, and 3 on a figure of less than 120 mm.

    Returns
    -------
    Axes
        A column for each period. A block is as high as its theme has terms, but at least as its name; a band as wide as the terms that go
        along, the darker, the more resamples have it. Stubs are themes that appear or end (in more resamples than `lost`). Flows not
        above chance are never drawn.

    Raises
    ------
    ArgumentError
        If `evolution` is something else, or an argument is out of range.
    FrameError
        If a column is missing.

    References
    ----------
    Cobo, López-Herrera, Herrera-Viedma & Herrera (2011), Journal of Informetrics 5: 146–166. Rosvall & Bergstrom (2010), Mapping change
    in large networks, PLoS ONE 5(1): e8694.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> themes = pd.DataFrame({"period": ["2023", "2024"], "theme": 1, "label": ["校园·安全", "校园·食堂"], "n_terms": [8, 9],
    ...                        "stability": 0.9, "appears": [None, 0.1], "ends": [0.1, None], "lost": 0.0})
    >>> flows = pd.DataFrame({"period_before": ["2023"], "theme_before": 1, "period_after": "2024", "theme_after": 1, "n_shared": 7,
    ...                       "inclusion": 0.875, "support": 0.9, "above_chance": True})
    >>> ax = plot_evolution(SimpleNamespace(themes=themes, flows=flows, settings={}))
    >>> [text.get_text() for text in ax.texts]
    ['校园·安全', '校园·食堂', '7']
    """
    themes, flows, every = parts_of(evolution, min_support)
    wide = canvas.width_of_next() >= 120
    most = (5 if wide else 3) if max_periods is None else whole(max_periods, name="max_periods", least=2)
    periods = every[-most:]
    here = flows[flows["period_before"].isin(periods) & flows["period_after"].isin(periods)]
    drawn = here[here["drawn"]]
    columns, left_out = columns_of(themes, drawn, periods, whole(max_themes, name="max_themes", least=2), min_support)
    if len(periods) < 2 or not any(columns):
        return canvas.nothing(ax, "没有前后两期的主题可比", "No themes of two periods to compare", note=note)
    with canvas.sheet(ax, height=_height(columns, wide), note=note) as sheet:
        drawing = _Drawing(sheet, columns, periods, streams_of(columns, drawn))
        drawing.draw()
        sheet.title(f"主题的演变，{periods[0]} 至 {periods[-1]}", f"Evolution of themes, {periods[0]} to {periods[-1]}")
        sheet.legend(_handles(columns, drawing.bands))
        own = sheet.ax.get_legend()
        if own is not None:  # on Axes of the caller's it would stand on the blocks
            own.set_loc("upper left")
            own.set_bbox_to_anchor((0, 0), transform=sheet.ax.transAxes)
        sheet.footer(
            *_explained(columns, here, min_support, left_out, (len(every), len(periods))),
            _untold(themes, periods),
            _within(evolution, periods),
        )
    return sheet.ax


def _size(wide: bool) -> float:
    return 6.5 if wide else 5.0


def _height(columns: list[list[Theme]], wide: bool) -> float:
    """Give millimetres in which every block has its name and a usual one more: beside each other, or, on a narrow figure, in lines."""
    a_theme = (_LINE + _GAP) * _size(wide) * (1.7 if wide else 2.2) / 72 * 25.4
    return min(max(50, 18 + a_theme * max(len(column) for column in columns)), canvas.PAGE - 60)


class _Drawing:
    """Blocks and bands on a panel whose unit along y is a point."""

    def __init__(self, sheet: canvas.Sheet, columns: list[list[Theme]], periods: list[str], bands: list[Stream]):
        self.ax, self.columns, self.periods, self.bands = sheet.ax, columns, periods, bands
        width, height = (float(n) for n in sheet.figure.get_size_inches())
        spot = sheet.ax.get_position()
        across = spot.width * width if sheet.height is None else 0.97 * width
        down = spot.height * height if sheet.height is None else sheet.height - 5.5 * canvas.type_size() / 72
        self.size = _size(canvas.width_mm() >= 120)
        self.way = 72 * across / (len(periods) - 1 + _WIDE)  # points from column to column
        self.high = 72 * down
        self.gap = _GAP * self.size
        self.term = self._fit()

    def _fit(self) -> float:
        """Find how many points a term may be high, so that the fullest column fills the panel (by halving)."""
        low, top = 0.0, self.high
        for _ in range(40):
            term = (low + top) / 2
            low, top = (term, top) if all(self._deep(column, term) <= self.high for column in self.columns) else (low, term)
        return low

    def _deep(self, column: list[Theme], term: float) -> float:
        return sum(max(block.n_terms * term, _LINE * self.size) for block in column) + self.gap * (len(column) - 1)

    def draw(self) -> None:
        self._set_axes()
        for x, column in enumerate(self.columns):
            top = 0.0
            for block in column:
                block.top, block.high = top, max(block.n_terms * self.term, _LINE * self.size)
                self._block(x, block)
                top += block.high + self.gap
        for column in self.columns:
            for block in column:
                self._hang(block)
        order = sorted(self.bands, key=lambda b: -b.n)  # thin ones above
        for at, band in enumerate(order):
            self._band(band, zorder=1 + at / len(order))

    def _set_axes(self) -> None:
        ax = self.ax
        ax.set_xlim(-_WIDE / 2 - 0.01, len(self.periods) - 1 + _WIDE / 2 + 0.01)
        ax.set_ylim(max(self.high, *(self._deep(column, self.term) for column in self.columns)) + 1, -1)
        names = [f"{period}\n{len(column)} 主题 themes" for period, column in zip(self.periods, self.columns, strict=True)]
        ax.set_xticks(range(len(names)), names, linespacing=1.35)
        ax.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
        ax.set_yticks([])
        ax.spines[:].set_visible(False)

    def _block(self, x: int, block: Theme) -> None:
        face: dict[str, Any] = {"facecolor": _FILL if block.stable else "white", "edgecolor": QUIET, "linewidth": 0.5}
        spot = Rectangle((x - _WIDE / 2, block.top), _WIDE, block.high, linestyle="-" if block.stable else (0, (3, 2)), zorder=3, **face)
        self.ax.add_patch(spot)
        lines = max(1, int(block.high / (_LINE * self.size) + 0.1))
        text = named(block.terms, self.way * _WIDE / self.size - 0.4, lines)
        at: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 1.15, "zorder": 4}
        self.ax.text(x, block.top + block.high / 2, text, fontsize=self.size, color=INK, **at)
        for mark, way, look in ((block.new, -1, _NEW), (block.gone, 1, _GONE)):
            if mark:
                length = way * min(_STUB, _LONGEST / self.way)
                stub(self.ax, x + way * _WIDE / 2, length, block.top, block.high, zorder=0.9, **look)  # bands pass over it

    def _hang(self, block: Theme) -> None:
        """Give the bands of a block their tops, about the middle of its sides."""
        for side, end in (("out", "left"), ("in", "right")):
            top = block.top + (block.high - self.term * sum(band.n for band in block.streams[side])) / 2
            for band in block.streams[side]:
                setattr(band, end, top)
                top += band.n * self.term

    def _band(self, band: Stream, *, zorder: float) -> None:
        x = next(i for i, column in enumerate(self.columns) if band.source in column)
        start, end, high = x + _WIDE / 2, x + 1 - _WIDE / 2, band.n * self.term
        colour = _shade(band.support)
        ribbon(self.ax, (start, band.left, high), (end, band.right, high), facecolor=colour, edgecolor=colour, linewidth=0.4, zorder=zorder)
        size = self.size - 0.5
        rise = band.right - band.left
        near, far = (rise * risen(points / self.way / (1 - _WIDE)) for points in (2, 2 + 0.58 * size * len(str(band.n))))
        if high - 0.8 * abs(far - near) >= 0.95 * size:
            ink = "white" if band.support >= _SURE[0][0] else INK
            y = band.left + high / 2 + (near + far) / 2
            self.ax.text(start + 2 / self.way, y, f"{band.n}", color=ink, va="center", ha="left", fontsize=size, zorder=5)


def named(terms: list[str], limit: float, lines: int) -> str:
    r"""Fold as many of a theme's terms as fit into so many lines, between terms; cut the first where not even that fits.

    Examples
    --------
    >>> named(["体育", "心理健康", "美育"], 7, 1), named(["体育", "心理健康", "美育"], 7, 2)
    ('体育·心理健康', '体育·心理健康\n美育')
    """
    for n in range(len(terms), 0, -1):
        folded = [terms[0]]
        for term in terms[1:n]:
            if wording.ems(f"{folded[-1]}·{term}") <= limit:
                folded[-1] += f"·{term}"
            else:
                folded.append(term)
        if len(folded) <= lines and all(wording.ems(line) <= limit for line in folded):
            return "\n".join(folded)
    return wording.shorten(terms[0], limit)


def _shade(support: float) -> str:
    return next(colour for least, colour, _ in _SURE if support >= least)


def _handles(columns: list[list[Theme]], bands: list[Stream]) -> list[Patch]:
    shades = {_shade(band.support) for band in bands}
    blocks = [block for column in columns for block in column]
    handles = [Patch(facecolor=colour, label=label) for _, colour, label in _SURE if colour in shades]
    for present, look, label in ((any(b.new for b in blocks), _NEW, "新现 appears"), (any(b.gone for b in blocks), _GONE, "消失 ends")):
        if present:
            handles.append(Patch(facecolor=look["colour"], hatch=look["hatch"], hatchcolor=HATCH, edgecolor="white", label=label))
    if not all(b.stable for b in blocks):
        handles.append(Patch(facecolor="white", edgecolor=QUIET, linestyle="--", label="不稳 unstable"))
    return handles


def _untold(themes: pd.DataFrame, periods: list[str]) -> str:
    """Say in which periods no theme, however it fares, could be told to appear or to end."""
    least = themes.groupby("period")["lost"].min().reindex(periods)
    untold = [period for period in periods if period in set(themes["period"]) and not least[period] < 1]
    return f"{'、'.join(untold)} 计划太少或太不一，看不出新现或消失。Too few plans, or too unlike, to tell new or ended." if untold else ""


def _within(evolution: Any, periods: list[str]) -> str:
    """Say of which periods only the items of one plan were drawn."""
    what = (evolution.settings or {}).get("resampled", {})
    alone = [period for period in periods if " of the one " in str(what.get(period, ""))]
    return f"{'、'.join(alone)} 只有一份计划，重抽样只在其内部。One plan only: resampled within it." if alone else ""


def _explained(columns: list[list[Theme]], here: pd.DataFrame, least: float, left_out: dict[str, int], spans: tuple[int, int]) -> list[str]:
    """Say what the marks mean, and what was left out."""
    share, beside = wording.percent(least), int((~here["above_chance"].astype(bool)).sum())
    weak = len(here) - beside - int(here["drawn"].sum())
    lines = [
        f"块为主题，高为词数（至少一行）；带为延续，宽和数字为共有词数，重抽样中至少 {share}% 出现才画。"
        "短带为新现或消失，另须多于计划随机分期时的 95% 主题；一侧皆无则去来不明。",
        f"Blocks: themes, as high as they have terms (at least a line). Bands: terms that go on (number), in at least {share} % of "
        "resamples. Stubs: new or ended, more often than 95 % of themes had plans been dealt to periods at random. A side with neither: "
        "unclear.",
        f"未画：{beside} 对共有词不多于偶然，{weak} 对重合或支持度不足。"
        f"Not drawn: {wording.count(beside, 'pair')} sharing no more terms than by chance, {weak} too little alike or supported.",
    ]
    if not all(block.stable for column in columns for block in column):
        lines.append("虚框：重抽样中与自身重合的 Jaccard 平均不到 0.5。Dashed: mean Jaccard with itself in resamples below .5.")
    if left_out:
        lines.append("未画的主题 Themes not drawn: " + "，".join(f"{period} {n}" for period, n in left_out.items()) + "。")
    if spans[0] > spans[1]:
        lines.append(f"共 {spans[0]} 个时期，画出最后 {spans[1]} 个。The last {spans[1]} of {spans[0]} periods.")
    return lines
