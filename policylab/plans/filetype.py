"""What kind of file this is, by its content; kinds that are not read are refused with the way to go."""

from __future__ import annotations

import re
import shutil
from typing import IO

from policylab.errors import DamagedFileError, EmptyFileError, FormatError
from policylab.plans.archive import Archive

_HTML = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,4000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta)\b", re.I | re.S)
_WORD_XML = re.compile(r"<w:wordDocument|<pkg:package|<\?mso-application|office:document\b")
_MAIL = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9-]*:.*\r?\n(?:[ \t].*\r?\n)*){0,60}?MIME-Version:\s*1", re.I)
_DOCX = "Open it in Word, WPS or LibreOffice and save it as .docx"
_OCR = "Recognise its text (OCR), check it, and save it as .txt or .docx"
_MAGIC = (
    (b"{\\rtf", "an RTF document", _DOCX),
    (b"\x89PNG", "a picture (PNG)", _OCR),
    (b"\xff\xd8\xff", "a picture (JPEG)", _OCR),
    (b"GIF8", "a picture (GIF)", _OCR),
    (b"II*\x00", "a picture (TIFF)", _OCR),
    (b"MM\x00*", "a picture (TIFF)", _OCR),
    (b"Rar!\x1a", "an archive (RAR)", "Unpack it and read the files in it"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", "Unpack it and read the files in it"),
    (b"\x1f\x8b", "an archive (gzip)", "Unpack it and read the files in it"),
    (b"BZh", "an archive (bzip2)", "Unpack it and read the files in it"),
    (b"\xfd7zXZ", "an archive (xz)", "Unpack it and read the files in it"),
    (b"\x00\x05\x16\x07", "the side file of macOS (AppleDouble)", "Read the file it belongs to"),
    (b"%!PS", "a PostScript file", "Convert it to PDF"),
    (b"\x7fELF", "a program", "Take it out of the folder"),
    (b"SQLite format 3", "a database", "Export the plans from it as files"),
)
_IN_TEXT = (
    ("{\\rtf", "an RTF document", _DOCX),
    ("%!PS", "a PostScript file", "Convert it to PDF"),
    ("\\documentclass", "a LaTeX source", "Typeset it and read the PDF, or save its text as .txt"),
    ("BEGIN:VCALENDAR", "a calendar", "Take it out of the folder"),
)
_IN_ZIP = (
    (
        "xl/workbook.xml",
        "a spreadsheet (.xlsx)",
        "Where its cells hold plans use read_table, where it describes files give it as metadata=",
    ),
    ("xl/workbook.bin", "a spreadsheet (.xlsb)", "Save it as .xlsx"),
    ("ppt/presentation.xml", "a presentation (.pptx)", "Copy its text into a .docx or .txt file"),
    ("OFD.xml", "an OFD document (.ofd)", "Open it in an OFD reader (数科, 福昕) and convert it to .docx or PDF"),
)
_IN_OLE = (
    ("EncryptedPackage", "an Office file protected by a password", "Open it with the password and save it without one"),
    ("WordDocument", "an old Word document (.doc)", ""),
    ("Workbook", "an old spreadsheet (.xls)", "Save it as .xlsx"),
    ("Book", "an old spreadsheet (.xls)", "Save it as .xlsx"),
    ("PowerPoint Document", "an old presentation (.ppt)", "Copy its text into a .docx or .txt file"),
)


def binary_type(head: bytes, file: IO[bytes], *, source: str) -> str | None:
    """Tell "pdf", "docx" or None (text of some kind) by the first bytes, and for archives by what lies in them.

    Raises
    ------
    FormatError
        For kinds that are not read; the message names the way.
    EmptyFileError, DamagedFileError
        For an empty file and a broken archive.
    """
    if not head:
        raise EmptyFileError(source, "the file is empty", "Check that it was saved or downloaded completely.")
    if b"%PDF-" in head[:1024] and (head.lstrip().startswith(b"%PDF-") or source.lower().endswith(".pdf")):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_type(file, source)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole_error(file, source)
    for magic, what, way in _MAGIC:
        if head.startswith(magic):
            raise FormatError(source, f"this is {what}", f"{way}.")
    if (head.startswith(b"BM") and head[6:10] == bytes(4)) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP") or head[4:8] == b"ftyp":
        raise FormatError(source, "this is a picture or film", f"{_OCR}.")
    return None


def text_type(text: str, suffix: str, *, source: str) -> str:
    """Tell "html", "md" or "txt"; other kinds of text files are refused with the way to go."""
    head, suffix = text[:8192].lstrip("\ufeff"), suffix.lower()
    if _WORD_XML.search(head):
        raise FormatError(source, "this is an XML document of Word or LibreOffice", f"{_DOCX}.")
    if _MAIL.match(head):
        if "multipart/related" in head.lower():
            raise FormatError(source, "this is a saved web page (MHTML)", "Save the page as HTML only, or copy its text into a .txt file.")
        raise FormatError(source, "this is an e-mail", "Save the text or the attachment in it as a file of its own.")
    for sign, what, way in _IN_TEXT:
        if head.lstrip().startswith(sign):
            raise FormatError(source, f"this is {what}", f"{way}.")
    if _HTML.match(head) or suffix in (".html", ".htm", ".xhtml", ".shtml"):
        return "html"
    if suffix == ".pdf":
        raise DamagedFileError(source, "this is no PDF: its head is missing", "Download it again.")
    if suffix in (".csv", ".tsv", ".json", ".jsonl", ".ndjson"):
        raise FormatError(
            source, "this is a table", "Where its cells hold plans use read_table, where it describes files give it as metadata=."
        )
    if head.lstrip().startswith("<?xml") or suffix in (".xml", ".py", ".js", ".css", ".ipynb", ".bib"):
        raise FormatError(source, "this is no plan (XML, program or data)", "Take it out of the folder, or save its text as .txt.")
    return "md" if suffix in (".md", ".markdown") else "txt"


def _zip_type(file: IO[bytes], source: str) -> str:
    names = Archive(file, source=source).members
    for member, what, way in _IN_ZIP:
        if member.lower() in names:
            raise FormatError(source, f"this is {what}", f"{way}.")
    if "content.xml" in names and "mimetype" in names:
        raise FormatError(source, "this is an OpenDocument file (.odt)", f"{_DOCX}.")
    if any(n.startswith("word/") for n in names) or "[content_types].xml" in names:
        return "docx"
    raise FormatError(source, "this is a ZIP archive", "Unpack it and read the files in it.")


def _ole_error(file: IO[bytes], source: str) -> FormatError:
    file.seek(0)
    data = file.read(16 * 2**20)
    found = (entry for entry in _IN_OLE if entry[0].encode("utf-16-le") + b"\0\0" in data)
    _, what, way = next(found, ("", "an old Office document (.doc, .wps)", ""))
    if not way:
        office = shutil.which("soffice") or shutil.which("libreoffice")
        command = f"`{'soffice' if office is None else office} --headless --convert-to docx FILE`"
        way = f"{_DOCX}; LibreOffice does it with {command}{'' if office else ' (not found on this machine)'}"
    return FormatError(source, f"this is {what}", f"{way}.")
