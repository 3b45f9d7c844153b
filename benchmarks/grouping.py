"""Stories as `sovwatch.stories.place` makes them, one article after the other, from given probabilities of pairs.

So figures can be taken from probabilities that are out of fold, which `place` would count by the shipped weights.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sovwatch.gathering import Gathered, Known, gathered
from sovwatch.region import MEMBERS, NEAR, NEAREST, compared

Likely = np.ndarray  # of all pairs, by place in the file, symmetric; 0 with itself and where two are not compared
Share = Callable[[Sequence[int], Likely], Likely]  # articles and their probabilities -> the same, in company


def matrix(size: int, odds: Mapping[tuple[int, int], float]) -> Likely:
    """Probabilities by pair as a matrix."""
    likely = np.zeros((size, size))
    for (one, other), found in odds.items():
        likely[one, other] = likely[other, one] = found
    return likely


def grouped(order: Sequence[int], likely: Likely, share: Share, enough: float) -> dict[int, int]:
    """The story of each article, by place in the file; `order` is that in which they come."""
    likely = likely[np.ix_(order, order)]  # articles are numbered as they come, as the store numbers them
    stories: dict[int, list[int]] = {}
    for new in range(len(order)):
        known = _near(new, likely, stories)
        articles = [new, *(article for story in known for article in story.articles)]
        shared = share([order[article] for article in articles], likely[np.ix_(articles, articles)])
        _carry_out(gathered(new, known, _by(shared, articles), enough), stories, new)
    return {order[article]: story for story, members in stories.items() for article in members}


def _near(new: int, likely: Likely, stories: Mapping[int, Sequence[int]]) -> list[Known]:
    shown = {story: compared(members) for story, members in stories.items()}
    means = {story: float(likely[new, members].mean()) for story, members in shown.items()}
    near = sorted((story for story in means if means[story] >= NEAR), key=lambda story: (-means[story], story))
    return [Known(story, tuple(shown[story]), whole=len(shown[story]) >= MEMBERS) for story in near[:NEAREST]]


def _by(shared: Likely, articles: Sequence[int]) -> Callable[[int, int], float]:
    at = {article: place for place, article in enumerate(articles)}
    return lambda one, other: float(shared[at[one], at[other]])


def _carry_out(found: Sequence[Gathered], stories: dict[int, list[int]], new: int) -> None:
    """Let articles go where they were gathered; what is not compared of a story goes with it."""
    for one in found:
        coming = {*one.takes, *({new} & set(one.articles))}
        for story, members in stories.items():
            stories[story] = [article for article in members if article not in coming]
        into = max(stories, default=-1) + 1 if one.story is None else one.story
        joined = [article for other in one.unites for article in stories.pop(other)]
        stories[into] = sorted([*stories.get(into, ()), *joined, *coming])
