"""Figures and tables as files: the same bytes in every run, a run record beside each, no formulas in cells."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile

import matplotlib as mpl
import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import pytest
from matplotlib.figure import Figure

from policylab.errors import ArgumentError, FrameError
from policylab.figures import plot_matrix, plot_network, save_figure, save_table, style

DOCUMENTS = pd.DataFrame(
    {"source": ["甲区/2024.txt", "/home/someone/乙区-2024.docx"], "sha256": ["b" * 64, "a" * 64], "plan": ["甲", "乙"]}
)
SCRIPT = """
import sys
import networkx as nx
from policylab.figures import plot_matrix, plot_network, save_figure
names = sys.argv[2].split()
edges = {(a, b) for i, a in enumerate(names) for j, b in enumerate(names) if i < j and (i * j) % 4 == 1}
graph = nx.Graph()
graph.add_edges_from((a, b, {"weight": 1 + len(a), "support": 0.5 + len(b) / 9}) for a, b in edges)
groups = {name: len(name) for name in set(names)}
save_figure(plot_network(graph, communities=groups, note="虚构示例"), sys.argv[1], settings={"names": set(names)}, seed=0)
"""
NAMES = "体育 美育 劳动教育 课后服务 校园安全 心理健康 食堂 近视防控 家校协同 阅读"


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def figure():
    with style(width=80):
        figure = Figure(figsize=(3, 2))
        ax = figure.subplots()
        ax.plot([2023, 2024], [1, 2])
        ax.fill_between([2023, 2024], [0, 1], [2, 3], alpha=0.2, hatch="//")
        ax.set_title("虚构示例")
    return figure


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class TestSameBytes:
    @pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
    def test_saving_twice_gives_the_same_bytes_whatever_the_settings_of_the_moment(self, figure, tmp_path, suffix):
        first = save_figure(figure, tmp_path / f"a.{suffix}")
        with mpl.rc_context({"svg.hashsalt": "other", "savefig.bbox": "tight", "savefig.dpi": 50}):
            second = save_figure(figure, tmp_path / f"b.{suffix}")
        assert digest(first) == digest(second)
        assert b"Date" not in first.read_bytes()

    def test_a_layout_with_a_scale_beside_it_does_not_creep_from_saving_to_saving(self, tmp_path):
        ax = plot_matrix(nx.complete_graph([f"长长的词语{i}" for i in range(9)]))
        assert len({digest(save_figure(ax, tmp_path / f"{i}.svg")) for i in range(3)}) == 1

    def test_axes_that_a_user_placed_stay_where_they_are(self, tmp_path):
        figure = plt.figure()
        ax = figure.subplots()
        ax.set_position((0.2, 0.3, 0.4, 0.5))
        save_figure(figure, tmp_path / "a.png")
        assert ax.get_position().bounds == pytest.approx((0.2, 0.3, 0.4, 0.5))

    def test_another_hash_seed_an_empty_home_and_no_place_for_matplotlibs_cache_give_the_same_bytes(self, tmp_path):
        home = tmp_path / "home"
        home.mkdir()
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "MPLCONFIGDIR": "/dev/null/none", "PYTHONHASHSEED": "7"}
        environment |= {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
        here, there = tmp_path / "here.svg", tmp_path / "there.svg"
        child = subprocess.Popen([sys.executable, "-c", SCRIPT, there, NAMES], env=environment, stderr=subprocess.PIPE)
        exec(SCRIPT.replace("sys.argv", "argv"), {"argv": ["", here, NAMES]})
        errors = child.communicate(timeout=120)[1].decode()
        assert child.returncode == 0, errors
        assert digest(here) == digest(there)
        assert digest(tmp_path / "here.svg.json") == digest(tmp_path / "there.svg.json")


class TestRunRecord:
    def test_it_stands_beside_the_figure_and_names_settings_seed_and_every_source_without_its_folder(self, figure, tmp_path):
        save_figure(figure, tmp_path / "new" / "a.png", sources=DOCUMENTS, settings={"n_topics": np.int64(8)}, seed=3)
        record = json.loads((tmp_path / "new" / "a.png.json").read_text(encoding="utf-8"))
        assert record["settings"] == {"n_topics": 8}
        assert record["seed"] == 3
        assert record["sources"] == [{"source": "乙区-2024.docx", "sha256": "a" * 64}, {"source": "甲区/2024.txt", "sha256": "b" * 64}]
        assert record["versions"]["matplotlib"] == mpl.__version__

    def test_the_axes_that_a_plot_gave_can_be_handed_in_too(self, tmp_path):
        ax = plot_network(nx.Graph([("体育", "美育")]))
        assert save_figure(np.array([ax]), tmp_path / "a.png").is_file()


class TestRefusals:
    @pytest.mark.parametrize(
        ("path", "kwargs", "message"),
        [("a.jpg", {}, r"'a\.jpg'.*\.png, \.svg or \.pdf"), ("a", {}, "no suffix"), ("a.png", {"dpi": 5}, "dpi=5.*50 to 1200")],
    )
    def test_what_is_allowed_is_said(self, figure, tmp_path, path, kwargs, message):
        with pytest.raises(ArgumentError, match=message):
            save_figure(figure, tmp_path / path, **kwargs)

    def test_what_is_no_figure_is_named(self, tmp_path):
        with pytest.raises(ArgumentError, match="figure is a str"):
            save_figure("figure", tmp_path / "a.png")


class TestStyle:
    def test_within_a_block_it_holds_and_afterwards_all_is_as_before(self):
        before = dict(mpl.rcParams)
        with style(width=80, face="serif"):
            assert mpl.rcParams["figure.figsize"][0] == pytest.approx(80 / 25.4)
            assert "Serif" in mpl.rcParams["font.family"][0]
        assert dict(mpl.rcParams) == before

    def test_a_users_own_settings_do_not_leak_into_it(self):
        with mpl.rc_context({"axes.facecolor": "red"}), style():
            assert mpl.rcParams["axes.facecolor"] == "white"

    @pytest.mark.parametrize("width", [10, 1000, "80", True])
    def test_a_width_that_no_page_has_is_refused(self, width):
        with pytest.raises(ArgumentError, match="40 to 400"):
            style(width=width)


class TestTables:
    frame = pd.DataFrame(
        {"text": ["=1+1", "-修路", "修|路\n二"], "share": [0.12345, None, 2.0], "year": pd.array([2023, None, 2025], dtype="Int64")},
        index=pd.Index(["甲#001", "甲#002", "甲#003"], name="item_id"),
    )

    def test_a_text_that_begins_like_a_formula_gets_an_apostrophe_in_csv_and_numbers_stay_numbers(self, tmp_path):
        text = save_table(self.frame.assign(n=[-1, 2, 3]), tmp_path / "a.csv").read_text(encoding="utf-8-sig")
        assert text == "item_id,text,share,year,n\n甲#001,'=1+1,0.12345,2023,-1\n甲#002,'-修路,,,2\n甲#003,\"修|路\n二\",2.0,2025,3\n"

    def test_in_xlsx_it_is_stored_as_text(self, tmp_path):
        sheet = openpyxl.load_workbook(save_table(self.frame, tmp_path / "a.xlsx")).active
        assert [(cell.value, cell.data_type) for cell in sheet["B"]] == [("text", "s"), ("=1+1", "s"), ("-修路", "s"), ("修|路\n二", "s")]
        assert [cell.value for cell in sheet["C"]] == ["share", 0.12345, None, 2]

    def test_xlsx_holds_no_moment_of_writing(self, tmp_path):
        archive = zipfile.ZipFile(io.BytesIO(save_table(self.frame, tmp_path / "a.xlsx").read_bytes()))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2

    def test_markdown_is_ready_to_print(self, tmp_path):
        text = save_table(self.frame, tmp_path / "a.md", digits=2).read_text(encoding="utf-8")
        assert text.splitlines()[1:3] == ["| --- | --- | ---: | ---: |", "| 甲#001 | =1+1 | 0.12 | 2023 |"]
        assert text.splitlines()[4] == r"| 甲#003 | 修\|路<br>二 | 2.00 | 2025 |"

    def test_row_numbers_alone_are_left_out(self, tmp_path):
        assert save_table(pd.DataFrame({"a": [1]}), tmp_path / "a.csv").read_text(encoding="utf-8-sig") == "a\n1\n"

    def test_a_frame_without_rows_keeps_its_columns(self, tmp_path):
        for suffix in ("csv", "xlsx", "md"):
            assert save_table(pd.DataFrame({"条目": pd.Series(dtype="str")}), tmp_path / f"a.{suffix}").is_file()
        assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig") == "条目\n"

    def test_a_text_longer_than_a_cell_is_refused_not_cut(self, tmp_path):
        with pytest.raises(ArgumentError, match=r"32,768 characters.*\.csv"):
            save_table(pd.DataFrame({"a": ["长" * 32_768]}), tmp_path / "a.xlsx")

    def test_what_is_allowed_is_said(self, tmp_path):
        with pytest.raises(ArgumentError, match=r"\.csv, \.xlsx or \.md"):
            save_table(self.frame, tmp_path / "a.docx")
        with pytest.raises(FrameError, match="to_frame"):
            save_table(self.frame["text"], tmp_path / "a.csv")
        with pytest.raises(ArgumentError, match="digits=-1"):
            save_table(self.frame, tmp_path / "a.csv", digits=-1)
