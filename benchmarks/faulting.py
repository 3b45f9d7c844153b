"""A campaign of faults against the outbox and the Slack stand-in; `benchmarks.faults` tells what it does."""

import json
import multiprocessing
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.outbox import Timing, deliver
from alerts.promise import pack
from alerts.slack import parts
from alerts.slack_way import SlackWay
from alerts.way import Way
from alerts.webhook import SlackWebhookWay
from sovwatch.app.delivering import Outbox
from sovwatch.demo.slack import SlackServer
from sovwatch.model import Digest, Item, Piece, Section
from sovwatch.store import Store, open_store
from sovwatch.store.queue import promise

TIMEOUT = 0.3  # seconds; 20 in life
TIMING = Timing(
    settle=timedelta(seconds=2),
    patience=timedelta(seconds=4),
    first_wait=timedelta(seconds=0.02),
    longest_wait=timedelta(seconds=0.5),
    hold=timedelta(minutes=1),  # so the next sender tries again, as an operator would who mended it
)
REFUSALS = ("channel_not_found", "not_in_channel", "is_archived", "invalid_auth", "token_revoked", "missing_scope")
FORMS = ("invalid_blocks", "msg_blocks_too_long")
KILLED = 8  # senders that may be killed
ROUNDS = 60  # senders in all; on a busy machine requests run out of their time, and what is unknown settles first
AT = datetime(2026, 1, 30, 12, tzinfo=UTC)


@dataclass
class Figures:
    """What a campaign counted."""

    runs: int = 0
    promised: int = 0  # messages: parts of digests, alerts and replies
    lost: int = 0
    doubled: int = 0
    disordered: int = 0  # runs with a message out of order or outside its thread
    held_up: int = 0  # runs in which the archived channel held something, or had another wait for it
    senders: int = 0
    killed: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    bad: list[int] = field(default_factory=list)  # seeds of the runs that went wrong
    gaps: list[str] = field(default_factory=list)  # which messages were doubled, and how far apart

    def add(self, other: "Figures") -> None:
        """Add another campaign's counts."""
        for name in ("runs", "promised", "lost", "doubled", "disordered", "held_up", "senders", "killed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.failures += other.failures
        self.bad += other.bad
        self.gaps += other.gaps


def campaign(seeds: Sequence[int], folder: Path, way: str = "bot") -> Figures:
    """Run once for each seed."""
    template = folder / "template.sqlite"
    open_store(f"sqlite:///{template}").close()
    figures = Figures()
    with SlackServer(channels=[]) as slack:
        for seed in seeds:
            database = folder / f"{seed}.sqlite"
            shutil.copy(template, database)
            figures.add(_Run(seed, database, slack, way).figures())
            database.unlink()
    return figures


class _Run:
    """One run: its channels are its own, the server is the campaign's."""

    def __init__(self, seed: int, database: Path, slack: SlackServer, way: str) -> None:
        self.seed, self.slack, self.way = seed, slack, way
        self.random = random.Random(seed)
        self.url = f"sqlite:///{database}"
        self.channels = {name: f"{name}-{seed}" for name in ("desk", "lab", "dead")}
        for name in self.channels.values():
            slack.workspace.channel(name)
        slack.workspace.channel(self.channels["dead"]).archived = True
        self.count = Figures(runs=1)

    def figures(self) -> Figures:
        """Promise, fail, kill, finish and count."""
        store = open_store(self.url, migrate=False)
        try:
            promised = self._promise(store)
            self._script()
            self._send(Outbox(store))
        finally:
            store.close()
        self.slack.workspace.failures.clear()
        self._check(promised)
        if self.count.lost or self.count.doubled or self.count.disordered or self.count.held_up:
            self.count.bad.append(self.seed)
        return self.count

    def _promise(self, store: Store) -> dict[str, list[Digest]]:
        promised: dict[str, list[Digest]] = {}
        for name in ("desk", "lab"):
            sizes = [self.random.choice((0, 1, 5, 30, 60)) for _ in range(2)]
            digests = [a_digest(f"digest:{name}:{self.seed}:{n}", name, size) for n, size in enumerate(sizes)]
            alert = a_digest(f"breaking:{name}:{self.seed}", name, 1, kind="breaking")
            reply = a_digest(f"reply:{name}:{self.seed}", name, 1, kind="reply", thread_of=alert.key)
            promised[name] = [digests[0], alert, digests[1], reply]
        promised["dead"] = [a_digest(f"digest:dead:{self.seed}", "dead", 3)]
        with store.write() as c:
            for digest in (each for digests in promised.values() for each in digests):
                promise(c, digest.key, digest.channel, pack(digest), now=datetime.now(UTC))
        return promised

    def _script(self) -> None:
        """Script up to four failures; each is as likely before the message is stored as after."""
        method = "chat.postMessage" if self.way == "bot" else "webhook"
        for _ in range(self.random.randrange(5)):
            stored = self.random.random() < 0.5
            draw: list[dict[str, Any]] = [
                {"kind": "drop", "stored": stored},
                {"kind": "hang", "stored": stored, "seconds": 2 * TIMEOUT},
                {"kind": "slow", "seconds": 1.5 * TIMEOUT},  # stored after the client gave up
                {"kind": "server_error", "stored": stored},
                {"kind": "garbage", "stored": stored},
                {"kind": "rate_limited", "seconds": 1},
            ]
            if self.way == "bot":
                draw += [
                    {"kind": "error", "error": "internal_error", "stored": stored},
                    {"kind": "error", "error": self.random.choice(FORMS)},
                    {"kind": "error", "error": self.random.choice(REFUSALS)},
                    {"kind": "drop", "method": "conversations.history"},
                    {"kind": "server_error", "method": "conversations.replies"},
                    {"kind": "drop", "method": "chat.getPermalink"},
                ]
            failure = {"method": method, **self.random.choice(draw)}
            self.slack.fail(**failure)
            name = failure.get("error", failure["kind"]) if failure["kind"] == "error" else failure["kind"]
            where = "" if failure["method"] == method else f" on {failure['method']}"
            self.count.failures[f"{name}{where}{' after storing' if failure.get('stored') else ''}"] += 1

    def _send(self, queue: Outbox) -> None:
        """Start senders and kill them, until only the dead channel has something left."""
        for number in range(ROUNDS):
            addresses = {name: self._address(name) for name in self.channels}
            sender = CONTEXT.Process(target=send, args=(self.url, addresses, self.slack.token, self.way))
            sender.start()
            self.count.senders += 1
            if number < KILLED and self.random.random() < 0.6:
                sender.join(self.random.uniform(0.02, 0.6))
                self.count.killed += sender.is_alive()
                sender.kill()
            sender.join()
            if set(queue.channels()) <= {"dead"}:
                return

    def _address(self, name: str) -> tuple[str, str]:
        channel = self.channels[name]
        if self.way == "webhook":
            return self.slack.webhook(channel), ""
        return self.slack.url, self.slack.workspace.channel(channel).id

    def _check(self, promised: dict[str, list[Digest]]) -> None:
        for name in ("desk", "lab"):
            expected = [part for digest in promised[name] for part in parts(digest)]
            self.count.promised += len(expected)
            texts = {
                json.dumps(body.get("blocks") or body["text"]): part.key for part in expected for body in part.bodies
            }
            messages = self.slack.messages(self.channels[name])
            stamps = [float(message["ts"]) for message in messages]
            keys = [texts[json.dumps(message.get("blocks") or message["text"])] for message in messages]
            times = Counter(keys)
            self.count.lost += sum(part.key not in times for part in expected)
            self.count.doubled += sum(times.values()) - len(times)
            for key in (key for key, count in times.items() if count > 1):
                first, second = [stamp for stamp, other in zip(stamps, keys, strict=True) if other == key][:2]
                self.count.gaps.append(f"seed {self.seed}: {key} stored twice, {second - first:.2f} s apart")
            firsts = list(dict.fromkeys(keys))
            ordered = firsts == [part.key for part in expected if part.key in times]
            self.count.disordered += not (
                ordered and (self.way == "webhook" or self._threaded(messages, promised[name]))
            )
        self.count.held_up += bool(self.slack.messages(self.channels["dead"]))

    def _threaded(self, messages: Sequence[dict[str, Any]], promised: Sequence[Digest]) -> bool:
        """Whether each continuation stands under its first part, and each reply under its alert."""
        stamps = {message["metadata"]["event_payload"]["key"]: message["ts"] for message in messages}
        for message in messages:
            key, number = message["metadata"]["event_payload"]["key"].rsplit("/", 1)
            digest = next(each for each in promised if each.key == key)
            under = f"{digest.thread_of}/0" if digest.thread_of else f"{key}/0" if number != "0" else None
            if message.get("thread_ts") != (stamps.get(under) if under else None):
                return False
        return True


CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["benchmarks.faulting"])  # a sender is forked, warm, in milliseconds


def send(url: str, addresses: dict[str, tuple[str, str]], token: str, way: str) -> None:
    """Deliver what is promised, as `sovwatch deliver` does; the body of a sender process."""
    ways: dict[str, Way] = {}
    for name, (address, channel) in addresses.items():
        if way == "webhook":
            ways[name] = SlackWebhookWay(address, timeout=TIMEOUT, pace=timedelta(0))
        else:
            ways[name] = SlackWay(token, channel, base_url=address, timeout=TIMEOUT, pace=timedelta(0))
    store = open_store(url, migrate=False)
    deliver(Outbox(store), ways, lambda: datetime.now(UTC), timing=TIMING, held_too=True)
    store.close()


def a_digest(key: str, channel: str, size: int, **more: Any) -> Digest:
    """Return a digest of so many invented stories."""
    items = tuple(
        Item(
            story=n,
            lead=Piece(
                article=n,
                url=f"https://prairie-ledger.example/{channel}/{n}",
                title=f"{key}: town hall number {n} draws a crowd",
                outlet="Prairie Ledger",
                language="en",
                published=AT,
            ),
            lines=("The hall was full by seven, organiser Dana Wiebe said. " * 3,),
        )
        for n in range(size)
    )
    sections = (Section("alberta", "Alberta", items),) if items else ()
    return Digest(
        **{"key": key, "channel": channel, "kind": "digest", "at": AT, "title": key, "sections": sections, **more}
    )
