"""Which scheduled work was done: one row a job and slot, whoever did it, cron or daemon.

The rows, and not a column "last slot", hold the truth: a slot that has its row is never served again, and a clock
that ran ahead for a while does not silence a channel until the world has caught up, as the latest slot seen would.
"""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, select, update

from sovwatch import schema as t

KEPT = timedelta(days=14)  # of the rows of runs; those of digests stay, they are few
SET_BACK = timedelta(days=1)  # what is further ahead was served by a clock that was wrong
RUN = "run"

State = Literal["running", "done", "failed", "stopped"]


def digest_job(channel: str) -> str:
    """The job that serves a channel's digests."""
    return f"digest:{channel}"


def last_slot(c: Connection, job: str, now: datetime) -> datetime | None:
    """The latest slot that was served: up to now, or a little later by a clock that was set back since."""
    s = t.schedule_run.c
    return c.execute(select(func.max(s.slot)).where(s.job == job, s.slot <= now + SET_BACK)).scalar_one_or_none()


def serve(c: Connection, job: str, slot: datetime, *, now: datetime, detail: str = "") -> None:
    """Note a slot as served, in the transaction that serves it."""
    row = {"job": job, "slot": slot, "started": now, "finished": now, "state": "done", "detail": detail}
    c.execute(insert(t.schedule_run).values(row))


def begin(c: Connection, job: str, at: datetime) -> None:
    """Note that something longer than a transaction has begun; what was still running there was killed."""
    s = t.schedule_run
    c.execute(update(s).where(s.c.job == job, s.c.state == "running").values(state="failed", detail="was killed"))
    c.execute(delete(s).where(s.c.job == job, s.c.slot == at))  # a simulated clock may stand still
    c.execute(insert(s).values(job=job, slot=at, started=at, state="running", detail=""))


def finish(c: Connection, job: str, at: datetime, *, now: datetime, state: State, detail: str) -> None:
    """Note how it ended."""
    s = t.schedule_run
    c.execute(update(s).where(s.c.job == job, s.c.slot == at).values(finished=now, state=state, detail=detail))


def latest(c: Connection, job: str, now: datetime) -> RowMapping | None:
    """The newest row of a job."""
    s = t.schedule_run
    known = and_(s.c.job == job, s.c.slot <= now + SET_BACK)
    return c.execute(select(s).where(known).order_by(s.c.slot.desc()).limit(1)).mappings().one_or_none()


def last_done(c: Connection, job: str, now: datetime) -> datetime | None:
    """When the last of a job that ended well was begun."""
    s = t.schedule_run.c
    done = and_(s.job == job, s.state == "done", s.slot <= now + SET_BACK)
    return c.execute(select(func.max(s.started)).where(done)).scalar_one_or_none()


def forget(c: Connection, now: datetime) -> int:
    """Drop the rows of old runs."""
    s = t.schedule_run
    return c.execute(delete(s).where(s.c.job == RUN, s.c.slot < now - KEPT)).rowcount
