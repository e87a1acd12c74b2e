"""Communities that hold when other plans are drawn: consensus, resolution, names, and how sure a place on the theme map is."""

import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from test_networks import four_themes, made, planted

from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.networks import (
    backbone,
    choose_resolution,
    communities,
    consensus_communities,
    cooccurrence,
    name_communities,
    theme_map,
)
from policylab.networks.comembership import agreed, co_membership, settled
from policylab.networks.drawn import alike, lay_ground
from policylab.networks.drawn import strewn as dealt_at_random
from policylab.networks.partition import usual_resolution
from policylab.networks.resampling import drawn_backbones
from policylab.networks.resolutions import _halves

# ---- consensus


def test_planted_themes_come_back_and_each_term_is_sure_of_its_own():
    found = consensus_communities(planted(12), n_boot=40)
    groups = found.communities.groupby(found.communities.to_numpy()).agg(lambda part: sorted(part.index))
    assert sorted(groups.tolist()) == [[f"t{n:02d}" for n in range(k, k + 10)] for k in (0, 10, 20, 30)]
    assert found.terms["membership"].min() > 0.95
    assert found.terms["stable"].all()
    assert (found.frame[["support", "jaccard"]] > 0.95).all(axis=None)
    assert found.frame["chance"].iloc[0] < 0.5
    assert found.settings["notes"] == []
    assert found.settings["agreement"] > 0.95
    assert found.settings["resampled"] == "plans"


def strewn(n_plans=12, *, n_terms=60, seed=1):
    """Six of the terms in each of 30 items of each plan, at random."""
    rng = np.random.default_rng(seed)
    rows = np.zeros((n_plans * 30, n_terms), dtype=int)
    for row in rows:
        row[rng.choice(n_terms, 6, replace=False)] = 1
    terms, plan = [f"t{n:02d}" for n in range(n_terms)], [f"p{n // 30:02d}" for n in range(len(rows))]
    return made(rows, terms, plan=plan, block=[str(n // 3) for n in range(len(rows))])


def test_words_strewn_at_random_hold_together_little_better_than_chance():
    found = consensus_communities(strewn(), n_boot=40)
    assert found.terms["stable"].mean() < 0.1
    assert (found.frame["jaccard"] < 0.6).all()
    assert found.frame["support"].mean() == pytest.approx(found.frame["chance"].iloc[0], abs=0.05)
    assert found.settings["agreement"] == pytest.approx(found.settings["chance_agreement"], abs=0.1)  # resamples share the noise
    assert "no better than by chance" in found.settings["notes"][0]


def test_dealing_terms_at_random_leaves_each_in_as_many_items_of_each_plan():
    counts = planted(3, n_terms=16)
    turned = type(counts)(counts.X[::-1], counts.docs.iloc[::-1], counts.terms, {})
    dealt, again = (dealt_at_random(c, 5) for c in (counts, turned))
    assert dealt.to_frame().equals(again.to_frame())
    kept = [(c.to_frame() > 0).groupby(c.docs["plan"].to_numpy()).sum() for c in (counts, dealt)]
    assert kept[0].equals(kept[1])
    assert not (counts.to_frame() > 0).equals(dealt.to_frame().loc[counts.docs.index] > 0)


def bridged():
    """Two themes of six terms; the term 桥 goes with the first in half of the plans and with the second in the other half."""
    terms = [*(f"a{n}" for n in range(6)), *(f"b{n}" for n in range(6)), "桥"]
    rng, rows, plan = np.random.default_rng(0), [], []
    for p in range(12):
        for item in range(20):
            row, theme = [0] * 13, item % 2
            for n in rng.choice(6, 4, replace=False):
                row[6 * theme + n] = 1
            row[12] = int(theme == p % 2)
            rows.append(row)
            plan.append(f"p{p:02d}")
    return made(rows, terms, plan=plan)


def test_a_term_that_bridges_two_themes_is_with_either_half_of_the_time():
    found = consensus_communities(bridged(), unit="item", resolution=1.0, n_boot=100)
    bridge = found.terms.set_index("term").loc["桥"]
    assert bridge["membership"] == pytest.approx(0.5, abs=0.12)
    assert bridge["next_membership"] == pytest.approx(1 - bridge["membership"], abs=0.02)
    assert {bridge["community"], bridge["next_community"]} == {1, 2}
    others = found.terms[found.terms["term"] != "桥"]
    assert (others["membership"] > 0.85).all()  # with the five others always, with the bridge half of the time


def test_no_term_is_oftener_with_another_community_than_with_its_own():
    for found in (consensus_communities(strewn(6), n_boot=20), consensus_communities(bridged(), unit="item", n_boot=20)):
        both = found.terms.dropna(subset=["membership", "next_membership"])
        assert (both["membership"] >= both["next_membership"] - 1e-9).all()


def test_co_membership_is_counted_over_the_partitions_in_which_both_terms_have_ties():
    share = co_membership(np.array([[0, 0, 1, -1], [0, 1, 1, -1], [0, 0, -1, -1]]))
    assert share[0, 1] == 2 / 3
    assert (share[0, 2], share[1, 2]) == (0, 1 / 2)
    assert np.isnan(share[0, 3])
    assert share[3, 3] == 1


def test_membership_and_support_are_means_of_co_membership():
    found = consensus_communities(strewn(6, n_terms=20), n_boot=20)
    first = found.communities.index[found.communities == 1]
    square = found.together.loc[first, first].to_numpy()
    off = ~np.eye(len(first), dtype=bool)
    assert found.frame["support"][0] == pytest.approx(square[off].mean())
    means = pd.Series((square.sum(axis=1) - 1) / (len(first) - 1), index=first)
    assert found.terms.set_index("term")["membership"][first].to_dict() == pytest.approx(means.to_dict())


def test_one_large_community_beside_many_small_ones_stays_whole():
    label = np.repeat(range(12), [45, *[5] * 11])  # modularity of the bare co-memberships breaks the large one up from 1.14 on
    found = agreed((label[:, None] == label).astype(float), resolution=1.3, seed=0)
    assert found.tolist() == label.tolist()


def test_a_term_goes_where_it_is_most_often():
    together = np.array([[1, 0.9, 0.2, 0.2], [0.9, 1, 0.2, 0.2], [0.2, 0.2, 1, 0.8], [0.2, 0.2, 0.8, 1]])
    assert settled(together, np.array([0, 0, 0, 1])).tolist() == [0, 0, 1, 1]


def test_a_term_that_never_has_a_tie_is_alone_and_says_so():
    rows = [[1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 0, 1]] * 12
    found = consensus_communities(made(rows, list("abcde"), plan=[f"p{n // 6}" for n in range(36)]), unit="item", n_boot=20)
    assert found.communities.to_dict() == {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}
    lone = found.terms.set_index("term").loc["e"]
    assert (lone["tied"], lone["stable"]) == (0, False)
    assert np.isnan(lone["membership"])
    assert pd.isna(lone["next_community"])
    assert np.isnan(found.frame["support"].iloc[2])


def test_one_plan_alone_is_drawn_by_item_and_says_so():
    found = consensus_communities(planted(1, n_terms=20, themes=2), n_boot=20)
    assert found.settings["resampled"] == "items of the one plan there is"
    assert found.settings["unit"] == "item"
    assert "items were resampled" in found.settings["notes"][0]


def test_communities_of_one_short_plan_are_not_taken_for_more_than_chance():
    found = consensus_communities(strewn(1, n_terms=40), n_boot=20)
    assert found.frame["support"].mean() > 0.5  # it looks sure, for so few items make whatever they hold come again
    assert found.terms["stable"].mean() < 0.25


def test_all_plans_drawn_once_give_the_backbone_of_all_plans():
    counts = planted(5)
    ground = lay_ground(counts, measure="npmi", unit="both", neighbours=3, by="plan")
    [drawn] = drawn_backbones(ground.tally, np.ones((1, 5)), ground.terms, measure="npmi", neighbours=3)
    thin = backbone(cooccurrence(counts), neighbours=3)
    assert sorted(map(sorted, drawn.edges)) == sorted(map(sorted, thin.edges))


def test_resamples_are_parted_at_the_resolution_that_communities_takes():
    graph = backbone(cooccurrence(planted(2, n_terms=160, themes=8)))
    assert communities(graph, sharpen=False).equals(communities(graph, resolution=usual_resolution(160), sharpen=False))
    assert [usual_resolution(n) for n in (10, 60, 240, 1000)] == [1, 1, 2, 2]


SCRIPT = "import sys; sys.path.insert(0, {tests!r}); from test_networks_consensus import described; print(described(True))"


def described(turned=False):
    counts = planted(4, n_terms=16)
    if turned:
        counts = counts.where(np.ones(counts.shape[0], dtype=bool)).keep(counts.terms[::-1])
        order = np.random.default_rng(0).permutation(counts.shape[0])
        counts = type(counts)(counts.X[order], counts.docs.iloc[order], counts.terms, counts.settings)
    found = consensus_communities(counts, n_boot=20)
    chosen = choose_resolution(counts, candidates=[0.5, 1, 3], n_boot=5)
    graph = backbone(cooccurrence(counts), neighbours=4)
    places = theme_map(graph, communities=communities(graph), counts=counts, n_boot=20)
    frames = (found.communities, found.together, found.terms, found.frame, chosen, places)
    return "\n".join([*(frame.to_csv() for frame in frames), str(found.settings), str(chosen.attrs)])


def test_no_hash_seed_and_no_order_of_rows_or_terms_shows():
    script = SCRIPT.format(tests=str(Path(__file__).parent))
    env = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "utf-8"}
    said = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, encoding="utf-8", check=True).stdout
    assert said.strip() == described().strip()


def test_two_cores_give_the_same_numbers_as_one():
    one, two = (consensus_communities(planted(4, n_terms=24), n_boot=20, n_jobs=n) for n in (1, 2))
    assert one.together.equals(two.together)
    assert one.terms.equals(two.terms)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"n_boot": 5}, "n_boot=5"),
        ({"resolution": 0}, "resolution=0"),
        ({"neighbours": 0}, "neighbours=0"),
        ({"by": "city"}, "by='city'"),
        ({"measure": "pmi"}, "measure='pmi'"),
        ({"unit": "page"}, "unit='page'"),
    ],
)
def test_consensus_says_which_argument_is_not_allowed(arguments, says):
    with pytest.raises(ArgumentError, match=says):
        consensus_communities(planted(4, n_terms=8, themes=2), **arguments)


def test_two_plans_are_refused_and_so_are_terms_that_never_meet():
    with pytest.raises(TooFewPlansError, match="2 plans are too few"):
        consensus_communities(planted(2))
    with pytest.raises(TooFewPlansError, match="none of the 2 terms"):
        consensus_communities(made([[1, 0], [0, 1]] * 6, ["体育", "美育"], plan=[f"p{n // 3}" for n in range(12)]))


# ---- resolution


def test_resolutions_at_which_halves_agree_give_the_planted_themes_and_the_coarsest_is_recommended():
    table = choose_resolution(planted(12), candidates=[4, 1.5, 1], n_boot=8)
    assert table["resolution"].tolist() == [1, 1.5, 4]
    assert table["n_communities"].tolist()[:2] == [4, 4]
    assert table["recommended"].tolist() == [True, False, False]
    assert table["agreement"][0] > 0.95 > table["agreement"][2]
    assert (table["low"] <= table["agreement"]).all()
    assert (table["high"] <= 1).all()


def test_halves_of_plans_with_words_at_random_agree_at_no_resolution():
    table = choose_resolution(strewn(), candidates=[0.3, 1, 3], n_boot=10)
    assert table["agreement"].abs().max() < 0.05
    assert not table["recommended"].any()
    assert "no communities" in table.attrs["notes"][-1]


def test_one_community_of_all_or_each_term_alone_agrees_with_nothing():
    one, each, two = np.zeros(6, dtype=int), np.arange(6), np.array([0, 0, 0, 1, 1, 1])
    assert alike(one, one) == alike(each, each) == alike(one, two) == 0
    assert alike(two, two) == 1
    assert alike(np.array([0, 0, 1, 1, -1]), np.array([5, 5, 2, 2, 2])) == 1  # the last term has no tie on one side


def test_halves_share_no_plan_and_are_of_one_size():
    halves = _halves(7, 50, seed=0)
    assert (halves.sum(axis=2) == 3).all()
    assert (halves.sum(axis=1) <= 1).all()
    assert len(np.unique(halves[:, 0], axis=0)) > 20


def in_fields(n_plans=4):
    """Blocks of three items of one theme each, with two of its ten words and two of any: blocks tell more than ties."""
    rng = np.random.default_rng(0)
    rows = np.zeros((n_plans * 30, 40), dtype=int)
    for n, row in enumerate(rows):
        row[(n // 3 % 4) * 10 + rng.choice(10, 2, replace=False)] = 1
        row[rng.choice(40, 2, replace=False)] = 1
    plan, block = [f"p{n // 30}" for n in range(len(rows))], [str(n // 3) for n in range(len(rows))]
    return made(rows, [f"t{n:02d}" for n in range(40)], plan=plan, block=block)


def test_modularity_is_that_of_all_plans_parted_by_ties_alone():
    counts = in_fields()
    graph = backbone(cooccurrence(counts))
    found = communities(graph, resolution=2, sharpen=False)
    assert not found.equals(communities(graph, resolution=2))
    parts = [set(found.index[found == k]) for k in found.unique()]
    [row] = choose_resolution(counts, candidates=[2], n_boot=5).itertuples()
    assert row.modularity == pytest.approx(nx.community.modularity(graph, parts))
    assert row.n_communities == len(parts)


@pytest.mark.parametrize("candidates", [[], "1", 1.0, [0], [None], [True]])
def test_candidates_must_be_several_numbers_above_nothing(candidates):
    with pytest.raises(ArgumentError, match=r"candidates=|resolution="):
        choose_resolution(planted(4), candidates=candidates)


def test_halves_need_two_plans_each():
    with pytest.raises(TooFewPlansError, match="3 plans are too few"):
        choose_resolution(planted(3))


# ---- names


def test_a_community_is_named_after_the_terms_with_the_strongest_ties_within():
    graph, groups = four_themes()
    graph.add_edge("a1", "c2", weight=9.0)  # a tie to another community gives no name
    graph.add_edge("a3", "a2", weight=5.0)
    groups["a3"] = 1
    names = name_communities(graph, communities=groups, n=2)
    assert names.to_dict() == {1: "a2·a3", 2: "b1·b2", 3: "c1·c2", 4: "d1·d2"}
    assert theme_map(graph, communities=groups).set_index("theme")["label"][1] == "a2·a3·a1"


def test_a_name_needs_a_term_and_each_node_a_community():
    with pytest.raises(ArgumentError, match="n=0"):
        name_communities(nx.Graph([("a", "b")]), communities={"a": 1, "b": 1}, n=0)
    with pytest.raises(ArgumentError, match="'b' has none"):
        name_communities(nx.Graph([("a", "b")]), communities={"a": 1})


# ---- how sure a place on the theme map is


def two_themes():
    """The first theme in three items of the first plan, the second in two items of the second plan, none in the third."""
    rows = [[1, 1, 0, 0]] * 3 + [[0, 0, 1, 1]] * 2 + [[1, 0, 0, 0], [0, 0, 1, 0]]
    counts = made(rows, ["a1", "a2", "b1", "b2"], plan=["p1"] * 3 + ["p2"] * 2 + ["p3"] * 2)
    return counts, backbone(cooccurrence(counts, measure="raw", unit="item")), pd.Series({"a1": 1, "a2": 1, "b1": 2, "b2": 2})


def test_quadrant_support_is_the_share_of_draws_counted_by_hand():
    counts, graph, groups = two_themes()
    places = theme_map(graph, communities=groups, counts=counts, n_boot=4000).set_index("theme")
    assert places["density"].to_dict() == {1: 150, 2: 100}
    assert places["quadrant"].to_dict() == {1: "motor", 2: "basic"}
    # Draws of three plans: 27. The first theme is dense where 3 w1 >= 2 w2: not in (0,1,2) 3 ways, (0,2,1) 3, (0,3,0) 1, (1,2,0) 3.
    # The second is not dense where 2 w2 < 3 w1: neither in these nor in (0,0,3), where both are at the median.
    assert places["quadrant_support"][1] == pytest.approx(17 / 27, abs=0.025)
    assert places["quadrant_support"][2] == pytest.approx(16 / 27, abs=0.025)


def test_intervals_are_in_the_units_of_the_map():
    counts, graph, groups = two_themes()
    places = theme_map(graph, communities=groups, counts=counts, n_boot=400)
    # the median is 125; where one theme only is drawn it has all, twice the median, and the other has nothing
    assert places[["density_low", "density_high"]].to_numpy().tolist() == [[0, 250], [0, 250]]
    assert places.attrs == {"resampled": "plans", "by": "plan", "n_boot": 400, "seed": 0}


def strewn_terms():
    """Terms that go with any terms, in groups of 14, 8, 4 and 3; no group is a theme."""
    rng = np.random.default_rng(5)
    rows = (rng.random((300, 29)) < 0.15).astype(int)
    terms = [f"{letter}{n:02d}" for letter, size in zip("abcd", (14, 8, 4, 3), strict=True) for n in range(size)]
    counts = made(rows, terms, plan=[f"p{n // 30}" for n in range(300)])
    return counts, backbone(cooccurrence(counts, unit="item"), neighbours=4), pd.Series({t: t[0] for t in terms})


def test_centrality_grows_with_a_theme_so_that_chance_is_far_above_a_quarter():
    counts, graph, groups = strewn_terms()
    places = theme_map(graph, communities=groups, counts=counts, n_boot=100).set_index("theme")
    assert places.sort_values("n_terms").index.tolist() == places.sort_values("centrality").index.tolist()
    assert places["chance"].mean() > 0.5
    assert places["chance"].mean() == pytest.approx(places["quadrant_support"].mean(), abs=0.2)  # there is nothing but chance


def test_chance_is_what_a_quadrant_gets_in_worlds_where_each_term_is_dealt_over_the_items_of_each_plan():
    counts, graph, groups = strewn_terms()
    again = [theme_map(graph, communities=groups, counts=counts, n_boot=n, seed=3)["chance"].tolist() for n in (20, 60)]
    assert again[0] == again[1]  # it does not hang on how often the plans themselves are drawn
    planted_counts = planted(8, n_terms=32)
    strong = backbone(cooccurrence(planted_counts), neighbours=4)
    found = theme_map(strong, communities=communities(strong), counts=planted_counts, n_boot=20)
    assert found["chance"].between(0, 1).all()


def test_without_counts_nothing_is_said_of_how_sure_a_place_is():
    _, graph, groups = two_themes()
    assert list(theme_map(graph, communities=groups)) == ["theme", "label", "n_terms", "n_items", "centrality", "density", "quadrant"]


def test_the_same_plan_over_and_over_leaves_every_theme_in_its_quadrant():
    one = planted(1, n_terms=24)
    rows = np.tile(one.X.toarray(), (5, 1))
    block = [str(n // 3) for n in range(len(rows))]
    counts = made(rows, list(one.terms), plan=[f"p{n // 30}" for n in range(len(rows))], block=block)
    graph = backbone(cooccurrence(counts), neighbours=4)
    places = theme_map(graph, communities=communities(graph), counts=counts, n_boot=20)
    assert (places["quadrant_support"] == 1).all()
    for name in ("centrality", "density"):
        assert places[f"{name}_low"].tolist() == pytest.approx(places[name].tolist())
        assert places[f"{name}_high"].tolist() == pytest.approx(places[name].tolist())


def test_a_map_is_resampled_only_with_the_counts_its_graph_is_made_of():
    counts, graph, groups = two_themes()
    with pytest.raises(FrameError, match="'b2'"):
        theme_map(graph, communities=groups, counts=counts.keep(["a1", "a2", "b1"]))
    fewer = nx.Graph(**graph.graph)
    fewer.add_nodes_from(graph)
    with pytest.raises(ArgumentError, match="0 ties"):
        theme_map(fewer, communities=groups, counts=counts)
    with pytest.raises(ArgumentError, match="does not say how it was made"):
        theme_map(nx.Graph(graph.edges), communities=groups, counts=counts)
    with pytest.raises(ArgumentError, match="n_boot=3"):
        theme_map(graph, communities=groups, counts=counts, n_boot=3)


def test_a_map_of_two_plans_is_not_resampled_and_one_of_a_single_plan_by_item():
    counts = planted(2, n_terms=16)
    graph = backbone(cooccurrence(counts), neighbours=3)
    with pytest.raises(TooFewPlansError, match="2 plans"):
        theme_map(graph, communities=communities(graph), counts=counts)
    one = planted(1, n_terms=16)
    graph = backbone(cooccurrence(one), neighbours=3)
    with pytest.raises(ArgumentError, match="unit='item'"):
        theme_map(graph, communities=communities(graph), counts=one)
    graph = backbone(cooccurrence(one, unit="item"), neighbours=3)
    places = theme_map(graph, communities=communities(graph), counts=one, n_boot=20)
    assert places.attrs["resampled"] == "items of the one plan there is"
    assert places["quadrant_support"].between(0, 1).all()
