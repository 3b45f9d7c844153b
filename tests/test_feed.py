"""Feeds as they come: bytes to entries."""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovwatch.model import Dated
from sovwatch.settings import SourceSettings
from sovwatch.urls import canonical
from spiders.comments import without_comments
from spiders.entries import one_line, plain_text
from spiders.feed import read_feed
from spiders.readers import read_listing_of

URL = "https://weekly.example/news/feed"
SECOND = timedelta(seconds=1)


def rss(*items: str, head: str = "") -> bytes:
    return f'<rss version="2.0"><channel><title>Weekly</title>{head}{"".join(items)}</channel></rss>'.encode()


def item(link: str = "/a/1", *, title: str = "Clerk counts", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def test_an_item_with_all_that_it_may_have() -> None:
    more = (
        "<guid isPermaLink='false'>tag:weekly.example,1</guid><dc:creator>Ada Clerk</dc:creator>"
        "<pubDate>sam., 21 nov. 2026 10:00:00 HNE</pubDate><category>Politique</category>"
        "<description>&lt;p&gt;The &lt;b&gt;clerk&lt;/b&gt; counts.&lt;/p&gt;"
        "&lt;script&gt;x()&lt;/script&gt;</description>"
    )
    body = rss(item(more=more)).replace(b"<rss", b'<rss xmlns:dc="http://purl.org/dc/elements/1.1/"')
    (entry,) = read_feed(body, URL).entries
    assert (entry.url, entry.title, entry.summary) == (
        "https://weekly.example/a/1",
        "Clerk counts",
        "The clerk counts.",
    )
    assert (entry.guid, entry.authors, entry.section) == ("tag:weekly.example,1", ("Ada Clerk",), "Politique")
    assert entry.published == Dated(datetime(2026, 11, 21, 15, tzinfo=UTC), evidence="feed")
    assert entry.updated is None


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr-CA"><title>Hebdo</title><entry><id>urn:1</id>
<title type="html">L&amp;#8217;appel</title><link rel="alternate" href="/a/1"/>
<updated>2026-11-21T10:00:00-05:00</updated>
<published>2026-11-20T10:00:00-05:00</published><author><name>Luc Greffier</name></author>
<content type="html">&lt;p&gt;Un.&lt;/p&gt;</content></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>R</title></channel>
<item rdf:about="https://weekly.example/a/1"><title>Un appel</title><link>https://weekly.example/a/1</link>
<dc:date>2026-11-21</dc:date></item></rdf:RDF>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Weekly",
        "language": "en-CA",
        "items": [
            {
                "id": 7,
                "url": "/a/1",
                "title": "Clerk counts",
                "content_html": "<p>One.</p><p>Two.</p>",
                "date_published": "2026-11-21T10:00:00-05:00",
                "authors": [{"name": "Ada Clerk"}],
            },
            {"id": "8"},
            "no item",
        ],
    }
).encode()


def test_atom() -> None:
    (entry,) = read_feed(ATOM, URL).entries
    assert (entry.url, entry.title, entry.authors) == ("https://weekly.example/a/1", "L’appel", ("Luc Greffier",))
    assert entry.published == Dated(datetime(2026, 11, 20, 15, tzinfo=UTC), evidence="feed")
    assert entry.updated == Dated(datetime(2026, 11, 21, 15, tzinfo=UTC), evidence="feed")


def test_rdf() -> None:
    (entry,) = read_feed(RDF, URL).entries
    assert (entry.url, entry.title) == ("https://weekly.example/a/1", "Un appel")


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n "])
def test_json_feed(start: bytes) -> None:
    listing = read_feed(start + JSON, URL)
    (entry,) = listing.entries
    assert (entry.url, entry.text, entry.guid) == ("https://weekly.example/a/1", "One.\nTwo.", "7")
    assert (entry.authors, listing.language, listing.title) == (("Ada Clerk",), "en", "Weekly")
    assert entry.published == Dated(datetime(2026, 11, 21, 15, tzinfo=UTC), evidence="feed")


def test_json_feed_1_0_has_one_author() -> None:
    old = {"version": "https://jsonfeed.org/version/1", "items": [{"url": "/a", "author": {"name": "Ada"}}]}
    assert read_feed(json.dumps(old).encode(), URL).entries[0].authors == ("Ada",)


def test_what_is_no_text_in_a_json_feed_is_nothing_but_numbers() -> None:
    odd = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"url": "/a", "title": True, "id": 7, "summary": [1]}],
    }
    (entry,) = read_feed(json.dumps(odd).encode(), URL).entries
    assert (entry.title, entry.guid, entry.summary) == ("", "7", "")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://weekly.example/a/1", ["https://weekly.example/a/1"]),
        ("../a/1", ["https://weekly.example/a/1"]),
        ("javascript:alert(1)", []),
        ("", []),
    ],
)
def test_only_web_addresses_are_links(link: str, expected: list[str]) -> None:
    assert [entry.url for entry in read_feed(rss(item(link)), URL).entries] == expected


def test_a_guid_is_a_link_only_where_it_is_an_address() -> None:
    items = (
        "<item><title>A</title><guid>abc</guid></item>",
        "<item><title>B</title><guid>https://weekly.example/b</guid></item>",
    )
    urls = [entry.url for entry in read_feed(rss(*items), URL).entries]
    assert "https://weekly.example/b" in urls


def test_a_guid_that_several_entries_share_is_none() -> None:
    items = [item(f"/a/{n}", more="<guid isPermaLink='false'>same</guid>") for n in range(3)]
    assert {entry.guid for entry in read_feed(rss(*items), URL).entries} == {None}


NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def dates(*given: str, after: timedelta = SECOND) -> list[Dated | None]:
    """The dates of entries in a feed that is read so long after noon."""
    items = [item(f"/a/{n}", title=f"T {n}", more=f"<pubDate>{date}</pubDate>") for n, date in enumerate(given)]
    return published(rss(*items), NOON + after)


def published(body: bytes, now: datetime) -> list[Dated | None]:
    source = SourceSettings(id="weekly", url=URL, outlet="Weekly")
    return [entry.published for entry in read_listing_of(source, body, URL, limit=30 * SECOND, now=now).entries]


def test_one_instant_of_all_entries_is_when_the_feed_was_built_and_dates_none() -> None:
    """Else a first reading tells the news of weeks as of now, and each reading fetches each page once more."""
    noon, later = "Sat, 21 Nov 2026 12:00:00 GMT", "Sat, 21 Nov 2026 12:00:02 GMT"
    assert dates(noon, later, noon) == [None, None, None]
    assert dates(noon, noon, noon, after=timedelta(minutes=10)) == [None, None, None], "another's cache had it"
    assert None not in dates(noon, noon), "two articles may come out at once"
    assert None not in dates(noon, noon, "Fri, 20 Nov 2026 12:00:00 GMT")
    assert None not in dates("2026-11-21", "2026-11-21", "2026-11-21"), "of a day there may be many"
    row = {"title": "T", "date_published": "2026-11-21T12:00:00Z"}
    told = {"version": "https://jsonfeed.org/version/1.1", "items": [row | {"url": f"/a/{n}"} for n in range(3)]}
    assert published(json.dumps(told).encode(), NOON) == [None, None, None]


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 21, 7, tzinfo=UTC),  # this morning's
        datetime(2026, 11, 21, tzinfo=UTC),  # today's, and no time
        datetime(2026, 11, 12, 11, tzinfo=UTC),
    ],
)
def test_an_issue_whose_entries_come_out_at_once_keeps_its_date(at: datetime) -> None:
    """Else an old one is news without a date, and this morning's is memory at a first reading."""
    assert dates(*[format_datetime(at, usegmt=True)] * 4) == [Dated(at, evidence="feed")] * 4


SPACE = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
TWICE_AN_HOUR = f"<sy:updatePeriod {SPACE}>hourly</sy:updatePeriod><sy:updateFrequency {SPACE}>2</sy:updateFrequency>"


@pytest.mark.parametrize(
    ("head", "ttl"),
    [
        ("<ttl>45</ttl>", timedelta(minutes=45)),
        ("<ttl>soon</ttl>", None),
        ("", None),
        (TWICE_AN_HOUR, timedelta(minutes=30)),
    ],
)
def test_what_the_feed_asks_for(head: str, ttl: timedelta | None) -> None:
    assert read_feed(rss(item(), head=head), URL).ttl == ttl


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"<!doctype html><html><body>Sign in</body></html>", "web page stands where a feed was"),
        (b"%PDF-1.4 nothing", "not a feed"),
        (b'{"error": "quota"}', "no JSON Feed"),
        (b'{"broken', "broken JSON"),
        (b"[" * 100_000, "not a feed"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes, problem: str) -> None:
    listing = read_feed(body, URL)
    assert problem in listing.problem
    assert listing.entries == ()


@pytest.mark.parametrize(
    "body",
    [
        rss(item(title="Smith & Sons")),
        rss(item()) [:-20],
        b"\n\n" + rss(item()),
        rss(item(title="bell \x07 rings")),
        rss(item(title="&eacute;t&eacute; &unknown;")),
    ],
)  # fmt: skip
def test_broken_xml_is_read_all_the_same(body: bytes) -> None:
    listing = read_feed(body, URL)
    assert (len(listing.entries), listing.problem) == (1, "")


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#55296;", "&#x110000;", "&#99999999999999999999;", "&#x00DFFF;", "&#0000000000055296;"]
)
def test_a_reference_to_no_character_costs_no_feed(reference: str) -> None:
    listing = read_feed(rss(item(title=f"A {reference} B"), item(title="C"), item(title="D &#233; &#x1F600;")), URL)
    titles = [entry.title for entry in listing.entries]
    assert (titles, listing.problem) == (["A \ufffd B", "C", "D é 😀"], "")


@pytest.mark.parametrize("tail", ["", ";"])
def test_a_reference_without_end_costs_neither_time_nor_feed(tail: str) -> None:
    began = time.process_time()
    listing = read_feed(rss(item(title=f"A &#{'0' * 40_000}{tail}"), item(title="B")), URL)
    assert time.process_time() - began < 3
    assert ([entry.title for entry in listing.entries], listing.problem) == (["A \ufffd", "B"], "")


@pytest.mark.parametrize(("encoding", "declared"), [("utf-8", "iso-8859-1"), ("cp1252", "utf-8"), ("utf-16", "utf-16")])
def test_french_survives_a_wrong_label(encoding: str, declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss(item(title="À l’été, ça gèle")).decode()
    assert read_feed(text.encode(encoding), URL).entries[0].title == "À l’été, ça gèle"


LAUGHS = b"<!DOCTYPE rss [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"  # fmt: skip


def test_entities_neither_explode_nor_read_files() -> None:
    began = time.process_time()
    listing = read_feed(LAUGHS + rss(item(title="&j;|&x;")), URL)
    assert time.process_time() - began < 5
    assert [entry.title for entry in listing.entries] == ["&j;|&x;"]


@pytest.mark.parametrize("opening", ["<!-- ", "&lt;!-- "])
def test_a_feed_of_unclosed_comments_costs_a_moment(opening: str) -> None:
    bomb = item(more=f"<description><![CDATA[{opening * 50_000}]]></description>" if opening[0] == "<" else
                f"<description>{opening * 50_000}</description>")  # fmt: skip
    began = time.process_time()
    assert len(read_feed(rss(bomb, item("/a/2")), URL).entries) == 2
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a<!-- b -->c", b"ac"),
        (b"a<!-- <item>b</item> -->c", b"ac"),
        (b"<x><![CDATA[a <!-- b]]></x><y>-->c</y>", b"<x><![CDATA[a  b]]></x><y>-->c</y>"),
        (b"<x>a &lt;!-- b</x><y>c --&gt; d</y>", b"<x>a  b</x><y>c --&gt; d</y>"),
        (b"<x>a &lt;!-- b --&gt; c</x>", b"<x>a  c</x>"),
        (b"a<!-- b", b"a b"),
        (b"<!-- <![CDATA[ x ]]> -->c", b"c"),
    ],
)
def test_comments_end_where_they_stand(before: bytes, after: bytes) -> None:
    assert without_comments(before) == after


@given(
    st.lists(st.sampled_from([b"<!--", b"-->", b"&lt;!--", b"--&gt;", b"]]>", b"<![CDATA[", b"a", b"<", b">"])).map(
        b"".join
    )
)
def test_removing_comments_leaves_no_opening_and_adds_nothing(body: bytes) -> None:
    cleaned = without_comments(body)
    assert len(cleaned) <= len(body)


def test_markup_becomes_text_in_linear_time() -> None:
    began = time.process_time()
    for body in ("<" * 500_000, "<p " * 200_000, "<!--" * 200_000, "&amp;" * 200_000, "<script>" * 100_000):
        plain_text(body)
    assert time.process_time() - began < 10


def test_markup_becomes_lines() -> None:
    assert (
        plain_text("<p>One&nbsp;<b>two</b></p><ul><li>three<br/>four</ul><style>x{}</style>") == "One two\nthree\nfour"
    )
    assert plain_text("5 < 6 and 7 > 2") == "5 < 6 and 7 > 2"
    assert one_line("Caf&amp;eacute; <b>now</b>\n ") == "Café now"


def test_a_parse_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    # The alarm may ring inside a destructor, which swallows it; it rings again: not in a hook that tells of it.
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    source = SourceSettings(id="slow", url=URL, outlet="W")
    items = [item(f"/a/{n}", more="<description>" + "&lt;b&gt;x" * 50 + "</description>") for n in range(20_000)]
    began = time.process_time()
    listing = read_listing_of(source, rss(*items), URL, limit=timedelta(seconds=0.3))
    assert "CPU time" in listing.problem
    assert time.process_time() - began < 3


def _one_link(*titles: str, link: str = "https://weekly.example/#top") -> list[str]:
    entries = read_feed(rss(*(item(link, title=title) for title in titles)), URL).entries
    return [entry.url for entry in entries if not entry.own_page]


def test_one_link_for_all_entries_tells_none_apart_so_each_gets_its_own() -> None:
    urls = _one_link("Petition counted", "Mayor answers", "Bridge closed")
    assert len(set(urls)) == 3
    assert all(url.startswith("https://weekly.example/?entry=") for url in urls)
    assert len({canonical(url) for url in urls}) == 3
    assert _one_link("Bridge closed", "Petition counted", "Mayor answers") == [urls[2], urls[0], urls[1]]


@pytest.mark.parametrize("titles", [("Petition counted", "Mayor answers"), ("Bridge closed",) * 3])
def test_a_link_that_comes_twice_is_left_alone(titles: tuple[str, ...]) -> None:
    assert _one_link(*titles) == []
