"""Write result frames as tables: for spreadsheets without formulas, for papers as Markdown, the same bytes from run to run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from policylab.errors import ArgumentError, FrameError
from policylab.provenance import run_record, write_record

_LIMIT = 32_767  # characters in a cell
_LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what spreadsheets may take for a formula
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip archive can hold


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


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \u3000").startswith(_LEADS) else value


def _csv(frame: pd.DataFrame, digits: int | None) -> bytes:
    rows = [[_guarded(value) for value in row] for row in _rows(frame, digits)]
    names = [_guarded(name) for name in frame.columns]
    # The mark at the beginning lets spreadsheets see that the file is UTF-8.
    return pd.DataFrame(rows, columns=names, dtype=object).to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _markdown(frame: pd.DataFrame, digits: int | None) -> bytes:
    places = 3 if digits is None else digits
    body = [["" if v is None else f"{v:.{places}f}" if isinstance(v, float) else str(v) for v in row] for row in _rows(frame, None)]
    number = [pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype) for dtype in frame.dtypes]
    lines = [list(frame.columns), ["---:" if right else "---" for right in number], *body]
    return "".join(f"| {' | '.join(_inline(v) for v in line)} |\n" for line in lines).encode()


def _inline(text: str) -> str:
    return re.sub(r"\s*[\r\n]+\s*", "<br>", text.replace("|", r"\|"))


def _xlsx(frame: pd.DataFrame, digits: int | None) -> bytes:
    rows = [list(frame.columns), *_rows(frame, digits)]
    _refuse_long_cells(rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    sheet.freeze_panes = "A2"
    for at, width in enumerate(_widths(rows), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return _undated(buffer.getvalue())


def _refuse_long_cells(rows: list[list[Any]]) -> None:
    for value in (v for row in rows for v in row if isinstance(v, str) and len(v) > _LIMIT):
        raise ArgumentError(
            f"frame has a cell of {len(value):,} characters ({value[:20]}…); a spreadsheet cell holds {_LIMIT:,}. Write it as .csv."
        )


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value))
    cell.data_type = "s"  # openpyxl takes whatever begins with = for a formula
    cell.quotePrefix = value.startswith(_LEADS)
    cell.alignment = Alignment(vertical="top", wrap_text=len(value) > 30)
    return cell


def _widths(rows: list[list[Any]]) -> list[float]:
    longest = [max(sum(1 + (ord(c) > 0x2E7F) for c in str(v)) for v in column) for column in zip(*rows[:200], strict=True)]
    return [min(max(n + 2, 6), 60) for n in longest]


def _undated(content: bytes) -> bytes:
    """Give an .xlsx file without the moment at which it was written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, data)
    return buffer.getvalue()
