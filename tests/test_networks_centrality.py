"""Centralities, two-mode networks and networks of topics: by hand, by networkx, intervals that hold, refusals."""

from types import SimpleNamespace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student_t

from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError, TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.networks import backbone, centralities, cooccurrence, term_plan_graph, topic_presence, write_network


def made(rows, terms, **docs):
    docs = pd.DataFrame(docs, index=[f"i{n:05d}" for n in range(len(rows))])
    return TermMatrix(np.array(rows), docs, terms)


def chain(n_plans=4):
    """体育 with 美育, 美育 with 课程, never all three."""
    rows = [[1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 1, 1], [0, 0, 0]] * n_plans
    return made(rows, ["体育", "美育", "课程"], plan=[f"p{n // 5}" for n in range(len(rows))])


def simulated(seed, n_plans, *, n_terms=40, themes=4):
    """Plans of 30 items in blocks of 3, each with themes in proportions of its own."""
    rng = np.random.default_rng(seed)
    size, rows = n_terms // themes, np.zeros((n_plans * 30, n_terms), dtype=int)
    often = np.random.default_rng(99).dirichlet(np.full(size, 3.0), size=themes)
    for n, row in enumerate(rows):
        if n % 30 == 0:
            mix = rng.dirichlet(np.full(themes, 2.0))
        theme = rng.choice(themes, p=mix)
        row[theme * size + rng.choice(size, 3, p=often[theme])] = 1
        row[rng.integers(n_terms)] = 1
    numbers = np.arange(len(rows))
    return made(
        rows, [f"t{n:02d}" for n in range(n_terms)], plan=[f"p{n // 30:04d}" for n in numbers], block=[str(n // 3) for n in numbers]
    )


# ---------------------------------------------------------------- centralities
def test_degree_strength_and_betweenness_of_a_chain_are_as_by_hand():
    found = centralities(chain(), by=None, measure="cosine", unit="item", n_boot=20).set_index("term")
    tie = 8 / (8 * 16) ** 0.5
    assert found["degree"].to_dict() == {"美育": 2, "体育": 1, "课程": 1}
    assert found["strength"].to_dict() == pytest.approx({"美育": 2 * tie, "体育": tie, "课程": tie})
    assert found["betweenness"].to_dict() == {"美育": 1.0, "体育": 0.0, "课程": 0.0}
    assert found["n_items"].to_dict() == {"美育": 16, "体育": 8, "课程": 8}


def test_each_group_gives_what_networkx_gives_for_its_backbone():
    counts = simulated(1, 4)
    counts.docs["year"] = [2023 if p < "p0002" else 2024 for p in counts.docs["plan"]]
    found = centralities(counts, by="year", n_boot=20)
    graph = backbone(cooccurrence(counts.where(counts.docs["year"] == 2024)))
    nx.set_edge_attributes(graph, {(a, b): 1 / w for a, b, w in graph.edges(data="weight")}, "length")
    mine = found[found["year"] == 2024].set_index("term")
    assert mine["degree"].to_dict() == dict(graph.degree)
    assert mine["strength"].to_dict() == pytest.approx(dict(graph.degree(weight="weight")))
    assert mine["betweenness"].to_dict() == pytest.approx(nx.betweenness_centrality(graph, weight="length"))
    assert found["n_plans"].unique().tolist() == [2]


def test_plans_that_are_all_alike_leave_no_doubt_and_those_that_differ_much():
    alike = centralities(chain(), by=None, measure="cosine", unit="item", n_boot=20)
    assert alike["low"].tolist() == pytest.approx(alike["strength"].tolist())
    rows = [[1, 1, 0]] * 10 + [[0, 1, 1]] * 10
    differing = made(rows, ["体育", "美育", "课程"], plan=["a"] * 10 + ["b"] * 10)
    found = centralities(differing, by=None, measure="cosine", unit="item", neighbours=1, n_boot=4000).set_index("term").loc["体育"]
    # drawn are aa (tie of 1), ab (10 / sqrt(10 · 20)), bb (none) in shares 1/4, 1/2, 1/4; two plans: t of one degree of freedom, n / (n - 1) = 2
    tie = 0.5**0.5
    spread = np.sqrt((1 + 2 * tie**2) / 4 - ((1 + 2 * tie) / 4) ** 2)
    assert found["high"] - found["strength"] == pytest.approx(student_t.ppf(0.975, 1) * 2**0.5 * spread, rel=0.05)
    assert found["low"] == 0.0


def test_intervals_of_strength_hold_what_as_many_other_plans_have_on_average():
    found = [
        centralities(simulated(100 + seed, 10), by=None, n_boot=100, neighbours=6).set_index("term").sort_index() for seed in range(16)
    ]
    mean = sum(table["strength"] for table in found) / len(found)
    assert np.mean([table["low"].le(mean) & table["high"].ge(mean) for table in found]) == pytest.approx(0.96, abs=0.03)


def test_a_short_plan_has_a_network_but_no_interval_and_a_long_one_is_resampled_by_block():
    short = centralities(simulated(1, 2), by="plan", n_boot=20)
    assert short[["low", "high", "interval_over"]].isna().all(axis=None)
    assert (short["n_plans"] == 1).all()
    long = simulated(1, 10)
    long.docs["plan"] = "p"
    assert set(centralities(long, n_boot=20)["interval_over"]) == {"blocks of one plan"}
    assert set(centralities(long, unit="item", n_boot=20)["interval_over"]) == {"items of one plan"}


def test_years_of_a_place_are_drawn_together_if_asked():
    counts = simulated(1, 4)
    counts.docs["place"] = ["甲" if p < "p0002" else "乙" for p in counts.docs["plan"]]
    found = centralities(counts, by=None, over="place", n_boot=20)
    assert set(found["interval_over"]) == {"places"}
    assert set(centralities(counts, by="place", over="place", n_boot=20)["interval_over"]) == {"plans"}


def test_a_term_that_never_has_a_tie_has_no_interval():
    rows = [[1, 1, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]] * 4
    found = centralities(made(rows, ["体育", "美育", "课程"], plan=list("aaaabbbbccccdddd")), by=None, unit="item", n_boot=20).set_index(
        "term"
    )
    assert found.loc["课程", ["degree", "strength"]].tolist() == [0, 0]
    assert found.loc["课程", ["low", "high"]].isna().all()


def test_the_order_of_rows_and_columns_changes_no_centrality():
    counts, rng = simulated(2, 3), np.random.default_rng(0)
    rows, columns = rng.permutation(counts.shape[0]), rng.permutation(counts.shape[1])
    other = TermMatrix(counts.X[rows][:, columns], counts.docs.iloc[rows], counts.terms[columns])
    expected, found = (centralities(c, by=None, n_boot=20) for c in (counts, other))
    pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize(("arguments", "says"), [({"by": "city"}, "by='city'"), ({"over": "city"}, "over='city'"), ({"n_boot": 5}, "n_boot=5"), ({"interval": 95}, "interval=95")])  # fmt: skip
def test_centralities_refuse_what_they_do_not_know(arguments, says):
    with pytest.raises(ArgumentError, match=says):
        centralities(chain(), unit="item", **arguments)


def test_terms_that_never_meet_have_no_centralities():
    with pytest.raises(EmptyVocabularyError, match="stand together"):
        centralities(made([[1, 0], [0, 1]] * 3, ["体育", "美育"], plan=list("aabbcc")), by=None, unit="item", n_boot=20)


# ---------------------------------------------------------------- terms and plans
def four_items():
    return made([[1, 0, 1], [2, 1, 1], [0, 1, 1], [0, 1, 1]], ["体育", "课程", "学校"], plan=["甲", "甲", "乙", "乙"])


def test_a_tie_of_plan_and_term_weighs_the_share_of_the_plans_items():
    graph = term_plan_graph(four_items())
    assert {(a, b): d["weight"] for a, b, d in graph.edges(data=True)} == {
        ("乙", "学校"): 1.0,
        ("乙", "课程"): 1.0,
        ("甲", "体育"): 1.0,
        ("甲", "学校"): 1.0,
        ("甲", "课程"): 0.5,
    }
    assert graph.edges["甲", "课程"]["n_items"] == 1
    assert dict(graph.nodes(data="n_items")) == {"乙": 2, "甲": 2, "体育": 2, "学校": 4, "课程": 3}
    assert nx.bipartite.is_bipartite(graph)
    assert nx.get_node_attributes(graph, "mode") == {"乙": "plan", "甲": "plan", "体育": "term", "学校": "term", "课程": "term"}


def test_what_all_plans_write_of_is_no_distinctive_tie():
    graph = term_plan_graph(four_items(), weight="distinctive")
    assert sorted(graph.edges) == [("乙", "课程"), ("甲", "体育")]
    # 体育 in 2 of 2 items of 甲 and 0 of 2 elsewhere: G² = 2 · (2 ln 2 + 2 ln 2)
    assert graph.edges["甲", "体育"]["weight"] == pytest.approx((8 * np.log(2)) ** 0.5)


def test_a_plan_keeps_its_strongest_terms_equals_by_name():
    assert sorted(term_plan_graph(four_items(), neighbours=1).edges) == [("乙", "学校"), ("甲", "体育")]


def test_a_place_with_the_name_of_a_term_stays_a_node_of_its_own():
    counts = made([[1, 1], [1, 0]], ["甲", "乙"], place=["甲", "丙"])
    graph = term_plan_graph(counts, by="place")
    assert sorted(graph.edges) == [("丙", "甲"), ("甲 (place)", "乙"), ("甲 (place)", "甲")]


def test_sentences_of_an_item_count_once():
    counts = made([[1], [1], [0]], ["体育"], plan=["甲", "甲", "乙"], item_id=["x", "x", "y"])
    assert term_plan_graph(counts).nodes["甲"]["n_items"] == 1


def test_a_two_mode_network_is_written_and_read_back(tmp_path):
    graph = term_plan_graph(four_items())
    [file] = write_network(graph, tmp_path / "two.graphml")
    assert dict(nx.read_graphml(file).nodes(data=True)) == dict(graph.nodes(data=True))
    assert nx.read_graphml(file).edges["甲", "课程"] == {"weight": 0.5, "n_items": 1}


def test_a_two_mode_network_refuses_one_plan_and_unknown_settings():
    with pytest.raises(TooFewPlansError, match="needs two"):
        term_plan_graph(made([[1]], ["体育"], plan=["甲"]))
    with pytest.raises(ArgumentError, match="share, distinctive"):
        term_plan_graph(four_items(), weight="tfidf")
    with pytest.raises(ArgumentError, match="by='city'"):
        term_plan_graph(four_items(), by="city")


# ---------------------------------------------------------------- topics
def three_topics(labels=("学校", "学校课程", "卫生")):
    names = ["T1", "T2", "T3"]
    shares = pd.DataFrame([[0.5, 0.3, 0.2], [0.6, 0.4, 0.0], [0.0, 0.1, 0.9], [0.0, 0.0, 0.0]], columns=names, index=list("abcd"))
    docs = pd.DataFrame({"plan": "甲", "block": ["一", "一", "二", "二"]}, index=shares.index)
    return SimpleNamespace(shares=shares, docs=docs, labels=pd.Series(labels, index=names))


def test_a_topic_stands_where_it_has_the_share_asked_for():
    matrix = topic_presence(three_topics(), min_share=0.2)
    assert matrix.to_frame().to_numpy().tolist() == [[1, 1, 1], [0, 1, 1], [1, 0, 0], [0, 0, 0]]
    assert matrix.terms.tolist() == ["卫生", "学校", "学校课程"]
    assert topic_presence(three_topics(), min_share=0.5).to_frame()["学校"].tolist() == [1, 1, 0, 0]


def test_topics_stand_together_like_themes_even_where_one_label_holds_the_other():
    graph = cooccurrence(topic_presence(three_topics()), measure="raw", unit="item")
    assert list(graph.edges(data="n_together")) == [("学校", "学校课程", 2)]
    assert (
        cooccurrence(topic_presence(three_topics()), measure="raw", unit="block", min_together=1).edges["卫生", "学校"]["n_together"] == 1
    )


def test_two_topics_of_one_label_are_told_apart():
    assert topic_presence(three_topics(("学校", "卫生", "学校"))).terms.tolist() == ["卫生", "学校 (T1)", "学校 (T3)"]


def test_topic_presence_refuses_what_is_no_topics_and_shares_out_of_range():
    with pytest.raises(ArgumentError, match="fit_topics"):
        topic_presence(pd.DataFrame())
    for share in (0, 1.5, True, "half"):
        with pytest.raises(ArgumentError, match="min_share"):
            topic_presence(three_topics(), min_share=share)
    topics = three_topics()
    topics.docs = topics.docs.iloc[::-1]
    with pytest.raises(FrameError, match="same order"):
        topic_presence(topics)
    none = three_topics()
    none.shares = none.shares * 0
    with pytest.raises(EmptyVocabularyError, match="lower min_share"):
        topic_presence(none)


def test_topics_of_the_demo_plans_that_share_items_make_ties():
    import policylab as plab

    counts = plab.count_terms(plab.load_demo().items, words=plab.Words(), min_items=3, max_terms=300)
    matrix = topic_presence(plab.fit_topics(counts, n_topics=8, n_refits=0))
    assert matrix.shape == (counts.shape[0], 8)
    assert set(cooccurrence(matrix, unit="item")) == set(matrix.terms)
    assert (np.asarray(matrix.X.sum(axis=1)).ravel() <= 5).all()  # shares of at least .2 that sum to 1


def test_groups_that_nobody_named_have_no_networks():
    counts = chain()
    undated = TermMatrix(counts.X, counts.docs.assign(year=pd.array([None] * counts.shape[0], dtype="Int64")), counts.terms)
    with pytest.raises(TooFewPlansError, match="no row has a value there"):
        centralities(undated, by="year")
