"""What of a network is drawn, and in which colours and shapes."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from policylab.errors import ArgumentError
from policylab.figures.appearance import COLOURS, MARKERS

OTHERS = "#8A8A8A"
_CENTRAL = 3  # of each community, before the ends of strong ties come
Places = Mapping[str, tuple[float, float]]


def groups_of(communities: pd.Series | Mapping[str, Any] | None) -> dict[str, Any]:
    """Give each node that has a community its community; whole numbers that missing ones turned into fractions are whole again."""
    if communities is not None and not isinstance(communities, pd.Series | Mapping):
        raise ArgumentError(f"communities is a {type(communities).__name__}; give node → community, as `communities(graph)` returns it.")
    given = {v: c for v, c in communities.items() if c is not None and not pd.isna(c)} if communities is not None else {}
    return {v: int(c) if isinstance(c, float | np.floating) and float(c).is_integer() else c for v, c in given.items()}


def supported(graph: nx.Graph, least: float) -> tuple[nx.Graph, int, int]:
    """Give the network without the ties that are not to be read, how many have a support below `least`, and how many one plan alone makes.

    An unknown support is none too low. Ties of one plan are left out where the network is of several (``graph.graph["n_plans"]``) and
    `least` is above 0.
    """
    several = least > 0 and graph.graph.get("n_plans", 0) > 1
    weak = [(a, b) for a, b, share in graph.edges(data="support", default=None) if share is not None and float(share) < least]
    alone = {frozenset((a, b)) for a, b, n in graph.edges(data="n_plans", default=None) if several and n == 1}
    alone -= {frozenset(tie) for tie in weak}
    if not weak and not alone:
        return graph, 0, 0
    strong = nx.Graph(graph)
    strong.remove_edges_from([(a, b) for a, b in graph.edges if frozenset((a, b)) in alone])
    strong.remove_edges_from(weak)
    return strong, len(weak), len(alone)


def chosen(graph: nx.Graph, max_nodes: int, positions: Places | None = None, group: Mapping[str, Any] | None = None) -> nx.Graph:
    """Give the part of the network that is drawn: nodes that make the network and are tied to each other, as many as `max_nodes` allows.

    These are the three most central nodes of each community in turn, of a fourth as many communities as there are places, the largest
    first, then the ends of the strongest ties: with all communities there would be little but pairs in a narrow figure. Without communities
    those come first whose ties weigh most. Where the network is that of one term (``graph.graph["ego"]``), those come first that are most
    strongly tied to it. Plans come before terms, as long as they leave half the places.
    """
    drawn: set = set()
    taken: set = set()
    for v in _in_turn(graph, max_nodes, positions, group or {}):
        tied = {u for u in graph[v] if u != v and u in taken}
        new = drawn | tied | {v} if tied else drawn
        if len(new) <= max_nodes:
            taken.add(v)
            drawn = new
    part = nx.Graph(**graph.graph)
    part.add_nodes_from((v, graph.nodes[v]) for v in sorted(drawn, key=lambda v: (v != graph.graph.get("ego"), *commonest(graph, v))))
    edges = [(*sorted((a, b), key=str), data) for a, b, data in graph.edges(drawn, data=True) if a != b and a in drawn and b in drawn]
    part.add_edges_from(sorted(edges, key=lambda e: (str(e[0]), str(e[1]))))
    return part


def _in_turn(graph: nx.Graph, max_nodes: int, positions: Places | None, group: Mapping[str, Any]) -> list:
    """Order the nodes that have a tie and a place, those to be drawn before all others first."""
    there = {v for v in graph if positions is None or v in positions}
    ties = [(a, b, float(w)) for a, b, w in graph.edges(data="weight", default=1.0) if a != b and a in there and b in there]
    ranked = _by_strength(graph, ties)
    ego = graph.graph.get("ego")
    if ego in graph:
        near = {v: float(data.get("weight", 1.0)) for v, data in graph[ego].items()}
        return sorted(ranked, key=lambda v: (v != ego, -near.get(v, -np.inf), *commonest(graph, v)))
    plans = sorted((v for v in ranked if is_plan(graph, v)), key=lambda v: commonest(graph, v))[: max(1, max_nodes // 2)]
    if plans:
        return plans + [v for v in ranked if not is_plan(graph, v)]
    strongest = sorted((-w, *sorted((str(a), str(b))), a, b) for a, b, w in ties) if group else []
    ends = [v for *_, a, b in strongest for v in sorted((a, b), key=str)]
    return list(dict.fromkeys([*_central(graph, ties, group, most=max(2, -(-max_nodes // 4))), *ends, *ranked]))


def _by_strength(graph: nx.Graph, ties: Iterable[tuple[Any, Any, float]]) -> list:
    """Give the ends of these ties, those first whose ties weigh most."""
    weights: dict[Any, list[float]] = {}
    for a, b, weight in ties:
        weights.setdefault(a, []).append(weight)
        weights.setdefault(b, []).append(weight)
    return sorted(weights, key=lambda v: (-round(math.fsum(weights[v]), 9), *commonest(graph, v)))


def _central(graph: nx.Graph, ties: Iterable[tuple[Any, Any, float]], group: Mapping[str, Any], *, most: int) -> list:
    """Give the central nodes of the communities in turn: of the `most` with most nodes tied to their like, as many as a name has words."""
    inner: dict[Any, list] = {}
    for a, b, weight in ties:
        if a in group and group[a] == group.get(b):
            inner.setdefault(group[a], []).append((a, b, weight))
    ranked = {c: _by_strength(graph, within) for c, within in inner.items()}
    order = sorted(ranked, key=lambda c: (-len(ranked[c]), str(c)))[:most]
    first = [v for c in order for v in _pair(ranked[c], inner[c])]
    return first + [v for turn in range(_CENTRAL) for c in order for v in ranked[c][turn : turn + 1]]


def _pair(ranked: list, ties: Iterable[tuple[Any, Any, float]]) -> list:
    """Give a community's most central node, and of those tied to it the most central: alone it would have no tie to show."""
    near = {b if a == ranked[0] else a for a, b, _ in ties if ranked[0] in (a, b)}
    return [ranked[0], next(v for v in ranked if v in near)]


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
    """Give the eight communities with most nodes on stage a colour and a marker each, in their order.

    The stage is more than what is drawn (the ends of all ties, or the nodes of all periods), so that a look does not change with the
    width of the figure.
    """
    present = ordered_communities(stage, group)
    size = dict.fromkeys(present, 0)
    for v in stage:
        if group.get(v) in size:
            size[group[v]] += 1
    largest = sorted(present, key=lambda c: (-size[c], present.index(c)))[: len(COLOURS)]
    return {c: (COLOURS[i], MARKERS[i]) for i, c in enumerate(c for c in present if c in largest)}
