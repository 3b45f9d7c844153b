"""What PostgreSQL is asked, it can plan well: prepared once, and with statistics from the first moment on."""

from pathlib import Path

from sqlalchemy import BigInteger, bindparam, select, text

from sovwatch import schema as t
from sovwatch.store import articles, open_store
from sovwatch.store.copying import copy
from tests.builders import NOW, an_article

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
