"""How likely a sentence says something material that is not known: a logistic regression over its facts.

    Statements × Known → probability of each statement

What new facts weigh (`material`, `known`) decides most, but not alone: an article that tells news tells it in its
headline and in several sentences, and who only repeats is quoted. The weights stand in `novelty.toml`, with what they
were fitted on (`benchmarks/train_novelty.py`: our own coverage and the press, labelled sentence by sentence).

Only what holds for the press as well is looked at. That a sentence names the day, who says it, its tense, how much of
it is about the headline and how late the article is tell much in what was written for us, and nothing or the contrary
in real openings (docs/decisions/0018).
"""

from collections.abc import Sequence
from math import fsum, log, log1p

from sovwatch.known import Known
from sovwatch.material import MATERIAL, Fact, weigh
from sovwatch.passages import quotes
from sovwatch.regression import Model, probability, shipped
from sovwatch.statements import Statement, Statements

_MOST = 2.0  # what new facts weigh together beyond which more of them tell nothing
_UNSAID = 3  # new words of a sentence that says something else than known ones


class Newness:
    """What the statements of one article tell over what is known when it is read."""

    def __init__(self, said: Statements, told: Known, model: Model | None = None) -> None:
        self._told = told
        self._model = model
        self._language = said.fp.language
        weights = {one.passage.place: weigh(self.news(one)) for one in said.found}
        self._headline = weights.pop(-1, 0.0)
        self._weighty = {place for place, weight in weights.items() if weight >= MATERIAL}
        self._length = max(1, len(weights))

    def news(self, one: Statement) -> list[Fact]:
        """The facts of a statement that are not known, at what they weigh over what is known."""
        return self._told.news(one.facts, one.terms, self._language)

    def features(self, one: Statement, news: Sequence[Fact]) -> dict[str, float]:
        """What the model looks at, by name: of the statement, of its headline, and of the others of its article.

        "together" is the sum of what "news" is mostly the heaviest of, "headline" what the headline tells beside it,
        "others" how many other statements tell something.
        """
        return {
            "news": weigh(news),
            "together": min(_MOST, fsum(fact.weight for fact in news)),
            "days": max((fact.weight for fact in news if fact.kind == "date"), default=0.0),
            "quotation": float(quotes(one.passage.shown)),
            "headline": self._headline if one.passage.place >= 0 else 0.0,
            "others": log1p(len(self._weighty - {one.passage.place})),
            "sentences": log(self._length),
        }

    def probability(self, one: Statement, news: Sequence[Fact]) -> float:
        """How likely the statement, which tells that news, says something material that is not known: 0..1.

        0 where no fact is new and hardly a word: who words a sentence of a known article anew adds nothing.
        """
        if not news and len(self._told.strange(one.terms)) < _UNSAID:
            return 0.0
        return probability(self.features(one, news), self._model or shipped("novelty.toml", "sentences"))
