"""The strategic diagram: how central and how dense each community is, and how sure its place on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.networks.drawn import enough_plans, strewn
from policylab.networks.graph import cooccurrence
from policylab.networks.naming import grouped, name_communities
from policylab.networks.resampling import Tallies, enough_draws, nearest, tallies
from policylab.networks.thinning import backbone
from policylab.parallel import task_seeds

QUADRANTS = {(True, True): "motor", (True, False): "basic", (False, True): "niche", (False, False): "emerging or declining"}
ENDS = (2.5, 97.5)
WORLDS, DRAWS = 5, 40  # in which terms go with any terms, and resamples of each


def theme_map(
    graph: nx.Graph,
    *,
    communities: pd.Series,
    counts: TermMatrix | None = None,
    by: str = "plan",
    n_boot: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Place each community by its ties to the others (centrality) and its ties within (density), and tell how sure its place is.

    Centrality is 10 times the sum of the weights of a theme's ties to terms outside it, density 100 times the sum of the weights of its
    inner ties over the number of its terms (Callon, Courtial & Laville 1991). They, and Cobo et al. (2011) after them, weigh ties by
    the equivalence index; with another `measure` these are the same sums of other weights. The quadrants part at the medians of the themes
    on the map; a theme that stands at a median (with an odd number of themes, one always does) counts as central, or as dense. Medians part
    any themes, also such as do not differ: with `counts` the map tells which stay where they are when other plans are drawn. Centrality
    is a sum, so that it grows with the terms of a theme: compare the places of themes of about one size, and `quadrant_support` with
    `chance`, which is far above a quarter, as sizes do not change from draw to draw.

    Parameters
    ----------
    graph : networkx.Graph
        Best a `backbone`; edges carry `weight`.
    communities : Series
        Node → community, as `communities` gives it, or ``consensus_communities(...).communities``.
    counts : TermMatrix, optional
        The counts that the graph is the `nearest` backbone (or the whole co-occurrence graph) of. Plans are then drawn with replacement
        (Efron 1979), and the backbone, both sums and the medians are found anew each time, with the communities held fixed.
    by : str
        What is drawn: the column of ``counts.docs`` whose values are independent; `place` where each has many years. Where it has one
        value only the items are drawn (`attrs` says so): variation within this plan.
    n_boot : int
        Resamples, at least 20.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame
        One row for each community of two terms or more, most central first: `theme, label` (its three most central terms), `n_terms`,
        `n_items` (sum over its terms), `centrality, density, quadrant` (motor 动机, basic 基础, niche 专门, emerging or declining
        新兴或衰退). With `counts` also `quadrant_support` (0–1: share of the resamples in which the theme falls into this quadrant),
        `chance` (what that share would be of terms that go with any terms: the mean over 5 worlds in which each term is dealt anew over
        the items of each plan, with the communities as they are) and `centrality_low, centrality_high, density_low, density_high`
        (between them lie the middle 95 % of the resamples, each scaled so that its median is the map's: communities were found so as to
        have few ties between them in this very graph, so that all of them have more in a resample). ``attrs`` says what was drawn.

    Raises
    ------
    ArgumentError
        If a node has no community, or the graph is not made of `counts`.
    TooFewPlansError
        If there are fewer than two communities of two terms, or two plans to draw from.

    Examples
    --------
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from([("体育", "美育", 1.0), ("食堂", "营养", 0.5), ("体育", "食堂", 0.2)])
    >>> groups = pd.Series({"体育": 1, "美育": 1, "食堂": 2, "营养": 2})
    >>> theme_map(graph, communities=groups)[["label", "centrality", "density"]].values.tolist()
    [['体育·美育', 2.0, 50.0], ['营养·食堂', 2.0, 25.0]]
    """
    themes = _Themes.of(graph, communities)
    nodes = {v: i for i, v in enumerate(themes.nodes)}
    ties = sorted((*sorted((nodes[a], nodes[b])), float(w)) for a, b, w in graph.edges(data="weight", default=1.0))
    a, b, weight = np.array(ties).reshape(-1, 3).T
    centrality, density = themes.places(a.astype(int), b.astype(int), weight)
    table = themes.table(graph, communities)
    table["centrality"], table["density"] = centrality, density
    central, dense = _sides(centrality), _sides(density)
    table["quadrant"] = [QUADRANTS[bool(c), bool(d)] for c, d in zip(central, dense, strict=True)]
    if counts is not None:
        enough_draws(n_boot)
        drawn, chance, what = _drawn(graph, counts, themes, by, n_boot, seed)
        same = (_sides(drawn[:, 0]) == central) & (_sides(drawn[:, 1]) == dense)
        table["quadrant_support"], table["chance"] = same.mean(axis=0), chance
        for at, name in enumerate(("centrality", "density")):
            table[f"{name}_low"], table[f"{name}_high"] = np.percentile(_scaled(drawn[:, at], table[name].to_numpy()), ENDS, axis=0)
        table.attrs.update(resampled=what, by=by, n_boot=n_boot, seed=seed)
    return table.sort_values(["centrality", "density", "label"], ascending=[False, False, True], kind="stable", ignore_index=True)


def _sides(values: np.ndarray) -> np.ndarray:
    """Tell which themes are at their median or above, in each resample."""
    return values >= np.round(np.median(values, axis=-1, keepdims=True), 9)


def _scaled(drawn: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Scale each resample so that its median is that of the map; where either is 0, leave it."""
    own, wanted = np.median(drawn, axis=1, keepdims=True), np.median(values)
    return drawn * np.divide(wanted, own, out=np.ones_like(own), where=(own > 0) & (wanted > 0))


@dataclass(frozen=True)
class _Themes:
    """Communities of two terms or more: number of each node's theme, or one past the last where it is in none."""

    nodes: list[str]
    names: list[Any]
    of_node: np.ndarray
    n_terms: np.ndarray

    @classmethod
    def of(cls, graph: nx.Graph, communities: pd.Series) -> _Themes:
        group = grouped(graph, communities)
        size = pd.Series(group).value_counts()
        names = sorted(size.index[size > 1])
        if len(names) < 2:
            raise TooFewPlansError(
                f"{len(names)} community of two terms or more is at hand; a map needs 2. Count more terms or keep more ties."
            )
        number = {c: k for k, c in enumerate(names)}
        return cls(list(group), names, np.array([number.get(c, len(names)) for c in group.values()]), size[names].to_numpy())

    def places(self, a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Give centrality and density of each theme from the ends (numbers of nodes) and weights of the ties."""
        within, k = self.of_node[a] == self.of_node[b], len(self.names)
        inner = np.bincount(self.of_node[a[within]], weight[within], minlength=k + 1)
        ends, twice = np.concatenate([a[~within], b[~within]]), np.tile(weight[~within], 2)
        outer = np.bincount(self.of_node[ends], twice, minlength=k + 1)
        return np.round([10 * outer[:k], 100 * inner[:k] / self.n_terms], 9)

    def table(self, graph: nx.Graph, communities: pd.Series) -> pd.DataFrame:
        """Name, terms and items of each theme."""
        items = np.array([float(graph.nodes[v].get("n_items", 0)) for v in self.nodes])
        n_items = np.bincount(self.of_node, items, minlength=len(self.names) + 1)[: len(self.names)].astype(int)
        label = name_communities(graph, communities=communities)
        return pd.DataFrame({"theme": self.names, "label": label[self.names].to_numpy(), "n_terms": self.n_terms, "n_items": n_items})


def _drawn(graph: nx.Graph, counts: TermMatrix, themes: _Themes, by: str, n_boot: int, seed: int) -> tuple[np.ndarray, np.ndarray, str]:
    """Give centrality and density (resample × 2 × theme) of drawn plans, how sure quadrants would be by chance, and what was drawn."""
    made, neighbours = _made_of(graph, counts)
    tally = _tally(counts, made, by)
    if not tally.names and made["unit"] == "both":
        raise ArgumentError(f"counts hold one {by} only, whose items are drawn; make the graph with unit='item' (it has unit='both').")
    enough_plans(tally)
    drawn = _places(tally, counts, themes, tally.draws(n_boot, seed), made["measure"], neighbours)
    by_chance = []
    for one in task_seeds(seed, WORLDS):
        world = strewn(counts, one)
        tally = _tally(world, made, by)
        draws = np.concatenate([np.ones((1, len(tally.tables[0][2]))), tally.draws(DRAWS, one)])
        central, dense = (_sides(values) for values in np.swapaxes(_places(tally, world, themes, draws, made["measure"], neighbours), 0, 1))
        by_chance.append(((central[1:] == central[0]) & (dense[1:] == dense[0])).mean(axis=0))
    return drawn, np.mean(by_chance, axis=0), tally.what


def _tally(counts: TermMatrix, made: dict[str, Any], by: str) -> Tallies:
    pairs = cooccurrence(counts, measure="raw", unit=made["unit"], min_together=made["min_together"]).edges
    return tallies(counts, pairs, unit=made["unit"], by=by)


def _places(tally: Tallies, counts: TermMatrix, themes: _Themes, draws: np.ndarray, measure: str, neighbours: int) -> np.ndarray:
    """Give centrality and density of each theme on the backbone of each draw (draw × 2 × theme)."""
    number = {v: i for i, v in enumerate(themes.nodes)}
    column = np.array([number[v] for v in counts.terms])
    drawn = []
    for weights in tally.weights(draws, measure=measure):
        for weight in weights:
            kept = nearest(weight, tally.a, tally.b, neighbours)
            drawn.append(themes.places(column[tally.a[kept]], column[tally.b[kept]], weight[kept]))
    return np.array(drawn)


def _made_of(graph: nx.Graph, counts: TermMatrix) -> tuple[dict[str, Any], int]:
    """Give the settings that a graph was made with, and how many neighbours its backbone kept: the number that gives its ties again."""
    made = {name: graph.graph.get(name) for name in ("measure", "unit", "min_together")}
    if None in made.values():
        raise ArgumentError("graph does not say how it was made; give a backbone of cooccurrence(counts), or leave counts out.")
    if set(graph) != set(counts.terms):
        odd = sorted(set(graph) ^ set(counts.terms))[0]
        raise FrameError(f"graph and counts do not have the same terms ({odd!r} is in one of them); give the counts the graph is made of.")
    full, wanted = cooccurrence(counts, **made), {tuple(sorted(edge)) for edge in graph.edges}
    low, high = 1, max(len(graph) - 1, 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if backbone(full, neighbours=middle).number_of_edges() >= len(wanted) else (middle + 1, high)
    if {tuple(sorted(edge)) for edge in backbone(full, neighbours=low).edges} != wanted:
        raise ArgumentError(
            f"graph has {len(wanted)} ties, and no number of neighbours gives these from counts; give the counts it is made of and a "
            "backbone of method='nearest', or leave counts out."
        )
    return made, low
