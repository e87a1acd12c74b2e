"""The plans that come with policylab are read as they should be."""

import hashlib

import pandas as pd
import pytest

from policylab.datasets import load_demo, load_demo_truth, load_jingan_2024
from policylab.items import body
from policylab.resources import data_folder


@pytest.fixture(scope="module")
def demo():
    return load_demo()


@pytest.fixture(scope="module")
def jingan():
    return load_jingan_2024()


def test_the_jingan_plan_is_kept_byte_for_byte():
    data = (data_folder() / "jingan-2024.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() == "08c50a4248e817b8abd1f4862fe5e31137fced234e55f0352bc9e6f63870e45c"


def test_the_jingan_plan_has_seven_sections_and_thirty_seven_items(jingan):
    document = jingan.documents.iloc[0]
    assert (document["place"], document["year"], document["n_sections"], document["n_items"]) == ("静安区", 2024, 7, 37)
    assert body(jingan.items)["item_no"].tolist() == list(range(1, 38))
    assert jingan.items.loc[jingan.items["item_no"] == 24, "marker"].tolist() == ["24．"]


def test_the_demo_panel_has_twenty_five_plans_of_five_places_and_years(demo):
    assert demo.documents.groupby("place")["year"].agg(list).tolist() == [list(range(2020, 2025))] * 5
    assert demo.documents["n_items"].between(25, 45).all()
    assert demo.documents["n_sections"].between(6, 8).all()
    assert demo.documents["format"].value_counts().to_dict() == {"txt": 20, "docx": 5}
    assert demo.documents["series"].nunique() == 2


def test_the_demo_panel_is_read_without_a_problem(demo):
    assert demo.problems.empty


def test_each_demo_plan_is_issued_in_its_own_year_and_the_citys_first(demo):
    issued = pd.to_datetime(demo.documents["issued"])
    assert (issued.dt.year == demo.documents["year"]).all()
    first = demo.documents.assign(issued=issued).sort_values("issued").drop_duplicates("year")
    assert set(first["place"]) == {"云澜市"}


def test_the_truth_joins_the_demo_items_one_to_one(demo):
    truth = load_demo_truth()
    units = body(demo.items)
    assert sorted(truth["items"].index) == sorted(units.index)
    for table, column in (("lineage", "before_id"), ("lineage", "after_id"), ("origins", "source_id"), ("ladder", "item_id")):
        assert truth[table][column].dropna().isin(units.index).all()


def test_the_truth_comes_back_in_its_types():
    truth = load_demo_truth()
    assert set(truth) == {"items", "lineage", "origins", "shares", "trends", "ladder"}
    assert truth["items"]["year"].dtype == "Int64"
    assert truth["lineage"]["moved"].dtype == "boolean"
    assert truth["lineage"]["before_id"].isna().sum() == (truth["lineage"]["status"] == "new").sum()


def test_the_data_dictionary_names_every_file_and_column():
    text = (data_folder() / "README.md").read_text(encoding="utf-8")
    for table, frame in load_demo_truth().items():
        assert f"demo-truth/{table}.csv" in text
        assert [c for c in frame.reset_index() if f"`{c}`" not in text and c != "index"] == []
