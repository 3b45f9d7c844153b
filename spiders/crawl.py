"""Due sources → one crawl in a child process, with a time limit → Articles and SourceRuns.

A child, since Twisted's reactor starts once in a process, since memory returns with it, and since a parse that hangs
can be killed (FACTS 1: it costs 1.2 s). Whatever the child does (crash, hang, die), every due source gets its
SourceRun, and the crawl ends by its deadline: SIGTERM a little before it, SIGKILL at it.

The kernel kills the child when the *thread* that started it ends: the iterator belongs to one thread.
"""

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import IO, Self

from sovwatch.model import Article, Due, SourceRun
from sovwatch.settings import Settings
from spiders.wire import End, Job, Message, pack_job, unpack

_LOOK = 0.2  # seconds between two looks at `stop`
_GRACE = timedelta(seconds=5)  # between SIGTERM and SIGKILL, at most a fifth of the deadline
_CLOSED = object()


def _never() -> bool:
    return False


def crawl(
    due: Sequence[Due],
    settings: Settings,
    *,
    now: datetime,
    stop: Callable[[], bool] = _never,
    remember: bool = True,
) -> Iterator[Article | SourceRun]:
    """Read the due sources, and yield articles as they come and, after the articles of a source, its SourceRun.

    Without `remember` every entry counts as new (for trying a source).
    With `stop` the crawl is ended early; what was not read by then is a failed SourceRun, and is due again.
    """
    waiting = {one.source: one for one in due}
    if not waiting:
        return
    with _Child(Job(tuple(due), settings, now, os.getpid(), remember)) as child:
        for message in child.messages(stop):
            if isinstance(message, SourceRun):
                waiting.pop(message.source, None)
            if not isinstance(message, End):
                yield message
        finished = now + child.lasted()
        why = child.why_it_ended()
    for source in waiting:
        yield SourceRun(source=source, started=now, finished=finished, outcome="failed", detail=why)


class _Child:
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


if __name__ == "__main__":
    from spiders.child import main

    raise SystemExit(main())
