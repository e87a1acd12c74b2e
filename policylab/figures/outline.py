"""What was read: the outline of plans, and which plans there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from policylab.arguments import whole
from policylab.figures import canvas, wording
from policylab.figures.appearance import COLOURS, INK, PALE, QUIET, SEQUENTIAL
from policylab.items import PARTS, body

_NO_PLACE, _NO_YEAR = "地区不明", "不明 ?"
_FILL = {"item": COLOURS[0], "paragraph": "#A9CCE3"}


def plot_outline(
    items: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    max_plans: int = 40,
    parts: Sequence[str] = ("plan", "unknown"),
) -> Axes:
    """Draw the outline of a plan: a row for each section, a bar for each item, as wide as the item is long.

    Of several plans each is one row, its sections in turn dark and light.

    Parameters
    ----------
    items : DataFrame
        An items frame, such as `plans.items`.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.
    max_plans : int
        How many plans to draw at most; of more, some evenly spread over the plans in their order are drawn, and the figure says so.
    parts : sequence of str
        Which parts of the documents count, as in `body`.

    Returns
    -------
    Axes
        With the characters of text on the x axis.

    Raises
    ------
    FrameError
        If `items` is no items frame.
    ArgumentError
        If `max_plans` is not allowed.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame(
    ...     {"plan": "甲区-2024", "kind": "item", "part": "plan", "section": ["一节", "二节"], "text": ["修路。", "植树。"]},
    ...     index=["甲区-2024#001", "甲区-2024#002"],
    ... )
    >>> [label.get_text() for label in plot_outline(items).get_yticklabels()]
    ['一节', '二节']
    """
    units = body(items, parts=parts)
    units = units.assign(n_chars=units["text"].str.len(), kind=units["kind"].astype(str))
    plans = list(dict.fromkeys(units["plan"]))
    shown = spread(plans, whole(max_plans, name="max_plans"))
    if not plans:
        return canvas.nothing(ax, "没有条目可画", "No items to draw", note=note)
    left_out = len(body(items, parts=PARTS)) - len(units)
    return _sections(units, left_out, ax, note) if len(plans) == 1 else _plans(units, shown, len(plans), ax, note)


def spread(values: list[str], limit: int) -> list[str]:
    """Give at most `limit` of the values, evenly spread, in their order.

    Examples
    --------
    >>> spread(list("abcdef"), 3)
    ['a', 'c', 'f']
    """
    if len(values) <= limit:
        return values
    return [values[i] for i in sorted({round(at) for at in np.linspace(0, len(values) - 1, limit)})]


def _sections(units: pd.DataFrame, left_out: int, ax: Axes | None, note: str | None) -> Axes:
    numbered = (
        units["section_no"].astype("str").where(units["section_no"].notna(), "") + "\t" + units["section"].fillna("（无节）")
    ).tolist()
    rows = list(dict.fromkeys(numbered))
    with canvas.sheet(ax, height=26 + 6.5 * len(rows), note=note) as sheet:
        ax = sheet.ax
        _bars(ax, units, [rows.index(name) for name in numbered], units["kind"].map(_FILL).tolist())
        _item_numbers(ax, units, numbered, rows)
        ax.set_yticks(range(len(rows)), [wording.shorten(name.split("\t")[1], canvas.room(0.3)) for name in rows])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        n_sections = len({name for name, section in zip(numbered, units["section"], strict=True) if pd.notna(section)})
        n_items, n_other = int((units["kind"] == "item").sum()), int((units["kind"] != "item").sum())
        chinese = f"{units['plan'].iloc[0]} 的大纲：{n_sections} 节 {n_items} 条" + (f" {n_other} 段" if n_other else "")
        english = f"Outline: {wording.count(n_sections, 'section')}, {wording.count(n_items, 'item')}"
        sheet.title(chinese, english + (f", {wording.count(n_other, 'paragraph')}" if n_other else ""))
        canvas.axis_labels(ax, x=("字数", "Characters"))
        if n_items and n_other:
            names = {"item": "条目 item", "paragraph": "段落 paragraph"}
            sheet.legend([Patch(facecolor=_FILL[kind], label=name) for kind, name in names.items()])
        if left_out:
            more = wording.count(left_out, "unit")
            sheet.footer(f"另有 {left_out} 条（段）属回顾、附件等部分，未画。{more} of other parts (review, appendix) not drawn.")
    return ax


def _plans(units: pd.DataFrame, shown: list[str], n_plans: int, ax: Axes | None, note: str | None) -> Axes:
    drawn = units[units["plan"].isin(shown)]
    section = drawn["section"].fillna("").tolist()
    plan = drawn["plan"].tolist()
    turns, turn = [], 0
    for at in range(len(drawn)):
        turn = 0 if at == 0 or plan[at] != plan[at - 1] else turn + (section[at] != section[at - 1])
        turns.append(turn)
    with canvas.sheet(ax, height=24 + max(3.2 * len(shown), 14), note=note) as sheet:
        ax = sheet.ax
        _bars(ax, drawn, [shown.index(name) for name in plan], [COLOURS[0] if t % 2 == 0 else "#8FBCE0" for t in turns])
        ax.set_yticks(range(len(shown)), [wording.shorten(name, 12) for name in shown])
        ax.set_ylim(len(shown) - 0.4, -0.6)
        counted = f"{len(shown)} / {n_plans}" if len(shown) < n_plans else f"{n_plans}"
        sheet.title(f"各计划的节与条（{counted} 份）", f"Sections and items ({counted} plans)")
        canvas.axis_labels(ax, x=("字数", "Characters"))
        sheet.footer("深浅相间为各节，每格一条（段）。Shades alternate by section; each box is one item or paragraph.")
    return ax


def _bars(ax: Axes, units: pd.DataFrame, rows: list[int], colours: list[str]) -> None:
    start = units["n_chars"].groupby(rows).cumsum().to_numpy() - units["n_chars"].to_numpy()
    longest = float((start + units["n_chars"]).max() or 1)
    edge = np.minimum(0.4, 0.2 * units["n_chars"].to_numpy() * canvas.room(0.62, size=1) / longest)  # an edge must not hide its box
    for row in sorted(set(rows)):
        mine = [i for i, r in enumerate(rows) if r == row]
        spans = [(start[i], units["n_chars"].iloc[i]) for i in mine]
        ax.broken_barh(spans, (row - 0.4, 0.8), facecolors=[colours[i] for i in mine], edgecolor="white", linewidth=edge[mine])
    ax.set_xlim(0, 1.01 * longest)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def _item_numbers(ax: Axes, units: pd.DataFrame, numbered: list[str], rows: list[str]) -> None:
    """Print the item's number in its bar where it fits."""
    total = units["n_chars"].groupby(numbered).sum().max()
    per_letter = total / canvas.room(0.62)
    at = dict.fromkeys(rows, 0)
    for name, number, length, kind in zip(numbered, units["item_no"], units["n_chars"], units["kind"], strict=True):
        if kind == "item" and pd.notna(number) and wording.ems(str(number)) * per_letter < length:
            colour = "white"
            ax.text(
                at[name] + length / 2,
                rows.index(name),
                str(number),
                ha="center",
                va="center",
                color=colour,
                fontsize=canvas.type_size() - 1.5,
            )
        at[name] += length


def plot_coverage(documents: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw which plans there are: place by year, the number of items in each cell, hatched where a plan is missing.

    Parameters
    ----------
    documents : DataFrame
        A documents frame, such as `plans.documents`, with `place`, `year`, `n_items`.
    ax : Axes, optional
        Where to draw; without it on a new figure.
    note : str, optional
        A line below the figure, such as ``虚构示例 fictional example``.

    Returns
    -------
    Axes
        Places down, years across. Where a cell holds several plans their items are added up and a small number says how many they are.

    Raises
    ------
    FrameError
        If a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> documents = pd.DataFrame({"place": ["甲区", "乙区"], "year": [2023, 2024], "n_items": [31, 37]})
    >>> [label.get_text() for label in plot_coverage(documents).get_xticklabels()]
    ['2023', '2024']
    """
    canvas.need(documents, ("place", "year", "n_items"), name="documents", maker="read_plans(folder).documents")
    if documents.empty:
        return canvas.nothing(ax, "没有文件可画", "No documents to draw", note=note)
    place = documents["place"].astype("str").replace("", pd.NA).fillna(f"{_NO_PLACE} unknown")
    year = pd.to_numeric(documents["year"].replace("", pd.NA)).astype("Int64")
    places, years = _in_order(place), _columns(year)
    cells = documents.assign(place=place, year=year.astype("str").fillna(_NO_YEAR)).groupby(["place", "year"])["n_items"]
    total, count = (f.unstack().reindex(index=places, columns=years).astype(float) for f in (cells.sum(), cells.size()))  # noqa: PD010 - no sums of sums
    with canvas.sheet(ax, height=24 + max(4.2 * len(places), 8), note=note) as sheet:
        ax = sheet.ax
        _cells(ax, total, count)
        ax.set_yticks(range(len(places)), [wording.shorten(p, 9) for p in places])
        canvas.label_columns(ax, range(len(years)), years)
        sheet.title(f"各地各年的计划与条目数（{len(documents)} 份）", f"Items by place and year ({wording.count(len(documents), 'plan')})")
        missing = int(_gaps(total).to_numpy().sum())
        sheet.footer(f"斜线：没有计划（{missing} 格）。Hatched: no plan ({wording.count(missing, 'cell')})." if missing else "")
    return ax


def _in_order(place: pd.Series) -> list[str]:
    return sorted(set(place), key=lambda name: (name.startswith(_NO_PLACE), list(place).index(name)))


def _columns(year: pd.Series) -> list[str]:
    known = sorted({int(y) for y in year.dropna()})
    every = list(range(known[0], known[-1] + 1)) if known and known[-1] - known[0] < 60 else known
    return [str(y) for y in every] + ([_NO_YEAR] if year.isna().any() else [])


def _gaps(total: pd.DataFrame) -> pd.DataFrame:
    """Tell the cells that lack a plan: none can be lacking where place or year is unknown."""
    known = [not str(name).startswith(_NO_PLACE) for name in total.index]
    return total.isna() & np.outer(known, [name != _NO_YEAR for name in total.columns])


def _cells(ax: Axes, total: pd.DataFrame, count: pd.DataFrame) -> None:
    top = float(np.nanmax(total.to_numpy())) or 1.0
    ax.set_facecolor("#F7F7F7")
    ax.patch.set(hatch="////", edgecolor=PALE)
    ax.imshow(np.ma.masked_invalid(total.to_numpy()), aspect="auto", cmap=SEQUENTIAL, vmin=0, vmax=top)
    for row, column in zip(*np.nonzero((total.isna() & ~_gaps(total)).to_numpy()), strict=True):
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor="white", linewidth=0))
    size = min(canvas.type_size() - 1, canvas.room(0.72, size=1) / total.shape[1] / 2.1)
    for row, column in zip(*np.nonzero(total.notna().to_numpy()), strict=True):
        value, n = total.iloc[row, column], int(count.iloc[row, column])
        label = f"{value:.0f}" + (f"({n})" if n > 1 else "")
        ax.text(column, row, label, ha="center", va="center", fontsize=size, color="white" if value > 0.55 * top else INK)
    for edge in range(total.shape[1] + 1):
        ax.axvline(edge - 0.5, color="white", linewidth=0.6)
    for edge in range(total.shape[0] + 1):
        ax.axhline(edge - 0.5, color="white", linewidth=0.6)
    ax.tick_params(length=0, labelcolor=INK, color=QUIET)
    ax.spines[:].set_visible(False)
