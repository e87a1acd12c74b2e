"""Words: what is cut, what is kept whole, what counts, and that nothing outside a Words changes it."""

import copy
import marshal
import pickle
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from math import log

import jieba
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jieba import finalseg
from sklearn.feature_extraction.text import CountVectorizer

from policylab.errors import ArgumentError, EmptyVocabularyError, LexiconError, MissingExtraError
from policylab.figures import save_table
from policylab.resources import data_folder
from policylab.words import Words, discover_terms, is_traditional, kwic, read_lexicon, simplified, stop_words, token_kind
from policylab.words.lexicon import Entry, half_width
from policylab.words.segmenters import FastSegmenter, JiebaSegmenter, default_engine, word_frequencies

pytest.importorskip("rjieba")
TEXT = "落实立德树人根本任务，提高紧密型教育集团占比。"
TERMS = ("立德树人", "紧密型教育集团", "教育集团", "进教", "高质量", "推进推进", "教育", "育集", "集团", "教")


@pytest.fixture(scope="module")
def words():
    return Words()


@pytest.fixture(scope="module")
def engines():
    """For each setting both engines, and jieba's own tokenizer with the same dictionary."""
    made = {}
    for entries in ((), tuple(Entry(term, 0) for term in TERMS)):
        reference = jieba.Tokenizer()
        frequencies, total = word_frequencies()
        reference.FREQ, reference.total, reference.initialized = dict(frequencies), total, True
        for freq, term in enumerate(sorted(entry.term for entry in entries), 2_000):  # as jieba's own add_word does
            reference.total += freq - reference.FREQ.get(term, 0)
            reference.FREQ[term] = freq
            for end in range(1, len(term)):
                reference.FREQ.setdefault(term[:end], 0)
        for hmm in (True, False)[: 1 if entries else 2]:
            made[len(entries), hmm] = (JiebaSegmenter(entries, hmm=hmm), FastSegmenter(entries, hmm=hmm), reference)
    return made


def agree(engines, text):
    for (_, hmm), (ours, fast, reference) in engines.items():
        expected = reference.lcut(half_width(text), HMM=hmm)
        assert ours.cut(text) == expected
        assert fast.cut(text) == expected


# ---------------------------------------------------------------- engines
def test_both_engines_cut_real_plans_as_jieba_does(engines):
    lines = (data_folder() / "jingan-2024.txt").read_text(encoding="utf-8").splitlines()
    for line in lines[::4]:
        agree(engines, line)


@pytest.mark.parametrize(
    "text",
    [
        "2021-2023年",
        "3.5%的C++和AT&T",
        "a-b_c#1+N慧动",
        "㐂镇𠮷村、䶮鿿",
        "γ射线10.2.3%%",
        "\r\n 　推进",
        "",
        "100%配备AED",
        "推推推0",
        "很多很多很多地方",
        "推进推进推进",
        "3.5.7%和12%5、.5、a.b",
        "一一一、年年年年",
    ],
)
def test_both_engines_cut_awkward_text_as_jieba_does(engines, text):
    agree(engines, text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="推进教育高质量发展的年立德树人一二5G0.+#&_%-ab 　，。〇㐂𠮷鿿龥％Ａγ\r\n", max_size=30))
def test_both_engines_cut_any_text_as_jieba_does(engines, text):
    assume(not re.search(r"(.{2,4})\1\1", text))  # the one tie that such texts have and plans have not
    agree(engines, text)


def test_search_mode_is_that_of_jieba(engines):
    reference = engines[0, True][2]
    lines = (data_folder() / "jingan-2024.txt").read_text(encoding="utf-8").splitlines()
    for engine in ("jieba", "rjieba"):
        words = Words(unit="search", stopwords=None, engine=engine)
        for line in lines[::3]:
            assert words.cut(line) == list(reference.cut_for_search(half_width(line)))


def test_a_poisoned_cache_in_the_temp_folder_changes_nothing_and_none_is_written(tmp_path, monkeypatch, words):
    expected = words.cut(TEXT)
    poison = marshal.dumps(({"落": 1, "落实立": 10**9}, 10**9))
    (tmp_path / "jieba.cache").write_bytes(poison)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for engine in ("jieba", "rjieba"):
        assert Words(engine=engine).cut(TEXT) == expected
    assert (tmp_path / "jieba.cache").read_bytes() == poison
    assert [f.name for f in tmp_path.iterdir()] == ["jieba.cache"]


def test_words_and_the_global_jieba_do_not_touch_each_other(monkeypatch):
    monkeypatch.setattr(finalseg, "Force_Split_Words", {"诺如"})
    monkeypatch.setattr(jieba.dt, "FREQ", {"立德树": 10**6})
    assert "诺如" in Words(engine="jieba", stopwords=None).cut("做好诺如病毒防控")
    Words(lexicon=["立德树人"])
    assert jieba.dt.FREQ == {"立德树": 10**6}
    assert not jieba.dt.initialized


def test_two_words_have_dictionaries_of_their_own():
    assert "立德树人" in Words(lexicon=["立德树人"])(TEXT)
    assert "立德树人" not in Words()(TEXT)


def test_threads_share_a_words_without_mixing_texts(words):
    texts = [f"{TEXT}{n}所学校、幼儿园" for n in range(50)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(words, texts)) == [words(text) for text in texts]


def test_a_words_is_pickled_through_its_settings(tmp_path):
    file = tmp_path / "terms.txt"
    file.write_text("立德树人\n", encoding="utf-8")
    made = Words(lexicon=file, stopwords=["filler", "占比"], keep=("number", "latin"))
    file.unlink()  # the copy must not need the file
    for again in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):
        assert again == made
        assert hash(again) == hash(made)
        assert again(TEXT) == made(TEXT) == ["立德树人", "根本任务", "紧密", "教育", "集团"]


def test_scikit_learn_takes_a_words_as_its_analyzer(words):
    names = CountVectorizer(analyzer=words).fit([TEXT]).get_feature_names_out()
    assert sorted(names) == sorted(set(words(TEXT)))


# ---------------------------------------------------------------- what counts
@pytest.mark.parametrize(
    ("token", "kind"),
    [
        *((t, "word") for t in ("教育", "二十大", "十四五", "三农", "万众一心", "一体化")),
        *((t, "number") for t in ("100", "2.5万", "三个", "第一", "第三十二", "两万多", "１２")),
        *((t, "date") for t in ("2024", "2024年", "2024年度", "三月", "10月份", "二〇二四年", "上半年", "一季度")),
        *((t, "percent") for t in ("10%", "12.5‰", "百分之十", "百分点")),
        *((t, "latin") for t in ("5G", "AED", "PM2.5", "C++")),
        *((t, "mark") for t in ("，", "——", " ", "%")),
    ],
)
def test_each_token_is_of_one_stated_kind(token, kind):
    assert token_kind(token) == kind


def test_numbers_dates_and_percentages_count_only_where_asked():
    text = "2024年5G基站新增12，比重提高10%，配备AED。"
    assert Words()(text) == ["5G", "基站", "AED"]
    assert Words(keep=())(text) == ["基站"]
    assert Words(keep=("number", "date", "percent", "latin"))(text) == ["2024", "5G", "基站", "12", "10%", "AED"]


def test_full_width_letters_and_digits_count_as_half_width():
    assert Words()("推广５Ｇ应用和ＡＥＤ") == ["5G", "AED"]


def test_words_of_one_character_count_only_where_asked():
    assert Words(stopwords=None)("建学校、修河堤") == ["学校", "河堤"]
    assert Words(stopwords=None, min_chars=1)("建学校、修河堤") == ["建", "学校", "修", "河堤"]


def test_each_stop_list_can_be_switched_off():
    text = "我们进一步加强教育"
    assert Words(stopwords=())(text) == Words(stopwords=None)(text)
    assert Words()(text) == ["教育"]
    assert Words(stopwords="function")(text) == ["加强", "教育"]
    assert Words(stopwords="filler")(text) == ["我们", "进一步", "教育"]
    assert Words(stopwords=None)(text) == ["我们", "进一步", "加强", "教育"]


def test_stop_words_of_a_users_own_join_the_lists(tmp_path):
    file = tmp_path / "own.txt"
    file.write_text("教育\n", encoding="utf-8")
    assert Words(stopwords=("function", "filler", file, "集团"))(TEXT) == ["立德", "根本任务", "紧密"]


def test_stop_words_are_read_however_they_are_written(tmp_path):
    text = "ＡＥＤ和教育"
    assert Words(stopwords=["ＡＥＤ", " 教育 ", "和"])(text) == []
    assert Words(stopwords=pd.DataFrame({"term": ["教育", None]}))(text) == ["AED"]
    file = tmp_path / "mine.dic"
    file.write_text("# 停用词\n，\n——\n教育 100\n\n", encoding="utf-8")  # stop lists hold marks, too
    assert Words(stopwords=str(file))(text) == ["AED"]


def test_the_stop_lists_are_disjoint_words_that_the_segmenter_gives(words):
    function, filler = stop_words("function"), stop_words("filler")
    assert not set(function) & set(filler)
    assert {"推进", "加强", "落实"} <= set(filler)
    assert len(function) > 300
    assert len(filler) > 300
    assert not {"教育", "企业", "改革", "创新", "安全", "服务"} & {*function, *filler}
    with pytest.raises(ArgumentError, match="one of function, filler"):
        stop_words("fillers")


def test_search_mode_adds_the_shorter_words_within_a_word():
    assert Words(unit="search", stopwords=None)("食品安全") == ["食品", "安全", "食品安全"]


def test_bigrams_cross_neither_marks_nor_digits():
    assert Words(unit="bigrams")("推进教育，2024年建校") == ["推进", "进教", "教育", "年建", "建校"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"unit": "letters"}, "words, search, bigrams"),
        ({"keep": "dates"}, "number, date, percent, latin"),
        ({"min_chars": 0}, "whole number from 1"),
        ({"unit": "bigrams", "lexicon": ["双减"]}, "lexicon changes nothing"),
        ({"engine": "pkuseg"}, "jieba, rjieba"),
        ({"min_chars": True}, "whole number from 1"),
        ({"hmm": "no"}, "True or False"),
        ({"stopwords": ("fillers",)}, "did you mean 'filler'"),
        ({"stopwords": [3]}, "3 is no word"),
    ],
)
def test_arguments_that_are_not_allowed_are_named(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        Words(**arguments)


def test_without_rjieba_jieba_cuts_the_same(monkeypatch, words):
    monkeypatch.setattr("policylab.words.segmenters.find_spec", lambda name: None)
    assert default_engine() == "jieba"
    assert Words()(TEXT) == words(TEXT)
    with pytest.raises(MissingExtraError, match="policylab\\[fast\\]"):
        Words(engine="rjieba")


# ---------------------------------------------------------------- lexicons
def test_every_lexicon_term_survives_segmentation_whatever_its_frequency():
    terms = ["立德树人", "的确定性", "紧密型教育集团", "教育集团", "1+X证书", "“双减”", "㐂镇", "5G", "市 区联动", "了解的人"]
    report = Words(lexicon=[(term, 1) for term in terms]).check_lexicon()
    assert report["whole"].all(), report
    assert list(report["term"]) == sorted(terms)


def test_a_lexicon_term_that_does_not_survive_is_told():
    with pytest.warns(UserWarning, match=r"1 of the 2 lexicon terms are cut apart.*: 教育集团\. Leave the frequencies out"):
        words = Words(lexicon=[("教育", 10**9), ("教育集团", 1)])
    assert words.check_lexicon()["whole"].tolist() == [True, False]


@pytest.mark.parametrize("text", [None, 3.0, b"abc"])
def test_what_is_no_text_is_refused(words, text):
    with pytest.raises(ArgumentError, match="give a str"):
        words(text)


def test_a_lexicon_term_counts_whatever_the_stop_lists_and_rules_say():
    assert Words(lexicon=["推进", "12345", "１＋Ｘ证书"])("推进12345热线和1+X证书") == ["推进", "12345", "热线", "1+X证书"]


def test_a_latin_term_is_not_found_inside_a_longer_one():
    assert Words(lexicon=["5G"], keep=())("15G和5G") == ["5G"]


@pytest.mark.parametrize(
    "content",
    [
        "立德树人\n",
        "立德树人 100 n\n",
        "立德树人\t100\tn\n",
        "立德树人　100　n\n",
        "立德树人 100 N\r\n",
        "# 词典\n立德树人 5 n  # 注\n\n立德树人 100\n",
    ],
)
def test_a_text_lexicon_may_be_written_as_jieba_s_are(tmp_path, content):
    file = tmp_path / "terms.txt"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        file.write_bytes(content.encode(encoding))
        assert [entry.term for entry in read_lexicon(str(file))] == ["立德树人"]


def test_of_a_term_given_twice_the_larger_frequency_counts():
    assert read_lexicon([("双减", 5), ("双减", 9), "双新"]) == (Entry("双减", 9), Entry("双新", 0))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (pd.DataFrame({"term": ["双减", None]}), "row 2: '' is no term"),
        (["双减", None], "entry 2: None is no term"),
        ([("双减", 3, "n", 1)], "entry 1: .* give a str, or"),
        (5, "lexicon=5 is no lexicon"),
    ],
)
def test_what_is_no_term_is_named_wherever_it_stands(source, message):
    with pytest.raises(LexiconError, match=message):
        read_lexicon(source)


def test_a_csv_lexicon_has_a_column_term_and_others_are_left_alone(tmp_path):
    file = tmp_path / "terms.csv"
    file.write_text('note,term,freq\n"甲,乙",立德树人,\n,双减,30.0\n', encoding="utf-8")
    assert read_lexicon(file) == (Entry("双减", 30), Entry("立德树人", 0))
    assert read_lexicon(pd.read_csv(file)) == read_lexicon(file)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "双减\n立德树人 -5 n\n", "line 2: the frequency '-5'"),
        ("a.txt", "双减\n立德树人 0\n", "line 2: the frequency of '立德树人' is 0"),
        ("a.txt", "立德树人 1.5\n", "line 1: the frequency '1.5'"),
        ("a.txt", "双减\n智慧 AI\n", "line 2: the frequency 'AI'"),
        ("a.txt", "open science\n", "line 1: the frequency 'science'"),
        ("a.txt", "双减\n\n立德树人，双新\n", "line 3: '立德树人，双新' looks like several terms"),
        ("a.txt", "立德树人 100 n 注\n", "line 1: .* is not `term`"),
        ("a.txt", "100 立德树人 n\n", "line 1: the frequency '立德树人'"),
        ("a.txt", "双减\n" + "长" * 60, "line 2: .* has 60 characters"),
        ("a.txt", "双减\n——\n", "line 2: '——' is no term"),
        ("a.txt", "立德\ufffd人\n", "line 1: .* no text"),
        ("a.txt", "# 只有注\n", "holds no term"),
        ("a.txt", "", "is empty"),
        ("a.csv", "word,freq\n双减,3\n", "line 1: the header is word, freq; it needs term"),
        ("a.csv", "term\n双减\n甲,乙\n", "line 3: 2 cells under 1 columns"),
        ("a.csv", 'term\n双减\n"双新\n', "line 3"),
        ("a.json", "[]", "are not read"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, name, content, message):
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=message):
        read_lexicon(file)


def test_a_lexicon_that_is_no_text_is_refused(tmp_path):
    with pytest.raises(LexiconError, match=r"or a list: \['立德树人'\]"):
        read_lexicon("立德树人")
    with pytest.raises(LexiconError, match="cannot be read"):
        read_lexicon(tmp_path / "none.txt")
    for content in (b"\xff\xff\x00\x81", b"\x00\x00\x01"):
        (tmp_path / "a.txt").write_bytes(content)
        with pytest.raises(LexiconError, match="no text in UTF-8 or GB18030"):
            read_lexicon(tmp_path / "a.txt")


# ---------------------------------------------------------------- words in context, discovery, script
def items(*texts, plan="甲区-2024"):
    index = [f"{plan}#{n:03d}" for n in range(1, len(texts) + 1)]
    return pd.DataFrame({"plan": plan, "kind": "item", "part": "plan", "outline": "一/1", "line": 7, "text": texts}, index=index)


def test_kwic_shows_each_occurrence_in_order_with_its_place():
    found = kwic(items("推进双减，\n巩固双减成果。", "双新。"), pattern="双[减新]", width=3)
    assert found[["left", "match", "right"]].to_numpy().tolist() == [
        ["推进", "双减", "， 巩"],
        [" 巩固", "双减", "成果。"],
        ["", "双新", "。"],
    ]
    assert found["item_id"].tolist() == ["甲区-2024#001", "甲区-2024#001", "甲区-2024#002"]
    assert (found[["plan", "outline", "line"]] == ["甲区-2024", "一/1", 7]).all(axis=None)


def test_kwic_takes_several_terms_and_the_longest_counts():
    assert kwic(items("学前教育与教育"), pattern=["教育", "学前教育"])["match"].tolist() == ["学前教育", "教育"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("(?<=教育)[^，。、]*", ["事业发展", "公平"]),  # matches of no character are passed over, and the search goes on
        ("(?=学校)|教育", ["教育", "教育", "教育"]),
        ("５Ｇ|5G", ["５Ｇ", "5G"]),
    ],
)
def test_kwic_passes_over_empty_matches_and_finds_full_width_letters(pattern, found):
    assert kwic(items("加强教育、学校。教育事业发展，教育公平。５Ｇ和5G"), pattern=pattern)["match"].tolist() == found


def test_kwic_without_a_hit_is_an_empty_frame_of_the_same_columns():
    empty = kwic(items("教育"), pattern="医疗")
    assert list(empty) == ["left", "match", "right", "plan", "outline", "line", "item_id"]
    assert not len(empty)


def test_kwic_shows_in_a_notebook_the_match_between_its_contexts():
    found = kwic(items("推进<双减>成果。", "双减与双新。"), pattern="双减", width=3)
    shown = found._repr_html_()
    assert (
        '<td style="text-align: right">推进&lt;</td><td style="text-align: center"><b>双减</b></td><td style="text-align: left">&gt;成果</td>'
        in shown
    )
    assert "2 处 occurrences" in shown
    assert "推进&lt;" not in found.tail(1)._repr_html_()
    assert "<b>" not in found[["match"]]._repr_html_()  # without its contexts it is a frame like any other
    with pd.option_context("display.max_rows", 1):
        assert "显示前 1 处" in found._repr_html_()


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("（(", "no regular expression"),
        ("a*", "empty string"),
        ([], "nothing to search"),
        (None, "nothing to search"),
        (5, "nothing to search"),
    ],
)
def test_kwic_refuses_a_pattern_that_means_nothing(pattern, message):
    with pytest.raises(ArgumentError, match=message):
        kwic(items("教育"), pattern=pattern)


def test_what_authors_put_in_quotation_marks_is_proposed_first():
    plan = items(
        "深化“润心工程”，落实《爱国主义教育法》。",
        "开展近视防控。",
        "推进“润心工程”建设，贯彻《关于进一步加强和改进全市中小学德育工作的意见》。",
    )
    found = discover_terms(plan).set_index("term")
    assert list(found.index[:2]) == ["润心工程", "爱国主义教育法"]
    assert found["evidence"].tolist()[:2] == ["quotes", "title"]
    assert found.loc["润心工程", ["n_items", "n_plans", "cut_by_segmenter"]].tolist() == [2, 1, "润心/工程"]
    assert found.loc["近视防控", ["n_items", "evidence", "cut_by_segmenter"]].tolist() == [1, "statistics", "近视/防控"]
    assert not found.index.str.contains("意见").any()


def test_the_score_of_a_term_is_as_computed_by_hand():
    frequencies, total = word_frequencies()
    odds = [log(1.5 / 2) - log((frequencies[word] + 5) / total) for word in ("近视", "防控")]  # each once among two words
    score = (min(odds) + sum(odds) / 2) / 2  # once: 1 + ln 1; bounded on both sides; four characters
    assert discover_terms(items("开展近视防控。")).set_index("term").loc["近视防控", "score"] == pytest.approx(score)
    twice = discover_terms(items("开展近视防控。", "加强近视防控。")).set_index("term").loc["近视防控", "score"]
    odds = [log(2.5 / 4) - log((frequencies[word] + 5) / total) for word in ("近视", "防控")]
    assert twice == pytest.approx((1 + log(2)) * (min(odds) + sum(odds) / 2) / 2)


def test_discovered_terms_go_back_in_as_a_lexicon(tmp_path):
    file = tmp_path / "terms.csv"
    discover_terms(items("深化“润心工程”。")).to_csv(file, index=False)
    assert "润心工程" in Words(lexicon=file)("打造润心工程品牌")
    save_table(discover_terms(items("推进“+教育”、“双减”和“A,B教育”")), file)
    assert [entry.term for entry in read_lexicon(file)][:2] == ["+教育", "双减"]  # without the guard against formulas


def test_a_title_does_not_hide_quotations_and_straight_quotes_are_quotes():
    found = discover_terms(items("“双减”", "抓好双减", "“双减”", "《双减》", '"双新"和＂学区＂')).set_index("term")
    assert found.loc["双减", ["evidence", "score"]].tolist() == ["quotes", pytest.approx(17 * (1 + log(4)))]
    assert found.loc[["双新", "学区"], "evidence"].tolist() == ["quotes", "quotes"]


def test_fewer_candidates_where_asked():
    plan = items("“甲品牌”和“乙品牌”", "“甲品牌”")
    assert discover_terms(plan, min_items=2)["term"].tolist() == ["甲品牌"]
    assert len(discover_terms(plan, n_terms=1)) == 1
    with pytest.raises(EmptyVocabularyError, match="lower min_items"):
        discover_terms(plan, min_items=3)


def test_traditional_script_is_noticed_and_turned_on_request():
    pytest.importorskip("opencc")
    plan = items("落實立德樹人根本任務")
    assert is_traditional(plan["text"].iloc[0])
    assert not is_traditional("干、着、里、面，2024")
    for reader in (discover_terms, lambda plan: kwic(plan, pattern="树人"), lambda plan: Words(lexicon=["双减"]).check_lexicon(plan)):
        with pytest.warns(UserWarning, match="甲区-2024 is in traditional script"):
            reader(plan)
    assert simplified(plan)["text"].tolist() == ["落实立德树人根本任务"]
    assert plan["text"].tolist() == ["落實立德樹人根本任務"]
