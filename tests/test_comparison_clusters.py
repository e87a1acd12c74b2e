"""Clusters of plans: what was planted is found, and support is the share of resamples that have exactly these members."""

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster

from policylab.comparison import cluster_plans, reading_order, similarity
from policylab.comparison.clusters import _held as held
from policylab.comparison.clusters import members_of
from policylab.errors import ArgumentError, TooFewPlansError
from policylab.matrix import TermMatrix


def made(plans):
    """Counts from each plan's items, words apart by blanks."""
    rows = [(plan, item) for plan, items in plans.items() for item in items]
    terms = sorted({w for _, item in rows for w in item.split()})
    X = [[item.split().count(t) for t in terms] for _, item in rows]
    docs = pd.DataFrame({"plan": [p for p, _ in rows], "place": [p.split("-")[0] for p, _ in rows]}).rename("i{:04d}".format)
    return TermMatrix(X, docs, terms)


def panel(n_places=4, n_years=3, n_items=20, *, own=0.7, seed=0):
    """Places that have words of their own beside common ones."""
    rng = np.random.default_rng(seed)
    plans = {}
    for place in range(n_places):
        for year in range(n_years):
            words = [
                [f"p{place}w{rng.integers(8)}" if rng.random() < own else f"c{rng.integers(30)}" for _ in range(8)] for _ in range(n_items)
            ]
            plans[f"P{place}-{2020 + year}"] = [" ".join(w) for w in words]
    return made(plans)


# a's first item makes it like b, its second like c; both together like b: with b unless the second is drawn twice, one time in four
TORN = {"a": ["x x x", "y"], "b": ["x"] * 9, "c": ["y"] * 9}


def test_support_is_the_share_of_draws_that_can_be_counted_by_hand():
    found = cluster_plans(made(TORN), n_clusters=2, n_boot=400)
    assert found.frame["members"].tolist() == ["a、b", "c"] or found.frame["members"].tolist() == ["c", "a、b"]
    [pair] = found.frame[found.frame["n"] == 2].to_dict("records")
    assert pair["support"] == pytest.approx(0.75, abs=0.06)
    # the best overlap with {a, b} in the other draws, whose tree holds {a, c} and the whole, is that of the whole: 2 / 3
    assert pair["jaccard"] == pytest.approx(pair["support"] + (1 - pair["support"]) * 2 / 3)


def test_plans_of_too_few_items_make_support_look_high_and_the_note_says_so():
    assert "1 have fewer than 5 items" in cluster_plans(made(TORN), n_boot=20).note
    assert cluster_plans(panel(), n_boot=20).note == ""


def test_planted_places_are_the_clusters_at_their_number_and_at_their_support():
    counts = panel()
    for found in (cluster_plans(counts, n_clusters=4, n_boot=40), cluster_plans(counts, measure="rarefied", n_clusters=4, n_boot=40)):
        assert sorted(found.frame["members"]) == ["、".join(f"P{p}-{y}" for y in (2020, 2021, 2022)) for p in range(4)]
        assert (found.frame["support"] > 0.95).all()
    assert sorted(cluster_plans(counts, n_boot=40).frame["members"]) == sorted(found.frame["members"])


def test_of_nested_clusters_those_are_taken_whose_support_adds_up_to_most():
    # leaves 0 and 1 form cluster 5, 2 and 3 form 6, these two form 7, leaf 4 joins last
    tree = np.array([[0, 1, 0.1, 2], [2, 3, 0.1, 2], [5, 6, 0.5, 4], [4, 7, 0.9, 5]])
    size = np.array([2, 2, 4, 5])
    for support, chosen in (
        ([0.9, 0.9, 0.8, 1], [5, 6]),  # 3.6 against 3.2
        ([0.9, 0.9, 0.9, 1], [5, 6]),  # equal: the finer
        ([0.9, 0.9, 0.95, 1], [7]),
        ([1, 0.6, 0.8, 1], [7]),  # one alone gives 2.0 against 3.2
        ([1, 0.6, 0.6, 1], [5]),
        ([0.6, 0.6, 0.6, 1], []),  # the whole is no cluster
    ):
        assert held(tree, size, np.array(support), 0.7) == chosen


def test_plans_without_any_structure_are_no_clusters():
    found = cluster_plans(panel(12, 1, 12, own=0.0), min_support=0.7, n_boot=60)
    assert found.frame["n"].sum() <= 4
    assert found.labels.isna().sum() >= 8


def test_the_order_is_the_reading_order_and_clusters_stand_together_in_it():
    counts = panel(5, 3)
    found = cluster_plans(counts, n_clusters=5, n_boot=20)
    assert found.order == reading_order(similarity(counts.group("plan")))
    assert found.labels.tolist() == sorted(found.labels)
    assert found.labels.index.tolist() == found.order
    assert found.frame["cluster"].tolist() == [1, 2, 3, 4, 5]


def test_cutting_the_tree_is_what_scipy_does():
    counts = panel(6, 2, own=0.2)
    for k in (2, 4, 7):
        found = cluster_plans(counts, n_clusters=k, n_boot=20)
        flat = pd.Series(fcluster(found.tree, k, "maxclust"), index=sorted(found.order))
        theirs = {frozenset(flat.index[flat == c]) for c in set(flat)}
        assert {frozenset(found.labels.index[found.labels == c]) for c in found.frame["cluster"]} == theirs


def test_members_of_a_tree_by_hand():
    tree = np.array([[0, 2, 0.1, 2], [1, 3, 0.5, 3]])
    assert members_of(tree).tolist() == [[True, False, True], [True, True, True]]


def test_every_cluster_of_the_tree_but_the_whole_is_told_with_its_support():
    found = cluster_plans(panel(3, 3), n_clusters=3, n_boot=20)
    assert len(found.nodes) == 9 - 2
    assert found.nodes["support"].between(0, 1).all()
    assert found.nodes["n"].is_monotonic_decreasing
    assert set(found.nodes["cluster"].dropna()) == {1, 2, 3}


def test_places_are_resampled_by_plan_and_plans_by_item():
    counts = panel()
    assert cluster_plans(counts, by="place", n_boot=20).settings["resample"] == "plans"
    assert cluster_plans(counts, n_boot=20).settings["resample"] == "items"
    assert "fewer than 5 plans" in cluster_plans(counts, by="place", n_boot=20).note


def test_terms_may_be_drawn_in_place_of_items():
    found = cluster_plans(panel(), n_clusters=4, resample="terms", n_boot=30)
    assert (found.frame["support"] > 0.9).all()


def test_a_plan_alone_has_no_support():
    found = cluster_plans(made(TORN), n_clusters=3, n_boot=20)
    assert found.frame["n"].tolist() == [1, 1, 1]
    assert found.frame["support"].isna().all()


def test_one_or_two_plans_are_refused_and_so_is_what_is_not_allowed():
    counts = panel(2, 1)
    with pytest.raises(TooFewPlansError, match="at least 3"):
        cluster_plans(counts)
    with pytest.raises(TooFewPlansError, match="1 to cluster"):
        cluster_plans(counts.where(counts.docs["place"] == "P0"))
    counts = panel(3, 1)
    for arguments, said in (
        ({"measure": "ppmi"}, "rarefied"),
        ({"n_clusters": 9}, "only 3"),
        ({"n_boot": 5}, "from 20"),
        ({"resample": "words"}, "terms"),
        ({"resample": "plans"}, "by='plan'"),
        ({"min_support": 70}, "0.7"),
        ({"by": "city"}, "no such column"),
    ):
        with pytest.raises(ArgumentError, match=said):
            cluster_plans(counts, **arguments)
    with pytest.raises(ArgumentError, match="grouped already"):
        cluster_plans(counts.group("plan"))


def test_the_order_of_rows_and_the_number_of_threads_change_no_byte():
    counts = panel(4, 2, own=0.2)
    turned = TermMatrix(counts.X[::-1], counts.docs[::-1], counts.terms)
    first, again = cluster_plans(counts, n_clusters=3, n_boot=30), cluster_plans(turned, n_clusters=3, n_boot=30, n_jobs=2)
    assert again.frame.to_csv() == first.frame.to_csv()
    assert again.nodes.to_csv() == first.nodes.to_csv()
    assert again.order == first.order
