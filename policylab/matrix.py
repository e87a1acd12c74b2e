"""Items and words to a term matrix: counts with their labels."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, diags_array, vstack

from policylab.arguments import whole
from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError
from policylab.items import body
from policylab.storage import Stored, write_stored
from policylab.words import Words, warn_of_traditional

_LENGTHS = ("n_chars", "n_words")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*")


@dataclass(frozen=True, eq=False)
class TermMatrix:
    """Counts of terms in units of text, with the labels of both.

    Attributes
    ----------
    X : scipy.sparse.csr_array
        Counts, a row for each unit, a column for each term.
    docs : DataFrame
        One row for each row of `X`: the columns of `body` but `text`, `n_chars` (without white space) and, where words were counted,
        `n_words` (those that count, cut ones included).
    terms : Index
        One term for each column of `X`, sorted.
    settings : dict
        What made the matrix.
    """

    X: csr_array
    docs: pd.DataFrame
    terms: pd.Index
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        X = csr_array(self.X)
        if not X.has_canonical_format:  # scipy would sort in place later, under whoever shares these indices
            X = X.copy()
            X.sum_duplicates()
        object.__setattr__(self, "X", X)
        object.__setattr__(self, "terms", pd.Index(self.terms, dtype="str", name="term"))
        for what, labels, actual in (("row", self.docs, self.X.shape[0]), ("column", self.terms, self.X.shape[1])):
            if len(labels) != actual:
                name = "docs" if what == "row" else "terms"
                raise FrameError(f"{name} must have as many entries as X has {what}s ({actual}), but has {len(labels)}.")
        if self.terms.isna().any():
            raise FrameError("terms has a label that is missing; every column needs a term.")
        for name, index in (("docs", self.docs.index), ("terms", self.terms)):
            if not index.is_unique:
                raise FrameError(f"{name} has the label {index[index.duplicated()][0]!r} twice; labels must be unique.")

    def __repr__(self) -> str:
        """Say in one line how large it is."""
        return f"TermMatrix({self.X.shape[0]} rows × {self.X.shape[1]} terms, {int(self.X.sum())} counts)"

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.X.shape

    @property
    def shares(self) -> pd.DataFrame:
        """Rows made to sum to 1 (all 0 where a row has no count): for a codebook, the share of each theme in each unit."""
        total = np.asarray(self.X.sum(axis=1)).ravel()
        scaled = diags_array(np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0)) @ self.X
        return pd.DataFrame(scaled.toarray(), index=self.docs.index, columns=self.terms)

    def keep(self, terms: Iterable[str]) -> TermMatrix:
        """Give the columns of these terms only, in the order of `self.terms`."""
        if isinstance(terms, str):
            raise ArgumentError(f"terms={terms!r} is one text; give a list, such as [{terms!r}].")
        wanted = set(terms)
        if not wanted:
            raise EmptyVocabularyError("terms names none; give at least one of `.terms`.")
        unknown = sorted(wanted - set(self.terms))
        if unknown:
            raise ArgumentError(f"terms: {unknown[0]!r} is not among the {len(self.terms)} terms; look in `.terms`.")
        mask = self.terms.isin(list(wanted))
        return replace(
            self,
            X=self.X[:, np.flatnonzero(mask)],
            terms=self.terms[mask],
            settings={**self.settings, "kept": int(mask.sum()), "pruned": True},
        )

    def where(self, mask: Any) -> TermMatrix:
        """Give the rows for which `mask` (aligned with `docs`, or a callable of `docs`) is true."""
        mask = mask(self.docs) if callable(mask) else mask
        mask = mask.reindex(self.docs.index) if isinstance(mask, pd.Series) else pd.Series(np.asarray(mask))
        if len(mask) != len(self.docs) or mask.isna().any() or mask.dtype not in (bool, "boolean"):
            raise ArgumentError(f"mask must be true or false for each of the {len(self.docs)} rows of docs.")
        if not mask.any():
            raise ArgumentError(f"mask is true for none of the {len(self.docs)} rows; look at `.docs` for the values there are.")
        rows = np.flatnonzero(mask.to_numpy(dtype=bool))
        return replace(self, X=self.X[rows], docs=self.docs.iloc[rows], settings={**self.settings, "rows": len(rows)})

    def group(self, by: str | list[str]) -> TermMatrix:
        """Add up the rows of each group; rows whose `by` is missing are left out.

        `docs` then has the `by` columns, `n_units`, `n_chars`, `n_words` and each column that has one value throughout a group.
        """
        columns = [by] if isinstance(by, str) else list(by)
        absent = [c for c in columns if c not in self.docs]
        if absent or not columns:
            raise ArgumentError(f"by={by!r}: docs has no column {absent[0] if absent else None!r}; it has {', '.join(self.docs.columns)}.")
        docs = self.docs.rename_axis(index=None)
        groups = docs.groupby(columns, sort=True, observed=True)
        number = groups.ngroup().to_numpy()
        rows = np.flatnonzero(number >= 0)
        if not len(rows):
            raise ArgumentError(f"by={by!r}: every row lacks a value there; look at `.docs`.")
        n = groups.ngroups
        adder = csr_array((np.ones(len(rows), dtype=self.X.dtype), (number[rows], rows)), shape=(n, len(self.docs)))
        lengths = [c for c in _LENGTHS if c in self.docs]
        single = [c for c in self.docs if c not in (*columns, *lengths, "n_units") and (groups[c].nunique(dropna=False) <= 1).all()]
        docs = groups[single].first() if single else groups.size().to_frame().iloc[:, :0]
        sizes = groups["n_units"].sum() if "n_units" in self.docs else groups.size()
        docs = docs.assign(n_units=sizes, **{name: groups[name].sum() for name in lengths}).reset_index()
        docs.index = pd.Index(docs[columns].astype(str).agg("·".join, axis=1), name="·".join(columns))
        return replace(self, X=csr_array(adder @ self.X), docs=docs, settings={**self.settings, "grouped_by": columns})

    def tfidf(self) -> TermMatrix:
        """Weight by TF-IDF: (1 + ln tf) · (1 + ln((1 + n) / (1 + df))), rows of length 1 (Salton & Buckley 1988; smoothed)."""
        if self.settings.get("weight"):
            raise ArgumentError(f"the matrix is weighted already ({self.settings['weight']}); call `.tfidf()` on counts.")
        n, df = self.X.shape[0], np.asarray((self.X > 0).sum(axis=0)).ravel()
        X = self.X.astype(float)
        X.data = 1 + np.log(X.data)
        X = csr_array(X @ diags_array(1 + np.log((1 + n) / (1 + df))))
        norm = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
        X = csr_array(diags_array(np.divide(1.0, norm, out=np.zeros(n), where=norm > 0)) @ X)
        return replace(self, X=X, settings={**self.settings, "weight": "tfidf"})

    def to_frame(self) -> pd.DataFrame:
        """Give the counts as a dense frame, rows labelled by `docs.index`, columns by term."""
        return pd.DataFrame(self.X.toarray(), index=self.docs.index, columns=self.terms)

    def save(self, folder: str | Path) -> None:
        """Write counts, labels and settings into a folder; `load` gives the same matrix back."""
        stored = Stored({"docs": self.docs, "terms": pd.DataFrame(index=self.terms)}, {"X": self.X}, self.settings)
        write_stored(folder, kind="TermMatrix", stored=stored)

    @classmethod
    def from_stored(cls, stored: Stored) -> TermMatrix:
        """Make the matrix from what `save` wrote."""
        return cls(stored.arrays["X"], stored.frames["docs"], stored.frames["terms"].index, stored.settings)

    def __add__(self, other: TermMatrix) -> TermMatrix:
        """Join two batches counted with the same settings and not pruned."""
        if not isinstance(other, TermMatrix):
            return NotImplemented
        for one in (self, other):
            if one.settings.get("weight"):
                raise ArgumentError(
                    "weights of two batches cannot be joined, as what is rare in one may be common in the other; add counts."
                )
            if one.settings.get("words") == "<lambda>":
                raise ArgumentError("two lambdas cannot be told apart; count both batches with `Words(...)` or a named function.")
            if one.settings.get("pruned", True):
                raise ArgumentError(
                    "a pruned matrix cannot be added to: terms cut in one batch may be common in the other. Count with min_items=1."
                )
        if {**self.settings, "n_units": 0} != {**other.settings, "n_units": 0}:
            raise ArgumentError(f"the two matrices were made with other settings: {self.settings} and {other.settings}; count both alike.")
        terms = self.terms.union(other.terms).sort_values()
        X = [_spread(one, terms) for one in (self, other)]
        docs = pd.concat([self.docs, other.docs])
        return replace(self, X=csr_array(vstack(X)), docs=docs, terms=terms, settings={**self.settings, "n_units": len(docs)})


def _spread(matrix: TermMatrix, terms: pd.Index) -> csr_array:
    columns = terms.get_indexer(matrix.terms)
    coo = matrix.X.tocoo()
    return csr_array((coo.data, (coo.row, columns[coo.col])), shape=(matrix.X.shape[0], len(terms)))


def need_counts(counts: Any) -> TermMatrix:
    """Give back a `TermMatrix`, and refuse anything else by saying where to get one."""
    if not isinstance(counts, TermMatrix):
        raise ArgumentError(f"counts is a {type(counts).__name__}; give what `count_terms(items, words=...)` or `count_themes` returns.")
    return counts


def count_terms(
    items: pd.DataFrame,
    *,
    words: Callable[[str], list[str]],
    min_items: int = 1,
    max_terms: int | None = None,
    unit: str = "item",
    parts: Sequence[str] = ("plan", "unknown"),
) -> TermMatrix:
    """Count words in each item, or in each sentence of the items.

    Parameters
    ----------
    items : DataFrame
        An items frame; counted is what `body` gives, so responsible units never count.
    words : Words or callable
        Text to list of words.
    min_items : int
        Words that occur in fewer items are cut.
    max_terms : int, optional
        Keep this many words: those in most items, ties broken by the word itself.
    unit : {"item", "sentence"}
        What a row of the matrix is. Sentences end at 。！？； and line ends; their `docs` carry `item_id`.
    parts : sequence of str
        Which parts of the documents count.

    Returns
    -------
    TermMatrix
        A row for each unit, those without any counted word included; terms sorted. `docs` has `n_words`, the length of each unit in counted
        words, which stays what it is where rare words are cut.

    Raises
    ------
    ArgumentError
        If an argument is not allowed, or `words` gives anything but lists of str.
    EmptyVocabularyError
        If no item or no word is left.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"plan": "甲区-2024", "kind": "item", "part": "plan", "text": ["教育 学校", "学校 学校"]}, index=["a", "b"])
    >>> count_terms(items, words=str.split).to_frame().to_dict("index")
    {'a': {'学校': 1, '教育': 1}, 'b': {'学校': 2, '教育': 0}}
    """
    min_items = whole(min_items, name="min_items")
    if max_terms is not None:
        whole(max_terms, name="max_terms")
    if not callable(words) or isinstance(words, type):
        raise ArgumentError(f"words={words!r} must turn a text into a list of words; give `Words()`.")
    docs, texts, owner = text_units(items, unit=unit, parts=parts)
    X, terms = _count(texts, words)
    docs = docs.assign(n_words=np.asarray(X.sum(axis=1), dtype=np.int64).ravel())
    if not len(terms):
        hint = "Try fewer stop words, min_chars=1, or keep more kinds in Words(...)."
        raise EmptyVocabularyError(f"none of the {len(texts)} units has a word that counts (stop words, numbers, too short). {hint}")
    columns = _kept_columns(X, owner, min_items, max_terms)
    if not len(columns):
        raise EmptyVocabularyError(f"none of the {len(terms)} words is in {min_items} items or more; try a lower min_items.")
    settings = {
        "words": getattr(words, "settings", None) or getattr(words, "__name__", type(words).__name__),
        **{"unit": unit, "parts": [parts] if isinstance(parts, str) else list(parts), "min_items": min_items, "max_terms": max_terms},
        **{"pruned": len(columns) < len(terms) or min_items > 1, "n_units": len(docs)},
    }
    X = X if len(columns) == len(terms) else X[:, columns]
    return TermMatrix(X, docs, pd.Index(terms[columns], dtype="str"), settings)


def text_units(
    items: pd.DataFrame, *, unit: str = "item", parts: Sequence[str] = ("plan", "unknown")
) -> tuple[pd.DataFrame, list[str], np.ndarray]:
    """Give the labels and texts of the units that are counted, and the number of the item that each belongs to.

    Raises
    ------
    ArgumentError, EmptyVocabularyError
        If there is no such unit or part, or no item is in these parts.
    """
    if unit not in ("item", "sentence"):
        raise ArgumentError(f"unit={unit!r} is not allowed; give 'item' or 'sentence'.")
    units = body(items, parts=parts)
    if not len(units):
        raise EmptyVocabularyError(f"no item or paragraph is in the parts {parts!r}; look at `items['kind']` and `items['part']`.")
    texts, docs, owner = units["text"].tolist(), units.drop(columns="text"), np.arange(len(units))
    warn_of_traditional(units, stacklevel=4)
    if unit == "sentence":
        sentences = [[s for s in _SENTENCE.findall(text) if s.strip()] for text in texts]
        owner = np.repeat(owner, [len(s) for s in sentences])
        ids = [f"{item_id}.{k}" for item_id, own in zip(docs.index, sentences, strict=True) for k in range(1, len(own) + 1)]
        docs = docs.iloc[owner].reset_index()
        docs.index = pd.Index(ids, dtype="str", name="sentence_id")
        texts = list(chain.from_iterable(sentences))
    return docs.assign(n_chars=[len("".join(text.split())) for text in texts]), texts, owner


def _count(texts: list[str], words: Callable[[str], list[str]]) -> tuple[csr_array, np.ndarray]:
    """Give the counts, with columns in the order of the sorted terms, and the terms."""
    cut = words.cut if isinstance(words, Words) else words
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__  # a number is given out the moment a token turns up
    found, ends = array("i"), [0]
    try:
        for text in texts:
            found.fromlist(list(map(numbers.__getitem__, cut(text))))
            ends.append(len(found))
    except TypeError as error:
        raise ArgumentError(f"words={words!r} gave no list of words for {text[:20]!r}… ({error}); give `Words()`.") from None
    for kind in set(map(type, numbers)):
        if not issubclass(kind, str):
            raise ArgumentError(f"words={words!r} gave values of type {kind.__name__}; words are str. Give `Words()`.")
    terms = sorted(filter(words.counts, numbers) if isinstance(words, Words) else numbers)
    place = np.full(len(numbers) + 1, -1, dtype=np.int32)
    place[[numbers[term] for term in terms]] = np.arange(len(terms), dtype=np.int32)
    column = place[np.frombuffer(found, dtype=np.int32) if found else []]
    indptr = np.concatenate(([0], np.cumsum(column >= 0)))[ends]
    column = column[column >= 0]
    X = csr_array((np.ones(len(column), dtype=np.int64), column, indptr), shape=(len(texts), len(terms)))
    X = X.tocsc().tocsr()  # sorts the columns of each row in linear time
    X.sum_duplicates()
    return X, np.array(terms, dtype=object)


def _kept_columns(X: csr_array, owner: np.ndarray, min_items: int, max_terms: int | None) -> np.ndarray:
    if min_items == 1 and max_terms is None:
        return np.arange(X.shape[1])
    entries = X.tocoo()
    pairs = np.unique(entries.col.astype(np.int64) * (int(owner[-1]) + 1) + owner[entries.row])  # sentences of an item count once
    n_items = np.bincount(pairs // (int(owner[-1]) + 1), minlength=X.shape[1])
    columns = np.flatnonzero(n_items >= min_items)
    if max_terms is not None and len(columns) > max_terms:
        columns = np.sort(columns[np.argsort(-n_items[columns], kind="stable")][:max_terms])  # terms are sorted, so ties go by the term
    return columns
