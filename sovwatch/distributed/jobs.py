"""The jobs: what each does, by the very functions that `run` calls, and which follow from it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sovwatch.app import App, retention
from sovwatch.app.collecting import collect, enrol_sources
from sovwatch.app.opening import Stop
from sovwatch.app.pulse import ping_of_fleet
from sovwatch.app.running import enrol, judge_all
from sovwatch.errors import ConfigurationError
from sovwatch.settings import Settings, nearest
from sovwatch.slots import due_slot
from sovwatch.store import articles, queue, schedule, sources, telling
from sovwatch.urls import host_or_blank

Task = Literal["plan", "collect", "judge", "tell", "deliver", "forget"]
Queue = Literal["keep", "collect", "judge", "deliver"]

QUEUES: tuple[Queue, ...] = ("collect", "judge", "deliver")  # `keep` is everybody's
_QUEUE: dict[Task, Queue] = {
    "plan": "keep",
    "collect": "collect",
    "judge": "judge",
    "forget": "judge",
    "tell": "deliver",
    "deliver": "deliver",
}
_PRIORITY: dict[Queue, int] = {"keep": 3, "deliver": 2, "judge": 1, "collect": 0}


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work; `about` is a group of hosts ("3/32"), a share of the articles ("0/1") or a channel."""

    task: Task
    about: str = ""

    @property
    def queue(self) -> Queue:
        """Which workers take it."""
        return _QUEUE[self.task]

    @property
    def priority(self) -> int:
        """First the clock, then what is nearest to being told: no alert waits behind a backlog of reading."""
        return _PRIORITY[self.queue]

    @property
    def key(self) -> str:
        """One job of this key waits at a time: another would find nothing left to do."""
        return f"{self.task}:{self.about}"

    @property
    def lock(self) -> str:
        """One job of this lock runs at a time."""
        if self.task in {"tell", "deliver"}:
            return f"channel:{self.about}"
        if self.task == "judge":
            return f"articles:{self.about}"
        return f"hosts:{self.about}" if self.task == "collect" else self.task


def do(app: App, job: Job, stop: Stop) -> list[Job]:
    """Do a job; gives those that follow from it."""
    return _WORK[job.task](app, job, stop)


@cache
def group_of(url: str, groups: int) -> str:
    """The group of an address's host: always the same, on every machine, so that its lock is the host's too.

    Not one job a host, though that is the plainer lock: a crawl is a process, and starting it costs about as much as
    reading twenty sources (docs/scale.md).
    """
    name = host_or_blank(url) or url  # the crawl will say what is wrong with one that has none
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
    return f"{number % groups}/{groups}"


def _plan(app: App, job: Job, stop: Stop) -> list[Job]:
    """Find what is due, whatever became of the jobs of before."""
    del job, stop
    enrol(app)
    enrol_sources(app)
    now = app.now()
    with app.store.read() as c:
        due = {one.source for one in sources.due(c, _enabled(app.settings), now)}
        groups = {group for name, group in _groups(app.settings) if name in due}
        pending = articles.any_pending(c)
        waiting = {row["channel"] for row in queue.undelivered(c)} & set(app.settings.channels)
        forgetting = retention.is_due(c, now)
    ping_of_fleet(app)
    return [
        *(Job("collect", group) for group in sorted(groups)),
        *(_judges(app.settings) if pending else []),
        *_owed(app),
        *(Job("deliver", name) for name in sorted(waiting)),
        *([Job("forget")] if forgetting else []),
    ]


def _enabled(settings: Settings) -> list[str]:
    return [source.id for source in settings.sources if source.enabled]


def _groups(settings: Settings) -> list[tuple[str, str]]:
    """Each source that is switched on, with the group of its host."""
    return [(one.id, group_of(one.url, settings.worker.groups)) for one in settings.sources if one.enabled]


def _owed(app: App) -> list[Job]:
    """A job for each channel that is owed something, whose slot is due, or that is to be told of ill sources."""
    now = app.now()
    with app.store.read() as c:
        owed = telling.owing(c)
        health = any(sources.to_tell(c, now - app.settings.ill_after))
        for name, channel in app.settings.channels.items():
            if due_slot(channel, last=schedule.last_slot(c, schedule.digest_job(name), now), now=now):
                owed.add(name)
            if health and channel.operator:
                owed.add(name)
    return [Job("tell", name) for name in app.settings.channels if name in owed]


def _collect(app: App, job: Job, stop: Stop) -> list[Job]:
    names = [name for name, group in _groups(app.settings) if group == job.about]
    with app.store.read() as c:
        due = [one.source for one in sources.due(c, names, app.now())]
    if due:
        collect(app, due, stop=stop)
    with app.store.read() as c:
        return _judges(app.settings) if articles.any_pending(c) else []


def _judges(settings: Settings) -> list[Job]:
    """A job for each share of the articles."""
    return [Job("judge", f"{part}/{settings.worker.judges}") for part in range(settings.worker.judges)]


def _judge(app: App, job: Job, stop: Stop) -> list[Job]:
    part, _, of = job.about.partition("/")
    judge_all(app, stop=stop, share=(int(part), int(of)))
    return _owed(app)


def _tell(app: App, job: Job, stop: Stop) -> list[Job]:
    from sovwatch.app.notices import notices
    from sovwatch.app.telling import announce, digest

    del stop
    only = [job.about]
    promised = announce(app, only).promised + digest(app, only_due=True, channels=only).promised
    if app.settings.channels[job.about].operator:
        promised += notices(app)
    return [Job("deliver", job.about)] if promised else []


def _deliver(app: App, job: Job, stop: Stop) -> list[Job]:
    from sovwatch.app.delivering import deliver_all

    del stop
    deliver_all(app, channels=[job.about])
    return []


def _forget(app: App, job: Job, stop: Stop) -> list[Job]:
    del job
    retention.forget_due(app, stop)
    return []


_WORK: dict[Task, Callable[[App, Job, Stop], list[Job]]] = {
    "plan": _plan,
    "collect": _collect,
    "judge": _judge,
    "tell": _tell,
    "deliver": _deliver,
    "forget": _forget,
}


def read_queues(names: str) -> tuple[Queue, ...]:
    """The queues that a comma-separated list names.

    Raises:
        ConfigurationError: one of them is none.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in QUEUES:
            raise ConfigurationError("--queues", f"no queue is called {name!r}{nearest(name, QUEUES)}")
    return tuple(queue for queue in QUEUES if queue in wanted) or QUEUES


def tasks(queues: Sequence[Queue]) -> list[Task]:
    """The tasks of these queues."""
    return [task for task, queue in _QUEUE.items() if queue in queues]
