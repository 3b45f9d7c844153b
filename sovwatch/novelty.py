"""What an article says that was not said before: its material facts, as short lines of its own words.

    Statements × Fingerprints of what is known → Additions

Material are figures, acts, days to come, and new actors who say or do something (`material`). A rewording, a vaguer
or rounder figure, another quotation to the same effect, a passer-by's opinion, or who reported it first are not. A
sentence weighs as its heaviest new fact and a part of the others (`weigh`); below `MATERIAL` it is not told. What one
line told is known to the next, so nothing is told twice. A story told first has a rule of its own (`gist`).

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

from sovwatch.gist import LINES, gist
from sovwatch.known import Known
from sovwatch.material import KINDS, MATERIAL, Fact, weigh
from sovwatch.similarity import Fingerprint
from sovwatch.statements import Statement, Statements, readable

_SOME = 0.25  # what the news of a lede must weigh to stand beside a line that is told
_LINES = 6  # an update is read at a glance
_EDITED = 0.3  # what a changed figure, name, day or act of one article must weigh to be a correction


@dataclass(frozen=True, slots=True)
class Addition:
    """A line that says something new, of `LINE` characters at most; the kind of its heaviest fact; its weight, 0..1."""

    line: str
    kind: str
    weight: float


def additions(said: Statements, known: Sequence[Fingerprint], *, by_day: bool = True) -> tuple[Addition, ...]:
    """What the article adds to what is known; () when it adds nothing material.

    The heaviest lines first, as many as are shown of a story, in the order of the text; then the others by falling
    weight. One that points back to what it does not show counts less, and stands last. Where nothing is known, what
    the article reports (`gist`). `by_day` as in `Known`.
    """
    if not known:
        return tuple(_addition(said, *one) for one in gist(said))
    told = Known(known, by_day=by_day)
    titled = not told.words(said.fp)
    lede = _lede(said, told) if titled else None
    return _additions(said, told, MATERIAL, titled=titled, lede=lede)


def changes(said: Statements, before: Fingerprint) -> tuple[str, ...]:
    """What an edit of an article changed of its headline, figures or claims, as lines; () when the edit is trivial.

    Less is asked of a fact than from another article: where three were said to be hurt and now four are, that is all
    there is.
    """
    found = _additions(said, Known([before]), _EDITED, titled=True)
    hard = {"figure", "name", "date", "decision"}
    return tuple(addition.line for addition in found if addition.kind in hard or addition.weight >= MATERIAL)


def _additions(
    said: Statements, told: Known, least: float, *, titled: bool, lede: tuple[Statement, list[Fact]] | None = None
) -> tuple[Addition, ...]:
    """The heaviest statements one by one, each over what is known and was told before it; beside one, the lede."""
    found: list[tuple[Statement, Addition]] = []
    left = [statement for statement in said.found if titled or statement.passage.place >= 0]
    while len(found) < _LINES and (heavy := _heavy(left, told, said.fp.language, least)):
        best, news = max(heavy, key=_rank)
        found.append((best, _addition(said, best, news)))
        told.add(said.keys(best), best.terms)
        left = [statement for statement, _ in heavy if statement is not best]
    if lede and len(found) == 1 and found[0][0] is not lede[0]:
        found.append((lede[0], _addition(said, *lede)))
    found.sort(key=lambda one: -one[1].weight * readable(one[1].line))
    first = sorted(found[:LINES], key=lambda one: (readable(one[1].line) < 1, one[0].passage.place))
    return tuple(addition for _, addition in (*first, *found[LINES:]))


def _lede(said: Statements, told: Known) -> tuple[Statement, list[Fact]] | None:
    """The first sentence, where some of it is news and it stands by itself: what its paper takes for the news."""
    first = next((one for one in said.found if one.passage.place == 0), None)
    news = told.news(first.facts, first.terms, said.fp.language) if first else []
    return (first, news) if first and weigh(news) >= _SOME and first.readable == 1 else None


def _addition(said: Statements, one: Statement, news: Sequence[Fact]) -> Addition:
    kind = max(news, key=lambda fact: fact.weight).kind if news else "report"
    line = said.line(one.passage, {fact.key: fact.weight for fact in news})
    return Addition(line, KINDS.get(kind, kind), weigh(news))


def _heavy(left: Sequence[Statement], told: Known, language: str, least: float) -> list[tuple[Statement, list[Fact]]]:
    """The statements whose news weighs enough, with it. The more is known the less is news, so the others are out."""
    weighed = ((statement, told.news(statement.facts, statement.terms, language)) for statement in left)
    return [(statement, news) for statement, news in weighed if weigh(news) >= least]


def _rank(one: tuple[Statement, list[Fact]]) -> tuple[bool, float]:
    """The weightiest news first; the headline only where the text tells none any more."""
    statement, news = one
    return statement.passage.place >= 0, weigh(news) * statement.readable
