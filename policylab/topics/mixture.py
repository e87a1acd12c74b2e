"""What mixture of topics each unit is, and the names, order and labels of topics."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import nnls
from scipy.sparse import csr_array

from policylab.topics.model import heaviest

_RIDGE = 1e-9  # keeps the topics' cross products invertible where two topics coincide
_LABEL_TERMS, _LONGEST_TITLE = 3, 14


def mixture(rows: csr_array, components: np.ndarray) -> np.ndarray:
    """Non-negative least squares of each row on the topics: row × topic.

    Each row is solved on its own (Lawson & Hanson 1974, through the Cholesky factor of the topics' cross products), so that what a
    unit is made of depends on its own words only.
    """
    L = np.linalg.cholesky(components @ components.T + _RIDGE * np.eye(len(components)))
    targets = np.linalg.solve(L, np.asarray(rows @ components.T).T).T
    weights = np.array([nnls(L.T, target)[0] for target in targets]).reshape(len(targets), len(components))
    return np.round(weights, 10) + 0.0


def explained(weights: np.ndarray, components: np.ndarray) -> np.ndarray:
    """Cosine of each unit (length 1) with what its topics make of it."""
    return np.round(np.sqrt(np.maximum((weights @ (components @ components.T) * weights).sum(axis=1), 0)).clip(0, 1), 10)


def to_shares(weights: np.ndarray) -> np.ndarray:
    """Rows made to sum to 1; rows of zeros stay."""
    total = weights.sum(axis=1, keepdims=True)
    return np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)


def topic_order(shares: np.ndarray, components: np.ndarray, terms: pd.Index) -> np.ndarray:
    """Topics from the largest share of units to the smallest, ties by their heaviest term."""
    first = [str(next(iter(heaviest(pd.Series(row, index=terms), 1).index), "")) for row in components]
    return np.lexsort((np.array(first), -np.round(shares.sum(axis=0), 6)))


def topic_names(n: int) -> pd.Index:
    """T1, T2, … with as many digits as the last needs."""
    return pd.Index([f"T{k:0{len(str(n))}d}" for k in range(1, n + 1)], dtype="str", name="topic")


def label_topics(terms: pd.DataFrame, shares: pd.DataFrame, docs: pd.DataFrame) -> pd.Series:
    """Name each topic by its three heaviest terms that are heavier in no other topic; of one plan, the typical item's title too."""
    own = terms.where(np.round(terms, 10) >= np.round(terms.max(axis=0), 10), 0.0)
    titles = _titles(shares, docs) if docs["plan"].nunique() == 1 else {}
    labels: dict[str, str] = {}
    for topic, weights in own.iterrows():
        found: list[str] = []
        for term in heaviest(weights, len(weights)).index:
            if not any(term in other or other in term for other in found):
                found.append(term)
            if len(found) >= _LABEL_TERMS and "·".join(found) not in labels.values():
                break
        title = titles.get(topic)
        labels[topic] = "·".join(found) + (f"（{title}）" if title else "") if found else topic
    return pd.Series(labels, index=terms.index, name="label", dtype="str")


def _titles(shares: pd.DataFrame, docs: pd.DataFrame) -> dict[str, str]:
    """Title of each topic's most typical unit, where it is short and the topic's own (no other topic's unit is more typical)."""
    if "item_title" not in docs:
        return {}
    score = shares.mul(docs["fit"], axis=0)
    title = docs["item_title"]
    found = {topic: title[score[topic].idxmax()] for topic in shares if score[topic].max() > 0}
    return {topic: name for topic, name in found.items() if isinstance(name, str) and 0 < len(name) <= _LONGEST_TITLE}
