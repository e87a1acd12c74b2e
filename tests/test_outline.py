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
