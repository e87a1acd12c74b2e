"""Latent Dirichlet allocation on the same rows: several chains, matched and averaged, because one alone is nearly noise."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.special import psi
from sklearn.decomposition import LatentDirichletAllocation

from policylab.parallel import task_seeds
from policylab.topics.ground import Ground
from policylab.topics.stability import matched

CHAINS, CHAINS_OF_REFIT = 10, 3
WORD_PRIOR, SEED_PRIOR = 0.01, 20.0
_ROUNDS, _SETTLED = 150, 1e-4
_MATCHINGS = 5


def allocate(ground: Ground, chosen: np.ndarray, n_topics: int, seed: int, n_chains: int = CHAINS) -> LatentDirichletAllocation | None:
    """Fit to the counts of the chosen rows; `components_` are the consensus of the chains, as expected counts. None of too few rows."""
    if len(chosen) < n_topics:
        return None
    X, prior = csr_array(ground.counts[chosen]), 1 / n_topics
    chains = [_chain(X, np.full((n_topics, X.shape[1]), WORD_PRIOR), prior, s) for s in task_seeds(seed, n_chains)]
    return _model(_consensus(chains) + WORD_PRIOR, prior, seed)


def allocate_seeded(ground: Ground, chosen: np.ndarray, seeds: np.ndarray, seed: int, n_chains: int) -> LatentDirichletAllocation:
    """Fit with a prior that has seen each seed of a topic (topic × word, weights 0–1) `SEED_PRIOR` times in it; rows without are free.

    The prior tells seeded topics apart from chain to chain; those without seeds are matched as in `allocate`.
    """
    word_prior = WORD_PRIOR + SEED_PRIOR * seeds
    X, prior = csr_array(ground.counts[chosen]), 1 / len(seeds)
    chains = [_chain(X, word_prior, prior, s) for s in task_seeds(seed, n_chains)]
    mean, free = np.mean(chains, axis=0), np.flatnonzero(seeds.sum(axis=1) == 0)
    if len(free) > 1:
        mean[free] = _consensus([chain[free] for chain in chains])
    return _model(mean + word_prior, prior, seed)


def _model(components: np.ndarray, prior: float, seed: int) -> LatentDirichletAllocation:
    model = LatentDirichletAllocation(len(components), doc_topic_prior=prior, topic_word_prior=WORD_PRIOR, random_state=seed)
    model.doc_topic_prior_, model.topic_word_prior_, model.n_features_in_ = prior, WORD_PRIOR, components.shape[1]
    return with_components(model, components)


def with_components(model: LatentDirichletAllocation, components: np.ndarray) -> LatentDirichletAllocation:
    """Set expected counts of each word in each topic, so that `transform` goes by them."""
    model.components_ = components
    model.exp_dirichlet_component_ = np.exp(psi(components) - psi(components.sum(axis=1, keepdims=True)))
    return model


def mixture_of(model: LatentDirichletAllocation, counts: csr_array) -> np.ndarray:
    """Mixture of topics that each unit is; zeros where a unit has no counted word."""
    weights = np.round(model.transform(csr_array(counts, dtype=float)), 10)
    weights[np.asarray(counts.sum(axis=1)).ravel() <= 0] = 0
    return weights


def explained_by(model: LatentDirichletAllocation, counts: csr_array, weights: np.ndarray) -> np.ndarray:
    """Cosine of each unit's counts with what its topics expect."""
    words = model.components_ / model.components_.sum(axis=1, keepdims=True)
    expected = weights @ words
    product = np.asarray((counts.multiply(expected)).sum(axis=1)).ravel()
    length = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel()) * np.sqrt((expected**2).sum(axis=1))
    return np.round(np.divide(product, length, out=np.zeros(len(product)), where=length > 0), 10)


def _chain(X: csr_array, word_prior: np.ndarray, prior: float, seed: int) -> np.ndarray:
    """Expected counts of each word in each topic (topic × word) by CVB0, which does as well as Gibbs sampling (Asuncion et al. 2009)."""
    n_topics, word_prior_sum, word_prior = len(word_prior), word_prior.sum(axis=1), word_prior.T
    entries = X.tocoo()
    row, word, n = entries.row, entries.col, entries.data.astype(float)
    by_row, by_word = (csr_array((n, (at, np.arange(len(n)))), shape=(size, len(n))) for at, size in zip((row, word), X.shape, strict=True))
    share = np.random.default_rng(seed).dirichlet(np.ones(n_topics), len(n)) * word_prior[word]
    share /= share.sum(axis=1, keepdims=True)
    for _ in range(_ROUNDS):
        in_row, in_word = by_row @ share, by_word @ share
        new = (in_row[row] - share + prior) * (in_word[word] - share + word_prior[word]) / (in_word.sum(axis=0) - share + word_prior_sum)
        new = np.maximum(new, 1e-12)
        new /= new.sum(axis=1, keepdims=True)
        moved, share = np.abs(new - share).mean(), new
        if moved < _SETTLED:
            break
    return (by_word @ share).T


def _consensus(chains: list[np.ndarray]) -> np.ndarray:
    """Mean of the chains, their topics matched one to one (Hungarian method on the square roots of the word shares).

    Matching starts from the chain that agrees best with all others.
    """
    roots = [np.sqrt((c + WORD_PRIOR) / (c + WORD_PRIOR).sum(axis=1, keepdims=True)) for c in chains]
    agreement = [sum((one * other[matched(one, other)]).sum() for other in roots) for one in roots]
    centre = roots[int(np.argmax(np.round(agreement, 8)))]
    for _ in range(_MATCHINGS):
        mean = np.mean([chain[matched(centre, root)] for chain, root in zip(chains, roots, strict=True)], axis=0)
        centre = np.sqrt((mean + WORD_PRIOR) / (mean + WORD_PRIOR).sum(axis=1, keepdims=True))
    return mean
