"""Where the nodes of a network stand on the page: the same for the same graph and seed, on any number of threads."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

import networkx as nx
import numpy as np
import pandas as pd

from policylab.errors import ArgumentError
from policylab.figures import wording
from policylab.figures.selection import groups_of

_STEPS = 300
_BLOCK = 32  # rows of distances reckoned at once: they stay in the processor's cache
_LINE, _LETTER = 0.055, 0.03  # height of a name and width of a character, as shares of the page's height


def network_layout(
    graph: nx.Graph, *, communities: pd.Series | Mapping[str, object] | None = None, seed: int = 0, aspect: float = 1.5
) -> dict[str, tuple[float, float]]:
    """Give each node a place on the page: tied nodes near each other, others apart (Fruchterman & Reingold 1991, with gravity).

    Hand the result to `plot_network(graph, positions=...)` of several periods, so that a node keeps its place from figure to figure.

    Parameters
    ----------
    graph : networkx.Graph
        Edges carry `weight`; order of nodes and edges does not count. A term that ``graph.graph["ego"]`` names stands in the middle.
    communities : Series or mapping, optional
        Node → community; a community stays together. Missing ones are none.
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
    group = groups_of(communities)
    nodes = _walk(graph, group)
    ego = nodes.index(graph.graph["ego"]) if graph.graph.get("ego") in graph else None
    if len(nodes) < 2:
        return dict.fromkeys(nodes, (aspect / 2, 0.5))
    if len(nodes) == 2:
        places = np.array([[0.3 * aspect, 0.5], [0.7 * aspect, 0.5]])
    else:
        parts = [group.get(v) for v in nodes]
        settled = _settled(_ring(len(nodes), int(seed)), _ties(graph, nodes, group), _numbers(parts), ego)
        widths = np.array([min(wording.ems(str(v)), 8.0) for v in nodes])
        places = _apart(_on_page(settled, aspect, ego), widths, aspect, ego)
    return {
        v: (round(float(x), 4), round(float(y), 4)) for v, (x, y) in sorted(zip(nodes, places, strict=True), key=lambda one: str(one[0]))
    }


def _walk(graph: nx.Graph, group: Mapping[str, object]) -> list:
    """Order the nodes so that those tied come soon after each other: communities side by side, each walked from its strongest node."""
    strength = {v: math.fsum(sorted(float(w) for _, u, w in graph.edges(v, data="weight", default=1.0) if u != v)) for v in graph}
    ranked = sorted(graph, key=lambda v: (str(group.get(v, "")), -round(strength[v], 9), str(v)))
    seen: set = set()
    order = []
    for first in ranked:
        waiting = deque([first] if first not in seen else [])
        seen.add(first)
        while waiting:
            v = waiting.popleft()
            order.append(v)
            near = [u for u in graph[v] if u not in seen and group.get(u) == group.get(v)]
            near.sort(key=lambda u: (-float(graph.edges[v, u].get("weight", 1.0)), str(u)))
            seen.update(near)
            waiting.extend(near)
    return order


def _numbers(parts: list) -> np.ndarray:
    """Give each node the number of its community, -1 where it has none."""
    number = {c: i for i, c in enumerate(dict.fromkeys(c for c in parts if c is not None and not pd.isna(c)))}
    return np.array([number.get(c, -1) for c in parts])


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


def _settled(places: np.ndarray, ties: tuple[np.ndarray, np.ndarray, np.ndarray], part: np.ndarray, ego: int | None) -> np.ndarray:
    """Move nodes by their forces in ever shorter steps."""
    n, (a, b, pull) = len(places), ties
    grouped = np.flatnonzero(part >= 0)
    members = np.bincount(part[grouped]) if len(grouped) else np.ones(1)
    if ego is not None:
        places[ego] = 0
    for heat in np.linspace(0.12, 0.002, int(min(_STEPS, max(60, 60_000 / n)))):
        moved = _push(places) - 0.6 * places
        along = places[a] - places[b]
        along = along * (0.5 * math.sqrt(n) * pull * np.sqrt((along**2).sum(axis=1)))[:, None]
        for axis in (0, 1):
            moved[:, axis] += np.bincount(b, along[:, axis], n) - np.bincount(a, along[:, axis], n)
            middle = np.bincount(part[grouped], places[grouped, axis], len(members)) / members
            moved[grouped, axis] += 0.5 * (middle[part[grouped]] - places[grouped, axis])
        length = np.sqrt((moved**2).sum(axis=1))
        step = moved / np.maximum(length, 1e-9)[:, None] * np.minimum(length, heat)[:, None]
        if ego is not None:
            step[ego] = 0
        places = places + step
    return places


def _push(places: np.ndarray) -> np.ndarray:
    """Sum for each node how all others push it away, without matrix products, whose last bits change with the number of threads."""
    n = len(places)
    x, y = places.T.astype(np.float32 if n > 500 else np.float64)  # of many only roughly, in half the time
    push = np.empty_like(places)
    for rows in (slice(i, i + _BLOCK) for i in range(0, n, _BLOCK)):
        dx, dy = x[rows, None] - x, y[rows, None] - y
        near = 1 / np.maximum(n * (dx * dx + dy * dy), n * 1e-6)
        push[rows, 0], push[rows, 1] = (dx * near).sum(axis=1), (dy * near).sum(axis=1)
    return push


def _on_page(places: np.ndarray, aspect: float, ego: int | None) -> np.ndarray:
    """Stretch the places over the page, one term in its middle if the network is that term's."""
    if ego is not None:
        reach = np.maximum(np.abs(places - places[ego]).max(axis=0), 1e-9)
        return (0.5 + 0.5 * (places - places[ego]) / reach) * np.array([aspect, 1.0])
    spare = 0.005 if len(places) > 250 else 0.0  # of many a few far ones would press all others together
    low, high = np.quantile(places, [spare, 1 - spare], axis=0)
    return np.clip((places - low) / np.maximum(high - low, 1e-9), 0, 1) * np.array([aspect, 1.0])


def _apart(places: np.ndarray, widths: np.ndarray, aspect: float, ego: int | None) -> np.ndarray:
    """Shift nodes whose names (`widths` characters) would cover each other to where each has room, as far as the page has it."""
    n, page = len(places), np.array([aspect, 1.0])
    if n > 250:  # names of so many cannot be read anyhow
        return places
    box = np.column_stack([_LETTER * (widths + 1), np.full(n, _LINE)])
    box *= min(1.0, math.sqrt(0.4 * aspect / float((box[:, 0] * box[:, 1]).sum())))
    reach = (box[:, None, :] + box[None, :, :]) / 2
    tie_break = np.sign(np.arange(n)[None, :] - np.arange(n)[:, None])[..., None]
    for _ in range(80):
        delta = places[:, None, :] - places[None, :, :]
        over = reach - np.abs(delta)
        touching = (over > 1e-6).all(axis=2) & (tie_break[..., 0] != 0)
        if not touching.any():
            break
        across = over[..., 0] / reach[..., 0] <= over[..., 1] / reach[..., 1]
        sign = np.where(delta == 0, tie_break, np.sign(delta))
        shift = 0.3 * over * sign * np.stack([touching & across, touching & ~across], axis=2)
        moved = np.clip(shift.sum(axis=1), -box, box)
        if ego is not None:
            moved[ego] = 0
        places = np.clip(places + moved, 0, page)
    return places
