"""What a crawl's child process asks of the memory, over a connection of its own that only reads."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from sovwatch import schema as t
from sovwatch.listings import listing_key
from sovwatch.model import Entry, RobotsTxt, Said
from sovwatch.settings import Settings
from sovwatch.store import articles, missing, robots
from sovwatch.store.database import Store, open_store
from sovwatch.urls import origin_of


class SqlMemory:
    """`spiders.memory.Memory` on the database."""

    def __init__(self, store: Store, origins: Sequence[str]) -> None:
        self._store = store
        self._expected = origins  # whose robots.txt will be asked for, one by one
        self._robots: dict[str, RobotsTxt | None] = {}

    def unchanged(self, entries: Sequence[Entry]) -> frozenset[int]:
        """The indexes of the entries that were read before, in whatever feed, and say what they said then."""
        with self._store.read() as c:
            return articles.unchanged(c, [listing_key(entry) for entry in entries])

    def robots(self, origin: str) -> RobotsTxt | None:
        """What a site's robots.txt said when it was last read."""
        if self._expected:
            with self._store.read() as c:
                self._robots = dict.fromkeys(self._expected) | robots.known(c, self._expected)
            self._expected = ()
        if origin in self._robots:
            return self._robots.pop(origin)
        with self._store.read() as c:
            return robots.known(c, [origin]).get(origin)

    def lately(self, source: str) -> Sequence[Said]:
        """Address, headline and text of a source's newest pages, and of the oldest: those who showed a notice first."""
        with self._store.read() as c:
            return [
                Said(row.url, row.title, row.text)
                for order, limit in ((t.article.c.id, OLDEST), (t.article.c.id.desc(), NEWEST))
                for row in c.execute(_SAID.order_by(order).limit(limit), {"source": source})
            ]


NEWEST, OLDEST = 30, 10  # pages; one of a source with a page an hour is looked back at for more than a day
_SAID = select(t.article.c.url, t.article.c.title, t.article.c.text).where(
    t.article.c.source == bindparam("source"), t.article.c.page.in_(missing.READ), t.article.c.text != ""
)


def open_memory(settings: Settings) -> SqlMemory:
    """Open the memory; the schema is left as it is."""
    origins = {origin_of(source.url) for source in settings.sources}
    return SqlMemory(open_store(settings.database_url, migrate=False), sorted(origins))
