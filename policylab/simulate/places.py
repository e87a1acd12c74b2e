"""The fictional city and its districts: how each prints its plans, and how much of them each theme is meant to take."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from policylab.simulate.bank import CITY_SCALE, Bank
from policylab.simulate.dice import Dice

RISING, FALLING, OWN = "digital", "campus", "vocational"
LOWEST, OWN_SHARE = 0.04, 0.22
MAX_PLACES = 12
_SPREAD = 0.15
_SCALES = (1.0, 0.8, 1.2, 0.7)


@dataclass(frozen=True)
class Place:
    """A place: its name, level (市 or 区), rank among the districts, whether it goes its own way, and its style (bank/places.toml)."""

    name: str
    level: str
    number: int
    own_way: bool
    scale: float
    style: dict

    def section_of(self, theme: str) -> int:
        """Give the place of a theme's section in the plan's outline, from 0."""
        return next(i for i, section in enumerate(self.style["sections"]) if theme in section["themes"])


def load_places(n_places: int) -> tuple[list[Place], str]:
    """Give the city and n districts, and the note that says that they are fictional."""
    data = tomllib.loads((Path(__file__).resolve().parent / "bank" / "places.toml").read_text(encoding="utf-8"))
    styles, city = data["style"], data["city"]
    places = [Place(city["place"], "市", 0, False, CITY_SCALE, city)]
    for i, name in enumerate(data["districts"][:n_places]):
        style = styles[i] if i < len(styles) else styles[i % (len(styles) - 1)]
        own_way = n_places > 1 and i == min(n_places, len(styles)) - 1
        places.append(Place(name, "区", i + 1, own_way, _SCALES[i % len(_SCALES)], style))
    return places, data["note"]


def planned_shares(place: Place, bank: Bank, dice: Dice, *, n_years: int, trend: float) -> list[dict[str, float]]:
    """Give for each year the share of the plan's items that each theme is meant to take.

    One theme rises by `trend` from the first year to the last and one falls by as much, evenly from year to year; in the place that
    goes its own way both stay halfway and a third theme takes 22 %. The other themes share what is left, each place with its own leanings.
    """
    leaning = {theme.key: dice.between(1 - _SPREAD, 1 + _SPREAD) for theme in bank.themes}
    years = []
    for step in range(n_years):
        gone = step / (n_years - 1) if n_years > 1 and not place.own_way else 0.5
        fixed = {RISING: LOWEST + trend * gone, FALLING: LOWEST + trend * (1 - gone)}
        if place.own_way:
            fixed[OWN] = OWN_SHARE
        rest = {key: value for key, value in leaning.items() if key not in fixed}
        left = (1 - sum(fixed.values())) / sum(rest.values())
        years.append({key: fixed.get(key, value * left) for key, value in leaning.items()})
    return years


def item_counts(shares: dict[str, float], n_items: int, dice: Dice) -> dict[str, int]:
    """Share a plan's items out over the themes by largest remainders, after moving each share by up to a tenth."""
    moved = {key: share * dice.between(0.9, 1.1) for key, share in shares.items()}
    exact = {key: share * n_items / sum(moved.values()) for key, share in moved.items()}
    counts = {key: int(value) for key, value in exact.items()}
    for key in sorted(exact, key=lambda k: (counts[k] - exact[k], k))[: n_items - sum(counts.values())]:
        counts[key] += 1
    return counts
