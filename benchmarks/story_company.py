"""What others near say of a pair, out of fold: the second step of `train_stories`.

Fitted on the probabilities of the first, which are out of fold themselves: a model for each fold, of the pairs that do
not touch it. What articles of two folds say of each other is weighed by the mean of both models.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.fitting import fitted
from benchmarks.grouping import Likely, Share, matrix
from benchmarks.story_pairs import FOLDS, Corpus, Pair
from sovwatch.regression import Model

USED = ["odds", "parted", "joined"]
_SURE = 1e-9


def seen_in_company(corpus: Corpus, odds: Mapping[tuple[int, int], float]) -> list[Pair]:
    """The pairs as `sovwatch.company` sees them, in the company of all of the corpus."""
    likely = matrix(len(corpus.documents), odds)
    parted, joined = witnesses(likely)
    return [
        replace(
            pair,
            seen={
                "odds": float(_odds(likely[pair.one, pair.other])),
                "parted": float(parted[pair.one, pair.other]),
                "joined": float(joined[pair.one, pair.other]),
            },
        )
        for pair in corpus.pairs
        if (pair.one, pair.other) in odds
    ]


def _odds(likely: Likely) -> Likely:
    bounded = np.clip(likely, _SURE, 1 - _SURE)
    found: Likely = np.log(bounded / (1 - bounded))
    return found


def witnesses(likely: Likely) -> tuple[Likely, Likely]:
    """How far others part each two articles, and how far a third joins them, as `sovwatch.company` has it."""
    parted, joined = np.zeros_like(likely), np.zeros_like(likely)
    for one in range(len(likely)):
        near = likely[one] * (np.arange(len(likely)) != one)
        nearer = near[None, :] > likely[one][:, None]  # row: another article; column: a third
        far = likely * (1 - np.eye(len(likely)))
        parted[one] = (np.maximum(0, near[None, :] - far) * nearer).sum(axis=1)
        joined[one] = (np.minimum(near[None, :], far) - likely[one][:, None]).max(axis=1, initial=0)
    return np.minimum(parted, parted.T), joined


def by_fold(
    corpora: Sequence[Corpus], odds: Mapping[str, Mapping[tuple[int, int], float]]
) -> tuple[list[Model], Model]:
    """A model for each fold, of the pairs that do not touch it, and one of all."""
    every = [(corpus, pair) for corpus in corpora for pair in seen_in_company(corpus, odds[corpus.name])]
    folds = [{corpus.folds[pair.one], corpus.folds[pair.other]} for corpus, pair in every]
    without = [
        fitted([pair for (_, pair), touched in zip(every, folds, strict=True) if fold not in touched], USED, free=False)
        for fold in range(FOLDS)
    ]
    return without, fitted([pair for _, pair in every], USED, free=False)


def sharing(corpus: Corpus, models: Sequence[Model]) -> Share:
    """The probabilities among articles of a corpus in company, each pair by the models that saw neither of the two."""
    weights = np.array([[one.weights[name] for name in USED] for one in models])
    folds = np.array(corpus.folds)

    def share(articles: Sequence[int], likely: Likely) -> Likely:
        own = weights[folds[list(articles)]]
        odds, parted, joined = ((own[:, None] + own[None, :]) / 2).transpose(2, 0, 1)
        apart, together = witnesses(likely)
        score = odds * _odds(likely) + parted * apart + joined * together
        return np.where(likely > 0, 1 / (1 + np.exp(-score)), 0.0)

    return share
