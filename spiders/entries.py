"""What every reader of listings hands back, and the small cleanings that they share."""

import hashlib
import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

from sovwatch.model import Dated, Entry, Precision
from sovwatch.urls import is_web

_CLOSINGS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "template")}
_DROPPED = re.compile(r"<(script|style|template)\b", re.IGNORECASE)
_BREAK = re.compile(
    r"<(?:br|hr|/p|/div|/li|/h[1-6]|/tr|/blockquote|/figure|/figcaption|p|div|li)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")  # [^<>]: linear, whatever is fed to it
# An address that joining it to any base gives back as it is: what most entries have.
PLAIN_LINK = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
    r"(?:/[A-Za-z0-9._~%!$'()*+,=:@/-]*(?:\?[A-Za-z0-9._~%!$'()*+,=:@/&-]+)?)?"
)
_ENDLESS = re.compile(r"&#[0-9]{1000,};?")  # Python reads no number of more than 4,300 digits
_COMMENT = re.compile(r"<!--(?:(?!-->)[^<])*-->")


# Of one listing the newest so many are read: a news sitemap holds no more (Google's rule). A feed of eight megabytes
# may have 80,000, which would be written and judged for minutes before any other source is told.
MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What was read of one listing.

    `problem` is a sentence where it is not what it should be; entries may have been found all the same. `more` are
    addresses of further listings (a sitemap index names them), the newest first.
    """

    entries: tuple[Entry, ...] = ()
    title: str = ""
    ttl: timedelta | None = None
    language: str = ""
    problem: str = ""
    more: tuple[str, ...] = ()


def instant(entry: Entry) -> float:
    """When an entry was published or changed, in seconds; 0 where it does not say."""
    dated = entry.published or entry.updated
    return dated.at.timestamp() if dated else 0.0


def newest(listing: Listing) -> Listing:
    """Return the listing with the newest `MOST_ENTRIES` alone; what has no date is old, in the order of the listing."""
    if len(listing.entries) <= MOST_ENTRIES:
        return listing
    return replace(listing, entries=tuple(sorted(listing.entries, key=instant, reverse=True)[:MOST_ENTRIES]))


def plain_text(markup: str) -> str:
    """Return the text of a piece of HTML, a line a block; text without markup passes unchanged but for spaces."""
    text = markup
    if "<" in markup:
        text = _COMMENT.sub(" ", _without_scripts(markup))
        text = _TAG.sub("", _BREAK.sub("\n", text))
    text = unescaped(text)
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def unescaped(text: str) -> str:
    """Return the text with what its references stand for; one of thousands of digits, for no character."""
    return html.unescape(_ENDLESS.sub("\ufffd", text)) if "&" in text else text


def _without_scripts(markup: str) -> str:
    """Drop scripts, styles and templates with what they hold; one that is never closed takes the rest with it."""
    kept: list[str] = []
    position = 0
    while opening := _DROPPED.search(markup, position):
        kept.append(markup[position : opening.start()])
        closing = _CLOSINGS[opening[1].lower()].search(markup, opening.end())
        if closing is None:
            return " ".join(kept)
        position = closing.start()
    return " ".join((*kept, markup[position:])) if kept else markup


def one_line(markup: str) -> str:
    """Return the text of a piece of HTML in one line, as a headline needs it; escaped twice is unescaped twice."""
    return " ".join(plain_text(unescaped(markup)).split()) if markup else ""


def web_link(base: str, *candidates: str | None) -> str | None:
    """Return the first candidate that is a web address, made absolute."""
    for candidate in candidates:
        if candidate and (text := candidate.strip()):
            if PLAIN_LINK.fullmatch(text):
                return text
            try:
                absolute = urljoin(base, text)
            except ValueError:
                continue
            if is_web(absolute):
                return absolute
    return None


def permalink(guid: str) -> str | None:
    """Return the guid where it is an address by itself: never made absolute, since "abc" is no address."""
    return guid if guid.startswith(("http://", "https://")) else None


def with_sane_guids(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Drop guids that do not tell entries apart: one given to several entries of a listing."""
    count = Counter(entry.guid for entry in entries)
    return tuple(replace(entry, guid=None) if entry.guid and count[entry.guid] > 1 else entry for entry in entries)


_ALL = 3  # entries of a listing, from which one link is a link for all, and one instant that of the listing
_AT_ONCE = timedelta(seconds=10)  # that a feed takes to be built, and articles seldom take to follow one another
_KEPT = timedelta(minutes=15)  # by a cache that hands it out


def with_sane_dates(entries: Sequence[Entry], now: datetime) -> tuple[Entry, ...]:
    """Drop exact dates that all entries share and that are of now: when the feed was built, another at each reading.

    Shared ones of another time are of an issue whose articles come out at once.
    """
    built = _of_now([entry.published for entry in entries], now), _of_now([entry.updated for entry in entries], now)
    if not any(built):
        return tuple(entries)
    return tuple(
        replace(entry, published=None if built[0] else entry.published, updated=None if built[1] else entry.updated)
        for entry in entries
    )


def _of_now(dates: Sequence[Dated | None], now: datetime) -> bool:
    exact = [dated.at for dated in dates if dated and dated.precision is Precision.SECOND]
    at_once = len(exact) == len(dates) >= _ALL and max(exact) - min(exact) <= _AT_ONCE
    return at_once and abs(now - max(exact)) <= _KEPT


def with_own_links(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Tell entries apart that all have one link, by a parameter that no site minds: else they would be one article.

    Only a whole listing is taken so. Some entries that share a link are one article listed twice, or a live page.
    """
    titles = {entry.title for entry in entries}
    if len(entries) < _ALL or len(titles) < _ALL or len({entry.url for entry in entries}) > 1:
        return tuple(entries)
    by_title = len(titles) == len(entries)
    return tuple(replace(entry, url=_own_link(entry, by_title=by_title), own_page=False) for entry in entries)


def _own_link(entry: Entry, *, by_title: bool) -> str:
    """The link with a parameter made of what is least likely to change: the title, where it tells entries apart."""
    said = entry.title if by_title or entry.guid is None else entry.guid
    mark = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    link = entry.url.partition("#")[0]
    return f"{link}{'&' if '?' in link else '?'}entry={mark}"
