"""Hosts whose robots.txt wants long pauses: each has its share of a crawl, and takes nothing from others."""

import re
import socket
import time
from collections.abc import Generator
from datetime import timedelta
from itertools import pairwise

import pytest

from sovwatch.model import Due, Entry, SourceRun
from sovwatch.settings import Settings, SourceSettings
from spiders.crawl import crawl
from spiders.process import Child
from spiders.wire import Job
from tests import hostile as h
from tests.crawling import GOOD, NEWS, NOW, SATURDAY, STORY, a_source, crawl_of, on_topics, play

JUST_NOW = "Sun, 22 Nov 2026 11:30:00 GMT"
MORE = timedelta(minutes=4)


@pytest.fixture(autouse=True)
def _nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deadline says here what each host's share is; that a machine is slow ends no crawl."""

    def patient(job: Job, left: timedelta) -> Child:
        return Child(job, left + MORE)

    monkeypatch.setattr("spiders.crawl.Child", patient)


def pausing(seconds: int) -> h.Answer:
    return h.plain(f"User-agent: *\nCrawl-delay: {seconds}\n".encode(), Content_Type="text/plain")


def listing(*entries: tuple[str, str, str]) -> h.Answer:
    return h.plain(h.feed(*entries))


def headlines(host: str, number: int, when: str = SATURDAY) -> list[tuple[str, str, str]]:
    """Entries a minute apart, or undated."""
    return [
        (f"http://{host}.example/a/{n}", f"Headline {n}", re.sub(r":\d\d:", f":{n:02}:", when)) for n in range(number)
    ]


def sharing(seconds: float, newsroom: h.HostileNewsroom, *sources: SourceSettings, **more: object) -> Settings:
    """A crawl in which each host has so many seconds."""
    return crawl_of(newsroom, *sources, deadline=4 * timedelta(seconds=seconds), **more)


def test_manners_hold_per_host_across_sources_and_kinds() -> None:
    pages = {"slow.example/feed": h.plain(GOOD), "slow.example/map": h.plain(NEWS)}
    pages["slow.example/robots.txt"] = pausing(2)
    with h.HostileNewsroom(pages) as newsroom:
        sources = (
            a_source("one", url="http://slow.example/feed", fetch="never"),
            a_source("two", url="http://slow.example/map", kind="sitemap", fetch="never"),
            a_source("three", url="http://slow.example/feed", fetch="never"),
        )
        play(crawl_of(newsroom, *sources))
        times = sorted(asked.at for asked in newsroom.of("slow.example"))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 2
    assert all(gap > 1 for gap in gaps), "two seconds, less the jitter of a quarter and what a busy machine is late by"


def test_a_host_that_wants_long_pauses_is_asked_for_the_pages_that_fit_its_share_of_the_crawl() -> None:
    pages = {"slow.example/robots.txt": pausing(1)}
    pages |= {f"slow.example/{name}": listing(*headlines("slow", 30, JUST_NOW)) for name in ("one", "two")}
    with h.HostileNewsroom(pages) as newsroom:
        sources = [a_source(name, url=f"http://slow.example/{name}") for name in ("one", "two")]
        played = play(sharing(7, newsroom, *sources))
        asked = [one for one in newsroom.of("slow.example") if "/a/" in one.path]

    said = "slow.example is asked every 1 s: the rest is read next time"
    assert {(run.outcome, run.detail, run.body_hash) for run in played.runs.values()} == {("fetched", said, None)}
    assert 1 <= len(asked) <= 9, "seven seconds, and jitter; a slow machine has used some for the listings"


def test_sources_whose_turn_would_come_too_late_have_not_failed_and_are_due_still() -> None:
    pages = {"slow.example/robots.txt": pausing(1), "slow.example/feed": h.plain(GOOD)}
    with h.HostileNewsroom(pages | {"quick.example/listing": h.plain(GOOD)}) as newsroom:
        slow = [a_source(f"slow-{n}", url="http://slow.example/feed", fetch="never") for n in range(12)]
        played = play(sharing(6, newsroom, *slow, a_source("quick", fetch="never")))

    assert {run.outcome for run in played.runs.values()} == {"fetched"}
    read = sorted(set(played.runs) - {"quick"}, key=lambda name: int(name[5:]))
    assert read == [f"slow-{n}" for n in range(len(read))], "the longest overdue first"
    assert 2 <= len(read) <= 9, "six seconds, and jitter"
    assert "quick" in played.runs


@pytest.mark.parametrize("when", [SATURDAY, ""])
def test_what_may_have_waited_for_its_page_for_hours_is_told_from_its_listing(when: str) -> None:
    pages = {"slow.example/robots.txt": pausing(2), "slow.example/listing": listing(*headlines("slow", 9, when))}
    with h.HostileNewsroom(pages) as newsroom:
        played = play(sharing(3.5, newsroom, a_source("slow")))

    run, pages_of = played.runs["slow"], [article.page for article in played.articles["slow"]]
    assert len(pages_of) == 9
    assert pages_of.count("not fetched") in {7, 8}, "the others are no pages of this newsroom"
    assert (run.outcome, run.body_hash is None, "slow.example is asked every 2 s" in run.detail) == (
        "fetched",
        False,
        True,
    )


@pytest.mark.parametrize(("kind", "least"), [("slow", 1), ("capped", 2)])
def test_pages_that_could_matter_are_asked_for_first_and_then_the_newest(kind: str, least: int) -> None:
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
    pages = {f"{kind}.example/listing": listing(*entries), "slow.example/robots.txt": pausing(2)}
    most = 60 if kind == "slow" else 2
    with h.HostileNewsroom(pages) as newsroom:
        play(on_topics(sharing(5, newsroom, a_source(kind), pages_per_source=most)))
        asked = [one.path for one in newsroom.of(f"{kind}.example")]
    assert asked == ["/listing", "/matters", "/new", "/old"][: len(asked)]
    assert least <= len(asked) - 1 <= 3


def test_one_page_of_a_host_is_asked_for_though_its_listings_take_its_share() -> None:
    pages = {"slow.example/robots.txt": pausing(2), "slow.example/feed": listing(*headlines("slow", 5))}
    with h.HostileNewsroom(pages) as newsroom:
        sources = [a_source(name, url="http://slow.example/feed") for name in ("one", "two", "three")]
        played = play(sharing(4, newsroom, *sources))
        asked = [one.path for one in newsroom.of("slow.example") if "/a/" in one.path]

    assert {run.outcome for run in played.runs.values()} == {"fetched"}
    assert len(asked) == 1


def test_the_one_page_of_a_host_is_followed_and_asked_for_twice_though_its_share_is_over() -> None:
    """Or what moved is never read, and what fails is the one page in all crawls to come."""
    first = {"moved": h.redirect("http://moved.example/b"), "broken": h.plain(b"", status=500)}
    pages = {"moved.example/b": h.plain(h.page("B", *STORY))}
    for name, answer in first.items():
        pages |= {f"{name}.example/robots.txt": pausing(2), f"{name}.example/a": answer}
        pages[f"{name}.example/listing"] = listing((f"http://{name}.example/a", "Headline", SATURDAY))
    with h.HostileNewsroom(pages) as newsroom:
        played = play(sharing(3.5, newsroom, *map(a_source, first)))

    assert {name: [one.page for one in came] for name, came in played.articles.items()} == {
        "moved": ["read"],
        "broken": ["refused"],
    }


def test_a_page_whose_second_reading_must_wait_lets_its_listing_stay_known() -> None:
    fresh = ("http://slow.example/new", "Alberta independence vote", JUST_NOW)
    pages = {
        f"slow.example/{name}": h.plain(h.page(fresh[1], "Alberta is to vote on independence.", *STORY))
        for name in ("new", "told")
    }
    pages |= {"slow.example/robots.txt": pausing(2), "slow.example/listing": listing(fresh)}
    with h.HostileNewsroom(pages) as newsroom:
        told = Entry(url="http://slow.example/told", title="Told")
        settings = on_topics(sharing(3, newsroom, a_source("slow")))
        played = play(settings, due=[Due(source="slow", again=(told,))])

    assert [article.url for article in played.articles["slow"]] == ["http://slow.example/new"]
    assert (played.runs["slow"].detail, played.runs["slow"].body_hash is None) == ("", False)


def test_a_page_that_leads_to_another_host_is_asked_for_at_the_pace_of_that_host() -> None:
    """And the other pages of the first at its own: at a page in three seconds not all would fit."""
    pages = {f"quick.example/a/{n}": h.plain(h.page(f"Page {n}", *STORY)) for n in range(1, 16)}
    pages |= {"slow.example/robots.txt": pausing(3), "slow.example/a": h.plain(h.page("A", *STORY))}
    pages["quick.example/a/0"] = h.redirect("http://slow.example/a")
    pages["quick.example/listing"] = listing(*headlines("quick", 16))
    with h.HostileNewsroom(pages) as newsroom:
        own = timedelta(seconds=0.2)  # so that pages are left when the other host's rules come
        played = play(sharing(20, newsroom, a_source("quick"), delay=own))

    assert (played.runs["quick"].detail, len(played.articles["quick"])) == ("", 16)


def test_a_host_that_wants_long_pauses_does_not_take_the_places_of_others() -> None:
    entries = headlines("quick", 6)

    def late(connection: socket.socket, asked: h.Asked) -> None:
        time.sleep(1)  # meanwhile nobody else wants a place
        listing(*entries)(connection, asked)

    pages = {"quick.example/listing": late, "slow.example/feed": h.plain(GOOD), "slow.example/robots.txt": pausing(20)}
    with h.HostileNewsroom(pages) as newsroom:
        slow = [a_source(f"slow-{n}", url="http://slow.example/feed", fetch="never") for n in range(5)]
        settings = sharing(100, newsroom, a_source("quick"), *slow, concurrency=4)
        coming = crawl([Due(source=source.id) for source in settings.sources], settings, now=NOW, remember=False)
        assert isinstance(coming, Generator)
        quick = next(got for got in coming if isinstance(got, SourceRun))
        slow_by_then = newsroom.of("slow.example")
        coming.close()  # what waits would be waited for
        asked = newsroom.of("quick.example")
    assert (quick.source, quick.outcome, len(asked)) == ("quick", "fetched", 7)
    assert slow_by_then == []
