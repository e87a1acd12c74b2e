"""Tables of tasks (序号, 任务, 责任单位, 完成时限): which of their rows are measures, which head others, which only name the columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policylab.plans.markers import Marker, find_marker
from policylab.plans.numerals import to_number
from policylab.plans.raw import Paragraph
from policylab.plans.titles import run_in_title

_NUMBER = r"序\s*号|编\s*号|项目?号|项次"
_UNITS = r"(?:责任|牵头|主办|承办|协办|配合|参与|负责|主责|实施)(?:单位|部门|科室|处室|股室|领导|人)?(?:和?责任人)?"
_OF = "重点|主要|具体|年度|工作|目标|任务|实事|改革|建设"
_TASK = rf"(?:{_OF})*(?:任务|工作|内容|措施|举措|事项|要点|项目|目标|安排)(?:名称|内容|分解|清单|要求|标准|（[^）]*）)*"
_WHEN = r"(?:完成|时间|进度|计划|办结)*(?:时限|时间|期限|节点|进度|安排|日期)(?:要求|安排)?|月\s*份"
_OTHER = r"备\s*注|类\s*别|分\s*类|领\s*域|(?:条线|板块|项目)(?:类别)?|数\s*量|单\s*位|金\s*额|.*(?:资金|投资|指标|情况).*"
_HOLDS = (("number", _NUMBER), ("units", _UNITS), ("task", _TASK), ("other", _WHEN), ("other", _OTHER))
_NAMES = [(name, re.compile(pattern)) for name, pattern in _HOLDS]
_TOTAL = re.compile(r"(?:合|总|小)\s*计")
_TEXT = re.compile(r"[\u4e00-\u9fff][^\t]*[\u4e00-\u9fff][^\t]*[\u4e00-\u9fff]")


@dataclass(frozen=True)
class TableRow:
    """A row of a table of tasks: `role` is "names" (of columns), "heading" (a row that heads others), "task", or "" (no task).

    `text` is the row without its number; `units` are the units that its cells name.
    """

    role: str
    marker: Marker | None = None
    text: str = ""
    title: str | None = None
    units: str | None = None

    @property
    def number(self) -> int | None:
        """The number of a task."""
        return self.marker.number if self.role == "task" and self.marker else None


def read_tables(ps: Sequence[Paragraph]) -> dict[int, TableRow]:
    """Give the rows of all tables among the paragraphs by their place."""
    rows: dict[int, TableRow] = {}
    columns: list[str] = []
    last, task = -1, 0
    for n, table in enumerate(_tables(ps)):
        between, last = [p.text for p in ps[last + 1 : table[0]] if p.text and p.role != "furniture"], table[-1]
        cells = {i: [c.strip() for c in ps[i].text.split("\t")] for i in table}
        columns = _columns(list(cells.values())) or (columns if _goes_on(columns, cells[table[0]], task, between) else [])
        if not columns:
            columns = _guessed(list(cells.values()))
        scripts = {_script(row[columns.index("number")]) for row in cells.values() if "number" in columns and len(row) == len(columns)}
        for i, row in cells.items():
            rows[i] = _row(row, columns, f"表{n}", mixed={"cn", "ar"} <= scripts)
            task = rows[i].number or task
    return rows


def is_task_row(row: TableRow | None) -> bool:
    """Whether a table row belongs to a table of tasks."""
    return row is not None and row.role != ""


def _tables(ps: Sequence[Paragraph]) -> Iterator[list[int]]:
    """Runs of table rows with nothing but page furniture between, parted where a row names columns anew."""
    run: list[int] = []
    for i, p in enumerate(ps):
        named = p.role == "table" and _named(p.text.split("\t")) is not None
        if run and ((p.role not in ("table", "furniture") and p.text) or (named and not _all_named(ps, run))):
            yield run
            run = []
        if p.role == "table":
            run.append(i)
    if run:
        yield run


def _all_named(ps: Sequence[Paragraph], run: list[int]) -> bool:
    return all(_named(ps[i].text.split("\t")) is not None for i in run)


def _named(cells: Sequence[str]) -> list[str] | None:
    """What each column holds, where a row names the columns of a table of tasks; None where it does not."""
    bare = [re.sub(r"\s+", "", c) for c in cells]
    kinds = [next((k for k, p in _NAMES if c and p.fullmatch(c)), "") for c in bare]
    filled = [k for k, c in zip(kinds, bare, strict=True) if c]
    if len(filled) < 2 or any(len(c) > 16 for c in bare) or filled.count("") > len(filled) / 3:
        return None
    return kinds if sum(k != "" for k in filled) >= 2 else None


def _columns(table: list[list[str]]) -> list[str]:
    """The columns as the rows that name them say together (责任单位 over 牵头 and 配合); none where there is no task among them."""
    columns: list[str] = []
    for cells in table:
        kinds = _named(cells)
        if kinds is None and not columns and len({c for c in cells if c}) == 1:  # the table's title in a row of its own
            continue
        if kinds is None:
            break
        if columns and len(kinds) != len(columns):
            break
        columns = [new or old for new, old in zip(kinds, columns or kinds, strict=True)]
    if "task" not in columns or not {"number", "units", "other"} & set(columns):
        return []
    return columns


def _goes_on(columns: list[str], first: list[str], before: int, between: list[str]) -> bool:
    """Whether a table without names of columns goes on with the one before it: as many columns, a number on, no text between."""
    if len(first) != len(columns) or len(between) > 2 or any(len(text) > 30 or "。" in text for text in between):
        return False
    number = to_number(first[columns.index("number")]) if "number" in columns else None
    return number is not None and number in (1, before + 1)


def _guessed(table: list[list[str]]) -> list[str]:
    """The columns of a table that does not name them: a run of numbers first, text beside it."""
    width = Counter(map(len, table)).most_common(1)[0][0]
    numbers = [to_number(row[0].rstrip("、.．")) for row in table if len(row) == width]
    if len(numbers) < 3 or numbers != list(range(1, len(numbers) + 1)):
        return []
    lengths = [sum(len(row[k]) for row in table if len(row) == width) for k in range(1, width)]
    longest = max(range(len(lengths)), key=lengths.__getitem__)
    return ["number", *("task" if k == longest else "" for k in range(width - 1))] if lengths[longest] >= 6 * len(numbers) else []


def _row(cells: list[str], columns: list[str], table: str, *, mixed: bool) -> TableRow:
    if not columns:
        return TableRow("")
    if _named(cells) is not None:
        return TableRow("names")
    filled = list(dict.fromkeys(c for c in cells if c))
    marker = find_marker(filled[0]) if len(filled) == 1 else None
    if marker is not None and marker.form in ("章", "节", "一、", "（一）"):
        return TableRow("heading", marker, filled[0][len(marker.printed) :].strip(), None)
    if len(cells) != len(columns) or _TOTAL.fullmatch(filled[0]):
        return TableRow("")
    marker, rest = _number(cells, columns, table)
    tasks = [c for c, kind in zip(cells, columns, strict=True) if kind == "task" and c]
    texts = [c for c, kind in zip(cells, columns, strict=True) if kind in ("task", "") and c]
    if mixed and marker is not None and marker.script == "cn" and not any(_of(cells, columns, "units")):
        return TableRow("heading", marker, "\t".join(rest).strip(), None)
    if not any(_TEXT.search(t) for t in texts):
        return TableRow("")
    units = "；".join(_of(cells, columns, "units")) or None
    named = (tasks or texts)[0]
    described = len(tasks) > 1 and len(tasks[1]) > len(named)
    title = named if described and len(named) <= 40 and "。" not in named else run_in_title(named)
    return TableRow("task", marker or Marker(table, "ar", None, "", "表"), "\t".join(rest).strip("\t"), title, units)


def _number(cells: list[str], columns: list[str], table: str) -> tuple[Marker | None, list[str]]:
    """The number in its cell, and the cells beside it; a number that stands behind other cells stays among them."""
    at = columns.index("number") if "number" in columns else 0
    number = to_number(re.sub(r"[、.．（）()\s]", "", cells[at])) if "number" in columns and cells[at] else None
    if number is None:
        return None, cells
    if at > 0:
        return Marker(table, _script(cells[at]), number, "", cells[at].rstrip("、.．") or str(number)), cells
    return Marker(table, _script(cells[0]), number, cells[0], cells[0].rstrip("、.．") or str(number)), cells[1:]


def _of(cells: list[str], columns: list[str], kind: str) -> list[str]:
    return [c for c, k in zip(cells, columns, strict=True) if k == kind and c]


def _script(cell: str) -> str:
    return "cn" if re.match("[（(]?[一二三四五六七八九十]", cell) else "ar" if re.match(r"[（(]?\d", cell) else ""
