"""The fleet as its database shows it: workers, queues, and how far they lag. Procrastinate's tables, read only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection, text

QUEUES = ("keep", "collect", "judge", "deliver")  # those of `sovwatch.distributed.jobs`


@dataclass(frozen=True, slots=True)
class QueueState:
    """One queue: jobs that wait and that are done right now, and for how long the oldest has waited, in seconds.

    A job that failed and is to be tried again later waits from then on.
    """

    waiting: int
    doing: int
    lag: float


@dataclass(frozen=True, slots=True)
class Fleet:
    """What `status` tells of a fleet."""

    workers: int
    silent: int  # workers without a sign of life: their jobs are taken up by others
    failed: int  # jobs that failed for good
    queues: Mapping[str, QueueState] = field(default_factory=dict)


def installed(c: Connection) -> bool:
    """Whether the database has a queue."""
    return c.dialect.name == "postgresql" and c.dialect.has_table(c, "procrastinate_jobs")


def members(c: Connection, silence: timedelta) -> int:
    """How many workers are alive: gave a sign of life within that time."""
    query = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :alive)"
    return int(c.execute(text(query), {"alive": silence.total_seconds()}).scalar_one())


def fleet(c: Connection, silence: timedelta = timedelta(seconds=30)) -> Fleet | None:
    """The state of the fleet; None where there is none and never was."""
    if not installed(c):
        return None
    workers = int(c.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar_one())
    failed = int(c.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")).scalar_one())
    alive = members(c, silence)
    return Fleet(alive, workers - alive, failed, _queues(c))


def _queues(c: Connection) -> dict[str, QueueState]:
    query = """
        SELECT queue_name, count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
               greatest(0, extract(epoch FROM now() - min(due) FILTER (WHERE status = 'todo')))
        FROM procrastinate_jobs j
        CROSS JOIN LATERAL (
            SELECT greatest(max(e.at), j.scheduled_at) AS due FROM procrastinate_events e WHERE e.job_id = j.id
        ) AS event
        WHERE status IN ('todo', 'doing')
        GROUP BY queue_name ORDER BY queue_name
    """
    busy = {name: QueueState(waiting, doing, float(lag)) for name, waiting, doing, lag in c.execute(text(query))}
    return {name: QueueState(0, 0, 0.0) for name in QUEUES} | busy
