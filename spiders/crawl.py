"""Due sources → one crawl in a child process, with a time limit → Articles and SourceRuns.

A child, since Twisted's reactor starts once in a process, since memory returns with it, and since a parse that hangs
can be killed (it costs 1.2 s). Whatever the child does (crash, hang, die), every due source gets its
SourceRun, and the crawl ends by its deadline: SIGTERM a little before it, SIGKILL at it.

The kernel kills the child when the *thread* that started it ends: the iterator belongs to one thread.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sovwatch.model import Article, Due, RobotsTxt, SourceRun
from sovwatch.settings import Settings
from spiders.process import Child
from spiders.wire import Job


def _never() -> bool:
    return False


def crawl(
    due: Sequence[Due],
    settings: Settings,
    *,
    now: datetime,
    stop: Callable[[], bool] = _never,
    remember: bool = True,
) -> Iterator[Article | SourceRun | RobotsTxt]:
    """Read the due sources, and yield articles as they come and, after the articles of a source, its SourceRun.

    What robots.txt said comes too, to be known to the next crawl. Without `remember` every entry counts as new, and
    robots.txt as unknown (for trying a source).
    With `stop` the crawl is ended early; what was not read by then is a failed SourceRun, and is due again.
    """
    waiting = {one.source: one for one in due}
    if not waiting:
        return
    with Child(Job(tuple(due), settings, now, os.getpid(), remember)) as child:
        for message in child.messages(stop):
            if isinstance(message, SourceRun):
                waiting.pop(message.source, None)
            if isinstance(message, Article | SourceRun | RobotsTxt):
                yield message
        finished = now + child.lasted()
        why = child.why_it_ended()
    for source in waiting:
        yield SourceRun(source=source, started=now, finished=finished, outcome="failed", detail=why)


if __name__ == "__main__":
    from spiders.child import main

    raise SystemExit(main())
