"""robots.txt over crawls: asked once a day, remembered, and obeyed even while it cannot be had."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request, Response
from sqlalchemy import event

from sovwatch.app import open_app
from sovwatch.app.collecting import CollectReport, collect
from sovwatch.model import RobotsTxt
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from sovwatch.store import Store, robots
from sovwatch.store.memory import SqlMemory
from spiders.failures import RobotsUnknown
from spiders.retry_after import LeftAlone
from spiders.robots import Robots, is_fresh, said, standing_rules
from tests import hostile as h

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = h.feed(("http://weekly.example/a/1", "Petition counted", "Sat, 21 Nov 2026 10:00:00 HNE"))
SITE = "http://weekly.example"


@pytest.fixture
def newsroom() -> Iterator[h.HostileNewsroom]:
    with h.HostileNewsroom({"weekly.example/feed": h.plain(FEED)}) as server:
        yield server


def _collect(newsroom: h.HostileNewsroom, home: Path, now: datetime) -> CollectReport:
    limits = CrawlSettings(
        resolve={"*.example": newsroom.address},
        delay=timedelta(),
    )
    weekly = SourceSettings(id="weekly", url=f"{SITE}/feed", outlet="Weekly", fetch="never")
    app = open_app(Settings(home=home, sources=(weekly,), crawl=limits, clock=now))
    try:
        return collect(app, ["weekly"])
    finally:
        app.store.close()


def _asked(newsroom: h.HostileNewsroom) -> list[str]:
    asked = [one.path for one in newsroom.asked]
    newsroom.asked.clear()
    return asked


def test_robots_txt_is_asked_once_a_day(newsroom: h.HostileNewsroom, tmp_path: Path) -> None:
    for now, expected in (
        (NOW, ["/robots.txt", "/feed"]),
        (NOW + timedelta(hours=23), ["/feed"]),
        (NOW + timedelta(hours=25), ["/robots.txt", "/feed"]),
    ):
        assert _collect(newsroom, tmp_path, now).failed == {}
        assert _asked(newsroom) == expected


def test_remembered_rules_are_obeyed_and_outlive_a_site_that_does_not_answer(
    newsroom: h.HostileNewsroom, tmp_path: Path
) -> None:
    forbidden = {"weekly": "robots.txt of weekly.example forbids it"}
    newsroom.pages["weekly.example/robots.txt"] = h.plain(b"User-agent: *\nDisallow: /feed\n")
    assert _collect(newsroom, tmp_path, NOW).failed == forbidden
    assert _asked(newsroom) == ["/robots.txt"]

    assert _collect(newsroom, tmp_path, NOW + timedelta(hours=1)).failed == forbidden
    assert _asked(newsroom) == []

    newsroom.pages["weekly.example/robots.txt"] = h.plain(b"", status=503)
    assert _collect(newsroom, tmp_path, NOW + 2 * DAY).failed == forbidden
    assert _asked(newsroom) == ["/robots.txt"]

    newsroom.pages["weekly.example/robots.txt"] = h.plain(b"", status=404)
    assert _collect(newsroom, tmp_path, NOW + 3 * DAY).failed == {}


@pytest.mark.parametrize(
    ("answer", "why"),
    [(h.plain(b"", status=503), "answered 503: asks for a pause"), (h.half_closed(), "connection failed: ")],
)
def test_nothing_is_asked_of_a_site_whose_rules_cannot_be_had(
    newsroom: h.HostileNewsroom, tmp_path: Path, answer: h.Answer, why: str
) -> None:
    newsroom.pages["weekly.example/robots.txt"] = answer
    failed = _collect(newsroom, tmp_path, NOW).failed["weekly"]
    assert failed.startswith(f"robots.txt of weekly.example cannot be had: {why}")
    assert set(_asked(newsroom)) == {"/robots.txt"}

    newsroom.pages["weekly.example/robots.txt"] = h.plain(b"", status=404)
    assert _collect(newsroom, tmp_path, NOW).failed == {}


def test_of_rules_without_end_the_first_are_obeyed(newsroom: h.HostileNewsroom, tmp_path: Path) -> None:
    """They may be bigger than anything else that is fetched, or a log that somebody named so."""

    def endless(connection: socket.socket, asked: h.Asked) -> None:
        connection.sendall(h.head(Content_Type="text/plain") + b"User-agent: *\nDisallow: /private\n")
        while True:
            connection.sendall(b"# nothing\n" * 5000)

    newsroom.pages["weekly.example/robots.txt"] = endless
    assert _collect(newsroom, tmp_path, NOW).failed == {}
    newsroom.pages["weekly.example/robots.txt"] = h.plain(b"User-agent: *\nDisallow: /feed\n" + b"# no\n" * 2_500_000)
    assert _collect(newsroom, tmp_path, NOW + 2 * DAY).failed == {"weekly": "robots.txt of weekly.example forbids it"}


def test_a_site_that_redirects_its_rules_for_ever_has_none(newsroom: h.HostileNewsroom, tmp_path: Path) -> None:
    newsroom.pages["weekly.example/robots.txt"] = h.redirect(f"{SITE}/robots.txt")
    assert _collect(newsroom, tmp_path, NOW).failed == {}


def test_a_host_that_asked_for_a_pause_has_not_said_that_it_has_no_rules() -> None:
    """As where a host's http address answered 429, and its https one is asked next: two sites, one host."""

    async def left_alone(_: Request) -> Response:
        raise LeftAlone("weekly.example asked for a pause of 60 s more")

    engine = SimpleNamespace(download_async=left_alone)
    crawler: Any = SimpleNamespace(settings={"USER_AGENT": "sovwatch"}, spider=None, engine=engine)
    with pytest.raises(RobotsUnknown, match=r"cannot be had: weekly\.example asked for a pause"):
        asyncio.run(Robots(crawler).process_request(Request(f"{SITE}/feed")))


@pytest.mark.parametrize(
    ("known", "rules"),
    [
        (RobotsTxt(origin=SITE), None),
        (RobotsTxt(origin=SITE, body="rules", read=NOW - 29 * DAY, failing_since=NOW - 28 * DAY), "rules"),
        (RobotsTxt(origin=SITE, body="rules", read=NOW - 31 * DAY, failing_since=NOW - 29 * DAY), None),
        (RobotsTxt(origin=SITE, failing_since=NOW - 29 * DAY), None),
        (RobotsTxt(origin=SITE, failing_since=NOW - 31 * DAY), ""),
    ],
)
def test_what_holds_while_a_site_does_not_answer(known: RobotsTxt, rules: str | None) -> None:
    assert standing_rules(known, NOW) == rules


@pytest.mark.parametrize(
    ("age", "fresh"), [(timedelta(), True), (DAY - timedelta(seconds=1), True), (DAY, False), (-DAY, False)]
)
def test_what_was_read_holds_for_a_day(age: timedelta, fresh: bool) -> None:
    assert is_fresh(RobotsTxt(origin=SITE, body="", read=NOW - age), NOW) == fresh


@pytest.mark.parametrize(
    ("status", "body", "rules"),
    [
        (200, b"\xef\xbb\xbfUser-agent: *\n", "User-agent: *\n"),
        (200, b"User-agent: caf\xe9\x00", "User-agent: caf"),
        (200, b" <!doctype html>", ""),
        (404, b"User-agent: *", ""),
        (200, b"x" * 600_000, "x" * 512_000),
    ],
)
def test_what_counts_as_rules(status: int, body: bytes, rules: str) -> None:
    assert said(Response(f"{SITE}/robots.txt", status=status, body=body)) == rules


def test_the_rules_of_all_sources_are_asked_for_at_once(store: Store) -> None:
    others = [RobotsTxt(origin=f"https://{name}.example", body=name, read=NOW) for name in ("daily", "elsewhere")]
    memory = SqlMemory(store, [SITE, "https://daily.example"])
    with store.write() as c:
        robots.remember(c, others)
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cursor, said, *_: asked.append(said))
    assert (memory.robots(SITE), memory.robots("https://daily.example")) == (None, others[0])
    assert len([statement for statement in asked if "robots" in statement]) == 1
    assert memory.robots("https://elsewhere.example") == others[1]


def test_the_memory_of_rules(store: Store) -> None:
    first = RobotsTxt(origin=SITE, body="a", read=NOW)
    failing = RobotsTxt(origin=SITE, body="a", read=NOW, failing_since=NOW + DAY)
    with store.write() as c:
        assert robots.known(c, [SITE]) == {}
        robots.remember(c, [first])
        robots.remember(c, [failing])
        robots.forget(c, NOW + 61 * DAY)  # else its thirty days of asking nothing would begin anew
        assert robots.known(c, [SITE]) == {SITE: failing}
        robots.remember(c, [first])
        robots.forget(c, NOW + 61 * DAY)
        assert robots.known(c, [SITE]) == {}
