"""What is wrong with a configuration is said in one sentence, with file, key and cure; no secret is shown."""

from pathlib import Path

import pytest

from sovwatch.app import open_app, run
from sovwatch.errors import ConfigurationError
from sovwatch.settings import load
from tests.command import CONFIGURATION, a_home, complaint, sovwatch

SOURCE = '[[source]]\nid = "ledger"\noutlet = "Prairie Ledger"\nurl = "https://prairie-ledger.example/feed"\n'
USING = '[shared.canada]\nthemes = ["leave canada"]\n[a]\nname = "A"\nuses = '
NO_JSON = """is a list or a table, and not valid JSON (write JSON, such as ["one", "two"] or {"name": "value"})"""
MARK = b"\xef\xbb\xbf"  # what Windows' editors begin a file of UTF-8 with


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
        ('[topics.x]\nname = "x"', "'topics' does not belong here (topics, what they share, and sources have files"),
        (
            '[shared.x]\nthemes = ["x"]',
            "'shared' does not belong here (topics, what they share, and sources ",
        ),
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
        (USING + '[]\n[shared]\nname = "Shared"', "", "shared.name: is no table (below [shared] stand tables that "),
        (USING + '[]\n[shared]\nthemes = ["x"]', "", "[shared.NAME]; no topic can be called so)"),
        (USING + '[]\nweights = { name = "high" }', "", "topics.toml: a.weights.name: is no number, not 'high'"),
        (USING + "[]\nweights = { name = [] }", "", "topics.toml: a.weights.name: is no number"),
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


def test_a_file_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    a_home(tmp_path).write_bytes(b'zone = "\xff"')
    assert complaint(sovwatch("status", cwd=tmp_path)) == "config/sovwatch.toml: not valid TOML: it is not UTF-8"


def test_the_configuration_may_be_named_by_option_or_environment(tmp_path: Path) -> None:
    path = a_home(tmp_path / "there")
    (tmp_path / "here").mkdir()

    named = sovwatch("--config", path, "judge", cwd=tmp_path / "here")
    by_environment = sovwatch("judge", cwd=tmp_path / "here", env={"SOVWATCH_CONFIG": str(path)})

    assert (named.returncode, by_environment.returncode) == (0, 0)
    assert (path.parent / "news.sqlite").exists(), "relative paths count from the configuration file"
    assert list((tmp_path / "here").iterdir()) == []


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
    done = sovwatch("judge", cwd=tmp_path, env={"SOVWATCH_CHANNELS__DESK__KINDD": "mail"})
    said = "SOVWATCH_CHANNELS__DESK__KINDD: unknown key 'channels.desk.kindd'; did you mean 'kind'?"
    assert (done.returncode, complaint(done)) == (2, said)
    done = sovwatch("judge", cwd=tmp_path, env={"SOVWATCH_HOME": "elsewhere"})
    assert (done.returncode, complaint(done)) == (2, "SOVWATCH_HOME: no key is set by this variable")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TOPICS__ALBERTA__USES", '["canda"]', "topics.alberta.uses: nothing shared is called 'canda'"),
        ("TOPICS__ALBERTA__WEIGHTS__NAME", "3", "topics.alberta.weights.name: is more than 1.0, not '3'"),
        ("TOPICS__ALBERTA", '{"name": ""}', "topics.alberta.name: is empty, not ''"),
        ("SHARED", '{"canada": {"themes": "x"}}', "shared.canada.themes: is no list; put it in square brackets"),
        ("CHANNELS__DESK__TOPICS", '["albreta"]', "channels.desk.topics: no topic is called 'albreta'; did you mean"),
        ("CHANNELS__DESK__READS", '["english"]', "channels.desk.reads.0: 'english' is not one of en, fr"),
        ("CHANNELS", '{"desk": {"kind": "slak"}}', "channels.desk.kind: 'slak' is not one of slack, "),
        ("SOURCES", '[{"id": "a", "outlet": "A"}]', "sources.0.url: is missing"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_variable_is_not_blamed_on_a_file(tmp_path: Path, variable: str, value: str, said: str) -> None:
    environment = {f"SOVWATCH_{variable}": value, "SOVWATCH_CHANNELS__DESK__LANGUAGE": "fr"}
    with pytest.raises(ConfigurationError) as caught:
        load(a_home(tmp_path), environment)
    assert str(caught.value).startswith(f"SOVWATCH_{variable}: {said}")


def test_a_mistake_in_a_file_is_not_blamed_on_a_variable_that_sets_what_is_beside_it(tmp_path: Path) -> None:
    path = a_home(tmp_path, CONFIGURATION + '[channels.wire]\nkind = "slak"\n')
    with pytest.raises(ConfigurationError) as caught:
        load(path, {"SOVWATCH_CHANNELS": '{"desk": {"language": "fr"}}', "SOVWATCH_CHANNELS__WIRE__LANGUAGE": "fr"})
    assert str(caught.value).startswith(f"{path}: channels.wire.kind: 'slak' is not one of slack")
