"""A person's hand: corrections of kind, part, title, join and split, applied anew at every reading; the template they start from."""

import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from policylab import body, load, read_plans
from policylab.errors import ArgumentError, TableError
from policylab.items import KINDS, PARTS, text_hash
from policylab.plans.corrections import read_corrections
from policylab.plans.tables import read_cells
from policylab.plans.template import write_template
from policylab.spreadsheets import guarded, unguarded

PLAN = """望溪区教育局2024年工作要点

2024年是关键之年。
重点做法
一、立德树人
1.加强德育。开展主题活动。加强劳动。办好基地。
2．加强体育
办好比赛。
再办一次。
3.推进改革。
①修路。
②架桥。
二、队伍建设。要抓好队伍。
4.加强培训。分层实施。
5.加强管理。严格考核。
在做好以上工作的同时，抓好档案工作。
望溪区教育局办公室
2024年3月4日印发
— 1 —
附件1
分工表
1.德育科。三月。
2.人事科。六月。
附件2
名词解释
1.“双减”：减轻负担。
"""
SHOWN = ["kind", "outline", "marker", "text"]


@pytest.fixture
def plans(tmp_path):
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "望溪区-2024.txt").write_text(PLAN, encoding="utf-8")
    return folder


def orders(items, *said):
    """A corrections table of (how the row's text starts, what is ordered) pairs."""
    rows = []
    for start, order in said:
        (item_id,) = items.index[items["text"].str.startswith(start)]
        rows.append({"item_id": item_id, "text_hash": text_hash(items.loc[item_id, "text"]), **order})
    return pd.DataFrame(rows, dtype="str").fillna("")


@pytest.fixture
def corrected(plans):
    """Read with orders of (start of text, order); what was set right must not lose a character."""

    def read(*said):
        before = read_plans(plans).items
        after = read_plans(plans, corrections=orders(before, *said))
        assert characters(after.items) == characters(before)
        return after

    return read


def characters(items):
    return sorted(re.sub(r"\s", "", "".join(items["marker"] + items["text"])))


def row(plans, start):
    (found,) = plans.items[plans.items["text"].str.startswith(start)].to_dict("records")
    return found


def unfit(plans):
    return plans.problems.loc[plans.problems["code"] == "correction-no-fit", "message"].tolist()


def test_what_is_read_without_corrections(plans):
    items = read_plans(plans).items
    assert items["kind"].value_counts()[["heading", "item", "point", "paragraph"]].tolist() == [5, 7, 2, 2]


class TestKind:
    def test_a_heading_that_was_taken_for_preamble_heads_what_follows(self, corrected):
        plans = corrected(("重点做法", {"kind": "heading"}))
        assert row(plans, "重点做法")["kind"] == "heading"
        assert row(plans, "立德树人")["outline"] == "一"
        assert row(plans, "队伍建设")["outline"] == "二"

    def test_an_unnumbered_heading_within_a_section_holds_the_items_below_it(self, corrected):
        plans = corrected(("再办一次", {"kind": "heading"}))
        assert [row(plans, t)["outline"] for t in ("加强体育", "推进改革", "修路", "加强培训")] == [
            "一/2", "一/3", "一/3", "二/4",
        ]  # fmt: skip

    def test_a_heading_said_to_be_an_item_takes_its_text_along_and_what_stands_below_becomes_points(self, corrected):
        plans = corrected(("队伍建设", {"kind": "item"}))
        assert (row(plans, "队伍建设")["kind"], row(plans, "队伍建设")["text"]) == ("item", "队伍建设。要抓好队伍。")
        assert {row(plans, t)["kind"] for t in ("加强培训", "加强管理")} == {"point"}
        assert {row(plans, t)["outline"] for t in ("加强培训", "加强管理")} == {"二"}
        assert plans.documents["n_items"].tolist() == [4]

    def test_an_item_said_to_be_a_heading_gives_its_points_as_items(self, corrected):
        plans = corrected(("推进改革", {"kind": "heading"}))
        assert [(row(plans, t)["kind"], row(plans, t)["outline"]) for t in ("推进改革", "修路")] == [
            ("heading", "一/3"),
            ("item", "一/3/①"),
        ]
        assert row(plans, "修路")["block"] == "一/3"
        assert plans.documents["n_items"].tolist() == [6]

    def test_an_item_said_to_be_a_point_belongs_to_the_item_above_it(self, corrected):
        plans = corrected(("加强管理", {"kind": "point"}))
        assert row(plans, "加强管理")["outline"] == "二/4"
        assert body(plans.items)["text"].tolist()[-1] == "加强培训。分层实施。\n加强管理。严格考核。"

    def test_a_paragraph_said_to_be_an_item_is_one_and_takes_what_follows_along(self, corrected):
        plans = corrected(("再办一次", {"kind": "item"}))
        assert (row(plans, "再办一次")["kind"], row(plans, "再办一次")["outline"]) == ("item", "一/再办一次")
        assert plans.documents[["n_items", "n_units"]].values.tolist() == [[6, 7]]

    def test_a_number_that_is_none_stays_in_its_paragraph(self, corrected):
        plans = corrected(("加强管理", {"kind": "paragraph"}))
        assert (row(plans, "5.加强管理")["kind"], row(plans, "5.加强管理")["marker"]) == ("paragraph", "")
        assert row(plans, "5.加强管理")["outline"] == "二/4"

    @pytest.mark.parametrize("kind", ["note", "furniture", "preamble", "closing"])
    def test_what_is_no_unit_is_none(self, corrected, kind):
        plans = corrected(("加强管理", {"kind": kind}))
        assert (row(plans, "5.加强管理")["kind"], row(plans, "5.加强管理")["outline"]) == (kind, "")
        assert plans.documents[["n_items", "n_units"]].values.tolist() == [[4, 6]]

    def test_a_closing_said_to_be_an_item_stands_in_the_last_section(self, corrected):
        plans = corrected(("在做好以上", {"kind": "item"}))
        assert (row(plans, "在做好以上")["kind"], row(plans, "在做好以上")["section"]) == ("item", "队伍建设")

    @pytest.mark.parametrize("kind", ["note", "paragraph", "furniture"])
    @pytest.mark.parametrize("start", ["立德树人", "加强德育", "加强体育", "修路", "开课", "备课", "加强培训", "2024年工作安排"])
    def test_all_other_rows_stay_what_they_were(self, plans, start, kind):
        text = PLAN.replace("二、队伍", "2024年工作安排\n三、课程\n一是开课。\n二是备课。\n三是听课。\n二、队伍")
        before = _read(plans, text).items
        after = read_plans(plans, corrections=orders(before, (start, {"kind": kind}))).items
        others = ~before["text"].str.startswith(start)
        assert before.loc[others, ["kind", "text", "part"]].values.tolist() == [
            r for r in after[["kind", "text", "part"]].values.tolist() if start not in r[1] or r[0] != kind
        ]

    def test_the_title_is_the_line_said_to_be_it_and_facts_follow(self, corrected):
        plans = corrected(("望溪区教育局2024年工作要点", {"kind": "note"}), ("重点做法", {"kind": "title"}))
        assert plans.documents["title"].tolist() == ["重点做法"]
        assert plans.items["kind"].astype(str).tolist()[:3] == ["note", "preamble", "title"]

    def test_the_kind_of_a_row_does_not_change_the_attachment_it_stands_in(self, corrected):
        plans = corrected(("附件1", {"kind": "note"}), ("“双减”", {"kind": "item"}))
        assert [row(plans, t)["part"] for t in ("附件1", "德育科", "“双减”")] == ["appendix", "appendix", "notes"]
        assert (row(plans, "“双减”")["kind"], row(plans, "“双减”")["item_no"]) == ("item", 1)


class TestPartAndTitle:
    def test_the_part_of_a_heading_is_that_of_all_below_it_and_an_inner_one_wins(self, corrected):
        plans = corrected(("立德树人", {"part": "review"}), ("推进改革", {"part": "plan"}))
        parts = [row(plans, t)["part"] for t in ("立德树人", "加强德育", "再办一次", "推进改革", "加强培训")]
        assert parts == ["review", "review", "review", "plan", "plan"]
        assert plans.documents["n_items"].tolist() == [3]

    def test_the_part_of_an_attachment_is_that_of_all_in_it(self, corrected):
        plans = corrected(("附件1", {"part": "plan"}))
        assert plans.documents["n_items"].tolist() == [7]

    def test_a_title_is_what_is_said_and_a_stroke_says_that_there_is_none(self, corrected):
        plans = corrected(
            ("加强德育", {"title": "开展主题活动。"}), ("加强培训", {"title": "-"}), ("加强管理", {"title": "无"}), ("推进", {"title": ""})
        )
        titles = [row(plans, t)["item_title"] for t in ("加强德育", "加强培训", "加强管理", "推进改革")]
        assert titles[0] == "开展主题活动"
        assert all(pd.isna(t) for t in titles[1:])

    def test_what_cannot_be_carried_out_is_a_problem_and_the_rest_is_carried_out(self, corrected):
        plans = corrected(("加强德育", {"title": "办学校"}), ("立德树人", {"title": "立德树人"}), ("加强管理", {"kind": "note"}))
        assert len(unfit(plans)) == 2
        assert row(plans, "5.加强管理")["kind"] == "note"
        assert row(plans, "加强德育")["item_title"] == "加强德育"


class TestJoinAndSplit:
    def test_a_row_goes_on_from_the_one_above_over_page_furniture(self, plans):
        broken = PLAN.replace("5.加强管理", "— 2 —\n5.加强管理")
        (plans / "望溪区-2024.txt").write_text(broken, encoding="utf-8")
        after = read_plans(plans, corrections=orders(read_plans(plans).items, ("加强管理", {"join": "是"})))
        assert row(after, "加强培训")["text"] == "加强培训。分层实施。\n5.加强管理。严格考核。"
        assert row(after, "— 2 —")["kind"] == "furniture"
        assert after.documents["n_items"].tolist() == [4]

    def test_rows_that_go_on_one_from_another_are_one_and_a_heading_keeps_what_runs_on(self, corrected):
        plans = corrected(("修路", {"join": "是"}), ("架桥", {"join": "1"}), ("要抓好", {"join": "x"}))
        assert row(plans, "推进改革")["text"] == "推进改革。\n①修路。\n②架桥。"
        assert (row(plans, "队伍建设")["kind"], row(plans, "队伍建设")["text"]) == ("heading", "队伍建设。要抓好队伍。")

    def test_a_row_is_parted_at_each_of_the_words(self, corrected):
        plans = corrected(("加强德育", {"split": "加强 劳动|办好基地"}))
        assert [row(plans, t)["text"] for t in ("加强德育", "加强劳动", "办好基地")] == [
            "加强德育。开展主题活动。",
            "加强劳动。",
            "办好基地。",
        ]
        assert [row(plans, t)["kind"] for t in ("加强德育", "加强劳动")] == ["item", "paragraph"]

    def test_a_number_inside_a_line_opens_an_item_once_the_line_is_parted(self, plans):
        run_on = PLAN.replace("分层实施。\n5.", "分层实施。5.")
        (plans / "望溪区-2024.txt").write_text(run_on, encoding="utf-8")
        after = read_plans(plans, corrections=orders(read_plans(plans).items, ("加强培训", {"split": "5.加强管理"})))
        pd.testing.assert_series_equal(after.items["outline"].iloc[:20], _read(plans, PLAN).items["outline"].iloc[:20])

    def test_a_title_on_its_own_line_can_be_parted_from_its_text(self, corrected):
        plans = corrected(("加强体育", {"split": "办好比赛"}))
        assert rows_of(plans, "加强体育", "办好比赛", "再办一次") == [("item", "2．"), ("paragraph", ""), ("paragraph", "")]

    def test_part_of_a_row_may_go_on_from_the_row_above(self, corrected):
        plans = corrected(("加强管理", {"join": "是", "split": "严格考核"}))
        assert row(plans, "加强培训")["text"].endswith("5.加强管理。")
        assert row(plans, "严格考核")["kind"] == "paragraph"

    @pytest.mark.parametrize(
        ("start", "order", "found"),
        [
            ("望溪区教育局2024", {"join": "是"}, "expected a row above"), ("加强德育", {"split": "没有的话"}, "no such words"),
            ("加强德育", {"split": "加强"}, "2 times"), ("加强德育", {"split": "1.加强德育"}, "the row beginning with them"),
            ("加强德育", {"split": "加强劳动|加强劳"}, "one of them twice"), ("加强德育", {"join": "是", "kind": "item"}, "cannot have"),
        ],
    )  # fmt: skip
    def test_one_that_no_longer_fits_changes_nothing_and_is_reported(self, plans, corrected, start, order, found):
        after = corrected((start, order))
        (message,) = unfit(after)
        assert found in message
        assert "row 0 of the corrections table" in message
        pd.testing.assert_frame_equal(after.items, read_plans(plans).items)


def _read(folder, text):
    (folder / "望溪区-2024.txt").write_text(text, encoding="utf-8")
    return read_plans(folder)


def rows_of(plans, *starts):
    return [(row(plans, t)["kind"], row(plans, t)["marker"]) for t in starts]


class TestTables:
    TABLE = "望溪区教育局2024年工作要点\n序号\t工作内容\t责任单位\n1\t推进课程改革工作。\t教育科\n2\t办好学校体育工作。\t体卫科\n3\t建好学校食堂工作。\t后勤科\n"

    @pytest.mark.parametrize("kind", [k for k in KINDS if k != "item"])
    def test_a_row_of_a_table_is_what_it_is_said_to_be_and_the_others_stay_tasks(self, plans, kind):
        before = _read(plans, self.TABLE)
        assert before.documents["n_items"].tolist() == [3]
        after = read_plans(plans, corrections=orders(before.items, ("办好学校", {"kind": kind})))
        assert characters(after.items) == characters(before.items)
        assert unfit(after) == []
        assert after.items["kind"].astype(str).tolist().count("item") == 2
        assert after.items.loc[after.items["text"].str.contains("办好学校"), "kind"].tolist() == [kind]
        assert after.items["responsible"].dropna().tolist() == ["教育科", "后勤科"]

    def test_the_names_of_columns_may_be_said_to_be_a_note_and_rows_joined(self, plans):
        before = _read(plans, self.TABLE)
        after = read_plans(plans, corrections=orders(before.items, ("序号", {"kind": "note"}), ("建好学校", {"join": "是"})))
        assert unfit(after) == []
        assert after.documents["n_items"].tolist() == [2]
        assert characters(after.items) == characters(before.items)


class TestTable:
    def test_each_reading_with_the_same_corrections_gives_the_same_frames(self, plans, tmp_path):
        table = orders(read_plans(plans).items, ("加强德育", {"split": "加强劳动"}), ("重点做法", {"kind": "heading"}))
        table.to_csv(plans / "corrections.csv", index=False)
        first, again = read_plans(plans), read_plans(plans, corrections=table)
        for name in ("items", "documents"):
            pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name))
        assert first.settings["corrections"] == again.settings["corrections"] | {"table": "corrections.csv"}
        assert (first.settings["corrections"]["orders"], first.settings["corrections"]["not_applied"]) == (2, 0)
        first.save(tmp_path / "kept")
        assert load(tmp_path / "kept").settings == first.settings

    def test_ids_stay_those_of_the_reading_without_corrections(self, plans):
        items = read_plans(plans).items
        one = orders(items, ("加强德育", {"split": "加强劳动"}))
        both = pd.concat([one, orders(items, ("加强管理", {"kind": "note"}))])
        assert row(read_plans(plans, corrections=both), "5.加强管理")["kind"] == "note"

    def test_an_item_that_is_gone_or_reads_otherwise_is_a_problem(self, plans):
        table = orders(
            read_plans(plans).items, ("加强德育", {"kind": "note"}), ("加强管理", {"kind": "note"}), ("加强培训", {"kind": "note"})
        )
        table.loc[0, "item_id"], table.loc[1, "item_id"], table.loc[2, "text_hash"] = "望溪区-2024#900", "栖梧区-2024#001", "abcdefghij"
        after = read_plans(plans, corrections=table)
        assert [m.partition("expected ")[2].split(",")[0] for m in sorted(unfit(after))] == [
            "an item of this id", "a plan of this name", "a text whose hash is abcdefghij",
        ]  # fmt: skip
        pd.testing.assert_frame_equal(after.items, read_plans(plans).items)

    def test_chinese_names_of_columns_are_taken(self):
        table = pd.DataFrame(
            {"条目编号": ["甲区-2024#002"], "校验码": ["abcdefghij"], "类型": ["Note"], "备注": ["x"], "拆分": ["修路\n架桥"]}
        )
        (order,) = read_corrections(table).orders
        assert (order.kind, order.split, order.title, order.join) == ("note", ("修路", "架桥"), None, False)

    @pytest.mark.parametrize(
        ("cells", "message"),
        [
            ({"kind": "items"}, "row 0: the kind 'items' is unknown"), ({"part": "annex"}, "row 0: the part 'annex' is unknown"),
            ({"join": "也许"}, "row 0: '也许' in join"), ({"kinds": "note"}, "the column 'kinds' is unknown"),
            ({"kind": "note", "text_hash": ""}, "row 0: no text_hash"), ({"kind": "note", "item_id": ""}, "row 0: no item_id"),
        ],
    )  # fmt: skip
    def test_a_table_that_is_not_in_order_is_refused(self, cells, message):
        with pytest.raises(TableError, match=message):
            read_corrections(pd.DataFrame([{"item_id": "甲区-2024#002", "text_hash": "abcdefghij", **cells}]))

    def test_an_item_ordered_about_twice_must_be_told_the_same(self):
        same = {"item_id": "甲区-2024#002", "text_hash": "abcdefghij", "kind": "note"}
        assert len(read_corrections(pd.DataFrame([same, same])).orders) == 1
        with pytest.raises(TableError, match="rows 0 and 1 order different things"):
            read_corrections(pd.DataFrame([same, {**same, "kind": "item"}]))


class TestTemplate:
    @pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
    def test_read_back_as_it_is_it_changes_nothing(self, plans, tmp_path, suffix):
        path = tmp_path / f"t{suffix}"
        assert write_template(plans, path) == len(read_plans(plans).items)
        before, after = read_plans(plans), read_plans(plans, corrections=path)
        for name in ("items", "documents", "problems"):
            pd.testing.assert_frame_equal(getattr(after, name), getattr(before, name))

    def test_it_shows_what_was_read_and_excel_sees_that_it_is_utf8(self, plans, tmp_path):
        write_template(plans, tmp_path / "t.csv")
        assert (tmp_path / "t.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
        frame = read_cells(tmp_path / "t.csv").frame.set_index("item_id")
        shown = frame.loc["望溪区-2024#007", ["source", "line", "kind_read", "part_read", "title_read", "text_start"]]
        assert shown.tolist() == ["望溪区-2024.txt", "9", "paragraph", "plan", "", "再办一次。"]
        assert (frame[["kind", "part", "title", "join", "split", "note"]] == "").all(axis=None)

    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
    def test_what_a_spreadsheet_makes_of_it_reads_back(self, plans, tmp_path, encoding):
        write_template(plans, tmp_path / "t.csv")
        lines = (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()
        at = next(n for n, line in enumerate(lines) if "加强管理" in line)
        cells = lines[at].split(",")
        lines[at] = ",".join([*cells[:8], "note", *cells[9:]])
        saved = "\r\n".join([*lines, "," * 13, "," * 13, ""])
        (tmp_path / "saved.csv").write_bytes(saved.encode(encoding))
        assert row(read_plans(plans, corrections=tmp_path / "saved.csv"), "5.加强管理")["kind"] == "note"

    def test_a_workbook_with_numbers_and_empty_rows_reads_back(self, plans, tmp_path):
        write_template(plans, tmp_path / "t.xlsx")
        book = load_workbook(tmp_path / "t.xlsx")
        sheet = book.active
        names = [cell.value for cell in sheet[1]]
        at = next(r for r in range(2, sheet.max_row + 1) if "加强管理" in sheet.cell(r, names.index("text_start") + 1).value)
        sheet.cell(at, names.index("join") + 1).value = 1
        sheet.cell(sheet.max_row + 3, 1).value = " "
        book.save(tmp_path / "t.xlsx")
        assert "5.加强管理" in row(read_plans(plans, corrections=tmp_path / "t.xlsx"), "加强培训")["text"]

    @pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
    def test_no_text_becomes_a_formula_and_such_words_still_part_a_row(self, plans, tmp_path, suffix):
        (plans / "=1+1.txt").write_text("=1+1\n=SUM(A1)。@办学。+修路。再修路。\n", encoding="utf-8")
        path = tmp_path / f"t{suffix}"
        write_template(plans, path)
        cells = read_cells(path).frame
        mine = cells[cells["source"].str.endswith("=1+1.txt")]
        if suffix == ".csv":
            assert mine[["item_id", "source", "text_start"]].apply(lambda c: c.str.startswith("'=")).all(axis=None)
        else:
            assert all(c.data_type == "s" for r in load_workbook(path).active.iter_rows() for c in r if isinstance(c.value, str))
        ordered = mine.iloc[[-1]].assign(split="'@办学" if suffix == ".csv" else "@办学")
        after = read_plans(plans, corrections=ordered)
        assert unfit(after) == []
        assert after.items.loc[after.items["source"] == "=1+1.txt", "text"].tolist()[-1] == "@办学。+修路。再修路。"

    def test_its_ids_are_those_of_the_reading_without_corrections(self, plans, tmp_path):
        write_template(plans, tmp_path / "first.csv")
        orders(read_plans(plans).items, ("加强德育", {"split": "加强劳动"})).to_csv(plans / "corrections.csv", index=False)
        write_template(plans, tmp_path / "second.csv")
        first, second = (pd.read_csv(tmp_path / name, dtype="str").fillna("") for name in ("first.csv", "second.csv"))
        pd.testing.assert_frame_equal(second.drop(columns="split"), first.drop(columns="split"))
        assert second["split"].tolist() == ["加强劳动" if t.startswith("加强德育") else "" for t in second["text_start"]]  # orders are kept

    def test_it_is_never_written_over_a_file_or_in_another_format(self, plans, tmp_path):
        (tmp_path / "t.csv").write_text("mine", encoding="utf-8")
        for name, message in (("t.csv", "there already"), ("t.txt", "no format")):
            with pytest.raises(ArgumentError, match=message):
                write_template(plans, tmp_path / name)
        assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "mine"


@given(st.text("'=+-@ 　甲\n＝", max_size=8))
def test_what_is_guarded_against_formulas_comes_back_as_it_was(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip(" 　").startswith(("=", "+", "-", "@", "＝"))


def test_a_workbook_made_by_hand_is_taken(plans, tmp_path):
    table = orders(read_plans(plans).items, ("加强管理", {"kind": "note"}))
    book = Workbook()
    for cells in [list(table), *table.values.tolist()]:
        book.active.append(cells)
    book.save(tmp_path / "更正.xlsx")
    assert row(read_plans(plans, corrections=tmp_path / "更正.xlsx"), "5.加强管理")["kind"] == "note"


def test_a_line_of_units_behind_a_heading_and_its_text_stays_when_they_are_parted(plans):
    before = _read(plans, "望溪区教育局2024年工作要点\n一、队伍。要抓好队伍。\n（责任单位：甲局）\n1.培训。研修。\n")
    for words in ("要抓", "队伍。"):
        after = read_plans(plans, corrections=orders(before.items, ("要抓好" if words == "要抓" else "队伍。", {"split": words[1:]})))
        assert characters(after.items) == characters(before.items)


def test_orders_follow_their_file_where_another_has_taken_the_plans_name(plans):
    table = orders(read_plans(plans).items, ("加强管理", {"kind": "note"})).assign(source="望溪区-2024.txt")
    (plans / "a.txt").write_text("望溪区教育局2024年工作要点\n一、体育\n1.办赛。两场。\n2.修场。三处。\n", encoding="utf-8")
    read = read_plans(plans, corrections=table)
    assert row(read, "5.加强管理")["kind"] == "note"
    assert read.settings["corrections"]["not_applied"] == 0


def test_kinds_and_parts_may_be_said_in_chinese(plans):
    table = orders(read_plans(plans).items, ("加强管理", {"kind": "附注"}))
    assert row(read_plans(plans, corrections=table), "5.加强管理")["kind"] == "note"


def test_tables_may_be_workbooks_and_two_of_a_name_are_refused(plans):
    table = orders(read_plans(plans).items, ("加强管理", {"kind": "note"}))
    table.to_excel(plans / "corrections.xlsx", index=False)
    assert row(read_plans(plans), "5.加强管理")["kind"] == "note"
    table.to_csv(plans / "corrections.csv", index=False)
    with pytest.raises(TableError, match="keep one"):
        read_plans(plans)


def test_rows_joined_to_a_row_whose_own_join_is_refused_stay(plans):
    before = _read(plans, "上一篇：无\n名词解释\n1.甲：乙。\n")
    table = pd.DataFrame(
        [
            {"item_id": i, "text_hash": text_hash(t), "join": "是"}
            for i, t in zip(before.items.index[:2], before.items["text"][:2], strict=True)
        ]
    )
    after = read_plans(plans, corrections=table)
    assert characters(after.items) == characters(before.items)
    assert "correction-no-fit" in after.problems["code"].tolist()


LINES = st.lists(
    st.sampled_from([*PLAN.splitlines(), "1\t办好学校的事情\t教育科", "序号\t任务\t责任单位", "（一）课程。要开课。", "一是开课。", "4深化改革", "（责任单位：甲局）", "**要点**"]),
    min_size=1, max_size=14,
)  # fmt: skip
ORDER = st.fixed_dictionaries(
    {
        "at": st.integers(0, 30), "kind": st.sampled_from(["", "", *KINDS]), "part": st.sampled_from(["", "", *PARTS]),
        "title": st.sampled_from(["", "", "-", "加强德育", "首"]), "join": st.sampled_from(["", "", "", "是"]), "cut": st.integers(-9, 12),
    }
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, ordered=st.lists(ORDER, min_size=1, max_size=6, unique_by=lambda o: o["at"]))
def test_no_correction_loses_text_whatever_is_ordered(plans, lines, ordered):
    before = _read(plans, "\n".join(lines) + "\n2024年要点。\n")
    rows = []
    for order in ordered:
        items = before.items
        n = order["at"] % len(items)
        text = items["text"].iloc[n]
        split = text[order["cut"] : order["cut"] + 4] if 0 < order["cut"] < len(text) else ""
        title = text[:3] if order["title"] == "首" else order["title"]
        said = {"kind": order["kind"], "part": order["part"], "title": title, "join": order["join"], "split": split}
        rows.append({"item_id": items.index[n], "text_hash": text_hash(text), **said})
    table = pd.DataFrame(rows).drop_duplicates("item_id")
    after = read_plans(plans, corrections=table)
    assert characters(after.items) == characters(before.items)
    assert after.items.index.is_unique
    named = after.items["outline"][after.items["kind"].isin(["heading", "item"]) & (after.items["outline"] != "")]
    assert named.is_unique
    pd.testing.assert_frame_equal(read_plans(plans, corrections=table).items, after.items)
    carried_out = table.set_index("item_id").drop([m.partition("(")[2].partition(")")[0] for m in unfit(after)])
    kinds = carried_out.loc[carried_out["kind"] != "", "kind"].value_counts()
    assert (after.items["kind"].value_counts().reindex(kinds.index) >= kinds).all()
