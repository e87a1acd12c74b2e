"""Which units of one year go on in which units of the next: one to one, then what splits and mergers leave over."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from policylab.lineage.overlap import Side, best_both_ways

REST = 0.1  # a unit goes on being matched while at least this share of its weight is left over by its links


def link_pairs(before: Side, after: Side, *, link: float, review: float) -> np.ndarray:
    """Give the pairs, in the order of their rows: row before, row after, score.

    First each other's best match. Then what a linked unit has beyond its partners is compared with the units that have no link yet,
    again best match both ways: the further parts of a split, the further sources of a merger. These need a score of `link`.
    """
    return further_linked(before, after, best_pairs(before, after), link=link, review=review)


def best_pairs(before: Side, after: Side) -> np.ndarray:
    """Give each other's best match (row before, row after, score), which hangs on no threshold."""
    return np.column_stack(best_both_ways(before, after))


def further_linked(before: Side, after: Side, best: np.ndarray, *, link: float, review: float) -> np.ndarray:
    """Give the pairs of `link_pairs` for one pair of thresholds, from what `best_pairs` gave."""
    found = new = best[best[:, 2] >= review]
    while len(new):
        going_on = np.unique(before.comparison[new[:, 0].astype(int)])
        splits = _further(before, after, found, going_on, link)
        mergers = _further(after, before, found[:, [1, 0, 2]], going_on, link)
        new = np.concatenate([splits, mergers[:, [1, 0, 2]]])
        found = np.concatenate([found, new])
    return found[np.lexsort((found[:, 1], found[:, 0]))]


def _further(side: Side, other: Side, found: np.ndarray, going_on: np.ndarray, link: float) -> np.ndarray:
    """Give pairs (row, row of the other, score) of what is left over of linked units and the other side's free units."""
    mine, theirs = found[:, :2].astype(int).T
    linked = np.unique(mine[(found[:, 2] >= link) & np.isin(side.comparison[mine], going_on)])
    number = np.full(len(side.unit), -1)
    number[linked] = np.arange(len(linked))
    own = number[mine] >= 0
    partner = csr_array((np.ones(own.sum()), (number[mine[own]], theirs[own])), shape=(len(linked), len(other.unit)))
    rest = side.less(linked, partner, other)
    enough = np.flatnonzero(rest.weight >= REST * side.weight[linked])
    free = np.setdiff1d(np.flatnonzero(np.isin(other.comparison, going_on)), theirs)
    i, j, score = best_both_ways(rest.rows(enough), other.rows(free))
    pairs = np.column_stack([linked[enough][i], free[j], score])
    return pairs[score >= link]
