"""Theme dictionaries: terms matched in the text itself, themes as columns of a term matrix."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from policylab.errors import ArgumentError, EmptyVocabularyError, LexiconError
from policylab.matrix import TermMatrix, need_counts, text_units
from policylab.resources import data_folder
from policylab.spreadsheets import unguarded
from policylab.words.lexicon import check_term, clean_term, half_width, read_rows, term_pattern

COLUMNS = ("theme", "theme_en", "term", "note")


@dataclass(frozen=True, eq=False, repr=False)
class Codebook:
    """A theme dictionary.

    Attributes
    ----------
    entries : DataFrame
        `theme, theme_en, term, note`, a row for each term, in the order of the file. A term without a theme is a plain word to be passed
        over: it takes up its own characters, so that 提高 keeps 提高校 from counting as 高校.
    source : str
        The file, or the name of a codebook that comes with policylab.

    Examples
    --------
    >>> book = Codebook.load("education")
    >>> book.terms["心理健康"][:2]
    ('心理健康', '心理辅导')
    """

    entries: pd.DataFrame
    source: str = ""

    def __post_init__(self) -> None:
        missing = [c for c in ("theme", "term") if c not in self.entries]
        if missing:
            raise LexiconError(f"codebook has no column {missing[0]!r}; it needs {', '.join(COLUMNS)} (theme_en and note may be left out).")
        rows = self.entries.reindex(columns=list(COLUMNS)).astype("str").fillna("").to_dict("records")
        object.__setattr__(self, "entries", _checked(list(enumerate(rows, 1)), "codebook, row"))
        object.__setattr__(self, "_pattern", term_pattern(self.entries["term"]))

    @classmethod
    def load(cls, path: str | Path) -> Codebook:
        """Read a codebook.

        Parameters
        ----------
        path : path or str
            A .csv file with the columns `theme`, `term` and, if wanted, `theme_en`, `note`; or the name of a codebook that comes with
            policylab: ``"education"`` (work plans of education authorities) or ``"government"`` (government work reports).

        Raises
        ------
        LexiconError
            If there is no such file or a line is not in the form described; the message names the line.
        """
        if not isinstance(path, str | Path):
            raise LexiconError(f"codebook is a {type(path).__name__}; give the path of a .csv, or `Codebook(frame)` for a frame.")
        file = _shipped(str(path)) or Path(path)
        if not file.is_file():
            names = ", ".join(sorted(f.stem.removeprefix("codebook-") for f in data_folder().glob("codebook-*.csv")))
            raise LexiconError(
                f"codebook {str(path)!r} is no file; give the path of a .csv, or one of those that come with policylab: {names}."
            )
        rows = [(line, row) for line, row in read_rows(file, columns=("theme", "term"), what="codebook")]
        return cls(_checked(rows, f"codebook {str(file)!r}, line"), source=str(path))

    @property
    def themes(self) -> dict[str, str]:
        """Each theme and its English name, in the order of the file."""
        named = self.entries[self.entries["theme"] != ""].drop_duplicates("theme")
        return dict(zip(named["theme"], named["theme_en"], strict=True))

    @property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """Each theme and its terms, in the order of the file."""
        return {theme: tuple(self.entries.loc[self.entries["theme"] == theme, "term"]) for theme in self.themes}

    @property
    def overlaps(self) -> pd.DataFrame:
        """Where themes overlap: `term, theme, other_term, other_theme, kind`.

        `same` is a term that stands under two themes and counts for both; `within` is a term that is part of another theme's longer term,
        where the longer one counts alone; `across` is a term that ends with the two characters or more that another theme's term begins
        with (安全教育, 教育平台): where both share them, the first alone counts.
        """
        entries = self.entries[self.entries["theme"] != ""]
        pairs = [(half_width(term), theme) for term, theme in zip(entries["term"], entries["theme"], strict=True)]
        rows = [
            (term, theme, other, theirs, "same" if term == other else "within")
            for term, theme in pairs
            for other, theirs in pairs
            if theme != theirs and term in other and (term != other or theme < theirs)
        ]
        begins: dict[str, list[tuple[str, str]]] = {}
        for other, theirs in pairs:
            for end in range(2, len(other)):
                begins.setdefault(other[:end], []).append((other, theirs))
        ends = ((term, theme, term[at:]) for term, theme in pairs for at in range(1, len(term) - 1))
        rows += [
            (term, theme, other, theirs, "across") for term, theme, end in ends for other, theirs in begins.get(end, ()) if theme != theirs
        ]
        return pd.DataFrame(rows, columns=["term", "theme", "other_term", "other_theme", "kind"], dtype="str")

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Give (start, end, term) of every term in a text: from left to right, at each place the longest term that begins there."""
        return [(m.start(), m.end(), m.group()) for m in self._pattern.finditer(half_width(text))]  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return f"Codebook({self.source!r}, {len(self.themes)} themes, {len(self.entries)} terms)"


def count_themes(items: pd.DataFrame, *, codebook: Codebook, unit: str = "item", parts: Sequence[str] = ("plan", "unknown")) -> TermMatrix:
    """Count each theme's terms in each item: a term matrix whose columns are themes.

    Terms are matched in the text itself, so that no segmenter can lose them; from left to right, at each place the longest term that
    begins there. A term under two themes counts for both.

    Parameters
    ----------
    items : DataFrame
        An items frame; counted is what `body` gives.
    codebook : Codebook
        Themes and their terms.
    unit : {"item", "sentence"}
        What a row of the matrix is.
    parts : sequence of str
        Which parts of the documents count.

    Returns
    -------
    TermMatrix
        A row for each unit, a column for each theme of the codebook (sorted), those that never occur included. Its `.shares` are the
        themes' shares of a unit's matches.

    Raises
    ------
    ArgumentError, EmptyVocabularyError

    Examples
    --------
    >>> items = pd.DataFrame({"plan": "甲", "kind": "item", "part": "plan", "text": ["扩大学前教育资源。", "修路。"]}, index=["a", "b"])
    >>> counts = count_themes(items, codebook=Codebook.load("education"))
    >>> counts.to_frame().loc["a"].pipe(lambda row: row[row > 0]).to_dict()
    {'学前教育': 1}
    """
    if not isinstance(codebook, Codebook):
        raise ArgumentError(f"codebook={codebook!r} must be a Codebook; give `Codebook.load(path)`.")
    docs, texts, _ = text_units(items, unit=unit, parts=parts)
    themes = pd.Index(sorted(codebook.themes), dtype="str")
    if not len(themes):
        raise EmptyVocabularyError("the codebook has no theme; give at least one row with a theme.")
    columns = _columns(codebook, themes)
    cells = [(row, column) for row, text in enumerate(texts) for _, _, term in codebook.find(text) for column in columns[term]]
    rows, found = np.array(cells, dtype=np.int64).reshape(-1, 2).T
    X = csr_array((np.ones(len(cells), dtype=np.int64), (rows, found)), shape=(len(docs), len(themes)))
    X.sum_duplicates()
    settings = {
        "codebook": {"source": codebook.source, "n_terms": len(codebook.entries), "sha256": _digest(codebook)},
        "themes": {theme: codebook.themes[theme] for theme in themes},
        **{
            "unit": unit,
            "parts": [parts] if isinstance(parts, str) else list(parts),
            "min_items": 1,
            "pruned": False,
            "n_units": len(docs),
        },
    }
    return TermMatrix(X, docs, themes, settings)


def coverage(counts: TermMatrix, *, by: str = "plan") -> pd.DataFrame:
    """Show how much of each plan some theme covers, and which units none does.

    Parameters
    ----------
    counts : TermMatrix
        From `count_themes`.
    by : str
        A column of `counts.docs`.

    Returns
    -------
    DataFrame
        The `by` column, `n_units`, `n_covered`, `share` (0–1), `uncovered` (the labels of the units without any term, as a list).

    Raises
    ------
    ArgumentError
        If `counts.docs` has no such column.

    Examples
    --------
    >>> items = pd.DataFrame({"plan": "甲", "kind": "item", "part": "plan", "text": ["扩大学前教育资源。", "修路。"]}, index=["a", "b"])
    >>> coverage(count_themes(items, codebook=Codebook.load("education"))).to_dict("records")
    [{'plan': '甲', 'n_units': 2, 'n_covered': 1, 'share': 0.5, 'uncovered': ['b']}]
    """
    if by not in need_counts(counts).docs:
        raise ArgumentError(f"by={by!r}: docs has no column of that name; it has {', '.join(counts.docs.columns)}.")
    covered = pd.Series(np.asarray(counts.X.sum(axis=1)).ravel() > 0, index=counts.docs.index)
    groups = covered.groupby(counts.docs[by], sort=True, observed=True)
    table = groups.agg(["size", "sum"]).set_axis(["n_units", "n_covered"], axis=1)
    table["share"] = table["n_covered"] / table["n_units"]
    table["uncovered"] = [group.index[~group].tolist() for _, group in groups]
    return table.reset_index()


def _shipped(name: str) -> Path | None:
    if not re.fullmatch(r"[a-z]+", name):
        return None
    file = data_folder() / f"codebook-{name}.csv"
    return file if file.is_file() else None


def _checked(rows: list[tuple[int, dict[str, Any]]], where: str) -> pd.DataFrame:
    seen: dict[tuple[str, str], int] = {}
    english: dict[str, str] = {}
    checked = []
    for line, row in rows:
        values = {c: clean_term(unguarded(row.get(c) or "")) for c in COLUMNS}
        theme, term = values["theme"], check_term(values["term"], where=f"{where} {line}")
        same = (theme, half_width(term))
        if same in seen:
            raise LexiconError(f"{where} {line}: {term!r} stands under {theme or 'no theme'!r} already in {seen[same]}; take one out.")
        if values["theme_en"] and english.setdefault(theme, values["theme_en"]) != values["theme_en"]:
            raise LexiconError(
                f"{where} {line}: the theme {theme!r} is {values['theme_en']!r} here and {english[theme]!r} above; give it one name."
            )
        seen[same] = line
        checked.append(values)
    if not any(values["theme"] for values in checked):
        raise LexiconError(f"{where.rsplit(',', 1)[0]} has no row with a theme and a term; it needs {', '.join(COLUMNS)}.")
    frame = pd.DataFrame(checked, columns=list(COLUMNS), dtype="str")
    frame["theme_en"] = pd.Series([english.get(theme, "") for theme in frame["theme"]], dtype="str")
    return frame


def _columns(codebook: Codebook, themes: pd.Index) -> dict[str, list[int]]:
    """Give for each term the columns it counts for; none for the words that are passed over."""
    place = {theme: n for n, theme in enumerate(themes)}
    columns: dict[str, list[int]] = {}
    for theme, term in zip(codebook.entries["theme"], codebook.entries["term"], strict=True):
        columns.setdefault(half_width(term), []).extend([place[theme]] if theme else [])
    return columns


def _digest(codebook: Codebook) -> str:
    return hashlib.sha256(repr(codebook.entries[["theme", "term"]].to_numpy().tolist()).encode()).hexdigest()
