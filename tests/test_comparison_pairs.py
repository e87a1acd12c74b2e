"""Pairs of plans: equal length, a null of stand-ins, and what cannot be said."""

from itertools import product
from math import comb, log

import numpy as np
import pandas as pd
import pytest

from policylab.comparison import compare_plans, similarity
from policylab.comparison.rarefaction import expected_weights
from policylab.errors import ArgumentError, TooFewPlansError
from policylab.matrix import TermMatrix


def panel(n_places=6, n_years=2, n_items=30, *, kept=0.0, seed=0, n_terms=400):
    """Plans of items of twelve words; each year a share of a place's items is kept from the year before."""
    rng = np.random.default_rng(seed)
    common = rng.dirichlet(np.full(n_terms, 0.3))
    rows, docs = [], []
    for place in range(n_places):
        own = rng.dirichlet(200 * common + 1e-3)
        items = rng.multinomial(12, own, size=n_items)
        for year in range(n_years):
            items = np.where(rng.random((n_items, 1)) < kept, items, rng.multinomial(12, own, size=n_items)) if year else items
            rows.append(items)
            docs += [(f"P{place}-{2020 + year}", f"P{place}", 2020 + year)] * n_items
    frame = pd.DataFrame(docs, columns=["plan", "place", "year"]).rename("i{:05d}".format)
    return TermMatrix(np.vstack(rows), frame, [f"t{n:03d}" for n in range(n_terms)])


@pytest.mark.parametrize(("largest", "chance"), [*product((1, 2, 5), (0.1, 0.5, 1.0))])
def test_expected_weights_are_those_of_all_ways_to_keep_tokens(largest, chance):
    weight = [0.0, *(1 + log(k) for k in range(1, largest + 1))]
    pmf = [comb(largest, k) * chance**k * (1 - chance) ** (largest - k) for k in range(largest + 1)]
    first, second = expected_weights(largest, chance)
    assert first[largest] == pytest.approx(sum(p * w for p, w in zip(pmf, weight, strict=True)))
    assert second[largest] == pytest.approx(sum(p * w * w for p, w in zip(pmf, weight, strict=True)))


def test_plans_of_just_the_depth_are_not_thinned():
    # three tokens each: (2, 1, 0) and (2, 0, 1); rates 2/3, 1/6, 1/6; a text of three tokens holds them with 26/27 and 91/216
    docs = pd.DataFrame({"plan": ["a", "b"]}, index=["a#1", "b#1"])
    [pair] = compare_plans(TermMatrix([[2, 1, 0], [2, 0, 1]], docs, ["学校", "教师", "食品"]), depth=3, n_draws=20).to_dict("records")
    often, seldom = ((1 + log(3 / (1 + 2 * p))) for p in (26 / 27, 91 / 216))
    shared = (1 + log(2)) ** 2 * often**2
    assert pair["rarefied"] == pytest.approx(shared / (shared + seldom**2))


def test_similarity_is_that_of_the_function_of_this_name():
    counts = panel(3, 1)
    frame, pairs = similarity(counts.group("plan")), compare_plans(counts, n_draws=20)
    assert [frame.loc[a, b] for a, b in zip(pairs["a"], pairs["b"], strict=True)] == pairs["similarity"].tolist()


def test_a_pair_is_as_alike_at_300_tokens_as_at_3000_once_rarefied():
    rng = np.random.default_rng(3)
    words = rng.dirichlet(np.full(500, 0.3), size=2)
    raw, rarefied = [], []
    for items in (25, 84, 250):
        X = np.vstack([rng.multinomial(12, words.mean(axis=0) / 2 + w / 2, size=items) for w in words])
        docs = pd.DataFrame({"plan": np.repeat(["a", "b"], items)}).rename("i{:05d}".format)
        [pair] = compare_plans(TermMatrix(X, docs, [f"t{n:03d}" for n in range(500)]), n_draws=20).to_dict("records")
        raw.append(pair["similarity"])
        rarefied.append(pair["rarefied"])
        assert pair["depth"] == 300
    assert max(raw) - min(raw) > 0.15
    assert max(rarefied) - min(rarefied) < 0.05


def test_plans_that_keep_items_stand_out_and_unrelated_plans_do_not():
    pairs = compare_plans(panel(8, 2, kept=0.5), n_draws=100)
    same = pairs["same_place"]
    assert same.sum() == 8
    assert (pairs.loc[same, "p"] < 0.05).all()
    assert (pairs.loc[same, "rarefied"] > pairs.loc[same, "null_high"]).all()


def test_under_the_null_p_is_below_a_twentieth_about_that_often():
    share = np.mean([(compare_plans(panel(8, 1, seed=s), n_draws=100)["p"] < 0.05).mean() for s in range(12)])
    assert share <= 0.08


def test_columns_tell_the_years_between_and_the_tokens_of_both():
    pairs = compare_plans(panel(3, 2), n_draws=20)
    row = pairs.set_index(["a", "b"]).loc[("P0-2020", "P0-2021")]
    assert (row["year_gap"], bool(row["same_place"]), row["n_tokens_a"], row["n_tokens_b"]) == (1, True, 360, 360)
    assert list(pairs.columns) == [
        *("a", "b", "similarity", "rarefied", "depth", "null_low", "null_high", "p", "n_tokens_a", "n_tokens_b", "year_gap", "same_place")
    ]


def test_one_place_has_no_null_and_the_note_says_so():
    pairs = compare_plans(panel(1, 3), n_draws=20)
    assert pairs[["null_low", "null_high", "p"]].isna().all(axis=None)
    assert "other places" in pairs.attrs["note"]


def test_p_needs_three_other_places_and_the_band_two():
    pairs = compare_plans(panel(4, 1), n_draws=20)
    assert pairs["p"].isna().all()
    assert pairs["null_low"].notna().all()


def test_a_plan_shorter_than_the_depth_is_not_rarefied():
    counts = panel(3, 1)
    short = counts.where((counts.docs["plan"] != "P0-2020") | (np.arange(len(counts.docs)) < 2))
    pairs = compare_plans(short, n_draws=20).set_index(["a", "b"])
    assert pairs["rarefied"].isna().tolist() == [True, True, False]
    assert pairs["similarity"].notna().all()


def test_stand_ins_keep_the_plans_mix_of_themes():
    # theme A uses terms 0-9, B terms 10-19; P0 and P1 are all A, the others half B: against the A of others the two are nothing special
    rng = np.random.default_rng(0)
    rows, docs, theme = [], [], []
    for place in range(6):
        for item in range(40 if place < 2 else 80):
            kind = "A" if item < 40 else "B"
            rows.append(rng.multinomial(12, np.r_[np.full(10, kind == "A"), np.full(10, kind == "B")] / 10))
            docs.append((f"P{place}", f"P{place}", 2020))
            theme.append(kind)
    frame = pd.DataFrame(docs, columns=["plan", "place", "year"]).rename("i{:05d}".format)
    counts = TermMatrix(np.array(rows), frame, [f"t{n:02d}" for n in range(20)])
    codes = TermMatrix(pd.get_dummies(pd.Series(theme)).to_numpy(dtype=int), frame, ["A", "B"])
    plain, mixed = (compare_plans(counts, themes=t, n_draws=100).set_index(["a", "b"]).loc[("P0", "P1")] for t in (None, codes))
    assert plain["p"] < 0.05
    assert mixed["p"] > 0.2


def test_what_cannot_be_compared_is_refused():
    counts = panel(2, 1)
    with pytest.raises(TooFewPlansError, match="at least 2"):
        compare_plans(counts.where(counts.docs["place"] == "P0"))
    with pytest.raises(TooFewPlansError, match="5000 tokens"):
        compare_plans(counts, depth=5000)
    with pytest.raises(ArgumentError, match="by='city'"):
        compare_plans(counts, by="city")
    with pytest.raises(ArgumentError, match="n_draws=3"):
        compare_plans(counts, n_draws=3)
    with pytest.raises(ArgumentError, match="item_id"):
        compare_plans(counts, themes=pd.Series(["A"], index=["elsewhere"]))


def test_the_order_of_rows_and_the_number_of_threads_change_no_byte():
    counts = panel(5, 2, n_items=10)
    turned = TermMatrix(counts.X[::-1], counts.docs[::-1], counts.terms)
    first = compare_plans(counts, n_draws=20, seed=7)
    assert compare_plans(turned, n_draws=20, seed=7, n_jobs=2).to_csv() == first.to_csv()
