"""Vectors of terms and of rows from the company that words keep (PPMI and SVD)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import svds

from policylab.matrix import TermMatrix

DIMENSIONS = 100
BLOCK_WEIGHT = 0.05


def row_vectors(counts: TermMatrix) -> np.ndarray:
    """Give each row the centred mean of its terms' vectors, of length 1 (all 0 for a row without terms or like the mean of all).

    A term weighs 1 + ln tf. It bears no IDF: rare words, whose vectors are the least certain, would speak too loud.
    """
    X = counts.X.astype(float)
    X.data = 1 + np.log(X.data)
    rows = _unit(np.asarray(X @ term_vectors(counts)))
    some = np.abs(rows).sum(axis=1) > 0
    return _unit(np.where(some[:, None], rows - rows[some].mean(axis=0) if some.any() else rows, 0.0))


def term_vectors(counts: TermMatrix) -> np.ndarray:
    """Give each term its row of the PPMI matrix (Bullinaria & Levy 2007) on the first 100 singular vectors.

    Words stand together in a row; in the same block they do so with a twentieth of the weight.
    """
    seen = csr_array((counts.X > 0).astype(np.float32))  # half the memory; counts of rows stay exact
    together = seen.T @ seen
    blocks = _blocks(counts)
    if blocks is not None:
        joined = csr_array(((blocks @ seen) > 0).astype(np.float32))
        together = together + np.float32(BLOCK_WEIGHT) * (joined.T @ joined)
    ppmi = _ppmi(csr_array(together))
    if not ppmi.nnz:
        return eye_array(ppmi.shape[0]).toarray()
    if ppmi.shape[0] <= DIMENSIONS + 1:
        return ppmi.toarray()
    left, strength, _ = svds(ppmi, k=DIMENSIONS, v0=np.full(ppmi.shape[0], ppmi.shape[0] ** -0.5))
    order = np.argsort(-np.round(strength, 9), kind="stable")
    left, strength = left[:, order], strength[order]
    sign = np.sign(left[np.argmax(np.round(np.abs(left), 9), axis=0), np.arange(DIMENSIONS)])
    return left * sign * strength


def _ppmi(together: csr_array) -> csr_array:
    """Positive pointwise mutual information of different terms: ln(n(ab) n / n(a) n(b)) where above 0, n summed over pairs."""
    together.setdiag(0)
    together.eliminate_zeros()
    each = np.asarray(together.sum(axis=1, dtype=float)).ravel()
    rarity = -np.log(each, out=np.zeros(len(each)), where=each > 0)
    pmi = together.astype(float)
    pmi.data = np.log(pmi.data) + np.log(max(each.sum(), 1)) + np.repeat(rarity, np.diff(pmi.indptr)) + rarity[pmi.indices]
    np.maximum(pmi.data, 0, out=pmi.data)
    pmi.eliminate_zeros()
    return pmi


def _blocks(counts: TermMatrix) -> csr_array | None:
    """Block × row, 1 where a row stands in a block; missing where the rows know no blocks."""
    if "plan" not in counts.docs or "block" not in counts.docs:
        return None
    columns = ["plan", *(c for c in ("part",) if c in counts.docs), "block"]
    number = counts.docs[columns].replace("", None).groupby(columns, sort=False, observed=True).ngroup().to_numpy()
    rows = np.flatnonzero(number >= 0)
    if not len(rows):
        return None
    return csr_array((np.ones(len(rows)), (number[rows], rows)), shape=(number.max() + 1, len(number)))


def _unit(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-9)
