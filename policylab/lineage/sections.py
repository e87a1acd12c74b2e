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


def later_titles(comparison: np.ndarray, before: pd.Series, after: pd.Series) -> np.ndarray:
    """Give for each row of a ledger the later title of its old section: its counterpart's, else its own; missing where it has none.

    Parameters
    ----------
    comparison : ndarray of int
        Number of the comparison (of two years' plans) of each row.
    before, after : Series
        Titles of the sections of the earlier and the later item; missing where there is none.
    """
    old, new = (titles.to_numpy(dtype=object, na_value=None) for titles in (before, after))
    pieces = title_pieces(sorted({*old, *new} - {None}))
    later = old.copy()
    for rows in pd.Series(comparison).groupby(comparison).indices.values():
        pairs = [(a, b) for a, b in zip(old[rows], new[rows], strict=True) if a is not None and b is not None]
        found = counterparts(pairs, [b for b in new[rows] if b is not None], pieces)
        later[rows] = [found.get(a, a) for a in old[rows]]
    return later


def title_pieces(titles: Sequence[str]) -> dict[str, Counter[str]]:
    """Give the letters and letter pairs of titles."""
    words = letters(titles).words_only(len(titles))
    return {t: Counter([*w, *map("".join, itertools.pairwise(w))]) for t, w in zip(titles, words, strict=True)}


def counterparts(pairs: Sequence[tuple[str, str]], titles_after: Sequence[str], pieces: dict[str, Counter[str]]) -> dict[str, str]:
    """Say for each earlier section which later one is its counterpart.

    The one whose title is most alike, if its letters overlap by half; else the one to which most of its items went on.

    Parameters
    ----------
    pairs : sequence of (str, str)
        Titles of the sections of the linked items, before and after.
    titles_after : sequence of str
        Titles of all later sections.
    pieces : dict
        What `title_pieces` gives of all these titles.

    Examples
    --------
    >>> pieces = title_pieces(["办好教育", "安全", "办好更好的教育", "安居"])
    >>> counterparts([("办好教育", "安居"), ("办好教育", "安居"), ("安全", "安居")], ["办好更好的教育", "安居"], pieces)
    {'办好教育': '办好更好的教育', '安全': '安居'}
    """
    went, titles_after, found = sorted(Counter(pairs).items()), sorted(set(titles_after)), {}
    for title in sorted({a for a, _ in pairs}):
        alike, likest = max(((_overlap(pieces[title], pieces[t]), t) for t in titles_after), key=_first)
        most = max(((n, t) for (a, t), n in went if a == title), key=_first)
        found[title] = likest if alike >= ALIKE else most[1]
    return found


_first = operator.itemgetter(0)


def _overlap(a: Counter[str], b: Counter[str]) -> float:
    """Give Dice's overlap of the letters and letter pairs of two titles."""
    return 2 * (a & b).total() / max(1, a.total() + b.total())
