"""A host that is down costs its first few requests, not all of them: its other pages wait for the next reading.

Without it, sixty pages of a host that stalls would each wait for their time-out, one after the other, and hold the
crawl to its deadline. Counted nearer to the network than Scrapy's retries, so that these count, and are given up,
too.
"""

from collections import Counter
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.failures import PASSING_STATUS

IN_A_ROW = 3


class HostDown(IgnoreRequest):
    """The host has failed several times in a row."""


class LetBe:
    """Downloader middleware: counts the failures of each host in a row; listings are asked for in any case."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()

    def process_request(self, request: Request) -> None:
        """Hold back a page of a host that is down.

        Raises:
            HostDown: it has failed too often.
        """
        host = urlsplit(request.url).netloc
        if "entry" in request.cb_kwargs and self._failures[host] >= IN_A_ROW:
            raise HostDown(f"{host} is down")

    def process_response(self, request: Request, response: Response) -> Response:
        """Count an answer that means failure; any other ends the row."""
        host = urlsplit(request.url).netloc
        self._failures[host] = self._failures[host] + 1 if response.status in PASSING_STATUS else 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count a failure to get any answer."""
        if not isinstance(exception, IgnoreRequest):
            self._failures[urlsplit(request.url).netloc] += 1
