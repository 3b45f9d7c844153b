"""A spider of one's own, for a site that needs its own reading: one file in this folder, one class.

A `SiteSpider` says how to read what its source's address answers, and may say how its pages are read. It runs inside
the common crawl like any other kind (`kind = "spider"`, `spider = "its-name"` in sources.toml), with the same
manners, caps, memory and health; alone, for trying it, by `scrapy crawl its-name -a url=https://…`.
`spiders/example_gazette.py` is one.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.spiderloader import get_spider_loader

from sovwatch.model import Entry
from sovwatch.settings import SourceSettings
from spiders.page import Page, read_page


class SiteSpider(scrapy.Spider):
    """The frame of a spider of one's own: give it a `name` and a `parse`."""

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the address that was given; only used when the spider is run alone."""
        yield Request(self.url, callback=self.parse)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Entry | Request]:
        """Yield what is listed, and requests for further listings, answered to their callback or to `parse`."""
        raise NotImplementedError

    def page(self, body: bytes, url: str, *, content_type: str, zone: str, now: datetime) -> Page:
        """Read an article's page; as every page is read, unless the spider knows better."""
        return read_page(body, url, content_type=content_type, zone=zone, now=now)


def site_of(source: SourceSettings, crawler: Crawler) -> SiteSpider | None:
    """Return the spider of the source's own, where it names one.

    Raises:
        ValueError, KeyError: there is none of that name, or it is something else.
    """
    if not source.spider:
        if source.kind == "spider":
            raise ValueError("kind 'spider' needs the spider's name")
        return None
    kind = get_spider_loader(crawler.settings).load(source.spider)
    if not issubclass(kind, SiteSpider):
        raise ValueError(f"{source.spider!r} is no SiteSpider")  # noqa: TRY004  (a configuration's value)
    return kind.from_crawler(crawler, url=source.url)
