"""A spider of one's own, for a site that needs its own reading: one file, one class.

A `SiteSpider` says how to read what its source's address answers, and may say how its pages are read. It runs inside
the common crawl like any other kind (`kind = "spider"`, `spider = "its-name"` in sources.toml), with the same
manners, caps, memory and health. The file lies in the folder `spiders` beside sovwatch.toml, or in this one, where it
also runs alone by `scrapy crawl its-name -a url=https://…`. `spiders/example_gazette.py` is one.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import scrapy
from scrapy.http import Request, Response

from sovwatch.model import Entry
from spiders.page import Page, read_page


class SiteSpider(scrapy.Spider):
    """The frame of a spider of one's own: give it a `name` and a `parse`."""

    zone = "UTC"  # for dates that name none; the crawl sets it to the source's, or else the desk's

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
