"""What PostgreSQL is asked, it can plan well: prepared once, and with statistics from the first moment on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, bindparam, event, select, text

from sovwatch import schema as t
from sovwatch.errors import Unavailable
from sovwatch.store import Store, articles, bulk, candidates, counting, open_store, overview, searching
from sovwatch.store.copying import copy
from tests.builders import NOW, an_article
from tests.conftest import _create

MANY = 6_000  # articles; with fewer PostgreSQL reads a whole table sooner than an index
OFTEN = 8  # psycopg prepares what it is asked for the sixth time


def test_a_statement_is_prepared_once_however_large_the_numbers_that_it_is_given(empty_postgresql: str) -> None:
    store = open_store(empty_postgresql)
    asked = select(t.judgement.c.article).where(t.judgement.c.story == bindparam("story", type_=BigInteger))
    with store.read() as c:
        for story in (1, 40_000, 3_000_000_000) * OFTEN:
            c.execute(asked, {"story": story})
        query = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%judgement.story%'"
        assert c.execute(text(query)).scalar_one() == 1
    store.close()


def test_a_statement_about_many_articles_is_prepared_once_however_many(empty_postgresql: str) -> None:
    store = open_store(empty_postgresql)
    with store.read() as c:
        for many in (3, 30, 300) * OFTEN:
            candidates._topics_of(c, range(many))
        query = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%article_topic%'"
        assert c.execute(text(query)).scalar_one() == 1
    store.close()


def test_a_copied_archive_has_statistics_and_needs_no_vacuum(tmp_path: Path, empty_postgresql: str) -> None:
    """Else the server would read whole tables for every look-up until it comes to count them by itself."""
    old, new = open_store(f"sqlite:///{tmp_path / 'old.sqlite'}"), open_store(empty_postgresql)
    with old.write() as c:
        for number in range(120):
            read = an_article(f"https://daily-river.example/{number}", title=f"Report {number} of the Daily River")
            articles.remember(c, read, now=NOW, standing="memory")
    list(copy(old, new))

    with new.read() as c:
        assert {"article", "article_key"} <= set(c.execute(text("SELECT tablename FROM pg_stats")).scalars())
        c.execute(text("SET LOCAL enable_seqscan = off"))
        explained = "\n".join(c.execute(text("EXPLAIN (ANALYZE) SELECT id FROM article WHERE id > 7")).scalars())
        assert "Heap Fetches: 0" in explained, "what all may see is answered by the index alone"
    old.close()
    new.close()


def test_a_server_that_goes_away_while_it_is_written_to_is_one_sentence(empty_postgresql: str) -> None:
    store, other = open_store(empty_postgresql), open_store(empty_postgresql)

    def rows(pid: int) -> Iterator[tuple[object, ...]]:
        with other.read() as c:
            c.execute(text("SELECT pg_terminate_backend(CAST(:pid AS integer), 5000)"), {"pid": pid})
        yield from ((str(number), NOW) for number in range(100_000))

    with pytest.raises(Unavailable, match="the database cannot be used"), store.write() as c:
        bulk.write(c, t.listing, rows(c.execute(text("SELECT pg_backend_pid()")).scalar_one()))
    store.close()
    other.close()


@pytest.fixture(scope="module")
def full(postgres: str, migrated: str) -> Iterator[Store]:
    """A store with many articles, the oldest of which have a word of their own; written in bulk, and counted."""
    store = open_store(_create(postgres, migrated))
    with store.write() as c:
        for statement in _MANY:
            c.execute(text(statement), {"many": MANY, "now": NOW} if ":many" in statement else {})
        c.execute(text("ANALYZE"))
    yield store
    store.close()


_MANY = (
    """
    INSERT INTO article(url, title, text, outlet, language, published, precision, evidence, authors, kind, agency,
        section, tier, page, listing, content, standing, first_seen, pending)
    SELECT 'https://daily-river.example/' || n, CASE WHEN n < 3 THEN 'Ferry' ELSE 'Council' END || ' vote ' || n,
        repeat('Nobody at the landing had heard of it. ', 20), 'River', 'en', seen, 'second', 'feed', '[]', 'news', '',
        '', 'local', 'read', '', '', 'news', seen, false
    FROM generate_series(1, CAST(:many AS integer)) AS n, LATERAL (
        SELECT CAST(:now AS timestamptz) - (:many - n) * interval '1 hour' AS seen
    ) AS moment
    """,
    "INSERT INTO channel(name, added, upto) VALUES ('desk', now(), 0)",
    "INSERT INTO story(id, opened) SELECT id, first_seen FROM article",
    """
    INSERT INTO outbox(key, channel, payload, promised_at, delivered_at)
    SELECT 'digest:' || id, 'desk', '', first_seen, first_seen FROM article
    """,
    """
    INSERT INTO told(channel, article, revision, story, at, message, how)
    SELECT 'desk', id, 0, id, first_seen, 'digest:' || id, 'new' FROM article
    """,
)


@contextmanager
def plans(store: Store) -> Iterator[list[dict[str, Any]]]:
    """The steps of all that is asked meanwhile, as they went."""
    asked: list[tuple[str, Any]] = []
    steps: list[dict[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        asked.append((statement, given))

    event.listen(store.engine, "before_cursor_execute", note)
    yield steps
    event.remove(store.engine, "before_cursor_execute", note)
    with store.read() as c:
        for statement, given in asked:
            explained = c.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given).scalar_one()
            steps += _steps(explained[0]["Plan"])


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _steps(part)


def vain(steps: list[dict[str, Any]]) -> int:
    """How many rows were read for nothing."""
    return sum(int(step.get("Rows Removed by Filter", 0) * step["Actual Loops"]) for step in steps)


@pytest.mark.parametrize("words", ["nowhere", "ferry", '"vote ferry"'])
def test_what_few_or_no_articles_say_is_asked_of_the_index_and_not_read_for(full: Store, words: str) -> None:
    """PostgreSQL takes reading an article for much cheaper than it is, and would read from the newest to the oldest."""
    with plans(full) as steps, full.read() as c:
        found = searching.search(c, words, limit=2)

    assert [hit.article for hit in found] == {"ferry": [2, 1]}.get(words, [])
    assert vain(steps) <= searching.NEWEST + 2, "and the two with the words of the phrase"


def test_what_many_articles_say_is_found_among_the_newest(full: Store) -> None:
    with plans(full) as steps, full.read() as c:
        found = searching.search(c, '"council vote"', limit=2)

    assert [hit.article for hit in found] == [MANY, MANY - 1]
    assert max(step["Actual Rows"] for step in steps) <= searching.NEWEST


def test_what_was_told_and_opened_lately_is_counted_by_index(full: Store) -> None:
    week = NOW - timedelta(days=7)
    with plans(full) as steps, full.read() as c:
        assert counting.told_on(c, "desk", NOW - timedelta(hours=12)) == 13
        assert overview.since(c, week) == (169, 0, 169)
        assert len(overview.seen_to_told(c, week)) == 169
        overview.published_to_seen(c, week)

    assert vain(steps) == 0
    read = {step["Relation Name"] for step in steps if step["Node Type"] == "Seq Scan"}
    assert read & {"article", "story", "told"} == set()
