"""Searches as sources: Google News RSS, Bing News RSS and GDELT DOC JSON: bytes to entries, pure.

A search reaches outlets that have no source of their own. What it brings is told like anything else, and what it
brings from long ago is memory. `{query}` in the source's address is filled with its `query`.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from sovwatch.dates import parse
from sovwatch.model import Entry
from spiders.entries import Listing, one_line, web_link
from spiders.feed import read_feed
from spiders.jsonfeed import looks_like_json
from spiders.titles import without_outlet
from spiders.wrapped import unwrapped

_LANGUAGES = {"english": "en", "french": "fr"}


def search_url(template: str, query: str) -> str:
    """Return the address of a search; "{query}" is percent-encoded into it."""
    return template.replace("{query}", quote(query, safe=""))


def read_search(body: bytes, url: str, *, content_type: str = "", zone: str = "UTC") -> Listing:
    """Read what a search answered; links are the publishers' own where the answer allows."""
    if looks_like_json(body) and b"jsonfeed.org" not in body[:1000]:
        return _gdelt(body, url)
    listing = read_feed(body, url, content_type=content_type, zone=zone)
    return replace(listing, entries=tuple(_from_feed(entry) for entry in listing.entries))


def _from_feed(entry: Entry) -> Entry:
    """Google ends its headlines with the outlet and its summaries with the headline."""
    title = without_outlet(entry.title, entry.outlet) if entry.outlet else entry.title
    return replace(entry, url=unwrapped(entry.url), title=title, guid=None if entry.guid == entry.url else entry.guid)


def _gdelt(body: bytes, url: str) -> Listing:
    try:
        answer = json.loads(body.decode("utf-8", errors="replace"), strict=False)  # GDELT leaves control characters in
    except (ValueError, RecursionError):
        return Listing(problem="not an answer of a search: broken JSON")
    answer = answer.get("articles", []) if isinstance(answer, dict) else None
    rows = answer if isinstance(answer, list) else []
    found = [entry for row in rows if isinstance(row, dict) and (entry := _gdelt_entry(row, url)) is not None]
    return Listing(entries=tuple(found), problem="" if isinstance(answer, list) else "not an answer of a search")


def _gdelt_entry(row: Mapping[str, Any], base: str) -> Entry | None:
    link = web_link(base, str(row.get("url") or ""))
    if link is None:
        return None
    return Entry(
        url=link,
        title=one_line(str(row.get("title") or "")),
        published=parse(str(row.get("seendate") or ""), evidence="search"),
        language=_LANGUAGES.get(str(row.get("language") or "").lower(), ""),
        outlet=str(row.get("domain") or ""),
    )
