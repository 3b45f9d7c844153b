"""Setting Slack up: the app's manifest to paste, and a trial of a channel that says what works."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from alerts.slack_way import NOT_SLACK, NOT_SLACK_RAISES, SlackWay, code_of, silent_logger, unreached
from alerts.way import Later, Posted, Refused, TooRich, Unknown
from alerts.words import Words
from sovwatch.model import Digest, Item, Piece, Section

FAILED = "FAILED"
_NETWORK = "check slack.base_url and the network"
_NOT_SLACK = ("token", NOT_SLACK.why, _NETWORK)
SCOPES = ("chat:write", "channels:history", "groups:history")
_REASONS = "post; read back what was posted, in public and in private channels"


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
) -> Iterator[str]:
    """Post a small test digest to a channel and yield a line for each thing that works or doesn't, and its cure."""
    base = base_url if base_url.endswith("/") else base_url + "/"
    client = WebClient(token=token, base_url=base, timeout=20, logger=silent_logger(), retry_handlers=[])
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = code_of(error.response.data)
        yield _no("token", code, "a bot token, xoxb-…, from the app's OAuth page") if code else _no(*_NOT_SLACK)
        return
    except (OSError, HTTPException) as error:
        yield _no("token", unreached(error).why, _NETWORK)  # type: ignore[union-attr]
        return
    except NOT_SLACK_RAISES:
        yield _no(*_NOT_SLACK)
        return
    yield _yes("token", f"{answer.get('user')} in {answer.get('team')}")
    given = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    if given and (missing := [scope for scope in SCOPES if scope not in given]):
        yield _no("scopes", "missing " + ", ".join(missing), "add them at api.slack.com/apps and install again")
    else:
        yield _yes("scopes", ", ".join(SCOPES) + f": {_REASONS}")
    yield from _posting(SlackWay(token, to, base_url=base), to, Words(language, zone, now), now)


def _posting(way: SlackWay, to: str, words: Words, now: datetime) -> Iterator[str]:
    key = f"test:{now:%Y-%m-%dT%H:%M:%S.%f}"
    piece = Piece(article=0, url="", title=words["trial"], outlet="Sovwatch", language=words.language, published=now)
    sections = (Section("test", words["test"], (Item(story=0, lead=piece),)),)
    digest = Digest(
        key=key, channel=to, kind="digest", at=now, language=words.language, zone=words.zone, sections=sections
    )
    part = way.parts(digest)[0]
    match way.post(part, 0, None):
        case Posted(remote, link):
            yield _yes("channel", f"posted {link or remote}")
        case Refused(why, cure):
            yield _no("channel", why, cure)
            return
        case Later(why) | Unknown(why) | TooRich(why):
            yield _no("channel", why, "try again; if it stays so, please report it")
            return
    match way.find(part, now - timedelta(hours=1), None):
        case Posted():
            yield _yes("metadata", "the message carries its key")
            yield _yes("history", "read back: nothing will be sent twice")
        case Refused(why, cure):
            yield _no("history", why, cure)
        case Later(why) | Unknown(why):
            yield _no("history", why, "try again")
        case None:
            yield _no(
                "metadata", "the message was not found by its key", "check that the token is the app's own bot token"
            )


def _yes(what: str, how: str) -> str:
    return f"{what:<9} ok      {how}"


def _no(what: str, why: str, cure: str) -> str:
    return f"{what:<9} {FAILED}  {why} ({cure})"
