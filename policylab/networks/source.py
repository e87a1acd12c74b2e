"""What a network was made of, remembered beside it: not among its attributes, which other programs and files must be able to read."""

from __future__ import annotations

import networkx as nx

from policylab.matrix import TermMatrix

_NAME = "_policylab_counts"


def remember(graph: nx.Graph, counts: TermMatrix | None) -> nx.Graph:
    """Note the counts that a network was made of, and give it back; networkx's own copies and subgraphs do not know them."""
    setattr(graph, _NAME, counts)
    return graph


def remembered(graph: nx.Graph) -> TermMatrix | None:
    """Give the counts that a network was made of, where they are known."""
    counts = getattr(graph, _NAME, None)
    return counts if isinstance(counts, TermMatrix) else None
