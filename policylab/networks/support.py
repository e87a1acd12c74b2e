"""How sure each tie is: its share of resamples in which it stands out from chance."""

from __future__ import annotations

from typing import TypeAlias

import networkx as nx
import numpy as np
from scipy.sparse import csc_array, csr_array

from policylab.errors import ArgumentError
from policylab.matrix import TermMatrix
from policylab.networks.graph import cooccurrence
from policylab.networks.measures import loglikelihood
from policylab.networks.thinning import backbone
from policylab.networks.windows import windows

CHANCE = 10.83  # G² of one degree of freedom at p = .001
CELLS = 4_000_000
Table: TypeAlias = csr_array | np.ndarray


def edge_support(
    counts: TermMatrix,
    *,
    measure: str = "npmi",
    unit: str = "both",
    neighbours: int | None = None,
    by: str = "plan",
    n_boot: int = 1000,
    seed: int = 0,
) -> nx.Graph:
    """Tell how sure each tie of the backbone is, had other plans been drawn (bootstrap, Efron 1979).

    Plans are drawn with replacement. A tie holds in a resample where the two stand together more often than by chance: G² of at least
    10.83, p < .001 (Dunning 1993). Where there is one plan only its items are drawn, and ``graph.graph["resampled"]`` says so: that is
    variation within this plan. A tie that only one of five plans makes cannot have a support over .67.

    Parameters
    ----------
    counts : TermMatrix
        Counts of terms or of codebook themes in items.
    measure, unit : str
        As in `cooccurrence`.
    neighbours : int, optional
        As in `backbone`.
    by : str
        What is drawn: the column of ``counts.docs`` whose values are independent; `place` where each has many years.
    n_boot : int
        Resamples, at least 20.
    seed : int
        Of the draws.

    Returns
    -------
    networkx.Graph
        The backbone of `counts`; each edge carries `support` in 0–1. ``graph.graph`` says what was resampled and how often.

    Raises
    ------
    ArgumentError
        If `n_boot` is below 20 or `by` no column, or as in `cooccurrence`.

    Examples
    --------
    >>> import pandas as pd
    >>> docs = pd.DataFrame({"plan": [f"{p}区-2024" for p in "甲乙丙丁" for _ in range(6)]}).rename("i{}".format)
    >>> counts = TermMatrix([[1, 1, 0], [0, 0, 1], [0, 0, 1]] * 8, docs, ["体育", "美育", "课程"])
    >>> edge_support(counts, unit="item", n_boot=50).edges["体育", "美育"]["support"]
    1.0
    """
    if n_boot < 20:
        raise ArgumentError(f"n_boot={n_boot}: at least 20 resamples are needed; 1000 is usual.")
    if by not in counts.docs:
        raise ArgumentError(f"by={by!r}: docs has no such column; it has {', '.join(counts.docs.columns)}.")
    graph = backbone(cooccurrence(counts, measure=measure, unit=unit), neighbours=neighbours)
    one = counts.docs[by].nunique() < 2
    kinds = windows(counts, "item" if one and unit == "both" else unit)
    value = counts.docs[by].astype("str").fillna("").to_numpy(dtype=str)
    names = sorted(set(value))
    place_in_order = np.argsort(np.argsort(counts.docs.index.to_numpy(dtype=str), kind="stable"))
    clusters = [
        np.unique(place_in_order[first], return_inverse=True)[1] if one else np.searchsorted(names, value[first]) for _, first in kinds
    ]
    edges = sorted(tuple(sorted(edge)) for edge in graph.edges)
    a, b = (counts.terms.get_indexer([edge[end] for edge in edges]) for end in (0, 1))
    for (x, y), share in zip(edges, _held([csc_array(seen) for seen, _ in kinds], a, b, clusters, n_boot, seed).tolist(), strict=True):
        graph.edges[x, y]["support"] = share
    what = f"{'blocks' if unit == 'block' else 'items'} of the one {by} there is" if one else f"{by}s"
    graph.graph.update(resampled=what, n_boot=n_boot, seed=seed)
    return graph


def _held(kinds: list[csc_array], a: np.ndarray, b: np.ndarray, clusters: list[np.ndarray], n_boot: int, seed: int) -> np.ndarray:
    """Give the share of resamples in which each pair stands out: one row of counts for each cluster, weights times the stack."""
    n = int(clusters[0].max()) + 1
    stacks = [_stack(seen, a, b, cluster, n) for seen, cluster in zip(kinds, clusters, strict=True)]
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_boot).astype(float)
    held, step = np.zeros(len(a)), max(1, CELLS // max(len(a), 1))
    for weights in np.split(draws, range(step, n_boot, step)):
        both = with_a = with_b = total = chance = np.zeros((len(weights), 1))
        for together, alone, size in stacks:
            each, windows_drawn = weights @ alone, (weights @ size)[:, None]
            both, with_a, with_b = both + weights @ together, with_a + each[:, a], with_b + each[:, b]
            total, chance = total + windows_drawn, chance + each[:, a] * each[:, b] / np.maximum(windows_drawn, 1)
        held += (loglikelihood(both, with_a, with_b, total, chance) >= CHANCE).sum(axis=0)
    return held / n_boot


def _stack(seen: csc_array, a: np.ndarray, b: np.ndarray, cluster: np.ndarray, n: int) -> tuple[Table, Table, np.ndarray]:
    """Give each cluster's windows with both of a pair, with each term, and in all."""
    adder = csr_array((np.ones(len(cluster)), (cluster, np.arange(len(cluster)))), shape=(n, len(cluster)))
    together, alone = csr_array(adder @ seen[:, a].multiply(seen[:, b])), csr_array(adder @ seen)
    if n * len(a) <= CELLS:  # a few hundred plans: dense products are faster
        return together.toarray(), alone.toarray(), np.bincount(cluster, minlength=n)
    return together, alone, np.bincount(cluster, minlength=n)
