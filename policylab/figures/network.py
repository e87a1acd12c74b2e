"""Co-occurrence networks as maps: nodes by frequency, ties by strength and support, communities by colour, shape and area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.figures import canvas, legends
from policylab.figures.appearance import COLOURS, INK
from policylab.figures.hulls import draw_hull
from policylab.figures.labels import name_points
from policylab.figures.layout import network_layout
from policylab.figures.legends import PLAN, edge_colour
from policylab.figures.selection import OTHERS, Places, chosen, community_looks, groups_of, is_plan, n_items, supported

# By which a marker's size is multiplied so that it covers as much as a circle.
_SAME_AREA = {"o": 1.0, "s": 0.79, "^": 1.57, "D": 0.79, "v": 1.57, "P": 1.41, "X": 1.41, "p": 1.32}


def plot_network(
    graph: nx.Graph,
    *,
    communities: pd.Series | Mapping[str, Any] | None = None,
    ax: Axes | None = None,
    note: str | None = None,
    seed: int = 0,
    positions: Mapping[str, tuple[float, float]] | None = None,
    max_nodes: int | None = None,
    min_support: float = 0.5,
) -> Axes:
    """Draw a co-occurrence network as a map.

    Parameters
    ----------
    graph : networkx.Graph
        Best a `backbone`: nodes with `n_items`, edges with `weight`; where edges carry `support`, less supported ties are paler. Nodes
        whose `mode` is `plan` are drawn as white squares of one size. The network of one term (`ego_network`) has it ringed in the middle.
        Where ``graph.graph["n_plans"]`` is above 1, ties whose `n_plans` is 1 are not drawn, and counted below the figure.
        ``graph.graph["note"]`` is printed there too.
    communities : Series or mapping, optional
        Node → community: a number, as `communities` returns, or a name (``groups.map(names)``). The eight with most nodes get a colour
        and a shape each, and an area around them where no other node stands in it; further ones, and nodes without one, are grey.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    seed : int
        Turns the layout.
    positions : mapping, optional
        Node → (x, y), such as `network_layout` gives for the network of all periods: a node then stands at the same place of the page in
        each, and a community keeps its colour. Nodes without a place are not drawn.
    max_nodes : int, optional
        How many nodes to draw at most. Without it 60, and 30 on a figure of less than 120 mm. Drawn are the three most central nodes (by
        the weight of their ties within it) of each community in turn, of a fourth as many communities as nodes, the largest first, then the
        ends of the strongest ties; without communities those whose ties weigh most; of plans and terms the plans first, as long as they
        leave half the places. The figure says how many nodes and ties there are, and how many names it has no room for.
    min_support : float
        Ties whose `support` is below it (0–1) are not drawn, and counted below the figure; 0 draws all, also those of one plan.

    Returns
    -------
    Axes
        Area of a node by `n_items`, width of a tie by `weight`. Nodes without a tie are left out and counted below, and so are ties with
        an end that is not drawn. Names stand beside their nodes, over ties if need be; a dotted line leads to those further away.

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
    if isinstance(min_support, bool) or not isinstance(min_support, int | float) or not 0 <= min_support <= 1:
        raise ArgumentError(f"min_support={min_support!r} must lie between 0 (draw all ties) and 1.")
    wide = canvas.width_of_next() >= 120
    max_nodes = (60 if wide else 30) if max_nodes is None else whole(max_nodes, name="max_nodes", least=2)
    group = groups_of(communities)
    strong, *unread = supported(graph, min_support)
    drawn = chosen(strong, max_nodes, positions, group)
    if not drawn.number_of_edges():
        why = legends.why_none(*unread)
        return canvas.nothing(ax, f"没有联系可画{why[0]}", f"No ties to draw{why[1]}", note=note)
    places = dict(positions) if positions is not None else network_layout(drawn, communities=group, seed=seed, aspect=1.5)
    looks = community_looks(_stage(strong) if positions is None else list(places), group)
    with canvas.sheet(ax, height=105 if wide else 84, note=note) as sheet:
        _hold_page(sheet.ax, places)
        areas = _hulls(sheet.ax, drawn, places, group, looks)
        widths = _edges(sheet.ax, drawn, places)
        sizes = _nodes(sheet.ax, drawn, places, group, looks)
        legends.put_legends(sheet, drawn, group, looks=looks, sizes=sizes, widths=widths, min_support=min_support)
        legends.explain(sheet, strong, drawn, areas=areas)
        legends.left_out(sheet, strong, drawn, *unread, grouped=bool(group), min_support=min_support)
        sheet.settle()  # labels are set among the nodes as they stand on the page
        _names(sheet, drawn, places, sizes)
    return sheet.ax


def _stage(graph: nx.Graph) -> list:
    """Give the nodes that could be drawn in the look of their community: those tied to another, without the plans."""
    return [v for v in graph if not is_plan(graph, v) and any(u != v for u in graph[v])]


def _hold_page(ax: Axes, places: Places) -> None:
    """Give the page its limits from all places, also those of nodes not drawn, so that periods have the same."""
    ax.set_axis_off()
    points = np.array(list(places.values()), dtype=float)
    low, high = points.min(axis=0), points.max(axis=0)
    spare = np.maximum(high - low, 0.1) * (0.09, 0.08)
    ax.set_xlim(low[0] - spare[0], high[0] + spare[0])
    ax.set_ylim(low[1] - spare[1], high[1] + spare[1])


def _hulls(ax: Axes, graph: nx.Graph, places: Places, group: Mapping[str, Any], looks: Mapping[Any, tuple[str, str]]) -> int:
    """Draw an area around each community of three nodes or more that holds no other node, and give how many have one."""
    n = 0
    spans = np.ptp(np.array([ax.get_xlim(), ax.get_ylim()]), axis=1)
    for community, (colour, _) in looks.items():
        mine = np.array([places[v] for v in graph if group.get(v) == community])
        others = np.array([places[v] for v in graph if group.get(v) != community]).reshape(-1, 2)
        n += len(mine) > 2 and draw_hull(ax, mine, others=others, colour=colour, pad=0.03 * spans)
    return n


def _edges(ax: Axes, graph: nx.Graph, places: Places) -> dict[str, float]:
    """Draw the ties, the weakest first; give the weakest, the strongest and their widths."""
    weights = np.array([float(w) for _, _, w in graph.edges(data="weight", default=1.0)])
    low, high = float(weights.min()), float(weights.max())
    # Many ties drawn broadly would hide each other.
    thick = 2.6 if len(weights) <= 80 else max(0.6, 2.6 * (80 / len(weights)) ** 0.5)
    thin = 0.4 if len(weights) <= 400 else 0.15
    width = thin + (thick - thin) * (weights - low) / (high - low if high > low else 1.0)
    colours = [edge_colour(s) for _, _, s in graph.edges(data="support", default=None)]
    ends = [(places[a], places[b]) for a, b in graph.edges]
    order = sorted(range(len(ends)), key=lambda i: (legends.darkness(colours[i]), weights[i], i))
    lines = LineCollection(
        [ends[i] for i in order], linewidths=width[order], colors=[colours[i] for i in order], zorder=1, capstyle="round"
    )
    ax.add_collection(lines, autolim=False)
    return {"low": low, "high": high, "thin": thin, "thick": thick}


def _nodes(ax: Axes, graph: nx.Graph, places: Places, group: Mapping[str, Any], looks: Mapping[Any, tuple[str, str]]) -> dict[str, float]:
    """Draw the nodes, and give the area of each in square points; all together cover no more than a tenth of the page."""
    counts = {v: n_items(graph, v) for v in graph if not is_plan(graph, v)}
    share = np.array([counts.get(v, 0.25 * max(counts.values(), default=1)) for v in graph]) / max(counts.values(), default=1)
    width = canvas.width_mm() / 25.4 * 72
    largest = min(190.0 if canvas.width_mm() >= 120 else 110.0, 0.1 * width**2 * 0.63 / float(share.sum()))
    sizes = {v: max(largest * part, min(8.0, largest / 4)) for v, part in zip(graph, share.tolist(), strict=True)}
    plain = (OTHERS if group else COLOURS[0], "o")
    look = {v: PLAN if is_plan(graph, v) else looks.get(group.get(v), plain) for v in graph}
    for colour, marker in sorted(set(look.values())):
        mine = [v for v in graph if look[v] == (colour, marker)]
        x, y = zip(*(places[v] for v in mine), strict=True)
        edge = INK if (colour, marker) == PLAN else "white"
        ax.scatter(
            x, y, s=[sizes[v] * _SAME_AREA[marker] for v in mine], c=colour, marker=marker, edgecolors=edge, linewidths=0.5, zorder=2
        )
    ego = graph.graph.get("ego")
    if ego in graph:
        ax.plot(*places[ego], marker="o", markersize=sizes[ego] ** 0.5 + 5, fillstyle="none", color=INK, markeredgewidth=0.9, zorder=2.5)
    return sizes


def _names(sheet: canvas.Sheet, graph: nx.Graph, places: Places, sizes: Mapping[str, float]) -> None:
    nodes = sorted(graph, key=lambda v: not is_plan(graph, v))  # plans first: few, and what all else is read by
    at = [places[v] for v in nodes]
    ends = [(places[a], places[b]) for a, b in graph.edges]
    # Corners of shapes reach beyond a circle of the same area, and one term has a ring around it.
    area = [1.3 * sizes[v] if v != graph.graph.get("ego") else (sizes[v] ** 0.5 + 6) ** 2 for v in nodes]
    first = sum(is_plan(graph, v) for v in nodes)
    name_points(sheet, [x for x, _ in at], [y for _, y in at], list(map(str, nodes)), sizes=area, lines=ends, near=True, first=first)
