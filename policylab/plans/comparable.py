"""Can these documents be compared? Each against its own series."""

from __future__ import annotations

import pandas as pd

from policylab.items import body
from policylab.plans.frames import Plans

_TIMES = 2.0


def comparability(plans: Plans) -> pd.DataFrame:
    """Tell, for each document, what would make a comparison with its series unfair: length, length of units, share of review, headings.

    Returns
    -------
    DataFrame
        One row for each document: `plan, series, genre, n_units, n_chars`, `median_chars` (median length of a unit in characters),
        `review_share` (share of characters that look back, 0–1), `headings` (the forms of numbers in their order, such as ``一、 1.``),
        and `note`, which names what differs from the series' median by more than a factor of two, or "".

    Examples
    --------
    >>> from policylab import load_jingan_2024
    >>> comparability(load_jingan_2024())[["n_units", "headings", "note"]].values.tolist()
    [[37, '一、 1.', '']]
    """
    items = plans.items
    units = body(items)
    length = units["text"].str.len()
    chars = items["text"].str.len().where(items["kind"] != "furniture", 0)
    review = chars.where(items["part"] == "review", 0).groupby(items["plan"]).sum() / chars.groupby(items["plan"]).sum()
    table = plans.documents[["plan", "series", "genre", "n_units", "n_chars"]].copy()
    table["median_chars"] = table["plan"].map(length.groupby(units["plan"]).median())
    table["review_share"] = table["plan"].map(review).round(3)
    table["headings"] = table["plan"].map(_heading_forms(items)).fillna("")
    table["note"] = _notes(table)
    return table


def _heading_forms(items: pd.DataFrame) -> pd.Series:
    """The numbers that open the levels of each document, as the first of each kind is printed."""
    numbered = items[items["kind"].isin(["heading", "item"]) & (items["marker"] != "")]
    depth = numbered["outline"].str.count("/")
    firsts = numbered.assign(depth=depth).drop_duplicates(["plan", "depth"]).sort_values(["plan", "depth"], kind="stable")
    return firsts.groupby("plan")["marker"].agg(" ".join)


def _notes(table: pd.DataFrame) -> list[str]:
    medians = table.groupby("series", dropna=False)[["n_units", "n_chars", "median_chars", "review_share"]].transform("median")
    names = {"n_units": "单元数 units", "n_chars": "字数 characters", "median_chars": "单元长度 length of units"}
    notes = []
    for i in table.index:
        said = []
        for column, name in names.items():
            value, usual = float(table.loc[i, column]), float(medians.loc[i, column])
            if value == value and usual > 0 and not usual / _TIMES <= value <= usual * _TIMES:
                said.append(f"{name} {value:g}（系列中位数 median {usual:g}）")
        share, usual = table.loc[i, "review_share"], medians.loc[i, "review_share"]
        if abs(share - usual) > 0.25:
            said.append(f"回顾比重 share of review {share:.2f}（{usual:.2f}）")
        notes.append("；".join(said))
    return notes
