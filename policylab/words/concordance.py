"""Keyword in context: every place where a pattern occurs, with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.items import body
from policylab.words.lexicon import LETTERS_TO_HALF_WIDTH, half_width
from policylab.words.script import warn_of_traditional

_BREAK = re.compile(r"\s*\n\s*")
_COLUMNS = ("left", "match", "right", "plan", "outline", "line", "item_id")
_ALIGN = {"left": "right", "match": "center", "line": "right"}


class Concordance(pd.DataFrame):
    """The frame that `kwic` gives; a notebook shows it with the matches below one another and their contexts to either side."""

    @property
    def _constructor(self) -> type[Concordance]:
        return Concordance

    def _repr_html_(self) -> str | None:
        if tuple(self.columns) != _COLUMNS:
            return super()._repr_html_()
        limit = pd.get_option("display.max_rows") or len(self)
        head = "".join(f'<th style="text-align: {_ALIGN.get(name, "left")}">{name}</th>' for name in _COLUMNS)
        rows = "".join(f"<tr>{''.join(map(_cell, _COLUMNS, row))}</tr>" for row in self.head(limit).itertuples(index=False))
        left_out = f"; 显示前 {limit} 处 the first {limit} are shown" if len(self) > limit else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><p>{len(self)} 处 occurrences{left_out}</p>"


def _cell(name: str, value: object) -> str:
    text = escape(str(value))
    return f'<td style="text-align: {_ALIGN.get(name, "left")}">{f"<b>{text}</b>" if name == "match" else text}</td>'


def kwic(
    items: pd.DataFrame,
    *,
    pattern: str | re.Pattern[str] | Iterable[str],
    width: int = 20,
    parts: Sequence[str] = ("plan", "unknown"),
) -> pd.DataFrame:
    """Show every occurrence of a pattern with the text around it (关键词语境).

    Parameters
    ----------
    items : DataFrame
        An items frame; searched is the text that `body` gives.
    pattern : str, compiled pattern or sequence of str
        A regular expression; of several the one that matches most at a place counts, and matches do not overlap. Full-width letters and
        digits are found as half-width ones, as in counting; matches of no character are passed over.
    width : int
        Characters of context on either side; they do not leave the item.
    parts : sequence of str
        Which parts of the documents are searched.

    Returns
    -------
    DataFrame
        A row for each occurrence, in the order of the text: `left, match, right, plan, outline, line, item_id`. Line ends within an item
        are shown as spaces; `line` is where the item begins.

    Raises
    ------
    ArgumentError
        If the pattern is no regular expression, or matches the empty string.

    Examples
    --------
    >>> items = pd.DataFrame({"plan": "甲", "kind": "item", "part": "plan", "text": ["推进学前教育普惠发展。"]}, index=["甲#001"])
    >>> kwic(items, pattern="学前教育|义务教育", width=4)[["left", "match", "right"]].values.tolist()
    [['推进', '学前教育', '普惠发展']]
    """
    whole(width, name="width", least=0)
    units, searched = body(items, parts=parts), _compiled(pattern)
    warn_of_traditional(units, stacklevel=3)
    rows = []
    for item_id, plan, outline, line, text in units[["plan", "outline", "line", "text"]].itertuples():
        for left, match, right in _matches(text, searched, width):
            rows.append((left, match, right, plan, outline, line, item_id))
    found = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({name: "str" for name in _COLUMNS if name != "line"} | {"line": "int64"})
    return Concordance(found)


def _compiled(pattern: str | re.Pattern[str] | Iterable[str]) -> list[re.Pattern[str]]:
    one = isinstance(pattern, str | re.Pattern)
    given: list[Any] = [pattern] if one else list(pattern) if isinstance(pattern, Iterable) else []
    if not given:
        raise ArgumentError(f"pattern={pattern!r} names nothing to search for; give a regular expression or a list of them.")
    compiled = []
    for one in given:
        try:
            compiled.append(re.compile(one.translate(LETTERS_TO_HALF_WIDTH) if isinstance(one, str) else one))
        except (re.error, TypeError) as error:
            raise ArgumentError(f"pattern={one!r} is no regular expression ({error}); write `re.escape(...)` around plain text.") from None
        if compiled[-1].match(""):
            raise ArgumentError(f"pattern={one!r} matches the empty string; name at least one character.")
    return compiled


def _matches(text: str, patterns: list[re.Pattern[str]], width: int) -> Iterable[tuple[str, str, str]]:
    start, searched = 0, half_width(text)
    while start < len(text):
        found = [m for m in (_next(p, searched, start) for p in patterns) if m]
        if not found:
            return
        best = min(found, key=lambda m: (m.start(), -m.end()))
        left, right = text[max(0, best.start() - width) : best.start()], text[best.end() : best.end() + width]
        yield _BREAK.sub(" ", left), _BREAK.sub(" ", text[best.start() : best.end()]), _BREAK.sub(" ", right)
        start = best.end()


def _next(pattern: re.Pattern[str], text: str, start: int) -> re.Match[str] | None:
    """Find the next match that has a character."""
    match = pattern.search(text, start)
    while match and match.end() == match.start():
        match = pattern.search(text, match.end() + 1) if match.end() < len(text) else None
    return match
