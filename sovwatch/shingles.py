"""Shingles: the wording of a text as hashes of five words in a row, sampled so that containment can still be told."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest
from typing import NamedTuple

WIDTH = 5  # words in a shingle
KEPT = 512  # shingles of a sketch at most: news of 500 words is exact, and packs into 2 kB
KEYS_OF_SENTENCES = 24  # index keys at most: the first so many sentences have one each
KEYS_OF_TEXT = 8  # and of the whole so many
_MASK = (1 << 64) - 1
_BASE = 0x9E3779B97F4A7C15  # odd, 2^64 over the golden ratio: Knuth's multiplicative hashing
_OUT = pow(_BASE, WIDTH, 1 << 64)


class Overlap(NamedTuple):
    """How much wording two texts share: of their union, of the first, of the second."""

    jaccard: float
    first: float
    second: float

    @property
    def contained(self) -> float:
        """The share of the one that has more of its wording in the other."""
        return max(self.first, self.second)


@lru_cache(maxsize=16384)
def _word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


def shingle(wording: list[str]) -> list[int]:
    """64-bit hashes of all five words in a row (a polynomial rolled along, then mixed); of all words where fewer."""
    rolled = 0
    found: list[int] = []
    codes = [_word(word) for word in wording]
    for place, code in enumerate(codes):
        rolled = (rolled * _BASE + code) & _MASK
        if place >= WIDTH:
            rolled = (rolled - codes[place - WIDTH] * _OUT) & _MASK
        if place >= WIDTH - 1:
            found.append(_mixed(rolled))
    return found or ([_mixed(rolled)] if codes else [])


def _mixed(value: int) -> int:
    """The finaliser of splitmix64 (Steele, Lea & Flood 2014), so that every bit depends on every bit."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def sketch(hashes: list[int]) -> tuple[frozenset[int], int]:
    """The upper 32 bits of the hashes below 2^(64 - level), with the lowest level that keeps `KEPT` at most."""
    kept = {value >> 32 for value in hashes}
    level = 0
    while len(kept) > KEPT:
        level += 1
        kept = {value for value in kept if value < 1 << (32 - level)}
    return frozenset(kept), level


def overlap(one: Collection[int], level: int, other: Collection[int], other_level: int) -> Overlap:
    """Jaccard and both containments of two sketches, under the lower of their bounds; quickest if `one` is a set."""
    if level != other_level:
        bound = 1 << (32 - max(level, other_level))
        one, other = (frozenset(value for value in kept if value < bound) for kept in (one, other))
    ours = one if isinstance(one, frozenset) else frozenset(one)
    shared = len(ours.intersection(other))
    if not shared:
        return Overlap(0.0, 0.0, 0.0)
    return Overlap(shared / (len(one) + len(other) - shared), shared / len(one), shared / len(other))


def wording_keys(lengths: Iterable[int], shingles: Sequence[int]) -> tuple[int, ...]:
    """Index keys of a wording: the least shingle of each of the first sentences, and the least of the whole text.

    `lengths` are the words of each sentence, `shingles` those of all of them in a row. A copy cut short keeps its
    opening sentences whole, one edited lightly keeps most of them, so one key at least is shared; the least of the
    whole text find an excerpt from further down. On ../shared/bench/copies all of 504 pairs that overlap by .3 share
    one.
    """
    keys: dict[int, None] = {}
    everything: set[int] = set()
    start = 0
    for length in lengths:
        found = shingles[start : start + max(0, length - WIDTH + 1)]  # those that end within the sentence
        start += length
        if len(found) > 1:
            everything.update(found)
            if len(keys) < KEYS_OF_SENTENCES:
                keys[min(found)] = None
    keys.update(dict.fromkeys(nsmallest(KEYS_OF_TEXT, everything)))
    return tuple(keys)
