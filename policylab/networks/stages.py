"""The network of one period: its themes, and the themes of the same period had other plans been drawn."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from policylab.errors import EmptyVocabularyError, TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.networks.graph import cooccurrence
from policylab.networks.naming import name_communities
from policylab.networks.overlaps import ALONE, members
from policylab.networks.partition import communities, in_order, numbered, usual_resolution
from policylab.networks.resampling import Tallies, drawn_backbones, one_unit, tallies
from policylab.networks.strategic import theme_map
from policylab.networks.thinning import backbone, neighbours_of

Match = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Stage:
    """One period.

    Attributes
    ----------
    name : str
        Of the period.
    counts : TermMatrix
        Its rows, and the terms that stand in them.
    vocabulary : list of str
        All terms of all periods.
    graph : networkx.Graph
        Its backbone.
    groups : Series
        Term → number of its community.
    members : ndarray
        Theme × vocabulary: 1 where a term belongs to it.
    tally : Tallies
        Every pair that may make a tie, plan by plan.
    neighbours : int
        Ties that each term keeps, in draws too.
    """

    name: str
    counts: TermMatrix
    vocabulary: list[str]
    graph: nx.Graph
    groups: pd.Series
    members: np.ndarray
    tally: Tallies
    neighbours: int

    @property
    def present(self) -> np.ndarray:
        """Which terms of the vocabulary stand in it."""
        return np.isin(self.vocabulary, list(self.groups.index))

    @property
    def labels(self) -> list[str]:
        """The three most central terms of each theme."""
        return name_communities(self.graph, communities=self.groups).loc[self.numbers()].tolist()

    def numbers(self) -> list[int]:
        """Give the number of each theme."""
        return [int(self.groups[self.vocabulary[row.argmax()]]) for row in self.members]

    def ranked(self) -> list[list[str]]:
        """Give the terms of each theme, the most central first, ties by name."""
        found = []
        for row in self.members:
            inner = self.graph.subgraph(self.vocabulary[at] for at in np.flatnonzero(row))
            strength = {v: round(sum(sorted(d["weight"] for d in inner[v].values())), 12) for v in inner}
            found.append(sorted(strength, key=lambda v: (-strength[v], v)))
        return found

    def drawn(self, weights: np.ndarray, *, measure: str, seed: int) -> list[np.ndarray]:
        """Give the themes of each draw: theme × vocabulary."""
        seeds = np.random.default_rng(seed).integers(2**31, size=len(weights)).tolist()
        graphs = drawn_backbones(self.tally, weights, self.groups.index, measure=measure, neighbours=self.neighbours)
        return [members(parted_once(graph, one), self.vocabulary) for graph, one in zip(graphs, seeds, strict=True)]

    def themes(self, matches: list[Match]) -> pd.DataFrame:
        """Give a row for each theme: its size, its place in the strategic diagram, and how far resamples have it."""
        ranked, (n_items, n_plans) = self.ranked(), self._spread()
        table = pd.DataFrame({"period": self.name, "theme": self.numbers(), "label": self.labels, "n_terms": list(map(len, ranked))})
        table = table.assign(n_items=n_items, n_plans=n_plans)
        try:
            places = theme_map(self.graph, communities=self.groups)[["theme", "centrality", "density", "quadrant"]]
        except TooFewPlansError:  # one theme has no place among others
            places = pd.DataFrame({"theme": [], "centrality": [], "density": [], "quadrant": []}).astype(
                {"theme": "int64", "quadrant": "str"}
            )
        table = table.merge(places, on="theme", how="left", validate="one_to_one")
        stability = np.mean([jaccard for _, jaccard in matches], axis=0)
        return table.assign(stability=stability, terms=["、".join(terms) for terms in ranked])

    def _spread(self) -> tuple[np.ndarray, np.ndarray]:
        """Count, for each theme, the items that hold two of its terms or more, and the plans with such an item."""
        docs, X = self.counts.docs, csr_array((self.counts.X > 0).astype(np.int32))
        plan, item = (pd.factorize(docs[c].astype("str"))[0] if c in docs else np.arange(len(docs)) for c in ("plan", "item_id"))
        X = csr_array((_adder(item) @ X > 0).astype(np.int32))
        columns = [self.vocabulary.index(t) for t in self.counts.terms]
        about = (X @ self.members[:, columns].T.astype(np.int32)) >= ALONE
        plan = plan[np.unique(item, return_index=True)[1]]
        return about.sum(axis=0), (_adder(plan) @ about.astype(np.int32) > 0).sum(axis=0)


def stage_of(
    name: str, counts: TermMatrix, vocabulary: list[str], *, measure: str, unit: str, neighbours: int | None, by: str, seed: int
) -> Stage:
    """Tie the terms that stand in the rows of a period, and part them."""
    there = counts.terms[np.asarray((counts.X > 0).sum(axis=0)).ravel() > 0]
    if there.empty:
        raise EmptyVocabularyError(f"none of the {len(vocabulary)} terms stands in a plan of {name}; count its items with the same words.")
    counts = counts.keep(there)
    if unit == "both" and one_unit(counts, by):
        unit = "item"  # a block and its items cannot be drawn apart
    may_tie = cooccurrence(counts, measure="raw", unit=unit).edges
    graph = backbone(cooccurrence(counts, measure=measure, unit=unit), neighbours=neighbours)
    groups = communities(graph, seed=seed, sharpen=False)  # a drawn network knows no blocks to ask
    tally = tallies(counts, may_tie, unit=unit, by=by)
    kept = neighbours_of(graph) if neighbours is None else neighbours
    return Stage(name, counts, vocabulary, graph, groups, members(groups, vocabulary), tally, kept)


def parted_once(graph: nx.Graph, seed: int) -> pd.Series:
    """Part a drawn network as `communities` does, in one run where that takes the best of several: a resample is one of many."""
    if not graph.number_of_edges():
        return numbered([{node} for node in graph])
    return numbered(nx.community.louvain_communities(in_order(graph), weight="weight", resolution=usual_resolution(len(graph)), seed=seed))


def _adder(group: np.ndarray) -> csr_array:
    return csr_array((np.ones(len(group), dtype=np.int32), (group, np.arange(len(group)))))
