"""`crawl.resolve`: requests to chosen hosts go to one address by plain HTTP proxying; URL and Host stay what they are.

For the demo's newsroom, tests, and intranets behind a proxy. Only http: an https request would need a tunnel.
"""

from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler


class Resolve:
    """Downloader middleware: names the proxy of a host."""

    def __init__(self, hosts: Mapping[str, str]) -> None:
        self._hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Read the map of hosts."""
        return cls(crawler.settings.getdict("SOVWATCH_RESOLVE"))

    def process_request(self, request: Request) -> None:
        """Send a request to its proxy; one that has left for another host loses it."""
        host = (urlsplit(request.url).hostname or "").lower()
        for pattern, address in self._hosts.items():
            if fnmatch(host, pattern.lower()):
                request.meta["proxy"] = f"http://{address}"
                return
        if self._hosts:
            request.meta.pop("proxy", None)
