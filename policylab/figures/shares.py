"""Topic shares: over the years as small multiples with intervals, over places as a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.figures import canvas, wording
from policylab.figures.appearance import COLOURS, INK, MARKERS, QUIET, SEQUENTIAL

_NEEDED = ("topic", "share", "low", "high")
_MAKER = "topic_shares(topics, by=...)"
_SERIES = len(COLOURS)
AS_FITTED = ("；就所拟合的主题而言", "; topics as fitted")  # the error of assigning units to topics is not in them
_OVER = {"plans": "各份计划", "places": "各地区", "years of one place": "一地的各年", "units of one plan": "一份计划之内的单元"}
UNSTABLE = "† 换一批计划重新拟合便认不出的主题，慎读。† Not found again when refitted on other samples of plans; read with care."


def plot_topic_shares(
    shares: pd.DataFrame,
    *,
    ax: Axes | Sequence[Axes] | np.ndarray | None = None,
    note: str | None = None,
    max_topics: int = 12,
) -> np.ndarray:
    """Draw how much of the plans each topic takes, a panel for each topic: over the years, or over the groups where there are no years.

    Parameters
    ----------
    shares : DataFrame
        What `topic_shares` returns: the `by` columns, then `topic, label, share, low, high, stable`. Years run along the x axis; other
        `by` columns become lines (more than eight: thin grey lines).
    ax : Axes or several, optional
        Where to draw, one for each topic; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    max_topics : int
        How many topics to draw at most, the first ones; the figure says how many there are.

    Returns
    -------
    array of Axes
        One for each topic drawn. Bands and whiskers run from `low` to `high`; unstable topics are dashed, hollow and marked †.

    Raises
    ------
    FrameError
        If a column is missing.
    ArgumentError
        If there are fewer `ax` than topics.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"year": [2023, 2024], "topic": 0, "label": "校园安全", "share": [0.2, 0.3], "low": 0.1, "high": 0.4})
    >>> plot_topic_shares(shares)[0].get_title(loc="left")
    '校园安全'
    """
    canvas.need(shares, _NEEDED, name="shares", maker=_MAKER)
    by = by_columns(shares)
    topics = list(dict.fromkeys(shares["topic"]))
    shown = topics[: whole(max_topics, name="max_topics")]
    first = None if ax is None else np.ravel(np.asarray(ax, dtype=object))[0]
    if not shown:
        return np.array([canvas.nothing(first, "没有主题", "No topics", note=note)])
    if "year" in by and shares["year"].isna().all():
        return np.array([canvas.nothing(first, "没有一份计划的年份是已知的", "No plan's year is known", note=note)])
    draw = _over_years if "year" in by else _over_groups
    return draw(shares, by, shown, len(topics), ax, note)


def by_columns(shares: pd.DataFrame) -> list[str]:
    """Give the columns that shares are grouped by: those left of `topic`."""
    return [str(c) for c in shares.columns[: list(shares.columns).index("topic")]]


def explain_intervals(sheet: canvas.Sheet, shares: pd.DataFrame) -> None:
    """Say below what the intervals are over, and how much no topic covers."""
    over = list(dict.fromkeys(shares["interval_over"].dropna().astype(str))) if "interval_over" in shares else []
    fitted = AS_FITTED if "stable" in shares and shares["stable"].notna().any() else ("", "")
    if over:
        names = "、".join(_OVER.get(one, one) for one in over)
        sheet.footer(f"区间所及：{names}{fitted[0]}。Intervals over: {', '.join(over)}{fitted[1]}.")
    explain_uncovered(sheet, shares)


def explain_uncovered(sheet: canvas.Sheet, shares: pd.DataFrame) -> None:
    """Say below how much no topic covers."""
    rest = shares["uncovered"].dropna().astype(float) if "uncovered" in shares else pd.Series(dtype=float)
    if len(rest) and rest.max() >= 0.005:
        sheet.footer(
            f"没有主题的单元至多占一组的 {wording.percent(rest.max())}%。At most {wording.percent(rest.max())} % of a group have no topic."
        )


def topic_names(frame: pd.DataFrame, limit: float) -> dict[Any, str]:
    """Give the name to print for each topic, cut to `limit` widths: its label, with † in front where the topic is not stable."""
    labels = frame["label"] if "label" in frame else frame["topic"]
    stable = frame["stable"] if "stable" in frame else pd.Series(True, index=frame.index)
    names: dict[Any, str] = {}
    for topic, label, good in zip(frame["topic"], labels, stable, strict=True):
        mark = "" if pd.isna(good) or good else "†"
        names.setdefault(topic, wording.shorten(f"{mark}{topic if pd.isna(label) else label}", limit))
    return names


def _over_years(shares: pd.DataFrame, by: list[str], shown: list, n_topics: int, ax: Any, note: str | None) -> np.ndarray:
    others = [c for c in by if c != "year"]
    series = shares[others].astype("str").agg(" · ".join, axis=1) if others else pd.Series("", index=shares.index)
    lines = list(dict.fromkeys(series))
    years = [int(y) for y in sorted(shares["year"].dropna().astype(int).unique())]
    columns = min(len(shown), 2 if canvas.width_of_next() < 120 else 4 if len(shown) > 6 else 3)
    names = topic_names(shares, canvas.room_of_next(1.7 / columns))
    with canvas.sheet(ax, n=len(shown), height=34, columns=columns, note=note, sharex=True, sharey=True) as sheet:
        for panel, topic in zip(sheet.axes, shown, strict=True):
            mine = shares[shares["topic"] == topic]
            for at, line in enumerate(lines):
                _line(panel, mine[series[mine.index] == line], at, len(lines), years, dashed=names[topic].startswith("†"))
            sheet.title(names[topic], "", ax=panel)
            _year_axis(panel, years, columns)
        _share_axis(sheet.axes, columns)
        _explain(sheet, lines if 1 < len(lines) <= _SERIES else [], len(shown), n_topics, any(names[t].startswith("†") for t in shown))
        explain_intervals(sheet, shares)
        if len(lines) > _SERIES:
            sheet.footer(f"灰线：各组（{len(lines)} 组）。Grey lines: the {len(lines)} groups.")
    return np.array(sheet.axes)


def _line(panel: Axes, rows: pd.DataFrame, at: int, n: int, years: list[int], *, dashed: bool) -> None:
    """Draw one group's shares over the years, broken where a year is missing."""
    every = range(years[0], years[-1] + 1) if years else range(0)
    rows = rows.dropna(subset=["year"]).astype({"year": int}).drop_duplicates("year").set_index("year").reindex(every)
    share, low, high = (rows[c].astype(float).to_numpy() for c in ("share", "low", "high"))
    x = np.asarray(every) + (0 if n == 1 or n > _SERIES else (at - (n - 1) / 2) * 0.5 / n)
    style: dict[str, Any] = {"linestyle": "--" if dashed else "-", "markerfacecolor": "white" if dashed else None}
    if n > _SERIES:
        panel.plot(x, share, color="#9A9A9A", linewidth=0.6, marker="o", markersize=1.5, linestyle=style["linestyle"])
        return
    if n == 1:
        panel.fill_between(x, low, high, color=COLOURS[0], alpha=0.18, linewidth=0)
    whole = ~np.isnan(low) & ~np.isnan(high)
    panel.vlines(x[whole], low[whole], high[whole], color=COLOURS[at], linewidth=0.7)
    panel.plot(x, share, color=COLOURS[at], marker=MARKERS[at], markersize=3.5, linewidth=1.0, **style)


def _over_groups(shares: pd.DataFrame, by: list[str], shown: list, n_topics: int, ax: Any, note: str | None) -> np.ndarray:
    group = shares[by].astype("str").agg(" · ".join, axis=1) if by else pd.Series("全部 all", index=shares.index)
    groups = list(dict.fromkeys(group))
    columns, height = min(len(shown), 2 if canvas.width_of_next() < 120 else 4), max(16 + 3.5 * len(groups), 27)
    names = topic_names(shares, canvas.room_of_next(1.7 / columns))
    shown = shown[: columns * max(1, int(canvas.PAGE / height))] if ax is None else shown
    with canvas.sheet(ax, n=len(shown), height=height, columns=columns, note=note, sharex=True, sharey=True) as sheet:
        for panel, topic in zip(sheet.axes, shown, strict=True):
            mine = shares[shares["topic"] == topic]
            at = np.array([groups.index(g) for g in group[mine.index]])
            hollow = names[topic].startswith("†")
            panel.hlines(at, mine["low"].astype(float), mine["high"].astype(float), color=COLOURS[0], linewidth=0.9)
            panel.plot(mine["share"].astype(float), at, "o", color=COLOURS[0], markersize=4, markerfacecolor="white" if hollow else None)
            panel.set_yticks(range(len(groups)), [wording.shorten(g, canvas.room(0.16)) for g in groups])
            panel.set_ylim(len(groups) - 0.5, -0.5)
            panel.grid(axis="x")
            panel.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.3g}"))
            panel.xaxis.set_major_locator(MaxNLocator(4))
            sheet.title(names[topic], "", ax=panel)
        for panel in sheet.axes[-columns:]:
            panel.set_xlabel(wording.both("份额", "Share (%)"))
        _explain(sheet, [], len(shown), n_topics, any(names[t].startswith("†") for t in shown))
        explain_intervals(sheet, shares)
    return np.array(sheet.axes)


def _year_axis(panel: Axes, years: list[int], columns: int) -> None:
    fits = max(2, int(canvas.room(0.75 / columns, size=canvas.type_size() - 0.5) / 3.0))
    shown = years[:: -(-len(years) // fits)]
    panel.set_xticks(shown, [str(y) for y in shown])
    panel.set_xlim(years[0] - 0.5, years[-1] + 0.5)


def _share_axis(axes: list[Axes], columns: int) -> None:
    for at, panel in enumerate(axes):
        panel.set_ylim(bottom=0)
        panel.grid(axis="y")
        panel.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.3g}"))
        panel.yaxis.set_major_locator(MaxNLocator(4))
        if at % columns == 0:
            panel.set_ylabel(wording.both("份额", "Share (%)"))


def _explain(sheet: canvas.Sheet, lines: list[str], n_shown: int, n_topics: int, unstable: bool) -> None:
    if lines:
        sheet.legend([Line2D([], [], color=COLOURS[at], marker=MARKERS[at], markersize=3.5, label=line) for at, line in enumerate(lines)])
    if n_shown < n_topics:
        sheet.footer(f"画出 {n_topics} 个主题中的前 {n_shown} 个。The first {n_shown} of {n_topics} topics.")
    if unstable:
        sheet.footer(UNSTABLE)


def plot_topic_heatmap(shares: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw topic by place (or by whatever the shares are grouped by): the darker, the larger the topic's share of that place's plans.

    Parameters
    ----------
    shares : DataFrame
        What `topic_shares` returns for one `by` column, such as ``by="place"``.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.

    Returns
    -------
    Axes
        Topics down, groups across, the share in per cent in each cell where it fits.

    Raises
    ------
    FrameError
        If a column is missing.
    ArgumentError
        If the shares are grouped by more than one column.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"place": ["甲区", "乙区"], "topic": 0, "label": "校园安全", "share": [0.2, 0.3], "low": 0.1, "high": 0.4})
    >>> [label.get_text() for label in plot_topic_heatmap(shares).get_xticklabels()]
    ['甲区', '乙区']
    """
    canvas.need(shares, _NEEDED, name="shares", maker='topic_shares(topics, by="place")')
    by = by_columns(shares)
    if len(by) != 1:
        raise ArgumentError(
            f"shares is grouped by {', '.join(by) or 'nothing'}; a heat map takes one column: topic_shares(topics, by='place')."
        )
    if shares.empty:
        return canvas.nothing(ax, "没有主题", "No topics", note=note)
    names, groups = topic_names(shares, canvas.room_of_next(0.27)), list(dict.fromkeys(shares[by[0]].astype("str")))
    grid = np.full((len(names), len(groups)), np.nan)
    for topic, group, share in zip(shares["topic"], shares[by[0]].astype("str"), shares["share"].astype(float), strict=True):
        grid[list(names).index(topic), groups.index(group)] = share
    columns = [wording.shorten(g, 9) for g in groups]
    with canvas.sheet(ax, height=26 + max(4.6 * len(names), 10), note=note) as sheet:
        heat(sheet.ax, grid, labels=len(groups) * 1.7 < canvas.room(0.66), top=float(np.nanmax(grid)))
        sheet.ax.set_yticks(range(len(names)), list(names.values()))
        canvas.label_columns(sheet.ax, range(len(groups)), columns, share=0.68)
        sheet.title("各组的主题份额（%）", "Share of topics (%)")
        if any(n.startswith("†") for n in names.values()):
            sheet.footer(UNSTABLE)
        explain_uncovered(sheet, shares)
    return sheet.ax


def heat(ax: Axes, grid: np.ndarray, *, labels: bool, top: float) -> None:
    """Draw a grid of shares as cells from pale (0) to dark (`top`), empty ones hatched, with the per cent in them or a scale beside."""
    ax.set_facecolor("#F7F7F7")
    ax.patch.set(hatch="////", edgecolor="#D9D9D9")
    image = ax.imshow(np.ma.masked_invalid(grid), aspect="auto", cmap=SEQUENTIAL, vmin=0, vmax=top or 1)
    if not labels:
        bar = ax.figure.colorbar(image, ax=ax, pad=0.01, aspect=25, format=FuncFormatter(lambda v, _: f"{100 * v:.3g}"))
        bar.outline.set_visible(False)
    for row, column in np.argwhere(~np.isnan(grid)) if labels else []:
        value = grid[row, column]
        dark = value > 0.55 * top
        size = canvas.type_size() - 1
        ax.text(column, row, wording.percent(value), ha="center", va="center", fontsize=size, color="white" if dark else INK)
    ax.set_xticks(np.arange(grid.shape[1] + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(grid.shape[0] + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=0.6)
    ax.tick_params(which="both", length=0, labelcolor=INK, color=QUIET)
    ax.spines[:].set_visible(False)
