"""Results to a folder and back: CSV for frames, NPZ for arrays, JSON for settings; nothing is ever unpickled."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from policylab.errors import ArgumentError, DamagedFileError, FormatError, FrameError, MissingFileError

_MANIFEST = "policylab.json"
_ARRAYS = "arrays.npz"
_VERSION = 1
_HOMES = {"Plans": "policylab.plans", "TermMatrix": "policylab.matrix", "Topics": "policylab.topics"}


@dataclass(frozen=True)
class Stored:
    """What a saved object consists of: frames, arrays (dense or `csr_array`) and settings that JSON can hold."""

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    arrays: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)


def load(folder: str | Path) -> Any:
    """Give back what `Plans.save`, `TermMatrix.save` or `Topics.save` wrote into a folder.

    Parameters
    ----------
    folder : path
        A folder written by `.save`.

    Returns
    -------
    Plans, TermMatrix or Topics
        The same object: same values, labels and types.

    Raises
    ------
    MissingFileError, FormatError, DamagedFileError
        If the folder holds nothing saved, something of another version, or a file of it is broken.

    Examples
    --------
    >>> import tempfile
    >>> from policylab import count_terms
    >>> items = pd.DataFrame({"plan": "甲区-2024", "kind": "item", "part": "plan", "text": ["教育 学校"]}, index=["甲区-2024#001"])
    >>> counts = count_terms(items, words=str.split)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     counts.save(folder)
    ...     load(folder).to_frame().equals(counts.to_frame())
    True
    """
    kind, stored = read_stored(folder)
    if kind not in _HOMES:
        raise FormatError(str(folder), f"it holds a {kind!r}", f"This policylab loads {', '.join(_HOMES)}.")
    return getattr(import_module(_HOMES[kind]), kind).from_stored(stored)


def write_stored(folder: str | Path, *, kind: str, stored: Stored) -> None:
    """Write an object's parts into a folder, which is made where there is none.

    Raises
    ------
    ArgumentError
        If the folder holds something else that was saved, or the settings are nothing that JSON can hold.
    FrameError
        If a column is of a type that CSV cannot give back.
    """
    path = Path(folder)
    if path.is_file() or ((path / _MANIFEST).is_file() and _manifest(path).get("kind") != kind):
        raise ArgumentError(
            f"folder={str(folder)!r} is a file or holds something else that was saved; give another folder for this {kind}."
        )
    columns = {name: _describe(name, frame) for name, frame in stored.frames.items()}
    arrays = [name for name, array in stored.arrays.items() if not isinstance(array, csr_array)]
    sparse = [name for name in stored.arrays if name not in arrays]
    manifest = {"kind": kind, "version": _VERSION, "frames": columns, "arrays": arrays, "sparse": sparse, "settings": stored.settings}
    try:
        text = json.dumps(manifest, ensure_ascii=False, indent=1, default=_plain)
    except TypeError as error:
        raise ArgumentError(f"settings of this {kind} cannot be written as JSON: {error}.") from None
    path.mkdir(parents=True, exist_ok=True)
    for name, frame in stored.frames.items():
        _write_frame(path / f"{name}.csv", frame, columns[name])
    if stored.arrays:
        np.savez_compressed(path / _ARRAYS, **_flat(stored.arrays))  # type: ignore[arg-type]
    (path / _MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_stored(folder: str | Path) -> tuple[str, Stored]:
    """Give the kind of object that a folder holds, and its parts.

    Raises
    ------
    MissingFileError, FormatError, DamagedFileError
        If there is no such folder, it was written by another version, or a file of it is broken.
    """
    path = Path(folder)
    manifest = _manifest(path)
    if manifest.get("version") != _VERSION:
        raise FormatError(str(folder), f"it was saved in version {manifest.get('version')!r}", f"This policylab reads version {_VERSION}.")
    try:
        frames = {name: _read_frame(path / f"{name}.csv", how) for name, how in manifest["frames"].items()}
        arrays: dict[str, Any] = {}
        if manifest["arrays"] or manifest["sparse"]:
            with np.load(path / _ARRAYS, allow_pickle=False) as data:
                arrays = {name: data[name] for name in manifest["arrays"]}
                arrays |= {name: _sparse(data, name) for name in manifest["sparse"]}
        return manifest["kind"], Stored(frames, arrays, manifest["settings"])
    except FileNotFoundError as error:
        raise MissingFileError(str(error.filename), "it is missing from what was saved", "Save the object again.") from None
    except (KeyError, ValueError, TypeError, BadZipFile, EOFError) as error:
        raise DamagedFileError(str(folder), f"a file in it is not as it was saved ({error})", "Save the object again.") from None


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
    except OSError:
        raise MissingFileError(str(path), f"there is no {_MANIFEST} in it", "Give a folder that `.save` wrote.") from None
    except ValueError:
        raise DamagedFileError(str(path / _MANIFEST), "it is no JSON", "Save the object again.") from None
    if not isinstance(manifest, dict):
        raise DamagedFileError(str(path / _MANIFEST), "it describes nothing that was saved", "Save the object again.")
    return manifest


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}")


def _describe(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    """How the frame's CSV is read back: its labels, its types, and the text that stands for a missing value."""
    if isinstance(frame.index, pd.MultiIndex) or isinstance(frame.columns, pd.MultiIndex):
        raise FrameError(f"{name} has labels of several levels; call `.reset_index()` before saving.")
    series = [frame.index.to_series(), *(frame[c] for c in frame.columns)]
    texts = {value for s in series if str(s.dtype) in ("str", "category") for value in s.unique() if isinstance(value, str)}
    missing = "<NA>"
    while missing in texts:
        missing = f"<{missing}>"
    index, *dtypes = (_dtype(name, s) for s in series)
    names = {"index_name": frame.index.name, "columns_name": frame.columns.name}
    return {**names, "index": index, "columns": frame.columns.tolist(), "dtypes": dtypes, "missing": missing}


def _dtype(name: str, values: pd.Series) -> Any:
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return {"categories": dtype.categories.tolist(), "ordered": bool(dtype.ordered)}
    if str(dtype) in ("str", "bool", "boolean") or str(dtype).lower().startswith(("int", "uint", "float", "datetime64[")):
        return str(dtype)
    if values.map(lambda v: isinstance(v, str) or pd.isna(v)).all():
        return "object"
    raise FrameError(f"{name}: column {values.name!r} is of type {dtype}, which a CSV cannot give back; make it text or numbers.")


def _write_frame(path: Path, frame: pd.DataFrame, how: Mapping[str, Any]) -> None:
    flat = frame.reset_index(drop=True)
    flat.columns = pd.Index([f"{i}:{c}" for i, c in enumerate(frame.columns)], dtype="str")
    flat.insert(0, how["index_name"] or "", frame.index, allow_duplicates=True)
    header = [str(how["index_name"] or ""), *map(str, frame.columns)]
    flat.to_csv(
        path, index=False, header=header, na_rep=how["missing"], quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n", encoding="utf-8"
    )


def _read_frame(path: Path, how: Mapping[str, Any]) -> pd.DataFrame:
    header = pd.read_csv(path, dtype="str", nrows=0, encoding="utf-8")
    if header.shape[1] != len(how["columns"]) + 1:
        raise ValueError(f"{path.name} has {header.shape[1]} columns instead of {len(how['columns']) + 1}")
    text = {"dtype": "str", "keep_default_na": False, "na_values": [how["missing"]], "encoding": "utf-8", "skip_blank_lines": False}
    raw = pd.read_csv(path, header=0, names=range(header.shape[1]), **text)
    index, *columns = (_typed(raw[i], dtype) for i, dtype in enumerate([how["index"], *how["dtypes"]]))
    frame = pd.concat(columns, axis=1) if columns else raw.iloc[:, :0]
    frame.columns = pd.Index(how["columns"], name=how["columns_name"], dtype="str" if not how["columns"] else None)
    frame.index = pd.Index(index.array, name=how["index_name"])
    return frame


def _typed(values: pd.Series, dtype: Any) -> pd.Series:
    if isinstance(dtype, dict):
        return values.astype(pd.CategoricalDtype(dtype["categories"], ordered=dtype["ordered"]))
    if dtype in ("bool", "boolean"):
        return values.map({"True": True, "False": False}).astype(dtype)
    return values.astype(dtype)


def _flat(arrays: Mapping[str, Any]) -> dict[str, np.ndarray]:
    flat: dict[str, np.ndarray] = {}
    for name, array in arrays.items():
        if isinstance(array, csr_array):
            flat |= {f"{name}.{part}": getattr(array, part) for part in ("data", "indices", "indptr")}
            flat[f"{name}.shape"] = np.array(array.shape)
        else:
            flat[name] = np.asarray(array)
    return flat


def _sparse(data: Any, name: str) -> csr_array:
    parts = tuple(data[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    return csr_array(parts, shape=tuple(int(n) for n in data[f"{name}.shape"]))
