"""`Plans`: the items, documents and problems of what was read, as frames."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from policylab.errors import ArgumentError, FrameError
from policylab.items import COLUMNS, body, empty_items
from policylab.plans.document import Document
from policylab.plans.outline import Row, node_title
from policylab.plans.raw import Problem, RawDocument
from policylab.storage import Stored, write_stored

DOCUMENT_COLUMNS = {
    "plan": "str", "place": "str", "year": "Int64", "issuer": "str", "title": "str", "doc_number": "str", "issued": "str",
    "genre": "str", "series": "str", "period": "str", "year_start": "Int64", "year_end": "Int64", "place_from": "str",
    "year_from": "str", "encoding": "str", "format": "str", "n_sections": "int64", "n_items": "int64", "n_units": "int64",
    "n_chars": "int64", "sha256": "str", "source": "str",
}  # fmt: skip
PROBLEM_COLUMNS = ("source", "line", "code", "severity", "message", "hint")


@dataclass(frozen=True, eq=False)
class Plans:
    """What was read.

    Attributes
    ----------
    items : DataFrame
        One row for each text unit, indexed by `item_id` (see the data dictionary in data/README.md).
    documents : DataFrame
        One row for each document: plan, place, year, issuer, title, doc_number (文号), issued, genre, series, period, encoding, format,
        n_sections, n_items (of the parts plan and unknown), n_units (what `body` gives), n_chars, sha256, source.
    problems : DataFrame
        One row for each finding: source, line, code, severity (info, warning, error), message, hint.
    """

    items: pd.DataFrame
    documents: pd.DataFrame
    problems: pd.DataFrame
    settings: dict[str, Any] = field(default_factory=dict)

    def __add__(self, other: Plans) -> Plans:
        """Join two; a plan read in both is an error, since its items would count twice."""
        if not isinstance(other, Plans):
            return NotImplemented
        both = sorted(set(self.documents["plan"]) & set(other.documents["plan"]))
        if both:
            raise FrameError(
                f"both hold the plan {both[0]!r}; read the files together, so that it gets a name of its own, or leave one out."
            )
        frames = {name: pd.concat([getattr(self, name), getattr(other, name)]) for name in ("items", "documents", "problems")}
        frames["documents"], frames["problems"] = (frames[n].reset_index(drop=True) for n in ("documents", "problems"))
        return Plans(**frames, settings={"policylab": "Plans.__add__", "of": [self.settings, other.settings]})

    def __repr__(self) -> str:
        """Count what there is."""
        return f"Plans({len(self.documents)} documents, {len(self.items)} items rows, {len(self.problems)} problems)"

    def save(self, folder: str | Path) -> None:
        """Write the frames into a folder as CSV; `load` gives the same object back."""
        if not isinstance(folder, str | Path):
            raise ArgumentError(f"folder={folder!r} is no path; name the folder to write.")
        frames = {"items": self.items, "documents": self.documents, "problems": self.problems}
        write_stored(folder, kind="Plans", stored=Stored(frames=frames, settings=self.settings))

    @classmethod
    def from_stored(cls, stored: Stored) -> Plans:
        """Give back what `save` wrote."""
        return cls(**stored.frames, settings=stored.settings)


def build_plans(read: Sequence[tuple[RawDocument, Document]], refused: Sequence[tuple[str, Problem]], settings: dict[str, Any]) -> Plans:
    """Put documents, in the order of their sources, into frames."""
    read = sorted(read, key=lambda pair: pair[0].source)
    names = plan_names(read)
    items = _items(read, names)
    documents = _documents(read, names, items)
    found = [(raw.source, p) for raw, doc in read for p in doc.problems] + list(refused)
    problems = pd.DataFrame([(source, p.line, p.code, p.severity, p.message, p.hint) for source, p in found], columns=list(PROBLEM_COLUMNS))
    text = {c: "str" for c in PROBLEM_COLUMNS if c != "line"}
    problems = problems.astype({**text, "line": "int64"}).sort_values(["source", "line", "code"], kind="stable", ignore_index=True)
    return Plans(items, documents, problems, settings)


def plan_names(read: Sequence[tuple[RawDocument, Document]]) -> list[str]:
    """Give each document, in the order of their sources, the name of its plan."""
    names: list[str] = []
    given: set[str] = set()
    for raw, doc in read:
        facts = doc.facts
        known = facts.place is not None and facts.year is not None
        own = name = f"{facts.place}-{facts.year}" if known else re.sub(r"\s+", " ", Path(raw.source).stem)
        n = 1
        while own in given:
            n += 1
            own = f"{name}-{n}"
        given.add(own)
        names.append(own)
    return names


def _items(read: Sequence[tuple[RawDocument, Document]], names: Sequence[str]) -> pd.DataFrame:
    columns: dict[str, list[Any]] = {c: [] for c in COLUMNS}
    ids: list[str] = []
    for (raw, doc), plan in zip(read, names, strict=True):
        facts = doc.facts
        for n, row in enumerate(doc.rows, 1):
            ids.append(f"{plan}#{n:03d}")
            for name, value in zip(COLUMNS, _values(row, plan, raw.source, facts.series, facts.place, facts.year), strict=True):
                columns[name].append(value)
    if not ids:
        return empty_items()
    frame = pd.DataFrame(
        {c: pd.array(columns[c], dtype=t) if t != "str" else pd.Series(columns[c], dtype="str") for c, t in COLUMNS.items()}
    )
    frame.index = pd.Index(ids, dtype="str", name="item_id")
    return frame


def _values(row: Row, plan: str, source: str, series: str | None, place: str | None, year: int | None) -> tuple[Any, ...]:
    inside = row.section is not None and row.part not in ("appendix", "notes") and row.kind in ("heading", "item", "point", "paragraph")
    section = node_title(row.section) if inside and row.section is not None else None
    number = row.number if row.kind in ("item", "point") else None
    return (
        plan, series, place, year, row.kind, row.part, row.section_no if inside else None, section, row.block, row.heading, row.outline,
        row.marker,        number, row.item_title if row.kind in ("item", "point") else None, row.text, row.responsible, row.line, source,
    )  # fmt: skip


def _documents(read: Sequence[tuple[RawDocument, Document]], names: Sequence[str], items: pd.DataFrame) -> pd.DataFrame:
    now = items[items["part"].isin(["plan", "unknown"])]
    n_items = now[now["kind"] == "item"].groupby("plan").size()
    n_units = body(items).groupby("plan").size() if len(items) else n_items
    n_sections = now.groupby("plan")["section_no"].nunique()
    rows, extras = [], []
    for (raw, doc), plan in zip(read, names, strict=True):
        f = doc.facts
        counts = [int(c.get(plan, 0)) for c in (n_sections, n_items, n_units)]
        chars = sum(len(row.text) for row in doc.rows if row.kind != "furniture")
        rows.append(
            (plan, f.place, f.year, f.issuer, f.title, f.doc_number, f.issued, f.genre, f.series, f.period, f.year_start, f.year_end,
             f.place_from,             f.year_from, raw.encoding, raw.format, *counts, chars, raw.sha256, raw.source)
        )  # fmt: skip
        extras.append(f.extra)
    frame = pd.DataFrame(rows, columns=list(DOCUMENT_COLUMNS)).astype(DOCUMENT_COLUMNS)
    more = pd.DataFrame(extras, index=frame.index)
    return frame.join(more.rename(columns={c: f"{c}_metadata" for c in more if c in frame}))
