"""What happens to an item from one year to the next: revised, split, merged, taken over from the city's plan."""

from __future__ import annotations

from dataclasses import replace

from policylab.simulate.bank import COMMON, CORE, Bank, Measure, Theme
from policylab.simulate.dice import Dice
from policylab.simulate.planted import Piece, Planted, first_piece, reworded

STRENGTHS = {"light": 0.25, "medium": 0.45, "heavy": 0.7}  # share of sentences edited
_NEW_SENTENCES = {"light": 0, "medium": 1, "heavy": 3}
_P_COMMON = 0.2
_N_SENTENCES, _FEWEST, _LASTING = 6, 4, 2


def new_item(measure: Measure, theme: Theme, bank: Bank, dice: Dice, *, section: int, level: str, stage: int | None = None) -> Planted:
    """Make an item of a measure: its title and four to six of its sentences."""
    supply = tuple((measure.key, number) for number in range(_N_SENTENCES))
    n = 4 + int(dice.between(0, 2.3))
    half = _N_SENTENCES // 2
    both = [*supply[:2]] if measure.climbs else [*dice.some(supply[:half], 2), *dice.some(supply[half:], 2)]
    chosen = sorted([*both, *dice.some([source for source in supply if source not in both], n - len(both))])
    sentences = tuple(first_piece(bank, source) for source in chosen)
    sentences = _with_core(sentences, theme, bank, dice, first=not measure.climbs)
    title = first_piece(bank, (measure.key, -1))
    units = "、".join(dice.some(theme.units[level], 1 + dice.chance(0.5)))
    item = Planted(measure.key, theme.key, title, sentences, supply, section, units, stage)
    return _with_common(item, bank, dice)


def _with_core(sentences: tuple[Piece, ...], theme: Theme, bank: Bank, dice: Dice, *, first: bool) -> tuple[Piece, ...]:
    """Add a sentence with two words at the heart of the theme, as the first or, behind what climbs, the third."""
    core = first_piece(bank, (f"{theme.key}-{CORE}", dice.pick(bank.core_numbers(theme.key))))
    return (core, *sentences) if first else (*sentences[:2], core, *sentences[2:])


def _own(item: Planted) -> tuple[Piece, ...]:
    """The sentences of an item that come from its measure."""
    return tuple(piece for piece in item.sentences if piece.source in item.supply)


def _with_common(item: Planted, bank: Bank, dice: Dice) -> Planted:
    if not dice.chance(_P_COMMON):
        return item
    number = dice.pick(range(len(bank.common)))
    return replace(item, sentences=(*item.sentences, first_piece(bank, (COMMON, number))))


def revise(item: Planted, bank: Bank, dice: Dice, *, strength: str) -> Planted:
    """Edit some of an item's sentences: replaced, worded anew, or one left out; a heavy hand changes the title and the order too.

    What says at which stage the item is, and the sentence with the theme's words, stay.
    """
    lasting = [piece for i, piece in enumerate(item.sentences) if _is_core(piece) or (item.stage is not None and i < 2)]
    free = [piece for piece in item.sentences if piece not in lasting]
    n_edited = max(1, min(round(STRENGTHS[strength] * len(free)), len(free) - _LASTING))
    unused = dice.shuffled(item.unused())[: _NEW_SENTENCES[strength]]
    rest = _edited(free, dice.some(free, n_edited), unused, bank)
    title = item.title
    if strength == "heavy":
        rest = sorted(dice.shuffled(rest) if item.whole else rest, key=lambda piece: piece.measure == COMMON)
        title = reworded(title)
    revised = replace(item, title=title, sentences=(*lasting, *rest))
    if len(rest) < _FEWEST - 1 or set(revised.sentences) == set(item.sentences):
        revised = _with_another(revised, bank, dice)
    return revised


def _edited(sentences: list[Piece], chosen: list[Piece], unused: list[tuple[str, int]], bank: Bank) -> list[Piece]:
    """Replace the chosen sentences by unused ones, word them anew, or leave one out."""
    edited = []
    unused = list(unused)
    may_go = len(sentences) > _FEWEST
    for piece in sentences:
        if piece not in chosen:
            edited.append(piece)
        elif unused:
            edited.append(first_piece(bank, unused.pop()))
        elif piece.words:
            edited.append(reworded(piece))
        elif may_go:
            may_go = False
        else:
            edited.append(piece)
    return edited


def _is_core(piece: Piece) -> bool:
    return piece.measure.endswith(f"-{CORE}")


def _with_another(item: Planted, bank: Bank, dice: Dice) -> Planted:
    used = {piece.source for piece in item.sentences}
    common = [(COMMON, number) for number in range(len(bank.common)) if (COMMON, number) not in used]
    return replace(item, sentences=(*item.sentences, first_piece(bank, dice.pick(item.unused() or common))))


def can_split(item: Planted, bank: Bank) -> bool:
    """Whether an item holds at least two sentences of each half of a measure with two titles."""
    if not item.whole or item.stage is not None or len(_titles(item, bank)) < 2:
        return False
    return all(len(_half(item, first)) >= 2 for first in (True, False))


def _titles(item: Planted, bank: Bank) -> list[Piece]:
    return [first_piece(bank, (item.lineage, -1 - number)) for number in range(len(bank.measure(item.lineage).titles))]


def _half(item: Planted, first: bool) -> tuple[Piece, ...]:
    return tuple(piece for piece in _own(item) if (piece.number < _N_SENTENCES // 2) == first)


def split(item: Planted, bank: Bank) -> tuple[Planted, Planted]:
    """Part an item in two: the first half keeps the title, the second gets the measure's second one."""
    halves = []
    for number, first in enumerate((True, False)):
        supply = tuple(source for source in item.supply if (source[1] < _N_SENTENCES // 2) == first)
        title = item.title if first else _titles(item, bank)[1]
        name = f"{item.lineage}/{number + 1}"
        core = tuple(piece for piece in item.sentences if first and _is_core(piece))
        halves.append(replace(item, lineage=name, title=title, sentences=(*core, *_half(item, first)), supply=supply))
    return halves[0], halves[1]


def can_merge(a: Planted, b: Planted) -> bool:
    """Whether two items may become one: whole, of one theme and section, neither of them climbing."""
    return a.whole and b.whole and a.theme == b.theme and a.section == b.section and a.stage is None and b.stage is None


def merge(a: Planted, b: Planted) -> Planted:
    """Make one item of two under the title of the first; each gives at most four sentences of its measure."""
    core = tuple(piece for piece in a.sentences if _is_core(piece))
    sentences = (*core, *_own(a)[:4], *_own(b)[:4])
    return replace(a, lineage=f"{a.lineage}+{b.lineage}", sentences=sentences, supply=(*a.supply, *b.supply))


def take_over(item: Planted, theme: Theme, bank: Bank, dice: Dice, *, section: int, copied: bool) -> Planted:
    """Take an item of the city's plan into a district's: word for word, or with about half of it made anew."""
    units = "、".join(dice.some(theme.units["区"], 1 + dice.chance(0.5)))
    taken = replace(item, section=section, units=units, sentences=tuple(p for p in item.sentences if p.measure != COMMON))
    if copied:
        return taken
    keep = dice.some(_own(item), max(1, (len(_own(item)) + 1) // 2))
    others = [first_piece(bank, source) for source in dice.some(taken.unused(), 2)]
    sentences = _with_core((*(reworded(piece) for piece in keep), *others), theme, bank, dice, first=True)
    adapted = replace(taken, title=reworded(taken.title), sentences=sentences)
    return _with_another(adapted, bank, dice) if len(adapted.sentences) < _FEWEST else adapted
