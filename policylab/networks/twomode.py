"""Terms and plans in one network: which plan writes of what."""

from __future__ import annotations

import networkx as nx
import numpy as np
from scipy.sparse import csr_array

from policylab.arguments import whole
from policylab.errors import ArgumentError, TooFewPlansError
from policylab.matrix import TermMatrix, need_counts
from policylab.networks.measures import loglikelihood

WEIGHTS = ("share", "distinctive")


def term_plan_graph(counts: TermMatrix, *, by: str = "plan", weight: str = "share", neighbours: int = 8) -> nx.Graph:
    """Tie each plan (or place, or year) to the terms that stand in its items: a two-mode network (Borgatti & Everett 1997).

    `plot_network` draws the plans as white squares.

    Parameters
    ----------
    counts : TermMatrix
        Counts of terms or of codebook themes in items.
    by : str
        The column of ``counts.docs`` whose values are the other mode; rows without a value are left out.
    weight : str
        `share`: the share of the plan's items that hold the term. Every plan is then tied to what all write of. `distinctive`: the root
        of G² (Dunning 1993) of the term's items in this plan against those in all others, only where they are more than those
        lead one to expect: what sets a plan apart.
    neighbours : int
        How many terms each plan keeps at most, its strongest; equals go by name.

    Returns
    -------
    networkx.Graph
        Nodes in sorted order, plans first: `mode` (``plan``, or whatever `by` is, and ``term``), `bipartite` (0 plan, 1 term), `n_items`
        (of the plan; that hold the term). Edges in sorted order: `weight`, `n_items` (of the plan that hold the term). Terms without a tie
        are no nodes. A plan with the name of a term stands as ``name (plan)``.

    Raises
    ------
    ArgumentError
        If a column or setting is not allowed.
    TooFewPlansError
        If there is one plan only.

    Examples
    --------
    >>> import pandas as pd
    >>> docs = pd.DataFrame({"plan": ["甲区-2024", "甲区-2024", "乙区-2024", "乙区-2024"]}, index=list("abcd"))
    >>> graph = term_plan_graph(TermMatrix([[1, 0], [2, 1], [0, 1], [0, 1]], docs, ["体育", "课程"]))
    >>> [(a, b, data["weight"]) for a, b, data in graph.edges(data=True)]
    [('乙区-2024', '课程', 1.0), ('甲区-2024', '体育', 1.0), ('甲区-2024', '课程', 0.5)]
    """
    need_counts(counts)
    if by not in counts.docs:
        raise ArgumentError(f"by={by!r}: docs has no such column; it has {', '.join(map(str, counts.docs.columns))}.")
    if weight not in WEIGHTS:
        raise ArgumentError(f"weight={weight!r}: allowed are {', '.join(WEIGHTS)}.")
    neighbours = whole(neighbours, name="neighbours")
    plans, n_with, n_items = _items(counts, by)
    if len(plans) < 2:
        raise TooFewPlansError(f"there is {len(plans)} {by} only; a network of terms and {by}s needs two.")
    values = n_with / n_items[:, None] if weight == "share" else _distinctive(n_with, n_items)
    terms, values = counts.terms.to_numpy(dtype=str), values.round(12)
    order = np.argsort(terms, kind="stable")
    kept = _strongest(values[:, order], neighbours)
    taken = set(terms)
    names = [f"{p} ({by})" if p in taken else p for p in plans]
    graph = nx.Graph(nodes="themes" if "codebook" in counts.settings else "terms", measure=weight, by=by, neighbours=neighbours)
    graph.add_nodes_from((v, {"mode": by, "bipartite": 0, "n_items": int(n)}) for v, n in zip(names, n_items, strict=True))
    total = n_with.sum(axis=0)
    graph.add_nodes_from((str(terms[j]), {"mode": "term", "bipartite": 1, "n_items": int(total[j])}) for j in order[kept.any(axis=0)])
    for i, k in np.argwhere(kept).tolist():
        j = order[k]
        graph.add_edge(names[i], str(terms[j]), weight=float(values[i, j]), n_items=int(n_with[i, j]))
    return graph


def _items(counts: TermMatrix, by: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Give the plans, sorted, in how many items of each a term stands (plan × term), and how many items each has; sentences count once."""
    known = counts.docs[by].notna().to_numpy()
    value = counts.docs[by].astype("str").to_numpy()[known].astype(str)
    plans, number = np.unique(value, return_inverse=True)
    item = counts.docs["item_id"].astype("str").to_numpy()[known] if "item_id" in counts.docs else np.arange(known.sum()).astype(str)
    _, first, owner = np.unique(item.astype(str), return_index=True, return_inverse=True)
    present = csr_array((counts.X[np.flatnonzero(known)] > 0).astype(float))
    joined = csr_array((np.ones(len(owner)), (owner, np.arange(len(owner)))), shape=(len(first), len(owner))) @ present
    of_plan = csr_array((np.ones(len(first)), (number[first], np.arange(len(first)))), shape=(len(plans), len(first)))
    return plans.tolist(), (of_plan @ (joined > 0).astype(float)).toarray(), np.bincount(number[first], minlength=len(plans))


def _distinctive(n_with: np.ndarray, n_items: np.ndarray) -> np.ndarray:
    total, items = n_with.sum(axis=0)[None, :], n_items[:, None].astype(float)
    g2 = loglikelihood(n_with, items, total, float(n_items.sum()), items * total / n_items.sum())
    return np.sqrt(np.maximum(g2, 0))


def _strongest(values: np.ndarray, neighbours: int) -> np.ndarray:
    """Tell which ties are above 0 and among the strongest of their row, of equals the first."""
    rank = np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1, kind="stable")
    return (values > 0) & (rank < neighbours)
