"""Word documents: the text a reader sees, in its order, from zip and XML within limits."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from policylab.archive import Archive
from policylab.errors import DamagedFileError, EmptyFileError, UnsafeFileError
from policylab.plans.decode import BREAKS
from policylab.plans.numbering import Numbering, Styles, W, attribute, is_on
from policylab.plans.raw import Line, Problem, RawDocument
from policylab.plans.runs import DRAWN, MC, Paragraph, chosen, n_texts

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_OCR = "Recognise its text (OCR), check it, and save it as .txt or .docx."
_COPY = "Copy their text into the document."
MAX_CHARS = 4_000_000
_THROUGH = {W + name for name in ("customXml", "ins", "moveTo", "smartTag", "sdtContent")}
_OUT = {W + "del": "tracked", W + "moveFrom": "tracked", W + "altChunk": "chunks"}


def read_docx(file: IO[bytes], *, source: str, sha256: str) -> RawDocument:
    """Read a .docx: paragraphs, table rows, text boxes, automatic numbers, tracked changes as accepted, notes at the end.

    Headers, footers, comments and hidden text are left out. `Line.no` counts the lines as they would stand in a text file.

    Returns
    -------
    RawDocument
        `problems` has the codes `tracked-changes`, `hidden-text`, `comments` and `not-read`.

    Raises
    ------
    ReadError
        `DamagedFileError`, `UnsafeFileError`, `EmptyFileError` or `FormatError`.
    """
    archive = Archive(file, source=source)
    main = _main_part(archive)
    root = archive.xml(main)
    body = root.find(W + "body") if root is not None else None
    if body is None:
        raise DamagedFileError(source, "there is no Word document in the archive", "Open it in Word and save it anew.")
    parts = _Parts(archive, main)
    styles = Styles.of(parts.xml("styles"))
    story = Story(styles, Numbering(parts.xml("numbering"), styles), source=source)
    try:
        story.blocks(body)
        notes = list(_notes(parts, story))
    except RecursionError:
        raise UnsafeFileError(source, "its text is nested without end", "Open it and save its text as .txt.") from None
    written = [(text, role) for text, role in story.lines if text.strip() or not role] + notes
    lines = tuple(Line(no, text, role) for no, (text, role) in enumerate(written, start=1))
    if not any(line.text.strip() for line in lines):
        raise _without_text(story.found, archive, source)
    return RawDocument(source, "docx", "utf-8", sha256, lines, _problems(story, parts))


class Story:
    """Walks a document in order and gathers (text, role) lines; `found` counts what was left out."""

    def __init__(self, styles: Styles, numbering: Numbering, *, source: str):
        self.styles, self.numbering, self._source = styles, numbering, source
        self.n_chars = 0
        self._in_cell = False
        self.lines: list[tuple[str, str]] = []
        self.found: Counter[str] = Counter()
        self.notes: list[tuple[str, str]] = []
        self.fields: list[list[str]] = []
        self._carried = ""

    def blocks(self, container: Element) -> None:
        """Gather the paragraphs and tables of a body, cell, text box or note."""
        for child in container:
            tag = child.tag
            if tag == W + "p":
                self._paragraph(child)
            elif tag == W + "tbl":
                self._table(child)
            elif tag in _THROUGH:
                self.found["tracked"] += tag in (W + "ins", W + "moveTo")
                self.blocks(child)
            elif tag == W + "sdt":
                for content in child.findall(W + "sdtContent"):
                    self.blocks(content)
            elif tag == MC + "AlternateContent":
                self.blocks(chosen(child))
            elif tag in _OUT:
                self.found[_OUT[tag]] += 1
            else:
                self.found["unknown"] += n_texts(child)

    def apart(self, container: Element) -> list[tuple[str, str]]:
        """Gather a container's lines without adding them to the document's."""
        kept, carried = self.lines, self._carried
        self.lines, self._carried = [], ""
        self.blocks(container)
        if self._carried:
            self._write(self._carried)
        gathered, self.lines, self._carried = self.lines, kept, carried
        return gathered

    def _paragraph(self, element: Element) -> None:
        paragraph = Paragraph(self, element)
        text = self._carried + paragraph.text
        if paragraph.mark_gone:  # the paragraph runs on into the next one
            self._carried = text
        else:
            self._carried = ""
            label = self.numbering.label(element.find(W + "pPr"), paragraph.style)
            shown = numbered(label, text) if text.strip() or self._in_cell else text
            self._write(shown, paragraph.role)
        self.lines.extend(line for line in paragraph.boxes if line[0].strip())

    def _write(self, text: str, role: str = "") -> None:
        self.n_chars += len(text)
        if self.n_chars > MAX_CHARS:
            raise UnsafeFileError(
                self._source, f"it has more than {MAX_CHARS:,} characters", "A plan is far shorter: split it into its documents."
            )
        self.lines.extend((line, role) for line in BREAKS.split(text))

    def _table(self, table: Element) -> None:
        rows = [
            (
                _columns(row.find(f"{W}trPr/{W}gridBefore")),
                [(self._cell(cell), _columns(cell.find(f"{W}tcPr/{W}gridSpan"))) for cell in self._parts(row, "tc")],
            )
            for row in self._rows(table)
        ]
        if all(len(row) <= 1 for _, row in rows):  # a frame around running text
            self.lines.extend(line for _, row in rows for cell, _ in row for line in cell)
            return
        for before, row in rows:
            texts = [""] * before
            for cell, span in row:
                texts.append(" ".join(" ".join(text.split()) for text, role in cell if not role and text.strip()))
                texts += [""] * (span - 1)
            self.lines.append(("\t".join(texts), "table"))
            self.lines.extend(line for cell, _ in row for line in cell if line[1])

    def _rows(self, table: Element) -> Iterator[Element]:
        for row in self._parts(table, "tr"):
            properties = row.find(W + "trPr")
            gone = properties is not None and properties.find(W + "del") is not None
            hidden = properties is not None and is_on(properties.find(W + "hidden"))
            self.found["tracked"] += gone
            self.found["hidden"] += hidden
            if not gone and not hidden:
                yield row

    def _parts(self, element: Element, name: str) -> Iterator[Element]:
        """Give the rows of a table or the cells of a row, through content controls and the like."""
        for child in element:
            if child.tag == W + name:
                yield child
            elif child.tag in _THROUGH or child.tag == W + "sdt":
                yield from self._parts(child, name)
            elif child.tag == MC + "AlternateContent":
                yield from self._parts(chosen(child), name)

    def _cell(self, cell: Element) -> list[tuple[str, str]]:
        properties = cell.find(W + "tcPr")
        if properties is not None:
            merged = properties.find(W + "vMerge")
            if properties.find(W + "cellDel") is not None or (merged is not None and attribute(merged) != "restart"):
                return []
        outer, self._in_cell = self._in_cell, True
        lines = self.apart(cell)
        self._in_cell = outer
        return lines


def _columns(element: Element | None) -> int:
    """Give how many columns a cell spans or a row leaves out."""
    said = attribute(element) or ""
    return min(int(said), 63) if said.isdecimal() else 0


def numbered(label: str, text: str) -> str:
    """Join an automatic number and its paragraph as they would be typed.

    Examples
    --------
    >>> numbered("一、", "总体要求"), numbered("1.1", "目标"), numbered("1.", "2024年目标")
    ('一、总体要求', '1.1 目标', '1. 2024年目标')
    """
    label = label.rstrip()
    if not label:
        return text
    text, last = text.lstrip(" \t\u3000"), label[-1]
    apart = (last.isalnum() and last < "①") or last in "•第章节条" or (last in ".．" and text[:1].isdigit())
    return f"{label} {text}" if apart else label + text


def _main_part(archive: Archive) -> str:
    relations = archive.xml("_rels/.rels")
    for relation in relations if relations is not None else ():
        if relation.get("Type") == _OFFICE and relation.get("TargetMode") != "External":
            target = posixpath.normpath("/" + (relation.get("Target") or "")).lstrip("/").lower()
            if target in archive.members:
                return target
    return "word/document.xml"


class _Parts:
    """The parts of a document by what they are to it, wherever the program that wrote it put them."""

    def __init__(self, archive: Archive, main: str):
        self.archive, folder = archive, posixpath.dirname(main)
        self._folder = f"{folder}/" if folder else ""
        relations = archive.xml(f"{self._folder}_rels/{posixpath.basename(main)}.rels")
        self._named = {
            (relation.get("Type") or "").removeprefix(_RELATED): posixpath.normpath(
                posixpath.join("/" + folder, (relation.get("Target") or "").replace("\\", "/"))
            ).lstrip("/")
            for relation in (relations if relations is not None else ())
            if relation.get("TargetMode") != "External"
        }

    def xml(self, what: str) -> Element | None:
        """Parse the part of this kind (styles, numbering, footnotes …), None where there is none."""
        named = self._named.get(what, "").lower()
        return self.archive.xml(named if named in self.archive.members else f"{self._folder}{what}.xml")

    def drawn(self, *folders: str) -> int:
        """Count the texts in drawings of their own, such as diagrams and charts."""
        names = [n for n in sorted(self.archive.members) if n.startswith(tuple(self._folder + folder for folder in folders))]
        return sum(bool((t.text or "").strip()) for n in names for t in (self.archive.xml(n) or Element("none")).iter(DRAWN + "t"))


def _notes(parts: _Parts, story: Story) -> Iterator[tuple[str, str]]:
    """Give the footnotes and endnotes that the text refers to, in the order of their references."""
    for kind in ("footnote", "endnote"):
        wanted = [number for which, number in story.notes if which == kind]
        root = parts.xml(f"{kind}s") if wanted else None
        by_number = {attribute(note, "id"): note for note in root.findall(W + kind)} if root is not None else {}
        for number in dict.fromkeys(wanted):
            if number in by_number:
                yield from ((" ".join(text.split()), "note") for text, _ in story.apart(by_number[number]) if text.strip())


def _without_text(found: Counter[str], archive: Archive, source: str) -> EmptyFileError:
    pictures = sum("/media/" in f"/{name}" for name in archive.members)
    if pictures:
        return EmptyFileError(source, f"there is no text in it, but {pictures} picture(s): it looks like a scan", _OCR)
    only = [
        what for key, what in (("hidden", "hidden text"), ("chunks", "embedded documents"), ("objects", "embedded objects")) if found[key]
    ]
    return EmptyFileError(source, f"there is no text in it{', only ' + ' and '.join(only) if only else ''}", "Open it in Word and look.")


def _problems(story: Story, parts: _Parts) -> tuple[Problem, ...]:
    found, numbering = story.found, story.numbering
    said = (
        (found["tracked"], "tracked-changes", "warning", "tracked changes ({} places): insertions are read, deletions left out",
         "Accept or reject all changes in Word to be sure of the text."),
        (found["hidden"], "hidden-text", "info", "hidden text is left out ({} places)", ""),
        (found["comments"], "comments", "info", "comments are left out ({})", ""),
        (found["chunks"], "not-read", "warning", "{} embedded documents are not read", _COPY),
        (found["objects"], "not-read", "warning", "{} embedded objects (tables, formulas) are not read", _COPY),
        (found["unknown"], "not-read", "warning", "{} texts in unknown elements are not read", "Open it in Word and save it anew."),
        (parts.drawn("diagrams/data"), "not-read", "warning", "{} texts in diagrams (SmartArt) are not read", _COPY),
        (parts.drawn("charts/chart"), "not-read", "info", "{} texts in charts are not read", "Copy them if they belong to the plan."),
        (numbering.lost, "numbering-lost", "warning", "{} paragraphs are numbered automatically, but the numbering is missing in the file",
         "Open it in Word, see whether it shows numbers, and save it anew."),
        (len(numbering.unknown), "number-format", "warning", f"numbers ({', '.join(sorted(numbering.unknown))}) are given as 1, 2, 3",
         "See how Word prints them."),
    )  # fmt: skip
    return tuple(Problem(code, severity, message.format(n), hint) for n, code, severity, message, hint in said if n)
