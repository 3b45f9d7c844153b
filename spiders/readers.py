"""Which reader reads which kind of source: bytes to a Listing, pure, under a cap on CPU time."""

from datetime import timedelta

from sovwatch.settings import SourceSettings
from spiders.entries import Listing
from spiders.feed import read_feed
from spiders.limits import TooSlow, cpu_limit

UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, LookupError, RecursionError, OverflowError)


def read_listing_of(
    source: SourceSettings, body: bytes, url: str, *, content_type: str = "", limit: timedelta, zone: str = "UTC"
) -> Listing:
    """Read what a source answered. What no reader can digest is a problem of the source, never of the crawl."""
    try:
        with cpu_limit(limit):
            return _read(source, body, url, content_type, zone)
    except TooSlow as error:
        return Listing(problem=f"reading it {error}")
    except UNREADABLE as error:
        return Listing(problem=f"cannot be read: {type(error).__name__}: {error}")


def _read(source: SourceSettings, body: bytes, url: str, content_type: str, zone: str) -> Listing:
    match source.kind:
        case _:
            return read_feed(body, url, content_type=content_type, zone=zone)
