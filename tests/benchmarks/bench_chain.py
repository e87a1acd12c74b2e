"""Seconds for each step of the chain on a simulated panel, beside reading the same characters plainly; `make bench` runs it with the others."""

import argparse
import re
import tempfile
import time
from pathlib import Path

import policylab as plab


def main() -> None:
    """Time the chain and print a line for each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=8, help="districts beside the city, 1 to 12 (default: %(default)s)")
    parser.add_argument("--years", type=int, default=10, help="years of each (default: %(default)s)")
    wanted = parser.parse_args()
    simulated = plab.simulate_plans(n_places=wanted.places, years=range(2025 - wanted.years, 2025)).plans
    with tempfile.TemporaryDirectory() as folder:
        for plan, rows in simulated.items.groupby("plan"):
            lines = rows["marker"] + rows["text"]
            Path(folder, f"{plan}.txt").write_text("\n".join(lines), encoding="utf-8")
        step("plain reading and one regular expression", plain, folder)
        plans = step("read_plans", plab.read_plans, folder)
    units = step("body", plab.body, plans.items)
    print(f"  {len(plans.documents)} plans, {len(units)} units, {units['text'].str.len().sum():,} characters")
    counts = step("count_terms", plab.count_terms, plans.items, words=plab.Words(), min_items=3)
    print(f"  {len(counts.terms):,} terms, {counts.X.sum():,} words")
    topics = step("fit_topics", plab.fit_topics, counts, n_topics=12)
    step("topic_shares", plab.topic_shares, topics, by=["place"])
    step("similarity of plans", plab.similarity, counts.group("plan"))
    step("item_ledger", plab.item_ledger, plans.items)
    graph = step("cooccurrence", plab.cooccurrence, counts)
    core = step("backbone", plab.backbone, graph)
    step("communities", plab.communities, core, seed=0)
    step("keyness", plab.keyness, counts, target={"year": 2024})


def step(name, function, *arguments, **settings):
    """Run a step, print its seconds and give its result."""
    start = time.perf_counter()
    result = function(*arguments, **settings)
    print(f"{time.perf_counter() - start:9.3f} s  {name}", flush=True)
    return result


def plain(folder):
    """Read a folder of text files as plainly as can be, the yardstick for `read_plans`."""
    numbers = re.compile(r"(?m)^\s*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])")
    return sum(len(numbers.findall(path.read_text(encoding="utf-8"))) for path in sorted(Path(folder).iterdir()))


if __name__ == "__main__":
    main()
