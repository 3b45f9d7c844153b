"""`sovwatch check` finds what is wrong, says the cure, and its exit code tells who is at fault."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sovwatch.app import surroundings as looking
from sovwatch.app.doctor import examine, verdict
from sovwatch.app.finding import Finding
from sovwatch.demo.configuration import demo_config
from sovwatch.demo.newsroom import Newsroom
from sovwatch.demo.slack import SlackServer
from tests.command import CONFIGURATION, a_home

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
OURS = CONFIGURATION + '[crawl]\nallow_private = ["127.0.0.1"]\n'


def found(config: Path) -> dict[str, Finding]:
    return {one.what: one for one in examine(config)}


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(lambda: NOW) as server:
        yield server


def test_a_sound_house_is_ok_throughout(tmp_path: Path, newsroom: Newsroom) -> None:
    with SlackServer() as slack:
        findings = examine(demo_config(tmp_path / "config", newsroom, slack))

        assert [one.what for one in findings if one.state != "ok"] == ["user agent"], "the operator's own contact"
        assert {"configuration", "database", "disk", "slack token", "slack scopes"} <= {one.what for one in findings}
        assert verdict(findings) == 0
        assert slack.messages("sovereignty") == [], "looking posts nothing"


def test_shared_terms_that_no_topic_uses_are_named(tmp_path: Path) -> None:
    """Whoever wrote them believes that they are looked for."""
    shared = '[shared.leaving]\nthemes = ["leave ... union"]\n[shared.world]\nelsewhere = ["Southmark"]\n'
    topics = f'{shared}[norland]\nname = "Norland"\nplaces = ["Norland"]\nuses = ["world"]\n'
    unused = found(a_home(tmp_path, OURS, topics=topics))["shared terms"]
    assert (unused.state, unused.detail) == ("warning", "no topic uses leaving")
    both = topics.replace('["world"]', '["world", "leaving"]')
    assert "shared terms" not in found(a_home(tmp_path, OURS, topics=both))


def test_a_revoked_token_and_missing_scopes_are_errors_with_cures(tmp_path: Path, newsroom: Newsroom) -> None:
    with SlackServer() as slack:
        config = demo_config(tmp_path / "config", newsroom, slack)
        slack.tokens[slack.token] = frozenset({"chat:write"})
        scopes = found(config)["slack scopes"]
        slack.revoked.add(slack.token)
        findings = examine(config)

    assert (scopes.state, "channels:history" in scopes.detail, scopes.cure != "") == ("error", True, True)
    token = next(one for one in findings if one.what == "slack token")
    assert (token.state, token.detail) == ("error", "token_revoked")
    assert "slack channels" not in {one.what for one in findings}, "nothing is said to be in order behind it"
    assert verdict(findings) == 1


def test_a_source_that_is_away_is_a_warning_and_no_more(tmp_path: Path) -> None:
    with SlackServer() as spare:
        address = spare.address  # nobody listens there afterwards
    config = a_home(tmp_path, OURS, sources=f'[[source]]\nid = "ledger"\noutlet = "L"\nurl = "http://{address}/feed"\n')

    findings = examine(config)

    ledger = next(one for one in findings if one.what == "source ledger")
    assert (ledger.state, ledger.cure) == ("warning", "`sovwatch sources try ledger` tells more")
    assert verdict(findings) == 0


def test_a_source_that_no_crawl_would_read_is_said_though_it_answers(tmp_path: Path) -> None:
    with SlackServer() as server:
        url = f'url = "http://{server.address}/feed"'
        ledger = found(a_home(tmp_path, sources=f'[[source]]\nid = "ledger"\noutlet = "L"\n{url}\n'))["source ledger"]

        assert server.requests == []
    assert (ledger.state, ledger.detail) == ("warning", "127.0.0.1 is not a public address")
    assert ledger.cure == "where it is yours, name it in crawl.allow_private"


def test_a_source_that_stands_twice_is_a_warning_but_two_parts_of_a_page_are_none(tmp_path: Path) -> None:
    names = ("one", "two", "three")
    sources = [f'[[source]]\nid = "{name}"\noutlet = "L"\nurl = "http://127.0.0.1:1/feed"\n' for name in names]
    sources[2] += 'kind = "listing"\nselect = { entry = "li" }\n'
    said = [one for one in examine(a_home(tmp_path, sources="".join(sources))) if "address of" in one.detail]

    assert said == [Finding("source two", "warning", "is read at the address of one", "keep one of the two")]


def test_a_clock_that_is_wrong_is_found_by_what_sources_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SlackServer() as server:  # any HTTP server tells the time
        url = f'url = "http://{server.address}/feed"'
        config = a_home(tmp_path, OURS, sources=f'[[source]]\nid = "ledger"\noutlet = "L"\n{url}\n')
        assert found(config)["clock"].state == "ok"
        monkeypatch.setattr(looking, "datetime", _Ahead)
        clock = found(config)["clock"]

    assert (clock.state, clock.detail.partition(" ")[2]) == ("error", "seconds ahead of the sources")


class _Ahead(datetime):
    @classmethod
    def now(cls, tz: object = None) -> "_Ahead":
        return cls(2040, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("free", "state"), [(50_000_000, "error"), (500_000_000, "warning"), (5_000_000_000, "ok")])
def test_a_disk_that_fills_is_said_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    usage = looking.shutil.disk_usage(tmp_path)._replace(free=free)  # type: ignore[attr-defined]
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)

    assert found(a_home(tmp_path, CONFIGURATION))["disk"].state == state


_LACKING = [
    ('kind = "slack"', "SLACK_BOT_TOKEN"),
    ('kind = "slack-webhook"', "a file that holds its address"),
    ('kind = "slack-webhook"\nwebhook_file = "hook"', "it begins with https://"),
    ('kind = "mail"', "one or more addresses"),
    ('kind = "mail"\nto = "desk@desk.example, lab"', "one or more addresses"),
    ('kind = "mail"\nto = "desk@desk.example"\n[mail]\nuser = "desk"', "SOVWATCH_SMTP_PASSWORD"),
    ('kind = "html"', "digest.html"),
    ('kind = "feed"', "told.atom"),
    ('kind = "feed"\nto = "hook/told.atom"', "may write"),
    ('kind = "webhook"', "a file that holds its address"),
    ('kind = "webhook"\nto = "desk"', "it begins with https://"),
]


@pytest.mark.parametrize(("keys", "cure"), _LACKING)
def test_a_channel_that_lacks_what_its_kind_needs_is_an_error_with_the_cure(
    tmp_path: Path, keys: str, cure: str
) -> None:
    config = a_home(tmp_path, f"[channels.well]\n[channels.lacking]\n{keys}\n")
    (config.parent / "hook").write_text("no address")
    (config.parent / "hook").chmod(0o600)

    findings = found(config)

    lacking = findings["channel lacking"]
    assert (lacking.state, cure in lacking.cure) == ("error", True), lacking
    assert findings["channel well"].state == "ok"
    assert verdict(list(findings.values())) == 1


def test_a_spider_that_others_may_change_is_an_error_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_answers", lambda *_: iter(()))
    source = '[[source]]\nid = "g"\noutlet = "G"\nurl = "https://g.example/"\nkind = "spider"\nspider = "g"\n'
    config = a_home(tmp_path, CONFIGURATION, sources=source)
    folder = tmp_path / "config" / "spiders"
    folder.mkdir()
    folder.chmod(0o777)
    finding = found(config)["spiders"]
    assert finding.detail == f"{folder} may be changed by others and is not run"
    assert (finding.state, finding.cure) == ("error", f"chmod go-w {folder}")


LISTING, SEARCH = 'kind = "listing"\n', 'kind = "search"\n'


@pytest.mark.parametrize(
    ("url", "more", "detail"),
    [
        ("g.example/feed", "", "'g.example/feed' is no web address"),
        ("https://g.example/", LISTING, "a listing page needs select.entry"),
        ("https://g.example/?q={query}", SEARCH, "a search needs both a query and {query} in its url, or neither"),
        (
            "https://g.example/",
            SEARCH + 'query = "x"\n',
            "a search needs both a query and {query} in its url, or neither",
        ),
        ("https://g.example/", 'kind = "spider"\n', "kind 'spider' needs the spider's name"),
    ],
)
def test_a_source_that_could_never_be_read_is_an_error_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, more: str, detail: str
) -> None:
    monkeypatch.setattr(looking, "PATIENCE", 0.2)
    source = f'[[source]]\nid = "g"\noutlet = "G"\nurl = "{url}"\n{more}'
    findings = examine(a_home(tmp_path, CONFIGURATION, sources=source))
    finding = next(one for one in findings if one.what == "source g")
    assert (finding.state, finding.detail.startswith(detail), finding.cure != "") == ("error", True, True)
    assert verdict(findings) == 1


@pytest.mark.parametrize(
    ("configuration", "what", "detail"),
    [
        ('database = ""', "database", "database: Could not parse"),
        ('seeds = "nowhere"', "seeds", "there is no folder "),
    ],
)
def test_what_names_nothing_is_found(tmp_path: Path, configuration: str, what: str, detail: str) -> None:
    finding = found(a_home(tmp_path, configuration))[what]
    assert (finding.state != "ok", finding.detail.startswith(detail)) == (True, True)


def test_a_slack_channel_by_its_name_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    with SlackServer() as slack:
        url = f'[slack]\nbase_url = "{slack.url}"\n'
        named = a_home(tmp_path, f'{url}[channels.desk]\nkind = "slack"\nto = "#desk"\n')
        assert (found(named)["channel desk"].state, "id" in found(named)["channel desk"].cure) == ("warning", True)
        named.write_text(named.read_text().replace("#desk", "C0123456789"))
        assert found(named)["channel desk"].state == "ok"
