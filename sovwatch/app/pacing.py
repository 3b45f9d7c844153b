"""Hosts that are asked so slowly that their sources are read in turns: `status` and `check` name them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Connection

from sovwatch.settings import Settings
from sovwatch.store import robots
from sovwatch.urls import origin_of
from sovwatch.wording import counted


@dataclass(frozen=True, slots=True)
class Paced:
    """A host, how many sources are read there, the seconds between two requests, and sources a crawl."""

    host: str
    sources: int
    pause: float
    a_crawl: int

    def __str__(self) -> str:
        return (
            f"{self.host}: {counted(self.sources, 'source')}, asked every {self.pause:g} s, {self.a_crawl} in a crawl: "
            f"all are read in {counted(-(-self.sources // self.a_crawl), 'crawl')}"
        )


def paced(settings: Settings, c: Connection) -> Iterator[Paced]:
    """The hosts whose sources are not all read in one crawl, by `crawl.delay` and what their robots.txt said."""
    read = Counter(origin_of(source.url) for source in settings.sources if source.enabled)
    said = robots.known(c, sorted(read)) if settings.crawl.robots else {}
    longest = settings.crawl.share.total_seconds()
    for origin, sources in read.items():
        body = said[origin].body if origin in said else None
        pause = max(settings.crawl.delay.total_seconds(), _asked(body or "", settings.crawl.user_agent))
        if pause and sources * pause > longest:
            yield Paced(urlsplit(origin).netloc, sources, pause, max(int(longest / pause), 1))


def _asked(rules: str, agent: str) -> float:
    if "crawl-delay" not in rules.lower():  # of nearly all; reading rules takes half a second of imports
        return 0.0
    from spiders.robots import pause_of, rules_of

    return pause_of(rules_of(rules), agent)
