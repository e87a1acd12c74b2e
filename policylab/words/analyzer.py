"""`Words`: the one way from a text to the words that are counted."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from warnings import warn

import pandas as pd

from policylab.arguments import whole
from policylab.errors import ArgumentError, MissingExtraError
from policylab.items import body
from policylab.words.lexicon import Entry, half_width, read_lexicon, term_pattern
from policylab.words.rules import KINDS, token_kind
from policylab.words.script import warn_of_traditional
from policylab.words.segmenters import Segmenter, default_engine, make_segmenter
from policylab.words.stopwords import expand, read_stopwords

UNITS = ("words", "search", "bigrams")
ENGINES = ("jieba", "rjieba")
SEGMENTABLE = re.compile("[\u4e00-\u9fd5]+")
_RUN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, repr=False)
class Words:
    """Cut a text into the words that are counted.

    A frozen callable ``str → list[str]``, also valid as scikit-learn's ``analyzer=``. Each has a dictionary of its own: jieba's global
    one and its cache file are never touched, and pickling hands on the settings only.

    Parameters
    ----------
    lexicon : path, DataFrame or iterable of str, optional
        Terms to keep whole (see `read_lexicon`); they are counted whatever the stop lists and `keep` say. A term that does not survive
        even alone is told as a warning; `check_lexicon(items)` shows what becomes of each in a text.
    stopwords : sequence of str or path
        Any of ``"function"``, ``"filler"``, files of words, and single words. Not applied to bigrams.
    unit : {"words", "search", "bigrams"}
        Words as jieba's precise mode cuts them; the same and the shorter dictionary words within them; or pairs of neighbouring characters
        (never across marks or digits).
    keep : sequence of str
        What to count beside words: of ``"number"``, ``"date"``, ``"percent"``, ``"latin"`` (see `token_kind`).
    min_chars : int
        Words with fewer characters are dropped.
    hmm : bool
        Whether to guess words that are in no dictionary.
    engine : {"rjieba", "jieba"}, optional
        Default: rjieba where it is installed; the tokens are the same, but where two cuts are exactly equally likely (败/事败 and 败事/败)
        and jieba's own choice hangs on the last bit of a sum.

    Raises
    ------
    ArgumentError, LexiconError

    Examples
    --------
    >>> Words()("落实立德树人要求，完善紧密型教育集团。")
    ['立德', '紧密', '教育', '集团']
    >>> Words(lexicon=["立德树人", "教育集团"])("落实立德树人要求，完善紧密型教育集团。")
    ['立德树人', '紧密', '教育集团']
    """

    lexicon: Any = None
    stopwords: Any = ("function", "filler")
    unit: str = "words"
    keep: Any = ("latin",)
    min_chars: int = 2
    hmm: bool = True
    engine: str | None = None

    def __post_init__(self) -> None:
        keep = (self.keep,) if isinstance(self.keep, str) else tuple(self.keep or ())
        for name, value, allowed in (("unit", self.unit, UNITS), *(("keep", k, KINDS) for k in keep)):
            if value not in allowed:
                raise ArgumentError(f"{name}={value!r} is not allowed; give one of {', '.join(allowed)}.")
        whole(self.min_chars, name="min_chars")
        if not isinstance(self.hmm, bool):
            raise ArgumentError(f"hmm={self.hmm!r} must be True or False.")
        engine = self.engine or default_engine()
        if engine not in ENGINES:
            raise ArgumentError(f"engine={self.engine!r} is not allowed; give one of {', '.join(ENGINES)}.")
        if self.unit == "bigrams" and read_lexicon(self.lexicon):
            raise ArgumentError("unit='bigrams' cuts no words, so a lexicon changes nothing; leave lexicon out, or count words.")
        if engine == "rjieba" and default_engine() != "rjieba":
            raise MissingExtraError("engine='rjieba' needs the package rjieba; install policylab[fast], or leave engine out.")
        self._set(lexicon=read_lexicon(self.lexicon), stopwords=read_stopwords(self.stopwords), keep=tuple(sorted(set(keep))))
        inside = tuple(e for e in self.lexicon if SEGMENTABLE.fullmatch(e.term))
        self._set(
            _segmenter=None if self.unit == "bigrams" else make_segmenter(inside, engine=engine, hmm=self.hmm),
            _protected=frozenset(half_width(e.term) for e in self.lexicon),
            _stopped=expand(self.stopwords),
            _fixed=_outside(self.lexicon),
            _decided=_Decided(self.counts),
        )
        self._tell_lost()

    def _tell_lost(self) -> None:
        """Warn of lexicon terms that even alone do not come out whole."""
        lost = [entry.term for entry in self.lexicon if half_width(entry.term) not in self.cut(entry.term)]
        if lost:
            some = "、".join(lost[:5]) + (" …" if len(lost) > 5 else "")
            warn(
                f"{len(lost)} of the {len(self.lexicon)} lexicon terms are cut apart, as others have too high a frequency: {some}. "
                "Leave the frequencies out; `check_lexicon()` shows how each term is cut.",
                stacklevel=4,
            )

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __call__(self, text: str) -> list[str]:
        """Give the words of a text that are counted, in order."""
        return [token for token in self.cut(text) if self._decided[token]]  # type: ignore[attr-defined]

    def cut(self, text: str) -> list[str]:
        """Give every token of a text, marks and stop words included.

        Raises
        ------
        ArgumentError
            If `text` is no text.
        """
        if not isinstance(text, str):
            raise ArgumentError(f"text={text!r} is a {type(text).__name__}; give a str, such as one entry of `body(items)['text']`.")
        if self.unit == "bigrams":
            return [run[i : i + 2] for run in _RUN.findall(half_width(text)) for i in range(len(run) - 1)]
        segmenter: Segmenter = self._segmenter  # type: ignore[attr-defined]
        fixed: re.Pattern[str] | None = self._fixed  # type: ignore[attr-defined]
        tokens = list(_around(fixed, half_width(text), segmenter)) if fixed else segmenter.cut(text)
        return [part for token in tokens for part in _searched(token, segmenter)] if self.unit == "search" else tokens

    def counts(self, token: str) -> bool:
        """Tell whether a token is counted."""
        if self.unit == "bigrams" or token in self._protected:  # type: ignore[attr-defined]
            return True
        if len(token) < self.min_chars or token in self._stopped:  # type: ignore[attr-defined]
            return False
        kind = token_kind(token)
        return kind == "word" or kind in self.keep

    @property
    def settings(self) -> dict[str, Any]:
        """What made the words, for a run record: the lexicon as number of terms and digest."""
        digest = hashlib.sha256(repr([tuple(e) for e in self.lexicon]).encode()).hexdigest()
        lexicon = {"n_terms": len(self.lexicon), "sha256": digest} if self.lexicon else None
        plain = {name: getattr(self, name) for name in ("unit", "min_chars", "hmm")}
        return {"lexicon": lexicon, "stopwords": list(self.stopwords), "keep": list(self.keep), **plain}

    def check_lexicon(self, items: pd.DataFrame | None = None) -> pd.DataFrame:
        """Show for each lexicon term whether it comes out whole, alone and in the text of items.

        Parameters
        ----------
        items : DataFrame, optional
            An items frame; read is what `body` gives.

        Returns
        -------
        DataFrame
            `term, freq, cut` (how it is cut by itself), `whole`; with items also `n_text` (how often its characters stand in the text) and
            `n_words` (how often it comes out as a word: fewer where a longer term or a likelier cut takes its characters).

        Examples
        --------
        >>> items = pd.DataFrame({"plan": "甲", "kind": "item", "part": "plan", "text": ["紧密型教育集团和教育集团"]}, index=["甲#001"])
        >>> report = Words(lexicon=["教育集团", "紧密型教育集团"]).check_lexicon(items)
        >>> report[["term", "whole", "n_text", "n_words"]].values.tolist()
        [['教育集团', True, 2, 1], ['紧密型教育集团', True, 1, 1]]
        """
        terms = [half_width(e.term) for e in self.lexicon]
        cut = [self.cut(term) for term in terms]
        frame = pd.DataFrame({"term": [e.term for e in self.lexicon], "freq": [e.freq for e in self.lexicon]})
        frame = frame.assign(cut=["/".join(c) for c in cut], whole=[term in c for term, c in zip(terms, cut, strict=True)])
        if items is None:
            return frame
        units = body(items)
        warn_of_traditional(units, stacklevel=3)
        texts = [half_width(text) for text in units["text"]]
        found = Counter(token for text in texts for token in self.cut(text))
        return frame.assign(n_text=[sum(text.count(term) for text in texts) for term in terms], n_words=[found[term] for term in terms])

    def __repr__(self) -> str:
        stop = ", ".join(self.stopwords[:4]) + (", …" if len(self.stopwords) > 4 else "")
        rules = f"unit={self.unit!r}, keep={self.keep!r}, min_chars={self.min_chars}"
        return f"Words(lexicon={len(self.lexicon)} terms, stopwords=({stop}), {rules})"

    def __reduce__(self) -> tuple[Callable[..., Words], tuple[()]]:
        names = ("lexicon", "stopwords", "unit", "keep", "min_chars", "hmm", "engine")
        return partial(Words, **{name: getattr(self, name) for name in names}), ()

    def __deepcopy__(self, memo: Any) -> Words:
        return self  # nothing in it changes


class _Decided(dict[str, bool]):
    """Whether each token counts, asked once a token."""

    def __init__(self, counts: Callable[[str], bool]):
        super().__init__()
        self._counts = counts

    def __missing__(self, token: str) -> bool:
        return self.setdefault(token, self._counts(token))


def _outside(entries: tuple[Entry, ...]) -> re.Pattern[str] | None:
    """Give a pattern of the terms that no segmenter keeps whole (marks, spaces, Latin, rare characters in them)."""
    terms = [e.term for e in entries if not SEGMENTABLE.fullmatch(e.term)]
    return term_pattern(terms) if terms else None


def _around(fixed: re.Pattern[str], text: str, segmenter: Segmenter) -> Iterator[str]:
    end = 0
    for match in fixed.finditer(text):
        yield from segmenter.cut(text[end : match.start()])
        yield match.group()
        end = match.end()
    yield from segmenter.cut(text[end:])


def _searched(token: str, segmenter: Segmenter) -> list[str]:
    shorter = [token[i : i + n] for n in (2, 3) if len(token) > n for i in range(len(token) - n + 1)]
    return [*(part for part in shorter if segmenter.has_word(part)), token]
