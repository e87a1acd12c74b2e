"""How much of the plans is copied, adapted or their own, by place and year, with and without slogans and titles."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policylab.arguments import level
from policylab.errors import ArgumentError, FrameError
from policylab.inference import exact_ends
from policylab.lineage.sources import ORIGINS
from policylab.plan_shares import WEIGHTS, columns_of, groups_of, level_of_plans

COUNTING = {"all": ("origin", "copied_share"), "measures": ("measure_origin", "measure_share")}


def origin_shares(origins: pd.DataFrame, *, by: str | list[str], weight: str = "units", interval: float = 0.95) -> pd.DataFrame:
    """Give the share of copied, adapted and unmatched items (条目) in each group of plans, with an interval over plans or places.

    A group's share is the mean of its plans' shares, its interval a t interval over them, over places where places have several plans,
    over its units where it is a single plan (variation within this plan; exact where none or all of them are alike), as in
    `topic_shares`. Each share is
    given twice: `all` counts whatever stands above, `measures` leaves out titles of documents, quotations and slogans. The intervals
    do not hold the error of telling copied from own.

    Parameters
    ----------
    origins : DataFrame
        What `origins` gave.
    by : str or list of str
        Columns that make the groups: `place`, `year`, `plan`, or columns of your own.
    weight : {"units", "chars"}
        Units count alike, or by their characters.
    interval : float
        Level of the interval.

    Returns
    -------
    DataFrame
        A row for each group, way of counting and origin: the `by` columns, `counting` (all, measures), `origin` (copied, adapted,
        unmatched), `share` (0 to 1, the three sum to 1), `low`, `high`; then of the group `text_share`, `text_low`, `text_high` (share
        of the text that stands above: the mean of `copied_share` or `measure_share`), `n_plans`, `n_units`, `interval_over` (places,
        plans, years of one place, units of one plan; missing where there is a single unit).

    Raises
    ------
    ArgumentError
        If an argument is not allowed.
    FrameError
        If `origins` lacks columns.

    Examples
    --------
    >>> import pandas as pd
    >>> found = pd.DataFrame({"plan": ["甲-2024", "甲-2024", "乙-2024", "乙-2024"], "year": 2024, "n_chars": 50,
    ...     "origin": ["copied", "unmatched", "copied", "copied"], "copied_share": [1, 0, 1, 0.9],
    ...     "measure_origin": ["copied", "unmatched", "unmatched", "copied"], "measure_share": [1, 0, 0.1, 0.9]})
    >>> origin_shares(found, by="year").query("origin == 'copied'")[["counting", "share", "low", "high"]].to_numpy().tolist()
    [['all', 0.75, 0.0, 1.0], ['measures', 0.5, 0.0, 1.0]]
    """
    level(interval, name="interval")
    if weight not in WEIGHTS:
        raise ArgumentError(f"weight={weight!r} is not allowed; give 'units' or 'chars'.")
    needed = ["plan", *(c for pair in COUNTING.values() for c in pair), *(["n_chars"] if weight == "chars" else [])]
    missing = [c for c in needed if c not in origins]
    if missing:
        raise FrameError(f"origins has no column {missing[0]}; give what `origins(items, upstream=…)` returned.")
    columns = columns_of(origins, by)
    each = origins["n_chars"].to_numpy(dtype=float) if weight == "chars" else np.ones(len(origins))
    tables = [
        _of_group(origins.iloc[rows], each[rows], columns, key, counting, interval)
        for key, rows in groups_of(origins, columns)
        for counting in COUNTING
    ]
    return pd.concat(tables, ignore_index=True) if tables else _of_nothing(origins, columns)


def _of_group(
    rows: pd.DataFrame, weight: np.ndarray, columns: list[str], key: tuple[object, ...], counting: str, interval: float
) -> pd.DataFrame:
    origin, share = COUNTING[counting]
    values = np.column_stack([*(rows[origin].astype(str) == name for name in ORIGINS), rows[share]]).astype(float)
    mean, over = level_of_plans(rows, values, weight)
    low, high = mean.interval(interval)
    if over is not pd.NA and over == "units of one plan":
        share = values.mean(axis=0)
        none_or_all = (share <= 0) | (share >= 1)
        least, most = exact_ends(len(rows) * (share >= 1), len(rows), interval)
        low, high = np.where(none_or_all, least, low), np.where(none_or_all, most, high)
    table = pd.DataFrame({"counting": counting, "origin": pd.Categorical(ORIGINS, categories=ORIGINS)})
    table = table.assign(share=mean.mean[:-1], low=low[:-1], high=high[:-1], text_share=mean.mean[-1], text_low=low[-1], text_high=high[-1])
    table = table.assign(n_plans=rows["plan"].nunique(), n_units=len(rows), interval_over=pd.array([over] * len(table), dtype="str"))
    for at, (column, value) in enumerate(zip(columns, key, strict=True)):
        table.insert(at, column, pd.array([value] * len(table), dtype=rows[column].dtype))
    return table


def _of_nothing(origins: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    numbers = ["share", "low", "high", "text_share", "text_low", "text_high", "n_plans", "n_units"]
    empty = {**{c: origins[c] for c in columns}, "counting": "", "origin": "", **dict.fromkeys(numbers, 0.0), "interval_over": ""}
    return pd.DataFrame(empty, index=origins.index).iloc[:0]
