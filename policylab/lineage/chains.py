"""Follow an item over all years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from policylab.errors import FrameError
from policylab.lineage.ledger import STATUSES

LINKED = ("kept", "revised", "split", "merged")
FATES = (*LINKED, "review", "dropped")
CAME = (*LINKED, "review", "new", "first")
ITEM = ("series", "place", "year", "item_id")  # what makes an item the same one
_NEEDED = ("series", "place", "year_before", "year_after", "before_id", "after_id", "status")


def item_chains(ledger: pd.DataFrame, *, follow_review: bool = False) -> pd.DataFrame:
    """Follow each item (条目) over all years: an item and whatever it went on in make a chain.

    Items that a split or merger joins share a chain. Items of several series or places are told apart even where their ids are the same
    (plans that were read each by itself, their ledgers joined end to end). Pairs that are for the reader to judge break it, unless
    `follow_review`.

    Parameters
    ----------
    ledger : DataFrame
        What `item_ledger` gave.
    follow_review : bool
        Whether pairs left to the reader count as links: chains as long, rather than as short, as they may be.

    Returns
    -------
    DataFrame
        A row for each item: `chain` (from 1, in the order of the ledger), `step` (0 in the chain's first year, one more for each year
        compared), `year`, `item_id`, `status` (how it came: kept, revised, split, merged, review, new, or `first` where no earlier
        year is at hand), `fate` (what became of it: the same or dropped; missing where no later year is at hand), `series`, `place`.

    Raises
    ------
    FrameError
        If `ledger` lacks columns, or a status is missing or unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame({"series": "要点", "place": "甲区", "year_before": [2022, 2023], "year_after": [2023, 2024],
    ...     "before_id": ["a#1", "b#1"], "after_id": ["b#1", None], "status": ["kept", "dropped"]})
    >>> item_chains(ledger)[["chain", "step", "item_id", "status", "fate"]].to_numpy().tolist()
    [[1, 0, 'a#1', 'first', 'kept'], [1, 1, 'b#1', 'kept', 'dropped']]
    """
    ends = ends_of(checked(ledger))
    nodes = _nodes(ends)
    follow = (*LINKED, "review") if follow_review else LINKED
    sides = ends[ends["status"].isin(follow)].groupby("side")["node"]
    before, after = (dict(list(sides)).get(side, pd.Series(dtype=int)) for side in ("before", "after"))
    links = pd.concat([before, after], axis=1, join="inner").to_numpy(dtype=int).T  # rows that have both
    graph = coo_array((np.ones(links.shape[1]), (links[0], links[1])), shape=(len(nodes), len(nodes)))
    part = connected_components(graph, directed=False)[1] if len(nodes) else np.zeros(0, dtype=int)
    nodes["chain"] = pd.factorize(part)[0] + 1
    nodes["step"] = nodes["nth"] - nodes.groupby("chain")["nth"].transform("min")
    columns = ["chain", "step", "year", "item_id", "status", "fate", "series", "place"]
    return nodes.sort_values(["chain", "step"], kind="stable")[columns].reset_index(drop=True)


def checked(ledger: pd.DataFrame) -> pd.DataFrame:
    """Give the ledger with `status` as text; raise if it is none, or a status is unknown."""
    missing = [c for c in _NEEDED if c not in ledger]
    if missing:
        raise FrameError(f"ledger has no column {missing[0]}; give what `item_ledger(items)` returned.")
    status = ledger["status"].astype("str")
    wrong = ~status.isin(STATUSES).to_numpy()
    if wrong.any():
        row = ledger[wrong].iloc[0]
        said = "no status" if pd.isna(row["status"]) else f"the status {row['status']!r}"
        ends = "→".join("" if pd.isna(end) else str(end) for end in (row["before_id"], row["after_id"]))
        raise FrameError(f"ledger has {said} in the row {ends!r}; allowed are {', '.join(STATUSES)}.")
    return ledger.assign(status=status).reset_index(drop=True)  # ledgers joined end to end repeat their index


def ends_of(ledger: pd.DataFrame) -> pd.DataFrame:
    """Give one row for each item of each row of the ledger, in its order, with the number of that item.

    An id names an item within its series, place and year: series that were read each by itself may have the same ids.
    """
    sides = [
        ledger[["series", "place", f"year_{side}", f"{side}_id", "status"]].set_axis([*ITEM, "status"], axis=1).assign(side=side)
        for side in ("before", "after")
    ]
    ends = pd.concat(sides).sort_index(kind="stable").dropna(subset="item_id")
    return ends.assign(node=ends.groupby(list(ITEM), sort=False, dropna=False).ngroup())


def _nodes(ends: pd.DataFrame) -> pd.DataFrame:
    """Give one row for each item, by its number, with how it came and what became of it."""
    nodes = ends.drop_duplicates("node").set_index("node")[list(ITEM)].astype({"year": "Int64"})
    for side, name, statuses in (("after", "status", CAME), ("before", "fate", FATES)):
        rows = ends[ends["side"] == side]
        firmest = rows["status"].map({s: n for n, s in enumerate(statuses)}).groupby(rows["node"]).min()
        nodes[name] = firmest.map(dict(enumerate(statuses))).reindex(nodes.index)
    nodes["status"] = nodes["status"].fillna("first")
    nodes["nth"] = nodes.groupby(["series", "place"])["year"].rank(method="dense").astype(int)
    return nodes.astype(dict.fromkeys(("item_id", "series", "place", "status", "fate"), "str"))
