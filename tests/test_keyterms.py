"""Keyness: rates and ratios by hand, exact p by counting permutations, calibrated under a null, and honest about few plans."""

from math import comb, log, log2

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.stats import permutation_test, power_divergence
from scipy.stats import t as student_t

from policylab.errors import ArgumentError, EmptyVocabularyError, TooFewPlansError
from policylab.groups import split_groups
from policylab.keyterms import keyness
from policylab.matrix import TermMatrix, count_terms
from policylab.permutation import Design, permutation_p


def matrix(rows, terms, **docs):
    n = len(rows)
    docs = pd.DataFrame({"plan": [f"p{i:03d}" for i in range(n)], **docs}, index=[f"i{i:03d}" for i in range(n)])
    return TermMatrix(csr_array(np.array(rows, dtype=np.int64)), docs, terms, {"pruned": False})


def target_first(n, k):
    return np.arange(n) < k


# ---------------------------------------------------------------- by hand
def test_rates_ratio_range_dispersion_and_likelihood_are_as_by_hand():
    counts = matrix([[30, 70], [10, 90], [5, 95], [5, 95]], ["甲", "乙"])
    row = keyness(counts, target=target_first(4, 2)).set_index("term").loc["甲"]
    assert row[["rate_target", "rate_reference"]].tolist() == [200.0, 50.0]
    assert row["log_ratio"] == pytest.approx(log2(200 / 50))
    assert row[["n_plans_target", "n_plans_reference"]].tolist() == [2, 2]
    assert row["dispersion"] == pytest.approx((abs(0.6 - 0.25) + abs(0.2 - 0.25) + 2 * abs(0.1 - 0.25)) / 2)  # Gries: DP
    assert row["log_likelihood"] == pytest.approx(
        2 * (40 * log(40 / 25) + 10 * log(10 / 25))
    )  # Rayson & Garside 2000: a ln(a/E1) + b ln(b/E2)
    assert row[["p", "smallest_p"]].tolist() == pytest.approx([2 / 6, 2 / 6])  # 2 of the 6 ways to choose two of four plans


def test_dispersion_is_that_of_the_published_example():
    """Gries (2008): in five parts of 9, 10, 10, 10 and 11 words a word that occurs 1, 2, 3, 4 and 5 times has DP = .18."""
    occurrences, sizes = [1, 2, 3, 4, 5], [9, 10, 10, 10, 11]
    counts = matrix([[x, n - x] for x, n in zip(occurrences, sizes, strict=True)], ["a", "b"])
    assert keyness(counts, target=target_first(5, 2)).set_index("term").loc["a", "dispersion"] == pytest.approx(0.18)


def test_log_likelihood_and_q_are_those_of_scipy():
    rng = np.random.default_rng(11)
    counts = matrix(np.column_stack([rng.poisson([3, 9, 1, 5], size=(8, 4)), [100] * 8]), list("abcde"))
    found = keyness(counts, target=target_first(8, 4), min_plans=1).set_index("term")
    rows = counts.X.toarray()
    for k, term in enumerate("abcde"):
        observed = [rows[:4, k].sum(), rows[4:, k].sum()]
        expected = np.array([rows[:4].sum(), rows[4:].sum()]) * sum(observed) / rows.sum()
        assert found.loc[term, "log_likelihood"] == pytest.approx(power_divergence(observed, expected, lambda_="log-likelihood").statistic)
    ranked = found["p"].sort_values()
    by_hand = (ranked * 5 / np.arange(1, 6))[::-1].cummin().clip(upper=1)  # Benjamini & Hochberg (1995), step up
    assert found["q"].to_dict() == pytest.approx(by_hand.to_dict())


def test_the_interval_is_near_that_of_leaving_out_one_plan_at_a_time():
    rng = np.random.default_rng(12)
    rows = np.column_stack([rng.poisson(rng.gamma(5, 8, size=40)), rng.poisson(900, size=40)])
    row = keyness(matrix(rows, ["a", "b"]), target=target_first(40, 20)).set_index("term").loc["a"]

    def ratio(kept):
        one, other = rows[kept & (np.arange(40) < 20)].sum(axis=0), rows[kept & (np.arange(40) >= 20)].sum(axis=0)
        return log2(one[0] / one.sum()) - log2(other[0] / other.sum())

    left_out = np.array([ratio(np.arange(40) != i) for i in range(40)]).reshape(2, 20)
    error = np.sqrt(sum((19 / 20) * ((side - side.mean()) ** 2).sum() for side in left_out))  # jackknife (Efron & Stein 1981)
    assert row["high"] - row["low"] == pytest.approx(2 * student_t.ppf(0.975, 38) * error, rel=0.05)


def test_a_term_that_one_side_never_uses_has_half_an_occurrence_added():
    counts = matrix([[3, 97], [3, 97], [0, 100], [0, 100]], ["甲", "乙"])
    row = keyness(counts, target=target_first(4, 2)).set_index("term").loc["甲"]
    assert row["rate_reference"] == 0
    assert row["log_ratio"] == pytest.approx(log2(6.5 / 0.5))
    assert row["low"] < row["log_ratio"] < row["high"]


def test_p_is_exact_where_plans_are_few():
    rows = [[9, 91], [7, 93], [8, 92], [1, 99], [2, 98], [6, 94], [0, 100]]
    counts = matrix(rows, ["甲", "乙"])
    found = keyness(counts, target=target_first(7, 3)).set_index("term")

    def difference(x, y):
        return np.sqrt(np.mean(x)) - np.sqrt(np.mean(y))

    column = np.array(rows)[:, 0] / 100
    reference = permutation_test((column[:3], column[3:]), difference, n_resamples=np.inf)  # SciPy's exact test
    assert reference.null_distribution.size == comb(7, 3)
    extreme = np.abs(reference.null_distribution) >= abs(reference.statistic) - 1e-12
    assert found.loc["甲", "p"] == pytest.approx(extreme.mean())
    assert found.loc["甲", "smallest_p"] == 1 / comb(7, 3)


def test_a_word_that_one_plan_repeats_is_not_key():
    rows = [[40, 60], [0, 100], [0, 100], [0, 100], [1, 99], [1, 99], [1, 99], [1, 99]]
    row = keyness(matrix(rows, ["甲", "乙"]), target=target_first(8, 4)).set_index("term").loc["甲"]
    assert row["log_likelihood"] > 30  # pooled counts would call it key
    assert row["p"] > 0.2


# ---------------------------------------------------------------- designs
def test_years_of_the_same_places_change_sides_within_the_place_only():
    places = ["甲", "乙", "丙", "丁"] * 2
    counts = matrix(
        [[8, 92], [18, 82], [28, 72], [38, 62], [4, 96], [14, 86], [24, 76], [34, 66]],
        ["a", "b"],
        place=places,
        year=[2024] * 4 + [2023] * 4,
    )
    found = keyness(counts, target={"year": 2024})
    assert found["p"].tolist() == [2 / 2**4] * 2  # all four rose: 2 of 16; across places nothing would be seen
    assert "4 place(s) on both sides" in found.attrs["note"]
    assert "No term can reach .05" in found.attrs["note"]


def test_the_ratio_is_the_one_that_is_tested_and_plans_without_a_counterpart_are_left_out():
    """In eight places the target has half the rate; six new places, all in the target, have ten times as much."""
    places = [f"地{i // 2}" for i in range(16)] + [f"新{i}" for i in range(6)]
    counts = matrix([[4, 96], [8, 92]] * 8 + [[40, 60]] * 6, ["a", "b"], place=places)
    found = keyness(counts, target=np.array([True, False] * 8 + [True] * 6)).set_index("term")
    assert found.loc["a", ["log_ratio", "rate_target", "rate_reference"]].tolist() == [-1.0, 40.0, 80.0]
    assert found.loc["a", "p"] == 2 / 2**8
    assert found.loc["a", "high"] < 0
    assert "Left out: 6 plan(s)" in found.attrs["note"]


def test_within_places_of_unequal_numbers_of_years_no_ratio_points_the_other_way():
    """Both places fall, but the target has most years of the place that uses the word more (Simpson)."""
    rows = [[20, 980]] * 4 + [[26, 974]] + [[2, 998]] + [[6, 994]] * 4
    counts = matrix(rows, ["a", "b"], place=["甲"] * 5 + ["乙"] * 5)
    found = keyness(counts, target=np.array([True] * 4 + [False, True] + [False] * 4)).set_index("term")
    one, other = 4000 * 1000 / 5000, 1000 * 4000 / 5000
    by_hand = log2((80 * 1000 / 5000 + 2 * 4000 / 5000) / (26 * 4000 / 5000 + 24 * 1000 / 5000))  # Mantel and Haenszel
    assert one == other == 800
    assert found.loc["a", "log_ratio"] == pytest.approx(by_hand)
    assert by_hand < 0 < log2(found.loc["a", "rate_target"] / found.loc["a", "rate_reference"])


def test_plans_that_happen_to_agree_do_not_make_an_interval_of_no_width():
    rows = [[x, 1000 - x] for x in (1, 1, 0, 0, 0, 2, 2, 0, 0, 0)]
    row = keyness(matrix(rows, ["a", "b"], place=list("abcde") * 2), target=target_first(10, 5)).set_index("term").loc["a"]
    poisson = np.sqrt(1 / 2 + 1 / 4) / log(2)
    assert row["log_ratio"] == pytest.approx(-1)
    assert row["high"] - row["low"] >= 2 * 1.96 * poisson


@pytest.mark.parametrize(("layout", "n"), [("pairs", 2), ("few against many", 22)])
def test_intervals_hold_the_truth_where_words_are_rare_and_plans_few(layout, n):
    rng, inside = np.random.default_rng(21), []
    for _ in range(6):
        rates = rng.uniform(0.3, 4, size=150)
        rows = rng.poisson(np.repeat(rates[None, :], 2 * n if layout == "pairs" else n, axis=0))
        rows = np.column_stack([rows, np.full(len(rows), 2000)])
        places = {"place": list("甲乙") * 2} if layout == "pairs" else {}
        found = keyness(matrix(rows, [f"t{i:03d}" for i in range(151)], **places), target=target_first(len(rows), 2), min_plans=1)
        inside.append(((found["low"] <= 0) & (found["high"] >= 0)).mean())
    assert np.mean(inside) >= 0.93


@pytest.mark.parametrize(("n", "smallest"), [(18, 2 / comb(18, 9)), (20, 1e-5)])
def test_the_smallest_p_is_never_below_what_the_arrangements_allow(n, smallest):
    counts = matrix([[9, 91]] * (n // 2) + [[1, 99]] * (n // 2), ["a", "b"])
    assert keyness(counts, target=target_first(n, n // 2))["smallest_p"].iloc[0] == pytest.approx(max(smallest, 2 / comb(n, n // 2)))


def test_a_place_s_plans_on_one_side_change_sides_together():
    places = ["甲"] * 3 + ["乙"] * 3 + ["丙"] * 3 + ["丁"] * 3
    counts = matrix([[9, 91]] * 6 + [[1, 99]] * 6, ["a", "b"], place=places)
    found = keyness(counts, target={"place": ["甲", "乙"]})
    assert found["p"].tolist() == [2 / comb(4, 2)] * 2
    assert "change sides together" in found.attrs["note"]


def test_one_place_against_others_is_tested_over_its_plans_and_says_so():
    counts = matrix([[9, 91]] * 3 + [[1, 99]] * 4, ["a", "b"], place=["甲"] * 3 + ["乙", "乙", "丙", "丙"])
    found = keyness(counts, target={"place": "甲"})
    assert found["p"].tolist() == [1 / comb(7, 3)] * 2
    assert "The target is one place" in found.attrs["note"]


def test_parts_of_the_same_plans_are_compared_within_the_plan():
    counts = matrix([[5, 5], [1, 9]] * 5, ["a", "b"], section=["一", "二"] * 5)
    counts = TermMatrix(counts.X, counts.docs.assign(plan=list("aabbccddee")), counts.terms, counts.settings)
    for docs in (counts.docs, counts.docs.assign(place="甲")):  # years of one place, too
        found = keyness(TermMatrix(counts.X, docs, counts.terms, counts.settings), target={"section": "一"})
        assert found["smallest_p"].tolist() == [2 / 2**5] * 2
        assert "5 plan(s) on both sides, compared within the plan" in found.attrs["note"]


def test_parts_of_one_plan_are_described_and_not_tested():
    counts = matrix([[5, 5], [1, 9]], ["a", "b"], section=["一", "二"])
    counts = TermMatrix(counts.X, counts.docs.assign(plan="p"), counts.terms, counts.settings)
    found = keyness(counts, target={"section": "一"})
    assert found["rate_target"].tolist() == [500.0, 500.0]
    assert "不作检验" in found.attrs["note"]
    assert (found.attrs["target"], found.attrs["reference"]) == ("一", "其余 the rest")


def test_themes_are_rates_of_characters():
    counts = matrix([[2], [2], [1], [1]], ["安全"], n_chars=[100] * 4)
    found = keyness(counts, target=target_first(4, 2))
    assert found[["rate_target", "rate_reference"]].to_numpy().tolist() == [[20.0, 10.0]]
    assert "Rates per 1,000 characters" in found.attrs["note"]


@pytest.mark.parametrize(("k", "missing"), [(1, "target has 1 plan"), (4, "reference 1")])
def test_one_plan_on_a_side_is_described_and_not_tested(k, missing):
    found = keyness(matrix([[5, 95]] * 5, ["a", "b"]), target=target_first(5, k))
    assert found[["p", "q", "low", "high", "smallest_p"]].isna().all(axis=None)
    assert found["rate_target"].tolist() == [950.0, 50.0] or found["rate_target"].tolist() == [50.0, 950.0]
    assert "No test" in found.attrs["note"]
    assert missing in found.attrs["note"]


# ---------------------------------------------------------------- many plans: random permutations
def noise(rng, n, terms=200, length=2000):
    """Plans whose rates differ between plans more than chance alone makes them: gamma-mixed Poisson counts, with a filler word."""
    rates = rng.gamma(6, 1 / 6, size=(n, terms)) * rng.uniform(1, 8, size=terms)
    X = rng.poisson(rates)
    return np.column_stack([X, length - np.minimum(X.sum(axis=1), length - 1)])


def test_under_a_null_p_is_uniform_and_nothing_is_found():
    rng = np.random.default_rng(3)
    terms = [f"t{i:03d}" for i in range(201)]
    found = [keyness(matrix(noise(rng, 25), terms), target=target_first(25, 12), seed=i) for i in range(2)]
    p = np.concatenate([f["p"] for f in found])
    assert 0.03 <= (p < 0.05).mean() <= 0.07
    assert 0.4 <= (p < 0.5).mean() <= 0.6
    assert max((f["q"] < 0.05).sum() for f in found) <= 1
    inside = np.concatenate([(f["low"] <= 0) & (f["high"] >= 0) for f in found])
    assert 0.92 <= inside.mean() <= 0.98


def test_planted_differences_are_found_first():
    X = noise(np.random.default_rng(4), 25)[:, :200]
    common = np.argsort(-X.sum(axis=0), kind="stable")[:10]
    X[:12, common] *= 3
    docs = pd.DataFrame({"plan": [f"p{i:03d}" for i in range(25)], "n_chars": 4000})
    counts = TermMatrix(csr_array(X), docs, [f"t{i:03d}" for i in range(200)], {"pruned": True})
    found = keyness(counts, target=target_first(25, 12))
    key = found[found["q"] < 0.05]
    planted = {f"t{i:03d}" for i in common}
    assert len(planted & set(key["term"])) >= 9
    assert len(set(key["term"]) - planted) <= 1
    assert (key["log_ratio"].head(5) > 1).all()


def test_the_same_seed_gives_the_same_p_and_term_order_does_not_matter():
    X = noise(np.random.default_rng(5), 24, terms=30)
    terms = [f"t{i:03d}" for i in range(31)]
    one = keyness(matrix(X, terms), target=target_first(24, 12))
    again = keyness(matrix(X[:, ::-1], terms[::-1]), target=target_first(24, 12))
    pd.testing.assert_frame_equal(one, again)
    assert one["smallest_p"].eq(1e-5).all()


def test_random_permutations_agree_with_all_of_them(monkeypatch):
    X = noise(np.random.default_rng(6), 12, terms=12)
    design = Design.of(pd.DataFrame({"place": list("abcdefghijkl"), "side": [1] * 6 + [0] * 6}))
    exact = permutation_p(X, X.sum(axis=1), design)
    monkeypatch.setattr("policylab.permutation._EXACT", 10)
    assert permutation_p(X, X.sum(axis=1), design) == pytest.approx(exact, abs=0.02)


# ---------------------------------------------------------------- what is compared, and what is refused
def test_a_pruned_matrix_goes_by_the_length_of_the_plans():
    texts = [text + " 的" * 20 for text in ("甲 甲 甲 乙", "甲 甲 甲 乙", "甲 乙", "甲 乙")]
    items = pd.DataFrame({"plan": list("abcd"), "kind": "item", "part": "plan", "text": texts}, index=list("abcd"))
    kept = count_terms(items, words=str.split).keep(["甲", "乙"])
    found = keyness(kept, target=np.array([True, True, False, False])).set_index("term")
    assert found.loc["乙", "log_ratio"] == pytest.approx(log2(22 / 24))  # and not halved because 甲 is commoner
    assert found.loc["甲", "log_ratio"] == pytest.approx(log2(3 * 22 / 24))


def test_terms_in_too_few_plans_are_left_out():
    counts = matrix([[1, 5], [0, 5], [0, 5], [0, 5]], ["a", "b"])
    assert keyness(counts, target=target_first(4, 2))["term"].tolist() == ["b"]
    assert sorted(keyness(counts, target=target_first(4, 2), min_plans=1)["term"]) == ["a", "b"]
    with pytest.raises(ArgumentError, match="min_plans=0"):
        keyness(counts, target=target_first(4, 2), min_plans=0)
    with pytest.raises(EmptyVocabularyError, match="lower min_plans"):
        keyness(counts, target=target_first(4, 2), min_plans=5)


def test_weights_and_groups_are_no_counts_of_items():
    counts = matrix([[1, 2], [2, 1], [1, 1], [2, 2]], ["a", "b"], year=[1, 1, 2, 2])
    with pytest.raises(ArgumentError, match="from before"):
        keyness(counts.tfidf(), target={"year": 1})
    with pytest.raises(ArgumentError, match="no column 'plan'"):
        keyness(counts.group("year"), target={"year": 1})
    for interval in (95, "0.9", True):
        with pytest.raises(ArgumentError, match="between 0 and 1"):
            keyness(counts, target={"year": 1}, interval=interval)
    nothing = TermMatrix(counts.X, counts.docs.assign(n_words=[0, 0, 3, 4]), counts.terms, counts.settings)
    with pytest.raises(EmptyVocabularyError, match="no counted word"):
        keyness(nothing, target={"year": 1})


DOCS = pd.DataFrame({"place": ["甲", "甲", "乙", None], "year": pd.array([2023, 2024, 2024, None], dtype="Int64")}, index=list("abcd"))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"year": 2024}, "bc"),
        ({"year": [2023, 2024], "place": "甲"}, "ab"),
        ({"year": range(2024, 2025)}, "bc"),
        (np.array([True, False, False, True]), "ad"),
        ([True, False, False, False], "a"),
        (DOCS["year"] == 2024, "bc"),
        ((DOCS["year"] == 2024).fillna(False).iloc[::-1], "bc"),
        (lambda docs: docs["place"] == "乙", "c"),
    ],
)
def test_a_side_is_a_mask_a_dict_or_a_question(target, expected):
    if isinstance(target, pd.Series):
        target = target.fillna(False)
    inside, outside = split_groups(DOCS, target=target)
    assert "".join(DOCS.index[inside]) == expected
    assert (inside == ~outside).all()


@pytest.mark.parametrize(
    ("target", "reference", "message"),
    [
        ({"city": "甲"}, None, "no column 'city'; it has place, year"),
        ({"year": 2025}, None, "no row has year 2025; there are 2023, 2024"),
        ({"year": []}, None, "none given"),
        ({}, None, "names no column"),
        (None, None, "mask over the 4 rows or a dict"),
        ("甲", None, "mask over the 4 rows or a dict"),
        ([1, 0, 0, 0], None, "true or false for each of the 4 rows"),
        ([True, False], None, "given are 2 values"),
        ([False] * 4, None, "target holds none of the 4 rows"),
        ({"year": 2024}, [False] * 4, "reference holds none of the 4 rows"),
        ({"year": 2024}, {"place": "甲"}, "share 1 rows, such as 'b'"),
        (DOCS["year"] == 2024, None, "true or false"),
    ],
)
def test_a_side_that_cannot_be_told_is_refused(target, reference, message):
    with pytest.raises(ArgumentError, match=message):
        split_groups(DOCS, target=target, reference=reference)


def test_where_all_rows_are_the_target_there_is_nothing_to_compare():
    with pytest.raises(TooFewPlansError, match="read plans of other groups too"):
        split_groups(DOCS, target=[True] * 4)
