"""Run as a program of its own: reads a PDF with pypdfium2 and prints its pages as JSON.

The library may abort the whole process on a hostile file, so it runs here, under limits on memory and processor time, and never in the
process of the user. Nothing of policylab is imported.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import sys
from collections.abc import Iterator
from typing import Any

MEMORY, SECONDS, SECONDS_A_PAGE = 512 * 2**20, 6, 0.2
MAX_PAGES, MAX_CHARS, MAX_OBJECTS, MAX_RULES, MAX_NOTES = 3000, 4_000_000, 20_000, 4000, 5000


def limit(seconds: int) -> None:
    """Hold memory and processor time of this process down, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock has to do
        return
    for kind, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        try:
            resource.setrlimit(kind, (value if hard < 0 else min(value, hard), hard))
        except (ValueError, OSError):
            continue


def read(path: str, fonts: str) -> dict[str, Any]:
    """Give ``{"pages": [...]}`` or ``{"error": "password" | "format" | "size"}``.

    Characters whose font is neither in the file nor on the machine have no size, and the library drops them: so it is given `fonts`.
    """
    import pypdfium2_raw as pdfium

    folders = (ctypes.c_char_p * 2)(os.fsencode(fonts) or None, None)
    config = pdfium.FPDF_LIBRARY_CONFIG(version=2)
    if fonts:
        config.m_pUserFontPaths = ctypes.cast(folders, type(config.m_pUserFontPaths))
    pdfium.FPDF_InitLibraryWithConfig(config)
    document = pdfium.FPDF_LoadDocument(os.fsencode(path), None)
    if not document:
        code = pdfium.FPDF_GetLastError()
        return {"error": "password" if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY) else "format"}
    n = pdfium.FPDF_GetPageCount(document)
    if n > MAX_PAGES:
        return {"error": "size", "found": f"{n:,} pages; the limit is {MAX_PAGES:,}"}
    limit(min(120, int(SECONDS + SECONDS_A_PAGE * n)))
    pages: list[dict[str, Any]] = []
    chars = 0
    for i in range(n):
        pages.append(page(pdfium, document, i))
        chars += pages[-1]["chars"]
        if chars > MAX_CHARS:
            return {"error": "size", "found": f"more than {MAX_CHARS:,} characters"}
    return {"pages": pages}


def page(pdfium: Any, document: Any, index: int) -> dict[str, Any]:
    """Give a page's size, its runs of text (left, bottom, right, top, text), rules and pictures, all as it is shown."""
    handle = pdfium.FPDF_LoadPage(document, index)
    if not handle:
        return {"broken": True, "chars": 0, "runs": []}
    text = pdfium.FPDFText_LoadPage(handle)
    turn = Turn(pdfium.FPDFPage_GetRotation(handle), *shown_box(pdfium, handle)).on(quarters_of(pdfium, text))
    gathered = runs(pdfium, text, turn)
    shapes = objects(pdfium, handle, turn) | {"notes": notes(pdfium, handle)}
    pdfium.FPDFText_ClosePage(text)
    pdfium.FPDF_ClosePage(handle)
    return {"width": turn.width, "height": turn.height, **gathered, **shapes}


def shown_box(pdfium: Any, handle: Any) -> tuple[float, float, float, float]:
    """Give the part of a page that is shown: its width and height as shown, and its corner."""
    box = pdfium.FS_RECTF()
    corner = (box.left, box.bottom) if pdfium.FPDF_GetPageBoundingBox(handle, box) else (0.0, 0.0)
    return pdfium.FPDF_GetPageWidthF(handle), pdfium.FPDF_GetPageHeightF(handle), *corner


def quarters_of(pdfium: Any, text: Any) -> int:
    """Tell by how many quarters most characters of a page are turned against it: tables are often set along the page."""
    n = max(0, pdfium.FPDFText_CountChars(text))
    found = [0, 0, 0, 0]
    matrix = pdfium.FS_MATRIX()
    for i in range(0, n, max(1, n // 300)):
        if pdfium.FPDFText_IsGenerated(text, i) == 1 or not pdfium.FPDFText_GetMatrix(text, i, matrix) or mirrored(matrix):
            continue
        found[round(math.degrees(pdfium.FPDFText_GetCharAngle(text, i)) / 90) % 4] += 1
    most = found.index(max(found))
    return -most % 4


def mirrored(matrix: Any) -> bool:
    """Tell whether a character is shown as in a mirror."""
    return matrix.a * matrix.d - matrix.b * matrix.c < 0


class Turn:
    """Maps points of a page to where they are shown when it is turned by quarters."""

    def __init__(self, quarters: int, width: float, height: float, left: float, bottom: float):
        self.quarters, self.width, self.height, self.left, self.bottom = quarters % 4, width, height, left, bottom

    def on(self, upright: int) -> Turn:
        """Give the turn after which characters stand upright that need this many quarters in all."""
        odd = (upright - self.quarters) % 2 == 1
        size = (self.height, self.width) if odd else (self.width, self.height)
        return Turn(upright, *size, self.left, self.bottom)

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Turn a box."""
        (a, b), (c, d) = self.point(left, bottom), self.point(right, top)
        return min(a, c), min(b, d), max(a, c), max(b, d)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Turn a point; `width` and `height` are those of the page as shown."""
        x, y = x - self.left, y - self.bottom
        if self.quarters == 1:
            return y, self.height - x
        if self.quarters == 2:
            return self.width - x, self.height - y
        return (self.width - y, x) if self.quarters == 3 else (x, y)


def runs(pdfium: Any, text: Any, turn: Turn) -> dict[str, Any]:
    """Gather characters that follow each other on a line; those without a meaning and invisible ones are counted."""
    found: list[list[Any]] = []
    count = {"chars": 0, "unmapped": 0, "invisible": 0, "outside": 0}
    last = (0.0, 0.0, (False, False))
    for box, base, slant, character, invisible in characters(pdfium, text, turn):
        if not (-1 <= (box[0] + box[2]) / 2 <= turn.width + 1 and -1 <= (box[1] + box[3]) / 2 <= turn.height + 1):
            count["outside"] += 1
            continue
        count["chars"] += 1
        count["unmapped"] += character == "\ufffd"
        count["invisible"] += invisible
        height, gap = max(box[3] - box[1], 1.0), box[0] - last[1]
        near = abs(base - last[0]) < 0.25 * height and -0.6 * height < gap < 0.5 * height
        if found and (slant, invisible) == last[2] and (near or (slant and len(found[-1][4]) < 200)):
            run = found[-1]
            run[1], run[2], run[3] = min(run[1], box[1]), max(run[2], box[2]), max(run[3], box[3])
            word = not slant and gap > 0.2 * height and max(character, run[4][-1]) < "\u2e80" and " " not in (character, run[4][-1])
            run[4] += " " + character if word else character
        else:
            found.append([*box, character, slant, invisible])
        last = (base, box[2], (slant, invisible))
    return {"runs": [[*(round(v, 2) for v in run[:4]), paired(run[4]), *run[5:]] for run in found], **count}


def characters(pdfium: Any, text: Any, turn: Turn) -> Iterator[tuple[tuple[float, float, float, float], float, bool, str, bool]]:
    """Yield each character's box, base line, whether it stands slantwise, what it is (U+FFFD where its font does not say), if invisible."""
    box, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    for i in range(max(0, pdfium.FPDFText_CountChars(text))):
        code = pdfium.FPDFText_GetUnicode(text, i)
        if pdfium.FPDFText_IsGenerated(text, i) == 1 or code in (0xA, 0xD):
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, i, box) or not pdfium.FPDFText_GetCharOrigin(text, i, x, y):
            continue
        unmapped = pdfium.FPDFText_HasUnicodeMapError(text, i) == 1 or code in (0, 0xFFFE, 0xFFFF) or code > 0x10FFFF
        item = pdfium.FPDFText_GetTextObject(text, i)
        invisible = bool(item) and pdfium.FPDFTextObj_GetTextRenderMode(item) in (3, 7)  # neither drawn nor filled
        angle = math.degrees(pdfium.FPDFText_GetCharAngle(text, i)) + 90 * turn.quarters
        left, bottom, right, top = turn.box(box.left, box.bottom, box.right, box.top)
        base = turn.point(x.value, y.value)[1]
        reversed_ = False
        if pdfium.FPDFText_GetMatrix(text, i, matrix):  # fonts may claim any height: go by the size of the type
            size = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
            bottom, top = base - 0.15 * size, base + 0.85 * size
            reversed_ = mirrored(matrix)
        yield (left, bottom, right, top), base, reversed_ or 8 < angle % 360 < 352, "\ufffd" if unmapped else chr(code), invisible


def paired(text: str) -> str:
    """Put surrogate halves together, as systems with 16-bit characters give them."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def objects(pdfium: Any, handle: Any, turn: Turn) -> dict[str, Any]:
    """Gather thin strokes that may be a table's rules, the share of the page that its largest picture covers, and how much is drawn."""
    corners = [ctypes.c_float() for _ in range(4)]
    rules: list[list[float]] = []
    picture, drawn = 0.0, 0
    for i in range(min(MAX_OBJECTS, pdfium.FPDFPage_CountObjects(handle))):
        item = pdfium.FPDFPage_GetObject(handle, i)
        kind = pdfium.FPDFPageObj_GetType(item)
        drawn += 1
        if kind == pdfium.FPDF_PAGEOBJ_TEXT or not pdfium.FPDFPageObj_GetBounds(item, *corners):
            continue
        left, bottom, right, top = turn.box(*(c.value for c in corners))
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE or kind == pdfium.FPDF_PAGEOBJ_FORM:
            picture = max(picture, (right - left) * (top - bottom) / max(1.0, turn.width * turn.height))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and len(rules) < MAX_RULES:
            rules.extend(edges(left, bottom, right, top))
    return {"rules": rules, "picture": round(picture, 3), "drawn": drawn}


def notes(pdfium: Any, handle: Any) -> int:
    """Count the fields of a form and the texts laid over a page that hold something: they are no part of its text."""
    found = 0
    for i in range(min(MAX_NOTES, pdfium.FPDFPage_GetAnnotCount(handle))):
        note = pdfium.FPDFPage_GetAnnot(handle, i)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        key = {pdfium.FPDF_ANNOT_WIDGET: b"V", pdfium.FPDF_ANNOT_FREETEXT: b"Contents"}.get(kind)
        found += key is not None and pdfium.FPDFAnnot_GetStringValue(note, key, None, 0) > 2
        pdfium.FPDFPage_CloseAnnot(note)
    return found


def edges(left: float, bottom: float, right: float, top: float) -> list[list[float]]:
    """Give a thin path as one rule, a box as its four edges."""
    wide, high = right - left, top - bottom
    if min(wide, high) < 3:
        return [[left, bottom, right, top]] if max(wide, high) > 6 else []
    return [[left, bottom, right, bottom], [left, top, right, top], [left, bottom, left, top], [right, bottom, right, top]]


def main() -> None:
    """Print what is in the file named on the command line, which also says where pypdfium2 and Chinese fonts lie."""
    limit(SECONDS)
    sys.path.append(sys.argv[2])
    try:
        answer = read(sys.argv[1], sys.argv[3])
    except MemoryError:
        answer = {"error": "memory"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
