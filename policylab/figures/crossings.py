"""Blocks of an alluvial diagram in an order in which few bands cross."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations, pairwise
from typing import TypeAlias

Link: TypeAlias = tuple[Hashable, Hashable, float]
_SWEEPS = 8


def few_crossings(columns: Sequence[Sequence[Hashable]], links: Sequence[Link]) -> list[list[Hashable]]:
    """Give each column's blocks in an order in which the bands between neighbouring columns cross least; those without a band come last.

    Columns are swept forth and back, blocks set by the mean place of those they are tied to (barycentre: Sugiyama, Tagawa & Toda 1981),
    then neighbours are swapped as long as that helps. A crossing weighs the narrower of its bands; ties keep the order given.

    Examples
    --------
    >>> few_crossings([["a", "b", "c"], ["x", "y"]], [("a", "y", 3), ("b", "x", 2)])
    [['a', 'b', 'c'], ['y', 'x']]
    """
    tied = {end for a, b, _ in links for end in (a, b)}
    order = [[v for v in column if v in tied] for column in columns]
    best, least = order, crossed(order, links)
    for sweep in range(_SWEEPS):
        order = _swept(order, links, forth=sweep % 2 == 0)
        if (now := crossed(order, links)) < least:
            best, least = order, now
    best = _swapped(best, links)
    return [[*found, *(v for v in column if v not in tied)] for found, column in zip(best, columns, strict=True)]


def crossed(order: Sequence[Sequence[Hashable]], links: Sequence[Link]) -> float:
    """Add up the crossings of the bands between neighbouring columns, each by the narrower of the two."""
    total = 0.0
    for before, after in pairwise(order):
        left, right = ({v: i for i, v in enumerate(column)} for column in (before, after))
        here = [(left[a], right[b], n) for a, b, n in links if a in left and b in right]
        total += sum(min(m, n) for (a, b, n), (c, d, m) in combinations(here, 2) if (a - c) * (b - d) < 0)
    return total


def _swept(order: list[list[Hashable]], links: Sequence[Link], *, forth: bool) -> list[list[Hashable]]:
    order = [list(column) for column in order]
    for one, two in pairwise(range(len(order)) if forth else range(len(order))[::-1]):
        at = {v: i for i, v in enumerate(order[one])}
        weights = [(b, a, n) if forth else (a, b, n) for a, b, n in links]
        ties = {v: [(at[w], n) for u, w, n in weights if u == v and w in at] for v in order[two]}
        place = {v: sum(p * n for p, n in found) / sum(n for _, n in found) for v, found in ties.items() if found}
        order[two] = sorted(order[two], key=lambda v: place.get(v, order[two].index(v)))
    return order


def _swapped(order: list[list[Hashable]], links: Sequence[Link]) -> list[list[Hashable]]:
    least, again = crossed(order, links), True
    while again:
        again = False
        for column in order:
            for i in range(len(column) - 1):
                column[i], column[i + 1] = column[i + 1], column[i]
                if (now := crossed(order, links)) < least:
                    least, again = now, True
                else:
                    column[i], column[i + 1] = column[i + 1], column[i]
    return order
