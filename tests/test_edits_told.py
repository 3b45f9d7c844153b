"""What channels are told of an article that is edited more than once, or before it was told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.labels import NBSP
from alerts.words import Words
from sovwatch.app import App, seeding, steering
from sovwatch.app.running import judge_all
from sovwatch.app.telling import digest
from sovwatch.model import Article
from sovwatch.store import articles
from tests.builders import NOW, an_article
from tests.test_telling import COURT, ECHO, FRENCH, app, read_at, told

__all__ = ["app"]


def edited(app: App, text: str) -> None:
    """Read an edit of the article, and judge it, without telling of it."""
    with app.store.write() as c:
        articles.remember(c, replace(an_article(), text=text), now=NOW, standing="news")
    judge_all(app)


FEWER = an_article().text.replace("61,300", "58,900")
LATER = FEWER.replace("14 March", "28 March")


def test_two_edits_before_a_digest_are_both_told(app: App) -> None:
    assert told(app, 0, an_article()).items
    edited(app, FEWER)
    edited(app, LATER)
    (update,) = told(app, 1).updates
    said = " ".join(update.lines)
    assert (update.change, "58,900" in said, "28 March" in said) == ("corrected", True, True)
    assert told(app, 2).items == ()


def test_an_edit_that_was_taken_back_before_a_digest_is_not_told(app: App) -> None:
    assert told(app, 0, an_article()).items
    edited(app, FEWER)
    edited(app, an_article().text)
    assert told(app, 1).items == ()
    edited(app, FEWER)
    (update,) = told(app, 2).updates
    assert "58,900" in " ".join(update.lines)


def test_what_another_says_after_two_edits_is_new_over_what_was_told(app: App) -> None:
    assert told(app, 0, an_article()).items
    edited(app, FEWER)
    edited(app, LATER)
    said = "EDMONTON – A petition for an Alberta independence vote has 58,900 names, its organisers said."
    notice = replace(ECHO, title="Correction: names on Alberta independence petition", text=said)
    (update,) = told(app, 1, notice).updates
    assert update.lead.outlet == "Echo"
    assert "58,900" in update.lines[0]


def test_what_only_an_edit_of_a_muted_outlet_said_is_news_when_another_says_it(app: App) -> None:
    assert told(app, 0, an_article()).items
    steering.mute(app, "source", "Prairie Ledger", length=None, channel=None)
    edited(app, FEWER)
    assert told(app, 1).items == ()
    said = "EDMONTON – A petition for an Alberta independence vote has 58,900 names, its organisers said."
    (update,) = told(app, 2, replace(ECHO, title="Names on Alberta independence petition", text=said)).updates
    assert "58,900" in update.lines[0]


@pytest.mark.parametrize(("returns", "changes"), [(False, ["withdrawn"]), (True, [])])
def test_a_page_that_is_back_before_a_digest_was_not_withdrawn(app: App, returns: bool, changes: list[str]) -> None:
    assert told(app, 0, an_article()).items
    gone = an_article(gone=True)
    for one, hours in ((gone, 1), (gone, 25), *([(an_article(), 26)] if returns else [])):
        with app.store.write() as c:
            articles.remember(c, one, now=NOW + timedelta(hours=hours), standing="news")
        judge_all(app)
    assert [update.change for update in told(app, 27).updates] == changes
    assert told(app, 28).items == ()


def vanish(app: App, article: Article) -> None:
    """Find the page of an article missing, and missing still a day later."""
    for hours in (2, 26):
        with app.store.write() as c:
            articles.remember(c, replace(article, gone=True), now=NOW + timedelta(hours=hours), standing="news")
        judge_all(app)


def test_a_page_that_was_only_counted_and_vanished_is_not_said_to_have_the_update(app: App) -> None:
    told(app, 0, an_article())
    assert told(app, 1, FRENCH).items == ()
    vanish(app, FRENCH)
    court = an_article("https://echo.example/2", outlet="Echo", source="echo", text=COURT)
    (update,) = told(app, 27, replace(court, title="Judge stops the count of the petition for an Alberta vote")).updates
    assert [piece.outlet for piece in (*update.reports, *update.copies)] == []


def test_a_page_that_vanished_while_it_was_muted_is_not_told_after(app: App) -> None:
    read_at(app, 0, ECHO)
    steering.mute(app, "source", "Echo", length="12h", channel=None)
    assert told(app, 0).items == ()
    vanish(app, ECHO)
    assert told(app, 27).items == ()


def test_what_became_a_subject_by_an_edit_is_not_corrected(app: App) -> None:
    passing = replace(
        an_article(),
        title="Rink opens in Olds",
        text="The rink of Olds opens. It has 300 seats. Alberta independence was not spoken of.",
    )
    assert told(app, 0, passing).items == ()
    edited(app, an_article().text)
    found = told(app, 1).items
    assert [item.change for item in found] == [""]


TWIN = replace(FRENCH, title="Pétition albertaine : un premier cap, disent les organisateurs")
FEWER_TWIN = replace(TWIN, text=TWIN.text.replace("61 300", "58 900"))


def test_a_correction_says_what_the_figure_was_and_is_in_one_entry_for_both_languages(app: App) -> None:
    assert told(app, 0, an_article(), TWIN).items
    (update,) = told(app, 1, replace(an_article(), text=FEWER), FEWER_TWIN).updates
    assert (update.change, update.was) == ("corrected", (("61,300", "58,900"),))
    assert [line for line in update.lines if "58 900" in line or "58,900" in line] == [update.lines[0]]
    assert Words("en", "UTC", NOW).change(update) == "corrected: was 61,300, now 58,900"
    assert Words("fr", "UTC", NOW).change(update) == f"corrigé{NBSP}: 58{NBSP}900 au lieu de 61{NBSP}300"


def test_a_correction_that_comes_later_in_the_other_language_is_not_told_again(app: App) -> None:
    assert told(app, 0, an_article(), TWIN).items
    assert told(app, 1, replace(an_article(), text=FEWER)).updates
    assert told(app, 2, FEWER_TWIN).items == ()


def test_a_correction_to_what_another_said_at_the_same_time_is_told(app: App) -> None:
    """Only what was said since tells a channel which of two figures stands."""
    assert told(app, 0, an_article(), FEWER_TWIN).items
    (update,) = told(app, 1, replace(an_article(), text=FEWER)).updates
    assert (update.change, update.was) == ("corrected", (("61,300", "58,900"),))


def test_a_notice_under_its_own_headline_says_what_the_figure_was_as_well(app: App) -> None:
    told(app, 0, an_article())
    said = "EDMONTON – A petition for an Alberta independence vote has 58,900 names, its organisers said."
    notice = replace(ECHO, title="Correction: names on Alberta independence petition", text=said)
    (update,) = told(app, 1, replace(an_article(), text=FEWER), notice).updates
    assert (update.lead.outlet, update.was) == ("Echo", (("61,300", "58,900"),))


def test_what_an_edit_brought_before_its_article_was_told_is_not_told_again_by_the_next(app: App) -> None:
    """The article counted as told as it stood first, so the next edit brought both."""
    with app.store.write() as c:
        articles.remember(c, an_article(), now=NOW, standing="news")
    judge_all(app)
    edited(app, FEWER)
    assert any("58,900" in line for line in told(app, 0).items[0].lines)
    edited(app, LATER)
    (update,) = told(app, 1).updates
    said = " ".join(update.lines)
    assert (update.change, "28 March" in said, "58,900" in said) == ("corrected", True, False)
    assert "61,300" not in {was for was, _ in update.was}, "nobody was told that"
    assert told(app, 2).items == ()


def test_an_edit_that_is_not_judged_yet_is_told_when_it_is_and_once(app: App) -> None:
    """With many workers a digest may come between. It showed the edit, which counted as untold, and told it again."""
    with app.store.write() as c:
        articles.remember(c, an_article(), now=NOW, standing="news")
    judge_all(app)
    with app.store.write() as c:
        articles.remember(c, replace(an_article(), text=FEWER), now=NOW, standing="news")
    digest(app, only_due=False)
    (item,) = told(app, 1).items
    assert (item.told_at, "58,900" in " ".join(item.lines)) == (None, True)
    assert told(app, 2).items == ()


def test_what_is_judged_again_after_an_edit_that_nobody_was_told_is_told_once(app: App) -> None:
    """A card that is added has all that is owed judged again."""
    with app.store.write() as c:
        articles.remember(c, an_article(), now=NOW, standing="news")
    judge_all(app)
    edited(app, FEWER)
    seeding.ask_again(app)
    digest(app, only_due=False)
    assert told(app, 1).items
    (update,) = told(app, 2, replace(an_article(), text=LATER)).updates
    assert (update.was, "58,900" in " ".join(update.lines)) == ((("14", "28"),), False)
