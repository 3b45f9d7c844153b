"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): bytes to entries, pure. feedparser 6 does not know it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sovwatch.dates import parse
from sovwatch.model import Entry
from spiders.entries import Listing, one_line, permalink, plain_text, web_link, with_own_links, with_sane_guids


def looks_like_json(body: bytes) -> bool:
    """Whether the first sign, a byte order mark aside, opens a JSON object."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read_json_feed(body: bytes, url: str, *, zone: str) -> Listing:
    """Read a JSON Feed; anything else that is JSON is a problem, not an error."""
    try:
        feed = json.loads(body.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        return Listing(problem="not a feed: broken JSON")
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        return Listing(problem="not a feed: JSON, but no JSON Feed")
    items = feed.get("items")
    rows = items if isinstance(items, list) else []
    found = [entry for row in rows if isinstance(row, dict) and (entry := _entry(row, url, zone)) is not None]
    return Listing(
        entries=with_own_links(with_sane_guids(found)),
        title=one_line(_text(feed, "title")),
        language=_text(feed, "language")[:2].lower(),
    )


def _entry(row: Mapping[str, Any], base: str, zone: str) -> Entry | None:
    link = web_link(base, _text(row, "url"), _text(row, "external_url"), permalink(_text(row, "id")))
    if link is None:
        return None
    body = _text(row, "content_text") or plain_text(_text(row, "content_html"))
    return Entry(
        url=link,
        title=one_line(_text(row, "title")),
        summary=plain_text(_text(row, "summary")) or body[:400],
        text=body,
        guid=_text(row, "id") or None,
        published=parse(_text(row, "date_published"), zone=zone, evidence="feed"),
        updated=parse(_text(row, "date_modified"), zone=zone, evidence="feed"),
        authors=_authors(row),
        language=_text(row, "language")[:2].lower(),
    )


def _authors(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The list of 1.1, or the one author of 1.0."""
    authors = row.get("authors")
    people: Sequence[Any] = authors if isinstance(authors, list) else [row.get("author")]
    return tuple(name for person in people if isinstance(person, dict) and (name := one_line(_text(person, "name"))))


def _text(row: Mapping[str, Any], key: str) -> str:
    """The value as text; numbers are allowed for ids by 1.0, anything else is nothing."""
    value = row.get(key)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
