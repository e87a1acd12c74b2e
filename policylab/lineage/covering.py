"""How much of each text stands in one of many other texts: runs of letters that lead there, then clause by clause."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from policylab.lineage.letters import Letters, letters

ANCHOR = 12  # letters of a run that leads to a source
FINE = 4  # letters of the runs that show what else comes from there
CLAUSE = 0.65  # a clause stands in a source where at least this share of its letters does
SOURCES = 3  # how many sources of a text are looked into
FURTHER = 0.25  # a further source must hold so much of the text that the sources before it do not
_CLAUSE = re.compile(r"[^，。；：、！？,;!?\n]+[，。；：、！？,;!?\n]*")


def covering(
    texts: list[str], above: list[str], allowed: np.ndarray, *, left_out: tuple[np.ndarray, np.ndarray] | None = None
) -> pd.DataFrame:
    """Give for each text its `share` of characters that stand above and the row of its main `source` (-1: none).

    A run of 12 letters (a number counts as one) that stands above leads to a source; a second and third source count where each adds a
    quarter of the text (a merger of several), so that a phrase that is found anywhere does not. A clause counts by its letters in runs
    of 4 that its sources have, if these are 65 % of it, otherwise by its runs of 12 alone. A text of 4 letters or more that is the same,
    letter by letter, as one above stands there however short it is. `counted` is the share of
    characters that were not left out.

    Parameters
    ----------
    texts, above : list of str
        Texts, and those that they may come from.
    allowed : ndarray of bool, texts × above
        Whether a text may come from another.
    left_out : pair of ndarray of bool, optional
        Letters of the texts and of those above (as `letters(…, numbers=True)` gives them) that count for nothing: shares are then of the
        rest.
    """
    mine, theirs = (letters(t, numbers=True) for t in (texts, above))
    whole, same = mine, _same(texts, above, mine, theirs, allowed)
    if left_out is not None:
        mine, theirs = (side.only(~out) for side, out in zip((mine, theirs), left_out, strict=True))
    anchored, sources = _anchors(mine, theirs, allowed)
    stands = anchored.copy()
    for rank in range(SOURCES):
        stands |= _in_source(mine, theirs, sources[:, rank])
    share, counted = _by_clause(texts, whole, mine, anchored, stands)
    share = np.where((same >= 0) & (counted > 0), 1.0, share)
    return pd.DataFrame({"share": share, "source": np.where(sources[:, 0] < 0, same, sources[:, 0]), "counted": counted})


def _same(texts: list[str], above: list[str], mine: Letters, theirs: Letters, allowed: np.ndarray) -> np.ndarray:
    """Give the first row above that has the same letters as a text, from 4 letters; -1 where none has."""
    rows: dict[str, list[int]] = {}
    for row, words in enumerate(theirs.words_only(len(above))):
        rows.setdefault(words, []).append(row)
    words_of = mine.words_only(len(texts))
    found = [next((row for row in rows.get(w, []) if allowed[i, row]), -1) if len(w) >= FINE else -1 for i, w in enumerate(words_of)]
    return np.array(found, dtype=np.int64)


def _anchors(mine: Letters, theirs: Letters, allowed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mark my letters in runs that stand above, and give for each text the rows above that have most of its runs."""
    start, code = mine.runs(ANCHOR)
    other, other_code = theirs.runs(ANCHOR)
    order = np.argsort(other_code, kind="stable")
    first, last = (np.searchsorted(other_code[order], code, side=side) for side in ("left", "right"))
    run = np.repeat(np.arange(len(start)), last - first)
    nth = np.arange(len(run)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    source = theirs.text[other[order[first[run] + nth]]]
    text = mine.text[start[run]]
    may = allowed[text, source]
    met = pd.DataFrame({"run": run[may], "text": text[may], "source": source[may]}).drop_duplicates()
    sources = _ranked(met, len(allowed))
    letters_of = np.bincount(mine.text, minlength=len(allowed))
    anchored = np.zeros(len(mine.code), dtype=bool)
    for rank in range(SOURCES):
        here = met["source"].to_numpy() == sources[met["text"], rank]
        added = _marked(len(mine.code), start[np.unique(met["run"][here])], ANCHOR) & ~anchored
        enough = np.bincount(mine.text[added], minlength=len(allowed)) >= (FURTHER * letters_of if rank else 1)
        sources[~enough, rank] = -1
        anchored |= added & enough[mine.text]
    return anchored, sources


def _ranked(met: pd.DataFrame, n: int) -> np.ndarray:
    """Give for each of n texts the rows above that have most of its runs, -1 where there are fewer."""
    counts = met.groupby(["text", "source"]).size().rename("runs").reset_index()
    counts = counts.sort_values(["text", "runs", "source"], ascending=[True, False, True])
    rank = counts.groupby("text").cumcount().to_numpy()
    first = counts[rank < SOURCES]
    sources = np.full((n, SOURCES), -1)
    sources[first["text"], rank[rank < SOURCES]] = first["source"]
    return sources


def _in_source(mine: Letters, theirs: Letters, source: np.ndarray) -> np.ndarray:
    """Mark my letters in short runs that the source of their text has too."""
    start, code = mine.runs(FINE)
    other, other_code = theirs.runs(FINE)
    mixer = np.uint64(0xD6E8FEB86659FD93)
    here = source[mine.text[start]]
    wanted = code ^ ((here + 1).astype(np.uint64) * mixer)
    there = other_code ^ ((theirs.text[other] + 1).astype(np.uint64) * mixer)
    return _marked(len(mine.code), start[np.isin(wanted, there) & (here >= 0)], FINE)


def _marked(n: int, start: np.ndarray, length: int) -> np.ndarray:
    inside = np.zeros(n, dtype=bool)
    for step in range(length):
        inside[start + step] = True
    return inside


def _by_clause(texts: list[str], whole: Letters, mine: Letters, anchored: np.ndarray, stands: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the share of each text's characters in clauses that stand above, and the share of its characters that count at all."""
    spans = [(row, *m.span()) for row, text in enumerate(texts) for m in _CLAUSE.finditer(text)]
    row, first, last = np.array(spans, dtype=np.int64).reshape(-1, 3).T
    longest = max(map(len, texts), default=0) + 1
    everywhere, clause = (np.searchsorted(row * longest + first, x.text * longest + x.position, side="right") - 1 for x in (whole, mine))
    n_all, n = (np.bincount(c, minlength=len(row)) for c in (everywhere, clause))
    parts = [np.bincount(clause, weights=m, minlength=len(row)) / np.maximum(n, 1) for m in (anchored, stands)]
    share = np.where(parts[1] >= CLAUSE, parts[1], parts[0])
    full = np.where(n_all > 0, last - first, 0)
    length = full * (n / np.maximum(n_all, 1))
    total, everything = (np.bincount(row, weights=x, minlength=len(texts)) for x in (length, full))
    here = np.bincount(row, weights=length * share, minlength=len(texts))
    return _ratio(here, total), np.where(everything > 0, _ratio(total, everything), 1.0)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
