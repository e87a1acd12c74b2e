"""How fine should communities be? Resolutions at which two halves of the plans, which share none, agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd
from scipy.stats import t as student_t

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.matrix import TermMatrix, need_counts
from policylab.networks.drawn import Ground, alike, lay_ground
from policylab.networks.partition import communities, resolution_of
from policylab.parallel import run_tasks, task_seeds

FEWEST = 4
LEVEL = 0.95


def choose_resolution(
    counts: TermMatrix,
    *,
    candidates: Iterable[float] = (0.5, 0.75, 1, 1.25, 1.5, 2, 3),
    measure: str = "npmi",
    unit: str = "both",
    neighbours: int | None = None,
    by: str = "plan",
    n_boot: int = 20,
    seed: int = 0,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Say at which resolutions communities found in one half of the plans are found in the other half, too.

    The plans are parted into two halves at random, `n_boot` times; the backbone of each half is parted at each resolution, and the two
    partitions are compared by adjusted mutual information (Vinh, Epps & Bailey 2010), over the terms that have ties in both. Halves share
    no plan, so that words strewn at random agree at 0; bootstrap resamples share plans, and so the noise in them, which makes them agree
    the more, the finer the communities. One community of all, or each term alone, counts as no agreement (0).

    Parameters
    ----------
    counts : TermMatrix
        Counts of terms or of codebook themes in items.
    candidates : iterable of float
        Resolutions to try, above 0: the higher, the more communities.
    measure, unit, neighbours, by, seed, n_jobs
        As in `consensus_communities`; the halves are the same for all candidates.
    n_boot : int
        Number of times that plans are halved, at least 5.

    Returns
    -------
    DataFrame
        `resolution, n_communities` (of two terms or more, all plans; by ties alone, as ``communities(sharpen=False)`` gives them),
        `modularity` (Newman & Girvan 2004, of all plans, at resolution 1), `agreement` (mean over halvings; 1 is perfect, 0 chance),
        `low`, `high` (95 %) and `recommended`: the coarsest resolution whose agreement is within one standard error of the best, for what
        halves do not tell apart is better said with fewer communities (the rule of Breiman et al. 1984). None is recommended where even
        the best is not above 0 for certain. The error takes into account that halvings are of the same plans: variance × (1 / n_boot + 1)
        (Nadeau & Bengio 2003), so that more halvings do not make it vanish. ``attrs["notes"]`` says what came out. Halves have fewer
        plans than the whole: agreement is, if anything, too low.

    Raises
    ------
    ArgumentError
        If a candidate or another argument is not allowed.
    TooFewPlansError
        If there are two or three plans, or no two terms make a tie.

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": [f"{p}区-2024" for p in "甲乙丙丁" for _ in range(6)]}).rename("i{}".format)
    >>> rows = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]] * 8
    >>> counts = TermMatrix(rows, docs, ["体育", "美育", "食堂", "营养"])
    >>> choose_resolution(counts, candidates=[0.5, 1], unit="item")[["resolution", "agreement", "recommended"]].values.tolist()
    [[0.5, 1.0, True], [1.0, 1.0, False]]
    """
    need_counts(counts)
    values = _values(candidates)
    whole(n_boot, name="n_boot", least=5)
    ground = lay_ground(counts, measure=measure, unit=unit, neighbours=neighbours, by=by, fewest=FEWEST)
    halves = _halves(len(ground.tally.tables[0][2]), n_boot, seed)
    seeds = pairwise(task_seeds(seed, n_boot + 1))
    tasks = [(ground, half, own, values) for half, own in zip(halves, seeds, strict=True)]
    found = np.array(run_tasks(_agreement, tasks, n_jobs=n_jobs, label="对半 halves"))
    table = pd.DataFrame([_whole(ground.graph, r, seed) for r in values], columns=["resolution", "n_communities", "modularity"])
    mean, error = found.mean(axis=0), found.std(axis=0, ddof=1) * np.sqrt(1 / n_boot + 1)
    reach = student_t.ppf((1 + LEVEL) / 2, n_boot - 1) * error
    table["agreement"], table["low"], table["high"] = mean, mean - reach, np.minimum(mean + reach, 1.0)
    best = int(np.argmax(np.round(mean, 9)))
    good = np.round(mean, 9) >= np.round(mean[best] - error[best], 9)
    table["recommended"] = (np.arange(len(values)) == int(np.argmax(good))) & (table["low"][best] > 0)
    table.attrs.update({**ground.settings, "n_boot": n_boot, "seed": seed})
    table.attrs["notes"] = [*ground.settings["notes"], _said(table, good)]
    return table


def _values(candidates: Iterable[float]) -> tuple[float, ...]:
    if isinstance(candidates, str) or not isinstance(candidates, Iterable):
        raise ArgumentError(f"candidates={candidates!r} must be several resolutions, such as (0.5, 1, 2).")
    given = list(candidates)
    if not given or any(value is None for value in given):
        raise ArgumentError(f"candidates={given!r} must be one resolution or more, such as (0.5, 1, 2).")
    return tuple(sorted({resolution_of(value, 0) for value in given}))


def _halves(n: int, n_boot: int, seed: int) -> np.ndarray:
    """Part n plans into two halves so many times (halving × 2 × plan, 0 or 1); of an odd number one plan stays out."""
    rng = np.random.default_rng(seed)
    place = np.argsort(rng.random((n_boot, n)), axis=1, kind="stable").argsort(axis=1)
    return np.stack([place < n // 2, (place >= n // 2) & (place < n // 2 * 2)], axis=1).astype(float)


def _agreement(ground: Ground, half: np.ndarray, seeds: Sequence[int], values: tuple[float, ...]) -> list[float]:
    one, other = (ground.parted(weights, seed, values) for weights, seed in zip(half, seeds, strict=True))
    return [alike(a, b) for a, b in zip(one, other, strict=True)]


def _whole(graph: nx.Graph, resolution: float, seed: int) -> tuple[float, int, float]:
    found = communities(graph, seed=seed, resolution=resolution, sharpen=False)
    parts = [set(terms) for terms in found.groupby(found).groups.values()]
    quality = nx.community.modularity(graph, parts, weight="weight", resolution=1)
    return resolution, sum(len(part) > 1 for part in parts), round(quality, 9)  # the last digits change with the order of a set


def _said(table: pd.DataFrame, good: np.ndarray) -> str:
    if not table["recommended"].any():
        return (
            "对半的计划在任何分辨率下都不一致，不宜分社群。 Halves of the plans agree at no resolution: there are no communities to report."
        )
    chosen = f"{table.loc[table['recommended'], 'resolution'].iloc[0]:g}"
    near = ", ".join(f"{value:g}" for value in table["resolution"][good])
    if good.sum() > 1:
        return f"分辨率 {near} 不相上下，取最粗的 {chosen}。 Halves do not tell {near} apart; {chosen} has the fewest communities."
    return f"分辨率 {chosen} 的一致性最高。 Agreement is best at a resolution of {chosen}."
