"""Similarity with and without some items: a city, and districts that took some items from it to the letter."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import vstack

from policylab.comparison import compare_groups, compare_plans, compare_without, neighbours
from policylab.errors import ArgumentError, FrameError, TooFewPlansError
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
        here = found[found["version"] == version].drop(columns=["version", "random_low", "random_high"]).reset_index(drop=True)
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


# ---- the spread of what is left out at random


def test_the_random_version_has_the_spread_of_its_draws_and_the_others_have_none(found):
    spread = found[found["version"] == "random"]
    copied_from = ~spread["a"].str.startswith("丙") & ~spread["b"].str.startswith("丙")  # 丙 keeps all, and shares nothing
    assert copied_from.sum() == 15
    assert (spread["random_low"] < spread["rarefied"])[copied_from].all()
    assert (spread["rarefied"] < spread["random_high"])[copied_from].all()
    others = found.loc[found["version"] != "random", ["random_low", "random_high"]]
    assert others.isna().all(axis=None)
    upper = spread[(spread["a"] == "市-2024") & (spread["b"] == "甲-2024")].iloc[0]
    assert likeness(found, "without", "市-2024", "甲-2024") < upper["random_low"]  # leaving out what was copied did more than chance


def test_where_nothing_is_left_out_the_draws_do_not_vary_and_a_single_draw_is_its_own_spread():
    counts = panel(years=(2024,))
    for kept, n in ((counts.docs, 5), (own_of(counts), 1)):
        random = compare_without(counts, kept=kept, n_draws=20, n_random=n).query("version == 'random'")
        assert random["random_low"].to_numpy() == pytest.approx(random["rarefied"].to_numpy(), abs=1e-9)
        assert random["random_high"].to_numpy() == pytest.approx(random["rarefied"].to_numpy(), abs=1e-9)


def test_neighbours_hand_the_spread_on_but_not_for_the_nearest_of_several(found):
    documents = own_of(panel()).assign(parent="市").drop_duplicates("plan")
    random = found[found["version"] == "random"]
    near = neighbours(random, documents=documents).set_index(["plan", "relation"])
    row = random[(random["a"] == "市-2024") & (random["b"] == "甲-2024")].iloc[0]
    assert near.loc[("甲-2024", "upper level"), ["random_low", "random_high"]].tolist() == row[["random_low", "random_high"]].tolist()
    peers = random[random["b"].eq("甲-2024") & random["a"].isin(["乙-2024", "丙-2024"])]
    peers = pd.concat([peers, random[random["a"].eq("甲-2024") & random["b"].isin(["乙-2024", "丙-2024"])]])
    assert near.loc[("甲-2024", "other places"), "random_low"] == pytest.approx(peers["random_low"].mean())
    assert near.loc[("甲-2024", "nearest place"), ["random_low", "random_high"]].isna().all()
    assert "random_low" not in neighbours(random.drop(columns=["random_low", "random_high"]), documents=documents)


# ---- versions are not mixed


def test_all_versions_together_are_refused_where_rows_of_one_are_wanted(found):
    documents = panel().docs.drop_duplicates("plan")
    groups = documents.set_index("plan")["place"]
    for take in (lambda p: neighbours(p, documents=documents), lambda p: compare_groups(p, groups=groups)):
        with pytest.raises(FrameError, match=r"has the pair '丙-2023', '丙-2024' twice; give the rows of one version"):
            take(found)
    pair = found[found["version"] == "all"].iloc[:1].drop(columns="version")
    turned = pair.rename(columns={"a": "b", "b": "a"})
    with pytest.raises(FrameError, match="twice; give each pair once"):
        neighbours(pd.concat([pair, turned]), documents=documents)


# ---- what names the items that stay


@pytest.mark.parametrize(
    "named",
    [
        lambda own: own.rename_axis("item_id").reset_index(),
        lambda own: own.drop(columns="plan"),
        lambda own: own.index,
        lambda own: own.index.to_series().reset_index(drop=True),
        lambda own: [*own.index, "甲-2024#999"],
    ],
)
def test_items_that_stay_may_be_named_by_a_frame_with_their_ids_in_it_or_by_ids_alone(found, named):
    counts = panel()
    pd.testing.assert_frame_equal(compare_without(counts, kept=named(own_of(counts)), n_draws=20), found)


def test_ids_that_are_numbers_name_the_same_items():
    counts = panel(years=(2024,))
    own = own_of(counts)
    numbered = TermMatrix(counts.X, counts.docs.reset_index(drop=True), TERMS)
    kept = numbered.docs[~numbered.docs["copied"]]
    some = compare_without(numbered, kept=kept, n_draws=20)
    assert compare_without(numbered, kept=kept.index.astype(str), n_draws=20).equals(some)
    assert some.query("version != 'random'")["rarefied"].tolist() == pytest.approx(
        compare_without(counts, kept=own, n_draws=20).query("version != 'random'")["rarefied"].tolist()
    )


def test_kept_that_names_no_item_counts_of_plans_and_counts_without_plans_are_refused():
    counts = panel(years=(2024,))
    own = own_of(counts)
    for strange in (own.reset_index(drop=True), own["plan"], ["甲区-2024#001"], ~counts.docs["copied"]):
        with pytest.raises(ArgumentError, match=r"kept names none of the items of counts \('.*', not such as '市-2024#000'\)"):
            compare_without(counts, kept=strange)
    with pytest.raises(ArgumentError, match="grouped already"):
        compare_without(counts.group("plan"), kept=own)
    with pytest.raises(ArgumentError, match="docs has no column plan; it has place, year, copied"):
        compare_without(TermMatrix(counts.X, counts.docs.drop(columns="plan"), TERMS), kept=own)


def test_a_plan_for_which_all_are_cut_shorter_is_named():
    counts = panel({"市": 10, "甲": 5, "乙": 8, "丙": 0}, years=(2024,))
    found = compare_without(counts, kept=own_of(counts), n_draws=20)
    assert found["depth"].unique().tolist() == [80]  # two items of 40 tokens are left of 乙
    assert "乙-2024 has 80 tokens left, so that all pairs are cut to as many" in found.attrs["note"]
    assert "tokens left" not in compare_without(counts, kept=own_of(counts), n_draws=20, depth=80).attrs["note"]
    assert "tokens left" not in compare_without(counts, kept=counts.docs, n_draws=20).attrs["note"]
