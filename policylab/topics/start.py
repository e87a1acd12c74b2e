"""Where matrix factorisation starts: the same place whatever the order of the rows."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

_SMALL = 400  # up to so many rows or words the decomposition is worked out whole


def start_of(rows: csr_array, n_topics: int) -> dict[str, np.ndarray]:
    """Give `W` and `H` by NNDSVDa (Boutsidis & Gallopoulos 2008): of each singular pair the sign's half that is larger, zeros filled.

    The decomposition is exact; scikit-learn's own start comes from a randomised one, whose last pairs change with the order of the rows.
    """
    U, sizes, Vt = _decomposed(rows, n_topics)
    W, H = np.zeros((rows.shape[0], n_topics)), np.zeros((n_topics, rows.shape[1]))
    for k in range(n_topics):
        halves = [(np.maximum(sign * U[:, k], 0), np.maximum(sign * Vt[k], 0)) for sign in (1, -1)]
        lengths = [np.linalg.norm(u) * np.linalg.norm(v) for u, v in halves]
        best = int(np.round(lengths[1], 12) > np.round(lengths[0], 12))
        if k == 0:  # the first pair has one sign
            W[:, 0], H[0] = np.sqrt(sizes[0]) * np.abs(U[:, 0]), np.sqrt(sizes[0]) * np.abs(Vt[0])
        elif lengths[best] > 0:
            u, v = (half / np.linalg.norm(half) for half in halves[best])
            scale = np.sqrt(sizes[k] * lengths[best])
            W[:, k], H[k] = scale * u, scale * v
    mean = rows.sum() / (rows.shape[0] * rows.shape[1])
    for part in (W, H):
        part[part < 1e-6] = mean
    return {"W": W, "H": H}


def _decomposed(rows: csr_array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The n largest singular values with their vectors, the largest first."""
    if min(rows.shape) <= max(_SMALL, n + 1):
        U, sizes, Vt = np.linalg.svd(rows.toarray(), full_matrices=False)
        return U[:, :n], sizes[:n], Vt[:n]
    U, sizes, Vt = svds(rows, k=n, v0=np.ones(min(rows.shape)), solver="arpack")
    order = np.argsort(-sizes, kind="stable")
    return U[:, order], sizes[order], Vt[order]
