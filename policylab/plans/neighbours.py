"""Documents far shorter or far longer than those beside them: a part of a plan, or two plans in one file."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from policylab.plans.raw import Problem

_OTHERS = 4  # other documents that a usual length needs, at least
_SPREAD = 3.5  # robust standard deviations from the median that are far (Iglewicz and Hoaglin 1993)
_SHORT_HINT = "Look whether the file holds the whole plan: its end, its attachments, the pages between."
_LONG_HINT = "Look whether two documents stand in one file, or something was appended that is no part of the plan."

Filed = tuple[str | None, str | None, int | None]


def odd_lengths(filed: Sequence[Filed], lengths: Sequence[int]) -> Iterator[tuple[int, Problem]]:
    """Compare each document's length with those of its place over the years, else of its year over the places, else of its series.

    Far is what lies beyond a factor of 2 (2.5, 3) from the median of the others and 3.5 robust standard deviations of the logarithms.

    References
    ----------
    B. Iglewicz, D. C. Hoaglin (1993), How to detect and handle outliers, ASQC Quality Press.

    Parameters
    ----------
    filed : sequence of (series, place, year)
        What each document is filed under.
    lengths : sequence of int
        Its characters.

    Yields
    ------
    (int, Problem)
        The document's place in the sequences and what was found.
    """
    logs = [math.log(max(1, n)) for n in lengths]
    judged: set[int] = set()
    for by, factor in (((0, 1), 2.0), ((0, 2), 2.5), ((0,), 3.0)):
        groups: dict[tuple[str | int | None, ...], list[int]] = defaultdict(list)
        for at, facts in enumerate(filed):
            key = tuple(facts[k] for k in by)
            if None not in key:
                groups[key].append(at)
        for key, members in groups.items():
            if len(members) > _OTHERS:
                yield from _judge(" ".join(str(k) for k in key), members, logs, factor, judged)
        judged |= {at for members in groups.values() if len(members) > _OTHERS for at in members}


def _judge(name: str, members: list[int], logs: list[float], factor: float, judged: set[int]) -> Iterator[tuple[int, Problem]]:
    ranked = sorted(logs[at] for at in members)
    centre = median(ranked)
    spread = 1.4826 * median(abs(x - centre) for x in ranked)
    limit = max(math.log(factor), _SPREAD * spread)
    for at in members:
        usual = _median_without(ranked, logs[at])
        if at not in judged and abs(logs[at] - usual) > limit:
            code, hint = ("far-shorter", _SHORT_HINT) if logs[at] < usual else ("far-longer", _LONG_HINT)
            n, typical = round(math.exp(logs[at])), round(math.exp(usual))
            message = f"{n} characters, where the {len(members) - 1} others of {name} have {typical} in the median"
            yield at, Problem(code, "warning", message, hint)


def _median_without(ranked: list[float], value: float) -> float:
    """Give the median of sorted values without one of them."""
    n = len(ranked) - 1
    low, high = (n - 1) // 2, n // 2
    taken = ranked[low] if value > ranked[low] else ranked[low + 1]
    return (taken + (ranked[high] if value > ranked[high] else ranked[high + 1])) / 2
