"""A host that wants long pauses gets as many pages as fit into its share of a crawl; its others wait for the next one.

Without it, twenty pages of a host whose robots.txt asks for half a minute between requests would hold the crawl, and
the telling after it, to its deadline, where its sources would be cut off and fail. Listings are asked for in any case,
and one page of each host: so the rest is had, if slowly. A page whose turn came is followed and tried again, or what
moved within its host would never be had, and one that always fails would be the one page each time. Counted when all
that waits for the host is known, after robots.txt.
"""

import time
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

_ADMITTED = "sovwatch_admitted"  # meta: to which host; what follows a redirect or tries again has it as well
SHARE = 0.25  # of the deadline: half a minute's pause leaves a listing and four pages in ten minutes


class NextTime(IgnoreRequest):
    """The page's turn would come too late in this crawl."""


class Share:
    """Downloader middleware: leaves a page for the next reading where its turn would come after the host's share."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._until = time.monotonic() + SHARE * crawler.settings.getfloat("SOVWATCH_DEADLINE")
        self._asked: set[str] = set()  # hosts that were asked for a page

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawl that begins now."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Leave a page whose turn would come too late.

        Raises:
            NextTime: it would.
        """
        if "entry" not in request.cb_kwargs or self._crawler.engine is None:
            return
        downloader = self._crawler.engine.downloader
        host = downloader.get_slot_key(request)
        if request.meta.get(_ADMITTED) == host:
            return
        slot = downloader.slots.get(host)
        if slot is not None and host in self._asked and time.monotonic() + len(slot.active) * slot.delay > self._until:
            raise NextTime(f"{host} is asked every {slot.delay:g} s: the rest is read next time")
        self._asked.add(host)
        request.meta[_ADMITTED] = host
