"""How often the intruder was found, topic by topic."""

from __future__ import annotations

import pandas as pd

from policylab.arguments import level
from policylab.errors import FrameError
from policylab.inference import exact_ends
from policylab.validation.checks import check_codings

ALL = "all topics"


def intrusion_scores(codings: pd.DataFrame, *, interval: float = 0.95) -> pd.DataFrame:
    """Give the share of right answers to an intrusion task by topic, with an exact interval and what guessing would give.

    Parameters
    ----------
    codings : DataFrame
        From `read_coding` of an `intrusion_sheet`; frames of several people joined with `pandas.concat`.
    interval : float
        Level of the interval.

    Returns
    -------
    DataFrame
        `topic` (all of them last), `n_answers, n_right, share` (0–1), `low, high` (Clopper–Pearson, answers taken as independent: those
        of several people to one question are not quite), `by_chance` (1/6 for words, 1/4 for topics), `above_chance` (whether `low` is).

    Raises
    ------
    FrameError
        If `codings` are not those of an intrusion task.
    ArgumentError
        If the interval is not between 0 and 1.

    References
    ----------
    Clopper & Pearson (1934), The use of confidence or fiducial limits. Biometrika 26, 404–413.

    Examples
    --------
    >>> codings = pd.DataFrame({"item_id": list("abcd"), "coder": "coder1", "code": list("xxyy"), "label": list("xxyx"),
    ...     "stratum": ["校舍", "校舍", "师资", "师资"], "chance": 1.0, "n_options": 6})
    >>> intrusion_scores(codings)[["topic", "n_right", "share", "low", "high"]].round(3).values.tolist()
    [['师资', 1, 0.5, 0.013, 0.987], ['校舍', 2, 1.0, 0.158, 1.0], ['all topics', 3, 0.75, 0.194, 0.994]]
    """
    check_codings(codings)
    interval = level(interval, name="interval")
    if "n_options" not in codings:
        raise FrameError("codings has no column 'n_options'; give what `read_coding` returns of an intrusion sheet.")
    if codings.attrs.get("design", {}).get("task") == "coding":
        raise FrameError("codings are those of a coding sheet; its answers are not right or wrong, see `agreement`.")
    right = (codings["code"] == codings["label"]).groupby(codings["stratum"]).agg(["size", "sum"])
    right.loc[ALL] = right.sum()
    n, hits = right["size"].astype("int64"), right["sum"].astype("int64")
    low, high = exact_ends(hits.to_numpy(), n.to_numpy(), interval)
    table = pd.DataFrame({"topic": pd.array(right.index, dtype="str"), "n_answers": n.to_numpy(), "n_right": hits.to_numpy()})
    table = table.assign(share=(hits / n).to_numpy(), low=low, high=high)
    table = table.assign(by_chance=1 / float(codings["n_options"].iloc[0]))
    return table.assign(above_chance=table["low"] > table["by_chance"])
