"""The item ledger beside a plain overlap of bigram counters over the same pairs, and shared text and origins, in seconds.

From the project's root: `.venv/bin/python tests/benchmarks/bench_lineage.py [--places N] [--years N]`.
"""

import argparse
import itertools
import time
from collections import Counter

import policylab as plab
from policylab.lineage.letters import letters


def main() -> None:
    """Time each function on a simulated panel and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=4, help="districts beside the city, 1 to 12 (default: %(default)s)")
    parser.add_argument("--years", type=int, default=6, help="years of each (default: %(default)s)")
    wanted = parser.parse_args()
    plans = plab.simulate_plans(n_places=wanted.places, years=range(2025 - wanted.years, 2025)).plans
    units = plab.body(plans.items)
    plain_seconds, n_pairs = timed(plain, units)
    print(f"{plain_seconds:9.3f} s  bigram counters over {n_pairs:,} pairs of items, {len(units):,} units")
    seconds, ledger = timed(plab.item_ledger, plans.items)
    print(f"{seconds:9.3f} s  item_ledger, {plain_seconds / seconds:.1f} times as fast; {len(ledger):,} rows")
    print(f"{timed(plab.item_chains, ledger)[0]:9.3f} s  item_chains")
    print(f"{timed(plab.turnover, ledger, by=['place', 'year', 'section'])[0]:9.3f} s  turnover by place, year and section")
    seconds, passages = timed(plab.shared_text, plans.items)
    print(f"{seconds:9.3f} s  shared_text, {len(passages):,} passages")
    city = sorted(plans.documents["place"].unique())[0]
    upstream = plans.documents.loc[plans.documents["place"] == city, "plan"].tolist()
    print(f"{timed(plab.origins, plans.items, upstream=upstream)[0]:9.3f} s  origins, {len(upstream)} upstream plans")


def timed(function, *arguments, **settings):
    """Run a function and give its seconds and its result."""
    start = time.perf_counter()
    result = function(*arguments, **settings)
    return time.perf_counter() - start, result


def plain(units):
    """Compare all items of a place's neighbouring years as plainly as can be; give the number of pairs."""
    words = dict(zip(units.index, letters(units["text"].tolist()).words_only(len(units)), strict=True))
    counters = {i: Counter(w[n : n + 2] for n in range(len(w) - 1)) for i, w in words.items()}
    n_pairs = 0
    for _, place in units.groupby(["series", "place"]):
        years = [counted.index for _, counted in place.groupby("year")]
        for before, after in itertools.pairwise(years):
            for a in before:
                max(((counters[a] & counters[b]).total(), b) for b in after)
            n_pairs += len(before) * len(after)
    return n_pairs


if __name__ == "__main__":
    main()
