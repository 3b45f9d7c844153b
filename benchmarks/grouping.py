"""Stories as `sovwatch.stories.place` makes them, one article after the other, from given probabilities of pairs.

So figures can be taken from probabilities that are out of fold, which `place` would count by the shipped weights.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from sovwatch.settling import coming
from sovwatch.stories import MOST_RELATED, RELATED


def grouped(order: Sequence[int], odds: Mapping[tuple[int, int], float], enough: float) -> dict[int, int]:
    """The story of each article, by place in the file."""
    likely = np.zeros((len(order), len(order)))
    for (one, other), found in odds.items():
        likely[one, other] = likely[other, one] = found
    stories: dict[int, list[int]] = {}
    for place in order:
        means = {story: float(likely[place, members].mean()) for story, members in stories.items()}
        home = max(means, key=lambda story: means[story], default=place)
        if means.get(home, 0.0) < enough:
            home = place
        stories.setdefault(home, []).append(place)
        for story, mean in means.items() if home != place else ():
            if story != home and mean >= enough and likely[np.ix_(stories[story], stories[home])].mean() >= enough:
                stories[home] += stories.pop(story)
        near = sorted((story for story in means if means[story] >= RELATED and story in stories), key=means.__getitem__)
        near = [story for story in reversed(near) if story != home][:MOST_RELATED]
        for member in _coming(likely, place, stories[home], [stories[story] for story in near]):
            for story in near:
                stories[story] = [other for other in stories[story] if other != member]
            stories[home].append(member)
        stories = {story: members for story, members in stories.items() if members}
    return {place: story for story, members in stories.items() for place in members}


def _coming(likely: np.ndarray, place: int, home: Sequence[int], others: Sequence[Sequence[int]]) -> list[int]:
    close = {member for members in others for member in members if likely[place, member] >= RELATED}
    return coming(home, others, close, lambda one, other: float(likely[one, other])) if close else []
