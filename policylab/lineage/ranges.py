"""What hangs on the threshold: the share of each status over a range of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError
from policylab.items import body
from policylab.lineage.ledger import STATUSES, comparable, compared, rows_of, status_of, too_short, words_of
from policylab.lineage.letters import letters
from policylab.lineage.matching import check_thresholds
from policylab.lineage.pairs import best_pairs, further_linked

LINKS = (0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50)


def ledger_range(
    items: pd.DataFrame,
    *,
    links: Sequence[float] = LINKS,
    review: float | None = 0.20,
    parts: Sequence[str] = ("plan", "unknown"),
) -> pd.DataFrame:
    """Show what hangs on the threshold: how many rows of the ledger have each status as `link` goes over a range.

    Each threshold gives exactly the ledger that `item_ledger` would. The scores are computed once; only the further links of split and
    merged items are looked for anew, since they hang on which links are firm.

    Parameters
    ----------
    items : DataFrame
        An items frame.
    links : sequence of float
        Values of `link`, as in `item_ledger`.
    review : float, optional
        Pairs from here up to `link` are for the reader to judge (where `link` is lower, there are none). With None there are none at
        any threshold: each pair is a link, or its items are dropped and new.
    parts : sequence of str
        Parts of the documents, as in `body`.

    Returns
    -------
    DataFrame
        A row for each value of `link` (ascending) and status: `link`, `review` (as used), `status`, `n` (rows of the ledger), `share`
        (0 to 1, of its rows; missing where no two years could be compared). `.attrs["notes"]` says what could not be compared, and why.

    Raises
    ------
    ArgumentError
        If there is no threshold, or one is not 0 < review ≤ 1 or 0 < link ≤ 1.
    FrameError
        If `items` is no items frame.

    Examples
    --------
    >>> import pandas as pd
    >>> def plan(year, *texts):
    ...     ids = [f"甲区-{year}#{n:03d}" for n in range(1, len(texts) + 1)]
    ...     facts = {"plan": f"甲区-{year}", "series": "工作要点", "place": "甲区", "year": year, "kind": "item", "part": "plan"}
    ...     return pd.DataFrame({**facts, "text": texts}, index=ids)
    >>> items = pd.concat([plan(2023, "新增公办幼儿园若干所。", "清理网吧。"), plan(2024, "新增公办幼儿园和托育所若干所。", "清理网吧。")])
    >>> found = ledger_range(items, links=[0.3, 0.95])
    >>> found[found["n"] > 0][["link", "status", "n", "share"]].to_numpy().tolist()
    [[0.3, 'kept', 1, 0.5], [0.3, 'revised', 1, 0.5], [0.95, 'kept', 1, 0.5], [0.95, 'review', 1, 0.5]]
    """
    thresholds = _thresholds(links, review)
    parts = (parts,) if isinstance(parts, str) else tuple(parts)
    units, notes = comparable(body(items, parts=parts))
    found = letters(units["text"].tolist())
    words = words_of(units, found)
    notes += too_short(units, words)
    counts = np.zeros((len(thresholds), len(STATUSES)), dtype=np.int64)
    before, after = compared(units, found)
    best = best_pairs(before, after)
    for at, (link, least) in enumerate(thresholds):
        rows = rows_of(before, after, further_linked(before, after, best, link=link, review=least))
        counts[at] = pd.Series(status_of(rows, words, link)).value_counts().reindex(STATUSES, fill_value=0)
    return _table(thresholds, counts, notes)


def _thresholds(links: Sequence[float], review: float | None) -> list[tuple[float, float]]:
    """Give each value of link with its review, ascending."""
    values = [links] if isinstance(links, int | float) else sorted(set(links))
    if not values:
        raise ArgumentError("links holds no threshold; give some, such as [0.2, 0.3, 0.4].")
    pairs = [(float(link), float(link if review is None else min(review, link))) for link in values]
    for link, least in pairs:
        check_thresholds(link, least)
    return pairs


def _table(thresholds: list[tuple[float, float]], counts: np.ndarray, notes: list[str]) -> pd.DataFrame:
    total = counts.sum(axis=1, keepdims=True)
    link, review = (np.repeat([t[at] for t in thresholds], len(STATUSES)) for at in (0, 1))
    table = pd.DataFrame(
        {
            "link": link,
            "review": review,
            "status": pd.Categorical(list(STATUSES) * len(thresholds), categories=STATUSES),
            "n": counts.ravel(),
            "share": np.where(total > 0, counts / np.maximum(total, 1), np.nan).ravel(),
        }
    )
    table.attrs = {"notes": notes}
    return table
