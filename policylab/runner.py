"""Runs notebooks without a screen: in this very interpreter, through no network port, writing only where it is told to."""

from __future__ import annotations

import asyncio
import copy
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from policylab.parallel import run_tasks

_LONGEST_SOCKET_FOLDER = 60  # a socket's whole path may have about 100 bytes
_CANNOT_SAY = ("TooFewPlansError", "EmptyVocabularyError")  # an answer about the plans at hand, not a failure
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True)
class Ran:
    """What came of one notebook.

    Attributes
    ----------
    notebook : Path
        The notebook as it was given.
    executed : Path
        Its executed copy, with the cells' results as far as it got.
    error : str or None
        One line that names notebook, cell and error, where a cell failed.
    stopped : str or None
        One line that names notebook, cell and reason, where these plans cannot answer what is asked from there on.
    """

    notebook: Path
    executed: Path
    error: str | None = None
    stopped: str | None = None


def run_notebooks(
    notebooks: Sequence[str | Path],
    *,
    out: str | Path,
    data: str | Path | None = None,
    executed: str | Path | None = None,
    n_jobs: int = 2,
) -> list[Ran]:
    """Run notebooks from their first cell to their last and keep an executed copy of each.

    A notebook is told where the data lie and where its figures go by a cell put in after the one tagged `parameters`, which sets
    `DATA` and `OUT`. On other data than the demo panel the cells tagged `demo` are left out. Nothing is read from or written to the
    user's Jupyter, IPython and matplotlib settings, and each notebook uses one numerical thread.

    Parameters
    ----------
    notebooks : sequence of paths
        The notebooks; each runs in its own folder and none is changed.
    out : path
        Folder for figures and tables; made where it is missing.
    data : path, optional
        Folder with plans; without it the notebooks use the demo panel.
    executed : path, optional
        Folder for the executed copies; without it `notebooks` in `out`.
    n_jobs : int
        How many run at the same time.

    Returns
    -------
    list of Ran
        One for each notebook, in the order given; a failed one does not stop the others.
    """
    out = Path(out).resolve()
    executed = Path(executed).resolve() if executed else out / "notebooks"
    out.mkdir(parents=True, exist_ok=True)
    executed.mkdir(parents=True, exist_ok=True)
    parameters = {} if data is None else {"DATA": str(Path(data).resolve())}
    parameters["OUT"] = str(out)
    with tempfile.TemporaryDirectory(prefix="policylab-", dir=_short_folder()) as scratch:
        tasks = [(Path(path).resolve(), executed, parameters, f"{scratch}/{number}") for number, path in enumerate(notebooks)]
        return run_tasks(_run, tasks, n_jobs=n_jobs, label="notebooks")


def prepare(notebook: NotebookNode, *, parameters: dict[str, str]) -> NotebookNode:
    """Give a copy of a notebook with a cell that sets the parameters, and without demo cells where these name other data.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook of format 4.
    parameters : dict
        Names and values to set after the cell tagged `parameters` (at the top where there is none).
    """
    notebook = copy.deepcopy(notebook)
    if "DATA" in parameters:
        notebook.cells = [cell for cell in notebook.cells if "demo" not in tags(cell)]
    cell = nbformat.v4.new_code_cell(
        "\n".join(f"{name} = {value!r}" for name, value in parameters.items()),
        id="injected-parameters",
        metadata={"tags": ["injected-parameters"]},
    )
    place = next((n + 1 for n, c in enumerate(notebook.cells) if "parameters" in tags(c)), 0)
    notebook.cells.insert(place, cell)
    return notebook


def tags(cell: NotebookNode) -> list[str]:
    """Give the tags of a notebook cell."""
    return list(cell.metadata.get("tags", []))


class _ThisInterpreter(AsyncKernelManager):
    """Starts the interpreter that runs this, whatever kernels are registered on the machine."""

    @property
    def kernel_spec(self) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")


def _run(path: Path, executed: Path, parameters: dict[str, str], scratch: str) -> Ran:
    notebook = prepare(nbformat.read(path, as_version=4), parameters=parameters)
    started: list[int] = []
    client = NotebookClient(
        notebook,
        config=_config(scratch),
        kernel_manager_class=_ThisInterpreter,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        timeout=None,
        startup_timeout=180,
        on_cell_execute=lambda cell, cell_index: started.append(cell_index),
    )
    error = stopped = None
    log = Path(f"{scratch}.log")
    try:
        with log.open("wb") as stderr:
            asyncio.run(client.async_execute(env=_environment(scratch), stderr=stderr))
    except CellExecutionError as failure:
        if failure.ename in _CANNOT_SAY:
            stopped = failure.evalue
        else:
            error = f"{failure.ename}: {failure.evalue}"
    except DeadKernelError:
        error = "the kernel died, most likely because memory ran out; try fewer plans"
    except RuntimeError as failure:  # what jupyter_client raises where a kernel does not start
        error = f"no kernel started ({failure}): {log.read_text(errors='replace')[-300:]}"
    finally:
        nbformat.write(notebook, executed / path.name)
    error, stopped = (" ".join(f"{path.name}, cell [{len(started)}]: {text}".split()) if text else None for text in (error, stopped))
    return Ran(path, executed / path.name, error, stopped)


def _config(scratch: str) -> Config:
    config = Config()
    config.KernelManager.connection_file = f"{scratch}.json"
    if os.name == "posix":
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = scratch
    return config


def _environment(scratch: str) -> dict[str, str]:
    """Keep a kernel off the user's settings: all that Jupyter, IPython and matplotlib store goes to the scratch folder."""
    folder = str(Path(scratch).parent)
    stores = dict.fromkeys(("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"), folder)
    fixed = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return {**os.environ, **stores, **fixed, **dict.fromkeys(_THREADS, "1")}


def _short_folder() -> str | None:
    """Say where to make the scratch folder: the usual place, unless sockets in it would have too long a path."""
    return "/tmp" if os.name == "posix" and len(os.fsencode(tempfile.gettempdir())) > _LONGEST_SOCKET_FOLDER else None  # noqa: S108
