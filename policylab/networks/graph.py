"""From counts to a co-occurrence graph."""

from __future__ import annotations

from functools import reduce

import networkx as nx
import numpy as np
from scipy.sparse import coo_array, csr_array, triu

from policylab.arguments import whole
from policylab.matrix import TermMatrix, need_counts
from policylab.networks.measures import measure_named
from policylab.networks.source import remember
from policylab.networks.windows import items_with, windows


def cooccurrence(
    counts: TermMatrix, *, measure: str = "npmi", unit: str = "both", min_together: int = 2, nested: bool | None = None
) -> nx.Graph:
    """Find which words (or themes) stand together in items and blocks, and how strongly.

    Parameters
    ----------
    counts : TermMatrix
        Counts of terms or of codebook themes in items (or sentences).
    measure : str
        `npmi` (Bouma 2009), `cosine` (Salton & McGill 1983; Ochiai 1957), `jaccard`, `equivalence` (Callon et al. 1991),
        `association` (association strength, van Eck & Waltman 2009), `loglikelihood` (Dunning 1993) or `raw` numbers of windows.
    unit : str
        What counts as standing together: `item` (a row of `counts`), `block` (the rows of a block joined) or `both`: every item and
        every block of two items or more is a window; chance is reckoned in items and in blocks, and added up too.
    min_together : int
        Pairs in fewer items, and in fewer blocks, make no edge.
    nested : bool, optional
        Whether a term and a longer one that contains it (学校, 学校课程) may make an edge. As a rule these are words of one phrase, so
        without it only themes of a codebook may.

    Returns
    -------
    networkx.Graph
        Nodes in sorted order with `n_items`, the items a term stands in; edges in sorted order with `weight` and `n_together`, the windows
        that hold both. Only pairs that stand together more often than by chance make an edge under `npmi` and `loglikelihood`.
        `graph.graph` says how it was made.

    Raises
    ------
    ArgumentError
        If `measure` or `unit` is unknown, or `min_together` is under 1.
    FrameError
        If blocks are asked for and `counts.docs` has none.

    Examples
    --------
    >>> import pandas as pd
    >>> docs = pd.DataFrame({"plan": "甲区-2024"}, index=["甲区-2024#001", "甲区-2024#002"])
    >>> counts = TermMatrix([[1, 1, 0], [2, 1, 1]], docs, ["体育", "美育", "课程"])
    >>> graph = cooccurrence(counts, measure="cosine", unit="item")
    >>> list(graph.edges(data=True))
    [('体育', '美育', {'weight': 1.0, 'n_together': 2})]
    """
    need_counts(counts)
    formula = measure_named(measure)
    whole(min_together, name="min_together")
    nested = "codebook" in counts.settings if nested is None else nested
    kinds = [seen for seen, _ in windows(counts, unit)]
    order = np.argsort(counts.terms.to_numpy(dtype=str), kind="stable")
    terms, kinds = counts.terms.to_numpy(dtype=str)[order].tolist(), [csr_array(seen[:, order]) for seen in kinds]
    a, b, together = _pairs(kinds, min_together)
    each = [np.asarray(seen.sum(axis=0)).ravel().astype(float) for seen in kinds]
    chance = sum((n[a] * n[b] / seen.shape[0] for n, seen in zip(each, kinds, strict=True)), start=np.zeros(len(a)))
    n_windows, with_term = sum(seen.shape[0] for seen in kinds), np.sum(each, axis=0)
    weight = formula(together.astype(float), with_term[a], with_term[b], float(n_windows), chance)
    nodes = "themes" if "codebook" in counts.settings else "terms"
    graph = nx.Graph(nodes=nodes, measure=measure, unit=unit, min_together=min_together, n_windows=n_windows)
    graph.add_nodes_from((t, {"n_items": int(n)}) for t, n in zip(terms, items_with(counts)[order], strict=True))
    for i, j, w, n in zip(a.tolist(), b.tolist(), weight.tolist(), together.tolist(), strict=True):
        if w > 0 and (nested or not _one_phrase(terms[i], terms[j])):
            graph.add_edge(terms[i], terms[j], weight=w, n_together=n)
    return remember(graph, counts)


def _pairs(kinds: list[csr_array], least: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give each pair of columns a < b that at least `least` windows of one kind hold, in order, and in how many windows they stand."""
    each = [csr_array(triu(seen.T @ seen, k=1)) for seen in kinds]
    enough = csr_array(reduce(lambda x, y: x.maximum(y), each), copy=True)
    enough.data = (enough.data >= least).astype(enough.dtype)
    together = coo_array(csr_array(sum(each[1:], start=each[0])).multiply(enough))
    seen_together = together.data > 0
    a, b, n = together.row[seen_together], together.col[seen_together], together.data[seen_together]
    order = np.lexsort((b, a))
    return a[order], b[order], n[order]


def _one_phrase(a: str, b: str) -> bool:
    """Tell whether one term contains the other."""
    return a in b or b in a
