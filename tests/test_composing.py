"""Composing beside judges on PostgreSQL: they need not wait, and what they place meanwhile is told as it stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, select, text

from alerts.promise import unpack
from sovwatch import schema as t
from sovwatch.app import App, telling
from sovwatch.app.drafting import Draft
from sovwatch.app.running import judge_all
from sovwatch.store import articles, placing, queue, steering
from tests.builders import NOW, an_article
from tests.conftest import _create
from tests.shipped import shipped_app

OTHER = """GASPÉ – A town council on the coast wants Quebec to leave Canada.
It voted for that by 5 to 2. Its mayor, Perrin Oakhollow, said that Quebec independence was the only way
to keep the rink open."""


@pytest.fixture
def app(postgres: str, migrated: str) -> Iterator[App]:
    """A house on PostgreSQL with two untold stories."""
    with shipped_app(_create(postgres, migrated)) as opened:
        with opened.store.write() as c:
            articles.remember(c, an_article(), now=NOW, standing="news")
            council = an_article(
                "https://fen-post.example/1", outlet="Fen Post", text=OTHER, title="Council votes to leave"
            )
            articles.remember(c, council, now=NOW, standing="news")
        judge_all(opened)
        with opened.store.read() as c:
            assert list(c.execute(select(t.story.c.id).order_by(t.story.c.id)).scalars()) == [1, 2]
        yield opened


def meanwhile(monkeypatch: pytest.MonkeyPatch, app: App, happens: Callable[[Connection], object]) -> list[bool]:
    """Let something happen, once, after a draft was gathered and before its transaction is alone; tells how often."""
    happened: list[bool] = []
    alone = placing.alone

    def interrupted(c: Connection) -> None:
        if not happened:
            happened.append(True)
            with app.store.write() as other:
                happens(other)
        alone(c)

    monkeypatch.setattr(placing, "alone", interrupted)
    return happened


def told(app: App) -> set[tuple[int, int, str]]:
    d = t.told.c
    with app.store.read() as c:
        return {tuple(row) for row in c.execute(select(d.article, d.story, d.how))}


def test_stories_made_one_while_their_digest_is_gathered_are_told_as_one(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened = meanwhile(monkeypatch, app, lambda c: steering.unite(c, 2, 1))
    telling.digest(app, only_due=False)

    assert happened == [True]
    assert told(app) == {(1, 1, "new"), (2, 1, "named")}


def test_an_article_that_is_withdrawn_meanwhile_is_not_told(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, app, lambda c: c.execute(delete(t.news).where(t.news.c.article == 2)))
    telling.digest(app, only_due=False)

    assert told(app) == {(1, 1, "new")}


def test_what_was_told_of_a_story_that_joins_meanwhile_is_known(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second story was told before; the first becomes part of it."""
    with app.store.write() as c:
        c.execute(delete(t.news).where(t.news.c.article == 1))
    telling.digest(app, only_due=False)
    with app.store.write() as c:
        c.execute(t.news.insert().values(channel="desk", article=1, revision=0, story=1, since=NOW))
    meanwhile(monkeypatch, app, lambda c: steering.unite(c, 2, 1))
    later = App(app.settings.model_copy(update={"clock": NOW + timedelta(hours=1)}), app.store)
    telling.digest(later, only_due=False)

    assert told(app) == {(2, 1, "new"), (1, 1, "update")}


def test_an_edit_that_is_judged_meanwhile_is_told_as_it_stands(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The article is owed as it was before, so that the edit would be told by nothing later."""
    edited = replace(an_article(), text=an_article().text.replace("61,300", "58,900"))

    def judged(c: Connection) -> None:
        articles.remember(c, edited, now=NOW + timedelta(hours=1), standing="news")
        c.commit()
        judge_all(app)

    meanwhile(monkeypatch, app, judged)
    (key,) = telling.digest(app, only_due=False, channels=["desk"]).promised
    with app.store.read() as c:
        lines = " ".join(line for item in unpack(queue.payload(c, key)).items for line in item.lines)
    assert ("61,300" in lines, "58,900" in lines) == (False, True)


@pytest.mark.parametrize("step", ["digest", "announce"])
def test_a_judge_may_place_while_a_draft_is_gathered(app: App, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The advisory lock of placing is free then: another connection can take it, and finds it taken afterwards."""
    free: list[bool] = []

    def asked(then: Callable[..., object]) -> Callable[..., object]:
        def first(*given: object) -> object:
            with app.store.write() as c:
                free.append(bool(c.execute(text(f"SELECT pg_try_advisory_xact_lock({placing.PLACING})")).scalar_one()))
            return then(*given)

        return first

    monkeypatch.setattr(Draft, "_story", asked(Draft._story))
    monkeypatch.setattr(Draft, "stands", asked(Draft.stands))
    if step == "digest":
        telling.digest(app, only_due=False)
    else:
        telling.announce(app)

    assert free == [True, True, False]
