"""Whether topics rise or fall over the years, within places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from policylab.errors import FrameError, TooFewPlansError
from policylab.inference import paired
from policylab.plan_shares import UNCOVERED, PlanMeans, check_shares, label_of, plan_table, stable_of


def topic_trends(topics: Any, *, weight: str = "units", interval: float = 0.95) -> pd.DataFrame:
    """Give the yearly change of each topic's share within places, with interval, test and what could have been found.

    A line is fitted to the shares of each place's plans over the years; the trend is the mean of the places' slopes, its interval a t over
    places: the years of one place are not independent of one another, the slopes of places are. No error is less than half of what
    units drawn independently would give.

    Parameters
    ----------
    topics : Topics, TermMatrix or alike
        Whatever has `.shares` and `.docs` (with `plan`, `place` and `year`).
    weight : {"units", "chars"}
        Units of a plan count alike, or by their characters.
    interval : float
        Level of the interval.

    Returns
    -------
    DataFrame
        `topic, label, slope` (change of the share a year), `low, high, p` (of all changes of sign where they are few), `q`
        (Benjamini–Hochberg over topics), `n_places, n_plans, first_year, last_year, detectable` (slope found with a power of .8 at these
        numbers), `test, smallest_p, stable`. Topics are taken as fitted; places with one year are left out.

    Raises
    ------
    TooFewPlansError
        If fewer than two places have plans of two years.
    FrameError
        If `docs` lacks `place` or `year`.

    Examples
    --------
    >>> import types
    >>> docs = pd.DataFrame({"plan": list("abcd"), "place": ["甲", "甲", "乙", "乙"], "year": [2022, 2024, 2022, 2024]})
    >>> themes = types.SimpleNamespace(docs=docs, shares=pd.DataFrame({"教育": [0.1, 0.3, 0.2, 0.6], "卫生": [0.9, 0.7, 0.8, 0.4]}))
    >>> topic_trends(themes)[["topic", "slope", "n_places"]].round(2).values.tolist()
    [['教育', 0.15, 2], ['卫生', -0.15, 2]]
    """
    docs, shares, unit_weight = check_shares(topics, weight, interval)
    absent = [c for c in ("place", "year") if c not in docs]
    if absent:
        raise FrameError(f"topics.docs has no column {absent[0]}; trends need the place and year of each plan.")
    known = (docs["place"].notna() & docs["year"].notna()).to_numpy()
    if not known.any():
        raise FrameError("topics.docs has no row with both place and year; set them in the metadata table.")
    plans = plan_table(docs[known], shares.to_numpy()[known], unit_weight[known])
    slopes = _slopes(plans)
    if len(slopes) < 2:
        raise TooFewPlansError(
            f"{len(slopes)} place(s) have plans of two years; a trend needs two such places at least, since the years of one place do not "
            "show how much places differ. Describe it with `topic_shares(topics, by='year')`, or read more places."
        )
    contrast = paired(*(np.array([slope[k] for slope in slopes.values()]) for k in (0, 1)))
    names = [c for c in shares if c != UNCOVERED]
    (low, high), k = contrast.interval(interval), len(names)
    used = plans.labels[plans.labels["place"].isin(list(slopes))]
    table = pd.DataFrame({"topic": names, "label": [label_of(topics, n) for n in names], "slope": contrast.difference[:k]})
    table = table.assign(low=low[:k], high=high[:k], p=contrast.p[:k], q=false_discovery_control(contrast.p[:k]), n_places=len(slopes))
    table = table.assign(n_plans=len(used), first_year=int(used["year"].min()), last_year=int(used["year"].max()))
    return table.assign(
        detectable=contrast.detectable(interval)[:k], test=contrast.test, smallest_p=contrast.smallest_p, stable=stable_of(topics, names)
    )


def _slopes(plans: PlanMeans) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Least-squares slope of each place with plans of two years or more, and the variance that counting alone gives it."""
    slopes, place = {}, plans.labels["place"].to_numpy()
    year = plans.labels["year"].to_numpy(dtype=float)
    for name in sorted(set(place)):
        mine = place == name
        own = year[mine] - year[mine].mean()
        if (own**2).sum() > 0:
            slopes[name] = own @ plans.means[mine] / (own**2).sum(), own**2 @ plans.noise[mine] / (own**2).sum() ** 2
    return slopes
