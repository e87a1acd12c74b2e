"""The bank of measures: themes, their measures, and sentences as templates that can be worded, numbered and staged anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

STAGES = ("探索", "试点", "推进", "深化")
COMMON, CORE = "common", "core"
CITY_SCALE = 3.0
_FOLDER = Path(__file__).resolve().parent / "bank"
_SLOT = re.compile(r"(\{[^}]*\}|\[[^\]]*\]|@)")
_NUMBER = re.compile(r"(?P<fixed>=?)(?P<base>\d+(?:\.\d+)?)(?P<step>[+-]\d+(?:\.\d+)?)(?P<percent>%?)")
_OPENING = re.compile(r"(?:^|(?<=，))")


@dataclass(frozen=True)
class Setting:
    """Where and when a template is printed: 区 or 市, years since the first plan, scale of its numbers, stage of what climbs."""

    level: str = "区"
    step: int = 0
    scale: float = 1.0
    stage: int = 0


@dataclass(frozen=True)
class Fixed:
    """Words that never change."""

    text: str

    def show(self, setting: Setting, word: int) -> str:
        """Give the words."""
        return self.text


@dataclass(frozen=True)
class Wording:
    """An opening verb and the verb that may stand in its place."""

    choices: tuple[str, ...]

    def show(self, setting: Setting, word: int) -> str:
        """Give the verb chosen."""
        return self.choices[word]


@dataclass(frozen=True)
class Staged:
    """Words for each stage of what climbs 探索 → 试点 → 推进 → 深化; numbers in them are templates too."""

    choices: tuple[Template, ...]

    def show(self, setting: Setting, word: int) -> str:
        """Give the words of the stage."""
        return "".join(self.choices[setting.stage].show(setting))


@dataclass(frozen=True)
class Level:
    """区 in a district's plan, 市 in the city's."""

    def show(self, setting: Setting, word: int) -> str:
        """Give 区 or 市."""
        return setting.level


@dataclass(frozen=True)
class Number:
    """A target that moves by `step` a year; percentages stay under 100, counts from 20 follow the scale of the place."""

    base: float
    step: float
    digits: int
    percent: bool
    scaled: bool

    def show(self, setting: Setting, word: int) -> str:
        """Give the number in digits."""
        value = self.base + self.step * setting.step
        if self.percent:
            value = min(value, 99.0 + (self.base >= 100))
        elif self.scaled:
            value *= setting.scale
        value = max(value, 10.0**-self.digits)
        return f"{value:.{self.digits}f}" + ("%" if self.percent else "")


Slot = Fixed | Wording | Staged | Level | Number


@dataclass(frozen=True)
class Template:
    """A title or sentence as a row of slots."""

    slots: tuple[Slot, ...]

    @property
    def n_words(self) -> int:
        """How many of its verbs may be worded anew."""
        return sum(isinstance(slot, Wording) for slot in self.slots)

    def show(self, setting: Setting, words: tuple[int, ...] = ()) -> tuple[str, ...]:
        """Give the text slot by slot; `words` says which wording of each verb (the first where it is silent)."""
        left = list(words)
        return tuple(slot.show(setting, left.pop(0) if left and isinstance(slot, Wording) else 0) for slot in self.slots)


@dataclass(frozen=True)
class Measure:
    """A measure: one or two titles (the second for the half that a split takes away), six sentences, whether it climbs, who may use it."""

    key: str
    titles: tuple[Template, ...]
    sentences: tuple[Template, ...]
    climbs: bool
    level: str


@dataclass(frozen=True)
class Theme:
    """A theme: its names, the units responsible at each level, the words at its heart, its measures."""

    key: str
    name: str
    name_en: str
    units: dict[str, tuple[str, ...]]
    core: tuple[str, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Bank:
    """All themes, the sentences that fit any measure, and the frames for two words at the heart of a theme."""

    themes: tuple[Theme, ...]
    common: tuple[Template, ...]
    frames: tuple[str, ...]

    def theme(self, key: str) -> Theme:
        """Give a theme by its key."""
        return next(theme for theme in self.themes if theme.key == key)

    def measure(self, key: str) -> Measure:
        """Give a measure by its key."""
        return next(m for m in self.theme(key.partition("-")[0]).measures if m.key == key)

    def template(self, measure: str, number: int) -> Template:
        """Give a measure's title (numbers -1 and -2) or sentence (0 to 5), a common sentence, or one with words at a theme's heart."""
        if measure == COMMON:
            return self.common[number]
        if measure.endswith(f"-{CORE}"):
            return self._core(self.theme(measure.partition("-")[0]).core, number)
        found = self.measure(measure)
        return found.titles[-number - 1] if number < 0 else found.sentences[number]

    def core_numbers(self, theme: str) -> range:
        """Give the numbers of a theme's sentences with two of its words: each frame with each pair of words."""
        return range(len(self.frames) * len(list(permutations(self.theme(theme).core, 2))))

    def _core(self, words: tuple[str, ...], number: int) -> Template:
        pairs = list(permutations(words, 2))
        first, second = pairs[number % len(pairs)]
        return Template((Fixed(self.frames[number // len(pairs)].format(a=first, b=second)),))


def load_bank() -> Bank:
    """Read the bank of measures that comes with the package."""
    words = dict(line.split() for line in _lines("words.txt"))
    texts = [path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.md"))]
    common, *themes = [_theme(text, number, words) for number, text in enumerate(texts)]
    return Bank(tuple(themes), common.measures[0].sentences, tuple(_lines("frames.txt")))


def _lines(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _theme(text: str, number: int, words: dict[str, str]) -> Theme:
    head, *blocks = text.strip().split("\n## ")
    names, *lines = head.splitlines()
    key, name, name_en, *every = (part.strip() for part in names.lstrip("# ").split("|"))
    city_takes_each = int(*every or "2")
    units = {m[1]: tuple(m[2].split("、")) for line in lines if (m := re.fullmatch(r"责任（(.)）：(.+)", line))}
    core = next((tuple(line.removeprefix("核心词：").split("、")) for line in lines if line.startswith("核心词：")), ())
    measures = []
    for place, block in enumerate(blocks):
        title, *sentences = [line for line in block.splitlines() if line]
        climbs = title.startswith("{")
        city = number % 2 == 0 if climbs else place % city_takes_each == 0
        titles = tuple(template(part.strip(), words) for part in title.split(" / "))
        measures.append(
            Measure(f"{key}-{place + 1:02d}", titles, tuple(template(s, words) for s in sentences), climbs, "市" if city else "区")
        )
    return Theme(key, name, name_en, units, core, tuple(measures))


def template(text: str, words: dict[str, str]) -> Template:
    """Read a title or sentence of the bank: ``{a>b>c>d}`` by stage, ``[20+4]`` a number that moves, ``@`` 区 or 市, opening verbs.

    Examples
    --------
    >>> "".join(template("推进建设[8+2]所学校。", {"推进": "推动"}).show(Setting(step=3), (1,)))
    '推动建设14所学校。'
    """
    slots: list[Slot] = []
    for part in filter(None, _SLOT.split(text)):
        if part == "@":
            slots.append(Level())
        elif part.startswith("{"):
            slots.append(Staged(tuple(template(choice, {}) for choice in part[1:-1].split(">"))))
        elif (found := _NUMBER.fullmatch(part[1:-1])) and part.startswith("["):
            slots.append(_number(found))
        else:
            slots += _opening_verbs(part, words, at_start=not slots)
    return Template(tuple(slots))


def _number(found: re.Match[str]) -> Number:
    base, step = float(found["base"]), float(found["step"])
    digits = max(len(found[name].partition(".")[2]) for name in ("base", "step"))
    scaled = not found["fixed"] and step != 0 and (base >= 20 or (digits > 0 and base > 1))
    return Number(base, step, digits, bool(found["percent"]), scaled)


def _opening_verbs(text: str, words: dict[str, str], *, at_start: bool) -> list[Slot]:
    """Part a text at the verbs that open it or a clause of it: only there is a word such as 推进 surely a verb."""
    slots: list[Slot] = []
    done = 0
    for opening in _OPENING.finditer(text):
        verb = next((w for w in sorted(words, key=len, reverse=True) if text.startswith(w, opening.end())), "")
        if verb and (opening.end() or at_start):
            if opening.end() > done:
                slots.append(Fixed(text[done : opening.end()]))
            slots.append(Wording((verb, words[verb])))
            done = opening.end() + len(verb)
    return [*slots, Fixed(text[done:])] if done < len(text) else slots
