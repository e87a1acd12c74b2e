"""Plans drawn anew: items within plans, plans within places, or terms."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from policylab.comparison.likeness import similarity
from policylab.comparison.pairs import usual_depth
from policylab.comparison.rarefaction import Rarefied
from policylab.errors import ArgumentError
from policylab.matrix import TermMatrix

KINDS = ("items", "plans", "terms")


@dataclass(frozen=True, eq=False)
class Resample:
    """How plans (or places) are drawn anew and compared.

    Attributes
    ----------
    items : csr_array
        Counts, a row for each item.
    plans : TermMatrix
        The same added up.
    owner, unit : ndarray
        The row of `plans` that each item belongs to; the number of what is drawn, an item or a plan.
    owner_of_unit : ndarray
        The row of `plans` that each of these belongs to.
    kind, measure : str
        What is drawn (items, plans, terms); how rows are compared.
    depth : int
        Tokens that rows are cut to where they are compared at equal length.
    """

    items: csr_array
    plans: TermMatrix
    owner: np.ndarray
    unit: np.ndarray
    owner_of_unit: np.ndarray
    kind: str
    measure: str
    depth: int

    @classmethod
    def of(cls, counts: TermMatrix, plans: TermMatrix, *, by: str, kind: str, measure: str) -> Resample:
        """Take the counts of items, and of what they are added up to.

        Raises
        ------
        ArgumentError
            If there is no such kind, or plans are to be drawn but unknown or what is compared.
        """
        if kind not in KINDS:
            raise ArgumentError(f"resample={kind!r}: allowed are {', '.join(KINDS)}.")
        if kind == "plans" and (by == "plan" or "plan" not in counts.docs):
            raise ArgumentError("resample='plans' draws the plans of each place; with by='plan' give 'items', and docs must have a `plan`.")
        owner = pd.Index(plans.docs[by]).get_indexer(counts.docs[by])
        key = counts.docs["plan"].astype("str").fillna("").to_numpy() if kind == "plans" else np.arange(len(owner))
        unit = pd.DataFrame({"owner": owner, "key": key}).groupby(["owner", "key"], sort=True).ngroup().to_numpy()
        owner_of_unit = pd.Series(owner).groupby(unit).first().to_numpy()
        depth = usual_depth(np.asarray(plans.X.sum(axis=1)).ravel())
        return cls(counts.X, plans, owner, unit, owner_of_unit, kind, measure, depth)

    @property
    def n_drawn(self) -> np.ndarray:
        """How many units each row has to draw from (of terms: all)."""
        if self.kind == "terms":
            return np.array([self.items.shape[1]])
        return np.bincount(self.owner_of_unit, minlength=self.plans.shape[0])

    def once(self, seed: int) -> TermMatrix:
        """Draw once, with replacement."""
        rng = np.random.default_rng(seed)
        if self.kind == "terms":
            columns = np.sort(rng.integers(self.items.shape[1], size=self.items.shape[1]))
            return replace(self.plans, X=self.plans.X[:, columns], terms=pd.Index([f"{n:07d}" for n in range(len(columns))]))
        times = np.zeros(len(self.owner_of_unit), dtype=np.int64)
        for row in range(self.plans.shape[0]):
            own = np.flatnonzero(self.owner_of_unit == row)
            times[own] = np.bincount(rng.integers(len(own), size=len(own)), minlength=len(own))
        weight = times[self.unit]
        drawn = np.flatnonzero(weight)
        adder = csr_array((weight[drawn], (self.owner[drawn], drawn)), shape=(self.plans.shape[0], len(self.owner)))
        return replace(self.plans, X=csr_array(adder @ self.items))

    def likeness(self, plans: TermMatrix) -> np.ndarray:
        """Compare rows, each with each."""
        if self.measure != "rarefied":
            return similarity(plans, measure=self.measure).to_numpy()
        vectors = Rarefied.of(plans.X, depth=self.depth).vectors
        alike = np.round((vectors @ vectors.T).toarray(), 12)
        np.fill_diagonal(alike, 1.0)
        return alike
