"""Which entries have their page fetched, and what becomes of a page that came."""

import logging
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from scrapy.http import Response

from sovwatch.model import Article, Entry, Said
from sovwatch.relevance import Topic, compile_topics, might_matter
from sovwatch.settings import Settings, SourceSettings
from sovwatch.urls import canonical
from spiders.answers import content_type
from spiders.articles import article_of_entry, article_of_page
from spiders.limits import TooSlow, cpu_limit
from spiders.memory import Memory
from spiders.notices import Notices
from spiders.page import Page, read_page
from spiders.readers import UNREADABLE
from spiders.site import SiteSpider
from spiders.walls import shown

_LONGEST_TITLE = 80
_log = logging.getLogger(__name__)


class Pages:
    """Reads pages as the configuration says."""

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self._settings = settings
        self._notices = Notices(memory, self._matters)

    @cached_property
    def _topics(self) -> tuple[Topic, ...]:
        return compile_topics(self._settings.topics)

    def _matters(self, line: str) -> bool:
        """Whether a line could matter to a topic that does not take everything."""
        return might_matter("", line, [topic for topic in self._topics if not topic.everything])

    def wanted(self, entry: Entry, source: SourceSettings) -> bool:
        """Whether the entry's page is fetched: all, none, or where any topic might matter by what the listing says."""
        if not entry.own_page:
            return False
        if source.fetch != "match":
            return source.fetch == "all"
        return might_matter(entry.title, f"{entry.summary}\n{entry.text}", self._topics)

    def article(
        self, response: Response, entry: Entry, source: SourceSettings, site: SiteSpider | None, *, now: datetime
    ) -> tuple[Article, str]:
        """Return what listing and page tell, and why the page tells nothing, where the listing stands alone."""
        read = site.page if site is not None else read_page
        zone, kind = self._settings.zone, content_type(response)
        try:
            with cpu_limit(self._settings.crawl.parse_timeout):
                page = read(response.body, response.url, content_type=kind, zone=zone, now=now)
        except (TooSlow, *UNREADABLE) as error:
            _log.warning("%s cannot be read: %s", response.url, error)
            return article_of_entry(entry, source, "refused", now=now), f"cannot be read: {error}"
        what, instead = shown(entry, page, response.url), f"something else is shown, {_titled(page)}"
        if what == "article":
            text = self._notices.without(Said(canonical(response.url), page.title, page.text), source.id)
            return article_of_page(entry, replace(page, text=text), source, now=now, landed=response.url), ""
        if what == "headline":
            bare = article_of_page(entry, replace(page, text=""), source, now=now, landed=response.url)
            return replace(bare, page="refused"), "the headline stands above another text"
        told = article_of_entry(entry, source, "refused", now=now)
        return replace(told, gone=what == "not found"), instead


def _titled(page: Page) -> str:
    return f"“{page.title[:_LONGEST_TITLE]}”" if page.title else "without a title"
