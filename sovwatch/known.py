"""What is known already, from fingerprints: which facts of a new passage are news over it."""

from collections.abc import Iterable, Mapping, Sequence
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


class _Claims:
    """What sentences claim, and their terms; a sentence that many have is looked at once."""

    def __init__(self) -> None:
        self.figures = Counted()
        self.terms: set[int] = set()
        self.beside: dict[str, set[frozenset[int]]] = {}  # by what is claimed: the terms of each sentence that does
        self._sentences: dict[frozenset[int], None] = {}  # by their terms, in order
        self._likest: dict[frozenset[int], tuple[int, float]] = {}  # of so many sentences

    def add(self, claimed: frozenset[str], terms: frozenset[int]) -> None:
        """Take what a sentence claims, and its terms, as known."""
        for key in claimed:
            if key[0] == "n" and key not in self.beside:
                self.figures.add(figure_of(key[1:]))
            self.beside.setdefault(key, set()).add(terms)
        self.terms |= terms
        self._sentences[terms] = None

    def familiar(self, terms: frozenset[int]) -> float:
        """How much of a sentence the likest known one has, by what its terms tell."""
        count, most = self._likest.get(terms, (0, 0.0))
        since = islice(self._sentences, count, None)
        most = max([most, *(sum(map(bits, terms & told)) for told in since)])
        self._likest[terms] = (len(self._sentences), most)
        return most


class Memory:
    """Known articles, read once: who measures many, each over those before it, takes them in one by one."""

    def __init__(self, fingerprints: Iterable[Fingerprint] = ()) -> None:
        self.claims = _Claims()
        self.fingerprints: list[Fingerprint] = []
        self.languages: set[str] = set()
        self.latest = ""
        for fp in fingerprints:
            self.add(fp)

    def __len__(self) -> int:
        return len(self.fingerprints)

    def add(self, fp: Fingerprint) -> None:
        """Take an article as known."""
        self.fingerprints.append(fp)
        self.languages.add(fp.language)
        self.latest = max(self.latest, _day(fp))
        for claimed, part in zip(fp.claims.parts, (fp.title, *fp.sentences), strict=False):
            self.claims.add(claimed, part.terms | part.names)


class Known:
    """The claims and terms of known articles, and of what was told since, which a memory given does not keep.

    `by_day`: whether what happened on a later day than they tell of is news for that. Over a seed it is not: a seed
    doesn't expire, and what repeats it a week later names a day too.
    """

    def __init__(self, known: Sequence[Fingerprint] | Memory, *, by_day: bool = True) -> None:
        self._memory = known if isinstance(known, Memory) else Memory(known)
        self._since = _Claims()
        self._layers = (self._memory.claims, self._since)
        self._latest = self._memory.latest if by_day else ""

    def add(self, claimed: frozenset[str], terms: frozenset[int]) -> None:
        """Take what a sentence claims, and its terms, as known."""
        self._since.add(claimed, terms)

    def strange(self, terms: frozenset[int]) -> frozenset[int]:
        """The terms that no known sentence has."""
        return terms - self._memory.claims.terms - self._since.terms

    def familiar(self, terms: frozenset[int]) -> float:
        """How much of a sentence, by what its terms tell, the likest known sentence has: 0..1."""
        most = max(layer.familiar(terms) for layer in self._layers)
        return most / sum(map(bits, terms)) if most else 0.0

    def words(self, fp: Fingerprint) -> bool:
        """Whether a known article has the wording of the text: then only the headline words it in another way."""
        found = (overlap(fp.wording, fp.level, one.wording, one.level) for one in self._memory.fingerprints)
        return any(shared.first >= _COPIED for shared in found)

    def _has(self, key: str) -> bool:
        return any(key in layer.beside for layer in self._layers)

    def news(self, facts: Mapping[str, Fact], terms: frozenset[int], language: str) -> list[Fact]:
        """The facts of a sentence with those terms that are not known, at what they weigh over what is known."""
        found = (fact._replace(weight=fact.weight * self._newness(fact, terms, language)) for fact in facts.values())
        return [fact for fact in found if fact.weight]

    def _newness(self, fact: Fact, terms: frozenset[int], language: str) -> float:
        """How new a fact is: 0 known, 1 new."""
        if fact.key[0] == "n":
            figure = figure_of(fact.key[1:])
            return 0.0 if any(layer.figures.has(figure) for layer in self._layers) else 1.0
        if fact.key[0] == "@":
            return self._newness_of_name(fact, terms)
        if fact.kind in {"decisions", "acts"}:
            return self._newness_of_act(fact, terms, language)
        if fact.kind == "day":
            return 1.0 if self._latest and fact.key > self._latest and not self._has(fact.key) else 0.0
        if fact.kind == "date" and self._has(f"{fact.key[0]}{UNKNOWN_YEAR}{fact.key[5:]}"):
            return 0.0
        return 0.0 if self._has(fact.key) else 1.0

    def _newness_of_name(self, fact: Fact, terms: frozenset[int]) -> float:
        """An actor is news by what is said or done: in our own pairs 9 unknown terms where it was, 5 where not."""
        if not self.strange(frozenset((int(fact.key[1:]),))):
            return 0.0
        return _WORDLESS if fact.weight == ACTOR and len(self.strange(terms)) < _SAYS else 1.0

    def _newness_of_act(self, fact: Fact, terms: frozenset[int], language: str) -> float:
        enough = min(_SAME_THING, len(terms))
        if any(len(terms & told) >= enough for layer in self._layers for told in layer.beside.get(fact.key, ())):
            return 0.0
        if self._has(fact.key) or any(self._has(f"c{act}") for act in implied().get(fact.key[1:], ())):
            return _AGAIN
        abroad = fact.kind == "acts" and self._memory.languages and language not in self._memory.languages
        return _ABROAD if abroad else 1.0
