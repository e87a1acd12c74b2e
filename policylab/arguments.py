"""Checks of arguments that several rooms take."""

from __future__ import annotations

from typing import Any

import numpy as np

from policylab.errors import ArgumentError


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
