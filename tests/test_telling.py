"""What channels are told over several digests, through the real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.promise import unpack
from alerts.words import Words
from sovwatch import schema as t
from sovwatch.app import App, steering
from sovwatch.app.explaining import explain
from sovwatch.app.running import judge_all
from sovwatch.app.telling import announce, digest, preview
from sovwatch.model import Article, Digest, Tier
from sovwatch.settings import ChannelSettings
from sovwatch.store import articles, counting, queue, telling
from tests.builders import NOW, an_article
from tests.shipped import shipped_app

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
    with shipped_app(database_url, channels={"desk": ChannelSettings(breaking=False)}) as opened:
        yield opened


def read_at(app: App, hours: int, *found: Article) -> App:
    """The program after so many hours, when it has judged these articles."""
    now = NOW + timedelta(hours=hours)
    app = replace(app, settings=app.settings.model_copy(update={"clock": now}))
    with app.store.write() as c:
        for one in found:
            articles.remember(c, one, now=now, standing="news")
    judge_all(app)
    return app


def told(app: App, hours: int, *found: Article) -> Digest:
    """The digest after so many hours and these articles."""
    app = read_at(app, hours, *found)
    (key,) = digest(app, only_due=False).promised
    with app.store.read() as c:
        return unpack(next(row["payload"] for row in queue.undelivered(c) if row["key"] == key))


@pytest.mark.parametrize(
    ("read", "shown"),
    [
        ("http://www.ledger.example/a/?utm_source=rss&id=7#top", "http://www.ledger.example/a/?id=7"),
        ("https://m.ledger.example:8443/amp/a", "https://m.ledger.example:8443/amp/a"),
    ],
)
def test_a_link_leads_to_where_the_article_was_read_and_tracks_nobody(app: App, read: str, shown: str) -> None:
    """The canonical address is a name, and need not answer: not every site has itself without "www." or with https."""
    (item,) = told(app, 0, an_article(read)).items
    assert item.lead.url == shown


LONG = "\n".join([an_article().text] * 4)


@pytest.mark.parametrize(
    ("changes", "english", "french"),
    [
        ({}, "", ""),
        ({"page": "not fetched"}, "", ""),
        ({"page": "opening"}, "opening only", "début seulement"),
        ({"page": "refused"}, "page not read", "page non lue"),
        ({"page": "refused", "text": "", "summary": an_article().text}, "page not read", "page non lue"),
        ({"page": "refused", "text": LONG}, "", ""),
    ],
)
def test_a_reader_sees_what_could_not_be_read_whole(
    app: App, changes: dict[str, str], english: str, french: str
) -> None:
    """A feed that has all the text needs no page."""
    (item,) = told(app, 0, an_article(**changes)).items
    bylines = [Words(language, "UTC", NOW).byline(item.lead) for language in ("en", "fr")]
    usual = [Words(language, "UTC", NOW).byline(replace(item.lead, had="whole")) for language in ("en", "fr")]
    marks = [[mark for mark in line if mark not in known] for line, known in zip(bylines, usual, strict=True)]
    assert marks == [[english] if english else [], [french] if french else []]


def test_the_first_digest_of_a_channel_counts_what_was_read_since_it_was_added(app: App) -> None:
    with app.store.write() as c:
        for number in range(3):
            url, title = f"https://x.example/{number}", f"Council looks at its road number {number} again"
            articles.remember(c, an_article(url, title=title), now=NOW - timedelta(days=1), standing="news")
        telling.enrol(c, "late", NOW)
        articles.remember(c, an_article(), now=NOW, standing="news")
        row = telling.channels(c)["late"]
        footer, newest = counting.footer(c, row["upto"], ["alberta"])
    assert (footer.read, newest) == (1, 4)


def test_who_only_repeated_a_told_story_is_named_when_it_next_moves(app: App) -> None:
    assert len(told(app, 0, an_article()).items) == 1
    assert told(app, 1, ECHO).items == ()
    court = an_article("https://fanal.example/1", outlet="Fanal", source="fanal", title="Judge stops count", text=COURT)
    (update,) = told(app, 2, replace(court, title="Judge stops the count of the petition for an Alberta vote")).updates
    assert (update.lead.outlet, [piece.outlet for piece in update.meanwhile]) == ("Fanal", ["Echo"])
    assert (update.reports, update.copies) == ((), ()), "Echo has not what is new"
    later = "https://fanal.example/2"
    text = COURT.replace("9 March", "23 March")
    (next_one,) = told(app, 3, replace(court, url=later, title="Hearing on Alberta petition moved", text=text)).updates
    assert next_one.meanwhile == (), "Echo was named before"


GIVES = "The council of {} gave the campaign ${},000, its treasurer said on Tuesday."
TOO = "Reporters heard from its treasurer that {} would hand the drive a cheque of ${},000."


def gift(town: str, thousands: int, says: str = GIVES, outlet: str = "Post") -> Article:
    """A paper of a town that adds one thing to what is known of the petition."""
    return an_article(
        f"https://{town.lower()}.example/{outlet}",
        outlet=f"{town} {outlet}",
        source=f"{town.lower()}-{outlet.lower()}",
        text=f"{an_article().text}\n{says.format(town, thousands)}",
    )


def test_what_adds_has_its_line_or_waits_for_it_and_explain_tells_which(app: App) -> None:
    """A third article's news was named without a line, and never came again."""
    assert told(app, 0, an_article()).items
    towns = [("Olds", 14), ("Vulcan", 23), ("Bassano", 37), ("Taber", 41), ("Oyen", 59), ("Elnora", 68)]
    papers = [gift(town, thousands) for town, thousands in towns]
    gifts = [f"${thousands},000" for _, thousands in towns]
    (update,) = told(app, 1, *papers, replace(ECHO, text=an_article().text)).updates
    assert [gift in line for gift, line in zip(gifts[:4], update.lines, strict=True)] == [True] * 4
    how = [explain(app, paper.url).lines[-1] for paper in (*papers, ECHO)]
    assert ["in an update of its story" in line for line in how] == [True] * 4 + [False] * 3
    assert [line.startswith("owed") for line in how] == [False] * 4 + [True] * 3
    (rest,) = told(app, 2).updates
    assert [gift in line for gift, line in zip(gifts[4:], rest.lines, strict=True)] == [True] * 2
    assert "named beside others of its story, without a line of its own" in explain(app, ECHO.url).lines[-1]
    assert told(app, 3).items == ()


@pytest.mark.parametrize("says", [GIVES, TOO])
def test_who_says_what_another_waits_to_say_does_not_make_it_known(app: App, says: str) -> None:
    """It was told without a line, and took from the other what that had waited for."""
    told(app, 0, an_article())
    towns = [("Olds", 14), ("Vulcan", 23), ("Bassano", 37), ("Taber", 41), ("Oyen", 59)]
    told(app, 1, *(gift(town, thousands) for town, thousands in towns), gift("Oyen", 59, says, "Radio"))
    (rest,) = told(app, 2).updates
    assert [("$59,000" in line) for line in rest.lines] == [True]
    assert told(app, 3).items == ()


def test_what_came_over_a_weekend_without_digests_waits_for_its_line_all_the_same(app: App) -> None:
    """Its day begins with the first message that leaves it out: from when it was owed, Monday's first took all."""
    told(app, 0, an_article())
    towns = [("Olds", 14), ("Vulcan", 23), ("Bassano", 37), ("Taber", 41), ("Oyen", 59)]
    read_at(app, 1, *(gift(town, thousands) for town, thousands in towns))
    assert len(told(app, 48).updates[0].lines) == 4
    (rest,) = told(app, 53).updates
    assert [("$59,000" in line) for line in rest.lines] == [True]


def test_who_repeats_what_waits_under_a_cap_does_not_make_it_known(app: App) -> None:
    """Both were only counted, as if each had been told by the other."""
    told(app, 0, an_article())
    capped = app.settings.model_copy(update={"channels": {"desk": ChannelSettings(breaking=False, per_day=1)}})
    said = told(replace(app, settings=capped), 1, gift("Oyen", 59), gift("Oyen", 59, TOO, "Radio"))
    assert (said.items, said.footer.waiting) == ((), 1)
    (update,) = told(app, 2).updates
    assert [("$59,000" in line) for line in update.lines] == [True]


BULLETIN = (
    "Good morning. The petition for an Alberta independence referendum has passed its first count, with 61,300 "
    "names. Odile Marchetti, who speaks for it, was at the arena. It is minus nine in Edmonton."
)


def test_a_bulletin_does_not_lead_a_report_whose_headline_says_what_it_is_about(app: App) -> None:
    radio = replace(ECHO, title="Transcript: Morning edition, Tuesday", text=BULLETIN, tier=Tier.PUBLIC)
    (item,) = told(app, 0, radio, replace(an_article(), tier=Tier.LOCAL)).items
    assert (item.lead.outlet, [piece.outlet for piece in item.reports]) == (an_article().outlet, ["Echo"])


def test_a_headline_that_says_nothing_of_its_own_text_leads_nothing_else(app: App) -> None:
    """Where no headline speaks of the topic, "Morning edition" still says less than what a report is called."""
    radio = replace(ECHO, title="Transcript: Morning edition, Tuesday", text=BULLETIN, tier=Tier.PUBLIC)
    local = replace(an_article(), title="Forty people an hour, says a rival treasurer", tier=Tier.LOCAL)
    (item,) = told(app, 0, radio, local).items
    assert (item.lead.outlet, [piece.outlet for piece in item.reports]) == (an_article().outlet, ["Echo"])


def test_an_update_leads_to_where_its_story_was_first_told_else_to_the_article_that_told_it(app: App) -> None:
    """A mail has no address of its own; nor has a message that waits."""
    first = told(app, 0, an_article())
    court = an_article("https://fanal.example/1", outlet="Fanal", source="fanal", title="Judge stops count", text=COURT)
    (update,) = told(app, 1, replace(court, title="Judge stops the count of the petition for an Alberta vote")).updates
    assert (update.lead.url, update.told_link) == (court.url, an_article().url)
    assert (update.told_as, update.told_in) == (an_article().title, "en")
    outbox = queue.SqlQueue(app.store)
    outbox.advance(1, at=NOW, remote="1", link="https://slack.example/1", done=True)
    text = COURT.replace("9 March", "23 March")
    moved = replace(court, url="https://fanal.example/2", title="Hearing on Alberta petition moved", text=text)
    (update,) = told(app, 2, moved).updates
    assert (first.key.startswith("digest:"), update.told_link) == (True, "https://slack.example/1")


def test_an_update_names_the_headline_that_was_shown_though_another_came_first_and_though_it_changed(app: App) -> None:
    first = told(app, 0, FRENCH, an_article())
    assert first.items[0].lead.outlet == an_article().outlet
    with app.store.write() as c:
        c.execute(t.article.update().values(title="Another headline by now"))
    court = an_article("https://fanal.example/1", outlet="Fanal", source="fanal", title="Judge stops count", text=COURT)
    stops = replace(court, title="Judge stops the count of the petition for an Alberta vote")
    (update,) = told(app, 1, stops).updates
    assert (update.told_as, update.told_in, update.told_link) == (an_article().title, "en", an_article().url)
    with app.store.write() as c:
        c.execute(t.outbox.update().values(payload=""))  # as after `retention`
    moved = replace(
        court, url="https://fanal.example/2", title="Hearing moved", text=COURT.replace("9 March", "23 March")
    )
    (update,) = told(app, 2, replace(moved, title="Hearing on Alberta petition moved")).updates
    assert (update.told_as, update.told_link) == ("", FRENCH.url)


def test_what_was_never_shown_is_not_corrected(app: App) -> None:
    told(app, 0, an_article())
    told(app, 1, ECHO)
    assert told(app, 2, replace(ECHO, title="Alberta independence petition passes its first count")).items == ()
    moved = replace(ECHO, text=ECHO.text.replace("14 March to verify", "28 March to verify"))
    (update,) = told(app, 3, moved).updates
    assert (update.change, update.lead.outlet) == ("", "Echo")
    assert any("28 March" in line for line in update.lines)


def test_what_an_edit_has_just_brought_is_news_of_whoever_reports_it(app: App) -> None:
    """The correction that a paper prints has a headline of its own; the article that it corrects keeps the old one."""
    told(app, 0, an_article())
    edited = replace(an_article(), text=an_article().text.replace("61,300", "58,900"))
    said = "EDMONTON – A petition for an Alberta independence vote has 58,900 names, its organisers said."
    notice = replace(ECHO, title="Correction: names on Alberta independence petition", text=said)
    (update,) = told(app, 1, edited, notice).updates
    assert (update.lead.outlet, update.change) == ("Echo", ""), "one that grew is edited too, and corrects nothing"
    assert "58,900" in update.lines[0]
    assert [line for line, by in zip(update.lines, update.voices, strict=True) if by and "58,900" in line] == []


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


RULING = an_article(
    "https://echo.example/2",
    outlet="Echo",
    source="echo",
    title="Judge strikes down Alberta independence petition after its first count",
    text=(
        "EDMONTON – A Court of King's Bench judge ruled on Tuesday that the petition for an Alberta independence "
        "referendum breaches treaties.\nOrganisers of the petition, which passed its first count with 61,300 names, "
        "will appeal, said Odile Marchetti, a campaign spokesperson."
    ),
)


def alerts(app: App, *found: Article, hours: int = 1) -> list[Digest]:
    """What is told at once after so many hours and these articles."""
    channels = {"desk": ChannelSettings()}
    clock = NOW + timedelta(hours=hours)
    app = replace(app, settings=app.settings.model_copy(update={"channels": channels, "clock": clock}))
    with app.store.write() as c:
        for one in found:
            articles.remember(c, one, now=clock, standing="news")
    judge_all(app)
    keys = announce(app).promised
    with app.store.read() as c:
        return [unpack(row["payload"]) for row in queue.undelivered(c) if row["key"] in keys]


def test_a_declared_signal_is_told_at_once_though_its_story_was_told_and_once_only(app: App) -> None:
    told(app, 0, an_article())
    assert alerts(app, ECHO) == []
    (alert,) = alerts(app, RULING, hours=2)
    (item,) = alert.items
    assert (alert.kind, item.signal, item.told_at) == ("breaking", "court decision", NOW)
    assert alerts(app, hours=3) == []
    appeal = replace(RULING, url="https://echo.example/3", title="Alberta petition organisers to appeal on 23 February")
    (answer,) = alerts(app, replace(appeal, text=RULING.text + " The appeal is set for 23 February."), hours=4)
    assert (answer.kind, answer.thread_of, answer.items[0].told_as) == ("reply", alert.key, an_article().title)
    assert told(app, 5).footer.announced == (RULING.title, appeal.title), "threads are easily missed"
    assert told(app, 6).footer.announced == ()


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        ('{"sections": [{"items": [{"lead": {"title": "Told"}, "colour": 3}], "topic": "x"}]}', ("Told",)),
        ('{"stories": ["Told"]}', ()),
        ("{", ()),
    ],
)
def test_an_alert_that_another_version_wrote_stops_no_digest(
    app: App, payload: str, named: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    with app.store.write() as c:
        queue.promise(c, "breaking:desk:1:x", "desk", payload, now=NOW)
    composed = told(app, 0, an_article())
    assert ([item.lead.title for item in composed.items], composed.footer.announced) == ([an_article().title], named)
    assert ("desk: an alert that another version wrote is not named in this digest" in caplog.text) == (not named)


def test_growth_says_how_many_report(app: App) -> None:
    text = (
        "RED DEER – About {} people rallied on Tuesday in Red Deer for Alberta independence, police told {}.\n"
        "{} said that a second rally is planned."
    )
    said = (
        ("1,100", "the Echo", "Grant Pelletier"),
        ("1,200", "Radio Coulee", "Dana Wiebe"),
        ("900", "us", "Dr. Oyelaran"),
    )
    title = "Hundreds rally in Red Deer for Alberta independence"
    rally = [
        an_article(f"https://o{n}.example/1", outlet=f"O{n}", source=f"o{n}", title=title, text=text.format(*words))
        for n, words in enumerate(said)
    ]
    (alert,) = alerts(app, *rally)
    assert (alert.title, alert.items[0].signal) == ("", "3 outlets in two hours")


def test_a_followed_story_is_told_under_that_name(app: App) -> None:
    story = told(app, 0, an_article()).items[0].story
    steering.follow(app, story, channel=None, on=True)
    moved = replace(ECHO, text=ECHO.text.replace("14 March to verify", "28 March to verify"))
    (alert,) = alerts(app, moved)
    assert (alert.kind, alert.title, alert.items[0].signal) == ("breaking", "Followed story", "")


def test_a_footer_says_what_is_not_judged_yet(app: App) -> None:
    """Else they would be counted as off topic, and in no later footer."""
    with app.store.write() as c:
        articles.remember(c, an_article(), now=NOW, standing="news")
    composed = preview(app, "desk")
    assert composed is not None
    assert (composed.footer.read, composed.footer.on_topic, composed.footer.unjudged) == (1, 0, 1)
    assert Words("en", "UTC", NOW).footer(composed.footer)[0] == "1 article read · 0 on topic · 1 not judged yet"
    several = replace(composed.footer, unjudged=2)
    assert Words("fr", "UTC", NOW).footer(several)[0].endswith(" · 2\u00a0pas encore jugés")
    judge_all(app)
    judged = preview(app, "desk")
    assert judged is not None
    assert (judged.footer.on_topic, judged.footer.unjudged) == (1, 0)


def test_a_footer_counts_what_is_on_the_channels_topics(app: App) -> None:
    channels = {"desk": ChannelSettings(topics=("quebec",), breaking=False)}
    quebec = replace(app, settings=app.settings.model_copy(update={"channels": channels}))
    footer = told(quebec, 0, an_article(), ECHO).footer
    assert (footer.read, footer.on_topic, footer.copies) == (2, 0, 0)
    assert told(app, 1, FRENCH).footer.on_topic == 1
