"""Running by itself: APScheduler calls the very function that cron would call, as sources and digests fall due.

One job, every tick: what is due is decided by rows in the database, so a missed tick costs nothing and two daemons keep
apart by the lease. APScheduler's defaults would drop a tick that comes a second late: late ones run, once.
What passes by itself (a database that is away, another run) is said and tried again with the next tick; a bug stops
the daemon, loudly. An edited configuration is taken up at the next tick; a wrong one is said, and the last good one
goes on.

SIGTERM and SIGINT let the run under way end: a crawl is cut short, an article's judging and a message's delivery are
finished. What takes longer than `daemon.drain` is cut off, the crawl's child with it: every stage may be killed.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.background import BackgroundScheduler

from sovwatch.app import App, RunReport, open_app, run
from sovwatch.app.journal import event
from sovwatch.app.pulse import Pulse, serve_pulse
from sovwatch.errors import ConfigurationError, LeaseHeld, SovwatchError
from sovwatch.settings import Settings, load

_LOG = logging.getLogger(__name__)
CUT_OFF = 1  # exit code when the run under way did not end in time


def serve(config: Path | None) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: the configuration is wrong at the start.
        Unavailable: the database cannot be used at the start.
    """
    Daemon(lambda: load(config)).serve()


class Daemon:
    """The scheduler, what stops it, and the configuration as it stands."""

    def __init__(self, configuration: Callable[[], Settings]) -> None:
        self._configuration = configuration
        self._settings = configuration()
        self._app = _sound(self._settings)
        self._seen = _signature(self._settings)
        self._stop = threading.Event()
        self._bug: BaseException | None = None
        self.pulse = Pulse()

    def serve(self) -> None:
        """Run until a signal or a bug, and raise the bug."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)
        scheduler = self._scheduler()
        with serve_pulse(self._settings.daemon.address, self.pulse, lambda: self._app):
            scheduler.start()
            _LOG.info("started, looking every %s", self._settings.daemon.tick)
            self._wait(scheduler)
            self._drain(scheduler)
        self._app.store.close()
        if self._bug is not None:
            raise self._bug

    def _scheduler(self) -> BackgroundScheduler:
        tick = self._settings.daemon.tick.total_seconds()
        scheduler = BackgroundScheduler(timezone=UTC)
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # what it warns of, `_noted` hears and says
        scheduler.add_listener(self._noted, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        now = datetime.now(UTC)
        whole = datetime.fromtimestamp(now.timestamp() // tick * tick, UTC)  # on the minute, as digests are
        scheduler.add_job(
            self._tick,
            "interval",
            seconds=tick,
            start_date=whole,
            next_run_time=now,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        return scheduler

    def _wait(self, scheduler: BackgroundScheduler) -> None:
        """Wait for the end. A clock that is set back would else silence the scheduler for as long: it goes by dates."""
        tick = self._settings.daemon.tick
        while not self._stop.wait(tick.total_seconds()):
            for job in scheduler.get_jobs():
                if job.next_run_time > datetime.now(UTC) + 2 * tick:
                    job.modify(next_run_time=datetime.now(UTC))

    def _noted(self, noted: JobEvent) -> None:
        """Count what APScheduler only announces; a bug ends the daemon."""
        if noted.code == EVENT_JOB_ERROR:
            self._bug = noted.exception
            self._stop.set()
        elif noted.code == EVENT_JOB_MISSED:
            self.pulse.missed += 1
            _LOG.warning("a tick was missed; the next does its work")
        else:
            self.pulse.skipped += 1
            _LOG.info("the run of the tick before is still at work")

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        del frame
        _LOG.info("%s: finishing what is under way", signal.Signals(number).name)
        self._stop.set()

    def _drain(self, scheduler: BackgroundScheduler) -> None:
        scheduler.pause()
        ended = threading.Thread(target=scheduler.shutdown, kwargs={"wait": True}, daemon=True)
        ended.start()
        ended.join(self._settings.daemon.drain.total_seconds())
        if ended.is_alive():
            _LOG.warning("cut off after %s; the next run takes up what is left", self._settings.daemon.drain)
            logging.shutdown()
            os._exit(CUT_OFF)

    def _tick(self) -> None:
        self._reload()
        try:
            report = run(self._app, stop=self._stop.is_set)
        except LeaseHeld as error:
            self.pulse.held += 1
            self.pulse.stood_back = datetime.now(UTC)
            _LOG.info("%s", error)
        except SovwatchError as error:  # it passes by itself, or the operator mends it while we go on
            self.pulse.failed += 1
            _LOG.error("%s", error)
        else:
            self._well(report)

    def _well(self, report: RunReport) -> None:
        self.pulse.good += 1
        self.pulse.last_good = datetime.now(UTC)
        for held in report.delivered.held if report.delivered else ():
            event(_LOG, f"held: {held.error}", cure=held.cure)

    def _reload(self) -> None:
        """Take up an edited configuration, once it can be read."""
        signature = _signature(self._settings)
        if signature == self._seen:
            return
        self._seen = signature
        try:
            settings = self._configuration()
            opened = _sound(settings)
        except SovwatchError as error:
            _LOG.error("%s; going on as before", error)
            return
        old, self._app, self._settings = self._app, opened, settings
        old.store.close()
        _LOG.info("the configuration was read again")


def _sound(settings: Settings) -> App:
    """Open the program, with its topics, cards and schedules compiled: what is wrong with them is said now."""
    app = open_app(settings)
    try:
        app.require_sound()
        app.require_schedules()
    except ConfigurationError:
        app.store.close()
        raise
    return app


def _signature(settings: Settings) -> dict[Path, int]:
    """The files of the configuration, with when they were written."""
    return {file: stat.st_mtime_ns for file, stat in settings.files().items()}
