"""One item beside the texts that it may come from, what they share marked in both: a table, and HTML for a notebook."""

from __future__ import annotations

import difflib
import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.items import body
from policylab.lineage.covering import ANCHOR, FINE
from policylab.lineage.letters import NUMBER_PATTERN, Letters, letters
from policylab.lineage.sources import known_plans, may_come_from

COLUMNS = {
    "item_id": "str",
    "plan": "str",
    "role": "str",
    "n_shared": "int64",
    "share": "float64",
    "text": "str",
    "stretches": "str",
    "marked": "str",
}
OPEN, CLOSE = "⟦", "⟧"
_CELL = "vertical-align:top;text-align:left;padding:.4em .8em;white-space:pre-wrap;line-height:1.6"
_HTML = ('<mark style="background:#FFE08A;color:#1a1a1a;border-bottom:2px solid #B26A00">', "</mark>", html.escape)


@dataclass(frozen=True)
class SourceView:
    """An item and its likeliest sources; a notebook shows them beside each other.

    Attributes
    ----------
    table : DataFrame
        The item's row, then a row for each source, that which has most of it first: `item_id`, `plan`, `role` (item, source), `n_shared`
        (letters of the item that stand in this source; of the item's row: in any of them), `share` (of the item's letters), `text`,
        `stretches` (where those letters stand in it: ``1:29 33:52``, first character and the one after the last), `marked` (the text
        with them between ⟦ and ⟧).
    settings : dict
        How it was made; `notes` says what was not compared.
    """

    table: pd.DataFrame
    settings: dict[str, Any]

    def to_html(self) -> str:
        """Give a table of HTML, the item on the left and its sources on the right; all text is escaped."""
        item, *sources = self.table.to_dict("records")
        right = "".join(f"<div>{_head(s)}{_with_marks(s, *_HTML)}</div><br>" for s in sources)
        right = right or "<em>上级计划中没有找到来源。 No source was found in the plans from above.</em>"
        left = f"{_head(item)}{_with_marks(item, *_HTML)}"
        titles = "".join(f'<th style="text-align:left;padding:.4em .8em">{t}</th>' for t in ("条目 Item", "来源 Sources"))
        cells = "".join(f'<td style="{_CELL};width:50%">{side}</td>' for side in (left, right))
        return f'<table style="width:100%;table-layout:fixed"><tr>{titles}</tr><tr>{cells}</tr></table>'

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        return "\n".join(f"{r['role']} {r['item_id']} ({100 * r['share']:.0f} %): {r['marked']}" for r in self.table.to_dict("records"))


def view_sources(
    items: pd.DataFrame,
    *,
    item_id: str,
    upstream: str | Sequence[str],
    documents: pd.DataFrame | None = None,
    min_chars: int = 6,
    n_sources: int = 3,
    parts: Sequence[str] = ("plan", "unknown"),
) -> SourceView:
    """Set one item (条目) beside the units from above that share most with it, with the stretches that they share marked.

    A run of 12 letters leads to a source, or that all letters are the same, as in `origins`; then every run of `min_chars` letters that
    both have is marked (punctuation aside, any number as good as another). A view for reading: the shares of `origins` go by clauses and
    may differ a little.

    Parameters
    ----------
    items : DataFrame
        An items frame that holds the item's plan and the upstream plans.
    item_id : str
        The unit to read, as in `origins` or `body`.
    upstream, documents, parts
        As in `origins`.
    min_chars : int
        The least number of letters of a stretch that is marked, 4 to 12.
    n_sources : int
        How many sources to show at most.

    Returns
    -------
    SourceView
        Its `.table` holds the texts; in a notebook it is shown as HTML.

    Raises
    ------
    ArgumentError
        If there is no such item, it stands in an upstream plan itself, or a number is not allowed.

    Examples
    --------
    >>> import pandas as pd
    >>> texts = ["健全城乡学前教育公共服务体系，新增公办幼儿园50所。", "修桥。健全城乡学前教育公共服务体系。"]
    >>> items = pd.DataFrame({"plan": ["上级市-2024", "甲区-2024"], "kind": "item", "part": "plan", "text": texts}, index=["市#1", "甲#1"])
    >>> view_sources(items, item_id="甲#1", upstream="上级市-2024")
    item 甲#1 (88 %): 修桥。⟦健全城乡学前教育公共服务体系⟧。
    source 市#1 (88 %): ⟦健全城乡学前教育公共服务体系⟧，新增公办幼儿园50所。
    """
    if whole(min_chars, name="min_chars", least=4) > ANCHOR:
        raise ArgumentError(f"min_chars={min_chars!r}: at most {ANCHOR}, the run that leads to a source.")
    whole(n_sources, name="n_sources")
    units = body(items, parts=parts)
    names = known_plans([upstream] if isinstance(upstream, str) else list(upstream), units)
    item = units.loc[[_known_item(item_id, units, names)]]
    above = units[units["plan"].isin(names)]
    may, notes = may_come_from(above, item, documents)
    above = above[may[0]]
    mine, theirs = (letters(x["text"].tolist(), numbers=True) for x in (item, above))
    k = max(1, min(min_chars, len(mine.code)))  # of an item shorter than that all of it
    best = _best(mine, theirs, len(above), k)[:n_sources]
    shared, rows = np.zeros(len(mine.code), dtype=bool), []
    for row in best:
        source = theirs.only(theirs.text == row)
        here = _in_other(mine, source, k)
        shared |= here
        rows.append(_row(above.iloc[row], "source", source, _in_other(source, mine, k), here))
    rows.insert(0, _row(item.iloc[0], "item", mine, shared, shared))
    settings = {"item_id": item_id, "upstream": names, "min_chars": min_chars, "n_sources": n_sources, "notes": notes}
    return SourceView(pd.DataFrame(rows).astype(COLUMNS), settings)


def _known_item(item_id: str, units: pd.DataFrame, upstream: list[str]) -> str:
    if item_id not in units.index:
        near = ", ".join(difflib.get_close_matches(str(item_id), units.index.tolist(), n=3, cutoff=0.3) or units.index[:3].tolist())
        raise ArgumentError(f"item_id={item_id!r} is no unit of these parts; did you mean {near}?")
    if units.loc[item_id, "plan"] in upstream:
        raise ArgumentError(f"item_id={item_id!r} stands in an upstream plan itself; give an item of another plan.")
    return item_id


def _best(mine: Letters, theirs: Letters, n: int, k: int) -> list[int]:
    """Give the units from above that share a run of 12 letters or all letters, those with most letters of the item first."""
    _, anchors = mine.runs(ANCHOR)
    start, code = theirs.runs(ANCHOR)
    led = np.unique(theirs.text[start[np.isin(code, anchors)]])
    item = mine.words_only(1)[0]
    same = [row for row, words in enumerate(theirs.words_only(n)) if words == item and len(item) >= FINE]
    held = {int(row): int(_in_other(mine, theirs.only(theirs.text == row), k).sum()) for row in {*led, *same}}
    return sorted(held, key=lambda row: (-held[row], row))


def _in_other(one: Letters, other: Letters, k: int) -> np.ndarray:
    """Mark the letters in runs of k that the other text has too."""
    start, code = one.runs(k)
    inside = np.zeros(len(one.code), dtype=bool)
    for step in range(k):
        inside[start[np.isin(code, other.runs(k)[1])] + step] = True
    return inside


def _row(unit: pd.Series, role: str, found: Letters, marks: np.ndarray, held: np.ndarray) -> dict[str, Any]:
    row = {"item_id": unit.name, "plan": unit["plan"], "role": role, "n_shared": int(held.sum())}
    row |= {"share": round(float(held.mean()), 6) if len(held) else 0.0, "text": unit["text"]}
    row["stretches"] = " ".join(f"{first}:{last}" for first, last in _stretches(unit["text"], found, marks))
    return row | {"marked": _with_marks(row, OPEN, CLOSE, str)}


def _stretches(text: str, found: Letters, marks: np.ndarray) -> Iterator[tuple[int, int]]:
    """Give the characters of each stretch; what is no letter belongs to one where the letters on both sides do."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marks.astype(int), [0]])))
    for first, last in edges.reshape(-1, 2):
        end = int(found.position[last - 1]) + 1
        number = NUMBER_PATTERN.match(text, end - 1)  # a number is one letter
        yield int(found.position[first]), number.end() if number else end


def _with_marks(row: dict[str, Any], before: str, after: str, said: Callable[[str], str]) -> str:
    """Put something before and after each stretch of a row's text."""
    text, pieces, end = row["text"], [], 0
    for first, last in (map(int, stretch.split(":")) for stretch in row["stretches"].split()):
        pieces += [said(text[end:first]), before, said(text[first:last]), after]
        end = last
    return "".join([*pieces, said(text[end:])])


def _head(row: dict[str, Any]) -> str:
    said = f"{html.escape(row['item_id'])} · {100 * row['share']:.0f} %"
    return f'<div style="color:#6b6b6b;font-size:90%">{said}</div>'
