"""Reading a plan: outline, kinds, parts and facts, on small plans written for these tests."""

import contextlib
import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policylab import body, load, read_plan, read_plans
from policylab.errors import ArgumentError, EmptyFileError, FrameError, MissingFileError, ReadError
from policylab.plans.normalize import RADICALS
from policylab.resources import data_folder


@pytest.fixture
def plan(tmp_path):
    """Write a text under a name and read it."""

    def read(text, name="望溪区-2024.txt"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_plan(path)

    return read


def rows(plans, *columns):
    return list(plans.items[list(columns)].itertuples(index=False, name=None))


def of_kind(plans, kind):
    return plans.items.loc[plans.items["kind"] == kind, "text"].tolist()


SMALL = """望溪区教育局2024年工作要点

2024年是关键之年。

一、立德树人

1.加强德育。开展主题活动。
2．加强体育。办好比赛。

二、队伍建设

3.加强培训。分层实施。

在做好以上工作的同时，抓好档案工作。
望溪区教育局办公室
2024年3月4日印发
— 1 —
"""


def test_the_jingan_plan_has_7_sections_37_items_and_everything_else_in_its_place():
    plans = read_plan(data_folder() / "jingan-2024.txt")
    kinds = plans.items["kind"].value_counts()
    assert (kinds["item"], kinds["heading"], kinds["title"], kinds["preamble"], kinds["closing"]) == (37, 7, 1, 1, 1)
    assert plans.items["section_no"].nunique() == 7
    assert plans.items.loc[plans.items["item_no"] == 24, "marker"].tolist() == ["24．"]
    assert [re.sub(r"\s", "", t) for t in of_kind(plans, "furniture")] == ["—12—", "—11—"]
    document = plans.documents.iloc[0]
    assert (document["issuer"], document["issued"], document["place"], document["year"]) == ("静安区教育局", "2024-03-04", "静安区", 2024)
    assert (document["series"], document["n_items"], document["n_units"]) == ("教育局工作要点", 37, 37)


def test_marker_and_text_in_order_give_the_whole_text_back(plan):
    plans = plan(SMALL)
    joined = "".join(plans.items["marker"] + plans.items["text"])
    assert re.sub(r"\s", "", joined) == re.sub(r"\s", "", SMALL)


def test_kinds_outline_and_sections_of_a_plain_plan(plan):
    assert rows(plan(SMALL), "kind", "outline", "marker") == [
        ("title", "", ""), ("preamble", "", ""), ("heading", "一", "一、"), ("item", "一/1", "1."), ("item", "一/2", "2．"),
        ("heading", "二", "二、"), ("item", "二/3", "3."), ("closing", "", ""), ("note", "", ""), ("note", "", ""), ("furniture", "", ""),
    ]  # fmt: skip


def test_a_lone_item_belongs_to_the_heading_above_it_only_where_more_than_one_unit_stands(plan):
    items = plan(SMALL).items.set_index("outline")
    assert items.loc["一/1", ["block", "heading"]].tolist() == ["一", "立德树人"]
    assert pd.isna(items.loc["二/3", "block"])


def test_a_title_on_its_own_line_and_a_title_run_in_give_the_same_title(plan):
    own_line = plan("望溪区2024年工作要点\n一、德育\n（一）加强德育\n开展活动。\n（二）加强体育。办好比赛。\n")
    assert rows(own_line, "kind", "item_title")[2:] == [("item", "加强德育"), ("item", "加强体育")]
    assert own_line.items["text"].iloc[2] == "加强德育\n开展活动。"


def test_a_first_sentence_that_is_no_title_gives_none(plan):
    plans = plan("望溪区2024年工作要点\n1.以活动为契机，办好比赛。再办一次。\n2.加强体育。办好比赛。\n")
    assert plans.items["item_title"].iloc[1:].isna().tolist() == [True, False]


def test_numbers_below_items_are_points_and_join_them_in_the_body(plan):
    text = "望溪区2024年工作要点\n一、德育\n1.抓两件事。\n①修路。\n②架桥。\n2.建校。开工。\n3.办学。招生。\n"
    plans = plan(text)
    assert [k for (k,) in rows(plans, "kind")] == ["title", "heading", "item", "point", "point", "item", "item"]
    assert body(plans.items)["text"].tolist() == ["抓两件事。\n修路。\n架桥。", "建校。开工。", "办学。招生。"]


def test_where_most_headings_hold_numbers_those_are_the_items(plan):
    text = (
        "望溪区2024年工作要点\n一、德育\n（一）课程\n1.开课。备课。\n2.听课。评课。\n（二）活动\n1.办节。参赛。\n（三）评价。改进评价。\n"
    )
    assert rows(plan(text), "kind", "outline")[1:] == [
        ("heading", "一"), ("heading", "一/（一）"), ("item", "一/（一）/1"), ("item", "一/（一）/2"),
        ("heading", "一/（二）"), ("item", "一/（二）/1"), ("item", "一/（三）"),
    ]  # fmt: skip


def test_a_number_that_continues_an_open_run_in_another_form_stays_on_it(plan):
    text = "望溪区2024年工作要点\n一、德育\n" + "".join(f"（{i}）第{i}事。办好。\n" for i in range(1, 7)) + "7）第7事。办好。\n"
    assert rows(plan(text), "outline", "kind")[-2:] == [("一/（6）", "item"), ("一/7）", "item")]


def test_a_number_printed_twice_gets_a_path_of_its_own_and_a_problem(plan):
    plans = plan("望溪区2024年工作要点\n一、德育\n1.开课。备课。\n2.听课。评课。\n2.办节。参赛。\n")
    assert [o for (o,) in rows(plans, "outline")][-2:] == ["一/2", "一/2-2"]
    assert "number-repeated" in set(plans.problems["code"])


def test_numbers_that_start_again_under_an_unnumbered_heading_carry_it_in_their_path(plan):
    text = "望溪区2024年政府工作报告\n2023年工作回顾\n一、修了路\n修路三条。\n二、建了校\n建校两所。\n2024年工作安排\n一、继续修路\n再修两条。\n二、继续建校\n再建一所。\n"
    plans = plan(text)
    assert "2024年工作安排/一" in set(plans.items["outline"])
    assert plans.items.groupby("outline")["part"].first().astype(str)[["2023年工作回顾/一", "2024年工作安排/一"]].tolist() == [
        "review",
        "plan",
    ]


def test_a_report_that_looks_back_is_parted_by_its_headings(plan):
    text = "政府工作报告\n——2024年1月9日在望溪区第九届人民代表大会第一次会议上\n一、2023年工作回顾\n（一）修路。三条。\n（二）建校。两所。\n二、2024年工作安排\n（一）修路。两条。\n（二）建校。一所。\n"
    plans = plan(text, "报告.txt")
    assert plans.items.loc[plans.items["kind"] == "item", "part"].astype(str).tolist() == ["review", "review", "plan", "plan"]
    assert (plans.documents["place"][0], plans.documents["year"][0], plans.documents["place_from"][0]) == ("望溪区", 2024, "delivery")
    assert len(body(plans.items)) == 2
    assert len(body(plans.items, parts=("plan", "review"))) == 4


def test_attachments_are_appendix_and_glossaries_are_notes(plan):
    plans = plan(SMALL.split("在做好")[0] + "附件1\n分工表\n1.德育科。三月。\n2.人事科。六月。\n附件2\n名词解释\n1.“双减”：减轻负担。\n")
    assert plans.items["part"].astype(str).value_counts().to_dict() == {"plan": 7, "appendix": 5, "notes": 2}
    assert plans.documents["n_items"][0] == 3


def test_a_cover_notice_is_note_and_the_title_behind_it_the_title(plan):
    notice = "望溪区教育局关于印发\n《望溪区教育局2024年工作要点》的通知\n\n各学校：\n现印发给你们。\n望溪区教育局\n2023年12月29日\n\n附件\n望溪区教育局\n"
    plans = plan(notice + SMALL[len("望溪区教育局") :])
    assert of_kind(plans, "title") == ["望溪区教育局2024年工作要点"]
    assert plans.documents["year"][0] == 2024
    assert plans.documents["n_items"][0] == 3


@pytest.mark.parametrize(
    ("title", "year", "period"),
    [
        ("望溪区教育局二○二四年工作要点", 2024, None), ("望溪区教育局二O二四年工作要点", 2024, None), ("望溪区教育局工作要点", None, None),
        ("望溪区2024—2026年行动计划", None, "2024—2026年"), ("望溪区教育局2023学年工作计划", None, "2023学年"),
    ],
)  # fmt: skip
def test_the_year_is_the_plans_year_or_missing(plan, title, year, period):
    document = plan(title + "\n2019年、2019年。\n一、德育\n1.开课。备课。\n2.听课。评课。\n", "a.txt").documents.iloc[0]
    assert (None if pd.isna(document["year"]) else document["year"]) == year
    assert (None if pd.isna(document["period"]) else document["period"]) == period


def test_a_sentence_broken_by_a_page_number_is_joined_and_the_number_kept_behind_it(plan):
    plans = plan(SMALL.replace("开展主题活动。", "开展\n- 3 -\n主题活动。"))
    assert "加强德育。开展主题活动。" in plans.items["text"].tolist()
    assert of_kind(plans, "furniture")[0] == "- 3 -"


def test_front_matter_is_facts_and_bold_marks_go(plan):
    plans = plan("---\ntitle: 望溪区2024年工作要点\n---\n\n**一、德育**\n\n**1.加强德育。**开课。\n\n2.加强体育。办赛。\n")
    assert plans.items["text"].tolist() == ["德育", "加强德育。开课。", "加强体育。办赛。"]
    assert plans.documents["title"][0] == "望溪区2024年工作要点"


def test_a_task_table_gives_items_with_their_units(plan):
    plans = plan(
        "望溪区教育局2024年工作要点\n序号\t工作内容\t责任单位\t完成时限\n1\t推进课程改革。\t教育科\t3月\n2\t办好学校体育。\t体卫科\t6月\n"
    )
    assert rows(plans, "kind", "item_no", "responsible")[2:] == [("item", 1, "教育科"), ("item", 2, "体卫科")]
    assert "教育科" not in "".join(body(plans.items)["text"])


def test_responsible_units_stay_in_their_column_and_leave_the_body(plan):
    plans = plan("望溪区2024年工作要点\n1.修路。三条。（责任单位：建交委）\n2.建校。（牵头单位：教育局；配合单位：财政局）\n")
    assert plans.items["responsible"].iloc[1:].tolist() == ["责任单位：建交委", "牵头单位：教育局；配合单位：财政局"]
    assert body(plans.items)["text"].tolist() == ["修路。三条。", "建校。"]


def test_a_line_that_names_units_belongs_to_the_item_above_it(plan):
    plans = plan(
        "望溪区2024年工作要点\n一、德育\n1.开课。备课。\n责任单位：教育科\n2.听课。评课。\n责任单位：人事科\n二、体育\n（一）办赛\n责任单位：体卫科\n办好比赛。\n"
    )
    items = plans.items[plans.items["kind"] == "item"]
    assert items["responsible"].tolist() == ["责任单位：教育科", "责任单位：人事科", "责任单位：体卫科"]
    assert items["block"].tolist()[:2] == ["一", "一"]
    assert body(plans.items)["text"].tolist() == ["开课。备课。", "听课。评课。", "办赛\n办好比赛。"]


def test_units_within_brackets_within_brackets_and_in_shared_cells_go_at_once(plan):
    nested = plan("望溪区2024年工作要点\n1.建校（甲局负责（责任单位：乙））\n2.修路。\n")
    once = body(nested.items)
    pd.testing.assert_frame_equal(body(once), once)
    cells = plan("望溪区2024年工作要点\n序号\t工作内容\t责任单位\n1\t推进课程改革工作。\t教育科；体卫科\n")
    assert body(cells.items)["text"].tolist() == ["推进课程改革工作。"]


def test_a_paragraph_that_names_units_only_is_no_unit(plan):
    plans = plan("望溪区2024年工作要点\n一、德育\n（责任单位：甲局）\n1.修路。三条。\n2.建校。一所。\n")
    assert body(plans.items)["text"].tolist() == ["修路。三条。", "建校。一所。"]


def test_no_two_plans_bear_one_name(tmp_path):
    for name in ("a/x.txt", "b/x.txt", "c/x-2.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(f"一、德育\n1.开课{name[0]}。备课。\n2.听课。评课。\n", encoding="utf-8")
    assert read_plans(tmp_path).documents["plan"].tolist() == ["x", "x-2", "x-2-2"]


def test_an_items_frame_that_came_back_from_csv_is_taken_and_a_wrong_one_named(plan):
    items = plan(SMALL).items
    text = items.astype("object").where(items.notna(), "")
    pd.testing.assert_frame_equal(body(text), body(items))
    with pytest.raises(FrameError, match="year"):
        body(items.assign(year="明年"))
    with pytest.raises(FrameError, match="plan"):
        body(items.assign(plan=""))


def test_a_number_printed_three_times_and_out_of_order_is_told_each_time(plan):
    plans = plan("望溪区2024年工作要点\n一、德育\n1.甲。好。\n2.乙。好。\n3.丙。好。\n2.丁。好。\n2.戊。好。\n6.己。好。\n")
    assert plans.items["outline"].tolist()[2:] == ["一/1", "一/2", "一/3", "一/2-2", "一/2-3", "一/6"]
    assert plans.problems["code"].tolist().count("number-repeated") == 2
    assert plans.problems["code"].tolist().count("number-skipped") == 1


def test_places_and_years_come_from_folders_where_the_text_is_silent(tmp_path):
    (tmp_path / "望溪区").mkdir()
    (tmp_path / "望溪区" / "2023.txt").write_text("一、德育\n1.望溪开课。备课。\n2.听课。评课。\n", encoding="utf-8")
    document = read_plans(tmp_path).documents.iloc[0]
    assert (document["plan"], document["place_from"], document["year_from"]) == ("望溪区-2023", "folder", "file name")


def test_a_metadata_table_comes_first_and_every_other_saying_is_reported(tmp_path):
    (tmp_path / "静安区-2023.txt").write_text(SMALL, encoding="utf-8")
    table = pd.DataFrame(
        {"source": ["静安区-2023.txt"], "place": ["栖梧区"], "year": [2022], "issuer": ["栖梧区教育局"], "n_items": ["99"], "coder": ["甲"]}
    )
    plans = read_plans(tmp_path, metadata=table)
    document = plans.documents.iloc[0]
    assert (document["plan"], document["place_from"], document["year_from"], document["series"]) == (
        "栖梧区-2022",
        "metadata table",
        "metadata table",
        "教育局工作要点",
    )
    assert (document["issuer"], document["n_items"], document["n_items_metadata"], document["coder"]) == ("栖梧区教育局", 3, "99", "甲")
    said = plans.problems.set_index("code")["message"]
    assert sorted(said["place-conflict"]) == [
        "the file name says place 静安区, the metadata table 栖梧区",
        "the title says place 望溪区, the metadata table 栖梧区",
    ]
    assert sorted(said["year-conflict"]) == [
        "the file name says year 2023, the metadata table 2022",
        "the title says year 2024, the metadata table 2022",
    ]


def test_a_text_that_never_names_the_place_of_its_file_is_reported(tmp_path):
    text = "一、德育\n" + "".join(f"{n}.开设第{n}门课程。备课听课评课样样不少，人人参与。\n" for n in range(1, 6))
    for name, named in (("栖梧区-2024.txt", ""), ("望溪区-2024.txt", "望溪的学校都参加。")):
        (tmp_path / name).write_text(text + named, encoding="utf-8")
    problems = read_plans(tmp_path).problems
    assert problems.loc[problems["code"] == "place-not-named", "source"].tolist() == ["栖梧区-2024.txt"]


def test_a_file_name_that_contradicts_the_title_is_reported_and_the_title_wins(plan):
    plans = plan(SMALL, "栖梧区-2023.txt")
    assert plans.documents["plan"].tolist() == ["望溪区-2024"]
    assert sorted(plans.problems["code"]) == ["place-conflict", "year-conflict"]


def test_sections_bear_their_printed_number(plan):
    assert plan(SMALL.replace("二、队伍", "三、队伍")).items["section_no"].dropna().unique().tolist() == [1, 3]


def test_the_same_text_under_two_names_is_reported(tmp_path):
    for name in ("望溪区-2023.txt", "望溪区-2024.txt"):
        (tmp_path / name).write_text(SMALL.replace("2024", name[-8:-4]), encoding="utf-8")
    assert "same-text" in set(read_plans(tmp_path).problems["code"])


def test_two_plans_of_a_place_and_year_get_names_of_their_own(tmp_path):
    (tmp_path / "a.txt").write_text(SMALL, encoding="utf-8")
    (tmp_path / "b.txt").write_text(SMALL.replace("德育", "美育"), encoding="utf-8")
    plans = read_plans(tmp_path)
    assert plans.documents["plan"].tolist() == ["望溪区-2024", "望溪区-2024-2"]
    assert plans.items.index.is_unique


def test_an_unknown_place_or_year_and_two_plans_of_one_place_and_year_are_problems(tmp_path):
    (tmp_path / "a.txt").write_text(SMALL, encoding="utf-8")
    (tmp_path / "b.txt").write_text(SMALL.replace("德育", "美育"), encoding="utf-8")
    (tmp_path / "c.txt").write_text("一、德育\n1.开课。备课。\n2.听课。评课。\n", encoding="utf-8")
    found = read_plans(tmp_path).problems.groupby("code")["source"].agg(list)
    assert (found["same-place-year"], found["no-place"], found["no-year"]) == (["b.txt"], ["c.txt"], ["c.txt"])


def test_a_folder_without_a_plan_is_refused(tmp_path):
    with pytest.raises(MissingFileError, match="read_table"):
        read_plans(tmp_path)


def test_unreadable_files_raise_or_are_reported_as_asked(tmp_path):
    (tmp_path / "a.txt").write_text(SMALL, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    with pytest.raises(EmptyFileError, match=r"b\.txt"):
        read_plans(tmp_path)
    plans = read_plans(tmp_path, errors="report")
    assert len(plans.documents) + (plans.problems["severity"] == "error").sum() == 2
    with pytest.raises(ArgumentError, match="report"):
        read_plans(tmp_path, errors="ignore")
    with pytest.raises(MissingFileError):
        read_plan(tmp_path / "c.txt")


def test_plans_are_saved_and_loaded_the_same(tmp_path, plan):
    plans = plan(SMALL)
    plans.save(tmp_path / "kept")
    again = load(tmp_path / "kept")
    for name in ("items", "documents", "problems"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(plans, name))


def test_joining_a_plan_with_itself_is_refused(plan):
    plans = plan(SMALL)
    with pytest.raises(FrameError, match="望溪区-2024"):
        plans + plans


LINE = st.one_of(
    st.sampled_from(["一、德育", "（一）课程", "1.开课。备课。", "2、听课", "①修路。", "第一章 总则", "——增长。", "• 办节", "附件1", "目录", "各位代表：", "4深化改革", "1.1 目标",
                     "一是开课。", "二是备课。", "责任单位：教育科", "（甲局负责（责任单位：乙））", "2024年3月4日", "名词解释", "2023年工作回顾", "2024年工作安排", "序号\t任务\t责任单位", "1\t办好学校的事\t教育科", "—  3  —", ""]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Mn", "Me", "Zl", "Zp")), max_size=30),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@example(["⺀ 没有对应汉字的部首", "⽴德"])
@given(st.lists(LINE, min_size=1, max_size=25))
def test_no_text_is_lost_whatever_its_lines(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("any") / "a.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        plans = read_plan(path)
    except ReadError:
        return
    source = re.sub(r"[\s#*|]", "", unicodedata.normalize("NFC", "\n".join(lines)).translate(RADICALS))
    rows_text = (plans.items["marker"] + plans.items["text"]).str.replace(r"[\s#*|]", "", regex=True)
    assert sorted("".join(rows_text)) == sorted(source)
    in_order = iter(source)
    assert all(c in in_order for c in "".join(rows_text[plans.items["kind"] != "furniture"]))
    named = plans.items["outline"][plans.items["kind"].isin(["heading", "item"]) & (plans.items["outline"] != "")]
    assert named.is_unique
    units = body(plans.items)
    assert (units.loc[units["kind"] == "paragraph", "text"].str.strip() != "").all()
    pd.testing.assert_frame_equal(body(units), units)


def test_an_items_frame_may_hold_its_ids_in_a_column(plan):
    items = plan(SMALL).items
    pd.testing.assert_frame_equal(body(items.reset_index()), body(items))
    assert len(body(items.reset_index(drop=True))) == len(body(items))


def test_a_missing_path_among_several_is_reported_and_no_path_is_told(tmp_path):
    (tmp_path / "a.txt").write_text(SMALL, encoding="utf-8")
    plans = read_plans([tmp_path / "a.txt", tmp_path / "b.txt"], errors="report")
    assert (len(plans.documents), plans.problems["code"].tolist()) == (1, ["missing-file"])
    with pytest.raises(ArgumentError, match="5 is no path"):
        read_plans(5)


def test_text_between_two_rules_is_no_front_matter(plan):
    plans = plan("---\n望溪区2024年工作要点\n一、深化改革。\n---\n二、推进工作。\n三、收尾工作。\n")
    assert "深化改革" in "".join(plans.items["text"])
    assert of_kind(plans, "item") == ["深化改革。", "推进工作。", "收尾工作。"]


def test_numbers_nested_without_end_are_read_or_refused(plan):
    with contextlib.suppress(ReadError):
        plan("\n".join(".".join(["1"] * depth) + " 推进工作" for depth in range(1, 400)))
