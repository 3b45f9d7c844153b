"""What of the archive is judged again although nobody changed it: its topics did, or what the reader knows."""

from collections.abc import Iterator

from sqlalchemy import Connection, RowMapping, func, select, update

from sovwatch import schema as t
from sovwatch.store.database import Store

PAGE = 500  # articles read at once
_JUDGED = (t.article.c.text.is_not(None), ~t.article.c.pending)


def judged_texts(store: Store) -> Iterator[RowMapping]:
    """The judged articles whose text is kept, in the order of arrival; no transaction stands open between two pages."""
    last = 0
    while True:
        with store.read() as c:
            rows = _page(c, last)
        if not rows:
            return
        yield from rows
        last = rows[-1]["id"]


def how_many(c: Connection) -> int:
    """How many `judged_texts` there are."""
    return c.execute(select(func.count()).select_from(t.article).where(*_JUDGED)).scalar_one()


def _page(c: Connection, after: int) -> list[RowMapping]:
    a = t.article.c
    query = select(t.article).where(a.id > after, *_JUDGED).order_by(a.id).limit(PAGE)
    return list(c.execute(query).mappings())


def into_memory(c: Connection, article: int) -> None:
    """Let an article be remembered and never told."""
    c.execute(update(t.article).where(t.article.c.id == article).values(standing="memory"))


def owed_wait_again(c: Connection) -> int:
    """Have all that is owed to channels judged again; how many articles that is."""
    owed = t.article.c.id.in_(select(t.news.c.article))
    return c.execute(update(t.article).where(owed).values(pending=True)).rowcount
