"""How much of the plans is about each topic, by group, with intervals over plans."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from policylab.plan_shares import UNCOVERED, check_shares, columns_of, groups_of, label_of, level_of_plans, stable_of


def topic_shares(topics: Any, *, by: str | list[str], weight: str = "units", interval: float = 0.95) -> pd.DataFrame:
    """Give the share of each topic in each group of plans, with an interval over plans.

    A group's share is the mean of its plans' shares (every plan counts alike), its interval a t interval over them: in simulations
    it held the truth as often as it says, which intervals over items did not. Where several places have several plans in a group,
    places are taken instead of plans, for a place's years are not independent. Of a single plan the interval is over its units: variation
    within this plan. Topics are taken as fitted: the intervals do not hold the error of assigning units to topics.

    Parameters
    ----------
    topics : Topics, TermMatrix or alike
        Whatever has `.shares` (row × topic) and `.docs` (with `plan`): the counts of a codebook's themes too.
    by : str or list of str
        Columns of `docs` that make the groups, such as `year` or `["place", "year"]`; rows without a value are a group of their own.
    weight : {"units", "chars"}
        Units count alike, or by their characters.
    interval : float
        Level of the interval.

    Returns
    -------
    DataFrame
        Within each group the topics with the largest share of all plans first. The `by` columns, `topic, label, share` (0–1), `low,
        high, n_plans, n_units, stable, uncovered` (share of the group's units that
        no topic covers; the shares and it sum to 1), `interval_over`: places, plans, years of one place, units of one plan; missing
        where there is a single unit.

    Raises
    ------
    ArgumentError
        If an argument is not allowed.
    FrameError
        If `docs` lacks `plan`, or `n_chars` where characters weigh.

    Examples
    --------
    >>> import types
    >>> import pandas as pd
    >>> docs = pd.DataFrame({"plan": ["甲-2024", "甲-2024", "乙-2024", "乙-2024"], "year": 2024})
    >>> themes = types.SimpleNamespace(docs=docs, shares=pd.DataFrame({"教育": [1, 0, 1, 1], "卫生": [0, 1, 0, 0]}))
    >>> topic_shares(themes, by="year")[["topic", "share", "low", "high", "n_plans"]].round(2).values.tolist()
    [['教育', 0.75, 0.0, 1.0, 2], ['卫生', 0.25, 0.0, 1.0, 2]]
    """
    docs, shares, unit_weight = check_shares(topics, weight, interval)
    columns = columns_of(docs, by)
    names = _largest_first(shares, unit_weight)
    labels, stable = [label_of(topics, name) for name in names], stable_of(topics, names)
    shares = shares[[*names, UNCOVERED]]
    tables = []
    for key, rows in groups_of(docs, columns):
        level, over = level_of_plans(docs.iloc[rows], shares.to_numpy()[rows], unit_weight[rows])
        share, (low, high) = level.mean, level.interval(interval)
        table = pd.DataFrame({"topic": names, "label": labels, "share": share[:-1], "low": low[:-1], "high": high[:-1]})
        table = table.assign(n_plans=docs["plan"].iloc[rows].nunique(), n_units=len(rows), stable=stable, uncovered=share[-1])
        table["interval_over"] = pd.array([over] * len(table), dtype="str")
        for at, (column, value) in enumerate(zip(columns, key, strict=True)):
            table.insert(at, column, pd.array([value] * len(table), dtype=docs[column].dtype))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _largest_first(shares: pd.DataFrame, weight: np.ndarray) -> list[Any]:
    total = np.round(weight @ shares.to_numpy(), 10)
    ranked = sorted(zip(-total, range(shares.shape[1]), shares.columns, strict=True), key=lambda t: t[:2])
    return [name for _, _, name in ranked if name != UNCOVERED]
