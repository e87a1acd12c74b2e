"""Can these documents be compared? Each against its own series, and its genre against all."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from policylab.errors import ArgumentError
from policylab.items import body
from policylab.plans.frames import Plans
from policylab.plans.markers import find_marker

_FEWEST = 3  # documents of a series that make a usual length
_TIMES = 2.0
_REVIEW = 0.25
_USUAL = 2 / 3  # of the documents of a series that a heading style must have to be the usual one
_LENGTHS = {"n_units": "单元数 units", "n_chars": "字数 characters", "median_chars": "单元长度 length of units"}
_PRINTED = {"编": "第一编", "章": "第一章", "节": "第一节", "条": "第一条", "是": "一是", "第": "第一，"}


def comparability(plans: Plans) -> pd.DataFrame:
    """Tell, for each document, what would make a comparison unfair: genre, length, length of units, share of review, headings.

    Each document is held against its series, where that has at least three documents, and its genre against that of most documents.

    Returns
    -------
    DataFrame
        One row for each document: `plan, series, genre, n_series` (documents of its series), `n_units, n_chars`, `median_chars` (median
        length of a unit in characters), `review_share` (share of characters that look back, 0–1), `headings` (the forms of numbers in
        their order, such as ``一、 1.``), and `note`: what is more than twice or less than half the series' median, a share of review
        that differs by more than 0.25, headings other than those of two thirds of the series, a genre other than that of most documents,
        or one of several (with its length, where that differs too), or that there is nothing to compare with; else "".

    Examples
    --------
    >>> from policylab import load_jingan_2024
    >>> comparability(load_jingan_2024())[["n_units", "headings", "note"]].values.tolist()
    [[37, '一、 1.', '系列中只有 1 份，无从比较 1 in its series: nothing to compare with']]
    """
    if not isinstance(plans, Plans):
        raise ArgumentError(f"plans is a {type(plans).__name__}; give what read_plans gives.")
    items = plans.items
    units = body(items)
    length = units["text"].str.len()
    chars = items["text"].str.len().where(items["kind"] != "furniture", 0)
    review = chars.where(items["part"] == "review", 0).groupby(items["plan"]).sum() / chars.groupby(items["plan"]).sum()
    table = plans.documents[["plan", "series", "genre"]].copy()
    table["n_series"] = table["series"].map(table["series"].value_counts()).fillna(0).astype("int64")
    table[["n_units", "n_chars"]] = plans.documents[["n_units", "n_chars"]]
    table["median_chars"] = table["plan"].map(length.groupby(units["plan"]).median())
    table["review_share"] = table["plan"].map(review).round(3)
    table["headings"] = table["plan"].map(_heading_forms(items)).fillna("")
    said = zip(_series_notes(table), _genre_notes(table), strict=True)
    table["note"] = ["；".join([*in_series, *in_all]) for in_series, in_all in said]
    return table


def _heading_forms(items: pd.DataFrame) -> pd.Series:
    """The forms of the numbers that open the levels of each document."""
    numbered = items[items["kind"].isin(["heading", "item"]) & (items["marker"] != "") & (items["part"] != "appendix")]
    depth = numbered["outline"].str.count("/")
    firsts = numbered.assign(depth=depth).drop_duplicates(["plan", "depth"]).sort_values(["plan", "depth"], kind="stable")
    return firsts["marker"].map(_form).groupby(firsts["plan"]).agg(lambda forms: " ".join(dict.fromkeys(forms)))


def _form(marker: str) -> str:
    found = find_marker(marker + " 项")
    return marker if found is None else _PRINTED.get(found.form, found.form)


def _series_notes(table: pd.DataFrame) -> Iterator[list[str]]:
    series = table.groupby("series", dropna=False)
    medians = series[[*_LENGTHS, "review_share"]].transform("median")
    usual = series["headings"].transform(_usual)
    for i in table.index:
        if pd.isna(table.loc[i, "series"]):
            yield ["体裁不明，不属任何系列 genre unknown, so of no series"]
        elif table.loc[i, "n_series"] < _FEWEST:
            n = table.loc[i, "n_series"]
            yield [f"系列中只有 {n} 份，无从比较 {n} in its series: nothing to compare with"]
        else:
            said = [text for column in _LENGTHS if (text := _length_note(column, table.loc[i, column], medians.loc[i, column], "系列"))]
            share, typical = table.loc[i, "review_share"], medians.loc[i, "review_share"]
            if abs(share - typical) > _REVIEW:
                said.append(f"回顾比重 share of review {share:.2f}（系列中位数 median {typical:.2f}）")
            if usual[i] and not str(table.loc[i, "headings"]).startswith(usual[i]):
                said.append(f"标题层次 headings {table.loc[i, 'headings'] or '无 none'}（系列通常 usually {usual[i]}）")
            yield said


def _length_note(column: str, value: float, typical: float, of: str) -> str:
    if pd.isna(value) or not typical > 0 or typical / _TIMES <= value <= typical * _TIMES:
        return ""
    return f"{_LENGTHS[column]} {value:g}（{of}中位数 median {typical:g}）"


def _usual(headings: pd.Series) -> str:
    counts = headings.value_counts()
    return str(counts.index[0]) if counts.iloc[0] >= _USUAL * len(headings) else ""


def _genre_notes(table: pd.DataFrame) -> Iterator[list[str]]:
    """A genre other than that of most documents, or one of several where none has most; with the length where that is another too."""
    counts = table["genre"].value_counts()
    most = str(counts.index[0]) if len(counts) and 2 * counts.iloc[0] > counts.sum() else ""
    typical = table.loc[(table["genre"] == most) | (most == ""), "n_chars"].median()
    for genre, n_chars in zip(table["genre"], table["n_chars"], strict=True):
        if pd.isna(genre) or len(counts) < 2 or genre == most:
            yield []
        else:
            length = _length_note("n_chars", n_chars, typical, most or "全部文件")
            beside = f"多数为 most are {most}" if most else f"共有 {len(counts)} 种体裁 one of {len(counts)}"
            yield [f"体裁 genre {genre}（{beside}）", *([length] if length else [])]
