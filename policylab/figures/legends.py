"""What the marks of a network map mean: legends, title and the lines below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
from matplotlib.lines import Line2D

from policylab.figures import canvas, wording
from policylab.figures.appearance import INK, QUIET
from policylab.figures.selection import OTHERS, commonest, is_plan, n_items, ordered_communities

PLAN = ("#FFFFFF", "s")
_LEVELS = ((0.8, "#555555"), (0.5, "#9A9A9A"), (0.0, "#D6D6D6"))  # support of at least, colour of the tie


def edge_colour(support: float | None) -> str:
    """Give the grey of a tie: the darker, the more of the resamples have it; middle grey where that is not known."""
    if support is None or np.isnan(support):
        return _LEVELS[1][1]
    return next(colour for least, colour in _LEVELS if support >= least)


def darkness(colour: str) -> int:
    """Sort ties: the pale ones first, so that they lie below."""
    return -[shade for _, shade in _LEVELS].index(colour)


def put_legends(
    sheet: canvas.Sheet,
    drawn: nx.Graph,
    group: Mapping[str, Any],
    *,
    looks: Mapping[Any, tuple[str, str]],
    sizes: Mapping[str, float],
    widths: Mapping[str, float],
    min_support: float,
) -> None:
    """Put below the map what colours and shapes, sizes, widths and greys mean."""
    handles = _community_handles(drawn, group, looks)
    if handles:
        sheet.legend(handles)
    sheet.legend([*_size_handles(drawn, sizes), *_width_handles(widths)], spacing=0.8)
    if any(s is not None for _, _, s in drawn.edges(data="support", default=None)):
        sheet.legend([Line2D([], [], color=c, linewidth=2, label=f"{text} 支持度 support") for text, c in _support_levels(min_support)])
        sheet.footer("支持度：重抽样中出现该联系的比例。Support: share of resamples that have the tie.")


def _community_handles(drawn: nx.Graph, group: Mapping[str, Any], looks: Mapping[Any, tuple[str, str]]) -> list[Line2D]:
    terms = [v for v in drawn if not is_plan(drawn, v)]
    present = ordered_communities(terms, group)
    handles = []
    for community in (c for c in present if c in looks):
        words = [str(v) for v in sorted(terms, key=lambda v: commonest(drawn, v)) if group.get(v) == community][:3]
        label = "、".join(words) if isinstance(community, int | np.integer) else str(community)
        handles.append(_mark(*looks[community], wording.shorten(label, 16)))
    if handles and any(group.get(v) not in looks for v in terms):
        handles.append(_mark(OTHERS, "o", "其余 others"))
    if len(terms) < len(drawn):
        _, chinese, english = mode_of(drawn)
        handles.append(_mark(*PLAN, f"{chinese} {english}s", edge=INK))
    return handles


_MODES = {"plan": ("份", "计划", "plan"), "place": ("个", "地区", "place"), "year": ("个", "年份", "year")}


def mode_of(graph: nx.Graph) -> tuple[str, str, str]:
    """Give the classifier and the names of the nodes that are no terms."""
    modes = {graph.nodes[v].get("mode") for v in graph if is_plan(graph, v)}
    return _MODES.get(str(next(iter(modes))), ("个", "组", "group")) if len(modes) == 1 else ("个", "组", "group")


def node_names(graph: nx.Graph) -> tuple[str, str]:
    """Give what the nodes are called: themes of a codebook, or terms."""
    return ("主题", "theme") if graph.graph.get("nodes") == "themes" else ("词", "term")


def _mark(colour: str, marker: str, label: str, *, edge: str | None = None) -> Line2D:
    return Line2D([], [], linestyle="none", marker=marker, color=colour, markeredgecolor=edge or colour, markersize=5, label=label)


def _size_handles(graph: nx.Graph, sizes: Mapping[str, float]) -> list[Line2D]:
    counted = [v for v in graph if "n_items" in graph.nodes[v] and not is_plan(graph, v)]
    by_size = sorted(counted, key=lambda v: (n_items(graph, v), str(v)))
    return [
        Line2D([], [], linestyle="none", marker="o", color=QUIET, markersize=sizes[v] ** 0.5, label=f"{n_items(graph, v):,.0f} 条 items")
        for v in dict.fromkeys(by_size[:1] + by_size[-1:])
    ]


def _width_handles(widths: Mapping[str, float]) -> list[Line2D]:
    if widths["low"] == widths["high"]:
        return []
    return [
        Line2D([], [], color=_LEVELS[1][1], linewidth=widths[width], label=f"{_short(widths[value])} 强度 weight")
        for value, width in (("low", "thin"), ("high", "thick"))
    ]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}"


def _support_levels(least: float) -> list[tuple[str, str]]:
    """Give the greys that ties of at least this support can have, and what they mean."""
    levels: list[tuple[str, str]] = []
    below = 1.0
    for bound, colour in _LEVELS:
        low = max(bound, least)
        if below > least or not levels:
            text = f"≥ {100 * low:.0f} %" if not levels else f"{100 * low:.0f}–{100 * below:.0f} %" if low else f"< {100 * below:.0f} %"
            levels.append((text, colour))
        below = bound
    return levels


def explain(sheet: canvas.Sheet, whole: nx.Graph, drawn: nx.Graph, *, n_weak: int, min_support: float) -> None:
    """Say above the map what it holds, and below what it leaves out."""
    n_plans, ties, ego = sum(is_plan(drawn, v) for v in drawn), drawn.number_of_edges(), drawn.graph.get("ego")
    n = len(drawn) - n_plans
    (each, chinese, english), (term, term_english) = mode_of(whole), node_names(whole)
    plans = (f" {n_plans} {each}{chinese}", f" {wording.count(n_plans, english)},") if n_plans else ("", "")
    names = (f"“{ego}”的联系", f"Ties around {ego}") if ego in drawn else ("共现网络", "Co-occurrence")
    names = (f"{term}与{chinese}", f"{term_english.capitalize()}s and {english}s") if n_plans and ego not in drawn else names
    sheet.title(
        f"{names[0]}（{n} {term}{plans[0]} {ties} 条联系）",
        f"{names[1]} ({wording.count(n, term_english)},{plans[1]} {wording.count(ties, 'tie')})",
    )
    if n_weak:
        sheet.footer(
            f"另有 {n_weak} 条联系的支持度低于 {100 * min_support:.0f} %，未画。"
            f"{wording.count(n_weak, 'tie')} with a support under {100 * min_support:.0f} % left out."
        )
    total, alone = len(whole), sum(1 for v in whole if not any(u != v for u in whole[v]))
    node = (f"个{term}", term_english) if not any(is_plan(whole, v) for v in whole) else ("个节点", "node")
    if alone:
        sheet.footer(f"{total} {node[0]}中有 {alone} 个没有联系，未画。{alone} of {wording.count(total, node[1])} without a tie left out.")
    if len(drawn) < total - alone:
        which = (
            ("最常见而彼此相连", "commonest that are tied to each other") if ego not in drawn else ("与它联系最强", "most strongly tied")
        )
        sheet.footer(
            f"有联系的 {total - alone} {node[0]}中画出{which[0]}的 {len(drawn)} 个。"
            f"Drawn: of {wording.count(total - alone, node[1])} with ties, the {len(drawn)} {which[1]}."
        )
