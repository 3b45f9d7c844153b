"""The spider that reads all due sources in one crawl, so that per-host limits hold across sources and kinds.

    listing → entries → unchanged ones are dropped → the page is fetched where the entry could matter → Article
                                                   → else the entry alone                            → Article
    after the last of a source                                                                       → SourceRun

`scrapy crawl sources -a only=ID` in a clone prints what one source gives; the program runs it through
`spiders.crawl`.
"""

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from sovwatch.model import Article, Due, Entry, SourceRun
from sovwatch.settings import SourceSettings, load
from spiders.articles import article_of_entry, article_of_page
from spiders.failures import PASSING_STATUS, is_passing, reason, status_reason
from spiders.limits import TooSlow, cpu_limit
from spiders.memory import Memory, NoMemory
from spiders.page import read_page
from spiders.readers import UNREADABLE, read_listing_of
from spiders.readings import Reading
from spiders.retry_after import ASKS, retry_after
from spiders.wire import Job, Message, pack

_LISTINGS_FIRST = 10  # priority: every source is listed before the pages of any
_GONE = frozenset((404, 410))
_MORE_LISTINGS = 5  # of those that a sitemap index names, the newest so many

Emit = Callable[[Article | SourceRun], None]


def print_line(message: Message) -> None:
    """Write a message to standard output, for whoever runs the spider by hand."""
    sys.stdout.buffer.write(pack(message))
    sys.stdout.buffer.flush()


class SourcesSpider(scrapy.Spider):
    """Reads what is due."""

    name = "sources"

    def __init__(
        self,
        job: Job | None = None,
        emit: Emit = print_line,
        memory: Memory | None = None,
        only: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.job = job or _job_by_hand(only)
        self.emit = emit
        self.memory = memory or NoMemory()
        self.crawl_settings = self.job.settings.crawl
        self.readings: list[Reading] = []
        self._began = datetime.now(UTC)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make one that says what is unfinished when the crawl is stopped."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.cut_off, signal=scrapy.signals.spider_closed)
        return spider

    def clock(self) -> datetime:
        """Return the job's now, moved on by the time that has passed: a simulated day stays that day."""
        return self.job.now + (datetime.now(UTC) - self._began)

    async def start(self) -> AsyncIterator[Request]:
        """Ask every due source for its listing, naming the version that is known."""
        for due in self.job.due:
            source = self.job.settings.source(due.source)
            if source is not None:
                reading = Reading(source=source, due=due, started=self.clock())
                self.readings.append(reading)
                yield self._ask_listing(reading, source.url, conditional=True)

    def _ask_listing(self, reading: Reading, url: str, *, conditional: bool = False) -> Request:
        reading.opened()
        known = (
            {"If-None-Match": reading.due.etag, "If-Modified-Since": reading.due.last_modified} if conditional else {}
        )
        return Request(
            url,
            headers=_agent(reading.source) | {name: value for name, value in known.items() if value},
            callback=self.listed,
            errback=self.not_listed,
            cb_kwargs={"reading": reading},
            priority=_LISTINGS_FIRST,
            dont_filter=True,
        )

    def listed(self, response: Response, reading: Reading) -> Iterator[Request]:
        """Read a listing that came."""
        if self._is_news(response, reading):
            yield from self._entries(response, reading)
        self._closed(reading)

    def _is_news(self, response: Response, reading: Reading) -> bool:
        """Whether the listing says anything that the last reading has not; what the answer tells about itself is noted."""
        _note_answer(reading, response, self.clock())
        if response.status == 304:  # noqa: PLR2004
            reading.outcome = "not modified"
            reading.etag, reading.last_modified = reading.due.etag, reading.due.last_modified
            reading.body_hash = reading.due.body_hash
            return False
        if response.status >= 400:  # noqa: PLR2004
            reading.failed(status_reason(response.status))
            return False
        body_hash = blake2b(response.body, digest_size=16).hexdigest()
        reading.body_hash = reading.body_hash or body_hash
        if body_hash == reading.due.body_hash:
            reading.outcome = "not modified"
            return False
        return True

    def _entries(self, response: Response, reading: Reading) -> Iterator[Request]:
        listing = read_listing_of(
            reading.source,
            response.body,
            response.url,
            content_type=_content_type(response),
            limit=self.crawl_settings.parse_timeout,
            zone=self.job.settings.zone,
        )
        if listing.problem:
            reading.failed(listing.problem)
        if "dataloss" in response.flags:
            reading.incomplete, reading.detail = True, reading.detail or "its answer broke off"
        reading.ttl = max(filter(None, (reading.ttl, listing.ttl)), default=None)
        for url in listing.more[:_MORE_LISTINGS]:
            yield self._ask_listing(reading, url)
        known = self.memory.unchanged(reading.source.id, listing.entries)
        reading.entries += len(listing.entries)
        for index, entry in enumerate(listing.entries):
            if index not in known:
                yield from self._entry(entry, reading)

    def _entry(self, entry: Entry, reading: Reading) -> Iterator[Request]:
        """Ask for the entry's page, or take it as it is, or leave it for the next reading."""
        if not self._wants_page(entry, reading.source):
            self._emit(article_of_entry(entry, reading.source, "not fetched", now=self.clock()), reading)
        elif reading.pages < self.crawl_settings.pages_per_source:
            reading.pages += 1
            reading.opened()
            yield Request(
                entry.url,
                headers=_agent(reading.source),
                callback=self.paged,
                errback=self.not_paged,
                cb_kwargs={"reading": reading, "entry": entry},
                dont_filter=True,
            )
        else:
            reading.incomplete = True
            reading.detail = reading.detail or f"more than {reading.pages} pages: the rest is read next time"

    def _wants_page(self, entry: Entry, source: SourceSettings) -> bool:
        if source.fetch != "match":
            return source.fetch == "all"
        from sovwatch.relevance import might_matter

        return might_matter(entry.title, f"{entry.summary} {entry.text}", self._topics())

    def _topics(self) -> Any:  # noqa: ANN401
        from sovwatch.relevance import compile_topics

        if not hasattr(self, "_compiled"):
            self._compiled = compile_topics(self.job.settings.topics)
        return self._compiled

    def paged(self, response: Response, reading: Reading, entry: Entry) -> None:
        """Read a page that came."""
        if response.status >= 400:  # noqa: PLR2004
            self._refused(entry, reading, again=response.status in PASSING_STATUS, gone=response.status in _GONE)
        else:
            self._emit(self._article(response, reading, entry), reading)
        self._closed(reading)

    def _article(self, response: Response, reading: Reading, entry: Entry) -> Article:
        now, source = self.clock(), reading.source
        try:
            with cpu_limit(self.crawl_settings.parse_timeout):
                page = read_page(
                    response.body,
                    response.url,
                    content_type=_content_type(response),
                    zone=self.job.settings.zone,
                    now=now,
                )
        except (TooSlow, *UNREADABLE) as error:
            self.logger.warning("%s cannot be read: %s", response.url, error)
            return article_of_entry(entry, source, "refused", now=now)
        return article_of_page(entry, page, source, now=now, landed=response.url)

    def _refused(self, entry: Entry, reading: Reading, *, again: bool, gone: bool = False) -> None:
        """Keep what the listing said of a page that could not be had."""
        from dataclasses import replace

        reading.incomplete |= again
        told = article_of_entry(entry, reading.source, "refused", now=self.clock(), again=again)
        self._emit(replace(told, gone=gone), reading)

    def not_listed(self, failure: Failure) -> None:
        """Note why a listing could not be had."""
        reading: Reading = failure.request.cb_kwargs["reading"]  # type: ignore[attr-defined]
        reading.failed(reason(failure))
        self._closed(reading)

    def not_paged(self, failure: Failure) -> None:
        """Keep what the listing said, and go on."""
        told = failure.request.cb_kwargs  # type: ignore[attr-defined]
        self._refused(told["entry"], told["reading"], again=is_passing(failure))
        self._closed(told["reading"])

    def _emit(self, article: Article, reading: Reading) -> None:
        reading.new += 1
        self.emit(article)

    def _closed(self, reading: Reading) -> None:
        if reading.closed() and not reading.over:
            reading.over = True
            self.emit(reading.run(self.clock()))

    def cut_off(self) -> None:
        """Say of every unfinished reading that the crawl ended before it."""
        for reading in self.readings:
            if not reading.over:
                reading.over = True
                reading.failed("cut off: the crawl ended before it was read whole")
                self.emit(reading.run(self.clock()))


def _note_answer(reading: Reading, response: Response, now: datetime) -> None:
    """Note what an answer tells about itself: status, size, validators, how long to wait, and where the source is now."""
    reading.status = response.status
    reading.size += len(response.body)
    reading.etag = reading.etag or _header(response, "ETag")
    reading.last_modified = reading.last_modified or _header(response, "Last-Modified")
    reading.ttl = _freshness(response)
    if response.status in ASKS:
        reading.retry_after = retry_after(response, now)
    hops = response.meta.get("redirect_reasons", ())
    if hops and all(hop in {301, 308} for hop in hops):
        reading.moved_to = response.url


def _freshness(response: Response) -> timedelta | None:
    """The max-age of Cache-Control; no-cache and no-store ask for nothing."""
    import re

    match = re.search(r"(?<![-\w])max-age=(\d{1,8})", _header(response, "Cache-Control") or "")
    return timedelta(seconds=int(match[1])) if match and int(match[1]) else None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _content_type(response: Response) -> str:
    return _header(response, "Content-Type") or ""


def _agent(source: SourceSettings) -> dict[str, str]:
    return {"User-Agent": source.user_agent} if source.user_agent else {}


def _job_by_hand(only: str) -> Job:
    """Every enabled source of the configuration, or one: for `scrapy crawl sources`."""
    settings = load()
    chosen = [s for s in settings.sources if (s.id == only if only else s.enabled)]
    return Job(tuple(Due(source=source.id) for source in chosen), settings, settings.now(), os.getppid())
