"""Small stand-ins for what lies behind a protocol."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.promise import Promise


class MemoryQueue:
    """A queue of promises in memory; see `tests.queue_contract` for the laws that it keeps."""

    def __init__(self, promises: Iterable[Promise] = ()) -> None:
        self.promises = {promise.id: promise for promise in promises}
        self.done: dict[int, datetime] = {}
        self.landed: dict[tuple[str, int], str] = {}

    def add(self, key: str, channel: str, payload: str, at: datetime) -> int:
        number = len(self.promises) + 1
        self.promises[number] = Promise(id=number, key=key, channel=channel, payload=payload, promised_at=at)
        return number

    def channels(self) -> Iterable[str]:
        return {promise.channel for promise in self.promises.values() if promise.id not in self.done}

    def head(self, channel: str, after: int = 0) -> Promise | None:
        waiting = (
            promise
            for promise in self.promises.values()
            if promise.channel == channel and promise.id not in self.done and promise.id > after
        )
        return min(waiting, key=lambda promise: promise.id, default=None)

    def remote_of(self, key: str) -> str | None:
        return next((promise.remote for promise in self.promises.values() if promise.key == key), None)

    def begin(self, promise: int, *, at: datetime) -> None:
        row = self.promises[promise]
        self.promises[promise] = replace(row, attempted_at=at, attempts=row.attempts + 1, held=False, not_before=None)

    def advance(
        self,
        promise: int,
        *,
        at: datetime,
        remote: str,
        link: str | None,
        done: bool,
        stories: Sequence[int] = (),
    ) -> None:
        row = self.promises[promise]
        first = row.part == 0
        self.promises[promise] = replace(
            row,
            part=row.part + 1,
            level=0,
            attempts=0,
            attempted_at=None,
            not_before=None,
            held=False,
            error="",
            cure="",
            remote=remote if first else row.remote,
            link=link if first else row.link,
        )
        if link is not None:
            self.landed |= {(row.key, story): link for story in stories}
        if done:
            self.done[promise] = at

    def plainer(self, promise: int, *, error: str) -> None:
        row = self.promises[promise]
        self.promises[promise] = replace(row, level=row.level + 1, attempted_at=None, error=error)

    def later(self, promise: int, *, until: datetime, error: str, unknown: bool) -> None:
        row = self.promises[promise]
        attempted = row.attempted_at if unknown else None
        self.promises[promise] = replace(row, not_before=until, error=error, attempted_at=attempted)

    def hold(self, promise: int, *, until: datetime, error: str, cure: str, unknown: bool) -> None:
        self.later(promise, until=until, error=error, unknown=unknown)
        self.promises[promise] = replace(self.promises[promise], held=True, cure=cure)
