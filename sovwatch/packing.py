"""How a fingerprint lies in bytes, about 3 kB for 400 words, and what is read of them when it is asked for.

    head · claims · shingles · wording keys · table of all hashes · places in the table, group by group, part by part

A new article meets a hundred known ones, most of which one look at their date rules out: so the head is read at once,
and the rest piece by piece.
"""

import struct
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from sovwatch.claims import Claims
from sovwatch.model import Precision

SCHEME = 1  # of hashing, terms and packing; a fingerprint of another one is made anew, never compared
TERMS, NAMES, NUMBERS, DATES, CONCEPTS = GROUPS = range(5)  # of a part: a sentence or the headline
_MAGIC = b"SvFp"
_HEAD = struct.Struct("<4sB2sBqqIIBIHHH")
_NEVER = -(1 << 63)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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

    @property
    def groups(self) -> tuple[frozenset[int], ...]:
        """Its five sets, in the order of `GROUPS`."""
        return self.terms, self.names, self.numbers, self.dates, self.concepts


class Head(NamedTuple):
    """What the first bytes tell: the plain fields of a fingerprint, then how long each piece is."""

    language: str
    published: datetime | None
    precision: Precision | None
    first_seen: datetime | None
    length: int
    title_key: int
    level: int
    shingles: int
    wording_keys: int
    table: int
    claims: int


class Packed:
    """The bytes of a fingerprint.

    Raises:
        SchemeMismatch: another scheme made it, or it is no fingerprint.
    """

    def __init__(self, packed: bytes) -> None:
        if len(packed) < _HEAD.size or packed[:4] != _MAGIC or packed[4] != SCHEME:
            raise SchemeMismatch(f"not a fingerprint of scheme {SCHEME}")
        _, _, language, precision, published, seen, *rest = _HEAD.unpack_from(packed)
        self._packed = packed
        self.head = Head(language.decode().strip(), _instant(published), _PRECISIONS[precision], _instant(seen), *rest)

    def claims(self) -> Claims:
        """The claims of the headline and each sentence."""
        return Claims.unpack(self._packed[_HEAD.size : _HEAD.size + self.head.claims])

    def shingles(self) -> frozenset[int]:
        """The sketch."""
        return frozenset(self._array("I", 0, self.head.shingles))

    def wording_keys(self) -> tuple[int, ...]:
        """The index keys of the wording."""
        return tuple(self._array("Q", 4 * self.head.shingles, self.head.wording_keys))

    def parts(self) -> list[SentencePrint]:
        """The headline and the sentences."""
        groups = [[frozenset(keys) if keys else _NONE for keys in self.group(which)] for which in GROUPS]
        return [SentencePrint(*part) for part in zip(*groups, strict=True)]

    def group(self, which: int) -> list[list[int]]:
        """One group of hashes of the headline and of each sentence."""
        key_at, places = self._table.__getitem__, self._places
        return [
            list(map(key_at, places[start : start + places[start - 1]])) if places[start - 1] else []
            for start in self._starts[which :: len(GROUPS)]
        ]

    @cached_property
    def _table(self) -> list[int]:
        return self._array("I", 4 * self.head.shingles + 8 * self.head.wording_keys, self.head.table).tolist()

    @cached_property
    def _places(self) -> list[int]:
        """The number of parts; then of each group its length, and where its hashes stand in the table."""
        start = 4 * (self.head.shingles + self.head.table) + 8 * self.head.wording_keys
        return self._array("H", start, (len(self._packed) - _HEAD.size - self.head.claims - start) // 2).tolist()

    @cached_property
    def _starts(self) -> list[int]:
        """Where the first place of each group stands."""
        places, starts, at = self._places, list[int](), 2
        for _ in range(places[0] * len(GROUPS)):
            starts.append(at)
            at += places[at - 1] + 1
        return starts

    def _array(self, code: str, start: int, count: int) -> "array[int]":
        found = array(code)
        start += _HEAD.size + self.head.claims
        found.frombytes(self._packed[start : start + count * found.itemsize])
        return _little(found)


def pack(
    fp: Any,
    claims: bytes,
    parts: Sequence[SentencePrint],
) -> bytes:
    """The bytes of a fingerprint."""
    table = {key: place for place, key in enumerate(sorted({key for part in parts for g in part.groups for key in g}))}
    places = array("H", [len(parts)])
    for part in parts:
        for group in part.groups:
            places.append(len(group))
            places.extend(sorted(table[key] for key in group))
    head = _HEAD.pack(
        _MAGIC,
        fp.scheme,
        fp.language.encode("ascii", "replace")[:2].ljust(2),
        _PRECISIONS.index(fp.precision),
        _stamp(fp.published),
        _stamp(fp.first_seen),
        fp.length,
        fp.title_key,
        fp.level,
        len(fp.shingles),
        len(fp.wording_keys),
        len(table),
        len(claims),
    )
    pieces = (_bytes("I", sorted(fp.shingles)), _bytes("Q", fp.wording_keys), _bytes("I", table))
    return b"".join((head, claims, *pieces, _little(places).tobytes()))


def _little(values: "array[int]") -> "array[int]":
    """The array in little-endian order, whatever the machine."""
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        values = array(values.typecode, values)
        values.byteswap()
    return values


def _bytes(code: str, values: Iterable[int]) -> bytes:
    return _little(array(code, values)).tobytes()


def _stamp(instant: datetime | None) -> int:
    return _NEVER if instant is None else (instant - _EPOCH) // timedelta(microseconds=1)


def _instant(stamp: int) -> datetime | None:
    return None if stamp == _NEVER else _EPOCH + timedelta(microseconds=stamp)
