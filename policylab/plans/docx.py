"""Word documents: the text a reader sees, in its order, from zip and XML within limits."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from policylab.errors import DamagedFileError, EmptyFileError, UnsafeFileError
from policylab.plans.archive import Archive
from policylab.plans.decode import BREAKS
from policylab.plans.numbering import Numbering, Styles, W, attribute, is_on
from policylab.plans.raw import Line, Problem, RawDocument
from policylab.plans.runs import MC, Paragraph, chosen

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
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
    folder = posixpath.dirname(main)
    styles = Styles.of(archive.xml(f"{folder}/styles.xml"))
    story = Story(styles, Numbering(archive.xml(f"{folder}/numbering.xml"), styles))
    try:
        story.blocks(body)
        notes = list(_notes(archive, folder, story))
    except RecursionError:
        raise UnsafeFileError(source, "its text is nested without end", "Open it and save its text as .txt.") from None
    written = [(text, role) for text, role in story.lines if text.strip() or not role] + notes
    lines = tuple(Line(no, text, role) for no, (text, role) in enumerate(written, start=1))
    if not any(line.text.strip() for line in lines):
        pictures = sum(name.startswith(f"{folder}/media/") for name in archive.members)
        found = f"there is no text in it, but {pictures} picture(s): it looks like a scan" if pictures else "there is no text in it"
        raise EmptyFileError(
            source, found, "Recognise its text (OCR), check it, and save it as .txt or .docx." if pictures else "Check the file."
        )
    return RawDocument(source, "docx", "utf-8", sha256, lines, _problems(story.found, archive, folder))


class Story:
    """Walks a document in order and gathers (text, role) lines; `found` counts what was left out."""

    def __init__(self, styles: Styles, numbering: Numbering):
        self.styles, self.numbering = styles, numbering
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
            self._write(numbered(label, text) if text.strip() else text)
        self.lines.extend(line for line in paragraph.boxes if line[0].strip())

    def _write(self, text: str) -> None:
        self.lines.extend((line, "") for line in BREAKS.split(text))

    def _table(self, table: Element) -> None:
        rows = [
            [(self._cell(cell), attribute(cell.find(f"{W}tcPr/{W}gridSpan"))) for cell in self._parts(row, "tc")]
            for row in self._rows(table)
        ]
        if all(len(row) <= 1 for row in rows):  # a frame around running text
            self.lines.extend(line for row in rows for cell, _ in row for line in cell)
            return
        for row in rows:
            texts = []
            for cell, span in row:
                texts.append(" ".join(" ".join(text.split()) for text, role in cell if not role and text.strip()))
                texts += [""] * (min(int(span), 63) - 1 if span and span.isdecimal() else 0)
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
        return self.apart(cell)


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


def _notes(archive: Archive, folder: str, story: Story) -> Iterator[tuple[str, str]]:
    """Give the footnotes and endnotes that the text refers to, in the order of their references."""
    for kind in ("footnote", "endnote"):
        wanted = [number for which, number in story.notes if which == kind]
        root = archive.xml(f"{folder}/{kind}s.xml") if wanted else None
        by_number = {attribute(note, "id"): note for note in root.findall(W + kind)} if root is not None else {}
        for number in dict.fromkeys(wanted):
            if number in by_number:
                yield from ((" ".join(text.split()), "note") for text, _ in story.apart(by_number[number]) if text.strip())


def _problems(found: Counter[str], archive: Archive, folder: str) -> tuple[Problem, ...]:
    problems = []
    if found["tracked"]:
        message = f"tracked changes ({found['tracked']} places): insertions are read, deletions left out"
        problems.append(Problem("tracked-changes", "warning", message, "Accept or reject all changes in Word to be sure of the text."))
    if found["hidden"]:
        problems.append(Problem("hidden-text", "info", f"hidden text is left out ({found['hidden']} places)", ""))
    if f"{folder}/comments.xml" in archive.members and found["comments"]:
        problems.append(Problem("comments", "info", f"comments are left out ({found['comments']})", ""))
    drawings = [n for n in archive.members if n.startswith(f"{folder}/diagrams/data")]
    drawn = sum(bool((t.text or "").strip()) for n in sorted(drawings) for t in (archive.xml(n) or Element("none")).iter(_DRAWN))
    for n, what in ((found["chunks"], "embedded documents"), (drawn, "texts in diagrams (SmartArt)")):
        if n:
            problems.append(Problem("not-read", "warning", f"{n} {what} are not read", "Copy their text into the document."))
    return tuple(problems)
