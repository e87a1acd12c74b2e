"""The command line: `policylab check`, `run` and `new`, thin over the same functions that notebooks call."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from policylab.errors import ArgumentError, MissingFileError, PolicylabError, ReadError
from policylab.resources import notebooks_folder

UNREADABLE, UNUSABLE = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and give its exit status: 0, 1 where reading or a notebook failed, 2 where the command cannot be carried out."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = int(arguments.command(arguments))
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # whoever reads our output, such as `head`, has seen enough; Python would complain when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _complain("stopped", status=130)
        os._exit(130)  # at once: threads that wait for kernels would complain at length, and kernels end with their parent
    except PolicylabError as error:
        return _complain(error, status=UNUSABLE)
    except OSError as error:
        return _complain(f"{error.filename or 'file'}: {error.strerror or error}", status=UNUSABLE)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="policylab", description="逐条比较公共部门工作计划 Compare public work plans item by item.")
    parser.add_argument("--version", action="version", version=f"policylab {version('policylab')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="读了什么，有什么问题 what was read of a folder of plans, and every problem")
    check.add_argument("folder", metavar="FOLDER", help="folder with plans, or a study folder")
    check.add_argument(
        "--corrections-template", metavar="FILE", help="写出更正表的底稿 write the table of corrections to start from (.csv or .xlsx)"
    )
    check.set_defaults(command=_check)
    run = commands.add_parser(
        "run", help="在自己的计划上运行全部笔记本 all notebooks on your own plans: figures, tables, executed notebooks"
    )
    run.add_argument("folder", metavar="FOLDER", nargs="?", help="folder with plans, or a study folder; without it the demo panel")
    run.add_argument("--out", metavar="DIR", help="where results go (default: FOLDER-results; figures/ of a study folder)")
    run.add_argument("--notebooks", metavar="DIR", help="where executed notebooks go (default: notebooks/ in the folder of results)")
    run.set_defaults(command=_run)
    new = commands.add_parser("new", help="新建研究文件夹 a study folder to start from: notebooks, data/ with a metadata table, README")
    new.add_argument("folder", metavar="FOLDER", help="folder to make")
    new.set_defaults(command=_new)
    return parser


def _check(arguments: argparse.Namespace) -> int:
    from policylab.checkup import checkup
    from policylab.plans import read_plans
    from policylab.plans.files import find_files

    if arguments.corrections_template is not None:
        return _write_template(arguments.folder, Path(arguments.corrections_template).expanduser())
    folder, *_ = _study(arguments.folder)
    found, refused = find_files(folder)
    if not found and not refused:
        raise _nothing_read(folder, "It is empty")
    plans = read_plans(folder, errors="report")
    for line in checkup(plans, sources=[file.source for file in found]):
        print(line)
    return 0 if len(plans.documents) else _complain(_nothing_read(folder, "See the problems above"), status=UNREADABLE)


def _write_template(name: str, path: Path) -> int:
    from policylab.plans.template import check_target, write_template

    folder, *_ = _study(name)
    check_target(path)
    n_rows = write_template(folder, path)
    print(f"写出 wrote {path}: {n_rows} 行 rows; 填好后以 corrections{path.suffix} 为名放进 fill it in and put it as that into {folder}")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    from policylab.runner import run_notebooks

    if arguments.folder is None:
        data, notebooks, out = None, notebooks_folder(), Path("policylab-results")
    else:
        data, notebooks, out = _study(arguments.folder)
    out = Path(arguments.out).expanduser() if arguments.out else out
    if data is not None:
        _check_plans(data, out)
    paths = sorted(notebooks.glob("*.ipynb"))
    if not paths:
        raise MissingFileError(str(notebooks), "holds no notebook", "Install policylab again, or put notebooks there.")
    results = run_notebooks(paths, out=out, data=data, executed=arguments.notebooks)
    failed = [ran for ran in results if ran.error]
    for ran in failed:
        _complain(f"{ran.error} (as far as it ran: {ran.executed})", status=1)
    stopped = [ran for ran in results if ran.stopped]
    for ran in stopped:
        print(f"此处不能下结论 Cannot be said with these plans: {ran.stopped}")
    print(f"{len(paths) - len(failed) - len(stopped)} of {len(paths)} notebooks ran to the end; results are in {out}")
    return 1 if failed else 0


def _new(arguments: argparse.Namespace) -> int:
    from policylab.study import new_study

    folder = new_study(Path(arguments.folder).expanduser(), notebooks=notebooks_folder())
    print(f"新建 made {folder}: put your plans into {folder / 'data'}, then read {folder / 'README.md'}")
    return 0


def _study(name: str) -> tuple[Path, Path, Path]:
    """Give the folders of plans, notebooks and results: all in a study folder, else the plans alone are the user's."""
    if not name.strip():
        raise ArgumentError("FOLDER is empty; name the folder that holds your plans.")
    folder = Path(name).expanduser().resolve()
    if not folder.is_dir():
        found = "is a file, not a folder" if folder.exists() else "does not exist"
        raise MissingFileError(name, found, "Name the folder that holds your plans.")
    if (folder / "data").is_dir() and any((folder / "notebooks").glob("*.ipynb")):
        return folder / "data", folder / "notebooks", folder / "figures"
    return folder, notebooks_folder(), folder.parent / f"{folder.name}-results"


def _check_plans(data: Path, out: Path) -> None:
    """Refuse before any notebook starts where there is nothing to run on, or results would land among the plans."""
    from policylab.plans import read_plans

    if out.resolve().is_relative_to(data):
        raise ArgumentError(f"--out {out}: lies inside {data}, so results would be read as plans; name a folder outside it.")
    plans = read_plans(data, errors="report")
    if not plans.documents["n_units"].sum():
        raise _nothing_read(data, f"`policylab check {data}` says why")
    severity = plans.problems["severity"]
    refused, warnings = int((severity == "error").sum()), int((severity == "warning").sum())
    if refused or warnings:
        print(f"读出 read {len(plans.documents)}, 拒读 refused {refused}, 警告 warnings {warnings}: 详见 see `policylab check {data}`")


def _nothing_read(folder: Path, why: str) -> ReadError:
    return ReadError(str(folder), "holds no plan that can be read", f"{why}; plans are .txt, .md, .docx, .pdf or .html files.")


def _complain(message: object, *, status: int) -> int:
    print("policylab:", " ".join(str(message).split()), file=sys.stderr)
    return status
