"""A Word document gives the text that a reader sees in it, in order, once, with its printed numbers."""

import contextlib
import io
import random
import zipfile

import pytest

from policylab.archive import Archive, parse_xml
from policylab.errors import DamagedFileError, EmptyFileError, FormatError, PolicylabError, UnsafeFileError
from policylab.plans.docx import numbered, read_docx
from policylab.plans.files import read_raw
from policylab.plans.numerals import to_chinese

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def run(text, properties=""):
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t>{text}</w:t></w:r>"


def p(text="", properties=""):
    inner = text if text.startswith("<") else run(text) if text else ""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def num(level=0, num_id=1):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'


def table(*rows):
    cells = ("".join(f"<w:tc>{c if c.startswith('<') else p(c)}</w:tc>" for c in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def pack(parts, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out


def docx(body, encoding="utf-8", **parts):
    wrapped = {f"word/{name}.xml": f"<w:{name} {NAMES}>{xml}</w:{name}>" for name, xml in parts.items()}
    document = f"<?xml version='1.0' encoding='{encoding}'?><w:document {NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>"
    return pack({"word/document.xml": document.encode(encoding), **wrapped})


def read(body, **parts):
    return read_docx(docx(body, **parts), source="a.docx", sha256="0" * 64)


def texts(body, **parts):
    return [line.text for line in read(body, **parts).lines]


def codes(body, **parts):
    return [(problem.code, problem.severity) for problem in read(body, **parts).problems]


def levels(*forms, extra=""):
    body = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{extra}</w:lvl>'
        for i, (form, text) in enumerate(forms)
    )
    return f'<w:abstractNum w:abstractNumId="0">{body}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


# ---------------------------------------------------------------- text


def test_paragraphs_are_lines_and_blank_ones_count():
    raw = read(p("小静区2024年工作要点") + p() + p("一、重点任务"))
    assert [(line.no, line.text, line.role) for line in raw.lines] == [
        (1, "小静区2024年工作要点", ""),
        (2, "", ""),
        (3, "一、重点任务", ""),
    ]
    assert (raw.format, raw.problems) == ("docx", ())


def test_words_split_over_runs_are_whole():
    assert texts(p(run("立德") + run("树人"))) == ["立德树人"]


def test_soft_breaks_make_lines_and_tabs_stay_tabs():
    assert texts(p("<w:r><w:t>1.甲</w:t><w:br/><w:t>2.乙</w:t><w:tab/><w:t>丙</w:t></w:r>")) == ["1.甲", "2.乙\t丙"]


def test_content_controls_links_smart_tags_and_formulas_are_read():
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('甲')}</w:sdtContent></w:sdt>"
        + p(f"<w:hyperlink>{run('乙')}</w:hyperlink><w:smartTag>{run('丙')}</w:smartTag><w:fldSimple>{run('丁')}</w:fldSimple>")
        + p(f"<w:sdt><w:sdtContent>{run('戊')}</w:sdtContent></w:sdt><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>")
    )
    assert texts(body) == ["甲", "乙丙丁", "戊x=1"]


def test_a_text_box_is_read_once():
    box = f"<w:txbxContent>{p('框中任务')}</w:txbxContent>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert texts(p(f"<w:r>{both}</w:r>{run('段落')}") + p("下一段")) == ["段落", "框中任务", "下一段"]
    assert texts(p(f"<w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>")) == ["", "框中任务"]


def test_a_fallback_is_read_where_the_choice_has_no_text():
    branches = f"<mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>{run('甲')}</mc:Fallback></mc:AlternateContent>"
    assert texts(p(branches)) == ["甲"]


def test_tracked_changes_are_read_as_accepted_and_reported():
    changed = p(f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins>{run('新')}</w:ins>{run('稿')}")
    assert texts(changed) == ["新稿"]
    assert codes(changed) == [("tracked-changes", "warning")]


def test_moved_text_stands_once_where_it_was_moved_to():
    gone = p(f"<w:moveFrom>{run('移动')}</w:moveFrom>", "<w:rPr><w:moveFrom/></w:rPr>")
    assert texts(gone + p("甲") + p(f"<w:moveTo>{run('移动')}</w:moveTo>")) == ["甲", "移动"]


def test_a_deleted_paragraph_end_joins_two_paragraphs():
    assert texts(p("前半", "<w:rPr><w:del/></w:rPr>") + p("后半")) == ["前半后半"]


def test_hidden_text_is_left_out_and_mentioned():
    styles = '<w:style w:styleId="h" w:type="character"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = p(run("看得见") + run("看不见", "<w:vanish/>") + run("也看不见", '<w:rStyle w:val="h"/>') + run("又见", '<w:vanish w:val="0"/>'))
    assert texts(body, styles=styles) == ["看得见又见"]
    assert codes(body, styles=styles) == [("hidden-text", "info")]


def test_comments_are_left_out():
    body = p('<w:r><w:t>正文</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r>')
    comments = f'<w:comment w:id="0">{p("待核实")}</w:comment>'
    assert texts(body, comments=comments) == ["正文"]
    assert codes(body, comments=comments) == [("comments", "info")]


def test_notes_stand_at_the_end_in_the_order_of_their_marks():
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = p(run("落实“双") + mark.format(2) + run("新”") + mark.format(1))
    notes = "".join(f'<w:footnote w:id="{i}">{p(text)}</w:footnote>' for i, text in ((0, "分隔"), (1, "注一"), (2, "注二")))
    assert [(line.text, line.role) for line in read(body, footnotes=notes).lines] == [
        ("落实“双新”", ""),
        ("注二", "note"),
        ("注一", "note"),
    ]


def test_the_code_of_a_field_is_hidden_and_its_result_shown():
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>"
    assert texts(p(field.format("begin") + code + run("码") + field.format("separate") + run("结果") + field.format("end"))) == ["结果"]
    assert texts(p(field.format("begin") + code) + p("没有关闭的域之后")) == ["", "没有关闭的域之后"]


def test_a_number_encircled_by_a_field_is_a_circled_number():
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = "<w:r><w:instrText>eq \\o\\ac(○,3)</w:instrText></w:r>"
    assert texts(p(field.format("begin") + code + field.format("end") + run("甲"))) == ["③甲"]


def test_symbols_of_known_fonts_become_characters():
    assert texts(
        p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="宋体" w:char="2460"/><w:sym w:font="X" w:char="E123"/></w:r>')
    ) == ["☑①\ue123"]


# ---------------------------------------------------------------- tables


def test_a_table_row_is_a_line_of_cells():
    rows = table(["序号", "任务", "责任单位"], ["1", p("修路") + p("架桥"), ""])
    assert [(line.text, line.role) for line in read(p("表") + rows).lines] == [
        ("表", ""),
        ("序号\t任务\t责任单位", "table"),
        ("1\t修路 架桥\t", "table"),
    ]


def test_a_frame_of_one_cell_is_running_text():
    assert [(line.text, line.role) for line in read(table([p("一、甲") + p("1.乙")])).lines] == [("一、甲", ""), ("1.乙", "")]


def test_nested_tables_follow_their_row():
    inner = p("外") + table(["内一", "内二"]) + p()
    assert texts(table([inner, "旁"])) == ["外\t旁", "内一\t内二"]


def test_merged_cells_show_their_text_once_and_keep_the_columns():
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("宽") + "</w:tc>"
    below = '<w:tc><w:tcPr><w:vMerge w:val="{}"/></w:tcPr>' + p("并") + "</w:tc>"
    one = f"<w:tc>{p('尾')}</w:tc>"
    body = f"<w:tbl><w:tr>{wide}{one}</w:tr><w:tr>{below.format('restart')}{one}</w:tr><w:tr>{below.format('continue')}{one}</w:tr></w:tbl>"
    assert texts(body) == ["宽\t\t尾", "并\t尾", "\t尾"]


def test_a_deleted_row_is_out():
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('删')}</w:tc><w:tc>{p('删')}</w:tc></w:tr>"
    assert texts(table(["甲", "乙"]).replace("</w:tbl>", gone + "</w:tbl>")) == ["甲\t乙"]


# ---------------------------------------------------------------- automatic numbers


def test_automatic_numbers_are_printed_and_start_again_below_a_new_heading():
    numbering = levels(("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    body = "".join(p(text, num(level)) for level, text in ((0, "甲"), (1, "乙"), (2, "丙"), (2, "丁"), (0, "戊"), (1, "己")))
    assert texts(body, numbering=numbering) == ["一、甲", "（一）乙", "1.丙", "2.丁", "二、戊", "（一）己"]


def test_numbers_of_several_levels_and_forms():
    numbering = levels(("decimal", "%1"), ("decimal", "%1.%2"), ("decimalEnclosedCircle", "%3"), ("bullet", "\uf06c"))
    body = "".join(p(text, num(level)) for level, text in ((0, "甲"), (1, "乙"), (2, "丙"), (3, "丁")))
    assert texts(body, numbering=numbering) == ["1 甲", "1.1 乙", "①丙", "●丁"]


def test_a_level_may_run_on_and_a_second_list_may_start_where_it_says():
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/><w:lvlRestart w:val="0"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = "".join(
        p(text, num(level, n)) for level, n, text in ((0, 1, "甲"), (1, 1, "乙"), (0, 1, "丙"), (1, 1, "丁"), (0, 2, "戊"), (0, 1, "己"))
    )
    assert texts(body, numbering=numbering) == ["一、甲", "1.乙", "二、丙", "2.丁", "一、戊", "二、己"]


def test_a_number_may_come_from_the_style_or_what_it_is_based_on():
    numbering = levels(("chineseCounting", "第%1章"), extra='<w:pStyle w:val="base"/>')
    styles = (
        '<w:style w:type="paragraph" w:styleId="base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="own"><w:basedOn w:val="base"/></w:style>'
    )
    styled = p("总则", '<w:pStyle w:val="own"/>')
    turned_off = p("无号", '<w:pStyle w:val="own"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert texts(styled + turned_off + styled, numbering=numbering, styles=styles) == ["第一章 总则", "无号", "第二章 总则"]


def test_a_number_and_a_year_behind_it_stay_two():
    assert numbered("1.", "2024年目标") == "1. 2024年目标"


def test_empty_paragraphs_show_no_number_but_count():
    assert texts(p("甲", num()) + p("", num()) + p("乙", num()), numbering=levels(("decimal", "%1."))) == ["1.甲", "", "3.乙"]


def test_chinese_numbers_are_written_as_in_print():
    assert [to_chinese(n) for n in (1, 10, 12, 20, 35, 100, 105, 110, 1001, 10000)] == [
        "一",
        "十",
        "十二",
        "二十",
        "三十五",
        "一百",
        "一百零五",
        "一百一十",
        "一千零一",
        "一万",
    ]


@pytest.mark.parametrize(
    ("form", "text", "third"),
    [
        ("ideographTraditional", "%1、", "丙、"),
        ("ideographZodiac", "%1、", "寅、"),
        ("ideographZodiacTraditional", "%1、", "丙寅、"),
        ("ideographLegalTraditional", "%1、", "參、"),
        ("chineseLegalSimplified", "%1、", "叁、"),
        ("japaneseLegal", "%1、", "参、"),
        ("ideographDigital", "%1、", "三、"),
        ("taiwaneseCountingThousand", "（%1）", "（三）"),
        ("decimalEnclosedCircle", "%1", "③"),
        ("decimalEnclosedParen", "%1", "⑶"),
        ("decimalEnclosedFullstop", "%1", "⒊"),
        ("ideographEnclosedCircle", "%1", "㊂"),
        ("decimalFullWidth", "%1．", "３．"),
        ("decimalZero", "%1.", "03."),
        ("upperRoman", "%1.", "III."),
        ("lowerLetter", "%1)", "c)"),
        ("numberInDash", "%1", "- 3 -"),
        ("ordinal", "%1", "3rd "),
        ("none", "任务：", "任务："),
    ],
)
def test_numbers_are_printed_in_every_format_of_the_genre(form, text, third):
    raw = read("".join(p(name, num()) for name in "甲乙丙"), numbering=levels((form, text)))
    assert (raw.lines[2].text, raw.problems) == (f"{third}丙", ())


def test_circled_numbers_go_on_to_fifty():
    numbering = levels(("decimalEnclosedCircle", "%1")).replace('w:start w:val="1"', 'w:start w:val="20"')
    assert texts("".join(p("甲", num()) for _ in range(2)), numbering=numbering) == ["⑳甲", "㉑甲"]


def test_a_format_that_is_not_known_is_reported():
    numbering = levels(("thaiCounting", "%1."))
    assert (texts(p("甲", num()), numbering=numbering), codes(p("甲", num()), numbering=numbering)) == (
        ["1.甲"],
        [("number-format", "warning")],
    )


def test_a_style_may_set_its_level_only_and_take_the_list_from_what_it_is_based_on():
    styles = (
        '<w:style w:type="paragraph" w:styleId="h1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h2"><w:basedOn w:val="h1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = "".join(p(text, f'<w:pStyle w:val="{style}"/>') for text, style in (("甲", "h1"), ("乙", "h2"), ("丙", "h2"), ("丁", "h1")))
    numbering = levels(("chineseCounting", "%1、"), ("chineseCounting", "（%2）"))
    assert texts(body, numbering=numbering, styles=styles) == ["一、甲", "（一）乙", "（二）丙", "二、丁"]


def test_an_empty_cell_shows_its_automatic_number():
    body = table(["序号", "任务"], [p("", num()), "修路"], [p("", num()), "架桥"])
    assert texts(body, numbering=levels(("decimal", "%1"))) == ["序号\t任务", "1\t修路", "2\t架桥"]


def test_a_numbering_that_is_missing_in_the_file_is_reported():
    assert codes(p("甲", num()) + p("乙", num(0, 0))) == [("numbering-lost", "warning")]


RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*pairs):
    inside = "".join(f'<Relationship Id="r{i}" Type="{RELATED}/{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(pairs))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'


@pytest.mark.parametrize(
    ("main", "target", "numbering", "named"),
    [("document.xml", "document.xml", "numbering.xml", "numbering.xml"), ("word/a.xml", "/word/a.xml", "word/lists.xml", "lists.xml")],
)
def test_parts_are_found_wherever_the_program_put_them(main, target, numbering, named):
    folder, _, name = main.rpartition("/")
    parts = {
        "_rels/.rels": relations(("officeDocument", target)),
        f"{folder + '/' if folder else ''}_rels/{name}.rels": relations(("numbering", named)),
        main: f"<w:document {NAMES}><w:body>{p('甲', num())}</w:body></w:document>",
        numbering: f"<w:numbering {NAMES}>{levels(('chineseCounting', '%1、'))}</w:numbering>",
    }
    assert [line.text for line in read_docx(pack(parts), source="a", sha256="").lines] == ["一、甲"]


def test_a_table_of_contents_is_a_note():
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    contents = p(field.format("begin") + "<w:r><w:instrText> TOC \\o </w:instrText></w:r>" + field.format("separate") + run("一、甲……1"))
    raw = read(contents + p(run("二、乙……3") + field.format("end")) + p("一、甲") + p("二、乙"))
    assert [(line.text, line.role) for line in raw.lines] == [("一、甲……1", "note"), ("二、乙……3", "note"), ("一、甲", ""), ("二、乙", "")]


def test_the_choice_of_a_drop_down_and_the_text_of_a_canvas_are_read():
    menu = '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="教育局"/><w:listEntry w:val="卫健委"/></w:ddList></w:ffData>'
    field = f'<w:r><w:fldChar w:fldCharType="begin">{menu}</w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert texts(p(run("单位：") + field)) == ["单位：卫健委"]
    drawn = (
        '<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:r><a:t>画布</a:t></a:r><a:r><a:t>文字</a:t></a:r></a:p>'
    )
    assert texts(p(f"<w:r><w:drawing>{drawn}</w:drawing></w:r>{run('甲')}")) == ["甲", "画布文字"]


def test_a_row_that_leaves_columns_out_keeps_them_empty():
    late = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc>{p("修路")}</w:tc><w:tc>{p("甲局")}</w:tc></w:tr>'
    assert texts(table(["序号", "任务", "单位"]).replace("</w:tbl>", late + "</w:tbl>")) == ["序号\t任务\t单位", "\t修路\t甲局"]


# ---------------------------------------------------------------- broken and hostile files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb2312"])
def test_xml_in_other_encodings_is_read(encoding):
    assert read_docx(docx(p("立德树人"), encoding), source="a", sha256="").lines[0].text == "立德树人"


def test_a_picture_only_is_taken_for_a_scan():
    file = pack({"word/document.xml": f"<w:document {NAMES}><w:body>{p()}</w:body></w:document>", "word/media/image1.png": "x"})
    with pytest.raises(EmptyFileError, match="scan"):
        read_docx(file, source="a", sha256="")


@pytest.mark.parametrize(("body", "found"), [(p(run("甲", "<w:vanish/>")), "hidden text"), ("<w:altChunk/>", "embedded documents")])
def test_a_document_whose_text_is_not_shown_is_refused_with_the_reason(body, found):
    with pytest.raises(EmptyFileError, match=f"only {found}"):
        read(body)


def test_text_that_is_not_read_is_reported():
    lost = [("not-read", "warning")]
    assert codes(p("甲") + '<w:altChunk w:id="x"/>') == lost
    assert codes(p(run("甲") + "<w:subDoc/>")) == lost
    assert codes(p("甲") + f"<w:strange>{p('乙')}</w:strange>") == lost
    assert codes(p(f"<w:strange>{run('乙')}</w:strange>{run('甲')}")) == lost
    sheet = '<w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" ProgID="Excel.Sheet.12"/></w:object>'
    assert codes(p(f"<w:r>{sheet}</w:r>{run('甲')}")) == lost
    diagram = '<d:data xmlns:d="d" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:t>图中字</a:t></d:data>'
    file = pack({"word/document.xml": f"<w:document {NAMES}><w:body>{p('甲')}</w:body></w:document>", "word/diagrams/data1.xml": diagram})
    assert [q.code for q in read_docx(file, source="a", sha256="").problems] == ["not-read"]


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: docx("<w:p/>" * 3_000_000), UnsafeFileError),
        (lambda: docx("<w:p/>" * 700_000 + "".join(f"<w:p>{i * 7919}</w:p>" for i in range(40_000))), UnsafeFileError),
        (lambda: docx("<w:sdt><w:sdtContent>" * 2000 + p("深") + "</w:sdtContent></w:sdt>" * 2000), UnsafeFileError),
        (lambda: docx("<w:tbl><w:tr><w:tc>" * 1000 + p("深") + "</w:tc></w:tr></w:tbl>" * 1000), UnsafeFileError),
        (lambda: docx(p("<w:hyperlink>" * 2000 + run("深") + "</w:hyperlink>" * 2000)), UnsafeFileError),
        (lambda: pack({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'}), UnsafeFileError),
        (lambda: docx("".join(p("甲", num()) for _ in range(2000)), numbering=levels(("decimal", "%1" * 4000))), UnsafeFileError),
        (lambda: pack({"word/document.xml": "<?xml version='1.0' encoding='utf-7'?><a/>"}), DamagedFileError),
        (lambda: pack({"word/document.xml": "<w:document"}), DamagedFileError),
        (lambda: pack({"word/styles.xml": "<a/>"}), DamagedFileError),
        (lambda: pack({"word/document.xml": "<a/>"}, zipfile.ZIP_LZMA), DamagedFileError),
        (lambda: io.BytesIO(docx(p("甲")).getvalue()[:-40]), DamagedFileError),
        (lambda: io.BytesIO(b"PK\x05\x06" + b"\xff" * 18), UnsafeFileError),
    ],
)
def test_files_past_the_limits_or_broken_are_refused(make, error):
    with pytest.raises(error):
        read_docx(make(), source="a.docx", sha256="")


def test_a_protected_archive_and_a_member_named_twice_are_refused():
    data = bytearray(docx(p("甲")).getvalue())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(FormatError, match="password"):
        read_docx(io.BytesIO(bytes(data)), source="a.docx", sha256="")
    out = docx(p("甲"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("Word/document.xml", "<a/>")
    with pytest.raises(DamagedFileError, match="twice"):
        read_docx(out, source="a.docx", sha256="")


def test_the_strict_standard_gives_the_same_text():
    data = docx(p("甲")).getvalue()
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    strict = xml.replace("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert read_docx(pack({"word/document.xml": strict}), source="a", sha256="").lines[0].text == "甲"


def test_archives_are_told_by_what_is_in_them(tmp_path):
    (tmp_path / "plan.bin").write_bytes(docx(p("甲")).getvalue())
    assert read_raw(tmp_path / "plan.bin").format == "docx"
    for member, way in (
        ("xl/workbook.xml", "read_table"),
        ("OFD.xml", "OFD"),
        ("ppt/presentation.xml", "presentation"),
        ("a.txt", "Unpack"),
    ):
        (tmp_path / "x.docx").write_bytes(pack({member: "<a/>"}).getvalue())
        with pytest.raises(FormatError, match=way):
            read_raw(tmp_path / "x.docx")


def test_members_are_found_whatever_their_case_and_slashes():
    assert Archive(pack({"\\Word\\Document.XML": "<a/>"}), source="a").read("word/document.xml") == b"<a/>"
    assert parse_xml(b"<a/>", name="a", source="a").tag == "a"


def test_no_damaged_file_raises_an_error_of_another_kind():
    body = p("一、甲", num()) + table(["a", p("b") + table(["c", "d"])]) + p(f"<w:ins>{run('新')}</w:ins>")
    data = docx(body, numbering=levels(("chineseCounting", "%1、"), ("decimal", "%2.")), styles="<w:style/>").getvalue()
    stored = pack(
        {n: zipfile.ZipFile(io.BytesIO(data)).read(n) for n in zipfile.ZipFile(io.BytesIO(data)).namelist()}, zipfile.ZIP_STORED
    ).getvalue()
    draw = random.Random(0)
    for original in (data, stored):
        for _ in range(300):
            broken = bytearray(original)
            for _ in range(draw.choice((1, 3, 20))):
                broken[draw.randrange(len(broken))] = draw.randrange(256)
            with contextlib.suppress(PolicylabError):
                read_docx(io.BytesIO(bytes(broken[: draw.choice((None, len(broken) // 2))])), source="a", sha256="")
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    for _ in range(300):
        a, b = sorted(draw.randrange(len(xml)) for _ in range(2))
        broken = xml[:a] + xml[b:] if draw.random() < 0.5 else xml[:a] + xml[a:b].replace("w:p", "w:tbl") + xml[b:]
        with contextlib.suppress(PolicylabError):
            read_docx(pack({"word/document.xml": broken}), source="a", sha256="")
