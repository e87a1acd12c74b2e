"""How far topics can be trusted: whether refits find them again, and how many to ask for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from policylab.figures import canvas
from policylab.figures.appearance import COLOURS, PALE, QUIET
from policylab.figures.shares import UNSTABLE, topic_names


def plot_stability(stability: Any, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw how well each topic is found again when the model is refitted on other samples of plans.

    Parameters
    ----------
    stability : Topics or DataFrame
        What `fit_topics` returns, or its `.stability`: `topic, jaccard, stable`, and `label` where it is there.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.

    Returns
    -------
    Axes
        A row for each topic; x is the overlap of top terms with the best match in the refits (Jaccard, 0–1). Unstable topics are hollow.

    Raises
    ------
    FrameError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> stability = pd.DataFrame({"topic": [0, 1], "label": ["校园安全", "教师"], "jaccard": [0.9, 0.3], "stable": [True, False]})
    >>> [label.get_text() for label in plot_stability(stability).get_yticklabels()]
    ['校园安全', '†教师']
    """
    least = getattr(stability, "settings", {}).get("stable_from")
    if hasattr(stability, "labels"):  # topics: their labels say more than their numbers
        frame = stability.stability
        stability = frame.assign(label=stability.labels.reindex(frame["topic"]).to_numpy())
    canvas.need(stability, ("topic", "jaccard", "stable"), name="stability", maker="fit_topics(counts, n_topics=...).stability")
    if stability.empty:
        return canvas.nothing(ax, "没有主题", "No topics", note=note)
    names = list(topic_names(stability, canvas.room_of_next(0.35)).values())
    with canvas.sheet(ax, height=20 + 4.5 * len(names), note=note) as sheet:
        ax, rows = sheet.ax, np.arange(len(names))
        values, stable = stability["jaccard"].astype(float).to_numpy(), stability["stable"].fillna(False).astype(bool).to_numpy()
        ax.hlines(rows, 0, values, color=PALE, linewidth=1.2)
        ax.scatter(values[stable], rows[stable], color=COLOURS[0], s=18, zorder=3)
        ax.scatter(values[~stable], rows[~stable], facecolor="white", edgecolor=COLOURS[0], s=18, zorder=3)
        if least:
            ax.axvline(least, color=QUIET, linewidth=0.8, linestyle="--")
            sheet.footer(f"虚线：{least:.2f}，由此起算作稳定。Dashed line: {least:.2f}, from where a topic counts as stable.")
        ax.set_yticks(rows, names)
        ax.set_ylim(len(names) - 0.4, -0.6)
        ax.set_xlim(0, 1.02)
        ax.grid(axis="x")
        sheet.title("主题的稳定性", "Stability of topics")
        canvas.axis_labels(ax, x=("与重新拟合的主题之重合", "Overlap with refits (Jaccard)"))
        if not stable.all():
            sheet.footer(UNSTABLE)
    return ax


def plot_n_topics(choice: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw how well refits agree for each number of topics, and which numbers are recommended.

    Parameters
    ----------
    choice : DataFrame
        What `choose_n_topics` returns: `n_topics, agreement, low, high, recommended`.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.

    Returns
    -------
    Axes
        Whiskers run from `low` to `high`; recommended numbers are filled and shaded.

    Raises
    ------
    FrameError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> choice = pd.DataFrame({"n_topics": [4, 8], "agreement": [0.7, 0.8], "low": 0.6, "high": 0.9, "recommended": [False, True]})
    >>> plot_n_topics(choice).get_xlabel()
    '主题数 Number of topics'
    """
    canvas.need(
        choice, ("n_topics", "agreement", "low", "high", "recommended"), name="choice", maker="choose_n_topics(counts, candidates=...)"
    )
    if choice.empty:
        return canvas.nothing(ax, "没有可比的主题数", "No numbers of topics", note=note)
    choice = choice.sort_values("n_topics", kind="stable")
    n, agreement, low, high = (choice[c].astype(float).to_numpy() for c in ("n_topics", "agreement", "low", "high"))
    good = choice["recommended"].fillna(False).astype(bool).to_numpy()
    with canvas.sheet(ax, height=55, note=note) as sheet:
        ax = sheet.ax
        for value in n[good]:
            ax.axvspan(value - 0.5, value + 0.5, color="#E8F1F8", linewidth=0, zorder=0)
        ax.vlines(n, low, high, color=COLOURS[0], linewidth=0.9)
        ax.plot(n, agreement, color=COLOURS[0], linewidth=1.0, marker="o", markerfacecolor="white")
        ax.plot(n[good], agreement[good], color=COLOURS[0], linestyle="none", marker="o")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.grid(axis="y")
        sheet.title("主题数的选择", "Choosing the number of topics")
        canvas.axis_labels(ax, x=("主题数", "Number of topics"), y=("重新拟合的一致程度", "Agreement (AMI)"))
        marks = [("建议 recommended", None), ("其他 other", "white")] if good.any() else []
        handles = [Line2D([], [], color=COLOURS[0], linestyle="none", marker="o", markerfacecolor=f, label=t) for t, f in marks]
        if handles:
            sheet.legend(handles)
    return ax
