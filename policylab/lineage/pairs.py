"""Which units of one year go on in which units of the next: one to one, then what splits and mergers leave over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from policylab.lineage.overlap import Side, best_both_ways, left_over, weighed

REST = 0.1  # a unit goes on being matched while at least this share of its weight is left over by its links


def link_pairs(before: Side, after: Side, *, link: float, review: float) -> np.ndarray:
    """Give the pairs, in the order of their rows: row before, row after, score.

    First each other's best match. Then what a linked unit has beyond its partners is compared with the units that have no link yet,
    again best match both ways: the further parts of a split, the further sources of a merger. These need a score of `link`.
    """
    before, after, best = scored(before, after)
    return linked(before, after, best, link=link, review=review)


def scored(before: Side, after: Side) -> tuple[Side, Side, np.ndarray]:
    """Weigh both sides and give each other's best match (row before, row after, score), which hangs on no threshold."""
    X, Y = weighed(before.X, after.X)
    before, after = replace(before, X=X), replace(after, X=Y)
    return before, after, np.column_stack(best_both_ways(before, after))


def linked(before: Side, after: Side, best: np.ndarray, *, link: float, review: float) -> np.ndarray:
    """Give the pairs of `link_pairs` for one pair of thresholds, from what `scored` gave."""
    rest_before, rest_after = before, after
    found = new = best[best[:, 2] >= review]
    while len(new):
        rest_before, rest_after = _without(rest_before, after, new[:, :2]), _without(rest_after, before, new[:, 1::-1])
        firm = found[found[:, 2] >= link]
        splits = _further(before, rest_before, firm[:, 0], after, found[:, 1])
        mergers = _further(after, rest_after, firm[:, 1], before, found[:, 0])
        new = np.concatenate([splits, mergers[:, [1, 0, 2]]])
        new = new[new[:, 2] >= link]
        found = np.concatenate([found, new])
    return found[np.lexsort((found[:, 1], found[:, 0]))]


def _without(side: Side, other: Side, pairs: np.ndarray) -> Side:
    """Take out of one side's units what each shares with its new partner."""
    mine, theirs = pairs.astype(int).T
    partner = csr_array((np.ones(len(mine)), (mine, theirs)), shape=(side.X.shape[0], other.X.shape[0]))
    return replace(side, X=left_over(side.X, csr_array(partner @ other.X)))


def _further(whole: Side, rest: Side, linked: np.ndarray, other: Side, taken: np.ndarray) -> np.ndarray:
    """Give pairs (row, row of the other, score) of what is left over of linked units and the other side's free units."""
    linked = np.unique(linked.astype(int))
    linked = linked[rest.weight()[linked] >= REST * whole.weight()[linked]]
    free = np.setdiff1d(np.arange(other.X.shape[0]), taken.astype(int))
    i, j, score = best_both_ways(rest.rows(linked), other.rows(free))
    return np.column_stack([linked[i], free[j], score])
