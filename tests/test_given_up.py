"""What `deliver --drop` gives up reached nobody: no story is first told by it, and nothing it said is known."""

from dataclasses import replace

from sqlalchemy import select, update

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.explaining import explain
from sovwatch.store import queue
from tests.builders import NOW, an_article
from tests.test_telling import COURT, ECHO, RULING, alerts, app, told

__all__ = ["app"]

STOPS = replace(ECHO, url="https://echo.example/2", title="Judge stops the count of the petition", text=COURT)
GAVE_UP = "; `sovwatch deliver --drop` gave it up, not known to have arrived whole"
REPEATED = replace(STOPS, url="https://fanal.example/2", outlet="Fanal", source="fanal", text=f"{COURT} It snowed.")


def dropped(app: App) -> int:
    """How many messages were given up."""
    with app.store.write() as c:
        return len(queue.drop(c, "desk", NOW))


def delivered(app: App) -> None:
    outbox = queue.SqlQueue(app.store)
    with app.store.read() as c:
        waiting = [row["id"] for row in queue.undelivered(c)]
    for promise in waiting:
        outbox.advance(promise, at=NOW, remote="1", link="https://slack.example/1", done=True)


def test_a_story_whose_message_was_given_up_is_told_as_new_when_it_moves(app: App) -> None:
    """It was an update of something that nobody had received."""
    assert told(app, 0, an_article()).items
    assert dropped(app) == 1
    composed = told(app, 1, STOPS)
    (item,) = (item for section in composed.sections for item in section.items)
    assert (item.lead.url, item.told_at, composed.updates) == (STOPS.url, None, ())
    line = explain(app, an_article().url).lines[-1]
    assert line.endswith(
        ": in a message that `sovwatch deliver --drop` gave up: nobody got it (digest:desk:2026-02-03T07:00)"
    )


def test_who_repeats_what_was_given_up_tells_it(app: App) -> None:
    told(app, 0, an_article())
    dropped(app)
    assert [item.lead.url for item in told(app, 1, ECHO).items] == [ECHO.url]


def test_what_an_update_said_that_was_given_up_is_told_by_who_says_it_next(app: App) -> None:
    told(app, 0, an_article())
    delivered(app)
    assert told(app, 1, STOPS).updates
    assert dropped(app) == 1
    (update,) = told(app, 2, REPEATED).updates
    assert (update.lead.outlet, update.told_as, "9 March" in " ".join(update.lines)) == (
        "Fanal",
        an_article().title,
        True,
    )


def test_an_edit_of_what_was_given_up_corrects_nothing(app: App) -> None:
    told(app, 0, an_article())
    dropped(app)
    edited = replace(an_article(), text=an_article().text.replace("61,300", "58,900"))
    (item,) = told(app, 1, edited).items
    assert (item.told_at, item.change, item.was, "58,900" in " ".join(item.lines)) == (None, "", (), True)


def test_an_alert_that_was_given_up_has_no_thread_and_stands_in_no_footer(app: App) -> None:
    assert alerts(app, RULING)
    dropped(app)
    text = f"{RULING.text} The appeal is set for 23 February."
    appeal = replace(RULING, url="https://echo.example/3", title="Alberta petition organisers to appeal", text=text)
    (alert,) = alerts(app, appeal, hours=2)
    assert (alert.kind, alert.thread_of) == ("breaking", None)
    assert told(app, 3).footer.announced == (appeal.title,)


def test_of_a_message_that_arrived_in_part_is_not_known_what_was_read(app: App) -> None:
    """Told again it would be told twice."""
    told(app, 0, an_article())
    queue.SqlQueue(app.store).advance(1, at=NOW, remote="1", link="https://slack.example/1", done=False)
    assert dropped(app) == 1
    assert told(app, 1, ECHO).items == ()
    with app.store.read() as c:
        assert "dropped" not in c.execute(select(t.told.c.how)).scalars().all()
    assert GAVE_UP in explain(app, an_article().url).lines[-1]


def test_what_a_folder_from_before_gave_up_is_not_said_to_have_arrived(app: App) -> None:
    """It was left as told, without a mark of its own."""
    told(app, 0, an_article())
    with app.store.write() as c:
        c.execute(update(t.outbox).values(delivered_at=NOW, error="dropped"))
    assert GAVE_UP in explain(app, an_article().url).lines[-1]


def test_what_was_handed_over_and_may_have_arrived_stays_told(app: App) -> None:
    """The connection was lost while it was posted. What was surely refused is told to nobody."""
    outbox = queue.SqlQueue(app.store)
    told(app, 0, an_article())
    outbox.begin(1, at=NOW)
    outbox.later(1, until=NOW, error="timed out", unknown=True)
    assert dropped(app) == 1
    assert told(app, 1, ECHO).items == ()
    assert told(app, 2, RULING).items
    outbox.begin(3, at=NOW)
    outbox.later(3, until=NOW, error="refused", unknown=False)
    assert dropped(app) == 2
    lines = [explain(app, one.url).lines[-1] for one in (an_article(), RULING)]
    assert ["nobody got it" in line for line in lines] == [False, True]
