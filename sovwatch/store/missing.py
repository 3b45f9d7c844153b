"""Pages that answered 404 or 410, and since when: one such answer decides nothing.

It may be a hiccup of the publisher, and a feed may announce what is not up yet. So a page is withdrawn only when it is
missing again at a second look; in between it is asked for at growing gaps, and nobody is told who was not told before.
A key of the article keeps when its page was first missed; when it was last asked for is the date of its own key.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, ScalarSelect, String, bindparam, cast, delete, literal, select

from sovwatch import schema as t
from sovwatch.model import Article
from sovwatch.store.upserts import put_new

SECOND_LOOK = timedelta(hours=12)  # after the first: then a page that is still missing is withdrawn
DECIDED = SECOND_LOOK + timedelta(days=1)  # by then it was had: a day is the usual `crawl.every_max`


def doubted(c: Connection, article: Article, number: int, *, known_gone: bool, now: datetime) -> bool:
    """Whether the page of an article, of that number, is missing but not for long; notes that it is, or was read."""
    key = f"missing:{number}"
    if article.page == "read" and not article.gone:
        c.execute(_FOUND, {"missing": key})
    if not article.gone or known_gone:
        return False
    put_new(c, t.article_key, {"key": key, "article": number, "seen": now})
    return bool(now - c.execute(_MISSED, {"missing": key}).scalar_one() < SECOND_LOOK)


_FOUND = delete(t.article_key).where(t.article_key.c.key == bindparam("missing"))
_MISSED = select(t.article_key.c.seen).where(t.article_key.c.key == bindparam("missing"))


def since() -> ScalarSelect[Any]:
    """When the page of the `article` of a query was first missed, of those not read since."""
    k = t.article_key.alias("missing").c
    return select(k.seen).where(k.key == literal("missing:").concat(cast(t.article.c.id, String))).scalar_subquery()


def is_due(missed: datetime, asked: datetime, now: datetime) -> bool:
    """Whether a page that was first missed, and last asked for, then is to be asked for now: each gap doubles."""
    return now >= min(asked + (asked - missed), missed + SECOND_LOOK)
