"""Fit the weights by which it is told whether two articles report one happening; write `sovwatch/stories.toml`.

    python benchmarks/train_stories.py [BENCH] [--write]        BENCH defaults to ../shared/bench

Logistic regressions of `sovwatch.pairs` and of `sovwatch.company`, for texts and for bare headlines.
Figures are out of fold (`story_pairs`, `story_company`): a pair is predicted by models that saw neither of its folds.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import exp
from pathlib import Path

from benchmarks.fitting import fitted
from benchmarks.grouping import Likely, Share, grouped, matrix
from benchmarks.story_company import by_fold, sharing
from benchmarks.story_pairs import FOLDS, OWN, Corpus, Pair, read
from sovwatch.evaluate import by_date
from sovwatch.pairs import kind
from sovwatch.region import ENOUGH
from sovwatch.regression import Model, score
from sovwatch.scoring import across, bcubed, wrong_joins

ORDERS = 6
THRESHOLDS = (0.25, 0.3, 0.35, 0.4, 0.45)  # whose figures are printed beside those of the one that is kept
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
    "headlines": ["content", "root", "names", "numbers", "words", "other names"],
}


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
        left = fitted([pair for (_, pair), out in zip(every, touched, strict=True) if not out], USED[which])
        for (corpus, pair), out in zip(every, touched, strict=True):
            if out:
                found[corpus.name].setdefault((pair.one, pair.other), []).append(score(pair.seen, left))
    return {
        name: {key: 1 / (1 + exp(-sum(scores) / len(scores))) for key, scores in pairs.items()}
        for name, pairs in found.items()
    }


def figures(corpus: Corpus, likely: Likely, share: Share, enough: float) -> dict[str, float]:
    """Mean figures over several orders of arrival, the order of the file first, with the range of B-cubed F1."""
    orders = [list(range(len(corpus.documents))) for _ in range(ORDERS)]
    for number, order in enumerate(orders[1:]):
        random.Random(number).shuffle(order)
    runs = [_figures(corpus, grouped(order, likely, share, enough)) for order in orders]
    means = {name: sum(run[name] for run in runs) / len(runs) for name in runs[0]}
    f1 = [run["f1"] for run in runs]
    published = _figures(corpus, grouped(by_date(corpus.documents), likely, share, enough))["f1"]
    return {**means, "file order": f1[0], "by date": published, "lowest": min(f1), "highest": max(f1)}


def _figures(corpus: Corpus, stories: Mapping[int, int]) -> dict[str, float]:
    documents = corpus.documents
    story = {documents[place].id: found for place, found in stories.items()}
    event = {one.id: one.event for one in documents}
    labelled = {number: one for number, one in event.items() if one}
    wrong = wrong_joins(story, event, {one.id: one.affair for one in documents})
    cubed = bcubed(story, labelled)
    return {
        "f1": cubed.f1,
        "precision": cubed.precision,
        "recall": cubed.recall,
        "across": across(labelled, story, {one.id: one.language for one in documents}).f1,
        "wrong outside": float(wrong.outside),
        "wrong inside": float(wrong.inside),
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
    models = {which: fitted([p for _, p in of_kind(corpora, which)], USED[which]) for which, corpora in kinds.items()}
    reached: dict[str, dict[str, float]] = {}
    for which, corpora in kinds.items():
        odds, chosen = predicted(corpora, which), ENOUGH[which]
        without, models[f"{which}_in_company"] = by_fold(corpora, odds)
        for corpus in corpora:
            likely = matrix(len(corpus.documents), odds[corpus.name])
            for enough in sorted({*THRESHOLDS, chosen}):
                result = figures(corpus, likely, sharing(corpus, without), enough)
                told = {name: round(value, 3) for name, value in result.items()}
                print(corpus.name, enough, json.dumps(told), flush=True)
                if enough == chosen:
                    reached[corpus.name] = result
    if args.write:
        write(models, reached)
    return 0


def write(models: Mapping[str, Model], reached: Mapping[str, Mapping[str, float]]) -> None:
    """Write the weights with their figures into the package."""
    lines = [
        "# Weights by which sovwatch.pairs and sovwatch.company tell whether two articles report one happening, in",
        "# log-odds. Written by benchmarks/train_stories.py. Fitted: `texts`, alone and in company, on coverage/ and",
        "# stories/en_wikinews.jsonl of ../shared/bench, and at half their weight on benchmarks/affairs (year,",
        "# decade, plain), which we wrote; `headlines` on stories/fr_headlines.jsonl. Figures: out of fold by affair,",
        f"# mean of {ORDERS} orders of arrival, at the thresholds of sovwatch.region.",
    ]
    for name, result in reached.items():
        lines += ["", f"[figures.{name}]", *(f'"{key}" = {value:.3f}' for key, value in result.items())]
    for which, found in models.items():
        lines += ["", f"[{which}.weights]", f"constant = {found.constant:.4f}"]
        lines += [f'"{name}" = {weight:.4f}' for name, weight in found.weights.items()]
    Path("sovwatch/stories.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
