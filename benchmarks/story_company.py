"""How the odds of a pair are shared out by what else is near, out of fold: the second step of `train_stories`.

Fitted on the probabilities of the first, which are out of fold themselves: a model for each fold, of the pairs that do
not touch it. What articles of two folds share out is weighed by the mean of both models.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.fitting import fitted
from benchmarks.grouping import Likely, Share, matrix
from benchmarks.story_pairs import FOLDS, Corpus, Pair
from sovwatch.company import CLEAR, MOST, SWING
from sovwatch.regression import Model

USED = ["odds", "company"]
_SURE = 1e-9


def beset(corpus: Corpus, odds: Mapping[tuple[int, int], float]) -> list[Pair]:
    """The pairs as `sovwatch.company` sees them, in the company of all of the corpus."""
    likely = matrix(len(corpus.documents), odds)
    with_all = likely.sum(axis=1)
    found = []
    for pair in corpus.pairs:
        if (one := odds.get((pair.one, pair.other))) is not None:
            company = max(0.0, min(with_all[pair.one], with_all[pair.other]) - one)
            found.append(replace(pair, seen={"odds": _odds(one), "company": np.log1p(company)}))
    return found


def _odds(likely: float) -> float:
    bounded = min(max(likely, _SURE), 1 - _SURE)
    return float(np.log(bounded / (1 - bounded)))


def by_fold(
    corpora: Sequence[Corpus], odds: Mapping[str, Mapping[tuple[int, int], float]]
) -> tuple[list[Model], Model]:
    """A model for each fold, of the pairs that do not touch it, and one of all."""
    every = [(corpus, pair) for corpus in corpora for pair in beset(corpus, odds[corpus.name])]
    folds = [{corpus.folds[pair.one], corpus.folds[pair.other]} for corpus, pair in every]
    without = [
        fitted([pair for (_, pair), touched in zip(every, folds, strict=True) if fold not in touched], USED)
        for fold in range(FOLDS)
    ]
    return without, fitted([pair for _, pair in every], USED)


def sharing(corpus: Corpus, models: Sequence[Model]) -> Share:
    """How the odds among articles of a corpus are shared out, each pair by the models that saw neither of the two."""
    weights = np.array([[one.constant, one.weights["odds"], one.weights["company"]] for one in models])
    folds = np.array(corpus.folds)

    def share(articles: Sequence[int], likely: Likely) -> Likely:
        own = weights[folds[list(articles)]]
        constant, odds, company = ((own[:, None] + own[None, :]) / 2).transpose(2, 0, 1)
        with_all = likely.sum(axis=1)
        least = np.maximum(0, np.minimum(with_all[:, None], with_all[None, :]) - likely)
        bounded = np.clip(likely, _SURE, 1 - _SURE)
        shift = np.minimum(MOST, constant + company * np.log1p(least))
        shift = np.where(shift > 0, shift * np.minimum(1, least / CLEAR), shift)
        score = odds * np.log(bounded / (1 - bounded)) + shift
        return np.where(likely > 0, 1 / (1 + np.exp(-score)), 0.0)

    return share


def swinging(articles: Sequence[int], likely: Likely) -> Likely:
    """The log-odds of bare headlines, within bounds, as `sovwatch.company` has them."""
    del articles
    bounded = np.clip(likely, _SURE, 1 - _SURE)
    odds: Likely = np.clip(np.log(bounded / (1 - bounded)), -SWING, SWING)
    return odds
