"""Shares of topics by group and their differences: worked out by hand, against scipy's tests, and in small simulations."""

import types

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from policylab.codebook import Codebook, count_themes
from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.inference import paired, welch
from policylab.topics import topic_effects, topic_shares, topic_trends


def themes(rows):
    """Shares of one theme (the rest of a unit is 其他), given as (place, year, list of unit shares)."""
    units = [(f"{place}-{year}", place, year, share) for place, year, shares in rows for share in shares]
    docs = pd.DataFrame(units, columns=["plan", "place", "year", "教育"])
    shares = pd.DataFrame({"教育": docs.pop("教育").astype(float)})
    shares["其他"] = 1 - shares["教育"]
    return types.SimpleNamespace(docs=docs, shares=shares)


def education(frame):
    return frame[frame["topic"] == "教育"].iloc[0]


def test_every_plan_counts_alike_and_the_interval_is_students_over_plans():
    row = education(topic_shares(themes([("甲", 2024, [1, 0, 0, 0]), ("乙", 2024, [1, 1]), ("丙", 2024, [1, 0])]), by="year"))
    plan_shares = [0.25, 1.0, 0.5]
    low, high = stats.t.interval(0.95, 2, np.mean(plan_shares), stats.sem(plan_shares))
    assert row["share"] == pytest.approx(7 / 12)
    assert (row["low"], row["high"]) == pytest.approx((max(low, 0), min(high, 1)))
    assert (row["n_plans"], row["n_units"], row["interval_over"]) == (3, 8, "plans")


def test_where_places_have_several_years_places_are_what_varies():
    given = themes([(place, year, [share]) for place, share in zip("甲乙丙", (0.2, 0.4, 0.6), strict=True) for year in (2023, 2024)])
    given.docs["genre"] = "工作要点"
    row = education(topic_shares(given, by="genre"))
    low, high = stats.t.interval(0.95, 2, 0.4, stats.sem([0.2, 0.4, 0.6]))
    assert (row["low"], row["high"]) == pytest.approx((max(low, 0), high))
    assert (row["n_plans"], row["interval_over"]) == (6, "places")


def test_years_of_one_place_are_called_that():
    row = education(topic_shares(themes([("甲", 2023, [0.2]), ("甲", 2024, [0.4])]), by="place"))
    assert (row["share"], row["interval_over"]) == (pytest.approx(0.3), "years of one place")


def test_one_plan_is_described_by_its_units_and_one_unit_has_no_interval():
    table = topic_shares(themes([("甲", 2023, [0.2, 0.4, 0.9]), ("甲", 2024, [0.5])]), by="year")
    first, second = table[table["topic"] == "教育"].to_dict("records")
    low, high = stats.t.interval(0.95, 2, 0.5, stats.sem([0.2, 0.4, 0.9]))
    assert (first["low"], first["high"]) == pytest.approx((max(low, 0), min(high, 1)))
    assert first["interval_over"] == "units of one plan"
    assert np.isnan(second["low"])
    assert pd.isna(second["interval_over"])


def test_units_may_weigh_by_their_characters():
    given = themes([("甲", 2024, [1, 0]), ("乙", 2024, [1, 0])])
    given.docs["n_chars"] = [300, 100, 100, 100]
    assert education(topic_shares(given, by="year", weight="chars"))["share"] == pytest.approx((0.75 + 0.5) / 2)
    assert education(topic_shares(given, by="year"))["share"] == pytest.approx(0.5)


def test_units_that_no_topic_covers_are_shown_and_all_adds_up_to_one():
    given = themes([("甲", 2024, [1, 0]), ("乙", 2024, [1, 1])])
    given.shares.iloc[1] = 0.0
    table = topic_shares(given, by="year")
    assert table["uncovered"].tolist() == [0.25, 0.25]
    assert table["share"].sum() + 0.25 == pytest.approx(1)


def test_units_without_a_year_are_a_group_of_their_own():
    given = themes([("甲", 2024, [1, 0]), ("乙", 2024, [1, 1])])
    given.docs["year"] = pd.array([2024, 2024, pd.NA, pd.NA], dtype="Int64")
    table = topic_shares(given, by="year")
    assert table["n_units"].sum() == 2 * 4
    assert table["year"].isna().sum() == 2


def test_a_codebooks_counts_are_taken_as_they_are():
    items = pd.DataFrame(
        {"plan": ["甲-2024", "乙-2024"], "kind": "item", "part": "plan", "text": ["学校和医院", "学校学校"]}, index=["a", "b"]
    )
    rows = [("教育", "education", "学校", ""), ("卫生", "health", "医院", "")]
    counts = count_themes(items.assign(series="要点"), codebook=Codebook(pd.DataFrame(rows, columns=["theme", "theme_en", "term", "note"])))
    table = topic_shares(counts, by="series").set_index("topic")
    assert table.loc["教育", "share"] == pytest.approx(0.75)
    assert table["label"].tolist() == table.index.tolist()
    assert table["stable"].isna().all()


def test_different_places_are_compared_by_welch_and_all_rearrangements():
    a, b = [0.5, 0.7, 0.6], [0.1, 0.2, 0.4]
    rows = [(f"甲{i}", 2024, [s]) for i, s in enumerate(a)] + [(f"乙{i}", 2024, [s]) for i, s in enumerate(b)]
    effect = education(topic_effects(themes(rows), target={"place": ["甲0", "甲1", "甲2"]}))
    interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    assert effect["difference"] == pytest.approx(0.6 - 0.7 / 3)
    assert (effect["low"], effect["high"]) == pytest.approx((interval.low, interval.high))
    assert (effect["p"], effect["test"], effect["estimator"]) == (2 / 20, "exact permutation (20)", "plans")


def test_many_plans_are_compared_by_welchs_p():
    rng = np.random.default_rng(0)
    a, b = rng.random(12), rng.random(10)
    rows = [(f"甲{i}", 2024, [s]) for i, s in enumerate(a)] + [(f"乙{i}", 2023, [s]) for i, s in enumerate(b)]
    effect = education(topic_effects(themes(rows), target={"year": 2024}))
    assert effect["p"] == pytest.approx(stats.ttest_ind(a, b, equal_var=False).pvalue)
    assert effect["test"] == "Welch t"


def test_the_same_places_in_two_years_are_compared_within_places():
    before, after = [0.1, 0.3, 0.5, 0.6], [0.2, 0.5, 0.6, 0.9]
    rows = [(place, year, [s]) for year, shares in ((2023, before), (2024, after)) for place, s in zip("甲乙丙丁", shares, strict=True)]
    effect = education(topic_effects(themes(rows), target={"year": 2024}, reference={"year": 2023}))
    interval = stats.ttest_rel(after, before).confidence_interval()
    assert (effect["low"], effect["high"]) == pytest.approx((interval.low, interval.high))
    assert effect["estimator"] == "within places"
    assert (effect["p"], effect["n_plans"]) == (2 / 16, 8)


def test_years_of_a_place_do_not_pass_for_places():
    rng = np.random.default_rng(1)
    rows = [
        (place, year, [level + rng.normal(0, 0.001)])
        for place, level in zip("甲乙丙丁", (0.1, 0.6, 0.2, 0.7), strict=True)
        for year in range(10)
    ]
    effect = education(topic_effects(themes(rows), target={"place": ["甲", "乙"]}))
    assert effect["estimator"] == "places"
    assert effect["low"] < 0 < effect["high"]


def test_one_place_against_the_rest_is_compared_within_years():
    rows = [
        (place, year, [level + drift])
        for place, level in zip("甲乙丙", (0.1, 0.6, 0.2), strict=True)
        for year, drift in ((1, 0), (2, 0.1), (3, 0.3))
    ]
    effect = education(topic_effects(themes(rows), target={"place": "甲"}))
    assert effect["estimator"] == "within years"
    assert effect["difference"] == pytest.approx(-0.3)


def test_earlier_and_later_years_of_one_place_are_compared_with_a_caveat():
    rows = [("甲", year, [share]) for year, share in ((1, 0.1), (2, 0.2), (3, 0.5), (4, 0.6))]
    effect = education(topic_effects(themes(rows), target={"year": [3, 4]}))
    assert effect["estimator"] == "years of few places"


def test_two_parts_of_the_same_plans_are_compared_within_plans():
    given = themes([("甲", 2024, [0.2, 0.6]), ("乙", 2024, [0.1, 0.7]), ("丙", 2024, [0.3, 0.5])])
    given.docs["section"] = ["前", "后"] * 3
    effect = education(topic_effects(given, target={"section": "后"}))
    assert (effect["estimator"], effect["difference"]) == ("within plans", pytest.approx(0.4))


def test_under_two_plans_a_side_is_refused_with_the_reason():
    given = themes([("甲", 2024, [1, 0]), ("乙", 2024, [1]), ("丙", 2023, [0])])
    with pytest.raises(TooFewPlansError, match="reference has 1 plan"):
        topic_effects(given, target={"year": 2024})
    with pytest.raises(TooFewPlansError, match="one plan only"):
        topic_effects(themes([("甲", 2024, [1, 0])]), target={"year": 2024}, reference={"year": 2024})


def test_what_could_have_been_found_stands_beside_what_was():
    a, b = [0.5, 0.7, 0.6], [0.1, 0.2, 0.4]
    rows = [(f"甲{i}", 2024, [s]) for i, s in enumerate(a)] + [(f"乙{i}", 2023, [s]) for i, s in enumerate(b)]
    effect = education(topic_effects(themes(rows), target={"year": 2024}))
    error = np.sqrt(np.var(a, ddof=1) / 3 + np.var(b, ddof=1) / 3)
    df = stats.ttest_ind(a, b, equal_var=False).df
    assert effect["detectable"] == pytest.approx((stats.t.ppf(0.975, df) + stats.t.ppf(0.8, df)) * error)


def test_a_theme_that_never_varies_has_no_difference_and_nothing_detectable():
    rows = [(place, year, [0.5]) for place, year in (("甲", 1), ("乙", 1), ("丙", 2), ("丁", 2))]
    effect = education(topic_effects(themes(rows), target={"year": 1}))
    assert (effect["difference"], effect["low"], effect["high"], effect["p"]) == (0, 0, 0, 1)
    assert np.isnan(effect["detectable"])


def test_q_values_are_those_of_benjamini_and_hochberg_1995():
    rng = np.random.default_rng(8)
    shares = pd.DataFrame(rng.dirichlet(np.arange(1, 7), size=12), columns=list("甲乙丙丁戊己"))
    docs = pd.DataFrame({"plan": [f"p{i:02d}" for i in range(12)], "year": [2023] * 6 + [2024] * 6})
    effects = topic_effects(types.SimpleNamespace(docs=docs, shares=shares), target={"year": 2024}).set_index("topic")
    ranked = effects["p"].sort_values()
    by_hand = (ranked * 6 / np.arange(1, 7))[::-1].cummin().clip(upper=1)  # step up
    assert effects["q"].to_dict() == pytest.approx(by_hand.to_dict())
    assert effects["p"].nunique() > 3


@pytest.mark.parametrize("sizes", [(2, 3), (10, 10)])
def test_intervals_of_differences_hold_a_true_zero_as_often_as_they_say(sizes):
    rng, held = np.random.default_rng(5), []
    for _ in range(40):
        level = rng.beta(2, 8, size=(sum(sizes), 1))
        units = rng.random((sum(sizes), 40)) < level
        rows = [(f"区{i}", 2024 if i < sizes[0] else 2023, own.astype(float)) for i, own in enumerate(units)]
        effect = education(topic_effects(themes(rows), target={"year": 2024}))
        held.append(effect["low"] <= 0 <= effect["high"])
    assert np.mean(held) >= 0.875  # .95 less three standard errors of 40 draws would be .85


def test_arguments_that_make_no_sense_are_named():
    given = themes([("甲", 2024, [1, 0]), ("乙", 2024, [1])])
    with pytest.raises(ArgumentError, match="docs has no column 'month'"):
        topic_shares(given, by="month")
    with pytest.raises(ArgumentError, match="'units' or 'chars'"):
        topic_shares(given, by="year", weight="words")
    with pytest.raises(ArgumentError, match="between 0 and 1"):
        topic_shares(given, by="year", interval=95)
    with pytest.raises(FrameError, match="no column n_chars"):
        topic_shares(given, by="year", weight="chars")
    with pytest.raises(ArgumentError, match="give `Topics`"):
        topic_effects(given.shares, target={"year": 2024})


# ---------------------------------------------------------------- published values
SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])  # Student (1908)


def test_welch_and_paired_t_are_those_that_r_publishes_for_students_sleep_data():
    """R's documentation of t.test: Welch t = -1.8608, df = 17.776, p = .07939; paired t = -4.0621, df = 9, p = .002833."""
    drug, other = (np.array(values)[:, None] / 100 for values in SLEEP)  # small, so that nothing is held within -1 to 1
    found = welch(drug, other)
    assert found.df[0] == pytest.approx(17.776, abs=5e-4)
    assert 2 * stats.t.sf(abs(found.difference[0] / found.error[0]), found.df[0]) == pytest.approx(0.07939, abs=5e-6)
    assert [100 * end[0] for end in found.interval(0.95)] == pytest.approx([-3.3654832, 0.2054832], abs=1e-6)
    within = paired(drug - other)
    assert within.difference[0] / within.error[0] == pytest.approx(-4.0621, abs=5e-5)
    assert [100 * end[0] for end in within.interval(0.95)] == pytest.approx([-2.4598858, -0.7001142], abs=1e-6)


# ---------------------------------------------------------------- trends
def trending(slopes, *, years=range(2020, 2025), noise=0.0, seed=0):
    rng, rows = np.random.default_rng(seed), []
    for k, slope in enumerate(slopes):
        rows += [(f"p{k}-{y}", f"地{k:02d}", y, 0.3 + 0.05 * k % 0.2 + slope * (y - 2022) + noise * rng.normal()) for y in years]
    docs = pd.DataFrame(rows, columns=["plan", "place", "year", "share"])
    shares = pd.DataFrame({"甲": docs["share"], "乙": 1 - docs["share"]})
    return types.SimpleNamespace(docs=docs.drop(columns="share"), shares=shares)


def test_a_trend_is_the_mean_of_the_places_slopes():
    trends = topic_trends(trending([0.01, 0.02, 0.03])).set_index("topic")
    assert trends.loc["甲", "slope"] == pytest.approx(0.02)
    half = stats.t.ppf(0.975, 2) * 0.01 / np.sqrt(3)
    assert trends.loc["甲", ["low", "high"]].tolist() == pytest.approx([0.02 - half, 0.02 + half])
    assert trends.loc["甲", "p"] == 2 / 2**3
    assert trends.loc["甲", ["n_places", "n_plans", "first_year", "last_year"]].tolist() == [3, 15, 2020, 2024]


def test_intervals_of_trends_hold_no_trend_nineteen_times_in_twenty():
    held = [(t["low"] <= 0) & (t["high"] >= 0) for t in (topic_trends(trending([0] * 6, noise=0.05, seed=s)) for s in range(300))]
    assert 0.92 <= np.mean([h.iloc[0] for h in held]) <= 0.98


def test_the_trend_of_one_place_is_refused():
    with pytest.raises(TooFewPlansError, match=r"1 place\(s\) have plans of two years"):
        topic_trends(trending([0.01]))
    with pytest.raises(FrameError, match="no column year"):
        topic_trends(types.SimpleNamespace(docs=pd.DataFrame({"plan": ["a"], "place": ["甲"]}), shares=pd.DataFrame({"甲": [1.0]})))


# ---------------------------------------------------------------- what a first reader found
def test_a_plan_of_no_known_place_does_not_make_the_years_of_the_others_independent():
    rng, inside = np.random.default_rng(1), []
    docs = pd.DataFrame([(f"p{p}-{y}", f"p{p}", y) for p in range(8) for y in range(2019, 2025)], columns=["plan", "place", "year"])
    docs["place"] = docs["place"].where(docs.index != 0)
    target = docs["plan"].str[1].isin(list("0123")).to_numpy()
    for _ in range(60):
        share = 0.4 + np.repeat(rng.normal(0, 0.08, 8), 6) + rng.normal(0, 0.03, 48)
        effects = topic_effects(types.SimpleNamespace(docs=docs, shares=pd.DataFrame({"甲": share, "乙": 1 - share})), target=target)
        inside.append(effects["low"].iloc[0] <= 0 <= effects["high"].iloc[0])
    assert effects["estimator"].iloc[0] == "places"
    assert np.mean(inside) >= 0.9


def test_two_shared_places_among_many_do_not_throw_the_others_away():
    rng = np.random.default_rng(2)
    rows = [(f"a{i}", f"p{i}", 2023) for i in range(12)] + [(f"b{i}", f"p{i if i < 2 else i + 20}", 2024) for i in range(12)]
    docs, share = pd.DataFrame(rows, columns=["plan", "place", "year"]), np.r_[rng.normal(0.2, 0.05, 12), rng.normal(0.35, 0.05, 12)]
    row = topic_effects(types.SimpleNamespace(docs=docs, shares=pd.DataFrame({"甲": share, "乙": 1 - share})), target={"year": 2024}).iloc[
        0
    ]
    assert row["estimator"] == "places"
    assert row["low"] > 0
    assert row["share_target"] - row["share_reference"] == pytest.approx(row["difference"])


def test_the_counts_are_those_of_the_plans_that_take_part():
    docs = pd.DataFrame({"plan": list("abcde"), "place": ["甲", "乙", "甲", "乙", "丙"], "year": [2023, 2023, 2024, 2024, 2024]})
    shares = pd.DataFrame({"教育": [0.1, 0.2, 0.3, 0.5, 0.9], "卫生": [0.9, 0.8, 0.7, 0.5, 0.1]})
    row = topic_effects(types.SimpleNamespace(docs=docs, shares=shares), target={"year": 2024}).iloc[0]
    assert row[["n_plans", "n_plans_target", "n_plans_reference"]].tolist() == [4, 2, 2]
    assert row[["share_target", "share_reference", "difference"]].tolist() == pytest.approx([0.4, 0.15, 0.25])


def test_a_theme_that_no_unit_has_is_not_known_to_be_nought():
    docs = pd.DataFrame({"plan": "p", "year": 2024}, index=range(37))
    row = (
        topic_shares(types.SimpleNamespace(docs=docs, shares=pd.DataFrame({"甲": [0.0] * 37, "乙": 1.0})), by="year")
        .set_index("topic")
        .loc["甲"]
    )
    assert row["share"] == row["low"] == 0
    assert 0.03 < row["high"] < 0.1


def test_missing_shares_and_names_that_clash_are_refused():
    docs = pd.DataFrame({"plan": ["a", "b"], "year": 2024})
    with pytest.raises(FrameError, match=r"topics\.shares has missing values"):
        topic_shares(types.SimpleNamespace(docs=docs, shares=pd.DataFrame({"甲": [0.5, np.nan]})), by="year")
    with pytest.raises(ArgumentError, match="named 'uncovered'"):
        topic_shares(types.SimpleNamespace(docs=docs, shares=pd.DataFrame({"uncovered": [0.5, 0.5]})), by="year")
    for by in (None, ["plan", "plan"]):
        with pytest.raises(ArgumentError, match="by="):
            topic_shares(types.SimpleNamespace(docs=docs, shares=pd.DataFrame({"甲": [0.5, 0.5]})), by=by)
