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


def below(ax):
    """All lines under a map, unfolded."""
    return " ".join(t.get_text().replace("\n", " ") for t in ax.figure.texts)


def points(ax):
    """Marker path, colour, place and size of all nodes, by collection."""
    return [c for c in ax.collections if isinstance(c, PathCollection)]


class TestLayout:
    def test_the_same_graph_and_seed_give_the_same_places_whatever_the_order_of_nodes_and_edges(self):
        graph = two_groups()
        assert network_layout(graph, seed=3) == network_layout(shuffled(graph), seed=3)

    def test_another_seed_gives_other_places(self):
        assert network_layout(two_groups(), seed=1) != network_layout(two_groups(), seed=2)

    def test_names_have_room_beside_each_other(self):
        graph = nx.complete_graph([f"长长的词{i}" for i in range(12)])
        places = np.array(list(network_layout(graph).values()))
        gaps = [np.abs(a - b) for a, b in itertools.combinations(places, 2)]
        assert all(x > 0.15 or y > 0.05 for x, y in gaps)

    def test_two_thousand_nodes_stand_by_their_groups(self):
        blocks = nx.Graph()
        draw = np.random.default_rng(0)
        for a, b in draw.integers(0, 2000, (8000, 2)).tolist():
            other = a // 100 * 100 + b % 100  # in a's hundred
            blocks.add_edge(f"词{a:04d}", f"词{other if draw.random() < 0.9 else b:04d}")
        places = network_layout(blocks, communities={v: int(v[1:]) // 100 for v in blocks})
        tied = np.mean([np.hypot(*np.subtract(places[a], places[b])) for a, b in blocks.edges])
        nodes = sorted(places)
        anyhow = np.mean([np.hypot(*np.subtract(places[a], places[b])) for a, b in zip(nodes, nodes[1000:] + nodes[:1000], strict=True)])
        assert tied < 0.4 * anyhow

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

    def test_of_too_many_nodes_those_whose_ties_weigh_most_are_drawn_the_commoner_of_equals(self):
        ax = plot_network(two_groups(bridge=0), max_nodes=3)
        assert sorted(t.get_text() for t in ax.texts) == ["体育词2", "体育词3", "体育词4"]  # 教育词4 is not tied to these
        assert "Drawn: 3 of 10 terms with ties, the most strongly tied, and to each other." in below(ax)

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
        ax = plot_network(graph, min_support=0)
        assert [to_hex(c) for c in ax.collections[0].get_colors()] == ["#d6d6d6", "#9a9a9a", "#555555"]
        assert any("share of resamples" in t.get_text() for t in ax.figure.texts)

    def test_ties_of_too_little_support_are_not_drawn_but_counted(self):
        graph = nx.Graph()
        for a, b, support in (("甲", "乙", 0.95), ("乙", "丙", 0.5), ("甲", "丙", 0.49), ("丙", "丁", None)):
            graph.add_edge(a, b, weight=1.0, **({"support": support} if support else {}))
        ax = plot_network(graph)
        assert len(ax.collections[0].get_segments()) == 3  # 丙—丁 has no support that could be too low
        assert "1 tie with a support under 50 % left out" in below(ax)
        assert [t.get_text() for t in ax.figure.legends[-1].get_texts()] == ["≥ 80 % 支持度 support", "50–80 % 支持度 support"]
        assert "3 have too little support" in plot_network(graph.edge_subgraph(list(graph.edges)[:3]), min_support=1.0).texts[0].get_text()

    @pytest.mark.parametrize("value", [-0.1, 1.1, "0.5", True])
    def test_a_support_that_is_no_share_is_refused(self, value):
        with pytest.raises(ArgumentError, match="min_support="):
            plot_network(two_groups(), min_support=value)

    def test_a_node_keeps_its_place_on_the_page_and_its_colour_from_period_to_period(self):
        whole = two_groups()
        places, communities = network_layout(whole), groups(whole)
        seen = []
        for year in (whole, whole.subgraph([v for v in whole if v.startswith("教")])):
            ax = plot_network(year, positions=places, communities=communities)
            ax.figure.draw_without_rendering()
            page = ax.figure.dpi_scale_trans.inverted()
            spots = {}
            for c in points(ax):
                for x, y in c.get_offsets().tolist():
                    place = np.round(page.transform(ax.transData.transform((x, y))) - (0, ax.figure.get_size_inches()[1]), 2)
                    spots[round(x, 4), round(y, 4)] = (*place.tolist(), to_hex(c.get_facecolor()[0]))
            seen.append(spots)
        assert {places[v] for v in whole if v.startswith("教")} == set(seen[1])
        assert seen[1].items() <= seen[0].items()

    def test_a_community_has_an_area_around_it_unless_another_node_stands_in_it(self):
        graph = nx.Graph([("甲", "乙"), ("乙", "丙"), ("丙", "甲"), ("丁", "戊"), ("戊", "己"), ("己", "丁"), ("甲", "丁")])
        communities = dict.fromkeys("甲乙丙", 1) | dict.fromkeys("丁戊己", 2)
        apart = {"甲": (0, 0), "乙": (1, 0), "丙": (0.5, 1), "丁": (3, 0), "戊": (4, 0), "己": (3.5, 1)}
        colours = [
            to_hex(p.get_facecolor()).upper() for p in plot_network(graph, communities=communities, positions=apart).patches if p.get_fill()
        ]
        assert colours == list(COLOURS[:2])
        mixed = apart | {"丁": (0.5, 0.4)}  # within the first, so the first has none; the second is clear of the first's nodes
        colours = [
            to_hex(p.get_facecolor()).upper() for p in plot_network(graph, communities=communities, positions=mixed).patches if p.get_fill()
        ]
        assert colours == [COLOURS[1]]

    def test_communities_may_bear_names(self):
        graph = two_groups()
        ax = plot_network(graph, communities=groups(graph).map({1: "体育活动", 2: "教育教学"}))
        assert [t.get_text() for t in ax.figure.legends[0].get_texts()] == ["体育活动", "教育教学"]

    def test_the_eight_communities_with_most_nodes_on_the_map_are_told_apart(self):
        graph = nx.relabel_nodes(nx.path_graph(11), lambda i: f"词{i:02d}")
        communities = {v: i + 1 for i, v in enumerate(graph)} | {"词09": 9, "词10": 9}  # the ninth by number, but the largest here
        names = [t.get_text() for t in plot_network(graph, communities=communities).figure.legends[0].get_texts()]
        assert {"词08", "词09", "词10"} in [set(name.split("、")) for name in names]
        assert names[-1] == "其余 others"

    def test_plans_are_white_squares_of_their_own_and_come_before_terms(self):
        graph = nx.Graph()
        graph.add_node("甲区-2024", mode="plan")
        for i in range(6):
            graph.add_node(f"词{i}", mode="term", n_items=10 - i)
            graph.add_edge("甲区-2024", f"词{i}", weight=1.0)
        ax = plot_network(graph, max_nodes=4)
        assert sorted(t.get_text() for t in ax.texts) == ["甲区-2024", "词0", "词1", "词2"]
        assert "#ffffff" in {to_hex(c.get_facecolor()[0]) for c in points(ax)}
        assert "(3 terms, 1 plan, 3 ties)" in ax.get_title(loc="left")
        coloured = plot_network(graph, communities={f"词{i}": 1 for i in range(6)})
        assert [t.get_text() for t in coloured.figure.legends[0].get_texts()] == ["词0、词1、词2", "计划 plans"]

    def test_the_network_of_one_term_has_it_ringed_in_the_middle_and_keeps_the_strongest_ties(self):
        graph = nx.Graph(ego="课程")
        for i in range(8):
            graph.add_node(f"词{i}", n_items=100 - i)
            graph.add_edge("课程", f"词{i}", weight=1.0 + i)
        assert network_layout(graph)["课程"] == (0.75, 0.5)
        ax = plot_network(graph, max_nodes=3)
        assert sorted(t.get_text() for t in ax.texts) == ["词6", "词7", "课程"]
        [ring] = [line for line in ax.lines if line.get_marker() == "o"]
        assert ring.get_xydata().tolist() == [[0.75, 0.5]]
        assert "课程" in ax.get_title(loc="left")

    def test_of_hundreds_of_nodes_the_commonest_are_named_and_the_others_counted(self):
        graph = nx.relabel_nodes(nx.random_geometric_graph(300, 0.1, seed=1), lambda i: f"词{i:03d}")
        nx.set_node_attributes(graph, {v: 300 - i for i, v in enumerate(sorted(graph))}, "n_items")
        ax = plot_network(graph, max_nodes=300)
        named = {t.get_text() for t in ax.texts}
        tied = [v for v in sorted(graph) if graph.degree[v]]
        assert 20 < len(named) <= 60
        assert named <= set(tied[:60])
        assert f"{len(tied) - len(named)} names did not fit" in below(ax)

    def test_the_map_is_the_same_whatever_the_order_of_nodes_and_edges(self):
        maps = [plot_network(g, communities=groups(g)) for g in (two_groups(), shuffled(two_groups()))]
        texts = [[(t.get_text(), t.get_position()) for t in ax.texts] for ax in maps]
        assert texts[0] == texts[1]

    def test_without_ties_a_sentence_says_so_and_what_is_no_graph_is_refused(self):
        assert "No ties" in plot_network(nx.Graph({"体育": []})).texts[0].get_text()
        with pytest.raises(ArgumentError, match=r"graph is a dict.*cooccurrence"):
            plot_network({})


class TestMatrix:
    def test_communities_stand_beside_each_other_the_strongest_terms_first(self):
        graph = two_groups(n=2)
        ax = plot_matrix(graph, communities=groups(graph))
        assert [t.get_text() for t in ax.get_yticklabels()] == ["体育词0", "体育词1", "教育词0", "教育词1"]
        cells = ax.images[0].get_array()
        assert cells.filled(0).tolist() == [[0, 1, 0.2, 0], [1, 0, 0, 0], [0.2, 0, 0, 1], [0, 0, 1, 0]]
        assert [(box.get_xy(), box.get_width()) for box in ax.patches] == [((-0.5, -0.5), 2), ((1.5, 1.5), 2)]

    def test_support_stands_below_the_diagonal_and_weight_above(self):
        graph = nx.Graph()
        graph.add_edge("甲", "乙", weight=0.7, support=0.9)
        ax = plot_matrix(graph)
        weight, support = (image.get_array().filled(0).tolist() for image in ax.images)
        assert weight == [[0, 0.7], [0, 0]]
        assert support == [[0, 0], [0.9, 0]]
        assert "Above the diagonal weight, below it support" in below(ax)

    def test_named_communities_are_listed_in_the_order_of_their_boxes(self):
        graph = two_groups(n=2)
        ax = plot_matrix(graph, communities=groups(graph).map({1: "体育", 2: "教育"}))
        assert "体育；教育" in below(ax)
