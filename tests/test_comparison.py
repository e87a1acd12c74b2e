"""How alike rows are: measures by hand, same theme in other words, the order in which to read."""

import math

import numpy as np
import pandas as pd
import pytest

from policylab.comparison import reading_order, similarity
from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError
from policylab.matrix import TermMatrix


def made(rows, terms=None, settings=None, **docs):
    rows = np.asarray(rows)
    frame = pd.DataFrame(docs, index=[f"r{n:03d}" for n in range(len(rows))])
    return TermMatrix(rows, frame, terms or [f"t{n:02d}" for n in range(rows.shape[1])], settings or {})


def test_jaccard_is_shared_terms_over_terms_of_either():
    frame = similarity(made([[3, 1, 0, 1], [1, 0, 2, 1]]), measure="jaccard")
    assert frame.to_numpy().tolist() == [[1.0, 0.5], [0.5, 1.0]]


def test_cosine_of_counts_is_that_of_the_school_book():
    frame = similarity(made([[3, 4, 0], [4, 3, 0], [0, 0, 5]]), weight="counts")
    assert frame.to_numpy() == pytest.approx(np.array([[1, 24 / 25, 0], [24 / 25, 1, 0], [0, 0, 1]]))


def test_cosine_weighs_by_tf_idf():
    # rows (1, 1, 0) and (2, 0, 1); idf is 1 of a term in both rows, 1 + ln(3 / 2) of a term in one
    rare = 1 + math.log(3 / 2)
    expected = (1 + math.log(2)) / math.hypot(1, rare) / math.hypot(1 + math.log(2), rare)
    assert similarity(made([[1, 1, 0], [2, 0, 1]])).iloc[0, 1] == pytest.approx(expected)


def test_the_frame_keeps_the_order_of_docs_and_rows_without_terms_are_unlike_all():
    frame = similarity(made([[1, 0], [0, 0], [1, 1]]))
    assert list(frame.index) == list(frame.columns) == ["r000", "r001", "r002"]
    assert frame.iloc[1].tolist() == [0.0, 1.0, 0.0]


def boilerplate(n_plans, **settings):
    """Plans that share one word and have one of their own each."""
    return made(np.hstack([np.ones((n_plans, 1), dtype=int), np.eye(n_plans, dtype=int)]), settings=settings)


def test_words_of_more_than_half_of_twenty_plans_are_left_out_and_of_nineteen_not():
    assert similarity(boilerplate(20)).iloc[0, 1] == 0
    assert similarity(boilerplate(19)).iloc[0, 1] > 0


def test_themes_of_a_codebook_all_stay():
    assert similarity(boilerplate(20, codebook={})).iloc[0, 1] > 0


def same_theme_in_other_words(seed=0):
    """Items of six words out of their theme's twelve; two themes, so that some items of one theme share no word."""
    rng = np.random.default_rng(seed)
    theme = np.repeat([0, 1], 60)
    rows = np.zeros((120, 24), dtype=int)
    for row, t in zip(rows, theme, strict=True):
        row[12 * t + rng.choice(12, 3, replace=False)] = 1
    return made(rows), theme


def test_ppmi_finds_items_of_one_theme_alike_that_share_no_word():
    counts, theme = same_theme_in_other_words()
    frame = similarity(counts, measure="ppmi").to_numpy()
    no_word = (counts.X @ counts.X.T).toarray() == 0
    same, other = (no_word & (theme[:, None] == theme[None, :])), theme[:, None] != theme[None, :]
    assert same.sum() > 100
    assert frame[same].min() > 0.3
    assert frame[other].max() < 0


def test_ppmi_hears_blocks_only_softly():
    rows = [[1, 1, 0, 0], [0, 0, 1, 1]] * 4
    alone = similarity(made(rows), measure="ppmi").iloc[0, 1]
    joined = similarity(made(rows, plan="p", block=[str(n // 2) for n in range(8)]), measure="ppmi").iloc[0, 1]
    assert alone < 0
    assert joined < 0


def test_ppmi_of_rows_without_any_company_is_still_a_frame():
    frame = similarity(made([[1, 0], [0, 1], [0, 0]]), measure="ppmi")
    assert np.isfinite(frame.to_numpy()).all()
    assert frame.iloc[2, 0] == 0


def test_the_order_of_rows_changes_no_value():
    counts, _ = same_theme_in_other_words()
    turned = TermMatrix(counts.X[::-1], counts.docs[::-1], counts.terms)
    for measure in ("cosine", "jaccard", "ppmi"):
        frame = similarity(counts, measure=measure)
        again = similarity(turned, measure=measure).loc[frame.index, frame.index]
        assert np.abs(again.to_numpy() - frame.to_numpy()).max() < 1e-9


def test_codebook_themes_compare_plans_as_terms_do():
    counts = made([[2, 0], [0, 1], [4, 0]], ["教育", "卫生"], {"codebook": {}}, plan=["甲", "甲", "乙"])
    frame = similarity(counts.group("plan"), weight="counts")
    assert frame.loc["甲", "乙"] == pytest.approx(2 / math.sqrt(5))


@pytest.mark.parametrize("arguments", [{"measure": "dice"}, {"weight": "bm25"}])
def test_what_is_not_allowed_is_said_with_what_is(arguments):
    with pytest.raises(ArgumentError, match="allowed are"):
        similarity(made([[1]]), **arguments)


def test_no_terms_at_all_is_an_error_that_says_what_to_try():
    with pytest.raises(EmptyVocabularyError, match="min_items"):
        similarity(made([[0, 0]]))


def test_the_reading_order_lays_a_chain_out_from_end_to_end():
    n = 7
    near = np.exp(-np.abs(np.arange(n)[:, None] - np.arange(n)[None, :]))
    mixed = np.random.default_rng(0).permutation(n)
    frame = pd.DataFrame(near[np.ix_(mixed, mixed)], index=[str(i) for i in mixed], columns=[str(i) for i in mixed])
    assert reading_order(frame) in ([str(i) for i in range(n)], [str(i) for i in range(n)][::-1])


def test_one_or_two_rows_need_no_order_and_other_frames_are_refused():
    frame = pd.DataFrame([[1.0, 0.5], [0.5, 1.0]], index=["a", "b"], columns=["a", "b"])
    assert reading_order(frame) == ["a", "b"]
    with pytest.raises(FrameError, match="similarity"):
        reading_order(frame.rename(columns={"b": "c"}))
