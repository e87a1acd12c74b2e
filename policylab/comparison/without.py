"""Similarity of plans with and without some of their items, beside what leaving out as much text at random would give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from policylab.arguments import whole
from policylab.comparison.pairs import compare_plans, in_order
from policylab.comparison.rarefaction import Rarefied
from policylab.errors import TooFewPlansError
from policylab.matrix import TermMatrix, need_counts

VERSIONS = ("all", "without", "random")
_UNKNOWN = ["null_low", "null_high", "p", "similarity"]


def compare_without(
    counts: TermMatrix,
    *,
    kept: pd.DataFrame,
    depth: int | None = None,
    n_draws: int = 200,
    n_random: int = 20,
    seed: int = 0,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Compare each plan with each three times: with all items (条目), without some of them, and without as much text drawn at random.

    Plans of which a half is left out are less alike whatever that half was, for the other half covers less. What the items left out did
    for the similarity is therefore ``without`` against ``random``, not against ``all``: there each plan keeps as many tokens as it has
    without them, of items drawn from all it has. All three are cut to the same length and have the same plans and terms.

    Parameters
    ----------
    counts : TermMatrix
        Items (not grouped), with `plan`, `place` and `year` in `docs`, as for `compare_plans`.
    kept : DataFrame
        The items that stay, such as `drop_copied(items, origins)`; its index names them.
    depth, n_draws, seed, n_jobs
        As in `compare_plans`; without `depth`, 300 tokens or what the shortest plan has left.
    n_random : int
        How often to leave out at random; the mean is given.

    Returns
    -------
    DataFrame
        The columns of `compare_plans` and before them `version`: ``all``, ``without``, ``random``, each with the same pairs in the same
        order, so that the rows of one version can be handed to `neighbours`. A pair whose `rarefied` is missing without the items has
        none in the other versions. `random` has no band. ``.attrs["note"]`` names plans of which too little is left, and says what
        `compare_plans` says.

    Raises
    ------
    TooFewPlansError
        If fewer than two plans are long enough without the items.
    ArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": ["市-2024", "市-2024", "区-2024", "区-2024"]}, index=["a#1", "a#2", "b#1", "b#2"])
    >>> counts = TermMatrix([[60, 0, 0], [0, 60, 0], [60, 0, 0], [0, 0, 60]], docs, ["幼儿园", "教师", "食品"])
    >>> found = compare_without(counts, kept=docs.drop(index="b#1"), n_draws=20)
    >>> found[["version", "rarefied"]].round(2).values.tolist()
    [['all', 0.5], ['without', 0.0], ['random', 0.21]]
    """
    need_counts(counts)
    n_random = whole(n_random, name="n_random")
    stays = counts.docs.index.isin(kept.index)
    n_left, n_plans = counts.docs.loc[stays, "plan"].nunique(), counts.docs["plan"].nunique()
    if n_left < 2:
        raise TooFewPlansError(f"{n_left} of {n_plans} plans have items without those left out; at least 2 are needed.")
    settings: dict[str, Any] = {"n_draws": n_draws, "seed": seed, "n_jobs": n_jobs}
    less = compare_plans(counts.where(stays), depth=depth, **settings)
    has_some = counts.docs["plan"].isin({*less["a"], *less["b"]}).to_numpy()
    both = counts.where(has_some)
    all_of_them = compare_plans(both, depth=int(less["depth"].iloc[0]), **settings)
    likeness = _at_random(both, stays[has_some], int(less["depth"].iloc[0]), n_random, seed)
    at_random = less.assign(rarefied=likeness, **dict.fromkeys(_UNKNOWN, np.nan))
    versions = []
    for name, pairs in zip(VERSIONS, (all_of_them, less, at_random), strict=True):
        pairs.insert(0, "version", name)
        versions.append(pairs.assign(rarefied=pairs["rarefied"].where(less["rarefied"].notna())))
    result = pd.concat(versions, ignore_index=True).astype({"version": "str"})
    result.attrs = {"note": "\n".join(filter(None, [_too_little(counts, less), less.attrs.get("note", "")]))}
    return result


def _at_random(counts: TermMatrix, stays: np.ndarray, depth: int, n_random: int, seed: int) -> np.ndarray:
    """Give the mean likeness of all pairs where each plan keeps as many tokens as `stays` leaves it, of items drawn at random."""
    order = pd.Series(stays, index=counts.docs.index)
    counts = in_order(counts)
    stays = order.reindex(counts.docs.index).to_numpy()
    tokens = np.asarray(counts.X.sum(axis=1)).ravel()
    plan, names = pd.factorize(counts.docs["plan"], sort=True)
    wanted = np.bincount(plan, weights=tokens * stays, minlength=len(names))
    upper = np.triu_indices(len(names), 1)
    rng = np.random.default_rng(seed)
    total = np.zeros(len(upper[0]))
    for _ in range(n_random):
        rows = _drawn(tokens, plan, wanted, rng)
        drawn = csr_array((np.ones(len(rows), dtype=np.int64), (plan[rows], rows)), shape=(len(names), len(plan)))
        vectors = Rarefied.of(csr_array(drawn @ counts.X), depth=depth).vectors
        total += (vectors @ vectors.T).toarray()[upper]
    return np.round(total / n_random, 12)


def _drawn(tokens: np.ndarray, plan: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw rows of each plan until they come nearest to the tokens wanted of it."""
    order = np.lexsort((rng.random(len(plan)), plan))
    sums = pd.Series(tokens[order]).groupby(plan[order]).cumsum().to_numpy()
    return order[sums - tokens[order] / 2 <= wanted[plan[order]]]


def _too_little(counts: TermMatrix, less: pd.DataFrame) -> str:
    known = less[less["rarefied"].notna()]
    lost = sorted(set(counts.docs["plan"].dropna()) - {*known["a"], *known["b"]})
    if not lost:
        return ""
    names = "、".join(lost[:5]) + (" …" if len(lost) > 5 else "")
    return f"所余太少，未比较。 Too little is left of {len(lost)} plans, which are not compared: {names}."
