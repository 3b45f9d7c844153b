"""Instants as the desk reads them: in the zone of the configuration, which each of them names."""

from datetime import datetime
from zoneinfo import ZoneInfo


def at_desk(at: datetime, zone: str) -> str:
    """An instant to the minute, as in "2026-02-03 07:00 EST"."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"


def from_desk(said: datetime, zone: str) -> datetime:
    """An instant that a person gave: where they named no zone, in the desk's."""
    return said if said.tzinfo is not None else said.replace(tzinfo=ZoneInfo(zone))
