"""Running by itself: APScheduler calls the very function that cron would call, as sources and digests fall due.

One job, every TICK: what is due is decided by rows in the database, so a missed tick costs nothing and two daemons keep
apart by the lease. APScheduler's defaults would drop a tick that comes a second late (FACTS 3): late ones run, once.
"""

import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from sovwatch.app import App, run
from sovwatch.errors import ConfigurationError, LeaseHeld, SovwatchError

TICK = timedelta(minutes=1)


def serve(app: App, *, tick: timedelta = TICK) -> None:
    """Run until SIGTERM or SIGINT; a run that is under way is finished first.

    Raises:
        ConfigurationError: what cannot mend itself.
    """
    stop = threading.Event()
    failed: list[BaseException] = []

    def _stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    def _failed(event: JobExecutionEvent) -> None:
        failed.append(event.exception)
        stop.set()

    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_listener(_failed, EVENT_JOB_ERROR)
    scheduler.add_job(
        _once,
        "interval",
        args=(app,),
        seconds=tick.total_seconds(),
        next_run_time=datetime.now(UTC),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=True)
    if failed:
        raise failed[0]


def _once(app: App) -> None:
    """One run. What passes by itself is said and tried again with the next tick; a bug stops the daemon."""
    try:
        run(app)
    except LeaseHeld:
        return
    except ConfigurationError:
        raise
    except SovwatchError as error:
        print(f"sovwatch: {error}", file=sys.stderr, flush=True)  # noqa: T201
