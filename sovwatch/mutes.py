"""What a channel does not want to hear of for a while: a story, a source, a phrase; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sovwatch.text import fold

MuteKind = Literal["story", "source", "phrase"]

_LENGTHS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Mute:
    """One wish for silence; without a channel it holds for all, without an end until it is taken back."""

    number: int
    kind: MuteKind
    what: str
    channel: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What of an article a mute may name."""

    story: int
    source: str | None
    outlet: str
    title: str
    text: str


def muting(article: Heard, mutes: Iterable[Mute], *, channel: str, now: datetime) -> Mute | None:
    """The first mute that keeps the article from the channel now, or None."""
    return next((one for one in mutes if _holds(one, channel, now) and _names(one, article)), None)


def length(text: str) -> timedelta:
    """A length of time such as 12h, 30d or 2w.

    Raises:
        ValueError: it is none.
    """
    found = re.fullmatch(r"(\d+)\s*([hdw])", text.strip().lower())
    if not found:
        raise ValueError(f"{text!r} is no length of time; write 12h, 30d or 2w")
    return int(found[1]) * _LENGTHS[found[2]]


def _holds(mute: Mute, channel: str, now: datetime) -> bool:
    return mute.channel in {None, channel} and (mute.until is None or now < mute.until)


def _names(mute: Mute, article: Heard) -> bool:
    match mute.kind:
        case "story":
            return mute.what == str(article.story)
        case "source":
            return mute.what == article.source or fold(mute.what) == fold(article.outlet)
        case "phrase":
            return re.search(rf"\b{re.escape(fold(mute.what))}\b", fold(f"{article.title}\n{article.text}")) is not None
