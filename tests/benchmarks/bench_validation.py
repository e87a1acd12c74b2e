"""Coverage of 95 % intervals of differences, corrected by codings and not: machine labels that err, and otherwise in each group."""

import argparse

import numpy as np
import pandas as pd

import policylab as plab
from policylab.validation import corrected_shares
from policylab.validation.sampling import draw

CLASSES = ("校舍", "师资", "安全", "德育")
MEANS = {2023: np.array([0.4, 0.3, 0.2, 0.1]), 2024: np.array([0.3, 0.3, 0.2, 0.2])}
ACCURACY = {2023: 0.8, 2024: 0.7}
TAKEN_FOR = {2023: 0, 2024: 3}  # the class that half of a group's errors fall on, so that errors do not cancel out
N_UNITS = 40  # of a plan


def main() -> None:
    """Print a line for each number of plans and codings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=300, help="simulations for each line (default: %(default)s)")
    wanted = parser.parse_args()
    print("plans  codings  DSL  its half width  uncorrected  Rogan-Gladen (goal of DSL: at least .90; 95 % intervals of four classes)")
    for sizes in ((2, 3), (10, 10)):
        for n in (80, 120, 200):
            held = coverage(sizes, n, wanted.draws)
            print(f"{sum(sizes):5d}  {n:7d}  {held['dsl']:.3f}  {held['width']:.3f}  {held['uncorrected']:.3f}  {held['rogan-gladen']:.3f}")


def coverage(sizes, n, draws) -> dict[str, float]:
    """How often intervals hold the difference that was planted, by method."""
    rng, held = np.random.default_rng([*sizes, n]), []
    truth = dict(zip(CLASSES, MEANS[2024] - MEANS[2023], strict=True))
    for seed in range(draws):
        docs, truly, machine = panel(sizes, rng)
        codings = coded(docs, truly, machine, n, seed)
        row = {}
        for method in ("dsl", "rogan-gladen"):
            found = corrected_shares(codings, docs=docs, labels=machine, target={"year": 2024}, method=method, min_codings=1)
            row[method] = inside(found, truth)
            row.setdefault("width", ((found["high"] - found["low"]) / 2).mean())
        row["uncorrected"] = inside(uncorrected(docs, machine), truth)
        held.append(row)
    return pd.DataFrame(held).mean().to_dict()


def panel(sizes, rng):
    """Units of plans that vary about their group's shares (Dirichlet), with what they are and what the machine says."""
    years = np.repeat([2024] * sizes[0] + [2023] * sizes[1], N_UNITS)
    plans = np.repeat([f"区{i}" for i in range(sum(sizes))], N_UNITS)
    docs = pd.DataFrame({"plan": plans, "place": plans, "year": years}, index=[f"{p}#{i:04d}" for i, p in enumerate(plans)])
    shares = {p: rng.dirichlet(20 * MEANS[y]) for p, y in docs.drop_duplicates("plan")[["plan", "year"]].to_numpy()}
    truly = np.concatenate([rng.choice(4, N_UNITS, p=share) for share in shares.values()])
    other = np.where(rng.random(len(docs)) < 0.5, pd.Series(years).map(TAKEN_FOR), rng.integers(4, size=len(docs)))
    machine = np.where(rng.random(len(docs)) < pd.Series(years).map(ACCURACY), truly, other)
    return docs, *(pd.Series([CLASSES[c] for c in values], index=docs.index) for values in (truly, machine))


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
