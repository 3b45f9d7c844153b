"""Which pages are read again although no listing asks for it: what was told lately may be corrected or withdrawn.

A publisher that mends a page seldom says so in its feed, and one that takes it down never does. When a page was last
read is the date of its own key, so nothing more is remembered. One that is missing gets the second look that decides
(`articles.SECOND_LOOK`) although it is no longer fresh by then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, String, cast, literal, or_, select

from sovwatch import schema as t
from sovwatch.model import Due, Entry
from sovwatch.store.telling import TOLD

PAUSE = timedelta(hours=12)  # between two readings of one page: four within the usual `fresh`
LATE = timedelta(hours=36)  # past `fresh`, for a second look: the pause, and a day, the usual `crawl.every_max`
MOST = 5  # pages of one source in one reading


def with_told(c: Connection, due: Iterable[Due], *, fresh: timedelta, now: datetime) -> list[Due]:
    """The due sources, each with those of its pages that were told within `fresh` and not read for a while."""
    again = _told(c, now - fresh, now - PAUSE)
    return [replace(one, again=tuple(again.get(one.source, ())[:MOST])) for one in due]


def _told(c: Connection, since: datetime, before: datetime) -> dict[str, list[Entry]]:
    a, key, k = t.article.c, t.article_key.c, t.article_key.alias("missing").c
    missing = select(k.key).where(k.key == literal("missing:").concat(cast(a.id, String))).exists()
    was_told = select(t.told.c.article).where(t.told.c.article == a.id, t.told.c.how.in_(TOLD)).exists()
    address = (  # as it was read: the canonical one is a name, and need not answer
        select(t.address.c.original_url)
        .where(t.address.c.article == a.id, t.address.c.source == a.source)
        .order_by(t.address.c.first_seen.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(t.article, address.label("address"))
        .join(t.article_key, key.key == literal("url:").concat(a.url))
        .where(a.first_seen >= since - LATE, or_(a.first_seen >= since, missing))
        .where(a.page == "read", a.gone.is_(False), key.seen <= before, was_told)
        .order_by(key.seen)
    )
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in c.execute(query).mappings():
        found[row["source"]].append(_entry(row))
    return found


def _entry(row: RowMapping) -> Entry:
    """The article as a listing would give it; a page poorer than what is known changes nothing."""
    return Entry(
        url=row["address"] or row["url"],
        title=row["title"],
        summary=row["summary"] or "",
        text=row["text"] or "",
        language=row["language"],
        outlet=row["outlet"],
        section=row["section"],
    )
