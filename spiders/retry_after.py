"""Retry-After: a host that asks to be left alone is left alone for the rest of the crawl, or for as long as it asks.

Scrapy has none (scrapy#3849, open since 2019). The source's own SourceRun carries the wish to the schedule; here the
other requests to the same host are held back, whichever source they serve. A host that says 429 or 503 without a time
is left alone for a minute.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

ASKS = frozenset((429, 503))
_UNSAID = timedelta(minutes=1)
_LONGEST = timedelta(days=1)  # 88 hours have been asked for (Media Cloud); a source is read daily all the same


class LeftAlone(IgnoreRequest):
    """The host has asked for a pause that is not over."""


def retry_after(response: Response, now: datetime) -> timedelta | None:
    """Return the pause that an answer asks for, a day at most; in seconds or as a date (RFC 9110, 10.2.3)."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if not value:
        return None
    try:
        pause = timedelta(seconds=int(value)) if value.isdigit() else parsedate_to_datetime(value) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(pause, timedelta()), _LONGEST)


class RetryAfter:
    """Downloader middleware: remembers who asked for a pause, and keeps it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def process_request(self, request: Request) -> None:
        """Hold back requests to a host that is left alone.

        Raises:
            LeftAlone: the pause is not over.
        """
        host = urlsplit(request.url).netloc
        left = self._until.get(host, 0) - self._clock()
        if left > 0:
            raise LeftAlone(f"{host} asked for a pause of {left:.0f} s more")

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember a host that asks for a pause."""
        if response.status in ASKS:
            pause = retry_after(response, datetime.now(UTC))
            seconds = (_UNSAID if pause is None else pause).total_seconds()
            self._until[urlsplit(request.url).netloc] = self._clock() + seconds
        return response
