"""Which items a person joined by naming a partner in the workbook of a ledger."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from policylab.errors import TableError
from policylab.lineage.bookwords import APART, HEADS, SAME_ITEM
from policylab.lineage.ledger import COMPARISON

_SHORT = re.compile(r"[#＃]?(\d+)")
_BETWEEN = re.compile(r"[\s、,，;；]+")
_ACROSS = {"before": "after", "after": "before"}
Pair = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """What stands in the column of partners: the number of the row in the workbook, its `link_id`, the text."""

    row: int
    link_id: str
    said: str


class Partners:
    """Finds the items that entries name, and says what is wrong with an entry.

    Parameters
    ----------
    ledger : DataFrame
        The ledger as it was written.
    source : str
        Name of the workbook, for messages.

    Examples
    --------
    >>> ids = {"before_id": ["甲-2023#001", None, None], "after_id": [None, "甲-2024#001", "甲-2024#002"]}
    >>> links = ["甲-2023#001→", "→甲-2024#001", "→甲-2024#002"]
    >>> ledger = pd.DataFrame({"link_id": links, "series": "要点", "place": "甲", "year_before": 2023, "year_after": 2024, **ids})
    >>> Partners(ledger, "l.xlsx").pairs([Entry(2, "甲-2023#001→", "#2")], {})
    {('甲-2023#001', '甲-2024#002'): ('the same item', 2)}
    """

    def __init__(self, ledger: pd.DataFrame, source: str) -> None:
        self._rows = {row["link_id"]: row for row in ledger.to_dict("records")}
        self._source = source
        self._ids: dict[tuple[str, ...], dict[str, list[str]]] = {}
        self._links: dict[str, list[str]] = {}
        for link_id, row in self._rows.items():
            sides = self._ids.setdefault(_comparison(row), {"before": [], "after": []})
            for side in _sides_of(row):
                sides[side].append(row[f"{side}_id"])
                self._links.setdefault(f"{side} {row[f'{side}_id']}", []).append(link_id)

    def pairs(self, entries: Sequence[Entry], choices: dict[str, str]) -> dict[Pair, tuple[str, int]]:
        """Give the pairs that entries name, each with the status chosen for it or `the same item`, and the row that names it.

        Raises
        ------
        TableError
            If an entry names no item of the other year, several, or a pair that is a row already; or if entries and choices contradict
            each other.
        """
        found: dict[Pair, tuple[str, int]] = {}
        for entry in entries:
            chosen = choices.get(entry.link_id, SAME_ITEM) if self.is_alone(entry.link_id) else SAME_ITEM
            for pair in self._named(entry):
                self._refuse_contradiction(entry, pair, chosen, choices)
                before, row = found.get(pair, (SAME_ITEM, entry.row))
                if SAME_ITEM not in (chosen, before) and chosen != before:
                    raise self._wrong(entry, f"the pair is called {chosen} here, {before} in row {row}", "Choose one status for both.")
                found[pair] = (before if chosen == SAME_ITEM else chosen, row)
        return found

    def is_alone(self, link_id: str) -> bool:
        """Say whether a row is that of an item without a partner."""
        return len(_sides_of(self._rows[link_id])) == 1

    def without_row(self, pair: Pair, rows: Collection[str]) -> list[str]:
        """Give the items of a pair that stand in none of some rows (their `link_id`)."""
        return [item_id for side, item_id in zip(_ACROSS, pair, strict=True) if not set(self._links[f"{side} {item_id}"]) & set(rows)]

    def _named(self, entry: Entry) -> list[Pair]:
        """Give the pairs of one entry, which may name several items."""
        whole = self._matching(entry.link_id, entry.said)
        words = [entry.said] if whole else [word for word in _BETWEEN.split(entry.said) if word]
        return list(dict.fromkeys(self._pair(entry, word) for word in words))

    def _matching(self, link_id: str, word: str) -> list[Pair]:
        """Give the pairs that a word may mean: an id, the `link_id` of a row that has it, or the number at an id's end."""
        row = self._rows[link_id]
        parts = {part.strip() for part in word.split("→")} | {word}
        short = _SHORT.fullmatch(word)
        number = int(short[1]) if short else None
        found: dict[Pair, None] = {}
        for side in _sides_of(row):
            for other in self._ids[_comparison(row)][_ACROSS[side]]:
                if other in parts or (number is not None and _number(other) == number):
                    own = row[f"{side}_id"]
                    found[(own, other) if side == "before" else (other, own)] = None
        return list(found)

    def _pair(self, entry: Entry, word: str) -> Pair:
        found = self._matching(entry.link_id, word)
        if len(found) == 1:
            return found[0]
        row = self._rows[entry.link_id]
        years = {side: f"{row['place']} in {row[f'year_{side}']}" for side in _ACROSS}
        others = [_ACROSS[side] for side in _sides_of(row)]
        ids = [other for side in others for other in dict.fromkeys(self._ids[_comparison(row)][side])]
        if found:
            meant = dict.fromkeys(end for pair in found for end in pair if end in ids and end not in (row["before_id"], row["after_id"]))
            raise self._wrong(entry, f"{word!r} may be {' or '.join(meant)}", "Give the whole id.")
        near = get_close_matches(word, ids, n=1) or ids[:1]
        where = " or ".join(years[side] for side in others)
        elsewhere = self._elsewhere(word)
        what = f"is no item of {where}{elsewhere}" if elsewhere else f"stands in no row of this workbook as an item of {where}"
        hint = f"Give the id of one, such as {near[0]!r}, or the number after its #." if near else f"There is no item of {where} here."
        whole = "" if elsewhere else " Where the workbook holds some rows of a ledger only, write one of all rows of the place."
        raise self._wrong(entry, f"{word!r} {what}", hint + whole)

    def _elsewhere(self, word: str) -> str:
        """Say of which place and year an item is that is not among those allowed."""
        for side in _ACROSS:
            for link_id in self._links.get(f"{side} {word}", [])[:1]:
                row = self._rows[link_id]
                return f" but of {row['place']} in {row[f'year_{side}']} ({row['series']})"
        return ""

    def _refuse_contradiction(self, entry: Entry, pair: Pair, chosen: str, choices: dict[str, str]) -> None:
        overrule = HEADS["overrule"][0]
        if chosen in APART:
            raise self._wrong(entry, f"the row names a partner and is called {chosen} under {overrule!r}", "Empty one of the two cells.")
        joined = "→".join(pair)
        if joined in self._rows:
            raise self._wrong(entry, f"{joined} is a row already", f"Choose its status there, under {overrule!r}, and empty this cell.")
        for item_id, alone in zip(pair, (f"{pair[0]}→", f"→{pair[1]}"), strict=True):
            if alone != entry.link_id and choices.get(alone) in APART:
                raise self._wrong(entry, f"{item_id} is called {choices[alone]} in its own row", "Empty one of the two cells.")

    def _wrong(self, entry: Entry, what: str, hint: str) -> TableError:
        return TableError(f"{self._source!r}, row {entry.row}, {HEADS['partner'][0]}: {what}. {hint}")


def _comparison(row: dict[str, object]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in COMPARISON)


def _sides_of(row: dict[str, object]) -> list[str]:
    return [side for side in _ACROSS if isinstance(row[f"{side}_id"], str)]


def _number(item_id: str) -> int | None:
    number = item_id.rpartition("#")[2]
    return int(number) if number.isdecimal() else None
