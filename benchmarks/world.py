"""A press as large as one likes, invented by arithmetic: hosts, feeds and happenings, for fleets and for growth.

Each happening has a town, a person, a figure and words of its own; several outlets have it, the first in its own words,
the others as a reprint. A third is about Alberta's independence, so on topic; the rest is not. Everything is fiction.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sovwatch.demo.coverage import Coverage, Dispatch, Outlet

_SYLLABLES = ("ba", "ten", "lor", "mi", "sha", "ver", "du", "kin", "pol", "ra", "so", "wick", "na", "gru", "fe", "tal")
_SUBJECTS = ("curling rink", "grain elevator", "ferry", "school roof", "ice road", "library", "dairy", "bus depot")
_VERBS = ("counted", "delivered", "withdrew", "doubled", "contested", "published", "sealed", "recounted")


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened: title and text of the first report."""

    number: int
    on_topic: bool
    title: str
    text: str


def happening(number: int, *, on_topic: bool | None = None) -> Happening:
    """The happening of that number, always the same."""
    dice = random.Random(number)
    town, first, last, other_town, body = (_name(dice) for _ in range(5))
    person = f"{first} {last}"
    figure, other = dice.randrange(210, 98_000), dice.randrange(3, 180)
    subject, verb = dice.choice(_SUBJECTS), dice.choice(_VERBS)
    about = number % 3 == 0 if on_topic is None else on_topic
    theirs = words(number, 90)
    if about:
        title = f"{town}: {figure:,} separatists {verb} {words(number + 1, 4)}"
        text = (
            f"{person} of the Alberta independence petition {verb} {figure:,} {theirs[:80]} in {town}.\n\n"
            f"The {body} Board and {last}, {theirs[80:400]} from {other_town}.\n\n"
            f"At the {subject} of {town} {other} Alberta separatists {theirs[400:]}."
        )
    else:
        title = f"{town}: {figure:,} dollars {verb} {words(number + 1, 4)}"
        text = (
            f"{person} of the {town} council {verb} {figure:,} {theirs[:80]}.\n\n"
            f"The {body} Board and {last}, {theirs[80:400]} from {other_town}.\n\n"
            f"At the {subject} of {town} {other} neighbours {theirs[400:]}."
        )
    return Happening(number, about, title, text)


def _name(dice: random.Random) -> str:
    return "".join(dice.choice(_SYLLABLES) for _ in range(3)).title()


def words(number: int, count: int = 220) -> str:
    """So many words that were made for this number."""
    dice = random.Random(number)
    return " ".join("".join(dice.choice(_SYLLABLES) for _ in range(dice.randrange(2, 5))) for _ in range(count))


def press(outlets: int, happenings: int, *, copies: int, start: datetime, over: timedelta) -> Coverage:
    """A coverage of so many outlets; happenings are published one after the other from `start` on."""
    houses = {name: _outlet(name) for name in (f"paper-{n}" for n in range(outlets))}
    return Coverage(houses, {one.id: one for one in _dispatches(list(houses), happenings, copies, start, over)}, {})


def _outlet(name: str) -> Outlet:
    return Outlet(
        id=name, name=name.title(), host=f"{name}.example", language="en", tier="local", zone="UTC", full_text=True
    )


def _dispatches(
    houses: list[str], happenings: int, copies: int, start: datetime, over: timedelta
) -> Iterator[Dispatch]:
    for number in range(happenings):
        told = happening(number)
        at = start + over * number / max(1, happenings)
        for copy in range(copies + 1):
            house = houses[(number * (copies + 1) + copy) % len(houses)]
            yield Dispatch(
                id=f"h{number}-{copy}",
                outlet=house,
                title=told.title,
                published=at + timedelta(seconds=copy),
                text=told.text,
                slug=f"happening-{number}-{copy}",
            )
