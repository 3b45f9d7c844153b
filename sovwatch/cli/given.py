"""What a person gives a command: numbers and times, refused in words that say what to write instead."""

from datetime import UTC, datetime
from typing import Annotated

import typer

_MOST = 2**63 - 1  # what databases count to


def number(given: str) -> int:
    """A number of a story or a mute."""
    return _within(given, 0, "give a number, as 12")


def count(given: str | int) -> int:
    """How many; a default is given as the number that it is."""
    return _within(given, 1, "give a number from 1 on")


def _within(given: str | int, least: int, otherwise: str) -> int:
    found = int(given) if str(given).isdecimal() else -1
    if not least <= found <= _MOST:
        raise typer.BadParameter(f"{otherwise}: not {given!r}")
    return found


def time(given: str) -> datetime:
    """A day or a time, in ISO 8601."""
    try:
        found = datetime.fromisoformat(given.strip())
        return found.astimezone(UTC) if found.tzinfo else found  # a last evening may be no day in UTC
    except (ValueError, OverflowError):
        otherwise = "write a day or a time, as 2026-02-03 or 2026-02-03T07:00"
        raise typer.BadParameter(f"{otherwise}: not {given!r}") from None


Story = Annotated[int, typer.Argument(metavar="STORY", parser=number, help="Its number, which `search` tells.")]
