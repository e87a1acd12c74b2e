"""Shares of topics plan by plan: what every interval over plans is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.inference import Contrast, Level, mean_level, paired, ratio_level, welch

WEIGHTS = ("units", "chars")
UNCOVERED = "uncovered"
Plans = tuple[pd.DataFrame, np.ndarray]  # labels of plans and their shares, row by row


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


def columns_of(docs: pd.DataFrame, by: str | list[str]) -> list[str]:
    """Give the columns that make groups, all of them in `docs`."""
    columns = [by] if isinstance(by, str) else list(by)
    absent = [c for c in columns if c not in docs]
    if absent or not columns:
        raise ArgumentError(f"by={by!r}: docs has no column {absent[0] if absent else ''!r}; it has {', '.join(map(str, docs.columns))}.")
    return columns


def groups_of(docs: pd.DataFrame, columns: list[str]) -> list[tuple[tuple[Any, ...], np.ndarray]]:
    """Give the values that make each group, and its rows."""
    number = docs.groupby(columns, sort=True, observed=True, dropna=False).ngroup().to_numpy()
    rows = [np.flatnonzero(number == g) for g in np.unique(number)]
    return [(tuple(docs[c].iloc[r[0]] for c in columns), r) for r in rows]


def level_of_plans(docs: pd.DataFrame, shares: np.ndarray, weight: np.ndarray) -> tuple[Level, Any]:
    """Mean of the plans' shares in one group, and over what its error is taken."""
    plan = pd.factorize(docs["plan"], use_na_sentinel=False)[0]
    if plan.max() == 0:
        if weight.sum() <= 0:
            weight = np.ones(len(weight))
        return ratio_level(shares, weight), ("units of one plan" if len(docs) > 1 else pd.NA)
    labels, means = plan_table(docs, shares, weight)
    if not repeated_places(labels):
        return mean_level(means), "plans"
    place = pd.factorize(labels["place"])[0]
    if place.max() == 0:
        return mean_level(means), "years of one place"
    return mean_level(by_cell(means, np.ones(len(means)), place)), "places"


def plan_table(docs: pd.DataFrame, shares: np.ndarray, weight: np.ndarray) -> Plans:
    """Labels and topic shares of each plan on one side; plans without any weight are left out."""
    plan = pd.factorize(docs["plan"], use_na_sentinel=False)[0]
    means = by_cell(shares, weight, plan)
    good = ~np.isnan(means).any(axis=1)
    columns = [c for c in ("plan", "place", "year") if c in docs]
    return docs.iloc[np.unique(plan, return_index=True)[1]][columns][good].reset_index(drop=True), means[good]


def refuse_few_plans(**sides: Plans) -> None:
    """Refuse a contrast in which a side has fewer than two plans."""
    for name, (labels, _) in sides.items():
        if len(labels) < 2:
            raise TooFewPlansError(
                f"{name} has {len(labels)} plan; a difference needs at least two plans on each side, since one plan cannot show "
                "how much plans differ anyway. Describe it with `topic_shares`, or widen the group (more places or years)."
            )


def contrast_plans(target: Plans, reference: Plans, repeated: bool) -> tuple[Contrast, str]:
    """Choose what is independent of what, and compare."""
    key = "place" if repeated else "plan"
    a, b = _means_by(target, key), _means_by(reference, key)
    both = a.index.intersection(b.index).sort_values()
    if len(both) >= 2:
        return paired((a.loc[both] - b.loc[both]).to_numpy()), f"within {key}s"
    if not len(both) and min(len(a), len(b)) >= 2:
        return welch(a.to_numpy(), b.to_numpy()), f"{key}s"
    if "year" in target[0] and not (target[0]["year"].isna().any() or reference[0]["year"].isna().any()):
        a, b = _means_by(target, "year"), _means_by(reference, "year")
        years = a.index.intersection(b.index).sort_values()
        if len(years) >= 2:
            return paired((a.loc[years] - b.loc[years]).to_numpy()), "within years"
    return welch(target[1], reference[1]), "years of few places" if repeated else "plans"


def _means_by(plans: Plans, key: str) -> pd.DataFrame:
    return pd.DataFrame(plans[1]).groupby(plans[0][key].to_numpy(), sort=True).mean()
