"""Running by itself: a real cron and the daemon against the loopback newsroom and the Slack stand-in."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from uuid import uuid4

import pytest

from sovwatch.app import RunReport
from sovwatch.daemon import Daemon
from sovwatch.demo.configuration import CHANNEL, demo_config
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.slack import SlackServer
from sovwatch.settings import load
from tests.command import a_home
from tests.waiting import until

pytestmark = pytest.mark.slow

NOW = datetime(2026, 2, 3, 19, 5, tzinfo=UTC)
CLOCK = {"SOVWATCH_CLOCK": NOW.isoformat()}
CRONTAB = Path(__file__).parent.parent / "deploy" / "crontab"


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(lambda: NOW) as server:
        yield server


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(clock=lambda: NOW) as server:
        yield server


@contextmanager
def daemon(config: Path, **env: str) -> Iterator[subprocess.Popen[str]]:
    """`sovwatch daemon` as a process, its standard error in daemon.log beside the configuration."""
    log = (config.parent / "daemon.log").open("a", encoding="utf-8")
    command = [sys.executable, "-m", "sovwatch", "--config", str(config), "daemon"]
    with log, subprocess.Popen(command, stderr=log, text=True, env={**os.environ, **env}) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def digests(slack: SlackServer) -> list[str]:
    """The keys of the digests in the channel; a long one has its further parts in a thread."""
    keys = [message["metadata"]["event_payload"]["key"] for message in slack.messages(CHANNEL)]
    assert len(keys) == len(set(keys)), "told twice"
    return [key for key in keys if key.startswith("digest:") and key.endswith("/0")]


def said(config: Path) -> str:
    return (config.parent / "daemon.log").read_text(encoding="utf-8")


def quick(config: Path, more: str = "") -> Path:
    """Let the daemon look every second."""
    config.write_text(config.read_text(encoding="utf-8") + f"\n[daemon]\ntick = 1\n{more}", encoding="utf-8")
    return config


def test_the_daemon_tells_the_digest_once_and_ends_on_sigterm(
    tmp_path: Path, newsroom: Newsroom, slack: SlackServer
) -> None:
    config = quick(demo_config(tmp_path / "config", newsroom, slack))
    with daemon(config, **CLOCK) as process:
        until(lambda: digests(slack), process)
        until(lambda: said(config).count("run done") >= 3, process)  # further ticks find nothing due
        process.send_signal(signal.SIGTERM)
        assert process.wait(200) == 0

    assert len(digests(slack)) == 1
    assert "SIGTERM: finishing what is under way" in said(config)


def test_a_crawl_under_way_is_cut_short_by_sigterm_and_leaves_no_process(
    tmp_path: Path, newsroom: Newsroom, slack: SlackServer
) -> None:
    config = quick(demo_config(tmp_path / "config", newsroom, slack))
    with daemon(config, **CLOCK) as process:
        until(lambda: newsroom.requests, process)
        children = _children(process.pid)
        assert children
        process.send_signal(signal.SIGTERM)
        assert process.wait(200) == 0

    until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def test_what_does_not_end_in_time_is_cut_off_and_the_next_start_goes_on(
    tmp_path: Path, newsroom: Newsroom, slack: SlackServer
) -> None:
    config = quick(demo_config(tmp_path / "config", newsroom, slack), "drain = 0.5\n")
    slack.fail("hang", seconds=60)
    with daemon(config, **CLOCK) as process:
        until(lambda: any(method == "chat.postMessage" for method, _ in slack.requests), process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(200) == 1
    assert "cut off after 0:00:00.5" in said(config)

    quick(demo_config(config.parent, newsroom, slack))
    later = datetime(2026, 2, 3, 20, 5, tzinfo=UTC)
    with daemon(config, SOVWATCH_CLOCK=later.isoformat()) as process:
        until(lambda: digests(slack), process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(200) == 0


def test_ticks_that_find_a_run_at_work_are_counted_and_a_bug_ends_the_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = a_home(tmp_path, 'database = "sqlite:///news.sqlite"\n[daemon]\ntick = 0.4\n')
    runs: list[float] = []

    def work(*_: object, **__: object) -> RunReport:
        runs.append(time.monotonic())
        if len(runs) == 2:
            raise RuntimeError("a bug")
        until(lambda: one.pulse.skipped)
        return RunReport()

    monkeypatch.setattr("sovwatch.daemon.run", work)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    one = Daemon(lambda: load(path))

    with pytest.raises(RuntimeError, match="a bug"):
        one.serve()

    assert (one.pulse.good, one.pulse.failed) == (1, 0)
    assert one.pulse.skipped >= 1
    assert "maximum number of running instances" not in caplog.text, "said once, in our words, and as no warning"


def test_a_clock_that_is_set_back_does_not_silence_the_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_home(tmp_path, 'database = "sqlite:///news.sqlite"\n[daemon]\ntick = 0.2\n')
    runs: list[float] = []

    def work(*_: object, **__: object) -> RunReport:
        runs.append(time.monotonic())
        return RunReport()

    monkeypatch.setattr("sovwatch.daemon.run", work)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    one = Daemon(lambda: load(path))
    scheduler = one._scheduler()
    monkeypatch.setattr(one, "_scheduler", lambda: scheduler)
    serving = threading.Thread(target=one.serve)
    serving.start()
    try:
        until(lambda: runs)
        (job,) = scheduler.get_jobs()
        job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=7))  # so it lies once the clock is set back
        before = len(runs)
        until(lambda: len(runs) > before + 1)
    finally:
        one._stop.set()
        serving.join()


def test_an_edited_configuration_is_taken_up_and_a_wrong_one_is_said(
    tmp_path: Path, newsroom: Newsroom, slack: SlackServer
) -> None:
    config = quick(demo_config(tmp_path / "config", newsroom, slack))
    (config.parent / "sources.toml").write_text("", encoding="utf-8")
    with daemon(config, **CLOCK) as process:
        until(lambda: "run done" in said(config), process)
        right = config.read_text(encoding="utf-8")
        config.write_text(f"oops = 1\n{right}", encoding="utf-8")
        until(lambda: "unknown key 'oops'" in said(config) and "going on as before" in said(config), process)
        config.write_text(right, encoding="utf-8")
        until(lambda: "the configuration was read again" in said(config), process)
        (config.parent / "seeds" / "bad.toml").write_text("no card", encoding="utf-8")
        until(lambda: "no seed card" in said(config), process)
        runs = said(config).count("run done")
        until(lambda: said(config).count("run done") > runs + 1, process)
        assert said(config).count("no seed card") == 1, "it is said once, and the last good one goes on"
        process.send_signal(signal.SIGINT)
        assert process.wait(200) == 0


def test_health_and_metrics_are_served_where_an_address_is_set(
    tmp_path: Path, newsroom: Newsroom, slack: SlackServer
) -> None:
    with SlackServer() as spare:  # a port that is free again
        address = spare.address
    config = quick(demo_config(tmp_path / "config", newsroom, slack), f'address = "{address}"\n')
    (config.parent / "sources.toml").write_text("", encoding="utf-8")
    with daemon(config, **CLOCK) as process:
        until(lambda: "run done" in said(config), process)
        assert json.loads(_get(f"http://{address}/healthz"))["ok"] is True
        metrics = _get(f"http://{address}/metrics")
        with pytest.raises(urllib.error.HTTPError) as caught:
            _get(f"http://{address}/secrets")
        caught.value.close()
        assert caught.value.code == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(200) == 0

    figures = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
    assert float(figures['sovwatch_runs_total{state="good"}']) >= 1
    assert float(figures["sovwatch_outbox_waiting"]) == 0
    assert float(figures["process_resident_memory_bytes"]) > 1e6


def test_a_real_cron_produces_the_digest_by_the_line_in_deploy(
    tmp_path: Path, newsroom: Newsroom, slack: SlackServer
) -> None:
    cron = which("cron") or which("cron", path="/usr/sbin")
    if (cron is None or os.geteuid() != 0) and os.environ.get("CI") != "true":
        pytest.skip("needs Debian's cron and root, to put a file into /etc/cron.d")
    assert cron is not None
    config = demo_config(tmp_path / "config", newsroom, slack)
    file = Path(f"/etc/cron.d/sovwatch-{uuid4().hex}")
    file.write_text(_crontab(config), encoding="utf-8")
    try:
        with subprocess.Popen([cron, "-f"], stderr=subprocess.DEVNULL, text=True) as process:
            try:
                until(lambda: digests(slack))
            finally:
                process.terminate()
    finally:
        file.unlink()
    assert len(digests(slack)) == 1
    assert (tmp_path / "said").read_text(encoding="utf-8") == "", "silent on success"


def _crontab(config: Path) -> str:
    """The line of deploy/crontab, every minute, as root, with the paths of this test and its clock."""
    line = next(line for line in CRONTAB.read_text(encoding="utf-8").splitlines() if line.startswith("*/5 "))
    for written, here in (
        ("*/5 ", "* "),
        ("  sovwatch  ", "  root  "),
        ("/srv/sovwatch/venv/bin/sovwatch", f"{sys.executable} -m sovwatch"),
        ("/srv/sovwatch/config/sovwatch.toml", str(config)),
        ("/srv/sovwatch/run.lock", str(config.parent / "run.lock")),
        ("cd /srv/sovwatch ", f"cd {Path(__file__).parent.parent} "),
    ):
        assert written in line
        line = line.replace(written, here)
    return f"SOVWATCH_CLOCK={NOW.isoformat()}\n{line} >>{config.parent.parent / 'said'} 2>&1\n"


def _children(parent: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
    return found


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:
        text: str = answer.read().decode()
    return text
