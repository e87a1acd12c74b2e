"""Sentences that the source breaks at the ends of its lines, joined: lines cut at a width, and those that cannot end where they do."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from policylab.plans.phrases import DATE, ends_sentence, has_leader
from policylab.plans.raw import Paragraph

_OPEN = re.compile(r"[，、,（《“‘(]$")
_LABELLED = re.compile(r"[\u4e00-\u9fff]{2,14}[:：]")
_ALONE = re.compile(r"附\s*[件表录]\s*\d*(?:[:：].{0,40})?|目\s*录|.{0,16}\d{4}年\d{1,2}月\d{1,2}日(?:印发)?")
_WITHIN = re.compile("[，。；、].")
_FEWEST, _ENOUGH = 4, 8  # broken lines that tell a width where no line is longer, and where some are
_MIN_WIDTH, _MAX_WIDTH = 18, 80


@dataclass(frozen=True)
class _Wrapping:
    """At which widths (full-width characters) the source cuts its lines, and whether it indents the first line of a paragraph."""

    widths: tuple[int, ...] = ()
    indents: bool = False

    def fills(self, p: Paragraph, *, exactly: bool = False) -> bool:
        """Whether a line goes up to the edge; closing punctuation may hang over it, and a first line may have lost its indent."""
        width = _width(p)
        return any(w - (1 if exactly else 4) <= width <= w + 1.5 for w in self.widths)


def join_lines(pieces: list[Paragraph]) -> tuple[list[Paragraph], int]:
    """Join lines whose sentence goes on in the next one; gives the paragraphs and how many joins were made.

    Page furniture and blank lines inside a sentence do not part it; furniture then stands behind the paragraph.
    """
    wrapping = _wrapping(pieces)
    spaced = bool(wrapping.widths) and _is_double_spaced(pieces)
    out: list[Paragraph] = []
    aside: list[Paragraph] = []
    last: Paragraph | None = None  # the last line that was read, as it stood
    blank, across, n = False, False, 0
    for p in pieces:
        if not p.text:
            blank = not spaced
        elif p.role == "furniture":
            aside.append(p)
            across = True
        else:
            if last is not None and _goes_on(last, p, out[-1].text, wrapping, blank=blank and not across, across=across):
                out[-1] = replace(out[-1], text=glued(out[-1].text, p.text), whole=p.whole)
                n += 1
            else:
                out += [*aside, p]
                aside = []
            last, blank, across = p, False, False
    return [*out, *aside], n


def _goes_on(last: Paragraph, after: Paragraph, text: str, wrapping: _Wrapping, *, blank: bool, across: bool) -> bool:
    """Whether the sentence of the line `last`, at the end of the paragraph `text` so far, goes on in the next line."""
    if last.role or after.role or last.bold or after.bold or last.whole or "\t" in last.text or has_leader(last.text):
        return False
    if _ALONE.fullmatch(last.text) or _ALONE.fullmatch(after.text) or DATE.fullmatch(after.text) or _is_numbered(after, last, wrapping):
        return False
    if wrapping.indents and after.indent >= 2 and not across:
        return False
    if ends_sentence(last.text):
        return not blank and wrapping.fills(last, exactly=True) and _is_inside(after, wrapping)
    if _OPEN.search(last.text) and len(last.text) > 8 and not _LABELLED.match(after.text):
        return True
    if blank:
        return False
    if wrapping.widths:
        return wrapping.fills(last)
    inside = re.search("[。；，]", text) is not None
    return inside and (across or ("。" in last.text and len(last.text) >= 25)) and not re.search(r"[月日]\s*$|[）)]$", last.text)


def _is_numbered(after: Paragraph, last: Paragraph, wrapping: _Wrapping) -> bool:
    """Whether the next line opens with a number of the outline; 1.5 or 一是 at the head of a line may stand inside a sentence."""
    marker = after.marker
    if marker is None or marker.loose or marker.form == "1.1":
        return False
    return not (marker.weak and wrapping.fills(last) and not ends_sentence(last.text))


def _is_inside(after: Paragraph, wrapping: _Wrapping) -> bool:
    """Whether a line behind a full line that ends with a stop goes on with its paragraph: it is no first line and no heading."""
    if wrapping.indents:
        return after.indent < 2
    return wrapping.fills(after, exactly=True)


def _width(p: Paragraph) -> float:
    """The width of a line in full-width characters: half for each ASCII character (one byte instead of three)."""
    return (len(p.text) + len(p.text.encode())) / 4 + min(p.indent, 4)


def _wrapping(pieces: list[Paragraph]) -> _Wrapping:
    """Tell how the source wraps its lines: many lines of few widths hold commas and stops but end inside a sentence."""
    lines = [p for p in pieces if p.text and not p.role]
    broken = [p for p in lines if _is_broken(p)]
    open_lines = Counter(int(_width(p)) for p in broken)
    n_open = len(broken)
    if n_open < _FEWEST or n_open < 0.2 * sum(_width(p) >= _MIN_WIDTH / 2 for p in lines):
        return _Wrapping()
    widths: list[int] = []
    left = Counter(open_lines)
    for _ in range(3):
        at = max((w for w in left if _MIN_WIDTH <= w <= _MAX_WIDTH), key=lambda w: (sum(left[w - d] for d in range(3)), w), default=0)
        near = sum(left[at - d] for d in range(-1, 4))
        if not at or near < max(4, 0.15 * n_open):
            break
        widths.append(at)
        for d in range(-1, 4):
            del left[at - d]
    alike = sum(n for w, n in open_lines.items() if any(at - 3 <= w <= at + 1 for at in widths))
    longer = sum(_width(p) > max(widths) + 1.5 for p in lines) if widths else 0
    few = n_open < _ENOUGH
    if alike < (0.8 if few else 0.6) * n_open or longer > (0 if few else n_open):
        return _Wrapping()
    firsts = sum(p.indent >= 2 for p in lines)
    return _Wrapping(tuple(widths), 3 <= firsts <= 0.8 * len(lines))


def _is_broken(p: Paragraph) -> bool:
    return not (ends_sentence(p.text) or has_leader(p.text)) and _WITHIN.search(p.text) is not None and (p.marker is None or "。" in p.text)


def _is_double_spaced(pieces: list[Paragraph]) -> bool:
    """Whether a blank line follows nearly every line, so that it says nothing."""
    followed = sum(not b.text for a, b in pairwise(pieces) if a.text)
    return followed >= 0.9 * sum(bool(p.text) for p in pieces)


def glued(a: str, b: str) -> str:
    """Join two pieces of one sentence; words of Latin letters keep a space between them."""
    return f"{a} {b}" if a[-1].isascii() and a[-1].isalnum() and b[0].isascii() and b[0].isalnum() else a + b
