"""Contrasts of networks: tallies by hand, exact p, calibrated under a null, a planted tie found, frequencies taken out, honest about few."""

import os
import subprocess
import sys
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from policylab.errors import ArgumentError, EmptyVocabularyError, TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.networks import compare_networks, cooccurrence

TERMS = ["体育", "美育"]


def made(rows, plan, terms=TERMS, **docs):
    docs = pd.DataFrame({"plan": plan, **docs}, index=[f"i{n:05d}" for n in range(len(rows))])
    return TermMatrix(np.array(rows), docs, terms)


def items(both, first, second, neither):
    return [[1, 1]] * both + [[1, 0]] * first + [[0, 1]] * second + [[0, 0]] * neither


def plans_of(*parts):
    """Plans a, b, c … of 20 items each, given by how many items hold both, the first only, the second only."""
    rows = [row for both, first, second in parts for row in items(both, first, second, 20 - both - first - second)]
    return made(rows, [chr(97 + n // 20) for n in range(len(rows))])


def on(counts, plans):
    return counts.docs["plan"].isin(list(plans)).to_numpy()


# ---------------------------------------------------------------- by hand
def test_windows_chance_plans_and_weights_are_as_counted_by_hand():
    counts = plans_of((6, 2, 0), (5, 0, 0), (5, 5, 5), (0, 4, 4))
    row = compare_networks(counts, target=on(counts, "ab"), unit="item").loc[0]
    assert row[["a", "b", "n_together_target", "n_together_reference"]].tolist() == ["体育", "美育", 11, 5]
    # chance, plan by plan: 8 · 6 / 20 + 5 · 5 / 20, and 10 · 10 / 20 + 4 · 4 / 20
    assert row[["expected_target", "expected_reference"]].tolist() == pytest.approx([2.4 + 1.25, 5.0 + 0.8])
    assert row[["n_plans_target", "n_plans_reference"]].tolist() == [2, 1]
    assert row["weight_target"] == pytest.approx(log((11 / 40) / (13 / 40 * 11 / 40)) / -log(11 / 40))
    assert row["weight_reference"] == pytest.approx(log((5 / 40) / (14 / 40 * 14 / 40)) / -log(5 / 40))
    assert row["difference"] == pytest.approx(row["weight_target"] - row["weight_reference"])


def test_p_counts_the_orders_that_reach_the_observed_difference():
    counts = plans_of(*[(6, 0, 0)] * 3, *[(1, 5, 5)] * 3)
    row = compare_networks(counts, target=on(counts, "abc"), unit="item").loc[0]
    assert row[["p", "q", "smallest_p"]].tolist() == pytest.approx([2 / 20] * 3)  # of the 20 ways to choose 3 of 6, this and its mirror


def test_words_that_one_side_uses_more_make_no_tie_if_chance_explains_it():
    # N = 20: both words in 8 items and together in 8 (chance 3.2, ratio 2.5), or both in 4 and together in 2 (chance .8, ratio 2.5)
    counts = plans_of(*[(8, 0, 0)] * 4, *[(2, 2, 2)] * 4)
    row = compare_networks(counts, target=on(counts, "abcd"), unit="item").loc[0]
    assert row[["n_together_target", "n_together_reference"]].tolist() == [32, 8]
    assert row["p"] == 1.0


def test_weights_are_those_of_the_network_of_each_side():
    counts = simulated(3, planted=False)
    inside = on(counts, "abcde")
    found = compare_networks(counts, target=inside, measure="cosine", unit="both")
    for name, mask in (("target", inside), ("reference", ~inside)):
        graph = cooccurrence(counts.where(mask), measure="cosine", unit="both", min_together=1)
        assert found[f"weight_{name}"].tolist() == pytest.approx(
            [graph.get_edge_data(a, b, {"weight": 0})["weight"] for a, b in zip(found["a"], found["b"], strict=True)]
        )


# ---------------------------------------------------------------- simulated
def simulated(seed, *, planted, n_terms=30, themes=6, n_plans=10):
    """Ten plans of 30 items in blocks of 3, with themes in other proportions in each; two words of other themes, in five items more.

    Planted: in plans a–e these five are the same items for both words, in the others they are not.
    """
    rng = np.random.default_rng(seed)
    size, rows = n_terms // themes, np.zeros((n_plans * 30, n_terms), dtype=int)
    for n, row in enumerate(rows):
        if n % 30 == 0:
            mix = rng.dirichlet(np.full(themes, 2.0))
        theme = rng.choice(themes, p=mix)
        row[theme * size + rng.choice(size, 3)] = 1
        row[rng.integers(n_terms, size=1 + rng.poisson(1))] = 1
        if planted:
            row[0] |= n % 6 == 0
            row[n_terms - 1] |= n % 6 == (0 if n < 150 else 3)
    plan = [chr(97 + n // 30) for n in range(len(rows))]
    return made(rows, plan, [f"t{n:02d}" for n in range(n_terms)], block=[str(n // 3) for n in range(len(rows))])


@pytest.mark.parametrize("unit", ["item", "both"])
def test_where_no_side_differs_five_percent_of_pairs_do_at_05_and_next_to_none_by_q(unit):
    found = [compare_networks(c, target=on(c, "abcde"), unit=unit) for c in (simulated(seed, planted=False) for seed in range(40))]
    rate = np.mean([(table["p"] < 0.05).mean() for table in found])
    assert rate == pytest.approx(12 / 252, abs=0.015)  # 252 ways to choose 5 of 10: at most 12 of them are under .05
    assert sum((table["q"] < 0.05).any() for table in found) <= 2


def test_a_planted_tie_of_one_side_comes_first():
    ranks = []
    for seed in range(10):
        counts = simulated(seed, planted=True)
        found = compare_networks(counts, target=on(counts, "abcde"), unit="item")
        ranks += found.index[(found["a"] == "t00") & (found["b"] == "t29") & (found["p"] < 0.05) & (found["difference"] > 0)].tolist()
    assert len(ranks) >= 9
    assert np.median(ranks) <= 1


def test_a_tie_of_five_plans_among_thirty_is_found_by_q_and_hardly_anything_else():
    found = []
    for seed in range(8):
        counts = simulated(seed, planted=True, n_plans=30)
        table = compare_networks(counts, target=on(counts, "abcde"), unit="item")
        found += table.loc[table["q"] < 0.05, ["a", "b"]].values.tolist()
    assert found.count(["t00", "t29"]) >= 6
    assert len(found) <= 9


# ---------------------------------------------------------------- who changes sides with whom
def test_places_of_several_years_change_sides_together():
    plan = [f"{p}-{y}" for p in "甲乙丙丁" for y in (2023, 2024) for _ in range(10)]
    rows = [row for p in "甲乙丙丁" for _ in range(2) for row in (items(5, 0, 0, 5) if p in "甲乙" else items(1, 4, 4, 1))]
    found = compare_networks(made(rows, plan, place=[p[0] for p in plan]), target={"place": ["甲", "乙"]}, unit="item")
    assert found.loc[0, ["p", "smallest_p"]].tolist() == pytest.approx([2 / 6, 2 / 6])  # two of four places, not four of eight plans
    assert "同一地区" in found.attrs["note"]
    assert "No tie can reach .05" in found.attrs["note"]
    assert found.attrs["target"] == "甲、乙"


def test_years_of_the_same_places_are_compared_within_the_place():
    plan = [f"{p}-{y}" for p in "甲乙丙" for y in (2023, 2024) for _ in range(10)]
    rows = [row for _ in "甲乙丙" for y in (0, 1) for row in (items(5, 0, 0, 5) if y else items(1, 4, 4, 1))]
    docs = {"place": [p[0] for p in plan], "year": [int(p[2:]) for p in plan]}
    found = compare_networks(made(rows, plan, **docs), target={"year": 2024}, unit="item")
    assert found.loc[0, "p"] == pytest.approx(2 / 8)
    assert "3 place(s) on both sides" in found.attrs["note"]


def test_pairs_that_chance_explains_are_not_tested_and_counted():
    rows = [[*row, n % 2] for n, row in enumerate(items(6, 0, 0, 14))] * 4
    found = compare_networks(made(rows, [chr(97 + n // 20) for n in range(80)], [*TERMS, "课程"]), target=np.arange(80) < 40, unit="item")
    assert found[["a", "b"]].values.tolist() == [TERMS]
    assert (found.attrs["n_tested"], found.attrs["n_not_tested"]) == (1, 2)
    assert "1 pairs tested; 2 that" in found.attrs["note"]


# ---------------------------------------------------------------- refusals and order
def test_one_plan_on_a_side_is_refused_with_the_way_to_go():
    counts = plans_of((6, 0, 0), (5, 0, 0), (1, 2, 2))
    with pytest.raises(TooFewPlansError, match=r"target has 1 plan.*edge_support"):
        compare_networks(counts, target=on(counts, "a"), unit="item")


@pytest.mark.parametrize("measure", ["raw", "loglikelihood", "association", "pmi"])
def test_measures_that_grow_with_a_side_are_refused(measure):
    counts = plans_of((6, 0, 0), (5, 0, 0), (1, 2, 2), (2, 2, 2))
    with pytest.raises(ArgumentError, match="npmi"):
        compare_networks(counts, target=on(counts, "ab"), measure=measure, unit="item")


def test_where_nothing_stands_together_nothing_is_compared():
    counts = plans_of(*[(1, 4, 4)] * 4)
    with pytest.raises(EmptyVocabularyError, match="stands out from chance"):
        compare_networks(counts, target=on(counts, "ab"), unit="item")


def test_the_order_of_rows_and_columns_changes_nothing():
    counts = simulated(1, planted=True)
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(counts.shape[0]), rng.permutation(counts.shape[1])
    other = TermMatrix(counts.X[rows][:, columns], counts.docs.iloc[rows], counts.terms[columns])
    expected, found = (compare_networks(c, target=on(c, "abcde")) for c in (counts, other))
    pd.testing.assert_frame_equal(found, expected)


def described():
    counts = simulated(1, planted=True, n_plans=18)
    return compare_networks(counts, target=on(counts, "abcdefghi"), unit="item").head(5).to_csv()


def test_no_hash_seed_shows_in_a_contrast_of_random_permutations():
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from test_networks_contrast import described; print(described())"
    )
    env = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "utf-8"}
    said = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, encoding="utf-8", check=True).stdout
    assert said.strip() == described().strip()
