"""What a digest counts: what was read since the channel's last one, and what it was told today."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, exists, func, select, update

from sovwatch import schema as t
from sovwatch.model import Footer
from sovwatch.store.telling import TOLD


def footer(c: Connection, upto: int, topics: Iterable[str]) -> tuple[Footer, int]:
    """The figures of what was read after the article `upto`, on these topics, and the newest article counted."""
    j, a = t.judgement, t.article_topic.c
    mine = (a.article == t.article.c.id) & a.topic.in_(list(topics)) & a.centrality.is_not(None)
    rows = c.execute(
        select(t.article.c.id, j.c.placement, j.c.relation, j.c.judged, exists().where(mine).label("mine"))
        .join(j, j.c.article == t.article.c.id, isouter=True)
        .where(t.article.c.id > upto)
    ).all()
    return (
        Footer(
            read=len(rows),
            on_topic=sum(row.mine for row in rows),
            unjudged=sum(row.judged is None for row in rows),
            copies=sum(row.mine and row.placement == "copy" for row in rows),
            repeats=sum(row.mine and row.relation in {"copy", "repeat"} for row in rows),
        ),
        max((row.id for row in rows), default=upto),
    )


def footed(c: Connection, channel: str, upto: int) -> None:
    """Note what the footer of the channel's latest digest counted up to."""
    c.execute(update(t.channel).where(t.channel.c.name == channel).values(upto=upto))


def told_on(c: Connection, channel: str, midnight: datetime) -> int:
    """Stories told to the channel on the day that begins then; what a clock that ran ahead told is of its own day."""
    d = t.told
    today = and_(d.c.at >= midnight, d.c.at < midnight + timedelta(days=1))
    query = select(func.count(func.distinct(d.c.story))).where(d.c.channel == channel, today, d.c.how.in_(TOLD))
    return int(c.execute(query).scalar_one())
