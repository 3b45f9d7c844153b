"""The newsroom behaves as news sites do; each test asks it over a real socket, as a proxy for `.example` hosts."""

import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any, cast
from urllib.error import HTTPError

import feedparser
import pytest
import trafilatura

from sovwatch.demo.coverage import Dispatch
from sovwatch.demo.newsroom import Newsroom, read_clock
from sovwatch.demo.play import SimulatedClock

MONDAY_NOON = datetime(2026, 2, 2, 19, 0, tzinfo=UTC)
END = datetime(2026, 2, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(MONDAY_NOON)


@pytest.fixture
def newsroom(clock: SimulatedClock) -> Iterator[Newsroom]:
    with Newsroom(clock) as server:
        yield server


def ask(newsroom: Newsroom, url: str, headers: Mapping[str, str] | None = None, timeout: float = 5) -> HTTPResponse:
    """GET through the newsroom as a proxy (an absolute-form target); redirects are not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": f"http://{newsroom.address}"}), Stay)
    try:
        with opener.open(urllib.request.Request(url, headers=dict(headers or {})), timeout=timeout) as answer:
            answer.body = answer.read()
            return cast("HTTPResponse", answer)
    except HTTPError as answer:
        with answer:
            answer.body = answer.read()  # type: ignore[attr-defined]
        return cast("HTTPResponse", answer)


def body(answer: HTTPResponse) -> bytes:
    return cast("bytes", answer.body)  # type: ignore[attr-defined]


def feed_url(newsroom: Newsroom, outlet: str) -> str:
    return f"http://{newsroom.coverage.outlets[outlet].host}{newsroom.coverage.outlets[outlet].feed_path}"


def titles(newsroom: Newsroom, outlet: str) -> list[str]:
    parsed = feedparser.parse(body(ask(newsroom, feed_url(newsroom, outlet))))
    return [entry.title for entry in parsed.entries]


def the(newsroom: Newsroom, name: str) -> Dispatch:
    return newsroom.coverage.dispatches[name]


def test_it_answers_by_host_header_as_well_as_by_absolute_target(newsroom: Newsroom) -> None:
    connection = HTTPConnection(newsroom.address)
    connection.request("GET", "/feed.xml", headers={"Host": "edmontonledger.example"})
    direct = connection.getresponse().read()
    connection.close()
    assert direct == body(ask(newsroom, "http://edmontonledger.example/feed.xml"))
    assert b"The Edmonton Ledger" in direct


def test_an_article_appears_in_its_feed_and_at_its_address_when_it_is_published(
    newsroom: Newsroom, clock: SimulatedClock
) -> None:
    article = the(newsroom, "cardinal-ledger")
    for clock.now, there in ((article.published - timedelta(seconds=1), False), (article.published, True)):
        assert (article.title in titles(newsroom, "ledger")) is there
        assert ask(newsroom, newsroom.coverage.url(article)).status == (200 if there else 404)


def test_a_feed_lists_the_newest_first_and_only_the_last_few(newsroom: Newsroom, clock: SimulatedClock) -> None:
    clock.now = END
    own = [each for each in newsroom.coverage.dispatches.values() if each.outlet == "boreale"]
    newest_first = [each.title for each in sorted(own, key=lambda each: each.published, reverse=True)]
    listed = [title.replace("\N{NO-BREAK SPACE}", " ") for title in titles(newsroom, "boreale")]
    assert listed == [title.replace("\N{NO-BREAK SPACE}", " ") for title in newest_first]
    few = newsroom.coverage.listed(newsroom.coverage.outlets["desklist"], END)
    assert len(few) == len(newsroom.coverage.outlets["desklist"].lists_others)


@pytest.mark.parametrize("condition", ["If-None-Match", "If-Modified-Since"])
def test_what_has_not_changed_is_not_sent_again_and_what_has_is(
    newsroom: Newsroom, clock: SimulatedClock, condition: str
) -> None:
    url = feed_url(newsroom, "northline")
    first = ask(newsroom, url)
    known = {condition: first.headers["ETag" if condition == "If-None-Match" else "Last-Modified"]}
    assert ask(newsroom, url, known).status == 304
    clock.now = MONDAY_NOON + timedelta(days=1)
    assert ask(newsroom, url, known).status == 200


def test_every_page_reads_as_its_article_and_says_that_it_is_fiction(newsroom: Newsroom, clock: SimulatedClock) -> None:
    clock.now = END
    agent = {"User-Agent": "sovwatch-demo-desk/1.0"}
    for dispatch in newsroom.coverage.dispatches.values():
        url = newsroom.coverage.url(dispatch)
        html = body(ask(newsroom, url, agent)).decode()
        read: Any = trafilatura.bare_extraction(html, url=url, with_metadata=True)
        assert plain(read.text) == plain("\n".join(dispatch.at(END).paragraphs)), dispatch.id
        assert plain(read.title) == plain(dispatch.at(END).title)
        assert read.date == f"{dispatch.published:%Y-%m-%d}"
        assert "Fiction" in html


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_an_amp_twin_names_the_page_as_canonical_and_holds_the_same_text(newsroom: Newsroom) -> None:
    article = the(newsroom, "tally-courier")
    page, twin = (
        body(ask(newsroom, each)).decode() for each in (newsroom.coverage.url(article), newsroom.coverage.amp(article))
    )
    assert f'<link rel="amphtml" href="{newsroom.coverage.amp(article)}">' in page
    assert f'<link rel="canonical" href="{newsroom.coverage.url(article)}">' in twin
    assert trafilatura.extract(twin) == trafilatura.extract(page)


def test_an_aggregator_links_to_others_by_twins_and_tagged_addresses(newsroom: Newsroom, clock: SimulatedClock) -> None:
    clock.now = END
    links = [each.link for each in feedparser.parse(body(ask(newsroom, feed_url(newsroom, "desklist")))).entries]
    assert any("/amp/" in link for link in links)
    assert any("utm_source=desklist" in link for link in links)
    assert {ask(newsroom, link).status for link in links} == {200}


def test_a_corrected_article_changes_at_its_address_when_it_is_corrected(
    newsroom: Newsroom, clock: SimulatedClock
) -> None:
    article = the(newsroom, "campus-fleuve")
    url, corrected = newsroom.coverage.url(article), article.edits[0].at
    clock.now = corrected - timedelta(seconds=1)
    before = ask(newsroom, url)
    clock.now = corrected
    after = ask(newsroom, url, {"If-None-Match": before.headers["ETag"]})
    assert "58\N{NO-BREAK SPACE}%" in body(before).decode()
    assert "CORRECTION" not in body(before).decode()
    assert after.status == 200
    assert "CORRECTION" in body(after).decode()
    assert article.edits[0].title in [
        each.title for each in newsroom.coverage.listed(newsroom.coverage.outlets["fleuve"], corrected)
    ]


def test_one_outlet_refuses_agents_that_it_does_not_know(newsroom: Newsroom) -> None:
    url = feed_url(newsroom, "publicradio")
    assert ask(newsroom, url, {"User-Agent": "Scrapy/2.19"}).status == 403
    assert (
        ask(newsroom, url, {"User-Agent": "sovwatch-demo-desk/1.0 (+http://newsdesklist.example/contact)"}).status
        == 200
    )


def test_one_feed_has_moved_for_good(newsroom: Newsroom) -> None:
    answer = ask(newsroom, "http://hebdocantons.example/rss")
    assert (answer.status, answer.headers["Location"]) == (301, "http://hebdocantons.example/flux/actualites.xml")


def test_one_feed_is_no_xml_and_can_be_read_all_the_same(newsroom: Newsroom, clock: SimulatedClock) -> None:
    clock.now = END
    parsed = feedparser.parse(body(ask(newsroom, feed_url(newsroom, "barrel"))))
    assert parsed.bozo
    assert len(parsed.entries) == 3


def test_one_feed_stalls_for_a_while_and_then_recovers(newsroom: Newsroom, clock: SimulatedClock) -> None:
    stalls = newsroom.coverage.outlets["foothills"].stalls
    assert stalls is not None
    clock.now = stalls[0]
    with pytest.raises(TimeoutError):
        ask(newsroom, feed_url(newsroom, "foothills"), timeout=0.3)
    clock.now = stalls[1]
    assert ask(newsroom, feed_url(newsroom, "foothills")).status == 200


def test_some_dates_are_french(newsroom: Newsroom, clock: SimulatedClock) -> None:
    entry = feedparser.parse(body(ask(newsroom, feed_url(newsroom, "fleuve")))).entries[0]
    assert entry.published == "lun., 2 févr. 2026 06:45:00 -0500"


def test_an_unknown_host_or_page_is_not_found_and_robots_are_told_their_place(newsroom: Newsroom) -> None:
    assert ask(newsroom, "http://nobody.example/").status == 404
    assert ask(newsroom, "http://edmontonledger.example/nothing").status == 404
    assert b"Disallow: /admin/" in body(ask(newsroom, "http://edmontonledger.example/robots.txt"))


def test_every_request_is_on_record(newsroom: Newsroom) -> None:
    ask(newsroom, "http://edmontonledger.example/robots.txt", {"User-Agent": "me"})
    record = newsroom.requests[-1]
    assert (record.host, record.path, record.status, record.agent) == (
        "edmontonledger.example",
        "/robots.txt",
        200,
        "me",
    )


def test_another_process_may_move_the_clock_by_a_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2026-02-02T12:00:00Z\n")
    clock = read_clock(str(file))
    before = clock()
    file.write_text("2026-02-03T12:00:00Z\n")
    assert clock() - before == timedelta(days=1)
    assert read_clock("2026-02-02T12:00:00Z")() == before
