"""Where the words of an item come from: copied from, adapted from, or not matched with plans from above."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.items import PARTS, as_items, body
from policylab.lineage.covering import covering
from policylab.lineage.formulas import formula_letters
from policylab.lineage.letters import letters

ORIGINS = ("copied", "adapted", "unmatched")


def origins(
    items: pd.DataFrame,
    *,
    upstream: str | Sequence[str],
    documents: pd.DataFrame | None = None,
    copied: float = 0.80,
    adapted: float = 0.25,
    parts: Sequence[str] = ("plan", "unknown"),
) -> pd.DataFrame:
    """Say of each item (条目) how much of it stands in plans from above, and whether it was copied or adapted from them.

    A run of 12 letters (punctuation aside, any number as good as another) that stands in an upstream unit leads there; of each clause
    then counts what stands in that unit, so that figures moved on and small changes do not hide a copy. Further upstream units count
    only where each adds a quarter of the item, so that a slogan found anywhere above does not make a copy.

    What is no measure is told apart: titles of documents (《…》), words in quotation marks, and slogans, runs of 8 letters that stand in
    the plans of at least half of the places, and of three, in units that otherwise differ (most share
    less than a quarter of their runs with any one unit of another place). Both shares are given, with and without.

    Parameters
    ----------
    items : DataFrame
        An items frame that holds the upstream plans and those to be examined.
    upstream : str or sequence of str
        The plans from above, such as ``"上级市-2024"``.
    documents : DataFrame, optional
        `Plans.documents`: then only sources issued before an item's plan count (by `issued`; where a date is missing, by `year`).
    copied, adapted : float
        Items with at least these shares are copied or adapted. 0 < adapted ≤ copied ≤ 1.
    parts : sequence of str
        Parts of the documents, as in `body`.

    Returns
    -------
    DataFrame
        A row for each unit of the other plans, in their order: `item_id`, `plan`, `copied_share` (0 to 1, of its characters; 1 where the
        whole unit, from 4 letters on, is one from above; else what has no run of 12 letters in common with a unit above, such as an item
        of short clauses each of which stands somewhere, counts for nothing and is `unmatched`), `source_id` (the upstream unit that has
        most of it; missing where unmatched), `origin` (`copied`, `adapted`, `unmatched`). Then, titles, quotations and slogans left out:
        `measure_share` (0 to 1, of all its characters, those that stand above and are none of these), `formula_share` (0 to 1, of its
        characters, those that are, wherever they stand), `measure_origin` (the origin of the rest, by `measure_share` / (1 -
        `formula_share`)); and `place`, `year`, `n_chars` of the unit. `.attrs["notes"]` says what was not compared.

    Raises
    ------
    ArgumentError
        If `upstream` names a plan that is not there, or the thresholds are out of order.
    TooFewPlansError
        If `upstream` names no plan at all.
    FrameError
        If a frame lacks columns.

    Examples
    --------
    >>> import pandas as pd
    >>> texts = ["健全城乡学前教育公共服务体系，新增公办幼儿园50所。", "健全城乡学前教育公共服务体系，新增公办幼儿园6所。", "举办运动会。"]
    >>> items = pd.DataFrame(
    ...     {"plan": ["上级市-2024", "甲区-2024", "甲区-2024"], "kind": "item", "part": "plan", "text": texts},
    ...     index=["上级市-2024#001", "甲区-2024#001", "甲区-2024#002"],
    ... )
    >>> origins(items, upstream="上级市-2024")[["item_id", "copied_share", "origin"]].to_numpy().tolist()
    [['甲区-2024#001', 1.0, 'copied'], ['甲区-2024#002', 0.0, 'unmatched']]
    """
    if not 0 < adapted <= copied <= 1:
        raise ArgumentError(f"copied={copied!r}, adapted={adapted!r}: allowed are 0 < adapted ≤ copied ≤ 1, such as 0.80 and 0.25.")
    units = body(items, parts=parts)
    names = known_plans([upstream] if isinstance(upstream, str) else list(upstream), units)
    above, below = units[units["plan"].isin(names)], units[~units["plan"].isin(names)]
    may, notes = may_come_from(above, below, documents)
    texts, sources = below["text"].tolist(), above["text"].tolist()
    found = covering(texts, sources, may)
    rest = covering(texts, sources, may, left_out=_formulas(below, above))
    origin, measures = (np.select([x["share"] >= copied, x["share"] >= adapted], ORIGINS[:2], default=ORIGINS[2]) for x in (found, rest))
    source = above.index.to_series().iloc[found["source"].clip(lower=0)].reset_index(drop=True) if len(above) else pd.Series(dtype="str")
    result = pd.DataFrame(
        {
            "item_id": below.index.astype("str"),
            "plan": below["plan"].to_numpy(),
            "copied_share": found["share"].round(6),
            "source_id": source.mask((found["source"] < 0) | (origin == "unmatched")).astype("str"),
            "origin": pd.Categorical(origin, categories=ORIGINS),
            "measure_share": np.minimum(rest["share"] * rest["counted"], found["share"]).round(6),
            "formula_share": (1 - rest["counted"]).round(6),
            "measure_origin": pd.Categorical(measures, categories=ORIGINS),
            **{column: below[column].array for column in ("place", "year")},
            "n_chars": below["text"].str.len().to_numpy(),
        }
    )
    result.attrs["notes"] = notes
    return result


def drop_copied(items: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """Leave out the items that were copied from above, with their points, so that an analysis can be shown without them.

    Parameters
    ----------
    items : DataFrame
        An items frame.
    origins : DataFrame
        What `origins` gave for it.

    Returns
    -------
    DataFrame
        The rows of `items` that belong to no unit called copied.

    Raises
    ------
    FrameError
        If `origins` names an item that is not in `items`, or lacks columns.
    """
    gone = copied_ids(origins)
    frame = as_items(items)
    strange = sorted(set(gone) - set(frame.index))
    if strange:
        raise FrameError(f"origins names {strange[0]!r}, which items does not have; give the items that it was made from.")
    units = set(body(frame, parts=PARTS).index)
    owner = pd.Series([i if i in units else None for i in frame.index], index=frame.index, dtype="str")
    owner = owner.groupby(frame["plan"].to_numpy(), sort=False).ffill()
    belongs = frame.index.isin(sorted(units)) | (frame["kind"] == "point").to_numpy()
    return items[~(owner.isin(gone).to_numpy() & belongs)]


def copied_ids(origins: pd.DataFrame) -> list[str]:
    """Give the ids of the units called copied."""
    if "origin" not in origins:
        raise _no_column("origin")
    return ids_of(origins)[(origins["origin"] == "copied").to_numpy()].tolist()


def ids_of(origins: pd.DataFrame) -> pd.Index:
    """Give the ids of all units, of a column `item_id` or the index of that name."""
    if "item_id" not in origins and origins.index.name != "item_id":
        raise _no_column("item_id")
    return pd.Index(origins.get("item_id", origins.index)).astype("str")


def _no_column(name: str) -> FrameError:
    return FrameError(f"origins has no column {name}; give what `origins(items, upstream=…)` returned.")


def _formulas(below: pd.DataFrame, above: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Mark the letters of both sides that are no measures; slogans are found in both together."""
    texts = [*below["text"], *above["text"]]
    found = letters(texts, numbers=True)
    out = formula_letters(found, texts, pd.concat([below["place"], above["place"]]))
    mine = found.text < len(below)
    return out[mine], out[~mine]


def known_plans(names: list[str], units: pd.DataFrame) -> list[str]:
    """Give the names of upstream plans, all of them among the units'."""
    plans = sorted(units["plan"].unique())
    if not names:
        raise TooFewPlansError("upstream names no plan; where no plan from above is at hand, nothing can be said of copying from above.")
    unknown = [n for n in names if n not in plans]
    if unknown:
        there = ", ".join(difflib.get_close_matches(unknown[0], plans, n=3, cutoff=0.3) or plans[:5])
        raise ArgumentError(f"upstream: there is no plan {unknown[0]!r}; did you mean {there}?")
    return names


def may_come_from(above: pd.DataFrame, below: pd.DataFrame, documents: pd.DataFrame | None) -> tuple[np.ndarray, list[str]]:
    """Say for each unit below and above whether the one may come from the other, and what could not be told."""
    if documents is None:
        return np.ones((len(below), len(above)), dtype=bool), []
    missing = [c for c in ("plan", "issued", "year") if c not in documents]
    if missing:
        raise FrameError(f"documents has no column {missing[0]}; give `read_plans(folder).documents`.")
    facts = documents.drop_duplicates("plan").set_index("plan")
    day = pd.to_datetime(facts["issued"], errors="coerce")
    plans = {side: sorted(frame["plan"].unique()) for side, frame in (("above", above), ("below", below))}
    may = np.zeros((len(plans["below"]), len(plans["above"])), dtype=bool)
    notes = []
    for i, later in enumerate(plans["below"]):
        for j, earlier in enumerate(plans["above"]):
            dated = pd.notna(day.get(later)) and pd.notna(day.get(earlier))
            years = facts["year"].reindex([earlier, later]).tolist()
            known = dated or not pd.isna(years).any()
            may[i, j] = day[earlier] < day[later] if dated else bool(known and years[0] < years[1])
            if not dated and not (known and years[0] != years[1]):
                notes.append(f"{earlier} was not taken as a source of {later}: a date of issue is missing and the years do not decide.")
    rows = (pd.Index(plans[side]).get_indexer(frame["plan"]) for side, frame in (("below", below), ("above", above)))
    return may[np.ix_(*rows)], notes
