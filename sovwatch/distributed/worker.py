"""`sovwatch worker`: takes jobs from the queues until SIGTERM or SIGINT.

On a signal no job is begun any more; a crawl is cut short, an article's judging and a message's delivery are finished.
A worker that must not go on (another run holds the lease) ends with 75, for its supervisor to start it anew. One whose
database goes away waits for it: the jobs that it had are taken up as those of the dead are.
"""

import asyncio
import logging
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import procrastinate

from sovwatch.app import App
from sovwatch.distributed.jobs import Job, Queue
from sovwatch.distributed.membership import member
from sovwatch.distributed.queue import KEEP, defer, lost_connection, open_queue
from sovwatch.distributed.schema import apply
from sovwatch.errors import LeaseHeld, Unavailable

_LOG = logging.getLogger(__name__)
SIGNS = 6  # of life within the time after which a worker is taken for dead
_PATIENCE = 2.0  # seconds until the queue is tried again
_LOOK = 2.0  # seconds between two looks at the queue: a notice comes at once, but not of a lock that became free


def work(app: App, queues: Sequence[Queue], concurrency: int) -> None:
    """Work until a signal.

    Raises:
        ConfigurationError: no PostgreSQL, or something wrong with topics, cards or schedules.
        LeaseHeld: the lease was lost to another run while at work.
    """
    apply(app)
    app.require_sound()
    app.require_schedules()
    asyncio.run(_Worker(app, queues, concurrency).run())


class _Worker:
    """One worker: its queue, the signals, and whether it may go on."""

    def __init__(self, app: App, queues: Sequence[Queue], concurrency: int) -> None:
        self._app, self._queues, self._concurrency = app, queues, concurrency
        self._stop = Event()
        self._lost = False

    async def run(self) -> None:
        """Join the fleet, serve the queues, leave."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(self._concurrency + 2, thread_name_prefix="job"))
        task = asyncio.current_task()
        assert task is not None

        def end() -> None:
            if not self._stop.is_set():
                self._stop.set()
                task.cancel()  # Procrastinate lets what is under way end first

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)

        def lost() -> None:
            self._lost = True
            loop.call_soon_threadsafe(end)

        with suppress(asyncio.CancelledError):
            membership = member(self._app, lost, self._stop)
            await asyncio.to_thread(membership.__enter__)
            try:
                while not self._stop.is_set():
                    await self._serve_while_it_can()
            finally:
                membership.__exit__(None, None, None)
        if self._lost:
            raise LeaseHeld("another run", self._app.now())

    async def _serve_while_it_can(self) -> None:
        try:
            await self._serve()
        except Unavailable as error:
            _LOG.warning("%s; trying again", error)
            await asyncio.to_thread(self._stop.wait, _PATIENCE)

    async def _serve(self) -> None:
        queue = open_queue(self._app, self._queues, self._stop.is_set)
        with lost_connection():
            await self._take_jobs(queue)
        if not self._stop.is_set():  # Procrastinate ends quietly when its listener or its heartbeat fails
            raise Unavailable(f"{self._app.store.name}: the connection of the queue was lost")

    async def _take_jobs(self, queue: procrastinate.App) -> None:
        silence = self._app.settings.worker.silence.total_seconds()
        async with queue.open_async():
            await asyncio.to_thread(defer, queue, Job("plan"))
            _LOG.info("serving %s, %s jobs at a time", ", ".join(self._queues), self._concurrency)
            await queue.run_worker_async(
                queues=[KEEP, *self._queues],
                concurrency=self._concurrency,
                delete_jobs=procrastinate.jobs.DeleteJobCondition.SUCCESSFUL,
                install_signal_handlers=False,
                update_heartbeat_interval=silence / SIGNS,
                stalled_worker_timeout=silence,
                fetch_job_polling_interval=_LOOK,
            )
