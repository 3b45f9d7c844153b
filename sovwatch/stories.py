"""Where an article belongs: it repeats a known wording (Copy), tells a known happening (Joins), or a new one (Opens)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sovwatch.similarity import Fingerprint, Likeness, likeness

STORY_WINDOW = timedelta(days=7)
_COPY = 0.5
_JOIN = 0.3


@dataclass(frozen=True, slots=True)
class Member:
    """An article that is known already, as placing needs it."""

    article: int
    fingerprint: Fingerprint
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with those of its members that are compared; `apart`: an operator split the article from it."""

    id: int
    members: tuple[Member, ...]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """It repeats the wording of article `of`."""

    of: int
    likeness: Likeness
    why: str


@dataclass(frozen=True, slots=True)
class Joins:
    """It is another report of the story; `related` are stories of the same affair."""

    story: int
    nearest: int
    likeness: Likeness
    why: str
    related: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Opens:
    """It opens a story of its own; `nearest` is the article that came closest."""

    nearest: int | None
    likeness: Likeness | None
    why: str
    related: tuple[int, ...] = ()


Placement = Copy | Joins | Opens


def place(fp: Fingerprint, outlet: str, copies: Sequence[Member], stories: Sequence[StoryView]) -> Placement:  # noqa: ARG001
    """Place an article among those that share index keys with it."""
    nearest: tuple[float, int, int, Likeness] | None = None
    for member in copies:
        alike = likeness(fp, member.fingerprint)
        if max(alike.parts["wording"], alike.parts["contained"]) >= _COPY:
            return Copy(member.article, alike, f"{alike.parts['contained']:.0%} of the wording is the same")
    for story in stories:
        if story.apart:
            continue
        for member in story.members:
            alike = likeness(fp, member.fingerprint)
            if nearest is None or alike.parts["content"] > nearest[0]:
                nearest = (alike.parts["content"], story.id, member.article, alike)
    if nearest is None:
        return Opens(None, None, "nothing known comes near")
    content, found, article, alike = nearest
    if content >= _JOIN:
        return Joins(found, article, alike, f"content {content:.2f} alike")
    return Opens(article, alike, f"the nearest is only {content:.2f} alike")
