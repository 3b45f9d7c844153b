"""What the outbox keeps: a promise, and the queue of them as a protocol that the store implements."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from alerts.words import Words
from sovwatch.model import Digest, Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A digest to be delivered, and how far that came.

    `part` is the first part not known to be delivered, `level` the plainness that it needs, `attempted_at` when it
    was last handed over with an outcome not yet known, `remote` where the first part stands.
    """

    id: int
    key: str
    channel: str
    payload: str
    promised_at: datetime
    part: int = 0
    level: int = 0
    attempts: int = 0
    attempted_at: datetime | None = None
    not_before: datetime | None = None
    held: bool = False
    remote: str | None = None
    link: str | None = None
    error: str = ""
    cure: str = ""


class Queue(Protocol):
    """The promises as the store keeps them; every method is one durable transaction. See tests/queue_contract.py."""

    def channels(self) -> Iterable[str]:
        """Return the channels that have something undelivered."""

    def head(self, channel: str, after: int = 0) -> Promise | None:
        """Return the channel's oldest promise that is not delivered, among those with a higher id than `after`."""

    def remote_of(self, key: str) -> str | None:
        """Return where the first part of a delivered promise stands."""

    def begin(self, promise: int, *, at: datetime) -> None:
        """Note that the present part is being handed over: attempted_at = at, attempts + 1.

        It is held no more and not_before is cleared: what comes of this attempt decides anew.
        """

    def advance(
        self,
        promise: int,
        *,
        at: datetime,
        remote: str,
        link: str | None,
        done: bool,
        stories: Sequence[int] = (),
    ) -> None:
        """Note the present part as delivered: part + 1; level, attempts, attempted_at, not_before, held, error cleared.

        The first part's remote and link become the promise's; a later part's link that of the `stories` in it. `done`:
        it was the last part, the promise is delivered.
        """

    def plainer(self, promise: int, *, error: str) -> None:
        """Note that the present part was refused for its form: level + 1, attempted_at cleared."""

    def later(self, promise: int, *, until: datetime, error: str, unknown: bool) -> None:
        """Set not_before. Where the outcome is unknown attempted_at stays; else it is cleared."""

    def hold(self, promise: int, *, until: datetime, error: str, cure: str, unknown: bool) -> None:
        """Do as `later`, and note that an operator is needed and what would mend it."""


@cache
def _adapter() -> TypeAdapter[Digest]:
    return TypeAdapter(Digest)


def pack(digest: Digest) -> str:
    """Write a digest as the payload of a promise."""
    return _adapter().dump_json(digest).decode()


def headlines(payload: str) -> tuple[str, ...]:
    """Return the headlines of what a promise tells; of an alert that another version wrote, its one, if it is found.

    A corrected article mostly keeps its headline, so that it was corrected is said beside it.
    """
    try:
        digest = unpack(payload)
        changes = [(item.lead.title, Words.of(digest).change(item)) for item in digest.items]
        return tuple(f"{title} ({change})" if change else title for title, change in changes)
    except ValidationError:
        with suppress(ValueError):
            match from_json(payload):
                case {"sections": [{"items": [{"lead": {"title": str(title)}}]}]}:
                    return (title,)
    return ()


def led(payload: str, article: int) -> Piece | None:
    """Return the piece that led where a promise told of an article; None where another version wrote it."""
    with suppress(ValidationError):
        return next((item.lead for item in unpack(payload).items if article in item.articles), None)
    return None


def unpack(payload: str) -> Digest:
    """Read the payload of a promise.

    Raises:
        pydantic.ValidationError: another version of the program wrote it.
    """
    return _adapter().validate_json(payload)
