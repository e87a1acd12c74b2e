"""Letters that are no measure of a plan's own: titles of documents, quotations, and slogans that stand in many places' plans."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from policylab.lineage.letters import Letters

RUN = 8  # letters in a row of a slogan
PLACES = 3  # a slogan stands in the plans of so many places, and of half of all
MOST = 0.25  # of a unit: where one other unit has so much of it, its runs came along with the rest
_QUOTED = re.compile(r"《[^\n]{1,80}?》+|“[^“”\n]{1,80}”|‘[^‘’\n]{1,80}’|「[^「」\n]{1,80}」|『[^『』\n]{1,80}』|\"[^\"\n]{1,80}\"")


def formula_letters(found: Letters, texts: list[str], place: pd.Series) -> np.ndarray:
    """Mark the letters that stand in titles of documents, in quotation marks or in slogans.

    A slogan is a run of 8 letters that stands in the plans of at least half of the places, and of three, in units that otherwise
    differ: most of the units that hold it share less than a quarter of their runs (those in so many places) with any one unit of another
    place. A measure that many places copied whole is therefore none.
    """
    return quoted_letters(found, texts) | _slogans(found, len(texts), place)


def quoted_letters(found: Letters, texts: list[str]) -> np.ndarray:
    """Mark the letters between 《 and 》 or quotation marks."""
    spans = [(row, *m.span()) for row, text in enumerate(texts) for m in _QUOTED.finditer(text)]
    inside = np.zeros(len(found.code), dtype=bool)
    if not spans:
        return inside
    row, first, last = np.array(spans, dtype=np.int64).T
    longest = max(map(len, texts)) + 1
    at = found.text * longest + found.position
    nearest = np.searchsorted(row * longest + first, at, side="right") - 1
    return (nearest >= 0) & (at < (row * longest + last)[nearest.clip(0)])


def _slogans(found: Letters, n: int, place: pd.Series) -> np.ndarray:
    """Mark the letters of runs that stand in many places' plans, in units that otherwise differ."""
    where = pd.factorize(place, sort=True)[0]
    n_places = int(where.max(initial=-1)) + 1
    inside = np.zeros(len(found.code), dtype=bool)
    enough = max(PLACES, n_places / 2)
    start, code = found.runs(RUN)
    start, code = (x[where[found.text[start]] >= 0] for x in (start, code))
    if n_places < enough or not len(start):
        return inside
    run = np.unique(code, return_inverse=True)[1]
    often = _distinct(run, where[found.text[start]], n_places) >= enough
    units = np.unique(run * n + found.text[start])
    here = units[often[units // n]]
    in_all = np.bincount(found.text[start], minlength=n)
    together = _with_one_other(here // n, here % n, where) / np.maximum(in_all, 1)
    apart = np.bincount(units // n, weights=together[units % n] < MOST) / np.bincount(units // n)
    return _marked(inside, start[(often & (apart > 0.5))[run]])


def _with_one_other(run: np.ndarray, unit: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Say how many runs each unit has in common with that unit of another place with which it has most."""
    holds = coo_array((np.ones(len(run), dtype=np.int32), (unit, run)), shape=(len(place), int(run.max(initial=-1)) + 1)).tocsr()
    both = (holds @ holds.T).tocoo()
    row, column = both.coords
    most = np.zeros(len(place))
    np.maximum.at(most, row, np.where(place[row] != place[column], both.data, 0))
    return most


def _distinct(run: np.ndarray, place: np.ndarray, n_places: int) -> np.ndarray:
    """Count the places of each run."""
    return np.bincount(np.unique(run * n_places + place) // n_places)


def _marked(inside: np.ndarray, start: np.ndarray) -> np.ndarray:
    marked = inside.copy()
    for step in range(RUN):
        marked[start + step] = True
    return marked
