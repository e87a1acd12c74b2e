"""Units of text as runs of two and three letters, told apart by occurrence and weighed: both sides of each comparison of two years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from policylab.lineage.letters import Letters
from policylab.lineage.overlap import Side

RUNS = (2, 3)
TITLE = 2  # a run in the item's title counts as two
SLOGAN = 0.5  # a run in a slogan counts as half
SLOGAN_LETTERS = 8
SLOGAN_PLACES = 3
_MIXER = np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True)
class Years:
    """Which units are compared: those of a year with those of the next one at hand.

    Attributes
    ----------
    year : ndarray of int
        Number of each unit's year (of its place and series), from 0, not decreasing.
    goes_on : ndarray of bool
        Of each of these numbers whether its units are compared with those of the number after it; that comparison bears its number.
    """

    year: np.ndarray
    goes_on: np.ndarray


def both_sides(units: pd.DataFrame, found: Letters, years: Years, section: np.ndarray) -> tuple[Side, Side]:
    """Give all earlier units and all later ones as the two sides of all comparisons at once.

    A gram is a run of two or three letters, and the n-th occurrence of a run in its unit a gram of its own, so that the product of two
    rows counts what both have, each as often as both have it. In each comparison a gram weighs ln(1 + 1 / s), s the share of units that
    have it, on the side where it is the larger: what every year's plan has in one item is thus as rare as what a single plan has, and
    what a plan repeats in all items counts little (inverse document frequency, Spärck Jones 1972); s is at least one unit of the smaller
    plan, so that scores do not hang on how unequal the two are. That is doubled in the item's title
    and halved in slogans (eight letters that stand in the plans of at least half of the other places, and of three).
    """
    power = _in_title(found, units).astype(np.int8) - _in_slogan(found, units)
    parts = [_grams(found, power, k, years) for k in RUNS]
    size = np.bincount(years.year, minlength=len(years.goes_on))
    start = np.cumsum(size) - size
    position = (np.arange(len(units)) - start[years.year]) / np.maximum(size - 1, 1)[years.year]
    sides = []
    for side, comparison in enumerate((years.year, years.year - 1)):
        unit = np.flatnonzero((comparison >= 0) & years.goes_on[comparison])
        X = csr_array(_joined([columns[side] for columns, _ in parts], len(units))[unit])
        weight = np.sum([weights[side] for _, weights in parts], axis=0)[unit]
        sides.append(Side(X, weight, unit, comparison[unit], section[unit], position[unit]))
    return sides[0], sides[1]


Column = tuple[np.ndarray, np.ndarray, np.ndarray]  # value, unit and start of each column


def _grams(found: Letters, power: np.ndarray, k: int, years: Years) -> tuple[list[Column], list[np.ndarray]]:
    """Give for both sides the grams of k letters that a comparison has on both, column by column, and each unit's weight of all grams."""
    at, column = _by_column(found, k)
    unit = found.text[at]
    weight = _mean_weight(power, at, k)
    new = _starts(column) | _starts(years.year[unit])
    first = np.flatnonzero(new)  # of the entries of one gram in one year
    year, count = years.year[unit[first]], np.diff(first, append=len(at))
    share = count / np.bincount(years.year)[year]
    paired = (np.diff(column[first], append=-1) == 0) & (np.diff(year, append=-1) == 1) & years.goes_on[year]  # with the cell after it
    n = np.bincount(years.year, minlength=len(years.goes_on))
    columns, weights = [], []
    for here, step in ((paired, 1), (np.roll(paired, 1), -1)):
        rarest = 1 / np.maximum(np.minimum(n, np.roll(n, -step)), 1)  # nothing is rarer than one unit of the smaller plan
        larger = np.where(here, np.maximum(share, np.roll(share, -step)), share)
        rarity = np.log(1 + 1 / np.maximum(larger, rarest[year]))
        value = weight * np.repeat(rarity, count)
        weights.append(np.bincount(unit, value, minlength=len(years.year)))
        kept = np.repeat(here, count)
        columns.append((np.sqrt(value[kept]), unit[kept], np.concatenate([[0], np.cumsum(count[here])])))
    return columns, weights


def _by_column(found: Letters, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the letters at which runs of k start, and the number of each run's gram, by gram and then by place."""
    start, code = found.runs(k)
    bits = np.uint64(len(found.code).bit_length())
    at, run = _sorted_by(code * _MIXER >> bits, start, bits)
    new_run = _starts(run)
    nth_run = np.cumsum(new_run) - 1
    place = np.arange(len(at))
    nth = place - np.maximum.accumulate(np.where(new_run | _starts(found.text[at]), place, 0))  # in its unit, from 0
    again = np.flatnonzero(nth)
    later, column = _sorted_by((nth_run[again] * (int(nth.max(initial=0)) + 1) + nth[again]).view(np.uint64), at[again], bits)
    first = nth == 0
    at, nth_run = np.concatenate([at[first], later]), nth_run[first]
    return at, np.concatenate([nth_run, int(nth_run.max(initial=0)) + np.cumsum(_starts(column))])


def _sorted_by(key: np.ndarray, at: np.ndarray, bits: np.uint64) -> tuple[np.ndarray, np.ndarray]:
    """Sort places (of so many bits) by a key and then by place, packed in one number each: many times faster than an argsort."""
    packed = key << bits
    packed |= at.view(np.uint64)
    packed.sort()
    return (packed & ((np.uint64(1) << bits) - np.uint64(1))).view(np.int64), packed >> bits


def _mean_weight(power: np.ndarray, at: np.ndarray, k: int) -> np.ndarray:
    """Give the geometric mean of the weights, powers of two, of the k letters from each place on."""
    total = np.full(len(at), k, dtype=np.int8)
    for step in range(k):
        total += power[at + step]
    return np.exp2((np.arange(2 * k + 1) - k) / k)[total]


def _joined(columns: list[Column], n: int) -> csr_array:
    """Put columns side by side and give them row by row, n rows."""
    values, units, starts = zip(*columns, strict=True)
    ends = np.cumsum([0, *(len(v) for v in values)])
    indptr = np.concatenate([[0], *(s[1:] + end for s, end in zip(starts, ends[:-1], strict=True))])
    by_column = csr_array((np.concatenate(values), np.concatenate(units).astype(np.int32), indptr), shape=(len(indptr) - 1, n))
    return by_column.T.tocsr()


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
    placed = place[found.text[start]] >= 0
    bits = np.uint64(len(found.code).bit_length())
    at, run = _sorted_by(code[placed] * _MIXER >> bits, start[placed], bits)
    number = np.cumsum(_starts(run)) - 1
    held = np.sort(number * n_places + place[found.text[at]])
    places = np.bincount(held[_starts(held)] // n_places, minlength=1)
    slogan = at[places[number] - 1 >= enough]
    for step in range(SLOGAN_LETTERS):
        inside[slogan + step] = True
    return inside


def _starts(values: np.ndarray) -> np.ndarray:
    """Mark where sorted values begin to be others."""
    return np.concatenate([np.ones(min(1, len(values)), dtype=bool), values[1:] != values[:-1]])
