"""Where the nodes of a network stand on the page: the same for the same graph and seed, on any number of threads."""

from __future__ import annotations

import math
from collections.abc import Mapping

import networkx as nx
import numpy as np
import pandas as pd

from policylab.errors import ArgumentError

_STEPS = 300


def network_layout(
    graph: nx.Graph, *, communities: pd.Series | Mapping[str, object] | None = None, seed: int = 0, aspect: float = 1.5
) -> dict[str, tuple[float, float]]:
    """Give each node a place on the page: tied nodes near each other, others apart (Fruchterman & Reingold 1991, with gravity).

    Hand the result to `plot_network(graph, positions=...)` of several periods, so that a node keeps its place from figure to figure.

    Parameters
    ----------
    graph : networkx.Graph
        Edges carry `weight`; order of nodes and edges does not count.
    communities : Series or mapping, optional
        Node → community; communities start out side by side.
    seed : int
        Turns the start.
    aspect : float
        Width over height of the page.

    Returns
    -------
    dict
        Node → (x, y), x in 0–`aspect`, y in 0–1, rounded to four decimals.

    Raises
    ------
    ArgumentError
        If `seed` is no whole number or `aspect` is not above 0.

    Examples
    --------
    >>> places = network_layout(nx.Graph([("体育", "美育")]))
    >>> sorted(places)
    ['体育', '美育']
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise ArgumentError(f"seed={seed!r} is not allowed; give a whole number.")
    if not aspect > 0:
        raise ArgumentError(f"aspect={aspect!r} is not allowed; give a number above 0.")
    group = dict(communities.items()) if communities is not None else {}
    nodes = sorted(graph.nodes, key=lambda v: (str(group.get(v, "")), str(v)))
    if len(nodes) < 2:
        return dict.fromkeys(nodes, (aspect / 2, 0.5))
    places = _settled(_ring(len(nodes), int(seed)), _ties(graph, nodes, group), aspect)
    return {v: (round(float(x), 4), round(float(y), 4)) for v, (x, y) in zip(nodes, places, strict=True)}


def _ring(n: int, seed: int) -> np.ndarray:
    """Stand the nodes on a ring, a little unevenly, so that no two forces cancel exactly."""
    noise = np.random.default_rng(seed)
    angle = 2 * np.pi * (np.arange(n) / n + noise.uniform())
    radius = 0.8 + 0.2 * noise.uniform(size=n)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _ties(graph: nx.Graph, nodes: list, group: Mapping[str, object]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends of the ties and how strongly each pulls: about 1, less across communities."""
    at = {v: i for i, v in enumerate(nodes)}
    edges = sorted(
        (*sorted((at[a], at[b])), max(float(w), 0.0), group.get(a) == group.get(b))
        for a, b, w in graph.edges(data="weight", default=1.0)
        if a != b
    )
    mean = math.fsum(w for _, _, w, _ in edges) / max(len(edges), 1) or 1.0
    pull = [math.sqrt(w / mean) * (1.0 if near else 0.3) for _, _, w, near in edges]
    return np.array([a for a, *_ in edges], dtype=int), np.array([b for _, b, *_ in edges], dtype=int), np.array(pull)


def _settled(places: np.ndarray, ties: tuple[np.ndarray, np.ndarray, np.ndarray], aspect: float) -> np.ndarray:
    """Move nodes by their forces in ever shorter steps, then stretch them over the page."""
    n, (a, b, pull) = len(places), ties
    if n == 2:
        return np.array([[0.3 * aspect, 0.5], [0.7 * aspect, 0.5]])
    for heat in np.linspace(0.12, 0.002, int(min(_STEPS, max(60, 60_000 / n)))):
        delta = places[:, None, :] - places[None, :, :]
        # Summed without matrix products, whose last bits change with the number of threads.
        push = 1 / n / np.maximum(np.einsum("ijk,ijk->ij", delta, delta), 1e-6)
        moved = np.einsum("ijk,ij->ik", delta, push) - 0.6 * places
        along = places[a] - places[b]
        along = along * (0.5 * math.sqrt(n) * pull * np.sqrt((along**2).sum(axis=1)))[:, None]
        for axis in (0, 1):
            moved[:, axis] += np.bincount(b, along[:, axis], n) - np.bincount(a, along[:, axis], n)
        length = np.sqrt((moved**2).sum(axis=1))
        places = places + moved / np.maximum(length, 1e-9)[:, None] * np.minimum(length, heat)[:, None]
    low, high = places.min(axis=0), places.max(axis=0)
    return (places - low) / np.maximum(high - low, 1e-9) * np.array([aspect, 1.0])
