"""What was kept, revised, added and dropped from year to year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from policylab.arguments import whole
from policylab.errors import FrameError, TooFewPlansError
from policylab.figures import canvas, wording
from policylab.figures.appearance import INK, QUIET

# From dark to pale as the tie to the year before gets weaker; hatches keep neighbours apart in grey.
LOOK = {
    "kept": ("保留 kept", "#0B3C6F", ""),
    "revised": ("修改 revised", "#3F86BF", ""),
    "merged": ("合并 merged", "#8DBBDD", "////"),
    "split": ("拆分 split", "#8DBBDD", "\\\\\\\\"),
    "review": ("待核 to be judged", "#E6E6E6", "...."),
    "new": ("新增 new", "#E69F00", ""),
    "dropped": ("删去 dropped", "#FBE3B3", "xxxx"),
}
HATCH = "#5F5F5F"
_LINE = {  # colour, marker and line of each status; pale fills would be lost as lines
    "kept": ("#0B3C6F", "o", "-"),
    "revised": ("#3F86BF", "s", "-"),
    "merged": ("#56B4E9", "v", "--"),
    "split": ("#56B4E9", "^", "-"),
    "review": (QUIET, "D", ":"),
    "new": ("#E69F00", "P", "-"),
    "dropped": ("#D55E00", "X", "-"),
}


def plot_ledger(
    ledger: pd.DataFrame,
    *,
    ax: Axes | Sequence[Axes] | np.ndarray | None = None,
    note: str | None = None,
    max_places: int = 16,
) -> np.ndarray:
    """Draw what became of the items from each year to the next: the share of each status, a panel for each place.

    Parameters
    ----------
    ledger : DataFrame
        What `item_ledger` returns: `place, year_before, year_after, status`, and `series` where it is there.
    ax : Axes or several, optional
        Where to draw, one for each place; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    max_places : int
        How many places to draw at most, the first ones; the figure says how many there are.

    Returns
    -------
    array of Axes
        One for each place (and series, where a place has several). Each bar is all rows of the ledger between two years.

    Raises
    ------
    FrameError
        If a column is missing or a status is unknown.
    ArgumentError
        If there are fewer `ax` than places.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame({"place": "甲区", "year_before": 2023, "year_after": 2024, "status": ["kept", "new"]})
    >>> plot_ledger(ledger)[0].get_title(loc="left")
    '甲区'
    """
    canvas.need(ledger, ("place", "year_before", "year_after", "status"), name="ledger", maker="item_ledger(items)")
    unknown = sorted(set(ledger["status"].astype(str)) - set(LOOK))
    if unknown:
        raise FrameError(f"ledger has the status {unknown[0]!r}; known are {', '.join(LOOK)}.")
    if ledger.empty:
        first = None if ax is None else np.ravel(np.asarray(ax, dtype=object))[0]
        return np.array([canvas.nothing(first, "没有前后两年可比", "No two years to compare", note=note)])
    names = _panel_names(ledger)
    places = list(dict.fromkeys(names))
    shown = places[: whole(max_places, name="max_places")]
    narrow = canvas.width_of_next() < 120
    columns = min(len(shown), 2 if narrow else 4 if len(shown) > 6 else 3)
    height = 60 if len(shown) == 1 else 40 if len(shown) <= 3 * columns else 31
    shown = shown[: columns * max(1, int(canvas.PAGE / height))] if ax is None else shown
    with canvas.sheet(ax, n=len(shown), height=height, columns=columns, note=note, sharey=True) as sheet:
        for panel, place in zip(sheet.axes, shown, strict=True):
            _bars(panel, ledger[names == place], columns)
            sheet.title(wording.shorten(place, canvas.room(1.5 / columns)), "", ax=panel)
        for panel in sheet.axes[::columns]:
            panel.set_ylabel("份额 Share (%)")
        present = [status for status in LOOK if (ledger["status"].astype(str) == status).any()]
        sheet.legend(
            [Patch(facecolor=LOOK[s][1], hatch=LOOK[s][2], hatchcolor=HATCH, edgecolor="white", label=LOOK[s][0]) for s in present]
        )
        sheet.footer("每柱为两年之间台账的全部行。Each bar: all rows of the ledger between two years.")
        if len(shown) < len(places):
            sheet.footer(f"画出 {len(places)} 个地区中的前 {len(shown)} 个。The first {len(shown)} of {len(places)} places.")
    return np.array(sheet.axes)


def _panel_names(ledger: pd.DataFrame) -> pd.Series:
    place = ledger["place"].astype("str").replace("", pd.NA).fillna("地区不明 unknown")
    if "series" not in ledger:
        return place
    several = ledger["series"].astype("str").fillna("").groupby(place).transform("nunique") > 1
    return place.where(~several, place + " · " + ledger["series"].astype("str").fillna(""))


def _bars(panel: Axes, rows: pd.DataFrame, columns: int) -> None:
    """Stack the share of each status for each pair of years."""
    steps = sorted({(int(a), int(b)) for a, b in zip(rows["year_before"], rows["year_after"], strict=True)})
    status = rows["status"].astype(str).to_numpy()
    before, after = rows["year_before"].astype(int).to_numpy(), rows["year_after"].astype(int).to_numpy()
    total = np.array([((before == a) & (after == b)).sum() for a, b in steps])
    base = np.zeros(len(steps))
    for name, (_, colour, hatch) in LOOK.items():
        share = np.array([((before == a) & (after == b) & (status == name)).sum() for a, b in steps]) / total
        if not share.any():
            continue
        panel.bar(
            range(len(steps)),
            share,
            bottom=base,
            width=0.82,
            color=colour,
            hatch=hatch,
            hatchcolor=HATCH,
            edgecolor="white",
            linewidth=0.4,
        )
        if columns == 1 and len(steps) * 3 < canvas.room(0.8):
            _percents(panel, base, share, colour, "white" if name in ("kept", "revised") else INK)
        base += share
    _year_labels(panel, steps, total, columns)
    panel.set_ylim(0, 1)
    panel.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f}"))


def _percents(panel: Axes, base: np.ndarray, share: np.ndarray, ground: str, ink: str) -> None:
    for x, (low, height) in enumerate(zip(base, share, strict=True)):
        if height > 0.055:
            text = panel.text(x, low + height / 2, wording.percent(height), ha="center", va="center", color=ink)
            text.set(fontsize=canvas.type_size() - 1, bbox={"facecolor": ground, "linewidth": 0, "pad": 0.6})


def _year_labels(panel: Axes, steps: list[tuple[int, int]], total: np.ndarray, columns: int) -> None:
    """Name the years; the number of rows goes along where one panel has the room."""
    if columns == 1:
        canvas.label_columns(panel, range(len(steps)), [f"{a}–{str(b)[2:]}\n({n})" for (a, b), n in zip(steps, total, strict=True)])
        return
    fits = max(1, int(canvas.room(0.72 / columns, size=canvas.type_size() - 0.5) / 4.2))
    every = -(-len(steps) // fits)
    panel.set_xticks(range(0, len(steps), every), [f"{a}–{str(b)[2:]}" for a, b in steps[::every]])


def plot_ledger_range(ranges: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw what hangs on the threshold: the share of each status in the ledger as the threshold of a link goes up.

    Parameters
    ----------
    ranges : DataFrame
        What `ledger_range` returns: `link, review, status, share`.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.

    Returns
    -------
    Axes
        A line for each status that occurs, named at its right end.

    Raises
    ------
    FrameError
        If a column is missing or a status is unknown.
    TooFewPlansError
        If no two years were compared, so that there are no shares.

    Examples
    --------
    >>> import pandas as pd
    >>> ranges = pd.DataFrame({"link": [0.2, 0.2, 0.5, 0.5], "review": 0.2, "status": ["kept", "new"] * 2, "share": [0.7, 0.3, 0.6, 0.4]})
    >>> [text.get_text() for text in plot_ledger_range(ranges).texts]
    ['新增 new', '保留 kept']
    """
    canvas.need(ranges, ("link", "review", "status", "share"), name="ranges", maker="ledger_range(items)")
    unknown = sorted(set(ranges["status"].astype(str)) - set(LOOK))
    if unknown:
        raise FrameError(f"ranges has the status {unknown[0]!r}; known are {', '.join(LOOK)}.")
    table = ranges.assign(status=ranges["status"].astype(str)).pivot_table(index="link", columns="status", values="share")
    table = table.loc[:, [s for s in LOOK if s in table and (table[s] > 0).any()]]
    if table.empty:
        why = " ".join(ranges.attrs.get("notes", []))
        raise TooFewPlansError(f"ranges has no shares, for no two years were compared. {why} Read plans of two years of a place.")
    with canvas.sheet(ax, height=62, note=note) as sheet:
        panel = sheet.ax
        for status in table:
            colour, marker, line = _LINE[status]
            panel.plot(table.index, table[status], color=colour, marker=marker, linestyle=line, markersize=3.5, clip_on=False)
        panel.set_ylim(0, None)
        panel.set_xlim(table.index[0], table.index[-1] if len(table) > 1 else table.index[0] + 0.01)
        every = -(-len(table) // max(1, int(canvas.room(0.6) / 3)))
        panel.set_xticks(table.index[::every], [f"{link:.2f}" for link in table.index[::every]])
        panel.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f}"))
        panel.grid(axis="y")
        _name_ends(panel, table.iloc[-1])
        sheet.title("各状态的份额随阈值而变", "Status by threshold")
        canvas.axis_labels(panel, x=("认作同一条的阈值", "Threshold of a link"), y=("份额", "Share (%)"))
        if "review" in table:
            least = f"{ranges['review'].max():.2f}"
            sheet.footer(f"待核：得分从 {least} 到阈值。To be judged: scores from {least} up to the threshold.")
    return panel


def _name_ends(panel: Axes, ends: pd.Series) -> None:
    """Name lines beside their right ends, apart from each other, with a stroke to those that had to move."""
    size = canvas.type_size() - 0.5
    top = panel.get_ylim()[1]
    gap = 1.35 * size / (62 / 25.4 * 72 * 0.72) * top
    order = ends.sort_values(kind="stable")
    at = order.to_numpy(dtype=float).copy()
    for n in range(1, len(at)):
        at[n] = max(at[n], at[n - 1] + gap)
    at -= max(0.0, at[-1] - top)
    for n in range(len(at) - 2, -1, -1):
        at[n] = min(at[n], at[n + 1] - gap)
    for (status, end), y in zip(order.items(), at, strict=True):
        colour, across = _LINE[str(status)][0], panel.get_yaxis_transform()
        panel.add_line(Line2D([1.01, 1.055], [float(end), y], color=colour, linewidth=0.6, transform=across, clip_on=False))
        panel.text(1.06, y, LOOK[str(status)][0], va="center", fontsize=size, color=INK, transform=across)
