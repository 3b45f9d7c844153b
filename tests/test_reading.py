"""A story's own articles, and those that opened one, are told without copies, on both databases."""

from sovwatch.app import App
from sovwatch.app.running import judge_all
from sovwatch.store import articles, reading
from tests.builders import NOW, an_article


def test_copies_are_neither_a_storys_own_articles_nor_openers(app: App) -> None:
    with app.store.write() as c:
        for n in (1, 2):
            read = an_article(f"https://paper-{n}.example/a", outlet=f"Paper {n}")
            articles.remember(c, read, now=NOW, standing="news")
    assert judge_all(app).placements == {"opens": 1, "copy": 1}
    with app.store.read() as c:
        first = ["https://paper-1.example/a"]
        assert [row["url"] for row in reading.articles_of(c, 1)] == first
        assert [row["url"] for row in reading.openers(c, 9)] == first
