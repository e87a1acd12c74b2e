"""Corrections on paragraphs: joined, parted and marked with what was said of them, so that the document can be read anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from policylab.plans.corrections import Order
from policylab.plans.document import Document
from policylab.plans.joining import glued
from policylab.plans.outline import Row
from policylab.plans.phrases import ends_sentence, squeeze
from policylab.plans.raw import NOTHING, Held, Paragraph, Problem, Said
from policylab.plans.said import ASIDE

UNITS = ("heading", "item", "point", "paragraph")
_REGIONS = ("appendix", "notes")  # parts that come from where a row stands, which its kind does not change


@dataclass(frozen=True)
class _Piece:
    """A paragraph of the corrected document, and the ordinals of the orders that made it what it is."""

    paragraph: Paragraph
    made_by: tuple[int, ...]


def mend(
    read: Callable[[Sequence[Paragraph]], Document], ps: Sequence[Paragraph], document: Document, orders: Mapping[int, Order]
) -> tuple[Document, list[Problem]]:
    """Read a document again with what was set right.

    Parameters
    ----------
    read : callable
        Reads the document from its paragraphs.
    ps : sequence of Paragraph
        Its paragraphs.
    document : Document
        What was read from them without corrections.
    orders : mapping
        Orders by the ordinals (from 0) of the rows of `document`.

    Returns
    -------
    Document, list of Problem
        The corrected document, and the orders that cannot be carried out (`correction-no-fit`); all others are.
    """
    rows, kept, problems = document.rows, dict(orders), []
    while kept:
        clashes = {n: clash for n in kept if (clash := _clash(ps, rows, n, kept)) is not None}
        if clashes:  # what is refused may be what another order rests on
            problems += [kept.pop(n).misfit(*clash, line=rows[n].line) for n, clash in clashes.items()]
            continue
        pieces = _pieces(ps, rows, kept)
        made = read([piece.paragraph for piece in pieces])
        unmet = _unmet(pieces, made.rows, kept)
        if not unmet and _characters(made.rows) != _characters(rows):
            unmet = dict.fromkeys(kept, ("all of the text", "less or more of it"))
        if not unmet:
            return made, problems
        for n, (expected, found) in unmet.items():
            problems.append(kept.pop(n).misfit(expected, found, line=rows[n].line))
    return document, problems


def _characters(rows: Sequence[Row]) -> list[str]:
    return sorted(squeeze("".join(row.marker + row.text for row in rows)))


def _clash(ps: Sequence[Paragraph], rows: Sequence[Row], n: int, orders: Mapping[int, Order]) -> tuple[str, str] | None:
    """What an order expects of its row and what there is, where the two are at odds."""
    order = orders[n]
    if order.join and (order.kind or order.part or order.title is not None):
        return "nothing but join and split", "a kind, part or title, which a row that goes on from the row above cannot have"
    if order.join and _above(rows, orders, n) < 0:
        return "a row above to join it to", "none"
    text, marker = _own_text(ps, rows, n), len(squeeze(rows[n].marker))
    found = [_places(text, words) for words in order.split]
    for words, at in zip(order.split, found, strict=True):
        if len(at) != 1:
            return f"the words {words!r} once in the text", f"them {len(at)} times" if at else "no such words"
        if len(squeeze(text[: at[0]])) <= marker:
            return f"text before the words {words!r}", "the row beginning with them"
    if len({at[0] for at in found}) < len(found):
        return "each place to part the row at once", "one of them twice"
    return None


def _places(text: str, words: str) -> list[int]:
    """Where words begin in a text, whatever white space there is."""
    bare = [i for i, c in enumerate(text) if squeeze(c)]
    return [bare[m.start()] for m in re.finditer(f"(?={re.escape(squeeze(words))})", squeeze(text))] if squeeze(words) else []


def _above(rows: Sequence[Row], orders: Mapping[int, Order], n: int) -> int:
    """The row that a row goes on from: the next one above that is no page furniture; -1 where there is none."""
    n -= 1
    while n >= 0 and not (n in orders and orders[n].join) and ((orders[n].kind if n in orders else "") or rows[n].kind) == "furniture":
        n -= 1
    return n


def _runs_on(rows: Sequence[Row], n: int) -> bool:
    """Whether a row stands in the same paragraph as the heading above it."""
    return 0 < n < len(rows) and rows[n].index == rows[n - 1].index


def _own_text(ps: Sequence[Paragraph], rows: Sequence[Row], n: int) -> str:
    """The text of a row as its paragraphs have it, its number included."""
    row = rows[n]
    text = ps[row.index].text
    if _runs_on(rows, n):
        return "\n".join([text[_runs_on_from(ps, row) :], *(ps[i].text for i in row.more)])
    if _runs_on(rows, n + 1):
        return text[: _runs_on_from(ps, rows[n + 1])].rstrip()
    return ("" if row.kind == "title" else "\n").join(ps[i].text for i in (row.index, *row.more))


def _runs_on_from(ps: Sequence[Paragraph], row: Row) -> int:
    """Where in its paragraph a row begins that stands behind its heading; the paragraphs that it took in stand behind that one."""
    own = row.text
    for i in reversed(row.more):
        own = own.removesuffix(f"\n{ps[i].text}")
    return ps[row.index].text.rfind(own)


def _pieces(ps: Sequence[Paragraph], rows: Sequence[Row], orders: Mapping[int, Order]) -> list[_Piece]:
    """The paragraphs of the corrected document, in order."""
    heads: dict[int, int] = {}
    for n in sorted(n for n, order in orders.items() if order.join):
        above = _above(rows, orders, n)
        heads[n] = heads.get(above, above)
    joined = {head: [n for n in heads if heads[n] == head] for head in heads.values()}
    placed: list[tuple[tuple[int, int, int], _Piece]] = []
    for n, row in enumerate(rows):
        order = orders.get(n)
        if n in heads:
            continue
        parted, below = (_is_parted(rows, m, orders, joined) for m in (n, n + 1))
        if _runs_on(rows, n) and not parted:
            placed += [((i, n, 0), _Piece(ps[i], ())) for i in row.more]
            continue
        if parted or below or n in joined or (order and (order.kind or order.split)):
            whole = _runs_on(rows, n + 1) and n + 1 not in heads and not below
            made = _rebuilt(ps, rows, n, orders, joined.get(n, []), whole=whole)
        else:
            said = Said(part=order.part if order else "", title=order.title if order else None, held=_held(row, ps[row.index]))
            made = [replace(ps[row.index], said=said)]
            placed += [((i, n, 0), _Piece(ps[i], ())) for i in row.more]
        made_by = tuple(m for m in (n, *joined.get(n, []), n - 1) if m in orders)
        placed += [((row.index, n, k), _Piece(p, made_by)) for k, p in enumerate(made)]
    return [piece for _, piece in sorted(placed, key=lambda pair: pair[0])]


def _held(row: Row, p: Paragraph) -> Held | None:
    """How a row of which nothing is ordered stays: rows of tables and titles are told anew, since they hang together."""
    if row.kind == "title" or p.role == "table":
        return None
    zone = row.part if row.part in _REGIONS else "body" if row.kind in UNITS else row.kind
    node = row.node if row.node is not None and row.node.row == row.index and not row.node.lost else None
    return Held(row.kind, zone, bool(row.marker), node is not None and node.container)


def _is_parted(rows: Sequence[Row], n: int, orders: Mapping[int, Order], joined: Mapping[int, list[int]]) -> bool:
    """Whether a row that stands in a paragraph with its heading has to become a paragraph of its own."""
    if not _runs_on(rows, n):
        return False
    heading = orders.get(n - 1)
    aside = heading is not None and (bool(heading.split) or heading.join or heading.kind in (*ASIDE, "paragraph"))
    return n in orders or n in joined or aside or any(m != n for m in joined.get(n - 1, []))


def _rebuilt(
    ps: Sequence[Paragraph], rows: Sequence[Row], n: int, orders: Mapping[int, Order], more: Sequence[int], *, whole: bool
) -> list[Paragraph]:
    """The paragraphs of a row with those that go on from it (`more`); `whole`: what runs on behind a heading goes with it."""
    row, order = rows[n], orders.get(n)
    first = ps[row.index]
    kind = (order.kind if order else "") or (row.kind if more else "")
    part = (order.part if order else "") or (row.part if kind and row.part in _REGIONS else "")
    inside = row.kind in UNITS
    said = Said(kind, part, order.title if order else None, apart=True, inside=inside, one=bool(more) and kind == "heading")
    role = "" if kind and kind != row.kind and first.role != "table" else first.role
    texts = [(first.text, row.line)] if whole else _cut(ps, rows, n, order)
    for m in more:
        (text, _), *others = _cut(ps, rows, m, orders[m])
        before, line = texts[-1]
        texts[-1] = (_joined(before, text, row.kind if len(texts) == 1 else "paragraph", _runs_on(rows, m) and m == n + 1), line)
        texts += others
    run_on = _runs_on(rows, n)
    bold, head = first.bold and not run_on, first.head and not run_on
    opening = Paragraph(texts[0][1], texts[0][0], role, bold, head, said=said)
    rest = role if role == "table" or not kind else ""
    return [opening, *(Paragraph(line, text, rest, said=Said(apart=True, inside=inside)) for text, line in texts[1:])]


def _cut(ps: Sequence[Paragraph], rows: Sequence[Row], n: int, order: Order | None) -> list[tuple[str, int]]:
    """The text of a row parted at the words that its order names, each piece with its line."""
    text, row = _own_text(ps, rows, n), rows[n]
    cuts = sorted(_places(text, words)[0] for words in order.split) if order else []
    lines = [row.line, *(ps[i].line for i in row.more)]
    pieces = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        at = min(text.count("\n", 0, start), len(lines) - 1)
        pieces.append((text[start:end].strip(), lines[at]))
    return pieces


def _joined(before: str, after: str, kind: str, same: bool) -> str:
    """Join a text to the one it goes on from: on a line of its own behind a sentence or an item's title, else inside the sentence."""
    if same:
        return before + after
    titled = kind in ("item", "point", "paragraph") and re.search("[。；：，、！？]", before) is None
    return f"{before}\n{after}" if "\t" in before + after or titled or ends_sentence(before) else glued(before, after)


def _unmet(pieces: Sequence[_Piece], rows: Sequence[Row], orders: Mapping[int, Order]) -> dict[int, tuple[str, str]]:
    """The orders that the document read anew does not follow, with what was expected and found."""
    at: dict[int, list[Row]] = {}
    for row in rows:
        at.setdefault(row.index, []).append(row)
    unmet: dict[int, tuple[str, str]] = {}
    for i, piece in enumerate(pieces):
        failed = _failed(piece.paragraph.said, at.get(i, [])) if replace(piece.paragraph.said, held=None) != NOTHING else None
        if failed is not None:
            unmet.update(dict.fromkeys(piece.made_by or orders, failed))
    return unmet


def _failed(said: Said, here: Sequence[Row]) -> tuple[str, str] | None:
    if not here:
        return "a row of its own", "a row that goes with the one above"
    row = here[0]
    if said.kind and row.kind != said.kind:
        return f"the kind {said.kind}", f"{row.kind}, whatever is said"
    if said.one and len(here) > 1:
        return "one row", f"{len(here)}"
    if said.part and row.part != said.part:
        return f"the part {said.part}", f"{row.part}, whatever is said"
    if said.title is not None and row.kind not in ("item", "point"):
        return "an item or a point, which alone have titles", f"a row of the kind {row.kind}"
    if said.title and squeeze(said.title) not in squeeze(row.text):
        return f"the title {said.title!r} in the text", "no such words"
    return None
