"""Bootstrap of a network beside rebuilding its counts with combinations and a Counter; pairs of plans; a large map, in seconds.

From the project's root: `.venv/bin/python tests/benchmarks/bench_networks.py [--plans N] [--terms N]`.
"""

import argparse
import time
from collections import Counter
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd

import policylab as plab


def main() -> None:
    """Time both ways on plans of random words and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=150, help="plans of 100 items (default: %(default)s)")
    parser.add_argument("--terms", type=int, default=250, help="terms of the network (default: %(default)s)")
    wanted = parser.parse_args()
    counts = random_counts(wanted.plans, wanted.terms)
    plain = min(timed(rebuilt, counts, seed)[0] for seed in range(3))
    print(f"{plain:9.3f} s  one resample, combinations and a Counter over {counts.shape[0]:,} items")
    for unit in ("item", "both"):
        seconds, graph = timed(plab.edge_support, counts, unit=unit, n_boot=1000)
        print(f"{seconds:9.3f} s  edge_support, 1000 resamples of plans, unit {unit}, {plain * 1000 / seconds:,.0f} times as fast; {graph}")
    seconds, _ = timed(plab.edge_support, counts, unit="item", by="item", n_boot=1000)
    print(f"{seconds:9.3f} s  edge_support, 1000 resamples of items, {plain * 1000 / seconds:,.0f} times as fast")
    graph = plab.backbone(plab.cooccurrence(counts))
    print(f"{timed(plab.communities, graph)[0]:9.3f} s  communities")
    large, groups = blocks()
    seconds, places = timed(plab.network_layout, large, communities=groups)
    print(f"{seconds:9.3f} s  network_layout; {large}")
    for most in (60, len(large)):
        seconds, _ = timed(plab.plot_network, large, communities=groups, positions=places, max_nodes=most)
        print(f"{seconds:9.3f} s  plot_network, at most {most:,} of its nodes drawn")
    seconds, pairs = timed(plab.compare_plans, counts)
    print(f"{seconds:9.3f} s  compare_plans, {len(pairs):,} pairs with 200 stand-ins a plan")


def random_counts(n_plans: int, n_terms: int) -> plab.TermMatrix:
    """Give items of about 20 terms whose frequencies fall as ranks rise, five items to a block."""
    rng = np.random.default_rng(0)
    n, share = n_plans * 100, 1 / np.arange(5, n_terms + 5)
    X = (rng.random((n, n_terms)) < np.minimum(1, 20 * share / share.sum())).astype(int)
    plan = np.arange(n) // 100
    docs = pd.DataFrame({"plan": [f"p{p:03d}" for p in plan], "place": [f"p{p // 10:02d}" for p in plan], "year": 2015 + plan % 10})
    docs["block"], docs["item"] = [str(i // 5) for i in range(n)], [f"i{i:06d}" for i in range(n)]
    return plab.TermMatrix(X, docs.rename("i{:06d}".format), [f"t{t:04d}" for t in range(n_terms)])


def blocks(n_terms: int = 2000, n_ties: int = 8000, n_blocks: int = 20) -> tuple[nx.Graph, dict[str, int]]:
    """Give a network most of whose ties join terms of one block, and the blocks."""
    rng = np.random.default_rng(0)
    graph = nx.Graph()
    graph.add_nodes_from((f"t{t:04d}", {"n_items": 4000 // (t + 5) + 2}) for t in range(n_terms))
    a, anyone = rng.integers(n_terms, size=(2, n_ties))
    b = np.where(rng.random(n_ties) < 0.85, anyone // n_blocks * n_blocks + a % n_blocks, anyone)
    for i, j, weight in zip(a.tolist(), b.tolist(), rng.uniform(0.1, 0.6, n_ties).tolist(), strict=True):
        graph.add_edge(f"t{i:04d}", f"t{j:04d}", weight=weight)
    return graph, {f"t{t:04d}": 1 + t % n_blocks for t in range(n_terms)}


def rebuilt(counts: plab.TermMatrix, seed: int) -> Counter:
    """Draw plans and count pairs of terms anew."""
    terms = [counts.terms[row.indices].tolist() for row in counts.X]
    plans = counts.docs.groupby("plan").indices
    drawn = np.random.default_rng(seed).choice(sorted(plans), len(plans))
    start = time.perf_counter()
    found = Counter(pair for plan in drawn for item in plans[plan] for pair in combinations(terms[item], 2))
    found["seconds"] = time.perf_counter() - start
    return found


def timed(function, *arguments, **settings):
    """Run a function and give its seconds and its result."""
    start = time.perf_counter()
    result = function(*arguments, **settings)
    if isinstance(result, Counter):
        return result["seconds"], result
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main()
