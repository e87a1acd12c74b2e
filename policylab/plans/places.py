"""A table of places: aliases, what a place belongs to, and from when to when."""

from __future__ import annotations

import os
import re
from typing import Any

import pandas as pd

from policylab.plans.metadata import FIRST_YEAR, LAST_YEAR, as_text, parse_year, refuse, renamed, tidy

_PLACES = {
    "place": ("place", "district", "地区", "地名"),
    "alias": ("alias", "别名", "曾用名", "简称"),
    "parent": ("parent", "上级", "上级地区"),
    "level": ("level", "级别", "层级"),
    "valid_from": ("valid_from", "起始年份", "始于"),
    "valid_to": ("valid_to", "终止年份", "止于"),
}


def read_places(table: pd.DataFrame | str | os.PathLike[str]) -> pd.DataFrame:
    """Read a table of places: what else they are called, what they belong to, and from when to when.

    Parameters
    ----------
    table : DataFrame or path
        Columns `place`, and optionally `alias` (several parted by 、 or ;), `parent`, `level`, `valid_from`, `valid_to` (years).

    Returns
    -------
    DataFrame
        A row for each place and alias: place, alias, parent, level (str, missing where not said), valid_from, valid_to (Int64).

    Raises
    ------
    TableError
        If a row names no place, a year is none, a span ends before it begins, a name stands for two places in one year, or a
        place lies in itself.

    Examples
    --------
    >>> read_places(pd.DataFrame({"place": ["静安区"], "alias": ["闸北区"], "valid_from": [2016]}))["alias"].tolist()
    ['闸北区']
    """
    frame, name, _ = as_text(table, "places")
    frame = renamed(frame, _PLACES, needed="place", table=name)
    rows: list[tuple[Any, ...]] = []
    wrong: list[str] = []
    for row, values in zip(frame.index, frame.to_dict("records"), strict=True):
        said = {column: tidy(values.get(column, "")) for column in _PLACES}
        try:
            years = [parse_year(said[c]) for c in ("valid_from", "valid_to")]
        except ValueError as error:
            wrong.append(f"row {row}: {error}")
            continue
        if not said["place"]:
            wrong.append(f"row {row} names no place")
        if None not in years and years[0] > years[1]:  # type: ignore[operator]
            wrong.append(f"row {row} is valid from {years[0]} to {years[1]}")
        for alias in re.split(r"\s*[、;；|]\s*", said["alias"]):
            rows.append((said["place"], alias or None, said["parent"] or None, said["level"] or None, *years))
    places = pd.DataFrame(rows, columns=list(_PLACES)).astype({c: "Int64" if c.startswith("valid") else "str" for c in _PLACES})
    wrong += [*_two_meanings(places), *_circles(places)]
    refuse(wrong, table=name)
    return places


def _two_meanings(places: pd.DataFrame) -> list[str]:
    spans: dict[str, list[tuple[str, int, int]]] = {}
    for place, alias, start, end in zip(places["place"], places["alias"], places["valid_from"], places["valid_to"], strict=True):
        if isinstance(alias, str):
            spans.setdefault(alias, []).append((place, FIRST_YEAR if start is pd.NA else start, LAST_YEAR if end is pd.NA else end))
    wrong = []
    for alias, meant in spans.items():
        clash = next(((a, b) for i, a in enumerate(meant) for b in meant[:i] if a[0] != b[0] and a[1] <= b[2] and b[1] <= a[2]), None)
        if clash:
            wrong.append(f"{alias!r} stands for {clash[1][0]} and for {clash[0][0]} in the same years")
    return wrong


def _circles(places: pd.DataFrame) -> list[str]:
    above = {p: q for p, q in zip(places["place"], places["parent"], strict=True) if isinstance(q, str)}
    wrong = []
    for start in sorted(above):
        seen, place = {start}, above[start]
        while place in above and place not in seen:
            seen.add(place)
            place = above[place]
        if place == start:
            wrong.append(f"{start} lies in itself")
    return wrong
