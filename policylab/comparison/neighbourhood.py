"""How near each plan is to its neighbours in time and place: last year's, other places', the upper level's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policylab.arguments import each_pair_once
from policylab.errors import ArgumentError, FrameError

ENDS = ("null_low", "null_high", "random_low", "random_high")
RELATIONS = ("previous year", "other places", "nearest place", "upper level")
UNKNOWN = "地区或年份不明。 Place or year unknown."
NO_PREVIOUS = "没有本地上一年的计划。 No plan of this place the year before."
NO_OTHERS = "没有同年的其他地区。 No other place has a plan of this year."
NO_PARENT = "不知上级。 Upper level unknown."
NO_UPPER = "没有上级当年的计划。 No plan of the upper level this year."
SEVERAL = "有{0}份，取均值。 {0} plans: their mean."
TOO_SHORT = "篇幅不足以比较。 Too short to compare."


def neighbours(pairs: pd.DataFrame, *, documents: pd.DataFrame, value: str = "rarefied") -> pd.DataFrame:
    """Tell of each plan how alike it is to the same place's previous year, to other places of its year, and to the upper level's plan.

    Parameters
    ----------
    pairs : DataFrame
        What `compare_plans` returns (by plan), or the rows of one version of what `compare_without` returns.
    documents : DataFrame
        `plan, place, year`, and where known `series` and `parent`, as ``plans.documents`` has them.
    value : str
        The column of `pairs` to read: `rarefied`, at equal length, or `similarity`.

    Returns
    -------
    DataFrame
        Four rows for each plan, by place and year: `plan, place, year`; `relation`: ``previous year`` (same place and series, the year
        before), ``other places`` (of the same year; the own upper level and those below are no peers and stay out), ``nearest place``
        (the most alike of these), ``upper level`` (the plan that `parent` has of the same year); `other` (the plan compared with; missing
        for a mean of several); `similarity`; `null_low, null_high` (of a pair: what length and boilerplate alone give; of a mean: the
        means of both ends, wider than the band of a mean would be; missing for whole plans, of which no null is known, and for the
        nearest, the largest of several); where `pairs` has them, `random_low, random_high`, in the same way; `n` (plans compared with);
        `note` (why it is missing, or of how many it is the mean).

    Raises
    ------
    FrameError
        If a column or the document of a plan is missing, or a pair stands in several rows.
    ArgumentError
        If `value` is no column of similarities.

    Examples
    --------
    >>> pairs = pd.DataFrame({"a": ["甲区-2023"], "b": ["甲区-2024"], "rarefied": [0.5], "null_low": [0.2], "null_high": [0.3]})
    >>> documents = pd.DataFrame({"plan": ["甲区-2023", "甲区-2024"], "place": "甲区", "year": [2023, 2024]})
    >>> found = neighbours(pairs, documents=documents)
    >>> found.loc[found["n"] > 0, ["plan", "relation", "other", "similarity"]].values.tolist()
    [['甲区-2024', 'previous year', '甲区-2023', 0.5]]
    """
    if value not in ("rarefied", "similarity"):
        raise ArgumentError(f"value={value!r}: allowed are rarefied, similarity.")
    for frame, name, needed in ((pairs, "pairs", ("a", "b", value)), (documents, "documents", ("plan", "place", "year"))):
        absent = [c for c in needed if c not in frame]
        if absent:
            raise FrameError(f"{name} has no column {absent[0]!r}; give what compare_plans returns, and plans.documents.")
    each_pair_once(pairs, name="pairs")
    plans = _plans(pairs, documents)
    likeness = _both_ways(pairs, value)
    rows = [row for plan in plans.itertuples() for row in _rows(plan, plans, likeness.get(str(plan.Index), likeness[""]))]
    kinds = {"plan": "str", "place": "str", "year": "Int64", "relation": "str", "other": "str", "n": "int64", "note": "str"}
    unknown = [c for c in ENDS if c.startswith("random") and c not in pairs]
    return pd.DataFrame(rows).astype(kinds).round(12).drop(columns=unknown)


def _plans(pairs: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    names = sorted({*pairs["a"], *pairs["b"]})
    known = documents.drop_duplicates("plan").set_index("plan")
    absent = [name for name in names if name not in known.index]
    if absent:
        raise FrameError(f"documents has no row for the plan {absent[0]!r}; give the documents of the plans that were compared.")
    plans = known.reindex(index=names, columns=["place", "year", "series", "parent"]).astype(object)
    return plans.where(plans.notna(), None).sort_values(["place", "year"], key=lambda c: c.astype("str"), kind="stable")


def _both_ways(pairs: pd.DataFrame, value: str) -> dict[str, pd.DataFrame]:
    """Give for each plan its pairs, labelled by the other plan; under "" the empty frame."""
    columns = [value, *(c for c in ENDS if c in pairs and value == "rarefied")]
    there = pairs.set_index("b")[["a", *columns]].rename(columns={"a": "self"})
    back = pairs.set_index("a")[["b", *columns]].rename(columns={"b": "self"})
    both = pd.concat([there, back]).rename(columns={value: "similarity"}).sort_index()
    both = both.reindex(columns=["self", "similarity", *ENDS])
    return {"": both.iloc[:0], **{str(name): own for name, own in both.groupby("self", sort=True)}}


def _rows(plan, plans: pd.DataFrame, likeness: pd.DataFrame) -> list[dict[str, object]]:
    base = {"plan": plan.Index, "place": plan.place, "year": plan.year}
    if plan.place is None or plan.year is None:
        return [base | {"relation": r} | _row(likeness.iloc[:0], UNKNOWN) for r in RELATIONS]
    same_year = plans.index[(plans["year"] == plan.year) & plans["place"].notna() & (plans["place"] != plan.place)]
    series = np.array([plan.series is None or s is None or s == plan.series for s in plans["series"]], dtype=bool)
    before = plans.index[(plans["place"] == plan.place) & (plans["year"] == plan.year - 1) & series]
    upper = same_year[(plans.loc[same_year, "place"] == plan.parent).to_numpy()] if plan.parent else same_year[:0]
    below = same_year[(plans.loc[same_year, "parent"] == plan.place).to_numpy()]
    same = same_year.difference(upper).difference(below)
    peers = _known(likeness, same)
    nearest = peers.sort_values("similarity", ascending=False, kind="stable").head(1).assign(**dict.fromkeys(ENDS, np.nan))
    why = [NO_PREVIOUS, NO_OTHERS, NO_OTHERS, NO_UPPER if plan.parent else NO_PARENT]
    found = [_known(likeness, before), peers, nearest, _known(likeness, upper)]
    asked = [len(before), len(same), len(same), len(upper)]
    notes = [TOO_SHORT if n else reason for n, reason in zip(asked, why, strict=True)]
    return [base | {"relation": r} | _row(f, note) for r, f, note in zip(RELATIONS, found, notes, strict=True)]


def _known(likeness: pd.DataFrame, others: pd.Index) -> pd.DataFrame:
    return likeness[likeness.index.isin(others) & likeness["similarity"].notna()]


def _row(found: pd.DataFrame, why_missing: str) -> dict[str, object]:
    """Give the mean of the pairs found; why there is none, or of how many it is."""
    n = len(found)
    means = {c: float(found[c].mean()) if n else np.nan for c in ("similarity", *ENDS)}
    return {
        "other": found.index[0] if n == 1 else None,
        **means,
        "n": n,
        "note": why_missing if not n else SEVERAL.format(n) if n > 1 else "",
    }
