"""A host that wants long pauses is asked for what fits into its share of a crawl; the rest waits for the next one.

Without it, twenty pages of a host whose robots.txt asks for half a minute between requests would hold the crawl, and
the telling after it, to its deadline, where its sources would be cut off and fail. Listings come first, since news is
found by them: those whose turn would come after their share are put off, due still and first of all the next time, so
that many sources of a host are read in turns. One listing and one page of each host are asked for in any case. What was
asked for once is followed and tried again, or what moved within its host would never be had, and one that always fails
would be the one page each time. Counted when all that waits for the host is known, after robots.txt.
"""

import time
from collections.abc import Callable
from typing import Self

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

_ADMITTED = "sovwatch_admitted"  # meta: to which host; what follows a redirect or tries again has it as well


class NextTime(IgnoreRequest):
    """Its turn would come too late in this crawl."""


class Share:
    """Downloader middleware: leaves for the next crawl what would be asked for after its host's share of this one."""

    def __init__(self, crawler: Crawler, clock: Callable[[], float] = time.monotonic) -> None:
        self._crawler, self._clock = crawler, clock
        self._until = clock() + crawler.settings.getfloat("SOVWATCH_SHARE")
        self._asked: set[tuple[str, bool]] = set()  # hosts that were asked for a listing, and for a page

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawl that begins now."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Leave what would come too late; robots.txt is neither listing nor page.

        Raises:
            NextTime: it would.
        """
        if "reading" not in request.cb_kwargs or self._crawler.engine is None:
            return
        downloader = self._crawler.engine.downloader
        host = downloader.get_slot_key(request)
        if request.meta.get(_ADMITTED) == host:
            return
        slot, kind = downloader.slots.get(host), (host, "entry" in request.cb_kwargs)
        if slot is not None and kind in self._asked and self._turn(slot) > self._until:
            raise NextTime(f"{host} is asked every {slot.delay:g} s")
        self._asked.add(kind)
        request.meta[_ADMITTED] = host

    def _turn(self, slot: Slot) -> float:
        return self._clock() + len(slot.active) * slot.delay
