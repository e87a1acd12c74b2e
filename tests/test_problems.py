"""What a careful assistant would report about plans: doubles, misfiled, cut and damaged texts, odd lengths, lines of web sites."""

import itertools
import random
import re

import pytest

from policylab import comparability, read_plan, read_plans
from policylab.checkup import checkup
from policylab.plans.neighbours import odd_lengths
from policylab.plans.shingles import near_copies

PLACES = ("望溪区", "栖梧区", "鹭汀区", "临渚区", "云浦区", "青岚区")
WORDS = "推进完善加强落实优化课程教研师资评价督导校园安全体育美育劳动阅读社区家庭数字资源学区集团托育食堂操场图书实验科普心理健康毕业招生培训骨干"


def sentence(draw):
    return "".join(draw.choice(WORDS) + draw.choice(WORDS) for _ in range(draw.randint(6, 12))) + "。"


def plan_text(place, year, seed, *, items=12, title=True):
    """A plan like no other: two sections, its words drawn by seed; it names its place, and its year where it has a title."""
    draw = random.Random(seed)
    lines = [f"{place}教育局{year}年工作要点"] if title else []
    for section, start in (("一、立德树人", 1), ("二、队伍建设", items // 2 + 1)):
        lines.append(section)
        lines += [f"{n}.{sentence(draw)}{place[:-1]}各校参与。{sentence(draw)}" for n in range(start, start + items // 2)]
    return "\n".join(lines) + "\n"


def panel(folder, places=PLACES, years=(2022, 2023, 2024), **given):
    for n, (place, year) in enumerate(itertools.product(places, years)):
        (folder / place).mkdir(exist_ok=True)
        (folder / place / f"{year}.txt").write_text(plan_text(place, year, n, **given), encoding="utf-8")


def found(folder):
    problems = read_plans(folder).problems
    return {(p.source, p.code) for p in problems.itertuples() if p.severity != "info"}


def write(folder, source, text):
    (folder / source).write_text(text, encoding="utf-8")


def test_a_sound_panel_gives_no_warning(tmp_path):
    panel(tmp_path)
    assert found(tmp_path) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: t.replace("\n", "\n\n"), "that of"),
        (lambda t: t.replace("2.", "2. "), "that of"),
        (lambda t: t.replace("2023", "2024"), "but for numbers"),
    ],
)
def test_one_text_under_two_names_is_told_with_both_places(tmp_path, change, code):
    panel(tmp_path)
    write(tmp_path, "望溪区/2024.txt", change(plan_text("栖梧区", 2023, 99)))
    write(tmp_path, "栖梧区/2023.txt", plan_text("栖梧区", 2023, 99))
    problems = read_plans(tmp_path).problems
    same = problems[problems["code"] == "same-text"]
    assert same["source"].tolist() == ["栖梧区/2023.txt"]
    assert code in same["message"].item()
    assert "望溪区/2024.txt" in same["message"].item()


def test_a_copy_of_which_a_fifth_was_written_anew_is_told_and_plans_of_their_own_are_not(tmp_path):
    panel(tmp_path)
    lines = plan_text("栖梧区", 2023, 4).replace("栖梧", "鹭汀").splitlines()
    draw = random.Random(5)
    for n in (3, 9):
        lines[n] = lines[n][:2] + sentence(draw) + sentence(draw)
    write(tmp_path, "鹭汀区/2023.txt", "\n".join(lines))
    assert {code for source, code in found(tmp_path) if source in ("栖梧区/2023.txt", "鹭汀区/2023.txt")} == {"nearly-same-text"}


def keep_most(folder, place, seed):
    """Give a place a plan for 2024 that keeps nine of the twelve items of its plan for 2023."""
    lines = (folder / place / "2023.txt").read_text(encoding="utf-8").replace("2023", "2024").splitlines()
    draw = random.Random(seed)
    for n in (3, 6, 10):
        lines[n] = lines[n][:2] + sentence(draw) + sentence(draw)
    write(folder, f"{place}/2024.txt", "\n".join(lines))


def test_what_places_keep_from_year_to_year_is_no_warning(tmp_path):
    panel(tmp_path)
    for seed, place in enumerate(PLACES):
        keep_most(tmp_path, place, seed)
    assert found(tmp_path) == set()


def test_one_plan_that_keeps_most_where_no_place_does_is_told(tmp_path):
    panel(tmp_path)
    keep_most(tmp_path, "栖梧区", 6)
    assert found(tmp_path) == {("栖梧区/2024.txt", "nearly-same-text")}


def test_containment_is_that_of_the_shorter_text_and_the_same_in_any_order():
    a, b, c = (plan_text("望溪区", 2024, seed) for seed in (1, 2, 3))
    assert [(i, j) for i, j, _ in near_copies([a, b, c], least=0.5)] == []
    ((one, two, share),) = near_copies([a, b, c + a], least=0.5)
    assert (one, two) == (2, 0)
    assert share > 0.97
    ((_, _, turned),) = near_copies([c + a, b, a], least=0.5)
    assert turned == share


def test_near_copies_among_many_that_share_a_paragraph_still_meet():
    shared = "".join(sentence(random.Random(7)) for _ in range(3))
    texts = [shared + plan_text("望溪区", 2024, seed) for seed in range(60)]
    texts.append(texts[17].replace("校园", "学校"))
    assert [(i, j) for i, j, _ in near_copies(texts, least=0.5)] == [(60, 17)]


@pytest.mark.parametrize(("place", "words"), [("全国", "国务院"), ("鹭汀区", "鹭汀区人民政府")])
def test_a_report_that_speaks_for_another_place_than_its_file_names_is_told(tmp_path, place, words):
    panel(tmp_path)
    text = f"各位代表：\n现在，我代表{words}，向大会报告工作，请予审议。\n" + plan_text("望溪区", 2024, 77, title=False)
    write(tmp_path, "望溪区/2024.txt", text)
    problems = read_plans(tmp_path).problems
    assert problems.loc[problems["code"] == "other-place", "message"].tolist() == [
        f"the text speaks for {place}, but is filed under 望溪区"
    ]


def test_a_text_that_names_another_place_of_the_folder_where_its_own_should_stand_is_told(tmp_path):
    panel(tmp_path)
    write(tmp_path, "望溪区/2024.txt", plan_text("栖梧区", 2024, 78, title=False))
    assert ("望溪区/2024.txt", "other-place") in found(tmp_path)


def test_a_text_that_speaks_of_another_level_than_its_place_is_told(tmp_path):
    panel(tmp_path)
    text = plan_text("望溪区", 2024, 79, title=False)
    write(tmp_path, "望溪区/2024.txt", text.replace("各校参与", "全省各校参与"))
    write(tmp_path, "望溪区/2023.txt", text.replace("各校参与", "全区和全省各校参与").replace("校园", "学校")[: len(text)])
    assert ("望溪区/2024.txt", "other-level") in found(tmp_path)
    assert ("望溪区/2023.txt", "other-level") not in found(tmp_path)


@pytest.mark.parametrize(
    ("years", "told"),
    [
        ("2018年和2019年", True),  # all stop before
        ("2023年、2022年", True),  # the year before, and the one before that as often
        ("2026年、2027年", True),  # two that follow one another, all later
        ("2023年和2035年", False),
        ("2024年", False),
        ("2025年和2030年", False),  # aims
        ("2019年", False),  # one mention is none
    ],
)
def test_a_text_whose_years_speak_against_its_file_is_told_and_keeps_the_year_of_its_file(tmp_path, years, told):
    text = plan_text("望溪区", 2024, 80, title=False).replace("各校", f"在{years}各校", 1)
    write(tmp_path, "望溪区-2024.txt", text)
    plans = read_plans(tmp_path)
    assert plans.documents["year"].tolist() == [2024]
    assert ("other-year" in set(plans.problems["code"])) == told


def test_a_plan_far_shorter_or_longer_than_those_beside_it_is_told(tmp_path):
    panel(tmp_path, places=("望溪区",), years=range(2018, 2024))
    write(tmp_path, "望溪区/2020.txt", plan_text("望溪区", 2020, 81, items=4))
    write(tmp_path, "望溪区/2021.txt", plan_text("望溪区", 2021, 82, items=40))
    assert found(tmp_path) == {("望溪区/2020.txt", "far-shorter"), ("望溪区/2021.txt", "far-longer")}


def test_lengths_are_held_against_the_places_own_years_before_the_years_other_places():
    filed = [("要点", place, year) for place in "甲乙丙丁戊" for year in range(2020, 2025)]
    lengths = [9000 if place == "甲" else 3000 for _, place, _ in filed]  # one that always writes much
    assert list(odd_lengths(filed, lengths)) == []
    only_2020 = [n for n, (_, _, year) in enumerate(filed) if year == 2020]
    told = list(odd_lengths([filed[n] for n in only_2020], [lengths[n] for n in only_2020]))
    assert [(n, problem.code) for n, problem in told] == [(0, "far-longer")]


def test_no_length_is_odd_beside_fewer_than_four_others():
    assert list(odd_lengths([("要点", "甲", year) for year in range(2021, 2025)], [100, 3000, 3000, 3000])) == []


def problems_of(tmp_path, text):
    path = tmp_path / "望溪区-2024.txt"
    path.write_text(text, encoding="utf-8", newline="")
    return read_plan(path).problems.set_index("code")


SOUND = plan_text("望溪区", 2024, 90)


def test_a_sound_plan_has_no_problem(tmp_path):
    assert problems_of(tmp_path, SOUND).empty


@pytest.mark.parametrize("end", ["完善教师，", "完善教师培养体系，健全", "二、"])
def test_a_text_that_ends_inside_a_sentence_or_with_a_heading_is_told(tmp_path, end):
    text = SOUND + (f"13.办好学校。{end}" if "，" in end else "三、安全稳定\n")
    told = problems_of(tmp_path, text)
    assert told.loc["cut-off", "line"] == len(SOUND.splitlines()) + 1


@pytest.mark.parametrize(
    "end", ["13.办好学校，建好操场。（责任单位：办公室）\n", "13.办好学校，建好操场！\n", "望溪区教育局\n2024年3月1日\n"]
)
def test_units_exclamations_and_signatures_are_ends(tmp_path, end):
    assert "cut-off" not in problems_of(tmp_path, SOUND + end).index


def test_an_attached_list_without_stops_is_no_end_cut_off(tmp_path):
    attached = "附件\n2024年民生实事项目\n" + "".join(f"{n}.新建学校{n}所，改建操场{n}个，添置图书和器材\n" for n in range(1, 6))
    assert "cut-off" not in problems_of(tmp_path, SOUND + attached).index


def test_a_text_as_long_as_a_cell_can_be_is_told(tmp_path):
    long = plan_text("望溪区", 2024, 91, items=900)
    assert "cell-limit" in problems_of(tmp_path, long[:32767]).index
    assert "cell-limit" not in problems_of(tmp_path, long[:32000]).index


@pytest.mark.parametrize("lost", ["???", "??", "□", "〓〓"])
def test_characters_that_were_lost_are_told_with_their_line(tmp_path, lost):
    told = problems_of(tmp_path, SOUND.replace("各校参", f"各{lost}参", 1))
    assert told.loc["damaged-text", "line"] == 3
    assert lost in told.loc["damaged-text", "message"]


def test_boxes_at_the_head_of_lines_are_bullets(tmp_path):
    assert "damaged-text" not in problems_of(tmp_path, SOUND.replace("1.", "□", 1)).index


@pytest.mark.parametrize(
    "line",
    [
        "版权所有：望溪区教育局",
        "未经授权，不得转载",
        "转载请注明出处",
        "更多精彩内容，请关注公众号“望溪发布”",
        "下载文档：2024年工作要点.docx",
        "本文由范文写作网整理发布",
        "This work is licensed under CC BY 4.0.",
        "© 2024 All rights reserved",
        "长按识别二维码关注我们",
    ],
)
def test_a_line_of_a_web_site_or_licence_at_either_end_is_furniture_and_told(tmp_path, line):
    path = tmp_path / "望溪区-2024.txt"
    for text in (SOUND + line + "\n", line + "\n" + SOUND):
        path.write_text(text, encoding="utf-8")
        plans = read_plan(path)
        assert plans.items.loc[plans.items["text"] == line, "kind"].tolist() == ["furniture"]
        assert plans.documents["title"].tolist() == ["望溪区教育局2024年工作要点"]
        assert plans.problems[["code", "severity"]].values.tolist() == [["site-tail", "info"]]


def test_a_line_of_a_web_site_among_the_items_is_a_warning(tmp_path):
    lines = SOUND.splitlines()
    lines.insert(6, "更多范文，请关注公众号“公文写作”")
    told = problems_of(tmp_path, "\n".join(lines))
    assert (told.loc["site-text", "severity"], told.loc["site-text", "line"]) == ("warning", 7)


def test_a_measure_that_speaks_of_a_public_account_or_copyright_stays_an_item(tmp_path):
    path = tmp_path / "望溪区-2024.txt"
    path.write_text(SOUND + "13.办好网站地图和友情链接，方便居民扫描二维码报名。加强版权保护，做好信息发布和下载服务。\n", encoding="utf-8")
    plans = read_plan(path)
    assert plans.items["kind"].tolist()[-1] == "item"
    assert plans.problems.empty


def test_two_plans_in_one_file_are_told(tmp_path):
    told = problems_of(tmp_path, SOUND + plan_text("望溪区", 2023, 92))
    assert told.loc["second-title", "line"] == len(SOUND.splitlines()) + 1


def test_a_report_that_is_opened_twice_is_told(tmp_path):
    opening = "各位代表：\n现在，我代表区人民政府，向大会报告工作，请予审议，并请各位委员提出意见。{}\n"
    text = opening.format(sentence(random.Random(1)) * 3) + plan_text("望溪区", 2024, 93, title=False)
    assert "second-title" not in problems_of(tmp_path, text + "我代表区人民政府，向全区教师表示感谢。\n").index
    assert "second-title" in problems_of(tmp_path, text + opening.format("") + plan_text("望溪区", 2023, 94, title=False)).index


def test_a_section_that_stands_twice_is_told(tmp_path):
    part = SOUND[SOUND.index("二、") :]
    assert "section-repeated" in problems_of(tmp_path, SOUND + part).index


def test_a_text_in_english_is_told(tmp_path):
    told = problems_of(tmp_path, "Key points of work in 2024\n" + "1. We will improve schools and train teachers.\n" * 10)
    assert told.loc["not-chinese", "severity"] == "warning"


def test_numbers_that_start_again_are_one_finding_and_a_number_printed_twice_is_another(tmp_path):
    again = problems_of(tmp_path, SOUND.replace("二、队伍建设\n", "").replace("7.", "1.").replace("8.", "2."))
    assert again.index.tolist() == ["numbers-restart", "number-skipped"]
    assert "number-repeated" in problems_of(tmp_path, SOUND.replace("5.", "4.")).index


def test_findings_do_not_depend_on_the_order_of_files(tmp_path):
    panel(tmp_path)
    write(tmp_path, "望溪区/2024.txt", plan_text("栖梧区", 2023, 4))
    paths = sorted(tmp_path.rglob("*.txt"))
    one, two = read_plans(paths).problems, read_plans(paths[::-1]).problems
    assert one.values.tolist() == two.values.tolist()
    assert len(one)


def notes(folder):
    return comparability(read_plans(folder)).set_index("plan")["note"]


def test_a_short_plan_beside_long_reports_is_told_what_it_stands_beside(tmp_path):
    for n, place in enumerate(PLACES[:4]):
        text = f"{place}2024年政府工作报告\n" + plan_text(place, 2024, n, items=60, title=False)
        write(tmp_path, f"{place}.txt", text)
    write(tmp_path, "云浦区-2024.txt", plan_text("云浦区", 2024, 9))
    told = notes(tmp_path)
    assert told["望溪区-2024"] == ""
    assert "系列中只有 1 份" in told["云浦区-2024"]
    assert "体裁 genre 工作要点（多数为 most are 政府工作报告）" in told["云浦区-2024"]
    assert "字数 characters" in told["云浦区-2024"]


def test_of_two_genres_none_of_which_has_most_both_are_told(tmp_path):
    write(tmp_path, "a.txt", plan_text("望溪区", 2024, 1))
    write(tmp_path, "b.txt", plan_text("栖梧区", 2024, 2).replace("教育局2024年工作要点", "2024年政府工作报告"))
    assert notes(tmp_path).str.contains("共有 2 种体裁 one of 2").all()


def test_a_series_of_two_has_nothing_to_compare_with(tmp_path):
    panel(tmp_path, places=("望溪区",), years=(2023, 2024))
    assert set(notes(tmp_path)) == {"系列中只有 2 份，无从比较 2 in its series: nothing to compare with"}


def test_within_a_series_length_headings_and_share_of_review_are_told(tmp_path):
    panel(tmp_path, places=("望溪区",), years=range(2018, 2024))
    write(tmp_path, "望溪区/2018.txt", plan_text("望溪区", 2018, 51, items=40))
    write(tmp_path, "望溪区/2019.txt", re.sub(r"(?m)^(\d+)\.", r"（\1）", plan_text("望溪区", 2019, 52)))
    past = "2019年工作回顾\n" + plan_text("望溪区", 2019, 53, title=False) + "2020年工作安排\n"
    write(tmp_path, "望溪区/2020.txt", "望溪区教育局2020年工作要点\n" + past + plan_text("望溪区", 2020, 54, title=False))
    told = notes(tmp_path)
    assert "单元数 units 40（系列中位数 median 12）" in told["望溪区-2018"]
    assert told["望溪区-2019"] == "标题层次 headings 一、 （1）（系列通常 usually 一、 1.）"
    assert "回顾比重 share of review" in told["望溪区-2020"]
    assert set(told[["望溪区-2021", "望溪区-2022", "望溪区-2023"]]) == {""}


def test_the_report_of_many_plans_has_a_line_for_each_place_and_shows_the_gaps_between_its_years(tmp_path):
    panel(tmp_path, years=(2016, 2017, 2019, 2020, 2021, 2023, 2024))
    plans = read_plans(tmp_path)
    lines = list(checkup(plans, sources=plans.documents["source"].tolist()))
    (row,) = [line for line in lines if "望溪区" in line]
    assert "7 2016–2017, 2019–2021, 2023–2024" in " ".join(row.split())
    assert lines[-1] == "文件 files in 42 = 读出 read 42 + 拒读 refused 0"


def test_a_problem_that_many_files_share_is_said_once_with_all_of_them(tmp_path):
    for n in range(12):
        write(tmp_path, f"text{n:02d}.txt", plan_text("某", "", n).replace("某", "").replace("教育局年工作要点", "各校工作要点"))
    plans = read_plans(tmp_path)
    lines = list(checkup(plans, sources=plans.documents["source"].tolist()))
    at = lines.index("    neither text nor name tells the year; it is missing:")
    assert lines[at - 1] == "  年份不明 no-year (12)"
    assert "；".join(line.strip().rstrip("；") for line in lines[at + 1 : at + 3]).split("；") == [f"text{n:02d}.txt" for n in range(12)]


def test_closing_words_so_long_that_measures_may_stand_in_them_are_told(tmp_path):
    closing = "各位代表！" + "我们要加强自身建设，坚持依法行政，提高办事效率，厉行勤俭节约。" * 12
    assert problems_of(tmp_path, SOUND + closing + "\n").loc["long-closing", "severity"] == "info"
    assert "long-closing" not in problems_of(tmp_path, SOUND + "各位代表！让我们共同努力。\n").index
