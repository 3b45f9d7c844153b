import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import feedparser
import pytest
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError

from alerts.console import ConsoleWay
from alerts.files import FeedWay, PageWay, write
from alerts.mail import MailWay
from alerts.outbox import deliver
from alerts.promise import pack, unpack
from alerts.slack_app import trial
from alerts.slack_way import SlackWay, outcome_of
from alerts.way import Later, Outcome, Posted, Refused, TooRich, Unknown, Way
from alerts.ways import open_ways, quiet_hours
from alerts.webhook import SlackWebhookWay, WebhookWay, answered
from sovwatch.model import Digest
from sovwatch.settings import ChannelSettings, MailSettings, Settings, SlackSettings
from tests.fakes import MemoryQueue, an_office, serving
from tests.telling import AT, a_digest, a_full_digest, a_piece, an_item


def post(way: Way, digest: Digest) -> Outcome:
    (part,) = way.parts(digest)
    assert way.find(part, AT, None) is None
    return way.post(part, 0, None)


class Receiver(BaseHTTPRequestHandler):
    """Answers what its server was told to, and keeps what came."""

    server: "HTTPReceiver"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((dict(self.headers), json.loads(body)))
        status, headers = self.server.answers.pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class HTTPReceiver(HTTPServer):
    came: list[tuple[dict[str, str], Any]]
    answers: list[tuple[int, dict[str, str]]]


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, Posted("digest:desk:2026-01-30T07:00")),
        (202, {}, Posted("digest:desk:2026-01-30T07:00")),
        (429, {"Retry-After": "7"}, Later("the webhook answered 429", timedelta(seconds=7))),
        (429, {"Retry-After": "9" * 30}, Later("the webhook answered 429", timedelta(days=1))),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, Later("the webhook answered 429", None)),
        (503, {}, Later("the webhook answered 503", None)),
        (500, {}, Unknown("the webhook answered 500")),
        (408, {}, Unknown("the webhook answered 408")),
    ],
)
def test_a_webhook_gets_the_digest_as_json_and_a_key(status: int, headers: dict[str, str], expected: Outcome) -> None:
    receiver = HTTPReceiver(("127.0.0.1", 0), Receiver)
    receiver.came, receiver.answers = [], [(status, headers)]
    with serving(receiver) as port:
        assert post(WebhookWay(f"http://127.0.0.1:{port}/hook"), a_full_digest("fr")) == expected
    ((sent, body),) = receiver.came
    assert sent["Idempotency-Key"] == "digest:desk:2026-01-30T07:00"
    assert body["version"] == 1
    assert unpack(json.dumps(body["digest"])) == a_full_digest("fr")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_webhook_that_has_moved_needs_an_operator(status: int) -> None:
    """Followed, a POST becomes a GET, which any page answers: the message would be lost without a word."""
    receiver = HTTPReceiver(("127.0.0.1", 0), Receiver)
    receiver.came, receiver.answers = [], [(status, {"Location": "/elsewhere"})]
    with serving(receiver) as port:
        outcome = post(WebhookWay(f"http://127.0.0.1:{port}/hook"), a_full_digest("en"))
    assert isinstance(outcome, Refused)
    assert f"answered {status}" in outcome.why


def test_a_webhook_that_refuses_needs_an_operator_and_its_address_stays_secret() -> None:
    receiver = HTTPReceiver(("127.0.0.1", 0), Receiver)
    receiver.came, receiver.answers = [], [(404, {})]
    with serving(receiver) as port:
        outcome = post(WebhookWay(f"http://127.0.0.1:{port}/secret"), a_full_digest("en"))
    assert isinstance(outcome, Refused)
    assert "secret" not in repr(outcome)
    assert isinstance(post(WebhookWay(f"http://127.0.0.1:{port}/secret"), a_full_digest("en")), Later)


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (200, "ok", Posted),
        (200, "<html>", Unknown),
        (404, "no_service", Refused),
        (410, "channel_is_archived", Refused),
        (403, "action_prohibited", Refused),
        (404, "<html>", Refused),
        (400, "invalid_payload", TooRich),
        (429, "", Later),
        (502, "", Unknown),
    ],
)
def test_what_slacks_webhooks_answer_is_told_apart(status: int, text: str, kind: type) -> None:
    assert isinstance(answered(status, text, {"retry-after": "3"}, "key"), kind)


@pytest.mark.parametrize("said", ["Wed, 21 Oct 2026 07:28:00 GMT", "nan", "inf", "-5", "", "9" * 400])
def test_a_pause_that_nobody_can_keep_is_half_a_minute_or_a_day(said: str) -> None:
    expected = timedelta(days=1) if said.isdecimal() else timedelta(seconds=30)
    assert answered(429, "", {"retry-after": said}, "key") == Later("rate limited by Slack", expected)
    response = SimpleNamespace(status_code=429, headers={"Retry-After": said}, data={"error": "ratelimited"})
    assert outcome_of(SlackApiError("", response)) == Later("rate limited by Slack", expected)  # type: ignore[no-untyped-call]


class Stranger(Receiver):
    """Whatever is asked of Slack, something else answers, as on a network that wants a login first."""

    body = b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)


NO_SLACK = "what answered is not Slack: a proxy, or a page to log in to the network"


@pytest.mark.parametrize(
    "body",
    [
        "<p>Réseau protégé : ouvrez une session</p>".encode("latin-1"),
        b"<p>Log in</p>",
        b"\x1f\x8bx",
        b"[1, 2]",
        b'{"ok": true}',
    ],
)
def test_what_is_not_slack_may_have_taken_the_message_and_is_no_bug(body: bytes) -> None:
    with serving(HTTPServer(("127.0.0.1", 0), type("Answering", (Stranger,), {"body": body}))) as port:
        base = f"http://127.0.0.1:{port}/api/"
        way = SlackWay("xoxb-1", "C0123456789", base_url=base)
        assert way.post(way.parts(a_digest())[0], 0, None) == Unknown(NO_SLACK)
        if b"ok" not in body:
            (said,) = trial("xoxb-1", "C0123456789", base_url=base, now=AT)
            assert str(said) == f"token     FAILED  {NO_SLACK} (check slack.base_url and the network)"


def test_a_channel_may_have_any_name() -> None:
    receiver = HTTPReceiver(("127.0.0.1", 0), Receiver)
    receiver.came, receiver.answers = [], [(200, {})]
    digest = replace(a_digest(), key="digest:Œuvre – 山:2026-01-30T07:00")
    with serving(receiver) as port:
        assert post(WebhookWay(f"http://127.0.0.1:{port}/hook"), digest) == Posted(digest.key)
    assert unquote(receiver.came[0][0]["Idempotency-Key"]) == digest.key


def test_a_mail_arrives_in_both_halves() -> None:
    office = an_office()
    with serving(office) as port:
        way = MailWay(MailSettings(host="127.0.0.1", port=port), ["a@desk.example", "b@desk.example"])
        assert isinstance(post(way, a_full_digest("fr")), Posted)
    (letter,) = office.letters
    plain, html = letter.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert "«\u00a0on votera en 2027\u00a0»" in plain.get_content()
    assert '<html lang="fr">' in html.get_content()
    assert letter["To"] == "a@desk.example, b@desk.example"


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"MAIL": "550 no"}, Refused),
        ({"RCPT": "550 who"}, Refused),
        ({"RCPT": "450 later"}, Later),
        ({"DATA": "451 later"}, Later),
        ({"END": "552 too much"}, Refused),
        ({"END": "hang up"}, Unknown),
    ],
)
def test_what_a_mail_server_answers_is_told_apart(answers: dict[str, str], kind: type) -> None:
    office = an_office(**answers)
    with serving(office) as port:
        way = MailWay(MailSettings(host="127.0.0.1", port=port), ["a@desk.example"])
        outcome = post(way, a_full_digest("en"))
    assert isinstance(outcome, kind), outcome


@pytest.mark.parametrize(
    ("no", "other", "kind"),
    [("550 who", "250 ok", Posted), ("550 who", "450 later", Later), ("450 later", "450 later", Later)],
)
def test_one_address_that_is_refused_keeps_the_mail_from_no_other(no: str, other: str, kind: type) -> None:
    office = an_office(**{"RCPT TO:<A@DESK.EXAMPLE>": no, "RCPT TO:<B@DESK.EXAMPLE>": other})
    with serving(office) as port:
        way = MailWay(MailSettings(host="127.0.0.1", port=port), ["a@desk.example", "b@desk.example"])
        outcome = post(way, a_full_digest("en"))
    assert isinstance(outcome, kind), outcome


def test_a_mail_server_without_starttls_or_at_no_port_says_so() -> None:
    office = an_office()
    with serving(office) as port:
        secure = MailSettings(host="127.0.0.1", port=port, security="starttls")
        assert isinstance(post(MailWay(secure, ["a@desk.example"]), a_full_digest("en")), Refused)
    gone = post(MailWay(MailSettings(host="127.0.0.1", port=port), ["a@desk.example"]), a_full_digest("en"))
    assert isinstance(gone, Later)
    assert gone.why == f"the mail server, 127.0.0.1:{port}, could not be reached"


@pytest.mark.parametrize(
    ("to", "settings", "answers", "why"),
    [
        ("a@desk.example", {"security": "tls"}, {}, "the mail server speaks no TLS there"),
        ("é@desk.example", {}, {}, "the mail server takes addresses in ASCII alone"),
        ("a@desk.example", {"user": "desk", "password": "x"}, {}, "the mail server lets nobody log in so"),
        ("a@desk.example", {}, {"RCPT": "550 nobody"}, "the mail server refused every address: a@desk.example (550)"),
    ],
)
def test_what_a_mail_server_cannot_do_is_said_by_what_is_wrong(
    to: str, settings: dict[str, Any], answers: dict[str, str], why: str
) -> None:
    with serving(an_office(**answers)) as port:
        way = MailWay(MailSettings.model_validate({"host": "127.0.0.1", "port": port, **settings}), [to])
        outcome = post(way, a_full_digest("en"))
    assert isinstance(outcome, Refused)
    assert outcome.why == why


def test_a_page_shows_the_newest_message_and_keeps_each(tmp_path: Path) -> None:
    way = PageWay(tmp_path / "out" / "digest.html", keep=timedelta(days=90))
    first = post(way, a_full_digest("en"))
    assert isinstance(first, Posted)
    update = an_item(1, a_piece(2, "Later"), told_at=AT - timedelta(days=1), told_link=first.link)
    second = post(way, replace(a_digest(update), key="digest:desk:later"))
    assert isinstance(second, Posted)
    assert second.link is not None
    newest = way.path.read_text(encoding="utf-8")
    assert "Later" in newest
    assert f'href="{first.link}#story-1"' in newest
    told = (way.path.parent / str(first.link)).read_text(encoding="utf-8")
    assert 'id="story-1"' in told
    assert "40,000" in told
    assert '<base href="../">' in (way.path.parent / second.link).read_text(encoding="utf-8")
    assert len(list(way.path.with_suffix("").iterdir())) == 2
    assert not [path for path in way.path.parent.iterdir() if path.name.startswith(".")]


def test_a_page_is_kept_as_long_as_texts_are_and_then_leads_nowhere(tmp_path: Path) -> None:
    way = PageWay(tmp_path / "digest.html", keep=timedelta(days=90))
    first = post(way, a_full_digest("en"))
    assert isinstance(first, Posted)
    update = an_item(1, a_piece(2, "Later"), told_at=AT - timedelta(days=1), told_link=first.link)
    old = tmp_path / str(first.link)
    theirs = [old.with_name(name) for name in ("index.html", "digest-desk2-x.html", "notes.txt")]
    for days, there in [(89, True), (91, False)]:
        for file in (old, *theirs):
            file.touch()
            os.utime(file, times=(time_of(days), time_of(days)))
        post(way, replace(a_digest(update), updates=(replace(update, story=2),), key=f"digest:desk:{days}"))
        assert old.exists() is there
        assert way.path.read_text(encoding="utf-8").count(str(first.link)) == (2 if there else 0)
    assert all(file.exists() for file in theirs), "what others put there is theirs"
    assert "first told" in way.path.read_text(encoding="utf-8").lower()


def time_of(days_ago: int) -> float:
    return (datetime.now(UTC) - timedelta(days=days_ago)).timestamp()


def test_a_feed_grows_by_what_is_told_and_writing_it_twice_changes_nothing(tmp_path: Path) -> None:
    way = FeedWay(tmp_path / "told.atom")
    post(way, a_full_digest("en"))
    once = way.path.read_bytes()
    post(way, a_full_digest("en"))
    assert way.path.read_bytes() == once
    post(way, replace(a_digest(), key="digest:desk:empty", at=AT + timedelta(days=1)))
    assert way.path.read_bytes() == once, "what tells no story leaves it as it is"
    assert len(feedparser.parse(once).entries) == 5


def test_a_feed_keeps_its_newest_two_hundred(tmp_path: Path) -> None:
    way = FeedWay(tmp_path / "told.atom")
    for day in range(3):
        stories = (an_item(90 * day + n, a_piece(n, f"Headline {day}-{n}")) for n in range(90))
        post(way, replace(a_digest(*stories), key=f"digest:desk:{day}", at=AT + timedelta(days=day)))
    titles = [one.title for one in feedparser.parse(way.path.read_bytes()).entries]
    assert (len(titles), titles[0], titles[-1]) == (200, "Headline 2-0", "Headline 0-19")


def test_a_file_that_cannot_be_written_waits(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert isinstance(
        post(PageWay(tmp_path / "file" / "digest.html", keep=timedelta(days=90)), a_full_digest("en")), Later
    )


def test_a_feed_that_cannot_be_read_is_begun_anew_or_waits(tmp_path: Path) -> None:
    way = FeedWay(tmp_path / "told.atom")
    way.path.write_bytes(b"\xff\xfe not what we wrote")
    assert isinstance(post(way, a_full_digest("en")), Posted)
    assert len(feedparser.parse(way.path.read_bytes()).entries) == 5
    assert isinstance(post(FeedWay(tmp_path), a_full_digest("en")), Later)


def test_a_file_that_could_not_be_put_in_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "told.atom").mkdir()
    assert isinstance(write(tmp_path / "told.atom", "text"), Later)
    assert [path.name for path in tmp_path.iterdir()] == ["told.atom"]


def test_each_kind_of_channel_has_its_way(tmp_path: Path) -> None:
    secret = tmp_path / "hook"
    secret.write_text("https://hooks.slack.example/services/T/B/x\n")
    secret.chmod(0o600)
    channels = {
        "a": ChannelSettings(kind="slack", to="C0123456789"),
        "b": ChannelSettings(kind="slack-webhook", webhook_file=Path("hook")),
        "c": ChannelSettings(kind="terminal"),
        "d": ChannelSettings(kind="html", to="digest.html"),
        "e": ChannelSettings(kind="mail", to="a@desk.example, b@desk.example"),
        "f": ChannelSettings(kind="feed", to="told.atom"),
        "g": ChannelSettings(kind="webhook", webhook_file=Path("hook")),
    }
    settings = Settings(home=tmp_path, channels=channels, slack=SlackSettings(token=SecretStr("xoxb-1")))
    kinds = [SlackWay, SlackWebhookWay, ConsoleWay, PageWay, MailWay, FeedWay, WebhookWay]
    assert [type(way) for way in open_ways(settings).values()] == kinds


@pytest.mark.parametrize(
    ("channel", "complaint"),
    [
        (ChannelSettings(kind="slack", to="C0123456789"), "SLACK_BOT_TOKEN"),
        (ChannelSettings(kind="mail"), r"channels\.desk\.to"),
        (ChannelSettings(kind="html", to="digest"), "such as digest.html"),
        (ChannelSettings(kind="slack-webhook"), r"channels\.desk\.webhook_file"),
        (ChannelSettings(kind="slack-webhook", webhook_file=Path("none")), "cannot be read"),
    ],
)
def test_a_channel_without_an_address_or_a_secret_is_held_and_holds_up_no_other(
    tmp_path: Path, channel: ChannelSettings, complaint: str
) -> None:
    page = ChannelSettings(kind="html", to="digest.html")
    settings = Settings(home=tmp_path, channels={"desk": channel, "page": page})
    queue = MemoryQueue()
    queue.add("digest:desk:1", "desk", pack(a_digest(an_item())), AT)
    queue.add("digest:page:1", "page", pack(replace(a_digest(an_item()), channel="page")), AT)
    report = deliver(queue, open_ways(settings), lambda: AT)
    (held,) = report.held
    waits = queue.head("desk")
    assert re.search(complaint, f"{held.error} {held.cure}")
    assert (report.delivered, held.channel, waits is not None and waits.held) == (1, "desk", True)


def test_a_page_where_a_folder_stands_is_refused(tmp_path: Path) -> None:
    (tmp_path / "digest.html").mkdir()
    channels = {"page": ChannelSettings(kind="html", to="digest.html")}
    assert isinstance(open_ways(Settings(home=tmp_path, channels=channels))["page"], Refused)


def test_quiet_hours_are_the_channels_and_an_alert_may_cross_them() -> None:
    night = datetime(2026, 1, 30, 8, tzinfo=UTC)  # 03:00 in Toronto
    hours = (time(22), time(7))

    def until(kind: Any, *, crossing: bool) -> datetime | None:
        channel = ChannelSettings(quiet=hours, breaking_in_quiet_hours=crossing)
        return quiet_hours(Settings(channels={"desk": channel}))(replace(a_full_digest("en"), kind=kind), night)

    morning = datetime(2026, 1, 30, 12, tzinfo=UTC)
    assert until("digest", crossing=True) == morning
    assert until("breaking", crossing=False) == morning
    assert until("breaking", crossing=True) is None
    assert until("reply", crossing=True) is None
