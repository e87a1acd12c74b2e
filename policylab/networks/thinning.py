"""The few ties of a network that one can read."""

from __future__ import annotations

import networkx as nx
import numpy as np

from policylab.arguments import level, whole
from policylab.errors import ArgumentError
from policylab.networks.source import remember, remembered

METHODS = ("nearest", "top", "disparity")


def backbone(
    graph: nx.Graph, *, method: str = "nearest", neighbours: int | None = None, n_edges: int | None = None, alpha: float = 0.05
) -> nx.Graph:
    """Keep the strongest ties of a network, so that it can be read and parted into communities.

    Parameters
    ----------
    graph : networkx.Graph
        A graph from `cooccurrence`.
    method : str
        `nearest`: an edge stays where it is among the strongest `neighbours` edges of either end. `top`: the strongest `n_edges` edges of
        all. `disparity`: edges that stand out of their node's weights at level `alpha` (Serrano, Boguñá & Vespignani 2009); on plans it
        isolates most terms.
    neighbours : int, optional
        Edges that each node keeps, for `nearest`; without it the square root of the number of nodes (16 of 250), at least 3.
    n_edges : int, optional
        Edges to keep, for `top`; without it twice as many as nodes.
    alpha : float
        Level for `disparity`, between 0 and 1.

    Returns
    -------
    networkx.Graph
        All nodes and the edges kept, attributes unchanged. `graph.graph["isolates"]` is the share of nodes without an edge.

    Raises
    ------
    ArgumentError
        If the method is unknown or a number is out of range.

    Examples
    --------
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from([("体育", "美育", 0.9), ("体育", "课程", 0.4), ("美育", "课程", 0.1)])
    >>> sorted(backbone(graph, neighbours=1).edges)
    [('体育', '美育'), ('体育', '课程')]
    """
    if method not in METHODS:
        raise ArgumentError(f"method={method!r}: allowed are {', '.join(METHODS)}.")
    neighbours = neighbours_of(graph) if neighbours is None else whole(neighbours, name="neighbours")
    n_edges = max(2 * graph.number_of_nodes(), 1) if n_edges is None else whole(n_edges, name="n_edges")
    level(alpha, name="alpha")
    bare = next((sorted((a, b)) for a, b, weight in graph.edges(data="weight") if weight is None or np.isnan(weight)), None)
    if bare is not None:
        raise ArgumentError(f"graph: the tie {bare[0]!r}–{bare[1]!r} has no weight; give a graph from `cooccurrence`.")
    ranked = sorted((-data["weight"], *sorted((a, b))) for a, b, data in graph.edges(data=True))
    if method == "top":
        kept = [(a, b) for _, a, b in ranked[:n_edges]]
    else:
        kept = _nearest(ranked, neighbours) if method == "nearest" else _disparity(graph, alpha)
    thin = remember(nx.Graph(**{**graph.graph, "backbone": method}), remembered(graph))
    if method == "nearest":
        thin.graph["neighbours"] = neighbours
    thin.add_nodes_from(sorted(graph.nodes(data=True), key=lambda node: node[0]))
    thin.add_edges_from((a, b, graph.edges[a, b]) for a, b in sorted(kept))
    thin.graph["isolates"] = sum(degree == 0 for _, degree in thin.degree) / max(len(thin), 1)
    return thin


def neighbours_of(graph: nx.Graph) -> int:
    """Give the number of edges that each node keeps by default."""
    return max(3, round(len(graph) ** 0.5))


def _nearest(ranked: list[tuple[float, str, str]], neighbours: int) -> list[tuple[str, str]]:
    """Edges among the strongest of either end; `ranked` has the strongest first, ties by name."""
    taken: dict[str, int] = {}
    kept = []
    for _, a, b in ranked:
        wanted = taken.get(a, 0) < neighbours or taken.get(b, 0) < neighbours
        taken[a], taken[b] = taken.get(a, 0) + 1, taken.get(b, 0) + 1
        if wanted:
            kept.append((a, b))
    return kept


def _disparity(graph: nx.Graph, alpha: float) -> list[tuple[str, str]]:
    """Edges whose share of either end's weight is unlikely if the node's weight were cut up at random: (1 - share)^(degree - 1)."""
    strength, degree = dict(graph.degree(weight="weight")), dict(graph.degree)
    kept = []
    for a, b, data in graph.edges(data=True):
        p = [(1 - data["weight"] / strength[v]) ** (degree[v] - 1) for v in (a, b) if degree[v] > 1]
        if p and np.min(p) < alpha:
            kept.append((min(a, b), max(a, b)))
    return kept
