"""Whether two groups of plans differ in what they are about."""

from __future__ import annotations

from typing import Any

import pandas as pd
from scipy.stats import false_discovery_control

from policylab.errors import TooFewPlansError
from policylab.groups import names_of, split_groups
from policylab.plan_shares import (
    UNCOVERED,
    check_shares,
    contrast_plans,
    label_of,
    plan_table,
    refuse_few_plans,
    repeated_places,
    stable_of,
)


def topic_effects(topics: Any, *, target: Any, reference: Any = None, weight: str = "units", interval: float = 0.95) -> pd.DataFrame:
    """Give the difference of each topic's share between two groups of plans, with interval, test and what could have been found.

    The unit is the plan: its share is one number. What the estimate is made of depends on the plans at hand, and `estimator` says it:

    - *plans*: every place has one plan. Welch's t on plan shares.
    - *within places* (or *within plans*, where both groups are parts of the same plans): at least half of the places of a side are on the
      other side, too. A difference is taken within each place, and a t over places: with every place counting alike this is what a
      regression with place effects and CR2 standard errors by place gives, and it stays exact for few places, where the wild bootstrap has
      few signs to draw from. Places on one side only take no part.
    - *places*: places have several plans each, and fewer than half are on both sides. Welch's t on the means of places.
    - *within years*: fewer than two places on a side. Differences within years, a t over years: it says whether these places differ, not
      places in general.
    - *years of few places*: Welch's t on plan shares although years of a place are not independent; read as description.

    A plan of no known place is a place of its own. No error is less than half of what units drawn independently would give, which plans
    that happen to agree would suggest.

    p is exact where the arrangements are few (at most 5,000): then it cannot be smaller than one over their number, whatever the interval.

    Parameters
    ----------
    topics : Topics, TermMatrix or alike
        Whatever has `.shares` and `.docs` (with `plan`, and where known `place` and `year`).
    target, reference : mask, dict or callable
        Rows of each side, as in `keyness`: ``{"year": 2024}``; without a reference the rest.
    weight : {"units", "chars"}
        Units of a plan count alike, or by their characters.
    interval : float
        Level of the interval.

    Returns
    -------
    DataFrame
        `topic, label, difference` (target minus reference, -1 to 1), `low, high, p, q` (Benjamini–Hochberg over topics), `n_plans`,
        `detectable` (difference whose interval would leave out 0 with a power of .8; an exact p may be out of reach all the same, see
        `smallest_p`), `share_target, share_reference, n_plans_target, n_plans_reference` (of the plans that take part), `estimator, test,
        smallest_p` (that an exact test of so few can give; 0 where p is not exact), `stable`. Topics are taken as fitted.
        `attrs["target"]` and `attrs["reference"]` name the sides.

    Raises
    ------
    TooFewPlansError
        If a side has fewer than two plans.
    ArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> import types
    >>> import pandas as pd
    >>> docs = pd.DataFrame({"plan": list("甲乙丙丁"), "place": list("甲乙丙丁"), "year": [2023, 2023, 2024, 2024]})
    >>> themes = types.SimpleNamespace(docs=docs, shares=pd.DataFrame({"教育": [0.2, 0.4, 0.5, 0.7], "卫生": [0.8, 0.6, 0.5, 0.3]}))
    >>> effects = topic_effects(themes, target={"year": 2024})
    >>> effects[["topic", "difference", "p", "test"]].round(2).values.tolist()
    [['教育', 0.3, 0.33, 'exact permutation (6)'], ['卫生', -0.3, 0.33, 'exact permutation (6)']]
    """
    docs, shares, unit_weight = check_shares(topics, weight, interval)
    if docs["plan"].nunique() < 2:
        raise TooFewPlansError("there is one plan only; a difference needs two on each side. Describe the plan with `topic_shares`.")
    inside, outside = split_groups(docs, target=target, reference=reference)
    values = shares.to_numpy()
    target_plans, reference_plans = (plan_table(docs[m], values[m], unit_weight[m]) for m in (inside, outside))
    refuse_few_plans(target=target_plans, reference=reference_plans)
    compared = contrast_plans(target_plans, reference_plans, repeated_places(docs[inside | outside]))
    contrast = compared.contrast
    names = [c for c in shares if c != UNCOVERED]
    (low, high), k = contrast.interval(interval), len(names)
    table = pd.DataFrame({"topic": names, "label": [label_of(topics, n) for n in names], "difference": contrast.difference[:k]})
    table = table.assign(low=low[:k], high=high[:k], p=contrast.p[:k], q=false_discovery_control(contrast.p[:k]))
    table = table.assign(n_plans=compared.n_plans, detectable=contrast.detectable(interval)[:k])
    table = table.assign(share_target=compared.share_target[:k], share_reference=compared.share_reference[:k])
    table = table.assign(n_plans_target=compared.n_target, n_plans_reference=compared.n_reference)
    table = table.assign(estimator=compared.estimator, test=contrast.test)
    table = table.assign(smallest_p=contrast.smallest_p, stable=stable_of(topics, names))
    table.attrs = names_of(target, reference)
    return table
