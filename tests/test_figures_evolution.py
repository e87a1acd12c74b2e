"""Themes from period to period: what is drawn, counted by hand on a few themes, and whether it can be read on paper."""

import itertools
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Polygon, Rectangle

from policylab.errors import ArgumentError, FrameError
from policylab.figures import plot_evolution, save_figure, style
from policylab.figures.crossings import crossed, few_crossings

NOTE = "虚构示例 fictional example"
DARK, MIDDLE, PALE = "#0072b2", "#8dbbdd", "#e6e6e6"


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def evolution(themes, flows, **settings):
    """From (period, theme, label, terms, stability, appears, ends; lost is .1) and (period, theme, period, theme, shared, inclusion, support, above)."""
    columns = ["period", "theme", "label", "n_terms", "stability", "appears", "ends"]
    ends = ["period_before", "theme_before", "period_after", "theme_after", "n_shared", "inclusion", "support", "above_chance"]
    frames = pd.DataFrame(themes, columns=columns), pd.DataFrame(flows, columns=ends)
    return SimpleNamespace(themes=frames[0].assign(lost=0.1), flows=frames[1], settings=settings)


NONE = float("nan")
SMALL = evolution(
    [
        ("2022", 1, "校园·安全·消防", 12, 0.9, NONE, 0.0),
        ("2022", 2, "托育·幼儿", 9, 0.7, NONE, 0.1),
        ("2022", 3, "纸笔·油印", 6, 0.8, NONE, 0.9),
        ("2022", 4, "通知·会议", 5, 0.3, NONE, 0.2),
        ("2023", 1, "安全·消防", 10, 0.9, 0.0, NONE),
        ("2023", 2, "幼儿·托育", 9, 0.8, 0.1, NONE),
        ("2023", 3, "食品·安全", 7, 0.6, 0.2, NONE),
        ("2023", 4, "智能·算力", 6, 0.8, 0.95, NONE),
    ],
    [
        ("2022", 1, "2023", 1, 7, 0.70, 0.95, True),
        ("2022", 1, "2023", 3, 5, 0.71, 0.60, True),
        ("2022", 2, "2023", 2, 8, 0.89, 0.85, True),
        ("2022", 4, "2023", 3, 2, 0.40, 0.30, True),  # too little support
        ("2022", 3, "2023", 2, 1, 0.17, 0.70, False),  # not above chance
        ("2022", 2, "2023", 1, 4, 0.44, 0.55, True),  # too little alike
    ],
    min_inclusion=0.5,
    periods={"2022": [2022], "2023": [2023]},
)


def blocks(ax):
    """Each block as column, top, height and whether its frame is whole."""
    found = [p for p in ax.patches if isinstance(p, Rectangle)]
    return sorted((round(p.get_x() + p.get_width() / 2), p.get_y(), p.get_height(), p.get_linestyle() == "-") for p in found)


def names(ax):
    """What stands in the blocks, column by column, from the top."""
    texts = [t for t in ax.texts if t.get_ha() == "center"]
    return [t.get_text().replace("\n", "·") for t in sorted(texts, key=lambda t: (t.get_position()[0], t.get_position()[1]))]


def bands(ax):
    """Each band as colour and height at its left and at its right end, in points."""
    ends = [(to_hex(p.get_facecolor()), p.get_path().vertices) for p in ax.patches if isinstance(p, PathPatch)]
    return [(colour, v[7, 1] - v[0, 1], v[4, 1] - v[3, 1], v) for colour, v in ends]


def stubs(ax):
    """Where each stub begins (on which side of which column) and its height."""
    parts = [p.get_xy() for p in ax.patches if isinstance(p, Polygon)]
    return sorted({(round(v[0, 0], 3), round(v[0, 1], 3), round(v[2, 1] - v[0, 1], 3)) for v in parts})


def footers(ax):
    return " ".join(t.get_text() for t in ax.figure.texts).replace("\n", "")


class TestWhatIsDrawn:
    def test_a_block_for_each_theme_as_high_as_its_terms(self):
        ax = plot_evolution(SMALL)
        heights = [h for _, _, h, _ in blocks(ax)]
        assert [round(h / heights[0] * 12, 6) for h in heights] == [12, 9, 6, 5, 10, 7, 9, 6]
        assert [t.get_text() for t in ax.get_xticklabels()] == ["2022\n4 主题 themes", "2023\n4 主题 themes"]
        assert ax.yaxis_inverted()
        assert ax.get_title(loc="left") == "主题的演变，2022 至 2023 Evolution of themes, 2022 to 2023"

    def test_themes_stand_so_that_bands_do_not_cross_and_those_without_a_band_come_last(self):
        assert names(plot_evolution(SMALL)) == [
            *["校园·安全·消防", "托育·幼儿", "纸笔·油印", "通知·会议"],
            *["安全·消防", "食品·安全", "幼儿·托育", "智能·算力"],
        ]

    def test_a_band_is_as_high_as_the_terms_shared_at_both_ends_and_the_darker_the_more_support_it_has(self):
        ax = plot_evolution(SMALL)
        term = blocks(ax)[0][2] / 12
        assert sorted((colour, round(left / term, 6), round(right / term, 6)) for colour, left, right, _ in bands(ax)) == [
            *[(DARK, 7, 7), (DARK, 8, 8), (MIDDLE, 5, 5)]
        ]
        assert sorted(t.get_text() for t in ax.texts if t.get_ha() != "center") == ["5", "7", "8"]

    def test_bands_stay_on_their_blocks_and_lie_beside_each_other(self):
        ax = plot_evolution(SMALL)
        spots = {0: [], 1: []}
        for *_, v in bands(ax):
            spots[0].append((v[0, 1], v[7, 1]))
            spots[1].append((v[3, 1], v[4, 1]))
        for column, spans in spots.items():
            spans.sort()
            assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(spans))
            rooms = [(top, top + high) for x, top, high, _ in blocks(ax) if x == column]
            assert all(any(top - 1e-6 <= a and b <= low + 1e-6 for top, low in rooms) for a, b in spans)

    def test_a_theme_that_ends_and_one_that_appears_have_a_stub_as_high_as_their_block(self):
        ax = plot_evolution(SMALL)
        (end, end_top, end_high), (start, start_top, start_high) = stubs(ax)
        assert (end, start) == (0.3, 0.7)  # the right edge of the first column's blocks, the left of the second's
        found = {(x, round(top, 3), round(high, 3)) for x, top, high, _ in blocks(ax)}
        assert {(0, end_top, end_high), (1, start_top, start_high)} <= found
        legend = [t.get_text() for t in ax.figure.legends[0].get_texts()]
        assert legend == ["支持度 support ≥ 80 %", "50–80 %", "新现 appears", "消失 ends", "不稳 unstable"]

    def test_a_theme_that_ends_no_more_often_than_had_nothing_changed_has_no_stub(self):
        shaky = evolution(SMALL.themes, SMALL.flows)
        shaky.themes["lost"] = 0.95
        assert len(stubs(plot_evolution(shaky))) == 0  # .95 and .9 are not above .95
        shaky.themes["lost"] = 0.92
        assert len(stubs(plot_evolution(shaky))) == 1  # .95 is, .9 is not

    @pytest.mark.parametrize("lost", [NONE, 1.0])
    def test_where_nothing_can_be_told_to_end_or_appear_there_is_no_stub_and_the_footer_says_so(self, lost):
        few = evolution(SMALL.themes, SMALL.flows)
        few.themes["lost"] = lost
        ax = plot_evolution(few)
        assert len(stubs(ax)) == 0
        assert "2022、2023 计划太少或太不一，看不出新现或消失。" in footers(ax)
        assert "看不出新现" not in footers(plot_evolution(SMALL))

    def test_an_unstable_theme_has_a_dashed_frame(self):
        ax = plot_evolution(SMALL)
        assert [whole for _, _, _, whole in blocks(ax)] == [True, True, True, False, True, True, True, True]
        assert "虚框" in footers(ax)

    def test_what_is_not_drawn_is_counted_below(self):
        text = footers(plot_evolution(SMALL))
        assert "未画：1 对共有词不多于偶然，2 对重合或支持度不足。" in text
        assert "Not drawn: 1 pair" in text

    def test_with_another_support_other_flows_are_drawn_but_never_those_of_chance(self):
        assert len(bands(plot_evolution(SMALL, min_support=0.9))) == 1
        assert not stubs(plot_evolution(SMALL, min_support=0.96))
        every = evolution(SMALL.themes, SMALL.flows)  # nothing asked of the inclusion
        assert sorted(colour for colour, *_ in bands(plot_evolution(every, min_support=0))) == [DARK, DARK, MIDDLE, MIDDLE, PALE]

    def test_the_order_of_the_rows_does_not_count(self):
        back = SimpleNamespace(themes=SMALL.themes[::-1], flows=SMALL.flows[::-1], settings=SMALL.settings)
        one, two = plot_evolution(SMALL), plot_evolution(back)
        assert (blocks(one), names(one)) == (blocks(two), names(two))
        assert [v.tolist() for *_, v in bands(one)] == [v.tolist() for *_, v in bands(two)]


class TestWhatIsLeftOut:
    def test_themes_with_something_beside_them_come_first_then_the_largest(self):
        ax = plot_evolution(SMALL, max_themes=3)
        assert names(ax)[:3] == ["校园·安全·消防", "托育·幼儿", "纸笔·油印"]
        assert "未画的主题 Themes not drawn: 2022 1，2023 1。" in footers(ax)

    def test_the_last_periods_are_drawn_and_the_footer_says_of_how_many(self):
        themes = [(str(y), 1, "校园·安全", 9, 0.9, NONE, 0.0) for y in range(2016, 2024)]
        flows = [(str(y), 1, str(y + 1), 1, 8, 0.9, 0.9, True) for y in range(2016, 2023)]
        long = evolution(themes, flows, periods={str(y): [y] for y in range(2016, 2024)})
        ax = plot_evolution(long)
        assert [t.get_text()[:4] for t in ax.get_xticklabels()] == ["2019", "2020", "2021", "2022", "2023"]
        assert "共 8 个时期，画出最后 5 个。" in footers(ax)
        with style(width=80):
            assert len(plot_evolution(long).get_xticklabels()) == 3

    def test_a_period_without_themes_keeps_its_column_empty(self):
        themes = SMALL.themes.replace({"period": {"2023": "2024"}})
        gap = evolution(themes, SMALL.flows[:0], periods={"2022": [2022], "2023": [2023], "2024": [2024]})
        ax = plot_evolution(gap)
        assert [t.get_text() for t in ax.get_xticklabels()][1] == "2023\n0 主题 themes"
        assert {x for x, *_ in blocks(ax)} == {0, 2}

    def test_resamples_within_a_single_plan_are_said_to_be_that(self):
        one = evolution(SMALL.themes, SMALL.flows, resampled={"2022": "items of the one plan there is", "2023": "plans"})
        assert "2022 只有一份计划，重抽样只在其内部。" in footers(plot_evolution(one))
        assert "只有一份计划" not in footers(plot_evolution(SMALL))

    def test_where_there_is_nothing_to_draw_a_sentence_says_so(self):
        ax = plot_evolution(evolution([], []), note=NOTE)
        assert [t.get_text() for t in ax.texts] == ["没有前后两期的主题可比\nNo themes of two periods to compare"]

    def test_other_things_and_limits_out_of_range_are_refused(self):
        with pytest.raises(ArgumentError, match=r"a DataFrame; give what `theme_evolution"):
            plot_evolution(SMALL.flows)
        with pytest.raises(FrameError, match=r"evolution.themes has no column 'ends'"):
            plot_evolution(evolution(SMALL.themes, SMALL.flows).__class__(themes=SMALL.themes.drop(columns="ends"), flows=SMALL.flows))
        with pytest.raises(FrameError, match="the theme 4 of 2023"):
            plot_evolution(evolution(SMALL.themes[:-1], [("2022", 1, "2023", 4, 7, 0.7, 0.9, True)]))
        with pytest.raises(ArgumentError, match="min_support=2"):
            plot_evolution(SMALL, min_support=2)
        with pytest.raises(ArgumentError, match="max_themes=1"):
            plot_evolution(SMALL, max_themes=1)


class TestOrder:
    def test_crossings_weigh_the_narrower_band(self):
        links = [("a", "x", 3), ("b", "y", 2)]
        assert crossed([["a", "b"], ["x", "y"]], links) == 0
        assert crossed([["a", "b"], ["y", "x"]], links) == 2

    def test_what_can_be_drawn_without_a_crossing_is(self):
        rng = np.random.default_rng(0)
        columns = [[f"{c}{n}" for n in range(8)] for c in "abcd"]
        links = [(f"{a}{n}", f"{b}{n}", float(n + 1)) for a, b in itertools.pairwise("abcd") for n in range(8)]
        for _ in range(10):
            shuffled = [rng.permutation(column).tolist() for column in columns]
            assert crossed(few_crossings(shuffled, links), links) == 0

    def test_blocks_without_a_band_come_last_in_the_order_given(self):
        assert few_crossings([["u", "a", "v"], ["x"]], [("a", "x", 1)]) == [["a", "u", "v"], ["x"]]


def large():
    """Three periods of 15 themes with long names and 3 to 31 terms, that go on, split, cross, end and appear."""
    words = [
        "心理健康教育",
        "家庭教育指导",
        "办学条件改善",
        "产教融合",
        "义务教育均衡",
        "校园安全",
        "美育",
        "思政课",
        "数字化转型",
        "托育服务",
    ]
    themes, flows = [], []
    for p in range(3):
        for n in range(15):
            label = "·".join(words[(n * 3 + p + k) % 10] for k in range(3))
            fate = [NONE if p == 0 else 0.8 * (n == 13), NONE if p == 2 else 0.9 * (n == 12)]
            themes.append((f"{2018 + 2 * p}–{2019 + 2 * p}", n + 1, label, 31 - 2 * n, 0.9 - 0.05 * n, *fate))
    for p in range(2):
        for n in range(11):
            ends = (f"{2018 + 2 * p}–{2019 + 2 * p}", n + 1, f"{2020 + 2 * p}–{2021 + 2 * p}", (n * 4 + p) % 11 + 1)
            flows.append((*ends, max(3, 9 - n), 0.7, 0.95 - 0.04 * n, True))
    return evolution(themes, flows, min_inclusion=0.5)


class TestOnPaper:
    @pytest.mark.parametrize("width", [80, 160])
    def test_names_stay_in_their_blocks_and_nothing_is_cut_off_or_overlaps(self, width):
        with style(width=width):
            ax = plot_evolution(large(), note=NOTE)
            figure = ax.figure
            figure.draw_without_rendering()
            assert figure.get_size_inches()[1] < 230 / 25.4
            spots = [p.get_window_extent() for p in ax.patches if isinstance(p, Rectangle)]
            texts = [t for t in ax.texts if t.get_ha() == "center"]
            for text, spot in zip(texts, spots, strict=True):
                box = text.get_window_extent()
                assert spot.x0 < box.x0 < box.x1 < spot.x1, text
                assert spot.y0 - 1 < box.y0 < box.y1 < spot.y1 + 1, text
            for one in [*ax.texts, *figure.texts, *figure.legends[0].get_texts(), *ax.get_xticklabels(), ax._left_title]:
                box = one.get_window_extent()
                assert -2 < box.x0 < box.x1 < figure.bbox.width + 2, one
                assert -2 < box.y0 < box.y1 < figure.bbox.height + 2, one
                assert one.get_fontsize() >= 4.5
            tops = sorted((s.x0, -s.y1, -s.y0) for s in spots)
            assert all(a[2] < b[1] for a, b in itertools.pairwise(tops) if abs(a[0] - b[0]) < 1)

    @pytest.mark.parametrize(("width", "least"), [(80, 1), (160, 2)])
    def test_names_are_whole_terms(self, width, least):
        words = {word for label in large().themes["label"] for word in label.split("·")}
        with style(width=width):
            for name in names(plot_evolution(large())):
                assert set(name.split("·")) <= words
                assert len(name.split("·")) >= least

    def test_on_axes_of_the_users_own_it_draws_there_and_keeps_the_size(self):
        figure = Figure(figsize=(6, 5))
        ax = figure.subplots()
        assert plot_evolution(SMALL, ax=ax, note=NOTE) is ax
        assert tuple(figure.get_size_inches()) == (6, 5)
        assert NOTE in figure.get_supxlabel()
        figure.draw_without_rendering()
        assert ax.get_legend().get_window_extent().y1 <= min(p.get_window_extent().y0 for p in ax.patches)  # below the blocks

    def test_the_same_evolution_gives_the_same_bytes(self, tmp_path):
        for name in ("one.svg", "two.svg"):
            save_figure(plot_evolution(large()).figure, tmp_path / name)
        assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()

    def test_in_grey_the_shades_of_support_are_apart(self):
        grey = [np.dot([int(c[i : i + 2], 16) for i in (1, 3, 5)], [0.299, 0.587, 0.114]) for c in (DARK, MIDDLE, PALE)]
        assert min(b - a for a, b in itertools.pairwise(grey)) > 40
