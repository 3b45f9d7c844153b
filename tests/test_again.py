"""Judging the archive again after topics.toml changed: shown first, then done, and old news is not told for it."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.again import again
from sovwatch.app.running import judge_all
from sovwatch.app.telling import digest
from sovwatch.settings import ChannelSettings, Settings, TopicSettings
from sovwatch.store import Store, articles
from tests.builders import NOW, an_article

ALL = {"a": TopicSettings(name="A", match="all")}
OLD, NEW = "https://weekly.example/old", "https://weekly.example/new"


def _app(store: Store, topics: dict[str, TopicSettings], at: datetime = NOW) -> App:
    settings = Settings(home=Path("/nowhere"), clock=at, channels={"desk": ChannelSettings(zone="UTC")}, topics=topics)
    return App(settings, store)


def _archive(store: Store) -> App:
    """Two articles that no topic claimed: one seen three days ago, one just now."""
    for at, article in (
        (NOW - timedelta(days=3), an_article(OLD, title="The old bridge is closed for the winter months")),
        (NOW, an_article(NEW, title="The clerk of the town counts the petition", text="She counts.")),
    ):
        app = _app(store, {}, at)
        digest(app, only_due=True)
        with store.write() as c:
            articles.remember(c, article, now=at, standing="news")
        judge_all(app)
    return _app(store, ALL)


def _on_topic(store: Store) -> int:
    with store.read() as c:
        return int(c.execute(select(func.count()).select_from(t.article_topic)).scalar_one())


def test_a_dry_run_shows_what_would_change_and_changes_nothing(store: Store) -> None:
    app = _archive(store)
    shown = again(app, dry_run=True)
    assert [(one.url, one.before, one.after) for one in shown] == [(OLD, "off topic", "a"), (NEW, "off topic", "a")]
    assert _on_topic(store) == 0


def test_judging_again_does_what_was_shown_once_and_tells_only_what_is_fresh(store: Store) -> None:
    app = _archive(store)
    shown = again(app, dry_run=True)
    assert again(app, dry_run=False) == shown
    assert _on_topic(store) == 2
    assert again(app, dry_run=False) == []
    with store.read() as c:
        owed = c.execute(select(t.article.c.url).join(t.news, t.news.c.article == t.article.c.id)).scalars().all()
    assert owed == [NEW]
