"""What `status` counts is what it says, on both databases."""

from datetime import timedelta

from sqlalchemy import update

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.running import judge_all
from sovwatch.app.telling import digest
from sovwatch.model import Article, Dated, Precision
from sovwatch.standing import Standing
from sovwatch.store import articles, overview, steering
from tests.builders import NOW, an_article

HOUR = timedelta(hours=1)
BRIDGE = "The bridge over the creek at Hartwell opened on Monday after two years of work, the town's mayor said."


def read(app: App, number: int, standing: Standing = "news", **changes: object) -> int:
    article: Article = an_article(f"https://paper-{number}.example/a", outlet=f"Paper {number}", **changes)
    with app.store.write() as c:
        return articles.remember(c, article, now=NOW, standing=standing).article


def test_what_is_off_topic_and_stories_that_went_into_others_do_not_count(app: App) -> None:
    read(app, 1)
    read(app, 2, title="Quebec sovereignty vote in 2028, party says", text="A vote on Quebec sovereignty is promised.")
    read(app, 3, title="Bridge opens in Hartwell", text=BRIDGE)
    judge_all(app)
    with app.store.write() as c:
        assert overview.since(c, NOW) == overview.Week(read=3, on_topic=2, stories=2)
        steering.unite(c, 2, 1)
        assert overview.since(c, NOW) == overview.Week(read=3, on_topic=2, stories=1)
        assert overview.since(c, NOW + HOUR) == overview.Week(0, 0, 0)
        assert overview.archive(c) == overview.Archive(articles=3, pending=0)


def test_only_news_on_topic_that_is_dated_to_the_second_tells_how_fast_it_was_seen(app: App) -> None:
    day = Dated(NOW - 12 * HOUR, Precision.DAY, "feed")
    read(app, 1)
    read(app, 2, "memory", published=Dated(NOW - 70 * 24 * HOUR, Precision.SECOND, "feed"))
    read(app, 3, published=day)
    read(app, 4, title="Bridge opens in Hartwell", text=BRIDGE)
    judge_all(app)
    with app.store.read() as c:
        assert overview.published_to_seen(c, NOW) == [HOUR]


def test_only_the_first_telling_of_a_story_tells_how_fast_it_was_told(app: App) -> None:
    read(app, 1)
    judge_all(app)
    digest(app, only_due=False)
    with app.store.write() as c:
        assert overview.seen_to_told(c, NOW) == [], "not delivered yet"
        c.execute(update(t.outbox).values(delivered_at=NOW + HOUR))
        assert overview.seen_to_told(c, NOW) == [HOUR]
        c.execute(update(t.told).values(how="update"))
        assert overview.seen_to_told(c, NOW) == []
