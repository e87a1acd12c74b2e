"""Networks of drawn plans: every pair is counted once in every plan, then draws are weights times these counts."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import networkx as nx
import numpy as np
from scipy.sparse import csc_array, csr_array

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.matrix import TermMatrix
from policylab.networks.measures import measure_named
from policylab.networks.windows import windows

CELLS = 4_000_000  # numbers of a dense table that are held at a time
Table: TypeAlias = csr_array | np.ndarray
Numbers: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Tallies:
    """Windows of each plan that hold each pair of terms, each term, and in all; one table for each kind of window.

    Attributes
    ----------
    pairs : list of (str, str)
        The pairs, in order, each with its terms in order.
    a, b : ndarray of int
        Columns of the two terms of each pair.
    names : list of str
        The plans (or places) that are drawn; empty where the windows of a single plan are.
    what : str
        What is drawn, such as ``plans`` or ``items of the one plan there is``.
    tables : list
        Windows with both, windows with each term, all windows; each plan by plan.
    expected : array or None
        Windows of all kinds that would hold both by chance, reckoned within each plan; None where that was not asked for, or where the
        windows of a single plan are drawn.
    """

    pairs: list[tuple[str, str]]
    a: np.ndarray
    b: np.ndarray
    names: list[str]
    what: str
    tables: list[tuple[Table, Table, np.ndarray]]
    expected: Table | None = None

    def draws(self, n_boot: int, seed: int) -> np.ndarray:
        """Give how often each plan is drawn in each of `n_boot` resamples with replacement (Efron 1979)."""
        n = len(self.tables[0][2])
        return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_boot).astype(float)

    def added(self) -> tuple[Table, Table, np.ndarray]:
        """Give the tables of all kinds of windows added up."""
        together, alone, size = (reduce(operator.add, one) for one in zip(*self.tables, strict=True))
        return together, alone, size

    def n_with(self) -> np.ndarray:
        """Count, for each pair, the plans that have a window with both."""
        return np.asarray((self.added()[0] > 0).sum(axis=0)).ravel()

    def numbers(self, draws: np.ndarray) -> Iterator[Numbers]:
        """Yield, some draws at a time, what the measures take: windows with both, with a, with b, all, and with both by chance."""
        step = max(1, CELLS // max(len(self.pairs), 1))
        for weights in np.split(draws, range(step, len(draws), step)):
            both = with_a = with_b = total = chance = np.zeros((len(weights), 1))
            for together, alone, size in self.tables:
                each, drawn = weights @ alone, (weights @ size)[:, None]
                both, with_a, with_b = both + weights @ together, with_a + each[:, self.a], with_b + each[:, self.b]
                total, chance = total + drawn, chance + each[:, self.a] * each[:, self.b] / np.maximum(drawn, 1)
            yield both, with_a, with_b, total, chance

    def numbers_within(self, draws: np.ndarray) -> Iterator[Numbers]:
        """Yield the same, with chance reckoned within each plan, so that words that only some plans use make no tie by that."""
        if self.expected is None:
            yield from self.numbers(draws)
            return
        together, alone, size = self.added()
        step = max(1, CELLS // max(len(self.pairs), 1))
        for weights in np.split(draws, range(step, len(draws), step)):
            each = weights @ alone
            yield weights @ together, each[:, self.a], each[:, self.b], (weights @ size)[:, None], weights @ self.expected

    def weights(self, draws: np.ndarray, *, measure: str) -> Iterator[np.ndarray]:
        """Yield, some draws at a time, the weight of each pair (draw × pair): 0 where the two do not stand together."""
        formula = measure_named(measure)
        for both, *rest in self.numbers(draws):
            yield np.where(both > 0, np.maximum(formula(both, *rest), 0), 0)


def drawn_backbones(tally: Tallies, draws: np.ndarray, nodes: Iterable[str], *, measure: str, neighbours: int) -> Iterator[nx.Graph]:
    """Yield the backbone (nearest neighbours) of each draw: all nodes, and the ties that are among the strongest of either end."""
    nodes = sorted(nodes)
    for weights in tally.weights(draws, measure=measure):
        for weight in weights:
            graph = nx.Graph()
            graph.add_nodes_from(nodes)
            kept = nearest(weight, tally.a, tally.b, neighbours)
            graph.add_weighted_edges_from((*tally.pairs[at], float(weight[at])) for at in kept.tolist())
            yield graph


def nearest(weight: np.ndarray, a: np.ndarray, b: np.ndarray, neighbours: int) -> np.ndarray:
    """Give the pairs that are among the strongest so many of either end, of equals the first; pairs of no weight never are."""
    strongest = np.argsort(-weight, kind="stable")[: np.count_nonzero(weight)]
    ends = np.column_stack([a[strongest], b[strongest]]).ravel()
    by_node = np.argsort(ends, kind="stable")
    first = np.concatenate([[True], np.diff(ends[by_node]) != 0])[: len(ends)]
    place = np.arange(len(ends))
    rank = np.empty(len(ends), dtype=np.int64)
    rank[by_node] = place - np.maximum.accumulate(np.where(first, place, 0))
    return np.sort(strongest[(rank.reshape(-1, 2) < neighbours).any(axis=1)])


def tallies(counts: TermMatrix, pairs: Iterable[tuple[str, str]], *, unit: str, by: str, within: bool = False) -> Tallies:
    """Count pairs of terms plan by plan (by the values of a column of ``counts.docs``); by item where there is one plan only.

    `within`: whether to reckon, too, what chance would give within each plan.
    """
    value = drawn_units(counts, by)
    names = sorted(set(value))
    one = len(names) < 2
    kinds = windows(counts, "item" if one and unit == "both" else unit)
    pairs = sorted((min(pair), max(pair)) for pair in pairs)
    a, b = (counts.terms.get_indexer([pair[end] for pair in pairs]) for end in (0, 1))
    place_in_order = np.argsort(np.argsort(counts.docs.index.to_numpy(dtype=str), kind="stable"))
    item = np.unique(counts.docs["item_id"].astype(str), return_inverse=True)[1] if "item_id" in counts.docs else place_in_order
    plan = counts.docs["plan"].astype("str").fillna("").to_numpy(dtype=str) if "plan" in counts.docs else value
    tables, expected = [], []
    for seen, first in kinds:
        cluster = np.unique(item[first], return_inverse=True)[1] if one else np.searchsorted(names, value[first])
        seen, n = csc_array(seen), int(cluster.max()) + 1 if one else len(names)
        tables.append(_table(seen, a, b, cluster, n))
        if within and not one:
            expected.append(_expected(seen, a, b, cluster, plan[first], n))
    what = f"{'blocks' if unit == 'block' else 'items'} of the one {by} there is" if one else f"{by}s"
    return Tallies(pairs, a, b, [] if one else names, what, tables, reduce(operator.add, expected) if expected else None)


def drawn_units(counts: TermMatrix, by: str) -> np.ndarray:
    """Give for each row the unit that is drawn: its value of the column `by`; where that is missing, its plan by itself."""
    if by not in counts.docs:
        raise ArgumentError(f"by={by!r}: docs has no such column; it has {', '.join(map(str, counts.docs.columns))}.")
    known = counts.docs[by].astype("str")
    alone = "?" + counts.docs["plan"].astype("str").fillna("") if "plan" in counts.docs else ""
    return known.where(known.notna(), alone).to_numpy(dtype=str)


def one_unit(counts: TermMatrix, by: str) -> bool:
    """Whether there is a single unit, so that only its items can be drawn."""
    return len(set(drawn_units(counts, by))) < 2


def enough_draws(n_boot: int) -> int:
    """Raise unless there are draws enough to speak of shares."""
    if whole(n_boot, name="n_boot", least=1) < 20:
        raise ArgumentError(f"n_boot={n_boot}: at least 20 resamples are needed; 1000 is usual.")
    return n_boot


def _table(seen: csc_array, a: np.ndarray, b: np.ndarray, cluster: np.ndarray, n: int) -> tuple[Table, Table, np.ndarray]:
    """Give each plan's windows with both of a pair, with each term, and in all."""
    adder = csr_array((np.ones(len(cluster)), (cluster, np.arange(len(cluster)))), shape=(n, len(cluster)))
    together, alone = csr_array(adder @ seen[:, a].multiply(seen[:, b])), csr_array(adder @ seen)
    if n * len(a) <= CELLS:  # a few hundred plans: dense products are faster
        return together.toarray(), alone.toarray(), np.bincount(cluster, minlength=n)
    return together, alone, np.bincount(cluster, minlength=n)


def _expected(seen: csc_array, a: np.ndarray, b: np.ndarray, cluster: np.ndarray, plan: np.ndarray, n: int) -> Table:
    """Give for each cluster the windows that would hold both of a pair by chance, reckoned in each of its plans."""
    own = np.unique(np.column_stack([cluster.astype(str), plan]), axis=0, return_inverse=True)[1].ravel()
    n_own = int(own.max()) + 1
    adder = csr_array((np.ones(len(own)), (own, np.arange(len(own)))), shape=(n_own, len(own)))
    alone = csc_array(csc_array(adder @ seen) / np.sqrt(np.bincount(own))[:, None])
    parent = np.zeros(n_own, dtype=np.int64)
    parent[own] = cluster
    upper = csr_array((np.ones(n_own), (parent, np.arange(n_own))), shape=(n, n_own))
    expected = csr_array(upper @ alone[:, a].multiply(alone[:, b]))
    return expected.toarray() if n * len(a) <= CELLS else expected
