"""Which rows are the target and which the reference: one reading of `target=` and `reference=` for every comparison of groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, TooFewPlansError


def split_groups(docs: pd.DataFrame, *, target: Any, reference: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """Give two masks over the rows of `docs`: target and reference, which share no row.

    Parameters
    ----------
    docs : DataFrame
        The labels of the rows (`counts.docs`, `topics.docs`).
    target, reference : mask, dict or callable
        True or false for each row; or a dict from column to value or values, such as ``{"year": 2024}`` or ``{"place": ["甲区", "乙区"]}``
        (several columns must all hold); or a callable of `docs`. Without a reference the rest of the rows is it.

    Returns
    -------
    (ndarray of bool, ndarray of bool)
        Target and reference.

    Raises
    ------
    ArgumentError
        If a column or value is not in `docs`, a mask does not fit, a side is empty, or a row is on both sides.
    TooFewPlansError
        If there is no reference because every row is in the target.

    Examples
    --------
    >>> import pandas as pd
    >>> docs = pd.DataFrame({"place": ["甲区", "甲区", "乙区"], "year": [2023, 2024, 2024]})
    >>> split_groups(docs, target={"year": 2024})
    (array([False,  True,  True]), array([ True, False, False]))
    >>> split_groups(docs, target={"place": "甲区", "year": 2024}, reference={"place": ["乙区"]})
    (array([False,  True, False]), array([False, False,  True]))
    """
    inside = _mask(docs, target, "target")
    outside = ~inside if reference is None else _mask(docs, reference, "reference")
    for name, mask in (("target", inside), ("reference", outside)):
        if not mask.any():
            if name == "reference" and reference is None:
                raise TooFewPlansError(
                    f"all {len(docs)} rows are in the target, so there is nothing to compare it with; read plans of other groups too."
                )
            raise ArgumentError(f"{name} holds none of the {len(docs)} rows; both sides need at least one.")
    both = int((inside & outside).sum())
    if both:
        raise ArgumentError(
            f"target and reference share {both} rows, such as {docs.index[inside & outside][0]!r}; no row may be on both sides."
        )
    return inside, outside


def _mask(docs: pd.DataFrame, given: Any, name: str) -> np.ndarray:
    if callable(given):
        given = given(docs)
    if isinstance(given, Mapping):
        return _matching(docs, given, name)
    if given is None or isinstance(given, str | bytes) or np.ndim(given) != 1:
        raise ArgumentError(f"{name}={given!r} must be a mask over the {len(docs)} rows or a dict such as {{'year': 2024}}.")
    if isinstance(given, pd.Series) and not given.index.equals(docs.index):
        given = given.reindex(docs.index) if given.index.is_unique else given
    mask = pd.array(np.asarray(given)) if not isinstance(given, pd.Series) else given.array
    if len(mask) != len(docs) or str(mask.dtype) not in ("bool", "boolean") or pd.isna(mask).any():
        raise ArgumentError(
            f"{name} must be true or false for each of the {len(docs)} rows of docs; given are {len(mask)} values of type {mask.dtype}."
        )
    return np.asarray(mask, dtype=bool)


def _matching(docs: pd.DataFrame, wanted: Mapping[str, Any], name: str) -> np.ndarray:
    if not wanted:
        raise ArgumentError(f"{name}={{}} names no column; give a dict such as {{'year': 2024}}.")
    mask = np.ones(len(docs), dtype=bool)
    for column, values in wanted.items():
        if column not in docs:
            raise ArgumentError(f"{name}: docs has no column {column!r}; it has {', '.join(map(str, docs.columns))}.")
        listed = _listed(values)
        known = docs[column].dropna()
        unknown = [v for v in listed if not (known == v).any()]
        if unknown or not listed:
            have = ", ".join(repr(v) if isinstance(v, str) else str(v) for v in sorted(known.unique())[:12])
            raise ArgumentError(f"{name}: no row has {column} {repr(unknown[0]) if unknown else '(none given)'}; there are {have}.")
        mask &= docs[column].isin(listed).to_numpy(dtype=bool, na_value=False)
    return mask


def names_of(target: Any, reference: Any) -> dict[str, str]:
    """Name both sides for a reader: those given as a dict by its values, others by their part.

    Examples
    --------
    >>> names_of({"place": ["甲区", "乙区"], "year": 2024}, None)
    {'target': '甲区、乙区 2024', 'reference': '其余 the rest'}
    """
    rest = "其余 the rest" if reference is None else "参照组 reference"
    return {"target": _name_of(target) or "目标组 target", "reference": _name_of(reference) or rest}


def _name_of(given: Any) -> str:
    if not isinstance(given, Mapping):
        return ""
    return " ".join("、".join(map(str, _listed(values))) for values in given.values())


def _listed(values: Any) -> list[Any]:
    if isinstance(values, set | frozenset):
        return sorted(values, key=str)
    return list(values) if isinstance(values, list | tuple | range | pd.Index | pd.Series | np.ndarray) else [values]
