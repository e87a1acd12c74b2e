"""A plan as the lines that its place prints: title, preamble, sections, numbered items, closing, who issued it and when."""

from __future__ import annotations

from dataclasses import dataclass

from policylab.plans.numerals import to_chinese
from policylab.simulate.bank import Bank, Setting
from policylab.simulate.places import Place
from policylab.simulate.planted import Planted, shown

_LATE = 3  # from this year on a section bears its second title


@dataclass(frozen=True)
class Page:
    """A plan ready to print: its lines; which of them are headings; and for each item its marker, section and words, in order."""

    lines: list[str]
    headings: set[int]
    items: list[PrintedItem]


@dataclass(frozen=True)
class PrintedItem:
    """An item as printed: marker, outline number, section number and title, and its title and body without responsible units."""

    marker: str
    number: int
    section_no: int
    section: str
    words: str


def printed(place: Place, items: list[Planted], bank: Bank, *, year: int, step: int, note: str) -> Page:
    """Lay a plan out as its place does; `step` counts the years from the first plan."""
    style = place.style
    facts = {"place": place.name, "year": year, "n": step + 1, "month": style["month"], "day": 4 + (year * 7 + place.number * 5) % 23}
    lines = [style["attachment"]] if "attachment" in style else []
    headings = {len(lines)}
    lines.append(style["title"].format(**facts))
    if "doc_number" in style:
        lines.append(style["doc_number"].format(**facts))
    lines += [paragraph.format(**facts) for paragraph in style["preamble"]]
    page = Page(lines, headings, [])
    _sections(page, place, items, bank, step)
    lines += [style["closing"]] if style["closing"] else []
    lines += [line.format(**facts) for line in style["issue"]]
    lines.append(note)
    return _with_page_numbers(page, style.get("page_numbers", {}).get(str(step), ""))


def _sections(page: Page, place: Place, items: list[Planted], bank: Bank, step: int) -> None:
    style = place.style
    setting = Setting(place.level, step, place.scale)
    number = 0
    for section_no, section in enumerate(sorted({item.section for item in items}), start=1):
        titles = style["sections"][section]["titles"]
        title = titles[-1] if step >= _LATE else titles[0]
        page.headings.add(len(page.lines))
        page.lines.append(f"{to_chinese(section_no)}、{title}")
        number = 0 if style["number"] == "restarts" else number
        for item in items:
            if item.section == section:
                number += 1
                _item(page, style, item, bank, setting, (number, section_no, title))


def _item(page: Page, style: dict, item: Planted, bank: Bank, setting: Setting, place: tuple[int, int, str]) -> None:
    number, section_no, section = place
    title, *sentences = ("".join(slots) for slots in shown(item, bank, setting).values())
    marker = style["marker"].format(n=number, han=to_chinese(number))
    body = "".join(sentences)
    units = f"（{style['units']}：{item.units}）" if style["units"] else ""
    if style["own_line"]:
        page.lines.extend([f"{marker}{title}", f"{body}{units}"])
    else:
        page.lines.append(f"{marker}{title}。{body}{units}")
    page.items.append(PrintedItem(marker, number, section_no, section, f"{title}。{body}"))


def _with_page_numbers(page: Page, where: str) -> Page:
    """Page numbers at the end of the file, or between paragraphs every fourteen lines: what copying out of a page leaves behind."""
    if where == "end":
        page.lines.extend(f"—  {n}  —" for n in range(1, 6))
    if where != "between":
        return page
    lines: list[str] = []
    headings = set()
    for i, line in enumerate(page.lines):
        if i in page.headings:
            headings.add(len(lines))
        lines.append(line)
        if (i + 1) % 14 == 0:
            lines.append(f"—  {(i + 1) // 14}  —")
    return Page(lines, headings, page.items)
