"""Trying, discovering and exchanging sources; headlines; the starter pack."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovwatch.app.sourcing import import_opml, try_one
from sovwatch.errors import ConfigurationError
from sovwatch.settings import CrawlSettings, Settings, SourceSettings, load
from sovwatch.urls import canonical, is_web
from spiders import opml
from spiders.discover import Discovery, discover, nothing
from spiders.discovery import ITSELF, read_links, read_robots
from spiders.titles import title_key, without_outlet
from spiders.trial import read_one, source_at, try_source
from spiders.wire import Missed
from tests import hostile as h
from tests.command import a_home, complaint, sovwatch

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PACK = Path(__file__).parents[1] / "config" / "sources.toml"
FEED = h.feed(
    ("/a/1", "Petition counted", "Sat, 21 Nov 2026 10:00:00 HNE"), ("/a/2", "Council sits", "Fri, 20 Nov 2026")
)
SITEMAP = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://weekly.example/b-c</loc></url></urlset>'
HOME = b"""<html><head><link rel="alternate" type="application/rss+xml" href="/rss-news"></head>
<body><a href="/about">x</a><a href="/feeds/sport.rss">Sport</a></body></html>"""


def _settings(newsroom: h.HostileNewsroom) -> Settings:
    limits = CrawlSettings(resolve={"*.example": newsroom.address}, delay=timedelta(milliseconds=5))
    return Settings(home=Path("/nowhere"), crawl=limits)


def test_trying_a_source_shows_what_would_be_read() -> None:
    page = h.plain(h.page("Petition counted", "The clerk counts. " * 20), Content_Type="text/html")
    with h.HostileNewsroom({"weekly.example/feed": h.plain(FEED), "weekly.example/a/1": page}) as newsroom:
        source = SourceSettings(id="weekly", url="http://weekly.example/feed", outlet="Weekly", fetch="all")
        trial = try_source(_settings(newsroom), source, now=NOW)
    assert (trial.run.outcome, trial.run.entries) == ("fetched", 2)
    assert {(article.title, article.page) for article in trial.articles} == {
        ("Petition counted", "read"),
        ("Council sits", "refused"),
    }


def test_trying_an_address_that_is_none() -> None:
    with h.HostileNewsroom({}) as newsroom:
        trial = try_source(_settings(newsroom), source_at("http://weekly.example/gone", kind="feed"), now=NOW)
    assert (trial.run.detail, trial.articles) == ("answered 404: is not there", ())


@pytest.mark.parametrize(
    ("what", "kind", "complaint"),
    [
        ("weekli", "feed", r"weekli: no such source, and no web address; did you mean 'weekly'\?"),
        ("ftp://weekly.example/feed", "feed", "no web address"),
        ("http://weekly.example/feed", "fed", r"--kind: no kind is called 'fed'; did you mean 'feed'\?"),
    ],
)
def test_trying_what_is_no_source_is_refused(what: str, kind: str, complaint: str) -> None:
    weekly = SourceSettings(id="weekly", url="http://weekly.example/feed", outlet="Weekly")
    with pytest.raises(ConfigurationError, match=complaint):
        try_one(Settings(home=Path("/nowhere"), sources=(weekly,)), what, kind=kind)


def test_one_page_is_read_by_its_address() -> None:
    page = h.plain(h.page("Petition counted", "The clerk counts. " * 20), Content_Type="text/html")
    with h.HostileNewsroom({"weekly.example/a/1": page}) as newsroom:
        article, _ = read_one(_settings(newsroom), "http://weekly.example/a/1", now=NOW)
        missing = read_one(_settings(newsroom), "http://weekly.example/a/2", now=NOW)
    assert article is not None
    assert (article.title, "clerk counts" in article.text) == ("Petition counted", True)
    assert missing == (None, "answered 404: is not there")


def test_one_page_is_dated_by_the_desks_clock_where_it_names_no_zone() -> None:
    said = "<meta name='date' content='2026-11-21T09:05:00'>"
    page = h.plain(h.page("Petition counted", "The clerk counts. " * 20, extra=said), Content_Type="text/html")
    with h.HostileNewsroom({"weekly.example/a/1": page}) as newsroom:
        settings = _settings(newsroom).model_copy(update={"zone": "America/Edmonton"})
        article, _ = read_one(settings, "http://weekly.example/a/1", now=NOW)
    assert article is not None
    assert article.published is not None
    assert f"{article.published.at:%H:%M}" == "16:05"


def test_discovering_what_a_site_has() -> None:
    pages = {
        "weekly.example/": h.plain(HOME, Content_Type="text/html"),
        "weekly.example/robots.txt": h.plain(b"Sitemap: http://weekly.example/s.xml\nUser-agent: *\nDisallow: /feed\n"),
        "weekly.example/rss-news": h.plain(FEED),
        "weekly.example/rss.xml": h.plain(FEED),
        "weekly.example/feed": h.plain(FEED),
        "weekly.example/s.xml": h.plain(SITEMAP),
    }
    with h.HostileNewsroom(pages) as newsroom:
        found = discover("http://weekly.example/", _settings(newsroom), now=NOW).found
        asked = {one.path for one in newsroom.of("weekly.example")}
    assert [(one.kind, one.entries) for one in found] == [("feed", 2), ("sitemap", 1)]
    assert found[0].newest == datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert "/feed" not in asked, "robots.txt forbids it"


def test_a_site_whose_feed_cannot_be_read_is_discovered_with_the_reason() -> None:
    page = b'<link rel="alternate" type="application/rss+xml" href="/rss-news">'
    pages = {
        "weekly.example/": h.plain(page, Content_Type="text/html"),
        "weekly.example/rss-news": h.plain(b"<p>Subscribe!</p>", Content_Type="text/html"),
    }
    with h.HostileNewsroom(pages) as newsroom:
        site = discover("http://weekly.example/", _settings(newsroom), now=NOW)
    assert site == Discovery(
        (),
        "none that it names can be read: http://weekly.example/rss-news: not a feed: neither RSS, Atom nor JSON Feed",
        "`sovwatch sources try http://weekly.example/rss-news` tells more",
    )


@pytest.mark.parametrize(
    ("missed", "ended", "said"),
    [
        ((), "", "answers, but names no feed or sitemap, and has none at the usual places (a listing page can be a"),
        ((), "not read: the crawl's process died", "not read: the crawl's process died (try again later)"),
        (("answered 404: is not there",), "", "answered 404: is not there (check how it is written, or give the site"),
        (("answered 403: refuses us",), "", "answered 403: refuses us (set crawl.user_agent to your own contact; a"),
        (("robots.txt of x.example forbids it",), "", "robots.txt of x.example forbids it (ask the publisher, or look"),
        (("answered 502",), "", "answered 502 (try again later)"),
    ],
)
def test_where_nothing_is_discovered_is_said_why_and_what_to_do(missed: tuple[str, ...], ended: str, said: str) -> None:
    url = "http://x.example/"
    site = nothing(url, [Missed(url=url, where=ITSELF, why=why) for why in missed], ended)
    assert f"{site.why} ({site.cure})".startswith(said)


def test_an_address_where_nobody_answers_is_discovered_in_one_line(tmp_path: Path) -> None:
    a_home(tmp_path, '[crawl]\nallow_private = ["localhost"]\ndelay = 0\n')
    for url, said, code in (
        (
            "http://localhost:1/",
            "http://localhost:1/: robots.txt of localhost:1 cannot be had: refuses connections (check",
            1,
        ),
        ("localhost", "localhost: is no web address (write it whole: https://…)", 2),
        ("http://127.0.0.1:1/", "http://127.0.0.1:1/: 127.0.0.1 is not a public address (where it is yours, ", 1),
    ):
        done = sovwatch("sources", "discover", url, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (code, "")
        assert complaint(done).startswith(said)


@pytest.mark.parametrize("asked", [("good", "bad"), ("--all",)])
def test_a_trial_that_fails_says_so_to_a_script_and_shows_the_desks_time(
    tmp_path: Path, asked: tuple[str, ...]
) -> None:
    with h.HostileNewsroom({"good.example/feed": h.plain(FEED)}) as newsroom:
        crawl = f'zone = "America/Regina"\n[crawl]\ndelay = 0\nresolve = {{ "*.example" = "{newsroom.address}" }}\n'
        names = ("good", "bad")
        tables = [f'[[source]]\nid = "{x}"\nurl = "http://{x}.example/feed"\noutlet = "{x}"\n' for x in names]
        a_home(tmp_path, crawl, sources="".join(tables))
        shown = sovwatch("sources", "try", *asked, cwd=tmp_path)
        told = json.loads(sovwatch("--json", "sources", "try", *asked, cwd=tmp_path).stdout)
        well = sovwatch("sources", "try", "good", cwd=tmp_path)

    assert (shown.returncode, well.returncode) == (1, 0)
    assert "answered 404: is not there" in shown.stdout
    assert len(told) == 2
    assert "2026-11-21 09:00 CST" in well.stdout


@pytest.mark.parametrize(
    "body",
    ['<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>', "<!doctype html><p>Home"],
)
def test_an_address_that_is_no_feed_is_met_with_how_to_find_one(tmp_path: Path, body: str) -> None:
    with h.HostileNewsroom({"weekly.example/news": h.plain(body.encode())}) as newsroom:
        a_home(tmp_path, f'[crawl]\ndelay = 0\nresolve = {{ "*.example" = "{newsroom.address}" }}\n')
        done = sovwatch("sources", "try", "http://weekly.example/news", cwd=tmp_path)
    assert done.returncode == 1
    assert "(say what it is by `kind`, or see what `sovwatch sources discover` finds on the site)" in done.stdout


def test_links_and_robots_are_read_purely() -> None:
    assert read_links(HOME, "https://weekly.example/x") == [
        "https://weekly.example/rss-news",
        "https://weekly.example/feeds/sport.rss",
    ]
    assert read_links(b"", "https://weekly.example/") == []
    robots = b"sitemap: /all.xml\nSitemap:https://weekly.example/news.xml\nSitemap: javascript:x"
    assert read_robots(robots, "https://weekly.example/robots.txt") == [
        "https://weekly.example/news.xml",
        "https://weekly.example/all.xml",
    ]


def _pack() -> tuple[SourceSettings, ...]:
    return tuple(SourceSettings(**row) for row in tomllib.loads(PACK.read_text(encoding="utf-8"))["source"])


def test_opml_brings_back_what_it_took() -> None:
    sources = tuple(source.model_copy(update={"every": None}) for source in _pack())
    assert opml.read(opml.write(sources)) == sources


def test_a_login_in_an_address_of_opml_stays_there() -> None:
    body = b'<opml><outline text="W" xmlUrl="https://me:hunter2@weekly.example/feed"/></opml>'
    assert [one.url for one in opml.read(body)] == ["https://weekly.example/feed"]


def test_a_name_without_end_in_opml_makes_no_id_without_end() -> None:
    body = f'<opml><outline text="{"Weekly " * 20_000}" xmlUrl="https://weekly.example/feed"/></opml>'.encode()
    (source,) = opml.read(body)
    assert source.id == "weekly-" * 8 + "week"


def test_a_feed_that_stands_twice_in_opml_is_added_once(tmp_path: Path) -> None:
    home = a_home(tmp_path).parent
    line = '<outline text="{}" xmlUrl="https://weekly.example/feed"/>'
    (tmp_path / "x.opml").write_text(f"<opml>{line.format('One')}{line.format('Two')}</opml>", encoding="utf-8")

    assert import_opml(load(home / "sovwatch.toml", {}), tmp_path / "x.opml") == (1, 1)
    assert [one.outlet for one in load(home / "sovwatch.toml", {}).sources] == ["One"]


def test_opml_of_other_readers_is_read() -> None:
    body = b"""<?xml version="1.0"?><opml version="1.0"><body><outline text="News">
        <outline text="The Weekly &amp; Daily" type="rss" xmlUrl="https://weekly.example/feed" htmlUrl="https://weekly.example"/>
        <outline text="The Weekly &amp; Daily" xmlUrl="https://weekly.example/other"/>
        <outline text="Bad" xmlUrl="javascript:x"/></outline></body></opml>"""
    assert [(source.id, source.outlet) for source in opml.read(body)] == [
        ("the-weekly-daily", "The Weekly & Daily"),
        ("the-weekly-daily-2", "The Weekly & Daily"),
    ]


@pytest.mark.parametrize("body", [b"", b"<html/>", b"not xml"])
def test_what_is_no_opml(body: bytes) -> None:
    with pytest.raises(ValueError, match="OPML"):
        opml.read(body)


def test_the_pack_is_what_it_says() -> None:
    pack = _pack()
    assert len(pack) >= 80
    assert len({source.id for source in pack}) == len(pack)
    assert len({canonical(source.url) + source.query for source in pack}) == len(pack)
    assert all(is_web(source.url) and source.outlet and source.why for source in pack)
    assert {source.checked for source in pack} == {"never", "public list, 2026-02-18", "public list, 2026-03"}
    assert all(
        "switched off" in source.traps or "not confirmed" in source.traps for source in pack if not source.enabled
    )
    assert sum(source.language == "fr" for source in pack) >= 30
    assert {"CA-AB", "CA-QC"} <= {source.region for source in pack}


@pytest.mark.parametrize(
    ("title", "outlet", "expected"),
    [
        ("Clerk counts | Le Devoir", "Le Devoir", "Clerk counts"),
        ("Clerk counts - CBC News", "CBC", "Clerk counts"),
        ("CBC News: Clerk counts", "CBC News", "CBC News: Clerk counts"),
        ("Clerk counts – ledevoir.com", "Le Devoir", "Clerk counts"),
        ("Clerk counts - Analysis", "CBC", "Clerk counts - Analysis"),
        ("Clerk counts - CBC asks what it cost", "CBC", "Clerk counts - CBC asks what it cost"),
        ("Clerk counts | Politics | The Weekly", "The Weekly", "Clerk counts | Politics"),
        ("The Weekly", "The Weekly", "The Weekly"),
        ("", "X", ""),
    ],
)
def test_a_headline_without_its_outlet(title: str, outlet: str, expected: str) -> None:
    assert without_outlet(title, outlet) == expected


@given(st.text(max_size=80), st.text(max_size=20))
def test_taking_the_outlet_off_twice_is_taking_it_off_once(title: str, outlet: str) -> None:
    once = without_outlet(title, outlet)
    assert without_outlet(once, outlet) == once


def test_one_key_for_the_spellings_of_a_headline() -> None:
    assert title_key("L’été à Québec") == title_key("L'ÉTÉ À QUEBEC")
    assert title_key("Day 2 of the count") != title_key("Day 3 of the count")
    assert title_key("Live") == ""


def test_trying_says_what_to_do_where_the_reason_does_not(tmp_path: Path) -> None:
    source = '[[source]]\nid = "inner"\nurl = "http://127.0.0.1:1/feed"\noutlet = "Inner"\n'
    a_home(tmp_path, "[crawl]\ndelay = 0\n", sources=source)
    done = sovwatch("sources", "try", "inner", cwd=tmp_path)
    assert "127.0.0.1 is not a public address (where it is yours, name it in crawl.allow_private)" in done.stdout
