"""A feed that gives its entries other links at each reading makes no page be fetched twice."""

import itertools
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.collecting import collect
from sovwatch.listings import listing_key
from sovwatch.model import RELATIVE, Dated, Entry, Precision
from sovwatch.settings import Settings
from sovwatch.store import open_store
from tests import hostile as h
from tests.builders import NOW

STORIES = {
    "flood": ("Flood closes the bridge of Fairholt again", "The bridge of Fairholt is closed again after a flood."),
    "rink": ("Rink of Fictionville opens a month early", "The rink of Fictionville opens a month early this year."),
}
AT = "Tue, 03 Feb 2026 11:00:00 GMT"
URL = "https://weekly.example/a"
TITLE = STORIES["flood"][0]

LINKS: dict[str, Callable[[str, int], str]] = {
    "tracking": lambda name, poll: f"http://tracking.example/{name}?utm_term={poll}&amp;fbclid=abc{poll}",
    "session": lambda name, poll: f"http://session.example/{name};jsessionid={poll}A5F?sid={poll:032x}",
    "dotnet": lambda name, poll: f"http://dotnet.example/(S({poll:024x}))/{name}",
    "unknown": lambda name, poll: f"http://unknown.example/{name}?visit={poll}",
    "guid": lambda name, poll: f"http://guid.example/{poll}/{name}",
}


def _changing(kind: str) -> h.Answer:
    polls = itertools.count(1)

    def answer(connection: socket.socket, asked: h.Asked) -> None:
        poll = next(polls)
        items = "".join(
            f"<item><title>{title}</title><link>{LINKS[kind](name, poll)}</link><pubDate>{AT}</pubDate>"
            + (f"<guid isPermaLink='false'>{name}</guid>" if kind == "guid" else "")
            + "</item>"
            for name, (title, _) in STORIES.items()
        )
        h.plain(f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode())(connection, asked)

    return answer


def _page(connection: socket.socket, asked: h.Asked) -> None:
    name = next(name for name in STORIES if name in asked.path)
    h.plain(h.page(*STORIES[name]), Content_Type="text/html")(connection, asked)


def test_each_page_is_fetched_once_however_its_link_changes(tmp_path: Path) -> None:
    pages: dict[str, h.Answer] = {}
    for kind in LINKS:
        pages |= {f"{kind}.example/feed": _changing(kind), f"{kind}.example/*": _page}
    with h.HostileNewsroom(pages) as newsroom:
        sources = [{"id": kind, "url": f"http://{kind}.example/feed", "outlet": kind, "fetch": "all"} for kind in LINKS]
        crawl = {"resolve": {"*.example": newsroom.address}, "delay": timedelta(milliseconds=5), "robots": False}
        url = f"sqlite:///{tmp_path / 'news.sqlite'}"
        settings = Settings.model_validate(
            {"home": tmp_path, "database": url, "sources": sources, "crawl": crawl, "clock": NOW}
        )
        store = open_store(url)
        for _ in range(3):
            collect(App(settings, store), list(LINKS))
        fetched = {kind: sum(asked.path != "/feed" for asked in newsroom.of(f"{kind}.example")) for kind in LINKS}
        with store.read() as c:
            articles = c.execute(select(func.count()).select_from(t.article)).scalar_one()
        store.close()
    assert fetched == dict.fromkeys(LINKS, len(STORIES))
    assert articles == len(STORIES) * len(LINKS)


@pytest.mark.parametrize(
    "other",
    [
        Entry(url=f"{URL}?visit=2", title=TITLE),
        Entry(url=f"{URL}?visit=2", title="Live", published=Dated(NOW)),
        Entry(url=f"{URL}?visit=2", title=TITLE, published=Dated(NOW, Precision.DAY)),
        Entry(url=f"{URL}?visit=2", title=TITLE, published=Dated(NOW, evidence=RELATIVE)),
        Entry(url=URL, guid="b", title=TITLE, published=Dated(NOW)),
        Entry(url=f"{URL}b?visit=1", title=TITLE, published=Dated(NOW)),
        Entry(url=f"{URL}?visit=2", title=TITLE, summary="Of the east.", published=Dated(NOW)),
    ],
)
def test_what_may_be_another_article_is_read(other: Entry) -> None:
    same = Entry(url=f"{URL}?visit=1", title=other.title, published=other.published, guid="a" if other.guid else None)
    assert listing_key(other) != listing_key(same)


@pytest.mark.parametrize("guid", ["7", URL])
def test_a_guid_is_one_within_its_site_alone(guid: str) -> None:
    here, there = (Entry(url=url, guid=guid, title=TITLE) for url in (URL, "https://daily.example/a"))
    assert listing_key(here) != listing_key(there)
