"""What is known near a new article, and how probably any two of it report one happening.

The members of the stories that the article may belong with are compared with it; the stories that it comes near are
told anew with it (`gathering`), where each pair is told in company (`company`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf

from sovwatch import copies as wording
from sovwatch.background import Tables
from sovwatch.company import CERTAIN, Pair, in_company
from sovwatch.gathering import Gathered, Known, gathered
from sovwatch.pairs import odds
from sovwatch.regression import shipped
from sovwatch.remembered import remembered
from sovwatch.similarity import Fingerprint

ENOUGH = {"texts": 0.4, "headlines": 0.24}  # mean probability; the lower among headlines alone, which share few words
NEAR = 0.05  # mean probability from which on a story is told anew with the article
NEAREST = 6  # stories at most that are told anew; with 4 the demo's week has three wrong joins more
MEMBERS = 12  # members of one story compared: its first, and its newest; one that has so many is not taken apart
RELATED = 0.1  # stories that come so near are shown as related
NEVER = -inf  # of two articles of one template: they are in no story together, however near its other members come
NEW = -1  # stands for the article that is placed, beside the numbers of known ones


@dataclass(frozen=True, slots=True)
class Member:
    """An article that is known already, as placing needs it; `story` is told of those that share wording."""

    article: int
    fingerprint: Fingerprint
    topics: frozenset[str] = frozenset()
    story: int = 0


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with those of its members that are compared, and what people said of it.

    `apart`: they took the article out of it. `whole`: they put articles into it, or muted it, so it is not taken apart.
    `strangers`: the stories that it is not to be made one with.
    """

    id: int
    members: tuple[Member, ...]
    apart: bool = False
    whole: bool = False
    strangers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """How near a story came: the mean probability over its members, the nearest member, and one of its template."""

    story: StoryView
    near: float
    nearest: Member
    barred: Member | None


class Region:
    """A new article with the stories that it comes near, and how probably any two of theirs report one happening."""

    def __init__(self, new: Member, tables: Tables) -> None:
        self._new, self._tables = new, tables
        self._alone: dict[Pair, float] = {}
        self._members: dict[int, Member] = {NEW: new}
        self._tied: dict[Pair, float] = {}

    def matches(self, stories: Sequence[StoryView]) -> list[Match]:
        """How near each story came, the nearest first."""
        found = [self._match(story) for story in stories if story.members]
        return sorted(found, key=lambda match: (-match.near, match.story.id))

    def _match(self, story: StoryView) -> Match:
        scored = [(self._likely(self._new, member), -member.article, member) for member in story.members]
        _, _, nearest = max(scored, key=lambda one: one[:2])
        near = sum(max(0.0, one) for one, _, _ in scored) / len(scored)
        barred = next((member for one, _, member in scored if one == NEVER), None)
        return Match(story, near, nearest, barred)

    def _likely(self, one: Member, other: Member) -> float:
        """The probability by what the two say alone."""
        pair = _pair(one.article, other.article)
        if pair not in self._alone:
            self._alone[pair] = _together(one, other, self._tables)
        return self._alone[pair]

    @property
    def _kind(self) -> str:
        """What the article is amid: headlines alone, or anything that has a text."""
        return "headlines" if all(member.fingerprint.bare for member in self._members.values()) else "texts"

    @property
    def enough(self) -> float:
        """The mean probability from which on articles are one story."""
        return ENOUGH[self._kind]

    def told_anew(self, matches: Sequence[Match]) -> list[Gathered]:
        """The stories among the article and those of the stories that it came near, its own first."""
        near = [match.story for match in matches if match.near >= NEAR and not match.story.apart][:NEAREST]
        known = [_known(story) for story in near]
        self._members |= {member.article: member for story in near for member in story.members}
        likely = self._of_all({article: story for story in known if story.whole for article in story.articles})
        self._tied = in_company(likely, shipped("stories.toml", f"{self._kind}_in_company"))
        return gathered(NEW, known, self._tie, self.enough)

    def _of_all(self, whole: Mapping[int, Known]) -> dict[Pair, float]:
        """The probabilities of all pairs; stories that stay whole are neither compared nor made one with each other.

        Most are large: else six of them made a hundred times as many pairs as the article has with them.
        """
        found = {}
        for one, other in combinations(sorted(self._members), 2):
            if one in whole and other in whole:
                found[one, other] = CERTAIN if whole[one] is whole[other] else NEVER
            else:
                found[one, other] = self._likely(self._members[one], self._members[other])
        return found

    def _tie(self, one: int, other: int) -> float:
        return self._tied[_pair(one, other)]

    def mean(self, known: Sequence[int]) -> float:
        """How probably the article is with those known ones; with what was too far to be told anew, by it alone."""
        if (NEW, known[0]) not in self._tied:
            return sum(self._alone[NEW, article] for article in known) / len(known)
        return sum(self._tied[NEW, article] for article in known) / len(known)

    def nearest(self, own: Gathered) -> tuple[Member, float]:
        """The member of its story that it most probably shares the happening with, the earliest of several."""
        known = [article for article in own.articles if article != NEW]
        found = max(known, key=lambda article: (self._tied[NEW, article], -article))
        return self._members[found], self.mean([found])


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def compared(members: Sequence[int]) -> Sequence[int]:
    """The members of a story that are compared, of all in the order of arrival, as the store gives them."""
    return members if len(members) <= MEMBERS else [members[0], *members[1 - MEMBERS :]]


def _known(story: StoryView) -> Known:
    """A story as it is told anew: one of which not all members are compared stays whole."""
    articles = tuple(member.article for member in story.members)
    return Known(story.id, articles, story.whole or len(articles) >= MEMBERS, story.strangers)


def _together(one: Member, other: Member, tables: Tables) -> float:
    if one.topics and other.topics and one.topics.isdisjoint(other.topics):
        return 0.0
    compare = _compared if NEW in {one.article, other.article} else _compared_before
    return compare(one.fingerprint, other.fingerprint, tables)


def _compared(ours: Fingerprint, theirs: Fingerprint, tables: Tables) -> float:
    found = odds(ours, theirs, tables)
    if found < RELATED:
        return found
    if wording.template(ours, theirs):
        return NEVER
    mine, others = wording.own(ours, theirs)
    return found if mine is ours else odds(mine, others, tables)


_compared_before = remembered(_compared)  # of two known ones: a new one's fingerprint is read anew when it is known
