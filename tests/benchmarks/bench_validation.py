"""Coverage of 95 % intervals of differences, corrected by codings and not: labels that err otherwise in each group, and fitted topics."""

import argparse

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

import policylab as plab
from policylab.matrix import TermMatrix
from policylab.validation import corrected_shares
from policylab.validation.sampling import draw

CLASSES = ("校舍", "师资", "安全", "德育")
MEANS = {2023: np.array([0.4, 0.3, 0.2, 0.1]), 2024: np.array([0.3, 0.3, 0.2, 0.2])}
ACCURACY = {2023: 0.74, 2024: 0.6}  # and a quarter of the errors hit by chance: right in .8 and .7
TAKEN_FOR = {2023: 0, 2024: 3}  # the class that half of a group's errors fall on, so that errors do not cancel out
N_UNITS = 40  # of a plan


def main() -> None:
    """Print a line for each number of plans and codings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=300, help="simulations for each line (default: %(default)s)")
    parser.add_argument("--fits", type=int, default=60, help="simulations with fitted topics (default: %(default)s)")
    wanted = parser.parse_args()
    print("labels        plans  codings  right  DSL    half width  uncorrected  Rogan-Gladen   (goal of DSL: at least .90)")
    for labels, make, draws in (("err by group", panel, wanted.draws), ("NMF topics", fitted, wanted.fits)):
        for sizes in ((2, 3), (10, 10)):
            for n in (80, 120, 200):
                row = coverage(make, sizes, n, draws)
                print(f"{labels:12s}  {sum(sizes):5d}  {n:7d}  {row['right']:.2f}   {row['dsl']:.3f}  {row['width']:.3f}       ", end="")
                print(f"{row['uncorrected']:.3f}        {row['rogan-gladen']:.3f}", flush=True)


def coverage(make, sizes, n, draws) -> dict[str, float]:
    """How often intervals hold the difference that was planted, by method."""
    rng, held = np.random.default_rng([*sizes, n]), []
    truth = dict(zip(CLASSES, MEANS[2024] - MEANS[2023], strict=True))
    for seed in range(draws):
        docs, truly, machine = make(sizes, rng)
        codings = coded(docs, truly, machine, n, seed)
        row = {"right": (truly == machine).mean()}
        for method in ("dsl", "rogan-gladen"):
            found = corrected_shares(codings, docs=docs, labels=machine, target={"year": 2024}, method=method, min_codings=1)
            row[method] = inside(found, truth)
            row.setdefault("width", ((found["high"] - found["low"]) / 2).mean())
        row["uncorrected"] = inside(uncorrected(docs, machine), truth)
        held.append(row)
    return pd.DataFrame(held).mean().to_dict()


def plans_of(sizes, rng):
    """Units of plans that vary about their group's shares (Dirichlet), and the class of each."""
    years = np.repeat([2024] * sizes[0] + [2023] * sizes[1], N_UNITS)
    plans = np.repeat([f"区{i}" for i in range(sum(sizes))], N_UNITS)
    docs = pd.DataFrame({"plan": plans, "place": plans, "year": years}, index=[f"{p}#{i:04d}" for i, p in enumerate(plans)])
    shares = {p: rng.dirichlet(20 * MEANS[y]) for p, y in docs.drop_duplicates("plan")[["plan", "year"]].to_numpy()}
    return docs, np.concatenate([rng.choice(4, N_UNITS, p=share) for share in shares.values()])


def panel(sizes, rng):
    """What units are and what a machine says that errs more often, and towards another class, in one of the years."""
    docs, truly = plans_of(sizes, rng)
    other = np.where(rng.random(len(docs)) < 0.5, docs["year"].map(TAKEN_FOR), rng.integers(4, size=len(docs)))
    machine = np.where(rng.random(len(docs)) < docs["year"].map(ACCURACY), truly, other)
    return docs, named(truly, docs), named(machine, docs)


def fitted(sizes, rng):
    """What units are and their strongest topic, named by the class it holds most of: short texts, three quarters of them filler."""
    docs, truly = plans_of(sizes, rng)
    order = np.lexsort((truly, np.repeat(np.arange(sum(sizes)), N_UNITS)))  # what is alike stands together, as in plans
    truly = truly[order]
    docs = docs.assign(block=[str(i // 4) for i in range(len(docs))], section="一", n_chars=30)
    words = rng.dirichlet(np.full(300, 0.2), size=5)
    X = np.array([rng.multinomial(12, 0.25 * words[c] + 0.75 * words[4]) for c in truly])
    topics = plab.fit_topics(TermMatrix(csr_array(X), docs, pd.Index([f"w{i:03d}" for i in range(300)])), n_topics=4, n_refits=0)
    strongest = topics.shares.to_numpy().argmax(axis=1)
    held = {t: np.bincount(truly[strongest == t], minlength=4).argmax() for t in np.unique(strongest)}
    return docs, named(truly, docs), named([held[t] for t in strongest], docs)


def named(classes, docs) -> pd.Series:
    """Names of classes, as a Series over the units."""
    return pd.Series([CLASSES[c] for c in classes], index=docs.index)


def coded(docs, truly, machine, n, seed) -> pd.DataFrame:
    """Codings of a sample as `read_coding` gives them; strata are year and label."""
    drawn = draw(docs["year"].astype(str) + " · " + machine, n=n, seed=seed).rename_axis("item_id")
    drawn = drawn.assign(coder="coder1", code=truly.reindex(drawn.index), label=machine.reindex(drawn.index))
    return drawn.reset_index()


def uncorrected(docs, machine) -> pd.DataFrame:
    """What `topic_effects` says of the machine's labels."""
    shares = pd.DataFrame({c: (machine == c).astype(float) for c in CLASSES})
    return plab.topic_effects(type("Labelled", (), {"docs": docs, "shares": shares}), target={"year": 2024})


def inside(found, truth) -> float:
    """Share of the classes whose interval holds the truth."""
    planted = found["topic"].map(truth)
    return float(((found["low"] <= planted) & (planted <= found["high"])).mean())


if __name__ == "__main__":
    main()
