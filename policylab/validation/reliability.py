"""How well coders agree with one another and with the machine: Krippendorff's alpha."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from policylab.arguments import level, whole
from policylab.validation.checks import MACHINE, check_codings


def agreement(codings: pd.DataFrame, *, interval: float = 0.95, n_boot: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Give Krippendorff's alpha of coders with one another and of each with the machine's labels.

    Alpha is 1 − (observed disagreement) / (disagreement expected by chance), for names of classes: 1 is perfect, 0 is what chance gives.
    Texts that one coder left out count for the others; a text with a single code counts for nothing.

    Parameters
    ----------
    codings : DataFrame
        From `read_coding`, of one or several coders.
    interval : float
        Level of the interval.
    n_boot : int
        How many times the texts are resampled.
    seed : int
        Seed of the resampling.

    Returns
    -------
    DataFrame
        `between` (all coders where there are more than two, each pair, each coder and the machine), `n_units` (texts with at least two
        codes), `observed` (share of pairs of codes that agree, 0–1), `alpha` (missing where all codes are one class), `low`, `high`.

    Raises
    ------
    FrameError
        If `codings` lacks columns, or a coder coded a text twice.
    ArgumentError
        If an argument is not allowed.

    Notes
    -----
    The sample takes small strata more often than large ones; alpha describes the sample. Shares corrected for what it shows are
    `corrected_shares`.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability. Krippendorff (2004), Content Analysis, ch. 11.

    Examples
    --------
    >>> codings = pd.DataFrame({"item_id": list("abcd"), "coder": "coder1", "code": list("xxyy"), "label": list("xyyy"), "stratum": "",
    ...     "chance": 1.0})
    >>> agreement(codings)[["between", "n_units", "observed", "alpha"]].round(3).values.tolist()
    [['coder1 – machine', 4, 0.75, 0.533]]
    """
    check_codings(codings)
    interval = level(interval, name="interval")
    n_boot = whole(n_boot, name="n_boot", least=100)
    wide = codings.pivot_table(index="item_id", columns="coder", values="code", aggfunc="first")
    coders = list(dict.fromkeys(codings["coder"]))
    wide[MACHINE] = codings.drop_duplicates("item_id").set_index("item_id")["label"]
    sets = [*([coders] if len(coders) > 2 else []), *map(list, combinations(coders, 2)), *([c, MACHINE] for c in coders)]
    rows = [_row(wide[who].to_numpy(dtype=object), interval, n_boot, seed) for who in sets]
    between = ["all coders" if len(who) > 2 else " – ".join(who) for who in sets]
    table = pd.DataFrame(rows, columns=["n_units", "observed", "alpha", "low", "high"])
    table.insert(0, "between", pd.array(between, dtype="str"))
    return table


def _row(codes: np.ndarray, interval: float, n_boot: int, seed: int) -> tuple[int, float, float, float, float]:
    counts = counts_by_unit(codes)
    n = len(counts)
    if n == 0:
        return 0, np.nan, np.nan, np.nan, np.nan
    observed, alpha = (float(values[0]) for values in alphas(counts, np.ones((1, n))))
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_boot).astype(float)
    found = alphas(counts, draws)[1]
    found = found[~np.isnan(found)]
    if n < 2 or not len(found):
        return n, observed, alpha, np.nan, np.nan
    low, high = np.quantile(found, [(1 - interval) / 2, (1 + interval) / 2])
    return n, observed, alpha, float(low), float(high)


def counts_by_unit(codes: np.ndarray) -> np.ndarray:
    """How often each class was given to each unit that has at least two codes: unit × class."""
    given = ~pd.isna(codes)
    classes = sorted(set(codes[given]))
    counts = np.column_stack([(codes == c).sum(axis=1) for c in classes]) if classes else np.zeros((len(codes), 0))
    return counts[given.sum(axis=1) >= 2]


def alphas(counts: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Observed agreement and alpha for each row of weights (how often each unit counts)."""
    m = counts.sum(axis=1)
    agreeing = weights @ ((counts * (counts - 1)).sum(axis=1) / (m - 1))
    n, n_class = weights @ m, weights @ counts
    differing = n**2 - (n_class**2).sum(axis=1)
    disagreement = np.divide((n - 1) * (n - agreeing), differing, out=np.full(len(n), np.nan), where=differing > 0.5)
    return agreeing / n, 1 - disagreement
