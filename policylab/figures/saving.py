"""Write figures: the same bytes from run to run, no glyph missing, and a run record beside each."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text

from policylab.errors import ArgumentError, FontError
from policylab.figures.appearance import SALT
from policylab.figures.embedding import embeddable
from policylab.figures.fonts import font_families
from policylab.provenance import run_record, write_record

_UNDATED: dict[str, dict[str, None]] = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
_GENERIC = {"sans-serif": "sans", "sans serif": "sans", "sans": "sans", "serif": "serif"}


def save_figure(
    figure: Figure | Axes,
    path: str | Path,
    *,
    sources: pd.DataFrame | None = None,
    settings: Mapping[str, Any] | None = None,
    seed: int | None = None,
    dpi: int = 300,
) -> Path:
    """Write a figure as .png, .svg or .pdf, and beside it, as ``path`` and ``.json``, the run record that says what it was made from.

    The same figure gives the same bytes in every run. In a PDF the letters are text: they can be searched and copied.

    Parameters
    ----------
    figure : Figure or Axes
        What a `plot_*` function gave, or any figure of matplotlib.
    path : str or Path
        Where to; the suffix says which format. Folders that are missing are made.
    sources : DataFrame, optional
        The documents frame (`Plans.documents`): the sha256 of every source file goes into the record.
    settings : mapping, optional
        The settings that made the result, such as `counts.settings` or `topics.settings`.
    seed : int, optional
        The seed.
    dpi : int
        Dots per inch of a .png (50–1200).

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    ArgumentError
        If the suffix or `dpi` is not allowed, or `figure` is no figure.
    FontError
        If a character has no glyph in the faces it is set in; nothing is written then.

    Examples
    --------
    >>> import tempfile
    >>> from policylab.figures import style
    >>> with style(width=80), tempfile.TemporaryDirectory() as folder:
    ...     figure = Figure()
    ...     _ = figure.subplots().set_title("虚构示例")
    ...     _ = save_figure(figure, f"{folder}/one.svg")
    ...     sorted(p.name for p in Path(folder).iterdir())
    ['one.svg', 'one.svg.json']
    """
    path, figure = Path(path), _figure(figure)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in _UNDATED:
        raise ArgumentError(f"path={path.name!r}: {path.suffix or 'no suffix'} is no format of figures here; end it in .png, .svg or .pdf.")
    if isinstance(dpi, bool) or not isinstance(dpi, int) or not 50 <= dpi <= 1200:
        raise ArgumentError(f"dpi={dpi!r} is not allowed; give a whole number from 50 to 1200.")
    with mpl.rc_context({"svg.hashsalt": SALT, "savefig.bbox": None}), _laid_out(figure), _families_spelt_out(figure):
        _refuse_missing_glyphs(figure)
        content = _rendered(figure, kind, dpi)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    write_record(run_record(settings, sources=sources, seed=seed), path)
    return path


def _figure(given: Figure | Axes) -> Figure:
    first = given.ravel()[0] if isinstance(given, np.ndarray) and given.size else given
    if isinstance(first, Axes):
        first = first.get_figure(root=True)
    if not isinstance(first, Figure):
        raise ArgumentError(f"figure is a {type(given).__name__}; give a matplotlib Figure, or the Axes that a plot_ function gave.")
    return first


def _rendered(figure: Figure, kind: str, dpi: int) -> bytes:
    buffer = io.BytesIO()
    with ExitStack() as stack:
        if kind == "pdf":
            stack.enter_context(embeddable(_texts(figure)))
        figure.savefig(buffer, format=kind, dpi=dpi, metadata=_UNDATED[kind])
    return buffer.getvalue()


def _texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if isinstance(text, Text)]


@contextmanager
def _laid_out(figure: Figure) -> Iterator[None]:
    """Lay the figure out from the same start each time and hold it so: every drawing moves a layout a little, so does every format."""
    engine = figure.get_layout_engine()
    for ax in (ax for ax in figure.axes if isinstance(engine, ConstrainedLayoutEngine) and ax.get_in_layout()):
        if (spec := ax.get_subplotspec()) is not None:
            ax.set_subplotspec(spec)
        elif ax.get_label() == "<colorbar>":
            ax.set_position((0.9, 0.1, 0.02, 0.8))
            ax.set_in_layout(True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph ")  # what is missing becomes an error of our own
        for _ in range(3):
            figure.draw_without_rendering()
    figure.set_layout_engine("none")
    try:
        yield
    finally:
        if engine is not None:
            figure.set_layout_engine(engine)


@contextmanager
def _families_spelt_out(figure: Figure) -> Iterator[None]:
    """Replace "sans-serif" and "serif" by the faces meant: generic names look for a missing glyph in no second face."""
    before = [(text, text.get_fontfamily()) for text in _texts(figure)]
    try:
        for text, names in before:
            if any(name in _GENERIC for name in names):
                spelt = [own for name in names for own in (font_families(_GENERIC[name]) if name in _GENERIC else [name])]
                text.set_fontfamily(list(dict.fromkeys(spelt)))
        yield
    finally:
        for text, names in before:
            text.set_fontfamily(names)


def _refuse_missing_glyphs(figure: Figure) -> None:
    for text in _texts(figure):
        if not text.get_visible() or not text.get_text().strip():
            continue
        missing = _missing(text)
        if missing:
            names = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing)
            raise FontError(
                f"the text {text.get_text()[:40]!r} would be printed with empty boxes: {names} has no glyph in {_faces(text)}. "
                "Draw within `with style():`, or write the text without it."
            )
        if _loses_weight(text):
            warnings.warn(
                f"the text {text.get_text()[:40]!r} asks for bold, but {_faces(text)} has one weight and it will look regular; "
                "emphasise by size or colour.",
                UserWarning,
                stacklevel=3,
            )


def _faces(text: Text) -> str:
    return ", ".join(text.get_fontfamily())


def _missing(text: Text) -> list[str]:
    """Characters of a text that none of its faces has."""
    if text.get_parse_math() and is_math_text(text.get_text()):
        return _missing_in_formula(text)
    fonts = [font_manager.get_font(path) for path in _paths(text)]
    return sorted({c for c in text.get_text() if c not in "\r\n" and not any(font.get_char_index(ord(c)) for font in fonts)})


def _paths(text: Text) -> list[font_manager.FontPath]:
    found = []
    for name in text.get_fontfamily():
        one = text.get_fontproperties().copy()
        one.set_family(name)
        with suppress(ValueError):
            found.append(font_manager.findfont(one, fallback_to_default=False))
    return found or [font_manager.findfont(text.get_fontproperties())]


def _missing_in_formula(text: Text) -> list[str]:
    """Inside ``$…$`` matplotlib only logs what is missing, and only the first time: ask a fresh parser."""
    found: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: found.append(chr(record.args[2]))  # type: ignore[method-assign,index,arg-type]
    logger = logging.getLogger("matplotlib.mathtext")
    before = logger.level, logger.propagate
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        MathTextParser("path").parse(text.get_text(), 72, text.get_fontproperties())
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]
    return sorted(set(found))


def _loses_weight(text: Text) -> bool:
    path = _paths(text)[0]
    heaviest = max((_weight(entry.weight) for entry in font_manager.fontManager.ttflist if entry.fname == str(path)), default=900)
    return heaviest < 600 <= _weight(text.get_fontweight())


def _weight(value: str | int) -> int:
    return font_manager.weight_dict.get(value, 400) if isinstance(value, str) else value
