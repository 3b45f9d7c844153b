"""What the robots.txt of each site said, so that it is asked once a day and not once a crawl."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from sovwatch import schema as t
from sovwatch.model import RobotsTxt
from sovwatch.store.lists import batches
from sovwatch.store.upserts import put

KEPT = timedelta(days=60)  # of sites that are asked no more


def known(c: Connection, origins: Sequence[str]) -> dict[str, RobotsTxt]:
    """What is known of sites, by origin."""
    return {
        row[0]: RobotsTxt(origin=row[0], body=row[1], read=row[2], failing_since=row[3])
        for asked in batches(origins)
        for row in c.execute(_KNOWN, {"origins": asked})
    }


_KNOWN = select(t.robots.c.origin, t.robots.c.body, t.robots.c.read, t.robots.c.failing_since).where(
    t.robots.c.origin.in_(bindparam("origins", expanding=True))
)


def remember(c: Connection, said: Sequence[RobotsTxt]) -> None:
    """Write what sites said, or since when they have given no answer."""
    columns = ("body", "read", "failing_since")
    rows = [{"origin": one.origin, **{name: getattr(one, name) for name in columns}} for one in said]
    put(c, t.robots, rows, update_columns=columns)


def forget(c: Connection, now: datetime) -> None:
    """Drop what has not been asked for long. Of a site that gives no answer it stays known since when it gives none."""
    c.execute(delete(t.robots).where(t.robots.c.read < now - KEPT, t.robots.c.failing_since.is_(None)))
