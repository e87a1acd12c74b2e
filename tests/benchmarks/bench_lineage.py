"""The item ledger beside rapidfuzz over the same pairs, shared text and origins, in seconds; many items at once; links under edits.

From the project's root: `.venv/bin/python tests/benchmarks/bench_lineage.py [--places N] [--years N] [--plans N] [--items N] [--data FOLDER]`.
"""

import argparse
import itertools
import re
import resource
import time
from dataclasses import replace

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

import policylab as plab
from policylab.simulate.bank import Setting, load_bank
from policylab.simulate.dice import Dice
from policylab.simulate.edits import new_item
from policylab.simulate.planted import reworded, shown

SHORT = 110  # characters
EDITED = (0, 0.2, 0.4, 0.6, 0.8, 0.9)  # share of an item's clauses
N_ITEMS, DROPPED, SAME_THEME = 60, 0.2, 0.7


def main() -> None:
    """Time each function on a simulated panel and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=4, help="districts beside the city, 1 to 12 (default: %(default)s)")
    parser.add_argument("--years", type=int, default=6, help="years of each (default: %(default)s)")
    parser.add_argument("--plans", type=int, default=10, help="plans for each strength of edits (default: %(default)s)")
    parser.add_argument("--items", type=int, default=5000, help="items of each of two large plans (default: %(default)s)")
    parser.add_argument("--data", help="a folder of plans instead of simulated ones; the first place's are then taken for the upstream")
    wanted = parser.parse_args()
    simulated = plab.simulate_plans(n_places=wanted.places, years=range(2025 - wanted.years, 2025)).plans
    plans = plab.read_plans(wanted.data, errors="report") if wanted.data else simulated
    units = plab.body(plans.items)
    seconds, ledger = min((timed(plab.item_ledger, plans.items) for _ in range(3)), key=lambda run: run[0])
    print(f"{seconds:9.3f} s  item_ledger, {len(ledger):,} rows of {len(units):,} units")
    for scorer in (fuzz.ratio, fuzz.partial_ratio):
        other, n_pairs = timed(compared, units, scorer)
        print(f"{other:9.3f} s  rapidfuzz's {scorer.__name__} over the same {n_pairs:,} pairs, {other / seconds:.1f} times as long")
    print(f"{timed(plab.item_chains, ledger)[0]:9.3f} s  item_chains")
    print(f"{timed(plab.turnover, ledger, by=['place', 'year', 'section'])[0]:9.3f} s  turnover by place, year and section")
    seconds, passages = timed(plab.shared_text, plans.items)
    print(f"{seconds:9.3f} s  shared_text, {len(passages):,} passages")
    city = sorted(plans.documents["place"].dropna().unique())[0]
    upstream = plans.documents.loc[plans.documents["place"] == city, "plan"].tolist()
    print(f"{timed(plab.origins, plans.items, upstream=upstream)[0]:9.3f} s  origins, {len(upstream)} upstream plans")
    seconds, n = timed(two_large_plans, wanted.items)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{seconds:9.3f} s  match_items of {wanted.items:,} items and as many, {n:,} pairs; peak of the process so far {peak:.1f} GB")
    print("clauses edited   all items: precision recall   at most 110 characters: precision recall (.95 and .85 at 80 %)")
    for edited in EDITED:
        every, short = found_again(edited, wanted.plans)
        print(f"{edited:14.0%}   {every[0]:20.3f} {every[1]:6.3f}   {short[0]:34.3f} {short[1]:6.3f}")


def found_again(edited, n_plans):
    """Give precision and recall of the links over plans whose next year is known: of all items, and of those that were short."""
    found, true = set(), set()
    for seed in range(n_plans):
        before, after, pairs = next_year(edited, Dice(seed))
        ledger = plab.item_ledger(pd.concat([before, after])).dropna(subset=["before_id", "after_id"])
        length = before["text"].str.len()
        found |= {(seed, a, b, length[a] <= SHORT) for a, b in zip(ledger["before_id"], ledger["after_id"], strict=True)}
        true |= {(seed, a, b, length[a] <= SHORT) for a, b in pairs}
    return [rates(found, true), rates({p for p in found if p[-1]}, {p for p in true if p[-1]})]


def rates(found, true):
    """Give precision and recall."""
    return len(found & true) / len(found), len(found & true) / len(true)


def next_year(edited, dice):
    """Give a plan, the next one and the pairs of ids that belong together: clauses edited, items dropped, others in their place."""
    bank = load_bank()
    measures = dice.shuffled([(theme, measure) for theme in bank.themes for measure in theme.measures])
    old, unused = measures[:N_ITEMS], measures[N_ITEMS:]
    before, after, kept = [], [], []
    for number, (theme, measure) in enumerate(old):
        item = new_item(measure, theme, bank, dice, section=1, level="区")
        item = replace(item, sentences=item.sentences[: dice.pick(range(1, 6))])
        before.append("".join(clauses(item, bank, step=0)))
        if dice.chance(DROPPED):
            alike = [pair for pair in unused if pair[0] is theme] if dice.chance(SAME_THEME) else unused
            unused.remove(chosen := dice.pick(alike or unused))
            after.append("".join(clauses(new_item(*chosen[::-1], bank, dice, section=1, level="区"), bank, step=1)))
        else:
            other = new_item(dice.pick([m for m in theme.measures if m is not measure]), theme, bank, dice, section=1, level="区")
            after.append(with_edits(item, clauses(other, bank, step=1), edited, bank, dice))
            kept.append(number)
    order = dice.shuffled(range(N_ITEMS))
    place = {number: at for at, number in enumerate(order)}
    sides = plan_of(before, 2023), plan_of([after[n] for n in order], 2024)
    return *sides, [(sides[0].index[n], sides[1].index[place[n]]) for n in kept]


def clauses(item, bank, *, step):
    """Give the clauses of an item in some year, the title's first."""
    title, *sentences = ("".join(slots) for slots in shown(item, bank, Setting(step=step)).values())
    return re.findall("[^，。；]+[，。；]?", f"{title}。{''.join(sentences)}")


def with_edits(item, others, edited, bank, dice):
    """Give an item a year on, a share of its clauses left out, worded anew or replaced by those of another measure of its theme."""
    anew = replace(item, title=reworded(item.title), sentences=tuple(reworded(piece) for piece in item.sentences))
    text = ""
    for same, other in zip(*(clauses(i, bank, step=1) for i in (item, anew)), strict=True):
        text += dice.pick(["", other, dice.pick(others)]) if dice.chance(edited) else same
    return text or dice.pick(others)


def plan_of(texts, year):
    """Give an items frame of one plan."""
    facts = {"plan": f"甲区-{year}", "series": "工作要点", "place": "甲区", "year": year, "section": "工作", "kind": "item", "part": "plan"}
    return pd.DataFrame({**facts, "text": texts}, index=[f"甲区-{year}#{n:03d}" for n in range(1, len(texts) + 1)])


def timed(function, *arguments, **settings):
    """Run a function and give its seconds and its result."""
    start = time.perf_counter()
    result = function(*arguments, **settings)
    return time.perf_counter() - start, result


def compared(units, scorer):
    """Score all pairs of items of a place's neighbouring years; give their number."""
    n_pairs = 0
    for _, place in units.groupby(["series", "place"]):
        years = [year["text"].tolist() for _, year in place.groupby("year")]
        for before, after in itertools.pairwise(years):
            n_pairs += process.cdist(before, after, scorer=scorer, workers=1).size
    return n_pairs


def two_large_plans(n):
    """Match n items of eight clauses drawn at random with the same items, their clauses in another order; give the number of pairs."""
    bank, dice, rng = load_bank(), Dice(0), np.random.default_rng(0)
    pool = [
        clause
        for theme in bank.themes
        for m in theme.measures
        for clause in clauses(new_item(m, theme, bank, dice, section=1, level="区"), bank, step=0)
    ]
    drawn = rng.integers(0, len(pool), (n, 8))
    before, after = (["".join(pool[c] for c in row) for row in rows] for rows in (drawn, rng.permuted(drawn, axis=1)))
    return len(plab.match_items(plan_of(before, 2023), plan_of(after, 2024)))


if __name__ == "__main__":
    main()
