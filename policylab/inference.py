"""Intervals and tests over plans or places: t, Welch, exact permutation, Benjamini–Hochberg."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import comb

import numpy as np
from scipy.stats import beta
from scipy.stats import t as student_t

ARRANGEMENTS = 5000  # up to so many, all are gone through
POWER = 0.8


@dataclass(frozen=True)
class Contrast:
    """Difference of two groups for each topic: estimate, standard error, degrees of freedom, p, how p was found and the least it can be."""

    difference: np.ndarray
    error: np.ndarray
    df: np.ndarray
    p: np.ndarray
    test: str
    smallest_p: float = 0.0

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper end; shares differ by at most 1."""
        half = student_t.ppf((1 + level) / 2, self.df) * self.error
        return np.maximum(self.difference - half, -1), np.minimum(self.difference + half, 1)

    def detectable(self, level: float) -> np.ndarray:
        """Smallest difference whose interval leaves out 0 with a power of .8 (Bloom 1995); missing where nothing varies."""
        found = (student_t.ppf((1 + level) / 2, self.df) + student_t.ppf(POWER, self.df)) * self.error
        return np.where(self.error > 0, np.minimum(found, 1), np.nan)


@dataclass(frozen=True)
class Level:
    """Mean of a group for each topic: estimate, standard error (missing for a single row) and degrees of freedom."""

    mean: np.ndarray
    error: np.ndarray
    df: np.ndarray

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper end of the t interval; shares lie in 0–1."""
        half = student_t.ppf((1 + level) / 2, self.df) * self.error
        return np.clip(self.mean - half, 0, 1), np.clip(self.mean + half, 0, 1)


def mean_level(values: np.ndarray, noise: np.ndarray | None = None) -> Level:
    """Mean of the rows for each column.

    `noise` (row × column) is how much of each row's variance counting alone gives: the error is never less than it makes, which rows that
    happen to agree would suggest.
    """
    n, mean = len(values), values.mean(axis=0)
    if n < 2:
        return Level(mean, np.full_like(mean, np.nan), np.full_like(mean, 1.0))
    estimated = values.var(axis=0, ddof=1) / n
    variance = np.maximum(estimated, _floor(noise, n))
    return Level(mean, np.sqrt(variance), _satterthwaite(variance, [(estimated, n - 1)]))


def ratio_level(values: np.ndarray, weight: np.ndarray) -> Level:
    """Weighted mean of the rows, its error by linearisation (Cochran 1977), with one row more that differs wholly (Laplace's rule)."""
    n, total = len(values), weight.sum()
    mean = (values * weight[:, None]).sum(axis=0) / total
    if n < 2:
        return Level(mean, np.full_like(mean, np.nan), np.full_like(mean, 1.0))
    squares = (((values - mean) * weight[:, None]) ** 2).sum(axis=0) + weight.mean() ** 2
    return Level(mean, np.sqrt(n / (n - 1) * squares) / total, np.full_like(mean, n - 1.0))


def exact_ends(hits: np.ndarray, n: np.ndarray | int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper end of the exact interval of a share, `hits` of n independent units (Clopper & Pearson 1934).

    Examples
    --------
    >>> low, high = exact_ends(np.array([0, 3]), 3, 0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.292], [0.708, 1.0])
    """
    tail = (1 - level) / 2
    low, high = beta.ppf(tail, hits, n - hits + 1), beta.ppf(1 - tail, hits + 1, n - hits)
    return np.where(hits <= 0, 0.0, low), np.where(hits >= n, 1.0, high)


def paired(differences: np.ndarray, noise: np.ndarray | None = None) -> Contrast:
    """One difference a row: t over rows; p from all changes of sign where rows are few."""
    n, mean = len(differences), differences.mean(axis=0)
    estimated = differences.var(axis=0, ddof=1) / n
    variance = np.maximum(estimated, _floor(noise, n))
    error, df = np.sqrt(variance), _satterthwaite(variance, [(estimated, n - 1)])
    if 2**n > ARRANGEMENTS:
        return Contrast(mean, error, df, _two_sided(mean, error, df), "paired t")
    signs = np.array(list(product((1, -1), repeat=n)), dtype=float)
    all_means = np.abs(np.round(signs @ differences / n, 10))
    p = (all_means >= np.abs(np.round(mean, 10))).mean(axis=0)
    return Contrast(mean, error, df, p, f"exact sign changes ({2**n})", 2 / 2**n)


def welch(
    target: np.ndarray, reference: np.ndarray, target_noise: np.ndarray | None = None, reference_noise: np.ndarray | None = None
) -> Contrast:
    """Independent rows on two sides: Welch's t (1947); p from all rearrangements of t where rows are few (Janssen 1997)."""
    n1, n2 = len(target), len(reference)
    difference = target.mean(axis=0) - reference.mean(axis=0)
    estimated = [side.var(axis=0, ddof=1) / len(side) for side in (target, reference)]
    floors = [_floor(target_noise, n1), _floor(reference_noise, n2)]
    variance = sum(np.maximum(own, floor) for own, floor in zip(estimated, floors, strict=True))
    error, df = np.sqrt(variance), _satterthwaite(variance, [(estimated[0], n1 - 1), (estimated[1], n2 - 1)])
    if comb(n1 + n2, n1) > ARRANGEMENTS:
        return Contrast(difference, error, df, _two_sided(difference, error, df), "Welch t")
    rows, observed = np.vstack([target, reference]), _statistic(*_studentised(target, reference))
    reached, n = np.zeros(rows.shape[1]), comb(n1 + n2, n1)
    for chosen in combinations(range(n1 + n2), n1):
        inside = np.zeros(n1 + n2, dtype=bool)
        inside[list(chosen)] = True
        reached += _statistic(*_studentised(rows[inside], rows[~inside])) >= observed
    return Contrast(difference, error, df, reached / n, f"exact permutation ({n})", (2 if n1 == n2 else 1) / n)


def _floor(noise: np.ndarray | None, n: int) -> np.ndarray | float:
    return 0.0 if noise is None else noise.sum(axis=0) / n**2


def _satterthwaite(variance: np.ndarray, parts: list[tuple[np.ndarray, int]]) -> np.ndarray:
    """Degrees of freedom of a variance of which the parts were estimated (Satterthwaite 1946); what counting gives is known."""
    bottom = sum(part**2 / df for part, df in parts)
    return np.divide(variance**2, bottom, out=np.full_like(variance, float(sum(df for _, df in parts))), where=bottom > 0)


def _studentised(target: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    error = np.sqrt(target.var(axis=0, ddof=1) / len(target) + reference.var(axis=0, ddof=1) / len(reference))
    return target.mean(axis=0) - reference.mean(axis=0), error


def _statistic(difference: np.ndarray, error: np.ndarray) -> np.ndarray:
    size = np.abs(difference)
    return np.round(np.where(error > 1e-12, size / np.maximum(error, 1e-12), np.where(size > 1e-12, np.inf, 0.0)), 8)


def _two_sided(difference: np.ndarray, error: np.ndarray, df: np.ndarray) -> np.ndarray:
    return 2 * student_t.sf(_statistic(difference, error), df)
