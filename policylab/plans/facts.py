"""What a document says of itself: place, year, issuer, document number (文号), date of issue, genre, series."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from policylab.plans.labels import NUMBER
from policylab.plans.naming import PLACE_END, issuer_in, may_hold, named_in, place_in, places_in, without_place
from policylab.plans.phrases import GENRES, SIMPLIFIED, squeeze
from policylab.plans.places import Places, settle_place
from policylab.plans.raw import Paragraph, Problem
from policylab.plans.signing import Delivery, Signature, find_delivery, find_signature
from policylab.plans.years import delivery_year, heading_year, name_year, period_in, title_year
from policylab.plans.zones import Zones

_TEXTS = ("title", "issuer", "doc_number", "issued", "genre", "period")  # facts that a metadata table may set outright


@dataclass
class Facts:
    """The facts of a document; what is unknown is None."""

    title: str | None = None
    place: str | None = None
    place_from: str | None = None
    year: int | None = None
    year_from: str | None = None
    year_start: int | None = None
    year_end: int | None = None
    period: str | None = None
    issuer: str | None = None
    doc_number: str | None = None
    issued: str | None = None
    genre: str | None = None
    series: str | None = None
    extra: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class _Sayings:
    """The places of a document that facts are read from."""

    title: str
    notice: str
    labels: Mapping[str, str]
    front: Mapping[str, str]
    delivery: Delivery
    signature: Signature
    headings: list[str]
    source: str
    text: str
    metadata: Mapping[str, Any]


def read_facts(
    ps: list[Paragraph],
    z: Zones,
    front: dict[str, str],
    source: str,
    headings: list[str],
    *,
    metadata: Mapping[str, Any],
    places: Places | None = None,
) -> tuple[Facts, list[Problem]]:
    """Gather a document's facts; of two sources the earlier in the order of DESIGN wins, every disagreement is a problem."""
    problems: list[Problem] = []
    said = _listen(ps, z, front, source, headings, metadata)
    facts = Facts(title=z.head.title or front.get("title") or said.labels.get("title") or None)
    _set_genre_and_issuer(facts, said, [p.text for p, name in zip(ps[:80], z.names, strict=False) if name in ("note", "preamble")])
    facts.doc_number = _doc_number(ps, z, said)
    facts.issued = said.labels.get("made") or said.signature.day or said.labels.get("posted") or said.signature.printed or front.get("date")
    _set_year(facts, said, problems)
    _set_place(facts, said, places, problems)
    for fact in _TEXTS:
        setattr(facts, fact, metadata.get(fact) or getattr(facts, fact))
    printed = facts.place
    facts.extra = {k: v for k, v in metadata.items() if k not in ("source", "place", "year", "series", *_TEXTS)}
    if places is not None:
        problems += settle_place(facts, places)
    facts.series = metadata.get("series") or _series(facts, printed)
    return facts, problems


def _listen(
    ps: list[Paragraph], z: Zones, front: Mapping[str, str], source: str, headings: list[str], metadata: Mapping[str, Any]
) -> _Sayings:
    title = squeeze(z.head.title or front.get("title", "") or z.head.labels.said.get("title", ""))
    quoted = re.search("《(.+)》", title)
    title = (quoted[1] if quoted and "通知" in title else title).translate(SIMPLIFIED)
    delivery = find_delivery(ps, z)
    return _Sayings(
        title, squeeze(z.head.notice), z.head.labels.said, front, delivery, find_signature(ps, z, delivery), headings, source,
        "".join(p.text for p in ps), metadata,
    )  # fmt: skip


def _set_genre_and_issuer(facts: Facts, said: _Sayings, head: list[str]) -> None:
    """Set genre and issuer: the title's, the cover notice's, the label block's, the signature's; a fuller name of the same office wins."""
    named = [issuer_in(said.title), issuer_in(said.notice), said.labels.get("issuer"), said.signature.office, said.labels.get("source")]
    known = [name for name in named if name]
    first = known[0] if known else None
    if first and place_in(first) is None:
        first = next((name for name in known[1:] if name.endswith(first)), first)
    facts.issuer = first
    facts.genre = _genre(said.title, head)
    if facts.genre == "工作报告" and first and first.endswith("政府"):
        facts.genre = "政府工作报告"


def _genre(title: str, head: list[str]) -> str | None:
    bare = re.sub(r"[（(][^（）()]*[）)]", "", title)
    for text in (bare, title):
        found = [(text.rfind(g) + len(g), g) for g in GENRES if g in text]
        if found:
            end = max(at for at, _ in found)
            return max((g for at, g in found if at == end), key=len)
    if any(
        re.search(r"代表.{0,12}(?:人民政府|省政府|市政府|国务院).{0,16}(?:报告.{0,4}工作|工作报告)|作(?:政府)?工作报告", t) for t in head
    ):
        return "政府工作报告"
    return None


def _series(facts: Facts, printed: str | None) -> str | None:
    if facts.genre is None:
        return None
    if facts.genre == "政府工作报告":
        return facts.genre
    office = without_place(without_place(facts.issuer or "", place_in(facts.issuer or "") or printed), facts.place)
    return f"{office}{facts.genre}"


def _doc_number(ps: list[Paragraph], z: Zones, said: _Sayings) -> str | None:
    """The document's own number: of the label block, of the notice's title, or a line of its own; never one that is cited."""
    lines = [p.text for p, name in zip(ps[:80], z.names, strict=False) if name in ("note", "preamble", "title", "furniture")]
    own = [m[0] for t in lines if (m := NUMBER.search(t)) and re.fullmatch(r"[（(）)\s]*(?:签发人.{0,20})?", NUMBER.sub("", t))]
    behind = re.search(rf"[（(]({NUMBER.pattern})[）)]$", said.notice or squeeze(z.head.title))
    return said.labels.get("doc_number") or (squeeze(own[0]) if own else behind[1] if behind else None)


def _set_place(facts: Facts, said: _Sayings, places: Places | None, problems: list[Problem]) -> None:
    """Set the place; where the title's name is short for a fuller one (广州, 广州市), the fuller."""
    candidates = [
        ("metadata table", said.metadata.get("place")),
        ("front matter", said.front.get("place") or place_in(named_in(said.front.get("title", "")))),
        ("title", place_in(named_in(said.title))),
        ("cover notice", place_in(named_in(said.notice))),
        ("label block", place_in(said.labels.get("issuer", ""))),
        ("delivery", said.delivery.place),
        ("signature", place_in(said.signature.office or "")),
    ]
    if not any(value for _, value in candidates):
        candidates.append(("label block", place_in(said.labels.get("source", ""))))
    candidates += _named_places(said.source, said.text)
    text = said.text + "".join(places_in(named_in(said.title)))
    year = facts.year if facts.year is not None else facts.year_start

    def agree(a: str, b: str) -> bool:
        return may_hold(a, b, text) or (places is not None and places.named(a, year) == places.named(b, year))

    facts.place, facts.place_from = _first(candidates, "place", problems, agree)
    if facts.place and facts.place_from != "metadata table":
        facts.place = next((v for _, v in candidates if v and v[:-1] == facts.place and v[-1] in PLACE_END), facts.place)


def _set_year(facts: Facts, said: _Sayings, problems: list[Problem]) -> None:
    """Set the plan's year; a span or a school year has none, unless the metadata table gives one."""
    period = period_in(said.title)
    if period:
        facts.period, facts.year_start, facts.year_end = period.printed, period.start, period.end
    years = [("metadata table", said.metadata.get("year"))]
    if period is None or period.within:
        front = re.fullmatch(r"((?:19|20)\d{2})年?", said.front.get("year", "").strip())
        years += [
            ("front matter", int(front[1]) if front else title_year(said.front.get("title", ""))),
            ("title", title_year(said.title)),
            ("delivery", delivery_year(said.delivery.year, said.delivery.month)),
            ("heading", heading_year(said.headings)),
            *_named_years(said.source),
        ]
    facts.year, facts.year_from = _first(years, "year", problems, lambda a, b: a == b)
    if facts.year is not None:
        facts.year_start = facts.year_end = facts.year


def _first(
    candidates: Sequence[tuple[str, Any]], what: str, problems: list[Problem], agree: Callable[[Any, Any], bool]
) -> tuple[Any, str | None]:
    known = [(where, value) for where, value in candidates if value is not None]
    if not known:
        return None, None
    where, value = known[0]
    hint = f"{value} was taken; " + (
        "check the table and the file." if where == "metadata table" else f"give the right {what} in a metadata table."
    )
    for other, said in dict.fromkeys(known[1:]):
        if not agree(value, said):
            problems.append(Problem(f"{what}-conflict", "warning", f"the {other} says {what} {said}, the {where} {value}", hint))
    return value, where


def _stems(source: str) -> tuple[list[str], list[str]]:
    path = PurePosixPath(source)
    parts = re.findall(
        r"[\u3400-\u9fff\d]*[\u3400-\u9fff](?:[\u3400-\u9fff\d])*?(?=(?:19|20)\d{2}|[^\u3400-\u9fff\d]|$)|(?:19|20)\d{2}|\d+", path.stem
    )
    return parts, [p for p in reversed(path.parts[:-1]) if p not in (".", "..")][:2]


def _named_places(source: str, text: str) -> list[tuple[str, Any]]:
    parts, folders = _stems(source)
    has_year = any(re.fullmatch(r"(?:19|20)\d{2}", p) for p in parts)
    stem = PurePosixPath(source).stem.strip()
    out: list[tuple[str, Any]] = []
    if any(g in stem for g in GENRES) and (place := place_in(named_in(stem))):
        out.append(("file name", place))
    for part in parts:
        if re.fullmatch(r"[\d]+", part) or len(part) > 14 or any(g in part for g in GENRES):
            continue
        if part[-1] in PLACE_END and len(part) >= 2 and (len(part) > 2 or has_year):
            out.append(("file name", place_in(part) or part))
        elif (2 <= len(part) <= 8 and text.count(part) >= 5 and part == stem) or (has_year and len(parts) == 2):
            out.append(("file name", part))
    for folder in folders:
        if re.fullmatch(r"[\u3400-\u9fff]{2,12}", folder) and (
            folder[-1] in PLACE_END or (has_year and len(parts) == 1 and len(folder) <= 8)
        ):
            out.append(("folder", folder))
    return out


def _named_years(source: str) -> list[tuple[str, Any]]:
    path = PurePosixPath(source)
    names = [("file name", path.stem), *(("folder", p) for p in reversed(path.parts[:-1]))]
    return [(where, name_year(name)) for where, name in names]
