"""robots.txt: Scrapy's middleware, with the crawl delay that it does not read, and a sentence that names the rule.

The delay is set on the host's downloader slot, which all sources and kinds share. More than half a minute is taken as
half a minute: at most a listing and a few pages are asked of a host, and a crawl has a deadline.
"""

from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

_LONGEST_DELAY = 30.0  # seconds


class Forbidden(IgnoreRequest):
    """robots.txt forbids the address."""


class Robots(RobotsTxtMiddleware):
    """Downloader middleware: obeys robots.txt, crawl delay included."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawl."""
        return cls(crawler)

    def process_request_2(self, rp: Any, request: Request) -> None:
        """Refuse what is forbidden, and space out what is not.

        Raises:
            Forbidden: robots.txt forbids the address.
        """
        if rp is None:
            return
        agent = request.headers.get("User-Agent") or self._default_useragent
        if not rp.allowed(request.url, agent):
            raise Forbidden(f"robots.txt of {urlsplit(request.url).netloc} forbids it")
        self._space_out(rp, request, agent if isinstance(agent, str) else agent.decode("latin-1"))

    def _space_out(self, rp: Any, request: Request, agent: str) -> None:
        asked = rp.rp.crawl_delay(agent)  # Protego's parser inside Scrapy's
        if not asked or self.crawler.engine is None:
            return
        _, slot = self.crawler.engine.downloader._get_slot(request)  # noqa: SLF001  (Scrapy gives no public way, 2.19)
        slot.delay = max(slot.delay, min(float(asked), _LONGEST_DELAY))
