"""The end of a document: attachments, glossaries, closing words, issue lines."""

from __future__ import annotations

import re

from policylab.plans.phrases import (
    ATTACHMENT,
    CHROME,
    CLOSING,
    DATE,
    GLOSSARY,
    ISSUER,
    PERORATION,
    SPEECH,
    TAIL_NOTE,
    TASK_LIST,
    is_site_line,
    squeeze,
)
from policylab.plans.raw import Paragraph

_SHORT = 250


def mark_site_lines(ps: list[Paragraph], names: list[str]) -> None:
    """Tell the lines of a web site or a licence at either end of a document: furniture."""
    for order, frame in ((range(len(ps)), None), (range(len(ps) - 1, -1, -1), CHROME)):  # `find_title` needs the frame above a title
        for i in order:
            text = ps[i].text
            if names[i] == "furniture":
                continue
            of_site = is_site_line(text) or (frame is not None and len(text) < 200 and frame.search(text))
            if not of_site or ps[i].marker is not None:
                break
            names[i] = "furniture"


def mark_attachments(ps: list[Paragraph], names: list[str], first: int) -> int:
    """Tell attachments and glossaries behind the body; gives where they begin."""
    zone, begin, n_ahead = "body", len(ps), 0
    n_left = sum(name == "body" for name in names[first:])
    for i in range(first, len(ps)):
        if names[i] != "body" and not ps[i].said.kind:
            continue
        n_left -= 1
        text = ps[i].text
        listed = _listed_attachments(ps, names, i) if zone == "body" else []
        for j in listed:
            names[j] = "note"
        if listed:
            continue
        if len(text) <= 80 and n_ahead > 2:
            match = ATTACHMENT.fullmatch(text)
            if (GLOSSARY.fullmatch(text) and len(text) <= 40) or (match and match["name"] and GLOSSARY.fullmatch(match["name"])):
                zone = "notes"
            elif (match and n_left >= 2) or (zone == "body" and TASK_LIST.fullmatch(squeeze(text)) and _closed_before(ps, names, i)):
                zone = "appendix"
        n_ahead += 1
        if zone != "body":
            begin = min(begin, i)
            names[i] = zone
    return begin


def _listed_attachments(ps: list[Paragraph], names: list[str], i: int) -> list[int]:
    """The lines of a list of attachments (附件：1.… 2.…), which stands above the signature and the date."""
    if not ATTACHMENT.fullmatch(ps[i].text):
        return []
    after = [j for j in range(i + 1, min(len(ps), i + 40)) if names[j] == "body"]
    n = next((n for n, j in enumerate(after) if ps[j].marker is None or len(ps[j].text) > 60 or "。" in ps[j].text), len(after))
    signed = [ps[j].text for j in after[n : n + 3]]
    if signed and ISSUER.fullmatch(squeeze(signed[0])) and len(signed[0]) <= 30:
        signed = signed[1:]
        if not signed:
            return []
    numbered = re.match(r"附\s*件\s*[：:]\s*1[.．、]", ps[i].text) is not None  # the attachment itself may follow at once
    ends = not after[n:] or (signed and DATE.fullmatch(signed[0])) or (numbered and signed and ATTACHMENT.fullmatch(signed[0]))
    return [i, *after[:n]] if ends else []


def _closed_before(ps: list[Paragraph], names: list[str], i: int) -> bool:
    before = [ps[j].text for j in range(max(0, i - 6), i) if names[j] == "body"]
    return any(re.search("让我们|各位代表|谢谢|而(?:努力|不懈)?奋斗", t) for t in before)


def mark_tail(ps: list[Paragraph], names: list[str], first: int, end: int) -> None:
    """Tell the closing and the notes after the last number of the body."""
    body = [i for i in range(first, end) if names[i] == "body"]
    title = "".join(squeeze(p.text) for p, name in zip(ps, names, strict=True) if name == "title")
    for i in reversed(body):  # issue lines from the end up
        text = ps[i].text
        before = i > body[0]
        if CHROME.search(text) and len(text) < 200:
            names[i] = "furniture"
        elif (
            ((DATE.fullmatch(text) or TAIL_NOTE.match(text)) and len(text) < 160)
            or (
                len(text) <= 30
                and ISSUER.fullmatch(squeeze(text))
                and (any(names[j] == "note" for j in range(i + 1, min(i + 3, len(names)))) or title.startswith(squeeze(text)))
                and before
            )
            or (ATTACHMENT.match(text) and len(text) < 120 and ps[i].marker is None)
        ):
            names[i] = "note"
        else:
            break
    body = [i for i in body if names[i] == "body"]
    numbered = [i for i in body if (m := ps[i].marker) is not None and (not m.weak or m.form in ("是", "第", "•")) and not m.loose]
    last = numbered[-1] if numbered else first - 1
    after = [i for i in body if i > last]
    if not numbered:
        after = after[max(1, len(after) - 6) :]
    for i in after[_closing_from(ps, names, after) :]:
        names[i] = "closing"


def _closing_from(ps: list[Paragraph], names: list[str], after: list[int]) -> int:
    """Where the closing words begin among the unnumbered paragraphs behind the last number: formulas, and short lines after them."""
    start = len(after)
    for k in reversed(range(len(after))):
        p, before = ps[after[k]], ps[after[k] - 1]
        addressed = k + 1 == len(after) and names[after[k] - 1] == "note" and SPEECH.fullmatch(before.text) is not None
        short = len(p.text) <= _SHORT and PERORATION.match(p.text) is not None
        formula = CLOSING.match(p.text) is not None or re.search("[。！]让我们", p.text) is not None or addressed or short
        if p.role or not (formula or (len(p.text) < 30 and k + 1 < len(after) and start == k + 1)):
            break
        start = k
    return start
