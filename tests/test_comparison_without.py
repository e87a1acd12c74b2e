"""Similarity with and without some items: a city, and districts that took some items from it to the letter."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import vstack

from policylab.comparison import compare_plans, compare_without, neighbours
from policylab.errors import ArgumentError, TooFewPlansError
from policylab.matrix import TermMatrix

PLACES = {"市": 10, "甲": 5, "乙": 5, "丙": 0}  # of ten items, the first so many are the city's
TERMS = [f"词{i}" for i in range(400)]


def panel(places=PLACES, years=(2023, 2024)):
    """Items of 40 tokens: those of the city from the first hundred terms, own ones of each place from terms that no other place has."""
    rng = np.random.default_rng(1)
    rows, docs = [], []
    for year in years:
        above = [rng.multinomial(40, np.repeat([0.01, 0.0], [100, 300])) for _ in range(10)]
        for at, (place, n) in enumerate(places.items()):
            own = np.repeat([0.0, 1 / 100, 0.0], [100 * at, 100, 300 - 100 * at])
            rows += [above[i] if i < n else rng.multinomial(40, own) for i in range(10)]
            docs += [(f"{place}-{year}", place, year, place != "市" and i < n) for i in range(10)]
    frame = pd.DataFrame(docs, columns=["plan", "place", "year", "copied"])
    frame.index = [f"{p}#{i:03d}" for i, p in enumerate(frame["plan"])]
    return TermMatrix(np.array(rows), frame, TERMS)


def own_of(counts):
    return counts.docs[~counts.docs["copied"]]


@pytest.fixture(scope="module")
def found():
    counts = panel()
    return compare_without(counts, kept=own_of(counts), n_draws=20)


def likeness(found, version, a, b):
    rows = found[(found["version"] == version) & (found["a"] == a) & (found["b"] == b)]
    return rows["rarefied"].item()


def test_what_was_copied_made_districts_like_the_city_and_like_each_other(found):
    for a, b in (("市-2024", "甲-2024"), ("乙-2024", "甲-2024")):
        names = sorted((a, b))
        alike = {version: likeness(found, version, *names) for version in ("all", "without", "random")}
        assert alike["without"] == 0  # own items share no term with other places
        assert alike["all"] > 0.2
        assert alike["random"] > 0.8 * alike["all"]  # of ten items drawn at random, as many were copied as before


def test_a_place_that_copied_nothing_is_as_like_as_before(found):
    before, after = (likeness(found, version, "丙-2023", "丙-2024") for version in ("all", "without"))
    assert after == pytest.approx(before, rel=0.05)  # only how much rare terms count has changed


def test_each_version_has_the_same_pairs_at_the_same_length_and_can_be_handed_on(found):
    parts = dict(list(found.groupby("version", sort=False)))
    assert list(parts) == ["all", "without", "random"]
    assert all(parts["all"][["a", "b"]].values.tolist() == part[["a", "b"]].values.tolist() for part in parts.values())
    assert found["depth"].unique().tolist() == [200]  # what the shortest has left
    documents = own_of(panel()).assign(parent="市").drop_duplicates("plan")
    near = neighbours(parts["without"], documents=documents)
    assert near[(near["plan"] == "甲-2024") & (near["relation"] == "upper level")]["similarity"].item() == 0


def test_with_all_items_and_without_are_what_compare_plans_gives_at_that_length(found):
    counts = panel()
    for version, matrix in (("all", counts), ("without", counts.where(~counts.docs["copied"]))):
        alone = compare_plans(matrix, depth=200, n_draws=20)
        here = found[found["version"] == version].drop(columns="version").reset_index(drop=True)
        pd.testing.assert_frame_equal(here, alone)


def test_where_nothing_is_left_out_all_versions_agree():
    counts = panel()
    found = compare_without(counts, kept=counts.docs, n_draws=20)
    all_of_them, without, random = (found[found["version"] == v]["rarefied"].to_numpy() for v in ("all", "without", "random"))
    assert np.array_equal(all_of_them, without)
    assert random == pytest.approx(without)
    assert "left" not in found.attrs["note"]


def test_a_plan_of_which_nothing_is_left_is_left_out_and_named():
    counts = panel({"市": 10, "甲": 5, "乙": 5, "丙": 10})
    found = compare_without(counts, kept=own_of(counts), n_draws=20)
    assert not {"丙-2023", "丙-2024"} & {*found["a"], *found["b"]}
    assert "2 plans" in found.attrs["note"]
    assert "丙-2023、丙-2024" in found.attrs["note"]


def test_a_plan_of_which_too_little_is_left_is_missing_in_every_version():
    counts = panel({"市": 10, "甲": 5, "乙": 5, "丙": 9})
    found = compare_without(counts, kept=own_of(counts), n_draws=20)  # 40 tokens are left of 丙
    touched = found["a"].str.startswith("丙") | found["b"].str.startswith("丙")
    assert found.loc[touched, "rarefied"].isna().all()
    assert found.loc[~touched, "rarefied"].notna().all()
    assert "丙-2023、丙-2024" in found.attrs["note"]


def test_too_few_plans_and_no_item_at_all_are_refused():
    counts = panel({"市": 10, "甲": 10}, years=(2024,))
    with pytest.raises(TooFewPlansError, match="1 of 2 plans have items without"):
        compare_without(counts, kept=own_of(counts), n_draws=20)
    with pytest.raises(TooFewPlansError, match="0 of 2 plans"):
        compare_without(counts, kept=counts.docs.iloc[:0], n_draws=20)
    with pytest.raises(ArgumentError, match="n_random"):
        compare_without(counts, kept=counts.docs, n_random=0)


def test_the_order_of_rows_makes_no_difference(found):
    counts = panel()
    order = np.random.default_rng(2).permutation(len(counts.docs))
    mixed = TermMatrix(vstack([counts.X[[i]] for i in order]), counts.docs.iloc[order], TERMS)
    pd.testing.assert_frame_equal(compare_without(mixed, kept=own_of(mixed), n_draws=20), found)
