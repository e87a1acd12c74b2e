"""The two stop lists that come with policylab, and how a user's own are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from policylab.errors import ArgumentError
from policylab.words.lexicon import clean_term, half_width, read_rows, read_text

LISTS = ("function", "filler")
_SUFFIXES = (".txt", ".csv", ".dic", ".dict")


@lru_cache(maxsize=len(LISTS))
def _shipped(name: str) -> frozenset[str]:
    lines = (files("policylab.words") / f"stopwords-{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def stop_words(name: str) -> list[str]:
    """Give one of the two stop lists, sorted: ``"function"`` (function words) or ``"filler"`` (bureaucratic: 推进, 加强, 落实).

    Raises
    ------
    ArgumentError
        If there is no list of that name.

    Examples
    --------
    >>> "推进" in stop_words("filler"), "推进" in stop_words("function")
    (True, False)
    """
    if name not in LISTS:
        raise ArgumentError(f"name={name!r} is no stop list; give one of {', '.join(LISTS)}.")
    return sorted(_shipped(name))


def read_stopwords(source: Any) -> tuple[str, ...]:
    """Give the names of shipped lists, the words of files and plain words, as `Words` stores them.

    Raises
    ------
    ArgumentError
        If an entry is no word, or nearly the name of a list.
    LexiconError
        If a file cannot be read.
    """
    if source is None:
        return ()
    if isinstance(source, pd.DataFrame):
        given: Iterable[Any] = source["term"].dropna().astype(str) if "term" in source else [source]
    else:
        given = (source,) if isinstance(source, str | Path) else source
    names: list[str] = []
    words: set[str] = set()
    for value in given:
        if not isinstance(value, str | Path):
            raise ArgumentError(f"stopwords: {value!r} is no word; give any of {', '.join(LISTS)}, files of words, and single words.")
        if value in LISTS:
            names.append(str(value))
        elif meant := get_close_matches(str(value), LISTS, n=1, cutoff=0.75):
            raise ArgumentError(f"stopwords: there is no list {value!r}; did you mean {meant[0]!r}?")
        elif isinstance(value, Path) or value.lower().endswith(_SUFFIXES):
            words.update(_in_file(Path(value)))
        else:
            words.add(half_width(clean_term(value)))
    return (*sorted(set(names), key=LISTS.index), *sorted(words - {""}))


def _in_file(path: Path) -> Iterator[str]:
    """Words of a .csv with a column `term`, else the first word of each line; marks may stand among them, as they do in most stop lists."""
    if path.suffix.lower() == ".csv":
        cells = (row["term"] for _, row in read_rows(path, columns=("term",), what="stop list"))
    else:
        lines = (line.split() for line in read_text(path, what="stop list").splitlines() if not line.startswith("# "))
        cells = (fields[0] for fields in lines if fields)
    return (half_width(clean_term(cell)) for cell in cells)


def expand(stopwords: tuple[str, ...]) -> frozenset[str]:
    """Give every word that the stored names and words stand for."""
    return frozenset(word for name in stopwords for word in (_shipped(name) if name in LISTS else (name,)))
