"""Sections of plans: alike or not, and which section of one year is which of the next."""

from __future__ import annotations

import itertools
import operator
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from policylab.lineage.letters import letters

ALIKE = 0.5  # titles whose letters overlap at least so far name the same section


def section_numbers(units: pd.DataFrame) -> np.ndarray:
    """Number the sections by the words of their titles, alike in all plans; -1 where a unit has none."""
    titles = units["section"].fillna("").tolist()
    words = pd.Series(letters(titles).words_only(len(titles)), dtype="str").replace("", pd.NA)
    return pd.factorize(words, sort=True)[0].astype(np.int64)


def counterparts(pairs: Sequence[tuple[str, str]], titles_after: Sequence[str]) -> dict[str, str]:
    """Say for each earlier section which later one is its counterpart.

    The one whose title is most alike, if its letters overlap by half; else the one to which most of its items went on.

    Parameters
    ----------
    pairs : sequence of (str, str)
        Titles of the sections of the linked items, before and after.
    titles_after : sequence of str
        Titles of all later sections.

    Examples
    --------
    >>> counterparts([("办好教育", "安居"), ("办好教育", "安居"), ("安全", "安居")], ["办好更好的教育", "安居"])
    {'办好教育': '办好更好的教育', '安全': '安居'}
    """
    titles = sorted({*(t for pair in pairs for t in pair), *titles_after})
    pieces = {
        t: Counter([*w, *map("".join, itertools.pairwise(w))]) for t, w in zip(titles, letters(titles).words_only(len(titles)), strict=True)
    }
    went = sorted(Counter(pairs).items())
    found = {}
    for title in sorted({a for a, _ in pairs}):
        alike, likest = max(((_overlap(pieces[title], pieces[t]), t) for t in sorted(set(titles_after))), key=_first)
        most = max(((n, t) for (a, t), n in went if a == title), key=_first)
        found[title] = likest if alike >= ALIKE else most[1]
    return found


_first = operator.itemgetter(0)


def _overlap(a: Counter[str], b: Counter[str]) -> float:
    """Give Dice's overlap of the letters and letter pairs of two titles."""
    return 2 * (a & b).total() / max(1, a.total() + b.total())
