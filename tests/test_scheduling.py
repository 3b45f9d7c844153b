"""Digest slots through the real digest stage: each once, whoever serves it, whatever the clock does."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.telling import digest
from sovwatch.settings import ChannelSettings, Settings, TopicSettings
from sovwatch.store import Store, open_store, schedule

ZONES = ("America/Edmonton", "America/Toronto", "America/St_Johns", "UTC")
CHANGES = (date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7))
TIMES = (time(0, 45), time(1, 30), time(2, 30), time(3, 30), time(7, 0))  # before, in and after the changed hour


def an_app(store: Store, channel: ChannelSettings) -> App:
    settings = Settings(channels={"desk": channel}, topics={"a": TopicSettings(name="A", match="all")})
    return App(settings, store)


def at(app: App, now: datetime) -> App:
    return App(app.settings.model_copy(update={"clock": now}), app.store)


def serve(app: App, now: datetime) -> list[str]:
    return digest(at(app, now), only_due=True).promised


def rows(store: Store) -> list[tuple[datetime, str]]:
    s = t.schedule_run.c
    with store.read() as c:
        found = c.execute(select(s.slot, s.detail).where(s.job == schedule.digest_job("desk")).order_by(s.slot))
        return [(row.slot, row.detail) for row in found]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("change", CHANGES)
def test_every_slot_comes_once_a_local_day_over_a_change_of_the_clock(tmp_path: Path, zone: str, change: date) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'test.sqlite'}")
    app = an_app(store, ChannelSettings(zone=zone, at=TIMES))
    tz = ZoneInfo(zone)
    now = datetime.combine(change - timedelta(days=1), time(0, 0), tz).astimezone(UTC)
    end = datetime.combine(change + timedelta(days=2), time(0, 0), tz).astimezone(UTC)
    serve(app, now)  # the slot of the evening before

    told: list[tuple[datetime, str]] = []
    while now < end:
        now += timedelta(minutes=15)
        told += [(now, key) for key in serve(app, now)]
    store.close()

    assert len({key for _, key in told}) == len(told) == 3 * len(TIMES)
    days = Counter(when.astimezone(tz).date() for when, _ in told)
    assert days == {change + timedelta(days=n): len(TIMES) for n in (-1, 0, 1)}
    local = {time.fromisoformat(key[-5:]) for _, key in told if key.startswith(f"digest:desk:{change}")}
    skipped = datetime.combine(change, time(2, 30), tz)
    exists = skipped.astimezone(UTC).astimezone(tz).time() == time(2, 30)
    assert local == set(TIMES) if exists else local == {*TIMES, time(3, 0)} - {time(2, 30)}


def test_after_a_sleep_one_digest_comes_late_and_says_how_late(store: Store) -> None:
    app = an_app(store, ChannelSettings(zone="UTC", at=(time(7), time(12), time(17))))
    serve(app, datetime(2026, 2, 2, 7, 0, tzinfo=UTC))

    woken = serve(app, datetime(2026, 2, 5, 9, 30, tzinfo=UTC))

    assert woken == ["digest:desk:2026-02-05T07:00"]
    assert rows(store)[-1] == (datetime(2026, 2, 5, 7, tzinfo=UTC), "2 hours late, 8 missed before it")
    assert serve(app, datetime(2026, 2, 5, 9, 31, tzinfo=UTC)) == []
    assert serve(app, datetime(2026, 2, 5, 12, 4, tzinfo=UTC)) == ["digest:desk:2026-02-05T12:00"]
    assert rows(store)[-1][1] == "", "four minutes are no delay"


def test_a_clock_set_back_repeats_nothing(store: Store) -> None:
    app = an_app(store, ChannelSettings(zone="UTC", at=(time(7), time(12))))
    serve(app, datetime(2026, 2, 2, 12, 1, tzinfo=UTC))

    for hour in (5, 7, 8, 11, 12, 13):
        assert serve(app, datetime(2026, 2, 2, hour, 2, tzinfo=UTC)) == []
    assert serve(app, datetime(2026, 2, 3, 7, 2, tzinfo=UTC)) == ["digest:desk:2026-02-03T07:00"]


def test_a_clock_that_ran_a_year_ahead_silences_nothing_once_it_is_right_again(store: Store) -> None:
    app = an_app(store, ChannelSettings(zone="UTC", at=(time(7),)))
    serve(app, datetime(2026, 2, 2, 7, 1, tzinfo=UTC))
    serve(app, datetime(2027, 2, 2, 7, 1, tzinfo=UTC))

    assert serve(app, datetime(2026, 2, 2, 8, 0, tzinfo=UTC)) == []
    assert serve(app, datetime(2026, 2, 3, 7, 1, tzinfo=UTC)) == ["digest:desk:2026-02-03T07:00"]


def test_a_slot_is_served_once_by_whoever(store: Store) -> None:
    """cron and the daemon call the same function; a digest by hand serves the slot that is due as well."""
    app = an_app(store, ChannelSettings(zone="UTC", at=(time(7),)))
    now = datetime(2026, 2, 2, 7, 1, tzinfo=UTC)

    by_hand = digest(at(app, now), only_due=False).promised
    assert by_hand == ["digest:desk:2026-02-02T07:00"]
    assert serve(app, now) == []
    assert [slot for slot, _ in rows(store)] == [datetime(2026, 2, 2, 7, tzinfo=UTC)]
