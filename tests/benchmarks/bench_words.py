"""Segmentation beside jieba.lcut, counting beside CountVectorizer: ratios side by side on the plans in data/, or on a folder of .txt.

From the project's root: `.venv/bin/python tests/benchmarks/bench_words.py [FOLDER]`.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import jieba
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

from policylab.matrix import count_terms
from policylab.resources import data_folder
from policylab.words import Words, discover_terms
from policylab.words.analyzer import SEGMENTABLE
from policylab.words.lexicon import half_width, read_lexicon
from policylab.words.segmenters import Entry, default_engine, make_segmenter, raised

ENOUGH = 600_000


def paragraphs(folder: Path) -> list[str]:
    """Every line of the texts once; those of a small folder again and again, so that there is enough to time."""
    lines = [line for file in sorted(folder.rglob("*.txt")) for line in file.read_text(encoding="utf-8").splitlines()]
    lines = list(dict.fromkeys(line for line in lines if line.strip()))
    return lines * max(1, ENOUGH // sum(map(len, lines)))


def best(*tasks: Callable[[], object], times: int = 5) -> list[float]:
    """Seconds of each task at its best, the tasks by turns, so that noise hits all alike."""
    seconds = [[] for _ in tasks]
    for _ in range(times):
        for task, own in zip(tasks, seconds, strict=True):
            start = time.perf_counter()
            task()
            own.append(time.perf_counter() - start)
    return [min(own) for own in seconds]


def jieba_with(entries: tuple[Entry, ...]) -> jieba.Tokenizer:
    """jieba's own tokenizer with its own dictionary and these terms, no cache read or written."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for term, freq in raised(entries):  # as add_word does, but that it adds to the total what the word had before, too
        tokenizer.total += freq - tokenizer.FREQ.get(term, 0)
        tokenizer.FREQ[term] = freq
        for end in range(1, len(term)):
            tokenizer.FREQ.setdefault(term[:end], 0)
    return tokenizer


def segmentation(texts: list[str]) -> None:
    tokenizer = jieba_with(())
    engines = [Words(stopwords=None, engine=name) for name in (("rjieba", "jieba") if default_engine() == "rjieba" else ("jieba",))]
    reference, *ours = best(
        lambda: [tokenizer.lcut(t) for t in texts], *((lambda w=w: [w.cut(t) for t in texts]) for w in engines), times=3
    )
    for words, seconds in zip(engines, ours, strict=True):
        ratio = f"{reference / seconds:5.1f} x jieba.lcut ({reference:.2f} s : {seconds:.2f} s)"
        print(f"segmentation, {words.engine:6}: {ratio}; goal 12 with rjieba")


def sameness(texts: list[str]) -> None:
    """How many different paragraphs are cut otherwise than by jieba: with and without guessing, and with terms mined from them."""
    texts = [half_width(text) for text in dict.fromkeys(texts)]
    items = pd.DataFrame({"plan": "p", "kind": "item", "part": "plan", "text": texts}, index=[f"{i:06d}" for i in range(len(texts))])
    mined = tuple(entry for entry in read_lexicon(discover_terms(items)["term"]) if SEGMENTABLE.fullmatch(entry.term))
    for name, entries, hmm in (("words guessed", (), True), ("no words guessed", (), False), (f"{len(mined)} terms", mined, True)):
        tokenizer = jieba_with(entries)
        expected = [tokenizer.lcut(text, HMM=hmm) for text in texts]
        for engine in ("rjieba", "jieba") if default_engine() == "rjieba" else ("jieba",):
            cut = make_segmenter(entries, engine=engine, hmm=hmm).cut
            differ = sum(cut(text) != tokens for text, tokens in zip(texts, expected, strict=True))
            print(f"sameness, {engine:6}, {name}: of {len(texts):,} different paragraphs {differ} differ from jieba's own")


def counting(texts: list[str]) -> None:
    words = Words(stopwords=None, min_chars=1)
    tokens = {f"{i:06d}": words(text) for i, text in enumerate(texts)}
    items = pd.DataFrame({"plan": "p", "kind": "item", "part": "plan", "text": list(tokens)})
    items.index = items.index.astype(str)
    vectorizer = CountVectorizer(analyzer=tokens.__getitem__)
    theirs, ours = best(lambda: vectorizer.fit_transform(items["text"]), lambda: count_terms(items, words=tokens.__getitem__))
    print(f"counting: {theirs / ours:.1f} x CountVectorizer ({theirs:.2f} s : {ours:.2f} s), frames and labels included; goal 1.7")
    items["text"] = texts
    whole = CountVectorizer(analyzer=words)
    theirs, ours = best(lambda: whole.fit_transform(texts), lambda: count_terms(items, words=words), times=3)
    print(f"text to matrix: {theirs / ours:.1f} x CountVectorizer(analyzer=words) ({theirs:.2f} s : {ours:.2f} s)")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    texts = paragraphs(Path(sys.argv[1]) if len(sys.argv) > 1 else data_folder())
    print(f"{len(texts):,} paragraphs, {sum(map(len, texts)):,} characters")
    segmentation(texts)
    counting(texts)
    sameness(texts)
