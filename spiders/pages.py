"""Which entries have their page fetched, and what becomes of a page that came."""

import logging
from datetime import datetime

from scrapy.http import Response

from sovwatch.model import Article, Entry
from sovwatch.relevance import Topic, compile_topics, might_matter
from sovwatch.settings import Settings, SourceSettings
from spiders.answers import content_type
from spiders.articles import article_of_entry, article_of_page
from spiders.limits import TooSlow, cpu_limit
from spiders.page import read_page
from spiders.readers import UNREADABLE
from spiders.site import SiteSpider

_log = logging.getLogger(__name__)


class Pages:
    """Reads pages as the configuration says."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topics: tuple[Topic, ...] | None = None

    def wanted(self, entry: Entry, source: SourceSettings) -> bool:
        """Whether the entry's page is fetched: all, none, or where any topic might matter by what the listing says."""
        if not entry.own_page:
            return False
        if source.fetch != "match":
            return source.fetch == "all"
        if self._topics is None:
            self._topics = compile_topics(self._settings.topics)
        return might_matter(entry.title, f"{entry.summary}\n{entry.text}", self._topics)

    def article(
        self, response: Response, entry: Entry, source: SourceSettings, site: SiteSpider | None, *, now: datetime
    ) -> Article:
        """Return what listing and page tell; of a page that no reader can digest, what the listing tells."""
        read = site.page if site is not None else read_page
        zone, kind = self._settings.zone, content_type(response)
        try:
            with cpu_limit(self._settings.crawl.parse_timeout):
                page = read(response.body, response.url, content_type=kind, zone=zone, now=now)
        except (TooSlow, *UNREADABLE) as error:
            _log.warning("%s cannot be read: %s", response.url, error)
            return article_of_entry(entry, source, "refused", now=now)
        return article_of_page(entry, page, source, now=now, landed=response.url)
