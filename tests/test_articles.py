"""Which of what is read is the same article: one contract over both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from sqlalchemy import func, select

from sovwatch import schema as t
from sovwatch.model import Article, Kind, Tier
from sovwatch.store import Store, articles
from tests.builders import NOW, an_article


def remember(store: Store, article: Article, *, later: timedelta = timedelta(0)) -> articles.Remembered:
    with store.write() as c:
        return articles.remember(c, article, now=NOW + later, standing="news")


def count(store: Store) -> tuple[int, int]:
    """Articles, addresses."""
    with store.read() as c:
        return (
            c.execute(select(func.count()).select_from(t.article)).scalar_one(),
            c.execute(select(func.count()).select_from(t.address)).scalar_one(),
        )


def test_an_article_is_remembered_once(store: Store) -> None:
    first = remember(store, an_article())
    again = remember(store, an_article())
    assert (first.state, again.state) == ("new", "unchanged")
    assert first.article == again.article
    assert count(store) == (1, 1)


@pytest.mark.parametrize("tiers", [(Tier.AGGREGATOR, Tier.LOCAL), (Tier.LOCAL, Tier.AGGREGATOR)])
def test_what_an_aggregator_lists_too_is_its_own_outlets(store: Store, tiers: tuple[Tier, Tier]) -> None:
    """Which of the two is read first in a crawl is chance, and what aggregators bring leads nothing."""
    for source, tier in zip(("first", "second"), tiers, strict=True):
        remember(store, an_article(source=source, tier=tier))
    with store.read() as c:
        assert c.execute(select(t.article.c.tier)).scalar_one() == "local"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.prairie-ledger.example/news/1",
        "http://prairie-ledger.example/news/1/",
        "https://prairie-ledger.example/news/1?utm_source=rss&fbclid=x",
        "https://amp.prairie-ledger.example/news/1#top",
    ],
)
def test_another_spelling_of_its_address_is_the_same_article(store: Store, address: str) -> None:
    first = remember(store, an_article())
    again = remember(store, an_article(address))
    assert (again.state, again.article) == ("same", first.article)
    assert count(store) == (1, 2)


def test_of_one_title_with_and_without_a_date_nothing_says_that_they_are_of_one_week(store: Store) -> None:
    remember(store, an_article(guid=None))
    undated = an_article("https://prairie-ledger.example/weekly/2", guid=None, published=None)
    assert remember(store, undated).state == "new"
    assert remember(store, replace(undated, url="https://prairie-ledger.example/weekly/3")).state == "same"


def test_the_address_a_page_gives_itself_is_believed(store: Store) -> None:
    first = remember(store, an_article())
    twin = an_article(
        "https://prairie-ledger.example/story/petition", aliases=("https://prairie-ledger.example/news/1",)
    )
    assert remember(store, twin).article == first.article


def test_a_home_page_named_as_canonical_merges_nothing(store: Store) -> None:
    home = ("https://prairie-ledger.example/",)
    first = remember(store, an_article(aliases=home))
    other = an_article(
        "https://prairie-ledger.example/news/2",
        title="Flames lose at home to the visitors",
        text="Hockey.",
        aliases=home,
    )
    assert remember(store, other).article != first.article


def test_a_home_page_named_as_canonical_merges_not_even_titles_that_are_alike(store: Store) -> None:
    home = ("https://prairie-ledger.example/",)
    for number, day in enumerate(("Monday", "Tuesday")):
        url = f"https://prairie-ledger.example/count/{number}"
        remember(store, an_article(url, title=f"Count of the Alberta petition, {day}", aliases=home))
    assert count(store) == (2, 2)


def test_a_canonical_of_another_site_is_not_believed(store: Store) -> None:
    first = remember(store, an_article())
    reprint = an_article(
        "https://echo.example/a", outlet="Echo", source="echo", aliases=("https://prairie-ledger.example/news/1",)
    )
    assert remember(store, reprint).article != first.article


def test_a_guid_that_churns_does_not_flood(store: Store) -> None:
    first = remember(store, an_article(guid="1"))
    assert remember(store, an_article(guid="2")).article == first.article


def test_one_guid_for_all_entries_does_not_go_silent(store: Store) -> None:
    first = remember(store, an_article(guid="feed"))
    other = an_article(
        "https://prairie-ledger.example/news/2", title="Budget speech delayed by a week", text="Later.", guid="feed"
    )
    assert remember(store, other).state == "new"
    assert first.state == "new"


def test_a_guid_keeps_an_article_whose_address_changed(store: Store) -> None:
    first = remember(store, an_article(guid="n-1"))
    moved = an_article(
        "https://prairie-ledger.example/archive/petition",
        guid="n-1",
        title="Petition for Alberta independence vote passes",
    )
    assert remember(store, moved).article == first.article


def test_one_title_in_one_outlet_and_week_is_one_article(store: Store) -> None:
    first = remember(store, an_article())
    assert remember(store, an_article("https://prairie-ledger.example/live/77")).article == first.article


def test_one_title_weeks_apart_is_two_articles(store: Store) -> None:
    remember(store, an_article())
    first = an_article("https://prairie-ledger.example/news/9")
    assert first.published is not None
    later = replace(first, published=replace(first.published, at=first.published.at + timedelta(days=21)))
    assert remember(store, later, later=timedelta(days=21)).state == "new"


def test_a_title_of_few_words_comes_back_within_the_week(store: Store) -> None:
    for number in range(2):
        remember(store, an_article(f"https://prairie-ledger.example/briefs/{number}", title="Politics briefs of today"))
    assert count(store) == (2, 2)


def test_without_an_outlet_a_title_says_nothing(store: Store) -> None:
    remember(store, an_article(outlet="", source=None))
    assert remember(store, an_article("https://other.example/x", outlet="", source=None)).state == "new"


def test_an_edit_is_judged_again(store: Store) -> None:
    remember(store, an_article())
    with store.write() as c:
        c.execute(t.article.update().values(pending=False))
    edited = remember(
        store, an_article(text="Organisers now say that 71,300 people have signed."), later=timedelta(hours=1)
    )
    assert edited.state == "changed"
    with store.read() as c:
        row = c.execute(select(t.article)).mappings().one()
        before = c.execute(select(t.revision.c.text)).scalar_one()
    assert (row["pending"], row["revision"]) == (True, 1)
    assert "61,300" in before


def test_a_live_page_counts_once_an_hour_and_is_asked_again(store: Store) -> None:
    live = an_article(kind=Kind.LIVE, listing="one")
    remember(store, live)
    grown = replace(live, text=live.text + "\n10:40 – A second count begins.", listing="two")
    half = timedelta(minutes=30)
    assert remember(store, grown, later=half).state == "unchanged"
    with store.read() as c:
        assert articles.unchanged(c, ["one", "two"]) == {0}
    assert remember(store, grown, later=2 * half).state == "changed"
    more = replace(grown, text=grown.text + "\n11:05 – It ends.")
    assert remember(store, more, later=3 * half).state == "unchanged"


def test_a_page_is_withdrawn_once_it_is_missing_at_two_looks_far_enough_apart(store: Store) -> None:
    """One 404 may be a hiccup: in between the article stays as it was."""
    remember(store, an_article())
    gone, six = an_article(gone=True), timedelta(hours=6)
    assert [remember(store, gone, later=n * six).state for n in (1, 2)] == ["unchanged", "unchanged"]
    with store.read() as c:
        row = c.execute(select(t.article)).mappings().one()
    assert (row["gone"], row["revision"]) == (False, 0)
    assert [remember(store, gone, later=n * six).state for n in (3, 4)] == ["changed", "unchanged"]


@pytest.mark.parametrize("kind", [Kind.REPORT, Kind.LIVE])
@pytest.mark.parametrize(("between", "state"), [({}, "unchanged"), ({"page": "refused"}, "changed")])
def test_only_a_page_that_was_read_meanwhile_is_missed_anew(
    store: Store, kind: Kind, between: dict[str, str], state: str
) -> None:
    soon, found = timedelta(minutes=10), an_article(kind=kind)
    remember(store, found)
    remember(store, replace(found, gone=True), later=soon)
    remember(store, an_article(kind=kind, **between), later=2 * soon)
    assert remember(store, replace(found, gone=True), later=soon + timedelta(hours=12)).state == state


def test_what_was_withdrawn_is_back_when_its_page_is_and_not_while_a_listing_has_it(store: Store) -> None:
    gone, day = an_article(gone=True), timedelta(days=1)
    remember(store, an_article())
    assert [remember(store, gone, later=n * day).state for n in (1, 2)] == ["unchanged", "changed"]
    listed = an_article(text="", summary="Organisers say that people have signed.", page="refused")
    assert remember(store, listed, later=3 * day).state == "unchanged"
    assert remember(store, an_article(), later=4 * day).state == "changed"
    with store.read() as c:
        assert c.execute(select(t.article.c.gone, t.article.c.text)).one() == (False, an_article().text)


@pytest.mark.parametrize("page", ["refused", "not fetched"])
def test_what_a_listing_says_is_no_edit_of_an_opening_that_was_read(store: Store, page: Literal["refused"]) -> None:
    remember(store, an_article(page="opening"))
    assert remember(store, an_article(text="", summary="They say so.", page=page)).state == "unchanged"
    assert remember(store, an_article(text="Another opening.", page="opening")).state == "changed"
    assert remember(store, an_article(text="All of the article.", page="read")).state == "changed"
    assert remember(store, an_article(page="opening")).state == "unchanged"


def test_a_poorer_reading_is_no_edit(store: Store) -> None:
    remember(store, an_article())
    poorer = an_article(text="", summary="Organisers say that people have signed.", page="refused")
    assert remember(store, poorer).state == "unchanged"


def test_an_address_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="javascript"):
        remember(store, an_article("javascript:alert(1)"))
    assert count(store) == (0, 0)
