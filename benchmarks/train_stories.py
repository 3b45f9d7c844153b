"""Fit the weights by which `sovwatch.pairs` tells whether two articles report one happening; write `stories.toml`.

    python benchmarks/train_stories.py [BENCH] [--write]        BENCH defaults to ../shared/bench

Two logistic regressions, by Newton's method with an L2 penalty. Figures are out of fold: events (on coverage, whole
affairs) fall into ten folds, a pair is predicted by a model that saw neither of its folds, and the surprise of the
topics' words, and of words of headlines, is counted without both as well. Pairs of one affair weigh less the more
articles it has: else a single much reported affair would teach what all are like. `benchmarks/affairs` is coverage of
our own, of invented affairs, written and labelled by two who had not seen the program (but `abroad`, not used here).
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, sqrt
from pathlib import Path

import numpy as np

from benchmarks.frequencies import CORPORA, at_large, counted, headlines, topical
from benchmarks.grouping import grouped
from sovwatch.background import RARE, Tables, shipped
from sovwatch.evaluate import Labelled, labelled, told
from sovwatch.fingerprints import Fingerprint
from sovwatch.pairs import FAR, apart, counts_anew, features, kind
from sovwatch.regression import Model, score
from sovwatch.scoring import across, bcubed, wrong_joins
from sovwatch.stories import BARE_ENOUGH, ENOUGH

FOLDS = 10
PENALTY = 1.0
EVIDENCE = 150.0  # what the same-event pairs of a corpus weigh together
OWN = {"year": 75.0, "decade": 75.0}  # the same of the coverage that we wrote: half, as we chose how hard it is
ORDERS = 6
GENERAL = {"en_wikinews", "fr_headlines"}  # news of all kinds
LEAST_ALIKE = 0.05  # pairs of general news below this cosine are not shown to the model: they are hundreds of thousands
AFFAIRS = Path(__file__).with_name("affairs")  # coverage of our own
USED = {
    "texts": [
        "headline",
        "opening",
        "names",
        "concepts",
        "acts",
        "numbers",
        "words",
        "days",
        "near",
        "undated",
        "other days",
        "other names",
        "long",
        "long content",
        "long near",
    ],
    "headlines": ["content", "root", "names", "numbers", "words"],
}


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
            found = views.seen(one, other, every=name not in GENERAL)
            if found is not None:
                second = documents[other]
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
    """Documents as they look where words are weighed without the folds of the two that are compared."""

    def __init__(self, prints: Sequence[Fingerprint], folds: Sequence[int], weigh: Weigh | None) -> None:
        self._prints, self._folds, self._weigh = prints, folds, weigh
        self._tables: dict[frozenset[int], Tables] = {}
        self._kept: dict[tuple[int, frozenset[int]], Fingerprint] = {}

    def seen(self, one: int, other: int, *, every: bool) -> dict[str, float] | None:
        """What the model sees of two documents; None where they are not compared."""
        if self._weigh is None:
            return _seen(self._prints[one], self._prints[other], shipped(), every=every)
        without = frozenset((self._folds[one], self._folds[other]))
        if without not in self._tables:
            rest = [fp for fp, fold in zip(self._prints, self._folds, strict=True) if fold not in without]
            self._tables[without] = self._weigh(rest)
        return _seen(self._view(one, without), self._view(other, without), self._tables[without], every=every)

    def _view(self, place: int, without: frozenset[int]) -> Fingerprint:
        """A fingerprint of its own for each tables: it keeps what it weighed by the last that asked."""
        if (place, without) not in self._kept:
            self._kept[place, without] = replace(self._prints[place])
        return self._kept[place, without]


def _seen(first: Fingerprint, second: Fingerprint, by: Tables, *, every: bool) -> dict[str, float] | None:
    distance = apart(first, second)
    if (distance is not None and distance > FAR) or counts_anew(first, second):
        return None
    found = features(first, second, by)
    return found if every or found["content"] >= LEAST_ALIKE else None


def fit(rows: np.ndarray, same: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression, the constant first, by Newton's method."""
    values = np.column_stack([np.ones(len(rows)), rows])
    weights = np.zeros(values.shape[1])
    penalty = np.full(values.shape[1], PENALTY)
    penalty[0] = 0
    for _ in range(15):
        probability = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (share * (same - probability)) - penalty * weights
        curve = (values * (share * probability * (1 - probability))[:, None]).T @ values + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-4:
            break
    return weights


def model(pairs: Sequence[Pair], used: Sequence[str]) -> Model:
    """The model of those pairs."""
    rows = np.array([[pair.seen[name] for name in used] for pair in pairs])
    same = np.array([float(pair.same) for pair in pairs])
    constant, *weights = fit(rows, same, np.array([pair.weight for pair in pairs])).tolist()
    return Model(constant, dict(zip(used, weights, strict=True)))


def of_kind(corpora: Sequence[Corpus], which: str) -> Iterator[tuple[Corpus, Pair]]:
    """The pairs that a kind of model compares."""
    for corpus in corpora:
        for pair in corpus.pairs:
            if kind(corpus.prints[pair.one], corpus.prints[pair.other]) == which:
                yield corpus, pair


def predicted(corpora: Sequence[Corpus], which: str) -> dict[str, dict[tuple[int, int], float]]:
    """Out-of-fold probabilities by corpus and pair: the mean of the models that left out either fold."""
    found: dict[str, dict[tuple[int, int], list[float]]] = {corpus.name: {} for corpus in corpora}
    every = list(of_kind(corpora, which))
    for fold in range(FOLDS):
        touched = [fold in (corpus.folds[pair.one], corpus.folds[pair.other]) for corpus, pair in every]
        left = model([pair for (_, pair), out in zip(every, touched, strict=True) if not out], USED[which])
        for (corpus, pair), out in zip(every, touched, strict=True):
            if out:
                found[corpus.name].setdefault((pair.one, pair.other), []).append(score(pair.seen, left))
    return {
        name: {key: 1 / (1 + exp(-sum(scores) / len(scores))) for key, scores in pairs.items()}
        for name, pairs in found.items()
    }


def figures(corpus: Corpus, odds: Mapping[tuple[int, int], float], enough: float) -> dict[str, float]:
    """Mean figures over several orders of arrival, the order of the file first, with the range of B-cubed F1."""
    orders = [list(range(len(corpus.documents))) for _ in range(ORDERS)]
    for number, order in enumerate(orders[1:]):
        random.Random(number).shuffle(order)
    runs = []
    for order in orders:
        story = {corpus.documents[place].id: found for place, found in grouped(order, odds, enough).items()}
        event = {d.id: d.event for d in corpus.documents if d.event}
        language = {d.id: d.language for d in corpus.documents}
        wrong = wrong_joins(
            story, {d.id: d.event for d in corpus.documents}, {d.id: d.affair for d in corpus.documents}
        )
        cubed = bcubed(story, event)
        runs.append((cubed.f1, cubed.precision, cubed.recall, across(event, story, language).f1, *map(float, wrong)))
    names = ("f1", "precision", "recall", "across", "wrong outside", "wrong inside")
    means = {name: sum(run[place] for run in runs) / len(runs) for place, name in enumerate(names)}
    return {
        **means,
        "file order": runs[0][0],
        "lowest": min(run[0] for run in runs),
        "highest": max(run[0] for run in runs),
    }


def main() -> int:
    """Fit, print figures by threshold, and write the weights where asked; exit 1 without the data."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", nargs="?", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if not args.bench.is_dir():
        print(f"{args.bench} is absent: nothing to fit on")
        return 1
    kinds = {
        "texts": [read(args.bench, name) for name in ("coverage", "en_wikinews", *OWN)],
        "headlines": [read(args.bench, "fr_headlines")],
    }
    reached: dict[str, dict[str, float]] = {}
    for which, corpora in kinds.items():
        found = predicted(corpora, which)
        for corpus in corpora:
            chosen = ENOUGH if which == "texts" else BARE_ENOUGH
            for enough in sorted({0.2, 0.25, 0.3, 0.35, 0.5, chosen}):
                result = figures(corpus, found[corpus.name], enough)
                print(
                    corpus.name,
                    enough,
                    json.dumps({name: round(value, 3) for name, value in result.items()}),
                    flush=True,
                )
                if enough == chosen:
                    reached[corpus.name] = result
    if args.write:
        write(
            {which: model([p for _, p in of_kind(corpora, which)], USED[which]) for which, corpora in kinds.items()},
            reached,
        )
    return 0


def write(models: Mapping[str, Model], reached: Mapping[str, Mapping[str, float]]) -> None:
    """Write the weights with their figures into the package."""
    lines = [
        "# Weights by which sovwatch.pairs tells whether two articles report one happening, in log-odds.",
        "# Written by benchmarks/train_stories.py. Fitted: `texts` on coverage/ and stories/en_wikinews.jsonl of",
        "# ../shared/bench, and at half their weight on benchmarks/affairs (year, decade), which we wrote; `headlines`",
        f"# on stories/fr_headlines.jsonl. Figures: out of fold by affair, mean of {ORDERS} orders of arrival, at the",
        "# thresholds of sovwatch.stories.",
    ]
    for name, result in reached.items():
        lines += ["", f"[figures.{name}]", *(f'"{key}" = {value:.3f}' for key, value in result.items())]
    for which, found in models.items():
        lines += ["", f"[{which}.weights]", f"constant = {found.constant:.4f}"]
        lines += [f'"{name}" = {weight:.4f}' for name, weight in found.weights.items()]
    Path("sovwatch/stories.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
