"""Pages that answered 404 or 410, and since when: one such answer decides nothing.

It may be a hiccup of the publisher, and a feed may announce what is not up yet. So a page that was read before is
withdrawn only when it is missing again at a second look; in between nobody is told who was not told before. One that
was never read is waited for a little, and then told from its listing: it may be there for all but us. Both are asked
for at growing gaps. A key of the article keeps when its page was first missed; when it was last asked for is the date
of its own key.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    ScalarSelect,
    String,
    bindparam,
    cast,
    delete,
    false,
    func,
    literal,
    or_,
    select,
)

from sovwatch import schema as t
from sovwatch.model import Article
from sovwatch.store.upserts import put_new

SECOND_LOOK = timedelta(hours=12)  # after the first: then a page that is still missing is withdrawn
DECIDED = SECOND_LOOK + timedelta(days=1)  # by then it was had: a day is the usual `crawl.every_max`
PATIENCE = timedelta(hours=2)  # with a page that was never read
READ = ("read", "opening")  # of `article.page`: the page itself was read, if in part
SEEN = (*READ, "given")  # of `article.page`: its text was had, so that its page can be missed


def doubted(c: Connection, article: Article, known: RowMapping, now: datetime) -> bool:
    """Whether the page of a known article is missing, but not for long or never was there; notes that it is, or not."""
    key = {"missing": f"missing:{known['id']}"}
    if article.page in READ and not article.gone:
        c.execute(_FOUND, key)
    if not article.gone or known["gone"]:
        return False
    note(c, known["id"], now)
    return known["page"] not in SEEN or now - c.execute(_MISSED, key).scalar_one() < SECOND_LOOK


def note(c: Connection, number: int, now: datetime) -> None:
    """Note that the page of an article is missing; since when stays as it is where that was known."""
    put_new(c, t.article_key, {"key": f"missing:{number}", "article": number, "seen": now})


_FOUND = delete(t.article_key).where(t.article_key.c.key == bindparam("missing"))
_MISSED = select(t.article_key.c.seen).where(t.article_key.c.key == bindparam("missing"))


def since() -> ScalarSelect[Any]:
    """When the page of the `article` of a query was first missed, of those not read since."""
    k = t.article_key.alias("missing").c
    return select(k.seen).where(k.key == literal("missing:").concat(cast(t.article.c.id, String))).scalar_subquery()


def waits(now: datetime) -> ColumnElement[bool]:
    """Whether the `article` of a query is not told for now, since its page is missing."""
    a, missed = t.article.c, since()
    lately = or_(missed > now - PATIENCE, a.page.in_(SEEN) & (missed > now - DECIDED))
    return func.coalesce(~a.gone & lately, false())  # unknown where it was never missed


def is_due(row: RowMapping, now: datetime) -> bool:
    """Whether a page first `missed` and last `asked` for then is to be asked for now.

    Each gap doubles, up to the look that decides; one that was never read is given up then.
    """
    missed, asked = row["missed"], row["asked"]
    if now >= missed + SECOND_LOOK:
        return row["page"] in SEEN
    return bool(now >= asked + (asked - missed))
