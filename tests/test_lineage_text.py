"""Passages that plans share, and items copied from above: made texts whose shares are counted by hand."""

import pandas as pd
import pytest

from policylab.errors import ArgumentError, FrameError
from policylab.lineage import drop_copied, origins, shared_text

MEASURE = "实施学前教育普及普惠行动计划，新增公办园学位2000个，"  # 22 letters and a number; 28 characters
OTHER = "深化殡葬移风易俗改革，建设节地生态公墓，"  # 18 letters; 20 characters
OWN = "整治背街小巷环境卫生，增设口袋公园。"


def plan(name, *texts, **facts):
    """An items frame of one plan with these texts."""
    frame = pd.DataFrame({"plan": name, "kind": "item", "part": "plan", "text": list(texts), **facts})
    frame.index = [f"{name}#{n:03d}" for n in range(1, len(texts) + 1)]
    return frame


def test_a_shared_passage_is_found_where_it_stands():
    items = pd.concat([plan("甲区-2024", f"要{MEASURE}办好运动会。"), plan("乙区-2024", "排查隐患。", f"今年{MEASURE}修桥。")])
    row = shared_text(items).iloc[0]
    assert row[["a_id", "b_id"]].tolist() == ["乙区-2024#002", "甲区-2024#001"]
    assert items["text"][row["a_id"]][row["a_start"] : row["a_end"]] == row["text"] == MEASURE[:-1]
    assert items["text"][row["b_id"]][row["b_start"] : row["b_end"]] == MEASURE[:-1]
    assert row["n_chars"] == 23  # 22 letters, and the number counts as one
    assert len(shared_text(items)) == 1


def test_another_number_or_comma_does_not_hide_a_passage_and_a_small_edit_does_not_cut_it():
    a = "推进城乡义务教育优质均衡发展，新建学校12所，改造提升寄宿制学校食堂宿舍条件。"
    b = "推进城乡义务教育优质均衡发展新建学校9所；同时改造提升寄宿制学校食堂宿舍条件！"
    found = shared_text(pd.concat([plan("甲区-2024", a), plan("乙区-2024", b)]))
    assert found["n_chars"].tolist() == [35]  # 14 + 5 + a number, then 15
    assert found["text"].tolist() == [b[:-1]]


def test_passages_within_one_plan_or_below_the_least_length_are_not_listed():
    assert shared_text(plan("甲区-2024", MEASURE, MEASURE)).empty
    two = pd.concat([plan("甲区-2024", "新增公办园学位两千个甲"), plan("乙区-2024", "新增公办园学位两千个乙")])
    assert shared_text(two).empty
    assert shared_text(two, min_chars=10)["text"].tolist() == ["新增公办园学位两千个"]
    assert list(shared_text(two)) == list(shared_text(two, min_chars=10))


def test_a_passage_of_three_plans_is_listed_for_each_two():
    found = shared_text(pd.concat([plan(f"{p}区-2024", MEASURE) for p in "ABC"]))
    assert [a[0] + b[0] for a, b in zip(found["a_id"], found["b_id"], strict=True)] == ["AB", "AC", "BC"]
    assert found["n_chars"].tolist() == [23] * 3


def test_runs_too_short_to_mean_anything_are_refused():
    with pytest.raises(ArgumentError, match="min_chars=3"):
        shared_text(plan("甲区-2024", MEASURE), min_chars=3)


def test_copied_adapted_and_own_items_are_told_apart_and_their_shares_counted():
    above = plan("市-2024", MEASURE + OTHER, "办好省运会开幕式。")
    below = plan("甲区-2024", MEASURE.replace("2000", "300") + OTHER, MEASURE + OWN + OWN, OWN)
    found = origins(pd.concat([above, below]), upstream="市-2024")
    assert found["origin"].tolist() == ["copied", "adapted", "unmatched"]
    assert found["copied_share"].tolist() == pytest.approx([1, len(MEASURE) / (len(MEASURE) + 2 * len(OWN)), 0], abs=1e-6)
    assert found["source_id"].fillna("").tolist() == ["市-2024#001", "市-2024#001", ""]


def test_short_clauses_count_once_a_longer_run_has_led_to_their_source():
    source = "完善积分落户政策体系，优化居住证申领流程。抓好普法。办好年会。"
    item = "完善积分落户政策体系，优化居住证申领流程。种花。抓好普法。"
    found = origins(pd.concat([plan("市-2024", source), plan("甲区-2024", item, "抓好普法。")]), upstream=["市-2024"])
    assert found["copied_share"].tolist() == pytest.approx([(len(item) - len("种花。")) / len(item), 0], abs=1e-6)


def test_an_item_that_joins_two_from_above_was_copied_but_a_phrase_found_anywhere_above_adds_nothing():
    phrase, rest = "坚持党建引领基层治理新路，", "开展冬季操场跑步活动，组织教师合唱。"  # 12 and 16 letters
    above = plan("市-2024", MEASURE, OTHER, f"{phrase}{OWN}", "办好年会。")
    below = plan("甲区-2024", MEASURE + OTHER, rest + phrase + MEASURE)
    found = origins(pd.concat([above, below]), upstream="市-2024")
    assert found["source_id"].tolist() == ["市-2024#001"] * 2
    assert found["copied_share"].tolist() == pytest.approx([1, len(MEASURE) / len(rest + phrase + MEASURE)], abs=1e-6)


def test_a_borrowed_slogan_does_not_make_an_item_adapted():
    slogan = "坚持以人民为中心的发展思想"
    item = f"{slogan}，{OWN * 4}"
    found = origins(pd.concat([plan("市-2024", f"{slogan}，{MEASURE}"), plan("甲区-2024", item)]), upstream="市-2024")
    assert found["copied_share"][0] == pytest.approx(14 / len(item), abs=1e-6)
    assert found["origin"].tolist() == ["unmatched"]


def test_only_what_was_issued_earlier_can_be_a_source():
    items = pd.concat([plan("市-2024", MEASURE), plan("省-2024", MEASURE), plan("甲区-2024", MEASURE), plan("乙区-2023", MEASURE)])
    documents = pd.DataFrame(
        {
            "plan": ["市-2024", "省-2024", "甲区-2024", "乙区-2023"],
            "issued": ["2024-03-01", "2024-01-10", "2024-02-01", pd.NA],
            "year": [2024, 2024, 2024, 2023],
        }
    )
    found = origins(items, upstream=["市-2024", "省-2024"], documents=documents).set_index("plan")
    assert found.loc["甲区-2024", ["source_id", "origin"]].tolist() == ["省-2024#001", "copied"]
    assert found.loc["乙区-2023", "origin"] == "unmatched"
    assert found.attrs["notes"] == []
    undated = origins(items, upstream="省-2024", documents=documents.assign(issued=pd.NA)).set_index("plan")
    assert undated["origin"].astype(str).to_dict() == dict.fromkeys(["市-2024", "甲区-2024", "乙区-2023"], "unmatched")
    assert len(undated.attrs["notes"]) == 2
    assert "a date of issue is missing" in undated.attrs["notes"][0]


def test_a_plan_that_is_not_there_is_named_with_its_likeliest_meaning():
    items = pd.concat([plan("市-2024", MEASURE), plan("甲区-2024", MEASURE)])
    with pytest.raises(ArgumentError, match=r"'市-2042'; did you mean 市-2024"):
        origins(items, upstream="市-2042")
    with pytest.raises(ArgumentError, match="0 < adapted ≤ copied ≤ 1"):
        origins(items, upstream="市-2024", copied=0.1)
    with pytest.raises(FrameError, match="no column issued"):
        origins(items, upstream="市-2024", documents=pd.DataFrame({"plan": ["市-2024"]}))


def test_where_nothing_or_nobody_is_compared_the_table_has_its_columns():
    items = plan("市-2024", MEASURE)
    assert origins(items, upstream="市-2024").empty
    alone = origins(pd.concat([items, plan("甲区-2024", "修桥。", "12")]), upstream="市-2024")
    assert alone["copied_share"].tolist() == [0, 0]
    assert list(alone)[:5] == ["item_id", "plan", "copied_share", "source_id", "origin"]
    assert list(alone) == list(origins(items, upstream="市-2024"))


def test_without_what_was_copied_an_item_goes_with_its_points():
    kinds = ["heading", "item", "point", "item", "point", "note"]
    below = plan("甲区-2024", "一、工作", MEASURE, OTHER, OWN, "一是修桥。", "注：略。").assign(kind=kinds)
    items = pd.concat([plan("市-2024", MEASURE + OTHER), below])
    kept = drop_copied(items, origins(items, upstream="市-2024"))
    assert kept["text"].tolist() == [MEASURE + OTHER, "一、工作", OWN, "一是修桥。", "注：略。"]
    with pytest.raises(FrameError, match="items does not have"):
        drop_copied(below.iloc[3:], origins(items, upstream="市-2024"))
