"""How sure each tie is: its share of resamples in which it stays."""

from __future__ import annotations

import networkx as nx
import numpy as np
from scipy.sparse import csc_array, csr_array

from policylab.errors import ArgumentError
from policylab.matrix import TermMatrix
from policylab.networks.graph import cooccurrence, one_phrase, pairs
from policylab.networks.measures import measure_named
from policylab.networks.thinning import backbone, neighbours_of
from policylab.networks.windows import windows


def edge_support(
    counts: TermMatrix,
    *,
    measure: str = "npmi",
    unit: str = "both",
    neighbours: int | None = None,
    min_together: int = 2,
    n_boot: int = 200,
    seed: int = 0,
) -> nx.Graph:
    """Tell how often each tie of the backbone stays where other plans had been drawn (bootstrap, Efron 1979).

    Plans are drawn with replacement; where there is one plan only, its blocks (items, where it has none) are, and
    ``graph.graph["resampled"]`` says so: that is variation within this plan. A tie that only one of five plans makes cannot have
    a support over .67.

    Parameters
    ----------
    counts : TermMatrix
        Counts of terms or of codebook themes in items.
    measure, unit, min_together : as in `cooccurrence`
        How ties are measured.
    neighbours : int
        As in `backbone`.
    n_boot : int
        Resamples, at least 20.
    seed : int
        Seed.

    Returns
    -------
    networkx.Graph
        The backbone of `counts`; each edge carries `support` in 0–1.

    Raises
    ------
    ArgumentError
        If `n_boot` is below 20, or as in `cooccurrence`.

    Examples
    --------
    >>> import pandas as pd
    >>> docs = pd.DataFrame({"plan": ["甲区-2024", "乙区-2024", "丙区-2024"]}, index=["a#1", "b#1", "c#1"])
    >>> counts = TermMatrix([[1, 1, 0], [1, 1, 0], [0, 0, 1]], docs, ["体育", "美育", "课程"])
    >>> edge_support(counts, measure="cosine", unit="item", n_boot=50).edges["体育", "美育"]["support"] > 0.5
    True
    """
    if n_boot < 20:
        raise ArgumentError(f"n_boot={n_boot}: at least 20 resamples are needed; 200 is usual.")
    graph = backbone(cooccurrence(counts, measure=measure, unit=unit, min_together=min_together), neighbours=neighbours)
    neighbours = neighbours_of(graph) if neighbours is None else neighbours
    order = np.argsort(counts.terms.to_numpy(dtype=str), kind="stable")
    terms = counts.terms.to_numpy(dtype=str)[order]
    seen, first = windows(counts, unit)
    seen = csc_array(seen[:, order])
    a, b, _ = pairs(csr_array(seen), min_together=1)
    apart = np.array([not one_phrase(x, y) for x, y in zip(terms[a], terms[b], strict=True)], dtype=bool)
    a, b = a[apart], b[apart]
    cluster, what = _clusters(counts, first)
    stayed = _stayed(seen, a, b, cluster, measure=measure, neighbours=neighbours, least=min_together, n_boot=n_boot, seed=seed)
    support = {(x, y): s for x, y, s in zip(terms[a].tolist(), terms[b].tolist(), stayed.tolist(), strict=True)}
    for x, y in graph.edges:
        graph.edges[x, y]["support"] = support[min(x, y), max(x, y)]
    graph.graph.update(resampled=what, n_boot=n_boot, seed=seed)
    return graph


def _clusters(counts: TermMatrix, first: np.ndarray) -> tuple[np.ndarray, str]:
    """What is drawn together: plans, or the blocks of the one plan there is."""
    docs = counts.docs
    plan = docs["plan"].astype("str").to_numpy()[first]
    if len(set(plan)) > 1:
        return np.unique(plan, return_inverse=True)[1], "plans"
    block = docs["block"].astype("str").fillna("").to_numpy()[first] if "block" in docs else np.full(len(first), "")
    own = np.where(block == "", np.char.add("#", first.astype(str)), block.astype(str))
    return np.unique(own, return_inverse=True)[1], "blocks within one plan"


def _stayed(
    seen: csc_array, a: np.ndarray, b: np.ndarray, cluster: np.ndarray, *, measure: str, neighbours: int, least: int, n_boot: int, seed: int
) -> np.ndarray:
    """Share of resamples in which each pair is an edge of the backbone: one matrix for each cluster, weights times the stack."""
    n = int(cluster.max()) + 1
    adder = csr_array((np.ones(len(cluster)), (cluster, np.arange(len(cluster)))), shape=(n, len(cluster)))
    together, single = csr_array(adder @ seen[:, a].multiply(seen[:, b])), csr_array(adder @ seen)
    size = np.bincount(cluster, minlength=n).astype(float)
    formula, kept = measure_named(measure), np.zeros(len(a))
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_boot).astype(float)
    for weights in draws:
        both, alone, total = weights @ together, weights @ single, float(weights @ size)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.nan_to_num(formula(both, alone[a], alone[b], total), nan=-1.0)
        value = np.where((both >= least) & (value > 0), np.round(value, 12), -np.inf)
        kept += _nearest(value, a, b, neighbours)
    return kept / n_boot


def _nearest(value: np.ndarray, a: np.ndarray, b: np.ndarray, neighbours: int) -> np.ndarray:
    """Which pairs are among the strongest of either end."""
    ranked = np.lexsort((b, a, -value))
    ranked = ranked[np.isfinite(value[ranked])]
    ends = np.stack([a[ranked], b[ranked]], axis=1).ravel()
    by_node = np.argsort(ends, kind="stable")
    starts = np.r_[0, np.flatnonzero(np.diff(ends[by_node])) + 1] if len(ends) else np.array([], dtype=int)
    place = np.arange(len(ends)) - np.repeat(starts, np.diff(np.r_[starts, len(ends)]))
    rank = np.empty(len(ends), dtype=int)
    rank[by_node] = place
    kept = np.zeros(len(a))
    kept[ranked] = (rank.reshape(-1, 2) < neighbours).any(axis=1)
    return kept
