"""Which stories there are among the articles about a new one, told anew whenever one comes.

The order in which reports arrive should decide nothing: the first report of a happening has no story to go to but that
of what went before, and two reports may come before the one that shows them to be of one happening. So the stories that
a new article comes near are taken apart and told anew, by average linkage: the two groups whose articles most probably
share a happening, by the mean over pairs, become one, until none reach what is asked. A mean does not drift: what
resembles one fringe member resembles few of the others.

Each story then goes on with the group that has most of its articles. Measured beside telling them in order, moving
single articles and uniting whole stories only: docs/decisions/0024.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True, slots=True)
class Known:
    """A story with its articles.

    One that is `whole` is not taken apart, and none is made one with those that it is to stay `apart` from.
    """

    story: int
    articles: tuple[int, ...]
    whole: bool = False
    apart: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Gathered:
    """Articles that report one happening: the story that goes on with them, what goes into it; None where it is new.

    `unites` are stories that go into it whole, `takes` the articles that come from stories that go on elsewhere.
    """

    articles: tuple[int, ...]
    story: int | None = None
    unites: tuple[int, ...] = ()
    takes: tuple[int, ...] = ()


Tie = Callable[[int, int], float]  # how surely two articles report one happening (`company`), the same both ways round


def gathered(new: int, known: Sequence[Known], tie: Tie, enough: float) -> list[Gathered]:
    """The stories among a new article and those of the known stories, its own first.

    `enough` is the mean from which on two groups are one, a probability or log-odds as the ties are; where a pair has
    -inf they never are.
    """
    groups = [_Group((new,))]
    for story in known:
        parts = [story.articles] if story.whole else [(article,) for article in story.articles]
        groups += [_Group(part, {story.story}, set(story.apart)) for part in parts]
    homes = {article: story.story for story in known for article in story.articles}
    return _named([sorted(group.articles) for group in _linked(groups, tie, enough)], homes, new)


@dataclass
class _Group:
    """Articles that are together by now, the stories that they came from, and those that they may not be with."""

    articles: tuple[int, ...]
    stories: set[int] = field(default_factory=set)
    apart: set[int] = field(default_factory=set)


def _linked(groups: list[_Group], tie: Tie, enough: float) -> Iterable[_Group]:
    """Average linkage: the two that belong together most become one, until none belong together enough.

    A mean of two means is no higher than both, so what is next is looked for among the few that are high enough.
    """
    left = dict(enumerate(groups))
    means = {(one, other): _mean(left[one], left[other], tie) for other in range(len(groups)) for one in range(other)}
    near = {pair: mean for pair, mean in means.items() if mean >= enough}
    while near:
        one, other = max(near, key=lambda pair: (near[pair], -pair[0], -pair[1]))
        here, gone = left[one], left.pop(other)
        left[one] = _Group(here.articles + gone.articles, here.stories | gone.stories, here.apart | gone.apart)
        del means[one, other], near[one, other]
        share = len(here.articles) / len(left[one].articles)
        for third in left.keys() - {one}:
            to, away = _pair(one, third), _pair(other, third)
            means[to] = share * means[to] + (1 - share) * means.pop(away)
            near.pop(away, None)
            near.pop(to, None)
            if means[to] >= enough:
                near[to] = means[to]
    return left.values()


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _mean(one: _Group, other: _Group, tie: Tie) -> float:
    if one.apart & other.stories or other.apart & one.stories:
        return -inf
    return sum(tie(a, b) for a in one.articles for b in other.articles) / (len(one.articles) * len(other.articles))


def _named(groups: Sequence[Sequence[int]], homes: dict[int, int], new: int) -> list[Gathered]:
    """Let each story go on with the group that has most of its articles, the first of them among equals."""
    found = []
    goes = {story: _most(groups, homes, story) for story in sorted(set(homes.values()))}
    for place, group in enumerate(groups):
        stories = [story for story, at in goes.items() if at == place]
        takes = tuple(article for article in group if article != new and homes[article] not in stories)
        found.append(Gathered(tuple(group), stories[0] if stories else None, tuple(stories[1:]), takes))
    return sorted(found, key=lambda one: new not in one.articles)


def _most(groups: Sequence[Sequence[int]], homes: dict[int, int], story: int) -> int:
    """The place of the group that has most articles of a story, the first of them among equals."""
    own = [[article for article in group if homes.get(article) == story] for group in groups]
    return max(
        (place for place, articles in enumerate(own) if articles), key=lambda place: (len(own[place]), -own[place][0])
    )
