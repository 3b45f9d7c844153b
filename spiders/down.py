"""A host that is down costs its first few pages, not all of them: the rest waits for the next reading.

Without it, sixty pages of a host that stalls would each wait for their time-out, one after the other, and hold the
crawl to its deadline.
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest


class HostDown(IgnoreRequest):
    """The host has failed several times in a row."""


class LetBe:
    """Downloader middleware: asks the spider whether the host of a page is down."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a host be.

        Raises:
            HostDown: the spider says so.
        """
        is_down = getattr(self._crawler.spider, "is_down", None)
        if is_down is not None and is_down(request):
            raise HostDown("its host is down")
