"""Which pages are read again although no listing asks for it: what was told lately, and what is missing for now.

A publisher that mends a page seldom says so in its feed, and one that takes it down never does. When a page was last
read is the date of its own key, so nothing more is remembered. One that is missing gets the looks that `missing` wants,
although it may no longer be fresh by then.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, and_, literal, or_, select

from sovwatch import schema as t
from sovwatch.model import Due, Entry
from sovwatch.store import missing
from sovwatch.store.history import TOLD
from sovwatch.store.lists import batches

PAUSE = timedelta(hours=12)  # between two readings of one page: four within the usual `fresh`
MOST = 5  # pages of one source in one reading


def with_again(c: Connection, due: Sequence[Due], *, fresh: timedelta, now: datetime) -> list[Due]:
    """The due sources, each with those of its pages that are to be read again: told within `fresh`, or missing."""
    again: dict[str, list[Entry]] = {}
    if (first := _first_seen_since(c, now - fresh - missing.DECIDED)) is not None:
        for names in batches([one.source for one in due]):
            again |= _again(c, names, first, now - fresh, now)
    return [replace(one, again=tuple(again.get(one.source, ())[:MOST])) for one in due]


def _first_seen_since(c: Connection, since: datetime) -> int | None:
    """The first article seen since then: ids count arrivals, so an index finds what few sources brought after it."""
    a = t.article.c
    return c.execute(select(a.id).where(a.first_seen >= since).order_by(a.first_seen).limit(1)).scalar_one_or_none()


def _again(c: Connection, names: Sequence[str], first: int, since: datetime, now: datetime) -> dict[str, list[Entry]]:
    a, key, missed = t.article.c, t.article_key.c, missing.since()
    was_told = select(t.told.c.article).where(t.told.c.article == a.id, t.told.c.how.in_(TOLD)).exists()
    told = and_(a.page.in_(missing.READ), a.first_seen >= since, key.seen <= now - PAUSE, was_told)
    address = (  # as it was read: the canonical one is a name, and need not answer
        select(t.address.c.original_url)
        .where(t.address.c.article == a.id, t.address.c.source == a.source)
        .order_by(t.address.c.first_seen.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(t.article, address.label("address"), key.seen.label("asked"), missed.label("missed"))
        .join(t.article_key, key.key == literal("url:").concat(a.url))
        .where(a.source.in_(names), a.id >= first, a.page != "not fetched", a.gone.is_(False))
        .where(or_(told, missed.is_not(None)))
        .order_by(key.seen)
    )
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in c.execute(query).mappings():
        if row["missed"] is None or missing.is_due(row, now):
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
