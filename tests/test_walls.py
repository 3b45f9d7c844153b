"""Walls, errors that answer 200, front pages and notices are none of the articles whose place they take."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from sovwatch.model import Article, Due, Entry, Said, SourceRun
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from sovwatch.store import Store, articles
from sovwatch.store.memory import SqlMemory
from spiders.crawl import crawl
from spiders.notices import Notices
from spiders.page import Page
from spiders.pages import Pages
from spiders.walls import Shown, is_opening, shown
from tests import hostile as h
from tests.builders import NOW, an_article
from tests.shipped import shipped_settings

PETITION = Entry(
    url="https://post.example/news/petition",
    title="Petition for Alberta independence vote passes 180,000 signatures",
    summary="Organizers say they have enough names to force a referendum on leaving Canada.",
)
LEDE = (
    "The petition that asks for a vote on Alberta independence has 180,000 signatures, its organizers said in Red Deer."
)
POST = SourceSettings(id="post", url="https://post.example/feed", outlet="Post")
CONSENT = (
    "We and our 214 partners store and access information on a device, such as cookies, and process personal data.",
    "With your permission we may use precise location data and identify your device by scanning it, in Canada too.",
    "You may click to consent to it, or to refuse. Your choice counts for this site only, as long as you like.",
)
ACCOUNT = (
    "Create an account or sign in to go on with your reading.",
    "Read what matters from all over the country with one account, and have five more articles a month.",
    "Share what you think in the comments. Be told by mail what your favourite authors write.",
    "Become a member to have the news of your city, columns that win prizes, and the crossword of each day.",
)


@pytest.mark.parametrize(
    ("title", "text", "landed", "expected"),
    [
        (PETITION.title, LEDE, PETITION.url, "article"),
        ("Alberta independence: 180,000 sign petition", LEDE, PETITION.url, "article"),
        ("“They came in the rain”", f"{LEDE} They have enough names to force a referendum.", PETITION.url, "article"),
        (PETITION.title, "", PETITION.url, "article"),
        (PETITION.title, " ".join(CONSENT), PETITION.url, "headline"),
        ("Before you continue", " ".join(CONSENT), PETITION.url, "nothing"),
        ("Sign in to your account", " ".join(ACCOUNT), "https://post.example/login", "nothing"),
        ("Just a moment...", "Checking your browser.", PETITION.url, "nothing"),
        ("", "", PETITION.url, "nothing"),
        ("Alberta", "Five stories from Alberta. The petition of the week.", "https://post.example/alberta", "nothing"),
        (PETITION.title, LEDE, "https://post.example/?utm_source=feed", "nothing"),
        ("Page not found", "Try the search.", PETITION.url, "not found"),
        ("Erreur 404", "Retournez à l'accueil.", PETITION.url, "not found"),
        ("Cette page est introuvable", "Retournez à l'accueil.", PETITION.url, "not found"),
    ],
)
def test_what_a_page_shows_of_its_entry(title: str, text: str, landed: str, expected: Shown) -> None:
    assert shown(PETITION, Page(title=title, text=text), landed) == expected


def test_a_summary_that_tells_of_other_articles_makes_no_wall_of_a_page() -> None:
    others = (
        "Rink opens in Fictionville; mayor waits for a bridge; clerks count pencils; farmers pray for rain in June. "
        * 4
    )
    entry = Entry(url=PETITION.url, title=PETITION.title, summary=others)
    assert (
        shown(entry, Page(title=PETITION.title, text="The vote on Alberta's independence is near."), entry.url)
        == "article"
    )


@pytest.mark.parametrize("title", ["", "Live", "1.7654321", "The week in 5"])
def test_a_listing_that_says_nothing_lets_any_page_be_its_article(title: str) -> None:
    entry = Entry(url="https://post.example/a", title=title)
    assert shown(entry, Page(title="Mayor waits", text="The mayor waits."), entry.url) == "article"


def test_a_site_whose_articles_stand_at_its_front_address_is_read() -> None:
    entry = Entry(url="https://post.example/?p=12", title=PETITION.title)
    assert shown(entry, Page(title=PETITION.title, text=LEDE), "https://post.example/?p=12") == "article"


def test_a_page_that_calls_itself_a_published_article_is_believed_at_its_own_address_alone() -> None:
    """A headline of another kind above a short text; a wall, and a page that is led to, may call itself one, too."""
    page = Page(title="“They came in the rain”", text="Clerks counted all night in Red Deer.", is_stated=True)
    assert shown(PETITION, page, PETITION.url + "?utm_source=feed") == "article"
    assert shown(PETITION, page, "https://post.example/news/rain") == "nothing"


@pytest.mark.parametrize(
    ("text", "page", "expected"),
    [
        (LEDE, Page(text="\n".join([LEDE, *ACCOUNT])), True),
        (LEDE, Page(text=LEDE), False),
        (LEDE, Page(text=LEDE, paywall=True), True),
        (LEDE, Page(text=LEDE, paywall=False, length=400), True),
        (LEDE.removesuffix(".") + "…", Page(text=LEDE), True),
        ("word " * 400 + "…", Page(text="word " * 400, paywall=True, length=4000), False),
        ("", Page(text=LEDE), False),
    ],
)
def test_an_opening_is_known_by_what_its_page_says_of_it(text: str, page: Page, expected: bool) -> None:
    assert is_opening(text, page) is expected


class Remembered:
    """A memory of what was said before."""

    def __init__(self, *said: Said) -> None:
        self.said = said

    def unchanged(self, entries: Sequence[Entry]) -> frozenset[int]:
        raise NotImplementedError

    def robots(self, origin: str) -> None:
        raise NotImplementedError

    def lately(self, source: str) -> Sequence[Said]:
        return self.said if source == "post" else ()


def _answer(url: str, title: str, *lines: str) -> HtmlResponse:
    body = "".join(f"<p>{line}</p>" for line in lines)
    markup = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return HtmlResponse(url, body=markup.encode())


def _said(name: str, title: str, *lines: str, host: str = "post.example") -> Said:
    return Said(f"https://{host}/{name}", title, "\n".join(lines))


FIRST = _said("court", "Judge rules separation question breaches treaties", "A judge has ruled.", *ACCOUNT)


@pytest.mark.parametrize("before", [(FIRST,), ()])
def test_a_line_that_stood_under_another_headline_is_a_notice_whenever_that_was(before: tuple[Said, ...]) -> None:
    notices = Notices(Remembered(*before), lambda _: False)
    if not before:
        assert notices.without(FIRST, "post") == FIRST.text, "what one article alone has shown may be its own"
    assert notices.without(_said("petition", PETITION.title, LEDE, *ACCOUNT), "post") == LEDE


@pytest.mark.parametrize(
    ("said", "source"),
    [
        (_said("petition", PETITION.title, LEDE, *ACCOUNT, host="ledger.example"), "post"),
        (_said("petition", PETITION.title, LEDE, *ACCOUNT), "ledger"),
        (_said("court", "A wholly other headline", LEDE, *ACCOUNT), "post"),
        (_said("amp/court", "Judge: separation question breaches treaties", LEDE, *ACCOUNT), "post"),
    ],
)
def test_a_reprint_elsewhere_and_the_same_article_again_keep_all_their_lines(said: Said, source: str) -> None:
    assert Notices(Remembered(FIRST), lambda _: False).without(said, source) == said.text


def test_an_article_that_was_listed_at_another_address_keeps_its_lines_under_a_new_headline() -> None:
    """The memory has it by the address that listed it; `/?p=7` leads to one that may change with the headline."""
    lines = (
        "Those who clear the roads of Fairholt left their machines at the depot on Monday, and will not be back soon.",
        "The town has asked its neighbours for help, and keeps the way to the hospital open with what it can hire.",
        "Nobody can say how long it will last. The last time it was eleven days, in a winter with far less snow.",
    )
    pages = Pages(Settings(home=Path("/nowhere")), Remembered(_said("?p=7", "Snow closes the highway", *lines)))
    titled = "Plough drivers walk out"
    response = _answer("https://post.example/plough-drivers", titled, *lines)
    entry = Entry(url="https://post.example/?p=7", title=titled, summary=lines[0])
    (article,), why_not = pages.articles(response, entry, POST, None, now=NOW)
    assert ("\n".join(lines), "") == (article.text, why_not)


@pytest.mark.parametrize(("text", "kept"), [(LEDE, LEDE), (" ".join(CONSENT), ""), (" ".join(ACCOUNT), "")])
def test_a_text_of_a_topic_is_no_wall_though_its_headline_says_nothing_of_it(text: str, kept: str) -> None:
    """A reprint under a headline of the paper's own, from a feed that gives headlines alone."""
    title = "Neighbours crowd the curling rink to hear"
    pages = Pages(
        Settings(home=Path("/nowhere"), shared=shipped_settings().shared, topics=shipped_settings().topics),
        Remembered(),
    )
    entry = Entry(url="https://post.example/rink", title=title)
    came, _ = pages.articles(_answer(entry.url, title, text), entry, POST, None, now=NOW)
    (article,) = came or pages.first(POST, now=NOW)
    assert ((kept, "read") if kept else ("", "refused")) == (article.text, article.page)


def test_background_that_a_newsroom_repeats_stays() -> None:
    speaks, matters = "A petition of 180,000 names is counted now.", "Sovereignists lost in 1995."
    first = _said("court", "Judge rules on treaties", speaks, matters, "A newsroom paid for by its readers.")
    notices = Notices(Remembered(first), lambda line: line == matters)
    again = _said("petition", PETITION.title, *first.text.split("\n"))
    assert notices.without(again, "post") == f"{speaks}\n{matters}"


def test_the_memory_tells_what_pages_of_a_source_said(store: Store) -> None:
    with store.write() as c:
        for n, page in enumerate(("read", "read", "refused", "not fetched")):
            one = an_article(f"https://post.example/{n}", title=f"Headline {n}", text=f"Text {n}", page=page, outlet="")
            articles.remember(c, one, now=NOW, standing="news")
    found = SqlMemory(store, []).lately("prairie-ledger")
    assert set(found) == {Said(f"https://post.example/{n}", f"Headline {n}", f"Text {n}") for n in (0, 1)}
    assert list(SqlMemory(store, []).lately("post")) == []


# The whole, on loopback: one host a wall, two stories each.

STORIES = {
    "petition": (PETITION.title, PETITION.summary, LEDE),
    "court": (
        "Judge rules Alberta separation question breaches treaty rights",
        "A justice says that the question cannot go ahead without First Nations.",
        "A judge in Edmonton ruled that a question on Alberta separation would breach the rights that treaties give.",
    ),
}
ENTRIES = [(f"/news/{name}", title, "Tue, 03 Feb 2026 11:00:00 GMT") for name, (title, *_) in STORIES.items()]


def _html(title: str, *paragraphs: str) -> h.Answer:
    return h.plain(h.page(title, *paragraphs), Content_Type="text/html")


WALLS: dict[str, Callable[[str], h.Answer]] = {
    "consent": lambda _: _html("Before you continue to the Post", *CONSENT),
    "overlay": lambda name: _html(STORIES[name][0], *CONSENT),
    "stub": lambda name: _html(STORIES[name][0], STORIES[name][2], *ACCOUNT),
    "missing": lambda _: _html("Page not found", "What you look for is not here, or has moved. Try the search."),
    "login": lambda _: h.redirect("/account"),
    "front": lambda _: h.redirect("/"),
}


@pytest.fixture(scope="module")
def read() -> Iterator[tuple[dict[str, list[Article]], dict[str, SourceRun]]]:
    pages: dict[str, h.Answer] = {}
    for wall, answer in WALLS.items():
        pages[f"{wall}.example/feed"] = h.plain(h.feed(*ENTRIES))
        pages |= {f"{wall}.example/news/{name}": answer(name) for name in STORIES}
    pages["login.example/account"] = _html("Sign in", *ACCOUNT)
    pages["front.example/"] = _html("The Post", *(lede for *_, lede in STORIES.values()))
    with h.HostileNewsroom(pages) as newsroom:
        fields = {"outlet": "Post", "fetch": "all"}
        sources = tuple(SourceSettings(id=wall, url=f"http://{wall}.example/feed", **fields) for wall in WALLS)  # type: ignore[arg-type]
        limits = CrawlSettings(resolve={"*.example": newsroom.address}, delay=timedelta(milliseconds=10))
        settings = Settings(home=Path("/nowhere"), sources=sources, crawl=limits)
        came: dict[str, list[Article]] = {wall: [] for wall in WALLS}
        runs = {}
        for got in crawl([Due(source=wall) for wall in WALLS], settings, now=NOW, remember=False):
            if isinstance(got, Article):
                came[got.source or ""].append(got)
            elif isinstance(got, SourceRun):
                runs[got.source] = got
        yield came, runs


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_hides_and_becomes_no_article(
    read: tuple[dict[str, list[Article]], dict[str, SourceRun]], wall: str
) -> None:
    came = sorted(read[0][wall], key=lambda article: article.title)
    assert [article.title for article in came] == sorted(title for title, *_ in STORIES.values())
    said = [article.text for article in came]
    assert sorted(said) == sorted(lede if wall == "stub" else "" for *_, lede in STORIES.values())
    assert {article.page for article in came} == {"opening" if wall == "stub" else "refused"}
    assert {article.gone for article in came} == {wall == "missing"}


def test_the_only_page_of_a_host_comes_at_the_end_with_all_that_it_says() -> None:
    """What one article alone has shown may be its own."""
    pages = Pages(Settings(home=Path("/nowhere")), Remembered())
    assert pages.articles(_answer(PETITION.url, PETITION.title, LEDE, *ACCOUNT), PETITION, POST, None, now=NOW) == (
        [],
        "",
    )
    (article,) = pages.first(POST, now=NOW)
    assert (article.text, article.page) == ("\n".join([LEDE, *ACCOUNT]), "read")
    assert pages.first(POST, now=NOW) == []


@pytest.mark.parametrize(
    ("wall", "why"),
    [
        ("consent", "something else is shown, “Before you continue to the Post”"),
        ("overlay", "the headline stands above another text"),
        ("front", "something else is shown, “The Post”"),
    ],
)
def test_a_reading_says_that_its_pages_were_walls(
    read: tuple[dict[str, list[Article]], dict[str, SourceRun]], wall: str, why: str
) -> None:
    run = read[1][wall]
    said = f"told from its listing, since 2 of 2 pages could not be read: {why}"
    assert (run.outcome, run.detail, run.body_hash is None) == ("fetched", said, False)
    assert read[1]["stub"].detail == ""
