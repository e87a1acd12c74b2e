"""What the marks of a network map mean: legends, title and the lines below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
from matplotlib.lines import Line2D

from policylab.figures import canvas, wording
from policylab.figures.appearance import COLOURS, INK, QUIET
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
    shares = [float(s) for _, _, s in drawn.edges(data="support", default=None) if s is not None]
    if shares:
        there = {edge_colour(share) for share in shares}
        levels = [(text, c) for text, c in _support_levels(min_support) if c in there]
        sheet.legend([Line2D([], [], color=c, linewidth=2, label=f"{text} 支持度 support") for text, c in levels])
        sheet.footer("支持度：重抽样中出现该联系的比例。Support: share of resamples that have the tie.")


def _community_handles(drawn: nx.Graph, group: Mapping[str, Any], looks: Mapping[Any, tuple[str, str]]) -> list[Line2D]:
    terms = [v for v in drawn if not is_plan(drawn, v)]
    present, two_modes = ordered_communities(terms, group), len(terms) < len(drawn)
    handles = []
    for community in (c for c in looks if c in present):
        words = [str(v) for v in sorted(terms, key=lambda v: commonest(drawn, v)) if group.get(v) == community][:3]
        label = "、".join(words) if isinstance(community, int | np.integer) else str(community)
        label = _TERMS if two_modes and label == "term" else label  # where the mode is handed in as the community
        handles.append(_mark(*looks[community], wording.shorten(label, 16)))
    if handles and any(group.get(v) not in looks for v in terms):
        handles.append(_mark(OTHERS, "o", "其余 others"))
    if two_modes:
        handles += [] if handles else [_mark(COLOURS[0], "o", _TERMS)]
        _, chinese, english = mode_of(drawn)
        handles.append(_mark(*PLAN, f"{chinese} {english}s", edge=INK))
    return handles


_TERMS = "词 terms"
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


def why_none(n_weak: int, n_single: int) -> tuple[str, str]:
    """Give why there is no tie to draw, in Chinese and English; nothing where the network has none."""
    why = [(f"{n_weak} 条支持度不足", f"{n_weak} have too little support")] if n_weak else []
    why += [(f"{n_single} 条只见于一份计划", f"{n_single} stand in one plan only")] if n_single else []
    return ("（" + "，".join(c for c, _ in why) + "）", " (" + ", ".join(e for _, e in why) + ")") if why else ("", "")


def explain(sheet: canvas.Sheet, whole: nx.Graph, drawn: nx.Graph, *, areas: int) -> None:
    """Say above the map what it holds, and below what its areas are."""
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
    if areas:
        sheet.footer(
            "浅色区域：至少三个点、区域里没有别的点的社群。Pale areas: communities of three nodes or more with no other node among them."
        )


def left_out(
    sheet: canvas.Sheet, whole: nx.Graph, drawn: nx.Graph, n_weak: int = 0, n_single: int = 0, *, grouped: bool, min_support: float = 0
) -> None:
    """Say below the figure which ties and nodes it leaves out, and what the maker of the network has to say of it."""
    if n_weak:
        sheet.footer(
            f"另有 {n_weak} 条联系的支持度低于 {100 * min_support:.0f} %，未画。"
            f"{wording.count(n_weak, 'tie')} with a support under {100 * min_support:.0f} % left out."
        )
    if n_single:
        sheet.footer(f"另有 {n_single} 条联系只见于一份计划，未画。{wording.count(n_single, 'tie')} of one plan only left out.")
    tied = [v for v in whole if any(u != v for u in whole[v])]
    which = [_which(drawn, grouped), ("，条目最多", ", those with most items")]
    kinds = [(term := node_names(whole), "个", False), (mode_of(whole)[1:], mode_of(whole)[0], True)]
    if alone := len(whole) - len(tied):
        node = (f"个{term[0]}", term[1]) if not any(is_plan(whole, v) for v in whole) else ("个节点", "node")
        sheet.footer(
            f"{len(whole)} {node[0]}中有 {alone} 个没有联系，未画。{alone} of {wording.count(len(whole), node[1])} without a tie left out."
        )
    for (chinese, english), each, plans in kinds:
        total, n = (sum(is_plan(g, v) == plans for v in nodes) for g, nodes in ((whole, tied), (drawn, drawn)))
        if n < total:
            sheet.footer(
                f"有联系的 {total} {each}{chinese}中画出 {n} {each}{which[plans][0]}。"
                f"Drawn: {n} of {wording.count(total, english)} with ties{which[plans][1]}."
            )
    if outside := sum(1 for a, b in whole.edges if a != b) - sum(1 for a, b in drawn.edges if a != b):
        sheet.footer(f"另有 {outside} 条联系的一端或两端未画。{wording.count(outside, 'tie')} not shown: one end or both are not drawn.")
    sheet.footer(*str(whole.graph.get("note") or "").split("\n"))


def _which(drawn: nx.Graph, grouped: bool) -> tuple[str, str]:
    """Give by what the terms drawn were chosen."""
    if drawn.graph.get("ego") in drawn:
        return "，与它联系最强", ", those most strongly tied to it"
    if grouped and not any(is_plan(drawn, v) for v in drawn):
        return "：先取最大几群的中心，再取最强联系的两端", ": the centres of the largest communities, then the ends of the strongest ties"
    return "，联系最强、彼此相连", ", the most strongly tied, and to each other"
