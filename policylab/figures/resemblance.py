"""Who resembles whom: a heat map of similarities, and pairs against what length and boilerplate alone would give."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from policylab.arguments import each_pair_once
from policylab.errors import ArgumentError, FrameError
from policylab.figures import canvas, wording
from policylab.figures.appearance import COLOURS, INK, SEQUENTIAL
from policylab.figures.groupings import brackets, order_of

_PLACE = re.compile(r"(.+?)\s*[-·]\s*\d{4}")
_ROWS = 40  # pairs that are drawn a row each


def plot_similarity(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    order: Sequence[str] | None = None,
    clusters: Any = None,
) -> Axes:
    """Draw how similar plans (or sections, places, items) are to each other: the darker, the more alike.

    Parameters
    ----------
    frame : DataFrame
        What `similarity` returns: square, the same labels down and across.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    order : sequence of str, optional
        All labels in the order to draw, such as `reading_order(frame)`; without it the frame's own.
    clusters : Clusters, optional
        What `cluster_plans` returns for the same plans: drawn in its order, each cluster framed, with its support beside it.

    Returns
    -------
    Axes
        The diagonal is left out. Where not all labels fit, neighbours of one place share one, or every few are labelled.

    Raises
    ------
    FrameError
        If `frame` is not square with the same labels down and across.
    ArgumentError
        If `order` does not hold each label once, or `clusters` are of other plans.

    Examples
    --------
    >>> import pandas as pd
    >>> names = ["甲区-2023", "甲区-2024"]
    >>> ax = plot_similarity(pd.DataFrame([[1, 0.6], [0.6, 1]], index=names, columns=names))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['甲区-2023', '甲区-2024']
    """
    frame = _square(frame, order)
    if clusters is not None:
        frame = _square(frame, order_of(clusters, [str(name) for name in frame.index]))
    n = len(frame)
    if n < 2:
        return canvas.nothing(ax, "只有一份，没有可比的", "One only: nothing to compare with", note=note)
    grid = frame.to_numpy(dtype=float, copy=True)
    np.fill_diagonal(grid, np.nan)
    with canvas.sheet(ax, height=min(canvas.width_of_next() * 0.86, 30 + 12 * n), note=note) as sheet:
        ax = sheet.ax
        low, high = float(np.nanmin(grid)), float(np.nanmax(grid))
        ax.set_facecolor("#E4E4E4")
        ends = (low, high) if high > low else (min(low, 0.0), max(high, 1.0))
        image = ax.imshow(np.ma.masked_invalid(grid), cmap=SEQUENTIAL, vmin=ends[0], vmax=ends[1], interpolation="nearest")
        bar = ax.figure.colorbar(image, ax=ax, pad=0.02, aspect=30, shrink=0.8)
        bar.set_label("相似度 Similarity")
        bar.outline.set_visible(False)
        _values(ax, grid, *ends)
        thinned = _labels(ax, [str(name) for name in frame.index])
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        explained = brackets(ax, clusters) if clusters is not None else ""
        sheet.title(f"{n} 份之间的相似度", f"Similarity of {n} plans" if thinned is not None else "Similarity")
        sheet.footer(thinned or "", explained, *str(getattr(clusters, "note", "")).split("\n"))
    return ax


def _square(frame: pd.DataFrame, order: Sequence[str] | None) -> pd.DataFrame:
    if not isinstance(frame, pd.DataFrame) or frame.shape[0] != frame.shape[1] or list(frame.index) != list(frame.columns):
        raise FrameError("frame is not square with the same labels down and across; give the frame that `similarity(counts)` returns.")
    if order is None:
        return frame
    order = list(order)
    if sorted(map(str, order)) != sorted(map(str, frame.index)):
        raise ArgumentError(
            f"order has {len(order)} labels and the frame {len(frame)}, or they differ; give each label once, as reading_order(frame) does."
        )
    return frame.loc[order, order]


def _values(ax: Axes, grid: np.ndarray, low: float, high: float) -> None:
    if len(grid) * 3.2 > canvas.room(0.6):
        return
    for row, column in np.argwhere(~np.isnan(grid)):
        value = grid[row, column]
        colour = "white" if value > low + 0.55 * (high - low) else INK
        text = f"{value:.2f}".replace("0.", ".", 1)
        ax.text(column, row, text, ha="center", va="center", fontsize=canvas.type_size() - 1, color=colour)


def _labels(ax: Axes, names: list[str]) -> str:
    """Label rows and columns, a place or every few where not all fit; give the line that says so."""
    n, fits = len(names), int(canvas.width_mm() * 0.62 / (0.42 * canvas.type_size()))
    if n <= fits:
        _ticks(ax, list(range(n)), [wording.shorten(name, 10) for name in names])
        return ""
    runs = [(place, len(list(group))) for place, group in groupby(names, key=_place)]
    if 1 < len(runs) <= fits and len(runs) < n:
        ends = np.cumsum([length for _, length in runs])
        _ticks(ax, [float(end - (length + 1) / 2) for end, (_, length) in zip(ends, runs, strict=True)], [p for p, _ in runs])
        for edge in ends[:-1] - 0.5:
            ax.axhline(edge, color="white", linewidth=0.8)
            ax.axvline(edge, color="white", linewidth=0.8)
        return "标签为地区，白线为地区之界。Labels are places; white lines part them."
    step = -(-n // fits)
    _ticks(ax, list(range(0, n, step)), [wording.shorten(name, 10) for name in names[::step]])
    return f"每 {step} 份标出一份。One label in {step}."


def _place(name: str) -> str:
    match = _PLACE.match(name)
    return match[1] if match else name


def _ticks(ax: Axes, at: list[float] | list[int], labels: list[str]) -> None:
    ax.set_xticks(at, [wording.shorten(label, 10) for label in labels], rotation=90)
    ax.set_yticks(at, [wording.shorten(label, 10) for label in labels])


def plot_pairs(pairs: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None, by: str = "year_gap") -> Axes:
    """Draw the similarity of pairs of plans against the band that length and shared boilerplate alone would give.

    Few pairs are a row each; many are set out by the years between them or by whether they are of one place.

    Parameters
    ----------
    pairs : DataFrame
        What `compare_plans` returns, or the rows of one version of what `compare_without` returns:
        `a, b, rarefied, null_low, null_high, year_gap, same_place`.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    by : {"year_gap", "same_place"}
        What many pairs are set out by.

    Returns
    -------
    Axes
        Dots are similarities at equal length, grey lines run from `null_low` to `null_high`.

    Raises
    ------
    FrameError
        If a column is missing, or a pair stands in several rows.
    ArgumentError
        If `by` is neither.

    Examples
    --------
    >>> import pandas as pd
    >>> pairs = pd.DataFrame({"a": ["甲区-2023"], "b": ["甲区-2024"], "rarefied": [0.6], "null_low": [0.3], "null_high": [0.4],
    ...                       "year_gap": [1], "same_place": [True]})
    >>> [label.get_text() for label in plot_pairs(pairs).get_yticklabels()]
    ['甲区-2023 – 甲区-2024']
    """
    needed = ("a", "b", "rarefied", "null_low", "null_high", "year_gap", "same_place")
    canvas.need(pairs, needed, name="pairs", maker="compare_plans(counts)")
    if by not in ("year_gap", "same_place"):
        raise ArgumentError(f"by={by!r} is not allowed; give 'year_gap' or 'same_place'.")
    each_pair_once(pairs, name="pairs")
    if pairs.empty:
        return canvas.nothing(ax, "只有一份计划，没有可比的", "One plan only: nothing to compare", note=note)
    kinds = {True: ("同一地区 same place", 1), False: ("不同地区 other place", 0)}
    with canvas.sheet(ax, height=22 + 4.2 * len(pairs) if len(pairs) <= _ROWS else 75, note=note) as sheet:
        same = pairs["same_place"].fillna(False).astype(bool).to_numpy()
        (_pair_rows if len(pairs) <= _ROWS else _pair_cloud)(sheet.ax, pairs, same, by)
        dots = [
            Line2D([], [], linestyle="none", color=COLOURS[at], marker="so"[1 - at], label=text)
            for kind, (text, at) in kinds.items()
            if (same == kind).any()
        ]
        band = Line2D([], [], color="#BDBDBD", linewidth=3, label="仅凭篇幅与套话 length and boilerplate alone")
        sheet.title("计划两两之间的相似度", "Similarity of pairs of plans")
        known = pairs["null_low"].notna().any()
        sheet.legend([*dots, band] if known else dots)
        sheet.footer(
            ""
            if known
            else "没有别的地区，无从估计仅凭篇幅与套话的相似度。No other places, so no band of what length and boilerplate give."
        )
    return sheet.ax


def _pair_rows(ax: Axes, pairs: pd.DataFrame, same: np.ndarray, by: str) -> None:
    rows = np.arange(len(pairs))
    value, low, high = (pairs[c].astype(float).to_numpy() for c in ("rarefied", "null_low", "null_high"))
    ax.hlines(rows, low, high, color="#BDBDBD", linewidth=4)
    for kind, marker, colour in ((False, "o", COLOURS[0]), (True, "s", COLOURS[1])):
        ax.plot(value[same == kind], rows[same == kind], marker, color=colour, markersize=4)
    limit = canvas.room(0.19)
    names = [f"{wording.shorten(a, limit)} – {wording.shorten(b, limit)}" for a, b in zip(pairs["a"], pairs["b"], strict=True)]
    ax.set_yticks(rows, names)
    ax.set_ylim(len(pairs) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    canvas.axis_labels(ax, x=("等长相似度", "Similarity at equal length"))


def _pair_cloud(ax: Axes, pairs: pd.DataFrame, same: np.ndarray, by: str) -> None:
    value, low, high = (pairs[c].astype(float).to_numpy() for c in ("rarefied", "null_low", "null_high"))
    gap = pd.to_numeric(pairs["year_gap"]).astype(float).to_numpy()
    centre = np.where(np.isnan(gap), -1.0, gap) if by == "year_gap" else np.where(same, 0.0, 1.0)
    # The golden ratio spreads the pairs of a column evenly, and always alike.
    x = centre + 0.7 * ((np.arange(len(pairs)) * 0.618034) % 1 - 0.5)
    many = len(pairs) > 2000
    bands = [[(at, a), (at, b)] for at, a, b in zip(x, low, high, strict=True)]
    ax.add_collection(LineCollection(bands, colors="#C4C4C4", linewidths=0.8, rasterized=many, zorder=1))
    size = 2 if many else 5 if len(pairs) > 400 else 9
    for kind, marker, colour in ((False, "o", COLOURS[0]), (True, "s", COLOURS[1])):
        at = same == kind
        ax.scatter(
            x[at], value[at], s=size * (1.6 if kind else 1), marker=marker, color=colour, linewidths=0, rasterized=many, zorder=2 + kind
        )
    ax.autoscale_view()
    ax.grid(axis="y")
    canvas.axis_labels(ax, y=("等长相似度", "Similarity at equal length"))
    ticks = sorted(set(centre))
    if by == "year_gap":
        ax.set_xticks(ticks, ["不明 ?" if t < 0 else f"{t:.0f}" for t in ticks])
        canvas.axis_labels(ax, x=("相隔年数", "Years between"))
    else:
        ax.set_xticks(ticks, ["同一地区 Same place" if t == 0 else "不同地区 Other place" for t in ticks])
