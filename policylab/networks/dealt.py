"""Periods of which nothing is to be told: the plans dealt anew to them, as if no year differed from another."""

from __future__ import annotations

from math import lgamma, log

import numpy as np
import pandas as pd

FEWEST = 20  # ways of dealing: with fewer, the plans as they are would be among any twenty worlds


def dealt(docs: pd.DataFrame, masks: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """Deal plans to the periods at random, as many to each as it has, those of a place among themselves.

    Places all of whose plans are of one period, and plans without a place, are dealt together: within each of them nothing could move.

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": ["甲-2023", "甲-2024", "乙-2023", "乙-2024"], "place": ["甲", "甲", "乙", "乙"]})
    >>> masks = {"2023": np.array([True, False] * 2), "2024": np.array([False, True] * 2)}
    >>> {name: mask.tolist() for name, mask in dealt(docs, masks, seed=3).items()}
    {'2023': [True, False, False, True], '2024': [False, True, True, False]}
    """
    unit, held = _held(docs, masks)
    rng = np.random.default_rng(seed)
    given = held["period"].to_numpy().copy()
    for among in _together(held):
        given[among] = rng.permutation(given[among])
    here = unit >= 0
    of_row = np.where(here, given[np.where(here, unit, 0)], -1)
    return {name: of_row == k for k, name in enumerate(masks)}


def ways(docs: pd.DataFrame, masks: dict[str, np.ndarray]) -> float:
    """Count the ways in which plans can be dealt to the periods.

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": ["甲-2023", "甲-2024", "乙-2023", "乙-2024"], "place": ["甲", "甲", "乙", "乙"]})
    >>> round(ways(docs, {"2023": np.array([True, False] * 2), "2024": np.array([False, True] * 2)}))
    4
    """
    _, held = _held(docs, masks)
    total = 0.0
    for among in _together(held):
        sizes = held["period"].iloc[among].value_counts()
        total += lgamma(len(among) + 1) - sum(lgamma(n + 1) for n in sizes)
    return float(np.exp(min(total, log(1e12))))


def _held(docs: pd.DataFrame, masks: dict[str, np.ndarray]) -> tuple[np.ndarray, pd.DataFrame]:
    """Give each row the number of its plan (-1 outside the periods), and the plans by name with their period and place."""
    period = np.full(len(docs), -1)
    for k, mask in enumerate(masks.values()):
        period[mask] = k
    place = docs["place"].astype("str").where(docs["place"].notna(), "").to_numpy() if "place" in docs else ""
    rows = pd.DataFrame({"plan": docs["plan"].astype("str").to_numpy(), "period": period, "place": place})
    held = rows[rows["period"] >= 0].drop_duplicates(["plan", "period"]).sort_values(["plan", "period"], ignore_index=True)
    number = pd.Series(np.arange(len(held)), index=pd.MultiIndex.from_frame(held[["plan", "period"]]))
    unit = number.reindex(pd.MultiIndex.from_frame(rows[["plan", "period"]])).fillna(-1).to_numpy(dtype=np.int64)
    return unit, held


def _together(held: pd.DataFrame) -> list[np.ndarray]:
    """Give the plans that are dealt among themselves: those of each place, and all of which a place says nothing."""
    several = held.groupby("place")["period"].transform("nunique") > 1
    group = held["place"].where(several & (held["place"] != ""), "")
    return [np.flatnonzero(group == name) for name in sorted(set(group))]
