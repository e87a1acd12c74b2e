"""The two engines that cut text into words, token for token the same: jieba, and rjieba where it is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from importlib.util import find_spec
from math import log
from typing import Protocol

import jieba
from jieba import finalseg

from policylab.words.lexicon import FULL_WIDTH, Entry, half_width

# No split into words of jieba's own dictionary is likelier than a word of this frequency: 的的, the commonest two, would need 1,691.
_LEAST = 2_000
_HAN = re.compile("([\u4e00-\u9fd5]+)")
_BLOCK = re.compile(r"([\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+)")
_SPACE = re.compile(r"(\r\n|\s)")
_THRICE = re.compile(r"(.)\1\1")
_HAN_THRICE = re.compile(r"([\u4e00-\u9fd5])\1\1")
_DOUBLE = re.compile(r"^([\u4e00-\u9fd5]{2,})\1(?= )", re.MULTILINE)
# signs that are no decimal point within a number and no per cent behind one
_SIGN = re.compile(r"[+#&._%\-](?:(?<=[+#&_\-])|(?<![a-zA-Z0-9].)|(?<=\.)(?!\d+(?![a-zA-Z.\d]))|(?<=%)[a-zA-Z0-9.%])")
_LETTER = re.compile("[a-zA-Z0-9]")
_OUTSIDE = re.compile("([\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_UNUSUAL = re.compile(f"[{_OUTSIDE.pattern[2:-2]}{FULL_WIDTH}+#&._%\\-]")  # where rjieba may cut otherwise than jieba
_ASCII_WORD = re.compile(r"[a-zA-Z0-9]+(?:\.\d+)?%?")
_ASCII_SPLIT = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")


class Segmenter(Protocol):
    """Cuts text into words and knows which words its dictionary has."""

    def cut(self, text: str) -> list[str]:
        """Give the tokens of a text; joined they are the text in half-width letters and digits."""

    def has_word(self, word: str) -> bool:
        """Tell whether the dictionary has a word."""


@lru_cache(maxsize=1)
def _dictionary() -> tuple[dict[str, int], int]:
    """Read the frequencies in jieba's own file, never from its cache in the temp folder, which may be anyone's."""
    return jieba.Tokenizer.gen_pfdict(jieba.get_module_res("dict.txt"))


def word_frequencies() -> tuple[dict[str, int], int]:
    """Give how often jieba's dictionary counted each word in everyday text, and the sum; not to be changed."""
    return _dictionary()


@lru_cache(maxsize=1)
def word_tags() -> dict[str, str]:
    """Give the part-of-speech tag of each word of jieba's dictionary (n noun, v verb, ns place …); not to be changed."""
    with jieba.get_module_res("dict.txt") as lines:
        return {word: tag for word, _, tag in (line.decode("utf-8").split() for line in lines if line.count(b" ") == 2)}


class JiebaSegmenter:
    """jieba's precise mode on a dictionary of its own.

    The path through the dictionary and the guessing of unknown words are those of `jieba.Tokenizer.cut`, with jieba's tables; written
    anew because jieba's own keeps a list of forced splits that any other code in the process may change.
    """

    def __init__(self, entries: tuple[Entry, ...] = (), *, hmm: bool = True):
        frequencies, total = _dictionary()
        frequencies = dict(frequencies)
        for term, freq in raised(entries):
            total += freq - frequencies.get(term, 0)
            frequencies[term] = freq
            for end in range(1, len(term)):
                frequencies.setdefault(term[:end], 0)
        self._hmm, self._log_total = hmm, log(total)
        self._weight = {word: log(freq) - self._log_total if freq else None for word, freq in frequencies.items()}

    def cut(self, text: str) -> list[str]:
        """Give the tokens of a text."""
        tokens: list[str] = []
        for i, block in enumerate(_BLOCK.split(half_width(text))):
            if i % 2:
                tokens.extend(self._known(block) if not self._hmm else self._guessed(block))
            else:
                tokens.extend(part for j, gap in enumerate(_SPACE.split(block)) for part in ([gap] if j % 2 else gap))
        return tokens

    def has_word(self, word: str) -> bool:
        """Tell whether the dictionary has a word."""
        return self._weight.get(word) is not None

    def _path(self, block: str) -> list[int]:
        """For each character the end of the word that begins there on the likeliest path (of equals the longest word)."""
        n, weight, single = len(block), self._weight, -self._log_total
        best, ends = [0.0] * (n + 1), [0] * n
        for i in range(n - 1, -1, -1):
            first = weight.get(block[i])
            top, end = (single if first is None else first) + best[i + 1], i + 1
            if block[i] in weight:
                for j in range(i + 2, n + 1):
                    word = block[i:j]
                    if word not in weight:
                        break
                    own = weight[word]
                    if own is not None and (own + best[j] >= top or (first is None and end == i + 1)):
                        top, end = own + best[j], j
            best[i], ends[i] = top, end
        return ends

    def _known(self, block: str) -> Iterator[str]:
        """Dictionary words; letters and digits that stand alone are joined."""
        ends, i, letters = self._path(block), 0, ""
        while i < len(block):
            word = block[i : ends[i]]
            if len(word) == 1 and _LETTER.match(word):
                letters += word
            else:
                if letters:
                    yield letters
                    letters = ""
                yield word
            i = ends[i]
        if letters:
            yield letters

    def _guessed(self, block: str) -> Iterator[str]:
        """Dictionary words; single characters in a row are grouped by the hidden Markov model."""
        ends, i, single = self._path(block), 0, ""
        while i < len(block):
            word = block[i : ends[i]]
            if len(word) == 1:
                single += word
            else:
                yield from self._grouped(single)
                single = ""
                yield word
            i = ends[i]
        yield from self._grouped(single)

    def _grouped(self, single: str) -> Iterator[str]:
        if len(single) < 2 or self.has_word(single):
            yield from single
            return
        for i, run in enumerate(_HAN.split(single)):
            if not i % 2:
                yield from (part for part in _ASCII_SPLIT.split(run) if part)
                continue
            states, begin = finalseg.viterbi(run, "BMES", finalseg.start_P, finalseg.trans_P, finalseg.emit_P)[1], 0
            for end, state in enumerate(states, 1):
                if state in "ES":
                    yield run[begin:end]
                    begin = end


class FastSegmenter:
    """rjieba, put right where it differs from jieba.

    jieba knows no Han characters outside its block, and cuts signs off numbers. A word thrice in a row (推推推) can be cut in two ways of
    one likelihood, between which the last bit of a sum decides, differently in each engine: jieba's own path is taken there. Two cuts are
    as likely, too, where other words happen to have the same frequency (败/事败, 败事/败), or a string that is in no dictionary stands
    thrice in a row; those are left as they come, since finding them would cost more than cutting.
    """

    def __init__(self, entries: tuple[Entry, ...] = (), *, hmm: bool = True):
        import rjieba

        self._entries, self._hmm, self._engine = entries, hmm, rjieba.Jieba()
        for term, freq in raised(entries):
            self._engine.add_word(term, freq, None)
        self._thrice = re.compile("|".join(f"{half}{half}{half}" for half in sorted(_halves() | _halves_of(entries))))

    def cut(self, text: str) -> list[str]:
        """Give the tokens of a text."""
        if (_THRICE.search(text) and _HAN_THRICE.search(text)) or self._thrice.search(text):
            return self._exact.cut(text)
        if not _UNUSUAL.search(text):
            return self._engine.cut(text, self._hmm)
        pieces = _OUTSIDE.split(half_width(text))
        return (
            self._cut(pieces[0])
            if len(pieces) == 1
            else [t for i, piece in enumerate(pieces) for t in ([piece] if i % 2 else self._cut(piece))]
        )

    @cached_property
    def _exact(self) -> JiebaSegmenter:
        return JiebaSegmenter(self._entries, hmm=self._hmm)

    def _cut(self, text: str) -> list[str]:
        tokens = self._engine.cut(text, self._hmm)
        return self._resplit(tokens) if self._hmm and _SIGN.search(text) else tokens

    def _resplit(self, tokens: list[str]) -> list[str]:
        begin = 0
        for token in filter(str.isascii, tuple(tokens)):
            if not _ASCII_WORD.fullmatch(token) and not self.has_word(token):
                begin = tokens.index(token, begin)
                parts = [part for part in _ASCII_SPLIT.split(token) if part]
                tokens[begin : begin + 1] = parts
                begin += len(parts)
        return tokens

    def has_word(self, word: str) -> bool:
        """Tell whether the dictionary has a word."""
        return bool(self._engine.has_word(word))


def raised(entries: tuple[Entry, ...]) -> list[Entry]:
    """Give terms the frequencies at which they stay whole, no two alike, so that no two cuts through them are equally likely."""
    raised, last = [], _LEAST - 1
    for freq, term in sorted((max(entry.freq, _LEAST), entry.term) for entry in entries):
        last = max(freq, last + 1)
        raised.append(Entry(term, last))
    return raised


@lru_cache(maxsize=1)
def _halves() -> frozenset[str]:
    """Give each string of two characters or more whose double is a word of jieba's dictionary (很多很多)."""
    with jieba.get_module_res("dict.txt") as lines:
        return frozenset(match[1] for match in _DOUBLE.finditer(lines.read().decode("utf-8")))


def _halves_of(entries: tuple[Entry, ...]) -> set[str]:
    halves = ((term[: len(term) // 2], term) for term, _ in entries if len(term) > 2)
    return {half for half, term in halves if half + half == term}


def make_segmenter(entries: tuple[Entry, ...], *, engine: str, hmm: bool) -> Segmenter:
    """Give the engine of that name with these terms in its dictionary."""
    return FastSegmenter(entries, hmm=hmm) if engine == "rjieba" else JiebaSegmenter(entries, hmm=hmm)


def default_engine() -> str:
    """``rjieba`` where it is installed, else ``jieba``; the tokens are the same."""
    return "rjieba" if find_spec("rjieba") else "jieba"
