"""What is found by looking at documents beside one another."""

from __future__ import annotations

import hashlib
import re

from policylab.plans.document import Document
from policylab.plans.raw import Problem, RawDocument


def look_across(read: list[tuple[RawDocument, Document]]) -> None:
    """Report texts that stand under two names, to the letter or but for their digits, and texts that never name their place."""
    same: dict[str, str] = {}
    taken: dict[tuple[object, ...], str] = {}
    for raw, doc in read:
        facts = doc.facts
        for name, value in (("place", facts.place), ("year", facts.year or facts.period)):
            if value is None:
                hint = f"Add a row for it to metadata.csv (source, place, year), if its {name} is known."
                doc.problems.append(Problem(f"no-{name}", "warning", f"neither text nor name tells the {name}; it is missing", hint))
        key = (facts.series, facts.place, facts.year)
        if None not in key[1:] and key in taken:
            message = f"{taken[key]!r} is of {facts.place}, {facts.year} and the same series too"
            doc.problems.append(
                Problem(
                    "same-place-year", "warning", message, "Both are kept, under names of their own; leave out one that should not count."
                )
            )
        taken.setdefault(key, raw.source)
        text = "".join(row.text for row in doc.rows if row.kind not in ("furniture", "note"))
        digest = hashlib.sha256(re.sub(r"[\s\d〇○一二三四五六七八九十]+", "", text).encode()).hexdigest()
        if digest in same and len(text) >= 40:
            message = f"the text is that of {same[digest]!r} but for numbers"
            doc.problems.append(
                Problem("same-text", "warning", message, "One of the two is probably filed under a wrong name; look at both.")
            )
        same.setdefault(digest, raw.source)
        place, said_by = doc.facts.place, doc.facts.place_from
        if place and said_by in ("file name", "folder", "metadata table") and len(text) > 100 and _short(place) not in text:
            message = f"the text never names {place}, the place that the {said_by} gives"
            doc.problems.append(Problem("place-not-named", "warning", message, "Look whether the file holds another place's plan."))


def _short(place: str) -> str:
    return re.sub(r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|新区|[省市区县州盟旗])$", "", place) or place
