"""Coded samples beside the machine's labels of all units, and their pseudo-outcomes (design-based supervised learning)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from policylab.errors import FrameError, TooFewCodingsError
from policylab.validation.checks import check_codings


@dataclass(frozen=True)
class Coded:
    """The machine's class of every unit and the human class of some, as 0 and 1 in a column for each class.

    `rows` are the units that were coded, `weight` what each stands for (one over its chance), `stratum` its number.
    """

    docs: pd.DataFrame
    classes: list[str]
    machine: np.ndarray
    human: np.ndarray
    rows: np.ndarray
    weight: np.ndarray
    stratum: np.ndarray

    def pseudo(self) -> np.ndarray:
        """Machine + (coded / chance) × (human − machine) for every unit: its mean over the sample's draws is the human class."""
        outcome = self.machine.copy()
        outcome[self.rows] += self.weight[:, None] * (self.human - self.machine[self.rows])
        return outcome

    def n_codings(self, inside: np.ndarray) -> int:
        """How many of some units were coded."""
        return int(inside[self.rows].sum())


def join_codings(codings: pd.DataFrame, docs: pd.DataFrame, labels: pd.Series) -> Coded:
    """Set codings beside the labels of all units: the first coder's code, and the next one's where the first gave none.

    Raises
    ------
    FrameError
        If codings, docs and labels do not speak of the same units.
    TooFewCodingsError
        If a stratum was left without a single coding.
    """
    check_codings(codings)
    if not isinstance(docs, pd.DataFrame) or "plan" not in docs or not docs.index.is_unique:
        raise FrameError("docs must be a frame with a column 'plan' and a unique index of ids, such as `topics.docs` or `body(items)`.")
    if not isinstance(labels, pd.Series) or not labels.index.is_unique or not docs.index.isin(labels.index).all():
        raise FrameError("labels must be a Series with a label for each of the rows of docs, indexed like docs.")
    labels = labels.reindex(docs.index)
    if labels.isna().any():
        raise FrameError(f"labels has none for {labels.index[labels.isna()][0]!r}; give such units a class of their own, as in the sheet.")
    first = codings.drop_duplicates("item_id")
    rows = docs.index.astype("str").get_indexer(pd.Index(first["item_id"].astype("str")))
    if (rows < 0).any():
        stranger = first["item_id"].iloc[int(np.argmax(rows < 0))]
        raise FrameError(f"codings speak of {stranger!r}, which is no row of docs; give the units that the sheet was drawn from.")
    offered = set(codings.attrs.get("design", {}).get("categories", ())) or {*first["code"], *first["label"]}
    strange = sorted(set(labels.astype("str").str.strip()) - offered)
    if strange:
        raise FrameError(
            f"labels has the class {strange[0]!r}, which coders could not choose (they had {', '.join(sorted(offered)[:12])}). "
            "Name the classes as in the sheet, or draw a new sheet for the new labels."
        )
    machine, human = labels.astype("str").str.strip().to_numpy(dtype=object), first["code"].to_numpy(dtype=object)
    classes = _largest_first(machine, human)
    stratum = pd.factorize(first["stratum"], sort=True)[0]
    by_machine, by_hand = ((values[:, None] == np.array(classes, dtype=object)).astype(float) for values in (machine, human))
    return Coded(docs, classes, by_machine, by_hand, rows, _weights(first, stratum, len(docs)), stratum)


def _largest_first(machine: np.ndarray, human: np.ndarray) -> list[str]:
    size = pd.Series(machine).value_counts()
    return sorted({*machine, *human}, key=lambda c: (-int(size.get(c, 0)), c))


def _weights(first: pd.DataFrame, stratum: np.ndarray, n_units: int) -> np.ndarray:
    """What each coded unit stands for; where some of a stratum were left uncoded, the others stand for them too."""
    if "stratum_units" not in first:
        return 1 / first["chance"].to_numpy(dtype=float)
    size = first["stratum_units"].to_numpy(dtype=float)
    weight = size / np.bincount(stratum)[stratum]
    stands_for = round(float(weight.sum()))
    if stands_for > n_units:
        raise FrameError(f"codings were drawn from at least {stands_for:,} units, but docs has {n_units:,}; give those units, all of them.")
    if stands_for < n_units:
        raise TooFewCodingsError(
            f"codings stand for {stands_for:,} of the {n_units:,} units of docs. Either strata have no coding (code at least one text of "
            "each), or docs holds units that the sheet was not drawn from (leave them out)."
        )
    return weight


def refuse_few_codings(coded: Coded, least: int) -> None:
    """Refuse where a class was named by coder or machine in fewer than `least` codings.

    Raises
    ------
    TooFewCodingsError
        If it was.
    """
    named = ((coded.human + coded.machine[coded.rows]) > 0).sum(axis=0)
    few = [(c, int(n)) for c, n in zip(coded.classes, named, strict=True) if n < least]
    if few:
        said = "; ".join(f"{c!r} in {n}, {least - n} more would do" for c, n in few)
        raise TooFewCodingsError(
            f"a class must be named, by coder or machine, in at least {least} codings (min_codings); but {said}. "
            "Draw a larger sheet with the same seed, or join small classes in labels and codes."
        )


def refuse_few_in(coded: Coded, inside: np.ndarray, *, name: str, least: int) -> None:
    """Refuse where a group of units has fewer than `least` codings.

    Raises
    ------
    TooFewCodingsError
        If it has.
    """
    n = coded.n_codings(inside)
    if n < least:
        raise TooFewCodingsError(
            f"{name} has {n} codings and needs {least} (min_codings), {least - n} more; name it in `by` of `coding_sheet`, or widen it."
        )
