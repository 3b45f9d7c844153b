"""Due sources → one crawl in a child process, with a time limit → Articles and SourceRuns.

A child, since Twisted's reactor starts once in a process, since memory returns with it, and since a parse that hangs
can be killed (it costs 1.2 s). Whatever the child does (crash, hang, die), every due source gets its
SourceRun, unless we are stopped, and the crawl ends by its deadline: SIGTERM a little before it, SIGKILL at it.

A child that dies of what it parses names the source that killed it, and another child reads the others. Where it died
of something else (an answer that no parser had seen yet), the unread sources are read by halves, until one is alone. A
SIGKILL comes from outside, as when memory runs out, and may hit a bystander: who was parsed then is read alone, after
the others, and is to blame if that child dies too.

The kernel kills the child when the *thread* that started it ends: the iterator belongs to one thread.
"""

import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sovwatch.model import Article, Due, RobotsTxt, SourceRun
from sovwatch.settings import Settings
from spiders.process import Child
from spiders.wire import Job, Later


def _never() -> bool:
    return False


def crawl(
    due: Sequence[Due],
    settings: Settings,
    *,
    now: datetime,
    stop: Callable[[], bool] = _never,
    idle: Callable[[], None] = lambda: None,
    remember: bool = True,
) -> Iterator[Article | SourceRun | RobotsTxt]:
    """Read the due sources, and yield articles as they come and, after the articles of a source, its SourceRun.

    What robots.txt said comes too, to be known to the next crawl. Without `remember` every entry counts as new, and
    robots.txt as unknown (for trying a source). With `stop` the crawl is ended early; what was not read whole by then
    has not failed, and is due still; nor has what its host's pauses put off, of which nothing comes. `idle` is called
    where nothing has come for a fifth of a second.
    """
    began = time.monotonic()
    parts = [tuple(due)] if due else []
    while parts:
        part = parts.pop()
        spent = timedelta(seconds=time.monotonic() - began)
        job = Job(part, settings, now + spent, os.getpid(), remember)
        with Child(job, settings.crawl.deadline - spent) as child:
            left = yield from _told(child, part, stop, idle)
            if child.stopped:
                return
            failed, again = _afterwards(child, left, alone=len(part) == 1)
            finished = job.now + child.lasted()
        parts += again
        for source, why in failed.items():
            yield SourceRun(source=source, started=job.now, finished=finished, outcome="failed", detail=why)


def _told(
    child: Child, due: Sequence[Due], stop: Callable[[], bool], idle: Callable[[], None]
) -> Generator[Article | SourceRun | RobotsTxt, None, Mapping[str, Due]]:
    """Yield what the child read, and return what it left unread; who stops it makes no source fail."""
    unread = {one.source: one for one in due}
    for message in child.messages(stop, idle):
        if isinstance(message, SourceRun) and message.outcome == "failed" and child.stopped:
            continue
        if isinstance(message, SourceRun | Later):
            unread.pop(message.source, None)
        if isinstance(message, Article | SourceRun | RobotsTxt):
            yield message
    return unread


def _afterwards(
    child: Child, unread: Mapping[str, Due], *, alone: bool
) -> tuple[dict[str, str], list[tuple[Due, ...]]]:
    """What the end of a child means for what it left unread: the sources that failed, and those to be read anew."""
    if not child.died():
        return dict.fromkeys(unread, child.why_it_ended()), []
    each = tuple(unread.values())
    if (suspect := child.killer()) in unread:
        others = tuple(one for one in each if one.source != suspect)
        again = [others] if others else []
        if child.shot() and not alone:
            return {}, [(unread[suspect],), *again]
        return {suspect: child.why_it_died()}, again
    if len(each) > 1:
        return {}, [each[: len(each) // 2], each[len(each) // 2 :]]
    return dict.fromkeys(unread, child.why_it_ended()), []


if __name__ == "__main__":
    from spiders.child import main

    raise SystemExit(main())
