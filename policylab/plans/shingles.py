"""Which texts mostly stand in one another: containment of character shingles, estimated from samples (Broder 1997)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_LENGTH = 5  # characters of a shingle
_SAMPLE = 512  # shingles that are kept of a text, at most
_FEWEST = 24  # shingles that an estimate rests on, at least
_BATCH = 100_000  # characters that are looked at at a time, so that little memory is taken
_COUNTED = np.zeros(0xA001, dtype=bool)  # for each code point whether it counts: Chinese characters but numerals
_COUNTED[0x4E00:0xA000] = True
_COUNTED[[ord(c) for c in "一二三四五六七八九十百千万亿"]] = False

Numbers = NDArray[np.uint64]


def bare_codes(text: str) -> NDArray[np.uint16]:
    """Give the code points of a text's Chinese characters, without numerals: what stays the same where only numbers differ."""
    parts = []
    for at in range(0, max(len(text), 1), _BATCH):
        codes = np.frombuffer(text[at : at + _BATCH].encode("utf-32-le", "surrogatepass"), dtype="<u4")
        parts.append(codes[_COUNTED[np.minimum(codes, 0xA000)]].astype(np.uint16))
    return np.concatenate(parts)


def near_copies(texts: Sequence[str], *, least: float) -> Iterator[tuple[int, int, float]]:
    r"""Find the texts that share most of the shorter one with an earlier text.

    The resemblance of two texts is the containment :math:`|A \cap B| / \min(|A|, |B|)` of their sets of 5-character shingles (Chinese
    characters but numerals), estimated from the shingles whose hash is 0 modulo a power of two, so many of them that a text keeps 512 at
    most: what is drawn depends on the text alone. Texts meet through an inverted index in which each is paired with the first text that
    holds a shingle and the one before it, so the work grows with the number of texts, not of pairs.

    References
    ----------
    A. Z. Broder (1997), On the resemblance and containment of documents, Compression and Complexity of Sequences, 21-29.

    Parameters
    ----------
    texts : sequence of str
        In their order; texts of fewer than about 30 characters are passed over.
    least : float
        Smallest containment to give, 0-1.

    Yields
    ------
    (int, int, float)
        A text, an earlier one that it resembles, and the containment; every such pair that met.
    """
    hashes, owner, level = _sketches(texts)
    bounds = np.searchsorted(owner, np.arange(len(texts) + 1))
    sketches = [hashes[a:b] for a, b in pairwise(bounds.tolist())]
    for a, b in _met(hashes, owner):
        step = np.uint64((1 << max(level[a], level[b])) - 1)
        one, two = (s[(s & step) == 0] for s in (sketches[a], sketches[b]))
        fewest = min(len(one), len(two))
        share = len(np.intersect1d(one, two, assume_unique=True)) / fewest if fewest >= _FEWEST else 0.0
        if share >= least:
            yield b, a, share


def _sketches(texts: Sequence[str]) -> tuple[Numbers, NDArray[np.int64], list[int]]:
    """Give the sampled hashes, the text each is of (in order), and by which power of two each text was sampled."""
    lengths = np.fromiter((len(t) for t in texts), dtype=np.int64, count=len(texts))
    cuts = [0, *np.flatnonzero(np.diff(np.cumsum(lengths) // _BATCH)).tolist(), len(texts)]
    parts = [_hashed(texts[a:b], first=a) for a, b in pairwise(sorted(set(cuts)))]
    hashes = np.concatenate([h for h, _, _ in parts]) if parts else np.empty(0, np.uint64)
    owner = np.concatenate([o for _, o, _ in parts]) if parts else np.empty(0, np.int64)
    return hashes, owner, [level for _, _, levels in parts for level in levels]


def _hashed(texts: Sequence[str], *, first: int) -> tuple[Numbers, NDArray[np.int64], list[int]]:
    bare = [bare_codes(text) for text in texts]
    codes, ends = np.concatenate(bare), np.cumsum([len(b) for b in bare])
    sizes = np.array([max(0, len(b) - _LENGTH + 1) for b in bare])
    level = np.ceil(np.log2(np.maximum(sizes, _SAMPLE) / _SAMPLE)).astype(np.uint64)
    n = max(0, len(codes) - _LENGTH + 1)
    drawn = [_drawn(codes[at : at + _BATCH + _LENGTH - 1], at, ends, level) for at in range(0, n, _BATCH)]
    hashes = np.concatenate([h for h, _ in drawn]) if drawn else np.empty(0, np.uint64)
    owner = np.concatenate([o for _, o in drawn]) if drawn else np.empty(0, np.int64)
    order = np.lexsort((hashes, owner))
    hashes, owner = hashes[order], owner[order]
    new = np.ones(len(hashes), dtype=bool)
    new[1:] = (hashes[1:] != hashes[:-1]) | (owner[1:] != owner[:-1])
    return hashes[new], owner[new] + first, level.astype(int).tolist()


def _drawn(codes: NDArray[np.uint16], at: int, ends: NDArray[np.int64], level: Numbers) -> tuple[Numbers, NDArray[np.int64]]:
    """Give the hashes of a stretch's shingles that are in the sample, and the text each is of; shingles over two texts are none."""
    n = len(codes) - _LENGTH + 1
    hashes = np.zeros(n, dtype=np.uint64)
    for k in range(_LENGTH):
        hashes *= np.uint64(0x100000001B3)
        hashes += codes[k : k + n]
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53, 1):  # MurmurHash3's last mixing
        hashes ^= hashes >> np.uint64(33)
        hashes *= np.uint64(factor)
    places = np.arange(at, at + n)
    owner = np.searchsorted(ends, places, side="right")
    kept = (places + _LENGTH <= ends[owner]) & ((hashes & ((np.uint64(1) << level[owner]) - np.uint64(1))) == 0)
    return hashes[kept], owner[kept]


def _met(hashes: Numbers, owner: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Give the pairs of texts that share enough sampled shingles to be worth a look, in order."""
    if not len(hashes):
        return []
    order = np.lexsort((owner, hashes))
    hashes, owner = hashes[order], owner[order]
    same = np.flatnonzero(hashes[1:] == hashes[:-1]) + 1
    opens = np.r_[True, hashes[1:] != hashes[:-1]]
    first = owner[np.maximum.accumulate(np.where(opens, np.arange(len(hashes)), 0))]
    n = int(owner.max()) + 1
    pairs = np.concatenate([owner[same - 1] * n + owner[same], (first[same] * n + owner[same])[first[same] != owner[same - 1]]])
    pair, count = np.unique(pairs, return_counts=True)
    pair = pair[count >= _FEWEST // 4]
    return [divmod(p, n) for p in pair.tolist()]
