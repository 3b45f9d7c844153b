"""RSS 0.9-2.0, Atom, RDF and JSON Feed: bytes to entries, pure.

feedparser reads nearly anything (nine of nine mislabelled encodings, measured), so `bozo` is a note and never a
failure; failed means neither a version nor an entry. Dates are read by `sovwatch.dates` from the strings that
feedparser keeps, since its own handlers know no French and take HAE for UTC. HTML is neither sanitised nor resolved
by feedparser (a third of its time): only plain text is taken from it.
"""

import contextlib
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sovwatch.dates import parse
from sovwatch.model import Dated, Entry
from spiders.comments import without_comments
from spiders.entries import Listing, one_line, permalink, plain_text, web_link, with_own_links, with_sane_guids
from spiders.jsonfeed import looks_like_json, read_json_feed
from spiders.wellformed import parse_well_formed

_REFERENCE = re.compile(rb"&#(?:x([0-9a-f]+)|([0-9]+));", re.IGNORECASE)
_SURROGATES = range(0xD800, 0xE000)
_WHOLE_TEXT = 400  # characters from which a feed's content counts as the article's body and not as its teaser


def read_feed(body: bytes, url: str, *, content_type: str = "", zone: str = "UTC") -> Listing:
    """Read a feed of any kind. Relative links count from `url`, where it was found; `zone` is for dates without one."""
    if looks_like_json(body):
        return read_json_feed(body, url, zone=zone)
    body = without_comments(body)
    plain = parse_well_formed(body, url, content_type)
    return _listing(plain.feed, plain.entries, url, zone) if plain else by_feedparser(body, url, content_type, zone)


def by_feedparser(body: bytes, url: str, content_type: str, zone: str) -> Listing:
    """Read a feed without comments as it is read where anything about it is out of the ordinary."""
    import feedparser  # a crawl in which nothing changed does without

    parsed = feedparser.parse(
        _REFERENCE.sub(_of_a_character, body),
        response_headers={"content-type": content_type or "application/xml", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    listing = _listing(parsed.feed, parsed.entries, url, zone)
    return replace(listing, problem=_problem(parsed, body, len(listing.entries)))


def _of_a_character(reference: re.Match[bytes]) -> bytes:
    """A reference in few digits; to what is no character, where feedparser would give up the whole feed, U+FFFD."""
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    number = int(digits.lstrip(b"0")[:8] or b"0", base)
    is_none = number == 0 or number in _SURROGATES or number > sys.maxunicode
    return b"&#65533;" if is_none else b"&#%d;" % number


def _listing(feed: Mapping[str, Any], raw: Sequence[Mapping[str, Any]], url: str, zone: str) -> Listing:
    found = [entry for one in raw if (entry := _entry(one, url, zone)) is not None]
    return Listing(
        entries=with_own_links(with_sane_guids(found)),
        title=one_line(feed.get("title", "")),
        ttl=_ttl(feed),
        language=feed.get("language", "")[:2].lower(),
    )


def _entry(raw: Mapping[str, Any], base: str, zone: str) -> Entry | None:
    link = web_link(
        base, raw.get("feedburner_origlink"), raw.get("link"), *_alternates(raw), permalink(str(raw.get("id") or ""))
    )
    if link is None:
        return None
    summary, text = _summary_and_text(raw)
    return Entry(
        url=link,
        title=one_line(raw.get("title", "")),
        summary=summary,
        text=text,
        guid=(raw.get("id") or "").strip() or None,
        published=_date(raw, zone, "published", "created"),
        updated=_date(dict(raw), zone, "updated"),
        authors=_authors(raw),
        language=_language(raw),
        outlet=one_line((raw.get("source") or {}).get("title", "") or ""),
        section=one_line(next((tag.get("term") or "" for tag in raw.get("tags", ())), "")),
    )


def _alternates(raw: Mapping[str, Any]) -> list[str | None]:
    return [link.get("href") for link in raw.get("links", ()) if link.get("rel", "alternate") == "alternate"]


def _summary_and_text(raw: Mapping[str, Any]) -> tuple[str, str]:
    contents = [plain_text(part.get("value") or "") for part in raw.get("content", ())]
    content = max(contents, key=len, default="")
    summary = plain_text(raw.get("summary") or "")
    if not summary or summary == content:
        summary = content[:_WHOLE_TEXT]
    body = content if len(content) >= len(summary) else summary
    return summary[: 4 * _WHOLE_TEXT], body if len(body) >= _WHOLE_TEXT else ""


def _date(raw: Mapping[str, Any], zone: str, *names: str) -> Dated | None:
    for name in names:
        if raw.get(name) and (dated := parse(str(raw[name]), zone=zone, evidence="feed")):
            return dated
    return None


def _authors(raw: Mapping[str, Any]) -> tuple[str, ...]:
    names = [author.get("name") or "" for author in raw.get("authors", ())] or [raw.get("author") or ""]
    return tuple(dict.fromkeys(name for text in names if (name := one_line(text))))


def _language(raw: Mapping[str, Any]) -> str:
    detail = raw.get("title_detail") or {}
    return (detail.get("language") or "")[:2].lower()


def _ttl(feed: Mapping[str, Any]) -> timedelta | None:
    """RSS's ttl in minutes, or the syndication module's period and frequency."""
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        if feed.get("ttl"):
            return timedelta(minutes=float(feed["ttl"]))
        period = str(feed.get("sy_updateperiod", "")).strip().lower()
        days = {"hourly": 1 / 24, "daily": 1.0, "weekly": 7.0}.get(period)
        if days:
            return timedelta(days=days / max(1.0, float(feed.get("sy_updatefrequency") or 1)))
    return None


def _problem(parsed: Mapping[str, Any], body: bytes, found: int) -> str:
    if found or parsed.get("version"):
        return ""
    if not body.strip():
        return "the answer is empty"
    if b"<html" in body[:2000].lower() or b"<!doctype html" in body[:2000].lower():
        return "a web page stands where a feed was"
    return "not a feed: neither RSS, Atom nor JSON Feed"
