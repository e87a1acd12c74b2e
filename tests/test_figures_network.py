"""Network maps: who is drawn, where, how thick, and that names can be read."""

import itertools

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.markers import MarkerStyle

from policylab.errors import ArgumentError
from policylab.figures import network_layout, plot_matrix, plot_network, style
from policylab.figures.appearance import COLOURS, MARKERS


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def two_groups(n=5, bridge=0.2):
    """Two full groups of n terms and a weak tie between them."""
    graph = nx.Graph()
    for group in "体教":
        names = [f"{group}育词{i}" for i in range(n)]
        graph.add_nodes_from((v, {"n_items": 10 * (i + 1)}) for i, v in enumerate(names))
        graph.add_edges_from((a, b, {"weight": 1.0}) for a, b in itertools.combinations(names, 2))
    graph.add_edge("体育词0", "教育词0", weight=bridge)
    return graph


def groups(graph):
    return pd.Series({v: 1 if v.startswith("体") else 2 for v in graph})


def shuffled(graph, seed=1):
    order = np.random.default_rng(seed)
    other = nx.Graph()
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    other.add_nodes_from(nodes[i] for i in order.permutation(len(nodes)))
    other.add_edges_from((b, a, data) for a, b, data in (edges[i] for i in order.permutation(len(edges))))
    return other


def points(ax):
    """Marker path, colour, place and size of all nodes, by collection."""
    return [c for c in ax.collections if isinstance(c, PathCollection)]


class TestLayout:
    def test_the_same_graph_and_seed_give_the_same_places_whatever_the_order_of_nodes_and_edges(self):
        graph = two_groups()
        assert network_layout(graph, seed=3) == network_layout(shuffled(graph), seed=3)

    def test_another_seed_gives_other_places(self):
        assert network_layout(two_groups(), seed=1) != network_layout(two_groups(), seed=2)

    def test_groups_that_hang_together_stand_together(self):
        graph = two_groups()
        places = network_layout(graph, communities=groups(graph))
        far = {
            same: np.mean(
                [np.hypot(*np.subtract(places[a], places[b])) for a, b in itertools.combinations(graph, 2) if (a[0] == b[0]) == same]
            )
            for same in (True, False)
        }
        assert far[False] > 1.7 * far[True]

    def test_places_fill_a_page_of_the_shape_asked_for(self):
        places = np.array(list(network_layout(two_groups(), aspect=2.0).values()))
        assert places.min(axis=0).tolist() == [0, 0]
        assert places.max(axis=0).tolist() == [2, 1]

    def test_one_node_stands_in_the_middle_and_two_side_by_side(self):
        assert network_layout(nx.Graph({"体育": []})) == {"体育": (0.75, 0.5)}
        assert {y for _, y in network_layout(nx.Graph([("体育", "美育")])).values()} == {0.5}

    @pytest.mark.parametrize(("name", "kwargs"), [("seed", {"seed": 0.5}), ("aspect", {"aspect": 0})])
    def test_what_is_not_allowed_is_named(self, name, kwargs):
        with pytest.raises(ArgumentError, match=f"{name}="):
            network_layout(two_groups(), **kwargs)


class TestMap:
    def test_every_tied_node_is_named_and_names_cover_neither_each_other_nor_nodes(self):
        ax = plot_network(two_groups())
        assert sorted(t.get_text() for t in ax.texts) == sorted(two_groups())
        ax.figure.draw_without_rendering()
        boxes = [t.get_window_extent() for t in ax.texts]
        assert not [1 for a, b in itertools.combinations(boxes, 2) if a.overlaps(b)]
        centres = [ax.transData.transform(c.get_offsets()) for c in points(ax)]
        assert not [1 for box in boxes for x, y in np.concatenate(centres) if box.contains(x, y)]

    def test_nodes_without_a_tie_are_left_out_and_counted(self):
        graph = two_groups()
        graph.add_nodes_from(["孤词甲", "孤词乙"], n_items=99)
        ax = plot_network(graph)
        assert "孤词甲" not in {t.get_text() for t in ax.texts}
        assert any("2 terms without a tie" in t.get_text() for t in ax.figure.texts)

    def test_of_too_many_nodes_those_in_most_items_are_drawn_ties_broken_by_name(self):
        ax = plot_network(two_groups(), max_nodes=3)
        assert sorted(t.get_text() for t in ax.texts) == ["体育词3", "体育词4"]  # 教育词4 is third, but has no tie to these
        assert any("The 2 commonest of 10 terms" in t.get_text() for t in ax.figure.texts)

    def test_at_most_60_nodes_on_a_page_and_30_in_a_column(self):
        graph = nx.cycle_graph([f"词{i:02d}" for i in range(70)])
        drawn = {}
        for width in (160, 80):
            with style(width=width):
                drawn[width] = sum(
                    len(c.get_offsets()) for c in points(plot_network(nx.compose(graph, nx.complete_graph(list(graph)[:60]))))
                )
        assert drawn == {160: 60, 80: 30}

    def test_communities_differ_in_colour_and_shape_and_the_legend_names_their_commonest_terms(self):
        graph = two_groups()
        ax = plot_network(graph, communities=groups(graph))
        assert {to_hex(c.get_facecolor()[0]).upper() for c in points(ax)} == set(COLOURS[:2])
        shapes = [c.get_paths()[0].vertices.tolist() for c in points(ax)]
        drawn = [MarkerStyle(m).get_path().transformed(MarkerStyle(m).get_transform()).vertices.tolist() for m in MARKERS[:2]]
        assert sorted(map(str, shapes)) == sorted(map(str, drawn))
        assert [t.get_text() for t in ax.figure.legends[0].get_texts()] == ["体育词4、体育词3、体育词2", "教育词4、教育词3、教育词2"]

    def test_beyond_eight_communities_nodes_are_grey(self):
        graph = nx.path_graph([f"词{i}" for i in range(9)])
        ax = plot_network(graph, communities={v: i for i, v in enumerate(graph)})
        assert ax.figure.legends[0].get_texts()[-1].get_text() == "其余 others"

    def test_the_more_items_the_larger_the_node_and_the_stronger_the_tie_the_thicker(self):
        ax = plot_network(two_groups(bridge=0.2))
        sizes = sorted({round(s) for s in points(ax)[0].get_sizes()})
        assert np.allclose(np.array(sizes) / sizes[0], [1, 2, 3, 4, 5], atol=0.05)
        assert sorted({round(float(w), 2) for w in ax.collections[0].get_linewidths()}) == [0.4, 2.6]

    def test_ties_that_few_resamples_have_are_pale_and_lie_below(self):
        graph = nx.Graph()
        for a, b, support in (("甲", "乙", 0.95), ("乙", "丙", 0.6), ("甲", "丙", 0.2)):
            graph.add_edge(a, b, weight=1.0, support=support)
        ax = plot_network(graph)
        assert [to_hex(c) for c in ax.collections[0].get_colors()] == ["#d6d6d6", "#9a9a9a", "#555555"]
        assert any("share of resamples" in t.get_text() for t in ax.figure.texts)

    def test_a_node_keeps_its_place_from_period_to_period(self):
        whole = two_groups()
        places = network_layout(whole)
        later = whole.subgraph([v for v in whole if v.startswith("体")])
        ax = plot_network(later, positions=places)
        drawn = {tuple(np.round(xy, 4)) for c in points(ax) for xy in c.get_offsets().tolist()}
        assert drawn == {places[v] for v in later}

    def test_the_map_is_the_same_whatever_the_order_of_nodes_and_edges(self):
        maps = [plot_network(g, communities=groups(g)) for g in (two_groups(), shuffled(two_groups()))]
        texts = [[(t.get_text(), t.get_position()) for t in ax.texts] for ax in maps]
        assert texts[0] == texts[1]

    def test_without_ties_a_sentence_says_so_and_what_is_no_graph_is_refused(self):
        assert "No ties" in plot_network(nx.Graph({"体育": []})).texts[0].get_text()
        with pytest.raises(ArgumentError, match=r"graph is a dict.*cooccurrence"):
            plot_network({})


class TestMatrix:
    def test_communities_stand_beside_each_other_the_commonest_terms_first(self):
        graph = two_groups(n=2)
        ax = plot_matrix(graph, communities=groups(graph))
        assert [t.get_text() for t in ax.get_yticklabels()] == ["体育词1", "体育词0", "教育词1", "教育词0"]
        cells = ax.images[0].get_array()
        assert cells.filled(0).tolist() == [[0, 1, 0, 0], [1, 0, 0, 0.2], [0, 0, 0, 1], [0, 0.2, 1, 0]]
        assert [line.get_ydata()[0] for line in ax.lines[::2]] == [1.5]
