"""What a channel was told in other stories, and which news of a sentence it has from there.

    Fingerprints of what was told elsewhere × news of a sentence → what of it was not told there

"Known" is what one story says (`known`). So what each story of an affair says again, the day of the vote, how many
signatures it takes, is news in each. A figure, a day or an act was told elsewhere where a sentence about the same has
it: another poll may have the same number. That decides which lines are shown, and never whether an article adds
anything: a new step is often told in words that the lexicon lacks, beside a day that everybody knows. Names are left
out, since who spoke in one story has something else to say in the next (docs/decisions/0034).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from sovwatch.agreement import tells
from sovwatch.background import bits
from sovwatch.figures import figure_of
from sovwatch.fingerprints import Fingerprint
from sovwatch.material import Fact

_ALIKE = 0.4  # of what the terms of a sentence tell, for another to be about the same
_SUBJECTS = frozenset({"matters", "stances"})  # kinds of facts that tell what is spoken of, and not what is so

_Told = Mapping[object, list[tuple[int, str, frozenset[int]]]]  # by fact: its article, itself, the terms beside it


class Elsewhere:
    """What was told of articles, looked up by fact."""

    def __init__(self, told: Mapping[int, Fingerprint]) -> None:
        found = defaultdict(list)
        for article, fp in told.items():
            for claimed, part in zip(fp.claims.parts, (fp.title, *fp.sentences), strict=False):
                terms = part.terms | part.names if claimed else part.terms
                for key in claimed:
                    found[_kind(key)].append((article, key, terms))
        self._told: _Told = found
        self._but: AbstractSet[int] = frozenset()

    def apart(self, articles: AbstractSet[int]) -> "Elsewhere":
        """The same without what these articles say."""
        other = Elsewhere({})
        other._told, other._but = self._told, articles
        return other

    def fresh(self, news: Iterable[Fact], terms: frozenset[int]) -> list[Fact]:
        """The news of a sentence with those terms that was not told elsewhere."""
        enough = _ALIKE * sum(map(bits, terms)) if self._told else 0.0
        return [fact for fact in news if fact.kind in _SUBJECTS or not self._has(fact.key, terms, enough)]

    def _has(self, key: str, terms: frozenset[int], enough: float) -> bool:
        return any(
            article not in self._but and _same(told, key) and sum(map(bits, terms & beside)) >= enough
            for article, told, beside in self._told.get(_kind(key), ())
        )


def _kind(key: str) -> object:
    """What a fact is looked up by: a figure by its value, whatever it counts."""
    return figure_of(key[1:]).value if key[0] == "n" else key


def _same(told: str, key: str) -> bool:
    return key[0] != "n" or tells(figure_of(told[1:]), figure_of(key[1:]))


NOWHERE = Elsewhere({})
