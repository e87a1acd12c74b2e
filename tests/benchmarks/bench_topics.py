"""Topics: time beside bare TF-IDF and NMF, coverage of intervals, and the number of topics chosen on simulated corpora; `make bench` runs it."""

import argparse
import time
import types
import warnings

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

import policylab as plab
from policylab.matrix import TermMatrix


def main() -> None:
    """Print a line for each measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=400, help="simulations for each coverage (default: %(default)s)")
    parser.add_argument("--corpora", type=int, default=4, help="simulated corpora for each number of topics (default: %(default)s)")
    wanted = parser.parse_args()
    speed()
    peers()
    for sizes in ((2, 3), (10, 10), (30, 30)):
        print(f"coverage of 95 % intervals, {sizes[0]} plans against {sizes[1]}: {coverage(sizes, wanted.draws):.3f} (.93 to .98)")
    errors = [abs(chosen(n, seed) - n) for n in (6, 10, 14) for seed in range(wanted.corpora)]
    print(f"number of topics, 6, 10 and 14 planted: mean error {np.mean(errors):.2f} (at most 1.5)")


def speed() -> None:
    """Seconds of one fit on a corpus of 150 plans, beside the bare tools on the same tokens and blocks."""
    counts = corpus(12, 0, n_plans=150)
    block = pd.factorize(counts.docs["plan"] + counts.docs["block"])[0]
    terms = counts.terms.to_numpy()
    units = [np.repeat(terms[counts.X[[i]].indices], counts.X[[i]].data).tolist() for i in range(counts.shape[0])]
    blocks = [[] for _ in range(block.max() + 1)]
    for b, tokens in zip(block, units, strict=True):
        blocks[b] += tokens

    def bare() -> None:
        tfidf = TfidfVectorizer(analyzer=list, sublinear_tf=True)
        NMF(12, init="nndsvda", random_state=0, max_iter=2000).fit(tfidf.fit_transform(blocks)).transform(tfidf.transform(units))

    theirs = min(seconds(bare) for _ in range(3))
    for what, n_refits in (("one fit", 0), ("one fit and ten refits", 10)):
        taken = min(seconds(lambda n=n_refits: plab.fit_topics(counts, n_topics=12, n_refits=n)) for _ in range(3))
        print(
            f"fit_topics, {counts.shape[0]:,} units, {what}: {taken:.2f} s, {taken / theirs:.2f} x TfidfVectorizer and NMF (1.3 for one fit)"
        )


def seconds(task) -> float:
    """How long a task takes."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def peers() -> None:
    """Agreement with the planted topic of each unit: NMF and the consensus of LDA chains, beside one run of scikit-learn's LDA."""
    warnings.simplefilter("ignore")
    for n_plans in (4, 12):
        counts = corpus(10, 1, n_plans=n_plans)
        planted = counts.settings["planted"]
        ours = {m: plab.fit_topics(counts, n_topics=10, n_refits=0, method=m).shares.to_numpy() for m in ("nmf", "lda")}
        block = pd.factorize(counts.docs["plan"] + counts.docs["block"])[0]
        blocks = csr_array((np.ones(len(block)), (block, np.arange(len(block))))) @ counts.X
        one = LatentDirichletAllocation(10, random_state=0).fit(blocks).transform(counts.X)
        scores = {
            name: adjusted_mutual_info_score(planted, s.argmax(axis=1)) for name, s in {**ours, "one run of scikit-learn": one}.items()
        }
        print(f"planted topics found, {n_plans} plans: " + ", ".join(f"{name} {score:.2f}" for name, score in scores.items()))


def coverage(sizes, draws) -> float:
    """How often the interval of a difference holds the truth: plans differ by a beta-binomial, the groups by nothing."""
    rng, held = np.random.default_rng(sum(sizes)), 0
    for _ in range(draws):
        level = rng.beta(2, 18, size=sum(sizes))
        units = np.repeat(level, 40)
        plan = np.repeat([f"区{i}" for i in range(sum(sizes))], 40)
        docs = pd.DataFrame({"plan": plan, "year": np.repeat([2024] * sizes[0] + [2023] * sizes[1], 40)})
        shares = pd.DataFrame({"教育": (rng.random(len(units)) < units).astype(float)})
        effect = plab.topic_effects(types.SimpleNamespace(docs=docs, shares=shares), target={"year": 2024}).iloc[0]
        held += effect["low"] <= 0 <= effect["high"]
    return held / draws


def chosen(n_topics, seed) -> float:
    """Middle of the recommended numbers of topics on a simulated corpus."""
    choice = plab.choose_n_topics(corpus(n_topics, seed), candidates=range(3, 19))
    return float(choice.loc[choice["recommended"], "n_topics"].median())


def corpus(n_topics, seed, n_plans=12) -> TermMatrix:
    """Counts of plans whose blocks are drawn from topics that overlap (Dirichlet over 1,500 words)."""
    rng = np.random.default_rng(seed)
    topics = 0.8 * rng.dirichlet(np.full(1500, 0.03), size=n_topics) + 0.2 * rng.dirichlet(np.full(1500, 0.3))
    rows, docs, planted = [], [], []
    for plan in range(n_plans):
        for block, topic in enumerate(rng.permutation(n_topics)):
            for _ in range(4):
                other = rng.integers(n_topics)
                rows.append(rng.multinomial(60, 0.8 * topics[topic] + 0.2 * topics[other]))
                planted.append(int(topic))
                docs.append({"plan": f"区{plan}-2024", "place": f"区{plan}", "section": "一", "block": str(block), "n_chars": 200})
    frame = pd.DataFrame(docs, index=[f"{i:05d}" for i in range(len(docs))])
    return TermMatrix(csr_array(np.array(rows)), frame, pd.Index([f"w{i:04d}" for i in range(1500)]), {"planted": planted})


if __name__ == "__main__":
    main()
