"""Pages that are read again although no feed asks for it: told and then corrected or taken down, or not up yet."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from alerts.promise import unpack
from sovwatch import schema as t
from sovwatch.app import App, open_app, run
from sovwatch.model import Digest, Due
from sovwatch.settings import ChannelSettings, CrawlSettings, Settings, SourceSettings
from sovwatch.store import Store, articles, rereading
from tests import hostile as h
from tests.builders import NOW, an_article
from tests.shipped import shipped_settings

PAGE = "weekly.example/a/1"
FEED = h.plain(h.feed(("/a/1", an_article().title, "Tue, 03 Feb 2026 11:30:00 GMT")))


def story(text: str) -> h.Answer:
    return h.plain(h.page(an_article().title, *text.split("\n")), Content_Type="text/html")


@pytest.fixture
def newsroom() -> Iterator[h.HostileNewsroom]:
    with h.HostileNewsroom({"weekly.example/feed": FEED, PAGE: story(an_article().text)}) as served:
        yield served


def settings(newsroom: h.HostileNewsroom, home: Path, database: str, later: timedelta) -> Settings:
    return Settings(
        home=home,
        database=database,
        clock=NOW + later,
        shared=shipped_settings().shared,
        topics=shipped_settings().topics,
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


def test_a_page_that_is_announced_before_it_is_up_is_told_when_it_is(
    newsroom: h.HostileNewsroom, tmp_path: Path, database_url: str
) -> None:
    newsroom.pages[PAGE] = h.plain(b"", status=404)
    early = told(newsroom, tmp_path, database_url, timedelta(0))
    newsroom.pages[PAGE] = story(an_article().text)
    later = told(newsroom, tmp_path, database_url, timedelta(hours=2))
    after = told(newsroom, tmp_path, database_url, timedelta(hours=4))
    assert [digest.items for digest in early] == [()]
    assert [[item.change for item in digest.items] for digest in later[1:]] == [[""]]
    assert "61,300" in " ".join(later[1].items[0].lines)
    assert [digest.items for digest in after[2:]] == [()]
    assert len(newsroom.of("weekly.example")) == 5  # the feed three times, the page twice


def test_a_page_that_never_comes_up_is_asked_for_less_and_less_and_was_never_withdrawn(store: Store) -> None:
    missing = an_article(page="refused", gone=True)
    asked = []
    for hours in range(60):
        now = NOW + timedelta(hours=hours)
        with store.write() as c:
            [due] = rereading.with_again(c, [Due(source="prairie-ledger")], fresh=timedelta(hours=48), now=now)
            if due.again or not hours:
                asked.append(hours)
                articles.remember(c, missing, now=now, standing="news")
    assert asked == [0, 1, 2, 4, 8]
    with store.read() as c:
        assert c.execute(select(t.article.c.gone)).scalar_one() is False


def test_of_many_pages_a_source_is_asked_for_five_at_once(store: Store) -> None:
    with store.write() as c:
        for n in range(7):
            url, title = f"https://prairie-ledger.example/news/{n}", f"Petition for an Alberta vote, count number {n}"
            missing = an_article(url, title=title, page="refused", gone=True)
            articles.remember(c, missing, now=NOW + timedelta(minutes=n), standing="news")
        soon = NOW + timedelta(hours=2)
        [due] = rereading.with_again(c, [Due(source="prairie-ledger")], fresh=timedelta(hours=48), now=soon)
    assert [entry.url[-1] for entry in due.again] == ["0", "1", "2", "3", "4"]


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
