"""What becomes of themes from period to period: which go on, split, merge, end or appear, and whether resamples say so too."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from policylab.errors import ArgumentError, EmptyVocabularyError
from policylab.matrix import TermMatrix, need_counts
from policylab.networks.dealt import FEWEST, dealt, ways
from policylab.networks.flows import Passage
from policylab.networks.overlaps import matched
from policylab.networks.periods import Periods, split_periods
from policylab.networks.resampling import enough_draws
from policylab.networks.stages import Match, Stage, stage_of
from policylab.parallel import task_seeds

PLACES = 3  # so many with plans in all periods, and places are drawn
WORLDS, DRAWS, LEVEL = 10, 20, 0.95  # in which nothing changes, resamples of each, and themes that do not exceed `lost` there


@dataclass(frozen=True, eq=False)
class Evolution:
    """Themes of each period, and how they go on in the next.

    Attributes
    ----------
    flows : DataFrame
        A row for each pair of themes of consecutive periods that share a term: `period_before, theme_before, label_before,
        n_terms_before`, the same of `after`, `n_shared`, `inclusion`, `jaccard`, `support` (share of resamples in which the flow holds),
        `chance` (mean inclusion if memberships were shuffled), `q`, `above_chance` (q under .05), `holds` (above chance, with an inclusion
        of at least `min_inclusion` and a support of at least .5), `terms` (those shared, in most items first).
    themes : DataFrame
        A row for each theme: `period, theme, label, n_terms, n_items` (items with two of its terms or more), `n_plans` (with such an
        item), `centrality, density, quadrant` (as in `theme_map`; missing where a period has one theme), `stability` (mean Jaccard of its
        terms with its match in resamples), `appears, ends` (share of resamples in which nothing of the period before, or after, shares
        enough with it; missing in the first, or last), `lost` (what only one theme of twenty exceeds had nothing changed: the 95 %
        quantile of `appears` and `ends` over the period's themes where plans are dealt to the periods at random, those of a place among
        themselves; missing where there are fewer than 20 ways to deal them), `terms` (its most central first). Say only of a theme
        whose `appears` or `ends` exceeds `lost` that it appears or ends. It ends where its words no longer go together; what it was
        about may go on in other words.
    communities : DataFrame
        Term × period: number of the community; missing where the term stands in no item (so `Int64`; ``communities[period].dropna()``
        goes with the network of the period). Those of two terms or more are themes.
    settings : dict
        What made it.
    notes : list of str
        What was left out, and how resamples were drawn.
    """

    flows: pd.DataFrame
    themes: pd.DataFrame
    communities: pd.DataFrame
    settings: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def theme_evolution(
    counts: TermMatrix,
    *,
    periods: Periods,
    measure: str = "npmi",
    unit: str = "both",
    neighbours: int | None = None,
    by: str | None = None,
    min_inclusion: float = 0.5,
    n_boot: int = 100,
    seed: int = 0,
) -> Evolution:
    """Follow themes from period to period by the terms they share, and tell which flows are more than chance.

    In each period the terms that occur are tied and parted into communities: its themes. Two themes of consecutive periods are compared by
    the inclusion index |A ∩ B| / min(|A|, |B|) and the Jaccard index |A ∩ B| / |A ∪ B| (Cobo, López-Herrera, Herrera-Viedma & Herrera 2011,
    Journal of Informetrics 5: 146–166). Small themes have large inclusion by chance, so it is told what dealing the terms to themes of
    the same sizes gives (hypergeometric), and q over all pairs of two periods. Then plans are drawn anew within each period and the themes
    found again: a flow holds in a resample where the themes that match its two (one to one, by Jaccard) share at least `min_inclusion` of
    the smaller one, and two terms. A resample holds about two thirds of the plans, so support is rather too low than too high: in
    the demo panel with its years dealt at random, where nothing changes, a flow holds for about two themes of three. That no flow holds
    says nothing yet; `ends` and `appears` do, where they exceed `lost`.

    Parameters
    ----------
    counts : TermMatrix
        Counts of terms or of codebook themes in items; one vocabulary for all periods, best of a few hundred terms. `docs` has `year`.
    periods : dict, list of int, or int
        ``{"2020–2021": [2020, 2021], "2022–2024": range(2022, 2025)}``; or the first year of each period; or how many periods the years
        there are make.
    measure, unit, neighbours
        As in `cooccurrence` and `backbone`.
    by : str, optional
        What is drawn: `place`, the same places in all periods, for a place's plans of consecutive periods are not independent; or
        `plan`. Without it places where at least three have plans in all periods, else plans. Of a single plan the items are drawn (and
        only they are windows): variation within this plan.
    min_inclusion : float
        From which inclusion on a flow holds, also in a resample; above 0, at most 1.
    n_boot : int
        Resamples, at least 20.
    seed : int
        Of the draws and the communities.

    Returns
    -------
    Evolution
        `.flows, .themes, .communities, .settings, .notes`.

    Raises
    ------
    TooFewPlansError
        If fewer than two periods have plans.
    ArgumentError
        If `periods` has another form or overlaps, another argument is not allowed, or as in `cooccurrence`.
    FrameError
        If `docs` has no `plan` or `year`.

    Examples
    --------
    >>> names = [f"{place}-{year}" for year in (2023, 2024) for place in "甲乙丙丁" for _ in range(4)]
    >>> docs = pd.DataFrame({"plan": names, "place": [n[0] for n in names], "year": [int(n[2:]) for n in names]})
    >>> rows = [[1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1]] * 8
    >>> counts = TermMatrix(rows, docs.rename("i{}".format), ["体育", "美育", "劳动", "食堂", "营养", "采购"])
    >>> found = theme_evolution(counts, periods=2, unit="item", n_boot=20)
    >>> found.flows[["label_before", "label_after", "n_shared", "inclusion", "support"]].values.tolist()
    [['体育·劳动·美育', '体育·劳动·美育', 3, 1.0, 1.0], ['营养·采购·食堂', '营养·采购·食堂', 3, 1.0, 1.0]]
    """
    need_counts(counts)
    enough_draws(n_boot)
    if isinstance(min_inclusion, bool) or not 0 < min_inclusion <= 1:
        raise ArgumentError(f"min_inclusion={min_inclusion!r} must lie above 0 and be at most 1, such as 0.5.")
    masks, notes = split_periods(counts.docs, periods)
    by = _drawn_by(counts.docs, masks, by)
    counts = _whole(counts, by)
    made: dict[str, Any] = {"measure": measure, "unit": unit, "neighbours": neighbours, "by": by, "seed": seed}
    stages, passages, matches = _followed(counts, masks, made, min_inclusion, n_boot)
    themes = pd.concat([stage.themes(found) for stage, found in zip(stages, matches, strict=True)], ignore_index=True)
    themes = themes.assign(**_fates(stages, passages))
    themes["lost"] = themes["period"].map(_lost(counts, masks, made, min_inclusion))
    made |= {"min_inclusion": min_inclusion, "n_boot": n_boot, "resampled": {s.name: s.tally.what for s in stages}}
    return Evolution(
        flows=pd.concat([passage.flows(min_inclusion) for passage in passages], ignore_index=True),
        themes=themes[[*themes.columns.drop("terms"), "terms"]],
        communities=pd.DataFrame({s.name: s.groups.reindex(s.vocabulary).astype("Int64") for s in stages}).rename_axis("term"),
        settings={"periods": {s.name: sorted({int(y) for y in s.counts.docs["year"]}) for s in stages}, **made},
        notes=[*notes, *_said(stages, by), *_said_of_lost(themes)],
    )


def _followed(
    counts: TermMatrix, masks: dict[str, np.ndarray], made: dict[str, Any], least: float, n_boot: int
) -> tuple[list[Stage], list[Passage], list[list[Match]]]:
    """Find the themes of each period, what becomes of them, and what resamples have of them."""
    stages = [stage_of(name, counts.where(mask), sorted(counts.terms), **made) for name, mask in masks.items()]
    drawn = _drawn(stages, measure=made["measure"], paired=made["by"] != "plan", n_boot=n_boot, seed=made["seed"])
    matches = [[matched(stage.members, one) for one in found] for stage, found in zip(stages, drawn, strict=True)]
    passages = [Passage.of(pair, drawn[i : i + 2], matches[i : i + 2], least) for i, pair in enumerate(pairwise(stages))]
    return stages, passages, matches


def _lost(counts: TermMatrix, masks: dict[str, np.ndarray], made: dict[str, Any], least: float) -> dict[str, float]:
    """Give, for each period, the share of resamples in which only one theme of twenty appears or ends where plans are dealt to periods."""
    found: dict[str, list[np.ndarray]] = {name: [] for name in masks}
    if ways(counts.docs, masks) < FEWEST:
        return dict.fromkeys(found, np.nan)
    for one in task_seeds(made["seed"], WORLDS):
        with suppress(EmptyVocabularyError):  # a period that was dealt plans without a term
            stages, passages, _ = _followed(counts, dealt(counts.docs, masks, one), {**made, "seed": one}, least, DRAWS)
            fates, at = _fates(stages, passages), np.cumsum([0, *(len(stage.members) for stage in stages)])
            for stage, (start, end) in zip(stages, pairwise(at), strict=True):
                found[stage.name] += [fates["appears"][start:end], fates["ends"][start:end]]
    shares = {name: np.concatenate([*parts, [np.nan]]) for name, parts in found.items()}
    shares = {name: share[~np.isnan(share)] for name, share in shares.items()}
    return {name: float(np.quantile(share, LEVEL, method="higher")) if len(share) else np.nan for name, share in shares.items()}


def _drawn_by(docs: pd.DataFrame, masks: dict[str, np.ndarray], by: str | None) -> str:
    """Give what is drawn: places where enough have plans in all periods, unless the caller says otherwise."""
    if by is not None:
        if by not in docs:
            raise ArgumentError(f"by={by!r}: docs has no such column; it has {', '.join(docs.columns)}.")
        return by
    if "place" not in docs:
        return "plan"
    return "place" if len(set.intersection(*(set(docs["place"][mask].dropna()) for mask in masks.values()))) >= PLACES else "plan"


def _whole(counts: TermMatrix, by: str) -> TermMatrix:
    """Fill what is drawn where it is not known: a plan without a place stands for itself."""
    value = counts.docs[by].astype("str")
    return replace(counts, docs=counts.docs.assign(**{by: value.where(value.notna(), counts.docs["plan"].astype("str"))}))


def _drawn(stages: list[Stage], *, measure: str, paired: bool, n_boot: int, seed: int) -> list[list[np.ndarray]]:
    """Give the themes of each period in each resample; where places are drawn, the same ones in all periods."""
    first, *seeds = task_seeds(seed, 1 + 2 * len(stages))
    names = _names(stages)
    n = max(len(names), 1)
    together = np.random.default_rng(first).multinomial(n, np.full(n, 1 / n), size=n_boot).astype(float)
    found = []
    for stage, one, two in zip(stages, seeds[::2], seeds[1::2], strict=True):
        own = [names.index(name) for name in stage.tally.names]
        weights = together[:, own] if paired and own else stage.tally.draws(n_boot, one)
        found.append(stage.drawn(weights, measure=measure, seed=two))
    return found


def _names(stages: list[Stage]) -> list[str]:
    """Give the plans or places that are drawn in any period; none where each period has a single one."""
    return sorted({name for stage in stages for name in stage.tally.names})


def _fates(stages: list[Stage], passages: list[Passage]) -> dict[str, np.ndarray]:
    """Give the shares of resamples in which each theme appears or ends; unknown in the first, or last, period."""
    unknown = [np.full(len(stage.members), np.nan) for stage in stages]
    return {
        "appears": np.concatenate([unknown[0], *(passage.appears for passage in passages)]),
        "ends": np.concatenate([*(passage.ends for passage in passages), unknown[-1]]),
    }


def _said(stages: list[Stage], by: str) -> list[str]:
    """Say how resamples were drawn, and which periods have no theme."""
    notes = []
    if n := len(_names(stages)):
        chinese, english = ("各时期分别抽取计划", "Plans are drawn in each period by itself")
        if by != "plan":
            chinese, english = (
                f"各时期抽取同样的{'地区' if by == 'place' else by}（共 {n} 个）",
                f"The same {by}s are drawn in all periods ({n})",
            )
        notes.append(f"{chinese}。{english}.")
    for stage in stages:
        if not stage.tally.names:
            notes.append(
                f"{stage.name} 只有一个单位可抽，改抽其条目，只表示其内部的变动。"
                f"{stage.name}: {stage.tally.what} are drawn; that is variation within it."
            )
        if 0 < (n := len(stage.tally.names)) < PLACES:
            notes.append(f"{stage.name} 只有 {n} 个单位可抽，支持度说明不了多少。{stage.name}: {n} to draw from; support says little.")
        if not len(stage.members):
            notes.append(f"{stage.name} 没有两词以上的主题。No theme of two terms or more in {stage.name}.")
    return notes


def _said_of_lost(themes: pd.DataFrame) -> list[str]:
    """Say where no theme can be told to appear or to end."""
    if not themes["lost"].isna().any():
        return []
    return [
        "计划太少，无从得知若无变化会有多少主题像是新现或消失（`lost` 空缺），不要说某个主题新现或消失。"
        "Too few plans to tell how many themes would seem to appear or end had nothing changed (no `lost`): say of none that it did."
    ]
