"""Rate ratios of two sides of plans over the strata of a design, with intervals: the effect that the permutation test is about."""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student_t

from policylab.permutation import Design


def log_rate_ratio(X: np.ndarray, size: np.ndarray, design: Design, level: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Binary logarithm of the rate ratio of target and reference for each column, and both ends of its interval.

    The ratio is that of Mantel and Haenszel for rates (Greenland & Robins 1985): with counts :math:`x` and lengths :math:`n` of both sides
    in stratum :math:`s`, :math:`\sum x_{1s} n_{0s}/n_s` over :math:`\sum x_{0s} n_{1s}/n_s`; of a single stratum the ratio of the rates.
    Half an occurrence is added to both sides where one side has none. The variance is linearised: over places that are on both sides
    where there are two at least, else over units within each side; it is never taken to be less than that of Poisson counts, which plans
    that happen to agree would suggest. Degrees of freedom are those of Welch and Satterthwaite.

    Parameters
    ----------
    X, size : arrays
        Counts (row × column) and lengths (row).
    design : Design
        Units, sides and strata of the rows.
    level : float
        Of the interval.

    Returns
    -------
    (ndarray, ndarray, ndarray)
        Log ratio, low, high.
    """
    counts, sizes = np.zeros((len(design.side), X.shape[1])), np.zeros(len(design.side))
    np.add.at(counts, design.unit, X)
    np.add.at(sizes, design.unit, size)
    strata = [(units[design.side[units] == 1], units[design.side[units] == 0]) for units in design.strata]
    n = [(sizes[t].sum(), sizes[r].sum()) for t, r in strata]
    A = sum(counts[t].sum(axis=0) * n0 / (n1 + n0) for (t, _), (n1, n0) in zip(strata, n, strict=True))
    B = sum(counts[r].sum(axis=0) * n1 / (n1 + n0) for (_, r), (n1, n0) in zip(strata, n, strict=True))
    half = np.where((A == 0) | (B == 0), 0.5, 0.0)
    weight = sum(n1 * n0 / (n1 + n0) for n1, n0 in n)
    extra = [half * weight / sum(pair[k] for pair in n) for k in (0, 1)]
    A, B = A + extra[0], B + extra[1]
    centre = np.log2(A) - np.log2(B)
    first_pair = int(design.rest) if design.paired >= 2 else len(strata)
    parts = _spread(counts, sizes, strata, n, A, B, first_pair)
    floor = sum(counts[t].sum(axis=0) * (n0 / (n1 + n0)) ** 2 for (t, _), (n1, n0) in zip(strata, n, strict=True)) / A**2
    floor += sum(counts[r].sum(axis=0) * (n1 / (n1 + n0)) ** 2 for (_, r), (n1, n0) in zip(strata, n, strict=True)) / B**2
    floor += sum(part**2 / (np.where(half > 0, half, 1) * side**2) for part, side in zip(extra, (A, B), strict=True))
    estimated = sum(variance for variance, _ in parts)
    variance = np.maximum(estimated, floor)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = variance**2 / sum(part**2 / own for part, own in parts)
    df = np.where(np.isfinite(df), df, float(sum(own for _, own in parts)))
    reach = student_t.ppf(0.5 + level / 2, df) * np.sqrt(variance) / np.log(2)
    return centre, centre - reach, centre + reach


def _spread(
    counts: np.ndarray,
    sizes: np.ndarray,
    strata: list[tuple[np.ndarray, np.ndarray]],
    n: list[tuple[float, float]],
    A: np.ndarray,
    B: np.ndarray,
    first_pair: int,
) -> list[tuple[np.ndarray, float]]:
    """Parts of the variance of the natural logarithm of A / B, each with its degrees of freedom; pairs are strata from `first_pair` on."""
    parts, pulls = [], []
    for at, ((t, r), (n1, n0)) in enumerate(zip(strata, n, strict=True)):
        x1, x0 = counts[t].sum(axis=0), counts[r].sum(axis=0)
        if at >= first_pair:
            pulls.append((x1 * n0 / A - x0 * n1 / B) / (n1 + n0))
            continue
        for units, x, own, other, total in ((t, x1, n1, n0, A), (r, x0, n0, n1, B)):
            if len(units) > 1:
                off = (counts[units] - sizes[units, None] * x / own) * other / (n1 + n0) / total
                parts.append(((off**2).sum(axis=0) * len(units) / (len(units) - 1), len(units) - 1.0))
    if len(pulls) > 1:
        parts.append(((np.array(pulls) ** 2).sum(axis=0) * len(pulls) / (len(pulls) - 1), len(pulls) - 1.0))
    return parts or [(np.zeros(counts.shape[1]), 1.0)]
