"""`run` on the loopback newsroom: what a first run tells, and what a second one does not do again."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from sovwatch import schema as t
from sovwatch.app import open_app, run
from sovwatch.app.explaining import explain
from sovwatch.app.starter import copy_starter
from sovwatch.demo import demo_config
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.slack import SlackServer
from sovwatch.settings import Settings, load
from tests.command import CONFIGURATION, TOPICS, a_home, complaint, sovwatch
from tests.shipped import shipped_settings

WEEK_LATER = datetime(2026, 2, 18, 15, 0, tzinfo=UTC)  # the newest of the week's articles is ten days old
MONDAY = datetime(2026, 2, 2, 19, 5, tzinfo=UTC)


def at(config: Path, now: datetime) -> Settings:
    return load(config).model_copy(update={"clock": now})


def count(settings: Settings, table: str) -> int:
    app = open_app(settings)
    with app.store.read() as c:
        found = c.execute(select(func.count()).select_from(t.metadata.tables[table])).scalar_one()
    app.store.close()
    return int(found)


def test_a_first_run_on_old_entries_posts_one_message_and_remembers_all(tmp_path: Path) -> None:
    with Newsroom(lambda: WEEK_LATER) as newsroom, SlackServer() as slack:
        settings = at(demo_config(tmp_path / "config", newsroom, slack), WEEK_LATER)
        app = open_app(settings)
        report = run(app)
        app.store.close()
        messages = slack.messages("sovereignty")
    assert report.collected.new > 50
    assert [message["text"].rpartition(" – ")[2] for message in messages] == ["Nothing new."]
    assert count(settings, "told") == 0


def test_a_second_run_right_after_sends_nothing_and_asks_for_nothing(tmp_path: Path) -> None:
    with Newsroom(lambda: MONDAY) as newsroom, SlackServer() as slack:
        settings = at(demo_config(tmp_path / "config", newsroom, slack), MONDAY)
        app = open_app(settings)
        run(app)
        asked, said = len(newsroom.requests), len(slack.messages("sovereignty"))
        report = run(app)
        app.store.close()
        assert (len(newsroom.requests), len(slack.messages("sovereignty"))) == (asked, said)
    assert said > 0
    assert (report.collected.sources, report.judged.judged, report.promised) == (0, 0, [])


def test_what_an_edit_made_wrong_is_said_by_the_next_run_though_nothing_is_due(tmp_path: Path) -> None:
    path = a_home(tmp_path, 'database = "sqlite:///news.sqlite"')
    assert sovwatch("run", cwd=tmp_path).returncode == 0

    (path.parent / "topics.toml").write_text('[alberta]\nname = "A"\nplcaes = ["Alberta"]\n', encoding="utf-8")
    wrong, still = (sovwatch("run", cwd=tmp_path) for _ in range(2))
    assert (wrong.returncode, still.returncode) == (2, 2)
    assert "did you mean 'places'?" in complaint(wrong)

    (path.parent / "topics.toml").write_text(TOPICS, encoding="utf-8")
    assert sovwatch("run", cwd=tmp_path).returncode == 0


def test_retention_waits_for_no_other_work(tmp_path: Path) -> None:
    path = a_home(tmp_path, 'database = "sqlite:///news.sqlite"')

    forgotten = []
    for hours in (0, 1, 24):
        app = open_app(at(path, MONDAY + timedelta(hours=hours)))
        forgotten.append(run(app).forgotten is not None)
        app.store.close()

    assert forgotten == [True, False, True]


def test_a_new_channel_is_told_only_what_is_first_seen_after_it_was_added(tmp_path: Path) -> None:
    clock = [MONDAY]
    with Newsroom(lambda: clock[0]) as newsroom, SlackServer(channels=["sovereignty", "late"]) as slack:
        config = demo_config(tmp_path / "config", newsroom, slack)
        app = open_app(at(config, clock[0]))
        run(app)
        app.store.close()
        late = slack.workspace.channel("late").id
        channel = f'\n[channels.late]\nkind = "slack"\nto = "{late}"\nzone = "America/Edmonton"\nat = [07:00:00]\n'
        config.write_text(config.read_text(encoding="utf-8") + channel, encoding="utf-8")
        clock[0] += timedelta(minutes=1)
        app = open_app(at(config, clock[0]))
        run(app)
        with app.store.read() as c:
            told = set(c.execute(select(t.told.c.channel)).scalars())
        app.store.close()
        assert [m["text"].rpartition(" – ")[2] for m in slack.messages("late")] == ["Nothing new."]
    assert told == {"sovereignty"}


def test_an_address_never_read_is_explained_from_its_page(tmp_path: Path) -> None:
    with Newsroom(lambda: MONDAY) as newsroom, SlackServer() as slack:
        settings = at(demo_config(tmp_path / "config", newsroom, slack), MONDAY)
        piece = newsroom.coverage.dispatches["tally-wire"]
        url = newsroom.coverage.url(piece)
        app = open_app(settings)
        trail = explain(app, url)
        run(app)
        after = explain(app, url)
        app.store.close()
    said = "\n".join(trail.lines)
    assert "was never read" in said
    assert "Its site is watched by northline" in said
    assert f"Read now: {piece.title}" in said
    assert "It would be on topic for Alberta separatism" in said
    assert "told       sovereignty" in "\n".join(after.lines)


def test_a_french_channel_reads_topics_and_signals_in_french() -> None:
    topic = shipped_settings().topics["alberta"]
    assert (topic.called("name", "fr"), topic.called("name", "en")) == ("Séparatisme albertain", "Alberta separatism")
    assert topic.called("court decision", "fr") == "décision de justice"
    assert topic.called("a signal of one's own", "fr") == "a signal of one's own"


def test_a_preview_at_a_time_writes_a_page_a_channel(tmp_path: Path) -> None:
    copy_starter(tmp_path / "config")
    config = tmp_path / "config" / "sovwatch.toml"
    config.write_text(
        config.read_text(encoding="utf-8") + '\n[channels."late/night"]\nkind = "terminal"\n', encoding="utf-8"
    )
    words = [
        "--config",
        str(config),
        "digest",
        "--preview",
        "--at",
        "2026-02-03T12:00:00",
        "--html",
        str(tmp_path / "p.html"),
    ]
    done = subprocess.run([sys.executable, "-m", "sovwatch", *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["p-desk.html", "p-late-night.html"]


def test_a_preview_of_several_channels_names_them(tmp_path: Path) -> None:
    a_home(tmp_path, CONFIGURATION + '[channels.late]\nkind = "terminal"\n')

    both = sovwatch("digest", "--preview", cwd=tmp_path).stdout.splitlines()
    one = sovwatch("digest", "--preview", "--channel", "late", cwd=tmp_path).stdout

    assert [line for line in both if line.startswith("Channel")] == ["Channel desk:", "Channel late:"]
    assert "Channel" not in one
