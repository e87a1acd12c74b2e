"""Whether topics come back when they are fitted again on part of the plans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

N_TERMS = 10
STABLE = 6 / 14  # on average six of ten top terms return: the overlap of two lists of ten that share six


def matched(components: np.ndarray, refitted: np.ndarray) -> np.ndarray:
    """For each topic the topic of a refit that matches it, so that the sum of cosines is largest (Hungarian method)."""
    return linear_sum_assignment(-np.round(components @ refitted.T, 10))[1]


def overlaps(components: np.ndarray, refits: Sequence[np.ndarray]) -> np.ndarray:
    """Jaccard overlap of each topic's ten top terms with those of its match: refit × topic."""
    own = [_top(row) for row in components]
    return np.array(
        [[len(a & b) / max(len(a | b), 1) for a, b in zip(own, map(_top, H[matched(components, H)]), strict=True)] for H in refits]
    )


def topic_stability(components: np.ndarray, refits: Sequence[np.ndarray], topics: pd.Index) -> pd.DataFrame:
    """Mean Jaccard overlap of each topic's ten top terms with those of its match (Greene, O'Callaghan & Cunningham 2014)."""
    jaccard = np.round(overlaps(components, refits).mean(axis=0), 10) if len(refits) else np.full(len(topics), np.nan)
    jaccard[[not _top(row) for row in components]] = np.nan
    stable = pd.array([pd.NA if np.isnan(j) else bool(j >= STABLE - 1e-9) for j in jaccard], dtype="boolean")
    return pd.DataFrame({"topic": topics.to_numpy(), "jaccard": jaccard, "stable": stable}).astype({"topic": "str"})


def _top(weights: np.ndarray) -> set[int]:
    values = np.round(weights, 10)
    order = np.lexsort((np.arange(len(values)), -values))[:N_TERMS]
    return set(order[values[order] > 0].tolist())
