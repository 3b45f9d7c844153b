"""The dead man's switch, against a real server: asked after each good run, and only then."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from sovwatch.app import App, pulse
from sovwatch.app.pulse import Pulse, ping, serve_pulse
from sovwatch.demo.serving import LoopbackServer, drop
from sovwatch.errors import ConfigurationError
from sovwatch.settings import load
from tests.command import TOPICS, a_home, complaint, sovwatch

SECRET = "/0123-their-uuid"


class Watcher(LoopbackServer):
    """A Healthchecks of our own: keeps what was asked, and answers as told."""

    def __init__(self, answer: str = "ok") -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self._answer = answer

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append((request.method, request.path))
        match self._answer:
            case "drop":
                drop(request)
            case "hang":
                await self.stalled(10)
            case "garbage":
                assert request.transport is not None
                request.transport.write(b"SSH-2.0-nothing\r\n\r\n")
                drop(request)
        return web.Response(status=500 if self._answer == "error" else 200)


@contextmanager
def watched(folder: Path, answer: str = "ok") -> Iterator[tuple[Watcher, Path]]:
    """A watcher, and a house that knows its address from a file."""
    with Watcher(answer) as watcher:
        path = a_home(folder, 'database = "sqlite:///news.sqlite"\nping_file = "ping"\n')
        file = path.parent / "ping"
        file.write_text(f"http://{watcher.address}{SECRET}\n", encoding="utf-8")
        file.chmod(0o600)
        yield watcher, path


def test_each_good_run_asks_once_and_a_failed_one_does_not(tmp_path: Path) -> None:
    with watched(tmp_path) as (watcher, path):
        assert [sovwatch("run", cwd=tmp_path).returncode for _ in range(2)] == [0, 0]
        assert watcher.asked == [("GET", SECRET)] * 2

        (path.parent / "topics.toml").write_text('[a]\nname = "A"\nplcaes = []\n', encoding="utf-8")
        assert sovwatch("run", cwd=tmp_path).returncode == 2
        (path.parent / "topics.toml").write_text(TOPICS, encoding="utf-8")
        assert sovwatch("status", cwd=tmp_path).returncode == 0
        assert len(watcher.asked) == 2


@pytest.mark.parametrize("answer", ["error", "drop", "hang", "garbage"])
def test_a_watcher_that_is_ill_is_said_and_costs_the_run_nothing(
    answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pulse, "_TIMEOUT", 0.3)
    with watched(tmp_path, answer) as (watcher, path):
        ping(load(path))
        assert watcher.asked == [("GET", SECRET)]

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "the ping address did not answer: " in caplog.text
    assert SECRET not in caplog.text


def test_a_run_whose_ping_fails_is_a_good_run(tmp_path: Path) -> None:
    with watched(tmp_path, "error"):
        done = sovwatch("run", cwd=tmp_path)

    assert done.returncode == 0
    assert "the ping address did not answer: Internal Server Error" in done.stderr


def test_an_address_that_is_none_is_said_before_anything_runs(tmp_path: Path) -> None:
    a_home(tmp_path, 'database = "sqlite:///news.sqlite"')

    done = sovwatch("run", cwd=tmp_path, env={"SOVWATCH_PING_URL": "hc-ping.com/uuid"})

    assert done.returncode == 2
    assert complaint(done).startswith("the ping address: ")
    assert "uuid" not in done.stderr


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "nowhere.invalid:0"])
def test_an_address_that_cannot_be_listened_on_is_one_sentence(address: str) -> None:
    with (
        pytest.raises(ConfigurationError, match=r"daemon\.address"),
        serve_pulse(address, Pulse(), an_app_is_not_asked),
    ):
        pass


def an_app_is_not_asked() -> App:
    raise AssertionError
