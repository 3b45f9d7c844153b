"""The crawl's child process as its parent sees it: started with a job, drained, ended by its deadline whatever it does.

SIGTERM a little before the deadline, so that it can say what is unfinished; SIGKILL at it. Timers of their own see to
that, so that a parent that is slow to listen does not prolong the crawl.
"""

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import IO, Self

from spiders.wire import End, Job, Message, pack_job, unpack

_LOOK = 0.2  # seconds between two looks at `stop`
_GRACE = timedelta(seconds=5)  # between SIGTERM and SIGKILL, at most a fifth of the deadline
_CLOSED = object()


class Child:
    """The child process and the thread that empties its pipe, so that a slow reader never stalls downloads."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._deadline = job.settings.crawl.deadline
        self._lines: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._end: End | None = None
        self._late = self._stopped = False
        self._began = 0.0

    def __enter__(self) -> Self:
        self._said = tempfile.TemporaryFile()
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "spiders.crawl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={name: value for name, value in os.environ.items() if not name.startswith(("SOVWATCH_", "SLACK_"))},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError), self._process.stdin as pipe:
            pipe.write(pack_job(self._job))
        self._reader = threading.Thread(target=self._drain, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        grace = min(_GRACE, self._deadline / 5)
        self._timers = [
            threading.Timer((self._deadline - grace).total_seconds(), self._out_of_time),
            threading.Timer(self._deadline.total_seconds(), self._process.kill),
        ]
        for timer in self._timers:
            timer.daemon = True
            timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        for timer in self._timers:
            timer.cancel()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        self._said.close()

    def _drain(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self._lines.put(line)
        self._lines.put(_CLOSED)

    def _out_of_time(self) -> None:
        self._late = True
        self._process.terminate()

    def messages(self, stop: Callable[[], bool]) -> Iterator[Message]:
        """Yield what the child says until it is done."""
        while True:
            if not self._stopped and stop():
                self._stopped = True
                self._process.terminate()
            try:
                line = self._lines.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if not isinstance(line, bytes):
                return
            with suppress(ValueError):  # a last line that the kill cut in two
                message = unpack(line)
                self._end = message if isinstance(message, End) else self._end
                yield message

    def lasted(self) -> timedelta:
        """Return how long the crawl has taken."""
        return timedelta(seconds=time.monotonic() - self._began)

    def why_it_ended(self) -> str:
        """Return a sentence on why sources were left unread."""
        if self._late:
            return f"not read: the crawl reached its deadline of {self._deadline}"
        if self._stopped:
            return "not read: the crawl was stopped"
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        if self._end is not None and self._process.returncode == 0:
            return f"not read: the crawl ended early ({self._end.reason})"
        return f"not read: the crawl's process died (exit {self._process.returncode}){self._last_words()}"

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return f": {lines[-1][:300]}" if lines else ""
