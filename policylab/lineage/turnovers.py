"""How much of the plans is new each year, and how much is dropped, with bounds for what the reader has to judge."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policylab.arguments import level
from policylab.errors import ArgumentError, FrameError
from policylab.inference import mean_level
from policylab.lineage.chains import CAME, FATES, LINKED, checked, ends_of
from policylab.lineage.letters import without_dates
from policylab.lineage.sections import later_titles
from policylab.lineage.sources import copied_ids, ids_of

BY = ("series", "place", "year", "section")
PAIR = ("series", "place", "year")  # two plans that were compared


def turnover(
    ledger: pd.DataFrame, *, by: str | list[str] = "year", interval: float = 0.95, origins: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Say how many items (条目) were kept, changed, dropped or added, by year, section, place or series.

    The shares are bounds: low as if all pairs left to the reader (review) were links, high as if none was. Turnover is that of
    Diamond (1969), (new + dropped) / (items before + items after).

    The bounds hold what is for review and nothing else. Pairs that score less than `review` count as new and dropped in both, although
    most of those read between .10 and .20 had gone on (Notes of `item_ledger`): with the default thresholds the lower bound is no
    floor. `item_ledger(items, review=0.10)` takes these pairs into the bounds, `ledger_range` shows what hangs on `link`.

    Where a year is missing, turnover is that between the years at hand, not of a year; the notes of `item_ledger` name such gaps.

    Where a row holds several pairs of plans (of several places, or years), the mean of their turnovers stands beside that of all items
    together, with a t interval. It is taken over places where there are several, for a place's years are not independent; of one place
    over its pairs of years. Its lower end is that of the lower bound, its upper end that of the upper bound, so that it holds both what
    pairs of plans vary by and what is left to the reader (Horowitz and Manski 2000).

    Parameters
    ----------
    ledger : DataFrame
        What `item_ledger` gave.
    by : str or list of str
        Of `year` (the later one of each comparison), `section`, `place`, `series`. An earlier item belongs to the later section that
        is its section's counterpart, dates left out of its title; items without a section are left out of a count by section.
    interval : float
        Level of the interval.
    origins : DataFrame, optional
        What `origins` gave for the same items: then those copied from above are not counted, on either side. What became of the others
        stays what the whole ledger says: an own item that is copied from above a year later went on. (A ledger of the items that
        `drop_copied` leaves would call it dropped.)

    Returns
    -------
    DataFrame
        The `by` columns; `n_before`, `n_after` (items of the earlier and later plans); of the later items `n_kept`, `n_revised`,
        `n_split`, `n_merged`, `n_review`, `n_new`, of the earlier ones `n_dropped` and `n_review_before`; then, from 0 to 1, `new_low`
        and `new_high` (share of later items that are new), `dropped_low`, `dropped_high` (share of earlier items), `turnover_low`,
        `turnover_high`. These are of all items together. Then `n_pairs` (pairs of plans; of a section, those that have it), the mean
        of their turnovers `turnover_mean_low`, `turnover_mean_high` (places, or pairs of years of one place, count alike), the
        interval `turnover_ci_low`, `turnover_ci_high`, and `interval_over` (`places` or `years of one place`); the interval is
        missing where there is one pair only.

    Raises
    ------
    ArgumentError
        If `by` is not among those, or `interval` does not lie between 0 and 1.
    FrameError
        If `ledger` or `origins` lacks columns, a status is missing or unknown, or `origins` has none of the ledger's items.

    References
    ----------
    Diamond, J. M. (1969), Avifaunal equilibria and species turnover rates on the Channel Islands of California, *PNAS* 64.
    Horowitz, J. L. and Manski, C. F. (2000), Nonparametric analysis of randomized experiments with missing covariate and outcome data,
    *JASA* 95.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame({"series": "要点", "place": "甲区", "year_before": 2023, "year_after": 2024,
    ...     "before_id": ["a#1", "a#2", None], "after_id": ["b#1", "b#2", "b#3"], "status": ["kept", "review", "new"]})
    >>> turnover(ledger)[["year", "n_before", "n_after", "n_kept", "turnover_low", "turnover_high"]].to_numpy().tolist()
    [[2024.0, 2.0, 3.0, 1.0, 0.2, 0.6]]
    """
    columns = [by] if isinstance(by, str) else list(by)
    strange = [c for c in columns if c not in BY]
    if strange or not columns:
        raise ArgumentError(f"by={by!r}: allowed are {', '.join(BY)}, or a list of them.")
    level(interval, name="interval")
    ledger = checked(ledger) if origins is None else _own(checked(ledger), origins)
    after, before = _items(ledger, "after", CAME), _items(ledger, "before", FATES)
    table = _with_bounds(_counts(after, before, columns))
    pairs = _with_bounds(_counts(after, before, [*columns, *(c for c in PAIR if c not in columns)]))
    return table.join(_means(pairs.reset_index(), columns, interval)).reset_index()


def _own(ledger: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """Take copied items out of a ledger, and leave the rows, which say what became of the others."""
    gone = copied_ids(origins)
    there = pd.concat([ledger["before_id"], ledger["after_id"]]).dropna()
    if len(origins) and len(there) and not there.isin(ids_of(origins)).any():
        raise FrameError(
            f"origins has none of the ledger's items, such as {there.iloc[0]!r}; give what `origins` returned for the items of the ledger."
        )
    ends = ends_of(ledger).drop_duplicates("node")["item_id"]
    several = ends[ends.isin(gone) & ends.duplicated()]
    if len(several):
        raise FrameError(
            f"origins calls {several.iloc[0]!r} copied, which several series of the ledger have; "
            "count each series by itself, with its own origins."
        )
    return ledger.assign(**{side: ledger[side].mask(ledger[side].isin(gone)) for side in ("before_id", "after_id")})


def _counts(after: pd.DataFrame, before: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Count the items of each group, and what became of them."""
    counts = {
        "n_before": _count(before, columns),
        "n_after": _count(after, columns),
        **{f"n_{s}": _count(after[after["status"] == s], columns) for s in (*LINKED, "review", "new")},
        "n_dropped": _count(before[before["status"] == "dropped"], columns),
        "n_review_before": _count(before[before["status"] == "review"], columns),
    }
    return pd.DataFrame(counts).fillna(0).astype(int).sort_index()


def _means(pairs: pd.DataFrame, columns: list[str], interval: float) -> pd.DataFrame:
    """Give the mean turnover of the pairs of plans in each group, over places where there are several, with its interval."""
    bounds = ["turnover_low", "turnover_high"]
    found = {}
    for key, group in pairs.groupby(columns, sort=True):
        several = group["place"].nunique() > 1
        values = group.groupby("place", sort=True)[bounds].mean() if several else group[bounds]
        mean = mean_level(values.to_numpy())
        low, high = (end[at] for at, end in enumerate(mean.interval(interval))) if len(values) > 1 else (np.nan, np.nan)
        over = pd.NA if len(values) < 2 else "places" if several else "years of one place"
        found[key if len(columns) > 1 else key[0]] = (len(group), *mean.mean, low, high, over)
    names = ["n_pairs", "turnover_mean_low", "turnover_mean_high", "turnover_ci_low", "turnover_ci_high", "interval_over"]
    index = pairs.set_index(columns).index.unique().sort_values()
    table = pd.DataFrame([found[key] for key in index], columns=names, index=index)
    return table.astype({"n_pairs": "int64", **dict.fromkeys(names[1:5], "float64"), "interval_over": "str"})


def _items(ledger: pd.DataFrame, side: str, order: tuple[str, ...]) -> pd.DataFrame:
    """Give one row for each item of one side: its firmest status, year, place, series and section (by its later name)."""
    rank = ledger["status"].map({s: n for n, s in enumerate(order)})
    rows = ledger.assign(rank=rank)[ledger[f"{side}_id"].notna()].sort_values("rank", kind="stable")
    rows = rows.drop_duplicates(["series", "place", f"year_{side}", f"{side}_id"]).assign(year=rows["year_after"])
    if f"section_{side}" not in rows:
        return rows.assign(section=pd.NA)
    if side == "after":
        return rows.assign(section=_undated(rows["section_after"]))
    comparison = ledger.groupby(["series", "place", "year_after"], sort=True).ngroup().to_numpy()
    later = pd.Series(later_titles(comparison, ledger["section_before"], ledger["section_after"]), index=ledger.index, dtype="str")
    return rows.assign(section=_undated(later[rows.index]))


def _undated(titles: pd.Series) -> pd.Series:
    """Take dates out of section titles, so that 2023年工作安排 and 2024年工作安排 are one."""
    return titles.map(lambda t: without_dates(t) or t, na_action="ignore")


def _count(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    return rows.groupby(columns, sort=True).size()


def _with_bounds(table: pd.DataFrame) -> pd.DataFrame:
    n_new, n_dropped = table["n_new"], table["n_dropped"]
    either = table["n_before"] + table["n_after"]
    unsure = table["n_review"], table["n_review_before"]
    shares = {
        "new_low": n_new / table["n_after"],
        "new_high": (n_new + unsure[0]) / table["n_after"],
        "dropped_low": n_dropped / table["n_before"],
        "dropped_high": (n_dropped + unsure[1]) / table["n_before"],
        "turnover_low": (n_new + n_dropped) / either,
        "turnover_high": (n_new + unsure[0] + n_dropped + unsure[1]) / either,
    }
    return table.assign(**shares)
