"""The quick reading of plain feeds gives what feedparser gives, entry by entry, or leaves the feed to it."""

import json
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.comments import without_comments
from spiders.entries import PLAIN_LINK, web_link
from spiders.feed import _listing, by_feedparser
from spiders.wellformed import parse_well_formed

URL = "https://weekly.example/rss/all.xml"
BENCH = Path(__file__).parents[2] / "shared" / "bench" / "feeds"
SPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def same(body: bytes, content_type: str = "") -> bool:
    """Whether the quick reader took the feed; where it did, it must have read what feedparser reads."""
    body = without_comments(body)
    plain = parse_well_formed(body, URL, content_type)
    if plain is None:
        return False
    assert _listing(plain.feed, plain.entries, URL, "UTC") == by_feedparser(body, URL, content_type, "UTC")
    return True


def rss(inner: str, channel: str = "<title>Weekly</title>", spaces: str = SPACES) -> bytes:
    return f'<rss version="2.0" {spaces}><channel>{channel}<item>{inner}</item></channel></rss>'.encode()


def atom(inner: str, attributes: str = "") -> bytes:
    link = '<link href="https://weekly.example/a/1"/>'
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>W</title><entry>{link}{inner}</entry></feed>'
    ).encode()


LINK = "<link>https://weekly.example/a/1</link>"
TAKEN = {
    "plain": rss(f"{LINK}<title>Clerk counts</title><pubDate>Sat, 21 Nov 2026 10:00:00 HNE</pubDate>"),
    "html": rss(f"{LINK}<title>A &amp;amp; B</title><description><![CDATA[<p>One</p><p>Two</p>]]></description>"),
    "content first": rss(f"{LINK}<content:encoded>Whole</content:encoded><description>D</description>"),
    "content alone": rss(f"{LINK}<content:encoded>&lt;p&gt;Whole&lt;/p&gt;</content:encoded>"),
    "empty description": rss(f"{LINK}<content:encoded>Whole</content:encoded><description> </description>"),
    "guid alone": rss(f"{LINK}<guid>abc</guid>"),
    "guid of no link": rss(f'{LINK}<guid isPermaLink="false">abc 1</guid>'),
    "creators": rss(f"{LINK}<dc:creator>Ada Clerk</dc:creator><dc:creator>Luc Greffier</dc:creator>"),
    "empty creator": rss(f"{LINK}<dc:creator></dc:creator>"),
    "tags": rss(f'{LINK}<category></category><category domain="x">Politique</category><category>B</category>'),
    "source": rss(f'{LINK}<title>T</title><source url="https://daily.example">Daily</source>'),
    "pictures": rss(f'{LINK}<title>T</title><media:content url="https://i.example/1.jpg" medium="image"/>'
                    '<enclosure url="https://i.example/1.mp3" type="audio/mpeg" length="1"/>'),
    "burnt": rss(f"{LINK}<feedburner:origLink>https://weekly.example/a/2</feedburner:origLink>"),
    "credited": rss(f'{LINK}<media:content url="https://i.example/1.jpg"><media:credit>A</media:credit></media:content>'),
    "numbered": rss(f'{LINK}<post-id xmlns="com-wordpress:feed-additions:1">7</post-id><title>T</title>'),
    "atom's date": rss(f'{LINK}<a10:updated xmlns:a10="http://www.w3.org/2005/Atom">2026-11-22</a10:updated>'),
    "later": rss(f"{LINK}<pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate><dc:date>2026-11-22</dc:date>"),
    "channel": rss(
        f"<title>T</title>{LINK}",
        "<image><url>https://i.example/1.png</url><title>I</title><link>https://i.example/</link></image><title>W</title>"
        "<language>fr-CA</language><ttl>45</ttl><atom:link rel='self' href='https://weekly.example/rss'/>",
    ),
    "rhythm": rss(LINK, "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"),
    "mended": rss(f"{LINK}<title>QuÃ©bec</title>"),
    "accents": rss(f"{LINK}<title>L’été à Québec</title><dc:creator>Éloïse</dc:creator>"),
    "comments": rss(f"{LINK}<!-- x --><title>Clerk <!-- y -->counts</title>"),
    "declared": b'<?xml version="1.0" encoding="UTF-8"?>\n' + rss(LINK),
    "marked": b"\xef\xbb\xbf" + rss(f"{LINK}<title>\xc3\xa9</title>"),
    "atom": atom("<id>tag:weekly.example,2026:1</id><title type='html'>L&amp;#8217;appel</title>"
                 "<published>2026-11-20T10:00:00-05:00</published><updated>2026-11-21T10:00:00-05:00</updated>"
                 "<author><name>Luc Greffier</name><email>luc@weekly.example</email></author><author><name/></author>"
                 "<category term='Politique'/><content type='html'>&lt;p&gt;Un.&lt;/p&gt;</content>"),
    "atom summary": atom("<content>Whole</content><summary>Short</summary>", 'xml:lang="fr_CA"'),
    "atom links": atom("<link rel='replies' type='text/html' href='/r'/><link rel='alternate' href='https://weekly.example/a/2'/>"),
}  # fmt: skip
LEFT = {
    "document type": b"<!DOCTYPE rss [<!ENTITY x 'y'>]>" + rss(f"{LINK}<title>&x;</title>"),
    "Windows-1252": b'<?xml version="1.0" encoding="windows-1252"?>' + rss(LINK),
    "not UTF-8": rss(f"{LINK}<title>Québec</title>").replace("é".encode(), b"\xe9"),
    "not well-formed": rss(f"{LINK}<title>A & B</title>"),
    "old controls": rss(f"{LINK}<title>It\x92s</title>"),
    "no link": rss("<guid>https://weekly.example/a/1</guid>"),
    "relative link": rss("<link>/a/1</link>"),
    "entity in a link": rss("<link>https://weekly.example/a?x=1&amp;copy;=2</link>"),
    "two titles": rss(f"{LINK}<title>A</title><title>B</title>"),
    "title of a picture": rss(f"{LINK}<media:title>B</media:title>"),
    "unknown element": rss(f"{LINK}<headline>A</headline>"),
    "unknown space": rss(f'{LINK}<x:a xmlns:x="urn:x">A</x:a>'),
    "prefix of another": rss(f"{LINK}<dc:creator>A</dc:creator>", spaces='xmlns:dc="http://search.yahoo.com/mrss/"'),
    "markup inside": rss(f"{LINK}<description>A <b>b</b></description>"),
    "language of an item": rss(f'{LINK}<title xml:lang="fr">A</title>'),
    "mail": rss(f"{LINK}<author>ada@weekly.example (Ada)</author>"),
    "two kinds of author": rss(f"{LINK}<dc:creator>A</dc:creator><author>B</author>"),
    "old RSS": rss(LINK).replace(b'"2.0"', b'"0.91"'),
    "capitals": rss("<Link>https://weekly.example/a/1</Link>"),
    "space of its own": rss(f'{LINK}<title xmlns="urn:x">7</title>'),
    "two dates": rss(f"{LINK}<dc:date>2026-11-21</dc:date><atom:updated>2026-11-22</atom:updated>"),
    "caption": rss(f'{LINK}<media:content url="u"><media:description>A</media:description></media:content>'),
    "base": atom("", 'xml:base="https://other.example/"'),
    "XHTML": atom("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A</div></content>"),
    "base64": atom("<content type='application/octet-stream'>QQ==</content>"),
    "source of an entry": atom("<source><title>Other</title></source>"),
    "sitemap": b"<urlset></urlset>",
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_a_plain_feed_is_read_as_feedparser_reads_it(name: str) -> None:
    assert same(TAKEN[name])


@pytest.mark.parametrize("name", LEFT)
def test_what_is_out_of_the_ordinary_is_left_to_feedparser(name: str) -> None:
    assert not same(LEFT[name])


@pytest.mark.parametrize(
    ("content_type", "taken"),
    [
        ("application/rss+xml; charset=UTF-8", True),
        ("text/xml", True),
        ("text/html; charset=utf-8", True),
        ("application/xml; charset=iso-8859-1", False),
    ],
)
def test_a_header_that_names_another_encoding_is_left_to_feedparser(content_type: str, taken: bool) -> None:
    assert same(TAKEN["accents"], content_type) == taken


WORDS = st.text(
    st.sampled_from("abÉé’àÃ©Â« »\x92\xa0<>&;\"' \n\t-@:/.#?=1😀")
    | st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z")),
    max_size=20,
)  # fmt: skip
TEXT = WORDS.map(escape) | WORDS.filter(lambda text: "]]>" not in text).map(lambda text: f"<![CDATA[{text}]]>")
ADDRESSES = ["https://weekly.example/a/1", "https://x.example/?a=1&b=2;c", "http://daily.example", "/a/2", "a"]
ADDRESS = st.sampled_from(["", "javascript:x", "tag:a,1:b", *ADDRESSES]) | WORDS
DATES = st.sampled_from(["Sat, 21 Nov 2026 10:00:00 GMT", "2026-11-21", "sam., 21 nov. 2026", "", "never"])
ATTRIBUTES = st.sampled_from(
    ["", "", "", ' xml:lang="fr"', ' type="html"', ' isPermaLink="false"', ' domain="x"', ' url="u"']
)


def _element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{text}</{name}>"


ITEM_PARTS = st.one_of(
    st.builds(_element, st.sampled_from(["title", "description", "content:encoded"]), TEXT, ATTRIBUTES),
    st.builds(_element, st.sampled_from(["dc:creator", "author", "category", "source", "comments"]), TEXT, ATTRIBUTES),
    st.builds(_element, st.sampled_from(["link", "guid", "feedburner:origLink"]), ADDRESS.map(escape), ATTRIBUTES),
    st.builds(_element, st.sampled_from(["pubDate", "dc:date", "atom:updated"]), DATES.map(escape)),
    st.builds(lambda url: f"<media:thumbnail url={quoteattr(url)}/>", ADDRESS),
    st.builds(lambda url: f"<enclosure url={quoteattr(url)}/>", ADDRESS),
)
ENTRY_PARTS = st.one_of(
    st.builds(_element, st.sampled_from(["title", "summary", "content", "rights"]), TEXT, ATTRIBUTES),
    st.builds(_element, st.just("id"), ADDRESS.map(escape)),
    st.builds(_element, st.sampled_from(["published", "updated"]), DATES.map(escape)),
    st.builds(lambda name: f"<author><name>{name}</name></author>", TEXT),
    st.builds(lambda term: f"<category term={quoteattr(term)}/>", WORDS),
    st.builds(
        lambda url, more: f"<link href={quoteattr(url)}{more}/>",
        ADDRESS,
        st.sampled_from(["", ' rel="self"', ' type="text/html"', ' type="text/plain"', ' rel="ALTERNATE"']),
    ),
)


@settings(max_examples=400)  # one in nine is plain enough to be taken
@given(st.lists(ITEM_PARTS, max_size=6, unique_by=lambda part: part[:6]), st.booleans())
def test_rss_of_any_make_is_read_as_feedparser_reads_it(parts: list[str], linked: bool) -> None:
    same(rss("".join(parts) + (LINK if linked else "")))


@settings(max_examples=200)  # one in three
@given(st.lists(ENTRY_PARTS, max_size=6, unique_by=lambda part: part[:6]))
def test_atom_of_any_make_is_read_as_feedparser_reads_it(parts: list[str]) -> None:
    same(atom("".join(parts)))


@given(st.from_regex(PLAIN_LINK, fullmatch=True), st.sampled_from([URL, "http://a.example/b/../c?d#e"]))
def test_a_plain_link_is_what_joining_it_to_any_base_would_give(link: str, base: str) -> None:
    from urllib.parse import urljoin

    assert (urljoin(base, link), web_link(base, link)) == (link, link)


def test_feeds_of_the_wild_are_read_as_feedparser_reads_them() -> None:
    if not BENCH.is_dir():
        pytest.skip(f"{BENCH} is absent")
    rows = json.loads((BENCH / "index.json").read_text(encoding="utf-8"))
    taken = [row["file"] for row in rows if same((BENCH / row["file"]).read_bytes())]
    assert len(taken) >= 8
