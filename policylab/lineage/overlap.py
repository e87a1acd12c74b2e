"""How much of two units of text is the same: weighted overlap of grams, best match both ways, and what a match leaves over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

SAME_SECTION = 0.01  # weak priors: they decide between equals
APART = 0.001  # from a plan's first unit to its last
_CELLS = 2**23  # pairs of units that are held at a time


@dataclass(frozen=True)
class Side:
    """The earlier or the later units of all comparisons.

    Attributes
    ----------
    X : csr_array
        Unit by gram, scaled so that the product of two rows is the weight of the grams that both have. Comparisons share no column.
    weight : ndarray of float
        The weight of each unit's grams, those that only one side has too.
    unit : ndarray of int
        Row number of each unit in the frame.
    comparison : ndarray of int
        Number of the comparison that each unit belongs to, not decreasing.
    section : ndarray of int
        Section of each unit, alike on both sides; -1 where unknown.
    position : ndarray of float
        Place of each unit in its plan, 0 to 1.
    """

    X: csr_array
    weight: np.ndarray
    unit: np.ndarray
    comparison: np.ndarray
    section: np.ndarray
    position: np.ndarray

    def rows(self, which: np.ndarray) -> Side:
        """Give some of the units."""
        return Side(csr_array(self.X[which]), *(a[which] for a in (self.weight, self.unit, self.comparison, self.section, self.position)))

    def less(self, rows: np.ndarray, partner: csr_array, other: Side) -> Side:
        """Give some units, less the grams that their partners on the other side (row by row of that side) have too."""
        some = self.rows(rows)
        has = csr_array((np.ones(len(other.X.data)), other.X.indices, other.X.indptr), shape=other.X.shape)
        theirs = csr_array(partner @ has)
        theirs.data[:] = 1
        taken = csr_array(some.X.multiply(theirs))
        gone = np.bincount(np.repeat(np.arange(len(rows)), np.diff(taken.indptr)), taken.data**2, minlength=len(rows))
        return Side(csr_array(some.X - taken), some.weight - gone, some.unit, some.comparison, some.section, some.position)


def best_both_ways(before: Side, after: Side) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the pairs that are each other's best match: rows before, rows after, score from 0 to 1.

    Best is the highest overlap of Dice (1945): twice the weight of the grams that both have by the weight of either. The score is the
    geometric mean of that and of the share of the lighter unit that the other one has, so that a unit that grows keeps its link. Ties
    are decided by section, then by place in the plan, then by order.
    """
    n, m = len(before.unit), len(after.unit)
    row_best, row_both = np.full(n, -1), np.zeros(n)
    column_best, column_top = np.full(m, -1), np.full(m, -np.inf)
    for i, j, both in _products(before, after):
        value = np.round(2 * both / (before.weight[i] + after.weight[j]), 9)
        value += SAME_SECTION * ((before.section[i] == after.section[j]) & (before.section[i] >= 0))
        value -= APART * np.abs(before.position[i] - after.position[j])
        row, at = _highest(i, j, value)
        row_best[row], row_both[row] = j[at], both[at]
        column, at = _highest(j, i, value)
        higher = value[at] > column_top[column]
        column_best[column[higher]], column_top[column[higher]] = i[at[higher]], value[at[higher]]
    i = np.flatnonzero((row_best >= 0) & (column_best[row_best] == np.arange(n)) if m else np.zeros(n, dtype=bool))
    j, both = row_best[i], row_both[i]
    lighter = np.minimum(before.weight[i], after.weight[j])
    overlap, cover = 2 * both / (before.weight[i] + after.weight[j]), np.minimum(both / lighter, 1)  # titles may weigh on one side only
    return i, j, np.round(np.sqrt(np.minimum(overlap * cover, 1)), 6)


def _products(before: Side, after: Side) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield the pairs of units with a gram in common, a block of earlier units at a time: rows, columns, weight of what both have."""
    transposed = csr_array(after.X.T)
    last = int(before.comparison.max(initial=-1)) + 1
    opposite = np.bincount(after.comparison[after.comparison < last], minlength=last)[before.comparison]
    block = np.cumsum(opposite) // _CELLS
    for rows in np.split(np.arange(len(block)), np.flatnonzero(np.diff(block)) + 1):
        if len(rows):
            product = csr_array(before.X[rows[0] : rows[-1] + 1] @ transposed)
            yield np.repeat(rows, np.diff(product.indptr)), product.indices, product.data


def _highest(group: np.ndarray, other: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give each group that there is and where its highest value stands, of equals that with the lowest `other`."""
    top = np.full(int(group.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(top, group, value)
    at = np.flatnonzero(value == top[group])
    at = at[np.lexsort((other[at], group[at]))]
    found, first = np.unique(group[at], return_index=True)
    return found, at[first]
