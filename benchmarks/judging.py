"""Measure what one more article costs when 1,000, 100,000 or 1,000,000 are known (SQLite on disk).

    python -m benchmarks.judging [--sizes 1000 100000 1000000] [--new 200] [--keep FOLDER]

The known articles are those of `benchmarks.archive`. The new ones go on as they left off: reports of new happenings, on
topic, 400 words long (`benchmarks.reports`). They are judged as the program judges: relevance, fingerprint, seeds,
look-up, placing, what is new, and writing, an article a transaction. Fingerprint, and look-up with placing, are timed
beside it on their own. "made one" counts the stories that went into others meanwhile: an archive that the program had
not put together would show there. Each size has a process of its own, so that its memory is that of judging. `--keep`
leaves the archives there, and takes those that are there.
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from sqlalchemy import RowMapping, func, select

from benchmarks.archive import NOW, fill
from benchmarks.reports import Reporter
from sovwatch import schema as t
from sovwatch.app import App, open_app
from sovwatch.app.running import enrol
from sovwatch.app.starter import starter
from sovwatch.judge import judge
from sovwatch.model import Article, Dated
from sovwatch.settings import ChannelSettings, Settings, TopicSettings
from sovwatch.store import articles
from sovwatch.store.candidates import copy_candidates, story_candidates
from sovwatch.store.placing import pending
from sovwatch.stored import fingerprint_of, instant
from sovwatch.stories import STORY_WINDOW, Placement, place

P = ParamSpec("P")
R = TypeVar("R")


class Cost(NamedTuple):
    """Seconds of processor time an article, stories that new articles made one, and the peak of memory in MB."""

    judged: float
    fingerprint: float
    placing: float
    united: int
    memory: float


def cost(folder: Path, file: Path, new: int) -> Cost:
    """What an article costs beside the known ones of a database; a quarter is judged first, to warm up.

    An article is placed once, as the program does: what it shares words with is then unpacked for the next.
    """
    app = _opened(folder, file)
    rows = _arrived(app, new)
    work = judge(app.store, app.bench, now=NOW)
    first, second = new // 4, new * 3 // 8
    _each(islice(work, first))
    judged = _each(islice(work, second))
    third = rows[first + second :]
    taken = _each(map(fingerprint_of, third))
    placed = _each(_place(app, row) for row in third) - taken
    with app.store.read() as c:
        united = c.execute(select(func.count(t.story.c.merged_into))).scalar_one()
    app.store.close()
    return Cost(judged, taken, placed, united, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _each(work: Iterable[object]) -> float:
    began, done = time.process_time(), 0
    for _ in work:
        done += 1
    return (time.process_time() - began) / done


def _place(app: App, row: RowMapping) -> Placement:
    fp = fingerprint_of(row)
    with app.store.read() as c:
        copies = copy_candidates(c, fp.copy_keys(), but=row["id"])
        stories = story_candidates(c, fp.story_keys(), instant(row), STORY_WINDOW, but=row["id"])
    return place(fp, frozenset({"alberta"}), copies, stories, app.bench.tables)


def _opened(folder: Path, file: Path) -> App:
    topics = tomllib.loads((starter() / "topics.toml").read_text(encoding="utf-8"))
    settings = Settings(
        home=folder,
        database=f"sqlite:///{file}",
        clock=NOW,
        topics={name: TopicSettings(**topic) for name, topic in topics.items()},
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


def measured(size: int, new: int, keep: Path | None) -> tuple[Cost, int]:
    """The cost at a size, and the size of its file in bytes; filling and measuring in a process each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        known = (keep or folder) / f"known-{size}.sqlite"
        if not known.exists():
            _apart(fill, known, size)
        file = folder / "judging.sqlite"
        shutil.copyfile(known, file)
        return _apart(cost, folder, file, new), file.stat().st_size


def _apart(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


def main() -> int:
    """Print the cost at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--new", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    print("    known judged ms a second fingerprint  placing made one   MB  file MB")
    for size in sorted(given.sizes):
        found, stored = measured(size, given.new, given.keep)
        print(
            f"{size:>9,} {found.judged * 1e3:9.1f} {1 / found.judged:8.0f} {found.fingerprint * 1e3:11.2f}"
            f" {found.placing * 1e3:8.2f} {found.united:8} {found.memory:4.0f} {stored >> 20:8}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
