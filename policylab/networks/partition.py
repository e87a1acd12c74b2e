"""Which words belong together: communities of a network."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.networks.fields import commonest_groups
from policylab.networks.source import remembered
from policylab.parallel import task_seeds

RUNS = 5


def communities(graph: nx.Graph, *, seed: int = 0, resolution: float | None = None, sharpen: bool = True) -> pd.Series:
    """Part the nodes of a network into communities (Louvain, Blondel et al. 2008), the best of five runs by modularity.

    A tie no longer tells in which items it was seen, so that general words lead from one field to the next. Where the network was made of
    terms in blocks, the communities are therefore sharpened by the blocks: at most as many as Louvain finds, but each tied term goes to
    the group of items in which its rate is highest, items being grouped by non-negative matrix factorisation of the blocks (Xu, Liu &
    Gong 2003). A community is then a field of the plans, and its terms need not all hang together by the ties of a backbone. Themes of a
    codebook, items without blocks, copies made by networkx and networks from elsewhere stay as Louvain parts them.

    Parameters
    ----------
    graph : networkx.Graph
        Best a `backbone`; edges carry `weight`.
    seed : int
        Order in which nodes are visited.
    resolution : float, optional
        Above 1 more and smaller communities, below 1 fewer (Reichardt & Bornholdt 2006). Modularity overlooks small communities in larger
        networks (Fortunato & Barthélemy 2007), so without it the resolution grows with the nodes: √(nodes / 60), from 1 to 2.
    sharpen : bool
        Whether blocks are asked; without it communities are those of modularity alone, as `consensus_communities` draws them.

    Returns
    -------
    Series
        Number of the community of each node, from 1 (the largest; ties by name), nodes sorted. A node without edges is alone.
        ``.attrs["sharpened"]`` says whether blocks had their say.

    Raises
    ------
    ArgumentError
        If `graph` is no graph, `resolution` not above 0 or `seed` no whole number.

    Examples
    --------
    >>> graph = nx.Graph([("体育", "美育"), ("美育", "劳动"), ("体育", "劳动"), ("食堂", "营养")])
    >>> communities(graph).to_dict()
    {'体育': 1, '劳动': 1, '美育': 1, '营养': 2, '食堂': 2}
    """
    if not isinstance(graph, nx.Graph):
        raise ArgumentError(f"graph is a {type(graph).__name__}; give a networkx.Graph, such as backbone(cooccurrence(counts)).")
    resolution = resolution_of(resolution, len(graph))
    whole(seed, name="seed", least=0)
    ordered = in_order(graph)
    parts = _louvain(ordered, resolution, seed)
    sharper = _by_blocks(graph, parts) if sharpen else None
    found = numbered(sharper or parts)
    found.attrs["sharpened"] = sharper is not None
    return found


def usual_resolution(n: int) -> float:
    """Give the resolution that `communities` takes for a network of n nodes."""
    return min(max((n / 60) ** 0.5, 1.0), 2.0)


def resolution_of(value: float | None, n: int) -> float:
    """Give the resolution asked for, or the usual one."""
    if value is None:
        return usual_resolution(n)
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not 0 < value < np.inf:
        raise ArgumentError(f"resolution={value!r}: must be a number above 0, such as 1.0.")
    return float(value)


def _louvain(graph: nx.Graph, resolution: float, seed: int) -> list[set[str]]:
    """Give the partition with the highest modularity of some runs."""
    if not graph.number_of_edges():
        return [{node} for node in graph]
    runs = [nx.community.louvain_communities(graph, weight="weight", resolution=resolution, seed=one) for one in task_seeds(seed, RUNS)]
    quality = [round(nx.community.modularity(graph, parts, weight="weight", resolution=resolution), 9) for parts in runs]
    return runs[quality.index(max(quality))]


def _by_blocks(graph: nx.Graph, parts: list[set[str]]) -> list[set[str]] | None:
    """Give the tied terms as many groups by the blocks they were counted in; None where no blocks are known."""
    counts, tied = remembered(graph), {node for node, degree in graph.degree if degree}
    if counts is None or not tied or graph.graph.get("unit") == "item" or "codebook" in counts.settings:
        return None
    if not tied <= set(counts.terms):  # nodes have been renamed
        return None
    counts = counts.keep(tied)
    group = commonest_groups(counts, sum(len(part) > 1 for part in parts))
    if group is None:
        return None
    found = [set(counts.terms[group == k]) for k in sorted(set(group.tolist()))]
    return [*found, *({node} for node in sorted(graph) if node not in tied)]


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
