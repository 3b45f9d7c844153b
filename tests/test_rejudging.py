"""What is judged again although nobody changed it, on both databases."""

import pytest
from sqlalchemy import update

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.again import again
from sovwatch.app.running import judge_all
from sovwatch.store import Store, articles, rejudging
from tests.builders import NOW, an_article


def test_what_waits_or_has_no_text_any_more_is_not_judged_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejudging, "PAGE", 1)
    numbers = []
    with store.write() as c:
        for n in range(4):
            read = an_article(f"https://paper-{n}.example/a", outlet=f"Paper {n}")
            numbers.append(articles.remember(c, read, now=NOW, standing="news").article)
        a = t.article
        c.execute(update(a).where(a.c.id != numbers[0]).values(pending=False))
        c.execute(update(a).where(a.c.id == numbers[1]).values(text=None))
    assert [row["id"] for row in rejudging.judged_texts(store)] == numbers[2:]


def test_judging_says_how_many_of_how_many(app: App) -> None:
    with app.store.write() as c:
        for n in range(3):
            articles.remember(c, an_article(f"https://paper-{n}.example/a", outlet=f"{n}"), now=NOW, standing="news")
    said: list[tuple[str, int, int | None]] = []

    def note(what: str, done: int, of: int | None) -> None:
        said.append((what, done, of))

    judge_all(app, note)
    again(app, dry_run=True, progress=note)

    judged = [("judging", n, 3) for n in (1, 2, 3)]
    assert said == [*judged, *(("judging again", n, 3) for n in (1, 2, 3))]
