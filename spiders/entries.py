"""What every reader of listings hands back, and the small cleanings that they share."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urljoin

from sovwatch.model import Entry
from sovwatch.urls import is_web

_DROPPED = re.compile(r"<(script|style|template)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(
    r"<(?:br|hr|/p|/div|/li|/h[1-6]|/tr|/blockquote|/figure|/figcaption|p|div|li)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")  # [^<>]: linear, whatever is fed to it
_COMMENT = re.compile(r"<!--(?:(?!-->)[^<])*-->")


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


def plain_text(markup: str) -> str:
    """Return the text of a piece of HTML, a line a block; text without markup passes unchanged but for spaces."""
    text = _DROPPED.sub(" ", markup) if "<s" in markup.lower() or "<t" in markup.lower() else markup
    text = _COMMENT.sub(" ", text)
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(markup: str) -> str:
    """Return the text of a piece of HTML in one line, as a headline needs it; escaped twice is unescaped twice."""
    return " ".join(plain_text(html.unescape(markup)).split())


def web_link(base: str, *candidates: str | None) -> str | None:
    """Return the first candidate that is a web address, made absolute."""
    for candidate in candidates:
        if candidate and (text := candidate.strip()):
            try:
                absolute = urljoin(base, text)
            except ValueError:
                continue
            if is_web(absolute):
                return absolute
    return None


def with_sane_guids(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Drop guids that do not tell entries apart: one given to several entries of a listing, or an empty one."""
    count = Counter(entry.guid for entry in entries)
    return tuple(replace(entry, guid=None) if not entry.guid or count[entry.guid] > 1 else entry for entry in entries)
