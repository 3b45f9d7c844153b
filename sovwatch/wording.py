"""Counts and lengths of time as English writes them, for what commands and reasons say; digests have `alerts.words`."""

from datetime import timedelta

_IN_MINUTES, _IN_HOURS = timedelta(minutes=120), timedelta(hours=48)  # shorter ones are said so


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 article" or "2 articles"; `many` where it is not the singular with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def lasting(span: timedelta) -> str:
    """Return "5 minutes", "1 hour" or "3 days", as exactly as it matters."""
    if span < timedelta(seconds=30):
        return "less than a minute"
    if span < _IN_MINUTES:
        return counted(round(span / timedelta(minutes=1)), "minute")
    if span < _IN_HOURS:
        return counted(round(span / timedelta(hours=1)), "hour")
    return counted(round(span / timedelta(days=1)), "day")
