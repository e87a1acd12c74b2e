"""Stand-ins for a plan: as long, with the same mix of themes, of its year where possible, made of another place's items."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array


def stand_ins(
    pool: np.ndarray, *, length: np.ndarray, distance: np.ndarray, theme: np.ndarray, wanted: dict[int, float], n: int,
    rng: np.random.Generator,
) -> csr_array | None:  # fmt: skip
    """Draw items of one place until they are as long as the plan.

    Parameters
    ----------
    pool : ndarray
        Rows to draw from.
    length, distance, theme : ndarray
        Of each row of the whole: its tokens, its years from the plan, its theme.
    wanted : dict
        Tokens of the plan in each theme.
    n : int
        How many stand-ins.
    rng : Generator
        Chance.

    Returns
    -------
    csr_array or None
        Stand-in × row, 1 where the row is drawn; None where the place has not as many tokens.
    """
    total = sum(wanted.values())
    if length[pool].sum() < total:
        return None
    order = np.argsort(distance[pool] + rng.random((n, len(pool))), axis=1, kind="stable")
    drawn = pool[order]
    chosen = np.zeros(drawn.shape, dtype=bool)
    for t, tokens in wanted.items():
        size = np.where(theme[drawn] == t, length[drawn], 0)
        chosen |= (np.cumsum(size, axis=1) - size / 2 <= tokens) & (size > 0)
    lacking = total - np.where(chosen, length[drawn], 0).sum(axis=1, keepdims=True)
    size = np.where(chosen, 0, length[drawn])
    chosen |= (np.cumsum(size, axis=1) - size / 2 <= lacking) & (size > 0)
    which, column = np.nonzero(chosen)
    return csr_array((np.ones(len(which), dtype=np.int64), (which, drawn[which, column])), shape=(n, len(length)))
