"""Archives of known articles, as large as one likes, written straight into SQLite: what judging is measured on.

A year of articles on topic. Their texts are `SAMPLES` reports of happenings (`benchmarks.reports`), each happening a
story, as the program makes them (`tests/test_archive.py`). They come again and again as other happenings: in each round
all words, names and figures that news at large lacks are exchanged for others, and with them the wording, while common
words stay. So with its story an article shares what reports of one happening do, with others what strangers share. Not
so with itself in another round, whose common words are all the same: the program would take the two for one. No new
article comes near enough to both to show that; `benchmarks.judging` prints how many stories new articles made one.
Index keys are those of the fingerprints. Only what judging reads is there: texts and addresses are not.

One channel was told every story, each in a digest a day with others; half of them stand below its first part
(`landed`). A story is related to the two before it, and operators ruled on one article in a thousand (`story_rule`).

Rows are made by SQLite itself or written in the order of their table, and indexes are made last: a million articles
have 50 million rows, which would take hours otherwise.
"""

import random
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.reports import PERIOD, REPORTS, Report, Reporter
from sovwatch.background import shipped
from sovwatch.fingerprints import SCHEME
from sovwatch.model import Dated
from sovwatch.similarity import fingerprint
from sovwatch.store.database import open_store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPREAD = timedelta(days=365)
SAMPLES = 50 * PERIOD


class Sample(NamedTuple):
    """A report that known articles have: its packed fingerprint, where that holds what is exchanged, and its keys.

    `places` is 1 at each of these places, so that a multiple of it exchanges all at once. Of the story keys, it also
    says which are exchanged; of the copy keys all are.
    """

    packed: bytes
    places: int
    copy_keys: tuple[int, ...]
    story_keys: tuple[tuple[int, bool], ...]


_BOTH = (1 << 32) + 1  # times a code of 32 bits: that of a key of 64
_WORD = (1 << 32) - 1  # the hash in a story key


def sampled(report: Report) -> Sample:
    """What of a report is exchanged: shingles, the keys of its wording, and hashes of what news at large lacks."""
    fp = fingerprint(report.title, report.text, language="en", published=Dated(NOW))
    assert fp.level == 0, "a sketch of all shingles has no bound that exchanged ones could break"
    common = shipped().general
    packed, shingles = fp.pack(), array("I", sorted(fp.shingles)).tobytes()
    start = packed.index(shingles)
    end = start + len(shingles) + 8 * len(fp.wording_keys)
    told = sorted({key for part in (fp.title, *fp.sentences) for group in part.groups for key in group})
    table = [end + 4 * place for place, key in enumerate(told) if key not in common]
    places = sum(1 << 8 * place for place in (*range(start, end, 4), *table))
    story_keys = ((key, key & _WORD not in common) for key in fp.story_keys())
    return Sample(packed, places, tuple(set(fp.copy_keys())), tuple(story_keys))


def exchanged(sample: Sample, code: int, published: datetime) -> bytes:
    """Its fingerprint with other words, by a code of 32 bits, as if it had been published then."""
    start = sample.packed.index(_STAMP)
    packed = sample.packed[:start] + _stamped(published) + sample.packed[start + len(_STAMP) :]
    return (int.from_bytes(packed, "little") ^ sample.places * code).to_bytes(len(packed), "little")


def _stamped(moment: datetime) -> bytes:
    return int(moment.timestamp() * 1_000_000).to_bytes(8, "little", signed=True)


_STAMP = _stamped(NOW)


def fill(file: Path, size: int, seed: int = 1) -> None:
    """Make a database with known articles 1 to `size`, the newest of this moment."""
    open_store(f"sqlite:///{file}").close()
    samples = [sampled(report) for report in Reporter(seed).reports(SAMPLES)]
    c = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-1000000", "temp_store=FILE"):
        c.execute(f"PRAGMA {pragma}")
    indexes = _without_indexes(c)
    c.execute("BEGIN")
    known = list(_known(size, seed))
    c.execute("CREATE TEMP TABLE known(number INTEGER PRIMARY KEY, at TEXT, sample INT, story INT, half INT, full INT)")
    c.executemany("INSERT INTO known VALUES (?, ?, ?, ?, ?, ?)", map(_row, known))
    c.execute("CREATE TEMP TABLE kept(sample INT, kind TEXT, key INT, rare INT)")
    c.executemany("INSERT INTO kept VALUES (?, ?, ?, ?)", _kept(samples))
    c.execute("CREATE INDEX temp.of_sample ON kept(sample, kind)")
    for made in _MADE.split(";"):
        c.execute(made)
    c.executemany(_JUDGEMENT, _judgements(known, samples))
    for made in indexes:
        c.execute(made)
    c.execute("COMMIT")
    c.execute("PRAGMA journal_mode=WAL")
    c.close()


def _without_indexes(c: sqlite3.Connection) -> list[str]:
    """Drop the indexes that tables have beside their keys; gives what makes them again."""
    found = c.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for name, _ in found:
        c.execute(f'DROP INDEX "{name}"')
    return [made for _, made in found]


class _Known(NamedTuple):
    """A known article: its number, moment, sample and story, and by which code its words are exchanged."""

    number: int
    at: datetime
    sample: int
    story: int
    code: int


def _known(size: int, seed: int) -> Iterator[_Known]:
    chance = random.Random(seed)
    happening = [place for place, many in enumerate(REPORTS) for _ in range(many)]
    code = 0
    for place in range(size):
        if place % SAMPLES == 0:
            code = chance.getrandbits(32)
        story = place // PERIOD * len(REPORTS) + happening[place % PERIOD] + 1
        at = NOW - SPREAD * (1 - (place + 1) / size)
        yield _Known(place + 1, at, place % SAMPLES, story, code)


def _row(known: _Known) -> tuple[int, str, int, int, int, int]:
    full = int.from_bytes((known.code * _BOTH).to_bytes(8, "little"), "little", signed=True)
    return known.number, _stored(known.at), known.sample, known.story, known.code, full


def _stored(moment: datetime) -> str:
    """A moment as the store writes it into SQLite."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _kept(samples: Sequence[Sample]) -> Iterator[tuple[int, str, int, bool]]:
    for number, sample in enumerate(samples):
        yield from ((number, "copy", key, True) for key in sample.copy_keys)
        yield from ((number, "story", key, rare) for key, rare in sample.story_keys)


_MADE = """
INSERT INTO article(id, url, title, outlet, language, published, precision, evidence, authors, kind, agency, section,
    tier, page, listing, content, standing, first_seen, pending)
    SELECT number, 'https://known.example/' || number, '', 'known.example', 'en', at, 'second', 'given', '[]', 'news',
    '', '', 'local', 'read', '', '', 'memory', at, 0 FROM known;
INSERT INTO article_topic(article, topic, score, centrality, reasons, signals)
    SELECT number, 'alberta', 0.9, 'main', '[]', '[]' FROM known;
INSERT INTO story(id, opened) SELECT story, min(at) FROM known GROUP BY story;
INSERT INTO copy_key(key, article)
    SELECT (key | full) - (key & full), number  -- which is exclusive or
    FROM known JOIN kept ON kept.sample = known.sample AND kind = 'copy' ORDER BY 1, 2;
INSERT OR IGNORE INTO story_key(key, at, article)
    SELECT iif(rare, (key | half) - (key & half), key), at, number
    FROM known JOIN kept ON kept.sample = known.sample AND kind = 'story' ORDER BY 1, 2, 3;
INSERT INTO related(story, other)
    SELECT one.id, other.id FROM story one JOIN story other ON other.id BETWEEN one.id + 1 AND one.id + 2 ORDER BY 1, 2;
INSERT INTO outbox(key, channel, payload, promised_at, delivered_at)
    SELECT 'digest:' || date(at), 'desk', '', max(at), max(at) FROM known GROUP BY date(at);
INSERT INTO told(channel, article, revision, story, at, message, how)
    SELECT 'desk', number, 0, story, at, 'digest:' || date(at), 'new' FROM known;
INSERT INTO landed(outbox, story, link)
    SELECT outbox.id, story.id, 'https://desk.example/' || story.id
    FROM story JOIN outbox ON key = 'digest:' || date(opened) WHERE story.id % 2 ORDER BY 1, 2;
INSERT INTO story_rule(article, story, apart, at)
    SELECT number, story - back, back, at FROM known, (SELECT 0 AS back UNION SELECT 1)
    WHERE number % 1000 = 999 ORDER BY 1, 2;
INSERT INTO mute(kind, what, created, until) SELECT 'story', id, opened, opened FROM story WHERE id % 1000 = 999
"""
_JUDGEMENT = (
    "INSERT INTO judgement(article, judged, placement, story, new, why, at, scheme, fingerprint)"
    " VALUES (?, ?, ?, ?, '[]', '{}', ?, ?, ?)"
)


def _judgements(
    known: Sequence[_Known], samples: Sequence[Sample]
) -> Iterator[tuple[int, str, str, int, str, int, bytes]]:
    before = 0
    for one in known:
        at, placement = _stored(one.at), "opens" if one.story != before else "joins"
        packed = exchanged(samples[one.sample], one.code, one.at)
        yield one.number, at, placement, one.story, at, SCHEME, packed
        before = one.story
