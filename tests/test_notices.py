"""Operators are told once that a source is ill, and once more when it is well again."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select, update

from alerts.promise import unpack
from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.collecting import collect
from sovwatch.app.notices import notices
from sovwatch.model import Outcome, SourceRun
from sovwatch.settings import ChannelSettings, Settings, SourceSettings
from sovwatch.store import Store, sources
from tests.builders import NOW

WEEKLY = SourceSettings(id="weekly", url="https://weekly.example/feed", outlet="The Weekly")
CHANNELS = {
    "desk": ChannelSettings(),
    "ops": ChannelSettings(operator=True),
    "technique": ChannelSettings(operator=True, language="fr"),
}
HOUR = timedelta(hours=1)
FRENCH = "a répondu 404, est introuvable (dernière bonne lecture il y a 27\u00a0heures)"


def _app(store: Store, at: datetime) -> App:
    return App(Settings(home=Path("/nowhere"), sources=(WEEKLY,), channels=CHANNELS, clock=at), store)


def _read(
    store: Store, monkeypatch: pytest.MonkeyPatch, at: datetime, outcome: Outcome, detail: str = "", *, entries: int = 0
) -> list[str]:
    """Read the source with that outcome, and give what operators are told then, in the order of their channels."""
    status = 404 if detail else 200
    run = SourceRun(
        source="weekly", started=at, finished=at, outcome=outcome, detail=detail, status=status, entries=entries
    )
    monkeypatch.setattr("spiders.crawl.crawl", lambda due, settings, **_: iter([run]))
    app = _app(store, at)
    collect(app, ["weekly"])
    keys = notices(app)
    with store.read() as c:
        payloads = c.execute(select(t.outbox.c.payload).where(t.outbox.c.key.in_(keys)).order_by(t.outbox.c.id))
        return [line for payload in payloads.scalars() for line in unpack(payload).lines]


def test_an_ill_source_is_told_once_after_a_day_and_once_more_when_it_is_well(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = "answered 404: is not there"
    assert _read(store, monkeypatch, NOW, "fetched") == []
    for hours in (1, 2, 24):
        assert _read(store, monkeypatch, NOW + hours * HOUR, "failed", gone) == []
    assert _read(store, monkeypatch, NOW + 27 * HOUR, "failed", gone) == [
        "The Weekly (weekly) is ill: last read well 27 hours ago: answered 404: is not there.",
        f"The Weekly (weekly) est en panne\u00a0: {FRENCH}.",
    ]
    assert _read(store, monkeypatch, NOW + 60 * HOUR, "failed", gone) == []
    assert _read(store, monkeypatch, NOW + 61 * HOUR, "fetched") == [
        "The Weekly (weekly) is well again.",
        "The Weekly (weekly) fonctionne de nouveau.",
    ]
    assert _read(store, monkeypatch, NOW + 62 * HOUR, "fetched") == []


def test_a_source_that_never_listed_anything_is_told_in_both_languages(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [_read(store, monkeypatch, NOW + hours * HOUR, "fetched") for hours in (0, 24, 40)] == [[], [], []]
    assert _read(store, monkeypatch, NOW + 72 * HOUR, "not modified") == [
        "The Weekly (weekly) is ill: answers, but never listed anything in 3 days.",
        "The Weekly (weekly) est en panne\u00a0: répond, mais n’a jamais rien annoncé en 3\u00a0jours.",
    ]


def test_one_that_listed_only_what_others_brought_before_has_listed_something(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _read(store, monkeypatch, NOW, "fetched", entries=3) == []
    for hours in (24, 40, 72, 96):
        assert _read(store, monkeypatch, NOW + hours * HOUR, "not modified") == []


def test_that_it_listed_something_is_known_after_its_history_is_forgotten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _read(store, monkeypatch, NOW, "fetched", entries=3)
    for days in range(1, 80, 4):
        said += _read(store, monkeypatch, NOW + timedelta(days=days), "not modified")
        with store.write() as c:
            sources.forget_runs(c, ["weekly"], NOW + timedelta(days=days))
    assert said == []


def test_two_notices_of_one_second_are_two(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in (NOW, NOW + HOUR, NOW + 2 * HOUR):
        _read(store, monkeypatch, at, "failed", "answered 404: is not there")
    ill, well = NOW + 27 * HOUR, NOW + 27 * HOUR + timedelta(milliseconds=200)
    said = _read(store, monkeypatch, ill, "failed", "answered 404: is not there")
    said += _read(store, monkeypatch, well, "fetched")
    assert len(set(said)) == 4


def test_an_illness_that_passes_within_the_day_is_told_to_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for hours in range(3):
        assert _read(store, monkeypatch, NOW + hours * HOUR, "failed", "answered 404: is not there") == []
    assert _read(store, monkeypatch, NOW + 30 * HOUR, "fetched") == []


def test_two_that_tell_at_once_say_it_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a fleet does for two channels of operators."""
    _read(store, monkeypatch, NOW, "fetched")
    with store.write() as c:
        c.execute(update(t.source).values(ill_since=NOW, ill_why="answered 404: is not there"))
    later = NOW + 27 * HOUR
    said: list[str] = []
    other = Thread(target=lambda: said.extend(notices(_app(store, later))))
    with store.write() as c:
        ill, _ = sources.to_tell(c, later - timedelta(days=1), hold=True)
        other.start()
        other.join(0.5)
        sources.told_health(c, [row["id"] for row in ill], [], later)
    other.join()
    assert ([row["id"] for row in ill], said) == (["weekly"], [])
