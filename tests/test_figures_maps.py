"""Network maps: which part of a network they show, and what they say of the rest."""

import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from policylab.errors import ArgumentError
from policylab.figures import network_layout, plot_matrix, plot_network, style
from policylab.figures.appearance import COLOURS


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def below(ax):
    """All lines under a map, unfolded."""
    return " ".join(t.get_text().replace("\n", " ") for t in ax.figure.texts)


def legends(ax):
    return [[t.get_text() for t in legend.get_texts()] for legend in ax.figure.legends]


def named(ax):
    return sorted(t.get_text() for t in ax.texts)


def families():
    """Three families of four rare words each, the first two words of each most strongly tied, and six common words loosely tied."""
    graph, group = nx.Graph(), {}
    for family, weight in (("甲", 0.9), ("乙", 0.8), ("丙", 0.7)):
        words = [f"{family}{i}" for i in range(4)]
        graph.add_nodes_from(words, n_items=5)
        graph.add_edges_from(((a, b) for a, b in itertools.combinations(words, 2)), weight=0.5)
        graph.edges[words[0], words[1]]["weight"] = weight
        group |= dict.fromkeys(words, family)
    common = [f"常{i}" for i in range(6)]
    graph.add_nodes_from(common, n_items=500)
    nx.add_path(graph, common, weight=0.1)
    return graph, pd.Series(group | dict.fromkeys(common, "常用"))


def plans_and_terms(n_plans=25, n_terms=20):
    """Each plan tied to three terms."""
    graph = nx.Graph()
    for i in range(n_plans):
        graph.add_node(f"计划{i:02d}", mode="plan", n_items=100 - i)
        for j in range(3):
            graph.add_node(f"词{(i + j) % n_terms:02d}", mode="term", n_items=10)
            graph.add_edge(f"计划{i:02d}", f"词{(i + j) % n_terms:02d}", weight=1.0)
    return graph


class TestWhatIsDrawn:
    def test_three_central_words_of_each_community_come_before_any_other_however_common(self):
        graph, group = families()
        ax = plot_network(graph, communities=group, max_nodes=13)
        # inner words of the path weigh the same: the first three by name; of the strongest ties those of 甲0, 乙0, 丙0 come in this order,
        # and the first with an end not yet there is 丙0–丙3
        assert named(ax) == ["丙0", "丙1", "丙2", "丙3", "乙0", "乙1", "乙2", "常1", "常2", "常3", "甲0", "甲1", "甲2"]

    def test_of_few_nodes_a_fourth_as_many_communities_have_their_centre_and_the_strongest_ties_the_rest(self):
        graph, group = families()  # with 8 nodes two communities: the largest, and of the others 丙 by name
        ax = plot_network(graph, communities=group, max_nodes=8)
        assert named(ax) == ["丙0", "丙1", "丙2", "常1", "常2", "常3", "甲0", "甲1"]

    def test_after_three_words_of_each_community_the_ends_of_the_strongest_ties_come(self):
        graph = nx.Graph()
        words = [f"甲{i}" for i in range(8)]
        nx.add_star(graph, words[:5], weight=0.5)  # one community about 甲0
        graph.add_edge("甲5", "甲6", weight=0.9)
        graph.add_edge("甲6", "甲0", weight=0.3)
        graph.add_edge("甲7", "甲0", weight=0.6)
        group = dict.fromkeys(words[:5], 1) | {"甲5": 2, "甲6": 3, "甲7": 4}  # these stand alone in theirs
        assert named(plot_network(graph, communities=group, max_nodes=5)) == ["甲0", "甲1", "甲2", "甲5", "甲6"]
        assert named(plot_network(graph, communities=group, max_nodes=6)) == ["甲0", "甲1", "甲2", "甲5", "甲6", "甲7"]

    def test_without_communities_those_whose_ties_weigh_most(self):
        graph, _ = families()  # 甲0 and 甲1: 0.9 + 0.5 + 0.5
        assert named(plot_network(graph, max_nodes=4)) == ["乙0", "乙1", "甲0", "甲1"]

    def test_every_node_drawn_is_tied_to_another_that_is_drawn(self):
        graph, group = families()
        for n in range(2, 18):
            drawn = named(plot_network(graph, communities=group, max_nodes=n))
            assert len(drawn) <= n
            assert all(degree for _, degree in graph.subgraph(drawn).degree)

    def test_of_a_community_named_after_its_most_central_words_one_of_them_stands_on_the_map(self):
        graph, group = families()
        names = group.map({"甲": "甲0·甲1", "乙": "乙0·乙1", "丙": "丙0·丙1", "常用": "常1·常2"})
        ax = plot_network(graph, communities=names, max_nodes=13)
        assert all(set(name.split("·")) & set(named(ax)) for name in legends(ax)[0])

    def test_the_matrix_shows_the_same(self):
        graph, group = families()
        labels = sorted(t.get_text() for t in plot_matrix(graph, communities=group, max_nodes=8).get_yticklabels())
        assert labels == named(plot_network(graph, communities=group, max_nodes=8))

    def test_ties_with_an_end_outside_are_counted(self):
        graph, group = families()  # 6 ties of each family and 5 of the path: 23, of which 3 + 2 + 1 are drawn
        ax = plot_network(graph, communities=group, max_nodes=8)
        assert "(8 terms, 6 ties)" in ax.get_title(loc="left")
        assert "有联系的 18 个词中画出 8 个：先取最大几群的中心，再取最强联系的两端。" in below(ax)
        assert "另有 17 条联系的一端或两端未画。17 ties not shown" in below(ax)
        assert "not shown" not in below(plot_network(graph, communities=group))


class TestMissingCommunities:
    def test_nodes_whose_community_is_missing_are_grey_and_pull_nowhere(self):
        graph, group = families()
        numbers = group.map({"甲": 1, "乙": 2, "丙": 3}).astype("Int64")  # the common words have none
        assert numbers.isna().sum() == 6
        known = numbers.dropna()
        assert network_layout(graph, communities=numbers) == network_layout(graph, communities=known)
        ax = plot_network(graph, communities=numbers)
        assert legends(ax)[0] == ["甲0、甲1、甲2", "乙0、乙1、乙2", "丙0、丙1、丙2", "其余 others"]
        assert legends(plot_network(graph, communities=numbers.astype(float)))[0] == legends(ax)[0]
        rows = [[t.get_text() for t in plot_matrix(graph, communities=c).get_yticklabels()] for c in (numbers, known)]
        assert rows[0] == rows[1]


class TestPlansAndTerms:
    def test_plans_and_terms_left_out_are_counted_apart(self):
        with style(width=80):
            ax = plot_network(plans_and_terms())
        assert "(15 terms, 15 plans," in ax.get_title(loc="left").replace("\n", " ")
        assert "有联系的 25 份计划中画出 15 份，条目最多。" in below(ax).replace(" ", "").replace("25", " 25 ").replace("15", " 15 ")
        assert "15 of 20 terms with ties" in below(ax)

    def test_the_legend_names_terms_too(self):
        assert legends(plot_network(plans_and_terms(n_plans=5)))[0] == ["词 terms", "计划 plans"]

    @pytest.mark.parametrize("width", [80, 160])
    def test_terms_look_the_same_at_any_width_where_the_mode_is_the_community(self, width):
        graph = plans_and_terms(n_plans=40, n_terms=12)
        with style(width=width):
            ax = plot_network(graph, communities=pd.Series(nx.get_node_attributes(graph, "mode")))
        assert {to_hex(c.get_facecolor()[0]).upper() for c in ax.collections if isinstance(c, PathCollection)} == {COLOURS[0], "#FFFFFF"}
        assert legends(ax)[0] == ["词 terms", "计划 plans"]

    def test_a_community_has_one_colour_at_any_width(self):
        graph = nx.disjoint_union_all([nx.complete_graph(n) for n in (3, 30, 10)])
        graph = nx.relabel_nodes(graph, lambda i: f"词{i:02d}")
        group = {v: "小" if i < 3 else "大" if i < 33 else "中" for i, v in enumerate(graph)}
        seen = []
        for most in (43, 12):
            ax = plot_network(graph, communities=group, max_nodes=most)
            seen.append({t.get_text(): to_hex(h.get_color()) for t, h in zip(*marks(ax), strict=True)})
        assert seen[0] == seen[1]

    def test_names_of_plans_stand_beside_their_squares_and_lines_to_names_are_dotted(self):
        ax = plot_network(plans_and_terms())
        ax.figure.draw_without_rendering()
        point = ax.figure.dpi / 72
        at = {v: ax.transData.transform(p) for v, p in places_by_name(ax).items()}
        assert sum(v.startswith("计划") for v in at) == 25
        for text in ax.texts:
            if text.get_text() in at:
                box, (x, y) = text.get_window_extent(), at[text.get_text()]
                off = np.hypot(max(box.x0 - x, x - box.x1, 0), max(box.y0 - y, y - box.y1, 0))
                assert off < 14 * point  # a line and a half from the square's middle
        assert all(line.get_linestyle() != "-" for line in ax.lines)


def marks(ax):
    legend = ax.figure.legends[0]
    return legend.get_texts(), legend.legend_handles


def places_by_name(ax):
    """Where the plans stand, by name: what the layout gives for what is drawn."""
    graph = plans_and_terms()
    return {v: p for v, p in network_layout(graph, aspect=1.5).items() if v.startswith("计划")}


class TestNames:
    def test_a_name_stands_near_its_node_over_a_tie_if_need_be(self):
        graph = nx.relabel_nodes(nx.complete_graph(20), lambda i: f"词语{i:02d}")
        ax = plot_network(graph)
        ax.figure.draw_without_rendering()
        places = {v: ax.transData.transform(p) for v, p in network_layout(graph, aspect=1.5).items()}
        assert len(ax.texts) == 20
        for text in ax.texts:
            box, (x, y) = text.get_window_extent(), places[text.get_text()]
            off = np.hypot(max(box.x0 - x, x - box.x1, 0), max(box.y0 - y, y - box.y1, 0))
            assert off < 20 * ax.figure.dpi / 72  # two lines


class TestWhatIsSaid:
    def test_areas_are_explained_where_there_are_some(self):
        graph, group = families()
        assert "浅色区域" in below(plot_network(graph, communities=group))
        assert "Pale areas: communities of three nodes or more" in below(plot_network(graph, communities=group))
        assert "Pale areas" not in below(plot_network(graph))

    def test_an_area_draws_in_where_another_node_stands_close_so_that_none_stands_in_it(self):
        graph = nx.Graph([("甲", "乙"), ("乙", "丙"), ("丙", "甲"), ("丁", "甲")])
        places = {"甲": (0, 0), "乙": (1, 0), "丙": (0.5, 1), "丁": (0.5, -0.028)}  # just below the side from 甲 to 乙
        [area] = [p for p in plot_network(graph, communities=dict.fromkeys("甲乙丙", 1), positions=places).patches if p.get_fill()]
        assert -0.028 < area.get_xy()[:, 1].min() < 0

    def test_the_legend_lists_only_the_levels_of_support_that_ties_have(self):
        graph = nx.Graph()
        graph.add_edge("甲", "乙", weight=1.0, support=0.95)
        assert legends(plot_network(graph))[-1] == ["≥ 80 % 支持度 support"]
        graph.add_edge("乙", "丙", weight=0.5, support=0.3)
        assert legends(plot_network(graph, min_support=0))[-1] == ["≥ 80 % 支持度 support", "< 50 % 支持度 support"]

    def test_ties_of_one_plan_are_left_out_and_counted_unless_there_is_only_one_plan(self):
        graph = nx.Graph(n_plans=5, note="共现以计划计。Ties are counted by plan.")
        graph.add_edge("甲", "乙", weight=1.0, support=0.9, n_plans=3)
        graph.add_edge("乙", "丙", weight=1.0, support=0.6, n_plans=1)
        graph.add_edge("甲", "丙", weight=1.0, support=0.2, n_plans=1)  # told as weak, not twice
        ax = plot_network(graph)
        assert named(ax) == ["乙", "甲"]
        assert "另有 1 条联系只见于一份计划，未画。1 tie of one plan only left out." in below(ax)
        assert "1 tie with a support under 50 % left out" in below(ax)
        assert "Ties are counted by plan." in below(ax)
        assert named(plot_network(graph, min_support=0)) == ["丙", "乙", "甲"]
        graph.graph["n_plans"] = 1
        assert named(plot_network(graph)) == ["丙", "乙", "甲"]
        only = nx.Graph(graph.edge_subgraph([("乙", "丙")]), n_plans=5)
        assert "1 stand in one plan only" in plot_network(only).texts[0].get_text()


class TestMatrixCells:
    def test_the_weakest_tie_is_darker_than_paper_and_a_dot_stands_where_there_is_none(self):
        graph = nx.Graph()
        graph.add_edge("甲", "乙", weight=0.01)
        graph.add_edge("乙", "丙", weight=0.9)
        ax = plot_matrix(graph)
        image = ax.images[0]
        red, green, blue, _ = image.cmap(image.norm(0.01))
        assert 0.299 * red + 0.587 * green + 0.114 * blue < 0.9  # in grey
        names = [t.get_text() for t in ax.get_yticklabels()]
        dots = {(names[int(y)], names[int(x)]) for x, y in ax.collections[0].get_offsets().tolist()}
        assert dots == {("甲", "丙"), ("丙", "甲")}
        assert "点：没有联系。Dot: no tie." in below(ax)
        assert mpl.colormaps["Greys"](0.0)[0] == 1  # the scale itself is left alone

    def test_terms_without_a_tie_are_no_less_common_ones(self):
        graph = nx.complete_graph([f"词{i}" for i in range(6)])
        graph.add_nodes_from(["孤甲", "孤乙"])
        ax = plot_matrix(graph)
        assert "2 of 8 terms without a tie left out" in below(ax)
        assert "Drawn" not in below(ax)
        assert "common" not in below(ax)


@pytest.mark.parametrize("draw", [plot_network, plot_matrix])
def test_communities_without_names_of_nodes_are_refused(draw):
    with pytest.raises(ArgumentError, match="communities is a list"):
        draw(nx.Graph([("体育", "美育")]), communities=[1, 1])
