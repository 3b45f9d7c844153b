"""What an article claims, sentence by sentence, as keys that English and French share; none is a readable sentence.

The first letter of a key tells its sort:

    n30:percent            a figure                      `figures`
    d2026-10-19            a day; m2026-10 its month     `moments`, resolved against the publication
    creject                an act, a matter or a stance  `lexicon`; c-resign is a decision that is denied

Names are not among them: the terms of a Fingerprint tell whether the words of a name are known.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sovwatch import figures, moments
from sovwatch.figures import Figure
from sovwatch.lexicon import Concept, concepts, listed
from sovwatch.terms import hashed
from sovwatch.text import fold, words

_AT_HAND = 256  # sentences: an article is read for its fingerprint, and then for what it states
_REACH = 3  # words before an act in which it is denied: "has not yet resigned", "n'a pas encore démissionné"
_LEANING = re.compile(r"^(?:'s|.{1,7}')$")


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of an article: one set of keys for the headline, then one for each sentence, in order."""

    parts: tuple[frozenset[str], ...] = ()

    def pack(self) -> bytes:
        """The claims as bytes, a few hundred for an article."""
        return zlib.compress("\n".join(" ".join(sorted(keys)) for keys in self.parts).encode(), 6)

    @classmethod
    def unpack(cls, packed: bytes) -> "Claims":
        """The claims that were packed."""
        return cls(tuple(map(frozenset, unpacked(packed))))


def unpacked(packed: bytes) -> list[list[str]]:
    """The claims that were packed, part by part."""
    return [line.split() for line in zlib.decompress(packed).decode().split("\n")]


def keys(sentence: str, read: Iterable[str], language: str, published: date | None) -> frozenset[str]:
    """Every claim of a sentence, whose folded words are `read`; "on Thursday" counts from the day `published`."""
    folded = fold(sentence)
    found = {f"n{figure.key}" for figure in figures_of(folded, language)}
    found.update([key for key, _ in moments.moments(folded, published)])
    found.update([key for key, _ in acts(kept(read), language)])
    return frozenset(found)


def number_key(figure: str) -> int:
    """The hash of the number that the key of a figure states, whatever it counts."""
    return hashed(figure.partition(":")[0])


@lru_cache(maxsize=_AT_HAND)
def acts(plain: tuple[str, ...], language: str) -> tuple[tuple[str, Concept], ...]:
    """The acts, matters and stances that words, as `kept`, tell, with keys; a decision that is denied is another."""
    return tuple(_acts(plain, _spoken(language)))


def _acts(plain: tuple[str, ...], language: str) -> Iterator[tuple[str, Concept]]:
    for concept in concepts(plain, language):
        denied = not listed("denials").isdisjoint(plain[max(0, concept.start - _REACH) : concept.start])
        yield f"c{'-' if denied and concept.kind == 'decisions' else ''}{concept.key}", concept


@lru_cache(maxsize=_AT_HAND)
def figures_of(folded: str, language: str) -> tuple[Figure, ...]:
    """The figures and ordinals of a folded sentence."""
    return (*figures.figures(folded, _spoken(language)), *figures.ordinals(folded))


def content(sentence: str) -> tuple[str, ...]:
    """The folded words of a sentence, as `kept`."""
    return kept(words(sentence))


def kept(read: Iterable[str]) -> tuple[str, ...]:
    """The folded words but those that lean on others, and weekdays: "tabled on Tuesday a bill" is "tabled a bill"."""
    found: list[str] = []
    for word in read:
        if word in moments.WEEKDAYS:
            if found and found[-1] == "on":
                found.pop()
        elif "'" not in word or not _LEANING.match(word):
            found.append(word)
    return tuple(found)


def _spoken(language: str) -> str:
    return "fr" if language == "fr" else "en"
