"""Word's automatic numbers as they are printed: 一、 （一） 1.1 ① from numbering.xml and styles.xml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from policylab.plans.number_forms import FORMATS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The bullets that Word draws from symbol fonts, by the low byte of their code.
_WINGDINGS = {
    0x6C: "●",
    0x6E: "■",
    0x75: "◆",
    0x76: "❖",
    0xA7: "▪",
    0xA8: "◻",
    0xD8: "➢",
    0xE0: "→",
    0xFC: "✓",
    0xFE: "☑",
    0x52: "☑",
    0xA3: "□",
}
_WINGDINGS |= {0x81 + i: chr(0x2460 + i) for i in range(10)} | {0x8C + i: chr(0x2776 + i) for i in range(10)}
_SYMBOL = {0xB7: "·", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xA3: "≤", 0xB3: "≥", 0xAE: "→", 0x2D: "−", 0x25: "%"}


def attribute(element: Element | None, name: str = "val") -> str | None:
    """Give an attribute of a Word element, None where either is missing."""
    return None if element is None else element.get(W + name)


def is_on(element: Element | None) -> bool:
    """Tell whether a switch such as w:vanish is there and not turned off."""
    return element is not None and attribute(element) not in ("0", "false", "off")


def symbol(code: str, font: str) -> str:
    """Give the character of a symbol font, or the private one itself where nobody can know it."""
    try:
        value = int(code, 16)
        table = _WINGDINGS if "wingdings" in font.lower() else _SYMBOL if font.lower() == "symbol" else {}
        return table.get(value & 0xFF, chr(value)) if table and (value >> 8 in (0, 0xF0)) else chr(value)
    except (ValueError, OverflowError):
        return ""


@dataclass
class Styles:
    """What paragraph and character styles say about numbers and hiding, with what they are based on."""

    based_on: dict[str, str] = field(default_factory=dict)
    num: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    vanish: dict[str, bool] = field(default_factory=dict)
    default: str = ""

    @classmethod
    def of(cls, root: Element | None) -> Styles:
        """Read styles.xml."""
        styles = cls()
        for style in root.iter(W + "style") if root is not None else ():
            name = attribute(style, "styleId") or ""
            styles.based_on[name] = attribute(style.find(W + "basedOn")) or ""
            number = style.find(f"{W}pPr/{W}numPr")
            if number is not None:
                styles.num[name] = attribute(number.find(W + "numId")), attribute(number.find(W + "ilvl"))
            vanish = style.find(f"{W}rPr/{W}vanish")
            if vanish is not None:
                styles.vanish[name] = is_on(vanish)
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on"):
                styles.default = name
        return styles

    def chain(self, name: str | None) -> list[str]:
        """Give a style and what it is based on, the nearest first."""
        names: list[str] = []
        while name and name in self.based_on and name not in names:
            names.append(name)
            name = self.based_on[name]
        return names

    def hidden(self, name: str | None) -> bool:
        """Tell whether text in this style is hidden."""
        return next((self.vanish[n] for n in self.chain(name) if n in self.vanish), False)


@dataclass
class _Level:
    start: int
    form: str
    text: str
    restart: int | None
    legal: bool
    style: str | None

    @classmethod
    def of(cls, element: Element) -> _Level:
        forms = list(element.iter(W + "numFmt"))
        form = attribute(forms[-1]) if forms else "decimal"
        text = attribute(element.find(W + "lvlText")) or ""
        if form == "bullet":
            fonts = element.find(f"{W}rPr/{W}rFonts")
            font = (attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or "Wingdings") if fonts is not None else "Wingdings"
            text = "".join(symbol(f"{ord(c):X}", font) for c in text)
            text = re.sub("[\ue000-\uf8ff]", "•", text)
        restart = attribute(element.find(W + "lvlRestart"))
        start = _whole(attribute(element.find(W + "start")), 1)
        style = attribute(element.find(W + "pStyle"))
        return cls(start, form or "decimal", text, None if restart is None else _whole(restart, 0), is_on(element.find(W + "isLgl")), style)


class Numbering:
    """Counts the numbered paragraphs of a document as Word does and gives each its printed number.

    `lost` counts those whose numbering is not in the file, `unknown` gathers formats that are printed as plain numbers here.
    """

    def __init__(self, root: Element | None, styles: Styles):
        self._styles = styles
        self.lost = 0
        self.unknown: set[str] = set()
        self._is_there = root is not None
        self._levels: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}
        self._nums: dict[str, str] = {}
        self._own: dict[str, dict[int, _Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is not None:
            self._load(root)

    def label(self, paragraph: Element | None, style: str | None) -> str:
        """Give the number printed before a paragraph (by its w:pPr and style) and count it; "" where it has none."""
        direct = paragraph.find(W + "numPr") if paragraph is not None else None
        num_id = attribute(direct.find(W + "numId")) if direct is not None else None
        level = attribute(direct.find(W + "ilvl")) if direct is not None else None
        if num_id is None:
            num_id, level = self._of_style(style, level)
        self.lost += not self._is_there and num_id not in (None, "0")
        levels = self._levels_of(num_id)
        if not levels or num_id is None:
            return ""
        return self._count(num_id, levels, _whole(level, 0))

    def _of_style(self, style: str | None, level: str | None) -> tuple[str | None, str | None]:
        for name in self._styles.chain(style or self._styles.default):
            num_id, ilvl = self._styles.num.get(name, (None, None))
            if num_id is None:
                level = level or ilvl
            else:
                by_style = next((str(i) for i, lvl in sorted(self._levels_of(num_id).items()) if lvl.style == name), None)
                return num_id, level or by_style or ilvl
        return None, None

    def _count(self, num_id: str, levels: dict[int, _Level], at: int) -> str:
        level = levels.get(at)
        if level is None or num_id not in self._nums:
            return ""
        counts = self._counts.setdefault(self._root(num_id), {})
        for deeper in [i for i in counts if i > at]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or 0 < at + 1 <= restart:
                del counts[deeper]
        override = self._starts.get(num_id, {}).pop(at, None)
        counts[at] = override if override is not None else counts.get(at, level.start - 1) + 1
        if level.form == "bullet":
            return level.text
        return re.sub("%([1-9])", lambda match: self._printed(int(match[1]) - 1, levels, counts, level.legal), level.text)

    def _printed(self, at: int, levels: dict[int, _Level], counts: dict[int, int], legal: bool) -> str:
        level = levels.get(at)
        if level is None:
            return ""
        n = counts.get(at, level.start)
        if legal or not 0 < n < 100_000:
            return str(n)
        if level.form not in FORMATS:
            self.unknown.add(level.form)
        return FORMATS.get(level.form, str)(n)

    def _root(self, num_id: str) -> str:
        abstract, seen = self._nums.get(num_id, ""), set()
        while abstract in self._links and abstract not in seen:
            seen.add(abstract)
            linked = self._styles.num.get(self._links[abstract], (None, None))[0]
            abstract = self._nums.get(linked or "", abstract)
        return abstract

    def _levels_of(self, num_id: str | None) -> dict[int, _Level]:
        if num_id is None or num_id not in self._nums:
            return {}
        return self._levels.get(self._root(num_id), {}) | self._own.get(num_id, {})

    def _load(self, root: Element) -> None:
        for abstract in root.iter(W + "abstractNum"):
            name = attribute(abstract, "abstractNumId") or ""
            self._levels[name] = {_whole(attribute(lvl, "ilvl"), 0): _Level.of(lvl) for lvl in abstract.findall(W + "lvl")}
            link = attribute(abstract.find(W + "numStyleLink"))
            if link:
                self._links[name] = link
        for num in root.iter(W + "num"):
            name = attribute(num, "numId") or ""
            self._nums[name] = attribute(num.find(W + "abstractNumId")) or ""
            for override in num.findall(W + "lvlOverride"):
                at = _whole(attribute(override, "ilvl"), 0)
                start, own = attribute(override.find(W + "startOverride")), override.find(W + "lvl")
                if own is not None:
                    self._own.setdefault(name, {})[at] = _Level.of(own)
                if start is not None:
                    self._starts.setdefault(name, {})[at] = _whole(start, 1)


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value) else default
