"""Match the units of two sets of items: which goes on in which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError
from policylab.items import body
from policylab.lineage.grams import Years, both_sides
from policylab.lineage.letters import letters
from policylab.lineage.pairs import link_pairs
from policylab.lineage.sections import section_numbers


def match_items(
    before: pd.DataFrame, after: pd.DataFrame, *, link: float = 0.30, review: float = 0.20, parts: Sequence[str] = ("plan", "unknown")
) -> pd.DataFrame:
    """Say which items (条目) of one set go on in which items of another, whatever the sets are.

    Units are compared by runs of two and three letters (dates, numbers and punctuation aside), each run as often as both have it; runs
    that many units have weigh less, runs in the item's title more. A pair is each other's best match; what a linked unit has beyond its
    partner may go on in further units (splits), or come from further ones (mergers): their score is against that remainder, not against
    the whole unit.

    Parameters
    ----------
    before, after : DataFrame
        Items frames; their units are the rows that `body` gives.
    link, review : float
        Pairs with at least this score are linked, those between the two are for the reader to judge. 0 < review ≤ link ≤ 1.
    parts : sequence of str
        Parts of the documents, as in `body`.

    Returns
    -------
    DataFrame
        `before_id`, `after_id`, `score` (0 to 1: the geometric mean of Dice's overlap and of the share of the shorter text that
        stands in the longer one) and `link` (`linked` or `review`), in the order of the items.

    Raises
    ------
    ArgumentError
        If the thresholds are not 0 < review ≤ link ≤ 1.
    FrameError
        If a frame is no items frame.

    References
    ----------
    Dice, L. R. (1945), Measures of the amount of ecologic association between species, *Ecology* 26.

    Examples
    --------
    >>> import pandas as pd
    >>> def plan(year, *texts):
    ...     ids = [f"甲区-{year}#{n:03d}" for n in range(1, len(texts) + 1)]
    ...     return pd.DataFrame({"plan": f"甲区-{year}", "kind": "item", "part": "plan", "text": texts}, index=ids)
    >>> old = plan(2023, "新增公办幼儿园5所。", "开展垃圾分类进社区活动。")
    >>> new = plan(2024, "举办区运动会。", "新增公办幼儿园8所。")
    >>> match_items(old, new)
         before_id     after_id  score    link
    0  甲区-2023#001  甲区-2024#002    1.0  linked
    """
    check_thresholds(link, review)
    left, right = body(before, parts=parts), body(after, parts=parts)
    units = pd.concat([left, right])
    years = Years(np.repeat([0, 1], [len(left), len(right)]), np.array([True, False]))
    pairs = link_pairs(*both_sides(units, letters(units["text"].tolist()), years, section_numbers(units)), link=link, review=review)
    i, j, score = pairs[:, 0].astype(int), pairs[:, 1].astype(int), pairs[:, 2]
    found = {"before_id": left.index[i], "after_id": right.index[j], "score": score, "link": np.where(score >= link, "linked", "review")}
    return pd.DataFrame(found).astype({"before_id": "str", "after_id": "str", "link": "str"})


def check_thresholds(link: float, review: float) -> None:
    """Raise unless 0 < review ≤ link ≤ 1."""
    if not 0 < review <= link <= 1:
        raise ArgumentError(f"link={link!r}, review={review!r}: allowed are 0 < review ≤ link ≤ 1, such as link=0.30, review=0.20.")
