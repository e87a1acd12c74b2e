"""Plans that stand in the cells of a table: each row a document."""

from __future__ import annotations

import hashlib
from typing import Any

from policylab.errors import EmptyFileError, ReadError, TableError
from policylab.plans.decode import split_lines
from policylab.plans.metadata import parse_year, refuse, tidy
from policylab.plans.normalize import script_problems
from policylab.plans.raw import Line, RawDocument
from policylab.plans.tables import Table


def table_documents(
    table: Table, *, text: str, place: str | None = None, year: str | None = None, series: str | None = None
) -> tuple[list[tuple[RawDocument, dict[str, Any]]], list[ReadError]]:
    """Make a document of each row of a table.

    Parameters
    ----------
    table : Table
        What `read_cells` gives.
    text, place, year, series : str
        The names of the columns that hold the plan and what is known about it; all other columns are carried along.

    Returns
    -------
    list of (RawDocument, dict), list of ReadError
        The documents, named ``plans.csv#2`` by their row, with what the row says about each; and the rows whose text is empty.

    Raises
    ------
    TableError
        If a column does not exist or a year is none.
    """
    roles = {name: column for name, column in (("text", text), ("place", place), ("year", year), ("series", series)) if column is not None}
    for name, column in roles.items():
        if column not in table.frame:
            has = ", ".join(map(str, table.frame.columns))
            raise TableError(f"{table.source!r}: there is no column {column!r}, given as {name} (it has {has}).")
    own = {column: name for name, column in roles.items()}
    documents: list[tuple[RawDocument, dict[str, Any]]] = []
    refused: list[ReadError] = []
    wrong: list[str] = []
    for row, values in zip(table.frame.index, table.frame.to_dict("records"), strict=True):
        source = f"{table.source}#{row}"
        said: dict[str, Any] = {own.get(column, column): tidy(value) or None for column, value in values.items() if column != text}
        try:
            said["year"] = parse_year(said.get("year") or "")
        except ValueError as error:
            wrong.append(f"row {row}: {error}")
        if not values[text].strip():
            refused.append(EmptyFileError(source, f"the column {text!r} is empty in this row", "Fill it, or take the row out."))
            continue
        documents.append((_document(table, int(row), values[text], source), said))
    refuse(wrong, table=repr(table.source))
    return documents, refused


def _document(table: Table, row: int, text: str, source: str) -> RawDocument:
    lines = tuple(Line(no, line) for no, line in enumerate(split_lines(text), start=1))
    problems = tuple(p for p in table.problems if p.line == row and p.code == "cell-limit")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return RawDocument(source, table.format, table.encoding, sha256, lines, (*problems, *script_problems(lines)))
