"""The strategic diagram: how central and how dense each community is."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, TooFewPlansError

_LABELS = 3


def theme_map(graph: nx.Graph, *, communities: pd.Series) -> pd.DataFrame:
    """Place each community by its ties to the others (centrality) and its ties within (density).

    Centrality is 10 times the sum of the weights of a theme's ties to other themes, density 100 times the sum of the weights of its inner
    ties over the number of its terms (Callon, Courtial & Laville 1991). The quadrants part at the medians.

    Parameters
    ----------
    graph : networkx.Graph
        Best a `backbone`; edges carry `weight`.
    communities : Series
        Node → community, as `communities` gives it.

    Returns
    -------
    DataFrame
        One row for each community of two terms or more, strongest first: `theme, label` (its three most central terms), `n_terms`,
        `n_items` (sum over its terms), `centrality, density, quadrant` (motor 动机, basic 基础, niche 专门, emerging or declining
        新兴或衰退).

    Raises
    ------
    ArgumentError
        If a node has no community.
    TooFewPlansError
        If there are fewer than two communities of two terms.

    Examples
    --------
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from([("体育", "美育", 1.0), ("食堂", "营养", 0.5), ("体育", "食堂", 0.2)])
    >>> groups = pd.Series({"体育": 1, "美育": 1, "食堂": 2, "营养": 2})
    >>> theme_map(graph, communities=groups)[["label", "centrality", "density"]].values.tolist()
    [['体育·美育', 2.0, 50.0], ['营养·食堂', 2.0, 25.0]]
    """
    theme = communities.to_dict()
    absent = sorted(v for v in graph if v not in theme)
    if absent:
        raise ArgumentError(f"communities: the node {absent[0]!r} has none; give what `communities(graph)` returns for this graph.")
    inner: dict[object, float] = {}
    outer: dict[object, float] = {}
    strength: dict[str, float] = dict.fromkeys(graph, 0.0)
    for a, b, data in sorted(graph.edges(data=True), key=lambda e: sorted(e[:2])):
        weight = float(data.get("weight", 1.0))
        if theme[a] == theme[b]:
            inner[theme[a]] = inner.get(theme[a], 0.0) + weight
            strength[a] += weight
            strength[b] += weight
        else:
            for t in (theme[a], theme[b]):
                outer[t] = outer.get(t, 0.0) + weight
    rows = []
    for t in sorted({theme[v] for v in graph}):
        members = sorted((v for v in graph if theme[v] == t), key=lambda v: (-round(strength[v], 12), v))
        if len(members) > 1:
            n_items = sum(int(graph.nodes[v].get("n_items", 0)) for v in members)
            rows.append(
                (t, "·".join(members[:_LABELS]), len(members), n_items, 10 * outer.get(t, 0.0), 100 * inner.get(t, 0.0) / len(members))
            )
    if len(rows) < 2:
        raise TooFewPlansError(f"{len(rows)} community of two terms or more is at hand; a map needs 2. Count more terms or keep more ties.")
    table = pd.DataFrame(rows, columns=["theme", "label", "n_terms", "n_items", "centrality", "density"])
    table["quadrant"] = _quadrants(table["centrality"].to_numpy(), table["density"].to_numpy())
    return table.sort_values(["centrality", "density", "label"], ascending=[False, False, True], kind="stable", ignore_index=True)


def _quadrants(centrality: np.ndarray, density: np.ndarray) -> list[str]:
    right, up = centrality >= np.median(centrality), density >= np.median(density)
    names = {(True, True): "motor", (True, False): "basic", (False, True): "niche", (False, False): "emerging or declining"}
    return [names[bool(r), bool(u)] for r, u in zip(right, up, strict=True)]
