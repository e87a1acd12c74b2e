"""Which terms set groups of plans apart: rates, effect sizes, and a permutation test across plans."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control

from policylab.arguments import level, whole
from policylab.errors import ArgumentError, EmptyVocabularyError
from policylab.groups import names_of, split_groups
from policylab.matrix import TermMatrix, need_counts
from policylab.permutation import Design, permutation_p
from policylab.rates import log_rate_ratio
from policylab.sides import in_the_test, plans_of_sides, said_of_left_out, said_of_test, sentences

_COLUMNS = [
    *("term", "rate_target", "rate_reference", "log_ratio", "low", "high", "n_plans_target", "n_plans_reference"),
    *("p", "q", "smallest_p", "dispersion", "log_likelihood"),
]
_HENCE = ("所以倍数不必等于两个比率之商", "so that the ratio need not be that of the two rates")


def keyness(
    counts: TermMatrix, *, target: Any, reference: Any = None, min_plans: int = 2, interval: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    r"""Show which terms the target's plans use more, or less, than the reference's, tested across plans.

    What is tested is :math:`\sqrt{r_t} - \sqrt{r_r}`, the difference of the rates on the scale on which counts vary alike. Whole plans
    change sides in the permutations, so that a term that one plan repeats is not key: exact over all of them where there are at most
    20,000, else 9,999 random ones and ten times as many for terms with p ≤ .01. Places that are on both sides (years of the same places
    compared) change sides within the place only, and plans of other places are left out where all of them are on one side; else a place's
    plans on one side change sides together, where there are two places a side. Parts of the same plans are compared within the plan.

    Parameters
    ----------
    counts : TermMatrix
        Counts of words or themes in items, with a column `plan` in `docs`.
    target, reference : mask, dict or callable
        Rows of `counts.docs`, such as ``{"year": 2024}`` or ``{"place": ["甲区"]}``; without a reference the rest.
    min_plans : int
        Only terms in at least so many of the compared plans (of parts of one plan all).
    interval : float
        Level of the interval of `log_ratio`.
    seed : int
        For the random permutations.

    Returns
    -------
    DataFrame
        A row for each term, the smallest p first, among equals the largest `log_likelihood`:
        `term`; `rate_target`, `rate_reference` (per 1,000 of `docs.n_words`, the words counted, cut ones included; per 1,000 of
        `docs.n_chars` where no words were counted, as for themes); `log_ratio` (binary logarithm: 1 is twice as often; where places are on
        both sides it is that within places, `log_rate_ratio`), `low`, `high` (linearised, over plans or places, Student's t, at least as
        wide as Poisson counts ask); `n_plans_target`, `n_plans_reference` (plans with the term); `p` (two-sided), `q`
        (Benjamini and Hochberg 1995, over the terms shown); `smallest_p` (what so few plans can give at best); `dispersion` (Gries' DP over
        the compared plans: 0 even, near 1 in one plan only); `log_likelihood` (of the pooled counts, two cells: Rayson & Garside 2000; a
        description, no test).
        With one plan on a side p, q, low, high and smallest_p are missing. `attrs["note"]` says in words what was tested or why not, first
        in Chinese, then in English; `attrs["target"]` and `attrs["reference"]` name the sides.

    Raises
    ------
    ArgumentError
        If a side is empty, both share rows, or `counts` holds weights instead of counts.
    EmptyVocabularyError
        If no term is in `min_plans` plans.

    References
    ----------
    Greenland, S. & Robins, J. M. (1985). Estimation of a common effect parameter from sparse follow-up data. Biometrics 41(1).
    Gries, S. Th. (2008). Dispersions and adjusted frequencies in corpora. International Journal of Corpus Linguistics 13(4).
    Lijffijt, J. et al. (2016). Significance testing of word frequencies in corpora. Digital Scholarship in the Humanities 31(2).
    Phipson, B. & Smyth, G. K. (2010). Permutation p-values should never be zero. SAGMB 9(1).

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": list("abcdef"), "year": [2024] * 3 + [2023] * 3}, index=list("ABCDEF"))
    >>> X = csr_array([[4, 6], [5, 5], [6, 4], [0, 10], [1, 9], [2, 8]])
    >>> result = keyness(TermMatrix(X, docs, ["人才", "学校"]), target={"year": 2024}).set_index("term")
    >>> result.loc["人才", ["rate_target", "rate_reference", "p"]].tolist()
    [500.0, 100.0, 0.1]
    """
    interval = level(interval, name="interval")
    need_counts(counts)
    min_plans = whole(min_plans, name="min_plans")
    inside, outside = split_groups(counts.docs, target=target, reference=reference)
    unit, sizes = _lengths(counts)
    compared = _plans(counts, sizes, inside, outside)
    plans, design = in_the_test(compared)
    terms, X = _spread(counts, plans, min_plans)
    size, on_target = plans["size"].to_numpy(), plans["side"].to_numpy() == 1
    table = pd.DataFrame({"term": terms, **_description(X, size, on_target)})
    table["log_ratio"], table["low"], table["high"] = log_rate_ratio(X, size, design, interval)
    if min(on_target.sum(), (~on_target).sum()) < 2:
        table[["low", "high", "p", "q", "smallest_p"]] = np.nan
    else:
        table["p"] = permutation_p(X, size, design, seed=seed)
        table["q"] = false_discovery_control(table["p"])
        table["smallest_p"] = design.smallest_p
    order = table.assign(strength=-table["log_likelihood"].round(9)).sort_values(["p", "strength", "term"], kind="stable").index
    result = table.loc[order, _COLUMNS].reset_index(drop=True)
    result.attrs = {"note": _note(plans, design, unit, len(compared) - len(plans)), **names_of(target, reference)}
    return result


def _plans(counts: TermMatrix, sizes: np.ndarray, inside: np.ndarray, outside: np.ndarray) -> pd.DataFrame:
    """Give the compared plans: `plan, place, side` (1 target, 0 reference), `size`, and the rows of each."""
    data = counts.X.data
    if counts.settings.get("weight") or (len(data) and (data.min() < 0 or not np.array_equal(data, np.round(data)))):
        raise ArgumentError("counts holds weights, but keyness needs counts; give the matrix from before `.tfidf()`.")
    plans = plans_of_sides(counts.docs, inside, outside, sizes=sizes)
    if plans["side"].nunique() < 2:
        raise EmptyVocabularyError("one side has no counted word at all; look at `counts.docs['n_words']`, or count with fewer stop words.")
    return plans


def _lengths(counts: TermMatrix) -> tuple[str, np.ndarray]:
    """Give what rates are rates of, and how many of it each row has."""
    for unit in ("words", "chars"):
        if f"n_{unit}" in counts.docs and counts.docs[f"n_{unit}"].gt(0).any():
            return unit, counts.docs[f"n_{unit}"].to_numpy(dtype=float)
    return "words", np.asarray(counts.X.sum(axis=1), dtype=float).ravel()


def _spread(counts: TermMatrix, plans: pd.DataFrame, min_plans: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the terms in enough of the compared plans, and their counts in each row of `plans`."""
    rows, members = np.repeat(np.arange(len(plans)), plans["rows"].map(len)), np.concatenate(plans["rows"].tolist())
    adder = csr_array((np.ones(len(rows)), (rows, members)), shape=(len(plans), counts.X.shape[0]))
    X = (adder @ counts.X).toarray()
    present = pd.DataFrame(X > 0).groupby(plans["plan"].to_numpy()).any().sum().to_numpy()
    columns = np.flatnonzero(present >= (min_plans if plans["plan"].nunique() > 1 else 1))
    if not len(columns):
        raise EmptyVocabularyError(f"no term is in {min_plans} of the {plans['plan'].nunique()} compared plans; try a lower min_plans.")
    return counts.terms[columns].to_numpy(), X[:, columns]


def _description(X: np.ndarray, size: np.ndarray, on_target: np.ndarray) -> dict[str, np.ndarray]:
    x, n = [X[mask].sum(axis=0) for mask in (on_target, ~on_target)], [size[mask].sum() for mask in (on_target, ~on_target)]
    total, expected = x[0] + x[1], [(x[0] + x[1]) * part / sum(n) for part in n]
    shares = np.divide(X, total, out=np.zeros_like(X, dtype=float), where=total > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [np.where(k > 0, k * np.log(k / e), 0.0) for k, e in zip(x, expected, strict=True)]
    return {
        "rate_target": 1000 * x[0] / n[0],
        "rate_reference": 1000 * x[1] / n[1],
        "n_plans_target": (X[on_target] > 0).sum(axis=0),
        "n_plans_reference": (X[~on_target] > 0).sum(axis=0),
        "dispersion": np.abs(shares - (size / size.sum())[:, None]).sum(axis=0) / 2,
        "log_likelihood": 2 * (parts[0] + parts[1]),
    }


def _note(plans: pd.DataFrame, design: Design, unit: str, left_out: int) -> str:
    """Say in Chinese, then in English, what was tested and what so few plans can show, or why nothing was tested."""
    n = [int((plans["side"] == s).sum()) for s in (1, 0)]
    said = [("比率按每千词计", "Rates per 1,000 words") if unit == "words" else ("比率按每千字计", "Rates per 1,000 characters")]
    if min(n) < 2:
        said += [
            (f"不作检验：目标组{n[0]}份，参照组{n[1]}份", f"No test: the target has {n[0]} plan(s), the reference {n[1]}"),
            (
                "一份看不出同组各份之间相差多少，所以这些数只是描述；每组至少要两份才检验",
                "How much plans of one side differ among themselves cannot be seen from one plan, so these are descriptions only; "
                "two plans a side are needed for a test",
            ),
        ]
    else:
        said += said_of_test(plans, design, smallest_p=design.smallest_p, what=("词", "term"), hence=_HENCE)
    return sentences([*said, *said_of_left_out(left_out)])
