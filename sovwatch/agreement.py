"""When two figures say one thing, and which figures are known by others.

Two figures are the same when their units can be and one rounds to the other ("177,732" and "nearly 178,000"): a
newsroom rounds, and a rounded figure is no news. A percentage rounds to its whole only, or to a vague share. Whoever
knows "212,400" also knows "more than 200,000" and "nearly 215,000"; not the other way round, and not from "198,000".
"""

import math
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, takewhile

from sovwatch.figures import LARGE, Figure

_OPEN_UNIT = frozenset({"", "time", "nth"})
_LASTING = frozenset({"year", "month", "week", "day", "hour", "minute"})
_PEOPLE = frozenset({"person", "job", "death", "injured", "arrest", "signature", "vote"})
_ABOUT_POINTS = 2.5  # "about 30 %", "three in ten"
_APART = 0.08  # of the larger: two values further apart are no rounding of each other
_BEYOND = 0.25  # at most, of a bound, that what it is said of lies beyond it: "more than a million" of 1.2 million
_SHORT = 0.1  # likewise below it: "nearly half a million" of 470,000


def _rounded(value: float, digits: int) -> float:
    return round(value, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0.0


@lru_cache(maxsize=16384)
def _significant(value: float) -> int:
    return max(1, len(f"{value:.10g}".replace(".", "").strip("0"))) if value < 1e15 else 3  # noqa: PLR2004


def same(a: Figure, b: Figure) -> bool:
    """Whether two figures say one thing: units that can be one, values of which one rounds to the other. Symmetric."""
    return _units_agree(a, b) and _values_agree(a, b)


def tells(known: Figure, asked: Figure) -> bool:
    """Whether who knows one figure knows the other: the same, or a bound that the known one keeps by little."""
    beyond = (known.value - asked.value) * asked.bound
    if beyond < 0 or known.bound * asked.bound < 0:
        return False
    return same(known, asked) or (_units_agree(known, asked) and _keeps(known.value, beyond, asked))


def _keeps(value: float, beyond: float, bound: Figure) -> bool:
    """Whether somebody would word a value so: by less than one of the bound's last digit, and not too far."""
    if not (bound.bound and value and bound.value) or _significant(value) <= (digits := _significant(bound.value)):
        return False
    last = 10.0 ** (math.floor(math.log10(abs(bound.value))) - digits + 1)
    return beyond <= min(last, bound.value * (_BEYOND if bound.bound > 0 else _SHORT))


class Counted:
    """Figures, looked up as quickly as a page of results needs: hundreds, each with each, took a minute.

    One is compared with those of near values alone, and asked again, with those that came since.
    """

    def __init__(self) -> None:
        self._by_value: list[Figure] = []
        self._by_arrival: list[Figure] = []
        self._missed: dict[Figure, int] = {}  # a figure that none was the same as -> of how many

    def add(self, figure: Figure) -> None:
        """Count a figure in."""
        at = bisect_left(self._by_value, figure)
        if self._by_value[at : at + 1] != [figure]:
            self._by_value.insert(at, figure)
            self._by_arrival.append(figure)

    def has(self, figure: Figure) -> bool:
        """Whether any of them tells it."""
        missed = self._missed.get(figure)
        others = self._near(figure) if missed is None else self._by_arrival[missed:]
        if any(tells(other, figure) for other in others):
            return True
        self._missed[figure] = len(self._by_arrival)
        return False

    def _near(self, figure: Figure) -> Iterable[Figure]:
        """Those whose values may round to its own or keep it as a bound, and a few more."""
        first = bisect_left(self._by_value, figure.value * (0.99 - _SHORT), key=_value)
        most = figure.value * (1.01 + _BEYOND)
        return takewhile(lambda other: other.value <= most, islice(self._by_value, first, None))


def _value(figure: Figure) -> float:
    return figure.value


def _units_agree(a: Figure, b: Figure) -> bool:
    """Whether two units can count one thing: "120,000 people signed" and "120,000 signatures" do."""
    units = {a.unit, b.unit}
    if len(units) == 1 or units <= _OPEN_UNIT or units <= _PEOPLE:
        return True
    if "nth" in units:
        return False
    if "percent" in units:  # "24 per cent, from 29 in November"
        return "" in units and a.value == b.value
    if "" in units:
        return not units & _LASTING
    return min(a.value, b.value) >= LARGE and not units & {"dollar", "euro", "pound"}


def _values_agree(a: Figure, b: Figure) -> bool:
    if a.value == b.value:
        return True
    if not (a.value and b.value) or abs(a.value - b.value) > _APART * max(a.value, b.value):
        return False
    if a.unit == "percent" == b.unit:
        return _percentages_agree(a, b)
    if min(a.value, b.value) < LARGE:  # small counts are exact
        return False
    rounder, other = sorted((a, b), key=lambda figure: _significant(figure.value))
    if rounder.about and _significant(rounder.value) < _significant(other.value):
        return abs(a.value - b.value) <= 0.05 * max(a.value, b.value)
    fewest = min(_significant(a.value), _significant(b.value))
    digits = fewest if a.about or b.about else max(2, fewest)
    return _significant(a.value) != _significant(b.value) and _rounded(a.value, digits) == _rounded(b.value, digits)


def _percentages_agree(a: Figure, b: Figure) -> bool:
    """Whether one rounds to the other's whole, or is a vague share ("about 30", "a third") that is near the other."""
    if _vague(a) or _vague(b):
        return abs(a.value - b.value) <= _ABOUT_POINTS
    return bool(a.value == round(b.value) != b.value or b.value == round(a.value) != a.value)


def _vague(one: Figure) -> bool:
    return one.about and (one.value % 5 == 0 or one.value % 1 > 0)
