"""Phrases that stand in several plans: each as long as it can be without losing a plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policylab.lineage.letters import Letters


def common_phrases(found: Letters, plan: np.ndarray, *, min_chars: int, min_plans: int) -> pd.DataFrame:
    """Find runs of at least `min_chars` letters that stand in at least `min_plans` plans and cannot grow without losing one of them.

    A slogan in sixty plans and the longer sentence that holds it in three are two phrases. Sets of plans are kept as bits.

    Parameters
    ----------
    found : Letters
        The letters of the units.
    plan : ndarray of int
        The plan (0 … n − 1) of each unit.

    Returns
    -------
    DataFrame
        A row for each place where a phrase stands: `phrase` (from 0, in the order of their first letters), `first`, `last` (letters).
    """
    start, short = found.runs(min_chars)
    joins, long = found.runs(min_chars + 1)
    n_plans = int(plan.max(initial=-1)) + 1
    here, sets = _plans_of(short, plan[found.text[start]], n_plans, min_plans)
    there, wider = _plans_of(long, plan[found.text[joins]], n_plans, min_plans)
    start, joins = start[here], joins[there]
    if not len(start):
        return pd.DataFrame({name: np.zeros(0, dtype=np.int64) for name in ("phrase", "first", "last")})
    link = np.zeros_like(sets)  # the plans in which a run and the next one stand as one longer run
    link[np.searchsorted(start, joins)] = wider
    first, last = _stretches(start, sets, link, min_plans)
    return _numbered(found, start[first], start[last] + min_chars - 1, plan, min_plans)


def _plans_of(code: np.ndarray, plan: np.ndarray, n_plans: int, least: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the runs that stand in enough plans, and the plans of each as bits (runs × words of 64)."""
    _, run = np.unique(code, return_inverse=True)
    pairs = np.unique(run * max(n_plans, 1) + plan)
    number, which = pairs // max(n_plans, 1), pairs % max(n_plans, 1)
    enough = np.bincount(number, minlength=int(run.max(initial=-1)) + 1) >= least
    kept = np.flatnonzero(enough)
    row = np.cumsum(enough) - 1
    sets = np.zeros((len(kept), -(-n_plans // 64)), dtype=np.uint64)
    inside = enough[number]
    np.bitwise_or.at(sets, (row[number[inside]], which[inside] // 64), np.uint64(1) << (which[inside] % 64).astype(np.uint64))
    here = np.flatnonzero(enough[run])
    return here, sets[row[run[here]]]


def _stretches(start: np.ndarray, sets: np.ndarray, link: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    """Join runs with the same plans, and let each stretch grow over all that its plans have too; then, at its ends, with fewer plans."""
    follows = np.append(np.diff(start) == 1, False)
    same = follows[:-1] & (sets[:-1] == link[:-1]).all(axis=1) & (sets[1:] == link[:-1]).all(axis=1)
    first = np.flatnonzero(np.concatenate([[True], ~same]))
    last = np.append(first[1:], len(start)) - 1
    beyond = np.where(follows[:, None], link, np.uint64(0))[last]  # the plans that have a stretch and what follows it as one
    beyond = np.concatenate([beyond, np.zeros_like(beyond[:1])])  # a border that nobody crosses, after the last and before the first
    low, high, plans = np.arange(len(first)), np.arange(len(first)), sets[first]
    known = np.zeros(0, dtype=np.int64)
    while len(low):
        low, high = _grown(low, plans, beyond, -1), _grown(high, plans, beyond, 1)
        place, once = np.unique(low * len(first) + high, return_index=True)
        once = once[~np.isin(place, known)]
        known = np.union1d(known, place)
        low, high, plans = (np.concatenate([x[once], x[once]]) for x in (low, high, plans))
        plans = plans & np.concatenate([beyond[low[: len(once)] - 1], beyond[high[: len(once)]]])
        enough = np.bitwise_count(plans).sum(axis=1) >= least
        low, high, plans = low[enough], high[enough], plans[enough]
    return first[known // len(first)], last[known % len(first)]


def _grown(end: np.ndarray, plans: np.ndarray, beyond: np.ndarray, step: int) -> np.ndarray:
    """Move the ends of stretches on, as long as all their plans go along."""
    end, going = end.copy(), np.arange(len(end))
    while len(going):
        border = beyond[end[going] - (step < 0)]
        going = going[((border & plans[going]) == plans[going]).all(axis=1)]
        end[going] += step
    return end


def _numbered(found: Letters, first: np.ndarray, last: np.ndarray, plan: np.ndarray, least: int) -> pd.DataFrame:
    """Number equal phrases alike and leave out what after all stands in too few plans."""
    head = _sums(found.code)
    length = last - first + 1
    code = head[last + 1] - head[first] * _powers(len(found.code))[length]
    frame = pd.DataFrame({"code": code, "n": length, "first": first, "last": last, "plan": plan[found.text[first]]})
    frame = frame.drop_duplicates(["first", "last"])
    enough = frame.groupby(["code", "n"])["plan"].transform("nunique") >= least
    frame = frame[enough].sort_values(["first", "last"], kind="stable")
    phrase = frame.groupby(["code", "n"], sort=False).ngroup()
    return frame.assign(phrase=phrase)[["phrase", "first", "last"]].reset_index(drop=True)


_BASE = 0x9E3779B97F4A7C15


def _powers(n: int) -> np.ndarray:
    powers = np.ones(n + 1, dtype=np.uint64)
    powers[1:] = np.uint64(_BASE)
    return np.multiply.accumulate(powers)


def _sums(code: np.ndarray) -> np.ndarray:
    """Give the code of the first 0, 1, … letters, such that the code of any stretch follows by one subtraction."""
    powers = _powers(len(code))
    inverse = np.full(len(code) + 1, pow(_BASE, -1, 2**64), dtype=np.uint64)
    inverse[0] = 1
    shrunk = (code + 1).astype(np.uint64) * np.multiply.accumulate(inverse)[1:]
    return np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(shrunk, dtype=np.uint64)]) * powers
