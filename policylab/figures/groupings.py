"""Groups of plans: brackets beside a heat map for clusters, and similarity within groups against between them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import blended_transform_factory

from policylab.errors import ArgumentError
from policylab.figures import canvas, wording
from policylab.figures.appearance import COLOURS, INK, QUIET

WHOLE = "all"


def order_of(clusters: Any, names: list[str]) -> list[str]:
    """Give the order in which clusters are to be drawn.

    Raises
    ------
    ArgumentError
        If they are no clusters of these.
    """
    order = list(getattr(clusters, "order", []))
    if not hasattr(clusters, "labels") or sorted(order) != sorted(names):
        raise ArgumentError("clusters are not of the labels in frame; give what `cluster_plans(counts)` returns for the same plans.")
    return order


def brackets(ax: Axes, clusters: Any) -> str:
    """Frame each cluster on the diagonal and bracket it on the right, with its support; give the line that explains it."""
    support = dict(zip(clusters.frame["cluster"], clusters.frame["support"], strict=True))
    runs, start = [], 0
    for cluster, of in groupby(clusters.labels.fillna(0)):
        length = len(list(of))
        if cluster and length > 1:
            runs.append((start - 0.5, start + length - 0.5, support[cluster]))
        start += length
    beside, inset = blended_transform_factory(ax.transAxes, ax.transData), 0.12
    row = canvas.width_mm() * 0.45 / len(clusters.order)  # millimetres that a row is high, at least
    size, hidden = canvas.type_size() - 1, False
    for low, high, share in runs:
        ax.add_patch(Rectangle((low, low), high - low, high - low, fill=False, edgecolor=INK, linewidth=1.0, zorder=4))
        ends = [low + inset, low + inset, high - inset, high - inset]
        ax.plot([1.012, 1.025, 1.025, 1.012], ends, color=INK, linewidth=0.8, transform=beside, clip_on=False)
        if row * (high - low) < 0.38 * size:
            hidden = True
            continue
        ax.text(1.035, (low + high) / 2, f"{int(100 * share + 1e-6)}", transform=beside, va="center", ha="left", fontsize=size, color=INK)
    if not runs:
        return "没有够稳的类。No cluster is stable enough."
    room = "（放得下时）" if hidden else "", " where there is room" if hidden else ""
    return (
        f"框为类，右为支持度（%）{room[0]}：重抽样中恰好重现的比例。"
        f"Boxes are clusters; at right their support{room[1]}: % of resamples with exactly these."
    )


def plot_groups(comparison: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw how alike plans of one group are, and how alike plans of different groups.

    Parameters
    ----------
    comparison : DataFrame
        What `compare_groups` returns: `group, within, between, p`.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.

    Returns
    -------
    Axes
        A row for all and one for each group that has a difference; filled squares where q (of all: p) is below .05.

    Raises
    ------
    FrameError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> found = pd.DataFrame({"group": ["all", "甲区"], "within": [0.5, 0.6], "between": [0.2, 0.2], "p": [0.01, 0.02], "q": [None, 0.02]})
    >>> [label.get_text() for label in plot_groups(found).get_yticklabels()]
    ['全部 All', '甲区']
    """
    canvas.need(comparison, ("group", "within", "between", "p", "q"), name="comparison", maker="compare_groups(pairs, groups=...)")
    shown = comparison[comparison["within"].notna() & comparison["between"].notna()]
    if shown.empty:
        return canvas.nothing(ax, "没有可比的组", "No groups to compare", note=note)
    names = ["全部 All" if str(g) == WHOLE else wording.shorten(str(g), canvas.room_of_next(0.25)) for g in shown["group"]]
    whole = (shown["group"].astype(str) == WHOLE).to_numpy()
    with canvas.sheet(ax, height=22 + 5 * len(shown), note=note) as sheet:
        rows = np.arange(len(shown)) + 0.5 * np.cumsum(~whole).clip(max=1)
        within, between = (shown[c].astype(float).to_numpy() for c in ("within", "between"))
        sure = np.where(whole, shown["p"].astype(float), shown["q"].astype(float)) < 0.05
        sheet.ax.hlines(rows, between, within, color=QUIET, linewidth=0.8)
        sheet.ax.plot(between, rows, "o", color=COLOURS[0])
        sheet.ax.plot(within[~sure], rows[~sure], "s", color=COLOURS[1], markerfacecolor="white")
        sheet.ax.plot(within[sure], rows[sure], "s", color=COLOURS[1])
        sheet.ax.set_yticks(rows, names)
        sheet.ax.set_ylim(rows[-1] + 0.6, -0.6)
        sheet.ax.tick_params(axis="y", length=0)
        sheet.ax.spines["left"].set_visible(False)
        sheet.ax.grid(axis="x")
        canvas.axis_labels(sheet.ax, x=("平均相似度", "Mean similarity"))
        sheet.title("组内与组间的相似度", "Similarity within and between groups")
        marks = [
            ("组间 between groups", "o", COLOURS[0], COLOURS[0], True),
            ("组内 within, q < .05", "s", COLOURS[1], COLOURS[1], sure.any()),
            ("组内 within, q ≥ .05", "s", COLOURS[1], "white", (~sure).any()),
        ]
        sheet.legend([Line2D([], [], color=c, marker=m, markerfacecolor=f, linestyle="none", label=t) for t, m, c, f, d in marks if d])
        sheet.footer(
            "“全部”一行依 p 填色，各组依 q。The row of all is filled by p, those of groups by q.",
            *str(comparison.attrs.get("note", "")).split("\n"),
        )
    return sheet.ax
