"""Bad input, exit codes, silence and start-up cost: a real process each time."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from sovwatch import schema as t
from sovwatch.cli import cli
from sovwatch.demo.slack import SlackServer
from sovwatch.seeds import make_card
from sovwatch.store import open_store
from tests.command import CONFIGURATION, SILENT, a_home, complaint, on_terminal, sovwatch

ARTICLE = {
    "url": "https://prairie-ledger.example/news/1",
    "title": "Petition for an Alberta vote passes its first count",
    "text": "Organisers say that 61,300 people signed.",
}
AWAY = "postgresql+psycopg://nobody"
MANY = "9" * 30


def test_a_trial_of_slack_that_fails_is_seen_by_a_script(tmp_path: Path) -> None:
    with SlackServer() as slack:
        channel = f'[channels.desk]\nkind = "slack"\nto = "{slack.workspace.channel("desk").id}"\n'
        a_home(tmp_path, f'{channel}[slack]\nbase_url = "{slack.url}"\n')

        wrong, right = (
            sovwatch("slack", "test", cwd=tmp_path, env={"SLACK_BOT_TOKEN": token}) for token in ("x", slack.token)
        )

    assert (wrong.returncode, right.returncode) == (1, 0)
    assert "token     FAILED  invalid_auth" in wrong.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("stories", "show", MANY), "'STORY': give a number"),
        (("stories", "merge", "1", "two"), "'INTO': give a number, as 12: not 'two'"),
        (("mutes", "remove", "-1"), "No such option"),
        (("export", "--since", "yesterday"), "'--since': write a day or a time, as 2026-02-03 or"),
        (("export", "--since", "9999-12-31T23:59-12:00"), "'--since': write a day or a time, as 2026-02-03 or"),
        (("digest", "--preview", "--at", "noon"), "'--at': write a day or a time, as 2026-02-03 or"),
        (("search", "--limit", "0", "a"), "'--limit': give a number from 1 on: not '0'"),
        (("mute", "story", MANY), f"story {MANY}: no such story"),
        (("mute", "phrase", "a", "--for", f"{MANY}w"), "--for: "),
        (("mute", "phrase", "a", "--for", "9999999d"), "--for: "),
        (("search", "--limit", MANY, "a"), "'--limit': give a number from 1 on"),
        (("digest", "--preview", "--at", "0001-01-01"), "--at"),
        (("digest", "--preview", "--html", "/nowhere/x.html"), "--html: /nowhere/x.html cannot be written"),
        (("demo", "--out", "/nowhere/x.html"), "--out: /nowhere/x.html cannot be written"),
        (("demo", "--out", "/proc/x.html"), "--out: /proc/x.html cannot be written"),
        (("seeds", "add", "config/topics.toml", "--id", "../x"), "--id: '../x' is no name of a file"),
        (("seeds", "add", "\u00b2"), "cannot be read as a text"),
    ],
)  # fmt: skip
def test_what_is_out_of_all_bounds_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    a_home(tmp_path, 'database = "sqlite:///news.sqlite"\n[channels.desk]\n')
    done = sovwatch(*arguments, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert said in " ".join(done.stderr.split())


@pytest.mark.parametrize("command", [("search",), ("explain",), ("export",), ("follow",), ("stories", "merge")])
def test_help_speaks_of_no_limits_of_databases(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert "9223372036854775807" not in sovwatch(*command, "--help", cwd=tmp_path).stdout


def test_a_terminal_hears_that_nothing_is_muted(tmp_path: Path) -> None:
    a_home(tmp_path)
    assert on_terminal("mutes", "list", cwd=tmp_path, columns=80).strip() == "nothing is muted"
    assert sovwatch("--json", "mutes", "list", cwd=tmp_path).stdout.strip() == "[]"


def test_what_is_found_stands_under_the_day_of_the_desk_with_its_story(tmp_path: Path) -> None:
    zone = "Pacific/Kiritimati" if datetime.now(UTC).hour > 9 else "Etc/GMT+12"  # where it is another day than in UTC
    a_home(tmp_path, CONFIGURATION.replace('"UTC"', f'"{zone}"', 1))
    article = {"url": "https://a.example/1", "title": "Alberta petition grows", "text": "Alberta separatists gather."}
    before = datetime.now(ZoneInfo(zone)).date()
    sovwatch("ingest", "-", cwd=tmp_path, stdin=json.dumps(article))
    after = datetime.now(ZoneInfo(zone)).date()
    found = sovwatch("search", "petition", cwd=tmp_path).stdout
    assert found.split()[0] in {str(before), str(after)}
    assert "https://a.example/1 · story 1" in found


@pytest.mark.parametrize(("published", "day"), [("2026-02-03T05:00:00Z", "2026-02-02"), ("2026-02-03", "2026-02-03")])
def test_what_was_read_long_after_it_was_published_stands_under_the_day_of_that(
    tmp_path: Path, published: str, day: str
) -> None:
    a_home(tmp_path, CONFIGURATION.replace('"UTC"', '"America/Edmonton"', 1))
    article = {"url": "https://a.example/1", "title": "Alberta petition grows", "text": "", "published": published}
    sovwatch("ingest", "-", cwd=tmp_path, stdin=json.dumps(article))
    assert sovwatch("search", "petition", cwd=tmp_path).stdout.split()[0] == day


def test_a_wrong_option_or_command_is_a_usage_error(tmp_path: Path) -> None:
    a_home(tmp_path)

    assert sovwatch("runn", cwd=tmp_path).returncode == 2
    assert sovwatch("run", "--fast", cwd=tmp_path).returncode == 2
    assert sovwatch("export", "--format", "xml", cwd=tmp_path).returncode == 2
    done = sovwatch("digest", "--channel", "desc", cwd=tmp_path)
    assert (done.returncode, complaint(done)) == (2, "--channel: no channel is called 'desc'; did you mean 'desk'?")
    done = sovwatch("collect", "ledgr", cwd=tmp_path)
    assert (done.returncode, complaint(done)) == (2, "collect: no source is called 'ledgr'")


@pytest.mark.parametrize(
    ("command", "address", "said"),
    [
        ("run", f"{AWAY}:hunter2@127.0.0.1:1/news", f"{AWAY}:***@127.0.0.1:1/news: "),
        ("check", f"{AWAY}:hunter2@127.0.0.1:1/news", f"{AWAY}:***@127.0.0.1:1/news: "),
        ("export", "sqlite:////no/such/folder/news.sqlite", "the folder /no/such/folder does not exist"),
        ("judge", "mysql://localhost/news", "database: "),
        ("status", "news.sqlite", "database: "),
    ],
)
def test_an_unreachable_database_exits_2_and_shows_no_password(
    tmp_path: Path, command: str, address: str, said: str
) -> None:
    a_home(tmp_path, f'database = "{address}"')

    done = sovwatch(command, cwd=tmp_path)

    assert done.returncode == 2, done
    assert said in (done.stdout if command == "check" else complaint(done))
    assert ("see that the server runs" in done.stdout + done.stderr) is ("127.0.0.1:1" in address)
    assert "hunter2" not in done.stdout + done.stderr


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = a_home(tmp_path)
    file = path.parent / "news.sqlite"
    file.write_text("Dear diary, " * 100, encoding="utf-8")

    done = sovwatch("run", cwd=tmp_path)

    assert done.returncode == 2
    assert "is no Sovwatch database, or damaged" in complaint(done)
    assert file.read_text(encoding="utf-8") == "Dear diary, " * 100


def test_another_programs_database_is_not_written_into(tmp_path: Path) -> None:
    path = a_home(tmp_path)
    with sqlite3.connect(path.parent / "news.sqlite") as connection:
        connection.execute("CREATE TABLE article (headline TEXT)")
    connection.close()

    done = sovwatch("run", cwd=tmp_path)

    assert done.returncode == 2
    assert "holds tables of another program" in complaint(done)


def test_ingest_names_each_bad_line_and_does_the_rest(tmp_path: Path) -> None:
    a_home(tmp_path)
    lines = [
        json.dumps(ARTICLE),
        '{"url": "https://x.example/2", "title": ',
        "[1, 2]",
        "",
        json.dumps({**ARTICLE, "url": "not an address"}),
        json.dumps({"title": "No address"}),
        json.dumps({**ARTICLE, "url": "https://x.example/7", "published": "tomorrow-ish"}),
        json.dumps({**ARTICLE, "url": "https://x.example/8", "title": ["a", "b"]}),
        json.dumps({**ARTICLE, "url": "https://x.example/9", "title": "A second one \ud800 \x00 with odd letters"}),
        json.dumps({"url": "https://x.example/10", "title": "", "text": None}),
        json.dumps(
            {**ARTICLE, "url": "https://x.example/11", "published": "2016-05", "title": "An old one, told late"}
        ),
        "[" * 100_000,
        json.dumps({**ARTICLE, "url": "https://x.example/13", "authors": 7, "title": "Signed by a number, no less"}),
    ]
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")

    done = sovwatch("ingest", file, cwd=tmp_path)

    assert done.returncode == 1
    named = [line.removeprefix(f"{file}:").partition(":")[0] for line in done.stderr.splitlines()]
    assert named == ["2", "3", "5", "6", "7", "8", "10", "12", "13"]
    assert "Traceback" not in done.stderr
    exported = [json.loads(line) for line in sovwatch("export", cwd=tmp_path).stdout.splitlines()]
    assert [one["url"] for one in exported] == [ARTICLE["url"], "https://x.example/9", "https://x.example/11"]
    assert exported[2]["published"] == "2016-05"


def test_ingest_reads_standard_input_and_says_when_a_file_is_missing(tmp_path: Path) -> None:
    a_home(tmp_path)

    done = sovwatch("ingest", "-", cwd=tmp_path, stdin=json.dumps(ARTICLE) + "\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = sovwatch("ingest", "nowhere.jsonl", cwd=tmp_path)
    assert (done.returncode, complaint(done)) == (2, "nowhere.jsonl: cannot be read: No such file or directory")
    done = sovwatch("ingest", tmp_path, cwd=tmp_path)
    assert (done.returncode, complaint(done)) == (2, f"{tmp_path}: cannot be read: Is a directory")
    assert len(sovwatch("export", cwd=tmp_path).stdout.splitlines()) == 1


@pytest.mark.parametrize("command", ["run", "collect", "judge", "digest", "deliver"])
def test_a_stage_exits_75_while_another_run_holds_the_lease(tmp_path: Path, command: str) -> None:
    path = a_home(tmp_path)
    store = open_store(f"sqlite:///{path.parent / 'news.sqlite'}")
    now = datetime.now(UTC)
    with store.write() as c:
        row = {"name": "run", "holder": "other-machine:42:abc", "since": now, "until": now + timedelta(minutes=5)}
        c.execute(insert(t.lease).values(row))
    store.close()

    done = sovwatch(command, cwd=tmp_path)

    assert done.returncode == 75
    assert complaint(done).startswith(f"another run holds the lease: other-machine:42:abc, since {now:%Y-%m-%d %H:%M}")
    assert sovwatch("export", cwd=tmp_path).returncode == 0, "reading asks for no lease"


def test_a_wrong_schedule_is_one_line_of_the_status_too(tmp_path: Path) -> None:
    a_home(tmp_path, '[channels.desk]\ncron = "0 7 * * 8"')
    done = sovwatch("status", cwd=tmp_path)
    said = "channels.desk.cron: '0 7 * * 8': Bad day-of-week (as in man 5 crontab: 0 7 * * 1-5)"
    assert (done.returncode, complaint(done)) == (2, said)


def test_success_is_silent_without_a_terminal_so_that_cron_mails_only_trouble(tmp_path: Path) -> None:
    a_home(tmp_path, 'database = "sqlite:///news.sqlite"')

    for command in ("run", "collect", "judge", "digest", "deliver"):
        done = sovwatch(command, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), command


def test_output_that_meets_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    a_home(tmp_path)
    command = [sys.executable, "-m", "sovwatch", "status"]

    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "is full; free some space" in done.stderr


def test_a_story_that_is_none_is_said_by_the_export_too(tmp_path: Path) -> None:
    a_home(tmp_path)

    done = sovwatch("export", "--story", "99", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert complaint(done) == "story 99: no such story (`sovwatch explain URL` tells an article's)"


def test_a_table_is_a_line_a_row_elsewhere_and_keeps_its_first_column_on_a_narrow_terminal(tmp_path: Path) -> None:
    sources = "".join(
        f'[[source]]\nid = "{name}"\nurl = "https://{name}.example/feed"\noutlet = "The Daily Chronicle of {name}"\n'
        for name in ("a-source-with-a-longish-name", "another-one-with-as-long-one")
    )
    a_home(tmp_path, sources=sources)

    piped = sovwatch("sources", "list", cwd=tmp_path)
    shown = on_terminal("sources", "list", cwd=tmp_path, columns=80)

    assert [line.split()[0] for line in piped.stdout.splitlines()[1:]] == re.findall(r'id = "(.*)"', sources)
    assert all(line in shown for line in re.findall(r'id = "(.*)"', sources))
    assert "health" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_narrow_terminal_breaks_no_date(tmp_path: Path) -> None:
    home = a_home(tmp_path).parent
    for number, name in enumerate(("a-card-with-a-name-that-is-longer", "another-one")):
        title = "What happened, told at some length " * 3
        card = make_card(
            name, "A judge ruled.", title=title, happened=(date(2026, 1, 29),) * 2, affair=f"ruling-of-january-{number}"
        )
        (home / "seeds" / f"{name}.toml").write_text(card.to_toml(), encoding="utf-8")
    shown = on_terminal("seeds", "list", cwd=tmp_path, columns=60)
    assert shown.count("2026-01-29") == 2
    assert max(map(len, shown.splitlines())) <= 60


def test_the_addresses_of_a_story_can_be_copied_from_a_terminal(tmp_path: Path) -> None:
    """Cut into a column of 24 characters they could not, and `explain` and `stories split` ask for them."""
    a_home(tmp_path)
    url = "https://prairie-ledger.example/politics/2026/02/03/clerk-counts-the-pages-of-the-petition-twice"
    told = {
        "url": url,
        "title": "Clerk counts the petition’s pages twice",
        "text": "Mara Oland asked for a vote on pages.",
    }
    sovwatch("ingest", "-", cwd=tmp_path, stdin=json.dumps(told | {"outlet": "Prairie Ledger"}))
    shown = on_terminal("stories", "show", "1", cwd=tmp_path, columns=80)
    assert shown.splitlines() == ["opens  Prairie Ledger: Clerk counts the petition’s pages twice", f"       {url}"]


def test_json_is_one_value_on_standard_output_whatever_a_command_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that mutes something has to know its number, and what a terminal channel is told is no JSON."""
    a_home(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feeds.opml").write_text("<opml version='2.0'><body/></opml>", encoding="utf-8")
    articles = "\n".join(
        json.dumps({"url": f"https://a.example/{number}", "title": title, "text": f"{title}. {text}"})
        for number, title, text in (
            (1, "Clerk counts twice", "A vote on pages that Mara Oland asked for."),
            (2, "Bridge at Teal Creek closes", "Ironworkers found a crack in its third arch."),
        )
    )
    said = {}
    for command in (
        *("init", "collect", "ingest - --tell", "digest --preview", "digest --preview --html page.html"),
        *("judge", "judge --again", "status", "search clerk", "explain https://a.example/1", "explain --near"),
        *("run", "deliver", "deliver --dry-run", "digest", "deliver --drop desk"),
        *("mute story 1", "mutes list", "mutes remove 1", "follow 1", "stories merge 1 2", "stories show 2"),
        *("stories split https://a.example/1", "seeds add 2 --id two", "seeds list", "seeds remove two"),
        *("sources list", "sources try --all", "sources import feeds.opml", "slack manifest", "check"),
        *("database upgrade", "database copy sqlite:///other.sqlite"),
    ):  # fmt: skip
        done = CliRunner().invoke(cli, ["--json", *command.split()], input=articles)
        assert done.exit_code == 0, (command, done.output)
        said[command] = json.loads(done.stdout)
    assert said["mute story 1"] == {"mute": 1}
    assert said["stories split https://a.example/1"] == {"story": 3}
    assert said["digest --preview"]["desk"]["sections"][0]["items"][0]["lead"]["title"]
    assert said["run"]["delivered"]["delivered"] == 1


def test_init_writes_a_whole_configuration_and_never_overwrites(tmp_path: Path) -> None:
    kept = tmp_path / "config" / "topics.toml"
    kept.parent.mkdir()
    kept.write_text("# mine alone", encoding="utf-8")
    first = sovwatch("init", cwd=tmp_path)
    edited = tmp_path / "config" / "sovwatch.toml"
    edited.write_text(edited.read_text(encoding="utf-8") + "\n# mine\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.toml")}
    second = sovwatch("init", cwd=tmp_path)

    assert (first.returncode, second.returncode) == (0, 0)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.toml")} == before
    assert {"sovwatch.toml", "topics.toml", "sources.toml"} <= {path.name for path in before}
    assert "kept   config/sovwatch.toml" in second.stdout
    assert kept.read_text(encoding="utf-8") == "# mine alone"


def test_init_says_when_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file in the way", encoding="utf-8")

    done = sovwatch("init", cwd=tmp_path)

    assert done.returncode == 2
    assert "config" in complaint(done)


HEAVY = {"scrapy", "twisted", "slack_sdk", "trafilatura", "feedparser", "sqlalchemy", "alembic", "aiohttp"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"]])
def test_help_and_version_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    assert not HEAVY & _imported(arguments, tmp_path)


@pytest.mark.parametrize("command", ["run", "status"])
def test_where_nothing_is_due_no_crawler_is_loaded_no_alembic_and_no_slack(command: str, tmp_path: Path) -> None:
    a_home(tmp_path, 'database = "sqlite:///news.sqlite"')
    assert sovwatch("run", cwd=tmp_path).returncode == 0

    heavy = {"scrapy", "twisted", "trafilatura", "feedparser", "slack_sdk", "alembic", "pydantic_settings"}
    assert not heavy & _imported([command], tmp_path)


def _imported(arguments: list[str], cwd: Path) -> set[str]:
    """The top-level modules that a command has loaded when it is done."""
    script = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*{m.partition('.')[0] for m in sys.modules}, file=sys.stderr))\n"
        f"sys.argv = ['sovwatch', *{arguments!r}]\n"
        "from sovwatch.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=cwd, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mute", "storey", "3"), "'storey' is not one of story, source, phrase; did you mean 'story'?"),
        (("export", "--format", "jsnl"), "'jsnl' is not one of jsonl, csv; did you mean 'jsonl'?"),
    ],
)
def test_a_mistyped_word_of_a_few_is_met_with_the_nearest(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = sovwatch(*arguments, cwd=tmp_path)
    assert (done.returncode, said in " ".join(done.stderr.split())) == (2, True)


def test_a_terminal_that_knows_few_characters_stops_nothing_and_data_are_utf_8(tmp_path: Path) -> None:
    channel = CONFIGURATION + 'language = "fr"\n'
    topics = '[alberta]\nname = "Indépendance – l’Alberta"\nmatch = "all"\n'
    a_home(tmp_path, channel, topics=topics)
    line = {"url": "https://a.example/1", "title": "« L’Alberta », 12 h – œuvre", "text": "Un vote.", "outlet": "É"}
    known = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    command = [sys.executable, "-W", "error", "-m", "sovwatch"]
    inherited = {name: value for name, value in os.environ.items() if name not in SILENT} | known

    def said(*arguments: str, stdin: str = "") -> bytes:
        done = subprocess.run(
            [*command, *arguments], cwd=tmp_path, env=inherited, input=stdin.encode(), capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b""), arguments
        return done.stdout

    said("ingest", "-", "--tell", stdin=json.dumps(line))
    assert b"L?Alberta" in said("digest", "--preview", "--channel", "desk")
    said("digest")
    assert b"L?Alberta" in said("deliver")
    assert json.loads(said("export").decode("utf-8"))["title"] == line["title"]
    assert line["title"] in said("--json", "explain", line["url"]).decode("utf-8")


def test_giving_up_the_messages_of_no_channel_is_refused(tmp_path: Path) -> None:
    a_home(tmp_path)
    done = sovwatch("deliver", "--drop", "dsk", cwd=tmp_path)
    said = "--drop: nothing was ever promised to a channel 'dsk'; did you mean 'desk'? (`sovwatch deliver --dry-run`)"
    assert (done.returncode, complaint(done)) == (2, said)
    assert sovwatch("deliver", "--drop", "desk", cwd=tmp_path).returncode == 0


def promise_one(tmp_path: Path) -> None:
    a_home(tmp_path)
    line = json.dumps({"url": "https://a.example/1", "title": "Clerk counts twice", "text": "A vote on pages."})
    assert sovwatch("ingest", "-", "--tell", cwd=tmp_path, stdin=line).returncode == 0
    assert sovwatch("digest", cwd=tmp_path).returncode == 0


def test_what_a_channel_will_not_be_told_of_is_listed_when_it_is_given_up(tmp_path: Path) -> None:
    promise_one(tmp_path)
    given_up = json.loads(sovwatch("--json", "deliver", "--drop", "desk", cwd=tmp_path).stdout)
    assert given_up == {"messages": 1, "headlines": ["Clerk counts twice"]}
    assert json.loads(sovwatch("--json", "deliver", "--drop", "desk", cwd=tmp_path).stdout)["messages"] == 0


def test_the_list_of_what_is_given_up_may_go_into_a_file(tmp_path: Path) -> None:
    promise_one(tmp_path)
    assert sovwatch("deliver", "--drop", "desk", cwd=tmp_path).stdout == "  Clerk counts twice\n"


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    a_home(tmp_path)
    long = "Report of the day " * 50  # a hundred of them are more than a pipe holds
    many = "\n".join(
        json.dumps({"url": f"https://x.example/{n}", "title": f"{n} {long}", "text": "Nothing of note."})
        for n in range(100)
    )
    assert sovwatch("ingest", "-", cwd=tmp_path, stdin=many).returncode == 0

    with subprocess.Popen(
        [sys.executable, "-m", "sovwatch", "export"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode in {0, 1}, "Click's own exit for a closed pipe"


def test_what_waits_is_shown_to_programs_too(tmp_path: Path) -> None:
    a_home(tmp_path, '[channels.desk]\nkind = "slack"\nto = "C0123456789"\n')
    assert json.loads(sovwatch("--json", "deliver", "--dry-run", cwd=tmp_path).stdout) == []
    assert sovwatch("digest", cwd=tmp_path).returncode == 0

    (waits,) = json.loads(sovwatch("--json", "deliver", "--dry-run", cwd=tmp_path).stdout)

    assert (waits["channel"], set(waits)) == ("desk", {"channel", "key", "error", "cure"})
