"""The strategic diagram of themes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from policylab.errors import FrameError
from policylab.figures import canvas
from policylab.figures.appearance import COLOURS, QUIET
from policylab.figures.labels import Line, frame, name_points

# Chinese and English words by which a quadrant is told, and the name printed in its corner: (central?, dense?).
_QUADRANTS = {
    (True, True): (("动机", "motor"), "动机主题 Motor"),
    (False, True): (("专门", "niche", "speciali"), "专门主题 Niche"),
    (False, False): (("新兴", "衰退", "emerging", "declin"), "新兴或衰退\nEmerging or declining"),
    (True, False): (("基础", "basic"), "基础主题 Basic"),
}
_SURE = ((0.8, "#0072B2", "≥ 80 %"), (0.5, "#8DBBDD", "50–80 %"), (0.0, "#FFFFFF", "< 50 %"))


def plot_theme_map(theme_map: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw the strategic diagram: how central each theme is, and how dense (Callon, Courtial & Laville 1991).

    Parameters
    ----------
    theme_map : DataFrame
        What `theme_map` returns: `theme, label, centrality, density, quadrant`, and `quadrant_support`, `chance` (the share that lots would
        give), `n_items` where they are there.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.

    Returns
    -------
    Axes
        A point for each theme, the paler, the fewer resamples put it into that quadrant.

    Raises
    ------
    FrameError
        If a column is missing or a quadrant is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> themes = pd.DataFrame({"theme": [1, 2], "label": ["安全", "教师"], "centrality": [3.0, 1.0], "density": [2.0, 1.0],
    ...                        "quadrant": ["motor", "emerging or declining"]})
    >>> [text.get_text() for text in plot_theme_map(themes).texts][-2:]
    ['安全', '教师']
    """
    canvas.need(
        theme_map, ("theme", "label", "centrality", "density", "quadrant"), name="theme_map", maker="theme_map(graph, communities=...)"
    )
    if theme_map.empty:
        return canvas.nothing(ax, "没有主题", "No themes", note=note)
    sides = [_side(str(q)) for q in theme_map["quadrant"]]
    x, y = (theme_map[c].astype(float).to_numpy() for c in ("centrality", "density"))
    order = sorted(range(len(x)), key=lambda i: (-x[i] - y[i], str(theme_map["label"].iloc[i])))
    with canvas.sheet(ax, height=100 if canvas.width_of_next() >= 120 else 75, note=note) as sheet:
        sizes = _theme_points(sheet, theme_map, x, y)
        parting = [_parting(x, [side[0] for side in sides]), _parting(y, [side[1] for side in sides])]
        _hold_corners(sheet.ax, x, y, parting)
        sheet.title("战略坐标图", "Strategic diagram of themes")
        canvas.axis_labels(sheet.ax, x=("向心度", "Centrality"), y=("密度", "Density"))
        corners = _corners(sheet.ax)
        sheet.settle()
        cross, taken = _cross(sheet.ax, parting), [edge for corner in corners for edge in frame(corner)]
        labels = [str(theme_map["label"].iloc[i]) for i in order]
        at = [x[i] for i in order], [y[i] for i in order]
        name_points(sheet, *at, labels, sizes=[sizes[i] for i in order], reach=0.12, never=[*cross, *taken])
    return sheet.ax


def _side(quadrant: str) -> tuple[bool, bool]:
    for side, (words, _) in _QUADRANTS.items():
        if any(word in quadrant.lower() for word in words):
            return side
    raise FrameError(f"theme_map has the quadrant {quadrant!r}; known are {', '.join(name for _, name in _QUADRANTS.values())}.")


def _theme_points(sheet: canvas.Sheet, themes: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> list[float]:
    sizes = [45.0 if canvas.width_mm() >= 120 else 30.0] * len(x)
    if "n_items" in themes:
        n = themes["n_items"].astype(float).to_numpy()
        sizes = [max((160 if canvas.width_mm() >= 120 else 70) * value / n.max(), 12) for value in n]
        sheet.footer("点的大小：条目数。Size of a point: items.")
    support = themes["quadrant_support"].astype(float).to_numpy() if "quadrant_support" in themes else np.full(len(x), np.nan)
    colours = [next((c for least, c, _ in _SURE if s >= least), _SURE[0][1]) for s in support]
    order = sorted(range(len(x)), key=lambda i: -sizes[i])  # small ones on top, with a rim that parts them from larger ones below
    points = sheet.ax.scatter(
        x[order], y[order], s=[sizes[i] for i in order], c=[colours[i] for i in order], edgecolors=COLOURS[0], linewidths=0.9, zorder=2
    )
    points.set_path_effects([withStroke(linewidth=3, foreground="white")])
    if not np.isnan(support).all():
        sheet.legend(
            [
                Line2D([], [], linestyle="none", marker="o", color=c, markeredgecolor=COLOURS[0], markersize=5, label=text)
                for _, c, text in _SURE
            ]
        )
        sheet.footer("深浅：重抽样中落在该象限的比例。Shade: share of resamples in that quadrant.", _chance(themes))
    return sizes


def _chance(themes: pd.DataFrame) -> str:
    """Say which share lots would give, where the frame tells."""
    chance = themes["chance"].astype(float).dropna() if "chance" in themes else pd.Series(dtype=float)
    if chance.empty:
        return ""
    low, high = (f"{100 * value:.0f}" for value in (chance.min(), chance.max()))
    share = low if low == high else f"{low}–{high}"
    return f"全凭抽签，这一比例会是 {share} %。Lots alone would give {share} %."


def _parting(values: np.ndarray, high: list[bool]) -> float | None:
    """Give where the quadrants part: half-way between the highest of the low side and the lowest of the high side."""
    above = [v for v, up in zip(values, high, strict=True) if up]
    below = [v for v, up in zip(values, high, strict=True) if not up]
    return (min(above) + max(below)) / 2 if above and below else None


def _hold_corners(ax: Axes, x: np.ndarray, y: np.ndarray, parting: list[float | None]) -> None:
    """Set limits with room around the points, and so much on either side of the cross that the corners' names stand in their quadrants."""
    rooms = ((0.2, 10 / canvas.room(0.8)), (0.14, 0.2) if canvas.width_mm() >= 120 else (0.2, 0.22))
    for values, at, (spare, least), axis in zip((x, y), parting, rooms, (ax.xaxis, ax.yaxis), strict=True):
        span = float(np.ptp(values)) or 1.0
        low, high = float(values.min()) - spare * span, float(values.max()) + spare * span
        if at is not None:  # a share `least` of the axis on either side: widen the narrower
            low = min(low, at - least / (1 - least) * (high - at))
            high = max(high, at + least / (1 - least) * (at - low))
        axis.set_view_interval(low, high, ignore=True)
        axis.set_ticks([tick for tick in axis.get_ticklocs() if max(low, min(0.0, float(values.min()))) <= tick <= high])


def _corners(ax: Axes) -> list[Text]:
    """Name the quadrants in their corners."""
    return [
        ax.text(
            0.99 if central else 0.01,
            0.99 if dense else 0.01,
            name,
            transform=ax.transAxes,
            ha="right" if central else "left",
            va="top" if dense else "bottom",
            color=QUIET,
            fontsize=canvas.type_size() - 1.5,
            linespacing=1.2,
        )
        for (central, dense), (_, name) in _QUADRANTS.items()
    ]


def _cross(ax: Axes, parting: list[float | None]) -> list[Line]:
    """Draw the lines that part the quadrants, and give their ends."""
    (left, right), (bottom, top), (across, up) = ax.get_xlim(), ax.get_ylim(), parting
    ends: list[Line] = [((across, bottom), (across, top))] if across is not None else []
    ends += [((left, up), (right, up))] if up is not None else []
    for (x0, y0), (x1, y1) in ends:
        ax.plot([x0, x1], [y0, y1], color=QUIET, linewidth=0.8, zorder=1)
    ax.set(xlim=(left, right), ylim=(bottom, top))
    return ends
