"""Units of text as sets of their runs of two and three letters, told apart by occurrence, with the weight of titles and slogans."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from policylab.lineage.letters import Letters, letters

RUNS = (2, 3)
TITLE = 2.0  # a run in the item's title counts as two
SLOGAN = 0.5  # a run in a slogan counts as half
SLOGAN_LETTERS = 8
SLOGAN_PLACES = 3


def gram_matrix(units: pd.DataFrame) -> csr_array:
    """Give a matrix of units by grams, runs of two or three letters: the n-th occurrence of a gram in a unit is a column of its own.

    The product of two rows then counts the grams that both have, each as often as both have it. Entries are the square roots of
    their weights: 2 in the item's title, halved in slogans (eight letters that stand in the plans of at least half of the other
    places, and of three), else 1.
    """
    found = letters(units["text"].tolist())
    weight = np.where(_in_title(found, units), TITLE, 1.0) * np.where(_in_slogan(found, units), SLOGAN, 1.0)
    parts, width = [], 0
    for k in RUNS:
        start, code = found.runs(k)
        column, n = _columns(code, found.text[start])
        mean = np.prod([weight[start + step] for step in range(k)], axis=0) ** (1 / k)
        parts.append((np.sqrt(mean), found.text[start], column + width))
        width += n
    value, row, column = (np.concatenate(p) for p in zip(*parts, strict=True))
    matrix = csr_array((value, (row, column)), shape=(len(units), width))
    matrix.sort_indices()
    return matrix


def _columns(code: np.ndarray, unit: np.ndarray) -> tuple[np.ndarray, int]:
    """Number the n-th occurrences of a gram in its unit alike in all units, and count these numbers; units must not decrease."""
    order = np.argsort(code, kind="stable")
    new_gram = np.diff(code[order], prepend=code[order][:1] + np.uint64(1)) != 0
    new_unit = new_gram | (np.diff(unit[order], prepend=-1) != 0)
    place = np.arange(len(order))
    occurrence = place - np.maximum.accumulate(np.where(new_unit, place, 0))
    first = np.flatnonzero(new_gram)
    most = np.maximum.reduceat(occurrence, first) + 1 if len(first) else first
    column = np.empty(len(order), dtype=np.int64)
    column[order] = occurrence + (np.cumsum(most) - most)[np.cumsum(new_gram) - 1]
    return column, int(most.sum())


def _in_title(found: Letters, units: pd.DataFrame) -> np.ndarray:
    titles = units["item_title"] if "item_title" in units else pd.Series(pd.NA, index=units.index)
    spans = [
        (t.find(title), len(title)) if isinstance(title, str) and title in t else (0, 0)
        for t, title in zip(units["text"], titles, strict=True)
    ]
    first, length = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    return (found.position >= first[found.text]) & (found.position < (first + length)[found.text])


def _in_slogan(found: Letters, units: pd.DataFrame) -> np.ndarray:
    """Mark the letters of runs that stand in the plans of many other places."""
    inside = np.zeros(len(found.code), dtype=bool)
    place = pd.factorize(units["place"], sort=True)[0] if "place" in units else np.full(len(units), -1)
    n_places = int(place.max(initial=-1)) + 1
    enough = max(SLOGAN_PLACES, (n_places - 1) / 2)
    if n_places - 1 < enough:
        return inside
    start, code = found.runs(SLOGAN_LETTERS)
    where = place[found.text[start]]
    start, code = start[where >= 0], code[where >= 0]
    run = np.unique(code, return_inverse=True)[1]
    seen = np.sort(run * n_places + where[where >= 0])
    seen = seen[np.diff(seen, prepend=-1) > 0]
    places = np.bincount(seen // n_places)
    slogans = start[places[run] - 1 >= enough] if len(run) else start
    for step in range(SLOGAN_LETTERS):
        inside[slogans + step] = True
    return inside
