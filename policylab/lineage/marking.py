"""What two texts do not have in common, in pieces that a person can read."""

from __future__ import annotations

import difflib
import re

APART = 3  # fewer equal letters than this between two changes are taken for a part of the change
_LETTERS = re.compile(r"\d+(?:[.,]\d+)*%?|[A-Za-z]+|.", re.DOTALL)
_WORD = re.compile(r"\w")
Piece = tuple[str, bool]


def changes(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Give both texts in pieces, each with whether the other text lacks it.

    Compared letter by letter (Ratcliff and Obershelp, as in difflib), numbers and Latin words whole. Less than three equal letters
    between two changes are no island of their own.

    Examples
    --------
    >>> before, after = changes("鼓励退休教师参与，新增50个学位。", "鼓励大学生志愿者参与，新增60个学位。")
    >>> [text for text, changed in before if changed], [text for text, changed in after if changed]
    (['退休教师', '50'], ['大学生志愿者', '60'])
    """
    a, b = _LETTERS.findall(before), _LETTERS.findall(after)
    blocks = _readable(difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks(), a)
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    i = j = 0
    for start, other, size in blocks:
        for side, changed, same in ((0, a[i:start], a[start : start + size]), (1, b[j:other], b[other : other + size])):
            pieces[side].extend((text, differs) for text, differs in (("".join(changed), True), ("".join(same), False)) if text)
        i, j = start + size, other + size
    return pieces


def _readable(blocks: list[difflib.Match], letters: list[str]) -> list[tuple[int, int, int]]:
    """Leave out equal stretches of few letters that stand between two changes; the last block is the empty one at the end."""
    end = blocks[-1]
    kept = [
        (block.a, block.b, block.size)
        for block in blocks[:-1]
        if (block.a == block.b == 0)
        or (block.a + block.size == end.a and block.b + block.size == end.b)
        or len(_WORD.findall("".join(letters[block.a : block.a + block.size]))) >= APART
    ]
    return [*kept, (end.a, end.b, 0)]
