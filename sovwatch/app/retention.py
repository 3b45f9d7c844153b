"""Once a day, inside `run`: texts after `retention.texts`, what was off topic after `retention.off_topic`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from sovwatch.app.opening import App, Stop, never
from sovwatch.store import articles, retention, robots, schedule, sources
from sovwatch.store.lists import batches

JOB = "retention"


@dataclass(slots=True)
class RetentionReport:
    """What was forgotten."""

    texts: int = 0
    off_topic: int = 0
    messages: int = 0
    listings: int = 0
    source_runs: int = 0
    vacuumed: bool = False


def is_due(c: Connection, now: datetime) -> bool:
    """Whether nothing was forgotten yet today, which is a day of UTC."""
    last = schedule.last_slot(c, JOB, now)
    return last is None or last < _today(now)


def _today(now: datetime) -> datetime:
    return datetime(now.year, now.month, now.day, tzinfo=UTC)


def forget_due(app: App, stop: Stop = never) -> RetentionReport | None:
    """Forget what is old, unless that was done today; None then."""
    now = app.now()
    with app.store.read() as c:
        if not is_due(c, now):
            return None
    report = forget(app, stop)
    if not stop():
        with app.store.write() as c:
            schedule.serve(c, JOB, _today(now), now=now, detail=str(report))
    return report


def forget(app: App, stop: Stop = never) -> RetentionReport:
    """Forget what is old: a batch a transaction, so that nobody waits long for the database."""
    now, keep = app.now(), app.settings.retention
    report = RetentionReport(
        texts=_batches(app, retention.forget_texts, now - keep.texts, stop),
        off_topic=_batches(app, retention.forget_off_topic, now - keep.off_topic, stop),
    )
    with app.store.write() as c:
        report.messages = retention.forget_messages(c, now - keep.texts)
        report.listings = articles.forget_listings(c, before=now - keep.off_topic)
        robots.forget(c, now)
        report.source_runs = schedule.forget(c, now)
    report.source_runs += _readings(app, now, stop)
    report.vacuumed = retention.vacuum(app.store)
    return report


def _readings(app: App, now: datetime, stop: Stop) -> int:
    """Forget how old readings went, some sources a transaction."""
    with app.store.read() as c:
        names = sorted(sources.known(c))
    total = 0
    for some in batches(names):
        if stop():
            break
        with app.store.write() as c:
            total += sources.forget_runs(c, some, now)
    return total


Forgetting = Callable[[Connection, datetime, datetime], retention.Batch]


def _batches(app: App, forget_some: Forgetting, before: datetime, stop: Stop) -> int:
    total, batch = 0, retention.Batch(0, datetime(1, 1, 1, tzinfo=UTC))
    while not stop():
        with app.store.write() as c:
            batch = forget_some(c, batch.reached, before)
        total += batch.done
        if batch.done < retention.BATCH:
            break
    return total
