"""Co-occurrence networks: measures by hand, windows, backbones, communities, support, theme map."""

import math
import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError, TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.networks import backbone, communities, cooccurrence, edge_support, theme_map
from policylab.networks.source import remember, remembered


def made(rows, terms, *, plan="甲区-2024", block="", settings=None):
    docs = pd.DataFrame({"plan": plan, "block": block}, index=[f"i{n}" for n in range(len(rows))])
    return TermMatrix(rows, docs, terms, settings or {})


def ten_items():
    """Ten items: 体育 in five, 美育 in four, both in three."""
    return made([[1, 1]] * 3 + [[2, 0]] * 2 + [[0, 1]] + [[0, 0]] * 4, ["体育", "美育"])


@pytest.mark.parametrize(
    ("measure", "weight"),
    [
        ("raw", 3),
        ("jaccard", 3 / 6),
        ("cosine", 3 / math.sqrt(20)),
        ("equivalence", 9 / 20),
        ("association", 3 / 20),
        ("npmi", math.log(0.3 / (0.5 * 0.4)) / -math.log(0.3)),
        ("loglikelihood", 2 * (3 * math.log(3 / 2) + 2 * math.log(2 / 3) + 1 * math.log(1 / 2) + 4 * math.log(4 / 3))),
    ],
)
def test_each_measure_follows_its_formula_on_a_table_counted_by_hand(measure, weight):
    edge = cooccurrence(ten_items(), measure=measure, unit="item").edges["体育", "美育"]
    assert edge == {"weight": pytest.approx(weight), "n_together": 3}


def test_loglikelihood_gives_the_value_of_dunnings_paper_for_the_swiss():
    # Dunning (1993), Table 1: k(AB) = 110, k(~A B) = 2442, k(A ~B) = 111, k(~A ~B) = 29114; -2 log lambda = 270.72
    rows = [[1, 1]] * 110 + [[0, 1]] * 2442 + [[1, 0]] * 111 + [[0, 0]] * 29114
    edge = cooccurrence(made(rows, ["the", "swiss"]), measure="loglikelihood", unit="item").edges["swiss", "the"]
    assert edge["weight"] == pytest.approx(270.72, abs=0.01)


def test_words_that_meet_less_often_than_by_chance_make_no_edge():
    rows = [[1, 1]] * 2 + [[1, 0]] * 4 + [[0, 1]] * 4
    for measure in ("npmi", "loglikelihood"):
        assert cooccurrence(made(rows, ["体育", "美育"]), measure=measure, unit="item").number_of_edges() == 0


def test_nodes_tell_in_how_many_items_a_term_stands_and_sentences_count_once():
    docs = pd.DataFrame({"plan": "甲", "item_id": ["a", "a", "b"]}, index=["s1", "s2", "s3"])
    graph = cooccurrence(TermMatrix([[1], [3], [1]], docs, ["体育"]), unit="item")
    assert dict(graph.nodes(data="n_items")) == {"体育": 2}


def test_a_block_joins_its_items_and_both_adds_items_and_blocks_up():
    counts = made([[1, 0], [0, 1], [1, 1], [0, 0]], ["体育", "美育"], block=["一", "一", "二", "三"])
    together = {
        unit: cooccurrence(counts, measure="raw", unit=unit, min_together=1).edges["体育", "美育"]["n_together"]
        for unit in ("item", "block", "both")
    }
    assert together == {"item": 1, "block": 2, "both": 2}  # the block of a lone item is not counted again


def test_one_item_and_its_own_block_are_not_two_witnesses():
    rows = [[1, 1], [0, 0], [0, 0], [1, 0], [0, 1], [0, 0]]
    assert cooccurrence(made(rows, ["体育", "美育"], block=["一"] * 2 + list("二三四五"))).number_of_edges() == 0


def test_blocks_of_two_plans_with_the_same_number_stay_apart():
    counts = made([[1, 0], [0, 1]], ["体育", "美育"], plan=["甲", "乙"], block="一")
    assert cooccurrence(counts, measure="raw", unit="block", min_together=1).number_of_edges() == 0


def test_adding_blocks_up_makes_no_association_out_of_chance():
    rng = np.random.default_rng(0)
    rows = (rng.random((3000, 2)) < 0.2).astype(int)
    counts = made(rows, ["体育", "美育"], block=[str(n // 5) for n in range(3000)])
    graph = cooccurrence(counts, unit="both")
    assert graph.get_edge_data("体育", "美育", {"weight": 0.0})["weight"] < 0.02


def test_words_of_one_phrase_make_no_edge_but_themes_of_a_codebook_do():
    rows = [[1, 1, 1]] * 3 + [[0, 0, 0]] * 3
    terms = ["学校", "学校课程", "教师"]
    assert ("学校", "学校课程") not in cooccurrence(made(rows, terms), unit="item").edges
    assert ("学校", "学校课程") in cooccurrence(made(rows, terms, settings={"codebook": {}}), unit="item").edges


def test_pairs_in_too_few_windows_make_no_edge():
    rows = [[1, 1]] + [[0, 0]] * 5
    assert cooccurrence(made(rows, ["体育", "美育"]), unit="item").number_of_edges() == 0
    assert cooccurrence(made(rows, ["体育", "美育"]), unit="item", min_together=1).number_of_edges() == 1


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"measure": "pmi"}, ArgumentError, "npmi"),
        ({"unit": "sentence"}, ArgumentError, "count_terms"),
        ({"min_together": 0}, ArgumentError, "min_together=0"),
    ],
)
def test_what_is_not_allowed_is_said_with_what_is(arguments, error, says):
    with pytest.raises(error, match=says):
        cooccurrence(ten_items(), **arguments)


def test_counts_of_whole_plans_know_no_blocks_and_empty_counts_no_terms():
    with pytest.raises(FrameError, match="unit='item'"):
        cooccurrence(TermMatrix([[1, 1]], pd.DataFrame({"place": ["甲"]}, index=["甲"]), ["a", "b"]))
    with pytest.raises(EmptyVocabularyError):
        cooccurrence(made(np.zeros((2, 0)), []))


def star():
    graph = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 0.9), ("a", "c", 0.8), ("a", "d", 0.7), ("c", "d", 0.1), ("b", "c", 0.05)])
    return graph


def test_nearest_keeps_an_edge_that_is_among_the_strongest_of_either_end():
    assert sorted(backbone(star(), neighbours=1).edges) == [("a", "b"), ("a", "c"), ("a", "d")]
    assert sorted(backbone(star(), neighbours=2).edges) == [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("c", "d")]


def test_ties_in_strength_are_broken_by_name():
    graph = nx.Graph()
    graph.add_weighted_edges_from([("d", "c", 0.5), ("b", "a", 0.5), ("a", "c", 0.5)])
    assert sorted(backbone(graph, method="top", n_edges=2).edges) == [("a", "b"), ("a", "c")]


def test_top_keeps_so_many_edges_and_says_how_many_nodes_are_left_alone():
    thin = backbone(star(), method="top", n_edges=2)
    assert sorted(thin.edges) == [("a", "b"), ("a", "c")]
    assert thin.graph["isolates"] == pytest.approx(1 / 4)


def test_the_disparity_filter_keeps_what_stands_out_of_a_nodes_weights():
    graph = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 97.0), ("a", "c", 1.0), ("a", "d", 1.0), ("a", "e", 1.0)])
    # share .97 of 4 ties: (1 - .97)^3 = .000027; share .01: (1 - .01)^3 = .97
    assert sorted(backbone(graph, method="disparity", alpha=0.05).edges) == [("a", "b")]


def test_a_backbone_refuses_what_it_does_not_know():
    with pytest.raises(ArgumentError, match="nearest, top, disparity"):
        backbone(star(), method="mst")
    with pytest.raises(ArgumentError, match="neighbours=0"):
        backbone(star(), neighbours=0)


def planted(n_plans, *, n_terms=40, themes=4, seed=0):
    """Plans of 30 items; each item takes five words, four of one theme and one of any."""
    rng = np.random.default_rng(seed)
    size = n_terms // themes
    rows = np.zeros((n_plans * 30, n_terms), dtype=int)
    for row in rows:
        theme = rng.integers(themes)
        row[theme * size + rng.choice(size, 4, replace=False)] = 1
        row[rng.integers(n_terms)] = 1
    plan = [f"p{n // 30}" for n in range(len(rows))]
    return made(rows, [f"t{n:02d}" for n in range(n_terms)], plan=plan, block=[str(n // 3) for n in range(len(rows))])


def test_planted_themes_come_back_as_communities():
    found = communities(backbone(cooccurrence(planted(5))), seed=0)
    groups = found.groupby(found.to_numpy()).agg(lambda part: sorted(part.index))
    assert sorted(groups.tolist()) == [[f"t{n:02d}" for n in range(k, k + 10)] for k in (0, 10, 20, 30)]


def test_a_node_without_edges_is_a_community_of_its_own():
    graph = nx.Graph([("a", "b")])
    graph.add_node("z")
    assert communities(graph).to_dict() == {"a": 1, "b": 1, "z": 2}
    empty = nx.Graph()
    empty.add_nodes_from("ba")
    assert communities(empty).to_dict() == {"a": 1, "b": 2}


def bridged():
    """Two fields in eight blocks of two items; 推进 stands in two items of 体育, 美育 for each one of 社保, 医保."""
    rows = [[1, 1, 0, 0, 1], [1, 1, 0, 0, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0]] * 4
    return made(rows, ["体育", "美育", "社保", "医保", "推进"], block=[str(n // 2) for n in range(16)])


def chained():
    """A network of the five words that is one chain, so that Louvain cuts it between 美育 and 推进, where the blocks do not."""
    graph = remember(nx.Graph(unit="both"), bridged())
    graph.add_weighted_edges_from([("体育", "美育", 2.0), ("美育", "推进", 0.1), ("推进", "社保", 2.0), ("社保", "医保", 2.0)])
    return graph


def test_a_word_belongs_to_the_field_in_whose_items_it_is_commonest():
    assert communities(chained()).to_dict() == {"体育": 1, "推进": 1, "美育": 1, "医保": 2, "社保": 2}


@pytest.mark.parametrize("without", [lambda graph: graph.graph.update(unit="item"), lambda graph: remember(graph, None)])
def test_without_blocks_the_ties_alone_part_the_words(without):
    graph = chained()
    without(graph)
    assert communities(graph).to_dict() == {"医保": 1, "推进": 1, "社保": 1, "体育": 2, "美育": 2}


def test_blocks_that_hold_items_of_any_theme_part_no_words():
    graph = backbone(cooccurrence(planted(3)))
    assert communities(graph).equals(communities(nx.Graph(graph)))


def test_an_untied_word_stays_alone_however_often_it_was_counted():
    graph = chained()
    graph.remove_node("推进")
    graph.add_node("推进")
    assert communities(graph)["推进"] == 3


def test_a_resolution_of_nothing_is_refused():
    with pytest.raises(ArgumentError, match="resolution=0"):
        communities(star(), resolution=0)


def test_the_order_in_which_edges_came_changes_no_community():
    graph = backbone(cooccurrence(planted(3)))
    shuffled = nx.Graph(**graph.graph)
    shuffled.add_nodes_from(list(graph)[::-1])
    shuffled.add_edges_from([(b, a, data) for a, b, data in list(graph.edges(data=True))[::-1]])
    assert communities(shuffled).equals(communities(graph))


SCRIPT = "import sys; sys.path.insert(0, {tests!r}); from test_networks import described; print(described())"


def described():
    graph = edge_support(planted(3), n_boot=20)
    return f"{sorted(graph.edges(data=True), key=str)} {communities(graph).to_dict()}"


def test_no_hash_seed_shows_in_graph_support_or_communities():
    script = SCRIPT.format(tests=str(Path(__file__).parent))
    env = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "utf-8"}
    said = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, encoding="utf-8", check=True).stdout
    assert said.strip() == described()


def chance_and_planted_support(n_plans, unit):
    """Mean support of ties that chance made, and of five pairs planted in four items of every plan, among 60 words."""
    rng = np.random.default_rng(1)
    rows = np.zeros((n_plans * 40, 60), dtype=int)
    for row in rows:
        row[rng.choice(60, 6, replace=False)] = 1
    for pair in range(5):
        for plan in range(n_plans):
            rows[np.ix_(plan * 40 + rng.choice(40, 4, replace=False), [2 * pair, 2 * pair + 1])] = 1
    counts = made(
        rows,
        [f"t{n:02d}" for n in range(60)],
        plan=[f"p{n // 40}" for n in range(len(rows))],
        block=[str(n // 5) for n in range(len(rows))],
    )
    graph = edge_support(counts, unit=unit, n_boot=200)
    sure = {(f"t{2 * n:02d}", f"t{2 * n + 1:02d}") for n in range(5)}
    support = {tuple(sorted(edge)): s for *edge, s in graph.edges(data="support")}
    assert sure <= set(support)
    return np.mean([s for edge, s in support.items() if edge not in sure]), np.mean([support[edge] for edge in sure])


@pytest.mark.parametrize("unit", ["item", "both"])
@pytest.mark.parametrize("n_plans", [5, 20])
def test_ties_planted_in_every_plan_hold_and_ties_of_chance_do_not(n_plans, unit):
    chance, sure = chance_and_planted_support(n_plans, unit)
    assert sure >= 0.9
    assert chance <= 0.3


def test_a_tie_of_one_plan_among_five_cannot_be_sure():
    rows = np.zeros((100, 2), dtype=int)
    rows[:10] = 1
    graph = edge_support(made(rows, ["体育", "美育"], plan=[f"p{n // 20}" for n in range(100)]), unit="item")
    assert graph.edges["体育", "美育"]["support"] == pytest.approx(1 - 0.8**5, abs=0.05)


def test_one_plan_alone_is_resampled_by_item_and_says_so():
    graph = edge_support(made([[1, 1]] * 10 + [[0, 0]] * 30, ["体育", "美育"]), n_boot=50)
    assert graph.graph["resampled"] == "items of the one plan there is"
    assert graph.edges["体育", "美育"]["support"] == 1.0


def test_support_needs_resamples_and_a_column_to_draw():
    with pytest.raises(ArgumentError, match="n_boot=5"):
        edge_support(ten_items(), n_boot=5)
    with pytest.raises(ArgumentError, match="by='city'"):
        edge_support(ten_items(), by="city")


def four_themes():
    graph = nx.Graph()
    inner = [("a1", "a2", 4.0), ("b1", "b2", 3.0), ("c1", "c2", 1.0), ("d1", "d2", 2.0)]
    graph.add_weighted_edges_from([*inner, ("a1", "c1", 0.5), ("a2", "b1", 0.1), ("c2", "d1", 0.2)])
    nx.set_node_attributes(graph, 2, "n_items")
    return graph, pd.Series({v: "abcd".index(v[0]) + 1 for v in sorted(graph)})


def test_the_theme_map_gives_callons_centrality_and_density_and_four_quadrants():
    graph, groups = four_themes()
    themes = theme_map(graph, communities=groups).set_index("theme")
    # centrality: 10 times the weights of outer ties; density: 100 times the weights of inner ties over the number of terms
    assert themes["centrality"].round(9).to_dict() == {1: 6.0, 2: 1.0, 3: 7.0, 4: 2.0}
    assert themes["density"].round(9).to_dict() == {1: 200.0, 2: 150.0, 3: 50.0, 4: 100.0}
    assert themes["quadrant"].to_dict() == {1: "motor", 2: "niche", 3: "basic", 4: "emerging or declining"}
    assert themes["n_items"].to_dict() == dict.fromkeys((1, 2, 3, 4), 4)


def test_a_theme_map_refuses_one_community_and_nodes_without_one():
    with pytest.raises(TooFewPlansError, match="a map needs 2"):
        theme_map(nx.Graph([("a", "b")]), communities=pd.Series({"a": 1, "b": 1}))
    with pytest.raises(ArgumentError, match="'b' has none"):
        theme_map(nx.Graph([("a", "b")]), communities=pd.Series({"a": 1}))


def test_the_counts_behind_a_network_are_no_attribute_that_other_writers_stumble_over(tmp_path):
    graph = backbone(cooccurrence(planted(2)))
    nx.write_graphml(graph, tmp_path / "a.graphml")
    assert nx.utils.graphs_equal(graph, graph.copy())
    assert isinstance(remembered(graph), TermMatrix)
    assert remembered(graph.copy()) is None


def test_words_without_ties_are_each_alone_even_where_their_counts_are_known():
    counts = TermMatrix([[1, 0], [0, 1]], pd.DataFrame({"plan": "a", "block": ["1", "1"]}, index=["i", "j"]), ["体育", "美育"])
    assert communities(cooccurrence(counts)).to_dict() == {"体育": 1, "美育": 2}


def test_words_that_are_one_places_own_make_no_tie_by_that_alone():
    # 80 items of each of 6 plans; in the first three plans both words stand in every second item, one independent of the other
    rows = [[i % 2, i // 2 % 2] if plan < 3 else [0, 0] for plan in range(6) for i in range(80)]
    docs = pd.DataFrame({"plan": [f"p{i // 80}" for i in range(480)]}).rename("i{:03d}".format)
    graph = edge_support(TermMatrix(rows, docs, ["甲区", "甲镇"]), unit="item", n_boot=50)
    assert graph.edges["甲区", "甲镇"]["weight"] > 0
    assert graph.edges["甲区", "甲镇"]["support"] == 0
    assert graph.edges["甲区", "甲镇"]["n_plans"] == 3


def test_units_without_a_value_are_drawn_plan_by_plan():
    rows = [[1, 1], [0, 0], [1, 1], [0, 0]] * 6
    docs = pd.DataFrame({"plan": [f"p{i // 4}" for i in range(24)], "place": ["甲区"] * 4 + [None] * 20}).rename("i{:02d}".format)
    graph = edge_support(TermMatrix(rows, docs, ["体育", "美育"]), unit="item", by="place", n_boot=20)
    assert (graph.graph["resampled"], graph.graph["n_plans"]) == ("places", 6)


def test_two_plans_are_said_to_be_too_few_to_draw_from():
    rows = [[1, 1], [0, 0], [1, 1], [0, 0]] * 2
    docs = pd.DataFrame({"plan": ["a"] * 4 + ["b"] * 4}).rename("i{}".format)
    assert "Two can be drawn in three ways" in edge_support(TermMatrix(rows, docs, ["体育", "美育"]), unit="item", n_boot=20).graph["note"]


@pytest.mark.parametrize("seed", [None, -1, 1.5, "a"])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ArgumentError, match="seed="):
        edge_support(planted(2), n_boot=20, seed=seed)
    with pytest.raises(ArgumentError, match="seed="):
        communities(nx.Graph([("a", "b")]), seed=seed)


def test_what_is_no_network_is_not_parted():
    with pytest.raises(ArgumentError, match="graph is a int"):
        communities(3)
