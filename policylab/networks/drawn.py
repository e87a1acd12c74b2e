"""Drawn networks for whoever asks what would change, had other plans been drawn: what is drawn, and communities of one such network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse import csr_array, vstack
from sklearn.metrics import adjusted_mutual_info_score

from policylab.arguments import whole
from policylab.errors import TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.networks.graph import cooccurrence
from policylab.networks.measures import measure_named
from policylab.networks.resampling import Tallies, drawn_backbones, one_unit, tallies
from policylab.networks.thinning import backbone, neighbours_of

FEWEST = 3


@dataclass(frozen=True)
class Ground:
    """What networks are drawn from: the backbone of all plans, the counts plan by plan, and the settings of both.

    Attributes
    ----------
    graph : networkx.Graph
        Backbone of all plans.
    tally : Tallies
        Counts of all pairs that may make a tie in a resample, also of those that stand together less often than by chance in all plans.
    terms : list of str
        The nodes, in order.
    settings : dict
        `measure, unit, neighbours, by, resampled, n_plans, notes`.
    """

    graph: nx.Graph
    tally: Tallies
    terms: list[str]
    settings: dict[str, Any]

    def parted(self, weights: np.ndarray, seed: int, resolutions: tuple[float, ...]) -> np.ndarray:
        """Part the backbone of one draw at each resolution (resolution × term): number of the community, -1 for a term without ties."""
        draw = drawn_backbones(
            self.tally, weights[None, :], self.terms, measure=self.settings["measure"], neighbours=self.settings["neighbours"]
        )
        graph = nx.convert_node_labels_to_integers(next(draw))
        tied = np.array([degree > 0 for _, degree in graph.degree])
        return np.array([np.where(tied, parted(graph, seed, r), -1) for r in resolutions])


def lay_ground(counts: TermMatrix, *, measure: str, unit: str, neighbours: int | None, by: str, fewest: int = FEWEST) -> Ground:
    """Make the backbone of all plans and count its terms plan by plan; refuse where there are too few plans to draw from."""
    measure_named(measure)
    if unit == "both" and one_unit(counts, by):
        unit = "item"  # a block and its items cannot be drawn apart
    graph = cooccurrence(counts, measure=measure, unit=unit)
    if not graph.number_of_edges():
        raise TooFewPlansError(
            f"none of the {len(graph)} terms stands together with another in two items or more, and more often than by chance; "
            "count more terms, or more plans."
        )
    neighbours = neighbours_of(graph) if neighbours is None else whole(neighbours, name="neighbours")
    tally = tallies(counts, cooccurrence(counts, measure="raw", unit=unit).edges, unit=unit, by=by)
    enough_plans(tally, fewest)
    n = len(tally.names) or 1
    notes = [] if tally.names else [f"只有一个 {by}：重抽样的是其中的条目。 One {by} only: its {tally.what.split()[0]} were resampled."]
    settings = {"measure": measure, "unit": unit, "neighbours": neighbours, "by": by, "resampled": tally.what, "n_plans": n}
    return Ground(backbone(graph, neighbours=neighbours), tally, sorted(graph), {**settings, "notes": notes})


def strewn(counts: TermMatrix, seed: int) -> TermMatrix:
    """Deal each term anew over the items of each plan: it stands in as many of them as before, with whatever words chance gives it."""
    rows, columns = (np.argsort(labels.to_numpy(dtype=str), kind="stable") for labels in (counts.docs.index, counts.terms))
    present = csr_array((counts.X > 0).astype(np.int32))[rows][:, columns]
    docs, rng = counts.docs.iloc[rows], np.random.default_rng(seed)
    plan = np.unique(docs["plan"].to_numpy(dtype=str), return_inverse=True)[1] if "plan" in docs else np.zeros(len(docs), dtype=int)
    blocks = [np.flatnonzero(plan == p) for p in range(plan.max() + 1)]
    dealt = vstack([csr_array(rng.permuted(present[block].toarray(), axis=0)) for block in blocks], format="csr")
    order = np.concatenate(blocks)
    return TermMatrix(dealt, docs.iloc[order], counts.terms[columns], counts.settings)


def enough_plans(tally: Tallies, fewest: int = FEWEST) -> None:
    """Raise where so few plans are drawn from that resamples say nothing; of a single plan items are drawn."""
    if tally.names and len(tally.names) < fewest:
        raise TooFewPlansError(
            f"{len(tally.names)} {tally.what} are too few to draw from, at least {fewest} are needed: two can be drawn in three ways, two "
            "of them one alone, and a half needs two. Give more, or one alone, whose items are then drawn."
        )


def parted(graph: nx.Graph, seed: int, resolution: float) -> np.ndarray:
    """Part a graph with nodes 0, 1, … by one run of Louvain: number of each node's community, in the order of their first nodes."""
    label = np.zeros(len(graph), dtype=np.int64)
    parts = nx.community.louvain_communities(graph, weight="weight", resolution=resolution, seed=seed)
    for number, part in enumerate(sorted(map(sorted, parts))):
        label[part] = number
    return label


def alike(one: np.ndarray, other: np.ndarray) -> float:
    """Adjusted mutual information of two partitions (Vinh, Epps & Bailey 2010), over the terms with ties in both.

    A partition into one community, or of each term alone, tells nothing, and agrees with none: 0.
    """
    both = (one >= 0) & (other >= 0)
    a, b = one[both], other[both]
    if any(len(np.unique(x)) in (0, 1, len(x)) for x in (a, b)):
        return 0.0
    return float(adjusted_mutual_info_score(a, b))
