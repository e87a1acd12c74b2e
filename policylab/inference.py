"""Intervals and tests over plans or places: t, Welch, exact permutation, Benjamini–Hochberg."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import comb

import numpy as np
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
        """Smallest difference found with a power of .8 (Bloom 1995); missing where nothing varies."""
        found = (student_t.ppf((1 + level) / 2, self.df) + student_t.ppf(POWER, self.df)) * self.error
        return np.where(self.error > 0, np.minimum(found, 1), np.nan)


@dataclass(frozen=True)
class Level:
    """Mean of a group for each topic: estimate, standard error (missing for a single row) and degrees of freedom."""

    mean: np.ndarray
    error: np.ndarray
    df: int

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper end of the t interval; shares lie in 0–1."""
        half = student_t.ppf((1 + level) / 2, max(self.df, 1)) * self.error
        return np.clip(self.mean - half, 0, 1), np.clip(self.mean + half, 0, 1)


def mean_level(values: np.ndarray) -> Level:
    """Mean of the rows for each column."""
    n, mean = len(values), values.mean(axis=0)
    return Level(mean, values.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full_like(mean, np.nan), n - 1)


def ratio_level(values: np.ndarray, weight: np.ndarray) -> Level:
    """Weighted mean of the rows, its error by linearisation (Cochran 1977)."""
    n, total = len(values), weight.sum()
    mean = (values * weight[:, None]).sum(axis=0) / total
    if n < 2:
        return Level(mean, np.full_like(mean, np.nan), n - 1)
    return Level(mean, np.sqrt(n / (n - 1) * (((values - mean) * weight[:, None]) ** 2).sum(axis=0)) / total, n - 1)


def paired(differences: np.ndarray) -> Contrast:
    """One difference a row: t over rows; p from all changes of sign where rows are few."""
    n, mean = len(differences), differences.mean(axis=0)
    error = differences.std(axis=0, ddof=1) / np.sqrt(n)
    df = np.full(len(mean), n - 1.0)
    if 2**n > ARRANGEMENTS:
        return Contrast(mean, error, df, _two_sided(mean, error, df), "paired t")
    signs = np.array(list(product((1, -1), repeat=n)), dtype=float)
    all_means = np.abs(np.round(signs @ differences / n, 10))
    p = (all_means >= np.abs(np.round(mean, 10))).mean(axis=0)
    return Contrast(mean, error, df, p, f"exact sign changes ({2**n})", 2 / 2**n)


def welch(target: np.ndarray, reference: np.ndarray) -> Contrast:
    """Independent rows on two sides: Welch's t (1947); p from all rearrangements of t where rows are few (Janssen 1997)."""
    difference, error = _studentised(target, reference)
    n1, n2 = len(target), len(reference)
    part1, part2 = target.var(axis=0, ddof=1) / n1, reference.var(axis=0, ddof=1) / n2
    bottom = part1**2 / (n1 - 1) + part2**2 / (n2 - 1)
    df = np.divide((part1 + part2) ** 2, bottom, out=np.full_like(bottom, n1 + n2 - 2.0), where=bottom > 0)
    if comb(n1 + n2, n1) > ARRANGEMENTS:
        return Contrast(difference, error, df, _two_sided(difference, error, df), "Welch t")
    rows, observed = np.vstack([target, reference]), _statistic(difference, error)
    reached, n = np.zeros(rows.shape[1]), comb(n1 + n2, n1)
    for chosen in combinations(range(n1 + n2), n1):
        inside = np.zeros(n1 + n2, dtype=bool)
        inside[list(chosen)] = True
        reached += _statistic(*_studentised(rows[inside], rows[~inside])) >= observed
    return Contrast(difference, error, df, reached / n, f"exact permutation ({n})", (2 if n1 == n2 else 1) / n)


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Adjusted p-values that control the false discovery rate (Benjamini & Hochberg 1995).

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.04, 0.04]
    """
    order = np.argsort(p, kind="stable")
    ranked = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1)
    return q


def _studentised(target: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    error = np.sqrt(target.var(axis=0, ddof=1) / len(target) + reference.var(axis=0, ddof=1) / len(reference))
    return target.mean(axis=0) - reference.mean(axis=0), error


def _statistic(difference: np.ndarray, error: np.ndarray) -> np.ndarray:
    size = np.abs(difference)
    return np.round(np.where(error > 1e-12, size / np.maximum(error, 1e-12), np.where(size > 1e-12, np.inf, 0.0)), 8)


def _two_sided(difference: np.ndarray, error: np.ndarray, df: np.ndarray) -> np.ndarray:
    return 2 * student_t.sf(_statistic(difference, error), df)
