"""What an alluvial diagram of the ledger draws: items counted by section of each year's plan, and rows by where they went."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from policylab.errors import ArgumentError
from policylab.figures.ledger import LOOK

_NUMBERED = re.compile(r"(.*)#(\d+)", re.DOTALL)


def rows_of(ledger: pd.DataFrame, place: str | None) -> tuple[pd.DataFrame, tuple[str, str, int, int]]:
    """Give the rows to draw, and what was chosen: the place, its series, and how many of either there are."""
    places, series = _words(ledger["place"], "地区不明 unknown"), _words(ledger.get("series", pd.Series("", ledger.index)), "")
    years = [pd.to_numeric(ledger[c]) for c in ("year_before", "year_after")]
    columns = {"first": years[0], "last": years[1], "status": ledger["status"].astype(str)}
    ends = {name: _words(ledger[name], "") for name in ("before_id", "after_id", "section_before", "section_after")}
    rows = pd.DataFrame({"place": places, "series": series, **columns, **ends}).dropna(subset=["first", "last"])
    rows = rows[(rows["before_id"] != "") | (rows["after_id"] != "")].astype({"first": int, "last": int})
    if rows.empty:
        return rows, ("", "", 0, 0)
    known = list(dict.fromkeys(rows["place"]))
    if place is not None and place not in known:
        named = "、".join(known[:12]) + (" …" if len(known) > 12 else "")
        raise ArgumentError(f"place={place!r} has no rows in the ledger; it has {named}. A place with one year has none.")
    chosen = _largest(rows["place"]) if place is None else place
    rows = rows[rows["place"] == chosen]
    one, n_series = _largest(rows["series"]), rows["series"].nunique()
    return rows[rows["series"] == one].reset_index(drop=True), (chosen, one, len(known), n_series)


def _words(column: pd.Series, absent: str) -> pd.Series:
    return column.astype("str").fillna("").replace("", absent)


def _largest(names: pd.Series) -> str:
    """The name that occurs most often; of several the first."""
    counts = names.value_counts()
    return next(str(name) for name in names if counts[name] == counts.max())


@dataclass
class Block:
    """A section of a year's plan, or several small ones: which items, in how many sections."""

    name: str
    items: list[str]
    joined: int = 0  # how many sections, where it is several
    top: float = 0.0
    into: float = 0.0  # how much of its left and right side bands have taken
    out: float = 0.0


def blocks_of(rows: pd.DataFrame, year: int, most: int) -> list[Block]:
    """Gather the items of a year by section, in the order of the plan; the smallest beyond `most` are joined at the end."""
    sides = [rows.loc[rows[y] == year, [f"{w}_id", f"section_{w}"]].to_numpy() for y, w in (("last", "after"), ("first", "before"))]
    section = {item: title for side in sides for item, title in side if item}
    items: dict[str, list[str]] = {}
    for item in sorted(section, key=_in_plan):
        items.setdefault(section[item], []).append(item)
    large = set(items) if len(items) <= most else set(sorted(items, key=lambda title: -len(items[title]))[: most - 1])
    blocks = [Block(title or "未分节 no section", members) for title, members in items.items() if title in large]
    small = [members for title, members in items.items() if title not in large]
    return [*blocks, Block(f"其他 {len(small)} 节 others", list(chain(*small)), joined=len(small))] if small else blocks


def _in_plan(item: str) -> tuple[str, int]:
    """Order of items: by plan, then by the number after the #."""
    parts = _NUMBERED.fullmatch(item)
    return (parts[1], int(parts[2])) if parts else (item, 0)


@dataclass(frozen=True)
class Band:
    """Items of one status that go from one block to another; an end that is missing is -1."""

    first: int
    last: int
    source: int
    target: int
    status: str
    n: int  # rows of the ledger
    left: float  # items that it takes from the source, and brings to the target
    right: float


def bands_of(rows: pd.DataFrame, plans: dict[int, list[Block]]) -> list[Band]:
    """Count the rows of each band; an item in several rows of a passage is shared among them."""
    at = {(year, item): i for year, blocks in plans.items() for i, block in enumerate(blocks) for item in block.items}
    table = rows[["first", "last", "status"]].assign(rank=rows["status"].map(list(LOOK).index))
    for end, height, year, item in (("source", "left", "first", "before_id"), ("target", "right", "last", "after_id")):
        table[end] = [at.get(one, -1) for one in zip(rows[year], rows[item], strict=True)]
        table[height] = (1 / rows.groupby(["first", "last", item])[item].transform("size")).where(rows[item] != "", 0.0)
    sums = table.groupby(["first", "last", "source", "target", "rank", "status"]).agg(
        n=("status", "size"), left=("left", "sum"), right=("right", "sum")
    )
    ends = zip(sums.index, sums.to_numpy().tolist(), strict=True)
    return [Band(a, b, source, target, status, int(n), *heights) for (a, b, source, target, _, status), (n, *heights) in ends]
