"""What machines do to programs: each ends in a clear sentence, and in a clean run once it is over."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from sovwatch.app import App, open_app, run
from sovwatch.app.collecting import collect
from sovwatch.demo.configuration import demo_config
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.slack import SlackServer
from sovwatch.errors import Unavailable
from sovwatch.model import Due, SourceRun
from sovwatch.settings import Settings, load
from sovwatch.store import Store, database, leases, open_store
from spiders import crawl as crawling
from tests.command import a_home, complaint, sovwatch
from tests.waiting import until

NOW = datetime(2026, 2, 3, 19, 5, tzinfo=UTC)
LINE = '{{"url": "https://x.example/{0}", "title": "Report number {0} on one thing or other", "text": "{1}"}}\n'


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A tmpfs of our own; the test says so where this machine lets nobody mount one."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this machine does not let a test mount a tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_said_loses_nothing_and_heals(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=3m") as disk:
        a_home(disk)
        assert sovwatch("ingest", "-", cwd=disk, stdin=LINE.format(0, "short")).returncode == 0
        ballast = disk / "ballast"
        with pytest.raises(OSError, match="No space left"):
            ballast.write_bytes(b"x" * 4_000_000)
        many = "".join(LINE.format(n, "word " * 2000) for n in range(1, 60))
        full = sovwatch("ingest", "-", cwd=disk, stdin=many)
        ballast.unlink()
        before = sovwatch("export", cwd=disk).stdout.count("\n")
        healed = sovwatch("ingest", "-", cwd=disk, stdin=LINE.format(99, "short"))

        assert full.returncode == 2
        assert "full; free some space and run again" in complaint(full)
        assert (healed.returncode, healed.stderr) == (0, "")
        assert sovwatch("export", cwd=disk).stdout.count("\n") == before + 1


def test_a_read_only_file_system_is_said(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=8m") as disk:
        a_home(disk)
        assert sovwatch("judge", cwd=disk).returncode == 0
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        done = sovwatch("run", cwd=disk)
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)

        assert done.returncode == 2
        assert "cannot be written" in complaint(done) or "cannot be opened" in complaint(done)
        assert sovwatch("judge", cwd=disk).returncode == 0


def test_a_database_that_another_program_locks_is_said_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 200)
    path = a_home(tmp_path)
    app = open_app(load(path, {}))
    blocker = create_engine(f"sqlite:///{path.parent / 'news.sqlite'}", isolation_level="AUTOCOMMIT")
    with blocker.connect() as connection:
        connection.execute(text("BEGIN EXCLUSIVE"))
        with pytest.raises(Unavailable, match="another program has held it for too long"):
            run(app)
        connection.execute(text("ROLLBACK"))
    blocker.dispose()

    run(app)
    app.store.close()


def test_a_damaged_database_is_said_and_left_for_the_operator(tmp_path: Path) -> None:
    path = a_home(tmp_path)
    many = "".join(LINE.format(n, "word " * 500) for n in range(60))
    assert sovwatch("ingest", "-", cwd=tmp_path, stdin=many).returncode == 0
    file = path.parent / "news.sqlite"
    whole = file.read_bytes()
    damaged = bytearray(whole)
    damaged[4096 : len(whole)] = os.urandom(len(whole) - 4096)
    file.write_bytes(damaged)

    done = sovwatch("export", cwd=tmp_path)
    assert done.returncode == 2
    assert "damaged" in complaint(done)

    file.write_bytes(whole)  # the backup
    assert sovwatch("export", cwd=tmp_path).stdout.count("\n") == 60


def test_postgresql_that_goes_away_and_comes_back(postgres: str, empty_postgresql: str, tmp_path: Path) -> None:
    """The connections are cut in the middle; the next run is clean, with the same open store."""
    path = a_home(tmp_path, f'database = "{empty_postgresql}"')
    app = open_app(load(path, {}))
    run(app)
    cut = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with pytest.raises(Unavailable, match="the database cannot be used"), app.store.write() as c:  # noqa: PT012
        c.execute(text("SELECT 1"))
        with cut.connect() as killer:
            kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            killer.execute(text(kill), {"name": app.store.engine.url.database})
        c.execute(text("SELECT 1"))
    cut.dispose()

    run(app)
    app.store.close()


def test_a_lease_survives_a_database_that_is_away_for_a_heartbeat(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bool] = []
    real = leases.prolong

    def away(*arguments: object) -> bool:
        if not tried:
            tried.append(False)
            raise Unavailable("away")
        tried.append(real(*arguments))  # type: ignore[arg-type]
        return tried[-1]

    monkeypatch.setattr(leases, "prolong", away)
    with leases.held(store, "run", timedelta(seconds=3)) as lost:
        until(lambda: len(tried) > 1)
        assert (tried[:2], lost.is_set()) == ([False, True], False)


STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.stdin.buffer.readline()
time.sleep(600)
"""
STARVED = """
import resource, sys
sys.stdin.buffer.readline()
resource.setrlimit(resource.RLIMIT_AS, (200_000_000, 200_000_000))
x = [bytearray(50_000_000) for _ in range(100)]
"""


@pytest.mark.parametrize(
    ("child", "deadline", "said"),
    [(STUBBORN, "2s", "the crawl reached its deadline"), (STARVED, "60s", "MemoryError")],
    ids=["hangs and ignores SIGTERM", "out of memory"],
)
def test_a_crawl_child_that_misbehaves_costs_its_sources_one_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, child: str, deadline: str, said: str
) -> None:
    source = '[[source]]\nid = "ledger"\noutlet = "L"\nurl = "http://ledger.example/feed"\n'
    path = a_home(tmp_path, f'database = "sqlite:///news.sqlite"\n[crawl]\ndeadline = "{deadline}"', sources=source)
    script = tmp_path / "child.py"
    script.write_text(child, encoding="utf-8")
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} {script}\n", encoding="utf-8")
    program.chmod(0o755)
    settings = load(path, {})

    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(program))
        outcome = list(crawling.crawl([Due(source="ledger")], settings, now=NOW))

    assert [type(one) for one in outcome] == [SourceRun]
    assert isinstance(outcome[0], SourceRun)
    assert outcome[0].outcome == "failed"
    assert said in outcome[0].detail


def test_after_a_crawl_that_died_the_next_reads_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Newsroom(lambda: NOW) as newsroom, SlackServer(clock=lambda: NOW) as slack:
        config = demo_config(tmp_path / "config", newsroom, slack)
        app = open_app(_at(load(config, {})))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", "/bin/false")
            dead = collect(app)
        healed = collect(App(app.settings, app.store), [source.id for source in app.settings.sources])
        app.store.close()

    assert len(dead.failed) == dead.sources > 5
    assert all("the crawl's process died" in why for why in dead.failed.values())
    assert healed.new > 5


def _at(settings: Settings) -> Settings:
    return settings.model_copy(update={"clock": NOW})


def test_a_folder_where_the_database_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "news.sqlite").mkdir()
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path / 'news.sqlite'}")
