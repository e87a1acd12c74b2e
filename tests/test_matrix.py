"""Counts with their labels: hand-counted plans of four words, batches that add up, and the same matrix back from a folder."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from policylab.errors import ArgumentError, DamagedFileError, EmptyVocabularyError, FormatError, FrameError, MissingFileError
from policylab.items import COLUMNS
from policylab.matrix import TermMatrix, count_terms, need_counts
from policylab.storage import Stored, load, read_stored, write_stored
from policylab.words import Words


def items(*texts, plan="甲区-2024", **columns):
    index = [f"{plan}#{n:03d}" for n in range(1, len(texts) + 1)]
    return pd.DataFrame({"plan": plan, "kind": "item", "part": "plan", "text": texts, **columns}, index=index)


def count(*texts, plan="甲区-2024", **arguments):
    return count_terms(items(*texts, plan=plan), words=str.split, **arguments)


def same(one, other):
    pd.testing.assert_frame_equal(one.to_frame(), other.to_frame())
    pd.testing.assert_frame_equal(one.docs, other.docs)
    assert one.settings == other.settings
    assert one.X.dtype == other.X.dtype


# ---------------------------------------------------------------- counting
def test_a_plan_of_four_words_is_counted_as_by_hand():
    counts = count("教育 学校 教育", "教师", "")
    assert counts.to_frame().to_dict("index") == {
        "甲区-2024#001": {"学校": 1, "教师": 0, "教育": 2},
        "甲区-2024#002": {"学校": 0, "教师": 1, "教育": 0},
        "甲区-2024#003": {"学校": 0, "教师": 0, "教育": 0},
    }
    assert counts.docs["n_chars"].tolist() == [6, 2, 0]
    assert counts.docs["n_words"].tolist() == [3, 1, 0]
    assert list(counts.docs) == [*(c for c in COLUMNS if c != "text"), "n_chars", "n_words"]
    assert counts.settings == {
        **{"words": "split", "unit": "item", "parts": ["plan", "unknown"], "min_items": 1, "max_terms": None},
        **{"pruned": False, "n_units": 3},
    }


def test_points_count_with_their_item_and_responsible_units_never():
    plan = items("抓好教育（责任单位：卫生局）", "修路")
    plan["kind"], plan["responsible"] = ["item", "point"], ["卫生局", ""]
    counts = count_terms(plan, words=Words(stopwords=None))
    assert counts.docs.index.tolist() == ["甲区-2024#001"]
    assert "卫生局" not in counts.terms
    assert {"教育", "修路"} <= set(counts.terms)


def test_words_in_fewer_items_are_cut():
    counts = count("教育 教育 学校", "教师 学校", min_items=2)
    assert counts.terms.tolist() == ["学校"]
    assert counts.settings["pruned"]


def test_of_words_in_equally_many_items_the_cut_keeps_the_first_by_name():
    texts = ("d c b a", "d c b")
    assert count(*texts, max_terms=3).terms.tolist() == ["b", "c", "d"]
    assert count(*texts, max_terms=2).terms.tolist() == ["b", "c"]
    assert count(*reversed(texts), max_terms=2).terms.tolist() == ["b", "c"]


def test_each_sentence_may_be_a_unit_that_knows_its_item():
    counts = count("教育 学校。教育！\n教师", "学校", unit="sentence", min_items=1)
    assert counts.docs.index.tolist() == ["甲区-2024#001.1", "甲区-2024#001.2", "甲区-2024#001.3", "甲区-2024#002.1"]
    assert counts.docs["item_id"].tolist() == ["甲区-2024#001"] * 3 + ["甲区-2024#002"]
    assert counts.X.sum() == 5


def test_a_word_in_two_sentences_of_one_item_is_in_one_item():
    sentences = {"words": lambda text: [text[0]], "unit": "sentence", "min_items": 2}
    assert count_terms(items("甲。甲。乙。", "乙。丙。"), **sentences).terms.tolist() == ["乙"]


@pytest.mark.parametrize(
    ("texts", "arguments", "message"),
    [
        ([], {}, "no item or paragraph"),
        (["教育"], {"parts": "review"}, "no item or paragraph"),
        (["推进 加强"], {"words": Words()}, "fewer stop words"),
        (["教育", "学校"], {"min_items": 2}, "lower min_items"),
    ],
)
def test_an_empty_vocabulary_says_what_to_loosen(texts, arguments, message):
    with pytest.raises(EmptyVocabularyError, match=message):
        count_terms(items(*texts), **{"words": str.split, **arguments})


@pytest.mark.parametrize(
    "arguments",
    [
        {"min_items": 0},
        {"min_items": 1.5},
        {"max_terms": 0},
        {"min_items": True},
        {"max_terms": True},
        {"unit": "page"},
        {"parts": "plans"},
    ],
)
def test_arguments_that_are_not_allowed_are_refused(arguments):
    with pytest.raises(ArgumentError, match=next(iter(arguments))):
        count("教育", **arguments)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (None, r"words=None must turn a text into a list of words; give `Words\(\)`"),
        (Words, "must turn a text"),
        (lambda text: None, "gave no list of words for '教育'"),
        (lambda text: [1, 2], "gave values of type int; words are str"),
        (lambda text: [["教育"]], "gave no list of words"),
    ],
)
def test_what_gives_no_words_is_refused(words, message):
    with pytest.raises(ArgumentError, match=message):
        count_terms(items("教育"), words=words)


def test_the_length_in_words_is_that_before_rare_words_were_cut():
    counts = count("教育 教育 学校", "教师 学校", min_items=2)
    assert counts.docs["n_words"].tolist() == [3, 2]
    assert counts.group("plan").docs["n_words"].tolist() == [5]
    assert counts.keep(["学校"]).docs["n_words"].tolist() == [3, 2]


def test_traditional_script_is_no_silent_matter():
    with pytest.warns(UserWarning, match=r"甲区-2024 is in traditional script.*simplified\(items\)"):
        count("落實立德樹人根本任務")


texts = st.lists(st.lists(st.sampled_from(["教育", "学校", "教师", "安全", "a"]), max_size=8), min_size=1, max_size=6)


@settings(max_examples=20, deadline=None)
@given(texts, texts)
def test_batches_counted_apart_add_up_to_those_counted_together(one, other):
    one, other = [[*words, "教育"] for words in one], [[*words, "学校"] for words in other]
    first, second = items(*map(" ".join, one)), items(*map(" ".join, other), plan="乙区-2024")
    whole = count_terms(pd.concat([first, second]), words=str.split)
    same(count_terms(first, words=str.split) + count_terms(second, words=str.split), whole)
    for row, words in zip(whole.to_frame().to_dict("records"), one + other, strict=True):
        assert {term: n for term, n in row.items() if n} == dict(Counter(words))


# ---------------------------------------------------------------- the matrix
def test_labels_must_fit_the_counts():
    X = csr_array([[1, 2]])
    with pytest.raises(FrameError, match=r"as many entries as X has rows \(1\), but has 2"):
        TermMatrix(X, pd.DataFrame(index=["a", "b"]), pd.Index(["x", "y"]))
    with pytest.raises(FrameError, match=r"as many entries as X has columns \(2\), but has 1"):
        TermMatrix(X, pd.DataFrame(index=["a"]), pd.Index(["x"]))
    with pytest.raises(FrameError, match="label that is missing"):
        TermMatrix(X, pd.DataFrame(index=["a"]), ["x", None])
    with pytest.raises(FrameError, match="terms has the label 'x' twice"):
        TermMatrix(X, pd.DataFrame(index=["a"]), pd.Index(["x", "x"]))


def test_unsorted_counts_are_sorted_once_and_the_callers_are_left_alone():
    given = csr_array((np.array([2, 1]), np.array([1, 0]), np.array([0, 2])), shape=(1, 2))
    counts = TermMatrix(given, pd.DataFrame({"plan": ["甲区-2024"]}, index=["a"]), ["体育", "美育"])
    assert counts.X.has_canonical_format
    assert counts.X.indices.tolist() == [0, 1]
    assert given.indices.tolist() == [1, 0]
    assert counts.group("plan").X.has_canonical_format


def test_a_matrix_prints_in_a_line_and_anything_else_is_refused_by_those_who_take_one():
    counts = TermMatrix([[2, 1]], pd.DataFrame({"plan": ["甲区-2024"]}, index=["a"]), ["体育", "美育"])
    assert repr(counts) == "TermMatrix(1 rows × 2 terms, 3 counts)"
    assert need_counts(counts) is counts
    with pytest.raises(ArgumentError, match=r"DataFrame.*count_terms"):
        need_counts(counts.docs)
    with pytest.raises(ArgumentError, match="give a list"):
        counts.keep("体育")


def test_a_pruned_matrix_or_one_counted_otherwise_cannot_be_added_to():
    whole, cut = count("教育 学校", "教育"), count("教育 学校", "教育", plan="乙区-2024", min_items=2)
    with pytest.raises(ArgumentError, match="min_items=1"):
        _ = whole + cut
    with pytest.raises(ArgumentError, match="min_items=1"):
        _ = count("教育 学校").keep(["教育"]) + count("教育 医院", plan="乙区-2024").keep(["医院"])
    with pytest.raises(ArgumentError, match="weights of two batches"):
        _ = count("教育").tfidf() + count("教育", plan="乙区-2024").tfidf()
    with pytest.raises(ArgumentError, match="two lambdas"):
        _ = whole + count_terms(items("教育", plan="乙区-2024"), words=lambda text: list(text))
    with pytest.raises(TypeError):
        _ = whole + None
    with pytest.raises(ArgumentError, match="count both alike"):
        _ = whole + count("教育", plan="乙区-2024", unit="sentence")


def test_groups_are_added_up_and_keep_what_they_have_in_common():
    counts = count_terms(items("教育", "教育 学校", "学校", place=["甲区", "甲区", "乙区"], series="要点"), words=str.split)
    grouped = counts.group("place")
    assert grouped.to_frame().to_dict("index") == {"乙区": {"学校": 1, "教育": 0}, "甲区": {"学校": 1, "教育": 2}}
    assert grouped.docs[["n_units", "n_chars", "series"]].to_numpy().tolist() == [[1, 2, "要点"], [2, 6, "要点"]]
    with pytest.raises(ArgumentError, match="no column 'city'"):
        counts.group("city")


def test_rows_and_terms_are_picked_by_label():
    counts = count_terms(items("教育", "学校", year=[2023, 2024]), words=str.split)
    assert counts.where(counts.docs["year"] == 2024).docs.index.tolist() == ["甲区-2024#002"]
    assert counts.where(lambda docs: docs["year"] == 2023).X.sum() == 1
    assert counts.keep(["教育"]).terms.tolist() == ["教育"]
    with pytest.raises(ArgumentError, match="'医院' is not among"):
        counts.keep(["医院"])
    with pytest.raises(ArgumentError, match="true or false for each of the 2 rows"):
        counts.where([1, 0])


def test_tfidf_is_as_computed_by_hand():
    weights = count("教育 教育", "学校 教育").tfidf().to_frame()
    rare, common = 1 + np.log(3 / 2), 1 + np.log(3 / 3)
    assert weights.iloc[0].tolist() == [0.0, 1.0]
    assert weights.iloc[1].tolist() == pytest.approx([rare / np.hypot(rare, common), common / np.hypot(rare, common)])


def test_weights_are_not_weighted_again():
    with pytest.raises(ArgumentError, match="weighted already"):
        count("教育", "学校").tfidf().tfidf()


def test_nothing_left_is_said_at_once():
    counts = count("教育", "学校")
    with pytest.raises(EmptyVocabularyError, match="names none"):
        counts.keep([])
    with pytest.raises(ArgumentError, match="true for none of the 2 rows"):
        counts.where([False, False])
    with pytest.raises(ArgumentError, match="no column None"):
        counts.group([])
    with pytest.raises(ArgumentError, match="every row lacks a value"):
        counts.group("series")
    with pytest.raises(ArgumentError, match="each of the 2 rows"):
        counts.where([True, False, True])


def test_groups_of_groups_count_units_not_groups():
    counts = count_terms(items("教育", "学校", "教师", place="甲区", year=[2023, 2023, 2024]), words=str.split)
    again = counts.group(["place", "year"]).group("place")
    assert again.docs[["n_units", "n_chars", "n_words"]].to_numpy().tolist() == [[3, 6, 3]]
    assert counts.group("plan").group("plan").X.sum() == 3


def test_shares_sum_to_one_and_are_nothing_where_nothing_counts():
    assert count("教育 教育 学校 教师", "").shares.to_numpy().tolist() == [[0.25, 0.25, 0.5], [0.0, 0.0, 0.0]]


# ---------------------------------------------------------------- to a folder and back
def test_a_matrix_comes_back_from_a_folder_as_it_was(tmp_path):
    counts = count_terms(items("教育 NA", "", place=["甲区", None], year=[2024, None]), words=str.split)
    counts.save(tmp_path / "one")
    back = load(tmp_path / "one")
    same(back, counts)
    same(back + count("教育", plan="乙区-2024"), counts + count("教育", plan="乙区-2024"))
    weights = counts.tfidf()
    weights.save(str(tmp_path / "two"))
    same(load(tmp_path / "two"), weights)
    assert not [f for f in (tmp_path / "one").iterdir() if f.suffix not in (".csv", ".npz", ".json")]


awkward = st.text(alphabet="甲a ,\"'\r\n\t;=<NA>\\NaN0", max_size=6)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(awkward | st.none(), st.integers() | st.none(), st.floats(), st.booleans()), max_size=5))
def test_any_frame_comes_back_from_a_folder_as_it_was(tmp_path_factory, rows):
    rows = [(text, None if n is None else n % 2**62, x, flag) for text, n, x, flag in rows]
    frame = pd.DataFrame(rows, columns=["text", "n", "x", "flag"]).astype({"text": "str", "n": "Int64", "x": "float64", "flag": "bool"})
    frame["kind"] = pd.Categorical(["b"] * len(rows), categories=["b", "a"])
    frame.index = pd.Index([f"{i},NA" for i in range(len(rows))], dtype="str", name="id")
    folder = tmp_path_factory.mktemp("stored")
    write_stored(folder, kind="TermMatrix", stored=Stored({"frame": frame}, {"v": np.arange(3)}, {"k": [1, "二", None]}))
    kind, back = read_stored(folder)
    pd.testing.assert_frame_equal(back.frames["frame"], frame)
    assert (kind, back.settings, back.arrays["v"].tolist()) == ("TermMatrix", {"k": [1, "二", None]}, [0, 1, 2])


def test_saving_twice_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        count("教育 学校", "教师").save(tmp_path / name)
    assert [f.read_bytes() for f in sorted((tmp_path / "one").iterdir())] == [f.read_bytes() for f in sorted((tmp_path / "two").iterdir())]


def test_a_folder_that_holds_nothing_or_something_else_or_is_broken_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"no policylab\.json"):
        load(tmp_path)
    folder = tmp_path / "saved"
    count("教育").save(folder)
    with pytest.raises(ArgumentError, match="another folder for this Plans"):
        write_stored(folder, kind="Plans", stored=Stored())
    (folder / "docs.csv").write_text("item_id\n1\n", encoding="utf-8")
    with pytest.raises(DamagedFileError, match=r"docs\.csv has 1 columns"):
        load(folder)
    (folder / "docs.csv").unlink()
    with pytest.raises(MissingFileError, match=r"docs\.csv"):
        load(folder)
    manifest = folder / "policylab.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"version": 1', '"version": 9'), encoding="utf-8")
    with pytest.raises(FormatError, match="version 9"):
        load(folder)
    manifest.write_text("[]", encoding="utf-8")
    with pytest.raises(DamagedFileError, match="describes nothing"):
        load(folder)


def test_what_no_csv_or_json_can_give_back_is_refused(tmp_path):
    with pytest.raises(FrameError, match="column 'x' is of type object"):
        write_stored(tmp_path, kind="Plans", stored=Stored({"frame": pd.DataFrame({"x": [[1], {2}]})}))
    with pytest.raises(ArgumentError, match="cannot be written as JSON"):
        write_stored(tmp_path, kind="Plans", stored=Stored(settings={"x": {1, 2}}))
