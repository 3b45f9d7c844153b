"""The machine of `benchmarks.soak`: a daemon that lives through all of it, and runs of cron that may be killed.

All are processes of their own, forked from one that has loaded the program already (multiprocessing's fork server), and
so are the crawls that they start: what a soak of thousands of runs saves that way is imports, nothing else. What
Slack's trouble makes a message wait for longer than `PATIENCE` is left to the next run, which is an hour away by the
simulated clock; in life up to 100 seconds are sat out.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import _lru_cache_wrapper, partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn, Self
from unittest.mock import patch

from alerts.outbox import Timing, deliver
from sovwatch.app import App, delivering, open_app, run
from sovwatch.settings import load
from sovwatch.store import Store
from spiders import child

PATIENCE = timedelta(seconds=3)
BARE = "bare"  # said to the daemon: empty your caches
HIGHEST = 1024  # number of an open file
_LOADED = [
    "benchmarks.machine",
    "scrapy.crawler",
    "spiders.sources",
    "sovwatch.judge",
    "sovwatch.app.telling",
    "alerts.ways",
]
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(_LOADED)


class Machine:
    """Runs Sovwatch with one configuration, at the instants that it is told."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._here, there = _processes.Pipe()
        self._daemon = _processes.Process(target=_daemon, args=(config, there), daemon=True)
        self._usual = 1.0  # seconds that a run takes, by and by

    def __enter__(self) -> Self:
        self._daemon.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._here.send(None)
        self._daemon.join()

    def run(self, at: datetime) -> None:
        """Let the daemon do what is due."""
        began = time.monotonic()
        self._here.send(at)
        if (wrong := self._here.recv()) is not None:
            raise RuntimeError(f"the daemon's run at {at} failed: {wrong}")
        self._usual += (time.monotonic() - began - self._usual) / 20

    def run_killed(self, at: datetime, moment: float) -> bool:
        """Run as cron would, and kill it at a moment, 0 to 1 of somewhat more than a run takes; False: it was done."""
        process = _processes.Process(target=_cron, args=(self._config, at))
        process.start()
        process.join(moment * 1.3 * self._usual)
        if alive := process.is_alive():
            process.kill()
        process.join()
        if process.exitcode not in {0, -signal.SIGKILL}:
            raise RuntimeError(f"cron's run at {at} failed")
        return alive

    def memory(self, *, bare: bool = False) -> float:
        """Megabytes of the daemon that are resident; `bare`: once its caches were emptied, all of which have bounds.

        It holds the loaded crawler, which a real one does not.
        """
        if bare:
            self._here.send(BARE)
            self._here.recv()
        pages = int(Path(f"/proc/{self._daemon.pid}/statm").read_text(encoding="ascii").split()[1])
        return round(pages * os.sysconf("SC_PAGESIZE") / 1e6, 1)


def _daemon(config: Path, told: Connection) -> None:
    with _prepared(config) as app:
        while (at := told.recv()) is not None:
            if at == BARE:
                _empty_caches()
                told.send(None)
                continue
            try:
                _run(app, at)
            except Exception as error:  # noqa: BLE001  (the soak ends with it, and says what it was)
                told.send(repr(error))
            else:
                told.send(None)


def _empty_caches() -> None:
    """Empty every bounded cache of functions, and give what is free back to the kernel."""
    for one in gc.get_objects():
        if isinstance(one, _lru_cache_wrapper):
            one.cache_clear()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _cron(config: Path, at: datetime) -> None:
    with _prepared(config) as app:
        _run(app, at)


def _run(app: App, at: datetime) -> None:
    run(App(app.settings.model_copy(update={"clock": at}), app.store))


@contextmanager
def _prepared(config: Path) -> Iterator[App]:
    app = open_app(load(config))
    hasty = partial(deliver, timing=Timing(patience=PATIENCE))
    with patch.object(delivering, "deliver", hasty), patch.object(subprocess, "Popen", _forking(app.store)):
        yield app
    app.store.close()


def _forking(store: Store) -> Callable[..., "subprocess.Popen[bytes]"]:
    """Popen, with the crawl forked where it would be executed: pipes, signals and the parent's death are as ever."""
    popen = subprocess.Popen

    def start(command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
        if command[1:] != ["-m", "spiders.crawl"]:
            return popen(command, **options)
        store.close()  # it opens again by itself; what SQLite knows of its locks must not be inherited
        return popen(command, preexec_fn=_crawl, **options)

    return start


def _crawl() -> NoReturn:
    """Be the crawl, in the place of the program that would be executed."""
    os.closerange(3, HIGHEST)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    code = 1
    try:
        code = child.main()
    except Exception:  # noqa: BLE001  (Popen would swallow it)
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)
