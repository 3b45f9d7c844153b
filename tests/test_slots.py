from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovwatch.errors import ConfigurationError
from sovwatch.settings import ChannelSettings
from sovwatch.slots import check_schedule, due_slot, in_quiet, next_slot, quiet_until, slot_key

TORONTO = ZoneInfo("America/Toronto")
CHANNEL = ChannelSettings()  # 07:00, 12:00 and 17:00 in Toronto


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TORONTO)  # type: ignore[misc,arg-type]


def local(slot: datetime | None) -> str:
    assert slot is not None
    assert slot.tzinfo is UTC
    return slot.astimezone(TORONTO).strftime("%a %Y-%m-%d %H:%M")


def test_the_latest_slot_is_due_however_many_were_missed() -> None:
    last = at(2026, 1, 27, 12, 0)
    assert local(due_slot(CHANNEL, last=last, now=at(2026, 1, 30, 13, 5))) == "Fri 2026-01-30 12:00"


def test_a_slot_that_was_served_is_not_due_again() -> None:
    slot = due_slot(CHANNEL, last=None, now=at(2026, 1, 30, 7, 0))
    assert local(slot) == "Fri 2026-01-30 07:00"
    assert due_slot(CHANNEL, last=slot, now=at(2026, 1, 30, 11, 59)) is None
    assert local(due_slot(CHANNEL, last=slot, now=at(2026, 1, 30, 12, 0))) == "Fri 2026-01-30 12:00"


def test_only_the_days_asked_for_have_slots() -> None:
    weekdays = ChannelSettings(at=(time(7),), days=("mon", "fri"))
    assert local(next_slot(weekdays, at(2026, 1, 30, 7, 0))) == "Mon 2026-02-02 07:00"


def test_no_days_is_no_schedule() -> None:
    never = ChannelSettings(days=())
    assert due_slot(never, last=None, now=at(2026, 1, 30, 13, 0)) is None
    assert next_slot(never, at(2026, 1, 30, 13, 0)) is None


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 8 * * 1", "Mon 2026-02-02 08:00"),  # 1 is Monday
        ("0 8 * * 0", "Sun 2026-02-01 08:00"),
        ("0 8 * * 7", "Sun 2026-02-01 08:00"),
        ("0 8 * * 1-5", "Mon 2026-02-02 08:00"),  # Monday to Friday, after a Friday
        ("0 8 15 * sun", "Sun 2026-02-01 08:00"),  # either will do where both are given
        ("*/20 9-17 * * *", "Fri 2026-01-30 09:00"),
        ("@daily", "Sat 2026-01-31 00:00"),
    ],
)
def test_a_cron_expression_means_what_cron_means(cron: str, expected: str) -> None:
    channel = ChannelSettings(cron=cron)
    assert local(next_slot(channel, at(2026, 1, 30, 8, 0))) == expected


@pytest.mark.parametrize("clock", [time(1, 30), time(2, 0), time(2, 30), time(3, 0), time(7, 0)])
@pytest.mark.parametrize("zone", ["America/Toronto", "America/Edmonton", "Europe/Paris", "Australia/Lord_Howe"])
def test_each_local_day_has_one_slot_whatever_the_clocks_do(clock: time, zone: str) -> None:
    channel = ChannelSettings(at=(clock,), zone=zone)
    slot, slots = datetime(2025, 12, 31, 12, tzinfo=UTC), []
    while (slot := next_slot(channel, slot) or slot).year < 2027:
        slots.append(slot)
    days = [slot.astimezone(ZoneInfo(zone)).date() for slot in slots]
    assert len(days) == len(set(days)) >= 365
    assert days[-1] - days[0] == timedelta(days=len(days) - 1)


@given(
    st.sampled_from(["30 1 * * *", "30 2 * * *", "*/30 * * * *", "5 */2 * * *", "0 7 * * 1-5"]),
    st.sampled_from([datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)]),
    st.integers(0, 3 * 24 * 60),
)
def test_due_and_next_agree(cron: str, start: datetime, minutes: int) -> None:
    channel = ChannelSettings(cron=cron)
    now = start + timedelta(minutes=minutes)
    slot = due_slot(channel, last=None, now=now)
    assert slot is not None
    assert slot <= now
    following = next_slot(channel, slot)
    assert following is not None
    assert following > now


def test_a_slot_soon_after_clocks_went_back_by_half_an_hour_is_due() -> None:
    channel = ChannelSettings(cron="17 */2 * * *", zone="Australia/Lord_Howe")
    now = datetime(2026, 4, 4, 15, 49, tzinfo=UTC)  # 02:19 there, for the first time that day: 02:00 was 01:30
    assert due_slot(channel, last=None, now=now) == datetime(2026, 4, 4, 15, 47, tzinfo=UTC)


def test_a_key_is_the_slots_local_date_and_time() -> None:
    assert slot_key("desk", CHANNEL, at(2026, 1, 30, 7, 0)) == "digest:desk:2026-01-30T07:00"


def test_each_slot_of_an_hour_that_comes_twice_has_a_key_of_its_own() -> None:
    hourly = ChannelSettings(cron="0 * * * *")
    slots = [at(2026, 11, 1, 0, 0)]
    for _ in range(4):
        following = next_slot(hourly, slots[-1])
        assert following is not None
        slots.append(following)
    assert [slot.astimezone(UTC).hour for slot in slots] == [4, 5, 6, 7, 8]
    assert len({slot_key("desk", hourly, slot) for slot in slots}) == 5


def test_inside_quiet_hours_nothing_is_due_and_after_them_it_is() -> None:
    quiet = ChannelSettings(at=(time(6),), quiet=(time(22), time(7)))
    assert due_slot(quiet, last=None, now=at(2026, 1, 30, 6, 30)) is None
    assert local(due_slot(quiet, last=None, now=at(2026, 1, 30, 7, 0))) == "Fri 2026-01-30 06:00"


@pytest.mark.parametrize(
    ("hour", "quiet"), [(21, False), (22, True), (23, True), (0, True), (6, True), (7, False), (12, False)]
)
def test_quiet_hours_may_pass_midnight(hour: int, quiet: bool) -> None:
    channel = ChannelSettings(quiet=(time(22), time(7)))
    now = at(2026, 1, 30, hour, 0)
    assert in_quiet(channel, now) is quiet
    until = quiet_until(channel, now)
    assert (until is not None) is quiet
    if until is not None:
        assert not in_quiet(channel, until)
        assert in_quiet(channel, until - timedelta(seconds=1))
        assert timedelta(0) < until - now <= timedelta(hours=9)


@pytest.mark.parametrize(("hour", "quiet"), [(0, False), (11, False), (12, True), (13, True), (14, False), (23, False)])
def test_quiet_hours_may_lie_within_a_day(hour: int, quiet: bool) -> None:
    assert in_quiet(ChannelSettings(quiet=(time(12), time(14))), at(2026, 1, 30, hour, 0)) is quiet


@pytest.mark.parametrize(
    ("cron", "complaint"), [("0 7 * *", "five fields"), ("0 25 * * *", "Bad hour"), ("0 0 30 2 *", "Bad day")]
)
def test_a_wrong_expression_is_refused_with_its_key(cron: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"channels\.desk\.cron.*{complaint}"):
        check_schedule("desk", ChannelSettings(cron=cron), at(2026, 1, 30, 8, 0))


def test_a_right_schedule_passes() -> None:
    for channel in (CHANNEL, ChannelSettings(cron="0 7 * * mon-fri"), ChannelSettings(cron="@weekly")):
        check_schedule("desk", channel, at(2026, 1, 30, 8, 0))
