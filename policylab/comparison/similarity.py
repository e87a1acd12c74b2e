"""How alike rows of a term matrix are, and the order in which to read the result."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import svds
from scipy.spatial.distance import squareform

from policylab.errors import ArgumentError, EmptyVocabularyError
from policylab.matrix import TermMatrix

MEASURES = ("cosine", "jaccard", "ppmi")
WEIGHTS = ("tfidf", "counts")
_MANY_PLANS = 20
_DIMENSIONS = 100


def similarity(counts: TermMatrix, *, measure: str = "cosine", weight: str = "tfidf") -> pd.DataFrame:
    """Tell how alike the rows are, each with each.

    Where there are 20 plans or more, words that stand in more than half of them are left out of the cosine: they tell what kind of document
    it is, not what it says. With fewer plans the stop lists alone do this.

    Parameters
    ----------
    counts : TermMatrix
        Items, or plans after ``counts.group("plan")``.
    measure : {"cosine", "jaccard", "ppmi"}
        `cosine` of the weighted counts; `jaccard` of the sets of terms; `ppmi`: cosine of centred averages of term vectors, which come
        from a singular value decomposition of positive pointwise mutual information (Bullinaria & Levy 2007): same theme in other words.
    weight : {"tfidf", "counts"}
        How the cosine weighs terms.

    Returns
    -------
    DataFrame
        Square, in the order of ``counts.docs``; 1 on the diagonal. A row without any term is unlike all others (0).

    Raises
    ------
    ArgumentError
        If `measure` or `weight` is unknown.
    EmptyVocabularyError
        If no term is left.

    Examples
    --------
    >>> import pandas as pd
    >>> from policylab import count_terms
    >>> items = pd.DataFrame({"text": ["学校 教师", "学校 安全"]}, index=["甲区-2024#001", "甲区-2024#002"])
    >>> items = items.assign(plan="甲区-2024", kind="item", part="plan")
    >>> similarity(count_terms(items, words=str.split), measure="jaccard").round(2).values.tolist()
    [[1.0, 0.33], [0.33, 1.0]]
    """
    if measure not in MEASURES:
        raise ArgumentError(f"measure={measure!r}: allowed are {', '.join(MEASURES)}.")
    if weight not in WEIGHTS:
        raise ArgumentError(f"weight={weight!r}: allowed are {', '.join(WEIGHTS)}.")
    if not counts.X.nnz:
        raise EmptyVocabularyError("no term is left to compare rows by; count with a smaller min_items or without stop words.")
    X = _jaccard(counts.X) if measure == "jaccard" else _vectors(counts) if measure == "ppmi" else _cosine(telling(counts), weight)
    values = np.round(X, 12)
    np.fill_diagonal(values, 1.0)
    return pd.DataFrame(values, index=counts.docs.index, columns=counts.docs.index)


def telling(counts: TermMatrix) -> TermMatrix:
    """Leave out words of more than half of the plans where there are 20 plans or more."""
    plans = counts.docs["plan"] if "plan" in counts.docs else pd.Series(counts.docs.index, index=counts.docs.index)
    if plans.nunique() < _MANY_PLANS:
        return counts
    number = plans.factorize(sort=True)[0]
    adder = csr_array((np.ones(len(number)), (number, np.arange(len(number)))), shape=(number.max() + 1, len(number)))
    share = np.asarray(((adder @ counts.X) > 0).mean(axis=0)).ravel()
    return counts.keep(counts.terms[share <= 0.5]) if (share <= 0.5).any() else counts


def _cosine(counts: TermMatrix, weight: str) -> np.ndarray:
    X = unit(counts.tfidf().X if weight == "tfidf" else counts.X.astype(float))
    return (X @ X.T).toarray()


def unit(X: csr_array) -> csr_array:
    """Give rows of length 1; rows of zeros stay."""
    norm = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    return csr_array(diags_array(np.divide(1.0, norm, out=np.zeros(len(norm)), where=norm > 0)) @ X)


def _jaccard(X: csr_array) -> np.ndarray:
    present = (X > 0).astype(float)
    both = (present @ present.T).toarray()
    n = np.asarray(present.sum(axis=1)).ravel()
    either = n[:, None] + n[None, :] - both
    return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def _vectors(counts: TermMatrix) -> np.ndarray:
    """Cosine of centred TF-IDF-weighted averages of the terms' PPMI-SVD vectors."""
    terms = _term_vectors(counts.X)
    rows = np.asarray(counts.tfidf().X @ terms)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    rows = rows - rows.mean(axis=0)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return rows @ rows.T


def _term_vectors(X: csr_array) -> np.ndarray:
    present = (X > 0).astype(float)
    together = csr_array(present.T @ present).tocoo()
    n = np.asarray(present.sum(axis=0)).ravel()
    pmi = np.log(np.maximum(together.data * X.shape[0], 1e-12) / (n[together.row] * n[together.col]))
    keep = (pmi > 0) & (together.row != together.col)
    ppmi = csr_array((pmi[keep], (together.row[keep], together.col[keep])), shape=together.shape)
    k = min(_DIMENSIONS, min(ppmi.shape) - 1)
    if k < 1 or not ppmi.nnz:
        return np.eye(X.shape[1])
    left, strength, _ = svds(ppmi, k=k, v0=np.ones(ppmi.shape[0]) / np.sqrt(ppmi.shape[0]), random_state=0)
    order = np.argsort(-strength, kind="stable")
    left, strength = left[:, order], strength[order]
    sign = np.sign(left[np.argmax(np.abs(left), axis=0), np.arange(left.shape[1])])
    return left * sign * np.sqrt(strength)


def reading_order(frame: pd.DataFrame) -> list[str]:
    """Give the labels of a similarity frame so that like stands beside like (optimal leaf order, Bar-Joseph et al. 2001).

    Examples
    --------
    >>> import pandas as pd
    >>> reading_order(pd.DataFrame([[1, 0.1, 0.9], [0.1, 1, 0.2], [0.9, 0.2, 1]], index=list("abc"), columns=list("abc")))
    ['b', 'c', 'a']
    """
    if frame.shape[0] != frame.shape[1] or list(frame.index) != list(frame.columns):
        raise ArgumentError("frame must be square with the same labels on both sides, as `similarity` gives it.")
    if len(frame) < 3:
        return list(frame.index)
    distance = np.round(1 - (frame.to_numpy() + frame.to_numpy().T) / 2, 9)
    np.fill_diagonal(distance, 0)
    condensed = squareform(np.maximum(distance, 0), checks=False)
    return list(frame.index[leaves_list(optimal_leaf_ordering(linkage(condensed, "average"), condensed))])
