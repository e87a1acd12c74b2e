"""The head of a document: its title (also behind a cover notice, over several lines) and the lines between title and body."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


@dataclass
class Head:
    """The title, what the cover notice before it says, and the stretch of paragraphs (from, to) that the title stands in."""

    title: str = ""
    notice: str = ""
    rows: tuple[int, int] | None = None


def looks_like_title(text: str) -> bool:
    """Whether a line could be a plan's title: short, of a genre, no sentence."""
    bare = squeeze(re.sub(r"[（(][^（）()]*[）)]\s*$", "", text)).translate(SIMPLIFIED)
    return (
        4 <= len(bare) <= 60
        and GENRE.search(bare) is not None
        and not re.search(r"[。；：！？，:;!?,]|^[（(]|^关于.*会议|^\d+[.、]|制定本|如下", bare)
        and not LABEL.match(text)
        and not DELIVERY.fullmatch(text)
    )


def is_body_start(p: Paragraph) -> bool:
    """Whether a paragraph opens the numbered body."""
    marker = p.marker
    return marker is not None and not marker.weak and marker.form != "1.1" and not has_leader(p.text)


def find_title(ps: list[Paragraph], names: list[str]) -> Head:
    """Find the title and mark its lines, and the lines before it, in `names`."""
    head = [i for i in range(min(len(ps), 400)) if names[i] == "body" and ps[i].role == "" and not ps[i].said.kind]
    begun = next((n for n, i in enumerate(head) if is_body_start(ps[i]) or is_part_heading(ps[i].text) or len(ps[i].text) > 200), len(head))
    at = next((n for n in range(min(begun, 30)) if looks_like_title(ps[head[n]].text) or _notice_at(ps, head, n)), None)
    if at is None:
        return Head()
    size = _notice_at(ps, head, at)
    if size:
        notice = "".join(ps[i].text for i in head[at : at + size])
        inner = _after_notice(ps, head, at + size, notice)
        if inner is not None:
            for i in range(head[inner[0]]):
                names[i] = "note" if names[i] == "body" else names[i]
            return _titled(ps, names, head[inner[0] : inner[1]], notice)
        return _titled(ps, names, head[at : at + size], notice)
    first, last = _widened(ps, head, at)
    for i in range(head[first]):
        if names[i] == "body":
            names[i] = "furniture" if CHROME.search(ps[i].text) else "note"
    return _titled(ps, names, head[first:last])


def _titled(ps: list[Paragraph], names: list[str], rows: list[int], notice: str = "") -> Head:
    for i in rows:
        names[i] = "title"
    return Head("".join(ps[i].text for i in rows), notice, (rows[0], rows[-1] + 1))


def _notice_at(ps: list[Paragraph], head: list[int], n: int) -> int:
    """How many lines from here make the title of a cover notice (0: none)."""
    text = ""
    for size in (1, 2, 3):
        if n + size > len(head):
            return 0
        text += squeeze(ps[head[n + size - 1]].text)
        if re.search("[。；：]", text):
            return 0
        if NOTICE.search(text):
            return size
    return 0


def _after_notice(ps: list[Paragraph], head: list[int], start: int, notice: str) -> tuple[int, int] | None:
    """Find the plan's own title behind a cover notice: the name the notice gives, or a title after its date or 附件."""
    quoted = re.search("《(.+?)》", notice)
    name = squeeze(quoted[1]) if quoted else squeeze(re.sub(r"^.*?关于(?:印发|发布|下发|转发|公布)|的?通知$", "", notice))
    for n in range(start, len(head)):
        text = ""
        for size in (1, 2, 3):
            if n + size <= len(head):
                text += squeeze(ps[head[n + size - 1]].text)
                if text == name:
                    return n, n + size
    for n in range(start + 1, len(head)):
        before = ps[head[n - 1]].text
        if looks_like_title(ps[head[n]].text) and (DATE.fullmatch(before) or ATTACHMENT.fullmatch(before)):
            return n, n + 1
    return None


def _widened(ps: list[Paragraph], head: list[int], at: int) -> tuple[int, int]:
    """A title over several lines: the issuer above, （试行） below."""
    first, last = at, at + 1
    if at and head[at] - head[at - 1] <= 2 and len(ps[head[at - 1]].text) <= 30:
        above = ps[head[at - 1]].text
        if (ISSUER.fullmatch(above) or above.startswith("关于")) and not looks_like_title(above):
            first -= 1
    while last < len(head) and head[last] - head[last - 1] <= 2:
        text = ps[head[last]].text
        if (re.fullmatch(r"[（(][^（）()]{1,20}[）)](?:[（(][^（）()]{1,20}[）)])*", text) and not DATE.fullmatch(text)) or (
            len(text) <= 24 and looks_like_title(text) and not GENRE.search(re.sub("建设|管理", "", ps[head[last - 1]].text))
        ):
            last += 1
        else:
            break
    return first, last


def head_zone(text: str) -> str:
    """The kind of a line between title and body."""
    if CHROME.search(text) and len(text) < 160:
        return "furniture"
    short = len(text) <= 70
    if LABEL.match(text) or (short and (DELIVERY.fullmatch(text) or DATE.fullmatch(text) or SPEAKER.fullmatch(text))):
        return "note"
    if ATTACHMENT.fullmatch(text) or ADDRESSEE.fullmatch(text) or re.fullmatch(r".{2,20}〔\d{4}〕\s*\d+\s*号", text):
        return "note"
    if short and (TAIL_NOTE.match(text) or re.search(r"会议.{0,4}$|次会议上$|政府$", text)) and not text.endswith("。"):
        return "note"
    return "preamble"
