"""Permutation tests of two sides of plans: who may change places with whom, and how often the observed difference is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

_EXACT = 20_000
_STAGES = ((9_999, 0.01), (99_999, 0.0))  # random permutations, and the p up to which more of them follow
_BATCH, _CELLS = 2_000, 4_000_000

Statistic = Callable[[np.ndarray, slice | np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Design:
    """Which rows change sides together (`unit`, a number for each row), each unit's `side`, and the `strata` within which sides change.

    `clustered` tells whether a place's plans on one side change sides together; `paired` how many places are on both sides; `rest` whether
    the first stratum is that of the places on one side only.
    """

    unit: np.ndarray
    side: np.ndarray
    strata: tuple[np.ndarray, ...]
    clustered: bool
    paired: int
    rest: bool

    @classmethod
    def of(cls, plans: pd.DataFrame) -> Design:
        """Make the design from `place` and `side` (1 target, 0 reference) of each plan.

        Places on both sides are strata of their own; all others are one stratum, in which places with several plans on a side are one unit
        each where both sides have two places at least.

        Examples
        --------
        >>> design = Design.of(pd.DataFrame({"place": ["甲", "甲", "乙", "乙"], "side": [1, 0, 1, 0]}))
        >>> design.n_permutations, design.smallest_p
        (4, 0.5)
        """
        place, side = plans["place"].to_numpy(), plans["side"].to_numpy()
        n_sides = plans.groupby("place")["side"].transform("nunique").to_numpy()
        rest = n_sides == 1
        few = min((plans[rest & (side == s)]["place"].nunique() for s in (0, 1)), default=0)
        clustered = bool(few >= 2 and plans[rest].duplicated(["place", "side"]).any())
        key = [(p, str(i) if not (r and clustered) else "") for i, (p, r) in enumerate(zip(place, rest, strict=True))]
        unit, _ = pd.factorize(pd.MultiIndex.from_tuples(key))
        first = pd.Series(np.arange(len(unit))).groupby(unit).first().to_numpy()
        stratum = np.where(rest, "", place)[first]
        strata = {s: np.flatnonzero((stratum == s) & (rest[first] == (s == ""))) for s in sorted(set(stratum))}
        sides = side[first]
        mixed = {s: units for s, units in strata.items() if len(set(sides[units])) == 2}
        return cls(unit, sides, tuple(mixed.values()), clustered, len(set(place[~rest])), "" in mixed)

    @property
    def tested(self) -> np.ndarray:
        """Which rows are in a stratum that has both sides, and so take part."""
        return np.isin(self.unit, np.concatenate(self.strata)) if self.strata else np.zeros(len(self.unit), dtype=bool)

    @property
    def n_permutations(self) -> int:
        """In how many ways the sides can be given out."""
        return prod(comb(len(units), int(self.side[units].sum())) for units in self.strata)

    @property
    def smallest_p(self) -> float:
        """The smallest two-sided p that the test can give."""
        return self.least_p(_STAGES[-1][0])

    def least_p(self, n: int) -> float:
        """Give the smallest two-sided p that n random permutations, or all there are, can give."""
        if not self.strata:
            return 1.0
        balanced = all(2 * self.side[units].sum() == len(units) for units in self.strata)
        exact = (2 if balanced else 1) / self.n_permutations
        return exact if self.n_permutations <= _EXACT else max(exact, 1 / (n + 1))


def permutation_p(X: csr_array | np.ndarray, size: np.ndarray, design: Design, *, seed: int = 0) -> np.ndarray:
    """Give the two-sided p of each column: how often permuted sides differ as much in the square root of their rates.

    Parameters
    ----------
    X : array (rows × columns)
        Counts.
    size : array (rows)
        Lengths that the counts are rates of.
    design : Design
        Who changes sides with whom. The difference is taken within strata and averaged with the weights of Mantel and Haenszel (1959).
    seed : int
        For the random permutations where there are more than 20,000.

    Returns
    -------
    ndarray
        p of each column, observed order included; 1 where nothing can change sides.
    """
    X = X.toarray() if hasattr(X, "toarray") else np.asarray(X)
    if not design.strata:
        return np.ones(X.shape[1])
    n = len(design.side)
    counts, sizes = np.zeros((n, X.shape[1])), np.zeros(n)
    np.add.at(counts, design.unit, X)
    np.add.at(sizes, design.unit, size)
    return reached_p(lambda sides, columns: _difference(sides, counts[:, columns], sizes, design), X.shape[1], design, seed=seed)


def reached_p(
    statistic: Statistic, n_columns: int, design: Design, *, seed: int = 0, stages: Sequence[tuple[int, float]] = _STAGES
) -> np.ndarray:
    """Give how often permuted sides reach the observed size of any statistic, for each column: all permutations where they are few.

    Parameters
    ----------
    statistic : callable
        Takes sides (permutation × unit, 1 target, 0 reference) and the columns wanted, gives the statistic (permutation × column).
    n_columns : int
        How many columns there are.
    design : Design
        Who changes sides with whom.
    seed : int
        For the random permutations where there are more than 20,000.
    stages : sequence of (int, float)
        How many random permutations, and the p up to which a column goes on to the next stage.

    Returns
    -------
    ndarray
        p of each column (two-sided), observed order included (Phipson & Smyth 2010).
    """
    everything = np.arange(n_columns)
    observed = statistic(design.side[None, :].astype(float), slice(None))[0]
    if design.n_permutations <= _EXACT:
        return _exceeded(_all(design), statistic, everything, observed) / design.n_permutations
    rng, p, again = np.random.default_rng(seed), np.ones(n_columns), everything
    for n, uncertain in stages:
        if len(again):
            p[again] = (1 + _exceeded(_some(design, n, rng), statistic, again, observed)) / (n + 1)
            again = again[p[again] <= uncertain]
    return p


def _difference(sides: np.ndarray, counts: np.ndarray, sizes: np.ndarray, design: Design) -> np.ndarray:
    """Difference of the sides' square-root rates for each permutation (row) and column."""
    total, weights = np.zeros((len(sides), counts.shape[1])), np.zeros((len(sides), 1))
    for units in design.strata:
        chosen = sides[:, units]
        x, n = chosen @ counts[units], (chosen @ sizes[units])[:, None]
        other, rest = counts[units].sum(axis=0) - x, sizes[units].sum() - n
        weight = n * rest / (n + rest)
        total += weight * (np.sqrt(x / n) - np.sqrt(other / rest))
        weights += weight
    return total / weights


def _exceeded(batches: Iterator[np.ndarray], statistic: Statistic, columns: np.ndarray, observed: np.ndarray) -> np.ndarray:
    n, least = np.zeros(len(columns)), np.abs(observed[columns]) - 1e-12
    for sides in batches:
        step = max(1, _CELLS // len(sides))  # columns at a time, so that memory stays small
        for start in range(0, len(columns), step):
            some = slice(start, start + step)
            n[some] += (np.abs(statistic(sides, columns[some])) >= least[some]).sum(axis=0)
    return n


def _all(design: Design) -> Iterator[np.ndarray]:
    choices = [list(combinations(units, int(design.side[units].sum()))) for units in design.strata]
    batch: list[np.ndarray] = []
    for chosen in product(*choices):
        row = np.zeros(len(design.side))
        for units in chosen:
            row[list(units)] = 1
        batch.append(row)
        if len(batch) == _BATCH:
            yield np.array(batch)
            batch = []
    if batch:
        yield np.array(batch)


def _some(design: Design, n: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    for start in range(0, n, _BATCH):
        rows = min(_BATCH, n - start)
        sides = np.zeros((rows, len(design.side)))
        for units in design.strata:
            order = rng.random((rows, len(units))).argsort(axis=1)[:, : int(design.side[units].sum())]
            np.put_along_axis(sides, units[order], 1, axis=1)
        yield sides
