"""The outbox in the database keeps the laws of a queue."""

from datetime import datetime

from sqlalchemy import select

from sovwatch import schema as t
from sovwatch.app.delivering import Outbox
from sovwatch.store import Store, queue, steering
from tests.builders import NOW
from tests.queue_contract import run_queue_contract


def test_the_database_keeps_the_laws_of_a_queue(store: Store) -> None:
    def add(key: str, channel: str, payload: str, at: datetime) -> int:
        with store.write() as c:
            assert queue.promise(c, key, channel, payload, now=at)
            return int(c.execute(select(t.outbox.c.id).where(t.outbox.c.key == key)).scalar_one())

    run_queue_contract(Outbox(store), add)


def test_one_key_is_promised_once(store: Store) -> None:
    with store.write() as c:
        assert queue.promise(c, "digest:desk:1", "desk", "{}", now=NOW)
    with store.write() as c:
        assert not queue.promise(c, "digest:desk:1", "desk", "{}", now=NOW)
    with store.read() as c:
        assert [row["key"] for row in queue.undelivered(c)] == ["digest:desk:1"]


def test_a_story_further_down_a_thread_has_its_own_place(store: Store) -> None:
    with store.write() as c:
        queue.promise(c, "digest:desk:1", "desk", "{}", now=NOW)
        number = int(c.execute(select(t.outbox.c.id)).scalar_one())
    outbox = Outbox(store)
    outbox.advance(number, at=NOW, remote="1.0", link="https://slack.example/p1", done=False)
    outbox.advance(number, at=NOW, remote="1.1", link="https://slack.example/p3", done=False, stories=(7,))
    outbox.advance(number, at=NOW, remote="1.2", link="https://slack.example/p2", done=True, stories=(7, 8))
    with store.read() as c:
        found = [queue.link(c, "digest:desk:1", story) for story in (6, 7, 8)]
        assert found == ["https://slack.example/p1", "https://slack.example/p2", "https://slack.example/p2"]
        assert queue.link(c, "digest:desk:2", 7) is None


def test_a_story_that_went_into_another_before_its_part_arrived_is_found_under_that_one(store: Store) -> None:
    with store.write() as c:
        queue.promise(c, "digest:desk:1", "desk", "{}", now=NOW)
        number = int(c.execute(select(t.outbox.c.id)).scalar_one())
        for story in (1, 2):
            c.execute(t.story.insert().values(id=story, opened=NOW))
        steering.unite(c, 2, 1)
    outbox = Outbox(store)
    outbox.advance(number, at=NOW, remote="1.0", link="https://slack.example/p1", done=False)
    outbox.advance(number, at=NOW, remote="1.1", link="https://slack.example/p2", done=True, stories=(2,))
    with store.read() as c:
        assert queue.link(c, "digest:desk:1", 1) == "https://slack.example/p2"


def test_alerts_are_announced_until_the_next_digest_or_until_they_are_forgotten(store: Store) -> None:
    with store.write() as c:
        for key in ("breaking:desk:1", "digest:desk:1", "breaking:desk:2", "reply:desk:3", "notice:desk:1"):
            queue.promise(c, key, "desk", key, now=NOW)
        assert queue.since_digest(c, "desk") == ["breaking:desk:2", "reply:desk:3"]
        c.execute(t.outbox.update().where(t.outbox.c.key == "breaking:desk:2").values(payload=""))  # retention
        assert queue.since_digest(c, "desk") == ["reply:desk:3"]


def test_what_was_dropped_waits_no_more_and_holds_up_nothing(store: Store) -> None:
    with store.write() as c:
        for channel in ("gone", "desk"):
            queue.promise(c, f"digest:{channel}:1", channel, "{}", now=NOW)
        assert queue.drop(c, "gone", NOW) == ["{}"]
        assert [row["key"] for row in queue.undelivered(c)] == ["digest:desk:1"]
