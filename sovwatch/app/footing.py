"""What stands below a digest beside its counts: which sources are ill, and what was told on its own since the last."""

import logging
from dataclasses import replace

from sqlalchemy import Connection

from alerts.promise import headlines
from sovwatch.app.opening import App
from sovwatch.model import Footer
from sovwatch.store import queue, sources

_LOG = logging.getLogger(__name__)


def completed(app: App, c: Connection, channel: str, footer: Footer) -> Footer:
    """The footer with the names of ill sources, and of what the channel was told on its own since its last digest."""
    ill = sources.ill(c)
    names = {source.id: source.outlet for source in app.settings.sources if source.enabled}
    alone = [headlines(payload) for payload in queue.since_digest(c, channel)]
    if not all(alone):
        _LOG.warning("%s: an alert that another version wrote is not named in this digest", channel)
    unread = len(sources.failing(c) & names.keys())
    return replace(
        footer,
        unread=unread if 2 * unread >= len(names) else 0,
        ill=tuple(dict.fromkeys(names[one] for one in ill if one in names)),
        announced=tuple(title for titles in alone for title in titles),
    )
