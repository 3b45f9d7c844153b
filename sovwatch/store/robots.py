"""What the robots.txt of each site said, so that it is asked once a day and not once a crawl."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from sovwatch import schema as t
from sovwatch.model import RobotsTxt
from sovwatch.store.upserts import put

KEPT = timedelta(days=60)  # of sites that are asked no more


def known(c: Connection, origin: str) -> RobotsTxt | None:
    """What is known of a site."""
    row = c.execute(_KNOWN, {"site": origin}).one_or_none()
    return None if row is None else RobotsTxt(origin=origin, body=row[0], read=row[1], failing_since=row[2])


_KNOWN = select(t.robots.c.body, t.robots.c.read, t.robots.c.failing_since).where(  # built once: asked for each host
    t.robots.c.origin == bindparam("site")
)


def remember(c: Connection, robots: RobotsTxt) -> None:
    """Write what a site said, or since when it has given no answer."""
    values = {"origin": robots.origin, "body": robots.body, "read": robots.read, "failing_since": robots.failing_since}
    put(c, t.robots, [values], update_columns=("body", "read", "failing_since"))


def forget(c: Connection, now: datetime) -> None:
    """Drop what has not been asked for long. Of a site that gives no answer it stays known since when it gives none."""
    c.execute(delete(t.robots).where(t.robots.c.read < now - KEPT, t.robots.c.failing_since.is_(None)))
