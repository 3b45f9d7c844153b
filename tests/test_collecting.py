"""Writing what a crawl yields: together where it belongs together, again where two writers met."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.collecting import CollectReport, collect
from sovwatch.app.sourcing import listed
from sovwatch.app.status import status
from sovwatch.errors import Unavailable
from sovwatch.model import Article, SourceRun
from sovwatch.settings import Settings, SourceSettings
from sovwatch.store import Store, arrivals, clashed, open_store, reading, schedule, sources
from tests.builders import NOW, an_article

WEEKLY = SourceSettings(id="weekly", url="https://weekly.example/feed", outlet="Weekly")
MOVED = SourceSettings(id="daily", url="https://new.example/", outlet="Daily")
DAILY = SourceSettings(id="daily", url="https://daily.example/feed", outlet="Daily")


def _collected(store: Store, monkeypatch: pytest.MonkeyPatch, *got: Article | SourceRun) -> CollectReport:
    """What comes of a crawl that yields this."""
    monkeypatch.setattr("spiders.crawl.crawl", lambda due, settings, **_: iter(got))
    app = App(Settings(home=Path("/nowhere"), sources=(WEEKLY, DAILY), clock=NOW), store)
    return collect(app, ["weekly", "daily"])


def _article(number: int, source: str) -> Article:
    return an_article(f"https://{source}.example/{number}", title=f"Report {number} of the {source}", source=source)


def _run(source: str) -> SourceRun:
    return SourceRun(source=source, started=NOW, finished=NOW, outcome="fetched", entries=3)


def test_what_two_sources_bring_in_turns_is_counted_to_each(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = (_article(1, "weekly"), _article(1, "daily"), _article(2, "weekly"), _run("weekly"))
    report = _collected(store, monkeypatch, *mixed, _run("daily"))
    with store.read() as c:
        runs = {name: [run["new"] for run in sources.runs(c, name)] for name in ("weekly", "daily")}
        written = len(list(reading.export(c)))
    assert (report.new, report.sources, written) == (3, 2, 3)
    assert runs == {"weekly": [2], "daily": [1]}


def test_what_cannot_be_written_costs_its_own_source_only_and_is_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumbles(c: Connection, arrived: list[arrivals.Arrival], now: datetime) -> list[str]:
        if any(article.title == "Report 1 of the weekly" for article, _ in arrived):
            raise ZeroDivisionError("a bug of ours")
        return remember_all(c, arrived, now)

    remember_all = arrivals.remember_all
    monkeypatch.setattr(arrivals, "remember_all", stumbles)
    known = {"etag": '"1"', "body_hash": "b"}
    weekly, daily = (replace(_run(name), **known) for name in ("weekly", "daily"))  # type: ignore[arg-type]
    mixed = (_article(1, "daily"), _article(1, "weekly"), _article(2, "daily"), weekly, daily)
    report = _collected(store, monkeypatch, *mixed)
    with store.read() as c:
        states = sources.states(c)
        written = [row["outlet"] for row in reading.export(c)]
    assert (report.new, report.failed) == (2, {"weekly": "a bug of Sovwatch: ZeroDivisionError: a bug of ours"})
    assert len(written) == 2
    assert (states["weekly"]["failures"], states["weekly"]["etag"]) == (1, None)
    assert (states["daily"]["failures"], states["daily"]["etag"]) == (0, '"1"')
    assert "a bug of ours" in caplog.text


def test_what_waits_is_written_while_the_crawl_says_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def crawl(due: object, settings: object, *, idle: Callable[[], None], **_: object) -> Iterator[Article]:
        for number in (1, 2):
            yield _article(number, "weekly")
            idle()
            with store.read() as c:
                written.append(len(list(reading.export(c))))

    monkeypatch.setattr("spiders.crawl.crawl", crawl)
    collect(App(Settings(home=Path("/nowhere"), sources=(WEEKLY,), clock=NOW), store), ["weekly"])
    assert written == [1, 2]


def test_what_is_remembered_of_a_source_from_reading_to_reading(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(hours: int, **more: object) -> dict[str, object]:
        at = NOW + timedelta(hours=hours)
        _collected(store, monkeypatch, replace(_run("weekly"), started=at, finished=at, **more))  # type: ignore[arg-type]
        with store.read() as c:
            row = dict(sources.states(c)["weekly"])
        del row["id"], row["next_due"], row["interval"], row["ill_told"]
        return {name: value for name, value in row.items() if value}

    hour = [NOW + timedelta(hours=hours) for hours in range(6)]
    well = {"first_read": hour[0], "last_read": hour[0], "last_ok": hour[0], "etag": "a", "body_hash": "x"}
    assert read(0, etag="a", body_hash="x", moved_to="https://new.example/") == well | {
        "moved_to": "https://new.example/"
    }
    well["moved_to"] = "https://new.example/"
    assert read(1, outcome="not modified") == well | {"last_read": hour[1], "last_ok": hour[1]}
    failed = {"outcome": "failed", "detail": "gone", "status": 404}
    well |= {"last_ok": hour[1]}
    assert read(2, **failed) == well | {"last_read": hour[2], "failures": 1}
    ill = {"ill_since": hour[3], "ill_why": "last read well 2 hours ago: gone"}
    assert read(3, **failed) == well | {"last_read": hour[3], "failures": 2} | ill
    again = read(4, **failed)
    assert (again["ill_since"], again["failures"]) == (hour[3], 3)
    assert read(5, etag="b") == {
        "first_read": hour[0], "last_read": hour[5], "last_ok": hour[5], "etag": "b", "moved_to": "https://new.example/"
    }  # fmt: skip


def test_the_list_of_sources_says_why_one_failed_and_where_one_is_now(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = replace(_run("weekly"), outcome="failed", detail="answered 404: is not there")
    _collected(store, monkeypatch, failed, replace(_run("daily"), moved_to="https://new.example/"))
    old, new = (Settings(home=Path("/nowhere"), sources=(WEEKLY, daily), clock=NOW) for daily in (DAILY, MOVED))

    assert [one.health for one in listed(App(old, store))] == [
        "failed 1×: answered 404: is not there",
        "well, moved for good to https://new.example/",
    ]
    assert listed(App(new, store))[1].health == "well"


def test_a_source_that_has_said_not_modified_for_a_day_is_asked_for_what_it_lists(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache that is broken says so for ever."""
    for hours, status_code, outcome in ((0, 200, "fetched"), (6, 304, "not modified"), (20, 304, "not modified")):
        at = NOW + timedelta(hours=hours)
        known = {"etag": '"1"', "last_modified": "Sun", "body_hash": "b", "status": status_code, "outcome": outcome}
        _collected(store, monkeypatch, replace(_run("weekly"), started=at, finished=at, **known))  # type: ignore[arg-type]

    def asked(hours: int) -> list[tuple[str | None, str | None, str | None]]:
        now = NOW + timedelta(hours=hours)
        with store.read() as c:
            found = [*sources.due(c, ["weekly"], now), *sources.named(c, ["weekly"], now)]
        return [(due.etag, due.last_modified, due.body_hash) for due in found]

    assert asked(23) == [('"1"', "Sun", "b")] * 2
    assert asked(25) == [(None, None, "b")] * 2


def test_what_a_reading_remarked_is_said_until_a_later_one_brought_something_without(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(minutes: int, *got: Article, detail: str = "") -> tuple[str, dict[str, str]]:
        at = NOW + timedelta(minutes=minutes)
        _collected(store, monkeypatch, *got, replace(_run("weekly"), started=at, finished=at, detail=detail))
        app = App(Settings(home=Path("/nowhere"), sources=(WEEKLY, DAILY), clock=at), store)
        return listed(app)[0].health, dict(status(app).remarks)

    wall = "told from its listing, since 2 of 2 pages could not be read: answered 403: refuses us"
    assert read(0, _article(1, "weekly"), detail=wall) == (f"well, but {wall}", {"weekly": wall})
    assert read(1) == (f"well, but {wall}", {"weekly": wall}), "nothing came, so no page was asked for"
    assert read(2, _article(2, "weekly")) == ("well", {})
    read(3, _article(3, "weekly"), detail=wall)
    assert read(3 + 2 * 24 * 60 + 1)[1] == {}, "two days on it is no news"


def test_a_source_read_by_a_clock_a_year_ahead_is_due_once_the_clock_is_right(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = NOW + timedelta(days=400)
    _collected(store, monkeypatch, replace(_run("weekly"), started=ahead, finished=ahead), _run("daily"))
    with store.write() as c:
        schedule.begin(c, schedule.RUN, ahead)
        schedule.finish(c, schedule.RUN, ahead, now=ahead, state="done", detail="")

    with store.read() as c:
        assert [one.source for one in sources.due(c, ["weekly", "daily"], NOW)] == ["weekly"]
        assert sources.next_due(c, ["weekly", "daily"], NOW) == NOW
        assert sources.next_due(c, ["daily"], NOW) not in {NOW, None}
        assert (schedule.latest(c, schedule.RUN, NOW), schedule.last_done(c, schedule.RUN, NOW)) == (None, None)


def test_an_address_that_is_none_costs_only_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    report = _collected(
        store, monkeypatch, an_article("mailto:x", source="weekly"), _article(1, "weekly"), _run("weekly")
    )
    assert report.new == 1


def test_what_a_search_finds_has_the_name_that_its_outlet_has_in_the_configuration(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = SourceSettings(id="search", url="https://search.example/?q=x", outlet="Search", kind="search", query="x")
    found = [
        an_article("https://www.weekly.example/1", title="Known", outlet="weekly.example", source="search"),
        an_article("https://blogs.example/2", title="Of two", outlet="The Page", source="search"),
        an_article("https://other.example/3", title="Elsewhere", outlet="other.example", source="search"),
    ]
    blogs = [SourceSettings(id=f"b{n}", url=f"https://blogs.example/{n}", outlet=f"B{n}") for n in range(2)]
    monkeypatch.setattr("spiders.crawl.crawl", lambda due, settings, **_: iter(found))
    settings = Settings(home=Path("/nowhere"), sources=(WEEKLY, search, *blogs), clock=NOW)
    collect(App(settings, store), ["search"])
    with store.read() as c:
        outlets = {row["title"]: row["outlet"] for row in c.execute(select(t.article)).mappings()}
    assert outlets == {"Known": "Weekly", "Of two": "The Page", "Elsewhere": "other.example"}


@pytest.mark.timeout(60)
def test_a_deadlock_is_a_clash_and_a_lost_connection_is_none(empty_postgresql: str) -> None:
    store = open_store(empty_postgresql)
    with store.write() as c:
        sources.enrol(c, ["a", "b"], NOW)
    met, failed = threading.Barrier(2), []

    def write(first: str, second: str) -> None:
        try:
            with store.write() as c:
                sources.told_health(c, [first], [], NOW)
                met.wait(20)
                sources.told_health(c, [second], [], NOW)
        except Unavailable as error:
            failed.append(error)

    other = threading.Thread(target=write, args=("a", "b"))
    other.start()
    write("b", "a")
    other.join()
    with pytest.raises(Unavailable) as ended, store.write() as c:
        c.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    store.close()
    assert [clashed(error) for error in failed] == [True]
    assert not clashed(ended.value)
