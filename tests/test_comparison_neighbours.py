"""Neighbours in time and place, on a frame made by hand: a city above three districts, two years."""

import numpy as np
import pandas as pd
import pytest

from policylab.comparison import neighbours
from policylab.errors import ArgumentError, FrameError

PLANS = ["市-2023", "市-2024", "甲-2023", "甲-2024", "乙-2024", "丙-2024"]
VALUES = {
    ("市-2023", "市-2024"): 0.8,
    ("甲-2023", "甲-2024"): 0.7,
    ("市-2024", "甲-2024"): 0.4,
    ("甲-2024", "乙-2024"): 0.2,
    ("甲-2024", "丙-2024"): 0.3,
    ("乙-2024", "丙-2024"): 0.1,
}


def documents(**columns):
    frame = pd.DataFrame({"plan": PLANS, "place": [p[0] for p in PLANS], "year": [int(p[2:]) for p in PLANS]})
    return frame.assign(parent=[None if p == "市" else "市" for p in frame["place"]]).assign(**columns)


def pairs():
    rows = [(a, b, VALUES.get((a, b), 0.05)) for i, a in enumerate(PLANS) for b in PLANS[i + 1 :]]
    return pd.DataFrame(rows, columns=["a", "b", "rarefied"]).assign(null_low=0.1, null_high=0.2, similarity=0.9)


def told(plan, relation, found=None, **columns):
    found = neighbours(pairs(), documents=documents(**columns)) if found is None else found
    [row] = found[(found["plan"] == plan) & (found["relation"] == relation)].to_dict("records")
    return row


def test_each_plan_has_a_row_for_each_relation():
    found = neighbours(pairs(), documents=documents())
    assert len(found) == 4 * len(PLANS)
    assert list(found.columns) == ["plan", "place", "year", "relation", "other", "similarity", "null_low", "null_high", "n", "note"]


def test_last_year_other_places_the_nearest_and_the_upper_level_by_hand():
    assert told("甲-2024", "previous year")["similarity"] == 0.7
    assert told("甲-2024", "previous year")["other"] == "甲-2023"
    assert told("甲-2024", "upper level")["similarity"] == 0.4
    others = told("甲-2024", "other places")
    assert (others["similarity"], others["n"]) == (pytest.approx(0.25), 2)  # of 乙 and 丙; the city is no peer
    assert "2 plans" in others["note"]
    nearest = told("甲-2024", "nearest place")
    assert (nearest["other"], nearest["similarity"]) == ("丙-2024", 0.3)
    assert np.isnan(nearest["null_high"])  # the largest of several has another null
    assert told("甲-2024", "upper level")["null_high"] == 0.2


def test_what_cannot_be_said_is_missing_and_the_note_says_why():
    for plan, relation, why in (
        ("甲-2023", "previous year", "the year before"),
        ("市-2024", "upper level", "Upper level unknown"),
        ("市-2024", "other places", "No other place"),  # those below it are no peers
        ("甲-2023", "nearest place", "No other place"),
    ):
        row = told(plan, relation)
        assert np.isnan(row["similarity"])
        assert why in row["note"]
    assert "No plan of the upper level" in told("甲-2024", "upper level", parent="省")["note"]


def test_place_or_year_unknown_says_nothing():
    years = pd.array([2023, 2024, 2023, None, 2024, 2024], dtype="Int64")
    assert "unknown" in told("甲-2024", "previous year", year=years)["note"]
    assert told("乙-2024", "other places", year=years)["n"] == 1


def test_a_plan_too_short_to_compare_is_missing_not_left_out_of_the_frame():
    short = pairs()
    short.loc[(short["a"] == "甲-2024") | (short["b"] == "甲-2024"), "rarefied"] = np.nan
    found = neighbours(short, documents=documents())
    assert "Too short" in told("甲-2024", "upper level", found)["note"]
    assert told("乙-2024", "other places", found)["other"] == "丙-2024"


def test_another_series_of_the_place_is_no_previous_year():
    assert told("甲-2024", "previous year", series=["x", "x", "y", "x", "x", "x"])["n"] == 0


def test_whole_plans_have_no_null():
    found = neighbours(pairs(), documents=documents(), value="similarity")
    assert found["similarity"].dropna().eq(0.9).all()
    assert found["null_high"].isna().all()


def test_one_place_has_last_years_only():
    alone = [p for p in PLANS if p[0] == "市"]
    found = neighbours(pairs()[lambda f: f["a"].isin(alone) & f["b"].isin(alone)], documents=documents())
    assert found.groupby("relation")["n"].sum().to_dict() == {"nearest place": 0, "other places": 0, "previous year": 1, "upper level": 0}


def test_what_is_not_allowed_is_refused():
    with pytest.raises(ArgumentError, match="rarefied, similarity"):
        neighbours(pairs(), documents=documents(), value="p")
    with pytest.raises(FrameError, match="'year'"):
        neighbours(pairs(), documents=documents().drop(columns="year"))
    with pytest.raises(FrameError, match="丙-2024"):
        neighbours(pairs(), documents=documents().iloc[:-1])
