"""An article that opened what it told within an older story leaves that one when the next report of it comes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sovwatch import judge as judging
from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app import steering as app_steering
from sovwatch.app.foretelling import would_decide
from sovwatch.app.running import judge_all
from sovwatch.app.telling import digest
from sovwatch.model import Article, Dated, Precision, SeedVerdict
from sovwatch.store import articles, history, placing, queue, steering
from sovwatch.stories import Opens
from spiders import trial
from tests.builders import NOW, an_article

RULING = (
    (
        "Judge lets separation petition stand in Lethbridge",
        """A judge in Lethbridge ruled on Sunday that the petition of the Foothills Assembly for a vote on Alberta's
        separation may go ahead. Justice Ramona Kessler found that the 62,000 signatures were gathered lawfully.""",
    ),
    (
        "Separation petition may go ahead, Lethbridge judge rules",
        """The Foothills Assembly may go on with its petition on Alberta's separation, Justice Ramona Kessler ruled in
        Lethbridge on Sunday. She found nothing wrong with the 62,000 signatures. Three First Nations want to
        appeal.""",
    ),
    (
        "Court in Lethbridge clears petition on leaving Canada",
        """Justice Ramona Kessler has cleared the petition of the Foothills Assembly. The 62,000 signatures for a vote
        on Alberta's separation were gathered lawfully, she said in Lethbridge on Sunday.""",
    ),
    (
        "Kessler clears Foothills petition on Alberta's separation",
        """62,000 signatures are good enough: Justice Ramona Kessler said in Lethbridge on Sunday that the Foothills
        Assembly may go on with its petition for a vote on Alberta's separation.""",
    ),
)
PROMISE = (
    "Premier Odile Harcastle promises a law after ruling",
    """Premier Odile Harcastle promised on Monday to table a Treaty Consent Act within a month, so that no vote on
    Alberta's separation can be held without First Nations. She spoke a day after Justice Ramona Kessler let the
    petition of the Foothills Assembly stand.""",
)
AGAIN = (
    "Harcastle to table Treaty Consent Act",
    """First Nations will have to agree before Albertans are asked about the separation of Alberta, Premier Odile
    Harcastle said in Edmonton on Monday. Her Treaty Consent Act is to be tabled within a month. Chiefs called the
    promise overdue.""",
)

STILL = (
    "Chiefs welcome Harcastle's Treaty Consent Act",
    """Premier Odile Harcastle's Treaty Consent Act, promised in Edmonton on Monday, would have First Nations agree
    before Albertans are asked about separation. It is to be tabled within a month. Chiefs called it overdue.""",
)


def reports(*told: tuple[str, str], hours: int, outlet: str) -> list[Article]:
    """A report of each, an hour apart, each by an outlet of its own."""
    return [
        an_article(
            f"https://{outlet}{n}.example/1",
            outlet=f"{outlet}{n}",
            source=f"{outlet}{n}",
            published=Dated(NOW + timedelta(hours=hours + n), Precision.SECOND, "feed"),
            title=title,
            text=" ".join(text.split()),
        )
        for n, (title, text) in enumerate(told)
    ]


def read(app: App, found: list[Article]) -> list[int]:
    with app.store.write() as c:
        numbers = [articles.remember(c, one, now=NOW, standing="news").article for one in found]
    judge_all(app)
    return numbers


def places(app: App) -> list[tuple[int, str]]:
    """Story and placement of all articles, in the order of arrival."""
    with app.store.read() as c:
        j = t.judgement.c
        return [tuple(row) for row in c.execute(select(j.story, j.placement).order_by(j.article))]


@pytest.fixture
def joined(app: App) -> App:
    """A ruling that four report, and the first report of what followed, which joined it."""
    read(app, reports(*RULING, hours=0, outlet="r"))
    read(app, reports(PROMISE, hours=26, outlet="p"))
    assert places(app) == [(1, "opens"), *[(1, "joins")] * 4]
    return app


def test_it_leaves_when_the_second_report_comes_and_both_are_a_story(joined: App) -> None:
    read(joined, reports(AGAIN, hours=29, outlet="q"))
    assert places(joined) == [(1, "opens"), *[(1, "joins")] * 3, (2, "opens"), (2, "joins")]
    with joined.store.read() as c:
        moved, second = (placing.placed(c, number) for number in (5, 6))
        assert moved is not None
        assert second is not None
        assert moved["why"]["placement"].endswith("; went on to story 2 from story 1")
        assert "an article of another story belongs more with it: they are story 2 now" in second["why"]["placement"]
        assert placing.related_stories(c, 2) == [1]


def test_what_was_told_of_it_goes_along_so_that_it_is_not_told_again(joined: App) -> None:
    digest(joined, only_due=False)
    read(joined, reports(AGAIN, hours=29, outlet="q"))
    with joined.store.read() as c:
        told = history.history(c, "desk", [1, 2])
        assert {story: history.articles for story, history in told.items()} == {1: (1, 2, 3, 4), 2: (5,)}
        assert [(row.article, row.story) for row in c.execute(select(t.news))] == [(6, 2)]


def test_its_copies_go_along(joined: App) -> None:
    read(joined, reports(PROMISE, hours=27, outlet="c"))
    assert places(joined)[-1] == (1, "copy")
    read(joined, reports(AGAIN, hours=29, outlet="q"))
    assert places(joined)[-3:] == [(2, "opens"), (2, "copy"), (2, "joins")]


@pytest.mark.parametrize("said", ["muted", "put there"])
def test_it_stays_where_people_want_it(joined: App, said: str) -> None:
    if said == "muted":
        app_steering.mute(joined, "story", "1", length=None, channel=None)
    else:
        new = app_steering.split(joined, "https://p0.example/1")
        app_steering.merge(joined, new, 1)
    read(joined, reports(AGAIN, hours=29, outlet="q"))
    assert places(joined)[4][0] == 1
    assert places(joined)[5][1] == "opens"


def test_the_next_in_line_opens_a_story_that_its_first_has_left(joined: App) -> None:
    with joined.store.write() as c:
        assert steering.gather(c, None, (), [1], joined.now()) == 2
    assert places(joined)[:3] == [(2, "opens"), (1, "opens"), (1, "joins")]


def test_judging_all_again_moves_nothing(joined: App) -> None:
    read(joined, reports(AGAIN, hours=29, outlet="q"))
    before = places(joined)
    with joined.store.write() as c:
        c.execute(t.article.update().values(pending=True))
    judge_all(joined)
    assert places(joined) == before


def test_what_no_longer_belongs_with_a_story_that_grew_leaves_it_when_the_next_report_comes(app: App) -> None:
    """The ruling was alone with the promise that followed it; the more tell of that, the less it belongs there."""
    read(app, reports(RULING[2], hours=4, outlet="r"))
    read(app, reports(PROMISE, AGAIN, hours=26, outlet="p"))
    assert places(app) == [(1, "opens"), (1, "joins"), (1, "joins")]
    digest(app, only_due=False)
    read(app, reports(STILL, hours=30, outlet="q"))
    assert places(app) == [(2, "opens"), (1, "opens"), (1, "joins"), (1, "joins")]
    with app.store.read() as c:
        assert placing.related_stories(c, 1) == [2]
        told = history.history(c, "desk", [1, 2])
        assert {story: history.articles for story, history in told.items()} == {1: (2, 3), 2: (1,)}
        assert [(row.article, row.story) for row in c.execute(select(t.news))] == [(4, 1)]


def edited(app: App, number: int, title: str, text: str) -> None:
    with app.store.write() as c:
        c.execute(
            t.article.update()
            .where(t.article.c.id == number)
            .values(pending=True, title=title, text=" ".join(text.split()), revision=t.article.c.revision + 1)
        )
    judge_all(app)


def copies(app: App) -> dict[int, tuple[int, int]]:
    """Of each copy its story and what it copies."""
    with app.store.read() as c:
        j = t.judgement.c
        rows = c.execute(select(j.article, j.story, j.copy_of).where(j.copy_of.is_not(None)))
        return {article: (story, of) for article, story, of in rows}


def test_an_article_that_was_off_topic_for_a_while_comes_back_to_its_copies_and_copies_none_of_them(app: App) -> None:
    read(app, reports(RULING[0], hours=0, outlet="r"))
    read(app, reports(RULING[0], hours=1, outlet="c"))
    assert copies(app) == {2: (1, 1)}
    edited(app, 1, "Snow is on its way", "It will snow. " * 9)
    edited(app, 1, *RULING[0])
    assert copies(app) == {2: (1, 1)}
    assert places(app)[0] == (1, "opens")


def test_copies_of_what_became_a_copy_go_along_with_what_that_copies(app: App) -> None:
    read(app, reports(RULING[0], RULING[1], hours=0, outlet="r"))
    read(app, reports(RULING[1], hours=4, outlet="c"))
    assert copies(app) == {3: (1, 2)}
    edited(app, 2, *RULING[0])
    assert copies(app) == {2: (1, 1), 3: (1, 2)}
    read(app, reports(RULING[2], hours=5, outlet="x"))
    with app.store.write() as c:
        assert steering.gather(c, None, (), [1], app.now()) == 2
    assert [story for story, _ in places(app)] == [2, 2, 2, 1]


def test_what_moves_on_is_found_where_it_was_told(joined: App) -> None:
    """A long digest lands in parts: the story that an article opens stood in the part of the one that it left."""
    (key,) = digest(joined, only_due=False).promised
    outbox = queue.SqlQueue(joined.store)
    outbox.advance(1, at=NOW, remote="1", link="https://slack.example/1", done=False)
    outbox.advance(1, at=NOW, remote="2", link="https://slack.example/2", done=True, stories=[1])
    read(joined, reports(AGAIN, hours=29, outlet="q"))
    with joined.store.read() as c:
        assert queue.link(c, key, 2) == "https://slack.example/2"
        assert queue.link(c, key, 1) == "https://slack.example/2"


def test_what_folds_under_the_first_copy_of_a_seed_changes_no_story(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    read(app, reports(RULING[0], hours=0, outlet="r"))
    read(app, reports(PROMISE, hours=90, outlet="p"))
    before = places(app)
    with app.store.write() as c:
        c.execute(t.judgement.update().where(t.judgement.c.article == 1).values(seed="card", relation="copy"))
    monkeypatch.setattr(judging, "against_seeds", lambda *_: SeedVerdict("card", "copy", "its wording"))
    monkeypatch.setattr(judging, "place", lambda *_: Opens(2, None, "", takes=(2,)))
    read(app, reports(AGAIN, hours=100, outlet="q"))
    assert places(app) == [*before, (1, "copy")]


def test_a_copy_that_was_split_off_is_found_by_the_next_report_of_what_it_tells(app: App) -> None:
    read(app, reports(RULING[0], hours=0, outlet="r"))
    read(app, reports(RULING[0], hours=1, outlet="c"))
    assert app_steering.split(app, "https://c0.example/1") == 2
    (three,) = read(app, reports(RULING[1], hours=2, outlet="x"))
    with app.store.read() as c:
        placed = placing.placed(c, three)
        assert placed is not None
        assert {placed["story"], *placing.related_stories(c, placed["story"])} == {1, 2}


def test_what_it_would_add_is_said_beside_those_that_it_would_take_along(
    joined: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    title, text = AGAIN
    (article,) = reports((title, f"{text} It would cost Alberta 40 million dollars."), hours=29, outlet="q")
    monkeypatch.setattr(trial, "read_one", lambda *_, **__: (article, ""))
    said = list(would_decide(joined, article.url))
    (number,) = read(joined, [article])
    assert "It would take along articles of other stories that belong more with it: 1." in said
    with joined.store.read() as c:
        placed = placing.placed(c, number)
    assert placed is not None
    assert placed["new"]
    assert [line for line in said if line.startswith("It would add")] == [
        f"It would add: {one}" for one in placed["new"]
    ]


def test_the_next_in_line_opens_a_story_whose_first_is_off_topic(app: App) -> None:
    read(app, reports(*RULING[:3], hours=0, outlet="r"))
    edited(app, 1, "Snow is on its way", "It will snow. " * 9)
    assert places(app) == [(None, None), (1, "opens"), (1, "joins")]
