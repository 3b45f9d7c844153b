"""What a channel knows from columns alone is a story when it is first reported (docs/decisions/0033), and only then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sovwatch.app import App, steering
from sovwatch.app.running import judge_all
from sovwatch.model import Digest, Item, Kind
from sovwatch.store import articles
from tests.builders import NOW, an_article
from tests.test_telling import COURT, alerts, app, told

__all__ = ["app"]

COLUMN = an_article(
    "https://column.example/1",
    outlet="Column",
    source="column",
    kind=Kind.OPINION,
    title="Opinion: the Alberta independence petition passed a count, not a test",
    text="The Alberta independence petition passed its first count. Organisers say they have 61,300 signatures, "
    "and I do not believe that numbers settle it. Elections Alberta has until March 14 to check them.",
)
SECOND = replace(
    COLUMN,
    url="https://column.example/2",
    outlet="Second",
    source="second",
    title="Opinion: count on nothing",
    text=f"{COLUMN.text} My aunt signed it in pencil.",
)


def sections(composed: Digest) -> list[Item]:
    return [item for section in composed.sections for item in section.items]


def test_what_only_columns_told_is_a_story_when_it_is_reported_and_later_updates_name_that(app: App) -> None:
    assert [item.lead.url for item in sections(told(app, 0, COLUMN))] == [COLUMN.url]
    assert sections(told(app, 1, SECOND)) == [], "a second opinion does not report it"
    reported = told(app, 2, an_article())
    (item,) = sections(reported)
    assert (item.lead.url, reported.updates, item.told_at) == (an_article().url, (), None)
    court = an_article("https://fanal.example/1", outlet="Fanal", source="fanal", title="Judge stops count", text=COURT)
    stops = replace(court, title="Judge stops the count of the petition for an Alberta vote")
    (update,) = told(app, 3, stops).updates
    assert update.told_as == an_article().title


def test_a_muted_report_makes_no_story_of_a_second_column(app: App) -> None:
    assert sections(told(app, 0, COLUMN))
    steering.mute(app, "phrase", "passes its first count", length=None, channel=None)
    assert sections(told(app, 1, an_article(), SECOND)) == []
    assert told(app, 2).items == ()


@pytest.mark.parametrize("at_once", [True, False])
def test_a_reprint_of_a_column_reports_nothing_though_its_page_does_not_say_what_it_is(app: App, at_once: bool) -> None:
    assert sections(told(app, 0, COLUMN))
    reprint = replace(SECOND, url="https://reprint.example/1", outlet="Reprint", source="reprint", kind=Kind.REPORT)
    if not at_once:
        told(app, 1, SECOND)
    found = (SECOND, reprint) if at_once else (reprint,)
    assert sections(told(app, 2, *found)) == []
    assert [item.lead.outlet for item in sections(told(app, 3, an_article()))] == ["Prairie Ledger"]


def test_a_reprint_that_came_with_its_column_tells_no_happening_either(app: App) -> None:
    reprint = replace(COLUMN, url="https://reprint.example/1", outlet="Reprint", source="reprint", kind=Kind.REPORT)
    assert sections(told(app, 0, COLUMN, reprint))
    assert [item.lead.outlet for item in sections(told(app, 1, an_article()))] == ["Prairie Ledger"]


def test_a_column_that_changed_is_corrected_though_its_story_is_reported_now(app: App) -> None:
    assert sections(told(app, 0, COLUMN))
    edited = replace(COLUMN, text=COLUMN.text.replace("61,300", "58,900"))
    reported = told(app, 1, edited, an_article())
    assert [item.was for item in sections(reported)] == [()]
    later = told(app, 2)
    assert [update.was for update in later.updates] == [(("61,300", "58,900"),)]
    assert told(app, 3).items == ()


def test_a_column_that_was_withdrawn_is_not_told_as_one_that_has_the_story_too(app: App) -> None:
    assert sections(told(app, 0, COLUMN))
    for hours in (1, 25):
        with app.store.write() as c:
            articles.remember(c, replace(COLUMN, gone=True), now=NOW + timedelta(hours=hours), standing="news")
        judge_all(app)
    (item,) = sections(told(app, 26, replace(an_article(), published=None)))
    assert [piece.outlet for piece in (*item.reports, *item.copies)] == []
    (update,) = told(app, 27).updates
    assert (update.change, update.lead.outlet) == ("withdrawn", "Column")
    assert told(app, 28).items == ()


def test_an_edit_of_a_column_is_an_update_though_a_report_is_held_back(app: App) -> None:
    assert sections(told(app, 0, COLUMN))
    steering.mute(app, "phrase", "passes its first count", length=None, channel=None)
    edited = replace(COLUMN, text=COLUMN.text.replace("61,300", "58,900"))
    composed = told(app, 1, edited, an_article())
    assert sections(composed) == []
    assert [update.change for update in composed.updates] == ["corrected"]


def test_the_thread_of_a_story_is_that_of_its_first_report(app: App) -> None:
    (first,) = sections(told(app, 0, SECOND))
    steering.follow(app, first.story, channel=None, on=True)
    (column,) = alerts(app, replace(COLUMN, text=COLUMN.text.replace("March 14", "March 28")), hours=1)
    (report,) = alerts(app, an_article(), hours=2)
    assert (column.kind, report.kind, report.items[0].told_at) == ("breaking", "breaking", None)
    court = an_article("https://fanal.example/1", outlet="Fanal", source="fanal", text=COURT)
    stops = replace(court, title="Judge stops the count of the petition for an Alberta vote")
    (answer,) = alerts(app, stops, hours=3)
    assert (answer.kind, answer.thread_of) == ("reply", report.key)
