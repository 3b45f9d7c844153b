"""What is known already, from fingerprints: which facts of a new passage are news over it."""

from collections.abc import Mapping, Sequence
from itertools import islice

from sovwatch.agreement import Counted
from sovwatch.background import bits
from sovwatch.figures import figure_of
from sovwatch.fingerprints import Fingerprint
from sovwatch.lexicon import implied
from sovwatch.material import ACTOR, Fact
from sovwatch.moments import UNKNOWN_YEAR
from sovwatch.shingles import overlap

# Of an everyday act where the known articles are in the other language: it has more words than the lexicon.
_ABROAD = 0.8
_AGAIN = 0.5  # of an act that is known, but not of the same thing, or that a known one implies
_WORDLESS = 0.5  # of an actor who says or does nothing that is not known
_SAYS = 7  # terms that nobody used before, the name's own among them, in a sentence whose actor says or does something
_COPIED = 0.5  # of the text's shingles, as in `copies`
_SAME_THING = 2  # terms that two sentences share which tell one act of one thing


def _day(fp: Fingerprint) -> str:
    """The latest day that an article can tell of as past: its own; as a key, "" where it has none."""
    return f"d{fp.at.date().isoformat()}" if fp.at else ""


class Known:
    """The claims and terms of known articles, and of what was told since.

    `by_day`: whether what happened on a later day than they tell of is news for that. Over a seed it is not: a seed
    doesn't expire, and what repeats it a week later names a day too.
    """

    def __init__(self, fingerprints: Sequence[Fingerprint], *, by_day: bool = True) -> None:
        self._keys: set[str] = set()
        self._figures = Counted()
        self.terms: set[int] = set()
        self._parts: list[tuple[frozenset[str], frozenset[int]]] = []
        self._likest: dict[frozenset[int], tuple[int, float]] = {}  # of so many parts
        self._fingerprints = tuple(fingerprints)
        self._latest = max((_day(fp) for fp in fingerprints), default="") if by_day else ""
        self._languages = {fp.language for fp in fingerprints}
        for fp in fingerprints:
            for claimed, part in zip(fp.claims.parts, (fp.title, *fp.sentences), strict=False):
                self.add(claimed, part.terms | part.names)

    def add(self, claimed: frozenset[str], terms: frozenset[int]) -> None:
        """Take what a sentence claims, and its terms, as known."""
        self._keys |= claimed
        for key in claimed:
            if key[0] == "n":
                self._figures.add(figure_of(key[1:]))
        self.terms |= terms
        self._parts.append((claimed, terms))

    def familiar(self, terms: frozenset[int]) -> float:
        """How much of a sentence, by what its terms tell, the likest known sentence has: 0..1."""
        count, most = self._likest.get(terms, (0, 0.0))
        since = islice(self._parts, count, None)
        most = max([most, *(sum(map(bits, terms & told)) for _, told in since)])
        self._likest[terms] = (len(self._parts), most)
        return most / sum(map(bits, terms)) if most else 0.0

    def words(self, fp: Fingerprint) -> bool:
        """Whether a known article has the wording of the text: then only the headline words it in another way."""
        found = (overlap(fp.wording, fp.level, one.wording, one.level) for one in self._fingerprints)
        return any(shared.first >= _COPIED for shared in found)

    def news(self, facts: Mapping[str, Fact], terms: frozenset[int], language: str) -> list[Fact]:
        """The facts of a sentence with those terms that are not known, at what they weigh over what is known."""
        found = (fact._replace(weight=fact.weight * self._newness(fact, terms, language)) for fact in facts.values())
        return [fact for fact in found if fact.weight]

    def _newness(self, fact: Fact, terms: frozenset[int], language: str) -> float:
        """How new a fact is: 0 known, 1 new."""
        if fact.key[0] == "n":
            return 0.0 if self._figures.has(figure_of(fact.key[1:])) else 1.0
        if fact.key[0] == "@":
            return self._newness_of_name(fact, terms)
        if fact.kind in {"decisions", "acts"}:
            return self._newness_of_act(fact, terms, language)
        if fact.kind == "day":
            return 1.0 if self._latest and fact.key > self._latest and fact.key not in self._keys else 0.0
        if fact.kind == "date" and f"{fact.key[0]}{UNKNOWN_YEAR}{fact.key[5:]}" in self._keys:
            return 0.0
        return 0.0 if fact.key in self._keys else 1.0

    def _newness_of_name(self, fact: Fact, terms: frozenset[int]) -> float:
        """An actor is news by what is said or done: in our own pairs 9 unknown terms where it was, 5 where not."""
        if int(fact.key[1:]) in self.terms:
            return 0.0
        return _WORDLESS if fact.weight == ACTOR and len(terms - self.terms) < _SAYS else 1.0

    def _newness_of_act(self, fact: Fact, terms: frozenset[int], language: str) -> float:
        enough = min(_SAME_THING, len(terms))
        if any(fact.key in claimed and len(terms & told) >= enough for claimed, told in self._parts):
            return 0.0
        if fact.key in self._keys or not self._keys.isdisjoint(f"c{act}" for act in implied().get(fact.key[1:], ())):
            return _AGAIN
        abroad = fact.kind == "acts" and self._languages and language not in self._languages
        return _ABROAD if abroad else 1.0
