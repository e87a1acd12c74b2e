"""A folder becomes its files, each once; a file becomes numbered lines or a refusal that names the way."""

import base64
import io
import os
import quopri
import zipfile
from urllib.parse import quote

import pytest

from policylab.errors import ArgumentError, DamagedFileError, EmptyFileError, EncodingError, FormatError, MissingFileError, UnsafeFileError
from policylab.plans import files
from policylab.plans.files import find_files, read_raw

TEXT = "小静区教育局2024年工作要点\n\n一、重点任务\n1.落实立德树人。\n"


def write(path, text=TEXT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def sources(*args, **kwargs):
    return [f.source for f in find_files(*args, **kwargs)[0]]


def test_a_folder_is_walked_in_the_order_of_names(tmp_path):
    for name in ("乙区/2024.txt", "甲区-2024.txt", "a/z.txt", "a.txt"):
        write(tmp_path / name)
    assert sources(tmp_path) == ["a.txt", "a/z.txt", "乙区/2024.txt", "甲区-2024.txt"]


def test_what_systems_leave_behind_is_passed_over(tmp_path):
    for name in ("甲区.txt", "~$甲区.docx", ".DS_Store", "._甲区.txt", ".git/a.txt", "Thumbs.db", "__MACOSX/a.txt"):
        write(tmp_path / name)
    assert find_files(tmp_path) == ([files.Found("甲区.txt", tmp_path / "甲区.txt")], [])


def test_paths_are_named_relative_to_what_they_share_and_read_once(tmp_path):
    a, b = write(tmp_path / "甲" / "2024.txt"), write(tmp_path / "乙" / "2024.txt")
    assert sources([a, b, a]) == ["乙/2024.txt", "甲/2024.txt"]
    assert sources([str(a)]) == ["2024.txt"]
    assert sources(a) == ["2024.txt"]
    assert sources([tmp_path / "甲", b]) == ["乙/2024.txt", "甲/2024.txt"]


def test_the_metadata_table_is_left_out_on_request(tmp_path):
    write(tmp_path / "甲.txt"), write(tmp_path / "meta.csv")
    assert sources(tmp_path, skip=[tmp_path / "meta.csv"]) == ["甲.txt"]


def test_a_link_inside_the_folder_gives_no_second_document_and_no_endless_walk(tmp_path):
    write(tmp_path / "甲.txt")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "sub" / "乙.txt").symlink_to(tmp_path / "甲.txt")
    assert find_files(tmp_path) == ([files.Found("甲.txt", tmp_path / "甲.txt")], [])


def test_links_that_leave_the_folder_or_lead_nowhere_are_refused(tmp_path):
    write(tmp_path / "secret.txt")
    folder = tmp_path / "plans"
    write(folder / "甲.txt")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "up").symlink_to(tmp_path)
    (folder / "gone.txt").symlink_to(folder / "nothing.txt")
    found, refused = find_files(folder)
    assert [f.source for f in found] == ["甲.txt"]
    assert [(type(e), e.source) for e in refused] == [(MissingFileError, "gone.txt"), (UnsafeFileError, "out.txt"), (UnsafeFileError, "up")]


def test_names_are_nfc_and_legible(tmp_path):
    write(tmp_path / "Cafe\u0301小静区.txt")
    (tmp_path / os.fsdecode("小静区2024.txt".encode("gbk"))).write_text(TEXT, encoding="utf-8")
    assert sources(tmp_path) == ["Café小静区.txt", "小静区2024.txt"]


def test_two_names_that_look_alike_are_not_taken_for_one(tmp_path):
    write(tmp_path / "Café.txt"), write(tmp_path / "Cafe\u0301.txt")
    found, refused = find_files(tmp_path)
    assert ([f.source for f in found], [e.source for e in refused]) == (["Café.txt"], ["Café.txt"])


def test_deep_folders_are_walked(tmp_path):
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
    write(deep / "甲.txt")
    assert sources(tmp_path) == ["d/" * 300 + "甲.txt"]


def test_a_text_file_keeps_its_line_numbers_and_blank_lines(tmp_path):
    raw = read_raw(write(tmp_path / "甲.txt"))
    assert [(line.no, line.text) for line in raw.lines] == [
        (1, "小静区教育局2024年工作要点"),
        (2, ""),
        (3, "一、重点任务"),
        (4, "1.落实立德树人。"),
    ]
    assert (raw.source, raw.format, raw.encoding, raw.problems) == ("甲.txt", "txt", "utf-8", ())
    assert len(raw.sha256) == 64


def test_old_line_ends_give_the_same_lines(tmp_path):
    (tmp_path / "mac.txt").write_bytes(TEXT.replace("\n", "\r").encode())
    (tmp_path / "dos.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())
    plain = read_raw(write(tmp_path / "甲.txt")).lines
    assert read_raw(tmp_path / "mac.txt").lines == plain
    assert read_raw(tmp_path / "dos.txt").lines == plain


def test_a_page_break_splits_a_line_but_does_not_count_as_one(tmp_path):
    raw = read_raw(write(tmp_path / "甲.txt", "一、甲\n二、乙\f三、丙\n四、丁\n"))
    assert [(line.no, line.text) for line in raw.lines] == [(1, "一、甲"), (2, "二、乙"), (2, "三、丙"), (3, "四、丁")]


def test_the_name_may_hold_anything_and_is_quoted_in_messages(tmp_path):
    with pytest.raises(EmptyFileError, match=r"'小静区\\n2024.txt'"):
        read_raw(write(tmp_path / "小静区\n2024.txt", ""))


def ole(name):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + name.encode("utf-16-le") + bytes(4)


def zipped(*members, mimetype=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in members:
            archive.writestr(name, "<a/>")
        if mimetype:
            archive.writestr("mimetype", f"application/{mimetype}")
    return out.getvalue()


NUL = bytes(64)
CHINESE = "望溪区教育局2024年工作要点，落实立德树人根本任务。"
REFUSED = [  # (bytes, name, error, what the message names: what was found or the way to go)
    (ole("WordDocument"), "a.docx", FormatError, "LibreOffice"),
    (ole("WordDocument"), "a.wps", FormatError, "save it as .docx"),
    (ole("EncryptedPackage"), "a.docx", FormatError, "password"),
    (ole("Workbook"), "a.et", FormatError, "Save it as .xlsx"),
    (ole("PowerPoint Document"), "a.dps", FormatError, "Copy its text"),
    (ole("HwpSummaryInformation"), "a.hwp", FormatError, "Hangul"),
    (ole("__nameid_version1.0"), "a.msg", FormatError, "Outlook"),
    (b"{\\rtf1\\ansi plan}", "a.docx", FormatError, "RTF"),
    (b"\xef\xbb\xbf\n{\\rtf1 plan}", "a.txt", FormatError, "RTF"),
    (zipped("OFD.xml"), "a.ofd", FormatError, "OFD reader"),
    (zipped("content.xml", mimetype="vnd.oasis.opendocument.text"), "a.odt", FormatError, "save it as .docx"),
    (zipped("content.xml", mimetype="vnd.oasis.opendocument.spreadsheet"), "a.ods", FormatError, "save it as .xlsx"),
    (zipped("content.xml", mimetype="vnd.oasis.opendocument.presentation"), "a.odp", FormatError, "Copy its text"),
    (zipped("a.opf", mimetype="epub+zip"), "a.epub", FormatError, "EPUB"),
    (zipped("Index/Document.iwa"), "a.pages", FormatError, "Export it from there"),
    (zipped("FixedDocSeq.fdseq", "[Content_Types].xml"), "a.xps", FormatError, "Print it to PDF"),
    (zipped("visio/document.xml", "[Content_Types].xml"), "a.vsdx", FormatError, "Visio"),
    (zipped("ppt/presentation.xml"), "a.pptx", FormatError, "presentation"),
    (zipped("xl/workbook.xml"), "a.xlsx", FormatError, "read_table"),
    (zipped("xl/workbook.bin"), "a.xlsb", FormatError, "Save it as .xlsx"),
    (zipped("plan.docx"), "a.zip", FormatError, "Unpack"),
    (zipped("[Content_Types].xml"), "a.docx", DamagedFileError, "no Word document"),
    (zipped("word/document.xml")[:-30], "a.docx", DamagedFileError, "broken"),
    *(
        (magic + NUL, "a.png", FormatError, "OCR")
        for magic in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\0", b"AT&TFORM", b"8BPS\0")
    ),
    *((magic + NUL, "a.caj", FormatError, "print it to PDF") for magic in (b"CAJ\0", b"HN\0\0", b"KDH \0", b"Founder CEB")),
    *(
        (magic + NUL, "a.rar", FormatError, "Unpack")
        for magic in (b"Rar!\x1a", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"MSCF\0", b"\x28\xb5\x2f\xfd")
    ),
    (b"a.txt" + bytes(252) + b"ustar" + NUL, "a.tar", FormatError, "Unpack"),
    *((magic + NUL, "a.exe", FormatError, "Take it out") for magic in (b"MZ\x90\0", b"\x7fELF", b"\xcf\xfa\xed\xfe")),
    (b"L\0\0\0\1\x14\2" + NUL, "a.lnk", FormatError, "shortcut"),
    (b"bplist00" + NUL, "a.webarchive", FormatError, "Safari"),
    (b"SQLite format 3\0", "a.db", FormatError, "Export"),
    (b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", "x.txt", FormatError, "macOS"),
    ("文件,年份\na.txt,2024\n".encode(), "a.csv", FormatError, "read_table"),
    (b'[{"a": 1}]', "a.json", FormatError, "read_table"),
    (f'{{"content": "{CHINESE}"}}'.encode(), "a.txt", FormatError, "JSON"),
    (f"<plan><item>{CHINESE}</item></plan>".encode(), "a.txt", FormatError, "XML"),
    (b"<?xml version='1.0'?><w:wordDocument xmlns:w='x'/>", "a.doc", FormatError, "save it as .docx"),
    (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "a.doc", FormatError, "MHTML"),
    (b'From: "IE"\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related;\n boundary=x\n\n<html>', "a.html", FormatError, "MHTML"),
    (b"Received: from a\n by b\nMIME-Version: 1.0\nContent-Type: text/plain\n\nplan\n", "a.eml", FormatError, "e-mail"),
    (b"\\documentclass{article}", "a.tex", FormatError, "LaTeX"),
    (b"%!PS-Adobe-3.0\n", "a.ps", FormatError, "PDF"),
    (TEXT.encode(), "a.pdf", DamagedFileError, "Download it again"),
    (b"", "a.docx", EmptyFileError, "empty"),
    ("\u200b\u3000\n".encode(), "a.txt", EmptyFileError, "no text"),
    (NUL, "a.txt", EmptyFileError, "zero bytes"),
    (bytes(range(256)), "a.txt", EncodingError, "zero bytes"),
    (TEXT.encode() + TEXT.encode("gbk"), "a.txt", EncodingError, "two encodings"),
    (TEXT.encode("utf-7"), "a.txt", EncodingError, "UTF-7"),
    (TEXT.encode("hz"), "a.txt", EncodingError, "HZ"),
    (b"\x1b$)A\x0eM{O*\x0f2024", "a.txt", EncodingError, "ISO-2022"),
    (base64.encodebytes(TEXT.encode()), "a.txt", EncodingError, "base64"),
    (quopri.encodestring(TEXT.encode()), "a.txt", EncodingError, "quoted-printable"),
    (quote(TEXT, safe="\n").encode(), "a.txt", EncodingError, "percent"),
    (TEXT.encode("unicode_escape").replace(b"\\n", b"\n"), "a.txt", EncodingError, "escapes"),
    (TEXT.replace("\n", "\\n").encode(), "a.txt", EncodingError, "line ends"),
    (b"\n" * (files.MAX_LINES + 1) + TEXT.encode(), "a.txt", UnsafeFileError, "lines; the limit"),
]


@pytest.mark.parametrize(("data", "name", "error", "names"), REFUSED, ids=range(len(REFUSED)))
def test_every_refusal_names_the_file_what_was_found_and_what_to_do(tmp_path, data, name, error, names):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error, match=names) as caught:
        read_raw(tmp_path / name)
    assert type(caught.value) is error
    assert str(caught.value) == f"{name!r}: {caught.value.found}. {caught.value.hint}"
    assert caught.value.hint.endswith(".")


def test_a_pdf_or_a_piece_of_html_under_another_name_is_read_as_what_it_is(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"junk\n%PDF-1.4\n1 0 obj\n<<>>\nendobj\n")
    with pytest.raises(DamagedFileError, match="no page can be read"):
        read_raw(tmp_path / "a.txt")
    assert read_raw(write(tmp_path / "b.txt", f"<div><p>{CHINESE}</p></div>")).format == "txt"


def test_a_text_in_traditional_characters_stays_as_printed_and_says_so(tmp_path):
    text = "望溪區教育局2024年工作要點\n一、落實立德樹人根本任務\n1.深化學區集團辦學，加強學校管理。\n"
    (tmp_path / "a.txt").write_bytes(text.encode("big5"))
    raw = read_raw(tmp_path / "a.txt")
    assert "".join(f"{line.text}\n" for line in raw.lines) == text
    assert [(p.code, p.severity) for p in raw.problems] == [("traditional-characters", "info")]
    assert "policylab[traditional]" in raw.problems[0].hint
    assert read_raw(write(tmp_path / "b.txt")).problems == ()


@pytest.mark.parametrize("text", ["Work plan of the district for 2024\n1. Schools\n", "План работы управления образования на 2024 год\n"])
def test_a_text_without_chinese_is_reported(tmp_path, text):
    assert [p.code for p in read_raw(write(tmp_path / "a.txt", text)).problems] == ["not-chinese"]


def test_what_is_no_regular_file_is_refused_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "fifo.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "dir.txt").mkdir()
    for name in ("fifo.txt", "zero.txt", "dir.txt", "nothing.txt", "a\0b.txt"):
        with pytest.raises(MissingFileError):
            read_raw(tmp_path / name)


def test_files_past_the_limit_are_refused_unread(tmp_path):
    for name, size in (("text.txt", files.MAX_PLAN_BYTES + 1), ("huge.txt", 2 * 2**30)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
        with pytest.raises(UnsafeFileError, match="limit"):
            read_raw(tmp_path / name)


def test_a_missing_folder_is_named():
    with pytest.raises(MissingFileError, match="no/such"):
        find_files("no/such")


def test_what_is_no_path_is_named():
    with pytest.raises(ArgumentError, match="5 is no path"):
        find_files([5])
