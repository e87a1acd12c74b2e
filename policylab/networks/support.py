"""How sure each tie is: its share of resamples in which it stands out from chance."""

from __future__ import annotations

import networkx as nx

from policylab.arguments import whole
from policylab.matrix import TermMatrix
from policylab.networks.graph import cooccurrence
from policylab.networks.measures import loglikelihood
from policylab.networks.resampling import enough_draws, tallies
from policylab.networks.thinning import backbone

CHANCE = 10.83  # G² of one degree of freedom at p = .001
TWO = "只有两份，重抽只有三种结果：支持度不足为凭。Two can be drawn in three ways only: support tells little."


def edge_support(
    counts: TermMatrix,
    *,
    measure: str = "npmi",
    unit: str = "both",
    neighbours: int | None = None,
    by: str = "plan",
    n_boot: int = 1000,
    seed: int = 0,
) -> nx.Graph:
    """Tell how sure each tie of the backbone is, had other plans been drawn (bootstrap, Efron 1979).

    Plans are drawn with replacement. A tie holds in a resample where the two stand together more often than by chance: G² of at least
    10.83, p < .001 (Dunning 1993), chance reckoned within each plan, so that words that are one place's own make no tie by that alone.
    Where there is one plan only its items are drawn, and ``graph.graph["resampled"]`` says so: that is variation within this plan. A tie
    that only one plan makes is drawn in about two resamples of three: look at `n_plans` too, as `plot_network` does. With words strewn
    over the items of each plan up to one tie in ten of the backbone has a support of .5, one in fifty .8.

    Parameters
    ----------
    counts : TermMatrix
        Counts of terms or of codebook themes in items.
    measure, unit : str
        As in `cooccurrence`.
    neighbours : int, optional
        As in `backbone`.
    by : str
        What is drawn: the column of ``counts.docs`` whose values are independent; `place` where each has many years.
    n_boot : int
        Resamples, at least 20.
    seed : int
        Of the draws.

    Returns
    -------
    networkx.Graph
        The backbone of `counts`; each edge carries `support` in 0–1 and `n_plans`, the plans (or what else is drawn) that hold both.
        ``graph.graph`` says what was resampled and how often, and has a `note` where two plans are too few.

    Raises
    ------
    ArgumentError
        If `n_boot` is below 20 or `by` no column, or as in `cooccurrence`.

    Examples
    --------
    >>> import pandas as pd
    >>> docs = pd.DataFrame({"plan": [f"{p}区-2024" for p in "甲乙丙丁" for _ in range(6)]}).rename("i{}".format)
    >>> counts = TermMatrix([[1, 1, 0], [0, 0, 1], [0, 0, 1]] * 8, docs, ["体育", "美育", "课程"])
    >>> edge_support(counts, unit="item", n_boot=50).edges["体育", "美育"]["support"]
    1.0
    """
    enough_draws(n_boot)
    whole(seed, name="seed", least=0)
    graph = backbone(cooccurrence(counts, measure=measure, unit=unit), neighbours=neighbours)
    tally = tallies(counts, graph.edges, unit=unit, by=by, within=True)
    held = sum((loglikelihood(*numbers) >= CHANCE).sum(axis=0) for numbers in tally.numbers_within(tally.draws(n_boot, seed)))
    for (a, b), share in zip(tally.pairs, (held / n_boot).tolist(), strict=True):
        graph.edges[a, b]["support"] = share
    graph.graph.update(resampled=tally.what, n_boot=n_boot, seed=seed)
    if tally.names:
        for (a, b), n in zip(tally.pairs, tally.n_with().tolist(), strict=True):
            graph.edges[a, b]["n_plans"] = n
        graph.graph["n_plans"] = len(tally.names)
    if len(tally.names) == 2:
        graph.graph["note"] = TWO
    return graph
