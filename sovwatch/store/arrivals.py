"""Remembering what came together, of many sources: as `articles.remember` one by one, at a fraction of its cost.

Most of what arrives together is new and shares no key with anything: such articles are written by one statement a
table. Whatever else there is among them (an edit, another address, two of one title, a missing page) is remembered one
by one after.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, text

from sovwatch import schema as t
from sovwatch.model import Article
from sovwatch.standing import Standing
from sovwatch.store import articles
from sovwatch.store.lists import batches
from sovwatch.store.storable import storable
from sovwatch.store.upserts import put
from sovwatch.urls import canonical

Arrival = tuple[Article, Standing]


@dataclass(frozen=True, slots=True)
class _Known:
    """An arrival with what it is known by."""

    article: Article
    standing: Standing
    url: str
    keys: tuple[str, ...]


def remember_all(c: Connection, arrivals: Sequence[Arrival], now: datetime) -> list[str]:
    """Write what was read, once; what became of each (`articles.Remembered.state`), "" where its address is none."""
    known = [_known(article, standing) for article, standing in arrivals]
    articles.alone(c, [one.url for one in known if one is not None])
    count = Counter(key for one in known if one is not None for key in one.keys)
    taken = _taken(c, count)
    new = [
        one
        for one in known
        if one is not None and not one.article.gone and not any(key in taken or count[key] > 1 for key in one.keys)
    ]
    _insert(c, new, now)
    written = {id(one) for one in new}
    return ["" if one is None else "new" if id(one) in written else _singly(c, one, now) for one in known]


def _known(article: Article, standing: Standing) -> _Known | None:
    try:
        article = storable(article)
        return _Known(article, standing, canonical(article.url), articles.identity(article))
    except ValueError:
        return None


_TAKEN = select(t.article_key.c.key).where(t.article_key.c.key.in_(bindparam("keys", expanding=True)))


def _taken(c: Connection, keys: Iterable[str]) -> set[str]:
    return {key for asked in batches(list(keys)) for key in c.execute(_TAKEN, {"keys": asked}).scalars()}


def _insert(c: Connection, new: Sequence[_Known], now: datetime) -> None:
    if not new:
        return
    numbered = list(zip(_numbers(c, len(new)), new, strict=True))
    rows = [{"id": n, **articles.row_of(one.article, one.url, now, one.standing)} for n, one in numbered]
    c.execute(_NEW, rows)
    put(c, t.address, [articles.address_of(one.article, one.url, number, now) for number, one in numbered])
    keys = [{"key": key, "article": number, "seen": now} for number, one in numbered for key in one.keys]
    put(c, t.article_key, keys, update_columns=("seen",))
    listings = {one.article.listing for one in new} - {""}
    put(c, t.listing, [{"key": key, "seen": now} for key in sorted(listings)], update_columns=("seen",))


_NEW = insert(t.article)
_LAST = select(func.coalesce(func.max(t.article.c.id), 0))
_NEXT = text("SELECT nextval(pg_get_serial_sequence('article', 'id')) FROM generate_series(1, :number)")


def _numbers(c: Connection, number: int) -> Sequence[int]:
    """Numbers for so many new articles. On SQLite nobody else writes now, and it would tell them one by one only."""
    if c.dialect.name == "postgresql":
        return c.execute(_NEXT, {"number": number}).scalars().all()
    last = c.execute(_LAST).scalar_one()
    return range(last + 1, last + number + 1)


def _singly(c: Connection, one: _Known, now: datetime) -> str:
    return articles.remember(c, one.article, now=now, standing=one.standing).state
