"""Themes from period to period: what goes on, splits, merges, ends and appears is planted and demanded back."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError, TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.networks import Evolution, backbone, communities, cooccurrence, name_communities, theme_evolution, theme_map
from policylab.networks.dealt import dealt, ways
from policylab.networks.overlaps import by_chance, held, matched, members, shared
from policylab.networks.periods import split_periods

# Themes of either period by the letters of their terms: a stays, b splits, c and d merge, e ends, f appears.
BEFORE = {"stays": "a", "splits": "bB", "one": "c", "two": "d", "ends": "e"}
AFTER = {"stays": "a", "half": "b", "rest": "B", "merged": "cd", "new": "f"}
SIZE = 10  # terms to a letter
TERMS = [f"{letter}{n}" for letter in "abBcdef" for n in range(SIZE)]


def planted(*, places="甲乙丙丁戊", years=(2021, 2022, 2023, 2024), n_items=40, seed=0, plans=None):
    """A plan for each place and year; each item takes five terms of one theme of its period and one of any."""
    rng = np.random.default_rng(seed)
    rows, docs = [], []
    for place in places:
        for year in years:
            themes = list((BEFORE if year < 2023 else AFTER).values())
            for n in range(n_items):
                own = [t for t in TERMS if t[0] in themes[n % len(themes)]]
                row = dict.fromkeys([*rng.choice(own, 5, replace=False).tolist(), str(rng.choice(TERMS))], 1)
                rows.append([row.get(t, 0) for t in TERMS])
                docs.append({"plan": f"{place}区-{year}", "place": f"{place}区", "year": year, "block": f"{n % len(themes)}"})
    return TermMatrix(np.array(rows), pd.DataFrame(docs).rename("i{:04d}".format), TERMS)


@cache
def found(**given):
    return theme_evolution(planted(), periods=2, n_boot=40, **given)


def letters(terms):
    """The planted groups of which a theme has most terms; terms that stand here and there only go with any theme."""
    have = [t[0] for t in terms.split("、")]
    return "".join(letter for letter in sorted(set(have)) if have.count(letter) > SIZE / 2)


def named_flows(evolution):
    """Flows that hold as letters before > letters after, with their support."""
    theme = {(r.period, r.theme): letters(r.terms) for r in evolution.themes.itertuples()}
    flows = evolution.flows[evolution.flows["holds"]]
    return {f"{theme[r.period_before, r.theme_before]} > {theme[r.period_after, r.theme_after]}": r.support for r in flows.itertuples()}


class TestPlantedHistory:
    def test_the_theme_that_stays_the_split_and_the_merger_are_found_again_and_nothing_else(self):
        assert set(named_flows(found())) == {"a > a", "Bb > b", "Bb > B", "c > cd", "d > cd"}

    def test_their_support_is_high_and_that_of_flows_of_chance_low(self):
        flows = found().flows
        assert flows.loc[flows["holds"], "support"].min() >= 0.9
        assert flows.loc[~flows["holds"], "support"].max() <= 0.3

    def test_inclusion_is_the_share_of_the_smaller_theme_and_jaccard_of_either(self):
        flows = found().flows
        a, b, n = (flows[c] for c in ("n_terms_before", "n_terms_after", "n_shared"))
        assert flows["inclusion"].tolist() == pytest.approx((n / np.minimum(a, b)).tolist())
        assert flows["jaccard"].tolist() == pytest.approx((n / (a + b - n)).tolist())
        assert n.tolist() == [len(terms.split("、")) for terms in flows["terms"]]
        shared_terms = [{letter: terms.count(letter) for letter in "abBcd"} for terms in flows.loc[flows["holds"], "terms"]]
        assert sorted(max(n.values()) for n in shared_terms) == [10] * 5  # every term of a, b, B, c and d went along

    def test_the_theme_that_ends_and_the_one_that_appears_are_told_as_such(self):
        themes = found().themes.assign(letters=lambda t: t["terms"].map(letters)).set_index(["period", "letters"])
        ends, appears = themes["ends"].dropna()["2021–2022"], themes["appears"].dropna()["2023–2024"]
        assert ends["e"] >= 0.9
        assert appears["f"] >= 0.9
        assert ends.drop("e").max() <= 0.1
        assert appears.drop("f").max() <= 0.1
        assert themes["lost"].max() <= 0.1  # where plans are dealt to the periods nothing ends
        assert themes.loc["2021–2022", "appears"].isna().all()  # there is no period before
        assert themes.loc["2023–2024", "ends"].isna().all()

    def test_where_nothing_was_planted_next_to_no_flow_holds(self):
        rng = np.random.default_rng(3)
        rows = (rng.random((600, 60)) < 0.08).astype(int)
        docs = pd.DataFrame({"plan": [f"p{n // 30}" for n in range(600)], "year": [2021 + n // 300 for n in range(600)]})
        counts = TermMatrix(rows, docs.rename("i{}".format), [f"t{n:02d}" for n in range(60)])
        evolution = theme_evolution(counts, periods=2, unit="item", n_boot=20)
        assert not evolution.flows["holds"].any()
        assert evolution.flows["support"].mean() <= 0.3
        assert evolution.themes["stability"].mean() <= 0.5


def unchanging(seed):
    """Nine short plans, three places by three years, of the same five weak themes throughout: two words of one, two of any."""
    rng, terms = np.random.default_rng(seed), [f"{letter}{n}" for letter in "abcde" for n in range(8)]
    rows, docs = [], []
    for place in "甲乙丙":
        for year in (2021, 2022, 2023):
            for n in range(15):
                own = [t for t in terms if t[0] == "abcde"[n % 5]]
                row = {*rng.choice(own, 2, replace=False).tolist(), *rng.choice(terms, 2, replace=False).tolist()}
                rows.append([int(t in row) for t in terms])
                docs.append({"plan": f"{place}-{year}", "place": place, "year": year})
    return TermMatrix(np.array(rows), pd.DataFrame(docs).rename("i{:04d}".format), terms)


class TestWhereNothingChanges:
    def test_at_most_one_theme_of_twenty_exceeds_lost_where_most_seem_to_appear_or_end(self):
        seen = [
            theme_evolution(unchanging(s), periods=3, unit="item", neighbours=3, n_boot=20, by="place", seed=s).themes for s in range(2)
        ]
        themes = pd.concat(seen)
        fates = themes.melt("lost", ["appears", "ends"]).dropna()
        assert (fates["value"] >= 0.5).mean() > 0.5
        assert (fates["value"] > fates["lost"]).mean() <= 0.05

    def test_with_fewer_than_twenty_ways_to_deal_the_plans_nothing_is_said_to_appear_or_end(self):
        evolution = theme_evolution(planted(places="甲乙丙", years=(2022, 2023), n_items=20), periods=2, n_boot=20)  # 2³ ways
        assert evolution.themes["lost"].isna().all()
        assert "(no `lost`)" in evolution.notes[-1]


PANEL = pd.DataFrame({"plan": [p for p in "abcdefgh" for _ in range(2)], "place": [*"甲甲甲甲甲甲", *"乙乙乙乙乙乙", *"丙丙", *"丁丁"]})
FIRST_AND_SECOND = {  # of 甲: a | b, c; of 乙: d | e, f; of 丙 and 丁, each of one period: g | h
    "一": np.repeat([1, 0, 0, 1, 0, 0, 1, 0], 2).astype(bool),
    "二": np.repeat([0, 1, 1, 0, 1, 1, 0, 1], 2).astype(bool),
}


class TestDealing:
    def test_plans_stay_whole_and_each_place_keeps_its_number_in_each_period(self):
        for seed in range(10):
            one = PANEL.assign(first=dealt(PANEL, FIRST_AND_SECOND, seed)["一"])
            assert one.groupby("plan")["first"].nunique().max() == 1
            first = one[one["first"]].drop_duplicates("plan")
            assert first["place"].replace({"丁": "丙"}).value_counts().to_dict() == {"甲": 1, "乙": 1, "丙": 1}

    def test_every_way_comes_up_and_there_are_as_many_as_counted(self):
        found = {"".join(PANEL["plan"][dealt(PANEL, FIRST_AND_SECOND, seed)["一"]].unique()) for seed in range(200)}
        assert found == {x + y + z for x in "abc" for y in "def" for z in "gh"}
        assert ways(PANEL, FIRST_AND_SECOND) == pytest.approx(18)

    def test_plans_of_no_period_stay_out(self):
        masks = {name: mask & (PANEL["plan"] != "a").to_numpy() for name, mask in FIRST_AND_SECOND.items()}
        assert not any(mask[:2].any() for mask in dealt(PANEL, masks, 0).values())


class TestTheThemesOfAPeriod:
    def test_they_are_the_communities_of_two_terms_or_more_and_stand_in_the_strategic_diagram(self):
        evolution = found()
        one = evolution.themes[evolution.themes["period"] == "2021–2022"]
        sizes = evolution.communities["2021–2022"].value_counts()
        assert one.set_index("theme")["n_terms"].to_dict() == sizes[sizes > 1].to_dict()
        assert set(one["quadrant"]) <= {"motor", "basic", "niche", "emerging or declining"}
        assert one["stability"].min() >= 0.8

    def test_items_about_a_theme_hold_two_of_its_terms(self):
        # 体育 and 美育 stand together in 3 items, of 2 plans; alone they make no item about the theme
        rows = [[1, 1, 0, 0]] * 2 + [[0, 0, 1, 1]] * 3 + [[1, 0, 0, 0], [1, 1, 0, 0]] + [[0, 0, 1, 1]] * 3
        docs = pd.DataFrame({"plan": ["甲"] * 5 + ["乙"] * 5, "year": 2023})
        again = pd.concat([docs, docs.assign(plan=docs["plan"] + "2", year=2024)], ignore_index=True)
        counts = TermMatrix(rows * 2, again.rename("i{}".format), ["体育", "美育", "食堂", "营养"])
        themes = theme_evolution(counts, periods=2, unit="item", n_boot=20).themes
        assert themes.loc[themes["period"] == "2023", ["label", "n_items", "n_plans"]].to_numpy().tolist() == [
            ["体育·美育", 3, 2],
            ["营养·食堂", 6, 2],
        ]

    def test_their_labels_are_those_of_the_theme_map(self):
        counts = planted()
        first = found().themes.query("period == '2021–2022'").set_index("theme")["label"].to_dict()
        part = counts.where(counts.docs["year"] < 2023)
        graph = backbone(cooccurrence(part.keep([t for t in TERMS if part.to_frame()[t].any()])))
        assert theme_map(graph, communities=communities(graph, sharpen=False)).set_index("theme")["label"].to_dict() == first

    def test_a_term_that_stands_in_no_item_of_a_period_is_not_in_it(self):
        counts = planted(n_items=30)
        year, first = counts.docs["year"].to_numpy(), [t[0] == "f" for t in counts.terms]
        X = counts.X.toarray()
        X[np.ix_(year < 2023, first)] = 0
        evolution = theme_evolution(TermMatrix(X, counts.docs, counts.terms), periods=2, n_boot=20)
        assert evolution.communities.loc[first, "2021–2022"].isna().all()
        assert evolution.communities.loc[first, "2023–2024"].notna().all()
        part = counts.where(year < 2023).keep(counts.terms[~np.array(first)])
        labels = name_communities(cooccurrence(part), communities=evolution.communities["2021–2022"].dropna())
        assert set(labels.index) == set(evolution.communities["2021–2022"].dropna())


class TestOverlapsByHand:
    A = np.array([[1, 1, 1, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 0, 0, 0, 0]], dtype=float)
    B = np.array([[1, 1, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 1, 1, 1, 1]], dtype=float)

    def test_shared_terms_inclusion_and_jaccard(self):
        both, inclusion, jaccard = shared(self.A, self.B)
        assert both.tolist() == [[2, 1], [1, 0]]
        assert inclusion.tolist() == [[2 / 3, 1 / 4], [1 / 2, 0]]
        assert jaccard.tolist() == [[2 / 5, 1 / 8], [1 / 4, 0]]

    def test_chance_is_the_hypergeometric_mean_and_a_shuffle_says_the_same(self):
        mean, _ = by_chance(self.A, self.B, np.ones(10, dtype=bool))
        assert mean.round(12).tolist() == [[0.4, 0.5], [0.3, 0.5]]  # 4 · 3 / 10 / 3; 4 · 5 / 10 / 4; 2 · 3 / 10 / 2; 2 · 5 / 10 / 2
        rng = np.random.default_rng(0)
        drawn = np.mean([shared(rng.permuted(self.A, axis=1), self.B)[1] for _ in range(4000)], axis=0)
        assert np.abs(drawn - mean).max() < 0.01

    def test_q_is_for_sharing_as_many_terms_or_more_over_all_pairs_of_themes(self):
        five = np.kron(np.eye(2), np.ones(5))  # two themes of five terms, the same before and after
        _, q = by_chance(five, five, np.ones(10, dtype=bool))
        # all five in one theme: 1 of 252 hands, the two smallest of four p; sharing none or more is certain
        assert q.round(9).tolist() == [[round(2 / 252, 9), 1.0], [1.0, round(2 / 252, 9)]]

    def test_terms_of_one_period_only_are_dealt_to_nobody(self):
        common = np.array([True] * 6 + [False] * 4)
        mean, _ = by_chance(self.A, self.B, common)
        assert mean[0, 1] == pytest.approx(4 * 1 / 6 / 4)  # of the five terms of B's second theme one is in both periods

    def test_a_match_is_one_to_one_and_nothing_matches_what_shares_nothing(self):
        joined = np.array([[1, 1, 1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 1, 0, 0]], dtype=float)
        match, jaccard = matched(self.A, joined)
        assert match.tolist() == [0, -1]
        assert jaccard.tolist() == [pytest.approx(4 / 6), 0]

    def test_a_flow_needs_two_terms_and_the_share_asked_for(self):
        assert held(self.A, self.B, 0.5).tolist() == [[True, False], [False, False]]  # the second pair shares half, but one term
        assert not held(self.A, self.B, 0.7).any()

    def test_a_community_of_one_is_no_theme(self):
        groups = pd.Series({"a": 1, "b": 1, "c": 2})
        assert members(groups, ["a", "b", "c", "d"]).tolist() == [[1, 1, 0, 0]]


DOCS = pd.DataFrame({"plan": ["a", "b", "c", "d", "e"], "year": pd.array([2020, 2021, 2022, 2024, None], dtype="Int64")})


class TestPeriods:
    @pytest.mark.parametrize(
        ("periods", "years"),
        [
            (2, {"2020–2021": [1, 1, 0, 0, 0], "2022–2024": [0, 0, 1, 1, 0]}),
            (3, {"2020–2021": [1, 1, 0, 0, 0], "2022": [0, 0, 1, 0, 0], "2024": [0, 0, 0, 1, 0]}),
            ([2022, 2020], {"2020–2021": [1, 1, 0, 0, 0], "2022–2024": [0, 0, 1, 1, 0]}),
            ({"后": [2022, 2024], "前": 2020}, {"前": [1, 0, 0, 0, 0], "后": [0, 0, 1, 1, 0]}),
            ({"前": range(2019, 2022), "后": (2024,)}, {"前": [1, 1, 0, 0, 0], "后": [0, 0, 0, 1, 0]}),
        ],
    )
    def test_a_number_first_years_or_names_with_years_the_earliest_first(self, periods, years):
        masks, _ = split_periods(DOCS, periods)
        assert {name: mask.astype(int).tolist() for name, mask in masks.items()} == years
        assert list(masks) == list(years)

    def test_plans_without_a_year_years_of_no_period_and_periods_without_plans_are_said(self):
        _, notes = split_periods(DOCS, {"一": [2020], "二": [2022, 2023], "三": [2025]})
        assert [note.split("。")[0] for note in notes] == [
            "1 份计划没有年份，未计入",
            "2021 年不在任何时期内，其 1 份计划未计入",
            "2024 年不在任何时期内，其 1 份计划未计入",
            "三 没有计划，略去",
        ]

    @pytest.mark.parametrize(
        ("periods", "error", "says"),
        [
            ({"一": [2020, 2022], "二": [2022]}, ArgumentError, "ends in 2022 and '二' begins in 2022"),
            ({"一": [2020, 2022], "二": [2021]}, ArgumentError, "must end before"),
            ({"一": [2020], "二": []}, ArgumentError, "every period needs a year"),
            ([2020], ArgumentError, "two first years"),
            (1, ArgumentError, "make 2 to 4 periods"),
            (5, ArgumentError, "4 years"),
            ("2020", ArgumentError, "no whole years"),
            ({"一": ["2020"], "二": [2021]}, ArgumentError, "no whole years"),
            (True, ArgumentError, "no whole years"),
            ({"一": [2020], "二": [2030]}, TooFewPlansError, "1 of them has plans.*2020, 2021, 2022, 2024"),
        ],
    )
    def test_what_is_not_allowed_is_said_with_what_is(self, periods, error, says):
        with pytest.raises(error, match=says):
            split_periods(DOCS, periods)

    def test_one_year_makes_no_two_periods(self):
        with pytest.raises(TooFewPlansError, match=r"plans of 2020\."):
            split_periods(DOCS[:1], 2)

    def test_counts_without_years_are_refused(self):
        with pytest.raises(FrameError, match="'year'"):
            split_periods(DOCS[["plan"]], 2)


class TestHowResamplesAreDrawn:
    def test_three_places_in_all_periods_are_drawn_as_places_and_said_so(self):
        evolution = found()
        assert evolution.settings["by"] == "place"
        assert evolution.settings["resampled"] == {"2021–2022": "places", "2023–2024": "places"}
        assert "各时期抽取同样的地区（共 5 个）。" in evolution.notes[0]

    def test_fewer_places_are_not_and_a_caller_may_choose(self):
        assert theme_evolution(planted(places="甲乙", n_items=20), periods=2, n_boot=20).settings["by"] == "plan"
        evolution = found(by="plan")
        assert evolution.settings["by"] == "plan"
        assert evolution.notes == ["各时期分别抽取计划。Plans are drawn in each period by itself."]
        assert set(named_flows(evolution)) == set(named_flows(found()))

    def test_the_same_places_are_drawn_in_all_periods(self):
        """甲 has what happens in both periods; a draw without it has the theme in neither, so ends and appears stay 0."""
        rows, docs = [], []
        for place in "甲乙丙":
            for year in (2023, 2024):
                own = [[1, 1, 1, 0, 0, 0]] * 4 if place == "甲" else [[0, 0, 0, 1, 1, 1]] * 4
                rows += [*own, *[[0] * 6] * 4]
                docs += [{"plan": f"{place}-{year}", "place": place, "year": year}] * 8
        counts = TermMatrix(rows, pd.DataFrame(docs).rename("i{}".format), list("abcdef"))
        paired, apart = (theme_evolution(counts, periods=2, unit="item", by=by, n_boot=200) for by in (None, "plan"))
        first = [e.flows.set_index("terms").loc["a、b、c", "support"] for e in (paired, apart)]
        assert first[0] == pytest.approx(1 - (2 / 3) ** 3, abs=0.08)  # 甲 is drawn: in both periods at once
        assert first[1] == pytest.approx((1 - (2 / 3) ** 3) ** 2, abs=0.08)  # or in each by itself
        assert paired.themes["ends"].max() == 0
        assert apart.themes["ends"].max() > 0.1

    def test_of_a_single_plan_items_are_drawn_and_said_so(self):
        evolution = theme_evolution(planted(places="甲", years=(2022, 2023), n_items=150), periods=2, n_boot=20)
        assert evolution.settings["resampled"] == dict.fromkeys(["2022", "2023"], "items of the one plan there is")
        assert [note[:17] for note in evolution.notes[:2]] == ["2022 只有一个单位可抽，改抽其", "2023 只有一个单位可抽，改抽其"]
        assert "a > a" in named_flows(evolution)

    def test_two_plans_are_drawn_from_but_said_to_tell_little(self):
        evolution = theme_evolution(planted(places="甲乙", years=(2022, 2023, 2024), n_items=20), periods=2, n_boot=20)
        assert evolution.notes[1:2] == ["2024 只有 2 个单位可抽，支持度说明不了多少。2024: 2 to draw from; support says little."]

    def test_a_plan_without_a_place_stands_for_itself(self):
        counts = planted(n_items=20)
        place = counts.docs["place"].mask(counts.docs["plan"].isin(["甲区-2021", "甲区-2022"]))
        evolution = theme_evolution(TermMatrix(counts.X, counts.docs.assign(place=place), counts.terms), periods=2, n_boot=20)
        assert "共 7 个" in evolution.notes[0]  # 乙 to 戊, 甲 of the second period, and the two plans


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ({"n_boot": 5}, "at least 20"),
            ({"min_inclusion": 0}, "min_inclusion=0"),
            ({"min_inclusion": 1.2}, "min_inclusion=1.2"),
            ({"by": "district"}, "by='district'.*place"),
            ({"measure": "pmi"}, "npmi"),
        ],
    )
    def test_arguments_out_of_range(self, arguments, says):
        with pytest.raises(ArgumentError, match=says):
            theme_evolution(planted(n_items=5), periods=2, **arguments)

    def test_a_period_in_which_no_term_stands(self):
        counts = planted(n_items=5)
        X = counts.X.toarray()
        X[(counts.docs["year"] < 2023).to_numpy()] = 0
        with pytest.raises(EmptyVocabularyError, match="2021–2022"):
            theme_evolution(TermMatrix(X, counts.docs, counts.terms), periods=2)

    def test_a_period_without_a_theme_gives_no_flow_and_is_said(self):
        rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 4 + [[1, 1, 1], [0, 0, 0], [0, 0, 0]] * 4
        docs = pd.DataFrame({"plan": [f"p{n // 6}" for n in range(24)], "year": [2023] * 12 + [2024] * 12})
        evolution = theme_evolution(TermMatrix(rows, docs.rename("i{}".format), list("abc")), periods=2, unit="item", n_boot=20)
        assert isinstance(evolution, Evolution)
        assert evolution.flows.empty
        assert evolution.themes[["period", "n_terms"]].to_numpy().tolist() == [["2024", 3]]
        assert evolution.themes["quadrant"].isna().all()  # one theme has no place among others
        assert "2023 没有两词以上的主题。No theme of two terms or more in 2023." in evolution.notes


SCRIPT = "import sys; sys.path.insert(0, {tests!r}); from test_networks_evolution import described; print(described())"


def described(order=slice(None), columns=slice(None)):
    counts = planted(places="甲乙丙", n_items=20)
    turned = TermMatrix(counts.X.toarray()[order][:, columns], counts.docs.iloc[order], counts.terms[columns])
    evolution = theme_evolution(turned, periods=2, n_boot=20)
    return "\n".join(frame.to_csv() for frame in (evolution.flows, evolution.themes, evolution.communities))


def test_neither_hash_seed_nor_the_order_of_rows_or_columns_shows():
    said = described()
    back = slice(None, None, -1)
    assert described(order=back, columns=back) == said
    env = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "utf-8"}
    script = SCRIPT.format(tests=str(Path(__file__).parent))
    again = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, encoding="utf-8", check=True).stdout
    assert again.strip() == said.strip()
