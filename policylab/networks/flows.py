"""From one period to the next: which themes share terms, by how much more than chance, and in how many resamples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from policylab.networks.overlaps import between, by_chance, held, shared
from policylab.networks.stages import Match, Stage

HOLDS, LEVEL = 0.5, 0.05  # a flow holds in at least half of the resamples, and is above chance at this q


@dataclass(frozen=True)
class Passage:
    """Two consecutive periods.

    Attributes
    ----------
    before, after : Stage
        The periods.
    support : ndarray
        Theme before × theme after: share of resamples in which the themes that match the two hold together.
    ends, appears : ndarray
        Share of resamples in which a theme before (after) is found again, and holds to no theme of the other period.
    """

    before: Stage
    after: Stage
    support: np.ndarray
    ends: np.ndarray
    appears: np.ndarray

    @classmethod
    def of(cls, stages: tuple[Stage, Stage], drawn: list[list[np.ndarray]], matches: list[list[Match]], least: float) -> Passage:
        """Count over resamples; `drawn` has the themes of both periods in each, `matches` what they are of the themes there are."""
        together, ends, appears = [], [], []
        for one, two, (first, _), (last, _) in zip(*drawn, *matches, strict=True):
            holds = held(one, two, least)
            together.append(between(holds, first, last))
            ends.append(_alone(np.any(holds, axis=1), first))
            appears.append(_alone(np.any(holds, axis=0), last))
        return cls(*stages, *(np.mean(found, axis=0) for found in (together, ends, appears)))

    def flows(self, least: float) -> pd.DataFrame:
        """Give a row for each pair of themes that share a term, in the order of their numbers; one holds from `least` inclusion on."""
        before, after = self.before, self.after
        both, inclusion, jaccard = shared(before.members, after.members)
        chance, q = by_chance(before.members, after.members, before.present & after.present)
        i, j = np.nonzero(both)
        table = pd.DataFrame({**_ends("before", before, i), **_ends("after", after, j), "n_shared": both[i, j].astype(np.int64)})
        table = table.assign(inclusion=inclusion[i, j], jaccard=jaccard[i, j], support=self.support[i, j], chance=chance[i, j], q=q[i, j])
        table["above_chance"] = table["q"] < LEVEL
        table["holds"] = table["above_chance"] & (table["inclusion"] >= least - 1e-9) & (table["support"] >= HOLDS)
        table["terms"] = ["、".join(self._commonest(row)) for row in before.members[i] * after.members[j]]
        return table.astype({"terms": "str"})

    def _commonest(self, row: np.ndarray) -> list[str]:
        """Give the terms shared, those in most items of both periods first."""
        terms = [self.before.vocabulary[at] for at in np.flatnonzero(row)]
        n_items = {t: self.before.graph.nodes[t]["n_items"] + self.after.graph.nodes[t]["n_items"] for t in terms}
        return sorted(terms, key=lambda t: (-n_items[t], t))


def _alone(tied: np.ndarray | np.bool, match: np.ndarray) -> np.ndarray:
    """Tell which themes were found again and hold to nothing."""
    return (match >= 0) & ~np.append(tied, True)[match]


def _ends(side: str, stage: Stage, at: np.ndarray) -> dict[str, object]:
    numbers, labels, sizes = np.array(stage.numbers(), dtype=np.int64), np.array(stage.labels, dtype=object), stage.members.sum(axis=1)
    return {
        f"period_{side}": pd.array([stage.name] * len(at), dtype="str"),
        f"theme_{side}": numbers[at],
        f"label_{side}": pd.array(labels[at], dtype="str"),
        f"n_terms_{side}": sizes[at].astype(np.int64),
    }
