"""What terms tell in the news of these weeks.

The shipped rates (`background`) were counted once. A name that nobody knew last month stands in every report of an
affair while it runs, as do its place, its bill and its date: to share them tells nothing then, and all its happenings
looked like one. So the rates of the topics' news are brought up to date by the articles on topic of the weeks around.
docs/decisions/0025 has what that gives.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log2

from sovwatch.background import RARE, RARE_TOPICAL, Tables
from sovwatch.similarity import Fingerprint

COUNTS_AS = 60  # articles that a shipped rate counts as beside those of the weeks around; 40 and 120 do as well
WEEK = timedelta(days=7)  # one's own, the one before and the one after are looked at
MOST = 500  # articles of them that are counted, the newest
_FEW, _GROWN = 5, 4  # counted anew after so many articles, or a quarter more: what is near has been weighed by then
_KEPT = 6  # weeks; a backlog has articles of several

Recent = Callable[[datetime, datetime], Sequence[Fingerprint]]  # articles on topic since and until, `MOST` at most


def in_season(tables: Tables, recent: Sequence[Fingerprint]) -> Tables:
    """The tables with the rates of the topics' news brought up to date by these articles."""
    if not recent:
        return tables
    having = Counter(key for fp in recent for key in _keys(fp))
    known = {key: bits for key, bits in tables.topical.items() if key not in having}
    rarer = log2((COUNTS_AS + len(recent)) / COUNTS_AS)
    fresh = {key: min(bits + rarer, tables.general.get(key, RARE)) for key, bits in known.items()}
    fresh |= {key: _bits(tables, key, count, len(recent)) for key, count in having.items()}
    return tables._replace(topical=fresh)


def _keys(fp: Fingerprint) -> Iterable[int]:
    return {*fp.terms, *fp.names, *fp.numbers}


def _bits(tables: Tables, key: int, count: int, articles: int) -> float:
    before = 2 ** -tables.topical.get(key, RARE_TOPICAL) * COUNTS_AS
    return min(-log2((before + count) / (COUNTS_AS + articles)), tables.general.get(key, RARE))


@dataclass
class _Week:
    """The tables of a week, of how many articles, and how many were placed by them."""

    tables: Tables
    articles: int
    placed: int = 0

    @property
    def stale(self) -> bool:
        return self.placed >= max(_FEW, self.articles // _GROWN)


class Seasons:
    """The tables of each week, counted anew as its articles come."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._weeks: OrderedDict[datetime, _Week] = OrderedDict()

    def tables(self, at: datetime | None, recent: Recent) -> Tables:
        """The tables by which an article of that instant is placed; the shipped ones where it has none."""
        if at is None:
            return self._tables
        start = week_of(at)
        week = self._weeks.pop(start, None)
        if week is None or week.stale:
            found = recent(start - WEEK, start + 2 * WEEK)
            week = _Week(in_season(self._tables, found), len(found))
        self._weeks[start] = week
        if len(self._weeks) > _KEPT:
            self._weeks.popitem(last=False)
        week.placed += 1
        return week.tables


def week_of(at: datetime) -> datetime:
    """The Monday on which its week began."""
    day = at.astimezone(UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=day.weekday())
