"""Plots of results: what is drawn where, and that it can be read at print size."""

import itertools
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.figures import (
    plot_coverage,
    plot_effects,
    plot_groups,
    plot_keyness,
    plot_ledger,
    plot_ledger_range,
    plot_matrix,
    plot_n_topics,
    plot_network,
    plot_origins,
    plot_outline,
    plot_pairs,
    plot_similarity,
    plot_stability,
    plot_theme_map,
    plot_topic_heatmap,
    plot_topic_shares,
    plot_without,
    style,
)
from policylab.figures.fonts import font_families

NOTE = "虚构示例 fictional example"
LONG = ["立德树人与思政课程一体化建设", "学前教育普惠扩容", "教师队伍与师德师风建设长效机制", "校园安全"]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def items(plans=("甲区-2024",), sections=("深化教育领域综合改革", "守牢校园安全底线")):
    rows = {}
    for plan in plans:
        for number, length in enumerate((120, 80, 100, 40), start=1):
            section = sections[(number - 1) // 2]
            row = {"plan": plan, "kind": "item", "part": "plan", "section_no": (number + 1) // 2, "section": section}
            rows[f"{plan}#{number:03d}"] = row | {"item_no": number, "text": "推" * length}
    return pd.DataFrame.from_dict(rows, orient="index")


def shares(by, topics=LONG, **columns):
    frame = pd.DataFrame([{**group, "topic": f"T{i}", "label": t, "share": 0.1 + 0.1 * i} for group in by for i, t in enumerate(topics)])
    return frame.assign(low=frame["share"] - 0.05, high=frame["share"] + 0.05, n_plans=3, n_units=40, stable=True).assign(**columns)


def years(*of):
    return [{"year": y} for y in of]


def ledger(counts, places=("甲区",), transitions=((2023, 2024),)):
    rows = [(p, a, b, s) for p in places for a, b in transitions for s, n in counts.items() for _ in range(n)]
    return pd.DataFrame(rows, columns=["place", "year_before", "year_after", "status"])


def ranges(links=(0.2, 0.3, 0.4, 0.5)):
    """Kept and dropped stay; what is revised at first is to be judged later on."""
    shares = [{"kept": 0.3, "revised": 0.5 - x, "split": 0.05, "merged": 0.05, "review": x, "new": 0.05, "dropped": 0.05} for x in links]
    return pd.DataFrame([(link, 0.2, s, n) for link, at in zip(links, shares, strict=True) for s, n in at.items()], columns=RANGE)


RANGE = ["link", "review", "status", "share"]


def square(names, seed=0):
    values = np.random.default_rng(seed).uniform(0.2, 0.8, (len(names), len(names)))
    return pd.DataFrame((values + values.T) / 2, index=names, columns=names)


def pairs(n, **columns):
    gaps = [i % 5 for i in range(n)]
    frame = pd.DataFrame({"a": [f"云川市教育委员会-{2000 + i}" for i in range(n)], "b": "望溪区-2024", "rarefied": 0.5, "year_gap": gaps})
    return frame.assign(null_low=0.2, null_high=0.3, same_place=[i % 2 == 0 for i in range(n)]).assign(**columns)


def clustered(names, lengths, supports):
    """What cluster_plans gives, as far as it is drawn: clusters of these lengths in the order of the names; a support of None is no cluster."""
    numbers = iter(range(1, len(lengths) + 1))
    each = [next(numbers) if s is not None else pd.NA for s in supports]
    labels = pd.Series([c for c, n in zip(each, lengths, strict=True) for _ in range(n)], index=names, dtype="Int64")
    chosen = [(c, s) for c, s in zip(each, supports, strict=True) if s is not None]
    return SimpleNamespace(order=list(names), labels=labels, frame=pd.DataFrame(chosen, columns=["cluster", "support"]), note="")


def groups(names, q=0.01):
    frame = pd.DataFrame({"group": ["all", *names], "within": 0.25, "p": 0.001, "q": [None, *[q] * len(names)]})
    return frame.assign(between=[0.1 + 0.01 * i for i in range(len(frame))]).astype({"q": float})


MANY = [f"云川市{p}-{y}" for p in range(14) for y in range(2015, 2026)]


def effects():
    frame = pd.DataFrame({"topic": range(4), "label": LONG, "difference": [0.08, 0.02, -0.01, -0.06], "q": [0.01, 0.6, 0.8, 0.04]})
    return frame.assign(low=frame["difference"] - 0.05, high=frame["difference"] + 0.05, detectable=0.05, stable=True)


def keyness(n):
    ratio = np.concatenate([np.linspace(4, 1, n), np.linspace(-4, -1, n)])
    return pd.DataFrame({"term": [f"特征词{i}" for i in range(2 * n)], "log_ratio": ratio, "low": ratio - 1, "high": ratio + 1, "q": 0.01})


def themes(quadrants=("motor", "basic", "niche", "emerging or declining")):
    n = len(quadrants)
    frame = pd.DataFrame({"theme": range(n), "label": LONG[:n], "centrality": [3, 4, 1, 0.5][:n], "density": [3, 1, 4, 0.5][:n]})
    return frame.assign(quadrant=quadrants, quadrant_support=[0.9, 0.6, 0.3, 1.0][:n])


def network():
    import networkx as nx

    graph = nx.complete_graph([f"立德树人{i}" for i in range(12)])
    nx.set_node_attributes(graph, {v: i + 1 for i, v in enumerate(graph)}, "n_items")
    nx.set_edge_attributes(graph, 0.5, "weight")
    return graph


def copying(groups, **columns):
    both = [{**g, "counting": c, "origin": o, "share": s} for g in groups for c in ("all", "measures") for o, s in ORIGINS.items()]
    return pd.DataFrame(both).assign(low=0.1, high=0.3, text_share=0.3, n_plans=3, n_units=90, interval_over="plans").assign(**columns)


ORIGINS = {"copied": 0.2, "adapted": 0.3, "unmatched": 0.5}


def likeness(places, relations=("previous year", "other places", "upper level"), **columns):
    versions = {"all": 0.3, "without": 0.1, "random": 0.29}
    rows = [{"relation": r, "place": p, "version": v, "similarity": s} for r in relations for p in places for v, s in versions.items()]
    return pd.DataFrame(rows).assign(null_low=0.2, null_high=0.4).assign(**columns)


PLOTS = {
    "outline of a plan": lambda: plot_outline(items(), note=NOTE),
    "outline of a panel": lambda: plot_outline(items([f"云川市教育委员会-{y}" for y in range(2015, 2025)]), note=NOTE),
    "coverage": lambda: plot_coverage(pd.DataFrame({"place": "云川市教育委员会", "year": range(2011, 2026), "n_items": 137}), note=NOTE),
    "shares over years": lambda: plot_topic_shares(shares(years(2020, 2021, 2022, 2023, 2024)), note=NOTE)[0],
    "shares of one place": lambda: plot_topic_shares(shares([{"place": "云川市教育委员会"}], topics=LONG * 3), note=NOTE)[0],
    "shares over places": lambda: plot_topic_shares(shares([{"place": p} for p in ("云川市教育委员会", "望溪区")]), note=NOTE)[0],
    "shares of places over years": lambda: plot_topic_shares(
        shares([{"place": p, "year": y} for p in ("云川市教育委员会", "望溪区", "鹭汀区") for y in (2023, 2024)], stable=False), note=NOTE
    )[0],
    "heat map": lambda: plot_topic_heatmap(shares([{"place": f"新疆维吾尔自治区{i}"} for i in range(14)]), note=NOTE),
    "stability": lambda: plot_stability(
        pd.DataFrame({"topic": range(4), "label": LONG, "jaccard": [0.9, 0.8, 0.2, 0.5], "stable": [True, True, False, True]}), note=NOTE
    ),
    "number of topics": lambda: plot_n_topics(
        pd.DataFrame({"n_topics": [4, 8], "agreement": [0.7, 0.8], "low": 0.6, "high": 0.9, "recommended": [False, True]}), note=NOTE
    ),
    "effects": lambda: plot_effects(effects(), note=NOTE),
    "keyness": lambda: plot_keyness(keyness(15), note=NOTE),
    "similarity of five": lambda: plot_similarity(square([f"云川市教育委员会-{y}" for y in range(2020, 2025)]), note=NOTE),
    "similarity of 154": lambda: plot_similarity(square([f"云川市{p}-{y}" for p in range(14) for y in range(2015, 2026)]), note=NOTE),
    "similarity with clusters": lambda: plot_similarity(square(MANY), clusters=clustered(MANY, [11] * 14, [1.0] * 14), note=NOTE),
    "similarity with many small clusters": lambda: plot_similarity(square(MANY), clusters=clustered(MANY, [2] * 77, [0.7] * 77), note=NOTE),
    "groups": lambda: plot_groups(groups([f"新疆维吾尔自治区{i}" for i in range(14)]), note=NOTE),
    "a few pairs": lambda: plot_pairs(pairs(6), note=NOTE),
    "many pairs": lambda: plot_pairs(pairs(60), note=NOTE),
    "ledger of a place": lambda: plot_ledger(ledger({"kept": 3, "revised": 4, "new": 2, "dropped": 1}), note=NOTE)[0],
    "ledger of a place over many years": lambda: plot_ledger(
        ledger({"kept": 3, "new": 1}, transitions=[(y, y + 1) for y in range(1998, 2026)]), note=NOTE
    )[0],
    "ledger of five places": lambda: plot_ledger(
        ledger({"kept": 3, "split": 1, "merged": 1, "review": 2}, "甲乙丙丁戊", [(y, y + 1) for y in range(2020, 2026)]), note=NOTE
    )[0],
    "range of thresholds": lambda: plot_ledger_range(ranges(), note=NOTE),
    "range of many thresholds": lambda: plot_ledger_range(ranges([x / 100 for x in range(10, 51)]), note=NOTE),
    "copying of three places": lambda: plot_origins(copying([{"place": p} for p in ("云川市教育委员会", "望溪区", "鹭汀区")]), note=NOTE)[
        0
    ],
    "copying of twenty plans": lambda: plot_origins(
        copying([{"place": f"新疆维吾尔自治区{p}", "year": y} for p in "甲乙丙丁" for y in range(2020, 2025)]), note=NOTE
    )[0],
    "copying of too many plans": lambda: plot_origins(
        copying([{"plan": f"云川市{p}-{y}"} for p in range(14) for y in range(11)]), note=NOTE
    )[0],
    "without what three places copied": lambda: plot_without(likeness(["云川市教育委员会", "望溪区", "鹭汀区"]), note=NOTE)[0],
    "without what many places copied": lambda: plot_without(likeness([f"新疆维吾尔自治区{p}" for p in range(70)]), note=NOTE)[0],
    "network": lambda: plot_network(network(), note=NOTE),
    "matrix": lambda: plot_matrix(network(), note=NOTE),
    "theme map": lambda: plot_theme_map(themes(), note=NOTE),
}


class TestReadableAtPrintSize:
    @pytest.mark.parametrize("name", PLOTS)
    def test_in_a_column_of_80_mm_nothing_is_cut_off_and_no_names_overlap(self, name):
        with style(width=80):
            figure = PLOTS[name]().get_figure(root=True)
            figure.draw_without_rendering()
            assert figure.get_size_inches()[0] == pytest.approx(80 / 25.4)
            assert figure.get_size_inches()[1] < 250 / 25.4
            self._check(figure)
        assert any(NOTE in text.get_text() for text in figure.texts)

    def _check(self, figure):
        groups = [list(figure.texts), *(list(legend.get_texts()) for legend in figure.legends)]
        for ax in figure.axes:
            groups += [list(ax.texts), *(self._ticks(ax, axis) for axis in (ax.xaxis, ax.yaxis))]
            groups += [[t for t in (ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label) if ax.axison or t is ax._left_title]]
        for text in (t for group in groups for t in group if t.get_text().strip()):
            box = text.get_window_extent()
            assert box.x0 > -2, text
            assert box.x1 < figure.bbox.width + 2, text
            assert box.y0 > -2, text
            assert box.y1 < figure.bbox.height + 2, text
            assert text.get_fontsize() >= 4.5
            assert text.get_fontfamily()[0] == font_families("sans")[0]
        for a, b in (pair for group in groups for pair in itertools.combinations(group, 2)):
            assert not self._overlap(a, b), (a, b)

    def _ticks(self, ax, axis):
        low, high = sorted(axis.get_view_interval())
        at = 0 if axis is ax.xaxis else 1
        shown = axis.get_tick_params().get("labelbottom" if at == 0 else "labelleft", True)
        return [t for t in axis.get_ticklabels() if ax.axison and shown and low <= t.get_position()[at] <= high]

    def _overlap(self, a, b):
        one, two = a.get_window_extent(), b.get_window_extent()
        across = min(one.x1, two.x1) - max(one.x0, two.x0)
        down = min(one.y1, two.y1) - max(one.y0, two.y0)
        # Type needs less room than its line, so lines may share a hair.
        return across > 1 and down > 0.25 * min(one.height, two.height)


class TestHouseStyle:
    def test_a_plot_needs_no_style_to_be_chinese_and_leaves_settings_as_they_were(self):
        before = dict(mpl.rcParams)
        ax = plot_effects(effects())
        assert dict(mpl.rcParams) == before
        assert ax.get_yticklabels()[0].get_fontfamily()[0] == font_families("sans")[0]

    def test_a_plot_on_axes_of_the_users_own_keeps_their_figures_size_and_returns_them(self):
        figure = Figure(figsize=(4, 3))
        ax = figure.subplots()
        assert plot_effects(effects(), ax=ax, note=NOTE) is ax
        assert tuple(figure.get_size_inches()) == (4, 3)
        assert NOTE in figure.get_supxlabel()
        assert ax.title.get_fontfamily()[0] == font_families("sans")[0]

    def test_a_dollar_sign_in_a_plan_is_printed_as_one(self):
        ax = plot_outline(items(sections=("补助$5", "奖励$6")))
        assert not any(label.get_parse_math() for label in ax.get_yticklabels())

    @pytest.mark.parametrize(
        ("plot", "frame"),
        [
            (plot_outline, items().iloc[:0]),
            (plot_coverage, pd.DataFrame({"place": [], "year": [], "n_items": []})),
            (plot_ledger, ledger({})),
            (plot_origins, copying(years(2024)).iloc[:0]),
            (plot_pairs, pairs(0)),
            (plot_without, likeness(["甲区"], similarity=np.nan)),
            (plot_similarity, square(["甲"])),
            (plot_keyness, keyness(0)),
            (plot_groups, groups([]).iloc[:0]),
        ],
    )
    def test_where_there_is_nothing_to_draw_a_sentence_says_so(self, plot, frame):
        ax = np.ravel(plot(frame))[0]
        assert [t.get_text() for t in ax.texts if "\n" in t.get_text()]

    def test_a_frame_of_another_kind_is_refused_by_name_and_maker(self):
        with pytest.raises(FrameError, match=r"effects has no column 'topic'.*topic_effects\(topics, target=\.\.\.\)"):
            plot_effects(keyness(1))
        with pytest.raises(FrameError, match="ledger is a list"):
            plot_ledger([1])


class TestOutline:
    def spans(self, ax):
        return [[(p.vertices[:, 0].min(), p.vertices[:, 0].max()) for p in c.get_paths()] for c in ax.collections]

    def test_of_one_plan_each_bar_is_as_wide_as_its_item_is_long_and_bears_its_number(self):
        ax = plot_outline(items())
        assert self.spans(ax) == [[(0, 120), (120, 200)], [(0, 100), (100, 140)]]
        assert [t.get_text() for t in ax.texts] == ["1", "2", "3", "4"]
        assert ax.get_title(loc="left") == "甲区-2024 的大纲：2 节 4 条 Outline: 2 sections, 4 items"

    def test_of_several_plans_each_is_a_row_and_shades_change_with_the_section(self):
        ax = plot_outline(items(["甲区-2023", "甲区-2024"]))
        assert [t.get_text() for t in ax.get_yticklabels()] == ["甲区-2023", "甲区-2024"]
        first = [to_hex(c) for c in ax.collections[0].get_facecolors()]
        assert first[0] == first[1] != first[2] == first[3]

    def test_parts_that_are_not_drawn_are_counted_below_and_no_section_counts_as_none(self):
        mixed = items()
        mixed.loc[mixed.index[0], "part"] = "review"
        mixed["section"] = None
        ax = plot_outline(mixed)
        assert ax.get_title(loc="left") == "甲区-2024 的大纲：0 节 3 条 Outline: 0 sections, 3 items"
        assert "1 unit of other parts" in ax.figure.texts[0].get_text()

    def test_of_many_short_items_the_edges_hide_none(self):
        many = pd.concat([items()] * 400)
        many.index = [f"甲区-2024#{n}" for n in range(len(many))]
        (bars, *_) = plot_outline(many).collections
        assert 0 < max(bars.get_linewidths()) < 0.2

    def test_of_too_many_plans_some_are_drawn_and_the_title_says_how_many(self):
        ax = plot_outline(items([f"甲区-{y}" for y in range(2000, 2010)]), max_plans=4)
        assert [t.get_text() for t in ax.get_yticklabels()] == ["甲区-2000", "甲区-2003", "甲区-2006", "甲区-2009"]
        assert "4 / 10" in ax.get_title(loc="left")


class TestOrigins:
    def test_bars_are_as_long_as_the_shares_and_stand_in_the_order_of_the_frame(self):
        axes = plot_origins(copying([{"place": "乙区", "year": 2024}, {"place": "甲区", "year": 2024}]))
        assert [ax.get_title(loc="left") for ax in axes] == ["全部文字 All text", "只计措施 Measures only"]
        assert [t.get_text() for t in axes[0].get_yticklabels()] == ["乙区 · 2024", "甲区 · 2024"]
        for ax in axes:
            assert [(round(b.get_x(), 9), b.get_width()) for b in ax.patches[::2]] == [(0, 0.2), (0.2, 0.3), (0.5, 0.5)]
            assert [t.get_text() for t in ax.texts] == ["20", "20", "30", "30", "50", "50"]

    def test_the_whisker_runs_from_low_to_high_of_the_copied_share(self):
        ax = plot_origins(copying(years(2024)))[0]
        (whiskers,) = (c for c in ax.collections if isinstance(c, LineCollection))
        assert whiskers.get_segments()[0][:, 0].tolist() == [0.1, 0.3]

    def test_of_too_many_groups_the_first_are_drawn_and_it_says_so(self):
        ax = plot_origins(copying(years(*range(1990, 2025))), max_groups=10)[0]
        assert len(ax.get_yticklabels()) == 10
        assert any("The first 10 of 35 groups." in t.get_text() for t in ax.figure.texts)

    def test_an_origin_that_is_unknown_is_named(self):
        with pytest.raises(FrameError, match="origin 'borrowed'; known are copied, adapted, unmatched"):
            plot_origins(copying(years(2024)).replace({"origin": {"copied": "borrowed"}}))


class TestWithout:
    def marks(self, ax):
        return {line.get_marker(): line.get_xdata().tolist() for line in ax.lines if line.get_marker() != "None"}

    def test_each_relation_is_a_panel_and_each_place_a_row_with_three_marks_on_their_bands(self):
        axes = plot_without(likeness(["甲区", "乙区"]))
        assert [ax.get_title(loc="left").split()[0] for ax in axes] == ["与上级当年", "与同年别处", "与本地上一年"]
        assert [t.get_text() for t in axes[0].get_yticklabels()] == ["甲区", "乙区"]
        assert self.marks(axes[0]) == {"o": [0.3, 0.3], "s": [0.1, 0.1], "|": [0.29, 0.29]}
        bands = [segment[:, 0].tolist() for c in axes[0].collections for segment in c.get_segments()]
        assert bands == [[0.2, 0.4]] * 6

    def test_a_relation_without_a_similarity_has_no_panel_and_no_band_no_word_of_bands(self):
        some = likeness(["甲区"], ["upper level", "other places"], null_low=np.nan)
        (ax,) = plot_without(some.assign(similarity=some["similarity"].where(some["relation"] == "other places")))
        assert ax.get_title(loc="left") == "与同年别处 Other places"
        words = [t.get_text() for t in [*ax.figure.texts, *ax.figure.legends[0].get_texts()]]
        assert not any("boilerplate" in w or "bands" in w for w in words)

    def test_of_too_many_places_the_first_are_drawn_and_it_says_so(self):
        ax = plot_without(likeness([f"区{p}" for p in range(70)]))[0]
        assert any(f"The first {len(ax.get_yticklabels())} of 70 places." in t.get_text() for t in ax.figure.texts)

    def test_the_spread_of_what_was_left_out_at_random_is_a_line_through_its_tick_and_nothing_else(self):
        some = likeness(["甲区"], ["upper level"], null_low=np.nan, null_high=np.nan)
        at_random = some["version"] == "random"
        spread = some.assign(random_low=np.where(at_random, 0.27, np.nan), random_high=np.where(at_random, 0.31, np.nan))
        (ax,) = plot_without(spread)
        lines = [s for c in ax.collections for s in c.get_segments() if len(s)]
        (tick,) = [line for line in ax.lines if line.get_marker() == "|"]
        assert [line.tolist() for line in lines] == [[[0.27, tick.get_ydata()[0]], [0.31, tick.get_ydata()[0]]]]
        assert any("middle 95% of the draws" in t.get_text() for t in ax.figure.texts)
        assert not any("the draws" in t.get_text() for t in plot_without(some)[0].figure.texts)

    def test_several_rows_of_a_place_are_refused_not_dropped(self):
        with pytest.raises(FrameError, match="several rows of upper level / 甲区 / all; take the mean of each"):
            plot_without(pd.concat([likeness(["甲区"], ["upper level"])] * 2))

    def test_an_unknown_version_or_relation_is_named(self):
        with pytest.raises(FrameError, match="version 'half'; known are all, without, random"):
            plot_without(likeness(["甲区"], version="half"))
        with pytest.raises(FrameError, match="relation 'neighbour'"):
            plot_without(likeness(["甲区"], ["neighbour"]))


class TestCoverage:
    def test_each_cell_shows_its_items_and_missing_plans_are_counted_below(self):
        documents = pd.DataFrame({"place": ["乙区", "甲区", "甲区"], "year": [2022, 2022, 2024], "n_items": [30, 31, 33]})
        ax = plot_coverage(documents)
        assert {(int(t.get_position()[0]), int(t.get_position()[1])): t.get_text() for t in ax.texts} == {
            (0, 0): "30",
            (0, 1): "31",
            (2, 1): "33",
        }
        assert [t.get_text() for t in ax.get_xticklabels()] == ["2022", "2023", "2024"]
        assert "3 cells" in ax.figure.texts[0].get_text()

    def test_several_plans_in_a_cell_are_added_up_and_counted(self):
        ax = plot_coverage(pd.DataFrame({"place": "甲区", "year": [2024, 2024], "n_items": [30, 12]}))
        assert [t.get_text() for t in ax.texts] == ["42(2)"]

    def test_what_is_not_known_stands_last(self):
        documents = pd.DataFrame({"place": [None, "甲区"], "year": pd.array([2024, None], dtype="Int64"), "n_items": [3, 4]})
        ax = plot_coverage(documents)
        assert [t.get_text() for t in ax.get_yticklabels()] == ["甲区", "地区不明 unknown"]
        assert [t.get_text() for t in ax.get_xticklabels()] == ["2024", "不明 ?"]
        assert "1 cell" in ax.figure.texts[0].get_text()  # 甲区 lacks 2024; nothing can be lacking where place or year is unknown


class TestShares:
    def test_a_panel_for_each_topic_with_shares_at_their_years_and_intervals(self):
        axes = plot_topic_shares(shares(years(2023, 2024)))
        assert [ax.get_title(loc="left") for ax in axes][3] == "校园安全"
        assert axes[3].lines[0].get_xydata().round(3).tolist() == [[2023, 0.4], [2024, 0.4]]
        whiskers = next(c for c in axes[3].collections if isinstance(c, LineCollection))
        assert [np.round(s[:, 1], 2).tolist() for s in whiskers.get_segments()] == [[0.35, 0.45]] * 2

    def test_a_line_breaks_where_a_year_is_missing(self):
        line = plot_topic_shares(shares(years(2020, 2021, 2023)))[0].lines[0]
        assert np.isnan(line.get_ydata()).tolist() == [False, False, True, False]

    def test_an_unstable_topic_is_marked_dashed_and_explained(self):
        frame = shares(years(2023, 2024), stable=[True, False, True, True] * 2)
        axes = plot_topic_shares(frame)
        assert [ax.get_title(loc="left").startswith("†") for ax in axes] == [False, True, False, False]
        assert [ax.lines[0].get_linestyle() for ax in axes] == ["-", "--", "-", "-"]
        assert "†" in axes[0].figure.texts[0].get_text()

    def test_what_the_intervals_are_over_and_what_no_topic_covers_is_said(self):
        axes = plot_topic_shares(shares(years(2024), interval_over="years of one place", uncovered=0.12))
        below = "".join(t.get_text() for t in axes[0].figure.texts)
        assert "一地的各年" in below
        assert "12 % of a group have no topic" in below

    def test_up_to_eight_places_are_told_apart_by_colour_and_shape_more_are_grey(self):
        few = plot_topic_shares(shares([{"place": str(p), "year": 2024} for p in range(8)], topics=["安全"]))[0]
        many = plot_topic_shares(shares([{"place": str(p), "year": 2024} for p in range(9)], topics=["安全"]))[0]
        assert len({(line.get_color(), line.get_marker()) for line in few.lines}) == 8
        assert {line.get_color() for line in many.lines} == {"#9A9A9A"}
        assert any("9 groups" in t.get_text() for t in many.figure.texts)

    def test_topics_beyond_the_limit_are_left_out_and_counted(self):
        axes = plot_topic_shares(shares(years(2024)), max_topics=3)
        assert len(axes) == 3
        assert "The first 3 of 4 topics" in axes[0].figure.texts[0].get_text()

    def test_too_few_axes_are_refused(self):
        with pytest.raises(ArgumentError, match="ax has 1 Axes but 4"):
            plot_topic_shares(shares(years(2024)), ax=Figure().subplots())

    def test_a_heat_map_shows_per_cent_topic_by_place(self):
        ax = plot_topic_heatmap(shares([{"place": "甲区"}, {"place": "乙区"}]))
        assert [t.get_text() for t in ax.get_xticklabels()] == ["甲区", "乙区"]
        assert [t.get_text() for t in ax.texts] == ["10", "10", "20", "20", "30", "30", "40", "40"]

    def test_a_heat_map_of_two_groupings_at_once_is_refused_with_the_way_out(self):
        with pytest.raises(ArgumentError, match="by='place'"):
            plot_topic_heatmap(shares([{"place": "甲区", "year": 2024}]))


class TestTrust:
    def test_topics_themselves_may_be_handed_in_and_are_called_by_their_labels(self):
        class Topics:
            labels = pd.Series({"T1": "安全", "T2": "教师"})
            stability = pd.DataFrame({"topic": ["T1", "T2"], "jaccard": [0.9, 0.2], "stable": [True, False]})

        ax = plot_stability(Topics())
        assert [t.get_text() for t in ax.get_yticklabels()] == ["安全", "†教师"]
        assert [c.get_offsets().tolist() for c in ax.collections[1:]] == [[[0.9, 0.0]], [[0.2, 1.0]]]

    def test_recommended_numbers_of_topics_are_filled(self):
        choice = pd.DataFrame({"n_topics": [8, 4], "agreement": [0.8, 0.7], "low": 0.6, "high": 0.9, "recommended": [True, False]})
        ax = plot_n_topics(choice)
        assert ax.lines[0].get_xydata().tolist() == [[4, 0.7], [8, 0.8]]
        assert ax.lines[1].get_xydata().tolist() == [[8, 0.8]]


class TestContrasts:
    def test_differences_sure_at_q_05_are_filled_and_the_undetectable_is_shaded(self):
        ax = plot_effects(effects())
        hollow, sure = ax.lines[1], ax.lines[2]
        assert (hollow.get_markerfacecolor(), hollow.get_ydata().tolist()) == ("white", [1, 2])
        assert sure.get_ydata().tolist() == [0, 3]
        assert [(p.get_x(), p.get_width()) for p in ax.patches] == [(-0.05, 0.1)] * 4

    def test_percentage_points_are_printed_with_a_true_minus(self):
        assert plot_effects(effects()).xaxis.get_major_formatter()(-0.05, 0) == "−5"

    def test_the_first_terms_of_each_side_are_drawn_the_targets_on_top(self):
        ax = plot_keyness(keyness(10), n=2)
        assert [t.get_text() for t in ax.get_yticklabels()] == ["特征词0", "特征词1", "特征词11", "特征词10"]

    @pytest.mark.parametrize("n", [0, 2.5, True])
    def test_a_number_of_terms_must_be_whole(self, n):
        with pytest.raises(ArgumentError, match="n="):
            plot_keyness(keyness(2), n=n)


class TestResemblance:
    def test_cells_hold_the_similarity_and_the_diagonal_is_left_out(self):
        ax = plot_similarity(pd.DataFrame([[1, 0.61], [0.61, 1]], index=["甲", "乙"], columns=["甲", "乙"]))
        assert ax.images[0].get_clim() == (0, 1)  # of one value alone there is no range
        assert [t.get_text() for t in ax.texts] == [".61", ".61"]
        assert ax.images[0].get_array().mask.tolist() == [[True, False], [False, True]]

    def test_an_order_is_followed_and_one_that_lacks_a_label_refused(self):
        frame = square(["甲", "乙", "丙"])
        assert [t.get_text() for t in plot_similarity(frame, order=["丙", "甲", "乙"]).get_yticklabels()] == ["丙", "甲", "乙"]
        with pytest.raises(ArgumentError, match="reading_order"):
            plot_similarity(frame, order=["丙", "甲"])

    def test_of_many_plans_the_places_are_labelled_where_they_stand_together(self):
        names = [f"{p}区-{y}" for p in "甲乙丙" for y in range(2001, 2051)]
        ax = plot_similarity(square(names))
        assert [t.get_text() for t in ax.get_yticklabels()] == ["甲区", "乙区", "丙区"]
        assert [float(y) for y in ax.get_yticks()] == [24.5, 74.5, 124.5]

    def test_of_many_plans_in_mixed_order_every_few_are_labelled(self):
        names = [f"{p}区-{y}" for y in range(2001, 2051) for p in "甲乙丙"]
        ax = plot_similarity(square(names))
        assert 10 < len(ax.get_yticklabels()) < 75
        assert "One label in" in ax.figure.texts[0].get_text()

    def test_a_frame_that_is_not_square_is_refused(self):
        with pytest.raises(FrameError, match="not square"):
            plot_similarity(square(["甲", "乙"]).iloc[:1])

    def test_clusters_are_framed_in_their_order_with_their_support_beside_them(self):
        names = ["丙-2023", "丙-2024", "甲-2023", "甲-2024", "乙-2023"]
        found = clustered(names, [2, 2, 1], [0.998, None, None])
        ax = plot_similarity(square(sorted(names)), clusters=found)
        assert [t.get_text() for t in ax.get_yticklabels()] == names
        frames = [p for p in ax.patches if isinstance(p, Rectangle)]
        assert [(p.get_xy(), p.get_width()) for p in frames] == [((-0.5, -0.5), 2)]
        assert [t.get_text() for t in ax.texts if not t.get_text().startswith(".")] == ["99"]  # 100 is all
        assert "support" in ax.figure.texts[0].get_text()

    def test_where_no_cluster_holds_none_is_framed_and_the_figure_says_so(self):
        names = ["丙-2023", "甲-2023", "乙-2023"]
        ax = plot_similarity(square(names), clusters=clustered(names, [3], [None]))
        assert not ax.patches
        assert "No cluster is stable enough" in ax.figure.texts[0].get_text()

    def test_clusters_of_other_plans_are_refused(self):
        with pytest.raises(ArgumentError, match="cluster_plans"):
            plot_similarity(square(["甲", "乙"]), clusters=clustered(["甲", "丙"], [2], [1.0]))

    def test_one_place_is_labelled_by_year_where_not_all_fit(self):
        ax = plot_similarity(square([f"全国-{y}" for y in range(1950, 2026)]))
        assert len(ax.get_yticklabels()) > 10

    def test_groups_within_and_between_stand_in_a_row_each_all_first(self):
        ax = plot_groups(groups(["甲区", "乙区"], q=0.2))
        assert [t.get_text() for t in ax.get_yticklabels()] == ["全部 All", "甲区", "乙区"]
        between, unsure, sure = ax.lines
        assert list(between.get_xdata()) == pytest.approx([0.1, 0.11, 0.12])
        assert (len(unsure.get_xdata()), len(sure.get_xdata())) == (2, 1)
        assert unsure.get_markerfacecolor() == "white"

    def test_many_pairs_stand_over_the_years_between_them_with_their_null_bands(self):
        ax = plot_pairs(pairs(60))
        bands, other, same = ax.collections
        assert [s[:, 1].tolist() for s in bands.get_segments()] == [[0.2, 0.3]] * 60
        assert {round(x) for x in other.get_offsets()[:, 0]} == {0, 1, 2, 3, 4}
        assert len(other.get_offsets()) == len(same.get_offsets()) == 30
        assert [t.get_text() for t in ax.get_xticklabels()] == ["0", "1", "2", "3", "4"]

    def test_versions_of_a_pair_are_refused_not_drawn_as_three_pairs(self):
        three = pd.concat([pairs(4).assign(version=v) for v in ("all", "without", "random")])
        with pytest.raises(FrameError, match="twice; give the rows of one version"):
            plot_pairs(three)

    def test_without_a_null_band_the_figure_says_so_instead_of_naming_one(self):
        ax = plot_pairs(pairs(60, null_low=np.nan, null_high=np.nan))
        assert [t.get_text() for t in ax.figure.legends[0].get_texts()] == ["同一地区 same place", "不同地区 other place"]
        assert any("no band" in t.get_text() for t in ax.figure.texts)

    def test_or_over_same_and_other_places(self):
        ax = plot_pairs(pairs(60), by="same_place")
        assert [t.get_text() for t in ax.get_xticklabels()] == ["同一地区 Same place", "不同地区 Other place"]
        with pytest.raises(ArgumentError, match="by='place'"):
            plot_pairs(pairs(60), by="place")


class TestLedger:
    def test_bars_are_the_share_of_each_status_between_two_years_and_add_up_to_one(self):
        ax = plot_ledger(ledger({"kept": 3, "revised": 4, "new": 2, "dropped": 1}))[0]
        assert [round(p.get_height(), 3) for p in ax.patches if p.get_height()] == [0.3, 0.4, 0.2, 0.1]
        assert sum(p.get_height() for p in ax.patches) == pytest.approx(1)
        assert [t.get_text() for t in ax.get_xticklabels()] == ["2023–24\n(10)"]

    def test_a_place_with_several_series_has_a_panel_for_each(self):
        frame = ledger({"kept": 1}).assign(series="教育局工作要点")
        both = pd.concat([frame, frame.assign(series="政府工作报告")])
        assert [ax.get_title(loc="left") for ax in plot_ledger(both)] == ["甲区 · 教育局工作要点", "甲区 · 政府工作报告"]

    def test_places_beyond_the_limit_are_left_out_and_counted(self):
        axes = plot_ledger(ledger({"kept": 1}, "甲乙丙"), max_places=2)
        assert len(axes) == 2
        assert any("The first 2 of 3 places" in t.get_text() for t in axes[0].figure.texts)

    def test_an_unknown_status_is_refused(self):
        with pytest.raises(FrameError, match="'gone'"):
            plot_ledger(ledger({"gone": 1}))


class TestLedgerRange:
    def test_a_line_for_each_status_that_occurs_named_from_the_lowest_end_up(self):
        frame = ranges()
        ax = plot_ledger_range(frame[frame["status"].isin(["kept", "revised", "review"])])
        assert [np.round(line.get_ydata(), 2).tolist() for line in ax.lines[:3]] == [[0.3] * 4, [0.3, 0.2, 0.1, 0.0], [0.2, 0.3, 0.4, 0.5]]
        assert [t.get_text() for t in ax.texts] == ["修改 revised", "保留 kept", "待核 to be judged"]
        assert any("从 0.20 到阈值" in t.get_text() for t in ax.figure.texts)

    def test_a_status_that_never_occurs_is_left_out_and_an_unknown_one_refused(self):
        frame = ranges()
        ax = plot_ledger_range(frame.assign(share=frame["share"].where(frame["status"] != "split", 0)))
        assert "拆分 split" not in [t.get_text() for t in ax.texts]
        assert len(ax.texts) == 6
        with pytest.raises(FrameError, match="'gone'"):
            plot_ledger_range(frame.assign(status="gone"))

    def test_a_range_without_two_years_to_compare_is_refused_with_the_reason(self):
        nothing = ranges().assign(share=np.nan)
        nothing.attrs = {"notes": ["甲区, 工作要点: one year only, nothing to compare with."]}
        with pytest.raises(TooFewPlansError, match=r"no two years were compared\. 甲区, 工作要点: one year only.* Read plans of two years"):
            plot_ledger_range(nothing)


class TestThemeMap:
    def test_lines_part_the_quadrants_where_the_frame_parts_them(self):
        ax = plot_theme_map(themes())
        assert [line.get_xdata()[0] for line in ax.lines[:1]] == [2]  # between 1 (niche) and 3 (motor)
        assert [line.get_ydata()[0] for line in ax.lines[1:2]] == [2]  # between 1 (basic) and 3 (motor)

    @pytest.mark.parametrize("width", [80, 160])
    def test_neither_the_cross_nor_a_theme_runs_through_the_names_in_the_corners(self, width):
        frame = themes().assign(centrality=[30, 31, 1, 1.5], density=[30, 1, 31, 0.5])  # all close to the edges
        with style(width=width):
            ax = plot_theme_map(frame)
        ax.figure.draw_without_rendering()
        corners, names = ax.texts[:4], ax.texts[4:]
        upright, level = (ax.transData.transform(line.get_xydata())[0] for line in ax.lines[:2])
        boxes = [t.get_window_extent() for t in corners]
        assert len(names) == 4
        assert not [1 for box in boxes if box.x0 <= upright[0] <= box.x1 or box.y0 <= level[1] <= box.y1]
        assert not [1 for box in boxes for name in names if box.overlaps(name.get_window_extent())]

    @pytest.mark.parametrize("width", [80, 160])
    def test_no_point_lies_on_a_name_in_a_corner_no_name_on_the_cross_and_no_line_runs_through_a_name(self, width):
        n, draw = 13, np.random.default_rng(0)
        x, y = draw.uniform(20, 90, n).round(1), draw.uniform(5, 110, n).round(1)
        sides = {(1, 1): "motor", (1, 0): "basic", (0, 1): "niche", (0, 0): "emerging or declining"}
        quadrant = [sides[int(a > np.median(x)), int(b > np.median(y))] for a, b in zip(x, y, strict=True)]
        labels = [f"经济社会·收入·就业{i}" for i in range(n)]
        frame = pd.DataFrame({"theme": range(n), "label": labels, "centrality": x, "density": y, "quadrant": quadrant, "n_items": 100})
        with style(width=width):
            ax = plot_theme_map(frame)
        ax.figure.draw_without_rendering()
        corners, names = ([t.get_window_extent() for t in texts] for texts in (ax.texts[:4], ax.texts[4:]))
        radius = ax.collections[0].get_sizes().max() ** 0.5 / 2 * ax.figure.dpi / 72
        at = ax.transData.transform(ax.collections[0].get_offsets())
        off = [np.hypot(max(b.x0 - p, p - b.x1, 0), max(b.y0 - q, q - b.y1, 0)) for b in corners for p, q in at]
        assert min(off) > radius
        upright, level = (ax.transData.transform(line.get_xydata())[0] for line in ax.lines[:2])
        assert not [1 for b in names if b.x0 < upright[0] < b.x1 or b.y0 < level[1] < b.y1]
        ways = [ax.transData.transform_path(line.get_path()) for line in ax.lines[2:]]
        assert [sum(way.intersects_bbox(b.shrunk(0.9, 0.7), filled=False) for b in names) for way in ways] == [0] * len(ways)
        assert len(names) >= (8 if width == 80 else 11)

    def test_what_lots_would_give_is_told_where_the_frame_has_it(self):
        told = " ".join(
            t.get_text().replace("\n", " ") for t in plot_theme_map(themes().assign(chance=[0.2, 0.25, 0.3, 0.25])).figure.texts
        )
        assert "Lots alone would give 20–30 %." in told
        assert not [t for t in plot_theme_map(themes()).figure.texts if "Lots" in t.get_text()]

    def test_the_fewer_resamples_agree_the_paler_the_point(self):
        colours = [to_hex(c) for c in plot_theme_map(themes()).collections[0].get_facecolors()]
        assert colours == ["#0072b2", "#8dbbdd", "#ffffff", "#0072b2"]

    def test_an_unknown_quadrant_is_refused(self):
        with pytest.raises(FrameError, match="'upper'"):
            plot_theme_map(themes(("upper",)))
