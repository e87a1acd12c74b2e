"""Set-up and shape of the project: the same for everybody, locked, and each room importing only what it may."""

import ast
import os
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "policylab"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.txt", "bootstrap.txt")

GROUND = {
    "archive",
    "arguments",
    "errors",
    "groups",
    "inference",
    "items",
    "opening",
    "parallel",
    "permutation",
    "plan_shares",
    "provenance",
    "rates",
    "resources",
    "sides",
    "spreadsheets",
    "storage",
    "workbooks",
}
MAY_IMPORT = {  # beside the ground floor, which is open to every room and itself imports nothing above it
    **{name: set() for name in GROUND},
    "plans": set(),
    "words": set(),
    "matrix": {"words"},
    "codebook": {"matrix", "words"},
    "topics": {"matrix"},
    "comparison": {"matrix"},
    "lineage": set(),
    "validation": set(),
    "networks": {"matrix"},
    "keyterms": {"matrix"},
    "figures": set(),
    "simulate": {"plans"},
    "datasets": {"plans", "simulate"},
    "runner": set(),
    "study": {"runner"},
    "checkup": {"plans"},
}
FRONT = {"__init__", "__main__", "cli"}  # these may import every room
ONLY_IN = {
    "figures": {"matplotlib", "mpl_toolkits", "mplfonts", "textalloc", "fontTools"},
    "words": {"jieba", "rjieba"},
    "parallel": {"joblib", "dask", "distributed"},
}


@cache
def imports(path):
    """Every module that a file imports anywhere in it, also inside functions, with the names taken from the package's own top."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found.update(f"policylab.{a.name}" for a in node.names) if node.module == "policylab" else found.add(node.module)
    return found


def room(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def modules():
    return sorted(p for p in PACKAGE.rglob("*.py") if room(p) not in ("_data", "_notebooks"))


def rooms_imported(path):
    return {name.split(".")[1] for name in imports(path) if name.startswith("policylab.")} - {room(path)}


def public_names(package):
    tree = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
    named = [n.value for n in tree.body if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "__all__"]
    return set(ast.literal_eval(named[0])) if named else set()


def pins(lock):
    text = (ROOT / "locks" / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", text))


def requirement_name(requirement):
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-")


def extras():
    return PYPROJECT["project"]["optional-dependencies"]


def all_requirements():
    return [*PYPROJECT["project"]["dependencies"], *(r for group in extras().values() for r in group)]


# ---- who may import whom


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_the_rooms_below_it(path):
    if room(path) not in FRONT:
        assert room(path) in MAY_IMPORT, f"say in MAY_IMPORT what the new room {room(path)} may import"
        assert rooms_imported(path) <= MAY_IMPORT[room(path)] | GROUND


def test_the_ground_floor_imports_nothing_above_it():
    above = {room(p): rooms_imported(p) - GROUND for p in modules() if room(p) in GROUND}
    assert not any(above.values()), above


@pytest.mark.parametrize("owner", ONLY_IN)
def test_a_library_that_one_room_keeps_to_itself_is_imported_nowhere_else(owner):
    strangers = {p.name for p in modules() if room(p) != owner and {n.split(".")[0] for n in imports(p)} & ONLY_IN[owner]}
    assert strangers == set()


def test_figures_compute_no_statistic():
    assert {n.split(".")[0] for p in modules() if room(p) == "figures" for n in imports(p)}.isdisjoint({"scipy", "sklearn", "statistics"})


def test_the_import_test_sees_imports_inside_functions(tmp_path):
    module = tmp_path / "m.py"
    module.write_text("def f():\n    from policylab import topics\n    import jieba.posseg\n", encoding="utf-8")
    assert imports(module) == {"policylab.topics", "jieba.posseg"}


def test_no_module_bears_the_name_of_a_public_function():
    for package in [PACKAGE, *(p.parent for p in PACKAGE.glob("*/__init__.py"))]:
        beside = {p.stem for p in package.glob("*.py")} | {p.parent.name for p in package.glob("*/__init__.py")}
        assert public_names(package) & beside == set(), package.name


# ---- what is installed


def test_conda_users_get_the_names_and_bounds_of_pyproject():
    *conda, pip = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    python, installer, *packages = conda
    assert (python, installer) == (f"python{PYPROJECT['project']['requires-python']}", "pip")
    assert set(packages) <= set(all_requirements())
    assert pip == {"pip": [f"-e .[{','.join(sorted(extras()))}]"]}  # brings what conda-forge lacks, and policylab itself


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock):
    text = (ROOT / "locks" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(?m)^\s*-", text.replace("    --hash=sha256:", ""))
    for block in re.split(r"(?m)^(?=\S)", text)[1:]:
        assert re.match(r"[a-z0-9-]+==\S+", block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


def test_the_locks_hold_everything_pyproject_asks_for():
    groups = PYPROJECT["dependency-groups"]
    assert {requirement_name(r) for r in [*all_requirements(), *groups["dev"]]} <= set(pins("requirements.txt"))
    assert {requirement_name(r) for r in [*groups["bootstrap"], *PYPROJECT["build-system"]["requires"]]} <= set(pins("bootstrap.txt"))


def test_the_two_locks_agree_so_that_neither_undoes_the_other():
    bootstrap, requirements = pins("bootstrap.txt"), pins("requirements.txt")
    shared = bootstrap.keys() & requirements.keys()
    assert {n: bootstrap[n] for n in shared} == {n: requirements[n] for n in shared}


def test_the_version_is_the_same_wherever_it_stands():
    version = PYPROJECT["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_wheel_carries_notebooks_and_data_where_the_package_looks_for_them(tmp_path):
    pytest.importorskip("hatchling")
    from zipfile import ZipFile

    from hatchling.builders.wheel import WheelBuilder

    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {n for n in names if n.startswith("policylab/_notebooks/")} == {f"policylab/_notebooks/{p.name}" for p in notebooks()}
    assert "policylab/_data/jingan-2024.txt" in names
    assert not any(n.startswith(("tests/", "locks/", "figures/")) for n in names)


# ---- make


def make(*arguments, cwd=ROOT):
    if not shutil.which("make"):
        pytest.skip("make is not installed here")
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")}
    return subprocess.run(["make", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


TARGETS = ["all", "setup", "test", "check", "style", "types", "notebooks", "lab", "demo-data", "bench", "lock", "upgrade", "clean"]


@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_its_targets(target):
    assert make("-n", target).returncode == 0


def test_make_with_data_runs_the_users_plans_and_only_where_the_command_line_says_so():
    own = make("-n", "DATA=my plans", "OUT=my results").stdout
    assert 'policylab run "$DATA" --out "$OUT"' in own
    assert "--out figures" not in own
    assert '"$DATA"' not in make("-n").stdout


def test_check_holds_what_the_ci_runs():
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    ran = set(" ".join(re.findall(r"(?m)^make (.+)$", commands)).split())
    held = set(re.search(r"(?m)^check: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"))[1].split())
    assert ran == held
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.fixture
def bare_checkout(tmp_path):
    """A checkout, under a path with a space and Chinese in it, on a machine whose only Pythons are those a test writes."""
    checkout = tmp_path / "计划 one"
    (checkout / "locks").mkdir(parents=True)
    shutil.copy(ROOT / "locks" / "setup.sh", checkout / "locks")
    (tmp_path / "bin").mkdir()
    return checkout


def write_python(checkout, name, script):
    path = checkout.parent / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def set_up(checkout, **environment):
    for tool in ("dirname", "mkdir", "rm", "cat", "df", "awk", "tail", "sed", "printenv"):
        target = checkout.parent / "bin" / tool
        if not target.exists():
            target.symlink_to(shutil.which(tool))
    search = {"PATH": str(checkout.parent / "bin"), **environment}
    done = subprocess.run(
        [shutil.which("sh"), "locks/setup.sh"], cwd=checkout, env=search, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode != 0
    return done.stderr.splitlines()


@pytest.mark.skipif(os.name != "posix", reason="make sets up POSIX systems")
class TestSetUpEndsInOneLineThatSaysWhatToDo:
    def test_where_no_python_runs_though_shims_bear_its_name(self, bare_checkout):
        write_python(bare_checkout, "python3.13", "echo 'shim: command not found' >&2; exit 127")
        write_python(bare_checkout, "python3", "exit 1")  # runs, but is older than 3.11
        (line,) = set_up(bare_checkout)
        assert "no Python 3.11 or newer" in line
        assert "make PYTHON=/path/to/python3" in line

    def test_where_the_python_named_is_none(self, bare_checkout):
        (line,) = set_up(bare_checkout, PYTHON="/no such/python3")
        assert "/no such/python3" in line

    def test_where_python_lacks_venv(self, bare_checkout):
        write_python(bare_checkout, "python3.12", 'case "$*" in *ensurepip*) exit 1;; esac')
        (line,) = set_up(bare_checkout)
        assert "python3.12 comes without venv" in line
        assert "python3-venv" in line

    def test_where_nothing_can_be_installed(self, bare_checkout):
        pip = 'case "$*" in *pip\\ install*) echo "ERROR: no matching distribution"; exit 1;; esac'
        venv = f"mkdir -p .venv/bin; printf '#!/bin/sh\\n%s\\n' '{pip}' >.venv/bin/python; /bin/chmod +x .venv/bin/python"
        write_python(bare_checkout, "python3.11", f'case "$*" in *venv\\ --clear*) {venv};; esac')
        *_, reason, line = set_up(bare_checkout)
        assert reason == "ERROR: no matching distribution"
        assert "Is there a network?" in line

    @pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="nothing is forbidden to root")
    def test_where_the_folder_cannot_be_written(self, bare_checkout):
        bare_checkout.chmod(0o555)
        (line,) = set_up(bare_checkout)
        assert str(bare_checkout) in line
        assert "cannot be written" in line


# ---- notebooks


def notebooks():
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.stem)
def test_a_committed_notebook_holds_no_results_and_can_be_given_other_data(path):
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    (parameters,) = (cell for cell in code if "parameters" in cell.metadata.get("tags", []))
    assert re.search(r"(?m)^DATA = None\b", parameters.source)
    assert re.search(r'(?m)^OUT = "\.\./figures"', parameters.source)
