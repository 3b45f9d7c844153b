"""How it goes: what `status` and the metrics ask of the whole archive."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, FromClause, func, select

from sovwatch import schema as t

SAMPLE = 5000  # of the newest articles: what is told of waiting rests on these at most


class Archive(NamedTuple):
    """Articles remembered, and those of them that are to be judged."""

    articles: int
    pending: int


class Week(NamedTuple):
    """What came since an instant: articles first seen, those of them on topic, and stories opened."""

    read: int
    on_topic: int
    stories: int


def archive(c: Connection) -> Archive:
    """What is remembered."""
    return Archive(_count(c, t.article), _count(c, t.article, t.WAITS))


def since(c: Connection, instant: datetime) -> Week:
    """What came since then."""
    a, j = t.article.c, t.judgement.c
    seen = a.first_seen >= instant
    return Week(
        _count(c, t.article, seen),
        _count(c, t.article.join(t.judgement, j.article == a.id), seen, j.placement.is_not(None)),
        _count(c, t.story, t.story.c.opened >= instant, t.story.c.merged_into.is_(None)),
    )


def _count(c: Connection, table: FromClause, *where: Any) -> int:
    return int(c.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def published_to_seen(c: Connection, instant: datetime) -> list[timedelta]:
    """How long news on topic, dated to the second and seen since then, was out before it was seen."""
    a = t.article.c
    query = (
        select(a.published, a.first_seen)
        .join(t.judgement, t.judgement.c.article == a.id)
        .where(a.first_seen >= instant, a.standing == "news", a.precision == "second", a.published.is_not(None))
        .where(t.judgement.c.placement.is_not(None))
        .order_by(a.first_seen.desc())  # not by number: SQLite would read all that is older, too
        .limit(SAMPLE)
    )
    return [row.first_seen - row.published for row in c.execute(query)]


def seen_to_told(c: Connection, instant: datetime) -> list[timedelta]:
    """How long it took from the first article of a story to the delivery of its first telling, for each since then."""
    d, o, a = t.told.c, t.outbox.c, t.article.c
    query = (
        select(func.min(a.first_seen).label("seen"), func.min(o.delivered_at).label("told"))
        .select_from(t.told.join(t.outbox, o.key == d.message).join(t.article, a.id == d.article))
        .where(d.channel.in_(select(t.channel.c.name)), d.at >= instant)  # by channel, as the index is
        .where(d.how == "new", o.delivered_at.is_not(None))
        .group_by(d.channel, d.story, d.message)
        .limit(SAMPLE)
    )
    return [row.told - row.seen for row in c.execute(query)]


def size(c: Connection) -> int:
    """Bytes that the database takes on the disk."""
    if c.dialect.name == "postgresql":
        return int(c.execute(select(func.pg_database_size(func.current_database()))).scalar_one())
    files = [Path(f"{c.engine.url.database}{suffix}") for suffix in ("", "-wal")]
    return sum(file.stat().st_size for file in files if file.exists())
