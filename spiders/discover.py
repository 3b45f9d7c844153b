"""`sources discover URL`: which feeds and sitemaps a site has, by the manners of every crawl."""

import os
from datetime import datetime

from sovwatch.settings import Settings
from spiders.process import Child
from spiders.wire import Found, Job


def discover(url: str, settings: Settings, *, now: datetime) -> list[Found]:
    """Return what was found, feeds before sitemaps, those with the newest entries first.

    A site without any gives an empty list, and so does one that cannot be reached.
    """
    with Child(Job((), settings, now, os.getpid(), remember=False, discover=url)) as child:
        found = [message for message in child.messages(lambda: False) if isinstance(message, Found)]
    return sorted(found, key=lambda one: (one.kind, -(one.newest.timestamp() if one.newest else 0.0), one.url))
