"""Measure what one more article costs when 1,000, 100,000 or 1,000,000 are known, on SQLite or PostgreSQL.

    python -m benchmarks.judging [--sizes 1000 100000 1000000] [--new 200] [--keep FOLDER] [--postgresql]

The known articles are those of `benchmarks.archive`. The new ones go on as they left off: reports of new happenings, on
topic, 400 words long (`benchmarks.reports`). They are judged as the program judges: relevance, fingerprint, seeds,
look-up, placing, what is new, and writing, an article a transaction. Fingerprint, and look-up with placing, are timed
beside it on their own. "made one" counts the stories that went into others meanwhile: an archive that the program had
not put together would show there. Each size has a process of its own, so that its memory is that of judging. `--keep`
leaves the archives there, and takes those that are there.

"judged" is processor time of this process alone. Beside it stand that of the server's process which answers it (what
others of its processes write later is not in it), and the time by the clock, which on a machine that others use is
theirs as well.
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from sqlalchemy import RowMapping, func, select

from benchmarks.archive import NOW, fill
from benchmarks.reports import Reporter
from benchmarks.servers import Server, seconds, server
from sovwatch import schema as t
from sovwatch.app import App, open_app
from sovwatch.app.running import enrol
from sovwatch.app.starter import starter
from sovwatch.judge import judge
from sovwatch.model import Article, Dated
from sovwatch.settings import ChannelSettings, Settings, load
from sovwatch.store import articles, overview
from sovwatch.store.candidates import copy_candidates, recent, story_candidates
from sovwatch.store.placing import pending
from sovwatch.stored import fingerprint_of, instant
from sovwatch.stories import Placement, place

P = ParamSpec("P")
R = TypeVar("R")


class Spent(NamedTuple):
    """Seconds an article: of this process, of the server's, and by the clock."""

    own: float
    server: float
    wall: float


class Cost(NamedTuple):
    """What an article took, and of that fingerprint and placing; stories that were made one; peak of memory in MB.

    And the bytes that the database took on the disk in the end.
    """

    judged: Spent
    fingerprint: float
    placing: float
    united: int
    memory: float
    stored: int


def cost(folder: Path, database: str, new: int) -> Cost:
    """What an article costs beside the known ones of a database; a quarter is judged first, to warm up.

    An article is placed once, as the program does: what it shares words with is then unpacked for the next.
    """
    app = _opened(folder, database)
    rows = _arrived(app, new)
    pid = _serving(app)
    work = judge(app.store, app.bench, now=NOW)
    first, second = new // 4, new * 3 // 8
    _each(islice(work, first))
    judged = _each(islice(work, second), pid)
    third = rows[first + second :]
    taken = _each(map(fingerprint_of, third)).own
    placed = _each(_place(app, row) for row in third).own - taken
    with app.store.read() as c:
        united = c.execute(select(func.count(t.story.c.merged_into))).scalar_one()
        stored = overview.size(c)
    app.store.close()
    return Cost(judged, taken, placed, united, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, stored)


def _serving(app: App) -> int | None:
    """The server's process that answers this one, which keeps its connection."""
    if app.store.engine.dialect.name == "sqlite":
        return None
    with app.store.read() as c:
        return int(c.execute(select(func.pg_backend_pid())).scalar_one())


def _each(work: Iterable[object], pid: int | None = None) -> Spent:
    began, done = _now(pid), 0
    for _ in work:
        done += 1
    return Spent(*((now - then) / done for now, then in zip(_now(pid), began, strict=True)))


def _now(pid: int | None) -> Spent:
    return Spent(time.process_time(), 0 if pid is None else seconds(pid), time.monotonic())


def _place(app: App, row: RowMapping) -> Placement:
    fp = fingerprint_of(row)
    with app.store.read() as c:
        copies = copy_candidates(c, fp.copy_keys(), but=row["id"])
        stories = story_candidates(c, fp.story_keys(), instant(row), but=row["id"], now=NOW)
        tables = app.bench.seasons.tables(instant(row), partial(recent, c))
    return place(fp, frozenset({"alberta"}), copies, stories, tables)


def _opened(folder: Path, database: str) -> App:
    shipped = load(starter() / "sovwatch.toml", {})
    settings = Settings(
        home=folder,
        database=database,
        clock=NOW,
        shared=shipped.shared,
        topics=shipped.topics,
        channels={"desk": ChannelSettings()},
        seeds=starter() / "seeds",
    )
    app = open_app(settings)
    enrol(app)
    return app


def _arrived(app: App, new: int) -> list[RowMapping]:
    """Read new articles, of the last hours; gives their rows."""
    with app.store.write() as c:
        for number, (title, text) in enumerate(Reporter(2).reports(new)):
            article = Article(url=f"https://new.example/{number}", title=title, text=text, outlet="New", language="en",
                              published=Dated(NOW - timedelta(minutes=2 * (new - number))))  # fmt: skip
            articles.remember(c, article, now=NOW, standing="news")
    with app.store.read() as c:
        return pending(c, new)


def measured(size: int, new: int, keep: Path, on: Server | None) -> Cost:
    """The cost at a size; filling and measuring in a process each."""
    known = keep / f"known-{size}.sqlite"
    if not known.exists():
        _apart(fill, known, size)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if on is not None:
            _apart(on.make, "judging", known)
            return _apart(cost, folder, on.url("judging"), new)
        file = folder / "judging.sqlite"
        shutil.copyfile(known, file)
        return _apart(cost, folder, f"sqlite:///{file}", new)


def _apart(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


def main() -> int:
    """Print the cost at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--new", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with ExitStack() as held:
        keep = given.keep or Path(held.enter_context(tempfile.TemporaryDirectory()))
        on = held.enter_context(server(keep / "postgresql")) if given.postgresql else None
        print("    known judged ms a second server ms wall ms fingerprint  placing made one   MB  disk MB")
        for size in sorted(given.sizes):
            found = measured(size, given.new, keep, on)
            own, other, wall = found.judged
            print(
                f"{size:>9,} {own * 1e3:9.1f} {1 / own:8.0f} {other * 1e3:9.1f} {wall * 1e3:7.1f}"
                f" {found.fingerprint * 1e3:11.2f} {found.placing * 1e3:8.2f} {found.united:8} {found.memory:4.0f}"
                f" {found.stored >> 20:8}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
