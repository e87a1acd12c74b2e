"""A planted item: which title and sentences of the bank stand in it, in which words; what is shared with another one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from policylab.simulate.bank import COMMON, Bank, Setting, Template

_NUMBERS = re.compile(r"[\d.%]+")


@dataclass(frozen=True)
class Piece:
    """A title (numbers -1 and -2) or sentence (0 to 5) of a measure, and the wording of each of its opening verbs."""

    measure: str
    number: int
    words: tuple[int, ...] = ()

    @property
    def source(self) -> tuple[str, int]:
        """Which piece of the bank it is, whatever its wording."""
        return self.measure, self.number


@dataclass(frozen=True)
class Planted:
    """An item of one plan as planted.

    `lineage` names what it is over the years (`moral-01`; `moral-01/1` and `/2` after a split; `moral-01+moral-05` after a merger);
    `supply` are the sentences it may still draw on; `section` the place in the plan's outline; `stage` that of what climbs.
    """

    lineage: str
    theme: str
    title: Piece
    sentences: tuple[Piece, ...]
    supply: tuple[tuple[str, int], ...]
    section: int
    units: str
    stage: int | None = None

    @property
    def measures(self) -> set[str]:
        """The measures of the bank that stand in it."""
        return {measure for measure, _ in self.supply}

    @property
    def whole(self) -> bool:
        """Whether it is one measure of the bank, neither split nor merged."""
        return "/" not in self.lineage and "+" not in self.lineage

    def unused(self) -> list[tuple[str, int]]:
        """Sentences it may draw on that do not stand in it."""
        used = {piece.source for piece in self.sentences}
        return [source for source in self.supply if source not in used]


def first_piece(bank: Bank, source: tuple[str, int]) -> Piece:
    """Give a piece of the bank in its first wording."""
    return Piece(*source, (0,) * bank.template(*source).n_words)


def reworded(piece: Piece) -> Piece:
    """Give a piece with its opening verbs changed."""
    return replace(piece, words=tuple(1 - word for word in piece.words))


def shown(item: Planted, bank: Bank, setting: Setting) -> dict[Piece, tuple[str, ...]]:
    """Give the text of each piece of an item, title first, slot by slot."""
    setting = replace(setting, stage=item.stage or 0)
    return {piece: _template(bank, piece).show(setting, piece.words) for piece in (item.title, *item.sentences)}


def _template(bank: Bank, piece: Piece) -> Template:
    return bank.template(piece.measure, piece.number)


def share_kept(after: dict[Piece, tuple[str, ...]], before: dict[Piece, tuple[str, ...]], *, common: bool) -> float:
    """Give the share of the characters of `after` that stand at the same place of the same title or sentence of `before`.

    Moved numbers count as not kept; sentences that fit any measure count as kept only with `common`.
    """
    source = {piece.source: slots for piece, slots in before.items() if common or piece.measure != COMMON}
    total = sum(len(slot) for slots in after.values() for slot in slots)
    kept = 0
    for piece, slots in after.items():
        for slot, other in zip(slots, source.get(piece.source, ()), strict=False):
            words, others = _NUMBERS.sub("", slot), _NUMBERS.sub("", other)
            kept += len(slot) if slot == other else len(words) if words == others else 0
    return kept / total
