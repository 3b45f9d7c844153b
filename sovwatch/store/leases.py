"""One run at a time: a row that says who is at work and until when it need not be asked again."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from sovwatch import schema as t
from sovwatch.errors import LeaseHeld, Unavailable
from sovwatch.store.database import Store
from sovwatch.store.upserts import put_new


def take(c: Connection, name: str, holder: str, now: datetime, length: timedelta) -> None:
    """Take the lease, or take it over from a holder that gave no sign for its whole length.

    Raises:
        LeaseHeld: somebody else is at work.
    """
    row = {"holder": holder, "since": now, "until": now + length}
    if _insert(c, name, row):
        return
    held = c.execute(select(t.lease).where(t.lease.c.name == name).with_for_update()).mappings().one_or_none()
    if held and held["until"] > now and held["holder"] != holder and not _dead(held["holder"]):
        raise LeaseHeld(held["holder"], held["since"])
    if held:
        c.execute(update(t.lease).where(t.lease.c.name == name).values(row))
    elif not _insert(c, name, row):  # given back and taken by a third in this very moment
        raise LeaseHeld("another run", now)


def clock(c: Connection) -> datetime:
    """The instant that leases are measured by: the database's, where many machines share one, whose clocks differ."""
    if c.dialect.name != "postgresql":
        return datetime.now(UTC)
    now: datetime = c.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def _insert(c: Connection, name: str, row: Mapping[str, Any]) -> bool:
    """Whether the lease was free; of two that try at once, the database lets one through."""
    return put_new(c, t.lease, {"name": name, **row})


def prolong(c: Connection, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Give a sign of life; False where somebody else has taken the lease over."""
    mine = (t.lease.c.name == name) & (t.lease.c.holder == holder)
    return c.execute(update(t.lease).where(mine).values(until=now + length)).rowcount == 1


def release(c: Connection, name: str, holder: str) -> None:
    """Give the lease back."""
    c.execute(delete(t.lease).where(t.lease.c.name == name, t.lease.c.holder == holder))


@contextmanager
def held(store: Store, name: str, length: timedelta) -> Iterator[Event]:
    """Hold the lease while the block runs, with a heartbeat from a thread; the event is set when it was lost.

    Leases are measured by a real clock even where the program's is simulated: they keep processes apart.
    """
    holder = f"{_machine()}:{os.getpid()}:{os.urandom(3).hex()}"
    with store.write() as c:
        take(c, name, holder, clock(c), length)
    lost, done = Event(), Event()

    def beat() -> None:
        while not done.wait(length.total_seconds() / 3):
            try:
                with store.write() as c:
                    if not prolong(c, name, holder, clock(c), length):
                        lost.set()
                        return
            except Unavailable:
                continue  # the lease runs out by itself if the database stays away

    heart = Thread(target=beat, name=f"lease {name}", daemon=True)
    heart.start()
    try:
        yield lost
    finally:
        done.set()
        heart.join()
        with store.write() as c:
            release(c, name, holder)


def _machine() -> str:
    """Name this machine, and of its containers this one: they may share a name, and each numbers its own processes."""
    try:
        return f"{socket.gethostname()}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:  # no Linux
        return socket.gethostname()


def _dead(holder: str) -> bool:
    """Whether the holder was a process of this machine that is no more: its lease need not be waited for."""
    machine, _, rest = holder.partition(":")
    number = rest.partition(":")[0]
    if machine != _machine() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
