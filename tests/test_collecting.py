"""Writing what a crawl yields: together where it belongs together, again where two writers met."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.collecting import CollectReport, collect
from sovwatch.errors import Unavailable
from sovwatch.model import Article, SourceRun
from sovwatch.settings import Settings, SourceSettings
from sovwatch.store import Store, clashed, open_store, reading, sources
from tests.builders import NOW, an_article

WEEKLY = SourceSettings(id="weekly", url="https://weekly.example/feed", outlet="Weekly")
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
    mixed = (_article(1, "weekly"), _article(1, "daily"), _article(2, "weekly"), _run("weekly"), _run("daily"))
    report = _collected(store, monkeypatch, *mixed, _article(2, "daily"))
    with store.read() as c:
        runs = {name: [run["new"] for run in sources.runs(c, name)] for name in ("weekly", "daily")}
        written = len(list(reading.export(c)))
    assert (report.new, report.sources, written) == (4, 2, 4)
    assert runs == {"weekly": [2], "daily": [1]}


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
                sources.ill(c, first, "x", NOW)
                met.wait(20)
                sources.ill(c, second, "x", NOW)
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
