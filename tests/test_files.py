"""A folder becomes its files, each once; a file becomes numbered lines or a refusal that names the way."""

import os

import pytest

from policylab.errors import ArgumentError, DamagedFileError, EmptyFileError, FormatError, MissingFileError, UnsafeFileError
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


@pytest.mark.parametrize(
    ("head", "name", "way"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "WordDocument".encode("utf-16-le") + bytes(4), "a.docx", "LibreOffice"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(4), "a.docx", "password"),
        (b"{\\rtf1\\ansi plan}", "a.docx", "RTF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "a.txt", "OCR"),
        (b"\xff\xd8\xff\xe0" + bytes(64), "a.pdf", "OCR"),
        (b"Rar!\x1a\x07\x01\x00", "a.rar", "Unpack"),
        (b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", "x.txt", "macOS"),
        ("文件,年份\na.txt,2024\n".encode(), "a.csv", "read_table"),
        (b'[{"a": 1}]', "a.json", "read_table"),
        (b"<?xml version='1.0'?><w:wordDocument xmlns:w='x'/>", "a.doc", "save it as .docx"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "a.doc", "MHTML"),
    ],
)
def test_kinds_that_are_not_read_are_refused_with_the_way_to_go(tmp_path, head, name, way):
    (tmp_path / name).write_bytes(head)
    with pytest.raises(FormatError, match=way):
        read_raw(tmp_path / name)


def test_what_is_no_regular_file_is_refused_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "fifo.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "dir.txt").mkdir()
    for name in ("fifo.txt", "zero.txt", "dir.txt", "nothing.txt", "a\0b.txt"):
        with pytest.raises(MissingFileError):
            read_raw(tmp_path / name)


def test_files_past_the_limit_are_refused_unread(tmp_path):
    for name, size in (("text.txt", files.MAX_TEXT_BYTES + 1), ("huge.txt", 2 * 2**30)):
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


def test_a_text_named_pdf_is_reported_as_damaged(tmp_path):
    with pytest.raises(DamagedFileError):
        read_raw(write(tmp_path / "a.pdf"))
