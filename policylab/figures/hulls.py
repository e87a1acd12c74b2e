"""Light areas around the nodes of a community."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

_ROUND = np.column_stack([np.cos(np.arange(24) * np.pi / 12), np.sin(np.arange(24) * np.pi / 12)])


def draw_hull(ax: Axes, points: np.ndarray, *, others: np.ndarray, colour: str, pad: np.ndarray) -> bool:
    """Draw a community's area, `pad` (along x, along y) or half of it around its nodes; tell whether there is one without `others`."""
    outlines = [convex_hull((points[:, None, :] + share * pad * _ROUND).reshape(-1, 2)) for share in (1.0, 0.5)]
    outline = next((one for one in outlines if not any(holds(one, other) for other in others)), None)
    if outline is None:
        return False
    ax.add_patch(Polygon(outline, closed=True, facecolor=colour, edgecolor="none", alpha=0.10, zorder=0.2))
    ax.add_patch(Polygon(outline, closed=True, fill=False, edgecolor=colour, linewidth=0.5, alpha=0.5, zorder=0.3))
    return True


def convex_hull(points: np.ndarray) -> np.ndarray:
    """Give the corners of the smallest convex area that holds all points, counter-clockwise (monotone chain, Andrew 1979).

    Examples
    --------
    >>> convex_hull(np.array([[0, 0], [2, 0], [2, 2], [0, 2], [1, 1]])).tolist()
    [[0, 0], [2, 0], [2, 2], [0, 2]]
    """
    ordered = sorted(set(map(tuple, points.tolist())))
    if len(ordered) < 3:
        return np.array(ordered)
    halves = []
    for way in (ordered, ordered[::-1]):
        half: list[tuple[float, float]] = []
        for p in way:
            while len(half) > 1 and _turn(half[-2], half[-1], p) <= 0:
                half.pop()
            half.append(p)
        halves.append(half[:-1])
    return np.array(halves[0] + halves[1])


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def holds(outline: np.ndarray, point: np.ndarray) -> bool:
    """Whether a convex area with these corners holds a point."""
    following = np.roll(outline, -1, axis=0)
    edge, to = following - outline, point - outline
    return bool((edge[:, 0] * to[:, 1] - edge[:, 1] * to[:, 0] >= 0).all())
