"""kill -9 at any moment, then `run`: every story is told exactly once; real processes, a real newsroom."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from sovwatch import schema as t
from sovwatch.demo import demo_config
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.slack import SlackServer
from sovwatch.model import Kind
from sovwatch.store import open_store

START = datetime(2026, 2, 2, 14, 5, tzinfo=UTC)
KILLS = 15  # what a moment in five would break is met with 96 %; docs/reliability.md has more
STEP = timedelta(hours=4)
CATCHING_UP = (timedelta(hours=12),) * 4 + (timedelta(minutes=30),)  # a digest holds twelve stories, the rest waits


def sovwatch(config: Path, clock: datetime, *words: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "SOVWATCH_CONFIG": str(config), "SOVWATCH_CLOCK": clock.isoformat()}
    return subprocess.Popen([sys.executable, "-m", "sovwatch", *words], env=environment, stderr=subprocess.PIPE)


def told(config: Path) -> "tuple[list[Any], list[Any], list[Any]]":
    """Stories told as new (one row an article), promises undelivered, news still owed.

    What a column told counts as told only to columns: its first report is a story (docs/decisions/0033).
    """
    store = open_store(f"sqlite:///{config.parent / 'demo.sqlite'}")
    with store.read() as c:
        said = select(t.told.c.story, t.told.c.message, t.article.c.kind).join(t.article)
        rows = c.execute(said.where(t.told.c.how == "new")).all()
        new = [((story, kind == Kind.OPINION), message) for story, message, kind in rows]
        undelivered = list(c.execute(select(t.outbox.c.key).where(t.outbox.c.delivered_at.is_(None))).scalars())
        owed = list(c.execute(select(t.news.c.article)).scalars())
    store.close()
    return new, undelivered, owed


def undisturbed(config: Path, clock: datetime) -> float:
    """Seconds that a run takes here and now."""
    started = time.monotonic()
    process = sovwatch(config, clock, "run")
    _, said = process.communicate(timeout=240)
    assert (process.returncode, said.decode()) == (0, "")
    return time.monotonic() - started


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_random_moments_every_story_is_told_exactly_once(tmp_path: Path) -> None:
    """Drawn by what a run takes, which is learned on the way: two in three are killed, however busy the machine is."""
    clock = [START]
    moments = random.Random(20260202)
    killed = 0
    with Newsroom(lambda: clock[0]) as newsroom, SlackServer() as slack:
        with SlackServer() as another:
            lasts = undisturbed(demo_config(tmp_path / "undisturbed", newsroom, another), clock[0])
        config = demo_config(tmp_path / "config", newsroom, slack)
        while killed < KILLS:
            process, started = sovwatch(config, clock[0], "run"), time.monotonic()
            try:
                process.wait(timeout=moments.uniform(0.1, 1.5 * lasts))
                lasts = time.monotonic() - started
            except subprocess.TimeoutExpired:
                lasts = max(lasts, time.monotonic() - started)
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
            assert process.stderr is not None
            process.stderr.close()
            clock[0] += STEP
        for step in CATCHING_UP:
            clock[0] += step
            process = sovwatch(config, clock[0], "run")
            _, said = process.communicate(timeout=240)
            assert (process.returncode, said.decode()) == (0, "")
        posted = Counter(message["metadata"]["event_payload"]["key"] for message in slack.messages("sovereignty"))
        new, undelivered, owed = told(config)
    assert undelivered == []
    assert [key for key, times in posted.items() if times > 1] == []
    messages: dict[tuple[int, bool], set[str]] = {}
    for story, message in new:
        messages.setdefault(story, set()).add(message)
    assert messages, "nothing was told"
    assert [story for story, keys in messages.items() if len(keys) > 1] == []
    assert {key for keys in messages.values() for key in keys} <= {key.rpartition("/")[0] for key in posted}
    assert owed == []
