"""Pairs of plans: similarity at equal length, beside what length and boilerplate alone would give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from policylab.comparison.likeness import similarity
from policylab.comparison.rarefaction import Rarefied
from policylab.comparison.standins import Items, likeness_of_stand_ins
from policylab.errors import ArgumentError, TooFewPlansError
from policylab.matrix import TermMatrix, need_counts
from policylab.parallel import run_tasks, task_seeds

DEPTH = 300
LEAST_TOKENS = 50
PLACES_FOR_BAND = 2
PLACES_FOR_P = 3
ONE_PLACE = "别处的计划太少，无从对照。 Plans of too few other places to compare with: the band needs {} of them, p {}."


def compare_plans(
    counts: TermMatrix,
    *,
    by: str = "plan",
    themes: pd.Series | TermMatrix | None = None,
    depth: int | None = None,
    n_draws: int = 200,
    seed: int = 0,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Compare each plan with each, at equal length and against chance.

    Similarity grows with length: the same pair has a cosine of .35 at 300 tokens and .83 at 6,000. So all plans are cut to `depth` tokens
    (rarefaction, Hurlbert 1971: each token stays with the same chance), and the TF-IDF cosine that this gives is worked out, not drawn:
    the expected product of two cut plans over the root of their expected lengths.

    The null band comes from stand-ins. For a plan b, a stand-in is made of the items of one other place: as many tokens as b, of b's year
    or the nearest years, with b's mix of themes where `themes` is given; it is cut in the same way. A pair (a, b) is set against a and
    the stand-ins for b, and b and the stand-ins for a, none of them from the place of a or b.

    Parameters
    ----------
    counts : TermMatrix
        Items (not grouped), with `plan`, `place` and `year` in `docs`.
    by : str
        The column of `docs` that says what to compare.
    themes : Series or TermMatrix, optional
        The theme of each item (indexed by `item_id`), or counts of codebook themes in the same items (the commonest theme counts).
    depth : int, optional
        Tokens to cut to; without it 300, or as many as the shortest plan has (of those with 50 tokens or more).
    n_draws : int
        Stand-ins for each plan, at least 20.
    seed : int
        Of the stand-ins.
    n_jobs : int, optional
        Cores to use.

    Returns
    -------
    DataFrame
        One row for each pair: `a, b`; `similarity` (as the function of this name gives it for whole plans); `rarefied` (at `depth` tokens;
        0 to 1); `null_low, null_high` (middle 95 % of the null); `p` (share of the null at least as high, the pair counted in);
        `n_tokens_a, n_tokens_b, year_gap, same_place`. `rarefied` is missing where a plan is shorter than `depth`, the band where fewer
        than two other places have plans, `p` where fewer than three have; ``.attrs["note"]`` says so.

    Raises
    ------
    TooFewPlansError
        If fewer than two plans are long enough.
    ArgumentError
        If `by` is no column of `docs`, or `n_draws` or `depth` is too low.

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": ["乙区-2023", "甲区-2023"], "place": ["乙区", "甲区"], "year": 2023}, index=["b#1", "a#1"])
    >>> counts = TermMatrix([[40, 20, 0], [40, 0, 20]], docs, ["学校", "教师", "食品"])
    >>> compare_plans(counts, n_draws=20)[["a", "b", "depth", "n_tokens_a"]].values.tolist()
    [['乙区-2023', '甲区-2023', 60, 60]]
    """
    need_counts(counts)
    if "grouped_by" in counts.settings:
        raise ArgumentError("counts are grouped already; give the counts of items, compare_plans groups them itself.")
    if by not in counts.docs:
        raise ArgumentError(f"by={by!r}: docs has no such column; it has {', '.join(counts.docs.columns)}.")
    if n_draws < 20 or (depth is not None and depth < 1):
        raise ArgumentError(f"n_draws={n_draws}, depth={depth}: at least 20 stand-ins (200 is usual) and 1 token are needed.")
    theme = _main_theme(themes, counts)
    counts = in_order(counts.where(counts.docs[by].notna()))
    plans = counts.group(by)
    tokens = np.asarray(plans.X.sum(axis=1)).ravel()
    depth = usual_depth(tokens) if depth is None else depth
    if (tokens >= depth).sum() < 2:
        raise TooFewPlansError(
            f"{(tokens >= depth).sum()} of {len(tokens)} plans have {depth} tokens or more; at least 2 are needed. "
            "Count with a lower min_items, or give a lower depth=."
        )
    cut = Rarefied.of(plans.X, depth=depth)
    place = plans.docs["place"].tolist() if "place" in plans.docs else [None] * len(tokens)
    places = sorted({p for p in place if isinstance(p, str)})
    items = Items.of(counts, places, theme)
    group = pd.Index(plans.docs[by]).get_indexer(counts.docs[by])
    tasks = [(items, np.flatnonzero(group == i), cut, n_draws, s) for i, s in enumerate(task_seeds(seed, len(tokens)))]
    null = run_tasks(likeness_of_stand_ins, tasks, n_jobs=n_jobs, label="对照 stand-ins")
    code = np.array([places.index(p) if isinstance(p, str) else -1 for p in place])
    return _against_null(_pairs(plans, tokens, cut, code), null, code)


def in_order(counts: TermMatrix) -> TermMatrix:
    """Sort the rows by label, so that the draws do not hang on their order."""
    order = np.argsort(counts.docs.index.to_numpy(dtype=str), kind="stable")
    return replace(counts, X=counts.X[order], docs=counts.docs.iloc[order])


def _main_theme(themes: pd.Series | TermMatrix | None, counts: TermMatrix) -> pd.Series | None:
    if isinstance(themes, TermMatrix):
        hits = themes.X.toarray()
        labels = np.where(hits.sum(axis=1) > 0, themes.terms.to_numpy(dtype=str)[hits.argmax(axis=1)], "")
        return _main_theme(pd.Series(labels, index=themes.docs.index), counts)
    if themes is not None and not counts.docs.index.isin(themes.index).any():
        raise ArgumentError(f"themes: none of its labels (such as {themes.index[0]!r}) is a row of counts; index it by `item_id`.")
    return themes


def usual_depth(tokens: np.ndarray) -> int:
    """Give the tokens to cut to: 300, or as many as the shortest plan has of those with 50 or more."""
    enough = tokens[tokens >= LEAST_TOKENS]
    return int(min(DEPTH, enough.min())) if len(enough) else LEAST_TOKENS


def _pairs(plans: TermMatrix, tokens: np.ndarray, cut: Rarefied, place: np.ndarray) -> pd.DataFrame:
    i, j = np.triu_indices(len(tokens), 1)
    whole = similarity(plans).to_numpy()
    rarefied = (cut.vectors @ cut.vectors.T).toarray()
    year = plans.docs["year"].astype("Int64").array if "year" in plans.docs else pd.array([pd.NA] * len(tokens), dtype="Int64")
    names = plans.docs.index.to_numpy(dtype=str)
    long_enough = np.minimum(tokens[i], tokens[j]) >= cut.depth
    columns = {
        "a": names[i],
        "b": names[j],
        "similarity": whole[i, j],
        "rarefied": np.where(long_enough, np.round(rarefied[i, j], 12), np.nan),
        "depth": cut.depth,
        **dict.fromkeys(("null_low", "null_high", "p"), np.nan),
        "n_tokens_a": tokens[i].astype("int64"),
        "n_tokens_b": tokens[j].astype("int64"),
        "year_gap": abs(year[i] - year[j]),
        "same_place": (place[i] == place[j]) & (place[i] >= 0),
    }
    return pd.DataFrame(columns).astype({"a": "str", "b": "str"})


def _against_null(pairs: pd.DataFrame, null: list[tuple[np.ndarray, np.ndarray]], place: np.ndarray) -> pd.DataFrame:
    """Fill in the band and p of each pair."""
    i, j = np.triu_indices(len(place), 1)
    filled = np.full((len(pairs), 3), np.nan)
    for row, (a, b, value) in enumerate(zip(i, j, pairs["rarefied"].to_numpy(), strict=True)):
        if np.isnan(value) or min(place[a], place[b]) < 0:
            continue
        apart = [~np.isin(source, (place[a], place[b])) for _, source in (null[b], null[a])]
        n_places = len(np.unique(null[b][1][apart[0]]))
        if n_places < PLACES_FOR_BAND:
            continue
        chance = np.round(np.concatenate([null[b][0][apart[0], a], null[a][0][apart[1], b]]), 12)
        filled[row, :2] = np.quantile(chance, [0.025, 0.975])
        if n_places >= PLACES_FOR_P:
            filled[row, 2] = (1 + (chance >= value).sum()) / (1 + len(chance))
    pairs[["null_low", "null_high", "p"]] = np.round(filled, 12)
    if pairs["p"].isna().any():
        pairs.attrs["note"] = ONE_PLACE.format(PLACES_FOR_BAND, PLACES_FOR_P)
    return pairs
