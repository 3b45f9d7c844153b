"""A fleet on PostgreSQL: real workers, a real newsroom, a strict Slack, and kill -9."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update

from benchmarks.world import press
from sovwatch import schema as t
from sovwatch.app import open_app
from sovwatch.app.opening import LEASE
from sovwatch.app.starter import starter
from sovwatch.demo.coverage import Coverage
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.slack import SlackServer
from sovwatch.distributed import schema
from sovwatch.distributed.jobs import Job, group_of, read_queues
from sovwatch.distributed.membership import PATIENCE
from sovwatch.distributed.queue import ticking
from sovwatch.errors import ConfigurationError
from sovwatch.settings import DaemonSettings, Settings
from sovwatch.store import Store, leases, open_store
from sovwatch.store.fleet import fleet
from tests.command import a_home
from tests.conftest import _create
from tests.waiting import IN_VAIN, until

KILLS = 8
CONFIGURATION = """\
database = "{database}"
zone = "UTC"
lease = 12
fresh = "{age}d"
first_reading = "{age}d"

[channels.desk]
kind = "slack"
to = "sovereignty"
zone = "UTC"
cron = "* * * * *"
empty = false
per_digest = 500
per_day = 5000

[slack]
base_url = "{slack}"
token_file = "slack.token"

[crawl]
resolve = {{ "*.example" = "{newsroom}" }}
delay = 0.1
every_min = 1

[daemon]
tick = 2

[worker]
groups = {groups}
silence = 6
"""
POISON = """\
import os
from spiders.site import SiteSpider

class Poison(SiteSpider):
    name = "poison"

    def parse(self, response, **_):
        os._exit(3)
"""
SOURCE = '[[source]]\nid = "{name}"\noutlet = "{name}"\nurl = "http://{name}.example/feed.xml"\nevery = {every}\n'


class House:
    """A newsroom, a Slack, a configuration and a database, for workers to share."""

    def __init__(
        self, home: Path, database: str, newsroom: Newsroom, slack: SlackServer, *, every: int, groups: int, age: int
    ) -> None:
        self.newsroom, self.slack = newsroom, slack
        sources = "\n".join(SOURCE.format(name=name, every=every) for name in newsroom.coverage.outlets)
        values = {"database": database, "slack": slack.url, "newsroom": newsroom.address}
        topics = (starter() / "topics.toml").read_text(encoding="utf-8")
        configuration = CONFIGURATION.format(**values, groups=groups, age=age)
        self.config = a_home(home, configuration, topics=topics, sources=sources)
        token = self.config.parent / "slack.token"
        token.write_text(slack.token, encoding="utf-8")
        token.chmod(0o600)
        self.store: Store = open_store(database)
        self.workers: list[subprocess.Popen[bytes]] = []
        self._said = (home / "workers.log").open("ab")

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "sovwatch", "--config", str(self.config), *(words or ("worker",))]
        agent = f"worker-{len(self.workers)}/1.0 (+http://desk.example)"
        environment = {**os.environ, "SOVWATCH_CRAWL__USER_AGENT": agent}
        process = subprocess.Popen(command, stderr=self._said, stdout=self._said, env=environment)
        if not words or words[0] == "worker":
            self.workers.append(process)
        return process

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
        self.store.close()
        self._said.close()

    def wait_for(self, what: Callable[[], bool], seconds: float = IN_VAIN) -> None:
        until(what, *self.workers, seconds=seconds)

    def quiet(self) -> bool:
        """Whether all sources were read and nothing is left to judge, tell or deliver."""
        with self.store.read() as c:
            unread = c.execute(select(func.count()).where(t.source.c.first_read.is_(None))).scalar_one()
            enrolled = c.execute(select(func.count()).select_from(t.source)).scalar_one()
            pending = c.execute(select(func.count()).where(t.article.c.pending)).scalar_one()
            owed = c.execute(select(func.count()).select_from(t.news)).scalar_one()
            waiting = c.execute(select(func.count()).where(t.outbox.c.delivered_at.is_(None))).scalar_one()
        return enrolled == len(self.newsroom.coverage.outlets) and unread + pending + owed + waiting == 0

    def told_once(self) -> int:
        """How many stories were told; each was told as new by one message, and each message stands on Slack once."""
        with self.store.read() as c:
            rows = c.execute(select(t.told.c.story, t.told.c.message).where(t.told.c.how == "new")).all()
            promised = set(c.execute(select(t.outbox.c.key)).scalars())
        posted = Counter(message["metadata"]["event_payload"]["key"] for message in self.slack.messages("sovereignty"))
        messages: dict[int, set[str]] = defaultdict(set)
        for story, message in rows:
            messages[story].add(message)
        assert [key for key, times in posted.items() if times > 1] == []
        assert {key.rpartition("/")[0] for key in posted} == promised
        assert [story for story, keys in messages.items() if len(keys) > 1] == []
        return len(messages)

    def stories(self) -> int:
        """How many stories there are; all of them are news and on topic, so all are to be told."""
        with self.store.read() as c:
            j = t.judgement.c.story
            return int(c.execute(select(func.count(func.distinct(j))).where(j.is_not(None))).scalar_one())

    def interrupted(self) -> list[str]:
        """Hosts that a worker asked while another was at them: a crawl begins with robots.txt or the feed, no page."""
        asked: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for request in self.newsroom.requests:
            asked[request.host].append((request.agent, request.path))
        turns = {host: [next(turn)[1] for _, turn in groupby(each, itemgetter(0))] for host, each in asked.items()}
        begins = {"/robots.txt", *(outlet.feed_path for outlet in self.newsroom.coverage.outlets.values())}
        return [host for host, first in turns.items() if not begins.issuperset(first)]


@contextmanager
def a_house(
    home: Path, server: str, template: str, coverage: Coverage, *, every: int, groups: int = 6, age: int = 2
) -> Iterator[House]:
    """A house whose sources are read every so many seconds; what is up to `age` days old is news to it."""
    with Newsroom(lambda: datetime.now(UTC), coverage=coverage) as newsroom, SlackServer() as slack:
        house = House(home, _create(server, template), newsroom, slack, every=every, groups=groups, age=age)
        try:
            yield house
        finally:
            house.close()


def recent(happenings: int, over: timedelta) -> Coverage:
    """So many happenings in 24 outlets, from 20 minutes ago on."""
    return press(24, happenings, copies=2, start=datetime.now(UTC) - timedelta(minutes=20), over=over)


@pytest.mark.slow  # it waits for the minute of a digest
@pytest.mark.timeout(300)
def test_two_workers_share_one_house_and_keep_a_run_by_cron_apart(tmp_path: Path, postgres: str, migrated: str) -> None:
    with a_house(tmp_path, postgres, migrated, recent(24, timedelta(minutes=10)), every=86400) as house:
        first = house.start("worker", "--queues", "collect")
        second = house.start("worker", "--queues", "judge,deliver", "--concurrency", "3")
        house.wait_for(house.quiet)
        assert house.start("status").wait(60) == 0
        beside = house.start("run")
        assert beside.wait(60) == 75
        with house.store.read() as c:
            runs = Counter(c.execute(select(t.source_run.c.source)).scalars())
            state = fleet(c)
        for worker in (first, second):
            worker.send_signal(signal.SIGTERM)
        assert [first.wait(60), second.wait(60)] == [0, 0]
        after = house.start("run")
        assert after.wait(60) == 0, "the last worker gave the lease back"

        assert state is not None
        assert (state.workers, state.silent, state.failed) == (2, 0, 0)
        assert list(state.queues) == ["keep", "collect", "judge", "deliver"]
        shown = (tmp_path / "workers.log").read_text(encoding="utf-8")
        assert "fleet         2 workers\n" in shown
        assert "              collect: 0 at work, 0 waiting, the oldest for 0 s\n" in shown
        assert set(runs.values()) == {1}
        assert len(runs) == 24
        assert house.told_once() == house.stories() > 0
        assert house.interrupted() == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_workers_killed_every_few_seconds_tell_every_story_once(tmp_path: Path, postgres: str, migrated: str) -> None:
    moments = random.Random(7)
    with a_house(tmp_path, postgres, migrated, recent(36, timedelta(minutes=20, seconds=40)), every=15) as house:
        for _ in range(3):
            house.start()
        for _ in range(KILLS):
            time.sleep(moments.uniform(2, 7))
            victim = moments.choice([worker for worker in house.workers if worker.poll() is None])
            victim.kill()
            victim.wait()
            house.start()
        house.wait_for(house.quiet, seconds=600)

        assert house.told_once() == house.stories() > 0
        assert house.interrupted() == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_source_that_kills_its_reader_takes_no_worker_down_and_stops_no_other(
    tmp_path: Path, postgres: str, migrated: str
) -> None:
    """Its process ends in the middle of reading, each time, in the middle of a group with others."""
    with a_house(tmp_path, postgres, migrated, recent(24, timedelta(minutes=10)), every=86400, groups=2) as house:
        spiders = house.config.parent / "spiders"
        spiders.mkdir()
        (spiders / "poison.py").write_text(POISON, encoding="utf-8")
        name, *others = sorted(house.newsroom.coverage.outlets)
        sources = house.config.parent / "sources.toml"
        tame = SOURCE.format(name=name, every=86400)
        poisoned = tame.replace("every = 86400", 'every = 1\nkind = "spider"\nspider = "poison"')
        sources.write_text(sources.read_text(encoding="utf-8").replace(tame, poisoned), encoding="utf-8")
        workers = [house.start(), house.start()]

        def twice() -> bool:
            """Whether it was read, and once more: its back-off is cut short."""
            with house.store.write() as c:
                c.execute(update(t.source).where(t.source.c.id == name).values(next_due=func.now()))
                return bool((c.execute(select(t.source.c.failures).where(t.source.c.id == name)).scalar() or 0) >= 2)

        house.wait_for(twice)
        with house.store.read() as c:
            runs = c.execute(select(t.source_run.c.source, t.source_run.c.outcome)).all()
            why = c.execute(select(t.source.c.ill_why).where(t.source.c.id == name)).scalar_one()
            state = fleet(c)
        alive = [worker.poll() for worker in workers]

    assert Counter(one for one, outcome in runs if outcome != "failed") == Counter(others)
    assert {one for one, outcome in runs if outcome == "failed"} == {name}
    assert why == "never read well: reading it killed the crawl's process (exit 3)"
    assert alive == [None, None]
    assert state is not None
    assert (state.workers, state.silent, state.failed) == (2, 0, 0)


@pytest.mark.timeout(200)
def test_a_worker_waits_for_the_end_of_a_run(tmp_path: Path, postgres: str, migrated: str) -> None:
    with a_house(tmp_path, postgres, migrated, recent(6, timedelta(minutes=10)), every=86400) as house:
        said = tmp_path / "workers.log"
        with leases.held(house.store, LEASE, timedelta(minutes=5)):
            house.start()
            house.wait_for(lambda: "waiting for its end" in said.read_text(encoding="utf-8"))
            time.sleep(2 * PATIENCE)
            assert "serving collect" not in said.read_text(encoding="utf-8")
            assert house.newsroom.requests == []
        house.wait_for(lambda: "serving collect" in said.read_text(encoding="utf-8"))


def test_sqlite_is_refused(tmp_path: Path) -> None:
    config = a_home(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "sovwatch", "--config", str(config), "worker"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "workers need PostgreSQL" in done.stderr


def test_the_schema_of_the_queue_is_applied_once_and_from_any_version(postgres: str, migrated: str) -> None:
    app = open_app(Settings(database=_create(postgres, migrated)))
    newest = schema.apply(app)
    assert schema.apply(app) == newest
    with app.store.read() as c:
        assert c.execute(text("SELECT obj_description('procrastinate_jobs'::regclass)")).scalar_one() == newest
    app.store.close()


@given(st.integers(0, 10_000), st.integers(1, 64))
def test_a_host_is_in_one_group_whatever_the_page(number: int, groups: int) -> None:
    urls = [f"http://paper-{number}.example/{path}" for path in ("feed", "a/b?c=d", "")]
    assert len({group_of(url, groups) for url in (*urls, f"https://www.paper-{number}.example/")}) == 1


def test_jobs_of_one_channel_and_of_one_group_exclude_each_other() -> None:
    assert Job("tell", "desk").lock == Job("deliver", "desk").lock
    assert Job("tell", "desk").key != Job("deliver", "desk").key
    assert Job("collect", "3/32").lock != Job("collect", "4/32").lock
    assert Job("judge", "0/2").lock != Job("judge", "1/2").lock != Job("collect", "1/2").lock


def test_queues_are_read_and_a_wrong_one_is_named() -> None:
    assert read_queues("judge, collect") == ("collect", "judge")
    with pytest.raises(ConfigurationError, match="did you mean 'deliver'"):
        read_queues("delivr")


@pytest.mark.parametrize(("tick", "cron"), [(2, "* * * * * */2"), (60, "*/1 * * * *"), (300, "*/5 * * * *")])
def test_the_tick_is_written_as_cron(tick: int, cron: str) -> None:
    settings = Settings(daemon=DaemonSettings(tick=timedelta(seconds=tick)))
    assert ticking(settings) == cron
