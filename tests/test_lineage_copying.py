"""Who wrote a phrase first, slogans told from measures, an item beside its sources, copying summed up: made texts with counted shares."""

import numpy as np
import pandas as pd
import pytest

from policylab.errors import ArgumentError, FrameError
from policylab.lineage import first_uses

MEASURE = "实施学前教育普及普惠行动计划，新增公办园学位2000个，"  # 22 letters and a number; 28 characters
OTHER = "深化殡葬移风易俗改革，建设节地生态公墓，"  # 18 letters; 20 characters
OWN = "整治背街小巷环境卫生，增设口袋公园。"  # 16 letters; 18 characters
SLOGAN = "坚持以人民为中心的发展思想"  # 13 letters


def plan(place, year, *texts):
    name = f"{place}-{year}"
    frame = pd.DataFrame({"plan": name, "place": place, "year": year, "kind": "item", "part": "plan", "text": list(texts)})
    frame.index = [f"{name}#{n:03d}" for n in range(1, len(texts) + 1)]
    return frame


def documents(**issued):
    rows = [(name, day, int(name[-4:])) for name, day in issued.items()]
    return pd.DataFrame(rows, columns=["plan", "issued", "year"]).assign(plan=lambda d: d["plan"].str.replace("_", "-"))


class TestFirstUses:
    def test_the_earliest_plan_has_it_first_and_the_others_follow_with_their_delay(self):
        items = pd.concat(
            [plan("乙区", 2024, OWN, f"要{MEASURE}办会。"), plan("甲区", 2024, MEASURE), plan("丙区", 2025, f"{MEASURE}修桥。")]
        )
        days = documents(甲区_2024="2024-02-01", 乙区_2024="2024-03-23", 丙区_2025="2025-01-31")
        (row,) = first_uses(items, documents=days).to_dict("records")
        assert row["phrase"] == MEASURE[:-1]
        assert (row["n_chars"], row["n_plans"], row["n_places"], row["n_followers"]) == (23, 3, 3, 2)
        assert (row["first_plan"], row["first_place"], row["first_date"]) == ("甲区-2024", "甲区", "2024-02-01")
        assert row["first_id"] == "甲区-2024#001"
        assert row["followers"] == "乙区-2024（51天）、丙区-2025（365天）"
        assert pd.isna(row["tie"])

    def test_equal_dates_are_a_tie_and_nobody_is_called_first(self):
        items = pd.concat([plan("甲区", 2024, MEASURE), plan("乙区", 2024, MEASURE), plan("丙区", 2025, MEASURE)])
        (row,) = first_uses(items).to_dict("records")
        assert row["tie"] == "乙区-2024、甲区-2024"
        assert pd.isna([row["first_plan"], row["first_place"], row["first_date"], row["first_id"]]).all()
        assert row["followers"] == "丙区-2025"

    def test_a_plan_without_date_or_year_may_always_have_been_first(self):
        items = pd.concat([plan("甲区", 2024, MEASURE), plan("乙区", 2023, MEASURE).assign(year=pd.NA)])
        assert first_uses(items)["tie"].tolist() == ["乙区-2023、甲区-2024"]

    def test_days_decide_where_both_are_known_and_years_where_one_is_missing(self):
        items = pd.concat([plan("甲区", 2023, MEASURE), plan("乙区", 2024, MEASURE), plan("丙区", 2024, MEASURE)])
        days = documents(甲区_2023=None, 乙区_2024="2024-03-01", 丙区_2024="2024-01-01")
        (row,) = first_uses(items, documents=days).to_dict("records")
        assert (row["first_plan"], row["first_date"]) == ("甲区-2023", "2023")
        assert row["followers"] == "丙区-2024（1年）、乙区-2024（1年）"

    def test_a_slogan_of_many_and_the_sentence_around_it_of_few_are_two_phrases(self):
        long = f"深化殡葬移风易俗改革，{SLOGAN}，建设节地生态公墓，"
        items = pd.concat(
            [plan("甲区", 2021, OWN + SLOGAN), plan("乙区", 2022, long), plan("丙区", 2023, long), plan("丁区", 2024, SLOGAN + MEASURE)]
        )
        found = first_uses(items).set_index("phrase")
        assert found.index.tolist() == [SLOGAN, long[:-1]]
        assert found["n_plans"].tolist() == [4, 2]
        assert found["first_plan"].tolist() == ["甲区-2021", "乙区-2022"]

    def test_a_place_that_repeats_itself_is_left_out_where_phrases_of_several_places_are_wanted(self):
        items = pd.concat([plan("甲区", 2023, OTHER, MEASURE), plan("甲区", 2024, OTHER, MEASURE), plan("乙区", 2025, MEASURE)])
        assert first_uses(items)["n_places"].tolist() == [2, 1]
        assert first_uses(items, min_places=2)["phrase"].tolist() == [MEASURE[:-1]]
        assert first_uses(items, min_plans=3)["n_plans"].tolist() == [3]

    def test_more_plans_than_a_machine_word_has_bits(self):
        items = pd.concat([plan(f"区{chr(0x4E00 + k)}", 2000 + k, OTHER if k in (3, 80, 129) else OWN) for k in range(130)])
        found = first_uses(items)
        assert found["n_plans"].tolist() == [127, 3]
        assert found["first_plan"].tolist() == ["区一-2000", f"区{chr(0x4E03)}-2003"]

    def test_every_phrase_is_as_long_as_a_search_letter_by_letter_finds(self):
        rng = np.random.default_rng(3)
        letters = list("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳")
        texts = []
        for cut in rng.integers(4, 28, (6, 2)):  # each letter once in a text, pieces of the same order
            a, b = sorted(cut)
            texts.append("".join(letters[a:b] + letters[:a] + letters[b:]))
        found = first_uses(pd.concat([plan(f"{p}区", 2020 + k, texts[k]) for k, p in enumerate("甲乙丙丁戊己")]), min_chars=4)
        pieces = {t[i:j] for t in texts for i in range(33) for j in range(i + 4, 33)}
        holders = {s: {k for k, t in enumerate(texts) if s in t} for s in pieces}
        shared = {s: h for s, h in holders.items() if len(h) > 1}
        grows = {s for s in shared for c in letters for t in (c + s, s + c) if shared.get(t) == shared[s]}
        assert len(grows) < len(shared)
        assert dict(zip(found["phrase"], found["n_plans"], strict=True)) == {s: len(shared[s]) for s in set(shared) - grows}

    def test_nothing_in_common_gives_an_empty_table_and_bad_numbers_are_refused(self):
        items = pd.concat([plan("甲区", 2024, MEASURE), plan("乙区", 2024, OWN)])
        assert first_uses(items).empty
        assert list(first_uses(items.iloc[:0])) == list(first_uses(items))
        for wrong in ({"min_chars": 3}, {"min_plans": 1}, {"min_places": 0}):
            with pytest.raises(ArgumentError, match=next(iter(wrong))):
                first_uses(items, **wrong)
        with pytest.raises(FrameError, match="no column issued"):
            first_uses(items, documents=pd.DataFrame({"plan": ["甲区-2024"]}))
