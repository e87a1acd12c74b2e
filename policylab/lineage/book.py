"""The ledger as a workbook that a researcher works in: both texts with their changes in red, a column to overrule."""

from __future__ import annotations

import io
import json
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from policylab.archive import MAX_ELEMENTS
from policylab.errors import ArgumentError, FrameError, UnsafeFileError
from policylab.items import text_hash
from policylab.lineage.bookwords import (
    CHOICES,
    CHOOSE,
    COPY_SHEET,
    GUIDE,
    GUIDE_SHEET,
    HEADS,
    LEDGER_SHEET,
    NAME,
    STATUS_WORDS,
    TO_FILL_IN,
    YES_NO,
)
from policylab.lineage.ledger import COLUMNS, STATUSES
from policylab.lineage.marking import changes
from policylab.spreadsheets import CELL_LIMIT, plain_text, showable, undated
from policylab.workbooks import check_members, write_unless_other, xlsx_path

EXTRA = ("decided", "remarks")  # what `read_ledger` adds
RECORD = "record"
_PART = 30_000  # characters of the record in a cell
_RED = {"rFont": "Calibri", "sz": 11, "color": "FFFF0000"}
_GONE, _CAME, _PLAIN = InlineFont(strike=True, **_RED), InlineFont(**_RED), InlineFont(rFont="Calibri", sz=11)
_TO_JUDGE, _TO_FILL_IN = (PatternFill("solid", fgColor=colour) for colour in ("FFFFF2CC", "FFE2EFDA"))
_PER_PIECE, _PER_ROW = 9, 4 * len(HEADS)  # XML elements that Excel writes for a piece of a text, and for a row


def write_ledger(ledger: pd.DataFrame, path: str | Path) -> None:
    """Write a ledger (台账) as an .xlsx workbook that a person judges row by row; `read_ledger` reads it back.

    A row for each row of the ledger, in its order: both texts side by side with what they do not share in red, a list to choose from
    where the status is to be overruled, a column to name the partner of an item that the machine left without one, remarks. A second
    sheet explains, in Chinese and then in English; a hidden one holds the ledger as it was, against which the workbook is checked when it
    is read. The same ledger gives the same bytes.

    Parameters
    ----------
    ledger : DataFrame
        What `item_ledger` or `read_ledger` gave, or rows of it: those of whole places or years, if turnover is to be counted from what
        is read back.
    path : path
        Where to write, ending in .xlsx. A file with other content that is there already is never overwritten.

    Raises
    ------
    ArgumentError
        If `path` does not end in .xlsx or holds something else already, a text is longer than a cell holds, or the ledger is larger
        than a workbook that can be read back.
    FrameError
        If `ledger` lacks columns, repeats a `link_id`, or has an unknown status.

    Examples
    --------
    >>> import tempfile
    >>> from openpyxl import load_workbook
    >>> from policylab.lineage import item_ledger
    >>> facts = {"series": "工作要点", "place": "甲区", "kind": "item", "part": "plan"}
    >>> items = pd.DataFrame({**facts, "plan": ["甲区-2023", "甲区-2024"], "year": [2023, 2024], "text": ["修路5条。", "修路8条。"]},
    ...     index=["甲区-2023#001", "甲区-2024#001"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_ledger(item_ledger(items), f"{folder}/ledger.xlsx")
    ...     sheet = load_workbook(f"{folder}/ledger.xlsx").worksheets[0]
    ...     [sheet["A2"].value, sheet["E2"].value, sheet["G2"].value, sheet["H2"].value]
    ['甲区-2023#001→甲区-2024#001', '保留 kept', '修路5条。', '修路8条。']
    """
    path = xlsx_path(path, what="ledger")
    ledger = _checked(ledger)
    pieces = [_pieces(a, b) for a, b in zip(ledger["text_before"], ledger["text_after"], strict=True)]
    size = _PER_ROW * len(ledger) + _PER_PIECE * sum(len(side) for both in pieces for side in both)
    if size > MAX_ELEMENTS:
        raise _too_large(ledger)
    book = Workbook()
    sheet = book.active
    sheet.title = LEDGER_SHEET
    _fill(sheet, ledger, pieces)
    last = _explain(book.create_sheet(GUIDE_SHEET))
    _guide_entries(sheet, len(ledger), last)
    _copy(book.create_sheet(COPY_SHEET), ledger)
    buffer = io.BytesIO()
    book.save(buffer)
    content = undated(buffer.getvalue())
    try:
        check_members(content, source=path.name, what="ledger")
    except UnsafeFileError:
        raise _too_large(ledger) from None
    write_unless_other({path: content}, holds="somebody's work on the ledger")


def _too_large(ledger: pd.DataFrame) -> ArgumentError:
    return ArgumentError(
        f"ledger has {len(ledger):,} rows, more than a workbook that can be read back holds; write one for each place, such as "
        "`ledger[ledger['place'] == '甲区']`, or one for each year."
    )


def hash_of(text: Any) -> str:
    """Give the hash of a text as a workbook shows it; "" where there is none."""
    return text_hash(showable(text)) if isinstance(text, str) else ""


def as_written(ledger: pd.DataFrame) -> list[list[str]]:
    """Give the rows of a ledger as texts, "" where a value is missing."""
    names = [*COLUMNS, *EXTRA]
    columns = [[("" if pd.isna(v) else repr(float(v)) if name == "score" else str(v)) for v in ledger[name]] for name in names]
    return [[showable(value.replace("\r\n", "\n").replace("\r", "\n")) for value in row] for row in zip(*columns, strict=True)]


def seal_of(rows: list[list[str]], record: dict[str, Any]) -> str:
    """Give a hash over the rows of a ledger and what is known of it, by which a changed copy is told."""
    return text_hash(json.dumps([rows, record], ensure_ascii=False, sort_keys=True))


def _checked(ledger: pd.DataFrame) -> pd.DataFrame:
    missing = [c for c in COLUMNS if c not in ledger] if isinstance(ledger, pd.DataFrame) else ["link_id"]
    if missing:
        raise FrameError(f"ledger has no column {missing[0]}; give what `item_ledger(items)` returned.")
    if not ledger["link_id"].is_unique:
        twice = ledger["link_id"][ledger["link_id"].duplicated()].iloc[0]
        raise FrameError(f"ledger has the link_id {twice!r} twice; each row is to stand in it once.")
    strange = sorted(set(ledger["status"].astype(str)) - set(STATUSES))
    if strange:
        raise FrameError(f"ledger has the status {strange[0]!r}; allowed are {', '.join(STATUSES)}.")
    for text in [*ledger["text_before"].dropna(), *ledger["text_after"].dropna()]:
        if len(text) > CELL_LIMIT:
            raise ArgumentError(
                f"ledger has a text of {len(text):,} characters ({text[:20]}…); a cell holds {CELL_LIMIT:,}. Part it first."
            )
    blank = {name: pd.Series(pd.NA, index=ledger.index, dtype="str") for name in EXTRA if name not in ledger}
    return ledger.assign(**blank)[[*COLUMNS, *EXTRA]]


def _pieces(before: Any, after: Any) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    if isinstance(before, str) and isinstance(after, str):
        return changes(showable(before), showable(after))
    left, right = ([(showable(text), False)] if isinstance(text, str) and text else [] for text in (before, after))
    return left, right


def _fill(sheet: Any, ledger: pd.DataFrame, pieces: list[tuple[list[tuple[str, bool]], list[tuple[str, bool]]]]) -> None:
    _head(sheet, len(ledger))
    for no, (row, (before, after)) in enumerate(zip(ledger.to_dict("records"), pieces, strict=True), start=2):
        shown = row | {"status": STATUS_WORDS[row["status"]], "overrule": None, "partner": None}
        shown |= {name: None if pd.isna(row[name]) else YES_NO[bool(row[name])] for name in ("moved", "numbers_changed")}
        shown |= {f"hash_{side}": hash_of(row[f"text_{side}"]) for side in ("before", "after")}
        shown |= {"text_before": _rich(before, _GONE), "text_after": _rich(after, _CAME)}
        for at, name in enumerate(HEADS, start=1):
            cell = _put(sheet, no, at, shown[name])
            cell.alignment = Alignment(vertical="top", wrap_text=name in ("text_before", "text_after", "remarks", "link_id"))
            if name == "score":
                cell.number_format = "0.00"
            if name in ("status", "overrule") and row["status"] == "review":
                cell.fill = _TO_JUDGE


def _head(sheet: Any, n_rows: int) -> None:
    """Write the heads, which stay in sight and on each printed page; those of the columns to be filled in are green."""
    for at, (name, (head, width)) in enumerate(HEADS.items(), start=1):
        cell = _put(sheet, 1, at, head)
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="center", wrap_text=True)
        if name in TO_FILL_IN:
            cell.fill = _TO_FILL_IN
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.row_dimensions[1].height = 32  # two lines: Chinese, English
    sheet.freeze_panes, sheet.print_title_rows = "B2", "1:1"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(HEADS))}{n_rows + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = "landscape", 0, True


def _rich(pieces: list[tuple[str, bool]], marked: InlineFont) -> str | CellRichText:
    """Give a text whose changed pieces are marked, as a plain one where none is."""
    if not any(changed for _, changed in pieces):
        return "".join(text for text, _ in pieces)
    return CellRichText(*(TextBlock(marked if changed else _PLAIN, text) for text, changed in pieces))


def _put(sheet: Any, row: int, column: int, value: Any) -> Any:
    """Put a value into a cell: texts as texts, nothing where it is missing."""
    cell = sheet.cell(row, column)
    if isinstance(value, CellRichText):
        cell.value = value
        cell.data_type = "s"
        cell.quotePrefix = True
    elif isinstance(value, str) and value:
        cell.value = showable(value)
        plain_text(cell)
    elif not isinstance(value, str) and not pd.isna(value):
        cell.value = value
    return cell


def _explain(sheet: Any) -> int:
    """Write what to do and the choices; give the number of the last row."""
    sheet.column_dimensions["A"].width = 100
    for no, line in enumerate([*GUIDE, "可选的状态 choices", *CHOICES.values()], start=1):
        _put(sheet, no, 1, line)
    return len(GUIDE) + 1 + len(CHOICES)


def _guide_entries(sheet: Any, n_rows: int, last: int) -> None:
    """Give the statuses as a list to choose from, and say beside a selected cell what to put into it."""
    source = f"'{GUIDE_SHEET}'!$A${last - len(CHOICES) + 1}:$A${last}"
    chosen = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True, showInputMessage=True)
    chosen.errorTitle, chosen.error, chosen.prompt = HEADS["overrule"][0], "请从列表中选择。 Choose from the list.", CHOOSE
    named = DataValidation(allow_blank=True, showInputMessage=True, prompt=NAME)
    for name, guide in (("overrule", chosen), ("partner", named)):
        guide.promptTitle = HEADS[name][0]
        column = get_column_letter(list(HEADS).index(name) + 1)
        guide.add(f"{column}2:{column}{max(n_rows, 1) + 1}")
        sheet.add_data_validation(guide)


def _copy(sheet: Any, ledger: pd.DataFrame) -> None:
    """Write the ledger as it is into a hidden sheet; its last column holds, in the first row, how the ledger was made and a seal."""
    sheet.sheet_state = "hidden"
    rows = as_written(ledger)
    record = json.loads(json.dumps({k: ledger.attrs.get(k) for k in ("settings", "notes")}, ensure_ascii=False, default=str))
    said = json.dumps({**record, "seal": seal_of(rows, record)}, ensure_ascii=False, sort_keys=True)
    said_parts = [said[at : at + _PART] for at in range(0, len(said), _PART)]
    empty = [""] * len([*COLUMNS, *EXTRA])
    table = [[*(row or empty), part or ""] for row, part in zip_longest(rows, said_parts)]
    for no, row in enumerate([[*COLUMNS, *EXTRA, RECORD], *table], start=1):
        for at, value in enumerate(row, start=1):
            _put(sheet, no, at, value)
