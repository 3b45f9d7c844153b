"""Archives of known articles, as large as one likes, written straight into SQLite: what judging is measured on.

A year of invented articles with natural term statistics (a vocabulary that follows Zipf's law, names, figures), in
stories of three. Each has a fingerprint of its own, of its own moment, though the words of it are those of one of
`SAMPLES` texts; the index keys follow Zipf's law too, those of the samples being the commonest, as words of a topic
are. Only what placing reads is there: the texts themselves are not.

Rows are made by SQLite itself or written in the order of their table, and indexes are made last: a million articles
have 52 million rows, which would take hours otherwise.
"""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from sovwatch.fingerprints import SCHEME, Fingerprint
from sovwatch.model import Dated
from sovwatch.similarity import fingerprint
from sovwatch.store.database import open_store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPREAD = timedelta(days=365)
EACH = 3  # articles to a story
SAMPLES = 1_200
COPY_KEYS, STORY_KEYS = 28, 24  # of an article of 400 words
SYLLABLES = "ba co di fe gu ha li mo ne pa ri so ta vu zel dran stor quin mer land".split()  # noqa: SIM905


class Writer:
    """Invents articles: a vocabulary in which the nth word is n times rarer than the first, names and figures."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.vocabulary = ["".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 4))) for _ in range(40_000)]
        self.weights = list(accumulate(1 / (rank + 2) for rank in range(len(self.vocabulary))))

    def words(self, count: int) -> list[str]:
        """So many words, as often as their rank says."""
        return self.random.choices(self.vocabulary, cum_weights=self.weights, k=count)

    def sentence(self) -> str:
        """A sentence of 8 to 24 words."""
        found = self.words(self.random.randint(8, 24))
        if self.random.random() < 0.5:
            found[3] = found[3].capitalize()
        if self.random.random() < 0.3:
            found[5] = str(self.random.randint(2, 90_000))
        return " ".join(found).capitalize() + "."

    def article(self, length: int = 400) -> str:
        """Sentences of about that many words."""
        return " ".join(self.sentence() for _ in range(length // 16))


class Sample(NamedTuple):
    """A text that known articles have: its fingerprint, and the keys it is found by."""

    fingerprint: Fingerprint
    packed: bytes
    story_keys: tuple[int, ...]


def sampled(writer: Writer) -> list[Sample]:
    """The texts that the known articles have."""
    found = (fingerprint("", writer.article(), language="en", published=Dated(NOW)) for _ in range(SAMPLES))
    return [Sample(fp, fp.pack(), fp.story_keys()) for fp in found]


def fill(file: Path, size: int, seed: int = 1) -> None:
    """Make a database with known articles 1 to `size`, the newest of this moment."""
    open_store(f"sqlite:///{file}").close()
    samples = sampled(Writer(seed))
    moments = [stored(NOW - SPREAD * (1 - number / size)) for number in range(size + 1)]
    c = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-1000000", "temp_store=FILE"):
        c.execute(f"PRAGMA {pragma}")
    indexes = _without_indexes(c)
    c.execute("BEGIN")
    c.execute("CREATE TEMP TABLE moment(number INTEGER PRIMARY KEY, at TEXT)")
    c.executemany("INSERT INTO moment VALUES (?, ?)", enumerate(moments))
    _articles(c, size)
    c.executemany(_JUDGEMENT, _judgements(size, samples, moments))
    c.execute(
        "INSERT INTO copy_key SELECT random(), 1 + (n - 1) % ? FROM ("
        "WITH RECURSIVE count(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM count WHERE n < ?) SELECT n FROM count"
        ") ORDER BY 1",
        (size, size * COPY_KEYS),
    )
    c.executemany("INSERT INTO story_key(key, at, article) VALUES (?, ?, ?)", _story_keys(size, samples, moments))
    for made in indexes:
        c.execute(made)
    c.execute("COMMIT")
    c.execute("PRAGMA journal_mode=WAL")
    c.close()


def stored(moment: datetime) -> str:
    """A moment as the store writes it into SQLite."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _without_indexes(c: sqlite3.Connection) -> list[str]:
    """Drop the indexes that tables have beside their keys; gives what makes them again."""
    tables = "('article', 'judgement', 'copy_key', 'story_key')"
    query = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {tables}"
    found = c.execute(query).fetchall()
    for name, _ in found:
        c.execute(f'DROP INDEX "{name}"')
    return [made for _, made in found]


def _articles(c: sqlite3.Connection, size: int) -> None:
    c.execute(
        "INSERT INTO article(id, url, title, outlet, language, published, precision, evidence, authors, kind, agency,"
        " section, tier, page, listing, content, standing, first_seen, pending)"
        " SELECT number, 'https://known.example/' || number, '', 'known.example', 'en', at, 'second', 'given', '[]',"
        " 'news', '', '', 'local', 'read', '', '', 'memory', at, 0 FROM moment WHERE number > 0"
    )
    c.execute(
        "INSERT INTO story(id, opened) SELECT (number - 1) / ? + 1, at FROM moment WHERE number > 0 AND number % ? = 1",
        (EACH, EACH),
    )
    assert c.execute("SELECT count(*) FROM article").fetchone() == (size,)


_JUDGEMENT = (
    "INSERT INTO judgement(article, judged, placement, story, new, why, at, scheme, fingerprint)"
    " VALUES (?, ?, ?, ?, '[]', '{}', ?, ?, ?)"
)


def _judgements(
    size: int, samples: Sequence[Sample], moments: Sequence[str]
) -> Iterator[tuple[int, str, str, int, str, int, bytes]]:
    for number in range(1, size + 1):
        sample = samples[(number - 1) % len(samples)]
        at = moments[number]
        packed = repacked(sample.packed, datetime.fromisoformat(at).replace(tzinfo=UTC))
        placement = "joins" if (number - 1) % EACH else "opens"
        yield number, at, placement, (number - 1) // EACH + 1, at, SCHEME, packed


def repacked(packed: bytes, published: datetime) -> bytes:
    """A fingerprint as if its article had been published then."""
    start = packed.index(_STAMP)
    return packed[:start] + _stamped(published) + packed[start + len(_STAMP) :]


def _stamped(moment: datetime) -> bytes:
    return int(moment.timestamp() * 1_000_000).to_bytes(8, "little", signed=True)


_STAMP = _stamped(NOW)


def _story_keys(size: int, samples: Sequence[Sample], moments: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """24 keys an article, in order: those of the samples are the commonest."""
    chance = random.Random(size)
    often = Counter(key for sample in samples for key in sample.story_keys)
    ranked = [key for key, _ in often.most_common()] + [chance.getrandbits(32) | 1 << 40 for _ in range(200_000)]
    whole = sum(1 / (rank + 20) for rank in range(len(ranked)))
    uses = {key: STORY_KEYS * size / (rank + 20) / whole for rank, key in enumerate(ranked)}
    for key in sorted(uses):
        count = min(size, int(uses[key]) + (chance.random() < uses[key] % 1))
        for number in sorted(chance.sample(range(1, size + 1), count)):
            yield key, moments[number], number
