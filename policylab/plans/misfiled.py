"""Texts that are not what their file's name says: another place's, another level's, another year's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from policylab.plans.facts import Facts
from policylab.plans.naming import place_in, short_name
from policylab.plans.raw import Problem

_NAMED_OUTSIDE = ("file name", "folder", "metadata table")
_SPEAKS_FOR = re.compile(r"代表(国务院|[\u4e00-\u9fff]{2,16}?人民政府)[，,]?\s*(?:向|作)")
_LEVEL = re.compile("[全我本]([省市区县州盟旗])")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*年)")
_PLACE_HINT = "Look at the beginning of the file: it may hold another place's plan."
_FEWEST_CHARS = 100


def misfiled(facts: Facts, text: str, places: Mapping[str, str]) -> Iterator[Problem]:
    """Report what speaks against the place and year that a document is filed under.

    Parameters
    ----------
    facts : Facts
        What is known of the document.
    text : str
        Its words without notes and furniture.
    places : mapping of str to str
        The places of all documents read together, by their short names.
    """
    if len(text) > _FEWEST_CHARS:
        yield from _place_findings(facts, text, places)
        if facts.year is not None and facts.year_from in _NAMED_OUTSIDE:
            yield from _year_findings(facts.year, text, str(facts.year_from))


def _place_findings(facts: Facts, text: str, places: Mapping[str, str]) -> Iterator[Problem]:
    place = facts.place
    if place is None or str(facts.place_from).endswith("places table"):  # the text may name an alias
        return
    spoken = _spoken_for(text)
    if spoken and not (short_name(spoken) in place or short_name(place) in spoken):
        yield Problem("other-place", "warning", f"the text speaks for {spoken}, but is filed under {place}", _PLACE_HINT)
        return
    if facts.place_from not in _NAMED_OUTSIDE:
        return
    own = 0 if place == "全国" else text.count(short_name(place))
    other, n = _most_named(text, places, but=place) if own <= 1 else ("", 0)
    if other and n >= 8:
        rarely = "once" if own else "never"
        message = f"the text names {other} {n} times and {rarely} {place}, the place that the {facts.place_from} gives"
        yield Problem("other-place", "warning", message, _PLACE_HINT)
    elif own == 0 and place != "全国":
        message = f"the text never names {place}, the place that the {facts.place_from} gives"
        yield Problem("place-not-named", "warning", message, "Look whether the file holds another place's plan.")
    elif place[-1] in "省市区县州盟旗" and len(place) > 2:
        yield from _level_findings(place, text)


def _spoken_for(text: str) -> str | None:
    found = _SPEAKS_FOR.search(text)
    return None if found is None else "全国" if found[1] == "国务院" else place_in(found[1])


def _most_named(text: str, places: Mapping[str, str], *, but: str) -> tuple[str, int]:
    """Give the known place that a text names most often, and how often."""
    sizes = {len(name) for name in places}
    there = {text[i : i + n] for n in sizes for i in range(len(text) - n + 1)} & places.keys()
    counts = [(text.count(name), places[name]) for name in there if name not in but and places[name] != but and len(name) > 1]
    n, place = max(counts, default=(0, ""))
    return place, n


def _level_findings(place: str, text: str) -> Iterator[Problem]:
    """A city's text says 全市 and 我市, not 全省."""
    said = Counter(_LEVEL.findall(text))
    level, n = max(said.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    if n >= 8 and not said[place[-1]] and not re.search(f"{place[-1]}(?:委|政府|级|教育局)", text):
        message = f"the text says 全{level}, 我{level} or 本{level} {n} times and never 全{place[-1]}, but is filed under {place}"
        yield Problem("other-level", "warning", message, _PLACE_HINT)


def _year_findings(year: int, text: str, said_by: str) -> Iterator[Problem]:
    """How often a year is named never sets the year of a plan; it may speak against it."""
    named = Counter(int(y) for y in _YEAR.findall(text))
    if year in named or sum(named.values()) < 2:
        return
    past = max(named) < year - 1
    before = named[year - 2] >= named[year - 1] > 0
    later = year - 1 not in named and any(y + 1 in named for y in named if y > year)
    if past or before or later:
        years = "、".join(str(y) for y in sorted(named))
        message = f"the text never names {year}, the year that the {said_by} gives; it names {years}"
        yield Problem("other-year", "warning", message, "Look at the beginning of the file: it may hold another year's plan.")
