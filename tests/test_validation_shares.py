"""Agreement of coders and shares corrected by codings: published examples, worked out by hand, and a small simulation."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import policylab as plab
from policylab.errors import ArgumentError, FrameError, TooFewCodingsError, TooFewPlansError
from policylab.validation.sampling import draw


def long(**codes):
    """Codings of several people, given as one string each, with . for what was left out; the machine says a throughout."""
    rows = [
        {"item_id": f"t{i:02d}", "coder": coder, "code": code, "label": "a", "stratum": "a", "chance": 1.0}
        for coder, said in codes.items()
        for i, code in enumerate(said)
        if code != "."
    ]
    return pd.DataFrame(rows)


# ---- agreement


def test_alpha_of_krippendorffs_four_observers_and_twelve_units_is_743():
    codings = long(A="123321412...", B="1233224125.3", C=".3332342251.", D="12332441251.")
    row = plab.agreement(codings).set_index("between").loc["all coders"]
    assert row["alpha"] == pytest.approx(0.743, abs=5e-4)  # Krippendorff 2011, section C
    assert row["observed"] == pytest.approx(32 / 40)
    assert row["n_units"] == 11  # the twelfth has one code only
    assert row["low"] < 0.743 < row["high"]


def test_alpha_of_two_coders_and_ten_units_is_095():
    codings = long(meg="0100000000", owen="1110010100")
    row = plab.agreement(codings).set_index("between").loc["meg – owen"]
    assert row["alpha"] == pytest.approx(0.095, abs=5e-4)  # Krippendorff 2011, section A
    assert row["observed"] == pytest.approx(0.6)


def test_alpha_of_four_texts_worked_out_by_hand():
    # pairs aa, aa, bb, ab: of n = 8 codes 5 are a and 3 are b; 2 of 8 differ; by chance 2 · 5 · 3 / 7 would: 1 − 2 / (30 / 7)
    row = plab.agreement(long(甲="aabb", 乙="aaba")).iloc[0]
    assert (row["observed"], row["alpha"]) == (pytest.approx(0.75), pytest.approx(1 - 2 / (30 / 7)))


def test_each_coder_is_set_beside_the_machine_and_each_other():
    table = plab.agreement(long(甲="aabb", 乙="aab."))
    assert table["between"].tolist() == ["甲 – 乙", "甲 – machine", "乙 – machine"]
    assert table["n_units"].tolist() == [3, 4, 3]


def test_where_all_codes_are_one_class_alpha_is_missing_and_so_is_its_interval():
    row = plab.agreement(long(甲="aaa")).iloc[0]
    assert row["observed"] == 1
    assert row[["alpha", "low", "high"]].isna().all()


def test_the_interval_of_alpha_is_the_same_each_time_and_whatever_the_order():
    codings = long(甲="aabbabab" * 4, 乙="aabbabba" * 4)
    table = plab.agreement(codings)
    pd.testing.assert_frame_equal(
        table, plab.agreement(codings.iloc[np.r_[32:64, 0:32]].sort_values("coder", kind="stable", ascending=False))
    )
    assert table.loc[0, "low"] < table.loc[0, "alpha"] < table.loc[0, "high"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: c.drop(columns="label"), "no column 'label'"),
        (lambda c: c[:0], "has no row"),
        (lambda c: pd.concat([c, c[:1]]), "two codes of '甲' for 't00'"),
        (lambda c: c.assign(code=None), "cells without a value"),
    ],
)
def test_codings_that_are_none_are_refused(spoil, said):
    with pytest.raises(FrameError, match=said):
        plab.agreement(spoil(long(甲="aab")))


# ---- corrected shares


def panel(labels_of_plans, years=None):
    """Units with machine labels, given as a string of labels for each plan; a place has one plan."""
    rows = [(f"{p}#{i}", p, label) for p, labels in labels_of_plans.items() for i, label in enumerate(labels)]
    docs = pd.DataFrame(rows, columns=["item_id", "plan", "label"]).set_index("item_id")
    docs["place"] = docs["plan"]
    docs["year"] = docs["plan"].map(years or dict.fromkeys(labels_of_plans, 2024))
    return docs, docs.pop("label")


def codings_of(labels, codes, stratum="all"):
    """Codings of some units, given as a dict; the rest was left undrawn, by the same chance in each stratum."""
    frame = pd.DataFrame({"item_id": list(codes), "code": list(codes.values()), "coder": "甲"})
    frame = frame.assign(label=labels.reindex(frame["item_id"]).to_numpy())
    size = labels.groupby(labels).size() if stratum == "label" else None
    frame["stratum"] = frame["label"] if stratum == "label" else "all"
    frame["stratum_units"] = frame["label"].map(size) if stratum == "label" else len(labels)
    frame["chance"] = frame["stratum"].map(frame["stratum"].value_counts()) / frame["stratum_units"]
    return frame


def test_shares_of_four_texts_corrected_by_hand():
    # two of four coded, chance 1/2: a is right (1 + 2·0), c is 校舍, not 师资 (0 + 2·1 and 1 − 2·1); b, d as the machine says
    docs, labels = panel({"甲": "aabb"})
    table = plab.corrected_shares(codings_of(labels, {"甲#0": "a", "甲#2": "a"}, "label"), docs=docs, labels=labels, min_codings=1)
    outcome = [1, 1, 2, 0]
    row = table.set_index("topic").loc["a"]
    assert (row["share"], row["uncorrected"]) == (1.0, 0.5)
    low, _ = stats.t.interval(0.95, 3, np.mean(outcome), stats.sem(outcome))
    assert row["low"] == pytest.approx(max(low, 0))
    assert (row["n_plans"], row["n_units"], row["n_codings"], row["interval_over"]) == (1, 4, 2, "units of one plan")


def test_where_every_text_was_coded_the_difference_is_that_of_the_codes():
    years = {"甲": 2023, "乙": 2023, "丙": 2024, "丁": 2024}
    docs, labels = panel({"甲": "aabb", "乙": "abbb", "丙": "abab", "丁": "bbaa"}, years)
    codes = pd.Series(list("abbbbbbbaaabaaaa"), index=labels.index)
    codings = codings_of(labels, codes.to_dict())
    row = plab.corrected_shares(codings, docs=docs, labels=labels, target={"year": 2024}).set_index("topic").loc["a"]
    ours, theirs = [0.75, 1.0], [0.25, 0.0]
    expected = stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval(0.95)
    assert row["difference"] == pytest.approx(0.75)
    assert (row["low"], row["high"]) == pytest.approx((expected.low, min(expected.high, 1)))
    assert row["uncorrected"] == pytest.approx(0.5 - 0.375)
    assert (row["share_target"], row["share_reference"], row["estimator"]) == (0.875, 0.125, "plans")


def test_the_same_places_in_two_years_are_compared_within_places():
    docs, labels = panel({f"{p}-{y}": "abab" for p in "甲乙丙" for y in (2023, 2024)})
    docs["place"], docs["year"] = docs["plan"].str[0], docs["plan"].str[2:].astype(int)
    codings = codings_of(labels, labels.to_dict())
    table = plab.corrected_shares(codings, docs=docs, labels=labels, target={"year": 2024})
    assert set(table["estimator"]) == {"within places"}
    assert plab.corrected_shares(codings, docs=docs, labels=labels, by="year")["interval_over"].unique().tolist() == ["plans"]
    assert plab.corrected_shares(codings, docs=docs, labels=labels)["interval_over"].unique().tolist() == ["places"]


def test_texts_that_were_drawn_but_not_coded_are_stood_for_by_the_others_of_their_stratum():
    docs, labels = panel({"甲": "aaaaaaaabb"})
    drawn = codings_of(labels, {**dict.fromkeys([f"甲#{i}" for i in range(4)], "a"), "甲#8": "b", "甲#9": "b"}, "label")
    half = drawn.drop(index=[0, 1])  # chance says 4 of 8, but 2 were coded
    table = plab.corrected_shares(half.assign(code=["b", "a", "b", "b"]), docs=docs, labels=labels, min_codings=1)
    assert table.set_index("topic")["share"].round(9).to_dict() == {"a": 0.4, "b": 0.6}  # half of the eight are b


def test_of_two_coders_the_first_counts_and_the_second_where_the_first_is_silent():
    docs, labels = panel({"甲": "abab"})
    first = codings_of(labels, {"甲#0": "a", "甲#1": "a", "甲#2": "a"}).assign(stratum_units=4)
    second = codings_of(labels, {"甲#1": "b", "甲#3": "a"}).assign(coder="乙", stratum_units=4)
    table = plab.corrected_shares(pd.concat([first, second]), docs=docs, labels=labels, min_codings=1)
    assert table.set_index("topic")["share"].to_dict() == {"a": 1.0, "b": 0.0}


# One theme in 20 texts: the machine finds it in 8. Of all codings (everything coded) 10 are the theme; the machine finds 7 of them
# (sensitivity .7) and 9 of the 10 others are left alone (specificity .9).
MACHINE = "a" * 7 + "b" * 3 + "a" * 1 + "b" * 9
HUMAN = "a" * 10 + "b" * 10


def test_rogan_and_gladen_worked_out_by_hand():
    docs, labels = panel({"甲": MACHINE, "乙": "aaab"})
    codes = dict(zip(labels.index[:20], HUMAN, strict=True))
    codings = codings_of(labels, codes).drop(columns="stratum_units")
    shares = plab.corrected_shares(codings, docs=docs, labels=labels, method="rogan-gladen").set_index("topic")
    apparent = (8 / 20 + 3 / 4) / 2
    assert shares.loc["a", "share"] == pytest.approx((apparent + 0.9 - 1) / (0.7 + 0.9 - 1))
    assert shares.loc["a", "low"] < shares.loc["a", "share"] <= shares.loc["a", "high"]
    assert shares.loc["b", "share"] == pytest.approx(1 - shares.loc["a", "share"])


def test_rogan_and_gladen_stretch_a_difference_by_youdens_index():
    years = {"甲": 2023, "乙": 2023, "丙": 2024, "丁": 2024}
    docs, labels = panel(dict.fromkeys("甲乙", MACHINE) | dict.fromkeys("丙丁", "a" * 2 + MACHINE[:18]), years)
    codes = dict(zip(labels.index, HUMAN * 2 + HUMAN * 2, strict=True))
    codes = {i: c for i, c in codes.items() if i[0] in "甲乙"} | {i: labels[i] for i in codes if i[0] in "丙丁"}
    codings = codings_of(labels, codes)
    row = plab.corrected_shares(codings, docs=docs, labels=labels, target={"year": 2024}, method="rogan-gladen").set_index("topic").loc["a"]
    sensitivity, specificity = (14 + 20) / (20 + 20), (18 + 20) / (20 + 20)
    assert row["uncorrected"] == pytest.approx(0.1)
    assert row["difference"] == pytest.approx(0.1 / (sensitivity + specificity - 1))


def test_a_machine_no_better_than_chance_is_not_corrected_by_rogan_and_gladen():
    docs, labels = panel({"甲": "abab", "乙": "abba"})
    codings = codings_of(labels, dict(zip(labels.index, "aabbaabb", strict=True)))
    table = plab.corrected_shares(codings, docs=docs, labels=labels, method="rogan-gladen", min_codings=1)
    assert table[["share", "low", "high"]].isna().all(axis=None)


# ---- what is refused


def sound():
    docs, labels = panel(dict.fromkeys("甲乙丙丁", "ab" * 6), {"甲": 2023, "乙": 2023, "丙": 2024, "丁": 2024})
    return docs, labels, codings_of(labels, labels.iloc[::2].to_dict() | labels.iloc[1::4].to_dict())


def test_a_class_with_too_few_codings_is_named_with_how_many_more_would_do():
    docs, labels, codings = sound()
    codings.loc[codings.index[:2], "code"] = "c"
    with pytest.raises(TooFewCodingsError, match="but 'c' in 2, 3 more would do"):
        plab.corrected_shares(codings, docs=docs, labels=labels)
    assert "c" in set(plab.corrected_shares(codings, docs=docs, labels=labels, min_codings=2)["topic"])


def test_a_group_with_too_few_codings_is_named_too():
    docs, labels, codings = sound()
    with pytest.raises(TooFewCodingsError, match="the group 丁 has 0 codings and needs 5"):
        plab.corrected_shares(codings[~codings["item_id"].str.startswith("丁")], docs=docs, labels=labels, by="plan")


def test_a_stratum_without_a_coding_is_refused():
    docs, labels, _ = sound()
    codings = codings_of(labels, labels[labels == "a"].to_dict(), "label").assign(code="a")
    codings.loc[codings.index[:5], "code"] = "b"
    with pytest.raises(TooFewCodingsError, match="stand for 24 of the 48 units"):
        plab.corrected_shares(codings, docs=docs, labels=labels)


def test_one_plan_on_a_side_is_refused_and_that_is_printed_in_a_notebook(capsys):
    docs, labels, codings = sound()
    with pytest.raises(TooFewPlansError, match="target has 1 plan"):
        plab.corrected_shares(codings, docs=docs, labels=labels, target={"place": "甲"})
    with plab.cannot_say():
        plab.corrected_shares(codings, docs=docs, labels=labels, min_codings=99)
    assert "Cannot be said here" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "error", "said"),
    [
        (lambda d, lab, c: (d, lab, c, {"method": "em"}), ArgumentError, "'dsl' or 'rogan-gladen'"),
        (lambda d, lab, c: (d, lab, c, {"interval": 95}), ArgumentError, "between 0 and 1"),
        (lambda d, lab, c: (d, lab, c, {"by": "year", "target": {"year": 2024}}), ArgumentError, "two questions"),
        (lambda d, lab, c: (d, lab, c, {"reference": {"year": 2024}}), ArgumentError, "without a target"),
        (lambda d, lab, c: (d, lab, c, {"by": "district"}), ArgumentError, "no column 'district'"),
        (lambda d, lab, c: (d, lab, c, {"min_codings": 0}), ArgumentError, "min_codings=0"),
        (lambda d, lab, c: (d.drop(columns="plan"), lab, c, {}), FrameError, "column 'plan'"),
        (lambda d, lab, c: (d, lab[3:], c, {}), FrameError, "a label for each"),
        (lambda d, lab, c: (d, lab.replace("a", None), c, {}), FrameError, "labels has none for"),
        (lambda d, lab, c: (d[24:], lab, c, {}), FrameError, "which is no row of docs"),
        (lambda d, lab, c: (d, lab, c.assign(stratum_units=900), {}), FrameError, "drawn from at least 900 units"),
    ],
)
def test_what_cannot_be_corrected_is_refused_by_name(spoil, error, said):
    docs, labels, codings, more = spoil(*sound())
    with pytest.raises(error, match=said):
        plab.corrected_shares(codings, docs=docs, labels=labels, **more)


# ---- the whole way


def test_corrected_intervals_hold_the_planted_difference_where_uncorrected_ones_miss_it():
    rng, held, missed, n_draws = np.random.default_rng(7), 0, 0, 60
    for seed in range(n_draws):
        years = np.repeat([2023, 2024], 200)
        plans = np.repeat([f"区{i:02d}" for i in range(20)], 20)
        truth = rng.random(400) < np.repeat(np.clip(rng.normal(0.3, 0.05, 20), 0, 1), 20)  # the same share in both years
        errs = rng.random(400) < np.where(years == 2023, 0.1, 0.3)  # the machine finds the theme too often, and more so in 2024
        docs = pd.DataFrame({"plan": plans, "place": plans, "year": years}, index=[f"t{i:03d}" for i in range(400)])
        labels = pd.Series(np.where(truth | errs, "a", "b"), index=docs.index)
        drawn = draw(docs["year"].astype(str) + labels, n=120, seed=seed)
        codings = drawn.assign(coder="甲", code=np.where(pd.Series(truth, index=docs.index).reindex(drawn.index), "a", "b"))
        codings = codings.assign(label=labels.reindex(drawn.index)).rename_axis("item_id").reset_index()
        row = plab.corrected_shares(codings, docs=docs, labels=labels, target={"year": 2024}).iloc[0]
        held += row["low"] <= 0 <= row["high"]
        missed += abs(row["uncorrected"]) > (row["high"] - row["low"]) / 2
    assert 0.9 <= held / n_draws <= 1
    assert missed / n_draws > 0.2


def test_a_sheet_filled_with_the_truth_of_the_demo_panel_gives_back_what_was_planted(tmp_path):
    from openpyxl import load_workbook

    units = plab.body(plab.load_demo().items)
    truth = plab.load_demo_truth()["items"]["theme"].reindex(units.index)
    theme = truth.where(truth == "digital", "other")
    wrong = pd.Series(np.arange(len(units)) % 4 == 0, index=units.index)
    labels = theme.where(~wrong, "other")  # a quarter of the theme is overlooked
    key = plab.coding_sheet(units, tmp_path / "s.xlsx", labels=labels, n=150)
    book = load_workbook(tmp_path / "s.xlsx")
    for row in range(2, 152):
        book.worksheets[0].cell(row, 3).value = theme[key.set_index("row_id")["item_id"][book.worksheets[0].cell(row, 1).value]]
    book.save(tmp_path / "s.xlsx")
    codings = plab.read_coding(tmp_path / "s.xlsx", units=units)
    row = plab.corrected_shares(codings, docs=units, labels=labels).set_index("topic").loc["digital"]
    planted = (theme == "digital").groupby(units["plan"]).mean().mean()
    assert row["low"] <= planted <= row["high"]
    assert row["uncorrected"] < row["share"]
    assert codings.attrs["problems"] == []


def test_labels_that_coders_could_not_choose_are_refused():
    docs, labels = panel({"甲": "aabb", "乙": "abbb"})
    codings = codings_of(labels, dict(zip(labels.index, "abbbbbbb", strict=True)))
    with pytest.raises(FrameError, match="the class 'a教师', which coders could not choose"):
        plab.corrected_shares(codings, docs=docs, labels=labels.replace("a", "a教师"), min_codings=1)
