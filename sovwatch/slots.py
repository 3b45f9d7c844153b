"""Which digest of a channel is due: schedule arithmetic on values, so that cron, the daemon and a late run agree.

A slot is the instant of a scheduled digest. However many were missed, one is due: the latest, and it tells everything
that is untold. `at` and `days` are turned into cron expressions, so that there is one meaning of time, that of
Debian's cron as CronSim (the engine of Healthchecks) has it: numbers count Sunday as 0 and 7, day of month OR weekday
where both are given, a time that the spring change skips comes right after it, and one that the autumn change doubles
comes once. APScheduler's `from_crontab` was rejected: it counts Monday as 0 and fires a 01:30 twice in autumn
(measured).

Quiet hours hold what is due until they end; they may pass midnight. `in_quiet` is asked again by the outbox, so that
a message that waits for Slack doesn't arrive at night either.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from sovwatch.errors import ConfigurationError
from sovwatch.settings import ChannelSettings

_ALIASES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_FIELDS = 5


def expressions(channel: ChannelSettings) -> tuple[str, ...]:
    """Return the channel's schedule as cron expressions in its own zone; none where it has no scheduled digest."""
    if channel.cron is not None:
        return (_ALIASES.get(channel.cron.strip().lower(), channel.cron),)
    days = ",".join(channel.days)
    return tuple(f"{at.minute} {at.hour} * * {days}" for at in channel.at) if days else ()


def check_schedule(name: str, channel: ChannelSettings, now: datetime) -> None:
    """Refuse a schedule that is no cron expression or that never comes.

    Raises:
        ConfigurationError: with the channel's key and what would mend it.
    """
    where = f"channels.{name}.cron"
    for expression in expressions(channel):
        if len(expression.split()) != _FIELDS:
            raise ConfigurationError(where, f"{expression!r} has not five fields", "minute hour day month weekday")
        try:
            if next(_slots(expression, now, channel.zone), None) is None:
                raise ConfigurationError(where, f"{expression!r} never comes", "look at its day and month")
        except CronSimError as error:
            raise ConfigurationError(where, f"{expression!r}: {error}", "as in man 5 crontab: 0 7 * * 1-5") from None


def due_slot(channel: ChannelSettings, *, last: datetime | None, now: datetime) -> datetime | None:
    """Return the latest slot that is not yet served, or None.

    `last` is the slot served last; a channel that was never served is due for the latest slot there was, so that a
    first run says something. Inside quiet hours nothing is due.
    """
    if in_quiet(channel, now):
        return None
    past = (_latest(expression, now, channel.zone) for expression in expressions(channel))
    slot = max((slot for slot in past if slot is not None), default=None)
    return slot if slot is not None and (last is None or slot > last) else None


def next_slot(channel: ChannelSettings, after: datetime) -> datetime | None:
    """Return the first slot later than `after`, or None for a channel without a schedule."""
    coming = (next(_slots(expression, after, channel.zone), None) for expression in expressions(channel))
    return min((slot for slot in coming if slot is not None), default=None)


def slot_key(name: str, channel: ChannelSettings, slot: datetime) -> str:
    """Return the outbox key of a slot: the same for the same local date and time, whoever asks."""
    local = slot.astimezone(ZoneInfo(channel.zone))
    return f"digest:{name}:{local:%Y-%m-%dT%H:%M}{'b' * local.fold}"  # b: the hour's second coming in autumn


def in_quiet(channel: ChannelSettings, now: datetime) -> bool:
    """Whether `now` lies in the channel's quiet hours: from the first time on, until the second."""
    if channel.quiet is None:
        return False
    start, end = channel.quiet
    local = now.astimezone(ZoneInfo(channel.zone)).time()
    return start <= local < end if start <= end else local >= start or local < end


def quiet_until(channel: ChannelSettings, now: datetime) -> datetime | None:
    """Return when the present quiet hours end, or None outside them."""
    if channel.quiet is None or not in_quiet(channel, now):
        return None
    zone = ZoneInfo(channel.zone)
    local = now.astimezone(zone)
    end = _at(local, channel.quiet[1])
    return (end if end > local else _at(local + timedelta(days=1), channel.quiet[1])).astimezone(UTC)


def _at(day: datetime, at: time) -> datetime:
    return day.replace(hour=at.hour, minute=at.minute, second=at.second, microsecond=0)


def _slots(expression: str, start: datetime, zone: str) -> Iterator[datetime]:
    """Slots after `start`, in UTC."""
    for slot in CronSim(expression, start.astimezone(ZoneInfo(zone))):
        yield slot.astimezone(UTC)


def _latest(expression: str, now: datetime, zone: str) -> datetime | None:
    """Find the latest slot at or before `now`, if there ever was one.

    Backwards CronSim 2.8 misses slots of the doubled hour, so it only finds where to start; forwards decides.
    """
    before = CronSim(expression, now.astimezone(ZoneInfo(zone)), reverse=True)
    start = next((slot.astimezone(UTC) for slot in before), now) - timedelta(minutes=1)
    return max(takewhile(lambda slot: slot <= now, _slots(expression, start, zone)), default=None)
