"""The item ledger (台账): what became of each item from year to year."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from policylab.items import body
from policylab.lineage.grams import gram_matrix
from policylab.lineage.letters import letters, numbers_in
from policylab.lineage.matching import check_thresholds, side
from policylab.lineage.pairs import link_pairs
from policylab.lineage.sections import counterparts, section_numbers

STATUSES = ("kept", "revised", "split", "merged", "review", "new", "dropped")
COLUMNS = {
    "link_id": "str",
    "series": "str",
    "place": "str",
    "year_before": "Int64",
    "year_after": "Int64",
    "before_id": "str",
    "after_id": "str",
    "status": pd.CategoricalDtype(STATUSES),
    "score": "float64",
    "moved": "boolean",
    "numbers_changed": "boolean",
    "section_before": "str",
    "section_after": "str",
    "text_before": "str",
    "text_after": "str",
}


def item_ledger(
    items: pd.DataFrame, *, link: float = 0.30, review: float = 0.20, parts: Sequence[str] = ("plan", "unknown")
) -> pd.DataFrame:
    """Say of each item (条目) whether it was kept, revised, split, merged or dropped in the next year's plan, or is new in it.

    Within each place and series, each year is compared with the next one at hand (several documents of a year together), as in
    `match_items`. Kept: the same words, dates, numbers and punctuation aside. Revised: linked, in other words. Split, merged: linked
    with several items of the other year. Review: a score between `review` and `link`, for the reader to judge.

    Parameters
    ----------
    items : DataFrame
        An items frame.
    link, review : float
        Thresholds of the score, 0 < review ≤ link ≤ 1.
    parts : sequence of str
        Parts of the documents, as in `body`.

    Returns
    -------
    DataFrame
        A row for each pair and for each item without one, by series, place and year, in the order of the earlier plan and then of the
        new items: `link_id`, `series`, `place`, `year_before`, `year_after`, `before_id`, `after_id` (missing where there is none),
        `status`, `score` (0 to 1; missing without a pair), `moved` (to a section that is not its old section's counterpart),
        `numbers_changed` (whether a number other than a date differs), `section_before`, `section_after`, `text_before`,
        `text_after`. `.attrs["notes"]` says what could not be compared, `.attrs["settings"]` how the ledger was made.

    Raises
    ------
    ArgumentError
        If the thresholds are not 0 < review ≤ link ≤ 1.
    FrameError
        If `items` is no items frame.

    Examples
    --------
    >>> import pandas as pd
    >>> def plan(year, *texts):
    ...     ids = [f"甲区-{year}#{n:03d}" for n in range(1, len(texts) + 1)]
    ...     facts = {"plan": f"甲区-{year}", "series": "工作要点", "place": "甲区", "year": year, "kind": "item", "part": "plan"}
    ...     return pd.DataFrame({**facts, "text": texts}, index=ids)
    >>> ledger = item_ledger(pd.concat([
    ...     plan(2023, "新增公办幼儿园5所。", "开展垃圾分类进社区活动。"), plan(2024, "举办区运动会。", "新增公办幼儿园8所。")]))
    >>> ledger[["link_id", "status"]].to_numpy().tolist()
    [['甲区-2023#001→甲区-2024#002', 'kept'], ['甲区-2023#002→', 'dropped'], ['→甲区-2024#001', 'new']]
    >>> bool(ledger.loc[0, "numbers_changed"])
    True
    """
    check_thresholds(link, review)
    parts = (parts,) if isinstance(parts, str) else tuple(parts)
    units, notes = _comparable(body(items, parts=parts))
    grams, section = gram_matrix(units), section_numbers(units)
    words = pd.Series(letters(units["text"].tolist()).words_only(len(units)), dtype="str")
    found = []
    for before, after in _neighbours(units):
        pairs = link_pairs(side(before, grams, section), side(after, grams, section), link=link, review=review)
        pairs = pd.DataFrame({"before": before[pairs["before"]], "after": after[pairs["after"]], "score": pairs["score"]})
        pairs["status"] = _status(pairs, words, link)
        pairs["moved"] = _moved(pairs, units["section"].iloc[after], units)
        found.append(_with_unpaired(pairs, before, after))
    ledger = _described(pd.concat(found, ignore_index=True), units) if found else _described(None, units)
    ledger.attrs = {"notes": notes, "settings": {"link": link, "review": review, "parts": list(parts)}}
    return ledger


def _comparable(units: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Put plans in order, leave out units that belong to no place, year or series, and say so."""
    units = units.iloc[np.argsort(units["plan"].to_numpy(dtype=object), kind="stable")]
    notes = []
    for column in ("place", "year", "series"):
        lost = units.loc[units[column].isna(), "plan"]
        if len(lost):
            notes.append(f"{len(lost)} units have no {column} and were left out: {', '.join(lost.unique()[:5])}.")
        units = units[units[column].notna()]
    years = units.groupby(["series", "place"], sort=True)["year"].nunique()
    notes += [f"{place}, {series}: one year only, nothing to compare with." for (series, place), n in years.items() if n == 1]
    return units, notes


def _neighbours(units: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the row numbers of each year's units and of the next one's, within series and place."""
    rows = pd.Series(np.arange(len(units)))
    for _, group in rows.groupby([units["series"].to_numpy(), units["place"].to_numpy()], sort=True):
        by_year = [g.to_numpy() for _, g in group.groupby(units["year"].iloc[group].to_numpy(), sort=True)]
        yield from itertools.pairwise(by_year)


def _status(pairs: pd.DataFrame, words: pd.Series, link: float) -> np.ndarray:
    """Name what became of each pair; an item with several firm links was split or merged, by the side that has more of them."""
    firm = pairs["score"] >= link
    parts = firm.groupby(pairs["before"]).transform("sum").to_numpy()
    sources = firm.groupby(pairs["after"]).transform("sum").to_numpy()
    same = words.iloc[pairs["before"]].to_numpy() == words.iloc[pairs["after"]].to_numpy()
    return np.select([~firm, same, (parts > 1) & (parts >= sources), sources > 1], ["review", "kept", "split", "merged"], default="revised")


def _moved(pairs: pd.DataFrame, titles_after: pd.Series, units: pd.DataFrame) -> pd.Series:
    """Say whether the later item stands outside the counterpart of its old section; missing where a section is."""
    old, new = (units["section"].iloc[pairs[side]].reset_index(drop=True) for side in ("before", "after"))
    known = old.notna() & new.notna()
    counterpart = counterparts(list(zip(old[known], new[known], strict=True)), titles_after.dropna().tolist())
    return (old.map(counterpart) != new).astype("boolean").where(known)


def _with_unpaired(pairs: pd.DataFrame, before: np.ndarray, after: np.ndarray) -> pd.DataFrame:
    """Add the units that have no pair, row number -1 on the other side; in the order of the earlier units, then of the new ones."""
    dropped, new = np.setdiff1d(before, pairs["before"]), np.setdiff1d(after, pairs["after"])
    lone = pd.DataFrame(
        {
            "before": np.concatenate([dropped, np.full(len(new), -1)]),
            "after": np.concatenate([np.full(len(dropped), -1), new]),
            "status": ["dropped"] * len(dropped) + ["new"] * len(new),
        }
    )
    rows = pd.concat([pairs, lone], ignore_index=True).assign(year_before=before[0], year_after=after[0])
    order = np.lexsort((rows["after"], rows["before"], rows["before"] < 0))
    return rows.iloc[order]


def _described(rows: pd.DataFrame | None, units: pd.DataFrame) -> pd.DataFrame:
    """Turn row numbers into ids, years, sections and texts."""
    if rows is None:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in COLUMNS.items()})
    columns: dict[str, Any] = {name: rows[name] for name in ("status", "score", "moved")}
    columns |= {name: _cells(units[name], rows["year_after"]) for name in ("series", "place")}
    for when in ("before", "after"):
        columns[f"year_{when}"] = _cells(units["year"], rows[f"year_{when}"])
        columns[f"{when}_id"] = _cells(units.index.to_series(), rows[when])
        columns |= {f"{name}_{when}": _cells(units[name], rows[when]) for name in ("section", "text")}
    columns["link_id"] = [f"{a}→{b}" for a, b in zip(*(columns[c].fillna("") for c in ("before_id", "after_id")), strict=True)]
    columns["numbers_changed"] = _numbers_changed(columns["text_before"], columns["text_after"])
    return pd.DataFrame({name: pd.Series(list(columns[name]), dtype=dtype) for name, dtype in COLUMNS.items()})


def _cells(values: pd.Series, rows: pd.Series) -> pd.Series:
    """Give the values at some row numbers; missing at -1."""
    return values.iloc[rows].reset_index(drop=True).mask(rows.to_numpy() < 0)


def _numbers_changed(before: pd.Series, after: pd.Series) -> list[bool | None]:
    """Say whether the numbers of two texts differ; None where there is one text only."""
    pairs = zip(before, after, strict=True)
    return [numbers_in(a) != numbers_in(b) if isinstance(a, str) and isinstance(b, str) else None for a, b in pairs]
