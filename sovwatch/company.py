"""How probably two articles report one happening, among others that each of them may share one with.

`pairs` looks at two articles alone. What is as near to five others as to this one seldom shares its happening with each
of the six: the next steps of a running affair resemble one another, and a report of each retells the others. What is
near to nothing else shares it sooner. So the odds of a pair are shared out by their company: how many others are likely
to share a happening with the less beset of the two, which is the sum of those probabilities.

The weights stand in `stories.toml` beside those of `pairs`, on whose probabilities they are fitted
(`benchmarks/train_stories.py`).
"""

from collections.abc import Sequence
from math import exp, inf, log, log1p

from sovwatch.regression import Model

SWING = 3.0  # log-odds at most, either way, that a pair of bare headlines counts
MOST = 0.9  # log-odds that want of company adds at most: what is fitted on had fewer lone articles than the news has
_SURE = 1 - 1e-9


def shared_out(likely: Sequence[Sequence[float]], model: Model) -> list[list[float]]:
    """The probabilities of all pairs, by place, symmetric, in company; what cannot be (0, or less) stays so."""
    beset = [sum(max(0.0, one) for one in row) for row in likely]
    return [
        [among(one, min(beset[here], beset[there]) - one, model) if one > 0.0 else one for there, one in enumerate(row)]
        for here, row in enumerate(likely)
    ]


def swings(likely: Sequence[Sequence[float]]) -> list[list[float]]:
    """The log-odds of all pairs of bare headlines, within bounds: a mean of these tells more than one of probabilities.

    A word or two makes the probability of a headline .1 or .9, and the mean of a few such is ruled by the one high one.
    Where two can never be together (-inf) that stays so.
    """
    return [[max(-SWING, min(SWING, log_odds(one))) if one >= 0.0 else one for one in row] for row in likely]


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
    shift = model.constant + model.weights["company"] * log1p(max(0.0, company))
    return likelihood(model.weights["odds"] * log_odds(likely) + min(MOST, shift))
