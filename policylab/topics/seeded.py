"""Topics guided by a codebook: the mean of two methods that start from the themes' terms, and where they disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack
from sklearn.decomposition import TruncatedSVD

from policylab.arguments import whole
from policylab.errors import ArgumentError, EmptyVocabularyError
from policylab.matrix import TermMatrix
from policylab.parallel import run_tasks
from policylab.topics.dirichlet import CHAINS_OF_REFIT, allocate_seeded, mixture_of
from policylab.topics.fit import Fitted, assemble
from policylab.topics.ground import PART, Ground, lay_ground, subsamples
from policylab.topics.mixture import explained, mixture, to_shares
from policylab.topics.model import Topics
from policylab.topics.weights import length_one

_DIMENSIONS = 60
_ROUNDS = 3
_PULL = 0.5  # how far a theme moves towards the blocks nearest to it, in each round


def seed_topics(
    counts: TermMatrix,
    *,
    codebook: Any,
    unit: str = "block",
    n_residual: int = 0,
    n_refits: int = 10,
    seed: int = 0,
    n_jobs: int | None = None,
) -> Topics:
    """Find the themes of a codebook in units that need not hold the codebook's own terms.

    Two methods that go about it differently, and the mean of their shares. Latent semantic analysis (Deerwester et al. 1990): a theme
    starts as the sum of its terms and moves three times towards the mean of the blocks that are nearest to it; what it then means in terms
    is applied to each unit by non-negative least squares. Latent Dirichlet allocation with seeds (Jagarlamudi, Daumé & Udupa 2012): the
    prior of a theme has seen each of its terms twenty times. A term that the segmenter cuts counts through its parts.

    Parameters
    ----------
    counts : TermMatrix
        Counts (not weighted), rows in document order.
    codebook : Codebook or dict
        Themes and their terms; a dict from theme to terms will do.
    unit : {"block", "item"}
        What themes are drawn to.
    n_residual : int
        Topics without seeds beside the themes, for what the codebook misses; named 其余1, 其余2, … and labelled by their terms.
    n_refits, seed, n_jobs
        As in `fit_topics`.

    Returns
    -------
    Topics
        Topics named after the themes, in the codebook's order, then the residual ones. `docs.by_lsa` and `docs.by_lda` name each unit's
        strongest theme by either method (missing where none covers it): where they differ, a person should look. `settings["agreement"]` is
        the share of units in which they do not, `settings["seeds"]` says which words each theme started from, and `settings["notes"]`
        which themes have none.

    Raises
    ------
    ArgumentError
        If the codebook has fewer than two themes, or an argument is not allowed.
    EmptyVocabularyError
        If no theme has a term in the counts.

    Examples
    --------
    >>> import pandas as pd
    >>> from policylab.matrix import count_terms
    >>> text = ["学校 教师", "教师 课程", "学校 课程", "医院 医生", "医生 病人", "医院 病人"]
    >>> items = pd.DataFrame({"plan": "甲区-2024", "kind": "item", "part": "plan", "text": text}, index=list("abcdef"))
    >>> counts = count_terms(items, words=str.split)
    >>> topics = seed_topics(counts, codebook={"教育": ["学校"], "卫生": ["医院"]}, n_refits=0)
    >>> topics.shares.idxmax(axis=1).tolist()
    ['教育', '教育', '教育', '卫生', '卫生', '卫生']
    """
    themes = _themes(codebook)
    whole(n_residual, name="n_residual", least=0)
    whole(n_refits, name="n_refits", least=0)
    residual = [f"其余{k}" for k in range(1, n_residual + 1)]
    if set(residual) & set(themes):
        raise ArgumentError(f"codebook has a theme {min(set(residual) & set(themes))!r}, the name of a residual topic; name it otherwise.")
    if unit == "plan":
        raise ArgumentError("unit='plan' is not allowed; give 'block' or 'item'.")
    ground = lay_ground(counts, len(themes) + n_residual, unit)
    seeds = {theme: _in_vocabulary(terms, ground.terms) for theme, terms in themes.items()}
    if not any(seeds.values()):
        raise EmptyVocabularyError("no term of the codebook is among the counted terms; look at `counts.terms` and the codebook's terms.")
    start = _seed_rows(seeds, ground.terms, n_residual)
    parts = [np.arange(ground.rows.shape[0]), *(subsamples(ground.cluster, n_refits, seed) if n_refits else [])]
    fitted = run_tasks(_guide, [(ground, part, start, n_residual, seed) for part in parts], n_jobs=n_jobs, label="themes")
    names = pd.Index([*themes, *residual], dtype="str", name="topic")
    applied, docs = _applied(fitted[0], ground, counts.docs, names)
    missing = [theme for theme, words in seeds.items() if not words]
    agreement = float((docs["by_lsa"] == docs["by_lda"])[docs["by_lsa"].notna()].mean())
    settings = {
        **{"method": "seeded LSA and LDA", "n_topics": len(names), "seed": seed, "n_refits": len(parts) - 1, "part": PART},
        **{**ground.settings, "seeds": seeds, "words_used": len(ground.terms), "counts": counts.settings, "agreement": round(agreement, 6)},
        "notes": [*ground.settings["notes"], *_said(missing, agreement)],
    }
    return assemble(applied, ground.terms, [guided.components for guided in fitted[1:]], docs, settings, names, n_residual)


def _said(missing: list[str], agreement: float) -> list[str]:
    notes = [f"No term of these themes was counted: {', '.join(missing)}. 以下主题的词均未出现：{'、'.join(missing)}。"] if missing else []
    percent = f"{100 * agreement:.0f} %"
    both = f"Both methods name the same theme for {percent} of the units (docs.by_lsa, docs.by_lda). 两种方法对 {percent} 的条目判断相同。"
    return [*notes, both]


@dataclass(frozen=True)
class _Guided:
    """What one fit gives: the projection, the themes over the words by LSA (rows of length 1), the LDA, and which themes have seeds."""

    svd: TruncatedSVD
    by_lsa: np.ndarray
    lda: Any
    active: np.ndarray

    @property
    def components(self) -> np.ndarray:
        """Mean of both methods' themes over the words, rows of length 1."""
        by_lda = np.zeros_like(self.by_lsa)
        by_lda[self.active] = self.lda.components_
        return length_one(self.by_lsa + length_one(by_lda))


def _applied(guided: _Guided, ground: Ground, docs: pd.DataFrame, names: pd.Index) -> tuple[Fitted, pd.DataFrame]:
    """Shares of each unit: the mean of both methods where LSA finds any theme at all."""
    weights = mixture(ground.units, guided.by_lsa)
    by_lda = np.zeros_like(weights)
    by_lda[:, guided.active] = mixture_of(guided.lda, ground.unit_counts)
    covered = (weights.sum(axis=1) > 0) & (by_lda.sum(axis=1) > 0)
    shares = [np.where(covered[:, None], to_shares(one), 0) for one in (weights, by_lda)]
    strongest = [pd.array(names.to_numpy()[one.argmax(axis=1)], dtype="str") for one in shares]
    docs = docs.assign(by_lsa=strongest[0], by_lda=strongest[1])
    docs.loc[~covered, ["by_lsa", "by_lda"]] = pd.NA
    return Fitted(guided.svd, guided.components, np.round(sum(shares) / 2, 10), explained(weights, guided.by_lsa)), docs


def _themes(codebook: Any) -> dict[str, list[str]]:
    """Themes and their terms, in the order given."""
    given = codebook if isinstance(codebook, dict) else getattr(codebook, "terms", None)
    if not isinstance(given, dict):
        raise ArgumentError(f"codebook is a {type(codebook).__name__}; give `Codebook.load(path)` or a dict from theme to terms.")
    single = next((theme for theme, terms in given.items() if isinstance(terms, str)), None)
    if single is not None:
        raise ArgumentError(f"codebook: {single!r} has the terms {given[single]!r}, one text; give a list, such as [{given[single]!r}].")
    themes = {str(theme): [str(term) for term in terms] for theme, terms in given.items()}
    if len(themes) < 2:
        raise ArgumentError(f"codebook has {len(themes)} themes; at least two are needed to tell them apart.")
    return themes


def _in_vocabulary(terms: list[str], vocabulary: pd.Index) -> dict[str, float]:
    """Weight of counted words in a theme: 1 for a term, shared out among its parts where the segmenter cuts it."""
    known, weights = set(vocabulary), dict[str, float]()
    for term in terms:
        parts = [term] if term in known else _parts(term, known)
        for word in parts:
            weights[word] = weights.get(word, 0.0) + 1 / len(parts)
    return dict(sorted(weights.items()))


def _parts(term: str, known: set[str]) -> list[str]:
    """Counted words that make up the term, longest first from the left; none unless they make up all of it."""
    parts, at = [], 0
    while at < len(term):
        word = next((term[at:end] for end in range(len(term), at, -1) if term[at:end] in known), None)
        if word is None:
            return []
        parts.append(word)
        at += len(word)
    return parts


def _seed_rows(seeds: dict[str, dict[str, float]], terms: pd.Index, n_residual: int) -> np.ndarray:
    start = np.zeros((len(seeds) + n_residual, len(terms)))
    for row, words in zip(start, seeds.values(), strict=False):
        for word, weight in words.items():
            row[terms.get_loc(word)] = weight
    return start


def _guide(ground: Ground, chosen: np.ndarray, seeds: np.ndarray, n_residual: int, seed: int) -> _Guided:
    """Draw the themes towards the chosen rows by both methods."""
    active = np.flatnonzero((seeds.sum(axis=1) > 0) | (np.arange(len(seeds)) >= len(seeds) - n_residual))
    lda = allocate_seeded(ground, chosen, seeds[active], seed, CHAINS_OF_REFIT)
    rows = csr_array(ground.rows[chosen])
    stacked = rows if ground.near is not None else csr_array(vstack([rows, ground.units[np.isin(ground.group, chosen)]]))
    svd = TruncatedSVD(max(1, min(_DIMENSIONS, min(stacked.shape) - 1)), n_iter=7, random_state=seed).fit(stacked)
    start = seeds.copy()
    if n_residual:  # what LDA finds beside the themes
        start[-n_residual:] = lda.components_[-n_residual:] / lda.components_[-n_residual:].sum(axis=1, keepdims=True)
    blocks, themes = length_one(svd.transform(rows)), length_one(svd.transform(csr_array(start * ground.idf)))
    for _ in range(_ROUNDS):
        closeness = np.round(blocks @ themes.T, 10)
        nearest = np.where(np.arange(len(themes)) == closeness.argmax(axis=1)[:, None], closeness.clip(min=0), 0)
        themes = length_one(themes + _PULL * length_one(nearest.T @ blocks))
    components = np.round(themes @ svd.components_, 10)
    return _Guided(svd, length_one(components.clip(min=0)), lda, active)
