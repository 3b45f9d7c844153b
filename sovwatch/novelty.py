"""What an article says that was not said before: material facts, as short lines of its own words.

    Article × Fingerprints of what is known → Additions

Material are figures, acts, days to come, and new actors who say or do something; a rewording, a vaguer or rounder figure, another
quotation to the same effect, or who reported it first are not. A sentence is worth its heaviest new fact and a part of
the others (`_MORE`); below `MATERIAL` it is not told. What one line told is known to the next, so nothing is told twice.

Known articles are fingerprints: their claims (figures, dates, acts) are the same in English and French, and so are the terms by
which a name is recognised. So a French piece that says what an English one said adds nothing, and texts may be deleted.

Exceptions known: an act that is told by a word which the lexicon lacks is seen only through its figures, names and days; a new figure equal to
an old one that counts the same sort of thing is taken for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sovwatch import claims
from sovwatch.facts import in_title_case, may_name, opens
from sovwatch.figures import Figure, figure_of, same
from sovwatch.lexicon import Concept, Kind, implied, listed
from sovwatch.model import Precision
from sovwatch.moments import moments
from sovwatch.passages import LINE, Passage, clauses, cut, passages
from sovwatch.similarity import Fingerprint
from sovwatch.terms import Token, hashed, read
from sovwatch.text import fold, one_form

MATERIAL = 0.5  # what a sentence must weigh to be told
_MORE = 0.3  # what each further new fact counts of its weight
_DOUBTFUL = 0.5  # of an act that somebody only imagines ("would", "if")
_ABOUT_SAME = 2  # terms that two sentences share which tell one act of one thing
_LINES = 6  # an update is read at a glance

_ACTS: dict[Kind, float] = {"decisions": 0.65, "acts": 0.55, "things": 0.55, "matters": 0.3, "stances": 0.25}
_ABROAD = 0.8  # of an everyday act where the known articles are in the other language: it has more words than the lexicon
_AGAIN = 0.5  # of an act that is known, but not of the same thing
_UNITS = {
    "percent": 0.9,
    "dollar": 0.9,
    "euro": 0.9,
    "pound": 0.9,
    "": 0.4,
    "time": 0.35,
    "nth": 0.5,
    "year": 0.3,
    "hour": 0.3,
    "minute": 0.3,
}
_COUNTED = 0.8  # any other unit: people, seats, signatures, …
_LARGE = 100  # a bare number from here on is a figure of its own
_ACTOR, _NAME = 0.6, 0.3
_DAY_AHEAD, _MONTH_AHEAD, _DAY_PAST, _MONTH_PAST = 0.6, 0.5, 0.3, 0.2

_AROUND = 30  # characters beside a name in which a function or a verb of speech is its own

_DOUBT = re.compile(
    r"\b(?:if|whether|would|could|might|may|si|pourrait|pourraient|serait|aurait|eventuel\w*|hypothet\w*)\b"
)
_NAMES = re.compile(
    r"[A-ZÀ-ÝŒ][\w’'&-]*(?:\.[A-Z]\.?)*(?:\s+(?:(?:la|le|van|von|al)\s+)?[A-ZÀ-ÝŒ][\w’'&-]*(?:\.[A-Z]\.?)*)*"
)


class Fact(NamedTuple):
    """A new fact of a passage: its key, its kind ("figure", "name", "date", "decision", …) and what it weighs."""

    key: str
    kind: str
    weight: float


@dataclass(frozen=True, slots=True)
class Addition:
    """A line that says something new, the kind of its heaviest fact, and its weight (0.5 to 1)."""

    line: str
    kind: str
    weight: float


class _Known:
    """What is known already, from fingerprints and from the lines told so far."""

    def __init__(self, known: Sequence[Fingerprint]) -> None:
        self.keys: set[str] = set()
        self.figures: set[Figure] = set()
        self.terms: set[int] = set()
        self.parts: list[tuple[frozenset[str], frozenset[int]]] = []
        self.languages = {fp.language for fp in known}
        for fp in known:
            prints = (fp.title, *fp.sentences)
            for keys, part in zip(fp.claims.parts, prints, strict=False):
                self.add(keys, part.terms | part.names)

    def add(self, keys: frozenset[str], terms: frozenset[int]) -> None:
        self.keys |= keys
        self.figures |= {figure_of(key[1:]) for key in keys if key[0] == "n"}
        self.terms |= terms
        self.parts.append((keys, terms))

    def has_figure(self, figure: Figure) -> bool:
        return any(same(figure, other) for other in self.figures)

    def has_act(self, key: str, terms: frozenset[int]) -> bool:
        """Whether some sentence told that act of the same thing."""
        enough = min(_ABOUT_SAME, len(terms))
        return any(key in keys and len(terms & told) >= enough for keys, told in self.parts)

    def has_term(self, term: str) -> bool:
        return hashed(term) in self.terms


def additions(title: str, text: str, fp: Fingerprint, known: Sequence[Fingerprint]) -> tuple[Addition, ...]:
    """What the article adds to what is known, by falling weight; () when it adds nothing material.

    Where nothing is known, what the article says: its heaviest lines, at least its first sentence.
    """
    told = _Known(known)
    reader = _Reader(fp, in_title_case(title))
    left = list(passages(title, text))
    found: list[Addition] = []
    while left and len(found) < _LINES:
        weighed = [(reader.new(passage, told), passage) for passage in left]
        facts, best = max(weighed, key=lambda one: weight(one[0]))
        if weight(facts) < MATERIAL:
            break
        found.append(Addition(reader.line(best, facts), max(facts, key=lambda fact: fact.weight).kind, weight(facts)))
        told.add(*reader.claimed(best))
        left = [passage for facts, passage in weighed if facts and passage is not best]
    if not found and not known:
        found = [
            Addition(cut(one.shown, [1.0] * len(clauses(one.shown))), "report", MATERIAL)
            for one in list(passages(title, text))[:1]
        ]
    return tuple(sorted(found, key=lambda addition: -addition.weight))


def weight(facts: Sequence[Fact]) -> float:
    """What new facts weigh together: the heaviest, and a part of the others."""
    ordered = sorted((fact.weight for fact in facts), reverse=True)
    return min(1.0, ordered[0] + _MORE * sum(ordered[1:])) if ordered else 0.0


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the facts of one article's passages."""

    fp: Fingerprint
    titled: bool  # the headline writes every word with a capital

    @property
    def published(self) -> date | None:
        at = self.fp.at
        return at.date() if at and self.fp.precision not in {Precision.MONTH, Precision.YEAR} else None

    def terms(self, place: int) -> frozenset[int]:
        """The hashed terms of a passage."""
        if place < 0:
            return self.fp.title.terms | self.fp.title.names
        part = self.fp.sentences[place] if place < len(self.fp.sentences) else None
        return part.terms | part.names if part else frozenset()

    def claimed(self, passage: Passage) -> tuple[frozenset[str], frozenset[int]]:
        """The keys and terms that are known once the passage was told."""
        return claims.keys(passage.shown, self.fp.language, self.published), self.terms(passage.place)

    def new(self, passage: Passage, told: _Known) -> list[Fact]:
        """The facts of a passage that are not known, a fact once."""
        facts = [*self._figures(passage.shown, told), *self._moments(passage.shown, told), *self._acts(passage, told)]
        if not (passage.place < 0 and self.titled):
            facts += _names(passage.shown, told)
        return list({fact.key: fact for fact in facts}.values())

    def line(self, passage: Passage, facts: Sequence[Fact]) -> str:
        """The passage cut to a line around its new facts."""
        if len(passage.shown) <= LINE:
            return passage.shown
        wanted = {fact.key: fact.weight for fact in facts}
        weights = []
        for start, end in clauses(passage.shown):
            nothing = _Known(())
            piece = Passage(passage.place, passage.shown[start:end])
            weights.append(sum(wanted.get(fact.key, 0.0) for fact in self.new(piece, nothing)))
        return cut(passage.shown, weights)

    def _figures(self, shown: str, told: _Known) -> Iterator[Fact]:
        for figure in claims.figures_of(fold(shown), self.fp.language):
            if not told.has_figure(figure):
                yield Fact(f"n{figure.key}", "figure", _worth(figure))

    def _moments(self, shown: str, told: _Known) -> Iterator[Fact]:
        if (today := self.published) is None:
            return
        for key, _ in moments(fold(shown), today):
            if key in told.keys or key[0] == "s":
                continue
            ahead = key[1:] > today.isoformat()[: len(key) - 1]
            near = key[0] == "d" and abs((date.fromisoformat(key[1:]) - today).days) <= 3 and not ahead  # noqa: PLR2004
            if not near and not (key[0] == "m" and key[1:] == today.isoformat()[:7]):
                yield Fact(
                    key,
                    "date",
                    (_DAY_AHEAD if ahead else _DAY_PAST) if key[0] == "d" else (_MONTH_AHEAD if ahead else _MONTH_PAST),
                )

    def _acts(self, passage: Passage, told: _Known) -> Iterator[Fact]:
        doubt = _DOUBTFUL if _DOUBT.search(fold(passage.shown)) else 1.0
        for key, concept in claims.acts(passage.shown, self.fp.language):
            if concept.kind not in {"decisions", "acts"}:
                if key not in told.keys:
                    yield Fact(key, _kind(concept), _ACTS[concept.kind])
            elif not told.has_act(key, self.terms(passage.place)):
                yield Fact(key, "decision", _ACTS[concept.kind] * min(doubt, self._novel(key, concept, told)))

    def _novel(self, key: str, concept: Concept, told: _Known) -> float:
        """How sure it is that an act is a new one."""
        if not told.keys.isdisjoint(f"c{act}" for act in implied().get(concept.key, ())):
            return _AGAIN
        if key in told.keys or (key.startswith("c-") and f"c{concept.key}" not in told.keys):
            return _AGAIN
        abroad = concept.kind == "acts" and told.languages and self.fp.language not in told.languages
        return _ABROAD if abroad else 1.0


def _kind(concept: Concept) -> str:
    return "statement" if concept.kind == "stances" else "matter"


def _worth(figure: Figure) -> float:
    worth = _UNITS.get(figure.unit, _COUNTED)
    return _COUNTED if figure.unit == "" and figure.value >= _LARGE else worth


def _names(shown: str, told: _Known) -> Iterator[Fact]:
    """Names that are not known: an actor where the words around the name give it a function or something to say."""
    plain = one_form(shown)
    tokens = list(read(plain))
    for match in _NAMES.finditer(plain):
        parts = _name_parts(plain, match, tokens)
        own = [part for part in parts if part.folded not in listed("generic")]
        if not own or told.has_term(own[-1].term):
            continue
        around = claims.content(plain[max(0, match.start() - _AROUND) : match.end() + _AROUND])
        acting = any(_is_listed(word, "roles") or _is_listed(word, "speech") for word in around)
        yield Fact(f"@{own[-1].term}", "name", _ACTOR if acting and len(parts) > 1 else _NAME)


def _name_parts(plain: str, match: re.Match[str], tokens: Sequence[Token]) -> list[Token]:
    """The words of a name, without functions and function words; none for an outlet or a word capital by position."""
    within = [one for one in tokens if one.start < match.end() and one.start + len(one.written) > match.start()]
    parts = [
        one
        for one in within
        if one.term and (one.concept or may_name(one.folded, one.written)) and not _is_listed(one.folded, "roles")
    ]
    if not parts or " ".join(part.folded for part in parts) in listed("media") or parts[-1].folded in listed("media"):
        return []
    return [] if len(parts) == 1 and opens(plain, match.start()) and not match[0].isupper() else parts


def _is_listed(word: str, section: Literal["roles", "speech"]) -> bool:
    return word in listed(section) or (word.endswith("s") and word[:-1] in listed(section))


def changes(title: str, text: str, fp: Fingerprint, before: Fingerprint) -> tuple[str, ...]:
    """What an edit of an article changed materially, as lines; () when the change is trivial."""
    return tuple(addition.line for addition in additions(title, text, fp, [before]))
