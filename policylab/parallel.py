"""The one place that calls joblib: results in order, seeds by task, one numerical thread inside each task."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits
from tqdm import tqdm

Result = TypeVar("Result")


def task_seeds(seed: int, n: int) -> list[int]:
    """Give n seeds that depend on `seed` and their place only.

    Examples
    --------
    >>> task_seeds(0, 3) == task_seeds(0, 5)[:3]
    True
    """
    return [int(child.generate_state(1)[0]) for child in np.random.SeedSequence(seed).spawn(n)]


def run_tasks(
    function: Callable[..., Result], tasks: Iterable[Sequence[Any]], *, n_jobs: int | None = None, label: str = ""
) -> list[Result]:
    """Call `function(*task)` for each task and give the results in the tasks' order.

    Parameters
    ----------
    function : callable
        Must depend on its arguments only.
    tasks : iterable of tuples
        Arguments of each call.
    n_jobs : int, optional
        Cores to use; without it what `joblib.parallel_config` says, else one. Inside
        ``joblib.parallel_config(backend="dask")`` the same call runs on a Dask cluster.
    label : str
        Shown before the progress bar (on a terminal only, after three seconds).
    """
    tasks, parent = list(tasks), os.getpid()
    bar = tqdm(total=len(tasks), desc=label, delay=3, disable=None if label else True, leave=False)
    with threadpool_limits(1), bar:
        results = []
        for result in Parallel(n_jobs=n_jobs, prefer="threads", return_as="generator")(
            delayed(_one)(parent, function, task) for task in tasks
        ):
            results.append(result)
            bar.update()
    return results


def _one(parent: int, function: Callable[..., Result], task: Sequence[Any]) -> Result:
    if os.getpid() == parent:  # the limit around all threads holds; one set here would be lifted by whichever thread ends first
        return function(*task)
    with threadpool_limits(1):
        return function(*task)
