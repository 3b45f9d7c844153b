"""What an article states, sentence by sentence, as the judging of news reads it: each passage with its facts and terms.

It depends on the article alone, so it is made once, before anything that is known is looked at (`judge`: before the
lock of placing).
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sovwatch.fingerprints import Fingerprint, SentencePrint
from sovwatch.hanging import broken, by_pronoun, counts_from, points_back
from sovwatch.material import COUNT, KINDS, Fact, facts
from sovwatch.model import Precision
from sovwatch.names import in_title_case
from sovwatch.passages import LINE, Passage, attributes, clauses, cut, passages, quoted, quotes

# Where a line is cut: of what is said; of the weight of ", said Premier X" and of the name after it.
_SAID, _WHO = 0.25, 0.4
_HANGING = 0.8  # of the weight of a line that points back; the desk's judgement: a fact is still told, but after others
_LEDE = 2  # sentences that tell when it happened; a day further down is another's
_TOP, _BELOW, _DETAIL = 4, 0.75, 0.6  # sentences of news; what an act, and a count, weighs further down


class Statement(NamedTuple):
    """A passage, its facts by key, its hashed terms, and what part of its weight it keeps as a line (`readable`)."""

    passage: Passage
    facts: dict[str, Fact]
    terms: frozenset[int]
    readable: float


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one article, the headline's last."""

    fp: Fingerprint
    titled: bool  # the headline writes every word with a capital
    found: tuple[Statement, ...] = ()

    @property
    def published(self) -> date | None:
        """The day that "Thursday" counts from."""
        at = self.fp.at
        return at.date() if at and self.fp.precision not in {Precision.MONTH, Precision.YEAR} else None

    @property
    def headline(self) -> str:
        """The headline; "" where there is none."""
        return next((passage.shown for passage, *_ in self.found if passage.place < 0), "")

    @property
    def of_headline(self) -> tuple[frozenset[str], frozenset[int]]:
        """What the headline claims, and its terms."""
        title = self.fp.title
        return self.fp.claims.parts[0] if self.fp.claims.parts else frozenset(), title.terms | title.names

    def opening(self, sentences: int) -> tuple[str, ...]:
        """The first sentences, and the headline."""
        text = [passage.shown for passage, *_ in self.found if passage.place >= 0]
        return (*text[:sentences], *(passage.shown for passage, *_ in self.found if passage.place < 0))

    @property
    def parts(self) -> tuple[SentencePrint, ...]:
        """The headline and the sentences that report something, as the fingerprint has them."""
        within = range(len(self.fp.sentences))
        places = (passage.place for passage, *_ in self.found)
        return (self.fp.title, *(self.fp.sentences[place] for place in places if place in within))

    def keys(self, statement: Statement) -> frozenset[str]:
        """What a statement claims."""
        at = statement.passage.place + 1
        return self.fp.claims.parts[at] if at < len(self.fp.claims.parts) else frozenset()

    def line(self, passage: Passage, wanted: dict[str, float]) -> str:
        """The passage, cut to a line around the facts that are wanted."""
        if len(passage.shown) <= LINE:
            return quoted(passage.shown)
        pieces = [passage.shown[start:end] for start, end in clauses(passage.shown)]
        said = [self.facts(Passage(passage.place, piece)) for piece in pieces]
        weights = [sum(wanted.get(key, 0.0) for key in keys) for keys in said]
        who = [
            place > 0 and any(map(attributes, pieces[max(1, place - 1) : place + 1])) for place in range(len(pieces))
        ]
        return cut(passage.shown, [_WHO * w if by else _SAID + w for w, by in zip(weights, who, strict=True)])

    def facts(self, passage: Passage) -> dict[str, Fact]:
        """The facts of a passage by key."""
        named = passage.place >= 0 or not self.titled
        found = facts(passage.shown, self.fp.language, self.published, names=named)
        if passage.place >= _LEDE:
            found = {key: fact for key, fact in found.items() if fact.kind != "day"}
        return found if passage.place < _TOP else {key: _lowly(fact) for key, fact in found.items()}

    def part(self, passage: Passage) -> SentencePrint:
        """A passage as the fingerprint has it."""
        parts = (self.fp.title, *self.fp.sentences)
        return parts[passage.place + 1] if passage.place + 1 < len(parts) else parts[0]


def statements(title: str, text: str, fp: Fingerprint) -> Statements:
    """What an article states; `fp` is its fingerprint."""
    reader = Statements(fp, titled=in_title_case(title))
    return Statements(fp, reader.titled, tuple(_statement(reader, passage) for passage in passages(title, text)))


def _statement(reader: Statements, passage: Passage) -> Statement:
    part = reader.part(passage)
    return Statement(passage, reader.facts(passage), part.terms | part.names, readable(passage.shown))


def readable(line: str) -> float:
    """What part of its weight a line keeps: less where it points at what no reader has seen, or quotes somebody."""
    return _HANGING if _points_back(line) or broken(line) or quotes(line) else 1.0


def led_in(line: str, before: str) -> str:
    """A line that points back with the sentence before it, where that does not and there is room; else the line."""
    lead = quoted(before)
    if not before or not _points_back(line) or _points_back(before) or len(lead) + 1 + len(line) > LINE:
        return line
    return f"{lead} {line}"


def _points_back(shown: str) -> bool:
    return points_back(shown) or counts_from(shown) or by_pronoun(shown)


def _lowly(fact: Fact) -> Fact:
    """A fact far from the top of an article: news stands at the top; below, an act is background, a count detail."""
    if fact.kind in KINDS:
        return fact._replace(weight=fact.weight * _BELOW)
    return fact._replace(weight=fact.weight * _DETAIL) if fact.weight == COUNT else fact
