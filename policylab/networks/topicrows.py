"""Which topics stand in which rows: topics as columns, so that their co-occurrence can be drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError
from policylab.matrix import TermMatrix


def topic_presence(topics: Any, *, min_share: float = 0.2) -> TermMatrix:
    """Tell for each row which topics it treats: a matrix with a column for each topic, for `cooccurrence` and what is built on it.

    Where a row's shares are those of one topic, two topics stand together in blocks only, so compare `unit`. Shares of a row sum to 1, so
    a topic that takes most of a row leaves little for others: ties of topics are conservative.

    Parameters
    ----------
    topics : Topics
        What `fit_topics` or `seed_topics` returns: `.shares` (row × topic), `.docs` (a row for each of these) and `.labels`.
    min_share : float
        A topic stands in a row from this share on, above 0 up to 1. At .2 a row holds five topics at most.

    Returns
    -------
    TermMatrix
        1 where a topic has at least this share of the row, else 0; columns are the topics' labels, sorted, and bear the topic's name too
        where two topics have one label. `settings["codebook"]` says where the columns come from, so that a label that holds another makes
        an edge as well, as among themes of a codebook.

    Raises
    ------
    ArgumentError
        If `topics` has no shares or `min_share` is out of range.
    FrameError
        If shares and docs have other rows.
    EmptyVocabularyError
        If no topic has this share of any row.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> docs = pd.DataFrame({"plan": ["甲区-2024"] * 2}, index=["a", "b"])
    >>> shares = pd.DataFrame({"T1": [0.7, 0.1], "T2": [0.3, 0.9]}, index=["a", "b"])
    >>> topics = SimpleNamespace(shares=shares, docs=docs, labels=pd.Series({"T1": "学校", "T2": "卫生"}))
    >>> topic_presence(topics).to_frame().to_dict("index")
    {'a': {'卫生': 1, '学校': 1}, 'b': {'卫生': 1, '学校': 0}}
    """
    absent = [name for name in ("shares", "docs", "labels") if not hasattr(topics, name)]
    if absent:
        raise ArgumentError(f"topics is a {type(topics).__name__} without .{absent[0]}; give what `fit_topics(...)` returns.")
    if isinstance(min_share, bool) or not isinstance(min_share, int | float | np.number) or not 0 < min_share <= 1:
        raise ArgumentError(f"min_share={min_share!r} must lie above 0 and at most at 1, such as 0.2.")
    if not topics.shares.index.equals(topics.docs.index):
        raise FrameError(f"topics.shares must have the {len(topics.docs)} rows of topics.docs in the same order.")
    present = topics.shares.to_numpy() >= min_share - 1e-9
    if not present.any():
        raise EmptyVocabularyError(f"no topic has a share of {min_share} of any row; try a lower min_share.")
    label = topics.labels.reindex(topics.shares.columns).astype("str")
    twice = label.duplicated(keep=False).to_numpy()
    names = np.where(twice, label + " (" + label.index.astype("str") + ")", label).astype(str)
    order = np.argsort(names, kind="stable")
    settings = {
        "codebook": {"source": "topics", "n_terms": len(names)},
        **{"topics": dict(zip(label.index.astype(str).tolist(), names.tolist(), strict=True)), "min_share": float(min_share)},
        **{"unit": "item", "pruned": False, "n_units": len(topics.docs)},
    }
    return TermMatrix(csr_array(present[:, order].astype(np.int64)), topics.docs, pd.Index(names[order], dtype="str"), settings)
