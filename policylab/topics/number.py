"""How many topics? Numbers at which refits on parts of the plans agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy.stats import t as student_t
from sklearn.metrics import adjusted_mutual_info_score

from policylab.arguments import level, whole
from policylab.errors import ArgumentError, TooFewPlansError
from policylab.matrix import TermMatrix
from policylab.parallel import run_tasks
from policylab.topics.ground import Ground, factorise, lay_ground, subsamples
from policylab.topics.mixture import mixture


def choose_n_topics(
    counts: TermMatrix,
    *,
    candidates: Iterable[int],
    unit: str = "block",
    n_refits: int = 10,
    interval: float = 0.95,
    seed: int = 0,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Say at which numbers of topics refits on parts of the plans put the units into the same topics.

    For each number the model is fitted on parts of four fifths of the plans, each fit is applied to all units, and the strongest
    topics of the units are compared between every two fits by adjusted mutual information (Vinh, Epps & Bailey 2010).

    Parameters
    ----------
    counts : TermMatrix
        Counts (not weighted), rows in document order.
    candidates : iterable of int
        Numbers to try, each from 2.
    unit, n_refits, seed, n_jobs
        As in `fit_topics`; the rows fitted are the same for all candidates.
    interval : float
        Level of `low` and `high`.

    Returns
    -------
    DataFrame
        `n_topics, agreement` (mean, 1 is perfect, 0 chance), `low, high` (jackknife over refits), `recommended`: agreement is within one
        standard error of the best. `attrs["notes"]` says whether the choice is flat.

    Raises
    ------
    ArgumentError
        If `candidates` is empty or holds a number that cannot be fitted.
    TooFewPlansError
        If parts of the plans have fewer rows than topics.

    Examples
    --------
    >>> import pandas as pd
    >>> from policylab.matrix import count_terms
    >>> text = ["学校 教师", "教师 课程", "学校 课程", "医院 医生", "医生 病人", "医院 病人"] * 3
    >>> items = pd.DataFrame({"plan": "甲区-2024", "kind": "item", "part": "plan", "text": text}, index=[f"{i:02d}" for i in range(18)])
    >>> choose_n_topics(count_terms(items, words=str.split), candidates=[2, 3])[["n_topics", "recommended"]].values.tolist()
    [[2, True], [3, False]]
    """
    numbers, interval = _numbers(candidates), level(interval, name="interval")
    whole(n_refits, name="n_refits", least=2)
    ground = lay_ground(counts, max(numbers), unit)
    parts = subsamples(ground.cluster, n_refits, seed)
    rows = min((len(part) for part in parts), default=0)
    if rows < max(numbers) or len(parts) < 2:
        raise TooFewPlansError(
            f"candidates={numbers}: {len(parts)} parts of the {ground.settings['resampled']} can be drawn, the smallest of {rows} rows; "
            f"at least two are needed, with a row for each of {max(numbers)} topics. Try smaller numbers, unit='item', or more plans."
        )
    found = run_tasks(_strongest, [(ground, part, k, seed) for k in numbers for part in parts], n_jobs=n_jobs, label="n_topics")
    agreement = [_agreement(found[i * len(parts) : (i + 1) * len(parts)]) for i in range(len(numbers))]
    mean, error = np.array(agreement).T
    half = student_t.ppf((1 + interval) / 2, len(parts) - 1) * error
    best = int(np.argmax(np.round(mean, 10)))
    table = pd.DataFrame({"n_topics": numbers, "agreement": mean, "low": mean - half, "high": np.minimum(mean + half, 1.0)})
    table["recommended"] = np.round(mean, 10) >= np.round(mean[best] - np.nan_to_num(error[best]), 10)
    table.attrs["notes"] = [*ground.settings["notes"], _said(table)]
    return table


def _numbers(candidates: Iterable[int]) -> list[int]:
    if not isinstance(candidates, Iterable):
        raise ArgumentError(f"candidates={candidates!r} must be several numbers, such as range(6, 17, 2).")
    given = list(candidates)
    wrong = [k for k in given if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 2]
    if wrong or not given:
        raise ArgumentError(
            f"candidates={given!r}: {wrong[0] if wrong else 'nothing'!r} is no number of topics; give whole numbers from 2."
        )
    return sorted({int(k) for k in given})


def _strongest(ground: Ground, part: np.ndarray, n_topics: int, seed: int) -> np.ndarray:
    """Strongest topic of each unit, -1 for units that no topic covers."""
    model = factorise(ground, part, n_topics, seed)
    weights = mixture(ground.units, model.components_) if model is not None else np.zeros((ground.units.shape[0], n_topics))
    return np.where(weights.sum(axis=1) > 0, weights.argmax(axis=1), -1)


def _agreement(found: Sequence[np.ndarray]) -> tuple[float, float]:
    """Mean agreement of every two refits, and its jackknife standard error (leaving out one refit at a time)."""
    n = len(found)
    pair = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            pair[i, j] = pair[j, i] = adjusted_mutual_info_score(found[i], found[j])
    mean = pair.sum() / (n * (n - 1))
    if n < 3:
        return float(mean), float("nan")
    without = (pair.sum() - 2 * pair.sum(axis=1)) / ((n - 1) * (n - 2))
    return float(mean), float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))


def _said(table: pd.DataFrame) -> str:
    good = table.loc[table["recommended"], "n_topics"]
    if len(good) == len(table) > 1:
        return "Agreement is flat: it does not tell the candidates apart; choose by what you need to see. 一致性都相近，请按研究需要选择。"
    if len(good) > 1:
        return f"Agreement does not tell {', '.join(map(str, good))} apart. {'、'.join(map(str, good))} 个主题的一致性相近。"
    return f"Agreement is best at {good.min()} topics. {good.min()} 个主题时一致性最高。"
