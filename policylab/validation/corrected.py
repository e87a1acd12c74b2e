"""Shares of classes and their differences, corrected for the machine's errors by a coded sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from policylab.arguments import level, whole
from policylab.errors import ArgumentError, TooFewPlansError
from policylab.groups import names_of, split_groups
from policylab.plan_shares import (
    PlanMeans,
    columns_of,
    contrast_plans,
    groups_of,
    level_of_plans,
    plan_table,
    refuse_few_plans,
    repeated_places,
)
from policylab.validation.design_based import Coded, join_codings, refuse_few_codings, refuse_few_in
from policylab.validation.misclassified import Rates, rates_of

METHODS = ("dsl", "rogan-gladen")


def corrected_shares(
    codings: pd.DataFrame,
    *,
    docs: pd.DataFrame,
    labels: pd.Series,
    by: str | Sequence[str] | None = None,
    target: Any = None,
    reference: Any = None,
    method: str = "dsl",
    interval: float = 0.95,
    min_codings: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """Give the share of each class, or its difference between two groups, corrected for the errors of the machine's labels.

    *dsl* (design-based supervised learning): a unit's class is taken as machine + (coded / chance) × (human − machine), which is right on
    average whatever the machine's errors, also where they differ between groups. Plans' means of it are compared as in `topic_shares` and
    `topic_effects`, so that intervals hold both the coding error and how plans vary.

    *rogan-gladen*: each class against the rest, (apparent + specificity − 1) / (sensitivity + specificity − 1). It holds only if the
    machine errs alike in all groups, and is then often narrower. Intervals: plans by their t distribution, codings resampled in strata.

    Where several people coded a text, the first one's code counts (the order in `codings`), the next one's where the first gave none. Texts
    that were drawn but not coded are taken as left out at random within their stratum.

    Parameters
    ----------
    codings : DataFrame
        From `read_coding`; frames of several coders joined with `pandas.concat`.
    docs : DataFrame
        All the units that the sheet was drawn from, indexed by id, with `plan`, and where known `place` and `year`.
    labels : Series
        The machine's label of every unit; it may be newer than the sheet.
    by : str or list of str
        Columns of `docs` that make groups; without `by`, `target` and `reference` all units are one group.
    target, reference : mask, dict or callable
        Rows of each side, as in `topic_effects`.
    method : {"dsl", "rogan-gladen"}
        How to correct.
    interval : float
        Level of the interval.
    min_codings : int
        In how many codings a class must be named by coder or machine, and how many a group must have.
    seed : int
        Seed of the resampling (rogan-gladen).

    Returns
    -------
    DataFrame
        Shares: the `by` columns, `topic, label` (the class), `share` (0–1), `low, high, uncorrected` (share of machine labels), `n_plans,
        n_units, n_codings, interval_over, stable`. Differences: `topic, label, difference` (−1 to 1), `low, high, p, q, n_plans,
        detectable, uncorrected, share_target, share_reference, n_plans_target, n_plans_reference, n_codings, estimator, test, smallest_p,
        stable`;
        both as `topic_shares` and `topic_effects` have them, so that the same plots take them (`stable` is missing). Missing where
        rogan-gladen finds the machine hardly better than chance. p of rogan-gladen is that of the uncorrected difference.

    Raises
    ------
    TooFewCodingsError
        If a class, group or stratum has too few codings.
    TooFewPlansError
        If a side has fewer than two plans.
    ArgumentError, FrameError
        If an argument is not allowed, or codings, docs and labels do not speak of the same units.

    References
    ----------
    Egami, Hinck, Stewart & Wei (2023), Using imperfect surrogates for downstream inference. NeurIPS 36.
    Rogan & Gladen (1978), Estimating prevalence from the results of a screening test. American Journal of Epidemiology 107, 71–76.

    Examples
    --------
    >>> ids = list("abcd")
    >>> docs = pd.DataFrame({"plan": "甲区-2024"}, index=ids)
    >>> labels = pd.Series(["校舍", "校舍", "师资", "师资"], index=ids)
    >>> codings = pd.DataFrame({"item_id": ["a", "c"], "coder": "coder1", "code": ["校舍", "校舍"], "label": ["校舍", "师资"],
    ...     "stratum": ["校舍", "师资"], "chance": 0.5})
    >>> shares = corrected_shares(codings, docs=docs, labels=labels, min_codings=1)
    >>> shares[["topic", "share", "uncorrected", "n_codings"]].values.tolist()
    [['师资', 0.0, 0.5, 2], ['校舍', 1.0, 0.5, 2]]
    """
    contrasted = target is not None or reference is not None
    _check(method, interval, by, target, reference)
    least, seed = whole(min_codings, name="min_codings"), whole(seed, name="seed", least=0)
    coded = join_codings(codings, docs, labels)
    refuse_few_codings(coded, least)
    rates = rates_of(coded, seed) if method == "rogan-gladen" else None
    if contrasted:
        return _differences(coded, rates, target, reference, interval=interval, least=least)
    return _levels(coded, rates, [] if by is None else columns_of(docs, by if isinstance(by, str) else list(by)), interval, least)


def _check(method: str, interval: float, by: Any, target: Any, reference: Any) -> None:
    if method not in METHODS:
        raise ArgumentError(f"method={method!r} is not allowed; give 'dsl' or 'rogan-gladen'.")
    level(interval, name="interval")
    if target is None and reference is not None:
        raise ArgumentError(f"reference={reference!r} without a target; name both sides, or the target alone.")
    if by is not None and target is not None:
        raise ArgumentError(f"by={by!r} and target={target!r} are two questions; ask for shares by group, or for a difference.")


def _levels(coded: Coded, rates: Rates | None, columns: list[str], interval: float, least: int) -> pd.DataFrame:
    """A row for each group and class."""
    groups = groups_of(coded.docs, columns) if columns else [((), np.arange(len(coded.docs)))]
    outcome = coded.machine if rates is not None else coded.pseudo()
    tables = []
    for values, rows in groups:
        inside = np.zeros(len(coded.docs), dtype=bool)
        inside[rows] = True
        refuse_few_in(coded, inside, name=f"the group {' · '.join(map(str, values))}" if values else "the sample", least=least)
        docs, alike = coded.docs[inside], np.ones(len(rows))
        found, over = level_of_plans(docs, outcome[inside], alike)
        uncorrected = level_of_plans(docs, coded.machine[inside], alike)[0].mean
        share = np.clip(found.mean, 0, 1) if rates is None else rates.share(found.mean)
        low, high = found.interval(interval) if rates is None else rates.level_interval(found, interval)
        table = pd.DataFrame({"topic": coded.classes, "label": coded.classes, "share": share, "low": low, "high": high})
        table = table.assign(uncorrected=uncorrected, n_plans=docs["plan"].nunique(), n_units=len(docs), n_codings=coded.n_codings(inside))
        table["interval_over"] = pd.array([over] * len(table), dtype="str")
        for at, (column, value) in enumerate(zip(columns, values, strict=True)):
            table.insert(at, column, pd.array([value] * len(table), dtype=coded.docs[column].dtype))
        tables.append(table)
    return _stable_unknown(pd.concat(tables, ignore_index=True))


def _differences(coded: Coded, rates: Rates | None, target: Any, reference: Any, *, interval: float, least: int) -> pd.DataFrame:
    """A row for each class."""
    docs = coded.docs
    if docs["plan"].nunique() < 2:
        raise TooFewPlansError("there is one plan only; a difference needs two on each side. Give shares without target instead.")
    inside, outside = split_groups(docs, target=target, reference=reference)
    raw = _sides(docs, coded.machine, inside, outside)
    refuse_few_plans(target=raw[0], reference=raw[1])
    for name, mask in (("target", inside), ("reference", outside)):
        refuse_few_in(coded, mask, name=name, least=least)
    repeated = repeated_places(docs[inside | outside])
    corrected = raw if rates is not None else _sides(docs, coded.pseudo(), inside, outside)
    uncorrected = contrast_plans(*raw, repeated)
    compared = contrast_plans(*corrected, repeated)
    contrast = compared.contrast
    difference, (low, high), detectable = contrast.difference, contrast.interval(interval), contrast.detectable(interval)
    shares = [np.clip(one, 0, 1) for one in (compared.share_target, compared.share_reference)]
    if rates is not None:
        difference, detectable = np.clip(difference / rates.youden, -1, 1), np.minimum(detectable / rates.youden, 1)
        low, high = rates.contrast_interval(contrast, interval)
        shares = [rates.share(one) for one in (compared.share_target, compared.share_reference)]
    table = pd.DataFrame({"topic": coded.classes, "label": coded.classes, "difference": difference, "low": low, "high": high})
    table = table.assign(p=contrast.p, q=false_discovery_control(contrast.p), n_plans=compared.n_plans)
    table = table.assign(
        detectable=detectable, uncorrected=uncorrected.contrast.difference, share_target=shares[0], share_reference=shares[1]
    )
    table = table.assign(
        n_plans_target=compared.n_target, n_plans_reference=compared.n_reference, n_codings=coded.n_codings(inside | outside)
    )
    table = _stable_unknown(table.assign(estimator=compared.estimator, test=contrast.test, smallest_p=contrast.smallest_p))
    table.attrs = names_of(target, reference)
    return table


def _sides(docs: pd.DataFrame, outcome: np.ndarray, inside: np.ndarray, outside: np.ndarray) -> tuple[PlanMeans, PlanMeans]:
    target, reference = (plan_table(docs[m], outcome[m], np.ones(int(m.sum()))) for m in (inside, outside))
    return target, reference


def _stable_unknown(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(stable=pd.array([pd.NA] * len(table), dtype="boolean"))
