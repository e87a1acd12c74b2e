"""What became of each item: hand-made plans in which every status is known."""

import itertools
import os
import random
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.figures import plot_ledger_range
from policylab.lineage import item_chains, item_ledger, ledger_range, match_items, origins, shared_text, turnover
from policylab.lineage.letters import letters, numbers_in
from policylab.lineage.sections import counterparts, title_pieces

OLD = {  # sections and items of 2023
    "一": [
        "新增公办幼儿园5所，增加学位1500个。",
        "完成3所小学的校舍加固，9月底前投入使用。",
        "推进课后服务全覆盖，每校开设不少于十门课程，鼓励退休教师参与。",
        "健全校园食堂公开招标制度，邀请家长轮流陪餐，公布每周菜谱。",
        "举办全区中小学生合唱节和科技节。",
    ],
    "二": [
        "修订安全管理手册，组织消防演练，排查实验室危险化学品。建立心理辅导站，配备专职心理教师，开通学生热线电话。",
        "清理小区周边网吧和游戏厅。",
        "改造三座老旧体育馆的照明线路。",
        "组织教师到西部地区支教一年，落实生活补贴和职称倾斜。",
        "选派名师到薄弱学校带教，每学期公开授课四次。",
    ],
}
NEW = {  # and of 2024; what became of each stands in TRUTH
    "一": [
        "新增公办幼儿园8所，增加学位2400个。",
        "完成6所小学的校舍加固，8月底前投入使用。",
        "推进课后服务全覆盖，每校开设不少于二十门课程，鼓励大学生志愿者参与。",
        "组建区级教研联盟，共享优质课例资源库。",
    ],
    "二": [
        "修订安全管理手册，组织消防演练，排查实验室危险化学品。",
        "建立心理辅导站，配备专职心理教师，开通学生热线电话。",
        "组织教师到西部地区支教一年，落实生活补贴和职称倾斜。选派名师到薄弱学校带教，每学期公开授课四次。",
        "健全校园食堂公开招标制度，邀请家长代表陪餐，公布每周菜谱和价格。",
        "引进人工智能实验课程，建设示范机房。",
    ],
}
TRUTH = {
    ("001", "001"): "kept",
    ("002", "002"): "kept",
    ("003", "003"): "revised",
    ("004", "008"): "revised",
    ("005", None): "dropped",
    ("006", "005"): "split",
    ("006", "006"): "split",
    ("007", None): "dropped",
    ("008", None): "dropped",
    ("009", "007"): "merged",
    ("010", "007"): "merged",
    (None, "004"): "new",
    (None, "009"): "new",
}
TITLES = {"一": "办好人民满意的教育", "二": "守住安全底线"}


def plan(sections, year, place="甲区", series="工作要点"):
    """An items frame of one plan: a dict from section to the texts of its items."""
    rows = [(TITLES.get(s, s), t) for s, texts in sections.items() for t in texts]
    frame = pd.DataFrame(rows, columns=["section", "text"])
    frame = frame.assign(plan=f"{place}-{year}", place=place, year=year, series=series, kind="item", part="plan")
    frame.index = [f"{place}-{year}#{n:03d}" for n in range(1, len(frame) + 1)]
    return frame


def said(ledger):
    """The ledger as TRUTH has it."""
    ends = [ledger[c].str.split("#").str[1].astype(object) for c in ("before_id", "after_id")]
    pairs = zip(*(e.where(e.notna(), None) for e in ends), strict=True)
    return dict(zip(pairs, ledger["status"].astype(str), strict=True))


@pytest.fixture
def ledger():
    return item_ledger(pd.concat([plan(OLD, 2023), plan(NEW, 2024)]))


def test_every_status_of_two_hand_made_plans_is_named(ledger):
    assert said(ledger) == TRUTH


def test_a_kept_item_has_the_same_words_and_says_whether_a_target_moved(ledger):
    kept = ledger[ledger["status"] == "kept"]
    assert kept["score"].tolist() == [1, 1]
    assert kept["numbers_changed"].tolist() == [True, True]  # 5 to 8 kindergartens, 3 to 6 schools; the month counts for nothing
    same = item_ledger(
        pd.concat([plan({"一": ["9月底前完成3所小学的校舍加固。"]}, 2023), plan({"一": ["8月底前完成3所小学的校舍加固。"]}, 2024)])
    )
    assert same["status"].tolist() == ["kept"]
    assert not same["numbers_changed"][0]


def test_an_item_that_changed_its_section_is_marked_as_moved(ledger):
    moved = ledger.set_index("link_id")["moved"]
    assert moved["甲区-2023#004→甲区-2024#008"]
    assert moved.sum() == 1
    assert moved[ledger["score"].isna().to_numpy()].isna().all()


def test_a_section_with_another_title_is_known_by_its_items():
    before = plan({"教育优先": OLD["一"][:3], "平安校园": OLD["二"][3:]}, 2023)
    after = plan({"立德树人": OLD["一"][:3], "平安校园建设": OLD["二"][3:]}, 2024)
    assert item_ledger(pd.concat([before, after]))["moved"].tolist() == [False] * 5


def test_equal_items_go_with_their_section_and_place():
    twice = {"一": ["加强组织领导。", "推进课后服务。"], "二": ["排查安全隐患。", "加强组织领导。"]}
    found = item_ledger(pd.concat([plan(twice, 2023), plan(twice, 2024)]))
    assert found["status"].tolist() == ["kept"] * 4
    assert (found["before_id"].str[-3:] == found["after_id"].str[-3:]).all()


def test_texts_go_with_their_ids(ledger):
    items = pd.concat([plan(OLD, 2023), plan(NEW, 2024)])["text"]
    for side in ("before", "after"):
        there = ledger[ledger[f"{side}_id"].notna()]
        assert there[f"text_{side}"].tolist() == items[there[f"{side}_id"]].tolist()
        assert ledger.loc[ledger[f"{side}_id"].isna(), f"text_{side}"].isna().all()


def test_each_year_is_compared_with_the_next_one_at_hand_within_place_and_series():
    plans = [plan({"一": ["推进课后服务全覆盖。"]}, year, place) for place in ("甲区", "乙区") for year in (2020, 2021, 2024)]
    plans.append(plan({"一": ["推进课后服务全覆盖。"]}, 2022, series="工作报告"))
    found = item_ledger(pd.concat(plans))
    assert found[["place", "year_before", "year_after"]].to_numpy().tolist() == [
        ["乙区", 2020, 2021],
        ["乙区", 2021, 2024],
        ["甲区", 2020, 2021],
        ["甲区", 2021, 2024],
    ]
    assert found.attrs["notes"] == [
        "甲区, 工作报告: one year only, nothing to compare with.",
        "乙区, 工作要点: 2021 → 2024, 2022, 2023 are missing.",
        "甲区, 工作要点: 2021 → 2024, 2022, 2023 are missing.",
    ]


def test_several_documents_of_a_year_are_taken_together():
    second = plan({"二": OLD["二"]}, 2023).assign(plan="甲区-2023-2")
    second.index = second.index.str.replace("2023#", "2023-2#")
    found = item_ledger(pd.concat([plan({"一": OLD["一"]}, 2023), second, plan({**OLD}, 2024)]))
    assert found["status"].tolist() == ["kept"] * 10


def test_one_year_gives_an_empty_ledger_with_all_columns(ledger):
    empty = item_ledger(plan(OLD, 2023))
    assert list(empty) == list(ledger)
    assert empty.dtypes.astype(str).to_dict() == ledger.dtypes.astype(str).to_dict()
    assert len(empty) == len(item_chains(empty)) == len(turnover(empty)) == 0


def test_items_without_year_place_or_series_are_left_out_and_named():
    nowhere = plan(OLD, 2023, place="乙区").assign(place="")
    found = item_ledger(pd.concat([plan(OLD, 2023), plan(NEW, 2024), nowhere]))
    assert said(found) == TRUTH
    assert found.attrs["notes"] == ["10 units have no place and were left out: 乙区-2023."]


def test_pairs_between_the_thresholds_are_for_the_reader_to_judge():
    items = pd.concat([plan(OLD, 2023), plan(NEW, 2024)])
    score = item_ledger(items).set_index("link_id")["score"]["甲区-2023#003→甲区-2024#003"]
    strict = said(item_ledger(items, link=score + 0.01, review=score))
    assert strict["003", "003"] == "review"
    assert said(item_ledger(items, link=1, review=score + 0.01))["003", None] == "dropped"


@pytest.mark.parametrize(("link", "review"), [(0.2, 0.3), (1.2, 0.3), (0.3, 0), (float("nan"), 0.2)])
def test_thresholds_out_of_order_are_refused(link, review):
    with pytest.raises(ArgumentError, match="0 < review ≤ link ≤ 1"):
        item_ledger(plan(OLD, 2023), link=link, review=review)


def test_only_plan_parts_are_followed_unless_others_are_asked_for():
    items = pd.concat([plan(OLD, 2023), plan(NEW, 2024)]).assign(part="appendix")
    assert item_ledger(items).empty
    assert said(item_ledger(items, parts="appendix")) == TRUTH


def test_points_belong_to_their_item():
    rows = plan({"一": ["抓好三件事：", "一是修缮校舍。", "二是更新课桌椅。"]}, 2023).assign(kind=["item", "point", "point"])
    after = plan({"一": ["抓好三件事：一是修缮校舍。二是更新课桌椅。"]}, 2024)
    assert item_ledger(pd.concat([rows, after]))[["before_id", "status"]].to_numpy().tolist() == [["甲区-2023#001", "kept"]]


def test_match_items_pairs_any_two_sets():
    found = match_items(plan(OLD, 2023), plan(NEW, 2024, place="乙区"))
    pairs = {(a[-3:], b[-3:]) for a, b in zip(found["before_id"], found["after_id"], strict=True)}
    assert pairs == {p for p, status in TRUTH.items() if status not in ("new", "dropped")}
    assert (found["link"] == "linked").all()
    assert match_items(plan(OLD, 2023), plan({}, 2024)).empty
    with pytest.raises(FrameError, match="no column"):
        match_items(pd.DataFrame({"text": ["甲"]}), plan(NEW, 2024))


def test_a_slogan_of_many_places_links_less_than_a_measure_of_ones_own():
    slogan = "坚持以人民为中心的发展思想"
    own = plan({"一": [f"{slogan}，修建环湖步道。", f"{slogan}，开办老年大学。"]}, 2023)
    later = plan({"一": [f"{slogan}，推广错时停车。"]}, 2024)
    others = [plan({"一": [f"{slogan}，{other}"]}, 2024, place=p) for p, other in zip("乙丙丁戊", "春夏秋冬", strict=True)]
    alone, among = (item_ledger(pd.concat(x), link=0.1, review=0.01)["score"].max() for x in ([own, later], [own, later, *others]))
    assert among < alone


def test_rows_given_in_another_order_make_no_difference(ledger):
    a, b = plan(OLD, 2023), plan(NEW, 2024)
    pd.testing.assert_frame_equal(item_ledger(pd.concat([b, a])), ledger)


def everything(items):
    made = item_ledger(items)
    tables = [made, item_chains(made), turnover(made, by="section"), shared_text(items, min_chars=4), origins(items, upstream="甲区-2023")]
    return "".join(t.to_csv() for t in tables)


def test_hash_seed_and_threads_make_no_difference(tmp_path):
    items = pd.concat([plan(OLD, 2023), plan(NEW, 2024)])
    items.to_pickle(tmp_path / "items.pkl")
    code = "import pandas as pd; from test_lineage_ledger import everything; print(everything(pd.read_pickle('items.pkl')), end='')"
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    there = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1", "PYTHONPATH": path, "PYTHONUTF8": "1"},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert there.stdout.decode() == everything(items)


@pytest.mark.parametrize("edited", [0.2, 0.5, 0.8])
def test_an_item_is_found_again_while_three_of_its_ten_clauses_stand(edited):
    """Items of invented clauses: a share of the clauses is replaced, a fifth of the items dropped and as many added."""
    rng = random.Random(0)
    signs = [chr(0x4E00 + n) for n in range(900)]

    def clause():
        return "".join(rng.choices(signs, k=9))

    old = [[clause() for _ in range(10)] for _ in range(100)]
    new = [[clause() if rng.random() < edited else c for c in item] for item in old[20:]]
    stand = {n + 21: len(set(item) & set(old[n + 20])) for n, item in enumerate(new)}
    new += [[clause() for _ in range(10)] for _ in range(20)]
    found = match_items(*(plan({"一": ["，".join(i) for i in side]}, year) for side, year in ((old, 2023), (new, 2024))))
    before, after = (found[c].str[-3:].astype(int) for c in ("before_id", "after_id"))
    assert (before == after + 20).all()
    assert {n for n, clauses in stand.items() if clauses >= 3} <= set(before) <= {n for n, clauses in stand.items() if clauses >= 2}


texts = st.lists(st.text("教育学校安全建设推进加强，。12 ", max_size=30), max_size=7)


@given(old=texts, new=texts, later=texts)
@settings(max_examples=60, deadline=None)
def test_every_item_has_one_fate_and_one_coming_whatever_the_texts(old, new, later):
    items = pd.concat([plan({"一": t}, year) for t, year in ((old, 2022), (new, 2023), (later, 2024))])
    found = item_ledger(items)
    years = [y for y in (2022, 2023, 2024) if (items["year"] == y).any()]
    for side, there in (("before", years[:-1]), ("after", years[1:])):
        assert set(found[f"{side}_id"].dropna()) == set(items.index[items["year"].isin(there)])
    alone = found["status"].isin(["new", "dropped"])
    assert (found[["before_id", "after_id"]].isna().any(axis=1) == alone).all()
    assert not set(found.loc[alone, "before_id"].dropna()) & set(found.loc[~alone, "before_id"].dropna())
    assert not set(found.loc[alone, "after_id"].dropna()) & set(found.loc[~alone, "after_id"].dropna())
    assert found.loc[~alone, "score"].between(0.2, 1).all()
    assert found["link_id"].is_unique
    if len(years) > 1:
        assert set(item_chains(found)["item_id"]) == set(items.index)
        counted = turnover(found, by="year")
        assert (counted["n_before"] + counted["n_after"]).sum() == sum(
            (items["year"] == y).sum() * (1 + (y not in (years[0], years[-1]))) for y in years
        )


def three_years():
    a, b, c = "新增公办幼儿园若干所，优先保障随迁子女。", "清理小区周边网吧和游戏厅，联合执法。", "组建区级教研联盟，共享课例资源库。"
    return item_ledger(pd.concat([plan({"一": [a, b]}, 2022), plan({"一": [a]}, 2023), plan({"一": [c, a]}, 2024)]))


def test_a_chain_follows_an_item_over_the_years():
    chains = item_chains(three_years())
    assert chains[["chain", "step", "year", "item_id", "status", "fate"]].fillna("").to_numpy().tolist() == [
        [1, 0, 2022, "甲区-2022#001", "first", "kept"],
        [1, 1, 2023, "甲区-2023#001", "kept", "kept"],
        [1, 2, 2024, "甲区-2024#002", "kept", ""],
        [2, 0, 2022, "甲区-2022#002", "first", "dropped"],
        [3, 0, 2024, "甲区-2024#001", "new", ""],
    ]


def test_parts_of_a_split_share_a_chain_and_review_breaks_it(ledger):
    chains = item_chains(ledger).set_index("item_id")["chain"]
    assert chains["甲区-2023#006"] == chains["甲区-2024#005"] == chains["甲区-2024#006"]
    assert chains["甲区-2023#009"] == chains["甲区-2023#010"]
    unsure = ledger.assign(status=ledger["status"].astype(str).replace("revised", "review"))
    short, long = (item_chains(unsure, follow_review=f).set_index("item_id")["chain"] for f in (False, True))
    assert short["甲区-2023#003"] != short["甲区-2024#003"]
    assert long["甲区-2023#003"] == long["甲区-2024#003"]


def test_turnover_has_bounds_for_what_the_reader_must_judge(ledger):
    row = turnover(ledger.assign(status=ledger["status"].astype(str).replace("revised", "review"))).iloc[0]
    assert row[["year", "n_before", "n_after", "n_kept", "n_split", "n_merged", "n_review", "n_new", "n_dropped"]].tolist() == [
        *(2024, 10, 9, 2, 2, 1, 2, 2, 3)
    ]
    assert (row["new_low"], row["new_high"]) == (2 / 9, 4 / 9)
    assert (row["dropped_low"], row["dropped_high"]) == (3 / 10, 5 / 10)
    assert (row["turnover_low"], row["turnover_high"]) == (5 / 19, 9 / 19)


def test_turnover_by_section_counts_an_old_item_under_the_later_name_of_its_section():
    before, after = plan({"2023年工作安排": OLD["一"]}, 2023), plan({"2024年工作安排": OLD["一"][:4]}, 2024)
    row = turnover(item_ledger(pd.concat([before, after])), by=["place", "section"])
    assert row[["place", "section", "n_before", "n_after", "n_dropped"]].to_numpy().tolist() == [["甲区", "工作安排", 5, 4, 1]]


def test_turnover_of_own_items_keeps_what_the_whole_ledger_says_of_them():
    rows = [("a#1", "b#1", "kept"), ("a#2", "b#2", "revised"), ("a#3", None, "dropped"), ("a#4", None, "dropped"), (None, "b#3", "new")]
    book = pd.DataFrame(rows, columns=["before_id", "after_id", "status"])
    book = book.assign(series="要点", place="甲区", year_before=2023, year_after=2024)
    copied = pd.DataFrame({"item_id": ["a#1", "b#2", "a#4", "b#9"], "origin": "copied"})
    own = turnover(book, origins=pd.concat([copied, pd.DataFrame({"item_id": ["a#3"], "origin": ["adapted"]})]))
    counted = ["n_before", "n_after", "n_kept", "n_revised", "n_new", "n_dropped"]
    # b#1 was copied the year before and a#2 is copied the year after: both went on, none is new or dropped
    assert own[counted].values.tolist() == [[2, 2, 1, 0, 1, 1]]
    assert own["turnover_low"].item() == own["turnover_high"].item() == 0.5
    assert turnover(book)[counted].values.tolist() == [[4, 3, 1, 1, 1, 2]]
    assert list(turnover(book, origins=copied.iloc[:0])["n_before"]) == [4]


def test_where_all_was_copied_there_is_no_turnover_of_own_items(ledger):
    ids = pd.concat([ledger["before_id"], ledger["after_id"]]).dropna().unique()
    assert turnover(ledger, origins=pd.DataFrame({"item_id": ids, "origin": "copied"})).empty
    one_side = turnover(ledger, origins=pd.DataFrame({"item_id": ledger["after_id"].dropna().unique(), "origin": "copied"}))
    assert one_side["n_after"].tolist() == [0]
    assert one_side["new_low"].isna().all()
    with pytest.raises(FrameError, match="origins has no column origin"):
        turnover(ledger, origins=ledger.rename(columns={"before_id": "item_id"}))


def test_turnover_refuses_what_it_cannot_count_by(ledger):
    with pytest.raises(ArgumentError, match="by='theme'"):
        turnover(ledger, by="theme")
    with pytest.raises(FrameError, match="item_ledger"):
        item_chains(ledger.drop(columns="place"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("到２０２５年，建成５个；", "到建成个"),
        ("2024—2026年计划", "计划"),
        ("2024年1月9日在大会上", "在大会上"),
        ("二〇二四年度工作", "工作"),
        ("3年行动、2000至3000亩", "年行动至亩"),
        ("“ＡＩ＋”Plan（B）", "aiplanb"),
        ("", ""),
    ],
)
def test_dates_numbers_and_punctuation_count_for_nothing(text, words):
    assert letters([text]).words_only(1) == [words]


def test_numbers_are_read_with_their_per_cent_signs_and_without_dates():
    assert numbers_in("2024年底前投入1,200万元，增长5.50%，较2023年提高3个百分点") == ["1200万", "3", "5.5%"]


def test_a_letter_knows_where_it_stood():
    found = letters(["甲，乙", "", "12丙"], numbers=True)
    assert found.text.tolist() == [0, 0, 2, 2]
    assert found.position.tolist() == [0, 2, 0, 2]


def test_a_section_goes_where_most_of_its_items_go():
    pairs = [("教育", "立德树人")] * 2 + [("教育", "平安")]
    pieces = title_pieces(["教育", "立德树人", "平安"])
    for order in itertools.permutations(pairs):
        assert counterparts(list(order), ["平安", "立德树人"], pieces) == {"教育": "立德树人"}


def turned(place, years, fates):
    """A ledger of one place: for each year how many items were kept, left to the reader, dropped and new."""
    rows = [
        (
            place,
            year,
            None if status == "new" else f"{place}-{year}#{k}{n}",
            None if status == "dropped" else f"{place}-{year + 1}#{k}{n}",
            status,
        )
        for year, counts in zip(years, fates, strict=True)
        for k, (status, count) in enumerate(zip(("kept", "review", "dropped", "new"), counts, strict=True))
        for n in range(count)
    ]
    frame = pd.DataFrame(rows, columns=["place", "year_before", "before_id", "after_id", "status"])
    return frame.assign(series="要点", year_after=frame["year_before"] + 1, section_before="教育", section_after="教育")


def test_the_interval_of_turnover_is_the_t_interval_over_places():
    three = pd.concat(
        [turned("甲区", [2023], [(4, 0, 1, 1)]), turned("乙区", [2023], [(3, 0, 2, 2)]), turned("丙区", [2023], [(2, 0, 3, 3)])]
    )
    row = turnover(three).iloc[0]  # turnovers .2, .4, .6: mean .4, standard error .2 / √3, t(2) = 4.3027
    assert (row["n_pairs"], row["interval_over"]) == (3, "places")
    assert row[["turnover_mean_low", "turnover_mean_high"]].tolist() == pytest.approx([0.4, 0.4])
    narrow = turnover(three, interval=0.5).iloc[0]  # t(2) = 0.8165 for one half
    assert narrow[["turnover_ci_low", "turnover_ci_high"]].tolist() == pytest.approx(
        [0.4 - 0.8165 * 0.2 / 3**0.5, 0.4 + 0.8165 * 0.2 / 3**0.5], abs=1e-4
    )
    assert row[["turnover_ci_low", "turnover_ci_high"]].tolist() == pytest.approx([0, 0.4 + 4.3027 * 0.2 / 3**0.5], abs=1e-4)  # not below 0


def test_the_interval_of_turnover_reaches_from_the_lower_bound_to_the_upper_one():
    unsure = pd.concat([turned("甲区", [2023], [(3, 1, 1, 1)]), turned("乙区", [2023], [(2, 1, 2, 2)])])
    row = turnover(unsure, interval=0.5).iloc[0]  # .2 and .4 without the pairs to be judged, .4 and .6 with them; t(1) = 1 for one half
    assert row[["turnover_mean_low", "turnover_mean_high"]].tolist() == pytest.approx([0.3, 0.5])
    assert row[["turnover_ci_low", "turnover_ci_high"]].tolist() == pytest.approx([0.3 - 0.1, 0.5 + 0.1])


def test_a_places_years_count_as_one_where_there_are_several_places():
    years = pd.concat(
        [turned("甲区", [2022, 2023], [(4, 0, 1, 1), (2, 0, 3, 3)]), turned("乙区", [2022, 2023], [(4, 0, 1, 1), (4, 0, 1, 1)])]
    )
    row = turnover(years, by="section", interval=0.5).iloc[0]  # 甲区 (.2 + .6) / 2 = .4, 乙区 .2
    assert (row["section"], row["n_pairs"], row["interval_over"]) == ("教育", 4, "places")
    assert row[["turnover_mean_low", "turnover_ci_low", "turnover_ci_high"]].tolist() == pytest.approx([0.3, 0.2, 0.4])
    alone = turnover(years, by="place", interval=0.5).iloc[1]  # 甲区: its two pairs of years, .2 and .6
    assert (alone["place"], alone["interval_over"]) == ("甲区", "years of one place")
    assert alone[["turnover_ci_low", "turnover_ci_high"]].tolist() == pytest.approx([0.2, 0.6])


def test_one_pair_of_plans_has_no_interval(ledger):
    row = turnover(ledger).iloc[0]
    assert (row["n_pairs"], row["turnover_mean_low"]) == (1, row["turnover_low"])
    assert row[["turnover_ci_low", "turnover_ci_high", "interval_over"]].isna().all()
    with pytest.raises(ArgumentError, match="interval=95"):
        turnover(ledger, interval=95)


@pytest.mark.parametrize("review", [0.2, None])
def test_each_threshold_of_a_range_gives_the_ledger_that_it_would_give_alone(review):
    items = pd.concat([plan(OLD, 2023), plan(NEW, 2024), plan(OLD, 2025), plan(NEW, 2022, place="乙区"), plan(OLD, 2024, place="乙区")])
    links = [0.2, 0.5, 0.35, 0.65, 0.9]
    found = ledger_range(items, links=links, review=review)
    assert found["link"].unique().tolist() == sorted(links)
    for link, rows in found.groupby("link"):
        alone = item_ledger(items, link=link, review=link if review is None else review)
        assert rows.set_index("status")["n"].to_dict() == alone["status"].value_counts().to_dict()
        assert rows["share"].sum() == pytest.approx(1)
    assert (found.loc[found["status"] == "review", "n"].sum() > 0) == (review is not None)


def test_a_range_keeps_review_at_or_below_the_link_and_refuses_what_is_no_threshold():
    items = pd.concat([plan(OLD, 2023), plan(NEW, 2024)])
    found = ledger_range(items, links=[0.1, 0.4])
    assert found.groupby("link")["review"].first().to_dict() == {0.1: 0.1, 0.4: 0.2}
    assert found[found["link"] == 0.4].set_index("status")["n"].to_dict() | {"review": 0} == {
        **{"kept": 2, "revised": 2, "split": 2, "merged": 2, "review": 0, "new": 2, "dropped": 3}
    }
    for wrong in ([], [0.3, 1.5], [0]):
        with pytest.raises(ArgumentError, match=r"links|link="):
            ledger_range(items, links=wrong)


@pytest.mark.parametrize("sections", [OLD, {}])
def test_a_range_over_plans_that_cannot_be_compared_has_no_shares_and_says_why(sections):
    empty = ledger_range(plan(sections, 2023), links=[0.3])
    assert empty["n"].sum() == 0
    assert empty["share"].isna().all()
    assert empty.attrs["notes"][-1] == "No place and series has plans of two years, so nothing was compared."
    assert empty.attrs["notes"] == item_ledger(plan(sections, 2023)).attrs["notes"]
    with pytest.raises(TooFewPlansError, match=r"no two years were compared\. .*No place and series has plans of two years"):
        plot_ledger_range(empty)
