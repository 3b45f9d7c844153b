"""Whether cost grows with the archive: judging, a digest, a search and `explain` on databases of growing size.

    python -m benchmarks.growth [SIZES ...]

A first block of invented articles is judged for real; the rest of the archive are its rows again, with other addresses,
ids, stories and index keys, an hour earlier a block. So every table and index has its true size and spread in time;
what is not shown is a key that gets more common as the archive grows (look-ups cap those: PER_KEY in store/candidates).
Then 30 articles that are new are judged, and the rest is asked. CPU seconds of this process, each the least of three.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from benchmarks.world import happening
from sovwatch import schema as t
from sovwatch.app import App, open_app
from sovwatch.app.explaining import explain
from sovwatch.app.running import enrol, judge_all
from sovwatch.app.starter import starter
from sovwatch.app.telling import digest, preview
from sovwatch.model import Article, Dated
from sovwatch.settings import ChannelSettings, Settings, TopicSettings
from sovwatch.store import articles
from sovwatch.store.searching import search

BLOCK = 120
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW = 30


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
    """Repeat the first block until the archive has so many articles."""
    with app.store.read() as c:
        block = {table.name: [dict(row) for row in c.execute(select(table)).mappings()] for table in _TABLES}
    for number in range(1, size // BLOCK):
        with app.store.write() as c:
            for table in _TABLES:
                _repeat(c, table, block[table.name], number)


_TABLES = (t.article, t.story, t.judgement, t.article_topic, t.copy_key, t.story_key)
_IDS = {"id", "article", "copy_of", "story", "merged_into"}


def _repeat(c: Connection, table: Table, rows: Sequence[dict[str, Any]], block: int) -> None:
    made = []
    for row in rows:
        row = dict(row)  # noqa: PLW2901
        for name, value in row.items():
            if name in _IDS and value is not None:
                row[name] = value + block * 100_000
            elif isinstance(value, datetime):
                row[name] = value - timedelta(hours=block)
            elif name == "url":
                row[name] = f"{value}-{block}"
            elif name == "key":
                row[name] = (value ^ (block * 0x9E3779B97F4A7C15)) % 2**63
        made.append(row)
    if made:
        c.execute(insert(table), made)


def least(work: Callable[[], object]) -> float:
    """The least CPU time of three, in milliseconds."""
    spent = []
    for _ in range(3):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent) * 1000


def measured(app: App) -> Iterator[float]:
    """Milliseconds: an article judged, a digest, a search, an explanation."""
    began = time.process_time()
    read(app, range(10_000_000, 10_000_000 + NEW), standing="news")
    yield (time.process_time() - began) * 1000 / NEW
    yield least(lambda: preview(app, "desk"))
    with app.store.read() as c:
        yield least(lambda: search(c, "separatis* tengru*", 20))
    yield least(lambda: explain(app, "http://paper-0.example/news/0"))
    digest(app, only_due=False)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description="Measure how cost grows with the archive.")
    options.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    print(f"{'articles':>10} {'judge ms':>9} {'digest ms':>10} {'search ms':>10} {'explain ms':>11} {'kB/article':>11}")
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
            print(
                f"{size:10} {cells[0]:9.1f} {cells[1]:10.1f} {cells[2]:10.1f} {cells[3]:11.1f} {size_kb:11.1f}",
                flush=True,
            )


def _settings(home: Path) -> Settings:
    import tomllib

    topics = tomllib.loads((starter() / "topics.toml").read_text(encoding="utf-8"))
    return Settings(
        home=home,
        database="sqlite:///growth.sqlite",
        clock=NOW,
        topics={name: TopicSettings(**topic) for name, topic in topics.items()},
        channels={"desk": ChannelSettings()},
    )


if __name__ == "__main__":
    main()
