"""Bytes become the text that was written, or a refusal; never another text."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylab.errors import EmptyFileError, EncodingError
from policylab.plans.decode import decode, split_lines

SIMPLIFIED = "小静区教育局2024年工作要点\n一、落实立德树人根本任务\n1.提高教育集团占比。完善教师考核评价机制，加强学校管理。\n"
TRADITIONAL = "小靜區教育局2024年工作要點\n一、落實立德樹人根本任務\n1.深化學區集團辦學，加強學校管理，完善教師考核。\n"


def codes(data):
    return [p.code for p in decode(data, source="a.txt").problems]


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"]
)
def test_simplified_text_is_read_exactly_in_every_encoding_of_the_genre(codec):
    decoded = decode(SIMPLIFIED.encode(codec), source="a.txt")
    assert decoded.text == SIMPLIFIED
    assert decoded.problems == ()


@pytest.mark.parametrize("codec", ["utf-8", "big5", "gb18030", "utf-16-be"])
def test_traditional_text_is_read_exactly(codec):
    assert decode(TRADITIONAL.encode(codec), source="a.txt").text == TRADITIONAL


def test_the_encoding_found_is_recorded():
    found = {c: decode(SIMPLIFIED.encode(c), source="a").encoding for c in ("utf-8", "utf-8-sig", "gbk", "utf-16-le")}
    assert found == {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "gbk": "gb18030", "utf-16-le": "utf-16-le"}
    assert decode(TRADITIONAL.encode("big5"), source="a").encoding == "big5"


def test_six_characters_of_gbk_are_enough():
    assert decode("教育工作要点".encode("gbk"), source="a.txt").text == "教育工作要点"


def test_characters_of_four_bytes_survive():
    text = SIMPLIFIED + "㐂镇𠮷村、䶮、𬱖"
    assert decode(text.encode("gb18030"), source="a.txt").text == text


@pytest.mark.parametrize(
    "data",
    [
        "Отдел образования. План работы на 2024 год. Укрепление школ.".encode("cp1251"),
        "교육청 2024년 업무 계획 학교 교육".encode("euc-kr"),
        "教育委員会の方針について、学校をよくする。".encode("shift-jis"),
        "教育委員会の方針について、これから学校をよくする。".encode("euc-jp"),
        "Priorités de l'éducation à l'école élémentaire".encode("cp1252"),
        bytes(range(128, 256)) * 4,
    ],
)
def test_another_alphabet_is_refused_and_not_shown_as_han(data):
    with pytest.raises(EncodingError):
        decode(data, source="a.txt")


def test_two_encodings_in_one_file_are_refused_with_their_lines():
    with pytest.raises(EncodingError, match="line 1 is UTF-8, line 4 is not"):
        decode(SIMPLIFIED.encode() + SIMPLIFIED.encode("gbk"), source="a.txt")


def test_a_broken_character_is_located():
    data = SIMPLIFIED.encode()
    at = data.index("1.提".encode()) + 3
    with pytest.raises(EncodingError, match=rf"offset {at - 1} \(line 3\)"):
        decode(data[:at] + b"\xff" + data[at + 1 :], source="a.txt")


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16"])
def test_a_last_character_cut_in_two_is_left_out_and_reported(codec):
    whole = SIMPLIFIED.strip() + "育"
    decoded = decode(whole.encode(codec)[:-1], source="a.txt")
    assert decoded.text == whole[:-1]
    assert [p.code for p in decoded.problems] == ["truncated"]


@pytest.mark.parametrize("damage", ["\ufffd", "锟斤拷", "????", "烫烫烫烫"])
def test_characters_lost_before_are_reported_with_their_line(damage):
    (problem,) = decode(f"一、教育工作\n二、{damage}学校".encode(), source="a.txt").problems
    assert (problem.code, problem.line) == ("damaged-characters", 2)


def test_surrogate_pairs_in_utf8_are_put_together():
    pair = "𠮷".encode("utf-16-be")
    cesu = b"".join(chr(int.from_bytes(pair[i : i + 2], "big")).encode("utf-8", "surrogatepass") for i in (0, 2))
    decoded = decode("教育".encode() + cesu, source="a.txt")
    assert (decoded.text, [p.code for p in decoded.problems]) == ("教育𠮷", ["cesu-8"])


@pytest.mark.parametrize(("written", "meant"), [("cp1252", "gbk"), ("latin-1", "utf-8"), ("gb18030", "utf-8")])
def test_text_that_was_garbled_before_is_refused(written, meant):
    garbled = (SIMPLIFIED * 2).encode(meant).decode(written, "ignore")
    with pytest.raises(EncodingError, match="garbled"):
        decode(garbled.encode(), source="a.txt")


@pytest.mark.parametrize(
    ("read", "meant"),
    [("shift_jis", "utf-8"), ("euc_kr", "gbk"), ("cp1251", "gbk"), ("mac_roman", "utf-8"), ("cp1252", "utf-8")],
)
def test_text_that_went_through_another_alphabet_is_refused(read, meant):
    with pytest.raises(EncodingError, match="garbled"):
        decode((SIMPLIFIED * 2).encode(meant).decode(read, "ignore").encode(), source="a.txt")


@pytest.mark.parametrize(
    "stretch",
    [
        "加强学校的教育管理工作。".encode().decode("gbk", "ignore"),
        "加强学校".encode().decode("latin-1"),
        "加强学校管理".encode("gbk").decode("latin-1"),
        "ï¼Œ",
    ],
)
def test_a_garbled_stretch_in_a_sound_text_is_reported_with_its_line(stretch):
    (problem,) = decode(f"{SIMPLIFIED * 2}2.{stretch}\n".encode(), source="a.txt").problems
    assert (problem.code, problem.severity, problem.line) == ("garbled", "warning", 7)


def test_gbk_in_which_utf8_was_pasted_is_reported():
    data = SIMPLIFIED.encode("gbk").replace("提高教育集团占比".encode("gbk"), "提高教育集团占比".encode())
    assert codes(data) == ["garbled"]


@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \r\n\t ", "\u3000\n".encode(), "\u200b\u202e\u2060".encode(), b"\x07\x08", bytes(100)]
)
def test_a_file_without_text_is_refused(data):
    with pytest.raises(EmptyFileError):
        decode(data, source="a.txt")


def test_lines_split_at_ends_of_every_kind():
    assert split_lines("一\n二\r\n三\r四\v五\f六\x85七\u2028八\u2029九\n") == list("一二三四五六七八九")
    assert split_lines("") == []


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_are_refused(data):
    with contextlib.suppress(EncodingError, EmptyFileError):
        assert decode(data, source="a.txt").text


@given(
    st.text(alphabet="教育工作要点落实学校管理的和在了加强发展。，、1一", min_size=4, max_size=60),
    st.sampled_from(["gb18030", "utf-8", "utf-8-sig", "utf-16"]),
)
def test_plain_chinese_is_read_as_it_was_or_refused(text, codec):
    with contextlib.suppress(EncodingError, EmptyFileError):
        assert decode(text.encode(codec), source="a").text == text


def test_a_text_that_lost_most_of_its_characters_is_refused():
    with pytest.raises(EncodingError, match="most of its characters"):
        decode("教育\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd工作\ufffd\ufffd\ufffd\ufffd".encode(), source="a.txt")
