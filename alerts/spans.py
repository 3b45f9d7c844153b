"""A story in lines of plain spans, cleaned and clipped once: what every rendering of text is made from.

Cleaning removes what could steer a screen: control characters, lone surrogates, and the marks that turn the direction
of writing (a headline could otherwise show an address backwards). Clipping weighs a character as the costliest
rendering does, so that a clipped text fits in all of them: `&` becomes `&amp;`, and Slack counts as JavaScript does,
in UTF-16 units.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal
from urllib.parse import quote, urlsplit

from alerts.labels import NBSP
from alerts.words import Words
from sovwatch.model import LINES, MOST_LINES, Item

HEADLINE, BYLINE, NAME, TOLD, ALSO = 250, 500, 80, 150, 300
LINE = 380  # one has 280 (`passages`), and perhaps whose it is
ADDRESS, TOLD_ADDRESS = 700, 200
ENTRY = (
    2_950  # all its lines, that a section of Slack's holds them; a third and fourth yield to it first, then who has it
)
_LINK, _STRONG = 3, 2  # what the marks of a link, and of what stands out, take
ARROW = "→ "  # before what is new
_JOINERS = {"\u200d", "\ufe0f"}  # hold emoji together
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_FRENCH_SPACE = re.compile(
    r" (?=[:;!?»%$])|(?<=«) |(?<=\d) (?=\d{3}(?!\d)|h\b|k?m\b|kg\b|millions?\b|milliards?\b)|(?<=\d h) (?=\d)"
    r"|(?:(?<=\bM\.)|(?<=\bMM\.)|(?<=\bMme)|(?<=\bMmes)|(?<=\bMe)|(?<=\bDr)) (?=[A-ZÀ-Ý])"
)
_PAGE = re.compile(r"[\w.-]+/[\w.-]+\.html")
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_SAFE = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, perhaps a link, perhaps strong; its language where it is not that of the words around it."""

    text: str
    url: str | None = None
    strong: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a story: its spans, what it is, and its language where it is not the digest's own words.

    `mark` stands before it where it is not an item of a list.
    """

    spans: tuple[Span, ...]
    role: Literal["headline", "byline", "said", "also"]
    language: str = ""
    mark: str = ""


def weight(text: str) -> int:
    """Return what a text costs in the costliest rendering."""
    units = len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
    return units + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def clean(text: str) -> str:
    """Return the text on one line, without what could steer a screen."""
    spaced = _SPACES.sub(" ", text)
    if not spaced.isprintable() or not spaced.isascii():
        kept = (c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _DROPPED)
        spaced = _SPACES.sub(" ", "".join(kept))
    return spaced.strip()


def clip(text: str, most: int) -> str:
    """Return the text, or as much of it as weighs at most so much, cut after a word and with an ellipsis."""
    if weight(text) <= most:
        return text
    end = bisect_right(range(len(text)), most - 1, key=lambda length: weight(text[:length])) - 1
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


def kept_together(text: str, language: str) -> str:
    """Return a French text with no-break spaces where it has spaces that no line may break at; any other as it is."""
    return _FRENCH_SPACE.sub(NBSP, text) if language == "fr" else text


def headline(item: Item, words: Words) -> str:
    """Return the headline of a story's leading piece."""
    return shown(kept_together(item.lead.title, item.lead.language), HEADLINE) or words["no headline"]


def entry(item: Item, words: Words, *, short: bool = False) -> list[Line]:
    """Return a story: headline, byline with what is special about it, what it says or adds, who else has it."""
    lines = [
        Line((Span(headline(item, words), address(item.lead.url), strong=True),), "headline", item.lead.language),
        Line(tuple(_byline(item, words, short=short)), "byline"),
    ]
    if not short:
        said = list(_said(item, 0, LINES, LINE))
        also = list(_also(words.also(item), ENTRY - cost((*lines, *said))))
        room = (ENTRY - cost((*lines, *said, *also))) // (MOST_LINES - LINES)
        more = _said(item, LINES, MOST_LINES, min(LINE, room)) if room > 2 * NAME else ()
        lines += [*said, *more, *also]
    return [line for line in lines if any(span.text for span in line.spans)]


def _also(lines: Sequence[str], room: int) -> Iterator[Line]:
    """Yield who else has the story, in lines that share the room."""
    for line in lines:
        yield Line((Span(shown(line, min(ALSO, room // len(lines) - 1))),), "also")


def cost(lines: Iterable[Line]) -> int:
    """Return what lines cost in the costliest rendering, with addresses, marks and ends of lines."""
    spans = [span for line in lines for span in (Span(line.mark + "\n"), *line.spans)]
    return sum(
        weight(span.text) + (weight(span.url) + _LINK if span.url else 0) + _STRONG * span.strong for span in spans
    )


def _said(item: Item, start: int, end: int, most: int) -> Iterator[Line]:
    """Yield what the story says, or adds (→), from a line on; one that is not the leading piece's names whose it is."""
    arrow = ARROW if item.told_at else ""
    for line, voice in zip_longest(item.lines[start:end], item.voices[start:end]):
        piece = voice or item.lead
        outlet = shown(piece.outlet, NAME) if piece.outlet != item.lead.outlet else ""
        whose = f" ({outlet})" if outlet else ""
        said = shown(kept_together(line or "", piece.language), most - weight(whose))
        yield Line((Span(said + whose),) if said else (), "said", piece.language, arrow)


def _byline(item: Item, words: Words, *, short: bool) -> Iterator[Span]:
    """Yield what to know before opening it, with dots between, as far as there is room."""
    spans = [Span(shown(mark, NAME)) for mark in words.byline(item.lead)]
    if not short:
        spans += [Span(shown(mark, NAME), strong=True) for mark in words.marks(item)]
    if item.told_at:
        spans.append(Span(words.told(item), _where_told(item)))
    room = BYLINE - TOLD
    for number, span in enumerate(span for span in spans if span.text):
        room -= weight(span.text) + 5  # the dot and the marks of a strong span
        if room < 0:
            return
        if number:
            yield Span(" · ")
        yield span
    yield from _told_as(item, words)


def _told_as(item: Item, words: Words) -> Iterator[Span]:
    """Yield the headline that the reader knows the story by, unless it stands above."""
    known = shown(kept_together(item.told_as, item.told_in), TOLD)
    if known and known.casefold() != item.lead.title.strip().casefold():
        before, after = words.told_as
        yield from (Span(before), Span(words.within_quotation(known), language=item.told_in), Span(after))


def _where_told(item: Item) -> str | None:
    """Return where the story was first told: an address, or its place on a page that we kept."""
    if item.told_link and _PAGE.fullmatch(item.told_link):
        return f"{item.told_link}#story-{item.story}"
    return address(item.told_link, TOLD_ADDRESS)


def plain(lines: Iterable[Line]) -> str:
    """Return lines of spans as text, links left out."""
    return "\n".join(line.mark + "".join(span.text for span in line.spans) for line in lines)
