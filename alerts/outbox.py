"""Promised messages, delivered once each and in order.

Requirements, ranked: nothing promised is lost; nothing is delivered twice where the way can read back; order is kept
within a channel; a channel that is ill holds up no other.

How it works. A promise is a row that the store wrote in the transaction that made its stories "told". Its first part
not known to be delivered is its state: `attempted_at` is written before a part is handed over and cleared when its
outcome is known, so a row that carries it, after a dropped connection or a kill -9, may or may not have arrived. Such
a part waits `settle`, for what is still on its way to arrive; then the way looks for its key; only what is surely not
there is handed over again. Only the oldest promise of a channel is looked at, so order is kept by construction; but
what waits for the end of quiet hours lets by what may be sent in them.

Waiting is a date in the row (`not_before`), so a Retry-After outlives this process. Short waits, up to `patience` in
all, are sat out here, since the next run may be minutes away.

Known exceptions: a way that cannot read back (incoming webhook, mail) repeats a part of unknown outcome; a message
that arrives later than `settle` after its connection dropped is doubled; a new version of the renderer between two
parts of one digest may part it elsewhere.

Alternatives rejected: slack_sdk's retry handlers (the default one posts again after a dropped connection, measured;
the rate-limit one sleeps in the process and forgets at its end); `client_msg_id` (not documented as a key).
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import ValidationError

from alerts.promise import Promise, Queue, unpack
from alerts.way import LONGEST_PAUSE, Found, Later, Outcome, Part, Posted, Refused, TooRich, Unknown, Way
from sovwatch.errors import SovwatchError
from sovwatch.model import Digest

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long is waited for what."""

    settle: timedelta = timedelta(seconds=45)  # longer than any way's time-out (30 s): late arrivals are there by then
    patience: timedelta = timedelta(seconds=100)  # of one call, waiting included: no turn begins later
    first_wait: timedelta = timedelta(seconds=15)  # doubles with each attempt
    longest_wait: timedelta = timedelta(hours=1)
    hold: timedelta = timedelta(minutes=15)  # between two attempts on what an operator must mend


@dataclass(frozen=True, slots=True)
class Held:
    """A channel that needs an operator: what is wrong and what to do."""

    channel: str
    error: str
    cure: str


@dataclass(frozen=True, slots=True)
class Waits:
    """A channel whose next message waits, until when and why."""

    channel: str
    until: datetime
    error: str


@dataclass(slots=True)
class DeliveryReport:
    """What one call of `deliver` did."""

    delivered: int = 0  # promises whose last part stands
    posted: int = 0  # parts handed over and taken
    found: int = 0  # parts of unknown outcome that stood there already
    repeated: int = 0  # parts handed over again by a way that cannot read back: they may be doubled
    held: list[Held] = field(default_factory=list)
    waiting: list[Waits] = field(default_factory=list)


Quiet = Callable[[Digest, datetime], datetime | None]


def deliver(
    queue: Queue,
    ways: Mapping[str, Way | Refused],
    now: Callable[[], datetime],
    *,
    quiet: Quiet = lambda _digest, _at: None,
    held_too: bool = False,
    timing: Timing = Timing(),
    sleep: Callable[[float], None] = time.sleep,
) -> DeliveryReport:
    """Deliver what is promised and may go now; wait a little for what may go soon.

    A channel whose way could not be opened stands as `Refused`, and is held. `quiet` says until when a digest must not
    be sent. `held_too` tries at once what waits for an operator. Channels take turns, a part each, and none waits for
    another.
    """
    clock = _clock(now)
    rounds = _Delivery(queue, ways, clock, quiet, timing, held_too=held_too)
    until = clock() + timing.patience
    while (wake := rounds.turn()) is not None and wake <= until:
        sleep(max(0.0, (wake - clock()).total_seconds()))
    rounds.close()
    return rounds.report


def _clock(now: Callable[[], datetime]) -> Callable[[], datetime]:
    """Return a clock that goes on while we wait even where `now` stands still (settings.clock)."""
    started, beginning = now(), time.monotonic()
    return lambda: max(now(), started + timedelta(seconds=time.monotonic() - beginning))


class _Delivery:
    """One call's turns over the channels."""

    def __init__(
        self,
        queue: Queue,
        ways: Mapping[str, Way | Refused],
        clock: Callable[[], datetime],
        quiet: Quiet,
        timing: Timing,
        *,
        held_too: bool,
    ) -> None:
        self.queue, self.ways, self.clock, self.quiet, self.timing = queue, ways, clock, quiet, timing
        self.impatient = held_too
        self.report = DeliveryReport()
        self.paced: dict[str, datetime] = {}
        self.tried: set[int] = set()

    def turn(self) -> datetime | None:
        """Give each channel one turn; return when the next may go, None when nothing is left."""
        wakes = [wake for channel in sorted(self.queue.channels()) if (wake := self._channel(channel)) is not None]
        return min(wakes, default=None)

    def close(self) -> None:
        """Say in the report what is left waiting or held."""
        for channel in sorted(self.queue.channels()):
            promise = self.queue.head(channel)
            if promise is None or any(held.channel == channel for held in self.report.held):
                continue
            if promise.held:
                self.report.held.append(Held(channel, promise.error, promise.cure))
            else:
                self.report.waiting.append(Waits(channel, promise.not_before or self.clock(), promise.error))

    def _channel(self, channel: str) -> datetime | None:
        """Do what can be done for the channel's oldest promise; return when to come back."""
        promise = self.queue.head(channel)
        way = self.ways.get(channel)
        if promise is None:
            return None
        if way is None:
            self._report(
                Held(channel, "no such channel is configured", f"configure it, or `sovwatch deliver --drop {channel}`")
            )
            return None
        if isinstance(way, Refused):
            self._hold(promise, way.why, way.cure, unknown=promise.attempted_at is not None)
            return None
        return self._first_awake(promise, way)

    def _first_awake(self, promise: Promise | None, way: Way) -> datetime | None:
        """Take the oldest promise that quiet hours do not hold; return when to come back."""
        wakes = []
        while promise is not None:
            try:
                digest = unpack(promise.payload)
            except ValidationError:
                why = f"{promise.key}: another version wrote it"
                self._report(Held(promise.channel, why, "run that version once more"))
                break
            quiet = self.quiet(digest, self.clock())
            if quiet is None or quiet <= self.clock():
                wakes.append(self._take(promise, digest, way))
                break
            wakes.append(quiet)
            promise = self.queue.head(promise.channel, after=promise.id)
        return min(wakes, default=None)

    def _take(self, promise: Promise, digest: Digest, way: Way) -> datetime:
        """Bring the promise on where it may be looked at now; return when to come back."""
        wake = self._wait(promise)
        if wake <= self.clock():
            self._hand_over(promise, digest, way)
        return max(wake, self.clock())

    def _wait(self, promise: Promise) -> datetime:
        """Say when the promise may be looked at."""
        earliest = [self.paced.get(promise.channel)]
        if promise.attempted_at is not None:
            earliest.append(promise.attempted_at + self.timing.settle)
        if not (promise.held and self.impatient and promise.id not in self.tried):
            earliest.append(promise.not_before)
        ahead = self.clock() + LONGEST_PAUSE  # a clock that was wrong set what lies further ahead
        return max((at for at in earliest if at is not None and at <= ahead), default=self.clock())

    def _hand_over(self, promise: Promise, digest: Digest, way: Way) -> None:
        """Bring the present part on; a bug in a way is its own channel's, and what it may have sent is looked for."""
        self.tried.add(promise.id)
        try:
            self._bring(promise, digest, way)
        except SovwatchError:  # the database's
            raise
        except Exception as error:  # noqa: BLE001  (whatever the bug is)
            _LOG.exception("a bug; please report it: %s", promise.key)
            self._hold(promise, f"a bug: {type(error).__name__}", "report it, with what the log says", unknown=True)

    def _bring(self, promise: Promise, digest: Digest, way: Way) -> None:
        """Bring the present part to the other side, or learn that it is there."""
        parts = way.parts(digest)
        if promise.part >= len(parts):  # another version parted it into more
            self.queue.advance(promise.id, at=self.clock(), remote=promise.remote or "", link=promise.link, done=True)
            return
        part = parts[promise.part]
        thread = self._thread(promise, digest)
        outcome: Outcome | None = None
        if promise.attempted_at is not None:
            outcome = self._found(promise, part, way, thread)
        if outcome is None:
            self.queue.begin(promise.id, at=self.clock())
            outcome = way.post(part, min(promise.level, len(part.bodies) - 1), thread)
            self.paced[promise.channel] = self.clock() + way.pace
            self.report.posted += isinstance(outcome, Posted)
            promise = replace(promise, attempts=promise.attempts + 1, attempted_at=None)
        self._record(promise, part, outcome, last=promise.part == len(parts) - 1)

    def _thread(self, promise: Promise, digest: Digest) -> str | None:
        """Say under which message the part goes: a reply under its story's, a continuation under the first part."""
        if digest.thread_of is not None and (parent := self.queue.remote_of(digest.thread_of)) is not None:
            return parent
        return promise.remote if promise.part else None

    def _found(self, promise: Promise, part: Part, way: Way, thread: str | None) -> Found:
        """Look whether the part of unknown outcome stands there."""
        found = way.find(part, min(promise.promised_at, self.clock()), thread)
        self.report.found += isinstance(found, Posted)
        self.report.repeated += found is None and not way.reads_back
        return found

    def _record(self, promise: Promise, part: Part, outcome: Outcome, *, last: bool) -> None:
        """Write down what came of it. A promise that still carries `attempted_at` was looked for in vain."""
        unknown = promise.attempted_at is not None
        wait = min(self.timing.first_wait * 2 ** min(promise.attempts, 20), self.timing.longest_wait)
        later = self.clock() + wait
        match outcome:
            case Posted(remote, link):
                self.queue.advance(
                    promise.id, at=self.clock(), remote=remote, link=link, done=last, stories=part.stories
                )
                self.report.delivered += last
            case Later(why, after):
                until = self.clock() + after if after is not None else later
                self.queue.later(promise.id, until=until, error=why, unknown=unknown)
            case Unknown(why):
                until = max(later, self.clock() + self.timing.settle)
                self.queue.later(promise.id, until=until, error=why, unknown=True)
            case TooRich(why) if promise.level < len(part.bodies) - 1:
                self.queue.plainer(promise.id, error=why)
            case TooRich(why):
                self._hold(promise, why, "refused even as plain text; please report this", unknown=unknown)
            case Refused(why, cure):
                self._hold(promise, why, cure, unknown=unknown)

    def _hold(self, promise: Promise, error: str, cure: str, *, unknown: bool) -> None:
        until = self.clock() + self.timing.hold
        self.queue.hold(promise.id, until=until, error=error, cure=cure, unknown=unknown)
        self._report(Held(promise.channel, error, cure))

    def _report(self, held: Held) -> None:
        if held not in self.report.held:
            self.report.held.append(held)
