"""From lines to paragraphs: mark-up and front matter off, page furniture told, sentences broken by line ends joined."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from policylab.plans.markers import find_marker
from policylab.plans.normalize import SEVERITY, clean
from policylab.plans.phrases import ENDS, LEADER
from policylab.plans.raw import Line, Problem, RawDocument

_BOLD = re.compile(r"\*\*(?!\s*\*)(.+?)\*\*")
_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|br|center|tr|td|li|ul|ol|table|tbody|span|font|strong|b|sup|sub|a|img|o:p)\b[^<>]{0,200}/?>|<(?:div|span|p)class=[^<>]{0,200}>",
    re.I,
)
_BREAKING_TAG = re.compile(r"<(?:/(?:p|div|h[1-6]|center|tr|li)|br\s*/?)>", re.I)
_PAGE = re.compile(r"[\s—–\-－―─·•.]*(?:第\s*)?[0-9０-９]{1,4}\s*(?:页)?\s*(?:[/／,，]?\s*共?\s*[0-9０-９]{1,4}\s*页?)?[\s—–\-－―─·•.]*")
_PIPES = re.compile(r"\|((?:[^|]*\|)+[^|]*)\|")
_CELLS = re.compile(r"\S[^\t\n]*\t[^\n]*\t|\t\s*\S[^\t\n]*\t")
_GOES_ON = re.compile(r"[（(]?续(?:上)?表\s*[0-9一二三四五六七八九十]*[）)]?|[（(](?:下转|上接)第?.{1,6}版[）)]")
_DASHED = re.compile(r"[—–\-－―─·•]\s*[0-9０-９]{1,4}\s*[—–\-－―─·•]|第\s*[0-9０-９]{1,4}\s*页|[0-9]{1,4}\s*/\s*[0-9]{1,4}")
_OPEN = re.compile(r"[，、,（《“‘(]$")
_NEVER = re.compile(r"附\s*件\s*\d*|目\s*录|.{0,16}\d{4}年\d{1,2}月\d{1,2}日(?:印发)?")


@dataclass(frozen=True)
class Said:
    """What a person said of a paragraph: the kind of its row, its part, its title ("" for none).

    `apart`: it begins a row of its own; `inside`: it stays in the outline; `whole`: it is one row, even where it would be parted behind
    a heading.
    """

    kind: str = ""
    part: str = ""
    title: str | None = None
    apart: bool = False
    inside: bool = False
    whole: bool = False


NOTHING = Said()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as the source shows it: `bold` where mark-up sets the whole line off, `role` as in `Line`."""

    line: int
    text: str
    role: str = ""
    bold: bool = False
    said: Said = NOTHING


def paragraphs(raw: RawDocument) -> tuple[list[Paragraph], dict[str, str], list[Problem]]:
    """Give a document's paragraphs in order, what its front matter says, and what was mended."""
    lines, facts = _front_matter(raw.lines)
    found: Counter[str] = Counter()
    first: dict[str, int] = {}
    cleaned = []
    for line in lines:
        before = found.total()
        text = clean(line.text, found)
        if found.total() > before:
            for name in found:
                first.setdefault(name, line.no)
        cleaned.append(replace(line, text=text) if text is not line.text else line)
    problems = [
        Problem(
            name,
            SEVERITY[name],
            f"{n} characters: {name}",
            "The text was repaired or the characters taken out; look at the source.",
            first[name],
        )
        for name, n in sorted(found.items())
    ]
    pieces = [piece for line in cleaned for piece in _unmarked(line)]
    pieces = _running_heads([_page_number(p) for p in pieces])
    joined, n_joined = _join(pieces)
    if n_joined:
        problems.append(
            Problem("lines-joined", "info", f"{n_joined} line ends inside sentences were joined", "Nothing to do unless a join is wrong.")
        )
    return joined, facts, problems


def _front_matter(lines: tuple[Line, ...]) -> tuple[list[Line], dict[str, str]]:
    start = next((i for i, line in enumerate(lines[:5]) if line.text.strip()), None)
    if start is None or lines[start].text.strip() != "---":
        return list(lines), {}
    end = next((i for i in range(start + 1, min(len(lines), start + 60)) if lines[i].text.strip() == "---"), None)
    if end is None:
        return list(lines), {}
    pairs = [line.text.partition(":") for line in lines[start + 1 : end] if ":" in line.text]
    return list(lines[end + 1 :]), {key.strip().lower(): value.strip().strip("\"'") for key, _, value in pairs if value.strip()}


def _unmarked(line: Line) -> list[Paragraph]:
    """Take mark-up off a line; one that holds several HTML blocks gives several paragraphs. A blank line gives one without text."""
    texts = [line.text]
    if "<" in line.text and _TAG.search(line.text):
        texts = [_TAG.sub("", t) for t in _BREAKING_TAG.split(line.text)]
        texts = [t for t in texts if t.strip(' "')] or [""]
    out = []
    for text in texts:
        pipes = _PIPES.fullmatch(text.strip()) if not line.role else None
        if pipes is not None:
            ruled = re.fullmatch(r"[\s|:\-]+", text) is not None
            out.append(
                Paragraph(
                    line.no, text.strip() if ruled else "\t".join(c.strip() for c in pipes[1].split("|")), "furniture" if ruled else "table"
                )
            )
            continue
        table = line.role == "table" or (not line.role and _CELLS.search(text) is not None)
        text = text.strip(" \u3000\xa0\r\n") if table else text.strip()
        bold = False
        if text.startswith("#"):
            text, bold = text.lstrip("#").strip(), True
        if "**" in text:
            bold = bold or re.fullmatch(r"\*\*[^*]+\*\*", text) is not None
            text = _BOLD.sub(r"\1", text).strip()
        if re.fullmatch(r"[-*_=]{3,}|\*\*", text):
            out.append(Paragraph(line.no, text, "furniture"))
            continue
        out.append(Paragraph(line.no, text, "table" if table else line.role, bold))
    return out


def _page_number(piece: Paragraph) -> Paragraph:
    if piece.role or not piece.text or len(piece.text) > 24:
        return piece
    if _GOES_ON.fullmatch(piece.text):
        return replace(piece, role="furniture")
    if not _PAGE.fullmatch(piece.text):
        return piece
    sure = _DASHED.search(piece.text) or re.fullmatch(r"\d{1,3}", piece.text)
    return replace(piece, role="furniture") if sure else piece


def _running_heads(pieces: list[Paragraph]) -> list[Paragraph]:
    """Tell lines that stand again and again beside page numbers: furniture."""
    texts = [p for p in pieces if p.text]
    beside = Counter(
        p.text
        for i, p in enumerate(texts)
        if not p.role and len(p.text) < 50 and any(q.role == "furniture" for q in texts[max(0, i - 1) : i + 2])
    )
    seen: set[str] = set()
    out = []
    for p in pieces:
        repeated = p.text and not p.role and beside[p.text] >= 3 and not ENDS.search(p.text) and find_marker(p.text) is None
        out.append(replace(p, role="furniture") if repeated and p.text in seen else p)
        seen.add(p.text)
    return out


def _wrap_width(pieces: list[Paragraph]) -> int:
    """Give the width at which the source breaks its lines, 0 where a line is a paragraph."""
    open_lines = [len(p.text) for p in pieces if p.text and not p.role and not ENDS.search(p.text) and not LEADER.search(p.text)]
    if len(open_lines) < max(8, 0.3 * sum(bool(p.text) for p in pieces)):
        return 0
    counts = Counter(open_lines)
    width = max(counts, key=lambda w: (sum(counts[w - d] for d in range(4)), w))
    alike = sum(n for w, n in counts.items() if width - 4 <= w <= width + 1)
    return width if 18 <= width <= 80 and alike >= 0.5 * len(open_lines) else 0


def _goes_on(text: str, after: Paragraph, width: int, across: bool) -> bool:
    """Whether a line's sentence goes on in the next line; `across`: page furniture stands between them."""
    if ENDS.search(text) or LEADER.search(text) or after.bold or "\t" in text:
        return False
    marker = find_marker(after.text)
    if marker is not None and not marker.loose and marker.form != "1.1" and not (marker.weak and width and len(text) >= width - 2):
        return False
    if _NEVER.fullmatch(text) or _NEVER.fullmatch(after.text):
        return False
    if width:
        return len(text) >= width - 4
    inside = re.search("[。；，]", text) is not None
    if _OPEN.search(text) and len(text) > 8:
        return True
    return inside and (across or ("。" in text and len(text) >= 25)) and not re.search(r"[月日]\s*$|[）)]$", text)


def _join(pieces: list[Paragraph]) -> tuple[list[Paragraph], int]:
    width = _wrap_width(pieces)
    out: list[Paragraph] = []
    aside: list[Paragraph] = []
    blank, n = False, 0
    for p in pieces:
        if not p.text:
            blank = True
        elif p.role == "furniture":
            aside.append(p)
        else:
            last = out[-1] if out else None
            if (
                last is not None
                and not p.role
                and not last.role
                and not (blank and not aside)
                and not last.bold
                and _goes_on(last.text, p, width, bool(aside))
            ):
                out[-1] = replace(last, text=glued(last.text, p.text))
                n += 1
            else:
                out += [*aside, p]
                aside = []
            blank = False
    return [*out, *aside], n


def glued(a: str, b: str) -> str:
    """Join two pieces of one sentence; words of Latin letters keep a space between them."""
    return f"{a} {b}" if a[-1].isascii() and a[-1].isalnum() and b[0].isascii() and b[0].isalnum() else a + b
