"""Passages that two plans share, and where each of them stands."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError
from policylab.items import body
from policylab.lineage.letters import Letters, letters

GAP = 4  # letters that may differ between two runs of one passage
_PAIRS = 2**22  # looked at together
COLUMNS = {
    "a_id": "str",
    "b_id": "str",
    "a_start": "int64",
    "a_end": "int64",
    "b_start": "int64",
    "b_end": "int64",
    "n_chars": "int64",
    "text": "str",
}


def shared_text(items: pd.DataFrame, *, min_chars: int = 12, parts: Sequence[str] = ("plan", "unknown")) -> pd.DataFrame:
    """Find the passages that stand in the items (条目) of two plans, the same or lightly edited.

    Punctuation and spaces do not count, and any number is as good as another. Runs of at least `min_chars` letters that follow each
    other in both items, with at most four letters between them, are one passage.

    Parameters
    ----------
    items : DataFrame
        An items frame of several plans.
    min_chars : int
        The least number of letters in a row, at least 4.
    parts : sequence of str
        Parts of the documents, as in `body`.

    Returns
    -------
    DataFrame
        A row for each passage of each two units of different plans, in the order of the units: `a_id`, `b_id`; `a_start`, `a_end`,
        `b_start`, `b_end` (characters of the unit's text as `body` gives it, the end left out); `n_chars` (letters that both have; a
        number counts as one); `text` (as it stands in a).

    Raises
    ------
    ArgumentError
        If `min_chars` is below 4.
    FrameError
        If `items` is no items frame.

    Examples
    --------
    >>> import pandas as pd
    >>> texts = ["健全城乡学前教育公共服务体系，新增幼儿园50所。", "要健全城乡学前教育公共服务体系，新增幼儿园6所，办好运动会。"]
    >>> items = pd.DataFrame({"plan": ["甲区-2024", "乙区-2024"], "kind": "item", "part": "plan", "text": texts}, index=["甲#1", "乙#1"])
    >>> shared_text(items)[["a_id", "b_id", "n_chars", "text"]].to_numpy().tolist()
    [['乙#1', '甲#1', 21, '健全城乡学前教育公共服务体系，新增幼儿园6所']]
    """
    if not isinstance(min_chars, int) or min_chars < 4:
        raise ArgumentError(f"min_chars={min_chars!r}: give a whole number of at least 4; shorter runs are everywhere.")
    units = body(items, parts=parts)
    units = units.iloc[np.argsort(units["plan"].to_numpy(dtype=object), kind="stable")]
    found = letters(units["text"].tolist(), numbers=True)
    runs = _whole_runs(found, pd.factorize(units["plan"])[0], min_chars)
    return _described(_joined(runs, found), found, units)


def _whole_runs(found: Letters, plan: np.ndarray, k: int) -> np.ndarray:
    """Give all pairs of equal runs of at least k letters in two plans that cannot be made longer: start, start, length."""
    start, code = found.runs(k)
    before = np.where(start > 0, found.code[start - 1], 0)
    opens = (start == 0) | (found.text[start] != found.text[start - 1])
    before = np.where(opens, -1 - np.arange(len(start)), before)  # what opens a unit is unlike any other
    order = np.lexsort((start, before, code))
    start, code, before = start[order], code[order], before[order]
    group_end = np.searchsorted(code, code, side="right")
    alike = np.concatenate([[True], (np.diff(before) != 0) | (code[1:] != code[:-1])])[: len(start)]
    alike_end = np.append(np.flatnonzero(alike)[1:], len(start))[np.cumsum(alike) - 1] if len(start) else group_end
    n = group_end - alike_end
    cuts = np.unique(np.searchsorted(np.cumsum(n), np.arange(0, n.sum() + _PAIRS, _PAIRS)).clip(max=len(n)))
    pieces = [np.zeros((0, 3), dtype=np.int64)]
    for first, last in itertools.pairwise(cuts):
        here = np.repeat(np.arange(first, last), n[first:last])
        nth = np.arange(len(here)) - np.repeat(np.cumsum(n[first:last]) - n[first:last], n[first:last])
        ends = np.sort(np.stack([start[here], start[alike_end[here] + nth]]), axis=0)
        ends = ends[:, plan[found.text[ends[0]]] != plan[found.text[ends[1]]]]
        pieces.append(np.stack([*ends, _length(found, ends[0], ends[1], k)], axis=1))
    return np.concatenate(pieces)


def _length(found: Letters, a: np.ndarray, b: np.ndarray, k: int) -> np.ndarray:
    """Say how many letters two runs have in common from their starts on; k are known to be."""
    length = np.full(len(a), k)
    going = np.arange(len(a))
    last = len(found.code) - 1
    while len(going):
        i, j = a[going] + length[going], b[going] + length[going]
        inside = np.maximum(i, j) <= last
        i, j = np.minimum(i, last), np.minimum(j, last)
        same = inside & (found.text[i] == found.text[a[going]]) & (found.text[j] == found.text[b[going]]) & (found.code[i] == found.code[j])
        going = going[same]
        length[going] += 1
    return length


def _joined(runs: np.ndarray, found: Letters) -> pd.DataFrame:
    """Make one passage of runs that follow each other in both units: first and last letter in both, letters in common."""
    a, b, length = runs.T
    order = np.lexsort((b, a, found.text[b], found.text[a]))
    a, b, length = a[order], b[order], length[order]
    gaps = [np.diff(x) - length[:-1] for x in (a, b)]
    same = (found.text[a][1:] == found.text[a][:-1]) & (found.text[b][1:] == found.text[b][:-1])
    follows = same & np.logical_and.reduce([(g >= 0) & (g <= GAP) for g in gaps])
    passage = np.cumsum(np.concatenate([[True], ~follows])[: len(a)])
    frame = pd.DataFrame({"a": a, "b": b, "a_last": a + length - 1, "b_last": b + length - 1, "n": length})
    return frame.groupby(passage).agg({"a": "first", "b": "first", "a_last": "last", "b_last": "last", "n": "sum"})


def _described(passages: pd.DataFrame, found: Letters, units: pd.DataFrame) -> pd.DataFrame:
    """Turn letters into units and characters."""
    row = {side: found.text[passages[side]] for side in "ab"}
    columns = {f"{side}_id": units.index[row[side]] for side in "ab"}
    for side in "ab":
        columns |= {f"{side}_start": found.position[passages[side]], f"{side}_end": found.position[passages[f"{side}_last"]] + 1}
    text = units["text"].tolist()
    where = zip(row["a"], columns["a_start"], columns["a_end"], strict=True)
    columns |= {"n_chars": passages["n"].to_numpy(), "text": [text[r][i:j] for r, i, j in where]}
    return pd.DataFrame({name: pd.Series(np.asarray(columns[name]), dtype=dtype) for name, dtype in COLUMNS.items()})
