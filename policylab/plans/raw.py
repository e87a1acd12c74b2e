"""What a file's reader hands to the outline parser: numbered lines of visible text, and what was noticed while reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from policylab.plans.markers import Marker, find_marker


@dataclass(frozen=True)
class Problem:
    """One finding about a file: what was found (`message`), where (`line`, 0 for the whole file) and what to do (`hint`)."""

    code: str
    severity: str
    message: str
    hint: str = ""
    line: int = 0


class Line(NamedTuple):
    """A paragraph or line as the source shows it.

    `no` is the line in the source from 1 (for PDF page × 1000 + line). `role` is "" for running text, "table" for a table row (cells
    joined by a tab), "note" for footnotes and the like, "furniture" for what stands in a page's frame.
    """

    no: int
    text: str
    role: str = ""


@dataclass(frozen=True)
class RawDocument:
    """A file as lines; `facts` holds what the format itself says (such as `title` of an .html page or front matter)."""

    source: str
    format: str
    encoding: str
    sha256: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """How a paragraph was read before something else in its document was set right: so it stays, as far as nothing else follows.

    `zone` is the stretch it stood in ("body", "appendix", "notes") or else its kind; `container` as in the tree's nodes.
    """

    kind: str
    zone: str
    numbered: bool
    container: bool


@dataclass(frozen=True)
class Said:
    """What a person said of a paragraph: the kind of its row, its part, its title ("" for none).

    `apart`: it begins a row of its own; `inside`: it stays in the outline; `one`: it is one row, even where it would be parted behind
    a heading; `held`: where nothing is said of its kind, how it was read before.
    """

    kind: str = ""
    part: str = ""
    title: str | None = None
    apart: bool = False
    inside: bool = False
    one: bool = False
    held: Held | None = None


NOTHING = Said()


@dataclass(eq=False, slots=True)
class Paragraph:
    """A paragraph as the source shows it.

    `role` is as in `Line`, `bold` where mark-up sets the whole line off, `head` where it says that the line is a heading, `indent` the
    white space it opens with, `whole` where mark-up says that it ends where its line does;
    `said` is what a person set right.
    """

    line: int
    text: str
    role: str = ""
    bold: bool = False
    head: bool = False
    indent: int = 0
    whole: bool = False
    said: Said = NOTHING

    _marker: Marker | str | None = field(default="", init=False, repr=False)  # "" until it was looked for

    @property
    def marker(self) -> Marker | None:
        """The number that the line opens with."""
        if isinstance(self._marker, str):
            self._marker = find_marker(self.text)
        return self._marker
