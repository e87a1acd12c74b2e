"""Fit topics to counts: NMF on blocks, applied to units, and refits on parts of the plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.matrix import TermMatrix
from policylab.parallel import run_tasks
from policylab.topics.ground import PART, factorise, lay_ground, subsamples
from policylab.topics.mixture import explained, label_topics, mixture, to_shares, topic_names, topic_order
from policylab.topics.model import Topics
from policylab.topics.stability import topic_stability


def fit_topics(
    counts: TermMatrix,
    *,
    n_topics: int,
    method: str = "nmf",
    unit: str = "block",
    n_refits: int = 10,
    seed: int = 0,
    n_jobs: int | None = None,
    insist: bool = False,
) -> Topics:
    """Find topics, the mixture of them that each unit is, and whether they come back on part of the plans.

    The counts of the units under one heading (a block) are added up, weighted by TF-IDF and factorised by non-negative matrix
    factorisation (Lee & Seung 1999; start by NNDSVDa, Boutsidis & Gallopoulos 2008). The topics are then applied to each unit by
    non-negative least squares. With ``unit="item"`` each item is fitted together with the mean of the five items most like it.
    From five plans on, words of one plan only make no topic.

    Parameters
    ----------
    counts : TermMatrix
        Counts (not weighted), rows in document order; `docs` has `plan` and, for blocks, `block` and `section`.
    n_topics : int
        Number of topics, from 2; see `choose_n_topics`.
    method : {"nmf"}
        The model.
    unit : {"block", "item", "plan"}
        What is fitted: blocks for broad themes (blocks over three times as long as a typical one are parted, those under a quarter
        joined to their neighbour), items for fine ones. Where blocks are missing or fewer than two a topic, items are fitted and
        `settings["notes"]` says so. Whole plans are refused unless `insist`.
    n_refits : int
        Refits on four fifths of the places (where places have several plans), plans or, of one plan, items: every possible part
        where there are fewer. 0 leaves `stability` missing.
    seed : int
        Where random numbers start.
    n_jobs : int, optional
        Cores for the refits.
    insist : bool
        Fit whole plans all the same.

    Returns
    -------
    Topics
        Topics from the largest to the smallest, T1, T2, …; shares of a unit sum to 1, or are all 0 where no topic covers it.

    Raises
    ------
    ArgumentError
        If an argument is not allowed, or there are fewer rows than topics.
    EmptyVocabularyError
        If there is no word.

    Examples
    --------
    >>> import pandas as pd
    >>> from policylab.matrix import count_terms
    >>> text = ["学校 教师", "教师 课程", "学校 课程", "医院 医生", "医生 病人", "医院 病人"]
    >>> items = pd.DataFrame({"plan": "甲区-2024", "kind": "item", "part": "plan", "text": text}, index=list("abcdef"))
    >>> topics = fit_topics(count_terms(items, words=str.split), n_topics=2, n_refits=0)
    >>> topics.labels.tolist()
    ['医生·医院·病人', '学校·教师·课程']
    >>> topics.shares.round(2)["T1"].tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    """
    if method != "nmf":
        raise ArgumentError(f"method={method!r} is not allowed; give 'nmf'.")
    whole(n_refits, name="n_refits", least=0)
    ground = lay_ground(counts, n_topics, unit, insist)
    parts = [np.arange(ground.rows.shape[0]), *(subsamples(ground.cluster, n_refits, seed) if n_refits else [])]
    model, *others = run_tasks(factorise, [(ground, part, int(n_topics), seed) for part in parts], n_jobs=n_jobs, label="topics")
    refits = [other.components_ for other in others if other is not None]
    settings = {
        **{"method": method, "n_topics": int(n_topics), "seed": seed, "n_refits": len(refits), "part": PART, **ground.settings},
        **{"words_used": len(ground.terms), "counts": counts.settings},
    }
    return assemble(ground.units, ground.terms, model, model.components_, refits, counts.docs, settings)


def assemble(
    units: Any,
    terms: pd.Index,
    model: Any,
    components: np.ndarray,
    refits: Sequence[np.ndarray],
    docs: pd.DataFrame,
    settings: dict[str, Any],
    names: pd.Index | None = None,
) -> Topics:
    """Apply topics to units and put the result in order; topics with `names` keep their order and are labelled by name."""
    weights = mixture(units, components)
    if names is None:
        order = topic_order(to_shares(weights), components, terms)
        components, weights = components[order], weights[:, order]
        model.components_ = components
    topics = topic_names(len(components)) if names is None else names
    docs = docs.assign(fit=explained(weights, components))
    shares = pd.DataFrame(to_shares(weights), index=docs.index, columns=topics)
    total = components.sum(axis=1, keepdims=True)
    scaled = np.divide(components, total, out=np.zeros_like(components), where=total > 0)
    frame = pd.DataFrame(scaled, index=topics, columns=terms)
    labels = label_topics(frame, shares, docs) if names is None else pd.Series(names.to_numpy(), index=names, name="label", dtype="str")
    stability = topic_stability(components, refits, topics)
    notes = [*settings.get("notes", []), *_stability_notes(stability, settings.get("resampled", ""), len(refits))]
    return Topics(frame, shares, labels, stability, docs, {**settings, "notes": notes}, model)


def _stability_notes(stability: pd.DataFrame, resampled: str, n_refits: int) -> list[str]:
    if not n_refits:
        return ["Not refitted: nothing is known of how stable the topics are. 未重新拟合，主题稳定性未知。"]
    notes = []
    if resampled == "items":
        notes.append(
            "One plan: refits leave out items, which shows variation within this plan only. 只有一份计划：稳定性只反映本计划内部的变动。"
        )
    unstable = stability.loc[~stability["stable"].fillna(True).astype(bool), "topic"].tolist()
    if unstable:
        notes.append(
            f"Unstable over {n_refits} refits on parts of the {resampled}: {', '.join(unstable)}. 不稳定主题：{'、'.join(unstable)}。"
        )
    return notes
