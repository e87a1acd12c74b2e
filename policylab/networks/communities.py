"""Which words belong together: communities of a network."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from policylab.errors import ArgumentError


def communities(graph: nx.Graph, *, seed: int = 0, resolution: float = 1.0) -> pd.Series:
    """Part the nodes of a network into communities (Louvain, Blondel et al. 2008).

    Parameters
    ----------
    graph : networkx.Graph
        Best a `backbone`; edges carry `weight`.
    seed : int
        Order in which nodes are visited.
    resolution : float
        Above 1 more and smaller communities, below 1 fewer (Reichardt & Bornholdt 2006).

    Returns
    -------
    Series
        Number of the community of each node, from 1 (the largest; ties by name), nodes sorted. A node without edges is alone.

    Examples
    --------
    >>> graph = nx.Graph([("体育", "美育"), ("美育", "劳动"), ("体育", "劳动"), ("食堂", "营养")])
    >>> communities(graph).to_dict()
    {'体育': 1, '劳动': 1, '美育': 1, '营养': 2, '食堂': 2}
    """
    if resolution <= 0:
        raise ArgumentError(f"resolution={resolution!r}: must be above 0.")
    parts = nx.community.louvain_communities(in_order(graph), weight="weight", resolution=resolution, seed=seed)
    return numbered(parts)


def in_order(graph: nx.Graph) -> nx.Graph:
    """Copy a graph with nodes and edges added in sorted order, so that no hash or file order shows."""
    ordered = nx.Graph(**graph.graph)
    ordered.add_nodes_from(sorted(graph.nodes(data=True), key=lambda node: node[0]))
    ordered.add_edges_from(sorted(((*sorted((a, b)), data) for a, b, data in graph.edges(data=True)), key=lambda edge: edge[:2]))
    return ordered


def numbered(parts: list[set[str]]) -> pd.Series:
    """Give communities their numbers from 1, the largest first, ties by their first node."""
    ranked = sorted((sorted(part) for part in parts), key=lambda part: (-len(part), part))
    number = {node: k for k, part in enumerate(ranked, start=1) for node in part}
    nodes = sorted(number)
    return pd.Series([number[v] for v in nodes], index=pd.Index(nodes, name="term", dtype="str"), name="community", dtype="int64")
