"""What is found in one document: what a careful assistant would report about it alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from policylab.plans.facts import Facts
from policylab.plans.head import looks_like_title
from policylab.plans.naming import place_in
from policylab.plans.numerals import years_in
from policylab.plans.outline import Row
from policylab.plans.phrases import CHROME, DELIVERY, SITE, is_site_line, squeeze
from policylab.plans.raw import Paragraph, Problem, RawDocument
from policylab.plans.tables import CELL_LIMIT
from policylab.plans.tasktables import TableRow
from policylab.plans.tree import Node

_DAMAGE = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯|ï¿½")
_BLANKED = re.compile(r"\?{3,}|(?<=[\u4e00-\u9fff，。、])(?:\?{2,}|□+|〓+)(?=[\u4e00-\u9fff，。、])")
_STOP = re.compile(r"[。！？；：…!?;:.][”’》）)】\]\"']*$")
_OPEN = re.compile("[\u3400-\u9fff，、：“‘（《〔]$")
_OPENING = re.compile(
    r"我代表[^。，]{2,20}(?:政府|国务院)[，,]?(?:向大会|向本次大会|作)[^。，]{0,12}(?:报告|作)"
)  # how a report is opened, once
_SOURCE = re.compile(r"[（(]?(?:信息|文章|稿件)?来源[：:]|原标题[：:]")
_LONG_CLOSING = 300
_WHOLE_PLAN = "Look whether the file holds the whole plan."


def findings(
    ps: list[Paragraph], rows: list[Row], root: Node, facts: Facts, raw: RawDocument, tables: Mapping[int, TableRow]
) -> Iterator[Problem]:
    """Report what is odd about a document.

    Parameters
    ----------
    ps : list of Paragraph
        All that its file shows.
    rows : list of Row
        Its rows in the items frame.
    root : Node
        The tree of its numbers.
    facts : Facts
        What it says of itself.
    raw : RawDocument
        What its file's reader gave.
    tables : mapping
        The rows of its tables.
    """
    text = "".join(p.text for p in ps)
    yield from _lost_characters(ps, text, raw)
    yield from _units(rows, text)
    if facts.title is None:
        yield Problem(
            "no-title", "info", "no title was found", "Place and year, where known, come from elsewhere; see documents.place_from."
        )
    yield from _cut_off(rows, raw)
    yield from _site_lines(rows, text)
    yield from _two_in_one(rows)
    yield from _plain_tables(rows, tables)
    yield from _long_closing(rows)
    yield from _numbers(ps, root)


def _lost_characters(ps: list[Paragraph], text: str, raw: RawDocument) -> Iterator[Problem]:
    told = any(p.code == "damaged-characters" for p in raw.problems)
    for pattern, signs in ((_DAMAGE, "" if told else "\ufffd锟烫屯ï"), (_BLANKED, "?□〓")):
        found = [lost for p in ps for lost in pattern.findall(p.text)] if any(sign in text for sign in signs) else []
        if found:
            line = next((p.line for p in ps if pattern.search(p.text)), 0)
            message = f"the text holds {found[0]} ({len(found)} places): characters were lost before this file was made"
            yield Problem("damaged-text", "warning", message, "Get the file anew from where it was published.", line)


def _units(rows: Sequence[Row], text: str) -> Iterator[Problem]:
    units = [r for r in rows if r.kind in ("item", "paragraph")]
    if not units:
        yield Problem("no-items", "warning", f"no item and no paragraph was found in {len(text)} characters", _WHOLE_PLAN)
    elif not any(r.kind == "item" for r in units):
        hint = "Nothing to do if the plan is printed without numbers."
        yield Problem("no-numbering", "warning", "no numbering found: paragraphs are the units", hint)
    elif all(len(r.text) < 40 and "。" not in r.text for r in units) and len(units) > 2:
        yield Problem("titles-only", "warning", "the document consists of titles only", "Look whether the text under them was lost.")
    if 0 < len(text) < 100:
        yield Problem("very-short", "warning", f"the document has only {len(text)} characters", _WHOLE_PLAN)


def _cut_off(rows: Sequence[Row], raw: RawDocument) -> Iterator[Problem]:
    """A text that stops inside a sentence or at a heading, or is as long as a spreadsheet's cell can be."""
    n_chars = sum(len(line.text) + 1 for line in raw.lines)
    if raw.format in ("txt", "md") and CELL_LIMIT - 1 <= n_chars <= CELL_LIMIT + 1:
        hint = "A spreadsheet's cell holds 32,767 characters: get the text from where it was published."
        yield Problem(
            "cell-limit", "warning", f"the text has just {n_chars - 1} characters, as many as a spreadsheet's cell can hold", hint
        )
    last = next((r for r in reversed(rows) if r.kind != "furniture" and (r.kind != "note" or r.part == "notes")), None)
    if last is None or "\t" in last.text:
        return
    like = [r for r in rows if r.part == last.part and r.kind in ("item", "paragraph", "note")]
    if len(like) < 3 or 2 * sum(_STOP.search(r.text) is not None for r in like) <= len(like):
        return
    text = last.text.rstrip()
    inside = text.endswith(("，", "、")) or (len(text) >= 15 and re.search("[。，；]", text) and _OPEN.search(text))
    if inside or (last.part != "appendix" and (last.kind == "heading" or _is_bare_heading(last))):
        message = f"the text ends {'inside a sentence' if inside else 'with a heading'}: …{text[-15:]}"
        yield Problem("cut-off", "warning", message, "Look whether the end of the plan is missing.", last.line)


def _is_bare_heading(row: Row) -> bool:
    """Whether a unit is a title alone whose like are headings."""
    if row.kind != "item" or row.node is None or row.node.parent is None or not row.node.is_titled():
        return False
    like = [n for n in row.node.parent.children if n.form == row.node.form and n is not row.node]
    return bool(like) and all(n.kind == "heading" for n in like)


def _site_lines(rows: Sequence[Row], text: str) -> Iterator[Problem]:
    framed = [
        r for r in rows if r.kind in ("furniture", "note") and (is_site_line(r.text) or CHROME.search(r.text) or _SOURCE.match(r.text))
    ]
    anywhere = SITE.search(text) is not None  # one look at the whole text spares a look at each row
    inside = [r for r in rows if anywhere and r.kind not in ("furniture", "note") and any(map(is_site_line, _unnumbered_lines(r)))]
    for name, severity, found, hint in (
        ("site-tail", "info", framed, "They count as furniture or notes and reach no analysis; keep to the licence they name."),
        ("site-text", "warning", inside, "Take the lines out of a copy of the file, or correct their kind."),
    ):
        if found:
            message = f"{len(found)} {'line' if len(found) == 1 else 'lines'} of a web site or licence, such as: {found[0].text[:30]}"
            yield Problem(name, severity, message, hint, found[0].line)


def _unnumbered_lines(row: Row) -> list[str]:
    """The short lines of a row but the one that its number heads: what a site puts into a text has no number."""
    lines = row.text.split("\n")
    return [line for line in lines[1 if row.marker else 0 :] if len(line) <= 80]


def _two_in_one(rows: Sequence[Row]) -> Iterator[Problem]:
    """A second title, line of delivery or opening with numbers from 1 after it, and a section that stands twice."""
    ones = [r.index for r in rows if r.number == 1 or (r.node is not None and r.node.marker is not None and r.node.marker.number == 1)]
    sections: set[tuple[str, str]] = set()
    for row in rows:
        if row.kind in ("title", "furniture") or row.part in ("appendix", "notes"):
            continue
        inner = bool(ones) and ones[0] < row.index < ones[-1]
        if inner and not row.marker and (_is_head_line(row.text) if len(row.text) <= 60 else _OPENING.search(row.text, 0, 80)):
            hint = "Look whether two documents stand in one file; part them."
            yield Problem("second-title", "warning", f"a second title or opening inside the text: {row.text[:40]}", hint, row.line)
        if row.kind == "heading" and row.marker and "/" not in row.outline:
            key = (row.part, squeeze(row.text))
            if key in sections and len(key[1]) >= 4:
                hint = "Look whether a part of the plan stands twice in the file, or two documents do."
                yield Problem("section-repeated", "warning", f"the section {row.text[:30]!r} stands twice", hint, row.line)
            sections.add(key)


def _is_head_line(text: str) -> bool:
    bare = squeeze(text)
    return (
        _OPENING.search(bare) is not None
        or DELIVERY.fullmatch(bare) is not None
        or (looks_like_title(text) and place_in(bare) is not None and len(years_in(bare)) > 0)
    )


def _plain_tables(rows: Sequence[Row], tables: Mapping[int, TableRow]) -> Iterator[Problem]:
    """Tables with text in them that are no tables of tasks, since nothing in them counts as a unit."""
    plain = [row for row in rows if row.kind == "note" and row.index in tables and tables[row.index].role == ""]
    texts = [row for row in plain if any(len(cell.strip()) >= 8 for cell in row.text.split("\t"))]
    if texts:
        message = f"{len(plain)} rows of tables without a column of tasks are kept as notes"
        hint = "Nothing in them is counted; see whether one of the tables lists measures."
        yield Problem("table-as-note", "info", message, hint, texts[0].line)


def _long_closing(rows: Sequence[Row]) -> Iterator[Problem]:
    """Paragraphs that open like closing words but are so long that measures may stand in them, which then reach no analysis."""
    long = [row for row in rows if row.kind == "closing" and len(row.text) > _LONG_CLOSING]
    if long:
        message = f"closing words of more than {_LONG_CLOSING} characters in a paragraph: measures may stand in them"
        yield Problem("long-closing", "info", message, "Correct their kind to paragraph where they count.", long[0].line)


def _numbers(ps: list[Paragraph], root: Node) -> Iterator[Problem]:
    seen: dict[tuple[int, str], set[int]] = defaultdict(set)
    last: dict[tuple[int, str], int] = {}
    for node in root.below():
        if node.marker is None or node.marker.number is None or node.marker.weak:
            continue
        if not node.marker.printed and node.table is None:
            message = f"the number {node.marker.step!r} is not printed; it was inferred from the numbers around it"
            yield Problem("number-inferred", "warning", message, "See whether a section begins here.", ps[node.row].line)
        n, run, line = node.marker.number, (id(node.parent), node.form), ps[node.row].line
        if n == 1 and last.get(run, 1) > 1:
            message = f"the numbers start again at {node.marker.printed!r} after {last[run]}"
            yield Problem("numbers-restart", "info", message, "See whether a heading between them was lost.", line)
            seen[run] = set()
        elif n in seen[run]:
            yield Problem("number-repeated", "warning", f"the number {node.marker.printed!r} is printed twice", "See the text there.", line)
        elif run in last and n > last[run] + 1:
            yield Problem("number-skipped", "info", f"numbers go from {last[run]} to {n}", "See whether text is missing.", line)
        seen[run].add(n)
        last[run] = n
