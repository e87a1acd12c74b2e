"""What a person decided about the rows of a ledger, applied to it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policylab.lineage.bookwords import NOT_THE_SAME
from policylab.lineage.chains import LINKED
from policylab.lineage.ledger import COLUMNS, status_of, words_of
from policylab.lineage.letters import letters

APART = (NOT_THE_SAME, "new", "dropped")  # of a pair, each says that it is none
_OF_A_PAIR = ["score", "moved", "numbers_changed"]


def why_not(row: pd.Series, choice: str) -> str:
    """Say why a choice cannot be applied to a row; "" where it can.

    Examples
    --------
    >>> why_not(pd.Series({"before_id": "a#1", "after_id": None, "status": "dropped"}), "kept")
    'an item without a partner cannot be kept'
    """
    lone = pd.isna(row["before_id"]) or pd.isna(row["after_id"])
    if not lone or choice == row["status"]:
        return ""
    return "an item without a partner is no pair" if choice == NOT_THE_SAME else f"an item without a partner cannot be {choice}"


def apply_choices(ledger: pd.DataFrame, choices: dict[str, str]) -> pd.DataFrame:
    """Give the ledger with choices applied: a dict from `link_id` to a status or to `not the same item`.

    A pair that is none becomes a dropped and a new row, unless its items have other partners; where a split or merged item is thereby
    left with one partner, its row is named anew (kept or revised). Rows stay in the order of a ledger.
    """
    choice = ledger["link_id"].map(choices)
    pair = ledger["before_id"].notna() & ledger["after_id"].notna()
    apart = pair & choice.isin(APART)
    stay, gone = ledger[~apart], ledger[apart]
    own = choice[~apart].notna()
    stay = stay.assign(status=choice[~apart].where(own, stay["status"].astype("str")))
    touched = stay["before_id"].isin(gone["before_id"].dropna()) | stay["after_id"].isin(gone["after_id"].dropna())
    again = touched & ~own & stay["status"].isin(LINKED)
    stay["status"] = stay["status"].mask(again, pd.Series(_named_anew(stay), index=stay.index))
    lone = [_alone(gone, "before", stay), _alone(gone, "after", stay)]
    return _in_order(pd.concat([stay, *lone]), ledger).astype({"status": COLUMNS["status"]})


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
    link_id = rows["before_id"] + "→" if side == "before" else "→" + rows["after_id"]
    return rows.assign(**missing, link_id=link_id, status="dropped" if side == "before" else "new")


def _in_order(rows: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Put rows in the order of a ledger: each comparison's earlier items, then its new ones in the order of their ids."""
    comparison = pd.MultiIndex.from_frame(ledger[["series", "place", "year_before", "year_after"]].astype("str").fillna(""))
    own = pd.MultiIndex.from_frame(rows[["series", "place", "year_before", "year_after"]].astype("str").fillna(""))
    new = rows["before_id"].isna()
    first = pd.Index(ledger["before_id"].dropna().drop_duplicates())
    later = [after_id.rpartition("#") if is_new else ("", "", "") for after_id, is_new in zip(rows["after_id"], new, strict=True)]
    keys = pd.DataFrame(
        {
            "comparison": comparison.unique().get_indexer(own),
            "new": new.to_numpy(),
            "before": first.get_indexer(rows["before_id"]),
            "plan": [plan for plan, _, _ in later],
            "number": [int(number) if number.isdecimal() else -1 for _, _, number in later],
            "at": rows.index.to_numpy(),
        }
    )
    return rows.iloc[keys.sort_values(list(keys), kind="stable").index].reset_index(drop=True)
