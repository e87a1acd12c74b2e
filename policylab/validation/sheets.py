"""Coding sheets: a probability sample of units to be coded blind by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from policylab.arguments import whole
from policylab.errors import ArgumentError, FrameError
from policylab.validation.key import hash_of, row_ids, write_pair
from policylab.validation.sampling import draw
from policylab.validation.workbook import Form
from policylab.workbooks import xlsx_path

_MISSING = "—"


def coding_sheet(
    units: pd.DataFrame,
    path: str | Path,
    *,
    labels: pd.Series,
    n: int = 80,
    by: str | Sequence[str] | None = None,
    categories: Sequence[str] | None = None,
    coders: int = 1,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw a stratified probability sample of texts and write a workbook (.xlsx) in which people code them blind (盲编码).

    Strata are the values of `by` and the machine's label; each gets its share of `n`, and at least two texts (or all it has). Make `by` the
    groups that are to be contrasted. The workbook shows texts in random order and nothing that the machine or the sample knows about
    them (place names inside a text stay); its second sheet says what to do. The key beside it (``<stem>-key.csv``) is for
    `read_coding`, not for coders. With several coders, give each a copy; read the copies one by one and join the frames.

    Parameters
    ----------
    units : DataFrame
        A row for each text, with a column `text` and a unique index: `body(items)`, pairs of a ledger, outline rows.
    path : path
        The workbook to write; what is there already is not overwritten.
    labels : Series
        The machine's label of each unit, with the index of `units` in any order.
    n : int
        How many texts to draw; all where there are fewer. A larger `n` with the same seed keeps the texts drawn before, nearly all.
    by : str or list of str
        Columns of `units` that make strata together with the label.
    categories : sequence of str
        What coders choose from; by default the labels.
    coders : int
        How many columns to code in.
    seed : int
        Another seed draws another sample.

    Returns
    -------
    DataFrame
        The key, in the order of the workbook: `row_id` (what the workbook shows), `item_id, text_hash, label, stratum, chance` (of
        being drawn), `stratum_units` (size of the stratum); the design in `.attrs["design"]`.

    Raises
    ------
    ArgumentError
        If `n` is too small for the strata, a label is no category, or the path is taken or no .xlsx.
    FrameError
        If units lack texts or unique ids, or labels do not fit.

    References
    ----------
    Ohlsson (1995), Coordination of samples using permanent random numbers. In: Business Survey Methods, 153–169.

    Examples
    --------
    >>> import tempfile
    >>> units = pd.DataFrame({"text": [f"新建学校{i}所。" for i in range(8)]}, index=[f"甲区-2024#{i:03d}" for i in range(8)])
    >>> labels = pd.Series(["校舍"] * 6 + ["师资"] * 2, index=units.index)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     key = coding_sheet(units, f"{folder}/sheet.xlsx", labels=labels, n=5)
    >>> key.groupby("label")["chance"].agg(["size", "first"]).to_dict("index")
    {'师资': {'size': 2, 'first': 1.0}, '校舍': {'size': 3, 'first': 0.5}}
    """
    path, n, coders = xlsx_path(path, what="coding sheet"), whole(n, name="n"), whole(coders, name="coders")
    seed = whole(seed, name="seed", least=0)
    texts, labels = _texts(units), _labels(labels, units)
    columns = [by] if isinstance(by, str) else list(by or [])
    named = _categories(categories, labels)
    drawn = draw(_strata(units, columns, labels), n=n, seed=seed)
    design = {"task": "coding", "categories": named, "n_options": len(named), "coders": coders, "by": columns, "seed": seed}
    design |= {"n": len(drawn), "n_units": len(units)}
    ids = row_ids(list(drawn.index), seed=seed, design=design)
    shown = texts.reindex(drawn.index)
    form = Form("coding", [(row, text, ()) for row, text in zip(ids, shown, strict=True)], named, coders)
    key = drawn.assign(row_id=ids, item_id=drawn.index, text_hash=[hash_of(t) for t in shown], label=labels.reindex(drawn.index))
    return write_pair(path, form, key.reset_index(drop=True), design)


def _texts(units: pd.DataFrame) -> pd.Series:
    if not isinstance(units, pd.DataFrame) or "text" not in units:
        raise FrameError("units must be a frame with a column 'text'; give `body(items)`, or rows of your own with a text each.")
    if not units.index.is_unique or units.index.hasnans:
        twice = units.index[units.index.duplicated()]
        raise FrameError(f"units has the id {twice[0] if len(twice) else 'NaN'!r} twice or none; set a unique index of ids first.")
    texts = units["text"].astype("str").fillna("").set_axis(units.index.astype("str"))
    empty = texts.index[texts.str.strip() == ""]
    if len(empty):
        raise FrameError(f"units has no text at {empty[0]!r} ({len(empty)} such rows); leave them out.")
    return texts


def _labels(labels: pd.Series, units: pd.DataFrame) -> pd.Series:
    if not isinstance(labels, pd.Series) or not labels.index.is_unique:
        raise FrameError("labels must be a Series with one label for each unit, indexed like units.")
    strangers, absent = labels.index.difference(units.index), units.index.difference(labels.index)
    if len(strangers) or len(absent):
        which = f"{absent[0]!r} has none" if len(absent) else f"{strangers[0]!r} is no unit"
        raise FrameError(f"labels must have the {len(units)} ids of units, but {which}; use `labels.reindex(units.index)`.")
    labels = labels.reindex(units.index)
    if labels.isna().any() or (labels.astype("str").str.strip() == "").any():
        raise FrameError("labels has units without a label; give them a class of their own, such as 'none', or leave them out of both.")
    return labels.astype("str").str.strip().set_axis(units.index.astype("str"))


def _categories(given: Sequence[str] | None, labels: pd.Series) -> list[str]:
    if given is None:
        return sorted(labels.unique())
    named = [str(c).strip() for c in given] if not isinstance(given, str) else []
    if not named or "" in named or len(set(named)) < len(named):
        raise ArgumentError(f"categories={given!r} must be different names, such as ['校舍', '师资'].")
    unknown = sorted(set(labels) - set(named))
    if unknown:
        raise ArgumentError(f"categories lack the label {unknown[0]!r}, which the machine gives; add it, so that coders may agree with it.")
    return named


def _strata(units: pd.DataFrame, columns: list[str], labels: pd.Series) -> pd.Series:
    """Name the stratum of each unit: its values and its label."""
    for column in columns:
        if column not in units:
            raise ArgumentError(f"by={column!r}: units has no such column; it has {', '.join(map(str, units.columns))}.")
    parts = [units[c].astype("object").map(lambda v: _MISSING if pd.isna(v) else str(v)).tolist() for c in columns]
    return pd.Series([" · ".join(p) for p in zip(*parts, labels.tolist(), strict=True)], index=labels.index, dtype="str")
