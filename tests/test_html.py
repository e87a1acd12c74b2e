"""A saved web page gives its article with title and labels; its frame is furniture, and what it does not show is left out."""

import contextlib
import random

import pytest

from policylab.errors import EmptyFileError, PolicylabError, UnsafeFileError
from policylab.plans.files import read_raw

MENU = '<div class="nav"><ul><li><a href="/1">首页</a></li><li><a href="/2">政务公开</a></li><li><a href="/3">政民互动</a></li></ul></div>'
FOOT = '<div class="footer">主办单位：小静区人民政府 沪ICP备00000000号 【打印】【关闭】</div>'
ARTICLE = [
    "2024年是攻坚之年，各单位要认真抓好落实。",
    "一、落实立德树人根本任务",
    "1.推进课程改革。加强区域课堂机制建设，开展学生主题活动。",
    "2.加强心理健康教育。打造高质量的服务体系。",
]


def page(content, head="<title>小静区教育局2024年工作要点_小静区人民政府</title>", before=MENU, after=FOOT):
    return f"<!DOCTYPE html><html><head>{head}<style>p{{}}</style><script>var 脚本=1</script></head><body>{before}{content}{after}</body></html>"


def paragraphs(lines=ARTICLE):
    return "".join(f"<p>&emsp;&emsp;{line}</p>" for line in lines)


def read(tmp_path, content, encoding="utf-8"):
    (tmp_path / "甲.html").write_bytes(content.encode(encoding))
    return read_raw(tmp_path / "甲.html")


def texts(raw, role=""):
    return [line.text.strip() for line in raw.lines if line.role == role]


def test_the_article_is_read_and_the_frame_is_furniture(tmp_path):
    raw = read(tmp_path, page(f'<h1>小静区教育局2024年工作要点</h1><div id="zoom">{paragraphs()}</div>'))
    assert texts(raw) == ["小静区教育局2024年工作要点", *ARTICLE]
    assert texts(raw, "furniture") == ["首页 政务公开 政民互动", "主办单位：小静区人民政府 沪ICP备00000000号 【打印】【关闭】"]
    assert [line.no for line in raw.lines] == list(range(1, 8))


@pytest.mark.parametrize(
    "content",
    [
        f"<div>{paragraphs()}</div>",
        paragraphs(),
        f"<div><div><div class='x'>{'<br>'.join(ARTICLE)}</div></div></div>",
        f"<table><tr><td>{paragraphs()}</td></tr></table>",
        f"<div><section><p>{ARTICLE[0]}</p></section><section>{paragraphs(ARTICLE[1:])}</section></div>",
        "".join(f"<div>{line}</div>" for line in ARTICLE),
    ],
)
def test_every_way_of_setting_an_article_gives_its_lines_in_order(tmp_path, content):
    assert texts(read(tmp_path, page(content))) == ARTICLE


def test_words_split_by_mark_up_are_whole_and_source_line_ends_are_no_spaces(tmp_path):
    split = (
        '<p>一、落实<span lang="EN-US">立</span><span>德</span><o:p></o:p><font>树人</font>根本\n      任务，<b>work plan</b>\nof 2024</p>'
    )
    assert texts(read(tmp_path, page(split + paragraphs())))[0] == "一、落实立德树人根本任务，work plan of 2024"


def test_what_is_not_shown_is_left_out(tmp_path):
    unseen = (
        "<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--><noscript>请启用脚本</noscript><p style='display: none'>看不见</p>"
        "<p hidden>也看不见</p><script>document.write('脚本里的')</script><ruby>静<rt>jing</rt></ruby>"
    )
    assert texts(read(tmp_path, page(f"<div>{unseen}{paragraphs()}</div>"))) == ["静", *ARTICLE]


@pytest.mark.parametrize(
    "unseen",
    [
        "<style>.gone{color:red;display:none}</style><p class='a gone'>看不见</p>",
        "<style>/* x */ #gone , .b { display : none }</style><p id='gone'>看不见</p>",
        "<p style='font-size:0'>看不见</p>",
        "<dialog><p>看不见</p></dialog>",
        "<noframes>看不见</noframes>",
    ],
)
def test_what_style_sheets_and_tags_hide_is_left_out(tmp_path, unseen):
    assert texts(read(tmp_path, page(f"<div>{unseen}{paragraphs()}</div>"))) == ARTICLE


@pytest.mark.parametrize(
    "rule",
    ["@media print{.text{display:none}}", ".text{display:none} .open.text{display:block}", ".text{display:none}"],
    ids=["in print", "elsewhere", "most of the page"],
)
def test_a_rule_that_need_not_hide_the_article_does_not(tmp_path, rule):
    assert texts(read(tmp_path, page(f"<style>{rule}</style><div class='text'>{paragraphs()}</div>"))) == ARTICLE


@pytest.mark.parametrize(
    "content",
    [
        "<pre><span>{}</span></pre>",
        "<div style='white-space: pre-wrap'>{}</div>",
        "<xmp>{}</xmp>",
    ],
)
def test_line_ends_that_are_shown_part_lines(tmp_path, content):
    assert texts(read(tmp_path, page(content.format("\n".join(ARTICLE))))) == ARTICLE


def test_spans_that_are_shown_as_blocks_are_lines(tmp_path):
    assert texts(read(tmp_path, page("".join(f"<span style='display:block'>{line}</span>" for line in ARTICLE)))) == ARTICLE


@pytest.mark.parametrize(
    ("attributes", "numbers"),
    [
        ("start=0", ["0.", "1.", "2."]),
        ("start=300", ["300.", "301.", "302."]),
        ("reversed", ["3.", "2.", "1."]),
        ("type=a", ["a.", "b.", "c."]),
        ("type=I", ["I.", "II.", "III."]),
        ("style='list-style-type:cjk-ideographic'", ["一、", "二、", "三、"]),
        ("style='list-style:simp-chinese-formal inside'", ["壹、", "贰、", "叁、"]),
        ("style='list-style:none'", ["", "", ""]),
    ],
)
def test_a_list_is_numbered_as_a_browser_prints_it(tmp_path, attributes, numbers):
    tasks = ["推进课程改革，开展活动。", "加强健康教育，打造体系。", "完善考核机制，加强管理。"]
    items = "".join(f"<li>{task}</li>" for task in tasks)
    shown = texts(read(tmp_path, page(f"<div><p>各单位抓好落实。</p><ol {attributes}>{items}</ol></div>")))
    assert shown[1:] == [number + task for number, task in zip(numbers, tasks, strict=True)]


def test_a_number_given_to_an_item_is_counted_on_and_hidden_items_do_not_count(tmp_path):
    items = "<li>推进课程改革。</li><li style='display:none'>隐藏</li><li value=8>加强健康教育。</li><li>完善考核机制。</li>"
    shown = texts(read(tmp_path, page(f"<div><p>各单位抓好落实。</p><ol>{items}</ol></div>")))
    assert shown[1:] == ["1.推进课程改革。", "8.加强健康教育。", "9.完善考核机制。"]


def test_items_that_are_links_belong_to_the_article(tmp_path):
    one = paragraphs().replace(ARTICLE[2], f"<a href='/x'>{ARTICLE[2]}</a>")
    all_of_them = "".join(f"<p><a href='/{i}'>{line}</a></p>" for i, line in enumerate(ARTICLE))
    assert texts(read(tmp_path, page(f"<div id='zoom'>{one}</div>"))) == ARTICLE
    assert texts(read(tmp_path, page(f"<div id='zoom'>{all_of_them}</div>"))) == ARTICLE


def test_a_page_that_shows_another_one_in_a_frame_is_reported(tmp_path):
    raw = read(tmp_path, page("<h1>小静区教育局2024年工作要点</h1><iframe src='plan.html'></iframe>"))
    assert [p.code for p in raw.problems] == ["not-read"]


def test_characters_written_as_entities_are_characters(tmp_path):
    numbers = "".join(f"<p>{line}</p>" for line in ARTICLE).encode("ascii", "xmlcharrefreplace").decode()
    raw = read(tmp_path, page(numbers, head="", before="", after=""))
    assert (texts(raw), raw.problems) == (ARTICLE, ())


@pytest.mark.parametrize(
    "content",
    [
        "<p>" * 400_000,
        "<p " + " ".join(f"a{i}=1" for i in range(2000)) + ">",
        "<table>" + "<tr><td colspan=1000 rowspan=1000>甲<td colspan=1000>乙</tr>" * 3000 + "</table>",
    ],
    ids=["elements", "attributes", "cells"],
)
def test_pages_past_the_limits_are_refused(tmp_path, content):
    with pytest.raises(UnsafeFileError):
        read(tmp_path, page(content + paragraphs()))


def test_labels_before_the_article_are_kept_and_tools_parted_from_them(tmp_path):
    labels = "<table><tr><td>索引号</td><td>000123</td><td>发布机构</td><td>教育局</td></tr></table>"
    info = "<div class='info'>发布日期：2023-12-29 来源：区教育局 字号：<a>大</a><a>中</a><a>小</a> 浏览次数：2035</div>"
    raw = read(tmp_path, page(f"{labels}{info}<div class='article'>{paragraphs()}</div>"))
    assert [(line.text, line.role) for line in raw.lines][1:4] == [
        ("索引号\t000123\t发布机构\t教育局", "table"),
        ("字号：大中小 浏览次数：2035", "furniture"),
        ("发布日期：2023-12-29 来源：区教育局", ""),
    ]


def test_a_table_in_the_article_gives_a_line_for_each_row(tmp_path):
    table = (
        "<table><tr><th>序号</th><th>任务</th><th>单位</th></tr><tr><td rowspan=2>1</td><td>修路</td><td>甲局<br>乙局</td></tr>"
        "<tr><td>架桥</td><td></td></tr><tr><td colspan=2>合计</td><td>2</td></tr></table>"
    )
    raw = read(tmp_path, page(f"<div>{paragraphs()}{table}</div>"))
    assert [line.text for line in raw.lines if line.role == "table"] == ["序号\t任务\t单位", "1\t修路\t甲局 乙局", "\t架桥\t", "合计\t\t2"]


def test_items_of_an_ordered_list_bear_the_number_that_is_shown(tmp_path):
    items = "<ol start=3><li>推进课程改革，开展活动。</li><li>加强健康教育，打造体系。</li><li>5.已有编号的任务。</li></ol>"
    assert texts(read(tmp_path, page(f"<div><p>各单位抓好落实。</p>{items}</div>"))) == [
        "各单位抓好落实。",
        "3.推进课程改革，开展活动。",
        "4.加强健康教育，打造体系。",
        "5.已有编号的任务。",
    ]


def test_a_line_of_the_plan_that_names_its_units_is_no_furniture(tmp_path):
    lines = [*ARTICLE, "主办单位：教育局", "附件：1.任务分工表.docx"]
    content = paragraphs(lines[:-1]) + f'<p><a href="/1.docx">{lines[-1]}</a></p>'
    assert texts(read(tmp_path, page(f"<div>{content}</div>"))) == lines


def test_a_list_of_links_beside_the_article_is_furniture(tmp_path):
    links = "<div><h3>相关文章</h3>" + "".join(f"<p><a href='{i}'>大静区202{i}年教育工作要点发布</a></p>" for i in range(4)) + "</div>"
    assert texts(read(tmp_path, page(f"<div>{paragraphs()}{links}</div>")))[: len(ARTICLE)] == ARTICLE
    assert "发布" not in "".join(texts(read(tmp_path, page(f"<div>{paragraphs()}{links}</div>"))))


@pytest.mark.parametrize(
    ("declared", "encoding", "codes"),
    [("utf-8", "gbk", ["charset-mismatch"]), ("gb2312", "gbk", []), ("utf-8", "utf-8", []), ("gbk", "utf-8", ["charset-mismatch"])],
)
def test_the_bytes_decide_and_a_wrong_declaration_is_reported(tmp_path, declared, encoding, codes):
    raw = read(tmp_path, page(paragraphs(), head=f'<meta charset="{declared}">'), encoding)
    assert texts(raw) == ARTICLE
    assert [p.code for p in raw.problems] == codes


def test_a_title_named_for_the_article_is_a_fact(tmp_path):
    raw = read(tmp_path, page(paragraphs(), head='<meta name="ArticleTitle" content="小静区教育局2024年工作要点">'))
    assert raw.facts == {"title": "小静区教育局2024年工作要点"}


@pytest.mark.parametrize(
    "content",
    [
        '<html><body><div id="app"></div><script src="/app.js"></script></body></html>',
        page(""),
        "<!DOCTYPE html><html></html>",
        "<html><frameset><frame src='a.html'></frameset></html>",
    ],
)
def test_a_page_without_text_of_its_own_is_refused(tmp_path, content):
    with pytest.raises(EmptyFileError):
        read(tmp_path, content)


def test_elements_nested_without_end_are_read_or_refused(tmp_path):
    with contextlib.suppress(UnsafeFileError):
        assert texts(read(tmp_path, page("<div>" * 5000 + paragraphs() + "</div>" * 5000))) == ARTICLE


def test_a_web_page_is_told_by_its_content(tmp_path):
    (tmp_path / "甲.doc").write_text(page(paragraphs()), encoding="utf-8")
    assert read_raw(tmp_path / "甲.doc").format == "html"


def test_no_broken_page_raises_an_error_of_another_kind(tmp_path):
    whole = page(f"<div>{paragraphs()}<table><tr><td rowspan=9>a</td><td>b</td></tr></table></div>")
    draw = random.Random(0)
    for _ in range(150):
        a, b = sorted(draw.randrange(len(whole)) for _ in range(2))
        with contextlib.suppress(PolicylabError):
            read(tmp_path, whole[:a] + draw.choice(["", "<", "</div>", "<table>", "<![if x]>", "&#0;&#55555;"]) + whole[b:])
