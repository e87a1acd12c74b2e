"""Where and when a report was delivered, and who signed a document and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from policylab.plans.dates import date_in
from policylab.plans.naming import is_office, place_in
from policylab.plans.numerals import to_number
from policylab.plans.phrases import DATE, OFFICE, SPEAKER, squeeze
from policylab.plans.raw import Paragraph
from policylab.plans.zones import Zones

_ORDINAL = r"[一二三四五六七八九十\d]+"
_MEETING = re.compile(
    r"(?:(?P<year>\d{4}|[一二〇○零OＯ三四五六七八九]{4})年(?P<month>[\d一二三四五六七八九十]{1,3})月.{0,10}?)?"
    rf"在(?:第{_ORDINAL}届)?(?:中共|政协|中国共产党)?(?P<where>.{{1,30}}?)(?:第?{_ORDINAL}(?:届|次)|人民代表大会|人大|全体会议|全会|.{{0,8}}会议上?)"
)
_SIGNED = re.compile(rf"(?P<office>[\u4e00-\u9fff、\s]{{2,40}}(?:{OFFICE}))\s*(?P<day>\S.*日)\s*$")
_HEAD = 8


@dataclass(frozen=True)
class Delivery:
    """The line of delivery under the title (——2024年1月9日在…), with the speaker's: what it says of time and place."""

    year: int | None = None
    month: int | None = None
    place: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class Signature:
    """The office and the day at the end of a document or its cover notice; `printed` is a day that is no signature's."""

    office: str | None = None
    day: str | None = None
    printed: str | None = None


def find_delivery(ps: list[Paragraph], z: Zones) -> Delivery:
    """Read the line of delivery, also broken over lines, and the speaker's line."""
    end = z.head.rows[1] if z.head.rows else 0
    below = [i for i in range(end, min(end + _HEAD, len(ps))) if z.names[i] in ("note", "preamble") and _is_line(ps[i].text)]
    lines = [squeeze(ps[i].text) for i in below]
    title = squeeze(z.head.title)
    texts = [title, *("".join(lines[i : i + n]) for n in (1, 2, 3) for i in range(len(lines)))]
    meetings = [m for t in texts if (m := _MEETING.search(t))]
    met = next((m for m in meetings if m["year"]), meetings[0] if meetings else None)
    report = "工作报告" in title
    dated = [
        met[0] if met else "",
        *(t for t in lines if (met or report) and (DATE.fullmatch(t) or t.startswith(("（", "(", "—")))),
        title if report else "",
    ]
    day = next((d for t in dated if (d := date_in(t))), None)
    speaker = next((place for t in lines if SPEAKER.fullmatch(t) and (place := place_in(t))), None)
    year, month = (
        (to_number(met["year"]), to_number(met["month"])) if met and met["year"] else (day.year, day.month) if day else (None, None)
    )
    return Delivery(year, month, (place_in(met["where"]) if met else None) or speaker, day)


def _is_line(text: str) -> bool:
    return len(text) <= 90 and "。" not in text


def find_signature(ps: list[Paragraph], z: Zones, delivered: Delivery) -> Signature:
    """Read the signature of a cover notice, or else that at the document's end."""
    notes = [i for i, name in enumerate(z.names) if name == "note" and _is_line(ps[i].text)]
    start, end = z.head.rows or (0, 0)
    last = max((i for i, name in enumerate(z.names) if name in ("body", "closing", "appendix", "notes")), default=0)
    cover = [i for i in notes if (i < start or (z.head.notice != "" and z.head.title == z.head.notice)) and i < last]
    order = [*cover, *(i for i in notes if i > last), *(i for i in notes if end <= i < end + _HEAD)]
    signed = next((s for i in order if (s := _signed(ps, i)) and (s[1] is None or s[1] != delivered.day)), None)
    office, day = signed or (None, None)
    loose = [ps[i].text for i in reversed(notes) if i not in z.head.labels.rows and not re.search("会议|大会", ps[i].text)]
    printed = next((d for t in loose if (d := date_in(t)) and d != delivered.day), None)
    return Signature(office, day.isoformat() if day else None, printed.isoformat() if printed else None)


def _signed(ps: list[Paragraph], i: int) -> tuple[str | None, date | None] | None:
    """The office and the day of a line that dates a signature, the office on it or on the line above."""
    text = ps[i].text
    if "印发" in text or not text.rstrip("）) ").endswith(("日", "月")):
        return None
    beside = _SIGNED.fullmatch(text)
    if not DATE.fullmatch(text) and not (beside and DATE.fullmatch(beside["day"])):
        return None
    above = squeeze(ps[i - 1].text) if i else ""
    office = squeeze(beside["office"]) if beside else above if is_office(above) else None
    return office, date_in(text)
