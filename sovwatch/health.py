"""Whether a source is ill, in a sentence that a person understands; pure.

Four ways to be ill, the plainest first:

1. It fails: three times in a row, or twice where the answer leaves no hope (404, 410, 401, 403, robots.txt), or at
   once where a web page stands where a feed was, or where it killed the process that read it.
2. It answers and lists nothing, three times in a row, though it used to; that it has not changed since is no cure.
   News sitemaps and searches list the last days only: theirs may be empty for the longest gap that they have had.
3. It has been read well for a day and a half (of those, eight days), three times or more, and never listed anything.
4. It answers, and has had nothing new for longer than it ever had before: expected volume is learned from its own
   history, so that a weekly is not ill on Tuesday and a wire agency is after a night.

Time in which we did not ask is no silence of the source: silence is measured up to its last good reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from sovwatch.model import Outcome
from sovwatch.wording import lasting

_IN_A_ROW = 3
_HOPELESS_IN_A_ROW = 2
_HOPELESS = frozenset((401, 403, 404, 410, 451))
_KILLER = ("reading it killed", "reading it hung")  # as `spiders.process` says it
_LEAST_HISTORY = 8  # articles from which an expectation is learned
_EMPTIED = "answers, but lists nothing any more"
_LEAST_SILENCE = timedelta(hours=36)  # a night and a holiday morning are no silence
_WEEKLY = timedelta(days=8)  # a week, and a day late
_TIMES_LONGEST = 2.0  # the longest gap so far, so many times over


@dataclass(frozen=True, slots=True)
class Past:
    """One reading in a source's history."""

    at: datetime
    outcome: Outcome
    detail: str = ""
    status: int | None = None
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of a source beyond its newest readings."""

    first_ok: datetime | None = None  # when it was first and last read well before the newest reading
    last_ok: datetime | None = None
    listed: bool = False  # anything, ever
    ill: str | None = None  # why it was ill before the newest reading
    passing: bool = False  # it lists the last days only, so that nothing may be all there is


def illness(readings: Sequence[Past], published: Sequence[datetime], known: Remembered, *, now: datetime) -> str | None:
    """Return why a source is ill, or None. Its `readings` come newest first, `published` in any order."""
    return (
        _failing(readings, known.last_ok, now)
        or (_emptied(readings, published, known) if known.listed else _mute(readings, known))
        or _silent(readings, published)
    )


def killed(ill: str | None) -> bool:
    """Whether a source is ill since what it sent killed, or hung, the process that read it."""
    return ill is not None and any(said in ill for said in _KILLER)


def expected_per_day(published: Sequence[datetime]) -> float | None:
    """Return how many articles a day a source publishes by its history, or None while that is too short."""
    ordered = sorted(published)
    if len(ordered) < _LEAST_HISTORY:
        return None
    span = max(ordered[-1] - ordered[0], timedelta(hours=1))
    return (len(ordered) - 1) / (span / timedelta(days=1))


def _failing(readings: Sequence[Past], last_ok: datetime | None, now: datetime) -> str | None:
    failed = 0
    while failed < len(readings) and readings[failed].outcome == "failed":
        failed += 1
    if not failed:
        return None
    why = readings[0].detail or "no reason known"
    hopeless = readings[0].status in _HOPELESS or "forbids it" in why
    if "web page stands where" in why and last_ok is not None:
        return f"{why}: its address has changed, or it refuses us"
    killer = why.startswith(_KILLER)
    if failed < (_HOPELESS_IN_A_ROW if hopeless else _IN_A_ROW) and not killer:
        return None
    since = f"last read well {lasting(now - last_ok)} ago" if last_ok else "never read well"
    return f"{since}: {why}"


def _emptied(readings: Sequence[Past], published: Sequence[datetime], known: Remembered) -> str | None:
    newest = [reading for reading in readings if reading.outcome == "fetched"][:_IN_A_ROW]
    if any(reading.entries for reading in newest) or (known.passing and _is_usual(_silence(readings, published))):
        return None
    return _EMPTIED if len(newest) == _IN_A_ROW or known.ill == _EMPTIED else None


def _mute(readings: Sequence[Past], known: Remembered) -> str | None:
    well, least = _last_well(readings), _WEEKLY if known.passing else _LEAST_SILENCE
    often = sum(reading.outcome != "failed" for reading in readings) >= _IN_A_ROW
    if not often or well is None or known.first_ok is None or well - known.first_ok <= least:
        return None
    return f"answers, but never listed anything in {lasting(well - known.first_ok)}"


def _last_well(readings: Sequence[Past]) -> datetime | None:
    return next((reading.at for reading in readings if reading.outcome != "failed"), None)


class _Silence(NamedTuple):
    """How long nothing was new at the last good reading, and the longest that it ever took so far."""

    lasts: timedelta
    longest: timedelta


def _silence(readings: Sequence[Past], published: Sequence[datetime]) -> _Silence | None:
    """The silence of a source, or None while its history is too short for one."""
    well, ordered = _last_well(readings), sorted(published)
    if well is None or len(ordered) < _LEAST_HISTORY:
        return None
    return _Silence(well - ordered[-1], max(later - earlier for earlier, later in pairwise(ordered)))


def _is_usual(silence: _Silence | None) -> bool:
    return silence is not None and silence.lasts <= silence.longest


def _silent(readings: Sequence[Past], published: Sequence[datetime]) -> str | None:
    silence, usual = _silence(readings, published), expected_per_day(published)
    if silence is None or usual is None or silence.lasts <= max(silence.longest * _TIMES_LONGEST, _LEAST_SILENCE):
        return None
    return f"nothing new for {lasting(silence.lasts)}, though it usually brings {_volume(usual)}"


def _volume(per_day: float) -> str:
    if per_day >= 1.5:  # noqa: PLR2004  (from here on a rounded number a day reads better than one a week)
        return f"{per_day:.0f} articles a day"
    return f"{max(per_day * 7, 1):.0f} a week"
