"""Which plan a topic hangs on: refits that leave out one plan, or place, at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.parallel import run_tasks
from policylab.topics.fit import METHODS, fit_one
from policylab.topics.ground import lay_ground
from policylab.topics.model import Topics
from policylab.topics.stability import STABLE, overlaps
from policylab.topics.weights import length_one


def leave_one_out(topics: Topics, *, counts: TermMatrix, by: str = "plan", n_jobs: int | None = None) -> pd.DataFrame:
    """Show how much of each topic comes back when one plan (or place) is left out.

    `Topics.stability` says whether a topic comes back on four fifths of the plans; this says whom it needs.

    Parameters
    ----------
    topics : Topics
        What `fit_topics` returned.
    counts : TermMatrix
        The counts it was fitted on.
    by : {"plan", "place"}
        What is left out; any column of `counts.docs` that has one value throughout each plan.
    n_jobs : int, optional
        Cores for the refits.

    Returns
    -------
    DataFrame
        A row for each topic and each plan left out, the topic that suffers most first: `topic, label, left_out, jaccard` (overlap, 0–1, of
        the topic's ten top terms with those of its match), `stable` (whether that is enough to speak of the same topic).

    Raises
    ------
    ArgumentError
        If `topics` were not made by `fit_topics` from these counts, or `docs` has no column `by`.
    TooFewPlansError
        If there is one plan only, or what remains has fewer rows than topics.

    Examples
    --------
    >>> from policylab.matrix import count_terms
    >>> from policylab.topics import fit_topics
    >>> text = ["学校 教师", "教师 课程", "学校 课程", "医院 医生", "医生 病人", "医院 病人"]
    >>> items = pd.DataFrame({"plan": list("甲乙丙甲乙丙"), "kind": "item", "part": "plan", "text": text}, index=list("abcdef"))
    >>> counts = count_terms(items, words=str.split)
    >>> left = leave_one_out(fit_topics(counts, n_topics=2, n_refits=0), counts=counts)
    >>> left.groupby("topic")["jaccard"].min().tolist()
    [1.0, 1.0]
    """
    settings = topics.settings
    if (
        settings.get("method") not in METHODS
        or settings.get("counts") != counts.settings
        or not topics.docs.index.equals(counts.docs.index)
    ):
        raise ArgumentError("topics were not made by `fit_topics` from these counts; give the counts that it was given.")
    if by not in counts.docs:
        raise ArgumentError(f"by={by!r}: docs has no column of that name; it has {', '.join(map(str, counts.docs.columns))}.")
    if (counts.docs.groupby("plan")[by].nunique(dropna=False) > 1).any():
        raise ArgumentError(f"by={by!r} has several values within a plan; whole plans are left out: give 'plan', 'place' or 'year'.")
    n_topics = int(settings["n_topics"])
    ground = lay_ground(counts, n_topics, settings["unit_asked"], insist=True)
    first = np.unique(ground.group, return_index=True)[1]
    owner = counts.docs[by].astype("str").fillna("").to_numpy(dtype=object)[first]
    names = sorted(set(owner))
    parts = [np.flatnonzero(owner != name) for name in names]
    if len(names) < 2 or min(map(len, parts)) < n_topics:
        raise TooFewPlansError(
            f"by={by!r}: {len(names)} can be left out, and at least {n_topics} rows must remain for {n_topics} topics; "
            "read more plans, or fit fewer topics."
        )
    tasks = [(settings["method"], ground, part, n_topics, settings["seed"], True) for part in parts]
    models = run_tasks(fit_one, tasks, n_jobs=n_jobs, label="leave one out")
    components = topics.terms[ground.terms].to_numpy()
    overlap = overlaps(length_one(components), [length_one(model.components_) for model in models])
    table = pd.DataFrame(overlap, index=names, columns=topics.labels.index).rename_axis("left_out").reset_index()
    table = table.melt("left_out", var_name="topic", value_name="jaccard")
    table.insert(1, "label", table["topic"].map(topics.labels))
    table["stable"] = table["jaccard"] >= STABLE - 1e-9
    table = table[["topic", "label", "left_out", "jaccard", "stable"]]
    return table.sort_values(["jaccard", "topic", "left_out"], kind="stable").reset_index(drop=True)
