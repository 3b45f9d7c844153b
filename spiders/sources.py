"""The spider that reads all due sources in one crawl, so that per-host limits hold across sources and kinds.

    listing → entries → unchanged ones are dropped → the page is fetched where the entry could matter → Article
                                                   → else the entry alone                            → Article
    after the last of a source                                                                       → SourceRun

`scrapy crawl sources -a only=ID` in a clone prints what one source gives; the program runs `spiders.crawl`.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from sovwatch.model import Article, Entry, RobotsTxt, SourceRun
from sovwatch.settings import SourceSettings
from sovwatch.wording import counted
from spiders.answers import content_type, is_news
from spiders.articles import article_of_entry
from spiders.failures import PASSING_STATUS, is_passing, reason, status_reason
from spiders.limits import cpu_limit
from spiders.memory import Memory, NoMemory
from spiders.own import site_of
from spiders.pages import AGAIN, Pages
from spiders.readers import address, read_listing_of
from spiders.readings import Reading, Wanted
from spiders.share import NextTime
from spiders.site import SiteSpider
from spiders.wire import At, Job, Later, job_by_hand, parsing, print_line

_GONE = frozenset((404, 410))
_MORE_LISTINGS = 5  # of those that a sitemap index names, the newest so many
_PAGES_AT_ONCE = 2  # of one source
PATIENCE = timedelta(hours=2)  # with a page whose host is slow to be asked: as with one that is missing (decision 0016)

Emit = Callable[[Article | SourceRun | RobotsTxt | At | Later], None]


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
        self.job = job or job_by_hand(only)
        self.emit = emit
        self.memory = memory or NoMemory()
        self.limits = self.job.settings.crawl
        self.readings: list[Reading] = []
        self._began = datetime.now(UTC)
        self.pages = Pages(self.job.settings, self.memory)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make one that says what is unfinished when the crawl is stopped."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.cut_off, signal=scrapy.signals.spider_closed)
        crawler.signals.connect(spider.went_wrong, signal=scrapy.signals.spider_error)
        return spider

    def clock(self) -> datetime:
        """Return the job's now, moved on by the time that has passed: a simulated day stays that day."""
        return self.job.now + (datetime.now(UTC) - self._began)

    async def start(self) -> AsyncIterator[Request]:
        """Ask every due source for its listing, naming the version that is known."""
        self.emit(At(""))  # the crawl has begun
        sources = {source.id: source for source in self.job.settings.sources}
        for before, due in enumerate(self.job.due):
            if (source := sources.get(due.source)) is None:
                continue
            turn = len(self.job.due) - before
            reading = Reading(source=source, due=due, turn=turn, started=self.clock(), listings=[source.url])
            self.readings.append(reading)
            try:
                if (site := self._site(source)) is not None:
                    site.zone = source.zone or self.job.settings.zone
                reading.site = site
                yield self._ask_listing(reading, address(source), conditional=True)
            except ValueError as error:
                reading.failed(f"its configuration is wrong: {error}")
                self._end(reading)

    def _site(self, source: SourceSettings) -> SiteSpider | None:
        if not source.spider:
            return site_of(source, self.crawler, self.job.settings.home)
        with parsing(self.emit, source.id):  # it is loaded now, and may do anything
            return site_of(source, self.crawler, self.job.settings.home)

    def _ask_listing(self, reading: Reading, url: str, *, conditional: bool = False) -> Request:
        known = {"If-None-Match": reading.due.etag, "If-Modified-Since": reading.due.last_modified}
        request = Request(
            url,
            headers=_agent(reading.source) | {name: value for name, value in known.items() if value and conditional},
            callback=self.listed,
            errback=self.not_listed,
            cb_kwargs={"reading": reading, "told": None},
            priority=reading.turn,
            dont_filter=True,
        )
        reading.opened()
        return request

    def listed(self, response: Response, reading: Reading, told: Request | None) -> Iterator[Request]:
        """Read a listing that came. `told` is the request of a site's own spider that it answers."""
        if is_news(response, reading, self.clock(), first=told is None):
            if reading.source.kind == "spider" and reading.site is not None:
                yield from self._by_site(response, reading, reading.site, told)
            else:
                yield from self._by_kind(response, reading)
        if response.status < 400:  # noqa: PLR2004
            yield from self._look_again(reading)
        self._closed(reading)

    def _by_kind(self, response: Response, reading: Reading) -> Iterator[Request]:
        with parsing(self.emit, reading.source.id):
            listing = read_listing_of(
                reading.source,
                response.body,
                response.url,
                content_type=content_type(response),
                limit=self.limits.parse_timeout,
                zone=reading.source.zone or self.job.settings.zone,
                now=self.clock(),
            )
        if listing.problem:
            reading.failed(listing.problem)
        reading.incomplete |= bool(listing.more)  # an index that is the same says nothing of the sitemaps it names
        reading.ttl = max(filter(None, (reading.ttl, listing.ttl)), default=None)
        for url in listing.more[:_MORE_LISTINGS]:
            if url not in reading.listings and reading.may_list(url):
                yield self._ask_listing(reading, url)
        yield from self._entries(listing.entries, reading)

    def _by_site(
        self, response: Response, reading: Reading, site: SiteSpider, told: Request | None
    ) -> Iterator[Request]:
        """Let a site's own spider read; its requests come back through `listed`."""
        callback = told.callback if told is not None and told.callback else site.parse
        arguments = told.cb_kwargs if told is not None else {}
        entries: list[Entry] = []
        try:
            with parsing(self.emit, reading.source.id), cpu_limit(self.limits.parse_timeout):
                found = list(callback(response, **arguments))
        except Exception as error:  # whatever a spider of one's own raises costs its own source only
            self.logger.exception("%s: %s", site.name, response.url)
            reading.failed(f"its spider {site.name!r} failed: {type(error).__name__}: {error}")
            return
        for one in found:
            if isinstance(one, Entry):
                entries.append(one)
            elif reading.may_list(one.url):
                request = self._ask_listing(reading, one.url)
                request.cb_kwargs["told"] = one
                reading.incomplete = True
                yield request
        yield from self._entries(entries, reading)

    def _entries(self, entries: Iterable[Entry], reading: Reading) -> Iterator[Request]:
        """Take up what is new, and ask for the first pages."""
        listed = tuple(entries)
        known, reading.entries = self.memory.unchanged(listed) if listed else (), reading.entries + len(listed)
        new = (entry for index, entry in enumerate(listed) if index not in known)
        alone, wanted = self.pages.sorted_out(new, reading.source)
        told = (article_of_entry(entry, reading.source, "not fetched", now=self.clock()) for entry in alone)
        self._emit(reading, *told)
        for one in wanted:
            self._want(one, reading)
        for _ in range(_PAGES_AT_ONCE):
            yield from self._next_page(reading)

    def _want(self, one: Wanted, reading: Reading) -> None:
        """Put the entry in the queue for its page, or leave it for the next reading."""
        if reading.pages >= self.limits.pages_per_source:
            reading.leave(f"more than {counted(reading.pages, 'page')}: the rest is read next time")
        else:
            reading.pages += 1
            reading.opened()
            reading.waiting.append(one)

    def _next_page(self, reading: Reading) -> Iterator[Request]:
        """Ask for the next page of a source: few at a time, so that no source fills the queue of a host."""
        if reading.waiting:
            yield self._ask_page(reading.waiting.popleft(), reading)

    def _look_again(self, reading: Reading) -> Iterator[Request]:
        """Ask, once a reading, for pages that were told lately."""
        told, reading.again = () if reading.again else reading.due.again, True
        for entry in told:
            reading.opened()
            yield self._ask_page(Wanted(entry, AGAIN), reading)

    def _ask_page(self, one: Wanted, reading: Reading) -> Request:
        return Request(
            one.entry.url,
            headers=_agent(reading.source),
            callback=self.paged,
            errback=self.not_paged,
            cb_kwargs={"reading": reading, "entry": one.entry},
            priority=one.priority,
            dont_filter=True,
        )

    def paged(self, response: Response, reading: Reading, entry: Entry) -> Iterator[Request]:
        """Read a page that came."""
        if response.status >= 300:  # noqa: PLR2004
            again, gone = response.status in PASSING_STATUS, response.status in _GONE
            self._refused(entry, reading, status_reason(response.status), again=again, gone=gone)
        else:
            with parsing(self.emit, reading.source.id):
                articles, why_not = self.pages.articles(response, entry, reading.source, reading.site, now=self.clock())
            reading.paged(why_not)
            self._emit(reading, *articles)
        yield from self._next_page(reading)
        self._closed(reading)

    def _refused(self, entry: Entry, reading: Reading, why: str, *, again: bool, gone: bool = False) -> None:
        """Keep what the listing said of a page that could not be had."""
        reading.paged(why)
        reading.incomplete |= again
        told = article_of_entry(entry, reading.source, "refused", now=self.clock(), again=again)
        self._emit(reading, replace(told, gone=gone))

    def not_listed(self, failure: Failure) -> None:
        """Note why a listing could not be had."""
        reading: Reading = _told(failure)["reading"]
        if isinstance(failure.value, NextTime):
            reading.not_yet(str(failure.value))
        else:
            reading.failed(reason(failure))
        self._closed(reading)

    def not_paged(self, failure: Failure) -> Iterator[Request]:
        """Keep what the listing said, unless it is left whole for the next reading, and go on."""
        reading: Reading = _told(failure)["reading"]
        entry: Entry = _told(failure)["entry"]
        if not isinstance(failure.value, NextTime):
            self._refused(entry, reading, reason(failure), again=is_passing(failure))
        elif entry not in reading.due.again:  # those are named again, whatever the listing says
            self._wait(entry, reading, str(failure.value))
        yield from self._next_page(reading)
        self._closed(reading)

    def _wait(self, entry: Entry, reading: Reading, why: str) -> None:
        """Leave an entry to the next reading; one that has waited, or may have, is told as its listing has it."""
        if entry.published is not None and self.clock() - entry.published.at < PATIENCE:
            reading.leave(f"{why}: the rest is read next time")
        else:
            reading.paged(why)
            self._emit(reading, article_of_entry(entry, reading.source, "not fetched", now=self.clock()))

    def went_wrong(self, failure: Failure, response: Response) -> None:
        """Note a bug of ours as what it is; the log has the traceback."""
        reading: Reading = response.request.cb_kwargs["reading"]  # type: ignore[union-attr]
        reading.failed(f"a bug of Sovwatch: {type(failure.value).__name__}: {failure.value}")
        self._closed(reading)

    def _emit(self, reading: Reading, *articles: Article) -> None:
        for article in articles:
            reading.new += 1
            self.emit(article)

    def _closed(self, reading: Reading) -> None:
        if reading.closed():
            self._end(reading)

    def _end(self, reading: Reading) -> None:
        if not reading.over:
            reading.over = True
            self._emit(reading, *self.pages.first(reading.source, now=self.clock()))
            self.emit(Later(reading.source.id, reading.left) if reading.put_off else reading.run(self.clock()))

    def cut_off(self) -> None:
        """Say of every unfinished reading that the crawl ended before it."""
        for reading in self.readings:
            if not reading.over:
                reading.failed("cut off: the crawl ended before it was read whole")
                self._end(reading)


def _told(failure: Failure) -> dict[str, Any]:
    return dict(failure.request.cb_kwargs)  # type: ignore[attr-defined]


def _agent(source: SourceSettings) -> dict[str, str]:
    return {"User-Agent": source.user_agent} if source.user_agent else {}
