"""Word and topic intrusion: whether people can tell what does not belong to a topic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from policylab.arguments import whole
from policylab.errors import ArgumentError, FrameError
from policylab.items import body
from policylab.validation.key import hash_of, row_ids, write_pair
from policylab.validation.sampling import draw, lot
from policylab.validation.workbook import Form
from policylab.workbooks import xlsx_path

TASKS = ("words", "topics")
_N_WORDS = 5  # of the topic, beside the intruder
_N_STRONG = 3  # topics of the text, beside the intruder
_PER_TOPIC = 5
_TOP = 10


def intrusion_sheet(
    topics: Any, path: str | Path, *, task: str = "words", items: pd.DataFrame | None = None, n: int | None = None, seed: int = 0
) -> pd.DataFrame:
    """Write a workbook that asks people to find what was slipped in: a word among a topic's words, or a topic among a text's topics.

    *words*: five top terms of a topic and one that is high in another topic and low in this. *topics*: a text, the top terms of its
    three strongest topics, and those of one that is weak in it. If people cannot find the intruder, the topic means nothing to them.
    `read_coding` reads the filled workbook, `intrusion_scores` counts the right answers.

    Parameters
    ----------
    topics : Topics or alike
        Whatever has `.terms` (topic × term), `.shares` (row × topic), `.labels` and `.docs`.
    path : path
        The workbook to write; what is there already is not overwritten.
    task : {"words", "topics"}
        What to look for.
    items : DataFrame
        The items that the topics were applied to; needed where texts are shown.
    n : int
        How many questions; by default one for each topic (words: it cannot be more, for the same words twice would tell), or five texts
        for each topic, where so many have it as their strongest.
    seed : int
        Another seed asks other questions.

    Returns
    -------
    DataFrame
        The key, as that of `coding_sheet`: `label` is the right answer, `stratum` the topic (of a text: its strongest).

    Raises
    ------
    ArgumentError
        If an argument is not allowed, or the topics are too few or too much alike to ask.
    FrameError
        If `items` does not hold the texts of the topics' rows.

    References
    ----------
    Chang, Gerrish, Wang, Boyd-Graber & Blei (2009), Reading tea leaves: how humans interpret topic models. NeurIPS 22.

    Examples
    --------
    >>> import tempfile, types
    >>> terms = pd.DataFrame({w: [5 - i, 0] for i, w in enumerate("甲乙丙丁戊")} | {w: [0, 5 - i] for i, w in enumerate("子丑寅卯辰")})
    >>> terms.index = ["T1", "T2"]
    >>> topics = types.SimpleNamespace(terms=terms, labels=pd.Series({"T1": "天干", "T2": "地支"}), shares=None, docs=None)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     key = intrusion_sheet(topics, f"{folder}/words.xlsx")
    >>> key.set_index("item_id")["label"].isin(list("子丑寅卯辰")).to_dict() == {"T1": True, "T2": False}
    True
    """
    path, seed = xlsx_path(path, what="coding sheet"), whole(seed, name="seed", least=0)
    if task not in TASKS:
        raise ArgumentError(f"task={task!r} is not allowed; give 'words' or 'topics'.")
    terms = _terms(topics, least=2 if task == "words" else _N_STRONG + 1)
    names = {t: str(topics.labels[t]) for t in terms.index}
    strata = {t: name if list(names.values()).count(name) == 1 else f"{t} · {name}" for t, name in names.items()}
    if task == "words":
        drawn, shown = _word_questions(terms, strata, n, seed)
    else:
        drawn, shown = _topic_questions(topics, terms, strata, items, n, seed)
    design = {"task": task, "categories": [], "n_options": _N_WORDS + 1 if task == "words" else _N_STRONG + 1, "coders": 1, "seed": seed}
    ids = row_ids(list(drawn.index), seed=seed, design=design)
    rows = [(row, text, options) for row, (text, options) in zip(ids, shown, strict=True)]
    key = drawn.assign(row_id=ids, item_id=drawn.index, text_hash=[hash_of(text, options) for text, options in shown])
    return write_pair(path, Form(task, rows, [], 1), key.reset_index(drop=True), design)


Shown = list[tuple[str, tuple[str, ...]]]


def _word_questions(terms: pd.DataFrame, strata: dict[str, str], n: int | None, seed: int) -> tuple[pd.DataFrame, Shown]:
    n = len(terms) if n is None else whole(n, name="n")
    if n > len(terms):
        raise ArgumentError(f"n={n} is more than the {len(terms)} topics; each is asked about once, for its words seen twice would tell.")
    order = sorted(terms.index, key=lambda topic: lot(seed, "words", topic))[:n]
    answers = {topic: _intruding_word(terms, topic, seed) for topic in order}
    drawn = pd.DataFrame({"stratum": pd.Series(strata).reindex(order), "chance": n / len(terms), "stratum_units": 1})
    shown = [("", _shuffled([*_top(terms, topic, _N_WORDS), answers[topic]], seed, topic)) for topic in order]
    return drawn.assign(label=pd.Series(answers).reindex(order)), shown


def _intruding_word(terms: pd.DataFrame, topic: str, seed: int) -> str:
    """Choose a top term of another topic whose weight in this one is at or below the middle."""
    own = terms.loc[topic]
    others = [t for t in terms.index if t != topic]
    high = sorted({term for t in others for term in _top(terms, t, _TOP)} - set(_top(terms, topic, _TOP)))
    low = [term for term in high if own[term] <= own.median()]
    if not low:
        raise ArgumentError(f"topics: every top term of the other topics is a term of {topic!r} too; fit fewer topics, or leave it out.")
    return min(low, key=lambda term: lot(seed, "intruder", topic, term))


def _topic_questions(
    topics: Any, terms: pd.DataFrame, strata: dict[str, str], items: pd.DataFrame | None, n: int | None, seed: int
) -> tuple[pd.DataFrame, Shown]:
    texts = _texts(topics, items)
    shares = pd.DataFrame(topics.shares.to_numpy(dtype=float).round(10), index=texts.index, columns=list(terms.index))
    shares = shares[(shares > 0).sum(axis=1) >= _N_STRONG]
    if not len(shares):
        raise ArgumentError(f"topics: no text has {_N_STRONG} topics with a share above 0; ask about words instead (task='words').")
    ranked = {i: sorted(shares.columns, key=lambda t: (-row[t], str(t))) for i, row in shares.iterrows()}
    main = pd.Series({i: strata[order[0]] for i, order in ranked.items()}, dtype="str")
    wanted = _PER_TOPIC * main.nunique() if n is None else whole(n, name="n")
    drawn = draw(main, n=wanted, seed=seed, evenly=True)
    labels, shown = [], []
    groups = {t: "、".join(_top(terms, t, _N_WORDS)) for t in terms.index}
    twins = [t for t in terms.index if list(groups.values()).count(groups[t]) > 1]
    if twins:
        raise ArgumentError(f"topics: {twins[0]!r} and {twins[1]!r} have the same top terms, too much alike to ask; fit fewer topics.")
    for item_id in drawn.index:
        weak = min(ranked[item_id][max(_N_STRONG, len(terms) // 2) :], key=lambda t: lot(seed, "intruder", item_id, t))
        options = [groups[t] for t in (*ranked[item_id][:_N_STRONG], weak)]
        labels.append(groups[weak])
        shown.append((texts[item_id], _shuffled(options, seed, item_id)))
    return drawn.assign(label=labels), shown


def _terms(topics: Any, *, least: int) -> pd.DataFrame:
    lacking = [name for name in ("terms", "shares", "labels", "docs") if not hasattr(topics, name)]
    if lacking:
        raise ArgumentError(f"topics is a {type(topics).__name__} without .{lacking[0]}; give what `fit_topics` or `seed_topics` returns.")
    terms = topics.terms
    if len(terms) < least:
        raise ArgumentError(f"topics has {len(terms)} topics; such a question needs at least {least}.")
    short = [t for t in terms.index if len(_top(terms, t, _N_WORDS)) < _N_WORDS]
    if short:
        raise ArgumentError(f"topics: {short[0]!r} has fewer than {_N_WORDS} terms; such a topic cannot be asked about. Fit fewer topics.")
    return terms


def _texts(topics: Any, items: pd.DataFrame | None) -> pd.Series:
    if items is None:
        raise ArgumentError("items=None: give the items that the topics were applied to, whose texts are shown.")
    texts = body(items, parts=("plan", "review", "appendix", "notes", "unknown"))["text"]
    absent = topics.docs.index.difference(texts.index)
    if len(absent):
        raise FrameError(f"items does not hold {absent[0]!r}, a row of topics.docs; give the items that were counted, unit='item'.")
    return texts.reindex(topics.docs.index)


def _top(terms: pd.DataFrame, topic: str, n: int) -> list[str]:
    weights = terms.loc[topic].round(10)
    return sorted(weights.index[weights > 0], key=lambda term: (-weights[term], str(term)))[:n]


def _shuffled(options: list[str], seed: int, item_id: str) -> tuple[str, ...]:
    return tuple(sorted(options, key=lambda option: lot(seed, "option", item_id, option)))
