"""How strongly two words go together, each measure by its published formula.

All take the windows that hold both, the first, the second; all windows; and those that would hold both by chance: a · b / n, or, where
items and blocks are added up, the sum of what chance gives in items and in blocks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import xlogy

from policylab.errors import ArgumentError

Numbers = np.ndarray | float
Measure = Callable[[np.ndarray, np.ndarray, np.ndarray, Numbers, Numbers], np.ndarray]


def raw(together: np.ndarray, a: np.ndarray, b: np.ndarray, n: Numbers, chance: Numbers) -> np.ndarray:
    """Count the windows that hold both."""
    return together.astype(float)


def jaccard(together: np.ndarray, a: np.ndarray, b: np.ndarray, n: Numbers, chance: Numbers) -> np.ndarray:
    """Windows with both over windows with either (Jaccard 1912)."""
    return _ratio(together, a + b - together)


def cosine(together: np.ndarray, a: np.ndarray, b: np.ndarray, n: Numbers, chance: Numbers) -> np.ndarray:
    """Windows with both over the geometric mean of the windows with each (Ochiai 1957; Salton & McGill 1983)."""
    return _ratio(together, np.sqrt(a * b))


def equivalence(together: np.ndarray, a: np.ndarray, b: np.ndarray, n: Numbers, chance: Numbers) -> np.ndarray:
    """Square of the cosine: the equivalence index of co-word analysis (Callon, Courtial & Laville 1991)."""
    return _ratio(together.astype(float) ** 2, a * b)


def association(together: np.ndarray, a: np.ndarray, b: np.ndarray, n: Numbers, chance: Numbers) -> np.ndarray:
    """Windows with both over the product of the windows with each (association strength: van Eck & Waltman 2009)."""
    return _ratio(together, a * b)


def npmi(together: np.ndarray, a: np.ndarray, b: np.ndarray, n: Numbers, chance: Numbers) -> np.ndarray:
    """ln(p(ab) / p(a) p(b)) / -ln p(ab), from -1 to 1; 0 is chance (Bouma 2009)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(together / chance) / -np.log(together / n)
    return np.where(together == n, 1.0, np.where(together > 0, value, -1.0))


def loglikelihood(together: np.ndarray, a: np.ndarray, b: np.ndarray, n: Numbers, chance: Numbers) -> np.ndarray:
    """G² of the two-by-two table of windows, negative where the two stand together less than by chance (Dunning 1993)."""
    seen = (together, a - together, b - together, n - a - b + together)
    expected = (chance, a - chance, b - chance, n - a - b + chance)
    g2 = 2 * sum(xlogy(o, _ratio(o, e)) for o, e in zip(seen, expected, strict=True))
    return np.where(together >= chance, g2, -g2)


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.zeros(np.shape(top)), where=bottom > 0)


MEASURES: dict[str, Measure] = {
    "raw": raw,
    "jaccard": jaccard,
    "cosine": cosine,
    "equivalence": equivalence,
    "npmi": npmi,
    "loglikelihood": loglikelihood,
    "association": association,
}


def measure_named(name: str) -> Measure:
    """Give the formula of this name."""
    if name not in MEASURES:
        raise ArgumentError(f"measure={name!r}: allowed are {', '.join(MEASURES)}.")
    return MEASURES[name]
