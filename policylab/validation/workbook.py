"""The workbook that a person fills in: texts, options, drop-downs, a page that explains; and how a filled one is read."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from policylab.errors import ArgumentError, TableError
from policylab.spreadsheets import CELL_LIMIT, plain_text, showable, undated, unguarded
from policylab.validation.wording import CATEGORIES, CODER, CODING_SHEET, GUIDE_SHEET, ID, OPTION, REMARKS, TEXT, guide
from policylab.workbooks import cell_text, open_workbook, sheet_rows

_OWN_CODER = re.compile(r"编码员(\d+) coder\1")


@dataclass(frozen=True)
class Form:
    """What is to be coded: rows of (id, text, options), the categories where all rows share them, and for how many coders."""

    task: str
    rows: Sequence[tuple[str, str, tuple[str, ...]]]
    categories: Sequence[str]
    coders: int

    @property
    def heads(self) -> list[str]:
        """The heads of the columns."""
        n_options = len(self.rows[0][2])
        text = [TEXT] if self.task != "words" else []
        options = [OPTION.format(k, k) for k in range(1, n_options + 1)]
        return [ID, *text, *options, *(CODER.format(k, k) for k in range(1, self.coders + 1)), REMARKS]


@dataclass
class FilledRow:
    """A row as a person left it: `no` is its number in the workbook; `formula` names a column that holds one."""

    no: int
    row_id: str = ""
    text: str = ""
    options: tuple[str, ...] = ()
    codes: dict[str, str] = field(default_factory=dict)
    formula: str = ""


def form_bytes(form: Form) -> bytes:
    """Give a form as the bytes of an .xlsx workbook, the same each time.

    Raises
    ------
    ArgumentError
        If a text is longer than a cell holds.
    """
    for row_id, text, _ in form.rows:
        if len(text) > CELL_LIMIT:
            raise ArgumentError(
                f"units has a text of {len(text):,} characters ({text[:20]}…, row {row_id}); a cell holds {CELL_LIMIT:,}. Part it first."
            )
    book = Workbook()
    book.active.title = CODING_SHEET
    _fill(book.active, form)
    last = _explain(book.create_sheet(GUIDE_SHEET), form)
    _add_lists(book.active, form, last)
    buffer = io.BytesIO()
    book.save(buffer)
    return undated(buffer.getvalue())


def _fill(sheet: Any, form: Form) -> None:
    heads = form.heads
    for at, head in enumerate(heads, start=1):
        plain_text(_put(sheet, 1, at, head)).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = {ID: 12, TEXT: 80, REMARKS: 30}.get(head, 20)
    sheet.freeze_panes = "B2"
    for no, (row_id, text, options) in enumerate(form.rows, start=2):
        values = [row_id, *([text] if TEXT in heads else []), *options]
        for at, value in enumerate(values, start=1):
            plain_text(_put(sheet, no, at, value)).alignment = Alignment(vertical="top", wrap_text=True)


def _explain(sheet: Any, form: Form) -> int:
    """Write what to do and the categories; give the number of the last row."""
    sheet.column_dimensions["A"].width = 100
    lines = guide(form.task)
    for no, line in enumerate([*lines, *([CATEGORIES] if form.categories else []), *form.categories], start=1):
        plain_text(_put(sheet, no, 1, line))
    return sheet.max_row


def _add_lists(sheet: Any, form: Form, last: int) -> None:
    heads = form.heads
    coders = [get_column_letter(at) for at, head in enumerate(heads, start=1) if _OWN_CODER.fullmatch(head)]
    options = [get_column_letter(at) for at, head in enumerate(heads, start=1) if head.startswith("选项")]
    first = last - len(form.categories) + 1
    source = f"'{GUIDE_SHEET}'!$A${first}:$A${last}" if form.categories else f"${options[0]}2:${options[-1]}2"
    chosen = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    chosen.error = "请从列表中选择。 Choose from the list."
    sheet.add_data_validation(chosen)
    chosen.add(f"{coders[0]}2:{coders[-1]}{len(form.rows) + 1}")


def _put(sheet: Any, row: int, column: int, value: str) -> Any:
    cell = sheet.cell(row, column)
    cell.value = showable(value)
    return cell


def read_form(path: Path) -> list[FilledRow]:
    """Read a filled workbook; nothing in it is evaluated.

    Raises
    ------
    FormatError, DamagedFileError, UnsafeFileError, MissingFileError
        If it is no .xlsx workbook, is broken, goes past a limit, or is not there.
    TableError
        If it is no coding sheet, or its heads do not tell whose a column is.
    """
    book = open_workbook(path, what="coding sheet")
    try:
        cells = list(sheet_rows(book, source=path.name, title=CODING_SHEET, head=ID))
    finally:
        book.close()
    heads = [cell_text(value) for value, _ in cells[0][1]] if cells else []
    if ID not in heads:
        raise TableError(f"{path.name!r}: no sheet has the column {ID!r} in its first row; give a workbook that `coding_sheet` wrote.")
    names = [_OWN_CODER.sub(r"coder\1", h) if h and h != REMARKS else "" for h in heads]
    twice = {n for n in names if n and names.count(n) > 1}
    if twice:
        raise TableError(f"{path.name!r}: two columns bear the name {min(twice)!r}; give each coder a name of their own.")
    for no, values in cells[1:]:
        _refuse_nameless(path.name, no, heads, values)
    rows = [_row(no, names, values) for no, values in cells[1:]]
    return [row for row in rows if row is not None]


def _refuse_nameless(source: str, no: int, heads: list[str], values: list[tuple[Any, bool]]) -> None:
    """Refuse entries under a head that is gone: they may be codes."""
    nameless = [at for at, (value, _) in enumerate(values) if cell_text(value) and (at >= len(heads) or not heads[at])]
    if nameless:
        column = get_column_letter(nameless[0] + 1)
        raise TableError(f"{source!r}: column {column} has entries but no head (row {no}); give it back the head it was written with.")


def _row(no: int, names: list[str], values: list[tuple[Any, bool]]) -> FilledRow | None:
    row, options = FilledRow(no), []
    padded = [*values, *[(None, False)] * len(names)]  # empty cells at the end of a row are not in the file
    for name, (value, is_formula) in zip(names, padded, strict=False):
        text = cell_text(value)
        if not name:
            continue
        if is_formula:
            row.formula = row.formula or name
        if name == ID:
            row.row_id = text
        elif name == TEXT:
            row.text = "" if value is None else str(value)
        elif name.startswith("选项"):
            options.append(text)
        else:
            row.codes[name] = unguarded(text)
    row.options = tuple(options)
    return row if row.row_id or row.text or any(options) or any(row.codes.values()) else None
