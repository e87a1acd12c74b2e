"""The table of what a researcher set right: read, checked, and matched to the rows it speaks of."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from policylab.errors import TableError
from policylab.items import KINDS, PARTS, text_hash
from policylab.plans.document import Document
from policylab.plans.metadata import as_text, refuse, renamed, tidy
from policylab.plans.raw import Problem, RawDocument
from policylab.spreadsheets import unguarded

_NAMES = {
    "item_id": ("item_id", "条目编号", "条目"),
    "text_hash": ("text_hash", "校验码"),
    "kind": ("kind", "类型"),
    "part": ("part", "部分"),
    "title": ("title", "标题"),
    "join": ("join", "并入上行", "合并"),
    "split": ("split", "拆分"),
    "note": ("note", "备注", "说明"),
}
COLUMNS = tuple(_NAMES)
SHOWN = ("source", "line", "kind_read", "part_read", "title_read", "text_start")  # columns of the template that order nothing
_KINDS = dict(zip(("标题", "前言", "节", "条目", "点", "段落", "结语", "附注", "版面"), KINDS, strict=True)) | {
    "小标题": "heading",
    "段": "paragraph",
}
_PARTS = dict(zip(("计划", "回顾", "附件", "名词解释", "不明"), PARTS, strict=True))
_YES = ("1", "1.0", "是", "对", "√", "✓", "x", "y", "yes", "true", "join", "合并", "并入")
_NO = ("", "0", "0.0", "否", "n", "no", "false")
_NO_TITLE = ("-", "－", "—", "–", "无")


@dataclass(frozen=True)
class Order:
    """What one row of the table sets right; `title` is "" where there is none, None where nothing is said of it."""

    row: Any
    item_id: str
    text_hash: str
    kind: str = ""
    part: str = ""
    title: str | None = None
    join: bool = False
    split: tuple[str, ...] = ()
    source: str = ""

    def misfit(self, expected: str, found: str, *, line: int = 0) -> Problem:
        """Say that it does not fit, and so was not applied."""
        message = f"row {self.row} of the corrections table ({self.item_id}) was not applied: expected {expected}, found {found}"
        hint = "Look at the row in `policylab check FOLDER --corrections-template NEW.csv` and set it right anew."
        return Problem("correction-no-fit", "warning", message, hint, line)


@dataclass(frozen=True)
class Corrections:
    """What a corrections table orders, its name in messages, and what was noticed in its file."""

    orders: tuple[Order, ...] = ()
    name: str = "corrections"
    problems: tuple[tuple[str, Problem], ...] = field(default=())

    def settings(self) -> dict[str, Any]:
        """Give what a run record should hold of them."""
        said = sorted(repr(replace(order, row=0, source="")) for order in self.orders)
        return {"orders": len(said), "sha256": hashlib.sha256("\n".join(said).encode()).hexdigest()}


def read_corrections(table: pd.DataFrame | str | os.PathLike[str]) -> Corrections:
    """Read a corrections table; rows that order nothing are passed over.

    Parameters
    ----------
    table : DataFrame or path
        Columns `item_id` and `text_hash` (see `policylab.items.text_hash`), and any of `kind`, `part`, `title` (a stroke or 无: it has
        none), `join` (是: the row goes on from the row above), `split` (the words at which the row is parted, several parted by | or a line
        end), `note`. Those that the template shows beside them are allowed. Ids are those of the reading without corrections.

    Raises
    ------
    TableError
        If a column, kind or part is unknown, a row orders something but names no item or hash, or an item has two rows that differ.

    Examples
    --------
    >>> read_corrections(pd.DataFrame({"item_id": ["甲区-2024#004"], "text_hash": ["abcdefghij"], "类型": ["note"]})).orders[0].kind
    'note'
    """
    frame, name, found = as_text(table, "corrections")
    frame = renamed(frame, _NAMES, needed="item_id", table=name)
    unknown = [str(c) for c in frame.columns if c not in _NAMES and c not in SHOWN]
    if unknown:
        raise TableError(f"{name}: the column {unknown[0]!r} is unknown; allowed are {', '.join((*_NAMES, *SHOWN))}.")
    orders: dict[str, Order] = {}
    wrong: list[str] = []
    for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
        try:
            order = _order(row, {column: unguarded(tidy(value)) for column, value in values.items()})
        except ValueError as error:
            wrong.append(f"row {row}: {error}")
            continue
        if order is None:
            continue
        first = orders.setdefault(order.item_id, order)
        if replace(first, row=row, source=order.source) != order:
            wrong.append(f"rows {first.row} and {row} order different things of {order.item_id!r}; keep one")
    refuse(wrong, table=name)
    return Corrections(tuple(orders.values()), name.strip("'"), tuple(found))


def ordered_cells(table: pd.DataFrame | str | os.PathLike[str]) -> dict[str, list[str]]:
    """Give, by item_id, what a corrections table says in the columns `kind` to `note`, of rows in which it says anything."""
    frame, name, _ = as_text(table, "corrections")
    frame = renamed(frame, _NAMES, needed="item_id", table=name)
    cells = {row["item_id"]: [unguarded(tidy(row.get(c, ""))) for c in COLUMNS[2:]] for row in frame.to_dict("records")}
    return {item_id: said for item_id, said in cells.items() if any(said)}


def _order(row: Any, said: Mapping[str, str]) -> Order | None:
    kind, part = (names.get(said.get(column, ""), said.get(column, "").lower()) for column, names in (("kind", _KINDS), ("part", _PARTS)))
    title, join = said.get("title", ""), said.get("join", "").lower()
    split = tuple(words for words in (w.strip() for w in re.split(r"[|｜\r\n]+", said.get("split", ""))) if words)
    for value, names, what in ((kind, _KINDS, "kind"), (part, _PARTS, "part")):
        if value and value not in names.values():
            allowed = ", ".join(f"{own} {name}" for name, own in names.items())
            raise ValueError(f"the {what} {value!r} is unknown; allowed are {allowed}, or an empty cell")
    if join not in _YES and join not in _NO:
        raise ValueError(f"{join!r} in join; write 是 or leave it empty")
    if not (kind or part or title or join in _YES or split):
        return None
    for column in ("item_id", "text_hash"):
        if not said.get(column):
            raise ValueError(f"no {column}; copy it from the template")
    none = "" if title in _NO_TITLE else title.rstrip("。！？")
    return Order(
        row, said["item_id"], said["text_hash"].lower(), kind, part, none if title else None, join in _YES, split, said.get("source", "")
    )


def match_orders(
    corrections: Corrections, read: Sequence[tuple[RawDocument, Document]], names: Sequence[str]
) -> tuple[dict[int, dict[int, Order]], list[tuple[str, Problem]]]:
    """Give, for each document that orders are about, the orders by the ordinals (from 0) of its rows; and what no longer fits."""
    plans = {name: n for n, name in enumerate(names)}
    matched: dict[int, dict[int, Order]] = {}
    problems: list[tuple[str, Problem]] = []
    for order in corrections.orders:
        plan, _, ordinal = order.item_id.rpartition("#")
        number = int(ordinal) - 1 if re.fullmatch("[0-9]{1,9}", ordinal) else -1
        at = plans.get(plan)
        if (at is None or not _fits(order, number, read[at][1])) and (moved := _of_source(order, number, read)) is not None:
            at = moved
        elif at is None:
            problems.append((corrections.name, order.misfit("a plan of this name", "none that was read")))
            continue
        raw, document = read[at]
        if not 0 <= number < len(document.rows) or ordinal != f"{number + 1:03d}":
            problems.append((raw.source, order.misfit("an item of this id", f"ids from {plan}#001 to {plan}#{len(document.rows):03d}")))
            continue
        row = document.rows[number]
        if text_hash(row.text) != order.text_hash:
            found = f"{text_hash(row.text)} ({row.text[:20]!r})"
            problems.append((raw.source, order.misfit(f"a text whose hash is {order.text_hash}", found, line=row.line)))
            continue
        matched.setdefault(at, {})[number] = order
    return matched, problems


def _fits(order: Order, number: int, document: Document) -> bool:
    return 0 <= number < len(document.rows) and text_hash(document.rows[number].text) == order.text_hash


def _of_source(order: Order, number: int, read: Sequence[tuple[RawDocument, Document]]) -> int | None:
    """The document of the file that the order names, where its row fits there: another file may have taken the plan's name since."""
    return next((n for n, (raw, document) in enumerate(read) if raw.source == order.source and _fits(order, number, document)), None)
