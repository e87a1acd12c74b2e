"""Write result frames as tables: for spreadsheets without formulas, for papers as Markdown, the same bytes from run to run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from policylab.errors import ArgumentError, FrameError
from policylab.provenance import run_record, write_record
from policylab.spreadsheets import csv_bytes, xlsx_bytes


def save_table(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    digits: int | None = None,
    sources: pd.DataFrame | None = None,
    settings: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> Path:
    """Write a result frame as .csv, .xlsx or .md, and beside it, as ``path`` and ``.json``, the run record.

    No cell can be taken for a formula: in .csv a text that begins like one gets an apostrophe in front, in .xlsx it is stored as text.
    The same frame gives the same bytes in every run.

    Parameters
    ----------
    frame : DataFrame
        What to write; the index goes along where it has a name or is not just row numbers.
    path : str or Path
        Where to; the suffix says which format. Folders that are missing are made.
    digits : int, optional
        Decimal places of fractions; without it all of them, and three in .md.
    sources : DataFrame, optional
        The documents frame (`Plans.documents`), for the run record.
    settings : mapping, optional
        The settings that made the frame, for the run record.
    seed : int, optional
        The seed, for the run record.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    ArgumentError
        If the suffix or `digits` is not allowed, or a cell is longer than a spreadsheet holds.
    FrameError
        If `frame` is no frame.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_table(pd.DataFrame({"条目": ["=1+1", "修路"], "字数": [4, 2]}), f"{folder}/items.csv")
    ...     print(path.read_text(encoding="utf-8-sig"), end="")
    条目,字数
    '=1+1,4
    修路,2
    """
    path = Path(path)
    writer = {".csv": _csv, ".xlsx": _xlsx, ".md": _markdown}.get(path.suffix.lower())
    if writer is None:
        raise ArgumentError(f"path={path.name!r}: {path.suffix or 'no suffix'} is no format of tables here; end it in .csv, .xlsx or .md.")
    if not isinstance(frame, pd.DataFrame):
        raise FrameError(f"frame is a {type(frame).__name__}; give a DataFrame (for a Series: `series.to_frame()`).")
    if digits is not None and (isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= 15):
        raise ArgumentError(f"digits={digits!r} is not allowed; give a whole number from 0 to 15, or leave it out.")
    content = writer(_flat(frame), digits)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    write_record(run_record(settings, sources=sources, seed=seed), path)
    return path


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the frame with its index as columns where the index says something."""
    plain = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    frame = frame if plain else frame.reset_index()
    return frame.set_axis([" · ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in frame.columns], axis=1)


def _rows(frame: pd.DataFrame, digits: int | None) -> list[list[Any]]:
    columns = []
    for at in range(frame.shape[1]):
        values = frame.iloc[:, at]
        columns.append([None if missing else _cell(value, digits) for value, missing in zip(values.tolist(), values.isna(), strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def _cell(value: Any, digits: int | None) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if digits is None else round(value, digits)
    return str(value)


def _csv(frame: pd.DataFrame, digits: int | None) -> bytes:
    return csv_bytes([list(frame.columns), *_rows(frame, digits)])


def _markdown(frame: pd.DataFrame, digits: int | None) -> bytes:
    places = 3 if digits is None else digits
    body = [["" if v is None else f"{v:.{places}f}" if isinstance(v, float) else str(v) for v in row] for row in _rows(frame, None)]
    number = [pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype) for dtype in frame.dtypes]
    lines = [list(frame.columns), ["---:" if right else "---" for right in number], *body]
    return "".join(f"| {' | '.join(_inline(v) for v in line)} |\n" for line in lines).encode()


def _inline(text: str) -> str:
    return re.sub(r"\s*[\r\n]+\s*", "<br>", text.replace("|", r"\|"))


def _xlsx(frame: pd.DataFrame, digits: int | None) -> bytes:
    return xlsx_bytes([list(frame.columns), *_rows(frame, digits)])
