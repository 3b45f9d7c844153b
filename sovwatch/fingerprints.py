"""The Fingerprint: what is kept of a text for ever. `similarity` takes it, `packing` keeps it in bytes."""

import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, wraps
from itertools import chain
from math import fsum, log2, sqrt
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from sovwatch.background import RARE, RARE_TOPICAL, Tables, shipped
from sovwatch.claims import Claims
from sovwatch.model import Precision
from sovwatch.packing import (
    CONCEPTS,
    NAMES,
    NUMBERS,
    SCHEME,
    TERMS,
    Packed,
    SchemeMismatch,
    SentencePrint,
    pack,
)
from sovwatch.schemes import opened
from sovwatch.terms import hashed

__all__ = ["SCHEME", "Fingerprint", "SchemeMismatch", "SentencePrint", "once"]

P = ParamSpec("P")
T = TypeVar("T")

KEYS_OF_STORY, KEYS_OF_NAMES, KEYS_OF_HEADLINE = 24, 8, 6
_STORY = 1 << 40  # parts story keys from others in one index
_OPENING = 3  # parts: the headline and the first two sentences
_LEADING = 2  # parts: the headline and the first sentence


class Weighed(NamedTuple):
    """What a text says, as vectors of length one of how often a term stands and how rare it is in the topics' news.

    Of the headline; of that and the first two sentences, and of this what both languages share; of the names.
    """

    tables: Tables
    heading: dict[int, float]
    opening: dict[int, float]
    sharing: dict[int, float]
    naming: dict[int, float]


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a text: no word of it can be read back.

    `shingles` and `level` are the sketch (see `shingles.sketch`); `length` counts words; `title_key` is the hash of the
    folded headline, 0 without one; `wording_keys` are the index keys of its wording; `claims` are its figures, dates
    and acts in the order of headline and sentences.

    One that was unpacked reads what is long when it is first asked for.
    """

    scheme: int
    language: str
    published: datetime | None
    precision: Precision | None
    first_seen: datetime | None
    title: SentencePrint
    sentences: tuple[SentencePrint, ...]
    length: int
    shingles: frozenset[int]
    level: int
    title_key: int
    wording_keys: tuple[int, ...]
    claims: Claims = field(default_factory=Claims)

    if not TYPE_CHECKING:  # else every attribute would be there to the type checker

        def __getattr__(self, name: str) -> Any:
            """Read a piece of what was unpacked; called for what is not there yet."""
            packed = self.__dict__.get("_packed")
            if packed is None or name not in {"title", "sentences", "shingles", "wording_keys", "claims"}:
                raise AttributeError(name)
            if name in {"title", "sentences"}:
                title, *sentences = packed.parts()
                self.__dict__.update(title=title, sentences=tuple(sentences))
            else:
                self.__dict__[name] = getattr(packed, name)()
            return self.__dict__[name]

    @property
    def at(self) -> datetime | None:
        """When it was published, else first seen."""
        return self.published or self.first_seen

    def _said(self, group: int, parts: int | None = None) -> Iterable[int]:
        """A group of hashes of the headline and of each sentence in a row, or of the first `parts` of these."""
        packed: Packed | None = self.__dict__.get("_packed")
        if packed is not None:
            return packed.flat(group, parts)
        return chain.from_iterable(part.groups[group] for part in (self.title, *self.sentences)[:parts])

    @property
    def wording(self) -> Collection[int]:
        """The shingles, as an array where they were packed: what is known is compared with what is new, a set."""
        packed: Packed | None = self.__dict__.get("_packed")
        return self.shingles if packed is None else packed.shingled()

    @property
    def claimed(self) -> Sequence[Collection[str]]:
        """The claims of headline and sentences, not kept where they were packed: whoever counts them asks once."""
        packed: Packed | None = self.__dict__.get("_packed")
        if packed is None or "claims" in self.__dict__:
            return self.claims.parts
        return packed.claimed()

    @cached_property
    def kept(self) -> dict[object, tuple[object, Any]]:
        """What is counted of it elsewhere (`once`), for as long as it is there, and by what it was counted."""
        return {}

    @cached_property
    def bare(self) -> bool:
        """Whether a headline is all there is."""
        packed: Packed | None = self.__dict__.get("_packed")
        return not self.sentences if packed is None else len(packed) == 1

    @cached_property
    def terms(self) -> Counter[int]:
        """The terms of headline and body, with the number of sentences that have them."""
        return Counter(self._said(TERMS))

    @cached_property
    def names(self) -> Counter[int]:
        """The names, with the number of sentences that have them."""
        return Counter(self._said(NAMES))

    @cached_property
    def leading(self) -> frozenset[int]:
        """The names of the headline and the first sentence."""
        return frozenset(self._said(NAMES, _LEADING))

    @cached_property
    def numbers(self) -> frozenset[int]:
        """All numbers stated."""
        return frozenset(self._said(NUMBERS))

    @cached_property
    def dates(self) -> frozenset[int]:
        """All days, months, seasons and years to come that are claimed."""
        return frozenset(hashed(key) for part in self.claimed for key in part if key[0] in "dmsy")

    @cached_property
    def concepts(self) -> frozenset[int]:
        """All concepts that have a counterpart in the other language."""
        return frozenset(self._said(CONCEPTS))

    @cached_property
    def vector(self) -> dict[int, float]:
        """The terms, weighed by how often they stand and how rare they are in news at large; of length one."""
        return _weighed(Counter(self._said(TERMS)), shipped().general, RARE)

    def without(self, said: Collection[frozenset[int]]) -> "Fingerprint":
        """What is left of it to compare when the sentences of these terms are left out."""
        kept = [place for place, part in enumerate(self.sentences) if part.terms not in said]
        claims = self.claims.parts
        return replace(
            self,
            sentences=tuple(self.sentences[place] for place in kept),
            claims=Claims((*claims[:1], *(claims[place + 1] for place in kept if place + 1 < len(claims)))),
        )

    def topical(self, tables: Tables) -> dict[int, float]:
        """The terms, weighed by how rare they are in the topics' own news."""
        return _weighed(self.terms, tables.topical, RARE_TOPICAL)

    def weighed(self, tables: Tables) -> Weighed:
        """What of it is compared with each of many others; kept, as a process asks by the same tables all along."""
        kept: Weighed | None = self.__dict__.get("_kept")
        if kept is None or kept.tables is not tables:
            kept = self.__dict__["_kept"] = self._weigh(tables)
        return kept

    def _weigh(self, tables: Tables) -> Weighed:
        opening = _weighed(Counter(self._said(TERMS, _OPENING)), tables.topical, RARE_TOPICAL)
        return Weighed(
            tables,
            heading=_weighed(Counter(self._said(TERMS, 1)), tables.topical, RARE_TOPICAL),
            opening=opening,
            sharing=_of_length_one({key: weight for key, weight in opening.items() if key in self.concepts}),
            naming=_weighed(self.names, tables.topical, RARE_TOPICAL),
        )

    def copy_keys(self) -> tuple[int, ...]:
        """Index keys, signed 64-bit, 32 at most: two texts of one wording share at least one."""
        return tuple(_signed(key) for key in self.wording_keys)

    def story_keys(self) -> tuple[int, ...]:
        """Index keys, signed 64-bit, 24 at most: two reports of one happening nearly always share at least one.

        They are the names, headline terms and other terms that tell most, so that a key finds few articles. Of the
        same-event pairs of ../shared/bench 99 % share one on coverage (all of those across languages), 98 % on full
        English articles, 91 % on bare headlines, where the rest has no word in common.
        """
        named = self._telling(self.names)[:KEYS_OF_NAMES]
        headed = [key for key in self._telling(self.terms) if key in self.title.terms][:KEYS_OF_HEADLINE]
        keys = dict.fromkeys((*named, *headed, *self._telling(self.terms)))
        return tuple(key | _STORY for key in list(keys)[:KEYS_OF_STORY])

    def _telling(self, counts: Counter[int]) -> list[int]:
        """Keys by falling weight in the news that was counted."""
        surprise = shipped().topical
        weight = {key: (1 + log2(count)) * surprise.get(key, RARE_TOPICAL) for key, count in counts.items()}
        return sorted(weight, key=lambda key: (-weight[key], key))

    def pack(self) -> bytes:
        """The fingerprint as bytes, about 3 kB for 400 words."""
        return pack(self)

    @classmethod
    def unpack(cls, packed: bytes) -> "Fingerprint":
        """The fingerprint that was packed; what is long of it is read when it is asked for.

        Raises:
            SchemeMismatch: a scheme that is not known made it, or it is no fingerprint.
        """
        found = opened(packed)
        head = found.head
        fp = object.__new__(cls)
        fp.__dict__.update(
            _packed=found,
            scheme=SCHEME,
            language=head.language,
            published=head.published,
            precision=head.precision,
            first_seen=head.first_seen,
            length=head.length,
            title_key=head.title_key,
            level=head.level,
        )
        return fp

    def whole(self) -> "Fingerprint":
        """Itself, all of it read.

        Raises:
            ValueError: it was packed, and the bytes are damaged.
        """
        try:
            _ = self.title, self.shingles, self.wording_keys, self.claims
        except (zlib.error, IndexError, ValueError):
            raise ValueError("its fingerprint is damaged") from None
        return self


def once(count: Callable[Concatenate[Fingerprint, P], T]) -> Callable[Concatenate[Fingerprint, P], T]:
    """Count a thing of a fingerprint once, by the same tables: today's are compared all day."""

    @wraps(count)
    def found(fp: Fingerprint, /, *args: P.args, **kwargs: P.kwargs) -> T:
        kept = fp.kept.get(count)
        by = args[0] if args else None
        if kept is None or kept[0] is not by:
            kept = fp.kept[count] = (by, count(fp, *args, **kwargs))
        counted: T = kept[1]
        return counted

    return found


def _weighed(counts: Mapping[int, int], surprise: Mapping[int, float], rare: float) -> dict[int, float]:
    told = surprise.get
    return _of_length_one(
        {key: told(key, rare) if count == 1 else (1 + log2(count)) * told(key, rare) for key, count in counts.items()}
    )


def _of_length_one(weights: dict[int, float]) -> dict[int, float]:
    """The vector scaled; summed exactly, so that the order in which terms were read does not show."""
    length = sqrt(fsum([weight * weight for weight in weights.values()]))
    return {key: weight / length for key, weight in weights.items()} if length else {}


def _signed(key: int) -> int:
    return key - (1 << 64) if key >= 1 << 63 else key
