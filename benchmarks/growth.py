"""Whether cost grows with the archive: a run, judging, a digest, searches, `explain` on databases of growing size.

    python -m benchmarks.growth [SIZES ...]

A first block of invented articles is judged for real; the rest of the archive are its rows again, with other addresses,
ids, stories and index keys, an hour earlier a block. So every table and index has its true size and spread in time;
what is not shown is a key that gets more common as the archive grows (look-ups cap those: PER_KEY in store/candidates).
Then a run with nothing due is made, 30 articles that are new are judged, and the rest is asked: a digest, a search for
a word that a third of the archive has, one for its beginning, one for a word of the first block's, and `explain`. CPU
seconds of this process, each the least of three, but of judging the mean.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select, text

from benchmarks.world import happening
from sovwatch import schema as t
from sovwatch.app import App, open_app
from sovwatch.app.explaining import explain
from sovwatch.app.running import enrol, judge_all, run
from sovwatch.app.starter import starter
from sovwatch.app.telling import digest, preview
from sovwatch.model import Article, Dated
from sovwatch.settings import ChannelSettings, RetentionSettings, Settings, load
from sovwatch.store import articles
from sovwatch.store.searching import search

BLOCK = 120
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW = 30
KEPT = timedelta(days=3650)  # nothing is forgotten meanwhile
TOGETHER = 50  # blocks a transaction


def read(app: App, numbers: Sequence[int], *, standing: Any) -> None:
    """Remember invented articles, and judge them."""
    with app.store.write() as c:
        for number in numbers:
            told = happening(number)
            url = f"http://paper-{number % 50}.example/news/{number}"
            article = Article(url=url, title=told.title, text=told.text, outlet=f"Paper {number % 50}", language="en",
                              published=Dated(NOW - timedelta(minutes=number % 600)))  # fmt: skip
            articles.remember(c, article, now=NOW, standing=standing)
    judge_all(app)


def grow(app: App, size: int) -> None:
    """Repeat the first block until the archive has so many articles; SQLite itself makes the rows."""
    with app.store.write() as c:
        last = {table: c.execute(select(func.max(column))).scalar_one() for table, column in _COUNTED.items()}
    for first in range(1, size // BLOCK, TOGETHER):
        with app.store.write() as c:
            for number in range(first, min(first + TOGETHER, size // BLOCK)):
                for table, column in _COUNTED.items():
                    _repeat(c, table, column, last[table], number)


_COUNTED = {
    t.article: t.article.c.id,
    t.story: t.story.c.id,
    t.judgement: t.judgement.c.article,
    t.article_topic: t.article_topic.c.article,
    t.copy_key: t.copy_key.c.article,
    t.story_key: t.story_key.c.article,
}
_IDS = {"id", "article", "copy_of", "story", "merged_into"}
_SPREAD = 0x9E3779B97F4A7C15  # of index keys, block by block
_POSITIVE = 2**63 - 1
_XOR = f"(({{0}} & {_POSITIVE}) | :mix) - (({{0}} & {_POSITIVE}) & :mix)"


def _repeat(c: Connection, table: Table, column: Column[Any], last: int, block: int) -> None:
    columns = ", ".join(f'"{one.name}"' for one in table.columns)
    values = ", ".join(map(_again, table.columns))
    query = f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM {table.name} WHERE {column.name} <= :last"
    mix = block * _SPREAD & _POSITIVE
    given = {"last": last, "shift": block * 100_000, "hours": f"-{block} hours", "suffix": f"-{block}", "mix": mix}
    c.execute(text(query), given)


def _again(column: Column[Any]) -> str:
    """What a column of a repeated row holds."""
    name = f'"{column.name}"'
    if column.name in _IDS:
        return f"{name} + :shift"
    if isinstance(column.type, t.Instant):
        return f"strftime('%Y-%m-%d %H:%M:%f', {name}, :hours) || '000'"
    return {"url": f"{name} || :suffix", "key": _XOR.format(name)}.get(column.name, name)


def least(work: Callable[[], object]) -> float:
    """The least CPU time of three, in milliseconds."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent) * 1000


def measured(app: App) -> Iterator[float]:
    """Milliseconds: a run, an article judged, a digest, three searches, an explanation."""
    yield least(lambda: run(app))
    began = time.process_time()
    read(app, range(10_000_000, 10_000_000 + NEW), standing="news")
    yield (time.process_time() - began) * 1000 / NEW
    yield least(lambda: preview(app, "desk"))
    with app.store.read() as c:
        for words in ("separatists", "separatis*", "tengru*"):
            yield least(partial(search, c, words))
    yield least(lambda: explain(app, "http://paper-0.example/news/0"))
    digest(app, only_due=False)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description="Measure how cost grows with the archive.")
    options.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    heads = ("run", "judge", "digest", "word", "beginning", "rare word", "explain")
    print(f"{'articles':>10}" + "".join(f"{head:>10}" for head in heads) + f"{'kB/article':>11}")
    for size in options.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            app = open_app(_settings(home))
            read(app, range(BLOCK), standing="memory")
            grow(app, size)
            enrol(app)  # only now: its first footer would count the whole archive
            cells = list(measured(app))
            app.store.close()
            size_kb = (home / "growth.sqlite").stat().st_size / 1024 / size
            print(f"{size:10}" + "".join(f"{cell:10.1f}" for cell in cells) + f"{size_kb:11.1f}", flush=True)


def _settings(home: Path) -> Settings:
    shipped = load(starter() / "sovwatch.toml", {})
    return Settings(
        home=home,
        database="sqlite:///growth.sqlite",
        clock=NOW,
        shared=shipped.shared,
        topics=shipped.topics,
        channels={"desk": ChannelSettings(empty=False)},
        retention=RetentionSettings(texts=KEPT, off_topic=KEPT),
    )


if __name__ == "__main__":
    main()
