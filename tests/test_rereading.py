"""What was told and then corrected or taken down by its publisher, whose feed says nothing of it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from alerts.promise import unpack
from sovwatch import schema as t
from sovwatch.app import App, open_app, run
from sovwatch.app.starter import starter
from sovwatch.model import Digest
from sovwatch.settings import ChannelSettings, CrawlSettings, Settings, SourceSettings, load
from tests import hostile as h
from tests.builders import NOW, an_article

PAGE = "weekly.example/a/1"
FEED = h.plain(h.feed(("/a/1", an_article().title, "Tue, 03 Feb 2026 11:30:00 GMT")))


def story(text: str) -> h.Answer:
    return h.plain(h.page(an_article().title, *text.split("\n")), Content_Type="text/html")


@pytest.fixture
def newsroom() -> Iterator[h.HostileNewsroom]:
    with h.HostileNewsroom({"weekly.example/feed": FEED, PAGE: story(an_article().text)}) as served:
        yield served


def settings(newsroom: h.HostileNewsroom, home: Path, database: str, later: timedelta) -> Settings:
    shipped = load(starter() / "sovwatch.toml", environment={})
    return Settings(
        home=home,
        database=database,
        clock=NOW + later,
        topics=shipped.topics,
        channels={"desk": ChannelSettings(kind="html", to="digest.html", cron="0 * * * *", breaking=False)},
        sources=(
            SourceSettings(id="weekly", url="http://weekly.example/feed", outlet="Weekly", every=timedelta(hours=1)),
        ),
        crawl=CrawlSettings(resolve={"*.example": newsroom.address}, delay=timedelta(milliseconds=5)),
    )


def told(newsroom: h.HostileNewsroom, home: Path, database: str, later: timedelta) -> list[Digest]:
    """All that was told by then, after a run at that time."""
    app: App = open_app(settings(newsroom, home, database, later))
    run(app)
    with app.store.read() as c:
        payloads = list(c.execute(select(t.outbox.c.payload).order_by(t.outbox.c.id)).scalars())
    app.store.close()
    return [unpack(payload) for payload in payloads]


def changes(digests: Sequence[Digest]) -> list[list[str]]:
    return [[item.change for item in digest.updates] for digest in digests]


def test_what_its_publisher_changed_after_it_was_told_is_an_update(
    newsroom: h.HostileNewsroom, tmp_path: Path, database_url: str
) -> None:
    (first,) = told(newsroom, tmp_path, database_url, timedelta(0))
    assert [item.change for item in first.items] == [""]
    newsroom.pages[PAGE] = story(an_article().text.replace("61,300", "58,200"))
    soon = told(newsroom, tmp_path, database_url, timedelta(hours=5))
    later = told(newsroom, tmp_path, database_url, timedelta(hours=12))
    assert [digest.items for digest in soon[1:]] == [()]
    assert changes(later[2:]) == [["corrected"]]
    assert len(newsroom.of("weekly.example")) == 5  # the feed three times, the page twice


@pytest.mark.parametrize("missed", [12, 47])  # the later, too, is looked for once more, although it is not fresh then
def test_a_page_that_is_missing_twice_is_withdrawn_and_one_missing_once_is_not(
    newsroom: h.HostileNewsroom, tmp_path: Path, database_url: str, missed: int
) -> None:
    told(newsroom, tmp_path, database_url, timedelta(0))
    newsroom.pages[PAGE] = h.plain(b"", status=404)
    once = told(newsroom, tmp_path, database_url, timedelta(hours=missed))
    twice = told(newsroom, tmp_path, database_url, timedelta(hours=missed + 12))
    assert changes(once[1:]) == [[]]
    assert changes(twice[2:]) == [["withdrawn"]]
    assert len(newsroom.of("weekly.example")) == 6  # the feed and the page three times
