"""The key to a coding sheet: which unit each row holds, its machine label and its chance of being drawn."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from policylab.errors import DamagedFileError, MissingFileError, TableError
from policylab.items import text_hash
from policylab.opening import open_regular, read_limited
from policylab.spreadsheets import csv_bytes, showable, unguarded
from policylab.validation.sampling import lot
from policylab.validation.workbook import Form, form_bytes
from policylab.workbooks import write_unless_other

COLUMNS = {
    "row_id": "str",
    "item_id": "str",
    "text_hash": "str",
    "label": "str",
    "stratum": "str",
    "chance": "float64",
    "stratum_units": "int64",
}
_MAX_BYTES = 32 * 2**20
_BESIDE = "The key that was written with the sheet belongs beside it under the name {!r}; copy it there."


def key_path(path: Path) -> Path:
    """Give the path of the key that belongs to a workbook."""
    return path.with_name(f"{path.stem}-key.csv")


def hash_of(text: str, options: tuple[str, ...] = ()) -> str:
    """Give the hash of what a row shows, its options included."""
    return text_hash(showable("\n".join([text, *options])))


def row_ids(item_ids: list[str], *, seed: int, design: dict[str, Any]) -> list[str]:
    """Give ids that tell the coder nothing and that no other sheet has: the row's number and four letters."""
    return [f"{no:03d}-{text_hash(lot(seed, json.dumps(design), i))[:4]}" for no, i in enumerate(item_ids, start=1)]


def write_pair(path: Path, form: Form, key: pd.DataFrame, design: dict[str, Any]) -> pd.DataFrame:
    """Write a workbook and its key, unless other files are there, and give the key.

    Raises
    ------
    ArgumentError
        If either is there already with another content: it may hold a person's work.
    """
    said = [json.dumps(design, ensure_ascii=False), *[""] * (len(key) - 1)]
    key = key.astype(COLUMNS)[list(COLUMNS)]
    files = {path: form_bytes(form), key_path(path): csv_bytes([[*COLUMNS, "design"], *[list(r) for r in key.assign(d=said).to_numpy()]])}
    write_unless_other(files, holds="somebody's codings")
    key.attrs["design"] = design
    return key


def read_key(path: Path) -> pd.DataFrame:
    """Read the key of a workbook, indexed by `row_id`; `.attrs["design"]` says how the sample was drawn.

    Raises
    ------
    MissingFileError
        If it does not lie beside the workbook.
    TableError, DamagedFileError
        If it is no key, or was changed.
    """
    file = key_path(path)
    if not file.exists():
        raise MissingFileError(file.name, f"the key to {path.name!r} is missing", _BESIDE.format(file.name))
    with open_regular(file, source=file.name) as opened:
        data = read_limited(opened, source=file.name, limit=_MAX_BYTES, hint="A key is far smaller; is this the right file?")
    try:
        text = data.decode("utf-8-sig")
        table = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_filter=False, index_col=False)
    except (UnicodeDecodeError, ValueError, pd.errors.ParserError) as error:
        raise DamagedFileError(file.name, f"it cannot be read ({error})", _BESIDE.format(file.name)) from None
    absent = [c for c in (*COLUMNS, "design") if c not in table]
    if absent or not len(table):
        raise TableError(f"{file.name!r}: {f'there is no column {absent[0]!r}' if absent else 'no row'}; {_BESIDE.format(file.name)}")
    return _typed(table.map(unguarded), file.name)


def _typed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    try:
        key = table[list(COLUMNS)].astype(COLUMNS)
        design = json.loads(table["design"].iloc[0])
        sound = isinstance(design, dict) and isinstance(design["categories"], list) and isinstance(design["task"], str)
        sound = sound and key["row_id"].is_unique and bool(np.isfinite(key["chance"]).all() and key["chance"].between(1e-12, 1).all())
        sound = sound and bool((key["stratum_units"] > 0).all()) and isinstance(design["n_options"], int)
    except (ValueError, KeyError, TypeError, OverflowError):
        sound = False
    if not sound:
        raise TableError(
            f"{name!r}: an id stands twice, a chance is none between 0 and 1, or the design is not as written. "
            "The key was changed; copy the one that was written with the sheet."
        )
    key = key.set_index("row_id")
    key.attrs["design"] = design
    return key
