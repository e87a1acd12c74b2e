"""The workbook of a ledger: what a person sees, what is read back, and what is never applied."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from test_lineage_ledger import NEW, OLD, TRUTH, plan, said

import policylab as plab
from policylab import workbooks
from policylab.errors import ArgumentError, DamagedFileError, FormatError, FrameError, MissingFileError, TableError, UnsafeFileError
from policylab.lineage import book as book_module
from policylab.lineage.ledger import COLUMNS
from policylab.lineage.marking import changes

NOT_SAME = "不是同一条 not the same item"
HEADS = ["编号 link_id", "地区 place", "前一年 year before", "后一年 year after", "状态 status", "分数 score"]
HEADS += [
    "前一年的文本 text before",
    "后一年的文本 text after",
    "换了部分 moved",
    "数字变了 numbers changed",
    "改判 overrule",
    "对应条目 partner",
    "备注 remarks",
]
HEADS += ["前文校验码 hash before", "后文校验码 hash after"]


def items():
    return pd.concat([plan(OLD, 2023), plan(NEW, 2024)])


@pytest.fixture
def ledger():
    return plab.item_ledger(items())


@pytest.fixture
def path(ledger, tmp_path):
    """A workbook that nobody has filled in yet."""
    plab.write_ledger(ledger, tmp_path / "ledger.xlsx")
    return tmp_path / "ledger.xlsx"


def link(before, after):
    return f"{f'甲区-2023#{before}' if before else ''}→{f'甲区-2024#{after}' if after else ''}"


def fill(path, values, column="改判 overrule"):
    """Do what a person does: open the workbook, write into a column by link_id, save."""
    book = load_workbook(path)
    page = book.worksheets[0]
    at = HEADS.index(column) + 1
    for row in range(2, page.max_row + 1):
        if page.cell(row, 1).value in values:
            page.cell(row, at).value = values[page.cell(row, 1).value]
    book.save(path)


def problems(ledger):
    return [(p["link_id"], p["problem"]) for p in ledger.attrs["problems"]]


# ---- what a person sees


def test_a_row_for_each_row_of_the_ledger_in_its_order(path, ledger):
    page = load_workbook(path).worksheets[0]
    rows = [[c.value for c in row] for row in page.iter_rows()]
    assert rows[0] == HEADS
    assert [r[0] for r in rows[1:]] == ledger["link_id"].tolist()
    assert rows[1][1:6] == ["甲区", 2023, 2024, "保留 kept", 1]
    assert rows[1][6:8] == [OLD["一"][0], NEW["一"][0]]
    assert rows[1][8:13] == ["否 no", "是 yes", None, None, None]
    dropped = next(r for r in rows if r[0] == link("005", None))
    assert (dropped[4], dropped[7:10], dropped[14]) == ("删去 dropped", [None] * 3, None)
    assert page.freeze_panes == "B2"


def marked(cell):
    """The pieces in red and whether they are struck through."""
    return [(p.text, bool(p.font.strike)) for p in cell.value if p.font.color is not None and p.font.color.rgb == "FFFF0000"]


def test_changes_are_in_red_struck_through_in_the_earlier_text(path):
    page = load_workbook(path, rich_text=True).worksheets[0]
    kept, revised = next(page.iter_rows(min_row=2, max_row=2)), next(page.iter_rows(min_row=4, max_row=4))
    assert (marked(kept[6]), marked(kept[7])) == ([("5", True), ("1500", True)], [("8", False), ("2400", False)])
    assert marked(revised[6]) == [("退休教师", True)]
    assert marked(revised[7]) == [("二", False), ("大学生志愿者", False)]


def test_equal_letters_inside_a_change_are_no_islands():
    assert changes("甲乙丙丁戊己", "甲乙丙辰丁午戊己庚") == (
        [("甲乙丙", False), ("丁戊己", True)],
        [("甲乙丙", False), ("辰丁午戊己庚", True)],
    )
    assert changes("同", "同") == ([("同", False)], [("同", False)])
    assert changes("", "新") == ([], [("新", True)])


@given(a=st.text("教育学校安全，。12 a\n", max_size=40), b=st.text("教育学校安全，。12 a\n", max_size=40))
@settings(max_examples=200, deadline=None)
def test_the_pieces_of_a_text_give_it_back_and_the_equal_ones_are_equal(a, b):
    before, after = changes(a, b)
    assert ("".join(t for t, _ in before), "".join(t for t, _ in after)) == (a, b)
    assert "".join(t for t, changed in before if not changed) == "".join(t for t, changed in after if not changed)


def test_the_status_is_overruled_from_a_list_that_the_guide_names_in_both_languages(path):
    book = load_workbook(path)
    page, guide, copy = book.worksheets
    listed, named = page.data_validations.dataValidation
    first, last = (int(part.rpartition("$")[2]) for part in listed.formula1.split("!")[1].split(":"))
    assert [guide.cell(row, 1).value for row in range(first, last + 1)] == [
        *("保留 kept", "修改 revised", "拆分 split", "合并 merged", "新增 new", "删去 dropped", NOT_SAME)
    ]
    assert (str(listed.sqref), listed.showErrorMessage, str(named.sqref)) == ("K2:K14", True, "L2:L14")
    assert guide["A1"].value.startswith("每行是")
    assert guide["A8"].value.startswith("Each row is")
    assert copy.sheet_state == "hidden"


def test_the_columns_to_be_filled_in_stand_out_and_no_head_or_hint_is_cut_off(path):
    page = load_workbook(path).worksheets[0]
    heads = next(page.iter_rows(max_row=1))
    assert [c.value for c in heads if c.fill.fill_type] == ["改判 overrule", "对应条目 partner", "备注 remarks"]
    assert all(c.alignment.wrap_text for c in heads)
    for cell in heads:  # a Chinese letter takes two columns; a head has two lines
        taken = sum(1 + (ord(sign) > 0x2E7F) for sign in cell.value)
        assert taken < 2 * page.column_dimensions[cell.column_letter].width
    for hint in page.data_validations.dataValidation:  # what Excel shows of it
        assert 0 < len(hint.prompt) <= 255
        assert 0 < len(hint.promptTitle) <= 32
    assert (page.print_title_rows, page.page_setup.orientation) == ("$1:$1", "landscape")


def test_rows_to_be_judged_stand_out(ledger, tmp_path):
    plab.write_ledger(ledger.assign(status=ledger["status"].astype(str).replace("revised", "review")), tmp_path / "l.xlsx")
    page = load_workbook(tmp_path / "l.xlsx").worksheets[0]
    filled = [page.cell(row, 1).value for row in range(2, page.max_row + 1) if page.cell(row, 5).fill.fill_type]
    assert filled == [link("003", "003"), link("004", "008")]


def test_no_text_becomes_a_formula(tmp_path):
    before, after = ({"一": [f"{lead}HYPERLINK(1)增加学位若干个{year}" for lead in "=+-@＝"]} for year in "甲乙")
    plab.write_ledger(plab.item_ledger(pd.concat([plan(before, 2023, place="=1+1"), plan(after, 2024, place="=1+1")])), tmp_path / "l.xlsx")
    for page in load_workbook(tmp_path / "l.xlsx").worksheets:
        assert {c.data_type for row in page.iter_rows() for c in row} <= {"s", "n"}
    assert plab.read_ledger(tmp_path / "l.xlsx")["place"].unique().tolist() == ["=1+1"]


def test_the_same_ledger_gives_the_same_bytes_and_a_persons_work_is_not_overwritten(path, ledger):
    was = path.read_bytes()
    plab.write_ledger(ledger, path)
    assert path.read_bytes() == was
    fill(path, {link("003", "003"): "保留 kept"})
    worked = path.read_bytes()
    with pytest.raises(ArgumentError, match="may hold somebody's work on the ledger"):
        plab.write_ledger(ledger, path)
    assert path.read_bytes() == worked


def test_what_is_no_ledger_is_not_written(ledger, tmp_path):
    with pytest.raises(ArgumentError, match=r"\.csv is no format of ledgers"):
        plab.write_ledger(ledger, tmp_path / "l.csv")
    with pytest.raises(FrameError, match="no column score"):
        plab.write_ledger(ledger.drop(columns="score"), tmp_path / "l.xlsx")
    with pytest.raises(FrameError, match="twice"):
        plab.write_ledger(pd.concat([ledger, ledger]), tmp_path / "l.xlsx")
    with pytest.raises(FrameError, match="status 'gone'"):
        plab.write_ledger(ledger.assign(status="gone"), tmp_path / "l.xlsx")
    with pytest.raises(ArgumentError, match="a cell holds 32,767"):
        plab.write_ledger(ledger.assign(text_after="长" * 32_768), tmp_path / "l.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_ledger_too_large_to_be_read_back_is_refused_with_the_way_to_go(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(book_module, "MAX_ELEMENTS", 100)
    with pytest.raises(ArgumentError, match=r"13 rows, more than .* write one for each place"):
        plab.write_ledger(ledger, tmp_path / "l.xlsx")


# ---- what is read back


def test_a_workbook_that_nobody_touched_gives_the_ledger_back(path, ledger):
    back = plab.read_ledger(path, items=items())
    pd.testing.assert_frame_equal(back[list(COLUMNS)], ledger)
    assert back[["decided", "remarks"]].isna().all(axis=None)
    assert back.attrs["problems"] == []
    assert back.attrs["notes"] == ledger.attrs["notes"]
    assert back.attrs["settings"] == {
        **ledger.attrs["settings"],
        "overruled": 0,
        "confirmed": 0,
        "linked_by_hand": 0,
        "review_decided": 0,
        "review_left": 0,
    }


def test_a_pair_that_is_not_the_same_item_becomes_a_dropped_and_a_new_one(path, ledger):
    fill(path, {link("003", "003"): NOT_SAME})
    back = plab.read_ledger(path)
    assert said(back) == {k: v for k, v in TRUTH.items() if k != ("003", "003")} | {("003", None): "dropped", (None, "003"): "new"}
    assert back["link_id"].tolist()[-3:] == [link(None, "003"), link(None, "004"), link(None, "009")]
    assert back["link_id"].tolist()[2] == link("003", None)
    lone = back[back["decided"].notna()]
    assert lone["decided"].tolist() == ["not the same item"] * 2
    assert lone[["score", "moved", "numbers_changed"]].isna().all(axis=None)
    assert lone["text_before"].fillna("").tolist() == [OLD["一"][2], ""]
    assert lone["section_after"].fillna("").tolist() == ["", "办好人民满意的教育"]
    assert back.dtypes.astype(str).drop(["decided", "remarks"]).to_dict() == ledger.dtypes.astype(str).to_dict()
    assert back.attrs["settings"]["overruled"] == 1


@pytest.mark.parametrize("word", ["新增 new", "删去 dropped", "取消", "不是同一条", "Not the same item", " dropped "])
def test_new_or_dropped_of_a_pair_say_the_same_and_half_a_word_will_do(path, word):
    fill(path, {link("003", "003"): word})
    assert said(plab.read_ledger(path))["003", None] == "dropped"


def test_a_split_item_left_with_one_partner_is_no_longer_split(path):
    fill(path, {link("006", "005"): NOT_SAME, link("009", "007"): "合并 merged"})
    back = plab.read_ledger(path)
    assert said(back) == {k: v for k, v in TRUTH.items() if k[0] != "006"} | {("006", "006"): "revised", (None, "005"): "new"}
    assert (back.attrs["settings"]["overruled"], back.attrs["settings"]["confirmed"]) == (1, 1)


def test_rows_to_be_judged_become_links_or_not_and_those_left_are_counted(ledger, tmp_path):
    path = tmp_path / "l.xlsx"
    unsure = ledger.assign(status=ledger["status"].astype(str).replace({"revised": "review", "kept": "review"}))
    plab.write_ledger(unsure, path)
    fill(path, {link("001", "001"): "保留 kept", link("003", "003"): "修改 revised", link("004", "008"): NOT_SAME})
    fill(path, {link("003", "003"): "对象换了，措施没换"}, column="备注 remarks")
    back = plab.read_ledger(path)
    fates = said(back)
    assert (fates["001", "001"], fates["002", "002"], fates["003", "003"], fates["004", None]) == ("kept", "review", "revised", "dropped")
    assert back.attrs["settings"]["review_decided"] == 3
    assert back.attrs["settings"]["review_left"] == 1
    assert back.set_index("link_id")["remarks"].dropna().to_dict() == {link("003", "003"): "对象换了，措施没换"}


def test_turnover_chains_and_plots_take_what_was_read_back(path):
    fill(path, {link("003", "003"): NOT_SAME, link("004", "008"): NOT_SAME})
    back = plab.read_ledger(path)
    row = plab.turnover(back).iloc[0]
    assert (row["n_before"], row["n_after"], row["n_new"], row["n_dropped"]) == (10, 9, 4, 5)
    chain = plab.item_chains(back).set_index("item_id")["chain"]
    assert chain["甲区-2023#003"] != chain["甲区-2024#003"]
    assert len(plab.plot_ledger(back)) == 1
    plt.close("all")


def test_a_second_round_goes_on_from_the_first(path, tmp_path):
    fill(path, {link("003", "003"): NOT_SAME})
    fill(path, {link("003", "003"): "另一件事"}, column="备注 remarks")
    first = plab.read_ledger(path)
    plab.write_ledger(first, tmp_path / "second.xlsx")
    fill(tmp_path / "second.xlsx", {link("004", "008"): "保留 kept"})
    second = plab.read_ledger(tmp_path / "second.xlsx")
    assert second.set_index("link_id")["decided"].dropna().to_dict() == {
        **{link("003", None): "not the same item", link("004", "008"): "kept", link(None, "003"): "not the same item"}
    }
    assert second["remarks"].dropna().tolist() == ["另一件事"] * 2
    assert second.attrs["settings"]["overruled"] == 2


def test_rows_may_be_sorted_and_left_in_any_order(path, ledger):
    book = load_workbook(path)
    page = book.worksheets[0]
    rows = [[c.value for c in row] for row in page.iter_rows(min_row=2)]
    for no, row in enumerate(rows[::-1], start=2):
        for at, value in enumerate(row, start=1):
            page.cell(no, at).value = value
    book.save(path)
    back = plab.read_ledger(path)
    assert back.attrs["problems"] == []
    pd.testing.assert_frame_equal(back[list(COLUMNS)], ledger)


def test_a_workbook_saved_by_excel_which_keeps_all_texts_in_one_place_reads_the_same(path, ledger):
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name).decode() for name in old.namelist()}
    texts = []

    def moved(match):
        texts.append(f"<si>{match[2]}</si>")
        return f'{match[1]}t="s"><v>{len(texts) - 1}</v></c>'

    for name in [n for n in members if n.startswith("xl/worksheets/sheet")]:
        members[name] = re.sub(r'(<c [^>]*)t="inlineStr"[^>]*><is>(.*?)</is></c>', moved, members[name], flags=re.DOTALL)
        assert "inlineStr" not in members[name]
    head = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    members["xl/sharedStrings.xml"] = f"{head}{''.join(texts)}</sst>"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = members["[Content_Types].xml"]
    members["[Content_Types].xml"] = types.replace("</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, text in members.items():
            new.writestr(name, text)
    back = plab.read_ledger(path)
    assert back.attrs["problems"] == []
    pd.testing.assert_frame_equal(back[list(COLUMNS)], ledger)


def test_the_hash_seed_changes_no_byte(path, tmp_path):
    code = "import policylab as plab; from test_lineage_book import items; plab.write_ledger(plab.item_ledger(items()), 'there.xlsx')"
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    search = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": search, "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, check=True)
    assert (tmp_path / "there.xlsx").read_bytes() == path.read_bytes()


sentences = st.lists(st.text("教育学校安全建设推进加强，。12 =\n", max_size=30), max_size=6)


@given(old=sentences, new=sentences, later=sentences, picked=st.sets(st.integers(0, 12)))
@settings(max_examples=8, deadline=None)
def test_whatever_is_overruled_every_item_keeps_one_fate(tmp_path_factory, old, new, later, picked):
    path = tmp_path_factory.mktemp("l") / "l.xlsx"
    made = plab.item_ledger(pd.concat([plan({"一": t}, year) for t, year in ((old, 2022), (new, 2023), (later, 2024))]))
    plab.write_ledger(made, path)
    pairs = made[made["before_id"].notna() & made["after_id"].notna()]["link_id"].tolist()
    chosen = {p: NOT_SAME for n, p in enumerate(pairs) if n in picked}
    untouched = plab.read_ledger(path)
    pd.testing.assert_frame_equal(untouched[list(COLUMNS)], made)
    fill(path, chosen)
    back = plab.read_ledger(path)
    assert back.attrs["problems"] == []
    assert back["link_id"].is_unique
    assert set(back["link_id"]) & set(chosen) == set()
    for side in ("before", "after"):
        assert set(back[f"{side}_id"].dropna()) == set(made[f"{side}_id"].dropna())
    alone = back["before_id"].isna() | back["after_id"].isna()
    assert (alone == back["status"].isin(["new", "dropped"])).all()
    for side in ("before", "after"):
        assert not set(back.loc[alone, f"{side}_id"].dropna()) & set(back.loc[~alone, f"{side}_id"])
    assert len(back) >= len(made)


# ---- what is never applied


@pytest.mark.parametrize(
    ("column", "value", "said_of_it"),
    [
        ("前一年的文本 text before", "别的文字。", "the text of the before-year item is not the one that was written"),
        ("后文校验码 hash after", "abcdefghij", "the text of the after-year item is not the one that was written"),
        ("状态 status", "修改 revised!", "the status was overwritten with '修改 revised!'"),
        ("改判 overrule", "=1+1", "there is a formula in the row, which is not evaluated"),
        ("备注 remarks", '=HYPERLINK("http://x")', "there is a formula in the row, which is not evaluated"),
        ("编号 link_id", "甲区-2023#003→", "the id '甲区-2023#003→' is not in the ledger"),
        ("改判 overrule", "修订", "'修订' is no status"),
    ],
)
def test_a_row_that_was_changed_is_told_and_left_as_the_machine_had_it(path, ledger, column, value, said_of_it):
    fill(path, {link("003", "003"): NOT_SAME})
    fill(path, {link("003", "003"): value}, column=column)
    back = plab.read_ledger(path)
    pd.testing.assert_frame_equal(back[list(COLUMNS)], ledger)
    assert said_of_it in [p for _, p in problems(back)]
    assert back.attrs["problems"][0]["row"] == 4
    assert back.attrs["settings"]["overruled"] == 0


def test_rows_that_stand_twice_or_are_gone_are_told(path, ledger):
    fill(path, {link("003", "003"): link("002", "002")}, column="编号 link_id")
    back = plab.read_ledger(path)
    assert problems(back) == [
        (link("002", "002"), f"the id {link('002', '002')!r} stands 2 times"),
        (link("002", "002"), f"the id {link('002', '002')!r} stands 2 times"),
        (link("003", "003"), "the row is gone from the workbook"),
    ]
    pd.testing.assert_frame_equal(back[list(COLUMNS)], ledger)


def test_an_item_without_a_partner_cannot_be_called_a_link(path, ledger):
    fill(path, {link("005", None): "修改 revised", link(None, "004"): NOT_SAME, link(None, "009"): "新增 new"})
    back = plab.read_ledger(path)
    assert problems(back) == [
        (link("005", None), "an item without a partner cannot be revised"),
        (link(None, "004"), "an item without a partner is no pair"),
    ]
    assert back.attrs["settings"]["confirmed"] == 1
    pd.testing.assert_frame_equal(back[list(COLUMNS)], ledger)


def test_choices_on_texts_that_have_changed_since_are_not_applied(path, ledger):
    fill(path, {link("003", "003"): NOT_SAME, link("004", "008"): NOT_SAME})
    now = items().drop("甲区-2024#004")
    now.loc["甲区-2023#003", "text"] = "改过的文字。"
    back = plab.read_ledger(path, items=now)
    assert problems(back) == [
        (link("003", "003"), "the text of 甲区-2023#003 has changed since the ledger was written"),
        (link(None, "004"), "the text of 甲区-2024#004 is not in items any more"),
    ]
    assert said(back)["003", "003"] == "revised"
    assert said(back)["004", None] == "dropped"
    with pytest.raises(FrameError, match="none of the ledger's items"):
        plab.read_ledger(path, items=plan(OLD, 2023, place="乙区"))


def change_copy(path, cell="H2", value="dropped"):
    book = load_workbook(path)
    book["原件 as written"][cell] = value
    book.save(path)


def without_copy(path):
    book = load_workbook(path)
    del book["原件 as written"]
    book.save(path)


def change_head(path):
    book = load_workbook(path)
    book.worksheets[0]["K1"] = "改判"
    book.save(path)


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60 * 2**20)


@pytest.mark.parametrize(
    ("spoil", "error", "said_of_it"),
    [
        (change_copy, TableError, "was changed"),
        (lambda p: change_copy(p, "R2", "{}"), TableError, "was changed"),
        (lambda p: change_copy(p, "I2", "0.5"), TableError, "was changed"),
        (without_copy, TableError, "gone or was changed"),
        (change_head, TableError, "'改判 overrule' is not there once"),
        (lambda p: p.unlink(), MissingFileError, "does not exist"),
        (lambda p: p.write_text("编号"), FormatError, r"no \.xlsx workbook"),
        (lambda p: p.write_bytes(p.read_bytes()[:900]), DamagedFileError, "broken"),
        (bomb, UnsafeFileError, "would unpack"),
    ],
)
def test_a_workbook_that_is_no_ledger_is_refused_with_the_way_to_go(path, spoil, error, said_of_it):
    spoil(path)
    with pytest.raises(error, match=said_of_it):
        plab.read_ledger(path)


def test_a_workbook_past_the_limit_on_size_is_not_read(path, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_BYTES", 100)
    with pytest.raises(UnsafeFileError, match="A ledger is far smaller"):
        plab.read_ledger(path)


def test_a_ledger_of_no_rows_comes_back_empty(tmp_path):
    empty = plab.item_ledger(plan(OLD, 2023))
    plab.write_ledger(empty, tmp_path / "l.xlsx")
    back = plab.read_ledger(tmp_path / "l.xlsx")
    pd.testing.assert_frame_equal(back[list(COLUMNS)], empty, check_index_type=False)
    assert back.attrs["notes"] == empty.attrs["notes"]
