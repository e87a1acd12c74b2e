"""Plans of a fictional city with a known truth: made in memory, or written as the demo panel."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from policylab.errors import ArgumentError
from policylab.plans import Plans, read_plans
from policylab.simulate.bank import Bank, load_bank
from policylab.simulate.files import write_docx, write_text
from policylab.simulate.layout import Page, printed
from policylab.simulate.panel import Course, Rates, follow
from policylab.simulate.places import MAX_PLACES, Place, load_places
from policylab.simulate.tables import write_truth
from policylab.simulate.truth import make_truth

FICTIONAL = "虚构示例"
_N_ITEMS, _TREND = (20, 40), 0.2
_METADATA = ["source", "place", "year", "series", "level", "parent", "fictional"]


@dataclass(frozen=True)
class Simulation:
    """Simulated plans and what was planted in them.

    Attributes
    ----------
    plans : Plans
        As `read_plans` read them from the files written.
    truth : dict of DataFrame
        `items` (theme and lineage of each item), `lineage` (what became of each from year to year), `origins` (what districts took
        from the city's plans), `shares` and `trends` (how much of each plan its themes take), `ladder` (objects that climb 探索 →
        试点 → 推进 → 深化). data/README.md describes every column.
    """

    plans: Plans
    truth: dict[str, pd.DataFrame]


def simulate_plans(
    *,
    n_places: int = 4,
    years: Iterable[int] = range(2020, 2025),
    seed: int = 0,
    n_items: int = 33,
    trend: float = 0.12,
    turnover: float = 0.18,
    taken: float = 0.5,
) -> Simulation:
    """Make yearly education work plans of a fictional city and its districts, with a known truth (虚构示例).

    For teaching, for tests, and to see what a study of this size could find: the plans are written to a temporary folder as their
    places print them and read back with `read_plans`, so that everything after reading works as on real plans.

    Parameters
    ----------
    n_places : int
        Districts, 1 to 12; the city's education commission comes on top. From two districts on, one goes its own way.
    years : iterable of int
        The years of the plans, one plan a place and year, each year following the one before.
    seed : int
        Same seed, same bytes.
    n_items : int
        Mean number of numbered items of a plan, 20 to 40.
    trend : float
        By how much the share of the rising theme grows from the first year to the last, and that of the falling theme shrinks (0 to 0.2).
    turnover : float
        Chance that an item ends from one year to the next (0 to 1); more end where a theme shrinks.
    taken : float
        Share of a district's new items that come from the city's plan of the same or the previous year (0 to 1).

    Returns
    -------
    Simulation
        `.plans` and `.truth`.

    Raises
    ------
    ArgumentError
        If an argument is out of its range.

    Examples
    --------
    >>> simulation = simulate_plans(n_places=1, years=[2023, 2024], n_items=20)
    >>> simulation.plans.documents["place"].tolist()
    ['云澜市', '云澜市', '望溪区', '望溪区']
    >>> simulation.truth["items"].index.isin(simulation.plans.items.index).all()
    np.True_
    """
    years = _checked(list(years), n_places, n_items, trend=trend, turnover=turnover, taken=taken)
    rates = Rates(n_items, trend, turnover, taken)
    with tempfile.TemporaryDirectory() as folder:
        return _simulate(Path(folder), n_places, years, seed, rates)


def _checked(years: list[int], n_places: int, n_items: int, **shares: float) -> list[int]:
    if not 1 <= n_places <= MAX_PLACES:
        raise ArgumentError(f"n_places={n_places!r}: there are names for 1 to {MAX_PLACES} districts; give a number in that range.")
    if not years or any(after - before != 1 for before, after in pairwise(years)):
        raise ArgumentError(f"years={years!r}: give years that follow each other, such as range(2020, 2025).")
    if not _N_ITEMS[0] <= n_items <= _N_ITEMS[1]:
        raise ArgumentError(
            f"n_items={n_items!r}: the bank of measures is enough for a mean of {_N_ITEMS[0]} to {_N_ITEMS[1]} items a plan."
        )
    for name, value in shares.items():
        most = _TREND if name == "trend" else 1
        if not 0 <= value <= most:
            raise ArgumentError(f"{name}={value!r}: give a share from 0 to {most}.")
    return years


def _simulate(folder: Path, n_places: int, years: list[int], seed: int, rates: Rates) -> Simulation:
    """Plant, write to `folder`, read, and join what was planted to what was read."""
    bank = load_bank()
    places, note = load_places(n_places)
    courses: list[Course] = []
    for place in places:
        city = courses[0] if courses else None
        courses.append(follow(place, bank, n_years=len(years), rates=rates, seed=seed, city=city))
    pages = [_pages(course, bank, years, note) for course in courses]
    sources = [
        _write(folder, course.place, page, year=year, step=step)
        for course, course_pages in zip(courses, pages, strict=True)
        for step, (page, year) in enumerate(zip(course_pages, years, strict=True))
    ]
    metadata = _metadata(places, years, sources)
    plans = read_plans(folder, metadata=metadata)
    return Simulation(plans, make_truth(courses, pages, plans.items, bank, years))


def _pages(course: Course, bank: Bank, years: list[int], note: str) -> list[Page]:
    plans = zip(course.plans, years, strict=True)
    return [printed(course.place, items, bank, year=year, step=step, note=note) for step, (items, year) in enumerate(plans)]


def _write(folder: Path, place: Place, page: Page, *, year: int, step: int) -> str:
    """Write a plan as PLACE/YEAR.txt or .docx and give its path in the folder."""
    (folder / place.name).mkdir(parents=True, exist_ok=True)
    text, word = (folder / place.name / f"{year}{suffix}" for suffix in (".txt", ".docx"))
    text.unlink(missing_ok=True)
    word.unlink(missing_ok=True)
    if step in place.style["docx"]:
        write_docx(word, page.lines, headings=page.headings)
        return word.relative_to(folder).as_posix()
    write_text(text, page.lines, crlf=step in place.style.get("crlf", []))
    return text.relative_to(folder).as_posix()


def _metadata(places: list[Place], years: list[int], sources: list[str]) -> pd.DataFrame:
    city = places[0].name
    rows = [
        {
            "place": place.name,
            "year": year,
            "series": "教育委员会工作要点" if place.level == "市" else "教育局工作要点",
            "level": place.level,
            "parent": "" if place.level == "市" else city,
            "fictional": FICTIONAL,
        }
        for place in places
        for year in years
    ]
    return pd.DataFrame(rows).assign(source=sources)[_METADATA]


def write_demo(folder: str | Path) -> Simulation:
    """Write the demo panel anew: `demo/` (25 plans), `demo-truth/` (what was planted) and its rows of `metadata.csv`.

    Rows of `metadata.csv` about other plans stay as they are. The bytes are the same at every run.

    Parameters
    ----------
    folder : path
        Such as `data`; made where it is missing.

    Returns
    -------
    Simulation
        What was written, as read back.
    """
    folder = Path(folder)
    demo = folder / "demo"
    demo.mkdir(parents=True, exist_ok=True)
    simulation = _simulate(demo, 4, list(range(2020, 2025)), 0, Rates(33, 0.12, 0.18, 0.5))
    write_truth(simulation.truth, folder / "demo-truth")
    _write_metadata(folder / "metadata.csv", simulation.plans.documents)
    return simulation


def _write_metadata(path: Path, documents: pd.DataFrame) -> None:
    rows = documents[_METADATA].astype("str")
    rows["source"] = "demo/" + rows["source"]
    if path.is_file():
        there = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
        rows = pd.concat([there[~there["source"].str.startswith("demo/")], rows])
    rows.fillna("").to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")
