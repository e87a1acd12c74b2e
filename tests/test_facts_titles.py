"""What titles and file names say: place, year, issuer, genre, period, series; and when two of them disagree."""

import pandas as pd
import pytest

from policylab import read_plan
from policylab.plans.naming import may_hold, place_in
from policylab.plans.years import name_year, title_year

BODY = (
    "一、立德树人⏎1.加强德育。开展主题活动。⏎2.加强体育。办好各项比赛。⏎二、队伍建设⏎3.加强培训。分层实施计划。⏎4.校园安全。落实各方责任。⏎"
)


def read(tmp_path, head, name):
    path = tmp_path / name
    path.write_text(f"{head}⏎{BODY}".replace("⏎", "\n"), encoding="utf-8")
    return read_plan(path)


@pytest.mark.parametrize(
    ("title", "facts"),
    [
        ("2024年望溪区教育局工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "genre": "工作要点", "series": "教育局工作要点"}),
        ("2010年望溪市人民政府工作报告", {"place": "望溪市", "year": 2010, "issuer": "望溪市人民政府", "genre": "政府工作报告", "series": "政府工作报告"}),
        ("望溪市2024年政府工作报告", {"place": "望溪市", "year": 2024, "genre": "政府工作报告", "series": "政府工作报告"}),
        ("望溪市人民政府2024年工作报告", {"place": "望溪市", "year": 2024, "issuer": "望溪市人民政府", "genre": "政府工作报告", "series": "政府工作报告"}),
        ("2024年望溪市政府工作报告", {"place": "望溪市", "year": 2024, "genre": "政府工作报告", "series": "政府工作报告"}),
        ("关于望溪区2023年国民经济和社会发展计划执行情况与2024年计划草案的报告", {"place": "望溪区", "year": 2024, "genre": "报告"}),
        ("《望溪区教育局2024年工作要点》", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "genre": "工作要点"}),
        ("“望溪区教育局2024年工作要点”", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "genre": "工作要点"}),
        ("望溪区教育局二〇一一年工作要点", {"place": "望溪区", "year": 2011, "issuer": "望溪区教育局"}),
        ("望溪区教育局二O一一年工作要点", {"place": "望溪区", "year": 2011, "issuer": "望溪区教育局"}),
        ("二○二四年望溪区教育局工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局"}),
        ("望溪区教育局二零二四年工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局"}),
        ("望溪区教育局２０２４年工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局"}),
        ("望溪区教育局 2024 年工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局"}),
        ("望溪区教育局2023学年工作计划", {"place": "望溪区", "year": None, "issuer": "望溪区教育局", "genre": "工作计划", "period": "2023学年", "year_start": 2023, "year_end": 2024}),
        ("望溪中学2023-2024学年度第一学期工作计划", {"place": None, "year": None, "issuer": "望溪中学", "genre": "工作计划", "period": "2023-2024学年度第一学期", "year_start": 2023, "year_end": 2024}),
        ("望溪区教育局2024年上半年工作总结和下半年工作安排", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "genre": "工作安排"}),
        ("望溪区教育局2024年下半年工作要点", {"place": "望溪区", "year": 2024, "genre": "工作要点", "period": "2024年下半年"}),
        ("望溪区教育局2024年第二季度工作计划", {"place": "望溪区", "year": 2024, "genre": "工作计划", "period": "2024年第二季度"}),
        ("望溪区教育局2024年3月份工作安排", {"place": "望溪区", "year": 2024, "genre": "工作安排", "period": "2024年3月份"}),
        ("望溪区教育发展三年行动计划（2024—2026年）", {"place": "望溪区", "year": None, "genre": "行动计划", "period": "2024—2026年", "year_start": 2024, "year_end": 2026}),
        ("望溪区2024-2026年教育行动计划", {"place": "望溪区", "year": None, "period": "2024-2026年", "year_start": 2024, "year_end": 2026}),
        ("望溪区“十四五”教育发展规划", {"place": "望溪区", "year": None, "period": "“十四五”", "year_start": 2021, "year_end": 2025}),
        ("望溪区教育事业发展“十三五”规划", {"place": "望溪区", "year": None, "year_start": 2016, "year_end": 2020}),
        ("望溪区教育局“十三五”工作总结和2021年工作要点", {"place": "望溪区", "year": 2021}),
        ("望溪区教育局2023年工作总结和2024年工作计划", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "genre": "工作计划"}),
        ("望溪区教育局2024年工作计划暨2023年工作总结", {"year": 2024}),
        ("望溪区教育局2023年教育事业发展情况(2023年工作总结及2024年工作计划)", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局"}),
        ("望溪区教育局2023年工作总结", {"year": 2023, "issuer": "望溪区教育局", "genre": "工作总结"}),
        ("望溪区国民经济和社会发展第十四个五年规划和2035年远景目标纲要", {"place": "望溪区", "year": None, "year_start": 2021, "year_end": 2025}),
        ("望溪区面向2035年教育现代化实施方案", {"place": "望溪区", "year": None}),
        ("望溪区贯彻落实《教育法（2021年修订）》2024年工作方案", {"place": "望溪区", "year": 2024}),
        ("望溪区庆祝建校（1949年）75周年2024年工作方案", {"place": "望溪区", "year": 2024}),
        ("望溪区教育局20⏎24年工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局"}),
        ("望溪区教育局2024⏎年工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局"}),
        ("望溪区教育局⏎2024年⏎工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "genre": "工作要点"}),
        ("中共望溪区委教育工作委员会⏎2024年工作要点", {"place": "望溪区", "year": 2024, "issuer": "中共望溪区委教育工作委员会", "genre": "工作要点"}),
        ("望溪区教育局2024年工作要点（征求意见稿）", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "genre": "工作要点"}),
        ("上海市望溪区教育局2024年工作意见", {"place": "望溪区", "year": 2024, "issuer": "上海市望溪区教育局", "genre": "工作意见", "series": "教育局工作意见"}),
        ("望溪县教育局关于2024年工作安排的通知", {"place": "望溪县", "year": 2024, "issuer": "望溪县教育局", "genre": "工作安排"}),
        ("望溪市教育委员会关于2011年下半年教育工作的意见", {"place": "望溪市", "year": 2011, "issuer": "望溪市教育委员会", "genre": "意见", "period": "2011年下半年"}),
        ("广西壮族自治区教育厅2024年工作要点", {"place": "广西壮族自治区", "year": 2024, "issuer": "广西壮族自治区教育厅", "series": "教育厅工作要点"}),
        ("云溪彝族自治州教育体育局2024年工作要点", {"place": "云溪彝族自治州", "year": 2024, "issuer": "云溪彝族自治州教育体育局", "series": "教育体育局工作要点"}),
        ("望溪土家族苗族自治县教育委员会2024年工作要点", {"place": "望溪土家族苗族自治县", "year": 2024, "issuer": "望溪土家族苗族自治县教育委员会"}),
        ("望溪旗教育局2024年工作要点", {"place": "望溪旗", "year": 2024}),
        ("云溪达斡尔族自治旗教育局2024年工作要点", {"place": "云溪达斡尔族自治旗", "year": 2024}),
        ("望溪盟教育局2024年工作要点", {"place": "望溪盟", "year": 2024}),
        ("望溪地区教育局2024年工作要点", {"place": "望溪地区", "year": 2024, "issuer": "望溪地区教育局", "series": "教育局工作要点"}),
        ("新疆生产建设兵团教育局2024年工作要点", {"place": "新疆生产建设兵团", "year": 2024, "series": "教育局工作要点"}),
        ("望溪新区教育局2024年工作要点", {"place": "望溪新区", "year": 2024, "issuer": "望溪新区教育局"}),
        ("望溪经济技术开发区社会事业局2024年工作要点", {"place": "望溪经济技术开发区", "year": 2024, "issuer": "望溪经济技术开发区社会事业局", "series": "社会事业局工作要点"}),
        ("云溪市高新区教育局2024年工作要点", {"place": "云溪市高新区", "year": 2024}),
        ("云州市教育局2024年工作要点", {"place": "云州市", "year": 2024}),
        ("上海市浦东新区教育局2024年工作要点", {"place": "浦东新区", "year": 2024, "issuer": "上海市浦东新区教育局"}),
        ("浙江省云溪市望溪县教育局2024年工作要点", {"place": "望溪县", "year": 2024}),
        ("云溪市市中区教育局2024年工作要点", {"place": "市中区", "year": 2024}),
        ("云溪市城区教育局2024年工作要点", {"place": "城区", "year": 2024}),
        ("教育部2024年工作要点", {"place": "全国", "year": 2024, "issuer": "教育部", "series": "教育部工作要点"}),
        ("国务院办公厅2024年政务公开工作要点", {"place": "全国", "year": 2024, "issuer": "国务院办公厅"}),
        ("红旗小学2024年工作计划", {"place": None, "year": 2024, "issuer": "红旗小学", "genre": "工作计划", "series": "红旗小学工作计划"}),
        ("城市管理局2024年工作要点", {"place": None, "year": 2024}),
        ("市教育局2024年工作要点", {"place": None, "year": 2024, "issuer": "市教育局", "series": "教育局工作要点"}),
        ("2024年区教育局工作要点", {"place": None, "year": 2024, "issuer": "区教育局", "series": "教育局工作要点"}),
        ("2024年全市教育工作要点", {"place": None, "year": 2024}),
        ("幸福社区居委会2024年工作计划", {"place": None, "year": 2024}),
        ("望溪区实验小学2024年工作计划", {"place": "望溪区", "year": 2024, "issuer": "望溪区实验小学", "series": "实验小学工作计划"}),
        ("望溪区中心幼儿园2024年工作计划", {"place": "望溪区", "year": 2024, "issuer": "望溪区中心幼儿园"}),
        ("2024年区域教育协同发展工作要点", {"place": None, "year": 2024}),
        ("望溪区教育局工作要点", {"place": "望溪区", "year": None, "issuer": "望溪区教育局"}),
        ("望溪区云山街道办事处2024年工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区云山街道办事处"}),
        ("中共望溪区委组织部2024年工作要点", {"place": "望溪区", "year": 2024, "issuer": "中共望溪区委组织部", "series": "委组织部工作要点"}),
        ("望溪区人大常委会2024年工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区人大常委会", "series": "人大常委会工作要点"}),
        ("政协望溪区委员会2024年工作要点", {"place": "望溪区", "year": 2024}),
        ("望溪区“十五五”教育规划编制2025年工作方案", {"place": "望溪区", "year": 2025}),
        ("望溪区“十五五”教育发展规划", {"place": "望溪区", "year": None, "year_start": 2026, "year_end": 2030}),
        ("望溪区政府工作报告（2024年）", {"place": "望溪区", "year": 2024}),
        ("附件1：望溪区教育局2024年工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "genre": "工作要点"}),
        ("望溪市第一中学2023—2024学年第二学期教学工作计划", {"place": "望溪市", "year": None, "issuer": "望溪市第一中学", "period": "2023—2024学年第二学期", "year_start": 2023, "year_end": 2024}),
        ("望溪市第一中学2024年春季学期工作计划", {"place": "望溪市", "year": 2024, "issuer": "望溪市第一中学", "period": "2024年春季学期"}),
        ("望溪区教育局二〇二三至二〇二四学年工作计划", {"place": "望溪区", "year": None, "year_start": 2023, "year_end": 2024}),
        ("中共望溪市委 望溪市人民政府关于做好2024年农业农村工作的意见", {"place": "望溪市", "year": 2024, "genre": "意见"}),
        ("望溪区教育局2024工作要点", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "genre": "工作要点"}),
        ("2024望溪区教育工作要点", {"place": "望溪区", "year": 2024, "genre": "工作要点"}),
        ("望溪区教育局2024年2月工作安排", {"place": "望溪区", "year": 2024, "issuer": "望溪区教育局", "period": "2024年2月"}),
        ("望溪大学2024年工作要点", {"place": None, "year": 2024, "issuer": "望溪大学", "series": "望溪大学工作要点"}),
        ("关于望溪区2023年教育工作总结和2024年工作打算的报告", {"place": "望溪区", "year": 2024}),
        ("望溪区贯彻《义务教育课程方案（2022年版）》实施方案", {"place": "望溪区", "year": None, "genre": "实施方案"}),
        ("望溪区到2025年教育发展行动方案", {"place": "望溪区", "year": None}),
        ("望溪区2024名教师培训实施方案", {"place": "望溪区", "year": None}),
    ],
)  # fmt: skip
def test_a_title_gives_what_it_says_and_no_more(tmp_path, title, facts):
    document = read(tmp_path, title, "a.txt").documents.iloc[0]
    assert {name: None if pd.isna(document[name]) else document[name] for name in facts} == facts


@pytest.mark.parametrize(
    ("head", "name", "place", "year", "conflicts"),
    [
        ("望溪区教育局2024年工作要点", "望溪-2024.txt", "望溪区", 2024, []),
        ("静安区教育局2024年工作要点", "上海市-2024.txt", "静安区", 2024, []),
        ("静安区教育局2024年工作要点", "上海-2024.txt", "静安区", 2024, []),
        ("云溪市望溪区教育局2024年工作要点", "云溪市-2024.txt", "望溪区", 2024, []),
        ("云溪市望溪区教育局2024年工作要点", "云溪-2024.txt", "望溪区", 2024, []),
        ("望溪区教育局2024年工作要点", "云溪市望溪区-2024.txt", "望溪区", 2024, []),
        ("望溪区教育局2024年工作要点", "栖梧区-2024.txt", "望溪区", 2024, ["place-conflict"]),
        ("望溪区教育局2024年工作要点", "望溪区-2023.txt", "望溪区", 2024, ["year-conflict"]),
        ("2024年教育工作要点", "望溪区教育局2024年工作要点.txt", "望溪区", 2024, []),
        ("教育工作要点", "2024年望溪区教育工作要点.txt", "望溪区", 2024, []),
        ("望溪区教育局2024年工作要点", "P020240220345678.txt", "望溪区", 2024, []),
        ("望溪区教育局2024年工作要点", "20240220_工作要点.txt", "望溪区", 2024, []),
        ("教育工作要点", "望溪区2024-2026.txt", "望溪区", None, []),
        ("望溪区教育局2023学年工作计划", "望溪区-2023.txt", "望溪区", None, []),
        ("政府工作报告⏎——2023年12月28日在望溪区第九届人民代表大会第一次会议上", "望溪区-2024.txt", "望溪区", 2024, []),
        ("2024年教育工作要点⏎发布时间：2023-12-30", "望溪区-2024.txt", "望溪区", 2024, []),
        ("国务院2024年工作要点", "栖梧区-2024.txt", "全国", 2024, ["place-conflict"]),
        ("教育工作要点", "2024年望溪区教育局工作要点(1).txt", "望溪区", 2024, []),
    ],
)  # fmt: skip
def test_a_file_name_helps_out_and_contradicts_only_where_both_cannot_be_right(tmp_path, head, name, place, year, conflicts):
    plans = read(tmp_path, head, name)
    document = plans.documents.iloc[0]
    assert (document["place"] if pd.notna(document["place"]) else None, None if pd.isna(document["year"]) else document["year"]) == (
        place,
        year,
    )
    assert sorted(code for code in plans.problems["code"] if code.endswith("-conflict")) == conflicts


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("上海市静安区教育局", "静安区"), ("望溪盟教育局", "望溪盟"), ("苏州工业园区教育局", "苏州工业园区"), ("积石山保安族东乡族撒拉族自治县教育局", "积石山保安族东乡族撒拉族自治县"),
        ("沙市区教育局", "沙市区"), ("红旗区教育局", "红旗区"), ("盐城市教育局", "盐城市"), ("全州县教育局", "全州县"), ("国家税务总局望溪区税务局", None), ("农村地区教育", None),
        ("创新示范区建设", None), ("上海市区县教育工作", "上海市"), ("深圳全市教育", None), ("九州教育集团", None), ("中共望溪区委组织部", "望溪区"), ("开发区管委会", None),
    ],
)  # fmt: skip
def test_a_name_of_a_place_is_told_from_words_that_end_like_one(name, place):
    assert place_in(name) == place


@pytest.mark.parametrize(
    ("one", "other", "text", "both"),
    [
        ("上海市", "静安区", "", True), ("静安", "静安区", "", True), ("云溪市", "望溪区", "云溪市望溪区的学校", True),
        ("栖梧区", "望溪区", "栖梧区望溪区", False), ("云溪市", "望溪区", "", False), ("全国", "望溪区", "全国", False),
    ],
)  # fmt: skip
def test_a_place_and_what_it_belongs_to_may_both_be_right(one, other, text, both):
    assert may_hold(one, other, text) is both
    assert may_hold(other, one, text) is both


def test_years_that_no_title_or_file_name_sets_a_plan_for_are_none():
    assert [title_year(t) for t in ("2022年、2023年经费", "（2021年修订）工作规范", "贯彻《办法（2022年版）》的意见")] == [None, None, None]
    assert [name_year(n) for n in ("20240220_要点", "2024-02-20要点", "望溪区2023-2024", "望溪区-2024", "2023学年")] == [
        None,
        None,
        None,
        2024,
        None,
    ]
