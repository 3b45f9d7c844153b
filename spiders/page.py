"""An article's page: bytes to what it says, pure."""

from dataclasses import dataclass
from datetime import datetime

import trafilatura
from w3lib.encoding import html_to_unicode

from sovwatch.dates import bounded, parse
from sovwatch.model import Dated, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says of its article, each value from the best evidence that it has."""

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


def read_page(body: bytes, url: str, *, content_type: str = "", zone: str = "UTC", now: datetime) -> Page:
    """Read an article's page; what cannot be found is empty."""
    _, markup = html_to_unicode(content_type or None, body)
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
        return Page()
    dated = parse(found.date or "", zone=zone, evidence="page")
    return Page(
        title=found.title or "",
        text=found.text or "",
        authors=tuple(name.strip() for name in (found.author or "").split(";") if name.strip()),
        published=bounded(dated, now=now),
        outlet=found.sitename or "",
        description=found.description or "",
    )
