"""The items frame: its columns, its script, and `body`, the unit of analysis that every analysis starts from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

import pandas as pd

from policylab.errors import ArgumentError, FrameError

KINDS = ("title", "preamble", "heading", "item", "point", "paragraph", "closing", "note", "furniture")
PARTS = ("plan", "review", "appendix", "notes", "unknown")
COLUMNS = {
    "plan": "str",
    "series": "str",
    "place": "str",
    "year": "Int64",
    "kind": pd.CategoricalDtype(KINDS),
    "part": pd.CategoricalDtype(PARTS),
    "section_no": "Int64",
    "section": "str",
    "block": "str",
    "heading": "str",
    "outline": "str",
    "marker": "str",
    "item_no": "Int64",
    "item_title": "str",
    "text": "str",
    "responsible": "str",
    "line": "int64",
    "source": "str",
}
_NEEDED = ("plan", "kind", "part", "text")
_ROLE = "责任|牵头|承办|配合|协办|主办|主责|主管|负责|参与|落实|实施|协助"
_LABEL = rf"(?:{_ROLE})(?:单位|部门|科室|处室|股室|机构|主体|科|处|领导|人)(?:及责任人)?|分管领导"
_DEADLINE = r"(?:完成|办结|办理)(?:时限|时间|期限)|时限要求|时间节点"
_OPEN, _CLOSE = r"[（(〔【\[]", r"[）)〕】\]]"
_INSIDE = r"(?:[^（()）〔〕【】\[\]\n]|[（(][^（()）\n]*[)）])"
_NAMES = r"(?:[^（()）〔〕【】\[\]\n。；：:]|[（(][^（()）\n]*[)）])"
_DOES = "负责|牵头|承办|主办|组织实施|负责落实|牵头落实|分工落实|配合|参与|协办|协同"
_CLAUSE = re.compile(rf"(?:{_DOES})(?=[，,；;、 ]|$)")
_OFFICE = (
    r"(?:[局委办厅部科室处股院校园会联协司站所馆台社团组行关府镇乡街区县市州队班]|中心|单位|部门|公司|街道|集团|基地|各地|各方)(?:[）)])?(?:等)?"
    r"(?:[，,]?(?:分别|共同|联合|具体|各自|统筹)|[，,]?按(?:照)?(?:各自)?职责(?:分工)?)*$"
)
_SECTION = r"[\u4e00-\u9fff]{1,14}(?:科|室|处|股|办|中心|局|委|厅|院|部|会|团|队|所|站|馆)"
_MARK = re.compile(r"[：:）)〕】\]]")
_ENDINGS = (  # the last two characters before such a mark where units are named
    "单位|部门|科室|处室|股室|机构|主体|领导|任人|牵头|配合|主办|承办|协办|责任|时限|时间|期限|节点|要求|负责|实施|落实|参与|协同"
)
_RESPONSIBLE = re.compile(
    rf"{_OPEN}(?P<labelled>(?:{_INSIDE}){{0,12}}?(?:{_LABEL}|牵头|配合|主办|承办|协办|责任)[：:]{_INSIDE}*){_CLOSE}[。；]?"
    rf"|(?:^|\n|(?<=[。；！？\s]))[ \t\u3000]*(?P<line>(?:(?:{_LABEL})[：:]|[【〔\[](?:{_LABEL})[】〕\]])[^\n。]+)。?"
    rf"|(?:^|\n|(?<=[。；！？\s]))[ \t\u3000]*(?:{_DEADLINE})[：:][^\n。]+。?"
    rf"|(?<=[。；！？])[（(](?P<bare>{_SECTION}(?:[、，,；; ]{_SECTION})*)[)）](?=\s*(?:\n|$))"
    rf"|{_OPEN}(?P<named>{_NAMES}{{4,400}}){_CLOSE}[。；]?"
)

_TRADITIONAL = re.compile(
    "[來個們優兩動務勞區國圖團報學實寫將專對導強從態應據數時書會東條業標機權歷減準為現環產療發眾種節約級組絡統經網線縣總織義聽與華萬號術衛見視"
    "設認說課調論證識護讀資質車農這連進運過達違遠適遲選還邊醫銀錢長門開關際雙難領題養體點黨]"
)
_HAN = re.compile("[\u3400-\u9fff]")
_ENOUGH = 0.03


def empty_items() -> pd.DataFrame:
    """Give an items frame of no rows with every column in its type."""
    frame = pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in COLUMNS.items()})
    frame.index = pd.Index([], dtype="str", name="item_id")
    return frame


def text_hash(text: str) -> str:
    r"""Give a short hash of a text without its white space, by which a person's table tells whether it still speaks of the same text.

    Ten letters, and no digit, so that no spreadsheet takes it for a number.

    Examples
    --------
    >>> text_hash("加强体育。\n办好比赛。") == text_hash("加强体育。办好比赛。")
    True
    """
    digest = hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()[:10]
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


def as_items(items: pd.DataFrame) -> pd.DataFrame:
    """Check an items frame and give a copy with all columns in their types; ``""`` becomes missing where text may be missing.

    The ids are the index, or a column `item_id` where the index bears another name.

    Raises
    ------
    FrameError
        If `plan`, `kind`, `part` or `text` is missing, the index repeats, a kind or part is unknown, or a number is none.
    """
    if not isinstance(items, pd.DataFrame):
        raise FrameError(f"items is a {type(items).__name__}; give an items frame, such as `read_plans(folder).items`.")
    missing = [c for c in _NEEDED if c not in items]
    if missing:
        raise FrameError(
            f"items has no column {', '.join(missing)} (it has {', '.join(map(str, items.columns))}); give `read_plans(folder).items`."
        )
    if "item_id" in items and items.index.name != "item_id":
        items = items.set_index("item_id")
    if not items.index.is_unique:
        raise FrameError(f"items has the item_id {items.index[items.index.duplicated()][0]!r} twice; ids must be unique.")
    columns = {}
    for name, dtype in COLUMNS.items():
        values = items[name] if name in items else pd.Series(pd.NA if dtype != "int64" else 0, index=items.index)
        if name in ("kind", "part"):
            unknown = sorted(set(values.astype(str).unique()) - set(dtype.categories))
            if unknown:
                raise FrameError(f"items has the {name} {unknown[0]!r}; allowed are {', '.join(dtype.categories)}.")
        elif dtype == "str" and name not in ("outline", "marker", "text"):
            values = values.astype("str").replace("", pd.NA)
        elif dtype == "str":
            values = values.astype("str").fillna("")
        elif dtype in ("Int64", "int64"):
            values = values.replace("", pd.NA)
            values = values.fillna(0) if dtype == "int64" else values
        try:
            columns[name] = values.astype(dtype)
        except (TypeError, ValueError) as error:
            raise FrameError(f"items has a value in {name} that is no whole number ({error}); numbers or nothing are allowed.") from None
    if columns["plan"].isna().any():
        raise FrameError(f"items has no plan in the row {items.index[columns['plan'].isna()][0]!r}; every row belongs to a plan.")
    frame = pd.DataFrame(columns).set_axis(items.index.astype("str"))
    frame.index.name = "item_id"
    return frame


def body(items: pd.DataFrame, *, parts: Sequence[str] = ("plan", "unknown")) -> pd.DataFrame:
    r"""Give the rows that analyses work on: one for each item and each paragraph.

    Points (一是…, ①) are joined to the item or paragraph they follow, a line each; responsible units are taken out of `text` (they
    stay in `responsible`); a paragraph that named nothing else is no unit. Titles, headings, preamble, closing, notes and
    furniture stay out. Applied twice it changes nothing.

    Parameters
    ----------
    items : DataFrame
        An items frame, one row for each text unit.
    parts : sequence of str
        Which parts of the documents count: of `plan`, `review`, `appendix`, `notes`, `unknown`.

    Returns
    -------
    DataFrame
        The columns of the items frame, indexed by the `item_id` of the item or paragraph.

    Raises
    ------
    ArgumentError
        If `parts` names a part that does not exist.
    FrameError
        If `items` is no items frame.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame(
    ...     {"plan": "甲区-2024", "kind": ["title", "item", "point"], "part": "plan", "text": ["要点", "抓好三件事：", "修路。"]},
    ...     index=["甲区-2024#001", "甲区-2024#002", "甲区-2024#003"],
    ... )
    >>> body(items)["text"].tolist()
    ['抓好三件事：\n修路。']
    """
    parts = (parts,) if isinstance(parts, str) else tuple(parts)
    unknown = [p for p in parts if p not in PARTS]
    if unknown or not parts:
        raise ArgumentError(f"parts={parts!r}: {unknown[0] if unknown else 'none'} is no part; give some of {', '.join(PARTS)}.")
    frame = as_items(items)
    frame = frame[frame["part"].isin(parts)]
    owner = _owners(frame)
    text: dict[str, str] = {}
    for unit, words, responsible in zip(owner, frame["text"].tolist(), frame["responsible"].tolist(), strict=True):
        if unit:
            words = without_responsible(words, responsible) if isinstance(responsible, str) else words
            text[unit] = f"{text[unit]}\n{words}" if text.get(unit) else words
    said = _joined(frame["responsible"], owner)
    first = [unit == item_id for unit, item_id in zip(owner, frame.index.tolist(), strict=True)]
    units = frame.loc[first].assign(
        text=pd.array(list(text.values()), dtype="str"), responsible=pd.array([said.get(unit) for unit in text], dtype="str")
    )
    units = units[(units["kind"] != "paragraph") | (units["text"].str.strip() != "")]
    units["kind"] = units["kind"].where(units["kind"] != "point", "item")
    return units


def _owners(frame: pd.DataFrame) -> list[str]:
    """For each row the item_id of the unit it belongs to, or "" where it belongs to none."""
    owners, unit, before = [], "", ("", "")
    for item_id, plan, kind, part in zip(frame.index.tolist(), *(frame[c].tolist() for c in ("plan", "kind", "part")), strict=True):
        if (plan, part) != before or kind in ("heading", "title"):
            unit, before = "", (plan, part)
        if kind in ("item", "paragraph") or (kind == "point" and not unit):
            unit = item_id
        owners.append(unit if kind in ("item", "paragraph", "point") else "")
    return owners


def _joined(values: pd.Series, owner: list[str]) -> dict[str, str]:
    """Give what the rows of each unit name, each once."""
    said: dict[str, dict[str, None]] = {}
    for unit, value in zip(owner, values.tolist(), strict=True):
        if isinstance(value, str):
            said.setdefault(unit, {})[value] = None
    return {unit: "；".join(units) for unit, units in said.items()}


def find_responsible(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, units) for each naming of responsible units in a text: bracketed, on a line or in a sentence of its own.

    The units are as printed, with their label; a time limit beside them (完成时限：…) is none of them.
    """
    if not _may_name(text):
        return
    at = 0
    while (match := _RESPONSIBLE.search(text, at)) is not None:
        named = match["named"]
        at = match.end()
        if named is not None and not _names_offices(named):
            at = match.start() + 1  # a naming may stand within these brackets
        else:
            units = match["labelled"] or match["line"] or named or match["bare"] or ""
            yield match.start(), match.end(), re.sub(rf"[；;，,、\s]*(?:{_DEADLINE})[：:][^；;\n]*", "", units).strip("；;，, \u3000")


def _names_offices(inside: str) -> bool:
    """Whether brackets hold offices and what each does: 甲局牵头，乙局、丙局配合."""
    *said, rest = _CLAUSE.split(inside)
    clauses = [clause.lstrip("，,；;、 ") for clause in said]
    if rest or not all(2 <= len(clause) <= 80 for clause in clauses):
        return False
    return re.search(_OFFICE, re.split(rf"(?:{_DOES})(?!单位|部门|科室|处室)", inside)[0]) is not None


def _may_name(text: str) -> bool:
    """Whether a search for units is worth its time: one of their words stands before a colon or bracket, or a bracket ends a line."""
    if text.rstrip()[-1:] in ("）", ")") or "）\n" in text or ")\n" in text:
        return True
    befores = (text[max(0, mark.start() - 2) : mark.start()] for mark in _MARK.finditer(text))
    return any(before in _ENDINGS or before[-1:] in ("科", "处", "人") for before in befores)


def names_units_only(text: str) -> bool:
    """Tell whether a text says nothing but who is responsible."""
    return not without_responsible(text).strip()


def without_responsible(text: str, responsible: str = "") -> str:
    """Take the naming of responsible units out of a text, and table cells that name the units in `responsible`."""
    units = set(responsible.split("；"))
    if "\t" in text and responsible:
        text = "\t".join(cell for cell in text.split("\t") if not cell or not set(cell.split("；")) <= units)
    while True:
        kept, end, before = [], 0, ""
        for start, stop, _ in find_responsible(text):
            kept.append(text[end:start])
            before = kept[-1].rstrip() or before
            end = stop
            if text[stop - 1] in "。；" and not before.endswith(("。", "；", "！", "？")):
                kept.append(text[stop - 1])
                before = kept[-1]
        if not kept:  # what was inside brackets may have been a naming of its own
            return text
        text = "".join([*kept, text[end:]]).rstrip()


def is_traditional(text: str) -> bool:
    """Tell whether a text is in traditional script: at least 3 of 100 Han characters are among 112 common ones that only it has.

    Examples
    --------
    >>> is_traditional("落實立德樹人根本任務"), is_traditional("落实立德树人根本任务")
    (True, False)
    """
    marks = len(_TRADITIONAL.findall(text))
    return marks > 0 and marks >= _ENOUGH * len(_HAN.findall(text))
