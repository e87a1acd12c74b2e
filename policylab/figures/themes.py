"""The strategic diagram of themes, and a dense network as a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from policylab.arguments import whole
from policylab.errors import ArgumentError, FrameError
from policylab.figures import canvas, wording
from policylab.figures.appearance import COLOURS, INK, QUIET, SEQUENTIAL
from policylab.figures.labels import name_points
from policylab.figures.network import chosen, ordered_communities

# Chinese and English words by which a quadrant is told, and the name printed in its corner: (central?, dense?).
_QUADRANTS = {
    (True, True): (("动机", "motor"), "动机主题 Motor"),
    (False, True): (("专门", "niche", "speciali"), "专门主题 Niche"),
    (False, False): (("新兴", "衰退", "emerging", "declin"), "新兴或衰退 Emerging or declining"),
    (True, False): (("基础", "basic"), "基础主题 Basic"),
}
_SURE = ((0.8, "#0072B2", "≥ 80 %"), (0.5, "#8DBBDD", "50–80 %"), (0.0, "#FFFFFF", "< 50 %"))


def plot_theme_map(theme_map: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw the strategic diagram: how central each theme is, and how dense (Callon, Courtial & Laville 1991).

    Parameters
    ----------
    theme_map : DataFrame
        What `theme_map` returns: `theme, label, centrality, density, quadrant`, and `quadrant_support`, `n_items` where they are there.
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
        sheet.ax.margins(0.16)
        _cross(sheet.ax, x, y, sides)
        sheet.title("战略坐标图", "Strategic diagram of themes")
        canvas.axis_labels(sheet.ax, x=("向心度", "Centrality"), y=("密度", "Density"))
        sheet.settle()
        labels = [str(theme_map["label"].iloc[i]) for i in order]
        name_points(sheet, [x[i] for i in order], [y[i] for i in order], labels, sizes=[sizes[i] for i in order], reach=0.25)
    return sheet.ax


def _side(quadrant: str) -> tuple[bool, bool]:
    for side, (words, _) in _QUADRANTS.items():
        if any(word in quadrant.lower() for word in words):
            return side
    raise FrameError(f"theme_map has the quadrant {quadrant!r}; known are {', '.join(name for _, name in _QUADRANTS.values())}.")


def _theme_points(sheet: canvas.Sheet, themes: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> list[float]:
    sizes = [45.0] * len(x)
    if "n_items" in themes:
        n = themes["n_items"].astype(float).to_numpy()
        sizes = [max(160 * value / n.max(), 12) for value in n]
        sheet.footer("点的大小：条目数。Size of a point: items.")
    support = themes["quadrant_support"].astype(float).to_numpy() if "quadrant_support" in themes else np.full(len(x), np.nan)
    colours = [next((c for least, c, _ in _SURE if s >= least), _SURE[0][1]) for s in support]
    sheet.ax.scatter(x, y, s=sizes, c=colours, edgecolors=COLOURS[0], linewidths=0.9, zorder=2)
    if not np.isnan(support).all():
        sheet.legend(
            [
                Line2D([], [], linestyle="none", marker="o", color=c, markeredgecolor=COLOURS[0], markersize=5, label=text)
                for _, c, text in _SURE
            ]
        )
        sheet.footer("深浅：重抽样中落在该象限的比例。Shade: share of resamples in that quadrant.")
    return sizes


def _cross(ax: Axes, x: np.ndarray, y: np.ndarray, sides: list[tuple[bool, bool]]) -> None:
    """Draw the lines that part the quadrants where the frame parts them, and name the corners."""
    for values, at, line in ((x, 0, ax.axvline), (y, 1, ax.axhline)):
        high = [v for v, side in zip(values, sides, strict=True) if side[at]]
        low = [v for v, side in zip(values, sides, strict=True) if not side[at]]
        if high and low:
            line((min(high) + max(low)) / 2, color=QUIET, linewidth=0.8, zorder=1)
    for (central, dense), (_, name) in _QUADRANTS.items():
        ax.text(
            0.99 if central else 0.01,
            0.99 if dense else 0.01,
            name,
            transform=ax.transAxes,
            ha="right" if central else "left",
            va="top" if dense else "bottom",
            color=QUIET,
            fontsize=canvas.type_size() - 0.5,
        )


def plot_matrix(
    graph: nx.Graph,
    *,
    communities: pd.Series | Mapping[str, Any] | None = None,
    ax: Axes | None = None,
    note: str | None = None,
    max_nodes: int | None = None,
) -> Axes:
    """Draw a network as a matrix, communities beside each other: for networks too dense for a map.

    Parameters
    ----------
    graph : networkx.Graph
        Nodes with `n_items`, edges with `weight`.
    communities : Series or mapping, optional
        Node → community, as `communities` returns.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    max_nodes : int, optional
        How many nodes to draw at most, those in most items. Without it 50, and 25 on a figure of less than 120 mm.

    Returns
    -------
    Axes
        The darker a cell, the stronger the tie; blank where there is none. Lines part the communities.

    Raises
    ------
    ArgumentError
        If `graph` is no graph or an argument is not allowed.

    Examples
    --------
    >>> graph = nx.Graph([("体育", "美育"), ("美育", "劳动")])
    >>> [label.get_text() for label in plot_matrix(graph).get_yticklabels()]
    ['美育', '体育', '劳动']
    """
    if not isinstance(graph, nx.Graph):
        raise ArgumentError(f"graph is a {type(graph).__name__}; give a networkx.Graph, such as cooccurrence(counts).")
    wide = canvas.width_of_next() >= 120
    drawn = chosen(graph, (50 if wide else 25) if max_nodes is None else whole(max_nodes, name="max_nodes", least=2))
    if not drawn.number_of_edges():
        return canvas.nothing(ax, "没有联系可画", "No ties to draw", note=note)
    group = dict(communities.items()) if communities is not None else {}
    rank = {c: i for i, c in enumerate(ordered_communities(drawn, group))}
    nodes = sorted(drawn, key=lambda v: rank.get(group.get(v), len(rank)))  # within a community the commonest first
    grid = np.array([[float(drawn.edges[a, b].get("weight", 1.0)) if drawn.has_edge(a, b) else np.nan for b in nodes] for a in nodes])
    with canvas.sheet(ax, height=canvas.width_of_next() * 0.95, note=note) as sheet:
        top = float(np.nanmax(grid))
        image = sheet.ax.imshow(np.ma.masked_invalid(grid), cmap=SEQUENTIAL, vmin=min(0.0, float(np.nanmin(grid))), vmax=top)
        bar = sheet.figure.colorbar(image, ax=sheet.ax, pad=0.02, aspect=30, shrink=0.7)
        bar.set_label("强度 Weight")
        bar.outline.set_visible(False)
        _matrix_labels(sheet.ax, nodes, [rank.get(group.get(v), len(rank)) for v in nodes])
        sheet.title(f"共现矩阵（{len(nodes)} 词）", f"Co-occurrence matrix ({len(nodes)} terms)")
        if len(nodes) < graph.number_of_nodes():
            total = graph.number_of_nodes()
            sheet.footer(f"{total} 词中出现最多且有联系的 {len(nodes)} 个。The {len(nodes)} commonest of {total} terms that have a tie.")
    return sheet.ax


def _matrix_labels(ax: Axes, nodes: list, groups: list[int]) -> None:
    n = len(nodes)
    size = min(canvas.type_size() - 0.5, canvas.width_mm() * 0.62 / n / 25.4 * 72 * 0.95)
    names = [wording.shorten(str(v), 9) for v in nodes]
    ax.set_xticks(range(n), names, rotation=90, fontsize=size)
    ax.set_yticks(range(n), names, fontsize=size)
    ax.tick_params(length=0, labelcolor=INK)
    ax.spines[:].set(color="#D9D9D9", visible=True)
    for edge in [i for i in range(1, n) if groups[i] != groups[i - 1]]:
        ax.axhline(edge - 0.5, color=QUIET, linewidth=0.6)
        ax.axvline(edge - 0.5, color=QUIET, linewidth=0.6)
