"""A story in lines of plain spans, cleaned and clipped once: what every rendering of text is made from.

Cleaning removes what could steer a screen: control characters, lone surrogates, and the marks that turn the direction
of writing (a headline could otherwise show an address backwards). Clipping weighs a character as the costliest
rendering does, so that a clipped text fits in all of them: `&` becomes `&amp;`, and Slack counts as JavaScript does,
in UTF-16 units.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from alerts.words import NBSP, Words
from sovwatch.model import Item

HEADLINE, BYLINE, MARKS, LINE, ALSO = 250, 250, 250, 280, 300
ADDRESS, TOLD_ADDRESS = 700, 200
_WEIGHT = {"&": 5, "<": 4, ">": 4}
_ASTRAL = 0xFFFF
_JOINERS = {"\u200d", "\ufe0f"}  # hold emoji together
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_SAFE = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, perhaps a link, perhaps strong."""

    text: str
    url: str | None = None
    strong: bool = False


Line = tuple[Span, ...]


def weight(text: str) -> int:
    """Return what a text costs in the costliest rendering."""
    return sum(_WEIGHT.get(char, 2 if ord(char) > _ASTRAL else 1) for char in text)


def clean(text: str) -> str:
    """Return the text on one line, without what could steer a screen."""
    spaced = _SPACES.sub(" ", text)
    kept = (char for char in spaced if char in _JOINERS or unicodedata.category(char) not in _DROPPED)
    return "".join(kept).strip()


def clip(text: str, most: int) -> str:
    """Return the text, or as much of it as weighs at most so much, cut after a word and with an ellipsis."""
    if weight(text) <= most:
        return text
    room, end = most - 1, 0
    for end, char in enumerate(text):  # noqa: B007  (the end is what is looked for)
        room -= weight(char)
        if room < 0:
            break
    cut = text[:end]
    words = cut.rsplit(" ", 1)[0]
    return (words if len(words) > end // 2 else cut).rstrip(" ,;:.–—" + NBSP) + "…"


def shown(text: str, most: int) -> str:
    """Return a text from outside, cleaned and clipped."""
    return clip(clean(text[: most * 4]), most)


def address(url: str | None, most: int = ADDRESS) -> str | None:
    """Return an address that may be linked: http(s), with a host, not too long, in ASCII; else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    plain = quote(url.encode("utf-8", "replace"), safe=_SAFE)
    return plain if weight(plain) <= most else None


def headline(item: Item, words: Words) -> str:
    """Return the headline of a story's leading piece."""
    return shown(item.lead.title, HEADLINE) or words["no headline"]


def entry(item: Item, words: Words, *, short: bool = False) -> list[Line]:
    """Return a story: headline, byline, what it says or adds, where it was told before, who else has it."""
    lines: list[Line] = [
        (Span(headline(item, words), address(item.lead.url), strong=True),),
        _text(" · ".join(shown(mark, 80) for mark in words.byline(item.lead)), BYLINE),
    ]
    if short:
        return [line for line in lines if line]
    lines.append(_text(" · ".join(shown(mark, 80) for mark in words.marks(item)), MARKS))
    lines += [_text(("→ " if item.told_at else "") + clean(line[: LINE * 4]), LINE) for line in item.lines]
    if item.told_at:
        lines.append((Span(clip(words.told(item), 80), address(item.told_link, TOLD_ADDRESS)),))
    lines += [_text(clean(line), ALSO) for line in words.also(item)]
    return [line for line in lines if line]


def _text(text: str, most: int) -> Line:
    clipped = clip(text, most)
    return (Span(clipped),) if clipped.strip() else ()


def plain(lines: Iterable[Line]) -> str:
    """Return lines of spans as text, links left out."""
    return "\n".join("".join(span.text for span in line) for line in lines)
