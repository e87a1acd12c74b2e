"""Checks of arguments that several rooms take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, FrameError


def whole(value: Any, *, name: str, least: int = 1) -> int:
    """Give a whole number of at least `least`.

    Raises
    ------
    ArgumentError
        If it is none.

    Examples
    --------
    >>> whole(3, name="n")
    3
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ArgumentError(f"{name}={value!r} must be a whole number from {least}.")
    return int(value)


def level(value: Any, *, name: str) -> float:
    """Give the level of an interval, between 0 and 1.

    Raises
    ------
    ArgumentError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, float | np.floating) or not 0 < value < 1:
        raise ArgumentError(f"{name}={value!r} must lie between 0 and 1, such as 0.95.")
    return float(value)


def each_pair_once(pairs: pd.DataFrame, *, name: str) -> None:
    """Raise where a pair of plans stands in several rows, whichever of the two is named first.

    Raises
    ------
    FrameError
        If one does; it names the pair.

    Examples
    --------
    >>> each_pair_once(pd.DataFrame({"a": ["甲", "甲"], "b": ["乙", "丙"]}), name="pairs")
    """
    ends = pd.DataFrame({"a": pairs["a"].astype("str"), "b": pairs["b"].astype("str")})
    turned = ends["a"] > ends["b"]
    twice = ends.mask(turned, ends[["b", "a"]].set_axis(["a", "b"], axis=1)).duplicated().to_numpy()
    if twice.any():
        a, b = pairs[twice].iloc[0][["a", "b"]]
        hint = (
            "give the rows of one version, such as `pairs[pairs['version'] == 'without']`" if "version" in pairs else "give each pair once"
        )
        raise FrameError(f"{name} has the pair {a!r}, {b!r} twice; {hint}.")
