"""Shares of topics plan by plan: what every interval over plans is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from policylab.arguments import level
from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.inference import Contrast, Level, mean_level, paired, ratio_level, welch

WEIGHTS = ("units", "chars")
UNCOVERED = "uncovered"
FLOOR = 0.25  # an error of less than half of what units drawn independently would give is taken for chance agreement


def check_shares(topics: Any, weight: str, interval: float) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Give docs, shares with a last column for units that no topic covers, and the weight of each unit."""
    if not hasattr(topics, "shares") or not hasattr(topics, "docs"):
        raise ArgumentError(f"topics is a {type(topics).__name__}; give `Topics`, or the counts of a codebook's themes.")
    if weight not in WEIGHTS:
        raise ArgumentError(f"weight={weight!r} is not allowed; give 'units' or 'chars'.")
    level(interval, name="interval")
    docs, shares = topics.docs, topics.shares
    for column in ("plan", *(["n_chars"] if weight == "chars" else [])):
        if column not in docs:
            raise FrameError(f"topics.docs has no column {column}; it has {', '.join(map(str, docs.columns))}.")
    if not shares.index.equals(docs.index):
        raise FrameError(f"topics.shares must have the {len(docs)} rows of topics.docs in the same order, but has {len(shares)} rows.")
    if UNCOVERED in shares:
        raise ArgumentError(f"a topic is named {UNCOVERED!r}, which is what units without any topic are called; name it otherwise.")
    values = shares.to_numpy(dtype=float)
    if np.isnan(values).any() or (weight == "chars" and docs["n_chars"].isna().any()):
        what = "topics.shares" if np.isnan(values).any() else "topics.docs.n_chars"
        raise FrameError(f"{what} has missing values; fill them, or leave those rows out.")
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
    """Whether some place has several plans, so that plans are not independent; a plan of no known place is a place of its own."""
    return "place" in docs and bool((docs.groupby(_place_of(docs))["plan"].nunique() > 1).any())


def _place_of(docs: pd.DataFrame) -> np.ndarray:
    place = docs["place"].astype("str").replace("", pd.NA) if "place" in docs else pd.Series(pd.NA, index=docs.index)
    return place.where(place.notna(), "plan " + docs["plan"].astype("str")).to_numpy(dtype=object)


def columns_of(docs: pd.DataFrame, by: str | list[str]) -> list[str]:
    """Give the columns that make groups, all of them in `docs`."""
    columns = [by] if isinstance(by, str) else list(by or [])
    absent = [c for c in columns if c not in docs]
    if len(set(columns)) < len(columns):
        raise ArgumentError(f"by={by!r} names a column twice.")
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
    plans = plan_table(docs, shares, weight)
    if not repeated_places(plans.labels):
        return mean_level(plans.means, plans.noise), "plans"
    if plans.labels["place"].nunique() == 1:
        return mean_level(plans.means, plans.noise), "years of one place"
    places = plans.by("place")
    return mean_level(places.means, places.noise), "places"


@dataclass(frozen=True)
class PlanMeans:
    """Labels, topic shares and counting noise (variance that the number of units alone gives a share) of each plan on one side."""

    labels: pd.DataFrame
    means: np.ndarray
    noise: np.ndarray

    def by(self, key: str) -> PlanMeans:
        """Give the means of the plans of each place or year, every plan counting alike; sorted by its name."""
        number, names = pd.factorize(self.labels[key].to_numpy(), sort=True)
        n = np.bincount(number)
        means, noise = (np.zeros((len(names), self.means.shape[1])) for _ in range(2))
        np.add.at(means, number, self.means / n[number][:, None])
        np.add.at(noise, number, self.noise / n[number][:, None] ** 2)
        return PlanMeans(pd.DataFrame({key: names}), means, noise)

    def only(self, rows: np.ndarray) -> PlanMeans:
        """Give some of the rows."""
        return PlanMeans(self.labels[rows].reset_index(drop=True), self.means[rows], self.noise[rows])


def plan_table(docs: pd.DataFrame, shares: np.ndarray, weight: np.ndarray) -> PlanMeans:
    """Labels, topic shares and counting noise of each plan on one side; plans without any weight are left out."""
    plan = pd.factorize(docs["plan"], use_na_sentinel=False)[0]
    means = by_cell(shares, weight, plan)
    good = ~np.isnan(means).any(axis=1)
    first = docs.iloc[np.unique(plan, return_index=True)[1]]
    columns = [c for c in ("plan", "year") if c in docs]
    labels = first[columns].assign(place=pd.array(_place_of(first), dtype="str"))
    n_units, n_plans = int((weight > 0).sum()), len(np.unique(plan[weight > 0]))
    within = (((shares - np.nan_to_num(means)[plan]) * (weight > 0)[:, None]) ** 2).sum(axis=0)
    spread = FLOOR * (within + 1) / n_units if n_units > n_plans else np.zeros(shares.shape[1])  # one unit more, wholly different
    total, squares = (np.bincount(plan, weights=w) for w in (weight, weight**2))
    noise = np.divide(squares, total**2, out=np.zeros_like(total), where=total > 0)[:, None] * spread
    return PlanMeans(labels[good].reset_index(drop=True), means[good], noise[good])


def refuse_few_plans(**sides: PlanMeans) -> None:
    """Refuse a contrast in which a side has fewer than two plans."""
    for name, plans in sides.items():
        if len(plans.labels) < 2:
            raise TooFewPlansError(
                f"{name} has {len(plans.labels)} plan; a difference needs at least two plans on each side, since one plan cannot show "
                "how much plans differ anyway. Describe it with `topic_shares`, or widen the group (more places or years)."
            )


@dataclass(frozen=True)
class Comparison:
    """A contrast of two sides, how it was estimated, and what of each side took part: mean shares and number of plans."""

    contrast: Contrast
    estimator: str
    share_target: np.ndarray
    share_reference: np.ndarray
    n_target: int
    n_reference: int
    n_plans: int


def contrast_plans(target: PlanMeans, reference: PlanMeans, repeated: bool) -> Comparison:
    """Choose what is independent of what, and compare.

    Differences are taken within places where at least half of the places of a side are on the other side, too; where fewer are, all are
    compared as if independent, which errs on the side of caution.
    """
    key = "place" if repeated else "plan"
    a, b = target.by(key), reference.by(key)
    both = sorted(set(a.labels[key]) & set(b.labels[key]))
    if len(both) >= 2 and 2 * len(both) >= min(len(a.labels), len(b.labels)):
        return _within(target, reference, key, both, f"within {key}s")
    if min(len(a.labels), len(b.labels)) >= 2:
        contrast = welch(a.means, b.means, a.noise, b.noise)
        means = a.means.mean(axis=0), b.means.mean(axis=0)
        return Comparison(contrast, f"{key}s", *means, *_numbers(target, reference))
    if "year" in target.labels and not (target.labels["year"].isna().any() or reference.labels["year"].isna().any()):
        years = sorted(set(target.labels["year"]) & set(reference.labels["year"]))
        if len(years) >= 2:
            return _within(target, reference, "year", years, "within years")
    contrast = welch(target.means, reference.means, target.noise, reference.noise)
    means = target.means.mean(axis=0), reference.means.mean(axis=0)
    return Comparison(contrast, "years of few places" if repeated else "plans", *means, *_numbers(target, reference))


def _within(target: PlanMeans, reference: PlanMeans, key: str, both: list[Any], name: str) -> Comparison:
    """Compare within what is on both sides; the rest takes no part."""
    used = [side.only(side.labels[key].isin(both).to_numpy()) for side in (target, reference)]
    a, b = (side.by(key) for side in used)
    contrast = paired(a.means - b.means, a.noise + b.noise)
    return Comparison(contrast, name, a.means.mean(axis=0), b.means.mean(axis=0), *_numbers(*used))


def _numbers(target: PlanMeans, reference: PlanMeans) -> tuple[int, int, int]:
    """How many plans the target has, the reference, and both."""
    plans = [set(side.labels["plan"]) for side in (target, reference)]
    return len(plans[0]), len(plans[1]), len(plans[0] | plans[1])
