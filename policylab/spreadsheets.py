"""Rows as the bytes of .csv and .xlsx files that spreadsheets show as they are: no cell becomes a formula, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from policylab.errors import ArgumentError

CELL_LIMIT = 32_767  # characters in a cell
_LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what spreadsheets may take for a formula
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip archive can hold


def guarded(value: Any) -> Any:
    """Give a value with an apostrophe in front where it is a text that a spreadsheet might take for a formula.

    Examples
    --------
    >>> [guarded(v) for v in ("=1+1", "修路", 4)], unguarded("'=1+1")
    (["'=1+1", '修路', 4], '=1+1')
    """
    return f"'{value}" if isinstance(value, str) and _needs_guard(value) else value


def unguarded(text: str) -> str:
    """Give a text without the apostrophe that `guarded` put in front."""
    return text[1:] if text[:1] == "'" and _needs_guard(text[1:]) else text


def _needs_guard(text: str) -> bool:
    return text.lstrip(" \u3000").startswith(_LEADS) or (text[:1] == "'" and _needs_guard(text[1:]))


def csv_bytes(rows: Sequence[Sequence[Any]]) -> bytes:
    """Give rows, the names of the columns first, as a .csv file in UTF-8 whose mark lets spreadsheets see that it is UTF-8."""
    names, *body = ([guarded(value) for value in row] for row in rows)
    return pd.DataFrame(body, columns=names, dtype=object).to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def xlsx_bytes(rows: Sequence[Sequence[Any]]) -> bytes:
    """Give rows, the names of the columns first, as an .xlsx workbook whose texts are texts.

    Raises
    ------
    ArgumentError
        If a text is longer than a cell holds.
    """
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
    return undated(buffer.getvalue())


def _refuse_long_cells(rows: Sequence[Sequence[Any]]) -> None:
    for value in (v for row in rows for v in row if isinstance(v, str) and len(v) > CELL_LIMIT):
        raise ArgumentError(
            f"frame has a cell of {len(value):,} characters ({value[:20]}…); a spreadsheet cell holds {CELL_LIMIT:,}. Write it as .csv."
        )


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    return plain_text(WriteOnlyCell(sheet, showable(value))) if isinstance(value, str) else value


def showable(text: str) -> str:
    """Give a text with the control characters that a workbook cannot hold replaced by \ufffd."""
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)


def plain_text(cell: Any) -> Any:
    """Make sure that a cell with a text shows it as it is, and give the cell."""
    cell.data_type = "s"  # openpyxl takes whatever begins with = for a formula
    cell.quotePrefix = cell.value.startswith(_LEADS)
    cell.alignment = Alignment(vertical="top", wrap_text=len(cell.value) > 30)
    return cell


def _widths(rows: Sequence[Sequence[Any]]) -> list[float]:
    longest = [max(sum(1 + (ord(c) > 0x2E7F) for c in str(v)) for v in column) for column in zip(*rows[:200], strict=True)]
    return [min(max(n + 2, 6), 60) for n in longest]


def undated(content: bytes) -> bytes:
    """Give an .xlsx file without the moment at which it was written, its members in one order."""
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
