"""How probably two articles report one happening, by what else is near to them.

`pairs` looks at two articles alone; all others near are witnesses. Where each of the two is nearer to some that the
other is far from, they are of two happenings: the next steps of a running affair resemble one another, and a report of
each retells the others. Where a third is nearer to both than they are to each other, it joins them: of two openings
that tell one happening in other words and languages, a longer report has the words of both. Of two alone in a room this
says nothing.

The weights stand in `stories.toml` beside those of `pairs`, on whose probabilities they are fitted
(`benchmarks/train_stories.py`). What else was tried as a witness: docs/decisions/0029.
"""

from collections import defaultdict
from collections.abc import Mapping
from math import exp, log

from sovwatch.regression import Model

CERTAIN = 1.0  # two of a story that stays whole: that is decreed, and no sign of what is alike
_LEAST = 1e-9  # a probability below it counts as this

Pair = tuple[int, int]  # two articles, the lower number first
_Ties = Mapping[int, Mapping[int, float]]  # of each article, the probability with each other, the highest first


def in_company(likely: Mapping[Pair, float], model: Model) -> dict[Pair, float]:
    """The probabilities of all pairs of some articles, in company; what is certain stays so, either way."""
    ties = _ties(likely)
    return {
        (here, there): _among(one, _witnesses(ties[here], ties[there], one), model) if 0.0 < one < CERTAIN else one
        for (here, there), one in likely.items()
    }


def _among(one: float, witnesses: tuple[float, float], model: Model) -> float:
    parted, joined = witnesses
    likely = max(_LEAST, one)
    odds = model.weights["odds"] * log(likely / (1 - likely))
    return 1 / (1 + exp(-(odds + model.weights["parted"] * parted + model.weights["joined"] * joined)))


def _ties(likely: Mapping[Pair, float]) -> _Ties:
    found = defaultdict[int, list[tuple[float, int]]](list)
    for (here, there), one in likely.items():
        if one > 0.0:
            found[here].append((one, there))
            found[there].append((one, here))
    return {article: {other: one for one, other in sorted(near, reverse=True)} for article, near in found.items()}


def _witnesses(ours: Mapping[int, float], theirs: Mapping[int, float], one: float) -> tuple[float, float]:
    """How far others part two articles, and how far a third joins them; `one` is the probability of the two.

    Parted: of all that is nearer to one than the other is, how much nearer it is to that one; the lesser of both sides.
    Joined: what the less near end of the nearest third has beyond the probability of the two.
    """
    parted, joined = _on_one_side(ours, theirs, one)
    if parted:
        parted = min(parted, _on_one_side(theirs, ours, one)[0])
    return parted, joined


def _on_one_side(ours: Mapping[int, float], theirs: Mapping[int, float], one: float) -> tuple[float, float]:
    parted = joined = 0.0
    for third, near in ours.items():
        if near <= one:
            break
        far = theirs.get(third, 0.0)
        parted += max(0.0, near - far)
        if near < CERTAIN and far < CERTAIN:
            joined = max(joined, min(near, far) - one)
    return parted, joined
