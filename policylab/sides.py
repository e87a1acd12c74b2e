"""Two sides of plans: which plans take part in a test of one side against the other, and what a reader is told of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError
from policylab.permutation import Design

Said = list[tuple[str, str]]


def plans_of_sides(docs: pd.DataFrame, inside: np.ndarray, outside: np.ndarray, *, sizes: np.ndarray) -> pd.DataFrame:
    """Give each plan of each side, sorted: `plan, side` (1 target, 0 reference), `place, size, rows`, `parts` (whether it is on both).

    Plans of size 0 are left out. Parts of one plan are compared within the plan, which then stands as their place; plans of no known place
    are places of their own.

    Raises
    ------
    ArgumentError
        If `docs` has no column `plan`.

    Examples
    --------
    >>> docs = pd.DataFrame({"plan": ["甲-2023", "甲-2024", "乙-2024"], "place": ["甲", "甲", "乙"]})
    >>> sides = plans_of_sides(docs, np.array([False, True, True]), np.array([True, False, False]), sizes=np.ones(3))
    >>> sides[["plan", "side", "place"]].values.tolist()
    [['乙-2024', 1, '乙'], ['甲-2023', 0, '甲'], ['甲-2024', 1, '甲']]
    """
    if "plan" not in docs:
        raise ArgumentError(f"counts.docs has no column 'plan' (it has {', '.join(map(str, docs.columns))}); count items, not groups.")
    rows = pd.DataFrame({"plan": docs["plan"].astype("str").to_numpy(), "row": np.arange(len(inside)), "side": inside.astype(int)})
    rows["place"] = docs["place"].astype("str").to_numpy() if "place" in docs else pd.NA
    rows["place"] = rows["place"].astype("str").fillna(rows["plan"])
    rows["size"] = sizes
    groups = rows[inside | outside].groupby(["plan", "side"], sort=True)
    plans = groups.agg(place=("place", "first"), size=("size", "sum"), rows=("row", list)).reset_index()
    plans = plans[plans["size"] > 0].reset_index(drop=True)
    parts = plans["plan"].duplicated(keep=False)
    return plans.assign(place=plans["place"].where(~parts, plans["plan"]), parts=parts)


def in_the_test(compared: pd.DataFrame) -> tuple[pd.DataFrame, Design]:
    """Leave out what has nothing to be compared with: plans of places on one side only where all such places are on the same side."""
    design = Design.of(compared)
    plans = compared[design.tested].reset_index(drop=True)
    return plans, Design.of(plans)


def said_of_test(plans: pd.DataFrame, design: Design, *, smallest_p: float, what: tuple[str, str], hence: tuple[str, str]) -> Said:
    """Say what was compared with what, who changed sides with whom, and the smallest p there can be.

    All in Chinese and English: `what` can reach it, and what follows for the estimates (`hence`) where places are on both sides.
    """
    n = [int((plans["side"] == s).sum()) for s in (1, 0)]
    said: Said = [(f"{n[0]}份对{n[1]}份", f"{n[0]} plans against {n[1]}")]
    if design.paired and plans["parts"].any():
        said.append(
            (f"{design.paired}份计划两侧都有，只在计划之内比较", f"{design.paired} plan(s) on both sides, compared within the plan")
        )
    elif design.paired:
        pairs = f"{design.paired} place(s) on both sides, compared within the place, {hence[1]}"
        said.append((f"{design.paired}个地区两侧都有，只在地区之内比较，{hence[0]}", pairs))
    if design.clustered:
        said.append(("同一地区在同一侧的各份一同换边", "Plans of one place on one side change sides together"))
    one = [plans.loc[plans["side"] == s, "place"].nunique() == 1 for s in (1, 0)]
    if any(one) and not design.paired and plans["place"].duplicated().any():
        chinese, english = ("目标组", "target") if one[0] else ("参照组", "reference")
        said.append(
            (
                f"{chinese}只有一个地区，p 只说明它的各份是否不同，不说明同类地区是否如此",
                f"The {english} is one place, so p tells whether its plans differ, not whether places like it would",
            )
        )
    return [*said, *_reach(design, smallest_p, what)]


def _reach(design: Design, smallest_p: float, what: tuple[str, str]) -> Said:
    ways = f"{design.n_permutations:,}" if design.n_permutations < 10**12 else f"{float(design.n_permutations):.0e}"
    least = f"{smallest_p:.2g}"
    said = [(f"换边共有{ways}种，p 最小为 {least}", f"The sides can be given out in {ways} ways, so the smallest p is {least}")]
    return [*said, (f"没有{what[0]}能到 .05", f"No {what[1]} can reach .05")] if smallest_p > 0.05 else said


def said_of_left_out(n: int) -> Said:
    """Say how many plans were left out for lack of anything to be compared with."""
    chinese, english = (
        f"另有{n}份的地区只在一侧，没有可比的地区，未计入",
        f"Left out: {n} plan(s) of places on one side only, with no such place on the other side",
    )
    return [(chinese, english)] if n else []


def sentences(said: Said) -> str:
    """Give all that is said, first in Chinese, then on a line of its own in English."""
    return "。".join(chinese for chinese, _ in said) + "。\n" + ". ".join(english for _, english in said) + "."
