"""`sources discover URL`: which feeds and sitemaps a site has, by the manners of every crawl, or why none was found."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sovwatch.settings import Settings
from spiders.cures import cure
from spiders.discovery import ITSELF
from spiders.process import Child
from spiders.wire import End, Found, Job, Missed

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


def nothing(url: str, missed: Sequence[Missed], ended: str) -> Discovery:
    """Say why nothing was found; `ended` is why the search did not come to its end, where it did not."""
    if ended:
        return Discovery((), ended, _ELSE)
    for one in missed:
        if one.where == ITSELF:
            return Discovery((), one.why, cure(one.why, _ELSE))
    if missed:
        why = f"none that it names can be read: {missed[0].url}: {missed[0].why}"
        return Discovery((), why, f"`sovwatch sources try {missed[0].url}` tells more")
    why = "answers, but names no feed or sitemap, and has none at the usual places"
    return Discovery((), why, f"a listing page can be a source: `sovwatch sources try --kind listing {url}`")
