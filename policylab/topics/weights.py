"""Counts to weighted rows for topics: TF-IDF, the words that count, near rows read together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, diags_array

PLANS_FOR_CUT = 5  # from so many plans on, a word of one plan alone (a place's name, mostly) makes no theme
_ROWS_AT_ONCE = 1000


def unit_rows(X: csr_array) -> csr_array:
    """Scale rows to length 1; rows of zeros stay."""
    norm = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    return csr_array(diags_array(np.divide(1.0, norm, out=np.zeros(len(norm)), where=norm > 0)) @ X)


def length_one(rows: np.ndarray) -> np.ndarray:
    """Scale rows to length 1; rows of zeros stay."""
    norm = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.divide(rows, norm, out=np.zeros_like(rows), where=norm > 1e-12)


def add_rows(X: csr_array, group: np.ndarray) -> csr_array:
    """Add up the rows of each group, numbered from 0."""
    return csr_array(csr_array((np.ones(len(group)), (group, np.arange(len(group)))), shape=(int(group.max()) + 1, len(group))) @ X)


def idf_of(X: csr_array) -> np.ndarray:
    """Inverse document frequency 1 + ln((1 + n) / (1 + df)), smoothed (Salton & Buckley 1988)."""
    return 1 + np.log((1 + X.shape[0]) / (1 + np.asarray((X > 0).sum(axis=0)).ravel()))


def weigh(X: csr_array, idf: np.ndarray) -> csr_array:
    """TF-IDF with 1 + ln tf, rows of length 1."""
    W = csr_array(X, dtype=float, copy=True)
    W.data = 1 + np.log(W.data)
    return unit_rows(csr_array(W @ diags_array(idf)))


def kept_words(X: csr_array, plan: np.ndarray, n_topics: int) -> tuple[np.ndarray, int]:
    """Columns that topics are made of, and in how many plans each is at least."""
    n_plans = len(np.unique(plan))
    in_plans = np.asarray((add_rows(X, plan) > 0).sum(axis=0)).ravel()
    least = 2 if n_plans >= PLANS_FOR_CUT and (in_plans >= 2).sum() > n_topics else 1
    return np.flatnonzero(in_plans >= least), least


def near_rows(A: csr_array, n_near: int) -> csr_array:
    """Similarity of each row to the rows most like it (cosine; all that tie with the last are kept)."""
    found = [row for block in _similarities(A) for row in _largest(block, n_near)]
    lengths = np.array([len(columns) for columns, _ in found])
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    columns, values = (np.concatenate([pair[k] for pair in found]) for k in (0, 1))
    return csr_array((values, columns, indptr), shape=(A.shape[0], A.shape[0]))


def with_near(A: csr_array, near: csr_array) -> csr_array:
    """Add to each row the mean of its near rows, weighted by similarity; rows of length 1."""
    total = np.asarray(near.sum(axis=1)).ravel()
    mean = diags_array(np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0)) @ near @ A
    return unit_rows(csr_array(A + mean))


def in_context(A: csr_array, docs: pd.DataFrame, weight: float) -> csr_array:
    """Add to each row, with this weight, the sum of the rows of its block; rows of length 1. A row without a block stays as it is."""
    if "block" not in docs:
        return A
    block = docs["block"].astype("str").fillna("").to_numpy(dtype=object)
    known = block != ""
    group = pd.MultiIndex.from_arrays([docs["plan"].to_numpy(), block]).factorize()[0]
    around = csr_array(diags_array(np.where(known, weight, 0.0)) @ unit_rows(add_rows(A, group))[group])
    return unit_rows(csr_array(A + around))


def _similarities(A: csr_array) -> Iterator[np.ndarray]:
    T = csr_array(A.T)
    for start in range(0, A.shape[0], _ROWS_AT_ONCE):
        S = np.round((A[start : start + _ROWS_AT_ONCE] @ T).toarray(), 10)
        S[np.arange(S.shape[0]), start + np.arange(S.shape[0])] = 0
        yield S


def _largest(S: np.ndarray, n: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    last = np.partition(S, -min(n, S.shape[1]), axis=1)[:, -min(n, S.shape[1])]
    for row, least in zip(S, last, strict=True):
        columns = np.flatnonzero((row >= least) & (row > 0))
        yield columns, row[columns]
