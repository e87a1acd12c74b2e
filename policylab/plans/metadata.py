"""What a person's tables say about files and places: checked row by row, never guessed at."""

from __future__ import annotations

import datetime as dt
import os
import posixpath
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from policylab.errors import TableError
from policylab.plans.numerals import to_number
from policylab.plans.raw import Problem
from policylab.plans.tables import read_cells

FIRST_YEAR, LAST_YEAR = 1900, 2100
_NAMES = {
    "source": ("source", "file", "filename", "file_name", "文件", "文件名", "来源"),
    "place": ("place", "district", "地区", "区县", "地方", "区域"),
    "year": ("year", "年份", "年度", "年"),
    "series": ("series", "系列"),
}
_YEAR = re.compile(r"(\d{4}|[一二三四五六七八九〇○零OoОо０Ｏ]{4})(?:\.0+)?年?度?")


@dataclass(frozen=True)
class Metadata:
    """What a metadata table says: `facts` for each source (place, year, series and its further columns), `problems` by source."""

    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: tuple[tuple[str, Problem], ...] = ()

    def get(self, source: str) -> dict[str, Any] | None:
        """Give the facts about a source, None where the table does not name it."""
        return self.facts.get(source)


def read_metadata(table: pd.DataFrame | str | os.PathLike[str], *, sources: Iterable[str]) -> Metadata:
    """Read a metadata table and match its rows to files.

    Parameters
    ----------
    table : DataFrame or path
        Columns `source` (or `file`, 文件), `place` (`district`, 地区), `year` (年份), `series` (系列), each optional but the first; further
        ones are carried along as text. "NA", "None" and "null" are text; an empty cell says nothing.
    sources : iterable of str
        The files there are, relative to their folder.

    Returns
    -------
    Metadata
        Rows that name no file, and files that no row names, are `problems` (`metadata-no-file`, `metadata-no-row`).

    Raises
    ------
    TableError
        If there is no column for the files, a file is named twice or lies outside the folder, or a year is none.

    Examples
    --------
    >>> read_metadata(pd.DataFrame({"文件": ["a.txt"], "年份": [2024.0]}), sources=["a.txt"]).get("a.txt")
    {'year': 2024}
    """
    frame, name, found = as_text(table, "metadata")
    frame = renamed(frame, _NAMES, needed="source", table=name)
    sources = list(sources)
    known = {unicodedata.normalize("NFC", s) for s in sources}
    facts: dict[str, dict[str, Any]] = {}
    wrong: list[str] = []
    rows: dict[str, Any] = {}
    problems = list(found)
    for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
        try:
            source, said = _facts(values)
        except ValueError as error:
            wrong.append(f"row {row}: {error}")
            continue
        if source in rows:
            wrong.append(f"rows {rows[source]} and {row} both name {source!r}")
        rows.setdefault(source, row)
        facts[source] = said
        if source not in known:
            hint = "Check its spelling; names are relative to the folder read, such as 静安区/2024.docx."
            problems.append(
                (source, Problem("metadata-no-file", "warning", f"row {row} of the metadata table names no file that was read", hint))
            )
    refuse(wrong, table=name)
    hint = "Add a row for it, or say nothing of it on purpose."
    missing = [
        (s, Problem("metadata-no-row", "info", "the metadata table has no row for this file", hint))
        for s in (sorted(known - facts.keys()) if facts else ())
    ]
    return Metadata({s: f for s, f in facts.items() if s in known}, (*problems, *missing))


def parse_year(value: str) -> int | None:
    """Read a year as a table gives it: 2024, 2024.0, 2024年, 二〇二四; None where it is empty.

    Raises
    ------
    ValueError
        If it is anything else: 24, 20240, 45292 (a day's serial number) and dates are no years.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if not text:
        return None
    match = _YEAR.fullmatch(text)
    year = to_number(match[1]) if match else None
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{value!r} is no year")
    return year


def _facts(values: dict[str, str]) -> tuple[str, dict[str, Any]]:
    source = _inside(values["source"])
    said: dict[str, Any] = {}
    for column, value in values.items():
        if column == "year":
            said["year"] = parse_year(value)
        elif column != "source":
            said[column] = tidy(value) or None
    return source, said


def _inside(value: str) -> str:
    """Give a file's name relative to the folder, as sources are written."""
    name = unicodedata.normalize("NFC", value.strip()).replace("\\", "/")
    if not name:
        raise ValueError("names no file")
    if name.startswith("/") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", name) or ".." in name.split("/"):
        raise ValueError(f"{value!r} lies outside the folder; give names relative to it")
    return posixpath.normpath(name)


def tidy(value: str) -> str:
    """Give a cell in NFC without the space around it."""
    return unicodedata.normalize("NFC", value.strip())


def refuse(wrong: list[str], *, table: str) -> None:
    """Raise for what is wrong with rows, if anything is."""
    if wrong:
        more = f"; and {len(wrong) - 10} more" if len(wrong) > 10 else ""
        years = f" Years are four digits from {FIRST_YEAR} to {LAST_YEAR}, or empty." if any("no year" in w for w in wrong) else ""
        raise TableError(f"{table}: {'; '.join(wrong[:10])}{more}.{years}")


def as_text(table: pd.DataFrame | str | os.PathLike[str], argument: str) -> tuple[pd.DataFrame, str, list[tuple[str, Problem]]]:
    """Give a table as text, how to name it in messages, and what was noticed in its file."""
    if isinstance(table, str | os.PathLike):
        read = read_cells(table)
        return read.frame, repr(read.source), [(read.source, problem) for problem in read.problems]
    if not isinstance(table, pd.DataFrame):
        raise TableError(f"{argument} is a {type(table).__name__}; give a DataFrame or the path of a .csv or .xlsx file.")
    columns = {str(c): [_shown(value) for value in table.iloc[:, i]] for i, c in enumerate(table.columns)}
    if len(columns) < table.shape[1]:
        raise TableError(f"{argument} has two columns of one name; name each once.")
    return pd.DataFrame(columns, index=table.index, dtype="str"), argument, []


def _shown(value: Any) -> str:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value)


def renamed(frame: pd.DataFrame, names: dict[str, tuple[str, ...]], *, needed: str, table: str) -> pd.DataFrame:
    """Give the columns the package's own names."""
    found: dict[str, str] = {}
    for column in frame.columns:
        own = next((own for own, others in names.items() if str(column).strip().lower() in others), None)
        if own is not None and own in found.values():
            first = next(c for c, o in found.items() if o == own)
            raise TableError(f"{table}: the columns {first!r} and {column!r} both mean {own}; keep one.")
        if own is not None:
            found[column] = own
    if needed not in found.values():
        has = ", ".join(map(str, frame.columns))
        raise TableError(f"{table}: no column {' or '.join(names[needed])} (it has {has}); add one.")
    return frame.rename(columns=found)
