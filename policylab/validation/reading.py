"""Filled coding sheets, checked against their key and the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from policylab.errors import FrameError, TableError
from policylab.validation.key import hash_of, key_path, read_key
from policylab.validation.workbook import FilledRow, read_form

COLUMNS = {
    "item_id": "str",
    "coder": "str",
    "code": "str",
    "label": "str",
    "stratum": "str",
    "chance": "float64",
    "stratum_units": "int64",
    "n_options": "int64",
}
_CHANGED_HERE = (
    "the text is not the one that was written",
    "Copy the text back from an untouched copy of the sheet, or leave the row out.",
)
_CHANGED_THERE = ("the text of the unit has changed since the sheet was written", "Draw a new sheet; this code speaks of another text.")


def read_coding(path: str | Path, *, units: pd.DataFrame | None = None) -> pd.DataFrame:
    """Read a filled coding sheet (or intrusion sheet) together with the key beside it.

    A code is used only where its row is the one that was written: the id is known and stands once, the text (and options) have the hash in
    the key, and the code is one of the categories. Everything else is listed in `.attrs["problems"]` and never used. Nothing is evaluated.

    Parameters
    ----------
    path : path
        The workbook; its key ``<stem>-key.csv`` lies beside it.
    units : DataFrame
        The texts as they are now, as given to `coding_sheet`; rows whose text has changed since are not used.

    Returns
    -------
    DataFrame
        A row for each code, in the order of the key and then of the coders: `item_id, coder, code, label` (the machine's, or the right
        answer of an intrusion task), `stratum, chance, stratum_units, n_options` (how many answers could be chosen from). `.attrs`:
        `problems` (dicts of `row` in the workbook, `item_id, problem, hint`), `n_empty` (codes left empty), `design`.

    Raises
    ------
    ReadError
        If the workbook or its key is missing, damaged, no .xlsx or past a limit (see the types below it).
    TableError
        If the workbook is no coding sheet, or workbook and key do not belong together.
    FrameError
        If `units` has no column `text` or repeats an id.

    Examples
    --------
    >>> import tempfile
    >>> from openpyxl import load_workbook
    >>> from policylab.validation import coding_sheet
    >>> units = pd.DataFrame({"text": ["新建学校。", "培训教师。"]}, index=["甲区-2024#001", "甲区-2024#002"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/sheet.xlsx"
    ...     key = coding_sheet(units, path, labels=pd.Series(["校舍", "师资"], index=units.index))
    ...     book = load_workbook(path)
    ...     book.worksheets[0]["C2"] = book.worksheets[0]["C3"] = "师资"
    ...     book.save(path)
    ...     codings = read_coding(path)
    >>> codings.sort_values("item_id")[["item_id", "coder", "code", "label"]].values.tolist()
    [['甲区-2024#001', 'coder1', '师资', '校舍'], ['甲区-2024#002', 'coder1', '师资', '师资']]
    """
    path = Path(path)
    rows, key, now = read_form(path), read_key(path), _hashable(units)
    if not any(row.row_id in key.index for row in rows):
        raise TableError(
            f"{path.name!r} has none of the {len(key)} rows of {key_path(path).name!r}; they belong to different sheets. "
            "Put the key that was written with this sheet beside it."
        )
    _check_coders(path, rows, key.attrs["design"])
    times = Counter(row.row_id for row in rows)
    problems: list[dict[str, Any]] = []
    used: dict[str, FilledRow] = {}
    for row in rows:
        wrong = _wrong_with(row, times, key, now)
        if wrong is None:
            used[row.row_id] = row
        else:
            problems.append(_problem(row.no, key["item_id"].get(row.row_id, ""), *wrong))
    for row_id in key.index.difference(list(times), sort=False):
        problems.append(
            _problem(
                None, key["item_id"][row_id], "the row is gone from the workbook", "Nothing needs doing if it was left out on purpose."
            )
        )
    codes = list(_codes(used, key, problems))
    frame = pd.DataFrame([c for c in codes if c["code"]], columns=list(COLUMNS)).astype(COLUMNS)
    frame.attrs = {"problems": problems, "n_empty": sum(not c["code"] for c in codes), "design": key.attrs["design"]}
    return frame


def _check_coders(path: Path, rows: list[FilledRow], design: dict[str, Any]) -> None:
    """Refuse a workbook with more or fewer columns of codes than it was written with: whose a code is must be certain."""
    names, wanted = list(dict.fromkeys(name for row in rows for name in row.codes)), design.get("coders", 1)
    if len(names) != wanted:
        raise TableError(
            f"{path.name!r} has {len(names)} columns of codes ({', '.join(names) or 'none'}), but was written for {wanted}. "
            "Put notes under the remarks, and give the coders' columns back their heads."
        )


def _hashable(units: pd.DataFrame | None) -> pd.Series | None:
    if units is None:
        return None
    if not isinstance(units, pd.DataFrame) or "text" not in units or not units.index.is_unique:
        raise FrameError("units must be a frame with a column 'text' and a unique index, as given to `coding_sheet`.")
    return units["text"].astype("str").fillna("").set_axis(units.index.astype("str"))


def _wrong_with(row: FilledRow, times: Counter[str], key: pd.DataFrame, now: pd.Series | None) -> tuple[str, str] | None:
    """Say why a row is not used, and what to do; None where it is."""
    if not row.row_id or row.row_id not in key.index:
        return f"the id {row.row_id!r} is not in the key", "Give the row the id that an untouched copy of the sheet has, or delete it."
    if times[row.row_id] > 1:
        return f"the id {row.row_id!r} stands {times[row.row_id]} times", "Keep one of these rows."
    if row.formula:
        return f"there is a formula under {row.formula!r}, which is not evaluated", "Type the value in its place."
    if hash_of(row.text, row.options) != key["text_hash"][row.row_id]:
        return _CHANGED_HERE
    if now is None or key.attrs["design"]["task"] == "words":
        return None
    if key["item_id"][row.row_id] not in now.index:
        return "the unit is not in units any more", "Give the units that the sheet was drawn from, or draw a new sheet."
    changed = hash_of(now[key["item_id"][row.row_id]], row.options) != key["text_hash"][row.row_id]
    return _CHANGED_THERE if changed else None


def _codes(used: dict[str, FilledRow], key: pd.DataFrame, problems: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each coder of each text, its code empty where none was given."""
    design = key.attrs["design"]
    for row_id, known in zip(key.index, key.to_dict("records"), strict=True):
        row = used.get(row_id)
        for coder, code in row.codes.items() if row is not None else ():
            allowed = [*row.options] if row is not None and row.options else design["categories"]
            if code and code not in allowed:
                near = get_close_matches(code, allowed, n=1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Choose from {', '.join(allowed[:12])}."
                problems.append(_problem(row.no if row else None, known["item_id"], f"{code!r} ({coder}) is no category", hint))
                continue
            yield {**known, "coder": coder, "code": code, "n_options": design["n_options"]}


def _problem(row: int | None, item_id: str, problem: str, hint: str) -> dict[str, Any]:
    return {"row": row, "item_id": item_id, "problem": problem, "hint": hint}
