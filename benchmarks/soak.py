"""Months in an hour, to see whether a story is lost or told twice, memory stays flat, the database grows evenly.

    python -m benchmarks.soak --days 90 --runs 24      the whole: more than 2,100 runs
    python -m benchmarks.soak --days 10 --runs 8       a short one

Made-up outlets publish on loopback, each simulated day is visited by so many runs against a Slack stand-in. A daemon
makes them, through all of it; one run in eight is cron's, in a process of its own that is killed at a random moment.
Slack fails in one of twenty, before or after it stored the message; an outlet is ill 3 % of the time; one day in
fifteen the machine sleeps through a day and a half; in one run of forty its clock is wrong by up to three hours. At
the end the sources are read until nothing is left.

Lost: a happening that was listed and of which no report was told. Twice: a story that is new in two messages, or a
message that stands in the channel twice.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from benchmarks.machine import Machine
from benchmarks.soaking import OUTLETS, World
from sovwatch import schema as t
from sovwatch.demo.slack import SlackServer
from sovwatch.demo.slack_state import FailureKind
from sovwatch.settings import Settings, load
from sovwatch.store import open_store, steering

START = datetime(2026, 2, 2, 6, tzinfo=UTC)
CHANNEL = "soak"
T = TypeVar("T")
SETTLING = 7  # clean runs at the end: more than the longest illness and the next three digests need
KILLED, SLACK_FAILS, WRONG_CLOCK, SLEEPS = 1 / 8, 1 / 20, 1 / 40, 1 / 15
PAGE = 4096  # bytes, of SQLite
_CONFIGURATION = """
database = "sqlite:///soak.sqlite"
zone = "America/Edmonton"
[channels.desk]
kind = "slack"
to = "{channel}"
zone = "America/Edmonton"
at = ["07:00", "13:00", "19:00"]
per_digest = 40
per_day = 400
[slack]
base_url = "{slack}"
token_file = "token"
[crawl]
resolve = {{ "*.example" = "{world}" }}
delay = 0
timeout = 2
deadline = 60
[retention]
texts = "30d"
off_topic = "30d"
"""
_SOURCE = """
[[source]]
id = "outlet-{n}"
outlet = "Outlet {n}"
url = "http://outlet-{n}.example/feed"
every = "1h"
"""


@dataclass(slots=True)
class Figures:
    """What a soak came to."""

    days: int = 0
    runs: int = 0
    killed: int = 0
    slept_days: float = 0.0
    wrong_clocks: int = 0
    slack_failures: int = 0
    source_failures: int = 0
    happenings: int = 0
    told: int = 0
    lost: list[int] = field(default_factory=list)  # numbers of happenings
    united: int = 0  # stories that went into another
    told_twice: list[int] = field(default_factory=list)  # stories
    messages: int = 0
    doubled: list[str] = field(default_factory=list)  # keys of messages
    undelivered: int = 0
    owed: int = 0
    sizes: list[tuple[int, int]] = field(default_factory=list)  # articles and bytes after each third
    bytes_per_new_article: list[int] = field(default_factory=list)  # of each third; texts go after 30 days
    daemon_mb: list[float] = field(default_factory=list)  # resident, after each third
    bare_mb: list[float] = field(default_factory=list)  # after a day and at the end, with all caches emptied
    seconds: float = 0.0

    def wrong(self) -> bool:
        """Whether a promise was broken."""
        return bool(self.lost or self.told_twice or self.doubled or self.undelivered or self.owed)


class Soak:
    """One soak; `figures` fills while it lasts."""

    def __init__(self, home: Path, days: int, runs: int, seed: int) -> None:
        self._home, self._days, self._per_day = home, days, runs
        self._random = random.Random(seed)
        self.now = START
        self.figures = Figures(days=days)
        self._world = World(START, days, seed, lambda: self.now)
        self._slack = SlackServer(channels=[CHANNEL], clock=lambda: self.now)

    def run(self) -> Figures:
        """Play all days, settle, and count."""
        began = time.monotonic()
        with self._world, self._slack:
            settings = load(self._configure(), {})
            with Machine(settings.home / "sovwatch.toml") as machine:
                self._play(machine, START + timedelta(days=1))
                self.figures.bare_mb.append(machine.memory(bare=True))
                for third in (1, 2, 3):
                    self._play(machine, START + timedelta(days=self._days) * third / 3)
                    self._sample(settings, machine)
                for _ in range(SETTLING):
                    self.now += timedelta(hours=8)
                    self._clean(machine, self.now)
                self.figures.bare_mb.append(machine.memory(bare=True))
            self._count(settings)
        self.figures.source_failures = self._world.failures
        self.figures.seconds = round(time.monotonic() - began)
        return self.figures

    def _configure(self) -> Path:
        token = self._home / "token"
        token.write_text(self._slack.token, encoding="utf-8")
        token.chmod(0o600)
        (self._home / "seeds").mkdir()
        (self._home / "topics.toml").write_text('[all]\nname = "All"\nmatch = "all"\n', encoding="utf-8")
        sources = (_SOURCE.format(n=n) for n in range(OUTLETS))
        (self._home / "sources.toml").write_text("".join(sources), encoding="utf-8")
        config = self._home / "sovwatch.toml"
        channel = self._slack.workspace.channel(CHANNEL).id
        text = _CONFIGURATION.format(channel=channel, slack=self._slack.url, world=self._world.address)
        config.write_text(text, encoding="utf-8")
        return config

    def _play(self, machine: Machine, until: datetime) -> None:
        while self.now < until:
            self._turn(machine)
            self.now += timedelta(days=1) / self._per_day
            if self._random.random() < SLEEPS / self._per_day:
                self.figures.slept_days += 1.5
                self.now += timedelta(days=1.5)

    def _turn(self, machine: Machine) -> None:
        chance = self._random.random
        if chance() < SLACK_FAILS:
            self.figures.slack_failures += 1
            kind: FailureKind = self._random.choice(("server_error", "drop", "rate_limited"))
            self._slack.fail(kind, stored=chance() < 0.5 and kind != "rate_limited")  # a 429 is an honest no
        at = self.now
        if chance() < WRONG_CLOCK:
            self.figures.wrong_clocks += 1
            at += timedelta(hours=self._random.uniform(-3, 3))
        if chance() < KILLED:
            self.figures.runs += 1
            self.figures.killed += machine.run_killed(at, chance())
        else:
            self._clean(machine, at)

    def _clean(self, machine: Machine, at: datetime) -> None:
        self.figures.runs += 1
        machine.run(at)

    def _sample(self, settings: Settings, machine: Machine) -> None:
        """Note memory and growth, at the end of a third."""
        figures = self.figures
        articles, stored = _size(settings)
        before = figures.sizes[-1] if figures.sizes else (0, 0)
        figures.sizes.append((articles, stored))
        figures.bytes_per_new_article.append(round((stored - before[1]) / max(articles - before[0], 1)))
        figures.daemon_mb.append(machine.memory())
        print(json.dumps(asdict(figures)), file=sys.stderr)

    def _count(self, settings: Settings) -> None:
        store, figures = open_store(settings.database_url), self.figures
        with store.read() as c:
            urls = c.execute(select(t.article.c.url).join(t.told, t.told.c.article == t.article.c.id)).scalars().all()
            new = Counter(
                story
                for story, _ in {
                    (row.story, row.message) for row in c.execute(select(t.told).where(t.told.c.how == "new"))
                }
            )
            gone = c.execute(select(t.story.c.id).where(t.story.c.merged_into.is_not(None))).scalars().all()
            united = Counter(steering.went_into(c, story) for story in gone)
            stands = c.execute(select(t.judgement.c.story, t.judgement.c.why)).all()
            moved = Counter(row.story for row in stands if "went on to story" in row.why.get("placement", ""))
            figures.undelivered = len(c.execute(select(t.outbox.c.id).where(t.outbox.c.delivered_at.is_(None))).all())
            figures.owed = len(c.execute(select(t.news.c.article)).all())
        store.close()
        told = {int(found[1]) for url in urls if (found := re.search(r"/h(\d+)-", url))}
        every = {report.happening for report in self._world.reports}
        figures.happenings, figures.told, figures.lost = len(every), len(told), sorted(every - told)
        # Stories that a later article showed to be one, or an article that it showed to belong elsewhere
        # (docs/decisions/0024), may each have been told before.
        more = united + moved
        figures.told_twice = sorted(story for story, times in new.items() if times > 1 + more[story])
        figures.united = len(gone)
        keys = [one["metadata"]["event_payload"]["key"] for one in self._slack.messages(CHANNEL)]
        figures.messages, figures.doubled = len(set(keys)), _repeated(keys)


def _repeated(values: Iterable[T]) -> list[T]:
    return [value for value, times in Counter(values).items() if times > 1]


def _size(settings: Settings) -> tuple[int, int]:
    """Articles, and bytes in use."""
    store = open_store(settings.database_url)
    with store.read() as c:
        articles = c.execute(select(func.count()).select_from(t.article)).scalar_one()
        pages, free = (c.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "freelist_count"))
    store.close()
    return articles, (pages - free) * PAGE


def main() -> None:
    """Soak and print the figures as JSON; exit 1 where a story was lost or told twice."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--days", type=int, default=90)
    options.add_argument("--runs", type=int, default=24, help="a day")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="an empty folder to leave the database in")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sovwatch-soak-") as folder:
        figures = Soak(given.keep or Path(folder), given.days, given.runs, given.seed).run()
    print(json.dumps(asdict(figures), indent=2))
    raise SystemExit(figures.wrong())


if __name__ == "__main__":
    main()
