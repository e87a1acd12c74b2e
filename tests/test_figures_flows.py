"""Where items go from section to section: what is drawn, counted by hand on a ledger of two or three years."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Polygon, Rectangle

from policylab.errors import ArgumentError, FrameError
from policylab.figures import plot_ledger_flows, save_figure, style
from policylab.figures.ledger import LOOK

NOTE = "虚构示例 fictional example"


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def rows(*links, place="甲区", years=(2023, 2024), **columns):
    """Rows of a ledger from (status, number and section before, number and section after); None where there is no item."""
    table = []
    for status, before, after in links:
        row = {"place": place, "year_before": years[0], "year_after": years[1], "status": status}
        for when, end, year in (("before", before, years[0]), ("after", after, years[1])):
            number, section = end or (None, None)
            row |= {f"{when}_id": end and f"{place}-{year}#{number:03d}", f"section_{when}": section}
        table.append(row)
    return pd.DataFrame(table).assign(**columns)


SMALL = rows(
    ("kept", (1, "德育"), (2, "德育")),
    ("kept", (2, "德育"), (3, "德育")),
    ("revised", (3, "德育"), (4, "安全")),
    ("split", (4, "安全"), (1, "健康")),
    ("split", (4, "安全"), (5, "安全")),
    ("dropped", (5, "安全"), None),
    ("new", None, (6, "安全")),
)


def blocks(ax):
    """Each block as column, top and height; counted in items below each other."""
    found = [(round(p.get_x() + p.get_width() / 2), p.get_y(), p.get_height()) for p in ax.patches if isinstance(p, Rectangle)]
    return sorted(found)


def status_of(patch):
    return next(
        s
        for s, (_, colour, hatch) in LOOK.items()
        if to_hex(patch.get_facecolor()) == colour.lower() and (patch.get_hatch() or "") == hatch
    )


def bands(ax):
    """Each band as status, height at its left and at its right end."""
    ends = [(status_of(p), p.get_path().vertices) for p in ax.patches if isinstance(p, PathPatch)]
    return sorted((status, round(v[7, 1] - v[0, 1], 3), round(v[4, 1] - v[3, 1], 3)) for status, v in ends)


def stubs(ax):
    """The corners of each stub, which is drawn in several parts from the longest to the shortest."""
    parts = [p.get_xy() for p in ax.patches if isinstance(p, Polygon)]
    return list({(v[0, 0], v[0, 1]): v for v in reversed(parts)}.values())


def names(ax):
    """What stands in the blocks, column by column, from the top."""
    texts = [t for t in ax.texts if t.get_ha() == "center"]
    return [t.get_text().replace("\n", "") for t in sorted(texts, key=lambda t: (t.get_position()[0], t.get_position()[1]))]


def footers(ax):
    return " ".join(t.get_text() for t in ax.figure.texts).replace("\n", "")


class TestWhatIsDrawn:
    def test_a_block_for_each_section_as_high_as_its_items_in_the_order_of_the_plan(self):
        ax = plot_ledger_flows(SMALL)
        assert [(x, n) for x, _, n in blocks(ax)] == [(0, 3), (0, 2), (1, 1), (1, 2), (1, 3)]
        assert names(ax) == ["德育 3", "安全 2", "健康 1", "德育 2", "安全 3"]
        assert ax.yaxis_inverted()
        assert [t.get_text() for t in ax.get_xticklabels()] == ["2023\n5 条 items", "2024\n6 条 items"]
        assert ax.get_title(loc="left") == "甲区各节条目的去向，2023–2024 Items by section, 甲区, 2023–2024"

    def test_a_band_for_each_way_and_status_as_high_as_its_items_and_a_split_item_shared_by_its_parts(self):
        assert bands(plot_ledger_flows(SMALL)) == [("kept", 2, 2), ("revised", 1, 1), ("split", 0.5, 1), ("split", 0.5, 1)]

    def test_a_merged_item_is_shared_by_its_sources(self):
        merged = rows(("merged", (1, "德育"), (1, "德育")), ("merged", (2, "安全"), (1, "德育")), ("review", (3, "安全"), (2, "德育")))
        assert bands(plot_ledger_flows(merged)) == [("merged", 1, 0.5), ("merged", 1, 0.5), ("review", 1, 1)]

    def test_bands_and_stubs_fill_both_sides_of_each_block_and_never_lie_on_each_other(self):
        ax = plot_ledger_flows(SMALL)
        taken = {(0, "right"): [], (1, "left"): []}
        for v in (p.get_path().vertices for p in ax.patches if isinstance(p, PathPatch)):
            taken[0, "right"].append((v[0, 1], v[7, 1]))
            taken[1, "left"].append((v[3, 1], v[4, 1]))
        for v in stubs(ax):
            taken[(0, "right") if v[0, 0] < 0.5 else (1, "left")].append((v[0, 1], v[2, 1]))
        for (x, _), spans in taken.items():
            spans.sort()
            assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(spans))
            assert sum(b - a for a, b in spans) == pytest.approx(sum(n for column, _, n in blocks(ax) if column == x))

    def test_dropped_items_end_right_of_their_block_and_new_ones_begin_left_of_theirs(self):
        dropped, new = sorted(stubs(plot_ledger_flows(SMALL)), key=lambda v: v[0, 0])
        assert dropped[0, 0] < dropped[1, 0] < new[1, 0] < new[0, 0]
        assert [v[2, 1] - v[0, 1] for v in (dropped, new)] == pytest.approx([1, 1])
        assert (dropped[0, 0], new[0, 0]) == pytest.approx((0.28, 0.72))  # the edges of the blocks

    def test_numbers_on_bands_are_rows_of_the_ledger(self):
        ax = plot_ledger_flows(SMALL)
        assert sorted(t.get_text() for t in ax.texts if t.get_ha() != "center") == ["1", "1", "1", "1", "1", "2"]

    def test_rows_of_one_status_are_drawn_though_one_of_the_years_has_no_item_in_them(self):
        for status, ticks in (("new", ["2023\n0 条", "2024\n1 条"]), ("dropped", ["2023\n1 条", "2024\n0 条"])):
            ax = plot_ledger_flows(SMALL[SMALL["status"] == status])
            assert [t.get_text().removesuffix(" items") for t in ax.get_xticklabels()] == ticks
            assert [height for _, _, height in blocks(ax)] == [1]

    def test_the_legend_names_what_occurs_and_no_more(self):
        legend = plot_ledger_flows(SMALL).figure.legends[0]
        assert [t.get_text() for t in legend.get_texts()] == ["保留 kept", "修改 revised", "拆分 split", "新增 new", "删去 dropped"]

    def test_the_order_of_the_rows_does_not_count(self):
        one, two = (plot_ledger_flows(frame) for frame in (SMALL, SMALL.iloc[::-1]))
        assert blocks(one) == blocks(two)
        assert [p.get_path().vertices.tolist() for p in one.patches] == [p.get_path().vertices.tolist() for p in two.patches]


class TestWhatIsLeftOut:
    def test_the_smallest_sections_beyond_the_limit_are_joined_last(self):
        links = [("kept", (n, s), (n, s)) for n, s in enumerate(["甲节", "乙节", "乙节", "丙节", "丁节", "丁节"], start=1)]
        ax = plot_ledger_flows(rows(*links), max_sections=3)
        assert names(ax)[:3] == ["乙节 2", "丁节 2", "其他 2 节 others 2"]
        assert bands(ax) == [("kept", 2, 2)] * 3
        assert "并为“其他”" in footers(ax)

    def test_items_without_a_section_are_a_block_of_their_own(self):
        assert names(plot_ledger_flows(rows(("kept", (1, None), (1, "德育"))))) == ["未分节 no section 1", "德育 1"]

    def test_the_last_years_are_drawn_and_the_footer_says_of_how_many(self):
        years = [(y, y + 1) for y in range(2016, 2026)]
        ax = plot_ledger_flows(pd.concat([rows(("kept", (1, "德育"), (1, "德育")), years=y) for y in years]), max_years=3)
        assert [t.get_text()[:4] for t in ax.get_xticklabels()] == ["2024", "2025", "2026"]
        assert len(bands(ax)) == 2
        assert "共 11 年，画出最后 3 年。" in footers(ax)

    def test_without_a_place_the_one_with_most_rows_is_drawn_and_named_below(self):
        both = pd.concat([rows(("kept", (1, "德育"), (1, "德育")), place="乙区"), SMALL])
        assert "2 个地区中台账行数最多的：甲区" in footers(plot_ledger_flows(both))
        chosen = plot_ledger_flows(both, place="乙区")
        assert chosen.get_title(loc="left").startswith("乙区")
        assert "行数最多" not in footers(chosen)

    def test_of_several_series_the_one_with_most_rows_is_drawn_and_named_below(self):
        report = rows(("kept", (1, "总体要求"), (1, "总体要求"))).assign(series="政府工作报告")
        ax = plot_ledger_flows(pd.concat([report, SMALL.assign(series="教育局工作要点")]))
        assert names(ax)[0] == "德育 3"
        assert "2 个系列中行数最多的：教育局工作要点" in footers(ax)

    def test_an_unknown_place_is_refused_with_those_there_are(self):
        with pytest.raises(ArgumentError, match=r"place='丙区' has no rows.*甲区.*one year has none"):
            plot_ledger_flows(SMALL, place="丙区")

    def test_where_there_is_nothing_to_draw_a_sentence_says_so(self):
        for place in (None, "甲区"):
            ax = plot_ledger_flows(SMALL.iloc[:0], place=place, note=NOTE)
            assert [t.get_text() for t in ax.texts] == ["没有前后两年可比\nNo two years to compare"]

    def test_frames_of_another_kind_unknown_statuses_and_limits_below_two_are_refused(self):
        with pytest.raises(FrameError, match=r"no column 'before_id'.*item_ledger"):
            plot_ledger_flows(SMALL.drop(columns="before_id"))
        with pytest.raises(FrameError, match="'gone'"):
            plot_ledger_flows(SMALL.assign(status="gone"))
        with pytest.raises(ArgumentError, match="max_years=1"):
            plot_ledger_flows(SMALL, max_years=1)


def large():
    """Five years of eight sections with long names, one to nine items each, that drift from section to section."""
    titles = [f"{c}、深化教育领域综合改革与高质量发展" for c in "一二三四五六七八九"]
    sections = [titles[i] for i in range(9) for _ in range(i + 1)]
    statuses = ["kept", "revised", "review", "kept", "revised"]
    passages = []
    for year in range(2020, 2024):
        moved = [(statuses[n % 5], (n + 1, sections[n]), (n + 1, sections[(n * (year - 2018)) % 45])) for n in range(40)]
        lone = [("dropped", (n + 1, sections[n]), None) for n in range(40, 45)] + [
            ("new", None, (n + 1, sections[n])) for n in range(40, 45)
        ]
        passages.append(rows(*moved, *lone, years=(year, year + 1)))
    return pd.concat(passages, ignore_index=True)


class TestOnPaper:
    @pytest.mark.parametrize("width", [80, 160])
    def test_names_stay_in_their_blocks_and_nothing_is_cut_off_or_overlaps(self, width):
        with style(width=width):
            ax = plot_ledger_flows(large(), note=NOTE)
            figure = ax.figure
            figure.draw_without_rendering()
            assert figure.get_size_inches()[1] < 250 / 25.4
            spots = [p.get_window_extent() for p in ax.patches if isinstance(p, Rectangle)]
            texts = [t for t in ax.texts if t.get_ha() == "center"]
            for text, spot in zip(texts, spots, strict=True):
                box = text.get_window_extent()
                assert spot.x0 < box.x0 < box.x1 < spot.x1, text
            for one in [*ax.texts, *figure.texts, *figure.legends[0].get_texts(), *ax.get_xticklabels(), ax._left_title]:
                box = one.get_window_extent()
                assert -2 < box.x0 < box.x1 < figure.bbox.width + 2, one
                assert -2 < box.y0 < box.y1 < figure.bbox.height + 2, one
                assert one.get_fontsize() >= 4.5
            for a, b in itertools.combinations(texts, 2):
                one, two = a.get_window_extent(), b.get_window_extent()
                across, down = min(one.x1, two.x1) - max(one.x0, two.x0), min(one.y1, two.y1) - max(one.y0, two.y0)
                assert not (across > 1 and down > 0.25 * min(one.height, two.height)), (a, b)

    def test_on_axes_of_the_users_own_it_draws_there_and_keeps_the_size(self):
        figure = Figure(figsize=(6, 4))
        ax = figure.subplots()
        assert plot_ledger_flows(SMALL, ax=ax, note=NOTE) is ax
        assert tuple(figure.get_size_inches()) == (6, 4)
        assert NOTE in figure.get_supxlabel()
        figure.draw_without_rendering()
        assert ax.get_legend().get_window_extent().y1 <= min(p.get_window_extent().y0 for p in ax.patches)  # below the blocks

    def test_the_same_ledger_gives_the_same_bytes(self, tmp_path):
        for name in ("one.svg", "two.svg"):
            save_figure(plot_ledger_flows(large()).figure, tmp_path / name)
        assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()

    def test_in_grey_neighbouring_statuses_differ_in_lightness_or_hatch(self):
        def grey(colour):
            return np.dot([int(colour[i : i + 2], 16) for i in (1, 3, 5)], [0.299, 0.587, 0.114])

        looks = [LOOK[s] for s in ("kept", "revised", "merged", "split", "review", "dropped")]
        for (_, one, hatch), (_, two, other) in itertools.combinations(looks, 2):
            assert abs(grey(one) - grey(two)) > 40 or hatch != other
