"""Numbers in words and figures, years that are none, what is too short to follow, and copies of a few letters."""

import pandas as pd
import pytest
from test_lineage_ledger import plan
from test_lineage_text import plan as named

from policylab.lineage import item_ledger, ledger_range, match_items, origins, view_sources
from policylab.lineage.letters import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("新增幼儿园五所", ["5"]),
        ("培训教师三千五百名，惠及家庭十二万户", ["12万", "3500"]),
        ("改造一百零五条道路、〇个、两座桥", ["0", "105", "2"]),
        ("一是办好第一所学校，第二批一体化建设一些项目，一批队伍", []),
        ("统一台账、每一家企业、一人一策、一条龙、一次性补贴、千家万户、三门峡、城乡二元结构", []),
        ("增强“四个意识”，做到两个维护", []),
        ("投入5000万元、0.5 亿元", ["0.5亿", "5000万"]),
        ("筹集1900-2000套、2000—2500人", ["1900", "2000", "2000", "2500"]),
        ("2021—2025年、2021-2025人才规划、2024-25学年", []),
    ],
)
def test_numbers_are_figures_and_chinese_numerals_before_a_measure_word(text, numbers):
    assert numbers_in(text) == numbers


def test_a_target_in_words_that_moved_is_a_revision_with_changed_numbers():
    texts = {
        2023: "新增公办幼儿园五所，保障随迁子女入园。",
        2024: "新增公办幼儿园八所，保障随迁子女入园。",
        2025: "新增公办幼儿园八所，保障随迁子女入园！",
    }
    found = item_ledger(pd.concat([plan({"一": [text]}, year) for year, text in texts.items()]))
    assert found["status"].tolist() == ["revised", "kept"]
    assert found["numbers_changed"].tolist() == [True, False]


def test_years_that_are_missing_between_two_that_are_compared_are_named():
    text = {"一": ["推进课后服务全覆盖。"]}
    found = item_ledger(pd.concat([plan(text, 2023), plan(text, 2024), plan(text, 2026), plan(text, 2029)]))
    assert found.attrs["notes"] == [
        "甲区, 工作要点: 2024 → 2026, 2025 is missing.",
        "甲区, 工作要点: 2026 → 2029, 2027, 2028 are missing.",
    ]


def test_units_too_short_to_be_linked_are_named():
    items = pd.concat([plan({"一": ["学。", "100%", "推进课后服务全覆盖。"]}, year) for year in (2023, 2024)])
    (note,) = item_ledger(items).attrs["notes"]
    assert note.startswith(
        "4 units have less than two letters beside dates and numbers and cannot be linked: 甲区-2023#001, 甲区-2023#002, "
    )
    assert ledger_range(items).attrs["notes"] == [note]


def test_a_further_part_of_a_split_scores_by_what_the_first_left_over():
    whole = "修订安全管理手册，组织消防演练，排查实验室危险化学品。建立心理辅导站，配备专职心理教师，开通学生热线电话。"
    first, second = whole.split("。")[:2]
    scores = match_items(plan({"一": [whole]}, 2023), plan({"一": [first, second]}, 2024))["score"]
    alone = match_items(plan({"一": [whole]}, 2023), plan({"一": [second if scores[0] < scores[1] else first]}, 2024))["score"]
    assert len(scores) == 2
    assert max(scores) > 0.9  # all of what was left over
    assert alone[0] < 0.9


SHORT = "办好人民教育。"


def test_an_item_of_few_letters_that_is_the_same_as_one_above_is_copied():
    above = named("市-2024", "办好夏令营。", "办好人民教育！", "修桥。", "抓好普法。办好年会。")
    below = named("甲区-2024", SHORT, "修桥。", "办好年会。", "办好人民的教育。", "新建12所。")
    found = origins(pd.concat([above, below]), upstream="市-2024")
    assert found["origin"].tolist() == ["copied", *["unmatched"] * 4]  # 修桥 has two letters; a clause of a unit is not the unit
    assert found["copied_share"].tolist() == [1, 0, 0, 0, 0]
    assert found["source_id"].fillna("").tolist() == ["市-2024#002", "", "", "", ""]
    assert found["measure_share"][0] == 1
    numbers = origins(pd.concat([named("市-2024", "新建学校9所。"), named("甲区-2024", "新建学校12所。")]), upstream="市-2024")
    assert numbers["origin"].tolist() == ["copied"]


def test_a_short_copy_comes_only_from_what_was_issued_earlier_and_is_seen_beside_its_source():
    items = pd.concat([named("省-2024", SHORT), named("市-2024", SHORT), named("甲区-2024", SHORT)])
    documents = pd.DataFrame(
        {"plan": ["省-2024", "市-2024", "甲区-2024"], "issued": ["2024-05-01", "2024-01-01", "2024-02-01"], "year": 2024}
    )
    found = origins(items, upstream=["省-2024", "市-2024"], documents=documents)
    assert found["source_id"].tolist() == ["市-2024#001"]
    seen = view_sources(items, item_id="甲区-2024#001", upstream=["省-2024", "市-2024"], documents=documents, min_chars=12).table
    assert seen["item_id"].tolist() == ["甲区-2024#001", "市-2024#001"]
    assert seen["marked"].tolist() == ["⟦办好人民教育⟧。"] * 2


def test_a_short_item_that_is_a_slogan_only_is_copied_but_no_measure():
    items = pd.concat([named("市-2024", "“双减双升”！"), named("甲区-2024", "“双减双升”。")]).assign(place=["市", "甲区"])
    row = origins(items, upstream="市-2024").iloc[0]
    assert row[["origin", "measure_origin"]].tolist() == ["copied", "unmatched"]
