"""Which words belong together: communities of a network."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from policylab.errors import ArgumentError
from policylab.parallel import task_seeds

RUNS = 5


def communities(graph: nx.Graph, *, seed: int = 0, resolution: float | None = None) -> pd.Series:
    """Part the nodes of a network into communities (Louvain, Blondel et al. 2008), the best of five runs by modularity.

    Parameters
    ----------
    graph : networkx.Graph
        Best a `backbone`; edges carry `weight`.
    seed : int
        Order in which nodes are visited.
    resolution : float, optional
        Above 1 more and smaller communities, below 1 fewer (Reichardt & Bornholdt 2006). Modularity overlooks small communities in larger
        networks (Fortunato & Barthélemy 2007), so without it the resolution grows with the nodes: √(nodes / 60), from 1 to 2.

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
    resolution = min(max((len(graph) / 60) ** 0.5, 1.0), 2.0) if resolution is None else resolution
    if resolution <= 0:
        raise ArgumentError(f"resolution={resolution!r}: must be above 0.")
    ordered = in_order(graph)
    if not ordered.number_of_edges():
        return numbered([{node} for node in ordered])
    runs = [
        nx.community.louvain_communities(ordered, weight="weight", resolution=resolution, seed=run_seed)
        for run_seed in task_seeds(seed, RUNS)
    ]
    quality = [round(nx.community.modularity(ordered, parts, weight="weight", resolution=resolution), 9) for parts in runs]
    return numbered(runs[quality.index(max(quality))])


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
