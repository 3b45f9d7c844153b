"""What is known already, read once however many reports are measured over it."""

import pytest

from sovwatch.app import App
from sovwatch.app.drafting import Draft, reader_of
from sovwatch.app.running import judge_all
from sovwatch.known import Memory
from sovwatch.novelty import additions
from sovwatch.similarity import Fingerprint
from sovwatch.store import articles
from tests.builders import NOW, an_article
from tests.test_newness import OLD, print_of, said_in
from tests.test_telling import app

__all__ = ["app"]

LATER = (
    "The council of Marlow Falls fined a firm $40,000 on Tuesday. Mayor Ada Strand spoke of roads.",
    "A firm was fined $40,000 by the council. Clerk Tomas Reyes wants the bridge on Dove Street inspected.",
    "Clerk Tomas Reyes wants the bridge inspected. It will close on May 4 for at least 200 trucks a day.",
    "The council of Marlow Falls fined a firm $40,000. It voted to ban trucks from May 4 on.",
)


def test_articles_taken_in_one_by_one_are_known_as_if_all_were_known_at_once() -> None:
    """What one of them told is not kept by itself: another may have been muted."""
    memory, known = Memory([print_of("", OLD)]), [print_of("", OLD)]
    for text in LATER:
        for _ in "ab":
            assert additions(said_in("", text), memory) == additions(said_in("", text), known)
        memory.add(print_of("", text))
        known.append(print_of("", text))
    assert additions(said_in("", LATER[1]), memory) == ()


def test_each_report_that_waits_is_read_once_for_those_after_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four hundred reprints in one story each was read again for each after it."""
    with app.store.write() as c:
        for number in range(12):
            url, outlet = f"https://o{number}.example/1", f"O{number}"
            articles.remember(c, an_article(url, outlet=outlet, source=outlet), now=NOW, standing="news")
    judge_all(app)
    read: list[Fingerprint] = []
    add = Memory.add

    def counted(memory: Memory, fp: Fingerprint) -> None:
        read.append(fp)
        add(memory, fp)

    monkeypatch.setattr(Memory, "add", counted)
    with app.store.read() as c:
        (story,) = Draft(app, c, reader_of(app, "desk"), NOW).stories
    assert (len(story.reports), len(read)) == (12, 12 + 3), "the two seeds, and the headline that leads, are known"
