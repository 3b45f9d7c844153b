"""Small stand-ins for what lies behind a protocol."""

import socketserver
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

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


class Postman(socketserver.StreamRequestHandler):
    """As much of an SMTP server as a client needs; `answers` overrides what a line or a command is answered."""

    server: "PostOffice"

    def handle(self) -> None:
        self.wfile.write(b"220 post.example\r\n")
        while line := self.rfile.readline():
            said = line.decode().upper().strip()
            verb = said.split()[0]
            usual = {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")
            answer = self.server.answers.get(said, self.server.answers.get(verb, usual))
            if answer == "hang up":
                return
            self.wfile.write(answer.encode() + b"\r\n")
            if verb == "DATA" and answer.startswith("354"):
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line)
                if self.server.answers.get("END") == "hang up":
                    return
                self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
                self.wfile.write(self.server.answers.get("END", "250 taken").encode() + b"\r\n")


class PostOffice(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    letters: list[EmailMessage]
    answers: dict[str, str]


def an_office(**answers: str) -> PostOffice:
    office = PostOffice(("127.0.0.1", 0), Postman)
    office.letters, office.answers = [], answers
    return office


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
