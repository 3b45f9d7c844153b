"""Which entries have their page fetched, and what becomes of a page that came."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from scrapy.http import Response

from sovwatch.model import Article, Entry, Said
from sovwatch.relevance import Topic, compile_topics, might_matter
from sovwatch.settings import Settings, SourceSettings
from sovwatch.urls import canonical, host_or_blank
from spiders.answers import content_type
from spiders.articles import article_of_entry, article_of_page
from spiders.entries import instant
from spiders.limits import TooSlow, cpu_limit
from spiders.memory import Memory
from spiders.notices import Notices
from spiders.page import Page, read_page
from spiders.readers import UNREADABLE
from spiders.readings import Wanted
from spiders.site import SiteSpider
from spiders.sitemap import MOST_BYTES, unpacked
from spiders.walls import is_opening, shown

AGAIN, RARELY = -1_000_000, -2_000_000  # priorities: what was told lately; what no topic asks for
_LONGEST_TITLE = 80
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Came:
    """A page that shows its entry; `landed` is the address that answered."""

    entry: Entry
    page: Page
    landed: str

    @property
    def said(self) -> Said:
        """What it says, by the address by which it is remembered."""
        return Said(canonical(self.landed), self.page.title, self.page.text)

    def without(self, text: str, source: SourceSettings, now: datetime) -> Article:
        """Return its article; `text` is what notices leave of its own."""
        opening, page = is_opening(text, self.page), replace(self.page, text=text)
        return article_of_page(self.entry, page, source, now=now, landed=self.landed, opening=opening)


class Pages:
    """Reads pages as the configuration says."""

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._settings = settings
        self._notices = Notices(memory, self._matters)
        self._first: dict[tuple[str, str], _Came] = {}  # by source and host

    @cached_property
    def _topics(self) -> tuple[Topic, ...]:
        return compile_topics(self._settings.topics)

    def _matters(self, line: str) -> bool:
        """Whether a line could matter to a topic that does not take everything."""
        return might_matter("", line, [topic for topic in self._topics if not topic.everything])

    def sorted_out(self, entries: Iterable[Entry], source: SourceSettings) -> tuple[list[Entry], list[Wanted]]:
        """The entries whose page is not fetched, and the others, in the order in which their pages are.

        All pages, none, or those where a topic might matter by what the listing says; these first, then the newest, so
        that a host that is slow to be asked, or lists more than a crawl takes, is asked for what counts.
        """
        alone, wanted = [], []
        for entry in entries:
            matters = source.fetch != "never" and entry.own_page and self._might_matter(entry)
            if matters or (source.fetch == "all" and entry.own_page):
                wanted.append((matters, entry))
            else:
                alone.append(entry)
        wanted.sort(key=lambda one: (one[0], instant(one[1])), reverse=True)
        ranked = enumerate(wanted)
        return alone, [Wanted(entry, -rank if matters else RARELY - rank) for rank, (matters, entry) in ranked]

    def _might_matter(self, entry: Entry) -> bool:
        return might_matter(entry.title, f"{entry.summary}\n{entry.text}", self._topics)

    def articles(
        self, response: Response, entry: Entry, source: SourceSettings, site: SiteSpider | None, *, now: datetime
    ) -> tuple[list[Article], str]:
        """Return what listing and page tell, and why the page tells nothing, where the listing stands alone.

        The first page of a host waits for the second, which tells its notices, or for `first`.
        """
        came, article, why_not = self._read(response, entry, source, site, now=now)
        if came is None:
            return [article], why_not
        key = (source.id, host_or_blank(came.said.url))
        if not self._notices.knows(key[1], source.id):
            self._notices.without(came.said, source.id)
            self._first[key] = came
            return [], ""
        told = [came.without(self._notices.without(came.said, source.id, canonical(entry.url)), source, now)]
        if first := self._first.pop(key, None):
            told.insert(0, first.without(self._notices.without_those_of(came.said, first.said), source, now))
        return told, ""

    def first(self, source: SourceSettings, *, now: datetime) -> list[Article]:
        """Return the pages of a source that wait for a second of their host, whole: none came."""
        keys = [key for key in self._first if key[0] == source.id]
        return [(came := self._first.pop(key)).without(came.said.text, source, now) for key in keys]

    def _read(
        self, response: Response, entry: Entry, source: SourceSettings, site: SiteSpider | None, *, now: datetime
    ) -> tuple["_Came | None", Article, str]:
        """Return the page, where it shows its entry, or what is told instead and why."""
        read = site.page if site is not None else read_page
        zone, kind = source.zone or self._settings.zone, content_type(response)
        try:
            with cpu_limit(self._settings.crawl.parse_timeout):
                page = read(unpacked(response.body, MOST_BYTES), response.url, content_type=kind, zone=zone, now=now)
        except (TooSlow, *UNREADABLE) as error:
            _log.warning("%s cannot be read: %s", response.url, error)
            return None, article_of_entry(entry, source, "refused", now=now), f"cannot be read: {error}"
        what, instead = shown(entry, page, response.url), f"something else is shown, {_titled(page)}"
        told = article_of_page(entry, replace(page, text=""), source, now=now, landed=response.url)
        if what == "article" or (what == "headline" and self._matters(page.text)):
            return _Came(entry, page, response.url), told, ""
        if what == "headline":
            return None, replace(told, page="refused"), "the headline stands above another text"
        told = article_of_entry(entry, source, "refused", now=now)
        return None, replace(told, gone=what == "not found"), instead


def _titled(page: Page) -> str:
    return f"“{page.title[:_LONGEST_TITLE]}”" if page.title else "without a title"
