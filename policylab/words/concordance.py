"""Keyword in context: every place where a pattern occurs, with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from policylab.errors import ArgumentError
from policylab.items import body

_BREAK = re.compile(r"\s*\n\s*")


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
        A regular expression; of several the one that matches most at a place counts.
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
    if not isinstance(width, int) or width < 0:
        raise ArgumentError(f"width={width!r} must be a whole number from 0.")
    units, searched = body(items, parts=parts), _compiled(pattern)
    rows = []
    for item_id, plan, outline, line, text in units[["plan", "outline", "line", "text"]].itertuples():
        for left, match, right in _matches(text, searched, width):
            rows.append((left, match, right, plan, outline, line, item_id))
    names = ["left", "match", "right", "plan", "outline", "line", "item_id"]
    return pd.DataFrame(rows, columns=names).astype({name: "str" for name in names if name != "line"} | {"line": "int64"})


def _compiled(pattern: str | re.Pattern[str] | Iterable[str]) -> list[re.Pattern[str]]:
    given = [pattern] if isinstance(pattern, str | re.Pattern) else list(pattern)
    if not given:
        raise ArgumentError("pattern names nothing to search for; give a regular expression or several.")
    compiled = []
    for one in given:
        try:
            compiled.append(re.compile(one))
        except (re.error, TypeError) as error:
            raise ArgumentError(f"pattern={one!r} is no regular expression ({error}); write `re.escape(...)` around plain text.") from None
        if compiled[-1].match(""):
            raise ArgumentError(f"pattern={one!r} matches the empty string; name at least one character.")
    return compiled


def _matches(text: str, patterns: list[re.Pattern[str]], width: int) -> Iterable[tuple[str, str, str]]:
    start = 0
    while start < len(text):
        found = [m for m in (p.search(text, start) for p in patterns) if m and m.end() > m.start()]
        if not found:
            return
        best = min(found, key=lambda m: (m.start(), -m.end()))
        left, right = text[max(0, best.start() - width) : best.start()], text[best.end() : best.end() + width]
        yield _BREAK.sub(" ", left), _BREAK.sub(" ", best.group()), _BREAK.sub(" ", right)
        start = best.end()
