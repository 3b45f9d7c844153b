"""A cap on the CPU time of one parse, which no input can talk its way around.

Feeds and pages are parsed in the crawl's child, in the thread that serves all its downloads: one that takes minutes
would cost every other source its turn. SIGVTALRM counts CPU time of this process alone, so that a busy machine fails
nothing. The signal repeats, and its exception is no `Exception`: parsers full of `except Exception` cannot swallow it
for good.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType


class TooSlow(Exception):
    """A parse took more CPU time than it may."""


class _Alarm(BaseException):
    """Raised inside the parser; never leaves this module."""


@contextmanager
def cpu_limit(limit: timedelta) -> Iterator[None]:
    """Stop what runs inside after so much CPU time.

    Raises:
        TooSlow: the time is over.
    """
    if threading.current_thread() is not threading.main_thread():  # signals reach the main thread alone
        yield
        return
    previous = signal.signal(signal.SIGVTALRM, _ring)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, limit.total_seconds(), 0.05)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _Alarm:
        raise TooSlow(f"took more than {limit.total_seconds():g} s of CPU time") from None
    finally:
        signal.signal(signal.SIGVTALRM, previous)


def _ring(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise _Alarm
