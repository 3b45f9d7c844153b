"""The crawl's own process: reads a job from standard input, crawls, and writes lines to standard output.

It dies with its parent, whatever kills that one (PR_SET_PDEATHSIG on Linux; elsewhere the broken pipe ends it); where
memory runs out it is the first that the kernel takes, since its parent knows how to go on without it. What libraries
print goes to standard error, so that nothing but the protocol is on the pipe.
"""

import asyncio
import ctypes
import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from spiders.memory import Memory, NoMemory
from spiders.wire import At, End, Job, Message, pack, unpack_job

_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


def main() -> int:
    """Run one crawl; the exit code is 0 unless the process crashed."""
    pipe = _Pipe(_own_pipe())
    job = unpack_job(sys.stdin.buffer.readline())
    if not _die_with(job.parent):
        return 1
    with suppress(OSError):  # Linux has it
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")

    import scrapy.core.downloader.handlers.http11  # noqa: F401  (which, deep in the loop, reads all files of the stack)
    from scrapy.crawler import AsyncCrawlerProcess

    from spiders.discovery import DiscoverySpider
    from spiders.settings import scrapy_settings
    from spiders.sources import SourcesSpider

    process = AsyncCrawlerProcess(scrapy_settings(job.settings.crawl))
    crawler = process.create_crawler(DiscoverySpider if job.discover else SourcesSpider)
    process.crawl(crawler, job=job, emit=pipe.emit, memory=_memory(job))
    gc.freeze()  # what is imported stays: no look for cycles goes through it again
    gc.set_threshold(10_000)  # a feed makes thousands of objects, and hardly a cycle
    process.start()
    pipe.emit(End(str(crawler.stats.get_value("finish_reason", "not started"))))
    pipe.flush()
    return 0


class _Pipe:
    """Says in one go what is said in one turn of the event loop, since a feed has many entries.

    Whose bytes are parsed, and that they are, is said at once: they may be the end of this process, and the next thing
    that happens may be, too.
    """

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._said: list[bytes] = []

    def emit(self, message: Message) -> None:
        """Say it before the loop's next turn."""
        self._said.append(pack(message))
        if isinstance(message, At):
            self.flush()
        elif len(self._said) == 1:
            with suppress(RuntimeError):  # the loop has ended, and `flush` is to come
                asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Say what is left."""
        said, self._said = b"".join(self._said), []
        try:
            self._pipe.write(said)
            self._pipe.flush()
        except BrokenPipeError:  # nobody listens any more
            os._exit(1)


def _memory(job: Job) -> Memory:
    """Open the store's memory, read only, in this process."""
    if not job.remember:
        return NoMemory()
    from sovwatch.store import open_memory

    return open_memory(job.settings)


def _own_pipe() -> BinaryIO:
    """Keep standard output for the protocol alone, and give everyone else standard error in its place."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return pipe


def _die_with(parent: int) -> bool:
    """Ask the kernel to be killed when the parent dies; False where it is dead already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return os.getppid() == parent
