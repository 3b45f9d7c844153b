"""Setting Slack up: the app's manifest to paste, and a trial of a channel that says what works."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from alerts.slack_way import NOT_SLACK, NOT_SLACK_RAISES, SlackWay, client, code_of, unreached
from alerts.way import Later, Part, Posted, Refused, TooRich, Unknown
from alerts.words import Words
from sovwatch.model import Digest, Item, Piece, Section

_NETWORK = "check slack.base_url and the network"
SCOPES = ("chat:write", "channels:history", "groups:history")
_REASONS = "post; read back what was posted, in public and in private channels"


class Check(NamedTuple):
    """One thing that a trial looked at, and how it is; what fails has a cure."""

    what: str
    how: str
    cure: str = ""

    @property
    def ok(self) -> bool:
        """Whether it works."""
        return not self.cure

    def __str__(self) -> str:
        return f"{self.what:<9} " + (f"ok      {self.how}" if self.ok else f"FAILED  {self.how} ({self.cure})")


_NO_SLACK = Check("token", NOT_SLACK.why, _NETWORK)


def manifest() -> str:
    """Return the app manifest with the least scopes: to post, and to read back what was posted.

    A channel named by its name rather than by its id needs channels:read and groups:read besides, which is why ids
    are asked for.
    """
    app = {
        "display_information": {
            "name": "Sovwatch",
            "description": "Tells each news story on Alberta and Quebec separatism once.",
            "background_color": "#8a2b1d",
        },
        "features": {"bot_user": {"display_name": "Sovwatch", "always_online": False}},
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {"org_deploy_enabled": False, "socket_mode_enabled": False, "token_rotation_enabled": False},
    }
    return json.dumps(app, indent=2)


def trial(
    token: str, to: str, *, base_url: str, language: str = "en", zone: str = "UTC", now: datetime
) -> Iterator[Check]:
    """Post a small test digest to a channel and yield each thing that works or doesn't, as it was looked at."""
    answer = _asked_who_we_are(client(token, base_url))
    if isinstance(answer, Check):
        yield answer
        return
    yield Check("token", f"{answer.get('user')} in {answer.get('team')}")
    yield _scopes(answer)
    yield from _posting(SlackWay(token, to, base_url=base_url), to, Words(language, zone, now), now)


def _asked_who_we_are(slack: WebClient) -> SlackResponse | Check:
    """Return Slack's answer, or why there is none."""
    try:
        return slack.auth_test()
    except SlackApiError as error:
        code = code_of(error.response.data)
        return Check("token", code, "a bot token, xoxb-…, from the app's OAuth page") if code else _NO_SLACK
    except (OSError, HTTPException) as error:
        return Check("token", unreached(error).why, _NETWORK)  # type: ignore[union-attr]
    except NOT_SLACK_RAISES:
        return _NO_SLACK


def _scopes(answer: SlackResponse) -> Check:
    given = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    if given and (missing := [scope for scope in SCOPES if scope not in given]):
        return Check("scopes", "missing " + ", ".join(missing), "add them at api.slack.com/apps and install again")
    return Check("scopes", ", ".join(SCOPES) + f": {_REASONS}")


def _posting(way: SlackWay, to: str, words: Words, now: datetime) -> Iterator[Check]:
    key = f"test:{now:%Y-%m-%dT%H:%M:%S.%f}"
    piece = Piece(article=0, url="", title=words["trial"], outlet="Sovwatch", language=words.language, published=now)
    sections = (Section("test", words["test"], (Item(story=0, lead=piece),)),)
    digest = Digest(
        key=key, channel=to, kind="digest", at=now, language=words.language, zone=words.zone, sections=sections
    )
    part = way.parts(digest)[0]
    match way.post(part, 0, None):
        case Posted(remote, link):
            yield Check("channel", f"posted {link or remote}")
        case Refused(why, cure):
            yield Check("channel", why, cure)
            return
        case Later(why) | Unknown(why) | TooRich(why):
            yield Check("channel", why, "try again; if it stays so, please report it")
            return
    yield from _read_back(way, part, now)


def _read_back(way: SlackWay, part: Part, now: datetime) -> Iterator[Check]:
    match way.find(part, now - timedelta(hours=1), None):
        case Posted():
            yield Check("metadata", "the message carries its key")
            yield Check("history", "read back: nothing will be sent twice")
        case Refused(why, cure):
            yield Check("history", why, cure)
        case Later(why) | Unknown(why):
            yield Check("history", why, "try again")
        case None:
            cure = "check that the token is the app's own bot token"
            yield Check("metadata", "the message was not found by its key", cure)
