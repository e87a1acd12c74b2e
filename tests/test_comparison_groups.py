"""Similarity within groups against between them: by hand, against all permutations gone through plainly, and under a true null."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind

from policylab.comparison import compare_groups, compare_plans, similarity
from policylab.comparison.relabelling import Relabelling
from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.matrix import TermMatrix


def square(names, seed=0, *, same=0.0, groups=None, of_plan=0.0):
    """Random similarities; `same` more alike within groups; each plan more or less like all others by `of_plan`."""
    rng = np.random.default_rng(seed)
    n = len(names)
    values = rng.normal(0.5, 0.05, (n, n))
    effect = rng.normal(0, of_plan, n) if of_plan else np.zeros(n)
    values = (values + values.T) / 2 + effect[:, None] + effect[None, :]
    if groups is not None:
        values += same * (np.asarray(groups)[:, None] == np.asarray(groups)[None, :])
    return pd.DataFrame(values, index=names, columns=names)


def difference(values, labels, strata):
    """The statistic as its formula has it, pair by pair."""
    cells = {}
    for i in range(len(labels)):
        for j in range(i):
            cell = cells.setdefault(tuple(sorted((strata[i], strata[j]))), ([], []))
            cell[int(labels[i] != labels[j])].append(values[i, j])
    weights = [(len(a) * len(b) / (len(a) + len(b)), np.mean(a) - np.mean(b)) for a, b in cells.values() if a and b]
    return sum(w * d for w, d in weights) / sum(w for w, _ in weights)


def test_means_difference_and_p_by_hand():
    # four plans in two pairs: three ways to pair them; the observed one is the most alike, and the other two lie on the other side
    values = pd.DataFrame(
        [[1, 0.9, 0.1, 0.3], [0.9, 1, 0.2, 0.2], [0.1, 0.2, 1, 0.7], [0.3, 0.2, 0.7, 1]], index=list("abcd"), columns=list("abcd")
    )
    found = compare_groups(values, groups=dict(zip("abcd", "XXYY", strict=True)))
    row = found.iloc[0]
    assert (row["within"], row["between"], row["difference"]) == pytest.approx((0.8, 0.2, 0.6))
    assert (row["p"], row["smallest_p"], row["n_ways"], row["test"]) == (pytest.approx(1 / 3), pytest.approx(1 / 3), 6, "exact")
    assert found.loc[1, ["group", "within", "between", "n_pairs_within", "n_pairs_between"]].tolist() == [
        "X",
        0.9,
        pytest.approx(0.2),
        1,
        4,
    ]
    assert "cannot fall below .05" in found.attrs["note"]


@pytest.mark.parametrize("strata", ["000000", "001111", "010101"])
def test_p_is_that_of_all_permutations_gone_through_one_by_one(strata):
    names, groups = list("abcdef"), list("XYXXYZ")
    values = square(names, seed=3)
    found = compare_groups(values, groups=dict(zip(names, groups, strict=True)), within=dict(zip(names, strata, strict=True)))
    observed = difference(values.to_numpy(), groups, strata)
    ways = [p for p in permutations(range(6)) if all(strata[i] == strata[k] for i, k in enumerate(p))]
    chance = [difference(values.to_numpy(), [groups[k] for k in p], strata) for p in ways]
    assert found.loc[0, "difference"] == pytest.approx(observed)
    assert found.loc[0, "p"] == pytest.approx(np.mean([abs(c) >= abs(observed) - 1e-10 for c in chance]))
    assert np.mean(chance) == pytest.approx(0, abs=1e-12)


def test_random_orders_come_near_to_all_of_them():
    names, groups = [f"p{i:02d}" for i in range(12)], ["XY"[i % 2] for i in range(12)]
    labelling = Relabelling(np.array([i % 2 for i in range(12)]), np.zeros(12, dtype=int), 5000)
    assert (labelling.n_ways, labelling.exact, len(labelling.ways(0))) == (924, True, 924)
    assert len(np.unique(labelling.ways(0), axis=0)) == 924
    values = square(names, seed=1, same=0.01, groups=groups)
    exact = compare_groups(values, groups=dict(zip(names, groups, strict=True)))
    more = [*names, *(f"q{i}" for i in range(12))]
    random = compare_groups(square(more, seed=1), groups={n: "XY"[i % 2] for i, n in enumerate(more)}, n_permutations=999)
    assert (exact.loc[0, "test"], random.loc[0, "test"], random.loc[0, "n_ways"]) == ("exact", "random", 999)
    drawn = labelling._random(np.random.default_rng(0))
    statistic = [difference(values.to_numpy(), way, "0" * 12) for way in drawn[:2000]]
    assert np.mean(np.abs(statistic) >= abs(exact.loc[0, "difference"]) - 1e-10) == pytest.approx(exact.loc[0, "p"], abs=0.03)


def test_a_planted_difference_is_found_and_its_size_is_right():
    names, groups = [f"p{i:02d}" for i in range(20)], [f"G{i % 4}" for i in range(20)]
    found = compare_groups(square(names, same=0.1, groups=groups, of_plan=0.05), groups=dict(zip(names, groups, strict=True)))
    assert found.loc[0, "difference"] == pytest.approx(0.1, abs=0.03)
    assert found.loc[0, "p"] < 0.001


@pytest.mark.parametrize("strata", [None, 3])
def test_under_the_null_p_keeps_its_level_where_a_t_test_over_pairs_does_not(strata):
    names, plain, ours = [f"p{i:02d}" for i in range(15)], [], []
    groups = {n: f"G{i // 5}" for i, n in enumerate(names)}
    within = None if strata is None else {n: str(i % strata) for i, n in enumerate(names)}
    label = np.array(list(groups.values()))
    upper = np.triu_indices(15, 1)
    for seed in range(120):
        values = square(names, seed=seed, of_plan=0.1)
        found = compare_groups(values, groups=groups, within=within, n_permutations=199)
        ours.append(found.loc[1, "p"])
        mine = (label == "G0").astype(int)
        kind = np.add.outer(mine, mine)[upper]
        plain.append(ttest_ind(values.to_numpy()[upper][kind == 2], values.to_numpy()[upper][kind == 1]).pvalue)
    assert 0.01 <= np.mean(np.array(ours) < 0.05) <= 0.09
    assert np.mean(np.array(plain) < 0.05) > 0.1


def test_within_years_a_drift_of_all_places_is_no_likeness_of_places():
    # two places and a drift over the years; the same place in neighbouring years is no more alike than another place is
    names = [f"{p}-{y}" for y in range(6) for p in "ABC"]
    year = np.array([int(n[-1]) for n in names])
    drift = -0.1 * np.abs(year[:, None] - year[None, :])
    values = square(names, seed=5) + drift
    by_place, by_year = {n: n[0] for n in names}, {n: n[-1] for n in names}
    assert compare_groups(values, groups=by_place).loc[0, "difference"] < -0.02  # pairs of one year are all of other places
    inside = compare_groups(values, groups=by_place, within=by_year)
    assert abs(inside.loc[0, "difference"]) < 0.02
    assert inside.loc[0, "p"] > 0.05
    assert compare_groups(values, groups=by_year, within=by_place).loc[0, "p"] < 0.01


def test_a_parent_is_tested_over_places_not_over_plans():
    # plans of one place are alike, parents mean nothing: over plans that looks like a likeness of parents, over places it does not
    names = [f"P{p}-{y}" for p in range(6) for y in range(4)]
    place = {n: n[:2] for n in names}
    parent = {n: "up"[int(n[1]) % 2] for n in names}
    values = square(names, seed=2, same=0.3, groups=list(place.values()))
    assert compare_groups(values, groups=parent).loc[0, "p"] < 0.01
    found = compare_groups(values, groups=parent, units=place)
    assert found.loc[0, ["n_plans", "n_ways"]].tolist() == [6, 20]
    assert abs(found.loc[0, "difference"]) < 0.03
    assert found.loc[0, "smallest_p"] == pytest.approx(0.1)


def test_groups_of_the_same_sizes_may_swap_names_and_p_is_never_smaller_than_that():
    names = [f"{p}-{y}" for y in range(3) for p in "AB"]
    groups = {n: n[0] for n in names}
    found = compare_groups(square(names, same=1, groups=list(groups.values())), groups=groups, within={n: n[-1] for n in names})
    assert found.loc[0, "smallest_p"] == found.loc[0, "p"] == 2 / 2**3


def test_pairs_and_the_square_frame_give_the_same():
    rng = np.random.default_rng(0)
    docs = pd.DataFrame({"plan": np.repeat([f"P{i}" for i in range(8)], 10), "place": np.repeat([f"P{i}" for i in range(8)], 10)})
    counts = TermMatrix(
        rng.multinomial(12, np.full(30, 1 / 30), size=80), docs.assign(year=2020).rename("i{:03d}".format), [f"t{i:02d}" for i in range(30)]
    )
    groups = {f"P{i}": "XY"[i % 2] for i in range(8)}
    pairs, frame = compare_plans(counts, n_draws=20), similarity(counts.group("plan"))
    a = compare_groups(pairs, groups=groups, value="similarity")
    b = compare_groups(frame.iloc[::-1, ::-1], groups=groups)
    assert a.to_csv() == b.to_csv()


def test_what_has_no_similarity_or_no_group_is_left_out_and_told():
    names = [f"p{i}" for i in range(9)]
    values = square(names)
    values.iloc[0, 1:] = values.iloc[1:, 0] = np.nan  # a plan too short to compare
    groups = {n: "XY"[i % 2] for i, n in enumerate(names)} | {"p8": None}
    found = compare_groups(values, groups=groups)
    assert found.loc[0, "n_plans"] == 7
    assert "2 plans without" in found.attrs["note"]


def test_what_cannot_be_told_is_refused():
    names = list("abcd")
    values = square(names)
    with pytest.raises(TooFewPlansError, match="none of 4 plans has a group"):
        compare_groups(values, groups=pd.Series(pd.NA, index=names, dtype="str"))
    with pytest.raises(TooFewPlansError, match=r"1 group only \(X\)"):
        compare_groups(values, groups=dict.fromkeys(names, "X"))
    with pytest.raises(TooFewPlansError, match="no two plans of one group"):
        compare_groups(values, groups=dict(zip(names, names, strict=True)))
    with pytest.raises(TooFewPlansError, match="no two plans of one group"):
        compare_groups(values.iloc[:2, :2], groups={"a": "X", "b": "Y"})
    with pytest.raises(TooFewPlansError, match="within the same strata"):
        compare_groups(values.iloc[:3, :3], groups={"a": "X", "b": "X", "c": "Y"}, within={"a": 1, "b": 1, "c": 2})


def test_what_is_not_allowed_is_said_with_what_is():
    values = square(list("abcd"))
    groups = dict(zip("abcd", "XXYY", strict=True))
    with pytest.raises(ArgumentError, match="does not know the plan 'd'"):
        compare_groups(values, groups={k: v for k, v in groups.items() if k != "d"})
    with pytest.raises(ArgumentError, match="plans of several groups"):
        compare_groups(values, groups=groups, units={"a": 1, "b": 1, "c": 1, "d": 2})
    with pytest.raises(ArgumentError, match="from 199"):
        compare_groups(values, groups=groups, n_permutations=9)
    with pytest.raises(FrameError, match="neither pairs"):
        compare_groups(values.reset_index(drop=True).rename(columns={"a": "z"}), groups=groups)
    broken = values.copy()
    broken.iloc[0, 1] = broken.iloc[1, 0] = np.nan
    with pytest.raises(FrameError, match="lacks some pairs"):
        compare_groups(broken, groups=groups)
