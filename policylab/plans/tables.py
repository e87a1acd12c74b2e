"""Tables from .csv, .tsv, .xlsx and flat .json as frames of text: nothing is guessed, nothing becomes a number or missing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from policylab.archive import Archive
from policylab.errors import FormatError, TableError
from policylab.opening import open_regular, read_limited
from policylab.plans.decode import decode
from policylab.plans.files import MAX_TEXT_BYTES, shown_name
from policylab.plans.filetype import binary_type
from policylab.plans.raw import Problem
from policylab.plans.spreadsheet import read_sheet

CELL_LIMIT = 32_767
_DELIMITERS = ("\t", ",", ";", "|", "，")
_JSON = (".json", ".jsonl", ".ndjson")
Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Table:
    """A table as text: `frame` has a column for each header, indexed by the row's number in the file (the header's is 1)."""

    source: str
    frame: pd.DataFrame
    format: str
    encoding: str
    sha256: str
    problems: tuple[Problem, ...] = ()


def read_cells(path: str | os.PathLike[str], *, source: str | None = None) -> Table:
    """Read a table: the first row names the columns, every cell is text as it stands, "" where it is empty.

    Parameters
    ----------
    path : path
        A .csv or .tsv file in any encoding that can be told (the delimiter is told by the header), an .xlsx workbook, or .json or .jsonl
        that holds flat objects.
    source : str
        How to name it in messages; by default its name.

    Raises
    ------
    TableError
        If columns bear no name or the same one, rows have another number of cells than the header, or quotes are not closed.
    ReadError
        If the file cannot be read.
    """
    path = Path(path)
    source = shown_name(path.name) if source is None else source
    with open_regular(path, source=source) as file:
        data = read_limited(file, source=source, limit=MAX_TEXT_BYTES)
    problems: Sequence[Problem]
    if data[:4] == b"PK\x03\x04" and "xl/workbook.xml" in Archive(io.BytesIO(data), source=source).members:
        rows, problems = read_sheet(io.BytesIO(data), source=source)
        kind, encoding = "xlsx", "utf-8"
    elif binary_type(data[:4096], io.BytesIO(data), source=source) is not None:
        raise FormatError(source, "this is no table", "Give a .csv or .xlsx file.")
    else:
        decoded = decode(data, source=source)
        text, encoding, problems = decoded.text.removeprefix("\ufeff"), decoded.encoding, decoded.problems
        if text.lstrip()[:1] == "<":
            raise FormatError(source, "this is HTML or XML, not a table", "Open it in Excel or WPS and save it as .xlsx.")
        kind = "json" if path.suffix.lower() in _JSON else "csv"
        rows = _json_rows(text, source) if kind == "json" else csv_rows(text, source=source)
    sha256 = hashlib.sha256(data).hexdigest()
    return Table(source, _frame(rows, source), kind, encoding, sha256, (*problems, *_limits(rows)))


def csv_rows(text: str, *, source: str) -> Rows:
    """Take delimited text apart: (line number, cells) of each row that is not blank; quoted cells may hold line ends."""
    first, _, rest = text.partition("\n")
    offset = 1
    delimiter = first.strip()[4:5] if first.lower().startswith("sep=") else ""
    if delimiter:
        text, offset = rest, 2
    else:
        unquoted = re.sub('"[^"]*"', "", first)
        delimiter = max(_DELIMITERS, key=lambda d: (unquoted.count(d), d == ","))
    return [(no + offset - 1, cells) for no, cells in _records(text, delimiter, source) if any(c.strip() for c in cells)]


def _records(text: str, delimiter: str, source: str) -> Rows:
    rows: Rows = []
    cells: list[str] = []
    at, no, row_no = 0, 1, 1
    stop = re.compile(f"[{re.escape(delimiter)}\n\r]")
    while at < len(text) or cells:
        if text[at : at + 1] == '"':
            cell, at = _quoted(text, at, source, row_no)
            no += cell.count("\n")
        else:
            found = stop.search(text, at)
            end = found.start() if found else len(text)
            cell, at = text[at:end], end
        cells.append(cell)
        if text[at : at + 1] == delimiter:
            at += 1
            continue
        if at < len(text) and text[at] not in "\r\n":
            raise TableError(
                f"{source!r}: line {no}: text follows a closing quotation mark; double the quotation marks inside a quoted cell."
            )
        at += 2 if text[at : at + 2] == "\r\n" else 1
        rows.append((row_no, cells))
        no += 1
        cells, row_no = [], no
    return rows


def _quoted(text: str, at: int, source: str, row_no: int) -> tuple[str, int]:
    end = at + 1
    while True:
        end = text.find('"', end)
        if end < 0:
            raise TableError(f"{source!r}: row {row_no}: a quotation mark is never closed; the file may be cut off.")
        if text[end + 1 : end + 2] != '"':
            return text[at + 1 : end].replace('""', '"'), end + 1
        end += 2


def _frame(rows: Rows, source: str) -> pd.DataFrame:
    rows = [(no, cells) for no, cells in rows if any(c.strip() for c in cells)]
    if not rows:
        raise TableError(f"{source!r}: the table is empty; give a header row and a row for each document.")
    names = [" ".join(name.split()) for name in rows[0][1]]
    while names and not names[-1] and all(not "".join(cells[len(names) - 1 :]).strip() for _, cells in rows):
        names.pop()
    twice = [name for name, n in Counter(names).items() if n > 1]
    if "" in names or twice:
        what = f"two columns are named {twice[0]!r}" if twice and twice[0] else f"column {names.index('') + 1} has no name"
        raise TableError(f"{source!r}: {what} in the header (row {rows[0][0]}: {', '.join(names)}); name each column once.")
    for no, cells in rows[1:]:
        if len(cells) < len(names) or any(c.strip() for c in cells[len(names) :]):
            hint = "Put quotation marks around cells that hold the delimiter or a line end."
            raise TableError(f"{source!r}: row {no} has {len(cells)} cells, the header {len(names)}. {hint}")
    index = pd.Index([no for no, _ in rows[1:]], dtype="int64", name="row")
    return pd.DataFrame(
        {name: pd.Series([cells[i] for _, cells in rows[1:]], index=index, dtype="str") for i, name in enumerate(names)}, index=index
    )


def _limits(rows: Rows) -> list[Problem]:
    """Report texts as long as a spreadsheet's cell can be: the rest of them is lost."""
    hint = "A spreadsheet's cell holds 32,767 characters: keep such texts in files of their own."
    full = [no for no, cells in rows for cell in cells if CELL_LIMIT - 2 <= len(cell.encode("utf-16-le")) // 2 <= CELL_LIMIT]
    return [Problem("cell-limit", "warning", f"row {no}: a text ends at the limit of a spreadsheet's cell", hint, no) for no in full]


def _json_rows(text: str, source: str) -> Rows:
    try:
        found = (
            json.loads(text, **_AS_TEXT)
            if text.lstrip()[:1] == "["
            else [json.loads(line, **_AS_TEXT) for line in text.splitlines() if line.strip()]
        )
    except RecursionError:
        raise TableError(f"{source!r}: the JSON is nested without end; give a list of flat objects.") from None
    except ValueError as error:
        raise TableError(f"{source!r}: this is no JSON ({error}); give a list of flat objects, or one object a line.") from None
    names: dict[str, int] = {}
    rows: Rows = []
    for no, record in enumerate(found, start=2):
        cells = record if isinstance(record, _Pairs) else None
        nested = cells is None or any(not isinstance(value, str | None) for _, value in cells)
        if cells is None or nested or len({name for name, _ in cells}) < len(cells):
            raise TableError(f"{source!r}: record {no - 1} is no flat object with each key once; give text and numbers only.")
        values = {name: value or "" for name, value in cells}
        if any("\ud800" <= c <= "\udfff" for pair in values.items() for text in pair for c in text):
            raise TableError(f"{source!r}: record {no - 1} holds half a character (a lone surrogate); write it whole.")
        names.update({name: len(names) for name in values if name not in names})
        rows.append((no, [values.get(name, "") for name in names]))
    return [(1, list(names)), *((no, cells + [""] * (len(names) - len(cells))) for no, cells in rows)] if names else []


class _Pairs(list[tuple[str, Any]]):
    """A JSON object's keys and values, repeated keys and all."""


_AS_TEXT: dict[str, Any] = {"object_pairs_hook": _Pairs, "parse_int": str, "parse_float": str, "parse_constant": str}
