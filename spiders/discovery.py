"""Finding where a site lists its articles: feeds that its page names, sitemaps of its robots.txt, the usual places.

`read_links` and `read_robots` are pure; the spider asks, and keeps what its reader can read with at least one entry.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, Literal

import scrapy
from lxml import html as lxml_html
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from sovwatch.settings import CrawlSettings
from spiders.answers import content_type
from spiders.decoding import decoded
from spiders.entries import Listing, web_link
from spiders.failures import reason, status_reason
from spiders.feed import read_feed
from spiders.limits import TooSlow, cpu_limit
from spiders.readers import UNREADABLE
from spiders.sitemap import read_sitemap
from spiders.wire import Found, Job, Missed, print_line

Kind = Literal["feed", "sitemap"]

_USUAL_FEEDS = ("/feed", "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
_USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/news.xml")
_USUAL: tuple[tuple[Kind, str], ...] = (
    *(("feed", path) for path in (*_USUAL_FEEDS, "/arc/outboundfeeds/rss/?outputType=xml")),
    *(("sitemap", path) for path in (*_USUAL_SITEMAPS, "/arc/outboundfeeds/news-sitemap/?outputType=xml")),
)
_FEED_TYPES = re.compile(r"application/(?:rss|atom|feed|rdf)\+(?:xml|json)|text/xml|application/xml")
_LOOKS_LIKE_FEED = re.compile(r"(?:rss|feed|atom)(?:[./?]|$)|\.rss\b", re.IGNORECASE)
_MOST_LINKS = 30
ITSELF, _USUAL_PLACE = "the address itself", "a usual place"


def read_links(body: bytes, url: str, *, content_type: str = "") -> list[str]:
    """Return the feeds that a page names: first its `link rel=alternate`, then links that look like feeds."""
    markup = decoded(body, content_type)
    if not markup.strip():
        return []
    try:
        root = lxml_html.document_fromstring(markup.encode("utf-8", "replace"))
    except (ValueError, lxml_html.etree.ParserError):
        return []
    named = [
        node.get("href")
        for node in root.iter("link")
        if "alternate" in (node.get("rel") or "").lower() and _FEED_TYPES.search((node.get("type") or "").lower())
    ]
    likely = [node.get("href") for node in root.iter("a") if _LOOKS_LIKE_FEED.search(node.get("href") or "")]
    links = (web_link(url, address) for address in [*named, *likely])
    return list(dict.fromkeys(link for link in links if link))[:_MOST_LINKS]


def read_robots(body: bytes, url: str) -> list[str]:
    """Return the sitemaps that a robots.txt names, those for news first."""
    lines = re.findall(r"(?im)^\s*sitemap\s*:\s*(\S+)", body.decode("utf-8", "replace"))
    links = [link for line in lines if (link := web_link(url, line))]
    return sorted(dict.fromkeys(links), key=lambda link: "news" not in link.lower())[:_MOST_LINKS]


class DiscoverySpider(scrapy.Spider):
    """Looks for a site's feeds and sitemaps, and says which it can read."""

    name = "discovery"

    def __init__(
        self,
        job: Job | None = None,
        emit: Callable[[Found | Missed], None] = print_line,
        url: str = "",
        memory: object = None,
        **kwargs: Any,
    ) -> None:
        del memory
        super().__init__(**kwargs)
        self.site = job.discover if job is not None else url
        self.limit = (job.settings.crawl if job is not None else CrawlSettings()).parse_timeout
        self.emit = emit
        self._asked: set[str] = set()
        self._found: set[tuple[str, ...]] = set()

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the page itself, for robots.txt and at the usual places."""
        site = self.site
        yield Request(site, callback=self.read_page, errback=partial(self.missed, site, ITSELF), dont_filter=True)
        yield Request(
            web_link(site, "/robots.txt") or site,
            callback=self.read_robots,
            meta={"dont_obey_robotstxt": True},
            dont_filter=True,
        )
        for kind, path in _USUAL:
            if link := web_link(site, path):
                for request in self._ask(link, kind, _USUAL_PLACE):
                    yield request

    def _ask(self, url: str, kind: Kind, where: str) -> Iterator[Request]:
        if url not in self._asked:
            self._asked.add(url)
            yield Request(
                url,
                callback=self.read_candidate,
                errback=partial(self.missed, url, where),
                cb_kwargs={"kind": kind, "where": where},
                dont_filter=True,
            )

    def missed(self, url: str, where: str, failure: Failure) -> None:
        """Say that an address could not be had, and why."""
        self._miss(url, where, reason(failure))

    def _miss(self, url: str, where: str, why: str) -> None:
        if where != _USUAL_PLACE:
            self.emit(Missed(url=url, where=where, why=why))

    def read_page(self, response: Response) -> Iterator[Request]:
        """Ask for the feeds that the page names; the page may be a feed itself."""
        if response.status >= 400:  # noqa: PLR2004
            self._miss(response.url, ITSELF, status_reason(response.status))
            return
        for kind in ("feed", "sitemap"):
            listing = self._read(response, kind)
            if listing is not None and not listing.problem:
                yield from self._take(response, kind, ITSELF, listing)
        for link in read_links(response.body, response.url, content_type=content_type(response)):
            yield from self._ask(link, "feed", "named by the page")

    def read_robots(self, response: Response) -> Iterator[Request]:
        """Ask for the sitemaps that robots.txt names."""
        if response.status < 400:  # noqa: PLR2004
            for link in read_robots(response.body, response.url):
                yield from self._ask(link, "sitemap", "named by robots.txt")

    def read_candidate(self, response: Response, kind: Kind, where: str) -> Iterator[Request]:
        """Say what was found, where a reader can read it, or why it cannot."""
        listing = self._read(response, kind)
        if response.status >= 400:  # noqa: PLR2004
            self._miss(response.url, where, status_reason(response.status))
        elif listing is None or listing.problem:
            self._miss(response.url, where, listing.problem if listing else "cannot be read")
        else:
            yield from self._take(response, kind, where, listing)

    def _take(self, response: Response, kind: Kind, where: str, listing: Listing) -> Iterator[Request]:
        for link in listing.more[:3]:
            yield from self._ask(link, "sitemap", "named by a sitemap index")
        links = tuple(entry.url for entry in listing.entries[:5])
        if not links:
            self._miss(response.url, where, "lists nothing")
        if not links or links in self._found:
            return
        self._found.add(links)
        dates = [dated.at for entry in listing.entries if (dated := entry.published or entry.updated)]
        self.emit(
            Found(
                url=response.url,
                kind=kind,
                title=listing.title,
                language=listing.language or listing.entries[0].language,
                entries=len(listing.entries),
                newest=max(dates, default=None),
                where=where,
            )
        )

    def _read(self, response: Response, kind: Kind) -> Listing | None:
        if response.status >= 400:  # noqa: PLR2004
            return None
        try:
            with cpu_limit(self.limit):
                read = read_sitemap if kind == "sitemap" else read_feed
                return read(response.body, response.url)
        except (TooSlow, *UNREADABLE):
            return None
