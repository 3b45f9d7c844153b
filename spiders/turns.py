"""Whose turn it is: requests wait for their host here, and not among the few that are under way.

What waits out a host's pause counts among `crawl.concurrency` once Scrapy has handed it to the downloader: sixteen
listings of one host that wants half a minute between two would leave the others a place each half minute. So a host
has as many requests there as it may be asked at a time, and one that is next. What leads to another host waits for that
one: Scrapy lets it keep the first one's place (2.19), whose pace would become that of the slowest it leads to.
"""

from collections import Counter

from scrapy.http import Request, Response
from scrapy.pqueues import DownloaderAwarePriorityQueue

_NEXT = 1  # of a host, so that its slot is never idle


class Turns(DownloaderAwarePriorityQueue):
    """Scrapy's queue, which prefers hosts that are asked least, but for hosts that have their requests under way."""

    def pop(self) -> Request | None:
        """Take out the next request whose host has room; None while none has."""
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        under_way = Counter(downloader.get_slot_key(request) for request in downloader.active)
        most = downloader.domain_concurrency + _NEXT
        full = {host: self.pqueues.pop(host) for host, n in under_way.items() if n >= most and host in self.pqueues}
        try:
            return super().pop()
        finally:
            self.pqueues.update(full)


class Place:
    """Downloader middleware: takes its place from a request that was answered, before a redirect inherits it."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Forget the place."""
        request.meta.pop("download_slot", None)
        return response
