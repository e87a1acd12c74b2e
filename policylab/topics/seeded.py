"""Topics guided by a codebook: latent semantic analysis of blocks and units, started from the themes' terms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack
from sklearn.decomposition import TruncatedSVD

from policylab.errors import ArgumentError, EmptyVocabularyError
from policylab.matrix import TermMatrix
from policylab.parallel import run_tasks
from policylab.topics.fit import assemble
from policylab.topics.ground import PART, Ground, lay_ground, subsamples
from policylab.topics.model import Topics

_DIMENSIONS = 60
_ROUNDS = 3
_PULL = 0.5  # how far a theme moves towards the blocks nearest to it, in each round


def seed_topics(
    counts: TermMatrix, *, codebook: Any, unit: str = "block", n_refits: int = 10, seed: int = 0, n_jobs: int | None = None
) -> Topics:
    """Find the themes of a codebook in units that need not hold the codebook's own terms.

    Blocks and units are projected by latent semantic analysis (Deerwester et al. 1990). A theme starts as the sum of its terms and
    moves three times towards the mean of the blocks that are nearest to it; what it then means in terms is applied to each unit by
    non-negative least squares, as in `fit_topics`. A term that the segmenter cuts counts through its parts.

    Parameters
    ----------
    counts : TermMatrix
        Counts (not weighted), rows in document order.
    codebook : Codebook or dict
        Themes and their terms; a dict from theme to terms will do.
    unit : {"block", "item"}
        What themes are drawn to.
    n_refits, seed, n_jobs
        As in `fit_topics`.

    Returns
    -------
    Topics
        Topics named after the themes, in the codebook's order; `settings["seeds"]` says which words each theme started from, and
        `settings["notes"]` which themes have none.

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
    if unit == "plan":
        raise ArgumentError("unit='plan' is not allowed; give 'block' or 'item'.")
    ground = lay_ground(counts, len(themes), unit)
    seeds = {theme: _in_vocabulary(terms, ground.terms) for theme, terms in themes.items()}
    if not any(seeds.values()):
        raise EmptyVocabularyError("no term of the codebook is among the counted terms; look at `counts.terms` and the codebook's terms.")
    start = _seed_rows(seeds, ground)
    parts = [np.arange(ground.rows.shape[0]), *(subsamples(ground.cluster, n_refits, seed) if n_refits else [])]
    fitted = run_tasks(_guide, [(ground, part, start, seed) for part in parts], n_jobs=n_jobs, label="themes")
    missing = [theme for theme, words in seeds.items() if not words]
    notes = [f"No term of these themes was counted: {', '.join(missing)}. 以下主题的词均未出现：{'、'.join(missing)}。"] if missing else []
    settings = {
        **{"method": "seeded LSA", "n_topics": len(themes), "seed": seed, "n_refits": len(parts) - 1, "part": PART, **ground.settings},
        **{"seeds": seeds, "words_used": len(ground.terms), "counts": counts.settings, "notes": [*ground.settings["notes"], *notes]},
    }
    names = pd.Index(list(themes), dtype="str", name="topic")
    refits = [components for _, components in fitted[1:]]
    return assemble(ground.units, ground.terms, *fitted[0], refits, counts.docs, settings, names)


def _themes(codebook: Any) -> dict[str, list[str]]:
    """Themes and their terms, in the order given."""
    given = codebook if isinstance(codebook, dict) else getattr(codebook, "terms", None)
    if not isinstance(given, dict):
        raise ArgumentError(f"codebook is a {type(codebook).__name__}; give `Codebook.load(path)` or a dict from theme to terms.")
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


def _seed_rows(seeds: dict[str, dict[str, float]], ground: Ground) -> csr_array:
    start = np.zeros((len(seeds), len(ground.terms)))
    for row, words in zip(start, seeds.values(), strict=True):
        for word, weight in words.items():
            row[ground.terms.get_loc(word)] = weight
    return csr_array(start * ground.idf)


def _guide(ground: Ground, chosen: np.ndarray, start: csr_array, seed: int) -> tuple[TruncatedSVD, np.ndarray]:
    """Give the projection and, for each theme, a row of term weights of length 1 (zeros for a theme without seeds)."""
    rows = csr_array(ground.rows[chosen])
    stacked = rows if ground.near is not None else csr_array(vstack([rows, ground.units[np.isin(ground.group, chosen)]]))
    svd = TruncatedSVD(max(1, min(_DIMENSIONS, min(stacked.shape) - 1)), n_iter=7, random_state=seed).fit(stacked)
    blocks, themes = _length_one(svd.transform(rows)), _length_one(svd.transform(start))
    for _ in range(_ROUNDS):
        closeness = np.round(blocks @ themes.T, 10)
        nearest = np.where(np.arange(len(themes)) == closeness.argmax(axis=1)[:, None], closeness.clip(min=0), 0)
        themes = _length_one(themes + _PULL * _length_one(nearest.T @ blocks))
    components = np.round(themes @ svd.components_, 10)
    return svd, _length_one(components.clip(min=0))


def _length_one(rows: np.ndarray) -> np.ndarray:
    norm = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.divide(rows, norm, out=np.zeros_like(rows), where=norm > 1e-12)
