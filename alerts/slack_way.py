"""Slack by a bot token: chat.postMessage, and the channel's history read back.

The client has no retry handlers: whoever sends again must have looked first (see `alerts.outbox`). Slack's error
codes are sorted by what to do about them; one that is not listed is taken for a fault of the message, which ends as
plain text and then with an operator, so that nothing is lost to a code that is new. The SDK logs requests at DEBUG,
so its logger is kept above it.
"""

import logging
import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from alerts.slack import parts
from alerts.way import Found, Later, Outcome, Part, Posted, Refused, TooRich, Unknown, pause
from sovwatch.model import Digest

RATE_PAUSE = timedelta(seconds=30)  # where Slack names none
TIMEOUT = 20  # seconds; `outbox.Timing.settle` is more than twice as long
PACE = timedelta(seconds=1.05)  # docs.slack.dev: one message a second a channel, and a little for the clocks
MARGIN = timedelta(hours=12)  # our clock may have been ahead of Slack's: local time taken for UTC is 3 to 8 hours off
PAGE = 100  # messages of one history call; Slack gives some apps 15
PAGES = 20
_CODE = re.compile(r"[a-z0-9_.]+")
CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{2,}")
_RATE = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_UNCERTAIN = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
_NO_THREAD = {"thread_not_found", "cannot_reply_to_message", "invalid_thread_ts", "message_not_found"}
_TOKEN = "make a new token for the app at api.slack.com/apps and put it in SLACK_BOT_TOKEN"  # noqa: S105
_ID = "write the channel's id in `to`; it ends the channel's About page"
_CURES = {
    "channel_not_found": "check `to` of the channel, and /invite the app where the channel is private",
    "not_in_channel": "say /invite @Sovwatch in the channel",
    "is_archived": "unarchive the channel in Slack, or give the channel another `to`",
    "restricted_action": "let the app post there: the channel's settings, Posting permissions",
    "restricted_action_read_only_channel": "let the app post there: the channel's settings, Posting permissions",
    "restricted_action_thread_only_channel": "let the app post there: the channel's settings, Posting permissions",
    "invalid_auth": _TOKEN,
    "not_authed": "put the bot token in SLACK_BOT_TOKEN, or in the file that slack.token_file names",
    "account_inactive": _TOKEN,
    "token_revoked": _TOKEN,
    "token_expired": _TOKEN,
    "missing_scope": "add the scope at api.slack.com/apps (`sovwatch slack manifest` lists them all) and install again",
    "no_permission": "install the app again with the scopes of `sovwatch slack manifest`",
    "not_allowed_token_type": "use the bot token, which begins with xoxb-",
    "ekm_access_denied": "ask the workspace's administrators: they suspended access",
    "org_login_required": "ask the workspace's administrators: it is being moved",
    "team_access_not_granted": "ask the organisation's administrators to let the app into this workspace",
    "access_denied": "ask the workspace's administrators",
}

NOT_SLACK_RAISES = (UnicodeDecodeError, AttributeError)  # by the SDK: bytes that are no UTF-8, JSON that is no object
NOT_SLACK = Unknown("what answered is not Slack: a proxy, or a page to log in to the network")


def client(token: str, base_url: str, timeout: float = TIMEOUT) -> WebClient:
    """Return a client of Slack that sends nothing again by itself, and logs nothing."""
    return WebClient(
        token=token,
        base_url=base_url if base_url.endswith("/") else base_url + "/",
        timeout=timeout,  # type: ignore[arg-type]  # annotated int, handed to urlopen, which takes fractions
        logger=silent_logger(),
        retry_handlers=[],
    )


def silent_logger() -> logging.Logger:
    """Return a logger that nobody can turn up: slack_sdk logs webhook addresses and bodies at DEBUG."""
    logger = logging.Logger("slack_sdk, silenced", logging.CRITICAL)  # noqa: LOG001  (outside the tree on purpose)
    logger.disabled = True
    return logger


class SlackWay:
    """A channel of a Slack workspace. `to` is its id or its name."""

    reads_back = True

    def __init__(self, token: str, to: str, *, base_url: str, timeout: float = TIMEOUT, pace: timedelta = PACE) -> None:
        self.pace = pace
        self._client = client(token, base_url, timeout)
        self._to = to
        self._id = to if CHANNEL_ID.fullmatch(to) else None

    def parts(self, digest: Digest) -> Sequence[Part]:
        """Render the digest for Slack."""
        return parts(digest)

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:
        """Post one part, into the thread where there is one; where the thread is gone, into the channel."""
        body = dict(part.bodies[level])
        outcome = self._call(self._client.chat_postMessage, channel=self._id or self._to, thread_ts=thread, **body)
        if isinstance(outcome, TooRich) and outcome.why in _NO_THREAD:
            outcome = self._call(self._client.chat_postMessage, channel=self._id or self._to, **body)
        if not isinstance(outcome, Mapping):
            return outcome
        if not outcome.get("ts"):
            return NOT_SLACK
        self._id = str(outcome.get("channel") or self._id or self._to)
        return self._posted(str(outcome["ts"]))

    def find(self, part: Part, since: datetime, thread: str | None) -> Found:
        """Look for the part's key in the metadata of what was posted since then."""
        key = part.bodies[0]["metadata"]["event_payload"]["key"]
        channel = self._channel_id()
        if not isinstance(channel, str):
            return channel
        places: list[dict[str, str]] = [{"ts": thread}, {}] if thread else [{}]
        for place in places:
            for message in self._messages(channel, since, place):
                if not isinstance(message, Mapping):
                    return message
                if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                    return self._posted(str(message["ts"]))
        return None

    def _messages(self, channel: str, since: datetime, place: Mapping[str, str]) -> "Iterator[_Page]":
        """Read the messages of the channel or thread since then; an outcome ends the reading."""
        method = self._client.conversations_replies if place else self._client.conversations_history
        oldest = f"{(since - MARGIN).astimezone(UTC).timestamp():.6f}"
        cursor = ""
        for _page in range(PAGES):
            more = {"cursor": cursor} if cursor else {}
            answer = self._call(
                method, channel=channel, oldest=oldest, limit=PAGE, include_all_metadata=True, **place, **more
            )
            if isinstance(answer, TooRich):
                if answer.why not in _NO_THREAD:  # else the thread is gone, and what stood in it
                    yield Unknown(f"the history could not be read: {answer.why}")
                return
            if not isinstance(answer, Mapping):
                yield answer
                return
            yield from answer.get("messages", [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def _channel_id(self) -> "str | Later | Unknown | Refused":
        """Return the channel's id, which reading needs; a name is looked up once, where the scopes allow it."""
        name, cursor = self._to.lstrip("#"), ""
        for _page in range(PAGES if self._id is None else 0):
            answer = self._call(self._client.conversations_list, limit=200, exclude_archived=True, cursor=cursor)
            if isinstance(answer, Later | Unknown):
                return answer
            if not isinstance(answer, Mapping):
                return Refused(f"the channel {self._to} cannot be looked up", _ID)
            self._id = next((str(each["id"]) for each in answer["channels"] if each["name"] == name), None)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if self._id or not cursor:
                break
        return self._id or Refused(f"there is no channel {self._to}", _ID)

    def _posted(self, ts: str) -> Posted:
        """Say what stands there, with its permalink where Slack gives one."""
        answer = self._call(self._client.chat_getPermalink, channel=self._id or self._to, message_ts=ts)
        return Posted(ts, str(answer["permalink"]) if isinstance(answer, Mapping) and "permalink" in answer else None)

    def _call(self, method: Callable[..., SlackResponse], **arguments: object) -> "_Answer":
        """Call Slack; return its answer, or the outcome that an error stands for."""
        given = {name: value for name, value in arguments.items() if value not in (None, "")}
        try:
            answer = method(**given).data
        except SlackApiError as error:
            return outcome_of(error)
        except SlackClientError as error:
            return Unknown(f"Slack: {type(error).__name__}")
        except (OSError, HTTPException) as error:
            return unreached(error)
        except NOT_SLACK_RAISES:
            return NOT_SLACK
        return answer if isinstance(answer, dict) else NOT_SLACK


_Answer = Mapping[str, Any] | Outcome
_Page = Mapping[str, Any] | Posted | Later | Unknown | Refused


def outcome_of(error: SlackApiError) -> Outcome:
    """Return what to do after Slack answered with an error."""
    response: Any = error.response
    status, headers = response.status_code, {name.lower(): value for name, value in (response.headers or {}).items()}
    code = code_of(response.data)
    if status == 429 or code in _RATE:  # noqa: PLR2004
        return Later("rate limited by Slack", pause(headers.get("retry-after")) or RATE_PAUSE)
    if code in _CURES:
        needed = response.data.get("needed")
        return Refused(f"Slack: {code}" + (f" ({needed})" if needed else ""), _CURES[code])
    if status >= 500 or code in _UNCERTAIN:  # noqa: PLR2004
        return Unknown(f"Slack answered {status} {code}".strip())
    if not code:
        return NOT_SLACK
    return TooRich(code)


def code_of(data: object) -> str:
    """Return Slack's error code; "" where the answer wasn't Slack's (the SDK puts a sentence about it in its place)."""
    code = str(data.get("error", "")) if isinstance(data, Mapping) else ""
    return code if _CODE.fullmatch(code) else ""


def unreached(error: Exception) -> Outcome:
    """Return what to do after a connection failed: surely not taken where none was made, else unknown."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, ConnectionRefusedError | socket.gaierror):
        return Later("Slack could not be reached")
    return Unknown(f"the connection failed: {type(reason).__name__}")
