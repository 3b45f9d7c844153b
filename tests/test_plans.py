"""What is asked often asks indexes, however large the archive: the plans of SQLite itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from sovwatch.app import App, open_app
from sovwatch.app.running import enrol, run
from sovwatch.app.status import status
from sovwatch.settings import ChannelSettings, Settings
from sovwatch.store import articles, candidates, counting, placing, reading, retention, searching, steering, telling
from sovwatch.store.placing import Judgement
from tests.builders import an_article

GROWING = (
    "article",
    "address",
    "article_key",
    "listing",
    "judgement",
    "article_topic",
    "copy_key",
    "story_key",
    "story",
)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    settings = Settings(home=tmp_path, clock=NOW, channels={"desk": ChannelSettings(cron="0 7 * * *")})
    opened = open_app(settings)
    enrol(opened)
    yield opened
    opened.store.close()


@contextmanager
def plans(app: App) -> Iterator[list[str]]:
    """The steps of all that is asked meanwhile."""
    asked: list[tuple[str, Any]] = []
    steps: list[str] = []

    def note(_c: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, given))

    event.listen(app.store.engine, "before_cursor_execute", note)
    yield steps
    event.remove(app.store.engine, "before_cursor_execute", note)
    with app.store.read() as c:
        for statement, given in asked:
            steps += [row[3] for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]


@contextmanager
def counted(app: App) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    run: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        run.append(statement)

    event.listen(app.store.engine, "before_cursor_execute", note)
    yield run
    event.remove(app.store.engine, "before_cursor_execute", note)


def scans(steps: list[str]) -> list[str]:
    """The steps that read all rows of a table that grows with the archive."""
    return [step for step in steps if step in {f"SCAN {table}" for table in GROWING}]


def test_a_run_with_nothing_due_reads_no_table_through(app: App) -> None:
    run(app)  # the first digest
    with plans(app) as steps:
        run(app)

    assert "SCAN article USING INDEX ix_article_pending" in steps
    assert scans(steps) == []


def test_what_waits_is_found_by_index(app: App) -> None:
    with plans(app) as steps, app.store.read() as c:
        placing.pending(c, 10, after=3)

    assert steps == ["SEARCH article USING INDEX ix_article_pending (id>?)"]


def test_the_newest_hits_of_a_word_are_read_and_no_others(app: App) -> None:
    with plans(app) as steps, app.store.read() as c:
        searching.search(c, "référendum")

    assert steps.index("SCAN hit") < steps.index("USE TEMP B-TREE FOR ORDER BY"), "of what is shown, not of all"
    assert scans(steps) == []


def test_status_counts_what_waits_by_index(app: App) -> None:
    with plans(app) as steps:
        status(app)

    assert any("ix_article_pending" in step for step in steps)
    assert scans(steps) == []
    assert [step for step in steps if step.startswith(("SCAN told", "SCAN source_run"))] == []


def test_what_a_channel_was_told_today_is_counted_by_index(app: App) -> None:
    with plans(app) as steps, app.store.read() as c:
        counting.told_on(c, "desk", NOW)

    assert steps[-1] == "SEARCH told USING INDEX ix_told_channel_at (channel=? AND at>? AND at<?)"


def test_an_export_asks_no_more_for_many_than_for_one(app: App) -> None:
    asked = []
    for numbers in (range(1), range(1, 9)):
        with app.store.write() as c:
            for number in numbers:
                read = an_article(f"https://daily-river.example/{number}", title=f"Report {number} of the Daily River")
                article = articles.remember(c, read, now=NOW, standing="news").article
                telling.take_out(c, "desk", [(article, 0, 0)], number, "new", f"digest:desk:{number}", NOW)
        with counted(app) as statements, app.store.read() as c:
            assert sum(len(one["told"]) for one in reading.export(c)) == numbers.stop
        asked.append(len(statements))

    assert asked[0] == asked[1]


def test_forgetting_walks_from_where_the_batch_before_ended(app: App) -> None:
    with plans(app) as steps, app.store.write() as c:
        retention.forget_texts(c, NOW - timedelta(days=9), NOW)
        retention.forget_off_topic(c, NOW - timedelta(days=9), NOW)

    assert steps.count("SEARCH article USING INDEX ix_article_first_seen (first_seen>? AND first_seen<?)") == 2
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps
    assert scans(steps) == []


def test_making_two_stories_one_reads_no_table_through(app: App) -> None:
    with app.store.write() as c:
        for number in (1, 2, 3):
            read = an_article(f"https://daily-river.example/{number}", title=f"Report {number} of the Daily River")
            article = articles.remember(c, read, now=NOW, standing="news").article
            story = placing.open_story(c, NOW) if number < 3 else 1
            placing.write_judgement(c, article, Judgement(verdicts=(), placement="joins", story=story), now=NOW)
    with plans(app) as steps, app.store.write() as c:
        assert steering.gather(c, 2, (), [3], NOW) == 2
        assert steering.unite(c, 2, 1) == [2, 3]

    assert "SEARCH related USING INDEX ix_related_other (other=?)" in steps
    assert [step for step in steps if step.startswith("SCAN ")] == []


def test_the_news_of_the_weeks_is_found_among_the_newest_stories_by_index(app: App) -> None:
    with plans(app) as steps, app.store.read() as c:
        candidates.recent(c, NOW - timedelta(days=7), NOW)
    assert any("ix_judgement_story_article" in step for step in steps), steps
    assert not [step for step in steps if "TEMP B-TREE" in step], steps


def test_what_cards_are_called_is_looked_up_by_address_and_not_asked_for_none(app: App) -> None:
    with app.store.write() as c:
        read = an_article("https://daily-river.example/1?utm_source=rss", title="Ferry runs again")
        articles.remember(c, read, now=NOW, standing="news")
    known = {read.url, "https://daily-river.example/1"}
    with plans(app) as steps, app.store.read() as c:
        found = reading.headlines(c, {*known, "https://daily-river.example/2"})
    assert found == dict.fromkeys(known, "Ferry runs again")
    assert steps
    assert scans(steps) == []
    with counted(app) as statements, app.store.read() as c:
        assert reading.headlines(c, set()) == {}
    assert [one for one in statements if one.startswith("SELECT")] == []
