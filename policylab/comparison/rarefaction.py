"""Plans cut to the same length, in expectation: no draws, no noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Rarefied:
    """Rows cut to `depth` tokens: each token stays with the same chance, so that a count c becomes binomial (Hurlbert 1971).

    Attributes
    ----------
    vectors : csr_array
        Expected TF-IDF weights, over the root of their expected sum of squares: the product of two rows is the ratio of the expected
        product and the expected lengths.
    idf : ndarray
        From the number of rows that would hold a term, were it as frequent in each as in all together; counted from the rows
        themselves it would change with their length, and most of all where there are two.
    depth : int
        Tokens.
    """

    vectors: csr_array
    idf: np.ndarray
    depth: int

    @classmethod
    def of(cls, X: csr_array, *, depth: int) -> Rarefied:
        """Cut the rows of `X`, all of one length."""
        rate = np.asarray(X.sum(axis=0)).ravel() / max(X.sum(), 1)
        df = X.shape[0] * (1 - (1 - rate) ** depth)
        idf = 1 + np.log((1 + X.shape[0]) / (1 + df))
        return cls(weighted(X, chance_to_stay(X, depth), idf), idf, depth)


def chance_to_stay(X: csr_array, depth: int) -> np.ndarray:
    """Chance of each token of a row to stay where the row is cut to `depth` tokens."""
    tokens = np.asarray(X.sum(axis=1)).ravel()
    return np.minimum(1.0, np.divide(depth, tokens, out=np.ones(len(tokens)), where=tokens > 0))


def weighted(X: csr_array, chance: np.ndarray, idf: np.ndarray) -> csr_array:
    """Give expected weights (1 + ln tf) · idf of thinned counts, over the root of their expected sum of squares."""
    weight, square = np.zeros(X.nnz), np.zeros(X.nnz)
    for q in np.unique(chance):
        cells = np.flatnonzero(np.repeat(chance == q, np.diff(X.indptr)))
        if len(cells):
            counts = X.data[cells].astype(int)
            first, second = expected_weights(int(counts.max()), float(q))
            weight[cells], square[cells] = first[counts], second[counts]
    weight, square = weight * idf[X.indices], square * idf[X.indices] ** 2
    row = np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))
    length = np.sqrt(np.bincount(row, weights=square, minlength=X.shape[0]))[row]
    weight = np.divide(weight, length, out=np.zeros(X.nnz), where=length > 0)
    return csr_array((weight, X.indices, X.indptr), shape=X.shape)


def expected_weights(largest: int, chance: float) -> tuple[np.ndarray, np.ndarray]:
    """Give E[1 + ln K; K > 0] and E[(1 + ln K)²; K > 0] for K binomial (c, chance), c from 0 to `largest`.

    Examples
    --------
    >>> expected_weights(2, 0.5)[0].round(3).tolist()
    [0.0, 0.5, 0.923]
    """
    weight = np.concatenate([[0.0], 1 + np.log(np.arange(1, largest + 1))])
    moments, pmf = np.zeros((2, largest + 1)), np.zeros(largest + 1)
    pmf[0] = 1.0
    for c in range(1, largest + 1):
        pmf[1 : c + 1] = (1 - chance) * pmf[1 : c + 1] + chance * pmf[:c]
        pmf[0] *= 1 - chance
        moments[:, c] = pmf @ weight, pmf @ weight**2
    return moments[0], moments[1]
