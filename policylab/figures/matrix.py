"""A dense network as a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.figures import canvas, wording
from policylab.figures.appearance import INK, PALE, SEQUENTIAL
from policylab.figures.legends import left_out, node_names
from policylab.figures.selection import chosen, groups_of, ordered_communities

_DOT = "#BDBDBD"


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
        Nodes with `n_items`, edges with `weight`; where edges carry `support`, it is shown below the diagonal, the weight above.
    communities : Series or mapping, optional
        Node → community, a number as `communities` returns it or a name.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    max_nodes : int, optional
        How many nodes to draw at most, as in `plot_network`. Without it 50, and 25 on a figure of less than 120 mm.

    Returns
    -------
    Axes
        The darker a cell, the stronger the tie; a dot where there is none. Boxes hold the communities; within them those nodes come first
        whose ties to the nodes drawn weigh most.

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
    group = groups_of(communities)
    most = (50 if wide else 25) if max_nodes is None else whole(max_nodes, name="max_nodes", least=2)
    drawn = chosen(graph, most, group=group)
    if not drawn.number_of_edges():
        return canvas.nothing(ax, "没有联系可画", "No ties to draw", note=note)
    present = ordered_communities(drawn, group)
    rank = {c: i for i, c in enumerate(present)}
    strength = {v: round(float(total), 9) for v, total in drawn.degree(weight="weight")}
    nodes = sorted(drawn, key=lambda v: (rank.get(group.get(v), len(rank)), -strength[v], str(v)))
    with canvas.sheet(ax, height=canvas.width_of_next() * 0.9, note=note) as sheet:
        _cells(sheet, drawn, nodes)
        _frames(sheet.ax, nodes, [rank.get(group.get(v), len(rank)) for v in nodes])
        term, english = node_names(graph)
        sheet.title(f"共现矩阵（{len(nodes)} {term}）", f"Co-occurrence matrix ({wording.count(len(nodes), english)})")
        if present and not all(isinstance(c, int | np.integer) for c in present):
            names = "；".join(map(str, present))
            sheet.footer(f"方框自左上起 Boxes from the top left: {names}")
        left_out(sheet, graph, drawn, grouped=bool(group))
    return sheet.ax


def _cells(sheet: canvas.Sheet, graph: nx.Graph, nodes: list) -> None:
    """Colour the cells: both triangles by weight, or the lower one by support where that is known."""
    weight = _grid(graph, nodes, "weight")
    support = _grid(graph, nodes, "support") if any(s is not None for _, _, s in graph.edges(data="support", default=None)) else None
    if support is not None:
        weight, support = (
            np.where(np.tri(len(nodes), dtype=bool), np.nan, weight),
            np.tril(support, -1) + np.triu(np.full(support.shape, np.nan)),
        )
    bars = [("强度 Weight", weight, SEQUENTIAL, min(0.0, float(np.nanmin(weight))), float(np.nanmax(weight)))]
    bars += [("支持度 Support", support, "Greys", 0.0, 1.0)] if support is not None else []
    for at, (label, grid, colours, low, high) in enumerate(bars):
        image = sheet.ax.imshow(np.ma.masked_invalid(grid), cmap=_from_dark(colours), vmin=low, vmax=high)
        place = sheet.ax.inset_axes((1.02, 0.5 * (len(bars) - 1 - at) + 0.1 / len(bars), 0.025, 0.8 / len(bars)))
        bar = sheet.figure.colorbar(image, cax=place)
        bar.set_label(label)
        bar.outline.set_visible(False)
    _dots(sheet, _grid(graph, nodes, "weight"))
    if support is not None:
        sheet.footer(
            "对角线以上：强度；以下：支持度（重抽样中出现的比例）。Above the diagonal weight, below it support (share of resamples)."
        )


def _from_dark(name: str) -> ListedColormap:
    """Give a scale without its palest part, which cannot be told from paper."""
    return ListedColormap(mpl.colormaps[name](np.linspace(0.22, 1, 256)), name=f"{name} from dark")


def _dots(sheet: canvas.Sheet, weight: np.ndarray) -> None:
    """Set a dot where two nodes have no tie."""
    rows, columns = np.nonzero(np.isnan(weight) & ~np.eye(len(weight), dtype=bool))
    if len(rows):
        cell = canvas.width_mm() * 0.62 / len(weight) / 25.4 * 72
        sheet.ax.scatter(columns, rows, s=min(1.5, (0.14 * cell) ** 2), c=_DOT, linewidths=0, zorder=2)
        sheet.footer("点：没有联系。Dot: no tie.")


def _grid(graph: nx.Graph, nodes: list, name: str) -> np.ndarray:
    default = 1.0 if name == "weight" else np.nan
    grid = np.full((len(nodes), len(nodes)), np.nan)
    at = {v: i for i, v in enumerate(nodes)}
    for a, b, value in graph.edges(data=name, default=default):
        grid[at[a], at[b]] = grid[at[b], at[a]] = np.nan if value is None else float(value)
    return grid


def _frames(ax: Axes, nodes: list, groups: list[int]) -> None:
    """Name rows and columns, and frame the communities along the diagonal."""
    n = len(nodes)
    size = min(canvas.type_size() - 0.5, canvas.width_mm() * 0.62 / n / 25.4 * 72 * 0.95)
    names = [wording.shorten(str(v), 9) for v in nodes]
    ax.set_xticks(range(n), names, rotation=90, fontsize=size)
    ax.set_yticks(range(n), names, fontsize=size)
    ax.tick_params(length=0, labelcolor=INK)
    ax.spines[:].set(color=PALE, visible=True)
    edges = [i for i in range(1, n) if groups[i] != groups[i - 1]]
    for edge in edges:
        ax.axhline(edge - 0.5, color=PALE, linewidth=0.6)
        ax.axvline(edge - 0.5, color=PALE, linewidth=0.6)
    for start, end in zip([0, *edges], [*edges, n], strict=True) if edges else []:
        ax.add_patch(Rectangle((start - 0.5, start - 0.5), end - start, end - start, fill=False, edgecolor=INK, linewidth=0.9, zorder=3))
