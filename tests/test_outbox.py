import json
import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.outbox import DeliveryReport, Timing, deliver
from alerts.promise import pack
from alerts.slack_app import SCOPES, manifest, trial
from alerts.slack_way import SlackWay
from alerts.way import Found, Outcome, Part, Posted, Way
from alerts.webhook import SlackWebhookWay
from benchmarks.faulting import CONTEXT, Figures, campaign
from sovwatch.demo.slack import SlackServer
from sovwatch.model import Digest
from tests.fakes import MemoryQueue
from tests.queue_contract import run_queue_contract
from tests.telling import AT, a_digest, a_full_digest, a_piece, an_item

TIMEOUT = 2  # seconds: a busy machine answers within them, and what hangs is given up after them
TIMING = Timing(
    settle=timedelta(seconds=60),
    patience=timedelta(minutes=30),
    first_wait=timedelta(seconds=15),
    hold=timedelta(hours=1),
)


class Desk:
    """Channels of a stand-in workspace, a queue for them, and a clock that only naps move."""

    def __init__(self, slack: SlackServer, *channels: str) -> None:
        self.slack, self.queue, self.at = slack, MemoryQueue(), datetime.now(UTC)
        self.ways: dict[str, Way] = {}
        for channel in channels or ("desk",):
            self.ways[channel] = self.way(slack.workspace.channel(channel).id)
        self.naps: list[float] = []

    def way(self, to: str, token: str = "") -> SlackWay:
        token = token or self.slack.token
        return SlackWay(token, to, base_url=self.slack.url, timeout=TIMEOUT, pace=timedelta(seconds=1))

    def promise(self, digest: Digest) -> None:
        self.queue.add(digest.key, digest.channel, pack(digest), self.at)

    def deliver(self, **more: Any) -> DeliveryReport:
        return deliver(self.queue, self.ways, lambda: self.at, timing=TIMING, sleep=self.nap, **more)

    def nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.at += timedelta(seconds=seconds)

    def keys(self, channel: str = "desk") -> list[str]:
        return [message["metadata"]["event_payload"]["key"] for message in self.slack.messages(channel)]


@pytest.fixture(scope="module")
def server() -> Iterator[SlackServer]:
    with SlackServer(channels=[]) as slack:
        yield slack


@pytest.fixture
def slack(server: SlackServer) -> SlackServer:
    server.workspace.channels.clear()
    server.workspace.failures.clear()
    server.revoked.clear()
    server.requests.clear()
    return server


def a_message(key: str = "digest:desk:1", channel: str = "desk", **more: Any) -> Digest:
    return a_digest(an_item(1), **{"key": key, "channel": channel, **more})


def test_the_fake_queue_keeps_the_laws() -> None:
    queue = MemoryQueue()
    run_queue_contract(queue, queue.add)


def test_delivering_twice_is_delivering_once(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_full_digest("en"))
    assert desk.deliver().delivered == 1
    assert desk.deliver().delivered == 0
    assert desk.keys() == ["digest:desk:2026-01-30T07:00/0"]
    assert desk.queue.head("desk") is None


def test_what_does_not_fit_continues_in_the_thread_at_one_message_a_second(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_digest(*(an_item(n, a_piece(n, "Headline " * 25)) for n in range(60))))
    began = time.monotonic()
    report = desk.deliver()
    took = time.monotonic() - began  # what posting takes comes on top, or a nap is that much shorter
    first, *rest = slack.messages("desk")
    assert report.posted == len(rest) + 1 > 2
    assert {message["thread_ts"] for message in rest} == {first["ts"]}
    assert sum(desk.naps) == pytest.approx(len(rest), abs=took)


def test_a_story_in_the_thread_is_linked_where_it_stands(slack: SlackServer) -> None:
    desk = Desk(slack)
    digest = a_digest(*(an_item(n, a_piece(n, f"Headline {n} " * 20)) for n in range(60)))
    desk.promise(digest)
    desk.deliver()
    first, *rest = slack.messages("desk")
    assert len(rest) > 1
    for message in rest:
        told = [n for n in range(60) if f"Headline {n} " in json.dumps(message["blocks"])]
        links = {desk.queue.landed[digest.key, story] for story in told}
        assert len(links) == 1
        assert message["ts"].replace(".", "") in links.pop()
    assert not [
        n for n in range(60) if f"Headline {n} " in json.dumps(first["blocks"]) and (digest.key, n) in desk.queue.landed
    ]


def test_order_is_kept_and_an_update_goes_into_the_thread_of_its_alert(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_message("breaking:desk:1", kind="breaking"))
    desk.promise(a_message("digest:desk:1"))
    desk.promise(a_message("reply:desk:1", kind="reply", thread_of="breaking:desk:1"))
    slack.fail("server_error")
    desk.deliver()
    assert desk.keys() == ["breaking:desk:1/0", "digest:desk:1/0", "reply:desk:1/0"]
    alert, _digest, reply = slack.messages("desk")
    assert reply["thread_ts"] == alert["ts"]


def test_a_reply_whose_thread_is_gone_goes_into_the_channel(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_message("breaking:desk:1", kind="breaking"))
    desk.deliver()
    slack.workspace.channel("desk").messages.clear()
    desk.promise(a_message("reply:desk:1", kind="reply", thread_of="breaking:desk:1"))
    desk.deliver()
    assert [message.get("thread_ts") for message in slack.messages("desk")] == [None]


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("kind", ["drop", "hang", "server_error", "garbage", "error"])
def test_an_unknown_outcome_is_looked_up_before_anything_is_sent_again(
    slack: SlackServer, kind: Any, stored: bool
) -> None:
    desk = Desk(slack)
    desk.promise(a_message())
    slack.fail(kind, stored=stored, seconds=60)
    report = desk.deliver()
    assert desk.keys() == ["digest:desk:1/0"]
    assert (report.delivered, report.found, report.posted) == (1, int(stored), int(not stored))
    methods = [method for method, _ in slack.requests]
    assert methods.index("conversations.history") == 1
    assert max(desk.naps) == pytest.approx(60, abs=1)


def test_a_killed_sender_left_its_attempt_behind_and_the_next_one_looks(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_message())
    (promise,) = desk.queue.promises
    desk.queue.begin(promise, at=desk.at)
    part = desk.ways["desk"].parts(a_message())[0]
    desk.ways["desk"].post(part, 0, None)
    report = desk.deliver()
    assert (report.found, report.posted) == (1, 0)
    assert desk.keys() == ["digest:desk:1/0"]


def test_what_was_on_its_way_when_its_sender_was_killed_is_waited_for(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_message())
    (promise,) = desk.queue.promises
    began = desk.at
    desk.queue.begin(promise, at=began)
    part = desk.ways["desk"].parts(a_message())[0]

    def arrives_while_we_sleep(seconds: float) -> None:
        desk.nap(seconds)
        if desk.at - began >= TIMING.settle and not desk.keys():
            desk.ways["desk"].post(part, 0, None)

    report = deliver(desk.queue, desk.ways, lambda: desk.at, timing=TIMING, sleep=arrives_while_we_sleep)
    assert (report.found, report.posted) == (1, 0)
    assert desk.keys() == ["digest:desk:1/0"]


def test_a_part_in_a_thread_is_looked_up_there(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_digest(*(an_item(n, a_piece(n, "Headline " * 25)) for n in range(30))))
    slack.fail("rate_limited", seconds=1)
    slack.fail("drop", stored=True)  # the first part
    slack.fail("hang", stored=True, seconds=60)  # the second
    report = desk.deliver()
    assert report.found == 2
    assert len(desk.keys()) == len(set(desk.keys())) == report.posted + 2 == 3


def test_what_went_into_the_channel_for_want_of_its_thread_is_found_there(slack: SlackServer) -> None:
    desk, gone = Desk(slack), "1700000000.000100"
    part = desk.ways["desk"].parts(a_message("reply:desk:1", kind="reply"))[0]
    posted = desk.ways["desk"].post(part, 0, gone)
    assert isinstance(posted, Posted)
    assert desk.ways["desk"].find(part, desk.at, gone) == posted


class Laborious(SlackWay):
    """A way that takes as long to post as it is told."""

    desk: Desk
    takes = timedelta(0)

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:
        self.desk.at += self.takes
        return super().post(part, level, thread)


def laborious(desk: Desk, takes: timedelta) -> Laborious:
    to = desk.slack.workspace.channel("desk").id
    way = Laborious(desk.slack.token, to, base_url=desk.slack.url, timeout=TIMEOUT, pace=timedelta(0))
    way.desk, way.takes = desk, takes
    return way


def test_what_took_long_to_fail_settles_from_its_end(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.ways["desk"] = laborious(desk, timedelta(seconds=25))
    desk.promise(a_message())
    slack.fail("drop", stored=True)
    assert desk.deliver().found == 1
    assert max(desk.naps) == pytest.approx(60, abs=1)


def test_a_call_ends_after_its_patience_though_more_could_go(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.ways["desk"] = laborious(desk, timedelta(minutes=10))
    for n in range(9):
        desk.promise(a_message(f"digest:desk:{n}"))
    assert desk.deliver().delivered == 4
    assert desk.deliver().delivered == 4
    assert desk.deliver().delivered == 1


def test_a_digest_of_which_another_version_sent_more_parts_than_there_are_is_done(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_message())
    (promise,) = desk.queue.promises
    desk.queue.advance(promise, at=desk.at, remote="1700000000.000100", link=None, done=False)
    report = desk.deliver()
    assert (report.held, desk.keys(), desk.queue.head("desk")) == ([], [], None)


def test_retry_after_is_waited_for_across_restarts(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_message())
    slack.fail("rate_limited", seconds=7200)
    report = desk.deliver()
    assert (report.delivered, [waits.error for waits in report.waiting]) == (0, ["rate limited by Slack"])
    head = desk.queue.head("desk")
    assert head is not None
    assert head.not_before == pytest.approx(desk.at + timedelta(hours=2), abs=timedelta(seconds=5))
    assert head.attempted_at is None
    desk.at += timedelta(hours=1)
    assert desk.deliver().delivered == 0
    desk.at += timedelta(hours=1)
    assert desk.deliver().delivered == 1


@pytest.mark.parametrize("refusals", [1, 2])
@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "an_error_of_next_year"])
def test_a_refused_message_is_rendered_more_plainly_and_never_lost(
    slack: SlackServer, error: str, refusals: int
) -> None:
    desk = Desk(slack)
    desk.promise(a_full_digest("fr"))
    slack.fail("error", error=error, times=refusals)
    assert desk.deliver().delivered == 1
    (message,) = slack.messages("desk")
    expected = desk.ways["desk"].parts(a_full_digest("fr"))[0].bodies[refusals]
    assert (message.get("blocks"), message["text"]) == (expected.get("blocks"), expected["text"])


@pytest.mark.parametrize(
    ("error", "cure"),
    [
        ("not_in_channel", "/invite"),
        ("channel_not_found", "`to`"),
        ("is_archived", "unarchive"),
        ("invalid_auth", "SLACK_BOT_TOKEN"),
        ("token_revoked", "SLACK_BOT_TOKEN"),
        ("missing_scope", "manifest"),
    ],
)
def test_a_refused_channel_is_held_with_a_cure_and_goes_out_when_mended(
    slack: SlackServer, error: str, cure: str
) -> None:
    desk = Desk(slack, "desk", "lab")
    for number in (1, 2):
        desk.promise(a_message(f"digest:desk:{number}"))
        desk.promise(a_message(f"digest:lab:{number}", "lab"))
    slack.fail("error", error=error)
    report = desk.deliver()
    (held,) = report.held
    assert (held.channel, error in held.error, cure in held.cure) == ("desk", True, True)
    assert desk.keys("lab") == ["digest:lab:1/0", "digest:lab:2/0"]
    assert desk.keys() == []
    assert desk.deliver().held == report.held
    assert desk.deliver(held_too=True).delivered == 2
    assert desk.keys() == ["digest:desk:1/0", "digest:desk:2/0"]


def test_a_channel_that_is_not_configured_any_more_holds_up_no_other(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_message("digest:gone:1", "gone"))
    desk.promise(a_message())
    report = desk.deliver()
    assert (report.delivered, [held.channel for held in report.held]) == (1, ["gone"])


def test_what_another_version_promised_is_held_not_lost(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.queue.add("digest:desk:0", "desk", '{"written": "in 2031"}', desk.at)
    report = desk.deliver()
    assert [held.error for held in report.held] == ["digest:desk:0: another version wrote it"]
    assert list(desk.queue.channels()) == ["desk"]


class Broken(SlackWay):
    """A way with a bug in one of its parts."""

    bug = ""

    def _stumble(self, where: str) -> None:
        if self.bug == where:
            raise IndexError(where)

    def parts(self, digest: Digest) -> Sequence[Part]:
        self._stumble("parts")
        return super().parts(digest)

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:
        outcome = super().post(part, level, thread)
        self._stumble("post")
        return outcome

    def find(self, part: Part, since: datetime, thread: str | None) -> Found:
        self._stumble("find")
        return super().find(part, since, thread)


@pytest.mark.parametrize("bug", ["parts", "post", "find"])
def test_a_bug_in_one_way_holds_its_own_channel_alone_and_doubles_nothing_once_mended(
    slack: SlackServer, bug: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(slack, "desk", "lab")
    way = Broken(slack.token, slack.workspace.channel("desk").id, base_url=slack.url, timeout=TIMEOUT)
    desk.ways["desk"], way.bug = way, bug
    desk.promise(a_message())
    desk.promise(a_message("digest:lab:1", "lab"))
    if bug == "find":
        slack.fail("drop", stored=True)
    report = desk.deliver()
    assert [(held.channel, "IndexError" in held.error) for held in report.held] == [("desk", True)]
    assert "Traceback" in caplog.text
    assert desk.keys("lab") == ["digest:lab:1/0"]
    way.bug = ""
    assert desk.deliver(held_too=True).delivered == 1
    assert desk.keys() == ["digest:desk:1/0"]


def test_quiet_hours_hold_a_message_that_was_promised_before_them(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.promise(a_message())
    until = desk.at + timedelta(hours=8)
    assert desk.deliver(quiet=lambda _digest, at: until if at < until else None).delivered == 0
    desk.at = until
    assert desk.deliver(quiet=lambda _digest, at: until if at < until else None).delivered == 1


def test_what_arrived_is_found_though_our_clock_was_hours_ahead(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.at += timedelta(hours=7)  # Alberta's time taken for UTC
    slack.fail("drop", stored=True)
    desk.promise(a_message())

    report = desk.deliver()

    assert (len(desk.keys()), report.found, report.posted) == (1, 1, 0)


HASTY = replace(TIMING, patience=timedelta())


@pytest.mark.parametrize("stored", [False, True])
def test_a_message_that_waits_by_a_clock_a_year_ahead_goes_out_once_the_clock_is_right(
    slack: SlackServer, stored: bool
) -> None:
    desk = Desk(slack)
    desk.at += timedelta(days=400)
    slack.fail("drop" if stored else "rate_limited", stored=stored, seconds=3600)
    desk.promise(a_message())
    assert deliver(desk.queue, desk.ways, lambda: desk.at, timing=HASTY, sleep=desk.nap).delivered == 0

    desk.at -= timedelta(days=400)

    assert desk.deliver().delivered == 1
    assert len(desk.keys()) == 1


def test_what_quiet_hours_let_through_goes_out_before_what_waits_for_their_end(slack: SlackServer) -> None:
    desk = Desk(slack)
    until = desk.at + timedelta(hours=8)

    def quiet(digest: Digest, at: datetime) -> datetime | None:
        return until if at < until and digest.kind == "digest" else None

    desk.promise(a_message("digest:desk:1"))
    desk.promise(a_message("digest:desk:2"))
    desk.promise(a_message("breaking:desk:1", kind="breaking"))
    desk.promise(a_message("reply:desk:1", kind="reply", thread_of="breaking:desk:1"))
    slack.fail("drop", stored=True)
    assert desk.deliver(quiet=quiet).delivered == 2
    assert desk.keys() == ["breaking:desk:1/0", "reply:desk:1/0"]
    desk.at = until
    assert desk.deliver(quiet=quiet).delivered == 2
    assert desk.keys()[2:] == ["digest:desk:1/0", "digest:desk:2/0"]


def test_nobody_answers_is_surely_not_taken() -> None:
    with SlackServer(channels=["desk"]) as slack:
        desk = Desk(slack)
    desk.promise(a_message())
    report = deliver(desk.queue, desk.ways, lambda: desk.at, timing=Timing(patience=timedelta(0)), sleep=desk.nap)
    assert [waits.error for waits in report.waiting] == ["Slack could not be reached"]
    head = desk.queue.head("desk")
    assert head is not None
    assert head.attempted_at is None


def test_the_webhook_way_loses_nothing_and_counts_what_it_may_double(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.ways["desk"] = SlackWebhookWay(slack.webhook("desk"), timeout=TIMEOUT)
    desk.promise(a_full_digest("en"))
    slack.fail("server_error", method="webhook", stored=True)
    report = desk.deliver()
    assert (report.delivered, report.repeated) == (1, 1)
    assert len(slack.messages("desk")) == 2


def test_a_name_will_do_for_posting_and_is_looked_up_for_reading(slack: SlackServer) -> None:
    desk = Desk(slack)
    desk.ways["desk"] = desk.way("#desk")
    desk.promise(a_message())
    slack.fail("drop", stored=True)
    assert desk.deliver().found == 1
    assert desk.keys() == ["digest:desk:1/0"]


def test_a_name_is_looked_up_among_more_channels_than_one_answer_holds(slack: SlackServer) -> None:
    for name in ("first", *(f"channel-{n}" for n in range(220)), "desk"):
        slack.workspace.channel(name)
    desk = Desk(slack)
    for name in ("first", "desk"):
        way = desk.way(name)
        part = way.parts(a_message())[0]
        posted = desk.way(slack.workspace.channel(name).id).post(part, 0, None)
        assert way.find(part, desk.at, None) == posted


def test_a_name_that_may_not_be_looked_up_asks_for_the_id(slack: SlackServer) -> None:
    desk = Desk(slack)
    slack.tokens["xoxb-least"] = frozenset(SCOPES)
    desk.ways["desk"] = desk.way("#desk", "xoxb-least")
    desk.promise(a_message())
    slack.fail("drop", stored=True)
    (held,) = desk.deliver().held
    assert "id in `to`" in held.cure
    head = desk.queue.head("desk")
    assert head is not None
    assert head.attempted_at is not None
    desk.ways["desk"] = desk.way(slack.workspace.channel("desk").id, "xoxb-least")
    assert desk.deliver(held_too=True).found == 1


@pytest.mark.parametrize("way", ["token", "webhook"])
def test_no_secret_is_logged_at_any_level(slack: SlackServer, caplog: pytest.LogCaptureFixture, way: str) -> None:
    desk = Desk(slack)
    secret = slack.token
    if way == "webhook":
        secret = slack.webhook("desk").rsplit("/", 1)[-1]
        desk.ways["desk"] = SlackWebhookWay(slack.webhook("desk"), timeout=TIMEOUT)
    for name in ("", "slack_sdk", "slack_sdk.web.base_client", "slack_sdk.webhook.client"):
        caplog.set_level(logging.DEBUG, logger=name)
    desk.promise(a_message())
    slack.fail("drop", method="webhook" if way == "webhook" else "chat.postMessage")
    report = desk.deliver()
    assert report.delivered == 1
    assert secret not in caplog.text
    assert secret not in repr(report)


def test_the_manifest_asks_for_the_least_scopes() -> None:
    app = json.loads(manifest())
    assert (
        app["oauth_config"]["scopes"]
        == {"bot": list(SCOPES)}
        == {"bot": ["chat:write", "channels:history", "groups:history"]}
    )


def test_a_trial_says_what_works_and_what_does_not(slack: SlackServer) -> None:
    channel = slack.workspace.channel("desk")

    def lines(token: str = slack.token) -> list[str]:
        checks = trial(token, channel.id, base_url=slack.url, now=AT)
        return [" ".join(str(check).split()[:2]) for check in checks]

    assert lines() == ["token ok", "scopes ok", "channel ok", "metadata ok", "history ok"]
    assert lines("xoxb-wrong") == ["token FAILED"]
    channel.member = False
    assert lines()[-1] == "channel FAILED"
    channel.member = True
    slack.tokens["xoxb-writer"] = frozenset({"chat:write"})
    assert lines("xoxb-writer") == ["token ok", "scopes FAILED", "channel ok", "history FAILED"]


def test_a_trial_digest_has_the_time_of_its_channel(slack: SlackServer) -> None:
    channel = slack.workspace.channel("desk")
    at = datetime(2026, 2, 4, 12, tzinfo=UTC)
    list(trial(slack.token, channel.id, base_url=slack.url, zone="America/Edmonton", now=at))
    assert slack.messages("desk")[0]["text"].startswith("Separatism watch · Wed., Feb.\xa04, 05:00")


@pytest.mark.slow
@pytest.mark.timeout(1_500)
def test_a_hundred_runs_of_faults_and_killed_senders_deliver_everything_once(tmp_path: Path) -> None:
    """What a run does is told in benchmarks/faults.py; docs/reliability.md has the figures of 2,000."""
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()
    total = Figures()
    with ProcessPoolExecutor(4, CONTEXT) as pool:
        for figures in pool.map(campaign, [range(number, 100, 4) for number in range(4)], folders):
            total.add(figures)
    assert (total.lost, total.doubled, total.disordered, total.held_up, total.bad) == (0, 0, 0, 0, [])
    assert (total.runs, total.killed > 50, total.promised > 500) == (100, True, True)
