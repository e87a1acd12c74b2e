"""Theme dictionaries: matched in the text, longest first, checked line by line, and the two that come with policylab."""

import re

import pandas as pd
import pytest

from policylab.codebook import Codebook, count_themes, coverage
from policylab.comparison import similarity
from policylab.datasets import load_demo
from policylab.errors import ArgumentError, EmptyVocabularyError, LexiconError
from policylab.keyterms import keyness
from policylab.networks import cooccurrence
from policylab.resources import data_folder
from policylab.topics import topic_effects, topic_shares

BOOK = pd.DataFrame(
    [
        ("教育", "Education", "教育", ""),
        ("教育", "Education", "学前教育", "三岁以上"),
        ("卫生", "Health", "卫生", ""),
        ("卫生", "Health", "ＡＥＤ", ""),
        ("安全", "Safety", "国防教育", ""),
        ("安全", "Safety", "卫生", ""),
        ("", "", "提高", "略过"),
        ("高校", "Universities", "高校", ""),
    ],
    columns=["theme", "theme_en", "term", "note"],
)


def items(*texts, plan="甲区-2024"):
    index = [f"{plan}#{n:03d}" for n in range(1, len(texts) + 1)]
    return pd.DataFrame({"plan": plan, "kind": "item", "part": "plan", "text": texts}, index=index)


def counted(text):
    row = count_themes(items(text), codebook=Codebook(BOOK)).to_frame().iloc[0]
    return row[row > 0].to_dict()


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("学前教育和教育", {"教育": 2}),
        ("国防教育", {"安全": 1}),  # the longer term of another theme counts alone
        ("教育教育教育", {"教育": 3}),
        ("卫生", {"卫生": 1, "安全": 1}),  # a term of two themes counts for both
        ("提高校园绿化", {}),  # 提高 takes up its own characters, so that 高校 is not found across words
        ("建设高校", {"高校": 1}),
        ("配备AED和ＡＥＤ", {"卫生": 2}),
        ("配备AEDs", {}),  # a Latin term is a whole word
        ("修路", {}),
    ],
)
def test_terms_are_matched_in_the_text_from_left_to_right_the_longest_first(text, themes):
    assert counted(text) == themes


def test_themes_are_the_columns_even_those_that_never_occur():
    counts = count_themes(items("教育，卫生", "修路"), codebook=Codebook(BOOK))
    assert counts.terms.tolist() == ["卫生", "安全", "教育", "高校"]
    assert counts.shares.to_numpy().tolist() == [[1 / 3, 1 / 3, 1 / 3, 0.0], [0.0] * 4]
    assert counts.docs["n_chars"].tolist() == [5, 2]
    assert counts.settings["themes"] == {"卫生": "Health", "安全": "Safety", "教育": "Education", "高校": "Universities"}
    batches = count_themes(items("教育"), codebook=Codebook(BOOK)) + count_themes(items("卫生", plan="乙"), codebook=Codebook(BOOK))
    assert batches.X.sum() == 3


def test_sentences_may_be_counted_too():
    counts = count_themes(items("教育。卫生。"), codebook=Codebook(BOOK), unit="sentence")
    assert counts.to_frame()["教育"].tolist() == [1, 0]


def test_whatever_takes_topics_or_terms_takes_themes():
    plans = load_demo()
    counts = count_themes(plans.items, codebook=Codebook.load("education"))
    assert set(topic_shares(counts, by="year")["topic"]) == set(counts.terms)
    assert len(topic_effects(counts, target={"year": 2024})) == len(counts.terms)
    assert set(keyness(counts, target={"year": 2024})["term"]) <= set(counts.terms)
    assert set(cooccurrence(counts)) <= set(counts.terms)
    assert similarity(counts.group("plan")).shape == (25, 25)


def test_a_codebook_knows_its_themes_terms_and_overlaps():
    book = Codebook(BOOK)
    assert book.themes == {"教育": "Education", "卫生": "Health", "安全": "Safety", "高校": "Universities"}
    assert book.terms["教育"] == ("教育", "学前教育")
    assert book.overlaps.to_numpy().tolist() == [["教育", "教育", "国防教育", "安全", "within"], ["卫生", "卫生", "卫生", "安全", "same"]]
    crossing = pd.DataFrame({"theme": ["甲", "乙", "乙"], "term": ["安全教育", "教育平台", "ＡＥＤ"]})
    crossing = pd.concat([crossing, pd.DataFrame({"theme": ["甲"], "term": ["AED"]})])
    assert Codebook(crossing).overlaps["kind"].tolist() == ["same", "across"]
    assert book.find("提高学前教育") == [(0, 2, "提高"), (2, 6, "学前教育")]


def test_coverage_names_the_units_without_any_theme():
    plans = pd.concat([items("教育", "修路"), items("卫生", plan="乙区-2024")])
    assert coverage(count_themes(plans, codebook=Codebook(BOOK))).to_dict("records") == [
        {"plan": "乙区-2024", "n_units": 1, "n_covered": 1, "share": 1.0, "uncovered": []},
        {"plan": "甲区-2024", "n_units": 2, "n_covered": 1, "share": 0.5, "uncovered": ["甲区-2024#002"]},
    ]
    with pytest.raises(ArgumentError, match="no column of that name"):
        coverage(count_themes(plans, codebook=Codebook(BOOK)), by="city")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("topic,term\n教育,学校\n", "line 1: the header is topic, term; it needs theme, term"),
        ("theme,term\n教育,\n", "line 2: '' is no term"),
        ("theme,term\n卫生,AED\n卫生,ＡＥＤ\n", "line 3: 'ＡＥＤ' stands under '卫生' already in 2"),
        ("theme,term\n教育,学校\n\n教育,学校\n", "line 4: '学校' stands under '教育' already in 2"),
        (
            "theme,theme_en,term\n教育,Education,学校\n教育,Schools,学生\n",
            "line 3: the theme '教育' is 'Schools' here and 'Education' above",
        ),
        ("theme,term\n教育,学校、学生\n", "line 2: .* looks like several terms"),
        ("theme,term\n,提高\n", "no row with a theme"),
    ],
)
def test_a_wrong_line_of_a_codebook_is_named(tmp_path, content, message):
    file = tmp_path / "book.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        Codebook.load(file)


def test_a_codebook_without_english_names_or_notes_is_enough(tmp_path):
    file = tmp_path / "book.csv"
    file.write_bytes("\ufefftheme,term\r\n教育,学校\r\n".encode())
    assert Codebook.load(file).themes == {"教育": ""}
    assert repr(Codebook.load(file)) == f"Codebook({str(file)!r}, 1 themes, 1 terms)"


def test_what_is_no_codebook_is_refused(tmp_path):
    with pytest.raises(LexiconError, match="education, government"):
        Codebook.load("health")
    with pytest.raises(LexiconError, match="no column 'theme'"):
        Codebook(pd.DataFrame({"term": ["教育"]}))
    with pytest.raises(LexiconError, match=r"Codebook\(frame\)"):
        Codebook.load(BOOK)
    with pytest.raises(ArgumentError, match="count_themes"):
        coverage(pd.DataFrame())
    with pytest.raises(ArgumentError, match=r"Codebook\.load"):
        count_themes(items("教育"), codebook="education")
    with pytest.raises(EmptyVocabularyError, match="no item or paragraph"):
        count_themes(items(), codebook=Codebook(BOOK))


@pytest.mark.parametrize(("name", "n_themes"), [("education", 12), ("government", 11)])
def test_the_codebooks_that_come_with_policylab_are_broad_and_bilingual(name, n_themes):
    book = Codebook.load(name)
    assert len(book.themes) >= n_themes
    assert min(len(terms) for terms in book.terms.values()) >= 12
    assert all(book.themes.values())
    assert not (book.overlaps["kind"] == "same").any()


def test_the_education_codebook_covers_nearly_all_of_the_jingan_plan():
    lines = (data_folder() / "jingan-2024.txt").read_text(encoding="utf-8").splitlines()
    numbered = [line.strip() for line in lines if re.match(r"\s*\d+[.．]", line)]
    counts = count_themes(items(*numbered), codebook=Codebook.load("education"))
    assert len(numbered) == 37
    assert coverage(counts)["share"].item() >= 0.95
    sport = next(i for i, line in enumerate(numbered) if "加强体育工作" in line)
    assert counts.to_frame().iloc[sport].idxmax() == "体育与健康"
