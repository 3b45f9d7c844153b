"""Whether what came is the page of its entry, or a wall, an error or a front page in its place; pure.

Consent walls, logins, checks of the browser, "page not found" and maintenance come as 200, word for word the same at
every address of a host: read as articles they would be one story, or none, and hide all that the host publishes. They
have one thing in common and no list of words is needed: they say nothing of what the listing said. So what a listing
says (title and summary, without common words) is looked for in the page.

Measured on pages with their headline: of 126 in ../shared/bench/pages one says less than a fifth of it, and three less
than a third. Of ten walls of ours, English and French, against the 223 headlines of ../shared/bench/coverage 3 % say a
fifth (most name the province in three words of headline); a summary leaves none.
"""

import re
from typing import Literal
from urllib.parse import urlsplit

from sovwatch.model import OPENING, Entry
from sovwatch.text import STOPWORDS, words
from sovwatch.urls import canonical
from spiders.page import Page

Shown = Literal["article", "headline", "nothing", "not found"]

_TOO_FEW = 3  # words from which a listing says enough to be looked for
_STEM = 5  # letters: "independence" is "independent", and "albertans" "alberta"
_SAID = 0.2  # of what the listing says, in the text of its article
_SAID_OF_TITLE = 0.34  # or of its title: a summary may tell of other articles, as those of news searches do
_SAID_RETITLED = 0.5  # of either, where the title of the page is another one
_SUMMARY = 500  # characters that are looked at: the longer, the more of it the page puts otherwise
_NOT_FOUND = re.compile(
    r"\b404\b|\bnot found\b|introuvable|\bno longer (?:available|exists)|n['’]existe (?:pas|plus)", re.IGNORECASE
)


def shown(entry: Entry, page: Page, landed: str) -> Shown:
    """Say what the page at `landed` shows of its entry: the article, its headline beside another text, or nothing."""
    if _is_front(landed) and not _is_front(entry.url):
        return "nothing"
    titled = _terms(entry.title)
    listed = titled | _terms((entry.summary or entry.text)[:_SUMMARY])
    if len(listed) < _TOO_FEW:
        return "article"
    text = _terms(page.text)
    if alike(entry.title, page.title):
        said = _share(listed, text) >= _SAID or _share(titled, text) >= _SAID_OF_TITLE
        return "article" if said or not page.text else "headline"
    if max(_share(listed, text), _share(titled, text)) >= _SAID_RETITLED:
        return "article"
    if page.is_stated and canonical(landed) == canonical(entry.url):
        return "article"
    return "not found" if _NOT_FOUND.search(page.title) else "nothing"


def is_opening(text: str, page: Page) -> bool:
    """Whether a text is but the opening of its article, where the page says so or shows it.

    It calls itself one for subscribers, or much longer, or it breaks off, or `text` is what notices left of the page's.
    Of 13 pages for subscribers in ../shared/bench/pages 12 have all their text, of 480 words and more.
    """
    length = len(text.split())
    cut = text.rstrip().endswith(("…", "..."))
    longer = max(page.length, len(page.text.split())) >= 2 * length
    return 0 < length < OPENING and (page.paywall is True or longer or cut)


def _terms(text: str) -> frozenset[str]:
    return frozenset(
        word[:_STEM] for word in words(text) if word not in STOPWORDS and (len(word) > 1 or word.isdigit())
    )


def alike(one: str, other: str) -> bool:
    """Whether two headlines could be one, edited; a section's name that stands in one is none."""
    mine, its = _terms(one), _terms(other)
    shared = len(mine & its)
    return 2 * shared >= min(len(mine), len(its)) and shared >= min(2, len(mine))


def speaks_of(line: str, title: str) -> bool:
    """Whether a line of text shares more than a word with the headline."""
    return len(_terms(line) & _terms(title)) > 1


def _share(listed: frozenset[str], text: frozenset[str]) -> float:
    """How much of what is listed is said; of less than three words nothing can be told."""
    return len(listed & text) / len(listed) if len(listed) >= _TOO_FEW else 0.0


def _is_front(url: str) -> bool:
    """Whether an address is a site's front page."""
    parts = urlsplit(canonical(url))
    return not parts.path.strip("/") and not parts.query
