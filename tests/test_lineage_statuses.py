"""Hand-made plans of two years with each status at least twice: what became of every item is known."""

import pandas as pd
import pytest
from test_lineage_ledger import plan, said

from policylab.lineage import item_chains, item_ledger, ledger_range, match_items, turnover
from policylab.lineage.ledger import STATUSES

FIRST = {
    "路桥": [
        "拓宽滨河路东段，增设公交专用道2条。",
        "翻修人民桥桥面，更换伸缩缝和护栏。",
        "为老城片区铺设燃气管道，年内通气1200户。更换主干道路灯，全部采用节能光源，亮灯率保持九成八以上。",
        "在火车站广场增设出租车候客通道，安排专人疏导。",
        "开通夜间巴士线路，末班车延长到零点。",
        "整治占道停车，规范共享单车停放点位。",
    ],
    "绿化": [
        "建设口袋公园6座，配齐座椅和健身器材。",
        "疏浚护城河淤泥，修复两岸步道，布设水质监测浮标。推行垃圾定时投放，撤除露天垃圾桶，每个站点配一名督导员。",
        "在中小学门口栽种行道树，养护满三年后移交街道。",
        "开展古树名木普查，逐株挂牌建档。",
        "组织机关干部参加义务植树。",
        "治理餐饮油烟，督促沿街饭店加装净化器。",
        "改造公共厕所，增加无障碍厕位和母婴室。",
        "评选最美阳台，举办月季花展。",
    ],
}
SECOND = {
    "路桥": [
        "拓宽滨河路东段，增设公交专用道3条。",
        "翻修人民桥桥面，更换伸缩缝，加装照明灯带。",
        "为老城片区铺设燃气管道，年内通气1500户。",
        "更换主干道路灯，全部采用节能光源，亮灯率保持九成八以上。",
        "在火车站广场增设出租车候客通道，安排专人疏导。开通夜间巴士线路，末班车延长到零点。",
        "整治占道停车，拆除废弃地锁，公布举报电话，每周张榜通报。",
        "新建换乘停车楼，预留充电接口。",
    ],
    "绿化": [
        "建设口袋公园9座，配齐座椅和健身器材。",
        "疏浚护城河淤泥，修复两岸步道，布设水质监测浮标。",
        "推行垃圾定时投放，撤除露天垃圾桶，每个站点配一名督导员。",
        "在中小学门口栽种行道树，养护满三年后移交街道。开展古树名木普查，逐株挂牌建档。",
        "治理餐饮油烟，督促沿街饭店和夜市摊位清洗管道。",
        "改造公共厕所，延长夜间开放时间，每日张贴保洁记录。",
        "修建鸟类观测屋，招募讲解志愿者。",
    ],
}
FATES = {
    **{("001", "001"): "kept", ("007", "008"): "kept"},
    **{("002", "002"): "revised", ("012", "012"): "revised"},
    **{("003", "003"): "split", ("003", "004"): "split", ("008", "009"): "split", ("008", "010"): "split"},
    **{("004", "005"): "merged", ("005", "005"): "merged", ("009", "011"): "merged", ("010", "011"): "merged"},
    **{("006", "006"): "review", ("013", "013"): "review"},
    **{("011", None): "dropped", ("014", None): "dropped", (None, "007"): "new", (None, "014"): "new"},
}


@pytest.fixture
def items():
    return pd.concat([plan(FIRST, 2023), plan(SECOND, 2024)])


@pytest.fixture
def ledger(items):
    return item_ledger(items)


def test_the_plans_have_each_status_at_least_twice():
    times = pd.Series(FATES).value_counts()
    assert set(times.index) == set(STATUSES)
    assert times.min() == 2


def test_each_status_is_named_wherever_it_stands(ledger):
    assert said(ledger) == FATES


def test_neither_the_order_of_the_items_nor_other_places_change_a_fate(items, ledger):
    turned = pd.concat([plan({name: texts[::-1] for name, texts in side.items()}, year) for side, year in ((FIRST, 2023), (SECOND, 2024))])
    named = ["text_before", "text_after", "status"]
    assert set(item_ledger(turned)[named].astype("str").fillna("").itertuples(index=False, name=None)) == set(
        ledger[named].astype("str").fillna("").itertuples(index=False, name=None)
    )
    both = item_ledger(pd.concat([items, plan(FIRST, 2023, place="乙区"), plan(SECOND, 2024, place="乙区")]))
    assert [said(rows) for _, rows in both.groupby("place")] == [FATES, FATES]


def test_what_was_split_comes_together_again_when_the_years_change_places(items):
    back = said(item_ledger(items.assign(year=2024 + 2023 - items["year"])))
    other = {"split": "merged", "merged": "split", "new": "dropped", "dropped": "new"}
    assert back == {(b, a): other.get(status, status) for (a, b), status in FATES.items()}


def test_turnover_counts_each_status_by_items(ledger):
    row = turnover(ledger).iloc[0]
    assert (row["n_before"], row["n_after"]) == (14, 14)
    assert row[["n_kept", "n_revised", "n_split", "n_merged", "n_review", "n_new", "n_dropped"]].tolist() == [2, 2, 4, 2, 2, 2, 2]
    assert (row["turnover_low"], row["turnover_high"]) == (4 / 28, 8 / 28)


def test_chains_join_the_parts_of_each_split_and_the_sources_of_each_merger(ledger):
    chains = item_chains(ledger)
    joined = {frozenset(ids.str[-8:]) for _, ids in chains.groupby("chain")["item_id"] if len(ids) > 2}
    assert joined == {
        *(frozenset({"2023#003", "2024#003", "2024#004"}), frozenset({"2023#008", "2024#009", "2024#010"})),
        *(frozenset({"2023#004", "2023#005", "2024#005"}), frozenset({"2023#009", "2023#010", "2024#011"})),
    }


def test_matching_and_the_range_of_thresholds_agree_with_the_ledger(items):
    found = match_items(items[items["year"] == 2023], items[items["year"] == 2024])
    ends = zip(found["before_id"].str[-3:], found["after_id"].str[-3:], found["link"], strict=True)
    assert {(a, b): link for a, b, link in ends} == {
        pair: "review" if status == "review" else "linked" for pair, status in FATES.items() if status not in ("new", "dropped")
    }
    counts = ledger_range(items, links=[0.3]).set_index("status")["n"].to_dict()
    assert counts == pd.Series(FATES).value_counts().to_dict()
