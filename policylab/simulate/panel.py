"""The panel's course: which items stand in which plan, and what became of each from year to year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from policylab.simulate.bank import Bank, Measure
from policylab.simulate.dice import Dice
from policylab.simulate.edits import STRENGTHS, can_merge, can_split, merge, new_item, revise, split, take_over
from policylab.simulate.places import Place, item_counts, planned_shares
from policylab.simulate.planted import Planted

N_CLIMBING = 3
_P_KEPT, _P_MOVED, _P_COPIED = 0.35, 0.04, 0.6
_SMALLEST, _LARGEST = 0.76, 1.36  # of the mean number of items


@dataclass(frozen=True)
class Link:
    """What became of an item: its lineage before and after, the status, and how heavily it was edited."""

    before: str | None
    after: str | None
    status: str
    strength: str = ""


@dataclass
class Course:
    """A place over the years: its plans, the links between them, the shares meant, what was taken from the city."""

    place: Place
    plans: list[list[Planted]] = field(default_factory=list)
    links: list[list[Link]] = field(default_factory=list)
    shares: list[dict[str, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Rates:
    """How the panel moves: items a plan, change of share, share of items that end each year, share of new items from the city."""

    n_items: int
    trend: float
    turnover: float
    taken: float


def follow(place: Place, bank: Bank, *, n_years: int, rates: Rates, seed: int, city: Course | None) -> Course:
    """Give a place's plans over the years; a district takes some of its new items from the city's plan of this or last year."""
    dice = Dice(seed, place.number)
    course = Course(place, shares=planned_shares(place, bank, dice, n_years=n_years, trend=rates.trend))
    size = rates.n_items * dice.between(0.85, 1.15)
    climbing = _climbing(place, bank, dice, n_years=n_years)
    used: list[set[str]] = []
    for step in range(n_years):
        dice = Dice(seed, place.number, step)
        n_items = int(min(max(size * dice.between(0.92, 1.08), _SMALLEST * rates.n_items), _LARGEST * rates.n_items))
        counts = item_counts(course.shares[step], n_items, dice)
        stages = {key: stage for key, path in climbing.items() if (stage := path[step]) is not None}
        year = _Year(course, bank, dice, step, rates, stages, city, used)
        items, links = year.carried(counts)
        items, links = year.filled(items, links, counts)
        course.plans.append(sorted(items, key=lambda item: item.section))
        if step:
            course.links.append(links)
        used.append(set().union(*(item.measures for item in items)))
    return course


def _climbing(place: Place, bank: Bank, dice: Dice, *, n_years: int) -> dict[str, list[int | None]]:
    """Give the objects that climb in a place: the stage in each year, none before the first; one rests at a stage for a year."""
    able = [m.key for theme in bank.themes for m in theme.measures if m.climbs and m.level == place.level]
    paths = {}
    for number, key in enumerate(dice.some(able, N_CLIMBING)):
        start, rest = number % 2, 1 + int(dice.between(0, 3))
        stages = [min(3, i - (number == 0 and i > rest)) for i in range(n_years - start)]
        paths[key] = [None] * start + stages
    return paths


@dataclass
class _Year:
    """One place in one year: carries last year's items over, then fills the themes up to their counts."""

    course: Course
    bank: Bank
    dice: Dice
    step: int
    rates: Rates
    stages: dict[str, int]
    city: Course | None
    used: Sequence[set[str]]

    def carried(self, counts: dict[str, int]) -> tuple[list[Planted], list[Link]]:
        """Decide on each of last year's items: kept, revised, split, merged or dropped."""
        if not self.step:
            return [], []
        before = self.course.plans[-1]
        ending = self._ending(before, counts)
        links = [Link(item.lineage, None, "dropped") for item in before if item.lineage in ending]
        items: list[Planted] = []
        left = [item for item in before if item.lineage not in ending]
        parted = {x.lineage for x in self.dice.some([x for x in left if can_split(x, self.bank)], 1 + self.dice.chance(0.5))}
        joined = self._pairs([x for x in left if x.lineage not in parted])
        for item in left:
            if item.lineage in parted:
                halves = split(item, self.bank)
                items += halves
                links += [Link(item.lineage, half.lineage, "split") for half in halves]
            elif item.lineage in joined:
                first, second = joined[item.lineage]
                whole = merge(first, second)
                items += [whole] if item == first else []
                links.append(Link(item.lineage, whole.lineage, "merged"))
            else:
                item, link = self._survivor(item)
                items.append(item)
                links.append(link)
        return items, links

    def _ending(self, before: list[Planted], counts: dict[str, int]) -> set[str]:
        """The lineages that end: some by chance, more where their theme must shrink; what climbs never ends."""
        ending: set[str] = set()
        for theme in self.bank.themes:
            items = [x for x in before if x.theme == theme.key]
            mortal = self.dice.shuffled([x for x in items if x.stage is None])
            n = sum(self.dice.chance(self.rates.turnover) for _ in mortal)
            ending |= {x.lineage for x in mortal[: max(n, len(items) - max(1, counts[theme.key]))]}
        return ending

    def _pairs(self, items: list[Planted]) -> dict[str, tuple[Planted, Planted]]:
        """A pair that merges, now and then two, by the lineage of either."""
        joined: dict[str, tuple[Planted, Planted]] = {}
        most = 2 + 2 * self.dice.chance(0.3)
        for a in self.dice.shuffled(items):
            partner = next((b for b in items if b != a and b.lineage not in joined and can_merge(a, b)), None)
            if partner and a.lineage not in joined and len(joined) < most:
                pair = (a, partner) if items.index(a) < items.index(partner) else (partner, a)
                joined |= {a.lineage: pair, partner.lineage: pair}
        return joined

    def _survivor(self, item: Planted) -> tuple[Planted, Link]:
        """An item that lives on, kept or revised, now and then in another section."""
        after = item
        strength = "" if self.dice.chance(_P_KEPT) else self.dice.pick(list(STRENGTHS))
        if strength:
            after = revise(item, self.bank, self.dice, strength=strength)
        if item.stage is not None:
            after = replace(after, stage=self.stages[item.lineage])
        elif self.dice.chance(_P_MOVED):
            after = replace(after, section=self.dice.pick([x.section for x in self.course.plans[-1]]))
        status = "revised" if strength or after.stage != item.stage else "kept"
        return after, Link(item.lineage, after.lineage, status, strength or ("stage" if status == "revised" else ""))

    def filled(self, items: list[Planted], links: list[Link], counts: dict[str, int]) -> tuple[list[Planted], list[Link]]:
        """Add what is new: first what begins to climb, then items from the city's plan or of the place's own."""
        for theme in self.bank.themes:
            here = {x.lineage for x in items}
            for measure in theme.measures:
                if measure.key in self.stages and measure.key not in here:
                    items = self._placed(items, self._own(measure, theme.key, self.stages[measure.key]))
            for _ in range(counts[theme.key] - sum(x.theme == theme.key for x in items)):
                new = self._new(theme.key, items)
                items = self._placed(items, new) if new else items
        known = {link.after for link in links}
        return items, [*links, *(Link(None, x.lineage, "new") for x in items if x.lineage not in known)]

    def _placed(self, items: list[Planted], item: Planted) -> list[Planted]:
        """Put a new item behind the last of its theme in its section, or of its section."""
        same = [i for i, x in enumerate(items) if x.section == item.section and x.theme == item.theme]
        place = (same or [i for i, x in enumerate(items) if x.section == item.section] or [len(items) - 1])[-1] + 1
        return [*items[:place], item, *items[place:]]

    def _own(self, measure: Measure, theme: str, stage: int | None = None) -> Planted:
        place = self.course.place
        section = place.section_of(theme)
        return new_item(measure, self.bank.theme(theme), self.bank, self.dice, section=section, level=place.level, stage=stage)

    def _new(self, theme: str, items: list[Planted]) -> Planted | None:
        place = self.course.place
        busy = set().union(*(x.measures for x in items), *self.used[-1:])
        if self.city and self.dice.chance(self.rates.taken * (0.15 if place.own_way else 1)):
            above = [x for plan in self.city.plans[max(0, self.step - 1) : self.step + 1] for x in plan]
            offered = [x for x in above if x.theme == theme and x.whole and x.stage is None and not x.measures & busy]
            if offered:
                source = self.dice.pick(offered)
                section, copied = place.section_of(theme), self.dice.chance(_P_COPIED)
                return take_over(source, self.bank.theme(theme), self.bank, self.dice, section=section, copied=copied)
        fresh = self._fresh(theme, busy)
        return self._own(fresh, theme) if fresh else None

    def _fresh(self, theme: str, busy: set[str]) -> Measure | None:
        """A measure that the place has not used, or not for at least a year; none where the bank is used up."""
        level = self.course.place.level
        free = [m for m in self.bank.theme(theme).measures if m.level == level and not m.climbs and m.key not in busy]
        past = set().union(*self.used)
        best = [m for m in free if m.key not in past] or free
        return self.dice.pick(best) if best else None
