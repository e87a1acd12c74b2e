"""Shares of topics plan by plan: what every interval over plans is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, FrameError

WEIGHTS = ("units", "chars")
UNCOVERED = "uncovered"


def check_shares(topics: Any, weight: str, interval: float) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Give docs, shares with a last column for units that no topic covers, and the weight of each unit."""
    if not hasattr(topics, "shares") or not hasattr(topics, "docs"):
        raise ArgumentError(f"topics is a {type(topics).__name__}; give `Topics`, or the counts of a codebook's themes.")
    if weight not in WEIGHTS:
        raise ArgumentError(f"weight={weight!r} is not allowed; give 'units' or 'chars'.")
    if not 0 < interval < 1:
        raise ArgumentError(f"interval={interval!r} must lie between 0 and 1, such as 0.95.")
    docs, shares = topics.docs, topics.shares
    for column in ("plan", *(["n_chars"] if weight == "chars" else [])):
        if column not in docs:
            raise FrameError(f"topics.docs has no column {column}; it has {', '.join(map(str, docs.columns))}.")
    if not shares.index.equals(docs.index):
        raise FrameError(f"topics.shares must have the {len(docs)} rows of topics.docs in the same order, but has {len(shares)} rows.")
    values = shares.to_numpy(dtype=float)
    with_rest = pd.DataFrame(values, index=docs.index, columns=list(shares.columns))
    with_rest[UNCOVERED] = (values.sum(axis=1) <= 0).astype(float)
    unit_weight = np.ones(len(docs)) if weight == "units" else docs["n_chars"].to_numpy(dtype=float)
    return docs, with_rest, unit_weight


def label_of(topics: Any, topic: Any) -> str:
    """Label of a topic, or its name where it has none."""
    return str(topics.labels[topic]) if hasattr(topics, "labels") else str(topic)


def stable_of(topics: Any, names: list[Any]) -> Any:
    """Whether each topic is stable, missing where that is not known."""
    if not hasattr(topics, "stability"):
        return pd.array([pd.NA] * len(names), dtype="boolean")
    return topics.stability.set_index("topic")["stable"].reindex(names).astype("boolean").array


def by_cell(shares: np.ndarray, weight: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Weighted mean of the rows of each cell, numbered from 0: cell × topic (missing where a cell has no weight)."""
    n = int(cell.max()) + 1
    total = np.bincount(cell, weights=weight, minlength=n)
    sums = np.zeros((n, shares.shape[1]))
    np.add.at(sums, cell, shares * weight[:, None])
    return np.divide(sums, total[:, None], out=np.full_like(sums, np.nan), where=total[:, None] > 0)


def repeated_places(docs: pd.DataFrame) -> bool:
    """Whether some place has several plans, so that plans are not independent of one another."""
    if "place" not in docs or docs["place"].isna().any() or (docs["place"].astype(str) == "").any():
        return False
    return bool((docs.groupby("place")["plan"].nunique() > 1).any())
