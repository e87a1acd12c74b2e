"""What was read and every problem, as lines for a person: the text of `policylab check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from policylab.plans import Plans

_SEVERITY = {"error": "错误 error", "warning": "警告 warning", "info": "提示 info"}
_SHOWN = ["plan", "year", "place", "genre", "n_sections", "n_items", "n_units", "n_chars", "source"]


def checkup(plans: Plans, *, sources: Sequence[str]) -> Iterator[str]:
    """Give the lines of a report: documents, problems by severity and code, and files in = read + refused.

    Parameters
    ----------
    plans : Plans
        What was read.
    sources : sequence of str
        All files that were there; those neither read nor refused are listed as passed over.
    """
    for line in _report(plans, sources):
        yield "".join(c if c.isprintable() else "\ufffd" for c in line)  # a file's name or text must not steer the terminal


def _report(plans: Plans, sources: Sequence[str]) -> Iterator[str]:
    documents, problems = plans.documents, plans.problems
    if len(documents):
        yield "读到的文件 What was read"
        yield from _table(documents[_SHOWN])
        yield ""
    for severity, name in _SEVERITY.items():
        found = problems[problems["severity"] == severity]
        if len(found):
            yield f"{name}: {len(found)}"
            for code, rows in found.groupby("code", sort=True):
                yield f"  {code} ({len(rows)})"
                yield from _findings(rows)
            yield ""
    read = set(documents["source"])
    refused = set(problems.loc[problems["severity"] == "error", "source"]) - read
    passed = sorted(set(sources) - read - refused)
    if passed:
        yield f"其余表格 other tables (metadata, places, corrections, or for read_table): {', '.join(passed)}"
    more = f" ({len(documents)} documents)" if len(documents) != len(read) else ""
    yield f"文件 files in {len(read | refused)} = 读出 read {len(read)}{more} + 拒读 refused {len(refused)}"


def _table(frame: pd.DataFrame) -> list[str]:
    with pd.option_context("display.unicode.east_asian_width", True, "display.max_colwidth", None):
        return frame.astype("str").fillna("–").to_string(index=False).splitlines()


def _findings(rows: pd.DataFrame) -> Iterator[str]:
    """Give each message once for each file, with all its lines, and each hint once below the messages it belongs to."""
    for hint, same_hint in rows.fillna({"hint": ""}).groupby("hint", sort=False):
        for (source, message), same in same_hint.groupby(["source", "message"], sort=False):
            places = ", ".join(str(line) for line in same["line"] if line > 0)
            yield f"    {source}{f' : {places}' if places else ''}  {message}"
        if hint:
            yield f"      → {hint}"
