"""The command line, and the runner of notebooks beneath it."""

import ast
import os
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from policylab.cli import main
from policylab.runner import prepare, run_notebooks

PLAN = "甲区教育局2024年工作要点\n一、抓好学校建设\n1. 修建校舍。新建两所小学。\n2. 改造操场。改造三所中学的操场。\n二、抓好教师培训\n3. 培训教师。全年培训四百人次。\n"


@pytest.fixture
def plans(tmp_path):
    folder = tmp_path / "我的 plans"
    folder.mkdir()
    (folder / "甲区-2024.txt").write_text(PLAN, encoding="utf-8")
    return folder


def notebook(*cells):
    """A notebook of (source, tag) pairs after a cell of parameters; a source that starts with # is prose."""
    parameters = new_code_cell('DATA = None\nOUT = "../figures"', metadata={"tags": ["parameters"]})
    rest = [
        (new_markdown_cell if source.startswith("#") else new_code_cell)(source, metadata={"tags": [tag] if tag else []})
        for source, tag in cells
    ]
    return new_notebook(cells=[parameters, *rest])


@pytest.fixture
def study(tmp_path, plans):
    """A study folder with two small notebooks of its own, one of which fails in its second cell after the parameters."""
    folder = tmp_path / "study"
    (folder / "notebooks").mkdir(parents=True)
    plans.rename(folder / "data")
    sound = notebook(
        ("import os, sys\nfrom pathlib import Path\nPath(OUT, 'seen.txt').write_text('\\n'.join([DATA, *sorted(os.listdir(DATA))]))", ""),
        ("assert DATA is None, 'a demo cell ran on other plans'", "demo"),
        ("from ipykernel.connect import get_connection_info\ntransport = get_connection_info(unpack=True)['transport']", ""),
        (
            "[sys.executable, os.getcwd(), os.environ['OMP_NUM_THREADS'], os.environ['IPYTHONDIR'] == os.environ['MPLCONFIGDIR'], transport]",
            "",
        ),
    )
    broken = notebook(("kept = 1\nkept", ""), ("raise ValueError('nothing\\nto compare')", ""), ("never = 1", ""))
    nbformat.write(sound, folder / "notebooks" / "01-sound.ipynb")
    nbformat.write(broken, folder / "notebooks" / "02-broken.ipynb")
    return folder


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def one_line(text):
    (line,) = text.splitlines()
    assert line.startswith("policylab: ")
    return line


class TestCheck:
    def test_lists_what_was_read_and_accounts_for_every_file(self, plans, capsys):
        (plans / "甲区-2023.txt").write_bytes(b"\x00\x01\x02\x03")
        (plans / "table.csv").write_text("a,b\n", encoding="utf-8")
        assert main(["check", str(plans)]) == 0
        out = capsys.readouterr().out
        row = next(line.split() for line in out.splitlines() if "甲区-2024.txt" in line)
        assert row[:3] == ["甲区-2024", "2024", "甲区"]
        assert row[4:7] == ["2", "3", "3"]  # sections, items, units
        assert "错误 error: 1" in out
        assert "other tables (metadata, places, corrections, or for read_table): table.csv" in out
        assert out.splitlines()[-1] == "文件 files in 2 = 读出 read 1 + 拒读 refused 1"

    def test_a_template_of_corrections_is_written_once_and_counts_when_it_is_filled_in(self, plans, capsys):
        path = plans / "corrections.csv"
        assert main(["check", str(plans), "--corrections-template", str(path)]) == 0
        assert f"wrote {path}: 6 行 rows" in capsys.readouterr().out
        assert main(["check", str(plans), "--corrections-template", str(path)]) == 2
        assert "nothing is overwritten" in one_line(capsys.readouterr().err)
        head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
        at = head.split(",").index("kind")
        filled = [row.split(",") for row in rows]
        filled[2][at] = "note"
        path.write_text("\n".join([head, *(",".join(cells) for cells in filled)]), encoding="utf-8")
        assert main(["check", str(plans)]) == 0
        out = capsys.readouterr().out
        assert next(line.split() for line in out.splitlines() if "甲区-2024.txt" in line)[5] == "2"  # items
        assert "corrections.csv" in next(line for line in out.splitlines() if line.startswith("其余表格"))

    @pytest.mark.parametrize(("name", "said"), [("t.md", "no format"), ("none/t.csv", "no such file")])
    def test_a_template_that_cannot_be_written_ends_in_one_line(self, plans, capsys, name, said):
        assert main(["check", str(plans), "--corrections-template", str(plans / name)]) == 2
        assert said in one_line(capsys.readouterr().err).lower()

    def test_without_a_plan_no_template_is_written(self, tmp_path, capsys):
        (tmp_path / "a.txt").write_bytes(b"\x00\x01\x02\x03")
        assert main(["check", str(tmp_path), "--corrections-template", str(tmp_path / "t.csv")]) == 2
        assert "no plan that can be read" in one_line(capsys.readouterr().err)
        assert not (tmp_path / "t.csv").exists()

    def test_where_nothing_can_be_read_the_problems_are_shown_and_the_status_says_so(self, tmp_path, capsys):
        (tmp_path / "a.txt").write_bytes(b"\x00\x01\x02\x03")
        assert main(["check", str(tmp_path)]) == 1
        captured = capsys.readouterr()
        assert "a.txt" in captured.out
        assert "no plan that can be read" in one_line(captured.err)

    def test_a_file_name_cannot_steer_the_terminal(self, plans, capsys):
        if os.name != "posix":
            pytest.skip("such names cannot be made here")
        (plans / "\x1b[2Jx.txt").write_bytes(b"\x00\x01\x02\x03")
        main(["check", str(plans)])
        assert "\x1b" not in capsys.readouterr().out

    def test_output_may_be_cut_off_by_its_reader(self, plans, capsys, monkeypatch):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w", encoding="utf-8") as cut_off:
            monkeypatch.setattr(sys, "stdout", cut_off)
            assert main(["check", str(plans)]) == 0
        assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ["check", "run"])
class TestAFolderThatCannotBeUsedEndsInOneLineAndStatus2:
    def test_wrong_path(self, command, tmp_path, capsys):
        assert main([command, str(tmp_path / "没有")]) == 2
        assert "does not exist" in one_line(capsys.readouterr().err)

    def test_a_file(self, command, plans, capsys):
        assert main([command, str(plans / "甲区-2024.txt")]) == 2
        assert "is a file, not a folder" in one_line(capsys.readouterr().err)

    def test_empty_folder(self, command, tmp_path, capsys):
        assert main([command, str(tmp_path)]) == 2
        assert "no plan that can be read" in one_line(capsys.readouterr().err)


class TestRun:
    def test_without_a_readable_plan_no_notebook_starts(self, tmp_path, capsys):
        (tmp_path / "a.txt").write_bytes(b"\x00\x01\x02\x03")
        assert main(["run", str(tmp_path), "--out", str(tmp_path.parent / "out")]) == 2
        assert f"policylab check {tmp_path}" in one_line(capsys.readouterr().err)
        assert not (tmp_path.parent / "out").exists()

    def test_refuses_to_write_among_the_plans(self, plans, capsys):
        assert main(["run", str(plans), "--out", str(plans / "out")]) == 2
        assert "inside" in one_line(capsys.readouterr().err)
        assert list(files(plans)) == ["甲区-2024.txt"]

    def test_a_study_runs_its_own_notebooks_and_says_where_one_failed(self, study, capsys, monkeypatch):
        before = files(study)
        monkeypatch.setenv("HOME", "/nonexistent")
        assert main(["run", str(study)]) == 1
        captured = capsys.readouterr()
        assert captured.out.startswith("读出 read 1, 拒读 refused 0, 警告 warnings 1")
        assert "1 of 2 notebooks ran to the end" in captured.out
        line = one_line(captured.err)
        assert "02-broken.ipynb, cell [4]: ValueError: nothing to compare" in line  # parameters, those put in, then the second cell

        after = files(study)
        assert {name: after[name] for name in before} == before
        made = {"figures/seen.txt", "figures/notebooks/01-sound.ipynb", "figures/notebooks/02-broken.ipynb"}
        assert set(after) - set(before) == made
        assert (study / "figures" / "seen.txt").read_text().split("\n") == [str(study / "data"), "甲区-2024.txt"]

        ran = nbformat.read(study / "figures" / "notebooks" / "01-sound.ipynb", as_version=4)
        python, folder, threads, one_store, transport = ast.literal_eval(ran.cells[-1].outputs[0].data["text/plain"])
        assert (python, folder, threads, one_store) == (sys.executable, str(study / "notebooks"), "1", True)
        assert transport == ("ipc" if os.name == "posix" else "tcp")  # cells and results travel through no network port
        assert not any("demo" in cell.metadata.get("tags", []) for cell in ran.cells)
        kept = nbformat.read(study / "figures" / "notebooks" / "02-broken.ipynb", as_version=4)
        assert [len(cell.outputs) for cell in kept.cells] == [0, 0, 1, 1, 0]


class TestRunner:
    def test_on_the_demo_panel_demo_cells_stay_and_only_the_place_for_figures_is_set(self):
        prepared = prepare(notebook(("1", "demo")), parameters={"OUT": "/x"})
        assert [cell.source for cell in prepared.cells] == ['DATA = None\nOUT = "../figures"', "OUT = '/x'", "1"]

    def test_other_data_are_set_after_the_parameters_and_demo_cells_go(self):
        original = notebook(("# prose on the demo", "demo"), ("1", "demo"), ("2", ""))
        prepared = prepare(original, parameters={"DATA": "/it's", "OUT": "/x"})
        assert [cell.source for cell in prepared.cells[1:]] == ["DATA = \"/it's\"\nOUT = '/x'", "2"]
        assert len(original.cells) == 4  # the notebook given is left as it was
        nbformat.validate(prepared)

    def test_a_kernel_that_dies_is_reported_like_any_failure(self, tmp_path):
        nbformat.write(notebook(("import os; os._exit(1)", "")), tmp_path / "a.ipynb")
        (ran,) = run_notebooks([tmp_path / "a.ipynb"], out=tmp_path / "out")
        assert ran.error.startswith("a.ipynb, cell [3]: the kernel died")
        assert ran.executed == tmp_path / "out" / "notebooks" / "a.ipynb"

    def test_what_these_plans_cannot_answer_is_a_reason_and_no_failure(self, tmp_path):
        source = "from policylab import TooFewPlansError\nraise TooFewPlansError('one plan only')"
        nbformat.write(notebook((source, "")), tmp_path / "a.ipynb")
        (ran,) = run_notebooks([tmp_path / "a.ipynb"], out=tmp_path / "out")
        assert (ran.error, ran.stopped) == (None, "a.ipynb, cell [3]: one plan only")


class TestNew:
    def test_a_study_folder_is_ready_to_be_filled_and_run(self, tmp_path, capsys):
        assert main(["new", str(tmp_path / "研究")]) == 0
        assert "研究" in capsys.readouterr().out
        made = files(tmp_path / "研究")
        assert made["data/metadata.csv"].decode("utf-8-sig") == "source,place,year\n"
        assert "README.md" in made
        for name in (n for n in made if n.endswith(".ipynb")):
            cells = nbformat.reads(made[name].decode(), as_version=4).cells
            (parameters,) = (c for c in cells if "parameters" in c.metadata.get("tags", []))
            assert 'DATA = "../data"' in parameters.source
            assert not any("demo" in c.metadata.get("tags", []) for c in cells)

    def test_nothing_is_overwritten(self, plans, capsys):
        assert main(["new", str(plans)]) == 2
        assert "nothing is overwritten" in one_line(capsys.readouterr().err)
        assert list(files(plans)) == ["甲区-2024.txt"]
