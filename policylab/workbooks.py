"""Workbooks that people fill in: opened within limits, nothing in them evaluated, none written over."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from policylab.archive import Archive
from policylab.errors import ArgumentError, DamagedFileError, FormatError
from policylab.opening import open_regular, read_limited

MAX_BYTES = 32 * 2**20
_AGAIN = "Open it in Excel or WPS and save it anew as .xlsx."
Cells = list[tuple[Any, bool]]  # of a row: each value, and whether it is a formula


def write_unless_other(files: dict[Path, bytes], *, holds: str) -> None:
    """Write files, unless one is there already with another content: it may hold a person's work.

    Raises
    ------
    ArgumentError
        If one is; nothing is written then.
    """
    for file, content in files.items():
        if file.exists() and (not file.is_file() or file.read_bytes() != content):
            raise ArgumentError(f"{file} is there already and may hold {holds}; name a new file, so that nothing is overwritten.")
    for file, content in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def xlsx_path(path: str | Path, *, what: str) -> Path:
    """Check where a workbook is to be written.

    Raises
    ------
    ArgumentError
        If it does not end in .xlsx.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise ArgumentError(f"path={path.name!r}: {path.suffix or 'no suffix'} is no format of {what}s; end it in .xlsx.")
    return path


def sheet_rows(book: Any, *, source: str, title: str, head: str) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of the sheet whose first row has a head, that of the title before others: the number, then the cells.

    Raises
    ------
    DamagedFileError
        If the workbook is broken.
    """
    try:
        for sheet in sorted(book.worksheets, key=lambda s: s.title != title):
            sheet.reset_dimensions()
            rows = ((no, [(c.value, c.data_type == "f") for c in row]) for no, row in enumerate(sheet.iter_rows(), start=1))
            first = next(rows, None)
            if first is not None and head in [cell_text(value) for value, _ in first[1]]:
                yield first
                yield from rows
                return
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        raise DamagedFileError(source, f"the workbook is broken ({type(error).__name__})", _AGAIN) from None


def cell_text(value: Any) -> str:
    """Give what a cell shows, a whole number without its decimals.

    Examples
    --------
    >>> [cell_text(v) for v in (2.0, " 修改 ", None)]
    ['2', '修改', '']
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def open_workbook(path: Path, *, what: str) -> Any:
    """Open a workbook for reading, after a look at its size, members and XML; `what` names it, such as ``coding sheet``.

    Raises
    ------
    FormatError, DamagedFileError, UnsafeFileError, MissingFileError
        If it is no .xlsx workbook, is broken, goes past a limit, or is not there.
    """
    with open_regular(path, source=path.name) as file:
        data = read_limited(file, source=path.name, limit=MAX_BYTES, hint=f"A {what} is far smaller; is this the right file?")
    if data[:4] != b"PK\x03\x04":
        raise FormatError(path.name, "this is no .xlsx workbook", f"Save the {what} as .xlsx (not .xls, .et or .csv).")
    check_members(data, source=path.name, what=what)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not keep, such as Excel's own lists
            return load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl raises many kinds on broken workbooks
        raise DamagedFileError(path.name, f"the workbook is broken ({type(error).__name__})", _AGAIN) from None


def check_members(data: bytes, *, source: str, what: str) -> None:
    """Look at limits and entities of every member of a workbook before openpyxl reads anything.

    Raises
    ------
    FormatError, DamagedFileError, UnsafeFileError
        If it holds no workbook, is broken, or goes past a limit.
    """
    archive = Archive(io.BytesIO(data), source=source)
    if "xl/workbook.xml" not in archive.members:
        raise FormatError(source, "there is no workbook in the archive", f"Save the {what} as .xlsx.")
    for name in archive.members:
        if name.endswith((".xml", ".rels")):
            archive.xml(name)
        elif not name.endswith("/"):
            archive.read(name)
