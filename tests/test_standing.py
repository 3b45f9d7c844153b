"""What is news, what was missed while away, and what is memory."""

from datetime import timedelta

import pytest

from sovwatch.model import Dated, Precision
from sovwatch.standing import Standing, standing
from tests.builders import NOW, an_article

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def stands(
    age: timedelta | None,
    *,
    precision: Precision = Precision.SECOND,
    first: bool = False,
    last_ok: timedelta | None = None,
    searched: bool = False,
) -> Standing:
    published = None if age is None else Dated(NOW - age, precision)
    return standing(
        an_article(published=published),
        now=NOW,
        fresh=2 * DAY,
        first_reading=DAY if first else None,
        last_ok=None if last_ok is None else NOW - last_ok,
        searched=searched,
    )


@pytest.mark.parametrize(
    ("age", "expected"),
    [(HOUR, "news"), (2 * DAY, "news"), (2 * DAY + HOUR, "memory"), (None, "news"), (-HOUR, "news")],
)
def test_what_is_fresh_is_news(age: timedelta | None, expected: Standing) -> None:
    assert stands(age) == expected


@pytest.mark.parametrize(("age", "expected"), [(HOUR, "news"), (DAY + HOUR, "memory"), (None, "memory")])
def test_a_first_reading_brings_little_news(age: timedelta | None, expected: Standing) -> None:
    assert stands(age, first=True) == expected


def test_what_appeared_in_an_outage_was_missed_but_not_what_a_search_digs_up() -> None:
    assert stands(4 * DAY, last_ok=5 * DAY) == "away"
    assert stands(4 * DAY, last_ok=3 * DAY) == "memory"
    assert stands(4 * DAY, last_ok=5 * DAY, searched=True) == "memory"
    assert stands(HOUR, last_ok=5 * DAY, searched=True) == "news"


def test_a_day_counts_as_published_at_its_end() -> None:
    assert stands(3 * DAY - HOUR, precision=Precision.DAY) == "news"
    assert stands(3 * DAY + HOUR, precision=Precision.DAY) == "memory"
    assert stands(3 * DAY - HOUR) == "memory"
