"""Chance from one seed: every draw rests on uniform numbers alone, which stay the same over versions of numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Thing = TypeVar("Thing")


class Dice:
    """Draws from a seed and the numbers of what they are for (place, year), so that one place's draws never move another's."""

    def __init__(self, *seed: int):
        self._random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(list(seed))))

    def between(self, low: float, high: float) -> float:
        """Give a number between two numbers."""
        return low + (high - low) * float(self._random.random())

    def chance(self, p: float) -> bool:
        """Give True with probability p."""
        return self.between(0, 1) < p

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Give one of the things."""
        return things[int(self.between(0, len(things)))]

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """Give the things in another order."""
        keys = [self.between(0, 1) for _ in things]
        return [things[i] for i in sorted(range(len(things)), key=keys.__getitem__)]

    def some(self, things: Sequence[Thing], n: int) -> list[Thing]:
        """Give n of the things (all where there are fewer), in their own order."""
        chosen = sorted(self.shuffled(range(len(things)))[:n])
        return [things[i] for i in chosen]
