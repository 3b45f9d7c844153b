"""`sources discover URL`: which feeds and sitemaps a site has, by the manners of every crawl, or why none was found."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sovwatch.settings import Settings
from spiders.discovery import ITSELF
from spiders.process import Child
from spiders.wire import End, Found, Job, Missed

_CURES = (  # by what a reason says
    ("host cannot be found", "check how it is written, and that names are resolved here"),
    ("refuses us", "set crawl.user_agent to your own contact; a publisher may refuse all the same"),
    ("asks for a password", "its listings are for subscribers: look for another outlet that carries them"),
    ("refuses connections", "check the address: nobody listens there now"),
    ("forbids it", "ask the publisher, or look for another outlet that carries it"),
    ("is not there", "check how it is written, or give the site's first page"),
    ("not a public address", "where it is yours, name it in crawl.allow_private"),
)
_ELSE = "try again later"


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, feeds before sitemaps, those with the newest entries first; why nothing, and what to do then."""

    found: tuple[Found, ...]
    why: str = ""
    cure: str = ""


def discover(url: str, settings: Settings, *, now: datetime) -> Discovery:
    """Look for a site's feeds and sitemaps."""
    job = Job((), settings, now, os.getpid(), remember=False, discover=url)
    with Child(job) as child:
        said = list(child.messages(lambda: False))
        ended = "" if End("finished") in said else child.why_it_ended()
    found = [message for message in said if isinstance(message, Found)]
    found.sort(key=lambda one: (one.kind, -(one.newest.timestamp() if one.newest else 0.0), one.url))
    if found:
        return Discovery(tuple(found))
    return nothing(url, [message for message in said if isinstance(message, Missed)], ended)


def nothing(url: str, missed: Sequence[Missed], ended: str = "") -> Discovery:
    """Say why nothing was found; `ended` is why the search did not come to its end, where it did not."""
    if ended:
        return Discovery((), ended, _ELSE)
    for one in missed:
        if one.where == ITSELF:
            return Discovery((), one.why, _cure(one.why))
    if missed:
        why = f"none that it names can be read: {missed[0].url}: {missed[0].why}"
        return Discovery((), why, f"`sovwatch sources try {missed[0].url}` tells more")
    why = "answers, but names no feed or sitemap, and has none at the usual places"
    return Discovery((), why, f"a listing page can be a source: `sovwatch sources try --kind listing {url}`")


def _cure(why: str) -> str:
    return next((cure for words, cure in _CURES if words in why), _ELSE)
