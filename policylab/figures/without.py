"""How near plans are to each other with and without what was copied: a row for each place, a panel for each relation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from policylab.errors import FrameError
from policylab.figures import canvas, wording
from policylab.figures.appearance import COLOURS, INK, QUIET

_RELATIONS = {
    "upper level": ("与上级当年", "Upper level"),
    "other places": ("与同年别处", "Other places"),
    "nearest place": ("与同年最近处", "Nearest place"),
    "previous year": ("与本地上一年", "Own last year"),
}
# Each version a little above or below the place's line, so that each stands on its own band.
_LOOK: dict[str, tuple[str, float, dict[str, Any]]] = {
    "all": ("全部条目 all items", -0.2, {"marker": "o", "color": COLOURS[0]}),
    "without": ("不算照抄 without copied items", 0.2, {"marker": "s", "color": COLOURS[1]}),
    "random": ("随机去掉同样多 as much left out at random", 0.2, {"marker": "|", "color": INK, "markersize": 7, "markeredgewidth": 1.2}),
}
_BAND = "#C9C9C9"


def plot_without(likeness: pd.DataFrame, *, ax: Any = None, note: str | None = None) -> np.ndarray:
    """Draw how near each place's plans are to others with all items, and without some of them.

    Parameters
    ----------
    likeness : DataFrame
        `relation, place, version, similarity`, a row each: means of what `neighbours` gives for the versions of `compare_without`.
        Where `null_low, null_high` are given, a band is drawn from the one to the other; where `random_low, random_high` are, a line
        through the tick of `random`.
    ax : Axes or several, optional
        Where to draw, one for each relation; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.

    Returns
    -------
    array of Axes
        One for each relation that has a similarity, in a fixed order. Of more places than fit, the first; the figure says how many.

    Raises
    ------
    FrameError
        If a column is missing, a relation or version is unknown, or a place has several rows of one relation and version.
    ArgumentError
        If there are fewer `ax` than panels.

    Examples
    --------
    >>> import pandas as pd
    >>> likeness = pd.DataFrame({"relation": "upper level", "place": "甲区", "version": ["all", "without"], "similarity": [0.3, 0.1]})
    >>> plot_without(likeness)[0].get_title(loc="left")
    '与上级当年 Upper level'
    """
    canvas.need(likeness, ("relation", "place", "version", "similarity"), name="likeness", maker="neighbours(pairs, documents=...)")
    for column, known in (("relation", _RELATIONS), ("version", _LOOK)):
        unknown = sorted(set(likeness[column].astype(str)) - set(known))
        if unknown:
            raise FrameError(f"likeness has the {column} {unknown[0]!r}; known are {', '.join(known)}.")
    twice = likeness[likeness.duplicated(["relation", "place", "version"])]
    if len(twice):
        row = " / ".join(twice.iloc[0][["relation", "place", "version"]].astype(str))
        raise FrameError(
            f"likeness has several rows of {row}; take the mean of each, as in "
            "`near.groupby(['relation', 'place', 'version'])['similarity'].mean().reset_index()`."
        )
    known_rows = likeness[likeness["similarity"].notna()]
    if known_rows.empty:
        first = None if ax is None else np.ravel(np.asarray(ax, dtype=object))[0]
        return np.array([canvas.nothing(first, "没有可比的计划", "No plans to compare", note=note)])
    relations = [r for r in _RELATIONS if (known_rows["relation"] == r).any()]
    places = list(dict.fromkeys(known_rows["place"].astype(str)))
    columns = 1 if canvas.width_of_next() < 120 else len(relations)
    room = (canvas.PAGE - 45) / -(-len(relations) // columns) - 16
    shown = places[: int(room / 3.4)]
    height = min(18 + 6 * len(shown), 16 + room)
    with canvas.sheet(ax, n=len(relations), height=height, columns=columns, note=note, sharey=True, sharex=True) as sheet:
        for panel, relation in zip(sheet.axes, relations, strict=True):
            _rows(panel, known_rows[known_rows["relation"] == relation], shown)
            sheet.title(*_RELATIONS[relation], ax=panel)
        limit = canvas.room(0.3 if columns == 1 else 0.16)
        sheet.ax.set_yticks(range(len(shown)), [wording.shorten(place, limit) for place in shown])
        sheet.ax.set_ylim(len(shown) - 0.4, -0.6)
        for panel in sheet.axes[-columns:]:
            panel.set_xlabel(wording.both("等长相似度", "Similarity", limit=canvas.room(0.7 / columns)))
        banded, spread = (c in known_rows and bool(known_rows[c].notna().any()) for c in ("null_low", "random_low"))
        sheet.legend(_handles(set(known_rows["version"]), banded))
        sheet.footer(
            "竖线上的横线：随机去掉的多次抽取的中间 95%。Lines through ticks: middle 95% of the draws at random." if spread else "",
            "灰带和横线的两端各取平均，比平均数的范围宽。Ends are means, so they lie further apart than those of a mean."
            if banded or spread
            else "",
            f"画出 {len(places)} 个地区中的前 {len(shown)} 个。The first {len(shown)} of {len(places)} places." if shown != places else "",
        )
    return np.array(sheet.axes)


def _rows(panel: Axes, rows: pd.DataFrame, shown: list[str]) -> None:
    """Draw each version of each place on its band, all and without joined."""
    at = np.arange(len(shown))
    value = {}
    for version, (_, shift, look) in _LOOK.items():
        here = rows[rows["version"] == version].set_index("place").reindex(shown)
        value[version] = here["similarity"].to_numpy(dtype=float)
        if version == "random" and "random_low" in here:
            low, high = (here[c].astype(float) for c in ("random_low", "random_high"))
            panel.hlines(at + shift, low, high, color=look["color"], linewidth=0.9, zorder=4)
        if "null_low" in here:
            panel.hlines(at + shift, here["null_low"].astype(float), here["null_high"].astype(float), color=_BAND, linewidth=3.2, zorder=1)
        panel.plot(value[version], at + shift, linestyle="none", zorder=4 if version == "random" else 3, **look)
    ends = [_LOOK[version][1] for version in ("all", "without")]
    panel.plot([value["all"], value["without"]], [at + ends[0], at + ends[1]], color=QUIET, linewidth=0.8, zorder=2)
    panel.tick_params(axis="y", length=0)
    panel.spines["left"].set_visible(False)
    panel.grid(axis="x")


def _handles(versions: set[str], banded: bool) -> list[Line2D]:
    marks = [Line2D([], [], linestyle="none", label=label, **look) for version, (label, _, look) in _LOOK.items() if version in versions]
    band = Line2D([], [], color=_BAND, linewidth=3.2, label="仅凭篇幅与套话 length and boilerplate alone")
    return [*marks, band] if banded else marks
