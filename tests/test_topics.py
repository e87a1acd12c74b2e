"""Topics: what was planted comes back, from blocks and items, freely and guided, in the same order with the same names."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from policylab.codebook import Codebook
from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError, TooFewPlansError
from policylab.matrix import count_terms
from policylab.storage import load
from policylab.topics import choose_n_topics, fit_topics, leave_one_out, mixed_items, seed_topics, typical_items
from policylab.topics.blocks import block_numbers

THEMES = {
    "教育": "学校 教师 课程 学生 教材 校园 学位 课堂",
    "医疗": "医院 医生 病人 药品 门诊 护士 病床 疫苗",
    "交通": "道路 铁路 公交 桥梁 隧道 车站 航线 港口",
    "生态": "污染 河流 森林 湿地 空气 水质 绿地 垃圾",
}


def panel(*, places=("甲区", "乙区", "丙区"), years=(2023, 2024), per_block=4, words=4, themes=THEMES, seed=0, blocks=True):
    """Plans with a block for each theme; each item holds words of its theme and its plan's own name."""
    rng, rows = np.random.default_rng(seed), []
    for place in places:
        for year in years:
            for number, (theme, vocabulary) in enumerate(themes.items(), 1):
                for _ in range(per_block):
                    text = " ".join([*rng.choice(vocabulary.split(), words, replace=False), place])
                    rows.append(
                        {"plan": f"{place}-{year}", "place": place, "year": year, "block": str(number), "text": text, "theme": theme}
                    )
    items = pd.DataFrame(rows).assign(kind="item", part="plan", source="a.txt")
    items["section"] = "一" if blocks else ""
    items["block"] = items["block"] if blocks else ""
    items["line"] = np.arange(1, len(items) + 1)
    items.index = [f"{p}#{k + 1:03d}" for p, k in zip(items["plan"], items.groupby("plan").cumcount(), strict=True)]
    return items


def counted(items, **settings):
    return count_terms(items, words=str.split, **settings)


def agreement(topics, items):
    return adjusted_mutual_info_score(items["theme"], topics.shares.idxmax(axis=1))


@pytest.fixture(scope="module")
def items():
    return panel()


@pytest.fixture(scope="module")
def topics(items):
    return fit_topics(counted(items), n_topics=4)


def test_themes_planted_in_blocks_come_back_in_every_item(topics, items):
    assert agreement(topics, items) == pytest.approx(1)
    assert topics.settings["unit"] == "block"
    tops = topics.top_terms(8).groupby("topic")["term"].agg(set).tolist()
    assert sorted(map(sorted, tops)) == sorted(sorted(v.split()) for v in THEMES.values())


def test_fine_themes_come_back_when_items_are_fitted(items):
    fitted = fit_topics(counted(items), n_topics=4, unit="item", n_refits=0)
    assert agreement(fitted, items) > 0.95
    assert fitted.settings["unit"] == "item"


def test_shares_of_a_unit_sum_to_one_and_a_unit_of_two_themes_is_half_each(items):
    mixed = items.copy()
    mixed.iloc[0, mixed.columns.get_loc("text")] = "学校 教师 课程 学生 医院 医生 病人 药品"
    shares = fit_topics(counted(mixed), n_topics=4, n_refits=0).shares
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert sorted(shares.iloc[0])[-2:] == pytest.approx([0.5, 0.5], abs=0.1)


def test_a_unit_whose_words_no_topic_has_gets_no_share(items):
    strange = items.copy()
    strange.iloc[0, strange.columns.get_loc("text")] = "未见之词"
    topics = fit_topics(counted(strange), n_topics=4, n_refits=0)
    assert topics.shares.iloc[0].tolist() == [0, 0, 0, 0]
    assert topics.docs["fit"].iloc[0] == 0


def test_topics_are_named_from_the_largest_to_the_smallest():
    large = panel(themes={"医疗": THEMES["医疗"], "教育": THEMES["教育"]})
    few_medical = large[(large["theme"] == "教育") | (large.groupby(["plan", "theme"]).cumcount() < 2)]
    topics = fit_topics(counted(few_medical), n_topics=2, n_refits=0)
    assert list(topics.shares) == ["T1", "T2"]
    assert set(topics.labels["T1"].split("·")) <= set(THEMES["教育"].split())
    assert topics.shares.mean().is_monotonic_decreasing


def test_the_order_of_the_files_changes_neither_labels_nor_shares(topics, items):
    turned = items.loc[[i for plan in reversed(items["plan"].unique()) for i in items.index[items["plan"] == plan]]]
    again = fit_topics(counted(turned), n_topics=4)
    assert again.labels.tolist() == topics.labels.tolist()
    pd.testing.assert_frame_equal(again.shares.loc[topics.shares.index], topics.shares, atol=1e-4)


def test_topics_print_in_a_line(topics):
    assert repr(topics) == "Topics(4 topics, 0 of them unstable, 96 units; nmf)"


def test_two_workers_and_other_seeds_give_the_same_topics(topics, items):
    again = fit_topics(counted(items), n_topics=4, n_jobs=2)
    pd.testing.assert_frame_equal(again.shares, topics.shares, check_exact=True)
    pd.testing.assert_frame_equal(again.stability, topics.stability, check_exact=True)
    other = fit_topics(counted(items), n_topics=4, seed=7, n_refits=0)
    assert other.labels.tolist() == topics.labels.tolist()


def test_words_of_one_plan_alone_make_no_topic_from_five_plans_on(items):
    named = panel(places=tuple("甲乙丙丁戊"), years=(2024,))
    assert not set(fit_topics(counted(named), n_topics=4, n_refits=0).terms.columns) & set("甲乙丙丁戊")
    assert "甲" in fit_topics(counted(named[named["place"].isin(list("甲乙"))]), n_topics=4, n_refits=0).terms.columns


def test_whole_plans_are_refused_with_the_reason_unless_insisted_upon(items):
    with pytest.raises(ArgumentError, match="finds places, not themes"):
        fit_topics(counted(items), n_topics=2, unit="plan")
    insisted = fit_topics(counted(items), n_topics=2, unit="plan", insist=True, n_refits=0)
    assert insisted.settings["n_rows"] == 6
    assert "places rather than themes" in insisted.settings["notes"][0]


def test_without_blocks_items_are_fitted_and_the_settings_say_so():
    topics = fit_topics(counted(panel(blocks=False)), n_topics=4, n_refits=0)
    assert (topics.settings["unit"], topics.settings["unit_asked"]) == ("item", "block")
    assert "no row has a block" in topics.settings["notes"][0]


def test_too_few_blocks_for_the_topics_asked_means_items():
    topics = fit_topics(counted(panel(places=("甲区",), years=(2024,))), n_topics=3, n_refits=0)
    assert topics.settings["unit"] == "item"
    assert "4 blocks are too few for 3 topics" in topics.settings["notes"][0]


def test_blocks_far_too_long_are_parted_and_far_too_short_ones_joined():
    docs = pd.DataFrame({"plan": "甲", "section": "一", "block": [*"aaaa", "b", "c", "c", "d", "e"]})
    length = np.array([10, 10, 10, 10, 10, 5, 5, 2, 10])
    number, done = block_numbers(docs, length)
    assert done == {"found": 5, "parted": 1, "joined": 1, "alone": 0}
    assert number.tolist() == [0, 1, 2, 3, 4, 5, 5, 6, 6]


def test_a_short_last_block_joins_the_one_before_and_never_crosses_a_section():
    docs = pd.DataFrame({"plan": "甲", "section": list("一一二二"), "block": list("abcd")})
    number, done = block_numbers(docs, np.array([10, 1, 1, 10]))
    assert number.tolist() == [0, 0, 1, 1]
    assert done["joined"] == 2


def test_rows_without_a_block_stand_alone():
    docs = pd.DataFrame({"plan": "甲", "section": "一", "block": ["a", "a", pd.NA, ""]})
    number, done = block_numbers(docs, np.array([5, 5, 10, 10]))
    assert number.tolist() == [0, 0, 1, 2]
    assert done["alone"] == 2


def test_planted_topics_are_stable_and_a_topic_cut_out_of_noise_is_not(topics, items):
    assert topics.stability["stable"].all()
    assert topics.settings["resampled"] == "places"
    noise = panel(themes={"杂": " ".join(THEMES.values())}, per_block=16, blocks=False)
    assert not fit_topics(counted(noise), n_topics=4).stability["stable"].all()


def test_one_plan_is_refitted_on_its_items_and_says_what_that_means():
    topics = fit_topics(counted(panel(places=("甲区",), years=(2024,), per_block=8)), n_topics=4)
    assert topics.settings["resampled"] == "items"
    assert any("within this plan only" in note for note in topics.settings["notes"])


def test_without_refits_stability_is_missing_not_good(items):
    stability = fit_topics(counted(items), n_topics=4, n_refits=0).stability
    assert stability["stable"].isna().all()


def test_the_label_of_one_plans_topic_carries_the_typical_items_title():
    items = panel(places=("甲区",), years=(2024,), per_block=8).assign(item_title="办好学校")
    labels = fit_topics(counted(items), n_topics=4, n_refits=0).labels
    assert labels.str.endswith("（办好学校）").all()


def test_the_consensus_of_lda_chains_finds_planted_themes_and_warns_of_few_plans(items, tmp_path):
    with pytest.warns(UserWarning, match="LDA on 6 plans"):
        topics = fit_topics(counted(items), n_topics=4, method="lda", n_refits=2)
    assert agreement(topics, items) > 0.9
    assert topics.stability["stable"].all()
    words = topics.model.components_ / topics.model.components_.sum(axis=1, keepdims=True)
    assert words == pytest.approx(topics.terms.to_numpy())
    topics.save(tmp_path)
    assert load(tmp_path).model.transform(counted(items).keep(topics.terms.columns).X.astype(float)) == pytest.approx(
        topics.shares.to_numpy(), abs=1e-6
    )


def test_topics_saved_and_loaded_are_the_same(topics, tmp_path):
    topics.save(tmp_path)
    again = load(tmp_path)
    for name in ("terms", "shares", "docs", "stability"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(topics, name), check_exact=True)
    pd.testing.assert_series_equal(again.labels, topics.labels)
    assert again.settings == topics.settings
    np.testing.assert_array_equal(again.model.components_, topics.model.components_)
    assert again.model.get_params() == topics.model.get_params()


def test_typical_items_lead_back_to_text_and_line(topics, items):
    typical = typical_items(topics, items=items, n=2)
    assert typical.groupby("topic").size().tolist() == [2, 2, 2, 2]
    row = typical.iloc[0]
    assert row["text"] == items.loc[row["item_id"], "text"]
    assert row["line"] == items.loc[row["item_id"], "line"]
    with pytest.raises(FrameError, match="give the items frame that was counted"):
        typical_items(topics, items=items.iloc[1:])


def test_sentences_lead_back_to_their_item(items):
    sentences = fit_topics(counted(items, unit="sentence"), n_topics=4, n_refits=0)
    assert set(typical_items(sentences, items=items)["item_id"]) <= set(items.index)


def test_a_codebook_finds_units_that_hold_none_of_its_terms(items):
    book = {theme: vocabulary.split()[:2] for theme, vocabulary in THEMES.items()}
    topics = seed_topics(counted(items), codebook=book)
    assert topics.labels.tolist() == list(THEMES)
    none = ~items["text"].map(lambda t: any(w in t for words in book.values() for w in words))
    assert none.sum() > 5
    assert (topics.shares.idxmax(axis=1) == items["theme"])[none].all()
    assert topics.stability["stable"].all()


SEEDS = {theme: words.split()[:2] for theme, words in THEMES.items()}


def test_both_methods_say_which_theme_they_find_and_how_often_they_agree(items):
    topics = seed_topics(counted(items), codebook=SEEDS, n_refits=0)
    same = topics.docs["by_lsa"] == topics.docs["by_lda"]
    assert topics.settings["agreement"] == pytest.approx(same.mean(), abs=1e-6)
    assert same.mean() > 0.9
    assert any("Both methods name the same theme" in note for note in topics.settings["notes"])


def test_residual_topics_hold_what_the_codebook_misses(items):
    topics = seed_topics(counted(items), codebook={k: SEEDS[k] for k in ("教育", "医疗", "交通")}, n_residual=1, n_refits=0)
    assert list(topics.shares) == ["教育", "医疗", "交通", "其余1"]
    assert topics.labels["其余1"].startswith("其余1：")
    assert (topics.shares[items["theme"] == "生态"].idxmax(axis=1) == "其余1").mean() > 0.9
    assert agreement(topics, items) > 0.9


def test_codebook_files_terms_that_are_cut_and_themes_without_any(items):
    rows = [("教育", "学校教师"), ("教育", "课程"), ("医疗", "医院"), ("养老", "养老金")]
    book = Codebook(pd.DataFrame(rows, columns=["theme", "term"]).assign(theme_en="theme", note=""))
    topics = seed_topics(counted(items), codebook=book, n_refits=3)
    assert topics.settings["seeds"]["教育"] == {"学校": 0.5, "教师": 0.5, "课程": 1.0}
    assert topics.shares["养老"].sum() == 0
    assert topics.stability.set_index("topic")["stable"].isna().tolist() == [False, False, True]
    assert any("养老" in note for note in topics.settings["notes"])


def test_a_seeded_fit_is_saved_and_loaded_too(items, tmp_path):
    topics = seed_topics(counted(items), codebook={"教育": ["学校"], "医疗": ["医院"]}, n_refits=0)
    topics.save(tmp_path)
    again = load(tmp_path)
    pd.testing.assert_frame_equal(again.shares, topics.shares, check_exact=True)
    assert type(again.model).__name__ == "TruncatedSVD"


def test_the_planted_number_of_topics_is_recommended(items):
    choice = choose_n_topics(counted(items), candidates=[6, 2, 4])
    assert choice["n_topics"].tolist() == [2, 4, 6]
    assert 4 in choice.loc[choice["recommended"], "n_topics"].tolist()
    assert choice.set_index("n_topics")["agreement"].idxmax() == 4
    assert choice.attrs["notes"][-1]


def test_too_little_text_for_a_choice_is_said():
    with pytest.raises(TooFewPlansError, match="Try smaller numbers"):
        choose_n_topics(counted(panel(places=("甲区",), years=(2024,), per_block=1)), candidates=[4])


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"n_topics": 1}, "n_topics=1 must be a whole number from 2 to"),
        ({"n_topics": 2.0}, r"n_topics=2.0 must be"),
        ({"n_topics": 4, "unit": "section"}, "'block', 'item' or 'plan'"),
        ({"n_topics": 4, "method": "stm"}, "one of nmf, lda"),
        ({"n_topics": 4, "n_refits": -1}, "n_refits=-1"),
    ],
)
def test_arguments_that_make_no_sense_are_named(items, settings, says):
    with pytest.raises(ArgumentError, match=says):
        fit_topics(counted(items), **settings)


def test_more_topics_than_the_plans_can_bear_are_refused_with_the_numbers_there_are(items):
    with pytest.raises(TooFewPlansError, match=r"500 topics need at least 500 items and 500 words; there are 96 and \d+\."):
        fit_topics(counted(items), n_topics=500)


def test_weighted_or_unlabelled_counts_are_refused(items):
    with pytest.raises(ArgumentError, match="weighted by tfidf"):
        fit_topics(counted(items).tfidf(), n_topics=2)
    with pytest.raises(FrameError, match="no column plan"):
        fit_topics(counted(items).group("year"), n_topics=2)
    with pytest.raises(EmptyVocabularyError, match="no term of the codebook"):
        seed_topics(counted(items), codebook={"甲": ["没有"], "乙": ["也没有"]})
    with pytest.raises(ArgumentError, match="at least two"):
        seed_topics(counted(items), codebook={"甲": ["学校"]})


# ---------------------------------------------------------------- reading a topic
def test_a_topic_that_one_plan_carries_is_shown_to_hang_on_it():
    items = panel(places=("甲区", "乙区", "丙区", "丁区"), years=(2024,), per_block=8)
    items = items[(items["theme"] != "生态") | (items["place"] == "甲区")]
    counts = counted(items)
    topics = fit_topics(counts, n_topics=4, n_refits=0)
    left = leave_one_out(topics, counts=counts)
    assert len(left) == 4 * 4
    worst = left.iloc[0]
    assert worst["left_out"] == "甲区-2024"
    assert "河流" in topics.terms.columns[np.argsort(-topics.terms.loc[worst["topic"]].to_numpy())[:8]]
    assert not worst["stable"]
    assert left.groupby("left_out")["stable"].all().drop("甲区-2024").all()
    with pytest.raises(ArgumentError, match="give the counts"):
        leave_one_out(topics, counts=counts.where(counts.docs["place"] != "甲区"))
    with pytest.raises(ArgumentError, match="no column of that name"):
        leave_one_out(topics, counts=counts, by="city")
    with pytest.raises(TooFewPlansError, match="1 can be left out"):
        leave_one_out(topics, counts=counts, by="kind")


def test_items_between_two_topics_come_first(items):
    extra = items.iloc[[0]].assign(text="学校 教师 课程 医院 医生 病人")
    extra.index = ["甲区-2023#999"]
    both = pd.concat([items[items["plan"] == "甲区-2023"], extra, items[items["plan"] != "甲区-2023"]])
    topics = fit_topics(counted(both), n_topics=4, n_refits=0)
    mixed = mixed_items(topics, items=both, n=3)
    assert mixed.loc[0, "item_id"] == "甲区-2023#999"
    assert mixed.loc[0, ["share", "other_share"]].tolist() == pytest.approx([0.5, 0.5], abs=0.1)
    assert mixed.loc[0, "text"] == "学校 教师 课程 医院 医生 病人"
    assert (mixed["share"] >= mixed["other_share"]).all()


def test_several_residual_topics_are_told_apart():
    rng = np.random.default_rng(1)
    rows = [(f"p{p}", t, " ".join(rng.choice([f"{t}{j}" for j in range(12)], 8))) for p in range(6) for t in "ABCDEF" for _ in range(4)]
    items = pd.DataFrame(rows, columns=["plan", "block", "text"]).assign(kind="item", part="plan", section="一")
    items.index = [f"i{i:03d}" for i in range(len(items))]
    topics = seed_topics(counted(items), codebook={"A": ["A0", "A1"], "B": ["B0", "B1"]}, n_residual=4, n_refits=0)
    assert adjusted_mutual_info_score(items["block"], topics.shares.idxmax(axis=1)) > 0.95


def test_item_topics_do_not_hang_on_the_order_of_the_rows():
    items = panel(per_block=6, words=3)
    counts = counted(items)
    order = np.random.default_rng(5).permutation(len(items))
    shuffled = replace(counts, X=counts.X[order], docs=counts.docs.iloc[order])
    one, other = (fit_topics(c, n_topics=4, unit="item", n_refits=0) for c in (counts, shuffled))
    assert one.labels.tolist() == other.labels.tolist()
    assert other.shares.reindex(one.shares.index).to_numpy() == pytest.approx(one.shares.to_numpy(), abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"candidates": 5}, "several numbers"),
        ({"candidates": [2, 3], "n_refits": 1}, "n_refits=1 must be a whole number from 2"),
        ({"candidates": [2, 3], "interval": 95}, "between 0 and 1"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused(items, arguments, message):
    with pytest.raises(ArgumentError, match=message):
        choose_n_topics(counted(items), **arguments)


def test_codebooks_that_clash_or_hold_single_texts_are_refused(items):
    with pytest.raises(ArgumentError, match="the name of a residual topic"):
        seed_topics(counted(items), codebook={"教育": ["学校"], "其余1": ["医院"]}, n_residual=1)
    with pytest.raises(ArgumentError, match="give a list"):
        seed_topics(counted(items), codebook={"教育": "学校", "医疗": ["医院"]})
    counts = counted(items)
    with pytest.raises(ArgumentError, match="several values within a plan"):
        leave_one_out(fit_topics(counts, n_topics=4, n_refits=0), counts=counts, by="block")
