"""The truth tables' columns and types, and their files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

_TEXT, _WHOLE, _REAL, _FLAG = "str", "Int64", "float64", "boolean"
COLUMNS: dict[str, dict[str, str]] = {
    "items": {
        "item_id": _TEXT, "plan": _TEXT, "place": _TEXT, "year": _WHOLE, "marker": _TEXT, "item_no": _WHOLE, "section_no": _WHOLE,
        "section": _TEXT, "theme": _TEXT, "theme_zh": _TEXT, "theme_en": _TEXT, "lineage": _TEXT, "measures": _TEXT, "n_chars": _WHOLE,
    },
    "lineage": {
        "place": _TEXT, "year_before": _WHOLE, "year_after": _WHOLE, "before_id": _TEXT, "after_id": _TEXT, "status": _TEXT,
        "theme": _TEXT, "lineage_before": _TEXT, "lineage_after": _TEXT, "edited": _TEXT, "share_kept": _REAL, "moved": _FLAG,
        "numbers_changed": _FLAG,
    },
    "origins": {
        "item_id": _TEXT, "place": _TEXT, "year": _WHOLE, "origin": _TEXT, "copied_share": _REAL, "source_id": _TEXT,
        "source_plan": _TEXT,
    },
    "shares": {
        "place": _TEXT, "year": _WHOLE, "theme": _TEXT, "theme_zh": _TEXT, "theme_en": _TEXT, "planned": _REAL, "n_items": _WHOLE,
        "share": _REAL,
    },
    "trends": {
        "theme": _TEXT, "theme_zh": _TEXT, "theme_en": _TEXT, "place": _TEXT, "pattern": _TEXT, "planned_first": _REAL,
        "planned_last": _REAL, "planned_change": _REAL, "share_first": _REAL, "share_last": _REAL, "change": _REAL,
    },
    "ladder": {
        "place": _TEXT, "object": _TEXT, "theme": _TEXT, "year": _WHOLE, "stage": _WHOLE, "verb": _TEXT, "item_id": _TEXT,
    },
}  # fmt: skip
TABLES = tuple(COLUMNS)


def typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Give a truth table its columns in their order and types; `items` and `origins` are indexed by `item_id`."""
    columns = COLUMNS[table]
    frame = pd.DataFrame({name: frame[name].astype(kind) for name, kind in columns.items()})
    return frame.set_index("item_id") if table in ("items", "origins") else frame.reset_index(drop=True)


def read_truth(folder: Path) -> dict[str, pd.DataFrame]:
    """Read truth tables back from a folder."""
    read = {table: pd.read_csv(folder / f"{table}.csv", dtype="str", encoding="utf-8-sig") for table in TABLES}
    return {table: typed(_with_booleans(frame, COLUMNS[table]), table) for table, frame in read.items()}


def _with_booleans(frame: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    return frame.assign(**{c: frame[c].map({"True": True, "False": False}) for c, kind in columns.items() if kind == "boolean"})


def write_truth(truth: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write truth tables as CSV that spreadsheets open with their Chinese intact."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, frame in truth.items():
        frame.reset_index(drop=table not in ("items", "origins")).to_csv(
            folder / f"{table}.csv", index=False, lineterminator="\n", encoding="utf-8-sig", float_format="%.4f"
        )
