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

from sovwatch import schema as t
from sovwatch.app import open_app, run
from sovwatch.demo.slack import SlackServer
from sovwatch.errors import ConfigurationError
from sovwatch.seeds import make_card
from sovwatch.settings import load
from sovwatch.store import open_store
from tests.command import CONFIGURATION, SILENT, a_home, complaint, on_terminal, sovwatch

ARTICLE = {
    "url": "https://prairie-ledger.example/news/1",
    "title": "Petition for an Alberta vote passes its first count",
    "text": "Organisers say that 61,300 people signed.",
}
AWAY = "postgresql+psycopg://nobody"
SOURCE = '[[source]]\nid = "ledger"\noutlet = "Prairie Ledger"\nurl = "https://prairie-ledger.example/feed"\n'
MANY = "9" * 30


def test_a_missing_configuration_says_where_it_was_sought_and_what_makes_one(tmp_path: Path) -> None:
    done = sovwatch("run", cwd=tmp_path)

    assert done.returncode == 2
    assert (
        complaint(done)
        == "config/sovwatch.toml: no such configuration (`sovwatch init` makes one; --config names another)"
    )


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ('databse = "sqlite:///x.sqlite"', "unknown key 'databse'; did you mean 'database'?"),
        ('[chanels.desk]\nkind = "terminal"', "unknown key 'chanels'; did you mean 'channels'?"),
        ('[channels.desk]\nkindd = "terminal"', "unknown key 'channels.desk.kindd'; did you mean 'kind'?"),
        ('[slack]\nbase_uri = "http://x/"', "unknown key 'slack.base_uri'; did you mean 'base_url'?"),
        ("[crawl]\nrobot = false", "unknown key 'crawl.robot'; did you mean 'robots'?"),
        (
            'zone = "America/Edmontn"',
            "zone: no time zone is called 'America/Edmontn'; did you mean 'America/Edmonton'?",
        ),
        ('zone = "Mars/Olympus"', "zone: no time zone is called 'Mars/Olympus'; write one such as America/Edmonton"),
        (
            '[channels.desk]\nkind = "slak"',
            "kind: 'slak' is not one of slack, slack-webhook, terminal, html, mail, feed, ",
        ),
        ('[channels.desk]\nkind = "slak"', "webhook; did you mean 'slack'?"),
        ('[channels.desk]\nlanguage = "FR"', "channels.desk.language: 'FR' is not one of en, fr; did you mean 'fr'?"),
        ('[channels.desk]\nreads = ["english"]', "channels.desk.reads.0: 'english' is not one of en, fr"),
        (
            '[channels.desk]\ndays = ["sta"]',
            "channels.desk.days.0: 'sta' is not one of mon, tue, wed, thu, fri, sat, sun",
        ),
        ('[channels.desk]\nat = ["7 o\'clock"]', 'channels.desk.at.0: is no time of day; write one such as "07:00",'),
        ("[channels.desk]\nat = [7, 12]", 'channels.desk.at.0: is no time of day; write one such as "07:00", not 7'),
        ('[channels.desk]\nat = "07:00"', "channels.desk.at: is no list; put it in square brackets, not '07:00'"),
        ('[channels.desk]\nempty = "maybe"', "channels.desk.empty: is neither true nor false, not 'maybe'"),
        ('[channels.desk]\nper_digest = "many"', "channels.desk.per_digest: is no whole number, not 'many'"),
        ('[mail]\nsecurity = "ssl"', "mail.security: 'ssl' is not one of none, starttls, tls"),
        (
            '[log]\nlevel = "warn"',
            "log.level: 'warn' is not one of debug, info, warning, error; did you mean 'warning'?",
        ),
        ("channels = 3", "channels: is no table, not 3"),
        ("[channels.desk]\nper_digest = 0", "channels.desk.per_digest: is less than 1, not 0"),
        ("[worker]\njudges = 65", "worker.judges: is more than 64, not 65"),
        ("[crawl]\nmax_bytes = -1", "crawl.max_bytes: is less than 1, not -1"),
        ("[crawl]\nmax_redirects = -1", "crawl.max_redirects: is less than 0, not -1"),
        ("[crawl]\npages_per_source = -1", "crawl.pages_per_source: is less than 0, not -1"),
        ('[daemon]\naddress = "localhost"', "daemon.address: is no HOST:PORT, such as 127.0.0.1:9464, not 'localhost'"),
        ('database = "sqlite:///:memory:"', "database: is in memory, and forgotten after each command; name a file,"),
        ('clock = "now"', "clock: is no instant; write one such as 2026-01-29T12:00:00Z, not 'now'"),
        ('[channels.desk]\ntopics = ["albreta"]', "no topic is called 'albreta'; did you mean 'alberta'?"),
        ("zone = ", "not valid TOML: "),
        ("fresh = 3 days", "not valid TOML: "),
        ('fresh = "-2d"', "fresh: is less than nothing"),
        ('fresh = "9999999999999d"', "fresh: is no length of time"),
        ("[retention]\ntexts = true", "retention.texts: is no length of time; write one such as 90d, 48h, 30m or 45s"),
        ("[retention]\ntexts = 90", "retention.texts: is a number of what? Write 90d, 48h, 30m or 45s, not 90"),
        ('[retention]\noff_topic = "30"', "retention.off_topic: is a number of what? Write 90d, 48h, 30m or 45s, not "),
        ('[retention]\ntexts = "9999999d"', "retention.texts: is more than a hundred years"),
        (
            '[daemon]\ntick = "0s"',
            "daemon.tick: is nothing: that would be work without pause, or none at all",
        ),
        (
            'zone = "America/Argentina"',
            "zone: no time zone is called 'America/Argentina'; did you mean",
        ),
        ('fresh = "soon"', "fresh: is no length of time; write one such as 90d, 48h, 30m or 45s, not 'soon'"),
        ('[channels.desk]\ncron = "61 * * * *"', "channels.desk.cron: "),
        ('[slack]\ntoken = "xoxb-1"', "'token' is a secret and does not belong here (use SLACK_BOT_TOKEN"),
        ('[topics.x]\nname = "x"', "'topics' does not belong here (topics and sources have files of their own)"),
    ],
)
def test_a_wrong_configuration_is_one_sentence_that_names_file_and_key(
    tmp_path: Path, configuration: str, said: str
) -> None:
    path = a_home(tmp_path, configuration)

    with pytest.raises(ConfigurationError) as caught:
        run(open_app(load(path, {})))

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value) or "channels.desk.cron: " in str(caught.value)


def test_the_command_line_says_it_in_one_line_and_the_doctor_reports_it(tmp_path: Path) -> None:
    a_home(tmp_path, 'databse = "sqlite:///x.sqlite"')
    said = "config/sovwatch.toml: unknown key 'databse'; did you mean 'database'?"

    done, checked = sovwatch("run", cwd=tmp_path), sovwatch("check", cwd=tmp_path)

    assert (done.returncode, complaint(done), done.stdout) == (2, said, "")
    assert (checked.returncode, checked.stderr) == (2, "")
    assert checked.stdout == f"error    configuration: {said}\n"


USING = '[shared.canada]\nthemes = ["leave canada"]\n[a]\nname = "A"\nuses = '


@pytest.mark.parametrize(
    ("topics", "sources", "said"),
    [
        (
            '[alberta]\nname = "A"\nmatch = "al"',
            "",
            "alberta.match: 'al' is not one of profile, all; did you mean 'all'?",
        ),
        ('[alberta]\nname = "A"\nplaces = "Alberta"', "", "places: is no list; put it in square brackets, not 'Alb"),
        (
            "",
            SOURCE + 'kind = "rss"\n',
            "source 'ledger': kind: 'rss' is not one of feed, sitemap, listing, search, spider",
        ),
        (
            "",
            SOURCE + 'tier = "locl"\n',
            "is not one of wire, public, national, local, opinion, party, aggregator; did ",
        ),
        ("", SOURCE.replace("ledger", "A B", 1), "id: has more than small letters, digits, ., _ and -, not 'A B'"),
        ('[alberta]\nname = ""', "", "name: is empty, not ''"),
        ("", SOURCE + 'fetch = "al"\n', "fetch: 'al' is not one of match, all, never; did you mean 'all'?"),
        ("[alberta]\n", "", "topics.toml: alberta.name: is missing"),
        ("alberta = 3", "", "topics.toml: alberta: "),
        ('[alberta]\nname = "A"\nplcaes = ["Alberta"]', "", "unknown key 'alberta.plcaes'; did you mean 'places'?"),
        ('[a]\nname = "A"\nthemes = "word"', "", "topics.toml: a.themes: is no list; put it in square brackets"),
        ('[a]\nname = "A"\n[a.weights]\nheadlin = 1', "", "'a.weights.headlin'; did you mean 'headline'?"),
        ('[a]\nname = "A"\n[a.weights]\nlede = 3', "", "topics.toml: a.weights.lede: is more than 1.0, not 3"),
        (USING + '["canda"]', "", "topics.toml: a.uses: nothing shared is called 'canda'; did you mean 'canada'?"),
        (USING + '"canada"', "", "topics.toml: a.uses: is no list; put it in square brackets, not 'canada'"),
        (USING + '[]\n[shared.b]\ntheme = ["x"]', "", "unknown key 'shared.b.theme'; did you mean 'themes'?"),
        (USING + '[]\n[shared.b]\nthemes = "x"', "", "topics.toml: shared.b.themes: is no list; put it in square"),
        (USING + '["b"]\n[shared.b]\nuses = ["b"]', "", "shared.b: a shared table uses no other; let the topic use "),
        (USING + '[]\n[shared]\nname = "Shared"', "", "topics.toml: shared.name: is no table, not 'Shared'"),
        ("", '[[source]]\nid = "a"\noutlet = "A"\n', "sources.toml: source 'a': url: is missing"),
        ("", SOURCE + 'knid = "feed"\n', "sources.toml: source 'ledger': unknown key 'knid'; did you mean 'kind'?"),
        (
            "",
            SOURCE.replace("://", "://me:pw@"),
            "source 'ledger': url: a login before the @ does not belong here (",
        ),
        ("", SOURCE + SOURCE, "sources.toml: two sources have the id 'ledger'"),
        ("", SOURCE + 'language = "French"\n', "language: is no language in two letters, such as en or fr, not 'Fre"),
        ("", '[[source]]\nurl = "https://a.example/"\noutlet = "A"\n', "sources.toml: source number 1: id: is missing"),
    ],
)
def test_topics_and_sources_are_read_as_strictly(tmp_path: Path, topics: str, sources: str, said: str) -> None:
    configuration = 'database = "sqlite:///news.sqlite"'
    path = a_home(tmp_path, configuration, **({"topics": topics} if topics else {}), sources=sources or SOURCE)

    with pytest.raises(ConfigurationError) as caught:
        run(open_app(load(path, {})))

    assert said in str(caught.value)


MARK = b"\xef\xbb\xbf"  # what Windows' editors begin a file of UTF-8 with


def test_files_as_windows_writes_them_are_read(tmp_path: Path) -> None:
    path = a_home(tmp_path, CONFIGURATION + '\n[slack]\ntoken_file = "token"\n')
    (path.parent / "token").write_bytes(MARK + b"xoxb-1-secret\r\n")
    (path.parent / "token").chmod(0o600)
    for name in ("sovwatch", "topics", "sources"):
        file = path.parent / f"{name}.toml"
        file.write_bytes(MARK + file.read_bytes().replace(b"\n", b"\r\n"))

    token = load(path, {}).slack.token

    assert token is not None
    assert token.get_secret_value() == "xoxb-1-secret"


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("xoxb-1-secret".encode("utf-16"), "the secret is not UTF-8"),
        (b"xoxb-1-secret\nSLACK_CHANNEL=x", "the secret is more than one line, or holds more than ASCII"),
        ("xoxb-sécret".encode(), "the secret is more than one line, or holds more than ASCII"),
        (b" \n", "the secret's file is empty"),
        (None, "a folder stands where a secret's file should be"),
    ],
)
def test_a_file_that_holds_no_secret_is_one_sentence_and_shows_nothing_of_it(
    tmp_path: Path, held: bytes | None, said: str
) -> None:
    path = a_home(tmp_path, CONFIGURATION + '\n[slack]\ntoken_file = "token"\n')
    token = path.parent / "token"
    token.mkdir() if held is None else token.write_bytes(held)
    token.chmod(0o700)

    with pytest.raises(ConfigurationError) as caught:
        load(path, {})

    assert str(caught.value).startswith(f"{token}: {said} (")
    assert "cret" not in str(caught.value).replace("secret", "")


def test_a_variable_that_holds_no_secret_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="SLACK_BOT_TOKEN: the secret is more than one line"):
        load(a_home(tmp_path), {"SLACK_BOT_TOKEN": "xoxb-1\nx"})
    assert load(a_home(tmp_path), {"SLACK_BOT_TOKEN": " "}).slack.token is None


def test_a_configuration_that_cannot_be_read_is_said_and_not_called_missing(tmp_path: Path) -> None:
    path = tmp_path / "sovwatch.toml"
    path.symlink_to(path)  # as good as a folder of another user's, which root may read all the same

    done = sovwatch("--config", path, "run", cwd=tmp_path)

    assert done.returncode == 2
    assert complaint(done).startswith(f"{path}: cannot be read: Too many levels of symbolic links (run sovwatch as the")


@pytest.mark.parametrize("what", ["seeds", "seeds/card.toml"])
def test_what_is_known_is_not_passed_over_because_it_cannot_be_read(tmp_path: Path, what: str) -> None:
    home = a_home(tmp_path).parent
    (home / "seeds").rmdir() if what == "seeds" else None
    (home / what).symlink_to(home / what)

    done, checked = sovwatch("run", cwd=tmp_path), sovwatch("check", cwd=tmp_path)

    said = f"{home / what}: cannot be read: Too many levels of symbolic links"
    assert (done.returncode, complaint(done)) == (2, f"{said} (let who runs sovwatch read it)")
    assert f"error    seeds: {said} → let who runs sovwatch read it" in checked.stdout


def test_a_trial_of_slack_that_fails_is_seen_by_a_script(tmp_path: Path) -> None:
    with SlackServer() as slack:
        channel = f'[channels.desk]\nkind = "slack"\nto = "{slack.workspace.channel("desk").id}"\n'
        a_home(tmp_path, f'{channel}[slack]\nbase_url = "{slack.url}"\n')

        wrong, right = (
            sovwatch("slack", "test", cwd=tmp_path, env={"SLACK_BOT_TOKEN": token}) for token in ("x", slack.token)
        )

    assert (wrong.returncode, right.returncode) == (1, 0)
    assert "token     FAILED  invalid_auth" in wrong.stdout


def test_a_folder_given_as_configuration_is_answered_with_the_file(tmp_path: Path) -> None:
    folder = a_home(tmp_path).parent
    for given in (folder, folder.parent):
        with pytest.raises(ConfigurationError, match=rf"is a folder \(name the file: {folder}/sovwatch.toml\)"):
            load(given, {})


def test_a_secret_that_everyone_may_read_is_refused(tmp_path: Path) -> None:
    path = a_home(tmp_path, CONFIGURATION + '\n[slack]\ntoken_file = "token"\n')
    token = path.parent / "token"
    token.write_text("xoxb-1-secret", encoding="utf-8")
    token.chmod(0o644)

    done = sovwatch("run", cwd=tmp_path)

    assert done.returncode == 2
    assert complaint(done) == f"{token}: a secret that everyone may read (chmod 600 {token})"


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


def test_a_file_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    a_home(tmp_path).write_bytes(b'zone = "\xff"')
    assert complaint(sovwatch("status", cwd=tmp_path)) == "config/sovwatch.toml: not valid TOML: it is not UTF-8"


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


def test_json_is_one_value_on_standard_output(tmp_path: Path) -> None:
    a_home(tmp_path, 'database = "sqlite:///news.sqlite"')

    for command in (
        ["run"],
        ["collect"],
        ["judge"],
        ["digest"],
        ["deliver"],
        ["check"],
        ["status"],
        ["sources", "list"],
    ):
        done = sovwatch("--json", *command, cwd=tmp_path)
        json.loads(done.stdout)
        assert (done.returncode, done.stderr) == (0, ""), command


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


def test_the_configuration_may_be_named_by_option_or_environment(tmp_path: Path) -> None:
    path = a_home(tmp_path / "there")
    (tmp_path / "here").mkdir()

    named = sovwatch("--config", path, "judge", cwd=tmp_path / "here")
    by_environment = sovwatch("judge", cwd=tmp_path / "here", env={"SOVWATCH_CONFIG": str(path)})

    assert (named.returncode, by_environment.returncode) == (0, 0)
    assert (path.parent / "news.sqlite").exists(), "relative paths count from the configuration file"
    assert list((tmp_path / "here").iterdir()) == []


NO_JSON = """is a list or a table, and not valid JSON (write JSON, such as ["one", "two"] or {"name": "value"})"""


def test_the_environment_overrides_a_key_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    a_home(tmp_path)

    done = sovwatch("judge", cwd=tmp_path, env={"SOVWATCH_DATABASE": f"sqlite:///{tmp_path}/other.sqlite"})
    assert (done.returncode, (tmp_path / "other.sqlite").exists()) == (0, True)
    done = sovwatch("judge", cwd=tmp_path, env={"SOVWATCH_FRESH": "soon"})
    assert done.returncode == 2
    assert "SOVWATCH_FRESH" in complaint(done)
    done = sovwatch("judge", cwd=tmp_path, env={"SOVWATCH_CHANNELS": "{desk"})
    assert (done.returncode, complaint(done)) == (2, f"SOVWATCH_CHANNELS: {NO_JSON}")
    done = sovwatch("judge", cwd=tmp_path, env={"SOVWATCH_CRAWL__ALLOW_PRIVATE": "localhost"})
    assert (done.returncode, complaint(done)) == (2, f"SOVWATCH_CRAWL__ALLOW_PRIVATE: {NO_JSON}")
    done = sovwatch("judge", cwd=tmp_path, env={"SOVWATCH_HOME": "elsewhere"})
    assert (done.returncode, complaint(done)) == (2, "SOVWATCH_HOME: no key is set by this variable")


HEAVY = {"scrapy", "twisted", "slack_sdk", "trafilatura", "feedparser", "sqlalchemy", "alembic", "aiohttp"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"]])
def test_help_and_version_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    assert not HEAVY & _imported(arguments, tmp_path)


def test_a_run_with_nothing_due_loads_no_crawler_no_alembic_and_no_slack(tmp_path: Path) -> None:
    a_home(tmp_path, 'database = "sqlite:///news.sqlite"')
    assert sovwatch("run", cwd=tmp_path).returncode == 0

    heavy = {"scrapy", "twisted", "trafilatura", "feedparser", "slack_sdk", "alembic", "pydantic_settings"}
    assert not heavy & _imported(["run"], tmp_path)


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
