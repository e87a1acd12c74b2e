"""Where plots are drawn: an Axes in the house style, finished alike for all plots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.transforms import blended_transform_factory

from policylab.errors import ArgumentError, FrameError
from policylab.figures import wording
from policylab.figures.appearance import QUIET, is_on, style

PAGE = 225  # millimetres that a printed page holds


def need(frame: pd.DataFrame, columns: Iterable[str], *, name: str, maker: str) -> pd.DataFrame:
    """Check that a result frame has the columns to be drawn, and give it.

    Raises
    ------
    FrameError
        If it is no frame or a column is missing; the message says which function makes such a frame.
    """
    if not isinstance(frame, pd.DataFrame):
        raise FrameError(f"{name} is a {type(frame).__name__}; give the frame that `{maker}` returns.")
    absent = [c for c in columns if c not in frame]
    if absent:
        raise FrameError(
            f"{name} has no column {absent[0]!r} (it has {', '.join(map(str, frame.columns))}); give the frame that `{maker}` returns."
        )
    return frame


def width_mm() -> float:
    """Give the width of new figures in millimetres."""
    return float(mpl.rcParams["figure.figsize"][0] * 25.4)


def width_of_next() -> float:
    """Give the width in millimetres of the figure that a plot is about to make, in the house style if none is on."""
    return width_mm() if is_on() else 160.0


def type_size() -> float:
    """Give the size of running type in points."""
    return float(mpl.rcParams["font.size"])


def room(share: float = 1.0, *, size: float | None = None) -> float:
    """Give how many Chinese characters of a size fit beside each other in a share of the figure's width."""
    return share * width_mm() / 25.4 * 72 / (size or type_size())


def room_of_next(share: float) -> float:
    """Give how many Chinese characters will fit in a share of the width of the figure that a plot is about to make."""
    return room(share) if is_on() else share * 160 / 25.4 * 72 / 8


@dataclass
class Sheet:
    """Axes to draw on, and what stands below them: legends, then lines that explain the marks, then the note.

    Attributes
    ----------
    axes : list of Axes
        The panels.
    height : float or None
        Inches that the panels take; None on a figure of the caller's, whose size is left alone.
    """

    axes: list[Axes]
    height: float | None = None
    _below: list[Text | Legend] = field(default_factory=list)
    _titles: list[tuple[Text, str, str]] = field(default_factory=list)

    @property
    def ax(self) -> Axes:
        """The first panel."""
        return self.axes[0]

    @property
    def figure(self) -> Figure:
        """The figure that the panels stand on."""
        figure = self.ax.get_figure(root=True)
        assert isinstance(figure, Figure)
        return figure

    def title(self, chinese: str, english: str, *, ax: Axes | None = None) -> None:
        """Set a panel's title, Chinese first; in `settle` it is folded and shifted so that it stays on its panel."""
        self._titles.append(((ax or self.ax).set_title(f"{chinese} {english}".strip(), loc="left", linespacing=1.3), chinese, english))

    def legend(self, handles: Sequence[Any], *, spacing: float = 0.5) -> None:
        """Put a legend below the panels, in as many columns as fit."""
        widths, space = [wording.ems(str(h.get_label())) + 3.2 for h in handles], room(0.97, size=type_size() - 0.5)
        columns = len(handles) if sum(widths) <= space else max(1, int(space / max(widths)))
        settings: dict[str, Any] = {"handles": handles, "labelspacing": spacing, "columnspacing": 1.2}
        if self.height is None:
            self.axes[-1].legend(ncols=1, **settings)
        else:
            self._below.append(self.figure.legend(ncols=columns, loc="upper left", borderaxespad=0, borderpad=0.2, **settings))

    def footer(self, *lines: str) -> None:
        """Add lines below the panels that explain the marks."""
        size = type_size() - 1.5
        folded = "\n".join(wording.fold(line, room(0.96, size=size)) for line in lines if line)
        if folded and self.height is None:
            old = self.figure.get_supxlabel()
            self.figure.supxlabel("\n".join(dict.fromkeys([*old.splitlines(), *folded.splitlines()])), fontsize=size, color=QUIET)
        elif folded:
            self._below.append(self.figure.text(0.01, 0, folded, va="top", fontsize=size, color=QUIET, linespacing=1.4))

    def settle(self) -> None:
        """Set every text in the faces of the style, give what stands below its strip, and keep titles on the figure."""
        for ax in self.axes:
            # Ticks made later take these along; without it they would come in the face that holds outside the style.
            ax.tick_params(labelfontfamily=mpl.rcParams["font.family"])
        self._set_type()
        self._place_below()
        self.figure.draw_without_rendering()
        for one in self._titles:
            self._keep_title(*one)

    def _set_type(self) -> None:
        axes = self.axes if self.height is None else self.figure.axes
        for ax in axes:
            for axis in (ax.xaxis, ax.yaxis):
                axis.get_ticklabels()  # makes them, so that they are among the texts
        artists = [*axes, *self.figure.legends, *self.figure.texts]
        for text in (t for artist in artists for t in artist.findobj(Text)):
            text.set_fontfamily(mpl.rcParams["font.family"])
            text.set_parse_math(False)  # a $ in a plan is a $

    def _place_below(self) -> None:
        if self.height is None:
            return
        gap = 3 / 72
        heights = [artist.get_window_extent().height / self.figure.dpi + gap for artist in self._below]
        total = self.height + sum(heights) + (gap if heights else 0)
        top = sum(heights) + gap
        for artist, height in zip(self._below, heights, strict=True):
            if isinstance(artist, Text):
                artist.set_y(top / total)
            else:
                artist.set_bbox_to_anchor((0.008, top / total), transform=self.figure.transFigure)
            top -= height
        self.figure.set_size_inches(self.figure.get_size_inches()[0], total)
        engine = self.figure.get_layout_engine()
        if isinstance(engine, ConstrainedLayoutEngine):
            engine.set(rect=(0, 1 - self.height / total, 1, self.height / total))

    def _keep_title(self, text: Text, chinese: str, english: str) -> None:
        """Fold a title that would run into the next panel; begin it at the figure's left edge where panels stand in one column."""
        ax, figure = next(ax for ax in self.axes if ax is text.axes), self.figure
        frame, spare = ax.get_window_extent(), 0.1 * figure.dpi
        beside = [
            one.x0
            for one in (other.get_window_extent() for other in figure.axes)
            if one.x0 > frame.x1 and one.y0 < frame.y1 and one.y1 > frame.y0
        ]
        start, end = frame.x0, min(beside, default=figure.bbox.width) - spare
        if text.get_window_extent().width <= end - start:
            return
        spec = ax.get_subplotspec()
        if spec is not None and spec.get_gridspec().ncols == 1:
            start = spare
            # Held to the figure, not to the axes: those move a little from one size of dots to another.
            text.set_transform(blended_transform_factory(figure.transFigure, ax.transAxes) + ax.titleOffsetTrans)  # type: ignore[attr-defined]
            text.set_x(start / figure.bbox.width)
        if text.get_window_extent().width > end - start:
            text.set_text(wording.fold(f"{chinese}\n{english}".strip(), (end - start) / figure.dpi * 72 / float(text.get_fontsize())))


def label_columns(ax: Axes, at: Sequence[float], labels: Sequence[str], *, share: float = 0.75) -> None:
    """Put labels below positions along x: level where they fit into a share of the figure's width, else on two lines, else upright.

    Where even upright ones would touch, every second (third, …) is left out.
    """
    wide = room(share, size=type_size() - 0.5)
    limit = wide / max(len(labels), 1) - 0.6
    folded = [wording.fold(label, max(limit, 1)) for label in labels]
    if all(wording.ems(line) <= limit for label in folded for line in label.split("\n")) and max(f.count("\n") for f in folded) < 2:
        ax.set_xticks(at, folded)
        return
    every = -(-int(len(labels) * 1.2) // max(int(wide), 1))
    ax.set_xticks(at[::every], [label.replace("\n", " ") for label in labels[::every]], rotation=90)


@contextmanager
def sheet(
    ax: Axes | Sequence[Axes] | np.ndarray | None, *, height: float, n: int = 1, columns: int = 1, note: str | None = None, **shared: Any
) -> Iterator[Sheet]:
    """Give n panels to draw on, new ones in rows of `columns`, each row `height` millimetres high, and settle them afterwards."""
    with nullcontext() if is_on() else style():
        if ax is None:
            one = Sheet(_panels(n, columns, height, shared), height=ceil(n / columns) * height / 25.4)
        else:
            given = [one for one in np.ravel(np.asarray(ax, dtype=object)) if isinstance(one, Axes)]
            if len(given) < n:
                raise ArgumentError(f"ax has {len(given)} Axes but {n} are drawn; give as many, or leave it out.")
            one = Sheet(given[:n])
        yield one
        one.footer(note or "")
        one.settle()


def _panels(n: int, columns: int, height: float, shared: dict[str, Any]) -> list[Axes]:
    rows = ceil(n / columns)
    figure = plt.figure(figsize=(width_mm() / 25.4, rows * height / 25.4), layout="constrained")
    axes = list(np.ravel(figure.subplots(rows, columns, squeeze=False, **shared)))
    for spare in axes[n:]:
        spare.remove()
    for lowest in axes[max(0, n - columns) : n] if shared.get("sharex") else []:
        lowest.tick_params(labelbottom=True)
    return axes[:n]


def axis_labels(ax: Axes, *, x: tuple[str, str] | None = None, y: tuple[str, str] | None = None) -> None:
    """Name the axes, Chinese first and English beside it."""
    if x:
        ax.set_xlabel(wording.both(*x, limit=room(0.7)), linespacing=1.3)
    if y:
        ax.set_ylabel(wording.both(*y))


def nothing(ax: Axes | None, chinese: str, english: str, *, note: str | None = None) -> Axes:
    """Say on an Axes, in place of an empty panel, why there is nothing to draw."""
    with sheet(ax, height=25, note=note) as one:
        one.ax.set_axis_off()
        one.ax.text(0.5, 0.5, f"{chinese}\n{english}", ha="center", va="center", transform=one.ax.transAxes, color=QUIET)
    return one.ax
