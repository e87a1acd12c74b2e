"""The outline of a plan: tables of tasks, attachments, lost breaks and numbers, headings, titles; small plans written for these tests."""

import pytest

from policylab import body, read_plan

HEAD = "望溪区教育局2024年工作要点\n"


@pytest.fixture
def read(tmp_path):
    """Write a text under a name and read it."""

    def write_and_read(text, name="望溪区-2024.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_plan(tmp_path / name)

    return write_and_read


def table(plans, *columns, kinds=("heading", "item", "point", "paragraph")):
    """The rows of some kinds as tuples, with None for what is missing."""
    rows = plans.items.loc[plans.items["kind"].isin(kinds), list(columns)].astype("object")
    return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))


def codes(plans):
    return plans.problems["code"].tolist()


# ---------------------------------------------------------------- tables of tasks


TASKS = (
    "序号\t重点任务\t具体措施\t责任单位\t\n\t\t\t牵头单位\t配合单位\n一、德育工作\t\t\t\t\n1\t开好思政课\t每校每周两节，校长上第一课。\t教育科\t团委\n"
    "\t\t建设心理室五间。\t装备站\t\n二、体育工作\t\t\t\t\n2\t办赛\t办好全区运动会\t体卫科\t\n- 2 -\n3\t修操场\t修好三个操场\t基建科\t财务科\n合计\t4项\t\t\t\n"
)


def test_rows_of_a_task_table_stand_in_the_outline_with_titles_and_units(read):
    plans = read("望溪区2024年重点工作任务分解表\n" + TASKS)
    assert table(plans, "kind", "section", "outline", "marker", "item_title", "responsible") == [
        ("heading", "德育工作", "一", "一、", None, None),
        ("item", "德育工作", "一/1", "1", "开好思政课", "教育科；团委"),
        ("item", "德育工作", "一/表", "", None, "装备站"),
        ("heading", "体育工作", "二", "二、", None, None),
        ("item", "体育工作", "二/2", "2", "办赛", "体卫科"),
        ("item", "体育工作", "二/3", "3", "修操场", "基建科；财务科"),
    ]
    assert plans.items.loc[plans.items["kind"] == "note", "line"].tolist() == [2, 3, 11]


def test_a_task_table_under_a_number_makes_it_a_heading_and_its_rows_items(read):
    text = (
        HEAD
        + "一、任务\n（一）质量\n抓好课堂。\n（二）分解\n序号\t任务\t责任单位\n1\t课程改革\t教育科\n2\t教师培训\t人事科\n（三）保障\n保障经费。\n"
    )
    assert table(read(text), "kind", "block", "outline") == [
        ("heading", "一", "一"), ("item", "一", "一/（一）"), ("heading", "一/（二）", "一/（二）"), ("item", "一/（二）", "一/（二）/1"),
        ("item", "一/（二）", "一/（二）/2"), ("item", "一", "一/（三）"),
    ]  # fmt: skip


def test_a_task_table_behind_an_item_stands_in_the_items_section(read):
    text = (
        HEAD
        + "一、德育。常抓不懈。\n1.开课。备课。\n2.听课。评课。\n二、队伍。常抓不懈。\n3.培训。研修。\n序号\t任务\t时限\n1\t课程改革\t3月\n2\t教师培训\t6月\n"
    )
    assert table(read(text), "kind", "outline", kinds=["heading", "item"]) == [
        ("heading", "一"), ("item", "一/1"), ("item", "一/2"), ("heading", "二"), ("item", "二/3"), ("item", "二/1"), ("item", "二/2"),
    ]  # fmt: skip


def test_a_table_that_goes_on_without_its_header_goes_on(read):
    text = HEAD + "序号\t任务\t时限\n1\t课程改革\t3月\n2\t教师培训\t6月\n续表\n3\t修缮校舍\t9月\n"
    assert table(read(text), "kind", "item_no")[:2] == [("item", 1), ("item", 2)]
    assert table(read(text), "item_no", "text", kinds=["item"])[2] == (3, "修缮校舍\t9月")


def test_a_table_of_figures_is_note_and_said_so(read):
    plans = read(HEAD + "一、指标\n指标\t单位\t2023年\t2024年\n入园率稳步有所提高\t%\t98\t99\n二、任务\n1.开课。备课。\n2.听课。评课。\n")
    assert table(plans, "text", kinds=["note"]) == [("指标\t单位\t2023年\t2024年",), ("入园率稳步有所提高\t%\t98\t99",)]
    assert "table-as-note" in codes(plans)
    assert "table-as-note" not in codes(read(HEAD + TASKS))


def test_a_markdown_table_is_a_table(read):
    text = HEAD + "| 序号 | 任务 | 责任单位 |\n| --- | :-: | --- |\n| 1 | 推进课程改革 | 教育科 |\n| 2 | 办好学校体育 |  |\n"
    assert table(read(text), "marker", "text", "responsible") == [
        ("1", "推进课程改革\t教育科", "教育科"),
        ("2", "办好学校体育", None),
    ]


def test_tables_in_attachments_are_items_of_the_attachment(read):
    text = HEAD + "一、任务\n1.开课。备课。\n2.听课。评课。\n附件1\n任务表\n序号\t任务\t时限\n1\t课程改革\t3月\n2\t教师培训\t6月\n"
    rows = [row for row in table(read(text), "part", "kind", "outline", "item_no") if row[0] == "appendix"]
    assert rows == [
        ("appendix", "heading", "附件1", None), ("appendix", "heading", "附件1/任务表", None), ("appendix", "item", "附件1/任务表/1", 1),
        ("appendix", "item", "附件1/任务表/2", 2),
    ]  # fmt: skip


# ---------------------------------------------------------------- attachments


def test_a_list_of_attachments_above_the_signature_is_note_and_the_date_is_found(read):
    plans = read(
        HEAD
        + "一、任务\n1.开课。备课。\n2.听课。评课。\n附件：1.任务表\n2.联系人名单\n望溪区教育局\n2024年3月4日\n附件1\n任务表\n全年任务。\n"
    )
    assert table(plans, "text", kinds=["note"]) == [("附件：1.任务表",), ("2.联系人名单",), ("望溪区教育局",), ("2024年3月4日",)]
    assert plans.documents["issued"][0] == "2024-03-04"
    assert plans.items.loc[plans.items["part"] == "appendix", "text"].tolist() == ["附件1", "任务表", "全年任务。"]
    assert len(body(plans.items)) == 2


# ---------------------------------------------------------------- lost line ends, lost numbers, levels


def test_a_number_inside_a_line_that_fills_the_gap_opens_its_own_item(read):
    plans = read(
        HEAD
        + "一、任务\n（一）德育。开课。（二）体育。办赛。\n（三）美育。办节。\n二、保障\n1.经费。按时拨付。\n2.队伍。全员培训。 三、督查\n按月督查。\n"
    )
    assert table(plans, "outline", "kind") == [
        ("一", "heading"), ("一/（一）", "item"), ("一/（二）", "item"), ("一/（三）", "item"), ("二", "heading"), ("二/1", "item"),
        ("二/2", "item"), ("三", "heading"), ("三", "paragraph"),
    ]  # fmt: skip
    assert codes(plans).count("break-inferred") == 2


def test_numbers_that_are_listed_in_a_sentence_stay_in_it(read):
    plans = read(HEAD + "一、任务\n1.抓好三件事。（一）修路；（二）架桥；（三）建校。\n2.听课。评课。\n")
    assert table(plans, "text", kinds=["item"])[0] == ("抓好三件事。（一）修路；（二）架桥；（三）建校。",)
    assert "break-inferred" not in codes(plans)


def test_a_lost_section_number_is_inferred_from_the_line_that_must_have_borne_it(read):
    plans = read(
        HEAD + "一、总体要求\n坚持质量第一。\n队伍建设\n（一）培训。全员培训。\n（二）评价。分类评价。\n三、保障\n（三）经费。按时拨付。\n"
    )
    assert table(plans, "outline", "marker", "section_no")[2:5] == [
        ("二", "", 2),
        ("二/（一）", "（一）", 2),
        ("二/（二）", "（二）", 2),
    ]
    assert plans.problems.loc[plans.problems["code"] == "number-inferred", "line"].tolist() == [4]


def test_a_lost_section_begins_where_the_numbers_below_start_again(read):
    text = (
        "望溪区2024年政府工作报告\n一、2023年工作回顾\n（一）经济。增长。\n（二）民生。改善。\n做好今年政府工作的总体要求是：稳中求进。\n"
    )
    plans = read(text + "（一）产业。升级。\n（二）城建。提速。\n三、政府建设\n依法行政。\n")
    assert table(plans, "part", "section_no", "outline", "kind") == [
        ("review", 1, "一", "heading"), ("review", 1, "一/（一）", "item"), ("review", 1, "一/（二）", "item"), ("plan", 2, "二", "paragraph"),
        ("plan", 2, "二/（一）", "item"), ("plan", 2, "二/（二）", "item"), ("plan", 3, "三", "heading"), ("plan", 3, "三", "paragraph"),
    ]  # fmt: skip


def test_where_two_lines_could_have_borne_the_number_none_is_inferred(read):
    plans = read(HEAD + "一、要求\n德育工作\n开课。\n体育工作\n办赛。\n三、保障\n1.经费。拨付。\n2.队伍。培训。\n")
    assert "number-inferred" not in codes(plans)
    assert "number-skipped" in codes(plans)


def test_a_form_under_which_another_starts_again_stands_above_it_even_without_its_first_number(read):
    text = (
        HEAD
        + "一、标准\n（1）水泥。备料。\n（2）石灰。备料。\n2. 玻璃\n（1）配料。称重。\n（2）熔制。控温。\n3. 陶瓷\n（1）制坯。成型。\n（2）烧成。控温。\n4. 玻纤\n（1）拉丝。控温。\n（2）卷绕。成型。\n"
    )
    assert table(read(text), "outline", kinds=["item", "heading"]) == [
        ("一",), ("一/（1）",), ("一/（2）",), ("一/2",), ("一/2/（1）",), ("一/2/（2）",), ("一/3",), ("一/3/（1）",), ("一/3/（2）",), ("一/4",),
        ("一/4/（1）",), ("一/4/（2）",),
    ]  # fmt: skip


def test_a_run_of_first_second_stands_beside_the_bullets_before_it(read):
    text = HEAD + "一、任务\n——增长平稳。升。\n——民生改善。增。\n一是修路。三条。\n二是建校。两所。\n"
    assert table(read(text), "outline", kinds=["item"]) == [("一/一是",), ("一/二是",)]


def test_a_title_that_is_a_sentence_of_its_own_takes_in_the_paragraph_below(read):
    text = HEAD + "一、任务\n（一）加强德育工作。\n开好课程。\n（二）加强体育工作。\n办好比赛。\n建好场馆。\n"
    assert table(read(text), "kind", "item_title", "text")[1:] == [
        ("item", "加强德育工作", "加强德育工作。\n开好课程。"),
        ("item", "加强体育工作", "加强体育工作。\n办好比赛。"),
        ("paragraph", None, "建好场馆。"),
    ]


def test_unnumbered_headings_before_the_numbers_open_the_body(read):
    text = HEAD + "指导思想\n坚持立德树人。\n主要任务\n一、德育\n1.开课。备课。\n2.听课。评课。\n"
    assert table(read(text), "kind", "section", "outline")[:3] == [
        ("heading", "指导思想", "指导思想"), ("paragraph", "指导思想", "指导思想"), ("heading", None, "主要任务"),
    ]  # fmt: skip


def test_a_heading_set_off_by_mark_up_may_be_a_sentence(read):
    text = "# 2024年政府工作报告\n\n## 首先报告2023年的工作。\n\n经济增长。\n\n## 一、2024年工作安排\n\n修路三条。\n\n建校两所。\n"
    plans = read(text)
    assert table(plans, "kind", "part", "section")[:2] == [
        ("heading", "review", "首先报告2023年的工作"),
        ("paragraph", "review", "首先报告2023年的工作"),
    ]
    assert len(body(plans.items)) == 2


def test_a_five_year_plan_between_review_and_plan_is_plan(read):
    text = (
        "望溪区2021年政府工作报告\n一、2020年工作回顾\n经济增长。\n二、“十四五”时期的主要考虑\n城市更新。\n三、2021年工作安排\n修路三条。\n"
    )
    assert table(read(text), "part", kinds=["item"]) == [("review",), ("plan",), ("plan",)]
    assert table(read(text.replace("十四五”时期的主要考虑", "十三五”圆满收官")), "part", kinds=["item"])[1] == ("review",)


def test_numbers_that_start_again_are_told_once_and_later_gaps_still(read):
    plans = read(HEAD + "一、任务\n1.甲。好。\n2.乙。好。\n1.丙。好。\n2.丁。好。\n4.戊。好。\n")
    found = plans.problems[plans.problems["code"].str.startswith("number")]
    assert list(zip(found["code"], found["line"], strict=True)) == [("numbers-restart", 5), ("number-skipped", 7)]


def test_a_box_holds_what_is_numbered_in_a_form_of_its_own(read):
    text = HEAD + "一、任务\n（一）德育。开课。\n专栏1 德育行动\n01 开课。备课。\n02 听课。评课。\n（二）体育。办赛。\n"
    assert table(read(text), "kind", "outline") == [
        ("heading", "一"), ("item", "一/（一）"), ("heading", "一/（一）/专栏1德育行动"), ("point", "一/（一）/专栏1德育行动"),
        ("point", "一/（一）/专栏1德育行动"), ("item", "一/（二）"),
    ]  # fmt: skip


# ---------------------------------------------------------------- lines and frames


def test_lines_cut_at_a_width_are_joined_also_where_a_sentence_ends_at_the_edge(read):
    sentence = "围绕提升教育质量开展专项研究，健全学校课程管理制度，"  # 26 characters
    full = sentence[:-1] + "。"
    lines = ["一、任务", "（一）德育"]
    for _ in range(6):
        lines += [sentence, full, sentence, "形成经验。"]
    plans = read(HEAD + "\n".join(lines) + "\n")
    paragraphs = table(plans, "text", kinds=["item", "paragraph"])
    assert len(paragraphs) == 6
    assert paragraphs[1] == (sentence + full + sentence + "形成经验。",)


def test_titles_of_one_length_are_no_cut_lines(read):
    titles = [
        f"（{n}）着力增强{a}能力，加快推进{b}事业发展"
        for n, a, b in zip("一二三四五六七八九", "德智体美劳音文科技", "甲乙丙丁戊己庚辛壬", strict=True)
    ]
    plans = read(HEAD + "一、任务\n" + "\n".join(f"{t}\n抓好落实，形成长效机制。" for t in titles))
    assert table(plans, "item_title", kinds=["item"])[0] == ("着力增强德能力，加快推进甲事业发展",)
    assert "lines-joined" not in codes(plans)


def test_a_sentence_that_goes_on_behind_a_blank_line_is_joined(read):
    plans = read(HEAD + "一、任务\n1.加强德育，完善课程体系，\n\n提高育人质量。\n2.加强体育。\n")
    assert table(plans, "text", kinds=["item"])[0] == ("加强德育，完善课程体系，提高育人质量。",)


def test_the_end_of_a_block_of_a_page_is_the_end_of_a_paragraph(read):
    plans = read(HEAD + "一、任务\n<p>德育工作深入开展，课程更加丰富，师资逐步充实。学校联动更紧</p><p>体育工作成绩明显。</p>\n")
    assert table(plans, "text")[-1] == ("体育工作成绩明显。",)


def test_a_jump_to_another_page_of_a_newspaper_stands_aside(read):
    text = "望溪区2024年政府工作报告\n一、任务\n1.修路三条，完善交通网络。建校两所，\n（下转第3版）\n（上接第1版）\n缓解入学压力。\n2.植树。造林。\n"
    plans = read(text)
    assert table(plans, "text", kinds=["item"])[0] == ("修路三条，完善交通网络。建校两所，缓解入学压力。",)
    assert table(plans, "text", kinds=["furniture"]) == [("（下转第3版）",), ("（上接第1版）",)]


def test_captions_of_figures_and_comments_of_a_page_are_no_units(read):
    plans = read(HEAD + "<!-- 图为会场 -->\n一、任务\n1.开课。备课。\n图 1 课程体系示意\n2.听课。评课。\n")
    assert table(plans, "kind", "text", kinds=["note", "furniture"]) == [
        ("furniture", "<!-- 图为会场 -->"),
        ("note", "图 1 课程体系示意"),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("以人为本提品质，更好满足群众需要。办好实事。", "以人为本提品质，更好满足群众需要"),
        ("以评估为抓手，办好学校。再办一所。", None),
        ("围绕市场需要，调整专业。新设三个。", "围绕市场需要，调整专业"),
        (
            "深化课程改革，优化教学方式，提高课堂质量。开展调研，听课评课，形成报告，组织交流，推广经验。",
            "深化课程改革，优化教学方式，提高课堂质量",
        ),
        ("深化改革，优化方式，提高质量。好。", None),
        ("从严治政，建设廉洁政府。公开权力清单。", "从严治政，建设廉洁政府"),
        ("对照清单，逐项整改。再查一遍。", None),
    ],
)
def test_run_in_titles(read, text, title):
    assert table(read(HEAD + f"一、任务\n1.{text}\n2.听课。评课。\n"), "item_title", kinds=["item"])[0] == (title,)


def test_a_part_that_only_holds_numbered_sections_is_none_itself(read):
    text = "望溪区教育局2023年工作总结和2024年工作计划\n第一部分 2023年工作总结\n一、德育\n1.开课。十场。\n2.评选。十人。\n第二部分 2024年工作计划\n"
    plans = read(text + "一、德育\n1.继续开课。十二场。\n2.评选先进。\n二、体育\n1.办赛。两场。\n2.修操场。\n")
    assert table(plans, "part", "section_no", "section", kinds=["heading"]) == [
        ("review", None, None), ("review", 1, "德育"), ("plan", None, None), ("plan", 1, "德育"), ("plan", 2, "体育"),
    ]  # fmt: skip
    assert plans.documents[["n_sections", "n_items"]].values.tolist() == [[2, 4]]


def test_numbers_without_a_stop_count_where_they_run_on(read):
    text = HEAD + "一  指导思想\n坚持质量。\n二  主要任务\n1加强德育。开课。\n2加强体育。办赛。\n三  保障\n拨付经费。\n"
    assert table(read(text), "marker", "outline", kinds=["heading", "item"]) == [
        ("一", "一"), ("二", "二"), ("1", "二/1"), ("2", "二/2"), ("三", "三"),
    ]  # fmt: skip
    assert table(read(HEAD + "一、任务\n1.听课。评课。\n二 〇 二四年起施行。\n"), "marker", kinds=["heading", "item"]) == [
        ("一、",),
        ("1.",),
    ]


def test_a_title_under_which_the_numbers_start_again_heads_them(read):
    text = HEAD + "一、实事\n1．新建一所。两年。\n2．修三条。一年。\n2024年实事项目\n1．建停车场。一处。\n2．建公园。两处。\n"
    plans = read(text)
    assert table(plans, "outline", kinds=["heading", "item"]) == [
        ("一",), ("一/1",), ("一/2",), ("一/2024年实事项目",), ("一/2024年实事项目/1",), ("一/2024年实事项目/2",),
    ]  # fmt: skip
    assert "number-repeated" not in codes(plans)


def test_the_issuers_name_at_the_end_is_note_also_without_a_date(read):
    assert table(read(HEAD + "一、任务\n1.开课。备课。\n2.听课。评课。\n望溪区教育局\n"), "text", kinds=["note"]) == [("望溪区教育局",)]


def test_a_paragraph_turns_from_the_look_back_to_the_plan_also_late_in_its_sentence_and_under_a_heading_of_both(read):
    opening = "在上级党委的坚强领导下，我们要坚持稳中求进，团结一心，真抓实干，奋发有为，" * 2
    text = "望溪区2024年政府工作报告\n一、2023年工作回顾\n（一）经济。增长。\n（二）民生。改善。\n二、在高质量发展中走在前\n"
    text += f"{opening}今年政府工作的总体要求是：稳中求进。\n修路三条。\n三、2024年安排\n（一）建校。两所。\n（二）植树。万棵。\n"
    assert table(read(text), "part", "section_no", kinds=["paragraph", "item"]) == [
        ("review", 1), ("review", 1), ("plan", 2), ("plan", 2), ("plan", 3), ("plan", 3),
    ]  # fmt: skip
    text = "望溪区2024年政府工作报告\n一、2023年工作回顾和2024年工作的总体要求\n经济增长。\n今年工作总的要求是稳中求进。\n"
    text += "二、农业\n（一）植树。万棵。\n（二）修渠。三条。\n"
    assert table(read(text), "part", kinds=["paragraph", "item"]) == [("review",), ("plan",), ("plan",), ("plan",)]


def test_a_long_paragraph_that_only_mentions_closing_words_is_a_unit(read):
    text = HEAD + "一、任务\n1.开课。备课。\n2.听课。评课。\n{}"
    long = "新的一年，督导工作要抓实抓细，健全机制。" + "开展专项督导，督促问题整改，办好每一所学校。" * 12
    assert table(read(text.format(long)), "kind")[-1] == ("paragraph",)
    assert table(read(text.format("新的一年，我们要努力工作。")), "kind", kinds=["closing"]) == [("closing",)]
    assert table(read(text.format("困难让我们更加清醒，仍要补齐短板。")), "kind")[-1] == ("paragraph",)


def test_an_unnumbered_heading_is_in_the_path_only_where_numbers_start_again(read):
    text = HEAD + "一、安排\n**总体要求**\n稳中求进。\n（一）修路。三条。\n（二）建校。两所。\n二、保障\n（三）经费。拨付。\n"
    assert table(read(text), "outline", kinds=["item"]) == [("一/（一）",), ("一/（二）",), ("二/（三）",)]


# ---------------------------------------------------------------- a plan is no look back; headings without numbers


@pytest.mark.parametrize(
    "heading", ["提升督导工作成效", "巩固教育工作成果", "总结推广典型经验", "抓好总结考核", "做好去年续建项目", "“十四五”规划实施情况评估"]
)
def test_a_heading_that_says_what_is_to_be_done_does_not_look_back(read, heading):
    text = HEAD + f"一、党建\n1.学习。三次。\n2.调研。两次。\n二、{heading}\n3.督导。全覆盖。\n4.评估。两轮。\n"
    plans = read(text)
    assert plans.documents[["n_sections", "n_items"]].values.tolist() == [[2, 4]]
    assert set(plans.items["part"]) == {"plan"}


def test_an_item_or_a_row_of_a_table_about_a_summary_leaves_the_plan_a_plan(read):
    for text in ("1.备课。三次。\n2.听课。两次。\n3.做好学期总结。交表。\n", "●备课。\n●听课。\n●做好学期总结。\n"):
        assert set(read(HEAD + text).items["part"]) == {"plan"}
    rows = "序号\t工作\t部门\n1\t开学典礼\t校办\n2\t期中检测\t教务处\n3\t期末总结\t校办\n"
    assert read(HEAD + rows).documents["n_items"][0] == 3


def test_headings_without_numbers_that_come_again_and_again_are_headings_also_the_first(read):
    run_on = HEAD + "加强党的建设\n1.学习。三次。\n2.调研。两次。\n提升教育质量\n3.教研。四次。\n4.课改。两项。\n"
    assert table(read(run_on), "kind", "section", "outline") == [
        ("heading", "加强党的建设", "加强党的建设"), ("item", "加强党的建设", "1"), ("item", "加强党的建设", "2"),
        ("heading", "提升教育质量", "提升教育质量"), ("item", "提升教育质量", "3"), ("item", "提升教育质量", "4"),
    ]  # fmt: skip
    months = HEAD + "一、逐月安排\n九月：\n1.开学典礼\n2.制定计划\n十月：\n1.期中检测\n2.运动会\n"
    assert table(read(months), "kind", "outline", "text")[1:5] == [
        ("heading", "一/九月", "九月："), ("item", "一/九月/1", "开学典礼"), ("item", "一/九月/2", "制定计划"), ("heading", "一/十月", "十月："),
    ]  # fmt: skip


def test_numbered_aims_before_the_sections_do_not_flatten_them(read):
    text = (
        HEAD
        + "工作目标\n1.巩固率达到99%。\n2.入园率达到95%。\n主要任务\n一、党建\n1.学习。三次。\n2.评选。十人。\n二、业务\n1.教研。四次。\n2.课改。两项。\n"
    )
    assert table(read(text), "kind", "outline", kinds=["heading", "item"])[3:] == [
        ("heading", "主要任务"), ("heading", "一"), ("item", "一/1"), ("item", "一/2"), ("heading", "二"), ("item", "二/1"), ("item", "二/2"),
    ]  # fmt: skip


def test_a_number_with_half_a_bracket_or_another_stop_continues_its_run(read):
    text = (
        HEAD
        + "一、党建\n（一）学习。三次。\n二）组织。两次。\n（三）作风。四次。\n二、业务\n1.教研。四次。\n2，课改。两项。\n3：检测。两次。\n"
    )
    assert table(read(text), "outline", kinds=["item"]) == [("一/（一）",), ("一/（二）",), ("一/（三）",), ("二/1",), ("二/2",), ("二/3",)]


def test_a_task_table_goes_on_behind_lines_of_category_and_may_have_bars_without_edges(read):
    text = (
        HEAD
        + "一、分工\n序号\t任务\t责任单位\n（一）党建类\n1\t开展主题教育\t组织科\n2\t评选先进支部\t组织科\n（二）业务类\n3\t开展教学视导\t教研室\n"
    )
    assert table(read(text), "kind", "outline")[1:] == [
        ("heading", "一/（一）"), ("item", "一/（一）/1"), ("item", "一/（一）/2"), ("heading", "一/（二）"), ("item", "一/（二）/3"),
    ]  # fmt: skip
    bars = HEAD + "一、分工\n类别 | 序号 | 任务 | 责任单位\n党建 | 1 | 开展主题教育 | 组织科\n党建 | 2 | 评选先进支部 | 组织科\n"
    assert table(read(bars), "item_no", "item_title", "responsible", kinds=["item"]) == [
        (1, "开展主题教育", "组织科"), (2, "评选先进支部", "组织科"),
    ]  # fmt: skip


def test_a_title_over_two_lines_and_a_running_title_are_told(read):
    plans = read(
        "望溪区教育局\n2024年工作安排\n一、党建\n1.学习，严格落实每周一次集中学\n—1—\n望溪区教育局2024年工作安排\n习制度。\n2.调研。两次。\n",
        "a.txt",
    )
    assert table(plans, "text", kinds=["title"]) == [("望溪区教育局2024年工作安排",)]
    assert plans.documents["place"][0] == "望溪区"
    assert read("望溪县民政局2024年工作要点\n一、救助\n1.低保。核查。\n2.临时救助。及时。\n", "b.txt").documents["place"][0] == "望溪县"


def test_ends_of_several_kinds_are_told_from_the_plan(read):
    text = HEAD + "一、任务\n1.开课。备课。\n2.听课。评课。\n{}"
    assert table(read(text.format("各位代表！\n征途漫漫，唯有实干。\n")), "text", kinds=["closing"]) == [("征途漫漫，唯有实干。",)]
    glossary = read(text.format("相关缩略语\n1.“双减”：减轻负担。\n2.“两考”：两次考试。\n")).items
    assert (glossary["part"] == "notes").sum() == 3
    attached = read(
        text.format("附：2024年重点安排\n月份\t重点工作\t责任部门\n3月\t召开教育大会\t办公室\n6月\t组织升学考试\t考试中心\n")
    ).items
    assert attached.loc[attached["kind"] == "item", "part"].tolist() == ["plan", "plan", "appendix", "appendix"]


def test_a_title_set_off_by_uneven_stars_is_bare(read):
    assert (
        read("***望溪区2024年政府工作报告**\n一、任务\n1.开课。备课。\n2.听课。评课。\n").documents["title"][0]
        == "望溪区2024年政府工作报告"
    )
