"""What sort of piece a page is, and whether it is behind a paywall; from what it states, pure.

Kinds are claimed only on evidence that a publisher means: a type in JSON-LD, a meta element, or a whole segment of
the address ("/opinion/", "/chroniques/"). A headline's words are no evidence.
"""

import re
from urllib.parse import urlsplit

from sovwatch.model import Kind
from spiders.evidence import Evidence, text_of

_TYPES = {
    "OpinionNewsArticle": Kind.OPINION,
    "LiveBlogPosting": Kind.LIVE,
    "BackgroundNewsArticle": Kind.REFERENCE,
    "AdvertiserContentArticle": Kind.RELEASE,
}
_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.OPINION,
        re.compile(
            r"opinions?|op-?eds?|editorials?|columns?|columnists?|commentary|letters?|letters-to-the-editor|editoriaux?|"
            r"éditoriaux|chroniques?|chroniqueurs?|blogues?|debats?|débats|idees|idées|lettres?|tribunes?|points?-de-vue|"
            r"libre-opinion|caricatures?|opinions-et-analyses|contributors|chroniqueur"
        ),
    ),
    (
        Kind.RELEASE,
        re.compile(
            r"press-?releases?|news-?releases?|newswire|communiques?(?:-de-presse)?|communiqués?|releases|media-releases?"
        ),
    ),
    (Kind.LIVE, re.compile(r"live|live-?blogs?|live-updates?|en-direct|direct|liveblog")),
    (
        Kind.REFERENCE,
        re.compile(r"explainers?|explained|faqs?|wiki|encyclopedia|encyclopedie|timelines?|backgrounders?|glossary"),
    ),
)
_LOCKED = frozenset(
    ("locked", "paid", "premium", "subscriber", "subscribers", "metered", "hard", "restricted", "true", "yes")
)
_OPEN = frozenset(("free", "open", "unlocked", "public", "false", "no", "none"))


def kind_of(found: Evidence, url: str, section: str) -> Kind:
    """Return what sort of piece it is; a report where nothing says otherwise."""
    for name in found.types:
        if name in _TYPES:
            return _TYPES[name]
    if found.first_meta("article:opinion").lower() == "true":
        return Kind.OPINION
    folders = [part.lower() for part in urlsplit(url).path.split("/")[:-1] if part]
    said = [
        *folders,
        *(word.strip().lower().replace(" ", "-") for word in re.split(r"[,/|>]", section) if word.strip()),
    ]
    for kind, words in _WORDS:
        if any(words.fullmatch(part) for part in said):
            return kind
    return Kind.REPORT


def paywall_of(found: Evidence) -> bool | None:
    """Return whether the piece is for subscribers; None where the page does not say."""
    free = found.article.get("isAccessibleForFree")
    if free is not None:
        return str(text_of(free) or free).strip().rpartition("/")[2].lower() in {"false", "no", "0"}
    tier = found.first_meta(
        "article:content_tier", "content_tier", "cxenseparse:pageclass-paywall", "paywall", "premium"
    ).lower()
    if tier in _LOCKED:
        return True
    return False if tier in _OPEN else None
