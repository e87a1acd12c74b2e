"""The run record: which files, settings, versions and seed a figure or table came from."""

from __future__ import annotations

import json
import math
import platform
import re
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np
import pandas as pd

from policylab.errors import FrameError

PACKAGE = "policylab"


def run_record(
    settings: Mapping[str, Any] | None = None, *, sources: pd.DataFrame | None = None, seed: int | None = None
) -> dict[str, Any]:
    """Give what a result was made from, as plain values that JSON can hold.

    The same inputs give the same record: no times, no absolute paths, everything sorted.

    Parameters
    ----------
    settings : mapping, optional
        The arguments that made the result; frames in it are recorded by shape and sha256, callables by name.
    sources : DataFrame, optional
        A documents frame (`Plans.documents`), of which `source` and `sha256` are recorded.
    seed : int, optional
        The seed.

    Returns
    -------
    dict
        `seed`, `settings`, `sources` (a list of `source` and `sha256`), `versions` (of Python, policylab and what it needs), `platform`.

    Raises
    ------
    FrameError
        If `sources` has no columns `source` and `sha256`.

    Examples
    --------
    >>> run_record({"n_topics": 8}, seed=1)["settings"]
    {'n_topics': 8}
    """
    return {
        "platform": sysconfig.get_platform(),
        "seed": _plain(seed),
        "settings": _plain(dict(settings or {})),
        "sources": _sources(sources),
        "versions": versions(),
    }


def write_record(record: Mapping[str, Any], path: str | Path) -> Path:
    """Write a run record beside a file, as the file's name and ``.json``, and give its path."""
    path = Path(path)
    target = path.with_name(f"{path.name}.json")
    target.write_bytes((json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n").encode())
    return target


def versions() -> dict[str, str]:
    """Give the versions of Python, of policylab and of each package that it names and that is installed."""
    found = {"python": platform.python_version()}
    for name in (PACKAGE, *_required()):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return dict(sorted(found.items()))


def _required() -> list[str]:
    try:
        lines = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:  # run from a folder, not installed
        return []
    return sorted({match[0] for line in lines if (match := re.match(r"[A-Za-z0-9._-]+", line))})


def _sources(sources: pd.DataFrame | None) -> list[dict[str, str]]:
    if sources is None:
        return []
    sources = getattr(sources, "documents", sources)
    absent = [c for c in ("source", "sha256") if c not in getattr(sources, "columns", ())]
    if absent:
        raise FrameError(f"sources has no column {absent[0]!r}; give the documents frame, `plans.documents`.")
    known = sources[["source", "sha256"]].astype("str").drop_duplicates()
    pairs = sorted({(_relative(source), digest) for source, digest in known.itertuples(index=False)})
    return [{"sha256": digest, "source": source} for source, digest in pairs]


def _relative(text: str) -> str:
    """Give the text, or its last part where it is an absolute path, which says nothing on another machine."""
    for kind in (PurePosixPath, PureWindowsPath):
        if kind(text).is_absolute() and len(kind(text).parts) > 1:
            return kind(text).name
    return text


def _plain(value: Any) -> Any:
    """Give a value as JSON can hold it, the same in every run."""
    if value is None or isinstance(value, bool | int) or value is pd.NA:
        return None if value is pd.NA else value
    if isinstance(value, float | np.generic):
        return _number(value)
    if isinstance(value, str | PurePath):
        return _relative(str(value))
    if isinstance(value, pd.DataFrame | pd.Series | pd.Index | np.ndarray):
        return _digest(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, set | frozenset):
        return sorted((_plain(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    if is_dataclass(value) and not isinstance(value, type):
        return {"kind": type(value).__name__, **{f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.repr}}
    if isinstance(value, Iterable):
        return [_plain(one) for one in value]
    return str(getattr(value, "__qualname__", type(value).__qualname__))


def _number(value: float | np.generic) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value if isinstance(value, bool | int | float | str) else str(value)


def _digest(value: pd.DataFrame | pd.Series | pd.Index | np.ndarray) -> Any:
    """Give a short list of values as it is; anything longer by its shape and sha256."""
    if not isinstance(value, pd.DataFrame) and value.size <= 100 and value.ndim == 1 and not isinstance(value, pd.Series):
        return [_plain(one) for one in value.tolist()]
    text = pd.DataFrame(value).to_csv() if value.ndim <= 2 else repr(value.tolist())
    return {"kind": type(value).__name__, "shape": list(value.shape), "sha256": sha256(text.encode()).hexdigest()}
