"""What sets groups apart: differences in topic shares, and telling terms, as dots with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from policylab.arguments import whole
from policylab.figures import canvas
from policylab.figures.appearance import COLOURS, QUIET
from policylab.figures.shares import AS_FITTED, UNSTABLE, topic_names
from policylab.figures.wording import shorten

_Q = 0.05
_ESTIMATORS = {
    "plans": ("各份计划", "over plans"),
    "places": ("各地区", "over places"),
    "within places": ("地区之内的差", "within places"),
    "within plans": ("计划之内的差", "within plans"),
    "within years": ("年份之内的差", "within years"),
    "years of few places": ("少数地区的各年份", "over years of few places"),
}


def plot_effects(effects: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw by how much each topic's share differs between two groups of plans, with intervals.

    Parameters
    ----------
    effects : DataFrame
        What `topic_effects` returns: `topic, label, difference, low, high, q`, and `detectable` where it is there.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as which groups are compared, or ``虚构示例 fictional example``.

    Returns
    -------
    Axes
        A row for each topic in the frame's order; filled where q < .05. The grey bar is what these plans could not have detected.

    Raises
    ------
    FrameError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> effects = pd.DataFrame({"topic": [0], "label": ["校园安全"], "difference": [0.1], "low": [0.02], "high": [0.18], "q": [0.03]})
    >>> [label.get_text() for label in plot_effects(effects).get_yticklabels()]
    ['校园安全']
    """
    canvas.need(effects, ("topic", "difference", "low", "high", "q"), name="effects", maker="topic_effects(topics, target=...)")
    if effects.empty:
        return canvas.nothing(ax, "没有可比的主题", "No topics to compare", note=note)
    names = list(topic_names(effects, canvas.room_of_next(0.35)).values())
    with canvas.sheet(ax, height=20 + 4.8 * len(names), note=note) as sheet:
        handles: list[Artist] = []
        if "detectable" in effects:
            limit = effects["detectable"].astype(float).to_numpy()
            sheet.ax.barh(np.arange(len(limit)), 2 * limit, left=-limit, height=0.62, color="#ECECEC", zorder=0)
            handles = [Patch(facecolor="#ECECEC", label="难以检出 too small to be detected")]
        handles = [*_dots(sheet.ax, effects, "difference", names), *handles]
        sheet.ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.3g}".replace("-", "−")))
        sheet.title("两组计划主题份额之差", "Difference in topic shares")
        canvas.axis_labels(sheet.ax, x=("差（百分点）", "Difference (percentage points)"))
        sheet.legend(handles)
        if any(name.startswith("†") for name in names):
            sheet.footer(UNSTABLE)
        if "estimator" in effects and effects["estimator"].notna().any():
            over = _ESTIMATORS.get(str(effects["estimator"].iloc[0]), ("", ""))
            fitted = AS_FITTED if "stable" in effects and effects["stable"].notna().any() else ("", "")
            sheet.footer(f"区间所及：{over[0]}{fitted[0]}。Intervals {over[1]}{fitted[1]}.")
        least = float(effects["smallest_p"].max()) if "smallest_p" in effects else 0.0
        if least > _Q:
            sheet.footer(f"份数太少：检验的 p 至少为 {least:.2g}，没有主题能到 .05。Too few for a test: p is at least {least:.2g}.")
        elif least * len(effects) > _Q:
            reach = f"{least * len(effects):.2g}"
            sheet.footer(f"份数少：单独一个主题的 q 至少为 {reach}。Few plans: the q of a single topic is at least {reach}.")
        if effects.attrs.get("target"):
            _name_sides(sheet.ax, str(effects.attrs["target"]), str(effects.attrs.get("reference", "")))
    return sheet.ax


def plot_keyness(keyness: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None, n: int = 15) -> Axes:
    """Draw the terms that set one group of plans apart from another: log ratio of their rates, with intervals.

    Parameters
    ----------
    keyness : DataFrame
        What `keyness` returns, strongest first: `term, log_ratio, low, high, q`.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as which groups are compared, or ``虚构示例 fictional example``.
    n : int
        How many terms to draw at most on each side, the frame's first ones.

    Returns
    -------
    Axes
        Terms of the target on top, those of the reference below, both groups named above; filled where q < .05.

    Raises
    ------
    FrameError
        If a column is missing.
    ArgumentError
        If `n` is not allowed.

    Examples
    --------
    >>> import pandas as pd
    >>> found = pd.DataFrame({"term": ["托育", "防疫"], "log_ratio": [2.0, -1.5], "low": [1, -2], "high": [3, -1], "q": [0.01, 0.2]})
    >>> [label.get_text() for label in plot_keyness(found).get_yticklabels()]
    ['托育', '防疫']
    """
    canvas.need(keyness, ("term", "log_ratio", "low", "high", "q"), name="keyness", maker="keyness(counts, target=...)")
    n, ratio = whole(n, name="n"), keyness["log_ratio"].astype(float)
    above, below = keyness[ratio > 0].head(n), keyness[ratio < 0].head(n)
    shown = pd.concat([above, below]).sort_values("log_ratio", ascending=False, kind="stable")
    if shown.empty:
        return canvas.nothing(ax, "没有可比的词", "No terms to compare", note=note)
    with canvas.sheet(ax, height=20 + 3.8 * len(shown), note=note) as sheet:
        handles = _dots(sheet.ax, shown, "log_ratio", [str(t) for t in shown["term"]])
        sheet.title("各组的特征词", "Terms that set the groups apart")
        canvas.axis_labels(sheet.ax, x=("使用率之比（对数，底 2）", "Log ratio of rates (base 2)"))
        sheet.legend(handles)
        _name_sides(sheet.ax, *(str(keyness.attrs.get(side, side)) for side in ("target", "reference")))
        sheet.footer(f"两侧各至多 {n} 个词，p 小的在先。At most {n} terms a side, those with the smallest p.")
        if "rate_target" in shown and (shown[["rate_target", "rate_reference"]] == 0).any(axis=None):
            sheet.footer(
                "一侧从不用的词以半次计，区间因此很宽。Where a side never uses a term, half a use is counted, so the interval is wide."
            )
        sheet.footer(*str(keyness.attrs.get("note", "")).split("\n"))
    return sheet.ax


def _name_sides(ax: Axes, target: str, reference: str) -> None:
    """Name both groups above the rows, to the right and to the left of no difference."""
    ax.set_ylim(top=-1.7)
    for x, align, text in ((6, "left", f"{target} →"), (-6, "right", f"← {reference}")):
        name = shorten(text, canvas.room(0.28)) if len(text) > 24 else text
        ax.annotate(name, (0, -1.1), (x, 0), textcoords="offset points", ha=align, va="center", color=QUIET)


def _dots(ax: Axes, frame: pd.DataFrame, value: str, names: list[str]) -> list[Line2D]:
    """Draw a dot with its interval in each row, filled where q < .05; give the legend's handles."""
    rows = np.arange(len(frame))
    at, low, high, q = (frame[c].astype(float).to_numpy() for c in (value, "low", "high", "q"))
    sure, tested = q < _Q, ~np.isnan(q)
    ax.axvline(0, color=QUIET, linewidth=0.8)
    ax.hlines(rows, low, high, color=COLOURS[0], linewidth=1.0)
    if not tested.all():
        ax.plot(at[~tested], rows[~tested], "x", color=COLOURS[0])
    ax.plot(at[tested & ~sure], rows[tested & ~sure], "o", color=COLOURS[0], markerfacecolor="white")
    ax.plot(at[sure], rows[sure], "o", color=COLOURS[0])
    ax.set_yticks(rows, names)
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    level = f"{_Q:.2g}".replace("0.", ".")
    present = [
        (f"q < {level}", "o", None, sure.any()),
        (f"q ≥ {level}", "o", "white", (tested & ~sure).any()),
        ("未检验 not tested", "x", None, (~tested).any()),
    ]
    return [Line2D([], [], color=COLOURS[0], marker=m, markerfacecolor=fill, label=text) for text, m, fill, drawn in present if drawn]
