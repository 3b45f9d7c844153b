"""How much a term tells: its surprise, from how common it is in news at large.

`frequencies.bin` holds, for each term that news at large has often enough, its hash and its rate as one byte (bits times
12): figures, no words. `benchmarks/frequencies.py` counts them. A term that is not in it is rare.
"""

from array import array
from functools import cache
from math import log2
from pathlib import Path

FILE = Path(__file__).with_name("frequencies.bin")
RARE = 9.5  # bits of a term that the background lacks: rarer than 3 in about 1,000 documents of any of its corpora
_STEPS = 12


@cache
def _table() -> dict[int, float]:
    packed = FILE.read_bytes()
    count = len(packed) // 5
    keys = [int.from_bytes(packed[4 * place : 4 * place + 4], "little") for place in range(count)]
    return {key: byte / _STEPS for key, byte in zip(keys, packed[4 * count :], strict=True)}


def bits(key: int) -> float:
    """The surprise of a term, in bits: about 1 for a word of every other article, `RARE` for an unknown name."""
    return _table().get(key, RARE)


def encoded(rates: dict[int, float]) -> bytes:
    """The table in the form of the file: all hashes in order, then a byte for each."""
    keys = array("I", sorted(rates))
    steps = bytes(min(255, max(0, round(-log2(rates[key]) * _STEPS))) for key in keys)
    return b"".join(key.to_bytes(4, "little") for key in keys) + steps
