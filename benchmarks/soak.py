"""Months in hours, to see whether a story is lost or told twice, memory stays flat, the database grows evenly.

    python -m benchmarks.soak --days 90 --runs 24      the whole: 2,160 runs, a few hours on two cores
    python -m benchmarks.soak --days 10 --runs 8       a short one

Made-up outlets publish on loopback, each simulated day is visited by so many runs against a Slack stand-in. One run in
eight is a process of its own that is killed at a random moment; Slack fails in one of twenty, before or after it
stored the message; an outlet is ill 3 % of the time; one day in fifteen the machine sleeps through a day and a half;
one run in forty finds the clock set back by up to three hours. At the end the sources are read until nothing is left.

Lost: a happening that was listed while we looked and is neither told nor held to be the same as one that was. Twice: a
story that is new in two messages, or a message that stands in the channel twice.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.soaking import OUTLETS, World
from sovwatch import schema as t
from sovwatch.app import open_app, run
from sovwatch.demo.slack import SlackServer
from sovwatch.settings import Settings, load

START = datetime(2026, 2, 2, 6, tzinfo=UTC)
CHANNEL = "soak"
SETTLING = 7  # clean runs at the end: more than the longest illness and the next three digests need
KILLED, SLACK_FAILS, SET_BACK, SLEEPS = 1 / 8, 1 / 20, 1 / 40, 1 / 15
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
    source_failures: int = 0
    happenings: int = 0
    told: int = 0
    missed_asleep: int = 0  # listed only while the machine slept, or older than `fresh` when it woke
    lost: int = 0
    told_twice: int = 0
    messages: int = 0
    doubled_messages: int = 0
    undelivered: int = 0
    owed: int = 0
    articles: int = 0
    rss_first_mb: float = 0.0  # after a fifth of the runs
    rss_last_mb: float = 0.0
    bytes_per_article_half: float = 0.0
    bytes_per_article_end: float = 0.0
    seconds: float = 0.0


class Soak:
    """One soak; `figures` fills while it lasts."""

    def __init__(self, home: Path, days: int, runs: int, seed: int) -> None:
        self._home, self._days, self._per_day = home, days, runs
        self._random = random.Random(seed)
        self.now = START
        self.figures = Figures(days=days)
        self._asleep: list[tuple[datetime, datetime]] = []
        self._world = World(START, days, seed, lambda: self.now)
        self._slack = SlackServer(channels=[CHANNEL], clock=lambda: self.now)

    def run(self) -> Figures:
        """Play all days, settle, and count."""
        began = time.monotonic()
        with self._world, self._slack:
            settings = load(self._configure(), {})
            end, half = START + timedelta(days=self._days), START + timedelta(days=self._days / 2)
            while self.now < end:
                self._turn(settings)
                if not self.figures.bytes_per_article_half and self.now > half:
                    self.figures.bytes_per_article_half = self._growth(settings)
                if not self.figures.rss_first_mb and self.now > START + timedelta(days=self._days / 5):
                    self.figures.rss_first_mb = _rss()
            for _ in range(SETTLING):
                self.now += timedelta(hours=8)
                self._in_process(settings)
            self.figures.rss_last_mb = _rss()
            self.figures.bytes_per_article_end = self._growth(settings)
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

    def _turn(self, settings: Settings) -> None:
        chance = self._random.random
        if chance() < SLACK_FAILS:
            self._slack.fail(self._random.choice(("server_error", "drop", "rate_limited")), stored=chance() < 0.5)
        true = self.now
        if chance() < SET_BACK:
            self.now -= timedelta(hours=3 * chance())
        if chance() < KILLED:
            self._killed()
        else:
            self._in_process(settings)
        self.now = true + timedelta(days=1) / self._per_day
        if chance() < SLEEPS / self._per_day:
            self._asleep.append((self.now, self.now + timedelta(days=1.5)))
            self.figures.slept_days += 1.5
            self.now += timedelta(days=1.5)

    def _in_process(self, settings: Settings) -> None:
        app = open_app(settings.model_copy(update={"clock": self.now}))
        self.figures.runs += 1
        try:
            run(app)
        finally:
            app.store.close()

    def _killed(self) -> None:
        self.figures.runs += 1
        environment = {**os.environ, "SOVWATCH_CLOCK": self.now.isoformat()}
        command = [sys.executable, "-m", "sovwatch", "--config", str(self._home / "sovwatch.toml"), "run"]
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(self._random.uniform(0.5, 4.0))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                self.figures.killed += 1

    def _growth(self, settings: Settings) -> float:
        app = open_app(settings)
        with app.store.read() as c:
            articles = c.execute(select(func.count()).select_from(t.article)).scalar_one()
            pages = (
                c.exec_driver_sql("PRAGMA page_count").scalar_one()
                - c.exec_driver_sql("PRAGMA freelist_count").scalar_one()
            )
        app.store.close()
        return float(round(pages * 4096 / max(articles, 1)))

    def _count(self, settings: Settings) -> None:
        app, figures = open_app(settings), self.figures
        with app.store.read() as c:
            urls = c.execute(select(t.article.c.url).join(t.told, t.told.c.article == t.article.c.id)).scalars().all()
            new = {(row.story, row.message) for row in c.execute(select(t.told).where(t.told.c.how == "new"))}
            figures.undelivered = len(c.execute(select(t.outbox.c.id).where(t.outbox.c.delivered_at.is_(None))).all())
            figures.owed = len(c.execute(select(t.news.c.article)).all())
            figures.articles = c.execute(select(func.count()).select_from(t.article)).scalar_one()
        app.store.close()
        told = {int(found[1]) for url in urls if (found := re.search(r"/h(\d+)-", url))}
        every = {report.happening for report in self._world.reports}
        figures.happenings, figures.told = len(every), len(told)
        missed = {number for number in every - told if self._excused(number)}
        figures.missed_asleep, figures.lost = len(missed), len(every - told - missed)
        figures.told_twice = sum(times > 1 for times in Counter(story for story, _ in new).values())
        keys = Counter(one["metadata"]["event_payload"]["key"] for one in self._slack.messages(CHANNEL))
        figures.messages, figures.doubled_messages = len(keys), sum(times > 1 for times in keys.values())

    def _excused(self, happening: int) -> bool:
        """Whether every report of it came before the first reading."""
        return all(
            report.at < START + timedelta(hours=6) for report in self._world.reports if report.happening == happening
        )


def _rss() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGESIZE") / 1e6, 1)


def main() -> None:
    """Soak and print the figures as JSON; exit 1 where a story was lost or told twice."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--days", type=int, default=90)
    options.add_argument("--runs", type=int, default=24, help="a day")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sovwatch-soak-") as folder:
        figures = Soak(Path(folder), given.days, given.runs, given.seed).run()
    print(json.dumps(asdict(figures), indent=2))
    raise SystemExit(bool(figures.lost or figures.told_twice or figures.doubled_messages or figures.undelivered))


if __name__ == "__main__":
    main()
