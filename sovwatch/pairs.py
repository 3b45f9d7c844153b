"""How likely two articles report one happening: a logistic regression over what they share and how far apart they lie.

The weights stand in `stories.toml`, with what they were fitted on (`benchmarks/train_stories.py`): one set for texts,
one where a headline is all that there is of both. Time counts most, so a date known only to the month or year is a
period, and the days apart are those between the nearest ends of two periods.

Two reports more than a day and a half apart that count the same kind of thing where they open, and agree on no count,
are of two happenings, whatever else they share: this week's poll and last week's, two stages of a count of signatures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from math import fsum, log, log1p, sqrt

from sovwatch.agreement import same
from sovwatch.background import RARE, RARE_TOPICAL, Tables
from sovwatch.figures import Figure, figure_of
from sovwatch.fingerprints import once
from sovwatch.model import PERIODS, Precision
from sovwatch.moments import UNKNOWN_YEAR
from sovwatch.regression import probability, shipped
from sovwatch.similarity import Fingerprint, cosine
from sovwatch.terms import hashed

FAR = timedelta(days=10)  # two articles further apart never report one happening: above all, time tells them apart
AGAIN = timedelta(days=1.5)  # what is counted anew this much later is another count; sooner, another reading of it
_OPENING = 3  # the headline and two sentences
_UNCOUNTED = frozenset({"", "time", "nth", "year", "month", "week", "day", "hour", "minute"})  # units that tell no kind
_JUST_PAST = 4  # days before its publication on which what an article reports may have happened
_SOME = 16  # bits from which on more shared words tell less and less; two common ones, 2 bits, tell next to nothing
_COMMON = 2.0  # bits that a number or a word must tell before sharing it counts
_USUAL = 80  # words of an opening as feeds give it


def kind(one: Fingerprint, other: Fingerprint) -> str:
    """Which model compares the two: a headline alone says as much to a text as a short text does."""
    return "headlines" if one.bare and other.bare else "texts"


def apart(one: Fingerprint, other: Fingerprint) -> timedelta | None:
    """The time between two publications, from their nearest ends where they are periods; None where one is unknown."""
    if one.published is None or other.published is None:
        return None
    first, last = _period(one), _period(other)
    return max(timedelta(0), first[0] - last[1], last[0] - first[1])


def _period(fp: Fingerprint) -> tuple[datetime, datetime]:
    assert fp.published is not None
    return fp.published, fp.published + PERIODS[fp.precision or Precision.SECOND]


def counts_anew(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether both open with counts of one kind, none of them the same, more than `AGAIN` apart; symmetric."""
    distance = apart(one, other)
    if distance is None or distance < AGAIN:
        return False
    ours, theirs = _counts(one), _counts(other)
    if {figure.unit for figure in ours}.isdisjoint({figure.unit for figure in theirs}):
        return False
    return not any(same(figure, counted) for figure in ours for counted in theirs)


@once
def _counts(fp: Fingerprint) -> tuple[Figure, ...]:
    keys = sorted(key for part in fp.claimed[:_OPENING] for key in part if key[0] == "n")
    return tuple(figure for key in keys if (figure := figure_of(key[1:])).unit not in _UNCOUNTED)


@once
def _acts(fp: Fingerprint) -> dict[int, float]:
    """How often each act stands, as a vector of length one."""
    counts = Counter(hashed(key) for part in fp.claimed for key in part if key[0] == "c")
    length = sqrt(sum(count * count for count in counts.values()))
    return {key: count / length for key, count in counts.items()}


def features(one: Fingerprint, other: Fingerprint, tables: Tables) -> dict[str, float]:
    """What the model looks at, by name, where terms tell what `tables` say; symmetric.

    "long" is how much longer the shorter text is than an opening, in powers of e. Of two openings of sixty words that
    tell one happening few words agree, of two whole articles many: so what they share counts with it. "words" and
    "numbers" count the bits that shared ones tell: what openings of one happening share may be a few rare words, which
    a cosine hides. What each opens with and the other lacks, days and names, tells happenings of one affair apart.
    """
    distance = apart(one, other)
    days = distance / timedelta(days=1) if distance is not None else 0.0
    near = float(distance is not None and days <= 1 and _exact(one) and _exact(other))
    long = log(max(_USUAL, min(one.length, other.length)) / _USUAL)
    shared = one.vector.keys() & other.vector.keys()
    content = cosine(one.vector, other.vector, shared)
    telling = _headlined if kind(one, other) == "headlines" else _telling
    ours, theirs = one.weighed(tables), other.weighed(tables)
    return {
        "content": content,
        "root": sqrt(content),
        "headline": cosine(ours.heading, theirs.heading),
        "opening": cosine(ours.opening, theirs.opening),
        "names": cosine(ours.naming, theirs.naming),
        "concepts": cosine(ours.sharing, theirs.sharing),
        "acts": cosine(_acts(one), _acts(other)),
        "numbers": log1p(_told(_numbers(one, tables), other.numbers)),
        "words": log1p(_told(telling(one, tables), shared) / _SOME),
        "days": days,
        "near": near,
        "undated": float(distance is None),
        "other days": float(_differ(_days(one), _days(other))),
        "other names": float(_differ(_leading(one, tables), _leading(other, tables))),
        "long": long,
        "long content": long * content,
        "long near": long * near,
    }


def _exact(fp: Fingerprint) -> bool:
    return fp.precision in {Precision.SECOND, Precision.DAY}


def _differ(ours: AbstractSet[object], theirs: AbstractSet[object]) -> bool:
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


@once
def _days(fp: Fingerprint) -> frozenset[str]:
    """The days about its publication that an article opens with: when the news happened."""
    opening = fp.claimed[:_OPENING]
    named = frozenset(key[1:] for part in opening for key in part if key[0] == "d" and key[1] != UNKNOWN_YEAR)
    if fp.published is None or not _exact(fp):
        return named
    published = fp.published.date()
    return named & {(published + timedelta(days=shift)).isoformat() for shift in range(-_JUST_PAST, 2)}


@once
def _leading(fp: Fingerprint, tables: Tables) -> frozenset[int]:
    """The names that it opens with and that tell something in the topics' news."""
    return frozenset(_bits(fp.leading, tables.topical, RARE_TOPICAL))


@once
def _telling(fp: Fingerprint, tables: Tables) -> dict[int, float]:
    """Its terms that tell something in the topics' news, with the bits that they tell."""
    return _bits(fp.vector, tables.topical, RARE_TOPICAL)


@once
def _headlined(fp: Fingerprint, tables: Tables) -> dict[int, float]:
    """Its terms that tell something in headlines, which are of all kinds, with the bits that they tell."""
    return _bits(fp.vector, tables.headlines, RARE)


@once
def _numbers(fp: Fingerprint, tables: Tables) -> dict[int, float]:
    """Its numbers that tell something in the topics' news, with the bits that they tell."""
    return _bits(fp.numbers, tables.topical, RARE_TOPICAL)


def _bits(keys: Iterable[int], surprise: Mapping[int, float], rare: float) -> dict[int, float]:
    """What each tells beyond a common one, in bits; common ones are left out."""
    return {key: bits - _COMMON for key in keys if (bits := surprise.get(key, rare)) > _COMMON}


def _told(bits: Mapping[int, float], shared: AbstractSet[int]) -> float:
    """How many bits the shared ones tell together."""
    return fsum([bits[key] for key in shared if key in bits])


def far(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two articles lie too far apart for one happening."""
    distance = apart(one, other)
    return distance is not None and distance > FAR


def odds(one: Fingerprint, other: Fingerprint, tables: Tables) -> float:
    """The probability, 0..1, that two articles report one happening, where terms tell what `tables` say."""
    if far(one, other) or counts_anew(one, other):
        return 0.0
    return probability(features(one, other, tables), shipped("stories.toml", kind(one, other)))
