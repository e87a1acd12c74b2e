"""What stands around one term."""

from __future__ import annotations

from difflib import get_close_matches

import networkx as nx

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.networks.partition import in_order


def ego_network(graph: nx.Graph, *, term: str, radius: int = 1) -> nx.Graph:
    """Take the part of a network around one term: what it is tied to, and how these are tied to each other.

    Parameters
    ----------
    graph : networkx.Graph
        A graph from `cooccurrence`, `backbone` or `edge_support`.
    term : str
        The term in the middle.
    radius : int
        Steps from the term that a node may be away: 1 for its neighbours, 2 for theirs too.

    Returns
    -------
    networkx.Graph
        The nodes within `radius` steps and all ties among them, attributes kept, sorted. ``graph.graph["ego"]`` and ``["radius"]`` say
        how it was made; `plot_network` sets the term in the middle. A term without a tie is alone.

    Raises
    ------
    ArgumentError
        If `term` is no node (the message names those most like it) or `radius` is below 1.

    Examples
    --------
    >>> graph = nx.Graph([("体育", "美育"), ("美育", "劳动"), ("劳动", "体育"), ("劳动", "食堂")])
    >>> sorted(ego_network(graph, term="体育").edges)
    [('体育', '劳动'), ('体育', '美育'), ('劳动', '美育')]
    """
    whole(radius, name="radius")
    if term not in graph:
        raise ArgumentError(f"term={term!r} is no node of the network; {_near(str(term), [str(v) for v in graph])}")
    around = in_order(nx.ego_graph(graph, term, radius=radius))
    around.graph = {**graph.graph, "ego": term, "radius": radius}
    around.graph.pop("isolates", None)  # a share of the whole network's nodes
    return around


def _near(term: str, nodes: list[str]) -> str:
    """Name the nodes most like a term: those that hold it or are held by it, then those spelt alike."""
    holding = sorted((v for v in nodes if v and (v in term or term in v)), key=lambda v: (abs(len(v) - len(term)), v))
    near = list(dict.fromkeys([*holding, *get_close_matches(term, sorted(nodes), n=5, cutoff=0.4)]))[:5]
    return f"like it are {'、'.join(near)}." if near else "no node is like it; `sorted(graph)` names all."
