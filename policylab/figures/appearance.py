"""How figures look: sizes for print, colours that all can tell apart and that stay apart in grey, Chinese type."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import matplotlib as mpl
from cycler import cycler

from policylab.errors import ArgumentError
from policylab.figures.fonts import font_families

SALT = "policylab"  # fixes the ids inside SVG files, and tells that the style is on
INK, QUIET, PALE = "#1a1a1a", "#6b6b6b", "#d9d9d9"
# Okabe & Ito (2008), in an order in which neighbours differ in lightness too.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#3B3B3B", "#56B4E9", "#D55E00", "#B8A800")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
SEQUENTIAL = "YlGnBu"  # its lightness falls all the way, so it can be read in grey
_PRINT = (40.0, 400.0)
_KEPT = (
    "backend",
    "interactive",
    "toolbar",
    "webagg",
    "tk.",
    "macosx",
    "timezone",
    "docstring",
    "date.epoch",
    "figure.max_open",
    "figure.raise",
)

_CONSTANT: dict[str, Any] = {
    # The faces have one weight: anything bold would quietly come out regular.
    "axes.titleweight": "normal",
    "axes.labelweight": "normal",
    "figure.titleweight": "normal",
    "axes.titlelocation": "left",
    "axes.unicode_minus": True,
    "axes.prop_cycle": cycler(color=COLOURS),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "grid.color": PALE,
    "grid.linewidth": 0.5,
    "lines.linewidth": 1.2,
    "lines.markersize": 4.0,
    "patch.linewidth": 0.5,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "legend.borderaxespad": 0.2,
    "image.cmap": SEQUENTIAL,
    "figure.dpi": 150,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 300,
    "savefig.bbox": None,
    "svg.hashsalt": SALT,
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}


class style:  # noqa: N801 - used like a function: `style()` or `with style():`
    """Set how figures look: from here on, or within a ``with`` block.

    Every ``plot_*`` function draws in this style by itself; call it to choose another width or face, or for figures of your own.

    Parameters
    ----------
    width : float
        Width of new figures in millimetres: 160 for a whole page, 80 for a column (40–400).
    face : {"sans", "serif"}
        Sans (黑体-like) or serif (宋体-like).

    Raises
    ------
    ArgumentError
        If a value is not allowed.
    FontError
        If no typeface with Chinese characters is at hand.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> before = mpl.rcParams["font.size"]
    >>> with style(width=80, face="serif"):
    ...     mpl.rcParams["font.size"]
    7.0
    >>> mpl.rcParams["font.size"] == before
    True
    """

    def __init__(self, *, width: float = 160, face: str = "sans"):
        if isinstance(width, bool) or not isinstance(width, int | float) or not _PRINT[0] <= width <= _PRINT[1]:
            raise ArgumentError(f"width={width!r} is no width of a figure; give millimetres from 40 to 400, such as 80 or 160.")
        chosen: Any = _settings(float(width), font_families(face))
        self._before = {key: value for key, value in mpl.rcParams.copy().items() if not key.startswith(_KEPT)}
        mpl.rcParams.update({key: value for key, value in mpl.rcParamsDefault.items() if key in self._before})
        mpl.rcParams.update(chosen)

    def __enter__(self) -> style:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        mpl.rcParams.update(self._before)


def is_on() -> bool:
    """Whether the style is on."""
    return mpl.rcParams["svg.hashsalt"] == SALT


def _settings(width: float, families: list[str]) -> dict[str, Any]:
    size = 7.0 if width < 120 else 8.0
    return {
        **_CONSTANT,
        # `font.family` falls back glyph by glyph; the generic lists serve callers that ask for "sans-serif", as networkx does.
        "font.family": families,
        "font.sans-serif": families,
        "font.serif": families,
        "font.size": size,
        "axes.titlesize": size + 1,
        "axes.labelsize": size,
        "xtick.labelsize": size - 0.5,
        "ytick.labelsize": size - 0.5,
        "legend.fontsize": size - 0.5,
        "figure.titlesize": size + 1,
        "figure.figsize": (width / 25.4, width / 25.4 * 0.6),
    }
