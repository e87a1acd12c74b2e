"""How much of two units of text is the same: weighted overlap of grams, best match both ways, and what a match leaves over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

SAME_SECTION = 0.01  # weak priors: they decide between equals
APART = 0.001  # from a plan's first unit to its last
_CELLS = 2**23  # of a dense block of rows


@dataclass(frozen=True)
class Side:
    """One of the two sets of units that are compared.

    Attributes
    ----------
    X : csr_array
        Unit by gram, scaled so that the product of two rows is the weight of the grams that both have.
    section : ndarray of int
        Section of each unit, alike on both sides; -1 where unknown.
    position : ndarray of float
        Place of each unit in its plan, 0 to 1.
    """

    X: csr_array
    section: np.ndarray
    position: np.ndarray

    def rows(self, which: np.ndarray) -> Side:
        """Give some of the units."""
        return Side(self.X[which], self.section[which], self.position[which])

    def weight(self) -> np.ndarray:
        """Give the weight of each unit's grams."""
        return np.asarray(self.X.multiply(self.X).sum(axis=1)).ravel()


def compact(X: csr_array) -> csr_array:
    """Leave out the columns that no row has."""
    used, column = np.unique(X.indices, return_inverse=True)
    return csr_array((X.data, column, X.indptr), shape=(X.shape[0], len(used)))


def weighed(before: csr_array, after: csr_array) -> tuple[csr_array, csr_array]:
    """Weigh grams by ln(1 + 1 / s), s the share of units that have it, on the side where it is the larger.

    A gram that every year's plan has in one item is thus as rare as one that a single plan has, and what a plan repeats in all
    items counts little (inverse document frequency, Spärck Jones 1972).
    """
    width = before.shape[1]
    counts = [np.bincount(m.indices, minlength=width) for m in (before, after)]
    share = np.maximum(*(c / max(1, m.shape[0]) for c, m in zip(counts, (before, after), strict=True)))
    used = np.flatnonzero(share)
    column = np.zeros(width, dtype=np.int64)
    column[used] = np.arange(len(used))
    root = np.sqrt(np.log1p(1 / share[used]))
    X, Y = (
        csr_array((m.data * root[column[m.indices]], column[m.indices], m.indptr), shape=(m.shape[0], len(used))) for m in (before, after)
    )
    return X, Y


def shared(before: csr_array, after: csr_array) -> np.ndarray:
    """Give the weight that each row of one shares with the same row of the other."""
    return np.asarray(before.multiply(after).sum(axis=1)).ravel()


def left_over(X: csr_array, partner: csr_array) -> csr_array:
    """Take out of each row the grams that the same row of the other has too."""
    taken = X.multiply((partner > 0).astype(float))
    rest = csr_array(X - taken)
    rest.data[np.abs(rest.data) < 1e-12] = 0
    rest.eliminate_zeros()
    return rest


def best_both_ways(before: Side, after: Side) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the pairs that are each other's best match: rows before, rows after, score from 0 to 1.

    Best is the highest overlap of Dice (1945): twice the weight of the grams that both have by the weight of either. The score is the
    geometric mean of that and of the share of the lighter unit that the other one has, so that a unit that grows keeps its link. Ties
    are decided by section, then by place in the plan.
    """
    if not before.X.shape[0] or not after.X.shape[0]:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    weight_before, weight_after = before.weight(), after.weight()
    best_row, best_column = _best(before, after, weight_before, weight_after)
    i = np.flatnonzero(best_column[best_row] == np.arange(len(best_row)))
    j = best_row[i]
    both = shared(before.X[i], after.X[j])
    i, j, both = i[both > 0], j[both > 0], both[both > 0]
    overlap, cover = 2 * both / (weight_before[i] + weight_after[j]), both / np.minimum(weight_before[i], weight_after[j])
    return i, j, np.round(np.sqrt(np.clip(overlap * cover, 0, 1)), 6)


def _best(before: Side, after: Side, weight_before: np.ndarray, weight_after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the best match of every row before and of every row after, a block of rows at a time."""
    n, m = before.X.shape[0], after.X.shape[0]
    transposed = after.X.T.tocsr()
    best_row, best_column, top = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64), np.full(m, -1.0)
    step = max(1, _CELLS // m)
    for first in range(0, n, step):
        block = slice(first, min(n, first + step))
        value = (before.X[block] @ transposed).toarray()
        value = np.round(2 * value / np.maximum(np.add.outer(weight_before[block], weight_after), 1e-12), 9)
        value += SAME_SECTION * ((before.section[block, None] == after.section) & (before.section[block, None] >= 0))
        value -= APART * np.abs(before.position[block, None] - after.position)
        best_row[block] = value.argmax(axis=1)
        where = value.argmax(axis=0)
        highest = value[where, np.arange(m)]
        best_column = np.where(highest > top, where + first, best_column)
        top = np.maximum(top, highest)
    return best_row, best_column
