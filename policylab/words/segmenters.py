"""The two engines that cut text into words, token for token the same: jieba, and rjieba where it is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from typing import Protocol

import jieba

from policylab.words.lexicon import Entry

# No split into words of jieba's own dictionary is likelier than a word of this frequency: 的的, the commonest two, would need 1,691.
_LEAST = 2_000
_OUTSIDE = re.compile("[\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ASCII_WORD = re.compile(r"[a-zA-Z0-9]+(?:\.\d+)?%?")
_ASCII_SPLIT = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")


class Segmenter(Protocol):
    """Cuts text into words and knows which words its dictionary has."""

    def cut(self, text: str) -> list[str]:
        """Give the tokens of a text; joined they are the text."""

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
    """jieba's precise mode on a dictionary of its own."""

    def __init__(self, entries: tuple[Entry, ...] = (), *, hmm: bool = True):
        self._hmm, self._tokenizer = hmm, jieba.Tokenizer()
        frequencies, total = _dictionary()
        frequencies = dict(frequencies)
        for term, freq in _raised(entries):
            total += freq - frequencies.get(term, 0)
            frequencies[term] = freq
            for end in range(1, len(term)):
                frequencies.setdefault(term[:end], 0)
        self._tokenizer.FREQ, self._tokenizer.total, self._tokenizer.initialized = frequencies, total, True

    def cut(self, text: str) -> list[str]:
        """Give the tokens of a text."""
        return list(self._tokenizer.cut(text, HMM=self._hmm))

    def has_word(self, word: str) -> bool:
        """Tell whether the dictionary has a word."""
        return bool(self._tokenizer.FREQ.get(word))


class FastSegmenter:
    """rjieba, with the few texts and tokens in which it differs from jieba put right."""

    def __init__(self, entries: tuple[Entry, ...] = (), *, hmm: bool = True):
        import rjieba

        self._entries, self._hmm, self._engine = entries, hmm, rjieba.Jieba()
        self._reference: JiebaSegmenter | None = None
        for term, freq in _raised(entries):
            self._engine.add_word(term, freq, None)

    def cut(self, text: str) -> list[str]:
        """Give the tokens of a text."""
        if not text.isascii() and _OUTSIDE.search(text):
            self._reference = self._reference or JiebaSegmenter(self._entries, hmm=self._hmm)
            return self._reference.cut(text)
        tokens = self._engine.cut(text, self._hmm)
        if self._hmm and any(token.isascii() and len(token) > 1 and not _ASCII_WORD.fullmatch(token) for token in tokens):
            return list(self._resplit(tokens))
        return tokens

    def _resplit(self, tokens: list[str]) -> Iterator[str]:
        for token in tokens:
            if token.isascii() and len(token) > 1 and not self.has_word(token):
                yield from (part for part in _ASCII_SPLIT.split(token) if part)
            else:
                yield token

    def has_word(self, word: str) -> bool:
        """Tell whether the dictionary has a word."""
        return bool(self._engine.has_word(word))


def _raised(entries: tuple[Entry, ...]) -> list[Entry]:
    return [Entry(term, max(freq, _LEAST)) for term, freq in entries]


def make_segmenter(entries: tuple[Entry, ...], *, engine: str, hmm: bool) -> Segmenter:
    """Give the engine of that name with these terms in its dictionary."""
    return FastSegmenter(entries, hmm=hmm) if engine == "rjieba" else JiebaSegmenter(entries, hmm=hmm)


def default_engine() -> str:
    """``rjieba`` where it is installed, else ``jieba``; the tokens are the same."""
    return "rjieba" if find_spec("rjieba") else "jieba"
