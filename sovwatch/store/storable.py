"""What both databases take, whatever a publisher sent: no character that they refuse, nothing without end.

PostgreSQL refuses NUL, an indexed value of more than 2,704 bytes, and more than a megabyte of words in its text index;
no database takes half a character. What is refused would come again with each reading of its source, and take along all
that was written with it. Accents are kept in one form (NFC), so that a search finds them.
"""

import unicodedata
from dataclasses import replace
from typing import Any

from sovwatch.model import Article
from sovwatch.text import without_controls
from sovwatch.urls import canonical

LONGEST_ADDRESS = 2_500  # bytes, as it was read and in its canonical form
LONGEST = {
    "text": 100_000,
    "summary": 10_000,
    "title": 1_000,
    "outlet": 200,
    "section": 200,
    "agency": 200,
    "language": 35,
}
_AUTHORS, _NAME = 50, 200


def storable(article: Article) -> Article:
    """Return the article as it may be written.

    Raises:
        ValueError: its address is none, or too long.
    """
    url = plain(article.url)
    if max(len(url.encode()), len(canonical(url))) > LONGEST_ADDRESS:
        raise ValueError(f"an address longer than {LONGEST_ADDRESS} bytes: {url[:80]}…")
    texts: dict[str, str | None] = {name: plain(getattr(article, name)[:most]) for name, most in LONGEST.items()}
    texts |= {"url": url, "guid": plain(article.guid) if article.guid else None}
    changed: dict[str, Any] = {name: value for name, value in texts.items() if value != getattr(article, name)}
    authors = tuple(plain(author[:_NAME]) for author in article.authors[:_AUTHORS])
    if authors != article.authors:
        changed["authors"] = authors
    return replace(article, **changed) if changed else article  # a copy costs as much as all that was looked at


def plain(text: str) -> str:
    """Return the text in characters that a database takes."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    return without_controls(text)
