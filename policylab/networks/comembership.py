"""From many partitions to one: how often two terms are together, and the partition on which all agree."""

from __future__ import annotations

import networkx as nx
import numpy as np

from policylab.networks.drawn import parted
from policylab.parallel import task_seeds

STABLE = 0.5
RUNS = 20
ROUNDS = 50


def co_membership(partitions: np.ndarray) -> np.ndarray:
    """Share of the partitions (rows; -1 where a term is in none) that put two terms together, of those in which both are; else missing."""
    n = partitions.shape[1]
    same, both = np.zeros((n, n)), np.zeros((n, n))
    for row in partitions:
        seen = row >= 0
        here = seen[:, None] & seen[None, :]
        both += here
        same += here & (row[:, None] == row[None, :])
    share = np.divide(same, both, out=np.full((n, n), np.nan), where=both > 0)
    np.fill_diagonal(share, 1.0)
    return share


def agreed(together: np.ndarray, *, resolution: float, seed: int) -> np.ndarray:
    """Part terms by their co-membership again and again until all runs agree (after 50 rounds, that of the first run)."""
    share = np.nan_to_num(together)
    for _ in range(ROUNDS):
        graph = _consensus_graph(share)
        runs = np.array([parted(graph, own, resolution) for own in task_seeds(seed, RUNS)])
        if (runs == runs[0]).all():
            break
        share = co_membership(runs)
    return runs[0]


def _consensus_graph(share: np.ndarray) -> nx.Graph:
    """Tie terms that are together in at least half of the partitions; one that is with none so often to its first best companion."""
    share = np.round(share, 9)
    np.fill_diagonal(share, 0)
    kept = np.where(share >= STABLE, share, 0)
    for i in np.flatnonzero(kept.sum(axis=0) == 0):
        best = int(share[i].argmax())
        kept[i, best] = kept[best, i] = share[i, best]
    root = np.sqrt(kept.sum(axis=0))
    graph: nx.Graph = nx.empty_graph(len(share))
    graph.add_weighted_edges_from((int(i), int(j), kept[i, j] / (root[i] * root[j])) for i, j in np.argwhere(np.triu(kept) > 0))
    return graph


def settled(together: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Move terms, in order, to the community with which they have the highest mean co-membership, until none moves (at most 50 times)."""
    share, label = np.nan_to_num(together), label.copy()
    np.fill_diagonal(share, 0)
    for _ in range(ROUNDS):
        before = label.copy()
        for i in range(len(label)):
            others = np.bincount(label)
            others[label[i]] -= 1
            mean = np.round(np.bincount(label, share[i]) / np.maximum(others, 1), 9)
            if mean.max() > mean[label[i]]:
                label[i] = mean.argmax()
        if (label == before).all():
            break
    return label
