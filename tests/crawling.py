"""One crawl of sources on loopback, and what it brought: for tests of `spiders.crawl`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sovwatch.model import Article, Due, RobotsTxt, SourceRun
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from spiders.crawl import crawl
from tests import hostile as h
from tests.shipped import shipped_settings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SATURDAY = "Sat, 21 Nov 2026 10:00:00 HNE"
STORY = ("A clerk in Fictionville counted the petition's pages twice.", "She found them all there.") * 4
GOOD = h.feed(
    ("http://good.example/a/1?utm_source=rss", "Petition counted twice", SATURDAY),
    ("/a/2", "A second story", "sam., 21 nov. 2026 11:00:00 HNE"),
    ttl=45,
)
NEWS = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>http://index.example/a/1</loc>
    <n:news><n:publication><n:language>fr</n:language></n:publication><n:title>Un titre</n:title>
    <n:publication_date>2026-11-21T10:00:00-05:00</n:publication_date></n:news></url></urlset>"""


def a_source(name: str, **more: object) -> SourceSettings:
    fields = {"id": name, "url": f"http://{name}.example/listing", "outlet": name, "fetch": "all"}
    return SourceSettings.model_validate(fields | more)


def crawl_of(newsroom: h.HostileNewsroom, *sources: SourceSettings, **crawl_settings: object) -> Settings:
    limits = {
        "resolve": {"*.example": newsroom.address},
        "delay": timedelta(milliseconds=10),
        "timeout": timedelta(seconds=2),
        "max_bytes": 2 * 1024 * 1024,
        "parse_timeout": timedelta(seconds=2),
        "concurrency": 64,
    }
    limits_set = CrawlSettings.model_validate(limits | crawl_settings)
    return Settings(home=Path("/nowhere"), sources=sources, crawl=limits_set)


def on_topics(settings: Settings) -> Settings:
    shipped = shipped_settings()
    return settings.model_copy(update={"topics": shipped.topics, "shared": shipped.shared})


@dataclass
class Played:
    """What a crawl brought, by source."""

    articles: dict[str, list[Article]] = field(default_factory=dict)
    runs: dict[str, SourceRun] = field(default_factory=dict)


def play(settings: Settings, *, due: list[Due] | None = None, stop: Callable[[], bool] = lambda: False) -> Played:
    played = Played()
    dues = due or [Due(source=source.id) for source in settings.sources]
    for got in crawl(dues, settings, now=NOW, stop=stop, remember=False):
        if isinstance(got, RobotsTxt):
            continue
        assert got.source is not None
        if isinstance(got, Article):
            assert got.source not in played.runs, "an article came after its source's run"
            played.articles.setdefault(got.source, []).append(got)
        else:
            assert got.source not in played.runs, "two runs of one source"
            played.runs[got.source] = got
    return played
