"""How a fingerprint lies in bytes, about 3 kB for 400 words, and what is read of them when it is asked for.

    head · claims · shingles · wording keys · table of all hashes · places in the table, group by group, part by part

A new article meets a hundred known ones, most of which one look at their date rules out: so the head is read at once,
and the rest piece by piece.
"""

import struct
import sys
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sovwatch.claims import Claims, unpacked
from sovwatch.model import Precision

if TYPE_CHECKING:  # which is kept by it
    from sovwatch.fingerprints import Fingerprint

SCHEME = 2  # of hashing, terms and packing; `schemes` reads what is of an older one
TERMS, NAMES, NUMBERS, CONCEPTS = GROUPS = range(4)  # of a part: a sentence or the headline
_MAGIC = b"SvFp"
_HEAD = struct.Struct("<4sB2sBqqIIBIHHH")
_NEVER = -(1 << 63)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NONE: frozenset[int] = frozenset()
_PRECISIONS: tuple[Precision | None, ...] = (None, *Precision)


class SchemeMismatch(ValueError):
    """No fingerprint, or one of a scheme that this program does not know: it can be compared with none."""


@dataclass(frozen=True, slots=True)
class SentencePrint:
    """What one sentence (or the headline) tells, as hashes that are the same in English and French.

    `terms` are its content words; `concepts` those that have a counterpart in the other language; `names` and `numbers`
    its hard facts. A number is the value of a figure that it claims, whatever it counts.
    """

    terms: frozenset[int] = frozenset()
    names: frozenset[int] = frozenset()
    numbers: frozenset[int] = frozenset()
    concepts: frozenset[int] = frozenset()

    @property
    def groups(self) -> tuple[frozenset[int], ...]:
        """Its four sets, in the order of `GROUPS`."""
        return self.terms, self.names, self.numbers, self.concepts


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

    scheme, groups = SCHEME, len(GROUPS)

    def __init__(self, packed: bytes) -> None:
        if len(packed) < _HEAD.size or packed[:4] != _MAGIC or packed[4] != self.scheme:
            raise SchemeMismatch(_mismatch(packed))
        _, _, language, precision, published, seen, *rest = _HEAD.unpack_from(packed)
        self._packed = packed
        self.head = Head(language.decode().strip(), _instant(published), _PRECISIONS[precision], _instant(seen), *rest)

    def claims(self) -> Claims:
        """The claims of the headline and each sentence."""
        return Claims.unpack(self._claims)

    def claimed(self) -> list[list[str]]:
        """The claims as lists: a set for each sentence takes twice the time."""
        return unpacked(self._claims)

    @property
    def _claims(self) -> bytes:
        return self._packed[_HEAD.size : _HEAD.size + self.head.claims]

    def shingles(self) -> frozenset[int]:
        """The sketch."""
        return frozenset(self.shingled())

    def shingled(self) -> "array[int]":
        """The sketch as it lies: a set of it takes 45 kB, and more time to make than to compare once."""
        return self._array("I", 0, self.head.shingles)

    def wording_keys(self) -> tuple[int, ...]:
        """The index keys of the wording."""
        return tuple(self._array("Q", 4 * self.head.shingles, self.head.wording_keys))

    def parts(self) -> list[SentencePrint]:
        """The headline and the sentences."""
        groups = [[frozenset(keys) if keys else _NONE for keys in self.group(which)] for which in GROUPS]
        return [SentencePrint(*part) for part in zip(*groups, strict=True)]

    def group(self, which: int) -> list[list[int]]:
        """One group of hashes of the headline and of each sentence."""
        table, places, starts = _laid(self)
        return [
            [table[place] for place in places[start : start + places[start - 1]]]
            for start in starts[which :: len(GROUPS)]
        ]

    def flat(self, which: int, parts: int | None) -> Iterator[int]:
        """One group of hashes of all parts in a row, or of the first `parts` of them."""
        table, places, starts = _laid(self)
        found: list[int] = []
        for start in starts[which :: len(GROUPS)][:parts]:
            found += places[start : start + places[start - 1]]
        return map(table.__getitem__, found)

    def __len__(self) -> int:
        """The number of parts: the headline, and each sentence."""
        return self._array("H", self._table_end, 1)[0]

    @property
    def _table_start(self) -> int:
        return 4 * self.head.shingles + 8 * self.head.wording_keys

    @property
    def _table_end(self) -> int:
        return self._table_start + 4 * self.head.table

    def laid(self) -> tuple[list[int], list[int], list[int]]:
        """The table of hashes; the places in it, group by group, after their number; where each group starts there."""
        table = self._array("I", self._table_start, self.head.table).tolist()
        count = (len(self._packed) - _HEAD.size - self.head.claims - self._table_end) // 2
        places = self._array("H", self._table_end, count).tolist()
        starts, at = list[int](), 2
        for _ in range(places[0] * self.groups):
            starts.append(at)
            at += places[at - 1] + 1
        return table, places, starts

    def _array(self, code: str, start: int, count: int) -> "array[int]":
        found = array(code)
        start += _HEAD.size + self.head.claims
        found.frombytes(self._packed[start : start + count * found.itemsize])
        return _little(found)


def _mismatch(packed: bytes) -> str:
    if packed[:4] != _MAGIC or packed[4:5] <= bytes([SCHEME]):
        return "it holds no fingerprint"
    return f"its fingerprint is of scheme {packed[4]}, which a newer sovwatch made"


@lru_cache(maxsize=4)  # all that is counted of a fingerprint is counted in a row, and this then only takes room
def _laid(packed: Packed) -> tuple[list[int], list[int], list[int]]:
    return packed.laid()


def pack(fp: "Fingerprint") -> bytes:
    """The bytes of a fingerprint."""
    claims, parts = fp.claims.pack(), (fp.title, *fp.sentences)
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
    if sys.byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values


def _bytes(code: str, values: Iterable[int]) -> bytes:
    return _little(array(code, values)).tobytes()


def _stamp(instant: datetime | None) -> int:
    return _NEVER if instant is None else (instant - _EPOCH) // timedelta(microseconds=1)


def _instant(stamp: int) -> datetime | None:
    return None if stamp == _NEVER else _EPOCH + timedelta(microseconds=stamp)
