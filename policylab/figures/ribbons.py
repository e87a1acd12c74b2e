"""Bands between the columns of an alluvial diagram, and stubs where something begins or ends."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

HALO = [withStroke(linewidth=1.0, foreground="white")]  # keeps crossing bands apart and lets thin ones be seen
_FADES = 14  # parts of a stub


def ribbon(ax: Axes, start: tuple[float, float, float], end: tuple[float, float, float], **look: Any) -> None:
    """Draw a band from x, top and height to x, top and height, level at both ends."""
    (x, left, high), (far, right, deep) = start, end
    mid, a, b = (x + far) / 2, left + high, right + deep
    points = [(x, left), (mid, left), (mid, right), (far, right), (far, b), (mid, b), (mid, a), (x, a), (x, left)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    ax.add_patch(PathPatch(Path(points, codes), path_effects=HALO, **look))


def risen(share: float) -> float:
    """How far a band has come on its way up or down at a share of its way to the right."""
    t = np.linspace(0, 1, 101)
    return float(np.interp(share, 1.5 * t * (1 - t) + t**3, 3 * t**2 - 2 * t**3))


def stub(
    ax: Axes, x: float, length: float, top: float, height: float, *, colour: str, hatch: str, hatch_colour: str, zorder: float = 2.5
) -> None:
    """Draw a band that ends or begins at x, fading: from the palest and longest part to the strongest and shortest."""
    for step in range(_FADES):
        pale, far = 0.9 * (1 - step / (_FADES - 1)), x + length * (1 - step / _FADES)
        corners = [(x, top), (far, top), (far, top + height), (x, top + height)]
        look: dict[str, Any] = {"facecolor": paled(colour, pale), "hatchcolor": paled(hatch_colour, pale), "linewidth": 0}
        ax.add_patch(Polygon(corners, hatch=hatch, zorder=zorder, **look))


def paled(colour: str, share: float) -> str:
    """Mix a colour with white."""
    r, g, b = (c + (1 - c) * share for c in to_rgb(colour))
    return to_hex((r, g, b))
