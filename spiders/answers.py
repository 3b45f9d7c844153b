"""What an HTTP answer tells about itself, beside its body."""

import re
from datetime import datetime, timedelta

from scrapy.http import Response

from spiders.readings import Reading
from spiders.retry_after import ASKS, retry_after

_MAX_AGE = re.compile(r"(?<![-\w])max-age=(\d{1,8})")
_PERMANENT = frozenset((301, 308))


def note(reading: Reading, response: Response, now: datetime) -> None:
    """Note status, size, validators, how long to wait, and where the source is now."""
    reading.status = response.status
    reading.size += len(response.body)
    reading.etag = reading.etag or header(response, "ETag")
    reading.last_modified = reading.last_modified or header(response, "Last-Modified")
    reading.ttl = max(filter(None, (reading.ttl, freshness(response))), default=None)
    if response.status in ASKS:
        reading.retry_after = retry_after(response, now)
    hops = response.meta.get("redirect_reasons", ())
    if hops and all(hop in _PERMANENT for hop in hops) and response.meta["redirect_urls"][0] == reading.source.url:
        reading.moved_to = response.url


def freshness(response: Response) -> timedelta | None:
    """Return the max-age of Cache-Control, less the age that the answer has already."""
    match = _MAX_AGE.search(header(response, "Cache-Control") or "")
    age = header(response, "Age") or ""
    left = int(match[1]) - (int(age) if age.isdecimal() else 0) if match else 0
    return timedelta(seconds=left) if left > 0 else None


def header(response: Response, name: str) -> str | None:
    """Return a header as text."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def content_type(response: Response) -> str:
    """Return the content type, or ""."""
    return header(response, "Content-Type") or ""
