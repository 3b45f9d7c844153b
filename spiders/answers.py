"""What an HTTP answer tells about itself, beside its body."""

import re
from datetime import datetime, timedelta
from hashlib import blake2b

from scrapy.http import Response
from w3lib.encoding import resolve_encoding

from spiders.failures import status_reason
from spiders.readings import Reading
from spiders.retry_after import ASKS, retry_after

_CHARSET = re.compile(r"(?:;\s*)?charset\s*=\s*[\"']?([^\s;\"']+)[\"']?", re.IGNORECASE)
_MARKUP = b'<p lang="en-ca">'
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
    left = int(match[1]) - (int(age[:9]) if age.isdecimal() else 0) if match else 0
    return timedelta(seconds=left) if left > 0 else None


def header(response: Response, name: str) -> str | None:
    """Return a header as text."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def content_type(response: Response) -> str:
    """Return the content type, or ""; without a charset that is Python's own and none of the web ("rot13", "idna")."""
    stated = header(response, "Content-Type") or ""
    charset = _CHARSET.search(stated)
    return stated if charset is None or _is_of_text(charset[1]) else _CHARSET.sub("", stated)


def _is_of_text(name: str) -> bool:
    """Whether a name is nobody's, which readers see through, or an encoding of markup."""
    encoding = resolve_encoding(name)
    try:
        return (
            encoding is None or encoding.startswith("utf-") or _MARKUP.decode(encoding, "replace") == _MARKUP.decode()
        )
    except (LookupError, ValueError):  # "hex" is no text encoding, "idna" replaces nothing
        return False


def is_news(response: Response, reading: Reading, now: datetime, *, first: bool) -> bool:
    """Whether the listing says anything that the last reading has not; notes what the answer tells about itself."""
    note(reading, response, now)
    if response.status == 304:  # noqa: PLR2004
        reading.not_modified()
        return False
    if response.status >= 300:  # noqa: PLR2004  (a redirect that can be followed does not come here)
        reading.failed(status_reason(response.status))
        return False
    if "dataloss" in response.flags:
        reading.incomplete, reading.detail = True, reading.detail or "its answer broke off"
    body_hash = blake2b(response.body, digest_size=16).hexdigest()
    reading.body_hash = reading.body_hash or body_hash
    if first and body_hash == reading.due.body_hash:
        reading.not_modified()
        return False
    return True
