"""The material facts of a passage, each with what it weighs when nobody told of it before.

Figures, acts, days to come and actors are material; the weights below are the desk's judgement, set on pairs of our own
(`tests/data/novelty.toml`), in steps no finer than they deserve. `known` says which facts are known.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sovwatch import claims
from sovwatch.figures import HALF, Figure
from sovwatch.lexicon import Concept, any_listed, listed
from sovwatch.moments import JUST_PAST, moments
from sovwatch.names import may_name, opens
from sovwatch.terms import Token, Word, hashed, read_tokens
from sovwatch.text import fold, one_form, tokens

MATERIAL = 0.5  # what the news of a sentence must weigh to be told
_ACTS = {"decisions": 0.65, "acts": 0.55, "things": 0.55, "matters": 0.3, "stances": 0.25}
KINDS = {"decisions": "decision", "acts": "decision", "things": "matter", "matters": "matter", "stances": "statement"}
_MORE = 0.2  # what each further new fact counts of its weight
_DOUBTFUL = 0.5  # of an act that somebody only imagines ("would", "if") or denies
_MONEY = frozenset({"percent", "dollar", "euro", "pound"})
_COLOUR = frozenset({"", "time", "year", "month", "week", "day", "hour", "minute", "degree", "nth"})
_SIZED = frozenset({"", "person", "time", "signature", "vote"})  # units of which a few are colour
_SUM, COUNT, _SOME, _FEW = 0.9, 0.8, 0.45, 0.35
_LARGE, _SMALL = 100, 10  # a bare number or a crowd from here on is a figure of its own; below this it is colour
ACTOR, _NAME = 0.6, 0.3
_DAY_AHEAD, _MONTH_AHEAD, _YEAR_AHEAD, _DAY_PAST, _MONTH_PAST = 0.6, 0.3, 0.3, 0.3, 0.2
_DAY = 0.5  # of the happening
_AROUND = 40  # characters beside a name in which a function or a verb of speech is its own

_DONE = frozenset({"decisions", "acts"})
_RELATIVE = frozenset({"who", "which", "whose", "qui", "dont"})
_KNOWN_THING = frozenset({"the", "this", "la", "le", "cette", "ce"})
_DOUBT = re.compile(  # before an act or in it
    r"\b(?:whether|would|could|might|may|possible|potential|\w*(?:[aeiu]r|[dv]r)ai(?:t|ent)|eventuel\w*|hypothet\w*)\b"
)
_CONDITION = re.compile(r"\b(?:if|until|si|jusqu')")  # anywhere
_NAMES = re.compile(
    r"[A-ZÀ-ÝŒ][\w'&-]*(?:\.[A-Z]\.?)*(?:\s+(?:(?:la|le|van|von|al)\s+)?[A-ZÀ-ÝŒ][\w'&-]*(?:\.[A-Z]\.?)*)*"
)


# Before a name: where it is.
_PLACE = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Oo]utside|[Ee]n|[ÀàAa]|[Aa]ux?|[Dd]ans|[Pp]rès de) $")


class Fact(NamedTuple):
    """A fact of a passage: its key (`claims`, or @ and the hash of a name), its kind, and its weight when it is new."""

    key: str
    kind: str
    weight: float


def weigh(news: Sequence[Fact]) -> float:
    """What new facts weigh together: the heaviest, and a part of the others."""
    ordered = sorted((fact.weight for fact in news), reverse=True)
    return min(1.0, ordered[0] + _MORE * sum(ordered[1:])) if ordered else 0.0


def facts(shown: str, language: str, published: date | None, *, names: bool = True) -> dict[str, Fact]:
    """The facts of a passage by key; `names` off where capitals tell nothing."""
    folded, plain = fold(shown), one_form(shown)
    words = tokens(plain)
    found = [*_figures(folded, language), *_acts(folded, [word for word, _, _ in words], language)]
    if published is not None:
        found += _moments(folded, published)
    if names:
        found += _names(plain, words)
    if not _happens(found, [word for word, _, _ in words]):
        found = [fact for fact in found if fact.kind != "day"]
    return {fact.key: fact for fact in sorted(found, key=lambda fact: fact.weight)}


def _happens(found: Sequence[Fact], words: Sequence[str]) -> bool:
    """Whether somebody does or says something in a passage: then its day is that of a happening."""
    return any(fact.kind in _DONE or fact.weight == ACTOR for fact in found) or any_listed(words, "speech")


def _figures(folded: str, language: str) -> Iterator[Fact]:
    for figure in claims.figures_of(folded, language):
        yield Fact(f"n{figure.key}", "figure", _worth(figure))


def _worth(figure: Figure) -> float:
    """What a figure weighs: sums and shares most, then counts; how long, how often and how many stood by is colour."""
    if figure.unit in _MONEY:
        vague = figure.unit == "percent" and figure.about and (figure.value % 1 or figure.value == HALF)
        return _FEW if vague else _SUM
    if figure.unit in _SIZED:
        small = _FEW if figure.about or figure.value < _SMALL else _SOME
        return COUNT if figure.value >= _LARGE else small
    return _FEW if figure.unit in _COLOUR else COUNT


def _moments(folded: str, today: date) -> Iterator[Fact]:
    """Days and months but the season and the present month; of kind "day" where it is the happening's own."""
    for key, _ in moments(folded, today):
        if key[0] == "y":
            yield Fact(key, "date", _YEAR_AHEAD)
            continue
        if key[0] == "d" and 0 <= (today - date.fromisoformat(key[1:])).days <= JUST_PAST:
            yield Fact(key, "day", _DAY)
            continue
        now = today.isoformat()[: len(key) - 1]
        if key[0] == "s" or key[1:] == now:
            continue
        ahead = key[1:] > now
        weights = (_DAY_AHEAD, _DAY_PAST) if key[0] == "d" else (_MONTH_AHEAD, _MONTH_PAST)
        yield Fact(key, "date", weights[0] if ahead else weights[1])


def _acts(folded: str, words: Sequence[str], language: str) -> Iterator[Fact]:
    plain = claims.kept(words)
    found = claims.acts(plain, language)
    doubt = bool(_CONDITION.search(folded)) or folded.rstrip(' "').endswith("?")
    doubted = next((at for at, word in enumerate(plain) if _DOUBT.search(word)), len(plain)) if found else 0
    for key, concept in found:
        imagined = doubt or key.startswith("c-") or doubted < concept.end
        done = concept.kind not in _DONE or not (imagined or _aside(plain, concept))
        yield Fact(key, concept.kind, _ACTS[concept.kind] * (1.0 if done else _DOUBTFUL))


def _aside(plain: Sequence[str], concept: Concept) -> bool:
    """Whether an act is told beside the news: in a relative clause ("who signed"), as a known thing ("the merger")."""
    before = plain[max(0, concept.start - 2) : concept.start]
    return not _RELATIVE.isdisjoint(before) or not _KNOWN_THING.isdisjoint(before[-1:])


def _names(plain: str, words: list[Word]) -> Iterator[Fact]:
    """Names, an actor where the words around the name give it a function or something to say."""
    read = read_tokens(plain, words)
    for match in _NAMES.finditer(plain):
        parts = _name_parts(plain, match, read)
        own = [part for part in parts if part.folded not in listed("generic")]
        if own:
            acting = _of_words(own) and not _is_place(plain, match.start()) and _acts_or_speaks(plain, match)
            yield Fact(f"@{hashed(own[-1].term)}", "name", ACTOR if acting else _NAME)


def _is_place(plain: str, start: int) -> bool:
    return _PLACE.search(plain, max(0, start - _AROUND), start) is not None


def _acts_or_speaks(plain: str, match: re.Match[str]) -> bool:
    """Whether the words around a name give it a function or something to say, and it is no passer-by."""
    around = claims.content(plain[max(0, match.start() - _AROUND) : match.end() + _AROUND])
    return any_listed(around, "roles", "speech") and not any_listed(around, "onlookers")


def _of_words(own: Sequence[Token]) -> bool:
    """Whether a name has several words; one that is known by a phrase is a single token."""
    return sum(len(part.folded.split()) for part in own) > 1


def _name_parts(plain: str, match: re.Match[str], tokens: Sequence[Token]) -> list[Token]:
    """The words of a name, without functions and function words; none for an outlet or a word capital by position."""
    first = bisect_right(tokens, match.start(), key=lambda one: one.start + len(one.written))
    within = tokens[first : bisect_left(tokens, match.end(), key=lambda one: one.start)]
    parts = [
        one
        for one in within
        if one.term and (one.concept or may_name(one.folded, one.written)) and not any_listed([one.folded], "roles")
    ]
    whole = " ".join(part.folded for part in parts)
    if not parts or {whole, parts[-1].folded} & listed("media") or any_listed([part.folded for part in parts], "press"):
        return []
    by_position = len(parts) == 1 and opens(plain, parts[0].start) and not parts[0].written.isupper()
    return [] if by_position else parts
