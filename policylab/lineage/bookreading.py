"""A workbook of a ledger read back: what a person overruled, checked against the ledger as it was written."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from policylab.errors import FrameError, TableError
from policylab.items import body
from policylab.lineage.book import EXTRA, RECORD, as_written, hash_of, seal_of
from policylab.lineage.bookwords import CHOICES, COPY_SHEET, HEADS, LEDGER_SHEET, NO_PARTNER, OTHER_WORDS, STATUS_WORDS
from policylab.lineage.ledger import COLUMNS
from policylab.lineage.overruling import CANNOT_BE, apply_choices, why_not
from policylab.lineage.partners import Entry, Partners
from policylab.spreadsheets import unguarded
from policylab.workbooks import Cells, cell_text, open_workbook, sheet_rows

_NEEDED = ("link_id", "status", "text_before", "text_after", "overrule", "remarks", "hash_before", "hash_after")
_LATER = ("partner",)  # a column that workbooks of earlier versions do not have
_NOT_AS_WRITTEN = "Copy it back from an untouched copy of the workbook; until then the row counts as the machine left it."


def read_ledger(path: str | Path, *, items: pd.DataFrame | None = None) -> pd.DataFrame:
    """Read back a workbook that `write_ledger` wrote: the ledger, with what a person overruled applied.

    The ledger comes from the hidden copy in the workbook. A choice is applied only where its row is the one that was written: the
    `link_id` is known and stands once, both texts have the hashes they had, and the choice is one of the list. Everything else is
    listed in `.attrs["problems"]`, and the row stays as the machine had it. Nothing is evaluated.

    A pair overruled as not the same item (or as new or dropped) becomes a dropped and a new row, unless its items have other partners.
    An item whose partner a person named makes a pair with it, and their rows without a partner go. The status of such a pair (unless it
    was chosen too) and those of the other links of its items follow from the words and the number of links, as in `item_ledger`; so do
    `moved` and `numbers_changed`. A pair that a person made has no score.

    Parameters
    ----------
    path : path
        The workbook.
    items : DataFrame, optional
        The items as they are now: choices on rows whose texts have changed since are not applied, and all such rows are listed.

    Returns
    -------
    DataFrame
        What `item_ledger` gives, and `decided` (what a person chose, as `revised` or `not the same item`; `the same item` where they
        named a partner and left the status to the machine; missing where they left all to it) and `remarks`; `turnover`, `item_chains`,
        `plot_ledger` take it. `.attrs`: `problems` (dicts of `row` in the workbook, `link_id, problem, hint`), `settings` (those of
        `item_ledger`, and how many rows were `overruled`, `confirmed`, how many of its pairs are `linked_by_hand`, in this round or
        before, and of the rows to be judged how many were decided, `review_decided`, or left, `review_left`), `notes`.

    Raises
    ------
    ReadError
        If the workbook is missing, damaged, no .xlsx or past a limit (see the types below it).
    TableError
        If it is no ledger, or its hidden copy was changed; if a partner stands in no row as an item of the other year, its pair is a
        row already, or what was filled in contradicts itself. The message names the row.
    FrameError
        If `items` is no items frame, or has none of the ledger's items.

    Examples
    --------
    >>> import tempfile
    >>> from openpyxl import load_workbook
    >>> from policylab.lineage import item_ledger, write_ledger
    >>> facts = {"series": "工作要点", "place": "甲区", "kind": "item", "part": "plan"}
    >>> items = pd.DataFrame({**facts, "plan": ["甲区-2023", "甲区-2024"], "year": [2023, 2024], "text": ["修路5条。", "修路8条。"]},
    ...     index=["甲区-2023#001", "甲区-2024#001"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/ledger.xlsx"
    ...     write_ledger(item_ledger(items), path)
    ...     book = load_workbook(path, rich_text=True)
    ...     book.worksheets[0]["K2"] = "不是同一条 not the same item"
    ...     book.save(path)
    ...     read_ledger(path)[["link_id", "status"]].to_numpy().tolist()
    [['甲区-2023#001→', 'dropped'], ['→甲区-2024#001', 'new']]
    """
    path = Path(path)
    book = open_workbook(path, what="ledger")
    try:
        shown = list(sheet_rows(book, source=path.name, title=LEDGER_SHEET, head=HEADS["link_id"][0]))
        copied = list(sheet_rows(book, source=path.name, title=COPY_SHEET, head=RECORD))
    finally:
        book.close()
    ledger = _as_it_was(copied, path.name)
    rows = _shown(shown, path.name)
    problems = _Problems()
    judged = _judged(rows, ledger, _now(items, ledger), problems)
    links = _links(judged, Partners(ledger, path.name), problems)
    return _result(ledger, judged, links, problems.found)


@dataclass(frozen=True)
class _Judged:
    """What a person filled in: choices by link_id, remarks of each row that holds, and entries in the column of partners."""

    choices: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    partners: list[Entry] = field(default_factory=list)


class _Problems:
    """What was not applied, in the order in which it was found."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    def add(self, row: int | None, link_id: str, problem: str, hint: str) -> None:
        self.found.append({"row": row, "link_id": link_id, "problem": problem, "hint": hint})


def _as_it_was(rows: list[tuple[int, Cells]], source: str) -> pd.DataFrame:
    """Give the ledger of the hidden copy, its row labels those of a new frame; raise if it was changed."""
    wrong = f"{source!r}: the hidden sheet {COPY_SHEET!r} is gone or was changed. Give a workbook that `write_ledger` wrote, or copy your "
    wrong += "columns 改判 overrule, 对应条目 partner and 备注 remarks into a fresh one."
    names = [*COLUMNS, *EXTRA, RECORD]
    if not rows or [cell_text(v) for v, _ in rows[0][1]][: len(names)] != names:
        raise TableError(wrong)
    cells = [["" if v is None else str(v) for v, _ in row] for _, row in rows[1:]]
    table = [[*row, *[""] * len(names)][: len(names)] for row in cells]
    values = [row[:-1] for row in table if row[0]]
    try:
        record = json.loads("".join(row[-1] for row in table))
        seal = record.pop("seal")
        ledger = _typed(pd.DataFrame(values, columns=names[:-1], dtype="str"))
        sound = seal == seal_of(as_written(ledger), record)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise TableError(wrong) from None
    if not sound:
        raise TableError(wrong)
    ledger.attrs = {"settings": dict(record["settings"] or {}), "notes": list(record["notes"] or [])}
    return ledger


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Give texts the types of a ledger; "" is missing but for the text of an item that is there."""
    columns: dict[str, pd.Series] = {}
    for name in table:
        dtype = COLUMNS.get(name, "str")
        values = table[name].mask(table[name] == "")
        if name in ("text_before", "text_after"):
            values = values.mask(table[f"{name.removeprefix('text_')}_id"] != "", table[name])
        if dtype == "boolean":
            values = values.map({"True": True, "False": False})
        columns[name] = (pd.to_numeric(values) if dtype in ("Int64", "float64") else values).astype(dtype)
    return pd.DataFrame(columns)


def _shown(rows: list[tuple[int, Cells]], source: str) -> list[tuple[int, dict[str, str], bool]]:
    """Give the rows of the sheet that people work in: number, texts by column, whether a cell holds a formula."""
    heads = [cell_text(value) for value, _ in rows[0][1]] if rows else []
    named = [name for name in _LATER if any(word in head for word in HEADS[name][0].split() for head in heads)]  # also where changed
    at = {name: heads.index(HEADS[name][0]) for name in (*_NEEDED, *_LATER) if HEADS[name][0] in heads}
    absent = [HEADS[name][0] for name in (*_NEEDED, *named) if heads.count(HEADS[name][0]) != 1]
    if absent:
        raise TableError(f"{source!r}: the column {absent[0]!r} is not there once; give a workbook that `write_ledger` wrote.")
    found = []
    for no, cells in rows[1:]:
        cells = [*cells, *[(None, False)] * len(heads)]  # empty cells at the end of a row are not in the file
        texts = {name: cell_text(cells[column][0]) for name, column in at.items()}
        if any(texts.values()):
            found.append((no, texts, any(is_formula for _, is_formula in cells)))
    return found


def _now(items: pd.DataFrame | None, ledger: pd.DataFrame) -> dict[str, str] | None:
    """Give the hash of each unit's text as it is now."""
    if items is None:
        return None
    units = body(items, parts=ledger.attrs["settings"].get("parts", ("plan", "unknown")))
    known = pd.concat([ledger["before_id"], ledger["after_id"]]).dropna()
    if len(known) and not known.isin(units.index).any():
        raise FrameError(f"items has none of the ledger's items, such as {known.iloc[0]!r}; give the items that the ledger was made from.")
    return {item_id: hash_of(text) for item_id, text in units["text"].items()}


def _judged(rows: list[tuple[int, dict[str, str], bool]], ledger: pd.DataFrame, now: dict[str, str] | None, problems: _Problems) -> _Judged:
    """Give what holds; list what does not."""
    written = {row["link_id"]: row for row in ledger.to_dict("records")}
    times = Counter(texts["link_id"] for _, texts, _ in rows)
    judged = _Judged()
    for no, texts, formula in rows:
        link_id, partner = texts["link_id"], _partner(texts)
        wrong = _wrong_with(texts, formula, times, written.get(link_id), now)
        choice, not_known = ("", None) if wrong else _choice(texts["overrule"], written[link_id], has_partner=bool(partner))
        problem = wrong or not_known
        if problem:
            problems.add(no, link_id, *problem)
        if choice:
            judged.choices[link_id] = choice
        if not wrong:
            judged.remarks[link_id] = unguarded(texts["remarks"])
        if partner and not problem:
            judged.partners.append(Entry(no, link_id, partner))
    for link_id in written:
        if not times[link_id]:
            problems.add(None, link_id, "the row is gone from the workbook", "It counts as the machine left it.")
    return judged


def _partner(texts: dict[str, str]) -> str:
    """Give the partner that a row names, "" where a person wrote that there is none."""
    said = unguarded(texts.get("partner", "")).strip()
    return "" if said.lower() in NO_PARTNER else said


def _links(judged: _Judged, partners: Partners, problems: _Problems) -> dict[tuple[str, str], str]:
    """Give the pairs that a person made; list those of an item that stands in no row that holds."""
    links, made = {}, partners.pairs(judged.partners, judged.choices)
    named_in = {alone: no for (a, b), (_, no) in made.items() for alone in (f"{a}→", f"→{b}")}
    for problem in problems.found:
        no = named_in.get(problem["link_id"])
        if no is not None and problem["problem"].startswith(CANNOT_BE):
            problem["hint"] = f"Row {no} names its partner: choose the status in row {no}."
    for pair, (choice, no) in made.items():
        lost = partners.without_row(pair, judged.remarks)
        if lost:
            problems.add(no, "→".join(pair), f"the partner {lost[0]} stands in no row that can be used", _NOT_AS_WRITTEN)
        else:
            links[pair] = choice
    for entry in judged.partners:
        if partners.is_alone(entry.link_id):
            judged.choices.pop(entry.link_id, None)  # it names the pair, not the row
    return links


def _wrong_with(
    texts: dict[str, str], formula: bool, times: Counter[str], row: dict[str, Any] | None, now: dict[str, str] | None
) -> tuple[str, str] | None:
    """Say why a row of the workbook is not used, and what to do; None where it is."""
    link_id = texts["link_id"]
    if row is None:
        return f"the id {link_id!r} is not in the ledger", "Give the row the id that an untouched copy of the workbook has, or delete it."
    if times[link_id] > 1:
        return f"the id {link_id!r} stands {times[link_id]} times", "Keep one of these rows."
    if formula:
        return "there is a formula in the row, which is not evaluated", "Type the value in its place."
    for side in ("before", "after"):
        written = hash_of(row[f"text_{side}"])
        if (hash_of(texts[f"text_{side}"]) if texts[f"text_{side}"] or written else "") != written or texts[f"hash_{side}"] != written:
            return f"the text of the {side}-year item is not the one that was written", _NOT_AS_WRITTEN
        item_id = row[f"{side}_id"]
        if now is not None and isinstance(item_id, str) and now.get(item_id) != written:
            what = "has changed since the ledger was written" if item_id in now else "is not in items any more"
            return f"the text of {item_id} {what}", "Make a new ledger of the items as they are; this row speaks of another text."
    if texts["status"] != STATUS_WORDS[row["status"]]:
        return f"the status was overwritten with {texts['status']!r}", f"Choose it under {HEADS['overrule'][0]!r} instead."
    return None


def _choice(said: str, row: dict[str, Any], *, has_partner: bool) -> tuple[str, tuple[str, str] | None]:
    """Give what a person chose, "" for nothing, or why it cannot be applied and what to do."""
    said = unguarded(said)
    known = {form.lower(): name for name, words in CHOICES.items() for form in (words, *words.split(" ", 1))}
    known |= {**OTHER_WORDS, STATUS_WORDS["review"].lower(): "", "": ""}
    if said.lower() not in known:
        near = get_close_matches(said, CHOICES.values(), n=1)
        return "", (f"{said!r} is no status", f"Did you mean {near[0]!r}?" if near else f"Choose from {', '.join(CHOICES.values())}.")
    choice = known[said.lower()]
    why = why_not(row, choice) if choice and not has_partner else ""
    hint = f"Give its partner under {HEADS['partner'][0]!r}; `item_ledger(items, review=…)` with a lower value shows more pairs to judge."
    return ("", (why, hint)) if why else (choice, None)


def _result(ledger: pd.DataFrame, judged: _Judged, links: dict[tuple[str, str], str], problems: list[dict[str, Any]]) -> pd.DataFrame:
    link_id, machine = ledger["link_id"], ledger["status"].astype("str")
    chosen = link_id.map(judged.choices).astype("str")
    same = chosen == machine
    done = {
        "overruled": int((chosen.notna() & ~same).sum()),
        "confirmed": int(same.sum()),
        "review_decided": int((chosen.notna() & (machine == "review")).sum()),
    }
    earlier = ledger.attrs["settings"]
    settings = {**earlier, **{name: n + int(earlier.get(name, 0)) for name, n in done.items()}}
    settings["review_left"] = int((chosen.isna() & (machine == "review")).sum())
    said = link_id.map(judged.remarks).fillna(ledger["remarks"]).astype("str")
    marked = ledger.assign(decided=chosen.fillna(ledger["decided"]), remarks=said.mask(said == ""))
    result = apply_choices(marked, judged.choices, links)
    by_hand = result["before_id"].notna() & result["after_id"].notna() & result["score"].isna()  # the machine's pairs have a score
    settings["linked_by_hand"] = int(by_hand.sum())
    result.attrs = {"problems": problems, "settings": settings, "notes": ledger.attrs["notes"]}
    return result
