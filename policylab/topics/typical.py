"""The units that show best what a topic is about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policylab.arguments import whole
from policylab.errors import FrameError
from policylab.items import as_items, body
from policylab.topics.model import Topics

_SHOWN = ("plan", "outline", "item_title", "text", "line", "source")


def typical_items(topics: Topics, *, items: pd.DataFrame, n: int = 3) -> pd.DataFrame:
    """Give the units that are most of one topic and best explained by it, with their text and source lines.

    Typical is the unit whose share of the topic times its `fit` is largest; ties go by `item_id`.

    Parameters
    ----------
    topics : Topics
        What `fit_topics` or `seed_topics` returns.
    items : DataFrame
        The items frame that was counted.
    n : int
        Units for each topic.

    Returns
    -------
    DataFrame
        `topic, label, rank, item_id, share` (0–1), `fit` (0–1), `plan, outline, item_title, text, line, source, stable`.

    Raises
    ------
    ArgumentError
        If `n` is no whole number from 1.
    FrameError
        If `items` lacks units of the topics.

    Examples
    --------
    >>> import pandas as pd
    >>> from policylab.matrix import count_terms
    >>> from policylab.topics import fit_topics
    >>> text = ["学校 教师", "教师 课程", "学校 课程", "医院 医生", "医生 病人", "医院 病人 学校"]
    >>> items = pd.DataFrame({"plan": "甲区-2024", "kind": "item", "part": "plan", "text": text}, index=list("abcdef"))
    >>> topics = fit_topics(count_terms(items, words=str.split), n_topics=2, n_refits=0)
    >>> typical_items(topics, items=items, n=1)[["topic", "text"]].values.tolist()
    [['T1', '学校 教师'], ['T2', '医院 医生']]
    """
    n = whole(n, name="n")
    item_id, texts = _texts(topics, items)
    stable = topics.stability.set_index("topic")["stable"]
    fit = topics.docs["fit"].to_numpy() if "fit" in topics.docs else np.ones(len(item_id))
    tables = []
    for topic in topics.shares:
        share = topics.shares[topic].to_numpy()
        score = np.round(share * fit, 10)
        rows = np.lexsort((item_id.astype(str), -score))[: int(n)]
        rows = rows[score[rows] > 0]
        table = texts.loc[item_id[rows], list(_SHOWN)].reset_index()
        table.insert(1, "share", share[rows])
        table.insert(2, "fit", fit[rows])
        table.insert(0, "rank", np.arange(1, len(rows) + 1))
        table.insert(0, "label", topics.labels[topic])
        table.insert(0, "topic", topic)
        tables.append(table.assign(stable=stable[topic]))
    return pd.concat(tables, ignore_index=True).astype({"stable": "boolean", "topic": "str", "label": "str"})


def _texts(topics: Topics, items: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Give the id of each row's item, and the units of the items frame by id."""
    item_id = topics.docs["item_id"].to_numpy() if "item_id" in topics.docs else topics.docs.index.to_numpy()
    frame = as_items(items)
    absent = ~pd.Index(item_id).isin(frame.index)
    if absent.any():
        raise FrameError(f"items has no {item_id[absent][0]!r}, which the topics have; give the items frame that was counted.")
    return item_id, body(frame, parts=frame["part"].astype(str).unique().tolist())


def mixed_items(topics: Topics, *, items: pd.DataFrame, n: int = 10) -> pd.DataFrame:
    """Give the units that sit between two topics: those whose second topic comes nearest to their first.

    Where a topic is known for its mixed units only, or two topics share most of them, they may be one.

    Parameters
    ----------
    topics : Topics
        What `fit_topics` or `seed_topics` returns.
    items : DataFrame
        The items frame that was counted.
    n : int
        How many units.

    Returns
    -------
    DataFrame
        `item_id, topic, label, share, other, other_label, other_share` (0–1), `fit`, `stable` (whether both are),
        `plan, outline, item_title, text, line, source`, the most evenly split first; ties go by `item_id`.

    Raises
    ------
    ArgumentError, FrameError
        As in `typical_items`.

    Examples
    --------
    >>> import pandas as pd
    >>> from policylab.matrix import count_terms
    >>> from policylab.topics import fit_topics
    >>> text = ["学校 教师", "教师 课程", "学校 课程", "医院 医生", "医生 病人", "医院 病人", "学校 医院"]
    >>> items = pd.DataFrame({"plan": "甲区-2024", "kind": "item", "part": "plan", "text": text}, index=list("abcdefg"))
    >>> topics = fit_topics(count_terms(items, words=str.split), n_topics=2, n_refits=0)
    >>> mixed_items(topics, items=items, n=1)["text"].tolist()
    ['学校 医院']
    """
    n = whole(n, name="n")
    item_id, texts = _texts(topics, items)
    shares = topics.shares.to_numpy()
    order = np.argsort(-np.round(shares, 10), axis=1, kind="stable")[:, :2]
    first, second = (np.take_along_axis(shares, order[:, [k]], axis=1).ravel() for k in (0, 1))
    rows = np.lexsort((item_id.astype(str), np.round(first - second, 10)))
    rows = rows[second[rows] > 0][:n]
    names = topics.shares.columns.to_numpy()[order[rows]]
    table = pd.DataFrame({"topic": names[:, 0], "label": topics.labels[names[:, 0]].to_numpy(), "share": first[rows]}, index=item_id[rows])
    table = table.assign(other=names[:, 1], other_label=topics.labels[names[:, 1]].to_numpy(), other_share=second[rows])
    table["fit"] = topics.docs["fit"].to_numpy()[rows] if "fit" in topics.docs else 1.0
    stable = topics.stability.set_index("topic")["stable"]
    table["stable"] = (stable[names[:, 0]].to_numpy() & stable[names[:, 1]].to_numpy()).astype(object)
    table = table.astype({"stable": "boolean"}).assign(**texts.loc[item_id[rows], list(_SHOWN)].to_dict("list"))
    return table.rename_axis("item_id").reset_index()
