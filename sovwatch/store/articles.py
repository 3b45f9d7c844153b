"""What was read, and which of it is the same article.

One article is known by several keys, any of which may degrade: its canonical address and those that its
page gives itself, the publisher's own id in the address, the feed's guid, and its title within its outlet. An address
alone is believed; the others only where nothing speaks against them, because feeds reuse guids, pages name their home
page as canonical, and a column may bear one title every week.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, literal, select, update

from sovwatch import schema as t
from sovwatch.model import Article, Kind, Tier
from sovwatch.standing import Standing
from sovwatch.store import missing
from sovwatch.store.lists import batches
from sovwatch.store.storable import LONGEST_ADDRESS, storable
from sovwatch.store.upserts import put, put_new
from sovwatch.text import fold, words
from sovwatch.urls import canonical, host, publisher_id

TITLE_WINDOW = timedelta(days=7)  # one title in one outlet is one article (Media Cloud's NORMALIZED_TITLE_DAYS)
LIVE_PAUSE = timedelta(hours=1)  # a live page counts at most once in that time
TITLE_WORDS = 5  # shorter titles ("Politics briefs") come back
WRITING = 7368  # of the advisory locks: those of sites (two numbers; locks of one number are apart from them)


State = Literal["new", "same", "changed", "unchanged"]  # "same" is another address of a known one


@dataclass(frozen=True, slots=True)
class Remembered:
    """What became of an article that was read."""

    article: int
    state: State


def content_hash(title: str, text: str) -> str:
    """A hash of what an article says, blind to white space."""
    return _digest(" ".join(title.split()), " ".join(text.split()))


def remember(c: Connection, article: Article, *, now: datetime, standing: Standing) -> Remembered:
    """Write what was read, once: a new article, another address of a known one, or an edit of it.

    Raises:
        ValueError: its address is none.
    """
    article = storable(article)
    url = canonical(article.url)
    alone(c, [url])
    keys = identity(article)
    known = _find(c, article, keys, now)
    state: State = "new" if known is None else _taken_up(c, known, article, url, now)
    number = _insert(c, article, url, now, standing) if known is None else known["id"]
    if known is not None and known["tier"] == Tier.AGGREGATOR and article.tier is not Tier.AGGREGATOR:
        c.execute(update(t.article).where(t.article.c.id == number).values(tier=article.tier.value))  # its own outlet's
    if _add_address(c, article, url, number, now) and state == "unchanged":
        state = "same"
    _refresh_keys(c, keys, number, now)
    if article.listing and not (known and _too_soon(known, article, now)):  # else the next reading asks for it again
        put(c, t.listing, [{"key": article.listing, "seen": now}], update_columns=("seen",))
    return Remembered(number, state)


def _taken_up(c: Connection, known: RowMapping, article: Article, url: str, now: datetime) -> State:
    """Write what a known article says now, where that is an edit, and neither too soon nor to be doubted."""
    doubted = missing.doubted(c, article, known, now)
    if doubted or _too_soon(known, article, now) or not _changed(known, article, url):
        return "unchanged"
    _revise(c, known, article, now)
    return "changed"


def alone(c: Connection, urls: Iterable[str]) -> None:
    """Let no other worker write articles of these sites until the transaction ends: both would find them unknown."""
    if c.dialect.name == "postgresql":
        for site in sorted(set(map(host, urls))):  # in one order, or two workers wait for each other
            c.execute(select(func.pg_advisory_xact_lock(WRITING, zlib.crc32(site.encode()) - 2**31)))


def unchanged(c: Connection, keys: Sequence[str]) -> frozenset[int]:
    """Which of these listing hashes, by index, were read before."""
    seen: set[str] = set()
    for chunk in batches(keys):
        seen |= set(c.execute(_LISTED, {"keys": chunk}).scalars())
    return frozenset(i for i, key in enumerate(keys) if key in seen)


_LISTED = select(t.listing.c.key).where(t.listing.c.key.in_(bindparam("keys", expanding=True)))


def any_pending(c: Connection) -> bool:
    """Whether any article waits to be judged."""
    return c.execute(select(literal(1)).select_from(t.article).where(t.WAITS).limit(1)).first() is not None


def waiting(c: Connection) -> int:
    """How many articles wait to be judged."""
    return c.execute(select(func.count()).select_from(t.article).where(t.WAITS)).scalar_one()


def identity(article: Article) -> tuple[str, ...]:
    """The keys an article is known by, the most trustworthy first."""
    addresses = [canonical(article.url)]
    addresses += [alias for alias in _aliases(article) if alias not in addresses]
    keys = [f"url:{address}" for address in addresses]
    keys += [f"id:{number}" for address in addresses if (number := publisher_id(address))]
    if article.source and article.guid:
        keys.append(f"guid:{article.source}:{_digest(article.guid)}")
    if article.outlet and len(said := words(article.title)) >= TITLE_WORDS:
        keys.append(f"title:{_digest(fold(article.outlet), ' '.join(said))}")
    return tuple(dict.fromkeys(keys))


def _aliases(article: Article) -> list[str]:
    """What the page calls itself, where that is an article of the same site and not its home page."""
    if not article.aliases:
        return []
    found = []
    site = host(article.url)
    for alias in article.aliases:
        try:
            address = canonical(alias)
        except ValueError:
            continue
        if urlsplit(address).path.strip("/") and host(address) == site and len(address) <= LONGEST_ADDRESS:
            found.append(address)
    return found


_BY_KEYS = (  # built once, as it is asked for each article
    select(t.article_key.c.key, t.article_key.c.seen, t.article)
    .join(t.article, t.article.c.id == t.article_key.c.article)
    .where(t.article_key.c.key.in_(bindparam("keys", expanding=True)))
)


def _find(c: Connection, article: Article, keys: Sequence[str], now: datetime) -> RowMapping | None:
    rows = c.execute(_BY_KEYS, {"keys": list(keys)}).mappings()
    by_key = {row["key"]: row for row in rows}
    for key in keys:  # the first is its own address
        row = by_key.get(key)
        if row is not None and (key == keys[0] or _believed(key, row, article, now)):
            return row
    return None


def _believed(key: str, row: RowMapping, article: Article, now: datetime) -> bool:
    """Whether a key that is not the address itself may stand for one article."""
    if key.startswith("title:"):
        return _near_in_time(row, article, now)
    return _alike(row["title"], article.title)  # of an alias, a publisher's id or a guid


def _alike(one: str, other: str) -> bool:
    """Whether two titles could be one, edited: half of the words of the shorter shared; or there is none of one."""
    a, b = set(words(one)), set(words(other))
    return not a or not b or len(a & b) >= 0.5 * min(len(a), len(b))


def _near_in_time(row: RowMapping, article: Article, now: datetime) -> bool:
    if article.published and row["published"]:
        return bool(abs(article.published.at - row["published"]) <= TITLE_WINDOW)
    if article.published or row["published"]:
        return False  # one with and one without a date: nothing says that they are of one week
    return bool(now - row["seen"] <= TITLE_WINDOW)


def _insert(c: Connection, article: Article, url: str, now: datetime, standing: Standing) -> int:
    number = int(c.execute(_NEW, row_of(article, url, now, standing)).scalar_one())
    if article.gone:
        missing.note(c, number, now)
    return number


_NEW = insert(t.article).returning(t.article.c.id)


def row_of(article: Article, url: str, now: datetime, standing: Standing) -> dict[str, Any]:
    """The row of an article that is new; `url` is its canonical address."""
    return {
        "url": url,
        **_content(article),
        "outlet": article.outlet,
        "published": article.published.at if article.published else None,
        "precision": article.published.precision.value if article.published else "",
        "evidence": article.published.evidence if article.published else "first seen",
        "source": article.source,
        "tier": article.tier.value,
        "standing": standing,
        "first_seen": now,
        "gone": False,
        "pending": True,
    }


def _content(article: Article) -> dict[str, Any]:
    """The columns that an edit may change."""
    return {
        "title": article.title,
        "text": article.text,
        "summary": article.summary,
        "language": article.language,
        "authors": list(article.authors),
        "kind": article.kind.value,
        "agency": article.agency,
        "paywall": article.paywall,
        "section": article.section,
        "page": article.page,
        "listing": article.listing,
        "content": content_hash(article.title, article.text or article.summary),
    }


def _changed(known: RowMapping, article: Article, url: str) -> bool:
    """Whether what was read now is an edit of what is known, and not a poorer reading of it."""
    if article.gone:
        return not known["gone"]
    if known["gone"]:  # only its page shows that it is back, and no listing that still has it
        return _had(article.page) > 0
    if known["content"] == content_hash(article.title, article.text or article.summary):
        return False
    ours = url == known["url"] or (article.source is not None and article.source == known["source"])
    return ours and _had(article.page) >= _had(known["page"])


def _had(page: str) -> int:
    """How much was had of an article: 2 for all, 1 for an opening, 0 for what a listing says."""
    return {"given": 2, "read": 2, "opening": 1}.get(page, 0)


def _too_soon(known: RowMapping, article: Article, now: datetime) -> bool:
    """Whether it is a live page, which grows all day, and was taken up less than an hour ago."""
    live = known["kind"] == article.kind.value == Kind.LIVE.value
    return live and not article.gone and now - (known["revised"] or known["first_seen"]) < LIVE_PAUSE


def _revise(c: Connection, known: RowMapping, article: Article, now: datetime) -> None:
    number = known["revision"] + 1
    before = {"title": known["title"], "text": known["text"] or known["summary"]}
    c.execute(insert(t.revision).values(article=known["id"], number=number, at=now, **before, change="", lines=[]))
    content = {"gone": True} if article.gone else {**_content(article), "gone": False}
    c.execute(
        update(t.article)
        .where(t.article.c.id == known["id"])
        .values(**content, revision=number, revised=now, pending=True)
    )


def _add_address(c: Connection, article: Article, url: str, number: int, now: datetime) -> bool:
    """Whether the address as it was read is new."""
    return put_new(c, t.address, address_of(article, url, number, now))


def address_of(article: Article, url: str, number: int, now: datetime) -> dict[str, Any]:
    """The row of an address that led to an article."""
    return {"original_url": article.url, "url": url, "article": number, "source": article.source, "first_seen": now}


def _refresh_keys(c: Connection, keys: Iterable[str], number: int, now: datetime) -> None:
    """The keys belong to the first article that had them; a title belongs to the latest."""
    rows = [{"key": key, "article": number, "seen": now} for key in keys]
    titles = [row for row in rows if str(row["key"]).startswith("title:")]
    others = [row for row in rows if row not in titles]
    put(c, t.article_key, others, update_columns=("seen",))
    if titles:
        put(c, t.article_key, titles, update_columns=("seen", "article"))


def forget_listings(c: Connection, *, before: datetime) -> int:
    """Drop the hashes of entries read long ago; one that is listed still is read once more, and known by its keys."""
    return c.execute(delete(t.listing).where(t.listing.c.seen < before)).rowcount


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
