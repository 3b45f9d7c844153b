"""What an article says that was not said before: its material facts, as short lines of its own words.

    Statements × Fingerprints of what is known → Additions

Material are figures, acts, days to come, and new actors who say or do something (`material`). A rewording, a vaguer
or rounder figure, another quotation to the same effect, a passer-by's opinion, or who reported it first are not. How
likely a sentence is news is learned (`newness`); over a seed, and where the wording is known, its facts alone decide.
What one line told is known to the next, so nothing is told twice. A story told first has a rule of its own (`gist`).

Known articles are fingerprints: their claims (figures, dates, acts) are the same in English and French, and so are
the terms by which a name is recognised (`known`). So a French piece that says what an English one said adds nothing,
and texts may be deleted.

Exceptions known: an act told by words that the lexicon lacks is seen only through its figures, names and days; a new
figure equal to an old one that counts the same sort of thing is taken for it; a new person of a known family name is
not seen.

Alternatives: facts weighed by hand told more rewordings and less of the news; a sentence embedding adds little to the
regression for its size (docs/decisions/0018).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log

from sovwatch.elsewhere import NOWHERE, Elsewhere
from sovwatch.gist import gist
from sovwatch.known import Known, Memory
from sovwatch.material import KINDS, MATERIAL, Fact, weigh
from sovwatch.model import LINES
from sovwatch.newness import Newness
from sovwatch.regression import Model
from sovwatch.similarity import Fingerprint
from sovwatch.statements import Statement, Statements, led_in, readable

LIKELY = 0.31  # how likely a statement says something new for being told; docs/tried.md has what others give
SURE = 0.6  # how likely a line is news for standing where the text has it, before a likelier one; or beside a lead's
_MOST = 0.99  # a weight beyond which more of it tells nothing
_LINES = 6  # an update is read at a glance
_EDITED = 0.3  # what a changed figure, name, day or act of one article must weigh to be a correction


@dataclass(frozen=True, slots=True)
class Addition:
    """A line that says something new, of `LINE` characters at most; the kind of its heaviest fact; its weight, 0..1.

    `place` is the number of its sentence in the text, -1 for the headline.
    """

    line: str
    kind: str
    weight: float
    place: int


def additions(
    said: Statements,
    known: Sequence[Fingerprint] | Memory,
    *,
    by_day: bool = True,
    elsewhere: Elsewhere = NOWHERE,
    model: Model | None = None,
) -> tuple[Addition, ...]:
    """What the article adds to what is known; () when it adds nothing material.

    Those first that are likeliest news, less what a known sentence says in the same words, what points back to what it
    does not show, and what of its news was told `elsewhere`. Of the lines that are shown of a story two that are sure
    stand as in the text, whose first line is its paper's news; one that points back stands last. Where nothing is
    known, what the article reports (`gist`). `by_day` as in `Known`; without it, over a seed, facts alone decide.
    `model`: other weights than the shipped ones, for training.
    """
    if not known:
        return _led_in([_addition(said, one, news, weigh(news)) for one, news in gist(said, elsewhere)], said)
    told = Known(known, by_day=by_day)
    worded = told.words(said.fp)
    facts_alone = worded or not by_day
    worth, least = (_by_facts, MATERIAL) if facts_alone else (Newness(said, told, model).probability, LIKELY)
    text = [one for one in said.found if one.passage.place >= 0]
    found = _heaviest(text, said, told, worth, least, elsewhere)
    if not worded:  # the headline is a line only where the text tells nothing; a copy's only words what is known
        title = [one for one in said.found if one not in text]
        found = found or _heaviest(title, said, told, worth, least, elsewhere)
    return _ordered(_led_in(found, said))


def changes(said: Statements, known: Sequence[Fingerprint] | Memory) -> tuple[str, ...]:
    """What an edit of an article changed of its headline, figures or claims, as lines; () when the edit is trivial.

    `known` is what the article said before, and who else has said since what it says now.

    Less is asked of a fact than from another article: where three were said to be hurt and now four are, that is all
    there is.
    """
    found = _ordered(_heaviest(said.found, said, Known(known), _by_facts, _EDITED), sure=0)
    hard = {"figure", "name", "date", "decision"}
    return tuple(addition.line for addition in found if addition.kind in hard or addition.weight >= MATERIAL)


_Worth = Callable[[Statement, Sequence[Fact]], float]  # of a statement and its news: 0..1


def _by_facts(_: Statement, news: Sequence[Fact]) -> float:
    """By its facts alone: of a known wording, in which what stands around a sentence tells nothing, and over a seed.

    A seed doesn't expire: what repeats it may come at any time, and be told as if it had happened today.
    """
    return weigh(news)


def _heaviest(
    among: Sequence[Statement],
    said: Statements,
    told: Known,
    worth: _Worth,
    least: float,
    elsewhere: Elsewhere = NOWHERE,
) -> list[Addition]:
    """The statements worth most, one by one, each over what is known and was told before it.

    Each with what it is worth by what was not told elsewhere either. The headline only where the text tells no news any
    more.
    """
    found: list[Addition] = []
    left = list(among)
    while len(found) < _LINES and (heavy := _heavy(left, told, said.fp.language, worth, least)):
        heavy = [(one, news, _beyond(one, news, weight, worth, elsewhere)) for one, news, weight in heavy]
        ranks = [(one.passage.place >= 0, _rank(one, weight, told)) for one, _, weight in heavy]
        best, news, weight = heavy[ranks.index(max(ranks))]
        found.append(_addition(said, best, news, weight))
        told.add(said.keys(best), best.terms)
        left = [statement for statement, *_ in heavy if statement is not best]
    return found


def _ordered(found: Sequence[Addition], *, sure: float = SURE) -> tuple[Addition, ...]:
    """The lines, the best first, but those that are shown of a story as who reads them would have them.

    An edit's as in the text: a notice says what was wrong, and then what is right.
    """

    def stands(one: Addition) -> tuple[bool, bool, int]:
        hangs = readable(one.line) < 1
        return hangs, not hangs and one is not found[0] and one.weight < sure, one.place

    return (*sorted(found[:LINES], key=stands), *found[LINES:])


def _led_in(found: Sequence[Addition], said: Statements) -> tuple[Addition, ...]:
    """The lines, one that points back to the sentence before it with that, unless it is shown too."""
    at = {one.passage.place: one.passage.shown for one in said.found if one.passage.place >= 0}
    shown = {one.place for one in found[:LINES]}
    return tuple(
        one if one.place - 1 in shown else replace(one, line=led_in(one.line, at.get(one.place - 1, "")))
        for one in found
    )


def _addition(said: Statements, one: Statement, news: Sequence[Fact], weight: float) -> Addition:
    kind = max(news, key=lambda fact: fact.weight).kind if news else "report"
    line = said.line(one.passage, {fact.key: fact.weight for fact in news})
    return Addition(line, KINDS.get(kind, kind), weight, one.passage.place)


def _heavy(
    left: Sequence[Statement], told: Known, language: str, worth: _Worth, least: float
) -> list[tuple[Statement, list[Fact], float]]:
    """The statements that are worth enough. The more is known the less is news, so the others are out."""
    news = [(statement, told.news(statement.facts, statement.terms, language)) for statement in left]
    weighed = [(statement, found, worth(statement, found)) for statement, found in news]
    return [one for one in weighed if one[2] >= least]


def _beyond(one: Statement, news: Sequence[Fact], weight: float, worth: _Worth, elsewhere: Elsewhere) -> float:
    """What a statement of that weight is worth by the news that was not told elsewhere."""
    fresh = elsewhere.fresh(news, one.terms)
    return weight if len(fresh) == len(news) else min(weight, worth(one, fresh))


def _rank(statement: Statement, weight: float, told: Known) -> float:
    """What a statement of that weight is worth as a line, in log-odds."""
    likely = max(1 - _MOST, min(_MOST, weight))
    return log(likely / (1 - likely)) + log(statement.readable) - told.familiar(statement.terms)
