"""PDF files: read in a child process with limits, lines put in reading order; what has no text is reported, never guessed."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from policylab.errors import DamagedFileError, EmptyFileError, EncodingError, FormatError, MissingExtraError, ReadError, UnsafeFileError
from policylab.plans.characters import commonness, count_han
from policylab.plans.pdf_layout import Page, PageLine, Run, page_lines
from policylab.plans.pdf_paragraphs import join_wrapped, mark_furniture
from policylab.plans.pdf_vertical import lying, stands_in_columns
from policylab.plans.raw import Line, Problem, RawDocument

SECONDS = 150
_CHILD = Path(__file__).with_name("pdf_child.py")
_OCR = "Recognise its text (OCR), check it, and save it as .txt or .docx."
_AGAIN = "Get the file again, or open it and print it to a new PDF."
_TABLE = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MUCH_SLANTED, _MOST_BYTES = 30, 32 * 2**20
_PAGE_OBJECT = re.compile(rb"(\d{1,8})\s+\d{1,5}\s+obj\s*<<[^>]{0,300}?/Type\s*/Page(?![A-Za-z])")
_XREF = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")


def read_pdf(path: Path, *, source: str, sha256: str) -> RawDocument:
    """Read a PDF: paragraphs in reading order, rows of ruled tables, page numbers and running heads as furniture.

    `Line.no` is page × 1000 + the line on that page.

    Returns
    -------
    RawDocument
        `problems` has the codes `repaired`, `truncated`, `pages-lost`, `page-without-text`, `unmapped-font`, `recognised-text`,
        `hidden-text`, `not-read`, `turned-text`, `vertical-text` and `columns`.

    Raises
    ------
    ReadError
        `FormatError` for a password, `EmptyFileError` for a scan, `EncodingError` for fonts without a Unicode map, `UnsafeFileError`
        past the limits on time and memory, `DamagedFileError` for what the library cannot open.
    """
    pages = _run_child(path, source)
    if not any(page["chars"] for page in pages):
        drawn = sum(bool(page.get("drawn")) for page in pages)
        found = f"none of its {len(pages)} pages has text, {drawn} hold pictures or drawings: it looks like a scan"
        raise EmptyFileError(source, found if drawn else "its pages are empty", _OCR if drawn else "Check the file.")
    _refuse_unreadable(pages, source)
    read: list[PageLine] = []
    problems = [*_file_problems(path), *_lost_pages(path, len(pages)), *_page_problems(pages)]
    for number, page in enumerate(pages, start=1):
        layout = _page(number, page)
        if stands_in_columns(layout.runs):
            layout = lying(layout)
            found = f"page {number} is set in vertical lines, read from right to left"
            problems.append(
                Problem("vertical-text", "warning", found, "Look whether its lines come in the right order.", number * 1000 + 1)
            )
        lines, columns = page_lines(layout)
        for n, line in enumerate(lines, start=1):
            line.no = number * 1000 + min(n, 999)
        read += lines
        if columns > 1:
            found = f"page {number} is read as two columns"
            problems.append(Problem("columns", "warning", found, "Look whether its lines come in the right order.", number * 1000 + 1))
    mark_furniture(read, {number: page["height"] for number, page in enumerate(pages, start=1) if page["chars"]})
    joined = tuple(Line(line.no, line.text, line.role) for line in join_wrapped(read))
    return RawDocument(source, "pdf", "utf-8", sha256, joined, tuple(problems))


def _page(number: int, page: dict[str, Any]) -> Page:
    shown = [run for run in page["runs"] if not run[6] or not _hides(page)]
    upright = [Run(*run[:5]) for run in shown if not run[5]]
    slanted = [run[4] for run in shown if run[5]]
    return Page(number, page.get("width", 0), page.get("height", 0), upright, slanted, page.get("rules", []))


def _hides(page: dict[str, Any]) -> bool:
    """Whether a page hides some of its text: not where all of it is invisible, as over a scan."""
    return page["picture"] <= 0.5 and 0 < page["invisible"] < 0.9 * page["chars"]


def _run_child(path: Path, source: str) -> list[dict[str, Any]]:
    """Read the file in a child, so that whatever breaks there leaves this process alone."""
    library, fonts = _folder("pypdfium2_raw"), _folder("mplfonts")
    if library is None:
        raise MissingExtraError("reading PDF files needs pypdfium2; install it with `pip install pypdfium2`.")
    places = (_CHILD, path.absolute(), library.parent, fonts / "fonts" if fonts else "")
    command = [sys.executable, "-P", *(os.fspath(place) for place in places)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise UnsafeFileError(source, f"reading it took more than {SECONDS} seconds", _AGAIN) from None
    except OSError as error:
        raise DamagedFileError(
            source, f"the program that reads PDF files cannot be started ({error.strerror})", "Free some memory."
        ) from None
    answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"error": "broken", "found": _how_it_ended(done)}
    if "error" in answer:
        raise _refusal(answer, source)
    return answer["pages"]


def _folder(package: str) -> Path | None:
    """Give where a package lies, without importing it."""
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent if found is not None and found.origin else None


def _how_it_ended(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode > 0:
        return (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"])[-1][:200]
    if -done.returncode == getattr(signal, "SIGXCPU", None):
        return "it takes too much time"
    return f"it takes too much memory or breaks the library (signal {-done.returncode})"


def _refusal(answer: dict[str, str], source: str) -> ReadError:
    if answer["error"] == "password":
        return FormatError(source, "it is protected by a password", "Open it with the password and print it to a new PDF.")
    if answer["error"] == "format":
        return DamagedFileError(source, "it is cut off or broken, so that no page can be read", _AGAIN)
    return UnsafeFileError(source, answer.get("found", "it takes too much memory"), _AGAIN)


def _file_problems(path: Path) -> list[Problem]:
    """Look at the end of the file, which says where its directory is: the library repairs it without a word."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_536))
        ends = list(_XREF.finditer(file.read().rstrip(b"\0 \t\r\n")[-2048:]))
        if not ends:
            return [Problem("truncated", "warning", "the end of the file is missing: pages may be lost", _AGAIN)]
        file.seek(max(0, size - 65_536))
        tail = file.read()
        if b" obj" in tail[tail.rfind(b"%%EOF") :]:
            return [Problem("truncated", "warning", "the end of the file is missing: a later version of it may be lost", _AGAIN)]
        file.seek(0)
        start = max(0, file.read(1024).find(b"%PDF-"))
        at = int(ends[-1][1])
        file.seek(min(at, size))
        there = file.read(64)
        file.seek(min(at + start, size))
        if _TABLE.match(there) or _TABLE.match(file.read(64)):
            return []
    return [Problem("repaired", "warning", "the file's directory is broken and was rebuilt: pages may be lost", _AGAIN)]


def _lost_pages(path: Path, n_pages: int) -> list[Problem]:
    """Compare the pages that the library counts with those that stand in a file written in one go."""
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES)
    there = len(set(_PAGE_OBJECT.findall(data))) if data.count(b"%%EOF") == 1 else 0
    if there <= n_pages:
        return []
    return [Problem("pages-lost", "warning", f"{there} pages stand in the file, but its table of pages counts {n_pages}", _AGAIN)]


def _refuse_unreadable(pages: list[dict[str, Any]], source: str) -> None:
    """Refuse a file whose fonts do not say which characters they show."""
    n_chars, unmapped = (sum(page.get(key, 0) for page in pages) for key in ("chars", "unmapped"))
    text = "".join(run[4] for page in pages for run in page["runs"])
    private = len(_PRIVATE.findall(text))
    if unmapped + private > 0.3 * n_chars:
        found = f"{unmapped + private:,} of its {n_chars:,} characters come from fonts that do not say what they mean"
    elif count_han(text) >= 100 and commonness(text) < 0.12:
        found = "its fonts give other characters than they show"
    else:
        return
    raise EncodingError(source, found, _OCR)


def _page_problems(pages: list[dict[str, Any]]) -> list[Problem]:
    scans, unmapped, recognised, broken = [], [], [], []
    unseen = [n for n, page in enumerate(pages, start=1) if page.get("outside") or (not page.get("broken") and _hides(page))]
    noted = [n for n, page in enumerate(pages, start=1) if page.get("notes")]
    turned = [n for n, page in enumerate(pages, start=1) if sum(len(run[4]) for run in page["runs"] if run[5]) >= _MUCH_SLANTED]
    for number, page in enumerate(pages, start=1):
        if page.get("broken"):
            broken.append(number)
        elif (page["drawn"] and not page["chars"]) or (page["picture"] > 0.5 and page["chars"] < 30):
            scans.append(number)
        elif page["unmapped"]:
            unmapped.append(number)
        elif page["invisible"] > 0.5 * page["chars"] and not _hides(page):
            recognised.append(number)
    said = (
        (broken, "page-without-text", "cannot be read", _AGAIN),
        (scans, "page-without-text", "shows something but has no text: it looks like a scan", _OCR),
        (unmapped, "unmapped-font", "has characters (shown as \ufffd) from fonts that do not say what they mean", _OCR),
        (noted, "not-read", "has form fields or notes whose text is not read", "Print it to a new PDF, which makes them part of the page."),
        (
            turned,
            "turned-text",
            "has text set slantwise or along the page, which is kept as furniture",
            "Look whether it belongs to the plan.",
        ),
        (
            recognised,
            "recognised-text",
            "has invisible text, as machines recognise it in scans",
            "Check the text against what the page shows.",
        ),
    )
    problems = [
        Problem(code, "warning", f"page {_numbers(found)} {what}", hint, found[0] * 1000 + 1) for found, code, what, hint in said if found
    ]
    if unseen:
        message = f"page {_numbers(unseen)} holds text that it does not show; it is left out"
        problems.append(Problem("hidden-text", "info", message, "", unseen[0] * 1000 + 1))
    return problems


def _numbers(pages: list[int]) -> str:
    return ", ".join(map(str, pages[:20])) + (f" and {len(pages) - 20} more" if len(pages) > 20 else "")
