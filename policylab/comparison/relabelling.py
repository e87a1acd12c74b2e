"""Labels given out anew among plans: in every way where these are few, else at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import comb, factorial, prod

import numpy as np

EXACT = 20_000


@dataclass(frozen=True, eq=False)
class Relabelling:
    """Which labels change places with which.

    Attributes
    ----------
    label, stratum : ndarray of int
        Of each plan; labels change places within a stratum only.
    n_random : int
        Random orders to draw where there are more than 20,000 ways.
    """

    label: np.ndarray
    stratum: np.ndarray
    n_random: int

    @property
    def _rows(self) -> list[np.ndarray]:
        return [np.flatnonzero(self.stratum == s) for s in np.unique(self.stratum)]

    @property
    def n_ways(self) -> int:
        """In how many ways the labels can be given out.

        Examples
        --------
        >>> Relabelling(np.array([0, 0, 1, 1]), np.zeros(4, dtype=int), 99).n_ways
        6
        """
        return prod(_orders(self.label[rows]) for rows in self._rows)

    @property
    def exact(self) -> bool:
        """Whether all ways are gone through."""
        return self.n_ways <= EXACT

    @property
    def smallest_p(self) -> float:
        """The smallest p that a statistic of who is with whom can reach: groups of the same sizes may swap names and nothing changes.

        Examples
        --------
        >>> round(Relabelling(np.array([0, 0, 1, 1]), np.zeros(4, dtype=int), 99).smallest_p, 3)
        0.333
        """
        sizes = Counter(tuple(int((self.label[rows] == g).sum()) for rows in self._rows) for g in np.unique(self.label))
        return self._reached(prod(factorial(n) for n in sizes.values()) / self.n_ways)

    def smallest_p_of(self, group: int) -> float:
        """The same of a statistic of one group against the rest."""
        return self._reached(1 / prod(comb(len(rows), int((self.label[rows] == group).sum())) for rows in self._rows))

    def _reached(self, share: float) -> float:
        return share if self.exact else max(share, 1 / (self.n_random + 1))

    def ways(self, seed: int) -> np.ndarray:
        """Give the labels of all plans (column) in every way, or in random ones (row)."""
        if not self.exact:
            return self._random(np.random.default_rng(seed))
        given = list(product(*(list(_arrangements(tuple(self.label[rows]))) for rows in self._rows)))
        labels = np.empty((len(given), len(self.label)), dtype=self.label.dtype)
        labels[:, np.concatenate(self._rows)] = [[x for part in way for x in part] for way in given]
        return labels

    def _random(self, rng: np.random.Generator) -> np.ndarray:
        labels = np.empty((self.n_random, len(self.label)), dtype=self.label.dtype)
        for rows in self._rows:
            labels[:, rows] = self.label[rows][rng.random((self.n_random, len(rows))).argsort(axis=1)]
        return labels


def _orders(labels: np.ndarray) -> int:
    return factorial(len(labels)) // prod(factorial(int(n)) for n in np.unique(labels, return_counts=True)[1])


def _arrangements(labels: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Give each different order of labels once."""
    if not labels:
        yield ()
    for first in sorted(set(labels)):
        at = labels.index(first)
        for rest in _arrangements(labels[:at] + labels[at + 1 :]):
            yield (first, *rest)
