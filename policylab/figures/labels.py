"""Names beside points that cover neither each other nor the points."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stdout

import numpy as np
import textalloc
from matplotlib.text import Text

from policylab.figures import canvas, wording
from policylab.figures.appearance import INK, QUIET

_MOST = 120  # names that a page can hold


def name_points(
    sheet: canvas.Sheet, x: Sequence[float], y: Sequence[float], names: Sequence[str], *, sizes: Sequence[float], reach: float = 0.09
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
    """
    radius = [float(size) ** 0.5 / 2 * sheet.figure.dpi / 72 for size in sizes]
    n = min(len(names), _MOST)
    with redirect_stdout(io.StringIO()):  # it prints when no name fits
        _, _, texts, _ = textalloc.allocate(
            sheet.ax,
            np.array(x[:n], dtype=float),
            np.array(y[:n], dtype=float),
            [wording.shorten(name, 12) for name in names[:n]],
            x_scatter=np.array(x, dtype=float),
            y_scatter=np.array(y, dtype=float),
            scatter_sizes=radius,
            text_scatter_sizes=radius[:n],
            textsize=canvas.type_size() - 0.5,
            textcolor=INK,
            linecolor=QUIET,
            linewidth=0.4,
            plot_kwargs={"marker": ""},
            bbox={"facecolor": "white", "alpha": 0.65, "pad": 0.2, "linewidth": 0},
            margin=0.003,
            min_distance=0.004,
            max_distance=reach,
            nbr_candidates=200,
            draw_all=False,
            avoid_label_lines_overlap=True,
        )
    placed = [text for text in texts if isinstance(text, Text)]
    for text in placed:
        text.set_in_layout(False)
    if lost := len(names) - len(placed):
        sheet.footer(f"{lost} 个名称放不下。{wording.count(lost, 'name')} did not fit.")
