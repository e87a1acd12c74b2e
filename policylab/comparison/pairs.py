"""Pairs of plans: similarity at equal length, beside what length and boilerplate alone would give."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, diags_array, vstack

from policylab.comparison.likeness import telling, unit
from policylab.errors import ArgumentError, TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.parallel import run_tasks, task_seeds

_DEPTH = 300
_LEAST_TOKENS = 50
_CUTS = 10
COLUMNS = (
    "a", "b", "similarity", "rarefied", "depth", "null_low", "null_high", "p", "n_tokens_a", "n_tokens_b", "year_gap", "same_place"
)  # fmt: skip


def compare_plans(
    counts: TermMatrix, *, by: str = "plan", themes: pd.Series | None = None, n_draws: int = 200, seed: int = 0, n_jobs: int | None = None
) -> pd.DataFrame:
    """Compare each plan with each, at equal length and against chance.

    Similarity grows with length: the same pair has a cosine of .35 at 300 tokens and .83 at 6,000. So each plan is cut to the same number
    of tokens, drawn without replacement (rarefaction, Hurlbert 1971), ten times over, and the cosines are averaged. The null band comes
    from pseudo-plans: items of other places, drawn until they are as long as the plan (with its mix of themes where `themes` is given),
    cut and compared in the same way.

    Parameters
    ----------
    counts : TermMatrix
        Items (not grouped), with `plan`, `place` and `year` in `docs`.
    by : str
        The column of `docs` that says what to compare.
    themes : Series, optional
        The theme of each item (indexed by `item_id`), such as ``topics.shares.idxmax(axis=1)``.
    n_draws : int
        Pseudo-plans for each plan.
    seed : int
        Seed.
    n_jobs : int, optional
        Cores to use.

    Returns
    -------
    DataFrame
        One row for each pair: `a, b, similarity` (cosine of TF-IDF, whole plans), `rarefied` (at `depth` tokens), `null_low, null_high`
        (the middle 95 % of the null), `p` (share of pseudo-plans at least as alike, one added to both counts), `n_tokens_a, n_tokens_b,
        year_gap, same_place`. With one place only the null is missing and ``.attrs["note"]`` says why.

    Raises
    ------
    TooFewPlansError
        If there are fewer than two plans, or one is shorter than 50 tokens.
    ArgumentError
        If `by` is no column of `docs`, or `n_draws` is below 20.

    Examples
    --------
    >>> import pandas as pd
    >>> from policylab import count_terms
    >>> text = ["学校 教师 课程 活动 " * 5, "学校 安全 课程 食品 " * 5] * 3
    >>> items = pd.DataFrame({"plan": ["甲区-2023", "乙区-2023"] * 3, "place": ["甲区", "乙区"] * 3, "text": text})
    >>> items = items.assign(year=2023, kind="item", part="plan").rename("i{}".format)
    >>> compare_plans(count_terms(items, words=str.split), n_draws=20)[["a", "b", "depth"]].values.tolist()
    [['乙区-2023', '甲区-2023', 60]]
    """
    if by not in counts.docs:
        raise ArgumentError(f"by={by!r}: docs has no such column; it has {', '.join(counts.docs.columns)}.")
    if n_draws < 20:
        raise ArgumentError(f"n_draws={n_draws}: at least 20 pseudo-plans are needed for a band; 200 is usual.")
    counts = telling(counts.where(counts.docs[by].notna()))
    plans = counts.group(by)
    tokens = np.asarray(plans.X.sum(axis=1)).ravel()
    if len(plans.docs) < 2:
        raise TooFewPlansError(f"{len(plans.docs)} plan is at hand; at least 2 are needed to compare plans.")
    if tokens.min() < _LEAST_TOKENS:
        short = plans.docs.index[int(np.argmin(tokens))]
        raise TooFewPlansError(f"{short!r} has only {int(tokens.min())} tokens after stop words; {_LEAST_TOKENS} are needed to compare it.")
    depth = int(min(_DEPTH, tokens.min()))
    n, idf = plans.X.shape[0], 1 + np.log((1 + plans.X.shape[0]) / (1 + np.asarray((plans.X > 0).sum(axis=0)).ravel()))
    own = [_cuts(plans.X[[i]], depth, idf, s) for i, s in enumerate(task_seeds(seed, n))]
    rarefied = np.mean([_dot(csr_array(_stack([o[[r]] for o in own]))) for r in range(_CUTS)], axis=0)
    null = _null(counts, plans, by, own, themes, depth=depth, idf=idf, n_draws=n_draws, seed=seed + 1, n_jobs=n_jobs)
    return _table(plans, tokens, rarefied, null, depth)


def _stack(rows: list[csr_array]) -> csr_array:
    return csr_array(vstack(rows))


def _dot(X: csr_array) -> np.ndarray:
    return (X @ X.T).toarray()


def _cuts(row: csr_array, depth: int, idf: np.ndarray, seed: int) -> csr_array:
    """Cut a plan to `depth` tokens ten times; TF-IDF rows of length 1."""
    return _drawn(np.repeat(row.indices, row.data.astype(int)), depth, idf, np.random.default_rng(seed))


def _drawn(tokens: np.ndarray, depth: int, idf: np.ndarray, rng: np.random.Generator) -> csr_array:
    chosen = np.concatenate([tokens[rng.choice(len(tokens), depth, replace=False)] for _ in range(_CUTS)])
    X = csr_array((np.ones(len(chosen)), (np.repeat(np.arange(_CUTS), depth), chosen)), shape=(_CUTS, len(idf)))
    X.sum_duplicates()
    X.data = 1 + np.log(X.data)
    return unit(csr_array(X @ diags_array(idf)))


def _null(
    counts: TermMatrix, plans: TermMatrix, by: str, own: list[csr_array], themes: pd.Series | None, *, depth: int, idf: np.ndarray,
    n_draws: int, seed: int, n_jobs: int | None,
) -> list[np.ndarray] | None:  # fmt: skip
    """For each plan its similarity with pseudo-plans made of other places' items."""
    docs = counts.docs
    place = docs["place"].astype("str").fillna("") if "place" in docs else pd.Series("", index=docs.index)
    if place.nunique() < 2:
        return None
    theme = themes.reindex(docs.index).astype("str").fillna("").to_numpy() if themes is not None else np.full(len(docs), "")
    items = [
        np.repeat(counts.X.indices[a:b], counts.X.data[a:b].astype(int))
        for a, b in zip(counts.X.indptr[:-1], counts.X.indptr[1:], strict=True)
    ]
    group, where = docs[by].to_numpy(), place.to_numpy()
    tasks = []
    for i, (label, s) in enumerate(zip(plans.docs[by], task_seeds(seed, len(own)), strict=True)):
        mine = np.flatnonzero(group == label)
        others = np.flatnonzero(where != where[mine[0]])
        tasks.append((items, mine, others, theme, own[i], depth, idf, n_draws, s))
    return run_tasks(_against_chance, tasks, n_jobs=n_jobs, label="零分布 null")


def _against_chance(
    items: list[np.ndarray], mine: np.ndarray, others: np.ndarray, theme: np.ndarray, own: csr_array, depth: int, idf: np.ndarray,
    n_draws: int, seed: int,
) -> np.ndarray:  # fmt: skip
    rng = np.random.default_rng(seed)
    pools = {t: others[theme[others] == t] for t in sorted(set(theme[mine]))}
    pools = {t: pool if len(pool) else others for t, pool in pools.items()}
    values = np.empty(n_draws)
    for d in range(n_draws):
        drawn = np.concatenate([items[pools[theme[i]][rng.integers(len(pools[theme[i]]))]] for i in mine])
        while len(drawn) < depth:
            drawn = np.concatenate([drawn, items[others[rng.integers(len(others))]]])
        values[d] = np.asarray(_drawn(drawn, depth, idf, rng).multiply(own).sum(axis=1)).mean()
    return values


def _table(plans: TermMatrix, tokens: np.ndarray, rarefied: np.ndarray, null: list[np.ndarray] | None, depth: int) -> pd.DataFrame:
    whole = _dot(unit(plans.tfidf().X))
    names, docs = plans.docs.index, plans.docs
    year = docs["year"].astype("Int64").tolist() if "year" in docs else [pd.NA] * len(docs)
    place = docs["place"].tolist() if "place" in docs else [None] * len(docs)
    rows = []
    for i, j in combinations(range(len(docs)), 2):
        low = high = p = np.nan
        if null is not None:
            chance = np.concatenate([null[i], null[j]])
            low, high = np.quantile(chance, [0.025, 0.975])
            p = (1 + (chance >= rarefied[i, j]).sum()) / (1 + len(chance))
        gap = abs(year[i] - year[j]) if not (pd.isna(year[i]) or pd.isna(year[j])) else pd.NA
        same = bool(place[i] == place[j]) if isinstance(place[i], str) and isinstance(place[j], str) else False
        rows.append((names[i], names[j], whole[i, j], rarefied[i, j], depth, low, high, p, int(tokens[i]), int(tokens[j]), gap, same))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"year_gap": "Int64", "a": "str", "b": "str"})
    if null is None:
        table.attrs["note"] = "只有一个地区，没有别处的条目可作对照。 One place only: there are no items of other places to compare with."
    return table.round({"similarity": 12, "rarefied": 12, "null_low": 12, "null_high": 12})
