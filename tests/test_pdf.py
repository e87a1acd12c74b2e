"""A PDF gives its paragraphs in reading order; what has no text is reported, and what breaks the library breaks nothing else."""

import random
import resource
import zlib
from pathlib import Path

import pytest

from policylab.errors import DamagedFileError, EmptyFileError, EncodingError, FormatError, PolicylabError, UnsafeFileError
from policylab.plans.files import read_raw
from policylab.plans.pdf_layout import Page, PageLine, Run, page_lines
from policylab.plans.pdf_paragraphs import join_wrapped, mark_furniture

MAPPED = "/Encoding/UniGB-UCS2-H", "/Registry(Adobe)/Ordering(GB1)/Supplement 2"
UNMAPPED = "/Encoding/Identity-H", "/Registry(Adobe)/Ordering(Identity)/Supplement 0"
FIRST = 7  # the number of the first page's object
WORDS = "推进教育工作落实学校管理加强教师队伍建设完善课程评价机制提高服务质量"


def show(x, y, text, size=12, turn="1 0 0 1"):
    return f"BT /F1 {size} Tf {turn} {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"


def rule(x0, y0, x1, y1):
    return f"{x0} {y0} m {x1} {y1} l S\n"


def pdf(*pages, font=MAPPED, page="", start=None, tail=b"%%EOF\n"):
    """Write a PDF by hand: each page a content stream in which F1 is a Chinese font and Im1 a picture."""
    n = len(pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {n}/Kids[{' '.join(f'{FIRST + 2 * i} 0 R' for i in range(n))}]>>".encode(),
        f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light{font[0]}/DescendantFonts[4 0 R]>>".encode(),
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<<{font[1]}>>/DW 1000/FontDescriptor {FIRST - 1} 0 R>>".encode(),
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n0\nendstream",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/Ascent 880/Descent -120/CapHeight 880/StemV 80/ItalicAngle 0/FontBBox[0 -120 1000 880]>>",
    ]
    for i, content in enumerate(pages):
        resources = "<</Font<</F1 3 0 R>>/XObject<</Im1 5 0 R>>>>"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources{resources}/Contents {FIRST + 1 + 2 * i} 0 R{page}>>".encode()
        )
        stream = content if isinstance(content, bytes) else b"<</Length %d>>stream\n%s\nendstream" % (len(content), content.encode())
        objects.append(stream)
    out, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(b"%010d 00000 n \n" % o for o in offsets))
    trailer = b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n" % (len(objects) + 1, len(out) if start is None else start)
    return out + table + trailer + tail


def read(tmp_path, data):
    (tmp_path / "甲.pdf").write_bytes(data)
    return read_raw(tmp_path / "甲.pdf")


def texts(raw):
    return [line.text for line in raw.lines if not line.role]


def codes(raw):
    return [problem.code for problem in raw.problems]


def paragraph(top, n_lines, x=60, width=32, indent=2, end=10):
    """Lines of a paragraph set in 12 points: the first indented, all full but the last; and the whole text."""
    lines = [(WORDS * 2)[i : i + width - (indent if i == 0 else 0)] for i in range(n_lines)]
    lines[-1] = lines[-1][:end] + "。"
    shown = "".join(show(x + (12 * indent if i == 0 else 0), top - 20 * i, line) for i, line in enumerate(lines))
    return shown, "".join(lines)


def test_lines_bear_their_page_and_number(tmp_path):
    raw = read(tmp_path, pdf(show(60, 740, "小静区2024年工作要点") + show(60, 700, "一、重点任务"), show(60, 740, "二、保障")))
    assert [(line.no, line.text) for line in raw.lines] == [(1001, "小静区2024年工作要点"), (1002, "一、重点任务"), (2001, "二、保障")]
    assert (raw.format, raw.problems) == ("pdf", ())


def test_wrapped_lines_are_joined_where_no_indent_begins_a_paragraph(tmp_path):
    (a, first), (b, second) = paragraph(740, 3), paragraph(680, 2)
    raw = read(tmp_path, pdf(a + b))
    assert texts(raw) == [first, second]
    assert [line.no for line in raw.lines] == [1001, 1004]


def test_a_paragraph_goes_on_over_the_page_and_its_number_is_furniture(tmp_path):
    whole, text = paragraph(140, 3)
    lines = whole.splitlines(keepends=True)
    upper = "".join(paragraph(740 - 60 * i, 2)[0] for i in range(3))
    raw = read(
        tmp_path, pdf(upper + lines[0] + lines[1] + show(290, 40, "—1—"), lines[2].replace(" 100 Tm", " 740 Tm") + show(290, 40, "—2—"))
    )
    assert texts(raw)[-1] == text
    assert [line.text for line in raw.lines if line.role == "furniture"] == ["—1—", "—2—"]


def test_short_lines_and_a_title_over_two_lines_stay_lines(tmp_path):
    raw = read(
        tmp_path, pdf(show(200, 760, "小静区教育局") + show(190, 740, "二〇二四年工作要点") + paragraph(700, 2)[0] + paragraph(660, 2)[0])
    )
    assert texts(raw)[:2] == ["小静区教育局", "二〇二四年工作要点"]


def test_a_head_that_runs_over_three_pages_is_furniture(tmp_path):
    raw = read(tmp_path, pdf(*(show(200, 770, "静安区工作要点") + show(60, 700, f"{n}、任务{n}") for n in "一二三")))
    assert texts(raw) == ["一、任务一", "二、任务二", "三、任务三"]
    assert sum(line.role == "furniture" for line in raw.lines) == 3


def test_two_columns_are_read_one_after_the_other_and_reported(tmp_path):
    rows = [(show(60, 700 - 20 * i, (WORDS * 2)[i : i + 18]), show(320, 700 - 20 * i, (WORDS * 2)[i + 9 : i + 27])) for i in range(5)]
    raw = read(tmp_path, pdf(show(150, 740, "横贯两栏的题目横贯两栏的题目") + "".join(a + b for a, b in rows)))
    joined = "".join(texts(raw))
    assert joined == "横贯两栏的题目" * 2 + "".join((WORDS * 2)[i : i + 18] for i in range(5)) + "".join(
        (WORDS * 2)[i + 9 : i + 27] for i in range(5)
    )
    assert codes(raw) == ["columns"]


def test_a_ruled_table_gives_a_line_for_each_row_with_wrapped_cells_whole(tmp_path):
    lines = "".join(rule(60, y, 500, y) for y in (700, 670, 620, 590)) + "".join(rule(x, 590, x, 700) for x in (60, 110, 350, 500))
    cells = (
        show(65, 680, "序号") + show(120, 680, "任务") + show(360, 680, "责任单位") + show(65, 640, "1") + show(120, 650, "推进集团办学，提高")
        + show(120, 630, "紧密型占比") + show(360, 640, "教育局") + show(65, 600, "2") + show(120, 600, "架桥")
    )  # fmt: skip
    raw = read(tmp_path, pdf(show(60, 740, "任务表") + cells + lines + show(60, 560, "说明在后")))
    assert [(line.text, line.role) for line in raw.lines] == [
        ("任务表", ""),
        ("序号\t任务\t责任单位", "table"),
        ("1\t推进集团办学，提高紧密型占比\t教育局", "table"),
        ("2\t架桥\t", "table"),
        ("说明在后", ""),
    ]


def test_a_frame_around_the_page_is_no_table(tmp_path):
    frame = "40 40 520 720 re S\n"
    assert texts(read(tmp_path, pdf(frame + show(60, 740, "一、甲") + show(60, 700, "二、乙")))) == ["一、甲", "二、乙"]


@pytest.mark.parametrize(
    ("quarter", "turn", "where"), [(90, "0 1 -1 0", "100 60"), (180, "-1 0 0 -1", "540 100"), (270, "0 -1 1 0", "500 740")]
)
def test_a_turned_page_is_read_as_it_is_shown(tmp_path, quarter, turn, where):
    x, y = map(int, where.split())
    step = {90: (20, 0), 180: (0, 20), 270: (-20, 0)}[quarter]
    content = show(x, y, "一、甲任务", turn=turn) + show(x + step[0], y + step[1], "二、乙任务", turn=turn)
    assert texts(read(tmp_path, pdf(content, page=f"/Rotate {quarter}"))) == ["一、甲任务", "二、乙任务"]


@pytest.mark.parametrize(("turn", "at"), [("0 1 -1 0", "{x} 60"), ("0 -1 1 0", "{back} 740"), ("-1 0 0 -1", "540 {x}")])
def test_a_page_set_along_the_paper_is_read(tmp_path, turn, at):
    lines = ["一、甲任务", "1.修路", "2.架桥"]
    shown = "".join(show(*at.format(x=100 + 20 * i, back=500 - 20 * i).split(), text, turn=turn) for i, text in enumerate(lines))
    raw = read(tmp_path, pdf(shown))
    assert (texts(raw), codes(raw)) == (lines, [])


def test_much_text_that_stands_askew_beside_upright_text_is_furniture_and_reported(tmp_path):
    raw = read(tmp_path, pdf(show(60, 700, WORDS * 2, size=6) + show(30, 60, WORDS, turn="0 1 -1 0")))
    assert ([line.text for line in raw.lines if line.role], codes(raw)) == ([WORDS], ["turned-text"])


def test_text_in_a_mirror_is_never_read_as_text(tmp_path):
    assert texts(read(tmp_path, pdf("-1 0 0 1 600 0 cm\n" + show(60, 700, "一、甲任务")))) == []


def test_vertical_lines_are_read_from_the_right_and_reported(tmp_path):
    lines = ["望溪区工作要点", "一、落实任务", "二、加强管理"]
    raw = read(tmp_path, pdf("".join(show(500 - 40 * i, 700 - 14 * j, c) for i, line in enumerate(lines) for j, c in enumerate(line))))
    assert (texts(raw), codes(raw)) == (lines, ["vertical-text"])


def test_a_line_that_is_spaced_out_has_no_spaces_between_its_characters(tmp_path):
    spaced = "".join(
        show(60 + 20 * j, 700 - 40 * i, c) for i, line in enumerate(("望溪区工作要点", "一、落实任务")) for j, c in enumerate(line)
    )
    assert texts(read(tmp_path, pdf(spaced))) == ["望溪区工作要点", "一、落实任务"]


@pytest.mark.parametrize(
    "unseen", ["3 Tr\n" + show(60, 400, "看不见"), "7 Tr\n" + show(60, 400, "看不见"), show(60, -90, "看不见"), show(900, 400, "看不见")]
)
def test_text_that_the_page_does_not_show_is_left_out_and_mentioned(tmp_path, unseen):
    raw = read(tmp_path, pdf(show(60, 700, "一、甲任务") + unseen))
    assert (texts(raw), [(q.code, q.severity) for q in raw.problems]) == (["一、甲任务"], [("hidden-text", "info")])


def test_what_a_page_cuts_off_is_not_shown(tmp_path):
    raw = read(tmp_path, pdf(show(60, 700, "一、甲任务") + show(60, 60, "裁去"), page="/CropBox[0 200 600 800]"))
    assert texts(raw) == ["一、甲任务"]


def test_fields_of_forms_and_notes_laid_over_the_page_are_reported(tmp_path):
    for kind in ("/Widget/FT/Tx/T(a)/V", "/FreeText/DA(/F1 12 Tf)/Contents"):
        note = f"/Annots[<</Type/Annot/Subtype{kind}<FEFF586B5199>/Rect[60 100 300 120]/F 4>>]"
        assert codes(read(tmp_path, pdf(show(60, 700, "一、甲任务"), page=note))) == ["not-read"]
    comment = "/Annots[<</Type/Annot/Subtype/Text/Contents<FEFF586B5199>/Rect[60 100 80 120]>>]"
    assert codes(read(tmp_path, pdf(show(60, 700, "一、甲任务"), page=comment))) == []


def test_pages_that_the_table_of_pages_does_not_count_are_reported(tmp_path):
    assert "pages-lost" in codes(read(tmp_path, pdf(show(60, 700, "一、甲"), show(60, 700, "二、乙")).replace(b"/Count 2", b"/Count 1")))


def test_a_later_version_that_is_cut_off_is_reported(tmp_path):
    assert codes(read(tmp_path, pdf(show(60, 700, "一、甲")) + b"8 0 obj\n<</Length 9>>stream\n")) == ["truncated"]


def test_large_words_on_one_spot_of_every_page_are_furniture(tmp_path):
    raw = read(
        tmp_path, pdf(*(show(60, 700, f"{n}、任务{n}") + show(60, 660, "说明") + show(150, 400, "内部资料", size=40) for n in "一二三"))
    )
    assert texts(raw) == ["一、任务一", "说明", "二、任务二", "说明", "三、任务三", "说明"]


def test_a_slanting_watermark_is_furniture(tmp_path):
    raw = read(tmp_path, pdf(show(60, 700, "一、甲任务") + show(200, 300, "内部资料", size=60, turn="0.7 0.7 -0.7 0.7")))
    assert [(line.text, line.role) for line in raw.lines] == [("一、甲任务", ""), ("内部资料", "furniture")]


def test_characters_set_one_by_one_in_a_font_that_is_not_there_are_read(tmp_path):
    assert texts(read(tmp_path, pdf("".join(show(60 + 12 * i, 700, c) for i, c in enumerate("一、甲任务"))))) == ["一、甲任务"]


def test_text_printed_twice_for_bold_is_read_once(tmp_path):
    assert texts(read(tmp_path, pdf(show(60, 700, "一、甲任务") + show(60.4, 700, "一、甲任务")))) == ["一、甲任务"]


# ---------------------------------------------------------------- what has no text

PICTURE = "q 600 0 0 800 0 0 cm /Im1 Do Q\n"


def test_a_page_that_is_a_picture_is_reported(tmp_path):
    raw = read(tmp_path, pdf(show(60, 700, "一、甲"), PICTURE, PICTURE + show(290, 40, "3")))
    (problem,) = raw.problems
    assert (problem.code, problem.severity, problem.line) == ("page-without-text", "warning", 2001)
    assert problem.message.startswith("page 2, 3")


def test_a_blank_page_is_no_scan(tmp_path):
    assert codes(read(tmp_path, pdf(show(60, 700, "一、甲"), ""))) == []


def test_a_file_of_pictures_only_is_refused(tmp_path):
    with pytest.raises(EmptyFileError, match="scan"):
        read(tmp_path, pdf(PICTURE, PICTURE))


def test_invisible_text_over_a_picture_is_reported_as_recognised(tmp_path):
    assert codes(read(tmp_path, pdf(PICTURE + "3 Tr\n" + show(60, 700, WORDS)))) == ["recognised-text"]


def test_a_font_without_a_map_is_refused_or_reported_and_never_guessed(tmp_path):
    with pytest.raises(EncodingError, match="do not say what they mean"):
        read(tmp_path, pdf(show(60, 700, WORDS), font=UNMAPPED))


# ---------------------------------------------------------------- broken and hostile files


def test_a_broken_directory_is_reported(tmp_path):
    raw = read(tmp_path, pdf(show(60, 700, "一、甲"), start=999_999))
    assert (texts(raw), codes(raw)) == (["一、甲"], ["repaired"])


def test_a_file_cut_off_is_refused_or_reported(tmp_path):
    whole = pdf(show(60, 700, "一、甲"), show(60, 700, "二、乙"))
    for length in range(len(whole) // 4, len(whole) - 8, len(whole) // 4):
        try:
            assert "truncated" in codes(read(tmp_path, whole[:length]))
        except (DamagedFileError, EmptyFileError) as error:
            assert error.source == "甲.pdf"  # noqa: PT017


def test_a_password_is_asked_for(tmp_path):
    lock = b"trailer <</Encrypt<</Filter/Standard/V 1/R 2/O<" + b"00" * 32 + b">/U<" + b"11" * 32 + b">/P -4>>/ID[<00><00>]"
    with pytest.raises(FormatError, match="password"):
        read(tmp_path, pdf(show(60, 700, "一、甲")).replace(b"trailer <<", lock))


def test_a_stream_that_unpacks_without_end_is_refused(tmp_path):
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = zlib.compress(b"\x78\x9c" + block * 900 + b"\x03\x00", 9)
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(packed), packed)
    with pytest.raises(UnsafeFileError, match="memory"):
        read(tmp_path, pdf(stream))


def test_the_child_works_where_memory_is_limited_and_modules_are_shadowed(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('shadowed')")
    monkeypatch.chdir(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 200 * 2**20, hard))
    try:
        assert texts(read(tmp_path, pdf(show(60, 700, "一、甲")))) == ["一、甲"]
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def test_no_damaged_file_raises_an_error_of_another_kind(tmp_path):
    whole = pdf(show(60, 740, "小静区2024年工作要点") + paragraph(700, 3)[0], PICTURE)
    draw = random.Random(0)
    for _ in range(8):
        broken = bytearray(whole)
        for _ in range(30):
            broken[draw.randrange(len(broken))] = draw.randrange(256)
        try:
            read(tmp_path, bytes(broken))
        except PolicylabError as error:
            assert "甲.pdf" in str(error)  # noqa: PT017


# ---------------------------------------------------------------- layout by itself


def run(x, y, text, size=10.0):
    return Run(x, y, x + size * len(text), y + size, text)


def test_cells_without_rules_are_parted_by_tabs():
    lines, columns = page_lines(Page(1, 600, 800, [run(60, 700, "序号"), run(200, 700, "任务"), run(60, 680, "一"), run(200, 680, "修路")]))
    assert ([line.text for line in lines], columns) == (["序号\t任务", "一\t修路"], 1)


def test_a_small_number_raised_above_its_line_stays_in_it():
    lines, _ = page_lines(Page(1, 600, 800, [run(60, 700, "双新"), Run(80, 704, 85, 709, "1"), run(85, 700, "要求")]))
    assert [line.text for line in lines] == ["双新1要求"]


def test_a_year_alone_on_a_line_within_the_page_is_no_page_number():
    lines = [PageLine(1, 60, 500, y, 10, text) for y, text in ((700, "甲" * 40), (400, "2024"), (40, "3"))]
    mark_furniture(lines, {1: 800})
    assert [line.role for line in lines] == ["", "", "furniture"]


def test_without_indents_only_an_unfinished_sentence_goes_on():
    lines = [PageLine(1, 60, 500, 700 - 20 * i, 10, text) for i, text in enumerate(("推进工作，", "加强管理。", "完善机制"))]
    assert [line.text for line in join_wrapped(lines)] == ["推进工作，加强管理。", "完善机制"]
