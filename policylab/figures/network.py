"""Co-occurrence networks as maps: nodes by frequency, ties by strength and support, communities by colour and shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.figures import canvas, wording
from policylab.figures.appearance import COLOURS, MARKERS, QUIET
from policylab.figures.labels import name_points
from policylab.figures.layout import network_layout

_LEVELS = ((0.8, "#555555"), (0.5, "#9A9A9A"), (0.0, "#D6D6D6"))  # support of at least, colour of the tie
_OTHERS = "#8A8A8A"
_THIN = 0.4


def plot_network(
    graph: nx.Graph,
    *,
    communities: pd.Series | Mapping[str, Any] | None = None,
    ax: Axes | None = None,
    note: str | None = None,
    seed: int = 0,
    positions: Mapping[str, tuple[float, float]] | None = None,
    max_nodes: int | None = None,
) -> Axes:
    """Draw a co-occurrence network as a map.

    Parameters
    ----------
    graph : networkx.Graph
        Best a `backbone`: nodes with `n_items`, edges with `weight`; where edges carry `support`, weakly supported ties are pale.
    communities : Series or mapping, optional
        Node → community, as `communities` returns; the first eight get a colour and a shape each, further ones are grey.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    seed : int
        Turns the layout.
    positions : mapping, optional
        Node → (x, y), such as `network_layout` gives for the network of all periods; nodes without a place are not drawn.
    max_nodes : int, optional
        How many nodes to draw at most, those in most items; the figure says how many there are. Without it 60, and 30 on a figure of
        less than 120 mm.

    Returns
    -------
    Axes
        Area of a node by `n_items`, width of a tie by `weight`. Nodes without a tie are left out and counted below.

    Raises
    ------
    ArgumentError
        If `graph` is no graph or an argument is not allowed.

    Examples
    --------
    >>> graph = nx.Graph([("体育", "美育"), ("美育", "劳动")])
    >>> sorted(text.get_text() for text in plot_network(graph).texts)
    ['体育', '劳动', '美育']
    """
    if not isinstance(graph, nx.Graph):
        raise ArgumentError(f"graph is a {type(graph).__name__}; give a networkx.Graph, such as backbone(cooccurrence(counts)).")
    wide = canvas.width_of_next() >= 120
    max_nodes = (60 if wide else 30) if max_nodes is None else whole(max_nodes, name="max_nodes", least=2)
    drawn = chosen(graph, max_nodes, positions)
    if not drawn.number_of_edges():
        return canvas.nothing(ax, "没有联系可画", "No ties to draw", note=note)
    group = dict(communities.items()) if communities is not None else {}
    places = dict(positions) if positions is not None else network_layout(drawn, communities=group, seed=seed, aspect=1.5)
    with canvas.sheet(ax, height=105 if wide else 72, note=note) as sheet:
        sheet.ax.set_axis_off()
        widths = _edges(sheet.ax, drawn, places)
        sizes = _nodes(sheet.ax, drawn, places, group)
        _legends(sheet, graph, drawn, group, sizes, widths)
        sheet.ax.margins(0.06)
        _explain(sheet, graph, drawn)
        sheet.settle()  # labels are set among the nodes as they stand on the page
        names_at = [places[v] for v in drawn]
        name_points(sheet, [x for x, _ in names_at], [y for _, y in names_at], list(map(str, drawn)), sizes=[sizes[v] for v in drawn])
    return sheet.ax


def chosen(graph: nx.Graph, max_nodes: int, positions: Mapping[str, tuple[float, float]] | None = None) -> nx.Graph:
    """Give the part of the network that is drawn: the nodes in most items that have a tie, ties by name."""
    tied = [v for v in graph if any(u != v for u in graph[v]) and (positions is None or v in positions)]
    kept = set(sorted(tied, key=lambda v: (-_n_items(graph, v), str(v)))[:max_nodes])
    part = nx.Graph()
    edges = [(*sorted((a, b), key=str), data) for a, b, data in graph.edges(data=True) if a != b and a in kept and b in kept]
    for v in sorted({v for a, b, _ in edges for v in (a, b)}, key=lambda v: (-_n_items(graph, v), str(v))):
        part.add_node(v, **graph.nodes[v])
    part.add_edges_from(sorted(edges, key=lambda e: (str(e[0]), str(e[1]))))
    return part


def _n_items(graph: nx.Graph, v: object) -> float:
    return float(graph.nodes[v].get("n_items", graph.degree[v]))


def _edges(ax: Axes, graph: nx.Graph, places: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Draw the ties, the weakest first; give the weakest, the strongest and its width."""
    weights = np.array([float(w) for _, _, w in graph.edges(data="weight", default=1.0)])
    low, high = float(weights.min()), float(weights.max())
    thick = 2.6 if len(weights) <= 80 else max(1.2, 2.6 * 80 / len(weights))  # many ties drawn broadly would hide each other
    width = _THIN + (thick - _THIN) * (weights - low) / (high - low if high > low else 1.0)
    colours = [edge_colour(s) for _, _, s in graph.edges(data="support", default=None)]
    ends = [(places[a], places[b]) for a, b in graph.edges]
    shades = [colour for _, colour in _LEVELS]
    order = sorted(range(len(ends)), key=lambda i: (-shades.index(colours[i]), weights[i], i))
    lines = LineCollection(
        [ends[i] for i in order], linewidths=width[order], colors=[colours[i] for i in order], zorder=1, capstyle="round"
    )
    ax.add_collection(lines)
    return {"low": low, "high": high, "thick": thick}


def edge_colour(support: float | None) -> str:
    """Give the grey of a tie: the darker, the more of the resamples have it; middle grey where that is not known."""
    if support is None or np.isnan(support):
        return _LEVELS[1][1]
    return next(colour for least, colour in _LEVELS if support >= least)


def _nodes(ax: Axes, graph: nx.Graph, places: Mapping[str, tuple[float, float]], group: Mapping[str, Any]) -> dict[str, float]:
    top = max(_n_items(graph, v) for v in graph)
    largest = 190.0 if canvas.width_mm() >= 120 else 110.0
    sizes = {v: max(largest * _n_items(graph, v) / top, 8.0) for v in graph}
    look = community_looks(graph, group)
    for colour, marker in sorted(set(look.values())):
        mine = [v for v in graph if look[v] == (colour, marker)]
        x, y = zip(*(places[v] for v in mine), strict=True)
        ax.scatter(x, y, s=[sizes[v] for v in mine], c=colour, marker=marker, edgecolors="white", linewidths=0.5, zorder=2)
    return sizes


def community_looks(graph: nx.Graph, group: Mapping[str, Any]) -> dict[Any, tuple[str, str]]:
    """Give each node the colour and the marker of its community; grey circles beyond the eighth and where it has none."""
    present = ordered_communities(graph, group)
    looks = {c: (COLOURS[i], MARKERS[i]) for i, c in enumerate(present[: len(COLOURS)])}
    plain = (COLOURS[0] if not group else _OTHERS, "o")
    return {v: looks.get(group.get(v), plain) for v in graph}


def ordered_communities(graph: nx.Graph, group: Mapping[str, Any]) -> list[Any]:
    """Give the communities on the map: numbers in their order, else the largest first."""
    present = [c for c in (group.get(v) for v in graph) if c is not None and not pd.isna(c)]
    if all(isinstance(c, int | np.integer) for c in present):
        return sorted(set(present))
    return sorted(set(present), key=lambda c: (-present.count(c), str(c)))


def _legends(
    sheet: canvas.Sheet, whole: nx.Graph, drawn: nx.Graph, group: Mapping[str, Any], sizes: dict, widths: dict[str, float]
) -> None:
    present = ordered_communities(drawn, group)
    handles = []
    for at, community in enumerate(present[: len(COLOURS)]):
        words = [str(v) for v in drawn if group.get(v) == community][:3]
        label = "、".join(words) if isinstance(community, int | np.integer) else str(community)
        handles.append(
            Line2D([], [], linestyle="none", marker=MARKERS[at], color=COLOURS[at], markersize=5, label=wording.shorten(label, 16))
        )
    if len(present) > len(COLOURS):
        handles.append(Line2D([], [], linestyle="none", marker="o", color=_OTHERS, markersize=5, label="其余 others"))
    if handles:
        sheet.legend(handles)
    sheet.legend([*_size_handles(drawn, sizes), *_width_handles(widths)], spacing=0.8)
    levels = [s for _, _, s in drawn.edges(data="support", default=None) if s is not None]
    if levels:
        names = ("≥ 80 %", "50–80 %", "< 50 %")
        sheet.legend([Line2D([], [], color=c, linewidth=2, label=f"{n}") for n, (_, c) in zip(names, _LEVELS, strict=True)])
        sheet.footer("线的深浅：重抽样中出现该联系的比例。Shade of a tie: share of resamples that have it.")


def _size_handles(graph: nx.Graph, sizes: dict) -> list[Line2D]:
    if not all("n_items" in graph.nodes[v] for v in graph):
        return []
    by_size = sorted(graph, key=lambda v: (_n_items(graph, v), str(v)))
    picked = dict.fromkeys([by_size[0], by_size[-1]])
    return [
        Line2D([], [], linestyle="none", marker="o", color=QUIET, markersize=sizes[v] ** 0.5, label=f"{_n_items(graph, v):,.0f} 条 items")
        for v in picked
    ]


def _width_handles(widths: dict[str, float]) -> list[Line2D]:
    if widths["low"] == widths["high"]:
        return []
    return [
        Line2D([], [], color=_LEVELS[1][1], linewidth=width, label=f"{value:.3g} 强度 weight")
        for value, width in ((widths["low"], _THIN), (widths["high"], widths["thick"]))
    ]


def _explain(sheet: canvas.Sheet, whole: nx.Graph, drawn: nx.Graph) -> None:
    n, ties = drawn.number_of_nodes(), drawn.number_of_edges()
    sheet.title(f"共现网络（{n} 词 {ties} 条联系）", f"Co-occurrence ({n} terms, {ties} ties)")
    if n < whole.number_of_nodes():
        alone, total = sum(1 for v in whole if not any(u != v for u in whole[v])), whole.number_of_nodes()
        if n + alone == total:
            sheet.footer(f"另有 {alone} 词没有联系，未画。{wording.count(alone, 'term')} without a tie left out.")
        else:
            chinese = f"共 {total} 词，画出有联系而出现最多的 {n} 个" + (f"，另有 {alone} 词没有联系。" if alone else "。")
            english = f"The {n} commonest of {total} terms that have a tie" + (f"; {alone} have none." if alone else ".")
            sheet.footer(chinese + english)
