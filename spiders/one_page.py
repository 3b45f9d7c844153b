"""One article's page by its address, without a listing: for `seeds add URL` (see `spiders.trial.read_one`)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Request, Response

from sovwatch.model import Entry
from spiders.answers import content_type
from spiders.site import SiteSpider


class OnePage(SiteSpider):
    """Reads the page at its own address as the only entry."""

    name = "one-page"

    def parse(self, response: Response, **_: Any) -> Iterator[Entry | Request]:
        """Yield the page as an entry that holds its whole text."""
        kind = content_type(response)
        page = self.page(response.body, response.url, content_type=kind, zone=self.zone, now=datetime.now(UTC))
        yield Entry(
            url=page.canonical or response.url,
            title=page.title,
            text=page.text,
            published=page.published,
            updated=page.updated,
            authors=page.authors,
            language=page.language,
            outlet=page.outlet,
            section=page.section,
        )
