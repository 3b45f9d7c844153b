"""The lease that keeps a fleet and a run by cron, by hand or by the daemon apart.

All workers hold the one lease of runs, in common: its holder is "fleet", each gives its signs of life, and it runs out
once nobody does. So `sovwatch run` beside a fleet exits 75 as beside another run, and workers that start while a run is
at work wait for its end. The last to leave gives it back; who came in that moment takes it again with its next sign.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread

from sovwatch.app.opening import FLEET, LEASE, App
from sovwatch.errors import LeaseHeld, Unavailable
from sovwatch.store import Store, leases
from sovwatch.store.fleet import members

_LOG = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds between two tries, while a run is at work
_FIRST_SIGN = 1.0  # seconds: soon, in case that the last of an older fleet left while we came


@contextmanager
def member(app: App, lost: Callable[[], None], given_up: Event) -> Iterator[None]:
    """Be one of the fleet while the block runs, once no other run is at work; `lost` is called when it must end."""
    store, length = app.store, app.settings.lease
    _wait(store, length, given_up)
    done = Event()

    def beat() -> None:
        wait = _FIRST_SIGN
        while not done.wait(wait):
            wait = length.total_seconds() / 3
            try:
                _take(store, length)
            except LeaseHeld as error:  # we slept, or the database was away, and a run began
                _LOG.warning("%s", error)
                lost()
                return
            except Unavailable as error:
                _LOG.warning("%s", error)

    heart = Thread(target=beat, name="lease of the fleet", daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()
        with suppress(Unavailable), store.write() as c:
            if not members(c, app.settings.worker.silence):
                leases.release(c, LEASE, FLEET)


def _wait(store: Store, length: timedelta, given_up: Event) -> None:
    said = False
    while not given_up.is_set():
        try:
            _take(store, length)
        except LeaseHeld as error:
            if not said:
                _LOG.info("%s; waiting for its end", error)
                said = True
            given_up.wait(PATIENCE)
        else:
            return


def _take(store: Store, length: timedelta) -> None:
    with store.write() as c:
        now = leases.clock(c)
        if not leases.prolong(c, LEASE, FLEET, now, length):
            leases.take(c, LEASE, FLEET, now, length)
