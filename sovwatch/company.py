"""How probably two articles report one happening, among others that each of them may share one with.

`pairs` looks at two articles alone. What is as near to five others as to this one seldom shares its happening with each
of the six: the next steps of a running affair resemble one another, and a report of each retells the others. What is
near to few others shares it sooner; of two alone in a room that says nothing. So the odds of a pair are shared out by
their company: how many others are likely to share a happening with the less beset of the two, which is the sum of those
probabilities.

The weights stand in `stories.toml` beside those of `pairs`, on whose probabilities they are fitted
(`benchmarks/train_stories.py`).
"""

from collections import defaultdict
from collections.abc import Mapping
from math import exp, inf, log, log1p

from sovwatch.regression import Model

SWING = 3.0  # log-odds at most, either way, that a pair of bare headlines counts
MOST = 0.9  # log-odds that little company adds at most: what is fitted on has fewer lone articles than the news has
CLEAR = 1.0  # company from which on it adds all of them: two alone on a day are mostly of two happenings
_SURE = 1 - 1e-9

Pair = tuple[int, int]  # two articles, the lower number first


def shared_out(likely: Mapping[Pair, float], model: Model) -> dict[Pair, float]:
    """The probabilities of all pairs of some articles, in company; what cannot be (0, or less) stays so."""
    beset = defaultdict[int, float](float)
    for pair, one in likely.items():
        for article in pair:
            beset[article] += max(0.0, one)
    return {
        (here, there): among(one, min(beset[here], beset[there]) - one, model) if one > 0.0 else one
        for (here, there), one in likely.items()
    }


def swings(likely: Mapping[Pair, float]) -> dict[Pair, float]:
    """The log-odds of all pairs of bare headlines, within bounds: a mean of these tells more than one of probabilities.

    A word or two makes the probability of a headline .1 or .9, and the mean of a few such is ruled by the one high one.
    Where two can never be together (-inf) that stays so.
    """
    return {pair: max(-SWING, min(SWING, log_odds(one))) if one >= 0.0 else one for pair, one in likely.items()}


def log_odds(likely: float) -> float:
    """The log-odds of a probability, infinite at 0 and 1."""
    if likely <= 0.0:
        return -inf
    return log(likely / (1 - likely)) if likely < _SURE else inf


def likelihood(odds: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + exp(-odds))


def among(likely: float, company: float, model: Model) -> float:
    """The probability of a pair whose less beset article is likely to share its happening with so many others."""
    company = max(0.0, company)
    shift = min(MOST, model.constant + model.weights["company"] * log1p(company))
    if shift > 0:
        shift *= min(1.0, company / CLEAR)
    return likelihood(model.weights["odds"] * log_odds(likely) + shift)
