"""A table of places: aliases, what a place belongs to, and from when to when."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from policylab.errors import TableError
from policylab.plans.metadata import FIRST_YEAR, LAST_YEAR, as_text, parse_year, refuse, renamed, tidy
from policylab.plans.raw import Problem

if TYPE_CHECKING:
    from policylab.plans.facts import Facts

_PLACES = {
    "place": ("place", "district", "地区", "地名"),
    "alias": ("alias", "别名", "曾用名", "简称"),
    "parent": ("parent", "上级", "上级地区"),
    "level": ("level", "级别", "层级"),
    "valid_from": ("valid_from", "起始年份", "始于"),
    "valid_to": ("valid_to", "终止年份", "止于"),
}


@dataclass(frozen=True)
class Span:
    """A row of the places table: what it says of a place (or of an alias of it), from year `first` to year `last`."""

    place: str
    alias: str | None
    parent: str | None
    level: str | None
    first: int
    last: int

    def holds(self, year: int | None) -> bool:
        """Tell whether the row speaks of a year; of an unknown one every row does."""
        return year is None or self.first <= year <= self.last


@dataclass(frozen=True)
class Places:
    """What a places table says, in a form to ask."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def read(cls, table: pd.DataFrame | str | os.PathLike[str]) -> Places:
        """Read a places table (see `read_places`)."""
        frame = read_places(table).astype("object").where(lambda f: f.notna(), None)
        spans = (Span(p, alias, up, level, a or FIRST_YEAR, b or LAST_YEAR) for p, alias, up, level, a, b in frame.itertuples(index=False))
        return cls(tuple(spans))

    def named(self, name: str, year: int | None) -> str:
        """Give the place that a name stands for in a year: itself, unless it is an alias then; without a year only a sure alias counts."""
        if any(span.place == name and (span.alias is None or year is None) and span.holds(year) for span in self.spans):
            return name
        meant = {span.place for span in self.spans if span.alias == name and span.holds(year)}
        return meant.pop() if len(meant) == 1 else name

    def of(self, place: str) -> list[Span]:
        """Give the rows that tell a place's years: those without an alias, or where there are none all of its rows."""
        rows = [span for span in self.spans if span.place == place]
        return [span for span in rows if span.alias is None] or rows

    def said(self, place: str, year: int | None, column: str) -> str | None:
        """Give the parent or level of a place in a year."""
        rows = [*self.of(place), *(span for span in self.spans if span.place == place)]
        return next((getattr(span, column) for span in rows if span.holds(year) and getattr(span, column)), None)


def settle_place(facts: Facts, places: Places) -> Iterator[Problem]:
    """Give a document's place the name that the table has for it, with parent and level; yields what the table does not answer."""
    year = facts.year if facts.year is not None else facts.year_start
    if facts.place is not None and (name := places.named(facts.place, year)) != facts.place:
        facts.place, facts.place_from = name, f"{facts.place_from}; places table"
    for column in ("parent", "level"):
        said = places.said(facts.place, year, column) if facts.place is not None else None
        given = facts.extra.get(column)
        if given and said and given != said:
            message = f"the metadata table says {column} {given}, the places table {said}"
            yield Problem(f"{column}-conflict", "warning", message, f"{given} was taken; mend one of the tables.")
        facts.extra[column] = given or said
    if facts.place is None:
        return
    rows = places.of(facts.place)
    if not rows:
        hint = "Add a row for it, or an alias to the place it belongs to."
        yield Problem("places-no-row", "info", f"the places table has no row for {facts.place}", hint)
    elif not any(span.holds(year) for span in rows):
        years = ", ".join(f"{span.first if span.first > FIRST_YEAR else ''}–{span.last if span.last < LAST_YEAR else ''}" for span in rows)
        message = f"{year} lies outside the years of {facts.place} in the places table ({years})"
        hint = "See whether place and year are right; if they are, mend the years, or add a row for the place without an alias."
        yield Problem("place-outside-years", "warning", message, hint)


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
    unknown = [str(c) for c in frame.columns if c not in _PLACES and c not in ("note", "备注", "说明")]
    if unknown:
        raise TableError(f"{name}: the column {unknown[0]!r} is unknown; allowed are {', '.join(_PLACES)}, note.")
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
        name = alias if isinstance(alias, str) else place
        if name:
            spans.setdefault(name, []).append((place, FIRST_YEAR if start is pd.NA else start, LAST_YEAR if end is pd.NA else end))
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
