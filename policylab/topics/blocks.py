"""What topics are fitted on: the units under one heading, far too long blocks parted, far too short ones joined."""

from __future__ import annotations

import numpy as np
import pandas as pd

LONG, SHORT = 3.0, 0.25  # times the length of a typical block
MOST_WORDS = 600  # a typical block is never taken to be longer (about ten paragraphs of a report): it would hold several themes


def block_numbers(docs: pd.DataFrame, length: np.ndarray) -> tuple[np.ndarray, dict[str, int]]:
    """Number the block of each row, from 0 in the order of the rows.

    Parameters
    ----------
    docs : DataFrame
        Labels of the rows, in document order, with `plan` and, where known, `block` and `section`.
    length : ndarray
        Counted words of each row.

    Returns
    -------
    (ndarray of int, dict)
        The blocks, and how many there were, how many were parted and joined, and how many rows stand alone for lack of one.
    """
    block = docs["block"] if "block" in docs else pd.Series(pd.NA, index=docs.index)
    known = (block.notna() & (block.astype("str") != "")).to_numpy()
    alone = np.array([f"#{i}" for i in range(len(docs))], dtype=object)
    name = np.where(known, "=" + block.astype("str").fillna("").to_numpy(dtype=object), alone)
    number = pd.MultiIndex.from_arrays([docs["plan"].to_numpy(), name]).factorize()[0]
    found = len(np.unique(number[known]))
    total = np.bincount(number, weights=length)
    in_block = np.unique(number[known])
    typical = min(float(np.median(total[in_block])), MOST_WORDS) if found else 0.0
    number, n_parted = _part(number, length, total, known, typical)
    number, n_joined = _join(number, length, docs, known, typical)
    return pd.factorize(number)[0], {"found": found, "parted": n_parted, "joined": n_joined, "alone": int((~known).sum())}


def _part(number: np.ndarray, length: np.ndarray, total: np.ndarray, known: np.ndarray, typical: float) -> tuple[np.ndarray, int]:
    """Cut blocks that are far too long into runs of rows, each about as long as a typical block."""
    parts = number.astype(np.int64) * len(number)
    n_parted = 0
    for b in np.unique(number[known]):
        rows = np.flatnonzero(number == b)
        if total[b] > LONG * typical and len(rows) > 1:
            middle = np.cumsum(length[rows]) - length[rows] / 2
            n_parts = min(round(total[b] / typical), len(rows))
            parts[rows] += np.minimum((middle / total[b] * n_parts).astype(np.int64), n_parts - 1)
            n_parted += 1
    return parts, n_parted


def _join(number: np.ndarray, length: np.ndarray, docs: pd.DataFrame, known: np.ndarray, typical: float) -> tuple[np.ndarray, int]:
    """Join blocks that are far too short to the block after them in their section, or else the one before."""
    section = docs["section"].astype("str").fillna("") if "section" in docs else pd.Series("", index=docs.index)
    home = pd.MultiIndex.from_arrays([docs["plan"].to_numpy(), section.to_numpy(dtype=object)]).factorize()[0]
    total, of_home = dict.fromkeys(number[known].tolist(), 0.0), dict[int, list[int]]()
    for b, h, n in zip(number[known].tolist(), home[known].tolist(), length[known].tolist(), strict=True):
        if total[b] == 0.0 and b not in of_home.setdefault(h, []):
            of_home[h].append(b)
        total[b] += n
    goes_to: dict[int, int] = {}
    for own in of_home.values():
        groups: list[list[int]] = [[]]
        for b in own:
            groups[-1].append(b)
            if sum(total[one] for one in groups[-1]) >= SHORT * typical:
                groups.append([])
        if len(groups) > 1:
            last = groups.pop()
            groups[-1] += last
        goes_to |= {b: group[0] for group in groups for b in group[1:]}
    return np.array([goes_to.get(b, b) for b in number.tolist()]), len(goes_to)
