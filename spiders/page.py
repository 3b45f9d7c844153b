"""An article's page: bytes to what it says, pure; each value from the best evidence that the page has.

A publisher states an article's title, date and authors for search engines in JSON-LD, for social networks in Open
Graph, and for readers in the markup; trafilatura finds the last two. JSON-LD knows better than either wherever it is
there: the shares of each that were right stand in docs/decisions/0006 and are printed by benchmarks/extraction.py. No
publisher is named here: a site that needs its own reading gets a spider file (docs/sources.md).
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sovwatch.dates import bounded, parse
from sovwatch.model import Dated, Kind, Precision
from sovwatch.urls import host_or_blank
from spiders.bylines import agency_of, names_body, people
from spiders.decoding import decoded
from spiders.entries import one_line, plain_text
from spiders.evidence import Evidence, bodies_of, evidence, names_of, text_of
from spiders.furniture import without_furniture
from spiders.instants import in_words, instant, is_the_sites
from spiders.kinds import kind_of, paywall_of
from spiders.markup import bylines, headline, links, title_element
from spiders.titles import names_outlet, share_a_word, title_key, without_outlet, without_surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says of its article. `aliases` are further addresses that it gives itself."""

    title: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    updated: Dated | None = None
    language: str = ""
    outlet: str = ""
    canonical: str | None = None
    aliases: tuple[str, ...] = ()
    section: str = ""
    kind: Kind = Kind.REPORT
    agency: str = ""
    paywall: bool | None = None
    description: str = ""
    length: int = 0  # words that it says it has
    is_stated: bool = False  # it calls itself an article that was published


@dataclass(frozen=True, slots=True)
class _Extract:
    """What trafilatura finds."""

    title: str = ""
    author: str = ""
    text: str = ""
    date: str = ""
    outlet: str = ""
    description: str = ""


def read_page(body: bytes, url: str, *, content_type: str = "", zone: str = "UTC", now: datetime) -> Page:
    """Read an article's page; what cannot be found is empty. `zone` is for dates that name none."""
    markup = decoded(body, content_type)
    if not markup.strip():
        return Page()
    found, extract = evidence(markup, url), _extracted(markup, url)
    outlet = _outlet(found, extract)
    title = _title(found, extract, outlet)
    text = _text(found, extract, title, markup)
    authors = _authors(found, extract, title, outlet)
    credited = [*names_of(found.article.get("creditText")), *names_of(found.article.get("provider"))]
    section = found.said("articleSection") or found.first_meta("article:section", "section", "parsely-section")
    return Page(
        title=title,
        text=text,
        authors=authors,
        published=_published(found, extract, title, zone, now),
        updated=_updated(found, zone, now),
        language=_language(found),
        outlet=outlet,
        canonical=found.canonical,
        aliases=(found.amp,) if found.amp else (),
        section=one_line(section),
        kind=kind_of(found, url, section),
        agency=agency_of(authors, text, *credited),
        paywall=paywall_of(found),
        description=one_line(found.first_meta("og:description", "description") or extract.description),
        is_stated=bool(found.said("headline") and found.said("datePublished")),
        length=int(stated[0]) if (stated := re.match(r"[0-9]{1,6}", found.said("wordCount"))) else 0,
    )


def _extracted(markup: str, url: str, *, rescue: bool = True) -> _Extract:
    """What trafilatura finds; of a page where that is little, by its `rescue` all that it shows, as one line."""
    import trafilatura  # half a second of a child's start, which a crawl without pages saves
    from trafilatura.settings import use_config

    config = use_config()
    if not rescue:
        config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
    found = trafilatura.bare_extraction(
        markup,
        url=url,
        config=config,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={
            "outputformat": "%Y-%m-%dT%H:%M:%S%z",
            "original_date": True,
            "extensive_search": False,
        },
    )
    if found is None or isinstance(found, dict):
        return _Extract()
    names = ("title", "author", "text", "date", "sitename", "description")
    return _Extract(*(getattr(found, name) or "" for name in names))


def _title(found: Evidence, extract: _Extract, outlet: str) -> str:
    """The headline that two of JSON-LD, Open Graph and the heading agree on, else the first.

    The title element has no vote: what it repeats is the headline that is written for search engines.
    """
    named = title_element(found.root)
    heading = headline(found.root, named)
    stated = (found.said("headline"), one_line(found.first_meta("og:title", "twitter:title", "dc.title")), heading)
    bare = [_bare(one, heading, outlet, found.url) for one in stated]
    keys = [title_key(one) for one in bare]
    agreed = next((one for one, key in zip(bare, keys, strict=True) if key and keys.count(key) > 1), "")
    return (
        agreed or bare[0] or bare[1] or _from_markup(bare[2], named, (outlet, host_or_blank(found.url)), extract.title)
    )


def _bare(title: str, heading: str, outlet: str, url: str) -> str:
    return without_outlet(without_surroundings(title, heading), outlet, host_or_blank(url)) if title else ""


def _from_markup(heading: str, named: str, site: tuple[str, ...], guess: str) -> str:
    """The heading; the title element where that says something else: the heading is a section's or the site's then."""
    if not named or names_outlet(named, *site):
        return heading or guess or named
    is_the_sites = not heading or names_outlet(heading, *site) or not share_a_word(heading, named)
    return without_outlet(named, *site) if is_the_sites else heading


def _outlet(found: Evidence, extract: _Extract) -> str:
    stated = one_line(found.first_meta("og:site_name", "application-name")) or one_line(
        text_of(found.article.get("publisher"))
    )
    return stated or extract.outlet


def _authors(found: Evidence, extract: _Extract, title: str, outlet: str) -> tuple[str, ...]:
    """The people who are stated, else those whom readers are shown; a body, and the outlet, where there are none."""
    stated = [found.article.get(key) for key in ("author", "creator")]
    meta = found.first_meta("article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "author")
    bodies = (outlet, host_or_blank(found.url), *bodies_of(stated))
    known = people(names_of(stated), [meta], bodies=bodies)
    if known and not any(names_body(name, bodies) for name in known):
        return known
    guesses = () if any("://" not in text for text in (*names_of(stated), meta) if text) else (extract.author,)
    return people(known, _shown(found, title, bodies), guesses, bodies=bodies)


def _shown(found: Evidence, title: str, bodies: tuple[str, ...]) -> list[str]:
    """The people of the first byline that has any; one word alone is a button's as often as a name."""
    for texts in bylines(found.root, title):
        shown = [name for name in people(texts, bodies=bodies) if " " in name and not name[0].islower()]
        names = [name for name in shown if not names_body(name, bodies)]
        if names:
            return names
    return []


def _text(found: Evidence, extract: _Extract, title: str, markup: str) -> str:
    """The text in the markup, or JSON-LD's where the markup holds only a part of it; nothing but what is of it."""
    shown = extract.text
    if _is_one_line_with(title, shown):
        shown = _parted(shown, _extracted(markup, found.url, rescue=False).text, title)
    stated = plain_text(text_of(found.article.get("articleBody")))
    text = stated if len(stated) > 2 * len(shown) else shown
    return without_furniture(_without_title(text, title), links(found.root))


def _is_one_line_with(title: str, text: str) -> bool:
    """Whether the headline runs into the text, as in all of a page's words in one line; the byline stands between."""
    key = title_key(title)
    return bool(key) and "\n" not in text and title_key(text).startswith(f"{key} ")


def _parted(line: str, text: str, title: str) -> str:
    """The text in lines of its own, where that leaves out no more than a byline; else the one line of all words."""
    all_words = line.removeprefix(title).strip()
    own = _without_title(text, title)
    return own if len(all_words) - len(own) <= _BYLINE else all_words


_BYLINE = 60  # characters of who wrote it, for which agency, and when


def _without_title(text: str, title: str) -> str:
    """Drop the headline where it stands again at the head of the text, and the words of its section above it."""
    lines, key = text.split("\n"), title_key(title)
    above = next((n for n, line in enumerate(lines[:_HEAD]) if key and title_key(line) == key), None)
    labels = above is not None and all(len(line) <= _LABEL for line in lines[:above])
    return "\n".join(lines[above + 1 :]) if above is not None and labels else text


_HEAD = 3  # lines in which the headline may stand again
_LABEL = 40  # characters of a section's or a place's name


def _published(found: Evidence, extract: _Extract, title: str, zone: str, now: datetime) -> Dated | None:
    stated = (
        (found.said("datePublished"), "json-ld"),
        (found.first_meta("article:published_time", "og:article:published_time", "datepublished"), "meta"),
        (found.first_meta("parsely-pub-date", "sailthru.date", "dc.date.issued", "dc.date", "date", "pubdate"), "meta"),
        (found.first_meta(*_OTHER_DATES), "meta"),
        (found.said("dateCreated"), "json-ld"),
    )
    known = _exactest([one for text, name in stated if (one := _dated(text, name, zone, now))])
    if known and known.precision is Precision.SECOND:
        return known
    shown = (
        (instant(found.root, title), "markup"),
        (in_words(found.root, title), "markup"),
        (re.sub(r"T00:00:00.*", "", extract.date), "page"),  # midnight: the finder knew the day alone
        (_date_in(found.url), "url"),
    )
    dates = [known, *(_dated(text, name, zone, now) for text, name in shown)]
    return _exactest([one for one in dates if one and not (one.evidence == "page" and is_the_sites(found.root, one))])


def _dated(text: str, evidence: str, zone: str, now: datetime) -> Dated | None:
    return bounded(parse(text, zone=zone, evidence=evidence), now=now)


_OTHER_DATES = (  # of systems that old and small newspapers have
    *("publish_date", "publish-date", "publishdate", "publication_date", "cxenseparse:recs:publishtime"),
    *("dcterms.issued", "dcterms.created", "dcterms.date", "dc.date.created", "dc.date.issue"),
)


def _exactest(dates: list[Dated]) -> Dated | None:
    """The first date, or a later one of the same day that knows the time as well."""
    if not dates or dates[0].precision is Precision.SECOND:
        return dates[0] if dates else None
    exact = (
        one
        for one in dates
        if one.precision is Precision.SECOND and abs((one.at - dates[0].at).total_seconds()) < _A_DAY
    )
    return next(exact, dates[0])


_A_DAY = 36 * 3600  # seconds: a day in one zone reaches into the next in another


def _updated(found: Evidence, zone: str, now: datetime) -> Dated | None:
    text = found.said("dateModified") or found.first_meta("article:modified_time", "og:updated_time")
    return bounded(parse(text, zone=zone, evidence="json-ld"), now=now)


def _date_in(url: str) -> str:
    match = re.search(r"/((?:19|20)\d{2})[-/](\d{1,2})[-/](\d{1,2})(?=[/-])", url)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""


def _language(found: Evidence) -> str:
    root = (found.root.get("lang") or "") if found.root is not None else ""
    stated = found.said("inLanguage") or root or found.first_meta("og:locale", "content-language", "dc.language")
    return stated[:2].lower() if re.match(r"[A-Za-z]{2}(?:[-_]|$)", stated) else ""
