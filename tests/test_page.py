"""Article pages: bytes to what they say, best evidence first."""

import json
import time
from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovwatch.model import Dated, Entry, Kind, Precision, Tier
from sovwatch.settings import SourceSettings
from spiders.articles import article_of_page
from spiders.bylines import agency_of, people
from spiders.page import Page, read_page

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://www.weekly.example/news/clerk-counts"
AT = Dated(datetime(2026, 11, 21, 15, tzinfo=UTC), evidence="json-ld")
BODY = "".join(
    f"<p>Paragraph {n}: the clerk of Fictionville counted the pages of the petition again, and found none missing.</p>"
    for n in range(6)
)


def read(head: str = "", body: str = BODY, *, url: str = URL, h1: str = "Clerk counts twice", lang: str = "en") -> Page:
    article = f"<article><h1>{h1}</h1>{body}</article>"
    markup = f"<!doctype html><html lang='{lang}'><head>{head}</head><body>{article}</body></html>"
    return read_page(markup.encode(), url, now=NOW)


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | fields)}</script>'


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


def test_what_json_ld_states() -> None:
    page = read(
        ld(
            headline="Clerk counts &amp; counts",
            datePublished="2026-11-21T10:00:00-05:00",
            dateModified="2026-11-21T11:00:00-05:00",
            author=[{"@type": "Person", "name": "Ada Clerk"}, {"name": ["Luc Greffier"]}],
            publisher={"name": "The Weekly"},
            articleSection=["Politics", "Local"],
            inLanguage="en-CA",
            isAccessibleForFree="False",
        )
    )
    assert (page.title, page.published) == ("Clerk counts & counts", AT)
    assert page.updated is not None
    assert page.updated.at.hour == 16
    assert (page.authors, page.outlet) == (("Ada Clerk", "Luc Greffier"), "The Weekly")
    assert (page.section, page.language, page.paywall) == ("Politics", "en", True)
    assert page.text.count("Fictionville") == 6


def test_the_headline_that_two_agree_on_wins() -> None:
    head = (
        ld(headline="A headline for engines")
        + meta("og:title", "Clerk counts twice | The Weekly")
        + meta("og:site_name", "The Weekly")
    )
    assert read(head).title == "Clerk counts twice"


def test_without_json_ld_the_meta_elements_and_the_markup_tell() -> None:
    head = (
        meta("article:published_time", "2026-11-21T15:00:00Z")
        + meta("article:author", "https://weekly.example/author/ada")
        + '<meta name="author" content="By Ada Clerk and Luc Greffier, The Weekly">'
        + meta("og:title", "Clerk counts")
        + "<link rel='canonical' href='/news/1234567/clerk'><link rel='amphtml' href='/amp/clerk'>"
    )
    page = read(head, h1="Other words")
    assert (page.title, page.published) == ("Clerk counts", Dated(AT.at, evidence="meta"))
    assert page.canonical == "https://www.weekly.example/news/1234567/clerk"
    assert page.aliases == ("https://www.weekly.example/amp/clerk",)


@pytest.mark.parametrize(
    ("head", "url", "expected"),
    [
        (ld(datePublished="2099-01-01"), URL, None),
        (ld(datePublished="1970-01-01T00:00:00Z"), URL, None),
        (
            "",
            "https://weekly.example/2026/11/20/clerk",
            Dated(datetime(2026, 11, 20, tzinfo=UTC), Precision.DAY, "url"),
        ),
        (
            ld(datePublished="2026-11-21") + meta("article:published_time", "2026-11-21T15:00:00Z"),
            URL,
            Dated(AT.at, evidence="meta"),
        ),
        (
            ld(datePublished="2026-11-18") + meta("article:published_time", "2026-11-21T15:00:00Z"),
            URL,
            Dated(datetime(2026, 11, 18, tzinfo=UTC), Precision.DAY, "json-ld"),
        ),
    ],
)
def test_dates_that_make_no_sense_give_way(head: str, url: str, expected: Dated | None) -> None:
    published = read(head, url=url).published
    assert (
        (published.at, published.precision) == (expected.at, expected.precision)
        if expected and published
        else not expected
    )


def test_of_several_articles_on_a_page_the_pages_own_is_read() -> None:
    other = {
        "@type": "NewsArticle",
        "url": "https://weekly.example/other",
        "headline": "Other",
        "datePublished": "2026-11-01",
        "author": "X Y",
    }
    own = {"@type": "NewsArticle", "url": URL, "headline": "Own words"}
    graph = (
        f'<script type="application/ld+json">{json.dumps({"@graph": [other, {"@type": "Organization"}, own]})}</script>'
    )
    assert read(graph, h1="").title == "Own words"


def test_a_news_article_tells_more_than_a_creative_work() -> None:
    work = {"@type": "CreativeWork", "headline": "A picture", "datePublished": "2026-11-01", "author": "X Y"}
    head = f'<script type="application/ld+json">{json.dumps([work])}</script>' + ld(headline="Own words")
    assert read(head, h1="").title == "Own words"


def test_json_ld_has_the_text_only_where_it_has_far_more_of_it() -> None:
    paragraph = "The clerk of Fictionville counted the pages of the petition again, and found none missing. "
    assert read(ld(articleBody=paragraph * 9)).text.count("Paragraph") == 6
    assert read(ld(articleBody=paragraph * 30)).text.count("Paragraph") == 0


def test_the_page_of_a_subscriber_does_not_shorten_what_the_feed_has() -> None:
    source = SourceSettings(id="weekly", url="https://weekly.example/feed", outlet="Weekly")
    entry = Entry(url=URL, text="The whole text. " * 20)
    for paged, kept in (("Subscribe to read on.", entry.text), ("The page's own. " * 15, "The page's own. " * 15)):
        assert article_of_page(entry, Page(text=paged), source, now=NOW, landed=URL).text == kept


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"@type": "NewsArticle", "headline": "Own words"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Own words"}\n//]]>',
        '[[{"@type": ["Thing", "NewsArticle"], "headline": "Own\twords"}]]',
        '{"@type": "http://schema.org/NewsArticle", "headline": "Own words",}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Own words"}}',
        '{"@type": "NewsArticle", "headline": "Own words"};',
    ],
)
def test_broken_json_ld_is_read(script: str) -> None:
    assert read(f'<script type="application/ld+json">{script}</script>', h1="").title == "Own words"


@pytest.mark.parametrize(
    ("head", "url", "kind"),
    [
        ("", URL, Kind.REPORT),
        (ld(**{"@type": "OpinionNewsArticle"}), URL, Kind.OPINION),
        (ld(**{"@type": "LiveBlogPosting"}), URL, Kind.LIVE),
        (ld(articleSection="Chroniques"), URL, Kind.OPINION),
        ("", "https://weekly.example/opinion/clerk", Kind.OPINION),
        ("", "https://weekly.example/idees/libre-opinion/clerk", Kind.OPINION),
        ("", "https://weekly.example/press-releases/clerk", Kind.RELEASE),
        ("", "https://weekly.example/en-direct/clerk", Kind.LIVE),
        ("", "https://weekly.example/news/opinion-polls-differ", Kind.REPORT),
        ("", "https://weekly.example/news/live", Kind.REPORT),
        (meta("article:opinion", "true"), URL, Kind.OPINION),
    ],
)
def test_the_kind_of_a_piece(head: str, url: str, kind: Kind) -> None:
    assert read(head, url=url).kind is kind


@pytest.mark.parametrize(
    ("head", "paywall"),
    [
        ("", None),
        (ld(isAccessibleForFree=True), False),
        (ld(isAccessibleForFree=False), True),
        (ld(isAccessibleForFree="https://schema.org/False"), True),
        (meta("article:content_tier", "locked"), True),
        (meta("article:content_tier", "free"), False),
    ],
)
def test_the_paywall_is_what_the_page_says(head: str, paywall: bool | None) -> None:
    assert read(head).paywall is paywall


@pytest.mark.parametrize(
    ("authors", "text", "agency"),
    [
        (("La Presse Canadienne",), "", "CP"),
        (("Ada Clerk, The Canadian Press",), "", "CP"),
        (("Luc Greffier", "Agence France-Presse"), "", "AFP"),
        ((), "FICTIONVILLE (Reuters) - The clerk counts.", "Reuters"),
        ((), "(Québec) Le greffier compte.", ""),
        ((), "The clerk counts. She told Reuters that she would.", ""),
        ((), "The clerk counts.\nWith files from The Canadian Press", "CP"),
        (("Ada Clerk",), "The clerk counts.", ""),
    ],
)
def test_the_agency_that_is_credited(authors: tuple[str, ...], text: str, agency: str) -> None:
    assert agency_of(authors, text) == agency


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Clerk", ("Ada Clerk",)),
        ("Par Luc Greffier et Ada Clerk", ("Luc Greffier", "Ada Clerk")),
        ("ADA CLERK | The Weekly", ("Ada Clerk", "The Weekly")),
        ("Ada Clerk, Luc Greffier", ("Ada Clerk", "Luc Greffier")),
        ("Ada Clerk, reporter", ("Ada Clerk",)),
        ("AFP", ("AFP",)),
        ("Ada Clerk, Jean-Luc Greffier and J.P. Scribe", ("Ada Clerk", "Jean-Luc Greffier", "J.P. Scribe")),
        ("Ada Clerk Senior Political Correspondent", ("Ada Clerk",)),
        ("LUC GREFFIER Envoyé spécial à Fictionville", ("Luc Greffier",)),
        ("By Ada Clerk Fri., Nov. 20, 2026", ("Ada Clerk",)),
        ("Ada Clerk | Nov. 20", ("Ada Clerk",)),
        ("Ada Clerk The Canadian Press", ("Ada Clerk", "The Canadian Press")),
        ("Luc Greffier La Presse Canadienne", ("Luc Greffier", "La Presse Canadienne")),
        ("Ada Clerk Postmedia News", ("Ada Clerk",)),
        ("Ada Clerk, mayor of Fictionville", ("Ada Clerk",)),
        ("Ada Clerk with files from Luc Greffier", ("Ada Clerk", "Luc Greffier")),
        ("Ada Clerk: Opinion", ("Ada Clerk",)),
        ("Author: Ada Clerk", ("Ada Clerk",)),
        ("Texte : Luc Greffier", ("Luc Greffier",)),
        ("Une chronique d’Ève de la Plume", ("Ève de la Plume",)),
        ("élodie de la Plume et van der Clerk", ("élodie de la Plume", "van der Clerk")),
        ("Équipe éditoriale", ()),
        ("Propos recueillis par Luc Greffier", ("Luc Greffier",)),
        ("View all posts by Ada Clerk", ("Ada Clerk",)),
        ("Ada (The Pen) Clerk", ("Ada Clerk",)),
        ("Ada Clerk, M.A.", ("Ada Clerk",)),
        ("May June", ("May June",)),
        ("Ada Jane May", ("Ada Jane May",)),
        ("Ma Clerk", ("Ma Clerk",)),
        ("A.Clerk", ("A.Clerk",)),
        ("Chief Ada Clerk", ("Chief Ada Clerk",)),
        ("weekly.example", ()),
        ("Super User", ()),
        ("Account You're logged", ()),
        ("https://weekly.example/author/ada", ()),
        ("Staff Reporter", ()),
        ("ada@weekly.example", ()),
        ("de la Plume, Ada", ("Ada de la Plume",)),
        ("By von Clerk, Ada J., special to The Weekly", ("Ada J. von Clerk",)),
        ("Clerk, Ada and De Plume, Luc", ("Ada Clerk", "Luc De Plume")),
        ("de Plume", ("de Plume",)),
        ("De Ada Clerk", ("Ada Clerk",)),
        ("Reuters, Fictionville", ("Reuters",)),
        ("Clerk, Editor", ("Clerk",)),
        ("", ()),
    ],
)
def test_names_out_of_bylines(byline: str, names: tuple[str, ...]) -> None:
    assert people([byline]) == names


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\xff" * 100, b"%PDF-1.4", b"{}", b"<html>", b"<" * 10_000])
def test_rubbish_is_an_empty_page(body: bytes) -> None:
    assert read_page(body, URL, now=NOW).text == ""


@given(st.binary(max_size=300))
def test_no_bytes_break_it(body: bytes) -> None:
    read_page(b"<html><script type='application/ld+json'>" + body, URL, now=NOW)


def test_latin_1_without_a_word_about_it() -> None:
    page = read_page(
        f"<html><h1>L'été à Québec</h1>{BODY}</html>".encode("cp1252"), URL, content_type="text/html", now=NOW
    )
    assert page.title == "L'été à Québec"


def test_one_broken_byte_makes_no_other_encoding() -> None:
    body = f"<html><h1>L'été à Québec, ça va</h1>{BODY}</html>".encode() + b"\xe9"
    assert read_page(body, URL, content_type="text/html; charset=utf-8", now=NOW).title == "L'été à Québec, ça va"


@pytest.mark.parametrize(
    ("kind", "tier", "listed", "landed", "outlet"),
    [
        ("search", Tier.AGGREGATOR, "", URL, "Weekly"),
        ("search", Tier.NATIONAL, "weekly.example", URL, "Weekly"),
        ("feed", Tier.AGGREGATOR, "", URL, "Weekly"),
        ("search", Tier.AGGREGATOR, "The Weekly of Fictionville", URL, "The Weekly of Fictionville"),
        (
            "feed",
            Tier.AGGREGATOR,
            "",
            "https://gather.example/read/1",
            "Gather",
        ),  # its own page, or one that asks consent
        ("feed", Tier.NATIONAL, "", URL, "Gather"),
    ],
)
def test_a_page_that_an_aggregator_led_to_names_its_publisher(
    kind: Literal["feed", "search"], tier: Tier, listed: str, landed: str, outlet: str
) -> None:
    source = SourceSettings(id="gather", url="https://gather.example/feed", outlet="Gather", kind=kind, tier=tier)
    article = article_of_page(Entry(url=landed, outlet=listed), Page(outlet="Weekly"), source, now=NOW, landed=landed)
    assert article.outlet == outlet


def test_an_author_without_end_costs_no_time() -> None:
    """60,000 letters took five seconds, and four times as long for each doubling."""
    began = time.process_time()
    people(["x" * 300_000, "De " * 100_000, "Ab, " * 100_000])
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "brief",
    [
        ("The clerk of Fictionville counts twice.", "The second count begins on Monday, and the sheets stay sealed."),
        ("The clerk of Fictionville counts a second time, since sheets were missing from the box of the petition.",),
    ],
)
def test_a_brief_page_is_read_without_its_headline_and_byline_in_one_line(brief: tuple[str, ...]) -> None:
    """Of a page that says little trafilatura gives all that stands there, as one line."""
    body = "".join(f"<p>{one}</p>" for one in ("By Staff", *brief)).replace("<p>", '<p class="byline">', 1)
    page = read(ld(headline="Clerk counts twice"), body)
    assert page.text == "\n".join(brief)


BRIEF = (
    "The clerk of Fictionville said on Tuesday that she would count the petition a second time.",
    "The count begins on Monday in the old town hall.",
    "All sheets stay sealed until then, an aide said.",
)


@pytest.mark.parametrize(
    ("below", "text"),
    [
        ("<div><div class=lead>{0}</div><p>{1}</p><p>{2}</p></div>", " ".join(BRIEF)),
        ("<figure><img src=a><figcaption>{1}</figcaption></figure><p>{0}</p><p>{2}</p>", f"{BRIEF[0]}\n{BRIEF[2]}"),
    ],
)
def test_of_a_brief_page_no_sentence_is_lost_but_a_caption(below: str, text: str) -> None:
    """Its own lines may leave the first one out: then the words stand in one, below the headline."""
    headline = "Clerk counts the petition twice"
    article = f"<header><h1>{headline}</h1></header><div class=article-body>{below.format(*BRIEF)}</div>"
    head = f"<title>{headline} | Weekly</title>{meta('og:title', headline)}"
    markup = f"<html lang=en><head>{head}</head><body><article>{article}</article></body></html>"

    said = read_page(markup.encode(), URL, now=NOW).text

    assert said.endswith(text)
    assert headline not in said


def test_a_page_that_shows_its_headline_alone_has_no_text() -> None:
    """As a text the headline counted twice: two headlines with one name in common were one happening."""
    assert read(body="").text == ""
