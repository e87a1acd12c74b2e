"""What a community is called: its most central terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import pandas as pd

from policylab.arguments import whole
from policylab.errors import ArgumentError


def name_communities(graph: nx.Graph, *, communities: pd.Series | Mapping[str, Any], n: int = 3) -> pd.Series:
    """Name each community after its most central terms: those with the strongest ties within it.

    Parameters
    ----------
    graph : networkx.Graph
        Best a `backbone`; edges carry `weight`.
    communities : Series or mapping
        Node → community, as `communities` gives it.
    n : int
        Terms in a name.

    Returns
    -------
    Series
        Community → label, such as ``体育·美育·劳动``: terms by the sum of the weights of their ties within the community, ties by name.

    Raises
    ------
    ArgumentError
        If a node has no community, or `n` is under 1.

    Examples
    --------
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from([("体育", "美育", 1.0), ("美育", "劳动", 0.5), ("食堂", "营养", 0.5), ("体育", "食堂", 0.2)])
    >>> name_communities(graph, communities={"体育": 1, "美育": 1, "劳动": 1, "食堂": 2, "营养": 2}, n=2).to_dict()
    {1: '美育·体育', 2: '营养·食堂'}
    """
    whole(n, name="n")
    group = grouped(graph, communities)
    strength: dict[str, float] = dict.fromkeys(graph, 0.0)
    for a, b, weight in sorted((*sorted(edge), float(w)) for *edge, w in graph.edges(data="weight", default=1.0)):
        if group[a] == group[b]:
            strength[a] += weight
            strength[b] += weight
    ranked = sorted(group, key=lambda v: (-round(strength[v], 12), v))
    labels = {c: "·".join([v for v in ranked if group[v] == c][:n]) for c in sorted(set(group.values()))}
    return pd.Series(list(labels.values()), index=pd.Index(list(labels), name="community"), name="label", dtype="str")


def grouped(graph: nx.Graph, communities: pd.Series | Mapping[str, Any]) -> dict[str, Any]:
    """Give each node of the graph, in order, its community."""
    given = dict(communities.items())
    group = {v: given.get(v) for v in sorted(graph)}
    absent = [v for v, c in group.items() if c is None or pd.isna(c)]
    if absent:
        raise ArgumentError(f"communities: the node {absent[0]!r} has none; give what `communities(graph)` returns for this graph.")
    return group
