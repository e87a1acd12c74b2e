"""How much of a theme goes on in another one: inclusion, what chance gives, and whether it comes back in drawn networks.

A theme is a row over the terms of the whole vocabulary, 1 where a term belongs to it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.stats import false_discovery_control, hypergeom

ALONE = 2  # terms that make a theme, and that two themes must share in a resample: one term alone is no flow


def members(groups: pd.Series, terms: list[str]) -> np.ndarray:
    """Give theme × term: the communities of two terms or more, in the order of their numbers."""
    number = groups.reindex(terms).fillna(0).to_numpy(dtype=np.int64)
    kept = [k for k in range(1, int(number.max(initial=0)) + 1) if (number == k).sum() >= ALONE]
    return (number == np.array(kept, dtype=np.int64)[:, None]).astype(float)


def shared(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give, for each pair of themes, the terms both have, their share of the smaller one (inclusion) and of either one (Jaccard)."""
    both = before @ after.T
    a, b = before.sum(axis=1)[:, None], after.sum(axis=1)[None, :]
    return both, both / np.minimum(a, b), both / (a + b - both)


def by_chance(before: np.ndarray, after: np.ndarray, common: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give each pair's mean inclusion if memberships were shuffled, and q of sharing as many terms (Benjamini & Hochberg 1995).

    Terms of both periods (`common`) are dealt to themes of the sizes that there are, so the terms that two share are hypergeometric.
    """
    both, _, _ = shared(before, after)
    n, a, b = int(common.sum()), before[:, common].sum(axis=1)[:, None], after[:, common].sum(axis=1)[None, :]
    mean = (a * b / max(n, 1)) / np.minimum(before.sum(axis=1)[:, None], after.sum(axis=1)[None, :])
    p = np.clip(hypergeom.sf(both - 1, n, a, b), 0, 1)
    q = false_discovery_control(np.round(p.ravel(), 12)).reshape(p.shape) if p.size else p
    return mean, q


def matched(themes: np.ndarray, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give each theme the drawn theme that matches it (-1 where none does), so that the sum of Jaccards is largest, and that Jaccard.

    One to one (Hungarian method): where two themes are one in a resample, only the more alike is found again.
    """
    alike = np.round(shared(themes, drawn)[2], 10)
    match, jaccard = np.full(len(themes), -1), np.zeros(len(themes))
    rows, columns = linear_sum_assignment(-alike)
    found = alike[rows, columns] > 0
    match[rows[found]], jaccard[rows[found]] = columns[found], alike[rows, columns][found]
    return match, jaccard


def held(before: np.ndarray, after: np.ndarray, least: float) -> np.ndarray:
    """Tell which pairs of themes share at least so much of the smaller one, and two terms."""
    both, inclusion, _ = shared(before, after)
    return (both >= ALONE) & (inclusion >= least - 1e-9)


def between(holds: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Take what holds between drawn themes over to the themes that they match; a theme not found again has no flow."""
    padded = np.zeros((holds.shape[0] + 1, holds.shape[1] + 1), dtype=bool)
    padded[:-1, :-1] = holds
    return padded[np.ix_(before, after)]
