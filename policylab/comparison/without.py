"""Similarity of plans with and without some of their items, beside what leaving out as much text at random would give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from policylab.arguments import whole
from policylab.comparison.pairs import compare_plans, in_order, usual_depth
from policylab.comparison.rarefaction import Rarefied
from policylab.errors import ArgumentError, TooFewPlansError
from policylab.matrix import TermMatrix, need_counts

VERSIONS = ("all", "without", "random")
_UNKNOWN = ["null_low", "null_high", "p", "similarity"]
_SPREAD = ("random_low", "random_high")


def compare_without(
    counts: TermMatrix,
    *,
    kept: pd.DataFrame | pd.Series | pd.Index | Sequence[str],
    depth: int | None = None,
    n_draws: int = 200,
    n_random: int = 40,
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
    kept : DataFrame, Series, Index or sequence of str
        The items that stay, such as `drop_copied(items, origins)`, or their ids: of a frame its column `item_id` or its index, else the
        values. Ids of rows that `counts` does not have (headings) count for nothing.
    depth, n_draws, seed, n_jobs
        As in `compare_plans`; without `depth`, 300 tokens or what the shortest plan has left.
    n_random : int
        How often to leave out at random; the mean is given, and the middle 95 % of the draws.

    Returns
    -------
    DataFrame
        The columns of `compare_plans` and before them `version`: ``all``, ``without``, ``random``, each with the same pairs in the same
        order, so that the rows of one version can be handed to `neighbours`. A pair whose `rarefied` is missing without the items has
        none in the other versions. `random` has no band of stand-ins; after the other columns it has `random_low, random_high`, the
        middle 95 % of the draws (missing in the other versions): where `without` lies within, the items left out did no more than any
        others. ``.attrs["note"]`` names plans of which too little is left and, where all are cut shorter for the sake of one, that
        one, and says what `compare_plans` says.

    Raises
    ------
    TooFewPlansError
        If fewer than two plans are long enough without the items.
    ArgumentError
        If an argument is not allowed, `counts` are grouped or have no plans, or `kept` has none of their items.

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": ["市-2024", "市-2024", "区-2024", "区-2024"]}, index=["a#1", "a#2", "b#1", "b#2"])
    >>> counts = TermMatrix([[60, 0, 0], [0, 60, 0], [60, 0, 0], [0, 0, 60]], docs, ["幼儿园", "教师", "食品"])
    >>> found = compare_without(counts, kept=docs.drop(index="b#1"), n_draws=20)
    >>> found[["version", "rarefied"]].round(2).values.tolist()
    [['all', 0.5], ['without', 0.0], ['random', 0.27]]
    """
    _need_items(counts)
    n_random = whole(n_random, name="n_random")
    stays = _staying(counts, kept)
    n_left, n_plans = counts.docs.loc[stays, "plan"].nunique(), counts.docs["plan"].nunique()
    if n_left < 2:
        raise TooFewPlansError(f"{n_left} of {n_plans} plans have items without those left out; at least 2 are needed.")
    settings: dict[str, Any] = {"n_draws": n_draws, "seed": seed, "n_jobs": n_jobs}
    less = compare_plans(counts.where(stays), depth=depth, **settings)
    has_some = counts.docs["plan"].isin({*less["a"], *less["b"]}).to_numpy()
    both = counts.where(has_some)
    used = int(less["depth"].iloc[0])
    all_of_them = compare_plans(both, depth=used, **settings)
    drawn = _at_random(both, stays[has_some], used, n_random, seed)
    versions = [all_of_them.assign(**dict.fromkeys(_SPREAD, np.nan)), less.assign(**dict.fromkeys(_SPREAD, np.nan))]
    versions.append(less.assign(rarefied=drawn[0], **dict.fromkeys(_UNKNOWN, np.nan), random_low=drawn[1], random_high=drawn[2]))
    for name, pairs in zip(VERSIONS, versions, strict=True):
        pairs.insert(0, "version", name)
    result = pd.concat(versions, ignore_index=True).astype({"version": "str"})
    short = np.tile(less["rarefied"].isna(), len(VERSIONS))
    result.loc[short, ["rarefied", *_SPREAD]] = np.nan
    notes = [_too_little(counts, less), _cut_shorter(counts, stays, used) if depth is None else "", less.attrs.get("note", "")]
    result.attrs = {"note": "\n".join(filter(None, notes))}
    return result


def _need_items(counts: TermMatrix) -> None:
    need_counts(counts)
    if "grouped_by" in counts.settings:
        raise ArgumentError("counts are grouped already; give the counts of items, from which `kept` can choose.")
    if "plan" not in counts.docs:
        raise ArgumentError(f"counts: docs has no column plan; it has {', '.join(map(str, counts.docs.columns))}.")


def _staying(counts: TermMatrix, kept: Any) -> np.ndarray:
    """Say of each row of the counts whether `kept` names it."""
    if isinstance(kept, pd.DataFrame):
        kept = kept["item_id"] if "item_id" in kept and kept.index.name != "item_id" else kept.index
    ids = pd.Index(list(kept)).astype("str")
    stays = counts.docs.index.astype("str").isin(ids)
    if len(ids) and not stays.any():
        raise ArgumentError(
            f"kept names none of the items of counts ({ids[0]!r}, not such as {str(counts.docs.index[0])!r}); give what "
            "`drop_copied(items, origins)` returned for the items counted, or ids."
        )
    return stays


def _at_random(counts: TermMatrix, stays: np.ndarray, depth: int, n_random: int, seed: int) -> np.ndarray:
    """Give the likeness of all pairs where each plan keeps as many tokens as `stays` leaves it, of items drawn at random.

    Returns
    -------
    ndarray (3 × pair)
        The mean of the draws, and the ends of their middle 95 %.
    """
    order = pd.Series(stays, index=counts.docs.index)
    counts = in_order(counts)
    stays = order.reindex(counts.docs.index).to_numpy()
    tokens = np.asarray(counts.X.sum(axis=1)).ravel()
    plan, names = pd.factorize(counts.docs["plan"], sort=True)
    wanted = np.bincount(plan, weights=tokens * stays, minlength=len(names))
    upper = np.triu_indices(len(names), 1)
    rng = np.random.default_rng(seed)
    alike = np.empty((n_random, len(upper[0])))
    for at in range(n_random):
        rows = _drawn(tokens, plan, wanted, rng)
        drawn = csr_array((np.ones(len(rows), dtype=np.int64), (plan[rows], rows)), shape=(len(names), len(plan)))
        vectors = Rarefied.of(csr_array(drawn @ counts.X), depth=depth).vectors
        alike[at] = (vectors @ vectors.T).toarray()[upper]
    return np.round([alike.mean(axis=0), *np.quantile(alike, [0.025, 0.975], axis=0)], 12)


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


def _cut_shorter(counts: TermMatrix, stays: np.ndarray, depth: int) -> str:
    """Name the plan that has so little left that all are cut to it, where they would not be with all items."""
    tokens = np.asarray(counts.X.sum(axis=1)).ravel()
    sums = pd.DataFrame({"all": tokens, "left": tokens * stays}).groupby(counts.docs["plan"].to_numpy()).sum()
    left = sums["left"]
    if usual_depth(sums["all"].to_numpy()) <= depth:
        return ""
    names = "、".join(left.index[left == depth].astype("str"))
    return (
        f"{names} 只余 {depth} 词，各对都只按这么多词比；用 depth= 指定更多，便不比这一份。 "
        f"{names} has {depth} tokens left, so that all pairs are cut to as many; with a larger depth= it is not compared."
    )
