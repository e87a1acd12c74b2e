"""Stratified probability samples of units, the same whatever the order of the rows."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError

LEAST = 2  # in each stratum, since one row shows no variation


def lot(seed: int, *parts: object) -> str:
    """Give the number that a thing draws: by it things are put in random order, whatever the machine or the version of a library."""
    return hashlib.sha256("\x1f".join(map(str, (seed, *parts))).encode()).hexdigest()


def draw(strata: pd.Series, *, n: int, seed: int, evenly: bool = False) -> pd.DataFrame:
    """Draw rows without replacement: from each stratum those with the lowest lots (permanent random numbers, Ohlsson 1995).

    A larger sample with the same seed holds the smaller one, give or take rounding of the strata's shares.

    Parameters
    ----------
    strata : Series of str
        The stratum of each row, indexed by its id.
    n : int
        How many rows; all where there are fewer.
    seed : int
        Another seed draws another sample.
    evenly : bool
        Whether strata get the same number of rows, whatever their sizes.

    Returns
    -------
    DataFrame
        A row for each id drawn, in random order: `stratum`, `chance` (of being drawn), `stratum_units` (rows in the stratum).

    Raises
    ------
    ArgumentError
        If `n` does not give two (or all) from each stratum, unless it is drawn evenly.
    """
    sizes = strata.value_counts().sort_index(key=lambda index: index.astype(object))
    n_drawn = min(n, len(strata))
    parts = share_out(sizes.to_numpy(), n_drawn) if evenly else allocate(sizes.to_numpy(), n_drawn, given=n)
    wanted = pd.Series(parts, index=sizes.index)
    ids = sorted(strata.index, key=lambda item_id: lot(seed, "sample", item_id))
    in_order = strata.reindex(ids)
    rank = in_order.groupby(in_order.to_numpy()).cumcount()
    drawn = in_order[(rank < in_order.map(wanted)).to_numpy()]
    shuffled = drawn.reindex(sorted(drawn.index, key=lambda item_id: lot(seed, "order", item_id)))
    chance = shuffled.map(wanted / sizes).astype(float)
    return pd.DataFrame({"stratum": shuffled, "chance": chance, "stratum_units": shuffled.map(sizes).astype("int64")})


def allocate(sizes: np.ndarray, n: int, *, given: int | None = None) -> np.ndarray:
    """Part `n` rows among strata in proportion to their sizes, with at least two (or all) in each; largest remainders first.

    Examples
    --------
    >>> allocate(np.array([60, 36, 3, 1]), 10).tolist()
    [4, 3, 2, 1]
    """
    least = np.minimum(sizes, LEAST)
    if least.sum() > n:
        raise ArgumentError(
            f"n={n if given is None else given} is too small for {len(sizes)} strata (what `by` makes, times the labels), of which each "
            f"needs {LEAST} texts or all it has; give n={least.sum()} or more, or fewer columns in by."
        )
    short = np.zeros(len(sizes), dtype=bool)
    while True:
        rest = n - least[short].sum()
        ideal = np.where(short, least, rest * sizes / max(sizes[~short].sum(), 1))
        new = ~short & (ideal < least)
        if not new.any():
            break
        short |= new
    parts = np.floor(ideal + 1e-9).astype(int)
    order = np.lexsort((np.arange(len(sizes)), -np.round(ideal - parts, 9)))
    order = order[parts[order] < sizes[order]]
    parts[order[: n - parts.sum()]] += 1
    return parts


def share_out(sizes: np.ndarray, n: int) -> np.ndarray:
    """Part `n` rows among strata one by one in turn, until a stratum has no more.

    Examples
    --------
    >>> share_out(np.array([60, 1, 3]), 9).tolist()
    [5, 1, 3]
    """
    parts = np.zeros(len(sizes), dtype=int)
    while parts.sum() < n:
        more = np.flatnonzero(parts < sizes)[: n - parts.sum()]
        parts[more] += 1
    return parts
