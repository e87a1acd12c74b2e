"""From lines to paragraphs: mark-up and front matter off, page furniture told, sentences broken by line ends joined."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from policylab.plans.breaks import part_lost_breaks
from policylab.plans.joining import join_lines
from policylab.plans.normalize import SEVERITY, clean
from policylab.plans.phrases import ends_sentence
from policylab.plans.raw import Line, Paragraph, Problem, RawDocument

_BOLD = re.compile(r"\*\*(?!\s*\*)(.+?)\*\*")
_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|br|center|tr|td|li|ul|ol|table|tbody|span|font|strong|b|sup|sub|a|img|o:p)\b[^<>]{0,200}/?>|<(?:div|span|p)class=[^<>]{0,200}>",
    re.I,
)
_BREAKING_TAG = re.compile(r"<(?:/(?:p|div|h[1-6]|center|tr|li)|br\s*/?)>", re.I)
_PAGE = re.compile(r"[\s—–\-－―─·•.]*(?:第\s*)?[0-9０-９]{1,4}\s*(?:页)?\s*(?:[/／,，]?\s*共?\s*[0-9０-９]{1,4}\s*页?)?[\s—–\-－―─·•.]*")
_SET_OFF = re.compile(r"\*{2,3}[^*]+\*{2,3}")
_PAIR = re.compile(r"[A-Za-z_][\w -]{0,40}:|\s+\S|-\s|#")
_RULE = re.compile(r"[-*_=]{3,}|\*\*|<!--.*-->|\"")
_PIPES = re.compile(r"\|?([^|]*[^|\s][^|]*(?:\|[^|]*)+?)\|?")
_CELLS = re.compile(r"\S[^\t\n]*\t[^\n]*\t|\t\s*\S[^\t\n]*\t")
_GOES_ON = re.compile(r"[（(]?续(?:上)?表\s*[0-9一二三四五六七八九十]*[）)]?|[（(](?:下转|上接)第?.{1,6}版[）)]")
_DASHED = re.compile(r"[—–\-－―─·•]\s*[0-9０-９]{1,4}\s*[—–\-－―─·•]|第\s*[0-9０-９]{1,4}\s*页|[0-9]{1,4}\s*/\s*[0-9]{1,4}")


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
        cleaned.append(line._replace(text=text) if text is not line.text else line)
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
    pieces, parted = part_lost_breaks(_running_heads([_page_number(p) for p in pieces]))
    problems += parted
    joined, n_joined = join_lines(pieces)
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
    inside = [line.text for line in lines[start + 1 : end] if line.text.strip()]
    if not all(_PAIR.match(text) for text in inside):  # two rules with text between them
        return list(lines), {}
    pairs = [text.partition(":") for text in inside if ":" in text]
    return list(lines[end + 1 :]), {key.strip().lower(): value.strip().strip("\"'") for key, _, value in pairs if value.strip()}


def _unmarked(line: Line) -> list[Paragraph]:
    """Take mark-up off a line; one that holds several HTML blocks gives several paragraphs. A blank line gives one without text."""
    if not line.text:
        return [Paragraph(line.no, "")]
    if "<" not in line.text or not _TAG.search(line.text):
        indent = len(line.text) - len(line.text.lstrip(" \t\u3000\xa0"))
        return [_piece(line, line.text, indent=indent)]
    texts = [_TAG.sub("", t) for t in _BREAKING_TAG.split(line.text)]
    whole = _BREAKING_TAG.search(line.text) is not None
    return [_piece(line, text, whole=whole) for text in texts if text.strip()] or [_piece(line, "")]


def _piece(line: Line, text: str, *, indent: int = 0, whole: bool = False) -> Paragraph:
    if not line.role and text.count("|") > 1 and (pipes := _PIPES.fullmatch(text.strip())) is not None:
        if re.fullmatch(r"[\s|:\-]+", text):
            return Paragraph(line.no, text.strip(), "furniture")
        return Paragraph(line.no, "\t".join(cell.strip() for cell in pipes[1].split("|")), "table")
    table = line.role == "table" or (not line.role and "\t" in text and _CELLS.search(text) is not None)
    text = text.strip(" \u3000\xa0\r\n") if table else text.strip()
    bold = head = text.startswith("#")
    text = text.lstrip("#").strip() if head else text
    if "**" in text and _SET_OFF.fullmatch(text):
        text, bold = text.strip("* "), True
    elif "**" in text:
        bold = bold or re.fullmatch(r"\*\*[^*]+\*\*", text) is not None
        text = _BOLD.sub(r"\1", text).strip()
    if _RULE.fullmatch(text):
        return Paragraph(line.no, text, "furniture")
    return Paragraph(line.no, text, "table" if table else line.role, bold, head, indent, whole)


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
    opening = {p.text for p in texts[:4] if not p.role and len(p.text) < 50}
    out = []
    for p in pieces:
        least = 1 if p.text in opening else 3
        repeated = p.text and not p.role and beside[p.text] >= least and not ends_sentence(p.text) and p.marker is None
        out.append(replace(p, role="furniture") if repeated and p.text in seen else p)
        seen.add(p.text)
    return out
