"""Shares of one class against the rest, corrected by the machine's sensitivity and specificity (Rogan & Gladen 1978)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from policylab.inference import Contrast, Level
from policylab.validation.design_based import Coded

N_DRAWS = 4000
_LEAST = 0.05  # of sensitivity + specificity − 1, below which a correction would rest on nothing


@dataclass(frozen=True)
class Rates:
    """Sensitivity and specificity of the machine for each class, and their draws over resampled codings (draw × class)."""

    sensitivity: np.ndarray
    specificity: np.ndarray
    drawn_sensitivity: np.ndarray
    drawn_specificity: np.ndarray
    rng: np.random.Generator

    @property
    def youden(self) -> np.ndarray:
        """Sensitivity + specificity − 1; missing where the machine is hardly better than chance."""
        value = self.sensitivity + self.specificity - 1
        return np.where(value >= _LEAST, value, np.nan)

    @property
    def drawn_youden(self) -> np.ndarray:
        """The same for each draw, held away from 0, where shares would be without bounds."""
        return np.maximum(self.drawn_sensitivity + self.drawn_specificity - 1, _LEAST / 5)

    def share(self, apparent: np.ndarray) -> np.ndarray:
        """Give the corrected share: (apparent + specificity − 1) / (sensitivity + specificity − 1), within 0–1."""
        return np.clip((apparent + self.specificity - 1) / self.youden, 0, 1)

    def level_interval(self, level: Level, interval: float) -> tuple[np.ndarray, np.ndarray]:
        """Interval of a share, over plans (their t distribution) and codings (resampled)."""
        apparent = level.mean + level.error * self._t(np.maximum(level.df, 1))
        return self._ends((apparent + self.drawn_specificity - 1) / self.drawn_youden, interval, 0)

    def contrast_interval(self, contrast: Contrast, interval: float) -> tuple[np.ndarray, np.ndarray]:
        """Interval of a difference, over plans (their t distribution) and codings (resampled)."""
        return self._ends((contrast.difference + contrast.error * self._t(contrast.df)) / self.drawn_youden, interval, -1)

    def _t(self, df: np.ndarray) -> np.ndarray:
        return self.rng.standard_t(df, size=(N_DRAWS, len(df)))

    def _ends(self, drawn: np.ndarray, interval: float, least: float) -> tuple[np.ndarray, np.ndarray]:
        drawn = np.where(np.isnan(self.youden), 0, drawn)
        known = ~np.isnan(self.youden) & ~np.isnan(drawn).all(axis=0)
        low, high = np.quantile(np.where(known, np.nan_to_num(drawn), 0), [(1 - interval) / 2, (1 + interval) / 2], axis=0)
        return (np.where(known, np.clip(end, least, 1), np.nan) for end in (low, high))  # type: ignore[return-value]


def rates_of(coded: Coded, seed: int) -> Rates:
    """Estimate the machine's sensitivity and specificity, each coding weighted by what it stands for."""
    rng = np.random.default_rng(seed)
    weight = np.vstack([coded.weight, _resampled(coded.stratum, rng) * coded.weight])
    machine = coded.machine[coded.rows]
    sensitivity = _share_of(weight, coded.human * machine, coded.human)
    specificity = _share_of(weight, (1 - coded.human) * (1 - machine), 1 - coded.human)
    return Rates(sensitivity[0], specificity[0], sensitivity[1:], specificity[1:], rng)


def _share_of(weight: np.ndarray, right: np.ndarray, all_of_them: np.ndarray) -> np.ndarray:
    total = weight @ all_of_them
    found = np.divide(weight @ right, total, out=np.full_like(total, np.nan), where=total > 1e-9)
    return np.where(np.isnan(found), found[0], found)  # a draw without the class says nothing about it


def _resampled(stratum: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How often each coding counts in each draw: within strata, one less than there are, scaled up (Rao & Wu 1988)."""
    times = np.ones((N_DRAWS, len(stratum)))
    for number in np.unique(stratum):
        mine = np.flatnonzero(stratum == number)
        n = len(mine)
        if n > 1:
            times[:, mine] = rng.multinomial(n - 1, np.full(n, 1 / n), size=N_DRAWS) * n / (n - 1)
    return times
