"""`status`: how it goes, in one screen; also what the metrics of the daemon tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, RowMapping

from sovwatch import slots
from sovwatch.app.opening import App
from sovwatch.app.pacing import paced
from sovwatch.app.sourcing import LATELY
from sovwatch.desk import at_desk
from sovwatch.store import overview, queue, schedule, sources
from sovwatch.store.fleet import Fleet, fleet
from sovwatch.wording import counted, lasting

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the house: instants in UTC, medians in minutes over the last week."""

    now: datetime
    last_run: Mapping[str, Any] | None
    last_reading: datetime | None  # of any source, by a run or by a fleet
    next_source: datetime | None
    next_digests: Mapping[str, datetime | None]
    sources: int
    ill: Mapping[str, str]
    unread: int  # sources that are not ill, but could not be read the last time
    remarks: Mapping[str, str]  # by source that is not ill: why it is not read whole
    paced: tuple[str, ...]  # hosts whose sources are read in turns
    waiting: int
    held: int
    oldest_waiting: datetime | None
    errors: tuple[str, ...]
    articles: int
    pending: int
    read_week: int
    on_topic_week: int
    stories_week: int
    to_seen: float | None
    to_told: float | None
    database_bytes: int
    fleet: Fleet | None = None  # of workers, where there is one


def status(app: App) -> Status:
    """Look at everything; nothing is changed."""
    now = app.now()
    enabled = [source.id for source in app.settings.sources if source.enabled]
    with app.store.read() as c:
        backlog, archive, week = queue.backlog(c), overview.archive(c), overview.since(c, now - WEEK)
        ill, unread, remarks = _sources(c, enabled, now)
        return Status(
            now=now,
            last_run=_row(schedule.latest(c, schedule.RUN, now)),
            last_reading=sources.last_read(c),
            next_source=sources.next_due(c, enabled, now),
            next_digests={name: slots.next_slot(one, now) for name, one in app.settings.channels.items()},
            sources=len(enabled),
            ill=ill,
            unread=unread,
            remarks=remarks,
            paced=tuple(map(str, paced(app.settings, c))),
            waiting=backlog.waiting,
            held=backlog.held,
            oldest_waiting=backlog.oldest,
            errors=tuple(dict.fromkeys(_errors(app, c))),
            articles=archive.articles,
            pending=archive.pending,
            read_week=week.read,
            on_topic_week=week.on_topic,
            stories_week=week.stories,
            to_seen=_median(overview.published_to_seen(c, now - WEEK)),
            to_told=_median(overview.seen_to_told(c, now - WEEK)),
            database_bytes=overview.size(c),
            fleet=fleet(c, app.settings.worker.silence),
        )


def _sources(c: Connection, enabled: Sequence[str], now: datetime) -> tuple[dict[str, str], int, dict[str, str]]:
    """Why sources are ill; how many others could not be read the last time; and why others are not read whole."""
    why, remarks = sources.ill(c), sources.remarks(c, now - LATELY)
    ill = {name: why[name] for name in enabled if name in why}
    unread = sources.failing(c).difference(ill) & {*enabled}
    return ill, len(unread), {name: remarks[name] for name in enabled if name in remarks and name not in ill}


def _errors(app: App, c: Connection) -> Iterator[str]:
    channels = app.settings.channels
    for channel, error, cure in queue.errors(c, channels.keys()):
        if channel not in channels:
            yield f"{channel}: no such channel is configured (configure it, or `sovwatch deliver --drop {channel}`)"
        else:
            yield f"{channel}: {error}" + (f" ({cure})" if cure else "")


def _row(row: RowMapping | None) -> dict[str, Any] | None:
    return None if row is None else {key: row[key] for key in ("started", "finished", "state", "detail")}


def _median(spans: Sequence[timedelta]) -> float | None:
    minutes = [span / timedelta(minutes=1) for span in spans]
    return round(median(minutes), 1) if minutes else None


def lines(found: Status, zone: str) -> Iterator[str]:
    """The status as a screen for people, its times in the desk's zone."""
    yield f"last run      {_last(found, zone)}"
    if found.fleet is not None and found.fleet.workers and found.last_reading:  # a fleet has no runs
        yield f"last reading  {at_desk(found.last_reading, zone)}"
    yield f"next source   {_in(found.next_source, found.now, zone) if found.next_source else _first(found)}"
    for channel, slot in found.next_digests.items():
        yield f"next digest   {channel}: {_in(slot, found.now, zone)}"
    unread = f", {found.unread} could not be read the last time" if found.unread else ""
    in_part = f", {len(found.remarks)} read in part" if found.remarks else ""
    yield f"sources       {found.sources} switched on, {len(found.ill)} ill{unread}{in_part}"
    for name, why in [*found.ill.items(), *found.remarks.items()]:
        yield f"              {name}: {why}"
    for host in found.paced:
        yield f"              {host}"
    held = f", {found.held} of them held until `sovwatch deliver`, or a quarter of an hour" if found.held else ""
    since = f", the oldest since {at_desk(found.oldest_waiting, zone)}" if found.oldest_waiting else ""
    yield f"outbox        {found.waiting} waiting{held}{since}"
    for error in found.errors:
        yield f"              {error}"
    read, stories = counted(found.read_week, "article"), counted(found.stories_week, "story", "stories")
    yield f"this week     {read} read, {found.on_topic_week} on topic, {stories}"
    yield f"              from published to first seen {_minutes(found.to_seen)}, to told {_minutes(found.to_told)}"
    articles, size = counted(found.articles, "article"), f"{found.database_bytes / 1e6:.1f} MB"
    yield f"archive       {articles}, {found.pending} to be judged, {size}"
    if found.fleet is not None:
        yield from _fleet(found.fleet)


def _fleet(found: Fleet) -> Iterator[str]:
    silent = f", {found.silent} silent" if found.silent else ""
    failed = f"; {counted(found.failed, 'job')} failed for good" if found.failed else ""
    yield f"fleet         {counted(found.workers, 'worker')}{silent}{failed}"
    for name, jobs in found.queues.items():
        yield f"              {name}: {jobs.doing} at work, {jobs.waiting} waiting, the oldest for {jobs.lag:.0f} s"


def _last(found: Status, zone: str) -> str:
    run = found.last_run
    if run is None:
        return "never"
    ended = run["finished"] or run["started"]
    return f"{at_desk(ended, zone)}, {run['state']}: {run['detail']}".rstrip(": ")


def _first(found: Status) -> str:
    return "now: none was read yet" if found.sources else "none"


def _in(at: datetime | None, now: datetime, zone: str) -> str:
    if at is None:
        return "none"
    if at <= now:
        return "now"
    return f"{at_desk(at, zone)} (in {lasting(at - now)})"


def _minutes(value: float | None) -> str:
    return "no figure yet" if value is None else lasting(timedelta(minutes=value))
