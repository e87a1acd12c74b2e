"""A network with nothing in it but texts and numbers, in sorted order: what any file format can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from policylab.errors import ArgumentError
from policylab.networks.partition import in_order
from policylab.spreadsheets import showable

Attributes = dict[str, Any]


def plain_graph(
    graph: nx.Graph,
    *,
    communities: pd.Series | Mapping[str, Any] | None = None,
    positions: Mapping[str, tuple[float, float]] | None = None,
) -> nx.Graph:
    """Copy a network with names as texts, attributes as texts and numbers, `community`, `x` and `y` set, missing values left out.

    Raises
    ------
    ArgumentError
        If the graph is directed or has parallel edges, two nodes have one name, or an attribute cannot be written.
    """
    if not isinstance(graph, nx.Graph) or graph.is_directed() or graph.is_multigraph():
        raise ArgumentError(f"graph is a {type(graph).__name__}; give an undirected networkx.Graph, such as backbone(...) returns.")
    name = {v: showable(str(v)) for v in graph}
    if len(set(name.values())) < len(name):
        twice = sorted(n for n in name.values() if list(name.values()).count(n) > 1)[0]
        raise ArgumentError(f"graph: two nodes are called {twice!r}; rename one, for files know nodes by their names.")
    nodes = {name[v]: dict(data) for v, data in graph.nodes(data=True)}
    for v, community in communities.items() if communities is not None else ():
        if v in name:
            nodes[name[v]]["community"] = community
    for v, (x, y) in positions.items() if positions is not None else ():
        if v in name:
            nodes[name[v]] |= {"x": float(x), "y": float(y)}
    edges = {(name[a], name[b]): dict(data) for a, b, data in graph.edges(data=True)}
    plain = nx.Graph(**_plain(graph.graph, "the graph"))
    plain.add_nodes_from(_alike({v: _plain(data, f"the node {v!r}") for v, data in nodes.items()}).items())
    plain.add_edges_from((*ends, data) for ends, data in _alike({e: _plain(d, f"the edge {e}") for e, d in edges.items()}).items())
    return in_order(plain)


def _plain(data: Mapping[Any, Any], where: str) -> Attributes:
    """Turn attributes into texts and numbers, and leave out missing ones."""
    values = {str(key): _value(value, f"{where}: attribute {key!r}") for key, value in sorted(data.items(), key=lambda one: str(one[0]))}
    return {key: value for key, value in values.items() if value is not None}


def _value(value: Any, where: str) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    try:
        return json.dumps(value.tolist() if isinstance(value, np.ndarray) else value, ensure_ascii=False, sort_keys=True)
    except TypeError:
        raise ArgumentError(
            f"{where} is a {type(value).__name__}, which no file holds; make it a text or a number, or delete it."
        ) from None


def _alike(rows: dict[Any, Attributes]) -> dict[Any, Attributes]:
    """Give each attribute one type throughout, for formats declare it once: whole numbers beside others become decimals, all else text."""
    kinds: dict[str, set[type]] = {}
    for data in rows.values():
        for key, value in data.items():
            kinds.setdefault(key, set()).add(type(value))
    to = {key: float if found == {int, float} else str for key, found in kinds.items() if len(found) > 1}
    return {row: {key: to[key](value) if key in to else value for key, value in data.items()} for row, data in rows.items()}
