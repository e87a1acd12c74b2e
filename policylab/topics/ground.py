"""What a topic model is fitted on: rows, words and weights, and the parts of the plans on which it is fitted again."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.decomposition import NMF

from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError, TooFewPlansError
from policylab.matrix import TermMatrix, need_counts
from policylab.parallel import task_seeds
from policylab.topics.blocks import block_numbers
from policylab.topics.start import start_of
from policylab.topics.weights import add_rows, idf_of, in_context, kept_words, length_one, near_rows, weigh, with_near

UNITS = ("block", "item", "plan")
PART = 0.8  # of the plans in each refit (Greene, O'Callaghan & Cunningham 2014)
N_NEAR = 5
CONTEXT = 0.2  # weight of an item's block beside its own words
_BLOCKS_FOR_TOPIC = 2
_MAX_ITER = 2000


@dataclass(frozen=True)
class Ground:
    """Units and the rows that are fitted, weighted.

    `counts` are those of the rows, `unit_counts` those of the units; `group` gives the row that each unit is fitted in, `cluster` numbers
    the rows that are drawn together when parts are refitted.
    """

    units: csr_array
    rows: csr_array
    counts: csr_array
    unit_counts: csr_array
    terms: pd.Index
    idf: np.ndarray
    near: csr_array | None
    group: np.ndarray
    cluster: np.ndarray
    settings: dict[str, Any]

    def fitted(self, chosen: np.ndarray) -> csr_array:
        """Give the chosen rows as they are handed to the model."""
        rows = csr_array(self.rows[chosen])
        near = None if self.near is None else csr_array(self.near[chosen][:, chosen])
        return rows if near is None else with_near(with_near(rows, near), near)


def check_counts(counts: TermMatrix) -> None:
    """Refuse what is no matrix of counts with a `plan` for each row."""
    need_counts(counts)
    if counts.settings.get("weight"):
        raise ArgumentError(f"counts are weighted by {counts.settings['weight']}; give the counts themselves, topics weigh them.")
    if "plan" not in counts.docs:
        raise FrameError(f"counts.docs has no column plan; it has {', '.join(map(str, counts.docs.columns))}.")
    if not counts.X.nnz:
        raise EmptyVocabularyError("counts holds no word at all; count again with fewer stop words or a lower min_items.")


def lay_ground(counts: TermMatrix, n_topics: int, unit: str, insist: bool = False) -> Ground:
    """Choose words and rows for a fit of `n_topics`, and weigh them."""
    check_counts(counts)
    if isinstance(n_topics, bool) or not isinstance(n_topics, int | np.integer) or n_topics < 2:
        raise ArgumentError(f"n_topics={n_topics!r} must be a whole number from 2 to as many as there are items and words.")
    if unit not in UNITS:
        raise ArgumentError(f"unit={unit!r} is not allowed; give 'block', 'item' or 'plan'.")
    if unit == "plan" and not insist:
        raise ArgumentError(
            "unit='plan' finds places, not themes: each plan treats nearly all themes, so what sets whole plans apart is "
            "whose they are (agreement with the plans' own headings .11, against .77 for blocks). Take 'block' or 'item', or "
            "insist=True to fit whole plans all the same."
        )
    plan = pd.factorize(counts.docs["plan"], use_na_sentinel=False)[0]
    columns, min_plans = kept_words(counts.X, plan, n_topics)
    X = csr_array(counts.X[:, columns], dtype=float)
    group, used, notes, blocks = _grouped(counts.docs, X, plan, n_topics, unit)
    counted = add_rows(X, group)
    idf = idf_of(counted)
    rows = weigh(counted, idf)
    if n_topics > min(rows.shape):
        raise TooFewPlansError(
            f"{n_topics} topics need at least {n_topics} {used}s and {n_topics} words; there are {rows.shape[0]} and {rows.shape[1]}. "
            "Take fewer topics, or read more plans."
        )
    first = np.unique(group, return_index=True)[1]
    cluster, resampled = _clusters(counts.docs.iloc[first], plan[first])
    if min_plans == 2:
        notes.append("Words that occur in one plan only (place names, mostly) make no topic. 只在一份计划中出现的词不参与主题。")
    settings = {"unit": used, "unit_asked": unit, "n_rows": rows.shape[0], "blocks": blocks, "min_plans": min_plans, "resampled": resampled}
    near = near_rows(rows, N_NEAR) if used == "item" else None
    if near is not None:
        rows = in_context(rows, counts.docs, CONTEXT)
    return Ground(weigh(X, idf), rows, counted, X, counts.terms[columns], idf, near, group, cluster, {**settings, "notes": notes})


def _grouped(
    docs: pd.DataFrame, X: csr_array, plan: np.ndarray, n_topics: int, unit: str
) -> tuple[np.ndarray, str, list[str], dict[str, int]]:
    """Number the row that each unit is fitted in; say which unit was used, and what a reader must know."""
    if unit == "plan":
        return plan, unit, ["Fitted on whole plans: expect places rather than themes. 以整份计划为单位拟合：得到的多是地区而非主题。"], {}
    items = np.arange(len(docs))
    if unit == "item":
        return items, unit, [], {}
    group, blocks = block_numbers(docs, np.asarray(X.sum(axis=1)).ravel())
    n_blocks = int(group.max()) + 1
    if blocks["found"] == 0 or n_blocks < _BLOCKS_FOR_TOPIC * n_topics:
        why = f"{n_blocks} blocks are too few for {n_topics} topics" if blocks["found"] else "no row has a block (a heading above it)"
        return items, "item", [f"Fitted on items: {why}. 以条目为单位拟合：小标题分组不足。"], blocks
    notes = [text.format(blocks[k]) for k, text in _SAID.items() if blocks[k]]
    return group, unit, notes, blocks


_SAID = {
    "parted": "{0} blocks far longer than others were parted. 过长的 {0} 个分组已拆分。",
    "joined": "{0} blocks far shorter than others were joined to their neighbour. 过短的 {0} 个分组已并入相邻分组。",
    "alone": "{0} units without a heading were taken as they are. {0} 条没有小标题，各自单独拟合。",
}


def _clusters(docs: pd.DataFrame, plan: np.ndarray) -> tuple[np.ndarray, str]:
    """Number what is drawn together: places with several plans, else plans, else (one plan) rows."""
    n_plans = len(np.unique(plan))
    if "place" in docs and docs["place"].notna().all():
        place = pd.factorize(docs["place"])[0]
        if 3 <= place.max() + 1 < n_plans:
            return place, "places"
    return (plan, "plans") if n_plans > 1 else (np.arange(len(plan)), "items")


def subsamples(cluster: np.ndarray, n: int, seed: int) -> list[np.ndarray]:
    """Rows of n different draws of four in five clusters (all possible draws where there are fewer)."""
    codes = np.unique(cluster)
    size = max(1, min(len(codes) - 1, round(PART * len(codes))))
    if comb(len(codes), size) <= n:
        draws = [tuple(draw) for draw in combinations(codes.tolist(), size)]
    else:
        found: dict[tuple[int, ...], None] = {}
        for s in task_seeds(seed, 20 * n):
            found[tuple(sorted(np.random.default_rng(s).choice(codes, size, replace=False).tolist()))] = None
            if len(found) == n:
                break
        draws = list(found)
    return [np.flatnonzero(np.isin(cluster, draw)) for draw in draws]


def factorise(ground: Ground, chosen: np.ndarray, n_topics: int, seed: int) -> Any:
    """Fit NMF to the chosen rows; rows of `components_` have length 1. None where the rows are fewer than the topics."""
    rows = ground.fitted(chosen)
    if rows.shape[0] < n_topics:
        return None
    with np.errstate(invalid="ignore"):  # where nothing is left to explain, what is left can come out below 0
        model = NMF(n_topics, init="custom", max_iter=_MAX_ITER, random_state=seed)
        model.fit_transform(rows, **start_of(rows, n_topics))
    model.components_ = length_one(model.components_)
    return model
