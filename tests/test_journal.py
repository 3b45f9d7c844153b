"""One event an article and a run, and never a secret, whoever logs it and at whatever level."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sovwatch.app.journal import MASK, Lines, Masker
from sovwatch.demo.configuration import demo_config
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.slack import SlackServer
from tests.command import a_home
from tests.fakes import an_office, serving

NOW = datetime(2026, 2, 3, 19, 5, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
PING = "hc-ping-6b1f2c"


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(lambda: NOW) as server:
        yield server


def run(config: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sovwatch", "--config", str(config), "run"],
        env={**os.environ, "SOVWATCH_CLOCK": NOW.isoformat(), **env},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.slow
def test_no_secret_is_said_at_any_level_by_any_library(tmp_path: Path, newsroom: Newsroom) -> None:
    """Everything fails as well as works: a webhook, a mail server that quotes the password, a ping address."""
    office = an_office(EHLO="250-post.example\r\n250 AUTH PLAIN LOGIN", AUTH=f"535 nobody is called {PASSWORD}")
    with SlackServer() as slack, serving(office) as port:
        config = demo_config(tmp_path / "config", newsroom, slack)
        webhook = slack.webhook("sovereignty").replace("/C", "/Xwrong")
        (config.parent / "hook").write_text(webhook, encoding="utf-8")
        (config.parent / "hook").chmod(0o600)
        more = '\n[channels.hook]\nkind = "slack-webhook"\nwebhook_file = "hook"\n[channels.post]\nkind = "mail"\n'
        more += f'to = "desk@paper.example"\n[mail]\nhost = "127.0.0.1"\nport = {port}\nuser = "desk"\n'
        config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
        done = run(
            config,
            SOVWATCH_LOG__LEVEL="debug",
            SOVWATCH_SMTP_PASSWORD=PASSWORD,
            SOVWATCH_PING_URL=f"http://127.0.0.1:1/{PING}",
        )
        slack.revoked.add(slack.token)
        slack.fail("error", error="invalid_auth", times=3)
        again = run(config, SOVWATCH_LOG__LEVEL="debug", SOVWATCH_LOG__FORMAT="json")
        said = done.stdout + done.stderr + again.stdout + again.stderr
        secrets = [slack.token, webhook.partition("/services/")[2], PASSWORD, PING]

    assert len(said.splitlines()) > 30, "debug says much"
    assert "the mail server refused the login (535)" in said
    assert [secret for secret in secrets if secret in said] == []
    assert "xoxb" not in said


@pytest.mark.slow
def test_a_run_says_one_line_an_article_and_one_for_itself(tmp_path: Path, newsroom: Newsroom) -> None:
    with SlackServer() as slack:
        config = demo_config(tmp_path / "config", newsroom, slack)
        done = run(config, SOVWATCH_LOG__LEVEL="info", SOVWATCH_LOG__FORMAT="json")

    assert done.returncode == 0
    events = [json.loads(line) for line in done.stderr.splitlines()]
    judged = [one for one in events if one["event"] == "judged"]
    runs = [one for one in events if one["event"].startswith("run ")]
    assert len(judged) == len({one["url"] for one in judged}) > 5
    assert {one["placement"] for one in judged} >= {None, "opens"}
    assert len(runs) == 1
    assert runs[0]["event"].startswith("run done: read ")


def test_what_looks_like_a_secret_is_masked_whoever_logs_it() -> None:
    lines = Lines("human", Masker(["s3cret-value"]))

    def line(message: str, *arguments: object) -> str:
        return lines.format(logging.LogRecord("x", logging.INFO, "", 0, message, arguments, None))

    for secret in (
        "s3cret-value",
        "xoxb-12-34-abcdef",
        "xapp-1-A0-99-ff",
        "https://hooks.slack.com/services/T000/B000/XXXX",
        "postgresql://sovwatch:hunter2@db/news",
        "Authorization: Bearer abcdef123456",
    ):
        masked = line("sending %s now", secret)
        assert MASK in masked
        for part in ("s3cret", "12-34", "A0-99", "B000", "hunter2", "abcdef123456"):
            assert part not in masked


def test_a_traceback_is_masked_too() -> None:
    try:
        raise RuntimeError("posting with xoxb-12-34-abcdef failed")  # noqa: TRY301
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "oops", (), sys.exc_info())

    for form in ("human", "json"):
        line = Lines(form, Masker([])).format(record)
        assert "RuntimeError" in line
        assert "12-34" not in line


def test_a_bug_ends_a_command_with_its_traceback_masked(tmp_path: Path) -> None:
    path = a_home(tmp_path, 'database = "sqlite:///news.sqlite"')
    script = (
        "import sys\n"
        "from sovwatch.app import running\n"
        "def broken(app): raise RuntimeError('posting with xoxb-12-34-abcdef failed')\n"
        "running.enrol = broken\n"
        f"sys.argv = ['sovwatch', '--config', {str(path)!r}, 'run']\n"
        "from sovwatch.cli import main\n"
        "main()\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=240, check=False)

    assert done.returncode == 1
    assert "critical sovwatch: a bug; please report it\nTraceback" in done.stderr
    assert f"RuntimeError: posting with {MASK} failed" in done.stderr
    assert "12-34" not in done.stderr


def test_a_secret_that_begins_with_another_is_masked_whole() -> None:
    assert Masker(["s3cret-value", "s3cret-value-2"])("s3cret-value-2 and s3cret-value") == f"{MASK} and {MASK}"


def test_a_secret_too_short_to_be_one_masks_no_words() -> None:
    assert Masker(["on", "s3cre"])("gone on, s3cre") == "gone on, s3cre"
