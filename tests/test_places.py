"""The places table at work: aliases in their years, what a place belongs to, years and places that the table does not know."""

import pandas as pd
import pytest

from policylab import read_plans
from policylab.errors import TableError
from policylab.plans.places import Places

TEXT = "一、德育\n1.开课。全体学校备课听课。\n2.听课。全体学校评课研课。\n"
TABLE = pd.DataFrame(
    [
        ("望溪区", "", "云澜市", "区", "", ""),
        ("望溪区", "北溪区", "云澜市", "区", "2016", ""),
        ("北溪区", "北溪", "云澜市", "区", "", "2015"),
        ("云澜市", "", "", "市", "", ""),
    ],
    columns=["place", "alias", "parent", "level", "valid_from", "valid_to"],
)


@pytest.fixture
def folder(tmp_path):
    for name in ("北溪区-2014", "北溪区-2017", "望溪区-2014", "云澜市-2017"):
        place, _, year = name.partition("-")
        (tmp_path / f"{name}.txt").write_text(f"{place}教育局{year}年工作要点\n{TEXT}", encoding="utf-8")
    return tmp_path


def documents(plans):
    return plans.documents.set_index("source")


def test_an_alias_becomes_the_place_in_its_years_only(folder):
    plans = read_plans(folder, places=TABLE)
    found = documents(plans)
    assert found["plan"].to_dict() == {
        "云澜市-2017.txt": "云澜市-2017", "北溪区-2014.txt": "北溪区-2014", "北溪区-2017.txt": "望溪区-2017", "望溪区-2014.txt": "望溪区-2014",
    }  # fmt: skip
    assert set(plans.items.loc[plans.items["source"] == "北溪区-2017.txt", "place"]) == {"望溪区"}
    assert found.loc["北溪区-2017.txt", ["place", "place_from", "issuer", "series"]].tolist() == [
        "望溪区", "title; places table", "北溪区教育局", "教育局工作要点",
    ]  # fmt: skip
    assert found.loc["北溪区-2014.txt", "place_from"] == "title"
    assert plans.problems.empty or not plans.problems["code"].str.startswith("place").any()


def test_documents_get_parent_and_level_where_the_table_gives_them(folder):
    found = documents(read_plans(folder, places=TABLE))
    assert found["level"].to_dict() == {"云澜市-2017.txt": "市", "北溪区-2014.txt": "区", "北溪区-2017.txt": "区", "望溪区-2014.txt": "区"}
    assert found["parent"].fillna("–").tolist() == ["–", "云澜市", "云澜市", "云澜市"]
    assert "level" not in read_plans(folder).documents


def test_a_year_outside_a_places_years_and_a_place_that_is_not_there_are_problems(folder):
    problems = read_plans(folder, places=TABLE.drop(index=[1, 3])).problems
    found = problems[problems["code"].str.startswith("place")]
    assert found[["source", "code", "severity"]].values.tolist() == [
        ["云澜市-2017.txt", "places-no-row", "info"],
        ["北溪区-2017.txt", "place-outside-years", "warning"],
    ]
    assert "2017 lies outside the years of 北溪区 in the places table (–2015)" in set(found["message"])


def test_a_place_named_by_its_alias_is_no_conflict_and_the_metadata_table_goes_through_it_too(folder):
    metadata = pd.DataFrame({"source": ["北溪区-2017.txt", "北溪区-2014.txt"], "place": ["望溪区", "北溪"], "level": ["县", ""]})
    plans = read_plans(folder, metadata=metadata, places=TABLE)
    assert documents(plans).loc[["北溪区-2017.txt", "北溪区-2014.txt"], "place"].tolist() == ["望溪区", "北溪区"]
    assert "place-conflict" not in set(plans.problems["code"])
    assert plans.problems.loc[plans.problems["code"] == "level-conflict", "message"].tolist() == [
        "the metadata table says level 县, the places table 区"
    ]
    without = read_plans(folder, metadata=metadata).problems
    assert "place-conflict" in set(without["code"])


def test_a_places_table_at_the_top_of_the_folder_is_read_and_recorded(folder):
    assert read_plans(folder).settings["places"] is False
    TABLE.rename(columns={"place": "地区", "alias": "别名"}).to_csv(folder / "places.csv", index=False, encoding="gb18030")
    plans = read_plans(folder)
    assert plans.settings["places"] == "places.csv"
    assert "望溪区-2017" in set(plans.documents["plan"])
    pd.testing.assert_frame_equal(plans.items, read_plans(folder, places=TABLE).items)


def test_without_a_year_only_a_sure_alias_counts():
    places = Places.read(TABLE)
    assert [places.named(name, None) for name in ("北溪", "北溪区", "别处")] == ["北溪区", "北溪区", "别处"]
    two = Places.read(
        pd.DataFrame({"place": ["甲区", "乙区"], "alias": ["丙县"] * 2, "valid_to": ["2014", ""], "valid_from": ["", "2015"]})
    )
    assert [two.named("丙县", year) for year in (2014, 2015, None)] == ["甲区", "乙区", "丙县"]


def test_a_name_that_is_a_place_and_an_alias_in_one_year_is_refused():
    with pytest.raises(TableError, match="'北溪区' stands for 望溪区 and for 北溪区"):
        Places.read(pd.concat([TABLE, pd.DataFrame({"place": ["北溪区"]})]).fillna(""))


def test_an_unknown_column_is_refused(folder):
    with pytest.raises(TableError, match="aliases"):
        read_plans(folder, places=TABLE.rename(columns={"alias": "aliases"}))


def test_a_short_name_of_the_place_is_no_part_of_the_series(tmp_path):
    text = "{}教育局{}年工作要点\n一、德育\n1.开课。备课。\n2.听课。评课。\n"
    (tmp_path / "南浦区-2023.txt").write_text(text.format("南浦区", 2023), encoding="utf-8")
    (tmp_path / "南浦-2024.txt").write_text(text.format("南浦", 2024), encoding="utf-8")
    table = pd.DataFrame({"place": ["南浦区"], "alias": ["南浦"]})
    assert read_plans(tmp_path, places=table).documents["series"].tolist() == ["教育局工作要点"] * 2
