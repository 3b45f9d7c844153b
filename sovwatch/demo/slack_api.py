"""The Web API methods of the Slack stand-in: parameters and workspace in, the body of an answer out."""

from collections.abc import Callable, Mapping
from typing import Any

from sovwatch.demo import slack_rules
from sovwatch.demo.slack_state import Channel, Message, Workspace

Given = Mapping[str, Any]
Body = dict[str, Any]

# https://docs.slack.dev/reference/methods: the scope that each asks of a bot token
NEEDS = {
    "auth.test": "",
    "chat.postMessage": "chat:write",
    "chat.getPermalink": "",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "conversations.list": "channels:read",
}
PAGE = 100  # conversations.history's default
MOST = 999
DISTRIBUTED = 15  # messages a call for commercially distributed apps outside the Marketplace


class Refused(Exception):
    """A call that Slack answers with ok=false."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error, self.details = error, details


def call(method: str, given: Given, workspace: Workspace, *, distributed: bool) -> Body:
    """Carry out a method.

    Raises:
        Refused: what Slack would say with ok=false.
    """
    if (action := _METHODS.get(method)) is None:
        raise Refused("unknown_method", req_method=method)
    if distributed and method in {"conversations.history", "conversations.replies"}:
        given = {**given, "limit": min(int(given.get("limit") or DISTRIBUTED), DISTRIBUTED)}
    return action(given, workspace)


def _auth_test(given: Given, workspace: Workspace) -> Body:  # noqa: ARG001
    names = {"team": "Sovwatch demo", "user": "sovwatch", "url": "https://sovwatch-demo.slack.example/"}
    return names | {"team_id": "T0000000000", "user_id": "U0SOVWATCH", "bot_id": "B0SOVWATCH"}


def _post(given: Given, workspace: Workspace) -> Body:
    channel = workspace.find(str(given.get("channel") or ""))
    if channel is None:
        raise Refused("channel_not_found")
    if channel.archived:
        raise Refused("is_archived")
    if not channel.member:
        raise Refused("not_in_channel")
    if (thread := given.get("thread_ts")) and not any(message["ts"] == thread for message in channel.messages):
        raise Refused("thread_not_found")
    if (refusal := slack_rules.refusal(given)) is not None:
        error, messages = refusal
        raise Refused(error, errors=messages, response_metadata={"messages": [f"[ERROR] {each}" for each in messages]})
    message = workspace.post(channel, given)
    return {"channel": channel.id, "ts": message["ts"], "message": _shown(message, metadata=True)}


def _permalink(given: Given, workspace: Workspace) -> Body:
    channel = _readable(given, workspace)
    ts = str(given.get("message_ts") or "")
    message = next((each for each in channel.messages if each["ts"] == ts), None)
    if message is None:
        raise Refused("message_not_found")
    link = f"https://sovwatch-demo.slack.example/archives/{channel.id}/p{ts.replace('.', '')}"
    if thread := message.get("thread_ts"):
        link += f"?thread_ts={thread}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _history(given: Given, workspace: Workspace) -> Body:
    channel = _readable(given, workspace)
    top = [each for each in channel.messages if each.get("thread_ts") in {None, each["ts"]}]
    page, more = _page(list(reversed(_between(top, given))), given)
    shown = [_counted(each, channel, metadata=_true(given, "include_all_metadata")) for each in page]
    return {"messages": shown, "has_more": more, "pin_count": 0, **_cursor(page, more=more)}


def _replies(given: Given, workspace: Workspace) -> Body:
    channel = _readable(given, workspace)
    root = str(given.get("ts") or "")
    thread = [each for each in channel.messages if root in {each["ts"], each.get("thread_ts")}]
    if not thread:
        raise Refused("thread_not_found")
    page, more = _page([thread[0], *_between(thread[1:], given)], given)
    shown = [_counted(each, channel, metadata=_true(given, "include_all_metadata")) for each in page]
    return {"messages": shown, "has_more": more, **_cursor(page, more=more)}


def _list(given: Given, workspace: Workspace) -> Body:
    open_ones = [channel for channel in workspace.channels.values() if not channel.archived]
    page, more = _page([{"id": each.id, "name": each.name} for each in open_ones], given, "id")
    return {"channels": page, **_cursor(page, "id", more=more)}


_METHODS: dict[str, Callable[[Given, Workspace], Body]] = {
    "auth.test": _auth_test,
    "chat.postMessage": _post,
    "chat.getPermalink": _permalink,
    "conversations.history": _history,
    "conversations.replies": _replies,
    "conversations.list": _list,
}


def _readable(given: Given, workspace: Workspace) -> Channel:
    """Return the channel by its id: only posting takes a name."""
    name = str(given.get("channel") or "")
    channel = workspace.find(name)
    if channel is None or channel.id != name:
        raise Refused("channel_not_found")
    if not channel.member:
        raise Refused("not_in_channel")
    return channel


def _between(messages: list[Message], given: Given) -> list[Message]:
    """Those later than `oldest` and earlier than `latest`; the bounds themselves count where `inclusive`."""
    oldest, latest = float(given.get("oldest") or 0), float(given.get("latest") or "inf")
    inclusive = _true(given, "inclusive")
    kept = [each for each in messages if oldest < float(each["ts"]) < latest]
    return [each for each in messages if oldest <= float(each["ts"]) <= latest] if inclusive else kept


def _page(found: list[Message], given: Given, name: str = "ts") -> tuple[list[Message], bool]:
    """One page of what is found, after the one that `cursor` names."""
    if cursor := str(given.get("cursor") or ""):
        names = [each[name] for each in found]
        if cursor not in names:
            raise Refused("invalid_cursor")
        found = found[names.index(cursor) + 1 :]
    limit = min(int(given.get("limit") or PAGE), MOST)
    if limit < 1:
        raise Refused("invalid_limit")
    return found[:limit], len(found) > limit


def _cursor(page: list[Message], name: str = "ts", *, more: bool) -> Body:
    return {"response_metadata": {"next_cursor": page[-1][name]}} if more else {}


def _shown(message: Message, *, metadata: bool) -> Message:
    hidden = {"mentions", "unfurl_links", "unfurl_media"} | (set() if metadata else {"metadata"})
    return {key: value for key, value in message.items() if key not in hidden}


def _counted(message: Message, channel: Channel, *, metadata: bool) -> Message:
    """Show a message as history does: the root of a thread says how many replies it has."""
    replies = [each["ts"] for each in channel.messages if each.get("thread_ts") == message["ts"] != each["ts"]]
    shown = _shown(message, metadata=metadata)
    if not replies:
        return shown
    return shown | {"thread_ts": message["ts"], "reply_count": len(replies), "latest_reply": replies[-1]}


def _true(given: Given, key: str) -> bool:
    return str(given.get(key) or "").lower() in {"true", "1"}
