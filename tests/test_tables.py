"""Tables are read as text and checked row by row: nothing becomes a number, missing, or a year that it is not."""

import contextlib
import io
import json
import random
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylab.errors import DamagedFileError, EmptyFileError, FormatError, PolicylabError, TableError
from policylab.plans.cells import table_documents
from policylab.plans.metadata import parse_year, read_metadata
from policylab.plans.places import read_places
from policylab.plans.tables import csv_rows, read_cells

CSV = "file,district,year\na.txt,小静区,2024\nb.txt,大静区,2023\n"


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(path, rows, edit=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if edit:
        edit(book)
    book.save(path)
    return path


# ---------------------------------------------------------------- delimited text


@pytest.mark.parametrize(
    "content",
    [
        CSV,
        CSV.encode("utf-8-sig"),
        CSV.encode("gbk"),
        CSV.replace(",", "\t").encode("utf-16"),
        CSV.replace(",", ";"),
        CSV.replace("\n", "\r\n"),
        CSV.replace("\n", "\r"),
        "sep=,\n" + CSV,
        '"file","district","year"\n"a.txt","小静区","2024"\n"b.txt","大静区","2023"\n',
        CSV + "\n,,\n",
    ],
)
def test_every_way_of_saving_a_table_gives_the_same_frame(tmp_path, content):
    frame = read_cells(write(tmp_path / "m.csv", content)).frame
    assert frame.to_dict("list") == {"file": ["a.txt", "b.txt"], "district": ["小静区", "大静区"], "year": ["2024", "2023"]}


def test_cells_stay_text_and_rows_keep_their_number(tmp_path):
    frame = read_cells(write(tmp_path / "m.csv", "code,名称\n007,NA\n1e5,None\n,null\n")).frame
    assert frame.to_dict("list") == {"code": ["007", "1e5", ""], "名称": ["NA", "None", "null"]}
    assert list(frame.index) == [2, 3, 4]


def test_quoted_cells_hold_delimiters_line_ends_and_quotation_marks(tmp_path):
    frame = read_cells(write(tmp_path / "m.csv", 'id,text\n1,"一、甲，""乙""\n二、丙,丁"\n2,戊\n')).frame
    assert frame["text"].tolist() == ['一、甲，"乙"\n二、丙,丁', "戊"]
    assert list(frame.index) == [2, 4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2,3\n", "row 2 has 3 cells, the header 2"),
        ("a,b\n1,2\n3\n", "row 3 has 1 cells"),
        ("a,a\n1,2\n", "two columns are named 'a'"),
        ("a,,b\n1,2,3\n", "column 2 has no name"),
        ('a,b\n1,"2\n', "never closed"),
        ('a,b\n"1"x,2\n', "line 2"),
        (",\n", "empty"),
    ],
)
def test_a_table_that_is_not_in_order_is_refused_by_its_row(tmp_path, content, message):
    with pytest.raises(TableError, match=message):
        read_cells(write(tmp_path / "m.csv", content))


def test_what_is_no_table_is_refused(tmp_path):
    with pytest.raises(FormatError, match="HTML"):
        read_cells(write(tmp_path / "m.xls", "<html><table><tr><td>a</td></tr></table></html>"))
    with pytest.raises(EmptyFileError):
        read_cells(write(tmp_path / "m.csv", ""))


# the text of a cell comes back, whatever is in it


@given(st.lists(st.text(alphabet='甲乙,"\t;1 。', max_size=8), min_size=2, max_size=4).filter(lambda cells: any(c.strip() for c in cells)))
def test_what_is_written_by_the_rules_is_read_back(cells):
    line = ",".join('"' + c.replace('"', '""') + '"' for c in cells)
    header = ",".join(f"c{i}" for i in range(len(cells)))
    assert csv_rows(f"{header}\n{line}\n", source="a")[1:] == [(2, cells)]


# ---------------------------------------------------------------- spreadsheets


def test_a_workbook_gives_what_its_cells_show(tmp_path):
    import datetime

    def edit(book):
        sheet = book.active
        sheet["C2"].number_format = "yyyy-mm-dd"
        sheet["C3"].number_format = "yyyy"
        sheet["C4"].number_format = "0.00"

    day = datetime.date(2024, 3, 1)
    rows = [
        ["file", "district", "year"],
        ["a.txt", "小静区", day],
        ["b.txt", "NA", day],
        ["c.txt", 7, 2024],
        ["d.txt", True, 2.5],
        ["007", None, "1e5"],
    ]
    table = read_cells(workbook(tmp_path / "m.xlsx", rows, edit))
    assert table.frame["year"].tolist() == ["2024-03-01", "2024", "2024", "2.5", "1e5"]
    assert table.frame["district"].tolist() == ["小静区", "NA", "7", "TRUE", ""]
    assert table.frame["file"].tolist()[-1] == "007"
    assert (table.format, table.problems) == ("xlsx", ())


def test_merged_cells_all_show_their_value(tmp_path):
    rows = [["district", "year"], ["小静区", 2023], [None, 2024]]
    frame = read_cells(workbook(tmp_path / "m.xlsx", rows, lambda book: book.active.merge_cells("A2:A3"))).frame
    assert frame["district"].tolist() == ["小静区", "小静区"]


def test_a_formula_without_its_value_and_an_error_are_refused_by_their_cell(tmp_path):
    with pytest.raises(TableError, match=r"cell B2 .*formula"):
        read_cells(workbook(tmp_path / "m.xlsx", [["a", "b"], ["x", "=2000+24"]]))

    def edit(book):
        book.active["B2"].data_type = "e"

    with pytest.raises(TableError, match=r"cell B2 .*#REF!"):
        read_cells(workbook(tmp_path / "n.xlsx", [["a", "b"], ["x", "#REF!"]], edit))


def test_other_sheets_are_mentioned_and_hidden_ones_not_read(tmp_path):
    def edit(book):
        book.create_sheet("说明").append(["x"])
        book.create_sheet("旧表", 0).append(["y"])
        book["旧表"].sheet_state = "hidden"

    table = read_cells(workbook(tmp_path / "m.xlsx", [["a"], ["1"]], edit))
    assert list(table.frame) == ["a"]
    assert [(p.code, p.severity) for p in table.problems] == [("other-sheets", "info")]


def test_a_broken_workbook_is_refused(tmp_path):
    whole = workbook(tmp_path / "m.xlsx", [["a"], ["1"]]).read_bytes()
    with pytest.raises(DamagedFileError):
        read_cells(write(tmp_path / "n.xlsx", whole[: len(whole) // 2]))


def test_an_entity_in_a_workbook_is_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(PolicylabError, match="document type"):
        read_cells(write(tmp_path / "m.xlsx", out.getvalue()))


def test_a_text_as_long_as_a_cell_can_be_is_reported(tmp_path):
    table = read_cells(workbook(tmp_path / "m.xlsx", [["a"], ["工" * 32_767], ["短"]]))
    assert [(p.code, p.line) for p in table.problems] == [("cell-limit", 2)]


# ---------------------------------------------------------------- JSON


def test_flat_objects_are_a_table(tmp_path):
    records = [{"title": "小静区", "year": 2024}, {"title": "大静区", "note": None}]
    for name, content in (("a.json", json.dumps(records)), ("a.jsonl", "\n".join(map(json.dumps, records)))):
        frame = read_cells(write(tmp_path / name, content)).frame
        assert frame.to_dict("list") == {"title": ["小静区", "大静区"], "year": ["2024", ""], "note": ["", ""]}


@pytest.mark.parametrize("content", ["[" * 100_000, '[{"a": [1]}]', '[{"a": 1, "a": 2}]', "[1, 2]", '{"a": ', "[]"])
def test_other_json_is_refused(tmp_path, content):
    with pytest.raises(TableError):
        read_cells(write(tmp_path / "a.json", content))


# ---------------------------------------------------------------- metadata


@pytest.mark.parametrize(
    ("value", "year"),
    [("2024", 2024), ("2024.0", 2024), (" 2024年 ", 2024), ("２０２４", 2024), ("二〇二四年", 2024), ("2024年度", 2024), ("", None)],
)
def test_years_are_read(value, year):
    assert parse_year(value) == year


@pytest.mark.parametrize(
    "value", ["24", "20240", "45292", "31/12/2023", "2024年2月30日", "2024-01-01", "2023学年", "2023-2024", "NA", "1024", "2024.5"]
)
def test_what_is_no_year_never_becomes_one(value):
    with pytest.raises(ValueError, match="is no year"):
        parse_year(value)


def test_metadata_are_matched_by_name_and_further_columns_carried_along(tmp_path):
    path = write(tmp_path / "m.csv", "文件,地区,年份,code\nCafe\u0301.txt,小静区,2024,007\n./甲\\2023.txt,NA,,\n")
    metadata = read_metadata(path, sources=["Café.txt", "甲/2023.txt"])
    assert metadata.get("Café.txt") == {"place": "小静区", "year": 2024, "code": "007"}
    assert metadata.get("甲/2023.txt") == {"place": "NA", "year": None, "code": None}
    assert metadata.problems == ()


def test_rows_without_a_file_and_files_without_a_row_are_problems():
    metadata = read_metadata(pd.DataFrame({"source": ["a.txt", "x.txt"], "year": [2024, 2023]}), sources=["a.txt", "b.txt"])
    assert [(source, p.code, p.severity) for source, p in metadata.problems] == [
        ("x.txt", "metadata-no-file", "warning"),
        ("b.txt", "metadata-no-row", "info"),
    ]
    assert metadata.get("b.txt") is None


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"file": ["a.txt", "a.txt"]}, "rows 0 and 1 both name 'a.txt'"),
        ({"file": ["a.txt", "./a.txt"]}, "both name"),
        ({"file": ["../a.txt"]}, "row 0: '../a.txt' lies outside"),
        ({"file": ["/etc/hostname"]}, "outside"),
        ({"file": ["file:///etc/hostname"]}, "outside"),
        ({"file": ["C:\\a.txt"]}, "outside"),
        ({"file": [""]}, "row 0: names no file"),
        ({"file": ["a.txt"], "year": ["24"]}, "row 0: '24' is no year.*four digits"),
        ({"file": ["a.txt"], "文件": ["a.txt"]}, "both mean source"),
        ({"name": ["a.txt"]}, "no column source or file"),
    ],
)
def test_a_metadata_table_that_is_not_in_order_is_refused_by_its_row(frame, message):
    with pytest.raises(TableError, match=message):
        read_metadata(pd.DataFrame(frame), sources=["a.txt"])


def test_missing_values_of_a_frame_say_nothing():
    frame = pd.DataFrame({"file": ["a.txt", "b.txt"], "year": [2024, None], "place": ["小静区", None]})
    assert read_metadata(frame, sources=["a.txt", "b.txt"]).get("b.txt") == {"year": None, "place": None}


# ---------------------------------------------------------------- places and cells


def test_places_have_a_row_for_each_alias():
    places = read_places(
        pd.DataFrame({"地区": ["静安区", "黄浦区"], "别名": ["静安、静安县", ""], "上级": ["上海市", "上海市"], "valid_from": ["", "2000"]})
    )
    assert places[["place", "parent"]].drop_duplicates().to_dict("list") == {"place": ["静安区", "黄浦区"], "parent": ["上海市", "上海市"]}
    assert places["alias"].fillna("-").tolist() == ["静安", "静安县", "-"]
    assert places["valid_from"].tolist() == [pd.NA, pd.NA, 2000]


def test_one_alias_may_stand_for_two_places_only_in_different_years():
    rows = {"place": ["甲区", "乙区"], "alias": ["丙县", "丙县"], "valid_from": ["1990", "2015"], "valid_to": ["2014", ""]}
    assert len(read_places(pd.DataFrame(rows))) == 2
    with pytest.raises(TableError, match="'丙县' stands for 甲区 and for 乙区"):
        read_places(pd.DataFrame({**rows, "valid_to": ["2016", ""]}))


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"place": ["甲区"], "valid_from": ["2020"], "valid_to": ["2010"]}, "valid from 2020 to 2010"),
        ({"place": [""]}, "row 0 names no place"),
        ({"place": ["甲区", "乙区"], "parent": ["乙区", "甲区"]}, "甲区 lies in itself"),
        ({"place": ["甲区"], "valid_from": ["20"]}, "is no year"),
    ],
)
def test_a_places_table_that_is_not_in_order_is_refused(frame, message):
    with pytest.raises(TableError, match=message):
        read_places(pd.DataFrame(frame))


def test_each_cell_of_a_text_column_is_a_document(tmp_path):
    path = write(tmp_path / "plans.csv", 'place,year,text,note\n小静区,2024,"工作要点\n一、甲",x\n大静区,2023,,y\n')
    (document,), refused = table_documents(read_cells(path), text="text", place="place", year="year")
    raw, said = document
    assert (raw.source, [(line.no, line.text) for line in raw.lines]) == ("plans.csv#2", [(1, "工作要点"), (2, "一、甲")])
    assert said == {"place": "小静区", "year": 2024, "note": "x"}
    assert [(e.source, e.code) for e in refused] == [("plans.csv#4", "empty-file")]


def test_columns_that_do_not_exist_and_bad_years_are_named(tmp_path):
    table = read_cells(write(tmp_path / "plans.csv", "year,text\n24,甲\n"))
    with pytest.raises(TableError, match="no column 'content', given as text"):
        table_documents(table, text="content")
    with pytest.raises(TableError, match="row 2: '24' is no year"):
        table_documents(table, text="text", year="year")


@given(st.text(alphabet='a甲,"\n\r\t;', max_size=60))
def test_no_text_raises_an_error_of_another_kind(text):
    with contextlib.suppress(PolicylabError):
        csv_rows(text, source="a")


def test_no_damaged_workbook_raises_an_error_of_another_kind(tmp_path):
    whole = workbook(tmp_path / "m.xlsx", [["a", "b"], ["x", 2024], ["y", 2.5]]).read_bytes()
    parts = {name: zipfile.ZipFile(io.BytesIO(whole)).read(name) for name in zipfile.ZipFile(io.BytesIO(whole)).namelist()}
    draw = random.Random(0)
    for _ in range(150):
        broken = {name: bytearray(content) for name, content in parts.items()}
        for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
            broken[name][draw.randrange(len(broken[name]))] = draw.choice(b'0123456789x"<>')
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in broken.items():
                archive.writestr(name, bytes(content))
        with contextlib.suppress(PolicylabError):
            read_cells(write(tmp_path / "b.xlsx", out.getvalue()))


# ---------------------------------------------------------------- what a sheet shows


@pytest.mark.parametrize(
    ("value", "form", "shown"), [(0.5, "0%", "50%"), (0.125, "0.00%", "12.50%"), (7, "000", "007"), (7, "General", "7")]
)
def test_percentages_and_leading_zeros_are_text_as_shown(tmp_path, value, form, shown):
    path = workbook(tmp_path / "m.xlsx", [["a"], [value]], lambda book: setattr(book.active["A2"], "number_format", form))
    assert read_cells(path).frame["a"].tolist() == [shown]


@pytest.mark.parametrize(("dimensions", "key"), [("row_dimensions", 3), ("column_dimensions", "B")])
def test_hidden_rows_and_columns_are_read_and_reported(tmp_path, dimensions, key):
    rows = [["a", "b"], ["1", "2"], ["3", "4"]]
    found = read_cells(workbook(tmp_path / "m.xlsx", rows, lambda book: setattr(getattr(book.active, dimensions)[key], "hidden", True)))
    assert (found.frame.values.tolist(), [p.code for p in found.problems]) == (rows[1:], ["hidden-cells"])


def test_merged_cells_that_cover_the_table_again_and_again_are_refused(tmp_path):
    path = workbook(tmp_path / "m.xlsx", [["a"], *([str(i)] for i in range(3000))])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(
        b"</sheetData>", b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:ZZ3001"/>' * 2 + b"</mergeCells>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(TableError, match="merged cells"):
        read_cells(path)


def test_half_a_character_is_refused(tmp_path):
    with pytest.raises(TableError, match="half a character"):
        read_cells(write(tmp_path / "a.json", '[{"a": "\\ud800"}]'))
