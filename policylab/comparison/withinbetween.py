"""Whether plans of a group are more alike than plans of different groups, tested so that pairs may share plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from policylab.arguments import each_pair_once, whole
from policylab.comparison.relabelling import Relabelling
from policylab.errors import ArgumentError, FrameError, TooFewPlansError
from policylab.parallel import run_tasks

Labels: TypeAlias = pd.Series | Mapping[str, object]
ALL = "all"
NEVER_SMALL = "份数太少，p 最小也有 {0:.2g}，到不了 .05。 So few plans that p is at least {0:.2g} and cannot fall below .05."
LEFT_OUT = "{0} 份没有可比的相似度、分组或分层，未计入。 {0} plans without similarities, group or stratum were left out."


def compare_groups(
    alike: pd.DataFrame,
    *,
    groups: Labels,
    within: Labels | None = None,
    units: Labels | None = None,
    value: str = "rarefied",
    n_permutations: int = 9999,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Compare the similarity of plans of one group with that of plans of different groups.

    Pairs are no independent witnesses: each plan is in many of them, and a t test over pairs finds differences where there are none. So
    the labels of plans change places and the pairs stay as they are (quadratic assignment: Hubert & Schultz 1976; Krackhardt 1988). p is
    two-sided: how often labels so given out, the observed ones among them, lie as far from no difference; gone through in every way where
    there are at most 20,000.

    With `within`, labels change places within its strata only, and pairs are compared with pairs of the same two strata :math:`c`:
    :math:`\sum_c w_c (\bar s_{1c} - \bar s_{0c}) / \sum_c w_c` with :math:`w_c = n_{1c} n_{0c} / (n_{1c} + n_{0c})`, for pairs of one
    group (1) and of two (0). So for the same place or not: ``groups=place, within=year``; for the same year or not: ``groups=year,
    within=place``. With `units`, the pairs of plans of two units are averaged first, those of one unit left out, and units change places:
    for what all plans of a place share, such as its parent or level: ``groups=parent, units=place``.

    Parameters
    ----------
    alike : DataFrame
        What `compare_plans` returns, or a square frame such as `similarity` gives.
    groups : Series or dict
        The group of each plan, such as ``plans.documents.set_index("plan")["place"]``.
    within, units : Series or dict, optional
        The stratum, or the unit, of each plan.
    value : str
        The column of pairs to compare.
    n_permutations : int
        Random ones where there are more ways than 20,000; at least 199.
    seed : int
        Of these.

    Returns
    -------
    DataFrame
        A row for all (`group` is "all") and one for each group, in which pairs within it are set against pairs that one plan of it has
        with other groups': `within, between` (mean similarities, weighted as above), `difference`, `p`, `q` (Benjamini & Hochberg over the
        groups), `smallest_p` (the least that p could be), `n_plans` (or units), `n_pairs_within, n_pairs_between`, `n_ways` (labels were
        given out), `test` (``exact`` or ``random``). A group without two plans to compare has no difference. ``.attrs["note"]`` says what
        was left out, and where p cannot fall below .05.

    Raises
    ------
    TooFewPlansError
        If there is one group only, or no two plans of one group can be set against two of different groups.
    ArgumentError
        If a plan's label is not known, a unit has two groups, or an argument is not allowed.
    FrameError
        If `alike` is neither, or pairs are missing.

    Examples
    --------
    >>> names = ["a1", "a2", "b1", "b2"]
    >>> square = pd.DataFrame([[1, 0.9, 0.1, 0.3], [0.9, 1, 0.2, 0.2], [0.1, 0.2, 1, 0.7], [0.3, 0.2, 0.7, 1]], index=names, columns=names)
    >>> found = compare_groups(square, groups={"a1": "a", "a2": "a", "b1": "b", "b2": "b"})
    >>> found.loc[0, ["within", "between", "difference", "p"]].astype(float).round(2).tolist()
    [0.8, 0.2, 0.6, 0.33]
    """
    whole(n_permutations, name="n_permutations", least=199)
    square = _square(alike, value)
    plans = pd.DataFrame({"group": _labels(groups, square, "groups")})
    plans["stratum"] = "" if within is None else _labels(within, square, "within")
    plans["unit"] = square.index if units is None else _labels(units, square, "units")
    usable = plans.notna().all(axis=1).to_numpy() & (square.notna().sum(axis=1) > 1).to_numpy()
    square, plans, n_all = square.loc[usable, usable], plans[usable], len(plans)
    if plans.empty:
        raise TooFewPlansError(
            f"none of {n_all} plans has a group, a stratum and a similarity; where places or years are unknown, name them."
        )
    if square.isna().any(axis=None):
        raise FrameError("alike lacks some pairs of plans that it has elsewhere; give the whole of what `compare_plans` returns.")
    if units is not None:
        square, plans = _by_unit(square, plans)
    code, names = pd.factorize(plans["group"], sort=True)
    stratum = pd.factorize(plans["stratum"], sort=True)[0]
    labelling = Relabelling(code, stratum, n_permutations)
    pairs = _Pairs.of(square.to_numpy(dtype=float), stratum)
    _refuse(names, labelling, pairs)
    frame = _rows(pairs, labelling, [str(name) for name in names], seed)
    frame.attrs["note"] = _note(float(frame.loc[0, "smallest_p"]), n_all - int(usable.sum()))
    return frame


def _square(alike: pd.DataFrame, value: str) -> pd.DataFrame:
    """Give a square frame sorted by label, its diagonal 1."""
    if isinstance(alike, pd.DataFrame) and list(alike.index) == list(alike.columns):
        square = (alike + alike.T).sort_index().sort_index(axis=1).astype(float) / 2
    elif isinstance(alike, pd.DataFrame) and {"a", "b"} <= set(alike.columns):
        if value not in alike:
            raise ArgumentError(f"value={value!r}: the pairs have no such column; it is one of {', '.join(alike.columns[2:])}.")
        each_pair_once(alike, name="alike")
        half = alike.set_index(["a", "b"])[value].astype(float)
        names = sorted({*alike["a"], *alike["b"]})
        both = pd.concat([half, half.swaplevel()]).unstack()  # noqa: PD010
        square = both.reindex(index=names, columns=names)
    else:
        raise FrameError("alike is neither pairs with columns `a, b` (compare_plans) nor square with the same labels (similarity).")
    values = square.to_numpy(copy=True)
    np.fill_diagonal(values, 1.0)
    return pd.DataFrame(values, index=square.index, columns=square.index)


def _labels(given: Labels, square: pd.DataFrame, name: str) -> pd.Series:
    series = pd.Series(given)
    series = series[series.index.isin(square.index)]
    if not series.index.is_unique:
        raise ArgumentError(f"{name} has the label {series.index[series.index.duplicated()][0]!r} twice; index it by plan.")
    absent = square.index.difference(series.index)
    if len(absent):
        raise ArgumentError(f'{name} does not know the plan {absent[0]!r}; give such as plans.documents.set_index("plan")["place"].')
    return series.reindex(square.index).astype(object).where(lambda s: s.notna(), None)


def _by_unit(square: pd.DataFrame, plans: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Average the pairs of plans of each two units."""
    each = plans.groupby("unit", sort=True)
    several = each[["group", "stratum"]].nunique().max(axis=1) > 1
    if several.any():
        raise ArgumentError(f"units: {several.idxmax()!r} has plans of several groups or strata; a unit changes places as a whole.")
    code = each.ngroup().to_numpy()
    adder = np.eye(code.max() + 1)[:, code]
    adder /= adder.sum(axis=1, keepdims=True)
    firsts = each.first()
    means = np.round(np.einsum("ui,ij,vj->uv", adder, square.to_numpy(), adder, optimize=False), 12)
    return pd.DataFrame(means, index=firsts.index, columns=firsts.index), firsts.reset_index()[["group", "stratum", "unit"]]


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Similarities of plans, and the cell (pair of strata) of each pair; the diagonal is in the last cell, which counts for nothing."""

    value: np.ndarray
    cell: np.ndarray
    n_cells: int

    @classmethod
    def of(cls, value: np.ndarray, stratum: np.ndarray) -> _Pairs:
        low, high = np.minimum.outer(stratum, stratum), np.maximum.outer(stratum, stratum)
        k = int(stratum.max()) + 1
        cell = low * k + high
        np.fill_diagonal(cell, k * k)
        return cls(value, cell, k * k + 1)

    def contrast(self, one: np.ndarray, other: np.ndarray) -> _Contrast:
        """Set the pairs of one kind against those of another, cell by cell (masks, symmetric)."""
        n1, n0 = (np.bincount(self.cell[m], minlength=self.n_cells) / 2 for m in (one, other))
        n1[-1] = n0[-1] = 0
        w = np.divide(n1 * n0, n1 + n0, out=np.zeros(self.n_cells), where=n1 + n0 > 0)
        total = w.sum() or np.nan
        weight = [np.divide(w, n * total, out=np.zeros(self.n_cells), where=w > 0)[self.cell] * self.value for n in (n1, n0)]
        pairs = [int(n[w > 0].sum()) for n in (n1, n0)]
        means = [float((m * x).sum() / 2) if total > 0 else np.nan for m, x in zip((one, other), weight, strict=True)]
        return _Contrast(weight[0], weight[1], means[0], means[1], pairs[0], pairs[1])


@dataclass(frozen=True, eq=False)
class _Contrast:
    """Weighted similarities of pairs, were they of the one kind or of the other; the means that were observed; how many pairs."""

    inside: np.ndarray
    outside: np.ndarray
    within: float
    between: float
    n_within: int
    n_between: int


def _of_all(labels: np.ndarray, contrast: _Contrast, n_groups: int) -> np.ndarray:
    """Difference of pairs of one group and pairs of two, for each way to give out labels (row)."""
    both, total = contrast.inside + contrast.outside, -contrast.outside.sum() / 2
    return total + sum(_within(labels == g, both) for g in range(n_groups))


def _of_one(labels: np.ndarray, contrast: _Contrast, group: int) -> np.ndarray:
    """Difference of pairs within a group and pairs that one plan of it has with others."""
    inside = labels == group
    crossing = inside.astype(float) @ contrast.outside.sum(axis=1) - 2 * _within(inside, contrast.outside)
    return _within(inside, contrast.inside) - crossing


def _within(inside: np.ndarray, weight: np.ndarray) -> np.ndarray:
    z = inside.astype(float)
    return ((z @ weight) * z).sum(axis=1) / 2


def _rows(pairs: _Pairs, labelling: Relabelling, names: list[str], seed: int) -> pd.DataFrame:
    label = labelling.label
    same, apart = label[:, None] == label[None, :], label[:, None] != label[None, :]
    labels = labelling.ways(seed)
    contrasts, tasks = [pairs.contrast(same, apart)], []
    for g in range(len(names)):
        mine = label == g
        contrasts.append(pairs.contrast(np.outer(mine, mine), np.outer(mine, ~mine) | np.outer(~mine, mine)))
    tasks = [(_of_all, labels, contrasts[0], len(names)), *((_of_one, labels, c, g) for g, c in enumerate(contrasts[1:]))]
    chance = run_tasks(_apply, tasks)  # on one thread: the last bits of dense products change with their number
    rows = []
    for at, (name, contrast) in enumerate(zip([ALL, *names], contrasts, strict=True)):
        difference = contrast.within - contrast.between
        far = int((np.abs(chance[at]) >= abs(difference) - 1e-10).sum())
        p = far / len(labels) if labelling.exact else (1 + far) / (1 + len(labels))
        row = {"group": name, "within": contrast.within, "between": contrast.between, "difference": difference}
        least = labelling.smallest_p_of(at - 1) if at else labelling.smallest_p
        row |= {"p": max(p, least) if np.isfinite(difference) else np.nan, "q": np.nan, "smallest_p": least}
        row |= {"n_plans": int((label == at - 1).sum()) if at else len(label), "n_pairs_within": contrast.n_within}
        rows.append(row | {"n_pairs_between": contrast.n_between})
    frame = pd.DataFrame(rows).round(12).assign(n_ways=len(labels), test="exact" if labelling.exact else "random")
    tested = frame.index[1:][frame["p"][1:].notna()]
    frame.loc[tested, "q"] = false_discovery_control(frame.loc[tested, "p"].to_numpy())
    return frame


def _apply(function: Callable[..., np.ndarray], *arguments: Any) -> np.ndarray:
    return function(*arguments)


def _refuse(names: pd.Index, labelling: Relabelling, pairs: _Pairs) -> None:
    if len(names) < 2:
        raise TooFewPlansError(
            f"{len(names)} group only ({', '.join(map(str, names))}): nothing to compare it with; read plans of others too."
        )
    label = labelling.label
    same = label[:, None] == label[None, :]
    if np.isnan(pairs.contrast(same, ~same).within):
        raise TooFewPlansError(
            f"{len(label)} plans in {len(names)} groups: no two plans of one group can be set against two of different groups "
            "(within the same strata); read more plans of each group, or leave out within=."
        )


def _note(smallest_p: float, n_left_out: int) -> str:
    lines = [LEFT_OUT.format(n_left_out)] if n_left_out else []
    return "\n".join([*lines, *([NEVER_SMALL.format(smallest_p)] if smallest_p > 0.05 else [])])
