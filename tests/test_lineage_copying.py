"""Who wrote a phrase first, slogans told from measures, an item beside its sources, copying summed up: made texts with counted shares."""

import numpy as np
import pandas as pd
import pytest

from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.lineage import first_uses, origin_shares, origins, view_sources

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


class TestMeasures:
    def test_a_copied_title_or_quotation_is_no_copied_measure(self):
        title = "《关于深化新时代教育督导体制机制改革的意见》"  # 20 letters, 22 characters
        above = plan("市", 2024, f"落实{title}，{MEASURE}")
        item = f"贯彻{title}，{OWN}"
        row = origins(pd.concat([above, plan("甲区", 2024, item)]), upstream="市-2024").iloc[0]
        clause = len(f"贯彻{title}，")
        assert row["copied_share"] == pytest.approx(clause * 20 / 22 / len(item), abs=1e-6)
        assert row["formula_share"] == pytest.approx(clause * 20 / 22 / len(item), abs=1e-6)
        assert row[["origin", "measure_share", "measure_origin"]].tolist() == ["adapted", 0, "unmatched"]

    def test_a_copied_measure_stays_copied_without_the_title_in_it_and_the_two_shares_say_how_much_is_which(self):
        text = f"落实“双减”政策，{MEASURE}{OTHER}"
        row = origins(pd.concat([plan("市", 2024, text), plan("甲区", 2024, text)]), upstream="市-2024").iloc[0]
        quoted = len("落实“双减”政策，") * 2 / 6
        assert row[["origin", "measure_origin"]].tolist() == ["copied", "copied"]
        assert row["copied_share"] == 1
        assert row["formula_share"] == pytest.approx(quoted / len(text), abs=1e-6)
        assert row["measure_share"] == pytest.approx(1 - quoted / len(text), abs=1e-6)

    def test_a_slogan_of_many_places_is_no_measure_but_a_measure_that_all_copied_is(self):
        own = [
            "整治背街小巷环境卫生，增设口袋公园和健身步道，清理楼道杂物。",
            "举办全民健身运动会，发放体育消费券，开放学校场馆供居民锻炼。",
            "疏浚农村河道沟渠，修复水毁堤防，给独居老人安装烟雾报警器。",
        ]
        districts = [plan(f"{p}区", 2024, f"{SLOGAN}，{own[k]}", MEASURE + OTHER) for k, p in enumerate("甲乙丙")]
        above = plan("市", 2024, f"{SLOGAN}，加固山塘水库，清理非法码头，组织渔民转产培训，补贴购置新能源渔船。", MEASURE + OTHER)
        found = origins(pd.concat([above, *districts]), upstream="市-2024")
        assert found["measure_origin"].tolist() == ["unmatched", "copied"] * 3
        assert found["measure_share"].tolist() == [0, 1] * 3
        slogans = [x for text in own for x in (14 / (14 + len(text)), 0)]
        assert found["formula_share"].tolist() == pytest.approx(slogans, abs=1e-6)
        assert found["copied_share"].tolist() == pytest.approx([s or 1 for s in slogans], abs=1e-6)

    def test_an_item_of_nothing_but_a_title_has_no_measure(self):
        text = "《关于深化新时代教育督导体制机制改革的意见》"
        row = origins(pd.concat([plan("市", 2024, text), plan("甲区", 2024, text)]), upstream="市-2024").iloc[0]
        assert row[["origin", "formula_share", "measure_share", "measure_origin"]].tolist() == ["copied", 1, 0, "unmatched"]

    def test_place_year_and_length_go_along_and_no_plan_from_above_is_said(self):
        items = pd.concat([plan("市", 2024, MEASURE), plan("甲区", 2025, OWN)])
        row = origins(items, upstream="市-2024").iloc[0]
        assert row[["place", "year", "n_chars"]].tolist() == ["甲区", 2025, 18]
        with pytest.raises(TooFewPlansError, match="upstream names no plan"):
            origins(items, upstream=[])


class TestViewSources:
    items = pd.concat([plan("市", 2024, MEASURE + OTHER, OTHER, OWN), plan("甲区", 2024, f"要{MEASURE}修桥，{OTHER}办会。")])

    def test_the_item_stands_beside_its_sources_and_what_they_share_is_marked_in_both(self):
        view = view_sources(self.items, item_id="甲区-2024#001", upstream="市-2024")
        assert view.table["item_id"].tolist() == ["甲区-2024#001", "市-2024#001", "市-2024#002"]
        assert view.table["role"].tolist() == ["item", "source", "source"]
        assert view.table["n_shared"].tolist() == [41, 41, 18]  # 22 letters, a number and 18 letters; of the second the 18
        assert view.table["share"][0] == pytest.approx(41 / 46, abs=1e-6)
        assert view.table["marked"].tolist() == [
            f"要⟦{MEASURE[:-1]}⟧，修桥，⟦{OTHER[:-1]}⟧，办会。",
            f"⟦{(MEASURE + OTHER)[:-1]}⟧，",
            f"⟦{OTHER[:-1]}⟧，",
        ]
        assert view.table["marked"].str.replace("[⟦⟧]", "", regex=True).tolist() == view.table["text"].tolist()

    def test_html_shows_all_texts_and_runs_nothing_that_stands_in_them(self):
        bad = f"<script>alert('1')</script>{MEASURE}&<b>"
        items = pd.concat([plan("市", 2024, bad), plan("甲<区", 2024, bad)])
        shown = view_sources(items, item_id="甲<区-2024#001", upstream="市-2024")._repr_html_()
        assert "<script" not in shown
        assert "<b>" not in shown
        assert "甲&lt;区-2024#001" in shown
        assert shown.count("<mark") == shown.count("</mark>") >= 2

    def test_a_number_is_marked_whole(self):
        items = pd.concat(
            [plan("市", 2024, "新建社区综合服务设施和养老驿站30处。"), plan("甲区", 2024, "新建社区综合服务设施和养老驿站1,200.5处。")]
        )
        view = view_sources(items, item_id="甲区-2024#001", upstream="市-2024")
        assert view.table["marked"].tolist() == ["⟦新建社区综合服务设施和养老驿站1,200.5处⟧。", "⟦新建社区综合服务设施和养老驿站30处⟧。"]

    def test_brackets_that_stand_in_a_text_are_no_marks(self):
        items = pd.concat([plan("市", 2024, MEASURE), plan("甲区", 2024, f"⟦甲⟧{MEASURE}")])
        assert view_sources(items, item_id="甲区-2024#001", upstream="市-2024").to_html().count("<mark") == 2

    def test_where_nothing_is_found_or_nothing_came_earlier_it_says_so(self):
        items = pd.concat([plan("市", 2024, MEASURE), plan("甲区", 2024, OWN, MEASURE)])
        assert "没有找到来源" in view_sources(items, item_id="甲区-2024#001", upstream="市-2024").to_html()
        days = documents(市_2024="2024-03-01", 甲区_2024="2024-02-01")
        late = view_sources(items, item_id="甲区-2024#002", upstream="市-2024", documents=days)
        assert late.table["role"].tolist() == ["item"]

    def test_an_item_that_is_not_there_is_named_with_its_likeliest_meaning(self):
        with pytest.raises(ArgumentError, match="did you mean 甲区-2024#001"):
            view_sources(self.items, item_id="甲区-2024#01", upstream="市-2024")
        with pytest.raises(ArgumentError, match="stands in an upstream plan itself"):
            view_sources(self.items, item_id="市-2024#001", upstream="市-2024")


class TestOriginShares:
    def found(self):
        items = pd.concat(
            [
                plan("市", 2023, MEASURE + OTHER),
                plan("甲区", 2024, MEASURE + OTHER, OWN),
                plan("甲区", 2025, OWN, OWN),
                plan("乙区", 2024, OTHER),
            ]
        )
        return origins(items, upstream="市-2023")

    def test_of_each_plan_the_three_shares_sum_to_one_and_are_counted_by_hand(self):
        table = origin_shares(self.found(), by=["place", "year"])
        shares = table[table["counting"] == "all"].set_index(["place", "year", "origin"])["share"]
        assert shares.loc["甲区", 2024].tolist() == [0.5, 0, 0.5]
        assert shares.loc["甲区", 2025].tolist() == [0, 0, 1]
        assert shares.loc["乙区", 2024].tolist() == [1, 0, 0]
        assert table.groupby(["place", "year", "counting"])["share"].sum().round(9).eq(1).all()

    def test_characters_may_weigh_and_the_share_of_the_text_is_given(self):
        row = origin_shares(self.found(), by=["place", "year"], weight="chars").query("place == '甲区' and year == 2024").iloc[0]
        assert row["share"] == row["text_share"] == pytest.approx(48 / 66)

    def test_the_interval_is_over_places_where_there_are_several_and_over_a_places_years_else(self):
        table = origin_shares(self.found().assign(all="all"), by="all")
        assert table["interval_over"].unique().tolist() == ["places"]
        assert table["share"][0] == pytest.approx((0.25 + 1) / 2)
        assert (table["low"][0], table["high"][0]) == (0, 1)
        assert origin_shares(self.found(), by="place").query("place == '甲区'")["interval_over"].unique().tolist() == ["years of one place"]

    def test_of_one_plan_without_a_copy_the_interval_says_what_cannot_be_ruled_out(self):
        items = pd.concat([plan("市", 2023, MEASURE), plan("甲区", 2024, *[f"{OWN}{n}" for n in "甲乙丙丁戊己庚辛壬癸"])])
        row = origin_shares(origins(items, upstream="市-2023"), by="plan").iloc[0]
        assert (row["share"], row["low"], row["interval_over"]) == (0, 0, "units of one plan")
        assert row["high"] == pytest.approx(0.3085, abs=1e-4)  # Clopper & Pearson for 0 of 10

    def test_what_is_not_allowed_is_refused_and_nothing_gives_the_columns(self):
        assert list(origin_shares(self.found().iloc[:0], by="place")) == list(origin_shares(self.found(), by="place"))
        with pytest.raises(ArgumentError, match="weight='items'"):
            origin_shares(self.found(), by="place", weight="items")
        with pytest.raises(FrameError, match="no column measure_origin"):
            origin_shares(self.found().drop(columns="measure_origin"), by="place")
        with pytest.raises(ArgumentError, match="no column 'district'"):
            origin_shares(self.found(), by="district")
