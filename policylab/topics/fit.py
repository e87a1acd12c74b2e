"""Fit topics to counts: NMF on blocks, applied to units, and refits on parts of the plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from warnings import warn

import numpy as np
import pandas as pd

from policylab.arguments import whole
from policylab.errors import ArgumentError
from policylab.matrix import TermMatrix
from policylab.parallel import run_tasks
from policylab.topics.dirichlet import CHAINS, CHAINS_OF_REFIT, allocate, explained_by, mixture_of, with_components
from policylab.topics.ground import PART, Ground, factorise, lay_ground, subsamples
from policylab.topics.mixture import explained, label_topics, mixture, to_shares, topic_names, topic_order
from policylab.topics.model import Topics
from policylab.topics.stability import STABLE, topic_stability
from policylab.topics.weights import length_one

METHODS = ("nmf", "lda")
ENOUGH_FOR_LDA = 10  # plans


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
    non-negative least squares. With ``unit="item"`` an item is short, so it is read in its context: its block with a fifth of
    its own weight, and, twice over, the mean of the five items most like it.
    From five plans on, words of one plan only make no topic.

    Parameters
    ----------
    counts : TermMatrix
        Counts (not weighted), rows in document order; `docs` has `plan` and, for blocks, `block` and `section`.
    n_topics : int
        Number of topics, from 2; see `choose_n_topics`.
    method : {"nmf", "lda"}
        NMF, or latent Dirichlet allocation (Blei, Ng & Jordan 2003) of the same rows' counts: ten chains by CVB0 (Asuncion et al. 2009),
        their topics matched one to one and averaged, applied to each unit by variational inference. With fewer than ten plans it warns.
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
    if method not in METHODS:
        raise ArgumentError(f"method={method!r} is not allowed; give one of {', '.join(METHODS)}.")
    whole(n_refits, name="n_refits", least=0)
    ground = lay_ground(counts, n_topics, unit, insist)
    parts = [np.arange(ground.rows.shape[0]), *(subsamples(ground.cluster, n_refits, seed) if n_refits else [])]
    tasks = [(method, ground, part, int(n_topics), seed, part is not parts[0]) for part in parts]
    model, *others = run_tasks(fit_one, tasks, n_jobs=n_jobs, label="topics")
    refits = [length_one(other.components_) for other in others if other is not None]
    settings = {
        **{"method": method, "n_topics": int(n_topics), "seed": seed, "n_refits": len(refits), "part": PART, **ground.settings},
        **{"words_used": len(ground.terms), "counts": counts.settings},
    }
    if method == "lda":
        settings["n_chains"], settings["notes"] = CHAINS, [*settings["notes"], *_warn_of_few(counts.docs["plan"].nunique())]
    return assemble(_applied(method, model, ground), ground.terms, refits, counts.docs, settings)


def fit_one(method: str, ground: Ground, part: np.ndarray, n_topics: int, seed: int, again: bool) -> Any:
    """Fit one model to a part of the rows; a refit (`again`) of LDA makes do with fewer chains."""
    if method == "nmf":
        return factorise(ground, part, n_topics, seed)
    return allocate(ground, part, n_topics, seed, CHAINS_OF_REFIT if again else CHAINS)


def _applied(method: str, model: Any, ground: Ground) -> Fitted:
    """Apply a model's topics to the units and put them in order, the largest first."""
    if method == "nmf":
        weights = mixture(ground.units, model.components_)
        fit = explained(weights, model.components_)
    else:
        weights = mixture_of(model, ground.unit_counts)
        fit = explained_by(model, ground.unit_counts, weights)
    order = topic_order(to_shares(weights), length_one(model.components_), ground.terms)
    if method == "nmf":
        model.components_ = model.components_[order]
    else:
        with_components(model, model.components_[order])
    return Fitted(model, length_one(model.components_), weights[:, order], fit)


def _warn_of_few(n_plans: int) -> list[str]:
    if n_plans >= ENOUGH_FOR_LDA:
        return []
    said = f"LDA on {n_plans} plans: other starts and other plans give other topics more often than NMF does."
    warn(f"{said} Look at `stability`, or take method='nmf'.", stacklevel=3)
    return [f"{said} 计划只有 {n_plans} 份，LDA 的主题比 NMF 的更不稳。"]


@dataclass(frozen=True)
class Fitted:
    """A model, its topics as rows of length 1 (topic × word), what each unit is made of (unit × topic) and how well that fits it."""

    model: Any
    components: np.ndarray
    weights: np.ndarray
    fit: np.ndarray


def assemble(
    fitted: Fitted,
    terms: pd.Index,
    refits: Sequence[np.ndarray],
    docs: pd.DataFrame,
    settings: dict[str, Any],
    names: pd.Index | None = None,
    n_residual: int = 0,
) -> Topics:
    """Give applied topics their names, labels and stability; those with `names` are labelled by name, residual ones by terms, too."""
    components, weights = fitted.components, fitted.weights
    topics = topic_names(len(components)) if names is None else names
    docs = docs.assign(fit=fitted.fit)
    shares = pd.DataFrame(to_shares(weights), index=docs.index, columns=topics)
    total = components.sum(axis=1, keepdims=True)
    scaled = np.divide(components, total, out=np.zeros_like(components), where=total > 0)
    frame = pd.DataFrame(scaled, index=topics, columns=terms)
    labels = label_topics(frame, shares, docs)
    if names is not None:
        first = len(names) - n_residual
        labels[:] = [name if at < first else f"{name}：{labels[name]}" for at, name in enumerate(names)]
    stability = topic_stability(components, refits, topics)
    notes = [*settings.get("notes", []), *_stability_notes(stability, settings.get("resampled", ""), len(refits))]
    return Topics(frame, shares, labels, stability, docs, {**settings, "stable_from": round(STABLE, 4), "notes": notes}, fitted.model)


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
