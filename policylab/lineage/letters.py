"""The letters of many texts as one array, with dates, numbers, punctuation and spaces out of the way."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from policylab.lineage.numerals import MEASURE, counted

_SPAN = r"[—–~～至到/-]"
_YEAR = r"(?:[1１][9９]|[2２][0０])\d\d"
_DATE = re.compile(
    rf"{_YEAR}年?{_SPAN}+(?:{_YEAR}|\d\d(?!\d))(?:年度?|(?!\s*(?:[多余万亿%％‰]|{MEASURE})))"
    rf"|{_YEAR}年度?(?:\d{{1,2}}月)?(?:\d{{1,2}}[日号])?|\d{{1,2}}月(?:\d{{1,2}}[日号])?"
    r"|[〇零一二三四五六七八九]{4}年度?"
)
NUMBER_PATTERN = re.compile(r"\d+(?:[.,．]\d+)*")
_FIGURES = re.compile(r"(\d[\d,]*(?:\.\d+)?)([%‰]|\s*[万亿]+)?")
NUMBER = ord("0")  # stands for a whole number where numbers are kept as one letter


@dataclass(frozen=True)
class Letters:
    """Letters of n texts, one after another.

    Attributes
    ----------
    code : ndarray of int64
        Code points, full-width and capital forms folded.
    text : ndarray of int64
        The text (0 … n − 1) of each letter, not decreasing.
    position : ndarray of int64
        Where the letter stands in that text.
    """

    code: np.ndarray
    text: np.ndarray
    position: np.ndarray

    def runs(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Give for each run of k letters within a text its start (index into the arrays) and a 64-bit code of the run."""
        n = max(0, len(self.code) - k + 1)
        code = np.zeros(n, dtype=np.uint64)
        for step in range(k):
            code = code * np.uint64(0x9E3779B97F4A7C15) + self.code[step : step + n].view(np.uint64) + np.uint64(1)
        start = np.flatnonzero(self.text[:n] == self.text[len(self.text) - n :])
        return start, code[start]

    def only(self, kept: np.ndarray) -> Letters:
        """Give the letters that a mask keeps; what stood on either side of the others is then in a row."""
        return Letters(self.code[kept], self.text[kept], self.position[kept])

    def words_only(self, n: int) -> list[str]:
        """Give the letters of each of the n texts as a string."""
        whole = self.code.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        cuts = np.searchsorted(self.text, np.arange(n + 1))
        return [whole[a:b] for a, b in itertools.pairwise(cuts)]


def letters(texts: Sequence[str], *, numbers: bool = False) -> Letters:
    """Take the letters out of texts: no punctuation, no spaces; dates and numbers left out, or each number kept as one letter.

    Examples
    --------
    >>> letters(["到２０２４年，新增学位1,200个。"]).words_only(1)
    ['到新增学位个']
    >>> letters(["到２０２４年，新增学位1,200个。"], numbers=True).words_only(1)
    ['到0年新增学位0个']
    """
    joined = "\n".join(texts)
    code = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    length = np.array([len(t) + 1 for t in texts], dtype=np.int64)
    text = np.repeat(np.arange(len(texts)), length)[: len(code)]
    position = (np.arange(len(code)) - np.repeat(np.cumsum(length) - length, length)[: len(code)]) if len(code) else code
    distinct = np.flatnonzero(np.bincount(code))
    table = np.full(int(code.max(initial=0)) + 1, -1)
    table[distinct] = [_folded(c) for c in distinct.tolist()]
    code = table[code]
    if numbers:
        first, last = _spans(NUMBER_PATTERN, joined)
        code[_covered(len(code), first, last)] = -1
        code[first] = NUMBER
    else:
        code[_covered(len(code), *_spans(_DATE, joined))] = -1
    kept = code >= 0
    return Letters(code[kept], text[kept], position[kept])


def numbers_in(text: str) -> list[str]:
    """Give the numbers of a text in ascending order, dates aside, with their per cent signs, and with 万 or 亿 after them.

    Chinese numerals count where they stand directly before a measure word (五所, not 一批 or 第一), in figures. Nothing is converted:
    5000万 and 0.5亿 differ.

    Examples
    --------
    >>> numbers_in("2024年新增学位1,200个，增长5.0％，新建幼儿园五所，投入5000万元。")
    ['1200', '5', '5%', '5000万']
    """
    plain = unicodedata.normalize("NFKC", _DATE.sub(" ", text))
    found = _FIGURES.findall(plain)
    return sorted([*(_shortest(n.replace(",", "")) + sign.strip() for n, sign in found), *counted(_FIGURES.sub("0", plain))])


def without_dates(text: str) -> str:
    """Take dates out of a text.

    Examples
    --------
    >>> without_dates("2024年重点工作")
    '重点工作'
    """
    return _DATE.sub("", text)


def _shortest(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _folded(code: int) -> int:
    """Fold a letter's width and case; -1 for whatever is no letter."""
    character = chr(code)
    if not unicodedata.category(character).startswith("L"):
        return -1
    folded = unicodedata.normalize("NFKC", character).lower()
    return ord(folded) if len(folded) == 1 else code


def _spans(pattern: re.Pattern[str], text: str) -> tuple[np.ndarray, np.ndarray]:
    found = np.array([m.span() for m in pattern.finditer(text)], dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _covered(n: int, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Give a mask of n places that is true within the spans."""
    change = np.bincount(first, minlength=n + 1) - np.bincount(last, minlength=n + 1)
    return np.cumsum(change)[:n] > 0
