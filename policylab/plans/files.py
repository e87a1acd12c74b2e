"""From a folder or paths to files, and from a file to its lines: each regular file once, told by content, within limits."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from policylab.errors import ArgumentError, MissingFileError, ReadError, UnsafeFileError
from policylab.opening import open_regular, read_limited, reason
from policylab.plans.decode import decode, split_lines
from policylab.plans.filetype import binary_type, text_type
from policylab.plans.garbled import refuse_armoured
from policylab.plans.normalize import script_problems
from policylab.plans.raw import Line, RawDocument

MAX_TEXT_BYTES = 32 * 2**20
MAX_PLAN_BYTES = 8 * 2**20
MAX_LINES = 150_000
_JUNK = {"readme.md", "readme.txt", "thumbs.db", "desktop.ini", "__macosx", "@eadir", "__pycache__", "icon\r"}


@dataclass(frozen=True)
class Found:
    """A file to read: `source` is its name relative to the folder read (NFC, parts joined by /), `path` where it is opened."""

    source: str
    path: Path


def find_files(
    where: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], *, skip: Iterable[str | os.PathLike[str]] = ()
) -> tuple[list[Found], list[ReadError]]:
    """List the files of a folder, of one path or of several, sorted by source, each once.

    Lock files (``~$``), hidden files and what systems leave behind (``.DS_Store``, ``._name``) are passed over. A link is followed where
    it stays inside the folder and its target is not listed already.

    Parameters
    ----------
    where : path or iterable of paths
        A folder (walked with everything below it), a file, or several of them; sources are relative to what they share.
    skip : iterable of paths
        Files to leave out, such as the metadata table.

    Returns
    -------
    list of Found, list of ReadError
        The files, and what lies among them but may not be read (links that leave the folder, pipes, unreadable folders).

    Raises
    ------
    MissingFileError
        If `where` is one path and does not exist; of several, those that do not are given as refused.
    ArgumentError
        If `where` is no path and no list of paths.
    """
    if isinstance(where, bytes) or not isinstance(where, str | os.PathLike | Iterable):
        raise ArgumentError(f"{where!r} is no path; give the folder that holds your plans, or a list of paths.")
    if isinstance(where, str | os.PathLike):
        root = _existing(where)
        found, refused = _walk(root, "", root) if root.is_dir() else ([Found(shown_name(root.name), root)], [])
    else:
        found, refused, paths = [], [], []
        for given in where:
            try:
                paths.append(_existing(given))
            except MissingFileError as error:
                refused.append(error)
        paths = [p for p in dict.fromkeys(paths) if p.is_dir() or not _is_junk(p.name)]
        base = _common(paths)
        for path in paths:
            name = shown_name(path.relative_to(base).as_posix())
            more, bad = _walk(path, "" if name == "." else f"{name}/", path) if path.is_dir() else ([Found(name, path)], [])
            found, refused = found + more, refused + bad
    left_out = {os.path.realpath(p) for p in skip}
    return _unique([f for f in found if not left_out or os.path.realpath(f.path) not in left_out], refused)


def read_raw(path: str | os.PathLike[str], *, source: str | None = None) -> RawDocument:
    """Read a file into numbered lines of visible text; its type is told by its content, not by its suffix.

    Parameters
    ----------
    path : path
        A regular file.
    source : str
        How to name it in messages; by default its name.

    Raises
    ------
    ReadError
        One of its kinds, naming the file, what was found and what to do.
    """
    path = Path(path)
    source = shown_name(path.name) if source is None else source
    raw = _read(path, source)
    if len(raw.lines) > MAX_LINES:
        found = f"has {len(raw.lines):,} lines; the limit is {MAX_LINES:,}"
        raise UnsafeFileError(source, found, "A plan is far shorter: split it into its documents.")
    return replace(raw, problems=(*raw.problems, *script_problems(raw.lines)))


def _read(path: Path, source: str) -> RawDocument:
    with open_regular(path, source=source) as file:
        head = file.read(4096)
        kind = binary_type(head, file, source=source)
        file.seek(0)
        if kind is None:
            return _read_text(read_limited(file, source=source, limit=MAX_PLAN_BYTES), path.suffix, source)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        if kind == "pdf":
            from policylab.plans.pdf import read_pdf

            return read_pdf(path, source=source, sha256=sha256)
        from policylab.plans.docx import read_docx

        return read_docx(file, source=source, sha256=sha256)


def _read_text(data: bytes, suffix: str, source: str) -> RawDocument:
    decoded = decode(data, source=source)
    kind = text_type(decoded.text, suffix, source=source)
    sha256 = hashlib.sha256(data).hexdigest()
    if kind == "html":
        from policylab.plans.html import read_html

        return read_html(decoded, source=source, sha256=sha256)
    refuse_armoured(decoded.text, source)
    lines = tuple([Line(no, text) for no, text in _numbered(decoded.text)])
    return RawDocument(source, kind, decoded.encoding, sha256, lines, decoded.problems)


def _numbered(text: str) -> Iterable[tuple[int, str]]:
    """Give lines with their number in the file; form feeds and the like split a line but do not count."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    lines = enumerate(plain.removesuffix("\n").split("\n"), start=1)
    if re.search("[\v\f\x85\u2028\u2029]", text) is None:
        return lines
    return ((no, piece) for no, line in lines for piece in split_lines(line) or [""])


def _walk(root: Path, prefix: str, base: Path) -> tuple[list[Found], list[ReadError]]:
    found: list[Found] = []
    refused: list[ReadError] = []
    links: list[tuple[str, str]] = []
    waiting = [(os.fspath(root), prefix)]
    while waiting:
        folder, under = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            refused.append(
                MissingFileError(under or folder, f"folder cannot be listed ({reason(error)})", "Give yourself the right to read it.")
            )
            continue
        for entry in entries:
            name = under + shown_name(entry.name)
            if _is_junk(entry.name):
                continue
            if entry.is_symlink():
                links.append((name, entry.path))
            elif entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{name}/"))
            else:
                found.append(Found(name, Path(entry.path)))
    _follow(sorted(links), os.path.realpath(base), found, refused)
    return found, refused


def _follow(links: list[tuple[str, str]], base: str, found: list[Found], refused: list[ReadError]) -> None:
    """Links to files inside the folder that are not listed under their own name; links to folders inside are walked there."""
    listed = {os.path.realpath(f.path) for f in found} if links else set()
    for name, path in links:
        target = os.path.realpath(path)
        if not Path(target).is_relative_to(base):
            refused.append(UnsafeFileError(name, "is a link that leaves the folder", "Copy what it points to into the folder."))
        elif not os.path.exists(target):  # noqa: PTH110
            refused.append(MissingFileError(name, "is a link to what does not exist", "Remove it, or restore its target."))
        elif not os.path.isdir(target) and target not in listed:  # noqa: PTH112
            listed.add(target)
            found.append(Found(name, Path(path)))


def _unique(found: list[Found], refused: list[ReadError]) -> tuple[list[Found], list[ReadError]]:
    kept: dict[str, Found] = {}
    for file in sorted(found, key=lambda f: (f.source, os.fsencode(f.path))):
        if file.source not in kept:
            kept[file.source] = file
        elif kept[file.source].path != file.path:
            hint = "Rename one of them."
            refused.append(UnsafeFileError(file.source, "two files bear this name, written with different code points", hint))
    return list(kept.values()), sorted(refused, key=lambda e: (e.source, e.found))


def _common(paths: list[Path]) -> Path:
    try:
        return Path(os.path.commonpath([p if p.is_dir() else p.parent for p in paths])) if paths else Path()
    except ValueError:
        raise ArgumentError(f"{paths[0]} and other paths lie on different drives; copy the files into one folder.") from None


def _existing(path: str | os.PathLike[str]) -> Path:
    if not isinstance(path, str | os.PathLike):
        raise ArgumentError(f"{path!r} is no path; give a folder, a file, or a list of them.")
    full = Path(os.path.abspath(path))  # noqa: PTH100
    try:
        full.lstat()
    except (OSError, ValueError) as error:
        raise MissingFileError(
            shown_name(os.fspath(path)), f"does not exist or cannot be reached ({reason(error)})", "Check the path."
        ) from None
    return full


def _is_junk(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _JUNK


def shown_name(name: str) -> str:
    """Give a file name as text in NFC; bytes that are no UTF-8 are read as GB18030, else shown escaped."""
    if not name.isascii():
        raw = os.fsencode(name)
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            try:
                name = raw.decode("gb18030")
            except UnicodeDecodeError:
                name = raw.decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", name)
