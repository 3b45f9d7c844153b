"""When a source is read next: from how often it really publishes, what it asks for, and how it has failed; pure.

    rhythm (or `every`)  →  stretched by TTL and Cache-Control  →  by Retry-After  →  or backed off after failures  →
    bounds

- The rhythm is half the mean gap between its newest articles, the gap that is still open included: a source that
  falls silent is asked less and less, one that wakes up more and more. Half, so that an article waits for a quarter
  of the gap on average.
- After failures the interval doubles from one to the next, and is jittered, so that hosts which fell together are not
  all asked again together. No source is ever given up: it is tried once a day at least (`every_max`), Retry-After
  included.
- What a fixed `every` says stands; only Retry-After stretches it.

Alternatives: miniflux divides a week by the week's count (a source with a burst on Monday is asked too often until
Sunday); Media Cloud adapts by how many listed entries are known already (needs many rounds to settle, and sitemaps
list two days).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sovwatch.model import SourceRun

UNKNOWN_RHYTHM = timedelta(minutes=30)  # until two articles have been seen
NEWEST = 30  # articles that the rhythm is taken from
_FIRST_BACK_OFF = timedelta(minutes=10)
_MOST_DOUBLINGS = 10
_JITTER = 0.25  # of a back-off, either way; a tenth of a rhythm


@dataclass(frozen=True, slots=True)
class Bounds:
    """The operator's limits, and a fixed interval where the source has one."""

    least: timedelta = timedelta(minutes=5)
    most: timedelta = timedelta(hours=24)
    every: timedelta | None = None


def interval(
    run: SourceRun, published: Sequence[datetime], *, failures: int, bounds: Bounds, luck: float = 0.5
) -> timedelta:
    """Return how long to wait after `run`, which has been counted in `failures` (in a row, 0 after a success).

    `published` are the instants of the source's newest articles, in any order; `luck` in [0, 1) places the jitter.
    """
    usual = bounds.every or rhythm(published, run.finished)
    asked = run.retry_after or timedelta()
    fresh = min(run.ttl or timedelta(), bounds.most)
    if run.outcome == "failed":
        wait = max(usual, _FIRST_BACK_OFF) * (1 << min(max(failures, 1) - 1, _MOST_DOUBLINGS))
        wait *= 1 - _JITTER + 2 * _JITTER * luck
    elif bounds.every is None and run.outcome == "fetched" and run.body_hash is None and run.new:
        wait = bounds.least  # something was left for the next reading, and this one got on
    else:
        wait = usual if bounds.every else max(usual, fresh) * (0.9 + 0.2 * luck)
    floor = min(bounds.every or bounds.least, bounds.most)
    return max(min(max(wait, asked), bounds.most), min(floor, bounds.most))


def rhythm(published: Sequence[datetime], now: datetime) -> timedelta:
    """Return half the mean gap between the newest articles and now."""
    newest = sorted((at for at in published if at <= now), reverse=True)[:NEWEST]
    if len(newest) < 2:  # noqa: PLR2004  (one article has no gap)
        return UNKNOWN_RHYTHM
    return (now - newest[-1]) / len(newest) / 2
