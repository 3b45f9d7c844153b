"""How likely a sentence says something material that is not known: a logistic regression over its facts and its cues.

    Statements × Known → probability of each statement

What new facts weigh (`material`, `known`) decides most, but not alone. An article that tells news tells it in its lede,
its headline and several sentences, one beside the other; what has happened has a day, and who did it a function; what
is background is told as past, and who only repeats is quoted. The weights stand in `novelty.toml`, with what they were
fitted on (`benchmarks/train_novelty.py`: coverage of our own, labelled sentence by sentence).

Not looked at: how much later the article is. It helped where reports that add something came late, and no longer where
news and rewordings came after like delays.
"""

from collections.abc import Collection, Sequence
from math import fsum, log, log1p

from sovwatch.background import RARE_TOPICAL, tables
from sovwatch.cues import CUES
from sovwatch.known import Known
from sovwatch.material import MATERIAL, Fact, weigh
from sovwatch.regression import Model, probability, shipped
from sovwatch.statements import Statement, Statements

_MOST, _SEVERAL = 2, 3  # figures, and new facts, that count
_UNSAID = 3  # new words of a sentence that says something else than known ones


class Newness:
    """What the statements of one article tell over what is known when it is read."""

    def __init__(self, said: Statements, told: Known, model: Model | None = None) -> None:
        self._said = said
        self._told = told
        self._model = model
        self._language = said.fp.language
        weights = {one.passage.place: weigh(self.news(one)) for one in said.found}
        headline = weights.pop(-1, None)
        self._weights = list(weights.values())
        self._at = {place: number for number, place in enumerate(weights)}
        self._lede = self._weights[0] if self._weights else headline or 0.0
        self._headline = self._lede if headline is None else headline
        self._titled = said.of_headline[1]

    def news(self, one: Statement) -> list[Fact]:
        """The facts of a statement that are not known, at what they weigh over what is known."""
        return self._told.news(one.facts, one.terms, self._language)

    def features(self, one: Statement, news: Sequence[Fact]) -> dict[str, float]:
        """What the model looks at, by name.

        "about" is how much of the sentence and the headline they share, "unknown" how much of the sentence is in words
        that nobody used, both in bits; "beside" what the sentences before and after it told at first.
        """
        figures = sum(key[0] == "n" for key in one.facts) - sum(fact.key[0] == "n" for fact in news)
        at = self._at.get(one.passage.place, -1)
        others = [weight for number, weight in enumerate(self._weights) if number != at]
        return {
            "news": weigh(news),
            "facts": float(min(_SEVERAL, len(news))),
            "days": max((fact.weight for fact in news if fact.kind == "date"), default=0.0),
            "new numbers": float(min(_MOST, len(one.numbers - self._told.numbers))),
            "known figures": float(min(_MOST, figures)),
            "unknown": _share(one.terms - self._told.terms, one.terms),
            "about": 2 * _share(one.terms & self._titled, [*one.terms, *self._titled]) if at >= 0 else 0.0,
            "lede": self._lede,
            "headline": self._headline,
            "beside": fsum(
                self._weights[near] for near in (at - 1, at + 1) if at >= 0 and 0 <= near < len(self._weights)
            ),
            "others": log1p(sum(weight >= MATERIAL for weight in others)),
            "sentences": log(max(1, len(self._weights))),
            "abroad": float(self._language not in self._told.languages),
            **{cue: float(cue in one.cues) for cue in CUES},
            "known day": float("when" in one.cues and self._told.has_day(self._said.keys(one))),
        }

    def probability(self, one: Statement, news: Sequence[Fact]) -> float:
        """How likely the statement, which tells that news, says something material that is not known: 0..1.

        0 where no fact is new and hardly a word: who words a sentence of a known article anew adds nothing.
        """
        if not news and len(one.terms - self._told.terms) < _UNSAID:
            return 0.0
        return probability(self.features(one, news), self._model or shipped("novelty.toml", "sentences"))


def _share(some: Collection[int], every: Collection[int]) -> float:
    """The part of what terms tell, in bits of the topics' own news, that some of them tell."""
    whole = _bits(every)
    return _bits(some) / whole if whole else 0.0


def _bits(terms: Collection[int]) -> float:
    surprise = tables().topical
    return fsum(surprise.get(term, RARE_TOPICAL) for term in terms)
