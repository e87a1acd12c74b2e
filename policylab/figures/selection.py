"""What of a network is drawn, and in which colours and shapes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from policylab.figures.appearance import COLOURS, MARKERS

OTHERS = "#8A8A8A"
Places = Mapping[str, tuple[float, float]]


def supported(graph: nx.Graph, least: float) -> tuple[nx.Graph, int]:
    """Give the network without the ties whose support is below `least`, and how many these are; an unknown support is none too low."""
    weak = [(a, b) for a, b, share in graph.edges(data="support", default=None) if share is not None and float(share) < least]
    if not weak:
        return graph, 0
    strong = nx.Graph(graph)
    strong.remove_edges_from(weak)
    return strong, len(weak)


def chosen(graph: nx.Graph, max_nodes: int, positions: Places | None = None) -> nx.Graph:
    """Give the part of the network that is drawn: of the commonest nodes those tied to each other, as many as `max_nodes` allows.

    Where the network is that of one term (``graph.graph["ego"]``), those come first that are most strongly tied to it. Plans come before
    terms, as long as they leave half the places.
    """
    drawn: set = set()
    taken: set = set()
    for v in _in_turn(graph, max_nodes, positions):
        tied = {u for u in graph[v] if u != v and u in taken}
        new = drawn | tied | {v} if tied else drawn
        if len(new) > max_nodes:
            break
        taken.add(v)
        drawn = new
    part = nx.Graph(**graph.graph)
    part.add_nodes_from((v, graph.nodes[v]) for v in sorted(drawn, key=lambda v: (v != graph.graph.get("ego"), *commonest(graph, v))))
    edges = [(*sorted((a, b), key=str), data) for a, b, data in graph.edges(drawn, data=True) if a != b and a in drawn and b in drawn]
    part.add_edges_from(sorted(edges, key=lambda e: (str(e[0]), str(e[1]))))
    return part


def _in_turn(graph: nx.Graph, max_nodes: int, positions: Places | None) -> list:
    """Order the nodes that have a tie and a place, those to be drawn before all others first."""
    tied = [v for v in graph if any(u != v for u in graph[v]) and (positions is None or v in positions)]
    ego = graph.graph.get("ego")
    if ego in graph:
        near = {v: float(data.get("weight", 1.0)) for v, data in graph[ego].items()}
        return sorted(tied, key=lambda v: (v != ego, -near.get(v, -np.inf), *commonest(graph, v)))
    ranked = sorted(tied, key=lambda v: commonest(graph, v))
    plans = [v for v in ranked if is_plan(graph, v)][: max(1, max_nodes // 2)]
    return plans + [v for v in ranked if not is_plan(graph, v)]


def commonest(graph: nx.Graph, v: Any) -> tuple[float, str]:
    """Sort nodes by the items they stand in, ties by name."""
    return -n_items(graph, v), str(v)


def n_items(graph: nx.Graph, v: Any) -> float:
    """Give the items a node stands in, or its ties where that is not known."""
    return float(graph.nodes[v].get("n_items", graph.degree[v]))


def is_plan(graph: nx.Graph, v: Any) -> bool:
    """Whether a node of a network with two kinds of nodes is a plan (or place, or year), not a term."""
    return graph.nodes[v].get("mode", "term") != "term"


def ordered_communities(nodes: Iterable[Any], group: Mapping[str, Any]) -> list[Any]:
    """Give the communities of the nodes: numbers in their order, else the largest first."""
    present = [c for c in (group.get(v) for v in nodes) if c is not None and not pd.isna(c)]
    if all(isinstance(c, int | np.integer) for c in present):
        return sorted(set(present))
    return sorted(set(present), key=lambda c: (-present.count(c), str(c)))


def community_looks(stage: Collection[Any], group: Mapping[str, Any]) -> dict[Any, tuple[str, str]]:
    """Give the eight communities with most nodes on stage a colour and a marker each, in their order."""
    present = ordered_communities(stage, group)
    size = dict.fromkeys(present, 0)
    for v in stage:
        if group.get(v) in size:
            size[group[v]] += 1
    largest = sorted(present, key=lambda c: (-size[c], present.index(c)))[: len(COLOURS)]
    return {c: (COLOURS[i], MARKERS[i]) for i, c in enumerate(c for c in present if c in largest)}
