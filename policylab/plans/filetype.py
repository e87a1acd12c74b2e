"""What kind of file this is, by its content; kinds that are not read are refused with the way to go."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress
from typing import IO

from policylab.archive import Archive
from policylab.errors import DamagedFileError, EmptyFileError, FormatError

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,4000}-->\s*)*<(?:!doctype\s+html|html|head|body|meta)\b", re.I | re.S
)
_WORD_XML = re.compile(r"<w:wordDocument|<pkg:package|<\?mso-application|office:document\b")
_MAIL = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9-]*:.*\r?\n(?:[ \t].*\r?\n)*){0,60}?MIME-Version:\s*1", re.I)
_OF_HTML = re.compile("p|div|span|h[1-6]|center|table|tbody|ul|ol|li|article|section|main|font|strong|b|pre|blockquote", re.I)
_DOCX = "Open it in Word, WPS or LibreOffice and save it as .docx"
_OCR = "Recognise its text (OCR), check it, and save it as .txt or .docx"
_UNPACK = "Unpack it and read the files in it"
_OUT = "Take it out of the folder"
_PRINT = "Open it in its reader (CAJViewer, Apabi) and print it to PDF, or copy its text into a .txt file"
_MAGIC = (
    (b"{\\rtf", "an RTF document", _DOCX),
    (b"\x89PNG", "a picture (PNG)", _OCR),
    (b"\xff\xd8\xff", "a picture (JPEG)", _OCR),
    (b"GIF8", "a picture (GIF)", _OCR),
    (b"II*\x00", "a picture (TIFF)", _OCR),
    (b"MM\x00*", "a picture (TIFF)", _OCR),
    (b"\x00\x00\x00\x0cjP  ", "a picture (JPEG 2000)", _OCR),
    (b"8BPS\x00", "a picture (Photoshop)", _OCR),
    (b"\xd7\xcd\xc6\x9a", "a picture (WMF)", _OCR),
    (b"AT&TFORM", "a scan (DjVu)", _OCR),
    (b"CAJ\x00", "a document of CNKI (CAJ)", _PRINT),
    (b"HN\x00\x00", "a document of CNKI (CAJ)", _PRINT),
    (b"KDH \x00", "a document of CNKI (KDH)", _PRINT),
    (b"Founder CEB", "a document of Founder (CEB)", _PRINT),
    (b"ITSF", "a help book (CHM)", "Copy its text into a .txt file"),
    (b"bplist0", "a web archive of Safari or another property list", "Save the page as HTML, or copy its text into a .txt file"),
    (b"Rar!\x1a", "an archive (RAR)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", _UNPACK),
    (b"\x1f\x8b", "an archive (gzip)", _UNPACK),
    (b"BZh", "an archive (bzip2)", _UNPACK),
    (b"\xfd7zXZ", "an archive (xz)", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "an archive (zstd)", _UNPACK),
    (b"MSCF\x00", "an archive (CAB)", _UNPACK),
    (b"\x00\x05\x16\x07", "the side file of macOS (AppleDouble)", "Read the file it belongs to"),
    (b"%!PS", "a PostScript file", "Convert it to PDF"),
    (b"\x7fELF", "a program", _OUT),
    (b"\xcf\xfa\xed\xfe", "a program", _OUT),
    (b"\xca\xfe\xba\xbe", "a program", _OUT),
    (b"L\x00\x00\x00\x01\x14\x02", "a shortcut of Windows (link)", "Copy the file that it points to"),
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
    ("fixeddocseq.fdseq", "an XPS document", "Print it to PDF"),
    ("visio/document.xml", "a drawing (Visio)", "Copy its text into a .docx or .txt file"),
    ("index/document.iwa", "a document of Apple (Pages, Numbers, Keynote)", "Export it from there as .docx, or a table as .xlsx"),
    ("OFD.xml", "an OFD document (.ofd)", "Open it in an OFD reader (数科, 福昕) and convert it to .docx or PDF"),
)
_IN_OLE = (
    ("HwpSummaryInformation", "a Hangul document (.hwp)", _DOCX),
    ("__nameid_version1.0", "an e-mail of Outlook (.msg)", "Save its text or its attachment as a file of its own"),
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
    if b"%PDF-" in head[:1024] and (head.lstrip().startswith(b"%PDF-") or source.lower().endswith(".pdf") or b" obj" in head):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_type(file, source)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole_error(file, source)
    if head.startswith(b"MZ") and b"\x00" in head[:64]:
        raise FormatError(source, "this is a program", f"{_OUT}.")
    if head[257:262] == b"ustar":
        raise FormatError(source, "this is an archive (tar)", f"{_UNPACK}.")
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
    if _is_json(text):
        raise FormatError(
            source, "this is JSON", "Where it holds flat objects name it .json and use read_table, else take the text out of it."
        )
    if head.lstrip().startswith("<?xml") or _is_xml(text) or suffix in (".xml", ".py", ".js", ".css", ".ipynb", ".bib"):
        raise FormatError(source, "this is no plan (XML, program or data)", "Take it out of the folder, or save its text as .txt.")
    return "md" if suffix in (".md", ".markdown") else "txt"


def _is_json(text: str) -> bool:
    text = text.strip()
    if text[:1] not in ("{", "[") or text[-1:] not in ("}", "]"):
        return False
    for piece in (text, text.partition("\n")[0]):
        with suppress(ValueError, RecursionError):
            return isinstance(json.loads(piece), dict | list)
    return False


def _is_xml(text: str) -> bool:
    """Whether one element that is none of HTML's holds the whole text."""
    root = re.match(r"\s*<([A-Za-z][\w:.-]*)[\s>]", text)
    return root is not None and text.rstrip().endswith(f"</{root[1]}>") and not _OF_HTML.fullmatch(root[1])


def _zip_type(file: IO[bytes], source: str) -> str:
    archive = Archive(file, source=source)
    names = archive.members
    for member, what, way in _IN_ZIP:
        if member.lower() in names:
            raise FormatError(source, f"this is {what}", f"{way}.")
    if "mimetype" in names:
        raise _by_mimetype(archive.read("mimetype") or b"", source)
    if any(n.startswith("word/") for n in names) or "[content_types].xml" in names:
        return "docx"
    raise FormatError(source, "this is a ZIP archive", f"{_UNPACK}.")


def _by_mimetype(said: bytes, source: str) -> FormatError:
    kinds = (
        (b"spreadsheet", "an OpenDocument spreadsheet (.ods)", "Open it in Excel, WPS or LibreOffice and save it as .xlsx"),
        (b"presentation", "an OpenDocument presentation (.odp)", "Copy its text into a .docx or .txt file"),
        (b"epub", "an EPUB book", "Copy the plan in it into a .docx or .txt file"),
    )
    what, way = next(((what, way) for sign, what, way in kinds if sign in said), ("an OpenDocument file (.odt)", _DOCX))
    return FormatError(source, f"this is {what}", f"{way}.")


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
