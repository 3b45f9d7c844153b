"""Texts go, the memory stays; and what is kept can be found, whatever its accents."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, PoolProxiedConnection, func, insert, select, update
from sqlalchemy.engine.interfaces import DBAPICursor

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.retention import forget, forget_due
from sovwatch.app.running import judge_all
from sovwatch.settings import RetentionSettings, Settings, TopicSettings
from sovwatch.store import Store, articles, open_store, reading, retention, sources, telling
from sovwatch.store.searching import search
from tests.builders import NOW, an_article

OFF_TOPIC = {"title": "Town council approves the new skating rink for winter", "text": "A rink. " * 40}


def an_app(store: Store, days: int = 0) -> App:
    topic = TopicSettings.model_validate({"name": "A", "places": ["Alberta"], "themes": ["independence"]})
    keep = RetentionSettings(texts=timedelta(days=90), off_topic=timedelta(days=30))
    return App(Settings(clock=NOW + timedelta(days=days), topics={"a": topic}, retention=keep), store)


def read(store: Store, *given: object) -> None:
    with store.write() as c:
        for article in given:
            articles.remember(c, article, now=NOW, standing="news")  # type: ignore[arg-type]


def texts(store: Store) -> dict[str, str | None]:
    with store.read() as c:
        rows = c.execute(select(t.article.c.url, t.article.c.text)).all()
        return {row.url.rsplit("/", 1)[-1]: row.text for row in rows}


def test_texts_and_what_was_off_topic_go_when_they_are_old(store: Store) -> None:
    on, off = an_article(), an_article("https://prairie-ledger.example/news/2", **OFF_TOPIC)
    read(
        store, on, off, an_article("https://prairie-ledger.example/news/3", title="A last one, of alberta independence")
    )
    judge_all(an_app(store))

    assert forget(an_app(store, 29)).off_topic == 0
    assert forget(an_app(store, 31)).off_topic == 1
    assert set(texts(store)) == {"1", "3"}
    assert forget(an_app(store, 89)).texts == 0
    assert forget(an_app(store, 91)).texts == 2
    assert set(texts(store).values()) == {None}


def test_what_was_told_ruled_on_or_copied_stays_and_so_does_the_newest(store: Store) -> None:
    """What was told would be told again, and of the newest its number would be given to another."""
    numbers = ("told", "ruled", "copied", "nothing", "copy", "newest")
    read(store, *(an_article(f"https://prairie-ledger.example/{name}", **OFF_TOPIC, outlet=name) for name in numbers))
    judge_all(an_app(store))
    told, ruled, copied, _, copy, _ = range(1, 7)
    with store.write() as c:
        telling.take_out(c, "desk", [(told, 0, 0)], 1, "new", None, NOW)
        c.execute(t.story.insert().values(opened=NOW))
        c.execute(t.story_rule.insert().values(article=ruled, story=1, apart=True, at=NOW))
        c.execute(t.judgement.update().where(t.judgement.c.article == copy).values(copy_of=copied))
    assert forget(an_app(store, 31)).off_topic == 2
    assert set(texts(store)) == {"told", "ruled", "copied", "newest"}


def test_the_memory_stays_when_the_text_is_gone(store: Store) -> None:
    """The same article is known, a copy of it is folded, and nobody is owed it again."""
    read(store, an_article())
    judge_all(an_app(store))
    forget(an_app(store, 91))

    late = NOW + timedelta(days=91)
    copy = an_article("https://daily-river.example/2", outlet="Daily River", source="river")
    with store.write() as c:
        assert articles.remember(c, an_article(), now=late, standing="news").state in {"unchanged", "changed"}
        articles.remember(c, copy, now=late, standing="news")
    judge_all(an_app(store, 91))

    with store.read() as c:
        placed = [row["placement"] for row in reading.export(c)]
    assert placed == ["opens", "copy"]


def test_forgetting_is_done_once_a_day_and_only_of_what_is_judged(store: Store) -> None:
    read(store, an_article())
    assert forget_due(an_app(store, 100)) is not None
    assert texts(store)["1"] is not None, "not judged yet: nothing would remember it"

    assert forget_due(an_app(store, 100)) is None
    judge_all(an_app(store, 100))
    report = forget_due(an_app(store, 101))
    assert report is not None
    assert report.texts == 1


def test_a_sqlite_file_shrinks_when_much_of_it_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_LEAST_PAGES", 100)
    file = tmp_path / "test.sqlite"
    store = open_store(f"sqlite:///{file}")
    with store.write() as c:
        for number in range(20):
            text = " ".join(f"word{number}x{n}" for n in range(2_000))
            url = f"https://prairie-ledger.example/news/{number}"
            article = an_article(url, title=f"The long report number {number} of the day", text=text)
            articles.remember(c, article, now=NOW, standing="memory")
    with store.write() as c:
        c.execute(t.article.update().values(pending=False))
    store.close()
    before = file.stat().st_size

    assert before > 500_000
    assert not retention.vacuum(store), "it does not pay while nothing is free"
    assert forget(an_app(store, 91)).vacuumed
    store.close()
    assert file.stat().st_size < before / 3  # an empty database is 70 pages


def test_a_file_that_cannot_be_written_anew_is_said_and_forgetting_is_done_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retention, "_LEAST_PAGES", 0)
    monkeypatch.setattr(retention, "_WORTH", 0.0)
    store = open_store(f"sqlite:///{tmp_path / 'test.sqlite'}")
    given = store.engine.raw_connection

    def still_reading() -> PoolProxiedConnection:
        """SQLite refuses to write anew on such a connection, as on a disk without room."""
        connection = given()
        readers.append(connection.cursor())
        readers[-1].execute("SELECT 1 UNION SELECT 2")
        readers[-1].fetchone()
        return connection

    readers: list[DBAPICursor] = []
    monkeypatch.setattr(store.engine, "raw_connection", still_reading)
    assert forget_due(an_app(store, 91)) is not None
    assert forget_due(an_app(store, 91)) is None
    assert "not written anew" in caplog.text
    store.close()


def test_words_are_found_whatever_their_accents_and_case(store: Store) -> None:
    french = an_article(
        "https://le-fleuve.example/1",
        title="La grève des élus péquistes relance l’indépendance",
        text="À l'école, des « cœurs » brisés.",
        language="fr",
        outlet="Le Fleuve",
    )
    read(store, an_article(), french)

    def found(words: str) -> list[int]:
        with store.read() as c:
            return [hit.article for hit in search(c, words)]

    assert found("greve") == found("GRÈVE") == found("pequist*") == found('"elus pequistes"') == [2]
    assert found("petition count") == [1]
    assert found('"count first"') == found("nowhere") == found("") == found("?!") == []
    assert found("indépendance") == [2]
    for odd in ('"', "a' OR 1", "NEAR(", "title:", "-x", "&", "(", "*", 'x"*', "l'école"):
        found(odd)  # no query is an error


def test_the_index_follows_edits_and_deletions(store: Store) -> None:
    read(store, an_article())
    read(
        store, an_article(title="Premier recalls the legislature over Alberta referendum", text="Sovereigntists meet.")
    )
    with store.read() as c:
        assert len(search(c, "legislature sovereigntists")) == 1
        assert search(c, "organisers") == []
    with store.write() as c:
        c.execute(t.article.update().values(text=None, summary=None, pending=False))
    with store.read() as c:
        assert search(c, "sovereigntists") == []
        assert len(search(c, "legislature")) == 1
        assert c.execute(select(func.count()).select_from(t.article)).scalar_one() == 1


def test_of_old_readings_those_stay_that_something_is_learned_from(store: Store) -> None:
    """The newest twelve of a source, the newest that listed anything, and all of the last days."""
    with store.write() as c:
        sources.enrol(c, ["hourly", "weekly", "new"], NOW)
        for name, pause, count in (("hourly", timedelta(hours=1), 240), ("weekly", timedelta(days=7), 20)):
            for number in range(count):  # the newest first
                readings(c, name, NOW - number * pause, entries=5 if number == count - 4 else 0)
        readings(c, "new", NOW - timedelta(days=30))

    dropped = forget(an_app(store)).source_runs
    again = forget(an_app(store)).source_runs

    with store.read() as c:
        rows = c.execute(select(t.source_run.c.source, t.source_run.c.entries)).all()
    assert Counter(row.source for row in rows) == {"hourly": 7 * 24 + 1 + 1, "weekly": 12 + 1, "new": 1}
    assert Counter(row.source for row in rows if row.entries) == {"hourly": 1, "weekly": 1}
    assert (dropped, again) == (240 + 20 + 1 - len(rows), 0)


def readings(c: Connection, name: str, at: datetime, **values: object) -> None:
    went: dict[str, object] = {"outcome": "fetched", "detail": "", "status": 200, "entries": 0, "new": 0, "size": 0}
    went |= values
    c.execute(insert(t.source_run).values(source=name, started=at, finished=at, **went))
    if went["new"] and went["outcome"] != "failed":
        c.execute(update(t.source).where(t.source.c.id == name).values(last_new=at))


def test_the_last_reading_that_brought_anything_says_what_is_remarked_of_a_source(store: Store) -> None:
    def ago(hours: int) -> datetime:
        return NOW - timedelta(hours=hours)

    with store.write() as c:
        sources.enrol(c, ["still", "mended", "failing", "old"], NOW)
        for name in ("still", "mended", "failing", "old"):
            readings(c, name, ago(30), detail="no dates" if name != "old" else "", new=1)
        readings(c, "still", ago(20), detail="no titles", outcome="not_modified")
        readings(c, "still", ago(10))
        readings(c, "mended", ago(10), new=1)
        readings(c, "failing", ago(10), detail="no answer", outcome="failed", new=1)
        readings(c, "old", ago(60), detail="no dates")
        assert sources.remarks(c, ago(48)) == {"still": "no titles", "failing": "no dates"}
