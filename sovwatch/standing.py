"""Whether an article just read is news, was missed while away, or is memory that is never told; pure."""

from datetime import datetime, timedelta
from typing import Literal

from sovwatch.model import PERIODS, Article

Standing = Literal["news", "away", "memory"]


def standing(
    article: Article,
    *,
    now: datetime,
    fresh: timedelta,
    first_reading: timedelta | None,
    last_ok: datetime | None,
    searched: bool,
) -> Standing:
    """Say whether an article just read is news, something missed while away, or memory that is never told.

    `first_reading` is set at a source's first reading: older entries than that, and undated ones, are memory.
    `last_ok` is when the source was last read: what appeared since and is older than `fresh` was missed by an outage.
    A day's article counts as published at the end of its day.
    """
    published = article.published
    if published is None:
        return "memory" if first_reading is not None else "news"
    latest = published.at + PERIODS[published.precision]
    age = now - latest
    if first_reading is not None:
        return "news" if age <= first_reading else "memory"
    if age <= fresh:
        return "news"
    missed = last_ok is not None and latest >= last_ok
    return "away" if missed and not searched else "memory"
