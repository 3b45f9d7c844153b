"""What `status` says of how fast news is told, on both databases."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update

from sovwatch import schema as t
from sovwatch.app import App
from sovwatch.app.running import judge_all
from sovwatch.app.status import lines, status
from sovwatch.app.telling import digest, preview
from sovwatch.model import Dated, Precision
from sovwatch.settings import SourceSettings
from sovwatch.store import articles
from tests.builders import NOW, an_article
from tests.command import CONFIGURATION, a_home, sovwatch

MINUTE = timedelta(minutes=1)


def later(app: App, minutes: int) -> App:
    return App(app.settings.model_copy(update={"clock": NOW + minutes * MINUTE}), app.store)


def test_the_medians_are_those_of_what_was_published_seen_and_told(app: App) -> None:
    """Seen 60, 30 and 10 minutes after publication; told a quarter of an hour later, delivered after five more."""
    published = {1: 60, 2: 30, 3: 10}
    with app.store.write() as c:
        for number, minutes in published.items():
            dated = Dated(NOW - minutes * MINUTE, Precision.SECOND, "feed")
            read = an_article(f"https://paper-{number}.example/a", outlet=f"Paper {number}", published=dated)
            articles.remember(c, read, now=NOW, standing="news")
    judge_all(app)
    before = status(app)
    assert (before.to_seen, before.to_told, before.waiting) == (30, None, 0)

    digest(later(app, 15), only_due=False)
    waiting = status(later(app, 16))
    assert (waiting.to_told, waiting.waiting, waiting.held, waiting.errors) == (None, 1, 0, ())
    assert waiting.oldest_waiting == NOW + 15 * MINUTE
    with app.store.write() as c:
        c.execute(update(t.outbox).values(error="rate limited by Slack"))
    assert status(later(app, 16)).errors == ("desk: rate limited by Slack",), "and no empty cure"
    renamed = app.settings.model_copy(update={"channels": {"news": app.settings.channels["desk"]}})
    gone = "desk: no such channel is configured (configure it, or `sovwatch deliver --drop desk`)"
    assert status(replace(app, settings=renamed)).errors == (gone,)
    with app.store.write() as c:
        c.execute(update(t.outbox).values(delivered_at=NOW + 20 * MINUTE))

    told = status(later(app, 21))
    assert (told.to_seen, told.to_told, told.waiting, told.read_week, told.stories_week) == (30, 20, 0, 3, 1)
    screen = "\n".join(lines(told, "UTC"))
    assert "from published to first seen 30 minutes, to told 20 minutes" in screen
    assert "3 articles read, 3 on topic, 1 story" in screen
    assert max(map(len, screen.splitlines())) <= 80
    old = status(later(app, 8 * 24 * 60))
    assert (old.to_seen, old.to_told, old.read_week) == (None, None, 0)


def test_who_mended_a_channel_is_told_how_to_have_it_tried_at_once(tmp_path: Path) -> None:
    a_home(tmp_path, '[channels.newsroom]\nkind = "slack"\nto = "C0123456789"\ncron = "* * * * *"\n')

    ran = sovwatch("run", cwd=tmp_path)

    cure = "put the bot token in SLACK_BOT_TOKEN, or in the file that slack.token_file names; then `sovwatch deliver`"
    assert ran.stderr == f"channel newsroom: channels.newsroom: Slack needs a token ({cure})\n"
    assert "1 of them held until `sovwatch deliver`" in sovwatch("status", cwd=tmp_path).stdout


def test_where_half_the_sources_could_not_be_read_it_is_said_beside_that_nothing_is_new(app: App) -> None:
    named = tuple(SourceSettings(id=name, url=f"https://{name}.example/", outlet=name) for name in "abcd")
    app = App(app.settings.model_copy(update={"sources": named}), app.store)
    with app.store.write() as c:
        c.execute(insert(t.source), [{"id": name, "failures": int(name < "b")} for name in "abcd"])
    one = preview(app, "desk")
    with app.store.write() as c:
        c.execute(update(t.source).where(t.source.c.id == "b").values(failures=1))
    two = preview(app, "desk")
    assert one is not None
    assert two is not None
    assert (one.footer.unread, two.footer.unread) == (0, 2), "the network, rather than a publisher or another"
    assert "4 switched on, 0 ill, 2 could not be read" in "\n".join(lines(status(app), "UTC"))


def test_before_the_first_reading_all_sources_are_due(app: App) -> None:
    found = replace(status(app), sources=3, next_source=None)

    assert "next source   now: none was read yet" in lines(found, "UTC")
    assert "next source   none" in lines(replace(found, sources=0), "UTC")


def test_the_screen_has_the_times_of_the_desk_in_winter_and_in_summer(app: App) -> None:
    run = {"started": NOW, "finished": NOW, "state": "done", "detail": "read 3 sources"}
    winter = datetime(2026, 1, 30, 3, 30, tzinfo=UTC)
    summer = datetime(2026, 7, 1, 3, 30, tzinfo=UTC)
    found = replace(
        status(app),
        now=winter,
        last_run={**run, "finished": summer},
        next_source=winter + timedelta(hours=1),
        next_digests={"desk": summer},
        waiting=1,
        oldest_waiting=winter,
    )

    assert [line for line in lines(found, "America/Edmonton") if re.search(" M[DS]T", line)] == [
        "last run      2026-06-30 21:30 MDT, done: read 3 sources",
        "next source   2026-01-29 21:30 MST (in 60 minutes)",
        "next digest   desk: 2026-06-30 21:30 MDT (in 152 days)",
        "outbox        1 waiting, the oldest since 2026-01-29 20:30 MST",
    ]
    assert "last run      2026-07-01 03:30 UTC, done: read 3 sources" in lines(found, "UTC")


def test_the_command_takes_the_zone_of_the_configuration(tmp_path: Path) -> None:
    config = a_home(tmp_path, CONFIGURATION.replace('zone = "UTC"', 'zone = "America/Regina"', 1))
    clock = {"SOVWATCH_CLOCK": "2026-07-01T03:30:00+00:00"}
    assert sovwatch("--config", config, "run", cwd=tmp_path, env=clock).returncode == 0
    shown = sovwatch("--config", config, "status", cwd=tmp_path, env=clock).stdout
    assert shown.startswith("last run      2026-06-30 21:30 CST, done")
    assert sovwatch("--config", config, "mute", "phrase", "x", "--for", "1h", cwd=tmp_path, env=clock).returncode == 0
    assert sovwatch("--config", config, "mutes", "list", cwd=tmp_path, env=clock).stdout.rstrip().endswith("22:30 CST")
    told = json.loads(sovwatch("--config", config, "--json", "status", cwd=tmp_path, env=clock).stdout)
    assert datetime.fromisoformat(told["last_run"]["finished"]) == datetime(2026, 7, 1, 3, 30, tzinfo=UTC)
