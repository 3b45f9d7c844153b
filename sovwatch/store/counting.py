"""What a digest counts: what was read since the channel's last one, and what it was told today."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, exists, func, select, update

from sovwatch import schema as t
from sovwatch.model import Footer
from sovwatch.store.history import TOLD


def footer(c: Connection, upto: int, topics: Iterable[str]) -> tuple[Footer, int]:
    """The figures of what was read after the article `upto`, on these topics, and the newest article counted."""
    j, a = t.judgement, t.article_topic.c
    mine = (a.article == t.article.c.id) & a.topic.in_(list(topics)) & a.centrality.is_not(None)
    read = (
        select(t.article.c.id, j.c.placement, j.c.relation, j.c.judged, exists().where(mine).label("mine"))
        .join(j, j.c.article == t.article.c.id, isouter=True)
        .where(t.article.c.id > upto)
    ).subquery()
    r = read.c
    figures = {
        "read": func.count(),
        "on_topic": func.count().filter(r.mine),
        "unjudged": func.count().filter(r.judged.is_(None)),
        "copies": func.count().filter(r.mine, r.placement == "copy"),
        "repeats": func.count().filter(r.mine, r.relation.in_(("copy", "repeat"))),
    }
    # Counted by the database: composing has the lock of placing, and a wide press brings thousands between two digests.
    *counts, newest = c.execute(select(*figures.values(), func.max(r.id)).select_from(read)).one()
    return Footer(**dict(zip(figures, counts, strict=True))), upto if newest is None else newest


def footed(c: Connection, channel: str, upto: int) -> None:
    """Note what the footer of the channel's latest digest counted up to."""
    c.execute(update(t.channel).where(t.channel.c.name == channel).values(upto=upto))


def told_on(c: Connection, channel: str, midnight: datetime) -> int:
    """Stories told to the channel on the day that begins then; what a clock that ran ahead told is of its own day."""
    d = t.told
    today = and_(d.c.at >= midnight, d.c.at < midnight + timedelta(days=1))
    query = select(func.count(func.distinct(d.c.story))).where(d.c.channel == channel, today, d.c.how.in_(TOLD))
    return int(c.execute(query).scalar_one())
