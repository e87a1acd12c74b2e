"""One plan published as .txt, .docx, .html and .pdf gives the same items: the format is no difference between plans."""

import re

import pytest
from test_docx import docx, levels, num, p, run, table
from test_pdf import pdf, rule, show

import policylab as plab

TITLE = "望溪区教育局2024年工作要点"
# (level of the automatic number or None, run-in title, text): numbers are printed by hand in .txt and .pdf, by the program elsewhere
PLAN = [
    (None, "", "2024年，全区教育系统要坚持以人民为中心的发展思想，加快建设高质量教育体系，办好人民满意的教育，重点做好以下工作。"),
    (0, "", "落实立德树人根本任务"),
    (1, "", "深化课程教学改革"),
    (
        2,
        "推进课程改革。",
        "加强区域课堂机制建设，开展学生主题活动，完善学校的管理制度，全年评选精品课例100节。（责任科室：基教科）",
    ),
    (2, "加强心理健康教育。", "打造高质量的服务体系，提高教师的专业水平，实现心理辅导室在全区中小学校的全覆盖。"),
    (1, "", "加强体育美育劳动教育"),
    (2, "保障体育活动时间。", "每天一节体育课，课间活动不少于三十分钟，办好第五届望溪区学生运动会和艺术节各项活动。"),
    (0, "", "深化学区集团办学"),
    (2, "提高紧密型教育集团占比。", "健全经费保障机制，统筹推进重点项目，年内新建两个教育集团，覆盖全部街道和镇。"),
    (2, "完善教师考核评价机制。", "加强教师队伍建设，修订教师评价办法，引导广大教师潜心教书、静心育人，减轻不必要的负担。"),
]
TASKS = [
    ["序号", "重点任务", "责任单位"],
    ["1", "完成望溪第三中学新校区建设工程", "基建科"],
    ["2", "新增公办幼儿园学位一千二百个", "学前科"],
]
FORMS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))


def printed():
    """The plan's paragraphs with the numbers that a program prints before them."""
    counts, chinese = [0, 0, 0], "〇一二三四五"
    for level, title, text in PLAN:
        marker = ""
        if level is not None:
            counts[level] += 1
            counts[level + 1 :] = [0] * (2 - level)
            n = counts[level]
            marker = (f"{chinese[n]}、", f"（{chinese[n]}）", f"{n}.")[level]
        yield marker, title, text


def txt(path):
    lines = [TITLE, "", *(marker + title + text for marker, title, text in printed()), "", *("\t".join(row) for row in TASKS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def word(path):
    body = p(TITLE, '<w:jc w:val="center"/>')
    for level, title, text in PLAN:
        runs = (run(title, "<w:b/>") if title else "") + run(text)
        body += p(runs, num(level) if level is not None else "")
    path.write_bytes(docx(body + table(*TASKS), numbering=levels(*FORMS)).getvalue())


def web(path):
    body = "".join(f"<p>&emsp;&emsp;{marker}{f'<strong>{title}</strong>' if title else ''}{text}</p>" for marker, title, text in printed())
    rows = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in TASKS)
    menu = '<div class="nav"><a href="/">首页</a><a href="/gk">政务公开</a></div>'
    foot = '<div class="footer">主办单位：望溪区人民政府 【打印】</div>'
    head = f"<head><meta charset='gb2312'><title>{TITLE}</title></head>"
    page = f"<html>{head}<body>{menu}<h1>{TITLE}</h1><div id='zoom'>{body}<table>{rows}</table></div>{foot}</body></html>"
    path.write_bytes(page.encode("gbk"))


def paper(path):
    y, shown = 700, show(220, 750, TITLE, size=16)
    for marker, title, text in printed():
        whole, first = marker + title + text, True
        while whole:
            width = 32 if first else 34
            shown += show(84 if first else 60, y, whole[:width])
            whole, first, y = whole[width:], False, y - 20
    top, bottom = y, y - 20 * len(TASKS)
    shown += "".join(rule(60, top - 20 * i, 468, top - 20 * i) for i in range(len(TASKS) + 1))
    shown += "".join(rule(x, bottom, x, top) for x in (60, 110, 360, 468))
    shown += "".join(
        show(x + 4, top - 20 * i - 15, cell, size=10) for i, row in enumerate(TASKS) for x, cell in zip((60, 110, 360), row, strict=True)
    )
    path.write_bytes(pdf(shown + show(290, 30, "— 1 —")))


def frame(path, write):
    """What the plan's frame says, less the stops of its markers and what stands in the frame of a page."""
    write(path)
    items = plab.read_plan(path).items
    rows = items[items["kind"] != "furniture"]
    columns = rows[["kind", "part", "outline", "marker", "item_title", "responsible", "text"]].astype(str)
    return [(*r[:3], re.sub(r"[、.．\s]+$", "", r[3]), *r[4:]) for r in columns.itertuples(index=False, name=None)]


@pytest.mark.parametrize(("name", "write"), [("a.docx", word), ("a.html", web), ("a.pdf", paper)])
def test_the_same_plan_gives_the_same_items_in_every_format(tmp_path, name, write):
    assert frame(tmp_path / name, write) == frame(tmp_path / "a.txt", txt)


def test_the_plan_is_taken_apart_as_it_was_written(tmp_path):
    rows = frame(tmp_path / "a.txt", txt)
    assert [r[0] for r in rows] == [
        "title",
        "preamble",
        *("heading", "heading", "item", "item", "heading", "item", "heading", "item", "item"),
        "note",
        "item",
        "item",
    ]
    assert [r[2] for r in rows if r[0] == "item"][:5] == ["一/（一）/1", "一/（一）/2", "一/（二）/1", "二/1", "二/2"]
