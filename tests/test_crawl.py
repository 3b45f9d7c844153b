"""One crawl of a newsroom with every habit and misbehaviour: each costs its own source only."""

import gzip
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from sovwatch.app.starter import starter
from sovwatch.model import Article, Due, Entry, RobotsTxt, SourceRun
from sovwatch.settings import CrawlSettings, Settings, SourceSettings, load
from spiders.crawl import crawl
from spiders.readings import MOST_LISTINGS, Reading
from tests import hostile as h

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SATURDAY = "Sat, 21 Nov 2026 10:00:00 HNE"
JUST_NOW = "Sun, 22 Nov 2026 11:30:00 GMT"
STORY = ("A clerk in Fictionville counted the petition's pages twice.", "She found them all there.") * 4
TIMEOUT = timedelta(seconds=2)
DEADLINE = timedelta(seconds=120)

HOSTILE: dict[str, tuple[h.Answer, str]] = {
    "stalls": (h.stall(), "in time"),
    "drips": (h.drip(b"x" * 1000), "in time"),
    "endless": (h.endless(), "is bigger than crawl.max_bytes allows"),
    "bomb": (h.gzip_bomb(), "unpacks to more than crawl.max_bytes allows"),
    "half-closed": (h.half_closed(), "connection failed: Connection was closed cleanly"),
    "rubbish": (h.rubbish(), "what answers speaks no HTTP"),
    "empty": (h.plain(b""), "empty"),
    "html": (h.plain(h.page("Sign in", "Please."), Content_Type="text/html"), "web page stands where a feed was"),
    "json": (h.plain(b'{"error": 1}', Content_Type="application/json"), "no JSON Feed"),
    "broken-gzip": (h.plain(b"\x1f\x8bnothing", Content_Encoding="gzip"), "is not packed as it says"),
    "no-brotli": (h.plain(b"<rss/>", Content_Encoding="br"), "its answer is not packed as it says"),
    "no-zstd": (h.plain(b"<rss/>", Content_Encoding="zstd"), "its answer is not packed as it says"),
    "500": (h.plain(b"", status=500), "answered 500"),
    "404": (h.plain(b"", status=404), "answered 404"),
    "403": (h.plain(b"", status=403), "refuses us"),
    "loop": (h.redirect("http://loop.example/listing"), "redirects more often than crawl.max_redirects allows"),
    "metadata": (h.redirect("http://169.254.169.254/latest/meta-data/"), "169.254.169.254 is not a public address"),
    "loopback": (h.redirect("http://127.0.0.1:1/"), "not a public address"),
    "mapped": (h.redirect("http://[::ffff:10.0.0.1]/"), "not a public address"),
    "decimal": (h.redirect("http://2130706433/"), "2130706433 stands for 127.0.0.1, which is not a public"),
    "by-name": (h.redirect("http://localhost:1/"), "localhost stands for 127.0.0.1, which is not a public"),
    "scheme": (h.redirect("file:///etc/passwd"), "answered 302: leads to no address of the web"),
    "comments": (
        h.plain(
            h.feed(
                ("http://comments.example/a/1", "Bomb", SATURDAY), description="<![CDATA[" + "<!-- " * 200_000 + "]]>"
            )
        ),
        "",
    ),
}


def _source(name: str, **more: object) -> SourceSettings:
    fields = {"id": name, "url": f"http://{name}.example/listing", "outlet": name, "fetch": "all"}
    return SourceSettings.model_validate(fields | more)


def _settings(newsroom: h.HostileNewsroom, *sources: SourceSettings, **crawl_settings: object) -> Settings:
    limits = {
        "resolve": {"*.example": newsroom.address},
        "delay": timedelta(milliseconds=10),
        "timeout": TIMEOUT,
        "deadline": DEADLINE,
        "max_bytes": 2 * 1024 * 1024,
        "parse_timeout": timedelta(seconds=2),
        "concurrency": 64,
    }
    limits_set = CrawlSettings.model_validate(limits | crawl_settings)
    return Settings(home=Path("/nowhere"), sources=sources, crawl=limits_set)


def _on_topics(settings: Settings) -> Settings:
    return settings.model_copy(update={"topics": load(starter() / "sovwatch.toml").topics})


@dataclass
class Played:
    """What a crawl brought, by source."""

    articles: dict[str, list[Article]]
    runs: dict[str, SourceRun]
    order: list[str]
    seconds: float


def _play(settings: Settings, *, due: list[Due] | None = None, stop: Callable[[], bool] = lambda: False) -> Played:
    played = Played({}, {}, [], 0.0)
    began = time.monotonic()
    dues = due or [Due(source=source.id) for source in settings.sources]
    for got in crawl(dues, settings, now=NOW, stop=stop, remember=False):
        if isinstance(got, RobotsTxt):
            continue
        assert got.source is not None
        if isinstance(got, Article):
            assert got.source not in played.runs, "an article came after its source's run"
            played.articles.setdefault(got.source, []).append(got)
        else:
            assert got.source not in played.runs, "two runs of one source"
            played.runs[got.source] = got
            played.order.append(got.source)
    played.seconds = time.monotonic() - began
    return played


GOOD = h.feed(
    ("http://good.example/a/1?utm_source=rss", "Petition counted twice", SATURDAY),
    ("/a/2", "A second story", "sam., 21 nov. 2026 11:00:00 HNE"),
    ttl=45,
)
INDEX = (
    b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    b"<sitemap><loc>http://index.example/news.xml.gz</loc></sitemap></sitemapindex>"
)
NEWS = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>http://index.example/a/1</loc>
    <n:news><n:publication><n:language>fr</n:language></n:publication><n:title>Un titre</n:title>
    <n:publication_date>2026-11-21T10:00:00-05:00</n:publication_date></n:news></url></urlset>"""
GAZETTE = b"""<html><script id="front">{"next": "/page/2", "stories":
    [{"path": "/a/1", "head": "Town votes", "when": "21 novembre 2026 7 h 15"}]}</script></html>"""
GAZETTE_2 = b"""<html><script id="front">{"stories": [{"path": "/a/2", "head": "Mayor waits"}]}</script></html>"""
FORBIDDING = b"User-agent: *\nDisallow: /a/\nDisallow: /listing\n"
STORIES = {f"many.example/a/{n}": h.plain(h.page(f"Story {n}", *STORY), Content_Type="text/html") for n in range(9)}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[h.HostileNewsroom]:
    story = h.plain(h.page("Petition counted twice", *STORY), Content_Type="text/html")
    pages: dict[str, h.Answer] = {f"{name}.example/listing": answer for name, (answer, _) in HOSTILE.items()}
    pages |= {f"{name}.example/robots.txt": h.stall() for name in ("slow-robots",)}
    pages |= STORIES
    pages |= {
        "good.example/listing": h.versioned(GOOD, '"v1"'),
        "good.example/a/1?utm_source=rss": story,
        "good.example/a/2": story,
        "short.example/listing": h.lying_length(GOOD, len(GOOD) + 500),
        "mislabelled.example/listing": h.plain(
            h.feed(("http://mislabelled.example/a/1", "L’été à Québec", SATURDAY), encoding="cp1252"),
            Content_Type="application/xml; charset=utf-8",
        ),
        "forbidden.example/robots.txt": h.plain(FORBIDDING, Content_Type="text/plain"),
        "forbidden.example/listing": h.plain(GOOD),
        "pages.example/listing": h.plain(
            h.feed(
                *(
                    (f"http://pages.example/{status}", f"Page that answers {status}", SATURDAY)
                    for status in (403, 404, 503)
                )
            )
        ),
        "pages.example/403": h.plain(b"", status=403),
        "pages.example/503": h.plain(b"", status=503),
        "inner.example/listing": h.plain(h.feed(("http://10.0.0.7/secret", "Inside", SATURDAY))),
        "many.example/listing": h.plain(h.feed(*((f"/a/{n}", f"Story {n}", SATURDAY) for n in range(9)))),
        "down.example/listing": h.plain(h.feed(*((f"/a/{n}", f"Story {n}", SATURDAY) for n in range(9)))),
        "down.example/robots.txt": h.plain(b"", status=404),
        "down.example/*": h.plain(b"", status=502),
        "busy.example/listing": h.plain(b"", status=429, Retry_After="3600"),
        "index.example/listing": h.plain(INDEX),
        "index.example/news.xml.gz": h.plain(gzip.compress(NEWS), Content_Type="application/gzip"),
        "ring.example/listing": h.plain(INDEX.replace(b"index.example/news.xml.gz", b"ring.example/listing")),
        "moved.example/listing": h.redirect("http://good.example/moved", status=301),
        "good.example/moved": h.plain(GOOD),
        "agent.example/listing": h.plain(h.feed(("/a/1", "One", SATURDAY))),
        "gazette.example/listing": h.plain(GAZETTE, Content_Type="text/html"),
        "gazette.example/page/2": h.plain(GAZETTE_2, Content_Type="text/html"),
    }
    with h.HostileNewsroom(pages) as server:
        yield server


SOURCES = (
    *(_source(name) for name in HOSTILE),
    *(
        _source(name)
        for name in ("good", "short", "mislabelled", "forbidden", "pages", "inner", "down", "busy", "moved")
    ),
    _source("slow-robots"),
    _source("many"),
    _source("index", kind="sitemap"),
    _source("ring", kind="sitemap"),
    _source("agent", user_agent="Custom/1.0", fetch="never"),
    _source("gazette", kind="spider", spider="example-gazette", fetch="never"),
    _source("nameless", kind="spider"),
    _source("unheard", kind="spider", spider="nobody"),
    _source("crooked", kind="listing", select={"entry": "p:::x"}),
)


@pytest.fixture(scope="module")
def played(newsroom: h.HostileNewsroom) -> Played:
    return _play(_settings(newsroom, *SOURCES, pages_per_source=6))


def test_every_source_has_one_outcome_and_the_crawl_ends_by_its_deadline(played: Played) -> None:
    assert set(played.runs) == {source.id for source in SOURCES}
    assert played.seconds < DEADLINE.total_seconds() / 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_source_costs_itself_only(played: Played, name: str) -> None:
    run, reason = played.runs[name], HOSTILE[name][1]
    assert (run.outcome == "failed") == (name != "comments"), run.detail
    assert reason in run.detail
    assert len(run.detail) < 400
    assert (run.etag, run.body_hash) == (None, None) or name == "comments"


def test_the_good_source_among_them_is_read_whole(played: Played) -> None:
    run, articles = played.runs["good"], sorted(played.articles["good"], key=lambda article: article.url)
    assert (run.outcome, run.entries, run.new, run.etag, run.ttl) == ("fetched", 2, 2, '"v1"', timedelta(minutes=45))
    assert [article.url for article in articles] == [
        "http://good.example/a/1?utm_source=rss",
        "http://good.example/a/2",
    ]
    assert all(article.page == "read" and "counted" in article.text for article in articles)
    assert [article.published.at for article in articles if article.published] == [
        datetime(2026, 11, 21, 15, tzinfo=UTC),
        datetime(2026, 11, 21, 16, tzinfo=UTC),
    ]


def test_a_feed_of_unclosed_comments_is_still_read(played: Played) -> None:
    assert played.runs["comments"].entries == 1


def test_an_answer_shorter_than_it_claims_is_read_and_asked_for_again(played: Played) -> None:
    run = played.runs["short"]
    assert (run.outcome, run.entries, run.body_hash) == ("fetched", 2, None)
    assert "broke off" in run.detail


def test_a_mislabelled_encoding_is_seen_through(played: Played) -> None:
    assert [article.title for article in played.articles["mislabelled"]] == ["L’été à Québec"]


def test_what_robots_txt_forbids_is_not_asked_for(played: Played, newsroom: h.HostileNewsroom) -> None:
    assert played.runs["forbidden"].detail == "robots.txt of forbidden.example forbids it"
    assert newsroom.of("forbidden.example") == []


def test_a_page_that_is_refused_leaves_what_the_feed_said(played: Played) -> None:
    found = {article.url[-3:]: article for article in played.articles["pages"]}
    assert {status: article.page for status, article in found.items()} == {
        "403": "refused",
        "404": "refused",
        "503": "refused",
    }
    assert [found["404"].gone, found["403"].gone] == [True, False]
    assert found["403"].title == "Page that answers 403"
    assert found["403"].listing != ""
    assert found["503"].listing == "", "a page that may come back is not remembered as read"
    assert played.runs["pages"].body_hash is None, "nor is the feed that lists it"


def test_a_page_that_is_packed_and_does_not_say_so_is_read() -> None:
    body = gzip.compress(h.page("Petition counted twice", *STORY))
    pages = {"packed.example/listing": h.plain(h.feed(("/a/1", "Petition counted twice", SATURDAY)))}
    with h.HostileNewsroom(pages | {"packed.example/a/1": h.plain(body, Content_Type="text/html")}) as newsroom:
        (article,) = _play(_settings(newsroom, _source("packed"))).articles["packed"]
    assert (article.page, "counted" in article.text) == ("read", True)


def test_a_link_into_a_private_network_is_not_followed(played: Played) -> None:
    (article,) = played.articles["inner"]
    assert (article.page, played.runs["inner"].outcome) == ("refused", "fetched")


def test_more_pages_than_allowed_are_left_for_the_next_reading(played: Played) -> None:
    run = played.runs["many"]
    assert len(played.articles["many"]) == 6
    assert (run.entries, run.body_hash) == (9, None)


def test_a_host_that_is_down_is_not_asked_for_every_page(played: Played, newsroom: h.HostileNewsroom) -> None:
    assert len(played.articles["down"]) == 6
    assert len(newsroom.of("down.example")) <= 1 + 5, "not six pages, each tried twice"


def test_retry_after_reaches_the_schedule(played: Played) -> None:
    assert played.runs["busy"].retry_after == timedelta(hours=1)
    assert played.runs["busy"].detail == "answered 429: asks for a pause"


def test_a_sitemap_index_leads_to_its_gzipped_sitemap(played: Played) -> None:
    (article,) = played.articles["index"]
    assert (article.title, article.language) == ("Un titre", "fr")


def test_a_sitemap_index_that_names_itself_is_read_once(played: Played, newsroom: h.HostileNewsroom) -> None:
    assert (played.runs["ring"].outcome, played.runs["ring"].entries) == ("fetched", 0)
    assert len(newsroom.of("ring.example")) == 1


def test_an_index_of_indexes_without_end_is_read_so_far_and_no_further() -> None:
    """Each names five others, which nobody has named before."""

    def endless(connection: socket.socket, asked: h.Asked) -> None:
        named = [b"http://deep.example%s/%d" % (asked.path.encode(), number) for number in range(5)]
        body = b"".join(b"<sitemap><loc>%s</loc></sitemap>" % url for url in named)
        h.plain(b"<sitemapindex>" + body + b"</sitemapindex>")(connection, asked)

    with h.HostileNewsroom({"deep.example/*": endless}) as newsroom:
        source = _source("deep", kind="sitemap", url="http://deep.example/map")
        run = _play(_settings(newsroom, source, pages_per_source=0, robots=False)).runs["deep"]

    assert (run.outcome, run.detail) == ("fetched", f"more than {MOST_LISTINGS} listings: the rest is not read")
    assert len(newsroom.asked) == MOST_LISTINGS


def test_a_permanent_move_is_told(played: Played) -> None:
    assert played.runs["moved"].moved_to == "http://good.example/moved"


def test_a_source_may_have_its_own_user_agent(played: Played, newsroom: h.HostileNewsroom) -> None:
    assert played.runs["agent"].outcome == "fetched"
    assert {asked.headers["user-agent"] for asked in newsroom.of("agent.example")} == {"Custom/1.0"}
    assert all("Sovwatch" in asked.headers["user-agent"] for asked in newsroom.of("good.example"))


def test_a_spider_of_ones_own_reads_its_site(played: Played) -> None:
    assert sorted(article.title for article in played.articles["gazette"]) == ["Mayor waits", "Town votes"]
    assert {article.page for article in played.articles["gazette"]} == {"not fetched"}


@pytest.mark.parametrize(("name", "reason"), [("nameless", "needs the spider's name"), ("unheard", "nobody")])
def test_a_wrong_configuration_costs_its_source_only(played: Played, name: str, reason: str) -> None:
    assert played.runs[name].outcome == "failed"
    assert reason in played.runs[name].detail


def test_what_did_not_change_is_not_read_again(newsroom: h.HostileNewsroom, played: Played) -> None:
    known = [
        Due(source="good", etag='"v1"', body_hash=played.runs["good"].body_hash),
        Due(source="agent", body_hash=played.runs["agent"].body_hash),
    ]
    again = _play(_settings(newsroom, *SOURCES), due=known)
    assert {name: run.outcome for name, run in again.runs.items()} == {"good": "not modified", "agent": "not modified"}
    assert (again.runs["good"].status, again.runs["agent"].status) == (304, 200)
    assert again.runs["good"].etag == '"v1"'
    assert again.articles == {}


def test_manners_hold_per_host_across_sources_and_kinds() -> None:
    robots = h.plain(b"User-agent: *\nCrawl-delay: 1\n", Content_Type="text/plain")
    pages = {"slow.example/robots.txt": robots, "slow.example/feed": h.plain(GOOD), "slow.example/map": h.plain(NEWS)}
    with h.HostileNewsroom(pages) as newsroom:
        sources = (
            _source("one", url="http://slow.example/feed", fetch="never"),
            _source("two", url="http://slow.example/map", kind="sitemap", fetch="never"),
            _source("three", url="http://slow.example/feed", fetch="never"),
        )
        _play(_settings(newsroom, *sources))
        times = sorted(asked.at for asked in newsroom.of("slow.example"))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 2
    assert all(gap > 0.7 for gap in gaps), "a second, less the jitter of a quarter"


def test_a_host_that_wants_long_pauses_is_asked_for_the_pages_that_fit_its_share_of_the_crawl() -> None:
    entries = [(f"http://slow.example/a/{n}", f"Headline {n}", JUST_NOW) for n in range(30)]
    pages = {"slow.example/robots.txt": h.plain(b"User-agent: *\nCrawl-delay: 1\n", Content_Type="text/plain")}
    pages |= {f"slow.example/{name}": h.plain(h.feed(*entries)) for name in ("one", "two")}
    with h.HostileNewsroom(pages) as newsroom:
        sources = [_source(name, url=f"http://slow.example/{name}") for name in ("one", "two")]
        played = _play(_settings(newsroom, *sources, deadline=timedelta(seconds=28)))
        asked = [one for one in newsroom.of("slow.example") if "/a/" in one.path]

    said = "slow.example is asked every 1 s: the rest is read next time"
    assert {(run.outcome, run.detail, run.body_hash) for run in played.runs.values()} == {("fetched", said, None)}
    assert 1 <= len(asked) <= 9, "seven seconds, and jitter"
    assert played.seconds < 25


def test_sources_whose_turn_would_come_too_late_have_not_failed_and_are_due_still() -> None:
    pages = {"slow.example/robots.txt": h.plain(b"User-agent: *\nCrawl-delay: 1\n", Content_Type="text/plain")}
    with h.HostileNewsroom(
        pages | {"slow.example/feed": h.plain(GOOD), "quick.example/listing": h.plain(GOOD)}
    ) as served:
        slow = [_source(f"slow-{n}", url="http://slow.example/feed", fetch="never") for n in range(12)]
        settings = _settings(served, *slow, _source("quick", fetch="never"), deadline=timedelta(seconds=24))
        played = _play(settings)

    assert {run.outcome for run in played.runs.values()} == {"fetched"}
    read = sorted(set(played.runs) - {"quick"}, key=lambda name: int(name[5:]))
    assert read == [f"slow-{n}" for n in range(len(read))], "the longest overdue first"
    assert 3 <= len(read) <= 9, "six seconds, and jitter"
    assert "quick" in played.runs


@pytest.mark.parametrize("when", [SATURDAY, ""])
def test_what_may_have_waited_for_its_page_for_hours_is_told_from_its_listing(when: str) -> None:
    entries = [(f"http://slow.example/a/{n}", f"Headline {n}", when) for n in range(9)]
    pages = {"slow.example/robots.txt": h.plain(b"User-agent: *\nCrawl-delay: 2\n", Content_Type="text/plain")}
    with h.HostileNewsroom(pages | {"slow.example/listing": h.plain(h.feed(*entries))}) as newsroom:
        played = _play(_settings(newsroom, _source("slow"), deadline=timedelta(seconds=14)))

    run, pages_of = played.runs["slow"], [article.page for article in played.articles["slow"]]
    assert len(pages_of) == 9
    assert pages_of.count("not fetched") in {7, 8}, "the others are no pages of this newsroom"
    assert (run.outcome, run.body_hash is None, "slow.example is asked every 2 s" in run.detail) == (
        "fetched",
        False,
        True,
    )


@pytest.mark.parametrize("kind", ["slow", "capped"])
def test_pages_that_could_matter_are_asked_for_first_and_then_the_newest(kind: str) -> None:
    """Of a host that is slow to be asked, and of a source that lists more than a crawl takes."""
    said = [
        ("old", 8, "Town hall"),
        ("matters", 9, "Alberta independence vote"),
        ("new", 11, "Rink"),
        ("older", 7, "Road"),
    ]
    entries = [
        (f"http://{kind}.example/{name}", title, f"Sun, 22 Nov 2026 {hour:02}:30:00 GMT") for name, hour, title in said
    ]
    pages = {f"{kind}.example/listing": h.plain(h.feed(*entries))}
    if kind == "slow":
        pages["slow.example/robots.txt"] = h.plain(b"User-agent: *\nCrawl-delay: 2\n", Content_Type="text/plain")
    with h.HostileNewsroom(pages) as newsroom:
        settings = _settings(newsroom, _source(kind), deadline=timedelta(seconds=24), pages_per_source=2)
        _play(_on_topics(settings))
        asked = [one.path for one in newsroom.of(f"{kind}.example")]
    assert asked == ["/listing", "/matters", "/new"]


def test_one_page_of_a_host_is_asked_for_though_its_listings_take_its_share() -> None:
    entries = [(f"http://slow.example/a/{n}", f"Headline {n}", SATURDAY) for n in range(5)]
    pages = {"slow.example/robots.txt": h.plain(b"User-agent: *\nCrawl-delay: 2\n", Content_Type="text/plain")}
    with h.HostileNewsroom(pages | {"slow.example/feed": h.plain(h.feed(*entries))}) as newsroom:
        sources = [_source(name, url="http://slow.example/feed") for name in ("one", "two", "three")]
        played = _play(_settings(newsroom, *sources, deadline=timedelta(seconds=16)))
        asked = [one.path for one in newsroom.of("slow.example") if "/a/" in one.path]

    assert {run.outcome for run in played.runs.values()} == {"fetched"}
    assert len(asked) == 1


def test_the_one_page_of_a_host_is_followed_and_asked_for_twice_though_its_share_is_over() -> None:
    """Or what moved is never read, and what fails is the one page in all crawls to come."""
    first = {"moved": h.redirect("http://moved.example/b"), "broken": h.plain(b"", status=500)}
    robots = h.plain(b"User-agent: *\nCrawl-delay: 2\n", Content_Type="text/plain")
    pages = {"moved.example/b": h.plain(h.page("B", *STORY))}
    for name, answer in first.items():
        entry = (f"http://{name}.example/a", "Headline", SATURDAY)
        pages |= {f"{name}.example/robots.txt": robots, f"{name}.example/a": answer}
        pages[f"{name}.example/listing"] = h.plain(h.feed(entry))
    with h.HostileNewsroom(pages) as newsroom:
        played = _play(_settings(newsroom, *map(_source, first), deadline=timedelta(seconds=14)))

    assert {name: [one.page for one in came] for name, came in played.articles.items()} == {
        "moved": ["read"],
        "broken": ["refused"],
    }


def test_a_page_whose_second_reading_must_wait_lets_its_listing_stay_known() -> None:
    robots = h.plain(b"User-agent: *\nCrawl-delay: 2\n", Content_Type="text/plain")
    fresh = ("http://slow.example/new", "Alberta independence vote", JUST_NOW)
    pages = {
        f"slow.example/{name}": h.plain(h.page(fresh[1], "Alberta is to vote on independence.", *STORY))
        for name in ("new", "told")
    }
    pages |= {"slow.example/robots.txt": robots, "slow.example/listing": h.plain(h.feed(fresh))}
    with h.HostileNewsroom(pages) as newsroom:
        settings = _on_topics(_settings(newsroom, _source("slow"), deadline=timedelta(seconds=12)))
        told = Entry(url="http://slow.example/told", title="Told")
        played = _play(settings, due=[Due(source="slow", again=(told,))])

    assert [article.url for article in played.articles["slow"]] == ["http://slow.example/new"]
    assert (played.runs["slow"].detail, played.runs["slow"].body_hash is None) == ("", False)


def test_why_a_reading_failed_is_said_rather_than_what_it_left_for_the_next() -> None:
    reading = Reading(source=_source("one"), due=Due(source="one"), started=NOW)
    reading.leave("more than 20 pages: the rest is read next time")
    assert reading.run(NOW).detail == "more than 20 pages: the rest is read next time"
    reading.failed("cut off: the crawl ended before it was read whole")
    reading.failed("answered 500")
    assert reading.run(NOW).detail == "cut off: the crawl ended before it was read whole"


def test_a_page_that_leads_to_another_host_is_asked_for_at_the_pace_of_that_host() -> None:
    robots = h.plain(b"User-agent: *\nCrawl-delay: 3\n", Content_Type="text/plain")
    pages = {"slow.example/robots.txt": robots, "slow.example/a": h.plain(h.page("A", *STORY))}
    pages |= {f"quick.example/{n}": h.plain(h.page(f"Page {n}", *STORY)) for n in range(1, 6)}
    pages["quick.example/0"] = h.redirect("http://slow.example/a")
    entries = [(f"http://quick.example/{n}", f"Headline {n}", SATURDAY) for n in range(6)]
    pages["quick.example/listing"] = h.plain(h.feed(*entries))
    with h.HostileNewsroom(pages) as newsroom:
        played = _play(_settings(newsroom, _source("quick"), deadline=timedelta(seconds=20)))

    assert (played.runs["quick"].detail, len(played.articles["quick"])) == ("", 6)


def test_a_host_that_wants_long_pauses_does_not_take_the_places_of_others() -> None:
    entries = [(f"http://quick.example/a/{n}", f"Headline {n}", SATURDAY) for n in range(6)]
    robots = h.plain(b"User-agent: *\nCrawl-delay: 6\n", Content_Type="text/plain")

    def late(connection: socket.socket, asked: h.Asked) -> None:
        time.sleep(1)  # meanwhile nobody else wants a place
        h.plain(h.feed(*entries))(connection, asked)

    pages = {"quick.example/listing": late, "slow.example/feed": h.plain(GOOD), "slow.example/robots.txt": robots}
    slow_by_then: list[int] = []

    def all_quick() -> bool:
        if len(served.of("quick.example")) == 1 + len(entries):
            slow_by_then.append(len(served.of("slow.example")))
        return bool(slow_by_then)

    with h.HostileNewsroom(pages) as served:
        slow = [_source(f"slow-{n}", url="http://slow.example/feed", fetch="never") for n in range(5)]
        _play(_settings(served, _source("quick"), *slow, concurrency=4, deadline=timedelta(seconds=12)), stop=all_quick)
    assert slow_by_then == [0]


def test_a_crawl_that_does_not_end_is_ended() -> None:
    with h.HostileNewsroom({"a.example/listing": h.stall(), "b.example/listing": h.plain(GOOD)}) as newsroom:
        settings = _settings(
            newsroom,
            _source("a"),
            _source("b", fetch="never"),
            timeout=timedelta(minutes=5),
            deadline=timedelta(seconds=15),
        )
        played = _play(settings)
    assert played.runs["b"].outcome == "fetched"
    assert played.runs["a"].outcome == "failed"
    assert played.seconds < 15 + 2, "killed at its deadline; then only the pipe is drained"


def test_a_crawl_can_be_stopped_from_outside() -> None:
    with h.HostileNewsroom({"a.example/listing": h.stall()}) as newsroom:
        settings = _settings(newsroom, _source("a"))
        played = _play(settings, stop=lambda: bool(newsroom.of("a.example")))
    assert played.runs == {}, "what was not read is due still, and has not failed"


def test_nothing_due_starts_nothing() -> None:
    assert list(crawl([], Settings(home=Path("/nowhere")), now=NOW)) == []


PARENT = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sovwatch.model import Due
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from spiders.crawl import crawl
from spiders.readings import MOST_LISTINGS, Reading
source = SourceSettings(id="a", url="http://a.example/listing", outlet="A")
limits = CrawlSettings(resolve={"*.example": sys.argv[1]}, timeout=timedelta(minutes=2))
settings = Settings(home=Path("/nowhere"), sources=(source,), crawl=limits)
list(crawl([Due(source="a")], settings, now=datetime.now(UTC), remember=False))
"""


STOPPED = PARENT.replace(
    "list(crawl(",
    """
import signal
asked = []
signal.signal(signal.SIGINT, lambda *_: asked.append(1))
print([got.outcome for got in crawl(""",
).replace("remember=False))", "remember=False, stop=lambda: bool(asked)) if isinstance(got, SourceRun)])")
STOPPED = STOPPED.replace("import Due", "import Due, SourceRun").replace("minutes=2", "seconds=2")


def test_an_interrupt_from_the_keyboard_fails_no_source() -> None:
    """It reaches every process of the terminal's group; the crawl's own would die of it, and each source be ill."""
    with h.HostileNewsroom({"a.example/listing": h.stall(60)}) as newsroom:
        command = [sys.executable, "-c", STOPPED, newsroom.address]
        parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        _until(lambda: bool(newsroom.of("a.example")))
        os.killpg(parent.pid, signal.SIGINT)
        said, _ = parent.communicate(timeout=30)
    assert (said, parent.returncode) == ("[]\n", 0)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's PR_SET_PDEATHSIG")
def test_the_child_dies_with_its_parent() -> None:
    with h.HostileNewsroom({"a.example/listing": h.stall(60)}) as newsroom:
        parent = subprocess.Popen([sys.executable, "-c", PARENT, newsroom.address])
        _until(lambda: bool(newsroom.of("a.example")))
        (child,) = _children(parent.pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        _until(lambda: not Path(f"/proc/{child}").exists() or _is_zombie(child))


def test_a_child_that_is_killed_costs_no_source_its_outcome() -> None:
    with h.HostileNewsroom({"a.example/listing": h.stall(), "b.example/listing": h.plain(GOOD)}) as newsroom:
        settings = _settings(newsroom, _source("a"), _source("b", fetch="never"), timeout=timedelta(minutes=2))
        runs = {}
        for got in crawl([Due(source="b"), Due(source="a")], settings, now=NOW, remember=False):
            if isinstance(got, SourceRun):
                runs[got.source] = got
                if got.source == "b":
                    for child in _children(os.getpid()):
                        os.kill(child, signal.SIGKILL)
    assert runs["b"].outcome == "fetched"
    assert "died (SIGKILL" in runs["a"].detail


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(number) for file in listed for number in file.read_text().split()]


def _is_zombie(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _until(holds: Callable[[], bool], seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, "did not come to hold"
        time.sleep(0.05)
