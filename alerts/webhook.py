"""Webhooks: Slack's incoming ones, and any address that takes JSON.

Neither can read back, so a part of unknown outcome is handed over again and may be doubled (docs/reliability.md
counts how often). Slack's has no threads: what continues follows in the channel. The generic one carries the key of
the message in `Idempotency-Key`, by which a receiver can drop doubles. The address is a secret: it stands in no
message, no error and no log.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_sdk.webhook import WebhookClient

from alerts.promise import pack
from alerts.slack import parts
from alerts.slack_way import PACE, RATE_PAUSE, TIMEOUT, silent_logger, unreached
from alerts.way import Later, OneWay, Outcome, Part, Posted, Refused, TooRich, Unknown, pause
from sovwatch.model import Digest

VERSION = 1  # of the JSON that the generic webhook sends
_NEW_HOOK = "make a new incoming webhook at api.slack.com/apps and put its address in the file of webhook_file"
_CURES = {
    "invalid_token": _NEW_HOOK,
    "no_service": _NEW_HOOK,
    "no_service_id": _NEW_HOOK,
    "no_team": _NEW_HOOK,
    "team_disabled": _NEW_HOOK,
    "channel_not_found": "the webhook's channel is gone; " + _NEW_HOOK,
    "channel_is_archived": "unarchive the webhook's channel in Slack, or " + _NEW_HOOK,
    "action_prohibited": "an administrator restricts posting there; ask, or " + _NEW_HOOK,
    "posting_to_general_channel_denied": "an administrator restricts posting there; ask, or " + _NEW_HOOK,
}


class SlackWebhookWay(OneWay):
    """A channel of Slack behind an incoming webhook."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT, pace: timedelta = PACE) -> None:
        self.pace = pace
        self._client = WebhookClient(
            url,
            timeout=timeout,  # type: ignore[arg-type]  # annotated int, handed to urlopen, which takes fractions
            logger=silent_logger(),
            retry_handlers=[],
        )

    def parts(self, digest: Digest) -> Sequence[Part]:
        """Render the digest for Slack, without metadata, which webhooks do not take."""
        return [
            Part(part.key, tuple({k: v for k, v in body.items() if k != "metadata"} for body in part.bodies))
            for part in parts(digest)
        ]

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:  # noqa: ARG002  (a webhook has no threads)
        """Hand the part to the webhook."""
        try:
            answer = self._client.send_dict(dict(part.bodies[level]))
        except (OSError, HTTPException) as error:
            return unreached(error)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return answered(answer.status_code, str(answer.body).strip(), headers, part.key)


def answered(status: int, text: str, headers: Mapping[str, str], key: str) -> Outcome:
    """Return what an answer of Slack's webhooks stands for."""
    if status == 200:  # noqa: PLR2004
        return Posted(key) if text == "ok" else Unknown("the webhook did not answer ok")
    if status == 429:  # noqa: PLR2004
        return Later("rate limited by Slack", pause(headers.get("retry-after")) or RATE_PAUSE)
    if status >= 500:  # noqa: PLR2004
        return Unknown(f"the webhook answered {status}")
    code = text if text.replace("_", "").isalnum() else str(status)
    if code in _CURES or status in {403, 404, 410}:
        return Refused(f"Slack's webhook: {code}", _CURES.get(code, _NEW_HOOK))
    return TooRich(code)


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: a POST would become a GET, which any page answers, and the message be lost."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Leave the answer as it is: an error."""


_opener = build_opener(_Stay)


class WebhookWay(OneWay):
    """Any address that takes a POST of JSON: the digest as `alerts.promise.pack` writes it, and its version."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("https://", "http://")):
            raise ValueError("a webhook's address begins with https://")
        self._url = url

    def parts(self, digest: Digest) -> Sequence[Part]:
        """Return the digest as one JSON object."""
        return [Part(digest.key, ({"version": VERSION, "digest": json.loads(pack(digest))},))]

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:  # noqa: ARG002
        """POST it."""
        body = json.dumps(part.bodies[level]).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": quote(part.key, safe=":/"),
            "User-Agent": "Sovwatch",
        }
        request = Request(self._url, data=body, headers=headers, method="POST")  # noqa: S310  (checked above)
        try:
            with _opener.open(request, timeout=TIMEOUT):
                return Posted(part.key)
        except HTTPError as error:
            with error:
                return _refused(error.code, error.headers)
        except (OSError, HTTPException) as error:
            return unreached(error)


def _refused(status: int, headers: Any) -> Outcome:
    if status in {429, 503}:
        return Later(f"the webhook answered {status}", pause(headers.get("Retry-After")))
    if status >= 500 or status == 408:  # noqa: PLR2004
        return Unknown(f"the webhook answered {status}")
    return Refused(f"the webhook answered {status}", "look at the receiver's log, and at the address in webhook_file")
