"""Groups of terms made sharper by the windows behind the ties: a term goes where it is commonest."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, diags_array
from sklearn.decomposition import NMF

from policylab.matrix import TermMatrix
from policylab.networks.windows import block_numbers

_MAX_ITER = 200
_TOLERANCE = 1e-3
_BLOCK, _NEXT = 0.1, 0.2  # an item is read with so much of its block's mean and of the items before and after it
_COHERENT = 1.5  # blocks of real reports: 2.2 or more; items put into blocks at random: 1


def commonest_groups(counts: TermMatrix, n_groups: int) -> np.ndarray | None:
    """Give each term the group of items in which its rate is highest; None where blocks cannot tell.

    Blocks tell nothing where they are fewer than the groups, or where items of one block are hardly more alike than items anywhere.

    A network of terms is what is left of a table of terms by windows when the windows are folded away, and folding loses structure
    (Guimerà, Sales-Pardo & Amaral 2007). So blocks are grouped by non-negative matrix factorisation of their TF-IDF (Xu, Liu & Gong
    2003), each item, read with a little of its block and of the items beside it, is shared among the groups by the squares of its
    loadings, and a term's rate in a group is the share of the group's items in which it stands.
    """
    block = block_numbers(counts)
    n_blocks = int(block.max()) + 1
    if not 2 <= n_groups < min(n_blocks, len(counts.terms)) or n_blocks == len(block):
        return None
    adder = csr_array((np.ones(len(block)), (block, np.arange(len(block)))), shape=(n_blocks, len(block)))
    joined = csr_array(adder @ counts.X)
    rarity = 1 + np.log((1 + n_blocks) / (1 + np.asarray((joined > 0).sum(axis=0)).ravel()))
    items = _weighted(counts.X, rarity)
    if _coherence(items, adder) < _COHERENT:
        return None
    model = NMF(n_groups, init="nndsvd", max_iter=_MAX_ITER, tol=_TOLERANCE, random_state=0)
    model.fit(_weighted(joined, rarity))
    loading = model.transform(_in_context(items, adder, counts.docs["plan"].to_numpy(dtype=object))) ** 2
    total = loading.sum(axis=1, keepdims=True)
    share = np.divide(loading, total, out=np.zeros_like(loading), where=total > 0)
    size = share.sum(axis=0)
    present = csr_array((counts.X > 0).astype(float))
    rate = np.divide(present.T @ share, size, out=np.zeros((len(counts.terms), n_groups)), where=size > 0)
    return np.round(rate, 9).argmax(axis=1)


def _in_context(items: csr_array, adder: csr_array, plan: np.ndarray) -> csr_array:
    """Add to each item some of the mean of its block and of the items before and after it in its plan."""
    mean = csr_array(diags_array(1 / np.asarray(adder.sum(axis=1)).ravel()) @ (adder @ items))
    n, first = len(plan), np.flatnonzero(plan[1:] == plan[:-1])
    ends = np.concatenate([first, first + 1]), np.concatenate([first + 1, first])
    beside = csr_array((np.ones(2 * len(first)), ends), shape=(n, n))
    return csr_array(items + _BLOCK * (adder.T @ mean) + _NEXT * (beside @ items))


def _coherence(items: csr_array, adder: csr_array) -> float:
    """Give the mean cosine of two items of one block over that of any two items."""
    size = np.asarray(adder.sum(axis=1)).ravel()
    own = items.multiply(items).sum()
    within = (np.asarray((adder @ items).power(2).sum(axis=1)).sum() - own) / max((size * (size - 1)).sum(), 1)
    anywhere = ((np.asarray(items.sum(axis=0)) ** 2).sum() - own) / max(size.sum() * (size.sum() - 1), 1)
    return float(within / anywhere) if anywhere > 0 else 0.0


def _weighted(X: csr_array, rarity: np.ndarray) -> csr_array:
    """Weight counts by (1 + ln tf) · rarity, rows of length 1 (Salton & Buckley 1988)."""
    X = csr_array(X, dtype=float, copy=True)
    X.data = 1 + np.log(X.data)
    X = csr_array(X @ diags_array(rarity))
    norm = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    return csr_array(diags_array(np.divide(1.0, norm, out=np.zeros(len(norm)), where=norm > 0)) @ X)
