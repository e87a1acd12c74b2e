"""Pages whose lines run from the top down, as traditional Chinese is set: told, and laid down so that they can be read."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict

from policylab.plans.pdf_layout import Page, Run

_ENOUGH = 15


def stands_in_columns(runs: list[Run]) -> bool:
    """Tell whether the text of a page runs downwards: single characters, nearer to the next below than to the next beside."""
    if len(runs) < _ENOUGH or sum(len(run.text) == 1 for run in runs) < 0.8 * len(runs):
        return False
    below, beside = _steps(runs, upright=True), _steps(runs, upright=False)
    downwards = sum(a < 0.8 * b for a, b in zip(below, beside, strict=True))
    return downwards > 0.7 * len(runs)


def _steps(runs: list[Run], *, upright: bool) -> list[float]:
    """Give for each run the distance to the next one below it (or beside it), endless where there is none."""
    lines: dict[int, list[float]] = defaultdict(list)
    keys = [(round((r.left if upright else r.bottom) / 4), -r.bottom if upright else r.left) for r in runs]
    for line, at in keys:
        lines[line].append(at)
    for stops in lines.values():
        stops.sort()
    steps = []
    for line, at in keys:
        stops = lines[line]
        n = bisect_left(stops, at + 0.5)
        steps.append(stops[n] - at if n < len(stops) else stops[-1] - stops[-2] if len(stops) > 1 else float("inf"))
    return steps


def lying(page: Page) -> Page:
    """Turn a page so that its columns become lines and the rightmost column the first line."""
    runs = [Run(page.height - r.top, r.left, page.height - r.bottom, r.right, r.text) for r in page.runs]
    return Page(page.number, page.height, page.width, runs, page.slanted)
