"""A way out: how a digest becomes parts, how a part is handed over, and what may come of it.

Outcomes are values, branched by what to do next:

    Posted       it stands there: remember where
    Later        it surely does not: try again after `after`
    Unknown      it may: look there before trying again
    TooRich      the message was refused for what it is: render it more plainly
    Refused      the place or the token was refused: an operator mends it, `cure` says how
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sovwatch.model import Digest

LONGEST_PAUSE = timedelta(days=1)  # what asks for more is mistaken, or a message would never go out
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a digest: its key and its renderings; those after the first continue in its thread.

    `stories` are those of a continuation. `bodies` go from the richest to the plainest, and all hold the same stories,
    so that a part that is rendered again more plainly is still the same part.
    """

    key: str
    bodies: tuple[Mapping[str, Any], ...]
    stories: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """It stands there: `remote` is the other side's name for it, `link` what a person can open."""

    remote: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """It was surely not taken: rate limited, or nobody answered; `after` None leaves the wait to us."""

    why: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken: the connection dropped, timed out, or the other side failed while it worked."""

    why: str


@dataclass(frozen=True, slots=True)
class TooRich:
    """Refused for its form: the same stories, more plainly, may pass."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Every message here would be refused until an operator mends it."""

    why: str
    cure: str


def pause(said: str | None) -> timedelta | None:
    """Return the pause that a Retry-After asks for, a day at most; None where it does not say it in seconds."""
    if said is None or not _SECONDS.fullmatch(said.strip()):
        return None
    return timedelta(seconds=min(float(said), LONGEST_PAUSE.total_seconds()))


Outcome = Posted | Later | Unknown | TooRich | Refused
Found = Posted | Later | Unknown | Refused | None


class Way(Protocol):
    """A way out to one channel."""

    @property
    def pace(self) -> timedelta:
        """The least time between two messages."""

    @property
    def reads_back(self) -> bool:
        """Whether `find` can tell; where not, an unknown outcome is sent again, and may double."""

    def parts(self, digest: Digest) -> Sequence[Part]:
        """Render the digest: the same parts, with the same keys, each time."""

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:
        """Hand over one part in the rendering `level`, into the thread where there is one."""

    def find(self, part: Part, since: datetime, thread: str | None) -> Found:
        """Look for a part that may have been taken since then; None where it surely was not."""


class OneWay:
    """A way that cannot look back: what it hands over twice does no harm, or may be doubled."""

    pace = timedelta(0)
    reads_back = False

    def find(self, part: Part, since: datetime, thread: str | None) -> Found:  # noqa: ARG002
        """Tell nothing."""
        return None
