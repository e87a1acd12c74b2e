"""The cells of an .xlsx workbook as text, as they are shown, within limits."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from policylab.archive import Archive
from policylab.errors import DamagedFileError, TableError
from policylab.plans.raw import Problem

MAX_CELLS = 2_000_000
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DATES = {
    9: "0%",
    10: "0.00%",
    14: "date",
    15: "date",
    16: "date",
    17: "date",
    22: "date",
    **dict.fromkeys(range(27, 37), "date"),
    **dict.fromkeys(range(50, 59), "date"),
}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_sheet(file: IO[bytes], *, source: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Read the first visible sheet: (row number, cells) of each row; merged cells all show the value they share.

    Returns
    -------
    list of (int, list of str), list of Problem
        Dates come as 2024-01-01, in cells that show a year only as 2024. The problem `other-sheets` says what was not read.

    Raises
    ------
    TableError
        If a cell holds a formula whose value was never computed, or an error such as #REF!.
    ReadError
        If the workbook is broken or past the limits.
    """
    archive = Archive(file, source=source)
    workbook = archive.xml("xl/workbook.xml")
    if workbook is None:
        raise DamagedFileError(source, "there is no workbook in the archive", "Open it in Excel or WPS and save it anew.")
    sheets = [s for s in workbook.iter(S + "sheet") if s.get("state", "visible") == "visible"]
    targets = _relations(archive)
    named = [(s.get("name", ""), archive.xml(targets.get(s.get(_RELATION, ""), ""))) for s in sheets]
    filled = [(name, root) for name, root in named if root is not None and root.find(f"{S}sheetData/{S}row/{S}c") is not None]
    if not filled:
        raise TableError(f"{source!r}: no visible sheet holds a cell; put the table on the first sheet.")
    base = workbook.find(S + "workbookPr")
    since = dt.date(1904, 1, 1) if base is not None and base.get("date1904") in ("1", "true") else dt.date(1899, 12, 30)
    name, root = filled[0]
    cells = _Cells(source, name, _shared(archive), _formats(archive), since)
    rows = cells.rows(root)
    others = [n for n, _ in filled[1:]]
    problems = _hidden(name, root)
    if others:
        message = f"only the sheet {name!r} is read, not {', '.join(map(repr, others))}"
        problems.append(Problem("other-sheets", "info", message, "Put the table on the first sheet."))
    return rows, problems


def _hidden(name: str, root: Element) -> list[Problem]:
    """Report rows and columns that Excel does not show: they are read like the others."""
    hidden = [
        (what, sum(e.get("hidden") in ("1", "true") for e in root.iter(S + tag))) for what, tag in (("rows", "row"), ("columns", "col"))
    ]
    said = " and ".join(f"{n} {what}" for what, n in hidden if n)
    message = f"the sheet {name!r} hides {said}, which are read all the same"
    return [Problem("hidden-cells", "warning", message, "Delete them where they are not meant.")] if said else []


class _Cells:
    def __init__(self, source: str, sheet: str, shared: list[str], formats: list[str], since: dt.date):
        self._source, self._sheet, self._shared, self._formats, self._since = source, sheet, shared, formats, since

    def rows(self, root: Element) -> list[tuple[int, list[str]]]:
        grid: dict[int, dict[int, str]] = {}
        number = 0
        for row in root.iter(S + "row"):
            number = _whole(row.get("r")) or number + 1
            column = 0
            for cell in row.findall(S + "c"):
                column = _column(cell.get("r")) or column + 1
                grid.setdefault(number, {})[column] = self._value(cell, f"{_letters(column)}{number}")
        numbers, filled = sorted(grid), 0
        for merged in root.iter(S + "mergeCell"):
            filled += self._fill(grid, numbers, merged.get("ref", ""))
            if filled > MAX_CELLS:
                raise TableError(
                    f"{self._source!r}: the merged cells of sheet {self._sheet!r} cover more than {MAX_CELLS:,} cells; part them."
                )
        width = max((max(cells) for cells in grid.values() if cells), default=0)
        if width * len(grid) > MAX_CELLS:
            raise TableError(f"{self._source!r}: the sheet {self._sheet!r} is {len(grid)} × {width} cells large; cut it down to the table.")
        return [(n, [grid[n].get(c, "") for c in range(1, width + 1)]) for n in sorted(grid)]

    def _fill(self, grid: dict[int, dict[int, str]], numbers: list[int], reference: str) -> int:
        """Write what merged cells show into each of them, and give how many they are."""
        match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
        if match is None:
            return 0
        left, top, right, bottom = _column(match[1] + "1"), int(match[2]), _column(match[3] + "1"), int(match[4])
        shown = grid.get(top, {}).get(left, "")
        covered = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)] if shown and right - left < 1000 else []
        for number in covered:
            grid[number].update(dict.fromkeys(range(left, right + 1), shown))
        return len(covered) * (right - left + 1)

    def _value(self, cell: Element, at: str) -> str:
        kind, value = cell.get("t", "n"), cell.findtext(S + "v")
        if kind == "inlineStr":
            return _rich(cell.find(S + "is"))
        if value is None or value == "":
            if cell.find(S + "f") is not None and kind != "str":
                self._refuse(at, "a formula whose value was never computed", "Open the file in Excel or WPS and save it")
            return ""
        if kind == "s":
            return (
                self._shared[int(value)]
                if value.isdecimal() and int(value) < len(self._shared)
                else self._refuse(at, "a broken text", "Save it anew")
            )
        if kind == "e":
            self._refuse(at, f"the error {value}", "Mend the formula or type the value")
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return self._number(value, cell.get("s"), at) if kind == "n" else _unescaped(value)

    def _number(self, value: str, style: str | None, at: str) -> str:
        try:
            number = float(value)
            form = self._formats[int(style)] if style else ""
            if form[:1] == "0":
                return f"{number * 100:.{form.count('0') - 1}f}%" if form[-1] == "%" else f"{number:0{len(form)}.0f}"
            if form:
                day = self._since + dt.timedelta(days=int(number))
                return str(day.year) if form == "year" else day.isoformat()
            return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
        except (ValueError, OverflowError, IndexError):
            return self._refuse(at, f"the number {value!r}, which cannot be read", "Type it anew")

    def _refuse(self, at: str, found: str, hint: str) -> str:
        raise TableError(f"{self._source!r}: cell {at} of sheet {self._sheet!r} holds {found}. {hint}.")


def _relations(archive: Archive) -> dict[str, str]:
    root = archive.xml("xl/_rels/workbook.xml.rels")
    return (
        {r.get("Id", ""): posixpath.normpath(posixpath.join("/xl", r.get("Target", ""))).lstrip("/") for r in root}
        if root is not None
        else {}
    )


def _shared(archive: Archive) -> list[str]:
    root = archive.xml("xl/sharedStrings.xml")
    return [_rich(item) for item in root.findall(S + "si")] if root is not None else []


def _rich(item: Element | None) -> str:
    """Join the runs of a text, without its phonetic guide."""
    return _unescaped("".join(_texts(item))) if item is not None else ""


def _texts(item: Element) -> Iterator[str]:
    for child in item:
        if child.tag == S + "t":
            yield child.text or ""
        elif child.tag == S + "r":
            yield child.findtext(S + "t") or ""


def _unescaped(text: str) -> str:
    return (
        _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if not 0xD800 <= int(match[1], 16) < 0xE000 else match[0], text)
        if "_x" in text
        else text
    )


def _formats(archive: Archive) -> list[str]:
    """Give for each cell style "date", "year" (shows a year only), "0%", "000" and the like, or ""."""
    root = archive.xml("xl/styles.xml")
    if root is None:
        return []
    own = {f.get("numFmtId", ""): _kind(f.get("formatCode", "")) for f in root.iter(S + "numFmt")}
    styles = root.find(S + "cellXfs")
    ids = [x.get("numFmtId", "0") for x in styles.findall(S + "xf")] if styles is not None else []
    return [own[i] if i in own else _DATES.get(int(i) if i.isdecimal() else 0, "") for i in ids]


def _kind(code: str) -> str:
    if re.fullmatch(r"0(?:\.0+)?%|00+", code):
        return code
    code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|年', "", code.split(";")[0]).lower()
    if re.fullmatch(r"\s*(?:y{1,4}|e)\s*", code):
        return "year"
    return "date" if re.search(r"y|d|m", code) and not re.search(r"general|[0#?]", code) else ""


def _column(reference: str | None) -> int:
    number = 0
    for letter in re.match("[A-Z]{0,3}", reference or "")[0]:  # type: ignore[index]
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _whole(value: str | None) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,7}", value) else 0
