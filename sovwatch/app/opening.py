"""Opening the program: settings → database, compiled topics, cards of what is known, channels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sovwatch.errors import ConfigurationError
from sovwatch.settings import Settings
from sovwatch.store import Store, leases, open_store

if TYPE_CHECKING:  # compiled lazily: a run with nothing due must cost little
    from sovwatch.judge import Bench
    from sovwatch.seeds import Card

LEASE = "run"
FLEET = "fleet"  # the holder that all workers share

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how many are done, and of how many where that is known."""


Stop = Callable[[], bool]
"""Asked between two pieces of work: whether to stop here."""


def never() -> bool:
    """Go on."""
    return False


def silent(what: str, done: int, total: int | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class App:
    """The open program: what all stages need. What judging needs is compiled when it is first asked for."""

    settings: Settings
    store: Store

    def now(self) -> datetime:
        """The present instant, or the simulated one."""
        return self.settings.now()

    @cached_property
    def bench(self) -> "Bench":
        """The topics, the cards and the channels that articles are judged by."""
        from sovwatch.judge import Bench
        from sovwatch.relevance import compile_topics

        every = frozenset(self.settings.topics)
        channels = {name: frozenset(channel.topics) or every for name, channel in self.settings.channels.items()}
        return Bench(compile_topics(self.settings.topics), read_cards(self.settings.seeds_folder), channels)

    def require_sound(self) -> None:
        """Refuse a topic or a card that is wrong before anything is read or told.

        Raises:
            ConfigurationError: with what would mend it.
        """
        _ = self.bench  # compiled here, so that what is wrong with it is said here

    def require_schedules(self) -> None:
        """Refuse a schedule that is wrong.

        Raises:
            ConfigurationError: with what would mend it.
        """
        from sovwatch.slots import check_schedule

        for name, channel in self.settings.channels.items():
            check_schedule(name, channel, self.now())

    @contextmanager
    def lease(self) -> Iterator[Stop]:
        """Hold the lease that keeps runs apart; gives whether it was lost since, as by a machine that slept.

        Raises:
            LeaseHeld: another run is at work.
        """
        with leases.held(self.store, LEASE, self.settings.lease) as lost:
            yield lost.is_set


def read_cards(folder: Path) -> "tuple[Card, ...]":
    """The cards of a folder, in the order of their names.

    Raises:
        ConfigurationError: a card is damaged or of a newer scheme, or what is there cannot
            be read: judged without its cards, all that is known already would be told.
    """
    from sovwatch.seeds import Card

    cards = []
    for path in _files(folder):
        try:
            cards.append(Card.from_toml(path.read_text(encoding="utf-8-sig")))
        except ValueError as error:
            raise ConfigurationError(str(path), f"no seed card: {error}", _ANEW) from None
        except OSError as error:
            raise ConfigurationError(str(path), f"cannot be read: {error.strerror}", _READABLE) from None
    return tuple(cards)


_READABLE = "let who runs sovwatch read it"
_ANEW = "mend it, or take it away: `sovwatch init` writes those that came with the program again, `seeds add` yours"


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.match("*.toml"))
    except FileNotFoundError:
        return []  # `check` says so
    except OSError as error:
        raise ConfigurationError(str(folder), f"cannot be read: {error.strerror}", _READABLE) from None


def open_app(settings: Settings) -> App:
    """Open the database and give the program.

    Raises:
        ConfigurationError, Unavailable: the database's address is wrong, or it cannot be used.
    """
    return App(settings, open_store(settings.database_url))
