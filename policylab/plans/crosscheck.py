"""What is found by looking at documents beside one another: doubles, misfiled texts, documents far shorter or longer than others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policylab.plans.document import Document
from policylab.plans.misfiled import misfiled
from policylab.plans.naming import short_name
from policylab.plans.neighbours import odd_lengths
from policylab.plans.raw import Problem, RawDocument
from policylab.plans.shingles import bare_codes, near_copies

_COPY = 0.5  # shared by two texts of one genre that are not made from each other: at most 0.3 (real reports)
_WORTH_TELLING, _KEPT = 0.85, 0.9  # of a plan much is kept from year to year: up to 0.83 in the demo panel
_FEWEST_CHARS = 40
_FEW = 12  # documents that cannot tell what is usual


@dataclass(frozen=True)
class _Text:
    """A document as it is compared with others: its name, its words and what is reported about it."""

    source: str
    document: Document
    words: str

    @property
    def of(self) -> tuple[str | None, int | str | None]:
        """The place and year it is filed under."""
        facts = self.document.facts
        return facts.place, facts.year or facts.period

    def report(self, problem: Problem) -> None:
        self.document.problems.append(problem)


def look_across(read: Sequence[tuple[RawDocument, Document]]) -> None:
    """Add to each document's problems what only a look at the others shows; the order of the documents does not matter."""
    texts = [_Text(raw.source, doc, _words(doc)) for raw, doc in sorted(read, key=lambda pair: pair[0].source)]
    places = {short_name(place): place for t in texts if (place := t.document.facts.place)}
    for text in texts:
        for problem in (*_unknown(text), *misfiled(text.document.facts, text.words, places)):
            text.report(problem)
    _report_same_place_year(texts)
    _report_copies(texts)
    facts = [t.document.facts for t in texts]
    for at, problem in odd_lengths([(f.series, f.place, f.year) for f in facts], [len(t.words) for t in texts]):
        texts[at].report(problem)


def _words(doc: Document) -> str:
    return "".join(row.text for row in doc.rows if row.kind not in ("furniture", "note"))


def _unknown(text: _Text) -> Iterator[Problem]:
    for name, value in zip(("place", "year"), text.of, strict=True):
        if value is None:
            hint = f"Add a row for it to metadata.csv (source, place, year), if its {name} is known."
            yield Problem(f"no-{name}", "warning", f"neither text nor name tells the {name}; it is missing", hint)


def _report_same_place_year(texts: Sequence[_Text]) -> None:
    taken: dict[tuple[object, ...], str] = {}
    for text in texts:
        facts = text.document.facts
        key = (facts.series, facts.place, facts.year)
        if None not in key[1:] and key in taken:
            message = f"{taken[key]!r} is of {facts.place}, {facts.year} and the same series too"
            hint = "Both are kept, under names of their own; leave out one that should not count."
            text.report(Problem("same-place-year", "warning", message, hint))
        taken.setdefault(key, text.source)


def _report_copies(texts: Sequence[_Text]) -> None:
    """Report texts that stand under two names: to the letter, but for numbers, or for the most part."""
    first: dict[str, int] = {}
    double: set[int] = set()
    for at, text in enumerate(texts):
        digest = hashlib.sha256(bare_codes(text.words).tobytes() or text.words.encode("utf-8", "surrogatepass")).hexdigest()
        if digest in first and len(text.words) >= _FEWEST_CHARS:
            double.add(at)
            other = texts[first[digest]]
            exact = "".join(text.words.split()) == "".join(other.words.split())
            text.report(_same(text, other, "the text is that of" if exact else "but for numbers the text is that of"))
        first.setdefault(digest, at)
    best: dict[int, tuple[float, int]] = {}
    pairs = list(near_copies([t.words for t in texts], least=_COPY))
    usual = _keeping_is_usual(texts, pairs)
    for at, before, share in pairs:
        kept = usual and _years_of_one_place(texts[at], texts[before])
        if at not in double and before not in double and (share >= _WORTH_TELLING or not kept):
            best[at] = max(best.get(at, (0.0, 0)), (share, -before))
    for at, (share, before) in best.items():
        text, other = texts[at], texts[-before]
        part = "the text" if len(text.words) <= len(other.words) else "the other"
        found = f"about {share:.0%} of {part} stands in both this text and"
        kept = share < _KEPT and usual and _years_of_one_place(text, other)
        text.report(_same(text, other, found, code="kept-text" if kept else "nearly-same-text"))


def _keeping_is_usual(texts: Sequence[_Text], pairs: Sequence[tuple[int, int, float]]) -> bool:
    """Whether these places keep much of their plans from year to year: a quarter of the documents does, or there are few to tell by."""
    years = Counter(t.of[0] for t in texts if None not in t.of)
    several = sum(years[t.of[0]] > 1 for t in texts)
    keeping = {at for at, before, _ in pairs if _years_of_one_place(texts[at], texts[before])}
    return several < _FEW or 4 * len(keeping) > several


def _years_of_one_place(a: _Text, b: _Text) -> bool:
    return None not in (*a.of, *b.of) and a.of[0] == b.of[0] and a.of[1] != b.of[1]


def _same(text: _Text, other: _Text, found: str, *, code: str = "same-text") -> Problem:
    names = [" ".join(str(v) for v in t.of if v is not None) for t in (text, other)]
    filed = f" (filed as {names[0]} and {names[1]})" if all(names) and names[0] != names[1] else ""
    hint = "One of the two is probably filed under a wrong name, or made from the other; look at both."
    if code == "kept-text":
        return Problem(
            code, "info", f"{found} {other.source!r}{filed}", f"Usual where a plan is kept from year to year. Else: {hint.lower()}"
        )
    return Problem(code, "warning", f"{found} {other.source!r}{filed}", hint)
