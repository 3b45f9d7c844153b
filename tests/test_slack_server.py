"""The Slack stand-in refuses what Slack refuses; each test talks to it over a real socket with slack_sdk."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError
from slackblocks.errors import InvalidUsageError
from slackblocks.messages import Message

from sovwatch.demo.slack import SlackServer
from sovwatch.demo.slack_rules import refusal
from sovwatch.demo.slack_state import FailureKind
from tests.waiting import until

Block = dict[str, Any]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=["news"]) as server:
        yield server


def a_client(slack: SlackServer, token: str = "") -> WebClient:
    return WebClient(token=token or slack.token, base_url=slack.url, retry_handlers=[], timeout=5)


def a_section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def error_of(slack: SlackServer, **message: object) -> str:
    """The error of a post, sent as it stands: slack_sdk's own chat_postMessage would warn of some."""
    with pytest.raises(SlackApiError) as refused:
        a_client(slack).api_call("chat.postMessage", json={"channel": "news", "text": "t"} | message)
    return str(refused.value.response["error"])


ACCEPTED: list[list[Block]] = [
    [a_section("x" * 3000)],
    [{"type": "divider"}] * 50,
    [{"type": "header", "text": {"type": "plain_text", "text": "h" * 150}}],
    [{"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}] * 10}],
    [{"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}] * 10}],
    [{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "b"}}] * 25}],
    [a_section("x" * 3000)] * 4,
    [
        rich(
            {"type": "text", "text": "t", "style": {"bold": True}},
            {"type": "link", "url": "http://a.example", "text": "l"},
        )
    ],
]
REFUSED: dict[str, tuple[str, list[Block]]] = {
    "section over 3,000": ("invalid_blocks", [a_section("x" * 3001)]),
    "empty section": ("invalid_blocks", [a_section("")]),
    "section of nothing": ("invalid_blocks", [{"type": "section"}]),
    "51 blocks": ("invalid_blocks", [{"type": "divider"}] * 51),
    "header over 150": ("invalid_blocks", [{"type": "header", "text": {"type": "plain_text", "text": "h" * 151}}]),
    "mrkdwn in a header": ("invalid_blocks", [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}]),
    "field over 2,000": ("invalid_blocks", [{"type": "section", "fields": [{"type": "mrkdwn", "text": "f" * 2001}]}]),
    "11 fields": ("invalid_blocks", [{"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}] * 11}]),
    "11 in a context": ("invalid_blocks", [{"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}] * 11}]),
    "button in a context": (
        "invalid_blocks",
        [{"type": "context", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "b"}}]}],
    ),
    "26 actions": (
        "invalid_blocks",
        [{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "b"}}] * 26}],
    ),
    "unknown block": ("invalid_blocks", [{"type": "banner", "text": "x"}]),
    "unknown key": ("invalid_blocks", [{**a_section("x"), "colour": "red"}]),
    "unknown key in a text": (
        "invalid_blocks",
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
    ),
    "no alt_text": ("invalid_blocks", [{"type": "image", "image_url": "http://a.example/i.png"}]),
    "block_id twice": ("invalid_blocks", [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]),
    "unknown element of rich text": ("invalid_blocks", [rich({"type": "span", "text": "t"})]),
    "unknown key in rich text": ("invalid_blocks", [rich({"type": "text", "text": "t", "bold": True})]),
    "not an object": ("invalid_blocks", ["x"]),  # type: ignore[list-item]
    "over 12,000 in all": ("msg_blocks_too_long", [a_section("x" * 3000)] * 4 + [a_section("x")]),
}


@pytest.mark.parametrize("blocks", ACCEPTED)
def test_a_message_at_a_limit_is_stored(slack: SlackServer, blocks: list[Block]) -> None:
    a_client(slack).chat_postMessage(channel="news", text="t", blocks=blocks)
    assert [message["blocks"] for message in slack.messages("news")] == [blocks]


@pytest.mark.parametrize(("error", "blocks"), REFUSED.values(), ids=REFUSED.keys())
def test_a_message_over_a_limit_is_refused_and_not_stored(slack: SlackServer, error: str, blocks: list[Block]) -> None:
    assert error_of(slack, blocks=blocks) == error
    assert slack.messages("news") == []


def test_a_message_needs_text_or_blocks_and_text_has_a_limit(slack: SlackServer) -> None:
    assert error_of(slack, text="") == "no_text"
    assert error_of(slack, text="x" * 40_001) == "msg_too_long"
    assert error_of(slack, metadata={"event_type": "no spaces", "event_payload": {}}) == "invalid_metadata_format"


@settings(max_examples=60)
@given(
    texts=st.lists(st.text("ab <>&*", min_size=1, max_size=3200), max_size=4),
    header=st.text("h", min_size=1, max_size=160),
    dividers=st.integers(0, 52),
)
def test_what_is_accepted_is_accepted_by_slackblocks_too(texts: list[str], header: str, dividers: int) -> None:
    blocks: list[Block] = [{"type": "header", "text": {"type": "plain_text", "text": header}}]
    blocks += [a_section(text) for text in texts] + [{"type": "divider"}] * dividers
    ours = refusal({"text": "t", "blocks": blocks})
    if ours is None:
        Message(channel="C0", text="t", blocks=parsed(blocks))
    elif ours[0] == "invalid_blocks":
        with pytest.raises(InvalidUsageError):
            Message(channel="C0", text="t", blocks=parsed(blocks))


def parsed(blocks: list[Block]) -> list[Any]:
    from slackblocks.blocks import Block as Known

    return [Known.from_dict(block) for block in blocks]


def test_a_wrong_token_a_revoked_one_and_a_missing_scope_are_told_apart(slack: SlackServer) -> None:
    slack.tokens["xoxb-narrow"] = frozenset({"channels:read"})
    slack.tokens["xoxb-old"], slack.revoked = frozenset({"chat:write"}), {"xoxb-old"}
    errors = {}
    for token in ("xoxb-wrong", "xoxb-old", "xoxb-narrow"):
        with pytest.raises(SlackApiError) as refused:
            a_client(slack, token).chat_postMessage(channel="news", text="t")
        errors[token] = refused.value.response
    assert [each["error"] for each in errors.values()] == ["invalid_auth", "token_revoked", "missing_scope"]
    assert errors["xoxb-narrow"].headers["x-oauth-scopes"] == "channels:read"
    assert errors["xoxb-narrow"]["needed"] == "chat:write"


def test_a_channel_may_be_unknown_archived_or_not_joined(slack: SlackServer) -> None:
    slack.workspace.channel("old").archived = True
    slack.workspace.channel("closed").member = False
    errors = []
    for channel in ("nowhere", "old", "closed"):
        with pytest.raises(SlackApiError) as refused:
            a_client(slack).chat_postMessage(channel=channel, text="t")
        errors.append(refused.value.response["error"])
    assert errors == ["channel_not_found", "is_archived", "not_in_channel"]


def test_history_is_newest_first_without_replies_and_shows_metadata_only_when_asked(slack: SlackServer) -> None:
    client = a_client(slack)
    key = {"event_type": "digest", "event_payload": {"key": "k1"}}
    first = client.chat_postMessage(channel="news", text="one", metadata=key)
    client.chat_postMessage(channel=first["channel"], text="two")
    client.chat_postMessage(channel=first["channel"], text="reply", thread_ts=first["ts"])
    bare = client.conversations_history(channel=first["channel"])["messages"]
    full = client.conversations_history(channel=first["channel"], include_all_metadata=True)["messages"]
    later = client.conversations_history(channel=first["channel"], oldest=first["ts"])["messages"]
    assert [message["text"] for message in bare] == ["two", "one"]
    assert [message.get("metadata") for message in bare] == [None, None]
    assert full[1]["metadata"] == key
    assert full[1]["reply_count"] == 1
    assert [message["text"] for message in later] == ["two"]


def test_history_comes_in_pages_and_wants_an_id_not_a_name(slack: SlackServer) -> None:
    client = a_client(slack)
    for number in range(5):
        channel = client.chat_postMessage(channel="news", text=str(number))["channel"]
    first = client.conversations_history(channel=channel, limit=2)
    rest = client.conversations_history(channel=channel, cursor=first["response_metadata"]["next_cursor"])
    assert [message["text"] for message in (*first["messages"], *rest["messages"])] == ["4", "3", "2", "1", "0"]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.conversations_history(channel="news")


def test_replies_are_the_thread_in_order_and_have_permalinks_of_their_own(slack: SlackServer) -> None:
    client = a_client(slack)
    root = client.chat_postMessage(channel="news", text="root")
    reply = client.chat_postMessage(channel=root["channel"], text="reply", thread_ts=root["ts"])
    thread = client.conversations_replies(channel=root["channel"], ts=root["ts"])["messages"]
    link = client.chat_getPermalink(channel=root["channel"], message_ts=reply["ts"])["permalink"]
    assert [message["text"] for message in thread] == ["root", "reply"]
    assert link.endswith(f"?thread_ts={root['ts']}&cid={root['channel']}")
    assert error_of(slack, thread_ts="1.000001") == "thread_not_found"


def test_an_unescaped_mention_is_recorded_and_an_escaped_one_is_not(slack: SlackServer) -> None:
    client = a_client(slack)
    header = {"type": "header", "text": {"type": "plain_text", "text": "<!here> is plain here"}}
    client.chat_postMessage(channel="news", text="A &lt;!channel&gt; @channel", blocks=[header, a_section("<b> & c")])
    client.chat_postMessage(channel="news", text="<!channel>", blocks=[a_section("hello <@U123|you>")])
    client.chat_postMessage(channel="news", text="@channel", link_names=True)
    literal, calling = {"type": "text", "text": "<!channel>"}, {"type": "broadcast", "range": "here"}
    client.chat_postMessage(channel="news", text="t", blocks=[rich(literal, calling)])
    found = [message["mentions"] for message in slack.messages("news")]
    assert found == [[], ["!channel", "@U123"], ["!channel"], ["!here"]]


@pytest.mark.parametrize(
    ("kind", "stored", "raised"),
    [
        ("rate_limited", False, SlackApiError),
        ("server_error", False, SlackApiError),
        ("server_error", True, SlackApiError),
        ("garbage", True, SlackApiError),
        ("error", False, SlackApiError),
        ("drop", False, HTTPException),
        ("drop", True, HTTPException),
    ],
)
def test_a_scripted_failure_happens_once_before_or_after_storing(
    slack: SlackServer, kind: FailureKind, stored: bool, raised: type[Exception]
) -> None:
    slack.fail(kind, stored=stored, error="invalid_blocks", seconds=3)
    with pytest.raises(raised):
        a_client(slack).chat_postMessage(channel="news", text="first")
    a_client(slack).chat_postMessage(channel="news", text="second")
    assert [message["text"] for message in slack.messages("news")] == ["first", "second"][0 if stored else 1 :]


def test_a_time_out_after_storing_leaves_the_message(slack: SlackServer) -> None:
    slack.fail("hang", stored=True, seconds=30)
    client = WebClient(token=slack.token, base_url=slack.url, retry_handlers=[], timeout=1)
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel="news", text="first")
    until(lambda: slack.messages("news"))
    assert [message["text"] for message in slack.messages("news")] == ["first"]


def test_a_scripted_failure_may_come_from_another_process(slack: SlackServer) -> None:
    request = urllib.request.Request(
        f"http://{slack.address}/stand-in/fail",
        json.dumps({"kind": "rate_limited", "seconds": 7}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    with pytest.raises(SlackApiError) as refused:
        a_client(slack).chat_postMessage(channel="news", text="t")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"


def test_a_channel_takes_one_post_in_a_while_where_paced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovwatch.demo.slack.PACE", 3600.0)  # a second, which a busy machine may let pass
    with SlackServer(channels=["a", "b"], paced=True) as slack:
        client = a_client(slack)
        client.chat_postMessage(channel="a", text="1")
        client.chat_postMessage(channel="b", text="1")
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel="a", text="2")
        assert refused.value.response.status_code == 429
        assert len(slack.messages("a")) == len(slack.messages("b")) == 1


def test_a_distributed_app_reads_fifteen_messages_once_a_minute() -> None:
    with SlackServer(channels=["news"], distributed=True) as slack:
        client = a_client(slack)
        for number in range(20):
            channel = client.chat_postMessage(channel="news", text=str(number))["channel"]
        assert len(client.conversations_history(channel=channel, limit=200)["messages"]) == 15
        with pytest.raises(SlackApiError) as refused:
            client.conversations_history(channel=channel)
        assert int(refused.value.response.headers["Retry-After"]) > 50


def test_a_webhook_answers_in_plain_text_with_a_status(slack: SlackServer) -> None:
    hook = WebhookClient(slack.webhook("news"), retry_handlers=[])
    good, bad = hook.send(text="hello"), hook.send(text="t", blocks=[{"type": "section"}])
    slack.workspace.channel("news").archived = True
    gone = hook.send(text="hello")
    lost = WebhookClient(f"http://{slack.address}/services/T/B/nothing", retry_handlers=[]).send(text="t")
    answers = [(each.status_code, each.body) for each in (good, bad, gone, lost)]
    assert answers == [(200, "ok"), (400, "invalid_blocks"), (410, "channel_is_archived"), (404, "no_service")]
    assert [message["text"] for message in slack.messages("news")] == ["hello"]


def test_what_was_posted_is_on_disk_before_it_is_acknowledged_and_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "slack.json"
    with SlackServer(channels=["news"], file=file) as slack:
        sent = a_client(slack).chat_postMessage(channel="news", text="kept")
        assert json.loads(file.read_text())["news"]["messages"][0]["text"] == "kept"
    with SlackServer(channels=["news"], file=file) as again:
        reply = a_client(again).chat_postMessage(channel=sent["channel"], text="later", thread_ts=sent["ts"])
        assert [message["text"] for message in again.messages("news")] == ["kept", "later"]
        assert float(reply["ts"]) > float(sent["ts"])


def test_a_port_that_is_taken_is_an_error_not_a_hang(slack: SlackServer) -> None:
    with pytest.raises(OSError, match="address already in use"), SlackServer(port=slack.port):
        pass


def test_nothing_else_is_answered(slack: SlackServer) -> None:
    with pytest.raises(SlackApiError, match="unknown_method"):
        a_client(slack).api_call("users.list")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://{slack.address}/elsewhere")
