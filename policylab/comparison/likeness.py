"""How alike rows of a term matrix are, and the order in which to read the result."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.sparse import csr_array, diags_array
from scipy.spatial.distance import squareform

from policylab.comparison.vectors import row_vectors
from policylab.errors import ArgumentError, EmptyVocabularyError, FrameError
from policylab.matrix import TermMatrix, need_counts
from policylab.parallel import run_tasks

MEASURES = ("cosine", "jaccard", "ppmi")
WEIGHTS = ("tfidf", "counts")
MANY = 20


def similarity(counts: TermMatrix, *, measure: str = "cosine", weight: str = "tfidf") -> pd.DataFrame:
    """Tell how alike the rows are, each with each.

    Where there are 20 rows or more, words that stand in more than half of them are left out of cosine and Jaccard: in whole plans they tell
    what kind of document it is, not what it says. With fewer rows every shared word would go, so the stop lists alone do this. Themes of
    a codebook all stay.

    Parameters
    ----------
    counts : TermMatrix
        Items, or plans, sections, places after ``counts.group(by)``.
    measure : {"cosine", "jaccard", "ppmi"}
        `cosine` of the weighted counts (Salton & Buckley 1988); `jaccard` of the sets of terms (Jaccard 1912); `ppmi`: cosine of centred
        averages of term vectors, which come from a singular value decomposition of positive pointwise mutual information (Bullinaria
        & Levy 2007; 2012): same theme in other words. It learns which words keep company from the rows, so give it items.
    weight : {"tfidf", "counts"}
        How the cosine weighs terms.

    Returns
    -------
    DataFrame
        Square, in the order of ``counts.docs``; 1 on the diagonal, 0 to 1 elsewhere (`ppmi` -1 to 1). A row without any term is unlike
        all others (0).

    Raises
    ------
    ArgumentError
        If `measure` or `weight` is unknown.
    EmptyVocabularyError
        If no term is left.

    Examples
    --------
    >>> import pandas as pd
    >>> from policylab import count_terms
    >>> items = pd.DataFrame({"text": ["学校 教师", "学校 安全"]}, index=["甲区-2024#001", "甲区-2024#002"])
    >>> items = items.assign(plan="甲区-2024", kind="item", part="plan")
    >>> similarity(count_terms(items, words=str.split), measure="jaccard").round(2).values.tolist()
    [[1.0, 0.33], [0.33, 1.0]]
    """
    need_counts(counts)
    if measure not in MEASURES:
        raise ArgumentError(f"measure={measure!r}: allowed are {', '.join(MEASURES)}.")
    if weight not in WEIGHTS:
        raise ArgumentError(f"weight={weight!r}: allowed are {', '.join(WEIGHTS)}.")
    if not counts.X.nnz:
        raise EmptyVocabularyError("no term is left to compare rows by; count with a smaller min_items or without stop words.")
    if measure == "ppmi":
        [values] = run_tasks(_same_theme, [(counts,)])  # on one thread: the last bits of dense products change with their number
    else:
        kept = telling(counts)
        values = _jaccard(kept.X) if measure == "jaccard" else _cosine(kept, weight)
    values = np.round((values + values.T) / 2, 12)
    np.fill_diagonal(values, 1.0)
    return pd.DataFrame(values, index=counts.docs.index, columns=counts.docs.index)


def telling(counts: TermMatrix) -> TermMatrix:
    """Leave out words of more than half of the rows where there are 20 rows or more; themes of a codebook stay."""
    if counts.shape[0] < MANY or "codebook" in counts.settings:
        return counts
    common = np.asarray((counts.X > 0).sum(axis=0)).ravel() > counts.shape[0] / 2
    return counts.keep(counts.terms[~common]) if common.any() and not common.all() else counts


def _same_theme(counts: TermMatrix) -> np.ndarray:
    vectors = row_vectors(counts)
    return vectors @ vectors.T


def _cosine(counts: TermMatrix, weight: str) -> np.ndarray:
    X = unit(counts.tfidf().X if weight == "tfidf" else counts.X.astype(float))
    return (X @ X.T).toarray()


def unit(X: csr_array) -> csr_array:
    """Give rows of length 1; rows of zeros stay."""
    norm = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    return csr_array(diags_array(np.divide(1.0, norm, out=np.zeros(len(norm)), where=norm > 0)) @ X)


def _jaccard(X: csr_array) -> np.ndarray:
    present = (X > 0).astype(float)
    both = (present @ present.T).toarray()
    n = np.asarray(present.sum(axis=1)).ravel()
    either = n[:, None] + n[None, :] - both
    return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def reading_order(frame: pd.DataFrame) -> list[str]:
    """Give the labels of a similarity frame so that like stands beside like (optimal leaf order, Bar-Joseph et al. 2001).

    Parameters
    ----------
    frame : DataFrame
        What `similarity` returns.

    Returns
    -------
    list of str
        All labels; the tree is of average linkage, the leaves turned so that neighbours are as alike as can be.

    Raises
    ------
    FrameError
        If rows and columns bear other labels.

    Examples
    --------
    >>> import pandas as pd
    >>> reading_order(pd.DataFrame([[1, 0.1, 0.9], [0.1, 1, 0.2], [0.9, 0.2, 1]], index=list("abc"), columns=list("abc")))
    ['b', 'c', 'a']
    """
    if list(frame.index) != list(frame.columns):
        raise FrameError(
            f"frame has {len(frame)} rows and {frame.shape[1]} columns, or other labels there; give what `similarity` returns."
        )
    if len(frame) < 3:
        return list(frame.index)
    tree, distance = average_linkage(frame.to_numpy())
    return list(frame.index[leaves_list(optimal_leaf_ordering(tree, distance))])


def average_linkage(alike: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the tree of average linkage (UPGMA, Sokal & Michener 1958) on 1 - similarity, and the distances, one for each pair."""
    distance = np.round(1 - (alike + alike.T) / 2, 9)
    np.fill_diagonal(distance, 0)
    condensed = squareform(np.maximum(distance, 0), checks=False)
    return linkage(condensed, "average"), condensed
