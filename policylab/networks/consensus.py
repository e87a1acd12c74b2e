"""Communities that hold when other plans are drawn, and how surely each term belongs to its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from policylab.errors import TooFewPlansError
from policylab.matrix import TermMatrix, need_counts
from policylab.networks.comembership import STABLE, agreed, co_membership, settled
from policylab.networks.drawn import Ground, alike, lay_ground, strewn
from policylab.networks.naming import name_communities
from policylab.networks.partition import numbered, resolution_of
from policylab.networks.resampling import enough_draws
from policylab.parallel import run_tasks, task_seeds

SURER_THAN = 0.95
DRAWS = 20  # of each deal of words at random: n_boot draws in all
FEW_HOLD = "多数词不比随机安排更稳，不宜解读这些社群。 Most terms hold no better than by chance: read nothing into these communities."


@dataclass(frozen=True, eq=False)
class Consensus:
    """Communities on which resamples agree, with how far they do.

    Attributes
    ----------
    communities : Series
        Term → community, from 1 (the largest; ties by name), terms sorted, as `communities` gives it.
    together : DataFrame
        Term × term, 0–1: share of the resamples in which both have a tie that put them into one community; missing where there is none.
    terms : DataFrame
        `term, community, label, membership` (mean of `together` with the other terms of its community), `stable` (membership of at least
        .5, and of at least what 95 % of the terms fall short of by chance), `tied` (share of the resamples in which it has a tie),
        `next_community` (the other community it is most often with) and `next_membership`; by community, the surest first. Membership is
        missing for a term that is alone.
    frame : DataFrame
        A row for each community: `community, label` (its three most central terms), `n_terms, n_stable, support` (mean of `together` over
        its pairs), `chance` (what communities found in the same way have, where each term is dealt at random over the items of each plan)
        and `jaccard` (mean over resamples of the best overlap with a community there, Hennig 2007: under .6 it is not to be trusted,
        from .75 it holds). `support` is missing for a term alone.
    settings : dict
        What made it; also `n_communities_low`, `n_communities_high` (of two terms or more, in the middle 95 % of the resamples),
        `agreement` (mean adjusted mutual information with the partitions of the resamples), and with words dealt at random
        `chance_agreement`, `chance_support`, `chance_jaccard`, `chance_membership` (of which 95 % of the terms fall short); `notes`.
    """

    communities: pd.Series
    together: pd.DataFrame
    terms: pd.DataFrame
    frame: pd.DataFrame
    settings: dict[str, Any] = field(default_factory=dict)


def consensus_communities(
    counts: TermMatrix,
    *,
    measure: str = "npmi",
    unit: str = "both",
    neighbours: int | None = None,
    resolution: float | None = None,
    by: str = "plan",
    n_boot: int = 100,
    seed: int = 0,
    n_jobs: int | None = None,
) -> Consensus:
    """Part terms into the communities on which resamples of the plans agree (consensus clustering, Lancichinetti & Fortunato 2012).

    Plans are drawn with replacement (Efron 1979); the backbone of each draw is parted by its ties alone (as ``communities(sharpen=False)``
    does, but in one run, each with a seed of its own, so that what depends on the order of visits varies too). Terms that fewer than half
    of the resamples put together are cut apart, a term that this leaves alone is given back its strongest companion, and what is left is
    parted again, 20 times over, and so on, until all partitions agree. In this step co-memberships are divided by the roots of both terms'
    sums: modularity would else break up a community that is much larger than the others. At last a term that is more often with the terms
    of another community goes there.

    Resamples share plans, and with them what chance has put together in these plans, and a consensus is chosen to fit them: words strewn
    at random have a support of about .4, too, in one short plan of .6. So all is done again with each term dealt at random over the items
    of each plan (`n_boot` / 20 times, 20 draws each), and what comes out stands beside the numbers as chance. (`choose_resolution` compares
    halves, which share no plan.)

    Parameters
    ----------
    counts : TermMatrix
        Counts of terms or of codebook themes in items.
    measure, unit : str
        As in `cooccurrence`. Of one plan with ``unit="both"`` items only are counted, for a block and its items cannot be drawn apart.
    neighbours : int, optional
        As in `backbone`.
    resolution : float, optional
        As in `communities`.
    by : str
        What is drawn: the column of ``counts.docs`` whose values are independent; `place` where each has many years. Where it has one
        value only its items are drawn, and ``settings["resampled"]`` says so: that is variation within this plan.
    n_boot : int
        Resamples, at least 20.
    seed : int
        Of draws and partitions.
    n_jobs : int, optional
        Cores to use. Threads gain nothing here; ``joblib.parallel_config(backend="loky")`` around the call makes them processes.

    Returns
    -------
    Consensus
        `communities` goes into `plot_network`, `theme_map` and `name_communities`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed.
    TooFewPlansError
        If there are two plans only (three different draws, two of them one plan alone), or no two terms make a tie.

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": [f"{p}区-2024" for p in "甲乙丙丁" for _ in range(6)]}).rename("i{}".format)
    >>> rows = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]] * 8
    >>> found = consensus_communities(TermMatrix(rows, docs, ["体育", "美育", "食堂", "营养"]), unit="item", n_boot=20)
    >>> found.frame[["community", "label", "n_terms", "support"]].values.tolist()
    [[1, '体育·美育', 2, 1.0], [2, '营养·食堂', 2, 1.0]]
    """
    need_counts(counts)
    enough_draws(n_boot)
    made: dict[str, Any] = {"measure": measure, "unit": unit, "neighbours": neighbours, "by": by}
    ground = lay_ground(counts, **made)
    resolution = resolution_of(resolution, len(ground.terms))
    drawn = _partitions(ground, resolution, n_boot, seed, n_jobs)
    together = co_membership(drawn)
    communities = _communities(ground.terms, together, resolution, seed)
    chance = _by_chance(counts, made, resolution, n_boot, seed, n_jobs)
    names = name_communities(ground.graph, communities=communities)
    terms = _terms(together, communities, names, (drawn >= 0).mean(axis=0), chance["membership"])
    frame = _frame(together, communities, names, drawn, terms, chance["support"])
    settings = {**ground.settings, "resolution": resolution, "n_boot": n_boot, "seed": seed, **_of_all(drawn, communities)}
    settings |= {f"chance_{name}": value for name, value in chance.items()}
    settings["notes"] = settings["notes"] + ([] if 2 * terms["stable"].sum() > len(terms) else [FEW_HOLD])
    return Consensus(communities, pd.DataFrame(together, communities.index, communities.index), terms, frame, settings)


def _partitions(ground: Ground, resolution: float, n_boot: int, seed: int, n_jobs: int | None) -> np.ndarray:
    """Part the backbone of each draw (draw × term)."""
    draws = zip(ground.tally.draws(n_boot, seed), task_seeds(seed, n_boot), strict=True)
    tasks = [(ground, row, own, resolution) for row, own in draws]
    return np.array(run_tasks(_one, tasks, n_jobs=n_jobs, label="重抽样 resamples"))


def _communities(terms: list[str], together: np.ndarray, resolution: float, seed: int) -> pd.Series:
    label = settled(together, agreed(together, resolution=resolution, seed=seed))
    return numbered([{terms[i] for i in np.flatnonzero(label == k)} for k in np.unique(label)])


def _by_chance(counts: TermMatrix, made: dict[str, Any], resolution: float, n_boot: int, seed: int, n_jobs: int | None) -> dict[str, float]:
    """Do the same with terms dealt at random over the items of each plan: means, and the membership 95 % of terms fall short of."""
    deals = [_dealt(strewn(counts, own), made, resolution, own, n_jobs) for own in task_seeds(seed, n_boot // DRAWS)]
    means = {name: float(np.mean([deal[name] for deal in deals])) for name in ("support", "agreement", "jaccard")}
    return {**means, "membership": float(np.quantile(np.concatenate([deal["membership"] for deal in deals]), SURER_THAN))}


def _dealt(counts: TermMatrix, made: dict[str, Any], resolution: float, seed: int, n_jobs: int | None) -> dict[str, Any]:
    try:
        ground = lay_ground(counts, **made)
    except TooFewPlansError:  # no ties at all
        return {"support": 0.0, "agreement": 0.0, "jaccard": 0.0, "membership": np.zeros(counts.shape[1])}
    drawn = _partitions(ground, resolution, DRAWS, seed, n_jobs)
    together = co_membership(drawn)
    communities = _communities(ground.terms, together, resolution, seed)
    names = communities.groupby(communities).first().astype(str)
    terms = _terms(together, communities, names, (drawn >= 0).mean(axis=0), 0.0)
    frame = _frame(together, communities, names, drawn, terms, 0.0)
    pairs = frame["n_terms"] * (frame["n_terms"] - 1)
    return {
        "support": (frame["support"] * pairs).sum() / max(pairs.sum(), 1),
        "agreement": _of_all(drawn, communities)["agreement"],
        "jaccard": frame.loc[pairs > 0, "jaccard"].mean() if pairs.any() else 0.0,
        "membership": terms["membership"].fillna(0).to_numpy(),
    }


def _one(ground: Ground, weights: np.ndarray, seed: int, resolution: float) -> np.ndarray:
    return ground.parted(weights, seed, (resolution,))[0]


def _of_all(drawn: np.ndarray, communities: pd.Series) -> dict[str, Any]:
    """Say how many communities resamples have, and how far they agree with the consensus."""
    numbers = [int((np.bincount(row[row >= 0]) > 1).sum()) for row in drawn]
    low, high = np.percentile(numbers, [2.5, 97.5], method="nearest")
    agreement = float(np.mean([alike(row, communities.to_numpy()) for row in drawn]))
    return {"n_communities_low": int(low), "n_communities_high": int(high), "agreement": agreement}


def _terms(together: np.ndarray, communities: pd.Series, names: pd.Series, tied: np.ndarray, chance: float) -> pd.DataFrame:
    """Give each term's mean co-membership with the others of its community, and with the other community it is most often with."""
    label = communities.to_numpy()
    inside = label[:, None] == np.arange(1, label.max() + 1)
    known = ~np.isnan(together)
    np.fill_diagonal(known, False)
    number = known.astype(float) @ inside
    mean = np.divide(np.where(known, together, 0) @ inside, number, out=np.full(number.shape, np.nan), where=number > 0)
    own = mean[np.arange(len(label)), label - 1]
    others = np.where(inside | np.isnan(mean), -1.0, np.round(mean, 9))
    best, value = others.argmax(axis=1), others.max(axis=1)
    frame = pd.DataFrame({"term": communities.index, "community": label, "label": names[label].to_numpy(), "membership": own})
    frame["stable"], frame["tied"] = np.round(own, 9) >= max(STABLE, round(chance, 9)), tied
    frame["next_community"] = pd.Series(best + 1, dtype="Int64").where(value > 0)
    frame["next_membership"] = np.where(value > 0, value, np.nan)
    rounded = frame.assign(membership=frame["membership"].round(9))
    order = rounded.sort_values(["community", "membership", "term"], ascending=[True, False, True], kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _frame(
    together: np.ndarray, communities: pd.Series, names: pd.Series, drawn: np.ndarray, terms: pd.DataFrame, chance: float
) -> pd.DataFrame:
    """Give size, support and overlap of each community."""
    label = communities.to_numpy()
    pair = np.triu(~np.isnan(together), 1)
    rows = []
    for k in range(1, label.max() + 1):
        mine = label == k
        values = together[pair & np.outer(mine, mine)]
        support = values.mean() if len(values) else np.nan
        rows.append((k, names[k], int(mine.sum()), support, np.mean([_overlap(mine, row) for row in drawn])))
    frame = pd.DataFrame(rows, columns=["community", "label", "n_terms", "support", "jaccard"])
    frame.insert(3, "n_stable", terms.groupby("community")["stable"].sum().to_numpy())
    frame.insert(5, "chance", chance)
    return frame


def _overlap(mine: np.ndarray, row: np.ndarray) -> float:
    """Best overlap (Jaccard) of a community with one of a resample, over the terms with ties there."""
    seen = row >= 0
    size, common = np.bincount(row[seen]), np.bincount(row[seen & mine], minlength=row.max() + 1)
    return float((common / np.maximum(size + (seen & mine).sum() - common, 1)).max(initial=0.0))
