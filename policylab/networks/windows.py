"""Which words stand together: items, blocks or both as windows, present or absent."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError
from policylab.matrix import TermMatrix

UNITS = ("item", "block", "both")


Windows = tuple[csr_array, np.ndarray]


def windows(counts: TermMatrix, unit: str) -> list[Windows]:
    """Give the windows of each kind (window × term, 0 or 1), and of each window the first row of `counts` that it holds."""
    if unit not in UNITS:
        raise ArgumentError(f"unit={unit!r}: allowed are {', '.join(UNITS)} (sentences: count them with `count_terms(unit='sentence')`).")
    if not min(counts.shape):
        raise EmptyVocabularyError(f"counts has {counts.shape[0]} rows and {counts.shape[1]} terms: nothing can stand together.")
    items = csr_array((counts.X > 0).astype(np.int32))
    alone: Windows = (items, np.arange(items.shape[0]))
    if unit == "item":
        return [alone]
    block = block_numbers(counts)
    _, first, size = np.unique(block, return_index=True, return_counts=True)
    adder = csr_array((np.ones(len(block), dtype=np.int32), (block, np.arange(len(block)))), shape=(len(first), len(block)))
    joined = csr_array(((adder @ items) > 0).astype(np.int32))
    if unit == "block":
        return [(joined, first)]
    several = np.flatnonzero(size > 1)  # the block of a lone item would count that item twice
    return [alone, (joined[several], first[several])] if len(several) else [alone]


def block_numbers(counts: TermMatrix) -> np.ndarray:
    """Give each row the number of its block; a row without a block stands alone."""
    columns = ["plan", *(c for c in ("part",) if c in counts.docs), "block"]
    absent = [c for c in columns if c not in counts.docs]
    if absent:
        raise FrameError(f"counts.docs has no column {absent[0]!r}, which blocks need; give counts of items, or unit='item'.")
    number = counts.docs.groupby(columns, sort=False, observed=True).ngroup().to_numpy()
    alone = counts.docs["block"].isna().to_numpy() | (counts.docs["block"] == "").fillna(value=True).to_numpy(dtype=bool) | (number < 0)
    return np.unique(np.where(alone, len(number) + np.arange(len(number)), number), return_inverse=True)[1]


def items_with(counts: TermMatrix) -> np.ndarray:
    """Count for each term the items in which it stands (rows, unless rows are sentences that carry an `item_id`)."""
    present = csr_array((counts.X > 0).astype(np.int32))
    if "item_id" in counts.docs:
        item = np.unique(counts.docs["item_id"].astype(str), return_inverse=True)[1]
        adder = csr_array((np.ones(len(item), dtype=np.int32), (item, np.arange(len(item)))))
        present = csr_array(((adder @ present) > 0).astype(np.int32))
    return np.asarray(present.sum(axis=0)).ravel()
