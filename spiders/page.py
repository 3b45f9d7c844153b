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
from spiders.bylines import agency_of, people
from spiders.decoding import decoded
from spiders.entries import one_line, plain_text
from spiders.evidence import Evidence, evidence, names_of, text_of
from spiders.furniture import without_furniture
from spiders.kinds import kind_of, paywall_of
from spiders.titles import title_key, without_outlet


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
    text = without_furniture(_without_title(_text(found, extract), title))
    authors = _authors(found, extract)
    credited = [*names_of(found.article.get("creditText")), *names_of(found.article.get("provider"))]
    section = found.said("articleSection") or found.first_meta("article:section", "section", "parsely-section")
    return Page(
        title=title,
        text=text,
        authors=authors,
        published=_published(found, extract, zone, now),
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
    )


def _extracted(markup: str, url: str) -> _Extract:
    import trafilatura  # half a second of a child's start, which a crawl without pages saves

    found = trafilatura.bare_extraction(
        markup,
        url=url,
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
    """The headline that two of JSON-LD, Open Graph and h1 agree on, else the first; without the outlet's name."""
    stated = (
        found.said("headline"),
        one_line(found.first_meta("og:title", "twitter:title", "dc.title")),
        _element(found, "h1"),
    )
    bare = [without_outlet(one, outlet, host_or_blank(found.url)) for one in stated if one]
    keys = [title_key(one) for one in bare]
    agreed = next((one for one, key in zip(bare, keys, strict=True) if key and keys.count(key) > 1), "")
    return agreed or next(iter(bare[:2]), "") or extract.title or _element(found, "title")


def _element(found: Evidence, name: str) -> str:
    nodes = found.root.iter(name) if found.root is not None else ()
    return next((text for node in nodes if (text := one_line(str(node.text_content())))), "")


def _outlet(found: Evidence, extract: _Extract) -> str:
    stated = one_line(found.first_meta("og:site_name", "application-name")) or one_line(
        text_of(found.article.get("publisher"))
    )
    return stated or extract.outlet


def _authors(found: Evidence, extract: _Extract) -> tuple[str, ...]:
    stated = [name for key in ("author", "creator") for name in names_of(found.article.get(key))]
    meta = [found.first_meta("article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "author")]
    return people(stated, meta, [extract.author])


def _text(found: Evidence, extract: _Extract) -> str:
    """The text in the markup, or JSON-LD's where the markup holds only a part of it."""
    stated = plain_text(text_of(found.article.get("articleBody")))
    return stated if len(stated) > 2 * len(extract.text) else extract.text


def _without_title(text: str, title: str) -> str:
    """Drop the headline where it stands again as the first line of the text."""
    first, _, rest = text.partition("\n")
    return rest if rest and title_key(first) and title_key(first) == title_key(title) else text


def _published(found: Evidence, extract: _Extract, zone: str, now: datetime) -> Dated | None:
    stated = (
        (found.said("datePublished"), "json-ld"),
        (found.first_meta("article:published_time", "og:article:published_time", "datepublished"), "meta"),
        (found.first_meta("parsely-pub-date", "sailthru.date", "dc.date.issued", "dc.date", "date", "pubdate"), "meta"),
        (found.said("dateCreated"), "json-ld"),
        (_time_element(found), "markup"),
        (re.sub(r"T00:00:00.*", "", extract.date), "page"),  # midnight: the finder knew the day alone
        (_date_in(found.url), "url"),
    )
    dates = [one for text, name in stated if (one := bounded(parse(text, zone=zone, evidence=name), now=now))]
    return _exactest(dates)


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


def _time_element(found: Evidence) -> str:
    """The instant of the first time element that has one."""
    nodes = found.root.iter("time") if found.root is not None else ()
    return next((stamp for node in nodes if (stamp := (node.get("datetime") or "").strip())), "")


def _date_in(url: str) -> str:
    match = re.search(r"/((?:19|20)\d{2})[-/](\d{1,2})[-/](\d{1,2})(?=[/-])", url)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""


def _language(found: Evidence) -> str:
    root = (found.root.get("lang") or "") if found.root is not None else ""
    stated = found.said("inLanguage") or root or found.first_meta("og:locale", "content-language", "dc.language")
    return stated[:2].lower() if re.match(r"[A-Za-z]{2}(?:[-_]|$)", stated) else ""
