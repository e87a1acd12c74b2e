"""Stand-ins for a plan: as long, with the same mix of themes, of its year where possible, made of one other place's items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from policylab.comparison.rarefaction import Rarefied, weighted
from policylab.matrix import TermMatrix


@dataclass(frozen=True, eq=False)
class Items:
    """What stand-ins are drawn from: counts of items, and of each its tokens, place, year and theme (numbers; -1 is unknown)."""

    X: csr_array
    length: np.ndarray
    place: np.ndarray
    year: np.ndarray
    theme: np.ndarray

    @classmethod
    def of(cls, counts: TermMatrix, places: list[str], theme: pd.Series | None) -> Items:
        """Take the items of a term matrix; `places` numbers the places."""
        docs, n = counts.docs, counts.shape[0]
        number = {p: i for i, p in enumerate(places)}
        place = np.array([number.get(p, -1) for p in docs["place"]]) if "place" in docs else np.full(n, -1)
        year = docs["year"].astype("Float64").to_numpy(dtype=float, na_value=np.nan) if "year" in docs else np.full(n, np.nan)
        codes = np.zeros(n, dtype=int) if theme is None else pd.factorize(theme.reindex(docs.index).astype("str").fillna(""), sort=True)[0]
        return cls(counts.X, np.asarray(counts.X.sum(axis=1)).ravel(), place, year, codes)


def likeness_of_stand_ins(
    items: Items, mine: np.ndarray, cut: Rarefied, n_draws: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Compare stand-ins for the plan that has the rows `mine` with every plan.

    Each other place gives as many stand-ins as the next, at least `n_draws` together. All are cut as plans are.

    Returns
    -------
    ndarray (stand-in × plan), ndarray (stand-in)
        Likeness; number of the place that a stand-in is made of.
    """
    own = items.place[mine[0]]
    others = [p for p in np.unique(items.place) if p not in (-1, own)]
    rng = np.random.default_rng(seed)
    n = -(-n_draws // max(len(others), 1))
    year = items.year[mine[0]] if len(set(items.year[mine])) == 1 else np.nan
    distance = np.nan_to_num(np.abs(items.year - year), nan=0.0)
    wanted = pd.Series(items.length[mine]).groupby(items.theme[mine]).sum()
    drawn, chance = [], []
    for p in others:
        pool = np.flatnonzero((items.place == p) & (items.length > 0))
        drawn.append(_drawn(pool, items, distance, wanted, n, rng))
        chance += [min(1.0, cut.depth / max(1, min(items.length[pool].sum(), wanted.sum())))] * n
    if not drawn:
        return np.empty((0, cut.vectors.shape[0])), np.empty(0, dtype=int)
    vectors = weighted(csr_array(csr_array(vstack(drawn)) @ items.X), np.array(chance), cut.idf)
    return (vectors @ cut.vectors.T).toarray(), np.repeat(others, n)


def _drawn(pool: np.ndarray, items: Items, distance: np.ndarray, wanted: pd.Series, n: int, rng: np.random.Generator) -> csr_array:
    """Draw items of one place, those of the nearest years first, until they have the wanted tokens of each theme; fill up with others."""
    order = np.argsort(distance[pool] + rng.random((n, len(pool))), axis=1, kind="stable")
    drawn = pool[order]
    length, theme = items.length[drawn], items.theme[drawn]
    chosen = np.zeros(drawn.shape, dtype=bool)
    for t, tokens in wanted.items():
        chosen |= _first(np.where(theme == t, length, 0), tokens)
    lacking = wanted.sum() - np.where(chosen, length, 0).sum(axis=1, keepdims=True)
    chosen |= _first(np.where(chosen, 0, length), lacking)
    which, column = np.nonzero(chosen)
    return csr_array((np.ones(len(which), dtype=np.int64), (which, drawn[which, column])), shape=(n, len(items.length)))


def _first(size: np.ndarray, enough: np.ndarray | float) -> np.ndarray:
    """Tell which of the sizes, taken in order, bring their sum nearest to enough."""
    return (np.cumsum(size, axis=1) - size / 2 <= enough) & (size > 0)
