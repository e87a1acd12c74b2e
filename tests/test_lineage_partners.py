"""Partners that a person names in the workbook of a ledger, and what hangs on them."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from test_lineage_book import HEADS, NOT_SAME, fill, items, link, problems
from test_lineage_book import ledger as ledger
from test_lineage_book import path as path
from test_lineage_ledger import NEW, OLD, TRUTH, plan, said

import policylab as plab
from policylab.errors import TableError
from policylab.lineage.ledger import COLUMNS

PARTNER, REMARKS = "对应条目 partner", "备注 remarks"


def name(path, values):
    fill(path, values, column=PARTNER)


def without(*pairs):
    """TRUTH without some rows."""
    return {pair: status for pair, status in TRUTH.items() if pair not in pairs}


# ---- a pair that the machine did not find


@pytest.mark.parametrize("word", ["甲区-2024#009", "#009", "009", 9, "＃9", "→甲区-2024#009", " 甲区-2024#009 "])
def test_a_dropped_item_goes_on_in_the_new_one_that_is_named_by_its_id_its_number_or_the_id_of_its_row(path, ledger, word):
    name(path, {link("005", None): word})
    back = plab.read_ledger(path)
    assert said(back) == without(("005", None), (None, "009")) | {("005", "009"): "revised"}
    made = back[back["link_id"] == link("005", "009")].iloc[0]
    assert (made["decided"], made["moved"], made["numbers_changed"]) == ("the same item", True, False)
    assert (made["text_before"], made["text_after"]) == (OLD["一"][4], NEW["二"][4])
    assert (made["section_before"], made["section_after"]) == ("办好人民满意的教育", "守住安全底线")
    assert (made["place"], made["year_before"], made["year_after"]) == ("甲区", 2023, 2024)
    assert pd.isna(made["score"])
    assert back["link_id"].tolist().index(link("005", "009")) == 4
    assert (back.attrs["settings"]["linked_by_hand"], back.attrs["problems"]) == (1, [])
    assert back.dtypes.astype(str).drop(["decided", "remarks"]).to_dict() == ledger.dtypes.astype(str).to_dict()


@pytest.mark.parametrize("ends", [{link(None, "009"): "#5"}, {link(None, "009"): "#5", link("005", None): "#9"}])
def test_the_new_item_may_name_the_dropped_one_or_both_each_other(path, ends):
    name(path, ends)
    assert said(plab.read_ledger(path)) == without(("005", None), (None, "009")) | {("005", "009"): "revised"}


def test_an_item_that_has_a_partner_already_is_then_merged_or_split(path):
    name(path, {link("005", None): "#3", link(None, "009"): "#4"})
    back = plab.read_ledger(path)
    assert said(back) == without(("005", None), (None, "009")) | {
        **{("003", "003"): "merged", ("005", "003"): "merged", ("004", "008"): "split", ("004", "009"): "split"}
    }
    assert back["decided"].notna().sum() == 2


def test_items_with_the_same_words_are_kept_whoever_joined_them(path):
    fill(path, {link("001", "001"): NOT_SAME})
    first = plab.read_ledger(path)
    assert said(first)["001", None] == "dropped"
    plab.write_ledger(first, path.with_name("second.xlsx"))
    name(path.with_name("second.xlsx"), {link("001", None): "#1"})
    back = plab.read_ledger(path.with_name("second.xlsx"))
    assert said(back) == TRUTH
    assert back["numbers_changed"][0]
    assert not back["moved"][0]


def test_a_kept_pair_stays_kept_beside_another_source(path):
    name(path, {link("005", None): "#1"})
    fates = said(plab.read_ledger(path))
    assert (fates["001", "001"], fates["005", "001"]) == ("kept", "merged")


def test_several_partners_stand_in_one_cell_with_commas_between(path):
    name(path, {link("005", None): "#004、甲区-2024#009"})
    back = plab.read_ledger(path)
    assert said(back) == without(("005", None), (None, "004"), (None, "009")) | {("005", "004"): "split", ("005", "009"): "split"}
    assert back["link_id"].tolist()[4:6] == [link("005", "004"), link("005", "009")]


def test_a_status_chosen_beside_a_partner_is_that_of_the_pair(path):
    name(path, {link("005", None): "#9", link("007", None): "#3"})
    fill(path, {link("005", None): "保留 kept", link("007", None): "修改 revised"})
    back = plab.read_ledger(path)
    fates = said(back)
    assert (fates["005", "009"], fates["007", "003"], fates["003", "003"]) == ("kept", "revised", "merged")
    assert back.attrs["settings"]["overruled"] == 0
    assert back.set_index("link_id")["decided"].dropna().to_dict() == {link("005", "009"): "kept", link("007", "003"): "revised"}


def test_a_pair_that_is_wrong_is_replaced_by_the_right_one_in_its_own_row(path):
    fill(path, {link("003", "003"): NOT_SAME})
    fill(path, {link("003", "003"): "对象换了"}, column=REMARKS)
    name(path, {link("003", "003"): "甲区-2024#009"})
    back = plab.read_ledger(path)
    assert said(back) == without(("003", "003"), (None, "009")) | {("003", "009"): "revised", (None, "003"): "new"}
    assert back.set_index("link_id")["remarks"].dropna().to_dict() == {link("003", "009"): "对象换了", link(None, "003"): "对象换了"}


def test_remarks_of_both_ends_are_kept_on_the_pair(path):
    name(path, {link("005", None): "#9"})
    fill(path, {link("005", None): "活动改了名", link(None, "009"): "见上"}, column=REMARKS)
    assert plab.read_ledger(path)["remarks"].dropna().tolist() == ["活动改了名；见上"]


def test_chains_turnover_and_a_second_round_take_pairs_made_by_hand(path):
    name(path, {link("005", None): "#9"})
    back = plab.read_ledger(path)
    row = plab.turnover(back).iloc[0]
    assert (row["n_before"], row["n_after"], row["n_new"], row["n_dropped"], row["n_revised"]) == (10, 9, 1, 2, 3)
    chain = plab.item_chains(back).set_index("item_id")["chain"]
    assert chain["甲区-2023#005"] == chain["甲区-2024#009"]
    plab.write_ledger(back, path.with_name("second.xlsx"))
    name(path.with_name("second.xlsx"), {link("007", None): "#9"})
    again = plab.read_ledger(path.with_name("second.xlsx"))
    assert (said(again)["005", "009"], said(again)["007", "009"]) == ("merged", "merged")
    assert again.attrs["settings"]["linked_by_hand"] == 2


# ---- what hangs on the links of others


def test_a_pair_to_be_judged_that_is_confirmed_makes_the_other_link_of_its_item_a_split(ledger, tmp_path):
    plab.write_ledger(ledger.assign(status=ledger["status"].astype(str).replace("revised", "review")), tmp_path / "l.xlsx")
    name(tmp_path / "l.xlsx", {link(None, "009"): "#3"})
    first = plab.read_ledger(tmp_path / "l.xlsx")
    assert (said(first)["003", "003"], said(first)["003", "009"]) == ("review", "revised")
    fill(tmp_path / "l.xlsx", {link("003", "003"): "修改 revised"})
    back = plab.read_ledger(tmp_path / "l.xlsx")
    assert (said(back)["003", "003"], said(back)["003", "009"]) == ("revised", "split")


def sectioned(pairs_of):
    """Three items of one section that went on in two sections of other names, and what may be moved."""
    a, b, c = OLD["一"][0], OLD["二"][1], OLD["二"][2]
    made = plab.item_ledger(pd.concat([plan({"教育优先": [a, b, c]}, 2023), plan({"立德树人": [a], "平安校园": [b, c]}, 2024)]))
    return made, {row["link_id"]: row["moved"] for _, row in pairs_of(made).dropna(subset="moved").iterrows()}


def test_moved_is_found_again_where_the_links_that_name_the_counterpart_are_gone(tmp_path):
    made, moved = sectioned(lambda ledger: ledger)
    assert moved == {link("001", "001"): True, link("002", "002"): False, link("003", "003"): False}
    plab.write_ledger(made, tmp_path / "l.xlsx")
    fill(tmp_path / "l.xlsx", {link("002", "002"): NOT_SAME, link("003", "003"): NOT_SAME})
    _, moved = sectioned(lambda _: plab.read_ledger(tmp_path / "l.xlsx"))
    assert moved == {link("001", "001"): False}


def test_moved_is_found_again_as_the_ledger_finds_it_where_links_were_made(tmp_path):
    made, _ = sectioned(lambda ledger: ledger)
    plab.write_ledger(made, tmp_path / "l.xlsx")
    fill(tmp_path / "l.xlsx", {link("002", "002"): NOT_SAME, link("003", "003"): NOT_SAME})
    plab.write_ledger(plab.read_ledger(tmp_path / "l.xlsx"), tmp_path / "second.xlsx")
    name(tmp_path / "second.xlsx", {link("002", None): "#2", link(None, "003"): "#3"})
    back = plab.read_ledger(tmp_path / "second.xlsx")
    pd.testing.assert_frame_equal(back[list(COLUMNS)].drop(columns="score"), made.drop(columns="score"))


# ---- what is refused, and what is never applied


@pytest.mark.parametrize(
    ("row", "word", "message"),
    [
        (
            ("005", None),
            "甲区-2024#010",
            r"'甲区-2024#010' stands in no row of this workbook as an item of 甲区 in 2024\. .* such as '甲区-2024#00",
        ),
        (("005", None), "某一条", r"'某一条' stands in no row of this workbook as an item of 甲区 in 2024"),
        (("005", None), "甲区-2023#007", r"is no item of 甲区 in 2024 but of 甲区 in 2023"),
        ((None, "009"), "甲区-2024#004", r"is no item of 甲区 in 2023 but of 甲区 in 2024"),
        (("005", None), "甲区-2025#001", r"is no item of 甲区 in 2024 but of 甲区 in 2025"),
        (("005", None), "#4 #77", r"'#77' stands in no row"),
        (("006", "005"), "#1", r"'#1' may be 甲区-2024#001 or 甲区-2023#001\. Give the whole id"),
        (("006", "005"), "甲区-2024#006", r"甲区-2023#006→甲区-2024#006 is a row already\. Choose its status there"),
    ],
)
def test_a_partner_that_cannot_be_is_refused_with_its_row_and_what_is_allowed(tmp_path, row, word, message):
    plab.write_ledger(plab.item_ledger(pd.concat([items(), plan({"三": ["修缮校门。"]}, 2025)])), tmp_path / "l.xlsx")
    name(tmp_path / "l.xlsx", {link(*row): word})
    with pytest.raises(TableError, match=rf"'l\.xlsx', row \d+, 对应条目 partner: .*{message}"):
        plab.read_ledger(tmp_path / "l.xlsx")


def test_a_number_that_several_documents_of_a_year_have_is_refused(tmp_path):
    second = plan({"三": ["修缮校门和围墙。"]}, 2024).assign(plan="甲区-2024-2").rename(index={"甲区-2024#001": "甲区-2024-2#001"})
    plab.write_ledger(plab.item_ledger(pd.concat([items(), second])), tmp_path / "l.xlsx")
    name(tmp_path / "l.xlsx", {link("005", None): "#1"})
    with pytest.raises(TableError, match=r"'#1' may be 甲区-2024#001 or 甲区-2024-2#001"):
        plab.read_ledger(tmp_path / "l.xlsx")
    name(tmp_path / "l.xlsx", {link("005", None): "甲区-2024-2#001"})
    assert "甲区-2023#005→甲区-2024-2#001" in plab.read_ledger(tmp_path / "l.xlsx")["link_id"].tolist()


@pytest.mark.parametrize(
    ("chosen", "partners", "message"),
    [
        ({link("005", None): "删去 dropped"}, {link("005", None): "#9"}, r"the row names a partner and is called dropped"),
        ({link("005", None): NOT_SAME}, {link("005", None): "#9"}, r"the row names a partner and is called not the same item"),
        ({link(None, "009"): "新增 new"}, {link("005", None): "#9"}, r"甲区-2024#009 is called new in its own row"),
        (
            {link("005", None): "保留 kept", link(None, "009"): "修改 revised"},
            {link("005", None): "#9", link(None, "009"): "#5"},
            r"row 14, .* the pair is called revised here, kept in row 6",
        ),
        ({link("003", "003"): NOT_SAME}, {link("003", "003"): "甲区-2024#003"}, r"is a row already"),
    ],
)
def test_entries_that_contradict_each_other_are_refused(path, chosen, partners, message):
    fill(path, chosen)
    name(path, partners)
    with pytest.raises(TableError, match=message):
        plab.read_ledger(path)


def test_a_partner_in_a_row_that_was_changed_or_of_an_item_that_was_is_told_and_not_applied(path, ledger):
    name(path, {link("005", None): "#9", link("007", None): "#4"})
    fill(path, {link("005", None): "别的文字。"}, column="前一年的文本 text before")
    fill(path, {link(None, "004"): "别的文字。"}, column="后一年的文本 text after")
    back = plab.read_ledger(path)
    assert problems(back) == [
        (link("005", None), "the text of the before-year item is not the one that was written"),
        (link(None, "004"), "the text of the after-year item is not the one that was written"),
        (link("007", "004"), "the partner 甲区-2024#004 stands in no row that can be used"),
    ]
    assert back.attrs["problems"][-1]["row"] == ledger["link_id"].tolist().index(link("007", None)) + 2
    pd.testing.assert_frame_equal(back[list(COLUMNS)], ledger)
    assert back["decided"].isna().all()


def test_a_partner_whose_text_has_changed_since_is_not_linked(path, ledger):
    name(path, {link("005", None): "#9"})
    now = items()
    now.loc["甲区-2024#009", "text"] = "改过的文字。"
    back = plab.read_ledger(path, items=now)
    assert problems(back)[-1] == (link("005", "009"), "the partner 甲区-2024#009 stands in no row that can be used")
    pd.testing.assert_frame_equal(back[list(COLUMNS)], ledger)


def test_a_partner_outside_the_rows_that_were_written_is_told_to_be_outside_them(ledger, tmp_path):
    plab.write_ledger(ledger[ledger["status"].isin(["dropped"])], tmp_path / "l.xlsx")
    name(tmp_path / "l.xlsx", {link("005", None): "甲区-2024#009"})
    with pytest.raises(
        TableError, match=r"stands in no row of this workbook as an item of 甲区 in 2024\. .*write one of all rows of the place"
    ):
        plab.read_ledger(tmp_path / "l.xlsx")


def test_a_status_chosen_at_the_other_end_than_the_partner_is_told_where_to_choose_it(path, ledger):
    name(path, {link("005", None): "#9"})
    fill(path, {link(None, "009"): "保留 kept", link(None, "004"): "保留 kept"})
    back = plab.read_ledger(path)
    assert said(back)["005", "009"] == "revised"
    row = ledger["link_id"].tolist().index(link("005", None)) + 2
    hints = {p["link_id"]: p["hint"] for p in back.attrs["problems"]}
    assert hints[link(None, "009")] == f"Row {row} names its partner: choose the status in row {row}."
    assert hints[link(None, "004")].startswith("Give its partner under")


def without_column(path, head, *, called=None):
    """A workbook whose column of that name is gone, or called otherwise."""
    book = load_workbook(path)
    at = HEADS.index(head) + 1
    if called:
        book.worksheets[0].cell(1, at).value = called
    else:
        book.worksheets[0].delete_cols(at)
    book.save(path)


def test_a_workbook_written_before_there_was_a_column_of_partners_is_read(path, ledger):
    fill(path, {link("003", "003"): NOT_SAME})
    without_column(path, PARTNER)
    back = plab.read_ledger(path)
    assert said(back)["003", None] == "dropped"
    assert back.attrs["problems"] == []


def test_a_column_of_partners_under_another_name_is_not_passed_over(path):
    without_column(path, PARTNER, called="对应条目（另一年）")
    with pytest.raises(TableError, match="'对应条目 partner' is not there once"):
        plab.read_ledger(path)


@pytest.mark.parametrize("word", ["无", "没有", "None", "-", "－", " — "])
def test_whoever_writes_that_there_is_no_partner_names_none(path, ledger, word):
    name(path, dict.fromkeys(ledger["link_id"], word))
    back = plab.read_ledger(path)
    assert (said(back), back.attrs["problems"], back.attrs["settings"]["linked_by_hand"]) == (TRUTH, [], 0)


def test_a_pair_made_by_hand_and_undone_is_no_pair_made_by_hand(path):
    name(path, {link("005", None): "#9", link("007", None): "#4"})
    second = path.with_name("second.xlsx")
    plab.write_ledger(plab.read_ledger(path), second)
    fill(second, {link("005", "009"): NOT_SAME})
    back = plab.read_ledger(second)
    assert said(back) == without(("007", None), (None, "004")) | {("007", "004"): "revised"}
    assert back.attrs["settings"]["linked_by_hand"] == 1


sentences = st.lists(st.text("教育学校安全建设推进加强，。12 =\n", max_size=30), min_size=1, max_size=6)


@given(old=sentences, new=sentences, later=sentences, seed=st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_whatever_partners_are_named_every_item_keeps_one_fate_and_no_pair_stands_twice(tmp_path_factory, old, new, later, seed):
    path = tmp_path_factory.mktemp("l") / "l.xlsx"
    made = plab.item_ledger(pd.concat([plan({"一": t}, year) for t, year in ((old, 2022), (new, 2023), (later, 2024))]))
    plab.write_ledger(made, path)
    lone = made[made["after_id"].isna()]
    others = {year: made.loc[made["year_after"] == year, "after_id"].dropna().unique().tolist() for year in (2023, 2024)}
    named = {row["before_id"]: seed.choice(others[row["year_after"]]) for _, row in lone.iterrows() if seed.random() < 0.6}
    name(path, {f"{a}→": b for a, b in named.items()})
    back = plab.read_ledger(path)
    assert back["link_id"].is_unique
    assert set(made["link_id"][made["before_id"].notna() & made["after_id"].notna()]) | {f"{a}→{b}" for a, b in named.items()} == set(
        back["link_id"][back["before_id"].notna() & back["after_id"].notna()]
    )
    alone = back["before_id"].isna() | back["after_id"].isna()
    assert (alone == back["status"].isin(["new", "dropped"])).all()
    for side in ("before", "after"):
        assert set(back[f"{side}_id"].dropna()) == set(made[f"{side}_id"].dropna())
        assert not set(back.loc[alone, f"{side}_id"].dropna()) & set(back.loc[~alone, f"{side}_id"])
    assert back["moved"].isna().eq(alone).all()
