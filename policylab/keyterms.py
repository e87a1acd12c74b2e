"""Which terms set groups of plans apart: rates, effect sizes, and a permutation test across plans."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control
from scipy.stats import t as student_t

from policylab.arguments import whole
from policylab.errors import ArgumentError, EmptyVocabularyError
from policylab.groups import name_of, split_groups
from policylab.matrix import TermMatrix, need_counts
from policylab.permutation import Design, permutation_p

_COLUMNS = [
    *("term", "rate_target", "rate_reference", "log_ratio", "low", "high", "n_plans_target", "n_plans_reference"),
    *("p", "q", "smallest_p", "dispersion", "log_likelihood"),
]


def keyness(
    counts: TermMatrix, *, target: Any, reference: Any = None, min_plans: int = 2, interval: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    r"""Show which terms the target's plans use more, or less, than the reference's, tested across plans.

    What is tested is :math:`\sqrt{r_t} - \sqrt{r_r}`, the difference of the rates on the scale on which counts vary alike. Whole plans
    change sides in the permutations, so that a term that one plan repeats is not key: exact over all of them where there are at most
    20,000, else 9,999 random ones and ten times as many for terms with p ≤ .01. Places that are on both sides (years of the same places
    compared) change sides within the place only; else a place's plans on one side change sides together, where there are two places a side.

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
        `docs.n_chars` where no words were counted, as for themes); `log_ratio` (binary logarithm: 1 is twice as often), `low`, `high`
        (linearised, over plans or places, Student's t); `n_plans_target`, `n_plans_reference` (plans with the term); `p` (two-sided), `q`
        (Benjamini and Hochberg 1995, over the terms shown); `smallest_p` (what so few plans can give at best); `dispersion` (Gries' DP over
        the compared plans: 0 even, near 1 in one plan only); `log_likelihood` (Dunning 1993, of the pooled counts: a description, no test).
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
    if not 0 < interval < 1:
        raise ArgumentError(f"interval={interval!r} must lie between 0 and 1, such as 0.95.")
    need_counts(counts)
    min_plans = whole(min_plans, name="min_plans")
    inside, outside = split_groups(counts.docs, target=target, reference=reference)
    unit, sizes = _lengths(counts)
    plans = _plans(counts, sizes, inside, outside)
    terms, X = _spread(counts, plans, min_plans)
    on_target = plans["side"].to_numpy() == 1
    table = pd.DataFrame({"term": terms, **_description(X, plans["size"].to_numpy(), on_target)})
    design = Design.of(plans[["plan", "place", "side"]])
    if min(on_target.sum(), (~on_target).sum()) < 2:
        table[["low", "high", "p", "q", "smallest_p"]] = np.nan
    else:
        table["low"], table["high"] = _interval(X, plans, design, interval)
        table["p"] = permutation_p(X, plans["size"].to_numpy(), design, seed=seed)
        table["q"] = false_discovery_control(table["p"])
        table["smallest_p"] = design.smallest_p
    order = table.assign(strength=-table["log_likelihood"].round(9)).sort_values(["p", "strength", "term"], kind="stable").index
    result = table.loc[order, _COLUMNS].reset_index(drop=True)
    result.attrs = {"note": _note(plans, design, unit), **_names(target, reference)}
    return result


def _names(target: Any, reference: Any) -> dict[str, str]:
    rest = "其余 the rest" if reference is None else "参照组 reference"
    return {"target": name_of(target) or "目标组 target", "reference": name_of(reference) or rest}


def _plans(counts: TermMatrix, sizes: np.ndarray, inside: np.ndarray, outside: np.ndarray) -> pd.DataFrame:
    """Give the compared plans: `plan, place, side` (1 target, 0 reference), `size`, and the rows of each."""
    if "plan" not in counts.docs:
        raise ArgumentError(
            f"counts.docs has no column 'plan' (it has {', '.join(map(str, counts.docs.columns))}); count items, not groups."
        )
    data = counts.X.data
    if counts.settings.get("weight") or (len(data) and (data.min() < 0 or not np.array_equal(data, np.round(data)))):
        raise ArgumentError("counts holds weights, but keyness needs counts; give the matrix from before `.tfidf()`.")
    docs = pd.DataFrame({"plan": counts.docs["plan"].astype("str").to_numpy(), "row": np.arange(len(inside)), "side": inside.astype(int)})
    docs["place"] = counts.docs["place"].astype("str").to_numpy() if "place" in counts.docs else pd.NA
    docs["place"] = docs["place"].astype("str").fillna(docs["plan"])
    docs["size"] = sizes
    docs = docs[inside | outside]
    groups = docs.groupby(["plan", "side"], sort=True)
    plans = groups.agg(place=("place", "first"), size=("size", "sum"), rows=("row", list)).reset_index()
    return plans[plans["size"] > 0].reset_index(drop=True)


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
        "log_ratio": _log_ratio(x, n),
        "n_plans_target": (X[on_target] > 0).sum(axis=0),
        "n_plans_reference": (X[~on_target] > 0).sum(axis=0),
        "dispersion": np.abs(shares - (size / size.sum())[:, None]).sum(axis=0) / 2,
        "log_likelihood": 2 * (parts[0] + parts[1]),
    }


def _log_ratio(x: list[np.ndarray], n: list[float]) -> np.ndarray:
    """Binary logarithm of the ratio of rates; half an occurrence is added to both sides where one side has none."""
    half = np.where((x[0] == 0) | (x[1] == 0), 0.5, 0.0)
    return np.log2((x[0] + half) / n[0]) - np.log2((x[1] + half) / n[1])


def _interval(X: np.ndarray, plans: pd.DataFrame, design: Design, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Give log-ratio ± t · s, s by linearisation: how far each unit's counts lie from what its side's rate expects of its length."""
    size, side = plans["size"].to_numpy(), plans["side"].to_numpy()
    x, n = [X[side == s].sum(axis=0) for s in (1, 0)], [size[side == s].sum() for s in (1, 0)]
    half = np.where((x[0] == 0) | (x[1] == 0), 0.5, 0.0)
    pull = np.zeros_like(X, dtype=float)
    for k, s in enumerate((1, 0)):
        rows = side == s
        pull[rows] = (1 if s else -1) * (X[rows] - size[rows, None] * (x[k] / n[k])) / (x[k] + half)
    variance, df = _variance(pull, plans, design, [half / (k + half) ** 2 for k in x])
    reach = student_t.ppf(0.5 + level / 2, df) * np.sqrt(variance) / np.log(2)
    centre = _log_ratio(x, n)
    return centre - reach, centre + reach


def _variance(pull: np.ndarray, plans: pd.DataFrame, design: Design, half: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Sum the pulls within places that are on both sides, else within units; give the variance and its degrees of freedom.

    Degrees of freedom are those of Welch and Satterthwaite; the half occurrences' own variance is known, and costs none.
    """
    if design.paired >= 2:
        names = np.where(plans.groupby("place")["side"].transform("nunique") == 2, plans["place"], design.unit.astype(str))
        groups = [pd.DataFrame(pull).groupby(names).sum().to_numpy()]
    else:
        sums = np.zeros((len(design.side), pull.shape[1]))
        np.add.at(sums, design.unit, pull)
        groups = [sums[design.side == s] for s in (1, 0)]
    parts = [(sums**2).sum(axis=0) * len(sums) / (len(sums) - 1) for sums in groups]
    total = sum(parts) + half[0] + half[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        df = total**2 / sum(part**2 / (len(sums) - 1) for part, sums in zip(parts, groups, strict=True))
    return total, np.where(np.isfinite(df), df, float(sum(len(sums) - 1 for sums in groups)))


def _note(plans: pd.DataFrame, design: Design, unit: str) -> str:
    """Say in Chinese, then in English, what was tested and what so few plans can show, or why nothing was tested."""
    n = [int((plans["side"] == s).sum()) for s in (1, 0)]
    said = [("比率按每千词计", "Rates per 1,000 words") if unit == "words" else ("比率按每千字计", "Rates per 1,000 characters")]
    if min(n) < 2:
        said += [
            (f"不作检验：目标组{n[0]}份，参照组{n[1]}份", f"No test: the target has {n[0]} plan(s), the reference {n[1]}"),
            (
                "一份看不出同组各份之间相差多少，所以这些数只是描述；每组至少两份才检验，四份才能得到 .05 以下的 p",
                "How much plans of one side differ among themselves cannot be seen from one plan, so these are descriptions only; "
                "two plans a side are needed, and four a side for a p below .05",
            ),
        ]
    else:
        said += [*_tested(plans, design, n), *_reach(design)]
    return "。".join(chinese for chinese, _ in said) + "。\n" + ". ".join(english for _, english in said) + "."


def _tested(plans: pd.DataFrame, design: Design, n: list[int]) -> list[tuple[str, str]]:
    said = [(f"{n[0]}份对{n[1]}份", f"{n[0]} plans against {n[1]}")]
    if design.paired:
        said.append(
            (f"{design.paired}个地区两侧都有，只在地区之内比较", f"{design.paired} place(s) on both sides, compared within the place")
        )
    if design.clustered:
        said.append(("同一地区在同一侧的各份一同换边", "Plans of one place on one side change sides together"))
    alone = [
        names for names, s in ((("目标组", "target"), 1), (("参照组", "reference"), 0)) if plans[plans["side"] == s]["place"].nunique() == 1
    ]
    if alone and not design.paired and plans["place"].duplicated().any():
        chinese, english = alone[0]
        said.append(
            (
                f"{chinese}只有一个地区，p 只说明它的各份是否不同，不说明同类地区是否如此",
                f"The {english} is one place, so p tells whether its plans differ, not whether places like it would",
            )
        )
    return said


def _reach(design: Design) -> list[tuple[str, str]]:
    ways = f"{design.n_permutations:,}" if design.n_permutations < 10**12 else f"{float(design.n_permutations):.0e}"
    least = f"{design.smallest_p:.2g}"
    said = [(f"换边共有{ways}种，p 最小为 {least}", f"The sides can be given out in {ways} ways, so the smallest p is {least}")]
    return [*said, ("没有词能到 .05", "No term can reach .05")] if design.smallest_p > 0.05 else said
