"""Forgetting: texts go, the memory stays. Each function does a batch in the caller's transaction and says how many.

What grows with the archive is walked from the oldest on, and a batch begins where the one before ended: else each would
look again at all that was emptied or stays.

What keeps a story from being told twice is never deleted: keys, addresses and fingerprints of what was on topic, and
what channels were told. What was off topic is forgotten whole once it is old: read again, it would only be judged
off topic again.
"""

import logging
import sqlite3
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, or_, select, update

from sovwatch import schema as t
from sovwatch.store.database import Store

_LOG = logging.getLogger(__name__)
BATCH = 500  # articles a transaction
_WORTH = 0.25  # share of a SQLite file that is free before it is written anew
_LEAST_PAGES = 5_000  # 20 MB


class Batch(NamedTuple):
    """How many articles a batch took, and when the last of them was first seen."""

    done: int
    reached: datetime


def forget_texts(c: Connection, since: datetime, before: datetime) -> Batch:
    """Delete texts and summaries of judged articles first seen between, and what their edits replaced."""
    a, r = t.article, t.revision
    has_text = or_(a.c.text.is_not(None), a.c.summary.is_not(None))
    old = select(a.c.id, a.c.first_seen).where(a.c.first_seen.between(since, before), ~a.c.pending, has_text)
    numbers, batch = _oldest(c, old, since)
    c.execute(update(a).where(a.c.id.in_(numbers)).values(text=None, summary=None))
    c.execute(update(r).where(r.c.article.in_(numbers)).values(text=None))
    return batch


def _oldest(c: Connection, old: Select[int, datetime], since: datetime) -> tuple[list[int], Batch]:
    rows = c.execute(old.order_by(t.article.c.first_seen).limit(BATCH)).all()
    return [row.id for row in rows], Batch(len(rows), rows[-1].first_seen if rows else since)


def forget_off_topic(c: Connection, since: datetime, before: datetime) -> Batch:
    """Delete articles first seen between that were never on topic for anybody."""
    a, j = t.article.c, t.judgement.c
    newest = select(func.max(a.id)).scalar_subquery()  # stays, so that no number is given twice
    old = (
        select(a.id, a.first_seen)
        .join(t.judgement, and_(j.article == a.id, j.placement.is_(None)))
        .where(a.first_seen.between(since, before), ~a.pending, a.id < newest, *(~used for used in _uses()))
    )
    numbers, batch = _oldest(c, old, since)
    for table in (t.address, t.article_key, t.revision, t.article_topic, t.copy_key, t.story_key, t.news, t.judgement):
        c.execute(delete(table).where(table.c.article.in_(numbers)))
    c.execute(delete(t.article).where(t.article.c.id.in_(numbers)))
    return batch


def _uses() -> tuple[ColumnElement[bool], ...]:
    """What keeps an article that is off topic now: it was told, it was copied, or an operator ruled on it."""
    number = t.article.c.id
    other = t.judgement.alias("other")
    return (
        exists().where(t.told.c.article == number),
        exists().where(t.story_rule.c.article == number),
        exists().where(other.c.copy_of == number),
    )


def forget_messages(c: Connection, before: datetime) -> int:
    """Delete what delivered messages said; that they were delivered, when and where, stays."""
    o = t.outbox
    return c.execute(update(o).where(o.c.delivered_at < before, o.c.payload != "").values(payload="")).rowcount


def vacuum(store: Store) -> bool:
    """Write a SQLite file anew where much of it is free; PostgreSQL does that by itself.

    It takes as much room again: where there is none, the file stays as it is, and grows no more until it is full.
    """
    if store.engine.dialect.name != "sqlite":
        return False
    with store.read() as c:
        pages = c.exec_driver_sql("PRAGMA page_count").scalar_one()
        free = c.exec_driver_sql("PRAGMA freelist_count").scalar_one()
    if pages < _LEAST_PAGES or free < pages * _WORTH:
        return False
    with store.write() as c:  # the text index keeps what was deleted until its parts are merged
        c.exec_driver_sql("INSERT INTO article_text(article_text) VALUES ('optimize')")
    connection = store.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")  # outside any transaction
    except sqlite3.OperationalError as error:
        _LOG.warning("%s was not written anew: %s", store.name, error)
        return False
    finally:
        connection.close()
    return True
