"""Names beside points that cover neither each other nor the points."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import textalloc
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text

from policylab.figures import canvas, wording
from policylab.figures.appearance import INK, QUIET

_MOST = 120  # names that a page can hold
_MOST_LINES = 400  # among more there is no free place, and looking for one is slow
_CROWD, _CROWD_NAMED = 250, 60  # among more points no name finds a free place: the first ones are named over the others
_NEAR = 0.5  # of the reach: how far off a name may stand that had better be near
_SIDES = ["east", "west", "north", "south", "northeast", "southeast", "northwest", "southwest"]
Line = tuple[tuple[float, float], tuple[float, float]]


def name_points(
    sheet: canvas.Sheet,
    x: Sequence[float],
    y: Sequence[float],
    names: Sequence[str],
    *,
    sizes: Sequence[float],
    reach: float = 0.06,
    lines: Sequence[Line] = (),
    never: Sequence[Line] = (),
    near: bool = False,
    first: int = 0,
) -> None:
    """Set names beside points, the first ones first, and say below how many did not fit.

    Parameters
    ----------
    sheet : Sheet
        Settled: names are set among the points as they stand on the page.
    x, y : sequences of float
        Where the points stand.
    names : sequence of str
        Their names, the most important first.
    sizes : sequence of float
        Area of each point in square points, as in `Axes.scatter`.
    reach : float
        How far from its point a name may stand, as a share of the panel's width.
    lines, never : sequences of ((x, y), (x, y))
        Lines that names leave free where they can, and lines that they never cross.
    near : bool
        Whether a name that touches a line beside its point is better than one that stands off it.
    first : int
        How many names, the first ones, are set before all others, right beside their points where that can be.
    """
    crowded = len(names) > _CROWD
    n = min(len(names), _CROWD_NAMED if crowded else _MOST)
    kept = slice(n if crowded else None)  # over a crowd names cover what has none
    dots = _Dots(sheet, np.array(x[kept], dtype=float), np.array(y[kept], dtype=float), [float(size) for size in sizes[kept]])
    waiting, blocked = list(range(n)), list(never)
    rounds = _rounds(list(lines) if not crowded else [], reach, near)
    for upto, (free, far) in [*((first, one) for one in rounds if first), *((n, one) for one in rounds)]:
        if wanted := [i for i in waiting if i < upto]:
            placed = dots.name(wanted, names, [*blocked, *free], far)
            blocked = [*never, *dots.leaders, *(edge for text in dots.texts for edge in frame(text))]
            waiting = [i for i in waiting if i not in placed]
    if lost := len(waiting) + len(names) - n:
        sheet.footer(f"{lost} 个名称放不下。{wording.count(lost, 'name')} did not fit.")


def _rounds(lines: list[Line], reach: float, near: bool) -> list[tuple[list[Line], float]]:
    """Give which lines are left free, and how far off a name may stand, in one attempt after another."""
    free = [lines] if 0 < len(lines) <= _MOST_LINES else []
    if near:
        return [*((one, 0.0) for one in free), ([], 0.0), *((one, _NEAR * reach) for one in free), ([], _NEAR * reach)]
    return [*((one, far) for one in free for far in (0.0, reach)), ([], 0.0), ([], reach), ([], 2.5 * reach)]


class _Dots:
    """Points on a settled sheet, to be named in one or several rounds."""

    def __init__(self, sheet: canvas.Sheet, x: np.ndarray, y: np.ndarray, sizes: list[float]):
        self.sheet, self.x, self.y = sheet, x, y
        self.texts: list[Text] = []
        self.leaders: list[Line] = []
        self.radius: Any = np.array(sizes) ** 0.5 / 2 * sheet.figure.dpi / 72

    def name(self, wanted: list[int], names: Sequence[str], lines: list[Line], reach: float) -> dict[int, Text]:
        """Name these points without crossing the lines, as many as can be within `reach` (0: right beside them), and give the texts."""
        settings: dict[str, Any] = {} if reach else {"direction": _SIDES}
        if lines:
            settings |= {"x_lines": [[a[0], b[0]] for a, b in lines], "y_lines": [[a[1], b[1]] for a, b in lines]}
        with redirect_stdout(io.StringIO()):  # it prints when no name fits
            _, _, texts, leaders = textalloc.allocate(
                self.sheet.ax,
                self.x[wanted],
                self.y[wanted],
                [wording.shorten(names[i], 12) for i in wanted],
                x_scatter=self.x,
                y_scatter=self.y,
                scatter_sizes=self.radius,
                text_scatter_sizes=self.radius[wanted],
                textsize=canvas.type_size() - 0.5,
                textcolor=INK,
                linecolor=QUIET,
                linewidth=0.4,
                plot_kwargs={"marker": ""},
                bbox={"facecolor": "white", "alpha": 0.65, "pad": 0.2, "linewidth": 0},
                margin=0.003,
                min_distance=0.004,
                max_distance=reach or 0.01,
                nbr_candidates=200,
                draw_all=False,
                avoid_label_lines_overlap=True,
                va="bottom",  # the box measured is the box drawn
                **settings,
            )
        placed = {i: text for i, text in zip(wanted, texts, strict=True) if isinstance(text, Text)}
        for i, leader in zip(wanted, leaders, strict=True):
            if not isinstance(leader, Line2D):
                continue
            if self._beside(i, leader):
                leader.remove()
            elif not reach or self._crosses(leader, [*self.texts, *(text for j, text in placed.items() if j != i)]):
                placed.pop(i).remove()
                leader.remove()
            else:  # dotted, for a line drawn out is a tie
                leader.set(linestyle=(0, (1, 1.5)), linewidth=0.7, color=INK)
                (x0, y0), (x1, y1) = np.column_stack([leader.get_xdata(), leader.get_ydata()]).tolist()
                self.leaders.append(((x0, y0), (x1, y1)))
        for text in placed.values():
            text.set_in_layout(False)
        self.texts += placed.values()
        return placed

    def _crosses(self, leader: Line2D, texts: Sequence[Text]) -> bool:
        """Whether the line to a name runs through other names."""
        way = Path(self.sheet.ax.transData.transform(np.column_stack([leader.get_xdata(), leader.get_ydata()])))
        return any(way.intersects_bbox(text.get_window_extent(), filled=False) for text in texts)

    def _beside(self, i: int, leader: Line2D) -> bool:
        """Whether a name stands so near its point that it needs no line to it."""
        start, end = self.sheet.ax.transData.transform(np.column_stack([leader.get_xdata(), leader.get_ydata()]))
        return bool(np.hypot(*(end - start)) - self.radius[i] < 0.5 * canvas.type_size() * self.sheet.figure.dpi / 72)


def frame(text: Text) -> list[Line]:
    """Give the sides of a name's box and the line through it, so that later names keep off it."""
    assert text.axes is not None
    box = text.get_window_extent()
    middle = (box.y0 + box.y1) / 2
    corners = [(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1), (box.x0, middle), (box.x1, middle)]
    at = [(float(x), float(y)) for x, y in text.axes.transData.inverted().transform(corners)]
    return [(at[0], at[1]), (at[1], at[2]), (at[2], at[3]), (at[3], at[0]), (at[4], at[5])]
