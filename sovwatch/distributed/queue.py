"""Our jobs on Procrastinate: tasks, locks, the clock, and what dead workers leave behind."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from sovwatch.app import App
from sovwatch.distributed.jobs import Job, Queue, Task, do, tasks
from sovwatch.errors import Unavailable
from sovwatch.settings import Settings
from sovwatch.store.database import SESSION, server_options

_LOG = logging.getLogger(__name__)
_RESCUING = 7368779  # the advisory lock of whoever takes up the jobs of the dead
_FAILED_KEPT = 14 * 24  # hours
_BY_CHANCE = 2  # workers that died of one job before it counts as their killer
_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
_BLAME = """
    UPDATE procrastinate_jobs SET attempts = %s, scheduled_at = %s WHERE status = 'todo' AND queueing_lock = %s
"""
KEEP = "keep"  # the queue that every worker serves

Stopping = Callable[[], bool]


def open_queue(app: App, queues: Sequence[Queue], stopping: Stopping) -> procrastinate.App:
    """The queue with the tasks of these queues, doing their work on `app`.

    A job that fails is not tried again: the next plan asks for the work anew. Procrastinate would put it back into the
    queue beside its like that waits there, fail at that, and leave it "at work" for ever, with its lock.
    """
    made = procrastinate.App(connector=connector(app.settings))
    for task in (*tasks(["keep"]), *tasks(queues)):
        add: Any = made.task(**_options(Job(task)))
        add(_worked(app, task, stopping))
    ticks = ticking(app.settings)
    rescue: Any = made.task(**_kept("rescue"))
    sweep: Any = made.task(**_kept("sweep"))
    every_tick: Any = made.periodic(cron=ticks)
    every_day: Any = made.periodic(cron="17 4 * * *")
    every_tick(made.tasks["plan"])
    every_tick(rescue(_rescuer(app.settings.worker.silence.total_seconds())))
    every_day(sweep(_sweep))
    return made


def _options(job: Job) -> dict[str, Any]:
    return {"name": job.task, **_placed(job), "pass_context": True}


def _placed(job: Job) -> dict[str, Any]:
    return {"queue": job.queue, "lock": job.lock, "queueing_lock": job.key, "priority": job.priority}


def _kept(name: str) -> dict[str, Any]:
    return {**_options(Job("plan")), "name": name, "lock": None, "queueing_lock": name}


def connector(settings: Settings) -> procrastinate.PsycopgConnector:
    """The connections of the queue itself: few, since jobs use those of the store."""
    return procrastinate.PsycopgConnector(conninfo=conninfo(settings.database_url), min_size=1, max_size=4)


def conninfo(address: str) -> str:
    """An SQLAlchemy address as libpq writes it; several hosts, as of a database that fails over, with it.

    It is connected to as the store connects: else a worker that lost its network would wait for the queue for hours.
    """
    url = make_url(address)
    given = {**server_options(url), **url.get_dialect()().create_connect_args(url)[1]}
    session = [f"-c {name}={value}" for name, value in SESSION.items()]
    given["options"] = " ".join([*session, *filter(None, [given.get("options")])])
    return make_conninfo(**{name: value for name, value in given.items() if name != "context"})


def ticking(settings: Settings) -> str:
    """The tick as cron writes it; under a minute by its sixth field, which croniter reads as seconds."""
    minutes, seconds = divmod(max(1, round(settings.daemon.tick.total_seconds())), 60)
    return f"*/{min(59, minutes)} * * * *" if minutes else f"* * * * * */{seconds}"


def _worked(app: App, task: Task, stopping: Stopping) -> Callable[..., None]:
    """The task as Procrastinate calls it: does the job, and puts what follows into the queue."""

    def work(context: procrastinate.JobContext, about: str = "", timestamp: int = 0) -> None:
        del timestamp  # of a periodic job: what is due is due by the rows, not by the tick
        for following in do(app, Job(task, about), lambda: stopping() or context.should_abort()):
            defer(context.app, following)

    return work


@contextmanager
def lost_connection() -> Iterator[None]:
    """Say in one sentence that the queue cannot be reached."""
    try:
        yield
    except (exceptions.ConnectorException, psycopg.Error) as error:  # the latter of its pool, where nobody answers
        said = str(error.__cause__ or error).strip().splitlines()
        raise Unavailable(f"the queue cannot be used: {said[0] if said else type(error).__name__}") from error


def defer(queue: procrastinate.App, job: Job) -> None:
    """Put a job into its queue, unless its like is waiting there."""
    try:
        queue.configure_task(job.task, allow_unknown=True, **_placed(job)).defer(about=job.about)
    except exceptions.AlreadyEnqueued:
        _LOG.debug("%s waits already", job.key)


def _rescuer(silence: float) -> Callable[..., Awaitable[None]]:
    async def rescue(context: procrastinate.JobContext, timestamp: int) -> None:
        del timestamp
        await take_up(context.app, silence)

    return rescue


async def take_up(queue: procrastinate.App, silence: float) -> None:
    """Take up the jobs of workers without a sign of life; one at a time, or a job is taken up twice."""
    assert isinstance(queue.connector, procrastinate.PsycopgConnector)
    async with queue.connector.pool.connection() as c, c.transaction():
        row = await (await c.execute("SELECT pg_try_advisory_xact_lock(%s)", [_RESCUING])).fetchone()
        if row is None or not row[0]:
            return
        for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
            _LOG.warning("the worker of %s died; another takes it up", job.call_string)
            await _again(queue.job_manager, c, job)


async def _again(manager: JobManager, c: AsyncConnection[Any], job: procrastinate.jobs.Job) -> None:
    assert job.id is not None
    again = datetime.now(UTC) + pause(job.attempts)
    try:
        await manager.retry_job(job, retry_at=again)
    except exceptions.ConnectorException:  # its like waits already: that one does the work, and bears the blame
        await c.execute(_BLAME, [job.attempts + 1, again, job.queueing_lock])
        await manager.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=True)


def pause(deaths: int) -> timedelta:
    """How long a job waits that so many workers had died of before this one.

    Two may die by chance. What kills its worker each time waits longer and longer, so that they serve the rest.
    """
    return timedelta() if deaths < _BY_CHANCE else min(_PAUSE * (1 << min(deaths - _BY_CHANCE, 10)), _LONGEST_PAUSE)


async def _sweep(context: procrastinate.JobContext, timestamp: int) -> None:
    """Drop the rows of old jobs that failed."""
    del timestamp
    await context.app.job_manager.delete_old_jobs(_FAILED_KEPT, include_failed=True, include_aborted=True)
