"""What a sentence says of itself, as news or as background: when it was, who says it, whether it quotes.

Words and forms of English and French, of folded text; `newness` weighs them.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, get_args

from sovwatch.claims import content
from sovwatch.lexicon import any_listed
from sovwatch.moments import JUST_PAST, moments
from sovwatch.passages import quotes
from sovwatch.text import fold

Cue = Literal["when", "past", "ahead", "opens quoting", "quotes", "speech", "role"]
CUES: tuple[Cue, ...] = get_args(Cue)

_PAST = re.compile(
    r"\b(?:ago|il y a|decades?|decennies?|long|longtemps|autrefois|earlier|previously|already|deja|plus tot|la veille"
    r"|the day before|last (?:year|month|week|fall|spring|summer|winter)"
    r"|(?:an|annee|mois|semaine|automne|printemps|ete|hiver) (?:derniere?|passee?))\b"
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_AHEAD = re.compile(r"\b(?:will|shall|\w+(?:er|ir|dr|vr|tr|ur)(?:a|ont))\b")  # « déposera », « tiendront »
_QUOTE = re.compile(r"[\"“«]")


def cues(shown: str, published: date | None) -> frozenset[Cue]:
    """The cues of a passage; `published`: the day that "Thursday" counts from, None where it is not known."""
    return frozenset(_cues(shown, published))


def _cues(shown: str, published: date | None) -> Iterator[Cue]:
    folded, plain = fold(shown), content(shown)
    if published is not None and _happened(folded, published):
        yield "when"
    if _PAST.search(folded) or (published is not None and any(_years_before(folded, published))):
        yield "past"
    if _AHEAD.search(folded):
        yield "ahead"
    if quotes(shown):
        yield "opens quoting"
    if _QUOTE.search(shown):
        yield "quotes"
    if any_listed(plain, "speech"):
        yield "speech"
    if any_listed(plain, "roles"):
        yield "role"


def _happened(folded: str, today: date) -> bool:
    """Whether it names a day on which what is news today may have happened."""
    days = (date.fromisoformat(key[1:]) for key, _ in moments(folded, today) if key[0] == "d")
    return any(0 <= (today - day).days <= JUST_PAST for day in days)


def _years_before(folded: str, today: date) -> Iterator[bool]:
    return (int(year) < today.year for year in _YEAR.findall(folded))
