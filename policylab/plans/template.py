"""The table of corrections to start from: a row for each row that was read, with empty columns to fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from policylab.errors import ArgumentError, MissingFileError
from policylab.items import text_hash
from policylab.plans.corrections import COLUMNS, SHOWN, ordered_cells
from policylab.plans.read import read_plans, table_beside
from policylab.spreadsheets import csv_bytes, xlsx_bytes

_WRITERS = {".csv": csv_bytes, ".xlsx": xlsx_bytes}
_START = 60  # characters of a row's text that are shown


def check_target(path: Path) -> None:
    """Refuse a path that is there already or whose suffix is no table's.

    Raises
    ------
    ArgumentError
        If it is.
    """
    if path.suffix.lower() not in _WRITERS:
        raise ArgumentError(f"{path}: {path.suffix or 'no suffix'} is no format of the template; end it in .csv or .xlsx.")
    if path.exists() or path.is_symlink():
        raise ArgumentError(f"{path} is there already; name a new file, so that nothing is overwritten.")


def write_template(folder: Path, path: Path) -> int:
    """Read a folder without corrections, write the table to start from, and give the number of its rows.

    Orders that lie in the folder already are carried over, so that the new table can take the place of the old one.

    Parameters
    ----------
    folder : Path
        The plans; their metadata and places tables count.
    path : Path
        The file to make, .csv (UTF-8 with a mark, which Excel needs) or .xlsx.

    Raises
    ------
    ArgumentError
        If the file is there already or is no table.
    MissingFileError
        If there is no plan to read.
    """
    check_target(path)
    items = read_plans(folder, corrections=pd.DataFrame(columns=["item_id"]), errors="report").items
    beside = table_beside(folder, "corrections")
    ordered = {} if beside is None else ordered_cells(beside)
    if not len(items):
        raise MissingFileError(str(folder), "holds no plan that can be read", f"`policylab check {folder}` says why.")
    rows = _rows(items, ordered)
    with path.open("xb") as file:
        file.write(_WRITERS[path.suffix.lower()](rows))
    return len(rows) - 1


def _rows(items: pd.DataFrame, ordered: Mapping[str, list[str]]) -> list[list[object]]:
    empty = [""] * (len(COLUMNS) - 2)
    title = items["item_title"].astype("object").where(items["item_title"].notna(), "")
    read = zip(items.index, items["source"], items["line"], items["kind"], items["part"], title, items["text"], strict=True)
    return [
        ["item_id", "text_hash", *SHOWN, *COLUMNS[2:]],
        *(
            [item_id, text_hash(text), source, line, str(kind), str(part), _one_line(titled), _one_line(text), *ordered.get(item_id, empty)]
            for item_id, source, line, kind, part, titled, text in read
        ),
    ]


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:_START]
