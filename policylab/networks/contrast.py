"""Which ties one side's plans have and the other's have not, tested across plans."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import ndtri, pdtr, pdtrc
from scipy.stats import false_discovery_control

from policylab.errors import ArgumentError, EmptyVocabularyError, TooFewPlansError
from policylab.groups import names_of, split_groups
from policylab.matrix import TermMatrix, need_counts
from policylab.networks.graph import cooccurrence
from policylab.networks.measures import measure_named
from policylab.networks.resampling import CELLS, Tallies, tallies
from policylab.permutation import Design, reached_p
from policylab.sides import in_the_test, plans_of_sides, said_of_left_out, said_of_test, sentences

MEASURES = ("npmi", "cosine", "jaccard", "equivalence")  # the others grow or shrink with the number of windows
_LEVEL = 0.01
_STAGES = ((9_999, 0.01), (99_999, 0.0005), (999_999, 0.0))
_HENCE = ("权重仍是两侧各自合计的", "while the weights are those of each side as a whole")
_COLUMNS = [
    *("a", "b", "weight_target", "weight_reference", "difference", "n_together_target", "n_together_reference"),
    *("expected_target", "expected_reference", "n_plans_target", "n_plans_reference", "p", "q", "smallest_p"),
]


def compare_networks(
    counts: TermMatrix,
    *,
    target: Any,
    reference: Any = None,
    measure: str = "npmi",
    unit: str = "both",
    min_together: int = 2,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Show which ties the target's plans have and the reference's have not, or less, tested across plans.

    What is tested is :math:`\sqrt{O_t/E_t} - \sqrt{O_r/E_r}` over its standard error if windows were counted as by Poisson,
    :math:`\tfrac12\sqrt{1/E_t + 1/E_r}`: how often the two stand together (O) over how often their frequencies in each plan would bring
    them together (E), so that neither a word that one side uses more nor the mere size of a side makes a difference. Whole plans (of places
    with several, the place's) change sides in the permutations, as in `keyness`: exact where there are at most 20,000, else 9,999
    random ones, ten times as many for pairs with p ≤ .01 and a hundred times for p ≤ .0005.

    Parameters
    ----------
    counts : TermMatrix
        Counts of terms or of codebook themes in items, with a column `plan` in `docs`.
    target, reference : mask, dict or callable
        Rows of `counts.docs`, such as ``{"year": 2024}`` or ``{"place": ["甲区"]}``; without a reference the rest.
    measure : str
        `npmi`, `cosine`, `jaccard` or `equivalence`: what the weights are; the test is the same for all. Other measures change with the
        mere number of windows, so that two sides cannot be compared by them.
    unit, min_together : str, int
        As in `cooccurrence`, of all compared plans together.
    seed : int
        For the random permutations.

    Returns
    -------
    DataFrame
        A row for each pair tested, the smallest p first, among equals the largest statistic: `a, b`; `weight_target, weight_reference`
        (that of `cooccurrence` with ``min_together=1``, 0 where a side makes no tie), `difference`; `n_together_*` (windows with both),
        `expected_*` (those that chance would give, reckoned in each plan), `n_plans_*` (plans with such a window); `p` (two-sided), `q`
        (Benjamini & Hochberg 1995, over the pairs tested), `smallest_p` (what so few plans can give at best).
        Tested are pairs that stand together more often than by chance (p < .01) in all compared plans, or in as many of them as a side
        has where they do so most, on whichever side; picking the strongest is allowed for. This choice does not look at who is on which
        side, so that p is sound, and leaves fewer pairs to pay for (Bourgon, Gentleman & Huber 2010).
        ``attrs["note"]`` says in Chinese and English what was tested; `attrs` also has `target, reference, n_tested, n_not_tested`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed, a side is empty, or both share rows.
    TooFewPlansError
        If a side has fewer than two plans.
    EmptyVocabularyError
        If no pair can be tested.

    References
    ----------
    Bourgon, R., Gentleman, R. & Huber, W. (2010). Independent filtering increases detection power. PNAS 107(21).
    Freeman, M. F. & Tukey, J. W. (1950). Transformations related to the angular and the square root. Annals of Math. Statistics 21(4).
    Phipson, B. & Smyth, G. K. (2010). Permutation p-values should never be zero. SAGMB 9(1).

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": [p for p in "abcdefgh" for _ in range(20)]}).rename("i{}".format)
    >>> docs["year"] = [2024] * 80 + [2023] * 80
    >>> tied, apart = [[1, 1]] * 6 + [[0, 0]] * 14, [[1, 0]] * 6 + [[0, 1]] * 6 + [[0, 0]] * 8
    >>> counts = TermMatrix(tied * 4 + apart * 4, docs, ["体育", "美育"])
    >>> compare_networks(counts, target={"year": 2024}, unit="item")[["a", "b", "weight_target", "p"]].round(3).values.tolist()
    [['体育', '美育', 1.0, 0.029]]
    """
    need_counts(counts)
    measure_named(measure)
    if measure not in MEASURES:
        raise ArgumentError(f"measure={measure!r} changes with the number of windows of a side; allowed here are {', '.join(MEASURES)}.")
    inside, outside = split_groups(counts.docs, target=target, reference=reference)
    compared = plans_of_sides(counts.docs, inside, outside, sizes=np.ones(len(inside)))
    plans, design = in_the_test(compared)
    _need_two(plans, len(compared) - len(plans))
    sides = [counts.where(np.isin(np.arange(len(inside)), np.concatenate(plans.loc[plans["side"] == s, "rows"].tolist()))) for s in (1, 0)]
    candidates = _candidates(counts, plans, measure="raw", unit=unit, min_together=min_together)
    table, together, expected = _pairs(sides, candidates, plans, design, measure=measure, unit=unit)
    if not len(table):
        raise EmptyVocabularyError(
            f"none of the {len(candidates)} pairs in {min_together} windows stands out from chance on any side of this size; "
            "count more plans, or commoner terms such as the themes of a codebook."
        )

    def statistic(given: np.ndarray, columns: slice | np.ndarray) -> np.ndarray:
        return _difference(given, together[:, columns], expected[:, columns], design)

    table["p"] = reached_p(statistic, len(table), design, seed=seed, stages=_STAGES)
    table["q"], table["smallest_p"] = false_discovery_control(table["p"]), design.least_p(_STAGES[-1][0])
    table["size"] = -np.abs(statistic(design.side[None, :].astype(float), slice(None))[0]).round(9)
    result = table.sort_values(["p", "size", "a", "b"], kind="stable", ignore_index=True)[_COLUMNS]
    left_out = len(candidates) - len(table)
    note = _note(plans, design, n_tested=len(table), n_not=left_out, left_out=len(compared) - len(plans))
    result.attrs = {"note": note, **names_of(target, reference), "n_tested": len(table), "n_not_tested": left_out}
    return result


def _need_two(plans: pd.DataFrame, left_out: int) -> None:
    n = [plans.loc[plans["side"] == s, "plan"].nunique() for s in (1, 0)]
    if min(n) < 2:
        lost = f" ({left_out} plans of places on one side only were left out)" if left_out else ""
        raise TooFewPlansError(
            f"the target has {n[0]} plan(s), the reference {n[1]}{lost}: how much networks of one side differ among themselves cannot be "
            "seen from one plan. Give two plans a side at least, or draw each side's network and its `edge_support`."
        )


def _candidates(counts: TermMatrix, plans: pd.DataFrame, **how: Any) -> list[tuple[str, str]]:
    """Give the pairs in enough windows of all compared plans, in order."""
    rows = np.isin(np.arange(counts.shape[0]), np.concatenate(plans["rows"].tolist()))
    return sorted((min(pair), max(pair)) for pair in cooccurrence(counts.where(rows), **how).edges)


def _pairs(
    sides: list[TermMatrix], candidates: list[tuple[str, str]], plans: pd.DataFrame, design: Design, *, measure: str, unit: str
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Describe each pair to be tested, and give its windows with both and by chance in what changes sides together (unit × pair)."""
    of_side = [design.unit[plans["side"].to_numpy() == s] for s in (1, 0)]
    tables, kept_sums = [], []
    step = max(1, CELLS // (4 * len(plans)))  # some pairs at a time, so that memory stays small with any number of plans
    for start in range(0, max(len(candidates), 1), step):
        tally = [tallies(side, candidates[start : start + step], unit=unit, by="plan", within=True) for side in sides]
        each = [_each_plan(one) for one in tally]
        sums = np.zeros((5, len(design.side), len(tally[0].pairs)))
        for numbers, units in zip(each, of_side, strict=True):
            for total, number in zip(sums, numbers, strict=True):
                np.add.at(total, units, number)
        kept = _could_tie(sums, design)
        tables.append(_described(tally, each, kept, measure))
        kept_sums.append(sums[:2, :, kept])
    together, expected = np.concatenate(kept_sums, axis=2)
    return pd.concat(tables, ignore_index=True), together, expected


def _each_plan(tally: Tallies) -> tuple[np.ndarray, ...]:
    """Give windows with both, those by chance, with the first, with the second, and in all (plan × pair)."""
    together, alone, size = tally.added()
    together, alone, expected = (t.toarray() if isinstance(t, csr_array) else np.asarray(t) for t in (together, alone, tally.expected))
    return together, expected, alone[:, tally.a], alone[:, tally.b], np.broadcast_to(size[:, None], together.shape)


def _could_tie(sums: np.ndarray, design: Design) -> np.ndarray:
    """Tell which pairs stand together more often than by chance in all units, or in as many as a side has where they do so most.

    Whichever side these are on: the choice is the same for every permutation. Picking the strongest of n scores is what the bar allows for.
    """
    scores = np.sort(_scores(*sums), axis=0)
    found = _scores(*sums.sum(axis=1)) >= -ndtri(_LEVEL)
    n_draws = min(20_000, max(1_000, CELLS // len(scores)))
    chance = np.sort(np.random.default_rng(0).standard_normal((n_draws, len(scores))), axis=1)
    for n in sorted({int((design.side == s).sum()) for s in (0, 1)}):
        found |= scores[-n:].sum(axis=0) >= np.quantile(chance[:, -n:].sum(axis=1), 1 - _LEVEL)
    return np.flatnonzero(found)


def _scores(together: np.ndarray, expected: np.ndarray, with_a: np.ndarray, with_b: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Normal scores, above 0 where the two meet more often than by chance: Poisson mid-p, scaled as windows with common terms vary less."""
    same = pdtr(together, expected) - np.where(together > 0, pdtr(np.maximum(together - 1, 0), expected), 0)
    score = -ndtri(np.clip(pdtrc(together, expected) + same / 2, 1e-12, 1 - 1e-12))
    n = np.maximum(total, 1)
    return score / np.sqrt(np.maximum((1 - with_a / n) * (1 - with_b / n), 0.05))


def _described(tally: list[Tallies], each: list[tuple[np.ndarray, ...]], kept: np.ndarray, measure: str) -> pd.DataFrame:
    """Give weights, windows and plans of each kept pair on both sides."""
    table = pd.DataFrame([tally[0].pairs[k] for k in kept], columns=["a", "b"], dtype="str")
    for name, one, (together, expected, *_) in zip(("target", "reference"), tally, each, strict=True):
        [weight] = next(one.weights(np.ones((1, len(together))), measure=measure))
        table[f"weight_{name}"] = weight[kept].round(12)
        table[f"n_together_{name}"] = together[:, kept].sum(axis=0).astype(int)
        table[f"expected_{name}"] = expected[:, kept].sum(axis=0)
        table[f"n_plans_{name}"] = (together[:, kept] > 0).sum(axis=0)
    return table.assign(difference=table["weight_target"] - table["weight_reference"])


def _difference(sides: np.ndarray, together: np.ndarray, expected: np.ndarray, design: Design) -> np.ndarray:
    """Standardised difference of the roots of the ratios, within strata; a side where chance gives nothing says nothing."""
    total, weights = np.zeros((len(sides), together.shape[1])), np.zeros((len(sides), together.shape[1]))
    for units in design.strata:
        chosen = sides[:, units]
        o, e = chosen @ together[units], chosen @ expected[units]
        other_o, other_e = together[units].sum(axis=0) - o, expected[units].sum(axis=0) - e
        both = (e > 1e-9) & (other_e > 1e-9)
        e, other_e = np.where(both, e, 1.0), np.where(both, other_e, 1.0)
        weight = np.where(both, e * other_e / (e + other_e), 0.0)
        total += weight * (np.sqrt(o / e) - np.sqrt(np.maximum(other_o, 0) / other_e))
        weights += weight
    return 2 * np.divide(total, np.sqrt(weights), out=np.zeros_like(total), where=weights > 0)


def _note(plans: pd.DataFrame, design: Design, *, n_tested: int, n_not: int, left_out: int) -> str:
    least = design.least_p(_STAGES[-1][0])
    said = [
        (
            f"检验了{n_tested:,}对，另有{n_not:,}对无论计划怎样分边都不比偶然多，未检验",
            f"{n_tested:,} pairs tested; {n_not:,} that stand out from chance on no side, however plans are parted, were not",
        ),
        *said_of_test(plans, design, smallest_p=least, what=("联系", "tie"), hence=_HENCE),
    ]
    needed = int(np.ceil(least * n_tested / 0.05))
    if needed > 1 and least <= 0.05:
        said.append(
            (
                f"要有{needed}对同到最小的 p，q 才到 .05；词少些（如用编码本的主题）则容易些",
                f"q can reach .05 only where {needed} pairs have this smallest p; fewer terms (or a codebook's themes) make it easier",
            )
        )
    return sentences([*said, *said_of_left_out(left_out)])
