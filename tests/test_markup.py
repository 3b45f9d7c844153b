"""What a page shows its readers is read where it states nothing for machines: headline, day, byline, text."""

from datetime import UTC, datetime

import pytest

from spiders.page import Page, read_page

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://www.weekly.example/news/clerk-counts"
HEADLINE = "Clerk of Fictionville counts every page twice"
NEWSROOM = '{"@type": "NewsMediaOrganization", "name": "Newsroom of the Hill"}'
PARAGRAPHS = "".join(
    f"<p>Paragraph {n}: the clerk of Fictionville counted the pages of the petition again, and found none missing.</p>"
    for n in range(6)
)


def read(article: str, *, title: str = "", head: str = "", around: str = "", url: str = URL) -> Page:
    head += f"<title>{title}</title>" if title else ""
    body = f"{around}<div class='story'><article>{article}{PARAGRAPHS}</article></div>"
    return read_page(f"<html><head>{head}</head><body>{body}</body></html>".encode(), url, now=NOW)


@pytest.mark.parametrize(
    ("title", "headings", "expected"),
    [
        (f"{HEADLINE} | Politics | The Fictionville Weekly", f"<h1>{HEADLINE}</h1>", HEADLINE),
        (f"The Weekly » {HEADLINE}", f"<h1>The Weekly</h1><h2>{HEADLINE}</h2>", HEADLINE),
        (HEADLINE, "<h1>Town Hall</h1>", HEADLINE),
        ("weekly.example", f"<h1>{HEADLINE}</h1>", HEADLINE),
        ("Clerk counts: what to know about the petition", f"<h1>{HEADLINE}</h1>", HEADLINE),
        (f"{HEADLINE} -- Weekly", "", HEADLINE),
        (f"{HEADLINE} | Chroniques", f"<h1>{HEADLINE} <span>Abonnés</span></h1>", HEADLINE),
        (
            "Petition of the clerk : counted twice | Weekly",
            "<h1>Petition of the clerk : counted twice</h1>",
            "Petition of the clerk : counted twice",
        ),
        (
            "The clerk of Fictionville – « Once more » | Chroniques | Weekly",
            "<h1>The clerk of Fictionville – « Once more » <span>Abonnés</span></h1>",
            "The clerk of Fictionville – « Once more »",
        ),
        ("", "<h1>L'<em>affaire</em> du greffier</h1>", "L'affaire du greffier"),
        ("", f"<h1><style>.logo {{ fill: red }}</style>{HEADLINE}</h1>", HEADLINE),
        (
            "Petition -- counted twice",
            "<h1>Petition -- counted twice</h1><h2>Petition</h2>",
            "Petition -- counted twice",
        ),
    ],
)
def test_the_heading_that_the_title_repeats_is_the_headline(title: str, headings: str, expected: str) -> None:
    assert read(headings, title=title).title == expected


@pytest.mark.parametrize(
    "stated",
    [f"Opinion | {HEADLINE}", f"{HEADLINE} - Ada Clerk and Luc Greffier", f"{HEADLINE} | News - The Weekly | Videos"],
)
def test_what_is_parted_from_the_heading_is_not_of_the_headline(stated: str) -> None:
    page = read(f"<h1>{HEADLINE}</h1>", head=f'<meta property="og:title" content="{stated}">')
    assert page.title == HEADLINE


@pytest.mark.parametrize(
    "other",
    [
        '<ul><li><time datetime="2026-11-15"></time></li></ul>',
        '<div class="menu-latest"><time datetime="2026-11-15"></time></div>',
        '<aside><time datetime="2026-11-15"></time></aside>',
        '<div class="comment-list"><time datetime="2026-11-15"></time></div>',
        '<div class="comment-list"><time itemprop="datePublished" datetime="2026-11-15"></time></div>',
    ],
)
def test_times_of_other_articles_are_left_alone(other: str) -> None:
    page = read(f'<h1>{HEADLINE}</h1><time datetime="2026-11-20"></time>', around=other)
    assert page.published is not None
    assert page.published.at.day == 20


@pytest.mark.parametrize(
    ("head", "bylines", "authors"),
    [
        ("", '<p class="byline">By <a class="author">Ada Clerk</a>, <a class="author">Luc Greffier</a></p>', 2),
        ('<meta name="author" content="weekly.example">', '<a rel="author">Ada Clerk</a>', 1),
        ('<meta name="author" content="The Weekly"><meta property="og:site_name" content="The Weekly">', "", 0),
        (
            '<meta name="author" content="Weekly Editions"><meta property="og:site_name" content="Weekly">',
            '<span class="article-author">Par Ada Clerk</span>',
            1,
        ),
        ("", '<div class="authorModule__name">Ada Clerk</div>', 1),
        ('<meta name="author" content="aclerk">', '<p class="byline">By Ada Clerk</p>', 1),
        (
            f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {NEWSROOM}}}</script>',
            '<span class="story-byline">Ada Clerk · Posted: Nov. 20, 2026 4:00 AM</span>',
            1,
        ),
        ("", '<aside><p class="byline">By Zoe Other</p></aside><p class="byline">By Ada Clerk</p>', 1),
        ("", '<p class="byline">By Ada Clerk</p><div class="comments"><a class="author">Zoe Other</a></div>', 1),
        ("", '<p class="author">revue de presse : Fictionville</p><p class="byline">Ada Clerk</p>', 1),
        ("", '<p class="byline">Last updated: Nov. 20</p><p class="author">Ada Clerk</p>', 1),
    ],
)
def test_the_byline_names_who_is_not_stated(head: str, bylines: str, authors: int) -> None:
    expected = (("The Weekly",), ("Ada Clerk",), ("Ada Clerk", "Luc Greffier"))[authors]
    assert read(f"<h1>{HEADLINE}</h1>{bylines}", head=head).authors == expected


def test_the_headline_under_its_section_is_not_of_the_text() -> None:
    page = read(f"<p>Fictionville</p><p>{HEADLINE}</p>", head=f'<meta property="og:title" content="{HEADLINE}">')
    assert page.text.startswith("Paragraph 0")


def test_utf_8_under_another_label() -> None:
    markup = f"<html><head><meta charset='iso-8859-1'></head><body><h1>L'été à Québec</h1>{PARAGRAPHS}</body></html>"
    assert read_page(markup.encode(), URL, now=NOW).title == "L'été à Québec"


def test_links_to_other_articles_are_not_of_the_text() -> None:
    other, own = "Mayor of Fictionville answers the petition", "The petition has two thousand names on it."
    page = read(
        f"<p>{own}</p><p>So <a href='/law'>says the law</a>.</p>{PARAGRAPHS}<p><a href='/mayor'>{other}</a></p>"
    )
    assert other not in page.text
    assert (own in page.text, "So says the law." in page.text) == (True, True)
