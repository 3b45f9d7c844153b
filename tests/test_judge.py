"""Judging through the database: what is placed, held back, owed; judging twice changes nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from sovwatch import judge as judging
from sovwatch import schema as t
from sovwatch.app.opening import read_cards
from sovwatch.demo.coverage import load as load_week
from sovwatch.judge import Bench, judge
from sovwatch.model import Article, Dated
from sovwatch.relevance import compile_topics
from sovwatch.similarity import SCHEME, Fingerprint
from sovwatch.standing import Standing
from sovwatch.store import Store, articles, candidates, open_store, placing, retention, telling
from sovwatch.stored import Row, fingerprint_of
from tests.builders import NOW, an_article
from tests.shipped import shipped_settings

TITLE = "Petition for an Alberta independence vote passes its first count"
HOCKEY = "The home side lost in overtime for the third game in a row, and the coach blamed a tired defence."


@pytest.fixture(scope="module")
def bench() -> Bench:
    topics = shipped_settings().topics
    return Bench(compile_topics(topics), (), {"desk": frozenset(topics)})


def read(store: Store, article: Article, standing: Standing = "news", now: datetime = NOW) -> int:
    with store.write() as c:
        return articles.remember(c, article, now=now, standing=standing).article


def judge_all(store: Store, bench: Bench) -> None:
    for _ in judge(store, bench, now=NOW):
        pass


def everything(store: Store) -> dict[str, list[Any]]:
    """All that judging writes, but the time of judging."""
    with store.read() as c:
        tables = (t.judgement, t.article_topic, t.copy_key, t.story_key, t.story, t.news)
        return {
            table.name: sorted(
                str({k: v for k, v in row.items() if k not in {"judged", "since"}})
                for row in c.execute(select(table)).mappings()
            )
            for table in tables
        }


def owed(store: Store, now: datetime = NOW) -> list[int]:
    with store.read() as c:
        return [one.row["id"] for rows in telling.owed(c, "desk", now).values() for one in rows]


def test_off_topic_is_judged_and_owed_to_nobody(store: Store, bench: Bench) -> None:
    number = read(store, an_article(title="Overtime loss again", text=HOCKEY))
    judge_all(store, bench)
    with store.read() as c:
        row = placing.placed(c, number)
    assert row is not None
    assert (row["placement"], row["story"], row["fingerprint"]) == (None, None, None)
    assert owed(store) == []


def test_each_of_two_judges_takes_its_share_and_they_meet_in_one_story(store: Store, bench: Bench) -> None:
    first = read(store, an_article())
    reprint = read(
        store, an_article("https://echo.example/r", outlet="Echo", source="echo", title="Petition count goes on")
    )
    taken = []
    for part in (first % 2, reprint % 2):
        for _ in judge(store, bench, now=NOW, share=placing.Share(part, 2)):
            pass
        with store.read() as c:
            taken.append([row["id"] for row in placing.pending(c, 9)])
            placements = [row["placement"] for n in (first, reprint) if (row := placing.placed(c, n)) is not None]

    assert taken == [[reprint], []]
    assert placements == ["opens", "copy"]


def test_a_reprint_is_a_copy_in_the_story_of_its_first(store: Store, bench: Bench) -> None:
    first = read(store, an_article())
    reprint = read(
        store, an_article("https://echo.example/r", outlet="Echo", source="echo", title="Petition count goes on")
    )
    judge_all(store, bench)
    with store.read() as c:
        one, two = placing.placed(c, first), placing.placed(c, reprint)
    assert one is not None
    assert two is not None
    assert (one["placement"], two["placement"]) == ("opens", "copy")
    assert (two["copy_of"], two["story"]) == (first, one["story"])
    assert owed(store) == [first, reprint]


def test_what_shares_wording_is_known_with_its_story(store: Store, bench: Bench) -> None:
    first = read(store, an_article())
    judge_all(store, bench)
    with store.read() as c:
        row = placing.placed(c, first)
        assert row is not None
        found = candidates.copy_candidates(c, Fingerprint.unpack(row["fingerprint"]).copy_keys(), but=0)
    assert [(member.article, member.story) for member in found] == [(first, row["story"])]


def test_judging_again_changes_nothing(store: Store, bench: Bench) -> None:
    read(store, an_article())
    read(store, an_article("https://echo.example/r", outlet="Echo", source="echo", title="Petition count goes on"))
    judge_all(store, bench)
    before = everything(store)
    with store.write() as c:
        c.execute(t.article.update().values(pending=True))
    judge_all(store, bench)
    assert everything(store) == before


def test_memory_is_judged_and_owed_to_nobody(store: Store, bench: Bench) -> None:
    number = read(store, an_article(), standing="memory")
    judge_all(store, bench)
    with store.read() as c:
        row = placing.placed(c, number)
    assert row is not None
    assert row["placement"] == "opens"
    assert owed(store) == []


@pytest.mark.parametrize(
    ("standing", "days", "placement"), [("news", 0, "joins"), ("news", 12, "opens"), ("memory", 0, "opens")]
)
def test_news_without_a_date_is_of_the_day_it_was_first_seen(
    store: Store, bench: Bench, standing: Standing, days: int, placement: str
) -> None:
    """Listings often give none; what stood there before the first reading may be of any day."""
    read(store, an_article())
    undated = an_article(
        "https://echo.example/boxes",
        title="Referendum campaign counts its boxes",
        text="The campaign for an Alberta independence referendum counted its first boxes of names on Tuesday, and a "
        "rival group is not convinced.",
        published=None,
    )
    number = read(store, undated, standing, now=NOW + timedelta(days=days))
    judge_all(store, bench)
    with store.read() as c:
        row = placing.placed(c, number)
    assert row is not None
    assert row["placement"] == placement


def test_decisions_stand_without_the_texts(store: Store, bench: Bench) -> None:
    """Retention deletes texts; what comes later is placed as if they were there."""
    first = read(store, an_article())
    judge_all(store, bench)
    with store.write() as c:
        c.execute(t.article.update().values(text=None, summary=None))
    reprint = read(
        store, an_article("https://echo.example/r", outlet="Echo", source="echo", title="Petition count goes on")
    )
    judge_all(store, bench)
    with store.read() as c:
        row = placing.placed(c, reprint)
    assert row is not None
    assert (row["placement"], row["copy_of"]) == ("copy", first)


def test_a_corrected_figure_is_owed_and_an_unchanged_claim_is_not(store: Store, bench: Bench) -> None:
    number = read(store, an_article())
    judge_all(store, bench)
    with store.write() as c:
        telling.enrol(c, "desk", NOW)
        telling.take_out(c, "desk", [(number, 0, 0)], 1, "new", "digest:desk:1", NOW)
    text = an_article().text
    read(store, an_article(text=text.replace("people signed.", "people signed the sheets.")))
    judge_all(store, bench)
    assert owed(store) == []
    read(store, an_article(text=text.replace("61,300", "58,200")))
    judge_all(store, bench)
    with store.read() as c:
        [change] = [one for rows in telling.owed(c, "desk", NOW).values() for one in rows]
    assert (change.row["id"], change.change) == (number, "corrected")
    assert any("58,200" in line for line in change.lines)


def test_an_article_of_another_week_opens_its_own_story(store: Store, bench: Bench) -> None:
    first = an_article()
    assert first.published is not None
    later = Dated(first.published.at + timedelta(days=30))
    one = read(store, first)
    two = read(
        store,
        replace(
            first,
            url="https://echo.example/later",
            outlet="Echo",
            source="echo",
            published=later,
            title="Albertans rally for independence at the legislature",
            text="About 900 people rallied for Alberta independence in Edmonton, police said.",
        ),
    )
    judge_all(store, bench)
    with store.read() as c:
        stories = [row["story"] for number in (one, two) if (row := placing.placed(c, number)) is not None]
    assert len(set(stories)) == 2


def test_an_article_edited_before_it_was_told_is_owed_once_and_one_that_vanished_not_at_all(
    store: Store, bench: Bench
) -> None:
    number = read(store, an_article())
    judge_all(store, bench)
    read(store, an_article(text=an_article().text.replace("61,300", "58,200")))
    judge_all(store, bench)
    with store.read() as c:
        [once] = [one for rows in telling.owed(c, "desk", NOW).values() for one in rows]
    assert (once.row["id"], once.change, "58,200" in once.row["text"]) == (number, "", True)
    for hours in (1, 13):
        read(store, an_article(gone=True), now=NOW + timedelta(hours=hours))
    judge_all(store, bench)
    assert owed(store) == []


def test_what_is_missing_before_it_was_told_waits_for_its_page_and_not_for_ever(store: Store, bench: Bench) -> None:
    number, hour = read(store, an_article()), timedelta(hours=1)
    judge_all(store, bench)
    read(store, an_article(gone=True), now=NOW + hour)
    assert [owed(store, later) for later in (NOW + hour, NOW + 36 * hour, NOW + 37 * hour)] == [[], [], [number]]
    read(store, an_article(), now=NOW + 2 * hour)
    assert owed(store, NOW + 2 * hour) == [number]


def test_what_was_never_had_is_waited_for_a_little_and_then_told_from_its_listing(store: Store, bench: Bench) -> None:
    """A publisher may answer 404 to all readers but people."""
    never, hour = an_article(page="refused", gone=True), timedelta(hours=1)
    number = read(store, never)
    judge_all(store, bench)
    assert [owed(store, NOW + n * hour) for n in (0, 1, 2)] == [[], [], [number]]
    read(store, never, now=NOW + 20 * hour)
    judge_all(store, bench)
    assert owed(store, NOW + 20 * hour) == [number]


def test_what_becomes_relevant_by_an_edit_is_owed(store: Store, bench: Bench) -> None:
    number = read(store, an_article(title="Minister speaks", text="The minister spoke on Tuesday.", page="refused"))
    judge_all(store, bench)
    assert owed(store) == []
    read(store, an_article())
    judge_all(store, bench)
    assert owed(store) == [number]


def test_an_edit_does_not_bring_old_articles_to_a_new_channel(store: Store, bench: Bench) -> None:
    read(store, an_article())
    judge_all(store, bench)
    late = replace(bench, channels={"late": frozenset({"alberta"})})
    with store.write() as c:
        telling.enrol(c, "late", NOW + timedelta(hours=1))
    read(store, an_article(text=an_article().text.replace("61,300", "58,200")))
    judge_all(store, late)
    with store.read() as c:
        assert telling.owed(c, "late", NOW) == {}


def test_an_edit_of_what_another_version_judged_is_judged_and_corrects_nothing(store: Store, bench: Bench) -> None:
    number = read(store, an_article())
    judge_all(store, bench)
    with store.write() as c:
        packed = c.execute(select(t.judgement.c.fingerprint)).scalar_one()
        other = replace(Fingerprint.unpack(packed), scheme=250)
        c.execute(t.judgement.update().values(scheme=250, fingerprint=other.pack()))
    read(store, an_article(text=an_article().text.replace("61,300", "58,200")))
    judge_all(store, bench)
    with store.read() as c:
        row = placing.placed(c, number)
        assert row is not None
        assert (row["scheme"], row["placement"]) == (SCHEME, "opens")


@pytest.mark.slow
def test_deleting_texts_changes_no_later_decision(store: Store, tmp_path: Path) -> None:
    """The demo's week is judged twice: with all texts kept, and with every text deleted as soon as it is judged."""
    settings = shipped_settings()
    topics = compile_topics(settings.topics)
    benches = [Bench(topics, read_cards(settings.seeds_folder), {"desk": frozenset(settings.topics)}) for _ in "ab"]
    kept = open_store(f"sqlite:///{tmp_path / 'kept.sqlite'}")
    week = load_week()
    for dispatch in sorted(week.dispatches.values(), key=lambda one: (one.published, one.id)):
        article = Article(
            url=week.url(dispatch),
            title=dispatch.title,
            text="\n\n".join(dispatch.paragraphs),
            outlet=week.outlets[dispatch.outlet].name,
            language=week.outlets[dispatch.outlet].language,
            published=Dated(dispatch.published),
        )
        for each, bench in zip((kept, store), benches, strict=True):
            read(each, article)
            judge_all(each, bench)
        with store.write() as c:
            retention.forget_texts(c, NOW - timedelta(days=1), NOW + timedelta(days=1))
    with store.read() as c:
        assert not c.execute(select(t.article.c.id).where(t.article.c.text.is_not(None))).first()
    mine, theirs = everything(store), everything(kept)
    kept.close()
    assert len(mine["judgement"]) == len(week.dispatches)
    assert mine == theirs


def test_an_article_that_cannot_be_judged_stops_no_other_and_is_judged_once_it_can(
    store: Store, bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = read(store, an_article("https://prairie-ledger.example/1"))
    second = read(store, an_article("https://x.example/2", title="Quite another title of some words", outlet="X"))

    def of_all_but_the_first(row: Row) -> Fingerprint:
        if row["id"] == first:
            raise ZeroDivisionError("a bug of ours")
        return taken(row)

    taken = fingerprint_of
    with monkeypatch.context() as patch:
        patch.setattr(judging, "fingerprint_of", of_all_but_the_first)
        reports = [replace(report) for report in judge(store, bench, now=NOW)]

    assert [(report.judged, report.failed) for report in reports] == [(0, 1), (1, 1)]
    assert "https://prairie-ledger.example/1" in caplog.text
    assert "a bug of ours" in caplog.text
    assert owed(store) == [second]
    judge_all(store, bench)
    assert sorted(owed(store)) == [first, second]


def test_what_was_edited_or_judged_since_it_was_read_is_left_to_the_next_look(store: Store, bench: Bench) -> None:
    read(store, an_article())
    with store.read() as c:
        (row,) = placing.pending(c, 9)
    read(store, an_article(title="Petition for an Alberta independence vote fails its first count"))
    assert judging.judge_one(store, row, bench, now=NOW) is None
    with store.read() as c:
        (edited,) = placing.pending(c, 9)
        assert placing.placed(c, row["id"]) is None
    assert judging.judge_one(store, edited, bench, now=NOW) is not None
    before = everything(store)
    assert judging.judge_one(store, edited, bench, now=NOW) is None
    assert everything(store) == before


def test_what_vanished_before_anybody_was_owed_it_is_owed_to_nobody(store: Store) -> None:
    number = read(store, an_article())
    with store.write() as c:
        row = {"id": number, "revision": 1, "first_seen": NOW}
        telling.owe(c, "desk", row, "withdrawn", 1, now=NOW)
        assert telling.owing(c) == set()


def test_what_an_edit_takes_off_topic_before_it_is_told_is_owed_to_nobody(store: Store, bench: Bench) -> None:
    number = read(store, an_article())
    judge_all(store, bench)
    assert owed(store) == [number]
    read(store, an_article(title="Home side loses again", text=HOCKEY))
    judge_all(store, bench)
    with store.read() as c:
        assert telling.owing(c) == set()


def test_a_copy_of_a_copy_is_folded_under_the_first(store: Store, bench: Bench) -> None:
    said = [" ".join(f"Word{sentence}x{word}" for word in range(12)) + "." for sentence in range(20)]
    wordings = (said[:10], [*said[3:10], *said[10:14]], said[7:14])  # the third has little of the first
    first, second, third = (
        read(
            store,
            an_article(
                f"https://{name}.example/1", outlet=name, source=name, title=f"{TITLE} ({name})", text=" ".join(text)
            ),
        )
        for name, text in zip(("one", "two", "three"), wordings, strict=True)
    )
    judge_all(store, bench)
    with store.read() as c:
        placed = [placing.placed(c, number) for number in (first, second, third)]
    assert [(row["placement"], row["copy_of"]) for row in placed if row] == [
        ("opens", None),
        ("copy", first),
        ("copy", first),
    ]
