"""The Fingerprint: what is kept of a text for ever, and how it is packed. `similarity` takes it."""

import struct
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from math import log2, sqrt

from sovwatch.background import RARE, RARE_TOPICAL, tables
from sovwatch.claims import Claims
from sovwatch.model import Precision

SCHEME = 1  # of hashing, terms and packing; a fingerprint of another one is made anew, never compared
KEYS_OF_STORY, KEYS_OF_NAMES, KEYS_OF_HEADLINE = 24, 8, 6
_STORY = 1 << 40  # parts story keys from others in one index
_MAGIC = b"SvFp"
_HEAD = struct.Struct("<4sB2sBqqIIBIHHH")
_NEVER = -(1 << 63)
_NONE: frozenset[int] = frozenset()
_PRECISIONS: tuple[Precision | None, ...] = (None, *Precision)


class SchemeMismatch(ValueError):
    """A fingerprint made by another scheme: it can be made anew from the text, but not compared."""


@dataclass(frozen=True, slots=True)
class SentencePrint:
    """What one sentence (or the headline) tells, as hashes that are the same in English and French.

    `terms` are its content words; `concepts` those that have a counterpart in the other language; `names`, `numbers`
    and `dates` its hard facts.
    """

    terms: frozenset[int] = frozenset()
    names: frozenset[int] = frozenset()
    numbers: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()
    concepts: frozenset[int] = frozenset()

    @property
    def facts(self) -> frozenset[int]:
        """All hard facts."""
        return self.names | self.numbers | self.dates


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a text: no word of it can be read back.

    `shingles` and `level` are the sketch (see `shingles.sketch`); `length` counts words; `title_key` is the hash of the
    folded headline, 0 without one; `wording_keys` are the index keys of its wording; `claims` are its figures, dates
    and acts in the order of headline and sentences.
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
    claims: Claims = Claims()  # noqa: RUF009  (frozen)

    @property
    def at(self) -> datetime | None:
        """When it was published, else first seen."""
        return self.published or self.first_seen

    @cached_property
    def terms(self) -> Counter[int]:
        """The terms of headline and body, with the number of sentences that have them."""
        return Counter(chain.from_iterable([part.terms for part in self._parts]))

    @cached_property
    def names(self) -> Counter[int]:
        """The names, with the number of sentences that have them."""
        return Counter(chain.from_iterable([part.names for part in self._parts]))

    @cached_property
    def numbers(self) -> frozenset[int]:
        """All numbers stated."""
        return _NONE.union(*[part.numbers for part in self._parts])

    @cached_property
    def dates(self) -> frozenset[int]:
        """All dates stated."""
        return _NONE.union(*[part.dates for part in self._parts])

    @cached_property
    def concepts(self) -> frozenset[int]:
        """All concepts that have a counterpart in the other language."""
        return _NONE.union(*[part.concepts for part in self._parts])

    @cached_property
    def vector(self) -> dict[int, float]:
        """The terms, weighed by how often they stand and how rare they are in news at large; of length one."""
        return _weighed(self.terms, tables().general, RARE)

    @cached_property
    def topical(self) -> dict[int, float]:
        """The terms, weighed by how rare they are in the topics' own news."""
        return _weighed(self.terms, tables().topical, RARE_TOPICAL)

    @cached_property
    def heading(self) -> dict[int, float]:
        """The terms of the headline, weighed likewise."""
        return _weighed(Counter(self.title.terms), tables().topical, RARE_TOPICAL)

    @cached_property
    def opening(self) -> dict[int, float]:
        """The terms of the headline and the first two sentences, weighed likewise."""
        opening = (self.title, *self.sentences[:2])
        terms = Counter(chain.from_iterable([part.terms for part in opening]))
        return _weighed(terms, tables().topical, RARE_TOPICAL)

    @cached_property
    def naming(self) -> dict[int, float]:
        """The names, weighed likewise."""
        return _weighed(self.names, tables().topical, RARE_TOPICAL)

    @property
    def _parts(self) -> tuple[SentencePrint, ...]:
        return (self.title, *self.sentences)

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
        """Keys by falling weight in the topics' news."""
        surprise = tables().topical
        weight = {key: (1 + log2(count)) * surprise.get(key, RARE_TOPICAL) for key, count in counts.items()}
        return sorted(weight, key=lambda key: (-weight[key], key))

    def pack(self) -> bytes:
        """The fingerprint as bytes, about 3 kB for 400 words."""
        table = {key: place for place, key in enumerate(sorted({k for part in self._parts for k in _all(part)}))}
        claims = self.claims.pack()
        head = _HEAD.pack(
            _MAGIC,
            self.scheme,
            self.language.encode()[:2].ljust(2),
            _PRECISIONS.index(self.precision),
            _stamp(self.published),
            _stamp(self.first_seen),
            self.length,
            self.title_key,
            self.level,
            len(self.shingles),
            len(self.wording_keys),
            len(table),
            len(claims),
        )
        places = array("H", [len(self._parts)])
        for part in self._parts:
            for group in _groups(part):
                places.append(len(group))
                places.extend(sorted(table[key] for key in group))
        return b"".join(
            (
                head,
                claims,
                _bytes("I", sorted(self.shingles)),
                _bytes("Q", self.wording_keys),
                _bytes("I", table),
                _little(places).tobytes(),
            )
        )

    @classmethod
    def unpack(cls, packed: bytes) -> "Fingerprint":
        """The fingerprint that was packed; the same value for the same bytes while it is remembered.

        Raises:
            SchemeMismatch: another scheme made it, or it is no fingerprint.
        """
        if len(packed) < _HEAD.size or packed[:4] != _MAGIC or packed[4] != SCHEME:
            raise SchemeMismatch(f"not a fingerprint of scheme {SCHEME}")
        _, scheme, language, precision, published, seen, length, title_key, level, *counts = _HEAD.unpack_from(packed)
        at = _HEAD.size + counts[3]
        shingles, at = _array("I", packed, at, counts[0])
        keys, at = _array("Q", packed, at, counts[1])
        table, at = _array("I", packed, at, counts[2])
        places, _ = _array("H", packed, at, (len(packed) - at) // 2)
        parts = _parts_from(places.tolist(), table.tolist())
        return cls(
            scheme=scheme,
            language=language.decode().strip(),
            published=_instant(published),
            precision=_PRECISIONS[precision],
            first_seen=_instant(seen),
            title=parts[0],
            sentences=tuple(parts[1:]),
            length=length,
            shingles=frozenset(shingles),
            level=level,
            title_key=title_key,
            wording_keys=tuple(keys),
            claims=Claims.unpack(packed[_HEAD.size : _HEAD.size + counts[3]]),
        )


def _weighed(counts: Mapping[int, int], surprise: Mapping[int, float], rare: float) -> dict[int, float]:
    told = surprise.get
    weights = {
        key: told(key, rare) if count == 1 else (1 + log2(count)) * told(key, rare) for key, count in counts.items()
    }
    length = sqrt(sum([weight * weight for weight in weights.values()]))
    return {key: weight / length for key, weight in weights.items()} if length else {}


def _groups(part: SentencePrint) -> tuple[frozenset[int], ...]:
    return part.terms, part.names, part.numbers, part.dates, part.concepts


def _all(part: SentencePrint) -> Iterable[int]:
    return (key for group in _groups(part) for key in group)


def _parts_from(places: list[int], table: list[int]) -> list[SentencePrint]:
    parts: list[SentencePrint] = []
    key_at = table.__getitem__
    at = 1
    for _ in range(places[0]):
        groups: list[frozenset[int]] = []
        for _ in range(5):
            end = at + 1 + places[at]
            groups.append(frozenset(map(key_at, places[at + 1 : end])) if places[at] else _NONE)
            at = end
        parts.append(SentencePrint(*groups))
    return parts


def _little(values: "array[int]") -> "array[int]":
    """The array in little-endian order, whatever the machine."""
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        values = array(values.typecode, values)
        values.byteswap()
    return values


def _bytes(code: str, values: Iterable[int]) -> bytes:
    return _little(array(code, values)).tobytes()


def _array(code: str, packed: bytes, at: int, count: int) -> "tuple[array[int], int]":
    found = array(code)
    end = at + count * found.itemsize
    found.frombytes(packed[at:end])
    return _little(found), end


def _stamp(instant: datetime | None) -> int:
    return _NEVER if instant is None else int(instant.timestamp() * 1_000_000)


def _instant(stamp: int) -> datetime | None:
    return None if stamp == _NEVER else datetime.fromtimestamp(stamp / 1_000_000, UTC)


def _signed(key: int) -> int:
    return key - (1 << 64) if key >= 1 << 63 else key
