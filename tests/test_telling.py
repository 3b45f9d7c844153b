"""What channels are told over several digests, through the real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.promise import unpack
from sovwatch.app import App, open_app, steering
from sovwatch.app.running import enrol, judge_all
from sovwatch.app.starter import starter
from sovwatch.app.telling import digest
from sovwatch.model import Article, Digest
from sovwatch.settings import ChannelSettings, Settings, load
from sovwatch.store import articles, queue
from tests.builders import NOW, an_article

FRENCH = an_article(
    "https://fanal.example/p",
    outlet="Fanal",
    source="fanal",
    language="fr",
    title="Une pétition pour l’indépendance de l’Alberta franchit un premier cap",
    text=(
        "EDMONTON – Les organisateurs d’une pétition pour un référendum sur l’indépendance de l’Alberta disent avoir "
        "recueilli 61 300 signatures.\nElections Alberta a jusqu’au 14 mars pour les vérifier, a indiqué la "
        "porte-parole Odile Marchetti."
    ),
)
ECHO = an_article(
    "https://echo.example/1",
    outlet="Echo",
    source="echo",
    title="First count passed by petition for Alberta independence vote",
)
FANAL = "Alberta independence petition passes first count"
COURT = (
    "EDMONTON – A judge on Tuesday stopped the count of the petition for an Alberta independence referendum until a "
    "hearing on 9 March.\nOrganisers of the petition say 61,300 people signed."
)


@pytest.fixture
def app(database_url: str) -> Iterator[App]:
    shipped = load(starter() / "sovwatch.toml", environment={})
    channels = {"desk": ChannelSettings(breaking=False)}
    settings = Settings.model_validate(
        {**shipped.model_dump(), "database": database_url, "channels": channels, "clock": NOW}
    )
    opened = open_app(settings)
    enrol(opened)
    yield opened
    opened.store.close()


def told(app: App, hours: int, *found: Article) -> Digest:
    """The digest after so many hours and these articles."""
    now = NOW + timedelta(hours=hours)
    app = replace(app, settings=app.settings.model_copy(update={"clock": now}))
    with app.store.write() as c:
        for one in found:
            articles.remember(c, one, now=now, standing="news")
    judge_all(app)
    (key,) = digest(app, only_due=False).promised
    with app.store.read() as c:
        return unpack(next(row["payload"] for row in queue.undelivered(c) if row["key"] == key))


def test_who_only_repeated_a_told_story_is_named_when_it_next_moves(app: App) -> None:
    assert len(told(app, 0, an_article()).items) == 1
    assert told(app, 1, ECHO).items == ()
    court = an_article("https://fanal.example/1", outlet="Fanal", source="fanal", title="Judge stops count", text=COURT)
    (update,) = told(app, 2, replace(court, title="Judge stops the count of the petition for an Alberta vote")).updates
    named = {piece.outlet for piece in (*update.reports, *update.copies)}
    assert (update.lead.outlet, named) == ("Fanal", {"Echo"})
    later = "https://fanal.example/2"
    text = COURT.replace("9 March", "23 March")
    (next_one,) = told(app, 3, replace(court, url=later, title="Hearing on Alberta petition moved", text=text)).updates
    assert (next_one.reports, next_one.copies) == ((), ()), "Echo was named before"


def test_what_was_never_shown_is_not_corrected(app: App) -> None:
    told(app, 0, an_article())
    told(app, 1, ECHO)
    assert told(app, 2, replace(ECHO, title="Alberta independence petition passes its first count")).items == ()
    moved = replace(ECHO, text=ECHO.text.replace("14 March to verify", "28 March to verify"))
    (update,) = told(app, 3, moved).updates
    assert (update.change, update.lead.outlet) == ("", "Echo")
    assert any("28 March" in line for line in update.lines)


def test_what_two_languages_say_is_said_in_the_channels_own(app: App) -> None:
    with app.store.write() as c:
        articles.remember(c, FRENCH, now=NOW, standing="news")  # first
    composed = told(app, 0, an_article())
    (item,) = composed.items
    assert (item.lead.outlet, [piece.outlet for piece in item.reports]) == ("Prairie Ledger", ["Fanal"])
    assert item.lines
    assert item.voices == (None,) * len(item.lines)


@pytest.mark.parametrize("at_once", [True, False])
def test_what_only_a_muted_outlet_said_is_news_when_another_says_it(app: App, at_once: bool) -> None:
    short = "EDMONTON – A petition for an Alberta independence vote passed."
    assert told(app, 0, replace(ECHO, text=short)).items
    muted = an_article("https://ledger.example/1", outlet="Ledger", source="ledger")
    with app.store.write() as c:
        articles.remember(c, muted, now=NOW, standing="news")
    steering.mute(app, "source", "Ledger", length=None, channel=None)
    if not at_once:
        assert told(app, 1).items == ()
    again = an_article("https://fanal.example/1", outlet="Fanal", source="fanal", title=FANAL)
    (update,) = told(app, 2, again).updates
    assert "61,300" in " ".join((update.lead.title, *update.lines))
