"""`sources try ID|URL`: fetch one source now, and show what would be read of it; nothing is remembered."""

from dataclasses import dataclass
from datetime import datetime

from sovwatch.model import Article, Due, SourceRun
from sovwatch.settings import Settings, SourceSettings
from sovwatch.urls import is_web
from spiders.crawl import crawl

PAGES = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """What one reading of a source brought: an article for each entry, and how it went.

    An article's `page` says what became of its page: read, refused (robots.txt, an error, a wall), or not fetched (no
    topic could matter, or the source says so). `run.detail` is the sentence on what went wrong.
    """

    run: SourceRun
    articles: tuple[Article, ...]


def try_source(settings: Settings, source: SourceSettings, *, now: datetime) -> Trial:
    """Read one source as a crawl would, with `PAGES` of its pages at most; it need not stand in the configuration."""
    limits = settings.crawl.model_copy(update={"pages_per_source": PAGES})
    alone = settings.model_copy(update={"sources": (source,), "crawl": limits})
    articles: list[Article] = []
    runs: list[SourceRun] = []
    for got in crawl([Due(source=source.id)], alone, now=now, remember=False):
        if isinstance(got, Article):
            articles.append(got)
        elif isinstance(got, SourceRun):
            runs.append(got)
    return Trial(runs[-1], tuple(articles))


def read_one(settings: Settings, url: str, *, now: datetime) -> tuple[Article | None, str]:
    """Read one article's page, with the manners of every crawl; None where it cannot be had, and why."""
    fields = {"id": "one-page", "url": url, "outlet": "", "kind": "spider", "spider": "one-page", "fetch": "never"}
    trial = try_source(settings, SourceSettings.model_validate(fields), now=now)
    return trial.articles[0] if trial.articles else None, trial.run.detail


def source_at(url: str, *, kind: str) -> SourceSettings:
    """Return a source for an address that stands in no configuration.

    Raises:
        ValueError: no web address, or no such kind.
    """
    if not is_web(url):
        raise ValueError(f"{url} is no web address")
    return SourceSettings.model_validate({"id": "trial", "url": url, "outlet": "", "kind": kind})
