"""What crosses a network when one fails: two hosts, a database, a newsroom and Slack, each with a network of its own.

Where namespaces cannot be made, all of it is skipped; `.ci/run` says so then.
"""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from sovwatch.store.placing import PLACING
from tests.hosts import why_not
from tests.test_fleet import reading_since
from tests.two_hosts import DATABASE, TwoHosts, two_hosts
from tests.waiting import until

pytestmark = pytest.mark.slow

DEAD = 30  # seconds, as sovwatch/store/database.py has it
ASKS = """
import sys
from sqlalchemy import text
from sovwatch.errors import Unavailable
from sovwatch.store import open_store

try:
    with open_store(sys.argv[1]).write() as c:
        c.execute(text(sys.argv[2]))
        print("begun", flush=True)
        c.execute(text(sys.argv[3]))
except Unavailable as error:
    print("sovwatch:", error, flush=True)
"""


@pytest.fixture(autouse=True, scope="module")
def _hosts_can_be_made() -> None:
    """Asked here, and not where tests are collected: most runs want none of these."""
    if (why := why_not()) is not None:
        pytest.skip(why)


@pytest.mark.timeout(200)
def test_a_host_that_is_cut_off_loses_its_locks_and_waits_for_no_answer(tmp_path: Path) -> None:
    with (
        two_hosts(tmp_path, 1, timedelta(minutes=1), every=60) as house,
        asks(house, f"SELECT pg_advisory_xact_lock({PLACING})", "SELECT pg_sleep(5)") as asking,
    ):
        assert asking.stdout is not None
        assert asking.stdout.readline() == "begun\n"
        assert locked(house)
        began = time.monotonic()
        house.network.cut("a")
        until(lambda: not locked(house), seconds=DEAD + 20)
        said = asking.stdout.readline()
        took = time.monotonic() - began
        assert asking.wait(30) == 0

    assert said.startswith("sovwatch: ")
    assert took < DEAD + 20


def asks(house: TwoHosts, *statements: str) -> "subprocess.Popen[str]":
    """A program on host A in the middle of a transaction."""
    address = house.there.render_as_string(hide_password=False)
    words = [sys.executable, "-c", ASKS, address, *statements]
    return house.network.on("a", lambda: subprocess.Popen(words, stdout=subprocess.PIPE, text=True))


def locked(house: TwoHosts) -> bool:
    with house.store.read() as c:
        return bool(c.execute(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).scalar_one())


@pytest.mark.timeout(900)
def test_all_is_told_once_though_a_host_and_the_database_lose_their_network_and_the_host_dies(tmp_path: Path) -> None:
    with two_hosts(tmp_path, 16, timedelta(minutes=2), every=10) as house:
        alone = ("worker", "--concurrency", "1")  # two jobs at a time would leave the other host nothing to read
        first, second = house.start_on("a", *alone), house.start_on("b", *alone)
        until(lambda: len(agents(house, 0)) == 2)

        house.network.cut("a")
        time.sleep(DEAD + 10)
        asked, cut_off = len(house.newsroom.requests), datetime.now(UTC)
        until(lambda: reading_since(house, cut_off))
        assert agents(house, asked) == {"worker-1"}

        asked = len(house.newsroom.requests)
        house.network.mend("a")
        until(lambda: "worker-0" in agents(house, asked))

        house.network.cut(DATABASE)
        time.sleep(10)
        back = datetime.now(UTC)
        house.network.mend(DATABASE)
        until(lambda: reading_since(house, back))
        assert (first.poll(), second.poll()) == (None, None)

        first.kill()
        first.wait()
        until(house.all_told, seconds=300)
        assert house.told_once() == house.happenings


def agents(house: TwoHosts, since: int) -> set[str]:
    """Who asked the newsroom since it was asked so many times."""
    return {request.agent.partition("/")[0] for request in house.newsroom.requests[since:]}
