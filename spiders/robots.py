"""robots.txt (RFC 9309): asked once a day and site, obeyed with its crawl delay, and remembered between crawls.

    2xx        its rules, 500 KiB of them, for a day                              (2.2, 2.4, 2.5)
    3xx, 4xx   it has none: everything is allowed, for a day                      (2.3.1.2, 2.3.1.3)
    429, 5xx, no answer: the rules that were known stand, for up to thirty days;  (2.3.1.4)
               where none were, nothing is asked of the site, for up to thirty days either

Scrapy's own middleware asks anew in each crawl, and takes a site that gives no answer for one without rules. The crawl
delay is set on the host's downloader slot, which all sources and kinds share. More than half a minute is taken as half
a minute: listings and a page at least are asked of a host, and a crawl has a deadline (see `spiders.share`).
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from sovwatch.model import RobotsTxt
from sovwatch.urls import origin_of
from spiders.failures import Forbidden, RobotsUnknown, sentence, status_reason
from spiders.memory import Remembers
from spiders.retry_after import ASKS, LeftAlone

_LONGEST_DELAY = 30.0  # seconds
_CLAIMED = 64 * 1024 * 1024  # bytes that an answer may claim to have, or unpack to, although so many are never read
_CAME = "sovwatch_robots_came"  # meta: bytes of the answer so far
_MOST = 500 * 1024  # bytes that RFC 9309 (2.5) wants read at least
_FRESH = timedelta(hours=24)
_STANDS = timedelta(days=30)
_FIRST = 1000  # priority: before all that waits for it


@dataclass(frozen=True, slots=True)
class _Rules:
    """What holds for a site in this crawl: its rules, none, or why nothing may be asked."""

    parser: ProtegoRobotParser | None = None
    refused: str = ""


class Robots:
    """Downloader middleware: obeys robots.txt, crawl delay included."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["USER_AGENT"]
        self._rules: dict[str, asyncio.Future[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawl.

        Raises:
            NotConfigured: the operator wants robots.txt ignored.
        """
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        obeys = cls(crawler)
        crawler.signals.connect(obeys.enough, signal=signals.bytes_received)
        return obeys

    def enough(self, data: bytes, request: Request) -> None:
        """Stop an answer of which more came than is read: it may be bigger than anything that is fetched.

        Raises:
            StopDownload: with what came.
        """
        if _CAME in request.meta:
            request.meta[_CAME] += len(data)
            if request.meta[_CAME] > _MOST:
                raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        """Refuse what is forbidden, and space out what is not.

        Raises:
            Forbidden, RobotsUnknown: robots.txt forbids the address, or cannot be had.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules_of(origin_of(request.url))
        host = urlsplit(request.url).netloc
        if rules.refused:
            raise RobotsUnknown(f"robots.txt of {host} cannot be had: {rules.refused}")
        if rules.parser is None:
            return
        agent = request.headers.get("User-Agent") or self._agent
        if not rules.parser.allowed(request.url, agent):
            raise Forbidden(f"robots.txt of {host} forbids it")
        self._space_out(rules.parser, request, agent if isinstance(agent, str) else agent.decode("latin-1"))

    async def _rules_of(self, site: str) -> _Rules:
        """The rules of a site, asked for by the first request that needs them."""
        waiting = self._rules.get(site)
        if waiting is not None:
            return await waiting
        answer = self._rules[site] = asyncio.get_running_loop().create_future()
        rules = _Rules(refused="the crawl ended before it came")
        try:
            rules = await self._find(site)
        finally:
            answer.set_result(rules)
        return rules

    async def _find(self, site: str) -> _Rules:
        spider: object = self._crawler.spider
        keeper = spider if isinstance(spider, Remembers) else None
        now = keeper.clock() if keeper else datetime.now(UTC)
        known = (keeper.memory.robots(site) if keeper else None) or RobotsTxt(origin=site)
        if known.body is not None and is_fresh(known, now):
            return _Rules(rules_of(known.body))
        body, why = await self._ask(site)
        learned = (
            RobotsTxt(origin=site, body=body, read=now)
            if body is not None
            else replace(known, failing_since=known.failing_since or now)
        )
        if keeper:
            keeper.emit(learned)
        standing = body if body is not None else standing_rules(learned, now)
        return _Rules(refused=why) if standing is None else _Rules(rules_of(standing))

    async def _ask(self, site: str) -> tuple[str | None, str]:
        """What robots.txt says, "" where there is none; or None and why it cannot be had."""
        request = Request(
            f"{site}/robots.txt",
            priority=_FIRST,
            meta={"dont_obey_robotstxt": True, "download_maxsize": _CLAIMED, _CAME: 0},
            callback=NO_CALLBACK,
        )
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except LeftAlone as error:
            return None, sentence(error)
        except IgnoreRequest:  # redirected for ever, or to where we do not go: it has none (2.3.1.2)
            return "", ""
        except Exception as error:  # noqa: BLE001  (each library has errors of its own; whichever it is, no rules came)
            return None, sentence(error)
        if response.status in ASKS or response.status >= 500:  # noqa: PLR2004
            return None, status_reason(response.status)
        return said(response), ""

    def _space_out(self, parser: ProtegoRobotParser, request: Request, agent: str) -> None:
        asked = pause_of(parser, agent)
        if not asked or self._crawler.engine is None:
            return
        _, slot = self._crawler.engine.downloader._get_slot(request)  # noqa: SLF001  (Scrapy gives no public way, 2.19)
        slot.delay = max(slot.delay, asked)


def said(response: Response) -> str:
    """Return the rules of an answer; a web page, or an answer that says there is none, has none."""
    if response.status >= 300:  # noqa: PLR2004
        return ""
    text = response.body[:_MOST].decode("utf-8-sig", "ignore").replace("\x00", "")
    return "" if text.lstrip().startswith("<") else text


def is_fresh(known: RobotsTxt, now: datetime) -> bool:
    """Whether what is known may be used without asking."""
    return known.read is not None and timedelta() <= now - known.read < _FRESH


def standing_rules(known: RobotsTxt, now: datetime) -> str | None:
    """Return the rules that hold while a site does not answer; None while nothing may be asked of it."""
    if known.body is not None and known.read is not None and now - known.read <= _STANDS:
        return known.body
    return "" if known.failing_since is not None and now - known.failing_since > _STANDS else None


def pause_of(rules: ProtegoRobotParser | None, agent: str) -> float:
    """Return the seconds between two requests that rules ask for, half a minute at most."""
    return min(float(rules.crawl_delay(agent) or 0), _LONGEST_DELAY) if rules else 0.0


def rules_of(body: str) -> ProtegoRobotParser | None:
    """Return what a robots.txt says; None where it has no rules."""
    return ProtegoRobotParser(body.encode(), None) if body else None
