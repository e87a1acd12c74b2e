"""The head of a document: its title (also behind a cover notice, over several lines) and the lines between title and body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from policylab.plans.dates import DAY
from policylab.plans.labels import NUMBER, Labels, read_labels
from policylab.plans.naming import is_office, issuer_in, named_in, place_in
from policylab.plans.phrases import (
    ADDRESSEE,
    ATTACHMENT,
    CHROME,
    DATE,
    DELIVERY,
    GENRE,
    ISSUER,
    LABEL,
    NOTICE,
    SIMPLIFIED,
    SPEAKER,
    TAIL_NOTE,
    has_leader,
    is_part_heading,
    squeeze,
)
from policylab.plans.raw import Paragraph

_ATTACHED = re.compile(r"^附\s*件\s*\d*\s*[：:]\s*")
_POSTED = re.compile(rf"(?:{DAY.pattern})\s*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*(?:$|(?:\S{{2,4}}[：:].*))")


@dataclass
class Head:
    """The title, the title of the cover notice before it, the paragraphs (from, to) the title stands in, and the label block."""

    title: str = ""
    notice: str = ""
    rows: tuple[int, int] | None = None
    labels: Labels = field(default_factory=Labels)


def looks_like_title(text: str) -> bool:
    """Whether a line could be a plan's title: short, of a genre, no sentence."""
    bare = squeeze(re.sub(r"[（(][^（）()]*[）)]\s*$", "", text)).translate(SIMPLIFIED)
    return (
        4 <= len(bare) <= 60
        and _names_a_plan(bare, text)
        and not re.search(r"[。；：！？，:;!?,>＞»|]|^[（(]|^关于.*会议|^\d+[.、]|制定本|如下", bare)
        and not LABEL.match(text)
        and not CHROME.search(text)
        and not DELIVERY.fullmatch(text)
    )


def _names_a_plan(bare: str, text: str) -> bool:
    aside = re.search(r"年.{0,8}(?:要点|计划|安排|报告|总结)[）)]$", text)
    return GENRE.search(bare) is not None or aside is not None or (bare.endswith("的通知") and issuer_in(bare) is not None)


def _begins_body(ps: list[Paragraph], head: list[int], n: int) -> bool:
    p = ps[head[n]]
    if n == 1 and _heads_a_part(p.text) and is_office(ps[head[0]].text):  # a title over two lines: 某局, 2023年工作安排
        return False
    return is_body_start(p) or _heads_a_part(p.text) or len(p.text) > 200


def _heads_a_part(text: str) -> bool:
    """Whether a line heads the look back or the plan and is not the title of an office's document (望溪区教育局2023年工作总结)."""
    return (
        is_part_heading(text) and not CHROME.search(text) and not (looks_like_title(text) and (issuer_in(text) or place_in(named_in(text))))
    )


def is_body_start(p: Paragraph) -> bool:
    """Whether a paragraph opens the numbered body."""
    marker = p.marker
    return marker is not None and not marker.weak and marker.form != "1.1" and not has_leader(p.text)


def find_title(ps: list[Paragraph], names: list[str]) -> Head:
    """Find the label block and the title, and mark their lines, and the lines before the title, in `names`."""
    labels = read_labels(ps)
    for i in labels.rows:
        names[i] = "note" if names[i] == "body" and not ps[i].said.kind else names[i]
    head = [i for i in range(min(len(ps), 400)) if names[i] == "body" and ps[i].role == "" and not ps[i].said.kind]
    begun = next((n for n in range(len(head)) if _begins_body(ps, head, n)), len(head))
    at = _title_at(ps, head[: min(begun, 30)], head)
    if at is None:
        return Head(labels=labels)
    size = _notice_at(ps, head, at)
    notice = "".join(ps[i].text for i in head[at : at + size])
    inner = _after_notice(ps, head, at + size, notice) if size else None
    first, last = _unbroken(ps, head, *(inner or ((at, at + size) if size else _widened(ps, head, at))))
    for i in range(head[first]):
        if names[i] == "body":
            names[i] = "furniture" if CHROME.search(ps[i].text) and not size else "note"
    if size and inner is None:
        _mark_cover(ps, names, head[at + size : begun])
    rows = head[first:last]
    for i in rows:
        names[i] = "title"
    return Head("".join(ps[i].text for i in rows), notice, (rows[0], rows[-1] + 1), labels)


def _unbroken(ps: list[Paragraph], head: list[int], first: int, last: int) -> tuple[int, int]:
    """Of the lines of a title those from the last gap on: only page furniture may stand inside it."""
    gaps = [n + 1 for n in range(first, last - 1) if any(ps[i].text and ps[i].role != "furniture" for i in range(head[n] + 1, head[n + 1]))]
    return max(gaps, default=first), last


def _title_at(ps: list[Paragraph], lines: list[int], head: list[int]) -> int | None:
    """Which line a title begins in: the first that looks like one; a menu's bare genre (规划计划) only where no other does."""
    found = [
        n
        for n, i in enumerate(lines)
        if _notice_at(ps, head, n) or looks_like_title(_ATTACHED.sub("", ps[i].text) if n == 0 else ps[i].text)
    ]
    named = (
        n
        for n in found
        if len(squeeze(ps[head[n]].text)) > 6
        or "报告" in ps[head[n]].text
        or not any(ps[j].text for j in range(head[n]))
        or (n > 0 and re.search(r"\d", ps[head[n - 1]].text))
    )
    return next(named, found[0] if found else None)


def _notice_at(ps: list[Paragraph], head: list[int], n: int) -> int:
    """How many lines from here make the title of a cover notice (0: none)."""
    text = ""
    for size in (1, 2, 3):
        if n + size > len(head):
            return 0
        line = ps[head[n + size - 1]].text
        text += squeeze(line)
        if re.search("[。；：>＞]", text) or CHROME.search(line):
            return 0
        if NOTICE.search(text):
            return size
    return 0


def _mark_cover(ps: list[Paragraph], names: list[str], rows: list[int]) -> None:
    """A cover notice whose plan bears no title of its own is a note to its date."""
    end = next((n for n, i in enumerate(rows[:15]) if DATE.fullmatch(ps[i].text)), -1)
    for i in rows[: end + 1]:
        names[i] = "note"


def _after_notice(ps: list[Paragraph], head: list[int], start: int, notice: str) -> tuple[int, int] | None:
    """Find the plan's own title behind a cover notice: the name the notice gives, or a title after its date or 附件."""
    quoted = re.search("《(.+)》", notice)
    name = squeeze(quoted[1] if quoted else re.sub(r"^.*?(?:印发|发布|下发|转发|公布)|的?(?:通知|函)(?:[（(].*)?$", "", notice))
    names = {name, re.sub(r"[（(][^（）()]*[）)]$", "", name)}
    for n in range(start, len(head)):
        text = ""
        for size in (1, 2, 3):
            if n + size <= len(head):
                text += squeeze(ps[head[n + size - 1]].text)
                if text in names:
                    return n, _below(ps, head, n + size)
    for n in range(start + 1, len(head)):
        before = ps[head[n - 1]].text
        ends = DATE.fullmatch(before) or ATTACHMENT.fullmatch(before) or re.match("[（(]?此件", before)
        size = next((k for k in (1, 2) if n + k <= len(head) and looks_like_title("".join(ps[i].text for i in head[n : n + k]))), 0)
        if ends and size and ps[head[n]].marker is None:
            return n, _below(ps, head, n + size)
    return None


def _widened(ps: list[Paragraph], head: list[int], at: int) -> tuple[int, int]:
    """A title over several lines: the issuer and the year above, （试行） below."""
    first = at
    while first and at - first < 2 and head[first] - head[first - 1] <= 2 and _goes_before(ps[head[first - 1]].text, ps[head[first]].text):
        first -= 1
    return first, _below(ps, head, at + 1)


def _goes_before(above: str, text: str) -> bool:
    """Whether a line is the beginning of a title: the issuer, 关于, a year, or a line that breaks off within the year."""
    if len(above) > 30 or looks_like_title(above) or CHROME.search(above):
        return False
    if re.search(r"\d$", above) and re.match(r"\d*\s*年", text):
        return re.fullmatch(r"[\u4e00-\u9fff、\s]{2,}\d{1,4}", above) is not None
    year = re.fullmatch(r"([\u4e00-\u9fff、\s]*?)\s*(?:(?:19|20)\d{2}|[一二][一二三四五六七八九〇○零OＯ]{3})\s*年度?", above)
    office = (ISSUER.fullmatch(above) is not None or is_office(above)) and not (issuer_in(text) and place_in(named_in(text)))
    return office or above.startswith("关于") or year is not None


def _below(ps: list[Paragraph], head: list[int], last: int) -> int:
    """Where a title ends that goes on below: （试行）, or the genre on a line of its own."""
    while last < len(head) and head[last] - head[last - 1] <= 2:
        text = ps[head[last]].text
        bracket = re.fullmatch(r"[（(][^（）()]{1,20}[）)](?:[（(][^（）()]{1,20}[）)])*", text)
        if (bracket and not DAY.search(text) and not NUMBER.search(text)) or (
            len(text) <= 24 and looks_like_title(text) and not GENRE.search(re.sub("建设|管理", "", ps[head[last - 1]].text))
        ):
            last += 1
        else:
            break
    return last


def head_zone(text: str) -> str:
    """The kind of a line between title and body."""
    if _POSTED.fullmatch(text):
        return "note"
    if CHROME.search(text) and len(text) < 160:
        return "furniture"
    short = len(text) <= 70
    if re.fullmatch(rf"[（(][^（）()]{{0,20}}(?:{DAY.pattern})[^（）()]{{0,40}}[）)]", text):
        return "note"
    if LABEL.match(text) or (short and (DELIVERY.fullmatch(text) or DATE.fullmatch(text) or SPEAKER.fullmatch(text))):
        return "note"
    if (
        ATTACHMENT.fullmatch(text)
        or ADDRESSEE.fullmatch(text)
        or re.fullmatch(rf"[（(]?{NUMBER.pattern}[）)]?(?:\s*签发人.{{0,20}})?", text)
    ):
        return "note"
    if short and (TAIL_NOTE.match(text) or re.search(r"会议.{0,4}$|次会议上$|政府$", text)) and not text.endswith("。"):
        return "note"
    return "preamble"
