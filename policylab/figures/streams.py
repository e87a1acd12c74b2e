"""What a map of themes over periods is made of: which blocks and bands are drawn, and in which order."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from policylab.errors import ArgumentError, FrameError
from policylab.figures import canvas
from policylab.figures.crossings import few_crossings

_FLOWS = ("period_before", "theme_before", "period_after", "theme_after", "n_shared", "inclusion", "support", "above_chance")
_THEMES = ("period", "theme", "label", "n_terms", "stability", "appears", "ends", "lost")
_STABLE = 0.5  # below it a cluster is dissolved (Hennig 2007)


@dataclass
class Theme:
    """A block: what is drawn of one theme."""

    key: Hashable
    terms: list[str]
    n_terms: int
    stable: bool
    new: bool = False
    gone: bool = False
    top: float = 0.0
    high: float = 0.0
    streams: dict[str, list[Stream]] = field(default_factory=lambda: {"out": [], "in": []})


@dataclass
class Stream:
    """A flow that is drawn."""

    source: Theme
    target: Theme
    n: int
    support: float
    left: float = 0.0
    right: float = 0.0


def parts_of(evolution: Any, min_support: float) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Check what is to be drawn; give the themes, the flows with `drawn` (above chance, enough alike, enough support), and the periods."""
    themes, flows, settings = (getattr(evolution, name, None) for name in ("themes", "flows", "settings"))
    if themes is None or flows is None:
        raise ArgumentError(f"evolution is a {type(evolution).__name__}; give what `theme_evolution(counts, periods=...)` returns.")
    if isinstance(min_support, bool) or not 0 <= min_support <= 1:
        raise ArgumentError(f"min_support={min_support!r} must lie between 0 and 1, such as 0.5.")
    for name, frame, columns in (("themes", themes, _THEMES), ("flows", flows, _FLOWS)):
        canvas.need(frame, columns, name=f"evolution.{name}", maker="theme_evolution(counts, periods=...)")
    before, after = _ends(flows)
    if lost := sorted({*before, *after} - set(zip(themes["period"], themes["theme"], strict=True)), key=str):
        raise FrameError(f"evolution.flows has the theme {lost[0][1]} of {lost[0][0]}, which evolution.themes has not.")
    settings = settings or {}
    alike = flows["inclusion"] >= float(settings.get("min_inclusion", 0.0)) - 1e-9
    drawn = flows["above_chance"].astype(bool) & alike & (flows["support"] >= min_support)
    return themes, flows.assign(drawn=drawn), [str(p) for p in settings.get("periods", dict.fromkeys(themes["period"]))]


def columns_of(
    themes: pd.DataFrame, drawn: pd.DataFrame, periods: list[str], most: int, least: float
) -> tuple[list[list[Theme]], dict[str, int]]:
    """Give the blocks of each period in an order in which few bands cross, and how many themes of which period find no room."""
    before, after = _ends(drawn)
    out, into = set(before), set(after)
    found: list[list[Theme]] = []
    left_out = {}
    for period in periods:
        blocks = []
        for row in themes[themes["period"] == period].to_dict("records"):
            key = (period, row["theme"])
            block = Theme(key, str(row["label"]).split("·"), int(row["n_terms"]), not row["stability"] < _STABLE)
            lost = row["lost"]  # where it is missing nothing is above it
            block.new = key not in into and period != periods[0] and row["appears"] >= least and row["appears"] > lost
            block.gone = key not in out and period != periods[-1] and row["ends"] >= least and row["ends"] > lost
            blocks.append(block)
        blocks.sort(key=lambda b: (not (b.key in out or b.key in into), not (b.new or b.gone), -b.n_terms, "·".join(b.terms)))
        if len(blocks) > most:
            left_out[period] = len(blocks) - most
        found.append(blocks[:most])
    by_key = {block.key: block for column in found for block in column}
    links = sorted(zip(before, after, drawn["n_shared"].astype(float), strict=True), key=lambda link: (str(link[0]), str(link[1])))
    links = [(a, b, n) for a, b, n in links if a in by_key and b in by_key]
    return [[by_key[key] for key in column] for column in few_crossings([[b.key for b in column] for column in found], links)], left_out


def streams_of(columns: list[list[Theme]], drawn: pd.DataFrame) -> list[Stream]:
    """Give the flows between blocks that are drawn, hung on both in the order of the other ends."""
    by_key = {block.key: block for column in columns for block in column}
    place = {block.key: i for column in columns for i, block in enumerate(column)}
    support = drawn["support"].astype(float).to_numpy()
    rows = sorted(zip(*_ends(drawn), drawn["n_shared"], support, strict=True), key=lambda row: (place.get(row[0], 0), place.get(row[1], 0)))
    bands = [Stream(by_key[a], by_key[b], int(n), float(s)) for a, b, n, s in rows if a in by_key and b in by_key]
    for band in bands:
        band.source.streams["out"].append(band)
        band.target.streams["in"].append(band)
    return bands


def _ends(flows: pd.DataFrame) -> list[list[tuple[str, int]]]:
    """Give both ends of each flow as period and theme."""
    return [list(zip(flows[f"period_{side}"], flows[f"theme_{side}"], strict=True)) for side in ("before", "after")]
