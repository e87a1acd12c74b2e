"""PDF embeds an OpenType face with cubic outlines wrongly: cut each face down to a figure's characters as TrueType first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from matplotlib import font_manager
from matplotlib.text import Text

_MAXP = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)
_ERROR = 0.5  # largest distance between the outlines, in units of the em (usually 1,000): far below what print shows


def as_truetype(path: str | Path, characters: str, *, number: int = 0) -> TTFont:
    """Cut a face down to some characters, with quadratic outlines.

    Parameters
    ----------
    path : str or Path
        A font file (.otf, .ttf or .ttc).
    characters : str
        The characters to keep; those that the face lacks are passed over.
    number : int
        Which face of a collection.

    Returns
    -------
    fontTools.ttLib.TTFont
        Open; to be saved by the caller.
    """
    # The file's own date is kept, so that the bytes do not depend on the day.
    options = subset.Options(
        hinting=False, notdef_outline=True, name_IDs=["*"], font_number=number, recalc_timestamp=False, recalc_bounds=True
    )
    font = subset.load_font(str(path), options, dontLoadGlyphNames=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    if "CFF " in font or "CFF2" in font:
        _to_quadratic(font)
    return font


def _to_quadratic(font: TTFont) -> None:
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, _ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    for table in ("CFF ", "CFF2", "VORG"):
        if table in font:
            del font[table]
    font["maxp"] = maxp = newTable("maxp")
    maxp.tableVersion = 0x00010000
    for field in _MAXP:
        setattr(maxp, field, 0)
    maxp.maxZones, maxp.numGlyphs = 1, len(order)
    font["post"].formatType, font["post"].extraNames, font["post"].mapping, font["post"].glyphOrder = 2.0, [], {}, order
    font.sfntVersion = "\x00\x01\x00\x00"
    font["glyf"].compile(font)  # fills in the bounding boxes that maxp and head are computed from
    maxp.recalc(font)


@contextmanager
def embeddable(texts: Iterable[Text]) -> Iterator[None]:
    """Let texts be drawn with TrueType copies of their faces, cut down to the characters in them; afterwards all is as before."""
    texts = list(texts)
    characters = "".join(sorted({c for text in texts for c in text.get_text()} | set(" 0123456789.-−")))
    before = [(text, text.get_fontfamily()) for text in texts]
    cubic = {name: path for name in sorted({n for _, names in before for n in names}) if (path := _file(name)) and _is_cubic(path)}
    manager = font_manager.fontManager
    with tempfile.TemporaryDirectory() as folder, mpl.rc_context({"pdf.fonttype": 42}):
        renamed = {name: _cut(name, cubic[name], characters, Path(folder) / f"{at}.ttf") for at, name in enumerate(cubic)}
        try:
            for text, names in before:
                text.set_fontfamily([renamed.get(name, name) for name in names])
            yield
        finally:
            for text, names in before:
                text.set_fontfamily(names)
            manager.ttflist[:] = [entry for entry in manager.ttflist if entry.name not in renamed.values()]


def _file(family: str) -> font_manager.FontPath | None:
    try:
        return font_manager.findfont(font_manager.FontProperties(family=family), fallback_to_default=False)
    except ValueError:
        return None


def _is_cubic(path: font_manager.FontPath) -> bool:
    with TTFont(str(path), fontNumber=path.face_index, lazy=True) as font:
        return "glyf" not in font


def _cut(family: str, source: font_manager.FontPath, characters: str, path: Path) -> str:
    """Write the cut face and make it known under a name of its own, which is given back."""
    with as_truetype(str(source), characters, number=source.face_index) as font:
        font.save(path)
    manager = font_manager.fontManager
    manager.addfont(path)
    name = f"{family} TrueType {path.parent.name}"
    # A face may be entered under several of its names.
    manager.ttflist[:] = [replace(entry, name=name) if entry.fname == str(path) else entry for entry in manager.ttflist]
    return name
