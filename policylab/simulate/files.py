"""Plans as files: plain text and Word, the same bytes at every run."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_OFFICE = "http://schemas.openxmlformats.org"
_WORD = f"{_OFFICE}/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'{_HEAD}<Types xmlns="{_OFFICE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_LINKS = (
    f'{_HEAD}<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def write_text(path: Path, lines: list[str], *, crlf: bool = False) -> None:
    """Write lines as UTF-8; with `crlf` as Windows' Notepad does (byte order mark, CR LF)."""
    end = "\r\n" if crlf else "\n"
    path.write_bytes("".join(line + end for line in lines).encode("utf-8-sig" if crlf else "utf-8"))


def write_docx(path: Path, lines: list[str], *, headings: set[int]) -> None:
    """Write lines as paragraphs of a Word file; parts are stored uncompressed with a fixed date, so that its bytes never change."""
    body = "".join(_paragraph(line, bold=i in headings, centred=i == min(headings)) for i, line in enumerate(lines))
    document = f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _LINKS), ("word/document.xml", document)):
            archive.writestr(zipfile.ZipInfo(name, _FIRST_DAY), text.encode())


def _paragraph(text: str, *, bold: bool, centred: bool) -> str:
    place = '<w:pPr><w:jc w:val="center"/></w:pPr>' if centred else ""
    face = '<w:rPr><w:rFonts w:eastAsia="FangSong"/>' + ("<w:b/>" if bold else "") + '<w:sz w:val="32"/></w:rPr>'
    return f'<w:p>{place}<w:r>{face}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
