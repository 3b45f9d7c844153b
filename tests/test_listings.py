"""Sitemaps, listing pages and searches: bytes to entries."""

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from sovwatch.listings import listing_key
from sovwatch.model import Dated, Precision
from sovwatch.settings import SourceSettings
from spiders.entries import MOST_ENTRIES
from spiders.listing import read_page_of_links
from spiders.readers import address, read_listing_of
from spiders.search import read_search
from spiders.sitemap import read_sitemap, words_of
from spiders.wrapped import unwrapped

URL = "https://weekly.example/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(*urls: str) -> bytes:
    return f'<?xml version="1.0"?><urlset {NS}>{"".join(urls)}</urlset>'.encode()


NEWS = """<url><loc> https://weekly.example/a/1 </loc><!-- x --><news:news><news:publication>
<news:name>Weekly</news:name><news:language>fr-ca</news:language></news:publication>
<news:publication_date>2026-11-21T10:00:00-05:00</news:publication_date>
<news:title>Un &amp;amp; deux</news:title><news:keywords>Québec, greffe</news:keywords></news:news></url>"""


def test_a_news_sitemap() -> None:
    (entry,) = read_sitemap(urlset(NEWS), URL).entries
    assert (entry.url, entry.title, entry.language) == ("https://weekly.example/a/1", "Un & deux", "fr")
    assert entry.published == Dated(datetime(2026, 11, 21, 15, tzinfo=UTC), evidence="sitemap")
    assert entry.summary == "Québec, greffe"


def test_a_plain_sitemap_is_titled_by_its_addresses_and_lists_the_newest_first() -> None:
    old = "<url><loc>https://weekly.example/old-story-1234567</loc><lastmod>2020-01-01</lastmod></url>"
    new = "<url><loc>https://weekly.example/news/clerk-counts-twice.html</loc><lastmod>2026-11-21</lastmod></url>"
    entries = read_sitemap(urlset(old, new), URL).entries
    assert [entry.title for entry in entries] == ["clerk counts twice", "old story"]
    assert entries[0].published is None
    assert entries[0].updated == Dated(datetime(2026, 11, 21, tzinfo=UTC), Precision.DAY, "sitemap lastmod")


def test_an_index_names_further_sitemaps_those_for_news_first() -> None:
    rows = (
        ("/pages-2026.xml", "2026-11-22"),
        ("/pages-2025.xml", "2025-12-31"),
        ("/news.xml", "2026-11-01"),
        ("javascript:x", "2026-11-22"),
    )
    body = "".join(f"<sitemap><loc>{loc}</loc><lastmod>{when}</lastmod></sitemap>" for loc, when in rows)
    listing = read_sitemap(f"<sitemapindex {NS}>{body}</sitemapindex>".encode(), URL)
    assert [link.rpartition("/")[2] for link in listing.more] == ["news.xml", "pages-2026.xml", "pages-2025.xml"]


def test_a_gzipped_sitemap_and_one_that_is_cut_short() -> None:
    packed = gzip.compress(urlset(NEWS))
    assert len(read_sitemap(packed, URL).entries) == 1
    assert len(read_sitemap(packed[:-30], URL).entries) <= 1


def test_a_gzip_bomb_is_refused() -> None:
    source = SourceSettings(id="bomb", url=URL, outlet="W", kind="sitemap")
    listing = read_listing_of(source, gzip.compress(bytes(64 * 1024 * 1024)), URL, limit=timedelta(seconds=5))
    assert "unpacks to more than" in listing.problem


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "not a sitemap"),
        (b"<html><body/></html>", "web page"),
        (b"<rss/>", "not a sitemap"),
        (b"\x1f\x8b" + b"x" * 40, "gzip"),
    ],
)
def test_what_is_no_sitemap(body: bytes, problem: str) -> None:
    source = SourceSettings(id="none", url=URL, outlet="W", kind="sitemap")
    assert problem in read_listing_of(source, body, URL, limit=timedelta(seconds=5)).problem


def test_a_sitemap_reads_no_files() -> None:
    doctype = b"?><!DOCTYPE urlset [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    body = urlset(NEWS.replace("Un", "&x;")).replace(b"?>", doctype, 1)
    assert [entry.title for entry in read_sitemap(body, URL).entries] == ["&x; & deux"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://x.ca/news/alberta-vote-on-leaving-1.7654321.html", "alberta vote on leaving"),
        ("https://x.ca/2026/01/29/la-souverainet%C3%A9-du-qu%C3%A9bec", "la souveraineté du québec"),
        ("https://x.ca/", ""),
    ],
)
def test_the_words_of_an_address(address: str, words: str) -> None:
    assert words_of(address) == words


PAGE = b"""<html><head><title>Weekly</title></head><body><nav><a href="/about">About</a></nav>
<div class="card"><h2><a href="/a/1">Clerk <i>counts</i></a></h2><time datetime="2026-11-21T10:00-05:00">samedi</time>
<p class="by">Ada Clerk</p><p class="sum">She counts.</p></div>
<div class="card"><h2><a href="/a/1">Clerk counts</a></h2></div>
<div class="card"><h2>No link here</h2></div></body></html>"""


@pytest.mark.parametrize(
    "select",
    [
        {"entry": ".card", "title": "h2", "date": "time::attr(datetime)", "author": ".by", "summary": ".sum"},
        {
            "entry": "//div[@class='card']",
            "link": ".//a/@href",
            "title": "./h2",
            "date": "./time/@datetime",
            "author": "./p[1]",
            "summary": "./p[2]",
        },
    ],
)
def test_a_listing_page_by_css_and_by_xpath(select: dict[str, str]) -> None:
    (entry,) = read_page_of_links(PAGE, "https://weekly.example/news/", select).entries
    assert (entry.url, entry.title) == ("https://weekly.example/a/1", "Clerk counts")
    assert (entry.authors, entry.summary) == (("Ada Clerk",), "She counts.")
    assert entry.published == Dated(datetime(2026, 11, 21, 15, tzinfo=UTC), evidence="listing")


def test_a_date_that_counts_from_now_is_one_and_makes_no_entry_look_changed() -> None:
    page = "<article><a href='/a/1'>La mairesse répond</a><time>il y a 3 heures</time></article>".encode()
    select = {"entry": "article", "date": "time"}
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    entries = [
        entry
        for now in (noon, noon + timedelta(minutes=20))
        for entry in read_page_of_links(page, "https://weekly.example/", select, now=now).entries
    ]
    assert [entry.published and entry.published.at.hour for entry in entries] == [9, 9]
    assert [entry.published and entry.published.at.minute for entry in entries] == [0, 20]
    assert listing_key(entries[0]) == listing_key(entries[1])


def test_entries_may_be_the_links_themselves() -> None:
    (entry,) = read_page_of_links(PAGE, "https://weekly.example/", {"entry": "nav a"}).entries
    assert (entry.url, entry.title) == ("https://weekly.example/about", "About")


def test_a_page_that_was_redesigned_is_said_to_be() -> None:
    listing = read_page_of_links(PAGE, "https://weekly.example/", {"entry": ".story"})
    assert "redesigned" in listing.problem


@pytest.mark.parametrize(
    "select", [{}, {"title": "h2"}, {"entry": "a", "dates": "time"}, {"entry": "p:::x"}, {"entry": "//["}]
)
def test_wrong_selectors_are_named(select: dict[str, str]) -> None:
    source = SourceSettings(id="s", url="https://weekly.example/", outlet="W", kind="listing", select=select)
    problem = read_listing_of(source, PAGE, source.url, limit=timedelta(seconds=5)).problem
    assert "select needs" in problem or "neither CSS nor XPath" in problem


def _packed(url: str) -> str:
    length = len(url)
    size = bytes([length]) if length < 128 else bytes([length & 0x7F | 0x80, length >> 7])
    message = b"\x08\x13\x22" + size + url.encode() + b"\x2a\x02en\xd2\x01\x00"  # 2a, a field's mark, is a * too
    return "https://news.google.com/rss/articles/" + base64.urlsafe_b64encode(message).decode().rstrip("=") + "?oc=5"


LONG = "https://weekly.example/" + "a" * 150
TOKEN = "https://news.google.com/rss/articles/CBMiAAFBVV95cUxQdG9rZW5vbmx5?oc=5"


@pytest.mark.parametrize(
    ("wrapped", "expected"),
    [
        (_packed("https://weekly.example/a/1"), "https://weekly.example/a/1"),
        (_packed(LONG), LONG),
        (TOKEN, TOKEN),
        (
            "http://www.bing.com/news/apiclick.aspx?ref=F&url=https%3a%2f%2fweekly.example%2fa%3fid%3d1&c=9",
            "https://weekly.example/a?id=1",
        ),
        ("https://www.google.com/url?rct=j&url=https://weekly.example/a&ct=ga", "https://weekly.example/a"),
        ("https://weekly.example/url-shortening?url=https://other.example/", "https://weekly.example/url-shortening?url=https://other.example/"),
        ("https://weekly.example/url?q=javascript:x", "https://weekly.example/url?q=javascript:x"),
    ],
)  # fmt: skip
def test_wrapped_links_are_unwrapped_where_the_address_allows(wrapped: str, expected: str) -> None:
    assert unwrapped(wrapped) == expected


def test_a_search_that_answers_with_rss() -> None:
    body = (
        '<rss version="2.0"><channel><item><title>Clerk counts - Weekly</title>'
        f"<link>{_packed('https://weekly.example/a/1').replace('&', '&amp;')}</link>"
        '<source url="https://weekly.example">Weekly</source></item></channel></rss>'
    ).encode()
    (entry,) = read_search(body, "https://search.example/").entries
    assert (entry.url, entry.title, entry.outlet) == ("https://weekly.example/a/1", "Clerk counts", "Weekly")


@pytest.mark.parametrize(("guid", "kept"), [("https://weekly.example/a/1", None), ("a-1", "a-1")])
def test_an_address_that_a_search_gives_for_a_guid_is_none(guid: str, kept: str | None) -> None:
    item = f"<item><link>https://weekly.example/a/1</link><guid isPermaLink='false'>{guid}</guid></item>"
    body = f'<rss version="2.0"><channel>{item}</channel></rss>'.encode()
    (entry,) = read_search(body, "https://search.example/").entries
    assert entry.guid == kept


def test_a_search_that_answers_with_json() -> None:
    row = {
        "url": "https://weekly.example/a/1",
        "title": "Un \u0007titre",
        "seendate": "20261121T150000Z",
        "domain": "weekly.example",
        "language": "French",
    }
    body = json.dumps({"articles": [row, {"url": None}, "no row"]}).replace("\\u0007", "\x07").encode()
    (entry,) = read_search(body, "https://search.example/").entries
    assert (entry.url, entry.language, entry.outlet) == ("https://weekly.example/a/1", "fr", "weekly.example")
    assert entry.published == Dated(datetime(2026, 11, 21, 15, tzinfo=UTC), evidence="search")


def test_a_search_that_fails_says_so() -> None:
    assert read_search(b"{broken", "https://search.example/").problem
    assert read_search(b'{"articles": 5}', "https://search.example/").problem
    assert read_search(b'{"articles": []}', "https://search.example/").problem == ""


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_of_a_listing_without_end_the_newest_are_read(kind: str) -> None:
    """What has no date counts as old, in the order of the listing."""
    source = SourceSettings.model_validate({"id": "s", "url": URL, "outlet": "S", "kind": kind})
    dates = ["", *(f"2026-11-{1 + n // 600:02}T{n // 60 % 10:02}:{n % 60:02}:00Z" for n in range(1200)), ""]
    rows = [(f"https://weekly.example/a/{n}", date) for n, date in enumerate(dates)]
    if kind == "feed":
        items = (f"<item><link>{url}</link><pubDate>{date}</pubDate></item>" for url, date in rows)
        body = f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode()
    else:
        body = urlset(*(f"<url><loc>{url}</loc><lastmod>{date}</lastmod></url>" for url, date in rows))
    entries = read_listing_of(source, body, URL, limit=timedelta(seconds=30)).entries
    assert [entry.url.rpartition("/")[2] for entry in entries] == [str(n) for n in range(1200, 1200 - MOST_ENTRIES, -1)]


def test_a_feed_that_is_packed_and_does_not_say_so_is_read() -> None:
    source = SourceSettings.model_validate({"id": "s", "url": URL, "outlet": "S"})
    body = gzip.compress(b'<rss version="2.0"><channel><item><link>https://a.example/1</link></item></channel></rss>')
    (entry,) = read_listing_of(source, body, URL, limit=timedelta(seconds=30)).entries
    assert entry.url == "https://a.example/1"


def test_the_query_goes_into_the_address() -> None:
    source = SourceSettings(
        id="s", url="https://search.example/?q={query}&n=9", outlet="S", kind="search", query='clerk & "count"'
    )
    assert address(source) == "https://search.example/?q=clerk%20%26%20%22count%22&n=9"
