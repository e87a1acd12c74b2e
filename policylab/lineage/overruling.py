"""What a person decided about the rows of a ledger, applied to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from policylab.lineage.bookwords import APART, NOT_THE_SAME
from policylab.lineage.chains import LINKED
from policylab.lineage.ledger import COLUMNS, COMPARISON, link_ids, moved, numbers_changed, status_of, words_of
from policylab.lineage.letters import letters

CANNOT_BE = "an item without a partner cannot be"
_OF_A_PAIR = ["score", "moved", "numbers_changed"]


def why_not(row: dict[str, Any], choice: str) -> str:
    """Say why a choice cannot be applied to a row; "" where it can.

    Examples
    --------
    >>> why_not({"before_id": "a#1", "after_id": None, "status": "dropped"}, "kept")
    'an item without a partner cannot be kept'
    """
    lone = pd.isna(row["before_id"]) or pd.isna(row["after_id"])
    if not lone or choice == row["status"]:
        return ""
    return "an item without a partner is no pair" if choice == NOT_THE_SAME else f"{CANNOT_BE} {choice}"


def apply_choices(ledger: pd.DataFrame, choices: dict[str, str], links: dict[tuple[str, str], str]) -> pd.DataFrame:
    """Give the ledger with choices and links applied; `decided` holds what people chose, in this round or before.

    `choices` go from `link_id` to a status or to `not the same item`, `links` from the two items of a pair that a person made to a status
    or to `the same item`. A pair that is none becomes a dropped and a new row, unless its items have other partners; a pair that was made
    takes the place of its items' rows without a partner. Where the links of an item have changed, its other rows are named anew but for
    those that a person named, and `moved` is found again in that pair of plans. Rows stay in the order of a ledger.
    """
    choice = ledger["link_id"].map(choices)
    pair = ledger["before_id"].notna() & ledger["after_id"].notna()
    apart = pair & choice.isin(APART)
    joined = ~pair & (ledger["before_id"].isin([a for a, _ in links]) | ledger["after_id"].isin([b for _, b in links]))
    gone, made = ledger[apart], _made(ledger, links, ledger[apart | joined])
    stay = ledger[~apart & ~joined]
    status = choice[stay.index].where(choice[stay.index].notna(), stay["status"].astype("str"))
    judged = stay[status.isin(LINKED) != stay["status"].isin(LINKED)]
    rows = pd.concat([stay.assign(status=status), made], ignore_index=True)
    rows["status"] = _named_where_touched(rows, pd.concat([gone, made, judged]))
    lone = [_alone(gone, "before", rows), _alone(gone, "after", rows)]
    result = _in_order(pd.concat([rows, *lone]), ledger).astype({"status": COLUMNS["status"]})
    again = _comparisons(result).isin(_comparisons(pd.concat([gone, made])))
    result.loc[again, "moved"] = moved(result[again])
    return result


def _made(ledger: pd.DataFrame, links: dict[tuple[str, str], str], replaced: pd.DataFrame) -> pd.DataFrame:
    """Give a row for each pair that a person made, with the remarks on the rows whose place it takes."""
    ids = pd.DataFrame(list(links), columns=["before_id", "after_id"], dtype="str")
    sides = []
    for side, facts in (("before", list(COMPARISON)), ("after", [])):
        known = ledger[ledger[f"{side}_id"].notna()].drop_duplicates(f"{side}_id").set_index(f"{side}_id")
        sides.append(known.loc[ids[f"{side}_id"], [*facts, f"section_{side}", f"text_{side}"]].reset_index(drop=True))
    rows = pd.concat([ids, *sides], axis=1)
    decided = pd.Series(list(links.values()), dtype="str")
    rows = rows.assign(decided=decided, status=decided.where(decided.isin(LINKED), "revised"), score=np.nan, moved=pd.NA)
    rows["link_id"] = link_ids(rows["before_id"], rows["after_id"])
    rows["numbers_changed"] = numbers_changed(rows["text_before"], rows["text_after"])
    rows["remarks"] = [_remarks(replaced[(replaced["before_id"] == a) | (replaced["after_id"] == b)]) for a, b in links]
    types = {name: dtype for name, dtype in COLUMNS.items() if name != "status"}
    return rows[ledger.columns].astype({**types, "remarks": "str"})


def _remarks(rows: pd.DataFrame) -> str | None:
    return "；".join(rows["remarks"].dropna().unique()) or None


def _named_where_touched(rows: pd.DataFrame, changed: pd.DataFrame) -> pd.Series:
    """Name the links of items that have more or fewer of them than before anew, but for what a person named."""
    touched = rows["before_id"].isin(changed["before_id"].dropna()) | rows["after_id"].isin(changed["after_id"].dropna())
    again = touched & rows["status"].isin(LINKED) & ~rows["decided"].isin(LINKED)
    return rows["status"].mask(again, pd.Series(_named_anew(rows), index=rows.index))


def _named_anew(ledger: pd.DataFrame) -> np.ndarray:
    """Name each row by the links that there are, as `item_ledger` does."""
    sides = [ledger[[f"{side}_id", f"text_{side}"]].set_axis(["id", "text"], axis=1) for side in ("before", "after")]
    units = pd.concat(sides).dropna(subset="id").drop_duplicates("id").set_index("id")["text"].fillna("")
    rows = pd.DataFrame({side: units.index.get_indexer(ledger[f"{side}_id"]) for side in ("before", "after")})
    return status_of(
        rows.assign(score=ledger["status"].isin(LINKED).to_numpy(dtype=float)),
        words_of(units.to_frame(), letters(units.tolist())),
        link=0.5,
    )


def _alone(gone: pd.DataFrame, side: str, stay: pd.DataFrame) -> pd.DataFrame:
    """Give a row for each item of pairs that are none, unless it has another partner."""
    other = "after" if side == "before" else "before"
    rows = gone[~gone[f"{side}_id"].isin(stay[f"{side}_id"].dropna())].drop_duplicates(f"{side}_id")
    blank = [f"section_{other}", f"text_{other}", f"{other}_id", *_OF_A_PAIR]
    missing = {name: pd.Series(np.nan if name == "score" else pd.NA, index=rows.index, dtype=COLUMNS[name]) for name in blank}
    rows = rows.assign(**missing, status="dropped" if side == "before" else "new")
    return rows.assign(link_id=link_ids(rows["before_id"], rows["after_id"]))


def _in_order(rows: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Put rows in the order of a ledger: each comparison's earlier items, then its new ones, partners in the order of their ids."""
    new = rows["before_id"].isna()
    first = pd.Index(ledger["before_id"].dropna().drop_duplicates())
    later = [after_id.rpartition("#") for after_id in rows["after_id"].fillna("")]
    keys = pd.DataFrame(
        {
            "comparison": _comparisons(ledger).unique().get_indexer(_comparisons(rows)),
            "new": new.to_numpy(),
            "before": first.get_indexer(rows["before_id"]),
            "plan": [plan for plan, _, _ in later],
            "number": [int(number) if number.isdecimal() else -1 for _, _, number in later],
            "at": rows.index.to_numpy(),
        }
    )
    return rows.iloc[keys.sort_values(list(keys), kind="stable").index].reset_index(drop=True)


def _comparisons(ledger: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(ledger[list(COMPARISON)].astype("str").fillna(""))
