"""When a source is read next, and whether it is ill."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovwatch.health import Past, Remembered, expected_per_day, illness
from sovwatch.model import Outcome, SourceRun
from sovwatch.polling import UNKNOWN_RHYTHM, Bounds, interval, rhythm

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOUNDS = Bounds()
_SPANS = st.timedeltas(timedelta(), timedelta(days=40))


def run(outcome: Outcome = "fetched", **more: object) -> SourceRun:
    fields = {"source": "s", "started": NOW, "finished": NOW, "outcome": outcome, "body_hash": "h"} | more
    return SourceRun(**fields)  # type: ignore[arg-type]


def every(gap: timedelta, count: int = 30) -> list[datetime]:
    return [NOW - gap * number for number in range(1, count + 1)]


@given(
    st.sampled_from(["fetched", "not modified", "failed"]),
    st.lists(_SPANS, max_size=40),
    st.integers(0, 2000),
    st.none() | _SPANS,
    st.none() | _SPANS,
    st.floats(0, 1, exclude_max=True),
)
def test_no_source_is_ever_given_up_nor_hurried(
    outcome: Outcome, ages: list[timedelta], failures: int, asked: timedelta | None, ttl: timedelta | None, luck: float
) -> None:
    published = [NOW - age for age in ages]
    wait = interval(run(outcome, retry_after=asked, ttl=ttl), published, failures=failures, bounds=BOUNDS, luck=luck)
    assert 5 * MINUTE <= wait <= DAY


@pytest.mark.parametrize(
    ("gap", "low", "high"),
    [
        (MINUTE, 5 * MINUTE, 5 * MINUTE),
        (HOUR, 25 * MINUTE, 35 * MINUTE),
        (4 * HOUR, 1.8 * HOUR, 2.2 * HOUR),
        (7 * DAY, DAY, DAY),
    ],
)
def test_a_source_is_read_as_often_as_it_publishes(gap: timedelta, low: timedelta, high: timedelta) -> None:
    for luck in (0.0, 0.5, 0.99):
        assert low <= interval(run(), every(gap), failures=0, bounds=BOUNDS, luck=luck) <= high


def test_a_source_that_falls_silent_is_asked_less_and_less() -> None:
    published = every(HOUR)
    waits = [rhythm(published, NOW + days * DAY) for days in range(5)]
    assert waits == sorted(waits)
    assert waits[-1] > 2 * waits[0]


def test_what_is_dated_ahead_is_no_rhythm() -> None:
    published = every(HOUR)
    assert rhythm([*published, NOW + DAY, NOW + 30 * DAY], NOW) == rhythm(published, NOW)


def test_until_two_articles_are_known_there_is_no_rhythm() -> None:
    assert rhythm([], NOW) == rhythm([NOW], NOW) == UNKNOWN_RHYTHM


def test_what_the_source_asks_for_stretches_the_interval() -> None:
    often = every(10 * MINUTE)
    assert interval(run(ttl=3 * HOUR), often, failures=0, bounds=BOUNDS) == 3 * HOUR
    assert interval(run(retry_after=2 * HOUR), often, failures=0, bounds=BOUNDS) == 2 * HOUR
    assert interval(run("failed", retry_after=88 * HOUR), often, failures=1, bounds=BOUNDS) == DAY


def test_a_source_that_asks_to_be_left_alone_for_ever_is_read_daily() -> None:
    for_ever = run(ttl=timedelta(days=980_000_000), retry_after=timedelta.max)
    assert interval(for_ever, [], failures=0, bounds=BOUNDS, luck=0.9) == DAY


def test_a_fixed_interval_stands() -> None:
    fixed = Bounds(every=2 * MINUTE)
    assert interval(run(ttl=HOUR), every(DAY), failures=0, bounds=fixed) == 2 * MINUTE
    assert interval(run(retry_after=HOUR), every(DAY), failures=0, bounds=fixed) == HOUR


def test_failures_back_off_by_doubling_with_jitter() -> None:
    waits = [interval(run("failed"), every(HOUR), failures=n, bounds=BOUNDS, luck=0.5) for n in range(1, 9)]
    assert [later / earlier for earlier, later in pairwise(waits[:5])] == [2.0] * 4
    assert waits[-1] == DAY
    lucky, unlucky = (
        interval(run("failed"), every(HOUR), failures=3, bounds=BOUNDS, luck=luck) for luck in (0.0, 0.99)
    )
    assert unlucky > 1.5 * lucky


def test_what_was_left_is_fetched_soon_but_only_while_it_gets_on() -> None:
    rest = run(body_hash=None, new=60)
    assert interval(rest, every(4 * HOUR), failures=0, bounds=BOUNDS) == 5 * MINUTE
    stuck = run(body_hash=None, new=0)
    assert interval(stuck, every(4 * HOUR), failures=0, bounds=BOUNDS) > HOUR


def past(*outcomes: Outcome, detail: str = "answered 500", status: int | None = 500, entries: int = 9) -> list[Past]:
    return [Past(NOW - n * HOUR, outcome, detail, status, entries) for n, outcome in enumerate(outcomes)]


HOURLY = every(HOUR)


@pytest.mark.parametrize(
    ("readings", "sentence"),
    [
        (past(), None),
        (past("fetched"), None),
        (past("failed"), None),
        (past("failed", "failed", "fetched"), None),
        (past("failed", "failed", "failed"), "last read well 3 hours ago: answered 500"),
        (past("failed", "failed", status=404, detail="it is gone"), "last read well 3 hours ago: it is gone"),
        (past("failed", "failed", status=None, detail="forbids it"), "last read well 3 hours ago: forbids it"),
        (
            past("failed", detail="a web page stands where a feed was"),
            "a web page stands where a feed was: its address has changed, or it refuses us",
        ),
        ([*past("fetched", "fetched", "fetched", entries=0), *past("fetched")], "answers, but lists nothing any more"),
        (past("fetched", "fetched", "fetched", entries=0), "answers, but lists nothing any more"),
        ([*past("fetched", "fetched", entries=0), *past("fetched")], None),
    ],
)  # fmt: skip
def test_what_makes_a_source_ill(readings: list[Past], sentence: str | None) -> None:
    assert illness(readings, HOURLY, Remembered(last_ok=NOW - 3 * HOUR, listed=True), now=NOW) == sentence


def test_a_source_that_was_never_a_feed_has_its_three_readings() -> None:
    readings = past("failed", detail="a web page stands where a feed was")
    assert illness(readings, [], Remembered(), now=NOW) is None


def test_an_emptied_source_stays_ill_while_it_is_unchanged_or_fails_once() -> None:
    emptied = Remembered(last_ok=NOW, listed=True, ill="answers, but lists nothing any more")
    for readings in (past("not modified", entries=0), past("failed", "not modified", "fetched", entries=0)):
        assert illness(readings, HOURLY, emptied, now=NOW) == emptied.ill
    assert illness(past("not modified", "fetched"), HOURLY, emptied, now=NOW) is None


def test_one_that_never_listed_anything_is_ill_after_a_day_and_a_half() -> None:
    def mute(hours: int, *outcomes: Outcome) -> str | None:
        known = Remembered(first_ok=NOW - hours * HOUR, last_ok=NOW)
        return illness(past(*outcomes, entries=0), [], known, now=NOW)

    assert mute(36, "not modified", "not modified", "fetched") is None
    assert mute(40, "not modified", "fetched") is None
    assert mute(40, "not modified", "not modified", "fetched") == "answers, but never listed anything in 40 hours"
    assert mute(80, "failed", "fetched", "fetched", "fetched") == "answers, but never listed anything in 3 days"


def test_an_empty_list_of_the_last_days_is_no_illness_within_a_gap_that_its_source_has_had() -> None:
    """A news sitemap lists two days, a search perhaps one; written anew each time, it never counts as unchanged."""
    empty = past("fetched", "fetched", "fetched", entries=0)

    def emptied(gap: timedelta, silence: timedelta, ill: str | None = None, *, passing: bool = True) -> str | None:
        known = Remembered(last_ok=NOW, listed=True, ill=ill, passing=passing)
        return illness(empty, [at + gap - silence for at in every(gap)], known, now=NOW)

    said = "answers, but lists nothing any more"
    assert emptied(7 * DAY, 3 * DAY, passing=False) == said
    assert emptied(7 * DAY, 3 * DAY) is None
    assert emptied(7 * DAY, 3 * DAY, said) is None
    assert emptied(7 * DAY, 8 * DAY) == said
    assert emptied(HOUR, 3 * HOUR) == said
    assert illness(empty, [], Remembered(last_ok=NOW, listed=True, passing=True), now=NOW) == said


def test_a_list_of_the_last_days_may_be_empty_for_a_week_when_it_is_new() -> None:
    def mute(days: int) -> str | None:
        known = Remembered(first_ok=NOW - days * DAY, last_ok=NOW, passing=True)
        return illness(past("fetched", "fetched", "fetched", entries=0), [], known, now=NOW)

    assert mute(7) is None
    assert mute(9) == "answers, but never listed anything in 9 days"


def test_one_that_never_worked_is_ill_too() -> None:
    assert illness(past("failed", "failed", "failed"), [], Remembered(), now=NOW) == "never read well: answered 500"


def test_silence_is_measured_by_the_sources_own_history() -> None:
    def silent(gap: timedelta, days: int) -> str | None:
        published = [at - days * DAY for at in every(gap)]
        return illness(past("not modified"), published, Remembered(last_ok=NOW, listed=True), now=NOW)

    assert silent(HOUR, 1) is None
    assert silent(HOUR, 3) == "nothing new for 3 days, though it usually brings 24 articles a day"
    assert silent(7 * DAY, 6) is None
    assert silent(7 * DAY, 12) == "nothing new for 19 days, though it usually brings 1 a week"


def test_our_own_outage_is_no_silence_of_the_source() -> None:
    published = [at - 10 * DAY for at in HOURLY]
    readings = [Past(NOW, "failed"), Past(NOW - 10 * DAY, "fetched", entries=9)]
    assert illness(readings, published, Remembered(last_ok=NOW - 10 * DAY, listed=True), now=NOW) is None


def test_expected_volume_needs_a_history() -> None:
    assert expected_per_day(HOURLY[:5]) is None
    assert expected_per_day(HOURLY) == pytest.approx(24, rel=0.1)
