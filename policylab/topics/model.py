"""Topics: what a topic model found, with its labels, and how it is kept on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD

from policylab.arguments import whole
from policylab.errors import FormatError, FrameError
from policylab.storage import Stored, write_stored

_MODELS = {"NMF": NMF, "LatentDirichletAllocation": LatentDirichletAllocation, "TruncatedSVD": TruncatedSVD}


@dataclass(frozen=True, eq=False, repr=False)
class Topics:
    """Topics of a set of units.

    Attributes
    ----------
    terms : DataFrame
        Topic × term: the weight of each term in each topic; rows sum to 1.
    shares : DataFrame
        Row × topic, in the order of `docs`: rows sum to 1, or are all 0 where no topic covers the row.
    labels : Series
        A label for each topic, made of its top terms (or a codebook's theme).
    stability : DataFrame
        `topic, jaccard, stable`: the mean overlap (0–1) of the topic's ten top terms with those of its match in refits on parts of the
        plans, and whether it is high enough to speak of the topic (`jaccard` is missing where nothing was refitted).
    docs : DataFrame
        One row for each row of `shares`: labels of the units, and `fit`, the cosine (0–1) of the unit's weighted words with what its
        topics make of them.
    settings : dict
        What made the topics; `notes` says in sentences what a reader must know.
    model : scikit-learn estimator
        The fitted model: `NMF`, `LatentDirichletAllocation` (`fit_topics`) or `TruncatedSVD` (`seed_topics`).
    """

    terms: pd.DataFrame
    shares: pd.DataFrame
    labels: pd.Series
    stability: pd.DataFrame
    docs: pd.DataFrame
    settings: dict[str, Any] = field(default_factory=dict)
    model: Any = None

    def __post_init__(self) -> None:
        if not self.shares.index.equals(self.docs.index):
            raise FrameError(f"shares must have the {len(self.docs)} rows of docs in the same order, but has {len(self.shares)} rows.")
        topics = list(self.terms.index)
        for name, have in (("shares", self.shares.columns), ("labels", self.labels.index), ("stability", self.stability["topic"])):
            if list(have) != topics:
                raise FrameError(f"{name} must have the topics {', '.join(topics)} in this order, but has {', '.join(map(str, have))}.")

    def __repr__(self) -> str:
        unstable = int((~self.stability["stable"].fillna(True).astype(bool)).sum())
        return f"Topics({len(self.labels)} topics, {unstable} of them unstable, {len(self.docs)} units; {self.settings.get('method', '')})"

    def top_terms(self, n: int = 10) -> pd.DataFrame:
        """Give the n heaviest terms of each topic: `topic, label, rank, term, weight, stable`; ties go by the term.

        Terms without weight are left out, so that a topic may have fewer.
        """
        n = whole(n, name="n")
        stable = self.stability.set_index("topic")["stable"]
        rows = [
            (topic, self.labels[topic], rank, term, weight, stable[topic])
            for topic, weights in self.terms.iterrows()
            for rank, (term, weight) in enumerate(heaviest(weights, n).items(), start=1)
        ]
        return pd.DataFrame(rows, columns=["topic", "label", "rank", "term", "weight", "stable"])

    def save(self, folder: str | Path) -> None:
        """Write the topics into a folder; `load` gives the same back."""
        fitted = {k: np.asarray(v) for k, v in vars(self.model).items() if k.endswith("_") and np.asarray(v).dtype != object}
        model = {"name": type(self.model).__name__, "parameters": self.model.get_params()}
        frames = {
            "docs": self.docs,
            "topics": self.stability.assign(label=self.labels.to_numpy()),
            "terms": pd.DataFrame(index=self.terms.columns),
        }
        arrays = {"terms": self.terms.to_numpy(), "shares": self.shares.to_numpy(), **{f"model {k}": v for k, v in fitted.items()}}
        stored = Stored(frames, arrays, {"settings": self.settings, "model": model})
        write_stored(folder, kind="Topics", stored=stored)

    @classmethod
    def from_stored(cls, stored: Stored) -> Topics:
        """Make the topics from what `save` wrote."""
        table, docs, arrays = stored.frames["topics"], stored.frames["docs"], stored.arrays
        names = pd.Index(table["topic"], dtype="str", name="topic")
        terms = pd.DataFrame(arrays["terms"], index=names, columns=stored.frames["terms"].index)
        shares = pd.DataFrame(arrays["shares"], index=docs.index, columns=names)
        labels = pd.Series(table["label"].array, index=names, name="label")
        return cls(terms, shares, labels, table[["topic", "jaccard", "stable"]], docs, stored.settings["settings"], _model(stored))


def _model(stored: Stored) -> Any:
    """Make the estimator anew from its parameters and what it had fitted."""
    record = stored.settings["model"]
    if record["name"] not in _MODELS:
        raise FormatError(record["name"], "topics of such a model are not read", f"This policylab reads {', '.join(_MODELS)}.")
    model = _MODELS[record["name"]](**record["parameters"])
    for name, value in stored.arrays.items():
        if name.startswith("model "):
            setattr(model, name.removeprefix("model "), value if value.ndim else value.item())
    return model


def heaviest(weights: pd.Series, n: int) -> pd.Series:
    """Give the n largest weights above 0, ties by the term."""
    values = np.round(weights.to_numpy(dtype=float), 10)
    order = np.lexsort((weights.index.to_numpy(dtype=object).astype(str), -values))[:n]
    return weights.iloc[order[values[order] > 0]]
