"""Terms that a segmenter does not know: what the authors put in quotation marks, then what looks like a term."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log
from typing import NamedTuple

import pandas as pd

from policylab.arguments import whole
from policylab.errors import EmptyVocabularyError
from policylab.items import body
from policylab.words.analyzer import Words
from policylab.words.rules import token_kind
from policylab.words.script import warn_of_traditional
from policylab.words.segmenters import word_frequencies, word_tags
from policylab.words.stopwords import stop_words

_QUOTED = {"title": re.compile(r"《([^《》\n]+)》"), "quotes": re.compile(r"[“‘「『]([^“”‘’「」『』\n]+)[”’」』]|[\"＂]([^\"＂\n]+)[\"＂]")}
_NO_TERM = re.compile(r"[，、：；。！？—…《》“”,;\"＂]")
_LONGEST, _MOST_WORDS = 14, 6
_MARKED = 17.0  # log-odds reach 16.3 at most, so the authors' own marks come before anything that is as frequent
# How likely a string of so many characters is a term: names of measures have four to seven characters, longer strings are mostly phrases.
_BY_LENGTH = {3: 0.6, 4: 1.0, 5: 1.0, 6: 1.0, 7: 0.9, 8: 0.8, 9: 0.65, 10: 0.55, 11: 0.45, 12: 0.35, 13: 0.3, 14: 0.25}
_INSIDE_LEFT, _INSIDE_RIGHT, _BEFORE_FRAME = 0.5, 0.4, 0.7
_TAILS = frozenset({"工作", "活动", "建设", "任务", "重点", "行动", "要求", "情况", "方面", "内容", "过程", "问题"})
_ENDING_TAGS = tuple("cdpurmqtyeo")
EVIDENCE = ("title", "quotes", "statistics")


class _Token(NamedTuple):
    text: str
    frame: bool  # a frame noun such as 体系 or 中心: may end a term, cannot begin one
    place: bool


def discover_terms(
    items: pd.DataFrame, *, min_items: int = 1, n_terms: int = 300, parts: Sequence[str] = ("plan", "unknown")
) -> pd.DataFrame:
    r"""Propose terms to keep whole: a list for the researcher to edit and hand back as ``Words(lexicon=...)``.

    Strings of content words are scored by

    .. math:: (1 + \ln f) \cdot o \cdot b \cdot l

    with :math:`f` occurrences, :math:`o` the log-odds of the words against jieba's frequencies of everyday text (mean of the least and the
    average), :math:`b` how often the string begins and ends where a run of content words does, and :math:`l` a weight by length. A string
    that occurs only within one longer string counts half, the idea of C-value. What stands in quotation marks or 《》 scores
    :math:`17 (1 + \ln f)`, more than any string that occurs as often without: authors mark their own terms.

    Parameters
    ----------
    items : DataFrame
        An items frame.
    min_items : int
        Terms in fewer items are left out.
    n_terms : int
        At most so many rows.
    parts : sequence of str
        Which parts of the documents are read.

    Returns
    -------
    DataFrame
        `term`; `n_items`, `n_plans` (that contain it); `evidence` (``title``: in 《》, ``quotes``, ``statistics``); `score`, highest first;
        `cut_by_segmenter` (such as ``立德/树人``). Quoted text over 14 characters or with
        marks in it is left out.

    Raises
    ------
    ArgumentError, EmptyVocabularyError

    References
    ----------
    Frantzi, K., Ananiadou, S. & Mima, H. (2000). Automatic recognition of multi-word terms: the C-value/NC-value method.
    International Journal on Digital Libraries 3(2).

    Examples
    --------
    >>> items = pd.DataFrame({"plan": "甲", "kind": "item", "part": "plan", "text": ["落实“双减”，加强近视防控。"]}, index=["甲#001"])
    >>> discover_terms(items)[["term", "evidence"]].values.tolist()
    [['双减', 'quotes'], ['近视防控', 'statistics']]
    """
    whole(min_items, name="min_items")
    whole(n_terms, name="n_terms")
    units = body(items, parts=parts)
    if not len(units):
        raise EmptyVocabularyError(f"no item or paragraph is in the parts {parts!r}; look at `items['kind']` and `items['part']`.")
    warn_of_traditional(units, stacklevel=3)
    words = Words(stopwords=None)
    quoted, scores = _quoted(units["text"]), _scored(units, words)
    candidates = {term: ("statistics", score) for term, score in scores.items()}
    candidates |= {term: (evidence, (1 + log(n)) * _MARKED) for term, (evidence, n) in quoted.items()}
    order = sorted(candidates, key=lambda t: (-round(candidates[t][1], 9), t))
    rows = _rows(order, candidates, units, words, min_items, n_terms)
    if not rows:
        raise EmptyVocabularyError(f"no candidate is in {min_items} items or more; try a lower min_items.")
    return pd.DataFrame(rows, columns=["term", "n_items", "n_plans", "evidence", "score", "cut_by_segmenter"])


def _quoted(texts: pd.Series) -> dict[str, tuple[str, int]]:
    """Give each quoted term, whether it is mostly quoted or a title, and how often it occurs, quoted or not."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for kind, pattern in _QUOTED.items():
            for match in pattern.finditer(text):
                term = (match[1] or match[match.re.groups]).strip()
                if 2 <= len(term) <= _LONGEST and not _NO_TERM.search(term) and token_kind(term) == "word":
                    found[term][kind] += 1
    whole = "\n".join(texts)
    return {term: (min(kinds, key=lambda kind: (-kinds[kind], kind)), whole.count(term)) for term, kinds in sorted(found.items())}


def _scored(units: pd.DataFrame, words: Words) -> dict[str, float]:
    runs = list(_runs(units, words))
    oddness = _log_odds(runs)
    n: Counter[tuple[str, ...]] = Counter()
    bounds: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for run in runs:
        for gram, bound in _grams(run):
            n[gram] += 1
            bounds[gram] += bound
    longest: Counter[tuple[str, ...]] = Counter()
    for gram, f in n.items():
        for shorter in (gram[1:], gram[:-1]):
            longest[shorter] = max(longest[shorter], f)
    scores: dict[str, float] = {}
    for gram, f in n.items():
        term, odds = "".join(gram), [oddness[word] for word in gram]
        within = 0.5 if f > 1 and longest[gram] == f else 1.0
        alone = 0.5 if len(gram) == 1 else 1.0
        score = (1 + log(f)) * max(0.1, (min(odds) + sum(odds) / len(odds)) / 2) * bounds[gram] / f * within * alone
        scores[term] = max(scores.get(term, 0.0), score * _BY_LENGTH.get(len(term), 0.0))
    return {term: score for term, score in scores.items() if score > 0}


def _runs(units: pd.DataFrame, words: Words) -> Iterator[list[_Token]]:
    """Yield the stretches of content words between marks, function words and filler verbs."""
    tags, function, filler = word_tags(), set(stop_words("function")), set(stop_words("filler"))
    named = {name for place in units["place"].dropna().unique() for name in (place, place.rstrip("省市区县"))}
    for text in units["text"]:
        run: list[_Token] = []
        for token in words.cut(text):
            tag = tags.get(token, "n")
            noun = tag.startswith(("n", "vn"))
            ends = token in function or token_kind(token) != "word" or (token not in filler and tag.startswith(_ENDING_TAGS))
            if ends or ((token in filler or len(token) == 1) and not noun):
                if run:
                    yield run
                run = []
            else:
                run.append(_Token(token, token in filler or len(token) == 1, tag == "ns" or token in named))
        if run:
            yield run


def _log_odds(runs: list[list[_Token]]) -> dict[str, float]:
    """How much more often each word occurs here than in the text that jieba's dictionary was counted on."""
    frequencies, total = word_frequencies()
    n = Counter(token.text for run in runs for token in run)
    here = sum(n.values())
    return {word: log((k + 0.5) / here) - log((frequencies.get(word, 0) + 5) / total) for word, k in n.items()}


def _grams(run: list[_Token]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the strings of words that may be terms, each with how well it is bounded on both sides."""
    for i, first in enumerate(run):
        if first.frame or first.place:
            continue
        left = 1.0 if i == 0 or run[i - 1].place else _INSIDE_LEFT
        for j in range(i + 1, min(len(run), i + _MOST_WORDS) + 1):
            if run[j - 1].text in _TAILS:
                continue
            after = run[j] if j < len(run) else None
            right = 1.0 if after is None or after.text in _TAILS else _BEFORE_FRAME if after.frame else _INSIDE_RIGHT
            yield tuple(token.text for token in run[i:j]), left * right


def _rows(
    order: list[str], candidates: dict[str, tuple[str, float]], units: pd.DataFrame, words: Words, min_items: int, n_terms: int
) -> list[tuple[str, int, int, str, float, str]]:
    texts, plans, rows = units["text"].tolist(), units["plan"].tolist(), []
    for term in order:
        within = [plan for text, plan in zip(texts, plans, strict=True) if term in text]
        if len(within) >= min_items:
            evidence, score = candidates[term]
            rows.append((term, len(within), len(set(within)), evidence, score, "/".join(words.cut(term))))
        if len(rows) == n_terms:
            break
    return rows
