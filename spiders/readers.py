"""Which reader reads which kind of source: bytes to a Listing, pure, under a cap on CPU time."""

from dataclasses import replace
from datetime import datetime, timedelta

from sovwatch.settings import SourceSettings
from spiders.entries import Listing, newest, with_sane_dates
from spiders.feed import read_feed
from spiders.limits import TooSlow, cpu_limit
from spiders.listing import read_page_of_links
from spiders.search import read_search, search_url
from spiders.sitemap import MOST_BYTES, read_sitemap, unpacked

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)


def address(source: SourceSettings) -> str:
    """Return the address that a source is read at."""
    return search_url(source.url, source.query) if source.kind == "search" else source.url


def read_listing_of(
    source: SourceSettings,
    body: bytes,
    url: str,
    *,
    content_type: str = "",
    limit: timedelta,
    zone: str = "UTC",
    now: datetime | None = None,
) -> Listing:
    """Read what a source answered. What no reader can digest is a problem of the source, never of the crawl.

    `zone` is for dates that name none, `now` for those that count from it ("3 hours ago"), as pages for people have,
    and to know those of a feed's building.
    """
    try:
        with cpu_limit(limit):
            return newest(_read(source, unpacked(body, MOST_BYTES), url, content_type, zone, now))
    except TooSlow as error:
        return Listing(problem=f"reading it {error}")
    except UNREADABLE as error:
        return Listing(problem=f"cannot be read: {error}")


def _read(source: SourceSettings, body: bytes, url: str, content_type: str, zone: str, now: datetime | None) -> Listing:
    match source.kind:
        case "sitemap":
            return read_sitemap(body, url, zone=zone)
        case "listing":
            return read_page_of_links(body, url, source.select, content_type=content_type, zone=zone, now=now)
        case "search":
            return read_search(body, url, content_type=content_type, zone=zone)
        case _:
            listing = read_feed(body, url, content_type=content_type, zone=zone)
            return replace(listing, entries=with_sane_dates(listing.entries, now)) if now else listing
