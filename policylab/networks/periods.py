"""Years put together into periods: which rows belong to which, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, FrameError, TooFewPlansError

Periods: TypeAlias = Mapping[str, Iterable[int] | int] | Sequence[int] | int
_FORMS = (
    "a dict such as {'2020–2021': [2020, 2021], '2022–2024': [2022, 2023, 2024]}, first years such as [2020, 2022], or a number such as 2"
)


def split_periods(docs: pd.DataFrame, periods: Periods) -> tuple[dict[str, np.ndarray], list[str]]:
    """Give a mask over the rows of `docs` for each period that has plans, the earliest first, and what is to be said of the rest.

    Parameters
    ----------
    docs : DataFrame
        The labels of the rows (`counts.docs`), with `plan` and `year`.
    periods : dict, list of int, or int
        Name → years; or the first year of each period, the last one open; or how many periods the years there are make, as equal in
        years as may be, the longer ones first.

    Raises
    ------
    ArgumentError
        If `periods` has another form, a year is in two periods, or a period begins before another ends.
    FrameError
        If `docs` has no column `plan` or `year`.
    TooFewPlansError
        If fewer than two periods have plans.

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": ["甲-2022", "甲-2023", "甲-2024"], "year": [2022, 2023, 2024]})
    >>> {name: mask.tolist() for name, mask in split_periods(docs, 2)[0].items()}
    {'2022–2023': [True, True, False], '2024': [False, False, True]}
    """
    absent = [c for c in ("plan", "year") if c not in docs]
    if absent:
        raise FrameError(f"counts.docs has no column {absent[0]!r}; periods need the plan and the year of each row.")
    year = docs["year"].astype("Int64")
    there = sorted({int(y) for y in year.dropna()})
    named = _named(periods, there)
    masks = {name: year.isin(years).to_numpy(dtype=bool) for name, years in named.items()}
    held = {name: mask for name, mask in masks.items() if mask.any()}
    if len(held) < 2:
        raise TooFewPlansError(
            f"periods={periods!r}: {len(held)} of them {'has' if len(held) == 1 else 'have'} plans; themes are followed from one period to "
            f"the next, so two are needed. There are plans of {', '.join(map(str, there)) or 'no known year'}."
        )
    return held, _left_out(docs["plan"].astype("str"), year, named, held)


def _named(periods: Any, there: list[int]) -> dict[str, list[int]]:
    """Read the three forms: name → years, the earliest period first."""
    if isinstance(periods, Mapping):
        named = {str(name): _years(years) for name, years in periods.items()}
        if not all(named.values()):
            raise ArgumentError(f"periods={dict(periods)!r}: every period needs a year; give {_FORMS}.")
        return _apart(dict(sorted(named.items(), key=lambda one: one[1])))
    if _is_whole(periods) and len(there) >= 2:
        if not 2 <= periods <= len(there):
            raise ArgumentError(f"periods={periods}: there are plans of {len(there)} years, which make 2 to {len(there)} periods.")
        return {_span(part): part for part in (piece.tolist() for piece in np.array_split(there, periods))}
    if _is_whole(periods):
        return {str(y): [y] for y in there}
    first = sorted(_years(periods))
    if len(first) < 2 or len(set(first)) < len(first):
        raise ArgumentError(f"periods={periods!r}: at least two first years are needed, no year twice; give {_FORMS}.")
    last = [*(y - 1 for y in first[1:]), max([*there, first[-1]])]
    return {_span([a, b]): list(range(a, b + 1)) for a, b in zip(first, last, strict=True)}


def _years(given: Any) -> list[int]:
    listed = [given] if _is_whole(given) else list(given) if isinstance(given, Iterable) and not isinstance(given, str | bytes) else [None]
    if not all(_is_whole(y) for y in listed):
        raise ArgumentError(f"periods: {given!r} holds no whole years; give {_FORMS}.")
    return sorted(int(y) for y in listed if y is not None)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _span(years: list[int]) -> str:
    return f"{years[0]}–{years[-1]}" if years[0] != years[-1] else f"{years[0]}"


def _apart(named: dict[str, list[int]]) -> dict[str, list[int]]:
    """Raise unless each period ends before the next begins."""
    names = list(named)
    for one, two in pairwise(names):
        if named[one][-1] >= named[two][0]:
            raise ArgumentError(
                f"periods: {one!r} ends in {named[one][-1]} and {two!r} begins in {named[two][0]}; no year may be in two periods, and a "
                "period must end before the next begins."
            )
    return named


def _left_out(plan: pd.Series, year: pd.Series, named: dict[str, list[int]], held: dict[str, np.ndarray]) -> list[str]:
    notes = []
    if n := plan[year.isna()].nunique():
        notes.append(f"{n} 份计划没有年份，未计入。{n} plan(s) without a year left out.")
    inside = {y for years in named.values() for y in years}
    for one in sorted({int(y) for y in year.dropna()} - inside):
        n = plan[(year == one).fillna(value=False)].nunique()
        notes.append(f"{one} 年不在任何时期内，其 {n} 份计划未计入。{one} is in no period; its {n} plan(s) left out.")
    for name in (name for name in named if name not in held):
        notes.append(f"{name} 没有计划，略去。No plans of {name}; the period is left out.")
    return notes
