"""What is found in one document: what a careful assistant would report about it alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from policylab.plans.facts import Facts
from policylab.plans.outline import Row
from policylab.plans.paragraphs import Paragraph
from policylab.plans.raw import Problem, RawDocument
from policylab.plans.tree import Node

_DAMAGE = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯")


def findings(ps: list[Paragraph], rows: list[Row], root: Node, facts: Facts, raw: RawDocument) -> Iterator[Problem]:
    """What a careful assistant would report about this document alone."""
    units = [r for r in rows if r.kind in ("item", "paragraph")]
    text = "".join(p.text for p in ps)
    if _DAMAGE.search(text) and not any(p.code in ("damaged-characters", "replacement-characters") for p in raw.problems):
        line = next(p.line for p in ps if _DAMAGE.search(p.text))
        yield Problem(
            "damaged-text",
            "warning",
            "the text holds 锟斤拷 or \ufffd: characters were lost before this file was made",
            "Get the file anew.",
            line,
        )
    if not units:
        yield Problem(
            "no-items",
            "warning",
            f"no item and no paragraph was found in {len(text)} characters",
            "Look whether the file holds the whole plan.",
        )
    elif not any(r.kind == "item" for r in rows):
        yield Problem(
            "no-numbering",
            "warning",
            "no numbering found: paragraphs are the units",
            "Nothing to do if the plan is printed without numbers.",
        )
    elif all(len(r.text) < 40 and "。" not in r.text for r in units) and len(units) > 2:
        yield Problem("titles-only", "warning", "the document consists of titles only", "Look whether the text under them was lost.")
    if facts.title is None:
        yield Problem(
            "no-title", "info", "no title was found", "Place and year, where known, come from elsewhere; see documents.place_from."
        )
    if 0 < len(text) < 100:
        yield Problem(
            "very-short", "warning", f"the document has only {len(text)} characters", "Look whether the file holds the whole plan."
        )
    yield from _number_findings(ps, root)


def _number_findings(ps: list[Paragraph], root: Node) -> Iterator[Problem]:
    seen: dict[tuple[int, str], set[int]] = defaultdict(set)
    last: dict[tuple[int, str], int] = {}
    for node in root.below():
        if node.marker is None or node.marker.number is None or node.marker.weak:
            continue
        n, run, line = node.marker.number, (id(node.parent), node.form), ps[node.row].line
        if n in seen[run]:
            yield Problem("number-repeated", "warning", f"the number {node.marker.printed!r} is printed twice", "See the text there.", line)
        elif run in last and n > last[run] + 1:
            yield Problem("number-skipped", "info", f"numbers go from {last[run]} to {n}", "See whether text is missing.", line)
        seen[run].add(n)
        last[run] = n
