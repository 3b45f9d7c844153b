"""What people say of stories, carried out."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping

from sovwatch.app.opening import App
from sovwatch.errors import ConfigurationError
from sovwatch.mutes import Mute, MuteKind
from sovwatch.settings import nearest
from sovwatch.store import reading, steering
from sovwatch.text import fold, words
from sovwatch.urls import canonical


def story_of(app: App, story: int) -> list[RowMapping]:
    """The articles of a story.

    Raises:
        ConfigurationError: there is none of that number.
    """
    with app.store.read() as c:
        rows = steering.story_rows(c, story)
        if not rows:
            raise _no_story(c, story)
    return rows


def _no_story(c: Connection, story: int) -> ConfigurationError:
    """What to say of a story without articles: which one it went into, or that it is none."""
    into = steering.went_into(c, story)
    if into is not None:
        return ConfigurationError(f"story {story}", f"went into story {into}", "use that number")
    return ConfigurationError(f"story {story}", "no such story", "`sovwatch explain URL` tells an article's")


def split(app: App, url: str) -> int:
    """Take an article out of its story into one of its own, which is given.

    Raises:
        ConfigurationError: it was never read, is in no story, or has its story to itself.
    """
    try:
        address = canonical(url)
    except ValueError as error:
        raise ConfigurationError(url, str(error)) from None
    with app.store.write() as c:
        found = reading.trail(c, url) or reading.trail(c, address)
        if found is None:
            raise ConfigurationError(url, "was never read", "`sovwatch explain URL` tells why")
        new = steering.split(c, found["article"]["id"], app.now())
    if new is None:
        raise ConfigurationError(url, "has no story, or has it to itself")
    return new


def merge(app: App, story: int, into: int) -> int:
    """Put a story into another; gives how many articles went.

    Raises:
        ConfigurationError: one of them is no story, or both are one, or one is muted otherwise than the other.
    """
    if story == into:
        raise ConfigurationError(f"story {story}", "cannot go into itself")
    with app.store.write() as c:
        for one in (story, into):
            if not steering.exists(c, one):
                raise _no_story(c, one)
        _refuse_unlike(*(_Muted(one, steering.mutes_of(c, one, app.now())) for one in (story, into)))
        return steering.merge(c, story, into, app.now())


class _Muted(NamedTuple):
    """A story and the mutes of it that hold, by number."""

    story: int
    mutes: Mapping[int, Mute]

    def how(self) -> set[tuple[str | None, datetime | None]]:
        return {(mute.channel, mute.until) for mute in self.mutes.values()}


def _refuse_unlike(one: _Muted, other: _Muted) -> None:
    """Refuse to merge what is muted with what is not: a mute would end unnoticed, or silence more than it was made for.

    Raises:
        ConfigurationError: they are not muted alike.
    """
    if one.how() == other.how():
        return
    quiet, heard = (one, other) if one.mutes else (other, one)
    removing = ", ".join(f"`sovwatch mutes remove {number}`" for number in (*quiet.mutes, *heard.mutes))
    problem = "are muted, but not alike" if heard.mutes else f"is muted, and story {heard.story} is not"
    which = f"stories {quiet.story} and {heard.story}" if heard.mutes else f"story {quiet.story}"
    raise ConfigurationError(which, problem, f"{removing}, or mute story {heard.story} alike, and merge again")


def mute(app: App, kind: MuteKind, what: str, *, length: str | None, channel: str | None) -> int:
    """Add a mute, and give its number.

    A source is named by its id or its outlet, and its outlet is muted.

    Raises:
        ConfigurationError: the length of time, the channel, the story or the source is none, or the phrase has no word.
    """
    what = _meant(app, kind, what)
    try:
        until = app.now() + length_of(length) if length else None
    except (ValueError, OverflowError) as error:
        raise ConfigurationError("--for", str(error)) from None
    _refuse_unknown(app, channel)
    with app.store.write() as c:
        return steering.mute(c, kind, what, channel, until, app.now())


def _meant(app: App, kind: MuteKind, what: str) -> str:
    """What a mute is about, as the reports name it; a mute of what there is not would be silent for ever."""
    match kind:
        case "story":
            if not re.fullmatch(r"[0-9]{1,18}", what):
                raise ConfigurationError(f"story {what}", "no such story", "`sovwatch explain URL` tells an article's")
            story_of(app, int(what))
            return str(int(what))
        case "source":
            return _outlet(app, what)
        case "phrase":
            if not words(what):
                raise ConfigurationError("phrase", f"there is no word in {what!r}")
            return what


def _outlet(app: App, what: str) -> str:
    named = next((one.outlet for one in app.settings.sources if what == one.id and one.outlet), None)
    if named is not None:
        return named
    with app.store.read() as c:
        outlets = {one.outlet for one in app.settings.sources} | set(steering.outlets(c))
    for outlet in outlets:
        if fold(outlet) == fold(what):
            return outlet
    known = nearest(what, [*outlets, *(one.id for one in app.settings.sources)])
    raise ConfigurationError("source", f"no source or outlet is called {what!r}{known}", "`sovwatch sources list`")


def unmute(app: App, number: int) -> None:
    """Take a mute back.

    Raises:
        ConfigurationError: there is none of that number.
    """
    with app.store.write() as c:
        if not steering.unmute(c, number):
            raise ConfigurationError(f"mute {number}", "no such mute", "`sovwatch mutes list`")


def follow(app: App, story: int, *, channel: str | None, on: bool) -> None:
    """Tell a channel, or all, at once when the story moves; or no more.

    Raises:
        ConfigurationError: the story or the channel is none.
    """
    story_of(app, story)
    _refuse_unknown(app, channel)
    channels = list(app.settings.channels) if channel is None else [channel]
    with app.store.write() as c:
        steering.follow(c, story, channels, app.now(), on=on)


def length_of(text: str) -> timedelta:
    """A length of time such as 12h, 30d or 2w.

    Raises:
        ValueError: it is none.
    """
    found = re.fullmatch(r"(\d+)\s*([hdw])", text.strip().lower())
    if not found:
        raise ValueError(f"{text!r} is no length of time; write 12h, 30d or 2w")
    unit = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[found[2]]
    return int(found[1]) * unit


def _refuse_unknown(app: App, channel: str | None) -> None:
    if channel is not None and channel not in app.settings.channels:
        raise ConfigurationError(
            "--channel", f"no channel is called {channel!r}{nearest(channel, app.settings.channels)}"
        )
