"""How much a term tells: its surprise in bits, from how common it is in news at large and in news of separatism.

`frequencies.bin` holds, for each term that is common enough, its hash and three rates of a byte each, and no words.
`benchmarks/frequencies.py` counts them. A term that is rare in news at large may stand in every piece on our topics
("secession", "premier"), where it tells happenings apart no longer: on ../shared/bench/coverage the average precision
of same-event pairs by cosine is .40 with the surprise of news at large, .65 with that of the topics' own news (counted
on other events than those compared), across languages .25 and .55. So both are kept. And a term that nearly every
article has somewhere ("government") is rare in headlines: where these are all there is, its rate there counts.

Those are two topics' news. A topic of one's own has no news that was counted, but what its profile looks for is common
in it: Scottish news says "Scotland" and "independence" as Alberta's says "Alberta". So its words weigh as those do
(`Tables.with_common`; docs/decisions/0020).

Index keys are chosen by the shipped figures, whatever the profiles say: other ones ask for a new `fingerprints.SCHEME`.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from math import log2
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("frequencies.bin")
RARE = 9.5  # bits of a term that the background lacks: rarer than 3 in about 1,000 documents of any of its corpora
RARE_TOPICAL = 5.8  # of one that the topics' news lacks: that corpus is small, so the rate is smoothed (4 in 227)
COUNTED = frozenset({"alberta", "quebec"})  # the topics of that news: what is rare in it is rare, profile or not
# Bits of a word that another topic looks for: "independence", "referendum", "Quebec" have 1.4 to 1.8 as counted.
COMMON = 1.5
_STEPS = 12  # to the bit


class Tables(NamedTuple):
    """Bits of terms in news at large, in the topics' own news (never more than at large), and in headlines at large."""

    general: Mapping[int, float]
    topical: Mapping[int, float]
    headlines: Mapping[int, float]

    def with_common(self, keys: Iterable[int]) -> "Tables":
        """With these terms at `COMMON` bits at most in the topics' news."""
        common = {key: min(COMMON, self.topical.get(key, RARE_TOPICAL)) for key in keys}
        return self._replace(topical={**self.topical, **common}) if common else self


@cache
def shipped() -> Tables:
    """The tables of the package."""
    packed = FILE.read_bytes()
    count = len(packed) // (4 + len(Tables._fields))
    keys = [int.from_bytes(packed[4 * place : 4 * place + 4], "little") for place in range(count)]
    columns = (packed[start : start + count] for start in range(4 * count, len(packed), count))
    return Tables(*({key: byte / _STEPS for key, byte in zip(keys, told, strict=True)} for told in columns))


def bits(key: int) -> float:
    """The surprise of a term in news at large: 1 for a word of every other article, `RARE` for an unknown name."""
    return shipped().general.get(key, RARE)


def encoded(tables: Tables) -> bytes:
    """The tables in the form of the file: all hashes in order, then a byte for each, for each table."""
    keys = sorted(set().union(*tables))
    rare = (RARE, RARE_TOPICAL, RARE)
    columns = [bytes(_byte(told.get(key, least)) for key in keys) for told, least in zip(tables, rare, strict=True)]
    return b"".join((*(key.to_bytes(4, "little") for key in keys), *columns))


def _byte(surprise: float) -> int:
    return min(255, max(0, round(surprise * _STEPS)))


def surprise(rate: float) -> float:
    """Bits of what happens at that rate."""
    return -log2(rate)
