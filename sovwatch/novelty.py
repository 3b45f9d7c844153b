"""What an article says that was not said before: its material facts, as short lines of its own words.

    Article × Fingerprints of what is known → Additions

Material are figures, acts, days to come, and new actors who say or do something (`material`). A rewording, a vaguer
or rounder figure, another quotation to the same effect, a passer-by's opinion, or who reported it first are not. A
sentence weighs as its heaviest new fact and a part of the others (`_MORE`); below `MATERIAL` it is not told. What one
line told is known to the next, so nothing is told twice.

Known articles are fingerprints: their claims (figures, dates, acts) are the same in English and French, and so are
the terms by which a name is recognised (`known`). So a French piece that says what an English one said adds nothing,
and texts may be deleted.

Exceptions known: an act told by words that the lexicon lacks is seen only through its figures, names and days; a new
figure equal to an old one that counts the same sort of thing is taken for it; a new person of a known family name is
not seen.

Alternatives: a sentence embedding tells "says the same" from "says something else of the same people" no better than
chance where it matters, at the new figure (measured: two statements of one premier .744, one story reworded .575 to
.749).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sovwatch import claims
from sovwatch.facts import in_title_case
from sovwatch.known import Known
from sovwatch.material import COUNT, Fact, facts
from sovwatch.model import Precision
from sovwatch.passages import LINE, Passage, attributes, clauses, cut, passages, points_back
from sovwatch.similarity import Fingerprint

MATERIAL = 0.5  # what a sentence must weigh to be told
_MORE = 0.2  # what each further new fact counts of its weight
_LINES = 6  # an update is read at a glance
_EDITED = 0.3  # what a changed figure, name, day or act of one article must weigh to be a correction
_SAID, _WHO = (
    0.25,
    0.4,
)  # where a line is cut: of what is said; of the weight of ", said Premier X" and of the name after it
_HANGING = 0.8  # of the weight of a line that points back; the desk's judgement: a fact is still told, but after others
_TOP, _BELOW, _DETAIL = 4, 0.75, 0.6  # sentences of news; what an act, and a count, weighs further down
_KINDS = {"decisions": "decision", "acts": "decision", "things": "matter", "matters": "matter", "stances": "statement"}


@dataclass(frozen=True, slots=True)
class Addition:
    """A line that says something new, of `LINE` characters at most; the kind of its heaviest fact; its weight, 0..1."""

    line: str
    kind: str
    weight: float


def additions(title: str, text: str, fp: Fingerprint, known: Sequence[Fingerprint]) -> tuple[Addition, ...]:
    """What the article adds to what is known, by falling weight; () when it adds nothing material.

    A line that points back to what it does not show counts less.

    Where nothing is known, what the article says: its heaviest lines, at least its first sentence.
    """
    told = Known(known)
    found = _additions("" if told.words(fp) else title, text, fp, told, MATERIAL)
    if not found and not known:
        first = next(passages(title, text), None)
        return (Addition(cut(first.shown, [0.0] * len(clauses(first.shown))), "report", MATERIAL),) if first else ()
    return found


def changes(title: str, text: str, fp: Fingerprint, before: Fingerprint) -> tuple[str, ...]:
    """What an edit of an article changed of its headline, figures or claims, as lines; () when the edit is trivial.

    Less is asked of a fact than from another article: where three were said to be hurt and now four are, that is all
    there is.
    """
    found = _additions(title, text, fp, Known([before]), _EDITED)
    hard = {"figure", "name", "date", "decision"}
    return tuple(addition.line for addition in found if addition.kind in hard or addition.weight >= MATERIAL)


def weigh(news: Sequence[Fact]) -> float:
    """What new facts weigh together: the heaviest, and a part of the others."""
    ordered = sorted((fact.weight for fact in news), reverse=True)
    return min(1.0, ordered[0] + _MORE * sum(ordered[1:])) if ordered else 0.0


def _additions(title: str, text: str, fp: Fingerprint, told: Known, least: float) -> tuple[Addition, ...]:
    reader = _Reader(fp, titled=in_title_case(title))
    left = [(passage, reader.facts(passage)) for passage in passages(title, text)]
    found: list[Addition] = []
    while left and len(found) < _LINES:
        news = [told.news(said, reader.terms(passage), fp.language) for passage, said in left]
        best = _heaviest(left, news, least)
        if weigh(news[best]) < least:
            break
        passage, _ = left.pop(best)
        heaviest = max(news[best], key=lambda fact: fact.weight).kind
        line = reader.line(passage, {fact.key: fact.weight for fact in news[best]})
        found.append(Addition(line, _KINDS.get(heaviest, heaviest), weigh(news[best])))
        told.add(claims.keys(passage.shown, fp.language, reader.published), reader.terms(passage))
    return tuple(sorted(found, key=lambda addition: -_readable(addition.line, addition.weight)))


def _heaviest(left: Sequence[tuple[Passage, object]], news: Sequence[Sequence[Fact]], least: float) -> int:
    """The passage with the weightiest news; the headline only where the text tells none any more."""

    def rank(at: int) -> tuple[bool, float]:
        weight = weigh(news[at])
        return weight >= least and left[at][0].place >= 0, _readable(left[at][0].shown, weight)

    return max(range(len(left)), key=rank)


def _readable(line: str, weight: float) -> float:
    """The weight of a line, less where it opens by pointing at what was said before it, which no reader has seen."""
    return weight * _HANGING if points_back(line) else weight


def _lowly(fact: Fact) -> Fact:
    """A fact far from the top of an article: news stands at the top; below, an act is background, a count detail."""
    if fact.kind in _KINDS:
        return fact._replace(weight=fact.weight * _BELOW)
    return fact._replace(weight=fact.weight * _DETAIL) if fact.weight == COUNT else fact


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the passages of one article."""

    fp: Fingerprint
    titled: bool  # the headline writes every word with a capital

    @property
    def published(self) -> date | None:
        """The day that "Thursday" counts from."""
        at = self.fp.at
        return at.date() if at and self.fp.precision not in {Precision.MONTH, Precision.YEAR} else None

    def facts(self, passage: Passage) -> dict[str, Fact]:
        """The facts of a passage by key."""
        named = passage.place >= 0 or not self.titled
        found = facts(passage.shown, self.fp.language, self.published, names=named)
        return found if passage.place < _TOP else {key: _lowly(fact) for key, fact in found.items()}

    def terms(self, passage: Passage) -> frozenset[int]:
        """The hashed terms of a passage."""
        parts = (self.fp.title, *self.fp.sentences)
        part = parts[passage.place + 1] if passage.place + 1 < len(parts) else parts[0]
        return part.terms | part.names

    def line(self, passage: Passage, wanted: dict[str, float]) -> str:
        """The passage, cut to a line around its new facts."""
        if len(passage.shown) <= LINE:
            return passage.shown
        pieces = [passage.shown[start:end] for start, end in clauses(passage.shown)]
        said = [self.facts(Passage(passage.place, piece)) for piece in pieces]
        weights = [sum(wanted.get(key, 0.0) for key in keys) for keys in said]
        who = [
            place > 0 and any(map(attributes, pieces[max(1, place - 1) : place + 1])) for place in range(len(pieces))
        ]
        return cut(passage.shown, [_WHO * w if by else _SAID + w for w, by in zip(weights, who, strict=True)])
