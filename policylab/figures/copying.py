"""How much of the plans is copied, adapted or their own: stacked bars, counted with and without slogans and titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from policylab.arguments import whole
from policylab.errors import FrameError
from policylab.figures import canvas, wording
from policylab.figures.appearance import INK

# Dark to pale as the tie to the plans above gets weaker; a hatch keeps the middle apart in grey.
_LOOK = {
    "copied": ("照抄 copied", "#0B3C6F", ""),
    "adapted": ("改写 adapted", "#8DBBDD", "////"),
    "unmatched": ("未见于上级 unmatched", "#F2E6CF", ""),
}
_HATCH = "#5F5F5F"
_WHISKER = "#E69F00"
_NUMBERED = 24  # so many bars leave room for numbers in them
_COUNTING = {"all": ("全部文字", "All text"), "measures": ("只计措施", "Measures only")}
_RESULTS = ("counting", "origin", "share", "low", "high", "text_share", "text_low", "text_high", "n_plans", "n_units", "interval_over")
_OVER = {"plans": "各份计划", "places": "各地区", "years of one place": "一地的各年", "units of one plan": "一份计划之内的单元"}


def plot_origins(
    shares: pd.DataFrame,
    *,
    ax: Axes | Sequence[Axes] | np.ndarray | None = None,
    note: str | None = None,
    max_groups: int = 40,
) -> np.ndarray:
    """Draw how much of each group of plans is copied, adapted or its own: a bar for each group, a panel for each way of counting.

    Parameters
    ----------
    shares : DataFrame
        What `origin_shares` returns: the `by` columns, then `counting, origin, share, low, high`.
    ax : Axes or several, optional
        Where to draw, one for each way of counting; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    max_groups : int
        How many groups to draw at most, the first ones; the figure says how many there are.

    Returns
    -------
    array of Axes
        One for each way of counting. The whisker in a bar is the interval of its copied share.

    Raises
    ------
    FrameError
        If a column is missing, or an origin is unknown.
    ArgumentError
        If there are fewer `ax` than panels.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"place": "甲区", "counting": "all", "origin": ["copied", "adapted", "unmatched"],
    ...     "share": [0.2, 0.1, 0.7], "low": 0.1, "high": 0.3})
    >>> plot_origins(shares)[0].get_title(loc="left")
    '全部文字 All text'
    """
    canvas.need(shares, ("counting", "origin", "share", "low", "high"), name="shares", maker="origin_shares(origins, by=...)")
    for column, known in (("origin", _LOOK), ("counting", _COUNTING)):
        unknown = sorted(set(shares[column].astype(str)) - set(known))
        if unknown:
            raise FrameError(f"shares has the {column} {unknown[0]!r}; known are {', '.join(known)}.")
    if shares.empty:
        first = None if ax is None else np.ravel(np.asarray(ax, dtype=object))[0]
        return np.array([canvas.nothing(first, "没有可比的条目", "No items to compare", note=note)])
    names = _names(shares)
    groups = list(dict.fromkeys(names))
    shown = groups[: whole(max_groups, name="max_groups")]
    countings = [c for c in _COUNTING if (shares["counting"] == c).any()]
    narrow = canvas.width_of_next() < 120
    row = 5.6 if len(shown) <= 12 else 4.6 if len(shown) <= _NUMBERED else 3.6
    height = min(15 + row * len(shown), 95 if narrow else 185)
    columns = 1 if narrow else len(countings)
    with canvas.sheet(ax, n=len(countings), height=height, columns=columns, note=note, sharey=True, sharex=True) as sheet:
        for panel, counting in zip(sheet.axes, countings, strict=True):
            rows = shares[shares["counting"] == counting].assign(name=names)
            _bars(panel, rows, shown)
            sheet.title(*_COUNTING[counting], ax=panel)
        limit = canvas.room(0.3 if columns == 1 else 0.2)
        sheet.ax.set_yticks(range(len(shown)), [wording.shorten(name, limit) for name in shown])
        sheet.ax.set_ylim(len(shown) - 0.4, -0.6)
        for panel in sheet.axes[-columns:]:
            panel.set_xlabel("份额 Share (%)")
        whisker = Line2D([], [], color=_WHISKER, linewidth=1.6, label="照抄份额的区间 interval of copied")
        looks = [Patch(facecolor=c, hatch=h, hatchcolor=_HATCH, edgecolor="white", label=label) for label, c, h in _LOOK.values()]
        sheet.legend([*looks, whisker] if shares["low"].notna().any() else looks)
        sheet.footer(*_footers(shares, len(shown), len(groups), len(countings)))
    return np.array(sheet.axes)


def _names(shares: pd.DataFrame) -> pd.Series:
    """Name each row's group by its values."""
    by = [c for c in shares.columns if c not in _RESULTS]
    values = [shares[c].astype("str").fillna("不明 unknown") for c in by]
    names = values[0] if values else pd.Series("全部 all", index=shares.index)
    for more in values[1:]:
        names = names + " · " + more
    return names


def _bars(panel: Axes, rows: pd.DataFrame, shown: list[str]) -> None:
    """Stack the shares of each group, with the interval of its copied share."""
    base, at = np.zeros(len(shown)), np.arange(len(shown))
    for origin, (_, colour, hatch) in _LOOK.items():
        here = rows[rows["origin"].astype(str) == origin].drop_duplicates("name").set_index("name").reindex(shown)
        share = here["share"].fillna(0).to_numpy(dtype=float)
        look: dict[str, Any] = {"color": colour, "hatch": hatch, "hatchcolor": _HATCH, "edgecolor": "white", "linewidth": 0.4}
        panel.barh(at, share, left=base, height=0.8, **look)
        if len(shown) <= _NUMBERED:
            _percents(panel, base, share, colour, "white" if origin == "copied" else INK)
        if origin == "copied":
            low, high = (here[end].to_numpy(dtype=float) for end in ("low", "high"))
            panel.hlines(at + 0.34, low, high, color=_WHISKER, linewidth=1.6, zorder=3)
        base = base + share
    panel.set_xlim(0, 1)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f}"))
    panel.tick_params(axis="y", length=0)


def _percents(panel: Axes, base: np.ndarray, share: np.ndarray, ground: str, ink: str) -> None:
    for y, (left, width) in enumerate(zip(base, share, strict=True)):
        if width > 0.09:
            text = panel.text(left + width / 2, y - 0.08, wording.percent(width), ha="center", va="center", color=ink)
            text.set(fontsize=canvas.type_size() - 1.5, bbox={"facecolor": ground, "linewidth": 0, "pad": 0})


def _footers(shares: pd.DataFrame, n_shown: int, n_groups: int, n_countings: int) -> list[str]:
    lines = []
    if n_countings > 1:
        lines.append("只计措施：不计《》、引号中的文字和多地通用的套话。Measures only: without titles, quotations and common slogans.")
    over = shares["interval_over"].dropna().unique() if "interval_over" in shares else []
    if len(over):
        lines.append(f"区间取自{'、'.join(_OVER.get(o, o) for o in over)}。Intervals over {', '.join(over)}.")
    if n_shown < n_groups:
        lines.append(f"画出 {n_groups} 组中的前 {n_shown} 组。The first {n_shown} of {n_groups} groups.")
    return lines
