"""`read_plan` and `read_plans`: from files to `Plans`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from policylab.errors import ArgumentError, MissingFileError, ReadError, TableError
from policylab.parallel import run_tasks
from policylab.plans.cells import table_documents
from policylab.plans.corrections import Corrections, Order, match_orders, read_corrections
from policylab.plans.crosscheck import look_across
from policylab.plans.document import Document, read_document
from policylab.plans.files import find_files, read_raw
from policylab.plans.frames import Plans, build_plans, plan_names
from policylab.plans.mend import mend
from policylab.plans.metadata import Metadata, read_metadata
from policylab.plans.paragraphs import paragraphs
from policylab.plans.places import Places
from policylab.plans.raw import Problem, RawDocument
from policylab.plans.tables import read_cells

PathLike = str | os.PathLike[str]
_TABLES = (".csv", ".tsv", ".xlsx")


def read_plan(path: PathLike) -> Plans:
    """Read one plan.

    Parameters
    ----------
    path : path
        A .txt, .md, .docx, .pdf or .html file; its type is told by its content.

    Returns
    -------
    Plans
        `.items`, `.documents` (one row) and `.problems`.

    Raises
    ------
    ReadError
        If the file cannot be read; the message names the file, what was found and what to do.
    """
    raw = read_raw(path)
    return build_plans([(raw, read_document(raw))], [], {"policylab": "read_plan"})


def read_plans(
    folder_or_paths: PathLike | Iterable[PathLike],
    *,
    metadata: Any = None,
    places: Any = None,
    corrections: Any = None,
    errors: str = "raise",
    n_jobs: int | None = None,
) -> Plans:
    """Read a folder of plans, with everything below it, or the paths given.

    Parameters
    ----------
    folder_or_paths : path or iterable of paths
        ``PLACE/YEAR.txt`` and ``PLACE-YEAR.txt`` are natural layouts. Tables (.csv, .tsv, .xlsx) among the files are passed over.
    metadata : DataFrame or path, optional
        A table with the columns `source` (or `file`, 文件), `place` (or `district`, 地区) and `year` (or 年份); further columns are
        carried into `.documents`. What it says wins over the file. Without it a metadata.csv (or .xlsx) at the top of the folder is read.
    places : DataFrame or path, optional
        A table with the columns `place`, `alias`, `parent`, `level`, `valid_from`, `valid_to` (years): an alias becomes the place in its
        years, and `.documents` get `parent` and `level`. Without it a places.csv (or .xlsx) there is read.
    corrections : DataFrame or path, optional
        A table of what was set right by hand (kind, part, title, join, split), keyed by `item_id` and `text_hash` of the reading without
        it; ``policylab check --corrections-template`` writes one to fill in. The documents are read anew with it; a row that no longer
        fits is a problem (`correction-no-fit`) and not applied. Without it a corrections.csv (or .xlsx) there is read.
    errors : {"raise", "report"}
        Whether a file that cannot be read raises, or becomes a row of `.problems`.
    n_jobs : int, optional
        Cores to use.

    Returns
    -------
    Plans
        Documents in the order of their sources.

    Raises
    ------
    ReadError
        With ``errors="raise"``, for the first file that cannot be read.
    TableError
        If one of the three tables is not in order.
    ArgumentError
        If `errors` is neither of the two.
    """
    _check_errors(errors)
    given = {"metadata": metadata, "places": places, "corrections": corrections}
    tables = {name: table_beside(folder_or_paths, name) if table is None else table for name, table in given.items()}
    skip = [table for table in tables.values() if isinstance(table, str | os.PathLike)]
    found, refused = find_files(folder_or_paths, skip=skip)
    found = [f for f in found if f.path.suffix.lower() not in _TABLES]
    if not found and not refused:
        hint = "Name the folder that holds your plans; plans in the cells of a table are read with read_table."
        raise MissingFileError(str(folder_or_paths), "holds no plan that can be read: no file in it could be one", hint)
    facts = Metadata() if tables["metadata"] is None else read_metadata(tables["metadata"], sources=[f.source for f in found])
    known = None if tables["places"] is None else Places.read(tables["places"])
    right = None if tables["corrections"] is None else read_corrections(tables["corrections"])
    results = run_tasks(_try, [(f.path, f.source, facts.get(f.source), known) for f in found], n_jobs=n_jobs, label="读取 reading")
    refused = [*refused, *(r for r in results if isinstance(r, ReadError))]
    if refused and errors == "raise":
        raise refused[0]
    read = [r for r in results if not isinstance(r, ReadError)]
    read, unfit = (read, []) if right is None else _set_right(read, right, facts, known, n_jobs)
    read = [(replace(raw, lines=()), document) for raw, document in read]  # their text stands in the documents' rows
    look_across(read)
    settings: dict[str, Any] = {"policylab": "read_plans", "errors": errors}
    settings |= {name: _named(table) for name, table in tables.items()}
    settings["corrections"] = (
        None if right is None else {**right.settings(), "not_applied": len(unfit), "table": _named(tables["corrections"])}
    )
    return build_plans(read, [*facts.problems, *(right.problems if right else ()), *unfit, *_as_problems(refused)], settings)


def read_table(
    path: PathLike, *, text: str, place: str | None = None, year: str | None = None, series: str | None = None, errors: str = "raise"
) -> Plans:
    """Read plans that stand in the cells of a table, a row for each plan.

    Parameters
    ----------
    path : path
        A .csv, .tsv, .xlsx or .json file.
    text, place, year, series : str
        The names of the columns that hold the plan, and its place, year and series where there are any. Further columns are carried
        into `.documents`.
    errors : {"raise", "report"}
        Whether a row without text raises, or becomes a row of `.problems`.

    Returns
    -------
    Plans
        Sources are named ``plans.csv#2``, by their row in the table.

    Raises
    ------
    ReadError, TableError
        If the table cannot be read, lacks a column, or a year is none.
    """
    _check_errors(errors)
    table = read_cells(path)
    documents, refused = table_documents(table, text=text, place=place, year=year, series=series)
    if refused and errors == "raise":
        raise refused[0]
    read = [(raw, read_document(raw, metadata=said)) for raw, said in documents]
    look_across(read)
    found = [(table.source, p) for p in table.problems if p.code != "cell-limit"]
    return build_plans(read, [*found, *_as_problems(refused)], {"policylab": "read_table", "errors": errors})


def _check_errors(errors: str) -> None:
    if errors not in ("raise", "report"):
        raise ArgumentError(f"errors={errors!r}: allowed are 'raise' and 'report'.")


def _as_problems(refused: list[ReadError]) -> list[tuple[str, Problem]]:
    return [(e.source, Problem(e.code, "error", e.found, e.hint)) for e in refused]


def table_beside(where: PathLike | Iterable[PathLike], name: str) -> Path | None:
    """A table of this name (such as metadata.csv or metadata.xlsx) that lies at the top of the folder of plans."""
    folder = Path(where) if isinstance(where, str | os.PathLike) else None
    tables = [folder / f"{name}{suffix}" for suffix in (".csv", ".xlsx") if (folder / f"{name}{suffix}").is_file()] if folder else []
    if len(tables) > 1:
        raise TableError(f"{tables[0].name} and {tables[1].name} both lie in {str(folder)!r}; keep one of them.")
    return tables[0] if tables else None


def _named(table: Any) -> str | bool:
    """How the settings name a table: by its file's name, True for a frame, False where there was none."""
    return Path(table).name if isinstance(table, str | os.PathLike) else table is not None


def _try(path: PathLike, source: str, facts: dict[str, Any] | None, places: Places | None) -> tuple[RawDocument, Document] | ReadError:
    try:
        raw = read_raw(path, source=source)
        return raw, read_document(raw, metadata=facts, places=places)
    except ReadError as error:
        return error


def _set_right(
    read: list[tuple[RawDocument, Document]], right: Corrections, facts: Metadata, places: Places | None, n_jobs: int | None
) -> tuple[list[tuple[RawDocument, Document]], list[tuple[str, Problem]]]:
    """Read anew the documents that corrections speak of; gives what no longer fits as well."""
    read = sorted(read, key=lambda pair: pair[0].source)
    orders, unfit = match_orders(right, read, plan_names(read))
    tasks = [(*read[n], facts.get(read[n][0].source), places, by_row) for n, by_row in sorted(orders.items())]
    corrected = dict(zip(sorted(orders), run_tasks(_corrected, tasks, n_jobs=n_jobs), strict=True))
    unfit += [(read[n][0].source, problem) for n, (_, problems) in corrected.items() for problem in problems]
    return [(raw, corrected[n][0] if n in corrected else document) for n, (raw, document) in enumerate(read)], unfit


def _corrected(
    raw: RawDocument, document: Document, facts: dict[str, Any] | None, places: Places | None, orders: dict[int, Order]
) -> tuple[Document, list[Problem]]:
    return mend(lambda ps: read_document(raw, metadata=facts, places=places, corrected=ps), paragraphs(raw)[0], document, orders)
