"""The crawl's child process as its parent sees it: started with a job, drained, ended by its deadline whatever it does.

SIGTERM a little before the deadline, so that it can say what is unfinished; SIGKILL at it. Timers of their own see to
that, so that a parent that is slow to listen does not prolong the crawl. A parse that hangs where no signal reaches
it, as in a library's C code, is ended long before.
"""

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from io import BufferedReader
from typing import Self, cast

from spiders.wire import At, End, Job, Message, pack_job, unpack

_LOOK = 0.2  # seconds between two looks at `stop`
_GRACE = timedelta(seconds=5)  # between SIGTERM and SIGKILL, at most a fifth of the deadline
_PATIENCE = 10  # times `parse_timeout`, which is of CPU, that a parse may take by the clock
_CHUNK = 1 << 20  # bytes; a pipe holds 64 KiB


class Child:
    """The child process and the thread that empties its pipe, so that a slow reader never stalls downloads."""

    def __init__(self, job: Job, left: timedelta | None = None) -> None:
        self._job = job
        self._deadline = job.settings.crawl.deadline
        self._left = max(self._deadline if left is None else left, timedelta())
        self._patience = _PATIENCE * job.settings.crawl.parse_timeout
        self._lines: queue.SimpleQueue[list[bytes] | None] = queue.SimpleQueue()
        self._end: End | None = None
        self._at: tuple[str, float] | None = None  # the source that is parsed, and since when
        self._late = self._stopped = self._hung = False
        self._began = 0.0

    def __enter__(self) -> Self:
        self._said = tempfile.TemporaryFile()
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "spiders.crawl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            process_group=0,  # Ctrl-C at a terminal is for us: we stop the child, and know why it ended
            env={name: value for name, value in os.environ.items() if not name.startswith(("SOVWATCH_", "SLACK_"))},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError), self._process.stdin as pipe:
            pipe.write(pack_job(self._job))
        said = cast(BufferedReader, self._process.stdout)
        self._reader = threading.Thread(target=self._drain, args=(said,), daemon=True)
        self._reader.start()
        grace = min(_GRACE, self._left / 5)
        self._timers = [
            threading.Timer((self._left - grace).total_seconds(), self._out_of_time),
            threading.Timer(self._left.total_seconds(), self._process.kill),
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

    def _drain(self, pipe: BufferedReader) -> None:
        with pipe:
            begun = b""
            while read := pipe.read1(_CHUNK):
                *lines, begun = (begun + read).split(b"\n")
                for line in lines:
                    if line.startswith(b'{"at"'):
                        self._note(line)
                self._lines.put(lines)
        self._lines.put(None)

    def _note(self, line: bytes) -> None:
        with suppress(ValueError):
            message = unpack(line)
            assert isinstance(message, At)
            self._at = message.source, time.monotonic()

    def _end_hanging(self) -> None:
        source, since = self._at or ("", 0.0)
        if source and time.monotonic() - since > self._patience.total_seconds():
            self._hung = True
            self._process.kill()

    def _out_of_time(self) -> None:
        self._late = True
        self._process.terminate()

    def messages(self, stop: Callable[[], bool], idle: Callable[[], None] = lambda: None) -> Iterator[Message]:
        """Yield what the child says until it is done; `idle` is called while it says nothing."""
        while True:
            if not self._stopped and stop():
                self._stopped = True
                self._process.terminate()
            self._end_hanging()
            try:
                lines = self._lines.get(timeout=_LOOK)
            except queue.Empty:
                idle()
                continue
            if lines is None:
                return
            yield from self._understood(lines)

    def _understood(self, lines: list[bytes]) -> Iterator[Message]:
        for line in lines:
            with suppress(ValueError):
                message = unpack(line)
                self._end = message if isinstance(message, End) else self._end
                yield message

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end early."""
        return self._stopped

    def lasted(self) -> timedelta:
        """Return how long the crawl has taken."""
        return timedelta(seconds=time.monotonic() - self._began)

    def died(self) -> bool:
        """Return whether the child, once it had begun, died by itself or by what it read."""
        if self._at is None or self._late or self._stopped:
            return False
        return self._hung or self._exit() != 0 or self._end is None

    def shot(self) -> bool:
        """Return whether it was killed from outside: then what it parsed may have had no part in it."""
        return not self._hung and self._exit() == -signal.SIGKILL

    def killer(self) -> str:
        """Return the source that was parsed when the child died, "" where none was."""
        return self._at[0] if self._at else ""

    def why_it_died(self) -> str:
        """Return a sentence on the source that killed it."""
        if self._hung:
            return f"reading it hung the crawl's process, which was killed after {self._patience.total_seconds():.0f} s"
        return f"reading it killed the crawl's process ({self._exited()}){self._last_words()}"

    def why_it_ended(self) -> str:
        """Return a sentence on why sources were left unread."""
        if self._late:
            return f"not read: the crawl reached its deadline of {self._deadline}"
        if self._exit() == 0 and self._end is not None:
            return f"not read: the crawl ended early ({self._end.reason})"
        return f"not read: the crawl's process died ({self._exited()}){self._last_words()}"

    def _exit(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        return self._process.returncode

    def _exited(self) -> str:
        code = self._exit()
        if code is None or code >= 0:
            return f"exit {code}"
        return signal.Signals(-code).name + (", as when memory runs out" if code == -signal.SIGKILL else "")

    def _last_words(self) -> str:
        """Return what it said last; a signal ends it without a word."""
        if (self._exit() or 0) <= 0:
            return ""
        self._said.seek(0)
        lines = self._said.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return f": {lines[-1][:300]}" if lines else ""
