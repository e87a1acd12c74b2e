"""The planted truth as tables, joined to the items that the reader of plans gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from policylab.errors import PolicylabError
from policylab.items import body
from policylab.simulate.bank import STAGES, Bank, Setting
from policylab.simulate.layout import Page
from policylab.simulate.panel import Course
from policylab.simulate.places import FALLING, OWN, RISING
from policylab.simulate.planted import Piece, Planted, share_kept, shown
from policylab.simulate.tables import COLUMNS, typed

COPIED, ADAPTED = 0.80, 0.25


@dataclass(frozen=True)
class Standing:
    """An item as it stands in a plan: its id, the plan's place and year, what was planted and its text piece by piece."""

    item_id: str
    plan: str
    place: str
    year: int
    item: Planted
    text: dict[Piece, tuple[str, ...]]

    @property
    def words(self) -> str:
        """The text in one string."""
        return "".join(slot for slots in self.text.values() for slot in slots)


def standing(course: Course, pages: list[Page], items: pd.DataFrame, bank: Bank, years: list[int]) -> list[dict[str, Standing]]:
    """Find a place's planted items among the items read: for each year, by lineage.

    Raises
    ------
    PolicylabError
        If a plan was read otherwise than it was planted.
    """
    place = course.place
    found = []
    for step, (plan, page, year) in enumerate(zip(course.plans, pages, years, strict=True)):
        rows = items[(items["place"] == place.name) & (items["year"] == year)]
        _check_as_planted(rows, page, f"{place.name}-{year}")
        setting = Setting(place.level, step, place.scale)
        found.append(
            {
                item.lineage: Standing(item_id, plan_name, place.name, year, item, shown(item, bank, setting))
                for item_id, plan_name, item in zip(rows.index, rows["plan"], plan, strict=True)
            }
        )
    return found


def _check_as_planted(rows: pd.DataFrame, page: Page, plan: str) -> None:
    if len(rows) != len(page.items):
        raise PolicylabError(
            f"{plan}: {len(page.items)} items were planted and {len(rows)} read; the layout in bank/places.toml is at odds."
        )
    for row, planted in zip(rows.itertuples(), page.items, strict=True):
        if (row.marker, row.section, _letters(row.text)) != (planted.marker, planted.section, _letters(planted.words)):
            raise PolicylabError(f"{row.Index}: read {row.marker}{row.text[:30]!r}, planted {planted.marker}{planted.words[:30]!r}.")


def _letters(text: str) -> str:
    return re.sub(r"[\s。]", "", text)


def make_truth(
    courses: list[Course], pages: list[list[Page]], items: pd.DataFrame, bank: Bank, years: list[int]
) -> dict[str, pd.DataFrame]:
    """Make all truth tables; the first course is the city's."""
    units = body(items)
    stood = [standing(course, page, units, bank, years) for course, page in zip(courses, pages, strict=True)]
    tables = {
        "items": [row for plans, printed in zip(stood, pages, strict=True) for row in _items(plans, printed, bank)],
        "lineage": [row for course, plans in zip(courses, stood, strict=True) for row in _lineage(course, plans)],
        "origins": list(_origins(stood)),
        "shares": (shares := [row for course, plans in zip(courses, stood, strict=True) for row in _shares(course, plans, bank, years)]),
        "trends": list(_trends(courses, pd.DataFrame(shares), bank)),
        "ladder": sorted((row for plans in stood for row in _ladder(plans, bank)), key=lambda r: (r["place"], r["object"], r["year"])),
    }
    return {table: typed(pd.DataFrame(rows, columns=list(COLUMNS[table])).round(4), table) for table, rows in tables.items()}


def _items(plans: list[dict[str, Standing]], pages: list[Page], bank: Bank) -> Iterator[dict]:
    for plan, page in zip(plans, pages, strict=True):
        for unit, printed in zip(plan.values(), page.items, strict=True):
            theme = bank.theme(unit.item.theme)
            yield {
                "item_id": unit.item_id, "plan": unit.plan, "place": unit.place, "year": unit.year, "marker": printed.marker,
                "item_no": printed.number, "section_no": printed.section_no, "section": printed.section, "theme": theme.key,
                "theme_zh": theme.name, "theme_en": theme.name_en, "lineage": unit.item.lineage,
                "measures": "+".join(sorted(unit.item.measures)), "n_chars": len(unit.words),
            }  # fmt: skip


def _lineage(course: Course, plans: list[dict[str, Standing]]) -> Iterator[dict]:
    for links, before, after in zip(course.links, plans, plans[1:], strict=False):
        order = {name: i for i, name in enumerate([*before, *after])}
        years = next(iter(before.values())).year, next(iter(after.values())).year
        for link in sorted(links, key=lambda x: (x.before is None, order.get(x.before or "", 0), order.get(x.after or "", 0))):
            a, b = before.get(link.before or ""), after.get(link.after or "")
            some = a or b
            yield {
                "place": course.place.name, "year_before": years[0], "year_after": years[1], "before_id": a.item_id if a else pd.NA,
                "after_id": b.item_id if b else pd.NA, "status": link.status, "theme": some.item.theme if some else pd.NA,
                "lineage_before": link.before or pd.NA, "lineage_after": link.after or pd.NA, "edited": link.strength or pd.NA,
                "share_kept": share_kept(b.text, a.text, common=True) if a and b else float("nan"),
                "moved": a.item.section != b.item.section if a and b else pd.NA,
                "numbers_changed": _digits(a.words) != _digits(b.words) if a and b else pd.NA,
            }  # fmt: skip


def _digits(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:\.\d+)?", text))


def _origins(stood: list[list[dict[str, Standing]]]) -> Iterator[dict]:
    """For each item of a district, the item of the city's plans up to the same year that most of its characters come from."""
    city, *districts = stood
    for plans in districts:
        for step, plan in enumerate(plans):
            for unit in plan.values():
                alike = [x for above in city[: step + 1] for x in above.values() if x.item.measures & unit.item.measures]
                source = _closest(unit, alike)
                share = share_kept(unit.text, source.text, common=False) if source else 0.0
                source = source if share >= ADAPTED else None
                yield {
                    "item_id": unit.item_id, "place": unit.place, "year": unit.year, "copied_share": share,
                    "origin": "copied" if share >= COPIED else "adapted" if source else "unmatched",
                    "source_id": source.item_id if source else pd.NA, "source_plan": source.plan if source else pd.NA,
                }  # fmt: skip


def _closest(unit: Standing, above: list[Standing]) -> Standing | None:
    """The item that most of a unit's characters come from, of equal ones the latest."""
    return max(above, key=lambda x: (share_kept(unit.text, x.text, common=False), x.year), default=None)


def _shares(course: Course, plans: list[dict[str, Standing]], bank: Bank, years: list[int]) -> Iterator[dict]:
    for planned, plan, year in zip(course.shares, plans, years, strict=True):
        for theme in bank.themes:
            n = sum(unit.item.theme == theme.key for unit in plan.values())
            yield {
                "place": course.place.name, "year": year, "theme": theme.key, "theme_zh": theme.name, "theme_en": theme.name_en,
                "planned": planned[theme.key], "n_items": n, "share": n / len(plan),
            }  # fmt: skip


def _trends(courses: list[Course], shares: pd.DataFrame, bank: Bank) -> Iterator[dict]:
    for key, pattern in ((RISING, "rising"), (FALLING, "falling"), (OWN, "steady")):
        theme = bank.theme(key)
        for course in courses:
            here = shares[(shares["place"] == course.place.name) & (shares["theme"] == key)]
            first, last = here.iloc[0], here.iloc[-1]
            yield {
                "theme": key, "theme_zh": theme.name, "theme_en": theme.name_en, "place": course.place.name,
                "pattern": "own way" if course.place.own_way else pattern,
                "planned_first": first["planned"], "planned_last": last["planned"], "planned_change": last["planned"] - first["planned"],
                "share_first": first["share"], "share_last": last["share"], "change": last["share"] - first["share"],
            }  # fmt: skip


def _ladder(plans: list[dict[str, Standing]], bank: Bank) -> Iterator[dict]:
    for plan in plans:
        for unit in plan.values():
            stage = unit.item.stage
            if stage is not None:
                thing = "".join(bank.template(unit.item.lineage, -1).show(replace(Setting(), stage=stage))[1:])
                yield {
                    "place": unit.place, "object": thing, "theme": unit.item.theme, "year": unit.year, "stage": stage + 1,
                    "verb": STAGES[stage], "item_id": unit.item_id,
                }  # fmt: skip
