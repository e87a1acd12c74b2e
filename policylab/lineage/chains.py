"""Follow an item over all years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from policylab.errors import FrameError

LINKED = ("kept", "revised", "split", "merged")
FATES = (*LINKED, "review", "dropped")
STATUSES = (*LINKED, "review", "new", "first")
_NEEDED = ("series", "place", "year_before", "year_after", "before_id", "after_id", "status")


def item_chains(ledger: pd.DataFrame, *, follow_review: bool = False) -> pd.DataFrame:
    """Follow each item (条目) over all years: an item and whatever it went on in make a chain.

    Items that a split or merger joins share a chain. Pairs that are for the reader to judge break it, unless `follow_review`.

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
        If `ledger` lacks columns.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame({"series": "要点", "place": "甲区", "year_before": [2022, 2023], "year_after": [2023, 2024],
    ...     "before_id": ["a#1", "b#1"], "after_id": ["b#1", None], "status": ["kept", "dropped"]})
    >>> item_chains(ledger)[["chain", "step", "item_id", "status", "fate"]].to_numpy().tolist()
    [[1, 0, 'a#1', 'first', 'kept'], [1, 1, 'b#1', 'kept', 'dropped']]
    """
    ledger = checked(ledger)
    nodes = _nodes(ledger)
    follow = (*LINKED, "review") if follow_review else LINKED
    links = ledger[ledger["status"].isin(follow)]
    ends = [nodes.index.get_indexer(links[c]) for c in ("before_id", "after_id")]
    graph = coo_array((np.ones(len(links)), (ends[0], ends[1])), shape=(len(nodes), len(nodes)))
    part = connected_components(graph, directed=False)[1] if len(nodes) else np.zeros(0, dtype=int)
    chain = pd.factorize(part)[0]
    nodes = nodes.assign(chain=chain + 1, item_id=nodes.index)
    nodes["step"] = nodes["nth"] - nodes.groupby("chain")["nth"].transform("min")
    columns = ["chain", "step", "year", "item_id", "status", "fate", "series", "place"]
    return nodes.sort_values(["chain", "step"], kind="stable")[columns].reset_index(drop=True)


def checked(ledger: pd.DataFrame) -> pd.DataFrame:
    """Give the ledger with `status` as text; raise if it is none."""
    missing = [c for c in _NEEDED if c not in ledger]
    if missing:
        raise FrameError(f"ledger has no column {missing[0]}; give what `item_ledger(items)` returned.")
    return ledger.assign(status=ledger["status"].astype("str")).reset_index(drop=True)  # ledgers joined end to end repeat their index


def _nodes(ledger: pd.DataFrame) -> pd.DataFrame:
    """Give one row for each item of the ledger, in its order, with how it came and what became of it."""
    facts = []
    for side, name, statuses in (("after", "status", STATUSES), ("before", "fate", FATES)):
        rows = ledger[ledger[f"{side}_id"].notna()]
        rank = rows["status"].map({s: n for n, s in enumerate(statuses)})
        rows = rows.assign(rank=rank).sort_values("rank", kind="stable").drop_duplicates(f"{side}_id").sort_index()
        facts.append(rows.set_index(f"{side}_id")[["series", "place", f"year_{side}", "status"]].set_axis([*_KEYS, name], axis=1))
    came, went = facts
    nodes = went.join(came["status"]).reindex(_in_order(ledger))
    nodes = nodes.fillna(came.reindex(nodes.index)[list(_KEYS)]).astype({"year": "Int64"})
    nodes["status"] = came["status"].reindex(nodes.index).fillna("first").astype("str")
    nodes["nth"] = nodes.groupby(["series", "place"])["year"].rank(method="dense").astype(int)
    return nodes.astype({"fate": "str", "series": "str", "place": "str"})


_KEYS = ("series", "place", "year")


def _in_order(ledger: pd.DataFrame) -> pd.Index:
    both = ledger[["before_id", "after_id"]].to_numpy().ravel()
    return pd.Index(pd.unique(both[pd.notna(both)]), dtype="str", name="item_id")
