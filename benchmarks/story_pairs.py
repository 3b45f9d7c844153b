"""Pairs of labelled documents as `sovwatch.pairs` sees them, to fit its weights on (`train_stories`).

Events (on coverage, whole affairs) fall into ten folds; the surprise of the topics' words, and of words of headlines,
is counted without the folds of both. Pairs of one affair weigh less the more articles it has: else a single much
reported affair would teach what all are like. `benchmarks/affairs` is coverage of our own, of invented affairs, written
and labelled by three who had not seen the program. `abroad`, `busy` and `thick` are not fitted on: they are to
measure.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import sqrt
from pathlib import Path

from benchmarks.frequencies import CORPORA, at_large, counted, headlines, topical
from sovwatch.background import RARE, Tables, shipped
from sovwatch.evaluate import Labelled, labelled, told
from sovwatch.fingerprints import Fingerprint
from sovwatch.pairs import FAR, apart, counts_anew, features
from sovwatch.season import MOST, WEEK, in_season, week_of

FOLDS = 10
EVIDENCE = 150.0  # what the same-event pairs of a corpus weigh together
OWN = dict.fromkeys(("year", "decade", "plain"), 75.0)  # the same of coverage that we wrote: half, we chose how hard
GENERAL = {"en_wikinews", "fr_headlines"}  # news of all kinds
LEAST_ALIKE = 0.05  # pairs of general news below this cosine are not shown to the model: they are hundreds of thousands
AFFAIRS = Path(__file__).with_name("affairs")  # coverage of our own


@dataclass(frozen=True)
class Pair:
    """Two documents of a corpus by place, what the model sees of them, and whether they report one happening."""

    one: int
    other: int
    seen: dict[str, float]
    same: bool
    weight: float


@dataclass(frozen=True)
class Corpus:
    """Documents with their fingerprints, and the fold of each."""

    name: str
    documents: Sequence[Labelled]
    prints: Sequence[Fingerprint]
    folds: Sequence[int]
    pairs: Sequence[Pair]


def folded(documents: Sequence[Labelled]) -> list[int]:
    """A fold for each document; one affair lies in one fold."""
    affairs = sorted({document.affair or document.event or document.id for document in documents})
    random.Random(0).shuffle(affairs)
    place = {affair: number % FOLDS for number, affair in enumerate(affairs)}
    return [place[document.affair or document.event or document.id] for document in documents]


def read(bench: Path, name: str) -> Corpus:
    """A corpus with all its pairs that may be compared."""
    documents = told(AFFAIRS / f"{name}.jsonl") if name in OWN else labelled(bench, name)
    prints = [document.fingerprint() for document in documents]
    folds = folded(documents)
    views = Views(prints, folds, weighing(bench, name))
    size = Counter(document.affair or document.event or document.id for document in documents)
    pairs = []
    for one, first in enumerate(documents):
        for other in range(one):
            second = documents[other]
            if first.topics and second.topics and first.topics.isdisjoint(second.topics):
                continue
            found = views.seen(one, other, every=name not in GENERAL)
            if found is not None:
                sizes = [size[d.affair or d.event or d.id] for d in (first, second)]
                same = first.event is not None and first.event == second.event
                pairs.append(Pair(one, other, found, same, 1 / sqrt(sizes[0] * sizes[1])))
    return Corpus(name, documents, prints, folds, _balanced(pairs, OWN.get(name, EVIDENCE)))


def _balanced(pairs: Sequence[Pair], evidence: float) -> list[Pair]:
    """The pairs with weights whose same-event pairs come to `evidence`, so that a large corpus drowns no small one."""
    share = evidence / sum(pair.weight for pair in pairs if pair.same)
    return [replace(pair, weight=pair.weight * share) for pair in pairs]


Weigh = Callable[[Sequence[Fingerprint]], Tables]


def weighing(bench: Path, name: str) -> Weigh | None:
    """How the words of a corpus are weighed by other documents of it; None where none of it was counted."""
    known = shipped()
    if name == "coverage":
        return lambda rest: known._replace(topical=topical(counted(rest), len(rest), known.general))
    if name == "fr_headlines":
        others = at_large(headlines(bench / file) for file in CORPORA if name not in file)
        return lambda rest: known._replace(headlines=_commonest(others, at_large([rest])))
    return None


def _commonest(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    return {key: min(one.get(key, RARE), other.get(key, RARE)) for key in one.keys() | other.keys()}


class Views:
    """Documents as they look in the news of their weeks, words weighed without the folds of the two compared."""

    def __init__(self, prints: Sequence[Fingerprint], folds: Sequence[int], weigh: Weigh | None) -> None:
        self._prints, self._folds, self._weigh = prints, folds, weigh
        self._tables: dict[tuple[frozenset[int], datetime | None], Tables] = {}
        self._kept: dict[tuple[int, int], Fingerprint] = {}

    def seen(self, one: int, other: int, *, every: bool) -> dict[str, float] | None:
        """What the model sees of two documents; None where they are not compared."""
        instants = [at for place in (one, other) if (at := self._prints[place].at)]
        week = week_of(max(instants)) if instants else None
        without = frozenset((self._folds[one], self._folds[other]) if self._weigh else ())
        tables = self._of(without, week)
        return _seen(self._view(one, tables), self._view(other, tables), tables, every=every)

    def _of(self, without: frozenset[int], week: datetime | None) -> Tables:
        if (without, week) not in self._tables:
            self._tables[without, week] = self._counted(without, week)
        return self._tables[without, week]

    def _counted(self, without: frozenset[int], week: datetime | None) -> Tables:
        if week is not None:
            recent = [fp for fp in self._prints if fp.at and week - WEEK <= fp.at < week + 2 * WEEK]
            return in_season(self._of(without, None), recent[:MOST])
        if self._weigh is None:
            return shipped()
        return self._weigh([fp for fp, fold in zip(self._prints, self._folds, strict=True) if fold not in without])

    def _view(self, place: int, tables: Tables) -> Fingerprint:
        """A fingerprint of its own for each tables: it keeps what it weighed by the last that asked."""
        if (place, id(tables)) not in self._kept:
            self._kept[place, id(tables)] = replace(self._prints[place])
        return self._kept[place, id(tables)]


def _seen(first: Fingerprint, second: Fingerprint, by: Tables, *, every: bool) -> dict[str, float] | None:
    distance = apart(first, second)
    if (distance is not None and distance > FAR) or counts_anew(first, second):
        return None
    found = features(first, second, by)
    return found if every or found["content"] >= LEAST_ALIKE else None
