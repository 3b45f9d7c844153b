"""`status`: how it goes, in one screen; also what the metrics of the daemon tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from sovwatch import schema as t
from sovwatch import slots
from sovwatch.app.opening import App
from sovwatch.desk import at_desk
from sovwatch.store import schedule, sources
from sovwatch.store.fleet import Fleet, fleet

WEEK = timedelta(days=7)
SAMPLE = 5000  # of the newest articles: the medians are of these at most


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
    database_bytes: int | None
    fleet: Fleet | None = None  # of workers, where there is one


def status(app: App) -> Status:
    """Look at everything; nothing is changed."""
    now = app.now()
    enabled = [source.id for source in app.settings.sources if source.enabled]
    with app.store.read() as c:
        states = sources.states(c)
        waiting = c.execute(_waiting()).one()
        errors = c.execute(select(t.outbox.c.channel, t.outbox.c.error, t.outbox.c.cure).where(_undelivered())).all()
        return Status(
            now=now,
            last_run=_row(schedule.latest(c, schedule.RUN, now)),
            last_reading=max((row["last_read"] for row in states.values() if row["last_read"]), default=None),
            next_source=sources.next_due(c, enabled, now),
            next_digests={name: slots.next_slot(one, now) for name, one in app.settings.channels.items()},
            sources=len(enabled),
            ill={name: states[name]["ill_why"] for name in enabled if name in states and states[name]["ill_since"]},
            waiting=waiting.waiting,
            held=waiting.held or 0,
            oldest_waiting=waiting.oldest,
            errors=tuple(_error(*row) for row in errors if row.error),
            articles=_count(c, t.article),
            pending=_count(c, t.article, t.WAITS),
            **_week(c, now),
            database_bytes=_size(app, c),
            fleet=fleet(c, app.settings.worker.silence),
        )


def _error(channel: str, error: str, cure: str) -> str:
    return f"{channel}: {error}" + (f" ({cure})" if cure else "")


def _row(row: RowMapping | None) -> dict[str, Any] | None:
    return None if row is None else {key: row[key] for key in ("started", "finished", "state", "detail")}


def _undelivered() -> Any:
    return t.outbox.c.delivered_at.is_(None)


def _waiting() -> Any:
    o = t.outbox.c
    return select(
        func.count().label("waiting"),
        func.count().filter(o.held).label("held"),
        func.min(o.promised_at).label("oldest"),
    ).where(_undelivered())


def _count(c: Connection, table: Any, *where: Any) -> int:
    return int(c.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def _week(c: Connection, now: datetime) -> dict[str, Any]:
    a, j = t.article.c, t.judgement.c
    since = now - WEEK
    return {
        "read_week": _count(c, t.article, a.first_seen >= since),
        "on_topic_week": _count(
            c, t.article.join(t.judgement, j.article == a.id), a.first_seen >= since, j.placement.is_not(None)
        ),
        "stories_week": _count(c, t.story, t.story.c.opened >= since, t.story.c.merged_into.is_(None)),
        "to_seen": _to_seen(c, since),
        "to_told": _to_told(c, since),
    }


def _to_seen(c: Connection, since: datetime) -> float | None:
    """Minutes from published to first seen, of what is told as news and dated to the second."""
    a = t.article.c
    query = (
        select(a.published, a.first_seen)
        .join(t.judgement, t.judgement.c.article == a.id)
        .where(a.first_seen >= since, a.standing == "news", a.precision == "second", a.published.is_not(None))
        .where(t.judgement.c.placement.is_not(None))
        .order_by(a.id.desc())
        .limit(SAMPLE)
    )
    return _median(row.first_seen - row.published for row in c.execute(query))


def _to_told(c: Connection, since: datetime) -> float | None:
    """Minutes from first seen to delivered, of the first article of each telling."""
    d, o, a = t.told.c, t.outbox.c, t.article.c
    query = (
        select(func.min(a.first_seen).label("seen"), func.min(o.delivered_at).label("told"))
        .select_from(t.told.join(t.outbox, o.key == d.message).join(t.article, a.id == d.article))
        .where(d.at >= since, d.how == "new", o.delivered_at.is_not(None))
        .group_by(d.channel, d.story, d.message)
        .limit(SAMPLE)
    )
    return _median(row.told - row.seen for row in c.execute(query))


def _median(spans: Iterator[timedelta]) -> float | None:
    minutes = [span / timedelta(minutes=1) for span in spans]
    return round(median(minutes), 1) if minutes else None


def _size(app: App, c: Connection) -> int | None:
    url = app.store.engine.url
    if url.get_backend_name() != "sqlite":
        return int(c.execute(select(func.pg_database_size(func.current_database()))).scalar_one())
    files = [Path(f"{url.database}{suffix}") for suffix in ("", "-wal")]
    return sum(file.stat().st_size for file in files if file.exists())


def lines(found: Status, zone: str) -> Iterator[str]:
    """The status as a screen for people, its times in the desk's zone."""
    yield f"last run      {_last(found, zone)}"
    if found.fleet is not None and found.fleet.workers and found.last_reading:  # a fleet has no runs
        yield f"last reading  {at_desk(found.last_reading, zone)}"
    yield f"next source   {_in(found.next_source, found.now, zone) if found.next_source else _first(found)}"
    for channel, slot in found.next_digests.items():
        yield f"next digest   {channel}: {_in(slot, found.now, zone)}"
    yield f"sources       {found.sources} switched on, {len(found.ill)} ill"
    for name, why in found.ill.items():
        yield f"              {name}: {why}"
    held = f", {found.held} of them held for an operator" if found.held else ""
    since = f", the oldest since {at_desk(found.oldest_waiting, zone)}" if found.oldest_waiting else ""
    yield f"outbox        {found.waiting} waiting{held}{since}"
    for error in found.errors:
        yield f"              {error}"
    stories = "1 story" if found.stories_week == 1 else f"{found.stories_week} stories"
    yield f"this week     {found.read_week} articles read, {found.on_topic_week} on topic, {stories}"
    yield f"              from published to first seen {_minutes(found.to_seen)}, to told {_minutes(found.to_told)}"
    size = f", {found.database_bytes / 1e6:.1f} MB" if found.database_bytes is not None else ""
    yield f"archive       {found.articles} articles, {found.pending} to be judged{size}"
    if found.fleet is not None:
        yield from _fleet(found.fleet)


def _fleet(found: Fleet) -> Iterator[str]:
    silent = f", {found.silent} silent" if found.silent else ""
    failed = f"; {found.failed} jobs failed for good" if found.failed else ""
    yield f"fleet         {found.workers} workers{silent}{failed}"
    for name, queue in found.queues.items():
        yield f"              {name}: {queue.doing} at work, {queue.waiting} waiting, the oldest for {queue.lag:.0f} s"


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
    return f"{at_desk(at, zone)} (in {(at - now) / timedelta(hours=1):.1f} hours)"


def _minutes(value: float | None) -> str:
    return "no figure yet" if value is None else f"{value:.0f} minutes"
