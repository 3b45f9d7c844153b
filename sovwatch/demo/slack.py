"""Our own stand-in for Slack: a real server that enforces Slack's rules, keeps what was posted, and fails on request.

It answers the few methods that Sovwatch calls, with Slack's own errors, and refuses what Slack refuses
(`slack_rules`). What the real one does and a fake easily forgets: a channel's *name* will do for posting but not for
reading; history is newest first, without replies, and without metadata unless asked for; a failure may come before or
after a message was stored. `fail` scripts such failures. With a `file`, every message is on disk before it is
acknowledged, so what was posted can be counted after any process was killed.

    with SlackServer(channels=["sovereignty"]) as slack:
        settings = … slack.base_url = slack.url, SLACK_BOT_TOKEN = slack.token
        slack.fail("server_error", stored=True)
        assert [m["text"] for m in slack.messages("sovereignty")] == […]

`python -m sovwatch.demo.slack --port 8081 --file slack.json` runs it alone; POST /stand-in/fail scripts it from
outside.
"""

import argparse
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from sovwatch.demo import slack_api, slack_rules
from sovwatch.demo.serving import LoopbackServer, drop
from sovwatch.demo.slack_state import Failure, FailureKind, Message, Workspace

TOKEN = "xoxb-demo-0000-sovwatch"  # noqa: S105  (of a stand-in on loopback)
SCOPES = frozenset({"chat:write", "channels:history", "channels:read", "groups:history", "groups:read"})
PACE = 1.0  # seconds between posts to one channel


class SlackServer(LoopbackServer):
    """A workspace on loopback.

    `paced` refuses a second post to a channel within a second (429, Retry-After); Slack lets short bursts pass, so it
    is off unless asked for. `distributed` applies the limits of commercially distributed apps outside the Marketplace
    to conversations.history and .replies: one request a minute, 15 messages. `clock` dates the messages; the pace is
    real time.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        channels: Iterable[str] = ("sovereignty",),
        file: Path | None = None,
        clock: Callable[[], datetime] | None = None,
        paced: bool = False,
        distributed: bool = False,
    ) -> None:
        super().__init__(port=port)
        self.workspace = Workspace(file=file, clock=clock or (lambda: datetime.now(UTC)))
        self.tokens: dict[str, frozenset[str]] = {TOKEN: SCOPES}
        self.revoked: set[str] = set()
        self.paced, self.distributed = paced, distributed
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self._last: dict[tuple[str, str], float] = {}
        for name in channels:
            self.workspace.channel(name)

    @property
    def url(self) -> str:
        """What `slack.base_url` is set to."""
        return f"http://{self.address}/api/"

    @property
    def token(self) -> str:
        """A token with the scopes that Sovwatch asks for."""
        return TOKEN

    def webhook(self, channel: str) -> str:
        """Return the secret address of an incoming webhook of that channel."""
        return f"http://{self.address}/services/T0000000000/B0000000000/{self.workspace.channel(channel).id}"

    def messages(self, channel: str) -> list[Message]:
        """Everything that the channel (by name or id) holds, replies included, in the order posted."""
        return self.workspace.messages(channel)

    def fail(
        self,
        kind: FailureKind,
        *,
        times: int = 1,
        stored: bool = False,
        method: str = "chat.postMessage",
        error: str = "internal_error",
        seconds: float = 1,
    ) -> None:
        """Let the next `times` calls of a method fail.

        `stored` keeps the message first; `seconds` is how long to stall, or Retry-After; `error` is what "error"
        says.
        """
        self.workspace.failures += [Failure(kind, method, stored, error, seconds)] * times

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a Web API call, a webhook, or a script from outside."""
        if request.path == "/stand-in/fail":
            self.fail(**await request.json())
            return web.json_response({"ok": True})
        if request.path.startswith("/services/"):
            return await self._webhook(request)
        if not request.path.startswith("/api/"):
            return web.Response(status=404)
        method = request.path.removeprefix("/api/").strip("/")
        given = await _parameters(request)
        self.requests.append((method, given))
        failure = self.workspace.failure_of(method)
        if failure is None:
            return self._answer(method, given, request)
        stored = self._answer(method, given, request) if failure.stored else None
        return await self._failed(failure, stored, request)

    def _answer(self, method: str, given: dict[str, Any], request: web.BaseRequest) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(given.get("token") or "")
        scopes = self.tokens.get(token)
        needed = slack_api.NEEDS.get(method, "")
        headers = {"x-oauth-scopes": ",".join(sorted(scopes or ())), "x-accepted-oauth-scopes": needed}
        if error := self._unauthorised(token, scopes, needed):
            return web.json_response({"ok": False, **error}, headers=headers)
        if wait := self._too_soon(method, given):
            return _rate_limited(wait)
        try:
            body = {"ok": True, **slack_api.call(method, given, self.workspace, distributed=self.distributed)}
        except slack_api.Refused as refused:
            body = {"ok": False, "error": refused.error, **refused.details}
        return web.json_response(body, headers=headers)

    def _unauthorised(self, token: str, scopes: frozenset[str] | None, needed: str) -> dict[str, Any] | None:
        if not token:
            return {"error": "not_authed"}
        if token in self.revoked:
            return {"error": "token_revoked"}
        if scopes is None:
            return {"error": "invalid_auth"}
        if needed and needed not in scopes:
            return {"error": "missing_scope", "needed": needed, "provided": ",".join(sorted(scopes))}
        return None

    def _too_soon(self, method: str, given: Mapping[str, Any]) -> float:
        """Seconds to wait before this method may be called again, or 0."""
        pace = 60.0 if self.distributed and method in {"conversations.history", "conversations.replies"} else 0.0
        if self.paced and method == "chat.postMessage":
            pace = PACE
        channel = self.workspace.find(str(given.get("channel") or ""))
        if not pace or channel is None:
            return 0.0
        now, key = time.monotonic(), (method, channel.id)
        wait = self._last.get(key, -pace) + pace - now
        if wait <= 0:
            self._last[key] = now
        return max(wait, 0.0)

    async def _failed(
        self, failure: Failure, answer: web.Response | None, request: web.BaseRequest
    ) -> web.StreamResponse:
        own = self.requests[-1]  # others come in while this one stalls
        match failure.kind:
            case "rate_limited":
                return _rate_limited(failure.seconds)
            case "server_error":
                return web.Response(status=500, text="<html><body>Internal Server Error</body></html>")
            case "garbage":
                return web.Response(text="<html><body>It works!</body></html>", content_type="text/html")
            case "error":
                return web.json_response({"ok": False, "error": failure.error})
            case "slow":
                await self.stalled(failure.seconds)
                return answer or self._answer(*own, request)
            case "hang":
                await self.stalled(failure.seconds)
        drop(request)
        return web.Response(status=500)

    async def _webhook(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer as hooks.slack.com does: plain text, and a status that tells."""
        self.requests.append(("webhook", given := await _parameters(request)))
        failure = self.workspace.failure_of("webhook")
        answer = self._hooked(request, given) if failure is None or failure.stored else None
        if failure is not None:
            return await self._failed(failure, answer, request)
        return answer or web.Response(status=500)

    def _hooked(self, request: web.BaseRequest, given: dict[str, Any]) -> web.Response:
        channel = self.workspace.find(request.path.rsplit("/", 1)[-1])
        if channel is None:
            return web.Response(status=404, text="no_service")
        if channel.archived:
            return web.Response(status=410, text="channel_is_archived")
        if (refusal := slack_rules.refusal(given)) is not None:
            return web.Response(status=400, text=refusal[0])
        self.workspace.post(channel, given)
        return web.Response(text="ok")


def _rate_limited(seconds: float) -> web.Response:
    headers = {"Retry-After": str(max(1, round(seconds)))}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


async def _parameters(request: web.BaseRequest) -> dict[str, Any]:
    """Read the parameters, however they came: query, form or JSON; in a form, structures are JSON strings."""
    given: dict[str, Any] = dict(request.query)
    body = await request.text()
    if request.content_type == "application/json":
        parsed = json.loads(body or "{}")
        return given | (parsed if isinstance(parsed, dict) else {})
    given |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    for key in ("blocks", "metadata", "attachments"):
        if isinstance(given.get(key), str):
            given[key] = json.loads(given[key])
    return given


def main() -> None:
    """Run the stand-in alone until it is interrupted."""
    options = argparse.ArgumentParser(prog="python -m sovwatch.demo.slack", description=main.__doc__)
    options.add_argument("--port", type=int, default=8081)
    options.add_argument("--file", type=Path, help="keep what is posted in this JSON file")
    options.add_argument("--channel", action="append", help="a channel's name; may be repeated")
    options.add_argument("--paced", action="store_true", help="one post a second and channel")
    given = options.parse_args()
    channels = given.channel or ["sovereignty"]
    with (
        suppress(KeyboardInterrupt),
        SlackServer(port=given.port, channels=channels, file=given.file, paced=given.paced) as slack,
    ):
        print(f"slack.base_url = {slack.url}  SLACK_BOT_TOKEN={slack.token}", flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
