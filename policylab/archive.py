"""Zip archives with XML in them (.docx, .xlsx), opened within limits that are checked before anything is unpacked."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
import zipfile
from typing import IO

from policylab.errors import DamagedFileError, FormatError, UnsafeFileError

MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = 48 * 2**20
MAX_RATIO = 200
MAX_ELEMENTS = 600_000
_RATIO_FROM = 2**20
_AGAIN = "Get the file again: it was probably not downloaded completely."
_FAR_MORE = "No plan is like that; if it is one, open it and save its text as .txt."
_STRICT = "http://purl.oclc.org/ooxml/"
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
}


class Archive:
    """A zip archive whose members are found by name whatever the case, slashes or leading stroke of it.

    Raises
    ------
    DamagedFileError
        If its directory is broken, or a member.
    UnsafeFileError
        If a member unpacks past the limits on size, ratio or XML elements, or its XML declares a document type.
    FormatError
        If it is protected by a password.
    """

    def __init__(self, file: IO[bytes], *, source: str):
        self.source = source
        _check_directory(file, source)
        try:
            file.seek(0)
            self._zip = zipfile.ZipFile(file)
        except Exception as error:  # zipfile raises many kinds on broken directories
            raise DamagedFileError(source, f"the archive is broken ({type(error).__name__})", _AGAIN) from None
        self.members: dict[str, zipfile.ZipInfo] = {}
        self.twice: set[str] = set()
        for info in self._zip.infolist():
            name = info.filename.replace("\\", "/").lstrip("/").lower()
            self.twice.update({name} & self.members.keys())
            self.members[name] = info

    def read(self, name: str) -> bytes | None:
        """Unpack a member, or None where there is none of that name."""
        info = self.members.get(name.lower())
        if info is None:
            return None
        self._check_member(info)
        try:
            with self._zip.open(info) as member:
                data = member.read(info.file_size + 1)
        except Exception as error:  # zlib, zipfile and struct errors alike
            found = f"{info.filename!r} in it cannot be unpacked ({type(error).__name__})"
            raise DamagedFileError(self.source, found, _AGAIN) from None
        if len(data) != info.file_size:
            raise DamagedFileError(self.source, f"{info.filename!r} in it has another size than its directory says", _AGAIN)
        return data

    def xml(self, name: str) -> ET.Element | None:
        """Parse an XML member, or None where there is none; names of the strict standard become those of the usual one."""
        data = self.read(name)
        return None if data is None else parse_xml(data, name=name, source=self.source)

    def _check_member(self, info: zipfile.ZipInfo) -> None:
        if info.filename.replace("\\", "/").lstrip("/").lower() in self.twice:
            raise DamagedFileError(self.source, f"{info.filename!r} is in it twice", "Open it in Word and save it anew.")
        if info.flag_bits & 1:
            raise FormatError(self.source, "it is protected by a password", "Open it with the password and save it without one.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DamagedFileError(self.source, f"{info.filename!r} in it is packed in an unusual way", "Open it in Word and save it anew.")
        ratio = info.file_size / max(1, info.compress_size)
        if info.file_size > MAX_MEMBER_BYTES or (info.file_size > _RATIO_FROM and ratio > MAX_RATIO):
            found = f"{info.filename!r} in it would unpack from {info.compress_size:,} to {info.file_size:,} bytes"
            raise UnsafeFileError(self.source, found, _FAR_MORE)


def parse_xml(data: bytes, *, name: str, source: str) -> ET.Element:
    """Parse XML that declares no document type, has no more elements than a long report."""
    text = _xml_text(data, name, source)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnsafeFileError(source, f"{name!r} in it declares a document type, which Word never does", "Do not open it; ask who made it.")
    if text.count("<") - text.count("</") > MAX_ELEMENTS:
        raise UnsafeFileError(source, f"{name!r} in it has more than {MAX_ELEMENTS:,} XML elements", _FAR_MORE)
    if _STRICT in text:
        text = text.replace(f"{_STRICT}wordprocessingml/main", "http://schemas.openxmlformats.org/wordprocessingml/2006/main")
        text = text.replace(f"{_STRICT}spreadsheetml/main", "http://schemas.openxmlformats.org/spreadsheetml/2006/main")
        text = text.replace(f"{_STRICT}drawingml/main", "http://schemas.openxmlformats.org/drawingml/2006/main")
        text = text.replace(f"{_STRICT}officeDocument/", "http://schemas.openxmlformats.org/officeDocument/2006/")
    try:
        return ET.fromstring(text)  # noqa: S314 (entities were refused above)
    except ET.ParseError as error:
        raise DamagedFileError(source, f"{name!r} in it is no well-formed XML ({error})", _AGAIN) from None


def _xml_text(data: bytes, name: str, source: str) -> str:
    """Decode XML by its mark or declaration, strictly, and take the declaration away."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codec = "utf-16"
    elif data[:4] in (b"<\0?\0", b"\0<\0?"):
        codec = "utf-16-le" if data[0] else "utf-16-be"
    else:
        declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf").lstrip())
        said = declared[1].decode().lower() if declared else "utf-8"
        if said not in _CODECS:
            raise DamagedFileError(
                source, f"{name!r} in it says that it is {said}, which Word never writes", "Open it in Word and save it anew."
            )
        codec = _CODECS[said]
    try:
        text = data.decode(codec).lstrip("\ufeff \t\r\n")
    except UnicodeDecodeError as error:
        found = f"{name!r} in it is no {codec} text (byte at offset {error.start})"
        raise DamagedFileError(source, found, "Open it in Word and save it anew.") from None
    return text.partition("?>")[2] if text.startswith("<?xml") else text


def _check_directory(file: IO[bytes], source: str) -> None:
    """Look at the size of the directory before zipfile makes an object for each of its entries."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_600))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise DamagedFileError(source, "the archive is broken: its directory is missing", _AGAIN)
    n_members, n_bytes = struct.unpack("<HI", tail[at + 10 : at + 16])
    if tail[at - 20 : at - 16] == b"PK\x06\x07":
        record = tail.rfind(b"PK\x06\x06", 0, at)
        if record < 0 or at - record < 56:
            raise DamagedFileError(source, "the archive is broken: its directory is missing", _AGAIN)
        n_members, n_bytes = struct.unpack("<QQ", tail[record + 32 : record + 48])
    if n_members > MAX_MEMBERS or n_bytes > 400 * MAX_MEMBERS:
        raise UnsafeFileError(source, f"the archive lists {n_members:,} members; the limit is {MAX_MEMBERS:,}", _FAR_MORE)
