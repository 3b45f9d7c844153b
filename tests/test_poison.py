"""A source that kills the process that reads it costs itself only: real child processes, really killed."""

import os
import signal
import socket
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select, update

from sovwatch import schema as t
from sovwatch.app import open_app
from sovwatch.app.collecting import collect
from sovwatch.health import Past, Remembered, illness
from sovwatch.model import Article, Due, SourceRun
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from sovwatch.store import open_store
from spiders.crawl import crawl
from tests import hostile as h
from tests.command import a_home, sovwatch
from tests.waiting import IN_VAIN, until

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = "Sat, 21 Nov 2026 10:00:00 GMT"
GOOD = [f"paper-{number:02}" for number in range(10)]
SPIDER = """\
import os, signal, time
from spiders.site import SiteSpider

class Poison(SiteSpider):
    name = "poison"

    def parse(self, response, **_):
        {deed}
"""
READS_UNTIL = """\
open({reading!r}, "w").close()
        while not os.path.exists({shot!r}):
            time.sleep(0.02)
        return []"""
DEEDS = {
    "os._exit(3)": "reading it killed the crawl's process (exit 3)",
    "os.kill(os.getpid(), signal.SIGKILL)": "reading it killed the crawl's process (SIGKILL, as when memory runs out)",
    "os.kill(os.getpid(), signal.SIGSEGV)": "reading it killed the crawl's process (SIGSEGV)",
    "time.sleep(600)": "reading it hung the crawl's process, which was killed after 5 s",
}


def pages(*more: str) -> dict[str, h.Answer]:
    return {
        f"{name}.example/listing": h.plain(h.feed((f"http://{name}.example/a/1", f"Vote of {name}", DAY)))
        for name in (*GOOD, *more)
    }


def a_source(name: str, **more: object) -> SourceSettings:
    fields = {"id": name, "url": f"http://{name}.example/listing", "outlet": name, "fetch": "never"}
    return SourceSettings.model_validate(fields | more)


def poison(home: Path, deed: str) -> SourceSettings:
    """A source whose spider does a deed, in the middle of the alphabet."""
    (home / "spiders").mkdir(parents=True, exist_ok=True)
    (home / "spiders" / "poison.py").write_text(SPIDER.format(deed=deed), encoding="utf-8")
    return a_source("paper-04-poison", kind="spider", spider="poison")


def settings(home: Path, newsroom: h.HostileNewsroom, *sources: SourceSettings, **crawling: object) -> Settings:
    limits = {
        "resolve": {"*.example": newsroom.address},
        "delay": timedelta(milliseconds=10),
        "deadline": timedelta(seconds=100),
        "parse_timeout": timedelta(seconds=0.5),
        "concurrency": 4,
    }
    return Settings(home=home, sources=sources, crawl=CrawlSettings.model_validate(limits | crawling))


def played(given: Settings) -> tuple[dict[str, SourceRun], Counter[str]]:
    """The one run of each source, and how often each article came."""
    runs: dict[str, SourceRun] = {}
    found: Counter[str] = Counter()
    for got in crawl([Due(source=source.id) for source in given.sources], given, now=NOW, remember=False):
        if isinstance(got, SourceRun):
            assert got.source not in runs, "two runs of one source"
            runs[got.source] = got
        elif isinstance(got, Article):
            found[got.url] += 1
    return runs, found


@pytest.mark.parametrize("deed", DEEDS)
def test_a_source_that_kills_its_reader_is_named_and_the_others_are_read(tmp_path: Path, deed: str) -> None:
    with h.HostileNewsroom(pages("paper-04-poison")) as newsroom:
        sources = sorted([*map(a_source, GOOD), poison(tmp_path, deed)], key=lambda one: one.id)
        runs, found = played(settings(tmp_path, newsroom, *sources))

    assert {name: run.outcome for name, run in runs.items()} == dict.fromkeys(GOOD, "fetched") | {
        "paper-04-poison": "failed"
    }
    assert runs["paper-04-poison"].detail == DEEDS[deed]
    assert set(found) == {f"http://{name}.example/a/1" for name in GOOD}
    looks = 2 if "SIGKILL" in deed else 1  # alone the second time: a kill comes from outside
    assert len(newsroom.of("paper-04-poison.example")) == looks, "the others are read without it"


def test_several_poisonous_sources_are_each_named(tmp_path: Path) -> None:
    with h.HostileNewsroom(pages("poison-1", "poison-2")) as newsroom:
        poison(tmp_path, "os._exit(3)")
        bad = [a_source(f"poison-{number}", kind="spider", spider="poison") for number in (1, 2)]
        runs, _ = played(settings(tmp_path, newsroom, bad[0], *map(a_source, GOOD), bad[1]))

    killed = [name for name, run in runs.items() if run.outcome == "failed"]
    assert sorted(killed) == ["poison-1", "poison-2"]
    assert {runs[name].detail for name in killed} == {DEEDS["os._exit(3)"]}


def test_who_is_parsed_when_its_reader_is_shot_is_read_alone_before_it_is_blamed(tmp_path: Path) -> None:
    """A kill comes from outside, as when another source's answer takes the memory: it may hit a bystander."""
    reading, shot, asked = tmp_path / "reading", tmp_path / "shot", Event()
    bystander = poison(tmp_path, READS_UNTIL.format(reading=str(reading), shot=str(shot)))
    listing = h.plain(h.feed(("http://paper-04-poison.example/a/1", "Vote", DAY)))

    def wait(connection: socket.socket, request: h.Asked) -> None:
        asked.wait(IN_VAIN)
        listing(connection, request)

    def shoot(connection: socket.socket, request: h.Asked) -> None:
        asked.set()
        until(reading.exists)
        shoot_children()
        shot.touch()

    served = {**pages(), "paper-04-poison.example/listing": wait, "shooter.example/listing": shoot}
    with h.HostileNewsroom(served) as newsroom:
        runs, found = played(settings(tmp_path, newsroom, *map(a_source, [*GOOD[:4], "shooter"]), bystander))

    details = {name: run.detail for name, run in runs.items() if "SIGKILL" in run.detail}
    assert list(details) == ["shooter"]
    assert "the crawl's process died (SIGKILL, as when memory runs out)" in details["shooter"]
    assert set(found) == {f"http://{name}.example/a/1" for name in GOOD[:4]}


def test_a_death_that_no_parse_explains_is_narrowed_down_by_halves(tmp_path: Path) -> None:
    """As by an answer that kills its reader while it is unpacked: whoever asks for it is shot."""
    first_to_go: list[str] = []

    def shoot(connection: socket.socket, asked: h.Asked) -> None:
        first_to_go.extend(shoot_children())

    with h.HostileNewsroom({**pages(), "paper-04-poison.example/listing": shoot}) as newsroom:
        names = sorted([*GOOD, "paper-04-poison"])
        runs, found = played(settings(tmp_path, newsroom, *map(a_source, names), concurrency=2))

    assert [name for name, run in runs.items() if run.outcome == "failed"] == ["paper-04-poison"]
    assert "the crawl's process died (SIGKILL, as when memory runs out)" in runs["paper-04-poison"].detail
    assert set(first_to_go) == {"1000"}, "where memory runs out, the kernel takes it and not its parent"
    assert set(found) == {f"http://{name}.example/a/1" for name in GOOD}


def test_a_crawl_that_cannot_begin_is_not_begun_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = []
    started = "spiders.process.Child.__enter__"
    from spiders.process import Child

    enter = Child.__enter__

    def counted(child: Child) -> Child:
        starts.append(child)
        return enter(child)

    monkeypatch.setattr(started, counted)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "scrapy.py").write_text("raise SystemExit('scrapy is damaged')\n", encoding="utf-8")
    with h.HostileNewsroom(pages()) as newsroom:
        runs, _ = played(settings(tmp_path, newsroom, *map(a_source, GOOD)))

    assert {run.detail for run in runs.values()} == {"not read: the crawl's process died (exit 1): scrapy is damaged"}
    assert len(starts) == 1


def test_a_source_that_kills_its_reader_is_ill_at_once() -> None:
    past = [Past(NOW, "failed", DEEDS["os._exit(3)"]), Past(NOW - timedelta(hours=1), "fetched")]

    assert (
        illness(past, [], Remembered(last_ok=NOW - timedelta(hours=1), listed=True), now=NOW)
        == f"last read well 60 minutes ago: {past[0].detail}"
    )


def test_a_page_that_kills_its_reader_hides_its_source_for_one_reading(tmp_path: Path) -> None:
    (tmp_path / "spiders").mkdir()
    spider = SPIDER.replace("def parse(self, response, **_):", "def page(self, body, url, **_):")
    (tmp_path / "spiders" / "poison.py").write_text(spider.format(deed="os._exit(3)"), encoding="utf-8")
    with h.HostileNewsroom(
        pages("paper") | {"paper.example/a/1": h.plain(h.page("Vote of paper", "A vote."))}
    ) as newsroom:
        settings = Settings(
            home=tmp_path,
            sources=(a_source("paper", fetch="all", spider="poison"),),
            crawl=CrawlSettings(resolve={"*.example": newsroom.address}, delay=timedelta()),
            clock=NOW,
        )
        app = open_app(settings)
        first, second = collect(app, ["paper"]), collect(app, ["paper"])
        with app.store.read() as c:
            row = c.execute(select(t.source)).mappings().one()
            told = [(one.title, one.page) for one in c.execute(select(t.article))]
        app.store.close()

    assert list(first.failed) == ["paper"]
    assert (second.failed, told) == ({}, [("Vote of paper", "not fetched")])
    assert row["ill_why"] is None


def test_run_goes_on_names_the_culprit_in_status_and_asks_it_less_and_less(tmp_path: Path) -> None:
    with h.HostileNewsroom(pages("paper-04-poison")) as newsroom:
        config = a_home(
            tmp_path,
            'database = "sqlite:///news.sqlite"\nzone = "UTC"\n[channels.desk]\nkind = "terminal"\n'
            f'[crawl]\nresolve = {{ "*.example" = "{newsroom.address}" }}\ndelay = 0.01\n',
            sources="\n".join(map(_written, [*map(a_source, GOOD), poison(tmp_path / "config", "os._exit(3)")])),
        )
        store = open_store(f"sqlite:///{config.parent / 'news.sqlite'}")
        waits = []
        for _ in range(2):
            done = sovwatch("--config", config, "run", cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            with store.read() as c:
                row = c.execute(select(t.source).where(t.source.c.id == "paper-04-poison")).mappings().one()
                waits.append(row["interval"])
            with store.write() as c:
                c.execute(update(t.source).values(next_due=row["last_read"]))
        shown = sovwatch("--config", config, "status", cwd=tmp_path).stdout
        with store.read() as c:
            well = set(c.execute(select(t.source.c.id).where(t.source.c.failures == 0)).scalars())
        store.close()

    assert well == set(GOOD)
    assert "11 switched on, 1 ill" in shown
    assert f"paper-04-poison: never read well: {DEEDS['os._exit(3)']}" in shown
    assert waits[0] < waits[1]


def _written(source: SourceSettings) -> str:
    keys = ("id", "url", "outlet", "kind", "fetch", "spider")
    return "[[source]]\n" + "\n".join(f'{key} = "{getattr(source, key)}"' for key in keys if getattr(source, key))


def shoot_children() -> list[str]:
    """Kill our child processes, as the kernel does where memory runs out; gives how soon it would take each."""
    adjusted = []
    for child in _children(os.getpid()):
        adjusted.append(Path(f"/proc/{child}/oom_score_adj").read_text(encoding="ascii").strip())
        os.kill(child, signal.SIGKILL)
    return adjusted


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(number) for file in listed for number in file.read_text(encoding="ascii").split()]
