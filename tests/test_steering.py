"""What people say of stories is carried out, remembered, and wins over what was decided."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import insert, select

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app import steering as app_steering
from sovwatch.app.drafting import Draft, reader_of
from sovwatch.app.running import judge_all
from sovwatch.app.telling import announce, digest
from sovwatch.errors import ConfigurationError
from sovwatch.model import Article, Dated, Precision
from sovwatch.mutes import MuteKind
from sovwatch.region import ENOUGH
from sovwatch.settings import ChannelSettings, SourceSettings
from sovwatch.store import articles, history, placing, queue, steering
from tests.builders import NOW, an_article

OTHER = (
    "CALGARY – Just over a quarter of adults in the province would vote for Alberta independence, a survey of 1,100 by "
    "Corvane Research shows, as many as in the autumn.\nMost of those who would stay name pensions as their reason."
)

COURT = (
    "A judge in Lethbridge ruled on Sunday that the petition of the Foothills Assembly for a vote on Alberta's "
    "separation may go ahead. Justice Ramona Kessler found that the 62,000 signatures were gathered lawfully. Lawyers "
    "for three First Nations said that they would appeal. Its spokesman, Dale Wurtz, called it a good day for farmers."
)
COURT_FR = (
    "Une juge de Lethbridge a décidé dimanche que la pétition de la Foothills Assembly pour un vote sur la séparation "
    "de l'Alberta peut aller de l'avant. La juge Ramona Kessler a conclu que les 62 000 signatures ont été recueillies "
    "légalement. Des avocats de trois Premières Nations feront appel."
)
AUTUMN = (
    "Dale Wurtz ne cache pas sa joie et promet une campagne d'automne pour l'indépendance de l'Alberta dans les "
    "villages. Ses bénévoles ont déjà loué une salle à Brooks."
)
LATER = Dated(NOW + timedelta(days=2), Precision.SECOND, "feed")


def read(app: App, *found: Article) -> list[int]:
    with app.store.write() as c:
        numbers = [articles.remember(c, one, now=NOW, standing="news").article for one in found]
    judge_all(app)
    return numbers


def a_poll() -> Article:
    """A report of another happening, four days later."""
    later = Dated(NOW + timedelta(days=4), Precision.SECOND, "feed")
    title = "Support for leaving Canada is flat, pollster finds"
    return an_article("https://b.example/2", outlet="B", source="b", published=later, title=title, text=OTHER)


def story(app: App, article: int) -> int:
    with app.store.read() as c:
        row = placing.placed(c, article)
    assert row is not None
    return int(row["story"])


def why(app: App, article: int) -> str:
    with app.store.read() as c:
        row = placing.placed(c, article)
    assert row is not None
    return str(row["why"]["placement"])


def again(app: App, url: str, **now: str) -> None:
    """Judge an article again, whose publisher says something else now."""
    with app.store.write() as c:
        c.execute(t.article.update().where(t.article.c.url == url).values(pending=True, **now))
    judge_all(app)


def test_merged_stories_are_one_and_stay_so_when_judged_again(app: App) -> None:
    one, two = read(app, an_article(), a_poll())
    assert story(app, one) != story(app, two)
    assert app_steering.merge(app, story(app, two), story(app, one)) == 1
    assert story(app, one) == story(app, two)
    with app.store.write() as c:
        c.execute(t.article.update().values(pending=True))
    judge_all(app)
    assert story(app, one) == story(app, two)


def test_what_was_told_of_a_story_is_told_of_the_one_it_went_into(app: App) -> None:
    one, two = read(app, an_article(), a_poll())
    digest(app, only_due=False)
    app_steering.merge(app, story(app, two), story(app, one))
    with app.store.read() as c:
        told = history.history(c, "desk", [story(app, one)])
    assert set(told[story(app, one)].articles) == {one, two}


def test_an_article_that_was_off_topic_for_a_while_comes_back_to_where_it_was_put(app: App) -> None:
    one, two = read(app, an_article(), a_poll())
    app_steering.merge(app, story(app, two), story(app, one))
    again(app, "https://b.example/2", title="Snow is on its way", text="It will snow. " * 9)
    again(app, "https://b.example/2", title=a_poll().title, text=OTHER)
    assert story(app, two) == story(app, one)


def test_a_split_article_has_a_story_of_its_own_and_stays_out(app: App) -> None:
    one, two = read(app, an_article(), an_article("https://b.example/r", outlet="B", source="b", title="Count goes on"))
    assert story(app, one) == story(app, two)
    new = app_steering.split(app, "https://b.example/r")
    assert (story(app, two), story(app, one) == new) == (new, False)
    with app.store.write() as c:
        c.execute(t.article.update().values(pending=True))
    judge_all(app)
    assert story(app, two) == new


def the_ruling() -> list[Article]:
    """Two reports of one ruling that share too little, and one that shares much with both."""
    return [
        an_article(
            "https://b.example/ruling", outlet="B", source="b", title="Judge lets separation petition stand", text=COURT
        ),
        an_article(
            "https://c.example/automne",
            outlet="C",
            source="c",
            language="fr",
            published=LATER,
            title="Un automne de campagne pour Dale Wurtz",
            text=AUTUMN,
        ),
        an_article(
            "https://d.example/apres",
            outlet="D",
            source="d",
            language="fr",
            published=LATER,
            title="Après la décision de la juge, un automne de campagne pour Dale Wurtz",
            text=f"{COURT_FR} Il promet une campagne d'automne, et ses bénévoles ont loué une salle à Brooks.",
        ),
    ]


def test_two_stories_that_a_third_report_shows_to_be_one_are_made_one_with_all_that_was_said_of_them(app: App) -> None:
    ruling, autumn, between = the_ruling()
    one, two = read(app, ruling, autumn)
    former = story(app, two)
    assert former != story(app, one)
    app_steering.follow(app, former, channel="desk", on=True)
    (three,) = read(app, between)
    assert story(app, one) == story(app, two) == story(app, three)
    assert f"below {ENOUGH['texts']}" in why(app, two)
    assert why(app, two).endswith(f"; opened story {former}, which went into story {story(app, one)}")
    with app.store.read() as c:
        assert steering.followed(c, "desk") == {story(app, one)}
        assert {row["story"] for row in c.execute(select(t.news)).mappings()} == {story(app, one)}
        assert placing.related_stories(c, story(app, one)) == []


def test_what_an_operator_ruled_of_a_story_holds_for_the_one_it_went_into(app: App) -> None:
    """Else an article that was put in by hand goes back, judged again, to a story that is no more."""
    ruling, autumn, _ = the_ruling()
    one, two = read(app, ruling, autumn)
    (put,) = read(app, a_poll())
    app_steering.merge(app, story(app, put), story(app, two))
    app_steering.split(app, autumn.url)
    with app.store.write() as c:
        former = placing.placed(c, put)
        assert former is not None
        steering.unite(c, former["story"], story(app, one))
        c.execute(t.article.update().values(pending=True))
    judge_all(app)
    assert story(app, put) == story(app, one)
    with app.store.read() as c:
        said = steering.said(c, [story(app, one), story(app, two)], 0, app.now())
    assert said.strangers == {story(app, two): {story(app, one)}}
    assert story(app, one) in said.whole


def test_a_story_that_went_into_another_is_found_where_it_landed(app: App) -> None:
    with app.store.write() as c:
        queue.promise(c, "digest:desk:1", "desk", "{}", now=NOW)
        opening = insert(t.story).values(opened=NOW).returning(t.story.c.id)
        stories = [int(c.execute(opening).scalar_one()) for _ in "ab"]
    outbox = queue.SqlQueue(app.store)
    outbox.advance(1, at=NOW, remote="1", link="https://slack.example/1", done=False)
    outbox.advance(1, at=NOW, remote="2", link="https://slack.example/2", done=True, stories=stories[1:])
    with app.store.write() as c:
        steering.unite(c, stories[1], stories[0])
        assert queue.link(c, "digest:desk:1", stories[0]) == "https://slack.example/2"


def test_what_is_told_while_two_stories_become_one_is_told_of_that_one(app: App) -> None:
    one, two = read(app, *the_ruling()[:2])
    numbers = sorted({story(app, one), story(app, two)})
    composing = Thread(target=digest, args=(app,), kwargs={"only_due": False})
    with app.store.write() as c:
        placing.alone(c)
        steering.unite(c, numbers[1], numbers[0])
        composing.start()
        composing.join(0.5)
    composing.join()
    with app.store.read() as c:
        assert set(c.execute(select(t.told.c.story)).scalars()) == {numbers[0]}


@pytest.mark.parametrize("said", ["muted", "split"])
def test_stories_that_people_want_apart_are_not_made_one(app: App, said: str) -> None:
    ruling, autumn, between = the_ruling()
    one, two = read(app, ruling, autumn)
    if said == "muted":
        app_steering.mute(app, "story", str(story(app, two)), length=None, channel=None)
    else:
        app_steering.merge(app, story(app, two), story(app, one))
        app_steering.split(app, autumn.url)
    (three,) = read(app, between)
    assert story(app, one) != story(app, two)
    other = story(app, one) + story(app, two) - story(app, three)
    assert "shows" not in why(app, three)
    with app.store.read() as c:
        assert placing.related_stories(c, story(app, three)) == [other]


def test_a_mute_that_is_over_keeps_no_stories_apart(app: App) -> None:
    ruling, autumn, between = the_ruling()
    one, two = read(app, ruling, autumn)
    app_steering.mute(app, "story", str(story(app, two)), length="1h", channel=None)
    later = App(app.settings.model_copy(update={"clock": app.now() + timedelta(hours=1)}), app.store)
    read(later, between)
    assert story(app, one) == story(app, two)


@pytest.mark.parametrize("where", ["edited", "put"])
def test_an_article_that_stays_where_it_is_says_so_instead_of_making_stories_one(app: App, where: str) -> None:
    ruling, autumn, between = the_ruling()
    one, two, three = read(app, ruling, autumn, replace(an_article(), published=a_poll().published))
    if where == "put":
        (four,) = read(app, replace(between, text=OTHER, title="Something else"))
        app_steering.merge(app, story(app, four), story(app, three))
        again(app, between.url, title=between.title, text=between.text)
        assert story(app, four) == story(app, three)
        assert why(app, four).endswith(f"; stays in story {story(app, three)}")
    else:
        again(app, autumn.url, title=between.title, text=between.text)
        assert why(app, two).endswith(f"; stays in story {story(app, two)}")
    assert story(app, one) != story(app, two)


@pytest.mark.parametrize("muted", ["goes", "stays"])
def test_a_merge_neither_wakes_a_muted_story_nor_silences_one_that_is_heard(app: App, muted: str) -> None:
    one, two = read(app, *the_ruling()[:2])
    into, going = story(app, one), story(app, two)
    quiet, heard = (going, into) if muted == "goes" else (into, going)
    number = app_steering.mute(app, "story", str(quiet), length=None, channel=None)
    cure = f"`sovwatch mutes remove {number}`, or mute story {heard} alike, and merge again"
    with pytest.raises(ConfigurationError) as caught:
        app_steering.merge(app, going, into)
    assert str(caught.value) == f"story {quiet}: is muted, and story {heard} is not ({cure})"
    assert story(app, one) != story(app, two)
    app_steering.mute(app, "story", str(heard), length=None, channel=None)
    app_steering.merge(app, going, into)
    with app.store.read() as c:
        assert [mute.what for _, mute in steering.mutes(c, NOW)] == [str(into)]


def test_a_merge_asks_for_mutes_of_the_same_channels_and_length_and_minds_none_that_ended(app: App) -> None:
    one, two = read(app, *the_ruling()[:2])
    into, going = str(story(app, one)), str(story(app, two))
    app_steering.mute(app, "story", into, length="1d", channel=None)
    number = app_steering.mute(app, "story", going, length=None, channel="desk")
    with pytest.raises(ConfigurationError, match="are muted, but not alike"):
        app_steering.merge(app, int(going), int(into))
    app_steering.unmute(app, number)
    later = replace(app, settings=app.settings.model_copy(update={"clock": NOW + timedelta(days=2)}))
    app_steering.merge(later, int(going), int(into))
    assert story(app, one) == story(app, two)


def test_of_a_story_that_went_into_another_is_said_which(app: App) -> None:
    one, two = read(app, *the_ruling()[:2])
    (three,) = read(app, a_poll())
    numbers = [story(app, three), story(app, two), story(app, one)]
    app_steering.merge(app, numbers[0], numbers[1])
    app_steering.merge(app, numbers[1], numbers[2])
    for use in (app_steering.story_of, lambda app, number: app_steering.merge(app, number, numbers[2])):
        with pytest.raises(ConfigurationError, match=f"went into story {numbers[2]}"):
            use(app, numbers[0])


def test_an_article_alone_in_its_story_cannot_be_split_off(app: App) -> None:
    read(app, an_article())
    with pytest.raises(ConfigurationError, match="to itself"):
        app_steering.split(app, an_article().url)


@pytest.mark.parametrize(("kind", "what"), [("source", "prairie ledger"), ("phrase", "first count"), ("story", "1")])
def test_what_is_muted_is_not_told_and_does_not_wait(app: App, kind: str, what: str) -> None:
    read(app, an_article())
    number = app_steering.mute(app, kind, what, length="2d", channel="desk")  # type: ignore[arg-type]
    with app.store.write() as c:
        draft = Draft(app, c, reader_of(app, "desk"), NOW)
        assert list(draft.stories) == []
        draft.settle(None)
        assert c.execute(select(t.told.c.how)).scalars().all() == ["muted"]
        assert c.execute(select(t.news)).all() == []
    app_steering.unmute(app, number)
    with app.store.read() as c:
        assert steering.mutes(c, NOW) == []


def test_a_source_is_muted_by_its_id_as_by_its_outlet(app: App) -> None:
    source = SourceSettings(id="ledger", url="https://prairie-ledger.example/feed", outlet="Prairie Ledger")
    app = replace(app, settings=app.settings.model_copy(update={"sources": (source,)}))
    app_steering.mute(app, "source", "ledger", length=None, channel=None)
    with app.store.read() as c:
        assert [mute.what for _, mute in steering.mutes(c, NOW)] == ["Prairie Ledger"]


@pytest.mark.parametrize(
    ("kind", "what", "complaint"),
    [
        ("story", "77", "story 77: no such story"),
        ("story", "the petition", "no such story"),
        ("source", "prairie leger", "did you mean 'Prairie Ledger'"),
        ("phrase", "…", "no word"),
    ],
)
def test_muting_what_there_is_not_is_refused(app: App, kind: MuteKind, what: str, complaint: str) -> None:
    read(app, an_article())
    with pytest.raises(ConfigurationError, match=complaint):
        app_steering.mute(app, kind, what, length=None, channel=None)


def test_a_mute_ends(app: App) -> None:
    app_steering.mute(app, "phrase", "count", length="12h", channel=None)
    with app.store.read() as c:
        held = [mute.what for _, mute in steering.mutes(c, NOW + timedelta(hours=11))]
        assert (held, steering.mutes(c, NOW + timedelta(hours=13))) == (["count"], [])


def test_following_what_is_no_story_is_refused(app: App) -> None:
    with pytest.raises(ConfigurationError, match="no such story"):
        app_steering.follow(app, 77, channel=None, on=True)


def test_a_followed_story_is_told_at_once_where_breaking_ones_are_not(app: App) -> None:
    quiet = app.settings.model_copy(update={"channels": {"desk": ChannelSettings(breaking=False)}})
    app = replace(app, settings=quiet)
    (one,) = read(app, an_article())
    assert announce(app).promised == []
    app_steering.follow(app, story(app, one), channel=None, on=True)
    assert [key.partition(":")[0] for key in announce(app).promised] == ["breaking"]
    assert announce(app).promised == []
