"""A stored article as judging reads it: its text, its instant, its fingerprint, its relevance."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import RowMapping

from sovwatch.model import Dated, Precision, Verdict
from sovwatch.relevance import Topic, relevance
from sovwatch.similarity import MOST_TAIL, Fingerprint, fingerprint
from sovwatch.text import words

_OUTLET = 80  # letters at most of an outlet's name and the marks about it

Row = Mapping[str, Any] | RowMapping  # an article's row, of the table or with a column set otherwise


def verdicts(row: Row, topics: Sequence[Topic]) -> tuple[Verdict, ...]:
    """Relevance of a stored article to each topic."""
    text = row["text"] or ""
    return tuple(relevance(row["title"], row["summary"] or "", text, topic) for topic in topics)


def topics_of(found: Iterable[Verdict]) -> frozenset[str]:
    """The topics that an article is on, passing mentions included."""
    return frozenset(verdict.topic for verdict in found if verdict.relevant)


def body(row: Row) -> str:
    """The text of a stored article, else its summary; none where that is the headline again, as many feeds give it."""
    text = str(row["text"] or row["summary"] or "")
    return "" if _repeats(row["title"], text) else text


def _repeats(title: str, text: str) -> bool:
    """Whether a text says the headline and no more, but for the outlet's name after one of them."""
    if len(text) > 2 * len(title) + _OUTLET:
        return False
    one, other = sorted((words(title), words(text)), key=len)
    return other[: len(one)] == one and len(other) - len(one) <= MOST_TAIL


def fingerprint_of(row: Row) -> Fingerprint:
    """The fingerprint of a stored article; news that gives no date is of the day on which it was first seen.

    What stood there already when its source was first read, or was put in by hand, is of no day that we know.
    """
    published = Dated(row["published"], Precision(row["precision"]), row["evidence"]) if row["published"] else None
    if published is None and row["standing"] != "memory":
        published = day_seen(row["first_seen"])
    return fingerprint(
        row["title"],
        body(row),
        language=row["language"],
        published=published,
        outlet=row["outlet"],
        first_seen=row["first_seen"],
    )


def day_seen(first_seen: datetime) -> Dated:
    """The day on which something was first seen, as its date."""
    return Dated(datetime.combine(first_seen.date(), time.min, first_seen.tzinfo), Precision.DAY, "first seen")


def instant(row: Row) -> datetime:
    """The instant that likeness in time is measured from."""
    at: datetime = row["published"] or row["first_seen"]
    return at
