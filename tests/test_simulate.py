"""The demo panel is what it says: fictional, read as planted, its truth true, the same bytes at every run."""

import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from policylab.errors import ArgumentError
from policylab.items import body
from policylab.resources import data_folder
from policylab.simulate import simulate_plans
from policylab.simulate.bank import COMMON, Setting, load_bank, template
from policylab.simulate.dice import Dice
from policylab.simulate.edits import can_split, merge, new_item, revise, split
from policylab.simulate.places import item_counts, load_places, planned_shares
from policylab.simulate.planted import Piece, share_kept

PLACES = ["云澜市", "望溪区", "栖梧区", "临渚区", "鹭汀区"]


@pytest.fixture(scope="module")
def bank():
    return load_bank()


@pytest.fixture(scope="module")
def simulation():
    return simulate_plans()


@pytest.fixture(scope="module")
def texts(simulation):
    return body(simulation.plans.items)["text"]


@pytest.fixture(scope="module")
def pairs(simulation):
    return simulation.truth["lineage"].dropna(subset=["before_id", "after_id"])


def words(text):
    return re.sub(r"[\d.%]|\W", "", text)


def in_runs_of_four(text, source):
    """The share of a text's characters that stand in the source within some run of four."""
    there = {source[k : k + 4] for k in range(len(source) - 3)}
    runs = [k for k in range(len(text) - 3) if text[k : k + 4] in there]
    return len({k + i for k in runs for i in range(4)}) / len(text)


# the bank


def test_the_bank_has_at_least_twelve_themes_of_fifteen_measures_of_six_sentences(bank):
    assert len(bank.themes) >= 12
    for theme in bank.themes:
        assert len(theme.measures) >= 15
        assert all(len(measure.sentences) == 6 for measure in theme.measures)
        assert set(theme.units) == {"区", "市"}


def test_titles_are_short_and_sentences_end_with_a_stop(bank):
    for measure in (m for theme in bank.themes for m in theme.measures):
        assert all(len("".join(t.show(Setting()))) <= 20 for t in measure.titles)
        assert all("".join(s.show(Setting())).endswith("。") for s in measure.sentences)


def test_no_two_measures_share_a_passage(bank):
    seen = {}
    for measure in (m for theme in bank.themes for m in theme.measures):
        for sentence in measure.sentences:
            text = "".join(sentence.show(Setting()))
            for start in range(len(text) - 11):
                assert seen.setdefault(text[start : start + 12], measure.key) == measure.key


def test_the_bank_and_the_plans_name_no_province_and_no_great_city(bank, simulation):
    named = (
        "北京|上海|天津|重庆|广州|深圳|杭州|南京|武汉|成都|西安|苏州|浙江|江苏|广东|山东|四川|湖北|湖南|福建|静安|浦东|黄浦|徐汇|朝阳|海淀"
    )
    text = "".join(simulation.plans.items["text"])
    assert re.findall(named, text) == []


def test_a_number_moves_by_its_step_and_percentages_stay_below_a_hundred():
    sentence = template("改造[30-4]间，达标率[96+2%]，每天[60+0]分钟。", {})
    assert "".join(sentence.show(Setting(step=0))) == "改造30间，达标率96%，每天60分钟。"
    assert "".join(sentence.show(Setting(step=3, scale=2))) == "改造36间，达标率99%，每天60分钟。"
    assert "".join(sentence.show(Setting(step=9, scale=2))) == "改造1间，达标率99%，每天60分钟。"


def test_only_a_verb_that_opens_a_clause_may_be_reworded():
    sentence = template("推进改革的推进机制，推进落实。", {"推进": "推动"})
    assert "".join(sentence.show(Setting(), (1, 1))) == "推动改革的推进机制，推动落实。"


def test_what_climbs_is_worded_by_its_stage_and_the_level_by_its_place():
    title = template("{探索>试点>推进>深化}全@改革", {})
    assert ["".join(title.show(Setting(stage=s, level="市"))) for s in range(4)] == [
        "探索全市改革",
        "试点全市改革",
        "推进全市改革",
        "深化全市改革",
    ]


# shares and edits


def test_a_sentence_with_two_of_the_themes_words_comes_in_every_frame_and_pair(bank):
    numbers = bank.core_numbers("moral")
    assert len(numbers) == 8 * 10 * 9
    first, last = ("".join(bank.template("moral-core", n).show(Setting())) for n in (numbers[0], numbers[-1]))
    assert first == "围绕德育工作，统筹推进以德育人相关工作。"
    assert last == "扭住思政教育这个关键，夯实学生品行基础。"


def test_shares_rise_fall_and_sum_to_one_and_one_place_goes_its_own_way(bank):
    places, _ = load_places(4)
    ordinary, own = (planned_shares(place, bank, Dice(0), n_years=5, trend=0.12) for place in (places[1], places[4]))
    assert [round(year["digital"], 2) for year in ordinary] == [0.04, 0.07, 0.10, 0.13, 0.16]
    assert [round(year["campus"], 2) for year in ordinary] == [0.16, 0.13, 0.10, 0.07, 0.04]
    assert {round(year["digital"], 2) for year in own} == {round(year["campus"], 2) for year in own} == {0.10}
    assert {year["vocational"] for year in own} == {0.22}
    assert all(sum(year.values()) == pytest.approx(1) for year in [*ordinary, *own])


def test_items_are_shared_out_whole_and_near_the_shares_meant():
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    counts = item_counts(shares, 30, Dice(1))
    assert sum(counts.values()) == 30
    assert all(abs(counts[key] - 30 * share) <= 3 for key, share in shares.items())


def test_the_share_kept_is_counted_in_characters():
    before = {Piece("m-01", -1): ("推进", "改革"), Piece("m-01", 0): ("建设", "8", "所学校。"), Piece(COMMON, 0): ("落实责任。",)}
    after = {Piece("m-01", -1): ("推动", "改革"), Piece("m-01", 0): ("建设", "9", "所学校。"), Piece(COMMON, 0): ("落实责任。",)}
    assert share_kept(after, before, common=True) == pytest.approx((2 + 2 + 4 + 5) / 16)
    assert share_kept(after, before, common=False) == pytest.approx((2 + 2 + 4) / 16)


def test_a_heavy_hand_keeps_less_than_a_light_one_and_always_two_sentences(bank):
    theme = bank.theme("moral")
    kept = {}
    for strength in ("light", "heavy"):
        shared = []
        for n in range(60):
            dice = Dice(n)
            item = new_item(dice.pick([m for m in theme.measures if not m.climbs]), theme, bank, dice, section=0, level="区")
            after = revise(item, bank, dice, strength=strength)
            assert after.sentences != item.sentences
            shared.append(len(set(after.sentences) & set(item.sentences)) / len(after.sentences))
            assert len(set(after.sentences) & set(item.sentences)) >= 2
        kept[strength] = np.mean(shared)
    assert kept["light"] > kept["heavy"] + 0.2


def test_a_split_parts_the_sentences_and_a_merger_joins_them(bank):
    theme = bank.theme("moral")
    measure = next(m for m in theme.measures if len(m.titles) == 2)
    item = next(
        x
        for n in range(50)
        if can_split(x := new_item(measure, theme, bank, Dice(n), section=0, level="区"), bank) and x.sentences[-1].measure != COMMON
    )
    first, second = split(item, bank)
    assert (*first.sentences, *second.sentences) == item.sentences
    assert first.title == item.title != second.title
    joined = merge(first, second)
    assert joined.sentences == item.sentences


# the panel


def test_each_planted_item_is_an_item_read_and_the_other_way_round(simulation):
    units = body(simulation.plans.items)
    assert simulation.truth["items"].index.tolist() == [item_id for place in PLACES for item_id in units.index[units["place"] == place]]
    assert simulation.truth["items"].index.is_unique
    read, planted = units.loc[simulation.truth["items"].index], simulation.truth["items"]
    assert read["section"].tolist() == planted["section"].tolist()
    assert read["item_no"].tolist() == planted["item_no"].tolist()
    assert set(read["kind"]) == {"item"}


def test_numbers_run_on_in_some_places_and_start_again_in_others(simulation):
    items = simulation.truth["items"]
    last = items.groupby(["place", "year"])["item_no"].max() / items.groupby(["place", "year"]).size()
    assert (last[["望溪区", "鹭汀区"]] == 1).all()
    assert (last[["云澜市", "栖梧区", "临渚区"]] < 0.5).all()


def test_responsible_units_stand_where_the_place_names_them(simulation):
    units = body(simulation.plans.items)
    named = units.groupby("place")["responsible"].agg(lambda r: r.notna().mean())
    assert named.to_dict() == {"云澜市": 1, "望溪区": 0, "栖梧区": 1, "临渚区": 1, "鹭汀区": 0}
    assert not units["text"].str.contains("责任单位|责任部门|牵头科室").any()


def test_kept_items_have_the_same_words_and_revised_ones_have_not(pairs, texts):
    same = pd.Series(
        [words(texts[a]) == words(texts[b]) for a, b in zip(pairs["before_id"], pairs["after_id"], strict=True)], index=pairs.index
    )
    assert same[pairs["status"] == "kept"].all()
    assert not same[pairs["status"] != "kept"].any()


def test_numbers_changed_says_whether_digits_differ(pairs, texts):
    for a, b, changed in zip(pairs["before_id"], pairs["after_id"], pairs["numbers_changed"], strict=True):
        assert changed == (Counter(re.findall(r"\d+(?:\.\d+)?", texts[a])) != Counter(re.findall(r"\d+(?:\.\d+)?", texts[b])))


def test_every_item_of_both_years_is_in_the_lineage_as_often_as_its_status_says(simulation):
    lineage, items = simulation.truth["lineage"], simulation.truth["items"]
    for place in PLACES:
        for before, after in pairwise(range(2020, 2025)):
            rows = lineage[(lineage["place"] == place) & (lineage["year_before"] == before) & (lineage["year_after"] == after)]
            here = items[items["place"] == place]
            times = rows["before_id"].dropna().value_counts()
            assert set(times.index) == set(here.index[here["year"] == before])
            assert set(times[times == 2].index) == set(rows.loc[rows["status"] == "split", "before_id"])
            times = rows["after_id"].dropna().value_counts()
            assert set(times.index) == set(here.index[here["year"] == after])
            assert set(times[times == 2].index) == set(rows.loc[rows["status"] == "merged", "after_id"])


def test_there_are_several_of_each_status_in_each_place(simulation):
    counts = simulation.truth["lineage"].groupby(["place", "status"]).size()
    assert set(counts.index) == {(place, s) for place in PLACES for s in ("kept", "revised", "new", "dropped", "split", "merged")}
    assert counts.min() >= 4


def test_the_harder_the_edit_the_less_is_kept(pairs):
    kept = pairs.groupby("edited")["share_kept"].mean()
    assert kept["light"] > kept["medium"] > kept["heavy"]


def test_items_that_are_not_linked_share_few_pairs_of_characters(simulation, texts, pairs):
    grams = {i: {words(t)[k : k + 2] for k in range(len(words(t)) - 1)} for i, t in texts.items()}
    linked = set(zip(pairs["before_id"], pairs["after_id"], strict=True))
    items = simulation.truth["items"]
    for place in PLACES[:2]:
        before, after = (items.index[(items["place"] == place) & (items["year"] == year)] for year in (2022, 2023))
        for a in before:
            for b in after:
                shared = len(grams[a] & grams[b]) / min(len(grams[a]), len(grams[b]))
                assert (a, b) in linked or shared < 0.35


def test_origins_agree_with_the_share_of_characters_in_the_source(simulation, texts):
    origins = simulation.truth["origins"]
    assert {"copied", "adapted", "unmatched"} == set(origins["origin"])
    assert ((origins["copied_share"] >= 0.8) == (origins["origin"] == "copied")).all()
    assert ((origins["copied_share"] < 0.25) == (origins["origin"] == "unmatched")).all()
    matched = origins.dropna(subset=["source_id"])
    found = [in_runs_of_four(words(texts[i]), words(texts[s])) for i, s in matched["source_id"].items()]
    assert (matched["copied_share"] - found).abs().mean() < 0.05
    assert (matched["copied_share"] - found).abs().max() < 0.2


def test_districts_take_only_from_plans_of_the_same_or_an_earlier_year(simulation):
    items = simulation.truth["items"]
    taken = simulation.truth["origins"].dropna(subset=["source_id"])
    assert (taken["source_id"].map(items["place"]) == "云澜市").all()
    assert (taken["source_id"].map(items["year"]) <= taken["year"]).all()
    by_place = simulation.truth["origins"].groupby("place")["origin"].agg(lambda o: (o != "unmatched").mean())
    assert by_place["鹭汀区"] < by_place.drop("鹭汀区").min() / 2


def test_the_city_and_districts_share_no_measure_but_what_was_taken(simulation):
    items, origins = simulation.truth["items"], simulation.truth["origins"]
    above = {m for measures in items.loc[items["place"] == "云澜市", "measures"] for m in measures.split("+")}
    for item_id in origins.index[origins["copied_share"] == 0]:
        assert not above & set(items.loc[item_id, "measures"].split("+"))


@pytest.mark.parametrize(("theme", "slope"), [("digital", 0.03), ("campus", -0.03)])
def test_the_trends_can_be_found_with_twenty_five_plans(simulation, theme, slope):
    shares = simulation.truth["shares"]
    here = shares[(shares["theme"] == theme) & (shares["place"] != "鹭汀区")]
    within = here["share"] - here.groupby("place")["share"].transform("mean")
    line = stats.linregress(here["year"].astype(float), within)
    assert line.slope == pytest.approx(slope, abs=0.005)
    assert line.pvalue < 0.001


def test_shares_found_are_near_those_meant(simulation):
    shares = simulation.truth["shares"]
    assert (shares["share"] - shares["planned"]).abs().mean() < 0.012
    assert (shares.groupby(["place", "year"])["share"].sum() - 1).abs().max() < 0.001  # each is rounded to four decimals


def test_the_trends_table_says_how_large_they_are(simulation):
    trends = simulation.truth["trends"].set_index(["theme", "place"])
    assert trends.loc[("digital", "望溪区"), ["pattern", "planned_change"]].tolist() == ["rising", 0.12]
    assert trends.loc[("campus", "望溪区"), ["pattern", "planned_change"]].tolist() == ["falling", -0.12]
    assert trends.loc[("vocational", "鹭汀区"), ["pattern", "planned_first"]].tolist() == ["own way", 0.22]


def test_objects_climb_one_stage_at_a_time_to_the_top(simulation, texts):
    ladder = simulation.truth["ladder"]
    for _, stages in ladder.groupby(["place", "object"])["stage"]:
        assert all(after - before in (0, 1) for before, after in pairwise(stages))
        assert (stages.iloc[0], stages.iloc[-1]) == (1, 4)
    for row in ladder.itertuples():
        assert texts[row.item_id].startswith(row.verb + row.object)
    assert (ladder.groupby("place")["object"].nunique() == 3).all()


def test_districts_differ_in_what_they_take_up(simulation):
    items = simulation.truth["items"]
    measures = {place: set(items.loc[items["place"] == place, "measures"]) for place in PLACES[1:]}
    for a, b in combinations(PLACES[1:], 2):
        assert len(measures[a] & measures[b]) < 0.6 * min(len(measures[a]), len(measures[b]))


# its files


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What the command writes with another hash seed, beside a metadata table that has a row of its own."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "metadata.csv").write_text("source,place,year\nmine.txt,甲区,2024\n", encoding="utf-8")
    command = [sys.executable, "-m", "policylab.simulate", str(folder)]
    run = subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": "7"}, capture_output=True, text=True, encoding="utf-8", check=True)
    assert "25 plans" in run.stdout
    return {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*.*"))}


def test_the_demo_panel_in_data_is_what_this_code_writes_whatever_the_hash_seed(written):
    made = {path: data for path, data in written.items() if path.parts[0] in ("demo", "demo-truth")}
    there = {path.relative_to(data_folder()): path for folder in ("demo", "demo-truth") for path in (data_folder() / folder).rglob("*.*")}
    assert sorted(made) == sorted(there)
    assert [path for path in made if made[path] != there[path].read_bytes()] == []


def test_rows_of_other_plans_in_the_metadata_table_stay(written):
    rows = written[Path("metadata.csv")].decode("utf-8-sig").splitlines()
    assert rows[:2] == ["source,place,year,series,level,parent,fictional", "mine.txt,甲区,2024,,,,"]
    assert rows[2:] == (data_folder() / "metadata.csv").read_text(encoding="utf-8-sig").splitlines()[2:]


def test_every_plan_says_that_it_is_fictional(simulation):
    notes = simulation.plans.items[simulation.plans.items["text"].str.contains("虚构示例")]
    assert sorted(notes["plan"]) == sorted(simulation.plans.documents["plan"])
    assert (notes["kind"] == "note").all()
    assert (simulation.plans.documents["fictional"] == "虚构示例").all()


def test_word_files_bear_a_fixed_date_and_hold_their_paragraphs_in_order():
    path = data_folder() / "demo" / "云澜市" / "2024.docx"
    with zipfile.ZipFile(path) as archive:
        assert {info.date_time[:3] for info in archive.infolist()} == {(1980, 1, 1)}
        paragraphs = re.findall(r"<w:p>.*?</w:p>", archive.read("word/document.xml").decode())
    texts = [re.sub("<[^>]+>", "", p) for p in paragraphs]
    assert texts[0] == "云澜市教育委员会2024年工作要点"
    assert texts[-1].startswith("（虚构示例")


def test_same_seed_same_truth_and_another_seed_another():
    a, b, c = (simulate_plans(n_places=1, years=[2024], seed=seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(a.truth["items"], b.truth["items"])
    pd.testing.assert_frame_equal(a.plans.items, b.plans.items)
    assert a.plans.items["text"].tolist() != c.plans.items["text"].tolist()


def test_without_trend_the_shares_meant_stay():
    shares = simulate_plans(n_places=2, years=[2023, 2024], trend=0).truth["shares"]
    assert (shares.groupby(["place", "theme"])["planned"].nunique() == 1).all()


def test_with_nothing_taken_every_item_is_the_districts_own():
    assert set(simulate_plans(n_places=2, years=[2023, 2024], taken=0).truth["origins"]["origin"]) == {"unmatched"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"n_places": 0}, "n_places=0"),
        ({"n_places": 13}, "n_places=13"),
        ({"years": [2020, 2022]}, "2022"),
        ({"years": []}, "years"),
        ({"n_items": 60}, "n_items=60"),
        ({"trend": 0.5}, "trend=0.5"),
        ({"turnover": -0.1}, "turnover=-0.1"),
        ({"taken": 2}, "taken=2"),
    ],
)
def test_an_argument_out_of_its_range_is_named(arguments, named):
    with pytest.raises(ArgumentError, match=re.escape(named)):
        simulate_plans(**arguments)
