"""One run at a time, on both databases: heartbeat, crash, expiry, takeover."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, tzinfo
from threading import Barrier

import pytest
from sqlalchemy import select, update

from sovwatch import schema as t
from sovwatch.errors import LeaseHeld
from sovwatch.store import Store, leases, open_store
from tests.waiting import until

LENGTH = timedelta(seconds=0.9)
HOLDER = """
import sys, time
from datetime import timedelta
from sovwatch.store import leases, open_store
with leases.held(open_store(sys.argv[1]), "run", timedelta(hours=1)):
    print("held", flush=True)
    time.sleep(60)
"""


def _held_until(store: Store) -> datetime:
    with store.read() as c:
        until: datetime = c.execute(select(t.lease.c.until)).scalar_one()
    return until


def test_a_second_run_is_told_who_holds_the_lease_since_when(store: Store) -> None:
    before = datetime.now(UTC)
    with leases.held(store, "run", LENGTH), pytest.raises(LeaseHeld) as caught, leases.held(store, "run", LENGTH):
        pass

    assert f":{os.getpid()}:" in caught.value.holder
    assert before <= caught.value.since <= datetime.now(UTC)


def test_who_holds_a_lease_may_take_it_again_and_nobody_else(store: Store) -> None:
    now = datetime.now(UTC)
    for holder in ("fleet", "fleet"):  # which many workers are, who may all come at once
        with store.write() as c:
            leases.take(c, "run", holder, now, LENGTH)
    with store.write() as c, pytest.raises(LeaseHeld):
        leases.take(c, "run", "another", now, LENGTH)


def test_the_heartbeat_keeps_a_lease_for_longer_than_its_length(store: Store) -> None:
    length = timedelta(seconds=3)  # a heartbeat may be late by two thirds of it
    with leases.held(store, "run", length) as lost:
        first = _held_until(store)
        until(lambda: _held_until(store) > first + length)
        assert not lost.is_set()
        with pytest.raises(LeaseHeld), leases.held(store, "run", length):
            pass
    with leases.held(store, "run", length):
        pass  # given back at once


def test_a_killed_holder_of_this_machine_has_lost_the_lease_at_once(store: Store, database_url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, database_url], stdout=subprocess.PIPE, text=True) as crashed:
        assert crashed.stdout is not None
        assert crashed.stdout.readline() == "held\n"
        with pytest.raises(LeaseHeld), leases.held(store, "run", LENGTH):
            pass
        crashed.send_signal(signal.SIGKILL)
        crashed.wait()

    with leases.held(store, "run", LENGTH):
        pass


@pytest.mark.parametrize("namespace", ["", "/1"])
def test_a_holder_in_another_container_of_one_name_is_not_taken_for_dead(store: Store, namespace: str) -> None:
    """Two containers may share a database and a hostname; the numbers of their processes are their own."""
    with subprocess.Popen([sys.executable, "-c", "pass"]) as gone:
        gone.wait()
    now = datetime.now(UTC)
    with store.write() as c:
        leases.take(c, "run", f"{socket.gethostname()}{namespace}:{gone.pid}:x", now, LENGTH)
    with store.write() as c, pytest.raises(LeaseHeld):
        leases.take(c, "run", "here:2:y", now, LENGTH)


def test_a_holder_elsewhere_that_gives_no_sign_loses_it_after_its_length(store: Store) -> None:
    now = datetime.now(UTC)
    with store.write() as c:
        leases.take(c, "run", "other-machine:1:x", now, LENGTH)

    with store.write() as c, pytest.raises(LeaseHeld):
        leases.take(c, "run", "here:2:y", now + LENGTH / 2, LENGTH)
    with store.write() as c:
        leases.take(c, "run", "here:2:y", now + LENGTH * 1.1, LENGTH)
    with store.write() as c:
        assert not leases.prolong(c, "run", "other-machine:1:x", now, LENGTH)


def test_a_holder_learns_that_it_was_taken_over(store: Store) -> None:
    """As after a machine slept: the run must not go on beside the one that took over."""
    with leases.held(store, "run", LENGTH) as lost:
        with store.write() as c:
            c.execute(update(t.lease).values(holder="other-machine:1:x"))
        assert lost.wait(60)
    with store.read() as c:
        assert c.execute(select(t.lease.c.holder)).scalar_one() == "other-machine:1:x"


def test_of_many_that_start_at_once_one_gets_it(store: Store) -> None:
    together = Barrier(6)

    def attempt(_: int) -> bool:
        together.wait()
        try:
            with leases.held(store, "run", timedelta(minutes=1)):
                together.wait()  # hold it until all have tried
        except LeaseHeld:
            together.wait()
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1


def test_a_machine_whose_clock_is_wrong_takes_no_lease_and_loses_none(
    empty_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where several machines share a database, its clock counts."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Ahead":
            return cls.fromtimestamp(time.time() + off, tz)

    monkeypatch.setattr(leases, "datetime", Ahead)
    store, long = open_store(empty_postgresql), timedelta(minutes=5)
    for mine, theirs in ((0, 3600), (-3600, 0)):
        off = mine
        with leases.held(store, "run", long):
            off = theirs
            with pytest.raises(LeaseHeld), leases.held(store, "run", long):
                pass
    store.close()
