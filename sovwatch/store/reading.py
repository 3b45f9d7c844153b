"""Reading back: the export, the trail of one article for `explain`, the articles of a story or near a threshold."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, union_all

from sovwatch import schema as t
from sovwatch.model import Centrality, Precision
from sovwatch.store import queue, telling

PAGE = 500  # addresses read at once, so that an export's memory does not grow with the archive


def export(c: Connection, *, since: datetime | None = None, story: int | None = None) -> Iterator[dict[str, Any]]:
    """One object for every address read, in the order of arrival; docs/export.md tells the keys."""
    last = 0
    while rows := _page(c, last, since, story):
        yield from _objects(c, rows)
        last = rows[-1]["address_id"]


def _page(c: Connection, after: int, since: datetime | None, story: int | None) -> list[RowMapping]:
    a, j = t.address.c, t.judgement.c
    query = (
        select(
            a.id.label("address_id"),
            a.original_url,
            a.url.label("address_url"),
            a.first_seen.label("address_seen"),
            t.article,
            *(column for column in t.judgement.c if column.name not in {"fingerprint", "at"}),
        )
        .join(t.article, t.article.c.id == a.article)
        .join(t.judgement, j.article == t.article.c.id, isouter=True)
        .where(a.id > after)
        .order_by(a.id)
        .limit(PAGE)
    )
    if since is not None:
        query = query.where(a.first_seen >= since)
    if story is not None:
        query = query.where(j.story == story)
    return list(c.execute(query).mappings())


def _objects(c: Connection, rows: Sequence[RowMapping]) -> Iterator[dict[str, Any]]:
    roots = {row["copy_of"] or row["id"] for row in rows}
    topics = telling.topics_of(c, {row["id"] for row in rows} | roots)
    firsts = _first_addresses(c, {row["id"] for row in rows})
    articles = c.execute(select(t.article.c.id, t.article.c.url).where(t.article.c.id.in_(roots)))
    urls = {row.id: row.url for row in articles}
    told = told_of(c, sorted({row["id"] for row in rows}))
    for row in rows:
        again = firsts[row["id"]] != row["address_id"]
        placement = None if row["placement"] is None else "same" if again else row["placement"]
        of = row["id"] if again else row["copy_of"]
        yield {
            "url": row["address_url"],
            "original_url": row["original_url"],
            "title": row["title"],
            "outlet": row["outlet"],
            "language": row["language"],
            "published": published(row),
            "first_seen": row["address_seen"].isoformat(),
            "topics": [_topic(topic) for topic in topics.get(row["copy_of"] or row["id"], [])],
            "placement": placement,
            "copy_of": urls.get(of) if placement in {"same", "copy"} else None,
            "story": row["story"],
            "seed": {"id": row["seed"], "relation": row["relation"]} if row["seed"] else None,
            "new": list(row["new"] or ()),
            "told": told.get(row["id"], []),
        }


def _topic(row: RowMapping) -> dict[str, Any]:
    return {key: row[key] for key in ("topic", "score", "centrality", "reasons")}


def _first_addresses(c: Connection, articles: set[int]) -> dict[int, int]:
    rows = c.execute(
        select(t.address.c.article, t.address.c.id)
        .where(t.address.c.article.in_(articles))
        .order_by(t.address.c.id.desc())
    )
    return {row.article: row.id for row in rows}


def published(row: RowMapping) -> str | None:
    """A date as ISO 8601, no longer than it is known."""
    at: datetime | None = row["published"]
    if at is None:
        return None
    match Precision(row["precision"]):
        case Precision.SECOND:
            return at.isoformat()
        case Precision.DAY:
            return f"{at:%Y-%m-%d}"
        case Precision.MONTH:
            return f"{at:%Y-%m}"
        case Precision.YEAR:
            return f"{at:%Y}"


def told_of(c: Connection, articles: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Which channels were told of articles, when, how and by which message."""
    d = t.told
    rows = c.execute(select(d).where(d.c.article.in_(articles)).order_by(d.c.at, d.c.channel)).mappings().all()
    links = queue.links(c, {(row["message"], row["story"]) for row in rows if row["message"]})
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["article"]].append(
            {
                "channel": row["channel"],
                "at": row["at"].isoformat(),
                "how": row["how"],
                "message": row["message"],
                "link": links.get((row["message"], row["story"])),
            }
        )
    return found


def trail(c: Connection, url: str) -> dict[str, Any] | None:
    """All that is known of the article that goes by an address; None where it was never read."""
    query = select(t.address.c.article).where((t.address.c.original_url == url) | (t.address.c.url == url)).limit(1)
    number = c.execute(query).scalar_one_or_none()
    if number is None:
        key = select(t.article_key.c.article).where(t.article_key.c.key == f"url:{url}")
        number = c.execute(key).scalar_one_or_none()
    if number is None:
        return None
    article = c.execute(select(t.article).where(t.article.c.id == number)).mappings().one()
    told = told_of(c, [number]).get(number, [])
    return {
        "article": article,
        "addresses": list(c.execute(select(t.address).where(t.address.c.article == number)).mappings()),
        "keys": list(c.execute(select(t.article_key.c.key).where(t.article_key.c.article == number)).scalars()),
        "judgement": c.execute(select(t.judgement).where(t.judgement.c.article == number)).mappings().one_or_none(),
        "topics": list(c.execute(select(t.article_topic).where(t.article_topic.c.article == number)).mappings()),
        "revisions": list(c.execute(select(t.revision).where(t.revision.c.article == number)).mappings()),
        "owed": list(c.execute(select(t.news.c.channel, t.news.c.since).where(t.news.c.article == number)).mappings()),
        "told": told,
        "unsent": queue.unsent(c, {one["message"] for one in told if one["message"]}),
    }


def first_title(c: Connection, story: int, *, but: int = 0) -> str | None:
    """The headline of the first article of a story, another than `but`."""
    query = (
        select(t.article.c.title)
        .join(t.judgement, t.judgement.c.article == t.article.c.id)
        .where(t.judgement.c.story == story, t.article.c.id != but)
        .order_by(t.article.c.id)
        .limit(1)
    )
    return c.execute(query).scalar_one_or_none()


def title_and_url(c: Connection, article: int) -> tuple[str, str]:
    """Title and address of a known article."""
    row = c.execute(select(t.article.c.title, t.article.c.url).where(t.article.c.id == article)).one()
    return row[0], row[1]


def headlines(c: Connection, addresses: Collection[str]) -> dict[str, str]:
    """The titles of the articles that are known at these addresses, by address."""
    if not addresses:
        return {}
    a, d = t.article.c, t.address.c
    read = select(d.original_url, a.title).join(t.article, a.id == d.article).where(d.original_url.in_(addresses))
    named = select(a.url, a.title).where(a.url.in_(addresses))  # apart: over two tables no index serves
    return {url: title for url, title in c.execute(union_all(read, named))}  # noqa: C416  (as in `sources`)


def articles_of(c: Connection, story: int) -> list[RowMapping]:
    """The articles of a story but copies, in the order of arrival."""
    query = (
        select(t.article)
        .join(t.judgement, t.judgement.c.article == t.article.c.id)
        .where(t.judgement.c.story == story, t.judgement.c.copy_of.is_(None))
        .order_by(t.article.c.id)
    )
    return list(c.execute(query).mappings())


def strongest(c: Connection, topic: str, centrality: Centrality | None, limit: int) -> list[RowMapping]:
    """The scores and reasons that are highest on a topic among articles of that centrality, or off topic (None)."""
    a, s = t.article.c, t.article_topic.c
    query = (
        select(s.score, s.reasons, a.title, a.url)
        .join(t.article, a.id == s.article)
        .where(s.topic == topic, s.centrality == centrality)
        .order_by(s.score.desc(), a.id.desc())
        .limit(limit)
    )
    return list(c.execute(query).mappings())


def openers(c: Connection, limit: int) -> list[RowMapping]:
    """The newest articles that opened a story, with why they joined none."""
    a, j = t.article.c, t.judgement.c
    query = (
        select(j.why, a.title, a.url)
        .join(t.article, a.id == j.article)
        .where(j.placement == "opens")
        .order_by(j.article.desc())
        .limit(limit)
    )
    return list(c.execute(query).mappings())
