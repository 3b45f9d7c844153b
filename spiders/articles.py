"""Putting an article together from what its listing said and what its page says, best evidence first."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Literal

from sovwatch.dates import bounded
from sovwatch.listings import listing_key
from sovwatch.model import Article, Dated, Entry, Precision
from sovwatch.settings import SourceSettings
from sovwatch.urls import host
from spiders.page import Page

How = Literal["read", "opening", "refused", "not fetched"]

_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")  # GDELT gives one for a name

# Evidence for a date, the strongest first; what is not named here is weaker than what the feed says.
_STRONG_DATES = ("json-ld", "meta")


def article_of_entry(entry: Entry, source: SourceSettings, how: How, *, now: datetime, again: bool = False) -> Article:
    """Return what the listing alone tells. With `again` it is not remembered as read: its page is tried once more."""
    return Article(
        url=entry.url,
        title=entry.title,
        text=entry.text,
        summary=entry.summary,
        outlet=entry.outlet or source.outlet,
        language=entry.language or source.language,
        published=bounded(entry.published, now=now, since=_beginning(source)),
        updated=bounded(entry.updated, now=now, since=_beginning(source)),
        authors=entry.authors,
        source=source.id,
        guid=entry.guid,
        section=entry.section,
        tier=source.tier,
        page=how,
        listing="" if again else listing_key(entry),
    )


def article_of_page(
    entry: Entry, page: Page, source: SourceSettings, *, now: datetime, landed: str, opening: bool = False
) -> Article:
    """Return what listing and page tell together; `landed` is the address that answered, after redirects."""
    told = article_of_entry(entry, source, "read", now=now)
    own = len(page.text) >= len(told.text) // 2
    aliases = (landed, page.canonical, *page.aliases)
    return replace(
        told,
        title=page.title or told.title,
        outlet=_outlet(entry, page, source, landed),
        text=page.text if own else told.text,
        page="opening" if opening and own else "read",
        summary=told.summary or page.description,
        language=page.language or told.language,
        published=_published(told.published, bounded(page.published, now=now, since=_beginning(source))),
        updated=page.updated or told.updated,
        authors=page.authors or told.authors,
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias and alias != entry.url)),
        kind=page.kind,
        agency=page.agency,
        paywall=page.paywall,
        section=page.section or told.section,
    )


def _beginning(source: SourceSettings) -> datetime | None:
    """The instant before which the source cannot have published anything, where its configuration says."""
    return datetime.combine(source.since, time(), UTC) if source.since else None


def _outlet(entry: Entry, page: Page, source: SourceSettings, landed: str) -> str:
    """The publisher's name, which its page states where an aggregator or a search led there and named none."""
    named = entry.outlet and not _DOMAIN.fullmatch(entry.outlet)
    if source.gathers and not named and page.outlet and host(landed) != host(source.url):
        return page.outlet
    return entry.outlet or source.outlet


def _published(listed: Dated | None, paged: Dated | None) -> Dated | None:
    """The page's date where the page states it outright or more exactly, else the listing's."""
    if listed is None or paged is None:
        return paged or listed
    if paged.evidence in _STRONG_DATES and paged.precision is Precision.SECOND:
        return paged
    return paged if listed.precision is not Precision.SECOND and paged.precision is Precision.SECOND else listed
